"""The exercises of notebook 02: softmax and cross-entropy, each with the mistakes it knows.

Conventions. Z, A, Y are (K, m), one column per example; one column alone is (K, 1); W is (K, n₀),
b is (K, 1), X is (n₀, m). The factor 1/m occurs once, in dZ. A mistake is written as the learner
would write it.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from nnmath.activations import sigmoid, softmax
from nnmath.exercises.records import Exercise, Mistake
from nnmath.losses import cross_entropy

Rng = np.random.RandomState
Array = Any
Drawn = tuple[Array, ...]
Answer = Callable[..., Any]
Pair = tuple[Array, Array]

# Hidden inputs: short numbers, so that they can be typed.


def _draw(rng: Rng, lo: float, hi: float, *shape: int) -> Array:
    return np.round(rng.uniform(lo, hi, size=shape), 2)


def _probabilities(rng: Rng, K: int, m: int) -> Array:
    """Return columns of hundredths, none below 0.05, that sum to 1."""
    return (5 + rng.multinomial(100 - 5 * K, np.full(K, 1 / K), size=m).T) / 100


def _targets(rng: Rng, K: int, m: int) -> Array:
    """Return one-hot columns, and one time in three soft ones; they sum to 1."""
    if rng.uniform() < 1 / 3:
        return _probabilities(rng, K, m)
    return np.eye(K)[:, rng.randint(K, size=m)]


def _weighted_targets(rng: Rng, K: int, m: int) -> Array:
    """Return targets of which half have columns that do not sum to 1."""
    if rng.uniform() < 0.5:
        return _targets(rng, K, m)
    return _draw(rng, 0, 1, K, m)


def _logits(rng: Rng, K: int, m: int) -> Array:
    Z = _draw(rng, -4, 4, K, m)
    if rng.uniform() < 0.5:  # one column at a time, so that each way to overflow shows alone
        Z[:, 0] += rng.choice([-1000.0, 1000.0])
    return Z


def _logits_alone(rng: Rng, K: int, _: int, m: int) -> Drawn:
    return (_logits(rng, K, m),)


def _one_column(rng: Rng, K: int, *_: int) -> Drawn:
    return (_probabilities(rng, K, 1),)


def _predictions(rng: Rng, K: int, _: int, m: int) -> Drawn:
    return _probabilities(rng, K, m), _targets(rng, K, m)


def _predictions_and_gradient(rng: Rng, K: int, _: int, m: int) -> Drawn:
    return _probabilities(rng, K, m), _draw(rng, -2, 2, K, m)


def _small_logits(rng: Rng, K: int, _: int, m: int) -> Drawn:
    return _draw(rng, -3, 3, K, m), _weighted_targets(rng, K, m)


def _huge_logits(rng: Rng, K: int, _: int, m: int) -> Drawn:
    Z, Y = _logits(rng, K, m), _weighted_targets(rng, K, m)
    if rng.uniform() < 0.25:  # certain, and wrong or right
        Z[0, 0] += 1000.0
    return Z, Y


def _layer(rng: Rng, K: int, n0: int, m: int) -> Drawn:
    W, b, X = _draw(rng, -1, 1, K, n0), _draw(rng, -1, 1, K, 1), _draw(rng, -2, 2, n0, m)
    return W, b, X, _targets(rng, K, m)


# 2.A: softmax of a batch.


def _softmax(Z: Array) -> Array:
    return softmax(Z)


def _shifted(Z: Array) -> Array:
    return np.exp(Z - Z.max(axis=0))


SOFTMAX = Exercise(
    "2.A",
    "Softmax of a batch",
    _softmax,
    _logits_alone,
    (
        Mistake(
            "no maximum",
            lambda Z: np.exp(Z) / np.exp(Z).sum(axis=0),
            "The formula is right on the page, but e¹⁰⁰⁰ overflows, and e⁻¹⁰⁰⁰ of a whole column "
            "is 0/0. Subtract the largest logit of each column first; the result is the same.",
        ),
        Mistake(
            "maximum of everything",
            lambda Z: np.exp(Z - Z.max()) / np.exp(Z - Z.max()).sum(axis=0),
            "The largest logit of the whole array is subtracted. A column far below it becomes "
            "0/0. Each column has its own largest logit.",
        ),
        Mistake(
            "maximum of each row",
            lambda Z: (
                np.exp(Z - Z.max(axis=1, keepdims=True))
                / np.exp(Z - Z.max(axis=1, keepdims=True)).sum(axis=0)
            ),
            "The largest logit of each row is subtracted, so the classes of one column are "
            "shifted by different amounts. Only a shift that they share leaves softmax unchanged.",
        ),
        Mistake(
            "over the examples",
            lambda Z: softmax(Z.T).T,
            "This divides by sums over the examples: every row sums to 1, not every column. The "
            "classes of one example compete with each other: sum down the column, axis=0.",
        ),
        Mistake(
            "over everything",
            lambda Z: _shifted(Z) / _shifted(Z).sum(),
            "This divides by one sum over the whole array. Each example has a sum of its own: "
            "sum down the columns, axis=0.",
        ),
        Mistake(
            "not divided",
            _shifted,
            "These are the exponentials e^(z − M), not yet divided by their sum. The entries of "
            "each column must sum to 1.",
        ),
        Mistake(
            "no exponential",
            lambda Z: Z / Z.sum(axis=0),
            "The logits themselves are divided by their sum. They may be negative, and so would "
            "be the shares: take the exponential first.",
        ),
        Mistake(
            "shifted, no exponential",
            lambda Z: (Z - Z.min(axis=0)) / (Z - Z.min(axis=0)).sum(axis=0),
            "The logits are shifted to be positive and shared out. Softmax makes them positive "
            "with the exponential, so that only differences of logits count.",
        ),
        Mistake(
            "sigmoid",
            lambda Z: sigmoid(Z),
            "This is the sigmoid of each entry. Each is a probability, but they do not sum to 1 "
            "over the classes: the classes must share one denominator.",
        ),
        Mistake(
            "logarithm",
            lambda Z: Z - Z.max(axis=0) - np.log(_shifted(Z).sum(axis=0)),
            "This is the logarithm of softmax. Here the probabilities themselves are asked for.",
        ),
        Mistake(
            "base 2",
            lambda Z: 2 ** (Z - Z.max(axis=0)) / (2 ** (Z - Z.max(axis=0))).sum(axis=0),
            "This is softmax with powers of 2 instead of e. The slope of 2ᶻ has a further factor "
            "log 2; use np.exp.",
        ),
        Mistake(
            "sign of the exponent",
            lambda Z: softmax(-Z),
            "The exponent has the wrong sign: here the smallest logit gets the largest "
            "probability.",
        ),
        Mistake(
            "divided by the maximum",
            lambda Z: softmax(Z / Z.max(axis=0)),
            "The logits are divided by the largest one. Only subtracting leaves softmax "
            "unchanged; dividing changes the differences between the logits.",
        ),
        Mistake(
            "winner only",
            lambda Z: (Z == Z.max(axis=0)) * 1.0,
            "This gives 1 to the largest logit and 0 to the others. Softmax keeps a share for "
            "every class, and that share is what has a slope.",
        ),
    ),
    why="Only differences of logits count, so a shift may be chosen that cannot overflow.",
    batch="Z",
)

# 2.B: the Jacobian of softmax for one column.


def _jacobian(a: Array) -> Array:
    return np.diagflat(a) - a @ a.T


JACOBIAN = Exercise(
    "2.B",
    "The Jacobian of softmax",
    _jacobian,
    _one_column,
    (
        Mistake(
            "wrong index",
            lambda a: a * (np.eye(len(a)) - a),
            "The diagonal is right, and off it stands −aₖ² where −aₖaⱼ belongs: the index inside "
            "the bracket is that of the logit, j. In numpy that is the row a.T, not the column a.",
        ),
        Mistake(
            "wrong index, by columns",
            lambda a: a.T * (np.eye(len(a)) - a.T),
            "The diagonal is right, and off it stands −aⱼ² where −aₖaⱼ belongs: both factors have "
            "the index of the column. Each entry mixes two probabilities.",
        ),
        Mistake(
            "diagonal only",
            lambda a: np.diagflat(a * (1 - a)),
            "The diagonal is right, and everything off it is 0. But the sum in the denominator "
            "contains every logit, so each logit moves every probability.",
        ),
        Mistake(
            "element-wise",
            lambda a: a * (1 - a),
            "This is a(1 − a), one number per class, as for the sigmoid: the diagonal only. "
            "Softmax needs a whole K × K table, one entry for each pair.",
        ),
        Mistake(
            "plus",
            lambda a: np.diagflat(a) + a @ a.T,
            "The outer product is added; it must be subtracted. A larger zⱼ lowers the other "
            "probabilities, and each row must sum to 0.",
        ),
        Mistake(
            "diag(a) missing",
            lambda a: -a @ a.T,
            "The entries off the diagonal are right. On the diagonal the numerator depends on "
            "the logit too, which adds a term: aₖ.",
        ),
        Mistake(
            "outer product missing",
            lambda a: np.diagflat(a),
            "This is diag(a) alone, as if the denominator did not depend on the logits. It "
            "contains all of them.",
        ),
        Mistake(
            "identity for diag(a)",
            lambda a: np.eye(len(a)) - a @ a.T,
            "The bracket [k = j] has lost its factor aₖ: the first term is diag(a), not the "
            "identity.",
        ),
        Mistake(
            "inner product",
            lambda a: np.diagflat(a) - a.T @ a,
            "aᵀa is one number; a aᵀ is a K × K matrix with the entries aₖaⱼ. The column comes "
            "first, the row second.",
        ),
        Mistake(
            "np.diag of a column",
            lambda a: np.diag(a) - a @ a.T,
            "np.diag takes the diagonal out of a two-dimensional array, so of a column it keeps "
            "the first entry only. np.diagflat(a), or np.diag(a[:, 0]), builds the matrix.",
        ),
        Mistake(
            "one for every pair",
            lambda a: a * (1 - a.T),
            "This is aₖ(1 − aⱼ) everywhere. The 1 is there only on the diagonal, where k = j: it "
            "is np.eye, the identity matrix.",
        ),
    ),
    why="Its rows sum to 0: what one class gains, the others lose.",
)

# 2.C: the cost from the probabilities.


def _mean_loss(A: Array, Y: Array) -> float:
    return cross_entropy(A, Y)


MEAN_LOSS = Exercise(
    "2.C",
    "The cost of a batch",
    _mean_loss,
    _predictions,
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

# 2.D: the pullback of softmax, for any loss.


def _pull_back(A: Array, dA: Array) -> Array:
    return A * (dA - np.sum(A * dA, axis=0, keepdims=True))


PULL_BACK = Exercise(
    "2.D",
    "From dA to dZ through softmax",
    _pull_back,
    _predictions_and_gradient,
    (
        Mistake(
            "diagonal only",
            lambda A, dA: dA * A * (1 - A),
            "This uses the diagonal of the Jacobian only, as for the sigmoid. Every probability "
            "of the column depends on every logit: a sum over the classes is missing.",
        ),
        Mistake(
            "one sum for all",
            lambda A, dA: A * (dA - np.sum(A * dA)),
            "One sum over the whole array is used, so the examples mix. Each column has its own "
            "number aᵀ da: sum with axis=0.",
        ),
        Mistake(
            "sum over the examples",
            lambda A, dA: A * (dA - np.sum(A * dA, axis=1, keepdims=True)),
            "The sum runs over the examples. It is the classes of one example that are coupled: "
            "sum down the column, axis=0.",
        ),
        Mistake(
            "no factor in front",
            lambda A, dA: dA - np.sum(A * dA, axis=0),
            "The factor A in front of the bracket is missing: every entry of column j of the "
            "Jacobian carries aⱼ.",
        ),
        Mistake(
            "no sum",
            lambda A, dA: A * dA,
            "This is the first term only, diag(a) da. The second term of the Jacobian, −a aᵀ, "
            "gives −a times the number aᵀ da.",
        ),
        Mistake(
            "sum alone",
            lambda A, dA: -A * np.sum(A * dA, axis=0),
            "This is the second term only, −a (aᵀ da). The first, diag(a) da, is missing.",
        ),
        Mistake(
            "no A in the sum",
            lambda A, dA: A * (dA - dA.sum(axis=0)),
            "The sum adds up dA alone. It must be aᵀ da: each slope weighed with its probability.",
        ),
        Mistake(
            "mean for the sum",
            lambda A, dA: A * (dA - np.mean(A * dA, axis=0)),
            "A mean stands where the sum belongs, so the second term is K times too small. The "
            "probabilities are weights already.",
        ),
        Mistake(
            "plus",
            lambda A, dA: A * (dA + np.sum(A * dA, axis=0)),
            "The two terms are added. The Jacobian is diag(a) minus a aᵀ, and each column of the "
            "result must sum to 0.",
        ),
        Mistake(
            "wrong index",
            lambda A, dA: A * dA - np.sum(A * A * dA, axis=0),
            "This uses aₖ([k = j] − aₖ), with the same index twice. Off the diagonal the entry is "
            "−aₖaⱼ, so aⱼ stands outside the sum.",
        ),
        Mistake(
            "one Jacobian for the batch",
            lambda A, dA: (np.diagflat(A[:, 0]) - np.outer(A[:, 0], A[:, 0])) @ dA,
            "The Jacobian of the first example is used for all. Each column has probabilities of "
            "its own, and so a Jacobian of its own.",
        ),
    ),
    why="No K × K matrix is formed: one product, one sum for each column, one more product.",
    batch="A",
)

# 2.E: the gradient at the logits of a batch.


def _dZ(Z: Array, Y: Array) -> Array:
    return cross_entropy.dZ(Z, Y)


def _sums(Y: Array) -> Array:
    return Y.sum(axis=0, keepdims=True)


LOGIT_GRADIENT = Exercise(
    "2.E",
    "The gradient at the logits of a batch",
    _dZ,
    _small_logits,
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

# 2.F: the cost from the logits, safe for large ones.


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
    _huge_logits,
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

# 2.G: the gradients of the last layer.


def _layer_gradients(W: Array, b: Array, X: Array, Y: Array) -> Pair:
    dZ = cross_entropy.dZ(W @ X + b, Y)
    return dZ @ X.T, dZ.sum(axis=1, keepdims=True)


def _with_dZ(dZ_of: Answer) -> Answer:
    """Make the gradients that are right in all but dZ, given as a function of (Z, Y)."""

    def layer_gradients(W: Array, b: Array, X: Array, Y: Array) -> Pair:
        dZ = dZ_of(W @ X + b, Y)
        return dZ @ X.T, dZ.sum(axis=1, keepdims=True)

    return layer_gradients


def _with_last_line(dW_of: Answer, db_of: Answer) -> Answer:
    """Make the gradients from the right dZ, with dW as a function of (dZ, X) and db of dZ."""

    def layer_gradients(W: Array, b: Array, X: Array, Y: Array) -> Pair:
        dZ = cross_entropy.dZ(W @ X + b, Y)
        return dW_of(dZ, X), db_of(dZ)

    return layer_gradients


def _dW(dZ: Array, X: Array) -> Array:
    return dZ @ X.T


def _db(dZ: Array) -> Array:
    return dZ.sum(axis=1, keepdims=True)


LAYER_GRADIENTS = Exercise(
    "2.G",
    "The gradients of the last layer",
    _layer_gradients,
    _layer,
    (
        Mistake(
            "sign",
            _with_dZ(lambda Z, Y: (Y - softmax(Z)) / Z.shape[1]),
            "Both gradients are exactly reversed: dZ is (A − Y)/m, not (Y − A)/m. With this sign "
            "every step climbs, and the cost rises.",
        ),
        Mistake(
            "times m",
            _with_dZ(lambda Z, Y: softmax(Z) - Y),
            "Both gradients are m times too large: the factor 1/m is missing in dZ.",
        ),
        Mistake(
            "over m",
            _with_dZ(lambda Z, Y: (softmax(Z) - Y) / Z.shape[1] ** 2),
            "Both gradients are m times too small: the factor 1/m is there twice. It belongs in "
            "dZ, once.",
        ),
        Mistake(
            "over all entries",
            _with_dZ(lambda Z, Y: (softmax(Z) - Y) / Z.size),
            "Both gradients are K times too small: dZ was divided by the number of all entries. "
            "J is a mean over the examples only.",
        ),
        Mistake(
            "one-hot trap",
            _with_dZ(lambda Z, Y: -Y * (1 - softmax(Z)) / Z.shape[1]),
            "dZ uses the diagonal of the softmax Jacobian only: right at the true class, and 0 "
            "at the others. The whole Jacobian gives (A − Y)/m.",
        ),
        Mistake(
            "no softmax",
            _with_dZ(lambda Z, Y: (Z - Y) / Z.shape[1]),
            "dZ compares the logits with Y. Make the probabilities first, A = softmax(Z).",
        ),
        Mistake(
            "softmax over the examples",
            _with_dZ(lambda Z, Y: (softmax(Z.T).T - Y) / Z.shape[1]),
            "Softmax is taken along the rows, over the examples. The classes of one example "
            "share one denominator: go down the columns.",
        ),
        Mistake(
            "sigmoid",
            _with_dZ(lambda Z, Y: (sigmoid(Z) - Y) / Z.shape[1]),
            "The probabilities come from the sigmoid, which treats each class alone. Here the "
            "classes share one denominator: softmax.",
        ),
        Mistake(
            "no bias",
            lambda W, b, X, Y: _layer_gradients(W, 0 * b, X, Y),
            "The bias was left out of the run forward: Z is W X + b.",
        ),
        Mistake(
            "missing transpose",
            _with_last_line(lambda dZ, X: dZ @ X, _db),
            "db is right, and dW is dZ X without the transpose. It runs only when there are as "
            "many inputs as examples, and then its numbers are wrong: sum over the examples.",
        ),
        Mistake(
            "dW transposed",
            _with_last_line(lambda dZ, X: X @ dZ.T, _db),
            "db is right, and dW is transposed. It has the shape of W: one row per class, one "
            "column per input.",
        ),
        Mistake(
            "1/m twice in dW",
            _with_last_line(lambda dZ, X: dZ @ X.T / X.shape[1], _db),
            "db is right, and dW is m times too small: the factor 1/m is in dZ already.",
        ),
        Mistake(
            "1/m twice in db",
            _with_last_line(_dW, lambda dZ: dZ.mean(axis=1, keepdims=True)),
            "dW is right, and db is m times too small: a mean stands where the sum belongs. The "
            "factor 1/m is in dZ already.",
        ),
        Mistake(
            "1/m missing in dW",
            _with_last_line(lambda dZ, X: dZ @ X.T * X.shape[1], _db),
            "db is right, and dW is m times too large: its gradient lacks the 1/m. With 1/m inside "
            "dZ both have it by themselves.",
        ),
        Mistake(
            "1/m missing in db",
            _with_last_line(_dW, lambda dZ: _db(dZ) * dZ.shape[1]),
            "dW is right, and db is m times too large: its gradient lacks the 1/m. With 1/m inside "
            "dZ both have it by themselves.",
        ),
        Mistake(
            "no sum in db",
            _with_last_line(_dW, lambda dZ: dZ),
            "dW is right, and db is dZ itself, with one column per example. All examples share "
            "one bias, so sum over them.",
        ),
        Mistake(
            "no keepdims in db",
            _with_last_line(_dW, lambda dZ: dZ.sum(axis=1)),
            "The numbers are right, but db has lost an axis: its shape is (K,), and b is (K, 1). "
            "The sum needs keepdims=True.",
        ),
        Mistake(
            "wrong axis in db",
            _with_last_line(_dW, lambda dZ: dZ.sum(axis=0, keepdims=True)),
            "dW is right, and db is summed over the classes, which gives 0 for each example. "
            "Each class has a bias of its own: sum over the examples, axis=1.",
        ),
    ),
    why="Every last layer of a classifier is these few lines, whatever stands below it.",
    batch="X",
    returns=("dW", "db"),
)

EXERCISES = (
    SOFTMAX,
    JACOBIAN,
    MEAN_LOSS,
    PULL_BACK,
    LOGIT_GRADIENT,
    COST_FROM_LOGITS,
    LAYER_GRADIENTS,
)
