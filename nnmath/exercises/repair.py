"""Find the one place in an answer's own source that makes it wrong.

The same small changes that turn a solution into a wrong program (`nnmath._changes`) are made in the
answer itself. If one of them makes it right on every hidden input, then all but that place is
right, and the learner is shown the line and what to ask there; not the line that would be right.
"""

from __future__ import annotations

import ast
import contextlib
import copy
import functools
import inspect
import io
import textwrap
import types
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from nnmath import _changes
from nnmath.exercises.running import same
from nnmath.exercises.search import Arguments, quiet

MOST = 400  # changes tried
ASK = {
    "axis": "Over which axis must this run?",
    "keepdims": "Which shape does this have, and which one is needed?",
    "transpose": "Write the shape of each factor below it: which one has to be turned round?",
    "sign": "Follow the signs through this place.",
    "comparison": "Which side of the border counts here, and does the border itself?",
    "name": "Is this the array that the formula has here?",
    "number": "Is this the number that the formula has here?",
    "loop": "Where does the loop begin and end, and what is left of each round?",
    "function": "Is this the function that the formula has here, and how often is it applied?",
    "order": "Here the order counts.",
    "product": "Is this a product of matrices, or one entry by entry?",
    "factor": "A factor is missing here, or there is one too many.",
    "sum": "A term is missing here, or there is one too many.",
    "brackets": "Python multiplies before it adds: which part belongs in brackets?",
    "power": "Which power does the formula have here?",
    "count": "What does this number count, and what should it count?",
    "layer": "Which layer belongs here?",
}
NO_AXIS = ("sum", "mean", "max", "min", "prod", "argmax", "argmin", "all", "any")


def one_place(answer: Callable[..., Any], inputs: Sequence[Arguments], right: Sequence[Any]) -> str:
    """Return what to say of the one wrong place of an answer, nothing if there is no such place."""
    tree = source_of(answer)
    if tree is None or any(isinstance(node, ast.While) for node in ast.walk(tree)):
        return ""
    first = tree.lineno
    outside = {**answer.__globals__, **_closed_over(answer)}
    for tried, change in enumerate(_candidates(tree)):
        if tried >= MOST:
            return ""
        function = _function(tree, change, outside)
        if function is not None and _is_right(function, inputs, right):
            line = getattr(change.old, "lineno", first) - first
            lines = getattr(tree, "end_lineno", first) - first
            where = f"in line {line + 1} of your function, " if lines else ""
            old = change.old
            shown = "" if isinstance(old, ast.stmt) else f"`{_short(_changes.text(old))}`"
            place = (where + (f"at {shown}" if shown else "")).rstrip(", ")
            return (
                f"Everything is right but one place, {place or 'in its loop'}. {ASK[change.kind]}"
            )
    return ""


def _short(text: str) -> str:
    return text if len(text) <= 50 else text[:47] + "..."


@functools.lru_cache(maxsize=32)
def _parsed(source: str) -> ast.Module | None:
    try:
        return ast.parse(source)
    except (SyntaxError, ValueError):
        return None


def source_of(answer: Any) -> ast.FunctionDef | None:
    """Return the source of a function as a tree, None where it cannot be had; of a lambda too."""
    code = getattr(answer, "__code__", None)
    if code is None:
        return None
    try:
        lines, _ = inspect.findsource(inspect.unwrap(answer))
        module = _parsed("".join(lines)) or _parsed(
            textwrap.dedent(inspect.getsource(inspect.unwrap(answer)))
        )
    except (OSError, TypeError, IndexError):
        return None
    if module is None:
        return None
    wanted = code.co_varnames[: code.co_argcount]
    found = []
    for node in ast.walk(module):
        if isinstance(node, ast.FunctionDef) and node.name == code.co_name:
            begins = min([node.lineno, *(d.lineno for d in node.decorator_list)])
            if begins == code.co_firstlineno or len(module.body) == 1:
                found.append(node)
        elif isinstance(node, ast.Lambda) and code.co_name == "<lambda>":
            inside = [p for p in code.co_positions() if p[0] and p[2] != p[3]]
            if inside and all(_covers(node.body, p) for p in inside):
                result = ast.Return(node.body)
                made = ast.FunctionDef("answer", node.args, [result], [])
                ast.copy_location(result, node.body)
                ast.copy_location(made, node)
                found.append(ast.fix_missing_locations(made))
    matching = [node for node in found if tuple(a.arg for a in node.args.args) == wanted]
    return matching[-1] if matching else None


