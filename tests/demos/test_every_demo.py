"""Every demo of every notebook, found by looking: each control swept, each promise of a demo kept.

A new module in nnmath/demos is swept without a change here. What the numbers of a demo must be is
tested in the file of its module.
"""

import functools
import itertools
import json
import math
import random
import re
import subprocess
import sys
import xml.etree.ElementTree as ET

import numpy as np
import pytest

from nnmath.live import Button, Choice, Slider
from proof._demos import demos_of, modules, random_value
from tools.surroundings import ROOT

MODULES = modules()
DEMOS = [demo for module in MODULES for demo in demos_of(module)]
every_demo = pytest.mark.parametrize("make", DEMOS, ids=lambda f: f"{f.__module__}.{f.__name__}")


def test_every_module_has_a_demo():
    assert MODULES
    for module in MODULES:
        assert demos_of(module), f"{module.__name__} shows nothing"


@pytest.fixture
def demo(make, at_rest):
    return at_rest(make)


def controls(demo, kind):
    return {name: c for name, c in demo.controls.items() if isinstance(c, kind)}


def layers(demo):
    return [demo.seen.resting, demo.seen.moving]


def numbers(text):
    """Return the numbers of a text, written −1.5 or 1.125 × 10⁻⁷."""
    down = str.maketrans("⁻⁰¹²³⁴⁵⁶⁷⁸⁹−", "-0123456789-")
    found = re.findall(r"(−?\d+(?:\.\d+)?)(?: × 10([⁻⁰¹²³⁴⁵⁶⁷⁸⁹]+))?", text)
    return [float(a.translate(down)) * 10 ** float(b.translate(down) or 0) for a, b in found]


def check(demo):
    """Hold the demo to what is true in every state."""
    assert demo.error is None
    moving = layers(demo)[1]
    for text in (demo.readout, demo.alt):
        assert text
        assert "nan" not in text.lower()
        assert "not a number" not in text
    assert not faint_marks(moving)
    drawing = re.sub(r"base64[^\"]*", "", moving)
    assert not re.search(r"\b(nan|inf)\b", drawing), "a coordinate is not finite"
    tree = ET.fromstring(moving)
    assert tree.get("aria-label") == demo.alt.replace("\n", " ")
    for name, slider in controls(demo, Slider).items():
        shown = [abs(number - slider.value) for number in numbers(demo.alt)]
        half_a_digit = 0.51 * 10.0**-slider.decimals
        assert min(shown) <= half_a_digit, f"{name} = {slider.value} is not in: {demo.alt}"


def settings(control):
    """Return the least, the default and the largest value of a control."""
    if isinstance(control, Slider):
        return [control.min, control.default, control.max]
    return control.choices


@every_demo
def test_each_control_at_its_ends_and_at_its_default(demo):
    check(demo)
    movable = controls(demo, (Slider, Choice))
    for control in movable.values():
        for value in settings(control):
            control.value = value
            check(demo)
        control.reset()
    ends = [(settings(control)[0], settings(control)[-1]) for control in movable.values()]
    for corner in itertools.product(*ends):
        for control, value in zip(movable.values(), corner, strict=True):
            control.value = value
        check(demo)


@every_demo
def test_200_random_states(demo):
    rng = random.Random(7)
    movable = controls(demo, (Slider, Choice))
    for _ in range(200):
        name = rng.choice(list(movable))
        movable[name].value = random_value(movable[name], rng)
        check(demo)


@every_demo
def test_each_slider_changes_what_is_seen_and_what_is_said(demo):
    for name, control in controls(demo, (Slider, Choice)).items():
        before = layers(demo)[1], demo.alt
        control.value = settings(control)[0]
        if control.value == control.default:
            control.value = settings(control)[-1]
        after = layers(demo)[1], demo.alt
        assert before[0] != after[0], f"{name} is a dead control"
        assert before[1] != after[1], f"{name} is not said"
        control.reset()


@every_demo
def test_each_button_works_and_reset_restores_every_byte(demo):
    first = (*layers(demo), demo.readout, demo.alt, dict(demo.state))
    for name, button in controls(demo, Button).items():
        button.click()
        assert demo.error is None
        if name != "reset":
            assert (*layers(demo), demo.readout, demo.alt, dict(demo.state)) != first
        for control in controls(demo, (Slider, Choice)).values():
            control.value = settings(control)[0]
        demo.reset()
        assert (*layers(demo), demo.readout, demo.alt, dict(demo.state)) == first
        for control in controls(demo, (Slider, Choice)).values():
            assert control.value == control.default


@every_demo
def test_the_picture_is_a_function_of_the_state_alone(demo):
    """Whatever was shown in between, the same controls show the same picture."""
    rng = random.Random(3)
    movable = controls(demo, (Slider, Choice))
    for _ in range(5):
        values = {name: random_value(control, rng) for name, control in movable.items()}
        pictures = []
        for _ in range(2):
            for control in movable.values():
                control.value = settings(control)[-1]
                control.value = settings(control)[0]
            for name, value in values.items():
                movable[name].value = value
            pictures.append((layers(demo), demo.readout, demo.alt))
        assert pictures[0] == pictures[1]


@every_demo
def test_the_resting_layer_rests(demo):
    before = layers(demo)[0]
    assert not faint_marks(before)
    for control in controls(demo, (Slider, Choice)).values():
        control.value = settings(control)[0]
    for button in controls(demo, Button).values():
        button.click()
    assert layers(demo)[0] == before


