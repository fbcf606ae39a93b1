r"""Losses: each one a cost, its gradient at the activations, and the fused pair at the logits.

Conventions. A (predictions), Z (logits) and Y (targets) have one shape (n, m): one row per output
unit, one column per example; two plain numbers are one unit and one example. J is the mean over the
m examples of the sum over the n units. Both gradients contain that 1/m, and nothing else in the
package divides by m.

    loss             J = loss(A, Y)                       loss.dA(A, Y)        loss.dZ(Z, Y)
    bce             −(1/m) Σ Y log A + (1−Y) log(1−A)     (A − Y)/(m A(1−A))   (A − Y)/m
    cross_entropy   −(1/m) Σ Y log A                      −Y/(m A)             (s A − Y)/m
    squared_error    (1/2m) Σ (A − Y)²                    (A − Y)/m            (A − Y)/m

s holds the column sums of Y, which are 1 for one-hot targets. `link` is the activation A = link(Z)
for which the gradient at the logits collapses to that last column: sigmoid, softmax and identity.
`from_logits` and `dZ` assume it.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from nnmath import _inputs
from nnmath.activations import (
    FAR,
    Activation,
    decay,
    exponentials,
    identity,
    largest,
    shifted_exponentials,
    sigmoid,
    softmax,
    sum_of_losers,
    sums_of_others,
)


@dataclass(frozen=True, eq=False, repr=False)
class Loss:
    """A loss: call it for the cost J; ask `dA`, `from_logits` and `dZ` for the rest of its row.

    Fields: `name`; `link`, the activation that it fuses with; the four formulas, each for one array
    of entries (costs are summed over units and averaged over examples here); `targets`, the range
    of Y; `predictions`, the range of A; `doc`, shown by `help`.
    """

    name: str
    link: Activation
    costs: Callable
    slopes: Callable
    logit_costs: Callable
    logit_slopes: Callable
    doc: str
    targets: tuple[float, float] = (-np.inf, np.inf)
    predictions: tuple[float, float] = (-np.inf, np.inf)

    def __post_init__(self) -> None:
        object.__setattr__(self, "__doc__", self.doc)

    def __call__(self, A: ArrayLike, Y: ArrayLike) -> Any:
        """Return the cost J of the predictions A, a number."""
        A, Y = self._checked("(A, Y)", "A", A, Y)
        return _mean_over_examples(self.costs(A, Y))

    def dA(self, A: ArrayLike, Y: ArrayLike) -> Any:
        """Return ∂J/∂A, with the shape of A; it contains the 1/m."""
        shape = np.shape(A)
        A, Y = self._checked(".dA(A, Y)", "A", A, Y)
        return (self.slopes(A, Y) / A.shape[1]).reshape(shape)[()]

    def from_logits(self, Z: ArrayLike, Y: ArrayLike) -> Any:
        """Return the cost J of the predictions A = link(Z), a number, without forming A."""
        Z, Y = self._checked(".from_logits(Z, Y)", "Z", Z, Y)
        return _mean_over_examples(self.logit_costs(Z, Y))

    def dZ(self, Z: ArrayLike, Y: ArrayLike) -> Any:
        """Return ∂J/∂Z for A = link(Z), with the shape of Z; it contains the 1/m."""
        shape = np.shape(Z)
        Z, Y = self._checked(".dZ(Z, Y)", "Z", Z, Y)
        return (self.logit_slopes(Z, Y) / Z.shape[1]).reshape(shape)[()]

    def _checked(
        self, arguments: str, name: str, P: ArrayLike, Y: ArrayLike
    ) -> tuple[np.ndarray, np.ndarray]:
        call = self.name + arguments
        P, Y = _inputs.predictions_and_targets(call, name, P, Y)
        _inputs.within(call, "Y", Y, *self.targets, _inputs.label_remedy)
        if name == "A":
            _inputs.within(call, "A", P, *self.predictions, self._logits_remedy)
        else:
            P = self.link.limits(call, P)
        return P, Y

    def _logits_remedy(self, _: np.ndarray) -> str:
        return (
            f"for logits use {self.name}.from_logits(Z, Y) and {self.name}.dZ(Z, Y), "
            f"and end a network with {self.link.name}"
        )

    def __reduce__(self) -> str:
        return self.name  # a copy is the same record

    def __repr__(self) -> str:
        return f"nnmath.{self.name}"


def _mean_over_examples(costs: np.ndarray) -> complex:
    return (0.0 + costs.sum() / costs.shape[1]).item()  # 0.0 + turns −0.0 into 0.0


# Binary cross-entropy. A term of weight zero is skipped, so that 0 · log 0 counts as 0.


def _bce(a: np.ndarray, y: np.ndarray) -> np.ndarray:
    with np.errstate(divide="ignore"):  # log 0 = −inf is the right limit: certain and wrong
        return -y * np.log(np.where(y == 0, 1.0, a)) - (1 - y) * np.log1p(-np.where(y == 1, 0.0, a))


def _bce_slope(a: np.ndarray, y: np.ndarray) -> np.ndarray:
    with np.errstate(divide="ignore", over="ignore"):  # 1/a is inf also for the smallest a > 0
        one = -1.0 / np.where(y == 1, a, 1.0)
        zero = 1.0 / (1.0 - np.where(y == 0, a, 0.0))
        soft = (a - y) / np.where((y == 0) | (y == 1), 1.0, a * (1.0 - a))
    return np.where(y == 1, one, np.where(y == 0, zero, soft))


def _bce_logits(z: np.ndarray, y: np.ndarray) -> np.ndarray:
    # log(1 + e^z) − yz, arranged so that every term is ≥ 0 and e^-|z| is the only exponential.
    weight = (z.real >= 0) - y
    with np.errstate(invalid="ignore"):  # 0 · inf stands in the branch that is not taken
        return np.log1p(decay(z)) + np.where(weight == 0, 0.0, weight * z)


def _bce_logit_slope(z: np.ndarray, y: np.ndarray) -> np.ndarray:
    # For y = 1 the difference σ(z) − 1 would lose its digits, −σ(−z) keeps them.
    e = decay(z)
    a = np.where(z.real >= 0, 1.0, e) / (1.0 + e)
    return np.where(y == 1, -np.where(z.real >= 0, e, 1.0) / (1.0 + e), a - y)


# Cross-entropy. The targets of a column may sum to any s ≥ 0.


def _cross_entropy(a: np.ndarray, y: np.ndarray) -> np.ndarray:
    with np.errstate(divide="ignore"):
        return -y * np.log(np.where(y == 0, 1.0, a))


def _cross_entropy_slope(a: np.ndarray, y: np.ndarray) -> np.ndarray:
    with np.errstate(divide="ignore", over="ignore"):
        return np.where(y == 0, 0.0, -y / np.where(y == 0, 1.0, a))


def _cross_entropy_logits(z: np.ndarray, y: np.ndarray) -> np.ndarray:
    winners = largest(z)
    d, E = shifted_exponentials(z, winners)
    log_a = d - np.log1p(sum_of_losers(E, winners))
    if log_a.real.min() > -FAR / 10:
        return -y * log_a
    log_a = np.where(log_a.real < -FAR / 10, -np.inf, log_a)  # that logit was −inf
    with np.errstate(invalid="ignore"):
        return np.where(y == 0, 0.0, -y * log_a)


def _cross_entropy_logit_slope(z: np.ndarray, y: np.ndarray) -> np.ndarray:
    # s a_k − y_k over one denominator: a one-hot target makes one of the terms exactly zero.
    E = exponentials(z)
    others = sums_of_others(E)
    s = y.sum(axis=0, keepdims=True)
    return ((s - y) * E - y * others) / (E + others)


def _squared_error(a: np.ndarray, y: np.ndarray) -> np.ndarray:
    with np.errstate(over="ignore"):  # the square of a distance beyond 1e154 is inf, rightly
        return (a - y) ** 2 / 2.0


bce = Loss(
    "bce",
    sigmoid,
    _bce,
    _bce_slope,
    _bce_logits,
    _bce_logit_slope,
    r"""Binary cross-entropy: what the prediction a costs when the target is y.

    .. math:: J = -\frac1m \sum_{k,i} \big[ Y_{ki} \log A_{ki} + (1 - Y_{ki}) \log(1 - A_{ki}) \big]

    In principle `from_logits` is that with A = σ(Z); computed as log(1 + e^Z) − YZ with the
    exponential of −|Z|, because log(1 − σ(z)) is log 0 from z = 37 on. `dZ` is (σ(Z) − Y)/m.

    Shapes: A (or Z) and Y both (n, m), or two numbers. Range: A and Y in [0, 1], any soft target
    included; J ≥ 0. A prediction that is certain and wrong costs inf: bce(0, 1) is inf. An infinite
    logit gives the limit. Raises: ValueError for other shapes or ranges, NaN, and no examples;
    TypeError for complex Y. Source: notebook 01, equations (1.7), (1.10) and (1.13); document 000,
    where the sign of the second term of dA is misprinted.

    >>> bce(0.5, 1)
    0.6931471805599453
    >>> bce.from_logits(1000.0, 0)  # σ(1000) rounds to 1, and log(1 − 1) is −inf
    1000.0
    >>> print(bce.dA(0.5, 1), bce.dZ(0.0, 1))
    -2.0 -0.5
    """,
    targets=(0, 1),
    predictions=(0, 1),
)
cross_entropy = Loss(
    "cross_entropy",
    softmax,
    _cross_entropy,
    _cross_entropy_slope,
    _cross_entropy_logits,
    _cross_entropy_logit_slope,
    r"""Cross-entropy over K classes: what the predicted probabilities A cost for the targets Y.

    .. math:: J = -\frac1m \sum_{k,i} Y_{ki} \log A_{ki}

    In principle `from_logits` is that with A = softmax(Z); computed as log Σ e^z − z_k with the
    largest logit subtracted, because softmax rounds to 0 and log 0 is −inf. `dZ` is (s A − Y)/m
    with the column sums s of Y; for one-hot and other columns that sum to 1 it is (A − Y)/m.

    Shapes: A (or Z) and Y both (K, m). Range: A in [0, 1], Y ≥ 0; J ≥ 0. A class of probability 0
    that was the target costs inf. Raises: ValueError for other shapes or ranges, NaN, and no
    examples; TypeError for complex Y. Source: document 001, the output layer, where the sign of dZ
    is misprinted.

    >>> cross_entropy([[0.25], [0.75]], [[0], [1]])
    0.2876820724517809
    >>> cross_entropy.from_logits([[0.0], [800.0]], [[1], [0]])  # softmax rounds to 0 there
    800.0
    """,
    targets=(0, np.inf),
    predictions=(0, 1),
)
squared_error = Loss(
    "squared_error",
    identity,
    _squared_error,
    lambda a, y: a - y,
    _squared_error,
    lambda z, y: z - y,
    r"""Squared error: half the squared distance to the target, averaged over the examples.

    .. math:: J = \frac{1}{2m} \sum_{k,i} (A_{ki} - Y_{ki})^2

    The 1/2 cancels the 2 of the derivative, so both gradients are (A − Y)/m. Behind a sigmoid or a
    softmax its slope vanishes when the prediction is certain, right or wrong; notebook 01 shows it.

    Shapes: A (or Z) and Y both (n, m), or two numbers. Raises: ValueError for other shapes, NaN,
    and no examples; TypeError for complex Y. Source: document 002, section 3, where the columns of
    dA are added up by mistake.

    >>> squared_error([[1.0, 3.0]], [[0.0, 0.0]])
    2.5
    >>> squared_error.dA([[1.0, 3.0]], [[0.0, 0.0]])
    array([[0.5, 1.5]])
    """,
)

__test__ = {loss.name: loss.doc for loss in (bce, cross_entropy, squared_error)}
