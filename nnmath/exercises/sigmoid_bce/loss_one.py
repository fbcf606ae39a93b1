"""Exercise 1.B. The loss of one example."""

from __future__ import annotations

import numpy as np

from nnmath.activations import sigmoid
from nnmath.exercises.drawing import Array
from nnmath.exercises.records import Exercise, Mistake
from nnmath.exercises.sigmoid_bce.inputs import one_prediction
from nnmath.losses import bce


def _loss_one(a: Array, y: Array) -> float:
    return bce(a, y)


LOSS_ONE = Exercise(
    "1.B",
    "The loss of one example",
    _loss_one,
    one_prediction,
    (
        Mistake(
            "sign",
            lambda a, y: y * np.log(a) + (1 - y) * np.log(1 - a),
            "This is the log-likelihood, which is best when it is largest. A loss is best when "
            "it is smallest, so it has the other sign.",
        ),
        Mistake(
            "minus on the first term only",
            lambda a, y: -y * np.log(a) + (1 - y) * np.log(1 - a),
            "The minus reaches the first term only; it belongs to both. Put the whole sum in "
            "brackets, or give each term its own minus.",
        ),
        Mistake(
            "minus on the second term only",
            lambda a, y: y * np.log(a) - (1 - y) * np.log(1 - a),
            "The minus reaches the second term only; it belongs to both. Put the whole sum in "
            "brackets, or give each term its own minus.",
        ),
        Mistake(
            "targets exchanged",
            lambda a, y: -(1 - y) * np.log(a) - y * np.log(1 - a),
            "The two targets have changed places. Try y = 1 with a close to 1: that prediction is "
            "good, so its loss must be close to 0.",
        ),
        Mistake(
            "first term only",
            lambda a, y: -y * np.log(a),
            "Only the term for y = 1 is here: with y = 0 this loss is 0 for every prediction. "
            "The other target needs a term of its own.",
        ),
        Mistake(
            "second term only",
            lambda a, y: -(1 - y) * np.log(1 - a),
            "Only the term for y = 0 is here: with y = 1 this loss is 0 for every prediction. "
            "The other target needs a term of its own.",
        ),
        Mistake(
            "one minus log",
            lambda a, y: -y * np.log(a) - (1 - y) * (1 - np.log(a)),
            "The second term uses 1 − log a. The probability of the target 0 is 1 − a, and the "
            "logarithm is taken of that.",
        ),
        Mistake(
            "base 10",
            lambda a, y: bce(a, y) / np.log(10),
            "This is the right loss with the logarithm to base 10. The slope 1/a belongs to "
            "the natural logarithm, which numpy calls np.log.",
        ),
        Mistake(
            "base 2",
            lambda a, y: bce(a, y) / np.log(2),
            "This is the right loss in bits, with the logarithm to base 2. The slope 1/a "
            "belongs to the natural logarithm, which numpy calls np.log.",
        ),
        Mistake(
            "a and y exchanged",
            lambda a, y: -a * np.log(y) - (1 - a) * np.log(1 - y),
            "The logarithm is taken of the target here. A target may be 0, and log 0 is −∞: the "
            "prediction goes into the logarithm, the target stands in front of it.",
        ),
        Mistake(
            "sigmoid applied again",
            lambda a, y: bce(sigmoid(a), y),
            "This is the loss of σ(a): the sigmoid was applied once more. Here a is the "
            "prediction, and it has been through σ already.",
        ),
        Mistake(
            "squared error",
            lambda a, y: (a - y) ** 2,
            "This is the squared error. It also vanishes at a = y, but it is not the negative "
            "logarithm of the likelihood.",
        ),
        Mistake(
            "half the squared error",
            lambda a, y: (a - y) ** 2 / 2,
            "This is half the squared error. It also vanishes at a = y, but it is not the "
            "negative logarithm of the likelihood.",
        ),
        Mistake(
            "labels only",
            lambda a, y: -np.log(a) if y == 1 else -np.log(1 - a),
            "This is right for y = 1 and y = 0, and takes every other target for 0. A target may "
            "lie between the two: weight both logarithms with y and 1 − y.",
        ),
    ),
    why="One term is there for each answer, and the target chooses between them without an if.",
)
