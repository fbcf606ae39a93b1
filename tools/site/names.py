"""Which names a cell uses, and which it gives a value to: read from its tree, scope by scope.

symtable would know, but from Python 3.12 on it counts the variable of a comprehension among the
names of the cell.
"""

from __future__ import annotations

import ast
from typing import Any

Function = ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda
Comprehension = ast.ListComp | ast.SetComp | ast.DictComp | ast.GeneratorExp


def names(source: str) -> tuple[set[str], set[str]]:
    """Return the names that a cell uses, and those that it gives a value to.

    A name that a function of the cell reads from outside is used, whether it is called or not.
    """
    cell = Scope()
    cell.visit(ast.parse(source))
    return cell.read | cell.outer, cell.bound


class Scope(ast.NodeVisitor):
    """The names of one scope: a cell, a function, a class or a comprehension."""

    def __init__(self, owner: Scope | None = None) -> None:
        self.read: set[str] = set()  # what it reads itself
        self.bound: set[str] = set()  # what it gives a value to
        self.outer: set[str] = set()  # what the scopes within it read, and do not bind themselves
        self.shared: set[str] = set()  # what it declares to be the cell's or a function's around it
        self.owner = owner or self  # where := gives a value: a comprehension is passed over

    def visit_Name(self, node: ast.Name) -> None:
        """Note a name that is read, or gets a value."""
        (self.read if isinstance(node.ctx, ast.Load) else self.bound).add(node.id)

    def visit_NamedExpr(self, node: ast.NamedExpr) -> None:
        """Note where the value of := goes."""
        self.owner.bound.add(node.target.id)
        self.visit(node.value)

    def visit_AugAssign(self, node: ast.AugAssign) -> None:
        """Note that x += 1 reads x as well."""
        if isinstance(node.target, ast.Name):
            self.read.add(node.target.id)
        self.generic_visit(node)

    def visit_AnnAssign(self, node: ast.AnnAssign) -> None:
        """Note that x: int alone gives x no value."""
        parts = (node.annotation, node.value, node.target if node.value else None)
        self._visit(parts)

    def visit_alias(self, node: ast.alias) -> None:
        """Note what an import gives a value to."""
        self.bound.add(node.asname or node.name.split(".")[0])

    def visit_Global(self, node: ast.Global | ast.Nonlocal) -> None:
        """Note which names are not the scope's own."""
        self.shared |= set(node.names)

    visit_Nonlocal = visit_Global

    def visit_ExceptHandler(self, node: ast.ExceptHandler) -> None:
        """Note the name of what was caught."""
        self.bound |= {node.name} if node.name else set()
        self.generic_visit(node)

    def visit_MatchAs(self, node: ast.MatchAs | ast.MatchStar) -> None:
        """Note the name of what was matched."""
        self.bound |= {node.name} if node.name else set()
        self.generic_visit(node)

    visit_MatchStar = visit_MatchAs

    def visit_MatchMapping(self, node: ast.MatchMapping) -> None:
        """Note the name of the rest of a mapping."""
        self.bound |= {node.rest} if node.rest else set()
        self.generic_visit(node)

    def visit_FunctionDef(self, node: Function) -> None:
        """Note the function's name; its defaults are read here, its body has names of its own."""
        arguments = node.args
        every = [*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs]
        every += [one for one in (arguments.vararg, arguments.kwarg) if one]
        self._visit([*arguments.defaults, *arguments.kw_defaults, *(a.annotation for a in every)])
        body = [node.body] if isinstance(node, ast.Lambda) else node.body
        if not isinstance(node, ast.Lambda):
            self.bound.add(node.name)
            self._visit([*node.decorator_list, node.returns])
        inner = Scope()
        inner.bound = {argument.arg for argument in every}
        inner._visit(body)
        self.outer |= (inner.read | inner.outer) - (inner.bound - inner.shared)

    visit_AsyncFunctionDef = visit_FunctionDef
    visit_Lambda = visit_FunctionDef

    def visit_ClassDef(self, node: ast.ClassDef) -> None:
        """Note the class's name. What its body binds, its methods do not see."""
        self.bound.add(node.name)
        self._visit([*node.decorator_list, *node.bases, *node.keywords])
        inner = Scope()
        inner._visit(node.body)
        self.outer |= (inner.read - (inner.bound - inner.shared)) | inner.outer

    def visit_ListComp(self, node: Comprehension) -> None:
        """Read what is iterated first here; the rest has names of its own."""
        first, *others = node.generators
        self.visit(first.iter)
        inner = Scope(self.owner)
        inner._visit([first.target, *first.ifs, *others])
        parts = [node.key, node.value] if isinstance(node, ast.DictComp) else [node.elt]
        inner._visit(parts)
        self.outer |= (inner.read | inner.outer) - inner.bound

    visit_SetComp = visit_ListComp
    visit_DictComp = visit_ListComp
    visit_GeneratorExp = visit_ListComp

    def _visit(self, nodes: Any) -> None:
        for node in nodes:
            if node is not None:
                self.visit(node)
