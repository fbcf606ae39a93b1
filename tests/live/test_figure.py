"""The live figure: two layers that fit, share no name, and come out the same every time."""

import base64
import io
import re
import subprocess
import sys
import xml.etree.ElementTree as ET
import zlib

import matplotlib as mpl
import numpy as np
import pytest
from matplotlib.backends.backend_svg import RendererSVG
from matplotlib.font_manager import FontProperties

from nnmath.live import BLUE, LiveFigure, svg

SVG = "{http://www.w3.org/2000/svg}"
HREF = "{http://www.w3.org/1999/xlink}href"


def build(figure):
    left, right = figure.subplots(1, 2)
    left.set(xlim=(0, 1), ylim=(0, 1), xlabel="w₁", title="∂J/∂a")
    dots = left.plot([0.5], [0.5], "o", color=BLUE)[0]
    field = right.imshow(
        np.zeros((3, 2)), vmin=0, vmax=1, cmap="gray", interpolation="none", origin="lower",
        extent=(0, 2, 0, 3), aspect="auto",
    )  # fmt: skip
    words = right.text(1, 1, "−0.11920292", ha="center", zorder=9)
    return {"dots": dots, "field": field, "words": words}


@pytest.fixture
def live():
    figure = LiveFigure(build)
    figure.redraw("first")
    yield figure
    figure.close()


def layers(figure):
    return [ET.fromstring(layer) for layer in (figure.resting, figure.moving)]


def texts(tree):
    return ["".join(text.itertext()) for text in tree.iter(f"{SVG}text")]


def test_the_resting_layer_has_all_but_the_moving_artists(live):
    resting, moving = layers(live)
    assert {"w₁", "∂J/∂a"} <= set(texts(resting))
    assert texts(moving) == ["−0.11920292"]  # real text, and its digits are not rounded
    assert not list(resting.iter(f"{SVG}image"))
    assert len(list(moving.iter(f"{SVG}image"))) == 1
    assert len(list(moving.iter(f"{SVG}use"))) == 1
    assert live.artists["dots"].get_visible()


def test_a_redraw_moves_the_artist_and_nothing_else(live):
    resting, before = live.resting, live.moving
    old = next(layers(live)[1].iter(f"{SVG}use"))
    live.artists["dots"].set_data([0.75], [0.25])
    live.redraw("second")
    assert live.resting == resting
    new = next(layers(live)[1].iter(f"{SVG}use"))
    box = live.artists["dots"].axes.get_window_extent()
    assert float(new.get("x")) - float(old.get("x")) == pytest.approx(box.width / 4, abs=0.02)
    assert float(new.get("y")) - float(old.get("y")) == pytest.approx(box.height / 4, abs=0.02)
    live.artists["dots"].set_data([0.5], [0.5])
    live.redraw("first")
    assert live.moving == before


def test_the_layers_are_of_one_size_and_scale_with_the_page(live):
    for tree in layers(live):
        assert tree.get("viewBox") == "0 0 648 252"
        assert "width:100%" in tree.get("style")
        assert tree.get("width") is None


def test_one_layer_is_an_image_with_a_name_and_the_other_is_hidden(live):
    live.redraw('z = "2" & y < 1')
    resting, moving = layers(live)
    assert resting.get("aria-hidden") == "true"
    assert (moving.get("role"), moving.get("aria-label")) == ("img", 'z = "2" & y < 1')
    assert moving.get("aria-hidden") is None


def test_no_two_layers_of_a_page_share_an_id_and_every_use_finds_its_own(live):
    other = LiveFigure(build)
    other.redraw("first")
    seen = []
    for figure in (live, other):
        for layer in (figure.resting, figure.moving):
            ids = re.findall(r'\bid="([^"]*)"', layer)
            used = re.findall(r'href="#([^"]*)"|url\(#([^)]*)\)', layer)
            assert ids, "nothing to compare"
            assert {a or b for a, b in used} <= set(ids)
            seen += ids
    assert len(seen) == len(set(seen))
    other.close()


def test_nothing_styles_the_page_around_it(live):
    for layer in (live.resting, live.moving):
        assert "<style" not in layer
        assert "<metadata" not in layer


def test_the_still_is_the_two_layers_and_depends_on_no_other_figure(live):
    still = live.still("first")
    tree = ET.fromstring(still)
    resting, moving = layers(live)
    assert texts(tree) == texts(resting) + texts(moving)
    assert len(list(tree.iter())) == len(list(resting.iter())) + len(list(moving.iter())) - 1
    other = LiveFigure(build)
    assert other.still("first") == still
    other.close()


