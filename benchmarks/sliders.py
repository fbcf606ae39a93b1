"""Measure, in the browser, how long a demo takes from a key press to the changed picture.

    python -m benchmarks.sliders                 # every demo; writes docs/sliders.md
    python -m benchmarks.sliders wiggle batch    # these demos only; writes nothing

Three things stand in one notebook and are pressed in turn, so that a busy moment of the machine
hits them alike: the demo, the same figure with `interact` and `plt.show()`, and the floor, a slider
that changes one word. A picture counts when the frame that shows it has been drawn.
"""

import dataclasses
import json
import os
import pathlib
import statistics
import sys
import tempfile
import time
from collections.abc import Sequence

from playwright.sync_api import Browser, ElementHandle, Page, sync_playwright

from benchmarks._shown import measured
from nnmath.live import Demo, Slider
from tests.browser.jupyter import Notebook
from tests.browser.mirror import furthest, mirrors
from tools import browser as browsers
from tools.bootstrap import Stop, run_and_report, say
from tools.lab import start_server
from tools.proof import markdown
from tools.surroundings import ROOT

DOCUMENT = ROOT / "docs" / "sliders.md"
TEXT = """\
# How quickly a demo answers

From a key press to the changed picture on the screen, beside the same figure with `interact` and \
`plt.show()`, and beside the floor: a slider that changes one word. The last column but one is a \
key that was held for 60 presses in a second: the time from the last of them to the last picture. \
`make bench-sliders` measures all of it in one run and writes this page. The goals: at most 1.5 \
times the floor and 15 ms more; 6 times faster than `interact` (where no field of colours is \
drawn); settled within 250 ms.

"""
PRESSES = 30
HELD = 60  # presses of a key that is held, so many a second
FASTER, SETTLED = 6.0, 250.0  # the goals; the third is in Row.quick
PATIENCE = 20_000  # ms for one picture

# What changes in a cell when its picture does.
LAYERS = {
    "demo": "svg[role=img]",
    "floor": ".widget-html:not(:has(svg)) .widget-html-content",
    "interact": ".widget-interact .jp-OutputArea, .widget-output",
}
# Wait for the next key and for the picture after it; then for the frame that shows it.
ARM = """([cell, selector, patience]) => {
  const found = cell.querySelector(selector);
  const place = found.closest(".widget-html") ?? found;
  window.answer = new Promise((resolve) => {
    let pressed;
    cell.addEventListener("keydown", (event) => (pressed ??= event.timeStamp),
      { capture: true, once: true });
    const watch = new MutationObserver(async () => {
      if (pressed === undefined) return;
      const images = [...place.querySelectorAll("img")];
      if (place !== found || found.matches(".widget-html-content") || images.length) {
        watch.disconnect();
        await Promise.all(images.map((image) => image.decode()));
        requestAnimationFrame(() => {
          const channel = new MessageChannel();
          channel.port1.onmessage = () => resolve(performance.now() - pressed);
          channel.port2.postMessage(0);
        });
      }
    });
    watch.observe(place, { childList: true, subtree: true, characterData: true });
    setTimeout(() => { watch.disconnect(); resolve(null); }, patience);
  });
}"""
# From now on, note the last key and the frame of the last picture.
HOLD = """([cell, selector]) => {
  const place = cell.querySelector(selector).closest(".widget-html");
  window.held = { key: 0, picture: 0, pictures: 0 };
  cell.addEventListener("keydown", (event) => (held.key = event.timeStamp), { capture: true });
  new MutationObserver(() => requestAnimationFrame(() => {
    held.picture = performance.now();
    held.pictures += 1;
  })).observe(place, { childList: true, subtree: true });
}"""
RESTED = "() => performance.now() - Math.max(held.key, held.picture) > 700"


@dataclasses.dataclass
class Row:
    """What was measured of one demo; times in milliseconds."""

    notebook: str
    name: str
    raster: bool
    demo: list[float]
    interact: list[float]
    floor: list[float]
    settled: float

    @property
    def goal(self) -> float:
        """The slowest median that is quick enough, by the floor of the same minutes."""
        return 1.5 * statistics.median(self.floor) + 15

    @property
    def faster(self) -> float:
        """How many times faster than `interact`."""
        return statistics.median(self.interact) / statistics.median(self.demo)

    @property
    def missed(self) -> list[str]:
        """The goals that were not met, in words."""
        found = []
        if statistics.median(self.demo) > self.goal:
            found.append(f"above {self.goal:.0f} ms")
        if self.faster < FASTER and not self.raster:
            best = statistics.median(self.interact) / statistics.median(self.floor)
            least = f", and the floor is {best:.1f} times" if best < FASTER else ""
            found.append(f"less than {FASTER:g} times faster{least}")
        if self.settled > SETTLED:
            found.append(f"settles after more than {SETTLED:g} ms")
        return found

    def cells(self) -> list[str]:
        """Return the row of the table."""
        verdict = f"**missed**: {'; '.join(self.missed)}" if self.missed else "met"
        return [
            f"{self.notebook} `{self.name}`" + (" (field)" if self.raster else ""),
            f"{statistics.median(self.demo):.0f} / {p95(self.demo):.0f}",
            f"{statistics.median(self.interact):.0f} / {p95(self.interact):.0f}",
            f"{statistics.median(self.floor):.0f} / {p95(self.floor):.0f}",
            f"{self.faster:.1f}",
            f"{self.settled:.0f}",
            verdict,
        ]


