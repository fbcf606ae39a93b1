r"""Activations: each one a value, a slope and a pullback, side by side.

Conventions. Z holds pre-activations and dA = ∂J/∂A, both of shape (n, m): one row per unit, one
column per example. `sigmoid`, `tanh`, `relu` and `identity` act entry by entry, on an array of any
shape or on a plain number. `softmax` acts on each column (axis 0).

    g          A = g(Z)                  g.prime(Z)              dZ = g.vjp(Z, dA)
    sigmoid    1 / (1 + e^-Z)            A (1 − A)               dA ⊙ A ⊙ (1 − A)
    tanh       tanh Z                    1 − A²                  dA ⊙ (1 − A²)
    relu       max(Z, 0)                 [Z > 0]                 dA ⊙ [Z > 0]
    identity   Z                         1                       dA
    softmax    e^Z / Σ_k e^Z_k           (has none)              A ⊙ (dA − Σ_k A_k dA_k)

Every function accepts complex numbers, so that the complex-step derivative works: there is no
`abs`, and a branch looks at the real part only.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from nnmath import _inputs

# An infinite logit is replaced by one so far from the others that its exponential is exactly zero.
FAR = 1e305
# Between −NEAR and NEAR neither an exponential nor the ratio of two of them overflows.
NEAR = 300.0


@dataclass(frozen=True, eq=False, repr=False)
class Activation:
    """An activation g: call it for its value, ask `prime` for its slope, `vjp` for its pullback.

    Fields: `name`; `value`, `slope` and `pullback`, the three formulas; `doc`, shown by `help`;
    `kinks`, the points where g has no derivative; `gain`, the variance that a layer's initial
    weights need times its number of inputs (2 for relu, which silences about half of them).
    """

    name: str
    value: Callable
    slope: Callable | None
    pullback: Callable
    doc: str
    kinks: tuple[float, ...] = ()
    gain: float = 1.0

    def __post_init__(self) -> None:
        object.__setattr__(self, "__doc__", self.doc)

    def __call__(self, Z: ArrayLike) -> Any:
        """Return A = g(Z), with the shape of Z."""
        return self.value(self.logits(f"{self.name}(Z)", Z))[()]

    def prime(self, Z: ArrayLike) -> Any:
        """Return g′(Z) entry by entry, with the shape of Z.

        Raises: TypeError for softmax, whose outputs each depend on every input of the column.
        """
        if self.slope is None:
            raise TypeError(
                f"{self.name} has no entry-wise derivative: every output depends on every input of "
                f"its column. Use {self.name}.vjp(Z, dA), or {self.name}.jacobian(z) for one column"
            )
        return self.slope(self.logits(f"{self.name}.prime(Z)", Z))[()]

    def vjp(self, Z: ArrayLike, dA: ArrayLike) -> Any:
        """Return dZ = ∂J/∂Z from dA = ∂J/∂A (the vector–Jacobian product), with the shape of Z.

        Raises: ValueError when the shapes differ, and when dA is infinite where g is flat: then the
        product has no value, and the loss that fits this activation must form it in one piece.
        """
        call = f"{self.name}.vjp(Z, dA)"
        Z, dA = self.logits(call, Z), _inputs.numbers(call, "dA", dA)
        if Z.shape != dA.shape:
            raise ValueError(
                f"{call}: Z has shape {Z.shape}, dA has shape {dA.shape}; "
                "dA = ∂J/∂A needs the shape of Z"
            )
        with np.errstate(invalid="ignore"):
            dZ = self.pullback(Z, dA)
        if not _inputs.surely_finite(dZ) and np.isnan(dZ).any():
            raise ValueError(
                f"{call}: dA is infinite where {self.name} is flat, so their product has no value; "
                "use the loss whose link is this activation, which forms the product in one piece"
            )
        return dZ[()]

    def logits(self, call: str, Z: ArrayLike) -> np.ndarray:
        """Return Z as checked numbers; `call` is the call that an error names."""
        return self.limits(call, _inputs.numbers(call, "Z", Z))

    def limits(self, call: str, Z: np.ndarray) -> np.ndarray:  # noqa: ARG002 (softmax needs it)
        """Return checked numbers as the formulas take them: infinite ones are welcome here."""
        return Z

    def __reduce__(self) -> str:
        return self.name  # a copy is the same record: `g[L] is loss.link` must stay true

    def __repr__(self) -> str:
        return f"nnmath.{self.name}"


@dataclass(frozen=True, eq=False, repr=False)
class Softmax(Activation):
    """An activation of whole columns: it has a Jacobian instead of an entry-wise slope."""

    def jacobian(self, z: ArrayLike) -> np.ndarray:
        r"""Return the matrix of ∂a_k/∂z_j for one column.

        .. math:: \frac{\partial a_k}{\partial z_j} = a_k\,([k = j] - a_j)

        z has shape (K,) or (K, 1); the result has shape (K, K). It is symmetric, its rows sum to
        zero and its rank is K − 1. Source: document 001, the derivative of softmax, where the last
        index is misprinted.

        >>> softmax.jacobian([0.0, 0.0])
        array([[ 0.25, -0.25],
               [-0.25,  0.25]])
        """
        z = self.logits("softmax.jacobian(z)", z)
        if z.ndim == 2 and z.shape[1] == 1:
            z = z[:, 0]
        if z.ndim != 1:
            raise ValueError(
                f"softmax.jacobian(z): z has shape {z.shape}; pass one column, z[:, i]"
            )
        a = self.value(z)
        return np.diag(a) - np.outer(a, a)

    def limits(self, call: str, Z: np.ndarray) -> np.ndarray:
        """Return checked numbers, infinite ones replaced where the limit exists."""
        if Z.ndim not in (1, 2) or Z.size == 0:
            raise ValueError(
                f"{call}: Z has shape {Z.shape}; it needs one row per class "
                "and one column per example"
            )
        finite = _inputs.surely_finite(Z) or np.isfinite(Z).all()
        return Z if finite else _finite_logits(call, Z)


def _finite_logits(call: str, Z: np.ndarray) -> np.ndarray:
    """Return finite logits with the same softmax, where the limit exists."""
    top = np.isposinf(Z.real)
    winners = top.sum(axis=0, keepdims=True)
    if (winners > 1).any() or np.isneginf(Z.real).all(axis=0).any():
        raise _inputs.NotFinite(
            f"{call}: a column of Z has two entries +inf, or only −inf, "
            "so softmax has no limit there; use finite logits"
        )
    Z = np.where(winners == 1, np.where(top, 0.0, -FAR), Z)
    return np.where(np.isneginf(Z.real), -FAR, Z)


def decay(z: np.ndarray) -> np.ndarray:
    """Return e^-|z|, which never overflows; a complex z keeps its branch."""
    if z.dtype.kind != "c":
        return np.exp(-np.abs(z))  # the same numbers in half the time
    return np.exp(-np.where(z.real >= 0, z, -z))


def _sigmoid(z: np.ndarray) -> np.ndarray:
    e = decay(z)
    return np.where(z.real >= 0, 1.0, e) / (1.0 + e)


def _sigmoid_prime(z: np.ndarray) -> np.ndarray:
    e = decay(z)
    return e / (1.0 + e) ** 2


def _tanh_prime(z: np.ndarray) -> np.ndarray:
    e = decay(2.0 * z)
    return 4.0 * e / (1.0 + e) ** 2


def _relu(z: np.ndarray) -> np.ndarray:
    if z.dtype.kind != "c":
        return z.clip(0.0, np.inf)  # the same numbers as max(z, 0), in a third of the time
    return np.where(z.real > 0, z, 0.0)


def _relu_prime(z: np.ndarray) -> np.ndarray:
    return np.where(z.real > 0, 1.0, 0.0)


def _relu_pullback(z: np.ndarray, dA: np.ndarray) -> np.ndarray:
    if _inputs.surely_finite(dA):
        # A product is quicker than a choice, and 0 · inf cannot occur here.
        dZ = (z.real > 0).astype(dA.dtype)
        dZ *= dA
        dZ += 0.0  # turns −0.0 into 0.0
        return dZ
    return np.where(z.real > 0, dA, 0.0)


def _identity_pullback(z: np.ndarray, dA: np.ndarray) -> np.ndarray:  # noqa: ARG001 (a pullback takes both)
    return dA.copy()


def largest(z: np.ndarray) -> tuple[np.ndarray, ...]:
    """Return the index of the largest entry of each column."""
    return z.real.argmax(axis=0), *(np.arange(m) for m in z.shape[1:])


def exponentials(z: np.ndarray) -> np.ndarray:
    """Return e^z, each column up to a factor of its own, which keeps e^z from overflowing.

    A factor changes neither softmax nor its gradient. Near zero there is no need of one, and no
    subtraction that rounds.
    """
    if z.dtype.kind != "c" and _inputs.sum_of_squares(z) <= NEAR**2:
        return np.exp(z)
    return shifted_exponentials(z, largest(z))[1]


def shifted_exponentials(
    z: np.ndarray, winners: tuple[np.ndarray, ...]
) -> tuple[np.ndarray, np.ndarray]:
    """Return d = z − M and E = e^(z − M), for the winner M of each column.

    What the subtraction rounds off is put into E, where it would cost hundreds of units in the last
    place.
    """
    # The complex entry, not its real part: else a saturated column would lose its derivative.
    d, r = _two_sum(z, -z[winners])
    E = np.exp(d)
    r *= E
    E += r
    return d, E


def sum_of_losers(E: np.ndarray, winners: tuple[np.ndarray, ...]) -> np.ndarray:
    """Return the sum of each column of E without its winner.

    It keeps the digits of 1 − a when a is so close to 1 that the difference would lose them.
    """
    losers = E.copy()
    losers[winners] = 0.0
    return _sum_over_classes(losers)


def sums_of_others(E: np.ndarray) -> np.ndarray:
    """Return Σ_{p≠k} E_p in place of each E_k; no digits are lost, whoever wins the column."""
    winners = largest(E)
    rest = sum_of_losers(E, winners)
    others = (E[winners] + rest) - E
    others[winners] = rest
    return others


def _two_sum(a: np.ndarray, b: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return a + b rounded, and exactly what was rounded off (Knuth's TwoSum)."""
    s = a + b
    back = s - a
    r = a - (s - back)
    r += np.subtract(b, back, out=back)
    return s, r


