"""Exercise 2.A. Softmax of a batch."""

from __future__ import annotations

import numpy as np

from nnmath.activations import sigmoid, softmax
from nnmath.exercises.drawing import Array
from nnmath.exercises.records import Exercise, Mistake
from nnmath.exercises.softmax_cross_entropy.inputs import logits_alone


def _softmax(Z: Array) -> Array:
    return softmax(Z)


def _shifted(Z: Array) -> Array:
    return np.exp(Z - Z.max(axis=0))


SOFTMAX = Exercise(
    "2.A",
    "Softmax of a batch",
    _softmax,
    logits_alone,
    (
        Mistake(
            "no maximum",
            lambda Z: np.exp(Z) / np.exp(Z).sum(axis=0),
            "The formula is right on the page, but e¹⁰⁰⁰ overflows, and e⁻¹⁰⁰⁰ of a whole column "
            "is 0/0. Subtract the largest logit of each column first; the result is the same.",
        ),
        Mistake(
            "maximum of everything",
            lambda Z: np.exp(Z - Z.max()) / np.exp(Z - Z.max()).sum(axis=0),
            "The largest logit of the whole array is subtracted. A column far below it becomes "
            "0/0. Each column has its own largest logit.",
        ),
        Mistake(
            "maximum of each row",
            lambda Z: (
                np.exp(Z - Z.max(axis=1, keepdims=True))
                / np.exp(Z - Z.max(axis=1, keepdims=True)).sum(axis=0)
            ),
            "The largest logit of each row is subtracted, so the classes of one column are "
            "shifted by different amounts. Only a shift that they share leaves softmax unchanged.",
        ),
        Mistake(
            "over the examples",
            lambda Z: softmax(Z.T).T,
            "This divides by sums over the examples: every row sums to 1, not every column. The "
            "classes of one example compete with each other: sum down the column, axis=0.",
        ),
        Mistake(
            "over everything",
            lambda Z: _shifted(Z) / _shifted(Z).sum(),
            "This divides by one sum over the whole array. Each example has a sum of its own: "
            "sum down the columns, axis=0.",
        ),
        Mistake(
            "not divided",
            _shifted,
            "These are the exponentials e^(z − M), not yet divided by their sum. The entries of "
            "each column must sum to 1.",
        ),
        Mistake(
            "no exponential",
            lambda Z: Z / Z.sum(axis=0),
            "The logits themselves are divided by their sum. They may be negative, and so would "
            "be the shares: take the exponential first.",
        ),
        Mistake(
            "shifted, no exponential",
            lambda Z: (Z - Z.min(axis=0)) / (Z - Z.min(axis=0)).sum(axis=0),
            "The logits are shifted to be positive and shared out. Softmax makes them positive "
            "with the exponential, so that only differences of logits count.",
        ),
        Mistake(
            "sigmoid",
            lambda Z: sigmoid(Z),
            "This is the sigmoid of each entry. Each is a probability, but they do not sum to 1 "
            "over the classes: the classes must share one denominator.",
        ),
        Mistake(
            "logarithm",
            lambda Z: Z - Z.max(axis=0) - np.log(_shifted(Z).sum(axis=0)),
            "This is the logarithm of softmax. Here the probabilities themselves are asked for.",
        ),
        Mistake(
            "base 2",
            lambda Z: 2 ** (Z - Z.max(axis=0)) / (2 ** (Z - Z.max(axis=0))).sum(axis=0),
            "This is softmax with powers of 2 instead of e. The slope of 2ᶻ has a further factor "
            "log 2; use np.exp.",
        ),
        Mistake(
            "sign of the exponent",
            lambda Z: softmax(-Z),
            "The exponent has the wrong sign: here the smallest logit gets the largest "
            "probability.",
        ),
        Mistake(
            "divided by the maximum",
            lambda Z: softmax(Z / Z.max(axis=0)),
            "The logits are divided by the largest one. Only subtracting leaves softmax "
            "unchanged; dividing changes the differences between the logits.",
        ),
        Mistake(
            "winner only",
            lambda Z: (Z == Z.max(axis=0)) * 1.0,
            "This gives 1 to the largest logit and 0 to the others. Softmax keeps a share for "
            "every class, and that share is what has a slope.",
        ),
    ),
    why="Only differences of logits count, so a shift may be chosen that cannot overflow.",
    batch="Z",
)
