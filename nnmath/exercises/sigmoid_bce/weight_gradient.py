"""Exercise 1.E. The gradient of the weights."""

from __future__ import annotations

from nnmath.exercises.drawing import Array
from nnmath.exercises.records import Exercise, Mistake
from nnmath.exercises.sigmoid_bce.inputs import gradient_and_input


def _dW(dZ: Array, X: Array) -> Array:
    return dZ @ X.T


WEIGHT_GRADIENT = Exercise(
    "1.E",
    "The gradient of the weights",
    _dW,
    gradient_and_input,
    (
        Mistake(
            "dZ @ X",
            lambda dZ, X: dZ @ X,
            "This is dZ X, without the transpose. It runs only when there are as many inputs as "
            "examples, and then its numbers are wrong: the sum must run over the examples.",
        ),
        Mistake(
            "X @ dZ",
            lambda dZ, X: X @ dZ,
            "This is X dZ, which runs on square inputs only. The row of W says which unit, so dZ "
            "comes first; and the sum must run over the examples.",
        ),
        Mistake(
            "dZ.T @ X",
            lambda dZ, X: dZ.T @ X,
            "The wrong factor is transposed. The sum must run over the examples, so these must "
            "be the columns of the first factor and the rows of the second.",
        ),
        Mistake(
            "X.T @ dZ",
            lambda dZ, X: X.T @ dZ,
            "Here the sum runs over the rows of X and dZ, which are inputs and units. It must "
            "run over the examples, and the result has one row per unit.",
        ),
        Mistake(
            "dZ * X",
            lambda dZ, X: dZ * X,
            "This multiplies entry by entry. Every unit meets every input, and each such pair is "
            "summed over the examples: that is a matrix product, @.",
        ),
        Mistake(
            "transposed",
            lambda dZ, X: X @ dZ.T,
            "This is the transpose of the right answer. dW has the shape of W: one row per unit, "
            "one column per input.",
        ),
        Mistake(
            "sign",
            lambda dZ, X: -dZ @ X.T,
            "This is the right gradient with a minus in front. The minus belongs to the step W − "
            "lr · dW, not to the gradient.",
        ),
        Mistake(
            "over m",
            lambda dZ, X: dZ @ X.T / X.shape[1],
            "This divides by m once more. The factor 1/m is inside dZ already, and every later "
            "gradient inherits it.",
        ),
        Mistake(
            "times m",
            lambda dZ, X: dZ @ X.T * X.shape[1],
            "This multiplies by m. The factor 1/m inside dZ is meant to be there; leave the sum "
            "as it is.",
        ),
        Mistake(
            "summed before multiplying",
            lambda dZ, X: dZ.sum(axis=1, keepdims=True) @ X.sum(axis=1, keepdims=True).T,
            "Both factors are summed over the examples before they are multiplied. A sum of "
            "products is not the product of the sums: each example keeps its own dZ and its own "
            "x.",
        ),
    ),
    why="The sum over the examples is not decreed: it is the inner index of this product.",
    batch="X",
)
