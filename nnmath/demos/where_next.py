"""The demos of notebook 07: a backward pass through a small graph, and a sum that was stretched.

shares      u = x · x, v = u + x, J = u · v, passed back one share at a time; u must wait for v
stretched   an array that numpy stretched to 3 × 5, and the entries that each of its own collects
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from matplotlib.figure import Figure
from matplotlib.patches import FancyBboxPatch, PathPatch
from matplotlib.path import Path

import nnmath as nn
from nnmath import engine
from nnmath.live import BLACK, BLUE, GREY, VERMILLION, Button, Choice, Demo, LiveFigure, Slider

State = Mapping[str, Any]

INK = "#A64500"  # the vermillion that is dark enough for text
PALE = "#666666"

# Shares -----------------------------------------------------------------------------------------

ADD, WRITE = "+=", "="
USERS_FIRST, TOO_EARLY = "J, v, u", "J, u, v"
SHARES = 6
MADE = {"x": "x", "u": "u = x · x", "v": "v = u + x", "J": "J = u · v"}
# The middle of each node and half the size of its box, in points.
NODES = {"x": (58.0, 150.0), "u": (190.0, 222.0), "v": (244.0, 70.0), "J": (376.0, 150.0)}
HALF = (53.0, 23.0)
Edge = tuple[str, str, int]  # from the node that passes a share on; u reaches x twice
Point = tuple[float, float]
# Where an edge begins and ends, and where the number of its share is written.
EDGES: dict[Edge, tuple[Point, Point, Point]] = {
    ("J", "u", 0): ((326.0, 172.0), (245.0, 208.0), (304.0, 204.0)),
    ("J", "v", 0): ((346.0, 125.0), (290.0, 95.0), (336.0, 98.0)),
    ("v", "u", 0): ((238.0, 95.0), (196.0, 197.0), (238.0, 150.0)),
    ("v", "x", 0): ((190.0, 86.0), (92.0, 125.0), (126.0, 93.0)),
    ("u", "x", 0): ((135.0, 226.0), (44.0, 175.0), (76.0, 212.0)),
    ("u", "x", 1): ((140.0, 198.0), (82.0, 175.0), (126.0, 178.0)),
}


def shares() -> Demo:
    """A backward pass, one share at a time, with the right and the wrong order and rule.

    Left the graph: in each node its value and its gradient so far. Right every share that was
    passed back, with the sum it went into.
    """
    return Demo(
        "A backward pass, one share at a time",
        {
            "at": Slider("shares passed back", 0, SHARES, 1, default=1),
            "x": Slider("x", -2, 3, 0.5, default=2),
            "order": Choice("Nodes pass on in the order", [USERS_FIRST, TOO_EARLY]),
            "rule": Choice("A share arrives by", [ADD, WRITE]),
            "next": Button("Next share", lambda state: {"at": min(SHARES, state["at"] + 1)}),
        },
        LiveFigure(_build, size=(9.0, 3.9)),
        _draw,
        lines=4,
    )


@dataclass(frozen=True)
class Share:
    """What one node passes back to one of its parents, and what that makes of the gradient."""

    edge: Edge
    gradient: float  # of the node that passes it on
    slope: float
    before: float  # the gradient of the parent
    after: float
    late: bool  # the parent has passed its own gradient on already

    @property
    def amount(self) -> float:
        """The slope times the gradient."""
        return self.slope * self.gradient


def values(x: float) -> dict[str, float]:
    """Return the value of each node."""
    u = x * x
    v = u + x
    return {"x": x, "u": u, "v": v, "J": u * v}


def passed(x: float, order: str, rule: str) -> list[Share]:
    """Return the six shares, in the order in which they are passed back."""
    at = values(x)
    slopes: dict[Edge, float] = {
        ("J", "u", 0): at["v"], ("J", "v", 0): at["u"], ("v", "u", 0): 1.0, ("v", "x", 0): 1.0,
        ("u", "x", 0): x, ("u", "x", 1): x,
    }  # fmt: skip
    gradient = {"x": 0.0, "u": 0.0, "v": 0.0, "J": 1.0}
    found: list[Share] = []
    nodes = order.split(", ")
    for k, node in enumerate(nodes):
        for edge, slope in slopes.items():
            if edge[0] == node:
                before = gradient[edge[1]]
                arrived = slope * gradient[node]
                after = before + arrived if rule == ADD else arrived
                gradient[edge[1]] = after
                late = edge[1] in nodes[:k]
                found.append(Share(edge, gradient[node], slope, before, after, late))
    return found


def nudge(x: float) -> float:
    """Return dJ/dx by complex step, from the values alone."""
    slope = nn.complex_step_gradient(lambda x: (x * x) * (x * x + x), x)
    return round(float(slope), 9)  # at x = 0 the step itself is left, −10⁻⁴⁰


def _build(figure: Figure) -> dict[str, Any]:
    page = figure.add_axes((0, 0, 1, 1))
    page.set(xlim=(0, 648), ylim=(0, 280.8))
    page.axis("off")
    page.text(14, 265, "each node: its value, and its gradient so far", va="center")
    page.text(452, 265, "the shares, as they were passed back", va="center")
    arrow = {"arrowstyle": "-|>", "color": GREY, "linewidth": 1.4, "shrinkA": 0, "shrinkB": 0}
    for start, end, _ in EDGES.values():
        page.annotate("", start, end, arrowprops=arrow)  # it points the way of the forward pass
    artists: dict[str, Any] = {
        "share": page.plot([], [], color=VERMILLION, linewidth=4, solid_capstyle="butt")[0],
    }
    for name, (x, y) in NODES.items():
        corner = (x - HALF[0], y - HALF[1])
        box = FancyBboxPatch(
            corner, 2 * HALF[0], 2 * HALF[1], boxstyle="round,pad=0,rounding_size=7"
        )
        box.set(facecolor="white", edgecolor=BLACK, zorder=3)
        artists[f"box {name}"] = page.add_patch(box)
        middle: dict[str, Any] = {"ha": "center", "va": "center", "zorder": 4}
        artists[f"value {name}"] = page.text(x, y + 10, "", fontsize=9.5, **middle)
        artists[f"grad {name}"] = page.text(x, y - 10, "", fontsize=10.5, **middle)
    for edge, (_, _, (x, y)) in EDGES.items():
        artists[f"number {edge}"] = page.text(x, y, "", ha="center", va="center", zorder=4)
    for k in range(SHARES + 2):
        artists[f"line {k}"] = page.text(452, 240 - 25 * k, "", va="center", fontsize=9.5)
    page.text(
        14,
        12,
        "thick: the share just passed back  ·  orange box: its sender",
        color=PALE,
        fontsize=9,
    )
    return artists


def _draw(state: State, artists: Mapping[str, Any]) -> tuple[str, str]:
    x, order, rule, at = state["x"], state["order"], state["rule"], round(state["at"])
    everything = passed(x, order, rule)
    done, value = everything[:at], values(x)
    gradient = {"x": 0.0, "u": 0.0, "v": 0.0, "J": 1.0} | {s.edge[1]: s.after for s in done}
    for name in NODES:
        text = MADE[name] + f" = {_short(value[name])}"
        artists[f"value {name}"].set_text(text)
        artists[f"grad {name}"].set_text(f"d{name} = {_short(gradient[name])}")
        sender = bool(done) and done[-1].edge[0] == name
        artists[f"box {name}"].set_facecolor("#FBE3D2" if sender else "white")
    for edge in EDGES:
        artists[f"number {edge}"].set_text("")
    for share in done:
        artists[f"number {share.edge}"].set_text(_short(share.amount))
        artists[f"number {share.edge}"].set_color(INK if share is done[-1] else PALE)
    artists["share"].set_visible(bool(done))
    if done:
        artists["share"].set_data(*zip(*EDGES[done[-1].edge][:2], strict=True))

    lines = ["J:  dJ = 1"] + [f"{s.edge[0]} to {s.edge[1]}:  {_sum(s, rule)}" for s in done]
    truth = nudge(x)
    if at == SHARES:
        mark = "✓" if abs(gradient["x"] - truth) < 1e-9 else "✗"
        lines.append(f"{mark} dx = {_short(gradient['x'])}; a nudge says {_short(truth)}")
    for k in range(SHARES + 2):
        artists[f"line {k}"].set_text(lines[k] if k < len(lines) else "")
        last = k == at or k == SHARES + 1
        artists[f"line {k}"].set_color(INK if last and k else BLACK)

    known = ", ".join(f"d{name} = {_short(gradient[name])}" for name in ("J", "v", "u", "x"))
    setting = ", ".join(f"{name} = {_short(value[name])}" for name in NODES)
    said = [f"values {setting}; order {order}; shares arrive by {rule}", _told(done, rule)]
    said.append(f"gradients: {known}")
    if at == SHARES:
        said.append(f"all shares are passed back. {lines[-1]}")
    return "\n".join(said), ". ".join(line[0].upper() + line[1:] for line in said) + "."


def _told(done: list[Share], rule: str) -> str:
    """Say what the last share was."""
    if not done:
        return f"share 0 of {SHARES}: only dJ is known, which is 1"
    share = done[-1]
    sender, receiver, _ = share.edge
    product = f"{_factor(share.slope)} · {_factor(share.gradient)} = {_short(share.amount)}"
    head = f"share {len(done)} of {SHARES}: {sender} passes {product} to {receiver}"
    return f"{head}: {_sum(share, rule)}"


def _sum(share: Share, rule: str) -> str:
    """Write what became of the parent's gradient."""
    name, late = f"d{share.edge[1]}", ", too late" if share.late else ""
    if rule == ADD:
        total = f"{_short(share.before)} + {_factor(share.amount)} = {_short(share.after)}"
        return f"{name} = {total}{late}"
    lost = f", and {_short(share.before)} is lost" if share.before else ""
    return f"{name} = {_short(share.after)}{lost}{late}"


