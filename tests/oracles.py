"""The independent truths that the tests hold nnmath against. Nothing here imports nnmath.

Four kinds of truth, none of which knows how nnmath computes:

* the textbook formula in 400-digit arithmetic (`exact`), for single values on hard points;
* the textbook formula in plain numpy (`PlainNet`), differentiated by complex step or by
  central differences: no line of backpropagation in it;
* the same plain formulas, differentiated by HIPS autograd, another person's reverse mode;
* numbers worked by hand, written as literals in the tests themselves.

Shapes: units are rows, examples are columns. `W[l]` is (n_l, n_{l-1}), `b[l]` is (n_l, 1).
"""

import contextlib
import functools
import re

import mpmath
import numpy as np
import pytest
from hypothesis import settings

# The same examples on every machine and on every run, and no data base of them on disk.
deterministic = settings(derandomize=True, deadline=None, max_examples=60, database=None)


# --- Errors -------------------------------------------------------------------------------------


@contextlib.contextmanager
def refused(kind, *words):
    """The block raises `kind`, and its message holds every one of `words`.

    A word may be an alternative, "column|row". Letters are matched in either case, and a word of
    letters only as a whole word, so that "Y" is not found inside "You".
    """
    with pytest.raises(kind) as caught:
        yield
    message = str(caught.value)
    assert len(message) > 20, f"the message says too little: {message!r}"
    for word in words:
        found = any(_holds(message, part) for part in word.split("|"))
        assert found, f"the message does not say {word!r}: {message!r}"


def _holds(message, part):
    if re.fullmatch(r"\w+", part):
        return re.search(rf"(?<!\w){re.escape(part)}(?!\w)", message, re.IGNORECASE) is not None
    return part.lower() in message.lower()


# --- Truth in 400 digits ------------------------------------------------------------------------

# 1 + e^{-745} differs from 1 in the 324th digit: with 400 digits the textbook formulas are safe.
DIGITS = 400


def with_many_digits(formula):
    """Run `formula` in 400-digit arithmetic, on the exact values of the floats it is given."""

    @functools.wraps(formula)
    def exactly(*arguments):
        with mpmath.workdps(DIGITS):
            return formula(*[_exact_value(a) for a in arguments])

    return exactly


def _exact_value(argument):
    if np.ndim(argument) == 0:
        return mpmath.mpf(float(argument))
    return [mpmath.mpf(float(v)) for v in argument]


# The same points come again for every target, and each exponential takes most of a millisecond.
_exp = functools.cache(mpmath.exp)


class exact:
    """Textbook formulas; a column is a sequence of numbers, and so is the answer for a column."""

    @staticmethod
    @with_many_digits
    def sigmoid(z):
        return 1 / (1 + _exp(-z))

    @staticmethod
    @with_many_digits
    def sigmoid_prime(z):
        a = 1 / (1 + _exp(-z))
        return a * (1 - a)

    @staticmethod
    @with_many_digits
    def tanh(z):
        return mpmath.tanh(z)

    @staticmethod
    @with_many_digits
    def tanh_prime(z):
        # In this form, because 1 − tanh² has lost everything once e^{-2z} is below the 400th digit.
        return 1 / mpmath.cosh(z) ** 2

    @staticmethod
    @with_many_digits
    def relu(z):
        return z if z > 0 else mpmath.mpf(0)

    @staticmethod
    @with_many_digits
    def relu_prime(z):
        return mpmath.mpf(1 if z > 0 else 0)

    @staticmethod
    @with_many_digits
    def identity(z):
        return z

    @staticmethod
    @with_many_digits
    def identity_prime(z):  # noqa: ARG004 - the slope of the identity is 1 wherever you stand
        return mpmath.mpf(1)

    @staticmethod
    @with_many_digits
    def softmax(z):
        E = [_exp(v) for v in z]
        total = sum(E)
        return [e / total for e in E]

    @staticmethod
    @with_many_digits
    def softmax_jacobian(z):
        E = [_exp(v) for v in z]
        a = [e / sum(E) for e in E]
        return [[a[k] * ((k == j) - a[j]) for j in range(len(a))] for k in range(len(a))]

    @staticmethod
    @with_many_digits
    def bce(a, y):
        left = y * mpmath.log(a) if y > 0 else 0
        right = (1 - y) * mpmath.log(1 - a) if y < 1 else 0
        return -(left + right)

    @staticmethod
    @with_many_digits
    def bce_dA(a, y):
        return (-y / a if y > 0 else 0) + ((1 - y) / (1 - a) if y < 1 else 0)

    @staticmethod
    @with_many_digits
    def bce_from_logits(z, y):
        # log σ(z) = −log(1 + e^{−z}) and log(1 − σ(z)) = −log(1 + e^{z})
        return y * mpmath.log1p(_exp(-z)) + (1 - y) * mpmath.log1p(_exp(z))

    @staticmethod
    @with_many_digits
    def bce_dZ(z, y):
        # y(σ − 1) + (1 − y)σ, with 1 − σ(z) = σ(−z): no digits cancel where y is 0 or 1.
        return (1 - y) / (1 + _exp(-z)) - y / (1 + _exp(z))

    @staticmethod
    @with_many_digits
    def cross_entropy(a, y):
        return -sum((v * mpmath.log(u) for u, v in zip(a, y, strict=True) if v > 0), mpmath.mpf(0))

    @staticmethod
    @with_many_digits
    def cross_entropy_from_logits(z, y):
        log_total = mpmath.log(sum(_exp(v) for v in z))
        return sum((v * (log_total - u) for u, v in zip(z, y, strict=True)), mpmath.mpf(0))

    @staticmethod
    @with_many_digits
    def cross_entropy_dZ(z, y):
        E = [_exp(v) for v in z]
        share = sum(y) / sum(E)
        return [share * e - v for e, v in zip(E, y, strict=True)]

    @staticmethod
    @with_many_digits
    def squared_error(a, y):
        return sum((u - v) ** 2 for u, v in zip(a, y, strict=True)) / 2


