"""Measure the course in a browser without a server: bytes, seconds, and how quickly a demo answers.

    python -m benchmarks.site    # writes docs/site.md

Each visit is that of a new browser to a static server on this machine, so what a network adds is
the bytes. A second visit is one in the same browser.
"""

import dataclasses
import gzip
import os
import pathlib
import shutil
import statistics
import sys
import tempfile
import time
from collections.abc import Sequence
from typing import Any

from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from benchmarks.sliders import PRESSES, Pressed, p95
from tests.browser.jupyter import COMMAND, SESSION, Notebook
from tests.browser.static import Static
from tools import browser as browsers
from tools.bootstrap import Stop, run_and_report, say
from tools.lab import COURSE, start_server
from tools.proof import machine, markdown
from tools.site.lite import build
from tools.surroundings import ROOT, private

DOCUMENT = ROOT / "docs" / "site.md"
NOTEBOOK = "01_sigmoid_bce.ipynb"
VISITS = int(os.environ.get("VISITS", "3"))
PATIENCE = 300_000  # ms
MOST_BYTES, MOST_DISK, MOST_SECONDS = 30e6, 60e6, 6.0
TEXT = """\
# The course in a browser, without a server

`make bench-site` measured this and wrote this page: one notebook, `{notebook}`, opened in \
JupyterLite from a static server on the same machine by a browser that cannot reach any other. \
*Cold* is a browser that was never there, *warm* is its second visit. A slider lives as soon as it \
can be moved: everything above it was run by then, and nobody had to press a key for that.

"""
# What would be gained by doing without a file, and why it is there.
WHY = {
    "pyodide.asm.wasm": "Python itself",
    "matplotlib": "draws every demo; 2.8 MB of it are fonts and sample images that no demo uses",
    "numpy": "the arithmetic",
    "python_stdlib": "Python's own library",
    "jedi": "completes names when Tab is pressed; could come at the first Tab",
    "jlab_core": "the front end of Jupyter",
    "pygments": "colours the code that a notebook shows; IPython does not start without it",
    "fonttools": "matplotlib does not start without it",
    "pillow": "matplotlib does not start without it",
}
IDLE = f"""() => {{
  const kernel = {SESSION}?.session?.kernel;
  return kernel?.connectionStatus === "connected" && kernel.status === "idle";
}}"""
SLIDER = ".jp-CodeCell .nn-control input[type=range]"
MARK = "() => performance.getEntriesByName('nnmath: Python answers')[0]?.startTime"


@dataclasses.dataclass
class Visit:
    """One visit: seconds since the address was entered, and what was asked of the server."""

    python: float
    slider: float
    cells: float
    asked: list[str]


def visit(context: BrowserContext, server: Static) -> tuple[Visit, Page]:
    """Open the notebook, wait for the first slider, then run every cell."""
    page = context.new_page()
    page.set_default_timeout(PATIENCE)
    server.asked.clear()
    page.goto(f"{server.address}lite/notebooks/index.html?path={NOTEBOOK}")
    page.locator(SLIDER).first.wait_for()
    slider = page.evaluate("() => performance.now()") / 1000
    asked = list(dict.fromkeys(server.asked))
    python = page.evaluate(MARK) / 1000
    page.wait_for_function("() => 'nnKept' in document.documentElement.dataset")
    page.wait_for_function(IDLE)
    start = time.monotonic()
    if not page.evaluate(COMMAND, ["notebook:run-all-cells", PATIENCE, {}]):
        raise Stop(f"A cell of {NOTEBOOK} failed in the browser.")
    page.wait_for_function(IDLE)
    return Visit(python, slider, time.monotonic() - start, asked), page


def keys(page: Page) -> list[float]:
    """Return the milliseconds from a key on the first slider to its picture, press by press."""
    cell = page.locator(".jp-CodeCell", has=page.locator(".nn-control")).first
    cell.evaluate("node => node.scrollIntoView()")
    slider = cell.get_by_role("slider").first
    positions = slider.evaluate("node => Math.round((node.max - node.min) / node.step) + 1")
    at = slider.evaluate("node => Math.round((node.value - node.min) / node.step)")
    slider.evaluate(
        "node => node.closest('.jp-CodeCell').querySelectorAll('.nn-control')"
        ".forEach((other) => other.contains(node) || other.remove())"
    )
    one = Pressed(page, "demo", cell.element_handle(), positions, at)
    one.press()
    times = [one.press() for _ in range(PRESSES)]
    if None in times:
        raise Stop("A key was pressed, and no new picture came.")
    return [float(took) for took in times if took is not None]


def local(browser: Browser, home: pathlib.Path) -> list[float]:
    """Return the same of a kernel on this machine, in JupyterLab as `make lab` starts it."""
    folder = home / "copy"
    shutil.copytree(COURSE, folder)
    options = ["--LabApp.expose_app_in_browser=True"]
    with start_server(folder, home / "home", options=options) as server:
        page = browser.new_page(viewport={"width": 1280, "height": 900})
        notebook = Notebook(page, server, folder, NOTEBOOK).open()
        notebook.run_all()
        return keys(page)


# --- The page -------------------------------------------------------------------------------------


