"""Exercise 6.D. Document 000, the hidden layer, one example."""

from __future__ import annotations

from collections.abc import Callable

from nnmath.exercises.drawing import Array, draw
from nnmath.exercises.misprints.inputs import bits
from nnmath.exercises.records import Exercise, Mistake


def _hidden_layer(W2: Array, A2: Array, Y: Array, slope: Array, X: Array) -> tuple[Array, ...]:
    D = W2.T @ (A2 - Y) * slope
    return D @ X.T, D


def _with_error(error: Callable[..., Array]) -> Callable[..., tuple[Array, ...]]:
    """Return the hidden layer with another error D."""

    def layer(W2: Array, A2: Array, Y: Array, slope: Array, X: Array) -> tuple[Array, ...]:
        D = error(W2, A2, Y, slope)
        return D @ X.T, D

    return layer


def _from_error(parts: Callable[..., tuple[Array, ...]]) -> Callable[..., tuple[Array, ...]]:
    """Return the hidden layer whose results are made otherwise from D and X."""
    return lambda W2, A2, Y, slope, X: parts(W2.T @ (A2 - Y) * slope, X)


HIDDEN_LAYER = Exercise(
    "6.D",
    "The hidden layer of document 000",
    _hidden_layer,
    lambda rng, n, n0, _: (
        draw(rng, -1, 1, 1, n),
        draw(rng, 0.05, 0.95, 1, 1),
        bits(rng, 1, 1),
        draw(rng, 0.1, 1, n, 1),
        draw(rng, -2, 2, n0, 1),
    ),
    (
        Mistake(
            "as printed",
            lambda W2, A2, Y, slope, X: (
                (A2 - Y) @ W2 * slope @ X,
                (A2 - Y) @ W2 * slope,
            ),
            "As printed, a row times a column, entry by entry: numpy stretches them to a square. "
            "Turn W2 around first, so that both are columns.",
        ),
        Mistake(
            "everything lies down",
            lambda W2, A2, Y, slope, X: (
                ((A2 - Y) @ W2 * slope.T).T @ X.T,
                (A2 - Y) @ W2 * slope.T,
            ),
            "dW1 is right, but db1 lies down: b1 is a column, and so is its gradient. Turn W2 "
            "around, and the slope can stay as it is.",
        ),
        Mistake(
            "X not turned around",
            _from_error(lambda D, X: (D * X, D)),
            "dW1 has a row for each unit and a column for each input: D times X turned around. "
            "Entry by entry gives one column.",
        ),
        Mistake(
            "X forgotten",
            _from_error(lambda D, X: (D + 0 * X.sum(), D)),
            "X is forgotten: dW1 is the same as db1. A weight is multiplied by its input, a bias "
            "by 1.",
        ),
        Mistake(
            "turned around",
            _from_error(lambda D, X: (X @ D.T, D)),
            "dW1 is turned around: W1 has a row for each unit, and yours has one for each input.",
        ),
        Mistake(
            "slope forgotten",
            _with_error(lambda W2, A2, Y, slope: W2.T @ (A2 - Y) + 0 * slope),
            "The slope of the hidden activation is lost: the printed form has it, and it is "
            "right, entry by entry.",
        ),
        Mistake(
            "W2 forgotten",
            _with_error(lambda W2, A2, Y, slope: (A2 - Y) * slope + 0 * W2.T),
            "W2 is lost. The error comes back to unit j through its weight to the output, entry j "
            "of W2.",
        ),
        Mistake(
            "opposite sign",
            _with_error(lambda W2, A2, Y, slope: W2.T @ (Y - A2) * slope),
            "Both have the opposite sign: it is answer minus truth.",
        ),
        Mistake(
            "slope of the sigmoid kept",
            _with_error(lambda W2, A2, Y, slope: W2.T @ ((A2 - Y) * A2 * (1 - A2)) * slope),
            "A2 (1 − A2) is there once too often: with the cross-entropy it has cancelled, and "
            "A2 − Y is all that is left.",
        ),
        Mistake(
            "bias summed",
            _from_error(lambda D, X: (D @ X.T, D.sum(axis=0, keepdims=True))),
            "db1 is summed over the units. Each unit has a bias of its own, so its gradient is a "
            "column with one number per unit.",
        ),
    ),
    why="The entry to assemble is (a − y) · w · g′(z) · x, and the shapes leave one order.",
    returns=("dW1", "db1"),
)
