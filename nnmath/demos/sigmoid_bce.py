"""The demos of notebook 01: one sigmoid neuron and its loss, for one example and for a batch.

Each demo is a `build` (the axes and what moves on them), a `draw` (the picture and the words of one
state) and the few lines of mathematics between them.
"""

from __future__ import annotations

import functools
from collections.abc import Mapping
from typing import Any

import numpy as np
from contourpy import contour_generator  # matplotlib's own
from matplotlib.colors import LinearSegmentedColormap
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import FancyArrowPatch, PathPatch
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
    number,
)

State = Mapping[str, Any]

# One neuron, one example ------------------------------------------------------------------------

Z = np.linspace(-8, 8, 161)
ALONE, BESIDE = "binary cross-entropy", "squared error beside it"
LOSSES = {"BCE": nn.bce, "squared error": nn.squared_error}
INK = "#A64500"  # the vermillion that is dark enough for text
# Told apart by line, marker and hatching as well as by colour.
LOOK: dict[str, dict[str, Any]] = {
    "BCE": {"line": {"color": BLUE}, "marker": "o", "hatch": "", "ink": BLUE},
    "squared error": {
        "line": {"color": VERMILLION, "linestyle": (0, (4, 1.5))},
        "marker": "s", "hatch": "////", "ink": INK,
    },
}  # fmt: skip
FACTORS = ("∂J/∂a", "× ∂a/∂z", "= ∂J/∂z")


def one_example() -> Demo:
    """One neuron, one example: how the loss feels z, as a product of two factors.

    Left the loss J over z with its tangent, in the middle the slope of that tangent over z, right
    the factors ∂J/∂a and ∂a/∂z and their product. With squared error beside it, the same picture
    shows a gradient that dies where the neuron is confidently wrong.
    """
    return Demo(
        "One neuron, one example",
        {
            "z": Slider("z", -8, 8, 0.1, default=2),
            "y": Slider("target y", 0, 1, 0.05, default=1),
            "loss": Choice("Loss", [ALONE, BESIDE]),
        },
        LiveFigure(_build_one),
        _draw_one,
        lines=3,
    )


def chain(loss: nn.Loss, z: Any, y: Any) -> tuple[Any, Any, Any]:
    """Return the factors ∂J/∂a and ∂a/∂z of the chain rule, and their product ∂J/∂z."""
    dJ_da = loss.dA(nn.sigmoid(z), y)
    da_dz = nn.sigmoid.prime(z)
    return dJ_da, da_dz, dJ_da * da_dz


@functools.lru_cache(maxsize=64)
def curves(name: str, y: float) -> tuple[np.ndarray, np.ndarray]:
    """Return the loss J and its slope ∂J/∂z at each z of the curve. Only y changes them."""
    loss = LOSSES[name]
    J = np.array([loss(a, y) for a in nn.sigmoid(Z)])
    column = Z[:, None]  # as the units of one example, so that nothing is averaged
    return J, chain(loss, column, np.full_like(column, y))[2][:, 0]


