"""Exercise 6.F. Which activations meet the error of a layer."""

from __future__ import annotations

from nnmath.exercises.drawing import Array, draw
from nnmath.exercises.records import Exercise, Mistake


def _weights_of_layer(Delta: Array, slope: Array, A_before: Array, A_after: Array) -> Array:  # noqa: ARG001
    return (Delta * slope) @ A_before.T


WEIGHTS_OF_LAYER = Exercise(
    "6.F",
    "Before or after?",
    _weights_of_layer,
    lambda rng, n, n0, m: (
        draw(rng, -1, 1, n, m),
        draw(rng, 0.1, 1, n, m),
        draw(rng, -1, 1, n0, m),
        draw(rng, -1, 1, n, m),
    ),
    (
        Mistake(
            "as printed",
            lambda Delta, slope, _, A_after: (Delta * slope) @ A_after.T,
            "This is (5.16) as printed, with the output of the layer: a square, one row and one "
            "column per unit of the same layer. W has a column for each unit of the layer before.",
        ),
        Mistake(
            "as printed, without the slope",
            lambda Delta, _, __, A_after: Delta @ A_after.T,
            "Two things: the slope is lost, and A_after is the output of the layer. W acts on its "
            "input.",
        ),
        Mistake(
            "without the slope",
            lambda Delta, _, A_before, __: Delta @ A_before.T,
            "The slope of the activation is lost: H is Δ times σ′, entry by entry.",
        ),
        Mistake(
            "slope of tanh",
            lambda Delta, _, A_before, A_after: (Delta * (1 - A_after**2)) @ A_before.T,
            "You took the slope of tanh. The formula is for any activation, and its slope is "
            "given.",
        ),
        Mistake(
            "not turned around",
            lambda Delta, slope, A_before, _: (Delta * slope) @ A_before,
            "A_before must be turned around, so that the examples meet the examples. Where the "
            "sizes happen to agree, it runs and is wrong.",
        ),
        Mistake(
            "product first",
            lambda Delta, slope, A_before, _: Delta * (slope @ A_before.T),
            "The brackets are missing: Δ times σ′, entry by entry, comes first, and then the "
            "product of matrices.",
        ),
    ),
    why="W acts on what the layer gets; what it gives belongs to the next layer.",
    batch="Delta",
)
