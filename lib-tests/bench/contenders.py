"""The training of the benchmark in NumPy or PyTorch: contenders.py numpy|numpy-each-operation|torch float64|float32|float16

Reads the task (JSON, one line), answers with the library's version, then trains for each number of epochs that it reads and
answers with the time it took and the loss in the end. The library is the one of the first argument; numpy-each-operation
rounds each operation, those of the sums in matrix products included, where NumPy by itself keeps sums in float32.
"""

import json
import sys
from time import perf_counter


def numpy_training(task, type_name, rounds_each_operation):
    import numpy as np

    real = np.dtype(type_name).type
    hidden = task["hidden"]
    points = np.array(task["points"], real).reshape(-1, 2)
    labels = np.array(task["labels"], real).reshape(-1, 1)
    parameters = np.array(task["parameters"], real)
    rate = real(task["learningRate"])
    count = real(len(points))

    def in_order(a, b):
        total = a[:, :1] * b[:1]
        for k in range(1, a.shape[1]):
            total = total + a[:, k : k + 1] * b[k : k + 1]
        return total

    ones = np.ones((1, len(points)), real)
    product = in_order if rounds_each_operation else np.matmul
    column_sums = (lambda a: in_order(ones, a)) if rounds_each_operation else (lambda a: a.sum(0, keepdims=True))

    def train(epochs):
        w1, b1 = parameters[: 2 * hidden].reshape(2, hidden), parameters[2 * hidden : 3 * hidden].reshape(1, hidden)
        w2, b2 = parameters[3 * hidden : 4 * hidden].reshape(hidden, 1), parameters[4 * hidden :].reshape(1, 1)

        def forward():
            a1 = np.maximum(product(points, w1) + b1, real(0))
            z2 = product(a1, w2) + b2
            e = np.exp(-np.abs(z2))
            losses = np.maximum(z2, real(0)) - z2 * labels + np.log1p(e)
            return a1, z2, e, column_sums(losses)[0, 0] / count

        for _ in range(epochs):
            a1, z2, e, loss = forward()
            d2 = np.where(z2 < 0, e, real(1)) / (real(1) + e) - labels
            d1 = product(d2, w2.T) * (a1 > 0)
            w2 = w2 - rate * (product(a1.T, d2) / count)
            b2 = b2 - rate * (column_sums(d2) / count)
            w1 = w1 - rate * (product(points.T, d1) / count)
            b1 = b1 - rate * (column_sums(d1) / count)
        return float(forward()[3])

    return f"NumPy {np.__version__}", train


def torch_training(task, type_name):
    import torch

    torch.set_num_threads(1)
    real = getattr(torch, type_name)
    hidden = task["hidden"]
    points = torch.tensor(task["points"], dtype=real).reshape(-1, 2)
    labels = torch.tensor(task["labels"], dtype=real).reshape(-1, 1)
    values = torch.tensor(task["parameters"], dtype=real).split([2 * hidden, hidden, hidden, 1])
    loss_of = torch.nn.BCEWithLogitsLoss()

    def train(epochs):
        first = torch.nn.Linear(2, hidden, dtype=real)
        last = torch.nn.Linear(hidden, 1, dtype=real)
        with torch.no_grad():
            first.weight.copy_(values[0].reshape(2, hidden).T)
            first.bias.copy_(values[1])
            last.weight.copy_(values[2].reshape(1, hidden))
            last.bias.copy_(values[3])
        network = torch.nn.Sequential(first, torch.nn.ReLU(), last)
        optimizer = torch.optim.SGD(network.parameters(), lr=task["learningRate"])
        for _ in range(epochs):
            optimizer.zero_grad()
            loss = loss_of(network(points), labels)
            loss.backward()
            optimizer.step()
        with torch.no_grad():
            return loss_of(network(points), labels).item()

    return f"PyTorch {torch.__version__}", train


def main():
    library, type_name = sys.argv[1:]
    task = json.loads(sys.stdin.readline())
    if library == "torch":
        version, train = torch_training(task, type_name)
    else:
        version, train = numpy_training(task, type_name, library == "numpy-each-operation")
    print(version, flush=True)
    for line in sys.stdin:
        start = perf_counter()
        loss = train(int(line))
        print(json.dumps({"seconds": perf_counter() - start, "loss": loss}), flush=True)


if __name__ == "__main__":
    main()
