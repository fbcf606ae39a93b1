"""The one place where arguments are checked, so that the mathematics stays as clean as the page.

Every public function of the package calls one of these helpers first. An error names the call, the
argument, what it got, what it needs and how to mend it. Wrong kinds raise `TypeError`, wrong values
and wrong shapes raise `ValueError`.
"""

import math
from collections.abc import Callable, Iterable, Mapping
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

LAYOUT = "one row per unit and one column per example"
FLOAT, COMPLEX = np.dtype(np.float64), np.dtype(np.complex128)
# What to pass instead of something that is no record of this kind.
MADE_BY = {
    "Network": "make one with init(sizes, g, rng) or Network(W, b, g)",
    "Cache": "pass what forward(net, X) returned",
    "Gradients": "pass what backward(net, cache, Y, loss) returned",
    "Loss": "choose bce, cross_entropy or squared_error",
    "Activation": "choose sigmoid, tanh, relu, identity or softmax",
}


class NotFinite(ValueError):
    """A number is NaN or infinite; in the middle of a training run it means that it diverged."""


def numbers(
    call: str, name: str, value: ArrayLike, *, real: bool = False, remedy: str = ""
) -> np.ndarray:
    """Return `value` as an array of float64 or complex128.

    Integers, booleans and short floats are converted, so that a `uint8` picture or a Python list
    computes the same as its float64 copy. NaN and anything that is not a number is refused, and
    infinity as well when there is a `remedy` for it.
    """
    kinds = (FLOAT,) if real else (FLOAT, COMPLEX)
    if type(value) is np.ndarray and value.dtype in kinds and surely_finite(value):
        return value  # nearly always, so this comes first
    if np.ma.is_masked(value):
        raise ValueError(
            f"{call}: {name} has masked entries ({np.ma.count_masked(value)} of {np.size(value)}), "
            f"and the mask would be lost; leave those examples out, or fill them: {name}.filled(…)"
        )
    try:
        array = np.asarray(value)
    except ValueError:
        raise ValueError(f"{call}: {name} has rows of different lengths; make them equal") from None
    if array.dtype.kind not in "biufc":
        got = _kind(name, value, array)
        raise TypeError(f"{call}: {name} must be a number or an array of numbers, got {got}")
    if real and array.dtype.kind == "c":
        raise TypeError(f"{call}: {name} must be real, got complex numbers; pass {name}.real")
    array = array.astype(np.complex128 if array.dtype.kind == "c" else np.float64, copy=False)
    if np.isnan(array).any():
        place = _first(np.isnan(array))
        raise NotFinite(f"{call}: {name} is not a number (NaN){place}; find where it comes from")
    return finite(call, name, array, remedy) if remedy else array


def surely_finite(array: np.ndarray) -> bool:
    """Return whether the squares of all entries have a finite sum, which NaN and infinity spoil.

    When the sum is not finite the entries may still be (beyond 1e154 a square overflows), and each
    of them must be looked at.
    """
    return math.isfinite(sum_of_squares(array))


def sum_of_squares(array: np.ndarray) -> float:
    """Return Σ |x|²: one quick pass, without another array."""
    entries = array.ravel("K")  # in the order of memory: no copy, unless there are gaps
    return float(np.vdot(entries, entries).real)


def finite(call: str, name: str, array: np.ndarray, remedy: str) -> np.ndarray:
    """Refuse infinite entries."""
    if not np.isfinite(array).all():
        raise NotFinite(f"{call}: {name} is infinite{_first(~np.isfinite(array))}; {remedy}")
    return array


def _first(there: np.ndarray) -> str:
    """Say where the first of these entries is; a plain number has no place."""
    return f" at index {tuple(int(k) for k in np.argwhere(there)[0])}" if there.ndim else ""


