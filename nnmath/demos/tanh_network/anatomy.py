"""One point: its numbers on the way forward, and the gradient that it alone asks for."""

from __future__ import annotations

import functools
from typing import Any

import numpy as np
from matplotlib.figure import Figure
from matplotlib.patches import PathPatch
from matplotlib.path import Path

import nnmath as nn
from nnmath.demos.tanh_network.plane import (
    INK,
    PALE,
    PLACES,
    Array,
    Artists,
    State,
    areas_of,
    boxes_path,
    flower,
    paint,
    painted_areas,
    plane_axes,
    run,
    show_points,
)
from nnmath.live import (
    BLACK,
    BLUE,
    Demo,
    LiveFigure,
    Slider,
    fixed,
)

STAGES = (0, 50, 100, 300, 1000)
# A number above a third of the largest of its array is tinted, above two thirds more so.
TINTS = {(-1, 1): "#F9D9C4", (-1, 2): "#F3B48A", (1, 1): "#CFE5F3", (1, 2): "#9BCBE7"}
TINTED = ("z1", "a1", "dz1", "da1", "own 1", "all 1", "own 2", "all 2")


@functools.cache
def ranked() -> Array:
    """Return the points from the one that the trained network finds easiest to the hardest."""
    X, Y = flower()
    z = nn.forward(run().nets[-1], X).Z[2][0]
    return np.argsort(np.logaddexp(0, z) - Y[0] * z, kind="stable")


@functools.cache
def shares(step: int) -> Array:
    """Return for each point how much of the batch gradient it brings; all together make 1.

    The gradient of the batch is the mean of those of the points, each taken as one long list of
    numbers: G = Σ gᵢ/m. The share of point i is gᵢ·G / m|G|², which is below 0 where a point pulls
    against the rest.
    """
    net, (X, Y) = network(step), flower()
    cache = nn.forward(net, X)
    batch = nn.backward(net, cache, Y, nn.bce)
    along = 0.0
    square = 0.0
    for l in net.layers:
        toward = batch.dW[l] @ cache.A[l - 1] + batch.db[l]
        along = along + (batch.dZ[l] * toward).sum(axis=0)
        square += (batch.dW[l] ** 2).sum() + (batch.db[l] ** 2).sum()
    return np.asarray(along / square)


@functools.cache
def of_all_points(step: int) -> tuple[nn.Gradients, list[Path]]:
    """Return what all points share: the batch gradient, and what the network answers in the plane.

    Kept, because the point is moved more often than the step.
    """
    net, (X, Y) = network(step), flower()
    batch = nn.backward(net, nn.forward(net, X), Y, nn.bce)
    return batch, areas_of(nn.forward(net, PLACES).Z[2])


def network(step: int) -> nn.Network:
    """Return the network of the notebook's run after so many steps."""
    history = run()
    return history.nets[history.steps.tolist().index(step)]


def anatomy() -> Demo:
    """One of the 400 points: its numbers forward and backward, and its part of the gradient.

    Left the point in the plane, and below the share of each point in the batch gradient; right
    every number of the point, its two outer products, and beside them the mean over all points.
    """
    return Demo(
        "Anatomy of one point",
        {
            "point": Slider("point, from easy to hard", 1, 400, 1, default=390),
            "step": Slider("gradient step", choices=STAGES, default=100),
        },
        LiveFigure(_build_anatomy, size=(9.0, 5.2)),
        _draw_anatomy,
        lines=3,
    )


CELL = (0.62, 0.26)  # width and height of one number, in inches
LEADING = 72 * CELL[1] / 9 / 0.978  # from one line to the next, in heights of the font
# Where each array of numbers stands: left and top in inches, rows, columns, name.
ARRAYS = {
    "x": (3.55, 4.62, 2, 1, "x"),
    "z1": (4.5, 4.62, 4, 1, "z[1]"),
    "a1": (5.45, 4.62, 4, 1, "a[1]"),
    "z2": (6.4, 4.62, 1, 1, "z[2]"),
    "a2": (7.35, 4.62, 1, 1, "a[2]"),
    "y": (8.3, 4.62, 1, 1, "y"),
    "dz1": (4.5, 3.0, 4, 1, "dz[1]"),
    "da1": (5.45, 3.0, 4, 1, "da[1]"),
    "dz2": (6.4, 3.0, 1, 1, "dz[2]"),
    "own 1": (3.55, 1.28, 4, 2, "dW[1] = dz[1] xᵀ"),
    "all 1": (4.95, 1.28, 4, 2, "mean of all 400"),
    "own 2": (6.4, 1.28, 1, 4, "dW[2] = dz[2] a[1]ᵀ"),
    "all 2": (6.4, 0.5, 1, 4, "mean of all 400"),
}


