"""The exercises of notebook 01: sigmoid and binary cross-entropy, each with the mistakes it knows.

Conventions. Z, A, Y are (n, m), one column per example; W is (n, n₀), b is (n, 1), X is (n₀, m).
The factor 1/m occurs once, in dZ. A mistake is written as the learner would write it.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from nnmath.activations import sigmoid
from nnmath.exercises.records import Exercise, Mistake
from nnmath.losses import bce

Rng = np.random.RandomState
Array = Any  # an array, or one number where the formula is for one example
Drawn = tuple[Array, ...]
Answer = Callable[..., Any]
Step = tuple[Array, Array]

# Hidden inputs: short numbers, so that they can be typed. A quarter of the targets are soft ones.


def _draw(rng: Rng, lo: float, hi: float, *shape: int) -> Array:
    return np.round(rng.uniform(lo, hi, size=shape or None), 2)


def _targets(rng: Rng, *shape: int) -> Array:
    hard = rng.randint(0, 2, size=shape or None) * 1.0
    return _draw(rng, 0.1, 0.9, *shape) if rng.uniform() < 0.25 else hard


def _some_logits(rng: Rng, n: int, _: int, m: int) -> Drawn:
    return (_draw(rng, -4, 4, *(() if m % 2 else (n, m))),)  # a number, or an array


def _one_prediction(rng: Rng, *_: int) -> Drawn:
    return _draw(rng, 0.05, 0.95), _targets(rng)


def _logits(rng: Rng, n: int, _: int, m: int) -> Drawn:
    return _draw(rng, -4, 4, n, m), _targets(rng, n, m)


def _logits_one_huge(rng: Rng, n: int, _: int, m: int) -> Drawn:
    Z, Y = _logits(rng, n, _, m)
    if rng.uniform() < 0.5:  # one at a time, so that each way to overflow shows alone
        Z[0, 0] = rng.choice([-1000.0, -40.0, 40.0, 1000.0])
        Y[0, 0] = rng.randint(2)
    return Z, Y


def _gradient_and_input(rng: Rng, n: int, n0: int, m: int) -> Drawn:
    return _draw(rng, -1, 1, n, m), _draw(rng, -2, 2, n0, m)


def _gradient(rng: Rng, n: int, _: int, m: int) -> Drawn:
    return (_draw(rng, -1, 1, n, m),)


def _layer(rng: Rng, n: int, n0: int, m: int) -> Drawn:
    W, b, X = _draw(rng, -1, 1, n, n0), _draw(rng, -1, 1, n, 1), _draw(rng, -2, 2, n0, m)
    return W, b, X, _targets(rng, n, m), _draw(rng, 0.1, 1)


# 1.A: the slope of the sigmoid.


def _sigmoid_prime(z: Array) -> Array:
    return sigmoid.prime(z)


SIGMOID_PRIME = Exercise(
    "1.A",
    "The slope of the sigmoid",
    _sigmoid_prime,
    _some_logits,
    (
        Mistake(
            "sigmoid itself",
            lambda z: sigmoid(z),
            "This is σ(z), the height of the curve; its slope is asked for. The slope can be "
            "written with that height alone.",
        ),
        Mistake(
            "slope at A",
            lambda z: sigmoid(sigmoid(z)) * (1 - sigmoid(sigmoid(z))),
            "This is the slope at a instead of at z: σ was applied twice. The a in a(1 − a) has "
            "been through σ already, and goes in as it is.",
        ),
        Mistake(
            "slope formula with z",
            lambda z: z * (1 - z),
            "This is z(1 − z). The form is right, but it holds for a = σ(z), not for z: compute "
            "a first.",
        ),
        Mistake(
            "sign",
            lambda z: -sigmoid.prime(z),
            "This has the right size and the wrong sign. The power −1 brings down a minus, and "
            "so does the inner slope, that of e⁻ᶻ: count them both. The curve rises, so its slope "
            "is positive.",
        ),
        Mistake(
            "no inner slope",
            lambda z: -(sigmoid(z) ** 2),
            "This is −σ(z)², the slope of the outside alone. The chain rule asks for one more "
            "factor, the slope of the inside, 1 + e⁻ᶻ.",
        ),
        Mistake(
            "square of the sigmoid",
            lambda z: sigmoid(z) ** 2,
            "This is σ(z)², which keeps growing to 1; the slope must fade on both sides. One of "
            "the two factors should say how much of the way is left.",
        ),
        Mistake(
            "bottom not squared",
            lambda z: 1 - sigmoid(z),
            "This is e⁻ᶻ/(1 + e⁻ᶻ), which is 1 − σ(z). The slope of u⁻¹ is −u⁻², so "
            "the bottom is squared: one factor is missing.",
        ),
        Mistake(
            "slope of tanh",
            lambda z: 1 - sigmoid(z) ** 2,
            "This is 1 − a², the form that belongs to tanh. For the sigmoid the last step gives "
            "another product of a and what is left of it up to 1.",
        ),
        Mistake(
            "turned over",
            lambda z: 1 / (sigmoid(z) * (1 - sigmoid(z))),
            "This is 1/σ′(z), so the fraction is upside down: dz/da in place of da/dz.",
        ),
    ),
    why="You need no exponential for it once a is known: that is why backpropagation keeps A.",
)

# 1.B: the loss of one example.


def _loss_one(a: Array, y: Array) -> float:
    return bce(a, y)


LOSS_ONE = Exercise(
    "1.B",
    "The loss of one example",
    _loss_one,
    _one_prediction,
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

# 1.C: its slope at the prediction.


def _dloss_da(a: Array, y: Array) -> Array:
    return bce.dA(a, y)


DLOSS_DA = Exercise(
    "1.C",
    "From the loss to the probability",
    _dloss_da,
    _one_prediction,
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

# 1.D: the gradient at the logits of a batch.


def _dZ(Z: Array, Y: Array) -> Array:
    return bce.dZ(Z, Y)


LOGIT_GRADIENT = Exercise(
    "1.D",
    "The gradient at the logits of a batch",
    _dZ,
    _logits,
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

# 1.E: the gradient of the weights.


def _dW(dZ: Array, X: Array) -> Array:
    return dZ @ X.T


WEIGHT_GRADIENT = Exercise(
    "1.E",
    "The gradient of the weights",
    _dW,
    _gradient_and_input,
    (
        Mistake(
            "dZ @ X",
            lambda dZ, X: dZ @ X,
            "This is dZ X, without the transpose. It runs only when there are as many inputs as "
            "examples, and then its numbers are wrong: the sum must run over the examples.",
        ),
        Mistake(
            "X @ dZ",
            lambda dZ, X: X @ dZ,
            "This is X dZ, which runs on square inputs only. The row of W says which unit, so dZ "
            "comes first; and the sum must run over the examples.",
        ),
        Mistake(
            "dZ.T @ X",
            lambda dZ, X: dZ.T @ X,
            "The wrong factor is transposed. The sum must run over the examples, so these must "
            "be the columns of the first factor and the rows of the second.",
        ),
        Mistake(
            "X.T @ dZ",
            lambda dZ, X: X.T @ dZ,
            "Here the sum runs over the rows of X and dZ, which are inputs and units. It must "
            "run over the examples, and the result has one row per unit.",
        ),
        Mistake(
            "dZ * X",
            lambda dZ, X: dZ * X,
            "This multiplies entry by entry. Every unit meets every input, and each such pair is "
            "summed over the examples: that is a matrix product, @.",
        ),
        Mistake(
            "transposed",
            lambda dZ, X: X @ dZ.T,
            "This is the transpose of the right answer. dW has the shape of W: one row per unit, "
            "one column per input.",
        ),
        Mistake(
            "sign",
            lambda dZ, X: -dZ @ X.T,
            "This is the right gradient with a minus in front. The minus belongs to the step W − "
            "lr · dW, not to the gradient.",
        ),
        Mistake(
            "over m",
            lambda dZ, X: dZ @ X.T / X.shape[1],
            "This divides by m once more. The factor 1/m is inside dZ already, and every later "
            "gradient inherits it.",
        ),
        Mistake(
            "times m",
            lambda dZ, X: dZ @ X.T * X.shape[1],
            "This multiplies by m. The factor 1/m inside dZ is meant to be there; leave the sum "
            "as it is.",
        ),
        Mistake(
            "summed before multiplying",
            lambda dZ, X: dZ.sum(axis=1, keepdims=True) @ X.sum(axis=1, keepdims=True).T,
            "Both factors are summed over the examples before they are multiplied. A sum of "
            "products is not the product of the sums: each example keeps its own dZ and its own "
            "x.",
        ),
    ),
    why="The sum over the examples is not decreed: it is the inner index of this product.",
    batch="X",
)

# 1.F: the gradient of the biases.


def _db(dZ: Array) -> Array:
    return dZ.sum(axis=1, keepdims=True)


BIAS_GRADIENT = Exercise(
    "1.F",
    "The gradient of the biases",
    _db,
    _gradient,
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

# 1.G: the cost from the logits, safe for large ones.


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
    _logits_one_huge,
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

# 1.H: one step of gradient descent.


def _gradient_step(W: Array, b: Array, X: Array, Y: Array, lr: float) -> Step:
    dW, db = _gradients(W, b, X, Y)
    return W - lr * dW, b - lr * db


def _gradients(W: Array, b: Array, X: Array, Y: Array) -> Step:
    dZ = bce.dZ(W @ X + b, Y)
    return dZ @ X.T, dZ.sum(axis=1, keepdims=True)


def _step_with(dZ_of: Answer) -> Answer:
    """Make the step that is right in all but its gradient at Z, given as a function of (Z, Y)."""

    def gradient_step(W: Array, b: Array, X: Array, Y: Array, lr: float) -> Step:
        dZ = dZ_of(W @ X + b, Y)
        return W - lr * dZ @ X.T, b - lr * dZ.sum(axis=1, keepdims=True)

    return gradient_step


def _step_weights_first(W: Array, b: Array, X: Array, Y: Array, lr: float) -> Step:
    W = W - lr * _gradients(W, b, X, Y)[0]
    return W, b - lr * _gradients(W, b, X, Y)[1]


def _step_biases_first(W: Array, b: Array, X: Array, Y: Array, lr: float) -> Step:
    b = b - lr * _gradients(W, b, X, Y)[1]
    return W - lr * _gradients(W, b, X, Y)[0], b


def _step_with_db(db_of: Answer) -> Answer:
    """Make the step that is right in all but its bias gradient, given as a function of dZ."""

    def gradient_step(W: Array, b: Array, X: Array, Y: Array, lr: float) -> Step:
        dZ = bce.dZ(W @ X + b, Y)
        return W - lr * dZ @ X.T, b - lr * db_of(dZ)

    return gradient_step


def _step_without_transpose(W: Array, b: Array, X: Array, Y: Array, lr: float) -> Step:
    dZ = bce.dZ(W @ X + b, Y)
    return W - lr * dZ @ X, b - lr * dZ.sum(axis=1, keepdims=True)


def _step_signs(w_sign: int, b_sign: int) -> Answer:
    def gradient_step(W: Array, b: Array, X: Array, Y: Array, lr: float) -> Step:
        dW, db = _gradients(W, b, X, Y)
        return W + w_sign * lr * dW, b + b_sign * lr * db

    return gradient_step


GRADIENT_STEP = Exercise(
    "1.H",
    "One step of gradient descent",
    _gradient_step,
    _layer,
    (
        Mistake(
            "uphill",
            _step_signs(1, 1),
            "This step goes uphill: both gradients are added. The gradient points to where J "
            "grows, so the step goes the other way.",
        ),
        Mistake(
            "biases uphill",
            _step_signs(-1, 1),
            "W goes downhill and b goes uphill. Both are updated by the same rule.",
        ),
        Mistake(
            "weights uphill",
            _step_signs(1, -1),
            "b goes downhill and W goes uphill. Both are updated by the same rule.",
        ),
        Mistake(
            "only W updated",
            _step_signs(-1, 0),
            "W is right, and b comes back unchanged. It has a gradient and a step of its own.",
        ),
        Mistake(
            "only b updated",
            _step_signs(0, -1),
            "b is right, and W comes back unchanged. It has a gradient and a step of its own.",
        ),
        Mistake(
            "nothing updated",
            _step_signs(0, 0),
            "Both come back unchanged. W − lr · dW makes a new array: give it a name, and return "
            "that one.",
        ),
        Mistake(
            "b's gradient at the new W",
            _step_weights_first,
            "W is right, but the gradient of b was computed with the new W. Both gradients "
            "belong to one point: compute the two first, then update.",
        ),
        Mistake(
            "W's gradient at the new b",
            _step_biases_first,
            "b is right, but the gradient of W was computed with the new b. Both gradients "
            "belong to one point: compute the two first, then update.",
        ),
        Mistake(
            "times m",
            _step_with(lambda Z, Y: sigmoid(Z) - Y),
            "The direction is right and the step m times too long: the factor 1/m is missing in "
            "dZ. It would pass for a larger learning rate, until the number of examples changes.",
        ),
        Mistake(
            "over m",
            _step_with(lambda Z, Y: (sigmoid(Z) - Y) / Z.shape[1] ** 2),
            "The direction is right and the step m times too short: the factor 1/m is there "
            "twice. It belongs in dZ, once.",
        ),
        Mistake(
            "no 1/m in dW",
            lambda W, b, X, Y, lr: (
                W - lr * _gradients(W, b, X, Y)[0] * X.shape[1],
                b - lr * _gradients(W, b, X, Y)[1],
            ),
            "b is right, and the step of W is m times too long: its gradient lacks the 1/m. With "
            "1/m inside dZ both gradients have it by themselves.",
        ),
        Mistake(
            "no 1/m in db",
            _step_with_db(lambda dZ: dZ.sum(axis=1, keepdims=True) * dZ.shape[1]),
            "W is right, and the step of b is m times too long: its gradient lacks the 1/m. With "
            "1/m inside dZ both gradients have it by themselves.",
        ),
        Mistake(
            "1/m twice in db",
            _step_with_db(lambda dZ: dZ.mean(axis=1, keepdims=True)),
            "W is right, and the step of b is m times too short: the mean over the examples puts "
            "in 1/m a second time. Sum, for dZ holds it already.",
        ),
        Mistake(
            "slope kept",
            _step_with(lambda Z, Y: (sigmoid(Z) - Y) * sigmoid.prime(Z) / Z.shape[1]),
            "The factor A(1 − A) is still in dZ. With cross-entropy it cancels; this is a step "
            "for the squared error.",
        ),
        Mistake(
            "no sigmoid",
            _step_with(lambda Z, Y: (Z - Y) / Z.shape[1]),
            "dZ compares the logits Z with Y. The prediction is A = σ(Z), and the error is A − Y.",
        ),
        Mistake(
            "no keepdims",
            _step_with_db(lambda dZ: dZ.sum(axis=1)),
            "The new b is a square matrix: db lost an axis, has the shape (n,), and numpy "
            "stretched it along the wrong side without a message. The sum needs keepdims=True.",
        ),
        Mistake(
            "no sum in db",
            _step_with_db(lambda dZ: dZ),
            "The new b has one column per example: dZ itself was used as the gradient of b. All "
            "examples share one bias, so sum over them.",
        ),
        Mistake(
            "wrong axis in db",
            _step_with_db(lambda dZ: dZ.sum(axis=0, keepdims=True)),
            "The new b is no column: dZ was summed over the units instead of the examples. Sum "
            "along the other axis.",
        ),
        Mistake(
            "one number for db",
            _step_with_db(lambda dZ: dZ.sum()),
            "W is right, but every bias moves by the same amount: dZ was summed over the units "
            "too. Sum over the examples only.",
        ),
        Mistake(
            "missing transpose",
            _step_without_transpose,
            "The gradient of W is dZ X without the transpose. It runs only when there are as "
            "many inputs as examples, and then its numbers are wrong: sum over the examples.",
        ),
        Mistake(
            "no learning rate",
            lambda W, b, X, Y, lr: _gradient_step(W, b, X, Y, 1.0 + 0 * lr),
            "The whole gradient is subtracted. The learning rate lr says how far to go along it.",
        ),
        Mistake(
            "gradients returned",
            lambda W, b, X, Y, _: _gradients(W, b, X, Y),
            "These are the gradients dW and db. The step is still to be made: the new W and b "
            "are asked for.",
        ),
        Mistake(
            "steps returned",
            lambda W, b, X, Y, lr: tuple(-lr * g for g in _gradients(W, b, X, Y)),
            "These are the changes of W and b. Add them to the old values: the new W and b are "
            "asked for.",
        ),
    ),
    why="Both gradients belong to the same point, and the old W and b are still there to compare.",
    batch="X",
    returns=("W", "b"),
)

EXERCISES = (
    SIGMOID_PRIME,
    LOSS_ONE,
    DLOSS_DA,
    LOGIT_GRADIENT,
    WEIGHT_GRADIENT,
    BIAS_GRADIENT,
    COST_FROM_LOGITS,
    GRADIENT_STEP,
)
