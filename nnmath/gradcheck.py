r"""Gradient checks: an independent truth for every number that `backward` computes.

Two ways to differentiate a function without differentiating its formula:

    central differences    (f(x + h) − f(x − h)) / 2h       error about h² + ε/h, best near h = 1e-5
    complex step           Im f(x + ih) / h                 no subtraction, exact to rounding

The second needs a function that accepts complex numbers; every operation of this package does.
Source: W. Squire and G. Trapp (1998), "Using complex variables to estimate derivatives of real
functions", SIAM Review 40.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from nnmath import _inputs
from nnmath.losses import Loss
from nnmath.network import Cache, Network, backward, forward

# Small enough that h² is far below rounding, large enough that h · e^-500 is not yet a denormal.
COMPLEX_STEP = 1e-20
CENTRAL_STEP = 1e-5
ARRAYS = ("dW", "db", "dZ", "dA")
WAY_BACK = ("dA", "dZ", "dW", "db")  # the order in which a layer computes them
TOLERANCE = {"complex": 1e-12, "central": 1e-7}


@dataclass(frozen=True, eq=False, repr=False)
class GradientReport:
    """What `check_gradients` found.

    errors[name][l] is max |g − ĝ| / max |ĝ| over the entries of one array that were not skipped
    (max |g| where ĝ is zero everywhere; inf for a wrong shape), with ĝ the numerical gradient.
    kinks lists the entries skipped, as (name, l, index): there the cost has no derivative.
    ok says whether every error is within the tolerance. ratios[name][l] is the one number by which
    all entries of a wrong array differ from the truth, where there is one; m counts the examples.
    """

    errors: Mapping[str, Mapping[int, float]]
    kinks: tuple[tuple[str, int, tuple[int, ...]], ...]
    tolerance: float
    ratios: Mapping[str, Mapping[int, float]] = field(default_factory=dict)
    m: int = 0

    @property
    def ok(self) -> bool:
        """True when every compared array is within the tolerance."""
        return all(e <= self.tolerance for array in self.errors.values() for e in array.values())

    def __repr__(self) -> str:
        lines = [
            f"{'✓' if e <= self.tolerance else '✗'} {name}[{l}]: relative error "
            + (f"below {self.tolerance:.0e}" if e <= self.tolerance else f"{e:.1e}")
            for name, array in self.errors.items()
            for l, e in sorted(array.items())
        ]
        skipped = "1 entry skipped: kink" if len(self.kinks) == 1 else "entries skipped: kink"
        count = "" if len(self.kinks) == 1 else f"{len(self.kinks)} "
        return "\n".join([*lines, count + skipped, *self._reading()])

    def _reading(self) -> list[str]:
        """Say where to look, seen from the end, where the way back begins."""
        wrong = {(n, l) for n, of in self.errors.items() for l in of if of[l] > self.tolerance}
        layers = sorted({l for of in self.errors.values() for l in of}, reverse=True)
        if not wrong:
            return []
        last = max(l for _, l in wrong)
        names = [n for n in WAY_BACK if (n, last) in wrong]
        right = [f"{n}[{last}]" for n in WAY_BACK if last in self.errors.get(n, ())]
        right = [name for name in right if name[: name.index("[")] not in names]
        said = f"From the end, the first wrong layer is {last}: {_listed(names, last)}"
        said += (
            f"; {', '.join(right)} {'is' if len(right) == 1 else 'are'} right." if right else "."
        )
        found = [self.ratios.get(n, {}).get(l) for n, l in wrong]
        here = self.ratios.get(names[0], {}).get(last)
        if here and len(wrong) > 1 and all(r and abs(r - here) < 1e-6 * abs(here) for r in found):
            said += f" Every wrong array is {self._factor(here)}."
        elif here is not None:
            said += f" {names[0]}[{last}] is {self._factor(here)}."
        below = [l for l in layers if l <= last]
        spread = all(
            (n, l) in wrong for l in below for n in WAY_BACK if l in self.errors.get(n, ())
        )
        if spread and len(below) > 1 and last < layers[0]:
            said += (
                f" From layer {last} down everything is wrong, so look at how dA[{last}] was "
                f"passed back: dA[{last}] = W[{last + 1}].T @ dZ[{last + 1}]."
            )
        return [said]

    def _factor(self, ratio: float) -> str:
        """Return the ratio to the truth in words."""
        known = {
            -1.0: "the truth with the opposite sign",
            2.0: "twice the truth",
            0.5: "half the truth",
            float(self.m): f"m = {self.m} times the truth: 1/m is missing",
            -float(self.m): f"−m = −{self.m} times the truth: 1/m is missing, and a sign is lost",
            1 / self.m if self.m else 0.0: f"1/m = 1/{self.m} of the truth: 1/m is there once more",
        }
        near = (words for value, words in known.items() if abs(ratio - value) < 1e-6 * abs(value))
        return next(near, f"{ratio:.6g} times the truth")


def _listed(names: list[str], l: int) -> str:
    """Return "dZ[2], dW[2] are wrong" and the like."""
    return f"{', '.join(f'{n}[{l}]' for n in names)} {'is' if len(names) == 1 else 'are'} wrong"


def numerical_gradient(f: Callable, x: ArrayLike, h: float = CENTRAL_STEP) -> Any:
    r"""Return the gradient of f at x by central differences.

    .. math:: \frac{\partial f}{\partial x_k} \approx \frac{f(x + h e_k) - f(x - h e_k)}{2h}

    f takes an array of the shape of x and returns a real number; x is real; the result has the
    shape of x. Near h = 1e-5 about ten digits are right; at a kink the two-sided slope comes out.
    Raises: TypeError when f does not return one real number, ValueError when h is not positive.

    >>> numerical_gradient(lambda x: np.sum(x**2), [1.0, 2.0]).round(6)
    array([2., 4.])
    """
    call = "numerical_gradient(f, x, h)"
    _inputs.function(call, "f", f)
    x = _inputs.numbers(call, "x", x, real=True)
    if not _inputs.rate(call, "h", h, CENTRAL_STEP) > 0:
        raise ValueError(f"{call}: h must be positive, got {h!r}")

    def slope(k: tuple[int, ...]) -> float:
        up, down = (_real_number(call, f(_nudged(x, k, dh))) for dh in (h, -h))
        return (up - down) / (2 * h)

    return _entrywise(slope, x)


def complex_step_gradient(f: Callable, x: ArrayLike) -> Any:
    r"""Return the gradient of f at x by the complex step, exact to rounding.

    .. math:: \frac{\partial f}{\partial x_k} \approx \frac{\operatorname{Im} f(x + i h e_k)}{h}

    In principle a Taylor series: f(x + ih) = f(x) + ih f′(x) − …, whose imaginary part holds f′.
    There is no difference of nearly equal numbers, so h = 1e-20 loses no digits.
    f takes an array of the shape of x and must compute with complex numbers throughout (no `abs`,
    no `float`, no `.real`); x is real; the result has the shape of x.
    Raises: TypeError when f returns a real number, because the derivative was lost on the way.

    >>> complex_step_gradient(lambda x: np.sum(np.exp(x)), [0.0, 1.0])
    array([1.        , 2.71828183])
    """
    call = "complex_step_gradient(f, x)"
    _inputs.function(call, "f", f)
    x = _inputs.numbers(call, "x", x, real=True)

    def slope(k: tuple[int, ...]) -> float:
        value = np.asarray(f(_nudged(x, k, 1j * COMPLEX_STEP)))
        if value.dtype.kind != "c" or value.size != 1:
            raise TypeError(
                f"{call}: f must return one complex number, got {value.dtype} of shape "
                f"{value.shape}; does it use abs, float or .real? Then use numerical_gradient"
            )
        return value.item().imag / COMPLEX_STEP

    return _entrywise(slope, x)


def check_gradients(
    net: Network,
    X: ArrayLike,
    Y: ArrayLike,
    loss: Loss,
    grads: Any = None,
    method: str = "complex",
) -> GradientReport:
    """Compare gradients with numerical ones, array by array, and report.

    X has shape (n_0, m), Y has shape (n_L, m). `grads` are the gradients to be checked, an object
    with some of the mappings dW, db, dZ, dA; by default those of `backward`. method is "complex"
    (tolerance 1e-12 per array) or "central" (1e-7; ∂J/∂A[L] of an unfused loss is compared with the
    complex step all the same). Each entry is nudged on its own and only the forward pass is run. An
    entry whose nudge crosses a kink of an activation, or which stands where J has no two-sided
    derivative, is skipped and counted; unless it lies beyond both one-sided slopes of its kink, for
    then it is wrong by any convention. Returns a `GradientReport`.
    Raises: ValueError for another method, and as `forward` and the loss do.
    """
    call = "check_gradients(net, X, Y, loss, grads, method)"
    _inputs.instance(call, "net", net, Network)
    _inputs.instance(call, "loss", loss, Loss)
    if method not in TOLERANCE:
        raise ValueError(f'{call}: method must be "complex" or "central", got {method!r}')
    cache = forward(net, X)
    reference = backward(net, cache, Y, loss)
    grads = reference if grads is None else grads
    if not any(isinstance(getattr(grads, name, None), Mapping) for name in ARRAYS):
        got = type(grads).__name__
        raise TypeError(f"{call}: grads must have dW, db, dZ or dA keyed 1..L, got {got}")
    errors: dict[str, dict[int, float]] = {}
    ratios: dict[str, dict[int, float]] = {}
    kinks: list[tuple[str, int, tuple[int, ...]]] = []
    for name in ARRAYS:
        mine = getattr(grads, name, None)
        if mine is None:
            continue
        errors[name] = {}
        for l in getattr(reference, name):
            J, V = _restart(net, cache, Y, loss, name, l)
            # A probability cannot be nudged beyond 0 and 1, so near them a difference is no truth.
            at_loss = name == "dA" and l == net.L
            truth, crossed = _numerical(J, V, "complex" if at_loss else method)
            skip = (crossed > 0) | (at_loss & np.isin(V, loss.predictions))
            if np.shape(mine.get(l)) == V.shape:
                skip &= ~_beyond_the_kink(J, V, crossed == 1, mine[l], truth)
            kinks += [(name, l, tuple(int(i) for i in k)) for k in np.argwhere(skip)]
            errors[name][l] = _relative_error(mine.get(l), truth, skip)
            ratio = _ratio(mine.get(l), truth, skip)
            if errors[name][l] > TOLERANCE[method] and ratio is not None:
                ratios.setdefault(name, {})[l] = ratio
    m = cache.A[0].shape[1]
    return GradientReport(errors, tuple(kinks), TOLERANCE[method], ratios, m)


def _restart(
    net: Network, cache: Cache, Y: ArrayLike, loss: Loss, name: str, l: int
) -> tuple[Callable, np.ndarray]:
    """Return J as a function of one array of layer l, and that array.

    The function computes with the layers from l on, and says for each kink of each activation that
    it passes on which side of it every entry of Z is.
    """
    W, b, g, L = net.W, net.b, net.g, net.L
    Z, A = cache.Z, cache.A

    def from_A(a: np.ndarray, layer: int, sides: list) -> tuple[Any, list]:
        for k in range(layer + 1, L + 1):
            z = W[k] @ a + b[k]
            if k == L and g[L] is loss.link:
                return loss.from_logits(z, Y), sides
            sides = [*sides, *(z - kink for kink in g[k].kinks)]
            a = g[k](z)
        return loss(a, Y), sides

    def from_Z(z: np.ndarray) -> tuple[Any, list]:
        if l == L and g[L] is loss.link:
            return loss.from_logits(z, Y), []
        return from_A(g[l](z), l, [z - kink for kink in g[l].kinks])

    if name == "dW":
        return lambda w: from_Z(w @ A[l - 1] + b[l]), W[l]
    if name == "db":
        return lambda v: from_Z(W[l] @ A[l - 1] + v), b[l]
    if name == "dZ":
        return from_Z, Z[l]
    return lambda a: from_A(a, l, []), A[l]


def _numerical(J: Callable, V: np.ndarray, method: str) -> tuple[np.ndarray, np.ndarray]:
    """Return the numerical gradient of J at V, and how many kinks each entry's nudge crosses."""
    truth, crossed = np.empty(V.shape), np.empty(V.shape, dtype=int)
    for k in np.ndindex(V.shape):
        if method == "complex":
            value, sides = J(_nudged(V, k, 1j * COMPLEX_STEP))
            truth[k] = complex(value).imag / COMPLEX_STEP
            crossed[k] = sum(np.sum((s.real == 0) & (s.imag != 0)) for s in sides)
        else:
            up, above = J(_nudged(V, k, CENTRAL_STEP))
            down, below = J(_nudged(V, k, -CENTRAL_STEP))
            truth[k] = (up - down) / (2 * CENTRAL_STEP)
            crossed[k] = sum(np.sum((p > 0) != (q > 0)) for p, q in zip(above, below, strict=True))
    return truth, crossed


