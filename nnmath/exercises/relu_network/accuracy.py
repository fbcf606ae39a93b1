"""Exercise 3.G. The share of right answers."""

from __future__ import annotations

from typing import Any

import numpy as np

from nnmath.exercises.drawing import Array
from nnmath.exercises.records import Exercise, Mistake
from nnmath.exercises.relu_network.inputs import answers_and_targets


def _accuracy(A: Array, Y: Array) -> Any:
    return np.mean(A.argmax(axis=0) == Y.argmax(axis=0))


ACCURACY = Exercise(
    "3.G",
    "The share of right answers",
    _accuracy,
    answers_and_targets,
    (
        Mistake(
            "along the rows",
            lambda A, Y: np.mean(A.argmax(axis=1) == Y.argmax(axis=1)),
            "This looks for the largest entry of each row. The classes stand below each other: "
            "the answer for an example is the largest entry of its column, axis=0.",
        ),
        Mistake(
            "one argmax for all",
            lambda A, Y: float(A.argmax() == Y.argmax()),
            "Without axis, argmax finds one entry of the whole array. Each column has an answer of "
            "its own: axis=0.",
        ),
        Mistake(
            "times m",
            lambda A, Y: float(np.sum(A.argmax(axis=0) == Y.argmax(axis=0))),
            "This is the number of right answers. Their share is asked for: divide by the number "
            "of examples.",
        ),
        Mistake(
            "over m",
            lambda A, Y: np.mean(A.argmax(axis=0) == Y.argmax(axis=0)) / Y.shape[1],
            "This divides by the number of examples twice: the mean has done so already.",
        ),
        Mistake(
            "over the classes",
            lambda A, Y: np.sum(A.argmax(axis=0) == Y.argmax(axis=0)) / len(Y),
            "The count is divided by the number of classes: len(Y) counts rows. Examples are "
            "columns.",
        ),
        Mistake(
            "wrong answers",
            lambda A, Y: np.mean(A.argmax(axis=0) != Y.argmax(axis=0)),
            "This is the share of wrong answers. Take what is left up to 1.",
        ),
        Mistake(
            "entries above one half",
            lambda A, Y: np.mean((A > 0.5) == (Y > 0.5)),
            "This compares every entry with one half. With more than two classes the largest "
            "probability can be below it, and most entries agree without any merit.",
        ),
        Mistake(
            "columns above one half",
            lambda A, Y: np.mean(np.all((A > 0.5) == (Y > 0.5), axis=0)),
            "This asks for a probability above one half. The answer is the largest entry of the "
            "column, however small it is.",
        ),
        Mistake(
            "mean probability",
            lambda A, Y: np.sum(A * Y) / Y.shape[1],
            "This is the mean probability given to the right class. An answer is right or wrong: "
            "compare the position of the largest entry.",
        ),
        Mistake(
            "targets not read",
            lambda A, Y: np.mean(A.argmax(axis=0) == Y),
            "The answers are compared with the one-hot columns themselves, zeros and ones. Turn Y "
            "into digits too, with argmax.",
        ),
        Mistake(
            "least likely",
            lambda A, Y: np.mean(A.argmin(axis=0) == Y.argmax(axis=0)),
            "This takes the least likely class as the answer: argmin in place of argmax.",
        ),
    ),
    why="It has no slope worth the name, which is why training follows J and only reports this.",
    batch="A",
)
