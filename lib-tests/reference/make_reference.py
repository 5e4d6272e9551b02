"""Writes reference.json: what PyTorch and scikit-learn compute where the project computes it too.

Run it with any Python that has them, and format what it wrote:

    python3 lib-tests/reference/make_reference.py
    npm run format

On Debian 12 they come with `apt-get install python3-torch python3-sklearn`. The numbers in the repository
were made by Python 3.11.2, PyTorch 1.13.1 (its __version__ says 1.13.0a0), NumPy 1.24.2 and
scikit-learn 1.2.1.

Conventions are the project's: points are rows, the weights of a layer are inputs x outputs (PyTorch's Linear
has the transpose), the biases one row, hidden layers are ReLU unless the case says otherwise, the output is a
logit, the loss is the mean binary cross-entropy over the points. Penalties
are part of what is differentiated, and with label smoothing so are the smoothed labels; the losses written out are
those without either, and with batch normalization those of the network in use. The gradients are PyTorch's own, by automatic differentiation; no
formula of the project is repeated here. All in double precision, every number written out to the last bit.
"""

import json
import platform
from pathlib import Path

import numpy as np
import sklearn
import torch
from sklearn.datasets import make_moons

# What batch normalization keeps and nothing descends.
RUNNING = ("means", "variances")

STEPS = 100
POINTS = 12
BATCH_SIZE = 5  # does not divide 12: the last batch of an epoch has 2 points

# Weights are drawn from a normal distribution of this standard deviation, over the square root of the inputs.
# With the large one, logits reach hundreds and the sigmoid is exactly 0 or 1 in double precision.
ORDINARY, LARGE = 1.4, 40.0

# What the project takes where PyTorch has 1e-5 and 0.01.
EPSILON, LEAK = 2.0**-16, 2.0**-7

ACTIVATIONS = {
    "relu": torch.relu,
    "leaky-relu": lambda z: torch.nn.functional.leaky_relu(z, LEAK),
    "softplus": torch.nn.functional.softplus,
    "tanh": torch.tanh,
}

# name, sizes of the layers, scale of the weights, learning rate, what else there is
CASES = [
    ("2-1", [2, 1], ORDINARY, 0.5, {}),
    ("2-5-1", [2, 5, 1], ORDINARY, 0.3, {}),
    ("2-10-1", [2, 10, 1], ORDINARY, 0.3, {}),
    ("2-8-6-1", [2, 8, 6, 1], ORDINARY, 0.2, {}),
    ("2-4-4-4-4-1", [2, 4, 4, 4, 4, 1], ORDINARY, 0.2, {}),
    ("3-6-1", [3, 6, 1], ORDINARY, 0.3, {}),
    ("2-6-1, saturated", [2, 6, 1], LARGE, 0.01, {}),
    ("2-8-6-1, tanh", [2, 8, 6, 1], ORDINARY, 0.2, {"activation": "tanh"}),
    ("2-8-6-1, layer normalization", [2, 8, 6, 1], ORDINARY, 0.2, {"normalization": "layer"}),
    ("2-8-1, weight decay", [2, 8, 1], ORDINARY, 0.2, {"weightDecay": 0.05}),
    ("2-8-1, label smoothing", [2, 8, 1], ORDINARY, 0.2, {"labelSmoothing": 0.2}),
    ("2-8-6-1, leaky ReLU", [2, 8, 6, 1], ORDINARY, 0.2, {"activation": "leaky-relu"}),
    ("2-8-6-1, softplus", [2, 8, 6, 1], ORDINARY, 0.2, {"activation": "softplus"}),
    ("2-8-6-1, batch normalization", [2, 8, 6, 1], ORDINARY, 0.2, {"normalization": "batch"}),
    ("2-8-6-1, penalty on activity", [2, 8, 6, 1], ORDINARY, 0.2, {"activityPenalty": 0.05}),
    ("2-8-6-1, penalty on imbalance", [2, 8, 6, 1], ORDINARY, 0.2, {"balancePenalty": 0.3}),
    (
        "2-8-6-1, batch normalization and penalties",
        [2, 8, 6, 1],
        ORDINARY,
        0.2,
        {"activation": "softplus", "normalization": "batch", "activityPenalty": 0.05, "balancePenalty": 0.3},
    ),
    (
        "2-8-6-1, tanh, layer normalization, weight decay and label smoothing",
        [2, 8, 6, 1],
        ORDINARY,
        0.2,
        {"activation": "tanh", "normalization": "layer", "weightDecay": 0.05, "labelSmoothing": 0.2},
    ),
]


def make_layers(generator, sizes, scale, variant):
    """Random parameters: a dictionary a layer."""
    layers = []
    for inputs, outputs in zip(sizes, sizes[1:]):
        layer = {
            "weights": generator.normal(0, scale / np.sqrt(inputs), (inputs, outputs)),
            "biases": generator.normal(0, scale / 4, (1, outputs)),
        }
        if len(layers) < len(sizes) - 2 and "normalization" in variant:
            layer["gains"] = generator.normal(1, 0.3, (1, outputs))
            layer["shifts"] = generator.normal(0, 0.3, (1, outputs))
        if len(layers) < len(sizes) - 2 and variant.get("normalization") == "batch":
            layer["means"] = np.zeros((1, outputs))
            layer["variances"] = np.ones((1, outputs))
        layers.append(layer)
    return layers


def to_parameters(layers):
    return [
        {name: torch.tensor(array, requires_grad=name not in RUNNING) for name, array in layer.items()}
        for layer in layers
    ]


