"""A slope along two paths: the factors of each path multiplied, the paths added."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from matplotlib.figure import Figure
from matplotlib.patches import PathPatch
from matplotlib.path import Path

from nnmath.live import (
    BLUE,
    GREY,
    ORANGE,
    VERMILLION,
    Choice,
    Demo,
    LiveFigure,
    Slider,
    fixed,
)

State = Mapping[str, Any]

INK = "#A64500"  # the vermillion that is dark enough for text

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
