"""The demo of the bug detector: a wrong backward pass, trained next to the right one and checked.

The bugs, their training runs and their gradient checks are those of `nnmath.bugs`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
from matplotlib.figure import Figure
from matplotlib.patches import PathPatch
from matplotlib.path import Path

from nnmath import bugs
from nnmath.live import BLUE, VERMILLION, Button, Choice, Demo, LiveFigure, fixed, number

State = Mapping[str, Any]

INK = "#A64500"  # the vermillion that is dark enough for text
LEAF = "#00694D"  # the green that is
PALE = "#666666"
TOP = 3.0  # of the cost axis; a run that leaves it is told in words
NAMES = tuple(bugs.BY_NAME)
FIRST = "slope of the wrong layer"

# One cell for each array of the check: a row for each layer, a column for each kind, in points.
WIDTH, HEIGHT = 62.0, 36.0
COLUMNS, ROWS = {"dA": 378.0, "dZ": 444.0, "dW": 510.0, "db": 576.0}, {3: 130.0, 2: 88.0, 1: 46.0}
NOTHING = Path([(0, 0)])


def bug_detector() -> Demo:
    """A bug of a backward pass: two training runs from one start, and the gradient check.

    Left the cost of the right pass and of the wrong one, trained on the digits. Right the verdict
    on each array of the wrong pass, in the order in which it computes them.
    """
    return Demo(
        "Gradients as a bug detector",
        {
            "bug": Choice("Bug", NAMES, default=FIRST),
            "next": Button("Next bug", _next_bug),
        },
        LiveFigure(_build, size=(9.0, 3.8)),
        _draw,
        lines=5,
        ahead=_ahead,
    )


def _ahead(state: State) -> Iterator[None]:
    """Train and check the other bugs, the next one first."""
    at = NAMES.index(state["bug"])
    for name in NAMES[at + 1 :] + NAMES[:at]:
        bugs.run(name)
        yield
        bugs.convicted(name)
        yield


def _next_bug(state: State) -> State:
    return {"bug": NAMES[(NAMES.index(state["bug"]) + 1) % len(NAMES)]}


def _cell(label: str) -> tuple[float, float]:
    """Return the lower left corner of the cell of an array such as dW[2]."""
    return COLUMNS[label[:2]], ROWS[int(label[3])]


def _outlines(labels: tuple[str, ...]) -> Path:
    corners = np.array([(0, 0), (WIDTH, 0), (WIDTH, HEIGHT), (0, HEIGHT), (0, 0)])
    paths = [Path(np.add(corners, _cell(label)), closed=True) for label in labels]
    return Path.make_compound_path(*paths) if paths else NOTHING


def _build(figure: Figure) -> dict[str, Any]:
    page = figure.add_axes((0, 0, 1, 1))
    page.set(xlim=(0, 648), ylim=(0, 273.6))
    page.axis("off")
    axes = figure.add_axes((0.065, 0.15, 0.41, 0.74))
    axes.set(title="cost J on 200 digits", xlabel="gradient step", ylim=(0, TOP))
    axes.set(xlim=(0, bugs.STEPS), xticks=range(0, bugs.STEPS + 1, 30))
    right = bugs.run()
    axes.plot(right.steps, right.J, color=BLUE, linewidth=3.5, alpha=0.55)
    # The key is written by hand, because one of its two lines moves.
    axes.plot([56, 66], [2.78, 2.78], color=BLUE, linewidth=3.5, alpha=0.55)
    axes.text(68, 2.78, "the right pass", va="center")
    axes.plot([56, 66], [2.54, 2.54], color=VERMILLION, linestyle=(0, (3, 1.2)))
    axes.text(68, 2.54, "with the bug", va="center")

    page.text(346, 252, "right", color=LEAF, va="center")
    page.text(346, 233, "here", color=INK, va="center")
    page.text(346, 204, "gradient check: relative error of each array", va="center")
    centre: dict[str, Any] = {"ha": "center", "va": "center"}
    for name, left in COLUMNS.items():
        page.text(left + WIDTH / 2, 183, name, **centre)
    for l, bottom in ROWS.items():
        page.text(346, bottom + HEIGHT / 2, f"l = {l}", va="center")
    page.add_patch(PathPatch(_outlines(bugs.ORDER), facecolor="white", edgecolor="#BBBBBB"))
    left, bottom = COLUMNS["dA"] + WIDTH / 2, ROWS[3] + HEIGHT / 2
    page.text(left, bottom, "the pass\nstarts at dZ", fontsize=9, color=PALE, **centre)
    page.text(346, 22, "read as the pass runs, row by row: the thick frame", fontsize=9, color=PALE)
    page.text(346, 10, "is the first wrong array, where the bug is", fontsize=9, color=PALE)
    look: dict[str, Any] = {"facecolor": "#FBE3D2", "edgecolor": VERMILLION}
    artists: dict[str, Any] = {
        "wrong": page.add_patch(PathPatch(NOTHING, **look)),
        "first": page.add_patch(PathPatch(NOTHING, **look, linewidth=3.5, zorder=1.5)),
        "J": axes.plot([], [], color=VERMILLION, linestyle=(0, (3, 1.2)), zorder=3)[0],
        "above": axes.text(68, 2.3, "", color=INK, va="center"),
        "right line": page.text(378, 252, "", va="center"),
        "wrong line": page.text(378, 233, "", color=INK, va="center"),
    }
    for label in bugs.ORDER:
        x, y = _cell(label)
        artists[label] = page.text(x + WIDTH / 2, y + HEIGHT / 2, "", zorder=3, **centre)
    return artists


def _draw(state: State, artists: Mapping[str, Any]) -> tuple[str, str]:
    bug = bugs.BY_NAME[state["bug"]]
    right, run, wrong = bugs.run(), bugs.run(bug.name), bugs.convicted(bug.name)
    artists["J"].set_data(run.steps, run.J)
    out = f"(up to {number(run.J[-1], 3)})" if run.J[-1] > TOP else ""
    artists["above"].set_text(out)
    artists["right line"].set_text(bug.right)
    artists["wrong line"].set_text(bug.line)
    artists["wrong"].set_path(_outlines(wrong))
    artists["first"].set_path(_outlines(wrong[:1]))
    for label, error in bugs.errors(bug.name).items():
        bad = label in wrong
        artists[label].set(text=f"✗ {number(error, 2)}" if bad else "✓", color=INK if bad else LEAF)

    at = NAMES.index(bug.name) + 1
    start, end = (fixed(run.J[k], 2) for k in (0, -1))
    fell = "still falls" if run.falls else "rises"
    said = [
        f"bug {at} of {len(NAMES)}, {bug.name}: {bug.what}",
        f"cost {start} at the start; after {bugs.STEPS} steps {fixed(right.J[-1], 2)} with the "
        f"right pass, {end} with the bug: it {fell}",
        f"of {bugs.HELD_OUT} digits never seen, {_percent(right.share)} are read correctly after "
        f"the right run, {_percent(run.share)} after this one",
        f"gradient check: {len(wrong)} of {len(bugs.ORDER)} arrays wrong, first {wrong[0]}; "
        f"wrong are {', '.join(wrong)}",
    ]
    alt = " ".join(line[0].upper() + line[1:].rstrip(".") + "." for line in said)
    return "\n".join(said), f"{alt} The line {bug.right} has become {bug.line}."


def _percent(share: float) -> str:
    return f"{fixed(100 * share, 0)} %"
