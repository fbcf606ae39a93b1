r"""The networks on which the formulas of the documents are tried.

A trial holds everything that a formula may name. Its slopes are measured, one nudge at a time, so
that a formula is judged alone: it takes nothing from the lines before it, which may be misprinted.

Conventions as everywhere: examples are columns, m is their number, layer l has n_l units,

    X = A[0]   (n_0, m)      W[l]  (n_l, n_{l-1})      Z[l], A[l]   (n_l, m)
    Y          (n_L, m)      b[l]  (n_l, 1)            dV = ∂J/∂V has the shape of V
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property, partial
from typing import Any

import numpy as np

from nnmath.activations import relu, sigmoid, softmax, tanh
from nnmath.gradcheck import complex_step_gradient
from nnmath.losses import Loss, bce, cross_entropy

Array = Any
Function = Callable[[Array], Array]


def wavy(z: Array) -> Array:
    """Return sin z + z/2: "any other function g" of document 000, smooth and not monotone."""
    return np.sin(z) + z / 2


# The slopes, written out once more, from Z: the trials do not ask the package for a derivative.
SLOPES: Mapping[Any, Function] = {
    wavy: lambda z: np.cos(z) + 0.5,
    tanh: lambda z: 1 / np.cosh(z) ** 2,
    sigmoid: lambda z: 1 / (2 + 2 * np.cosh(z)),
    relu: lambda z: np.where(z > 0, 1.0, 0.0),
}


@dataclass(frozen=True, eq=False)
class Trial:
    """A network with its data: parameters, forward pass, and every slope, measured.

    Fields: W, b, g keyed 1..L; `loss` of the package; X and Y. `l` is the layer that a formula
    for "any layer l" is tried on.
    """

    W: Mapping[int, Array]
    b: Mapping[int, Array]
    g: Mapping[int, Any]
    loss: Loss
    X: Array
    Y: Array
    l: int = 2

    @property
    def L(self) -> int:
        """The number of layers, the input not counted."""
        return len(self.W)

    @property
    def m(self) -> int:
        """The number of examples."""
        return self.X.shape[1]

    @property
    def ones(self) -> Array:
        """The column of m ones: J_N of document 002."""
        return np.ones((self.m, 1))

    @cached_property
    def Z(self) -> dict[int, Array]:
        """The logits of each layer."""
        return {l: self.W[l] @ self.A[l - 1] + self.b[l] for l in self.W}

    @cached_property
    def A(self) -> dict[int, Array]:
        """The activations of each layer; A[0] is X."""
        A = {0: self.X}
        for l in self.W:
            A[l] = self.g[l](self.W[l] @ A[l - 1] + self.b[l])
        return A

    @cached_property
    def slope(self) -> dict[int, Array]:
        """The slope g′(Z) of each layer whose activation works entry by entry."""
        return {l: SLOPES[self.g[l]](self.Z[l]) for l in self.W if self.g[l] in SLOPES}

    def cost_after(self, l: int, A: Array) -> Any:
        """Return J if layer l gave A."""
        for k in range(l + 1, self.L + 1):
            A = self.g[k](self.W[k] @ A + self.b[k])
        return self.loss(A, self.Y)

    @cached_property
    def dA(self) -> dict[int, Array]:
        """∂J/∂A of each layer, the input too, measured."""
        return {l: self._measured(lambda v: v, l, A) for l, A in self.A.items()}

    @cached_property
    def dZ(self) -> dict[int, Array]:
        """∂J/∂Z of each layer, measured."""
        return {l: self._measured(self.g[l], l, Z) for l, Z in self.Z.items()}

    @cached_property
    def dW(self) -> dict[int, Array]:
        """∂J/∂W of each layer, measured."""
        return {
            l: self._measured(partial(self._layer, l, b=self.b[l]), l, self.W[l]) for l in self.W
        }

    @cached_property
    def db(self) -> dict[int, Array]:
        """∂J/∂b of each layer, measured."""
        return {l: self._measured(partial(self._layer, l, self.W[l]), l, self.b[l]) for l in self.W}

    def _layer(self, l: int, W: Array, b: Array) -> Array:
        return self.g[l](W @ self.A[l - 1] + b)

    def _measured(self, to_A: Function, l: int, V: Array) -> Array:
        """Return the slope of J at V, where to_A(V) are the activations of layer l."""
        return complex_step_gradient(lambda v: self.cost_after(l, to_A(v)), V)

    def output_in_loops(self) -> Array:
        """Return the output of the network, unit by unit and example by example."""
        out = np.empty(self.Y.shape)
        for i in range(self.m):
            a = [float(x) for x in self.X[:, i]]
            for l in range(1, self.L + 1):
                z = [
                    sum(w * x for w, x in zip(row, a, strict=True)) + bias
                    for row, bias in zip(self.W[l].tolist(), self.b[l][:, 0].tolist(), strict=True)
                ]
                a = _ONE_COLUMN[self.g[l]](z)
            out[:, i] = a
        return out

    def jacobians(self) -> Array:
        """Return ∂a_p/∂z_q of the last layer for each example: (m, n_L, n_L), measured."""
        g = self.g[self.L]

        def row(p: int, column: Array) -> Array:
            return complex_step_gradient(lambda z: g(z)[p, 0], column.reshape(-1, 1))[:, 0]

        units = range(len(self.Y))
        return np.array([[row(p, column) for p in units] for column in self.Z[self.L].T])

    def only(self, i: int) -> Trial:
        """Return the same network with example i alone."""
        return Trial(self.W, self.b, self.g, self.loss, self.X[:, [i]], self.Y[:, [i]], self.l)


def _softmax_column(z: list[float]) -> list[float]:
    weights = [math.exp(v) for v in z]
    return [w / sum(weights) for w in weights]


_ONE_COLUMN: Mapping[Any, Callable[[list[float]], list[float]]] = {
    wavy: lambda z: [math.sin(v) + v / 2 for v in z],
    tanh: lambda z: [math.tanh(v) for v in z],
    sigmoid: lambda z: [1 / (1 + math.exp(-v)) for v in z],
    relu: lambda z: [max(v, 0.0) for v in z],
    softmax: _softmax_column,
}

# What each document assumes: the widths, the number of examples, the activations, the loss.
SETTINGS: Mapping[str, tuple[tuple[int, ...], int, tuple[Any, ...], Loss]] = {
    "000": ((4, 5, 1), 7, (wavy, sigmoid), bce),
    "001": ((4, 5, 3, 6), 7, (relu, relu, softmax), cross_entropy),
    "002": ((4, 5, 3, 2), 7, (tanh, wavy, sigmoid), bce),
    "002, section 6": ((2, 4, 1), 9, (tanh, sigmoid), bce),
}


def trial(
    setting: str, seed: int = 6, sizes: tuple[int, ...] | None = None, m: int | None = None
) -> Trial:
    """Return a random network as a document assumes it.

    `setting` is "000", "001", "002" or "002, section 6". By default the widths and the number of
    examples differ from each other; give others to see which misprints hide then.

    >>> sorted(trial("001").W), trial("001").W[2].shape
    ([1, 2, 3], (3, 5))
    """
    own_sizes, own_m, activations, loss = SETTINGS[setting]
    sizes, m = sizes or own_sizes, m or own_m
    rng = np.random.RandomState(seed)
    W: dict[int, Array] = {}
    b: dict[int, Array] = {}
    g: dict[int, Any] = {}
    for l in range(1, len(sizes)):
        W[l] = rng.normal(size=(sizes[l], sizes[l - 1])) / np.sqrt(sizes[l - 1])
        b[l] = rng.normal(size=(sizes[l], 1)) / 2
        g[l] = activations[l - 1]
    X = rng.normal(size=(sizes[0], m))
    if loss is cross_entropy:
        Y: Array = np.eye(sizes[-1])[:, rng.permutation(max(m, sizes[-1]))[:m] % sizes[-1]]
    else:  # both answers in each row
        Y = (np.arange(sizes[-1] * m).reshape(sizes[-1], m) + rng.randint(2)) % 2 * 1.0
    return Trial(W, b, g, loss, X, Y)


def trials(setting: str, seed: int = 6, **other: Any) -> tuple[Trial, ...]:
    """Return the networks that a formula of this document must hold on, all of them.

    Document 000 says that its formulas are for one example. So they are tried on seven examples,
    one at a time: a sign that is right for y = 1 alone is found out by an example with y = 0.
    """
    whole = trial(setting, seed, **other)
    return tuple(map(whole.only, range(whole.m))) if setting == "000" else (whole,)


TRIALS: Mapping[str, tuple[Trial, ...]] = {setting: trials(setting) for setting in SETTINGS}