def _beyond_the_kink(
    J: Callable, V: np.ndarray, single: np.ndarray, mine: Any, truth: np.ndarray
) -> np.ndarray:
    """Return which entries lie beyond both slopes of their kink; their truth is the nearer slope.

    Only where the nudge crosses one single kink: where several meet, the slope that the convention
    relu′(0) = 0 gives need not lie between the two, and nothing can be said.
    """
    beyond = np.zeros(V.shape, dtype=bool)
    h = CENTRAL_STEP / 100  # one-sided slopes are off by h, so a smaller step than for two sides
    for k in zip(*np.nonzero(single), strict=True):
        left, here, right = (J(_nudged(V, k, dx))[0] for dx in (-h, 0.0, h))
        low, high = sorted(((here - left) / h, (right - here) / h))
        room = 1e-3 * max(-low, high) + h * (1 + abs(here))
        beyond[k] = not low - room <= mine[k] <= high + room
        truth[k] = min(max(mine[k], low), high)
    return beyond


def _relative_error(mine: Any, truth: np.ndarray, skip: np.ndarray) -> float:
    if np.shape(mine) != truth.shape:  # that of None is another one too
        return float("inf")
    mine = np.asarray(mine)
    if np.all(skip):
        return 0.0
    difference, size = np.max(np.abs(mine - truth)[~skip]), np.max(np.abs(truth)[~skip])
    error = difference / size if size > 0 else np.max(np.abs(mine)[~skip])
    return float("inf") if np.isnan(error) else float(error)


