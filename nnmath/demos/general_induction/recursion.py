"""The backward pass of three layers, line by line, with every shape and number."""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from matplotlib.figure import Figure
from matplotlib.patches import PathPatch
from matplotlib.path import Path

import nnmath as nn
from nnmath.live import (
    BLACK,
    BLUE,
    VERMILLION,
    Button,
    Choice,
    Demo,
    LiveFigure,
    Slider,
    fixed,
)

State = Mapping[str, Any]
Array = np.ndarray

QUIET = "#999999"
PALE = "#666666"

# Two inputs, five units, four units, one unit; three examples: no two sizes are equal.
# fmt: off
W_SMALL = {
    1: [[0.8, -0.5], [-0.6, 0.9], [0.4, 0.7], [-0.9, -0.3], [0.5, -0.8]],
    2: [[0.7, -0.4, 0.5, 0.3, -0.6], [-0.5, 0.8, 0.2, -0.7, 0.4],
        [0.6, 0.3, -0.9, 0.5, 0.2], [-0.3, 0.6, 0.4, 0.8, -0.7]],
    3: [[0.9, -0.7, 0.6, 0.8]],
}
B_SMALL = {1: [[0.1], [-0.2], [0.3], [0.2], [-0.1]], 2: [[0.2], [-0.1], [0.3], [-0.2]], 3: [[0.1]]}
X_SMALL = np.array([[1.0, -0.5, 0.3], [0.4, 1.2, -0.8]])
Y_SMALL = np.array([[1.0, 0.0, 1.0]])
# fmt: on
MIDDLE = {g.name: g for g in (nn.tanh, nn.relu, nn.sigmoid, nn.softmax)}
STARTS = {"binary cross-entropy": nn.bce, "squared error": nn.squared_error}
NOTHING = "the forward pass is done, and no gradient is known"


@dataclass(frozen=True)
class Line:
    """One line of the recursion: what it gives, from which two factors, how, and why."""

    name: str
    layer: int
    sign: str  # between the factors: @ (a matrix product), ⊙, − or Σ
    factors: tuple[tuple[str, Array], ...]
    value: Array
    why: str

    @property
    def label(self) -> str:
        """The name with its layer, such as dW[2]."""
        return f"{self.name}[{self.layer}]"


@functools.lru_cache(maxsize=16)
def lines(middle: str, start: str) -> tuple[Line, ...]:
    """Return the lines of the backward pass of the small network, in the order of the recursion."""
    g = {1: nn.tanh, 2: MIDDLE[middle], 3: nn.sigmoid}
    W, b = ({l: np.array(v) for l, v in values.items()} for values in (W_SMALL, B_SMALL))
    cache = nn.forward(nn.Network(W, b, g), X_SMALL)
    Z, A, loss = cache.Z, cache.A, STARTS[start]
    dA = loss.dA(A[3], Y_SMALL)
    over = "m" if loss is nn.squared_error else "(m a (1 − a))"
    why = f"The start: the slope of the loss, (a − y) / {over}, one entry at a time."
    found = [Line("dA", 3, "−", (("A[3]", A[3]), ("Y", Y_SMALL)), dA, why)]
    for l in (3, 2, 1):
        found += _one_layer(l, g[l], W[l], Z[l], A[l], A[l - 1], dA)
        dA = found[-1].value
    return tuple(found)