def ulps(computed, truth):
    """How many units in the last place of the nearest float `computed` is away from `truth`."""
    nearest = float(truth)
    if not (np.isfinite(nearest) and np.isfinite(computed)):
        return 0.0 if computed == nearest else np.inf
    with mpmath.workdps(DIGITS):
        error = abs(mpmath.mpf(float(computed)) - truth)
        return float(error / mpmath.mpf(float(np.spacing(abs(nearest)))))


def assert_ulps(computed, truths, at_most, points):
    """Every entry of `computed` is within `at_most` units in the last place of its truth."""
    computed = list(np.ravel(computed))
    assert len(computed) == len(truths) == len(points)
    errors = [ulps(c, t) for c, t in zip(computed, truths, strict=True)]
    worst = int(np.argmax(errors))
    assert errors[worst] <= at_most, (
        f"{errors[worst]:.3g} units in the last place (at most {at_most} are allowed) at "
        f"{points[worst]!r}: computed {computed[worst]!r}, exact {float(truths[worst])!r}"
    )


# --- Hard points --------------------------------------------------------------------------------


def hard_reals():
    """Zero, denormals, the edges where e^z saturates, over- or underflows, and 150 in between."""
    sizes = [5e-324, 1e-310, 2.2250738585072014e-308, 1e-300, 1e-20, 1.1e-16, 2.3e-16, 1e-8, 1e-3]
    sizes += [
        0.1,
        0.3,
        0.5,
        0.6931471805599453,
        1,
        1.5,
        2,
        3,
        5,
        8,
        10,
        15,
        18.7,
        19,
        19.06,
        20,
        22,
    ]
    sizes += [30, 33.3, 36, 36.04, 36.05, 36.7, 36.75, 37, 37.43, 38, 40, 100, 350, 372, 373, 500]
    sizes += [700, 708, 708.4, 709, 709.78, 709.79, 710, 720, 744, 745, 745.13, 745.14, 746, 800]
    sizes += [1e4, 1e8, 1e16, 1e100, 1e154, 1e155, 1e200, 1e300]
    rng = np.random.default_rng(20)
    between = np.concatenate([scale * rng.normal(size=50) for scale in (1.0, 8.0, 200.0)])
    return np.concatenate([[0.0, -0.0], sizes, -np.array(sizes), between])


