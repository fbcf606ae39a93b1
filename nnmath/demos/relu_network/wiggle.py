"""The cost over one weight of the tiny network, with its kinks and its tangent."""

from __future__ import annotations

import functools
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

import nnmath as nn
from nnmath.demos.relu_network.marks import (
    INK,
    LAYERS,
    PALE,
    Array,
    State,
    clean,
    fit,
    moving_ticks,
)
from nnmath.live import (
    BLACK,
    BLUE,
    Button,
    Choice,
    Demo,
    LiveFigure,
    Slider,
    fixed,
)

# The tiny network of the notebook: quarters, so that sums are exact and kinks can be hit exactly.
# fmt: off
X = np.array([
    [-1.75, -0.75, -0.5, 0.75, 0.5, 1.25],
    [-1.25, 1.0, 0.75, 1.0, 2.0, -0.75],
    [-0.25, -1.5, 2.0, -0.25, 1.5, -2.0],
    [-1.25, -0.5, 1.5, 2.0, 1.5, -1.25],
])
Y = np.array([[1.0, 0, 1, 0, 0, 1], [0, 1, 0, 1, 1, 0]])
TINY = nn.Network(
    W={
        1: np.array([
            [-0.5, -1.0, -0.75, 0.5],
            [1.0, -1.0, 1.0, -0.5],
            [0.75, 0.75, -1.0, 0.75],
            [1.0, 0.5, 0.5, 0.25],
            [-0.75, -0.25, -0.75, 0.75],
        ]),
        2: np.array([
            [1.0, -0.25, 0.75, -1.0, -0.25],
            [-0.5, 0.25, 1.0, -0.75, 0.75],
            [0.5, -0.75, -0.75, -0.25, 1.0],
        ]),
        3: np.array([[-1.0, 1.0, 0.25], [0.75, 0.75, -1.0]]),
    },
    b={
        1: np.array([[-0.75], [0.5], [0.5], [1.0], [0.75]]),
        2: np.array([[0.5], [1.0], [0.5]]),
        3: np.array([[-1.0], [-0.5]]),
    },
    g={1: nn.relu, 2: nn.relu, 3: nn.softmax},
)
# fmt: on
REACH = 3.0  # a weight is moved from −REACH to REACH
MATRICES = {f"W[{l}]": l for l in LAYERS}
DOWNHILL = 0.2  # how far the button goes along the slope
NUDGE = 1e-6


def wiggle() -> Demo:
    """One weight of the tiny network is moved, and all the others stay.

    Left the cost J over that weight, with the tangent whose slope backpropagation computed; in the
    middle the slope over the weight, with a jump at each kink; right all of dW of that layer.
    """
    return Demo(
        "Wiggle one weight",
        {
            "value": Slider("value of this weight", -REACH, REACH, 0.05, default=1),
            "matrix": Choice("weights", list(MATRICES), default="W[2]"),
            "row": Slider("row", 1, 5, 1, default=2),
            "column": Slider("column", 1, 5, 1, default=3),
            "down": Button("One step downhill", downhill),
            "run": Button("50 steps", downhill, repeat=50),
        },
        LiveFigure(_build_wiggle),
        _draw_wiggle,
        lines=2,
        moved=_entry_chosen,
    )


def entry(state: State) -> tuple[int, int, int]:
    """Return the chosen weight as (layer, row, column), counted from 0 as numpy does."""
    return MATRICES[state["matrix"]], round(state["row"]) - 1, round(state["column"]) - 1


def moved_to(l: int, k: int, j: int, value: float) -> nn.Network:
    """Return the tiny network with W[l][k, j] = value."""
    W = dict(TINY.W)
    W[l] = W[l].copy()
    W[l][k, j] = value
    return nn.Network(W, TINY.b, TINY.g)


def _entry_chosen(state: State, name: str) -> State:
    """Stay inside the matrix, and begin at the weight's own value."""
    if name not in ("matrix", "row", "column"):
        return {}
    l = MATRICES[state["matrix"]]
    rows, columns = TINY.W[l].shape
    row, column = min(state["row"], rows), min(state["column"], columns)
    own = float(TINY.W[l][round(row) - 1, round(column) - 1])
    return {"row": row, "column": column, "value": own}


def downhill(state: State) -> State:
    """Return the weight after a small step against its own slope."""
    l, k, j = entry(state)
    value = state["value"] - DOWNHILL * float(slope_by_backprop(l, k, j, state["value"])[k, j])
    return {"value": min(max(value, -REACH), REACH)}


