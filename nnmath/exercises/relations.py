"""Name a mistake by what its numbers have to do with the right ones.

Each relation is looked for on every hidden input, and told only when it holds on all of them: a
constant ratio, a value of the way there in place of the end, numbers that are right in one half of
the entries or to a few digits.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

from nnmath.exercises.running import numbers, same

Names = Sequence[Mapping[str, Any]]  # for each input: what is known there, by name


def relation(mine: Sequence[Any], right: Sequence[Any], known: Names) -> str:
    """Return what the numbers of an answer have to do with the right ones, or nothing.

    Args:
        mine: for each input, one result of the answer.
        right: for each input, the right one.
        known: for each input, the arguments and the values of a right solution on its way.
    """
    xs, ys = [numbers(x) for x in mine], [numbers(y) for y in right]
    if any(x is None for x in xs) or any(y is None for y in ys):
        return ""
    x, y = list(map(np.asarray, xs)), list(map(np.asarray, ys))
    with np.errstate(all="ignore"):
        for look in (_a_value_of_the_way, _ratio, _nearly, _function, _difference, _shaped, _where):
            said = look(x, y, known)
            if said:
                return said
    return ""


def _alike(x: Sequence[np.ndarray], y: Sequence[np.ndarray]) -> bool:
    return all(a.shape == b.shape for a, b in zip(x, y, strict=True))


# --- In place of the result -----------------------------------------------------------------------


def _a_value_of_the_way(x: list[np.ndarray], y: list[np.ndarray], known: Names) -> str:
    del y
    for name in known[0]:
        values = [numbers(space.get(name)) for space in known]
        if any(v is None for v in values) or callable(known[0][name]):
            continue
        arrays = list(map(np.asarray, values))
        if all(same(a, v) for a, v in zip(x, arrays, strict=True)):
            return f"Your result is {name} itself: the steps that lead on from it are missing."
        if all(same(a, -v) for a, v in zip(x, arrays, strict=True)) and any(
            v.any() for v in arrays
        ):
            return f"Your result is −{name}: the steps that lead on from it are missing."
        if all(v.ndim == 2 for v in arrays) and all(
            same(a, v.T) for a, v in zip(x, arrays, strict=True)
        ):
            return f"Your result is {name}, transposed: the steps that lead on are missing."
    return ""


# --- A ratio --------------------------------------------------------------------------------------


def _ratio(x: list[np.ndarray], y: list[np.ndarray], known: Names) -> str:
    """A ratio that all entries share: one number for all inputs, or a count of each."""
    if not _alike(x, y):
        return ""
    ratios = []
    for a, b in zip(x, y, strict=True):
        ratio = _shared_ratio(a, b)
        if ratio is None:
            return ""
        ratios.append(ratio)
    r = np.array([ratio for ratio in ratios if not np.isnan(ratio)])
    if not len(r) or same(r, np.ones_like(r)):
        return ""
    if same(r, np.full_like(r, r[0])):
        return _fixed_ratio(float(r[0]))
    if len(r) < len(ratios):
        return ""
    for said, count in _counts(known):
        for q, words in ((count, "{} times too large"), (1 / count, "{} times too small")):
            if same(r, q):
                return (
                    f"Every number is {words.format(said)}: it is multiplied or divided by that "
                    "once too often, or once too few."
                )
            if same(r / q, np.full_like(r, (r / q)[0])) and np.ptp(q) > 0:
                fixed = float((r / q)[0])
                number = 1 / fixed if q is count else fixed
                if 0 < number < 1e4 and abs(number - round(number)) < 1e-9:
                    where = "divided" if q is count else "multiplied"
                    return (
                        f"Your numbers are {where} by the fixed number {round(number)} where "
                        f"{said} belongs: it changes from input to input, so take it from an array."
                    )
    for (said, one), (other_said, other) in _pairs_of(_counts(known)):
        if same(r, one / other):
            return f"{said} stands where {other_said} belongs."
    return ""


def _shared_ratio(a: np.ndarray, b: np.ndarray) -> float | None:
    """Return the ratio that all entries share; NaN where nothing can be said; None if none."""
    zero = b == 0
    if (a[zero] != 0).any() or not (np.isfinite(a).all() and np.isfinite(b).all()):
        return None
    if zero.all():
        return float("nan")
    found = a[~zero] / b[~zero]
    middle = np.median(found)
    return float(middle) if same(a, b * middle) else None


def _fixed_ratio(c: float) -> str:
    special = {
        -1.0: "Every number has the wrong sign.",
        100.0: "Every number is 100 times too large: a share is asked for, not a percentage.",
        2.0: "Every number is twice the right one: a factor 2 too many.",
        0.5: "Every number is half the right one: a factor 2 is missing, or there is a ½ too many.",
        0.0: "",
    }
    for number, said in special.items():
        if abs(c - number) <= 1e-9 * max(1, abs(number)):
            return said
    for number, said in (
        (1 / np.log(2), "the logarithm is that of base 2, not the natural one"),
        (1 / np.log(10), "the logarithm is that of base 10, not the natural one"),
        (np.log(2), "a power of 2 stands where a power of e belongs"),
    ):
        if abs(abs(c) - number) <= 1e-9:
            return f"Every number is {c:.4g} times the right one: {said}."
    sign = " with the wrong sign" if c < 0 else ""
    return (
        f"Every number is {abs(c):.6g} times the right one{sign}, in every entry and on every "
        "input: all is right but one constant factor."
    )


def _counts(known: Names) -> list[tuple[str, np.ndarray]]:
    """Return the numbers that the shapes and the plain numbers of each input give."""
    found: list[tuple[str, np.ndarray]] = []
    for name in known[0]:
        values = [space.get(name) for space in known]
        if all(isinstance(v, np.ndarray) and v.ndim == 2 for v in values):
            shapes = np.array([v.shape for v in values if v is not None], dtype=float)
            found.append((f"the number of columns of {name}", shapes[:, 1]))
            found.append((f"the number of rows of {name}", shapes[:, 0]))
            found.append((f"the number of all entries of {name}", shapes.prod(axis=1)))
        elif all(isinstance(v, int | float | np.floating) for v in values):
            numbers_ = np.array(values, dtype=float)
            if (numbers_ != 0).all():
                found.append((name, numbers_))
    for said, count in list(found):
        found.append((f"the square of {said}", count**2))
    return [(said, count) for said, count in found if not same(count, np.ones_like(count))]


def _pairs_of(
    counts: list[tuple[str, np.ndarray]],
) -> list[tuple[tuple[str, np.ndarray], tuple[str, np.ndarray]]]:
    plain = [pair for pair in counts if not pair[0].startswith("the square")]
    return [(a, b) for a in plain for b in plain if not same(a[1], b[1])]


# --- Nearly right ---------------------------------------------------------------------------------


def _nearly(x: list[np.ndarray], y: list[np.ndarray], known: Names) -> str:
    del known
    if not _alike(x, y):
        return ""
    for digits in range(7):
        if all(np.array_equal(a, np.round(b, digits)) for a, b in zip(x, y, strict=True)):
            return (
                f"The numbers are right, but rounded to {digits} decimals. Leave them as they come."
            )
    finite = [(a, b) for a, b in zip(x, y, strict=True) if np.isfinite(a).all()]
    if len(finite) < len(x):
        return ""
    worst = max(
        float(np.max(np.abs(a - b), initial=0) / (np.max(np.abs(b), initial=0) or 1))
        for a, b in finite
    )
    if worst < 1e-3:
        return (
            f"The numbers are right to about {max(int(-np.log10(worst)), 1)} digits and no more. "
            "Something small is added or lost on the way: an ε inside a log or below a fraction, a "
            "clip, a rounding, or a slope measured with a nudge in place of its formula."
        )
    return ""


# --- A function of the result ---------------------------------------------------------------------

FUNCTIONS: tuple[tuple[str, Callable[[np.ndarray], np.ndarray]], ...] = (
    ("the square of the right result", np.square),
    ("the square root of the right result", np.sqrt),
    ("the exponential of the right result", np.exp),
    ("the logarithm of the right result", np.log),
    ("1 minus the right result", lambda y: 1 - y),
    ("1 plus the right result", lambda y: 1 + y),
    ("1 over the right result", lambda y: 1 / y),
    ("the right result without its signs (an abs too many)", np.abs),
    ("the right result with everything below 0 cut off", lambda y: np.maximum(y, 0)),
    ("the right result with everything above 0 cut off", lambda y: np.minimum(y, 0)),
    ("the right result, cut off at 0 and 1", lambda y: np.clip(y, 0, 1)),
    ("the right result, rounded down to whole numbers", np.floor),
    ("the right result, cut to whole numbers", np.trunc),
    ("the signs of the right result alone", np.sign),
    ("the logical opposite of the right result", lambda y: np.logical_not(y) * 1.0),
)


def _function(x: list[np.ndarray], y: list[np.ndarray], known: Names) -> str:
    del known
    if not _alike(x, y):
        return ""
    for said, f in FUNCTIONS:
        if all(same(a, f(b)) for a, b in zip(x, y, strict=True)):
            return f"Your result is {said}."
    return ""


def _difference(x: list[np.ndarray], y: list[np.ndarray], known: Names) -> str:
    """A summand too many: the same number everywhere, or an array of the way."""
    if not _alike(x, y) or not all(np.isfinite(a).all() for a in x):
        return ""
    off = [a - b for a, b in zip(x, y, strict=True)]
    first = off[0].flat[0] if off[0].size else 0.0
    if first and all(same(d, np.full_like(d, first)) for d in off):
        return (
            f"Every number is off by the same {first:+.6g}, on every input: one summand too many."
        )
    for name in known[0]:
        values = [numbers(space.get(name)) for space in known]
        if any(v is None for v in values):
            continue
        arrays = list(map(np.asarray, values))
        steps = _steps(x, y, arrays)
        if steps is not None:
            by = "" if same(np.array(steps), np.array(1.0)) else f"{steps:g} times "
            return f"Yours is {name} minus {by}the right result: a step too many."
        for sign, said in ((1, "added"), (-1, "subtracted")):
            try:
                wide = [
                    np.broadcast_to(sign * v, d.shape) for v, d in zip(arrays, off, strict=True)
                ]
            except ValueError:
                break
            if all(same(d, w) for d, w in zip(off, wide, strict=True)):
                return f"The right result is there, but {name} is {said} as well."
    return ""


def _steps(x: list[np.ndarray], y: list[np.ndarray], arrays: list[np.ndarray]) -> float | None:
    """Return the c of x = V − c y, if one c holds on every input; V is not y itself."""
    if any(v.shape != a.shape for v, a in zip(arrays, x, strict=True)):
        return None
    ratios = []
    for a, b, v in zip(x, y, arrays, strict=True):
        ratio = _shared_ratio(v - a, b)
        if ratio is None or np.isnan(ratio):
            return None
        ratios.append(ratio)
    r = np.array(ratios)
    return float(r[0]) if same(r, np.full_like(r, r[0])) and r[0] > 0 else None


# --- Another shape --------------------------------------------------------------------------------


def _shaped(x: list[np.ndarray], y: list[np.ndarray], known: Names) -> str:
    del known
    if all(
        a.ndim == b.ndim == 2 and same(a, b.sum(axis=1, keepdims=True))
        for a, b in zip(x, y, strict=True)
    ):
        return "This is the right result, summed over its columns: one sum too many."
    if all(same(np.squeeze(a), np.squeeze(b)) for a, b in zip(x, y, strict=True)):
        return ""  # only an axis is lost or added, which the judge of shapes tells better
    for axis, said in ((0, "rows"), (1, "columns")):
        if all(b.ndim == 2 for b in y):
            for f, what in ((np.sum, "summed"), (np.mean, "averaged"), (np.max, "the largest")):
                if all(
                    same(np.squeeze(a), np.squeeze(f(b, axis=axis)))
                    for a, b in zip(x, y, strict=True)
                ):
                    return f"This is the right result, {what} over its {said}: one step too many."
    if all(a.ndim == 0 for a in x) and any(b.ndim for b in y):
        for f, what in ((np.sum, "sum"), (np.mean, "mean"), (np.max, "largest entry")):
            if all(same(a, f(b)) for a, b in zip(x, y, strict=True)):
                return f"This is the {what} of all entries of the right result."
    return ""


# --- Right in a part ------------------------------------------------------------------------------


def _where(x: list[np.ndarray], y: list[np.ndarray], known: Names) -> str:
    """All wrong entries stand where a condition holds, and all that stand there are wrong."""
    if not _alike(x, y):
        return ""
    wrong = [~_close(a, b) for a, b in zip(x, y, strict=True)]
    if not any(w.any() for w in wrong) or all(w.all() for w in wrong):
        return _which_inputs(wrong, known)
    mixed = [w for w in wrong if w.any()]
    if all(w.ndim == 2 for w in wrong):
        patterns: list[tuple[str, Callable[[np.ndarray], np.ndarray]]] = [
            ("on the diagonal", lambda w: np.eye(*w.shape) > 0),
            ("off the diagonal", lambda w: np.eye(*w.shape) == 0),
            ("in every column but the first", lambda w: np.arange(w.shape[1])[None, :] > 0),
            ("in every row but the first", lambda w: np.arange(w.shape[0])[:, None] > 0),
            ("in the first column", lambda w: np.arange(w.shape[1])[None, :] == 0),
            ("in the first row", lambda w: np.arange(w.shape[0])[:, None] == 0),
            (
                "in the last column",
                lambda w: np.arange(w.shape[1])[None, :] == w.shape[1] - 1,
            ),
            ("in the last row", lambda w: np.arange(w.shape[0])[:, None] == w.shape[0] - 1),
            (
                "in every column but the last",
                lambda w: np.arange(w.shape[1])[None, :] < w.shape[1] - 1,
            ),
        ]
        for said, pattern in patterns:
            if all(np.array_equal(w, np.broadcast_to(pattern(w), w.shape)) for w in wrong):
                return f"Everything is right except {said}.{_rule(x, y, wrong)}"
    for name in known[0]:
        values = [numbers(space.get(name)) for space in known]
        if any(v is None for v in values) or all(map(same, values, y)):
            continue
        for said, holds in (
            ("{} > 0", lambda v: v > 0),
            ("{} ≤ 0", lambda v: v <= 0),
            ("{} < 0", lambda v: v < 0),
            ("{} = 0", lambda v: v == 0),
            ("{} = 1", lambda v: v == 1),
            ("{} is neither 0 nor 1", lambda v: (v != 0) & (v != 1)),
        ):
            try:
                there = [
                    np.broadcast_to(holds(np.asarray(v)), w.shape)
                    for v, w in zip(values, wrong, strict=True)
                ]
            except ValueError:
                break
            inside = all(not (w & ~t).any() for w, t in zip(wrong, there, strict=True))
            if inside and _mostly(wrong, there) and any((~t).any() for t in there):
                return f"Everything is right except where {said.format(name)}.{_rule(x, y, wrong)}"
    for said, rule in (("below 0", lambda b: b < 0), ("above 0", lambda b: b > 0)):
        there = [rule(b) for b in y]
        told = any(w.ndim for w in wrong)  # of one number it would say nothing
        if told and all(np.array_equal(w, t) for w, t in zip(wrong, there, strict=True)):
            return f"Exactly the numbers that should be {said} are wrong.{_rule(x, y, wrong)}"
    del mixed
    return _which_inputs(wrong, known)


def _close(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    scale = np.max(np.abs(b[np.isfinite(b)]), initial=0.0) or 1.0
    return np.asarray((np.abs(a - b) <= 1e-9 * scale) | (a == b) | (np.isnan(a) & np.isnan(b)))


def _mostly(wrong: list[np.ndarray], there: list[np.ndarray]) -> bool:
    marked = sum(int(t.sum()) for t in there)
    return marked > 0 and sum(int(w.sum()) for w in wrong) >= 0.6 * marked


def _rule(x: list[np.ndarray], y: list[np.ndarray], wrong: list[np.ndarray]) -> str:
    """Say what stands at the wrong places: a sign, a constant, 0."""
    a = np.concatenate([one[w] for one, w in zip(x, wrong, strict=True)])
    b = np.concatenate([one[w] for one, w in zip(y, wrong, strict=True)])
    if same(a, -b):
        return " There the sign is wrong."
    if same(a, np.full_like(a, a[0])):
        return f" There yours is always {a[0]:g}."
    ratio = a / b
    if np.isfinite(ratio).all() and same(ratio, np.full_like(ratio, ratio[0])):
        return f" There yours is {ratio[0]:.4g} times the right number."
    return ""


def _which_inputs(wrong: list[np.ndarray], known: Names) -> str:
    """Right on some inputs and wrong on others: is it a size that decides?"""
    bad = np.array([bool(w.any()) for w in wrong])
    if bad.all() or not bad.any():
        return ""
    shapes = {
        name: np.array([np.shape(space[name]) for space in known])
        for name in known[0]
        if all(isinstance(space.get(name), np.ndarray) and space[name].ndim == 2 for space in known)
    }
    for name, sizes in shapes.items():
        for axis, said in ((1, "columns"), (0, "rows")):
            good = set(sizes[~bad, axis].tolist())
            if len(good) == 1 and not good & set(sizes[bad, axis].tolist()):
                n = good.pop()
                return (
                    f"Your result is right only where {name} has {n} {said}, and wrong for every "
                    f"other number of them: is {n} written into your function?"
                )
        if np.array_equal(sizes[:, 0] == sizes[:, 1], ~bad):
            return (
                f"Your result is right only where {name} is square: rows and columns are mixed up."
            )
    return ""
