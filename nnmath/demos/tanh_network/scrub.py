"""A training run, moved through by hand or played: boundary, cost, hidden units."""

from __future__ import annotations

from typing import Any

import numpy as np
from matplotlib.figure import Figure
from matplotlib.patches import PathPatch
from matplotlib.path import Path

import nnmath as nn
from nnmath.demos.tanh_network.plane import (
    INK,
    LEAF,
    PLACES,
    PLANE,
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
    segments,
    share_right,
    show_points,
)
from nnmath.live import (
    BLACK,
    BLUE,
    GREEN,
    Demo,
    LiveFigure,
    Play,
    Slider,
    fixed,
)


def scrub(
    history: nn.History | None = None, X: Array | None = None, Y: Array | None = None
) -> Demo:
    """A training run in the plane, moved through with one slider, or played.

    Left what the network answers everywhere, with the line of each hidden unit, where that unit
    answers 0; right the cost so far, and the weight of each unit in the answer. `history` is what
    `nn.train` returned for a network with two inputs, one hidden layer of at most 20 units and one
    output; X and Y are the points. What is not given is as in the notebook.
    """
    history = history or run()
    net = history.nets[0]
    if net.L != 2 or net.sizes[0] != 2 or net.sizes[2] != 1 or net.sizes[1] > 20:
        raise ValueError(
            f"scrub(history, X, Y): the network is {net}; it needs 2 inputs, one hidden layer of "
            "1 to 20 units and 1 output, so that it can be drawn in the plane"
        )
    X, Y = flower() if X is None or Y is None else (X, Y)
    steps = history.steps.tolist()
    right = [share_right(net, X, Y) for net in history.nets]
    return Demo(
        "A training run in the plane",
        {"step": Slider("gradient step", choices=steps), "play": Play("step")},
        LiveFigure(lambda figure: _build_scrub(figure, history, X, Y), size=(9.0, 4.4)),
        lambda state, artists: _draw_scrub(state, artists, history, right),
        lines=2 + -(-net.sizes[1] // 10),
    )


def unit_lines(net: nn.Network) -> tuple[Array, Array, Array]:
    """Return the line of each hidden unit, W[1] x + b[1] = 0, inside the plane that is shown.

    Two ends for each unit, and the direction of length 1 in which its z rises. All (n, 2); NaN
    where the line does not cross the plane.
    """
    w, b = net.W[1], net.b[1][:, 0]
    length = np.hypot(w[:, 0], w[:, 1])
    ends = np.full((len(w), 2, 2), np.nan)
    for k in range(len(w)):
        crossings = _crossings(w[k, 0], w[k, 1], b[k])
        if len(crossings) >= 2:
            far = np.subtract.outer(crossings[:, 0], crossings[:, 0]) ** 2
            far += np.subtract.outer(crossings[:, 1], crossings[:, 1]) ** 2
            ends[k] = crossings[list(np.unravel_index(far.argmax(), far.shape))]
    with np.errstate(invalid="ignore", divide="ignore"):
        return ends[:, 0], ends[:, 1], w / length[:, None]


def _crossings(w1: float, w2: float, b: float) -> Array:
    """Return where w₁x₁ + w₂x₂ + b = 0 meets the frame of the plane."""
    found = []
    for edge in (-PLANE, PLANE):
        if w2 != 0 and abs(-(w1 * edge + b) / w2) <= PLANE:
            found.append((edge, -(w1 * edge + b) / w2))
        if w1 != 0 and abs(-(w2 * edge + b) / w1) <= PLANE:
            found.append((-(w2 * edge + b) / w1, edge))
    return np.array(found).reshape(-1, 2)


def _build_scrub(figure: Figure, history: nn.History, X: Array, Y: Array) -> dict[str, Any]:
    plane = plane_axes(figure, (0.045, 0.11, 0.425, 0.8))
    trace = figure.add_axes((0.56, 0.58, 0.42, 0.33))
    bars = figure.add_axes((0.56, 0.11, 0.42, 0.27))
    plane.set(xlabel="x₁", ylabel="x₂")
    plane.yaxis.labelpad = -6
    keys = (("● y = 0", INK), ("■ y = 1", BLUE), ("▬ a = ½", BLACK), ("┅ a unit’s line", LEAF))
    for at, (text, ink) in zip((0, 0.2, 0.4, 0.62), keys, strict=True):
        plane.text(at, 1.035, text, color=ink, transform=plane.transAxes)
    show_points(plane, X, Y, 4.2)

    steps, J = history.steps, history.J
    trace.set(title="cost J so far", xlabel="gradient step", xlim=(0, max(1, steps[-1])))
    trace.set_ylim(0, 1.08 * J.max())
    units = len(history.nets[0].W[1])
    most = max(np.abs(net.W[2]).max() for net in history.nets)
    bars.set(title="weight of each unit in the answer, W[2]", xlabel="hidden unit")
    bars.set(xlim=(0.4, units + 0.6), ylim=(-1.1 * most, 1.1 * most))
    bars.set_xticks(range(1, units + 1))
    bars.axhline(0, color="#555555", linewidth=0.8)

    line: dict[str, Any] = {"fill": False, "edgecolor": GREEN, "linestyle": (0, (5, 2))}
    empty = Path([(0.0, 0.0)])
    label: dict[str, Any] = {"ha": "center", "va": "center", "fontsize": 9, "zorder": 5}
    box = {"boxstyle": "round,pad=0.15", "facecolor": "white", "edgecolor": GREEN}
    artists: dict[str, Any] = {
        **painted_areas(plane, "field"),
        "lines": plane.add_patch(PathPatch(empty, linewidth=1.6, zorder=3, **line)),
        "sides": plane.add_patch(PathPatch(empty, linewidth=1.6, zorder=3, edgecolor=GREEN)),
        "trace": trace.plot([], [], color=BLUE, linewidth=1.5)[0],
        "J": trace.plot(
            [], [], "o", color=INK, markeredgecolor="white", markersize=9, zorder=4, clip_on=False
        )[0],
        "bars": bars.add_patch(PathPatch(empty, facecolor="#8CCBB7", edgecolor=LEAF)),
    }
    for k in range(units):
        artists[f"unit {k}"] = plane.text(0, 0, str(k + 1), color=LEAF, bbox=box, **label)
    return artists


def _draw_scrub(
    state: State, artists: Artists, history: nn.History, right: list[float]
) -> tuple[str, str]:
    step = round(state["step"])
    at = history.steps.tolist().index(step)
    net, J = history.nets[at], float(history.J[at])
    paint(artists, "field", areas_of(nn.forward(net, PLACES).Z[2]))
    _draw_units(artists, net)
    artists["trace"].set_data(history.steps[: at + 1], history.J[: at + 1])
    artists["J"].set_data([step], [J])
    weights = net.W[2][0]
    artists["bars"].set_path(
        boxes_path([(k - 0.3, 0.0, 0.6, w) for k, w in enumerate(weights.tolist(), start=1)])
    )
    head = (
        f"after step {step}: J = {fixed(J, 4)}, {fixed(100 * right[at], 2)} % of the points right"
    )
    shown = [f"{k}: {fixed(w, 2)}" for k, w in enumerate(weights, start=1)]
    rows = [shown[k : k + 10] for k in range(0, len(shown), 10)]
    listed = "\n".join("".join(f"{entry:<10}" for entry in row).rstrip() for row in rows)
    about = "weight of each unit in the answer"
    return f"{head}\n{about}:\n{listed}", f"A{head[1:]}. W{about[1:]}: {', '.join(shown)}."


def _draw_units(artists: Artists, net: nn.Network) -> None:
    """Draw the line of each unit, its number, and a stroke to the side where it answers above 0."""
    starts, ends, rising = unit_lines(net)
    inside = np.isfinite(starts).all(axis=1)
    starts, ends, rising = starts[inside], ends[inside], rising[inside]
    artists["lines"].set_path(segments(starts, ends) if len(starts) else Path(np.empty((0, 2))))
    # The numbers stand at different places along their lines, so that they do not meet.
    units = np.flatnonzero(inside)
    share = 0.12 + 0.1 * (units % 4)[:, None]
    seats = starts + share * (ends - starts)
    tips = seats + 0.75 * rising
    artists["sides"].set_path(segments(seats, tips) if len(seats) else Path(np.empty((0, 2))))
    for k in range(len(inside)):
        artists[f"unit {k}"].set_visible(bool(inside[k]))
    for k, seat in zip(units.tolist(), seats, strict=True):
        artists[f"unit {k}"].set_position(seat)
