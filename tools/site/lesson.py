"""One notebook as one static page. nbconvert does it; here is what is ours of that.

Formulas become MathML, links between notebooks become links between pages, headings get the
anchors that they have in JupyterLab, and a cell that shows a demo shows its recording.
"""

from __future__ import annotations

import ast
import html
import json
import os
import pathlib
import re
import tomllib
from collections.abc import Iterator
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from typing import Any

import nbformat
from nbconvert import HTMLExporter
from nbconvert.filters.markdown_mistune import IPythonRenderer, MarkdownWithMath

from nnmath.live import Demo
from tools.bootstrap import Stop
from tools.site import maths
from tools.site.frames import Recording, record
from tools.site.names import names

HERE = pathlib.Path(__file__).parent
PROMISES: dict[str, str] = tomllib.loads((HERE / "promises.toml").read_text(encoding="utf-8"))
COURSE = "Backpropagation, derived and alive"
LICENCE = "https://creativecommons.org/licenses/by/4.0/"
Notebook = Any  # nbformat's NotebookNode: a dict whose keys can be read as attributes

_LINK = re.compile(r"([\w-]+)\.ipynb(#.*)?")
_BEFORE_A_STOP = re.compile(r"(<math>(?:(?!</math>).)*</math>)([.,;:?!)]+)", re.S)
_ANSWER = re.compile(r'^check_answer\("([^"]+)"', re.M)
_FORMULA = re.compile(r"(?<![\\$])\$(?!\$)([^$]+)\$(?!\$)")


def page(path: pathlib.Path, before: str = "", after: str = "") -> str:
    """Return the page of a notebook.

    Args:
        path: the notebook, with its outputs.
        before: the file name of the page before this one, if any.
        after: that of the page after it.

    Raises:
        Stop: naming the notebook and what of it cannot be shown.
    """
    nb = nbformat.read(path, as_version=4)
    try:
        recordings = {
            cell.id: record(demo, f"d{number}")
            for number, (cell, demo) in enumerate(demos(nb), start=1)
        }
        resources = {
            "lesson": about(path.stem, nb),
            "linked": linked(described(path.stem, nb)),
            "contents": contents(nb),
            "exercises": exercises(nb),
            "recordings": recordings,
            "before": before,
            "after": after,
        }
        return Exporter().from_notebook_node(nb, resources)[0]
    except Stop as stop:
        raise Stop(f"{path.name}: {stop}") from None


def title(nb: Notebook) -> str:
    """Return the text of the notebook's first heading."""
    for cell in nb.cells:
        found = re.search(r"^# +(.+?) *$", cell.source, re.M)
        if cell.cell_type == "markdown" and found:
            return found[1]
    raise Stop("it has no heading of level 1")


@dataclass(frozen=True)
class About:
    """What the contents, and machines that look for lessons, are told of a notebook.

    `reading` and `working` are minutes: to read and play, and with the exercises; `reading` is None
    if the notebook states one number only.
    """

    name: str
    title: str
    promise: str
    reading: int | None
    working: int
    run: str


def about(name: str, nb: Notebook) -> About:
    """Return what is said about the notebook of this name.

    Raises:
        Stop: if it has no title, states no time, or promises nothing.
    """
    if name not in PROMISES:
        raise Stop(f"tools/site/promises.toml has no line for {name}")
    reading, working = times("\n".join(c.source for c in nb.cells if c.cell_type == "markdown"))
    return About(name, title(nb), PROMISES[name], reading, working, run(name))


def times(text: str) -> tuple[int | None, int]:
    """Return the minutes to read and play, if stated, and those with the exercises.

    Raises:
        Stop: if there is no line that begins with **Time:** and states minutes.
    """
    found = re.search(r"\*\*Time:\*\* (.*?)(?=\*\*|$)", text, re.M)
    minutes = [int(number) for number in re.findall(r"\d+", found[1])] if found else []
    if not found or not 1 <= len(minutes) <= 2:
        raise Stop(f"its line **Time:** should state one or two numbers of minutes: {text[:80]!r}")
    if len(minutes) == 2:
        further = minutes[0] if re.search(r"\d+ (minutes )?more", found[1]) else 0
        return minutes[0], minutes[1] + further
    if "half an hour more" in found[1]:
        return minutes[0], minutes[0] + 30
    if "half as long again" in found[1]:
        return minutes[0], minutes[0] * 3 // 2
    return None, minutes[0]


