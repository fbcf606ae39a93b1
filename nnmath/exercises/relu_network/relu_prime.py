"""Exercise 3.A. The slope of ReLU."""

from __future__ import annotations

import numpy as np

from nnmath.activations import relu
from nnmath.exercises.drawing import Array
from nnmath.exercises.records import Exercise, Mistake
from nnmath.exercises.relu_network.inputs import logits


def _relu_prime(Z: Array) -> Array:
    return relu.prime(Z)


RELU_PRIME = Exercise(
    "3.A",
    "The slope of ReLU",
    _relu_prime,
    logits,
    (
        Mistake(
            "1 at zero",
            lambda Z: (Z >= 0) * 1.0,
            "At exactly 0 this gives 1. ReLU has no slope there, and the course agrees on 0: the "
            "comparison is >, without =.",
        ),
        Mistake(
            "one half at zero",
            lambda Z: np.heaviside(Z, 0.5),
            "At exactly 0 this gives one half, the mean of the two slopes. A central difference "
            "gives that too, but the course agrees on 0.",
        ),
        Mistake(
            "ReLU itself",
            lambda Z: np.maximum(Z, 0),
            "This is ReLU itself, the height of the curve. Its slope on the right is the same "
            "everywhere, however large z is.",
        ),
        Mistake(
            "sign function",
            lambda Z: np.sign(Z),
            "This is −1 for negative z. ReLU is flat there, and a flat line has the slope 0.",
        ),
        Mistake(
            "mask turned over",
            lambda Z: (Z <= 0) * 1.0,
            "The two sides have changed places: this is 1 where the unit is inactive.",
        ),
        Mistake(
            "slope of the identity",
            lambda Z: np.ones_like(Z),
            "This is 1 everywhere, the slope of the identity. For negative z ReLU is flat.",
        ),
        Mistake(
            "not zero",
            lambda Z: (Z != 0) * 1.0,
            "This is 1 on both sides of 0. ReLU rises on one of them only.",
        ),
        Mistake(
            "leaky",
            lambda Z: np.where(Z > 0, 1, 0.01),
            "This is 0.01 where z is not positive: the slope of leaky ReLU, a relative. Plain ReLU "
            "is flat there.",
        ),
        Mistake(
            "ReLU over z",
            lambda Z: np.divide(np.maximum(Z, 0), Z, out=np.full(Z.shape, np.nan), where=Z != 0),
            "ReLU divided by z is right until z is 0, and then it is 0/0. A comparison needs no "
            "division.",
        ),
    ),
    why="It is a switch: a unit passes the error on as it is, or not at all.",
)
