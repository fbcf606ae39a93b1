"""A training run of the learner's own, step by step."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from matplotlib.figure import Figure

import nnmath as nn
from nnmath.demos.relu_network.digits import run, split
from nnmath.demos.relu_network.marks import CELLS, SIGNED, Array, State, clean, scaled
from nnmath.live import (
    BLUE,
    VERMILLION,
    Button,
    Demo,
    LiveFigure,
    Slider,
    fixed,
)

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
    clean(right)
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
    artists["W"].set_data(tiles(scaled(history.nets[at].W[1])))
    return f"after step {step}\n" + "   ".join(said), f"After step {step}, {'; '.join(said)}."
