"""The exercises of notebook 07: the five parts of a reverse-mode engine, and what they make.

Conventions. dV has the shape of V. A graph is a dict: for the number of each node an array with the
numbers of its parents, the nodes it was made from. `your_engine` puts a learner's parts into a copy
of `nnmath.engine` and judges the gradients of the whole.
"""

from __future__ import annotations

import importlib.util
from collections.abc import Callable, Mapping
from types import ModuleType
from typing import Any

import numpy as np

from nnmath import engine
from nnmath.activations import relu, softmax, tanh
from nnmath.exercises.records import Exercise, Mistake
from nnmath.exercises.running import run, unanswered
from nnmath.gradcheck import complex_step_gradient
from nnmath.losses import cross_entropy
from nnmath.network import Network, backward, forward

Rng = np.random.RandomState
Array = Any
Drawn = tuple[Any, ...]
Graph = Mapping[int, Array]

# Hidden inputs: short numbers, so that they can be typed.


def _draw(rng: Rng, lo: float, hi: float, *shape: int) -> Array:
    return np.round(rng.uniform(lo, hi, size=shape), 2)


def _factors_and_gradient(rng: Rng, n: int, k: int, m: int) -> Drawn:
    return _draw(rng, -2, 2, n, k), _draw(rng, -2, 2, k, m), _draw(rng, -1, 1, n, m)


def _gradient_and_stretched(rng: Rng, n: int, k: int, m: int) -> Drawn:
    shapes = ((n, 1), (1, m), (n, 1), (1, 1), (n, m))
    return _draw(rng, -1, 1, n, m), _draw(rng, -2, 2, *shapes[(n + 2 * k + m) % 5])


def _values_and_gradient(rng: Rng, n: int, _: int, m: int) -> Drawn:
    return _draw(rng, -0.95, 0.95, n, m), _draw(rng, -1, 1, n, m)


def _graph(rng: Rng, n: int, k: int, m: int) -> Drawn:
    """Draw a graph that has one order only: each node needs the one before it, and another one."""
    count = k + m
    first = n % count
    row = [first, *(int(j) for j in rng.permutation(count) if j != first)]
    parents = {first: np.array([], dtype=int)}
    for at in range(1, count):
        pair = [row[at - 1], row[rng.randint(at)]]
        parents[row[at]] = np.array(pair if rng.uniform() < 0.5 else pair[::-1])
    return ({j: parents[j] for j in range(count)},)


def _gradients_and_shares(rng: Rng, n: int, k: int, m: int) -> Drawn:
    parents = rng.randint(n, size=k)
    parents[-1] = parents[0]  # one node is used twice
    return _draw(rng, -2, 2, n, m), parents, _draw(rng, -2, 2, k, m)


# 7.A: back through a product.


def _matmul_pull(A: Array, B: Array, dC: Array) -> tuple[Array, Array]:
    return dC @ B.T, A.T @ dC


MATMUL_PULL = Exercise(
    "7.A",
    "Back through a product",
    _matmul_pull,
    _factors_and_gradient,
    (
        Mistake(
            "no transposes",
            lambda A, B, dC: (dC @ B, A @ dC),
            "The two factors are the right ones, but not turned around. Each sum runs over the "
            "index that the factor and dC share, and that index must stand in the middle.",
        ),
        Mistake(
            "other order",
            lambda A, B, dC: (B.T @ dC, dC @ A.T),
            "The transposes are right and the order is not. A stands on the left of B, so dA has "
            "the rows of dC: there dC comes first.",
        ),
        Mistake(
            "own factor",
            lambda A, B, dC: (dC @ A.T, B.T @ dC),
            "Each gradient is made with its own factor here. The slope of a product for one "
            "factor is the other one.",
        ),
        Mistake(
            "dA transposed",
            lambda A, B, dC: (B @ dC.T, A.T @ dC),
            "dB is right, and dA lies on its side. A gradient has the shape of what it belongs to.",
        ),
        Mistake(
            "dB transposed",
            lambda A, B, dC: (dC @ B.T, dC.T @ A),
            "dA is right, and dB lies on its side. A gradient has the shape of what it belongs to.",
        ),
        Mistake(
            "mean over the columns",
            lambda A, B, dC: (dC @ B.T / dC.shape[1], A.T @ dC / dC.shape[1]),
            "This divides by the number of columns. An operation knows nothing of examples and "
            "means: the 1/m is in dC already, since the cost was the first to be pulled back.",
        ),
        Mistake(
            "dC left out",
            lambda A, B, dC: (np.ones(dC.shape) @ B.T, A.T @ np.ones(dC.shape)),
            "These are the slopes of the sum of all entries of C. What matters is the cost, and "
            "each entry of C moves it by its own entry of dC.",
        ),
        Mistake(
            "sign",
            lambda A, B, dC: (-dC @ B.T, -A.T @ dC),
            "Both have the wrong sign. A pull gives gradients; the minus belongs to the step of "
            "gradient descent.",
        ),
    ),
    why="Every layer of every network is pulled back by these two products.",
    returns=("dA", "dB"),
)

