"""Name a mistake by finding the wrong program whose numbers an answer has.

A solution written out step by step is changed in one small place after another (`nnmath._changes`).
An answer whose numbers equal those of a changed solution, on every hidden input, makes that change
or one that cannot be told from it; what is said of it is true either way: "your numbers are what
comes out when ...". Where one change does not do, two are tried, in different steps.

A solution is a function of plain numpy, straight down, each step with a name of its own. A changed
step is compiled once, and all that stands before it is computed once for each input, so that a
thousand wrong programs cost about as much as the compiling of fifty lines.
"""

from __future__ import annotations

import ast
import contextlib
import copy
import functools
import inspect
import textwrap
import types
import warnings
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from nnmath import _changes
from nnmath.exercises.running import same

RESULT = "__result__"
USED = ("np", "relu", "sigmoid", "softmax")  # what a solution takes from outside
FAILED = object()  # stands for the value of an answer that stopped with an error
MOST_PAIRS = 6000  # of two changes, tried on one input each
MOST_PAIRS_OF_A_STEP = 400
COMMON = (
    "axis",
    "brackets",
    "count",
    "factor",
    "function",
    "keepdims",
    "product",
    "sign",
    "transpose",
)
Arguments = tuple[Any, ...]


@dataclass(frozen=True)
class Variant:
    """One step with one change in it: which step, what it is then, and the change in words."""

    step: int
    tree: ast.stmt
    words: str
    kind: str
    common: bool
    habit: str

    @functools.cached_property
    def code(self) -> types.CodeType | None:
        """The changed step, compiled when it is first asked for; None where it is no Python."""
        try:
            return _compiled(self.tree)
        except (SyntaxError, ValueError):
            return None


