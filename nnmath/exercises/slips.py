# ruff: noqa: ARG001  (each look is given all there is, used or not)
"""Slips of Python in an answer that ran and is wrong: what stands in which line, and the fix.

Each is seen by looking at how the answer is written, so that without its source little is said.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Mapping
from typing import Any

import numpy as np

from nnmath.exercises import source
from nnmath.exercises.records import Exercise
from nnmath.exercises.running import Outcome, data_from_outside, numbers, same
from nnmath.exercises.source import text, where


def plain(exercise: Exercise, answer: Any, given: list[Outcome], right: list[Outcome]) -> str:
    """Say which slip stands in a wrong answer that does never what was meant; "" where none is."""
    return next((t for look in PLAIN if (t := look(exercise, answer, given, right))), "")


def misread(exercise: Exercise, answer: Any, given: list[Outcome], right: list[Outcome]) -> str:
    """Say what in a wrong answer may be a slip, where no other reason is found; or ""."""
    return next((t for look in LOOKS if (t := look(exercise, answer, given, right))), "")


def _loops_with_return(exercise: Exercise, answer: Any, *_: Any) -> str:
    root = source.tree(answer)
    if not isinstance(root, ast.FunctionDef):
        return ""
    for loop in source.nodes(answer, ast.For, ast.While):
        last = loop.body[-1]
        if isinstance(last, ast.Return):
            return (
                f"{where(last)}: this return stands inside the loop of line {loop.lineno}, so "
                "that the "
                "function ends after one round. Move it to the left, below the loop."
            )
    return ""


def _power(_exercise: Exercise, answer: Any, *_: Any) -> str:
    for node in source.nodes(answer, ast.BinOp):
        if isinstance(node.op, ast.BitXor):
            return (
                f"{where(node)}, {text(node)}: in Python ^ is not a power. A power is written **."
            )
    return ""


def _kept_nowhere(_exercise: Exercise, answer: Any, *_: Any) -> str:
    for node in source.nodes(answer, ast.Expr):
        value = node.value
        if isinstance(value, ast.Compare) and isinstance(value.ops[0], ast.Eq):
            return (
                f"{where(node)}, {text(value)}: == asks whether two things are equal, and the "
                "answer is "
                "kept nowhere. A value gets a name with a single =."
            )
        pure = isinstance(value, ast.BinOp | ast.UnaryOp | ast.Attribute | ast.Name | ast.Compare)
        pure = pure or bool(
            isinstance(value, ast.Call)
            and re.match(
                r"np\.(exp|log|maximum|minimum|sum|dot|where|clip|tanh|round)\b", text(value)
            )
            and not any(k.arg == "out" for k in value.keywords)
        )
        if pure:
            return (
                f"{where(node)}, {text(value)}: the result is computed and kept nowhere. Give it "
                "a name, "
                "or return it."
            )
    return ""


def _sign_after_equals(_exercise: Exercise, answer: Any, *_: Any) -> str:
    for node in source.nodes(answer, ast.Assign):
        value = node.value
        if (
            isinstance(value, ast.UnaryOp)
            and isinstance(value.op, ast.UAdd)
            and isinstance(node.targets[0], ast.Name | ast.Subscript)
        ):
            return f"{where(node)}, {text(node)}: =+ sets a new value. To add, write +=."
    return ""


def _two_names(_exercise: Exercise, answer: Any, *_: Any) -> str:
    for node in source.nodes(answer, ast.Assign):
        made = node.value
        mutable = isinstance(made, ast.Dict | ast.List) or (
            isinstance(made, ast.Call)
            and re.match(r"(np\.(zeros|ones|empty)|dict\b|list\b)", text(made))
        )
        if mutable and len(node.targets) > 1:
            names = " and ".join(map(text, node.targets))
            kind = "dict" if text(made) in ("{}", "dict()") else "object"
            return (
                f"{where(node)}, {text(node)}: {names} are two names for one {kind}, so that what "
                "is "
                "written into one stands in the other. Make one for each."
            )
    return ""


def _second_name(exercise: Exercise, answer: Any, given: list[Outcome], *_: Any) -> str:
    changed = {name for g in given for name in g.changed}
    for node in source.nodes(answer, ast.Assign):
        target, value = node.targets[0], node.value
        names = source.names_read(value)
        view = isinstance(value, ast.Name) or text(value) in {f"{n}.T" for n in names}
        view = view or (isinstance(value, ast.Subscript) and isinstance(value.value, ast.Name))
        if isinstance(target, ast.Name) and view and names & changed:
            return (
                f"{where(node)}, {text(node)}: {target.id} is a second name for the numbers of "
                f"{text(value)}, not a copy: what is written into one stands in the other. A copy "
                "is "
                f"{text(value)}.copy()."
            )
    return ""


def _identity(_exercise: Exercise, answer: Any, *_: Any) -> str:
    for node in source.nodes(answer, ast.Compare):
        plain = all(isinstance(c, ast.Constant) and c.value is None for c in node.comparators)
        if any(isinstance(op, ast.Is | ast.IsNot) for op in node.ops) and not plain:
            return (
                f"{where(node)}, {text(node)}: is asks whether two names stand for one object, "
                "and two "
                "arrays never do. Equal numbers are asked for with ==, entry by entry."
            )
    return ""


def _rounded(exercise: Exercise, answer: Any, given: list[Outcome], right: list[Outcome]) -> str:
    if exercise.returns or any(numbers(g.value) is None for g in given):
        return ""
    if np.asarray(right[0].value).dtype.kind != "f":
        return ""
    for digits in range(9):
        if all(same(g.value, np.round(r.value, digits)) for g, r in zip(given, right, strict=True)):
            how = "no decimals" if digits == 0 else f"{digits} decimal{'s' * (digits > 1)}"
            return (
                f"The result is rounded to {how}. Give all digits back: what comes after it "
                "computes "
                "with them."
            )
    return ""


def fixed_size(answer: Any) -> str:
    """Name a size that is written as a number; the hidden inputs have several."""
    for node in source.nodes(answer, ast.Call):
        name = text(node.func)
        sized = name in ("range", "np.eye", "np.zeros", "np.ones", "np.empty", "np.identity")
        sizes = [
            n
            for a in node.args
            for n in ([a] if isinstance(a, ast.Constant) else getattr(a, "elts", []))
            if isinstance(n, ast.Constant) and isinstance(n.value, int) and n.value > 1
        ]
        if sized and sizes:
            return (
                f" {where(node)}, {text(node)}: the size {text(sizes[0])} is fixed, and the hidden "
                "inputs have other sizes. Take it from the shape of an argument."
            )
    for node in source.nodes(answer, ast.BinOp):
        side = node.right
        if (
            isinstance(node.op, ast.Div)
            and isinstance(side, ast.Constant)
            and side.value in (3, 4, 5, 6)
        ):
            return (
                f" {where(node)}, {text(node)}: the number {text(side)} is fixed. If it counts "
                "examples "
                "or units, take it from the shape of an argument; the hidden inputs have other "
                "sizes."
            )
    for node in source.nodes(answer, ast.Assign):
        value = node.value
        if isinstance(value, ast.Constant) and type(value.value) is int and value.value > 1:
            return (
                f" {where(node)}, {text(node)}: the number is fixed. If it counts examples or "
                "units, "
                "take it from the shape of an argument; the hidden inputs have other sizes."
            )
    return ""


def _sized(_exercise: Exercise, answer: Any, *_: Any) -> str:
    return fixed_size(answer).strip()


def _nearly(_exercise: Exercise, answer: Any, given: list[Outcome], right: list[Outcome]) -> str:
    for node in source.nodes(answer, ast.Call):
        name = text(node.func)
        if name in ("np.clip", "np.nan_to_num") or name.endswith(".clip"):
            what = (
                "cuts off large and small numbers" if "clip" in name else "writes over inf and NaN"
            )
            return (
                f"{where(node)}, {text(node)}: this {what}, and the result is off wherever it "
                "does. Find "
                "the step that goes out of bounds, and write it so that it cannot."
            )
    for node in _guarded_sums(answer):
        for side in (node.left, node.right):
            if (
                isinstance(side, ast.Constant)
                and isinstance(side.value, float)
                and 0 < side.value < 1e-2
            ):
                return (
                    f"{where(node)}, {text(node)}: the {side.value:g} keeps the logarithm or the "
                    "division from ∞, and changes the result everywhere else: the slope is no "
                    "longer "
                    "that of this cost. The cure is to compute from the logits."
                )
    for node in source.nodes(answer, ast.Constant):
        if isinstance(node.value, float) and 2.7 < node.value < 2.72:
            return f"{where(node)}: {node.value} is e to a few digits only. np.exp(z) has them all."
    return ""


def _guarded_sums(answer: Any) -> list[ast.BinOp]:
    """Return the sums below a logarithm or a fraction."""
    inside = [n for n in source.nodes(answer, ast.Call) if "log" in text(n.func)]
    below = [n.right for n in source.nodes(answer, ast.BinOp) if isinstance(n.op, ast.Div)]
    found = [m for n in [*inside, *below] for m in ast.walk(n) if isinstance(m, ast.BinOp)]
    return [n for n in found if isinstance(n.op, ast.Add | ast.Sub)]


def _whole_numbers(_exercise: Exercise, answer: Any, *_: Any) -> str:
    for node in source.nodes(answer, ast.BinOp, ast.AugAssign):
        if isinstance(node.op, ast.FloorDiv):
            return f"{where(node)}, {text(node)}: // throws the decimals away. Divide with /."
    for node in source.nodes(answer, ast.Call):
        if text(node.func) == "int" or re.search(r"\.astype\(int\)$", text(node)):
            return f"{where(node)}, {text(node)}: the decimals are cut off here."
    return ""


def _built_in(exercise: Exercise, answer: Any, *_: Any) -> str:
    root = source.tree(answer)
    bound = source.names_bound(root) if root is not None else set()
    for node in source.nodes(answer, ast.Call):
        name = text(node.func)
        if name in ("sum", "max", "min", "all", "any", "round") and name not in bound:
            if (
                name == "sum"
                and node.args
                and isinstance(node.args[0], ast.GeneratorExp | ast.ListComp)
            ):
                continue
            return (
                f"{where(node)}, {text(node)}: Python's own {name} goes through the rows of a "
                "table. "
                f"numpy's, np.{name}, goes through all entries, or along the axis that you name."
            )
    return ""


def _not_multiplied(exercise: Exercise, answer: Any, given: list[Outcome], *_: Any) -> str:
    """Find a comma at the end of a line."""
    for node in source.nodes(answer, ast.Assign):
        if isinstance(node.value, ast.Tuple) and len(node.value.elts) == 1:
            return f"{where(node)}, {text(node)}: the comma at the end makes a tuple of one."
    return ""


def _unused(exercise: Exercise, answer: Any, *_: Any) -> str:
    root = source.tree(answer)
    if not isinstance(root, ast.FunctionDef):
        return ""
    read = source.names_read(root)
    for node in source.nodes(answer, ast.Assign):
        names = [n for t in node.targets if isinstance(t, ast.Name) for n in [t.id]]
        for name in names:
            if name not in read and name != "_":
                return (
                    f"{where(node)}: {name} is computed and never used after that. Should it stand "
                    "somewhere below?"
                )
    return ""


PLAIN = (
    _loops_with_return,
    _power,
    _two_names,
    _sign_after_equals,
    _kept_nowhere,
    _identity,
)
LOOKS = (
    _not_multiplied,
    _second_name,
    _rounded,
    _whole_numbers,
    _nearly,
    _sized,
    _built_in,
    _unused,
)


# What an answer does not look at, or reads from the notebook.


def ignores(exercise: Exercise, answer: Any, given: list[Outcome], ignored: tuple[str, ...]) -> str:
    """Say which arguments have no influence, and what is seen in their place."""
    if not ignored:
        return ""
    root = source.tree(answer)
    unread = [n for n in ignored if root is not None and n not in source.names_read(root)]
    outside = data_from_outside(answer)
    listed = " and ".join(ignored)
    if ignored == exercise.arguments and all(same(given[0].value, g.value) for g in given):
        start = "Your function gives the same result whatever it is given."
    elif ignored == exercise.arguments:
        start = "Your result depends on the shapes of the arguments, not on their numbers."
    else:
        start = f"The right result depends on {listed}; yours does not."
    if outside:
        return (
            f"{start} It reads {' and '.join(outside)} from the notebook: does a name from outside "
            "stand in the place of an argument?"
        )
    if unread:
        none = " and ".join(unread)
        verb = "is not used" if len(unread) == 1 else "are not used"
        return f"{start} {none} {verb} in any of its lines."
    if root is None:
        return f"{start} Follow each argument through your lines: where does it drop out?"
    return (
        f"{start} The name stands in your lines, but what is made of it never reaches the result: "
        "is it "
        "written over, multiplied by 0, or left out of the return line?"
    )


def wrote_outside(answer: Any, written: tuple[str, ...]) -> str:
    """Say which data of the notebook the answer wrote into; it was given copies of them."""
    if not written:
        return ""
    name = written[0]
    at = next(
        (
            f" in line {n.lineno}"
            for n in source.nodes(answer, ast.Subscript, ast.AugAssign, ast.Global)
            if name in text(n) and not isinstance(getattr(n, "ctx", None), ast.Load)
        ),
        "",
    )
    own = getattr(answer, "__globals__", {}).get(name)
    fresh = f"with {name} = {{}}" if isinstance(own, Mapping) else f"by giving {name} a value"
    return (
        f"Your function writes into {' and '.join(written)} of the notebook{at}. Begin {fresh} "
        "inside the function, so that it depends on nothing that was there before. (Here it wrote "
        "into a copy: yours is unchanged.)"
    )


def forgotten_return(answer: Any) -> str:
    """Say why the result is None."""
    root = source.tree(answer)
    printed = [n for n in source.nodes(answer, ast.Call) if text(n.func) == "print"]
    returns = source.nodes(answer, ast.Return)
    start = "Your function computes, but gives nothing back: its result is None."
    if printed and not returns:
        return (
            f"{start} {where(printed[-1])}: print only shows a number on the screen. Write return "
            "in "
            "its place."
        )
    if returns and isinstance(returns[-1].value, ast.Call):
        call = returns[-1].value
        name = text(call.func)
        if name == "print" or name.split(".")[-1] in ("append", "sort", "fill", "extend", "update"):
            return (
                f"{start} {where(returns[-1])}: {name} does its work and gives back None. Return "
                "the "
                "thing itself on a line of its own."
            )
    if isinstance(root, ast.FunctionDef) and returns:
        inner = [n for n in returns if n not in root.body]
        if inner:
            return (
                f"{start} The return of line {inner[-1].lineno} stands inside a block, and was not "
                "reached. Move it to the left."
            )
    return f"{start} Is the return missing?"
