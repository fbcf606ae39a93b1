"""The controls of a demo: a slider, a choice, a button, and a text that is read out.

They are the browser's own elements (controls.js), so that arrows, Home, End and the page keys, the
focus ring and the names that a screen reader speaks work as everywhere else.
"""

from __future__ import annotations

import itertools
import math
import pathlib
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from typing import Any

import anywidget
import ipywidgets as widgets
import traitlets

_FOLDER = pathlib.Path(__file__).parent


class _Element(anywidget.AnyWidget):
    """What all elements share: the browser's side, and a place in the row of controls."""

    # Texts, not paths: for a path, anywidget keeps a watcher that would keep every control alive.
    _esm = traitlets.Unicode((_FOLDER / "controls.js").read_text("utf-8")).tag(sync=True)
    _css = traitlets.Unicode((_FOLDER / "controls.css").read_text("utf-8")).tag(sync=True)
    kind = traitlets.Unicode().tag(sync=True)
    label = traitlets.Unicode().tag(sync=True)

    def __init__(self, *, flex: str, **values: Any) -> None:
        layout = widgets.Layout(flex=flex, margin="0", min_width="0", max_width="100%")
        super().__init__(layout=layout, **values)

    @property
    def widget(self) -> widgets.DOMWidget:
        """What the notebook shows."""
        return self


class Slider(_Element):
    """A labelled slider over clean decimal numbers, moved by mouse, touch or keys.

    `value` is the number in use, and the text beside the slider shows it. The slider's keys step
    over the grid low, low + step, ...; Python may set any number between the ends (an animation
    does), and a sum such as 0.1 + 0.2 that misses the grid by a rounding error lands on it.

    Args:
        label: the visible label, which is also the name that a screen reader speaks.
        low: the left end.
        high: the right end, a whole number of steps away.
        step: what an arrow key adds.
        default: where it starts, and where `reset` brings it back.
        unit: written after the number.
        choices: instead of low, high and step, the increasing numbers themselves, for instance
            the learning rates 0.01, 0.1, 1. Nothing between them is allowed.

    Raises:
        ValueError: if the numbers do not fit together, or a value is set that it cannot show.

    Examples:
        >>> z = Slider("z", -8, 8, 0.1, default=1)
        >>> z.value, z.text
        (1.0, '1.0')
        >>> z.value = 0.1 + 0.2
        >>> z.value
        0.3
        >>> Slider("learning rate", choices=[0.01, 0.1, 1], default=0.1).text
        '0.1'
    """

    value = traitlets.Float().tag(sync=True)
    min = traitlets.Float(-math.inf).tag(sync=True)
    max = traitlets.Float(math.inf).tag(sync=True)
    step = traitlets.Float(1.0).tag(sync=True)
    decimals = traitlets.Int().tag(sync=True)
    choices = traitlets.List(traitlets.Float()).tag(sync=True)
    texts = traitlets.List(traitlets.Unicode()).tag(sync=True)
    unit = traitlets.Unicode().tag(sync=True)
    width = traitlets.Int().tag(sync=True)

    def __init__(
        self,
        label: str,
        low: float = 0.0,
        high: float = 1.0,
        step: float = 0.1,
        default: float | None = None,
        *,
        unit: str = "",
        choices: Sequence[float] = (),
    ) -> None:
        self.default = float(default if default is not None else choices[0] if choices else low)
        numbers = [float(c) for c in choices]
        if choices:
            _refuse_unordered(label, numbers)
            low, high, step = numbers[0], numbers[-1], numbers[1] - numbers[0]
        else:
            _refuse_bad_range(label, low, high, step)
        super().__init__(
            flex="1 1 24em",
            kind="slider",
            label=label,
            unit=unit,
            min=float(low),
            max=float(high),
            step=float(step),
            decimals=max(_decimals(low), _decimals(step)),
            choices=numbers,
            texts=[f"{number:g}" for number in numbers],
            value=self.default,
        )
        # Room for the longest text, so that nothing beside it moves when the value changes.
        self.width = max(len(self._written(v)) for v in numbers or (self.min, self.max))

    @traitlets.validate("value")
    def _check_value(self, proposal: Mapping[str, Any]) -> float:
        value = float(proposal["value"])
        if self.choices:
            if value not in self.choices:
                raise ValueError(
                    f"slider {self.label!r}: value is {value!r}. It can only be one of "
                    f"{', '.join(self.texts)}."
                )
            return value
        if not self.min <= value <= self.max:  # NaN fails this too
            raise ValueError(
                f"slider {self.label!r}: value is {value!r}. "
                f"It goes from {self.min:g} to {self.max:g}; choose a number between them."
            )
        if self.step > 0:
            return self._landed(value)
        return value

    def _landed(self, value: float) -> float:
        """Return the grid point that value misses by no more than a rounding error, or value."""
        low, step = Decimal(repr(self.min)), Decimal(repr(self.step))
        point = float(low + round((value - self.min) / self.step) * step)
        return point if abs(value - point) <= 1e-9 * self.step else value

    def _written(self, value: float) -> str:
        digits = f"{value:g}" if self.choices else f"{value:.{self.decimals}f}"
        text = digits.replace("-", "" if float(digits) == 0 else "−")
        return f"{text} {self.unit}" if self.unit else text

    @property
    def text(self) -> str:
        """The number and its unit as written beside the slider."""
        return self._written(self.value)

    def follow(self, value: float) -> None:
        """Show a number that was computed: the nearest one where the slider ends."""
        if self.choices:
            self.value = min(self.choices, key=lambda choice: abs(choice - value))
        else:
            self.value = min(max(value, self.min), self.max)

    def following(self, value: float) -> float | None:
        """Return where a step to the right leads from this value, None at the right end."""
        if self.choices:
            larger = [choice for choice in self.choices if choice > value]
            return larger[0] if larger else None
        return min(self._landed(value + self.step), self.max) if value < self.max else None

    def reset(self) -> None:
        """Go back to the default."""
        self.value = self.default