def forward(parameters, points, variant, training):
    """The logits, and what the activation of each hidden layer is of."""
    activation = ACTIVATIONS[variant.get("activation", "relu")]
    activations, hidden = points, []
    for layer in parameters[:-1]:
        z = activations @ layer["weights"] + layer["biases"]
        if "gains" in layer:
            gains, shifts = layer["gains"].flatten(), layer["shifts"].flatten()
            if "means" in layer:
                # writes the running means into `layer`
                means, variances = layer["means"][0], layer["variances"][0]
                z = torch.nn.functional.batch_norm(
                    z, means, variances, gains, shifts, training, momentum=0.1, eps=EPSILON
                )
            else:
                z = torch.nn.functional.layer_norm(z, gains.shape, gains, shifts, EPSILON)
        hidden.append(z)
        activations = activation(z)
    return activations @ parameters[-1]["weights"] + parameters[-1]["biases"], hidden


def mean_loss(parameters, points, labels, variant, training=False):
    logits, _ = forward(parameters, points, variant, training)
    return torch.nn.functional.binary_cross_entropy_with_logits(logits, labels)


def imbalance(hidden, labels):
    """How much larger the mean soft count is for class 1."""
    soft = sum(torch.sigmoid(8 * h).sum(dim=1) for h in hidden)
    ones = labels.flatten() > 0.5
    if ones.all() or not ones.any():
        return torch.zeros(())
    return soft[ones].mean() - soft[~ones].mean()


def objective(parameters, points, labels, variant):
    """What is descended: the mean loss for the smoothed labels, and the penalties."""
    smoothing = variant.get("labelSmoothing", 0)
    goals = (1 - smoothing) * labels + smoothing / 2
    logits, hidden = forward(parameters, points, variant, training=True)
    activation = ACTIVATIONS[variant.get("activation", "relu")]
    loss = torch.nn.functional.binary_cross_entropy_with_logits(logits, goals)
    squares = sum((layer["weights"] ** 2).sum() for layer in parameters)
    activity = sum(activation(h).abs().sum(dim=1).mean() for h in hidden) if hidden else 0
    return (
        loss
        + variant.get("weightDecay", 0) / 2 * squares
        + variant.get("activityPenalty", 0) * activity
        + variant.get("balancePenalty", 0) / 2 * (imbalance(hidden, labels) ** 2 if hidden else 0)
    )


def to_json(layers):
    return [{name: array.tolist() for name, array in layer.items()} for layer in layers]


def values(parameters):
    return [{name: tensor.detach() for name, tensor in layer.items()} for layer in parameters]


def gradients(parameters):
    return [
        {name: tensor.grad for name, tensor in layer.items() if name not in RUNNING} for layer in parameters
    ]


def trajectory(layers, points, labels, learning_rate, batches, variant):
    """Plain gradient descent, a step a batch: the loss over all points before and after each, and the end."""
    parameters = to_parameters(layers)
    tensors = [tensor for layer in parameters for tensor in layer.values() if tensor.requires_grad]
    optimizer = torch.optim.SGD(tensors, lr=learning_rate)
    losses = [mean_loss(parameters, points, labels, variant).item()]
    for batch in batches:
        optimizer.zero_grad()
        objective(parameters, points[batch], labels[batch], variant).backward()
        optimizer.step()
        losses.append(mean_loss(parameters, points, labels, variant).item())
    return {"batches": batches, "losses": losses, "layers": to_json(values(parameters))}


def shuffled_batches(generator):
    batches = []
    while len(batches) < STEPS:
        order = generator.permutation(POINTS).tolist()
        batches += [order[start : start + BATCH_SIZE] for start in range(0, POINTS, BATCH_SIZE)]
    return batches[:STEPS]


def make_case(seed, name, sizes, scale, learning_rate, variant):
    generator = np.random.RandomState(seed)
    layers = make_layers(generator, sizes, scale, variant)
    points = torch.tensor(generator.normal(0, 1, (POINTS, sizes[0])))
    labels = torch.tensor((np.arange(POINTS) % 2).reshape(-1, 1).astype(float))
    parameters = to_parameters(layers)
    loss = mean_loss(parameters, points, labels, variant)
    logits, _ = forward(parameters, points, variant, training=False)
    objective(parameters, points, labels, variant).backward()
    return {
        "name": name,
        "variant": variant,
        "layers": to_json(layers),
        "points": points.tolist(),
        "labels": labels.tolist(),
        "logits": logits.tolist(),
        "loss": loss.item(),
        "gradients": to_json(gradients(parameters)),
        "learningRate": learning_rate,
        "fullBatch": trajectory(
            layers, points, labels, learning_rate, [list(range(POINTS))] * STEPS, variant
        ),
        "miniBatch": trajectory(
            layers, points, labels, learning_rate, shuffled_batches(generator), variant
        ),
    }


def make_moons_case(samples):
    points, labels = make_moons(n_samples=samples, shuffle=False, noise=None)
    return {"samples": samples, "points": points.tolist(), "labels": labels.tolist()}


def main():
    reference = {
        "madeWith": {
            "python": platform.python_version(),
            "torch": torch.__version__,
            "numpy": np.__version__,
            "scikit-learn": sklearn.__version__,
        },
        "networks": [make_case(seed, *case) for seed, case in enumerate(CASES, start=1)],
        "moons": [make_moons_case(samples) for samples in (10, 7)],
    }
    path = Path(__file__).with_name("reference.json")
    path.write_text(json.dumps(reference) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
