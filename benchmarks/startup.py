"""Start-up: importing the package, opening the course, and running each notebook."""

import ast
import contextlib
import os
import pathlib
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import nbformat

from benchmarks._measure import Times, shown, side_by_side
from benchmarks._outcome import MISSING, Outcome
from proof._record import Goal, Section, Table
from tools.bootstrap import Stop
from tools.notebooks import NOTEBOOKS, execute, parse
from tools.surroundings import ROOT, private

IMPORT, OPEN, RUN = 0.020, 2.0, 2.0  # the goals: seconds more, seconds more, times as long
FIRST = "01_sigmoid_bce.ipynb"

TEXT = (
    "*Import* is a new Python that imports numpy, or nnmath, and ends: processor time, where the "
    "system tells it. *Opening* is the time on the clock from the start of the server, every file "
    "read before, until notebook 01 shows its first slider, after Run All; beside it JupyterLab "
    "without a setting of ours opens an empty notebook, until its kernel is ready. What `make` "
    "does before, which is to look whether `.venv` is up to date, is left out. *Running* is the "
    "time on the clock of a whole notebook in a fresh kernel, without a browser; beside it a fresh "
    "kernel runs its import statements alone. All take turns; medians."
)
WHY_IMPORT = (
    "Python builds the records of the package, such as Network and Cache, when they are imported; "
    "the rest is reading a dozen small files. From one run to the next it moves by some "
    "milliseconds."
)
WHY_OPEN = (
    "JupyterLab loads its widgets when a notebook first needs them, and Run All comes to the "
    "slider only after the cells above it."
)
WHY_RUN = (
    "Most of it are the demos, which draw their first figure, the checks at 1,000 random points, "
    "and the training runs of notebooks 03 and 05: the lesson itself."
)


# --- Import ---------------------------------------------------------------------------------------


@contextlib.contextmanager
def compiled() -> Iterator[None]:
    """Let Python keep what it has compiled, as a learner's does, whatever this shell says.

    Else nnmath alone would be compiled at each start.
    """
    before = dict(os.environ)
    with tempfile.TemporaryDirectory(prefix="nnmath-", ignore_cleanup_errors=True) as folder:
        os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
        os.environ["PYTHONPYCACHEPREFIX"] = folder
        try:
            yield
        finally:
            os.environ.clear()
            os.environ.update(before)


def importing(rounds: int) -> Times:
    """Time new processes that import numpy, or nnmath; in processor time where that is told."""
    variables = {**os.environ, "PYTHONPATH": str(ROOT)}

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


# --- Opening --------------------------------------------------------------------------------------


def opening(rounds: int) -> Times:
    """Time JupyterLab from the start of its server to a slider, and to an empty notebook."""
    from playwright.sync_api import sync_playwright

    from tools import browser as browsers

    with (
        tempfile.TemporaryDirectory(prefix="nnmath-", ignore_cleanup_errors=True) as place,
        sync_playwright() as playwright,
    ):
        folder = pathlib.Path(place, "notebooks")
        folder.mkdir()
        (folder / FIRST).write_bytes((NOTEBOOKS / FIRST).read_bytes())
        nbformat.write(notebook_of([""]), folder / "empty.ipynb")
        path = browsers.find() or browsers.get()
        browser = playwright.chromium.launch(executable_path=path, args=browsers.options())
        opened = {
            "slider": lambda: seconds_to_open(browser, folder, FIRST, live=True),
            "empty": lambda: seconds_to_open(browser, folder, "empty.ipynb", live=False),
        }
        opened["empty again"] = opened["empty"]
        for run in opened.values():
            run()  # reads every file, so that the system has them in memory
        times: dict[str, list[float]] = {name: [] for name in opened}
        for k in range(rounds):
            for name in list(opened)[:: (-1) ** k]:
                times[name].append(opened[name]())
        browser.close()
    return Times(times)


def seconds_to_open(browser: Any, folder: pathlib.Path, name: str, live: bool) -> float:
    """Start a server, open a notebook in a new page, and return how long that took.

    `live`: with the settings of the course, and until a slider can be moved.
    """
    from tests.browser.jupyter import CONNECTED
    from tools.lab import start_server

    with tempfile.TemporaryDirectory(prefix="nnmath-", ignore_cleanup_errors=True) as home:
        start = time.perf_counter()
        options = ["--LabApp.expose_app_in_browser=True"]
        with start_server(folder, pathlib.Path(home), plain=not live, options=options) as server:
            page = browser.new_page(viewport={"width": 1280, "height": 900})
            page.set_default_timeout(120_000)
            page.goto(f"{server.address(name)}&reset")
            page.wait_for_function(CONNECTED, arg=name)
            if live:
                # Not awaited: the slider is there before the last cell has run.
                page.evaluate(
                    "() => void window.jupyterapp.commands.execute('notebook:run-all-cells')"
                )
                page.locator("input[type=range]").first.focus()
            seconds = time.perf_counter() - start
            page.close()
    return seconds


