"""Everything that one picture of a digit leaves behind, forward and backward."""

from __future__ import annotations

import functools
from collections.abc import Mapping
from typing import Any

import numpy as np
from matplotlib.collections import LineCollection
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

import nnmath as nn
from nnmath.demos.relu_network.digits import HELD, gallery, one_hot, trained
from nnmath.demos.relu_network.marks import (
    CELLS,
    LAYERS,
    PALE,
    PAPER,
    SIGNED,
    Array,
    State,
    clean,
    scaled,
)
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
        scaled(np.hstack([cache.Z[l], cache.A[l]]))
        if l < 3
        else _own_scales(cache.Z[l], cache.A[l])
    )
    cells = np.hstack([both, scaled(np.hstack(list(back.values())))])
    known = np.array([BORN[f"{name}[{l}]"] <= stage for name in COLUMNS[l]])
    return np.where(known, cells, np.nan)


def _own_scales(*columns: Array) -> Array:
    return np.hstack([scaled(column) for column in columns])


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
    clean(over)
    for l in LAYERS:
        n, columns = UNITS[l], COLUMNS[l]
        axes = figure.add_axes((_LEFT[l], _BOTTOM, _CELL * len(columns), _TOP - _BOTTOM))
        axes.set(xlim=(0, len(columns)), ylim=(n, 0))
        clean(axes)
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
    artists["W row"].set_data(scaled(trained().W[chosen][unit]).reshape(shape))
    artists["dW row"].set_data(
        (scaled(row) if known else np.full(row.shape, np.nan)).reshape(shape)
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
        artists[f"dW {l}"].set_data(scaled(dW) if done else np.full(dW.shape, np.nan))
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