def _build_one(figure: Figure) -> dict[str, Any]:
    panels = ((0.035, 0.24), (0.335, 0.24), (0.655, 0.245))  # left end and width of each
    left, middle, right = (figure.add_axes((at, 0.16, width, 0.74)) for at, width in panels)
    left.set(title="loss J", xlabel="z", xlim=(-8, 8), ylim=(-0.5, 8.5))
    middle.set(title="its slope ∂J/∂z", xlabel="z", xlim=(-8, 8), ylim=(-1.1, 1.1))
    middle.set_yticks([-1, -0.5, 0, 0.5, 1])
    middle.axhline(0, color="#999999", linewidth=0.8)
    right.set(title="the slope as a product", xlim=(-4000, 4000), ylim=(2.6, -0.6))
    # ∂J/∂a reaches −3000 while ∂a/∂z stays below a quarter: no one linear scale shows both.
    right.set_xscale("symlog", linthresh=1, linscale=4)
    right.set_xticks([-1000, -1, 0, 1, 1000], ["−1000", "−1", "0", "1", "1000"])
    right.set_xticks([], minor=True)
    right.set_xlabel("linear up to ±1, logarithmic beyond")
    right.axvline(0, color="#999999", linewidth=0.8)
    right.set_yticks(range(3), FACTORS)
    right.tick_params(axis="y", length=0, labelsize=10)

    artists: dict[str, Any] = {}
    for name, look in LOOK.items():
        for part, axes in (("loss", left), ("slope", middle)):
            artists[f"{name} {part}"] = axes.plot([], [], **look["line"])[0]
            dot = axes.plot([], [], look["marker"], color=look["ink"], clip_on=False, zorder=3)[0]
            dot.set(markeredgecolor="white", markersize=9)
            artists[f"{name} {part} dot"] = dot
        artists[f"{name} tangent"] = left.plot([], [], color=BLACK, linewidth=1.3)[0]
        bars = right.barh(range(3), [0] * 3, height=0.34, color=look["line"]["color"])
        for k, bar in enumerate(bars):
            bar.set(hatch=look["hatch"], edgecolor="white", linewidth=0)
            artists[f"{name} bar {k}"] = bar
            artists[f"{name} number {k}"] = right.text(
                1.36, k, "", transform=right.get_yaxis_transform(),
                ha="right", va="center", color=look["ink"],
            )  # fmt: skip
    for part, axes in (("loss", left), ("slope", middle)):
        artists[f"z {part}"] = axes.axvline(0, color="#767676", linewidth=1, linestyle=":")
    handles = [
        Line2D([], [], label=name, marker=look["marker"], **look["line"])
        for name, look in LOOK.items()
    ]
    artists["key"] = left.legend(handles=handles, loc="upper right", borderaxespad=0)
    return artists


def _draw_one(state: State, artists: Mapping[str, Any]) -> tuple[str, str]:
    z, y = state["z"], state["y"]
    a = nn.sigmoid(z)
    readout = [f"z = {fixed(z, 1)}   a = σ(z) = {number(a)}   y = {fixed(y, 2)}"]
    alt = f"z = {fixed(z, 1)}, a = σ(z) = {number(a)}, target y = {fixed(y, 2)}."

    shown = ["BCE"] if state["loss"] == ALONE else list(LOSSES)
    artists["key"].set_visible(len(shown) == 2)
    for part in ("loss", "slope"):
        artists[f"z {part}"].set_xdata([z, z])
    for name, loss in LOSSES.items():
        own = {k.removeprefix(f"{name} "): v for k, v in artists.items() if k.startswith(name)}
        for artist in own.values():
            artist.set_visible(name in shown)
        if name not in shown:
            continue
        J, factors = loss(a, y), chain(loss, z, y)
        slope = factors[2]
        J_curve, slope_curve = curves(name, y)
        own["loss"].set_data(Z, J_curve)
        own["slope"].set_data(Z, slope_curve)
        own["loss dot"].set_data([z], [J])
        own["slope dot"].set_data([z], [slope])
        own["tangent"].set_data([z - 2.5, z + 2.5], [J - 2.5 * slope, J + 2.5 * slope])
        offset = 0.4 * shown.index(name) - 0.2 * (len(shown) - 1)  # one bar, or two in a row
        for k, factor in enumerate(factors):
            own[f"bar {k}"].set(width=factor, y=k + offset - 0.17)
            own[f"number {k}"].set(y=k + offset, text=number(factor))

        head, product = f"{name}: J = {number(J)}", " × ".join(map(number, factors[:2]))
        product = f"∂J/∂a × ∂a/∂z = {product} = {number(slope)}"
        collapse = "a − y" if loss is nn.bce else "(a − y) · a(1 − a)"
        readout.append(f"{head}   {product} = {collapse}")
        alt += f" {head}, {product}."
    return "\n".join(readout), alt


# A batch in the plane ---------------------------------------------------------------------------

