"""Turn matplotlib artists into small SVG text that is the same on every run.

matplotlib's own SVG file is made for a file: it sets a style for the whole page it is put in,
names its groups alike in every figure, writes the date, and packs images with whatever zlib is
at hand. Here the same drawing calls are written for a page that holds many figures.
"""

from __future__ import annotations

import base64
import functools
import io
import re
import struct
import zlib
from collections.abc import Iterable
from typing import Any
from xml.sax.saxutils import escape

import numpy as np
from matplotlib import _path
from matplotlib.artist import Artist
from matplotlib.backends.backend_svg import RendererSVG
from matplotlib.colors import to_hex
from matplotlib.font_manager import FontProperties
from matplotlib.image import AxesImage
from matplotlib.text import Text
from matplotlib.textpath import text_to_path

# DejaVu Sans is what matplotlib measures; Verdana is its twin in width where it is not installed.
FONTS = "DejaVu Sans, Bitstream Vera Sans, Verdana, Arial, sans-serif"

_ANCHOR = {"left": ("start", 0.0), "center": ("middle", 0.5), "right": ("end", 1.0)}
_WEIGHT: dict[int | str, int] = {"bold": 700, "semibold": 600, "heavy": 800, "light": 300}
# What matplotlib writes around the drawing; its style rule would reach the whole page.
_WRAPPING = re.compile(
    r"^.*?<svg[^>]*>|<metadata>.*?</metadata>|<defs>\s*<style.*?</defs>|</svg>", re.S
)
# A long number, or what is not to be rounded: a path, the words of a text, a matrix, an image.
_LONG_NUMBER = re.compile(
    r"-[0-9]+\.[0-9]{3,}|[0-9]+\.[0-9]{3,}| d=\"[^\"]*|>[^<]+|matrix[^)]*|base64[^\"]*"
)
# The sign of a zero is a rounding error of one machine.
_NO_SIGN = re.compile(r"-0(?![0-9.])")

# Digits are equally wide. Measured as zeros, a number that changes stays where it is, at no cost.
_DIGITS = str.maketrans("123456789", "000000000")


@functools.lru_cache(maxsize=4096)
def _measured(text: str, prop: FontProperties) -> tuple[float, float, float]:
    """Return width, height and descent. Most of the time of a text goes into measuring it."""
    return text_to_path.get_text_width_height_descent(text, prop, False)


# How far from its own point each line of a kind of text is written, and its anchor. matplotlib
# works it out anew for each drawing, and that would be most of the time of a picture of numbers.
_PLACES: dict[tuple[Any, ...], list[tuple[float, float, str]]] = {}


def _kind(text: Text) -> tuple[Any, ...]:
    """Return all that decides where a text is written, apart from its point."""
    shape, font = text.get_text().translate(_DIGITS), hash(text.get_fontproperties())
    turned = (text.get_rotation(), text.get_rotation_mode())
    sides = (text.get_horizontalalignment(), text.get_verticalalignment())
    # The distance of the lines moves even a single line that is centred.
    return shape, font, *sides, getattr(text, "_linespacing", None), *turned


