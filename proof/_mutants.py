"""Run the tests of the mathematics against a changed copy of the package.

The copy is in a scratch folder. One process loads the libraries and runs pytest once; each run then
parts from it as a process of its own (where that can be done: on Linux; elsewhere it starts anew).
A test module that cannot be collected says nothing: only a test that was run and failed has caught
anything.
"""

import ast
import compileall
import contextlib
import functools
import gc
import importlib.util
import multiprocessing
import os
import pathlib
import re
import shutil
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from tools.surroundings import ROOT

# What a module's change can break; the quick ones first.
TESTS = {
    "activations": ("activations", "network", "losses"),
    "losses": ("losses", "network"),
    "network": ("network", "training", "gradcheck"),
    "gradcheck": ("gradcheck",),
    "training": ("training",),
}
# It starts a Python of its own, and asks which libraries are loaded: nothing of mathematics.
LEFT_OUT = "test_import_loads_numpy_only"
QUICK = 0.02  # seconds


class Misfit(ValueError):
    """A change that does not belong to the source as it is now."""


@dataclass(frozen=True)
class Change:
    """One change of the source: in nnmath/<module>.py, `old` becomes `new`."""

    name: str
    module: str
    old: str
    new: str

    @property
    def path(self) -> pathlib.Path:
        """Where the text stands."""
        return ROOT / "nnmath" / f"{self.module}.py"

    def text(self) -> str:
        """Return the changed source. Refused unless `old` occurs exactly once."""
        source = self.path.read_text(encoding="utf-8")
        if (count := source.count(self.old)) != 1:
            raise Misfit(
                f"{self.name}: nnmath/{self.module}.py must hold this text once, and holds it "
                f"{count} times: {self.old!r}"
            )
        return source.replace(self.old, self.new)


@dataclass
class Run:
    """What the tests said: the test functions that failed, and how many tests passed.

    uncollected: the test modules that could not even be collected. endless: it was ended after its
    time. error: pytest itself did not get anywhere. times: the seconds that each test took.
    """

    failed: list[str] = field(default_factory=list)
    passed: int = 0
    uncollected: list[str] = field(default_factory=list)
    endless: bool = False
    error: str = ""
    seconds: float = 0.0
    times: dict[str, float] = field(default_factory=dict)

    @property
    def clean(self) -> bool:
        """Tell whether everything was collected and passed."""
        faults = self.failed or self.uncollected or self.endless or self.error
        return not faults and self.passed > 0


class Watch:
    """A pytest plugin that fills in a `Run`.

    One case of each test function comes first, then a second of each, but the quick ones before the
    slow: what is wrong shows early. A function that has failed is not run again, and all ends when
    `enough` functions have failed that rest on two kinds of truth. Of each function at most so many
    `cases` are run, and the others that are known to be quick.
    """

    def __init__(self, run: Run, task: "Task") -> None:
        self.run, self.task = run, task
        self.kinds = kinds_of_truth(task.modules)
        self.done = False

    def pytest_collection_modifyitems(self, items: list) -> None:
        """Put the tests into their order."""
        turn: dict[str, int] = {}
        order = {}
        for item in items:
            name = function(item.nodeid)
            turn[name] = order[item.nodeid] = turn.get(name, -1) + 1
        most, times = self.task.cases or len(items), self.task.times
        items[:] = [
            item
            for item in items
            if order[item.nodeid] < most or times.get(item.nodeid, most) < QUICK
            if LEFT_OUT not in item.nodeid
        ]
        # One more case of a function may cost a fiftieth of a second, before another's turn comes.
        items.sort(key=lambda item: times.get(item.nodeid, 0.0) + order[item.nodeid] / 50)

    def pytest_collectreport(self, report: Any) -> None:
        """Note a module that cannot be collected."""
        if report.failed:
            self.run.uncollected.append(pathlib.Path(report.nodeid).stem)

    def pytest_runtest_setup(self, item: Any) -> None:
        """Leave out what has failed already, and all when enough has failed."""
        import pytest

        if self.done or function(item.nodeid) in self.run.failed:
            pytest.skip("known")  # not by running nothing: pytest would not clear up behind it

    def pytest_runtest_logreport(self, report: Any) -> None:
        """Note how a test ended."""
        name, failed = function(report.nodeid), self.run.failed
        if report.failed and name not in failed:
            failed.append(name)
            kinds, enough = {self.kinds.get(test, "") for test in failed}, self.task.enough
            self.done = bool(enough and len(failed) >= enough and len(kinds) >= min(2, enough))
        self.run.passed += report.passed and report.when == "call"
        self.run.times[report.nodeid] = self.run.times.get(report.nodeid, 0.0) + report.duration


