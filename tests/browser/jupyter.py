"""A notebook open in a real browser: what the tests see and do is what a learner sees and does."""

import dataclasses
import json
import pathlib
import re
from collections.abc import Mapping, Sequence
from typing import Any

from playwright.sync_api import Error, Locator, Page, TimeoutError, expect

from nnmath.live import Demo as Mirror
from tests.browser.mirror import state
from tools.lab import Server

# Complaints of the front ends themselves, which say nothing about the course.
NOT_OURS = (
    "favicon",
    "ResizeObserver",
    "/api/contents?",
    "Failed to load resource",
    "Could not restore the debugger state",  # its kernel was ended first
    # The widget manager says so when a kernel restarts while a view is being drawn. Whether a page
    # then shows it is asserted: see BROKEN.
    "Error: widget model not found",
    # Notebook 7 logs it for an empty notebook too: its shortcuts plug-in is told of a setting that
    # is not loaded yet (https://github.com/jupyter/notebook/issues/7862).
    "Cannot read properties of undefined (reading 'schema')",
    # What `make site` needs is an extension of JupyterLab that loads in the browser version alone;
    # the others try it, and say that they cannot.
    "Shared module @jupyterlite/server doesn't exist",
)
PATIENCE = 120_000  # ms; a slow machine is not a failure
BROKEN = "Error displaying widget"

# The session itself is asked: "idle" is shown before the kernel is connected, and Run All at that
# moment silently runs nothing.
CONNECTED = """name => {
  const context = window.jupyterapp?.shell.currentWidget?.sessionContext;
  const kernel = context?.session?.kernel;
  return context?.path === name && context.isReady
    && kernel?.connectionStatus === 'connected' && kernel.status === 'idle';
}"""
# Either that, or the session is ready and has no kernel any more.
STARTED = f"""name => {{
  const context = window.jupyterapp?.shell.currentWidget?.sessionContext;
  const kernel = context?.session?.kernel;
  if (({CONNECTED})(name)) return "connected";
  return context?.path === name && context.isReady && context.prevKernelName
    && (!kernel || kernel.isDisposed || kernel.status === "dead") && "ended";
}}"""
KERNELS = """() => {
  const context = window.jupyterapp?.shell.currentWidget?.sessionContext;
  const sessions = [...(window.jupyterapp?.serviceManager.sessions.running() ?? [])];
  return {
    current: context?.path, status: context?.kernelDisplayStatus,
    connection: context?.session?.kernel?.connectionStatus,
    sessions: sessions.map((session) => `${session.path} ${session.kernel?.execution_state}`),
    dialogs: [...document.querySelectorAll(".jp-Dialog")].map((dialog) => dialog.textContent),
  };
}"""
# A promise has no patience of its own, and a test that waits for ever says nothing.
COMMAND = """([command, patience, values]) => Promise.race([
  window.jupyterapp.commands.execute(command, values ?? {}).then((done) => done !== false),
  new Promise((_, fail) => setTimeout(() => fail(new Error(`${command} did not end`)), patience)),
])"""
CURRENT = "window.jupyterapp.shell.currentWidget"
SESSION = f"{CURRENT}.sessionContext"

# All that one demo shows. The numbers of live figures differ from process to process.
LOOK = """cell => {
  const all = (selector, read) => [...cell.querySelectorAll(selector)].map(read);
  const picture = cell.querySelector("svg[role=img]");
  return {
    alert: cell.querySelector("[role=alert]")?.textContent,
    readout: cell.querySelector("[role=status]")?.textContent,
    alt: picture?.getAttribute("aria-label"),
    sliders: all("input[type=range]", (input) => input.getAttribute("aria-valuetext")),
    choices: all("fieldset", (group) => group.querySelector("input:checked")?.value),
    buttons: all(".nn-button", (button) => button.textContent),
    picture: picture?.outerHTML.replace(/(["#(])nn\\d+m(?=\\d)/g, "$1m"),
  };
}"""
# Do one thing after the other in a demo, and wait each time until it shows what is expected. A
# control is moved as the browser itself moves it, short of the key. Says what it shows instead.
FOLLOW = f"""async (cell, [steps, patience]) => {{
  const look = {LOOK};
  const written = (html) => {{
    const read = document.createElement("template");  // as the browser writes it
    read.innerHTML = html;
    return read.innerHTML;
  }};
  const shows = (expected) => {{
    const now = look(cell);
    return Object.entries(expected)
      .every(([name, value]) => JSON.stringify(now[name]) === JSON.stringify(value));
  }};
  const shown = (expected) => new Promise((done) => {{
    const check = () => shows(expected) && end(true);
    const watch = new MutationObserver(check);
    const again = setInterval(check, 200);  // for what is not in the tree, as a checked radio
    const late = setTimeout(() => end(shows(expected)), patience);
    const end = (told) => {{
      watch.disconnect();
      clearInterval(again);
      clearTimeout(late);
      done(told);
    }};
    const all = {{ subtree: true, childList: true, attributes: true, characterData: true }};
    watch.observe(cell, all);
    check();
  }});
  const moves = {{
    slider: ([at, value]) => {{
      const input = cell.querySelectorAll("input[type=range]")[at];
      input.value = value;
      input.dispatchEvent(new Event("input", {{ bubbles: true }}));
    }},
    button: (label) => [...cell.querySelectorAll(".nn-button")]
      .find((button) => button.textContent === label).click(),
  }};
  for (const [at, {{ expected, ...move }}] of steps.entries()) {{
    for (const [kind, how] of Object.entries(move)) moves[kind](how);
    const wanted = {{ ...expected, picture: written(expected.picture) }};
    if (!(await shown(wanted))) return {{ at, now: look(cell), wanted }};
  }}
}}"""

