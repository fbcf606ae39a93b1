"""Exercise 2.E. The gradient at the logits of a batch."""

from __future__ import annotations

from nnmath.activations import sigmoid, softmax
from nnmath.exercises.drawing import Array
from nnmath.exercises.records import Exercise, Mistake
from nnmath.exercises.softmax_cross_entropy.inputs import small_logits
from nnmath.losses import cross_entropy


def _dZ(Z: Array, Y: Array) -> Array:
    return cross_entropy.dZ(Z, Y)


def _sums(Y: Array) -> Array:
    return Y.sum(axis=0, keepdims=True)


LOGIT_GRADIENT = Exercise(
    "2.E",
    "The gradient at the logits of a batch",
    _dZ,
    small_logits,
    (
        Mistake(
            "sums ignored",
            lambda Z, Y: (softmax(Z) - Y) / Z.shape[1],
            "This is right where the column of Y sums to 1, and only there. Otherwise the column "
            "sum s stays in front of A: without it the column of dZ does not sum to 0.",
        ),
        Mistake(
            "sums at Y",
            lambda Z, Y: (softmax(Z) - _sums(Y) * Y) / Z.shape[1],
            "The column sum is at the wrong place: it multiplies A, because the sum over k of "
            "yₖ ends up in front of aⱼ.",
        ),
        Mistake(
            "divided by the sums",
            lambda Z, Y: (softmax(Z) - Y / _sums(Y)) / Z.shape[1],
            "The targets are scaled to sum to 1 first. That is the gradient of another cost, in "
            "which every example has the same weight; here the column sum multiplies A.",
        ),
        Mistake(
            "sums of the rows",
            lambda Z, Y: (softmax(Z) * Y.sum(axis=1, keepdims=True) - Y) / Z.shape[1],
            "The targets are summed over the examples. The sum in the derivation runs over the "
            "classes of one example: axis=0.",
        ),
        Mistake(
            "times m",
            lambda Z, Y: softmax(Z) * _sums(Y) - Y,
            "This is the right gradient without the factor 1/m: every entry is m times too "
            "large. J is a mean over the m examples, and here is the one place where that enters.",
        ),
        Mistake(
            "times m, sums ignored",
            lambda Z, Y: softmax(Z) - Y,
            "Two things are missing: the factor 1/m of the mean, and the column sums of Y in "
            "front of A, for targets that do not sum to 1.",
        ),
        Mistake(
            "over m",
            lambda Z, Y: (softmax(Z) * _sums(Y) - Y) / Z.shape[1] ** 2,
            "The factor 1/m is there twice: every entry is m times too small. The mean over the "
            "examples is taken once.",
        ),
        Mistake(
            "sign",
            lambda Z, Y: (Y - softmax(Z) * _sums(Y)) / Z.shape[1],
            "This is the gradient with the opposite sign: one of the two minus signs, that of "
            "the loss or that of the Jacobian, is lost. With it every step would raise the cost.",
        ),
        Mistake(
            "sign, sums ignored",
            lambda Z, Y: (Y - softmax(Z)) / Z.shape[1],
            "Two things are off: the sign, with which every step would raise the cost; and the "
            "column sums of Y in front of A, for targets that do not sum to 1.",
        ),
        Mistake(
            "over all entries",
            lambda Z, Y: (softmax(Z) * _sums(Y) - Y) / Z.size,
            "This divides by the number of all entries, so it is K times too small. J is a mean "
            "over the examples, and a sum over the classes.",
        ),
        Mistake(
            "over K",
            lambda Z, Y: (softmax(Z) * _sums(Y) - Y) / len(Z),
            "This divides by the number of classes, not of examples: len(Z) counts rows. "
            "Examples are columns.",
        ),
        Mistake(
            "one-hot trap",
            lambda Z, Y: -Y * (1 - softmax(Z)) / Z.shape[1],
            "This uses the diagonal of the Jacobian only. With a one-hot target it is right at "
            "the true class and 0 at the others, which should be pushed down.",
        ),
        Mistake(
            "stopped at A",
            lambda Z, Y: -Y / softmax(Z) / Z.shape[1],
            "This is ∂J/∂A: the chain has one more factor, the Jacobian of softmax. Multiply by "
            "it, and see what cancels.",
        ),
        Mistake(
            "no softmax",
            lambda Z, Y: (Z * _sums(Y) - Y) / Z.shape[1],
            "Z is compared with Y directly. Z holds logits, which can be any numbers: make the "
            "probabilities from them first.",
        ),
        Mistake(
            "softmax over the examples",
            lambda Z, Y: (softmax(Z.T).T * _sums(Y) - Y) / Z.shape[1],
            "Softmax is taken along the rows, over the examples. The classes of one example "
            "share one denominator: go down the columns.",
        ),
        Mistake(
            "sigmoid",
            lambda Z, Y: (sigmoid(Z) * _sums(Y) - Y) / Z.shape[1],
            "The probabilities come from the sigmoid, which treats each class alone. Here the "
            "classes share one denominator: softmax.",
        ),
        Mistake(
            "summed over the examples",
            lambda Z, Y: (softmax(Z) * _sums(Y) - Y).sum(axis=1, keepdims=True) / Z.shape[1],
            "The entries are right, but they are added up over the examples. That sum comes "
            "later, in ∂J/∂b; dZ has the shape of Z.",
        ),
    ),
    why="The whole Jacobian has collapsed into one difference, for targets with any column sum.",
    batch="Z",
)
