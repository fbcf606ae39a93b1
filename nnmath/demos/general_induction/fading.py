"""How large dZ[l] is at each layer of a deep network, and which factor makes it so."""

from __future__ import annotations

import functools
from collections.abc import Mapping
from typing import Any

import numpy as np
from matplotlib.figure import Figure

import nnmath as nn
from nnmath.live import (
    BLUE,
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
QUIET = "#999999"
PALE = "#666666"

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