# Wait until the kernel has answered all that it was asked. While a picture is on its way the
# browser keeps the newest value back, so the second question comes after that one.
SETTLED = f"""async cell => {{
  const kernel = {SESSION}.session.kernel;
  for (let n = 0; n < 2; n++) {{
    await kernel.requestExecute({{ code: "1", silent: true }}).done;
    await new Promise(requestAnimationFrame);
  }}
  await new Promise(requestAnimationFrame);
  return ({LOOK})(cell);
}}"""


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
        self.page.on("pageerror", lambda error: self._complain(str(error)))
        self.page.on("console", lambda m: self._complain(m.text) if m.type == "error" else None)
        return self.load()

    def load(self) -> "Notebook":
        """Load the page, and wait until every cell is there and the kernel can work."""
        # reset: else JupyterLab brings back the notebook that an earlier test had open.
        self.page.goto(f"{self.server.address(self.name)}&reset", timeout=PATIENCE)
        self.page.locator(".jp-Notebook").first.wait_for(timeout=PATIENCE)
        self.connect()
        return self.there()

    def connect(self) -> None:
        """Wait until the kernel can work.

        A session can end while the page still starts. JupyterLab then waits for a person to start
        the kernel, and so does this: it is the call of the menu, and made in that state alone.
        """
        try:
            state = self.page.wait_for_function(STARTED, arg=self.name, timeout=PATIENCE)
            if state.json_value() == "ended":
                self.page.evaluate(f"{SESSION}.changeKernel({{ name: {SESSION}.prevKernelName }})")
                self.page.wait_for_function(CONNECTED, arg=self.name, timeout=PATIENCE)
        except TimeoutError:
            raise AssertionError(
                f"{self.name} has no kernel that is idle after {PATIENCE / 1000:.0f} s. If the "
                "machine is busy, run this test alone; else the log of the server says why: "
                f"{self.server.log}. {self.page.evaluate(KERNELS)}"
            ) from None

    def there(self) -> "Notebook":
        """Wait until every cell is in the page."""
        cells = json.loads((self.folder / self.name).read_text(encoding="utf-8"))["cells"]
        self.count = sum(cell["cell_type"] == "code" for cell in cells)
        last = self.page.locator(".jp-CodeCell").nth(self.count - 1)
        last.wait_for(state="attached", timeout=PATIENCE)
        return self

    def command(self, command: str, **values: Any) -> Any:
        """Do what a menu entry does."""
        return self.page.evaluate(COMMAND, [command, 2 * PATIENCE, values])

    def run_all(self) -> None:
        """Run every cell, as the menu does, and wait for the last one."""
        assert self.command("notebook:run-all-cells"), f"{self.name}: a cell failed in the browser"
        self.page.wait_for_function(CONNECTED, arg=self.name, timeout=PATIENCE)

    def restart(self) -> None:
        """Restart the kernel; the menu entry would ask whether one is sure."""
        self.page.evaluate(f"{SESSION}.session.kernel.restart()")
        self.page.wait_for_function(CONNECTED, arg=self.name, timeout=PATIENCE)

    def end(self) -> None:
        """Save the notebook, and end its kernel."""
        self.command("docmanager:save")
        self.page.wait_for_function(f"() => !{CURRENT}.context.model.dirty", timeout=PATIENCE)
        self.page.evaluate(f"{SESSION}.shutdown()")

    def reopen(self) -> None:
        """Save and close it, and open it in the same page; what it shows needs no kernel."""
        self.end()
        self.command("application:close")
        self.page.locator(".jp-Notebook").wait_for(state="detached", timeout=PATIENCE)
        self.command("docmanager:open", path=self.name)
        self.there()

    def reopen_in(self, page: Page) -> None:
        """Save and close it, and open it in another page, as on the next day."""
        self.end()
        self.page.close()
        self.page = page
        self.open()

    def close(self) -> None:
        """End the kernel and close the page."""
        try:
            self.page.evaluate(f"{SESSION}.shutdown()")
        except Error:
            pass  # the page itself failed, which some test has said
        self.page.close()

    def demos(self, count: int | None = None) -> list["Demo"]:
        """Return every demo on the page, in order, once there are as many as expected."""
        cells = self.page.locator(".jp-CodeCell:has(.nn-control)")
        if count is not None:
            expect(cells).to_have_count(count, timeout=PATIENCE)
        # XPath finds a name at once; a CSS selector of playwright's looks at the whole page, which
        # has tens of thousands of elements, each time.
        names = cells.evaluate_all("all => all.map((cell, at) => (cell.id = `demo-${at}`))")
        return [Demo(self.page.locator(f"xpath=id('{name}')")) for name in names]

    def _complain(self, text: str) -> None:
        if not any(known in text for known in NOT_OURS):
            self.complaints.append(text)


