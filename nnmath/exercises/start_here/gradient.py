"""Exercise 0.D. A gradient, entry by entry."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from nnmath.exercises.drawing import Array, Drawn, Rng, draw
from nnmath.exercises.records import Exercise, Mistake
from nnmath.exercises.start_here.central import NUDGES
from nnmath.exercises.start_here.inputs import Formula, Function

OF_ARRAYS = (
    "np.sum(x**3)",
    "np.sum(np.sin(x)) * np.sum(x)",
    "np.sum(np.exp(x)) + x[0, 0] * x[1, 1]",
    "np.sum(x**2) ** 2",
)


def _a_function_of_an_array(rng: Rng, n: int, _: int, m: int) -> Drawn:
    f = Formula(str(rng.choice(OF_ARRAYS)))
    x = rng.randint(-3, 4, (n, m)) if rng.uniform() < 0.25 else draw(rng, -2, 2, n, m)
    return f, x, float(rng.choice(NUDGES))


def _nudged(x: Array, k: tuple[int, ...], h: float) -> Array:
    moved = x.astype(float)
    moved[k] += h
    return moved


def gradient(f: Function, x: Array, h: float) -> Array:
    """Return the central difference for each entry of x."""
    slopes = np.zeros(x.shape)
    for k in np.ndindex(x.shape):
        slopes[k] = (f(_nudged(x, k, h)) - f(_nudged(x, k, -h))) / (2 * h)
    return slopes


def _one_sided(f: Function, x: Array, h: float) -> Array:
    slopes = np.zeros(x.shape)
    for k in np.ndindex(x.shape):
        slopes[k] = (f(_nudged(x, k, h)) - f(x)) / h
    return slopes


def _piled_up(f: Function, x: Array, h: float) -> Array:
    slopes, moved = np.zeros(x.shape), x.astype(float)
    for k in np.ndindex(x.shape):
        moved[k] += h
        up = f(moved)
        moved[k] -= 2 * h
        slopes[k] = (up - f(moved)) / (2 * h)  # and the entry stays at x − h
    return slopes


def _cut_off(nudges: bool, slopes: bool) -> Callable[..., Array]:
    """Return a learner's gradient in which whole numbers stay whole, in x or in the result."""

    def answer(f: Function, x: Array, h: float) -> Array:
        found = np.zeros_like(x) if slopes else np.zeros(x.shape)
        for k in np.ndindex(x.shape):
            up, down = (x.copy() if nudges else x.astype(float) for _ in range(2))
            up[k] += h
            down[k] -= h
            found[k] = (f(up) - f(down)) / (2 * h)
        return found

    return answer


GRADIENT = Exercise(
    "0.D",
    "A gradient, entry by entry",
    gradient,
    _a_function_of_an_array,
    (
        Mistake(
            "all entries at once",
            lambda f, x, h: np.full_like(x, (f(x + h) - f(x - h)) / (2 * h)),
            "All entries were nudged together, so every slope is the sum of all slopes. Nudge one "
            "entry, and keep the others still.",
        ),
        Mistake(
            "one number",
            lambda f, x, h: (f(x + h) - f(x - h)) / (2 * h),
            "This is one number: x + h nudges every entry at once. A gradient has one slope per "
            "entry, and the shape of x.",
        ),
        Mistake(
            "nudges pile up",
            _piled_up,
            "An entry that was nudged is not put back before the next one moves, so later slopes "
            "are taken somewhere else. Start each time from a fresh copy of x.",
        ),
        Mistake(
            "whole numbers stay whole",
            _cut_off(nudges=True, slopes=True),
            "Where x holds whole numbers, so do x.copy() and np.zeros_like(x): the nudge and the "
            "slopes lose their decimals. Use x.astype(float), and np.zeros(x.shape).",
        ),
        Mistake(
            "nudge cut off",
            _cut_off(nudges=True, slopes=False),
            "Where x holds whole numbers, its copy does too, and the nudge loses its decimals: "
            "3 + 0.1 becomes 3. Make the copies with x.astype(float).",
        ),
        Mistake(
            "slopes cut off",
            _cut_off(nudges=False, slopes=True),
            "Where x holds whole numbers, np.zeros_like(x) does too, and each slope loses its "
            "decimals. np.zeros(x.shape) holds floats.",
        ),
        Mistake(
            "forward",
            _one_sided,
            "These are forward differences. Nudge the entry down as well, and divide by 2h.",
        ),
        Mistake(
            "backward",
            lambda f, x, h: _one_sided(f, x, -h),
            "These are backward differences. Nudge the entry up as well, and divide by 2h.",
        ),
        Mistake(
            "divided by h",
            lambda f, x, h: 2 * gradient(f, x, h),
            "Twice too large: the two points are 2h apart, and you divide by h.",
        ),
        Mistake(
            "brackets around 2h",
            lambda f, x, h: gradient(f, x, h) * h**2,
            "Python divides by 2 and then multiplies by h. Put 2 * h in brackets.",
        ),
        Mistake(
            "flat",
            lambda f, x, h: gradient(f, x, h).ravel(),
            "The slopes are right, in one long row. A gradient has the shape of what it is the "
            "gradient of: x.shape.",
        ),
        Mistake(
            "first column only",
            lambda f, x, h: gradient(f, x, h) * (np.arange(x.shape[1]) == 0),
            "Only the first column is filled. Each entry has a row and a column: "
            "np.ndindex(x.shape) goes through all of them.",
        ),
        Mistake(
            "first row only",
            lambda f, x, h: gradient(f, x, h) * (np.arange(x.shape[0]) == 0)[:, None],
            "Only the first row is filled. Each entry has a row and a column: np.ndindex(x.shape) "
            "goes through all of them.",
        ),
    ),
    why="It costs two runs of f for each entry, which is why networks need something better.",
)
