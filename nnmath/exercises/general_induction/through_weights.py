"""Exercise 4.A. From dZ of a layer to dA of the layer before it."""

from __future__ import annotations

import numpy as np

from nnmath.exercises.drawing import Array
from nnmath.exercises.general_induction.inputs import weights_and_gradient
from nnmath.exercises.records import Exercise, Mistake


def _through_weights(W: Array, dZ: Array) -> Array:
    return W.T @ dZ


THROUGH_WEIGHTS = Exercise(
    "4.A",
    "Back through the weights",
    _through_weights,
    weights_and_gradient,
    (
        Mistake(
            "no transpose",
            lambda W, dZ: W @ dZ,
            "The weights are not turned around. Forward, W sums over the units of the layer "
            "before; backward, the sum runs over the units of this layer, which are its rows.",
        ),
        Mistake(
            "other order",
            lambda W, dZ: dZ @ W,
            "This multiplies W from the right. There the sum runs over the columns of dZ, which "
            "are examples, and examples must not mix.",
        ),
        Mistake(
            "transposed",
            lambda W, dZ: dZ.T @ W,
            "The numbers are right and lie on their side: this is the transpose. The result has "
            "one row for each unit of the layer before, one column per example.",
        ),
        Mistake(
            "both transposed",
            lambda W, dZ: dZ.T @ W.T,
            "Both factors are turned around and exchanged, which is the transpose of W @ dZ. Only "
            "W is turned around.",
        ),
        Mistake(
            "entry by entry",
            lambda W, dZ: W.T * dZ,
            "This multiplies entry by entry. Each unit before feeds every unit of this layer, so "
            "its paths must be added up: a matrix product, @.",
        ),
        Mistake(
            "inverse",
            lambda W, dZ: np.linalg.pinv(W) @ dZ,
            "This is the (pseudo-)inverse of W. Going backward does not undo the forward step; it "
            "adds up slopes along the same paths, with the same weights.",
        ),
        Mistake(
            "summed over the examples",
            lambda W, dZ: W.T @ dZ.sum(axis=1, keepdims=True),
            "The examples are summed. An activation belongs to one example, so its gradient has "
            "one column for each; only W and b are shared.",
        ),
        Mistake(
            "added up over the units before",
            lambda W, dZ: W.T.sum(axis=0, keepdims=True) @ dZ,
            "The units of the layer before are added up too. Each of them has a gradient of its "
            "own: the sum runs over the units of this layer only.",
        ),
        Mistake(
            "over m",
            lambda W, dZ: W.T @ dZ / dZ.shape[1],
            "This divides by m once more. The 1/m came in with the loss, and every gradient below "
            "inherits it.",
        ),
        Mistake(
            "sign",
            lambda W, dZ: -W.T @ dZ,
            "The sizes are right and every sign is reversed. There is no minus in this step; the "
            "only minus of the method stands in the update.",
        ),
    ),
    why="The sum over the paths runs over the units of this layer: that is where the ᵀ comes from.",
    batch="dZ",
)
