"""Right answers in another shell, or under another convention, and stubs that are half filled."""

from __future__ import annotations

import ast
import re
from collections.abc import Mapping
from typing import Any

import numpy as np

from nnmath.exercises import source
from nnmath.exercises.records import Exercise
from nnmath.exercises.running import Outcome, run, same
from nnmath.exercises.source import text, where


def other_convention(
    exercise: Exercise, answer: Any, given: list[Outcome], right: list[Outcome]
) -> str:
    """Say so when the answer is right with examples as rows, or with the 1/m in another place."""
    return _one_over_m_later(exercise, given, right) or _examples_as_rows(exercise, answer, right)


def _turned(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {l: _turned(v) for l, v in value.items()}
    if isinstance(value, tuple):
        return tuple(map(_turned, value))
    return value.T if isinstance(value, np.ndarray) else value


def _examples_as_rows(exercise: Exercise, answer: Any, right: list[Outcome]) -> str:
    if exercise.inputs is None or not any(np.ndim(v) == 2 for v in exercise.hidden[0][0]):
        return ""
    for (arguments, _), r in zip(exercise.hidden, right, strict=True):
        mine = run(answer, tuple(map(_turned, arguments)), exercise.arguments)
        if mine.error is not None or not same(_turned(mine.value), r.value):
            return ""
    lines = [
        n
        for n in source.nodes(answer, ast.Call, ast.BinOp, ast.Subscript)
        if re.search(r"axis|shape\[|len\(|@", text(n))
    ]
    at = f" {where(lines[0])}, {text(lines[0])}, is the one that differs." if lines else ""
    return (
        "This is right under another convention: with one row for each example. In this course "
        "each "
        f"example is a column, so axes and transposes change places.{at}"
    )


def _one_over_m_later(exercise: Exercise, given: list[Outcome], right: list[Outcome]) -> str:
    names = exercise.returns
    early = [k for k, n in enumerate(names) if re.match(r"(dZ|delta|dA|D|H)", n)]
    late = [k for k, n in enumerate(names) if re.match(r"(dW|db)", n)]
    if not early or not late:
        return ""
    for (arguments, _), g, r in zip(exercise.hidden, given, right, strict=True):
        named = dict(zip(exercise.arguments, arguments, strict=True))
        data = next((named[n] for n in ("Y", "X", "dZ") if n in named), None)
        if not isinstance(data, np.ndarray) or not isinstance(g.value, tuple):
            return ""
        if len(g.value) != len(names):
            return ""
        m = data.shape[1]
        if not all(same(g.value[k], m * r.value[k]) for k in early):
            return ""
        if not all(same(g.value[k], r.value[k]) for k in late):
            return ""
    first, weights = (" and ".join(names[k] for k in of) for of in (early, late))
    return (
        f"This is right under another convention: 1/m stands in {weights} instead of in {first}. "
        "In "
        "this course it enters once, with the slope of the loss, so that each of these is the "
        "slope of "
        "J itself: divide the first of them by m, and the others no more."
    )


def shell_note(shell: str) -> str:
    """Return what the rest of the notebook will expect, where a right result came otherwise."""
    return {
        "": "",
        "a list": " It came as a list; to compute with it later, return np.array(…).",
        "a tuple": " It came as a tuple; to compute with it later, return np.array(…).",
        "a tuple of one": " It came in a tuple of one: there is a comma too many in the return "
        "line.",
        "a list of results": " They came in a list; return a, b gives a tuple, which cannot be "
        "changed.",
        "a list of layers": " The layers came in a list, which counts from 0; the cells below read "
        "them from a dict keyed by layer.",
    }[shell]


def half_filled(exercise: Exercise, value: Any, right: Any) -> str:
    """Say which results of a half-filled stub are right already; "" where none is."""
    if not exercise.returns or not isinstance(value, tuple | list):
        return ""
    if len(value) != len(exercise.returns):
        return ""
    done, open_ = [], []
    for name, mine, true in zip(exercise.returns, value, right, strict=True):
        if mine is ... or mine is None:
            open_.append(name)
        elif same(mine, true):
            done.append(name)
    if not done or not open_:
        return ""
    verb = "is" if len(done) == 1 else "are"
    rest = "is" if len(open_) == 1 else "are"
    return f"{' and '.join(done)} {verb} right; {' and '.join(open_)} {rest} still to do"
