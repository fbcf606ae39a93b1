"""The demos of notebook 05: two inputs, one hidden layer, one sigmoid, and a flower in the plane.

    scrub      a training run, moved through by hand or played: boundary, cost, hidden units
    race       tanh, ReLU and sigmoid units trained on the same few points, and held-out ones
    anatomy    one point: its numbers on the way forward, and the gradient that it alone asks for

All networks are trained when they are first asked for, with the course's own gradient descent.
"""

from __future__ import annotations

import functools
import itertools
from collections.abc import Iterable, Iterator, Mapping
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
    GREEN,
    VERMILLION,
    Button,
    Choice,
    Demo,
    LiveFigure,
    Play,
    Slider,
    fixed,
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


def _dots(points: Array) -> Path:
    """Return a path with a spot at each point: lines of no length, drawn with thick round ends.

    Hundreds of markers are long to write; a spot of this kind is two short numbers, twice.
    """
    return _segments(points.T, points.T)


def _segments(starts: Array, ends: Array) -> Path:
    """Return one path of many separate lines, from each start to its end; both are (n, 2)."""
    both = np.stack([starts, ends], axis=1).reshape(-1, 2)
    path = Path(both, np.tile([Path.MOVETO, Path.LINETO], len(starts)).astype(Path.code_type))
    path.should_simplify = False  # matplotlib would leave out lines of no length
    return path


def _spots(axes: Any, points: Array, colour: str, size: float, square: bool, **look: Any) -> Any:
    """Add spots to the axes, round or square ones, and return them."""
    style = {"edgecolor": colour, "linewidth": size, "facecolor": "none", **look}
    style["capstyle"] = "projecting" if square else "round"
    return axes.add_patch(PathPatch(_dots(points), **style))


def _show_points(axes: Any, X: Array, Y: Array, size: float) -> list[Any]:
    """Draw all points: a round orange spot where y is 0, a square blue one where it is 1."""
    answer = Y[0] == 1
    return [
        _spots(axes, X[:, ~answer], "#C04F00", size, square=False),
        _spots(axes, X[:, answer], BLUE, size - 0.6, square=True),
    ]


def _painted(axes: Any, name: str) -> dict[str, Any]:
    """Return the moving artists that paint what a network answers: four tints and a line."""
    empty = Path([(0.0, 0.0)])
    artists: dict[str, Any] = {}
    for k, (_, _, colour, alpha) in enumerate(BANDS):
        look: dict[str, Any] = {"facecolor": colour, "alpha": alpha, "edgecolor": "none"}
        artists[f"{name} {k}"] = axes.add_patch(PathPatch(empty, zorder=1, **look))
    line = PathPatch(empty, fill=False, edgecolor=BLACK, linewidth=2, zorder=2)
    artists[f"{name} line"] = axes.add_patch(line)
    return artists


def _areas(logits: Array) -> list[Path]:
    """Return the area of each band, and the line of even odds, of logits over the grid."""
    heights = contour_generator(GRID, GRID, logits.reshape(ACROSS.shape))
    found = []
    for low, high, _, _ in BANDS:
        areas = zip(*heights.filled(low, high), strict=True)
        rings = [points[i:j] for points, at in areas for i, j in itertools.pairwise(at)]
        found.append(_outlines(rings, closed=True))
    return [*found, _outlines(heights.lines(0.0), closed=False)]


def _paint(artists: Artists, name: str, areas: list[Path]) -> None:
    """Paint the plane with what `_areas` returned."""
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


def _boxes(boxes: Iterable[tuple[float, float, float, float]]) -> Path:
    """Return many boxes (left, bottom, width, height) as one path."""
    rings = [[(x, y), (x + w, y), (x + w, y + h), (x, y + h), (x, y)] for x, y, w, h in boxes]
    ends = 5 * np.arange(len(rings))
    codes = np.full(5 * len(rings), Path.LINETO, dtype=Path.code_type)
    codes[ends], codes[ends + 4] = Path.MOVETO, Path.CLOSEPOLY
    return Path(np.array(rings).reshape(-1, 2), codes)


def _plane(figure: Figure, place: tuple[float, float, float, float], title: str = "") -> Any:
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


