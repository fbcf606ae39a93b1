"""Judge an answer: right, not answered yet, or wrong for a reason that can be named.

The order matters. A catalogued mistake is recognised by its numbers on every hidden input; only an
answer that matches none is described by its symptom: an error, a missing return, the wrong kind or
shape, an argument it does not look at, NaN, or else the first wrong entry.
"""

from __future__ import annotations

import inspect
from collections.abc import Mapping
from typing import Any

import numpy as np

from nnmath.checks import show_pair
from nnmath.exercises import follow, relations, repair, search
from nnmath.exercises.conventions import half_filled, other_convention, shell_note
from nnmath.exercises.errors import stopped
from nnmath.exercises.mistakes import all_mistakes
from nnmath.exercises.records import Exercise
from nnmath.exercises.running import (
    Guarded,
    Outcome,
    data_from_outside,
    does_the_same,
    ignored_arguments,
    numbers,
    results,
    run,
    same,
    unanswered,
    wrong_entries,
)
from nnmath.exercises.slips import forgotten_return, ignores, misread, plain, wrote_outside

NOT_YET = "not answered yet"


def verdict(exercise: Exercise, answer: Any) -> str:
    """Return what to print about this answer: one line, or a few for the first wrong entry.

    What the answer itself printed, on the first hidden input, stands above.
    """
    if exercise.inputs is None or not callable(answer):
        return _judged(exercise, answer)
    guarded = Guarded(answer)
    said = _judged(exercise, guarded)
    if not guarded.printed or NOT_YET in said:
        return said
    return f"{guarded.printed}\n{said}"


def _judged(exercise: Exercise, answer: Any) -> str:
    if unanswered(answer, Outcome(value=answer)):
        return f"{exercise.id}: {NOT_YET}."
    misuse = _wrong_kind_of_answer(exercise, answer)
    if misuse:
        return f"{exercise.id} ✗ {misuse}"
    if exercise.inputs is not None:
        first = run(answer, exercise.hidden[0][0], exercise.arguments)
        if unanswered(answer, first):
            right_one = run(exercise.reference, exercise.hidden[0][0], exercise.arguments)
            done = half_filled(exercise, first.value, right_one.value)
            return f"{exercise.id}: {NOT_YET}{f': {done}' if done else ''}."
    given = results(answer, exercise)
    right = results(exercise.reference, exercise)
    fault = _fault(exercise, answer, given, right)
    if fault:
        return f"{exercise.id} ✗ {fault}"
    on = f": equal on {len(right)} hidden inputs" if exercise.inputs is not None else ""
    notes = shell_note(given[0].shell) + _note(given)
    return f"{exercise.id} ✓ right{on}. {exercise.why}{notes}".rstrip()


def _wrong_kind_of_answer(exercise: Exercise, answer: Any) -> str:
    if exercise.inputs is None:
        return "Here a value is asked for, not a function." if callable(answer) else ""
    if not callable(answer):
        return (
            "The checker needs the function itself, so that it can try other inputs. Give its name "
            "alone, without brackets and arguments."
        )
    try:
        signature = inspect.signature(answer)
    except (TypeError, ValueError):  # some functions written in C have no signature
        return ""
    wanted = exercise.arguments
    try:
        signature.bind(*wanted)
    except TypeError:
        own = ", ".join(signature.parameters) or "none"
        return (
            f"Your function is called with {_count(len(wanted), 'argument')} "
            f"({', '.join(wanted)}), but the ones in its first line are: {own}."
        )
    return ""


def _fault(
    exercise: Exercise, answer: Any, given: list[Outcome], right: list[Outcome]
) -> str | None:
    """Return what is wrong, or None. The first reason that fits is the one to tell."""
    changed = next((g.changed for g in given if g.changed), ())
    pairs = [(g, r.value) for g, r in zip(given, right, strict=True)]
    if all(g.error is None and same(g.value, r) for g, r in pairs):
        return (
            _in_place(changed, "The numbers are right, but")
            or _dtype(given)
            or wrote_outside(answer, getattr(answer, "written", ()))
        )
    for mistake in all_mistakes(exercise):
        if does_the_same(given, mistake.answer, exercise):
            return mistake.diagnosis + _in_place(changed, " Also,")
    ended = [pair for pair in pairs if pair[0].error is None]
    symptom = (
        plain(exercise, answer, given, right)
        or _no_return(answer, given)
        or (ended and (_wrong_number_of_results(exercise, [g for g, _ in ended])))
        or (ended and _wrong_order(exercise, ended))
        or (ended and _wrong_layers(exercise, ended))
        or (ended and _wrong_type([g for g, _ in ended]))
        or (ended and _short_floats(ended))
        or other_convention(exercise, answer, given, right)
        or _searched(exercise, answer, pairs)
        or stopped(exercise, answer, given)
        or _not_finite(exercise, pairs)
        or misread(exercise, answer, given, right)
        or ignores(exercise, answer, given, _ignored(exercise, answer))
    )
    outside = _outside(answer)
    if not symptom and not outside and not changed:  # else that is to be mended first
        symptom = _wrong_shape(exercise, pairs) or _first_wrong_entry(exercise, pairs)
    start = _in_place(changed, "First,") + (" " if changed else "")
    return f"{start}{outside}{symptom or ''}".strip()