# 7.B: back through a stretched sum.


def _unbroadcast(d: Array, v: Array) -> Array:
    stretched = tuple(k for k in (0, 1) if v.shape[k] < d.shape[k])
    return d.sum(axis=stretched, keepdims=True)


UNBROADCAST = Exercise(
    "7.B",
    "Back through a stretched sum",
    _unbroadcast,
    _gradient_and_stretched,
    (
        Mistake(
            "not summed",
            lambda d, v: d + 0 * v,
            "This has the shape of the result, not of v. Where v was stretched, one entry of v "
            "moves many entries of the result: many paths, one sum.",
        ),
        Mistake(
            "always over the columns",
            lambda d, v: d.sum(axis=1, keepdims=True) + 0 * v[:1, :1],
            "This always sums over axis 1. That is right for a bias, and wrong for a row: look "
            "which axis of v has size 1 while d has more.",
        ),
        Mistake(
            "always over the rows",
            lambda d, v: d.sum(axis=0, keepdims=True) + 0 * v[:1, :1],
            "This always sums over axis 0. That is right for a row, and wrong for a bias: look "
            "which axis of v has size 1 while d has more.",
        ),
        Mistake(
            "over everything",
            lambda d, v: np.full(v.shape, d.sum()),
            "This sums over all entries of d. An axis that was not stretched keeps its entries "
            "apart.",
        ),
        Mistake(
            "mean",
            lambda d, v: d.mean(
                axis=tuple(k for k in (0, 1) if v.shape[k] < d.shape[k]), keepdims=True
            ),
            "This is the mean, and the paths must be added. The 1/m of the cost is in d already.",
        ),
        Mistake(
            "first entries only",
            lambda d, v: d[: v.shape[0], : v.shape[1]],
            "This cuts d to the shape of v. The other entries of d were reached by v as well, and "
            "their paths are lost.",
        ),
        Mistake(
            "no keepdims",
            lambda d, v: (
                d.sum(axis=tuple(k for k in (0, 1) if v.shape[k] < d.shape[k])) + 0 * v.sum()
            ),
            "The numbers are right, but the axis that was summed is gone. v has it, with size 1, "
            "so its gradient needs it too: keepdims=True.",
        ),
        Mistake(
            "times v",
            lambda d, v: (d * v).sum(
                axis=tuple(k for k in (0, 1) if v.shape[k] < d.shape[k]), keepdims=True
            ),
            "Here d was multiplied by v. In a sum each term has the slope 1, whatever its value.",
        ),
    ),
    why="For a bias this is the sum over the examples of notebook 01, found by shape alone.",
)

# 7.C: back through tanh.


def _tanh_pull(A: Array, dA: Array) -> Array:
    return dA * (1 - A**2)