# Scrub through training -------------------------------------------------------------------------


def scrub(
    history: nn.History | None = None, X: Array | None = None, Y: Array | None = None
) -> Demo:
    """A training run in the plane, moved through with one slider, or played.

    Left what the network answers everywhere, with the line of each hidden unit, where that unit
    answers 0; right the cost so far, and the weight of each unit in the answer. `history` is what
    `nn.train` returned for a network with two inputs, one hidden layer of at most 20 units and one
    output; X and Y are the points. What is not given is as in the notebook.
    """
    history = history or run()
    net = history.nets[0]
    if net.L != 2 or net.sizes[0] != 2 or net.sizes[2] != 1 or net.sizes[1] > 20:
        raise ValueError(
            f"scrub(history, X, Y): the network is {net}; it needs 2 inputs, one hidden layer of "
            "1 to 20 units and 1 output, so that it can be drawn in the plane"
        )
    X, Y = flower() if X is None or Y is None else (X, Y)
    steps = history.steps.tolist()
    right = [share_right(net, X, Y) for net in history.nets]
    return Demo(
        "A training run in the plane",
        {"step": Slider("gradient step", choices=steps), "play": Play("step")},
        LiveFigure(lambda figure: _build_scrub(figure, history, X, Y), size=(9.0, 4.4)),
        lambda state, artists: _draw_scrub(state, artists, history, right),
        lines=2 + -(-net.sizes[1] // 10),
    )


def unit_lines(net: nn.Network) -> tuple[Array, Array, Array]:
    """Return the line of each hidden unit, W[1] x + b[1] = 0, inside the plane that is shown.

    Two ends for each unit, and the direction of length 1 in which its z rises. All (n, 2); NaN
    where the line does not cross the plane.
    """
    w, b = net.W[1], net.b[1][:, 0]
    length = np.hypot(w[:, 0], w[:, 1])
    ends = np.full((len(w), 2, 2), np.nan)
    for k in range(len(w)):
        crossings = _crossings(w[k, 0], w[k, 1], b[k])
        if len(crossings) >= 2:
            far = np.subtract.outer(crossings[:, 0], crossings[:, 0]) ** 2
            far += np.subtract.outer(crossings[:, 1], crossings[:, 1]) ** 2
            ends[k] = crossings[list(np.unravel_index(far.argmax(), far.shape))]
    with np.errstate(invalid="ignore", divide="ignore"):
        return ends[:, 0], ends[:, 1], w / length[:, None]


def _crossings(w1: float, w2: float, b: float) -> Array:
    """Return where w₁x₁ + w₂x₂ + b = 0 meets the frame of the plane."""
    found = []
    for edge in (-PLANE, PLANE):
        if w2 != 0 and abs(-(w1 * edge + b) / w2) <= PLANE:
            found.append((edge, -(w1 * edge + b) / w2))
        if w1 != 0 and abs(-(w2 * edge + b) / w1) <= PLANE:
            found.append((-(w2 * edge + b) / w1, edge))
    return np.array(found).reshape(-1, 2)


def _build_scrub(figure: Figure, history: nn.History, X: Array, Y: Array) -> dict[str, Any]:
    plane = _plane(figure, (0.045, 0.11, 0.425, 0.8))
    trace = figure.add_axes((0.56, 0.58, 0.42, 0.33))
    bars = figure.add_axes((0.56, 0.11, 0.42, 0.27))
    plane.set(xlabel="x₁", ylabel="x₂")
    plane.yaxis.labelpad = -6
    keys = (("● y = 0", INK), ("■ y = 1", BLUE), ("▬ a = ½", BLACK), ("┅ a unit’s line", LEAF))
    for at, (text, ink) in zip((0, 0.2, 0.4, 0.62), keys, strict=True):
        plane.text(at, 1.035, text, color=ink, transform=plane.transAxes)
    _show_points(plane, X, Y, 4.2)

    steps, J = history.steps, history.J
    trace.set(title="cost J so far", xlabel="gradient step", xlim=(0, max(1, steps[-1])))
    trace.set_ylim(0, 1.08 * J.max())
    units = len(history.nets[0].W[1])
    most = max(np.abs(net.W[2]).max() for net in history.nets)
    bars.set(title="weight of each unit in the answer, W[2]", xlabel="hidden unit")
    bars.set(xlim=(0.4, units + 0.6), ylim=(-1.1 * most, 1.1 * most))
    bars.set_xticks(range(1, units + 1))
    bars.axhline(0, color="#555555", linewidth=0.8)

    line: dict[str, Any] = {"fill": False, "edgecolor": GREEN, "linestyle": (0, (5, 2))}
    empty = Path([(0.0, 0.0)])
    label: dict[str, Any] = {"ha": "center", "va": "center", "fontsize": 9, "zorder": 5}
    box = {"boxstyle": "round,pad=0.15", "facecolor": "white", "edgecolor": GREEN}
    artists: dict[str, Any] = {
        **_painted(plane, "field"),
        "lines": plane.add_patch(PathPatch(empty, linewidth=1.6, zorder=3, **line)),
        "sides": plane.add_patch(PathPatch(empty, linewidth=1.6, zorder=3, edgecolor=GREEN)),
        "trace": trace.plot([], [], color=BLUE, linewidth=1.5)[0],
        "J": trace.plot(
            [], [], "o", color=INK, markeredgecolor="white", markersize=9, zorder=4, clip_on=False
        )[0],
        "bars": bars.add_patch(PathPatch(empty, facecolor="#8CCBB7", edgecolor=LEAF)),
    }
    for k in range(units):
        artists[f"unit {k}"] = plane.text(0, 0, str(k + 1), color=LEAF, bbox=box, **label)
    return artists


def _draw_scrub(
    state: State, artists: Artists, history: nn.History, right: list[float]
) -> tuple[str, str]:
    step = round(state["step"])
    at = history.steps.tolist().index(step)
    net, J = history.nets[at], float(history.J[at])
    _paint(artists, "field", _areas(nn.forward(net, PLACES).Z[2]))
    _draw_units(artists, net)
    artists["trace"].set_data(history.steps[: at + 1], history.J[: at + 1])
    artists["J"].set_data([step], [J])
    weights = net.W[2][0]
    artists["bars"].set_path(
        _boxes([(k - 0.3, 0.0, 0.6, w) for k, w in enumerate(weights.tolist(), start=1)])
    )
    head = (
        f"after step {step}: J = {fixed(J, 4)}, {fixed(100 * right[at], 2)} % of the points right"
    )
    shown = [f"{k}: {fixed(w, 2)}" for k, w in enumerate(weights, start=1)]
    rows = [shown[k : k + 10] for k in range(0, len(shown), 10)]
    listed = "\n".join("".join(f"{entry:<10}" for entry in row).rstrip() for row in rows)
    about = "weight of each unit in the answer"
    return f"{head}\n{about}:\n{listed}", f"A{head[1:]}. W{about[1:]}: {', '.join(shown)}."


def _draw_units(artists: Artists, net: nn.Network) -> None:
    """Draw the line of each unit, its number, and a stroke to the side where it answers above 0."""
    starts, ends, rising = unit_lines(net)
    inside = np.isfinite(starts).all(axis=1)
    starts, ends, rising = starts[inside], ends[inside], rising[inside]
    artists["lines"].set_path(_segments(starts, ends) if len(starts) else Path(np.empty((0, 2))))
    # The numbers stand at different places along their lines, so that they do not meet.
    units = np.flatnonzero(inside)
    share = 0.12 + 0.1 * (units % 4)[:, None]
    seats = starts + share * (ends - starts)
    tips = seats + 0.75 * rising
    artists["sides"].set_path(_segments(seats, tips) if len(seats) else Path(np.empty((0, 2))))
    for k in range(len(inside)):
        artists[f"unit {k}"].set_visible(bool(inside[k]))
    for k, seat in zip(units.tolist(), seats, strict=True):
        artists[f"unit {k}"].set_position(seat)


# Three activations, and a held-out set ----------------------------------------------------------

KINDS = (nn.tanh, nn.relu, nn.sigmoid)
MOST_UNITS = 20
LONGEST = 1000  # steps
CHUNK = 50  # steps between two pictures
LEAST, MOST = 0.05, 5.0  # the costs that are shown
RATES = (0.03, 0.1, 0.3, 1, 3)
EXAMPLES = (40, 80, 160)
LEARNED, HELD = "learned from", "held out"


@functools.cache
def order() -> Array:
    """Return the 400 points in a shuffled order; the first ones are learned from."""
    return np.random.RandomState(0).permutation(400)


@functools.cache
def split(examples: int) -> dict[str, tuple[Array, Array]]:
    """Return the points that are learned from and those that are held out, each as (X, Y)."""
    (X, Y), points = flower(), order()
    parts = {LEARNED: points[:examples], HELD: points[examples:]}
    return {name: (X[:, part], Y[:, part]) for name, part in parts.items()}


class Race:
    """Networks with tanh, ReLU and sigmoid units, trained side by side as far as they are asked to.

    In principle `nn.train` three times, from the start weights of `nn.init`; here in one loop over
    arrays that hold all three, which is six times as fast, so that a slider can be followed. Row k
    of `P` is (w₁, w₂, b) of a hidden unit, `Q[g]` is the row W[2] with b[2] at its end.
    """

    def __init__(self, units: int, rate: float, examples: int, seed: int) -> None:
        self.n, self.rate, self.parts = units, rate, split(examples)
        rng = np.random.RandomState(seed)
        # The first units of one long draw: with one unit more, the others start as before.
        w, v = rng.standard_normal((MOST_UNITS, 2)), rng.standard_normal(MOST_UNITS)
        self.P, self.Q = np.zeros((3, units, 3)), np.zeros((3, 1, units + 1))
        for g, kind in enumerate(KINDS):
            self.P[g, :, :2] = np.sqrt(kind.gain / 2) * w[:units]
        self.Q[:, 0, :units] = np.sqrt(nn.sigmoid.gain / units) * v[:units]
        self.seen: list[tuple[Array, Array]] = [(self.P.copy(), self.Q.copy())]
        self.scores = [self._score()]

    def upto(self, step: int) -> list[tuple[Array, Array]]:
        """Return (P, Q) after 0, 50, 100, … steps, up to this one."""
        X, Y = self.parts[LEARNED]
        inputs, m = _with_ones(X), X.shape[1]
        A, slope = np.ones((3, self.n + 1, m)), np.empty((3, self.n, m))
        while len(self.seen) <= step // CHUNK:
            for _ in range(CHUNK):
                self._step(inputs, Y, A, slope)
            self.seen.append((self.P.copy(), self.Q.copy()))
            self.scores.append(self._score())
        return self.seen[: step // CHUNK + 1]

    def _step(self, inputs: Array, Y: Array, A: Array, slope: Array) -> None:
        """Take one gradient step, all gradients before any update; A and slope are workspace."""
        n, hidden = self.n, A[:, : self.n]
        Z = (self.P.reshape(3 * n, 3) @ inputs).reshape(3, n, -1)
        _activate(Z, hidden)
        z2 = self.Q @ A
        dz2 = (_half(z2) - Y) * (self.rate / A.shape[2])
        np.subtract(1, hidden[0] * hidden[0], out=slope[0])
        np.greater(Z[1], 0, out=slope[1])
        np.multiply(hidden[2], 1 - hidden[2], out=slope[2])
        slope *= dz2
        slope *= self.Q[:, 0, :n, None]
        self.Q -= dz2 @ A.transpose(0, 2, 1)
        self.P -= (slope.reshape(3 * n, -1) @ inputs.T).reshape(3, n, 3)

    def _score(self) -> dict[str, tuple[Array, Array]]:
        """Return J and the share of right answers of each network, for both parts."""
        found = {}
        for name, (X, Y) in self.parts.items():
            z = logits(self.P, self.Q, X)
            J = (np.logaddexp(0, z) - Y * z).mean(axis=1)
            found[name] = J, ((z > 0) == Y).mean(axis=1)
        return found


def _with_ones(X: Array) -> Array:
    return np.vstack([X, np.ones(X.shape[1])])


def _half(z: Array) -> Array:
    """Return σ(z); written with tanh it cannot overflow, and is fast."""
    return 0.5 + 0.5 * np.tanh(0.5 * z)


def _activate(Z: Array, out: Array) -> None:
    """Write the activations of the three networks, in the order of KINDS."""
    np.tanh(Z[0], out=out[0])
    np.maximum(Z[1], 0, out=out[1])
    out[2] = _half(Z[2])


def logits(P: Array, Q: Array, X: Array) -> Array:
    """Return the logits of the three networks at the points X, one row each."""
    inputs, found = _with_ones(X), np.empty((3, X.shape[1]))
    for g, kind in enumerate(KINDS):  # one after the other: the plane has thousands of points
        hidden = P[g] @ inputs
        hidden = _half(hidden) if kind is nn.sigmoid else np.asarray(kind(hidden))
        found[g] = Q[g, 0, :-1] @ hidden + Q[g, 0, -1]
    return found


@functools.lru_cache(maxsize=24)
def trained(units: int, rate: float, examples: int, seed: int) -> Race:
    """Return the race of these settings; what it has learned so far is kept."""
    return Race(units, rate, examples, seed)


def race() -> Demo:
    """Tanh, ReLU and sigmoid units on the same few points, and how they do on points held out.

    Above what each network answers in the plane; below its cost over the steps, solid for the
    points it learns from, dashed for those held out.
    """
    return Demo(
        "Three activations and a held-out set",
        {
            "units": Slider("hidden units", 1, MOST_UNITS, 1, default=4),
            "rate": Slider("learning rate", choices=RATES, default=1),
            "examples": Slider("points to learn from", choices=EXAMPLES, default=80),
            "step": Slider("gradient steps", 0, LONGEST, CHUNK, default=LONGEST),
            "shown": Choice("points shown", [LEARNED, HELD]),
            "start": Button("Other start weights", lambda state: {"seed": state["seed"] + 1}),
        },
        LiveFigure(_build_race, size=(9.0, 5.0)),
        _draw_race,
        lines=4,
        memory={"seed": 1},
        ahead=_ahead,
    )


def _setting(state: State) -> tuple[int, float, int, int]:
    return round(state["units"]), state["rate"], round(state["examples"]), state["seed"]


def _ahead(state: State) -> Iterator[None]:
    """Train the networks that are one move of a slider away."""
    here = _setting(state)
    for k, values in enumerate((range(1, MOST_UNITS + 1), RATES, EXAMPLES)):
        at = values.index(here[k])
        for value in (*values[at + 1 : at + 2], *values[max(at - 1, 0) : at]):
            there = (*here[:k], value, *here[k + 1 :])
            for step in range(0, round(state["step"]) + 1, CHUNK):
                trained(*there).upto(step)
                yield


def _build_race(figure: Figure) -> dict[str, Any]:
    artists: dict[str, Any] = {}
    empty = Path([(0.0, 0.0)])
    for g, kind in enumerate(KINDS):
        left = 0.045 + 0.335 * g
        plane = _plane(figure, (left, 0.435, 0.268, 0.505), f"{kind.name} units")
        chart = figure.add_axes((left, 0.1, 0.268, 0.23))
        chart.set(title="cost J", xlabel="gradient step", xlim=(0, LONGEST), yscale="log")
        chart.set_xticks([0, 500, 1000])
        chart.set_ylim(LEAST, MOST)
        chart.set_yticks([0.1, 0.3, 1, 3], ["0.1", "0.3", "1", "3"])
        chart.set_yticks([], minor=True)
        artists |= _painted(plane, f"{kind.name} field")
        for name, square in (("zeros", False), ("ones", True)):
            look: dict[str, Any] = {"facecolor": "none", "zorder": 3}
            look |= {"edgecolor": BLUE if square else "#C04F00"}
            look |= {"capstyle": "projecting" if square else "round"}
            look |= {"linewidth": 4 if square else 4.8}
            artists[f"{kind.name} {name}"] = plane.add_patch(PathPatch(empty, **look))
        # The last point of a curve carries its marker.
        end: dict[str, Any] = {"markevery": [-1], "markersize": 8, "markeredgecolor": "white"}
        end |= {"linewidth": 1.6, "clip_on": False}
        artists[f"{kind.name} {LEARNED}"] = chart.plot([0], [1], "o-", color=BLUE, **end)[0]
        artists[f"{kind.name} {HELD}"] = chart.plot([0], [1], "s--", color=VERMILLION, **end)[0]
        place = chart.transAxes
        chart.text(0.27, 1.08, "● learned from", color=BLUE, fontsize=9, transform=place)
        chart.text(0.71, 1.08, "■ held out", color=INK, fontsize=9, transform=place)
    return artists


def _draw_race(state: State, artists: Artists) -> tuple[str, str]:
    step, shown = round(state["step"]), state["shown"]
    found = trained(*_setting(state))
    P, Q = found.upto(step)[-1]
    heights = logits(P, Q, PLACES)
    X, Y = found.parts[shown]
    so_far = found.scores[: step // CHUNK + 1]
    steps = np.arange(0, step + 1, CHUNK)
    lines = []
    for g, kind in enumerate(KINDS):
        _paint(artists, f"{kind.name} field", _areas(heights[g]))
        for name, answer in (("zeros", 0), ("ones", 1)):
            artists[f"{kind.name} {name}"].set_path(_dots(X[:, Y[0] == answer]))
        said = []
        for part in (LEARNED, HELD):
            J = np.array([score[part][0][g] for score in so_far])
            artists[f"{kind.name} {part}"].set_data(steps, np.clip(J, LEAST, MOST))
            percent = fixed(100 * so_far[-1][part][1][g], 1)
            said.append(f"{part}: J = {fixed(J[-1], 3):>6}, {percent:>5} % right")
        lines.append(f"{kind.name:<8} {'   '.join(said)}")
    setting = (
        f"units: {state['units']:.0f}   learning rate: {state['rate']:g}   "
        f"points to learn from: {state['examples']:.0f}   steps: {step}   "
        f"start {state['seed']}"
    )
    told = [" ".join(line.split()) for line in (setting.replace("   ", ", "), *lines)]
    alt = f"{'; '.join(told)}. Shown are the points {shown}."
    return "\n".join([setting, *lines]), alt[0].upper() + alt[1:]


# Anatomy of one point ---------------------------------------------------------------------------

STAGES = (0, 50, 100, 300, 1000)
# A number above a third of the largest of its array is tinted, above two thirds more so.
TINTS = {(-1, 1): "#F9D9C4", (-1, 2): "#F3B48A", (1, 1): "#CFE5F3", (1, 2): "#9BCBE7"}
TINTED = ("z1", "a1", "dz1", "da1", "own 1", "all 1", "own 2", "all 2")


@functools.cache
def ranked() -> Array:
    """Return the points from the one that the trained network finds easiest to the hardest."""
    X, Y = flower()
    z = nn.forward(run().nets[-1], X).Z[2][0]
    return np.argsort(np.logaddexp(0, z) - Y[0] * z, kind="stable")


@functools.cache
def shares(step: int) -> Array:
    """Return for each point how much of the batch gradient it brings; all together make 1.

    The gradient of the batch is the mean of those of the points, each taken as one long list of
    numbers: G = Σ gᵢ/m. The share of point i is gᵢ·G / m|G|², which is below 0 where a point pulls
    against the rest.
    """
    net, (X, Y) = network(step), flower()
    cache = nn.forward(net, X)
    batch = nn.backward(net, cache, Y, nn.bce)
    along = 0.0
    square = 0.0
    for l in net.layers:
        toward = batch.dW[l] @ cache.A[l - 1] + batch.db[l]
        along = along + (batch.dZ[l] * toward).sum(axis=0)
        square += (batch.dW[l] ** 2).sum() + (batch.db[l] ** 2).sum()
    return np.asarray(along / square)


@functools.cache
def of_all_points(step: int) -> tuple[nn.Gradients, list[Path]]:
    """Return what all points share: the batch gradient, and what the network answers in the plane.

    Kept, because the point is moved more often than the step.
    """
    net, (X, Y) = network(step), flower()
    batch = nn.backward(net, nn.forward(net, X), Y, nn.bce)
    return batch, _areas(nn.forward(net, PLACES).Z[2])


def network(step: int) -> nn.Network:
    """Return the network of the notebook's run after so many steps."""
    history = run()
    return history.nets[history.steps.tolist().index(step)]


def anatomy() -> Demo:
    """One of the 400 points: its numbers forward and backward, and its part of the gradient.

    Left the point in the plane, and below the share of each point in the batch gradient; right
    every number of the point, its two outer products, and beside them the mean over all points.
    """
    return Demo(
        "Anatomy of one point",
        {
            "point": Slider("point, from easy to hard", 1, 400, 1, default=390),
            "step": Slider("gradient step", choices=STAGES, default=100),
        },
        LiveFigure(_build_anatomy, size=(9.0, 5.2)),
        _draw_anatomy,
        lines=3,
    )


CELL = (0.62, 0.26)  # width and height of one number, in inches
LEADING = 72 * CELL[1] / 9 / 0.978  # from one line to the next, in heights of the font
# Where each array of numbers stands: left and top in inches, rows, columns, name.
ARRAYS = {
    "x": (3.55, 4.62, 2, 1, "x"),
    "z1": (4.5, 4.62, 4, 1, "z[1]"),
    "a1": (5.45, 4.62, 4, 1, "a[1]"),
    "z2": (6.4, 4.62, 1, 1, "z[2]"),
    "a2": (7.35, 4.62, 1, 1, "a[2]"),
    "y": (8.3, 4.62, 1, 1, "y"),
    "dz1": (4.5, 3.0, 4, 1, "dz[1]"),
    "da1": (5.45, 3.0, 4, 1, "da[1]"),
    "dz2": (6.4, 3.0, 1, 1, "dz[2]"),
    "own 1": (3.55, 1.28, 4, 2, "dW[1] = dz[1] xᵀ"),
    "all 1": (4.95, 1.28, 4, 2, "mean of all 400"),
    "own 2": (6.4, 1.28, 1, 4, "dW[2] = dz[2] a[1]ᵀ"),
    "all 2": (6.4, 0.5, 1, 4, "mean of all 400"),
}


def _build_anatomy(figure: Figure) -> dict[str, Any]:
    plane = _plane(figure, (0.045, 0.37, 0.31, 0.565))
    strip = figure.add_axes((0.045, 0.085, 0.31, 0.16))
    X, Y = flower()
    _show_points(plane, X, Y, 3.2)
    plane.text(0, 1.04, "● y = 0", color=INK, transform=plane.transAxes)
    plane.text(0.3, 1.04, "■ y = 1", color=BLUE, transform=plane.transAxes)
    strip.set(xlim=(0, 401), ylim=(-1.1, 1.1), yticks=[], xlabel="point, from easy to hard")
    strip.set_xticks([1, 100, 200, 300, 400])
    strip.axhline(0, color="#555555", linewidth=0.8)

    page = figure.add_axes((0, 0, 1, 1))
    page.set(xlim=(0, 9), ylim=(0, 5.2), xticks=[], yticks=[])
    page.spines[:].set_visible(False)
    page.patch.set_visible(False)
    for height, text in ((5.0, "forward →"), (3.38, "← backward"), (1.66, "outer products")):
        page.text(3.55, height, text, color=PALE, va="center", weight="bold")
    empty = Path([(0.0, 0.0)])
    ring: dict[str, Any] = {"color": "none", "markeredgecolor": BLACK, "markersize": 12}
    artists: dict[str, Any] = {
        **_painted(plane, "field"),
        "point": plane.plot([], [], "o", markeredgewidth=2, zorder=5, **ring)[0],
        "shares": strip.add_patch(PathPatch(empty, facecolor=BLUE, edgecolor=BLUE, linewidth=0.4)),
        "share": strip.plot([], [], "-", color=INK, linewidth=2.5, zorder=4)[0],
        "share dot": strip.plot([], [], "v", color=INK, markersize=7, clip_on=False)[0],
        "heading": strip.text(0, 1.17, "", transform=strip.transAxes, fontsize=9),
    }
    for (sign, level), colour in TINTS.items():
        tint = PathPatch(empty, facecolor=colour, edgecolor="none", zorder=0.5)
        artists[f"tint {sign} {level}"] = page.add_patch(tint)
    for name, (left, top, rows, columns, title) in ARRAYS.items():
        page.text(left, top + 0.13, title, fontsize=9, va="center")
        page.add_patch(
            PathPatch(
                _boxes([(left, top - rows * CELL[1], columns * CELL[0], rows * CELL[1])]),
                fill=False, edgecolor="#999999",
            )
        )  # fmt: skip
        middle = top - rows * CELL[1] / 2
        for j in range(columns):  # a column of numbers is one text: that is faster than one each
            column = page.text(left + (j + 0.5) * CELL[0], middle, "", fontsize=9, zorder=2)
            column.set(ha="center", va="center", linespacing=LEADING)
            artists[f"{name} {j}"] = column
    return artists


def of_one_point(net: nn.Network, x: Array, y: Array) -> dict[str, Array]:
    """Return every number of one example, forward and backward; x is (2, 1), y is (1, 1)."""
    cache = nn.forward(net, x)
    grads = nn.backward(net, cache, y, nn.bce)
    return {
        "x": x, "z1": cache.Z[1], "a1": cache.A[1], "z2": cache.Z[2], "a2": cache.A[2], "y": y,
        "dz2": grads.dZ[2], "da1": grads.dA[1], "dz1": grads.dZ[1],
        "own 1": grads.dW[1], "own 2": grads.dW[2],
    }  # fmt: skip


def _draw_anatomy(state: State, artists: Artists) -> tuple[str, str]:
    at, step = round(state["point"]), round(state["step"])
    X, Y = flower()
    i, net = int(ranked()[at - 1]), network(step)
    found = of_one_point(net, X[:, [i]], Y[:, [i]])
    batch, areas = of_all_points(step)
    found |= {"all 1": batch.dW[1], "all 2": batch.dW[2]}
    _paint(artists, "field", areas)
    artists["point"].set_data(X[0, [i]], X[1, [i]])

    brought = shares(step)[ranked()]
    largest = np.abs(brought).max()
    own = brought[at - 1]
    places = np.arange(1, 401)
    corners = np.column_stack([places, brought / largest])
    artists["shares"].set_path(Path(np.vstack([[1, 0], corners, [400, 0]])))
    artists["share"].set_data([at, at], [0, own / largest])
    artists["share dot"].set_data([at], [1.2])
    scale = fixed(100 * largest, 1)
    artists["heading"].set_text(f"share in the batch gradient, full height: {scale} %")
    tinted: dict[tuple[int, int], list[tuple[float, float, float, float]]] = {t: [] for t in TINTS}
    for name, values in found.items():
        left, top, _, columns, _ = ARRAYS[name]
        for j in range(columns):
            column = "\n".join(fixed(v, 0 if name == "y" else 3) for v in values[:, j])
            artists[f"{name} {j}"].set_text(column)
        for k, j in np.ndindex(values.shape):
            level = int(2.999 * abs(values[k, j]) / (np.abs(values).max() or 1.0))
            if level and name in TINTED:
                corner = (left + j * CELL[0] + 0.015, top - (k + 1) * CELL[1] + 0.015)
                seat = (*corner, CELL[0] - 0.03, CELL[1] - 0.03)
                tinted[int(np.sign(values[k, j])), level].append(seat)
    for (sign, level), seats in tinted.items():
        artists[f"tint {sign} {level}"].set_path(_boxes(seats))

    z, y = float(found["z2"][0, 0]), float(Y[0, i])
    loss = np.logaddexp(0, z) - y * z
    side = "right" if (z > 0) == (y == 1) else "wrong"
    lines = [
        f"point {at} of 400, after step {step}: x = ({fixed(X[0, i], 2)}, {fixed(X[1, i], 2)}), "
        f"y = {y:.0f}",
        f"answer a[2] = {fixed(found['a2'][0, 0], 4)}, which is {side}; loss {fixed(loss, 4)}, "
        f"dz[2] = a − y = {fixed(found['dz2'][0, 0], 4)}",
        f"its share in the batch gradient: {fixed(100 * own, 2)} % "
        f"(an equal share would be 0.25 %)",
    ]
    return "\n".join(lines), ". ".join(line[0].upper() + line[1:] for line in lines) + "."
