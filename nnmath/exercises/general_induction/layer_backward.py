"""Exercise 4.B. One layer, all three gradients."""

from __future__ import annotations

from nnmath.exercises.drawing import Array, Drawn
from nnmath.exercises.general_induction.inputs import layer_and_gradient
from nnmath.exercises.records import Exercise, Mistake


def _layer_backward(W: Array, A_before: Array, dZ: Array) -> Drawn:
    return W.T @ dZ, dZ @ A_before.T, dZ.sum(axis=1, keepdims=True)


LAYER_BACKWARD = Exercise(
    "4.B",
    "One layer, backwards",
    _layer_backward,
    layer_and_gradient,
    (
        Mistake(
            "W not transposed",
            lambda W, A_before, dZ: (W @ dZ, dZ @ A_before.T, dZ.sum(axis=1, keepdims=True)),
            "dW and db are right. In dA_before the weights are not turned around: the sum must "
            "run over the units of this layer, the rows of W.",
        ),
        Mistake(
            "A not transposed",
            lambda W, A_before, dZ: (W.T @ dZ, dZ @ A_before, dZ.sum(axis=1, keepdims=True)),
            "dA_before and db are right. In dW the sum must run over the examples; they are the "
            "columns of A_before, and must become its rows.",
        ),
        Mistake(
            "dW transposed",
            lambda W, A_before, dZ: (W.T @ dZ, A_before @ dZ.T, dZ.sum(axis=1, keepdims=True)),
            "dA_before and db are right, and dW lies on its side. It has the shape of W: one row "
            "per unit of this layer.",
        ),
        Mistake(
            "dA on its side",
            lambda W, A_before, dZ: (dZ.T @ W, dZ @ A_before.T, dZ.sum(axis=1, keepdims=True)),
            "dW and db are right, and dA_before lies on its side. It has the shape of A_before: "
            "one column per example.",
        ),
        Mistake(
            "db not summed",
            lambda W, A_before, dZ: (W.T @ dZ, dZ @ A_before.T, dZ + 0.0),
            "dA_before and dW are right. db is still dZ, with one column per example; all examples "
            "share one bias, so their columns are added up.",
        ),
        Mistake(
            "db without keepdims",
            lambda W, A_before, dZ: (W.T @ dZ, dZ @ A_before.T, dZ.sum(axis=1)),
            "All numbers are right, but db lost an axis: its shape is (n,), and b has (n, 1). "
            "keepdims=True keeps the column.",
        ),
        Mistake(
            "db a mean",
            lambda W, A_before, dZ: (W.T @ dZ, dZ @ A_before.T, dZ.mean(axis=1, keepdims=True)),
            "dA_before and dW are right, and db is a mean. The 1/m is in dZ already, so a sum is "
            "left to do.",
        ),
        Mistake(
            "db along the units",
            lambda W, A_before, dZ: (W.T @ dZ, dZ @ A_before.T, dZ.sum(axis=0, keepdims=True)),
            "dA_before and dW are right. db is summed over the units, which leaves one number per "
            "example; sum over the examples instead, axis=1.",
        ),
        Mistake(
            "dW over m",
            lambda W, A_before, dZ: (
                W.T @ dZ, dZ @ A_before.T / dZ.shape[1], dZ.sum(axis=1, keepdims=True),
            ),
            "dA_before and db are right, and dW is divided by m once more. dZ holds the 1/m "
            "already.",
        ),
        Mistake(
            "dW and db exchanged",
            lambda W, A_before, dZ: (W.T @ dZ, dZ.sum(axis=1, keepdims=True), dZ @ A_before.T),
            "The three results are right, but the last two have changed places. The order is "
            "dA_before, dW, db.",
        ),
    ),
    why="These three lines are the whole of a layer's backward pass, in every library.",
    batch="dZ",
    returns=("dA_before", "dW", "db"),
)  # fmt: skip
