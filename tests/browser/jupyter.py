"""A notebook open in a real browser: what the tests see and do is what a learner sees and does."""

import dataclasses
import json
import pathlib
import re

from playwright.sync_api import Locator, Page, expect

from tools.lab import Server

# JupyterLab's own complaints, which say nothing about the course.
NOT_OURS = ("favicon", "ResizeObserver", "/api/contents?", "Failed to load resource")
PATIENCE = 60_000  # ms; a slow machine is not a failure

# The session itself is asked: "idle" is shown before the kernel is connected, and Run All at that
# moment silently runs nothing.
CONNECTED = """name => {
  const context = window.jupyterapp?.shell.currentWidget?.sessionContext;
  const kernel = context?.session?.kernel;
  return context?.path === name && context.isReady
    && kernel?.connectionStatus === 'connected' && kernel.status === 'idle';
}"""
# A promise has no patience of its own, and a test that waits for ever says nothing.
RUN_ALL = """patience => Promise.race([
  window.jupyterapp.commands.execute('notebook:run-all-cells'),
  new Promise((_, fail) => setTimeout(() => fail(new Error('Run All did not end')), patience)),
])"""


@dataclasses.dataclass
class Notebook:
    """One notebook in one page of the browser."""

    page: Page
    server: Server
    folder: pathlib.Path
    name: str
    complaints: list[str] = dataclasses.field(default_factory=list)

    def open(self) -> "Notebook":
        """Open the notebook and wait until its kernel can work."""
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on("console", lambda m: self._complain(m.text) if m.type == "error" else None)
        # reset: else JupyterLab brings back the notebook that an earlier test had open.
        self.page.goto(f"{self.server.address(self.name)}&reset")
        self.page.locator(".jp-Notebook").first.wait_for(timeout=PATIENCE)
        self.page.wait_for_function(CONNECTED, arg=self.name, timeout=PATIENCE)
        cells = json.loads((self.folder / self.name).read_text(encoding="utf-8"))["cells"]
        self.count = sum(cell["cell_type"] == "code" for cell in cells)
        last = self.page.locator(".jp-CodeCell").nth(self.count - 1)
        last.wait_for(state="attached", timeout=PATIENCE)
        return self

    def run_all(self) -> None:
        """Run every cell, as the menu does, and wait for the last one."""
        finished = self.page.evaluate(RUN_ALL, 2 * PATIENCE)
        assert finished, f"{self.name}: a cell failed in the browser"
        self.page.wait_for_function(CONNECTED, arg=self.name, timeout=PATIENCE)

    def demos(self) -> list["Demo"]:
        """Return every demo on the page, in order."""
        cells = self.page.locator(".jp-CodeCell", has=self.page.locator(".nn-control"))
        return [Demo(cells.nth(i)) for i in range(cells.count())]

    def _complain(self, text: str) -> None:
        if not any(known in text for known in NOT_OURS):
            self.complaints.append(text)


@dataclasses.dataclass
class Demo:
    """One demo, found as a screen reader finds it: by roles and names."""

    cell: Locator

    @property
    def sliders(self) -> list[Locator]:
        """Return the sliders, in order."""
        found = self.cell.get_by_role("slider")
        return [found.nth(i) for i in range(found.count())]

    def slider(self, name: str) -> Locator:
        """Return the slider with this visible label."""
        return self.cell.get_by_role("slider", name=name, exact=True)

    def button(self, name: str) -> Locator:
        """Return the button with this visible label."""
        return self.cell.get_by_role("button", name=name, exact=True)

    def press(self, slider: Locator, *keys: str) -> None:
        """Press keys while the slider has the focus, as a learner without a mouse does."""
        slider.focus()
        for key in keys:
            slider.press(key)

    @property
    def readout(self) -> str:
        """Return the text that is read out."""
        return self.cell.get_by_role("status").inner_text()

    @property
    def picture(self) -> str:
        """Return the moving layer of the picture."""
        layer = self.cell.locator("svg[role=img]")
        return str(layer.evaluate("node => node.outerHTML"))

    def says(self, text: str) -> None:
        """Wait until the readout contains this text, with a real minus sign."""
        expected = re.compile(re.escape(text.replace("-", "−")) + r"(?![\d.])")
        expect(self.cell.get_by_role("status")).to_have_text(expected, timeout=PATIENCE)

    def settled(self) -> tuple[str, str]:
        """Return readout and picture once they have stopped changing."""
        before = self.readout, self.picture
        for _ in range(PATIENCE // 250):
            self.cell.page.wait_for_timeout(250)
            now = self.readout, self.picture
            if now == before:
                return now
            before = now
        raise AssertionError(f"the demo never comes to rest: {now[0]}")

    def calm(self) -> None:
        """Assert that the demo shows no alarm."""
        expect(self.cell.get_by_role("alert")).to_have_text("")