def _sum_over_classes(E: np.ndarray) -> np.ndarray:
    """Return the sum of each column of positive numbers, rounded once.

    Over 1,000 classes a plain sum is wrong in the last three places, and so is the cost of a
    confident prediction, which is this sum. Here each entry is cut in two. Adding a number that no
    partial sum exceeds, and taking it off again, leaves a multiple of that number's last place:
    such parts add up without rounding. What was cut off is so small that rounding the sum of it
    does no harm (Rump, Ogita and Oishi 2008).
    """
    beyond = 2.0 * len(E) * np.maximum.reduce(E.real)
    upper = E + beyond
    upper -= beyond
    return np.add.reduce(upper) + np.add.reduce(E - upper)


def _softmax(z: np.ndarray) -> np.ndarray:
    E = exponentials(z)
    return E / _sum_over_classes(E)


def _softmax_pullback(z: np.ndarray, dA: np.ndarray) -> np.ndarray:
    # A constant taken off a column of dA drops out, because Σ a = 1. Taking off the winner's entry
    # keeps the digits of a column that is nearly certain.
    a, top = _softmax(z), np.expand_dims(z.real.argmax(axis=0), axis=0)
    dA = dA - np.take_along_axis(dA, top, axis=0)
    return a * (dA - np.sum(a * dA, axis=0, keepdims=True))


