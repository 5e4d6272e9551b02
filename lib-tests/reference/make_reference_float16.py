"""Writes reference_float16.json: training in NumPy's float16, operation by operation.

Run it with any Python that has NumPy, and format what it wrote:

    python3 lib-tests/reference/make_reference_float16.py
    npm run format

The numbers in the repository were made by Python 3.11.2 and NumPy 1.24.2.

Every array is float16, so that every operation on arrays rounds each of its results to float16. What NumPy would sum
(matmul, sum, mean) is summed here in a loop instead, one term after the other, for NumPy's own sums are kept in another
format and another order. The order is that of src/core/network/forward-backward.ts.

NumPy computes + - * / of float16 numbers in float32 and rounds the result to float16. That is the operation rounded once:
a sum, product or quotient of numbers of 11 bits that goes by way of 24 >= 2 * 11 + 2 bits is not changed by the
first rounding in a way that the second could see (Figueroa 1995, When is double rounding innocuous?); where a result is
subnormal in float16 it is still far from underflow in float32. exp and log1p are taken in float64 and rounded once;
`check_elementary` asserts for every float16 number that an error of a few units in the last place of the float64
result could not have changed the float16 one, so that it does not matter whose exp it was.
"""

import hashlib
import json
import platform
from pathlib import Path

import numpy as np

POINTS = 20
FULL_BATCH_STEPS = 100
SINGLE_SAMPLE_STEPS = 200

# name, sizes of the layers, standard deviation of the weights times the square root of the inputs, learning rate; with the
# large weights the sigmoid is exactly 0 or 1 at some points
CASES = [
    ("2-10-1", [2, 10, 1], 1.4, 0.3),
    ("2-6-5-1", [2, 6, 5, 1], 1.4, 0.2),
    ("2-4-1, saturated", [2, 4, 1], 12.0, 0.1),
]

half = np.float16


def exp(x):
    return np.exp(x.astype(np.float64)).astype(half)


def log1p(x):
    return np.log1p(x.astype(np.float64)).astype(half)


def product(a, b):
    """A B; each sum in index order, from 0."""
    total = np.zeros((a.shape[0], b.shape[1]), half)
    for k in range(a.shape[1]):
        total = total + a[:, k : k + 1] * b[k : k + 1, :]
    return total


def column_sums(a):
    """1'A, a row; each sum in row order, from 0."""
    return product(np.ones((1, a.shape[0]), half), a)


def relu(z):
    return np.where(z > 0, z, half(0))


def sigmoid(z):
    e = exp(-np.abs(z))
    return np.where(z < 0, e, half(1)) / (half(1) + e)


def forward(layers, points):
    """The input of each layer, then the logits."""
    inputs = [points]
    for weights, biases in layers[:-1]:
        inputs.append(relu(product(inputs[-1], weights) + biases))
    weights, biases = layers[-1]
    return inputs, product(inputs[-1], weights) + biases


def gradients(layers, points, labels):
    """Of the mean loss, as [(weights, biases), ...]."""
    count = half(len(points))  # exact
    inputs, logits = forward(layers, points)
    delta = sigmoid(logits) - labels
    result = []
    for layer in reversed(range(len(layers))):
        result.insert(0, (product(inputs[layer].T, delta) / count, column_sums(delta) / count))
        slopes = np.where(inputs[layer] > 0, half(1), half(0))
        delta = product(delta, layers[layer][0].T) * slopes
    return result


def step(layers, points, labels, learning_rate):
    changes = gradients(layers, points, labels)
    return [
        tuple(parameter - learning_rate * derivative for parameter, derivative in zip(layer, change))
        for layer, change in zip(layers, changes)
    ]


def mean_loss(layers, points, labels):
    _, logits = forward(layers, points)
    losses = (relu(logits) - logits * labels) + log1p(exp(-np.abs(logits)))
    return (column_sums(losses) / half(len(points)))[0, 0]


def patterns(array):
    """Bit patterns of float16 numbers, four hexadecimal digits each."""
    array = np.asarray(array)
    assert array.dtype == half and np.isfinite(array).all()
    return [f"{pattern:04x}" for pattern in array.ravel().view(np.uint16)]


def parameters(layers):
    return [pattern for weights, biases in layers for pattern in patterns(weights) + patterns(biases)]


def trajectory(layers, points, labels, learning_rate, batches):
    """A step a batch: the loss over all points before the first and after each, and the parameters in the end."""
    losses = [mean_loss(layers, points, labels)]
    for batch in batches:
        layers = step(layers, points[batch], labels[batch], learning_rate)
        losses.append(mean_loss(layers, points, labels))
    return {"batches": batches, "losses": patterns(np.array(losses)), "parameters": parameters(layers)}


def make_case(seed, name, sizes, scale, learning_rate):
    generator = np.random.RandomState(seed)
    layers = [
        (
            generator.normal(0, scale / np.sqrt(inputs), (inputs, outputs)).astype(half),
            generator.normal(0, scale / 4, (1, outputs)).astype(half),
        )
        for inputs, outputs in zip(sizes, sizes[1:])
    ]
    points = generator.normal(0, 1, (POINTS, sizes[0])).astype(half)
    labels = (np.hypot(points[:, 0], points[:, 1]) > 1.2).astype(half).reshape(-1, 1)
    rate = half(learning_rate)
    every = [list(range(POINTS))] * FULL_BATCH_STEPS
    single = [[int(i)] for i in generator.randint(0, POINTS, SINGLE_SAMPLE_STEPS)]
    return {
        "name": name,
        "sizes": sizes,
        "parameters": parameters(layers),
        "points": patterns(points),
        "labels": [int(label) for label in labels.ravel()],
        "learningRate": learning_rate,
        "fullBatch": trajectory(layers, points, labels, rate, every),
        "singleSample": trajectory(layers, points, labels, rate, single),
    }


def check_elementary(function, inputs):
    """The SHA-256 of the results at the float16 numbers `inputs`, 2 bytes each, the lower first."""
    exact = function(inputs.astype(np.float64))
    rounded = exact.astype(half)
    for error in (-(2.0**-50), 2.0**-50):
        assert ((exact * (1 + error)).astype(half) == rounded).all()
    return hashlib.sha256(rounded.astype("<f2").tobytes()).hexdigest()


def main():
    numbers = np.arange(65536).astype(np.uint16).view(half)
    with np.errstate(over="ignore", under="ignore"):
        reference = {
            "madeWith": {"python": platform.python_version(), "numpy": np.__version__},
            # of all numbers in the order of their patterns, infinities and NaN left out
            "exp": check_elementary(np.exp, numbers[np.isfinite(numbers)]),
            # and of these, the ones from 0 on
            "log1p": check_elementary(np.log1p, numbers[np.isfinite(numbers) & ~np.signbit(numbers)]),
            "networks": [make_case(seed, *case) for seed, case in enumerate(CASES, start=1)],
        }
    path = Path(__file__).with_name("reference_float16.json")
    path.write_text(json.dumps(reference) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
