"""The whole: a copy of the engine with the learner's parts in it."""

from __future__ import annotations

import importlib.util
from collections.abc import Callable
from types import ModuleType
from typing import Any

import numpy as np

from nnmath import engine
from nnmath.activations import relu, softmax, tanh
from nnmath.exercises.drawing import Array
from nnmath.exercises.running import run, unanswered
from nnmath.exercises.where_next.collect import COLLECT
from nnmath.exercises.where_next.matmul_pull import MATMUL_PULL
from nnmath.exercises.where_next.order import ORDER
from nnmath.exercises.where_next.tanh_pull import TANH_PULL
from nnmath.exercises.where_next.unbroadcast import UNBROADCAST
from nnmath.gradcheck import complex_step_gradient
from nnmath.losses import cross_entropy
from nnmath.network import Network, backward, forward

PARTS = (MATMUL_PULL, UNBROADCAST, TANH_PULL, ORDER, COLLECT)


def your_engine(**parts: Callable[..., Any]) -> None:
    """Print what an engine made with these parts gets right.

    The parts are named matmul_pull, unbroadcast, tanh_pull, order and collect, as in the notebook.
    One that is missing or not answered yet is left to the package. Never raises for a mistake.
    """
    made, yours = _copy(), []
    for exercise, (name, put) in zip(PARTS, _PUT.items(), strict=True):
        part = parts.get(name)
        if part is None:
            continue
        if not unanswered(part, run(part, exercise.hidden[0][0], exercise.arguments)):
            put(made, part)
            yours.append(name)
    others = [name for name in _PUT if name not in yours]
    print("your parts:", ", ".join(yours) or "none yet")
    print("the package's parts:", ", ".join(others) or "none")
    for title, judge in (
        ("a network of three layers, against nn.backward", _plain),
        ("a graph whose values are used twice, against nudges", _shared),
    ):
        print(f"{title}: {_said(judge, made)}")


def _said(judge: Callable[[ModuleType], dict[str, tuple[Array, Array]]], made: ModuleType) -> str:
    try:
        pairs = judge(made)
    except Exception as error:  # a learner's part may do anything
        return f"✗ stopped with {type(error).__name__}: {error}"
    wrong = [name for name, (mine, truth) in pairs.items() if not _close(mine, truth)]
    return f"✗ wrong are {', '.join(wrong)}" if wrong else f"✓ all of {', '.join(pairs)}"


def _close(mine: Array, truth: Array) -> bool:
    if np.shape(mine) != np.shape(truth):
        return False
    return bool(np.abs(mine - truth).max() <= 1e-12 * np.abs(truth).max())


def _copy() -> ModuleType:
    """Return the engine once more, so that a change of it changes nothing for anybody else."""
    spec = importlib.util.find_spec(engine.__name__)
    assert spec is not None and spec.loader is not None
    made = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(made)
    return made


def _put_matmul_pull(made: ModuleType, part: Callable[..., Any]) -> None:
    def product(left: Any, right: Any) -> Any:
        a, b = left.value, right.value
        return made.Node(a @ b, (left, right), lambda d: part(a, b, d))

    made.Node.__matmul__ = product


def _put_unbroadcast(made: ModuleType, part: Callable[..., Any]) -> None:
    made.__dict__["unbroadcast"] = part


def _put_tanh_pull(made: ModuleType, part: Callable[..., Any]) -> None:
    def by_part(Z: Any) -> Any:
        A = np.tanh(Z.value)
        return made.Node(A, (Z,), lambda d: (part(A, d),))

    made.__dict__["tanh"] = by_part


def _put_order(made: ModuleType, part: Callable[..., Any]) -> None:
    package = made.__dict__["order"]

    def by_part(last: Any) -> list[Any]:
        nodes = package(last)[::-1]  # numbered from the end, so that the numbers give nothing away
        number = {id(node): k for k, node in enumerate(nodes)}
        parents = {
            k: np.array([number[id(parent)] for parent in node.parents], dtype=int)
            for k, node in enumerate(nodes)
        }
        return [nodes[k] for k in part(parents)]

    made.__dict__["order"] = by_part