def _decimals(number: float) -> int:
    """Return how many decimals the number is written with: 2 for 0.25."""
    exponent = Decimal(repr(float(number))).normalize().as_tuple().exponent
    return max(0, -int(exponent))


def _refuse_bad_range(label: str, low: float, high: float, step: float) -> None:
    if not (math.isfinite(low) and math.isfinite(high) and low < high):
        raise ValueError(
            f"slider {label!r}: low is {low!r}, high is {high!r}. "
            "Both are finite numbers, and low is the smaller one."
        )
    if not (math.isfinite(step) and 0 < step <= high - low):
        raise ValueError(
            f"slider {label!r}: step is {step!r}. "
            f"It is a number above 0 and at most high − low = {high - low:g}."
        )
    steps = (high - low) / step
    if abs(steps - round(steps)) > 1e-9 * steps:
        raise ValueError(
            f"slider {label!r}: from {low:g} to {high:g} is not a whole number of steps of "
            f"{step:g}, so the End key would not reach {high:g}. Change one of the three."
        )


def _refuse_unordered(label: str, choices: Sequence[float]) -> None:
    rising = all(a < b for a, b in itertools.pairwise(choices))
    if len(choices) < 2 or not rising or not all(map(math.isfinite, choices)):
        raise ValueError(
            f"slider {label!r}: choices are {list(choices)}. "
            "It needs at least two finite numbers, each larger than the one before."
        )


class Choice(_Element):
    """A labelled choice of one among a few words, all of them visible.

    Args:
        label: the visible label, which also names the group for a screen reader.
        choices: the words.
        default: where it starts, and where `reset` brings it back; the first word if not given.

    Raises:
        ValueError: if there are fewer than two different words, or a value is not one of them.
    """

    value = traitlets.Unicode().tag(sync=True)
    choices = traitlets.List(traitlets.Unicode()).tag(sync=True)

    def __init__(self, label: str, choices: Sequence[str], default: str | None = None) -> None:
        if len(choices) < 2 or len(set(choices)) < len(choices):
            raise ValueError(
                f"choice {label!r}: choices are {list(choices)}. It needs at least two, all "
                "different."
            )
        self.default = choices[0] if default is None else default
        super().__init__(
            flex="1 1 100%", kind="choice", label=label, choices=list(choices), value=self.default
        )

    @traitlets.validate("value")
    def _check_value(self, proposal: Mapping[str, Any]) -> str:
        value = proposal["value"]
        if value not in self.choices:
            raise ValueError(
                f"choice {self.label!r}: value is {value!r}. It can only be one of "
                f"{', '.join(map(repr, self.choices))}."
            )
        return value

    @property
    def text(self) -> str:
        """The word chosen."""
        return self.value

    def follow(self, value: str) -> None:
        """Show a value that was computed."""
        self.value = value

    def reset(self) -> None:
        """Go back to the default."""
        self.value = self.default