@every_demo
def test_labels_are_there_and_differ(demo):
    labels = [control.label for control in demo.controls.values()]
    assert all(label.strip() for label in labels)
    assert len(set(labels)) == len(labels)


@every_demo
def test_the_text_of_the_picture_can_be_read(demo):
    """Plain text of at least 9 points, dark enough on white: a contrast of 4.5 or more."""
    for layer in layers(demo):
        for text in ET.fromstring(layer).iter("{http://www.w3.org/2000/svg}text"):
            assert float(text.get("font-size")) >= 9
            assert contrast_with_white(text.get("fill")) >= 4.5, "".join(text.itertext())


# Lines that only guide the eye: a zero, a kink, an empty grid, a rule, the gap between two bars.
GUIDES = {"#999999", "#aaaaaa", "#bbbbbb", "#cccccc", "#dddddd", "#ffffff"}
PAPER = 2.0  # a fill paler than this is a ground for words, or has an outline


def faint_marks(picture):
    """Return the colours of marks with a contrast below 3 on white, the paper of every picture."""
    found = set(re.findall(r"(fill|stroke)[:=]\s*\"?(#[0-9a-fA-F]{6})", picture))
    return [
        f"{part} {colour}"
        for part, colour in found
        if (contrast := contrast_with_white(colour)) < 3
        and not (contrast < PAPER if part == "fill" else colour.lower() in GUIDES)
    ]


def test_a_faint_mark_is_seen_by_its_judge():
    marks = '<path style="fill: #e69f00; stroke: #999999"/><path style="stroke: #56B4E9"/>'
    assert sorted(faint_marks(marks)) == ["fill #e69f00", "stroke #56B4E9"]
    assert faint_marks('<path style="fill: #d55e00; stroke: #ffffff"/>') == []


@every_demo
def test_the_picture_lies_on_white_paper_of_its_own(demo):
    """Else its black words would vanish in the dark theme."""
    [first, *_] = ET.fromstring(layers(demo)[0]).iter("{http://www.w3.org/2000/svg}path")
    assert "#ffffff" in first.get("style")
    assert re.match(r"M 0\.?0* ", first.get("d"))


@functools.cache
def contrast_with_white(colour):
    channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 1.05 / (np.dot([0.2126, 0.7152, 0.0722], linear) + 0.05)


@every_demo
def test_the_still_picture_is_small_and_alike_on_every_run(make, demo):
    fresh = make()
    assert still(fresh) == still(demo)
    fresh.close()
    html, words = still(demo)
    assert words.endswith(demo.alt)
    assert len(html.encode()) < 60_000
    assert re.fullmatch(r'<img src="data:image/svg\+xml;base64,[\w+/=]+" alt="[^"]+">', html)


def still(demo):
    """Return what a viewer without a kernel shows, and says."""
    bundle = demo._repr_mimebundle_()
    return [bundle["text/html"], bundle["text/plain"]]


# What each demo shows in another process, the last one first, and by how many bytes 60 redraws make
# it grow.
ELSEWHERE = """
import json, sys
from importlib import import_module
from proof._demos import movable, size

def redraw(demo, times):
    controls = movable(demo)
    for i in range(times):
        control = controls[i % len(controls)]
        control.value = control.positions[i * 37 % len(control.positions)]

found = {}
for module, name in json.loads(sys.argv[1]):
    demo = getattr(import_module(module), name)()
    bundle = demo._repr_mimebundle_()
    redraw(demo, 30)
    before = size()
    redraw(demo, 60)
    found[f"{module}.{name}"] = [bundle["text/html"], bundle["text/plain"]], size() - before
    assert demo.error is None
    demo.close()
assert "matplotlib.pyplot" not in sys.modules  # so no figure can have stayed open
print(json.dumps(found))
"""


@functools.cache
def elsewhere():
    names = json.dumps([(make.__module__, make.__name__) for make in reversed(DEMOS)])
    done = subprocess.run(
        [sys.executable, "-c", ELSEWHERE, names],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


@every_demo
def test_the_still_picture_is_alike_in_another_process(make, demo):
    """Nothing of it may hang on a random salt, an address in memory, or what ran before."""
    assert elsewhere()[f"{make.__module__}.{make.__name__}"][0] == still(demo)


def test_demos_on_one_page_share_no_id(made):
    again = [make() for make in DEMOS]
    demos = [*map(made, DEMOS), *again]
    page = "".join(layer for demo in demos for layer in layers(demo))
    ids = re.findall(r'\bid="([^"]*)"', page)
    assert len(ids) > len(demos)
    assert len(set(ids)) == len(ids)
    for demo in again:
        demo.close()


@every_demo
def test_60_redraws_grow_the_process_by_less_than_2_mib(make):
    """A figure made anew on each redraw would cost 2 MiB each time."""
    assert elsewhere()[f"{make.__module__}.{make.__name__}"][1] < 2 * 2**20


def test_numbers_are_read_as_they_are_written():
    """The judge above must itself read both ways of writing a number."""
    assert numbers("a = −1.5, b = 1.125 × 10⁻⁷ and 3") == [-1.5, pytest.approx(1.125e-7), 3.0]
    assert math.isclose(contrast_with_white("#767676"), 4.54, abs_tol=0.01)
