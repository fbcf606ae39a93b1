"""The course in JupyterLite: Python runs in the browser, and there is nothing but static files.

Every address but this machine's is cut off. One build serves all tests.
"""

import base64
import contextlib
import io
import json
import os
import re
import shutil
import zipfile

import numpy as np
import pytest
from matplotlib.image import imread
from playwright.sync_api import Browser, Page, expect, sync_playwright

from nnmath.exercises import check_answer
from nnmath.live import Choice, Slider
from tests.browser.access import barriers
from tests.browser.jupyter import COMMAND, CURRENT, SESSION, Demo
from tests.browser.mirror import mirrors, state
from tests.browser.static import Static
from tools import browser as browsers
from tools.lab import COURSE
from tools.site.lite import build

PATIENCE = 180_000  # ms: a slow machine is not a failure
NAMES = sorted(path.name for path in COURSE.glob("0[01]*.ipynb"))
FIRST, ASKED = "00_start_here.ipynb", "01_sigmoid_bce.ipynb"
BASE = "/some/where/"
IDLE = f"""() => {{
  const kernel = {SESSION}?.session?.kernel;
  return kernel?.connectionStatus === "connected" && kernel.status === "idle";
}}"""
CLEAR = f"""() => {{
  for (const cell of {CURRENT}.content.model.cells) {{
    if (cell.type === "code") {{ cell.outputs.clear(); cell.executionCount = null; }}
  }}
}}"""
OUTPUTS = f"""() => [...{CURRENT}.content.model.cells]
  .filter((cell) => cell.type === "code")
  .map((cell) => [cell.executionCount, cell.outputs.toJSON()])"""
SOURCES = f"() => [...{CURRENT}.content.model.cells].map((cell) => cell.sharedModel.getSource())"
SCROLL = f"""(cell) => {{
  const list = {CURRENT}.content;
  return list.scrollToItem(list.widgets.findIndex((one) => one.node === cell), "start");
}}"""
WRONG = "    a = 1 / (1 + np.exp(-z))\n    return a * a"
RIGHT = "    a = 1 / (1 + np.exp(-z))\n    return a * (1 - a)"


@pytest.fixture(scope="module")
def chromium():
    """A browser that can reach this machine and nothing else."""
    with sync_playwright() as playwright:
        rules = "--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1"
        path = browsers.find() or browsers.get()
        browser = playwright.chromium.launch(
            executable_path=path, args=[*browsers.options(), rules]
        )
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    folder = tmp_path_factory.mktemp("site")
    build.build(folder / "lite", os.environ.get("PYODIDE", ""))
    return folder


@pytest.fixture(scope="module")
def server(site):
    static = Static(site, BASE)
    yield static
    static.stop()


@pytest.fixture(scope="module")
def learner(chromium: Browser):
    """The browser of one learner, which keeps what it has seen."""
    context = chromium.new_context(viewport={"width": 1280, "height": 900}, color_scheme="light")
    context.set_default_timeout(PATIENCE)
    yield context
    context.close()


@pytest.fixture(scope="module")
def reader(chromium: Browser):
    """The browser of one who runs every notebook, and answers nothing."""
    context = chromium.new_context(viewport={"width": 1280, "height": 900}, color_scheme="light")
    context.set_default_timeout(PATIENCE)
    yield context
    context.close()


@pytest.fixture
def stranger(chromium: Browser):
    """The browser of someone who was never here."""
    context = chromium.new_context(accept_downloads=True)
    context.set_default_timeout(PATIENCE)
    yield context
    context.close()


def visit(context, server, name=ASKED, fragment="", app="notebooks") -> Page:
    expect.set_options(timeout=PATIENCE)
    page = context.new_page()
    page.goto(f"{server.address}lite/{app}/index.html?path={name}{fragment}")
    return page


def words(page: Page):
    return page.locator("#nn-words")


def is_ready(page: Page) -> None:
    """Wait until Python answers, or fail with what the page says."""
    expect(words(page)).to_have_text(re.compile("Python is ready"), timeout=PATIENCE)
    expect(page.get_by_role("alert").first).to_have_text("")


def text(value) -> str:
    return value if isinstance(value, str) else "".join(value)


def said(outputs) -> dict[str, str]:
    """Return {stream or kind: all its text} of a cell: what nbval compares."""
    kept: dict[str, str] = {}
    for output in outputs:
        kind = output.get("name", output["output_type"])
        if kind == "error":
            found = f"{output['ename']}: {output['evalue']}"
        else:
            found = output["text"] if "text" in output else output["data"].get("text/plain", "")
        kept[kind] = kept.get(kind, "") + text(found)
    return kept