def test_the_static_picture_is_an_image_with_its_text(live):
    html = live.static_html('a "b" < c')
    assert html.startswith('<img src="data:image/svg+xml;base64,')
    assert html.endswith('alt="a &quot;b&quot; &lt; c">')
    data = re.search('base64,([^"]*)', html)[1]
    assert base64.b64decode(data).decode() == live.still('a "b" < c')


def test_the_learners_own_matplotlib_settings_change_nothing(live):
    still = live.still("first")
    with mpl.rc_context({"font.size": 30, "axes.facecolor": "black", "text.color": "white"}):
        other = LiveFigure(build)
        assert other.still("first") == still
        assert mpl.rcParams["font.size"] == 30
    other.close()


def test_coordinates_are_rounded_and_words_are_not():
    tidy = svg._tidy('<use x="-0.001234" y="10.5"/>\n<text x="1.23456">0.123456</text>', "m")
    assert tidy == '<use x="0.00" y="10.5"/><text x="1.23">0.123456</text>'


def test_a_path_is_written_in_hundredths_of_a_point():
    """From the data to the page by hand: x to the right and y down, from the upper left corner."""
    x, y = np.array([0.0, 0.123456, 2 / 3, 1.0, -1e-9]), np.array([0.25, 1 / 3, 0.0, 1.0, 0.5])

    def one_line(figure):
        axes = figure.add_axes((0, 0, 1, 1), xlim=(0, 1), ylim=(0, 1))
        return {"line": axes.plot(x, y)[0]}

    figure = LiveFigure(one_line, size=(5.0, 2.0))
    figure.redraw("a line")
    [path] = layers(figure)[1].iter(f"{SVG}path")
    numbers = re.findall(r"[-0-9.]+", path.get("d"))
    expected = np.round(np.column_stack([360 * x, 144 * (1 - y)]).ravel(), 2) + 0.0
    assert numbers == [f"{number:.2f}".rstrip("0").rstrip(".") for number in expected]
    figure.close()


def decode(png):
    """Read an 8-bit RGB PNG whose rows are not filtered, with zlib as the judge."""
    assert png[:8] == b"\x89PNG\r\n\x1a\n"
    at, chunks = 8, {}
    while at < len(png):
        size = int.from_bytes(png[at : at + 4])
        kind, data = png[at + 4 : at + 8], png[at + 8 : at + 8 + size]
        assert zlib.crc32(kind + data) == int.from_bytes(png[at + 8 + size : at + 12 + size])
        chunks[kind] = data
        at += 12 + size
    columns, rows = int.from_bytes(chunks[b"IHDR"][:4]), int.from_bytes(chunks[b"IHDR"][4:8])
    assert chunks[b"IHDR"][8:] == bytes([8, 2, 0, 0, 0])
    raw = np.frombuffer(zlib.decompress(chunks[b"IDAT"]), np.uint8).reshape(rows, 1 + 3 * columns)
    assert not raw[:, 0].any()
    return raw[:, 1:].reshape(rows, columns, 3)


@pytest.mark.parametrize("shape", [(1, 1), (3, 2), (48, 48), (200, 300)])
def test_png_holds_the_pixels(shape):
    pixels = np.random.RandomState(0).randint(0, 256, (*shape, 3)).astype(np.uint8)
    assert (decode(svg.png(pixels)) == pixels).all()


def test_png_is_read_alike_by_another_reader():
    pixels = np.random.RandomState(1).randint(0, 256, (5, 7, 3)).astype(np.uint8)
    image = pytest.importorskip("PIL.Image").open(io.BytesIO(svg.png(pixels)))
    assert (np.asarray(image) == pixels).all()


def test_png_lays_transparency_over_white():
    pixels = np.array([[[0, 100, 200, 255], [0, 100, 200, 0], [0, 100, 200, 51]]], np.uint8)
    assert decode(svg.png(pixels)).tolist() == [[[0, 100, 200], [255, 255, 255], [204, 224, 244]]]


