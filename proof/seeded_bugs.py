"""Seeded bugs: the classic mistakes, made one at a time in the real source, and who catches them.

proof/seeded_bugs.toml lists them. The package is copied, the copy is changed, and the tests of the
mathematics run against it: three cases of each test function, until four functions have failed that
rest on two kinds of truth. `make proof-full` runs every case, to the end.
"""

import tomllib
from collections.abc import Sequence
from dataclasses import dataclass

from proof import _mutants
from proof._record import Goal, Section, Table, at_least, none_of

LIST = _mutants.ROOT / "proof" / "seeded_bugs.toml"
ENOUGH, CASES = 4, 3  # test functions that a quick run waits for, cases of each


@dataclass(frozen=True)
class Bug:
    """A change that is a mistake; or, with a proof, one that is none by mathematics."""

    change: _mutants.Change
    proof: str = ""


def read_bugs() -> list[Bug]:
    """Return the list. Refused when a bug does not fit the source of today."""
    bugs = []
    for entry in tomllib.loads(LIST.read_text(encoding="utf-8"))["bug"]:
        proof = entry.pop("proof", "")
        bugs.append(Bug(_mutants.Change(**entry), proof))
        bugs[-1].change.text()
    return bugs


def try_out(bugs: Sequence[Bug], full: bool) -> tuple[_mutants.Run, dict[str, _mutants.Run]]:
    """Run the tests against the package as it is, then with each bug."""
    runs, cases = {}, None if full else CASES
    with _mutants.workshop() as place:
        used = {module for bug in bugs for module in _mutants.TESTS[bug.change.module]}
        baseline = place.run(sorted(used), cases=cases)
        if baseline.clean:
            for bug in bugs:
                tests = _mutants.TESTS[bug.change.module]
                enough = None if full or bug.proof else ENOUGH
                runs[bug.change.name] = place.run(tests, bug.change, enough=enough, cases=cases)
    return baseline, runs


def kinds(run: _mutants.Run, truths: dict[str, str]) -> list[str]:
    """Return the kinds of truth that the tests rest on which failed."""
    return sorted({truths[name] for name in run.failed})


def in_words(run: _mutants.Run, most: int = 6) -> str:
    """Return the tests that caught a bug."""
    names = [name.removeprefix("test_").replace("::test_", ": ") for name in run.failed[:most]]
    if len(run.failed) > most:
        names.append(f"and {len(run.failed) - most} more")
    return "; ".join(names).replace("_", " ") or run.error or "none"


def section(bugs: Sequence[Bug], baseline: _mutants.Run, runs: dict[str, _mutants.Run]) -> Section:
    """Judge the runs."""
    truths = _mutants.kinds_of_truth({m for tests in _mutants.TESTS.values() for m in tests})
    wrong = {b.change.name: runs[b.change.name] for b in bugs if not b.proof and runs}
    none = {b.change.name: b for b in bugs if b.proof and runs}
    errors = [name for name, run in runs.items() if run.error or run.endless]
    caught = [name for name, run in wrong.items() if run.failed and name not in errors]
    twice = [name for name in caught if len(wrong[name].failed) >= 2]
    truly = [name for name in caught if len(kinds(wrong[name], truths)) >= 2]
    faulty = [name for name in none if not runs[name].clean]
    goals = (
        Goal("tests that pass without a bug", "all", as_said(baseline), baseline.clean),
        at_least("bugs", len(wrong), 25, headline=True),
        none_of("runs that ended with an error", len(errors), len(runs)),
        none_of("bugs that nobody caught", len(wrong) - len(caught), len(wrong), headline=True),
        none_of("bugs caught by one test function alone", len(caught) - len(twice), len(wrong)),
        none_of("bugs caught by one kind of truth alone", len(caught) - len(truly), len(wrong)),
        none_of("changes that are right by mathematics and failed", len(faulty), len(none)),
    )
    rows = tuple(
        (name, module_of(bugs, name), in_words(run), ", ".join(kinds(run, truths)))
        for name, run in wrong.items()
    )
    right = tuple(
        (name, bug.proof, f"{runs[name].passed:,} passed" if runs[name].clean else "**failed**")
        for name, bug in none.items()
    )
    words = (
        "Each bug is made in a copy of the source, and the tests of the mathematics run against "
        "it. A test module that cannot be collected with a bug does not count as catching it. "
        "What a test rests on is read off its text: 400 digits, complex steps, differences, "
        "autograd, the gradient check, known derivatives, numbers worked by hand, plain "
        "formulas, or an identity. "
        "The quick run takes three cases of each test function and stops when four functions have "
        "failed; `make proof-full` runs everything."
    )
    return Section(
        3,
        "Seeded bugs",
        words,
        goals,
        (
            Table("Bug, and the tests that caught it", ("bug", "in", "caught by", "truths"), rows),
            Table("No mistakes, by mathematics", ("change", "why", "tests"), right),
        ),
    )


def as_said(baseline: _mutants.Run) -> str:
    """Say how the run without a bug ended."""
    if baseline.clean:
        return f"{baseline.passed:,}"
    faults = [*baseline.uncollected, *baseline.failed, baseline.error]
    return "failed: " + ", ".join(filter(None, faults))


def module_of(bugs: Sequence[Bug], name: str) -> str:
    """Return the module that a bug is made in."""
    return next(bug.change.module for bug in bugs if bug.change.name == name)


def run(full: bool) -> Section | None:
    """Make every bug, and judge."""
    bugs = read_bugs()
    return section(bugs, *try_out(bugs, full))
