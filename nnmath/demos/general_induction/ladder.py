"""Base case and step of the induction, ticked off for networks of 1 to 8 layers."""

from __future__ import annotations

import functools
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle
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
    Slider,
    number,
)

State = Mapping[str, Any]
Array = np.ndarray

INK = "#A64500"  # the vermillion that is dark enough for text
LEAF = "#00694D"  # the green that is
PALE = "#666666"

RIGHT = "the right ones"
RULES = {
    RIGHT: "",
    "no slope g′": "dZ[l] = dA[l]",
    "softmax as if entry by entry": "dZ[l] = dA[l] ⊙ A[l] ⊙ (1 − A[l]) also for softmax",
    "1/m forgotten at the start": "dA[L] m times too large",
}
TALLEST = 8
KINDS = (nn.sigmoid, nn.tanh, nn.relu, nn.identity, nn.softmax)
COLUMNS = 3  # examples; no layer has so many units
SEED = 160


@dataclass(frozen=True)
class Statement:
    """One statement of the induction: in a network of L layers, this array is that gradient."""

    L: int
    name: str
    layer: int
    entries: int
    errors: Mapping[str, float]  # for each set of rules


def random_network(L: int) -> tuple[nn.Network, Array, Array, nn.Loss]:
    """Return a network of L layers of random widths and activations, with X, Y and a loss."""
    rng = np.random.RandomState([SEED, L])
    sizes = [[2, 4, 5, 6][rng.randint(4)]]
    while len(sizes) <= L:
        size = [2, 4, 5, 6][rng.randint(4)]
        sizes += [size] if size != sizes[-1] else []
    g = {l: KINDS[rng.randint(len(KINDS))] for l in range(1, L + 1)}
    W = {l: rng.uniform(-1.5, 1.5, (sizes[l], sizes[l - 1])) for l in g}
    b = {l: rng.uniform(-1, 1, (sizes[l], 1)) for l in g}
    X = rng.uniform(-1, 1, (sizes[0], COLUMNS))
    Y = np.eye(sizes[L])[:, rng.randint(sizes[L], size=COLUMNS)]
    loss = {nn.sigmoid: nn.bce, nn.softmax: nn.cross_entropy}.get(g[L], nn.squared_error)
    return nn.Network(W, b, g), X, Y, loss


def recursive(
    net: nn.Network, cache: nn.Cache, Y: Array, loss: nn.Loss, rules: str
) -> dict[tuple[str, int], Array]:
    """Return dA[L], dZ[L], dA[L−1], …, dA[0] in this order, by the given rules."""
    Z, A, dA = cache.Z, cache.A, loss.dA(cache.A[net.L], Y)
    if rules == "1/m forgotten at the start":
        dA = dA * Y.shape[1]
    found = {("dA", net.L): dA}
    for l in reversed(net.layers):
        if rules == "no slope g′":
            dZ = dA
        elif rules == "softmax as if entry by entry" and net.g[l] is nn.softmax:
            dZ = dA * A[l] * (1 - A[l])
        else:
            dZ = net.g[l].vjp(Z[l], dA)
        dA = net.W[l].T @ dZ
        found |= {("dZ", l): dZ, ("dA", l - 1): dA}
    return found


@functools.cache
def statements() -> tuple[Statement, ...]:
    """Check every statement for L = 1..8 against the complex step, for each set of rules."""
    found = []
    for L in range(1, TALLEST + 1):
        net, X, Y, loss = random_network(L)
        cache = nn.forward(net, X)
        mine = {rules: recursive(net, cache, Y, loss, rules) for rules in RULES}
        for name, l in mine[RIGHT]:
            truth = _nudged(net, cache, Y, loss, name, l)
            errors = {
                rules: float(np.abs(arrays[name, l] - truth).max() / np.abs(truth).max())
                for rules, arrays in mine.items()
            }
            found.append(Statement(L, name, l, truth.size, errors))
    return tuple(found)


def _nudged(net: nn.Network, cache: nn.Cache, Y: Array, loss: nn.Loss, name: str, l: int) -> Array:
    """Return the gradient of the rest of the network, seen as a function of A[l] or of Z[l]."""

    def rest(a: Array) -> Any:
        if name == "dZ":
            a = net.g[l](a)
        for k in range(l + 1, net.L + 1):
            a = net.g[k](net.W[k] @ a + net.b[k])
        return loss(a, Y)

    return nn.complex_step_gradient(rest, cache.Z[l] if name == "dZ" else cache.A[l])


def ladder() -> Demo:
    """The induction, executed: one row a network, one box a statement, checked from L down to 0."""
    count = len(statements())
    more = Button("Check one more", lambda state: _further(state, count))
    rest = Button("Check all the rest", lambda state: _further(state, count), repeat=count)
    return Demo(
        "Base case and step, ticked off",
        {
            "checked": Slider("statements checked", 0, count, 1, default=24),
            "rules": Choice("Rules of the recursion", list(RULES)),
            "more": more,
            "rest": rest,
        },
        LiveFigure(_build_ladder, size=(9.0, 6.2)),
        _draw_ladder,
        lines=3,
    )


