"""Exercise 7.C. Back through tanh."""

from __future__ import annotations

import numpy as np

from nnmath.exercises.drawing import Array
from nnmath.exercises.records import Exercise, Mistake
from nnmath.exercises.where_next.inputs import values_and_gradient


def _tanh_pull(A: Array, dA: Array) -> Array:
    return dA * (1 - A**2)


TANH_PULL = Exercise(
    "7.C",
    "Back through tanh",
    _tanh_pull,
    values_and_gradient,
    (
        Mistake(
            "slope alone",
            lambda A, dA: 1 - A**2 + 0 * dA,
            "This is the slope of tanh. It is one factor of the path; the other is how much the "
            "cost feels A.",
        ),
        Mistake(
            "tanh applied again",
            lambda A, dA: dA * (1 - np.tanh(A) ** 2),
            "The slope is taken at A here. A has been through tanh already, and 1 − A² uses it as "
            "it is.",
        ),
        Mistake(
            "slope of the sigmoid",
            lambda A, dA: dA * A * (1 - A),
            "A(1 − A) is the slope of the sigmoid. The one of tanh is 1 at the middle, where A is "
            "0.",
        ),
        Mistake(
            "no square",
            lambda A, dA: dA * (1 - A),
            "The square is missing: this slope would be 2 at A = −1, where tanh is flat.",
        ),
        Mistake(
            "no brackets",
            lambda A, dA: dA * 1 - A**2,
            "Python multiplies before it subtracts. Put 1 - A**2 in brackets.",
        ),
        Mistake(
            "square alone",
            lambda A, dA: dA * A**2,
            "A² is what is missing from 1. The slope is largest where A is 0, and this one is 0 "
            "there.",
        ),
        Mistake(
            "plus",
            lambda A, dA: dA * (1 + A**2),
            "The sign before the square is wrong: 1 + A² is at least 1, and tanh must flatten on "
            "both sides.",
        ),
        Mistake(
            "divided",
            lambda A, dA: dA / (1 - A**2),
            "The slope divides here. Along a path slopes multiply.",
        ),
        Mistake(
            "exchanged",
            lambda A, dA: A * (1 - dA**2),
            "A and dA have changed places. The square belongs to the value that tanh gave.",
        ),
    ),
    why="The node keeps A from its way forward, so no tanh is computed on the way back.",
)