# A visit ------------------------------------------------------------------------------------------


def cell_of(page: Page, source: str):
    return page.locator(".jp-CodeCell", has_text=source).first


def answer(page: Page, body: str) -> str:
    """Answer exercise 1.A as a learner does; return what is printed below."""
    cell = cell_of(page, "def sigmoid_prime(z)")
    cell.locator(".cm-content").click()
    page.keyboard.press("Control+A")
    page.keyboard.insert_text(written(body))
    page.evaluate(f"() => {{ {CURRENT}.content.activeCell.model.executionCount = null; }}")
    expect(cell.locator(".jp-InputPrompt")).not_to_have_text(re.compile(r"\d"))
    page.keyboard.press("Control+Enter")
    expect(cell.locator(".jp-InputPrompt")).to_have_text(re.compile(r"\[\d+\]:"))
    page.wait_for_function(IDLE)
    return cell.locator(".jp-OutputArea-output").inner_text().strip()


def written(body: str) -> str:
    return f'def sigmoid_prime(z):\n{body}\n\n\ncheck_answer("1.A", sigmoid_prime)'


def told_here(body: str) -> str:
    """Return what the same answer is told in this process."""
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        exec("import numpy as np\n" + written(body), {"check_answer": check_answer})
    return printed.getvalue().strip()


def test_a_first_visit_an_answer_a_reload_and_a_second_visit(learner, server, shots):
    """What a person does who comes from a link: see answers survive, with the server gone."""
    page = visit(learner, server, fragment="#exercise-1.A")
    progress = page.get_by_role("progressbar", name="Python on its way into this browser")
    expect(words(page)).to_have_text(re.compile(r"Loading Python: [\d.]+ of [\d.]+ MB|starting"))
    expect(progress).to_be_visible()
    assert barriers(page, "#nn-bar") == []
    is_ready(page)
    expect(progress).to_be_hidden()
    assert barriers(page, "#nn-bar") == []

    # The cell that the address names is there, with the cursor in it, and all above it has run.
    cell = cell_of(page, "def sigmoid_prime(z)")
    expect(cell).to_be_in_viewport()
    expect(cell.locator(".cm-content")).to_be_focused()
    [first, *_] = page.evaluate(OUTPUTS)
    assert first[0]

    assert answer(page, WRONG) == told_here(WRONG)
    assert answer(page, RIGHT) == told_here(RIGHT) != told_here(WRONG)
    page.wait_for_function(f"() => !{CURRENT}.context.model.dirty", timeout=PATIENCE)
    page.wait_for_function("() => 'nnKept' in document.documentElement.dataset", timeout=PATIENCE)
    page.screenshot(path=shots / "lite-answered.png")
    page.close()

    server.asked.clear()
    with server.gone():
        page = visit(learner, server)
        page.set_viewport_size({"width": 390, "height": 844})
        is_ready(page)
        assert written(RIGHT) in page.evaluate(SOURCES)
        demo = Demo(page.locator(".jp-CodeCell", has=page.locator(".nn-control")).first)
        [mirror, *_] = mirrors(COURSE / ASKED)
        mirror.reset()
        shows(demo, mirror, "the second visit")
        page.screenshot(path=shots / "lite-narrow.png")
        page.emulate_media(color_scheme="dark")
        page.close()
    assert not server.asked

    # With the server back, nothing of Python is asked for again.
    page = visit(learner, server, FIRST)
    is_ready(page)
    page.close()
    assert not [name for name in server.asked if name.startswith("lite/pyodide/")]


def test_a_page_in_the_dark(learner, server, shots):
    page = visit(learner, server)
    page.emulate_media(color_scheme="dark")
    page.reload()
    page.locator("body[data-jp-theme-light=false]").wait_for()
    assert barriers(page, "#nn-bar") == []
    page.screenshot(path=shots / "lite-dark.png")
    page.close()


# Every notebook -----------------------------------------------------------------------------------


@pytest.mark.parametrize("name", NAMES)
def test_every_cell_says_what_is_stored_and_every_demo_obeys_a_key(reader, server, name):
    page = visit(reader, server, name)
    is_ready(page)
    page.evaluate(CLEAR)
    assert page.evaluate(COMMAND, ["notebook:run-all-cells", PATIENCE, {}])
    page.wait_for_function(IDLE)
    stored = json.loads((COURSE / name).read_text(encoding="utf-8"))["cells"]
    cells = [cell for cell in stored if cell["cell_type"] == "code"]
    found = page.evaluate(OUTPUTS)
    assert len(found) == len(cells)
    for cell, (count, outputs) in zip(cells, found, strict=True):
        assert count, f"{cell['id']} was not run"
        assert said(outputs) == said(cell["outputs"]), cell["id"]

    shown = mirrors(COURSE / name)
    demos = page.locator(".jp-CodeCell", has=page.locator(".nn-control"))
    expect(demos).to_have_count(len(shown))
    for at, mirror in enumerate(shown):
        mirror.reset()
        demo = Demo(demos.nth(at))
        demo.cell.evaluate(SCROLL)
        after = moved(demo, mirror)
        shows(demo, mirror, f"{after} in {mirror.title!r}")
    page.close()