def test_a_field_lies_right_way_up_over_its_axes(live):
    """The row of the largest x₂ is drawn at the top, and the image fills its axes."""
    values = np.arange(6).reshape(3, 2) / 5
    live.artists["field"].set_data(values)
    live.redraw("field")
    image = next(layers(live)[1].iter(f"{SVG}image"))
    pixels = decode(base64.b64decode(image.get(HREF).split(",")[1]))
    a, b, c, d, e, f = map(float, re.findall(r"-?[\d.]+", image.get("transform")))
    box = live.artists["field"].axes.get_window_extent()
    height = live.figure.get_figheight() * 72
    for row in range(3):
        for column in range(2):
            x, y = column + 0.5, row + 0.5  # the middle of a pixel, in the image and in the axes
            at = (a * x + c * y + e, b * x + d * y + f)
            value = values[np.clip(row, 0, 2), column]
            expected = (box.x0 + x / 2 * box.width, height - (box.y0 + y / 3 * box.height))
            assert at == pytest.approx(expected, abs=0.1)
            assert pixels[row, column, 0] == pytest.approx(255 * value, abs=1)


@pytest.mark.parametrize("origin", ["upper", "lower"])
def test_the_value_of_row_k_and_column_i_is_seen_at_i_and_k(origin):
    """As imshow promises without an extent, in the colour that the colour map gives it."""
    values = np.arange(6.0).reshape(3, 2) - 2
    look = {"interpolation": "none", "aspect": "auto", "cmap": "viridis", "vmin": -2, "vmax": 3}

    def one_image(figure):
        return {"image": figure.subplots().imshow(values, origin=origin, **look)}

    figure = LiveFigure(one_image)
    figure.redraw("image")
    [image] = layers(figure)[1].iter(f"{SVG}image")
    pixels = decode(base64.b64decode(image.get(HREF).split(",")[1]))
    a, b, c, d, e, f = map(float, re.findall(r"-?[\d.]+", image.get("transform")))
    height = figure.figure.get_figheight() * 72
    for (k, i), value in np.ndenumerate(values):
        x, y = i + 0.5, k + 0.5
        across, up = figure.artists["image"].axes.transData.transform((i, k))
        at = (a * x + c * y + e, b * x + d * y + f)
        assert at == pytest.approx((across, height - up), abs=0.1)
        colour = mpl.colormaps["viridis"]((value + 2) / 5, bytes=True)
        assert tuple(pixels[k, i]) == tuple(colour[: pixels.shape[2]])
    figure.artists["image"].set_visible(False)
    figure.redraw("nothing")
    assert not list(layers(figure)[1].iter(f"{SVG}image"))
    figure.close()


def test_what_is_drawn_after_markers_has_its_own_look():
    def two_lines(figure):
        axes = figure.subplots()
        return {
            "dots": axes.plot([0, 1], [0, 1], "o", color="#111111")[0],
            "line": axes.plot([0, 1], [1, 0], "-", color="#222222")[0],
        }

    figure = LiveFigure(two_lines)
    figure.redraw("both")
    moving = layers(figure)[1]
    dots = [use.get("style") for use in moving.iter(f"{SVG}use")]
    *_, line = moving.iter(f"{SVG}path")
    assert len(dots) == 2
    assert all("fill: #111111" in style for style in dots)
    assert "stroke: #222222" in line.get("style")
    figure.close()


@pytest.mark.parametrize("ha", ["left", "center", "right"])
@pytest.mark.parametrize("rotation", [0, 90])
def test_text_is_anchored_where_it_was_put(ha, rotation):
    """Another font is wider or narrower: the text must still be centred where it was."""

    def one_text(figure):
        text = figure.text(
            0.5, 0.5, "words", ha=ha, va="baseline", rotation=rotation, rotation_mode="anchor"
        )
        return {"text": text}

    figure = LiveFigure(one_text)
    figure.redraw("words")
    text = next(layers(figure)[1].iter(f"{SVG}text"))
    assert (float(text.get("x")), float(text.get("y"))) == pytest.approx((324, 126), abs=0.5)
    anchors = {"left": None, "center": "middle", "right": "end"}
    assert text.get("text-anchor") == anchors[ha]
    figure.close()


