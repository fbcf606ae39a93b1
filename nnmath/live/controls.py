"""The controls of a demo, as plain data: sliders, choices, and buttons.

How they look and obey the keyboard is the business of controls.js, which reads what `described`
returns: in a notebook through `nnmath.live.widget`, on a static page as JSON.
"""

from __future__ import annotations

import functools
import itertools
import math
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from typing import Any, ClassVar, Generic, TypeVar

Value = TypeVar("Value", float, str)


class _Valued(Generic[Value]):
    """What a slider and a choice share: a value that is checked, followed and told of."""

    kind: ClassVar[str]
    flex: ClassVar[str]
    label: str
    default: Value

    def __init__(self, default: Value) -> None:
        self._listeners: list[Callable[[Value], None]] = []
        self.default = default
        self._value: Value = self.checked(default)

    @property
    def value(self) -> Value:
        """The number or word in use."""
        return self._value

    @value.setter
    def value(self, value: Value) -> None:
        before, self._value = self._value, self.checked(value)
        if self._value != before:
            for listener in self._listeners:
                listener(self._value)

    def checked(self, value: Value) -> Value:
        """Return the value as it is kept.

        Raises:
            ValueError: if it cannot be shown.
        """
        raise NotImplementedError

    def on_move(self, listener: Callable[[Value], None]) -> None:
        """Call listener(value) whenever the value changes."""
        self._listeners.append(listener)

    def reset(self) -> None:
        """Go back to the default."""
        self.value = self.default


class Slider(_Valued[float]):
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

    kind, flex = "slider", "1 1 24em"

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
        numbers = tuple(float(choice) for choice in choices)
        if numbers:
            _refuse_unordered(label, numbers)
            low, high, step = numbers[0], numbers[-1], numbers[1] - numbers[0]
        else:
            _refuse_bad_range(label, low, high, step)
        self.label, self.unit, self.choices = label, unit, numbers
        self.min, self.max, self.step = float(low), float(high), float(step)
        self.decimals = max(_decimals(low), _decimals(step))
        self.texts = tuple(f"{number:g}" for number in numbers)
        super().__init__(float(low if default is None else default))
        # Room for the longest text, so that nothing beside it moves when the value changes.
        self.width = max(len(self._written(v)) for v in numbers or (self.min, self.max))

    def checked(self, value: float) -> float:
        """Return the number as it is kept: on the grid where a rounding error alone misses it.

        Raises:
            ValueError: if the slider cannot show it.
        """
        value = float(value)
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
        return self._landed(value)

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

    @functools.cached_property
    def positions(self) -> tuple[float, ...]:
        """Every number that the keys can reach, from left to right."""
        found = [self.min]
        while (further := self.following(found[-1])) is not None:
            found.append(further)
        return tuple(found)

    def described(self) -> dict[str, Any]:
        """Return what controls.js reads."""
        return {
            "kind": self.kind, "label": self.label, "value": self.value,
            "min": self.min, "max": self.max, "step": self.step,
            "decimals": self.decimals, "choices": list(self.choices), "texts": list(self.texts),
            "unit": self.unit, "width": self.width,
        }  # fmt: skip


class Choice(_Valued[str]):
    """A labelled choice of one among a few words, all of them visible.

    Args:
        label: the visible label, which also names the group for a screen reader.
        choices: the words.
        default: where it starts, and where `reset` brings it back; the first word if not given.

    Raises:
        ValueError: if there are fewer than two different words, or a value is not one of them.
    """

    kind, flex = "choice", "1 1 100%"

    def __init__(self, label: str, choices: Sequence[str], default: str | None = None) -> None:
        if len(choices) < 2 or len(set(choices)) < len(choices):
            raise ValueError(
                f"choice {label!r}: choices are {list(choices)}. It needs at least two, all "
                "different."
            )
        self.label, self.choices = label, tuple(choices)
        super().__init__(choices[0] if default is None else default)

    def checked(self, value: str) -> str:
        """Return the word.

        Raises:
            ValueError: if it is not one of the choices.
        """
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

    @property
    def positions(self) -> tuple[str, ...]:
        """Every word that can be chosen."""
        return self.choices

    def follow(self, value: str) -> None:
        """Show a value that was computed."""
        self.value = value

    def described(self) -> dict[str, Any]:
        """Return what controls.js reads."""
        return {
            "kind": self.kind, "label": self.label, "value": self.value,
            "choices": list(self.choices),
        }  # fmt: skip


class Button:
    """A button that changes the state of its demo.

    Args:
        label: what is written on it.
        action: `action(state)` returns what changes, as a mapping; it changes nothing itself.
        repeat: how often a press does it. More than once is shown as an animation, and pressing
            again stops it. Whoever asked the browser for less motion sees the end at once.
    """

    kind, flex = "button", "0 0 auto"
    still = False  # whether the last press came from someone who wants no animation
    running = False  # whether its animation is running

    def __init__(
        self,
        label: str,
        action: Callable[[Mapping[str, Any]], Mapping[str, Any]],
        repeat: int = 1,
    ) -> None:
        if repeat < 1:
            raise ValueError(f"button {label!r}: repeat is {repeat!r}. It is 1 or more.")
        self.action, self.repeat = action, repeat
        self._label = label
        self._handlers: list[Callable[[Button], None]] = []

    @property
    def label(self) -> str:
        """What is written on it now."""
        return "Stop" if self.running else self._label

    @property
    def wide(self) -> str:
        """Its width, which no change of its label changes."""
        return f"{len(self._label) * 0.55 + 3:.1f}em"

    def on_click(self, handler: Callable[[Button], None]) -> None:
        """Call handler(button) at each press."""
        self._handlers.append(handler)

    def click(self) -> None:
        """Press the button."""
        for handler in self._handlers:
            handler(self)

    def described(self) -> dict[str, Any]:
        """Return what controls.js reads."""
        return {"kind": self.kind, "label": self.label}


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

    kind = "play"
    playing = False

    def __init__(self, slider: str, label: str = "Play", rest: float = 0.08) -> None:
        super().__init__(label, lambda _: {})
        self.slider, self.rest = slider, round(1000 * rest)  # in milliseconds
        self._askers: list[Callable[[Play, str], None]] = []

    @property
    def wide(self) -> str:
        """Its width, which no change of its label changes."""
        return f"{max(len(self.label), len('Pause')) * 0.55 + 3:.1f}em"

    def on_ask(self, listener: Callable[[Play, str], None]) -> None:
        """Call listener(play, event) for each event that is asked for."""
        self._askers.append(listener)

    def ask(self, event: str) -> None:
        """Do what a browser says: "here" (a new view), "play", "step" or "pause"."""
        for listener in self._askers:
            listener(self, event)

    def described(self) -> dict[str, Any]:
        """Return what controls.js reads."""
        return {**super().described(), "playing": self.playing, "rest": self.rest, "answers": 0}


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