class _Renderer(RendererSVG):
    """The SVG renderer of matplotlib, with real text and portable images."""

    point: tuple[float, float] | None = None  # of the text that matplotlib is drawing
    look: str | None = None  # of the markers that it is drawing

    def open_group(self, s: str, gid: str | None = None) -> None:
        """Open no group: its id would be the same in every figure of the page."""

    def close_group(self, s: str) -> None:
        """Close no group, since none was opened."""

    def get_text_width_height_descent(
        self, s: str, prop: Any, ismath: Any
    ) -> tuple[float, float, float]:
        """Measure a text; most of them are numbers that change, so only their shape counts."""
        if ismath:
            return super().get_text_width_height_descent(s, prop, ismath)
        return _measured(s.translate(_DIGITS), prop.copy())

    def draw_text(
        self,
        gc: Any,
        x: float,
        y: float,
        s: str,
        prop: Any,
        angle: float,
        ismath: Any = False,
        mtext: Any = None,
    ) -> None:
        """Write text as text, anchored as it is aligned, so that another font does not shift it."""
        if ismath:
            raise ValueError(
                f"a live figure was asked to draw the formula {s!r}. It draws plain text only: "
                "write the signs themselves, such as ∂J/∂a, w₁ or 10⁻², without $."
            )
        anchor, share = _ANCHOR[mtext.get_ha() if mtext is not None else "left"]
        width, _, _ = self.get_text_width_height_descent(s, prop, False)
        turn = np.deg2rad(angle)
        x, y = x + share * width * np.cos(turn), y - share * width * np.sin(turn)
        if self.point is not None:
            across, up = self.point
            place = round(x - across, 6), round(y - up, 6), anchor
            self.places.append(place)
            x, y = across + place[0], up + place[1]
        self._write(s, (x, y), anchor, prop, angle, gc.get_rgb(), gc.get_alpha())

    def draw_text_artist(self, text: Text) -> None:
        """Write a text where matplotlib would; for a kind seen before, without asking it."""
        lines = text.get_text().split("\n")
        plain = not (text.get_path_effects() or text.get_bbox_patch() or "$" in text.get_text())
        if not (plain and text.get_visible() and text.get_text()):
            text.draw(self)
            return
        kind = _kind(text)
        x, y = text.get_transform().transform(text.get_unitless_position())
        self.point = across, up = float(x), float(self.height - y)
        if kind not in _PLACES:
            if len(_PLACES) > 4096:
                _PLACES.clear()
            self.places: list[tuple[float, float, str]] = []
            text.draw(self)
            if len(self.places) == len(lines):
                _PLACES[kind] = self.places
        elif np.isfinite(across) and np.isfinite(up):
            look = (
                text.get_fontproperties(),
                text.get_rotation(),
                text.get_color(),
                text.get_alpha(),
            )
            for line, (right, down, anchor) in zip(lines, _PLACES[kind], strict=True):
                self._write(line, (across + right, up + down), anchor, *look)
        self.point = None

    def _write(
        self,
        s: str,
        at: tuple[float, float],
        anchor: str,
        prop: FontProperties,
        angle: float,
        color: Any,
        alpha: float | None,
    ) -> None:
        x, y = (round(value, 6) for value in at)  # so that both ways give the same hundredth
        weight = _WEIGHT.get(prop.get_weight(), prop.get_weight())
        marks = {
            "x": f"{x:.2f}",
            "y": f"{y:.2f}",
            "font-size": f"{prop.get_size():g}",
            "fill": to_hex(color),
            "text-anchor": anchor if anchor != "start" else None,
            "font-weight": weight if weight not in ("normal", "regular", 400) else None,
            "font-style": prop.get_style() if prop.get_style() != "normal" else None,
            "opacity": f"{alpha:g}" if alpha not in (None, 1) else None,
            "transform": f"rotate({-angle:g} {x:.2f} {y:.2f})" if angle else None,
        }
        written = {name: str(value) for name, value in marks.items() if value is not None}
        self.writer.element("text", s, attrib=written)

    def _convert_path(
        self,
        path: Any,
        transform: Any = None,
        clip: Any = None,
        simplify: Any = None,
        sketch: Any = None,
    ) -> str:
        """Return a path as text; in hundredths, where matplotlib writes millionths."""
        window = (0.0, 0.0, self.width, self.height) if clip else None
        letters = [b"M", b"L", b"Q", b"C", b"z"]
        write: Any = _path.convert_to_string  # type: ignore[attr-defined]
        text = write(path, transform, window, simplify, sketch, 2, letters, False)
        return _NO_SIGN.sub("0", text.decode("ascii"))

    def draw_markers(
        self, gc: Any, marker: Any, turned: Any, path: Any, placed: Any, face: Any = None
    ) -> None:
        """Draw the markers of a line. They look alike, and matplotlib asks how for each of them."""
        self.look = self._get_style(gc, face)
        super().draw_markers(gc, marker, turned, path, placed, face)
        self.look = None

    def _get_style(self, gc: Any, face: Any) -> str:
        return self.look if self.look is not None else str(super()._get_style(gc, face))

    def draw_image(self, *_arguments: Any) -> None:
        """Refuse what is no image of an axes, or is one that matplotlib would enlarge."""
        raise ValueError(
            "a live figure was asked to draw an image that matplotlib had already enlarged. "
            'Make it with axes.imshow(..., interpolation="none").'
        )

    def draw_image_artist(self, image: AxesImage) -> None:
        """Write an image as a small PNG that the browser enlarges, smoothly or cell by cell.

        It is not clipped: give it the extent of its axes, and `interpolation="none"`, so that its
        few pixels go out as they are. Where they lie is worked out here: matplotlib would spend
        three times as long on what an image that is cut off or resampled needs.
        """
        if image.get_interpolation() != "none":
            image.draw(self)
            return
        values = image.get_array()
        if not image.get_visible() or values is None:
            return
        rows, columns = values.shape[:2]
        left, right, bottom, top = image.get_extent()
        first, last = (top, bottom) if image.origin == "upper" else (bottom, top)
        corners = image.get_transform().transform([(left, first), (right, first), (left, last)])
        (x, y), across, down = corners[0], corners[1] - corners[0], corners[2] - corners[0]
        matrix = (*across / columns, *down / rows, x, self.height - y)
        signs = (1, -1, 1, -1, 1, 1)  # downwards is positive on a page
        numbers = (f"{sign * value:.5f}" for sign, value in zip(signs, matrix, strict=True))
        pixels = image.to_rgba(values, bytes=True, norm=values.ndim == 2)
        data = base64.b64encode(png(pixels)).decode("ascii")
        self.writer.element(
            "image",
            attrib={
                "width": str(columns),
                "height": str(rows),
                "preserveAspectRatio": "none",
                "transform": f"matrix({' '.join(numbers)})",
                **({"style": "image-rendering:pixelated"} if not image.get_resample() else {}),
                "xlink:href": f"data:image/png;base64,{data}",
            },
        )