def _searched(exercise: Exercise, answer: Any, pairs: list[tuple[Outcome, Any]]) -> str:
    """Return the mistake that a search finds: see the modules search, follow, repair, relations."""
    if exercise.inputs is None:
        return ""
    inputs = [arguments for arguments, _ in exercise.hidden]
    values: list[Any] = [g.value if g.error is None else search.FAILED for g, _ in pairs]
    solutions = exercise.solutions
    for solution in solutions:
        variant = search.one_change(solution, inputs, values)
        if variant:
            return f"Your numbers are those that come out when {variant.words}."
    for solution in solutions:
        habit = search.one_habit(solution, inputs, values)
        if habit:
            return f"Your numbers are those that come out when {habit}."
    ended = [k for k, value in enumerate(values) if value is not search.FAILED]
    marking = ""
    if exercise.returns and ended:
        for solution in solutions:
            marking, all_named = follow.marked(
                solution, exercise.returns, [inputs[k] for k in ended], [values[k] for k in ended]
            )
            if all_named:
                return marking
    right = [r for _, r in pairs]
    place = repair.one_place(answer, inputs, right)
    if place:
        return f"{marking} {place}".strip()
    if len(ended) == len(pairs) and not exercise.returns:
        known = _known(exercise, inputs)
        said = relations.relation(values, right, known) or _one_example(exercise, values)
        if said:
            return said
    for solution in solutions:
        two = search.two_changes(solution, inputs, values) or search.two_in_one_step(
            solution, inputs, values
        )
        if two:
            first, second = two
            return (
                "Two slips together give your numbers: they come out when "
                f"{first.words}, and {second.words}."
            )
    if marking:
        return f"{marking} {_wrong_shape(exercise, pairs) or _first_wrong_entry(exercise, pairs)}"
    return ""


def _one_example(exercise: Exercise, values: list[Any]) -> str:
    """Say so when an answer is right for one example of the batch, as if there were no other."""
    if not exercise.batch:
        return ""
    names = exercise.arguments
    inputs = [dict(zip(names, arguments, strict=True)) for arguments, _ in exercise.hidden]
    counts = [np.shape(given[exercise.batch])[1] for given in inputs]
    wide = [
        name
        for name in names
        if all(
            np.ndim(given[name]) == 2 and np.shape(given[name])[1] == m
            for given, m in zip(inputs, counts, strict=True)
        )
    ]
    for said, part in (("first", slice(0, 1)), ("last", slice(-1, None))):
        alone = [
            exercise.reference(*(v[:, part] if n in wide else v for n, v in given.items()))
            for given in inputs
        ]
        if all(same(value, one) for value, one in zip(values, alone, strict=True)) or all(
            same(value, one / m) if np.ndim(one) < 2 or np.shape(one)[1] > 1 else False
            for value, one, m in zip(values, alone, counts, strict=True)
        ):
            return (
                f"Your result is that of the {said} example alone. Does the loop end too early (a "
                "return inside it), or does = stand in it where += belongs?"
            )
    return ""


def _known(exercise: Exercise, inputs: list[tuple[Any, ...]]) -> list[dict[str, Any]]:
    """Return, for each input, its arguments and what a solution computes on its way."""
    known = [dict(zip(exercise.arguments, arguments, strict=True)) for arguments in inputs]
    for solution in exercise.solutions[:1]:
        names = [n for step in solution.names[:-1] for n in step]
        with search.quiet():
            for space, arguments in zip(known, inputs, strict=True):
                ran = solution.run(arguments)
                space |= {n: ran[n] for n in names[:-1] if n not in space}
    return known


def _no_return(answer: Any, given: list[Outcome]) -> str:
    if not any(g.value is None and g.error is None for g in given):
        return ""
    return forgotten_return(answer)


def _wrong_number_of_results(exercise: Exercise, given: list[Outcome]) -> str:
    wanted = exercise.returns
    for value in (g.value for g in given):
        got = len(value) if isinstance(value, tuple) else 1
        if isinstance(value, tuple) and not wanted:
            return f"One result is asked for, and yours are {got}, separated by commas."
        if wanted and (not isinstance(value, tuple) or got != len(wanted)):
            return (
                f"{_count(len(wanted), 'result')} are asked for, {' and '.join(wanted)}; your "
                f"function returns {got}. Look at its return line."
            )
    return ""


