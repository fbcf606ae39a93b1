"""The exercises of notebook 00: shapes, a sum over paths, and a gradient checker built by hand.

Conventions. W is (n, n₀), b is (n, 1), X is (n₀, m), one column per example. A function that is an
argument is a `Formula`, so that it can be shown. A mistake is written as the learner would write
it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from nnmath.exercises.records import Exercise, Mistake

Rng = np.random.RandomState
Array = Any
Drawn = tuple[Any, ...]
Function = Callable[[Any], Any]


@dataclass(frozen=True)
class Formula:
    """A function of x (or W) that shows its own text, and equals another one of the same text."""

    text: str
    name: str = "x"

    def __call__(self, value: Array) -> Array:
        """Return the formula at this value."""
        return eval(self.text, {"np": np, self.name: value})

    def __repr__(self) -> str:
        return f"lambda {self.name}: {self.text}"


def _draw(rng: Rng, lo: float, hi: float, *shape: int) -> Array:
    return np.round(rng.uniform(lo, hi, size=shape or None), 2)


# 0.A: one layer.


def _a_layer(rng: Rng, n: int, n0: int, m: int) -> Drawn:
    return _draw(rng, -2, 2, n, n0), _draw(rng, -2, 2, n0, m), _draw(rng, 0.5, 2, n, 1)


def _layer(W: Array, X: Array, b: Array) -> Array:
    return W @ X + b


LAYER = Exercise(
    "0.A",
    "One layer",
    _layer,
    _a_layer,
    (
        Mistake(
            "no bias",
            lambda W, X, b: W @ X + 0 * b,
            "The product is right and b is missing. It is added to every column.",
        ),
        Mistake(
            "bias subtracted",
            lambda W, X, b: W @ X - b,
            "The product is right, and b is subtracted where it should be added.",
        ),
        Mistake(
            "bias multiplied",
            lambda W, X, b: W @ X * b,
            "The product is right, and b multiplies it. It is added to every column.",
        ),
        Mistake(
            "one number for all biases",
            lambda W, X, b: W @ X + b.sum(),
            "The biases were added up first, so that every unit gets their sum. Each unit has a "
            "bias of its own: add the column b as it is.",
        ),
        Mistake(
            "bias as a row",
            lambda W, X, b: W @ X + b.T,
            "b was turned into a row. A row would give each example a bias of its own; b has one "
            "row per unit, and is a column already.",
        ),
        Mistake(
            "bias added to the input",
            lambda W, X, b: W @ (X + b),
            "b is added to X, before the weights. It belongs to the units, so it comes after them: "
            "look at the brackets.",
        ),
        Mistake(
            "weights turned around",
            lambda W, X, b: W.T @ X + b,
            "W was turned around. Its columns count the inputs, and so do the rows of X: they meet "
            "as they are.",
        ),
        Mistake(
            "factors exchanged",
            lambda W, X, b: X @ W + b,
            "The factors have changed places. The columns of the left one must meet the rows of "
            "the right one, and both must count the inputs.",
        ),
        Mistake(
            "entry by entry",
            lambda W, X, b: W * X + b,
            "The star multiplies entry by entry. The sum over the inputs is a matrix product, "
            "which Python writes @.",
        ),
        Mistake(
            "mean over the examples",
            lambda W, X, b: (W @ X + b).mean(axis=1, keepdims=True),
            "The columns were averaged. Each example keeps its own column here.",
        ),
    ),
    why="Its shapes left no other choice: the columns of W meet the rows of X.",
)

# 0.B: two paths. u = x², v = 1 − 3x, J = u · v².


def _one_number(rng: Rng, *_: int) -> Drawn:
    return (_draw(rng, 0.5, 2.5) * rng.choice([-1, 1]),)


def _u_v(x: float) -> tuple[float, float]:
    return x * x, 1 - 3 * x


def _two_paths(x: float) -> float:
    u, v = _u_v(x)
    return v * v * 2 * x + 2 * u * v * -3


def _with_uv(formula: Callable[[float, float, float], float]) -> Callable[[float], float]:
    return lambda x: formula(x, *_u_v(x))


TWO_PATHS = Exercise(
    "0.B",
    "A slope along two paths",
    _two_paths,
    _one_number,
    (
        Mistake(
            "path by u only",
            _with_uv(lambda x, _, v: v * v * 2 * x),
            "This is the path by u alone. x reaches J by v as well: multiply along that path too, "
            "and add.",
        ),
        Mistake(
            "path by v only",
            _with_uv(lambda _, u, v: 2 * u * v * -3),
            "This is the path by v alone. x reaches J by u as well: multiply along that path too, "
            "and add.",
        ),
        Mistake(
            "paths subtracted",
            _with_uv(lambda x, u, v: v * v * 2 * x + 2 * u * v * 3),
            "Both products are there, and the sign of the path by v is lost: v = 1 − 3x falls when "
            "x rises, so its slope is −3.",
        ),
        Mistake(
            "paths multiplied",
            _with_uv(lambda x, u, v: (v * v * 2 * x) * (2 * u * v * -3)),
            "The two paths were multiplied with each other. Multiply along a path, and add over "
            "the paths.",
        ),
        Mistake(
            "second factors only",
            _with_uv(lambda _, u, v: v * v + 2 * u * v),
            "These are ∂J/∂u and ∂J/∂v, added. Each path has one more factor, its first arrow: the "
            "slope of u or v over x.",
        ),
        Mistake(
            "first factors only",
            lambda x: 2 * x - 3,
            "These are the slopes of u and v, added. Each path has one more factor, its second "
            "arrow: the slope of J over u or v.",
        ),
        Mistake(
            "slope of the square without 2",
            _with_uv(lambda x, u, v: v * v * 2 * x + u * v * -3),
            "The path by u is right. In the path by v a factor 2 is missing: the slope of v² is "
            "2v.",
        ),
        Mistake(
            "square lost",
            _with_uv(lambda x, u, v: v * 2 * x + u * -3),
            "This is the slope of u · v, without the square. Here J = u · v², so its slope over u "
            "is v², and over v it is 2uv.",
        ),
        Mistake(
            "edges exchanged",
            _with_uv(lambda x, u, v: v * v * -3 + 2 * u * v * 2 * x),
            "The right four slopes, but paired across the paths. The path by u multiplies the "
            "slope of u over x with the slope of J over u.",
        ),
        Mistake(
            "J itself",
            _with_uv(lambda _, u, v: u * v * v),
            "This is J itself; its slope over x is asked for.",
        ),
    ),
    why="A slope is multiplied along each path, and the paths are added.",
)

# 0.C: central differences. The nudges are large, so that each way of taking them differs.

FORMULAS = ("x**3 - 2 * x", "np.sin(x)", "np.exp(x)", "x**4 + x", "np.cos(2 * x)", "1 / x")
NUDGES = (0.05, 0.1, 0.2, 0.4)


def _a_function(rng: Rng, *_: int) -> Drawn:
    return Formula(str(rng.choice(FORMULAS))), _draw(rng, 0.6, 2), float(rng.choice(NUDGES))


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

# 0.D: a gradient, entry by entry.

OF_ARRAYS = (
    "np.sum(x**3)",
    "np.sum(np.sin(x)) * np.sum(x)",
    "np.sum(np.exp(x)) + x[0, 0] * x[1, 1]",
    "np.sum(x**2) ** 2",
)


def _a_function_of_an_array(rng: Rng, n: int, _: int, m: int) -> Drawn:
    f = Formula(str(rng.choice(OF_ARRAYS)))
    return f, _draw(rng, -2, 2, n, m), float(rng.choice(NUDGES))


def _nudged(x: Array, k: tuple[int, ...], h: float) -> Array:
    moved = x.copy()
    moved[k] += h
    return moved


def _gradient(f: Function, x: Array, h: float) -> Array:
    slopes = np.zeros_like(x)
    for k in np.ndindex(x.shape):
        slopes[k] = (f(_nudged(x, k, h)) - f(_nudged(x, k, -h))) / (2 * h)
    return slopes


def _one_sided(f: Function, x: Array, h: float) -> Array:
    slopes = np.zeros_like(x)
    for k in np.ndindex(x.shape):
        slopes[k] = (f(_nudged(x, k, h)) - f(x)) / h
    return slopes


def _piled_up(f: Function, x: Array, h: float) -> Array:
    slopes, moved = np.zeros_like(x), x.copy()
    for k in np.ndindex(x.shape):
        moved[k] += h
        up = f(moved)
        moved[k] -= 2 * h
        slopes[k] = (up - f(moved)) / (2 * h)  # and the entry stays at x − h
    return slopes


GRADIENT = Exercise(
    "0.D",
    "A gradient, entry by entry",
    _gradient,
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
            lambda f, x, h: 2 * _gradient(f, x, h),
            "Twice too large: the two points are 2h apart, and you divide by h.",
        ),
        Mistake(
            "brackets around 2h",
            lambda f, x, h: _gradient(f, x, h) * h**2,
            "Python divides by 2 and then multiplies by h. Put 2 * h in brackets.",
        ),
        Mistake(
            "flat",
            lambda f, x, h: _gradient(f, x, h).ravel(),
            "The slopes are right, in one long row. A gradient has the shape of what it is the "
            "gradient of: x.shape.",
        ),
        Mistake(
            "first column only",
            lambda f, x, h: _gradient(f, x, h) * (np.arange(x.shape[1]) == 0),
            "Only the first column is filled. Each entry has a row and a column: "
            "np.ndindex(x.shape) goes through all of them.",
        ),
        Mistake(
            "first row only",
            lambda f, x, h: _gradient(f, x, h) * (np.arange(x.shape[0]) == 0)[:, None],
            "Only the first row is filled. Each entry has a row and a column: np.ndindex(x.shape) "
            "goes through all of them.",
        ),
    ),
    why="It costs two runs of f for each entry, which is why networks need something better.",
)

# 0.E: how close is close.


def _two_gradients(rng: Rng, n: int, _: int, m: int) -> Drawn:
    truth = _draw(rng, -3, 3, n, m)
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

# 0.F: the judge. Most of the hidden gradients are wrong in one way, and some are right.

ALLOWED = 1e-7


def _a_suspect(rng: Rng, n: int, n0: int, m: int) -> Drawn:
    scale = float(rng.choice([1.0, 1e-12, 1e6]))
    W = _draw(rng, 0.5, 2, n, n0) * rng.choice([-1, 1], size=(n, n0))
    dW = 4 * scale * W**3
    bug = rng.randint(9)
    if m == 2 or (n == n0 and bug > 4):  # where n = n0, the transpose has the right shape
        dW = dW.T.copy()
    elif bug == 0:
        dW = -dW
    elif bug == 1:
        dW = 5 * dW
    elif bug == 2:
        dW[-1, -1] *= 0.5
    elif bug == 3:
        dW = dW * (1 + 3e-6)
    elif bug == 4:
        dW[0, -1] = np.nan
    elif bug == 5:  # two errors that balance
        dW[0, 1] += scale
        dW[1, 0] -= scale
    return Formula(f"{scale:g} * np.sum(W**4)", "W"), W, dW


def _error_of(J: Function, W: Array, dW: Array) -> Array:
    """Return the relative error, NaN where dW holds one; shapes that do not fit raise."""
    truth = _gradient(J, W, 1e-5)
    return np.max(np.abs(dW - truth)) / np.max(np.abs(truth))


def _is_wrong(J: Function, W: Array, dW: Array) -> bool:
    return bool(dW.shape != W.shape or not _error_of(J, W, dW) <= ALLOWED)


def _judged(rule: Callable[[Array, Array], Any]) -> Callable[..., bool]:
    """Return a judge that compares dW with the truth by some rule; a wrong shape is wrong."""
    return lambda J, W, dW: bool(dW.shape != W.shape or rule(dW, _gradient(J, W, 1e-5)))


IS_WRONG = Exercise(
    "0.F",
    "The judge",
    _is_wrong,
    _a_suspect,
    (
        Mistake(
            "sign",
            lambda J, W, dW: not _is_wrong(J, W, dW),
            "Turned around: you convict the innocent and let the guilty go. True means that dW is "
            "wrong.",
        ),
        Mistake(
            "acquits everybody",
            lambda J, W, dW: J(W) != J(W) or dW is W,
            "Nobody is ever convicted, not even a gradient with the opposite sign. Compare the "
            "error with the tolerance, and say True where it is larger.",
        ),
        Mistake(
            "convicts everybody",
            lambda J, W, dW: J(W) == J(W) or dW is W,
            "Right gradients are convicted, too. Either your differences are one-sided, or the "
            "tolerance is below their rounding errors: with central ones and h = 1e-5, 1e-7 is "
            "fair.",
        ),
        Mistake(
            "tolerance too wide",
            _judged(lambda g, truth: not np.max(np.abs(g - truth)) <= 1e-2 * np.abs(truth).max()),
            "The tolerance is too wide: an error of 3 parts in a million passes, and it is a bug "
            "as well. With h = 1e-5 you can ask for 1e-7.",
        ),
        Mistake(
            "not relative",
            _judged(lambda g, truth: not np.max(np.abs(g - truth)) <= ALLOWED),
            "The difference is compared as it is. Where J is tiny every bug passes, and where J is "
            "huge the innocent are convicted: divide by the size of the truth.",
        ),
        Mistake(
            "allclose",
            _judged(lambda g, truth: not np.allclose(g, truth)),
            "np.allclose, as it comes, forgives one part in 10⁵ and whatever is below 10⁻⁸, so a "
            "tiny gradient always passes. Use the relative error and 1e-7.",
        ),
        Mistake(
            "NaN acquitted",
            _judged(lambda g, truth: np.max(np.abs(g - truth)) > ALLOWED * np.abs(truth).max()),
            "A gradient with a NaN is let go: every comparison with NaN is False. Ask the other "
            "way around: wrong is what is not error <= 1e-7.",
        ),
        Mistake(
            "shape not looked at",
            lambda J, W, dW: bool(not _error_of(J, W, dW) <= ALLOWED),
            "A gradient of another shape stops your judge with an error. A wrong shape is a wrong "
            "gradient: compare the shapes before you subtract.",
        ),
        Mistake(
            "shape not looked at, NaN acquitted",
            lambda J, W, dW: bool(_error_of(J, W, dW) > ALLOWED),
            "Two things are off. A wrong shape stops your judge: look at it before you subtract. "
            "And a NaN is let go, because NaN > 1e-7 is False: ask for not error <= 1e-7.",
        ),
        Mistake(
            "turned around, shape not looked at",
            lambda J, W, dW: bool(_error_of(J, W, dW) <= ALLOWED),
            "Two things are off. The answer is turned around: True means that dW is wrong. And a "
            "wrong shape stops your judge: look at it before you subtract.",
        ),
        Mistake(
            "not relative, shape not looked at",
            lambda J, W, dW: bool(not np.max(np.abs(dW - _gradient(J, W, 1e-5))) <= ALLOWED),
            "Two things are off. A wrong shape stops your judge: look at it before you subtract. "
            "And the difference is compared as it is: divide by the size of the truth.",
        ),
        Mistake(
            "allclose, shape not looked at",
            lambda J, W, dW: not np.allclose(dW, _gradient(J, W, 1e-5)),
            "Two things are off. A wrong shape stops your judge: look at it before you compare. "
            "And np.allclose, as it comes, lets every tiny gradient pass: use the relative error.",
        ),
        Mistake(
            "allclose turned around",
            lambda J, W, dW: dW.shape == W.shape and np.allclose(dW, _gradient(J, W, 1e-5)),
            "Two things are off. The answer is turned around: True means that dW is wrong. And "
            "np.allclose, as it comes, lets every tiny gradient pass: use the relative error.",
        ),
        Mistake(
            "allclose turned around, shape not looked at",
            lambda J, W, dW: np.allclose(dW, _gradient(J, W, 1e-5)),
            "Three things are off. The answer is turned around: True means that dW is wrong. A "
            "wrong shape stops your judge. And np.allclose lets every tiny gradient pass.",
        ),
        Mistake(
            "shape only",
            lambda J, W, dW: bool(dW.shape != np.shape(W + 0 * J(W))),
            "Only the shape is compared. A gradient of the right shape can have wrong numbers.",
        ),
        Mistake(
            "first entry only",
            _judged(lambda g, t: not abs(g[0, 0] - t[0, 0]) <= ALLOWED * np.abs(t).max()),
            "Only the first entry is compared. One wrong entry anywhere makes a gradient wrong.",
        ),
        Mistake(
            "differences without abs",
            _judged(lambda g, truth: not np.max(g - truth) <= ALLOWED * np.abs(truth).max()),
            "Entries that are too small are let go: take the absolute value of the differences "
            "before the maximum.",
        ),
        Mistake(
            "sizes only",
            _judged(
                lambda g, t: not np.max(np.abs(np.abs(g) - np.abs(t))) <= ALLOWED * np.abs(t).max()
            ),
            "Only sizes are compared, so the opposite sign is let go. Subtract first, then take "
            "the absolute value.",
        ),
        Mistake(
            "signs only",
            _judged(lambda g, truth: np.any(np.sign(g) != np.sign(truth))),
            "Only signs are compared. A gradient that is five times too large points the same way, "
            "and is wrong.",
        ),
        Mistake(
            "mean",
            _judged(lambda g, t: not abs(np.mean(g - t)) <= ALLOWED * abs(np.mean(t))),
            "Means are compared. In a mean one error can hide another, and a gradient turned "
            "around has the same mean: compare entry by entry.",
        ),
    ),
    why="A checker like yours is the only witness that a derivation needs.",
)

EXERCISES = (LAYER, TWO_PATHS, CENTRAL, GRADIENT, RELATIVE_ERROR, IS_WRONG)