# Two clouds that overlap, 20 points each: rows x₁ and x₂.
# fmt: off
X0 = [
    [-0.4, -2.3, -2.6, 1.1, 0.2, -1.6, -1.5, -0.8, 0.3, -0.6,
     0.7, -0.7, -2.0, 0.0, -0.4, 0.8, -0.5, -0.6, -0.1, -1.0],
    [0.5, -1.7, 1.7, 1.5, 0.4, 1.2, -1.1, -1.2, -0.7, -0.7,
     -1.0, -0.1, -0.9, 0.5, -1.1, -0.7, -0.3, -1.0, -1.5, -0.9],
]
X1 = [
    [0.3, 1.2, 1.0, 2.6, -1.7, -0.6, 1.2, 2.5, 0.4, 1.4,
     1.2, 1.6, 0.8, 0.9, 3.3, 1.2, 1.2, 1.5, 2.5, 0.6],
    [0.9, 0.9, 1.3, 1.7, 1.8, -0.8, -0.4, 1.4, -0.7, 1.9,
     2.5, 1.5, 1.1, -0.9, 0.7, 2.0, 1.0, -0.2, 1.1, 1.6],
]
# fmt: on
X = np.hstack([X0, X1])  # (2, 40)
Y = np.repeat([[0.0, 1.0]], 20, axis=1)  # (1, 40)

PLANE = 3.6  # x₁ and x₂ run from −PLANE to PLANE
WEIGHT = 5.0  # w₁, w₂ and b from −WEIGHT to WEIGHT
ARROW = 4.0  # a gradient of 1 is drawn as an arrow of this length
KEPT = 300  # so many past steps are drawn,
DOTS = 40  # the last of them with a dot each
LEVELS = [0.4, 0.5, 0.7, 1, 1.5, 2, 3, 4, 6, 8]
TINT = LinearSegmentedColormap.from_list("tint", ["#F7CDB0", "#FFFFFF", "#B5D6EA"])
_pixels = np.linspace(-PLANE, PLANE, 48)
_weights = np.linspace(-WEIGHT, WEIGHT, 33)


def batch() -> Demo:
    """One neuron, 40 examples in the plane: move its line by hand, or let the gradient do it.

    Left the examples, the neuron's probability as a tint and its decision line; in the middle the
    same neuron as a point among the contours of J, with −∂J/∂w as an arrow, and b on a scale of
    its own; right the loss after each step.
    """
    return Demo(
        "A batch in the plane",
        {
            "w1": Slider("w₁", -WEIGHT, WEIGHT, 0.1, default=-1.5),
            "w2": Slider("w₂", -WEIGHT, WEIGHT, 0.1, default=1),
            "b": Slider("b", -WEIGHT, WEIGHT, 0.1, default=1.5),
            "lr": Slider("learning rate", choices=[0.03, 0.1, 0.3, 1, 3, 10, 30], default=0.3),
            "step": Button("One gradient step", gradient_step),
            "run": Button("100 steps", gradient_step, repeat=100),
        },
        LiveFigure(_build_batch),
        _draw_batch,
        lines=2,
        memory={"steps": 0, "past": ()},
        moved=_forget,
    )


def neuron(state: State) -> nn.Network:
    """Return the network of one sigmoid neuron with the weights of the state."""
    return nn.Network(
        W={1: np.array([[state["w1"], state["w2"]]])},
        b={1: np.array([[state["b"]]])},
        g={1: nn.sigmoid},
    )


def gradient(net: nn.Network) -> nn.Gradients:
    """Return the gradient of J over the batch."""
    return nn.backward(net, nn.forward(net, X), Y, nn.bce)


def gradient_step(state: State) -> State:
    """Return what one step of gradient descent changes; the state before it joins the past."""
    net = neuron(state)
    after = nn.step(net, gradient(net), lr=state["lr"])
    (w1, w2), (b,) = after.W[1][0].tolist(), after.b[1][0].tolist()
    now = (state["w1"], state["w2"], nn.cost(net, X, Y, nn.bce))
    return {
        "w1": w1, "w2": w2, "b": b,
        "steps": state["steps"] + 1, "past": (*state["past"], now)[-KEPT:],
    }  # fmt: skip