def _further(state: State, count: int) -> State:
    return {"checked": min(count, state["checked"] + 1)}


# A tick as a marker, so that any number of them is one artist.
TICK = Path([(-0.45, 0.0), (-0.12, -0.38), (0.5, 0.42)])


def _seat(statement: Statement) -> tuple[float, float]:
    """Return the centre of the box of a statement, in inches."""
    column = TALLEST - statement.layer
    right = 0.38 if statement.name == "dZ" else 0.0
    return 1.0 + 0.955 * column + right, 5.28 - 0.64 * (statement.L - 1)


def _build_ladder(figure: Figure) -> dict[str, Any]:
    page = figure.add_axes((0, 0, 1, 1))
    page.set(xlim=(0, 9), ylim=(0, 6.2), xticks=[], yticks=[])
    page.spines[:].set_visible(False)
    small: dict[str, Any] = {"fontsize": 9, "ha": "center", "va": "center"}
    for statement in statements():
        x, y = _seat(statement)
        base = statement.name == "dA" and statement.layer == statement.L
        box = Rectangle((x - 0.17, y - 0.15), 0.34, 0.3, facecolor="white", edgecolor="#bbbbbb")
        if base:
            box.set(edgecolor=BLUE, linewidth=1.8, facecolor="#E4F0F8")
        page.add_patch(box)
    for L in range(1, TALLEST + 1):
        net = random_network(L)[0]
        page.text(0.12, 5.28 - 0.64 * (L - 1), f"L = {L}", va="center")
        for l, size in enumerate(net.sizes):
            x, y = 1.0 + 0.955 * (TALLEST - l), 5.28 - 0.64 * (L - 1) - 0.265
            name = f"{net.g[l].name} {size}" if l else f"X {size}"
            page.text(x + (0.19 if l else 0), y, name, color=PALE, **small)
    for l in range(TALLEST + 1):
        x = 1.0 + 0.955 * (TALLEST - l)
        page.text(x + (0.19 if l else 0), 5.87, f"layer {l}", **small)
        page.text(x, 5.62, "dA", color=PALE, **small)
        if l:
            page.text(x + 0.38, 5.62, "dZ", color=PALE, **small)
    page.text(0.12, 0.2, "✓ in blue: base case", color=BLUE, va="center")
    page.text(2.1, 0.2, "✓ in green: step", color=LEAF, va="center")
    page.text(3.7, 0.2, "✗ : differs from the nudge", color=INK, va="center")
    page.text(8.85, 0.2, "each row is read from left to right", color=PALE, va="center", ha="right")
    tick: dict[str, Any] = {"marker": TICK, "linestyle": "none", "markersize": 13}
    tick |= {"markerfacecolor": "none", "markeredgewidth": 2.4}
    artists: dict[str, Any] = {
        "base": page.plot([], [], color=BLUE, **tick)[0],
        "step": page.plot([], [], color=GREEN, **tick)[0],
        "wrong": page.plot([], [], "x", color=VERMILLION, markersize=9, markeredgewidth=2.4)[0],
        "now": page.add_patch(Rectangle((0, 0), 0.4, 0.36, facecolor="none", edgecolor=BLACK)),
    }
    artists["now"].set(linewidth=1.8, zorder=5)
    return artists


def _draw_ladder(state: State, artists: Mapping[str, Any]) -> tuple[str, str]:
    everything = statements()
    checked = everything[: int(state["checked"])]
    groups: dict[str, list[tuple[float, float]]] = {"base": [], "step": [], "wrong": []}
    for statement in checked:
        groups[_verdict(statement, state["rules"])].append(_seat(statement))
    for name, seats in groups.items():
        artists[name].set_data(*zip(*seats, strict=True) if seats else ([], []))
    counts = {name: len(seats) for name, seats in groups.items()}
    rules = state["rules"] + (f": {RULES[state['rules']]}" if RULES[state["rules"]] else "")
    said = [
        f"{len(checked)} of {len(everything)} statements checked: "
        f"base cases ✓ {counts['base']}, steps ✓ {counts['step']}, ✗ {counts['wrong']}",
        f"rules: {rules}",
    ]
    artists["now"].set_visible(bool(checked))
    if checked:
        last = checked[-1]
        x, y = _seat(last)
        artists["now"].set_xy((x - 0.2, y - 0.18))
        said.append(f"last: {_words(last, state['rules'])}")
    return "\n".join(said), ". ".join(line[0].upper() + line[1:] for line in said) + "."


def _verdict(statement: Statement, rules: str) -> str:
    if statement.errors[rules] > 1e-12:
        return "wrong"
    return "base" if (statement.name, statement.layer) == ("dA", statement.L) else "step"


def _words(statement: Statement, rules: str) -> str:
    error = statement.errors[rules]
    same = (
        f"equal to the nudge in all {statement.entries} entries"
        if error <= 1e-12
        else f"differs from the nudge by {number(error, 2)} times its largest entry"
    )
    return f"L = {statement.L}, {statement.name}[{statement.layer}] {same}"
