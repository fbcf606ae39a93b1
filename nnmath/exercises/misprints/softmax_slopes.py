"""Exercise 6.B. The slope of softmax, where one index is misprinted."""

from __future__ import annotations

import numpy as np

from nnmath.exercises.drawing import Array
from nnmath.exercises.misprints.inputs import shares
from nnmath.exercises.records import Exercise, Mistake


def _softmax_slopes(a: Array) -> Array:
    return np.diagflat(a) - a @ a.T


SOFTMAX_SLOPES = Exercise(
    "6.B",
    "The slope of softmax",
    _softmax_slopes,
    lambda rng, n, _, __: (shares(rng, n, 1),),
    (
        Mistake(
            "as printed",
            lambda a: a * (np.eye(len(a)) - a),
            "This is the formula as printed: beside the diagonal it holds −aᵢ², and −aᵢaⱼ is "
            "right. Move one logit and add up what the outputs do: it must come to 0.",
        ),
        Mistake(
            "as printed, turned around",
            lambda a: a.T * (np.eye(len(a)) - a.T),
            "Now both letters say j: beside the diagonal stands −aⱼ², and −aᵢaⱼ is right.",
        ),
        Mistake(
            "diag of a column",
            lambda a: a[:1] - a @ a.T,
            "np.diag reads the diagonal of a column, which is one number. np.diagflat makes a "
            "matrix that has the entries on its diagonal.",
        ),
        Mistake(
            "row times column",
            lambda a: np.diagflat(a) - a.T @ a,
            "a.T @ a is one number, the sum of the squares. All pairs aᵢaⱼ come from a column "
            "times a row: a @ a.T.",
        ),
        Mistake(
            "diagonal only",
            lambda a: np.diagflat(a * (1 - a)),
            "Only the diagonal is filled. If one logit grows, the other outputs shrink: their "
            "slopes are −aᵢaⱼ.",
        ),
        Mistake(
            "one column",
            lambda a: a * (1 - a),
            "This is one number per output. Each output depends on each logit, so the slopes fill "
            "a square.",
        ),
        Mistake(
            "without the diagonal",
            lambda a: -a @ a.T,
            "δᵢⱼ is lost: where i = j the slope has aᵢ more.",
        ),
        Mistake(
            "plus",
            lambda a: np.diagflat(a) + a @ a.T,
            "The minus is lost. With it, each column adds up to 0, as it must: the outputs always "
            "add up to 1.",
        ),
        Mistake(
            "identity for diag(a)",
            lambda a: np.eye(len(a)) - a @ a.T,
            "The factor in front is forgotten where i = j: the diagonal begins with aᵢ, not with "
            "1.",
        ),
        Mistake(
            "no delta",
            lambda a: a @ (1 - a.T),
            "δᵢⱼ was taken for 1 everywhere. It is 1 on the diagonal alone.",
        ),
    ),
    why="The check on the diagonal alone would have passed the misprint.",
)
