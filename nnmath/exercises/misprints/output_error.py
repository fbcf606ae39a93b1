"""Exercise 6.E. The error of the output layer in document 002, with or without the sum."""

from __future__ import annotations

import numpy as np

from nnmath.exercises.drawing import Array, draw
from nnmath.exercises.misprints.inputs import bits, rows
from nnmath.exercises.records import Exercise, Mistake


def _output_error(A: Array, T: Array) -> Array:
    return (A - T) / (A * (1 - A)) / T.shape[1]


OUTPUT_ERROR = Exercise(
    "6.E",
    "An error for each example",
    _output_error,
    lambda rng, n, _, m: (draw(rng, 0.05, 0.95, n, m), bits(rng, n, m)),
    (
        Mistake(
            "as printed",
            lambda A, T: rows(_output_error(A, T)),
            "This is (3.11) as printed, with the sum. Δ is ∂J/∂A, so it has the shape of A: a "
            "column for each example.",
        ),
        Mistake(
            "the sum in every column",
            lambda A, T: np.tile(rows(_output_error(A, T)), (1, T.shape[1])),
            "The sum stands in every column now. Errors of opposite sign cancel in it; each "
            "example must keep its own.",
        ),
        Mistake(
            "behind the sigmoid",
            lambda A, T: (A - T) / T.shape[1],
            "This is H of (3.12), the slope at the logits. Δ comes before the sigmoid: nothing "
            "has cancelled yet, and the fraction keeps its bottom.",
        ),
        Mistake(
            "the slope above the line",
            lambda A, T: (A - T) * A * (1 - A) / T.shape[1],
            "a(1 − a) is at the bottom of the fraction: it must divide.",
        ),
        Mistake(
            "brackets around the bottom",
            lambda A, T: (A - T) / A * (1 - A) / T.shape[1],
            "Python divides by A and then multiplies by 1 − A. Put A * (1 - A) in brackets.",
        ),
        Mistake(
            "the sign of document 000",
            lambda A, T: (-T / A - (1 - T) / (1 - A)) / T.shape[1],
            "Right where t = 1, turned around where t = 0: the second fraction has a plus, "
            "because the inner slope of log(1 − a) is −1.",
        ),
        Mistake(
            "one term",
            lambda A, T: -T / A / T.shape[1],
            "Only the first term is here. For t = 0 the second one is at work: (1 − t)/(1 − a).",
        ),
        Mistake(
            "mean over all entries",
            lambda A, T: (A - T) / (A * (1 - A)) / T.size,
            "Divided by the number of entries. The mean runs over the N examples alone.",
        ),
    ),
    why="From here (3.12) follows, entry by entry; from the printed sum it could not.",
    batch="T",
)
