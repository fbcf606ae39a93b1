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
# There and back, and how long each position is seen.
THERE = [z / 4 for z in range(-16, 17)]
STILL, SECONDS = -3.0, 0.12
ALT = (
    "The first demo of notebook 01 in motion: z goes from −4 to 4 and back, with the truth yes. "
    "The loss with its tangent, the slope, and the slope as a product of two factors move "
    "together, for cross-entropy and for the squared error. Where the neuron is surely wrong, the "
    "slope of cross-entropy is large and that of the squared error almost nothing."
)
OPENING = re.compile(r"<svg[^>]*>")
NUMBERED = re.compile(r'( id="|"#|\(#)nn\d+[rm](\d+)')
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
    """Return the first demo as one moving picture: z goes from one end to the other and back.

    All positions lie in one SVG, of which a style shows one at a time; whoever asked for less
    motion sees one of them.
    """
    demo = sigmoid_bce.one_example()
    demo.controls["loss"].value = sigmoid_bce.BESIDE
    drawn, shown = [], []
    for k, z in enumerate(THERE):
        demo.controls["z"].value = z
        inside = NUMBERED.sub(rf"\g<1>f{k}-\g<2>", body(demo.seen.moving))
        drawn.append(f'<g id="at{k}">{inside}</g>')
    order = [*range(len(THERE)), *range(len(THERE) - 2, 0, -1)]
    for place, k in enumerate(order):
        kind = "f still" if THERE[k] == STILL and place == k else "f"
        delay = f"animation-delay:{place * SECONDS:.2f}s"
        shown.append(f'<use class="{kind}" style="{delay}" xlink:href="#at{k}"/>')
    resting = NUMBERED.sub(r"\g<1>r\g<2>", body(demo.seen.resting))
    whole, each = len(order) * SECONDS, 100 / len(order)
    style = (
        f".f{{visibility:hidden;animation:f {whole:.2f}s step-end infinite}}"
        f"@keyframes f{{0%{{visibility:visible}}{each:.4f}%{{visibility:hidden}}}}"
        "@media (prefers-reduced-motion:reduce){.f{animation:none}.still{visibility:visible}}"
    )
    view = re.search(r'viewBox="0 0 ([\d.]+) ([\d.]+)"', demo.seen.resting)
    font = re.search(r'font-family="[^"]*"', demo.seen.resting)
    assert view is not None and font is not None
    size = f'width="{4 * float(view[1]) / 3:g}" height="{4 * float(view[2]) / 3:g}"'
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" '
        f'{view[0]} {size} {font[0]} stroke-linejoin="round" role="img" aria-label="{ALT}">'
        f"<style>{style}</style>{resting}<defs>{''.join(drawn)}</defs>"
        f"{''.join(shown)}</svg>\n"
    )


def body(picture: str) -> str:
    """Return what is inside an <svg>."""
    opening = OPENING.match(picture)
    assert opening is not None and picture.endswith("</svg>")
    return picture[opening.end() : -len("</svg>")]


def main() -> None:
    """Bring README.md up to date."""
    PICTURE.parent.mkdir(exist_ok=True)
    PICTURE.write_text(picture(), encoding="utf-8", newline="\n")
    text = README.read_text(encoding="utf-8")
    README.write_text(BETWEEN.sub(rf"\1{table()}\2", text), encoding="utf-8", newline="\n")
    say("README.md: the table and the picture are up to date.")


if __name__ == "__main__":
    sys.exit(run_and_report(main))
