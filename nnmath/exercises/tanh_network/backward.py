"""Exercise 5.D. The backward pass."""

from __future__ import annotations

import numpy as np

from nnmath.exercises.drawing import Answer, Array
from nnmath.exercises.records import Exercise, Mistake
from nnmath.exercises.tanh_network.forward import same
from nnmath.exercises.tanh_network.inputs import after_the_run
from nnmath.exercises.tanh_network.point_gradient import row_sums


def _backward_with(
    error: Answer = lambda A2, Y: (A2 - Y) / Y.shape[1],
    slope: Answer = lambda A1: 1 - A1**2,
    bias: Answer = row_sums,
    into: Answer = lambda X, _A1: X,
    again: Answer = lambda dZ1: dZ1,
    back: Answer = lambda W2, dZ2: W2.T @ dZ2,
) -> Answer:
    """Make a backward pass with one part replaced."""

    def backward(W2: Array, X: Array, A1: Array, A2: Array, Y: Array) -> tuple[Array, ...]:
        dZ2 = error(A2, Y)
        dZ1 = again(back(W2, dZ2) * slope(A1))
        return dZ1 @ into(X, A1).T, bias(dZ1), dZ2 @ A1.T, bias(dZ2)

    return backward


def _backward2(W2: Array, X: Array, A1: Array, A2: Array, Y: Array) -> tuple[Array, ...]:
    dZ2 = (A2 - Y) / Y.shape[1]
    dZ1 = (W2.T @ dZ2) * (1 - A1**2)
    return dZ1 @ X.T, row_sums(dZ1), dZ2 @ A1.T, row_sums(dZ2)


BACKWARD = Exercise(
    "5.D",
    "The backward pass",
    _backward2,
    after_the_run,
    (
        Mistake(
            "times m",
            _backward_with(error=lambda A2, Y: A2 - Y),
            "All four are m times too large: the 1/m of the mean belongs in dZ2.",
        ),
        Mistake(
            "1/m twice",
            _backward_with(again=lambda dZ1: dZ1 / dZ1.shape[1]),
            "Layer 2 is right, layer 1 is m times too small: dZ1 inherits the 1/m from dZ2.",
        ),
        Mistake(
            "over m",
            _backward_with(error=lambda A2, Y: (A2 - Y) / Y.shape[1] ** 2),
            "All four are m times too small: 1/m is there twice.",
        ),
        Mistake(
            "1/m in the weights, mean in the biases",
            _backward_with(bias=lambda dZ: dZ.mean(axis=1, keepdims=True)),
            "The weights are right. The biases are m times too small: a mean stands where a sum is "
            "due, for 1/m is in dZ2 already.",
        ),
        Mistake(
            "no keepdims",
            _backward_with(bias=lambda dZ: dZ.sum(axis=1)),
            "The weights are right. db1 and db2 have lost an axis: with keepdims=True the sum "
            "stays a column.",
        ),
        Mistake(
            "wrong axis",
            _backward_with(bias=lambda dZ: dZ.sum(axis=0, keepdims=True)),
            "The weights are right. The biases sum over the units; the examples are the columns, "
            "so sum along the rows, axis=1.",
        ),
        Mistake(
            "biases not summed",
            _backward_with(bias=same),
            "The weights are right. db1 and db2 have one column for each example: a bias acts in "
            "all of them, so sum along the rows.",
        ),
        Mistake(
            "no slope",
            _backward_with(slope=lambda A1: np.ones_like(A1)),
            "Layer 2 is right. In dZ1 the slope of tanh is missing: the error must pass through "
            "the activation.",
        ),
        Mistake(
            "tanh again",
            _backward_with(slope=lambda A1: 1 - np.tanh(A1) ** 2),
            "Layer 2 is right. In dZ1, tanh is applied to A1, which is tanh already: the slope is "
            "1 − A1².",
        ),
        Mistake(
            "not squared",
            _backward_with(slope=lambda A1: 1 - A1),
            "Layer 2 is right. The slope of tanh is 1 − A1², and the square is missing.",
        ),
        Mistake(
            "rule of the sigmoid",
            _backward_with(slope=lambda A1: A1 * (1 - A1)),
            "Layer 2 is right. A1 (1 − A1) would be the slope of a sigmoid; the hidden layer is "
            "tanh.",
        ),
        Mistake(
            "slope of the sigmoid kept",
            _backward_with(error=lambda A2, Y: (A2 - Y) * A2 * (1 - A2) / Y.shape[1]),
            "dZ2 still holds a factor A2 (1 − A2). Notebook 01 showed how it cancels.",
        ),
        Mistake(
            "output instead of input",
            _backward_with(into=lambda _X, A1: A1),
            "dW1 is built with A1, as equation (6.8) of document 002 prints it. W1 was multiplied "
            "with X.",
        ),
        Mistake(
            "W2 left out",
            _backward_with(back=lambda W2, dZ2: 0 * W2.T + dZ2),
            "Layer 2 is right. On the way back the weights are missing: dA1 is W2.T @ dZ2.",
        ),
        Mistake(
            "truth minus answer",
            _backward_with(error=lambda A2, Y: (Y - A2) / Y.shape[1]),
            "All four are exactly reversed: dZ2 is answer minus truth.",
        ),
        Mistake(
            "decisions",
            _backward_with(error=lambda A2, Y: ((A2 > 0.5) - Y) / Y.shape[1]),
            "dZ2 compares the decisions 0 or 1 with the truth. The slope needs the probability A2 "
            "itself.",
        ),
    ),
    why="Six small arrays, and any network with one hidden layer of tanh units can be trained.",
    batch="X",
    returns=("dW1", "db1", "dW2", "db2"),
)
