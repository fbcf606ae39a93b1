"""For every test: no one's home folder has a say, and nbval compares what is portable."""

import contextlib

import pytest

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