def _ratio(mine: Any, truth: np.ndarray, skip: np.ndarray) -> float | None:
    """Return the one number by which every entry differs from the truth, if there is one."""
    if np.shape(mine) != truth.shape:
        return None
    g, t = np.asarray(mine)[~skip], truth[~skip]
    size = np.max(np.abs(t), initial=0.0)
    if not size > 0 or not np.all(np.isfinite(g)):
        return None
    ratio = float(np.sum(g * t) / np.sum(t * t))
    same = np.max(np.abs(g - ratio * t)) <= 1e-6 * max(abs(ratio), 1e-3) * size
    return ratio if same and ratio else None


def _nudged(x: np.ndarray, k: tuple[int, ...], dx: complex) -> np.ndarray:
    moved = x.astype(np.result_type(x, type(dx)))
    moved[k] += dx
    return moved


def _entrywise(slope: Callable, x: np.ndarray) -> Any:
    gradient = np.empty(x.shape)
    for k in np.ndindex(x.shape):
        gradient[k] = slope(k)
    return gradient[()]


def _real_number(call: str, value: Any) -> float:
    value = np.asarray(value)
    if value.size != 1 or value.dtype.kind not in "biuf":
        raise TypeError(
            f"{call}: f must return one real number, got {value.dtype} of shape {value.shape}; "
            "a cost is a scalar, so sum or average first"
        )
    return value.item()