def _forget(_state: State, name: str) -> State:
    """Begin a new descent when the neuron was moved by hand."""
    return {"steps": 0, "past": ()} if name in ("w1", "w2", "b") else {}


def loss_surface(b: float) -> np.ndarray:
    """Return J over the grid of (w₂, w₁) for one b, by the logit form log(1 + eᶻ) − yz."""
    w1, w2 = _weights[None, :, None], _weights[:, None, None]
    z = w1 * X[0] + w2 * X[1] + b
    return (np.logaddexp(0, z) - Y[0] * z).mean(axis=2)


@functools.lru_cache(maxsize=64)
def contours(b: float) -> Path:
    """Return the lines of equal J over the weights. Only b changes them."""
    found = contour_generator(_weights, _weights, loss_surface(b))
    lines = [Path(np.array(line)) for level in LEVELS for line in found.lines(level)]
    return Path.make_compound_path(*lines)


def decision_line(w1: float, w2: float, b: float) -> tuple[list[float], list[float]]:
    """Return two points of w₁x₁ + w₂x₂ + b = 0, far enough apart to cross the plane."""
    length2 = w1 * w1 + w2 * w2
    if length2 < 1e-12:  # no weights, no line
        return [], []
    foot1, foot2 = -b * w1 / length2, -b * w2 / length2  # the point nearest to the origin
    far = 2 * PLANE / np.sqrt(length2)
    return [foot1 - far * w2, foot1 + far * w2], [foot2 + far * w1, foot2 - far * w1]


def _build_batch(figure: Figure) -> dict[str, Any]:
    panels = ((0.06, 0.27), (0.4, 0.24), (0.68, 0.015), (0.77, 0.205))
    axes = [figure.add_axes((at, 0.16, width, 0.74)) for at, width in panels]
    plane, weights, bias, trace = axes
    side = (-PLANE, PLANE)
    plane.set(xlabel="x₁", ylabel="x₂", xlim=side, ylim=side)
    side = (-WEIGHT, WEIGHT)
    for k, (text, ink) in enumerate((("● y = 0", INK), ("■ y = 1", BLUE), ("▬ a = ½", BLACK))):
        plane.text(k / 3, 1.04, text, color=ink, transform=plane.transAxes)
    weights.set(title="contours of J, arrow −∂J/∂w", xlabel="w₁", ylabel="w₂", xlim=side, ylim=side)
    bias.set(title="b", xlim=(-1, 1), ylim=side, xticks=[])
    bias.spines["bottom"].set_visible(False)
    trace.set(title="J after each step", xlim=(-0.02, 1.02), yscale="log", ylim=(0.3, 12))
    trace.set_xlabel("step", labelpad=16)
    trace.set_yticks([0.5, 1, 2, 4, 8], ["0.5", "1", "2", "4", "8"])
    trace.set_yticks([], minor=True)

    # The last steps have a dot each; hundreds of dots would only be slow.
    past: dict[str, Any] = {"color": BLUE, "linewidth": 1.5, "markersize": 4}
    past["markevery"] = slice(-DOTS, None)
    label: dict[str, Any] = {"ha": "center", "va": "top", "fontsize": 9}
    arrow: dict[str, Any] = {"arrowstyle": "-|>", "mutation_scale": 13, "shrinkA": 0, "shrinkB": 0}
    arrow |= {"color": VERMILLION, "linewidth": 2, "zorder": 3}
    artists: dict[str, Any] = {
        "field": plane.imshow(
            np.zeros((48, 48)), cmap=TINT, vmin=0, vmax=1, interpolation="none", origin="lower",
            extent=(-PLANE, PLANE, -PLANE, PLANE), aspect="auto", zorder=0,
        ),
        "zeros": plane.plot(*X0, "o", color=VERMILLION, markeredgecolor="white", markersize=6)[0],
        "ones": plane.plot(*X1, "s", color=BLUE, markeredgecolor="white", markersize=6)[0],
        "line": plane.plot([], [], color=BLACK)[0],
        "contours": PathPatch(Path([(0, 0)]), fill=False, edgecolor="#8a8a8a", linewidth=0.8),
        "path": weights.plot([], [], ".-", **past)[0],
        "w arrow": FancyArrowPatch((0, 0), (1, 1), **arrow),
        "w": weights.plot([], [], "o", color=BLACK, markersize=7, zorder=4)[0],
        "b arrow": FancyArrowPatch((0, 0), (0, 1), **arrow),
        "b": bias.plot([], [], "o", color=BLACK, markersize=7, zorder=4)[0],
        "trace": trace.plot([], [], ".-", **past)[0],
        "J": trace.plot([], [], "o", color=BLACK, markersize=7, zorder=4, clip_on=False)[0],
    }  # fmt: skip
    trace.set_xticks([0, 0.5, 1], [])
    for k, tick in enumerate((0, 0.5, 1)):
        artists[f"step {k}"] = trace.text(tick, -0.04, "", transform=trace.transAxes, **label)
    weights.add_patch(artists["contours"])
    weights.add_patch(artists["w arrow"])
    bias.add_patch(artists["b arrow"])
    return artists


