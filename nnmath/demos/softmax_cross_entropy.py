"""The demos of notebook 02: softmax with its whole Jacobian, and a race of two losses.

Each demo is a `build` (the axes and what moves on them), a `draw` (the picture and the words of one
state) and the few lines of mathematics between them.
"""

from __future__ import annotations

import functools
import math
from collections.abc import Mapping
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import LinearSegmentedColormap
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Rectangle

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

INK = "#A64500"  # the vermillion that is dark enough for text
QUIET = "#999999"
LOW = "₀₁₂₃₄"

# Four classes -----------------------------------------------------------------------------------

K = 4
TARGETS = [f"class {k}" for k in range(1, K + 1)]
ALONE, BESIDE = "nothing", "what the diagonal alone gives"
STEEPEST = 0.5  # the largest entry of the Jacobian, a quarter, at the lowest temperature, one half
TINT = LinearSegmentedColormap.from_list("tint", ["#F2B48C", "#FFFFFF", "#8CC3E3"])


def four_classes() -> Demo:
    """Four logits, their probabilities, every slope ∂aₖ/∂zⱼ, and the gradient of the loss.

    The rows of the Jacobian stand beside the bars of the probabilities, its columns above the bars
    of the gradient, so that each gradient bar is read off as a column times ∂ℓ/∂a, added up.
    """
    defaults = (2, 1, 0, -1)
    return Demo(
        "Four classes",
        {
            **{
                f"z{k}": Slider(f"z{LOW[k]}", -5, 5, 0.1, default=z)
                for k, z in enumerate(defaults, start=1)
            },
            "T": Slider("temperature T", choices=[0.5, 0.7, 1, 1.5, 2, 3, 5], default=1),
            "soft": Slider("softness of the target", 0, 1, 0.05, default=0),
            "target": Choice("Target", TARGETS, default=TARGETS[1]),
            "beside": Choice("Beside the gradient", [ALONE, BESIDE]),
        },
        LiveFigure(_build_four, size=(9.0, 4.5)),
        _draw_four,
        lines=5,
    )


def target(state: State) -> np.ndarray:
    """Return the target column y: one-hot, or a mixture of that and equal shares."""
    hot = np.eye(K)[TARGETS.index(state["target"])]
    return (1 - state["soft"]) * hot + state["soft"] / K


def slopes(z: np.ndarray, T: float, y: np.ndarray) -> tuple[np.ndarray, ...]:
    """Return a, ∂a/∂z (rows a, columns z), ∂ℓ/∂a and ∂ℓ/∂z, with a = softmax(z/T)."""
    a = nn.softmax(z / T)
    da = nn.cross_entropy.dA(a[:, None], y[:, None])[:, 0]
    dz = nn.cross_entropy.dZ(z[:, None] / T, y[:, None])[:, 0] / T
    return a, nn.softmax.jacobian(z / T) / T, da, dz


