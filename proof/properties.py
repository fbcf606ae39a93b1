"""Properties: symmetries and identities, each on 400 networks that hypothesis draws.

They are ordinary tests, in tests/test_properties.py. Here they are run once more, and hypothesis's
own count of the examples is read.
"""

import os
import re
import subprocess
import sys

from proof._record import Goal, Section, Table, at_least, none_of
from tools.surroundings import ROOT

TESTS = "tests/test_properties.py"
FEWEST = 400


def run_tests() -> tuple[str, int, float]:
    """Return what pytest says, its exit code, and the seconds of processor time it took."""
    command = [sys.executable, "-m", "pytest", TESTS, "-n0", "-q", "--hypothesis-show-statistics"]
    before = processor_seconds()
    done = subprocess.run(
        [*command, "-p", "no:cacheprovider"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    return done.stdout, done.returncode, processor_seconds() - before


def processor_seconds() -> float:
    """Return the processor time of all finished child processes so far."""
    times = os.times()
    return times.children_user + times.children_system


def counted(text: str) -> dict[str, tuple[int, int]]:
    """Return {test: (passing examples, failing examples)} from hypothesis's statistics."""
    found = {}
    for block in re.split(r"^(?=\S+::\w+:$)", text, flags=re.M):
        name = re.match(r"\S+::(\w+):$", block, re.M)
        counts = re.findall(r"(\d+) passing(?: examples)?, (\d+) failing", block)
        if name and counts:
            passing, failing = (sum(map(int, column)) for column in zip(*counts, strict=True))
            found[name[1]] = (passing, failing)
    return found


def in_words(name: str) -> str:
    """Return what a test claims, from its name."""
    words = name.removeprefix("test_").replace("_", " ")
    return words[0].upper() + words[1:]


def run(full: bool) -> Section | None:  # noqa: ARG001
    """Run the tests and count."""
    text, code, seconds = run_tests()
    counts = counted(text)
    fewest = min((passing for passing, _ in counts.values()), default=0)
    failing = sum(f for _, f in counts.values()) + (code != 0)
    total = sum(passing for passing, _ in counts.values())
    goals = (
        at_least("properties", len(counts), 13, headline=True),
        at_least("examples of each", fewest, FEWEST, headline=True),
        none_of("examples that fail", failing, total, headline=True),
        # No verdict: a busy machine takes twice as long, and that says nothing about the package.
        Goal("processor time of all", "", f"{seconds:.0f} s", None),
    )
    rows = tuple((in_words(name), f"{passing:,}") for name, (passing, _) in counts.items())
    words = (
        "What must hold for every network, every batch and every order of things, on examples that "
        "hypothesis draws, the same on every machine."
    )
    return Section(5, "Properties", words, goals, (Table("Examples", ("property", "held"), rows),))
