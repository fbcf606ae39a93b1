"""The engine against `nn.backward`, and against complex steps of plain numpy functions."""

import ast
import inspect

import numpy as np
import pytest

import nnmath as nn
from nnmath import engine
from nnmath.engine import Node

CLOSE = {"rtol": 1e-11, "atol": 1e-14}
RNG = np.random.RandomState(7)


def slopes(f, arrays):
    """Return ∂f/∂(each array) by complex step; f is written in plain numpy."""
    found = []
    for k, array in enumerate(arrays):
        found.append(
            nn.complex_step_gradient(lambda v, k=k: f(*arrays[:k], v, *arrays[k + 1 :]), array)
        )
    return found


def check(build, f, *shapes):
    """Compare the engine's gradients of the graph that `build` makes with those of f."""
    arrays = [RNG.uniform(-2, 2, shape) for shape in shapes]
    nodes = [Node(array) for array in arrays]
    last = build(*nodes)
    np.testing.assert_allclose(last.value, f(*arrays), **CLOSE)
    weights = RNG.uniform(-1, 1, last.value.shape)  # any scalar made from the result will do
    scalar = total(last * Node(weights))
    engine.backward(scalar)
    for node, truth in zip(nodes, slopes(lambda *a: np.sum(weights * f(*a)), arrays), strict=True):
        assert node.grad.shape == node.value.shape
        np.testing.assert_allclose(node.grad, truth, **CLOSE)


def total(node):
    """Return the sum of all entries, by two products with ones: (1, p) (p, q) (q, 1)."""
    rows, columns = node.value.shape
    return Node(np.ones((1, rows))) @ node @ Node(np.ones((columns, 1)))


def one_hot(classes, m):
    return np.eye(classes)[:, RNG.randint(classes, size=m)]


def logistic(z):
    return 1 / (1 + np.exp(-z))


def rectified(z):
    return np.where(z.real > 0, z, 0)


@pytest.mark.parametrize("shape", [(3, 4), (3, 1), (1, 4), (1, 1)])
def test_a_sum_pulls_back_to_what_was_stretched(shape):
    check(lambda a, b: a + b, lambda a, b: a + b, (3, 4), shape)
    check(lambda a, b: a + b, lambda a, b: a + b, shape, (3, 4))
    check(lambda a, b: a * b, lambda a, b: a * b, (3, 4), shape)
    check(lambda a, b: a * b, lambda a, b: a * b, shape, (3, 4))


@pytest.mark.parametrize("shape", [(4,), (1,), ()])
def test_an_axis_that_is_not_there_is_summed_too(shape):
    check(lambda a, b: a + b, lambda a, b: a + b, (3, 4), shape)


def test_both_may_be_stretched_at_once():
    check(lambda a, b: a * b, lambda a, b: a * b, (3, 1), (1, 4))


def test_a_product():
    check(lambda a, b: a @ b, lambda a, b: a @ b, (3, 4), (4, 2))
    check(lambda a: a @ a, lambda a: a @ a, (3, 3))


@pytest.mark.parametrize(
    ("g", "f"),
    [(engine.relu, rectified), (engine.tanh, np.tanh), (engine.sigmoid, logistic)],
    ids=["relu", "tanh", "sigmoid"],
)
def test_an_activation(g, f):
    check(g, f, (3, 4))


def test_the_sigmoid_does_not_overflow_and_relu_is_flat_at_zero():
    with np.errstate(all="raise"):
        np.testing.assert_array_equal(engine.sigmoid(Node([-1e4, 0, 1e4])).value, [0, 0.5, 1])
    zero = Node([[0.0]])
    engine.backward(engine.relu(zero))
    assert zero.grad.tolist() == [[0.0]]


def test_cross_entropy():
    Z, Y = RNG.uniform(-3, 3, (4, 5)), one_hot(4, 5)
    node = Node(Z)
    J = engine.cross_entropy(node, Y)
    engine.backward(J)
    assert J.value == pytest.approx(-np.sum(Y * np.log(np.exp(Z) / np.exp(Z).sum(axis=0))) / 5)
    np.testing.assert_allclose(node.grad, nn.cross_entropy.dZ(Z, Y), **CLOSE)
    scaled = Node(Z)
    engine.backward(engine.cross_entropy(scaled, Y) * Node(3.0))
    np.testing.assert_allclose(scaled.grad, 3 * node.grad, **CLOSE)
    huge = engine.cross_entropy(Node([[1000.0], [0.0]]), np.array([[0.0], [1.0]]))
    assert huge.value == 1000