def _build_four(figure: Figure) -> dict[str, Any]:
    rows: dict[str, Any] = {"ylim": (K - 0.5, -0.5)}
    bars = figure.add_axes((0.045, 0.43, 0.255, 0.47))
    bars.set(title="probabilities a ■, target y ┃", xlim=(0, 1), **rows)
    bars.set_xticks([0, 0.5, 1], ["0", "½", "1"])
    bars.set_yticks(range(K), [f"a{LOW[k]}" for k in range(1, K + 1)])
    bars.tick_params(axis="y", length=0, labelsize=10.5)
    table = figure.add_axes((0.435, 0.43, 0.33, 0.47))
    table.set(title="the Jacobian: every slope ∂aₖ/∂zⱼ", xlim=(-0.5, K - 0.5), **rows)
    table.set_xticks(range(K), [f"z{LOW[k]}" for k in range(1, K + 1)])
    table.set_yticks(range(K), [f"a{LOW[k]}" for k in range(1, K + 1)])
    table.tick_params(length=0, labelsize=10.5)
    weights = figure.add_axes((0.79, 0.43, 0.16, 0.47))
    weights.set(title="times ∂ℓ/∂aₖ", xlim=(0, 1), xticks=[], yticks=[], **rows)
    gradient = figure.add_axes((0.435, 0.11, 0.33, 0.22))
    gradient.set(xlim=(-0.5, K - 0.5), ylim=(-2.1, 2.1), xticks=[], yticks=[-2, 0, 2])
    gradient.set_yticklabels(["−2", "0", "2"])
    gradient.axhline(0, color=QUIET, linewidth=0.8)
    for axes in (table, weights, gradient):
        axes.spines[["left", "bottom"]].set_visible(False)
    beside: dict[str, Any] = {"transform": figure.transFigure, "va": "center", "linespacing": 1.5}
    words = "the gradient ∂ℓ/∂zⱼ:\nthe column above, times ∂ℓ/∂aₖ,\nadded up"
    gradient.text(0.375, 0.22, words, ha="right", **beside)
    artists: dict[str, Any] = {
        "key": gradient.text(0.79, 0.22, "◇ what the diagonal\nalone gives", **beside)
    }
    for k in range(K):
        bar = bars.barh(k, 0, height=0.55, color=BLUE)[0]
        artists[f"a {k}"] = bar
        artists[f"y {k}"] = bars.plot([], [], "|", color=BLACK, zorder=3, clip_on=False)[0]
        artists[f"y {k}"].set(markersize=24, markeredgewidth=2.5)
        artists[f"a number {k}"] = _number(bars, 1.24, k, "right", bars.get_yaxis_transform())
        artists[f"da {k}"] = _number(weights, 0.02, k, "left", weights.transData)
        column = gradient.bar(k, 0, width=0.5, color=VERMILLION, hatch="////")[0]
        column.set(edgecolor="white", linewidth=0)
        artists[f"dz {k}"] = column
        below = gradient.get_xaxis_transform()
        artists[f"dz number {k}"] = gradient.text(k, -0.04, "", transform=below, va="top")
        artists[f"dz number {k}"].set(ha="center", color=INK)
        diamond = gradient.plot([k + 0.36], [0], "D", color=BLACK, markersize=6, zorder=4)[0]
        artists[f"diagonal {k}"] = diamond
        diamond.set(markerfacecolor="white", markeredgewidth=1.6)
        for j in range(K):
            cell = Rectangle((j - 0.48, k - 0.47), 0.96, 0.94, linewidth=1.2)
            artists[f"cell {k}{j}"] = table.add_patch(cell)
            text = table.text(j, k, "", ha="center", va="center", zorder=3)
            artists[f"slope {k}{j}"] = text
    return artists


def _number(axes: Axes, x: float, y: float, ha: str, transform: Any) -> Any:
    return axes.text(x, y, "", transform=transform, ha=ha, va="center")


def _draw_four(state: State, artists: Mapping[str, Any]) -> tuple[str, str]:
    z = np.array([state[f"z{k}"] for k in range(1, K + 1)])
    T, y = state["T"], target(state)
    a, P, da, dz = slopes(z, T, y)
    diagonal = P.diagonal() * da
    shown = state["beside"] == BESIDE
    artists["key"].set_visible(shown)
    for k in range(K):
        artists[f"a {k}"].set_width(a[k])
        artists[f"y {k}"].set_data([y[k]], [k])
        artists[f"a number {k}"].set_text(fixed(a[k]))
        artists[f"da {k}"].set_text(f"× {number(da[k])}")
        artists[f"dz {k}"].set_height(dz[k])
        artists[f"dz number {k}"].set_text(fixed(dz[k]))
        artists[f"diagonal {k}"].set(ydata=[diagonal[k]], visible=shown)
        for j in range(K):
            cell = artists[f"cell {k}{j}"]
            cell.set_facecolor(TINT(0.5 + P[k, j] / (2 * STEEPEST)))
            cell.set_edgecolor(BLACK if k == j else "white")  # the diagonal is framed
            artists[f"slope {k}{j}"].set_text(fixed(P[k, j]))

    loss = nn.cross_entropy.from_logits(z[:, None] / T, y[:, None])
    rows = [
        f"{_row(z)}   z, temperature T = {T:g}",
        f"{_row(a)}   a, sum {fixed(a.sum())}, loss ℓ = {fixed(loss)}",
        f"{_row(y)}   y, sum {fixed(y.sum())}",
        f"{_row(dz)}   ∂ℓ/∂z, sum {fixed(dz.sum())}",
    ]
    alt = (
        f"Logits z = {_list(z, 1)}, temperature {T:g}. "
        f"Target {state['target']}, softness {fixed(state['soft'], 2)}: y = {_list(y)}. "
        f"Probabilities a = {_list(a)}, loss {fixed(loss)}. "
        f"Diagonal of the Jacobian {_list(P.diagonal())}; gradient ∂ℓ/∂z = {_list(dz)}."
    )
    if shown:
        rows.append(f"{_row(diagonal)}   by the diagonal alone")
        alt += f" The diagonal alone would give {_list(diagonal)}."
    return "\n".join(rows), alt


