"""A demo in a notebook: its controls as the browser's own elements, its two layers, its words.

The elements are those of controls.js, so that arrows, Home, End and the page keys, the focus ring
and the names that a screen reader speaks work as everywhere else.
"""

from __future__ import annotations

import pathlib
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

import anywidget
import ipywidgets as widgets
import traitlets

from nnmath.live.controls import Button, Choice, Slider

if TYPE_CHECKING:
    from nnmath.live.demo import Demo

_FOLDER = pathlib.Path(__file__).parent
_WIDTH = "1040px"  # a picture takes the width it finds, up to this one


class _Element(anywidget.AnyWidget):
    """What all elements share: the browser's side, and a place in the row of controls."""

    # Texts, not paths: for a path, anywidget keeps a watcher that would keep every control alive.
    _esm = traitlets.Unicode((_FOLDER / "controls.js").read_text("utf-8")).tag(sync=True)
    _css = traitlets.Unicode((_FOLDER / "controls.css").read_text("utf-8")).tag(sync=True)
    kind = traitlets.Unicode().tag(sync=True)
    label = traitlets.Unicode().tag(sync=True)

    def __init__(self, *, flex: str, wide: str | None = None, **values: Any) -> None:
        layout = widgets.Layout(flex=flex, width=wide, margin="0", min_width="0", max_width="100%")
        super().__init__(layout=layout, **values)


class _ValuedElement(_Element):
    """A slider or a choice. The control behind it has the last word on its value."""

    def __init__(self, control: Slider | Choice) -> None:
        self.control: Any = control
        super().__init__(flex=control.flex, **control.described())
        self.observe(lambda change: setattr(control, "value", change.new), "value")

    @traitlets.validate("value")
    def _checked(self, proposal: Mapping[str, Any]) -> Any:
        return self.control.checked(proposal["value"])

    def show(self) -> None:
        """Show the value of the control."""
        self.value = self.control.value


class SliderElement(_ValuedElement):
    """A slider on the page."""

    value = traitlets.Float().tag(sync=True)
    min = traitlets.Float().tag(sync=True)
    max = traitlets.Float().tag(sync=True)
    step = traitlets.Float().tag(sync=True)
    decimals = traitlets.Int().tag(sync=True)
    choices = traitlets.List(traitlets.Float()).tag(sync=True)
    texts = traitlets.List(traitlets.Unicode()).tag(sync=True)
    unit = traitlets.Unicode().tag(sync=True)
    width = traitlets.Int().tag(sync=True)


class ChoiceElement(_ValuedElement):
    """A choice on the page."""

    value = traitlets.Unicode().tag(sync=True)
    choices = traitlets.List(traitlets.Unicode()).tag(sync=True)


class ButtonElement(_Element):
    """A button on the page."""

    def __init__(self, control: Button) -> None:
        self.control: Any = control
        super().__init__(flex=control.flex, wide=control.wide, **control.described())
        self.on_msg(self._receive)

    def _receive(self, _: Any, content: Mapping[str, Any], __: Any) -> None:
        if content.get("event") == "click":
            self.control.still = bool(content.get("still"))
            self.control.click()

    def show(self) -> None:
        """Show what is written on the button."""
        self.label = self.control.label


class PlayElement(ButtonElement):
    """A Play button on the page."""

    playing = traitlets.Bool().tag(sync=True)
    rest = traitlets.Int().tag(sync=True)  # in milliseconds
    answers = traitlets.Int().tag(sync=True)  # how many messages of the browser were answered

    def _receive(self, _: Any, content: Mapping[str, Any], __: Any) -> None:
        self.control.ask(content.get("event", ""))
        self.answers += 1  # last of all, so that the browser asks for no more than is drawn

    def show(self) -> None:
        """Show whether it plays."""
        self.playing = self.control.playing


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


_ELEMENTS = {
    "slider": SliderElement, "choice": ChoiceElement, "button": ButtonElement, "play": PlayElement,
}  # fmt: skip


class DemoWidget(widgets.VBox):  # type: ignore[misc]  # ipywidgets has no types
    """The view of one demo: it shows what the demo shows, and hands on what a hand does."""

    def __init__(self, demo: Demo) -> None:
        self.demo = demo
        self.elements: dict[str, Any] = {
            name: _ELEMENTS[control.kind](control) for name, control in demo.controls.items()
        }
        valued = [e for e in self.elements.values() if isinstance(e, _ValuedElement)]
        buttons = [e for e in self.elements.values() if isinstance(e, ButtonElement)]
        layer = {"grid_area": "1 / 1", "margin": "0", "width": "100%"}
        self.resting = widgets.HTML(demo.seen.resting, layout=widgets.Layout(**layer))
        self.moving = widgets.HTML(layout=widgets.Layout(**layer))
        picture = widgets.GridBox(
            [self.resting, self.moving],
            layout=widgets.Layout(
                grid_template_columns="minmax(0, 1fr)",
                width="100%",
                max_width=_WIDTH,
                overflow="hidden",
            ),
        )
        self.words, self.alarm = Words("status", demo.lines), Words("alert")
        super().__init__(
            [_row(valued), _row(buttons), picture, self.words, self.alarm],
            layout=widgets.Layout(width="100%", max_width=_WIDTH, overflow="visible"),
        )
        self.show()
        demo.on_change(self.show)

    def show(self) -> None:
        """Show the demo as it is now."""
        self.words.quiet = self.demo.quiet  # before the words, so that the last ones are read out
        for element in self.elements.values():
            element.show()
        self.moving.value = self.demo.seen.moving
        self.words.value = self.demo.readout
        self.alarm.value = _complaint(self.demo.error)

    def close(self) -> None:
        """Take the demo off the page."""
        inner = [child for box in self.children for child in getattr(box, "children", ())]
        for widget in (*inner, *self.children):
            widget.unobserve_all()
            widget.close()
        super().close()


def _complaint(error: str | None) -> str:
    """Say what went wrong where the user looks: an exception in a callback reaches no cell."""
    if error is None:
        return ""
    return (
        "This demo could not follow the last change, and its picture still shows the state "
        f"before it. Press Reset to start again. What went wrong: {error}"
    )


def _row(controls: Iterable[widgets.DOMWidget]) -> widgets.Box:
    """Return the controls side by side, on as many lines as they need."""
    layout = widgets.Layout(
        flex_flow="row wrap", grid_gap="0.4em 2em", overflow="visible", padding="4px", width="100%"
    )
    return widgets.Box(list(controls), layout=layout)
