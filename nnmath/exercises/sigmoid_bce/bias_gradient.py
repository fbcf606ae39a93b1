"""Exercise 1.F. The gradient of the biases."""

from __future__ import annotations

from nnmath.exercises.drawing import Array
from nnmath.exercises.records import Exercise, Mistake
from nnmath.exercises.sigmoid_bce.inputs import gradient


def _db(dZ: Array) -> Array:
    return dZ.sum(axis=1, keepdims=True)


BIAS_GRADIENT = Exercise(
    "1.F",
    "The gradient of the biases",
    _db,
    gradient,
    (
        Mistake(
            "no keepdims",
            lambda dZ: dZ.sum(axis=1),
            "The numbers are right, but their shape is (n,) where b is (n, 1). The sum dropped "
            "the axis it ran over; keepdims=True keeps it, and b − lr · db stays a column.",
        ),
        Mistake(
            "over m",
            lambda dZ: dZ.mean(axis=1, keepdims=True),
            "This is the mean over the examples, so 1/m is there twice: dZ holds it already. A "
            "plain sum is left to do.",
        ),
        Mistake(
            "mean without keepdims",
            lambda dZ: dZ.mean(axis=1),
            "Two things are off. This is a mean, though dZ holds the 1/m already; and the axis "
            "it runs over is lost, so that db no longer has the shape of b.",
        ),
        Mistake(
            "wrong axis",
            lambda dZ: dZ.sum(axis=0, keepdims=True),
            "This sums over the units and leaves one number per example. A bias belongs to one "
            "unit and is shared by all examples, so the sum runs along the other axis.",
        ),
        Mistake(
            "wrong axis, no keepdims",
            lambda dZ: dZ.sum(axis=0),
            "This sums over the units and leaves one number per example. A bias belongs to one "
            "unit and is shared by all examples; use the other axis, and keepdims=True to keep a "
            "column.",
        ),
        Mistake(
            "summed over everything",
            lambda dZ: dZ.sum(),
            "This adds up all entries into one number. Every unit has its own bias: sum over the "
            "examples only.",
        ),
        Mistake(
            "no sum",
            lambda dZ: dZ * 1.0,
            "This is dZ itself, one column per example. All examples share one bias, so its "
            "gradient collects what each of them contributes.",
        ),
        Mistake(
            "first example only",
            lambda dZ: dZ[:, :1],
            "This takes the first example alone. All examples share one bias, so its gradient "
            "collects what each of them contributes.",
        ),
    ),
    why="A bias is shared by all examples, so their contributions add up; db has the shape of b.",
    batch="dZ",
)
