"""The controls: clean numbers, a common protocol, and refusals that say what to do."""

import json
import math
import random

import pytest

from nnmath.live import Button, Choice, Play, Slider


def test_slider_starts_at_its_default_and_comes_back():
    slider = Slider("z", -8, 8, 0.1, default=2)
    seen = []
    slider.on_move(seen.append)
    assert (slider.value, slider.default, slider.label) == (2.0, 2.0, "z")
    slider.value = -3
    slider.reset()
    assert seen == [-3.0, 2.0]


@pytest.mark.parametrize(
    ("low", "high", "step"),
    [(-8, 8, 0.1), (0, 1, 0.05), (-5, 5, 0.1), (0, 1, 1 / 8), (0.1, 0.7, 0.2), (-3, 3, 1)],
)
def test_every_point_of_the_grid_is_a_clean_decimal(low, high, step):
    """A sum of steps lands on what a person would write: 0.3, not 0.30000000000000004."""
    slider = Slider("x", low, high, step)
    value = low
    for k in range(round((high - low) / step) + 1):
        slider.value = min(value, high)
        assert len(repr(slider.value)) <= 6, f"{value!r} became {slider.value!r}"
        assert math.isclose(slider.value, low + k * step, abs_tol=1e-9)
        value += step  # with all its rounding errors
    assert slider.value == high


def test_a_computed_value_between_two_steps_is_kept_exactly():
    """An animation sets 1.23456789; the slider must not pull the picture to its grid."""
    slider = Slider("w", -5, 5, 0.1)
    slider.value = 1.23456789
    assert (slider.value, slider.text) == (1.23456789, "1.2")


@pytest.mark.parametrize("value", [-8.01, 8.001, math.nan, math.inf, -math.inf])
def test_slider_refuses_what_it_cannot_show(value):
    slider = Slider("z", -8, 8, 0.1, default=2)
    with pytest.raises(ValueError, match=r"'z'.*-8 to 8"):
        slider.value = value
    assert slider.value == 2


def test_follow_stops_at_the_ends():
    slider = Slider("w", -5, 5, 0.1)
    slider.follow(6.2)
    assert slider.value == 5
    slider.follow(-1e9)
    assert slider.value == -5


@pytest.mark.parametrize(
    ("value", "text"), [(-8, "−8.0"), (-0.04, "0.0"), (0, "0.0"), (2.55, "2.5"), (7.96, "8.0")]
)
def test_the_text_has_a_real_minus_sign_and_no_negative_zero(value, text):
    slider = Slider("z", -8, 8, 0.1)
    slider.value = value
    assert slider.text == text


def test_the_unit_is_written_after_the_number():
    assert Slider("time", 0, 10, 0.5, default=2, unit="s").text == "2.0 s"


def test_room_is_kept_for_the_longest_text():
    for slider in (
        Slider("z", -8, 8, 0.1, unit="m"),
        Slider("y", 0, 100, 0.25),
        Slider("lr", choices=[0.001, 0.3, 10]),
    ):
        longest = 0
        for value in slider.choices or [slider.min, slider.max, slider.min + slider.step]:
            slider.value = value
            longest = max(longest, len(slider.text))
        assert slider.width == longest


def test_choices_slider_goes_over_its_numbers_only():
    slider = Slider("learning rate", choices=[0.01, 0.1, 1], default=0.1)
    assert (slider.value, slider.text, slider.min, slider.max) == (0.1, "0.1", 0.01, 1.0)
    slider.value = 1
    assert slider.text == "1"
    with pytest.raises(ValueError, match=r"one of 0\.01, 0\.1, 1"):
        slider.value = 0.5
    slider.follow(0.4)
    assert slider.value == 0.1
    assert Slider("learning rate", choices=[0.01, 0.1]).default == 0.01


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        ({"low": 1, "high": 1}, "low is the smaller"),
        ({"low": 2, "high": -2}, "low is the smaller"),
        ({"low": math.nan, "high": 1}, "finite"),
        ({"low": 0, "high": math.inf}, "finite"),
        ({"low": 0, "high": 1, "step": 0}, "above 0"),
        ({"low": 0, "high": 1, "step": -0.1}, "above 0"),
        ({"low": 0, "high": 1, "step": 2}, "at most"),
        ({"low": 0, "high": 1, "step": 0.3}, "whole number of steps"),
        ({"low": 0, "high": 1, "default": 1.5}, "from 0 to 1"),
        ({"choices": [1]}, "at least two"),
        ({"choices": [1, 3, 2]}, "larger than the one before"),
        ({"choices": [1, 1]}, "larger than the one before"),
        ({"choices": [1, 2], "default": 1.5}, "one of 1, 2"),
    ],
)
def test_numbers_that_do_not_fit_together_are_refused(arguments, reason):
    with pytest.raises(ValueError, match=reason) as caught:
        Slider("z", **arguments)
    assert "'z'" in str(caught.value)


