"""What the hidden inputs of these exercises are drawn with: short numbers, easy to type."""

from __future__ import annotations

import numpy as np

from nnmath.exercises.drawing import Array, Drawn, Rng, draw

Pair = tuple[Array, Array]


def _probabilities(rng: Rng, K: int, m: int) -> Array:
    """Return columns of hundredths, none below 0.05, that sum to 1."""
    return (5 + rng.multinomial(100 - 5 * K, np.full(K, 1 / K), size=m).T) / 100


def _targets(rng: Rng, K: int, m: int) -> Array:
    """Return one-hot columns, and one time in three soft ones; they sum to 1."""
    if rng.uniform() < 1 / 3:
        return _probabilities(rng, K, m)
    return np.eye(K)[:, rng.randint(K, size=m)]


def _weighted_targets(rng: Rng, K: int, m: int) -> Array:
    """Return targets of which half have columns that do not sum to 1."""
    if rng.uniform() < 0.5:
        return _targets(rng, K, m)
    return draw(rng, 0, 1, K, m)


def _logits(rng: Rng, K: int, m: int) -> Array:
    Z = draw(rng, -4, 4, K, m)
    if rng.uniform() < 0.5:  # one column at a time, so that each way to overflow shows alone
        Z[:, 0] += rng.choice([-1000.0, 1000.0])
    return Z


def logits_alone(rng: Rng, K: int, _: int, m: int) -> Drawn:
    Z = _logits(rng, K, m)
    if rng.uniform() < 0.25:  # both ends in one column: only its maximum is a safe shift
        Z[0, -1], Z[-1, -1] = rng.permutation([-1000.0, 1000.0])
    return (Z,)


def one_column(rng: Rng, K: int, *_: int) -> Drawn:
    return (_probabilities(rng, K, 1),)


def predictions(rng: Rng, K: int, _: int, m: int) -> Drawn:
    A, Y = _probabilities(rng, K, m), _weighted_targets(rng, K, m)
    if rng.uniform() < 0.25:  # a surprise, in which an ε beside the probability would show
        A[0, 0], Y[0, 0] = 1e-9, 1.0
    return A, Y


def predictions_and_gradient(rng: Rng, K: int, _: int, m: int) -> Drawn:
    return _probabilities(rng, K, m), draw(rng, -2, 2, K, m)


def small_logits(rng: Rng, K: int, _: int, m: int) -> Drawn:
    return draw(rng, -3, 3, K, m), _weighted_targets(rng, K, m)


def huge_logits(rng: Rng, K: int, _: int, m: int) -> Drawn:
    Z, Y = _logits(rng, K, m), _weighted_targets(rng, K, m)
    if rng.uniform() < 0.25:  # certain, and wrong or right
        Z[0, 0] += 1000.0
    return Z, Y


def layer(rng: Rng, K: int, n0: int, m: int) -> Drawn:
    W, b, X = draw(rng, -1, 1, K, n0), draw(rng, -1, 1, K, 1), draw(rng, -2, 2, n0, m)
    return W, b, X, _targets(rng, K, m)
