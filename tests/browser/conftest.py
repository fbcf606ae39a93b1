"""A browser for the tests of this folder, and a Jupyter server that starts as `make lab` does."""

import pathlib
import shutil
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, sync_playwright

from tests.browser.jupyter import Notebook
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
def chromium() -> Iterator[Browser]:
    """The browser that tools/browser.py finds; without one the tests fail, they never skip."""
    with sync_playwright() as playwright:
        path = browsers.find() or browsers.get()
        browser = playwright.chromium.launch(executable_path=path, args=browsers.options())
        yield browser
        browser.close()


@pytest.fixture(scope="module", params=["lab"])
def opened(
    request: pytest.FixtureRequest, chromium: Browser, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Callable[..., Notebook]]:
    """A function that opens a notebook of the course in a page of its own.

    In JupyterLab as `make lab` starts it; a module that says
    `pytest.mark.parametrize("opened", ["notebook"], indirect=True)` gets Notebook 7 instead, and
    with "plain" a JupyterLab without the course's settings.
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
        context = chromium.new_context(viewport={"width": 1280, "height": 900})
        context.set_default_timeout(60_000)

        def open_notebook(name: str) -> Notebook:
            return Notebook(context.new_page(), server, folder, name).open()

        yield open_notebook
        context.close()


@pytest.fixture
def shots() -> pathlib.Path:
    """The folder for screenshots, which git ignores."""
    SHOTS.mkdir(exist_ok=True)
    return SHOTS
