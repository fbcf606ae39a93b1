"""Exercise 5.B. The slope of tanh."""

from __future__ import annotations

import numpy as np

from nnmath.activations import sigmoid
from nnmath.exercises.drawing import Array
from nnmath.exercises.records import Exercise, Mistake
from nnmath.exercises.tanh_network.inputs import logits


def _tanh_prime(Z: Array) -> Array:
    return 1 - np.tanh(Z) ** 2


TANH_PRIME = Exercise(
    "5.B",
    "The slope of tanh",
    _tanh_prime,
    logits,
    (
        Mistake(
            "tanh itself",
            lambda Z: np.tanh(Z),
            "This is tanh itself, the height of the curve. Its slope is asked for.",
        ),
        Mistake(
            "not squared",
            lambda Z: 1 - np.tanh(Z),
            "The square is missing. With it, the slope is the same on both sides of 0, as the "
            "curve demands.",
        ),
        Mistake(
            "plus",
            lambda Z: 1 + np.tanh(Z) ** 2,
            "This is larger than 1 everywhere. The curve is steepest at 0, where its slope is 1, "
            "and flat far out: the sign in the middle is a minus.",
        ),
        Mistake(
            "z for tanh",
            lambda Z: 1 - Z**2,
            "This is 1 − z². The square belongs to tanh(z); for large z a slope of 1 − z² would be "
            "far below 0.",
        ),
        Mistake(
            "the square inside",
            lambda Z: 1 - np.tanh(Z**2),
            "Here z is squared, and tanh comes after that. It is the other way round: first tanh, "
            "then the square, np.tanh(Z) ** 2.",
        ),
        Mistake(
            "the square around everything",
            lambda Z: (1 - np.tanh(Z)) ** 2,
            "The whole bracket is squared. Only tanh is: 1 minus the square of tanh(z).",
        ),
        Mistake(
            "tanh twice",
            lambda Z: 1 - np.tanh(np.tanh(Z)) ** 2,
            "tanh is applied twice. The argument is z, before the activation.",
        ),
        Mistake(
            "rule of the sigmoid",
            lambda Z: np.tanh(Z) * (1 - np.tanh(Z)),
            "a (1 − a) is the rule of the sigmoid. For tanh it is 1 − a².",
        ),
        Mistake(
            "slope of the sigmoid",
            lambda Z: sigmoid.prime(Z),
            "This is the slope of the sigmoid, at most one quarter. That of tanh is 1 at 0.",
        ),
        Mistake(
            "cosh not squared",
            lambda Z: 1 / np.cosh(Z),
            "This is 1/cosh. The quotient rule squares the bottom: 1/cosh².",
        ),
        Mistake(
            "cosh upside down",
            lambda Z: np.cosh(Z) ** 2,
            "This is cosh². The quotient rule has it at the bottom: 1/cosh².",
        ),
        Mistake(
            "only the square",
            lambda Z: np.tanh(Z) ** 2,
            "This is what is missing to 1. The slope is 1 minus it.",
        ),
    ),
    why="Once a = tanh(z) is known, its slope is 1 − a²: no further exponential.",
)