def _row(values: np.ndarray) -> str:
    """Return the numbers in columns. What they are is said behind them, where widths may differ."""
    return "".join(f"{fixed(v):>9}" for v in values)


def _list(values: np.ndarray, decimals: int = 3) -> str:
    return f"({', '.join(fixed(v, decimals) for v in values)})"


# The confidence race ----------------------------------------------------------------------------

TRUE, WRONG, OTHER = 0, 1, 2
Y = np.array([[1.0], [0.0], [0.0]])  # class 1 is the truth
# Told apart by line and marker as well as by colour.
LOOK: dict[str, dict[str, Any]] = {
    "cross-entropy": {"color": BLUE, "marker": "o"},
    "squared error": {"color": VERMILLION, "marker": "s", "linestyle": (0, (4, 1.5))},
}
FARTHEST = 10_000  # steps; the axis ends there
DRAWN = 160  # points of a curve
CORNERS = np.array([[1.0, 0.0], [0.0, 0.0], [0.5, math.sqrt(3) / 2]])  # of the classes 1, 2, 3


def confidence_race() -> Demo:
    """Two runners, one start: the network is confidently wrong, and two losses try to mend it.

    Gradient descent on three logits. Left the track: each point of the triangle is a set of three
    probabilities, each corner the certainty of one class. In the middle the probability of the
    truth after each step, right the size of the gradient that pushes.
    """
    return Demo(
        "The confidence race",
        {
            "start": Slider("start: logit of the wrong class", 0, 10, 0.5, default=6),
            "lr": Slider("learning rate", choices=[0.1, 0.2, 0.5, 1, 2], default=0.5),
            "step": Button("One step", one_step),
            "play": Button("Play, faster and faster", faster, repeat=90),
        },
        LiveFigure(_build_race),
        _draw_race,
        lines=3,
        memory={"steps": 0},
        moved=lambda _state, _name: {"steps": 0},
    )


def one_step(state: State) -> State:
    """Return what one step of gradient descent changes."""
    return {"steps": min(state["steps"] + 1, FARTHEST)}


