"""Exercise 2.F. The cost from the logits, safe for large ones."""

from __future__ import annotations

import numpy as np

from nnmath.activations import softmax
from nnmath.exercises.drawing import Answer, Array
from nnmath.exercises.records import Exercise, Mistake
from nnmath.exercises.softmax_cross_entropy.inputs import huge_logits
from nnmath.losses import cross_entropy


def _cost_from_logits(Z: Array, Y: Array) -> float:
    return cross_entropy.from_logits(Z, Y)


def _log_sum_exp(Z: Array) -> Array:
    M = Z.max(axis=0)
    return M + np.log(np.exp(Z - M).sum(axis=0))


def _cost_with(log_sum_exp: Answer) -> Answer:
    """Make the cost that is right in all but its log-sum-exp, given as a function of Z."""

    def cost_from_logits(Z: Array, Y: Array) -> float:
        with np.errstate(all="ignore"):
            return np.sum(Y.sum(axis=0) * log_sum_exp(Z) - (Y * Z).sum(axis=0)) / Z.shape[1]

    return cost_from_logits


def _far_below(Z: Array) -> Array:
    return Z.max() + np.log(np.exp(Z - Z.max()).sum(axis=0))


def _through_probabilities(Z: Array, Y: Array) -> float:
    with np.errstate(all="ignore"):
        return -np.sum(Y * np.log(np.exp(Z) / np.exp(Z).sum(axis=0))) / Z.shape[1]


def _through_safe_probabilities(Z: Array, Y: Array) -> float:
    with np.errstate(all="ignore"):
        return -np.sum(Y * np.log(softmax(Z))) / Z.shape[1]


def _zero_weights_skipped(Z: Array, Y: Array) -> float:
    return cross_entropy(softmax(Z), Y)


def _clipped(margin: float) -> Mistake:
    return Mistake(
        f"clipped at {margin:g}",
        lambda Z, Y: -np.sum(Y * np.log(np.clip(softmax(Z), margin, 1))) / Z.shape[1],
        "The probabilities are clipped away from 0. That hides the −∞ and changes the cost: a "
        "logit that is 1000 too low must cost 1000. Work with the logits, by log-sum-exp.",
    )


def _losses(Z: Array, Y: Array) -> Array:
    return Y.sum(axis=0) * _log_sum_exp(Z) - (Y * Z).sum(axis=0)


COST_FROM_LOGITS = Exercise(
    "2.F",
    "The cost from the logits",
    _cost_from_logits,
    huge_logits,
    (
        Mistake(
            "through the probabilities",
            _through_probabilities,
            "The formula is right on the page, but eᶻ overflows for large logits. Write log a as "
            "z minus the log-sum-exp of its column, and subtract the maximum there.",
        ),
        Mistake(
            "through safe probabilities",
            _through_safe_probabilities,
            "Softmax itself is safe here, but a small probability rounds to 0, and log 0 is −∞. "
            "Write log a as z minus the log-sum-exp of its column.",
        ),
        Mistake(
            "zero weights skipped",
            _zero_weights_skipped,
            "This is right until the probability of the truth rounds to 0; then the cost is "
            "infinite, though the true one is about 1000. Write log a as z minus log-sum-exp.",
        ),
        Mistake(
            "plain exponential",
            _cost_with(lambda Z: np.log(np.exp(Z).sum(axis=0))),
            "The form is right, but eᶻ overflows from z = 710 on, and log 0 comes from very "
            "negative columns. Take the largest logit out of the sum first.",
        ),
        Mistake(
            "maximum not added back",
            _cost_with(lambda Z: np.log(np.exp(Z - Z.max(axis=0)).sum(axis=0))),
            "The largest logit was subtracted inside the exponential, and it is not added back "
            "after the logarithm. Unlike softmax, log-sum-exp does change with a shift.",
        ),
        Mistake(
            "maximum of everything",
            _cost_with(_far_below),
            "The largest logit of the whole array is subtracted. In a column far below it every "
            "exponential is 0. Each column has its own largest logit.",
        ),
        Mistake(
            "maximum for log-sum-exp",
            _cost_with(lambda Z: Z.max(axis=0)),
            "The maximum stands in the place of log-sum-exp. It is close for confident "
            "predictions, but the logarithm of the shifted sum is still to be added.",
        ),
        Mistake(
            "no logarithm",
            _cost_with(lambda Z: Z.max(axis=0) + np.exp(Z - Z.max(axis=0)).sum(axis=0)),
            "The logarithm of the sum is missing: log-sum-exp is M plus the log of Σ e^(z − M).",
        ),
        *(_clipped(10.0**-k) for k in (15, 12, 10, 9, 8, 7, 6)),
        Mistake(
            "sums ignored",
            lambda Z, Y: np.sum(_log_sum_exp(Z) - (Y * Z).sum(axis=0)) / Z.shape[1],
            "This is right where the column of Y sums to 1. Otherwise log-sum-exp is there once "
            "for each unit of target: it carries the column sum s.",
        ),
        Mistake(
            "times m",
            lambda Z, Y: np.sum(_losses(Z, Y)),
            "This is the sum over the examples; J is their mean, so a factor 1/m is missing.",
        ),
        Mistake(
            "over all entries",
            lambda Z, Y: np.sum(_losses(Z, Y)) / Z.size,
            "This divides by the number of all entries, so it is K times too small. Divide by "
            "the number of columns only.",
        ),
        Mistake(
            "over K",
            lambda Z, Y: np.sum(_losses(Z, Y)) / len(Z),
            "This divides by the number of classes, not of examples: len(Z) counts rows.",
        ),
        Mistake(
            "one cost per example",
            _losses,
            "This is the loss of each example. The cost is their mean, one number for the whole "
            "batch.",
        ),
        Mistake(
            "sign",
            lambda Z, Y: -np.sum(_losses(Z, Y)) / Z.shape[1],
            "This is the log-likelihood, which is best when it is largest. A cost has the other "
            "sign, and it is never negative here.",
        ),
        Mistake(
            "sign of yz",
            lambda Z, Y: np.sum(Y.sum(axis=0) * _log_sum_exp(Z) + (Y * Z).sum(axis=0)) / Z.shape[1],
            "The term with y z has the wrong sign. A larger logit at the true class must lower "
            "the cost.",
        ),
        Mistake(
            "no yz",
            lambda Z, Y: np.sum(Y.sum(axis=0) * _log_sum_exp(Z)) / Z.shape[1],
            "The term with y z is missing: nothing rewards the logit of the true class.",
        ),
        Mistake(
            "over the examples",
            lambda Z, Y: (
                np.sum(Y.sum(axis=1) * _log_sum_exp(Z.T) - (Y * Z).sum(axis=1)) / Z.shape[1]
            ),
            "The log-sum-exp runs along the rows, over the examples. The classes of one example "
            "share one sum: go down the columns, axis=0.",
        ),
        Mistake(
            "binary",
            lambda Z, Y: (
                np.sum(np.maximum(Z, 0) + np.log1p(np.exp(-np.abs(Z))) - Y * Z) / Z.shape[1]
            ),
            "This is the binary cross-entropy of each entry, with log(1 + eᶻ). Here the classes "
            "share one sum: log-sum-exp over the column.",
        ),
    ),
    why="However certain the network is, the cost stays finite and tells the truth.",
    batch="Z",
)
