"""Exercise 6.G. Printed rightly."""

from __future__ import annotations

import numpy as np

from nnmath.exercises.drawing import Array, Drawn, Rng, draw
from nnmath.exercises.records import Exercise, Mistake


def _last_hidden(H: Array, W: Array, slope: Array, A: Array) -> Array:
    return ((W.T @ H) * slope) @ A.T


def _three_layers(rng: Rng, n: int, n0: int, m: int) -> Drawn:
    last = n if n == n0 == m else 14 - n - n0 - m
    return (
        draw(rng, -1, 1, last, m),
        draw(rng, -1, 1, last, n),
        draw(rng, 0.1, 1, n, m),
        draw(rng, -1, 1, n0, m),
    )


LAST_HIDDEN = Exercise(
    "6.G",
    "Four letters under two sums",
    _last_hidden,
    _three_layers,
    (
        Mistake(
            "W not turned around",
            lambda H, W, slope, A: ((W @ H) * slope) @ A.T,
            "W must be turned around: the sum over k runs over its rows. In the printed form W "
            "has the indices ki, and k is also the first index of H.",
        ),
        Mistake(
            "A not turned around",
            lambda H, W, slope, A: ((W.T @ H) * slope) @ A,
            "A must be turned around: the sum over n runs over its columns, and they must stand "
            "in the middle.",
        ),
        Mistake(
            "slope forgotten",
            lambda H, W, slope, A: (W.T @ H) @ (A + 0 * slope[0]).T,
            "σ′ is lost. It carries the letters i and n, so it goes with the product of W and H, "
            "entry by entry.",
        ),
        Mistake(
            "slope too early",
            lambda H, W, slope, A: (W.T @ (H * slope)) @ A.T,
            "σ′ comes too early: it carries the letter i, and i appears only when the sum over k "
            "is done.",
        ),
        Mistake(
            "slope too late",
            lambda H, W, slope, A: (W.T @ H) * (slope @ A.T),
            "σ′ and A are multiplied first, and the sum over n is used up. One bracket around "
            "(W.T @ H) * slope, then A.",
        ),
        Mistake(
            "one output unit",
            lambda H, W, slope, A: ((W[:1].T @ H[:1]) * slope) @ A.T,
            "Only k = 0 is here. The sum over k runs over all units of the last layer.",
        ),
        Mistake(
            "one example",
            lambda H, W, slope, A: ((W.T @ H) * slope)[:, :1] @ A[:, :1].T,
            "Only n = 0 is here. The sum over n runs over all examples.",
        ),
        Mistake(
            "signs of W lost",
            lambda H, W, slope, A: ((np.abs(W).T @ H) * slope) @ A.T,
            "The weights have lost their signs. W is used as it is.",
        ),
    ),
    why="It was printed rightly. Who follows the letters ends at (4.11), brackets included.",
    batch="H",
)