sigmoid = Activation(
    "sigmoid",
    _sigmoid,
    _sigmoid_prime,
    lambda z, dA: dA * _sigmoid_prime(z),
    r"""The sigmoid σ(z) = 1 / (1 + e^−z), entry by entry: any real number in, a probability out.

    In principle 1 / (1 + e^−z); computed with e = e^−|z| as 1 / (1 + e) for z ≥ 0 and e / (1 + e)
    for z < 0, because e^−z overflows for z below −709. The slope σ(z)(1 − σ(z)) is computed as
    e / (1 + e)², because 1 − σ(z) loses its digits for large z.

    Shape: any; the result has the same. Range: [0, 1]; |z| ≤ 1e300. σ(−inf) = 0, σ(inf) = 1, both
    slopes 0. Raises: ValueError for NaN, TypeError for what is not a number.
    Source: notebook 01, equations (1.2) and (1.5); document 000, the derivation of σ′.

    >>> print(sigmoid(0), sigmoid(-1000.0))
    0.5 0.0
    >>> print(sigmoid.prime(40.0))  # A (1 − A) would give 0
    4.248354255291589e-18
    """,
)
tanh = Activation(
    "tanh",
    np.tanh,
    _tanh_prime,
    lambda z, dA: dA * _tanh_prime(z),
    r"""The hyperbolic tangent, entry by entry: any real number in, a number between −1 and 1 out.

    In principle its slope is 1 − tanh² z; computed with e = e^−2|z| as 4e / (1 + e)², because the
    difference loses its digits for large z.

    Shape: any; the result has the same. Range: [−1, 1]; |z| ≤ 1e300. tanh(±inf) = ±1, slopes 0.
    Raises: ValueError for NaN, TypeError for what is not a number.
    Source: document 002, section 6.

    >>> print(tanh(0.0), tanh.prime(0.0))
    0.0 1.0
    >>> print(f"{tanh.prime(20.0):.6e}")  # 1 − tanh² would give 0
    1.699342e-17
    """,
)
relu = Activation(
    "relu",
    _relu,
    _relu_prime,
    _relu_pullback,
    r"""The rectifier max(z, 0), entry by entry: positive numbers pass, the others become 0.

    At z = 0 it has no derivative: the slope is 0 on the left and 1 on the right. relu′(0) = 0 here,
    by convention; `check_gradients` reports such a point instead of passing it silently.

    Shape: any; the result has the same. relu(−inf) = 0, relu(inf) = inf.
    Raises: ValueError for NaN, TypeError for what is not a number.
    Source: document 001, the derivative of the hidden layers.

    >>> relu([-2, 0, 3])
    array([0., 0., 3.])
    >>> relu.prime([-2, 0, 3])
    array([0., 0., 1.])
    """,
    kinks=(0.0,),
    gain=2.0,
)
identity = Activation(
    "identity",
    np.copy,
    np.ones_like,
    _identity_pullback,
    r"""The identity g(z) = z: the output of a network that predicts any real number.

    Shape: any; the result has the same. Raises: ValueError for NaN, TypeError for what is not a
    number. Source: document 001, the output activation for regression.

    >>> print(identity(3), identity.prime(3))
    3.0 1.0
    """,
)
softmax = Softmax(
    "softmax",
    _softmax,
    None,
    _softmax_pullback,
    r"""Softmax: each column of logits becomes positive numbers that sum to 1.

    .. math:: a_k = e^{z_k} / \sum_p e^{z_p}

    In principle that; computed from z − max z, because e^z overflows above 709. The subtraction
    changes nothing (numerator and denominator shrink by the same factor) and what it rounds off is
    kept, so that equal offsets of any size do no harm.

    Shape: (K, m), or (K,) for one column; the result has the same. Range: [0, 1]; |z| ≤ 1e300.
    A logit of −inf gives 0; one of +inf gives 1. It has no `prime`: use `vjp` or `jacobian`.
    Raises: ValueError for NaN and for a column with two +inf or only −inf, which has no limit;
    TypeError for what is not a number. Source: document 001, the output layer.

    >>> softmax([[0.0], [0.0]])
    array([[0.5],
           [0.5]])
    >>> softmax([1000.0, 1000.0])  # e^1000 would overflow
    array([0.5, 0.5])
    """,
)

# Where doctest looks: an instance's text is not collected by itself.
__test__ = {g.name: g.doc for g in (sigmoid, tanh, relu, identity, softmax)}