def faster(state: State) -> State:
    """Return what a tenth more steps change: each stretch of the axis takes the same time."""
    steps = state["steps"]
    return {"steps": min(steps + max(1, steps // 10), FARTHEST)}


class Race:
    """Both descents, computed as far as they were asked for. Column 0 is cross-entropy."""

    def __init__(self, start: float, lr: float) -> None:
        self.lr = lr
        self.z = np.tile([[0.0], [start], [1.0]], 2)
        self.length = 0  # how many of these are filled in; an array of its own each takes 3 MB
        self.a = np.empty((FARTHEST + 1, 3, 2))
        self.dz = np.empty((FARTHEST + 1, 3, 2))
        self.half_way: list[int | None] = [None, None]
        self.busy: list[int] = []  # the steps at which a runner moves visibly
        self._look()

    def to(self, steps: int) -> Race:
        """Return the race itself, with at least so many steps."""
        while self.length <= steps:
            self.z = self.z - self.lr * self.dz[self.length - 1]
            self._look()
        return self

    def _look(self) -> None:
        a = nn.softmax(self.z)
        dz = a - Y
        dz[:, 1] = a[:, 1] * (dz[:, 1] - a[:, 1] @ dz[:, 1])  # squared error: A ⊙ (dA − Σ A ⊙ dA)
        for loss in (0, 1):
            if self.half_way[loss] is None and a[TRUE, loss] >= 0.5:
                self.half_way[loss] = self.length
        if self.length and np.abs(a - self.a[self.length - 1]).max() > 0.01:
            self.busy += [self.length - 1, self.length]
        self.a[self.length], self.dz[self.length] = a, dz
        self.length += 1


@functools.lru_cache(maxsize=4)  # 1 MB each
def race(start: float, lr: float) -> Race:
    """Return the race from this start; the same one each time, so that it only grows."""
    return Race(start, lr)


def _build_race(figure: Figure) -> dict[str, Any]:
    track = figure.add_axes((0.01, 0.06, 0.29, 0.84))
    track.set(title="the track", xlim=(-0.16, 1.16), ylim=(-0.22, 1.05), aspect="equal", anchor="N")
    track.axis("off")
    track.fill(*CORNERS.T, facecolor="#F3F3F3", edgecolor="#555555", linewidth=1)
    half = [(CORNERS[TRUE] + CORNERS[other]) / 2 for other in (WRONG, OTHER)]
    track.plot(*np.transpose(half), color=QUIET, linewidth=1, linestyle=":")
    signs: dict[str, Any] = {"ha": "center", "fontsize": 9}
    for corner, text, dx, dy, va in (
        (TRUE, "class 1\nthe truth", 0.0, -0.04, "top"),
        (WRONG, "class 2", 0.0, -0.04, "top"),
        (OTHER, "class 3", 0.0, 0.03, "bottom"),
    ):
        x, y = CORNERS[corner]
        track.text(x + dx, y + dy, text, va=va, **signs)
    chance = figure.add_axes((0.385, 0.16, 0.255, 0.74))
    chance.set(title="probability of the truth", ylim=(-0.03, 1.12), yticks=[0, 0.5, 1])
    chance.set_yticklabels(["0", "½", "1"])
    chance.axhline(0.5, color=QUIET, linewidth=1, linestyle=":")
    strength = figure.add_axes((0.73, 0.16, 0.255, 0.74))
    strength.set(title="size of the push, ‖∂ℓ/∂z‖", yscale="log", ylim=(3e-6, 40))
    strength.set_yticks(np.logspace(-5, 0, 6), ["10⁻⁵", "10⁻⁴", "0.001", "0.01", "0.1", "1"])
    strength.set_yticks([], minor=True)
    for axes in (chance, strength):
        axes.set_xscale("symlog", linthresh=1, linscale=0.4)
        axes.set(xlim=(-0.15, 1.15 * FARTHEST), xlabel="step")
        axes.set_xticks([0, 1, 10, 100, 1000, 10_000], ["0", "1", "10", "100", "1000", "10⁴"])
        axes.set_xticks([], minor=True)

    artists: dict[str, Any] = {}
    for z, (name, look) in enumerate(reversed(LOOK.items())):
        line = {k: v for k, v in look.items() if k != "marker"}
        for part, axes in (("path", track), ("chance", chance), ("push", strength)):
            artists[f"{name} {part}"] = axes.plot([], [], zorder=3 + z, **line)[0]
            dot = axes.plot([], [], look["marker"], color=look["color"], zorder=5 + z)[0]
            dot.set(markeredgecolor="white", markersize=11 - 2 * z, clip_on=False)
            artists[f"{name} {part} dot"] = dot
    handles = [Line2D([], [], label=name, **look) for name, look in LOOK.items()]
    strength.legend(handles=handles, loc="upper right", borderaxespad=0)
    return artists


def _draw_race(state: State, artists: Mapping[str, Any]) -> tuple[str, str]:
    start, lr, steps = state["start"], state["lr"], state["steps"]
    said = "after 1 step" if steps == 1 else f"after {steps} steps"
    readout = [f"{said}   start at z = (0, {fixed(start, 1)}, 1)   learning rate {lr:g}"]
    alt = f"Learning rate {lr:g}, start at z = (0, {fixed(start, 1)}, 1), {said}."
    both = race(start, lr).to(steps)
    at = _shown(steps, both.busy)
    a = both.a[at]  # (steps, classes, losses)
    sizes = np.linalg.norm(both.dz[at], axis=1)
    for loss, name in enumerate(LOOK):
        chances, pushes = a[:, TRUE, loss], sizes[:, loss]
        across, up = (a[:, :, loss] @ CORNERS).T
        for part, data in (
            ("path", (across, up)),
            ("chance", (at, chances)),
            ("push", (at, pushes)),
        ):
            artists[f"{name} {part}"].set_data(*data)
            artists[f"{name} {part} dot"].set_data(*(values[-1:] for values in data))
        half = both.half_way[loss]
        reached = half is not None and half <= steps
        half_way = f"one half reached at step {half}" if reached else "not yet at one half"
        chance, strength = fixed(chances[-1], 4), number(pushes[-1], 3)
        readout.append(
            f"{name}: probability of the truth {chance}   push {strength:<12}  {half_way}"
        )
        alt += f" {name.capitalize()}: probability of the truth {chance}, push {strength}, "
        alt += f"{half_way}."
    return "\n".join(readout), alt


def _shown(steps: int, busy: list[int]) -> np.ndarray:
    """Return the steps that are drawn: the busy ones, and else as many as the axis can show."""
    if steps < DRAWN:
        return np.arange(steps + 1)
    spread = np.rint(np.geomspace(1, steps, DRAWN)).astype(int)
    return np.unique([0, *spread, *(step for step in busy if step <= steps)])
