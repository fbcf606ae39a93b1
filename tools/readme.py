"""Write the parts of README.md that are measured: a demo's picture, and the table of notebooks.

    python -m tools.readme

`make notebooks` runs it; a test fails when README.md says something else.
"""

import json
import pathlib
import re
import sys

from nnmath.demos import sigmoid_bce
from tools.bootstrap import run_and_report, say
from tools.surroundings import ROOT
from tools.times import is_a_demo, stated

README = ROOT / "README.md"
PICTURE = ROOT / "docs" / "one_example.svg"
BETWEEN = re.compile(r"(<!-- notebooks -->\n).*?(<!-- end -->)", re.S)
HEAD = (
    "| notebook | title | minutes to read | with exercises "
    "| equations | checked | exercises | demos |\n"
    "| --- | --- | --- | --- | --- | --- | --- | --- |\n"
)


def row(path: pathlib.Path) -> str:
    """Return the table row of one notebook, counted from its cells."""
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    texts = {
        kind: "\n".join("".join(c["source"]) for c in cells if c["cell_type"] == kind)
        for kind in ("markdown", "code")
    }
    title = re.search(r"^# (?:\d+ · )?(.*)$", texts["markdown"], re.M)
    if not title:
        raise ValueError(f"{path.name} needs a title")
    counts = (
        len(re.findall(r"\\tag\{", texts["markdown"])),
        len(set(re.findall(r'^\s*check\(\s*"([\d.]+)"', texts["code"], re.M))),
        len(re.findall(r"^check_answer\(", texts["code"], re.M)),
        sum(is_a_demo(output) for c in cells for output in c.get("outputs", ())),
    )
    link = f"[{path.stem}](notebooks/{path.name})"
    return f"| {' | '.join([link, title[1], *map(str, (*stated(path), *counts))])} |\n"


def table() -> str:
    """Return the table of all notebooks, in order."""
    return HEAD + "".join(row(path) for path in sorted((ROOT / "notebooks").glob("*.ipynb")))


def picture() -> str:
    """Return the picture of the first demo: a confident mistake, under both losses."""
    demo = sigmoid_bce.one_example()
    demo.controls["loss"].value = sigmoid_bce.BESIDE
    demo.controls["z"].value = -3.0
    return demo.figure.still(demo.alt)


def main() -> None:
    """Bring README.md up to date."""
    PICTURE.parent.mkdir(exist_ok=True)
    PICTURE.write_text(picture(), encoding="utf-8", newline="\n")
    text = README.read_text(encoding="utf-8")
    README.write_text(BETWEEN.sub(rf"\1{table()}\2", text), encoding="utf-8", newline="\n")
    say("README.md: the table and the picture are up to date.")


if __name__ == "__main__":
    sys.exit(run_and_report(main))
