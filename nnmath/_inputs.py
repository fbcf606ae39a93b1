"""The one place where arguments are checked, so that the mathematics stays as clean as the page.

Every public function of the package calls one of these helpers first. An error names the call, the
argument, what it got, what it needs and how to mend it. Wrong kinds raise `TypeError`, wrong values
and wrong shapes raise `ValueError`.
"""

from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

LAYOUT = "one row per unit and one column per example"


def numbers(call: str, name: str, value: ArrayLike, *, real: bool = False) -> np.ndarray:
    """Return `value` as an array of float64 or complex128.

    Integers, booleans and short floats are converted, so that a `uint8` picture or a Python list
    computes the same as its float64 copy. NaN and anything that is not a number is refused.
    """
    try:
        array = np.asarray(value)
    except ValueError:
        raise ValueError(f"{call}: {name} has rows of different lengths; make them equal") from None
    if array.dtype.kind not in "biufc":
        got = type(value).__name__ if array.ndim == 0 else f"an array of {array.dtype}"
        raise TypeError(f"{call}: {name} must be a number or an array of numbers, got {got}")
    if real and array.dtype.kind == "c":
        raise TypeError(f"{call}: {name} must be real, got complex numbers; pass {name}.real")
    array = array.astype(np.complex128 if array.dtype.kind == "c" else np.float64, copy=False)
    if np.isnan(array).any():
        where = tuple(int(k) for k in np.argwhere(np.isnan(array))[0])
        place = f" at index {where}" if where else ""
        raise ValueError(f"{call}: {name} is not a number (NaN){place}; find where it comes from")
    return array


def matrix(
    call: str, name: str, value: ArrayLike, *, real: bool = False, rows: int | None = None
) -> np.ndarray:
    """Return `value` as an array of shape (units, examples), neither of them zero."""
    array = numbers(call, name, value, real=real)
    if array.ndim != 2:
        raise ValueError(
            f"{call}: {name} has shape {array.shape}, but it needs {LAYOUT}; "
            + _two_axes(name, array)
        )
    if array.size == 0:
        raise ValueError(
            f"{call}: {name} has shape {array.shape}, it is empty; pass at least one example"
        )
    if rows is not None and array.shape[0] != rows:
        hint = f"; did you mean {name}.T?" if array.shape[1] == rows else ""
        raise ValueError(f"{call}: {name} has shape {array.shape}, but it needs {rows} rows{hint}")
    return array


def predictions_and_targets(
    call: str, name: str, prediction: ArrayLike, targets: ArrayLike
) -> tuple[np.ndarray, np.ndarray]:
    """Return prediction and targets as two arrays of one shape (units, examples).

    Two plain numbers are one unit and one example. The targets are real and finite.
    """
    P = numbers(call, name, prediction)
    Y = numbers(call, "Y", targets, real=True)
    if np.isinf(Y).any():
        raise ValueError(f"{call}: Y has an infinite entry; targets must be finite")
    if P.ndim == 0 and Y.ndim == 0:
        return P.reshape(1, 1), Y.reshape(1, 1)
    if P.shape != Y.shape:
        hint = ""
        if P.shape == Y.T.shape:
            hint = "; did you mean Y.T?"
        elif (m := P.size) == Y.size and {P.shape, Y.shape} in ({(m,), (1, m)}, {(m,), (m, 1)}):
            flat, shape = (name, Y.shape) if P.ndim == 1 else ("Y", P.shape)
            hint = f"; did you mean {flat}.reshape{shape}?"
        raise ValueError(
            f"{call}: {name} has shape {P.shape}, Y has shape {Y.shape}. Both need {LAYOUT}{hint}"
        )
    return matrix(call, name, P), matrix(call, "Y", Y)


def within(
    call: str, name: str, array: np.ndarray, low: float, high: float, remedy: str
) -> np.ndarray:
    """Refuse entries outside [low, high]; complex entries are judged by their real part."""
    outside = (array.real < low) | (array.real > high)
    if outside.any():
        first = array[outside].flat[0]
        span = f"at least {low}" if high == np.inf else f"between {low} and {high}"
        raise ValueError(
            f"{call}: {name} has the entry {first:.6g}, but it must be {span}; {remedy}"
        )
    return array


def rate(call: str, name: str, value: ArrayLike) -> float:
    """Return a finite, non-negative real number as a float."""
    number = numbers(call, name, value, real=True)
    if number.ndim or not np.isfinite(number) or number < 0:
        raise ValueError(f"{call}: {name} must be one finite number, zero or more; got {value!r}")
    return float(number)


def whole(call: str, name: str, value: object, low: int, high: int | None = None) -> int:
    """Return an integer between low and high (inclusive) as an int."""
    if isinstance(value, (bool, np.bool_)) or not isinstance(value, (int, np.integer)):
        raise TypeError(f"{call}: {name} must be a whole number, got {value!r}")
    if value < low or (high is not None and value > high):
        span = f"at least {low}" if high is None else f"between {low} and {high}"
        raise ValueError(f"{call}: {name} must be {span}, got {value}")
    return int(value)


def layers(call: str, **collections: Any) -> list[int]:
    """Return the layers 1..L that every one of the given mappings is keyed by."""
    for name, mapping in collections.items():
        if not isinstance(mapping, Mapping):
            raise TypeError(
                f"{call}: {name} must be a dict keyed 1..L, got {type(mapping).__name__}; "
                f"write dict(enumerate({name}, start=1))"
            )
    keys = [set(mapping) for mapping in collections.values()]
    wanted = set(range(1, len(keys[0]) + 1))
    if not wanted or any(k != wanted for k in keys):
        got = ", ".join(f"{name}: {sorted(m, key=str)}" for name, m in collections.items())
        raise ValueError(f"{call}: the keys must be the layers 1..L, the same for each; got {got}")
    return sorted(wanted)


def instance(call: str, name: str, value: object, kind: type, example: str = "") -> None:
    """Refuse a value that is not of the given record type."""
    if not isinstance(value, kind):
        got = value if isinstance(value, str) else type(value).__name__
        raise TypeError(f"{call}: {name} must be a nnmath.{kind.__name__}{example}, got {got!r}")


def one_per_layer(call: str, name: str, value: Any) -> list:
    """Return the entries of a sequence as a list."""
    if not isinstance(value, Iterable):
        raise TypeError(f"{call}: {name} must be a list, one entry per layer; got {value!r}")
    return list(value)


def function(call: str, name: str, value: object) -> None:
    """Refuse what cannot be called."""
    if not callable(value):
        raise TypeError(f"{call}: {name} must be a function that returns a number, got {value!r}")


def random_source(call: str, rng: object) -> None:
    """Refuse anything but numpy's two random sources: nothing here draws from a global."""
    if not isinstance(rng, (np.random.Generator, np.random.RandomState)):
        raise TypeError(
            f"{call}: rng must be a numpy Generator or RandomState, got {type(rng).__name__}; "
            "pass np.random.default_rng(0)"
        )


def _two_axes(name: str, array: np.ndarray) -> str:
    if array.ndim == 1:
        return f"for one unit write {name}.reshape(1, -1), for one example {name}.reshape(-1, 1)"
    return f"{name} needs exactly two axes"
