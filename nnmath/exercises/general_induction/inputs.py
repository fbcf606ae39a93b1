"""What the hidden inputs of these exercises are drawn with: short numbers, easy to type."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from nnmath.activations import Activation, identity, relu, sigmoid, softmax, tanh
from nnmath.exercises.drawing import Array, Drawn, Rng, draw

Arrays = Mapping[int, Array]
Made = dict[int, Array]

ACTIVATIONS = (sigmoid, tanh, relu, identity, softmax)


def weights_and_gradient(rng: Rng, n: int, n0: int, m: int) -> Drawn:
    return draw(rng, -2, 2, n, n0), draw(rng, -1, 1, n, m)


def layer_and_gradient(rng: Rng, n: int, n0: int, m: int) -> Drawn:
    return draw(rng, -2, 2, n, n0), draw(rng, -2, 2, n0, m), draw(rng, -1, 1, n, m)


def layer_and_gradient_in_rows(rng: Rng, n: int, n0: int, m: int) -> Drawn:
    return draw(rng, -2, 2, n, n0), draw(rng, -2, 2, m, n0), draw(rng, -1, 1, m, n)


def probabilities_and_gradient(rng: Rng, n: int, _: int, m: int) -> Drawn:
    return np.round(softmax(rng.uniform(-1, 1, size=(n, m))), 2), draw(rng, -2, 2, n, m)


def logits_and_targets(rng: Rng, n: int, _: int, m: int) -> Drawn:
    return draw(rng, -2, 2, n, m), draw(rng, -1, 1, n, m)


def _widths(n: int, n0: int, m: int) -> list[int]:
    """Return n_0..n_L for one to four layers, neighbours different unless all sizes are equal."""
    other = n if n == n0 else 14 - n - n0 - m
    return [(n0, n, other)[l % 3] for l in range(2 + (n0 * n + m) % 4)]


def _parameters(rng: Rng, widths: list[int]) -> tuple[Made, Made, dict[int, Activation]]:
    layers = range(1, len(widths))
    W = {l: draw(rng, -1, 1, widths[l], widths[l - 1]) for l in layers}
    b = {l: draw(rng, -1, 1, widths[l], 1) for l in layers}
    return W, b, {l: ACTIVATIONS[rng.randint(len(ACTIVATIONS))] for l in layers}


def network(rng: Rng, n: int, n0: int, m: int) -> Drawn:
    return *_parameters(rng, _widths(n, n0, m)), draw(rng, -2, 2, n0, m)


def network_after_its_run(rng: Rng, n: int, n0: int, m: int) -> Drawn:
    W, b, g, X = network(rng, n, n0, m)
    Z, A = run_forward(W, b, g, X)
    shown = ({l: np.round(v, 2) for l, v in values.items()} for values in (Z, A))
    return W, g, *shown, draw(rng, -1, 1, *A[len(W)].shape)


def run_forward(W: Arrays, b: Arrays, g: Mapping[int, Activation], X: Array) -> tuple[Made, Made]:
    """Return Z and A of every layer."""
    Z, A = {}, {0: X}
    for l in range(1, len(W) + 1):
        Z[l] = W[l] @ A[l - 1] + b[l]
        A[l] = g[l](Z[l])
    return Z, A
