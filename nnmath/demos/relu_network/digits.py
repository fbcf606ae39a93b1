"""The network of the digits, trained when it is first asked for."""

from __future__ import annotations

import functools

import numpy as np

import nnmath as nn
from nnmath.demos.relu_network.marks import Array

HELD = 360  # pictures that the network never sees while it is trained


@functools.lru_cache(maxsize=1)
def split() -> tuple[tuple[Array, Array], tuple[Array, Array]]:
    """Return the digits as (X, Y) to train with and (X, Y) held out, shuffled as in the text."""
    pixels, targets = nn.data.digits()
    order = np.random.RandomState(0).permutation(pixels.shape[1])
    train, held = order[:-HELD], order[-HELD:]
    return (pixels[:, train], targets[:, train]), (pixels[:, held], targets[:, held])


@functools.lru_cache(maxsize=1)
def run() -> nn.History:
    """Return the training run of the notebook: 400 steps from the same start, each tenth kept."""
    start = nn.init([64, 32, 16, 10], [nn.relu, nn.relu, nn.softmax], np.random.RandomState(1))
    rng = np.random.RandomState(2)
    return nn.train(
        start, *split()[0], nn.cross_entropy, lr=0.3, steps=400, batch=64, rng=rng, every=10
    )


def trained() -> nn.Network:
    """Return the 64-32-16-10 network at the end of that run."""
    return run().nets[-1]


def losses(net: nn.Network, pixels: Array, targets: Array) -> Array:
    """Return the loss of each picture on its own."""
    Z = nn.forward(net, pixels).Z[net.L]
    top = Z.max(axis=0)
    return top + np.log(np.exp(Z - top).sum(axis=0)) - (targets * Z).sum(axis=0)


@functools.lru_cache(maxsize=1)
def gallery() -> tuple[Array, Array]:
    """Return the held-out pictures and their labels, the easiest for the network first."""
    pixels, targets = split()[1]
    order = np.argsort(losses(trained(), pixels, targets), kind="stable")
    return pixels[:, order], targets[:, order].argmax(axis=0)


def one_hot(digit: int) -> Array:
    """Return the target column of one digit."""
    return np.eye(10)[:, [digit]]
