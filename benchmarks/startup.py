"""Start-up: importing the package, beside importing numpy alone."""

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable

from benchmarks._measure import Times, shown, side_by_side
from benchmarks._outcome import Outcome
from proof._record import Goal, Section
from tools.surroundings import ROOT

IMPORT = 0.020  # the goal

TEXT = (
    "A new Python that imports numpy, or nnmath, and ends: processor time, where the system tells "
    "it. Both are compiled before. The two take turns; medians."
)


def importing(rounds: int) -> Times:
    """Time new processes that import numpy, or nnmath; in processor time where that is told."""

    with tempfile.TemporaryDirectory(prefix="nnmath-") as folder:
        variables = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONPYCACHEPREFIX": folder}
        variables.pop("PYTHONDONTWRITEBYTECODE", None)  # else nnmath alone is compiled each time

        def fresh(module: str) -> Callable[[], object]:
            command = [sys.executable, "-c", f"import {module}"]
            return lambda: subprocess.run(command, env=variables, check=True)

        contenders = {name: fresh(name) for name in ("numpy", "nnmath")}
        contenders["numpy again"] = contenders["numpy"]
        return side_by_side(contenders, seconds=0.0, rounds=rounds, slice_=0.0, clock=children)


def children() -> float:
    """Return the processor time of all ended child processes, or the time on the wall."""
    if os.name == "nt":
        return time.perf_counter()
    import resource

    spent = resource.getrusage(resource.RUSAGE_CHILDREN)
    return spent.ru_utime + spent.ru_stime


def difference(what: str, times: Times, more: str, less: str, most: float) -> Goal:
    """Return the goal that `more` takes at most so many seconds longer than `less`."""
    extra = times.seconds(more) - times.seconds(less)
    figure = f"{extra / 1e-3:+.1f} ms ({shown(times.seconds(more))})"
    return Goal(what, f"≤ +{most / 1e-3:g} ms", figure, extra <= most, headline=True)


def run(tiny: bool = False) -> Outcome:
    """Measure the imports; for the tests, each of them once."""
    imports = importing(1 if tiny else 25)
    goals = [difference("import nnmath, against numpy", imports, "nnmath", "numpy", IMPORT)]
    again = difference("", imports, "numpy again", "numpy", IMPORT)
    goals.append(Goal("noise, import numpy against itself", "", again.measured, None))
    return Outcome(Section(4, "Start-up", TEXT, tuple(goals), must_hold=False))
