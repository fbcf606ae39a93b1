"""Exercise 4.F. Backward, for any number of layers."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from nnmath.activations import Activation
from nnmath.exercises.drawing import Array
from nnmath.exercises.general_induction.inputs import Arrays, Made, network_after_its_run
from nnmath.exercises.records import Exercise, Mistake


def _backward(
    W: Arrays, g: Mapping[int, Activation], Z: Arrays, A: Arrays, dA_L: Array
) -> tuple[Made, Made]:
    dW, db, dA = {}, {}, {len(W): dA_L}
    for l in range(len(W), 0, -1):
        dZ = g[l].vjp(Z[l], dA[l])
        dW[l] = dZ @ A[l - 1].T
        db[l] = dZ.sum(axis=1, keepdims=True)
        dA[l - 1] = W[l].T @ dZ
    return dW, db


def _backward_with(
    pull: Callable[..., Array] = lambda l, g, Z, _A, dA: g[l].vjp(Z[l], dA),
    weights: Callable[..., Array] = lambda l, dZ, A: dZ @ A[l - 1].T,
    bias: Callable[..., Array] = lambda dZ: dZ.sum(axis=1, keepdims=True),
    down: Callable[..., Array] = lambda l, W, dZ: W[l].T @ dZ,
) -> Callable[..., Any]:
    """Make the backward pass in which one of the four lines is replaced."""

    def backward(W: Arrays, g: Arrays, Z: Arrays, A: Arrays, dA_L: Array) -> tuple[Made, Made]:
        dW: Made = {}
        db: Made = {}
        dA = dA_L
        for l in range(len(W), 0, -1):
            dZ = pull(l, g, Z, A, dA)
            dW[l], db[l] = weights(l, dZ, A), bias(dZ)
            dA = down(l, W, dZ)
        return dW, db

    return backward


BACKWARD = Exercise(
    "4.F",
    "Backward, for any number of layers",
    _backward,
    network_after_its_run,
    (
        Mistake(
            "A of this layer",
            _backward_with(weights=lambda l, dZ, A: dZ @ A[l].T),
            "dW[l] is made with A[l], the output of the layer. Its weights multiply the input of "
            "the layer, A[l − 1], and so does their gradient.",
        ),
        Mistake(
            "no slope",
            _backward_with(pull=lambda _l, _g, _Z, _A, dA: dA),
            "dA[l] is used as if it were dZ[l]. Between them stands the activation: "
            "dZ = g[l].vjp(Z[l], dA[l]).",
        ),
        Mistake(
            "slope at A",
            _backward_with(pull=lambda l, g, _Z, A, dA: g[l].vjp(A[l], dA)),
            "The activation is differentiated at A[l]. It went from Z[l] to A[l], so its slope is "
            "taken where it started, at Z[l].",
        ),
        Mistake(
            "entry-wise only",
            _backward_with(pull=lambda l, g, Z, _A, dA: dA * g[l].prime(Z[l])),
            "This is right for entry-wise activations and stops at softmax, which has no prime. "
            "g[l].vjp(Z[l], dA[l]) is right for both kinds.",
        ),
        Mistake(
            "slope of the layer before",
            _backward_with(pull=lambda l, g, Z, _A, dA: g[max(l - 1, 1)].vjp(Z[l], dA)),
            "dZ[l] uses the activation of layer l − 1. Layer l has its own: g[l], at Z[l].",
        ),
        Mistake(
            "W not transposed",
            _backward_with(down=lambda l, W, dZ: W[l] @ dZ),
            "In dA[l − 1] the weights are not turned around. The sum runs over the units of layer "
            "l, which are the rows of W[l].",
        ),
        Mistake(
            "slope of the last layer everywhere",
            _backward_with(pull=lambda l, g, Z, _A, dA: g[max(g)].vjp(Z[l], dA)),
            "Every layer is differentiated with the activation of the last one. Each layer has its "
            "own, g[l].",
        ),
        Mistake(
            "db not summed",
            _backward_with(bias=lambda dZ: dZ + 0.0),
            "dW is right, and db[l] is still dZ[l], with one column per example. All examples "
            "share one bias: add up along axis 1.",
        ),
        Mistake(
            "db without keepdims",
            _backward_with(bias=lambda dZ: dZ.sum(axis=1)),
            "The numbers are right, but db[l] lost an axis: its shape is (n,), and b[l] has "
            "(n, 1). keepdims=True keeps the column.",
        ),
        Mistake(
            "db a mean",
            _backward_with(bias=lambda dZ: dZ.mean(axis=1, keepdims=True)),
            "dW is right, and db is a mean. The 1/m came in with the loss, so a sum is left to do.",
        ),
        Mistake(
            "m in every layer",
            _backward_with(down=lambda l, W, dZ: W[l].T @ dZ / dZ.shape[1]),
            "The last layer is right, and each layer below is m times smaller than it should be. "
            "The 1/m is in dA[L] already; dA[l − 1] inherits it.",
        ),
        Mistake(
            "m in dW",
            _backward_with(weights=lambda l, dZ, A: dZ @ A[l - 1].T / dZ.shape[1]),
            "db is right, and dW is divided by m once more. The 1/m is in dA[L] already.",
        ),
    ),
    why="Four lines, once a layer: the induction step is the body of the loop.",
    batch="dA_L",
    returns=("dW", "db"),
)