def _factor(x: float) -> str:
    return f"({_short(x)})" if x < 0 else _short(x)


def _short(x: float) -> str:
    """Write a number of this graph in full: it has few digits at every x of the slider."""
    return f"{x + 0.0:g}".replace("-", "−")


# Stretched --------------------------------------------------------------------------------------

ROWS, COLUMNS = 3, 5
FORMS = {
    "a column": (ROWS, 1),
    "a row": (1, COLUMNS),
    "one number": (1, 1),
    "the full shape": (ROWS, COLUMNS),
}
SUMMED = {
    "a column": "over the columns",
    "a row": "over the rows",
    "one number": "over everything",
    "the full shape": "over nothing",
}
V = np.array([[3.0, 1, 4, 1, 5], [9, 2, 6, 5, 3], [5, 8, 9, 7, 9]])
D = np.array([[0.5, -1, 2, 0, 1.5], [1, 0.5, -0.5, -2, 2.5], [-1.5, 2, 1, 0.5, -1]])
CELL_WIDTH, CELL_HEIGHT = 37.0, 28.0
GRIDS = {"v": 16.0, "d": 230.0, "dv": 444.0}  # their left edges, in points
UPPER = 150.0  # the upper edge of the three grids


def stretched() -> Demo:
    """An array that was stretched to 3 × 5 and added: which entries of d belong to one of its own.

    Left the array with its copies, in the middle the gradient of the result, right the sums.
    """
    return Demo(
        "A stretched array, and its gradient",
        {
            "form": Choice("v is", list(FORMS)),
            "entry": Slider("entry of v", 1, ROWS * COLUMNS, 1, default=2),
            "next": Button("Next entry", _next_entry),
        },
        LiveFigure(_build_stretched, size=(9.0, 2.9)),
        _draw_stretched,
        lines=4,
        moved=lambda state, _name: {"entry": min(state["entry"], _count(state["form"]))},
    )


