"""Units of tanh, ReLU and sigmoid, trained on the same few points, and held-out ones."""

from __future__ import annotations

import functools
from collections.abc import Iterator
from typing import Any

import numpy as np
from matplotlib.figure import Figure
from matplotlib.patches import PathPatch
from matplotlib.path import Path

import nnmath as nn
from nnmath.demos.tanh_network.plane import (
    INK,
    PLACES,
    Array,
    Artists,
    State,
    areas_of,
    dots,
    flower,
    paint,
    painted_areas,
    plane_axes,
)
from nnmath.live import (
    BLUE,
    VERMILLION,
    Button,
    Choice,
    Demo,
    LiveFigure,
    Slider,
    fixed,
)

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
        plane = plane_axes(figure, (left, 0.435, 0.268, 0.505), f"{kind.name} units")
        chart = figure.add_axes((left, 0.1, 0.268, 0.23))
        chart.set(title="cost J", xlabel="gradient step", xlim=(0, LONGEST), yscale="log")
        chart.set_xticks([0, 500, 1000])
        chart.set_ylim(LEAST, MOST)
        chart.set_yticks([0.1, 0.3, 1, 3], ["0.1", "0.3", "1", "3"])
        chart.set_yticks([], minor=True)
        artists |= painted_areas(plane, f"{kind.name} field")
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
        paint(artists, f"{kind.name} field", areas_of(heights[g]))
        for name, answer in (("zeros", 0), ("ones", 1)):
            artists[f"{kind.name} {name}"].set_path(dots(X[:, Y[0] == answer]))
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
