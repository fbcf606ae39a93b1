"""Exercise 3.C. The error, passed back through one layer."""

from __future__ import annotations

import numpy as np

from nnmath.exercises.drawing import Array
from nnmath.exercises.records import Exercise, Mistake
from nnmath.exercises.relu_network.inputs import layer_above


def _pass_back(W: Array, dZ: Array, Z: Array) -> Array:
    return (W.T @ dZ) * (Z > 0)


PASS_BACK = Exercise(
    "3.C",
    "The error, passed back through one layer",
    _pass_back,
    layer_above,
    (
        Mistake(
            "no mask",
            lambda W, dZ, Z: W.T @ dZ + 0 * Z,
            "This is dA of the layer below. One step is missing: an inactive unit passes nothing "
            "on, so multiply by its mask.",
        ),
        Mistake(
            "1 at zero",
            lambda W, dZ, Z: (W.T @ dZ) * (Z >= 0),
            "Where Z is exactly 0 the error passes here. The course agrees on relu′(0) = 0: the "
            "mask is Z > 0.",
        ),
        Mistake(
            "no transpose",
            lambda W, dZ, Z: (W @ dZ) * (Z > 0),
            "The weights are not transposed. It runs only when both layers have one width, and "
            "then the numbers are wrong: the sum must run over the units of the layer above.",
        ),
        Mistake(
            "times Z",
            lambda W, dZ, Z: (W.T @ dZ) * Z,
            "The factor is Z itself. It must be the slope of ReLU at Z, which is 0 or 1.",
        ),
        Mistake(
            "times A",
            lambda W, dZ, Z: (W.T @ dZ) * np.maximum(Z, 0),
            "The factor is A = max(Z, 0), the height of ReLU. It must be its slope, which is 0 or "
            "1.",
        ),
        Mistake(
            "mask turned over",
            lambda W, dZ, Z: (W.T @ dZ) * (Z <= 0),
            "The mask is turned over: here only the inactive units pass the error on.",
        ),
        Mistake(
            "mask of the error",
            lambda W, dZ, Z: np.maximum(W.T @ dZ, 0) + 0 * Z,
            "Here ReLU is applied to the error: negative errors vanish. The mask asks whether Z "
            "was positive on the way forward; the sign of the error does not matter.",
        ),
        Mistake(
            "sign of Z",
            lambda W, dZ, Z: (W.T @ dZ) * np.sign(Z),
            "The factor is the sign of Z, −1 for inactive units. ReLU is flat there: the factor "
            "is 0.",
        ),
        Mistake(
            "mask first",
            lambda W, dZ, Z: W.T @ (dZ * (Z > 0)),
            "The mask is applied before the weights, which runs only when both layers have one "
            "width. It belongs to the layer below, so it comes after Wᵀ.",
        ),
        Mistake(
            "matrix product with the mask",
            lambda W, dZ, Z: (W.T @ dZ) @ (Z > 0),
            "The mask is multiplied as a matrix, which runs only on square inputs. Each error "
            "meets the mask of its own entry: multiply entry by entry, with *.",
        ),
    ),
    why="Wᵀ sends every error back along the connections it came from, and the mask closes some.",
    batch="dZ",
)
