"""Exercise 7.E. Adding the shares."""

from __future__ import annotations

import numpy as np

from nnmath.exercises.drawing import Array
from nnmath.exercises.records import Exercise, Mistake
from nnmath.exercises.where_next.inputs import gradients_and_shares


def _collect(grad: Array, parents: Array, shares: Array) -> Array:
    new = grad.copy()
    for j, share in zip(parents, shares, strict=True):
        new[j] += share
    return new


def _overwritten(grad: Array, parents: Array, shares: Array) -> Array:
    new = grad.copy()
    for j, share in zip(parents, shares, strict=True):
        new[j] = share
    return new


def _by_index(grad: Array, parents: Array, shares: Array) -> Array:
    new = grad.copy()
    new[parents] += shares
    return new


def _in_the_first_rows(grad: Array, parents: Array, shares: Array) -> Array:
    new = grad.copy()
    for k in range(len(parents)):
        new[k] += shares[k]
    return new


def _multiplied(grad: Array, parents: Array, shares: Array) -> Array:
    new = grad.copy()
    for j, share in zip(parents, shares, strict=True):
        new[j] *= share
    return new


def _first_share_twice(grad: Array, parents: Array, shares: Array) -> Array:
    return _collect(grad, parents, np.repeat(shares[:1], len(parents), axis=0))


COLLECT = Exercise(
    "7.E",
    "Add the shares",
    _collect,
    gradients_and_shares,
    (
        Mistake(
            "overwritten",
            _overwritten,
            "A share overwrites what was there. A node that is used twice is reached by two "
            "paths, and paths are added: += in place of =.",
        ),
        Mistake(
            "start lost",
            lambda grad, parents, shares: _collect(0 * grad, parents, shares),
            "The shares are added up, but what was in grad before is lost. It came from nodes "
            "further on, and their paths count too.",
        ),
        Mistake(
            "one share per parent",
            _by_index,
            "Where a number stands twice in parents, only its last share has arrived, as with "
            "new[parents] += shares. Go through the shares one by one, and add each to what is "
            "in the new table by then.",
        ),
        Mistake(
            "row by row",
            _in_the_first_rows,
            "Share k went to row k. It belongs to the node whose number is parents[k].",
        ),
        Mistake(
            "mean",
            lambda grad, parents, shares: _collect(grad, parents, shares / len(parents)),
            "The shares are divided by their number. Over the paths changes add, in full.",
        ),
        Mistake(
            "multiplied",
            _multiplied,
            "The shares are multiplied into grad. Slopes multiply along a path; here paths meet, "
            "and there they add.",
        ),
        Mistake(
            "always the first share",
            _first_share_twice,
            "Each parent is given the first share. Take parents and shares in step, the k-th of "
            "both.",
        ),
        Mistake(
            "subtracted",
            lambda grad, parents, shares: _collect(grad, parents, -shares),
            "The shares are subtracted. The minus belongs to the step of gradient descent, not to "
            "the gradient.",
        ),
    ),
    why="This += is the sum over paths of notebook 00, one share at a time.",
)
