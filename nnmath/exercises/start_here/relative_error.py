"""Exercise 0.E. How close is close."""

from __future__ import annotations

import numpy as np

from nnmath.exercises.drawing import Array, Drawn, Rng, draw
from nnmath.exercises.records import Exercise, Mistake


def _two_gradients(rng: Rng, n: int, _: int, m: int) -> Drawn:
    truth = draw(rng, -3, 3, n, m)
    return np.round(truth + rng.uniform(-0.4, 0.4, size=(n, m)), 2), truth


def _relative_error(g: Array, truth: Array) -> float:
    return float(np.max(np.abs(g - truth)) / np.max(np.abs(truth)))


RELATIVE_ERROR = Exercise(
    "0.E",
    "How close is close",
    _relative_error,
    _two_gradients,
    (
        Mistake(
            "not relative",
            lambda g, truth: np.max(np.abs(g - truth)),
            "This is the largest difference itself. Whether 0.01 is much depends on the size of "
            "the gradient: divide by the largest entry of the truth.",
        ),
        Mistake(
            "relative to the wrong one",
            lambda g, truth: np.max(np.abs(g - truth)) / np.max(np.abs(g)),
            "Divided by the largest entry of g, which is the suspect. The yardstick is the truth.",
        ),
        Mistake(
            "relative to the larger one",
            lambda g, truth: (
                np.max(np.abs(g - truth)) / max(np.max(np.abs(g)), np.abs(truth).max())
            ),
            "Divided by the largest entry of both. That works too, but here the yardstick is the "
            "truth alone.",
        ),
        Mistake(
            "entry by entry",
            lambda g, truth: np.max(np.abs(g - truth) / np.abs(truth)),
            "Each entry is divided by its own truth. An entry whose true slope is almost 0 then "
            "raises a false alarm: take the two largest values first, and divide once.",
        ),
        Mistake(
            "differences without abs",
            lambda g, truth: np.max(g - truth) / np.max(np.abs(truth)),
            "Differences below zero do not count here: an entry that is far too small passes. Take "
            "the absolute value before the maximum.",
        ),
        Mistake(
            "abs after the maximum",
            lambda g, truth: abs(np.max(g) - np.max(truth)) / np.max(np.abs(truth)),
            "The largest entries are compared, whichever they are. Subtract entry by entry first, "
            "then look for the largest difference.",
        ),
        Mistake(
            "truth without abs",
            lambda g, truth: np.max(np.abs(g - truth)) / np.max(truth),
            "The yardstick is the largest entry with its sign, which may be small or negative. "
            "Take the absolute value first.",
        ),
        Mistake(
            "mean",
            lambda g, truth: np.mean(np.abs(g - truth)) / np.mean(np.abs(truth)),
            "These are means. One wrong entry among a thousand right ones hardly moves a mean; "
            "the maximum sees it.",
        ),
        Mistake(
            "sums",
            lambda g, truth: abs(np.sum(g - truth)) / np.max(np.abs(truth)),
            "The differences are added up, so that one that is too large hides one that is too "
            "small. Take the largest one.",
        ),
        Mistake(
            "lengths",
            lambda g, truth: np.linalg.norm(g - truth) / np.linalg.norm(truth),
            "These are the lengths of both, with all entries squared and added. That is a fair "
            "measure too; here the largest entries are asked for.",
        ),
        Mistake(
            "in per cent",
            lambda g, truth: 100 * _relative_error(g, truth),
            "A hundred times too large: this is in per cent.",
        ),
        Mistake(
            "turned over",
            lambda g, truth: 1 / _relative_error(g, truth),
            "The fraction is upside down: the difference belongs above the line.",
        ),
    ),
    why="It is small only when every entry is close, and it does not mind the scale of J.",
)
