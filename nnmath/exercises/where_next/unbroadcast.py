"""Exercise 7.B. Back through a stretched sum."""

from __future__ import annotations

import numpy as np

from nnmath.exercises.drawing import Array
from nnmath.exercises.records import Exercise, Mistake
from nnmath.exercises.where_next.inputs import gradient_and_stretched


def _unbroadcast(d: Array, v: Array) -> Array:
    stretched = tuple(k for k in (0, 1) if v.shape[k] < d.shape[k])
    return d.sum(axis=stretched, keepdims=True)


UNBROADCAST = Exercise(
    "7.B",
    "Back through a stretched sum",
    _unbroadcast,
    gradient_and_stretched,
    (
        Mistake(
            "not summed",
            lambda d, v: d + 0 * v,
            "This has the shape of the result, not of v. Where v was stretched, one entry of v "
            "moves many entries of the result: many paths, one sum.",
        ),
        Mistake(
            "always over the columns",
            lambda d, v: d.sum(axis=1, keepdims=True) + 0 * v[:1, :1],
            "This always sums over axis 1. That is right for a bias, and wrong for a row: look "
            "which axis of v has size 1 while d has more.",
        ),
        Mistake(
            "always over the rows",
            lambda d, v: d.sum(axis=0, keepdims=True) + 0 * v[:1, :1],
            "This always sums over axis 0. That is right for a row, and wrong for a bias: look "
            "which axis of v has size 1 while d has more.",
        ),
        Mistake(
            "over everything",
            lambda d, v: np.full(v.shape, d.sum()),
            "This sums over all entries of d. An axis that was not stretched keeps its entries "
            "apart.",
        ),
        Mistake(
            "mean",
            lambda d, v: d.mean(
                axis=tuple(k for k in (0, 1) if v.shape[k] < d.shape[k]), keepdims=True
            ),
            "This is the mean, and the paths must be added. The 1/m of the cost is in d already.",
        ),
        Mistake(
            "first entries only",
            lambda d, v: d[: v.shape[0], : v.shape[1]],
            "This cuts d to the shape of v. The other entries of d were reached by v as well, and "
            "their paths are lost.",
        ),
        Mistake(
            "no keepdims",
            lambda d, v: (
                d.sum(axis=tuple(k for k in (0, 1) if v.shape[k] < d.shape[k])) + 0 * v.sum()
            ),
            "The numbers are right, but the axis that was summed is gone. v has it, with size 1, "
            "so its gradient needs it too: keepdims=True.",
        ),
        Mistake(
            "times v",
            lambda d, v: (d * v).sum(
                axis=tuple(k for k in (0, 1) if v.shape[k] < d.shape[k]), keepdims=True
            ),
            "Here d was multiplied by v. In a sum each term has the slope 1, whatever its value.",
        ),
    ),
    why="For a bias this is the sum over the examples of notebook 01, found by shape alone.",
)
