"""Mutation testing: every small change of the mathematics that is no change of meaning is noticed.

    .venv/bin/python -m proof.mutation network       # one module, or several; says what survived

Each mutant is one change of one expression, made in a copy of the package; the tests of the
mathematics run against it until one fails. A mutant that no test tells from the original is listed
in proof/equivalent_mutants.toml with the reason, or it is missed. Messages, annotations and
docstrings are left alone: the bad input part compares every message.

Why no ready tool: mutmut 3.8 changes function bodies only, so of its 2,249 candidates in these five
modules it leaves out the records and lambdas that hold formulas, spends 248 on texts, and takes no
operators of one's own; cosmic-ray 8.7 makes 2,759, but counts a test module that cannot be
collected as a kill, and starts a new process for each, three seconds before the first test. Here a
run parts from a process that is ready: most mutants are killed within half a second. What those
tools change is changed here too, where it is mathematics, beside what they lack: .T, the factors
and the kind of a product, Z for A, keepdims, l for l − 1, and functions that are easily confused.
"""

import ast
import sys
import tomllib
from collections.abc import Container, Iterable, Iterator, Sequence
from dataclasses import dataclass

from nnmath._changes import mutations
from proof import _mutants
from proof._record import Goal, Section, Table, at_least, at_most, none_of

MODULES = ("activations", "losses", "network", "gradcheck", "training")
REASONS = _mutants.ROOT / "proof" / "equivalent_mutants.toml"
MOST_EQUIVALENT = 6  # percent
SURVIVORS = 2  # the place of their table
CASES = 4  # of each test function, and all that are quick: it kills less, never more


Key = tuple[str, str, str, str]  # module, function, line before, line after


# --- Mutants --------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Mutant:
    """A change of one expression: the lines that it is in, before and after, and the new source."""

    module: str
    function: str
    operator: str
    line: int
    old: str
    new: str
    text: str

    @property
    def key(self) -> Key:
        """What the list of equivalent mutants knows it by: no number of a line, for those move."""
        return self.module, self.function, self.old, self.new

    @property
    def change(self) -> _mutants.Change:
        """The change as the tests are given it."""
        return _mutants.Change(self.operator, self.module, "", "")


def parts(node: ast.AST, function: str = "") -> Iterator[tuple[ast.AST, str]]:
    """Give every expression that counts, with the function that it is in."""
    for name, value in ast.iter_fields(node):
        if name in ("annotation", "returns", "decorator_list", "type_comment"):
            continue
        for child in value if isinstance(value, list) else [value]:
            if isinstance(child, (ast.Raise, ast.JoinedStr, ast.Import, ast.ImportFrom)):
                continue
            if isinstance(child, ast.AST):
                inner = getattr(child, "name", "") if isinstance(child, SCOPES) else ""
                where = ".".join(filter(None, (function, inner)))
                yield child, where
                yield from parts(child, where)


SCOPES = (ast.FunctionDef, ast.ClassDef)


def mutants(module: str, source: str | None = None) -> list[Mutant]:
    """Return every mutant of a module, of its source as it is now."""
    if source is None:
        path = _mutants.ROOT / "nnmath" / f"{module}.py"
        source = path.read_text(encoding="utf-8")
    found: dict[str, Mutant] = {}
    for node, where in parts(ast.parse(source)):
        for operator, other in mutations(node):
            mutant = replaced(source, node, other, module, where, operator)
            found.setdefault(mutant.text, mutant)
    return sorted(found.values(), key=lambda mutant: mutant.line)


def replaced(
    source: str, node: ast.AST, other: ast.AST, module: str, function: str, operator: str
) -> Mutant:
    """Return the mutant with another expression in the place of this one."""
    lines = source.encode().splitlines(keepends=True)  # ast counts columns in bytes
    first, last = node.lineno - 1, node.end_lineno  # type: ignore[attr-defined]
    block = b"".join(lines[first:last])
    before = block[: node.col_offset]  # type: ignore[attr-defined]
    after = lines[last - 1][node.end_col_offset :]  # type: ignore[attr-defined]
    text = ast.unparse(ast.fix_missing_locations(other))
    if isinstance(other, (ast.BinOp, ast.UnaryOp, ast.Compare, ast.BoolOp, ast.IfExp)):
        text = f"({text})"
    new = before + text.encode() + after
    whole = b"".join([*lines[:first], new, *lines[last:]]).decode()
    old, changed = (" ".join(part.decode().split()) for part in (block, new))
    return Mutant(module, function, operator, first + 1, old, changed, whole)


# --- Judging --------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Verdict:
    """What became of a mutant: killed, endless, stillborn, survived, or error."""

    mutant: Mutant
    outcome: str
    by: str
    seconds: float


def verdict(mutant: Mutant, place: _mutants.Workshop, limit: float, cases: int = CASES) -> Verdict:
    """Run the tests against one mutant, those of its module first, until one of them fails."""
    own, *others = _mutants.TESTS[mutant.module]
    runs = []
    for tests in filter(None, ([own], others)):
        options = {"enough": 1, "cases": cases, "at_most": limit}
        run = place.run(tests, mutant.change, text=mutant.text, **options)
        runs.append(run)
        if run.failed or run.endless or run.error:
            break
    if run.failed:
        outcome, by = "killed", run.failed[0]
    elif run.endless:
        outcome, by = "endless", ""
    elif run.error:
        outcome, by = "error", run.error
    else:
        collected = sum(run.passed for run in runs)
        outcome, by = ("survived" if collected else "stillborn"), ""
    return Verdict(mutant, outcome, by, sum(run.seconds for run in runs))


