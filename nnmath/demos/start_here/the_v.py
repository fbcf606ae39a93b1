"""How small a nudge to take: two errors that pull in opposite directions."""

from __future__ import annotations

import functools
import math
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
from matplotlib.figure import Figure

from nnmath.live import (
    BLUE,
    GREEN,
    GREY,
    VERMILLION,
    Choice,
    Demo,
    LiveFigure,
    Slider,
    fixed,
    number,
)

State = Mapping[str, Any]

FLOOR = 1e-17  # where an error of 0 is drawn
STEP = 0.25
K = np.arange(1, 15 + STEP, STEP)
DECIMALS = 15
FUNCTIONS: dict[str, tuple[Callable[..., Any], Callable[..., Any]]] = {
    "x³": (lambda x: x * x * x, lambda x: 3 * x * x),
    "eˣ": (np.exp, np.exp),
    "sin x": (np.sin, np.cos),
}
# Told apart by line and marker as well as by colour.
WAYS: dict[str, dict[str, Any]] = {
    "forward": {"color": VERMILLION, "marker": "o", "linestyle": (0, (5, 1.5))},
    "central": {"color": BLUE, "marker": "s"},
    "complex": {"color": GREEN, "marker": "D", "linestyle": (0, (1.5, 1.5))},
}
ALLOWED = {"central": 1e-7, "complex": 1e-12}  # what a check of this course lets pass
WRONG = "#767676"


def the_v() -> Demo:
    """How wrong a numerical slope is for each size of the nudge, and which of its digits are right.

    Left the error over h, both logarithmic: forward and central differences first improve and then
    spoil, the complex step only improves. Right the slopes themselves, digit by digit.
    """
    return Demo(
        "The V",
        {
            "k": Slider("k in h = 10⁻ᵏ", 1, 15, STEP, default=1),
            "x": Slider("x", 0.5, 2, 0.1, default=1),
            "f": Choice("Function", list(FUNCTIONS)),
        },
        LiveFigure(_build_v, size=(9.0, 3.9)),
        _draw_v,
        lines=4,
    )


def numerical(f: Callable[..., Any], x: float, h: float) -> dict[str, float]:
    """Return the slope by each way."""
    return {
        "forward": float((f(x + h) - f(x)) / h),
        "central": float((f(x + h) - f(x - h)) / (2 * h)),
        "complex": float(f(x + 1j * h).imag / h),
    }


@functools.lru_cache(maxsize=128)
def errors(name: str, x: float) -> dict[str, np.ndarray]:
    """Return the relative error of each way, for each nudge of the curves."""
    f, slope = FUNCTIONS[name]
    true = float(slope(x))
    found = [numerical(f, x, 10.0**-k) for k in K]
    return {way: np.array([abs(one[way] - true) / abs(true) for one in found]) for way in WAYS}


def right_decimals(error: float) -> int:
    """Return how many decimals are right: half a unit in the last of them is the most it is off."""
    if error == 0:
        return DECIMALS
    return min(max(math.floor(-math.log10(2 * error)), 0), DECIMALS)


def _build_v(figure: Figure) -> dict[str, Any]:
    plot = figure.add_axes((0.075, 0.155, 0.485, 0.745))
    plot.set(xscale="log", yscale="log", xlim=(0.25, 4e-16), ylim=(3e-18, 40))
    plot.set(title="relative error of the slope", xlabel="nudge h: smaller and smaller →")
    ticks = {10.0**-k: f"10{_raised(-k)}" for k in range(1, 16, 2)}
    plot.set_xticks(list(ticks), list(ticks.values()))
    ticks = {1.0: "1", 1e-4: "10⁻⁴", 1e-8: "10⁻⁸", 1e-12: "10⁻¹²", FLOOR: "0"}
    plot.set_yticks(list(ticks), list(ticks.values()))
    plot.set_xticks([], minor=True)
    plot.set_yticks([], minor=True)
    for way, level in ALLOWED.items():
        plot.axhline(level, color=WAYS[way]["color"], linewidth=0.9, linestyle=(0, (1, 2)))
        plot.text(6e-16, level / 2, f"allowed for {way}", fontsize=9, ha="right", va="top")
    words = figure.add_axes((0.6, 0, 0.4, 1))
    words.set(xlim=(0, 259.2), ylim=(0, 280.8))
    words.axis("off")
    words.text(0, 259, "the slope, and its right decimals", fontsize=10.5)

    artists: dict[str, Any] = {
        "h": plot.axvline(0.1, color=GREY, linewidth=1.2, zorder=1),
        "true": words.text(62, 228, "", fontsize=12),
    }
    words.text(0, 228, "true")
    for k, (way, look) in enumerate(WAYS.items()):
        line = {name: v for name, v in look.items() if name != "marker"}
        artists[way] = plot.plot([], [], linewidth=1.8, zorder=3, **line)[0]
        dot = plot.plot([], [], look["marker"], color=look["color"], zorder=4)[0]
        dot.set(markersize=9, markeredgecolor="white", clip_on=False)
        artists[f"{way} dot"] = dot
        y = 180 - 60 * k
        words.plot([8], [y + 24], look["marker"], color=look["color"], markersize=8)
        words.text(20, y + 20, way, fontsize=10.5)
        artists[f"{way} count"] = words.text(84, y + 20, "", fontsize=10)
        # The right part lies over the whole, letter by letter, in black.
        artists[f"{way} digits"] = words.text(62, y, "", fontsize=12, color=WRONG)
        artists[f"{way} right"] = words.text(62, y, "", fontsize=12, zorder=4)
    return artists


def _raised(power: int) -> str:
    return str(power).translate(str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹"))


def _draw_v(state: State, artists: Mapping[str, Any]) -> tuple[str, str]:
    k, x, name = state["k"], state["x"], state["f"]
    f, slope = FUNCTIONS[name]
    h, true = 10.0**-k, float(slope(x))
    artists["h"].set_xdata([h, h])
    artists["true"].set_text(fixed(true, DECIMALS))
    at = f"{name} at x = {x:.1f}, k = {k:.2f}"
    rows, alt = [f"{at}, nudge h = {number(h, 3)}"], f"{at}, nudge h = {number(h, 3)}."
    curves = errors(name, x)
    for way, found in numerical(f, x, h).items():
        error = abs(found - true)
        decimals = right_decimals(error)
        text = fixed(found, DECIMALS)
        right = text[: text.index(".") + 1 + decimals] if decimals else ""
        artists[way].set_data(10.0**-K, np.maximum(curves[way], FLOOR))
        artists[f"{way} dot"].set_data([h], [max(error / abs(true), FLOOR)])
        artists[f"{way} digits"].set_text(text)
        artists[f"{way} right"].set_text(right)
        said = f"{decimals} decimal{'' if decimals == 1 else 's'} right"
        artists[f"{way} count"].set_text(said)
        size = number(error / abs(true), 2)
        rows.append(f"{way:<8}relative error {size:<13} {said}")
        alt += f" {way.capitalize()}: relative error {size}, {said}."
    return "\n".join(rows), alt