def run(name: str, anchor: str = "") -> str:
    """Return the address, from the folder of the pages, where a notebook runs in the browser."""
    return f"lite/notebooks/index.html?path={name}.ipynb{anchor and '#'}{anchor}"


def exercises(nb: Notebook) -> dict[str, str]:
    """Return the name of the exercise, such as 1.A, in each cell that holds one."""
    found = {}
    for cell in nb.cells:
        if "exercise" in cell.metadata.get("tags", ()):
            named = _ANSWER.search(cell.source)
            if not named:
                raise Stop(f"its exercise does not end in check_answer: {cell.source!r}")
            found[cell.id] = named[1]
    return found


def described(name: str, nb: Notebook) -> dict[str, Any]:
    """Return the notebook as schema.org describes something to learn from."""
    lesson = about(name, nb)
    aims = re.search(r"^\*\*You will be able to\*\*\n\n((?:- .*\n)+)", nb.cells[0].source, re.M)
    teaches = [plain(line[2:].rstrip(";.")) for line in aims[1].splitlines()] if aims else []
    return {
        "@type": "LearningResource",
        "@id": f"{name}.html",
        "url": f"{name}.html",
        "name": plain(lesson.title),
        "description": lesson.promise,
        "learningResourceType": ["lecture notes", "interactive simulation", "exercise"],
        "interactivityType": "mixed",
        "educationalLevel": "undergraduate",
        "teaches": teaches,
        "timeRequired": f"PT{lesson.working}M",
        "inLanguage": "en",
        "isAccessibleForFree": True,
        "license": LICENCE,
        "isPartOf": {"@type": "Course", "@id": "index.html", "name": COURSE},
    }


def linked(thing: dict[str, Any]) -> str:
    """Return a thing of schema.org as JSON that may stand in a <script>."""
    data = {"@context": "https://schema.org", **thing}
    return json.dumps(data, ensure_ascii=False, indent=1).replace("<", "\\u003c")


def plain(source: str) -> str:
    """Return a line of Markdown without its marks."""
    words = re.sub(r"\[([^]]*)\]\([^)]*\)", r"\1", source)
    return re.sub(r"\\mathrm *|[*`${}]", "", words).strip()


def first(path: pathlib.Path) -> Recording:
    """Return the recording of a notebook's first demo."""
    nb = nbformat.read(path, as_version=4)
    _, demo = next(demos(nb))
    return record(demo, "d1")


def contents(nb: Notebook) -> list[tuple[str, str]]:
    """Return (anchor, text as HTML) of each heading of level 2."""
    pages = (markdown(cell.source) for cell in nb.cells if cell.cell_type == "markdown")
    return re.findall(r'<h2 id="([^"]*)">(.*?)</h2>', "".join(pages))


# The text ---------------------------------------------------------------------------------------


class Renderer(IPythonRenderer):
    """Markdown as JupyterLab shows it, with formulas as MathML."""

    def heading(self, text: str, level: int, **_: Any) -> str:
        """Give a heading the anchor that JupyterLab gives it."""
        plain = html.unescape(re.sub(r"<[^>]+>", "", text)).replace(" ", "-")
        return f'<h{level} id="{html.escape(plain)}">{text}</h{level}>\n'

    def link(self, text: str, url: str, title: str | None = None) -> str:
        """Let a link to a notebook lead to its page."""
        found = _LINK.fullmatch(url)
        return str(super().link(text, f"{found[1]}.html{found[2] or ''}" if found else url, title))

    def table(self, text: str) -> str:
        """Let a wide table scroll in a frame of its own."""
        return f'<div class="wide"><table>\n{text}</table></div>\n'

    def block_html(self, html: str) -> str:
        """Show the formulas of a summary too, as JupyterLab does."""
        return _FORMULA.sub(lambda found: maths.inline(found[1]), super().block_html(html))

    def inline_math(self, body: str) -> str:
        """Show a formula in a line of text."""
        return maths.inline(body)

    def block_math(self, body: str) -> str:
        """Show a formula on a line of its own."""
        return maths.display(body)

    def latex_environment(self, name: str, body: str) -> str:
        """Show an environment that stands without dollar signs."""
        return maths.display(rf"\begin{{{name}}}{body}\end{{{name}}}")