class Button(_Element):
    """A button that changes the state of its demo.

    Args:
        label: what is written on it.
        action: `action(state)` returns what changes, as a mapping; it changes nothing itself.
        repeat: how often a press does it. More than once is shown as an animation, and pressing
            again stops it. Whoever asked the browser for less motion sees the end at once.
    """

    still = False  # whether the last press came from someone who wants no animation

    def __init__(
        self,
        label: str,
        action: Callable[[Mapping[str, Any]], Mapping[str, Any]],
        repeat: int = 1,
    ) -> None:
        if repeat < 1:
            raise ValueError(f"button {label!r}: repeat is {repeat!r}. It is 1 or more.")
        self.action, self.repeat = action, repeat
        self.name = label  # `label` says "Stop" while the animation runs
        self._handlers: list[Callable[[Button], None]] = []
        super().__init__(flex="0 0 auto", kind="button", label=label)
        self.layout.width = f"{len(label) * 0.55 + 3:.1f}em"
        self.on_msg(self._receive)

    def _receive(self, _: Any, content: Mapping[str, Any], __: Any) -> None:
        if content.get("event") == "click":
            self.still = bool(content.get("still"))
            self.click()

    def on_click(self, handler: Callable[[Button], None]) -> None:
        """Call handler(button) at each press."""
        self._handlers.append(handler)

    def click(self) -> None:
        """Press the button."""
        for handler in self._handlers:
            handler(self)


class Play(Button):
    """A button that moves a slider step by step to its right end, and pauses when pressed again.

    The browser keeps the time: it asks for one step, waits until that step is drawn, rests, and
    asks for the next. So a slow machine only plays more slowly, a page that is closed leaves
    nothing running, and where no kernel answers, the button stays hidden. `click()` in Python,
    where nobody watches, goes to the end at once.

    Args:
        slider: the name of the slider among the controls of the demo. From its right end, Play
            begins again at the left one.
        label: what is written on the button; while it plays, it says "Pause".
        rest: seconds from one picture to the next request.
    """

    playing = traitlets.Bool(False).tag(sync=True)
    answers = traitlets.Int(0).tag(sync=True)  # how many messages of the browser were answered
    rest = traitlets.Int().tag(sync=True)  # in milliseconds

    def __init__(self, slider: str, label: str = "Play", rest: float = 0.08) -> None:
        self.slider = slider
        self._listeners: list[Callable[[Play, str], None]] = []
        super().__init__(label, lambda _: {})
        self.kind, self.rest = "play", round(1000 * rest)
        self.layout.width = f"{max(len(label), len('Pause')) * 0.55 + 3:.1f}em"

    def _receive(self, _: Any, content: Mapping[str, Any], __: Any) -> None:
        for listener in self._listeners:
            listener(self, content.get("event", ""))
        self.answers += 1  # last of all, so that the browser asks for no more than is drawn

    def on_event(self, listener: Callable[[Play, str], None]) -> None:
        """Call listener(play, event) when the browser says "here", "play", "step" or "pause"."""
        self._listeners.append(listener)


class Words(_Element):
    """A text that a screen reader speaks when it changes.

    Args:
        role: "status" waits until the listener is free, "alert" interrupts.
        lines: the height kept free, so that nothing below moves when the text changes.
    """

    value = traitlets.Unicode().tag(sync=True)
    role = traitlets.Unicode().tag(sync=True)
    lines = traitlets.Int().tag(sync=True)
    quiet = traitlets.Bool(False).tag(sync=True)

    def __init__(self, role: str = "status", lines: int = 0) -> None:
        super().__init__(flex="1 1 100%", kind="words", role=role, lines=lines)