def hard_columns():
    """Columns of one to ten logits: ties, large offsets, confident, far apart, random."""
    rng = np.random.default_rng(21)
    columns = {
        "one class": [3.7],
        "two equal": [0.0, 0.0],
        "three equal": [5.5, 5.5, 5.5],
        "ten equal": [-2.0] * 10,
        "equal and huge": [1e300, 1e300, 1e300],
        "opposite and huge": [1e300, -1e300],
        "denormals": [5e-324, -5e-324, 0.0],
        "offset 1e8": [1e8, 1e8 + 0.3, 1e8 - 1.7],
        "offset -1e8": [-1e8, -1e8 + 0.3, -1e8 - 1.7],
        "offset 1e15": [1e15 + 0.125, 1e15 + 1.0, 1e15 - 2.0, 1e15],
        "inexact difference": [700.3, 0.1, 1 / 3, 699.9],
        "inexact difference, negative": [-700.3, -0.1, -1 / 3, -0.7],
        "confident": [20.0, -17.0],
        "confident, ten": [40.0] + [0.1 * k for k in range(9)],
        "confident beyond 1 - eps": [0.0, 37.0, -3.0],
        "very confident": [0.0, 500.0, 20.0],
        "at the edge of underflow": [0.0, -745.1, -708.4, -700.0],
        "beyond underflow": [0.0, -746.0, -1e4],
        "two share the top": [300.0, 300.0, -300.0, 0.0],
    }
    for i in range(60):
        classes = 2 + i % 9
        scale = (0.5, 3.0, 12.0, 40.0, 200.0)[i % 5]
        offset = (0.0, 1e8, -123.456)[i % 3]
        columns[f"random {i}"] = list(scale * rng.normal(size=classes) + offset)
    return {name: np.array(column) for name, column in columns.items()}


# --- Differentiation without backpropagation ----------------------------------------------------


def complex_step(f, x, h=1e-30):
    """∂f/∂x for a scalar f, entry by entry: Im f(x + ih)/h. No subtraction, so no digits lost."""
    x = np.array(x, dtype=complex)
    slope = np.empty(x.shape)
    for index in np.ndindex(*x.shape):
        moved = x.copy()
        moved[index] += 1j * h
        slope[index] = np.imag(f(moved)) / h
    return slope


def central_difference(f, x, h=1e-5):
    """∂f/∂x for a scalar f, entry by entry: (f(x + h) − f(x − h)) / 2h."""
    x = np.array(x, dtype=float)
    slope = np.empty(x.shape)
    for index in np.ndindex(*x.shape):
        right, left = x.copy(), x.copy()
        right[index] += h
        left[index] -= h
        slope[index] = (f(right) - f(left)) / (2 * h)
    return slope


def relative_error(computed, truth):
    """max |computed − truth| / max |truth|, of the whole array; inf where the shapes differ."""
    computed, truth = np.asarray(computed), np.asarray(truth)
    if computed.shape != truth.shape:
        return np.inf
    return float(np.max(np.abs(computed - truth)) / np.max(np.abs(truth)))


# --- A plain network ----------------------------------------------------------------------------
# `xp` is numpy, or autograd.numpy. Only for moderate numbers: no numerical care is taken here.


def plain_activation(name, Z, xp=np):
    if name == "sigmoid":
        return 1 / (1 + xp.exp(-Z))
    if name == "tanh":
        return xp.tanh(Z)
    if name == "relu":
        return xp.where(xp.real(Z) > 0, Z, 0 * Z)
    if name == "identity":
        return Z
    if name == "softmax":
        return xp.exp(Z) / xp.sum(xp.exp(Z), axis=0, keepdims=True)
    raise KeyError(name)


def plain_loss(name, A, Y, xp=np):
    m = Y.shape[1]
    if name == "bce":
        return -xp.sum(Y * xp.log(A) + (1 - Y) * xp.log(1 - A)) / m
    if name == "cross_entropy":
        return -xp.sum(Y * xp.log(A)) / m
    if name == "squared_error":
        return xp.sum((A - Y) ** 2) / (2 * m)
    raise KeyError(name)