def slope_by_backprop(l: int, k: int, j: int, value: float) -> Array:
    """Return dW[l] of the network with W[l][k, j] = value."""
    net = moved_to(l, k, j, value)
    return nn.backward(net, nn.forward(net, X), Y, nn.cross_entropy).dW[l]


def along(l: int, k: int, j: int, values: Sequence[float]) -> tuple[dict[int, Array], Array, Array]:
    """Return Z[1..3], J and ∂J/∂W[l][k, j] where that weight takes each of the values.

    In principle one forward and one backward pass for each value. Here all of them at once, as
    further examples: Z[p][unit, value, example]. Only row k of Z[l] differs between the values.
    """
    steps = np.asarray(values, dtype=float) - TINY.W[l][k, j]
    A: dict[int, Array] = {0: np.broadcast_to(X[:, None], (len(X), len(steps), X.shape[1]))}
    Z: dict[int, Array] = {}
    for p in LAYERS:
        Z[p] = np.einsum("uv,v...->u...", TINY.W[p], A[p - 1]) + TINY.b[p][:, :, None]
        if p == l:
            Z[p][k] += steps[:, None] * A[p - 1][j]
        A[p] = np.maximum(Z[p], 0)
    Z3, m = Z[3] - Z[3].max(axis=0), X.shape[1]
    E = np.exp(Z3)
    losses = np.log(E.sum(axis=0)) - (Y[:, None] * Z3).sum(axis=0)
    dZ = (E / E.sum(axis=0) - Y[:, None]) / m
    for p in reversed(range(l + 1, 4)):
        dZ = np.einsum("vu,v...->u...", TINY.W[p], dZ) * (Z[p - 1] > 0)
    return Z, losses.mean(axis=1), (dZ[k] * A[l - 1][j]).sum(axis=1)


@functools.lru_cache(maxsize=64)
def kinks(l: int, k: int, j: int) -> tuple[float, ...]:
    """Return the values of W[l][k, j] at which a hidden unit switches on or off for an example.

    Between two kinks of the layers below, Z of a layer is a straight line over the weight, so that
    its zeros are found exactly, layer by layer.
    """
    found = {-2 * REACH, 2 * REACH}  # a kink at the very end is one too
    for p in (1, 2):
        points = np.array(sorted(found))
        Z = along(l, k, j, points.tolist())[0][p]
        left, right = Z[:, :-1], Z[:, 1:]
        unit, at, i = np.nonzero((left > 0) != (right > 0))
        before, after = left[unit, at, i], right[unit, at, i]
        share = before / (before - after)
        found |= set((points[at] + share * (points[at + 1] - points[at])).round(12).tolist())
    return tuple(sorted(value for value in found if abs(value) <= REACH))


@functools.lru_cache(maxsize=64)
def curve(l: int, k: int, j: int) -> tuple[Array, Array, Array]:
    """Return values of the weight, with J and its slope there; NaN breaks the slope at a kink."""
    grid = np.linspace(-REACH, REACH, 121)
    corners = np.array(kinks(l, k, j))
    values = np.unique(np.concatenate([grid, corners - 1e-9, corners, corners + 1e-9]))
    _, J, slope = along(l, k, j, values.tolist())
    return values, J, np.where(np.isin(values, corners), np.nan, slope)


def at_kink(l: int, k: int, j: int, value: float) -> bool:
    """Tell whether a hidden Z is 0 at this value, and would leave it if the weight moved."""
    Z = along(l, k, j, [value - NUDGE, value, value + NUDGE])[0]
    corners = [(Z[p][:, 1] == 0) & (Z[p][:, 0] != Z[p][:, 2]) for p in (1, 2)]
    return any(c.any() for c in corners)


