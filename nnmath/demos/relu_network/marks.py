"""What the demos of notebook 03 draw alike: cells, and axes whose ticks move."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from matplotlib.colors import LinearSegmentedColormap
from matplotlib.ticker import MaxNLocator

from nnmath.live import (
    BLUE,
    VERMILLION,
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


def clean(axes: Any) -> None:
    """Leave nothing of the axes but their place."""
    axes.set(xticks=[], yticks=[])
    axes.spines[:].set_visible(False)


def scaled(values: Array) -> Array:
    """Return the values over the largest magnitude among them, so that they fill the colours."""
    largest = np.max(np.abs(values), initial=0)
    return values / largest if largest > 0 else np.zeros_like(values)


TICKS = 7  # the most that an axis with moving ticks has


def moving_ticks(axes: Any, name: str) -> dict[str, Any]:
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


def fit(artists: Mapping[str, Any], name: str, low: float, high: float) -> None:
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
