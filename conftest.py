"""For every test: no one's home folder has a say, nbval compares what is portable.

And what two processes share out between them are whole modules, or what belongs to one notebook.
"""

import contextlib
import re
from typing import Any

import pytest
from xdist.scheduler import LoadScopeScheduling

from tools.surroundings import private

# Pictures and widgets look a little different on each machine. Their numbers are compared by
# tests/demos and tests/browser, and the sentence in text/plain beside them is compared by nbval.
NOT_COMPARED = ("text/html", "image/svg+xml", "image/png")


def pytest_configure(config: pytest.Config) -> None:
    """Give this run a home of its own; the workers of a parallel run inherit it."""
    if not hasattr(config, "workerinput"):
        home = contextlib.ExitStack()
        home.enter_context(private())
        config.add_cleanup(home.close)


def pytest_collectstart(collector: pytest.Collector) -> None:
    """Leave out of nbval's comparison what other machines draw differently."""
    if isinstance(collector, pytest.File) and collector.path.suffix == ".ipynb":
        collector.skip_compare += NOT_COMPARED


# Where the longest units of work are. They come first, and the small ones even out the end.
LONG = (
    "tests/browser/test_site.py",
    "tests/browser/test_other_front_ends.py",
    "tests/browser/",
    "tests/demos/test_every_demo.py",
    "tests/notebooks/",
)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put the longest units first, so that no process is left alone with one at the end."""

    def place(item: pytest.Item) -> int:
        return next((n for n, start in enumerate(LONG) if item.nodeid.startswith(start)), len(LONG))

    items.sort(key=place)


@pytest.hookimpl(optionalhook=True)
def pytest_handlecrashitem(crashitem: str, report: pytest.TestReport) -> None:
    """Say what to do when a process of a parallel run is gone; another one runs what is left."""
    report.longrepr = (
        f"{report.longrepr}\nThis process ended before its test did: something ended it (a machine "
        "that is short of memory does), or the test crashed Python itself. Close what else is "
        f'running, and run it alone: .venv/bin/python -m pytest "{crashitem}"'
    )


class Units(LoadScopeScheduling):  # type: ignore[misc]
    """A unit of work is a module, and of a browser module what belongs to one notebook or server.

    So what a module sets up is set up once, and no worker is left alone with all the notebooks.
    """

    def _split_scope(self, nodeid: str) -> str:
        return unit(nodeid)

    def remove_node(self, node: Any) -> str | None:
        """Take a dead process off the list; what it died of is not given to the next one."""
        for tests in self.assigned_work[node].values():
            for test, completed in tests.items():
                if not completed:
                    tests[test] = True
                    super().remove_node(node)
                    return str(test)
        super().remove_node(node)
        return None


def unit(nodeid: str) -> str:
    """Return the name of the unit of work that a test belongs to."""
    module = nodeid.split("::")[0]
    one = re.search(r"\[([\w.]+)", nodeid) if module in SHARED_OUT else None
    return f"{module}[{one[1]}]" if one else module


# The modules where the first parameter of a test names what is set up for it.
SHARED_OUT = ("tests/browser/test_lab.py", "tests/browser/test_other_front_ends.py")


def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Units:
    """Share the units out in the order in which they were collected, not by how many tests."""
    config.option.loadscopereorder = False
    return Units(config, log)
