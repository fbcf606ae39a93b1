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


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put the browser first: its units are the longest, and small ones even out the end."""
    items.sort(key=lambda item: "tests/browser/" not in item.nodeid)


class Units(LoadScopeScheduling):  # type: ignore[misc]
    """A unit of work is a module, and of a browser module what belongs to one notebook or server.

    So what a module sets up is set up once, and no worker is left alone with all the notebooks.
    """

    def _split_scope(self, nodeid: str) -> str:
        return unit(nodeid)


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