HEAD = (
    "demo",
    "key to picture",
    "`interact`",
    "floor",
    "times faster",
    "settles after",
    "goals",
)


def p95(times: Sequence[float]) -> float:
    """Return the 95th percentile."""
    return statistics.quantiles(times, n=20, method="inclusive")[-1]


# --- What there is to measure ---------------------------------------------------------------------


def demos() -> list[tuple[str, Demo]]:
    """Return each demo of each notebook, with the notebook's number; one that is twice, once."""
    found: dict[str, tuple[str, Demo]] = {}
    for path in sorted((ROOT / "notebooks").glob("*.ipynb")):
        for demo in mirrors(path):
            found.setdefault(demo.title, (path.name[:2], demo))
    return list(found.values())


def home(demo: Demo) -> tuple[str, str]:
    """Return the module and the function that made the demo."""
    module = sys.modules[demo.draw.__module__]
    for name, function in vars(module).items():
        if getattr(function, "__annotations__", {}).get("return") in ("Demo", Demo):
            code = getattr(function, "__code__", None)
            if code is not None and demo.title in code.co_consts:
                return module.__name__.rpartition(".")[2], name
    raise Stop(f"No function of {module.__name__} makes the demo {demo.title!r}.")


def notebook_of(module: str, name: str, folder: pathlib.Path) -> str:
    """Write a notebook that shows the demo, its twin and the floor; return its file name."""
    import nbformat

    sources = [
        f"import sys\nsys.path.insert(0, {str(ROOT)!r})\n"
        "from benchmarks._shown import floor, live, rebuilt",
        "floor()",
        f"live({module!r}, {name!r})",
        f"rebuilt({module!r}, {name!r})",
    ]
    cells = [nbformat.v4.new_code_cell(source) for source in sources]
    spec = {"display_name": "Python 3", "language": "python", "name": "python3"}
    notebook = nbformat.v4.new_notebook(cells=cells, metadata={"kernelspec": spec})
    nbformat.write(notebook, folder / f"{name}.ipynb")
    return f"{name}.ipynb"


# --- Measuring ------------------------------------------------------------------------------------


@dataclasses.dataclass
class Pressed:
    """A control of the page, and keys that move it to and fro without standing still."""

    page: Page
    kind: str
    cell: ElementHandle
    positions: int
    at: int = 0
    up: bool = True
    grip: str = "input[type=range], .noUi-handle, input[type=radio]"

    def focus(self) -> None:
        """Take the keyboard."""
        checked = self.cell.query_selector("input[type=radio]:checked")
        grip = self.cell.query_selector("input[type=range], .noUi-handle") or checked
        assert grip is not None
        grip.focus()

    def next(self) -> str:
        """Return the key that moves on, and note where that leads."""
        if not 0 <= self.at + (1 if self.up else -1) < self.positions:
            self.up = not self.up
        self.at += 1 if self.up else -1
        return "ArrowRight" if self.up else "ArrowLeft"

    def press(self) -> float | None:
        """Press one key; return the milliseconds to the picture, None if it never changed."""
        self.focus()
        self.page.evaluate(ARM, [self.cell, LAYERS[self.kind], PATIENCE])
        self.page.keyboard.press(self.next())
        return self.page.evaluate("() => window.answer")