TANH_PULL = Exercise(
    "7.C",
    "Back through tanh",
    _tanh_pull,
    _values_and_gradient,
    (
        Mistake(
            "slope alone",
            lambda A, dA: 1 - A**2 + 0 * dA,
            "This is the slope of tanh. It is one factor of the path; the other is how much the "
            "cost feels A.",
        ),
        Mistake(
            "tanh applied again",
            lambda A, dA: dA * (1 - np.tanh(A) ** 2),
            "The slope is taken at A here. A has been through tanh already, and 1 − A² uses it as "
            "it is.",
        ),
        Mistake(
            "slope of the sigmoid",
            lambda A, dA: dA * A * (1 - A),
            "A(1 − A) is the slope of the sigmoid. The one of tanh is 1 at the middle, where A is "
            "0.",
        ),
        Mistake(
            "no square",
            lambda A, dA: dA * (1 - A),
            "The square is missing: this slope would be 2 at A = −1, where tanh is flat.",
        ),
        Mistake(
            "no brackets",
            lambda A, dA: dA * 1 - A**2,
            "Python multiplies before it subtracts. Put 1 - A**2 in brackets.",
        ),
        Mistake(
            "square alone",
            lambda A, dA: dA * A**2,
            "A² is what is missing from 1. The slope is largest where A is 0, and this one is 0 "
            "there.",
        ),
        Mistake(
            "plus",
            lambda A, dA: dA * (1 + A**2),
            "The sign before the square is wrong: 1 + A² is at least 1, and tanh must flatten on "
            "both sides.",
        ),
        Mistake(
            "divided",
            lambda A, dA: dA / (1 - A**2),
            "The slope divides here. Along a path slopes multiply.",
        ),
        Mistake(
            "exchanged",
            lambda A, dA: A * (1 - dA**2),
            "A and dA have changed places. The square belongs to the value that tanh gave.",
        ),
    ),
    why="The node keeps A from its way forward, so no tanh is computed on the way back.",
)

# 7.D: an order in which nothing is passed on too early.


def _order(parents: Graph) -> Array:
    done: list[int] = []
    while len(done) < len(parents):
        for k in parents:
            if k not in done and all(j in done for j in parents[k]):
                done.append(k)
    return np.array(done)


def _order_by(parents: Graph, ready: Callable[[list[int], Array], bool]) -> Array:
    """Return the order of a learner whose test for a node that is ready is a weaker one."""
    done: list[int] = []
    while len(done) < len(parents):
        for k in parents:
            if k not in done and (len(parents[k]) == 0 or ready(done, parents[k])):
                done.append(k)
    return np.array(done)


def _one_round(parents: Graph) -> Array:
    done: list[int] = []
    for k in parents:
        if all(j in done for j in parents[k]):
            done.append(k)
    return np.array(done)


def _with_repeats(parents: Graph) -> Array:
    found: list[int] = []

    def visit(k: int) -> None:
        for j in parents[k]:
            visit(j)
        found.append(k)

    visit(int(_order(parents)[-1]))
    return np.array(found)


def _from_the_end(parents: Graph) -> Array:
    found = [int(_order(parents)[-1])]
    for k in found:
        found += [int(j) for j in dict.fromkeys(parents[k]) if j not in found]
    return np.array(found[::-1])


ORDER = Exercise(
    "7.D",
    "Parents first",
    _order,
    _graph,
    (
        Mistake(
            "reversed",
            lambda parents: _order(parents)[::-1],
            "This is the right order from its end. Parents come first here; the way back will "
            "read your list in reverse.",
        ),
        Mistake(
            "by number",
            lambda parents: np.array(sorted(parents)),
            "These are the nodes by number. The numbers are only names: look at who was made from "
            "whom.",
        ),
        Mistake(
            "by the number of parents",
            lambda parents: np.array(sorted(parents, key=lambda k: len(parents[k]))),
            "The nodes are sorted by the number of their parents. A count does not tell who comes "
            "first: ask whether each parent stands in the list already.",
        ),
        Mistake(
            "one round",
            _one_round,
            "You go through the nodes once. A node whose parents come later in the dict is passed "
            "over, and never listed: repeat until all nodes are in the list.",
        ),
        Mistake(
            "any parent will do",
            lambda parents: _order_by(parents, lambda done, own: any(j in done for j in own)),
            "A node is listed as soon as one of its parents is there. It needs all of them: any "
            "must be all.",
        ),
        Mistake(
            "first parent only",
            lambda parents: _order_by(parents, lambda done, own: own[0] in done),
            "Only the first parent of each node is asked for. The second one may come later, and "
            "then the node stands too early.",
        ),
        Mistake(
            "second parent only",
            lambda parents: _order_by(parents, lambda done, own: own[-1] in done),
            "Only the last parent of each node is asked for. The other one may come later, and "
            "then the node stands too early.",
        ),
        Mistake(
            "repeats",
            _with_repeats,
            "A node is listed once for each use. It has one value and one gradient: skip a node "
            "that is listed already.",
        ),
        Mistake(
            "level by level from the end",
            _from_the_end,
            "This walks from the end, level by level, and turns the list around. A node that is "
            "needed near the end and far from it too is then met too early on the way.",
        ),
        Mistake(
            "inputs left out",
            lambda parents: np.array([k for k in _order(parents) if len(parents[k])]),
            "The nodes without parents are missing. They are the inputs and the weights, for "
            "whose gradients it is all done.",
        ),
    ),
    why="Read from its end, it lets no node pass its gradient on before it is complete.",
)

