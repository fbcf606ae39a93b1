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
# The folders of each part, or the files.
PARTS = {
    "maths": ["tests/test_*.py"],
    "exercises": ["tests/exercises"],
    "demos": ["tests/demos", "tests/live"],
    "notebooks": ["tests/notebooks"],
    "project": ["tests/project"],
    "browser": ["tests/browser"],
}
TEXT = (
    "What `make test` runs, one part after the other, as it runs it: with two processes. The time "
    "is that on the clock, so other programs count. A part of its own starts pytest and its two "
    "processes anew, which `make test` does once."
)
WHY = "The table of the slowest tests says where the time goes."


@dataclass(frozen=True)
class Ran:
    """A part of the suite: its time on the clock, and the seconds of each of its tests."""

    seconds: float
    tests: dict[str, float]


def lint() -> Ran:
    """Time style, format and types."""
    start = time.perf_counter()
    for command in LINT:
        if subprocess.run([sys.executable, "-m", *command], cwd=ROOT, check=False).returncode:
            raise Stop(f"{' '.join(command)} finds fault, so the suite is not measured.")
    return Ran(time.perf_counter() - start, {})


def ran(patterns: Sequence[str], processes: int) -> Ran:
    """Run the tests of these folders and files, and time them."""
    paths = [str(path) for pattern in patterns for path in sorted(ROOT.glob(pattern))]
    with tempfile.TemporaryDirectory(prefix="nnmath-") as folder:
        report = pathlib.Path(folder, "report.xml")
        command = [sys.executable, "-m", "pytest", "-q", "-n", str(processes), *paths]
        start = time.perf_counter()
        done = subprocess.run([*command, f"--junitxml={report}"], cwd=ROOT, check=False)
        seconds = time.perf_counter() - start
        if done.returncode:
            raise Stop(f"A test of {', '.join(patterns)} fails, so the suite is not measured.")
        return Ran(seconds, seconds_of_tests(report.read_text(encoding="utf-8")))


def seconds_of_tests(report: str) -> dict[str, float]:
    """Return how long each test took, by its name, from pytest's report in XML."""
    return {
        f"{case.get('classname')}::{case.get('name')}": float(case.get("time", 0))
        for case in ElementTree.fromstring(report).iter("testcase")
    }


def summed(parts: dict[str, Ran]) -> tuple[Goal, Goal]:
    """Return the two goals."""
    total = sum(part.seconds for part in parts.values())
    browser = parts["browser"].seconds
    return tuple(
        Goal(what, f"≤ {shown(most)}", shown(seconds), seconds <= most, headline=True)
        for what, seconds, most in (
            ("make test, without the browser", total - browser, WITHOUT_BROWSER),
            ("make test", total, WITH_BROWSER),
        )
    )


def tables(parts: dict[str, Ran]) -> tuple[Table, ...]:
    """Return the time of each part, and the slowest tests."""
    each = [
        (name, f"{len(part.tests):,}" if part.tests else "", shown(part.seconds))
        for name, part in parts.items()
    ]
    tests = {name: s for part in parts.values() for name, s in part.tests.items()}
    slowest = sorted(tests.items(), key=lambda pair: -pair[1])[:SLOWEST]
    return (
        Table("Each part", ("part", "tests", "on the clock"), tuple(each)),
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
        parts = {"maths": few, "browser": Ran(0.0, {})}
    else:
        parts = {"style, format and types": lint()}
        parts |= {name: ran(patterns, processes=2) for name, patterns in PARTS.items()}
    goals = summed(parts)
    section = Section(5, "The test suite", TEXT, goals, tables(parts), must_hold=False)
    return Outcome(section, {goal.what: WHY for goal in goals})