def measure(browser: Browser, server, folder: pathlib.Path, number: str, demo: Demo) -> Row:
    """Measure one demo, beside its twin and the floor."""
    module, name = home(demo)
    page = browser.new_page(viewport={"width": 1280, "height": 900})
    page.set_default_timeout(60_000)
    notebook = Notebook(page, server, folder, notebook_of(module, name, folder)).open()
    notebook.run_all()
    cells = page.locator(".jp-CodeCell")
    control = demo.controls[measured(demo)]
    cells.nth(2).locator("svg[role=img]").wait_for()
    cells.nth(3).locator("img").wait_for()
    which = [c for c in demo.controls.values() if isinstance(c, Slider)]
    if isinstance(control, Slider):
        row = [control.min + k * control.step for k in range(_positions(control))]
        values = list(control.choices) or row
        last, start = (_place(values, value) for value in (furthest(control), control.value))
        values = values[: last + 1]
        marked = cells.nth(2).get_by_role("slider").nth(which.index(control))
    else:
        values, start = control.choices, control.choices.index(control.value)
        marked = cells.nth(2).locator("fieldset").first
    # The other controls of the demo step aside, so that the cell has one grip.
    marked.evaluate(
        "node => node.closest('.jp-CodeCell').querySelectorAll('.nn-control')"
        ".forEach((other) => other.contains(node) || other.remove())"
    )
    handles = [cells.nth(k).element_handle() for k in (1, 2, 3)]
    floor = Pressed(page, "floor", handles[0], 1001)
    live = Pressed(page, "demo", handles[1], len(values), start)
    twin = Pressed(page, "interact", handles[2], len(values), start)
    times: dict[str, list[float]] = {one.kind: [] for one in (floor, live, twin)}
    for one in (floor, live, twin):
        one.press()  # the first of all loads fonts and fills caches
    presses = int(os.environ.get("PRESSES", PRESSES))
    for _ in range(presses):
        for one in (floor, live, twin):
            took = one.press()
            if took is None:
                raise Stop(f"{name}: a key was pressed, and the {one.kind} showed no new picture.")
            times[one.kind].append(took)
    raster = live.cell.query_selector("svg[role=img] image") is not None
    settled = hold(live)
    notebook.close()
    return Row(number, name, raster, times["demo"], times["interact"], times["floor"], settled)


def _place(values: Sequence[float], value: float) -> int:
    return min(range(len(values)), key=lambda k: abs(values[k] - value))


def _positions(slider: Slider) -> int:
    return len(slider.choices) or round((slider.max - slider.min) / slider.step) + 1


def hold(one: Pressed) -> float:
    """Press 60 keys at 60 a second; return the milliseconds from the last to the last picture."""
    one.focus()
    one.page.evaluate(HOLD, [one.cell, LAYERS["demo"]])
    start = time.monotonic()
    for n in range(HELD):
        one.page.keyboard.press(one.next())
        time.sleep(max(0.0, start + (n + 1) / HELD - time.monotonic()))
    one.page.wait_for_function(RESTED)
    return float(one.page.evaluate("() => Math.max(0, held.picture - held.key)"))


# --- The command ----------------------------------------------------------------------------------


def noise(rows: Sequence[Row], version: str, load: Sequence[float]) -> str:
    """Say on what machine it was measured, and how quiet that was."""
    floors = [statistics.median(row.floor) for row in rows]
    every = [time for row in rows for time in row.floor]
    presses = len(rows[0].floor)
    return (
        f"Milliseconds, median / 95th percentile of {presses} presses. Chromium {version}, "
        f"{os.cpu_count()} processors, load average {load[0]:.1f} at the start and {load[1]:.1f} "
        f"at the end. Noise: over all its {len(every)} presses the floor took {min(every):.0f} to "
        f"{max(every):.0f} ms, and its median moved from {min(floors):.0f} to {max(floors):.0f} ms "
        "from one demo to the next.\n"
    )


def main(arguments: Sequence[str]) -> int:
    """Measure the demos, print the table, and write it down."""
    found = demos()
    names = [home(demo)[1] for _, demo in found]
    for wanted in arguments:
        if wanted not in names:
            raise Stop(f"There is no demo {wanted!r}: choose from {', '.join(names)}.")
    chosen = [pair for pair, name in zip(found, names, strict=True) if name in arguments] or found
    load, rows = [os.getloadavg()[0]], []
    with tempfile.TemporaryDirectory(prefix="nnmath-", ignore_cleanup_errors=True) as place:
        folder, house = pathlib.Path(place, "notebooks"), pathlib.Path(place, "home")
        folder.mkdir()
        house.mkdir()
        options = ["--LabApp.expose_app_in_browser=True"]
        settings = {"@jupyterlab/notebook-extension:tracker": {"windowingMode": "none"}}
        with (
            start_server(folder, house, settings=settings, options=options) as server,
            sync_playwright() as playwright,
        ):
            path = browsers.find() or browsers.get()
            browser = playwright.chromium.launch(executable_path=path, args=browsers.options())
            for number, demo in chosen:
                rows.append(measure(browser, server, folder, number, demo))
                say(" | ".join(rows[-1].cells()))
            version = browser.version
            browser.close()
    load.append(os.getloadavg()[0])
    text = markdown(HEAD, [row.cells() for row in rows]) + "\n" + noise(rows, version, load)
    print(text)
    if os.environ.get("KEEP"):
        pathlib.Path(os.environ["KEEP"]).write_text(
            json.dumps([dataclasses.asdict(r) for r in rows])
        )
    if not arguments:
        DOCUMENT.write_text(TEXT + text, encoding="utf-8", newline="\n")
        say(f"docs/{DOCUMENT.name} is up to date.")
    missed = [row.name for row in rows if row.missed]
    if missed:
        raise Stop(f"A goal was missed by {', '.join(missed)}.")
    return 0


if __name__ == "__main__":
    sys.exit(run_and_report(main, sys.argv[1:]))