# --- Running --------------------------------------------------------------------------------------


def running(paths: Sequence[pathlib.Path], rounds: int) -> Times:
    """Time each notebook, by its name, and a fresh kernel with its imports, by "imports " + it."""
    contenders: dict[str, Callable[[], object]] = {}
    for path in paths:
        whole = parse(path.read_text(encoding="utf-8"))
        cells = [cell.source for cell in whole.cells if cell.cell_type == "code"]
        bare = notebook_of(["\n".join(only_imports(source) for source in cells)])
        contenders[path.stem] = lambda nb=whole: execute(nb)
        contenders[f"imports {path.stem}"] = lambda nb=bare: execute(nb)
    with private():
        return side_by_side(
            contenders, seconds=0.0, rounds=rounds, slice_=0.0, clock=time.perf_counter
        )


def only_imports(source: str) -> str:
    """Return the import statements of a cell."""
    found = [
        node for node in ast.parse(source).body if isinstance(node, ast.Import | ast.ImportFrom)
    ]
    return "\n".join(ast.unparse(node) for node in found)


def notebook_of(sources: Sequence[str]) -> Any:
    """Return a notebook of these code cells."""
    spec = {"display_name": "Python 3", "language": "python", "name": "python3"}
    cells = [nbformat.v4.new_code_cell(source) for source in sources]
    return nbformat.v4.new_notebook(cells=cells, metadata={"kernelspec": spec})


# --- All of it ------------------------------------------------------------------------------------


def difference(what: str, times: Times, more: str, less: str, most: float) -> Goal:
    """Return the goal that `more` takes at most so many seconds longer than `less`."""
    extra, size, unit = times.seconds(more) - times.seconds(less), 1.0, "s"
    if most < 1:
        size, unit = 1e-3, "ms"
    figure = f"{extra / size:+.1f} {unit} ({shown(times.seconds(more))})"
    return Goal(what, f"≤ +{most / size:g} {unit}", figure, extra <= most, headline=True)


def noise(what: str, times: Times, name: str, most: float) -> Goal:
    """Return how long the same thing takes longer than itself."""
    figure = difference("", times, f"{name} again", name, most).measured
    return Goal(what, "", figure, None)


def run_goal(times: Times, names: Sequence[str]) -> Goal:
    """Return the goal for all notebooks together."""
    whole, bare = (sum(times.seconds(p + name) for name in names) for p in ("", "imports "))
    figure = f"{whole / bare:.2f} ({shown(whole)} and {shown(bare)})"
    what = "running all notebooks / kernels and imports alone"
    return Goal(what, f"≤ {RUN:g}", figure, whole / bare <= RUN, headline=True)


def run_table(times: Times, names: Sequence[str]) -> Table:
    """Return the table with a row for each notebook."""
    rows = []
    for name in names:
        row = (name, shown(times.seconds(name)), shown(times.seconds(f"imports {name}")))
        rows.append((*row, f"{times.ratio(name, f'imports {name}'):.2f}"))
    return Table("Running", ("notebook", "whole", "kernel and imports", "ratio"), tuple(rows))


def run(tiny: bool = False) -> Outcome:
    """Measure all three; for the tests, each import once."""
    with compiled():
        return measured(tiny)


def measured(tiny: bool) -> Outcome:
    """Measure all three."""
    imports = importing(1 if tiny else 25)
    goals = [
        difference("import nnmath, against numpy", imports, "nnmath", "numpy", IMPORT),
        noise("noise, import numpy against itself", imports, "numpy", IMPORT),
    ]
    why: dict[str, str] = {goals[0].what: WHY_IMPORT}
    tables = []
    if not tiny:
        what = "opening notebook 01 to a slider, against an empty notebook"
        why[what] = WHY_OPEN
        try:
            opened = opening(5)
        except (ImportError, Stop) as error:
            goals.append(Goal(what, f"≤ +{OPEN:g} s", f"{MISSING}: {error}", None))
        else:
            goals.append(difference(what, opened, "slider", "empty", OPEN))
            goals.append(noise("noise, an empty notebook against itself", opened, "empty", OPEN))
        paths = sorted(NOTEBOOKS.glob("*.ipynb"))
        times, names = running(paths, 2), [path.stem for path in paths]
        goals.append(run_goal(times, names))
        why[goals[-1].what] = WHY_RUN
        tables.append(run_table(times, names))
    section = Section(4, "Start-up", TEXT, tuple(goals), tuple(tables), must_hold=False)
    return Outcome(section, why)
