"""Exercise 3.F. Dead units."""

from __future__ import annotations

from typing import Any

import numpy as np

from nnmath.exercises.drawing import Array
from nnmath.exercises.records import Exercise, Mistake
from nnmath.exercises.relu_network.inputs import logits_with_dead_rows


def _dead_share(Z: Array) -> Any:
    return np.mean(np.all(Z <= 0, axis=1))


DEAD_SHARE = Exercise(
    "3.F",
    "The share of dead units",
    _dead_share,
    logits_with_dead_rows,
    (
        Mistake(
            "inactive entries",
            lambda Z: np.mean(Z <= 0),
            "This is the share of entries that are inactive. A unit is dead when it is inactive "
            "for every example: look at each row as a whole first.",
        ),
        Mistake(
            "inactive once",
            lambda Z: np.mean(np.any(Z <= 0, axis=1)),
            "This counts a unit as soon as one example leaves it inactive. Dead means inactive "
            "for all of them.",
        ),
        Mistake(
            "over the units",
            lambda Z: np.mean(np.all(Z <= 0, axis=0)),
            "This is the share of examples for which no unit is active. The units are the rows: "
            "look along axis=1.",
        ),
        Mistake(
            "zero counted as active",
            lambda Z: np.mean(np.all(Z < 0, axis=1)),
            "A unit whose Z is exactly 0 for some example passes nothing on there, for relu′(0) = "
            "0. The comparison is <=.",
        ),
        Mistake(
            "the living ones",
            lambda Z: np.mean(np.any(Z > 0, axis=1)),
            "This is the share of the units that are not dead. Take what is left up to 1.",
        ),
        Mistake(
            "always active",
            lambda Z: np.mean(np.all(Z > 0, axis=1)),
            "This is the share of the units that are active for every example: the other end.",
        ),
        Mistake(
            "count",
            lambda Z: float(np.sum(np.all(Z <= 0, axis=1))),
            "This is the number of dead units. Their share is asked for: divide by the number of "
            "units.",
        ),
        Mistake(
            "over m",
            lambda Z: np.sum(np.all(Z <= 0, axis=1)) / Z.shape[1],
            "The count is right, but it is divided by the number of examples. Divide by the "
            "number of units, which are the rows.",
        ),
        Mistake(
            "mean of the row",
            lambda Z: np.mean(np.mean(Z, axis=1) <= 0),
            "This looks at the mean of each row. A unit with a negative mean may still be active "
            "for a few examples, and learn from them.",
        ),
        Mistake(
            "exactly zero",
            lambda Z: np.mean(np.all(Z == 0, axis=1)),
            "This asks for Z = 0. A dead unit has A = 0; its Z is 0 or negative.",
        ),
    ),
    why="A dead unit gets no gradient from these examples, so they alone cannot wake it.",
)
