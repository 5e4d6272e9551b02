"""Writes reference_script.json: training by a plain NumPy script whose arrays are float16, as one writes it down.

Run it with any Python that has NumPy, and format what it wrote:

    python3 lib-tests/reference/make_reference_script.py
    npm run format

The numbers in the repository were made by Python 3.11.2 and NumPy 1.24.2. Unlike make_reference_float16.py, which rounds every
operation, this leaves sums to NumPy. `check_sums` asserts what it does with them: the terms of `@` are multiplied and added in
float32, one after the other, and the sum is rounded once; sum(axis=0) adds rows in float16 where there are several columns, and
in float32 where there is one. Operations element by element are computed in float32 and rounded. np.exp of float16 is not
always rounded correctly, see `exp_differs`.
"""

import json
import platform
from pathlib import Path

import numpy as np

POINTS = 20
half, single = np.float16, np.float32

# name, sizes of the layers, learning rate
CASES = [("2-10-1", [2, 10, 1], 0.3), ("2-6-5-1", [2, 6, 5, 1], 0.2)]
# points in a batch, number of steps
BATCHES = [(POINTS, 300), (6, 300), (1, 600)]


def sigmoid(z):
    e = np.exp(-np.abs(z))
    return np.where(z < 0, e, 1) / (1 + e)


def step(layers, x, y, learning_rate):
    inputs = [x]
    for W, b in layers[:-1]:
        inputs.append(np.maximum(inputs[-1] @ W + b, 0))
    W, b = layers[-1]
    delta = sigmoid(inputs[-1] @ W + b) - y
    for l in reversed(range(len(layers))):
        W, b = layers[l]
        dW = inputs[l].T @ delta / len(x)
        db = delta.sum(axis=0, keepdims=True) / len(x)
        delta = delta @ W.T * (inputs[l] > 0)
        layers[l] = W - learning_rate * dW, b - learning_rate * db
    assert all(array.dtype == half for layer in layers for array in layer)


def patterns(*arrays):
    """Bit patterns of float16 numbers, four hexadecimal digits each."""
    return "".join(f"{pattern:04x}" for array in arrays for pattern in array.ravel().view(np.uint16))


def make_case(seed, name, sizes, learning_rate):
    generator = np.random.RandomState(seed)
    start = [
        (generator.normal(0, np.sqrt(2 / n), (n, m)).astype(half), np.zeros((1, m), half))
        for n, m in zip(sizes, sizes[1:])
    ]
    x = generator.normal(0, 1, (POINTS, sizes[0])).astype(half)
    y = (np.hypot(x[:, :1], x[:, 1:]) > 1.2).astype(half)
    trainings = []
    for size, steps in BATCHES:
        layers = list(start)
        every = list(range(POINTS))
        batches = [every] * steps if size == POINTS else generator.randint(0, POINTS, (steps, size)).tolist()
        for batch in batches:
            step(layers, x[batch], y[batch], learning_rate)
        flat = [array for layer in layers for array in layer]
        assert all(np.isfinite(array).all() for array in flat)
        rows = every if size == POINTS else [row for batch in batches for row in batch]
        trainings.append({"size": size, "steps": steps, "rows": rows, "parameters": patterns(*flat)})
    return {
        "name": name,
        "sizes": sizes,
        "learningRate": learning_rate,
        "start": patterns(*(array for layer in start for array in layer)),
        "points": patterns(x),
        "labels": [int(label) for label in y.ravel()],
        "trainings": trainings,
    }


def check_sums():
    generator = np.random.RandomState(1)
    for n, k, m in [(1, 2, 10), (250, 2, 10), (250, 10, 1), (10, 250, 1), (2, 250, 10), (1, 1000, 1)]:
        a, b = (generator.normal(0, 1, shape).astype(half) for shape in [(n, k), (k, m)])
        total = np.zeros((n, m), single)
        for i in range(k):
            total = total + a[:, i : i + 1].astype(single) * b[i : i + 1, :].astype(single)
        assert ((a @ b) == total.astype(half)).all()
    for columns, kind in [(10, half), (1, single)]:
        a = generator.normal(0, 1, (250, columns)).astype(half)
        total = np.zeros(columns, kind)
        for row in a:
            total = total + row.astype(kind)
        assert (a.sum(axis=0) == total.astype(half)).all()


def exp_differs():
    """The float16 numbers whose np.exp is not the float64 result rounded."""
    numbers = np.arange(65536).astype(np.uint16).view(half)
    finite = numbers[np.isfinite(numbers)]
    with np.errstate(over="ignore", under="ignore"):
        return [float(x) for x in finite[np.exp(finite) != np.exp(finite.astype(np.float64)).astype(half)]]


def main():
    check_sums()
    reference = {
        "madeWith": {"python": platform.python_version(), "numpy": np.__version__},
        "expDiffers": exp_differs(),
        "networks": [make_case(seed, *case) for seed, case in enumerate(CASES, start=1)],
    }
    path = Path(__file__).with_name("reference_script.json")
    path.write_text(json.dumps(reference) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
