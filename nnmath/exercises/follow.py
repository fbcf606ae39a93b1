"""Mark an answer of several results as a good teacher does: with follow-through.

Which results are right, which is the first wrong one and what is its mistake, and which of the
later ones follow rightly from the learner's own earlier values.
"""

from __future__ import annotations

import ast
from collections.abc import Sequence
from typing import Any

import numpy as np

from nnmath.exercises.relations import relation
from nnmath.exercises.running import numbers, same
from nnmath.exercises.search import Arguments, Solution, one_change, quiet


def marked(
    solution: Solution,
    names: Sequence[str],
    inputs: Sequence[Arguments],
    values: Sequence[tuple[Any, ...]],
) -> tuple[str, bool]:
    """Return the marking in words, and whether it names the mistake of each wrong result.

    Args:
        solution: the right answer; its last step returns the results by name.
        names: what the exercise calls the results, in the order of the return line.
        inputs: the hidden inputs on which the answer ended.
        values: the results on each of them, as many as there are names.
    """
    own = _returned(solution)
    if own is None or any(numbers(v) is None for row in values for v in row):
        return "", False
    with quiet():
        right = [solution.run(arguments) for arguments in inputs]
    spoken = dict(zip(own, names, strict=True))
    mine = {name: [row[k] for row in values] for k, name in enumerate(own)}
    order = sorted(dict.fromkeys(own), key=lambda name: _step(solution, name))
    good = [n for n in order if _equal(mine[n], [space[n] for space in right])]
    changed: dict[int, Any] = {}
    held: list[str] = []
    faults: list[tuple[str, str]] = []
    followed: list[str] = []
    for name in order:
        upto = _step(solution, name)
        kept = [{n: mine[n][k] for n in held} for k in range(len(inputs))]
        with quiet():
            try:
                runs = [
                    solution.run(arguments, changed, keep)
                    for arguments, keep in zip(inputs, kept, strict=True)
                ]
            except Exception:
                runs = []
        if runs and _equal(mine[name], [space[name] for space in runs]):
            if name not in good:
                followed.append(name)
            continue
        found = one_change(
            solution,
            inputs,
            mine[name],
            lambda space, name=name: space[name],  # type: ignore[misc]
            kept,
            upto,
            changed,
        )
        if found is not None:
            changed[found.step] = found.code
            faults.append((name, f"this is what comes out when {found.words}"))
        else:
            before = runs or right
            truth = [space[name] for space in before]
            said = relation(mine[name], truth, [_seen(solution, s, upto) for s in before])
            faults.append((name, said[:1].lower() + said[1:].rstrip(".") if said else ""))
            held.append(name)
    if not faults or not (good or followed or any(why for _, why in faults)):
        return "", False
    parts = []
    if good:
        verb = "is" if len(good) == 1 else "are"
        parts.append(f"{_listed([spoken[n] for n in good])} {verb} right.")
    (first, why), *others = faults
    start = "The first wrong one" if len(order) > len(good) + 1 else "The wrong one"
    parts.append(f"{start} is {spoken[first]}" + (f": {why}." if why else "."))
    later = [n for n in followed if _step(solution, n) > _step(solution, first)]
    if later and not others:
        parts.append(f"From your {spoken[first]} on, everything is right.")
    elif later:
        follow = "follows" if len(later) == 1 else "follow"
        parts.append(f"{_listed([spoken[n] for n in later])} {follow} rightly from there.")
    for name, reason in others:
        if reason and reason != why:
            parts.append(f"{spoken[name]} is wrong by itself: {reason}.")
    silent = [spoken[name] for name, reason in others if not reason]
    if silent:
        parts.append(f"Then look at {_listed(silent)}.")
    return " ".join(parts), bool(why)


def _returned(solution: Solution) -> tuple[str, ...] | None:
    """Return the names in the last step, None unless it returns several names."""
    last = solution.steps[-1]
    value = last.value if isinstance(last, ast.Assign) else None
    if not isinstance(value, ast.Tuple):
        return None
    names = [part.id for part in value.elts if isinstance(part, ast.Name)]
    return tuple(names) if len(names) == len(value.elts) else None


def _step(solution: Solution, name: str) -> int:
    return next(k for k, names in enumerate(solution.names) if name in names)


def _equal(mine: Sequence[Any], other: Sequence[Any]) -> bool:
    return all(same(a, b) for a, b in zip(mine, other, strict=True))


def _seen(solution: Solution, space: dict[str, Any], upto: int) -> dict[str, Any]:
    """Return the arguments and the names that are computed before a step."""
    known = [*solution.arguments, *(n for names in solution.names[:upto] for n in names)]
    return {
        n: space[n] for n in dict.fromkeys(known) if isinstance(space.get(n), np.ndarray | float)
    }


def _listed(names: Sequence[str]) -> str:
    return " and ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)