def _build_anatomy(figure: Figure) -> dict[str, Any]:
    plane = plane_axes(figure, (0.045, 0.37, 0.31, 0.565))
    strip = figure.add_axes((0.045, 0.085, 0.31, 0.16))
    X, Y = flower()
    show_points(plane, X, Y, 3.2)
    plane.text(0, 1.04, "● y = 0", color=INK, transform=plane.transAxes)
    plane.text(0.3, 1.04, "■ y = 1", color=BLUE, transform=plane.transAxes)
    strip.set(xlim=(0, 401), ylim=(-1.1, 1.1), yticks=[], xlabel="point, from easy to hard")
    strip.set_xticks([1, 100, 200, 300, 400])
    strip.axhline(0, color="#555555", linewidth=0.8)

    page = figure.add_axes((0, 0, 1, 1))
    page.set(xlim=(0, 9), ylim=(0, 5.2), xticks=[], yticks=[])
    page.spines[:].set_visible(False)
    page.patch.set_visible(False)
    for height, text in ((5.0, "forward →"), (3.38, "← backward"), (1.66, "outer products")):
        page.text(3.55, height, text, color=PALE, va="center", weight="bold")
    empty = Path([(0.0, 0.0)])
    ring: dict[str, Any] = {"color": "none", "markeredgecolor": BLACK, "markersize": 12}
    artists: dict[str, Any] = {
        **painted_areas(plane, "field"),
        "point": plane.plot([], [], "o", markeredgewidth=2, zorder=5, **ring)[0],
        "shares": strip.add_patch(PathPatch(empty, facecolor=BLUE, edgecolor=BLUE, linewidth=0.4)),
        "share": strip.plot([], [], "-", color=INK, linewidth=2.5, zorder=4)[0],
        "share dot": strip.plot([], [], "v", color=INK, markersize=7, clip_on=False)[0],
        "heading": strip.text(0, 1.17, "", transform=strip.transAxes, fontsize=9),
    }
    for (sign, level), colour in TINTS.items():
        tint = PathPatch(empty, facecolor=colour, edgecolor="none", zorder=0.5)
        artists[f"tint {sign} {level}"] = page.add_patch(tint)
    for name, (left, top, rows, columns, title) in ARRAYS.items():
        page.text(left, top + 0.13, title, fontsize=9, va="center")
        page.add_patch(
            PathPatch(
                boxes_path([(left, top - rows * CELL[1], columns * CELL[0], rows * CELL[1])]),
                fill=False, edgecolor="#999999",
            )
        )  # fmt: skip
        middle = top - rows * CELL[1] / 2
        for j in range(columns):  # a column of numbers is one text: that is faster than one each
            column = page.text(left + (j + 0.5) * CELL[0], middle, "", fontsize=9, zorder=2)
            column.set(ha="center", va="center", linespacing=LEADING)
            artists[f"{name} {j}"] = column
    return artists


def of_one_point(net: nn.Network, x: Array, y: Array) -> dict[str, Array]:
    """Return every number of one example, forward and backward; x is (2, 1), y is (1, 1)."""
    cache = nn.forward(net, x)
    grads = nn.backward(net, cache, y, nn.bce)
    return {
        "x": x, "z1": cache.Z[1], "a1": cache.A[1], "z2": cache.Z[2], "a2": cache.A[2], "y": y,
        "dz2": grads.dZ[2], "da1": grads.dA[1], "dz1": grads.dZ[1],
        "own 1": grads.dW[1], "own 2": grads.dW[2],
    }  # fmt: skip


def _draw_anatomy(state: State, artists: Artists) -> tuple[str, str]:
    at, step = round(state["point"]), round(state["step"])
    X, Y = flower()
    i, net = int(ranked()[at - 1]), network(step)
    found = of_one_point(net, X[:, [i]], Y[:, [i]])
    batch, areas = of_all_points(step)
    found |= {"all 1": batch.dW[1], "all 2": batch.dW[2]}
    paint(artists, "field", areas)
    artists["point"].set_data(X[0, [i]], X[1, [i]])

    brought = shares(step)[ranked()]
    largest = np.abs(brought).max()
    own = brought[at - 1]
    places = np.arange(1, 401)
    corners = np.column_stack([places, brought / largest])
    artists["shares"].set_path(Path(np.vstack([[1, 0], corners, [400, 0]])))
    artists["share"].set_data([at, at], [0, own / largest])
    artists["share dot"].set_data([at], [1.2])
    scale = fixed(100 * largest, 1)
    artists["heading"].set_text(f"share in the batch gradient, full height: {scale} %")
    tinted: dict[tuple[int, int], list[tuple[float, float, float, float]]] = {t: [] for t in TINTS}
    for name, values in found.items():
        left, top, _, columns, _ = ARRAYS[name]
        for j in range(columns):
            column = "\n".join(fixed(v, 0 if name == "y" else 3) for v in values[:, j])
            artists[f"{name} {j}"].set_text(column)
        for k, j in np.ndindex(values.shape):
            level = int(2.999 * abs(values[k, j]) / (np.abs(values).max() or 1.0))
            if level and name in TINTED:
                corner = (left + j * CELL[0] + 0.015, top - (k + 1) * CELL[1] + 0.015)
                seat = (*corner, CELL[0] - 0.03, CELL[1] - 0.03)
                tinted[int(np.sign(values[k, j])), level].append(seat)
    for (sign, level), seats in tinted.items():
        artists[f"tint {sign} {level}"].set_path(boxes_path(seats))

    z, y = float(found["z2"][0, 0]), float(Y[0, i])
    loss = np.logaddexp(0, z) - y * z
    side = "right" if (z > 0) == (y == 1) else "wrong"
    lines = [
        f"point {at} of 400, after step {step}: x = ({fixed(X[0, i], 2)}, {fixed(X[1, i], 2)}), "
        f"y = {y:.0f}",
        f"answer a[2] = {fixed(found['a2'][0, 0], 4)}, which is {side}; loss {fixed(loss, 4)}, "
        f"dz[2] = a − y = {fixed(found['dz2'][0, 0], 4)}",
        f"its share in the batch gradient: {fixed(100 * own, 2)} % "
        f"(an equal share would be 0.25 %)",
    ]
    return "\n".join(lines), ". ".join(line[0].upper() + line[1:] for line in lines) + "."