@dataclasses.dataclass
class Demo:
    """One demo, found as a screen reader finds it: by roles and names."""

    cell: Locator

    @property
    def sliders(self) -> list[Locator]:
        """Return the sliders, in order; each is one to a screen reader, too."""
        found = self.cell.locator("input[type=range]")
        expect(self.cell.get_by_role("slider")).to_have_count(found.count())
        return found.all()

    def slider(self, name: str) -> Locator:
        """Return the slider with this visible label."""
        return self.cell.get_by_role("slider", name=name, exact=True)

    def radio(self, name: str) -> Locator:
        """Return the radio button with this visible label."""
        return self.cell.get_by_role("radio", name=name, exact=True)

    def button(self, name: str) -> Locator:
        """Return the button with this visible label."""
        return self.cell.get_by_role("button", name=name, exact=True)

    def press(self, slider: Locator, *keys: str) -> None:
        """Press keys while the slider has the focus, as a learner without a mouse does."""
        slider.focus()
        for key in keys:
            self.cell.page.keyboard.press(key)

    @property
    def readout(self) -> str:
        """Return the text that is read out."""
        return self.cell.get_by_role("status").inner_text()

    def look(self) -> dict[str, Any]:
        """Return all that the demo shows now."""
        return dict(self.cell.evaluate(LOOK))

    def shows(self, mirror: Mirror, after: str) -> None:
        """Wait until all is as in the mirror, to the letter and to the last line of the picture."""
        self.follow([({}, state(mirror), after)])

    def follow(self, steps: Sequence[tuple[Mapping[str, Any], Mapping[str, Any], str]]) -> None:
        """Make each move, and wait until all is as expected: (move, expected, what it is called).

        A move is {"slider": [which, value]} or {"button": label}, and {} waits only.
        """
        moves = [{**move, "expected": expected} for move, expected, _ in steps]
        fault = self.cell.evaluate(FOLLOW, [moves, PATIENCE / 2])
        if fault:
            now, wanted, after = fault["now"], fault["wanted"], steps[fault["at"]][2]
            for name in [name for name in wanted if name != "picture"]:
                assert now[name] == wanted[name], (
                    f"after {after} the {name} is {now[name]!r}, not {wanted[name]!r}"
                )
            raise AssertionError(f"after {after}: the picture is another one")

    def says(self, text: str) -> None:
        """Wait until the readout contains this text, with a real minus sign."""
        minus = re.sub(r"-(?=\d)", "−", text)
        expected = re.compile(re.escape(minus) + r"(?![\d.])")
        expect(self.cell.get_by_role("status")).to_have_text(expected, timeout=PATIENCE)

    def settled(self) -> tuple[str, str]:
        """Return readout and picture once the kernel has answered all that it was asked."""
        now = self.cell.evaluate(SETTLED)
        return now["readout"], now["picture"]

    def calm(self) -> None:
        """Assert that the demo shows no alarm."""
        expect(self.cell.get_by_role("alert")).to_have_text("")
