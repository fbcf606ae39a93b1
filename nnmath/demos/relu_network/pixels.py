"""The picture itself as a variable: what every pixel does to the answer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

import nnmath as nn
from nnmath.demos.relu_network.digits import HELD, gallery, losses, one_hot, trained
from nnmath.demos.relu_network.marks import (
    CELLS,
    INK,
    PALE,
    PAPER,
    SIGNED,
    Array,
    State,
    fit,
    moving_ticks,
    scaled,
)
from nnmath.live import (
    BLACK,
    BLUE,
    ORANGE,
    Button,
    Demo,
    LiveFigure,
    Slider,
    fixed,
    number,
)

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
    moved = np.array(state["pixels"]) + direction * LARGEST_CHANGE * scaled(slopes)
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
        **moving_ticks(curve_axes, "J tick"),
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
    artists["slopes"].set_data(scaled(slopes).reshape(8, 8))
    for name in ("picture", "slopes"):
        artists[f"{name} box"].set(x=at % 8, y=at // 8)
    for k in range(10):
        artists[f"bar {k}"].set(width=100 * A[k], color=ORANGE if k == target else BLUE)
        artists[f"percent {k}"].set_text(fixed(100 * A[k], 1))
    artists["target"].set_y(target)

    J_curve = J_over_ink(state)
    slope = float(slopes[at])
    fit(artists, "J tick", J_curve.min(), J_curve.max())
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
