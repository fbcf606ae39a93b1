"""The demos of notebook 00: shapes that fit, a slope along two paths, how small a nudge to take.

Each demo is a `build` (what can move) and a `draw` (the picture and the words of one state), with
the few lines of arithmetic between them.
"""

from __future__ import annotations

import functools
import math
from collections.abc import Callable, Iterable, Mapping
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
    fixed,
    number,
)

State = Mapping[str, Any]

INK = "#A64500"  # the vermillion that is dark enough for text

# The shape ledger -------------------------------------------------------------------------------

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


# Two paths --------------------------------------------------------------------------------------

BOTH, BY_U, BY_V = "through both", "through u alone", "through v alone"
NODES = {"x": (52, 122), "u": (206, 196), "v": (206, 48), "J": (362, 122)}
RADIUS = 30
EDGES = (("x", "u"), ("x", "v"), ("u", "J"), ("v", "J"))


def two_paths() -> Demo:
    """A number x feels its way to J along two paths: nudge it, and compare with the two products.

    J = u · v with u = x² and v = 4 − x. One path may be blocked, so that the other's share of the
    change is measured alone.
    """
    return Demo(
        "Two paths",
        {
            "x": Slider("x", -1, 4, 0.1, default=2),
            "h": Slider("nudge h", choices=[0.001, 0.01, 0.1, 1], default=1),
            "open": Choice("The nudge passes", [BOTH, BY_U, BY_V]),
        },
        LiveFigure(_build_paths),
        _draw_paths,
        lines=3,
    )


def forward(x: float) -> tuple[float, float, float]:
    """Return u, v and J."""
    u, v = x * x, 4 - x
    return u, v, u * v


def nudged(x: float, h: float, way: str) -> tuple[float, float, float]:
    """Return u, v and J after the nudge, where a blocked path keeps its old value."""
    (u, v, _), (new_u, new_v, _) = forward(x), forward(x + h)
    u = u if way == BY_V else new_u
    v = v if way == BY_U else new_v
    return u, v, u * v


def path_slopes(x: float) -> dict[tuple[str, str], float]:
    """Return the slope along each edge."""
    u, v, _ = forward(x)
    return {("x", "u"): 2 * x, ("x", "v"): -1.0, ("u", "J"): v, ("v", "J"): u}


def _build_paths(figure: Figure) -> dict[str, Any]:
    graph = figure.add_axes((0, 0, 0.63, 1))
    graph.set(xlim=(0, 408), ylim=(0, 252))
    graph.axis("off")
    bars = figure.add_axes((0.735, 0.14, 0.2, 0.72))
    bars.set(title="what J does, per step of x", xlim=(-27, 12), ylim=(3.6, -0.6))
    bars.set_xticks([-20, -10, 0, 10], ["−20", "−10", "0", "10"])
    bars.axvline(0, color="#999999", linewidth=0.8)
    bars.set_yticks(range(4), ["path by u", "path by v", "their sum", "measured"])
    bars.tick_params(axis="y", length=0)

    centre: dict[str, Any] = {"ha": "center", "va": "center"}
    artists: dict[str, Any] = {}
    for way in (BY_U, BY_V):
        path = Path.make_compound_path(*[_arrow(*edge) for edge in EDGES if way[8] in edge])
        artists[way] = graph.add_patch(PathPatch(path))
    for start, end in EDGES:
        (x0, y0), (x1, y1) = NODES[start], NODES[end]
        up = 16 if "u" in (start, end) else -16
        artists[f"slope {start}{end}"] = graph.text(
            (x0 + x1) / 2, (y0 + y1) / 2 + up, "", va="center",
            ha="right" if start == "x" else "left",
        )  # fmt: skip
    for name, (x, y) in NODES.items():
        graph.plot([x], [y], "o", markersize=2 * RADIUS, color="white", markeredgecolor="#555555")
        artists[f"value {name}"] = graph.text(x, y + 7, "", fontsize=10.5, **centre)
        artists[f"change {name}"] = graph.text(x, y - 9, "", fontsize=9, color=INK, **centre)
    for name, text in (("u", "u = x²"), ("v", "v = 4 − x"), ("J", "J = u · v")):
        x, y = NODES[name]
        graph.text(x, y + (RADIUS + 11) * (-1 if name == "v" else 1), text, **centre)
    for k, (colour, hatch) in enumerate(
        ((BLUE, ""), (ORANGE, "////"), (GREY, ""), (VERMILLION, "xx"))
    ):
        bar = bars.barh(k, 0, height=0.5, color=colour, hatch=hatch)[0]
        bar.set(edgecolor="white", linewidth=0)
        artists[f"bar {k}"] = bar
        artists[f"number {k}"] = bars.text(
            1.32, k, "", transform=bars.get_yaxis_transform(), ha="right", va="center"
        )
    return artists


