"""The demos of notebook 03: a 3-layer ReLU network, tiny with numbers to read, and on real digits.

    wiggle     the cost over one weight of the tiny network, with its kinks and its tangent
    learning   a training run of the learner's own, step by step
    x_ray      everything that one picture of a digit leaves behind, forward and backward
    pixels     the picture itself as a variable: what every pixel does to the answer

The digits' network of `x_ray` and `pixels` is the one of the notebook. It is trained when it is
first asked for, in a second: short runs with a moderate rate agree on all machines, and so
the demos hold nothing that the learner could not compute.
"""

from __future__ import annotations

import functools
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from matplotlib.collections import LineCollection
from matplotlib.colors import LinearSegmentedColormap
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle
from matplotlib.ticker import MaxNLocator

import nnmath as nn
from nnmath.live import (
    BLACK,
    BLUE,
    ORANGE,
    VERMILLION,
    Button,
    Choice,
    Demo,
    LiveFigure,
    Slider,
    fixed,
    number,
)

State = Mapping[str, Any]
Array = np.ndarray

INK = "#A64500"  # the vermillion that is dark enough for text
PALE = "#999999"
SIGNED = LinearSegmentedColormap.from_list("signed", [VERMILLION, "#FFFFFF", BLUE])
PAPER = LinearSegmentedColormap.from_list("paper", ["#FFFFFF", "#000000"])
CELLS: dict[str, Any] = {"interpolation": "none", "resample": False, "aspect": "auto"}
LAYERS = (1, 2, 3)


def _clean(axes: Any) -> None:
    """Leave nothing of the axes but their place."""
    axes.set(xticks=[], yticks=[])
    axes.spines[:].set_visible(False)


def _scaled(values: Array) -> Array:
    """Return the values over the largest magnitude among them, so that they fill the colours."""
    largest = np.max(np.abs(values), initial=0)
    return values / largest if largest > 0 else np.zeros_like(values)


TICKS = 7  # the most that an axis with moving ticks has


def _moving_ticks(axes: Any, name: str) -> dict[str, Any]:
    """Return marks and numbers for an axis whose range changes.

    matplotlib's own ticks would do, and take longer to draw than all the rest of a demo.
    """
    axes.set_yticks([])
    across = axes.get_yaxis_transform()
    look: dict[str, Any] = {"transform": across, "clip_on": False, "color": "#555555"}
    marks = axes.plot([], [], "_", markersize=4, markeredgewidth=0.8, **look)[0]
    label: dict[str, Any] = {"ha": "right", "va": "center", "fontsize": 9, "transform": across}
    numbers = {f"{name} {k}": axes.text(-0.025, 0, "", **label) for k in range(TICKS)}
    return {f"{name} marks": marks, **numbers}


def _fit(artists: Mapping[str, Any], name: str, low: float, high: float) -> None:
    """Let the axis show what lies between low and high with a little room, and number it."""
    axes = artists[f"{name} marks"].axes
    room = max(0.08 * (high - low), 1e-3 * max(abs(low), abs(high)), 1e-12)
    low, high = low - room, high + room
    axes.set_ylim(low, high)
    locator = MaxNLocator(TICKS - 1, steps=[1, 2, 5, 10])
    found = [float(tick) for tick in locator.tick_values(low, high)]
    ticks = [0.0 if abs(t) < 1e-9 * (high - low) else t for t in found if low <= t <= high][:TICKS]
    artists[f"{name} marks"].set_data([-0.01] * len(ticks), ticks)
    for k in range(TICKS):
        text = artists[f"{name} {k}"]
        text.set_visible(k < len(ticks))
        if k < len(ticks):
            text.set(y=ticks[k], text=_short(ticks[k]))


def _short(tick: float) -> str:
    """Write the number of a tick without zeros at its end: 0.1, 5 × 10⁻⁵."""
    if abs(tick) < 1e-4:
        return number(tick, 2).replace(".0 ×", " ×")
    return f"{tick:.4g}".replace("-", "−")