def sizes(folder: pathlib.Path, asked: Sequence[str]) -> dict[str, tuple[int, int]]:
    """Return {file: (bytes, bytes after gzip -6)} of what was asked for and exists."""
    found = {}
    for name in asked:
        path = folder / name
        if path.is_file():
            content = path.read_bytes()
            found[name] = (len(content), len(gzip.compress(content, 6)))
    return found


def document(facts: dict[str, Any]) -> str:
    """Return docs/site.md."""
    cold, warm = facts["cold"], facts["warm"]
    packed = facts["packed"]
    total = sum(size for _, size in packed.values())

    def median(visits: list[Visit], name: str) -> str:
        return f"{statistics.median(getattr(one, name) for one in visits):.1f} s"

    def verdict(met: bool) -> str:
        return "met" if met else "**missed**"

    first, second = (statistics.median(v.slider for v in visits) for visits in (cold, warm))
    asked_again = [n for n in warm[0].asked if n.startswith("lite/pyodide/")]
    rows = [
        ("Python answers", median(cold, "python"), median(warm, "python"), ""),
        (
            "the first slider lives",
            median(cold, "slider"),
            median(warm, "slider"),
            f"warm: at most {MOST_SECONDS:g} s and half of cold: "
            + verdict(second <= MOST_SECONDS and second <= first / 2),
        ),
        ("all cells, from then on", median(cold, "cells"), median(warm, "cells"), ""),
        (
            "bytes until the first slider, `gzip -6`",
            f"{total / 1e6:.1f} MB",
            f"{sum(s for _, s in facts['repacked'].values()) / 1e6:.1f} MB",
            f"cold: at most {MOST_BYTES / 1e6:g} MB: {verdict(total <= MOST_BYTES)}",
        ),
        (
            "files of Python asked for",
            f"{sum(n.startswith('lite/pyodide/') for n in packed)}",
            f"{len(asked_again)}",
            f"warm: none: {verdict(not asked_again)}",
        ),
        (
            "key to picture, JupyterLite",
            f"{statistics.median(facts['lite']):.0f} ms",
            "",
            f"95th percentile {p95(facts['lite']):.0f} ms",
        ),
        (
            "key to picture, kernel on this machine",
            f"{statistics.median(facts['local']):.0f} ms",
            "",
            f"95th percentile {p95(facts['local']):.0f} ms",
        ),
    ]
    lines = [TEXT.format(notebook=NOTEBOOK), markdown(("", "cold", "warm", "goal"), rows)]
    lines.append(
        f"The folder `lite/` takes {facts['disk'] / 1e6:.1f} MB on disk (at most "
        f"{MOST_DISK / 1e6:g}: {verdict(facts['disk'] <= MOST_DISK)}).\n"
    )
    largest = sorted(packed.items(), key=lambda item: -item[1][1])
    shown = [
        (
            f"`{pathlib.PurePosixPath(name).name}`",
            f"{size / 1e6:.1f}",
            next((why for part, why in WHY.items() if part in name), ""),
        )
        for name, (_, size) in largest[:8]
    ]
    lines.append("The largest files; without one of them, so many bytes fewer:\n")
    lines.append(markdown(("file", "MB, `gzip -6`", "what it is for"), shown))
    low, high = facts["load"]
    lines.append(
        f"Medians of {VISITS} visits and of {PRESSES} presses. {machine()}. Chromium "
        f"{facts['version']}, load average {low:.1f} at the start and {high:.1f} at the end.\n"
    )
    return "\n".join(lines)


def main(_: Sequence[str]) -> int:
    """Measure, and write the page."""
    load = os.getloadavg()[0]
    with private() as home, sync_playwright() as playwright:
        rules = "--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1"
        browser = playwright.chromium.launch(
            executable_path=browsers.find() or browsers.get(), args=[*browsers.options(), rules]
        )
        place = pathlib.Path(tempfile.mkdtemp(dir=home))
        build.build(place / "lite", os.environ.get("PYODIDE", ""))
        server = Static(place, "/")
        cold, warm, quick = [], [], []
        for number in range(VISITS):
            context = browser.new_context(viewport={"width": 1280, "height": 900})
            for visits in (cold, warm):
                seen, page = visit(context, server)
                visits.append(seen)
                say(f"visit {number + 1}: Python {seen.python:.1f} s, slider {seen.slider:.1f} s")
                if visits is warm and number == VISITS - 1:
                    quick = keys(page)
                page.close()
            context.close()
        facts = {
            "cold": cold,
            "warm": warm,
            "lite": quick,
            "local": local(browser, home),
            "packed": sizes(place, cold[0].asked),
            "repacked": sizes(place, warm[0].asked),
            "disk": sum(f.stat().st_size for f in place.rglob("*") if f.is_file()),
            "version": browser.version,
            "load": (load, os.getloadavg()[0]),
        }
        server.stop()
        browser.close()
    DOCUMENT.write_text(document(facts), encoding="utf-8", newline="\n")
    say(f"{DOCUMENT.relative_to(ROOT)} is up to date.")
    return 0


if __name__ == "__main__":
    sys.exit(run_and_report(main, sys.argv[1:]))
