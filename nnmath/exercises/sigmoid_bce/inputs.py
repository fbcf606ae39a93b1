"""What the hidden inputs of these exercises are drawn with: short numbers, easy to type.

A quarter of the targets are soft ones.
"""

from __future__ import annotations

from nnmath.exercises.drawing import Array, Drawn, Rng, draw

Step = tuple[Array, Array]


def _targets(rng: Rng, *shape: int) -> Array:
    hard = rng.randint(0, 2, size=shape or None) * 1.0
    return draw(rng, 0.1, 0.9, *shape) if rng.uniform() < 0.25 else hard


def some_logits(rng: Rng, n: int, _: int, m: int) -> Drawn:
    if m % 2:
        return (draw(rng, -12, 12),)  # alone, so that the far ends count as much as the middle
    return (_both_ends(rng, draw(rng, -4, 4, n, m)),)


def _both_ends(rng: Rng, Z: Array) -> Array:
    """Put numbers far from 0 at both ends of the first column, one time in two."""
    if rng.uniform() < 0.5:
        Z[0, 0], Z[-1, 0] = rng.permutation([1, -1]) * rng.choice([20.0, 40.0])
    return Z


def one_prediction(rng: Rng, *_: int) -> Drawn:
    if rng.uniform() < 0.2:  # far off, where an ε beside it in a logarithm would show
        return 1e-9, 1.0
    return draw(rng, 0.05, 0.95), _targets(rng)


def logits(rng: Rng, n: int, _: int, m: int) -> Drawn:
    return _both_ends(rng, draw(rng, -4, 4, n, m)), _targets(rng, n, m)


def logits_one_huge(rng: Rng, n: int, _: int, m: int) -> Drawn:
    Z, Y = draw(rng, -4, 4, n, m), _targets(rng, n, m)
    if rng.uniform() < 0.5:  # one at a time, so that each way to overflow shows alone
        Z[0, 0] = rng.choice([-1000.0, -40.0, 40.0, 1000.0])
        Y[0, 0] = rng.randint(2)
    return Z, Y


def gradient_and_input(rng: Rng, n: int, n0: int, m: int) -> Drawn:
    return draw(rng, -1, 1, n, m), draw(rng, -2, 2, n0, m)


def gradient(rng: Rng, n: int, _: int, m: int) -> Drawn:
    return (draw(rng, -1, 1, n, m),)


def layer(rng: Rng, n: int, n0: int, m: int) -> Drawn:
    W, b, X = draw(rng, -1, 1, n, n0), draw(rng, -1, 1, n, 1), draw(rng, -2, 2, n0, m)
    return W, b, X, _targets(rng, n, m), draw(rng, 0.1, 1)