def function(nodeid: str) -> str:
    """Return `module::test` of the address of a test, without its case."""
    path, _, test = nodeid.partition("::")
    return f"{pathlib.Path(path).stem}::{test.partition('[')[0]}"


# --- What a test rests on -------------------------------------------------------------------------

TRUTHS = {
    "autograd": r"\bautograd\.",
    "400 digits": r"\bexact\b",
    "complex step": r"\bcomplex_step\(|1e-[23]0j|1j \* h",
    "differences": r"\bcentral_difference\(",
    "by hand": r"\A[^(]*by_hand",
    "the gradient check": r"\bcheck\(|check_gradients\(|check_at_the_kink\(",
    "known derivatives": r"\b(numerical_|complex_step_)?gradient\(",
    "plain formulas": r"\bplain_activation\(|\bplain_loss\(|\bplain\.(J|run)\(",
}


def kinds_of_truth(modules: Iterable[str]) -> dict[str, str]:
    """Return {module::test: what it holds the answer against}, from the text of each test."""
    kinds = {}
    for module in modules:
        for name, text in tests_of(module).items():
            found = (kind for kind, mark in TRUTHS.items() if re.search(mark, text))
            kinds[f"test_{module}::{name}"] = next(found, "an identity or a rule")
    return kinds


@functools.cache
def tests_of(module: str) -> dict[str, str]:
    """Return {name of a test function: its text}."""
    text = (ROOT / "tests" / f"test_{module}.py").read_text(encoding="utf-8")
    tests = {n.name: n for n in ast.parse(text).body if isinstance(n, ast.FunctionDef)}
    lines = text.splitlines()
    return {
        name: "\n".join(lines[node.lineno - 1 : node.end_lineno])
        for name, node in tests.items()
        if name.startswith("test_")
    }


# --- Running --------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Task:
    """One run: which test modules, and when it has seen enough (see `Watch`)."""

    folder: pathlib.Path
    modules: tuple[str, ...]
    enough: int | None = None
    cases: int | None = None
    at_most: float = 600.0
    times: dict[str, float] = field(default_factory=dict)


class Workshop:
    """A scratch folder with the tests and a copy of the package, and the process that runs them."""

    def __init__(self, folder: pathlib.Path, modules: Sequence[str]) -> None:
        self.folder = folder
        self.times: dict[str, float] = {}
        (folder / "tests").mkdir()
        for path in (ROOT / "tests").glob("*.py"):
            shutil.copy2(path, folder / "tests")
        (folder / "pytest.ini").write_text("[pytest]\n")  # the project's own settings stay outside
        ignored = shutil.ignore_patterns("__pycache__")
        shutil.copytree(ROOT / "nnmath", folder / "nnmath", ignore=ignored)
        compileall.compile_dir(folder, quiet=2)
        context = multiprocessing.get_context("spawn")
        self.pipe, theirs = context.Pipe()
        self.process = context.Process(target=_serve, args=(theirs, folder, tuple(modules)))
        self.process.start()
        theirs.close()

    def run(
        self,
        modules: Sequence[str],
        change: Change | None = None,
        *,
        text: str | None = None,
        enough: int | None = None,
        cases: int | None = None,
        at_most: float = 600.0,
    ) -> Run:
        """Run these test modules against the package with this change, or with this text of it."""
        start = time.monotonic()
        task = Task(self.folder, tuple(modules), enough, cases, at_most, self.times)
        with self.changed(change, text):
            self.pipe.send(task)
            run: Run = self.pipe.recv()
        if change is None and run.clean:
            self.times.update(run.times)
        run.seconds = time.monotonic() - start
        return run

    @contextlib.contextmanager
    def changed(self, change: Change | None, text: str | None) -> Iterator[None]:
        """Put the changed text into the copy, for a while."""
        if change is None:
            yield
            return
        path = self.folder / "nnmath" / f"{change.module}.py"
        before = path.read_bytes()
        # What Python has compiled is known by its date and its size: too little to tell mutants.
        pathlib.Path(importlib.util.cache_from_source(str(path))).unlink(missing_ok=True)
        path.write_text(change.text() if text is None else text, encoding="utf-8", newline="\n")
        try:
            yield
        finally:
            path.write_bytes(before)

    def close(self) -> None:
        """End the process."""
        with contextlib.suppress(OSError):
            self.pipe.send(None)
        self.process.join()


