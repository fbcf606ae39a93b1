"""Run an answer on hidden inputs so that nothing it does can disturb the notebook."""

from __future__ import annotations

import contextlib
import copy
import functools
import inspect
import io
import sys
import time
import types
import warnings
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from nnmath.exercises import source

if TYPE_CHECKING:
    from nnmath.exercises.records import Exercise

SECONDS = 5.0  # for one run; the right answers take less than a hundredth of one
PRINTED = 2000  # characters of what an answer prints that are kept
DATA = np.ndarray | np.random.RandomState | np.random.Generator | dict | list | set
CLOSE = 1e-9  # relative; a formula written in another order differs by 1e-15 or so


@dataclass(frozen=True)
class Outcome:
    """One run: the result, or the error; the warnings; the arguments that were changed in place.

    shell says what the result came in, where that is not what was asked for.
    """

    value: Any = None
    error: Exception | None = None
    warned: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    shell: str = ""


class TooLong(Exception):
    """An answer was still running when its time was up."""


class _TimeIsUp(BaseException):
    """Raised inside the answer: no `except Exception` of a learner can catch it."""


class _Paper(io.TextIOBase):
    """What an answer prints, up to a length."""

    def __init__(self) -> None:
        self.text = ""

    def write(self, text: str) -> int:
        self.text += text[: PRINTED - len(self.text)]
        return len(text)


class Guarded:
    """An answer that can be called without harm, with the same signature.

    It sees copies of the notebook's arrays, dicts and lists, so that it cannot change them; what it
    prints is kept, that of its first call in `printed`; a run that does not end is stopped, with
    `TooLong`. There is no signal in a thread, on Windows or in a browser, so the clock is looked at
    by a trace function, at each line of the notebook's own functions and of nothing else.
    """

    def __init__(self, answer: Callable[..., Any]) -> None:
        self.__wrapped__ = answer
        self._own, self._copies = _with_own_globals(answer)
        self._paper: _Paper | None = None
        self._stuck: TooLong | None = None

    def __getattr__(self, name: str) -> Any:
        if name == "__globals__":
            return getattr(self._own, name)
        if name.startswith("__wrapped"):
            raise AttributeError(name)
        return getattr(self.__wrapped__, name)

    def __call__(self, *arguments: Any) -> Any:
        """Run the answer; one that did not end is not started again."""
        if self._stuck:
            raise self._stuck
        paper = _Paper()
        self._paper = self._paper or paper
        with contextlib.redirect_stdout(paper), _clock(getattr(self._own, "__globals__", None)):
            try:
                return self._own(*arguments)
            except _TimeIsUp as up:
                self._stuck = TooLong().with_traceback(up.__traceback__)
                raise self._stuck from None

    @property
    def printed(self) -> str:
        """What the first call printed."""
        return self._paper.text.rstrip() if self._paper else ""

    @property
    def written(self) -> tuple[str, ...]:
        """The names of the notebook's data that the answer has changed, or bound anew."""
        before, after = getattr(self.__wrapped__, "__globals__", {}), self._copies
        return tuple(n for n in after if not _untouched(before[n], self._own.__globals__.get(n)))


@contextlib.contextmanager
def _clock(names: dict[str, Any] | None) -> Iterator[None]:
    """Stop what runs too long in functions whose globals are these."""
    if names is None:
        yield
        return
    end = time.monotonic() + SECONDS

    def tick(frame: types.FrameType, *_: Any) -> Any:
        if frame.f_globals is not names:
            return None
        if time.monotonic() > end:
            raise _TimeIsUp
        return tick

    before = sys.gettrace()
    sys.settrace(tick)
    try:
        yield
    finally:
        sys.settrace(before)


def _with_own_globals(answer: Callable[..., Any]) -> tuple[Any, dict[str, Any]]:
    """Return the answer with globals of its own, and the data among them, copied.

    Only names that it can reach are copied, itself or by a function of the notebook that it calls.
    """
    if not isinstance(answer, types.FunctionType):
        return answer, {}
    outside, own = answer.__globals__, dict(answer.__globals__)
    memo: dict[int, Any] = {}  # so that two names for one thing stay so
    data: dict[str, Any] = {}

    def moved(function: types.FunctionType) -> types.FunctionType:
        made = types.FunctionType(
            function.__code__, own, function.__name__, function.__defaults__, function.__closure__
        )
        made.__kwdefaults__ = function.__kwdefaults__
        return made

    todo, seen = [answer.__code__], set()
    while todo:
        code = todo.pop()
        todo += [c for c in code.co_consts if isinstance(c, types.CodeType)]
        for name in code.co_names:
            if name in seen or name not in outside:
                continue
            seen.add(name)
            value = outside[name]
            if isinstance(value, types.FunctionType) and value.__globals__ is outside:
                own[name] = moved(value)
                todo.append(value.__code__)
            elif isinstance(value, DATA):
                with contextlib.suppress(Exception):  # what cannot be copied is left as it is
                    data[name] = own[name] = copy.deepcopy(value, memo)
            elif isinstance(value, int | float):
                data[name] = value
    return moved(answer), data


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
        same_keys = isinstance(after, Mapping) and list(before) == list(after)
        return same_keys and all(_untouched(before[l], after[l]) for l in before)
    if isinstance(before, np.ndarray | int | float) and numbers(before) is not None:
        return numbers(after) is not None and np.array_equal(before, after, equal_nan=True)
    if isinstance(before, list | tuple):
        alike = isinstance(after, type(before)) and len(before) == len(after)
        return alike and all(map(_untouched, before, after))
    return callable(before) or not isinstance(before, set) or before == after