def matrix(
    call: str, name: str, value: ArrayLike, *, real: bool = False, remedy: str = ""
) -> np.ndarray:
    """Return `value` as an array of shape (units, examples), neither of them zero."""
    return laid_out(call, name, numbers(call, name, value, real=real, remedy=remedy))


def laid_out(call: str, name: str, array: np.ndarray) -> np.ndarray:
    """Refuse any shape but (units, examples), neither of them zero."""
    if array.ndim != 2:
        raise ValueError(
            f"{call}: {name} has shape {array.shape}, but it needs {LAYOUT}; "
            + _two_axes(name, array)
        )
    if array.size == 0:
        raise ValueError(
            f"{call}: {name} has shape {array.shape}, it is empty; pass at least one example"
        )
    return array


def examples(call: str, value: ArrayLike, rows: int, *, real: bool = False) -> np.ndarray:
    """Return the examples X of a network with so many inputs: finite, of shape (rows, m)."""
    X = matrix(call, "X", value, real=real, remedy="leave that example out")
    if X.shape[0] != rows:
        hint = "; did you mean X.T?" if X.shape[1] == rows else ""
        raise ValueError(
            f"{call}: X has shape {X.shape}, but the network has {rows} inputs, "
            f"so X needs {rows} rows{hint}"
        )
    return X


def predictions_and_targets(
    call: str, name: str, prediction: ArrayLike, targets: ArrayLike
) -> tuple[np.ndarray, np.ndarray]:
    """Return prediction and targets as two arrays of one shape (units, examples).

    Two plain numbers are one unit and one example. The targets are real and finite.
    """
    P = numbers(call, name, prediction)
    Y = numbers(call, "Y", targets, real=True, remedy="targets must be finite")
    if P.ndim == 0 and Y.ndim == 0:
        return P.reshape(1, 1), Y.reshape(1, 1)
    if P.shape != Y.shape:
        raise ValueError(
            f"{call}: {name} has shape {P.shape}, Y has shape {Y.shape}. "
            f"Both need {LAYOUT}{_shape_remedy(name, P.shape, Y)}"
        )
    # One order of memory for both: with two, each operation on the pair takes twice the time.
    return laid_out(call, name, P), np.ascontiguousarray(laid_out(call, "Y", Y))


def targets(call: str, value: ArrayLike, shape: tuple[int, ...], given: str) -> np.ndarray:
    """Return the targets of a network, whose output has the given shape.

    The loss would find a wrong shape as well, but speak of its own first argument, which whoever
    called the network never passed.
    """
    Y = numbers(call, "Y", value, real=True)
    if Y.shape != shape:
        raise ValueError(
            f"{call}: Y has shape {Y.shape}, but for this {given} it needs the shape {shape}, "
            f"{LAYOUT}{_shape_remedy('', shape, Y)}"
        )
    return Y


def label_remedy(Y: np.ndarray) -> str:
    """Return what to do about targets outside their range."""
    labels = np.unique(Y)
    whole_numbers = bool(np.all(labels == np.floor(labels)))
    if len(labels) == 2 and whole_numbers and (labels[0] >= 0 or tuple(labels) == (-1, 1)):
        low, high = (f"{label:g}" for label in labels)
        return f"the labels {low} and {high} become 0 and 1 with Y == {high}"
    if len(Y) == 1 and whole_numbers and labels[0] >= 0:
        return "class numbers need one row per class, np.eye(K)[:, Y[0]], and cross_entropy"
    return "check the labels, and that Y is the second argument"


def within(
    call: str,
    name: str,
    array: np.ndarray,
    low: float,
    high: float,
    remedy: Callable[[np.ndarray], str],
) -> np.ndarray:
    """Refuse entries outside [low, high]; complex entries are judged by their real part."""
    too_low = low > -np.inf and array.real.min() < low
    if too_low or (high < np.inf and array.real.max() > high):
        outside = (array.real < low) | (array.real > high)
        first = array[outside].flat[0]
        span = f"at least {low}" if high == np.inf else f"between {low} and {high}"
        raise ValueError(
            f"{call}: {name} has the entry {first:.6g}, but it must be {span}; {remedy(array)}"
        )
    return array


