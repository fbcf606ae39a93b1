"""An answer as it is written: its tree, its lines, and the expression in which it stopped.

Everything here may be missing. Source is kept by a notebook, not by `exec`; then the functions
return nothing, and the sentences made from them are shorter.
"""

from __future__ import annotations

import ast
import builtins
import inspect
import textwrap
from collections.abc import Iterator
from types import FrameType, TracebackType
from typing import Any

Function = ast.FunctionDef | ast.Lambda


def tree(answer: Any) -> Function | None:
    """Return the tree of the answer, with lines counted from its `def`, or None without source."""
    try:
        text = textwrap.dedent(inspect.getsource(inspect.unwrap(answer)))
        parsed = ast.parse(text)
    except (OSError, TypeError, SyntaxError, ValueError):
        return None
    found = [node for node in ast.walk(parsed) if isinstance(node, Function)]
    code = getattr(answer, "__code__", None)
    own = code.co_varnames[: code.co_argcount] if code else None
    fits = [f for f in found if own is None or tuple(a.arg for a in f.args.args) == own]
    if not fits or (isinstance(fits[0], ast.Lambda) and len(fits) > 1):
        return None  # several on one line: which one it is cannot be told
    ast.increment_lineno(fits[0], 1 - fits[0].lineno)
    return fits[0]


def nodes(answer: Any, *kinds: type) -> list[Any]:
    """Return the nodes of these kinds, in the order of the lines."""
    root = tree(answer)
    found = [] if root is None else [n for n in ast.walk(root) if isinstance(n, kinds)]
    return sorted(found, key=lambda n: (getattr(n, "lineno", 0), getattr(n, "col_offset", 0)))


def text(node: ast.AST, longest: int = 60) -> str:
    """Return the code of a node on one line, shortened where it is long."""
    code = ast.unparse(node)
    return code if len(code) <= longest else code[: longest - 1] + "…"


def where(node: ast.AST) -> str:
    """Return the place of a node in words; a function of one line needs none."""
    return f"Line {getattr(node, 'lineno', 1)}"


def names_read(root: ast.AST) -> set[str]:
    """Return the names whose values are read somewhere below this node."""
    return {n.id for n in ast.walk(root) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Load)}


def names_bound(root: Function) -> set[str]:
    """Return the arguments of the function and of those inside it, and all names assigned there."""
    bound = set()
    for node in ast.walk(root):
        if isinstance(node, ast.arg):
            bound.add(node.arg)
        elif isinstance(node, ast.Name) and not isinstance(node.ctx, ast.Load):
            bound.add(node.id)
        elif isinstance(node, ast.FunctionDef):
            bound.add(node.name)
        elif isinstance(node, ast.alias):
            bound.add((node.asname or node.name).split(".")[0])
        elif isinstance(node, ast.ExceptHandler) and node.name:
            bound.add(node.name)
    for node in ast.walk(root):
        if isinstance(node, ast.Global):
            bound -= set(node.names)
    return bound


class Place:
    """Where an answer stopped: the line, counted from its `def`; the expression; the values."""

    def __init__(self, answer: Any, error: BaseException) -> None:
        """Look for the last step of the traceback that lies in the answer itself."""
        self.line = 0
        self.node: ast.AST | None = None
        self.frame: FrameType | None = None
        self.root = tree(answer)
        code = getattr(answer, "__code__", None)
        if code is None:
            return
        inner = set(_codes(code))
        last = None
        for step in _steps(error.__traceback__):
            if step.tb_frame.f_code in inner:
                last = step
        if last is None:
            return
        self.frame = last.tb_frame
        root, first = self.root, code.co_firstlineno
        self.line = last.tb_lineno - first + 1
        if root is None:
            return
        lines = inspect.getsource(inspect.unwrap(answer)).splitlines()
        if isinstance(root, ast.FunctionDef):  # decorators stand above the def
            above = next((k for k, t in enumerate(lines) if t.lstrip().startswith("def ")), 0)
            self.line -= above
            indent = len(lines[above]) - len(lines[above].lstrip())
            self.node = self._expression(root, last, first + above, indent)
        else:
            self.line = 1
            self.node = self._expression(root, last, 0, None)

    def _expression(
        self, root: Function, step: TracebackType, first: int, indent: int | None
    ) -> ast.AST | None:
        positions = list(step.tb_frame.f_code.co_positions())
        k = step.tb_lasti // 2
        line, end, col, end_col = positions[k] if k < len(positions) else (None,) * 4
        if line is None or end is None or col is None or end_col is None:
            return None
        found = []
        for node in ast.walk(root):
            if not isinstance(node, ast.expr | ast.stmt) or node.end_col_offset is None:
                continue
            if indent is None:  # a lambda: columns are those of its own line, up to a shift
                fits = node.end_col_offset - node.col_offset == end_col - col
                fits = fits and node.end_lineno == node.lineno + end - line
            else:
                # ast counts bytes, and so does the code object
                fits = (node.lineno, node.end_lineno) == (line - first + 1, end - first + 1)
                fits = fits and (node.col_offset, node.end_col_offset) == (
                    col - indent,
                    end_col - indent,
                )
            if fits:
                found.append(node)
        if indent is None and len(found) != 1:
            kinds = [n for n in found if isinstance(n, ast.BinOp | ast.Call)]
            return kinds[0] if len(kinds) == 1 else None
        return found[0] if found else None

    @property
    def around(self) -> ast.AST | None:
        """Return the node just around the expression."""
        if self.root is None or self.node is None:
            return None
        outer = (n for n in ast.walk(self.root) if self.node in ast.iter_child_nodes(n))
        return next(outer, None)

    @property
    def start(self) -> str:
        """Return the place in words, as the beginning of a sentence."""
        shown = text(self.node) if isinstance(self.node, ast.expr) else ""
        if self.line < 2:  # a lambda, or a function on one line
            return f"In {shown}: " if shown else ""
        return f"Line {self.line}, {shown}: " if shown else f"Line {self.line}: "

    def value(self, node: ast.AST | None) -> Any:
        """Return the value of a name, or of a name with .T or [key]; None where that is unsure."""
        if self.frame is None or node is None:
            return None
        if isinstance(node, ast.Constant):
            return node.value
        if isinstance(node, ast.Name):
            return self.frame.f_locals.get(
                node.id, self.frame.f_globals.get(node.id, _builtin(node.id))
            )
        if isinstance(node, ast.Attribute) and node.attr in ("T", "shape", "transpose", "sum"):
            return getattr(self.value(node.value), node.attr, None)
        if isinstance(node, ast.Attribute):
            owner = self.value(node.value)
            return getattr(owner, node.attr, None) if inspect.ismodule(owner) else None
        if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
            return self.value(node.operand)
        if isinstance(node, ast.Subscript):
            owner, key = self.value(node.value), self.value(node.slice)
            if isinstance(owner, dict) and isinstance(key, int | str):
                return owner.get(key)
        if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add | ast.Sub):
            left, right = self.value(node.left), self.value(node.right)
            if isinstance(left, int) and isinstance(right, int):
                return left + right if isinstance(node.op, ast.Add) else left - right
        return None


def _builtin(name: str) -> Any:
    return getattr(builtins, name, None)


def _steps(traceback: TracebackType | None) -> Iterator[TracebackType]:
    while traceback is not None:
        yield traceback
        traceback = traceback.tb_next


def _codes(code: Any) -> Iterator[Any]:
    yield code
    for inner in code.co_consts:
        if inspect.iscode(inner):
            yield from _codes(inner)