@pytest.mark.parametrize("ha", ["left", "center", "right"])
def test_a_number_that_changes_its_digits_stays_where_it_is(ha):
    places = {"0.417": set(), "−0.417": set()}

    def one_text(figure):
        return {"text": figure.text(0.5, 0.5, "", ha=ha, va="center")}

    figure = LiveFigure(one_text)
    for sign in ("", "−"):
        for number in ("0.417", "0.111", "0.080", "0.996"):
            figure.artists["text"].set_text(sign + number)
            figure.redraw(number)
            text = next(layers(figure)[1].iter(f"{SVG}text"))
            assert text.text == sign + number
            places[f"{sign}0.417"].add((text.get("x"), text.get("y")))
    assert [len(seen) for seen in places.values()] == [1, 1]
    figure.close()


@pytest.mark.parametrize("text", ["0.417", "−3.760 × 10⁸", "x₁ = 1", "111", "words"])
@pytest.mark.parametrize("size", [9, 10, 16])
def test_a_text_is_measured_in_its_own_size_and_only_its_digits_are_alike(text, size):
    prop = FontProperties(size=size)
    measured = svg._Renderer(100, 100, io.StringIO()).get_text_width_height_descent(
        text, prop, False
    )
    plain = RendererSVG(100, 100, io.StringIO()).get_text_width_height_descent(text, prop, False)
    assert measured == pytest.approx(plain, abs=0.03 * size)
    assert measured[0] == pytest.approx(plain[0], abs=0.01 * size)


def test_formulas_in_dollars_are_refused_with_the_way_out():
    def formula(figure):
        text = figure.text(0.5, 0.5, r"$\sigma(z)$")
        text.set_parse_math(True)
        return {"text": text}

    figure = LiveFigure(formula)
    with pytest.raises(ValueError, match=r"write the signs themselves"):
        figure.redraw("formula")


def test_an_enlarged_image_is_refused_with_the_way_out():
    def smooth(figure):
        return {"field": figure.subplots().imshow(np.zeros((3, 3)), interpolation="bilinear")}

    figure = LiveFigure(smooth)
    with pytest.raises(ValueError, match='interpolation="none"'):
        figure.redraw("field")


def test_close_lets_go_of_the_artists_and_keeps_the_layers():
    figure = LiveFigure(build)
    figure.redraw("first")
    before = figure.resting, figure.moving
    figure.close()
    assert not figure.artists
    assert not figure.figure.axes
    assert (figure.resting, figure.moving) == before


def test_pyplot_is_never_loaded():
    """pyplot keeps figures open, and mixes them up when callbacks run in another thread."""
    code = (
        "import sys, nnmath.live, nnmath.demos.sigmoid_bce as m; m.one_example(); m.batch(); "
        "sys.exit('matplotlib.pyplot' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_an_image_made_without_resampling_keeps_sharp_cells():
    def build(figure):
        left, right = figure.subplots(1, 2)
        look = {"interpolation": "none", "aspect": "auto"}
        return {
            "cells": left.imshow(np.eye(3), resample=False, **look),
            "field": right.imshow(np.eye(3), **look),
        }

    figure = LiveFigure(build)
    figure.redraw("two images")
    sharp, smooth = layers(figure)[1].iter(f"{SVG}image")
    assert sharp.get("style") == "image-rendering:pixelated"
    assert smooth.get("style") is None
    figure.close()


@pytest.mark.parametrize("va", ["baseline", "top", "center", "bottom", "center_baseline"])
@pytest.mark.parametrize("ha", ["left", "center", "right"])
@pytest.mark.parametrize(("rotation", "mode"), [(0, "default"), (90, "default"), (30, "anchor")])
@pytest.mark.parametrize("below", ["", "\n−12.5", "\n\n7"], ids=["one line", "two", "three"])
def test_a_text_drawn_again_stands_where_matplotlib_puts_it(ha, va, rotation, mode, below):
    """Moved, and with other digits: the short way gives the same bytes as the long one."""
    look = {"ha": ha, "va": va, "rotation": rotation, "rotation_mode": mode, "fontsize": 11}

    def one_text(figure):
        axes = figure.subplots()
        return {"text": axes.text(0.123, 0.456, f"−0.417 at x₁{below}", **look)}

    figure = LiveFigure(one_text)
    figure.redraw("first")
    text = f"−0.826 at x₁{below}".replace("7", "4")
    figure.artists["text"].set(position=(0.777, 0.345), text=text, color=BLUE, alpha=0.5)
    figure.redraw("again")
    again = figure.moving
    svg._PLACES.clear()
    figure.redraw("again")
    assert figure.moving == again
    figure.artists["text"].set_visible(False)
    figure.redraw("hidden")
    assert texts(layers(figure)[1]) == []
    figure.close()
