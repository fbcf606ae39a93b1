"""Exercise 0.B. Two paths. u = x², v = 5 − 3x, J = u · v²."""

from __future__ import annotations

from collections.abc import Callable

from nnmath.exercises.drawing import Drawn, Rng, draw
from nnmath.exercises.records import Exercise, Mistake


def _one_number(rng: Rng, *_: int) -> Drawn:
    return (draw(rng, 0.5, 2.5) * rng.choice([-1, 1]),)


def _u_v(x: float) -> tuple[float, float]:
    return x * x, 5 - 3 * x


def _two_paths(x: float) -> float:
    u, v = _u_v(x)
    return v * v * 2 * x + 2 * u * v * -3


def _with_uv(formula: Callable[[float, float, float], float]) -> Callable[[float], float]:
    return lambda x: formula(x, *_u_v(x))


TWO_PATHS = Exercise(
    "0.B",
    "A slope along two paths",
    _two_paths,
    _one_number,
    (
        Mistake(
            "path by u only",
            _with_uv(lambda x, _, v: v * v * 2 * x),
            "This is the path by u alone. x reaches J by v as well: multiply along that path too, "
            "and add.",
        ),
        Mistake(
            "path by v only",
            _with_uv(lambda _, u, v: 2 * u * v * -3),
            "This is the path by v alone. x reaches J by u as well: multiply along that path too, "
            "and add.",
        ),
        Mistake(
            "paths subtracted",
            _with_uv(lambda x, u, v: v * v * 2 * x + 2 * u * v * 3),
            "Both products are there, and the sign of the path by v is lost: v = 5 − 3x falls when "
            "x rises, so its slope is −3.",
        ),
        Mistake(
            "paths multiplied",
            _with_uv(lambda x, u, v: (v * v * 2 * x) * (2 * u * v * -3)),
            "The two paths were multiplied with each other. Multiply along a path, and add over "
            "the paths.",
        ),
        Mistake(
            "second factors only",
            _with_uv(lambda _, u, v: v * v + 2 * u * v),
            "These are ∂J/∂u and ∂J/∂v, added. Each path has one more factor, its first arrow: the "
            "slope of u or v over x.",
        ),
        Mistake(
            "first factors only",
            lambda x: 2 * x - 3,
            "These are the slopes of u and v, added. Each path has one more factor, its second "
            "arrow: the slope of J over u or v.",
        ),
        Mistake(
            "slope of the square without 2",
            _with_uv(lambda x, u, v: v * v * 2 * x + u * v * -3),
            "The path by u is right. In the path by v a factor 2 is missing: the slope of v² is "
            "2v.",
        ),
        Mistake(
            "square lost",
            _with_uv(lambda x, u, v: v * 2 * x + u * -3),
            "This is the slope of u · v, without the square. Here J = u · v², so its slope over u "
            "is v², and over v it is 2uv.",
        ),
        Mistake(
            "edges exchanged",
            _with_uv(lambda x, u, v: v * v * -3 + 2 * u * v * 2 * x),
            "The right four slopes, but paired across the paths. The path by u multiplies the "
            "slope of u over x with the slope of J over u.",
        ),
        Mistake(
            "J itself",
            _with_uv(lambda _, u, v: u * v * v),
            "This is J itself; its slope over x is asked for.",
        ),
    ),
    why="A slope is multiplied along each path, and the paths are added.",
)