@contextlib.contextmanager
def workshop(modules: Sequence[str] = tuple(TESTS)) -> Iterator[Workshop]:
    """Open a workshop where these test modules have been run once, and clear it away."""
    with tempfile.TemporaryDirectory(prefix="nnmath-", ignore_cleanup_errors=True) as name:
        place = Workshop(pathlib.Path(name).resolve(), modules)
        try:
            yield place
        finally:
            place.close()


def _serve(pipe: Any, folder: pathlib.Path, modules: tuple[str, ...]) -> None:
    """Load the libraries, and start a process for each task."""
    context = multiprocessing.get_context("fork" if sys.platform == "linux" else "spawn")
    if sys.platform == "linux":
        import autograd.numpy  # noqa: F401 (loaded before the runs part ways)
        import mpmath  # noqa: F401

        with open(os.devnull, "w") as nowhere, contextlib.redirect_stdout(nowhere):
            _pytest(Task(folder, modules, cases=1))
        gc.freeze()
    with contextlib.suppress(EOFError, OSError):  # whoever asked may be gone
        while (task := pipe.recv()) is not None:
            pipe.send(_answer(context, task))


def _answer(context: Any, task: Task) -> Run:
    """Run the tests in a process of their own."""
    ours, theirs = context.Pipe(duplex=False)
    process = context.Process(target=_in_a_process, args=(theirs, task))
    process.start()
    theirs.close()
    try:
        run: Run = ours.recv() if ours.poll(task.at_most) else Run(endless=True)
    except EOFError:
        run = Run(error="the process ended without an answer")
    if run.endless:
        process.kill()
    process.join()
    ours.close()
    return run


def _in_a_process(pipe: Any, task: Task) -> None:
    """Run pytest, and keep what it prints."""
    said = os.open(task.folder / "said.txt", os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
    os.dup2(said, 1), os.dup2(said, 2)
    sys.stdout = open(1, "w", closefd=False)
    sys.stderr = open(2, "w", closefd=False)
    run, code = _pytest(task)
    used = getattr(sys.modules.get("nnmath"), "__file__", None) or ""
    if not used.startswith(str(task.folder)) and not run.uncollected:
        run.error = f"the tests used another copy: {used}"
    elif code not in (0, 1, 2) or not (run.passed or run.failed or run.uncollected):
        run.error = f"pytest ended with {code}: " + (task.folder / "said.txt").read_text()[-300:]
    pipe.send(run)
    pipe.close()


def _pytest(task: Task) -> tuple[Run, int]:
    """Run pytest in this process, with a package and tests that are loaded anew."""
    import hypothesis
    import pytest

    # An example that fails is enough: to look for a simpler one takes ten times as long.
    phases = (hypothesis.Phase.explicit, hypothesis.Phase.generate)
    hypothesis.settings.register_profile("no shrinking", phases=phases)
    hypothesis.settings.load_profile("no shrinking")
    for name in [name for name in sys.modules if name.partition(".")[0] in ("nnmath", "tests")]:
        if name != "tests.oracles":  # it knows nothing of nnmath, and what it has worked out holds
            del sys.modules[name]
    os.chdir(task.folder)
    if sys.path[0] != str(task.folder):
        sys.path.insert(0, str(task.folder))
    sys.dont_write_bytecode = True
    for name in ("PYTEST_ADDOPTS", "PYTEST_XDIST_WORKER", "PYTEST_CURRENT_TEST"):
        os.environ.pop(name, None)
    os.environ["PYTEST_DISABLE_PLUGIN_AUTOLOAD"] = "1"
    run = Run()
    options = ["-q", "--import-mode=importlib", "--assert=plain", "--continue-on-collection-errors"]
    options += ["-W", "error", "--tb=native", "-p", "no:cacheprovider"]
    # What an object says when it is cleared away would fail whichever test runs just then.
    options += ["-p", "no:unraisableexception", "-p", "no:threadexception"]
    files = [f"tests/test_{module}.py" for module in task.modules]
    return run, int(pytest.main([*options, *files], plugins=[Watch(run, task)]))
