"""Exercise 7.A. Back through a product."""

from __future__ import annotations

import numpy as np

from nnmath.exercises.drawing import Array
from nnmath.exercises.records import Exercise, Mistake
from nnmath.exercises.where_next.inputs import factors_and_gradient


def _matmul_pull(A: Array, B: Array, dC: Array) -> tuple[Array, Array]:
    return dC @ B.T, A.T @ dC


MATMUL_PULL = Exercise(
    "7.A",
    "Back through a product",
    _matmul_pull,
    factors_and_gradient,
    (
        Mistake(
            "no transposes",
            lambda A, B, dC: (dC @ B, A @ dC),
            "The two factors are the right ones, but not turned around. Each sum runs over the "
            "index that the factor and dC share, and that index must stand in the middle.",
        ),
        Mistake(
            "other order",
            lambda A, B, dC: (B.T @ dC, dC @ A.T),
            "The transposes are right and the order is not. A stands on the left of B, so dA has "
            "the rows of dC: there dC comes first.",
        ),
        Mistake(
            "own factor",
            lambda A, B, dC: (dC @ A.T, B.T @ dC),
            "Each gradient is made with its own factor here. The slope of a product for one "
            "factor is the other one.",
        ),
        Mistake(
            "dA transposed",
            lambda A, B, dC: (B @ dC.T, A.T @ dC),
            "dB is right, and dA lies on its side. A gradient has the shape of what it belongs to.",
        ),
        Mistake(
            "dB transposed",
            lambda A, B, dC: (dC @ B.T, dC.T @ A),
            "dA is right, and dB lies on its side. A gradient has the shape of what it belongs to.",
        ),
        Mistake(
            "mean over the columns",
            lambda A, B, dC: (dC @ B.T / dC.shape[1], A.T @ dC / dC.shape[1]),
            "This divides by the number of columns. An operation knows nothing of examples and "
            "means: the 1/m is in dC already, since the cost was the first to be pulled back.",
        ),
        Mistake(
            "dC left out",
            lambda A, B, dC: (np.ones(dC.shape) @ B.T, A.T @ np.ones(dC.shape)),
            "These are the slopes of the sum of all entries of C. What matters is the cost, and "
            "each entry of C moves it by its own entry of dC.",
        ),
        Mistake(
            "sign",
            lambda A, B, dC: (-dC @ B.T, -A.T @ dC),
            "Both have the wrong sign. A pull gives gradients; the minus belongs to the step of "
            "gradient descent.",
        ),
    ),
    why="Every layer of every network is pulled back by these two products.",
    returns=("dA", "dB"),
)
