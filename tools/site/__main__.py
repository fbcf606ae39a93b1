"""Make the static pages of the course.

    python -m tools.site            # into _site/
    python -m tools.site FOLDER     # into another folder

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
from tools.readme import is_a_demo
from tools.site import lesson
from tools.surroundings import ROOT, private

NOTEBOOKS = ROOT / "notebooks"
SITE = ROOT / "_site"
THEME = lesson.HERE / "theme"
CONTROLS = ROOT / "nnmath" / "live"


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
        written = pool.map(lesson.page, paths, names[:-2], names[2:])
        for path, text in zip(paths, written, strict=True):
            say(f"{path.stem}.html")
            _write(folder / f"{path.stem}.html", text)
    _write(folder / "index.html", index(paths))
    _write(folder / "page.css", style())
    _write(folder / "page.js", script())
    return [folder / "index.html", *(folder / name for name in names[1:-1])]


def _write(path: pathlib.Path, text: str) -> None:
    path.write_text(text, encoding="utf-8", newline="\n")


def index(paths: list[pathlib.Path]) -> str:
    """Return the page that lists the others."""
    rows = []
    for path in paths:
        nb = nbformat.read(path, as_version=4)
        text = "\n".join(cell.source for cell in nb.cells if cell.cell_type == "markdown")
        minutes = re.search(r"\*\*Time:\*\* about (\d+) minutes", text)
        rows.append(
            {
                "name": f"{path.stem}.html",
                "title": lesson.title(nb),
                "minutes": minutes[1] if minutes else "",
                "exercises": sum("exercise" in c.metadata.get("tags", ()) for c in nb.cells),
                "demos": sum(is_a_demo(o) for c in nb.cells for o in c.get("outputs", ())),
            }
        )
    templates = Environment(loader=FileSystemLoader(THEME), autoescape=True)
    return templates.get_template("contents.html.j2").render(rows=rows)


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
    say(f"Open {folder / 'index.html'} in a browser.")


if __name__ == "__main__":
    sys.exit(run_and_report(main, sys.argv[1:]))
