"""Exercise 1.G. The cost from the logits, safe for large ones."""

from __future__ import annotations

import numpy as np

from nnmath.activations import sigmoid
from nnmath.exercises.drawing import Array
from nnmath.exercises.records import Exercise, Mistake
from nnmath.exercises.sigmoid_bce.inputs import logits_one_huge
from nnmath.losses import bce


def _cost_from_logits(Z: Array, Y: Array) -> float:
    return bce.from_logits(Z, Y)


def _cost_by_the_page(Z: Array, Y: Array) -> float:
    A = sigmoid(Z)
    with np.errstate(all="ignore"):
        return np.sum(-Y * np.log(A) - (1 - Y) * np.log(1 - A)) / Z.shape[1]


def _cost_skipping_zero_weights(Z: Array, Y: Array) -> float:
    return bce(sigmoid(Z), Y)


def _cost_with_plain_exponential(Z: Array, Y: Array) -> float:
    with np.errstate(all="ignore"):
        return np.sum(np.log(1 + np.exp(Z)) - Y * Z) / Z.shape[1]


def _cost_with_opposite_exponential(Z: Array, Y: Array) -> float:
    with np.errstate(all="ignore"):
        return np.sum(np.log(1 + np.exp(-Z)) + (1 - Y) * Z) / Z.shape[1]


def _clipped(margin: float) -> Mistake:
    def cost_from_logits(Z: Array, Y: Array) -> float:
        A = np.clip(sigmoid(Z), margin, 1 - margin)
        return np.sum(-Y * np.log(A) - (1 - Y) * np.log(1 - A)) / Z.shape[1]

    return Mistake(
        f"clipped at {margin:g}",
        cost_from_logits,
        "The predictions are clipped away from 0 and 1. That hides the overflow and changes the "
        "cost: at z = 1000 with y = 0 it is 1000. Work with the logits and never form log(1 − "
        "A).",
    )


def _softplus(Z: Array) -> Array:
    return np.maximum(Z, 0) + np.log1p(np.exp(-np.abs(Z)))


COST_FROM_LOGITS = Exercise(
    "1.G",
    "The cost from the logits",
    _cost_from_logits,
    logits_one_huge,
    (
        Mistake(
            "through the predictions",
            _cost_by_the_page,
            "The formula is right on the page and breaks for large logits: σ(z) rounds to 0 or 1 "
            "there, and log 0 is −∞. Stay with z: use log(1 + eᶻ) − yz.",
        ),
        Mistake(
            "through the predictions, zero weights skipped",
            _cost_skipping_zero_weights,
            "This is right until a prediction rounds to 0 or 1 on the wrong side; then the cost "
            "is infinite, though the true one is about |z|. Stay with z: use log(1 + eᶻ) − yz.",
        ),
        Mistake(
            "plain exponential",
            _cost_with_plain_exponential,
            "The formula is right, but eᶻ overflows from z = 710 on. For z > 0 take z out of the "
            "logarithm, so that only e to a negative power is left.",
        ),
        Mistake(
            "opposite exponential",
            _cost_with_opposite_exponential,
            "The formula is right, but e⁻ᶻ overflows below z = −710. This form is the good one "
            "for z > 0; let the exponent be −|z|, and see what changes for z < 0.",
        ),
        *(_clipped(10.0**-k) for k in (15, 12, 10, 9, 8, 7, 6)),
        Mistake(
            "times m",
            lambda Z, Y: np.sum(_softplus(Z) - Y * Z),
            "This is the sum over the examples; J is their mean, so a factor 1/m is missing.",
        ),
        Mistake(
            "over all entries",
            lambda Z, Y: np.mean(_softplus(Z) - Y * Z),
            "This is the mean over all entries, units included. J is a mean over the examples "
            "and a sum over the units: divide by the number of columns only.",
        ),
        Mistake(
            "over n",
            lambda Z, Y: np.sum(_softplus(Z) - Y * Z) / len(Z),
            "This divides by the number of units, not of examples: len(Z) counts rows. Examples "
            "are columns.",
        ),
        Mistake(
            "sign of yz",
            lambda Z, Y: np.sum(_softplus(Z) + Y * Z) / Z.shape[1],
            "The term yz has the wrong sign. With y = 1 a large z is a good prediction, so it "
            "must lower the cost.",
        ),
        Mistake(
            "no yz",
            lambda Z, Y: (np.sum(_softplus(Z)) + 0 * np.sum(Y)) / Z.shape[1],
            "The term with the target is missing: this is the cost as if every y were 0. See "
            "where y is left after log σ(z) is written as z − log(1 + eᶻ).",
        ),
        Mistake(
            "sign of the exponent",
            lambda Z, Y: np.sum(_softplus(-Z) - Y * Z) / Z.shape[1],
            "The first term is log(1 + e⁻ᶻ), which belongs to the target 1. Together with −yz it "
            "must be log(1 + eᶻ).",
        ),
        Mistake(
            "no maximum",
            lambda Z, Y: np.sum(np.log1p(np.exp(-np.abs(Z))) - Y * Z) / Z.shape[1],
            "The exponent −|z| is safe, but for z > 0 something was taken out of the logarithm "
            "to get there, and it has to be added again.",
        ),
        Mistake(
            "base 10",
            lambda Z, Y: bce.from_logits(Z, Y) / np.log(10),
            "This is the right cost with the logarithm to base 10. Then eᶻ no longer fits: use "
            "the natural logarithm, np.log or np.log1p.",
        ),
        Mistake(
            "base 2",
            lambda Z, Y: bce.from_logits(Z, Y) / np.log(2),
            "This is the right cost with the logarithm to base 2. Then eᶻ no longer fits: use "
            "the natural logarithm, np.log or np.log1p.",
        ),
        Mistake(
            "not summed",
            lambda Z, Y: (_softplus(Z) - Y * Z) / Z.shape[1],
            "The entries are right, but they are not added up. A cost is one number for the "
            "whole batch.",
        ),
        Mistake(
            "one cost per unit",
            lambda Z, Y: np.mean(_softplus(Z) - Y * Z, axis=1),
            "This is the mean over the examples for each unit alone. A cost is one number: add "
            "up the units too.",
        ),
        Mistake(
            "one cost per unit, kept as a column",
            lambda Z, Y: np.mean(_softplus(Z) - Y * Z, axis=1, keepdims=True),
            "This is the mean over the examples, one row per unit. A cost is one number: add up "
            "the units too.",
        ),
        Mistake(
            "one cost per example",
            lambda Z, Y: np.sum(_softplus(Z) - Y * Z, axis=0),
            "This is the loss of each example. The cost is their mean, one number for the whole "
            "batch.",
        ),
        Mistake(
            "squared error",
            lambda Z, Y: np.sum((sigmoid(Z) - Y) ** 2) / (2 * Z.shape[1]),
            "This is the squared error of σ(Z). The cost asked for is the binary cross-entropy: "
            "log(1 + eᶻ) − yz for each entry.",
        ),
    ),
    why="However large a logit gets, the cost stays finite and tells the truth.",
    batch="Z",
)