def _count(form: str) -> int:
    rows, columns = FORMS[form]
    return rows * columns


def _next_entry(state: State) -> State:
    return {"entry": state["entry"] % _count(state["form"]) + 1}


def copies(form: str, entry: int) -> list[tuple[int, int]]:
    """Return the cells of the 3 × 5 array that are copies of this entry of v, counted from 1."""
    rows, columns = FORMS[form]
    row, column = divmod(entry - 1, columns)
    return [
        (k, i)
        for k, i in np.ndindex(ROWS, COLUMNS)
        if (rows == 1 or k == row) and (columns == 1 or i == column)
    ]


def _corner(grid: str, k: int, i: int) -> Point:
    """Return the lower left corner of a cell."""
    return GRIDS[grid] + i * CELL_WIDTH, UPPER - (k + 1) * CELL_HEIGHT


def _cells(places: list[tuple[str, int, int]]) -> Path:
    """Return the outlines of these cells as one path."""
    outline = [(0, 0), (CELL_WIDTH, 0), (CELL_WIDTH, CELL_HEIGHT), (0, CELL_HEIGHT), (0, 0)]
    return Path.make_compound_path(
        *(Path(np.add(outline, _corner(*place)), closed=True) for place in places)
    )


def _build_stretched(figure: Figure) -> dict[str, Any]:
    page = figure.add_axes((0, 0, 1, 1))
    page.set(xlim=(0, 648), ylim=(0, 208.8))
    page.axis("off")
    titles = {"v": "v and its copies", "d": "d, the gradient of the sum", "dv": "the gradient of v"}
    for name, left in GRIDS.items():
        page.text(left, 190, titles[name], va="center")
        every = [(name, k, i) for k, i in np.ndindex(ROWS, COLUMNS) if name != "dv"]
        if every:
            page.add_patch(PathPatch(_cells(every), facecolor="none", edgecolor="#CCCCCC"))
    page.text(16, 36, "blue frame: v itself; the others are copies", color=PALE, fontsize=9)
    page.text(230, 36, "orange: the copies of one entry", color=PALE, fontsize=9)
    page.text(444, 36, "one sum for each entry of v", color=PALE, fontsize=9)
    nothing = Path([(0, 0)])
    orange: dict[str, Any] = {"facecolor": "#FBE3D2", "edgecolor": VERMILLION, "linewidth": 1.5}
    artists: dict[str, Any] = {
        "copies": page.add_patch(PathPatch(nothing, **orange)),
        "sums": page.add_patch(PathPatch(nothing, facecolor="none", edgecolor="#AAAAAA")),
        "sum": page.add_patch(PathPatch(nothing, **orange)),
        "own": page.add_patch(PathPatch(nothing, facecolor="none", edgecolor=BLUE, linewidth=2.5)),
    }
    artists["own"].set_zorder(2)
    for name in GRIDS:
        artists[f"shape {name}"] = page.text(GRIDS[name], 168, "", color=PALE, va="center")
        for k, i in np.ndindex(ROWS, COLUMNS):
            x, y = _corner(name, k, i)
            middle = x + CELL_WIDTH / 2, y + CELL_HEIGHT / 2
            text = page.text(*middle, "", ha="center", va="center", zorder=3)
            artists[f"{name} {k} {i}"] = text
    return artists


