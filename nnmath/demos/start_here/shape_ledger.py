"""Which shapes fit: every array of a small network, and the products that its sizes allow."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from matplotlib.figure import Figure
from matplotlib.patches import PathPatch
from matplotlib.path import Path

from nnmath.live import (
    BLUE,
    GREEN,
    GREY,
    ORANGE,
    VERMILLION,
    Choice,
    Demo,
    LiveFigure,
    Slider,
)

State = Mapping[str, Any]

INK = "#A64500"  # the vermillion that is dark enough for text

MOST = 6  # the largest size
SIZES = {"n0": "n₀", "n1": "n₁", "n2": "n₂", "m": "m"}
COLOUR = {"n0": ORANGE, "n1": BLUE, "n2": GREEN, "m": VERMILLION, "1": GREY}
SHAPES = {
    "X": ("n0", "m"),
    "W₁": ("n1", "n0"),
    "b₁": ("n1", "1"),
    "A₁": ("n1", "m"),
    "W₂": ("n2", "n1"),
    "b₂": ("n2", "1"),
    "A₂": ("n2", "m"),
}
ALIKE = {  # a gradient has the shape of what it is the gradient of, so one box serves both
    "X": "X",
    "W₁": "W₁ and dW₁",
    "b₁": "b₁, db₁",
    "A₁": "Z₁, A₁, dZ₁",
    "W₂": "W₂ and dW₂",
    "b₂": "b₂, db₂",
    "A₂": "Z₂, A₂, dZ₂",
}
UNIT, LARGE = 13.0, 15.0  # points for one row or column: in the ledger, in the product
SLOTS = {"X": 58, "W₁": 156, "b₁": 238, "A₁": 320, "W₂": 418, "b₂": 500, "A₂": 582}
PLACES = {"left": 96.0, "right": 256.0, "result": 424.0}  # the middle of each box of the product
ROW, PRODUCT = 262.0, 78.0  # the height of the two rows of boxes
NOTHING = Path([(0, 0)])


@dataclass(frozen=True)
class Product:
    """A product of two arrays, perhaps turned, and the array that it should give, if any."""

    left: str
    right: str
    wanted: str = ""

    def shape(self, side: str) -> tuple[str, str]:
        """Return the names of the rows and columns of the factor "left" or "right"."""
        factor = getattr(self, side)
        name = factor.removesuffix("ᵀ").replace("dZ", "A")
        rows, columns = SHAPES[name]
        return (columns, rows) if factor.endswith("ᵀ") else (rows, columns)


PRODUCTS = {
    f"{p.left} {p.right}": p
    for p in (
        Product("W₁", "X", "Z₁"),
        Product("X", "W₁"),
        Product("W₂", "A₁", "Z₂"),
        Product("W₂ᵀ", "dZ₂", "dA₁"),
        Product("W₂", "dZ₂"),
        Product("dZ₂", "A₁ᵀ", "dW₂"),
        Product("dZ₂", "A₁"),
        Product("A₁", "dZ₂ᵀ"),
    )
}


def shape_ledger() -> Demo:
    """Every array of a network with two layers as a box drawn to scale, and a product of two.

    The edges have the colour of the size they count, so that a product that fits for a reason is
    told from one that fits by accident: there the lengths agree and the colours do not.
    """
    return Demo(
        "The shape ledger",
        {
            "n0": Slider("n₀ inputs", 1, MOST, 1, default=2),
            "n1": Slider("n₁ units in layer 1", 1, MOST, 1, default=3),
            "n2": Slider("n₂ units in layer 2", 1, MOST, 1, default=4),
            "m": Slider("m examples", 1, MOST, 1, default=5),
            "product": Choice("Product", list(PRODUCTS)),
        },
        LiveFigure(_build_ledger, size=(9.0, 4.7)),
        _draw_ledger,
        lines=2,
    )


def sizes_of(state: State) -> dict[str, int]:
    """Return the sizes by name; a bias has one column whatever they are."""
    return {**{name: round(state[name]) for name in SIZES}, "1": 1}


def judge(product: Product, size: Mapping[str, int]) -> tuple[str, str, str]:
    """Return a mark, a few words, and the reason: does this product fit, and for a reason?"""
    (rows, inner), (other, columns) = product.shape("left"), product.shape("right")
    said = f"{_written(inner, size)} columns meet {_written(other, size)} rows"
    result = f"{_written(rows, size)} rows and {_written(columns, size)} columns"
    if size[inner] != size[other]:
        return "✗", "does not fit", f"{said}: they differ, and numpy refuses."
    if inner != other:
        return (
            "△", "fits by accident",
            f"{said}: equal by accident, so it runs, and the numbers mean nothing.",
        )  # fmt: skip
    if product.wanted:
        return "✓", f"fits: {product.wanted}", f"{said}. It gives {result}: {product.wanted}."
    return (
        "△", "fits, turned around",
        f"{said}. It gives {result}: dW₂ turned around, not dW₂.",
    )  # fmt: skip


def _written(name: str, size: Mapping[str, int]) -> str:
    return "1" if name == "1" else f"{SIZES[name]} = {size[name]}"


def _build_ledger(figure: Figure) -> dict[str, Any]:
    page = figure.add_axes((0, 0, 1, 1))
    page.set(xlim=(0, 648), ylim=(0, 338.4))
    page.axis("off")
    page.text(14, 322, "the ledger: every array, to scale", fontsize=10.5)
    page.text(14, 146, "the product", fontsize=10.5)
    page.plot([14, 634], [172, 172], color="#CCCCCC", linewidth=0.8)
    for k, (name, sign) in enumerate(SIZES.items()):
        left = 370 + 72 * k
        page.plot([left, left + 16], [326, 326], color=COLOUR[name], linewidth=4)
        page.text(left + 21, 322, sign)

    centre: dict[str, Any] = {"ha": "center", "va": "center"}
    grey: dict[str, Any] = {"facecolor": "#F3F3F3", "edgecolor": "#AAAAAA", "linewidth": 0.6}
    artists: dict[str, Any] = {}
    for name in ("ledger", "factors", "result"):
        artists[f"{name} cells"] = page.add_patch(PathPatch(NOTHING, **grey))
        for size in ("1", *SIZES):  # one path for all edges of a colour: few artists, fast to draw
            edges = PathPatch(NOTHING, fill=False, edgecolor=COLOUR[size], linewidth=4, zorder=3)
            edges.set_capstyle("butt")
            artists[f"{name} edges {size}"] = page.add_patch(edges)
    for name, at in SLOTS.items():
        page.text(at, 203, ALIKE[name], **centre)
        artists[f"{name} shape"] = page.text(at, 188, "", **centre)
    for name, middle in PLACES.items():
        artists[f"{name} columns"] = page.text(middle, 0, "", ha="center", va="bottom")
        artists[f"{name} rows"] = page.text(0, PRODUCT, "", ha="right", va="center")
        artists[f"{name} name"] = page.text(middle, 14, "", fontsize=11, **centre)
    page.text((PLACES["left"] + PLACES["right"]) / 2 - 14, PRODUCT, "·", fontsize=16, **centre)
    page.text((PLACES["right"] + PLACES["result"]) / 2 - 14, PRODUCT, "=", fontsize=14, **centre)
    artists["no result"] = page.text(PLACES["result"], PRODUCT, "no result", **centre)
    artists["mark"] = page.text(506, PRODUCT + 12, "", fontsize=24, va="center")
    artists["words"] = page.text(506, PRODUCT - 14, "", fontsize=11, va="center")
    return artists


@dataclass(frozen=True)
class Box:
    """A box of cells around a point; its shape is two names of sizes."""

    shape: tuple[str, str]
    rows: int
    columns: int
    at: tuple[float, float]
    unit: float

    @property
    def corner(self) -> tuple[float, float]:
        """The upper left corner."""
        x, y = self.at
        return x - self.columns * self.unit / 2, y + self.rows * self.unit / 2

    def cells(self) -> list[Path]:
        """Return the outlines of all cells, as one path: one for each would take far longer."""
        square = np.array([(0, 0), (1, 0), (1, -1), (0, -1), (0, 0)])
        shifts = [(j, -k) for k in range(self.rows) for j in range(self.columns)]
        corners = (square + np.array(shifts)[:, None]) * self.unit + self.corner
        codes = [Path.MOVETO, *[Path.LINETO] * 4] * len(shifts)
        return [Path(corners.reshape(-1, 2), codes)]

    def edges(self) -> dict[str, list[Path]]:
        """Return the upper edge, as long as there are columns, and the left one, by their size."""
        x, y = self.corner
        top = Path([(x, y), (x + self.columns * self.unit, y)])
        side = Path([(x, y), (x, y - self.rows * self.unit)])
        rows, columns = self.shape
        return {rows: [side, top]} if rows == columns else {rows: [side], columns: [top]}


def _put(artists: Mapping[str, Any], group: str, boxes: Iterable[Box]) -> None:
    """Draw these boxes, and no other ones, with the artists of the group."""
    cells: list[Path] = []
    edges: dict[str, list[Path]] = {size: [] for size in ("1", *SIZES)}
    for box in boxes:
        cells += box.cells()
        for size, found in box.edges().items():
            edges[size] += found
    for name, paths in (("cells", cells), *((f"edges {size}", e) for size, e in edges.items())):
        artists[f"{group} {name}"].set_visible(bool(paths))
        artists[f"{group} {name}"].set_path(Path.make_compound_path(*paths) if paths else NOTHING)


def _draw_ledger(state: State, artists: Mapping[str, Any]) -> tuple[str, str]:
    size, product = sizes_of(state), PRODUCTS[state["product"]]

    def box(shape: tuple[str, str], at: tuple[float, float], unit: float) -> Box:
        return Box(shape, size[shape[0]], size[shape[1]], at, unit)

    _put(artists, "ledger", [box(SHAPES[name], (at, ROW), UNIT) for name, at in SLOTS.items()])
    for name, (rows, columns) in SHAPES.items():
        artists[f"{name} shape"].set_text(f"{size[rows]} × {size[columns]}")

    mark, words, reason = judge(product, size)
    left, right = product.shape("left"), product.shape("right")
    shapes = {"left": left, "right": right, "result": (left[0], right[1])}
    names = {"left": product.left, "right": product.right, "result": product.wanted}
    boxes = {name: box(shapes[name], (at, PRODUCT), LARGE) for name, at in PLACES.items()}
    _put(artists, "factors", [boxes["left"], boxes["right"]])
    _put(artists, "result", [boxes["result"]] if mark != "✗" else [])
    artists["no result"].set_visible(mark == "✗")
    for name, placed in boxes.items():
        x, y = placed.corner
        rows, columns = placed.shape
        artists[f"{name} columns"].set(text=_written(columns, size), y=y + 5)
        artists[f"{name} rows"].set(text=_written(rows, size), x=x - 6)
        artists[f"{name} name"].set_text(names[name])
        for part in ("columns", "rows", "name"):
            artists[f"{name} {part}"].set_visible(name != "result" or mark != "✗")
    artists["mark"].set(text=mark, color=BLUE if mark == "✓" else INK)
    artists["words"].set(text=words, color=BLUE if mark == "✓" else INK)

    sizes = "   ".join(f"{sign} = {size[name]}" for name, sign in SIZES.items())
    title = f"{mark} {state['product']}: {reason}"
    shown = ", ".join(f"{name} {size[r]} × {size[c]}" for name, (r, c) in SHAPES.items())
    alt = f"{sizes.replace('   ', ', ')}. Boxes: {shown}. Product {state['product']}: {reason}"
    return f"{sizes}\n{title}", alt
