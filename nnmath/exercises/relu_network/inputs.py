"""What the hidden inputs of these exercises are drawn with: short numbers, easy to type.

Logits are halves, so that many are 0.
"""

from __future__ import annotations

import numpy as np

from nnmath.activations import softmax
from nnmath.exercises.drawing import Array, Drawn, Rng, draw


def _halves(rng: Rng, *shape: int) -> Array:
    return rng.randint(-4, 5, size=shape) / 2


def _one_hot(rng: Rng, classes: int, m: int) -> Array:
    return np.eye(classes)[:, rng.randint(classes, size=m)]


def _widths(n: int, n0: int, m: int) -> tuple[int, int, int, int]:
    """Return n₀ to n₃, all different and other than m, or all equal where the three sizes are."""
    return (n, n, n, n) if n == n0 == m else (n0, n, 14 - n - n0 - m, 6)


def logits(rng: Rng, n: int, _: int, m: int) -> Drawn:
    return (_halves(rng, n, m),)


def network(rng: Rng, n: int, n0: int, m: int) -> Drawn:
    sizes = _widths(n, n0, m)
    parameters = []
    for rows, columns in zip(sizes[1:], sizes, strict=False):
        parameters += [draw(rng, -1, 1, rows, columns), draw(rng, -1, 1, rows, 1)]
    return *parameters, draw(rng, -2, 2, n0, m)


def layer_above(rng: Rng, n: int, n0: int, m: int) -> Drawn:
    return draw(rng, -1, 1, n, n0), draw(rng, -1, 1, n, m), _halves(rng, n0, m)


def after_the_run(rng: Rng, n: int, n0: int, m: int) -> Drawn:
    n0, n1, n2, n3 = _widths(n, n0, m)
    W2, W3 = draw(rng, -1, 1, n2, n1), draw(rng, -1, 1, n3, n2)
    X, Z1, Z2 = draw(rng, -2, 2, n0, m), _halves(rng, n1, m), _halves(rng, n2, m)
    A3 = np.round(softmax(rng.uniform(-1, 1, size=(n3, m))), 2)
    return W2, W3, X, Z1, Z2, A3, _one_hot(rng, n3, m)


def last_two_layers(rng: Rng, n: int, n0: int, m: int) -> Drawn:
    _, n1, n2, n3 = _widths(n, n0, m)
    parameters = (
        draw(rng, -1, 1, n2, n1), draw(rng, 0, 1, n2, 1),
        draw(rng, -1, 1, n3, n2), draw(rng, -1, 1, n3, 1),
    )  # fmt: skip
    A1, lr = draw(rng, 0, 2, n1, m), float(np.round(rng.uniform(0.1, 0.9), 2))
    return *parameters, A1, _one_hot(rng, n3, m), lr


def logits_with_dead_rows(rng: Rng, n: int, _: int, m: int) -> Drawn:
    Z = _halves(rng, n, m)
    dead = rng.permutation(n)[: rng.randint(1, n)]
    Z[dead] = -np.abs(Z[dead])
    Z[rng.randint(n), rng.randint(m)] = 0.0
    return (Z + 0.0,)


def answers_and_targets(rng: Rng, n: int, _: int, m: int) -> Drawn:
    Y = _one_hot(rng, n, m)
    return np.round(softmax(2 * Y + rng.normal(size=(n, m)) * 1.5), 2), Y
