"""Exercise 0.A. One layer."""

from __future__ import annotations

from nnmath.exercises.drawing import Array, Drawn, Rng, draw
from nnmath.exercises.records import Exercise, Mistake


def _a_layer(rng: Rng, n: int, n0: int, m: int) -> Drawn:
    return draw(rng, -2, 2, n, n0), draw(rng, -2, 2, n0, m), draw(rng, 0.5, 2, n, 1)


def _layer(W: Array, X: Array, b: Array) -> Array:
    return W @ X + b


LAYER = Exercise(
    "0.A",
    "One layer",
    _layer,
    _a_layer,
    (
        Mistake(
            "no bias",
            lambda W, X, b: W @ X + 0 * b,
            "The product is right and b is missing. It is added to every column.",
        ),
        Mistake(
            "bias subtracted",
            lambda W, X, b: W @ X - b,
            "The product is right, and b is subtracted where it should be added.",
        ),
        Mistake(
            "bias multiplied",
            lambda W, X, b: W @ X * b,
            "The product is right, and b multiplies it. It is added to every column.",
        ),
        Mistake(
            "one number for all biases",
            lambda W, X, b: W @ X + b.sum(),
            "The biases were added up first, so that every unit gets their sum. Each unit has a "
            "bias of its own: add the column b as it is.",
        ),
        Mistake(
            "bias as a row",
            lambda W, X, b: W @ X + b.T,
            "b was turned into a row. A row would give each example a bias of its own; b has one "
            "row per unit, and is a column already.",
        ),
        Mistake(
            "bias added to the input",
            lambda W, X, b: W @ (X + b),
            "b is added to X, before the weights. It belongs to the units, so it comes after them: "
            "look at the brackets.",
        ),
        Mistake(
            "weights turned around",
            lambda W, X, b: W.T @ X + b,
            "W was turned around. Its columns count the inputs, and so do the rows of X: they meet "
            "as they are.",
        ),
        Mistake(
            "factors exchanged",
            lambda W, X, b: X @ W + b,
            "The factors have changed places. The columns of the left one must meet the rows of "
            "the right one, and both must count the inputs.",
        ),
        Mistake(
            "entry by entry",
            lambda W, X, b: W * X + b,
            "The star multiplies entry by entry. The sum over the inputs is a matrix product, "
            "which Python writes @.",
        ),
        Mistake(
            "mean over the examples",
            lambda W, X, b: (W @ X + b).mean(axis=1, keepdims=True),
            "The columns were averaged. Each example keeps its own column here.",
        ),
    ),
    why="Its shapes left no other choice: the columns of W meet the rows of X.",
)
