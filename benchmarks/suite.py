"""The test suite: the time on the clock that `make test` takes, part by part.

It takes as long as the tests do, so it is measured only when it is named: `make bench-suite`.
"""

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
from tools.bootstrap import Stop
from tools.surroundings import ROOT

WITHOUT_BROWSER, WITH_BROWSER = 240.0, 480.0  # the goals
SLOWEST = 10
LINT = (("ruff", "check", "--quiet"), ("ruff", "format", "--check", "--quiet"), ("mypy",))
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
    "about the time on the clock; the seconds of a part are summed over its tests, and two of them "
    "run at a time."
)
WHY = {
    "make test, without the browser": (
        "Each demo is drawn in hundreds of states, and each notebook runs several times: as it is "
        "stored, with its exercises solved, and in other orders."
    ),
    "make test": (
        "Most of it is the browser, and both processors are busy all the while: each notebook is "
        "opened in three front ends, every key is pressed on every control and the whole picture "
        "compared, and a page holds tens of thousands of pieces of formulas to lay out."
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
    for command in LINT:
        if subprocess.run([sys.executable, "-m", *command], cwd=ROOT, check=False).returncode:
            raise Stop(f"{' '.join(command)} finds fault, so the suite is not measured.")
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


def summed(runs: dict[str, Ran]) -> tuple[Goal, Goal]:
    """Return the two goals."""
    total = sum(run.seconds for run in runs.values())
    browser = runs["the browser"].seconds
    return tuple(
        Goal(what, f"≤ {shown(most)}", shown(seconds), seconds <= most, headline=True)
        for what, seconds, most in (
            ("make test, without the browser", total - browser, WITHOUT_BROWSER),
            ("make test", total, WITH_BROWSER),
        )
    )


def tables(runs: dict[str, Ran]) -> tuple[Table, ...]:
    """Return the time of each run, of each part, and of the slowest tests."""
    tests = {name: seconds for run in runs.values() for name, seconds in run.tests.items()}
    parts = {part: [s for t, s in tests.items() if part_of(t) == part] for part in PARTS.values()}
    slowest = sorted(tests.items(), key=lambda pair: -pair[1])[:SLOWEST]
    return (
        Table(
            "Each run",
            ("run", "tests", "on the clock"),
            tuple(
                (name, f"{len(run.tests):,}" if run.tests else "", shown(run.seconds))
                for name, run in runs.items()
            ),
        ),
        Table(
            "Each part",
            ("part", "tests", "seconds of its tests"),
            tuple((part, f"{len(found):,}", shown(sum(found))) for part, found in parts.items()),
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
        runs = {"all but the browser": few, "the browser": Ran(0.0, {})}
    else:
        runs = {"style, format and types": lint()}
        runs |= {name: ran(arguments, processes=2) for name, arguments in RUNS.items()}
    goals = summed(runs)
    section = Section(5, "The test suite", TEXT, goals, tables(runs), must_hold=False)
    return Outcome(section, WHY)
