"""The demo in a notebook: each element is its control, and shows nothing of its own."""

import subprocess
import sys

import pytest

from nnmath.demos import sigmoid_bce
from nnmath.live import Button, Play, Slider
from nnmath.live.widget import ButtonElement, PlayElement, SliderElement


@pytest.fixture
def demo():
    demo = sigmoid_bce.one_example()
    yield demo
    demo.close()


def test_an_element_and_its_control_move_each_other(demo):
    elements = demo.widget.elements
    elements["z"].value = -3
    assert demo.state["z"] == demo.controls["z"].value == -3
    demo.controls["z"].value = 4
    assert elements["z"].value == 4
    elements["reset"]._handle_custom_msg({"event": "click"}, [])
    assert elements["z"].value == demo.controls["z"].default


def test_what_the_browser_adds_up_lands_on_the_grid_and_what_it_may_not_say_is_refused():
    element = SliderElement(Slider("z", -8, 8, 0.1))
    element.value = 0.1 + 0.2
    assert element.value == element.control.value == 0.3
    with pytest.raises(ValueError, match="-8 to 8"):
        element.value = 9
    assert element.value == element.control.value == 0.3


def test_the_widget_shows_what_is_seen(demo):
    widget = demo.widget
    assert widget is demo.widget
    assert widget.resting.layout.grid_area == widget.moving.layout.grid_area == "1 / 1"
    for z in (-8, 2.5, 8):
        demo.controls["z"].value = z
        shown = widget.resting.value, widget.moving.value, widget.words.value
        assert shown == (demo.seen.resting, demo.seen.moving, demo.seen.readout)
        assert widget.alarm.value == ""


def test_a_demo_moved_before_it_is_shown_is_shown_as_it_is(demo):
    demo.controls["z"].value = -5
    assert demo.widget.elements["z"].value == -5
    assert demo.widget.moving.value == demo.seen.moving


def test_a_button_is_pressed_by_a_click_alone():
    button, pressed = Button("Step", lambda _: {}), []
    button.on_click(lambda button: pressed.append(button.still))
    element = ButtonElement(button)
    element._handle_custom_msg({"event": "click"}, [])
    element._handle_custom_msg({"event": "click", "still": True}, [])
    element._handle_custom_msg({"event": "hover"}, [])
    assert pressed == [False, True]


def test_play_answers_each_message_once_and_last():
    play, heard = Play("x"), []
    element = PlayElement(play)
    play.on_ask(lambda _, event: heard.append((event, element.answers)))
    for event in ("here", "play", "step", "pause"):
        element._handle_custom_msg({"event": event}, [])
    assert heard == [("here", 0), ("play", 1), ("step", 2), ("pause", 3)]
    assert (element.answers, element.playing, element.rest) == (4, False, 80)


def test_browser_side_names_each_element_and_keeps_its_keys():
    """What a screen reader needs is in the page itself; the browser tests see it work."""
    script = SliderElement._esm.default_value
    assert '"data-lm-suppress-shortcuts": "true"' in script
    assert script.count("...ours") == 4  # slider, radio buttons, button, play
    assert "aria-valuetext" in script
    assert ":focus-visible" in SliderElement._css.default_value


def test_closing_takes_every_widget_away():
    demo = sigmoid_bce.one_example()
    widget = demo.widget
    every = [widget, *widget.children, *widget.elements.values(), widget.resting, widget.moving]
    assert all(one.comm is not None for one in every)
    demo.close()
    assert all(one.comm is None for one in every)


def test_a_demo_needs_no_widgets_until_it_is_shown():
    code = """
import importlib, pkgutil, sys
import nnmath.demos
from proof._demos import every_demo

demos = every_demo()
demo = demos["sigmoid_bce.one_example"]()
demo.controls["z"].value = -1
demo.reset()
frameworks = {"ipywidgets", "anywidget", "traitlets", "IPython"}
assert len(demos) > 10
assert not frameworks & set(sys.modules), frameworks & set(sys.modules)
demo._repr_mimebundle_()
assert "ipywidgets" in sys.modules
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