@pytest.mark.parametrize(
    ("sizes", "names"),
    [((3, 4), []), ((3, 5, 4), ["tanh"]), ((2, 5, 3, 4), ["relu", "tanh"]),
     ((3, 4, 4, 2, 5), ["sigmoid", "tanh", "relu"])],
)  # fmt: skip
def test_the_gradients_of_a_network(sizes, names):
    W = {l: RNG.uniform(-1, 1, (sizes[l], sizes[l - 1])) for l in range(1, len(sizes))}
    b = {l: RNG.uniform(-1, 1, (sizes[l], 1)) for l in W}
    g = {l: getattr(nn, name) for l, name in enumerate(names, start=1)} | {len(W): nn.softmax}
    net, X, Y = nn.Network(W, b, g), RNG.uniform(-1, 1, (sizes[0], 6)), one_hot(sizes[-1], 6)
    nodes_W, nodes_b = ({l: Node(v) for l, v in of.items()} for of in (W, b))
    A = x = Node(X)
    for l in W:
        Z = nodes_W[l] @ A + nodes_b[l]
        A = getattr(engine, names[l - 1])(Z) if l < len(W) else Z
    J = engine.cross_entropy(A, Y)
    engine.backward(J)
    grads = nn.backward(net, nn.forward(net, X), Y, nn.cross_entropy)
    assert J.value == pytest.approx(nn.cost(net, X, Y, nn.cross_entropy))
    for l in W:
        np.testing.assert_allclose(nodes_W[l].grad, grads.dW[l], **CLOSE)
        np.testing.assert_allclose(nodes_b[l].grad, grads.db[l], **CLOSE)
    np.testing.assert_allclose(x.grad, nn.input_gradient(net, grads), **CLOSE)


def test_a_value_used_several_times_gets_all_its_shares():
    x = Node(2.0)
    u = x * x
    J = u * (u + x)
    engine.backward(J)
    assert (J.value, u.grad, x.grad) == (24, 10, 44)


def test_weights_that_two_layers_share():
    def f(W, X):
        return np.tanh(W @ np.tanh(W @ X) + X)

    check(lambda W, X: engine.tanh(W @ engine.tanh(W @ X) + X), f, (3, 3), (3, 4))


def test_the_order_has_every_node_once_and_parents_first():
    for seed in range(20):
        rng = np.random.RandomState(seed)
        nodes = [Node(float(k)) for k in range(3)]
        for _ in range(12):
            left, right = (nodes[k] for k in rng.randint(len(nodes), size=2))
            nodes.append(left + right)
        found = engine.order(nodes[-1])
        assert found[-1] is nodes[-1]
        place = {id(node): k for k, node in enumerate(found)}
        assert len(place) == len(found)
        for node in found:
            assert all(place[id(parent)] < place[id(node)] for parent in node.parents)


def test_a_second_pass_adds_to_the_first():
    w = Node(3.0)
    for _ in range(2):
        engine.backward(w * Node(5.0))
    assert w.grad == 10


def test_the_value_given_is_not_changed():
    array = np.arange(6).reshape(2, 3)
    node = Node(array)
    engine.backward(total(node * node))
    assert array.tolist() == [[0, 1, 2], [3, 4, 5]]
    assert node.grad.tolist() == [[0, 2, 4], [6, 8, 10]]


def test_it_has_under_60_lines_and_knows_nothing_but_numpy():
    source = inspect.getsource(engine)
    assert sum(bool(line.strip()) for line in source.splitlines()) < 60
    imported = [
        n for n in ast.walk(ast.parse(source)) if isinstance(n, ast.Import | ast.ImportFrom)
    ]
    names = {getattr(n, "module", None) or n.names[0].name for n in imported}
    assert names == {"__future__", "collections.abc", "numpy", "numpy.typing"}


def test_a_long_chain_needs_no_recursion():
    first = last = Node(1.0)
    for _ in range(5000):
        last = last + Node(0.0)
    engine.backward(last)
    assert (len(engine.order(last)), first.grad) == (10_001, 1.0)


class Counted(Node):
    """A node that counts how often its parents are asked for."""

    asked = 0

    @property
    def parents(self):
        Counted.asked += 1
        return self._parents

    @parents.setter
    def parents(self, parents):
        self._parents = parents


def test_each_node_is_visited_once_however_often_it_is_used(monkeypatch):
    """A ladder of 40 squares has 2^40 paths; the order walks over its 80 arrows."""
    monkeypatch.setattr(Counted, "asked", 0)
    last = Counted(1.0)
    for _ in range(40):
        last = Counted(1.0, (last, last))
    found = engine.order(last)
    assert len(found) == Counted.asked == 41
    places = {node: k for k, node in enumerate(found)}
    assert all(places[p] < places[node] for node in found for p in node.parents)