def _draw_batch(state: State, artists: Mapping[str, Any]) -> tuple[str, str]:
    w1, w2, b, lr, steps = (state[name] for name in ("w1", "w2", "b", "lr", "steps"))
    net = neuron(state)
    grads = gradient(net)
    (dw1, dw2), (db,) = grads.dW[1][0], grads.db[1][0]
    J = nn.cost(net, X, Y, nn.bce)

    across, up = np.meshgrid(_pixels, _pixels)
    points = np.vstack([across.ravel(), up.ravel()])
    artists["field"].set_data(nn.forward(net, points).A[1].reshape(across.shape))
    artists["line"].set_data(*decision_line(w1, w2, b))

    artists["contours"].set_path(contours(b))
    past1, past2, past_J = zip(*state["past"], (w1, w2, J), strict=True)
    artists["path"].set_data(past1, past2)
    artists["w"].set_data([w1], [w2])
    artists["b"].set_data([0], [b])
    # A dot on the edge is shown whole; a step may lead beyond, and there it is not shown.
    artists["w"].set_clip_on(max(abs(w1), abs(w2)) > WEIGHT)
    artists["b"].set_clip_on(abs(b) > WEIGHT)
    _set_arrow(artists["w arrow"], (w1, w2), (w1 - ARROW * dw1, w2 - ARROW * dw2))
    _set_arrow(artists["b arrow"], (0, b), (0, b - ARROW * db))

    first = steps - len(state["past"])
    last = first + 100 * max(1, -(-len(state["past"]) // 100))
    shown = (np.arange(first, steps + 1) - first) / (last - first)
    artists["trace"].set_data(shown, past_J)
    artists["J"].set_data(shown[-1:], [J])
    for k, step in enumerate((first, (first + last) // 2, last)):
        artists[f"step {k}"].set_text(f"{step}")

    at = [f"w₁ = {fixed(w1)}", f"w₂ = {fixed(w2)}", f"b = {fixed(b)}", f"J = {fixed(J, 4)}"]
    slopes = [f"∂J/∂w₁ = {fixed(dw1, 4)}", f"∂J/∂w₂ = {fixed(dw2, 4)}", f"∂J/∂b = {fixed(db, 4)}"]
    rows = ([*at, _steps(steps)], slopes)
    readout = "\n".join("".join(f"{entry:<19}" for entry in row).rstrip() for row in rows)
    return readout, ", ".join([*at, *slopes, f"learning rate {lr:g}", _steps(steps)]) + "."


def _steps(count: int) -> str:
    return f"after {count} step" + ("" if count == 1 else "s")


def _set_arrow(arrow: FancyArrowPatch, tail: tuple, head: tuple) -> None:
    """Move the arrow; too short to have a direction, it is not drawn."""
    length = np.hypot(head[0] - tail[0], head[1] - tail[1])
    arrow.set_visible(length > 0.02)
    arrow.set_positions(tail, head)
    arrow.set_mutation_scale(min(13, 20 * length))  # the head never outgrows the arrow
