"""Exercise 2.C. The cost from the probabilities."""

from __future__ import annotations

import numpy as np

from nnmath.exercises.drawing import Array
from nnmath.exercises.records import Exercise, Mistake
from nnmath.exercises.softmax_cross_entropy.inputs import predictions
from nnmath.losses import cross_entropy


def _mean_loss(A: Array, Y: Array) -> float:
    return cross_entropy(A, Y)


MEAN_LOSS = Exercise(
    "2.C",
    "The cost of a batch",
    _mean_loss,
    predictions,
    (
        Mistake(
            "sign",
            lambda A, Y: np.sum(Y * np.log(A)) / A.shape[1],
            "This is the mean log-likelihood, which is best when it is largest. A cost is best "
            "when it is smallest, so it has the other sign.",
        ),
        Mistake(
            "times m",
            lambda A, Y: -np.sum(Y * np.log(A)),
            "This is the sum over the examples; J is their mean, so a factor 1/m is missing.",
        ),
        Mistake(
            "over all entries",
            lambda A, Y: -np.mean(Y * np.log(A)),
            "This is the mean over all entries, classes included, and so K times too small. J is "
            "a mean over the examples and a sum over the classes.",
        ),
        Mistake(
            "over K",
            lambda A, Y: -np.sum(Y * np.log(A)) / len(A),
            "This divides by the number of classes, not of examples: len(A) counts rows. "
            "Examples are columns.",
        ),
        Mistake(
            "binary",
            lambda A, Y: -np.sum(Y * np.log(A) + (1 - Y) * np.log(1 - A)) / A.shape[1],
            "This is the binary cross-entropy of each entry: K separate questions. Here one "
            "answer of K is right, and only −y log a is summed.",
        ),
        Mistake(
            "not summed",
            lambda A, Y: -Y * np.log(A) / A.shape[1],
            "The entries are right, but they are not added up. A cost is one number for the "
            "whole batch.",
        ),
        Mistake(
            "one per example",
            lambda A, Y: -np.sum(Y * np.log(A), axis=0),
            "This is the loss of each example. The cost is their mean, one number for the whole "
            "batch.",
        ),
        Mistake(
            "one per class",
            lambda A, Y: -np.mean(Y * np.log(A), axis=1),
            "This is a mean for each class alone. A cost is one number: add up the classes too.",
        ),
        Mistake(
            "A and Y exchanged",
            lambda A, Y: -np.sum(A * np.log(Y)) / A.shape[1],
            "The logarithm is taken of the target. A target may be 0, and log 0 is −∞: the "
            "prediction goes into the logarithm, the target stands in front of it.",
        ),
        Mistake(
            "no target",
            lambda A, Y: (-np.sum(A * np.log(A)) + 0 * np.sum(Y)) / A.shape[1],
            "This weighs the logarithms with A itself. The target says which classes count, so "
            "the weight is Y.",
        ),
        Mistake(
            "no logarithm",
            lambda A, Y: -np.sum(Y * A) / A.shape[1],
            "The logarithm is missing: this is minus the probability of the truth. Its slope "
            "stays small where the prediction is confidently wrong.",
        ),
        Mistake(
            "squared error",
            lambda A, Y: np.sum((A - Y) ** 2) / (2 * A.shape[1]),
            "This is the squared error. It also vanishes at A = Y, but it is not the negative "
            "logarithm of the likelihood.",
        ),
        Mistake(
            "largest target only",
            lambda A, Y: -np.log(A[Y.argmax(axis=0), np.arange(A.shape[1])]).mean(),
            "This is right for one-hot targets. A soft target gives weight to several classes: "
            "multiply every logarithm by its y and add.",
        ),
        Mistake(
            "base 2",
            lambda A, Y: -np.sum(Y * np.log2(A)) / A.shape[1],
            "This is the right cost in bits, with the logarithm to base 2. The slope 1/a belongs "
            "to the natural logarithm, np.log.",
        ),
        Mistake(
            "base 10",
            lambda A, Y: -np.sum(Y * np.log10(A)) / A.shape[1],
            "This is the right cost with the logarithm to base 10. The slope 1/a belongs to the "
            "natural logarithm, np.log.",
        ),
        Mistake(
            "logarithm of the mean",
            lambda A, Y: -np.log(np.sum(Y * A) / A.shape[1]),
            "The logarithm is taken of the mean probability. Each example has a loss of its own: "
            "first the logarithms, then the mean.",
        ),
    ),
    why="With one-hot targets only one term of each column is left: −log of the true class.",
    batch="A",
)