def results(answer: Any, exercise: Exercise) -> list[Outcome]:
    """Return the outcome of the answer on each hidden input; a value is its own outcome."""
    if exercise.inputs is None:
        return [_unpacked(Outcome(answer), exercise.reference, exercise)]
    outcomes: list[Outcome] = []
    for (arguments, _), right in zip(exercise.hidden, _right(exercise), strict=True):
        outcome = run(answer, arguments, exercise.arguments)
        outcomes.append(_unpacked(outcome, right, exercise))
        if isinstance(outcome.error, TooLong):  # and it need not be waited for twenty times
            return outcomes + [outcome] * (len(exercise.hidden) - len(outcomes))
    return outcomes


@functools.cache
def _right(exercise: Exercise) -> tuple[Any, ...]:
    """Return the right result on each hidden input."""
    names = exercise.arguments
    return tuple(run(exercise.reference, of, names).value for of, _ in exercise.hidden)


def _unpacked(outcome: Outcome, right: Any, exercise: Exercise) -> Outcome:
    """Return the outcome with its result in the shell that was asked for, if that needs no guess.

    A list of results is a tuple, a list of lists an array, a tuple of one result that result, whole
    numbers and True or False are floats. What the result came in is noted.
    """
    value, found = outcome.value, []
    if exercise.returns:
        n = len(exercise.returns)
        if isinstance(value, list) and len(value) == n:
            value = tuple(value)
            found.append("a list of results")
        if isinstance(value, tuple) and len(value) == n:
            pairs = zip(value, right, strict=True)
            value = tuple(_one_unpacked(mine, true, found) for mine, true in pairs)
    else:
        if isinstance(value, tuple) and len(value) == 1:
            value = value[0]
            found.append("a tuple of one")
        value = _one_unpacked(value, right, found)
    return replace(outcome, value=value, shell=found[0]) if found else outcome


def _one_unpacked(value: Any, right: Any, found: list[str]) -> Any:
    if isinstance(right, Mapping):
        layers = sorted(right)
        if isinstance(value, list | tuple):
            padded = len(value) == layers[-1] + 1 and layers[0] == 1 and value[0] is None
            listed = list(value)[1:] if padded else list(value)
            if len(listed) == len(layers) and not any(l is ... or l is None for l in listed):
                found.append("a list of layers")
                value = dict(zip(layers, listed, strict=True))
        if isinstance(value, Mapping) and set(value) == set(right):
            return {l: _one_unpacked(value[l], right[l], found) for l in value}
        return value
    several = isinstance(value, tuple) and any(np.ndim(v) for v in value)
    if isinstance(value, list | tuple) and np.ndim(right) and not several:
        array = numbers(value)
        if array is not None and array.size:
            found.append("a list" if isinstance(value, list) else "a tuple")
            return array
    if isinstance(value, np.ndarray | np.generic | int | bool):
        kind = np.asarray(value).dtype.kind
        wanted = np.asarray(right).dtype.kind
        if kind in "iu" and wanted == "f":
            return np.asarray(value, dtype=float)[()]
    return value


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
    return code.co_code in _IDLE and not code.co_names


def _idle() -> None:
    pass


def _idle_and_described() -> None:
    """Do nothing."""


_IDLE = {
    f.__code__.co_code for f in (_idle, _idle_and_described)
}  # whatever the bytecode is called


def data_from_outside(answer: Any) -> tuple[str, ...]:
    """Return the names of numbers and arrays that the answer reads from the notebook.

    A function should live on its arguments; functions and modules from outside are fine.
    """
    code, outside = getattr(answer, "__code__", None), getattr(answer, "__globals__", {})
    if code is None:
        return ()
    root = source.tree(answer)
    if root is None:
        read = list(inspect.getclosurevars(inspect.unwrap(answer)).globals)
    else:
        loaded = source.names_read(root) - source.names_bound(root)
        read = [n for n in _names(code) if n in loaded]
    return tuple(n for n in read if _is_data(outside.get(n)))


def _is_data(value: Any) -> bool:
    """Tell whether this is a number, an array, or a dict or list of these."""
    if isinstance(value, dict | list):
        held = list(value.values()) if isinstance(value, dict) else value
        return bool(held) and all(map(_is_data, held))
    return isinstance(value, np.ndarray | float | int)


def _names(code: types.CodeType) -> list[str]:
    inner = (c for c in code.co_consts if isinstance(c, types.CodeType))
    return list(dict.fromkeys([*code.co_names, *(n for c in inner for n in _names(c))]))


def ignored_arguments(answer: Callable[..., Any], exercise: Exercise) -> tuple[str, ...]:
    """Return the arguments that the right answer depends on and this one does not.

    Each argument in turn is exchanged for another one of the same shape, on every hidden input. The
    stale global is found so: a function that reads a variable of the notebook gives the same result
    every time.
    """
    names, ignored = exercise.arguments, []
    for k, name in enumerate(names):
        if _needs(exercise)[k] and all(
            _stays(answer, names, arguments, (*arguments[:k], twin[k], *arguments[k + 1 :]))
            for arguments, twin in exercise.hidden
        ):
            ignored.append(name)
    return tuple(ignored)


@functools.cache
def _needs(exercise: Exercise) -> tuple[bool, ...]:
    """Tell of each argument whether the right answer depends on it."""
    return tuple(
        not all(
            _stays(exercise.reference, exercise.arguments, a, (*a[:k], twin[k], *a[k + 1 :]))
            for a, twin in exercise.hidden
        )
        for k in range(len(exercise.arguments))
    )


def _stays(answer: Any, names: tuple[str, ...], one: tuple[Any, ...], other: Any) -> bool:
    """Tell whether two inputs give one result, and no error."""
    a, b = run(answer, one, names), run(answer, other, names)
    return a.error is None and b.error is None and same(a.value, b.value)
