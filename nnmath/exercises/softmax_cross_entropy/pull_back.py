"""Exercise 2.D. The pullback of softmax, for any loss."""

from __future__ import annotations

import numpy as np

from nnmath.exercises.drawing import Array
from nnmath.exercises.records import Exercise, Mistake
from nnmath.exercises.softmax_cross_entropy.inputs import predictions_and_gradient


def _pull_back(A: Array, dA: Array) -> Array:
    return A * (dA - np.sum(A * dA, axis=0, keepdims=True))


PULL_BACK = Exercise(
    "2.D",
    "From dA to dZ through softmax",
    _pull_back,
    predictions_and_gradient,
    (
        Mistake(
            "diagonal only",
            lambda A, dA: dA * A * (1 - A),
            "This uses the diagonal of the Jacobian only, as for the sigmoid. Every probability "
            "of the column depends on every logit: a sum over the classes is missing.",
        ),
        Mistake(
            "one sum for all",
            lambda A, dA: A * (dA - np.sum(A * dA)),
            "One sum over the whole array is used, so the examples mix. Each column has its own "
            "number aᵀ da: sum with axis=0.",
        ),
        Mistake(
            "sum over the examples",
            lambda A, dA: A * (dA - np.sum(A * dA, axis=1, keepdims=True)),
            "The sum runs over the examples. It is the classes of one example that are coupled: "
            "sum down the column, axis=0.",
        ),
        Mistake(
            "no factor in front",
            lambda A, dA: dA - np.sum(A * dA, axis=0),
            "The factor A in front of the bracket is missing: every entry of column j of the "
            "Jacobian carries aⱼ.",
        ),
        Mistake(
            "no sum",
            lambda A, dA: A * dA,
            "This is the first term only, diag(a) da. The second term of the Jacobian, −a aᵀ, "
            "gives −a times the number aᵀ da.",
        ),
        Mistake(
            "sum alone",
            lambda A, dA: -A * np.sum(A * dA, axis=0),
            "This is the second term only, −a (aᵀ da). The first, diag(a) da, is missing.",
        ),
        Mistake(
            "no A in the sum",
            lambda A, dA: A * (dA - dA.sum(axis=0)),
            "The sum adds up dA alone. It must be aᵀ da: each slope weighed with its probability.",
        ),
        Mistake(
            "mean for the sum",
            lambda A, dA: A * (dA - np.mean(A * dA, axis=0)),
            "A mean stands where the sum belongs, so the second term is K times too small. The "
            "probabilities are weights already.",
        ),
        Mistake(
            "plus",
            lambda A, dA: A * (dA + np.sum(A * dA, axis=0)),
            "The two terms are added. The Jacobian is diag(a) minus a aᵀ, and each column of the "
            "result must sum to 0.",
        ),
        Mistake(
            "wrong index",
            lambda A, dA: A * dA - np.sum(A * A * dA, axis=0),
            "This uses aₖ([k = j] − aₖ), with the same index twice. Off the diagonal the entry is "
            "−aₖaⱼ, so aⱼ stands outside the sum.",
        ),
        Mistake(
            "one Jacobian for the batch",
            lambda A, dA: (np.diagflat(A[:, 0]) - np.outer(A[:, 0], A[:, 0])) @ dA,
            "The Jacobian of the first example is used for all. Each column has probabilities of "
            "its own, and so a Jacobian of its own.",
        ),
    ),
    why="No K × K matrix is formed: one product, one sum for each column, one more product.",
    batch="A",
)