def shows(demo: Demo, mirror, after: str) -> None:
    """Wait until the words are those of the mirror, and the picture is, to half a pixel.

    Pyodide has a matplotlib of its own, which centres a line of text a little differently.
    """
    expected = state(mirror)
    for _ in range(PATIENCE // 100):
        now = demo.look()
        differ = [name for name in expected if name != "picture" and now[name] != expected[name]]
        if not differ and alike(now["picture"], drawn(demo, expected["picture"])):
            return
        demo.cell.page.wait_for_timeout(100)
    for name in differ:
        assert now[name] == expected[name], f"after {after}: the {name}"
    raise AssertionError(f"after {after}: the picture is another one")


def drawn(demo: Demo, picture: str) -> str:
    """Return a picture as the browser writes it."""
    read = """text => {
      const read = document.createElement("template");
      read.innerHTML = text;
      return read.innerHTML;
    }"""
    return demo.cell.page.evaluate(read, picture)


def alike(some: str, other: str) -> bool:
    """Say whether two pictures are one, with numbers that differ by less than half a pixel."""
    pixels = re.compile(r"data:image/png;base64,([\w+/=]+)")
    for one, two in zip(pixels.findall(some), pixels.findall(other), strict=False):
        a, b = (imread(io.BytesIO(base64.b64decode(text))) for text in (one, two))
        if a.shape != b.shape or np.abs(a - b).max() > 2 / 255:
            return False
    parts = [re.split(r"(-?\d+\.\d+)", pixels.sub("", text)) for text in (some, other)]
    if parts[0][::2] != parts[1][::2]:
        return False
    return all(
        abs(float(a) - float(b)) < 0.5 for a, b in zip(*(p[1::2] for p in parts), strict=True)
    )


def moved(demo: Demo, mirror) -> str:
    """Move the first control by one key, here and there; return what was done."""
    for control in mirror.controls.values():
        if isinstance(control, Slider):
            further = control.following(control.value)
            demo.press(demo.slider(control.label), "ArrowRight" if further is not None else "Home")
            control.value = further if further is not None else control.min
            return f"a key on {control.label}"
        if isinstance(control, Choice):
            demo.radio(control.value).focus()
            demo.cell.page.keyboard.press("ArrowRight")
            control.value = control.choices[
                (control.choices.index(control.value) + 1) % len(control.choices)
            ]
            return f"a key on {control.label}"
    raise AssertionError(f"{mirror.title!r} has neither a slider nor a choice")


# When something is wrong --------------------------------------------------------------------------


@pytest.mark.parametrize("worker", [True, False])
def test_a_damaged_file_is_a_sentence_and_no_spinner(stranger, server, worker):
    """Also where the browser allows no service worker."""
    if not worker:
        without = "Object.defineProperty(navigator, 'serviceWorker', { value: undefined })"
        stranger.add_init_script(without)
    name = next(iter((server.folder / "lite" / "pyodide").glob("numpy-*"))).name
    whole = (server.folder / "lite" / "pyodide" / name).read_bytes()
    server.instead = {f"lite/pyodide/{name}": whole[:-1] + b"!"}
    try:
        page = visit(stranger, server)
        alarm = page.get_by_role("alert").first
        expect(alarm).to_contain_text(f"Python cannot start here: of the file {name}")
        expect(alarm).to_contain_text("another one")
        expect(page.locator("#nn-progress")).to_be_hidden()
        expect(alarm.get_by_role("button", name="Load the page again")).to_be_visible()
    finally:
        server.instead = {}


# What a learner keeps -----------------------------------------------------------------------------


def write_into_the_first_cell(page: Page, line: str) -> None:
    page.locator(".jp-CodeCell .cm-content").first.click()
    page.keyboard.press("Control+End")
    page.keyboard.insert_text(f"\n{line}")
    page.wait_for_function(f"() => !{CURRENT}.context.model.dirty", timeout=PATIENCE)


def sources(page: Page) -> str:
    return "\n".join(page.evaluate(SOURCES))


def there(page: Page, name: str) -> None:
    """Wait until the notebook can be read; none of this needs Python."""
    page.wait_for_function(
        f"name => window.jupyterapp?.shell.currentWidget && {SESSION}?.path === name"
        f" && {CURRENT}.content?.model?.cells.length > 5",
        arg=name,
    )


def test_notebooks_go_with_the_learner_and_what_was_there_is_kept(stranger, server, tmp_path):
    page = visit(stranger, server)
    is_ready(page)
    write_into_the_first_cell(page, "# mine")
    with page.expect_download() as download:
        page.get_by_role("button", name="Download my notebooks").click()
    archive = tmp_path / download.value.suggested_filename
    download.value.save_as(archive)
    with zipfile.ZipFile(archive) as packed:
        assert packed.testzip() is None
        assert packed.namelist() == [ASKED]
        assert "# mine" in packed.read(ASKED).decode("utf-8")
    repacked = tmp_path / "repacked.zip"  # compressed, as other programs write it
    with zipfile.ZipFile(repacked, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr(f"folder/{ASKED}", zipfile.ZipFile(archive).read(ASKED))

    write_into_the_first_cell(page, "# later")
    page.get_by_label("Upload").set_input_files(repacked)
    news = page.get_by_role("region", name="What is new")
    expect(news).to_contain_text(f"Uploaded: {ASKED}. What you had is kept as")
    there(page, ASKED)
    assert "# mine" in sources(page) and "# later" not in sources(page)
    [aside] = re.findall(r"kept as (.*\.ipynb)", news.inner_text())
    page.goto(f"{server.address}lite/notebooks/index.html?path={aside}")
    there(page, aside)
    assert "# later" in sources(page)

    page.get_by_label("Upload").set_input_files(
        {"name": "a.ipynb", "mimeType": "text/plain", "buffer": b"{}"}
    )
    expect(page.get_by_role("alert").first).to_contain_text("a.ipynb is no notebook")


def test_a_newer_course_never_overwrites_an_answer_and_says_what_is_new(
    stranger, site, server, tmp_path
):
    page = visit(stranger, server)
    there(page, ASKED)
    page.wait_for_function("() => 'nnKept' in document.documentElement.dataset", timeout=PATIENCE)
    write_into_the_first_cell(page, "# mine")
    page.goto(f"{server.address}lite/notebooks/index.html?path={FIRST}")
    there(page, FIRST)
    is_ready(page)  # some cells were run, so a copy is kept, in which nothing was written
    page.wait_for_function(f"() => !{CURRENT}.context.model.dirty", timeout=PATIENCE)
    page.goto("about:blank")

    newer = tmp_path / "newer"
    shutil.copytree(site, newer, copy_function=os.link)
    for name in (ASKED, FIRST):
        path = newer / "lite" / "files" / name
        notebook = json.loads(path.read_text(encoding="utf-8"))
        notebook["cells"][0]["source"] = "# Another title\n\nA sentence that is new."
        path.unlink()
        path.write_text(json.dumps(notebook), encoding="utf-8")
    worker = newer / "lite" / "service-worker.js"
    old = worker.read_text(encoding="utf-8")
    worker.unlink()
    build.add_worker(newer / "lite", old[old.rindex('"use strict";const CACHE') :])
    server.folder = newer
    try:
        page.goto(f"{server.address}lite/notebooks/index.html?path={ASKED}")
        news = page.get_by_role("region", name="What is new")
        expect(news).to_contain_text("has changes of your own, so it was kept")
        expect(news.get_by_role("listitem")).to_have_text(["Another title: changed"])
        assert barriers(page, "#nn-bar") == []
        there(page, ASKED)
        assert "# mine" in sources(page) and "A sentence that is new" not in sources(page)
        news.get_by_role("button", name="Open the newer version beside it").click()
        page.wait_for_url(re.compile("newer"))
        page.wait_for_function(
            f"() => window.jupyterapp && {CURRENT}?.content?.model?.cells.length > 5"
        )
        assert "# mine" not in sources(page) and "A sentence that is new" in sources(page)

        page.goto(f"{server.address}lite/notebooks/index.html?path={FIRST}")
        expect(news).to_contain_text("brought up to date; you had written nothing in it")
        there(page, FIRST)
        assert "A sentence that is new" in sources(page)
    finally:
        server.folder = site


def test_the_page_begins_where_an_address_says(learner, server):
    """A demo's address makes that demo live, whichever demo it is."""
    page = visit(learner, server, fragment="#demo-2")
    is_ready(page)
    demo = page.locator(".jp-CodeCell", has=page.locator(".nn-control")).last
    expect(demo).to_be_in_viewport()
    mirror = mirrors(COURSE / ASKED)[1]
    mirror.reset()
    shows(Demo(demo), mirror, "the arrival")
    page.close()
