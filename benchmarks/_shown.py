"""What the kernel shows while sliders are measured: a demo, its twin made anew each time, a word.

The cells of the notebook that benchmarks/sliders.py writes call these functions.
"""

import importlib
from typing import Any
from unittest import mock

import ipywidgets as widgets
import matplotlib.style

from nnmath.live import Choice, Demo, LiveFigure, Slider
from nnmath.live.figure import STYLE
from nnmath.live.widget import SliderElement


def floor() -> widgets.Widget:
    """Return a slider that changes one word: the way to the kernel and back, and nothing else."""
    slider, word = Slider("floor", 0, 1000, 1), widgets.HTML("0")
    slider.on_move(lambda value: setattr(word, "value", f"{value:g}"))
    return widgets.VBox([SliderElement(slider), word])


def live(module: str, name: str) -> Demo:
    """Return the demo."""
    return getattr(importlib.import_module(f"nnmath.demos.{module}"), name)()


def measured(demo: Demo) -> str:
    """Return the control that is measured: the slider with the most positions, or a choice."""
    sizes = {
        name: len(c.choices) or (c.max - c.min) / c.step
        for name, c in demo.controls.items()
        if isinstance(c, Slider)
    }
    choices = [name for name, c in demo.controls.items() if isinstance(c, Choice)]
    return max(sizes, key=lambda name: sizes[name]) if sizes else choices[0]


def rebuilt(module: str, name: str) -> widgets.Widget:
    """Show the same figure as course notebooks do: `interact`, and a new figure for each value."""
    import matplotlib.pyplot as plt

    plain = LiveFigure.__init__

    def noted(self: LiveFigure, build: Any, size: tuple[float, float] = (9.0, 3.5)) -> None:
        self.build, self.inches = build, size  # type: ignore[attr-defined]
        plain(self, build, size)

    with mock.patch.object(LiveFigure, "__init__", noted):
        demo = live(module, name)
    key, start = measured(demo), dict(demo.state)
    control = demo.controls[key]
    figure: Any = demo.figure

    def show(value: Any) -> None:
        with matplotlib.style.context(["default", STYLE]):
            artists = dict(figure.build(plt.figure(figsize=figure.inches)))
            demo.draw({**start, key: value}, artists)
            plt.show()

    options: dict[str, Any] = {"value": control.value, "description": "value"}
    slider: widgets.Widget
    if control.choices:
        slider = widgets.SelectionSlider(options=control.choices, **options)
    else:
        ends = {"min": control.min, "max": control.max, "step": control.step}
        slider = widgets.FloatSlider(**ends, **options)
    return widgets.interactive(show, value=slider)