def _build_wiggle(figure: Figure) -> dict[str, Any]:
    left = figure.add_axes((0.055, 0.15, 0.255, 0.73))
    middle = figure.add_axes((0.375, 0.15, 0.255, 0.73))
    table = figure.add_axes((0.665, 0.15, 0.33, 0.73))
    for axes, title in ((left, "cost J over this weight"), (middle, "its slope ∂J/∂W")):
        axes.set(title=title, xlabel="this weight", xlim=(-REACH, REACH))
        axes.set_xticks([-3, -2, -1, 0, 1, 2, 3], ["−3", "−2", "−1", "0", "1", "2", "3"])
    table.set(xlim=(0, 5), ylim=(5, 0))
    clean(table)

    dot: dict[str, Any] = {"color": INK, "markeredgecolor": "white", "markersize": 9, "zorder": 4}
    grey: dict[str, Any] = {"color": PALE, "linewidth": 0.8, "zorder": 0}
    artists: dict[str, Any] = {
        **moving_ticks(left, "J tick"),
        **moving_ticks(middle, "slope tick"),
        "kinks": left.plot([], [], linestyle=":", **grey)[0],
        "jumps": middle.plot([], [], linestyle=":", **grey)[0],
        "zero": middle.axhline(0, color="#555555", linewidth=0.8, zorder=0),
        "J": left.plot([], [], color=BLUE)[0],
        "corners": left.plot([], [], "D", color="white", markeredgecolor=BLUE, markersize=4)[0],
        "slope": middle.plot([], [], color=BLUE)[0],
        "tangent": left.plot([], [], color=BLACK, linewidth=1.5, zorder=3)[0],
        "J dot": left.plot([], [], "o", **dot)[0],
        "slope dot": middle.plot([], [], "o", **dot)[0],
        "box": Rectangle(
            (0, 0), 1, 1, fill=False, edgecolor=INK, linewidth=2.5, zorder=3, clip_on=False
        ),
        "heading": table.text(0, -0.25, "", fontsize=10.5),
    }
    table.add_patch(artists["box"])
    for k, j in np.ndindex(5, 5):
        artists[f"cell {k} {j}"] = table.text(
            j + 0.5, k + 0.5, "", ha="center", va="center", fontsize=9
        )
    return artists


def _draw_wiggle(state: State, artists: Mapping[str, Any]) -> tuple[str, str]:
    (l, k, j), value = entry(state), state["value"]
    net = moved_to(l, k, j, value)
    J = nn.cost(net, X, Y, nn.cross_entropy)
    dW = slope_by_backprop(l, k, j, value)
    slope = float(dW[k, j])
    values, J_curve, slope_curve = curve(l, k, j)
    corners = np.array(kinks(l, k, j))
    J_corners = np.interp(corners, values, J_curve)

    fit(artists, "J tick", J_curve.min(), J_curve.max())
    fit(artists, "slope tick", *_reach(slope_curve))
    artists["J"].set_data(values, J_curve)
    artists["slope"].set_data(values, slope_curve)
    artists["corners"].set_data(corners, J_corners)
    for name in ("kinks", "jumps"):
        low, high = artists[name].axes.get_ylim()
        across = np.repeat(corners, 3)
        up = np.tile([low, high, np.nan], len(corners))
        artists[name].set_data(across, up)
    half = 0.9
    ends = [value - half, value + half]
    artists["tangent"].set_data(ends, [J - half * slope, J + half * slope])
    artists["J dot"].set_data([value], [J])
    artists["slope dot"].set_data([value], [slope])

    rows, columns = dW.shape
    for u, v in np.ndindex(5, 5):
        inside = u < rows and v < columns
        artists[f"cell {u} {v}"].set(
            text=fixed(float(dW[u, v]), 3) if inside else "",
            fontweight="bold" if (u, v) == (k, j) else "normal",
        )
    artists["heading"].set_text(f"dW[{l}], {rows} × {columns}, by backpropagation")
    artists["box"].set(x=j, y=k, width=1, height=1)

    name = f"W[{l}] row {k + 1}, column {j + 1}"
    nudged = (
        nn.cost(moved_to(l, k, j, value + NUDGE), X, Y, nn.cross_entropy)
        - nn.cost(moved_to(l, k, j, value - NUDGE), X, Y, nn.cross_entropy)
    ) / (2 * NUDGE)
    if at_kink(l, k, j, value):
        sides = along(l, k, j, [value - NUDGE, value + NUDGE])[2]
        measured = (
            f"kink: slope {fixed(sides[0], 4)} on the left, {fixed(sides[1], 4)} on the right"
        )
    else:
        measured = f"slope by nudging {fixed(nudged, 4)}"
    head = f"{name} = {fixed(value, 2)}   J = {fixed(J, 4)}"
    found = f"entry of dW[{l}] by backpropagation {fixed(slope, 4)}"
    count = f"{len(corners)} kink{'' if len(corners) == 1 else 's'} on this curve"
    readout = f"{head}   {count}\n{found}   {measured}"
    return readout, f"{head}, {found}, {measured}; {count}."


def _reach(slopes: Array) -> tuple[float, float]:
    """Return the least and the largest slope, or 0 where all of them have one sign."""
    return min(float(np.nanmin(slopes)), 0.0), max(float(np.nanmax(slopes)), 0.0)