class Solution:
    """A right answer as a list of steps, each of which can be exchanged for a wrong one."""

    def __init__(self, function: Callable[..., Any]) -> None:
        tree = ast.parse(textwrap.dedent(inspect.getsource(function))).body[0]
        assert isinstance(tree, ast.FunctionDef)
        self.arguments = tuple(argument.arg for argument in tree.args.args)
        body = tree.body[1:] if ast.get_docstring(tree) else tree.body
        # Each argument begins as itself, so that a change of it everywhere is a change of one step.
        self.steps = [_itself(name) for name in self.arguments]
        self.steps += [_as_assignment(step) for step in body]
        self.names = [_name(step) for step in self.steps]
        self.codes = [_compiled(step) for step in self.steps]
        self.changing = _changed_in_place(self.steps)
        self.outside = {
            name: value
            for name, value in function.__globals__.items()
            if name in USED or name == "__builtins__"
        }

    def begin(self, arguments: Arguments) -> dict[str, Any]:
        """Return the names that a run starts with; the arguments are copies."""
        given = copy.deepcopy(arguments)
        return {**self.outside, **dict(zip(self.arguments, given, strict=True))}

    def copied(self, space: dict[str, Any]) -> dict[str, Any]:
        """Return the names once more; what a step may change in place is copied."""
        new = dict(space)
        for name in self.changing:
            if name in new:
                new[name] = copy.copy(new[name])
        return new

    def run(
        self,
        arguments: Arguments,
        changed: Mapping[int, types.CodeType | None] | None = None,
        held: Mapping[str, Any] | None = None,
        upto: int | None = None,
    ) -> dict[str, Any]:
        """Return every name after a run, in which some steps are exchanged; it may end early.

        What is `held` replaces a name as soon as it has been computed: the steps after it go on
        from there, as from a learner's own value.
        """
        space = self.begin(arguments)
        for k in range(len(self.codes) if upto is None else upto + 1):
            self.do(k, space, changed, held)
        return space

    def do(
        self,
        k: int,
        space: dict[str, Any],
        changed: Mapping[int, types.CodeType | None] | None = None,
        held: Mapping[str, Any] | None = None,
    ) -> None:
        """Do one step in a space of names."""
        code = (changed or {}).get(k, self.codes[k])
        if code is None:
            raise SyntaxError("no Python")
        exec(code, space)
        for name in self.names[k] if held else ():
            if held and name in held:
                space[name] = held[name]

    def states(
        self,
        arguments: Arguments,
        changed: Mapping[int, types.CodeType | None] | None = None,
        held: Mapping[str, Any] | None = None,
    ) -> list[dict[str, Any]]:
        """Return the names before each step, as far as the run gets."""
        space, found = self.begin(arguments), []
        for k in range(len(self.codes)):
            found.append(self.copied(space))
            try:
                self.do(k, space, changed, held)
            except Exception:
                break
        return found

    @functools.cached_property
    def variants(self) -> list[Variant]:
        """Every step with one change that is easily made, in the order of the steps."""
        return self._with(_likely)

    @functools.cached_property
    def strange_variants(self) -> list[Variant]:
        """Every step with one of the changes that are made rarely; there are many."""
        return self._with(_changes.estrangements)

    def every_variant(self, upto: int | None = None) -> Iterator[Variant]:
        """Give the likely variants, and after them the rare ones, which are not made before.

        With `upto`, those of that step come first, then those of the steps before it.
        """
        if upto is None:
            yield from self.variants
            yield from self.strange_variants
        else:
            for made in (lambda: self.variants, lambda: self.strange_variants):
                before = [variant for variant in made() if variant.step <= upto]
                yield from sorted(before, key=lambda variant: -variant.step)

    def _with(self, changes_of: Callable[..., Iterator[_changes.Change]]) -> list[Variant]:
        known = list(self.arguments)
        found: dict[tuple[int, str], Variant] = {}
        layers = any(name[-1].isdigit() for names in self.names for name in names)
        everywhere = "each layer" if layers else "each step that has it"
        for k, step in enumerate(self.steps):
            place = self.place(k)
            names = [name for name in known if name not in ("l", "k")]
            for change in changes_of(step, names):
                new = _changes.replaced(step, change)
                words = change.words.format(place=place)
                common = (
                    change.kind in COMMON and "too many" not in words and "as well" not in words
                )
                habit = change.words.format(place=everywhere)
                variant = Variant(k, new, words, change.kind, common, habit)
                found.setdefault((k, ast.unparse(new)), variant)
            known += [name for name in self.names[k] if name not in known]
        return list(found.values())

    @functools.cache  # noqa: B019  (a solution lives as long as its exercise)
    def pairs(self, step: int) -> list[tuple[Variant, Variant]]:
        """Give two likely changes of one step; the second of a pair has the code of both."""
        names = [*self.arguments, *(name for known in self.names[:step] for name in known)]
        found: dict[str, tuple[Variant, Variant]] = {}
        for change in _changes.changes(self.steps[step], names):
            once = _changes.replaced(self.steps[step], change)
            for other in _changes.changes(once, names) if change.kind in COMMON else ():
                if other.kind not in COMMON or len(found) >= MOST_PAIRS_OF_A_STEP:
                    continue
                twice = _changes.replaced(once, other)
                first, second = (
                    Variant(step, twice, c.words.format(place=self.place(step)), c.kind, True, "")
                    for c in (change, other)
                )
                found.setdefault(ast.unparse(twice), (first, second))
        return list(found.values())

    def place(self, step: int) -> str:
        """Say what a step computes."""
        if isinstance(self.steps[step], ast.For):
            return "the loop"
        if step < len(self.arguments):
            return "everything"
        names = [name for name in self.names[step] if name != RESULT]
        return " and ".join(names) if names else "the result"


def _changed_in_place(steps: Sequence[ast.stmt]) -> set[str]:
    """Return the names of which a step changes an entry."""
    found = set()
    for node in (node for step in steps for node in ast.walk(step)):
        targets = node.targets if isinstance(node, ast.Assign) else []
        targets = [node.target] if isinstance(node, ast.AugAssign) else targets
        for target in targets:
            if isinstance(target, ast.Subscript) and isinstance(target.value, ast.Name):
                found.add(target.value.id)
    return found


def _itself(name: str) -> ast.stmt:
    return ast.Assign([ast.Name(name, ast.Store())], ast.Name(name, ast.Load()))


def _as_assignment(step: ast.stmt) -> ast.stmt:
    """Return a step as it is, and `return x` as an assignment."""
    if isinstance(step, ast.Return):
        assert step.value is not None
        return ast.Assign([ast.Name(RESULT, ast.Store())], step.value)
    return step


def _name(step: ast.stmt) -> tuple[str, ...]:
    """Return the names that a step gives a value; of A[l] = ... it is A."""
    found: list[str] = []
    for node in ast.walk(step):
        targets = (
            node.targets
            if isinstance(node, ast.Assign)
            else [node.target]
            if isinstance(node, ast.AugAssign | ast.AnnAssign)
            else []
        )
        for target in targets:
            for part in target.elts if isinstance(target, ast.Tuple) else [target]:
                inner = part.value if isinstance(part, ast.Subscript) else part
                if isinstance(inner, ast.Name) and inner.id not in found:
                    found.append(inner.id)
    return tuple(found)