def judge(chosen: Sequence[Mutant], reasons: Container[Key]) -> tuple[_mutants.Run, list[Verdict]]:
    """Run the tests against the package as it is, then against each mutant.

    One that is listed as equivalent is tried with one case of each test function, which is enough
    to notice a reason that does not hold.
    """
    tests = sorted({test for mutant in chosen for test in _mutants.TESTS[mutant.module]})
    with _mutants.workshop() as place:
        without = place.run(tests)
        limit = 30 + 3 * without.seconds
        found = []
        for mutant in chosen if without.clean else ():
            found.append(verdict(mutant, place, limit, 1 if mutant.key in reasons else CASES))
        return without, found


def read_reasons() -> dict[Key, str]:
    """Return {key of a mutant: why it is no change of meaning}."""
    if not REASONS.exists():
        return {}
    entries = tomllib.loads(REASONS.read_text(encoding="utf-8")).get("mutant", [])
    return {
        (entry["module"], entry["function"], entry["old"], entry["new"]): entry["why"]
        for entry in entries
    }


def unknown(reasons: Iterable[Key], chosen: Sequence[Mutant]) -> list[str]:
    """Return the reasons for mutants that the source of today does not have."""
    keys = {mutant.key for mutant in chosen}
    return [f"{key[0]}: {key[2]}" for key in reasons if key not in keys]


# --- The section ----------------------------------------------------------------------------------


def section(
    verdicts: Sequence[Verdict],
    reasons: dict[Key, str],
    strangers: Sequence[str],
    without: _mutants.Run,
) -> Section:
    """Judge the verdicts."""
    alive = [v for v in verdicts if v.outcome != "stillborn"]
    survived = [v for v in alive if v.outcome == "survived"]
    equivalent = [v for v in survived if v.mutant.key in reasons]
    missed = [v for v in survived if v.mutant.key not in reasons]
    not_so = [v for v in alive if v.mutant.key in reasons and v.outcome != "survived"]
    errors = [v for v in alive if v.outcome == "error"]
    share = 100 * len(equivalent) / max(1, len(alive))
    clean = without.clean
    goals = (
        Goal("tests that pass without a mutant", "all", f"{without.passed:,}", clean),
        at_least("mutants", len(alive), 1, headline=True),
        none_of("survivors", len(missed), len(alive) - len(equivalent), headline=True),
        at_most("equivalent mutants, each with a reason", share, MOST_EQUIVALENT, "%"),
        none_of("reasons for mutants that are killed, or that are none", len(not_so) +
                len(strangers), max(1, len(reasons))),
        none_of("runs that ended with an error", len(errors), len(alive)),
        Goal("mutants that cannot be imported", "", str(len(verdicts) - len(alive)), None),
    )  # fmt: skip
    operators = sorted({v.mutant.operator for v in alive})
    rows = tuple(
        (name, *counts([v for v in alive if v.mutant.operator == name], reasons))
        for name in operators
    )
    modules = tuple(
        (name, *counts([v for v in alive if v.mutant.module == name], reasons)) for name in MODULES
    )
    head = ("mutants", "killed", "equivalent", "survived")
    left = tuple((f"{v.mutant.module}: {v.mutant.function}", v.mutant.old, v.mutant.new)
                 for v in missed)  # fmt: skip
    why = tuple(
        (f"{v.mutant.module}: {v.mutant.function}", v.mutant.new, reasons[v.mutant.key])
        for v in equivalent
    )
    words = (
        "Each mutant changes one expression of the mathematics in a copy of the package, and the "
        "tests run until one fails. A mutant that runs on for ever counts as killed. Messages, "
        "annotations and docstrings are left alone: part 7 compares every message."
    )
    return Section(
        4,
        "Mutation testing",
        words,
        goals,
        (
            Table("By module", ("module", *head), modules),
            Table("By kind of change", ("change", *head), rows),
            Table("Survivors", ("where", "before", "after"), left),
            Table("Equivalent mutants", ("where", "after", "why"), why),
        ),
    )


def counts(verdicts: Sequence[Verdict], reasons: Iterable) -> tuple[str, ...]:
    """Return how many there are, and how many were killed, are equivalent, survived."""
    killed = sum(v.outcome in ("killed", "endless") for v in verdicts)
    survived = [v for v in verdicts if v.outcome == "survived"]
    equivalent = sum(v.mutant.key in reasons for v in survived)
    numbers = len(verdicts), killed, equivalent, len(survived) - equivalent
    return tuple(f"{number:,}" for number in numbers)


def measured(modules: Sequence[str]) -> Section:
    """Judge every mutant of these modules."""
    chosen = [mutant for module in modules for mutant in mutants(module)]
    reasons = {key: why for key, why in read_reasons().items() if key[0] in modules}
    without, verdicts = judge(chosen, reasons)
    return section(verdicts, reasons, unknown(reasons, chosen), without)


def run(full: bool) -> Section | None:
    """Judge every mutant; in the full run only."""
    return measured(MODULES) if full else None


if __name__ == "__main__":
    found = measured(sys.argv[1:] or MODULES)
    for row in found.tables[SURVIVORS].rows:
        print("\n".join((row[0], f"  - {row[1]}", f"  + {row[2]}")))
    for goal in found.goals:
        print(f"{goal.what}: {goal.measured} {goal.verdict}")
