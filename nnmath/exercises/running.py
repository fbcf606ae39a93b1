"""Run an answer on hidden inputs so that nothing it does can disturb the notebook."""

from __future__ import annotations

import copy
import dis
import types
import warnings
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from nnmath.exercises.records import Exercise

CLOSE = 1e-9  # relative; a formula written in another order differs by 1e-15 or so


@dataclass(frozen=True)
class Outcome:
    """One run: the result, or the error; the warnings; the arguments that were changed in place."""

    value: Any = None
    error: Exception | None = None
    warned: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()


def run(answer: Callable[..., Any], arguments: tuple[Any, ...], names: tuple[str, ...]) -> Outcome:
    """Call the answer with copies of the arguments, and catch whatever comes of it."""
    copies = copy.deepcopy(arguments)
    value, error = None, None
    with warnings.catch_warnings(record=True) as seen:
        warnings.simplefilter("always")
        try:
            value = answer(*copies)
        except Exception as caught:
            error = caught
    pairs = zip(names, arguments, copies, strict=False)
    changed = tuple(name for name, before, after in pairs if not _untouched(before, after))
    return Outcome(value, error, tuple(str(warning.message) for warning in seen), changed)


def _untouched(before: Any, after: Any) -> bool:
    """Tell whether two copies still hold the same numbers; a function cannot be changed."""
    if isinstance(before, Mapping):
        return list(before) == list(after) and all(_untouched(before[l], after[l]) for l in before)
    return callable(before) or np.array_equal(before, after, equal_nan=True)


def results(answer: Any, exercise: Exercise) -> list[Outcome]:
    """Return the outcome of the answer on each hidden input; a value is its own outcome."""
    if exercise.inputs is None:
        return [Outcome(answer)]
    return [run(answer, arguments, exercise.arguments) for arguments, _ in exercise.hidden]


def does_the_same(given: list[Outcome], answer: Any, exercise: Exercise) -> bool:
    """Tell whether the answer gives these outcomes: the same numbers, or an error where one is.

    Stops at the first difference, and asks for at least one result: errors all look alike.
    """
    inputs = [arguments for arguments, _ in exercise.hidden]
    for one, arguments in zip(given, inputs, strict=True):
        if exercise.inputs is None:
            other = Outcome(answer)
        else:
            other = run(answer, arguments, exercise.arguments)
        failed = (one.error is not None, other.error is not None)
        if any(failed) and not all(failed):
            return False
        if not any(failed) and not same(one.value, other.value):
            return False
    return any(one.error is None for one in given)


def same(a: Any, b: Any, close: float = CLOSE) -> bool:
    """Tell whether two results have one shape and, up to rounding, the same numbers.

    NaN equals NaN here, because a mistake is recognised by its NaN too. Entries far below the
    largest one are compared with a thousandth of it, which forgives cancellation. Dicts are the
    same when each of their arrays is.
    """
    if isinstance(a, Mapping) or isinstance(b, Mapping):
        both = isinstance(a, Mapping) and isinstance(b, Mapping) and set(a) == set(b)
        return both and all(same(a[l], b[l], close) for l in a)
    if isinstance(a, tuple) or isinstance(b, tuple):
        both = isinstance(a, tuple) and isinstance(b, tuple) and len(a) == len(b)
        return both and all(same(x, y, close) for x, y in zip(a, b, strict=True))
    x, y = numbers(a), numbers(b)
    if x is None or y is None or x.shape != y.shape:
        return False
    return not wrong_entries(x, y, close).any()


def wrong_entries(x: np.ndarray, y: np.ndarray, close: float = CLOSE) -> np.ndarray:
    """Return where x differs from y by more than rounding; both have one shape."""
    finite = np.isfinite(x) & np.isfinite(y)
    scale = np.maximum(np.abs(y), 1e-3 * np.abs(y[finite]).max(initial=0))
    with np.errstate(invalid="ignore"):  # ∞ − ∞, where the next line does not look
        apart = ~(np.abs(x - y) <= close * scale)
    return np.where(finite, apart, ~((x == y) | (np.isnan(x) & np.isnan(y))))


def numbers(value: Any) -> np.ndarray | None:
    """Return the value as an array of numbers, or None where it holds anything else."""
    try:
        array = np.asarray(value)
    except ValueError:  # rows of different lengths
        return None
    if array.dtype.kind == "c" and not array.imag.any():
        array = array.real
    return array.astype(float) if array.dtype.kind in "biuf" else None


def unanswered(answer: Any, outcome: Outcome) -> bool:
    """Tell whether this is still the stub: it gives `...`, or stumbles over a `...` of its own."""
    value = outcome.value
    if answer is ... or answer is None or _holds_ellipsis(value):
        return True
    if outcome.error is None and value is not None:
        return False
    code = getattr(answer, "__code__", None)
    return code is not None and (_loads_ellipsis(code) or _is_empty(code))


def _holds_ellipsis(value: Any) -> bool:
    if isinstance(value, Mapping):
        return any(_holds_ellipsis(v) for v in value.values())
    if isinstance(value, tuple | list):
        return any(_holds_ellipsis(v) for v in value)
    if isinstance(value, np.ndarray) and value.dtype == object:
        return any(v is ... for v in value.flat)
    return value is ...


def _loads_ellipsis(code: types.CodeType) -> bool:
    inner = (c for c in code.co_consts if isinstance(c, types.CodeType))
    return any(c is ... for c in code.co_consts) or any(_loads_ellipsis(c) for c in inner)


def _is_empty(code: types.CodeType) -> bool:
    """Tell whether the body does nothing at all: `pass`, a docstring, or a lone `...`."""
    idle = {"RESUME", "NOP", "LOAD_CONST", "RETURN_VALUE", "RETURN_CONST"}
    return all(step.opname in idle for step in dis.get_instructions(code))


def data_from_outside(answer: Any) -> tuple[str, ...]:
    """Return the names of numbers and arrays that the answer reads from the notebook.

    A function should live on its arguments; functions and modules from outside are fine.
    """
    code, outside = getattr(answer, "__code__", None), getattr(answer, "__globals__", {})
    if code is None:
        return ()
    data = (
        n
        for n in dict.fromkeys(_globals_read(code))
        if isinstance(outside.get(n), np.ndarray | float | int)
    )
    return tuple(data)


def _globals_read(code: types.CodeType) -> list[str]:
    """Return the names from outside; up to Python 3.11 a comprehension is a code of its own."""
    read = [s.argval for s in dis.get_instructions(code) if s.opname == "LOAD_GLOBAL"]
    inner = (c for c in code.co_consts if isinstance(c, types.CodeType))
    return read + [name for one in inner for name in _globals_read(one)]


def ignored_arguments(answer: Callable[..., Any], exercise: Exercise) -> tuple[str, ...]:
    """Return the arguments that the right answer depends on and this one does not.

    Each argument in turn is exchanged for another one of the same shape. The stale global is found
    so: a function that reads a variable of the notebook gives the same result every time.
    """
    ignored = []
    names, pairs = exercise.arguments, exercise.hidden[:8]
    for k, name in enumerate(names):
        moves = needed = False
        for arguments, twin in pairs:
            other = (*arguments[:k], twin[k], *arguments[k + 1 :])
            right = [run(exercise.reference, a, names).value for a in (arguments, other)]
            given = [run(answer, a, names) for a in (arguments, other)]
            needed = needed or not same(*right)
            alike = same(given[0].value, given[1].value) and not any(g.error for g in given)
            moves = moves or not alike
        if needed and not moves:
            ignored.append(name)
    return tuple(ignored)
