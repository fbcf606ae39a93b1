"""Exercises that say which mistake an answer makes, not only that it is wrong."""

from __future__ import annotations

from typing import Any

from nnmath.exercises import (
    general_induction,
    misprints,
    relu_network,
    sigmoid_bce,
    softmax_cross_entropy,
    start_here,
    tanh_network,
    where_next,
)
from nnmath.exercises.records import Exercise, Mistake
from nnmath.exercises.verdicts import verdict

__all__ = ["EXERCISES", "Exercise", "Mistake", "check_answer"]

LESSONS = (
    start_here,
    sigmoid_bce,
    softmax_cross_entropy,
    relu_network,
    general_induction,
    tanh_network,
    misprints,
    where_next,
)
EXERCISES = {exercise.id: exercise for lesson in LESSONS for exercise in lesson.EXERCISES}


def check_answer(id: str, answer: Any) -> None:
    """Print whether `answer` solves the exercise `id`, and if not, which mistake it makes.

    The answer is a function (its name, without brackets) or, where the exercise asks for one, a
    value. It is compared with the right one on hidden inputs, the same in each run: with shapes
    that differ from each other, so that a wrong shape shows, and with square ones, so that a lost
    transpose runs and shows in its numbers. Never raises for a mistake in the answer.

    >>> def sigmoid_prime(z):
    ...     return ...
    >>> check_answer("1.A", sigmoid_prime)
    1.A: not answered yet.
    >>> check_answer("1.F", lambda dZ: dZ.mean(axis=1, keepdims=True))  # doctest: +ELLIPSIS
    1.F ✗ This is the mean over the examples...
    """
    if id not in EXERCISES:
        print(f"There is no exercise {id!r}; there are {', '.join(EXERCISES)}.")
    else:
        print(verdict(EXERCISES[id], answer))