def rate(call: str, name: str, value: Any, example: float = 0.1) -> float:
    """Return a finite, non-negative real number as a float."""
    number = np.asarray(value)
    if number.dtype.kind not in "biuf" or number.ndim:
        got = f"an array of shape {number.shape}" if number.ndim else repr(value)
        raise TypeError(f"{call}: {name} must be one real number, such as {example}; got {got}")
    if not np.isfinite(number) or number < 0:
        raise ValueError(
            f"{call}: {name} must be finite and not negative, such as {example}; got {value!r}"
        )
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
        from_0 = wanted and all(k == {l - 1 for l in wanted} for k in keys)
        hint = "; count from 1, as in {l + 1: W[l] for l in W}" if from_0 else ""
        raise ValueError(
            f"{call}: the keys must be the layers 1..L, the same for each; got {got}{hint}"
        )
    return sorted(wanted)


def instance(call: str, name: str, value: object, kind: type) -> None:
    """Refuse a value that is not of the given record type."""
    if not isinstance(value, kind):
        got = type(value).__name__
        if value is None or isinstance(value, str):
            got = repr(value)
        elif callable(value):
            got = f"{got} {value.__name__}" if hasattr(value, "__name__") else repr(value)
        remedy = MADE_BY[kind.__name__]
        raise TypeError(f"{call}: {name} must be of the type {kind.__name__}, got {got}; {remedy}")


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
        got = "None" if rng is None else type(rng).__name__
        raise TypeError(
            f"{call}: rng must be a numpy Generator or RandomState, got {got}; "
            "pass rng=np.random.default_rng(0)"
        )


def _two_axes(name: str, array: np.ndarray) -> str:
    if array.ndim == 1:
        return f"for one unit write {name}.reshape(1, -1), for one example {name}.reshape(-1, 1)"
    return f"{name} needs exactly two axes"


def _kind(name: str, value: object, array: np.ndarray) -> str:
    """Say what was passed in place of numbers, and what to do about it."""
    convert = f"; convert it with np.array({name}, dtype=float)"
    if array.dtype.kind in "US":
        return repr(value) if array.ndim == 0 else f"an array of text{convert}"
    if array.dtype != object:
        return f"an array of {array.dtype}"
    entries = {type(entry) for entry in array.flat}
    if entries <= {int, float} and array.size:
        return f"whole numbers beyond 64 bits{convert}"
    if array.ndim == 0:
        return "None" if value is None else type(value).__name__
    return f"objects ({', '.join(sorted(entry.__name__ for entry in entries))}){convert}"


def _shape_remedy(name: str, shape: tuple[int, ...], Y: np.ndarray) -> str:
    """Return what to do about targets Y beside predictions, `name`, of another shape."""
    if shape == Y.T.shape:
        return "; did you mean Y.T?"
    if len(shape) == 2 and shape[0] > 1 and Y.shape in ((shape[1],), (1, shape[1])):
        if np.array_equal(Y, np.floor(Y)) and Y.min() >= 0 and Y.max() <= shape[0]:
            return f"; class numbers become columns with {_one_hot(shape[0], Y)}"
    size = int(np.prod(shape))
    if size == Y.size and {shape, Y.shape} in ({(size,), (1, size)}, {(size,), (size, 1)}):
        flat, to = (name, Y.shape) if len(shape) == 1 else ("Y", shape)
        return f"; did you mean {flat}.reshape{to}?"
    return ""


def _one_hot(classes: int, Y: np.ndarray) -> str:
    """Return the code that makes one-hot columns of class numbers, counted from 0 or from 1."""
    row = "Y" if Y.ndim == 1 else "Y[0]"
    return f"np.eye({classes})[:, {row}{' - 1' if Y.max() == classes else ''}]"