def _one_layer(
    l: int, g: nn.Activation, W: Array, Z: Array, A: Array, before: Array, dA: Array
) -> list[Line]:
    """Return the four lines of one layer, which are the whole induction step."""
    dZ = g.vjp(Z, dA)
    if g is nn.softmax:
        inner = dA - (A * dA).sum(axis=0)
        pull = ((f"A[{l}]", A), (f"(dA[{l}] − s)", inner))
        why = "Softmax mixes the units of a column: s is the sum of a ⊙ da over that column."
    else:
        pull = ((f"dA[{l}]", dA), (f"g′(Z[{l}])", g.prime(Z)))
        why = f"One entry of Z[{l}] moves one entry of A[{l}] and no other: one path, no sum."
    ones = np.ones((dA.shape[1], 1))
    return [
        Line("dZ", l, "⊙", pull, dZ, why),
        Line(
            "dW", l, "@", ((f"dZ[{l}]", dZ), (f"A[{l - 1}]ᵀ", before.T)), dZ @ before.T,
            "One weight acts in every example: its paths are added up over the columns.",
        ),
        Line(
            "db", l, "@", ((f"dZ[{l}]", dZ), ("ones", ones)), dZ @ ones,
            "One bias acts in every example, with the factor 1: a sum over the columns.",
        ),
        Line(
            "dA", l - 1, "@", ((f"W[{l}]ᵀ", W.T), (f"dZ[{l}]", dZ)), W.T @ dZ,
            f"One entry of A[{l - 1}] feeds every unit of layer {l}: its paths are added up.",
        ),
    ]  # fmt: skip


@functools.lru_cache(maxsize=16)
def truths(middle: str, start: str) -> tuple[Array, ...]:
    """Return what each line must give, from nudges of the forward pass alone."""
    g = {1: nn.tanh, 2: MIDDLE[middle], 3: nn.sigmoid}
    W, b = ({l: np.array(v) for l, v in values.items()} for values in (W_SMALL, B_SMALL))
    loss, A, Z = STARTS[start], {0: X_SMALL}, {}
    for l in (1, 2, 3):
        Z[l] = W[l] @ A[l - 1] + b[l]
        A[l] = g[l](Z[l])

    def from_A(l: int, a: Array) -> Any:
        for k in range(l + 1, 4):
            a = g[k](W[k] @ a + b[k])
        return loss(a, Y_SMALL)

    def rest(line: Line) -> tuple[Callable[[Array], Any], Array]:
        l = line.layer
        if line.name == "dA":
            return lambda a: from_A(l, a), A[l]
        if line.name == "dZ":
            return lambda z: from_A(l, g[l](z)), Z[l]
        if line.name == "dW":
            return lambda w: from_A(l, g[l](w @ A[l - 1] + b[l])), W[l]
        return lambda v: from_A(l, g[l](W[l] @ A[l - 1] + v)), b[l]

    return tuple(nn.complex_step_gradient(*rest(line)) for line in lines(middle, start))


def recursion() -> Demo:
    """The backward pass of a small network, one line at a time.

    Above the gradients of all layers as boxes drawn to scale, filled when they are known; below the
    line at work, with every number, and the path of one entry framed.
    """
    count = len(lines("tanh", "binary cross-entropy"))
    return Demo(
        "The recursion, line by line",
        {
            "at": Slider("line of the recursion", 0, count, 1, default=1),
            "middle": Choice("Activation of layer 2", list(MIDDLE)),
            "start": Choice("Loss", list(STARTS)),
            "back": Button("Back", lambda state: {"at": max(0, state["at"] - 1)}),
            "step": Button("Step", lambda state: {"at": min(count, state["at"] + 1)}),
        },
        LiveFigure(_build_recursion, size=(9.0, 4.5)),
        _draw_recursion,
        lines=5,
    )


GRAIN = 0.1  # inches for one row or column of a box above
CELL = (0.56, 0.3)  # width and height of one number below
MIDDLE_LINE = 1.2  # the height on which the numbers below are centred
WIDEST = 5  # the columns of the widest matrix
LEADING = 72 * CELL[1] / 9 / 0.978  # from one line to the next, in heights of the font


Box = tuple[float, float, float, float]  # left, bottom, width and height, in inches


@functools.cache
def _ledger() -> dict[str, Box]:
    """Return where the box of each gradient is, drawn to scale."""
    sizes, m = (2, 5, 4, 1), X_SMALL.shape[1]
    boxes: dict[str, Box] = {}
    middle = 0.55
    for l, n in enumerate(sizes):
        shapes = {"dA": (n, m)}
        if l:
            shapes |= {"dZ": (n, m), "dW": (n, sizes[l - 1]), "db": (n, 1)}
        for name, shape in shapes.items():
            height, width = (GRAIN * size for size in shape)
            boxes[f"{name}[{l}]"] = (middle - width / 2, 3.76 - height / 2, width, height)
            middle += 0.6
        middle += 0.2
    return boxes


