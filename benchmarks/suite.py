"""The test suite: the time on the clock that `make test` takes, part by part.

It takes as long as the tests do, so it is measured only when it is named: `make bench-suite`.
The goal is a multiple of what everything but the browser took before there was one. To know that on
the same machine and in the same hour, run it at that commit, and hand over its seconds:

    git worktree add /tmp/before 54e3702 && make -C /tmp/before setup
    cd /tmp/before && .venv/bin/python -m pytest -q -n 2 --ignore=tests/browser
    make bench-suite BASE=185
"""

import os
import pathlib
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from xml.etree import ElementTree

from benchmarks._measure import shown
from benchmarks._outcome import Outcome
from proof._record import Goal, Section, Table
from tools import check
from tools.bootstrap import Stop
from tools.surroundings import ROOT

TIMES = 2.6  # how many times the base `make test` may take
SLOWEST = 10
# At commit 54e3702, on 2026-11-22, on a machine that was not quiet.
BEFORE = {
    "style, format and types": "3.24 s",
    "all but the browser": "559 s",
    "the browser": "1,302 s",
    "browser": "2,359 s",
    "demos": "435 s",
    "exercises": "159 s",
    "notebooks": "149 s",
    "project": "99.2 s",
    "maths and proof": "139 s",
    "examples in docstrings": "353 ms",
}
# What is run on its own, as arguments of pytest.
RUNS = {
    "all but the browser": ["--ignore=tests/browser"],
    "the browser": ["tests/browser"],
}
# The beginning of a test's name, the longest first, and what it belongs to.
PARTS = {
    "tests.browser.": "browser",
    "tests.demos.": "demos",
    "tests.live.": "demos",
    "tests.exercises.": "exercises",
    "tests.notebooks.": "notebooks",
    "notebooks.": "notebooks",
    "tests.project.": "project",
    "tests.": "maths and proof",
    "nnmath.": "examples in docstrings",
}
TEXT = (
    "What `make test` runs, as it runs it: with two processes. All but the browser and the browser "
    "are run one after the other here, so pytest and its two processes start twice. The goals are "
    "about the time on the clock: `make check` in a minute, and all in 2.6 times what all but "
    "the browser took at commit 54e3702, measured beside it. The seconds of a part are summed over "
    "its tests, and two of them run at a time. What was before was measured on another day."
)
WHY = {
    "make check": "Its browser test starts a server, a browser and a kernel for one demo.",
    "make test": (
        "Most of it is the browser, and both processors are busy all the while: a page holds tens "
        "of thousands of pieces of formulas to lay out, and each control is driven in it."
    ),
}


@dataclass(frozen=True)
class Ran:
    """A run of pytest: its time on the clock, and the seconds of each of its tests."""

    seconds: float
    tests: dict[str, float]


def lint() -> Ran:
    """Time style, format and types."""
    start = time.perf_counter()
    for command in check.LINT:
        if subprocess.run([sys.executable, "-m", *command], cwd=ROOT, check=False).returncode:
            raise Stop(f"{' '.join(command)} finds fault, so the suite is not measured.")
    return Ran(time.perf_counter() - start, {})


def checked() -> Ran:
    """Time `make check`."""
    start = time.perf_counter()
    if subprocess.run([sys.executable, "-m", "tools.check"], cwd=ROOT, check=False).returncode:
        raise Stop("`make check` finds fault, so the suite is not measured.")
    return Ran(time.perf_counter() - start, {})


def ran(arguments: Sequence[str], processes: int) -> Ran:
    """Run these tests, and time them."""
    with tempfile.TemporaryDirectory(prefix="nnmath-") as folder:
        report = pathlib.Path(folder, "report.xml")
        command = [sys.executable, "-m", "pytest", "-q", "-n", str(processes), *arguments]
        start = time.perf_counter()
        done = subprocess.run([*command, f"--junitxml={report}"], cwd=ROOT, check=False)
        seconds = time.perf_counter() - start
        if done.returncode:
            raise Stop(f"A test of {' '.join(arguments)} fails, so the suite is not measured.")
        return Ran(seconds, seconds_of_tests(report.read_text(encoding="utf-8")))


def seconds_of_tests(report: str) -> dict[str, float]:
    """Return how long each test took, by its name, from pytest's report in XML."""
    return {
        f"{case.get('classname')}::{case.get('name')}": float(case.get("time", 0))
        for case in ElementTree.fromstring(report).iter("testcase")
    }


def part_of(test: str) -> str:
    """Return what a test belongs to."""
    return next((part for start, part in PARTS.items() if test.startswith(start)), "other")


def seconds_named(base: str) -> float:
    """Return the seconds of BASE=185; 0 where it is not named."""
    try:
        return float(base or 0)
    except ValueError:
        raise Stop(f"BASE={base} is not a number of seconds, as in BASE=185.") from None


def summed(runs: dict[str, Ran], base: float) -> tuple[Goal, Goal]:
    """Return the two goals; `base` is in seconds, or 0 where it was not measured."""
    quick = runs["make check"].seconds
    total = sum(run.seconds for name, run in runs.items() if name != "make check")
    most = f"≤ {TIMES} × {shown(base)} = {shown(TIMES * base)}" if base else f"≤ {TIMES} × the base"
    met = total <= TIMES * base if base else None
    return (
        Goal("make check", f"≤ {check.GOAL} s", shown(quick), quick <= check.GOAL, headline=True),
        Goal("make test", most, shown(total), met, headline=True),
    )


def tables(runs: dict[str, Ran]) -> tuple[Table, ...]:
    """Return the time of each run, of each part, and of the slowest tests."""
    tests = {name: seconds for run in runs.values() for name, seconds in run.tests.items()}
    parts = {part: [s for t, s in tests.items() if part_of(t) == part] for part in PARTS.values()}
    slowest = sorted(tests.items(), key=lambda pair: -pair[1])[:SLOWEST]
    return (
        Table(
            "Each run",
            ("run", "tests", "before", "on the clock"),
            tuple(
                (
                    name,
                    f"{len(run.tests):,}" if run.tests else "",
                    BEFORE.get(name, ""),
                    shown(run.seconds),
                )
                for name, run in runs.items()
            ),
        ),
        Table(
            "Each part",
            ("part", "tests", "before", "seconds of its tests"),
            tuple(
                (part, f"{len(found):,}", BEFORE.get(part, ""), shown(sum(found)))
                for part, found in parts.items()
            ),
        ),
        Table(
            f"The {len(slowest)} slowest tests, with what they set up",
            ("test", "time"),
            tuple((f"`{name}`", shown(seconds)) for name, seconds in slowest),
        ),
    )


def run(tiny: bool = False) -> Outcome:
    """Run the whole suite; for the tests, one small file of it."""
    if tiny:
        few = ran(["tests/test_data.py"], processes=0)
        runs = {"all but the browser": few, "the browser": Ran(0.0, {}), "make check": few}
    else:
        runs = {"style, format and types": lint()}
        runs |= {name: ran(arguments, processes=2) for name, arguments in RUNS.items()}
        runs["make check"] = checked()
    goals = summed(runs, seconds_named(os.environ.get("BASE", "")))
    section = Section(5, "The test suite", TEXT, goals, tables(runs), must_hold=False)
    return Outcome(section, WHY)