def _compiled(step: ast.stmt) -> types.CodeType:
    module = ast.Module([copy.deepcopy(step)], [])
    return compile(ast.fix_missing_locations(module), "<a changed solution>", "exec")


def _likely(step: ast.stmt, names: Sequence[str]) -> Iterator[_changes.Change]:
    """Give the changes of a step: of its expressions, and of its value as a whole."""
    yield from _changes.changes(step, names)
    if isinstance(step, ast.Assign) and not isinstance(
        step.value, ast.Tuple | ast.Dict | ast.Name | ast.Subscript
    ):
        value = step.value
        yield _changes.Change(
            "sign", "{place} has the wrong sign", value, ast.UnaryOp(ast.USub(), value)
        )
        for name in names:
            factor = ast.Name(name, ast.Load())
            slope = ast.BinOp(factor, ast.Mult(), ast.BinOp(ast.Constant(1), ast.Sub(), factor))
            square = ast.BinOp(
                ast.Constant(1), ast.Sub(), ast.BinOp(factor, ast.Pow(), ast.Constant(2))
            )
            for extra, said in (
                (factor, name),
                (slope, f"{name}(1 − {name})"),
                (square, f"1 − {name}²"),
                (ast.Compare(factor, [ast.Gt()], [ast.Constant(0)]), f"[{name} > 0]"),
            ):
                yield _changes.Change(
                    "factor",
                    f"{{place}} has the factor {said} too many",
                    value,
                    ast.BinOp(value, ast.Mult(), extra),
                )
            for part, what in ((0, "rows"), (1, "columns")):
                count = ast.parse(f"np.shape({name})[{part}]", mode="eval").body
                for op, done in ((ast.Div(), "divided"), (ast.Mult(), "multiplied")):
                    yield _changes.Change(
                        "factor",
                        f"{{place}} is {done} by the number of {what} of {name} as well",
                        value,
                        ast.BinOp(value, op, count),
                    )


# --- The search -----------------------------------------------------------------------------------

Compared = Callable[[dict[str, Any]], Any]  # from the names after a run to what is compared


def whole(space: dict[str, Any]) -> Any:
    """Return the result of a run."""
    return space[RESULT]


def one_change(
    solution: Solution,
    inputs: Sequence[Arguments],
    values: Sequence[Any],
    compared: Compared = whole,
    held: Sequence[Mapping[str, Any]] | None = None,
    upto: int | None = None,
    base: Mapping[int, types.CodeType | None] | None = None,
) -> Variant | None:
    """Return the first variant that gives these values on these inputs, None if there is none.

    Args:
        solution: the right answer.
        inputs: the hidden inputs, one tuple of arguments each.
        values: what the answer gave on each.
        compared: what of a run is compared with it; the result, if not given.
        held: for each input, the learner's own values of names that stand in for the computed ones.
        upto: the last step in which a change counts.
        base: steps that are exchanged already.
    """
    begin = next((k for k, value in enumerate(values) if value is not FAILED), None)
    if begin is None:
        return None
    keep = held[begin] if held else None
    with quiet():
        states = solution.states(inputs[begin], base, keep)
        for variant in solution.every_variant(upto):
            k = variant.step
            if k in (base or {}) or k >= len(states):
                continue
            changed = {**(base or {}), k: variant.code}
            found = _ended(solution, states[k], k, changed, keep, compared, upto)
            if perhaps(found, values[begin]) and gives(
                solution, changed, inputs, values, compared, held, upto
            ):
                return variant
    return None


def one_habit(solution: Solution, inputs: Sequence[Arguments], values: Sequence[Any]) -> str:
    """Return the change, in words, that gives these values when it is made in every layer."""
    alike: dict[str, dict[int, Variant]] = {}
    for variant in solution.every_variant():
        alike.setdefault(variant.habit, {}).setdefault(variant.step, variant)
    for habit, variants in alike.items():
        changed = {k: variant.code for k, variant in variants.items()}
        if len(changed) > 1 and gives(solution, changed, inputs, values):
            return habit
    return ""


