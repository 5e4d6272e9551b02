"""The training of the benchmark in NumPy or PyTorch: contenders.py numpy|torch float64|float32|float16

Reads the task (JSON, one line), answers with the library's version, then trains for each number of epochs that it reads and
answers with the processor time it took and the loss in the end. The loss is looked at each epoch with a full batch only.
"""

import json
import sys
from time import process_time


def batches(task, epochs, points, labels):
    """Each batch of each epoch; the points of single samples in the orders of the task, over and over."""
    size, orders = task["batch"], task["orders"]
    for epoch in range(epochs):
        if size == len(points):
            yield points, labels
            continue
        order = orders[epoch % len(orders)]
        x, y = points[order], labels[order]
        for start in range(0, len(x), size):
            yield x[start : start + size], y[start : start + size]


def numpy_training(task, type_name):
    import numpy as np

    real = np.dtype(type_name).type
    hidden = task["hidden"]
    all_points = np.array(task["points"], real).reshape(-1, 2)
    all_labels = np.array(task["labels"], real).reshape(-1, 1)
    parameters = np.array(task["parameters"], real)
    rate = real(task["learningRate"])
    looks = task["batch"] == len(all_points)

    def mean_loss(z2, e, labels):
        losses = np.maximum(z2, real(0)) - z2 * labels + np.log1p(e)
        return losses.sum() / real(len(labels))

    def train(epochs):
        w1, b1 = parameters[: 2 * hidden].reshape(2, hidden), parameters[2 * hidden : 3 * hidden].reshape(1, hidden)
        w2, b2 = parameters[3 * hidden : 4 * hidden].reshape(hidden, 1), parameters[4 * hidden :].reshape(1, 1)

        def forward(points):
            a1 = np.maximum(points @ w1 + b1, real(0))
            z2 = a1 @ w2 + b2
            return a1, z2, np.exp(-np.abs(z2))

        for points, labels in batches(task, epochs, all_points, all_labels):
            count = real(len(points))
            a1, z2, e = forward(points)
            if looks:
                mean_loss(z2, e, labels)
            d2 = np.where(z2 < 0, e, real(1)) / (real(1) + e) - labels
            d1 = (d2 @ w2.T) * (a1 > 0)
            w2 = w2 - rate * (a1.T @ d2 / count)
            b2 = b2 - rate * (d2.sum(0, keepdims=True) / count)
            w1 = w1 - rate * (points.T @ d1 / count)
            b1 = b1 - rate * (d1.sum(0, keepdims=True) / count)
        _, z2, e = forward(all_points)
        return float(mean_loss(z2, e, all_labels))

    return f"NumPy {np.__version__}", train


def torch_training(task, type_name):
    import torch

    torch.set_num_threads(1)
    real = getattr(torch, type_name)
    hidden = task["hidden"]
    all_points = torch.tensor(task["points"], dtype=real).reshape(-1, 2)
    all_labels = torch.tensor(task["labels"], dtype=real).reshape(-1, 1)
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
        for points, labels in batches(task, epochs, all_points, all_labels):
            optimizer.zero_grad()
            loss_of(network(points), labels).backward()
            optimizer.step()
        with torch.no_grad():
            return loss_of(network(all_points), all_labels).item()

    return f"PyTorch {torch.__version__}", train


def main():
    library, type_name = sys.argv[1:]
    task = json.loads(sys.stdin.readline())
    version, train = (torch_training if library == "torch" else numpy_training)(task, type_name)
    print(version, flush=True)
    for line in sys.stdin:
        start = process_time()
        loss = train(int(line))
        print(json.dumps({"seconds": process_time() - start, "loss": loss}), flush=True)


if __name__ == "__main__":
    main()
