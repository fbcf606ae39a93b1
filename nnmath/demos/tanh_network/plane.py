"""The flower in the plane, and how its areas, points and lines are painted."""

from __future__ import annotations

import functools
import itertools
from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np
from contourpy import contour_generator
from matplotlib.figure import Figure
from matplotlib.patches import PathPatch
from matplotlib.path import Path

import nnmath as nn
from nnmath.live import (
    BLACK,
    BLUE,
    VERMILLION,
)

State = Mapping[str, Any]
Array = np.ndarray
Artists = Mapping[str, Any]

INK = "#A64500"  # the vermillion that is dark enough for text
LEAF = "#00694D"  # the green that is
PALE = "#666666"

# The flower, and how the plane is painted -------------------------------------------------------

PLANE = 4.6  # the plane is shown from −PLANE to PLANE
GRID = np.linspace(-PLANE, PLANE, 61)
ACROSS, UP = np.meshgrid(GRID, GRID)
PLACES = np.vstack([ACROSS.ravel(), UP.ravel()])
UNSEEN = 0.006  # a tenth of a point of the picture
SPECK = 0.2  # smaller areas are chance hits of the grid on a narrow ridge
SURE = float(np.log(9.0))  # the logit of a probability of 0.9
# What is said of each band of logits: a colour, and how much of it lies over the points.
BANDS = (
    (-np.inf, -SURE, VERMILLION, 0.3),
    (-SURE, 0.0, VERMILLION, 0.13),
    (0.0, SURE, BLUE, 0.13),
    (SURE, np.inf, BLUE, 0.3),
)


@functools.cache
def flower() -> tuple[Array, Array]:
    """Return the 400 points of the notebook, X and Y."""
    return nn.data.planar_flower()


def dots(points: Array) -> Path:
    """Return a path with a spot at each point: lines of no length, drawn with thick round ends.

    Hundreds of markers are long to write; a spot of this kind is two short numbers, twice.
    """
    return segments(points.T, points.T)


def segments(starts: Array, ends: Array) -> Path:
    """Return one path of many separate lines, from each start to its end; both are (n, 2)."""
    both = np.stack([starts, ends], axis=1).reshape(-1, 2)
    path = Path(both, np.tile([Path.MOVETO, Path.LINETO], len(starts)).astype(Path.code_type))
    path.should_simplify = False  # matplotlib would leave out lines of no length
    return path


def _spots(axes: Any, points: Array, colour: str, size: float, square: bool, **look: Any) -> Any:
    """Add spots to the axes, round or square ones, and return them."""
    style = {"edgecolor": colour, "linewidth": size, "facecolor": "none", **look}
    style["capstyle"] = "projecting" if square else "round"
    return axes.add_patch(PathPatch(dots(points), **style))


def show_points(axes: Any, X: Array, Y: Array, size: float) -> list[Any]:
    """Draw all points: a round orange spot where y is 0, a square blue one where it is 1."""
    answer = Y[0] == 1
    return [
        _spots(axes, X[:, ~answer], "#C04F00", size, square=False),
        _spots(axes, X[:, answer], BLUE, size - 0.6, square=True),
    ]


def painted_areas(axes: Any, name: str) -> dict[str, Any]:
    """Return the moving artists that paint what a network answers: four tints and a line."""
    empty = Path([(0.0, 0.0)])
    artists: dict[str, Any] = {}
    for k, (_, _, colour, alpha) in enumerate(BANDS):
        look: dict[str, Any] = {"facecolor": colour, "alpha": alpha, "edgecolor": "none"}
        artists[f"{name} {k}"] = axes.add_patch(PathPatch(empty, zorder=1, **look))
    line = PathPatch(empty, fill=False, edgecolor=BLACK, linewidth=2, zorder=2)
    artists[f"{name} line"] = axes.add_patch(line)
    return artists


