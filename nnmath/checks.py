"""Equation checks: a numbered equation is compared with an independent truth, by machine.

`check` compares two arrays, or two functions at many seeded random points, and prints one line that
is the same on every machine: the bound that holds, not the last digits of a rounding error.

What "relative difference" means here. For an entry with the values l and r, |l − r| is divided by
the largest of |l|, |r| and M/100, where M is the largest magnitude in the whole check (both sides,
all points). The first two make the test relative: at the default bound an error of one part in 10⁹
is caught in every entry above M/10⁵, and a lost sign in every entry above M/10¹⁴. The floor M/100
forgives cancellation: where a − y comes close to 0, both sides carry rounding errors of the size of
a and y, and dividing those by a − y would raise a false alarm. Where one side is 0 everywhere there
is nothing to divide by; the difference itself is then tested, and the printed line says so.
"""

from __future__ import annotations

import functools
import inspect
import re
from collections.abc import Callable
from typing import Any

import numpy as np

Draw = Callable[[np.random.RandomState], Any]
FLOOR = 1e-2  # of the largest magnitude; see the top of this module


def check(
    number: str,
    left: Any,
    right: Any,
    /,
    *,
    tol: float = 1e-12,
    points: int = 1000,
    **domain: Any,
) -> None:
    """Print that both sides of equation `number` are equal, or raise and say where they are not.

    Two functions are compared at random points of `domain`, one entry per argument: `(lo, hi)` for
    a number, or `matrix`, `bits`, `choice`. A function whose own argument names are those of the
    domain is called by name, any other one in the order of the domain. The points depend on
    `number` alone, so each run sees the same ones. Two arrays (or numbers) are compared entry by
    entry and take no domain.

    Raises:
        AssertionError: the sides differ in value or shape, or are not finite real numbers.
        ValueError: the check would prove nothing: one object on both sides, no entries, no domain.
        TypeError: one side is a function and the other is not, or a domain is no domain.

    >>> def left(z):
    ...     return 1 / (1 + np.exp(-z))
    >>> check("1.1", left, lambda z: np.exp(z) / (1 + np.exp(z)), z=(-8, 8))
    (1.1) ✓ equal at 1000 random points, relative difference below 1e-12
    >>> check("1.2", np.eye(2, 3) * 0.5, np.eye(2, 3) / 2)
    (1.2) ✓ equal in all 6 entries, relative difference below 1e-12
    >>> check("1.3", lambda z: z**2, lambda z: z**2 + 1e-9, z=(1, 1.1))  # doctest: +ELLIPSIS
    Traceback (most recent call last):
    AssertionError: (1.3) ✗ the two sides differ at 1000 of 1000 points. Left is ...
    """
    _refuse_empty_proofs(number, left, right, domain, points)
    places: list[dict[str, Any]] = [{}]
    sides = [(left, right)]
    if callable(left):
        rng = np.random.RandomState(list(number.encode()))
        places = [{k: _draw(k, d, rng) for k, d in domain.items()} for _ in range(points)]
        orders = [(side, _argument_order(side, list(domain))) for side in (left, right)]
        with np.errstate(all="ignore"):  # inf and nan are reported below, with the point
            sides = [tuple(f(*[p[k] for k in order]) for f, order in orders) for p in places]

    pairs = []
    for place, (a, b) in zip(places, sides, strict=True):
        a = _real(f"({number}) ✗ the left side", a, place)
        b = _real(f"({number}) ✗ the right side", b, place)
        if a.shape != b.shape:
            raise AssertionError(
                f"({number}) ✗ the shapes differ{_at(place)}: left {a.shape}, right {b.shape}."
            )
        pairs.append((a, b))
    lefts, rights = (np.stack(side) for side in zip(*pairs, strict=True))
    if lefts.size == 0:
        raise ValueError(f"check({number!r}): the sides have no entries, so nothing is compared.")

    size = np.maximum(np.abs(lefts), np.abs(rights))
    relative = lefts.any() and rights.any()
    scale = np.maximum(size, FLOOR * size.max()) if relative else np.ones_like(size)
    difference = np.abs(lefts - rights) / scale
    kind = "relative difference" if relative else "difference"
    wrong = ~(difference <= tol)
    if wrong.any():
        first = tuple(np.argwhere(wrong)[0])
        a, b = show_pair(lefts[first], rights[first])
        points_wrong = wrong.reshape(len(wrong), -1).any(axis=1).sum()
        count = f" at {points_wrong} of {points} points" if callable(left) else ""
        raise AssertionError(
            f"({number}) ✗ the two sides differ{count}. "
            f"Left is {a}, right is {b}{_at(places[first[0]], first[1:])}. "
            f"The {kind} is {difference[first]:.2g}, allowed is {tol:g}."
        )
    entries = f" in all {lefts.size} entries" if lefts.size > 1 else ""
    where = f" at {points} random points" if callable(left) else entries
    print(f"({number}) ✓ equal{where}, {kind} below {tol:g}")


def definition(number: str) -> None:
    """Say that equation `number` defines a name: there is nothing to check yet.

    >>> definition("1.1")
    (1.1) definition
    """
    _refuse_bad_number(number)
    print(f"({number}) definition")


