"""What the hidden inputs of these exercises are drawn with: short numbers, easy to type."""

from __future__ import annotations

import numpy as np

from nnmath.activations import softmax
from nnmath.exercises.drawing import Array, Rng


def one_hot(rng: Rng, classes: int, m: int) -> Array:
    return np.eye(classes)[:, rng.randint(classes, size=m)]


def bits(rng: Rng, n: int, m: int) -> Array:
    return rng.randint(0, 2, size=(n, m)).astype(float)


def shares(rng: Rng, n: int, m: int) -> Array:
    """Return columns of positive numbers that add up to about 1."""
    return np.round(softmax(rng.uniform(-1, 1, size=(n, m))), 2)


def rows(H: Array) -> Array:
    """Return the sum over the examples, as a column."""
    return H.sum(axis=1, keepdims=True)
