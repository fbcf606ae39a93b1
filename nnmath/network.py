r"""The network: a record of parameters, and the pure functions that run it forward and backward.

Conventions. Layers l = 1..L, layer l has n_l units, m examples are columns.

    A[0] = X     (n_0, m)          W[l]  (n_l, n_{l-1})      dV = ∂J/∂V has the shape of V,
    Z[l], A[l]   (n_l, m)          b[l]  (n_l, 1)            and its 1/m comes from the loss

Collections are read-only mappings keyed 1..L (A also has 0), so `W[l]` is the page's W^[l], and
`W[0]` and `W[-1]` are errors. Functions change nothing in place; they return new records.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from nnmath import _inputs
from nnmath.activations import Activation
from nnmath.losses import Loss


def _frozen(arrays: Mapping[int, np.ndarray]) -> Mapping[int, np.ndarray]:
    """Return a read-only mapping of read-only views.

    They guard against slips. Who owns an array, or sets `flags.writeable` of a view, may still
    write; a network's own copies of its parameters are closed to that as well.
    """
    views = {l: array.view() for l, array in arrays.items()}
    for view in views.values():
        view.setflags(write=False)
    return MappingProxyType(views)


class _Record:
    """A record that can be copied and pickled, although its mappings are read-only."""

    def __reduce__(self) -> tuple:
        return type(self), tuple(dict(mapping) for mapping in vars(self).values())


@dataclass(frozen=True, eq=False)
class Network(_Record):
    """The parameters of a network and its activations: W, b and g, each keyed 1..L.

    W[l] has shape (n_l, n_{l-1}), b[l] has shape (n_l, 1), g[l] is an activation of this package.
    The arrays are copied and read-only. Raises: ValueError when keys or shapes do not fit together
    and for parameters that are not finite, TypeError when g[l] is not an `Activation`.
    """

    W: Mapping[int, np.ndarray]
    b: Mapping[int, np.ndarray]
    g: Mapping[int, Activation]

    def __post_init__(self) -> None:
        call = "Network(W, b, g)"
        layers = _inputs.layers(call, W=self.W, b=self.b, g=self.g)
        W: dict[int, np.ndarray] = {}
        b: dict[int, np.ndarray] = {}
        for l in layers:
            for name, given, mine in (("W", self.W, W), ("b", self.b, b)):
                mine[l] = _inputs.numbers(
                    call, f"{name}[{l}]", given[l], remedy="parameters must be finite numbers"
                ).copy()
                mine[l].flags.writeable = False  # no view of it can be made writeable again
            if W[l].ndim != 2 or W[l].size == 0:
                raise ValueError(
                    f"{call}: W[{l}] has shape {W[l].shape}; it needs one row for each unit of "
                    f"layer {l} and one column for each unit of layer {l - 1}"
                )
            if l > 1 and W[l].shape[1] != W[l - 1].shape[0]:
                hint = f"; did you mean W[{l}].T?" if len(W[l]) == len(W[l - 1]) else ""
                raise ValueError(
                    f"{call}: W[{l}] has shape {W[l].shape}, but layer {l - 1} has "
                    f"{len(W[l - 1])} units; W[{l}] needs one column for each of them{hint}"
                )
            if b[l].shape != (len(W[l]), 1):
                fits = b[l].size == len(W[l])
                hint = f"; did you mean b[{l}].reshape(-1, 1)?" if fits else ""
                raise ValueError(
                    f"{call}: b[{l}] has shape {b[l].shape}, but W[{l}] has {len(W[l])} rows; "
                    f"b[{l}] needs the shape {(len(W[l]), 1)}{hint}"
                )
            _inputs.instance(call, f"g[{l}]", self.g[l], Activation)
        object.__setattr__(self, "W", _frozen(W))
        object.__setattr__(self, "b", _frozen(b))
        object.__setattr__(self, "g", MappingProxyType({l: self.g[l] for l in layers}))

    @property
    def L(self) -> int:
        """The number of layers; the input, layer 0, has no parameters and does not count."""
        return len(self.W)

    @property
    def layers(self) -> range:
        """The layers in order: range(1, L + 1)."""
        return range(1, self.L + 1)

    @property
    def sizes(self) -> tuple[int, ...]:
        """The number of units of each layer, the input first: (n_0, …, n_L)."""
        return (self.W[1].shape[1], *(len(self.W[l]) for l in self.layers))

    def __repr__(self) -> str:
        g = ", ".join(self.g[l].name for l in self.layers)
        return f"Network({'-'.join(map(str, self.sizes))}, g = [{g}])"


@dataclass(frozen=True, eq=False)
class Cache(_Record):
    """What the forward pass computed: Z keyed 1..L, A keyed 0..L, read-only, each (n_l, m)."""

    Z: Mapping[int, np.ndarray]
    A: Mapping[int, np.ndarray]

    def __post_init__(self) -> None:
        object.__setattr__(self, "Z", _frozen(self.Z))
        object.__setattr__(self, "A", _frozen(self.A))


@dataclass(frozen=True, eq=False)
class Gradients(_Record):
    """What the backward pass computed, read-only: dV = ∂J/∂V, with the shape of V.

    dW, db and dZ are keyed 1..L. dA is keyed 1..L−1, and also L where the loss and the last
    activation are not fused.
    """

    dW: Mapping[int, np.ndarray]
    db: Mapping[int, np.ndarray]
    dZ: Mapping[int, np.ndarray]
    dA: Mapping[int, np.ndarray]

    def __post_init__(self) -> None:
        for name in ("dW", "db", "dZ", "dA"):
            object.__setattr__(self, name, _frozen(getattr(self, name)))


def init(sizes: Sequence[int], g: Sequence[Activation], rng: Any) -> Network:
    r"""Return a network with random weights and zero biases.

    The weights are normal with variance gain / n_{l-1}: gain 2 for relu (He et al. 2015, because it
    silences about half of its inputs), 1 otherwise, so that a signal neither fades nor grows. They
    must not be equal: units that start alike get the same gradient and stay alike.

    sizes: the widths (n_0, …, n_L), at least two. g: one activation for each of the L layers.
    rng: a numpy `Generator` or `RandomState`.
    Raises: ValueError for wrong widths or a wrong number of activations, TypeError for wrong kinds.

    >>> from nnmath import sigmoid, tanh
    >>> init([2, 4, 1], g=[tanh, sigmoid], rng=np.random.default_rng(0))
    Network(2-4-1, g = [tanh, sigmoid])
    """
    call = "init(sizes, g, rng)"
    sizes, g = (
        _inputs.one_per_layer(call, name, value) for name, value in (("sizes", sizes), ("g", g))
    )
    n = [_inputs.whole(call, f"sizes[{l}]", size, low=1) for l, size in enumerate(sizes)]
    if len(n) < 2 or len(g) != len(n) - 1:
        raise ValueError(
            f"{call}: sizes has {len(n)} entries and g has {len(g)}; it needs one width for the "
            "input and one for each layer, and one activation for each layer, at least one"
        )
    _inputs.random_source(call, rng)
    W, b = {}, {}
    for l, activation in enumerate(g, start=1):
        _inputs.instance(call, f"g[{l - 1}]", activation, Activation)
        scale = np.sqrt(activation.gain / n[l - 1])
        W[l] = scale * rng.standard_normal((n[l], n[l - 1]))
        b[l] = np.zeros((n[l], 1))
    return Network(W, b, dict(enumerate(g, start=1)))


def forward(net: Network, X: ArrayLike) -> Cache:
    r"""Run the network on the examples X and keep every layer.

    .. math:: Z^{[l]} = W^{[l]} A^{[l-1]} + b^{[l]}, \qquad A^{[l]} = g^{[l]}(Z^{[l]})

    X has shape (n_0, m). Returns a `Cache` with Z[1..L] and A[0..L].
    Raises: ValueError when X does not have n_0 rows, is empty, or holds NaN or infinity.
    Source: document 002, (1.4).
    """
    _inputs.instance("forward(net, X)", "net", net, Network)
    W, b, g = net.W, net.b, net.g
    # A copy: a cache that followed later changes of X would give gradients of no network at all.
    A = {0: _inputs.examples("forward(net, X)", X, net.sizes[0]).copy()}
    Z = {}
    for l in net.layers:
        Z[l] = W[l] @ A[l - 1] + b[l]
        A[l] = g[l](Z[l])
    return Cache(Z, A)


def cost(net: Network, X: ArrayLike, Y: ArrayLike, loss: Loss) -> Any:
    """Return the cost J of the network on the examples X with targets Y, a number.

    X has shape (n_0, m), Y has shape (n_L, m). When the last activation is the loss's own link, J
    is computed from the logits, which cannot overflow. Raises: as `forward` and the loss do.
    """
    call = "cost(net, X, Y, loss)"
    _inputs.instance(call, "net", net, Network)
    _inputs.instance(call, "loss", loss, Loss)
    cache, L = forward(net, X), net.L
    Y = _inputs.targets(call, Y, cache.A[L].shape, "network and X")
    return loss.from_logits(cache.Z[L], Y) if net.g[L] is loss.link else loss(cache.A[L], Y)


def backward(net: Network, cache: Cache, Y: ArrayLike, loss: Loss) -> Gradients:
    r"""Return the gradient of the cost with respect to every W, b, Z and A.

    .. math::
        dZ^{[l]} = g^{[l]\prime} \text{ applied to } dA^{[l]}, \quad
        dW^{[l]} = dZ^{[l]} A^{[l-1]\,T}, \quad
        db^{[l]} = dZ^{[l]} \mathbf 1, \quad
        dA^{[l-1]} = W^{[l]\,T} dZ^{[l]}

    `cache` is what `forward` returned for the same network; Y has shape (n_L, m). Returns
    `Gradients`. The recursion starts from `loss.dZ` when the last activation is the loss's link
    (the fused pair, where σ′ has cancelled), else from `loss.dA`.
    Raises: ValueError when cache, network and Y do not fit together.
    Source: notebook 01, (1.21) and (1.23); document 002, sections 4 and 5, corrected.
    """
    call = "backward(net, cache, Y, loss)"
    _inputs.instance(call, "net", net, Network)
    _inputs.instance(call, "loss", loss, Loss)
    _same_network(call, net, cache)
    Y = _inputs.targets(call, Y, cache.A[net.L].shape, "network and cache")
    W, g, L = net.W, net.g, net.L
    Z, A = cache.Z, cache.A
    dW, db, dZ, dA = {}, {}, {}, {}
    if g[L] is loss.link:
        dZ[L] = loss.dZ(Z[L], Y)
    else:
        dA[L] = loss.dA(A[L], Y)
        dZ[L] = g[L].vjp(Z[L], dA[L])
    for l in reversed(net.layers):
        # Z[l] = W[l] @ A[l-1] + b[l]: b is added to every column, so its gradient sums over them.
        dW[l] = dZ[l] @ A[l - 1].T
        db[l] = dZ[l].sum(axis=1, keepdims=True)
        if l > 1:
            # A[l-1] = g[l-1](Z[l-1])
            dA[l - 1] = W[l].T @ dZ[l]
            dZ[l - 1] = g[l - 1].vjp(Z[l - 1], dA[l - 1])
    return Gradients(dW, db, dZ, dA)


def input_gradient(net: Network, grads: Gradients) -> np.ndarray:
    """Return ∂J/∂X, of the shape of X: how the cost would change if the examples did.

    Raises: ValueError when `grads` does not belong to a network of this shape.
    """
    call = "input_gradient(net, grads)"
    _inputs.instance(call, "net", net, Network)
    _same_shapes(call, net, grads)
    return net.W[1].T @ grads.dZ[1]


def step(net: Network, grads: Gradients, lr: float) -> Network:
    r"""Return the network after one step of gradient descent.

    .. math:: W^{[l]} \leftarrow W^{[l]} - \alpha\,dW^{[l]}, \qquad
              b^{[l]} \leftarrow b^{[l]} - \alpha\,db^{[l]}

    lr is the learning rate α, a finite number, zero or more. The network passed in keeps its
    values, so every gradient was taken at the same, old parameters.
    Raises: ValueError when a gradient does not have the shape of its parameter, for another lr, and
    when the step leads to parameters that are no longer finite.
    Source: notebook 01, (1.26); document 000, the last four formulas.
    """
    call = "step(net, grads, lr)"
    _inputs.instance(call, "net", net, Network)
    lr = _inputs.rate(call, "lr", lr)
    _same_shapes(call, net, grads)
    with np.errstate(over="ignore", invalid="ignore"):
        W = {l: net.W[l] - lr * grads.dW[l] for l in net.layers}
        b = {l: net.b[l] - lr * grads.db[l] for l in net.layers}
    try:
        return Network(W, b, net.g)
    except _inputs.NotFinite:
        raise _inputs.NotFinite(
            f"{call}: the parameters are no longer finite after this step; the gradients hold NaN "
            f"or infinity, or lr = {lr:g} is too large for them"
        ) from None


def _same_shapes(call: str, net: Network, grads: Gradients) -> None:
    _inputs.instance(call, "grads", grads, Gradients)
    remedy = "pass the gradients that backward returned for this network"
    for name, V, dV in (("dW", net.W, grads.dW), ("db", net.b, grads.db)):
        if len(dV) > net.L:
            raise ValueError(
                f"{call}: grads.{name} has {len(dV)} layers, the network has {net.L}; {remedy}"
            )
        for l in net.layers:
            if l not in dV or np.shape(dV[l]) != V[l].shape:
                got = f"has shape {np.shape(dV[l])}" if l in dV else "is missing"
                raise ValueError(
                    f"{call}: grads.{name}[{l}] {got}, but {name[1]}[{l}] has shape {V[l].shape}; "
                    f"{remedy}"
                )


def _same_network(call: str, net: Network, cache: Cache) -> None:
    _inputs.instance(call, "cache", cache, Cache)
    got = tuple(len(cache.A[l]) for l in sorted(cache.A))
    if got != net.sizes:
        raise ValueError(
            f"{call}: the cache has layers of {got} units, the network {net.sizes}; "
            "pass the cache that forward(net, X) returned for this network"
        )
