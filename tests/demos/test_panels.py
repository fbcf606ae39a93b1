"""The panels of every picture: what a narrow page shows below each other loses nothing."""

import itertools
import re
import xml.etree.ElementTree as ET

import pytest
from matplotlib.font_manager import FontProperties
from matplotlib.textpath import text_to_path

from nnmath.live import Choice, LiveFigure, Slider
from proof._demos import every_demo

DEMOS = every_demo()
every = pytest.mark.parametrize("make", DEMOS.values(), ids=DEMOS)
SVG = "{http://www.w3.org/2000/svg}"
SHARE = {None: 0.0, "middle": 0.5, "end": 1.0}


def spans(layer):
    """Yield where each word and mark of a layer begins and ends, from left to right, and itself."""
    tree = ET.fromstring(layer)
    kept = {id(node) for defs in tree.iter(f"{SVG}defs") for node in defs.iter()}
    for node in tree.iter():
        if id(node) in kept:
            continue
        if node.tag == f"{SVG}text" and not node.get("transform"):
            words = "".join(node.itertext())
            font = FontProperties(size=float(node.get("font-size")))
            font.set_weight(int(node.get("font-weight", 400)))
            width = text_to_path.get_text_width_height_descent(words, font, False)[0]
            left = float(node.get("x")) - SHARE[node.get("text-anchor")] * width
            yield left, left + width, words
        elif node.tag in (f"{SVG}text", f"{SVG}use"):
            yield float(node.get("x")), float(node.get("x")), node.tag
        elif node.tag == f"{SVG}image":
            across, _, _, _, left, _ = map(float, re.findall(r"-?[\d.]+", node.get("transform")))
            yield left, left + across * float(node.get("width")), "image"
        elif node.tag == f"{SVG}path" and node.get("d"):
            xs = [float(x) for x in re.findall(r"(-?[\d.]+) -?[\d.]+", node.get("d"))]
            if xs and not node.get("clip-path"):
                yield min(xs), max(xs), node.get("d")[:60]


def torn(figure, layer):
    """Return what lies in no panel as a whole. The white paper below everything may be cut."""
    strips = [(left, left + width) for left, _, width, _ in figure.panels]
    paper = (0, figure.size[0])
    return [
        what
        for low, high, what in spans(layer)
        if (low, high) != paper
        and low < figure.size[0]
        and high > 0
        and not any(left - 1 <= low and high <= right + 1 for left, right in strips)
    ]


@every
def test_panels_share_nothing_and_are_the_whole_picture(make, at_rest):
    figure = at_rest(make).figure
    width, height = figure.size
    assert figure.panels[0][0] == 0
    for (left, _, wide, _), (following, *_) in itertools.pairwise(figure.panels):
        assert left + wide == pytest.approx(following, abs=1e-9)
    assert sum(wide for _, _, wide, _ in figure.panels) == pytest.approx(width, abs=1e-9)
    assert {(top, high) for _, top, _, high in figure.panels} == {(0.0, height)}
    assert all(wide > 0 for _, _, wide, _ in figure.panels)


@every
def test_no_word_and_no_mark_is_cut_in_two(make, at_rest):
    demo = at_rest(make)
    assert torn(demo.figure, demo.seen.resting) == []
    assert torn(demo.figure, demo.seen.moving) == []
    for control in demo.controls.values():
        if isinstance(control, Slider | Choice):
            for value in (control.positions[0], control.positions[-1]):
                control.value = value
                assert torn(demo.figure, demo.seen.moving) == []
            control.reset()


def test_words_over_a_cut_are_seen_by_their_judge():
    def build(figure):
        figure.subplots(1, 2)
        return {"text": figure.text(0.5, 0.5, "over both", ha="center")}

    figure = LiveFigure(build)
    figure.redraw("both")
    assert len(figure.panels) == 2
    assert torn(figure, figure.resting) == []
    assert torn(figure, figure.moving) == ["over both"]
    figure.close()


def test_axes_one_above_the_other_are_one_panel():
    def build(figure):
        figure.subplots(2, 2)
        return {}

    figure = LiveFigure(build, size=(10.0, 4.0))
    assert [(top, height) for _, top, _, height in figure.panels] == [(0.0, 288.0)] * 2
    figure.close()