def _draw_stretched(state: State, artists: Mapping[str, Any]) -> tuple[str, str]:
    form, entry = state["form"], round(state["entry"])
    rows, columns = FORMS[form]
    v = V[:rows, :columns]
    full, gradient = np.broadcast_to(v, D.shape), engine.unbroadcast(D, v)
    shown = {"v": full, "d": D, "dv": gradient}
    for name, array in shown.items():
        for k, i in np.ndindex(ROWS, COLUMNS):
            inside = k < array.shape[0] and i < array.shape[1]
            artists[f"{name} {k} {i}"].set_text(_short(float(array[k, i])) if inside else "")
    row, column = divmod(entry - 1, columns)
    used = copies(form, entry)
    artists["copies"].set_path(_cells([(name, k, i) for name in "vd" for k, i in used]))
    artists["sum"].set_path(_cells([("dv", row, column)]))
    own = list(np.ndindex(rows, columns))
    artists["sums"].set_path(_cells([("dv", k, i) for k, i in own]))
    artists["own"].set_path(_cells([("v", k, i) for k, i in own]))
    shape, result = f"{rows} × {columns}", f"{ROWS} × {COLUMNS}"
    artists["shape v"].set_text(shape if shape == result else f"{shape}, stretched to {result}")
    artists["shape d"].set_text(result)
    artists["shape dv"].set_text(f"{shape}, summed {SUMMED[form]}")

    truth = nn.complex_step_gradient(lambda v: np.sum(D * (1.0 + v)), v)
    found = _short(float(gradient[row, column]))
    terms = " + ".join(_factor(D[k, i]) for k, i in used)
    total = f"{terms} = {found}" if len(used) > 1 else found
    times = "once" if len(used) == 1 else f"{len(used)} times"
    right = np.allclose(gradient, truth, rtol=1e-12, atol=1e-12)
    verdict = f"{'✓' if right else '✗ not'} equal to a nudge in every entry"
    said = [
        f"array v is {form}, {shape}; the sum and d are {result}",
        f"entry {entry} of {v.size}, row {row + 1}, column {column + 1}: used {times}",
        f"its gradient: {total}",
        f"summed {SUMMED[form]}, d gives the gradient of v: {verdict}",
    ]
    return "\n".join(said), ". ".join(line[0].upper() + line[1:] for line in said) + "."