def _put_collect(made: ModuleType, part: Callable[..., Any]) -> None:
    def by_part(last: Any) -> None:
        last.grad = np.ones_like(last.value)
        for node in reversed(made.order(last)):
            if node.parents:
                _share_out(node, part)

    made.__dict__["backward"] = by_part


def _share_out(node: Any, part: Callable[..., Any]) -> None:
    """Pass a gradient on by `collect`, which sees each gradient as a row of one table."""
    distinct = list({id(parent): parent for parent in node.parents}.values())
    longest = max(parent.value.size for parent in distinct)

    def rows(arrays: Any) -> Array:
        flat = (np.ravel(array) for array in arrays)
        return np.array([np.append(v, np.zeros(longest - v.size)) for v in flat])

    shares = node.pull(node.grad)
    for parent, share in zip(node.parents, shares, strict=True):
        if np.shape(share) != parent.value.shape:
            raise ValueError(f"a value of shape {parent.value.shape} was given {np.shape(share)}")
    numbers = np.array([[p is q for q in distinct].index(True) for p in node.parents])
    new = part(rows(p.grad for p in distinct), numbers, rows(shares))
    for parent, row in zip(distinct, new, strict=True):
        parent.grad = row[: parent.value.size].reshape(parent.value.shape)


_PUT = {
    "matmul_pull": _put_matmul_pull,
    "unbroadcast": _put_unbroadcast,
    "tanh_pull": _put_tanh_pull,
    "order": _put_order,
    "collect": _put_collect,
}


def _plain(made: ModuleType) -> dict[str, tuple[Array, Array]]:
    """Return each gradient of a 3-5-4-2 network with what `nn.backward` says."""
    rng, sizes = np.random.RandomState(7), (3, 5, 4, 2)
    W = {l: rng.uniform(-1, 1, (sizes[l], sizes[l - 1])) for l in (1, 2, 3)}
    b = {l: rng.uniform(-1, 1, (sizes[l], 1)) for l in (1, 2, 3)}
    X, Y = rng.uniform(-1, 1, (3, 6)), np.eye(2)[:, [0, 1, 1, 0, 1, 0]]
    net = Network(W, b, {1: relu, 2: tanh, 3: softmax})
    grads = backward(net, forward(net, X), Y, cross_entropy)
    nodes_W, nodes_b = ({l: made.Node(v) for l, v in of.items()} for of in (W, b))
    A = made.relu(nodes_W[1] @ made.Node(X) + nodes_b[1])
    A = made.tanh(nodes_W[2] @ A + nodes_b[2])
    made.backward(made.cross_entropy(nodes_W[3] @ A + nodes_b[3], Y))
    return {f"dW[{l}]": (nodes_W[l].grad, grads.dW[l]) for l in W} | {
        f"db[{l}]": (nodes_b[l].grad, grads.db[l]) for l in b
    }


def _shared(made: ModuleType) -> dict[str, tuple[Array, Array]]:
    """Return the gradients of a graph that uses W, b and a value inside twice, and nudged ones."""
    rng = np.random.RandomState(8)
    arrays = [rng.uniform(-1, 1, shape) for shape in ((4, 4), (4, 1), (4, 5))]
    Y = np.eye(4)[:, [0, 1, 2, 3, 1]]
    W, b, X = nodes = [made.Node(array) for array in arrays]
    T = made.tanh(W @ X + b)
    made.backward(made.cross_entropy(W @ (T * T) + T + b, Y))

    def J(values: list[Array]) -> Any:
        W, b, X = values
        T = np.tanh(W @ X + b)
        return cross_entropy.from_logits(W @ T**2 + T + b, Y)

    truths = [
        complex_step_gradient(lambda v, k=k: J([*arrays[:k], v, *arrays[k + 1 :]]), array)
        for k, array in enumerate(arrays)
    ]
    return {
        f"d{name}": (node.grad, truth)
        for name, node, truth in zip("WbX", nodes, truths, strict=True)
    }
