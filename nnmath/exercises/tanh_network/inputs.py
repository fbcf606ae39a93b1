"""What the hidden inputs of these exercises are drawn with: short numbers, easy to type."""

from __future__ import annotations

from nnmath.exercises.drawing import Array, Drawn, Rng, draw


def _answers(rng: Rng, m: int) -> Array:
    """Return probabilities, none of them exactly one half."""
    return rng.choice([0.08, 0.17, 0.31, 0.46, 0.62, 0.75, 0.93], size=(1, m))


def _truths(rng: Rng, m: int) -> Array:
    return rng.randint(0, 2, size=(1, m)) * 1.0


def one_example(rng: Rng, n1: int, n0: int, _: int) -> Drawn:
    W2, x, a1 = draw(rng, -2, 2, 1, n1), draw(rng, -2, 2, n0, 1), draw(rng, -0.9, 0.9, n1, 1)
    return W2, x, a1, draw(rng, 0.1, 1, n1, 1), _answers(rng, 1), _truths(rng, 1)


def logits(rng: Rng, n: int, _: int, m: int) -> Drawn:
    return (draw(rng, -2, 2, n, m),)


def network(rng: Rng, n1: int, n0: int, m: int) -> Drawn:
    layer1 = draw(rng, -1, 1, n1, n0), draw(rng, -1, 1, n1, 1)
    return *layer1, draw(rng, -2, 2, 1, n1), draw(rng, 0.1, 1, 1, 1), draw(rng, -2, 2, n0, m)


def after_the_run(rng: Rng, n1: int, n0: int, m: int) -> Drawn:
    W2, X, A1 = draw(rng, -2, 2, 1, n1), draw(rng, -2, 2, n0, m), draw(rng, -0.9, 0.9, n1, m)
    return W2, X, A1, _answers(rng, m), _truths(rng, m)


def line(rng: Rng, *_: int) -> Drawn:
    w1, w2, b, x1 = (float(v) for v in draw(rng, 0.3, 2, 4) * rng.choice([-1, 1], size=4))
    return w1, w2, b, x1


def answers_and_truths(rng: Rng, _: int, __: int, m: int) -> Drawn:
    return _answers(rng, 2 * m), _truths(rng, 2 * m)
