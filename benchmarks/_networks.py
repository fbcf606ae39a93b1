"""The same gradient, as nnmath and each other library computes it: data in, J and all dW, db out.

Each maker takes a problem and returns the function that is timed. It returns (J, dW, db), with the
gradients in the library's own arrays and its own layout; `same_gradient` compares them.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

import nnmath as nn


@dataclass(frozen=True)
class Problem:
    """A network, examples and targets; `sizes` of (2, 4, 1) end in sigmoid, others in softmax."""

    net: nn.Network
    X: np.ndarray
    Y: np.ndarray
    loss: nn.Loss


def problem(sizes: tuple[int, ...], m: int, seed: int = 0) -> Problem:
    """Return a random problem: tanh and sigmoid for one output, else relu and softmax."""
    rng = np.random.default_rng(seed)
    one = sizes[-1] == 1
    hidden, last, loss = (
        (nn.tanh, nn.sigmoid, nn.bce) if one else (nn.relu, nn.softmax, nn.cross_entropy)
    )
    net = nn.init(sizes, g=[hidden] * (len(sizes) - 2) + [last], rng=rng)
    X = rng.standard_normal((sizes[0], m))
    labels = rng.integers(0, max(sizes[-1], 2), m)
    Y = labels[None, :].astype(float) if one else np.eye(sizes[-1])[:, labels]
    return Problem(net, X, Y, loss)


def nnmath_gradient(p: Problem) -> Callable[[], Any]:
    """Return the gradient as a user of this package asks for it."""
    net, X, Y, loss, L = p.net, p.X, p.Y, p.loss, p.net.L

    def run() -> Any:
        cache = nn.forward(net, X)
        J = loss.from_logits(cache.Z[L], Y)
        grads = nn.backward(net, cache, Y, loss)
        return J, grads.dW, grads.db

    return run


def factors(p: Problem) -> list[tuple[np.ndarray, np.ndarray]]:
    """Return the two factors of each matrix product, with A[l] in place of dZ[l], its like."""
    W, A, layers = p.net.W, nn.forward(p.net, p.X).A, p.net.layers
    pairs = [(W[l], A[l - 1]) for l in layers]
    for l in reversed(layers):
        pairs.append((A[l], A[l - 1].T))
        if l > 1:
            pairs.append((W[l].T, A[l]))
    return pairs


def products(p: Problem) -> Callable[[], Any]:
    """Return the limit: the matrix products of the same shapes, and nothing else."""
    pairs = factors(p)

    def run() -> Any:
        for left, right in pairs:
            left @ right

    return run


def plain_numpy(p: Problem) -> Callable[[], Any]:
    """Return the gradient as tutorials write it: no checks, and no care for large logits."""
    W, b, L = dict(p.net.W), dict(p.net.b), p.net.L
    X, Y, m = p.X, p.Y, p.X.shape[1]
    one = len(Y) == 1

    def run() -> Any:
        Z, A, dW, db = {}, {0: X}, {}, {}
        for l in range(1, L + 1):
            Z[l] = np.dot(W[l], A[l - 1]) + b[l]
            if l < L:
                A[l] = np.tanh(Z[l]) if one else np.maximum(0, Z[l])
            elif one:
                A[l] = 1 / (1 + np.exp(-Z[l]))
            else:
                e = np.exp(Z[l] - np.max(Z[l], axis=0, keepdims=True))
                A[l] = e / np.sum(e, axis=0, keepdims=True)
        costs = Y * np.log(A[L]) + (1 - Y) * np.log(1 - A[L]) if one else Y * np.log(A[L])
        J = -np.sum(costs) / m
        dZ = (A[L] - Y) / m
        for l in range(L, 0, -1):
            dW[l] = np.dot(dZ, A[l - 1].T)
            db[l] = np.sum(dZ, axis=1, keepdims=True)
            if l > 1:
                dA = np.dot(W[l].T, dZ)
                dZ = dA * (1 - A[l - 1] ** 2) if one else dA * (Z[l - 1] > 0)
        return J, dW, db

    return run


def torch_gradient(p: Problem) -> Callable[[], Any]:
    """Return torch's gradient: rows are examples, as its `linear` wants them."""
    import torch
    import torch.nn.functional as F

    torch.set_num_threads(1)
    L, one = p.net.L, len(p.Y) == 1
    W = [torch.tensor(np.array(p.net.W[l]), requires_grad=True) for l in p.net.layers]
    b = [torch.tensor(np.array(p.net.b[l][:, 0]), requires_grad=True) for l in p.net.layers]
    x = torch.tensor(np.ascontiguousarray(p.X.T))
    y = torch.tensor(np.ascontiguousarray(p.Y.T) if one else p.Y.argmax(axis=0))

    def run() -> Any:
        a = x
        for l in range(L):
            a = F.linear(a, W[l], b[l])
            if l < L - 1:
                a = torch.tanh(a) if one else torch.relu(a)
        J = F.binary_cross_entropy_with_logits(a, y) if one else F.cross_entropy(a, y)
        grads = torch.autograd.grad(J, [*W, *b])
        return J.item(), grads[:L], grads[L:]

    return run