def _covers(node: ast.expr, position: tuple[Any, ...]) -> bool:
    line, end_line, column, end_column = position
    return (node.lineno, node.col_offset) <= (line, column) and (
        end_line,
        end_column,
    ) <= (node.end_lineno, node.end_col_offset)


def _closed_over(answer: Callable[..., Any]) -> dict[str, Any]:
    cells = getattr(answer, "__closure__", None) or ()
    names = answer.__code__.co_freevars
    found = {}
    for name, cell in zip(names, cells, strict=True):
        with contextlib.suppress(ValueError):  # an empty cell
            found[name] = cell.cell_contents
    return found


def _candidates(tree: ast.FunctionDef) -> Iterator[_changes.Change]:
    """Give every change of the body, and what may be missing from it."""
    names = [argument.arg for argument in tree.args.args]
    for node in ast.walk(tree):
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store) and node.id not in names:
            names.append(node.id)
    for statement in tree.body:
        yield from _changes.changes(statement, names)
        for node in _changes.walk(statement):
            yield from _additions(node, tree)


def _additions(node: ast.AST, tree: ast.FunctionDef) -> Iterator[_changes.Change]:
    """Give what a learner may have left out: an axis, keepdims, the division by m, a minus."""
    if isinstance(node, ast.Call):
        func, keys = node.func, node.keywords
        name = func.attr if isinstance(func, ast.Attribute) else ""
        given = {key.arg for key in keys}
        if name in NO_AXIS and len(node.args) <= 1:
            keep = [ast.keyword("keepdims", ast.Constant(True))]
            if "keepdims" not in given and "axis" in given:
                yield _changes.Change("keepdims", "", node, ast.Call(func, node.args, keys + keep))
            if "axis" not in given:
                for axis in (0, 1):
                    along = [ast.keyword("axis", ast.Constant(axis)), *keys]
                    yield _changes.Change("axis", "", node, ast.Call(func, node.args, along))
                    if "keepdims" not in given:
                        wide = ast.Call(func, node.args, along + keep)
                        yield _changes.Change("axis", "", node, wide)
    value = node.value if isinstance(node, ast.Assign | ast.Return) else None
    if value is not None and not isinstance(value, ast.Tuple | ast.List | ast.Dict):
        values = [value]
    elif isinstance(value, ast.Tuple | ast.List):
        values = list(value.elts)
    else:
        values = []
    for one in values:
        yield _changes.Change("sign", "", one, ast.UnaryOp(ast.USub(), one))
        yield _changes.Change("transpose", "", one, ast.Attribute(one, "T", ast.Load()))
        for argument in tree.args.args:
            count = ast.parse(f"np.shape({argument.arg})[1]", mode="eval").body
            for op in (ast.Div(), ast.Mult()):
                yield _changes.Change("factor", "", one, ast.BinOp(one, op, count))
            factor = ast.Name(argument.arg, ast.Load())
            yield _changes.Change("factor", "", one, ast.BinOp(one, ast.Mult(), factor))


def _function(
    tree: ast.FunctionDef, change: _changes.Change, outside: dict[str, Any]
) -> Callable[..., Any] | None:
    """Return the function with the change made, None where that is no Python."""
    import numpy as np

    memo = {id(change.old): change.new}
    changed = copy.deepcopy(tree, memo)
    changed.decorator_list, changed.returns = [], None
    for argument in changed.args.args:
        argument.annotation = None
    module = ast.fix_missing_locations(ast.Module([changed], []))
    space: dict[str, Any] = {"np": np, **outside}
    try:
        exec(compile(module, "<an answer, changed>", "exec"), space)
    except Exception:
        return None
    function = space[changed.name]
    return function if isinstance(function, types.FunctionType) else None


def _is_right(
    function: Callable[..., Any], inputs: Sequence[Arguments], right: Sequence[Any]
) -> bool:
    with quiet(), contextlib.redirect_stdout(io.StringIO()):
        for arguments, value in zip(inputs, right, strict=True):
            try:
                found = function(*copy.deepcopy(arguments))
            except Exception:
                return False
            if not same(found, value):
                return False
    return bool(right)