def _ended(
    solution: Solution,
    state: dict[str, Any],
    k: int,
    changed: Mapping[int, types.CodeType | None],
    held: Mapping[str, Any] | None,
    compared: Compared,
    last: int | None = None,
) -> Any:
    """Return what a run gives that goes on from the state before step k; FAILED if it stops.

    It goes on to the `last` step that counts, or to the end.
    """
    space = solution.copied(state)
    try:
        for step in range(k, len(solution.codes) if last is None else last + 1):
            solution.do(step, space, changed, held)
        return compared(space)
    except Exception:
        return FAILED


def perhaps(a: Any, b: Any) -> bool:
    """Tell whether two results could be the same: a quick look at one number of each array."""
    if type(a) is tuple and type(b) is tuple:
        return len(a) == len(b) and all(map(perhaps, a, b))
    if isinstance(a, np.ndarray) and isinstance(b, np.ndarray):
        if a.shape != b.shape:
            return False
        if a.size and a.dtype.kind == b.dtype.kind == "f":
            x, y = a.item(-1), b.item(-1)
            scale = float(np.abs(b).max())
            return not abs(x - y) > 1e-6 * scale  # NaN is looked at more closely
    return same(a, b)


def gives(
    solution: Solution,
    changed: Mapping[int, types.CodeType | None],
    inputs: Sequence[Arguments],
    values: Sequence[Any],
    compared: Compared = whole,
    held: Sequence[Mapping[str, Any]] | None = None,
    upto: int | None = None,
) -> bool:
    """Tell whether a changed solution gives these values, and fails where they say FAILED."""
    with quiet():
        for k, (arguments, value) in enumerate(zip(inputs, values, strict=True)):
            try:
                found = compared(solution.run(arguments, changed, held[k] if held else None, upto))
            except Exception:
                if value is FAILED:
                    continue
                return False
            if value is FAILED or not same(found, value):
                return False
    return any(value is not FAILED for value in values)


def two_changes(
    solution: Solution, inputs: Sequence[Arguments], values: Sequence[Any]
) -> tuple[Variant, Variant] | None:
    """Return two variants of different steps that together give these values, if there are any.

    The first input is tried with each pair, from the state that the first change has left; only a
    pair that fits is tried on the others.
    """
    begin = next((k for k, value in enumerate(values) if value is not FAILED), None)
    if begin is None:
        return None
    tried, first_step = 0, len(solution.arguments)
    common = [v for v in solution.variants if v.common and v.step >= first_step]
    with quiet():
        before = solution.states(inputs[begin])
        for first in common:
            changed = {first.step: first.code}
            states = _onward(solution, before[first.step], first.step, changed)
            for second in common:
                k = second.step - first.step
                if k <= 0 or k >= len(states):
                    continue
                tried += 1
                if tried > MOST_PAIRS:
                    return None
                both = {**changed, second.step: second.code}
                found = _ended(solution, states[k], second.step, both, None, whole)
                if perhaps(found, values[begin]) and gives(solution, both, inputs, values):
                    return first, second
    return None


def _onward(
    solution: Solution,
    state: dict[str, Any],
    k: int,
    changed: Mapping[int, types.CodeType | None],
) -> list[dict[str, Any]]:
    """Return the names before step k and before each step after it, as far as the run gets."""
    space, found = solution.copied(state), []
    for step in range(k, len(solution.codes)):
        found.append(solution.copied(space))
        try:
            solution.do(step, space, changed)
        except Exception:
            break
    return found


def two_in_one_step(
    solution: Solution, inputs: Sequence[Arguments], values: Sequence[Any]
) -> tuple[Variant, Variant] | None:
    """Return two changes of the same step that together give these values, if there are any.

    The second has the code of both. Only the first input on which the answer ended is tried with
    each pair; one that fits is tried on the others.
    """
    begin = next((k for k, value in enumerate(values) if value is not FAILED), None)
    if begin is None:
        return None
    with quiet():
        states = solution.states(inputs[begin])
        for k in range(len(solution.arguments), len(states)):
            for first, second in solution.pairs(k):
                changed = {k: second.code}
                found = _ended(solution, states[k], k, changed, None, whole)
                if perhaps(found, values[begin]) and gives(solution, changed, inputs, values):
                    return first, second
    return None


@contextlib.contextmanager
def quiet() -> Iterator[None]:
    """Neither numpy nor Python warns of what a wrong program does."""
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        yield
