"""A reverse-mode engine: the gradients of this course, from a program that knows no network."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import ArrayLike


class Node:
    """A value that remembers what it was made from, and how a gradient is pulled back to that."""

    def __init__(self, value: ArrayLike, parents: tuple = (), pull: Callable = lambda _: ()):
        self.value = np.asarray(value) + 0.0
        self.parents, self.pull = parents, pull
        self.grad = np.zeros(self.value.shape)

    def __add__(self, other: Node) -> Node:
        a, b = self.value, other.value
        return Node(a + b, (self, other), lambda d: (unbroadcast(d, a), unbroadcast(d, b)))

    def __mul__(self, other: Node) -> Node:
        a, b = self.value, other.value
        return Node(a * b, (self, other), lambda d: (unbroadcast(d * b, a), unbroadcast(d * a, b)))

    def __matmul__(self, other: Node) -> Node:
        a, b = self.value, other.value
        return Node(a @ b, (self, other), lambda d: (d @ b.T, a.T @ d))


def unbroadcast(d: np.ndarray, v: np.ndarray) -> np.ndarray:
    """Sum d over the axes along which numpy stretched v; the result has the shape of v."""
    d = d.sum(axis=tuple(range(d.ndim - v.ndim)))
    return d.sum(axis=tuple(k for k, n in enumerate(v.shape) if n < d.shape[k]), keepdims=True)


def relu(Z: Node) -> Node:
    """max(Z, 0), entry by entry; the slope at 0 is taken as 0."""
    return Node(np.where(Z.value.real > 0, Z.value, 0), (Z,), lambda d: (d * (Z.value > 0),))


def tanh(Z: Node) -> Node:
    """The hyperbolic tangent, entry by entry."""
    A = np.tanh(Z.value)
    return Node(A, (Z,), lambda d: (d * (1 - A**2),))


def sigmoid(Z: Node) -> Node:
    """1 / (1 + e^−Z), entry by entry, written with tanh so that nothing overflows."""
    A = (1 + np.tanh(Z.value / 2)) / 2
    return Node(A, (Z,), lambda d: (d * A * (1 - A),))


def cross_entropy(Z: Node, Y: np.ndarray) -> Node:
    """The cost of softmax(Z) for columns Y that sum to 1, in one piece: the slopes cancel."""
    D, m = Z.value - Z.value.max(axis=0), Y.shape[1]
    S = np.exp(D).sum(axis=0)
    return Node(np.sum(Y * (np.log(S) - D)) / m, (Z,), lambda d: (d * (np.exp(D) / S - Y) / m,))


def order(last: Node) -> list[Node]:
    """Return every node that `last` is made from, each one after its parents."""
    found: list[Node] = []
    seen, waiting = set(), [(last, False)]
    while waiting:
        node, parents_done = waiting.pop()
        if parents_done:
            found.append(node)
        elif node not in seen:
            seen.add(node)
            waiting += [(node, True), *((parent, False) for parent in node.parents)]
    return found


def backward(last: Node) -> None:
    """Fill in the `grad` of every node: the slope of `last` for each of its entries."""
    last.grad = np.ones_like(last.value)
    for node in reversed(order(last)):
        for parent, share in zip(node.parents, node.pull(node.grad), strict=True):
            parent.grad += share  # not =, because a value that is used twice gets two shares
