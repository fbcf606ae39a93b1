"""Exercise 6.A. Document 001 prints the slope of the cost twice, with and without a sum."""

from __future__ import annotations

import numpy as np

from nnmath.exercises.drawing import Array
from nnmath.exercises.misprints.inputs import one_hot, rows, shares
from nnmath.exercises.records import Exercise, Mistake


def _output_slope(Yhat: Array, Y: Array) -> Array:
    return -Y / Yhat / Y.shape[1]


OUTPUT_SLOPE = Exercise(
    "6.A",
    "Which of the two?",
    _output_slope,
    lambda rng, n, _, m: (shares(rng, n, m), one_hot(rng, n, m)),
    (
        Mistake(
            "summed over the examples",
            lambda Yhat, Y: rows(_output_slope(Yhat, Y)),
            "This is the second form, with the sum. Its result has one column, and Ŷ has one per "
            "example: each example keeps its own slopes.",
        ),
        Mistake(
            "the sum in every column",
            lambda Yhat, Y: np.tile(rows(_output_slope(Yhat, Y)), (1, Y.shape[1])),
            "The sum over the examples stands in every column now. That has the right shape and "
            "still mixes the examples: no example's answer acts on the loss of another one.",
        ),
        Mistake(
            "summed over the classes",
            lambda Yhat, Y: _output_slope(Yhat, Y).sum(axis=0, keepdims=True),
            "The sum over the classes is one too many. Each entry of Ŷ has a slope of its own.",
        ),
        Mistake(
            "slope at the logits",
            lambda Yhat, Y: (Yhat - Y) / Y.shape[1],
            "This is ∂J/∂Z, behind the softmax. Here the slope at the activations is asked for: "
            "differentiate −(1/m) Σ y log ŷ by one ŷ.",
        ),
        Mistake(
            "binary cross-entropy",
            lambda Yhat, Y: (-Y / Yhat + (1 - Y) / (1 - Yhat)) / Y.shape[1],
            "This is the slope of the binary cross-entropy. The cost here has one term for each "
            "class, −y log ŷ, and no 1 − y.",
        ),
        Mistake(
            "the cost itself",
            lambda Yhat, Y: -Y * np.log(Yhat) / Y.shape[1],
            "These are the terms of the cost itself. Its slope is asked for: that of log ŷ is 1/ŷ.",
        ),
        Mistake(
            "mean over all entries",
            lambda Yhat, Y: -Y / Yhat / Y.size,
            "Divided by the number of entries. J is the mean over the m examples, and a sum over "
            "the classes.",
        ),
    ),
    why="Document 001 has it right at its output layer, and adds a sum where it generalises.",
    batch="Y",
)
