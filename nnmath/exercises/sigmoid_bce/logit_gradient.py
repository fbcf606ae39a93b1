"""Exercise 1.D. The gradient at the logits of a batch."""

from __future__ import annotations

from nnmath.activations import sigmoid
from nnmath.exercises.drawing import Array
from nnmath.exercises.records import Exercise, Mistake
from nnmath.exercises.sigmoid_bce.inputs import logits
from nnmath.losses import bce


def _dZ(Z: Array, Y: Array) -> Array:
    return bce.dZ(Z, Y)


LOGIT_GRADIENT = Exercise(
    "1.D",
    "The gradient at the logits of a batch",
    _dZ,
    logits,
    (
        Mistake(
            "times m",
            lambda Z, Y: sigmoid(Z) - Y,
            "This is the right gradient without the factor 1/m: every entry is m times too "
            "large. J is a mean over the m examples, and here is the one place where that "
            "enters.",
        ),
        Mistake(
            "over m",
            lambda Z, Y: (sigmoid(Z) - Y) / Z.shape[1] ** 2,
            "The factor 1/m is there twice: every entry is m times too small. The mean over the "
            "examples is taken once.",
        ),
        Mistake(
            "sign",
            lambda Z, Y: (Y - sigmoid(Z)) / Z.shape[1],
            "This is the gradient with the opposite sign: prediction and target have changed "
            "places. With it every step would raise the cost.",
        ),
        Mistake(
            "sign and times m",
            lambda Z, Y: Y - sigmoid(Z),
            "Two things are off. Prediction and target have changed places, which turns the "
            "sign; and the factor 1/m of the mean is missing.",
        ),
        Mistake(
            "no sigmoid",
            lambda Z, Y: (Z - Y) / Z.shape[1],
            "Z is compared with Y directly. Z holds logits, which can be any numbers: make the "
            "predictions A from them first.",
        ),
        Mistake(
            "no sigmoid and times m",
            lambda Z, Y: Z - Y,
            "Two things are off. Z holds logits, so make the predictions A from them first; and "
            "the factor 1/m of the mean is missing.",
        ),
        Mistake(
            "sigmoid twice",
            lambda Z, Y: (sigmoid(sigmoid(Z)) - Y) / Z.shape[1],
            "The sigmoid is applied twice. A = σ(Z) is the prediction already.",
        ),
        Mistake(
            "slope kept",
            lambda Z, Y: (sigmoid(Z) - Y) * sigmoid.prime(Z) / Z.shape[1],
            "The factor A(1 − A) is still there. It cancels against the bottom of ∂J/∂A; "
            "with it this is the gradient of the squared error, which dies where the neuron "
            "is certain.",
        ),
        Mistake(
            "slope kept and times m",
            lambda Z, Y: (sigmoid(Z) - Y) * sigmoid.prime(Z),
            "Two things are off. The factor A(1 − A) is still there, though it cancels against "
            "the bottom of ∂J/∂A; and the factor 1/m of the mean is missing.",
        ),
        Mistake(
            "no slope",
            lambda Z, Y: bce.dA(sigmoid(Z), Y),
            "This is ∂J/∂A: the chain has one more factor, the slope of the sigmoid, "
            "σ′(Z). Multiply by it and see what cancels.",
        ),
        Mistake(
            "slope at A",
            lambda Z, Y: bce.dA(sigmoid(Z), Y) * sigmoid.prime(sigmoid(Z)),
            "The slope of the sigmoid is taken at A instead of at Z. In terms of A it is A(1 − "
            "A), with no further σ, and then it cancels.",
        ),
        Mistake(
            "slope formula with Z",
            lambda Z, Y: bce.dA(sigmoid(Z), Y) * Z * (1 - Z),
            "The slope is written as Z(1 − Z). It is A(1 − A), with A = σ(Z), and then it cancels.",
        ),
        Mistake(
            "over n",
            lambda Z, Y: (sigmoid(Z) - Y) / len(Z),
            "This divides by the number of units, not of examples: len(Z) counts rows. Examples "
            "are columns.",
        ),
        Mistake(
            "over all entries",
            lambda Z, Y: (sigmoid(Z) - Y) / Z.size,
            "This divides by the number of all entries. J is a mean over the examples, and a sum "
            "over the units: count the columns only.",
        ),
        Mistake(
            "summed over examples",
            lambda Z, Y: (sigmoid(Z) - Y).sum(axis=1, keepdims=True) / Z.shape[1],
            "The entries are right, but they are added up over the examples. That sum comes "
            "later, in ∂J/∂b; dZ has the shape of Z.",
        ),
        Mistake(
            "predictions rounded",
            lambda Z, Y: ((sigmoid(Z) > 0.5) - Y) / Z.shape[1],
            "The predictions are rounded to 0 or 1 before the comparison. The gradient needs the "
            "probability itself, for it says how wrong the prediction is.",
        ),
    ),
    why="Only the error is left: a neuron that is surely wrong still learns at full speed.",
    batch="Z",
)