def drawing(artists: Iterable[Artist], size: tuple[float, float], prefix: str) -> str:
    """Return the SVG elements of the artists, without the `<svg>` around them.

    Args:
        artists: what to draw, the lowest first; the dpi of their figure is 72. An image among
            them that was made with `resample=False` keeps its pixels as cells with sharp edges.
        size: width and height of the figure in points.
        prefix: begins every id, so that two drawings on one page never share one.
    """
    out = io.StringIO()
    renderer = _Renderer(*size, out)
    for artist in artists:
        if type(artist) is Text:
            renderer.draw_text_artist(artist)
        elif type(artist) is AxesImage:
            renderer.draw_image_artist(artist)
        else:
            artist.draw(renderer)
    renderer.finalize()
    return _tidy(out.getvalue(), prefix)


def _tidy(text: str, prefix: str) -> str:
    """Keep the drawing only, number the ids, and round to a hundredth of a point.

    Rounding makes the text short, and alike on machines that differ in the last digit.
    """
    text = _WRAPPING.sub("", text)
    for n, name in enumerate(dict.fromkeys(re.findall(' id="([^"]+)"', text))):
        for before, after in ((' id="', '"'), ('"#', '"'), ("(#", ")")):
            text = text.replace(f"{before}{name}{after}", f"{before}{prefix}{n}{after}")
    text = " ".join(map(str.strip, text.splitlines())).replace("> <", "><")
    return _LONG_NUMBER.sub(_rounded, text).strip()


def _rounded(match: re.Match) -> str:
    found = match[0]
    if found[0] not in "-0123456789":
        return found
    short = f"{float(found):.2f}"
    return "0.00" if short == "-0.00" else short


def document(body: str, size: tuple[float, float], *, label: str = "", live: bool = True) -> str:
    """Return a whole `<svg>`: an image with a name if `label` is given, else hidden from readers.

    Args:
        body: what `drawing` returned.
        size: width and height in points.
        label: the text alternative.
        live: True for a page, where it takes the width it finds; False for a file of fixed size.
    """
    width, height = size
    role = f'role="img" aria-label="{quoted(label)}"' if label else 'aria-hidden="true"'
    room = (
        'style="display:block;width:100%;height:auto"'
        if live
        else f'width="{width * 4 / 3:g}" height="{height * 4 / 3:g}"'
    )
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" '
        f'viewBox="0 0 {width:g} {height:g}" {room} {role} font-family="{FONTS}" '
        f'stroke-linejoin="round">{body}</svg>'
    )


def quoted(text: str) -> str:
    """Return the text as it is written between the quotes of an attribute."""
    return escape(text, {'"': "&quot;", "\n": " "})


def png(image: np.ndarray) -> bytes:
    """Return an 8-bit (rows, columns, 3 or 4) image as a PNG without compression.

    In principle any PNG writer would do; written here because compressed bytes differ from one
    zlib to the next, and the stored pictures must not. Transparency is laid over white.
    """
    pixels = np.asarray(image)
    if pixels.shape[2] == 4:
        alpha = pixels[..., 3:].astype(float) / 255
        pixels = np.rint(255 + (pixels[..., :3].astype(float) - 255) * alpha).astype(np.uint8)
    rows, columns = pixels.shape[:2]
    raw = b"".join(b"\0" + row.tobytes() for row in pixels)
    blocks = [raw[i : i + 65535] for i in range(0, len(raw), 65535)]
    stored = b"".join(
        struct.pack("<BHH", block is blocks[-1], len(block), len(block) ^ 0xFFFF) + block
        for block in blocks
    )
    packed = b"\x78\x01" + stored + struct.pack(">I", zlib.adler32(raw))

    def chunk(kind: bytes, data: bytes) -> bytes:
        check = zlib.crc32(kind + data)
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", check)

    header = struct.pack(">IIBBBBB", columns, rows, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", packed) + chunk(b"IEND", b"")
    )
