"""A figure of which only the moving parts are drawn again.

Most of a picture (axes, ticks, labels) stays the same while a slider moves. It is drawn once.
The artists that move are drawn alone, into a second, transparent picture that lies over the
first. That takes a few milliseconds, stays sharp at any size, and nothing flickers.
"""

from __future__ import annotations

import base64
import functools
import itertools
from collections.abc import Callable, Mapping

import matplotlib.style
from matplotlib.artist import Artist
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from nnmath.live import svg

# Okabe and Ito's colours: told apart with any kind of colour vision. Orange is a little darker than
# theirs, so that a line of it has a contrast of 3 on white. Each loss, class or curve
# also has its own line style, marker or label.
BLACK, BLUE, VERMILLION, GREEN = "#000000", "#0072B2", "#D55E00", "#009E73"
ORANGE, SKY, PURPLE, GREY = "#C58600", "#56B4E9", "#CC79A7", "#767676"

STYLE = {
    "font.size": 10,
    "axes.titlesize": 10.5,
    "axes.labelsize": 10,
    "xtick.labelsize": 9,
    "ytick.labelsize": 9,
    "legend.fontsize": 9,
    "legend.frameon": False,
    "axes.titlelocation": "left",
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.edgecolor": "#555555",
    "xtick.color": "#555555",
    "ytick.color": "#555555",
    "xtick.labelcolor": "black",
    "ytick.labelcolor": "black",
    "axes.formatter.use_mathtext": False,
    "axes.formatter.useoffset": False,
    "text.parse_math": False,
    "lines.linewidth": 2,
    "path.simplify": False,
}

Artists = Mapping[str, Artist]
Box = tuple[float, float, float, float]  # left, top, width, height, as a viewBox has them

_numbers = itertools.count()


class LiveFigure:
    """A matplotlib figure in two layers: what stays, drawn once, and what moves, drawn often.

    `artists` holds the moving artists by name: set their data, then call `redraw`. `resting` and
    `moving` are the two layers, each a whole `<svg>` of one size, to be laid one over the other.
    `size` is that width and height in points, the units of their viewBox.

    Args:
        build: `build(figure)` makes the axes and everything on them, and returns the moving
            artists by name. They are drawn over all the rest, the lowest `zorder` first. Whatever
            must lie over a moving artist (points over a coloured field) is declared as moving too;
            so is `axes.xaxis` where the ticks change.
        size: width and height in inches.
    """

    def __init__(
        self,
        build: Callable[[Figure], Artists],
        size: tuple[float, float] = (9.0, 3.5),
    ) -> None:
        with matplotlib.style.context(["default", STYLE]):
            self.figure = Figure(figsize=size, dpi=72)
            self.artists: Artists = dict(build(self.figure))
        self.size = (72 * size[0], 72 * size[1])
        self._name = f"nn{next(_numbers)}"  # two live figures of one page share no id
        self._resting = self._draw_resting(f"{self._name}r")
        self.resting, self.moving = svg.document(self._resting, self.size), ""

    def _draw_resting(self, prefix: str) -> str:
        shown = {name: artist.get_visible() for name, artist in self.artists.items()}
        for artist in self.artists.values():
            artist.set_visible(False)
        try:
            # Ticks are made as they are first drawn, so the style must hold here too.
            with matplotlib.style.context(["default", STYLE]):
                return svg.drawing([self.figure], self.size, prefix)
        finally:
            for name, artist in self.artists.items():
                artist.set_visible(shown[name])

    def _draw_moving(self, prefix: str) -> str:
        ordered = sorted(self.artists.values(), key=lambda artist: artist.get_zorder())
        return svg.drawing(ordered, self.size, prefix)

    def redraw(self, alt: str) -> None:
        """Draw the moving artists as they are now; `alt` says in words what the picture shows."""
        moving = self._draw_moving(f"{self._name}m")
        self.moving = svg.document(moving, self.size, label=alt)

    @functools.cached_property
    def panels(self) -> tuple[Box, ...]:
        """The parts of the picture that can stand below each other where it is too wide.

        Each is (left, top, width, height) in points from the upper left corner, as a viewBox has
        it: show the same two layers once for each, through its viewBox. The panels are strips from
        the top to the bottom. They go from left to right, share no area, and together they are the
        whole picture. Axes lie in one strip with all that is written beside them, and so do axes
        that stand one above the other.
        """
        with matplotlib.style.context(["default", STYLE]):
            renderer = FigureCanvasAgg(self.figure).get_renderer()
            spans = [axes.get_tightbbox(renderer) for axes in self.figure.axes]
        columns: list[list[float]] = []
        for left, right in sorted((float(span.x0), float(span.x1)) for span in spans if span):
            if columns and left < columns[-1][1]:
                columns[-1][1] = max(right, columns[-1][1])
            else:
                columns.append([left, right])
        width, height = self.size
        # Nearer to the left one: the numbers beside an axis grow to the left when they change.
        cuts = [0.75 * one[1] + 0.25 * other[0] for one, other in itertools.pairwise(columns)]
        edges = [0.0, *(round(cut, 1) for cut in cuts), width]
        return tuple(
            (left, 0.0, round(right - left, 1), height) for left, right in itertools.pairwise(edges)
        )

    def still(self, alt: str) -> str:
        """Return both layers, as they are now, as one SVG file; equal pictures, equal bytes."""
        resting = self._resting  # drawn once, for it takes the most time; its ids lose their number
        for mark in '"#':
            resting = resting.replace(f"{mark}{self._name}r", f"{mark}r")
        body = resting + self._draw_moving("m")
        return svg.document(body, self.size, label=alt, live=False)

    def static_html(self, alt: str) -> str:
        """Return an `<img>` of the picture as it is now, for a viewer without a kernel."""
        data = base64.b64encode(self.still(alt).encode("utf-8")).decode("ascii")
        return f'<img src="data:image/svg+xml;base64,{data}" alt="{svg.quoted(alt)}">'

    def close(self) -> None:
        """Let the memory of the figure go; the two layers stay as they are."""
        self.figure.clear()
        self.artists = {}
