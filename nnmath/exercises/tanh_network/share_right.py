"""Exercise 5.F. The share of right answers."""

from __future__ import annotations

from typing import Any

import numpy as np

from nnmath.exercises.drawing import Array
from nnmath.exercises.records import Exercise, Mistake
from nnmath.exercises.tanh_network.inputs import answers_and_truths


def _share_right(A2: Array, Y: Array) -> Any:
    return np.mean((A2 > 0.5) == Y)


SHARE_RIGHT = Exercise(
    "5.F",
    "The share of right answers",
    _share_right,
    answers_and_truths,
    (
        Mistake(
            "times m",
            lambda A2, Y: float(np.sum((A2 > 0.5) == Y)),
            "This is the number of right answers. Their share is asked for: take the mean.",
        ),
        Mistake(
            "over m",
            lambda A2, Y: np.mean((A2 > 0.5) == Y) / Y.shape[1],
            "This divides by the number of examples twice: the mean has done so already.",
        ),
        Mistake(
            "not counted",
            lambda A2, Y: (A2 > 0.5) == Y,
            "This says of each example whether its answer is right. Their share is one number: "
            "take the mean.",
        ),
        Mistake(
            "wrong answers",
            lambda A2, Y: np.mean((A2 > 0.5) != Y),
            "This is the share of wrong answers. Take what is left up to 1.",
        ),
        Mistake(
            "above zero",
            lambda A2, Y: np.mean((A2 > 0) == Y),
            "A probability is always above 0, so this network always says yes. The border is one "
            "half; 0 is the border for the logit.",
        ),
        Mistake(
            "argmax",
            lambda A2, Y: np.mean(A2.argmax(axis=0) == Y),
            "argmax looks for the largest entry of each column. There is one entry only, so it is "
            "always row 0. With one unit, compare with one half.",
        ),
        Mistake(
            "probabilities compared",
            lambda A2, Y: np.mean(A2 == Y),
            "A probability is never exactly 0 or 1. Turn it into a decision first: yes when it is "
            "above one half.",
        ),
        Mistake(
            "only yes counts",
            lambda A2, Y: np.mean((A2 > 0.5) * Y),
            "This counts a right yes only. A right no is right as well.",
        ),
        Mistake(
            "share of yes",
            lambda A2, Y: np.mean(A2 > 0.5) + 0 * Y.sum(),
            "This is how often the network says yes. Whether it should have is in Y.",
        ),
        Mistake(
            "mean distance",
            lambda A2, Y: np.mean(np.abs(A2 - Y)),
            "This is the mean distance between probability and truth. An answer is right or wrong: "
            "decide first, then count.",
        ),
        Mistake(
            "mean probability of the truth",
            lambda A2, Y: np.mean(1 - np.abs(A2 - Y)),
            "This is the mean probability given to the truth. An answer is right or wrong: decide "
            "first, then count.",
        ),
    ),
    why="It has no slope worth the name, so training follows J and only reports this.",
    batch="A2",
)