# 7.E: adding the shares.


def _collect(grad: Array, parents: Array, shares: Array) -> Array:
    new = grad.copy()
    for j, share in zip(parents, shares, strict=True):
        new[j] += share
    return new


def _overwritten(grad: Array, parents: Array, shares: Array) -> Array:
    new = grad.copy()
    for j, share in zip(parents, shares, strict=True):
        new[j] = share
    return new


def _by_index(grad: Array, parents: Array, shares: Array) -> Array:
    new = grad.copy()
    new[parents] += shares
    return new


def _in_the_first_rows(grad: Array, parents: Array, shares: Array) -> Array:
    new = grad.copy()
    for k in range(len(parents)):
        new[k] += shares[k]
    return new


def _multiplied(grad: Array, parents: Array, shares: Array) -> Array:
    new = grad.copy()
    for j, share in zip(parents, shares, strict=True):
        new[j] *= share
    return new


def _first_share_twice(grad: Array, parents: Array, shares: Array) -> Array:
    return _collect(grad, parents, np.repeat(shares[:1], len(parents), axis=0))


COLLECT = Exercise(
    "7.E",
    "Add the shares",
    _collect,
    _gradients_and_shares,
    (
        Mistake(
            "overwritten",
            _overwritten,
            "A share overwrites what was there. A node that is used twice is reached by two "
            "paths, and paths are added: += in place of =.",
        ),
        Mistake(
            "start lost",
            lambda grad, parents, shares: _collect(0 * grad, parents, shares),
            "The shares are added up, but what was in grad before is lost. It came from nodes "
            "further on, and their paths count too.",
        ),
        Mistake(
            "one share per parent",
            _by_index,
            "Where a number stands twice in parents, only its last share has arrived, as with "
            "new[parents] += shares. Go through the shares one by one, and add each to what is "
            "in the new table by then.",
        ),
        Mistake(
            "row by row",
            _in_the_first_rows,
            "Share k went to row k. It belongs to the node whose number is parents[k].",
        ),
        Mistake(
            "mean",
            lambda grad, parents, shares: _collect(grad, parents, shares / len(parents)),
            "The shares are divided by their number. Over the paths changes add, in full.",
        ),
        Mistake(
            "multiplied",
            _multiplied,
            "The shares are multiplied into grad. Slopes multiply along a path; here paths meet, "
            "and there they add.",
        ),
        Mistake(
            "always the first share",
            _first_share_twice,
            "Each parent is given the first share. Take parents and shares in step, the k-th of "
            "both.",
        ),
        Mistake(
            "subtracted",
            lambda grad, parents, shares: _collect(grad, parents, -shares),
            "The shares are subtracted. The minus belongs to the step of gradient descent, not to "
            "the gradient.",
        ),
    ),
    why="This += is the sum over paths of notebook 00, one share at a time.",
)

EXERCISES = (MATMUL_PULL, UNBROADCAST, TANH_PULL, ORDER, COLLECT)


# The whole: a copy of the engine with the learner's parts in it.


def your_engine(**parts: Callable[..., Any]) -> None:
    """Print what an engine made with these parts gets right.

    The parts are named matmul_pull, unbroadcast, tanh_pull, order and collect, as in the notebook.
    One that is missing or not answered yet is left to the package. Never raises for a mistake.
    """
    made, yours = _copy(), []
    for exercise, (name, put) in zip(EXERCISES, _PUT.items(), strict=True):
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