def jax_gradient(p: Problem) -> Callable[[], Any]:
    """Return jax's gradient, compiled."""
    import jax

    jax.config.update("jax_enable_x64", True)
    import jax.numpy as jnp

    L, one = p.net.L, len(p.Y) == 1
    W = [jnp.asarray(np.array(p.net.W[l])) for l in p.net.layers]
    b = [jnp.asarray(np.array(p.net.b[l])) for l in p.net.layers]
    X, Y = jnp.asarray(p.X), jnp.asarray(p.Y)

    def cost(parameters: Any, X: Any, Y: Any) -> Any:
        W, b = parameters
        A = X
        for l in range(L):
            Z = W[l] @ A + b[l]
            A = jnp.tanh(Z) if one else jax.nn.relu(Z)
        m = X.shape[1]
        if one:
            return jnp.sum(jax.nn.softplus(Z) - Y * Z) / m
        return -jnp.sum(Y * jax.nn.log_softmax(Z, axis=0)) / m

    compiled = jax.jit(jax.value_and_grad(cost))

    def run() -> Any:
        J, (dW, db) = jax.block_until_ready(compiled((W, b), X, Y))
        return J, dW, db

    return run


def autograd_gradient(p: Problem) -> Callable[[], Any]:
    """Return the gradient of HIPS autograd."""
    import autograd
    import autograd.numpy as anp
    from autograd.scipy.special import logsumexp

    L, one, m = p.net.L, len(p.Y) == 1, p.X.shape[1]
    parameters = tuple([np.array(V[l]) for l in p.net.layers] for V in (p.net.W, p.net.b))
    X, Y = p.X, p.Y

    def cost(parameters: Any) -> Any:
        W, b = parameters
        A = X
        for l in range(L):
            Z = anp.dot(W[l], A) + b[l]
            A = anp.tanh(Z) if one else anp.maximum(0, Z)
        if one:
            return anp.sum(anp.logaddexp(0, Z) - Y * Z) / m
        return -anp.sum(Y * (Z - logsumexp(Z, axis=0, keepdims=True))) / m

    gradient = autograd.value_and_grad(cost)

    def run() -> Any:
        J, (dW, db) = gradient(parameters)
        return J, dW, db

    return run


# The package to look for, and the maker.
OTHERS = {
    "torch": ("torch", torch_gradient),
    "JAX, jitted": ("jax", jax_gradient),
    "autograd": ("autograd", autograd_gradient),
    "plain numpy": ("numpy", plain_numpy),
}


def same_gradient(result: Any, p: Problem) -> float:
    """Return the worst relative difference of an array between a result and nnmath's gradient."""
    J, dW, db = nnmath_gradient(p)()
    found = [abs(float(result[0]) - J) / abs(J)]
    for mine, other in ((dW, result[1]), (db, result[2])):
        arrays = [other[l] for l in sorted(other)] if hasattr(other, "keys") else other
        for truth, array in zip((mine[l] for l in sorted(mine)), arrays, strict=True):
            array = np.asarray(array).reshape(truth.shape)
            found.append(float(np.max(np.abs(array - truth)) / np.max(np.abs(truth))))
    return max(found)
