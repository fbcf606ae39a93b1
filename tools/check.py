"""The loop before each commit, in less than a minute: a part of `make test` for each kind of slip.

    python -m tools.check

Style, format and types; the mathematics; the structure of every notebook; one notebook, run again
and compared; one demo, driven in the browser. It says how long it took.
"""

import subprocess
import sys
import time

from tools.bootstrap import Stop, run_and_report, say
from tools.surroundings import ROOT

GOAL = 60  # seconds, on a quiet machine with two processors
LINT = (("ruff", "check", "--quiet"), ("ruff", "format", "--check", "--quiet"), ("mypy",))
TESTS = (
    # The longest first, so that both processes end together.
    "tests/browser/test_lab.py::test_numbers_worked_out_by_hand[00_start_here.ipynb-lab]",
    "notebooks/00_start_here.ipynb",
    "tests/test_losses.py",
    "tests/test_activations.py",
    "tests/test_gradcheck.py",
    "tests/test_network.py",
    "tests/notebooks/test_equations.py",
    "tests/test_training.py",
    "tests/test_data.py",
    "tests/test_checks.py",
    "tests/test_engine.py",
)


def main() -> None:
    """Run every part; say what fails and how long it took."""
    start = time.monotonic()
    red = [command[0] for command in LINT if not passes(*command)]
    if not passes("pytest", "-q", "-n", "2", *TESTS):
        red.append("pytest")
    say(f"Checked in {time.monotonic() - start:.0f} s; the goal is {GOAL} s.")
    if red:
        raise Stop(f"Not content: {', '.join(red)}. What is wrong stands above.")
    say("`make test` runs everything.")


def passes(*module: str) -> bool:
    """Say whether a tool, run as a module, is content."""
    return subprocess.run([sys.executable, "-m", *module], cwd=ROOT, check=False).returncode == 0


if __name__ == "__main__":
    sys.exit(run_and_report(main))
