"""Exercise 0.C. Central differences.

The nudges are large, so that each way of taking them differs.
"""

from __future__ import annotations

from nnmath.exercises.drawing import Drawn, Rng, draw
from nnmath.exercises.records import Exercise, Mistake
from nnmath.exercises.start_here.inputs import Formula, Function

FORMULAS = ("x**3 - 2 * x", "np.sin(x)", "np.exp(x)", "x**4 + x", "np.cos(2 * x)", "1 / x")
NUDGES = (0.05, 0.1, 0.2, 0.4)


def _a_function(rng: Rng, *_: int) -> Drawn:
    return Formula(str(rng.choice(FORMULAS))), draw(rng, 0.6, 2), float(rng.choice(NUDGES))


def _central(f: Function, x: float, h: float) -> float:
    return (f(x + h) - f(x - h)) / (2 * h)


CENTRAL = Exercise(
    "0.C",
    "Central differences",
    _central,
    _a_function,
    (
        Mistake(
            "sign",
            lambda f, x, h: (f(x - h) - f(x + h)) / (2 * h),
            "This has the right size and the wrong sign: the value after the step up comes first.",
        ),
        Mistake(
            "forward",
            lambda f, x, h: (f(x + h) - f(x)) / h,
            "This is the forward difference. For the central one, step down by h as well, and "
            "divide by the distance of the two points.",
        ),
        Mistake(
            "backward",
            lambda f, x, h: (f(x) - f(x - h)) / h,
            "This is the backward difference. For the central one, step up by h as well, and "
            "divide by the distance of the two points.",
        ),
        Mistake(
            "divided by h",
            lambda f, x, h: (f(x + h) - f(x - h)) / h,
            "Twice too large: the two points are 2h apart, and you divide by h.",
        ),
        Mistake(
            "brackets around 2h",
            lambda f, x, h: (f(x + h) - f(x - h)) / 2 * h,
            "Python divides by 2 and then multiplies by h. Put 2 * h in brackets.",
        ),
        Mistake(
            "brackets around the difference",
            lambda f, x, h: f(x + h) - f(x - h) / (2 * h),
            "Only the second value is divided. Put the difference in brackets.",
        ),
        Mistake(
            "no brackets at all",
            lambda f, x, h: f(x + h) - f(x - h) / 2 * h,
            "Both brackets are missing, so only the second value is halved, and h multiplies it. "
            "Put the difference in brackets, and 2 * h as well.",
        ),
        Mistake(
            "not divided",
            lambda f, x, h: f(x + h) - f(x - h),
            "This is how much f changes. A slope is a change per step: divide by the distance of "
            "the two points.",
        ),
        Mistake(
            "sum",
            lambda f, x, h: (f(x + h) + f(x - h)) / (2 * h),
            "The two values are added. A slope looks at their difference.",
        ),
        Mistake(
            "half steps",
            lambda f, x, h: (f(x + h / 2) - f(x - h / 2)) / h,
            "A central difference, but with the nudge h/2. Here the two points are x + h and "
            "x − h.",
        ),
        Mistake(
            "one-sided and 2h",
            lambda f, x, h: (f(x + h) - f(x)) / (2 * h),
            "The difference is one-sided, and 2h belongs to two sides: half of the slope is left. "
            "Step down from x as well.",
        ),
        Mistake(
            "second difference",
            lambda f, x, h: (f(x + h) - 2 * f(x) + f(x - h)) / h**2,
            "This is the second difference: it measures how the slope itself changes. The slope "
            "needs the two outer values only.",
        ),
        Mistake(
            "complex step",
            lambda f, x, h: f(x + 1j * h).imag / h,
            "This is the complex step. It is the better way, and comes a little later; here the "
            "two real neighbours of x are asked for.",
        ),
        Mistake(
            "value",
            lambda f, x, h: f(x) + 0 * h,
            "This is the value of f. A slope is how much it changes from x − h to x + h, per step.",
        ),
    ),
    why="The h² that is left of the error is why one such number is right to ten digits.",
)
