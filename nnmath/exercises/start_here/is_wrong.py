"""Exercise 0.F. The judge.

Most of the hidden gradients are wrong in one way, and some are right.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from nnmath.exercises.drawing import Array, Drawn, Rng, draw
from nnmath.exercises.records import Exercise, Mistake
from nnmath.exercises.start_here.gradient import gradient
from nnmath.exercises.start_here.inputs import Formula, Function

ALLOWED = 1e-7


def _a_suspect(rng: Rng, n: int, n0: int, m: int) -> Drawn:
    scale = float(rng.choice([1.0, 1e-12, 1e6]))
    W = draw(rng, 0.5, 2, n, n0) * rng.choice([-1, 1], size=(n, n0))
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
    truth = gradient(J, W, 1e-5)
    return np.max(np.abs(dW - truth)) / np.max(np.abs(truth))


def _is_wrong(J: Function, W: Array, dW: Array) -> bool:
    if dW.shape != W.shape:
        return True
    truth = gradient(J, W, 1e-5)
    return bool(not np.max(np.abs(dW - truth)) <= ALLOWED * np.max(np.abs(truth)))


def _judged(rule: Callable[[Array, Array], Any]) -> Callable[..., bool]:
    """Return a judge that compares dW with the truth by some rule; a wrong shape is wrong."""
    return lambda J, W, dW: bool(dW.shape != W.shape or rule(dW, gradient(J, W, 1e-5)))


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
            lambda J, W, dW: bool(not np.max(np.abs(dW - gradient(J, W, 1e-5))) <= ALLOWED),
            "Two things are off. A wrong shape stops your judge: look at it before you subtract. "
            "And the difference is compared as it is: divide by the size of the truth.",
        ),
        Mistake(
            "allclose, shape not looked at",
            lambda J, W, dW: not np.allclose(dW, gradient(J, W, 1e-5)),
            "Two things are off. A wrong shape stops your judge: look at it before you compare. "
            "And np.allclose, as it comes, lets every tiny gradient pass: use the relative error.",
        ),
        Mistake(
            "allclose turned around",
            lambda J, W, dW: dW.shape == W.shape and np.allclose(dW, gradient(J, W, 1e-5)),
            "Two things are off. The answer is turned around: True means that dW is wrong. And "
            "np.allclose, as it comes, lets every tiny gradient pass: use the relative error.",
        ),
        Mistake(
            "allclose turned around, shape not looked at",
            lambda J, W, dW: np.allclose(dW, gradient(J, W, 1e-5)),
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