def test_random_moves_never_leave_the_range():
    rng = random.Random(1)
    slider = Slider("z", -8, 8, 0.1)
    for _ in range(500):
        slider.value = rng.randrange(161) * 0.1 - 8
        assert -8 <= slider.value <= 8
        assert slider.value == round(slider.value, 1)


def test_choice_follows_the_same_protocol():
    choice = Choice("Loss", ["BCE", "squared error"])
    seen = []
    choice.on_move(seen.append)
    choice.value = "squared error"
    choice.reset()
    assert seen == ["squared error", "BCE"]
    assert (choice.default, choice.text) == ("BCE", "BCE")
    with pytest.raises(ValueError, match=r"'Loss'.*'hinge'.*'BCE', 'squared error'"):
        choice.value = "hinge"
    assert choice.value == "BCE"


@pytest.mark.parametrize("words", [[], ["BCE"], ["BCE", "BCE"]])
def test_choice_needs_two_different_words(words):
    with pytest.raises(ValueError, match="at least two"):
        Choice("Loss", words)


def test_button_calls_its_handlers():
    button, pressed = Button("Step", lambda _: {}), []
    button.on_click(pressed.append)
    button.click()
    assert pressed == [button]


def test_button_refuses_to_repeat_less_than_once():
    with pytest.raises(ValueError, match=r"'Step'.*1 or more"):
        Button("Step", lambda _: {}, repeat=0)


@pytest.mark.parametrize(
    ("slider", "way"),
    [
        (Slider("x", 0, 0.3, 0.1), [0, 0.1, 0.2, 0.3, None]),
        (Slider("x", choices=[1, 10, 15]), [1, 10, 15, None]),
    ],
)
def test_following_walks_over_the_grid_to_the_right_end(slider, way):
    value = slider.min
    for expected in way:
        assert value == expected
        value = value if value is None else slider.following(value)


def test_following_from_between_two_steps_leads_on_and_not_over_the_end():
    assert Slider("x", 0, 1, 0.5).following(0.75) == 1
    assert Slider("x", choices=[1, 10, 15]).following(12.0) == 15


def test_play_hands_on_what_is_asked():
    play, heard = Play("x"), []
    play.on_ask(lambda button, event: heard.append((button, event)))
    play.ask("here")
    play.ask("play")
    assert heard == [(play, "here"), (play, "play")]
    assert (play.playing, play.rest, play.label) == (False, 80, "Play")


@pytest.mark.parametrize(
    "control",
    [
        Slider("z", -1, 1, 0.5, unit="s"),
        Slider("lr", choices=[0.1, 1]),
        Choice("Loss", ["BCE", "squared error"]),
        Button("Step", lambda _: {}),
        Play("z"),
    ],
    ids=lambda control: f"{control.kind} {control.label}",
)
def test_described_is_plain_data(control):
    """As JSON it comes back the same: no tuple, no infinity, nothing of a widget."""
    said = control.described()
    assert json.loads(json.dumps(said, allow_nan=False)) == said
    assert (said["kind"], said["label"]) == (control.kind, control.label)


def test_positions_are_all_that_the_keys_can_reach():
    assert Slider("x", 0, 0.3, 0.1).positions == (0, 0.1, 0.2, 0.3)
    assert Slider("x", choices=[1, 10, 15]).positions == (1, 10, 15)
    assert Choice("Loss", ["BCE", "none"]).positions == ("BCE", "none")
