"""Exercise 1.C. Its slope at the prediction."""

from __future__ import annotations

import numpy as np

from nnmath.exercises.drawing import Array
from nnmath.exercises.records import Exercise, Mistake
from nnmath.exercises.sigmoid_bce.inputs import one_prediction
from nnmath.losses import bce


def _dloss_da(a: Array, y: Array) -> Array:
    return bce.dA(a, y)


DLOSS_DA = Exercise(
    "1.C",
    "From the loss to the probability",
    _dloss_da,
    one_prediction,
    (
        Mistake(
            "lost inner minus",
            lambda a, y: -y / a - (1 - y) / (1 - a),
            "The slope of log(1 − a) has an inner factor −1, and it is lost: the second "
            "term has the wrong sign. With y = 1 nothing shows; try y = 0, where a larger a must "
            "raise the loss.",
        ),
        Mistake(
            "sign",
            lambda a, y: y / a - (1 - y) / (1 - a),
            "This is the slope with the opposite sign: the minus in front of the loss is "
            "lost. With y = 1 a larger a must lower the loss.",
        ),
        Mistake(
            "minus lost in the first term",
            lambda a, y: y / a + (1 - y) / (1 - a),
            "The second term is right and the first has lost its minus. With y = 1 a larger a "
            "must lower the loss.",
        ),
        Mistake(
            "slope at the logit",
            lambda a, y: a - y,
            "This is a − y, the slope at z: the factor ∂a/∂z is in it already. "
            "Here the chain stops one step earlier, at a.",
        ),
        Mistake(
            "multiplied instead of divided",
            lambda a, y: (a - y) * a * (1 - a),
            "The top a − y is right, but a(1 − a) multiplies it. That is the common bottom of 1/a "
            "and 1/(1 − a), so it must divide.",
        ),
        Mistake(
            "slope of the sigmoid",
            lambda a, y: a * (1 - a) + 0 * y,
            "This is a(1 − a), which is ∂a/∂z: the next factor of the chain. It knows nothing of "
            "y, and the slope of the loss must.",
        ),
        Mistake(
            "first term only",
            lambda a, y: -y / a,
            "Only the slope of the first term is here: with y = 0 it is 0, as if the "
            "prediction could not be improved. Add the second term.",
        ),
        Mistake(
            "second term only",
            lambda a, y: (1 - y) / (1 - a),
            "Only the slope of the second term is here: with y = 1 it is 0, as if the "
            "prediction could not be improved. Add the first term.",
        ),
        Mistake(
            "targets exchanged",
            lambda a, y: -(1 - y) / a + y / (1 - a),
            "The two targets have changed places: the term with 1/a belongs to log a, and that "
            "one has the weight y.",
        ),
        Mistake(
            "bottoms exchanged",
            lambda a, y: -y / (1 - a) + (1 - y) / a,
            "The signs are right and the two bottoms have changed places: the slope of log a is "
            "1/a, with a at the bottom and not 1 − a.",
        ),
        Mistake(
            "brackets around the bottom",
            lambda a, y: (a - y) / a * (1 - a),
            "Python divides by a and then multiplies by 1 − a. Put a * (1 - a) in brackets.",
        ),
        Mistake(
            "the loss itself",
            lambda a, y: bce(a, y),
            "This is the loss itself; its slope at a is asked for. The slope of a logarithm has "
            "no logarithm left in it.",
        ),
        Mistake(
            "base 10",
            lambda a, y: bce.dA(a, y) / np.log(10),
            "This is the right slope divided by log 10, as for logarithms to base 10. The "
            "loss uses the natural logarithm, whose slope is 1/a with no further factor.",
        ),
        Mistake(
            "labels only",
            lambda a, y: -1 / a if y == 1 else 1 / (1 - a),
            "This is right for y = 1 and y = 0, and takes every other target for 0. A target may "
            "lie between the two: weight both fractions with y and 1 − y.",
        ),
    ),
    why="Its bottom is the slope of the sigmoid, and that is about to cancel.",
)