def _outlines(boxes: list[Box]) -> Path:
    """Return the outlines of many boxes as one path."""
    rectangles = [
        Path([(x, y), (x + w, y), (x + w, y + h), (x, y + h), (x, y)], closed=True)
        for x, y, w, h in boxes
    ]
    return Path.make_compound_path(*rectangles) if rectangles else Path(np.empty((0, 2)))


def _build_recursion(figure: Figure) -> dict[str, Any]:
    page = figure.add_axes((0, 0, 1, 1))
    page.set(xlim=(0, 9), ylim=(0, 4.5), xticks=[], yticks=[])
    page.spines[:].set_visible(False)
    words: dict[str, Any] = {"ha": "center", "va": "center", "fontsize": 9}
    for name, (left, _, width, height) in _ledger().items():
        middle = left + width / 2
        shape = f"{height / GRAIN:.0f} × {width / GRAIN:.0f}"
        page.text(middle, 3.34, name, **words)
        page.text(middle, 3.16, shape, color=PALE, **words)
        if name.startswith("dA"):
            page.text(middle - 0.25, 4.32, f"layer {name[3]}", color=PALE, va="center")
    key = "dashed: to come  ·  orange: at work  ·  blue: known"
    page.text(8.75, 2.74, key, color=PALE, fontsize=9, ha="right", va="center")
    page.plot([0.25, 8.75], [2.98, 2.98], color="#cccccc", linewidth=1)
    # Many boxes of one look are one artist: that is faster than one each.
    looks: dict[str, dict[str, Any]] = {
        "to come": {"facecolor": "white", "edgecolor": QUIET, "linestyle": (0, (3, 2))},
        "known": {"facecolor": "#8CC3E3", "edgecolor": BLUE},
        "at work": {"facecolor": "#FBE3D2", "edgecolor": VERMILLION},
        "path": {"facecolor": "#FBE3D2", "edgecolor": VERMILLION, "linewidth": 2.2, "zorder": 0.5},
        "frames": {"facecolor": "none", "edgecolor": BLACK, "linewidth": 1.2},
    }
    artists: dict[str, Any] = {
        name: page.add_patch(PathPatch(Path([(0, 0)]), **{"linewidth": 1.5, **look}))
        for name, look in looks.items()
    }
    artists["title"] = page.text(0.3, 2.74, "", fontsize=12, va="center", weight="bold")
    for k in range(3):
        artists[f"name {k}"] = page.text(0, 0, "", ha="center", va="center")
        artists[f"shape {k}"] = page.text(0, 0, "", ha="center", va="center", color=PALE)
        artists[f"shape {k}"].set_fontsize(9)
        for j in range(WIDEST):  # a column of numbers is one text: that is faster than one each
            column = page.text(0, 0, "", ha="center", va="center", fontsize=9)
            column.set_linespacing(LEADING)
            artists[f"column {k} {j}"] = column
    for k in range(2):
        artists[f"sign {k}"] = page.text(0, 0, "", ha="center", va="center", fontsize=13)
    return artists


