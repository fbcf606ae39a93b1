"""The demos of notebook 04: gradients through many layers, the recursion, and the proof executed.

fading       how large dZ[l] is at each layer of a deep network, and which factor makes it so
recursion    the backward pass of three layers, line by line, with every shape and number
ladder       base case and step of the induction, ticked off for networks of 1 to 8 layers
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from matplotlib.figure import Figure
from matplotlib.patches import PathPatch, Rectangle
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
    fixed,
    number,
)

State = Mapping[str, Any]
Array = np.ndarray

INK = "#A64500"  # the vermillion that is dark enough for text
LEAF = "#00694D"  # the green that is
QUIET = "#999999"
PALE = "#666666"

# Fading and exploding ---------------------------------------------------------------------------

DEEPEST = 16
EXAMPLES = 16
LEAST, MOST_EVER = 1e-19, 1e8  # the scale of the norms
SLOPES = {g.name: g for g in (nn.tanh, nn.sigmoid, nn.relu, nn.identity)}


def fading() -> Demo:
    """A deep network with random weights: how large the gradient is at each layer.

    Left the norms of dZ[l] and A[l] over l, right the two factors that take dZ[l + 1] to dZ[l]:
    what Wᵀ does to the norm, and what the slope g′ does to it.
    """
    return Demo(
        "A gradient on its way through many layers",
        {
            "depth": Slider("layers L", 2, DEEPEST, 1, default=DEEPEST),
            "width": Slider("units a layer", choices=[2, 4, 8, 16, 32, 64], default=32),
            "scale": Slider("scale of W (1 is nn.init)", 0.5, 2, 0.1, default=1),
            "g": Choice("Activation of the hidden layers", list(SLOPES)),
            "draw": Button("Draw other weights", lambda state: {"seed": state["seed"] + 1}),
        },
        LiveFigure(_build_fading),
        _draw_fading,
        lines=3,
        memory={"seed": 0},
    )


@functools.lru_cache(maxsize=8)
def random_numbers(seed: int, width: int) -> tuple[list[Array], Array, Array]:
    """Return standard normal weights for every layer, the examples X and the targets Y."""
    rng = np.random.RandomState(seed)
    square = [rng.standard_normal((width, width)) for _ in range(DEEPEST - 1)]
    X = rng.standard_normal((width, EXAMPLES))
    Y = np.arange(EXAMPLES)[None, :] % 2.0
    return [*square, rng.standard_normal((1, width))], X, Y


def deep_network(state: State) -> tuple[nn.Network, Array, Array]:
    """Return the network of the state, one sigmoid unit at its end, with examples and targets."""
    weights, X, Y = random_numbers(state["seed"], int(state["width"]))
    depth, g = int(state["depth"]), SLOPES[state["g"]]
    activations = dict.fromkeys(range(1, depth), g) | {depth: nn.sigmoid}
    W = {
        l: state["scale"] * np.sqrt(activation.gain / len(X)) * weights[l - 1 if l < depth else -1]
        for l, activation in activations.items()
    }
    return nn.Network(W, {l: np.zeros((len(W[l]), 1)) for l in W}, activations), X, Y


def norms(state: State) -> dict[str, Array]:
    """Return the norms of A[1..L], dZ[1..L] and dA[1..L−1]."""
    net, X, Y = deep_network(state)
    cache = nn.forward(net, X)
    grads = nn.backward(net, cache, Y, nn.bce)
    return {
        "A": np.array([np.linalg.norm(cache.A[l]) for l in net.layers]),
        "dZ": np.array([np.linalg.norm(grads.dZ[l]) for l in net.layers]),
        "dA": np.array([np.linalg.norm(grads.dA[l]) for l in range(1, net.L)]),
    }


def _build_fading(figure: Figure) -> dict[str, Any]:
    left = figure.add_axes((0.075, 0.15, 0.46, 0.75))
    right = figure.add_axes((0.61, 0.15, 0.385, 0.75))
    for axes in (left, right):
        axes.set(xlim=(0.2, DEEPEST + 0.8), xlabel="layer l", yscale="log")
        axes.set_xticks([1, 4, 8, 12, 16])
    left.set(title="size of dZ[l] ●, size of A[l] □", ylim=(LEAST, MOST_EVER))
    left.set_yticks([10.0**k for k in range(-15, 6, 5)], ["10⁻¹⁵", "10⁻¹⁰", "10⁻⁵", "1", "10⁵"])
    right.set(title="the step to dZ[l] multiplies by …", ylim=(0.006, 12))
    right.set_yticks([0.01, 0.1, 0.25, 1, 10], ["0.01", "0.1", "¼", "1", "10"])
    for axes in (left, right):
        axes.set_yticks([], minor=True)
        axes.axhline(1, color=QUIET, linewidth=0.8)
    right.text(0.02, 0.955, "● Wᵀ", color=BLUE, transform=right.transAxes, va="center")
    right.text(0.17, 0.955, "◆ slope g′", color=INK, transform=right.transAxes, va="center")
    small: dict[str, Any] = {"linewidth": 1.2, "markersize": 5.5}
    return {
        "A": left.plot([], [], "s:", color=PALE, markerfacecolor="white", **small)[0],
        "dZ": left.plot([], [], "o-", color=BLUE, **small)[0],
        "weights": right.plot([], [], "o-", color=BLUE, **small)[0],
        "slope": right.plot([], [], "D--", color=VERMILLION, **small)[0],
    }


def _draw_fading(state: State, artists: Mapping[str, Any]) -> tuple[str, str]:
    size = norms(state)
    depth = int(state["depth"])
    layers = np.arange(1, depth + 1)
    for name in ("A", "dZ"):
        alive = size[name] > 0
        artists[name].set_data(layers[alive], size[name][alive])
    alive = size["dZ"][:-1] > 0  # where a gradient arrives, its factors have a meaning
    below = layers[:-1][alive]
    weights = size["dA"][alive] / size["dZ"][1:][alive]
    slopes = size["dZ"][:-1][alive] / size["dA"][alive]
    artists["weights"].set_data(below, weights)
    artists["slope"].set_data(below, slopes)

    first, last = size["dZ"][0], size["dZ"][-1]
    lines = [
        f"{state['g']}, L = {depth}, {state['width']:g} units a layer, "
        f"scale {fixed(state['scale'], 1)}, draw {state['seed'] + 1}",
        f"size of dZ: {number(last, 3)} at the last layer, {number(first, 3)} at the first",
    ]
    if len(below) < depth - 1:
        dead = depth - 1 - len(below)
        lines.append(f"no gradient arrives in layers 1 to {dead}: every path ends in a slope of 0")
    else:
        means = [np.exp(np.mean(np.log(v))) for v in (weights * slopes, weights, slopes)]
        lines.append(
            "each step multiplies by {} on average: Wᵀ by {}, the slope by {}".format(
                *(fixed(mean, 3) for mean in means)
            )
        )
    return "\n".join(lines), ". ".join(line[0].upper() + line[1:] for line in lines) + "."


# The recursion, line by line --------------------------------------------------------------------

# Two inputs, five units, four units, one unit; three examples: no two sizes are equal.
# fmt: off
W_SMALL = {
    1: [[0.8, -0.5], [-0.6, 0.9], [0.4, 0.7], [-0.9, -0.3], [0.5, -0.8]],
    2: [[0.7, -0.4, 0.5, 0.3, -0.6], [-0.5, 0.8, 0.2, -0.7, 0.4],
        [0.6, 0.3, -0.9, 0.5, 0.2], [-0.3, 0.6, 0.4, 0.8, -0.7]],
    3: [[0.9, -0.7, 0.6, 0.8]],
}
B_SMALL = {1: [[0.1], [-0.2], [0.3], [0.2], [-0.1]], 2: [[0.2], [-0.1], [0.3], [-0.2]], 3: [[0.1]]}
X_SMALL = np.array([[1.0, -0.5, 0.3], [0.4, 1.2, -0.8]])
Y_SMALL = np.array([[1.0, 0.0, 1.0]])
# fmt: on
MIDDLE = {g.name: g for g in (nn.tanh, nn.relu, nn.sigmoid, nn.softmax)}
STARTS = {"binary cross-entropy": nn.bce, "squared error": nn.squared_error}
NOTHING = "the forward pass is done, and no gradient is known"


@dataclass(frozen=True)
class Line:
    """One line of the recursion: what it gives, from which two factors, how, and why."""

    name: str
    layer: int
    sign: str  # between the factors: @ (a matrix product), ⊙, − or Σ
    factors: tuple[tuple[str, Array], ...]
    value: Array
    why: str

    @property
    def label(self) -> str:
        """The name with its layer, such as dW[2]."""
        return f"{self.name}[{self.layer}]"


@functools.lru_cache(maxsize=16)
def lines(middle: str, start: str) -> tuple[Line, ...]:
    """Return the lines of the backward pass of the small network, in the order of the recursion."""
    g = {1: nn.tanh, 2: MIDDLE[middle], 3: nn.sigmoid}
    W, b = ({l: np.array(v) for l, v in values.items()} for values in (W_SMALL, B_SMALL))
    cache = nn.forward(nn.Network(W, b, g), X_SMALL)
    Z, A, loss = cache.Z, cache.A, STARTS[start]
    dA = loss.dA(A[3], Y_SMALL)
    over = "m" if loss is nn.squared_error else "(m a (1 − a))"
    why = f"The start: the slope of the loss, (a − y) / {over}, one entry at a time."
    found = [Line("dA", 3, "−", (("A[3]", A[3]), ("Y", Y_SMALL)), dA, why)]
    for l in (3, 2, 1):
        found += _one_layer(l, g[l], W[l], Z[l], A[l], A[l - 1], dA)
        dA = found[-1].value
    return tuple(found)


def _one_layer(
    l: int, g: nn.Activation, W: Array, Z: Array, A: Array, before: Array, dA: Array
) -> list[Line]:
    """Return the four lines of one layer, which are the whole induction step."""
    dZ = g.vjp(Z, dA)
    if g is nn.softmax:
        inner = dA - (A * dA).sum(axis=0)
        pull = ((f"A[{l}]", A), (f"(dA[{l}] − s)", inner))
        why = "Softmax mixes the units of a column: s is the sum of a ⊙ da over that column."
    else:
        pull = ((f"dA[{l}]", dA), (f"g′(Z[{l}])", g.prime(Z)))
        why = f"One entry of Z[{l}] moves one entry of A[{l}] and no other: one path, no sum."
    ones = np.ones((dA.shape[1], 1))
    return [
        Line("dZ", l, "⊙", pull, dZ, why),
        Line(
            "dW", l, "@", ((f"dZ[{l}]", dZ), (f"A[{l - 1}]ᵀ", before.T)), dZ @ before.T,
            "One weight acts in every example: its paths are added up over the columns.",
        ),
        Line(
            "db", l, "@", ((f"dZ[{l}]", dZ), ("ones", ones)), dZ @ ones,
            "One bias acts in every example, with the factor 1: a sum over the columns.",
        ),
        Line(
            "dA", l - 1, "@", ((f"W[{l}]ᵀ", W.T), (f"dZ[{l}]", dZ)), W.T @ dZ,
            f"One entry of A[{l - 1}] feeds every unit of layer {l}: its paths are added up.",
        ),
    ]  # fmt: skip


@functools.lru_cache(maxsize=16)
def truths(middle: str, start: str) -> tuple[Array, ...]:
    """Return what each line must give, from nudges of the forward pass alone."""
    g = {1: nn.tanh, 2: MIDDLE[middle], 3: nn.sigmoid}
    W, b = ({l: np.array(v) for l, v in values.items()} for values in (W_SMALL, B_SMALL))
    loss, A, Z = STARTS[start], {0: X_SMALL}, {}
    for l in (1, 2, 3):
        Z[l] = W[l] @ A[l - 1] + b[l]
        A[l] = g[l](Z[l])

    def from_A(l: int, a: Array) -> Any:
        for k in range(l + 1, 4):
            a = g[k](W[k] @ a + b[k])
        return loss(a, Y_SMALL)

    def rest(line: Line) -> tuple[Callable[[Array], Any], Array]:
        l = line.layer
        if line.name == "dA":
            return lambda a: from_A(l, a), A[l]
        if line.name == "dZ":
            return lambda z: from_A(l, g[l](z)), Z[l]
        if line.name == "dW":
            return lambda w: from_A(l, g[l](w @ A[l - 1] + b[l])), W[l]
        return lambda v: from_A(l, g[l](W[l] @ A[l - 1] + v)), b[l]

    return tuple(nn.complex_step_gradient(*rest(line)) for line in lines(middle, start))


def recursion() -> Demo:
    """The backward pass of a small network, one line at a time.

    Above the gradients of all layers as boxes drawn to scale, filled when they are known; below the
    line at work, with every number, and the path of one entry framed.
    """
    count = len(lines("tanh", "binary cross-entropy"))
    return Demo(
        "The recursion, line by line",
        {
            "at": Slider("line of the recursion", 0, count, 1, default=1),
            "middle": Choice("Activation of layer 2", list(MIDDLE)),
            "start": Choice("Loss", list(STARTS)),
            "back": Button("Back", lambda state: {"at": max(0, state["at"] - 1)}),
            "step": Button("Step", lambda state: {"at": min(count, state["at"] + 1)}),
        },
        LiveFigure(_build_recursion, size=(9.0, 4.5)),
        _draw_recursion,
        lines=5,
    )


GRAIN = 0.1  # inches for one row or column of a box above
CELL = (0.56, 0.3)  # width and height of one number below
MIDDLE_LINE = 1.2  # the height on which the numbers below are centred
WIDEST = 5  # the columns of the widest matrix
LEADING = 72 * CELL[1] / 9 / 0.978  # from one line to the next, in heights of the font


Box = tuple[float, float, float, float]  # left, bottom, width and height, in inches


@functools.cache
def _ledger() -> dict[str, Box]:
    """Return where the box of each gradient is, drawn to scale."""
    sizes, m = (2, 5, 4, 1), X_SMALL.shape[1]
    boxes: dict[str, Box] = {}
    middle = 0.55
    for l, n in enumerate(sizes):
        shapes = {"dA": (n, m)}
        if l:
            shapes |= {"dZ": (n, m), "dW": (n, sizes[l - 1]), "db": (n, 1)}
        for name, shape in shapes.items():
            height, width = (GRAIN * size for size in shape)
            boxes[f"{name}[{l}]"] = (middle - width / 2, 3.76 - height / 2, width, height)
            middle += 0.6
        middle += 0.2
    return boxes


def _outlines(boxes: list[Box]) -> Path:
    """Return the outlines of many boxes as one path."""
    rectangles = [
        Path([(x, y), (x + w, y), (x + w, y + h), (x, y + h), (x, y)], closed=True)
        for x, y, w, h in boxes
    ]
    return Path.make_compound_path(*rectangles) if rectangles else Path(np.empty((0, 2)))


def _build_recursion(figure: Figure) -> dict[str, Any]:
    page = figure.add_axes((0, 0, 1, 1))
    page.set(xlim=(0, 9), ylim=(0, 4.5), xticks=[], yticks=[])
    page.spines[:].set_visible(False)
    words: dict[str, Any] = {"ha": "center", "va": "center", "fontsize": 9}
    for name, (left, _, width, height) in _ledger().items():
        middle = left + width / 2
        shape = f"{height / GRAIN:.0f} × {width / GRAIN:.0f}"
        page.text(middle, 3.34, name, **words)
        page.text(middle, 3.16, shape, color=PALE, **words)
        if name.startswith("dA"):
            page.text(middle - 0.25, 4.32, f"layer {name[3]}", color=PALE, va="center")
    key = "dashed: to come  ·  orange: at work  ·  blue: known"
    page.text(8.75, 2.74, key, color=PALE, fontsize=9, ha="right", va="center")
    page.plot([0.25, 8.75], [2.98, 2.98], color="#cccccc", linewidth=1)
    # Many boxes of one look are one artist: that is faster than one each.
    looks: dict[str, dict[str, Any]] = {
        "to come": {"facecolor": "white", "edgecolor": QUIET, "linestyle": (0, (3, 2))},
        "known": {"facecolor": "#8CC3E3", "edgecolor": BLUE},
        "at work": {"facecolor": "#FBE3D2", "edgecolor": VERMILLION},
        "path": {"facecolor": "#FBE3D2", "edgecolor": VERMILLION, "linewidth": 2.2, "zorder": 0.5},
        "frames": {"facecolor": "none", "edgecolor": BLACK, "linewidth": 1.2},
    }
    artists: dict[str, Any] = {
        name: page.add_patch(PathPatch(Path([(0, 0)]), **{"linewidth": 1.5, **look}))
        for name, look in looks.items()
    }
    artists["title"] = page.text(0.3, 2.74, "", fontsize=12, va="center", weight="bold")
    for k in range(3):
        artists[f"name {k}"] = page.text(0, 0, "", ha="center", va="center")
        artists[f"shape {k}"] = page.text(0, 0, "", ha="center", va="center", color=PALE)
        artists[f"shape {k}"].set_fontsize(9)
        for j in range(WIDEST):  # a column of numbers is one text: that is faster than one each
            column = page.text(0, 0, "", ha="center", va="center", fontsize=9)
            column.set_linespacing(LEADING)
            artists[f"column {k} {j}"] = column
    for k in range(2):
        artists[f"sign {k}"] = page.text(0, 0, "", ha="center", va="center", fontsize=13)
    return artists


def _draw_recursion(state: State, artists: Mapping[str, Any]) -> tuple[str, str]:
    at = int(state["at"])
    known = lines(state["middle"], state["start"])
    boxes = _ledger()
    named = [boxes[line.label] for line in known]
    artists["known"].set_path(_outlines(named[: max(at - 1, 0)]))
    artists["at work"].set_path(_outlines(named[max(at - 1, 0) : at]))
    artists["to come"].set_path(_outlines(named[at:]))
    setting = f"layer 2 is {state['middle']}, the loss is {state['start']}"
    for name, artist in artists.items():
        if name not in ("known", "at work", "to come", "title"):
            artist.set_visible(at > 0)
    if at == 0:
        artists["title"].set_text("No gradient is known yet")
        return f"line 0 of {len(known)}: {NOTHING}\n{setting}", f"Line 0: {NOTHING}; {setting}."

    line, truth = known[at - 1], truths(state["middle"], state["start"])[at - 1]
    equation = _equation(line)
    artists["title"].set_text(f"{at}.  {equation}")
    _place(line, artists)
    close = np.abs(line.value - truth).max() <= 1e-12 * np.abs(truth).max()
    verdict = "✓ every entry equals a nudge of the rest of the network" if close else "✗ differs"
    shape = " × ".join(map(str, line.value.shape))
    setting = f"{state['middle']}, {state['start']}"
    said = [
        f"line {at} of {len(known)} ({setting}): {equation}, shape {shape}",
        line.why,
        f"The framed entry: {_one_entry(line)}",
        verdict,
    ]
    return "\n".join(said), " ".join(said).replace("\n", " ")


def _equation(line: Line) -> str:
    (left, _), (right, _) = line.factors
    if line.sign == "−":
        return f"{line.label} = slope of the loss at {left} and {right}"
    if line.sign == "⊙":
        return f"{line.label} = {left} ⊙ {right}"
    return f"{line.label} = {left} {right}"


def _one_entry(line: Line) -> str:
    """Write out how the first entry comes from its factors."""
    (_, left), (_, right) = line.factors
    value = fixed(line.value[0, 0])
    if line.sign == "−":
        return f"a = {fixed(left[0, 0])} and y = {fixed(right[0, 0], 0)} give {value}"
    pairs = (
        [(left[0, 0], right[0, 0])] if line.sign == "⊙" else zip(left[0], right[:, 0], strict=True)
    )
    terms = [f"{_signed(a)} · {_signed(b)}" for a, b in pairs]
    first, rest = " + ".join(terms[:3]), "".join(f" + {term}" for term in terms[3:])
    return f"{first}\n  {rest} = {value}" if rest else f"{first} = {value}"


def _signed(x: float) -> str:
    return f"({fixed(x)})" if x < 0 else fixed(x)


def _place(line: Line, artists: Mapping[str, Any]) -> None:
    """Lay the result and its two factors out side by side, one number a cell."""
    width, height = CELL
    product = line.sign == "@"
    blocks = [(line.label, line.value), *line.factors]
    total = sum(v.shape[1] for _, v in blocks) * width + 2 * 0.45
    left = (9 - total) / 2
    frames, paths = [], []
    for k, (name, values) in enumerate(blocks):
        rows, columns = values.shape
        top = MIDDLE_LINE + rows * height / 2
        centre = left + columns * width / 2
        artists[f"name {k}"].set(text=name, position=(centre, top + 0.17))
        artists[f"shape {k}"].set(text=f"{rows} × {columns}")
        artists[f"shape {k}"].set_position((centre, top - rows * height - 0.16))
        frames.append((left, top - rows * height, columns * width, rows * height))
        reach = (1, columns) if product and k == 1 else (rows, 1) if product and k == 2 else (1, 1)
        paths.append((left, top - reach[0] * height, reach[1] * width, reach[0] * height))
        for j in range(WIDEST):
            column = artists[f"column {k} {j}"]
            column.set_visible(j < columns)
            if j < columns:
                column.set_text("\n".join(fixed(v) for v in values[:, j]))
                column.set_position((left + (j + 0.5) * width, MIDDLE_LINE))
        left += columns * width
        if k < 2:
            between = ("=", {"@": "", "⊙": "⊙", "−": "and"}[line.sign])[k]
            between = "from" if line.sign == "−" and k == 0 else between
            artists[f"sign {k}"].set(text=between, position=(left + 0.225, MIDDLE_LINE))
            artists[f"sign {k}"].set_fontsize(13 if len(between) < 2 else 10)
        left += 0.45
    artists["frames"].set_path(_outlines(frames))
    artists["path"].set_path(_outlines(paths))


# The proof, executed ----------------------------------------------------------------------------

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