def derivative(f: Callable[..., Any]) -> Callable[..., Any]:
    """Return the function z ↦ f′(z), exact to rounding, without a formula for f′.

    In principle the limit of (f(z + h) − f(z))/h; computed as Im f(z + ih)/h with h = 10⁻³⁰, the
    complex step, because nothing is subtracted there, so that no digits are lost however small h
    is. Works entry by entry on arrays; a number gives a number. Further arguments are held fixed:
    `derivative(loss)(a, y)` is ∂loss/∂a at (a, y). At a kink it gives the slope of the branch that
    f takes there. Source: Squire and Trapp, SIAM Review 40 (1998), 110–112.

    Raises:
        TypeError: z is complex already, or f drops the imaginary part (abs, float, .real).

    >>> float(derivative(np.exp)(0.0))
    1.0
    """
    h = 1e-30

    @functools.wraps(f)  # keeps f's own argument names, which `check` looks at
    def f_prime(z: Any, *fixed: Any) -> Any:
        if np.iscomplexobj(z):
            raise TypeError("derivative(f)(z): z is complex. Complex step needs a real z.")
        value = np.asarray(f(np.asarray(z, dtype=float)[()] + 1j * h, *fixed))
        if value.dtype.kind != "c":
            raise TypeError(
                "derivative(f): f gave a real number for a complex one, so its slope is lost. "
                "Write f without abs, float, .real, or a branch that ignores z."
            )
        return value.imag[()] / h

    return f_prime


def matrix(rows: int, cols: int, lo: float = -2, hi: float = 2) -> Draw:
    """Domain: a (rows, cols) array of uniform real numbers between lo and hi."""
    return lambda rng: rng.uniform(lo, hi, size=(rows, cols))


def bits(rows: int, cols: int) -> Draw:
    """Domain: a (rows, cols) array of zeros and ones."""
    return lambda rng: rng.randint(0, 2, size=(rows, cols)).astype(float)


def choice(*values: float) -> Draw:
    """Domain: one of the given values."""
    if not values:
        raise ValueError("choice(): no values to choose from; choice(0, 1) is one of the two.")
    return lambda rng: np.float64(values[rng.randint(len(values))])


def _refuse_bad_number(number: Any) -> None:
    if not (isinstance(number, str) and re.fullmatch(r"\d+\.[1-9]\d*", number)):
        raise ValueError(
            f"equation number {number!r}: need a text such as '1.4', as in \\tag{{1.4}}."
        )


def _refuse_empty_proofs(number: Any, left: Any, right: Any, domain: Any, points: int) -> None:
    """Raise where equality would hold for no reason of mathematics, or mean nothing."""
    _refuse_bad_number(number)
    asked = f"check({number!r})"
    if callable(left) != callable(right):
        raise TypeError(f"{asked}: one side is a function, the other a value. Give two of a kind.")
    if callable(left) and (not domain or points < 1):
        raise ValueError(f"{asked}: functions need a domain to be compared on, such as z=(-8, 8).")
    if not callable(left) and domain:
        raise ValueError(f"{asked}: a domain ({', '.join(domain)}) needs functions, not values.")
    same = left is right and (callable(left) or np.ndim(left) > 0)
    if isinstance(left, np.ndarray) and isinstance(right, np.ndarray):
        # A second view of one array proves nothing either. P against P.T reads it in another order
        # (other strides), and is a fair check that P is symmetric.
        a, b = left.__array_interface__, right.__array_interface__
        same = (a["data"], left.shape, left.strides) == (b["data"], right.shape, right.strides)
    if same:
        raise ValueError(
            f"{asked}: both sides are the very same object, so this proves nothing. "
            "Compute one of them in another way."
        )


def _draw(name: str, domain: Any, rng: np.random.RandomState) -> Any:
    if callable(domain):
        value = np.asarray(domain(rng))[()]
        if isinstance(value, np.ndarray):
            value.flags.writeable = False  # one side must not change what the other one sees
        return value
    if not (isinstance(domain, tuple) and len(domain) == 2 and domain[0] < domain[1]):
        raise TypeError(
            f"domain {name}={domain!r}: need (lo, hi), lo < hi, or matrix(…), bits(…), choice(…)."
        )
    return np.float64(rng.uniform(*domain))


def _argument_order(side: Callable[..., Any], names: list[str]) -> list[str]:
    try:
        own = list(inspect.signature(side).parameters)
    except (TypeError, ValueError):  # some functions written in C have no signature
        return names
    return own if set(own) == set(names) else names


def _real(side: str, value: Any, place: dict[str, Any]) -> np.ndarray:
    """Return the value as an array of finite real numbers, or raise and say what it is instead."""
    try:
        array = np.asarray(value)
    except ValueError:  # rows of different lengths
        array = np.asarray(None)
    if array.dtype.kind == "c":
        raise AssertionError(f"{side} is complex{_at(place)}; an equation of this course is real.")
    if array.dtype.kind not in "biuf":
        hint = " Is a return missing?" if value is None else ""
        raise AssertionError(f"{side} gave {value!r}{_at(place)}, which is no number.{hint}")
    if not np.isfinite(array).all():
        entry = tuple(np.argwhere(~np.isfinite(array))[0])
        raise AssertionError(f"{side} is {array[entry]}{_at(place, entry)}; it must be finite.")
    return array.astype(float)


def show_pair(a: float, b: float) -> tuple[str, str]:
    """Write two numbers with six digits, or with all of them where six look the same."""
    six = f"{a:.6g}", f"{b:.6g}"
    return six if six[0] != six[1] else (f"{a:.17g}", f"{b:.17g}")


def _at(place: dict[str, Any], entry: tuple[int, ...] = ()) -> str:
    values = [
        f"{name} = {np.array2string(np.asarray(v), separator=', ')}" for name, v in place.items()
    ]
    at = f" at {', '.join(values)}" if values else ""
    return at + (f" in entry [{', '.join(str(i) for i in entry)}]" if entry else "")