def markdown(source: str) -> str:
    """Return Markdown as HTML. A full stop or a comma stays on the line of its formula."""
    shown = str(MarkdownWithMath(renderer=Renderer(escape=False)).render(source))
    return _BEFORE_A_STOP.sub(r'<span class="together">\1\2</span>', shown)


def formulas(shown: str) -> str:
    """Return a table of HTML with its formulas as MathML; the words of a picture stay as they are.

    Raises:
        Stop: naming a formula that cannot be shown.
    """
    if "<table" not in shown:
        return shown
    return _FORMULA.sub(lambda found: maths.inline(html.unescape(found[1])), shown)


class Exporter(HTMLExporter):
    """nbconvert's exporter with our template and our Markdown."""

    def __init__(self, **settings: Any) -> None:
        super().__init__(template_name="theme", extra_template_basedirs=[str(HERE)], **settings)

    def default_filters(self) -> Iterator[tuple[str, Any]]:
        """Yield nbconvert's filters, but with our Markdown and our formulas."""
        yield from super().default_filters()
        yield "formulas", formulas
        yield "markdown2html", markdown


# The demos --------------------------------------------------------------------------------------


def demos(nb: Notebook) -> Iterator[tuple[Notebook, Demo]]:
    """Yield each cell that shows a demo, with that demo.

    A cell shows a demo if its last line calls something imported from nnmath.demos. Of the cells
    above it, only those are run that define a name it needs.
    """
    code = [cell for cell in nb.cells if cell.cell_type == "code"]
    imported = {
        alias.asname or alias.name
        for cell in code
        for node in ast.walk(ast.parse(cell.source))
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("nnmath.demos")
        for alias in node.names
    }
    scope: dict[str, Any] = {"__name__": "__main__"}
    run: set[str] = set()
    for at, cell in enumerate(code):
        last = (ast.parse(cell.source).body or [None])[-1]
        if not (isinstance(last, ast.Expr) and _root(last.value) in imported):
            continue
        *lines, _ = ast.parse(cell.source).body
        with open(os.devnull, "w") as nowhere, redirect_stdout(nowhere), redirect_stderr(nowhere):
            for needed in _needed(code[:at], cell):
                if needed.id not in run:
                    run.add(needed.id)
                    exec(compile(needed.source, needed.id, "exec"), scope)
            exec(compile(ast.Module(lines, []), cell.id, "exec"), scope)
            demo = eval(compile(ast.Expression(last.value), cell.id, "eval"), scope)
        if not isinstance(demo, Demo):
            continue
        _compare(cell, demo)
        yield cell, demo


def _root(node: ast.AST) -> str:
    """Return the name at the left of calls and attributes: sigmoid_bce in sigmoid_bce.batch()."""
    while isinstance(node, ast.Call | ast.Attribute):
        node = node.func if isinstance(node, ast.Call) else node.value
    return node.id if isinstance(node, ast.Name) else ""


def _needed(above: list[Notebook], cell: Notebook) -> list[Notebook]:
    """Return the cells that define what this one uses, and what those use, in their order."""
    wanted, found = names(cell.source)[0], []
    for earlier in reversed(above):
        used, defined = names(earlier.source)
        if defined & wanted:
            wanted = (wanted - defined) | used
            found.append(earlier)
    return found[::-1]


def _compare(cell: Notebook, demo: Demo) -> None:
    """Stop unless the demo is the one whose picture and sentence the notebook stores."""
    shown = f"{demo.title}. {demo.alt}"
    stored = [output.get("data", {}).get("text/plain", "") for output in cell.outputs]
    if shown not in stored:
        raise Stop(
            f"the demo of the cell {cell.source!r} is not the one whose output is stored: run "
            f"`make notebooks`.\nStored: {stored}\nNow: {shown}"
        )