def areas_of(logits: Array) -> list[Path]:
    """Return the area of each band, and the line of even odds, of logits over the grid."""
    heights = contour_generator(GRID, GRID, logits.reshape(ACROSS.shape))
    found = []
    for low, high, _, _ in BANDS:
        areas = zip(*heights.filled(low, high), strict=True)
        rings = [points[i:j] for points, at in areas for i, j in itertools.pairwise(at)]
        found.append(_outlines(rings, closed=True))
    return [*found, _outlines(heights.lines(0.0), closed=False)]


def paint(artists: Artists, name: str, areas: list[Path]) -> None:
    """Paint the plane with what `areas_of` returned."""
    *bands, line = areas
    for k, band in enumerate(bands):
        artists[f"{name} {k}"].set_path(band)
    artists[f"{name} line"].set_path(line)


def _outlines(lines: Iterable[Any], *, closed: bool) -> Path:
    """Return many lines as one path; the last point of a closed one is its first."""
    large = [np.asarray(line) for line in lines if np.ptp(line, axis=0).max() > SPECK]
    if not large:
        return Path(np.empty((0, 2)))
    points, line = _thinned(
        np.concatenate(large), np.repeat(range(len(large)), list(map(len, large)))
    )
    codes = np.full(len(points), Path.LINETO, dtype=Path.code_type)
    codes[np.append(True, line[1:] != line[:-1])] = Path.MOVETO
    if closed:
        codes[np.append(line[1:] != line[:-1], True)] = Path.CLOSEPOLY
    return Path(points, codes)


def _thinned(points: Array, line: Array) -> tuple[Array, Array]:
    """Leave out points that lie on the way between their neighbours, as far as an eye can tell.

    `line` numbers the line that each point is on; its two ends stay.
    """
    for _ in range(5):
        before, at, after = points[:-2:2], points[1:-1:2], points[2::2]
        along, off = after - before, at - before
        aside = np.abs(along[:, 0] * off[:, 1] - along[:, 1] * off[:, 0])
        end = line[:-2:2] != line[2::2]
        keep = np.ones(len(points), dtype=bool)
        keep[1:-1:2] = end | (aside > UNSEEN * np.hypot(along[:, 0], along[:, 1]))
        points, line = points[keep], line[keep]
    return points, line


def boxes_path(boxes: Iterable[tuple[float, float, float, float]]) -> Path:
    """Return many boxes (left, bottom, width, height) as one path."""
    rings = [[(x, y), (x + w, y), (x + w, y + h), (x, y + h), (x, y)] for x, y, w, h in boxes]
    ends = 5 * np.arange(len(rings))
    codes = np.full(5 * len(rings), Path.LINETO, dtype=Path.code_type)
    codes[ends], codes[ends + 4] = Path.MOVETO, Path.CLOSEPOLY
    return Path(np.array(rings).reshape(-1, 2), codes)


def plane_axes(figure: Figure, place: tuple[float, float, float, float], title: str = "") -> Any:
    """Return axes that show the plane from −PLANE to PLANE, with a tick at each even number."""
    axes = figure.add_axes(place)
    axes.set(title=title, xlim=(-PLANE, PLANE), ylim=(-PLANE, PLANE))
    axes.set_xticks([-4, -2, 0, 2, 4], ["−4", "−2", "0", "2", "4"])
    axes.set_yticks([-4, -2, 0, 2, 4], ["−4", "−2", "0", "2", "4"])
    return axes


def share_right(net: nn.Network, X: Array, Y: Array) -> float:
    """Return the share of the points that the network puts on their own side of one half."""
    return float(np.mean((nn.forward(net, X).Z[net.L] > 0) == Y))


@functools.cache
def run(hidden: int = 4) -> nn.History:
    """Return the training run of the notebook: so many tanh units, 1000 steps on the flower."""
    start = nn.init([2, hidden, 1], [nn.tanh, nn.sigmoid], np.random.RandomState(1))
    return nn.train(start, *flower(), nn.bce, lr=1.0, steps=1000, every=10)
