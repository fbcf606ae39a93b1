"""Exercise 4.G. One layer with the examples as rows."""

from __future__ import annotations

from nnmath.exercises.drawing import Array, Drawn
from nnmath.exercises.general_induction.inputs import layer_and_gradient_in_rows
from nnmath.exercises.records import Exercise, Mistake


def _rows_backward(W: Array, A_before: Array, dZ: Array) -> Drawn:
    return dZ @ W, dZ.T @ A_before, dZ.sum(axis=0)


ROWS_BACKWARD = Exercise(
    "4.G",
    "One layer with rows as examples",
    _rows_backward,
    layer_and_gradient_in_rows,
    (
        Mistake(
            "columns as before",
            lambda W, A_before, dZ: (W.T @ dZ, dZ @ A_before.T, dZ.sum(axis=1)),
            "These are the formulas for examples in columns. Here they are rows: transpose both "
            "sides of each formula, which also turns the order of a product around.",
        ),
        Mistake(
            "W transposed",
            lambda W, A_before, dZ: (dZ @ W.T, dZ.T @ A_before, dZ.sum(axis=0)),
            "dW and db are right. In dA_before the W is turned around: it is so forward, X @ W.T, "
            "and not backward, where the sum runs over the units of this layer.",
        ),
        Mistake(
            "dW transposed",
            lambda W, A_before, dZ: (dZ @ W, A_before.T @ dZ, dZ.sum(axis=0)),
            "dA_before and db are right, and dW lies on its side. W is stored alike in both "
            "layouts, so dW has one row per unit of this layer.",
        ),
        Mistake(
            "dW without transpose",
            lambda W, A_before, dZ: (dZ @ W, dZ @ A_before, dZ.sum(axis=0)),
            "dA_before and db are right. In dW the sum must run over the examples, and those are "
            "the rows of both factors now: one of them must be turned around.",
        ),
        Mistake(
            "db along the units",
            lambda W, A_before, dZ: (dZ @ W, dZ.T @ A_before, dZ.sum(axis=1)),
            "dA_before and dW are right. db is summed over the units; the examples are the rows "
            "now, so the sum runs along axis 0.",
        ),
        Mistake(
            "db kept as a row",
            lambda W, A_before, dZ: (dZ @ W, dZ.T @ A_before, dZ.sum(axis=0, keepdims=True)),
            "All numbers are right, but db is a row of shape (1, n). In this layout the bias has "
            "the shape (n,), so here keepdims is not wanted.",
        ),
        Mistake(
            "db kept as a column",
            lambda W, A_before, dZ: (dZ @ W, dZ.T @ A_before, dZ.sum(axis=0)[:, None]),
            "All numbers are right, but db is a column of shape (n, 1). In this layout the bias "
            "has the shape (n,).",
        ),
        Mistake(
            "db a mean",
            lambda W, A_before, dZ: (dZ @ W, dZ.T @ A_before, dZ.mean(axis=0)),
            "dA_before and dW are right, and db is a mean. The 1/m is in dZ already, whatever the "
            "layout.",
        ),
        Mistake(
            "db not summed",
            lambda W, A_before, dZ: (dZ @ W, dZ.T @ A_before, dZ + 0.0),
            "dA_before and dW are right, and db is still dZ, one row per example. All examples "
            "share one bias: add up the rows.",
        ),
        Mistake(
            "dA on its side",
            lambda W, A_before, dZ: (W.T @ dZ.T, dZ.T @ A_before, dZ.sum(axis=0)),
            "dW and db are right, and dA_before has the examples as columns. In this layout they "
            "are rows: one row per example.",
        ),
    ),
    why="Same numbers, lying on their side: the layout changes nothing else.",
    batch="dZ",
    returns=("dA_before", "dW", "db"),
)
