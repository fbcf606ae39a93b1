"""Browsers for the tests of this folder, and a Jupyter server that starts as `make lab` does."""

import contextlib
import os
import pathlib
import shutil
from collections.abc import Callable, Iterator, Sequence

import nbformat
import pytest
from playwright.sync_api import Browser, BrowserContext, Playwright, sync_playwright

from tests.browser import fonts
from tests.browser.jupyter import PATIENCE, Notebook
from tools import browser as browsers
from tools.lab import COURSE, start_server

# Every cell is in the page, so that a test sees them all, not only those near the window.
SETTINGS = {"@jupyterlab/notebook-extension:tracker": {"windowingMode": "none"}}
EXPOSED = {"lab": "LabApp", "plain": "LabApp", "notebook": "JupyterNotebookApp"}
# What a plain JupyterLab would ask about, and fetch, when it is first opened.
SILENT = {
    "@jupyterlab/apputils-extension:notification": {
        "fetchNews": "false",
        "checkForUpdates": False,
    }
}
SHOTS = pathlib.Path(__file__).resolve().parents[2] / "screenshots"


# Of a module, not of the session: while playwright runs, asyncio sees an event loop in this thread,
# and the tests that a worker runs later would find one where a plain script has none.
@pytest.fixture(scope="module")
def playwright() -> Iterator[Playwright]:
    """Playwright itself, which starts the browsers."""
    with sync_playwright() as found:
        yield found


@pytest.fixture(scope="module")
def chromium(playwright: Playwright, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    """The browser that tools/browser.py finds; without one the tests fail, they never skip.

    Its fonts are wide ones, so what fits here fits elsewhere.
    """
    with launched(playwright, fonts.WIDE, tmp_path_factory) as browser:
        yield browser


@pytest.fixture(scope="module")
def narrow(playwright: Playwright, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    """The same browser with narrow fonts, as on another machine."""
    with launched(playwright, fonts.NARROW, tmp_path_factory) as browser:
        yield browser


@contextlib.contextmanager
def launched(
    playwright: Playwright, families: tuple[str, str, str], folders: pytest.TempPathFactory
) -> Iterator[Browser]:
    """Start the browser with these fonts alone."""
    browser = playwright.chromium.launch(
        executable_path=browsers.find() or browsers.get(),
        args=browsers.options(),
        env={
            **os.environ,
            "FONTCONFIG_FILE": str(fonts.configuration(families, folders.mktemp("fonts"))),
        },
    )
    yield browser
    browser.close()


def window(browser: Browser) -> BrowserContext:
    """Return a new window of a usual size, which knows nothing of the others."""
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    context.set_default_timeout(PATIENCE)
    return context


@pytest.fixture(scope="module", params=["lab"])
def opened(
    request: pytest.FixtureRequest, chromium: Browser, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Callable[..., Notebook]]:
    """A function that opens a notebook of the course in a page of its own.

    In JupyterLab as `make lab` starts it; a module that says
    `pytest.mark.parametrize("opened", ["notebook"], indirect=True)` gets Notebook 7 instead, and
    with "plain" a JupyterLab without the course's settings. With `sources` it opens a new notebook
    of these code cells.
    """
    folder, home = tmp_path_factory.mktemp("copy"), tmp_path_factory.mktemp("home")
    shutil.copytree(COURSE, folder, dirs_exist_ok=True)
    plain = request.param == "plain"
    with start_server(
        folder,
        home,
        app="notebook" if request.param == "notebook" else "lab",
        settings=SETTINGS | SILENT if plain else SETTINGS,
        # So that a test can ask the page what it is doing.
        options=[f"--{EXPOSED[request.param]}.expose_app_in_browser=True"],
        plain=plain,
    ) as server:
        context = window(chromium)

        def open_notebook(name: str, sources: Sequence[str] = ()) -> Notebook:
            if sources:
                write_notebook(folder / name, sources)
            return Notebook(context.new_page(), server, folder, name).open()

        yield open_notebook
        context.close()


def write_notebook(path: pathlib.Path, sources: Sequence[str]) -> None:
    """Write a notebook of these code cells, with the kernel of the course."""
    spec = {"name": "python3", "display_name": "Python 3", "language": "python"}
    cells = [nbformat.v4.new_code_cell(source) for source in sources]
    notebook = nbformat.v4.new_notebook(cells=cells, metadata={"kernelspec": spec})
    nbformat.write(notebook, path)


@pytest.fixture(scope="module")
def elsewhere(narrow: Browser) -> Iterator[BrowserContext]:
    """A window on another machine, which has narrow fonts."""
    context = window(narrow)
    yield context
    context.close()


@pytest.fixture
def shots() -> pathlib.Path:
    """The folder for screenshots, which git ignores."""
    SHOTS.mkdir(exist_ok=True)
    return SHOTS
