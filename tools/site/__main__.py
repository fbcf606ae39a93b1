"""Make the static pages of the course.

    python -m tools.site            # into _site/
    python -m tools.site FOLDER     # into another folder
    PYODIDE=FOLDER python -m ...    # with Python for the browser from a folder of one's own

Each page needs the two files beside it, and nothing else: no server, no kernel, no network.
"""

from __future__ import annotations

import base64
import concurrent.futures
import multiprocessing
import os
import pathlib
import re
import shutil
import sys

import nbformat
from jinja2 import Environment, FileSystemLoader

from tools.bootstrap import Stop, run_and_report, say
from tools.site import lesson
from tools.site.frames import Recording
from tools.site.lite import build as lite
from tools.surroundings import ROOT, private

NOTEBOOKS = ROOT / "notebooks"
SITE = ROOT / "_site"
THEME = lesson.HERE / "theme"
CONTROLS = ROOT / "nnmath" / "live"
SHOWN = "01_sigmoid_bce"  # its first demo is the first thing that anybody sees of the course
SENTENCE = (
    "Eight interactive notebooks show where the formulas of backpropagation come from: every main "
    "formula moves under a slider, every numbered equation is checked by a machine, and a wrong "
    "answer is told which mistake it is."
)


def build(folder: pathlib.Path, notebooks: pathlib.Path = NOTEBOOKS) -> list[pathlib.Path]:
    """Write a page for every notebook, an index and what they need; return the pages.

    The folder is the same, byte for byte, whenever the notebooks and the package are.
    """
    paths = sorted(notebooks.glob("*.ipynb"))
    if not paths:
        raise Stop(f"There is no notebook in {notebooks}.")
    if folder.exists() and any(folder.iterdir()):
        if not (folder / "page.css").exists():
            raise Stop(f"{folder} holds something else. Name an empty or a new folder.")
        shutil.rmtree(folder)
    folder.mkdir(parents=True, exist_ok=True)
    names = ["", *(f"{path.stem}.html" for path in paths), ""]
    workers = min(len(paths), os.cpu_count() or 1)
    with concurrent.futures.ProcessPoolExecutor(
        workers, mp_context=multiprocessing.get_context("spawn")
    ) as pool:
        shown = pool.submit(lesson.first, next(p for p in paths if p.stem == SHOWN))
        written = pool.map(lesson.page, paths, names[:-2], names[2:])
        for path, text in zip(paths, written, strict=True):
            say(f"{path.stem}.html")
            _write(folder / f"{path.stem}.html", text)
        _write(folder / "index.html", index(paths, shown.result()))
    _write(folder / "page.css", style())
    _write(folder / "page.js", script())
    return [folder / "index.html", *(folder / name for name in names[1:-1])]


def _write(path: pathlib.Path, text: str) -> None:
    path.write_text(text, encoding="utf-8", newline="\n")


def index(paths: list[pathlib.Path], recording: Recording) -> str:
    """Return the page that everybody sees first: a demo, the notebooks, and the ways into them."""
    notebooks = [(path.stem, nbformat.read(path, as_version=4)) for path in paths]
    lessons = [lesson.about(name, nb) for name, nb in notebooks]
    course = {
        "@type": "Course",
        "@id": "index.html",
        "url": "index.html",
        "name": lesson.COURSE,
        "description": SENTENCE,
        "inLanguage": "en",
        "isAccessibleForFree": True,
        "license": lesson.LICENCE,
        "hasPart": [lesson.described(name, nb) for name, nb in notebooks],
    }
    return (
        templates()
        .get_template("contents.html.j2")
        .render(
            title=lesson.COURSE,
            sentence=SENTENCE,
            linked=lesson.linked(course),
            lessons=lessons,
            recording=recording,
            shown=next(each for each in lessons if each.name == SHOWN),
            repository=repository(),
        )
    )


def repository() -> str:
    """Return where the source is hosted, if the site is built there, else nothing."""
    host, name = os.environ.get("GITHUB_SERVER_URL"), os.environ.get("GITHUB_REPOSITORY")
    return f"{host}/{name}" if host and name else ""


def templates() -> Environment:
    """Return the templates of the pages that are no notebook."""
    return Environment(
        loader=FileSystemLoader(THEME), autoescape=True, trim_blocks=True, lstrip_blocks=True
    )


def style() -> str:
    """Return the style sheet: that of the controls in JupyterLab, that of the page, and the font.

    The font is inside, because browsers draw braces and arrows for the font that they have at first
    and do not draw them again when another one arrives.
    """
    font = base64.b64encode((THEME / "math.woff2").read_bytes()).decode("ascii")
    source = f'url("data:font/woff2;base64,{font}") format("woff2")'
    return "\n".join(
        [
            (CONTROLS / "controls.css").read_text(encoding="utf-8"),
            (THEME / "page.css").read_text(encoding="utf-8"),
            f'@font-face {{\n  font-family: "nnmath Math";\n  src: {source};\n}}\n',
        ]
    )


def script() -> str:
    """Return the script: the controls as in JupyterLab, and what stands in for the kernel."""
    controls = (CONTROLS / "controls.js").read_text(encoding="utf-8")
    inside, count = re.subn(r"^export default \{", "const controls = {", controls, flags=re.M)
    if count != 1:
        raise Stop("controls.js has no `export default {` on a line of its own.")
    # A page opened as a file may load no modules, so both parts share one function.
    player = (THEME / "page.js").read_text(encoding="utf-8")
    return f'"use strict";\n(() => {{\n{inside}\n{player}}})();\n'


def main(arguments: list[str]) -> None:
    """Make the pages."""
    folder = pathlib.Path(arguments[0]).resolve() if arguments else SITE
    with private():
        build(folder)
        say("lite/")
        lite.build(folder / "lite", os.environ.get("PYODIDE", ""))
    say(f"Open {folder / 'index.html'} in a browser.")


if __name__ == "__main__":
    sys.exit(run_and_report(main, sys.argv[1:]))