def _wrong_order(exercise: Exercise, pairs: list[tuple[Outcome, Any]]) -> str:
    """Say so when all results are there, each once, in another order on every input."""
    if not exercise.returns:
        return ""
    for g, right in pairs:
        left = list(g.value)
        for part in right:
            k = next((k for k, value in enumerate(left) if same(value, part)), None)
            if k is None:
                return ""
            left.pop(k)
    return (
        "The results are right, but in another order than asked for. The order is "
        f"{', '.join(exercise.returns)}."
    )


def _wrong_layers(exercise: Exercise, pairs: list[tuple[Outcome, Any]]) -> str:
    for k, (g, right) in enumerate(pairs):
        for name, x, y in _results(exercise, g.value, right):
            if not isinstance(y, Mapping):
                if isinstance(x, Mapping):
                    return _needs_numbers(type(x).__name__)
                continue
            wanted = f"the layers {min(y)} to {max(y)}"
            if not isinstance(x, Mapping):
                kind = type(x).__name__
                return f"{name} must be a dict keyed by {wanted}; yours is of the type {kind}."
            if set(x) != set(y):
                got = ", ".join(map(str, x)) or "none"
                return (
                    f"{name} needs {wanted} as its keys; yours has {got}. Look at the first and "
                    f"the last layer of your loop.{_shapes(exercise, k, ' The input: ')}"
                )
    return ""


def _wrong_type(given: list[Outcome]) -> str:
    for value in (part for g in given for part in _parts(g.value)):
        if numbers(value) is None:
            array = isinstance(value, np.ndarray)
            kind = value.dtype.name if array else type(value).__name__
            return _needs_numbers(kind)
    return ""


def _needs_numbers(kind: str) -> str:
    return f"The result must be made of real numbers; yours is of the type {kind}."


def _dtype(given: list[Outcome]) -> str:
    """Say what is odd about right numbers: a type that holds more or less than a float."""
    for value in _parts(given[0].value):
        dtype = np.asarray(value).dtype
        if dtype.kind not in "biu" and dtype != np.float64:
            return f"The numbers are right, but their type is {dtype}; float64 is needed."
    return ""


def _short_floats(pairs: list[tuple[Outcome, Any]]) -> str:
    if any(np.asarray(v).dtype in (np.float32, np.float16) for v in _parts(pairs[0][0].value)):
        if all(same(g.value, r, close=1e-2) for g, r in pairs):
            dtype = np.asarray(_parts(pairs[0][0].value)[0]).dtype
            return (
                f"The numbers are right to a few digits only: their type is {dtype}. Leave them as "
                "they come, in float64."
            )
    return ""


def _ignored(exercise: Exercise, answer: Any) -> tuple[str, ...]:
    return () if exercise.inputs is None else ignored_arguments(answer, exercise)


def _wrong_shape(exercise: Exercise, pairs: list[tuple[Outcome, Any]]) -> str:
    for k, (g, right) in enumerate(pairs):
        for name, x, y in _named(exercise, g.value, right):
            if np.shape(x) == np.shape(y):
                continue
            mine, true = (str(np.shape(v)) if np.ndim(v) else "a single number" for v in (x, y))
            reshaped = same(np.ravel(x), np.ravel(y))
            of = f" of {name}" if name else ""
            start = f"The numbers{of} are right, but not the shape"
            start = start if reshaped else f"The shape{of} is wrong"
            if np.ndim(x) == 2 and same(np.transpose(x), y) and 1 not in np.shape(y):
                start = f"The numbers{of} are right, but rows and columns have changed places"
            return (
                f"{start}: yours is {mine}, the right one is {true}."
                f"{_shapes(exercise, k, ' The input: ')}"
            )
    return ""


def _not_finite(exercise: Exercise, pairs: list[tuple[Outcome, Any]]) -> str:
    for k, (g, right) in enumerate(pairs):
        for name, x, y in _named(exercise, g.value, right):
            x, y = np.asarray(numbers(x)), np.asarray(numbers(y))
            if x.shape != y.shape:
                continue
            bad = ~np.isfinite(x) & np.isfinite(y)
            if bad.any():
                entry = tuple(int(i) for i in np.argwhere(bad)[0])
                said = f" On the way numpy warned: {g.warned[0]}." if g.warned else ""
                return (
                    f"The result{' ' + name if name else ''} is {x[entry]}{_entry(entry)}, and "
                    f"should be {y[entry]:.6g}.{said} Such a value comes from log 0, 0/0, ∞ − ∞ or "
                    "0 · ∞: look for the step where one of them can arise."
                    f"{_input(exercise, k)}"
                )
    return ""