class PlainNet:
    """A network as dicts of arrays, names of activations, one batch X, Y and the name of a loss."""

    def __init__(self, sizes, W, b, g, X, Y, loss):
        self.sizes, self.W, self.b, self.g, self.X, self.Y, self.loss = sizes, W, b, g, X, Y, loss
        self.L = len(W)

    def run(self, W, b, X, xp=np, start=0):
        """Layers start+1..L, from X = A[start]; returns Z and A."""
        Z, A = {}, {start: X}
        for l in range(start + 1, self.L + 1):
            Z[l] = xp.dot(W[l], A[l - 1]) + b[l]
            A[l] = plain_activation(self.g[l], Z[l], xp)
        return Z, A

    def J(self, W=None, b=None, X=None, xp=np):
        _, A = self.run(W or self.W, b or self.b, self.X if X is None else X, xp)
        return plain_loss(self.loss, A[self.L], self.Y, xp)

    def J_of(self, name, l):
        """J as a function of one array alone: "W", "b", "Z" or "A" of layer l (A[0] is X)."""
        if name == "W":
            return lambda V: self.J(W={**self.W, l: V})
        if name == "b":
            return lambda V: self.J(b={**self.b, l: V})
        if name == "Z":
            return lambda V: self.J_of("A", l)(plain_activation(self.g[l], V))
        return lambda V: plain_loss(
            self.loss, self.run(self.W, self.b, V, start=l)[1][self.L], self.Y
        )

    def at(self, name, l):
        """The value that the array "W", "b", "Z" or "A" of layer l has in this network."""
        if name in ("W", "b"):
            return getattr(self, name)[l]
        Z, A = self.run(self.W, self.b, self.X)
        return {"Z": Z, "A": A}[name][l]


def random_targets(loss, n, m, rng, soft):
    if loss == "bce":
        Y = rng.random((n, m)) if soft else rng.integers(0, 2, (n, m)).astype(float)
    elif loss == "cross_entropy":
        # Soft targets do not sum to 1 here: the general formula (A·diag(s) − Y)/m must hold.
        Y = rng.random((n, m)) * 1.5 if soft else np.eye(n)[:, rng.integers(0, n, m)]
    else:
        Y = rng.normal(size=(n, m))
    return Y


def random_net(seed, *, depth, hidden, output, loss, soft):
    """A seeded PlainNet in which the classic bugs show.

    The widths and m are pairwise different, m ≥ 2, no bias is zero, each layer of relu units has
    active and inactive units, and no relu is so near its kink that h = 1e-5 could cross it.
    """
    rng = np.random.default_rng(seed)
    for _ in range(1000):
        *sizes, m = (int(v) for v in rng.permutation(np.arange(2, 10))[: depth + 2])
        layers = range(1, depth + 1)
        g = {l: hidden[(l - 1) % len(hidden)] for l in layers} | {depth: output}
        W = {l: rng.normal(size=(sizes[l], sizes[l - 1])) / np.sqrt(sizes[l - 1]) for l in layers}
        b = {l: rng.normal(size=(sizes[l], 1)) / 2 for l in layers}
        X = rng.normal(size=(sizes[0], m))
        Y = random_targets(loss, sizes[depth], m, rng, soft)
        plain = PlainNet(tuple(sizes), W, b, g, X, Y, loss)
        Z, _ = plain.run(W, b, X)
        relus = [Z[l] for l in layers if g[l] == "relu"]
        if all((z > 0).any() and (z < 0).any() and np.abs(z).min() > 2e-3 for z in relus):
            return plain
    raise AssertionError("no seeded network with active and inactive units was found")


# Every loss on its own link (fused) and on outputs where it is defined but not fused.
PAIRS = [
    ("sigmoid", "bce"),
    ("softmax", "cross_entropy"),
    ("identity", "squared_error"),
    ("sigmoid", "squared_error"),
    ("softmax", "squared_error"),
    ("tanh", "squared_error"),
    ("relu", "squared_error"),
    ("softmax", "bce"),
    ("sigmoid", "cross_entropy"),
]
FUSED = PAIRS[:3]
HIDDEN = [
    ("tanh",),
    ("relu",),
    ("sigmoid",),
    ("relu", "tanh"),
    ("identity", "sigmoid", "relu"),
    ("softmax", "tanh"),
    ("relu", "identity"),
]


def random_nets():
    """27 nets: each pair three times, depths 1 to 6, every hidden activation, hard and soft Y."""
    nets = {}
    for i in range(3 * len(PAIRS)):
        output, loss = PAIRS[i % len(PAIRS)]
        depth = (1, 2, 3, 4, 5, 6, 3)[i % 7]
        hidden = HIDDEN[(i + i // 7) % len(HIDDEN)]
        if depth <= i // len(PAIRS):
            depth += 2  # so that each pair also meets a hidden layer
        soft = i >= len(PAIRS)
        net = random_net(100 + i, depth=depth, hidden=hidden, output=output, loss=loss, soft=soft)
        inner = "-".join(net.g[l] for l in range(1, depth))
        nets[f"{i}: {inner or 'no hidden layer'}, {output}, {loss}"] = net
    return nets