def _draw_recursion(state: State, artists: Mapping[str, Any]) -> tuple[str, str]:
    at = int(state["at"])
    known = lines(state["middle"], state["start"])
    boxes = _ledger()
    named = [boxes[line.label] for line in known]
    artists["known"].set_path(_outlines(named[: max(at - 1, 0)]))
    artists["at work"].set_path(_outlines(named[max(at - 1, 0) : at]))
    artists["to come"].set_path(_outlines(named[at:]))
    setting = f"layer 2 is {state['middle']}, the loss is {state['start']}"
    for name, artist in artists.items():
        if name not in ("known", "at work", "to come", "title"):
            artist.set_visible(at > 0)
    if at == 0:
        artists["title"].set_text("No gradient is known yet")
        return f"line 0 of {len(known)}: {NOTHING}\n{setting}", f"Line 0: {NOTHING}; {setting}."

    line, truth = known[at - 1], truths(state["middle"], state["start"])[at - 1]
    equation = _equation(line)
    artists["title"].set_text(f"{at}.  {equation}")
    _place(line, artists)
    close = np.abs(line.value - truth).max() <= 1e-12 * np.abs(truth).max()
    verdict = "✓ every entry equals a nudge of the rest of the network" if close else "✗ differs"
    shape = " × ".join(map(str, line.value.shape))
    setting = f"{state['middle']}, {state['start']}"
    said = [
        f"line {at} of {len(known)} ({setting}): {equation}, shape {shape}",
        line.why,
        f"The framed entry: {_one_entry(line)}",
        verdict,
    ]
    return "\n".join(said), " ".join(said).replace("\n", " ")


def _equation(line: Line) -> str:
    (left, _), (right, _) = line.factors
    if line.sign == "−":
        return f"{line.label} = slope of the loss at {left} and {right}"
    if line.sign == "⊙":
        return f"{line.label} = {left} ⊙ {right}"
    return f"{line.label} = {left} {right}"


def _one_entry(line: Line) -> str:
    """Write out how the first entry comes from its factors."""
    (_, left), (_, right) = line.factors
    value = fixed(line.value[0, 0])
    if line.sign == "−":
        return f"a = {fixed(left[0, 0])} and y = {fixed(right[0, 0], 0)} give {value}"
    pairs = (
        [(left[0, 0], right[0, 0])] if line.sign == "⊙" else zip(left[0], right[:, 0], strict=True)
    )
    terms = [f"{_signed(a)} · {_signed(b)}" for a, b in pairs]
    first, rest = " + ".join(terms[:3]), "".join(f" + {term}" for term in terms[3:])
    return f"{first}\n  {rest} = {value}" if rest else f"{first} = {value}"


def _signed(x: float) -> str:
    return f"({fixed(x)})" if x < 0 else fixed(x)


def _place(line: Line, artists: Mapping[str, Any]) -> None:
    """Lay the result and its two factors out side by side, one number a cell."""
    width, height = CELL
    product = line.sign == "@"
    blocks = [(line.label, line.value), *line.factors]
    total = sum(v.shape[1] for _, v in blocks) * width + 2 * 0.45
    left = (9 - total) / 2
    frames, paths = [], []
    for k, (name, values) in enumerate(blocks):
        rows, columns = values.shape
        top = MIDDLE_LINE + rows * height / 2
        centre = left + columns * width / 2
        artists[f"name {k}"].set(text=name, position=(centre, top + 0.17))
        artists[f"shape {k}"].set(text=f"{rows} × {columns}")
        artists[f"shape {k}"].set_position((centre, top - rows * height - 0.16))
        frames.append((left, top - rows * height, columns * width, rows * height))
        reach = (1, columns) if product and k == 1 else (rows, 1) if product and k == 2 else (1, 1)
        paths.append((left, top - reach[0] * height, reach[1] * width, reach[0] * height))
        for j in range(WIDEST):
            column = artists[f"column {k} {j}"]
            column.set_visible(j < columns)
            if j < columns:
                column.set_text("\n".join(fixed(v) for v in values[:, j]))
                column.set_position((left + (j + 0.5) * width, MIDDLE_LINE))
        left += columns * width
        if k < 2:
            between = ("=", {"@": "", "⊙": "⊙", "−": "and"}[line.sign])[k]
            between = "from" if line.sign == "−" and k == 0 else between
            artists[f"sign {k}"].set(text=between, position=(left + 0.225, MIDDLE_LINE))
            artists[f"sign {k}"].set_fontsize(13 if len(between) < 2 else 10)
        left += 0.45
    artists["frames"].set_path(_outlines(frames))
    artists["path"].set_path(_outlines(paths))