def _first_wrong_entry(exercise: Exercise, pairs: list[tuple[Outcome, Any]]) -> str:
    for k, (g, right) in _smallest_first(exercise, pairs):
        for name, x, y in _named(exercise, g.value, right):
            if same(x, y):
                continue
            x, y = np.asarray(numbers(x)), np.asarray(numbers(y))
            entry = tuple(int(i) for i in np.argwhere(wrong_entries(x, y))[0])
            mine, true = show_pair(x[entry], y[entry])
            of = f" of {name}" if name else ""
            return (
                f"The first wrong number{of} is{_entry(entry) or ' this'}: "
                f"yours is {mine}, right is {true}.{_input(exercise, k)}"
            )
    return "The result is not the right one."


def _smallest_first(
    exercise: Exercise, pairs: list[tuple[Outcome, Any]]
) -> list[tuple[int, tuple[Outcome, Any]]]:
    """Return the hidden inputs with their numbers, those first that are quickly read."""

    def size(numbered: tuple[int, Any]) -> int:
        arguments, _ = exercise.hidden[numbered[0]]
        return sum(int(np.size(part)) for value in arguments for part in _parts(value))

    return sorted(enumerate(pairs), key=size)


def _outside(answer: Any) -> str:
    names = data_from_outside(answer)
    if not names:
        return ""
    return (
        f"Your function reads {' and '.join(names)} from the notebook, where it belongs to other "
        "data; compute it from the arguments. "
    )


def _in_place(changed: tuple[str, ...], start: str) -> str:
    if not changed:
        return ""
    name = changed[0]
    return (
        f"{start} your function changed the {' and '.join(changed)} that it was given. "
        f"{name} -= … and {name}[…] = … write into the caller's array; {name} = {name} - … makes a "
        "new one."
    )


def _note(given: list[Outcome]) -> str:
    said = next((g.warned[0] for g in given if g.warned), "")
    if not said:
        return ""
    return f" One note: numpy warned on the way ({said}). The result survived it."


def _parts(value: Any) -> tuple[Any, ...]:
    if isinstance(value, tuple):
        return tuple(part for each in value for part in _parts(each))
    return tuple(value.values()) if isinstance(value, Mapping) else (value,)


def _results(exercise: Exercise, value: Any, right: Any) -> list[tuple[str, Any, Any]]:
    """Return (name, given, right) of each result."""
    if not exercise.returns:
        return [("", value, right)]
    return list(zip(exercise.returns, value, right, strict=True))


def _named(exercise: Exercise, value: Any, right: Any) -> list[tuple[str, Any, Any]]:
    """Return (name, given, right) of each array; those of a dict are named by their layer."""
    named = []
    for name, x, y in _results(exercise, value, right):
        if isinstance(y, Mapping):
            named += [(f"{name}[{l}]", x[l], y[l]) for l in y]
        else:
            named.append((name, x, y))
    return named


def _entry(entry: tuple[int, ...]) -> str:
    return f" in entry [{', '.join(map(str, entry))}]" if entry else ""


def _count(n: int, noun: str) -> str:
    return f"{n} {noun}{'' if n == 1 else 's'}"


def _shapes(exercise: Exercise, k: int, start: str) -> str:
    if exercise.inputs is None:
        return ""
    pairs = zip(exercise.arguments, exercise.hidden[k][0], strict=True)
    return f"{start}{', '.join(_shape(name, value) for name, value in pairs)}."


def _shape(name: str, value: Any) -> str:
    if isinstance(value, Mapping):
        arrays = [(l, v) for l, v in value.items() if not callable(v)]
        return ", ".join(_shape(f"{name}[{l}]", v) for l, v in arrays) or f"{name} {_text(value)}"
    return f"{name} {np.shape(value)}" if np.ndim(value) else f"{name} = {_text(value)}"


def _input(exercise: Exercise, k: int) -> str:
    """Show the hidden input in a form that can be pasted into a cell."""
    if exercise.inputs is None:
        return ""
    lines = []
    for name, value in zip(exercise.arguments, exercise.hidden[k][0], strict=True):
        text = _text(value).replace("\n", "\n" + " " * len(f"  {name} = "))
        lines.append(f"  {name} = {text}")
    return " The hidden input was\n" + "\n".join(lines)


def _text(value: Any) -> str:
    if isinstance(value, Mapping):
        parts = (f"{l}: {_text(v)}".replace("\n", "\n" + " " * 4) for l, v in value.items())
        between = ", " if all(map(callable, value.values())) else ",\n "
        return "{" + between.join(parts) + "}"
    if callable(value):
        return f"{value!r}".replace("nnmath.", "nn.")
    if not np.ndim(value):
        return f"{value:g}"
    text = np.array2string(
        np.asarray(value), separator=", ", formatter={"float_kind": lambda v: f"{v:5g}"}
    ).strip()
    return "np.array(" + text.replace("\n", "\n" + " " * len("np.array(")) + ")"
