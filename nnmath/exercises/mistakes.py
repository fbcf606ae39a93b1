"""Mistakes made from the right answer alone, so that a new exercise has them for nothing.

`all_mistakes` puts the exercise's own mistakes first; one of the same name replaces a general one,
with words that fit the exercise. A general mistake may change nothing there (the transpose of a
number, say); then it is the right answer, and no wrong one is taken for it.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from nnmath.exercises.records import Exercise, Mistake

Change = Callable[..., Any]  # from the right result and the number of examples to a wrong one

GENERAL: tuple[tuple[str, Change, str], ...] = (
    (
        "sign",
        lambda right, _: -right,
        "Every number has the right size and the wrong sign. Follow the minus signs through the "
        "last steps: one is lost, or there is one too many.",
    ),
    (
        "times m",
        lambda right, m: right * m,
        "Every number is m times too large, where m is the number of examples: a factor 1/m is "
        "missing. Look where the mean over the examples comes in.",
    ),
    (
        "over m",
        lambda right, m: right / m,
        "Every number is m times too small, where m is the number of examples: 1/m is there twice, "
        "or a mean stands where a sum is asked for.",
    ),
    (
        "transposed",
        lambda right, _: np.transpose(right),
        "This is the transpose of the right answer. Write the shape of each factor below it, and "
        "compare with the shape that the result must have.",
    ),
    (
        "no keepdims",
        lambda right, _: right.ravel() if 1 in np.shape(right) else right,
        "The numbers are right, but an axis is lost. A sum drops the axis it runs over unless "
        "keepdims=True is given, and numpy may then stretch the result along the wrong side.",
    ),
    (
        "number in an array",
        lambda right, _: np.full((1, 1), right) if np.ndim(right) == 0 else right,
        "The number is right, but it comes wrapped in an array of shape (1, 1). Return the number "
        "itself.",
    ),
)
SWAPPED = (
    "swapped",
    lambda right: right[::-1],
    "The results are right, but in another order than asked for. Look at the order in the return "
    "line.",
)


def all_mistakes(exercise: Exercise) -> tuple[Mistake, ...]:
    """Return the exercise's own mistakes, then the general ones that it does not replace."""
    own = {mistake.name for mistake in exercise.mistakes}
    return exercise.mistakes + tuple(m for m in _general(exercise) if m.name not in own)


def _general(exercise: Exercise) -> list[Mistake]:
    if exercise.returns:
        name, swap, diagnosis = SWAPPED
        return [Mistake(name, _changed(exercise, lambda right, _: swap(right)), diagnosis)]
    return [
        Mistake(name, _changed(exercise, change), diagnosis)
        for name, change, diagnosis in GENERAL
        if exercise.batch or name not in ("times m", "over m")
    ]


def _changed(exercise: Exercise, change: Change) -> Any:
    if exercise.inputs is None:
        return change(exercise.reference, 1)

    def answer(*arguments: Any) -> Any:
        named = dict(zip(exercise.arguments, arguments, strict=True))
        m = np.shape(named[exercise.batch])[1] if exercise.batch else 1
        return change(exercise.reference(*arguments), m)

    return answer