def _arrow(start: str, end: str) -> Path:
    """Return the outline of an arrow from the rim of one node to the rim of another."""
    tail, tip = np.array(NODES[start], float), np.array(NODES[end], float)
    along = (tip - tail) / np.hypot(*(tip - tail))
    across = np.array([-along[1], along[0]])
    tail, tip = tail + (RADIUS + 3) * along, tip - (RADIUS + 3) * along
    neck = tip - 11 * along
    half, head = 1.2 * across, 5 * across
    points = (tail + half, neck + half, neck + head, tip, neck - head, neck - half, tail - half)
    return Path([*points, points[0]], closed=True)


def _draw_paths(state: State, artists: Mapping[str, Any]) -> tuple[str, str]:
    x, h, way = state["x"], state["h"], state["open"]
    before = dict(zip("xuvJ", (x, *forward(x)), strict=True))
    after = dict(zip("xuvJ", (x + h, *nudged(x, h, way)), strict=True))
    for name, value in before.items():
        artists[f"value {name}"].set_text(f"{name} = {_short(value)}")
        artists[f"change {name}"].set_text(_signed(after[name] - value))
    slopes = path_slopes(x)
    for edge, slope in slopes.items():
        artists[f"slope {''.join(edge)}"].set_text(f"slope {_short(slope)}")
    for path, colour in ((BY_U, BLUE), (BY_V, INK)):
        shut = way not in (BOTH, path)  # a blocked path is an empty, dashed outline
        artists[path].set(
            facecolor="white" if shut else colour, edgecolor=GREY if shut else colour,
            linestyle=(0, (2, 2)) if shut else "-", linewidth=1 if shut else 0,
        )  # fmt: skip
    by_u = slopes["x", "u"] * slopes["u", "J"]
    by_v = slopes["x", "v"] * slopes["v", "J"]
    measured = (after["J"] - before["J"]) / h
    for k, value in enumerate((by_u, by_v, by_u + by_v, measured)):
        artists[f"bar {k}"].set_width(value)
        artists[f"number {k}"].set_text(fixed(value))

    values = [f"{name} = {_short(value)}" for name, value in before.items()]
    products = [
        f"by u: {_short(slopes['x', 'u'])} × {_short(slopes['u', 'J'])} = {_short(by_u)}",
        f"by v: {_short(slopes['x', 'v'])} × {_short(slopes['v', 'J'])} = {_short(by_v)}",
        f"sum: {_short(by_u + by_v)}",
    ]
    change = _short(after["J"] - before["J"], 6)
    nudge = [f"nudge h = {h:g}", way, f"J moves by {change}", f"{fixed(measured, 4)} per step of x"]
    columns = ((values, 14), (products, 27), (nudge, 25))
    lines = ["".join(f"{part:<{wide}}" for part in row).rstrip() for row, wide in columns]
    said = f"{nudge[0][1:]} {way}: {nudge[2]}, {nudge[3]}"
    alt = f"{', '.join(values)}. Slopes {', '.join(products)}. N{said}."
    return "\n".join(lines), alt


def _short(value: float, decimals: int = 3) -> str:
    """Return the number without the zeros at its end."""
    text = fixed(value, decimals)
    return text.rstrip("0").rstrip(".") if "." in text else text


def _signed(value: float) -> str:
    text = _short(value, 4)
    return text if text.startswith("−") else f"+{text}"


# The V ------------------------------------------------------------------------------------------

FLOOR = 1e-17  # where an error of 0 is drawn
STEP = 0.25
K = np.arange(1, 15 + STEP, STEP)
DECIMALS = 15
FUNCTIONS: dict[str, tuple[Callable[..., Any], Callable[..., Any]]] = {
    "x³": (lambda x: x * x * x, lambda x: 3 * x * x),
    "eˣ": (np.exp, np.exp),
    "sin x": (np.sin, np.cos),
}
# Told apart by line and marker as well as by colour.
WAYS: dict[str, dict[str, Any]] = {
    "forward": {"color": VERMILLION, "marker": "o", "linestyle": (0, (5, 1.5))},
    "central": {"color": BLUE, "marker": "s"},
    "complex": {"color": GREEN, "marker": "D", "linestyle": (0, (1.5, 1.5))},
}
ALLOWED = {"central": 1e-7, "complex": 1e-12}  # what a check of this course lets pass
WRONG = "#767676"


def the_v() -> Demo:
    """How wrong a numerical slope is for each size of the nudge, and which of its digits are right.

    Left the error over h, both logarithmic: forward and central differences first improve and then
    spoil, the complex step only improves. Right the slopes themselves, digit by digit.
    """
    return Demo(
        "The V",
        {
            "k": Slider("k in h = 10⁻ᵏ", 1, 15, STEP, default=1),
            "x": Slider("x", 0.5, 2, 0.1, default=1),
            "f": Choice("Function", list(FUNCTIONS)),
        },
        LiveFigure(_build_v, size=(9.0, 3.9)),
        _draw_v,
        lines=4,
    )