# Wiggle one weight ------------------------------------------------------------------------------

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
    _clean(table)

    dot: dict[str, Any] = {"color": INK, "markeredgecolor": "white", "markersize": 9, "zorder": 4}
    grey: dict[str, Any] = {"color": PALE, "linewidth": 0.8, "zorder": 0}
    artists: dict[str, Any] = {
        **_moving_ticks(left, "J tick"),
        **_moving_ticks(middle, "slope tick"),
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

    _fit(artists, "J tick", J_curve.min(), J_curve.max())
    _fit(artists, "slope tick", *_reach(slope_curve))
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


# The digits -------------------------------------------------------------------------------------

HELD = 360  # pictures that the network never sees while it is trained


@functools.lru_cache(maxsize=1)
def split() -> tuple[tuple[Array, Array], tuple[Array, Array]]:
    """Return the digits as (X, Y) to train with and (X, Y) held out, shuffled as in the text."""
    pixels, targets = nn.data.digits()
    order = np.random.RandomState(0).permutation(pixels.shape[1])
    train, held = order[:-HELD], order[-HELD:]
    return (pixels[:, train], targets[:, train]), (pixels[:, held], targets[:, held])


@functools.lru_cache(maxsize=1)
def run() -> nn.History:
    """Return the training run of the notebook: 400 steps from the same start, each tenth kept."""
    start = nn.init([64, 32, 16, 10], [nn.relu, nn.relu, nn.softmax], np.random.RandomState(1))
    rng = np.random.RandomState(2)
    return nn.train(
        start, *split()[0], nn.cross_entropy, lr=0.3, steps=400, batch=64, rng=rng, every=10
    )


def trained() -> nn.Network:
    """Return the 64-32-16-10 network at the end of that run."""
    return run().nets[-1]


def losses(net: nn.Network, pixels: Array, targets: Array) -> Array:
    """Return the loss of each picture on its own."""
    Z = nn.forward(net, pixels).Z[net.L]
    top = Z.max(axis=0)
    return top + np.log(np.exp(Z - top).sum(axis=0)) - (targets * Z).sum(axis=0)


@functools.lru_cache(maxsize=1)
def gallery() -> tuple[Array, Array]:
    """Return the held-out pictures and their labels, the easiest for the network first."""
    pixels, targets = split()[1]
    order = np.argsort(losses(trained(), pixels, targets), kind="stable")
    return pixels[:, order], targets[:, order].argmax(axis=0)


def one_hot(digit: int) -> Array:
    """Return the target column of one digit."""
    return np.eye(10)[:, [digit]]


# A training run ---------------------------------------------------------------------------------

RUNS: dict[str, dict[str, Any]] = {
    "training pictures": {"color": BLUE},
    "held-out pictures": {"color": VERMILLION},
}
DASHES: dict[str, Any] = {"training pictures": "solid", "held-out pictures": (0, (4, 1.5))}


def learning(
    history: nn.History | None = None,
    train: tuple[Array, Array] | None = None,
    held_out: tuple[Array, Array] | None = None,
) -> Demo:
    """A training run on the digits, moved through by hand.

    Left the cost, in the middle the share of right answers, each on the pictures the network was
    trained with and on those held out; right the weights of the first layer, a picture for each
    unit. `history` is what `nn.train` returned for a network with 64 inputs, `train` and `held_out`
    are pairs (X, Y); what is not given is as in the notebook.
    """
    history = history or run()
    J, share = {}, {}
    for name, pair, usual in zip(RUNS, (train, held_out), split(), strict=True):
        scores = [_score(net, *(pair or usual)) for net in history.nets]
        J[name], share[name] = (np.array(column) for column in zip(*scores, strict=True))
    steps = history.steps.tolist()

    def on(state: State) -> State:
        at = steps.index(round(state["step"]))
        return {"step": float(steps[min(at + 1, len(steps) - 1)])}

    return Demo(
        "A training run",
        {
            "step": Slider("gradient step", choices=steps, default=steps[0]),
            "on": Button("Onward", on),
            "run": Button("Play to the end", on, repeat=len(steps)),
        },
        LiveFigure(lambda figure: _build_learning(figure, history, J, share)),
        lambda state, artists: _draw_learning(state, artists, history, J, share),
        lines=2,
    )


def _score(net: nn.Network, pixels: Array, targets: Array) -> tuple[float, float]:
    right = nn.forward(net, pixels).A[net.L].argmax(axis=0) == targets.argmax(axis=0)
    return nn.cost(net, pixels, targets, nn.cross_entropy), float(right.mean())


def tiles(W: Array) -> Array:
    """Return the rows of W as 8 × 8 pictures, eight of them in a row, with NaN between them."""
    rows = -(-len(W) // 8)
    sheet = np.full((9 * rows - 1, 71), np.nan)
    for k, weights in enumerate(W):
        top, left = 9 * (k // 8), 9 * (k % 8)
        sheet[top : top + 8, left : left + 8] = weights.reshape(8, 8)
    return sheet


def _build_learning(
    figure: Figure, history: nn.History, J: Mapping[str, Array], share: Mapping[str, Array]
) -> dict[str, Any]:
    steps, last = history.steps, max(1, int(history.steps[-1]))
    left = figure.add_axes((0.06, 0.15, 0.25, 0.72))
    middle = figure.add_axes((0.375, 0.15, 0.25, 0.72))
    right = figure.add_axes((0.665, 0.15, 0.325, 0.72))
    lowest = min(curve.min() for curve in J.values())
    left.set(title="cost J", xlabel="gradient step", yscale="log", xlim=(0, last))
    left.set_ylim(max(0.7 * lowest, 1e-6), 1.4 * max(curve.max() for curve in J.values()))
    ticks = [10.0**k for k in range(-6, 3) if left.get_ylim()[0] < 10.0**k < left.get_ylim()[1]]
    left.set_yticks(ticks, [f"{tick:g}" for tick in ticks])
    left.set_yticks([], minor=True)
    middle.set(title="right answers, in %", xlabel="gradient step", xlim=(0, last), ylim=(0, 102))
    for name, look in RUNS.items():
        left.plot(steps, J[name], linestyle=DASHES[name], label=name, **look)
        middle.plot(steps, 100 * share[name], linestyle=DASHES[name], **look)
    left.legend(loc="upper right", borderaxespad=0, handlelength=3)
    right.set_title(f"W[1], a picture for each of {len(history.nets[0].W[1])} units", fontsize=10.5)
    _clean(right)
    sheet = tiles(history.nets[0].W[1])
    rows, columns = sheet.shape
    right.set(xlim=(0, columns), ylim=(rows, 0))
    artists: dict[str, Any] = {
        "W": right.imshow(
            sheet, cmap=SIGNED, vmin=-1, vmax=1, extent=(0, columns, rows, 0), **CELLS
        ),
    }
    for part, axes in (("J", left), ("share", middle)):
        artists[f"{part} now"] = axes.axvline(0, color="#555555", linewidth=1, linestyle=":")
        for name, mark in zip(RUNS, "os", strict=True):
            dot: dict[str, Any] = {"color": RUNS[name]["color"], "markeredgecolor": "white"}
            dot |= {"markersize": 9, "zorder": 4, "clip_on": False}
            artists[f"{part} {name}"] = axes.plot([], [], mark, **dot)[0]
    return artists


def _draw_learning(
    state: State,
    artists: Mapping[str, Any],
    history: nn.History,
    J: Mapping[str, Array],
    share: Mapping[str, Array],
) -> tuple[str, str]:
    step = round(state["step"])
    at = history.steps.tolist().index(step)
    said = []
    for name in RUNS:
        artists[f"J {name}"].set_data([step], [J[name][at]])
        artists[f"share {name}"].set_data([step], [100 * share[name][at]])
        said.append(
            f"{name}: J = {fixed(J[name][at], 3)}, {fixed(100 * share[name][at], 1)} % right"
        )
    for part in ("J", "share"):
        artists[f"{part} now"].set_xdata([step, step])
    artists["W"].set_data(tiles(_scaled(history.nets[at].W[1])))
    return f"after step {step}\n" + "   ".join(said), f"After step {step}, {'; '.join(said)}."


# X-ray of one picture ---------------------------------------------------------------------------

STAGES = (
    "A[0] = x, the picture",
    "Z[1] = W[1] A[0] + b[1]",
    "A[1] = max(Z[1], 0)",
    "Z[2] = W[2] A[1] + b[2]",
    "A[2] = max(Z[2], 0)",
    "Z[3] = W[3] A[2] + b[3]",
    "A[3] = softmax of Z[3]",
    "dZ[3] = A[3] − Y",
    "dW[3] = dZ[3] A[2]ᵀ",
    "dA[2] = W[3]ᵀ dZ[3]",
    "dZ[2] = dA[2] ⊙ [Z[2] > 0]",
    "dW[2] = dZ[2] A[1]ᵀ",
    "dA[1] = W[2]ᵀ dZ[2]",
    "dZ[1] = dA[1] ⊙ [Z[1] > 0]",
    "dW[1] = dZ[1] A[0]ᵀ",
)
BORN = {stage.split(" ")[0]: at for at, stage in enumerate(STAGES)}  # "dA[2]": 9, and so on
LAST = len(STAGES) - 1
COLUMNS = {1: ("Z", "A", "dA", "dZ"), 2: ("Z", "A", "dA", "dZ"), 3: ("Z", "A", "dZ")}
UNITS = {1: 32, 2: 16, 3: 10}
NAMES = {f"layer {l}, {UNITS[l]} units": l for l in LAYERS}
FAINT = 0.04  # a connection weaker than this share of the strongest one is not drawn


def x_ray() -> Demo:
    """One held-out picture on its way through the digits' network, and its error on the way back.

    Left the picture, and one unit's row of W and of dW; then a block for each layer with its Z, A,
    dA and dZ, a line for each unit; below them each whole dW. The stage says how much has been
    computed. The unit's connections are drawn, as wide as what they carry.
    """
    return Demo(
        "X-ray of one picture",
        {
            "stage": Slider("computed so far: stage", 0, LAST, 1, default=LAST),
            "picture": Slider("picture, from easy to hard", 1, HELD, 1, default=357),
            "layer": Choice("unit of", list(NAMES)),
            "unit": Slider("unit", 1, 32, 1, default=6),
            "next": Button("Next stage", _next_stage),
            "begin": Button("Only the picture", lambda _: {"stage": 0.0}),
        },
        LiveFigure(_build_x_ray, size=(9, 5)),
        _draw_x_ray,
        lines=3,
        moved=_unit_chosen,
    )


def _next_stage(state: State) -> State:
    return {"stage": (state["stage"] + 1) % (LAST + 1)}


def _unit_chosen(state: State, _name: str) -> State:
    """Stay inside the layer."""
    return {"unit": min(state["unit"], UNITS[NAMES[state["layer"]]])}


@functools.lru_cache(maxsize=16)  # 30 kB each: all 360 of them would be 10 MB
def passes(at: int) -> tuple[nn.Cache, nn.Gradients, int]:
    """Return the forward and the backward pass of one picture of the gallery, and its label."""
    pixels, labels = gallery()
    cache = nn.forward(trained(), pixels[:, [at]])
    digit = int(labels[at])
    return cache, nn.backward(trained(), cache, one_hot(digit), nn.cross_entropy), digit


def block(l: int, cache: nn.Cache, grads: nn.Gradients, stage: int) -> Array:
    """Return the columns Z, A, dA, dZ of a layer in colours −1..1, NaN where not computed yet.

    Z and A share one scale, dA and dZ another, so that what a mask takes away is seen.
    """
    back = {"dA": grads.dA[l], "dZ": grads.dZ[l]} if l < 3 else {"dZ": grads.dZ[l]}
    both = (
        _scaled(np.hstack([cache.Z[l], cache.A[l]]))
        if l < 3
        else _own_scales(cache.Z[l], cache.A[l])
    )
    cells = np.hstack([both, _scaled(np.hstack(list(back.values())))])
    known = np.array([BORN[f"{name}[{l}]"] <= stage for name in COLUMNS[l]])
    return np.where(known, cells, np.nan)


def _own_scales(*columns: Array) -> Array:
    return np.hstack([_scaled(column) for column in columns])


def connections(l: int, unit: int, at: int, stage: int) -> tuple[Array, Array]:
    """Return what comes to a unit from the layer below and what it exchanges with the one above.

    On the way forward: weight times activation. As soon as the error has passed: weight times dZ.
    The first is empty for layer 1, whose input is the picture, and the second for layer 3.
    """
    cache, grads, _ = passes(at)
    W = trained().W
    below, above = np.zeros(0), np.zeros(0)
    if l > 1:
        error = BORN[f"dA[{l - 1}]"] <= stage
        carried = grads.dZ[l][unit, 0] if error else cache.A[l - 1][:, 0]
        below = W[l][unit] * carried * (BORN[f"Z[{l}]"] <= stage)
    if l < 3:
        error = BORN[f"dA[{l}]"] <= stage
        carried = grads.dZ[l + 1][:, 0] if error else cache.A[l][unit, 0]
        above = W[l + 1][:, unit] * carried * (BORN[f"Z[{l + 1}]"] <= stage)
    return below, above


_LEFT = {1: 0.245, 2: 0.505, 3: 0.755}
_CELL = 0.031  # the width of one column of a block
_TOP, _BOTTOM = 0.91, 0.365


def _build_x_ray(figure: Figure) -> dict[str, Any]:
    artists: dict[str, Any] = {}
    for k, (name, colours) in enumerate(
        (("picture", PAPER), ("W row", SIGNED), ("dW row", SIGNED))
    ):
        axes = figure.add_axes((0.02, 0.685 - 0.325 * k, 0.125, 0.225))
        axes.set(xticks=[], yticks=[], xlim=(0, 8), ylim=(8, 0))
        axes.spines[:].set(visible=True, color=PALE)
        low = 0 if name == "picture" else -1
        artists[name] = axes.imshow(
            np.zeros((8, 8)), cmap=colours, vmin=low, vmax=1, extent=(0, 8, 8, 0), **CELLS
        )
        artists[f"{name} heading"] = axes.text(0, -0.45, "", fontsize=10)
    over = figure.add_axes((0, 0, 1, 1), xlim=(0, 1), ylim=(0, 1))  # for lines between the blocks
    over.set_facecolor("none")
    _clean(over)
    for l in LAYERS:
        n, columns = UNITS[l], COLUMNS[l]
        axes = figure.add_axes((_LEFT[l], _BOTTOM, _CELL * len(columns), _TOP - _BOTTOM))
        axes.set(xlim=(0, len(columns)), ylim=(n, 0))
        _clean(axes)
        axes.add_patch(
            Rectangle((0, 0), len(columns), n, fill=False, edgecolor=PALE, linewidth=0.8)
        )
        for c, name in enumerate(columns):
            axes.text(c + 0.5, -0.012 * n, name, ha="center", fontsize=9)
        over.text(_LEFT[l], 0.965, f"layer {l}", fontsize=10.5, va="center")
        image = axes.imshow(
            np.zeros((n, len(columns))), cmap=SIGNED, vmin=-1, vmax=1,
            extent=(0, len(columns), n, 0), **CELLS,
        )  # fmt: skip
        artists[f"block {l}"] = image
        artists[f"off {l}"] = axes.plot([], [], "x", color="#555555", markersize=3.5, zorder=3)[0]
        artists[f"now {l}"] = Rectangle(
            (0, 0), 1, n, fill=False, edgecolor=ORANGE, linewidth=3, zorder=4, clip_on=False
        )
        artists[f"unit {l}"] = Rectangle(
            (0, 0), len(columns), 1, fill=False, edgecolor=BLACK, linewidth=1.6, zorder=5,
            clip_on=False,
        )  # fmt: skip
        axes.add_patch(artists[f"now {l}"])
        axes.add_patch(artists[f"unit {l}"])
        width = {1: 0.19, 2: 0.15, 3: 0.12}[l]
        below = figure.add_axes((_LEFT[l], 0.035, width, 0.225))
        below.set(xticks=[], yticks=[], xlim=(0, 1), ylim=(n, 0))
        below.spines[:].set(visible=True, color=PALE)
        artists[f"dW {l}"] = below.imshow(
            np.zeros((n, 1)), cmap=SIGNED, vmin=-1, vmax=1, extent=(0, 1, n, 0), **CELLS
        )
        artists[f"dW heading {l}"] = below.text(0, -0.05 * n, "", fontsize=9)
        artists[f"dW unit {l}"] = Rectangle(
            (0, 0), 1, 1, fill=False, edgecolor=BLACK, linewidth=1.2, zorder=4, clip_on=False
        )
        artists[f"dW now {l}"] = Rectangle(
            (0, 0), 1, n, fill=False, edgecolor=ORANGE, linewidth=3, zorder=3, clip_on=False
        )
        below.add_patch(artists[f"dW now {l}"])
        below.add_patch(artists[f"dW unit {l}"])
    for digit in range(10):
        up = _TOP - (digit + 0.5) / 10 * (_TOP - _BOTTOM)
        artists[f"answer {digit}"] = over.text(0.857, up, "", fontsize=9.5, va="center")
    for side in ("below", "above"):
        for sign, colour in (("plus", BLUE), ("minus", VERMILLION)):
            lines = LineCollection([], colors=colour, zorder=2)
            if sign == "minus":
                lines.set_linestyle((0, (3, 1.5)))
            artists[f"{side} {sign}"] = over.add_collection(lines)
    return artists


def _draw_x_ray(state: State, artists: Mapping[str, Any]) -> tuple[str, str]:
    stage, at = round(state["stage"]), round(state["picture"]) - 1
    chosen, unit = NAMES[state["layer"]], round(state["unit"]) - 1
    cache, grads, digit = passes(at)
    name = STAGES[stage].split(" ")[0]

    artists["picture"].set_data(cache.A[0].reshape(8, 8))
    artists["picture heading"].set_text(f"A[0], a {digit}")
    shape = {1: (8, 8), 2: (4, 8), 3: (4, 4)}[chosen]
    known = BORN[f"dW[{chosen}]"] <= stage
    row = grads.dW[chosen][unit]
    artists["W row"].set_data(_scaled(trained().W[chosen][unit]).reshape(shape))
    artists["dW row"].set_data(
        (_scaled(row) if known else np.full(row.shape, np.nan)).reshape(shape)
    )
    for part in ("W", "dW"):
        artists[f"{part} row heading"].set_text(f"{part}[{chosen}], row {unit + 1}")

    for l in LAYERS:
        artists[f"block {l}"].set_data(block(l, cache, grads, stage))
        masked = np.flatnonzero(cache.Z[l][:, 0] <= 0) if l < 3 else np.zeros(0)
        marks = [c for c, part in enumerate(COLUMNS[l]) if part in ("A", "dZ")]
        marks = [c for c in marks if l < 3 and BORN[f"{COLUMNS[l][c]}[{l}]"] <= stage]
        artists[f"off {l}"].set_data(
            np.repeat(np.array(marks) + 0.5, len(masked)), np.tile(masked + 0.5, len(marks))
        )
        column = [c for c, part in enumerate(COLUMNS[l]) if f"{part}[{l}]" == name]
        artists[f"now {l}"].set_visible(bool(column))
        artists[f"now {l}"].set_x(column[0] if column else 0)
        artists[f"unit {l}"].set(visible=l == chosen, y=unit)
        done = BORN[f"dW[{l}]"] <= stage
        dW = grads.dW[l]
        artists[f"dW {l}"].set_data(_scaled(dW) if done else np.full(dW.shape, np.nan))
        size = f"largest {number(np.abs(dW).max(), 2)}" if done else "not yet"
        artists[f"dW heading {l}"].set_text(f"dW[{l}], {size}")
        artists[f"dW unit {l}"].set(visible=l == chosen and done, y=unit)
        artists[f"dW now {l}"].set_visible(name == f"dW[{l}]")

    answered = BORN["A[3]"] <= stage
    A = cache.A[3][:, 0]
    for k in range(10):
        share = fixed(100 * A[k], 1).replace("100.0", "100")  # or the mark would leave the picture
        text = f"{k}: {share} %" if answered else f"{k}"
        mark = " ◂ target" if k == digit else ""
        best = answered and k == A.argmax()
        artists[f"answer {k}"].set(text=text + mark, fontweight="bold" if best else "normal")
    _draw_connections(artists, chosen, unit, connections(chosen, unit, at, stage))

    answer = (
        f"answer {A.argmax()} with {fixed(100 * A.max(), 1)} %" if answered else "no answer yet"
    )
    way = "forward" if stage < BORN["dZ[3]"] else "backward"
    head = f"stage {stage} of {LAST}, {way}: {STAGES[stage]}"
    whole = f"picture {at + 1}, a {digit}: {answer}"
    if answered:
        whole += f", J = {number(-np.log(A[digit]), 3)}"
    arrays = {"Z": cache.Z, "A": cache.A, "dA": grads.dA, "dZ": grads.dZ}
    parts = [
        f"{part} = {number(arrays[part][chosen][unit, 0], 3)}"
        for part in COLUMNS[chosen]
        if BORN[f"{part}[{chosen}]"] <= stage
    ]
    if chosen < 3 and BORN[f"A[{chosen}]"] <= stage:
        parts.append("active" if cache.Z[chosen][unit, 0] > 0 else "inactive (×)")
    about = f"unit {unit + 1} of layer {chosen}: {', '.join(parts) or 'nothing yet'}"
    return "\n".join((head, whole, about)), f"{head}. {whole}; {about}."


def _draw_connections(
    artists: Mapping[str, Any], chosen: int, unit: int, carried: tuple[Array, Array]
) -> None:
    def height(l: int, k: int) -> float:
        return _TOP - (k + 0.5) / UNITS[l] * (_TOP - _BOTTOM)

    def side(l: int, right: bool) -> float:
        return _LEFT[l] + (_CELL * len(COLUMNS[l]) if right else 0)

    strongest = max(np.max(np.abs(part), initial=0) for part in carried)
    for where, strength in zip(("below", "above"), carried, strict=True):
        other = chosen - 1 if where == "below" else chosen + 1
        for sign in ("plus", "minus"):
            seen = (strength > 0) if sign == "plus" else (strength < 0)
            seen &= np.abs(strength) > FAINT * strongest
            lines = [
                [
                    (side(other, where == "below"), height(other, int(k))),
                    (side(chosen, where == "above"), height(chosen, unit)),
                ]
                for k in np.flatnonzero(seen)
            ]
            artists[f"{where} {sign}"].set_segments(lines)
            artists[f"{where} {sign}"].set_linewidth(
                0.4 + 3 * np.abs(strength[seen]) / strongest if len(lines) else [1.0]
            )


# The picture as a variable ----------------------------------------------------------------------

LARGEST_CHANGE = 0.05  # of any pixel, in one gradient step on the pixels


def pixels() -> Demo:
    """A held-out digit whose pixels can be changed, and what the network then answers.

    From the left: the picture; the slope of J for each of its pixels; the ten probabilities; J
    over the ink of the chosen pixel. A gradient step changes every pixel a little.
    """
    start = 300
    ink, digit = _original(start)
    return Demo(
        "The picture as a variable",
        {
            "picture": Slider("picture, from easy to hard", 1, HELD, 1, default=start),
            "target": Slider("target digit", 0, 9, 1, default=digit),
            "row": Slider("pixel row", 1, 8, 1, default=4),
            "column": Slider("pixel column", 1, 8, 1, default=5),
            "ink": Slider("ink of this pixel", 0, 1, 0.05, default=ink[8 * 3 + 4]),
            "down": Button("Step on all pixels: J down", lambda state: pixel_step(state, -1)),
            "run": Button("20 steps down", lambda state: pixel_step(state, -1), repeat=20),
            "up": Button("Step: J up", lambda state: pixel_step(state, 1)),
        },
        LiveFigure(_build_pixels),
        _draw_pixels,
        lines=3,
        memory={"pixels": ink},
        moved=_pixels_moved,
    )


def _original(picture: int) -> tuple[tuple[float, ...], int]:
    drawn, labels = gallery()
    return tuple(drawn[:, picture - 1].tolist()), int(labels[picture - 1])


def _chosen(state: State) -> int:
    return 8 * (round(state["row"]) - 1) + round(state["column"]) - 1


def _with_ink(state: State, ink: Sequence[float]) -> State:
    return {"pixels": tuple(ink), "ink": ink[_chosen(state)]}


def _pixels_moved(state: State, name: str) -> State:
    if name == "picture":
        ink, digit = _original(round(state["picture"]))
        return {"target": float(digit), **_with_ink(state, ink)}
    if name in ("row", "column"):
        return {"ink": state["pixels"][_chosen(state)]}
    if name == "ink":
        ink = state["pixels"]
        at = _chosen(state)
        return {"pixels": (*ink[:at], state["ink"], *ink[at + 1 :])}
    return {}


def pixel_gradient(state: State) -> tuple[Array, float, Array]:
    """Return the probabilities of the picture, its J, and ∂J/∂x, the slope of each pixel."""
    net, x = trained(), np.array([state["pixels"]]).T
    target = one_hot(round(state["target"]))
    cache = nn.forward(net, x)
    grads = nn.backward(net, cache, target, nn.cross_entropy)
    J = nn.cross_entropy.from_logits(cache.Z[3], target)
    return cache.A[3][:, 0], J, nn.input_gradient(net, grads)[:, 0]


def pixel_step(state: State, direction: int) -> State:
    """Return the picture after a step along (1) or against (−1) its gradient, ink kept in 0..1.

    The step is as long as it takes for the pixel of the steepest slope to change by
    LARGEST_CHANGE; a picture without a slope stays as it is.
    """
    slopes = pixel_gradient(state)[2]
    moved = np.array(state["pixels"]) + direction * LARGEST_CHANGE * _scaled(slopes)
    return _with_ink(state, np.clip(moved, 0, 1).tolist())


INKS = np.linspace(0, 1, 65)


def J_over_ink(state: State) -> Array:
    """Return J for each ink of the chosen pixel, the others as they are."""
    many = np.repeat(np.array([state["pixels"]]).T, len(INKS), axis=1)
    many[_chosen(state)] = INKS
    return losses(trained(), many, one_hot(round(state["target"])))


def _build_pixels(figure: Figure) -> dict[str, Any]:
    side = 0.205
    picture = figure.add_axes((0.015, 0.2, side, side * 9 / 3.5))
    slopes = figure.add_axes((0.265, 0.2, side, side * 9 / 3.5))
    bars = figure.add_axes((0.515, 0.17, 0.125, 0.73))
    curve_axes = figure.add_axes((0.785, 0.17, 0.205, 0.73))
    artists: dict[str, Any] = {}
    for name, axes, colours, low in (
        ("picture", picture, PAPER, 0),
        ("slopes", slopes, SIGNED, -1),
    ):
        axes.set(xticks=[], yticks=[], xlim=(0, 8), ylim=(8, 0))
        axes.spines[:].set(visible=True, color=PALE)
        artists[name] = axes.imshow(
            np.zeros((8, 8)), cmap=colours, vmin=low, vmax=1, extent=(0, 8, 8, 0), **CELLS
        )
        artists[f"{name} box"] = Rectangle(
            (0, 0), 1, 1, fill=False, edgecolor=ORANGE, linewidth=3, zorder=3, clip_on=False
        )
        axes.add_patch(artists[f"{name} box"])
    picture.set_title("the picture")
    slopes.set_title("its slopes ∂J/∂x")
    slopes.text(0, 8.8, "blue: more ink, larger J", color=BLUE, fontsize=9)
    slopes.text(0, 9.5, "orange: more ink, smaller J", color=INK, fontsize=9)

    bars.set(title="probability in %", xlim=(0, 100), ylim=(9.6, -0.6))
    bars.set_xticks([0, 50, 100])
    bars.set_yticks(range(10))
    bars.tick_params(axis="y", length=0)
    for k, bar in enumerate(bars.barh(range(10), [0] * 10, height=0.7, color=BLUE)):
        artists[f"bar {k}"] = bar
        artists[f"percent {k}"] = bars.text(
            1.33, k, "", transform=bars.get_yaxis_transform(), ha="right", va="center", fontsize=9
        )
    artists["target"] = bars.text(
        -0.2, 0, "▸", transform=bars.get_yaxis_transform(), ha="right", va="center", color=INK
    )
    curve_axes.set(title="J over the ink of this pixel", xlabel="ink", xlim=(0, 1))
    curve_axes.set_xticks([0, 0.5, 1], ["0", "0.5", "1"])
    dot: dict[str, Any] = {"color": INK, "markeredgecolor": "white", "markersize": 9, "zorder": 4}
    artists |= {
        **_moving_ticks(curve_axes, "J tick"),
        "J": curve_axes.plot([], [], color=BLUE)[0],
        "tangent": curve_axes.plot([], [], color=BLACK, linewidth=1.5)[0],
        "dot": curve_axes.plot([], [], "o", clip_on=False, **dot)[0],
    }
    return artists


def _draw_pixels(state: State, artists: Mapping[str, Any]) -> tuple[str, str]:
    A, J, slopes = pixel_gradient(state)
    at, target, ink = _chosen(state), round(state["target"]), state["ink"]
    now = np.array(state["pixels"])
    before, label = _original(round(state["picture"]))

    artists["picture"].set_data(now.reshape(8, 8))
    artists["slopes"].set_data(_scaled(slopes).reshape(8, 8))
    for name in ("picture", "slopes"):
        artists[f"{name} box"].set(x=at % 8, y=at // 8)
    for k in range(10):
        artists[f"bar {k}"].set(width=100 * A[k], color=ORANGE if k == target else BLUE)
        artists[f"percent {k}"].set_text(fixed(100 * A[k], 1))
    artists["target"].set_y(target)

    J_curve = J_over_ink(state)
    slope = float(slopes[at])
    _fit(artists, "J tick", J_curve.min(), J_curve.max())
    artists["J"].set_data(INKS, J_curve)
    ends = np.array([ink - 0.3, ink + 0.3])
    artists["tangent"].set_data(ends, J + (ends - ink) * slope)
    artists["dot"].set_data([ink], [J])

    change = np.abs(now - before)
    count = int((change > 0).sum())
    what = f"{count} of 64 pixels changed, by at most {fixed(change.max(), 2)}"
    head = f"picture {round(state['picture'])}, a {label}; target {target}   J = {number(J, 4)}"
    answer = f"answer {A.argmax()} with {fixed(100 * A.max(), 1)} %"
    where = f"pixel row {at // 8 + 1}, column {at % 8 + 1}: ink = {fixed(ink, 2)}"
    point = f"{where}, ∂J/∂ink = {number(slope, 3)}"
    return f"{head}   {answer}\n{point}\n{what}", f"{head}, {answer}; {point}; {what}."
