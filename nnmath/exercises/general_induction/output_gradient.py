"""Exercise 4.D. Squared error behind tanh."""

from __future__ import annotations

import numpy as np

from nnmath.exercises.drawing import Array
from nnmath.exercises.general_induction.inputs import logits_and_targets
from nnmath.exercises.records import Exercise, Mistake


def _output_gradient(Z: Array, Y: Array) -> Array:
    A = np.tanh(Z)
    return (A - Y) / Z.shape[1] * (1 - A * A)


OUTPUT_GRADIENT = Exercise(
    "4.D",
    "Squared error behind tanh",
    _output_gradient,
    logits_and_targets,
    (
        Mistake(
            "no slope",
            lambda Z, Y: (np.tanh(Z) - Y) / Z.shape[1],
            "This is dA, the gradient at the activations. From A to Z one factor is left, the "
            "slope of tanh; only the pairs where it cancels may leave it out.",
        ),
        Mistake(
            "slope of Z",
            lambda Z, Y: (np.tanh(Z) - Y) / Z.shape[1] * (1 - Z * Z),
            "The slope is written with Z, as 1 − z². The form 1 − a² holds for a = tanh z.",
        ),
        Mistake(
            "tanh twice",
            lambda Z, Y: (np.tanh(Z) - Y) / Z.shape[1] * (1 - np.tanh(np.tanh(Z)) ** 2),
            "The slope is taken at A in place of Z: tanh was applied twice. The a in 1 − a² has "
            "been through tanh already.",
        ),
        Mistake(
            "slope of the sigmoid",
            lambda Z, Y: (np.tanh(Z) - Y) / Z.shape[1] * np.tanh(Z) * (1 - np.tanh(Z)),
            "This is a(1 − a), the slope of the sigmoid. The slope of tanh is 1 − a².",
        ),
        Mistake(
            "Z in place of A",
            lambda Z, Y: (Z - Y) / Z.shape[1] * (1 - np.tanh(Z) ** 2),
            "The error is taken at Z. The prediction is A = tanh(Z), and the target is compared "
            "with the prediction.",
        ),
        Mistake(
            "factor 2",
            lambda Z, Y: 2 * _output_gradient(Z, Y),
            "Every number is twice too large. The ½ in front of the square cancels the 2 that the "
            "square brings down in its slope.",
        ),
        Mistake(
            "over the units too",
            lambda Z, Y: _output_gradient(Z, Y) / len(Z),
            "This is a mean over the units as well. The cost adds up the units and averages over "
            "the examples only.",
        ),
        Mistake(
            "columns added up",
            lambda Z, Y: _output_gradient(Z, Y).sum(axis=1, keepdims=True),
            "The columns are added up, and errors of opposite sign cancel. Each example keeps its "
            "own column: dZ has the shape of Z.",
        ),
        Mistake(
            "sign",
            lambda Z, Y: -_output_gradient(Z, Y),
            "This is Y − A where A − Y is due. Too high an answer needs a positive slope.",
        ),
    ),
    why="Another loss changes the first line of the recursion, and no other.",
    batch="Z",
)