def numerical(f: Callable[..., Any], x: float, h: float) -> dict[str, float]:
    """Return the slope by each way."""
    return {
        "forward": float((f(x + h) - f(x)) / h),
        "central": float((f(x + h) - f(x - h)) / (2 * h)),
        "complex": float(f(x + 1j * h).imag / h),
    }


@functools.lru_cache(maxsize=128)
def errors(name: str, x: float) -> dict[str, np.ndarray]:
    """Return the relative error of each way, for each nudge of the curves."""
    f, slope = FUNCTIONS[name]
    true = float(slope(x))
    found = [numerical(f, x, 10.0**-k) for k in K]
    return {way: np.array([abs(one[way] - true) / abs(true) for one in found]) for way in WAYS}


def right_decimals(error: float) -> int:
    """Return how many decimals are right: half a unit in the last of them is the most it is off."""
    if error == 0:
        return DECIMALS
    return min(max(math.floor(-math.log10(2 * error)), 0), DECIMALS)


def _build_v(figure: Figure) -> dict[str, Any]:
    plot = figure.add_axes((0.075, 0.155, 0.485, 0.745))
    plot.set(xscale="log", yscale="log", xlim=(0.25, 4e-16), ylim=(3e-18, 40))
    plot.set(title="relative error of the slope", xlabel="nudge h: smaller and smaller →")
    ticks = {10.0**-k: f"10{_raised(-k)}" for k in range(1, 16, 2)}
    plot.set_xticks(list(ticks), list(ticks.values()))
    ticks = {1.0: "1", 1e-4: "10⁻⁴", 1e-8: "10⁻⁸", 1e-12: "10⁻¹²", FLOOR: "0"}
    plot.set_yticks(list(ticks), list(ticks.values()))
    plot.set_xticks([], minor=True)
    plot.set_yticks([], minor=True)
    for way, level in ALLOWED.items():
        plot.axhline(level, color=WAYS[way]["color"], linewidth=0.9, linestyle=(0, (1, 2)))
        plot.text(6e-16, level / 2, f"allowed for {way}", fontsize=9, ha="right", va="top")
    words = figure.add_axes((0.6, 0, 0.4, 1))
    words.set(xlim=(0, 259.2), ylim=(0, 280.8))
    words.axis("off")
    words.text(0, 259, "the slope, and its right decimals", fontsize=10.5)

    artists: dict[str, Any] = {
        "h": plot.axvline(0.1, color=GREY, linewidth=1.2, zorder=1),
        "true": words.text(62, 228, "", fontsize=12),
    }
    words.text(0, 228, "true")
    for k, (way, look) in enumerate(WAYS.items()):
        line = {name: v for name, v in look.items() if name != "marker"}
        artists[way] = plot.plot([], [], linewidth=1.8, zorder=3, **line)[0]
        dot = plot.plot([], [], look["marker"], color=look["color"], zorder=4)[0]
        dot.set(markersize=9, markeredgecolor="white", clip_on=False)
        artists[f"{way} dot"] = dot
        y = 180 - 60 * k
        words.plot([8], [y + 24], look["marker"], color=look["color"], markersize=8)
        words.text(20, y + 20, way, fontsize=10.5)
        artists[f"{way} count"] = words.text(84, y + 20, "", fontsize=10)
        # The right part lies over the whole, letter by letter, in black.
        artists[f"{way} digits"] = words.text(62, y, "", fontsize=12, color=WRONG)
        artists[f"{way} right"] = words.text(62, y, "", fontsize=12, zorder=4)
    return artists


def _raised(power: int) -> str:
    return str(power).translate(str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹"))


def _draw_v(state: State, artists: Mapping[str, Any]) -> tuple[str, str]:
    k, x, name = state["k"], state["x"], state["f"]
    f, slope = FUNCTIONS[name]
    h, true = 10.0**-k, float(slope(x))
    artists["h"].set_xdata([h, h])
    artists["true"].set_text(fixed(true, DECIMALS))
    at = f"{name} at x = {x:.1f}, k = {k:.2f}"
    rows, alt = [f"{at}, nudge h = {number(h, 3)}"], f"{at}, nudge h = {number(h, 3)}."
    curves = errors(name, x)
    for way, found in numerical(f, x, h).items():
        error = abs(found - true)
        decimals = right_decimals(error)
        text = fixed(found, DECIMALS)
        right = text[: text.index(".") + 1 + decimals] if decimals else ""
        artists[way].set_data(10.0**-K, np.maximum(curves[way], FLOOR))
        artists[f"{way} dot"].set_data([h], [max(error / abs(true), FLOOR)])
        artists[f"{way} digits"].set_text(text)
        artists[f"{way} right"].set_text(right)
        said = f"{decimals} decimal{'' if decimals == 1 else 's'} right"
        artists[f"{way} count"].set_text(said)
        size = number(error / abs(true), 2)
        rows.append(f"{way:<8}relative error {size:<13} {said}")
        alt += f" {way.capitalize()}: relative error {size}, {said}."
    return "\n".join(rows), alt
