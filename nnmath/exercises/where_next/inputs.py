"""What the hidden inputs of these exercises are drawn with: short numbers, easy to type."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from nnmath.exercises.drawing import Array, Drawn, Rng, draw

Graph = Mapping[int, Array]


def factors_and_gradient(rng: Rng, n: int, k: int, m: int) -> Drawn:
    return draw(rng, -2, 2, n, k), draw(rng, -2, 2, k, m), draw(rng, -1, 1, n, m)


def gradient_and_stretched(rng: Rng, n: int, k: int, m: int) -> Drawn:
    shapes = ((n, 1), (1, m), (n, 1), (1, 1), (n, m))
    return draw(rng, -1, 1, n, m), draw(rng, -2, 2, *shapes[(n + 2 * k + m) % 5])


def values_and_gradient(rng: Rng, n: int, _: int, m: int) -> Drawn:
    return draw(rng, -0.95, 0.95, n, m), draw(rng, -1, 1, n, m)


def graph(rng: Rng, n: int, k: int, m: int) -> Drawn:
    """Draw a graph that has one order only: each node needs the one before it, and another one."""
    count = k + m
    first = n % count
    row = [first, *(int(j) for j in rng.permutation(count) if j != first)]
    parents = {first: np.array([], dtype=int)}
    for at in range(1, count):
        pair = [row[at - 1], row[rng.randint(at)]]
        parents[row[at]] = np.array(pair if rng.uniform() < 0.5 else pair[::-1])
    return ({j: parents[j] for j in range(count)},)


def gradients_and_shares(rng: Rng, n: int, k: int, m: int) -> Drawn:
    parents = rng.randint(n, size=k)
    parents[-1] = parents[0]  # one node is used twice
    return draw(rng, -2, 2, n, m), parents, draw(rng, -2, 2, k, m)
