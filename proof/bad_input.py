"""Bad and edge input: the right answer, or a message that names the argument and the fix.

Each row of CASES is a call, and the same call of textbook numpy: the formulas as most courses print
them, without a check. A right answer is written here, worked out by hand. The messages stand in
messages.txt, where they can be read as a text; a test compares them with what is really said.

    python -m proof.bad_input      # write messages.txt again, when a message has become better
"""

import pathlib
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

import nnmath as nn
from proof._record import Goal, Section, Table, at_least, none_of

NAN, INF = float("nan"), float("inf")


class textbook:
    """The formulas as most courses print them."""

    @staticmethod
    def sigmoid(Z):
        return 1 / (1 + np.exp(-Z))

    @staticmethod
    def sigmoid_prime(Z):
        return textbook.sigmoid(Z) * (1 - textbook.sigmoid(Z))

    @staticmethod
    def relu(Z):
        return np.maximum(0, Z)

    @staticmethod
    def softmax(Z):
        return np.exp(Z) / np.sum(np.exp(Z), axis=0)

    @staticmethod
    def bce(A, Y):
        return -np.mean(Y * np.log(A) + (1 - Y) * np.log(1 - A))

    @staticmethod
    def bce_dA(A, Y):
        return -Y / A + (1 - Y) / (1 - A)

    @staticmethod
    def cross_entropy(A, Y):
        return -np.sum(Y * np.log(A)) / np.shape(A)[-1]

    @staticmethod
    def squared_error(A, Y):
        return np.sum((A - Y) ** 2) / (2 * np.shape(A)[-1])

    @staticmethod
    def output(W, b, X):
        A = X
        for l in range(1, len(W) + 1):
            A = textbook.sigmoid(W[l] @ A + b[l])
        return A

    @staticmethod
    def dW(A, Y, X):
        return (A - Y) @ X.T / np.shape(X)[-1]

    @staticmethod
    def step(W, dW, lr):
        return W - lr * dW


@dataclass(frozen=True)
class Case:
    """One input: what it is, our call, textbook numpy's, and the right answer.

    Without `right` the call must be refused.
    """

    what: str
    ours: Callable[[], Any]
    theirs: Callable[[], Any] | None = None  # textbook numpy has no such argument
    right: Any = None


# --- What the calls need --------------------------------------------------------------------------

one = np.array([[0.2, 0.7, 0.9]])  # one output unit, three examples
yes = np.array([[0.0, 1.0, 1.0]])
LOGITS = np.array([[1.0, -2.0], [0.5, 0.0], [0.0, 3.0]])  # three classes, two examples
ONE_HOT = np.array([[1.0, 0.0], [0.0, 0.0], [0.0, 1.0]])
U8 = np.array([0, 200, 255], dtype=np.uint8)
W = {1: np.array([[1.0, -1.0], [0.5, 2.0], [-1.0, 1.0]]), 2: np.array([[1.0, -1.0, 0.5]])}
b = {1: np.array([[0.1], [-0.2], [0.3]]), 2: np.array([[0.5]])}
X = np.array([[0.5, -1.0, 2.0, 0.0], [1.0, 0.25, -0.5, 1.5]])
Y = np.array([[1.0, 0.0, 1.0, 0.0]])
G = {1: nn.tanh, 2: nn.sigmoid}
NET = nn.Network(W, b, G)
CLASSIFIER = nn.Network({1: W[1]}, {1: b[1]}, {1: nn.softmax})
LINEAR = nn.Network({1: np.array([[1.0, 2.0]])}, {1: np.array([[0.0]])}, {1: nn.identity})
CACHE = nn.forward(NET, X)
GRADS = nn.backward(NET, CACHE, Y, nn.bce)
HIDDEN = nn.forward(CLASSIFIER, X)
P = HIDDEN.A[1]
CLASSES = np.array([0, 2, 1, 2])


def spoilt(array, value, where=(0, 1)):
    """Return a copy with one entry changed."""
    copy = np.array(array)
    copy[where] = value
    return copy


def masked(array):
    """Return the array with its first entry masked."""
    return np.ma.masked_array(array, mask=np.arange(array.size).reshape(array.shape) == 0)


def read_only(array):
    """Return a copy that cannot be written to."""
    copy = np.array(array)
    copy.flags.writeable = False
    return copy


def textbook_cost(X, Y, loss=textbook.bce):
    return loss(textbook.output(W, b, X), Y)


def textbook_train(lr, steps):
    w = LINEAR.W[1]
    for _ in range(steps):
        w = textbook.step(w, textbook.dW(w @ X, Y, X), lr)
    return w


def train(net=NET, X=X, Y=Y, loss=nn.bce, **options):
    return nn.train(net, X, Y, loss, **{"lr": 0.1, "steps": 2, **options})


NUMBERS = [
    Case(
        "σ of unsigned integers, as in a picture",
        lambda: nn.sigmoid(U8),
        lambda: textbook.sigmoid(U8),
        [0.5, 1, 1],
    ),
    Case(
        "σ′ of unsigned integers",
        lambda: nn.sigmoid.prime(np.uint8([1])),
        lambda: textbook.sigmoid_prime(np.uint8([1])),
        [0.19661193324148185],
    ),
    Case(
        "relu of int8",
        lambda: nn.relu(np.int8([-3, 4])),
        lambda: textbook.relu(np.int8([-3, 4])),
        [0, 4],
    ),
    Case(
        "squared error of uint8: 0 against 1",
        lambda: nn.squared_error(np.uint8([[0]]), np.uint8([[1]])),
        lambda: textbook.squared_error(np.uint8([[0]]), np.uint8([[1]])),
        0.5,
    ),
    Case(
        "squared error of uint8: 20 against 4",
        lambda: nn.squared_error(np.uint8([[20]]), np.uint8([[4]])),
        lambda: textbook.squared_error(np.uint8([[20]]), np.uint8([[4]])),
        128.0,
    ),
    Case(
        "squared error of booleans",
        lambda: nn.squared_error(np.array([[True, False]]), np.array([[False, False]])),
        lambda: textbook.squared_error(np.array([[True, False]]), np.array([[False, False]])),
        0.25,
    ),
    Case(
        "labels as booleans",
        lambda: nn.bce([[0.5, 0.5]], np.array([[True, False]])),
        lambda: textbook.bce(np.array([[0.5, 0.5]]), np.array([[True, False]])),
        0.6931471805599453,
    ),
    Case(
        "float16: σ(−12)",
        lambda: nn.sigmoid(np.float16(-12)),
        lambda: textbook.sigmoid(np.float16(-12)),
        6.144174602214718e-06,
    ),
    Case(
        "float32: softmax of 100 and 0",
        lambda: nn.softmax(np.float32([100, 0])),
        lambda: textbook.softmax(np.float32([100, 0])),
        [1, 3.720075976020836e-44],
    ),
    Case(
        "a list of lists",
        lambda: nn.relu([[-1, 2], [3, -4]]),
        lambda: textbook.relu([[-1, 2], [3, -4]]),
        [[0, 2], [3, 0]],
    ),
    Case("a plain number", lambda: nn.sigmoid(0), lambda: textbook.sigmoid(0), 0.5),
    Case("a 0-d array", lambda: nn.tanh(np.array(0.0)), lambda: np.tanh(np.array(0.0)), 0.0),
    Case(
        "Fortran order",
        lambda: nn.softmax(np.asfortranarray(np.zeros((2, 3)))),
        lambda: textbook.softmax(np.asfortranarray(np.zeros((2, 3)))),
        np.full((2, 3), 0.5),
    ),
    Case(
        "every other column of a wider array",
        lambda: nn.relu(np.arange(-3.0, 3.0).reshape(1, 6)[:, ::2]),
        lambda: textbook.relu(np.arange(-3.0, 3.0).reshape(1, 6)[:, ::2]),
        [[0, 0, 1]],
    ),
    Case(
        "a read-only array",
        lambda: nn.relu(read_only([-1.0, 1.0])),
        lambda: textbook.relu(read_only([-1.0, 1.0])),
        [0, 1],
    ),
    Case(
        "a masked array without a masked entry",
        lambda: nn.relu(np.ma.masked_array([-1.0, 1.0])),
        lambda: textbook.relu(np.ma.masked_array([-1.0, 1.0])),
        [0, 1],
    ),
    Case(
        "a masked array", lambda: nn.bce(masked(one), yes), lambda: textbook.bce(masked(one), yes)
    ),
    Case(
        "masked targets",
        lambda: nn.bce.dZ(one, masked(yes)),
        lambda: textbook.sigmoid(one) - masked(yes),
    ),
    Case(
        "NaN",
        lambda: nn.sigmoid(np.array([[0.0, NAN]])),
        lambda: textbook.sigmoid(np.array([[0.0, NAN]])),
    ),
    Case(
        "NaN in relu, whose slope at it would be 0",
        lambda: nn.relu.prime([NAN]),
        lambda: (np.array([NAN]) > 0) * 1.0,
    ),
    Case(
        "NaN among the targets",
        lambda: nn.cross_entropy(P, spoilt(np.eye(3)[:, CLASSES], NAN)),
        lambda: textbook.cross_entropy(P, spoilt(np.eye(3)[:, CLASSES], NAN)),
    ),
    Case(
        "an infinite target",
        lambda: nn.squared_error([[1.0]], [[INF]]),
        lambda: textbook.squared_error(np.array([[1.0]]), np.array([[INF]])),
    ),
    Case(
        "an array of objects, with None for a gap",
        lambda: nn.relu(np.array([1.0, None])),
        lambda: textbook.relu(np.array([1.0, None])),
    ),
    Case(
        "whole numbers beyond 64 bits",
        lambda: nn.sigmoid([2**70, 0]),
        lambda: textbook.sigmoid(np.array([2**70, 0])),
    ),
    Case("one whole number beyond 64 bits", lambda: nn.tanh(2**70), lambda: np.tanh(2**70)),
    Case(
        "numbers written as text",
        lambda: nn.sigmoid(np.array(["0.5", "1.5"])),
        lambda: textbook.sigmoid(np.array(["0.5", "1.5"])),
    ),
    Case("None", lambda: nn.sigmoid(None), lambda: textbook.sigmoid(None)),
    Case(
        "dates",
        lambda: nn.relu(np.array(["2026-01-01"], dtype="datetime64[D]")),
        lambda: textbook.relu(np.array(["2026-01-01"], dtype="datetime64[D]")),
    ),
    Case(
        "rows of different lengths",
        lambda: nn.relu([[1, 2], [3]]),
        lambda: textbook.relu([[1, 2], [3]]),
    ),
    Case("complex targets", lambda: nn.bce(one, yes + 0j), lambda: textbook.bce(one, yes + 0j)),
]
RANGES = [
    Case(
        "σ(−1000)", lambda: nn.sigmoid(-1000.0), lambda: textbook.sigmoid(np.float64(-1000.0)), 0.0
    ),
    Case(
        "σ′(40)",
        lambda: nn.sigmoid.prime(40.0),
        lambda: textbook.sigmoid_prime(np.float64(40.0)),
        4.248354255291589e-18,
    ),
    Case(
        "softmax of 1000 and 1000",
        lambda: nn.softmax([1000.0, 1000.0]),
        lambda: textbook.softmax(np.array([1000.0, 1000.0])),
        [0.5, 0.5],
    ),
    Case(
        "softmax of −1000 and −1000",
        lambda: nn.softmax([-1000.0, -1000.0]),
        lambda: textbook.softmax(np.array([-1000.0, -1000.0])),
        [0.5, 0.5],
    ),
    Case(
        "bce: certain and right",
        lambda: nn.bce([[1.0, 0.0]], [[1, 0]]),
        lambda: textbook.bce(np.array([[1.0, 0.0]]), np.array([[1, 0]])),
        0.0,
    ),
    Case(
        "bce: certain and wrong",
        lambda: nn.bce([[0.0]], [[1]]),
        lambda: textbook.bce(np.array([[0.0]]), np.array([[1]])),
        INF,
    ),
    Case(
        "bce on the logit 800, target 0",
        lambda: nn.bce.from_logits(800.0, 0),
        lambda: textbook.bce(textbook.sigmoid(np.float64(800.0)), 0),
        800.0,
    ),
    Case(
        "cross-entropy: certain and right",
        lambda: nn.cross_entropy([[1.0], [0.0]], [[1], [0]]),
        lambda: textbook.cross_entropy(np.array([[1.0], [0.0]]), np.array([[1], [0]])),
        0.0,
    ),
    Case(
        "cross-entropy on the logits 0 and 800",
        lambda: nn.cross_entropy.from_logits([[0.0], [800.0]], [[1], [0]]),
        lambda: textbook.cross_entropy(
            textbook.softmax(np.array([[0.0], [800.0]])), np.array([[1], [0]])
        ),
        800.0,
    ),
    Case(
        "∂J/∂A at a certain, right prediction",
        lambda: nn.bce.dA([[1.0]], [[1]]),
        lambda: textbook.bce_dA(np.array([[1.0]]), np.array([[1]])),
        [[-1]],
    ),
    Case(
        "the largest floats squared",
        lambda: nn.squared_error(1e200, 0.0),
        lambda: textbook.squared_error(np.array([[1e200]]), 0.0),
        INF,
    ),
    Case(
        "two logits +inf in one column",
        lambda: nn.softmax([INF, INF, 0.0]),
        lambda: textbook.softmax(np.array([INF, INF, 0.0])),
    ),
    Case(
        "only −inf in a column",
        lambda: nn.softmax([-INF, -INF]),
        lambda: textbook.softmax(np.array([-INF, -INF])),
    ),
    Case(
        "logits passed as probabilities",
        lambda: nn.bce([[2.5, -1.0]], [[1, 0]]),
        lambda: textbook.bce(np.array([[2.5, -1.0]]), np.array([[1, 0]])),
    ),
    Case(
        "logits passed as probabilities, inside the domain of log",
        lambda: nn.cross_entropy(np.exp(LOGITS), ONE_HOT),
        lambda: textbook.cross_entropy(np.exp(LOGITS), ONE_HOT),
    ),
    Case(
        "percent for probabilities",
        lambda: nn.bce([[99.0]], [[1]]),
        lambda: textbook.bce(np.array([[99.0]]), np.array([[1]])),
    ),
]
LABELS = [
    Case(
        "labels −1 and 1",
        lambda: nn.bce(one, [[-1, 1, 1]]),
        lambda: textbook.bce(one, np.array([[-1, 1, 1]])),
    ),
    Case(
        "labels 1 and 2",
        lambda: nn.bce.from_logits(one, [[1, 2, 2]]),
        lambda: textbook.bce(one, np.array([[1, 2, 2]])),
    ),
    Case(
        "labels of a picture, 0 and 255",
        lambda: nn.bce.dZ(one, np.uint8([[0, 255, 255]])),
        lambda: textbook.sigmoid(one) - np.uint8([[0, 255, 255]]),
    ),
    Case(
        "labels in percent",
        lambda: nn.bce(one, [[2.5, 50.0, 97.5]]),
        lambda: textbook.bce(one, np.array([[2.5, 50.0, 97.5]])),
    ),
    Case(
        "negative weights for classes",
        lambda: nn.cross_entropy(P, -np.eye(3)[:, CLASSES]),
        lambda: textbook.cross_entropy(P, -np.eye(3)[:, CLASSES]),
    ),
    Case(
        "class numbers as a vector",
        lambda: nn.cross_entropy(P, CLASSES),
        lambda: textbook.cross_entropy(P, CLASSES),
    ),
    Case(
        "class numbers as a row",
        lambda: nn.cross_entropy.dZ(HIDDEN.Z[1], CLASSES[None]),
        lambda: P - CLASSES[None],
    ),
    Case(
        "class numbers counted from 1",
        lambda: nn.cross_entropy(P, CLASSES + 1),
        lambda: textbook.cross_entropy(P, CLASSES + 1),
    ),
    Case(
        "class numbers for a network",
        lambda: nn.cost(CLASSIFIER, X, CLASSES, nn.cross_entropy),
        lambda: textbook.cross_entropy(P, CLASSES),
    ),
    Case(
        "one-hot rows for one-hot columns",
        lambda: nn.cross_entropy(P, np.eye(3)[CLASSES]),
        lambda: textbook.cross_entropy(P, np.eye(3)[CLASSES]),
    ),
    Case(
        "targets and predictions swapped",
        lambda: nn.bce(yes, [[2.0, -1.0, 3.0]]),
        lambda: textbook.bce(yes, np.array([[2.0, -1.0, 3.0]])),
    ),
]
SHAPES = [
    Case(
        "(m, 1) against (1, m)",
        lambda: nn.squared_error(yes, one.T),
        lambda: textbook.squared_error(yes, one.T),
    ),
    Case("(m,) against (1, m)", lambda: nn.bce(one, yes[0]), lambda: textbook.bce(one, yes[0])),
    Case(
        "(1, m) against (m,)", lambda: nn.bce.dA(one[0], yes), lambda: textbook.bce_dA(one[0], yes)
    ),
    Case("(n, 1) − (n,)", lambda: nn.squared_error.dA(one.T, yes[0]), lambda: one.T - yes[0]),
    Case(
        "(m,) against (m,)",
        lambda: nn.squared_error(one[0], yes[0]),
        lambda: textbook.squared_error(one[0], yes[0]),
    ),
    Case(
        "one target for all examples",
        lambda: nn.bce(one, [[1.0]]),
        lambda: textbook.bce(one, np.array([[1.0]])),
    ),
    Case(
        "a number against an array",
        lambda: nn.squared_error(one, 1.0),
        lambda: textbook.squared_error(one, 1.0),
    ),
    Case(
        "no examples",
        lambda: nn.bce(np.empty((1, 0)), np.empty((1, 0))),
        lambda: textbook.bce(np.empty((1, 0)), np.empty((1, 0))),
    ),
    Case(
        "no units",
        lambda: nn.squared_error(np.empty((0, 3)), np.empty((0, 3))),
        lambda: textbook.squared_error(np.empty((0, 3)), np.empty((0, 3))),
    ),
    Case(
        "softmax of an empty column", lambda: nn.softmax([]), lambda: textbook.softmax(np.array([]))
    ),
    Case("softmax of a number", lambda: nn.softmax(3.0), lambda: textbook.softmax(3.0)),
    Case(
        "softmax of three axes",
        lambda: nn.softmax(np.zeros((2, 3, 4))),
        lambda: textbook.softmax(np.zeros((2, 3, 4))),
    ),
    Case(
        "the slope of softmax",
        lambda: nn.softmax.prime(LOGITS),
        lambda: textbook.softmax(LOGITS) * (1 - textbook.softmax(LOGITS)),
    ),
    Case("the Jacobian of two columns at once", lambda: nn.softmax.jacobian(LOGITS)),
    Case(
        "a pullback with dA of another shape",
        lambda: nn.sigmoid.vjp(LOGITS, np.ones(2)),
        lambda: np.ones(2) * textbook.sigmoid_prime(LOGITS),
    ),
    Case(
        "dA is infinite where σ is flat",
        lambda: nn.sigmoid.vjp(800.0, INF),
        lambda: INF * textbook.sigmoid_prime(np.float64(800.0)),
    ),
    Case(
        "X with examples as rows", lambda: nn.forward(NET, X.T), lambda: textbook.output(W, b, X.T)
    ),
    Case("X as a vector", lambda: nn.forward(NET, X[:, 0]), lambda: textbook.output(W, b, X[:, 0])),
    Case(
        "X with an infinite entry",
        lambda: nn.forward(NET, spoilt(X, INF)),
        lambda: textbook.output(W, b, spoilt(X, INF)),
    ),
    Case(
        "X without examples",
        lambda: nn.forward(NET, np.empty((2, 0))),
        lambda: textbook.output(W, b, np.empty((2, 0))),
    ),
    Case(
        "Y as a vector, for a network with one output",
        lambda: nn.cost(NET, X, Y[0], nn.bce),
        lambda: textbook_cost(X, Y[0]),
    ),
    Case(
        "Y as a column, for the gradient",
        lambda: nn.backward(NET, CACHE, Y.T, nn.bce),
        lambda: textbook.dW(textbook.output(W, b, X), Y.T, X),
    ),
    Case(
        "Y for fewer examples",
        lambda: nn.backward(NET, CACHE, Y[:, :1], nn.bce),
        lambda: textbook.dW(textbook.output(W, b, X), Y[:, :1], X),
    ),
]
NETWORKS = [
    Case(
        "b as a vector",
        lambda: nn.Network(W, {**b, 1: np.ones(3)}, G),
        lambda: textbook.output(W, {**b, 1: np.ones(3)}, X[:, :3]),
    ),
    Case(
        "b as a row",
        lambda: nn.Network(W, {**b, 1: np.ones((1, 3))}, G),
        lambda: textbook.output(W, {**b, 1: np.ones((1, 3))}, X[:, :3]),
    ),
    Case(
        "b as one number",
        lambda: nn.Network(W, {**b, 1: 0.5}, G),
        lambda: textbook.output(W, {**b, 1: 0.5}, X),
    ),
    Case(
        "layers counted from 0",
        lambda: nn.Network({0: W[1], 1: W[2]}, {0: b[1], 1: b[2]}, {0: nn.tanh, 1: nn.sigmoid}),
        lambda: textbook.output({0: W[1], 1: W[2]}, {0: b[1], 1: b[2]}, X),
    ),
    Case(
        "lists for dicts",
        lambda: nn.Network([W[1], W[2]], [b[1], b[2]], [nn.tanh, nn.sigmoid]),
        lambda: textbook.output([W[1], W[2]], [b[1], b[2]], X),
    ),
    Case(
        "W transposed",
        lambda: nn.Network({**W, 2: W[2].T}, b, G),
        lambda: textbook.output({**W, 2: W[2].T}, b, X),
    ),
    Case(
        "an infinite weight",
        lambda: nn.Network({**W, 1: spoilt(W[1], INF)}, b, G),
        lambda: textbook.output({**W, 1: spoilt(W[1], INF)}, b, X),
    ),
    Case("an activation by its name", lambda: nn.Network(W, b, {1: "tanh", 2: nn.sigmoid})),
    Case(
        "numpy's own tanh as an activation", lambda: nn.Network(W, b, {1: np.tanh, 2: nn.sigmoid})
    ),
    Case(
        "a width of zero",
        lambda: nn.init([2, 0, 1], [nn.tanh, nn.sigmoid], np.random.default_rng(0)),
    ),
    Case("a seed for a random source", lambda: nn.init([2, 1], [nn.sigmoid], 42)),
    Case("a cache of another network", lambda: nn.backward(NET, HIDDEN, Y, nn.bce)),
    Case("an array for a cache", lambda: nn.backward(NET, X, Y, nn.bce)),
    Case("a loss by its name", lambda: nn.cost(NET, X, Y, "bce")),
    Case("an activation for a loss", lambda: nn.cost(NET, X, Y, nn.sigmoid)),
    Case(
        "bce behind an output that is no probability",
        lambda: nn.cost(LINEAR, X, Y, nn.bce),
        lambda: textbook.bce(LINEAR.W[1] @ X, Y),
    ),
]
STEPS = [
    Case(
        "lr = NaN", lambda: nn.step(NET, GRADS, NAN), lambda: textbook.step(W[1], GRADS.dW[1], NAN)
    ),
    Case(
        "lr negative: uphill",
        lambda: nn.step(NET, GRADS, -0.1),
        lambda: textbook.step(W[1], GRADS.dW[1], -0.1),
    ),
    Case(
        "lr as text",
        lambda: nn.step(NET, GRADS, "0.1"),
        lambda: textbook.step(W[1], GRADS.dW[1], "0.1"),
    ),
    Case(
        "one lr for each layer",
        lambda: nn.step(NET, GRADS, [0.1, 0.2]),
        lambda: textbook.step(W[1], GRADS.dW[1], np.array([0.1, 0.2])),
    ),
    Case(
        "a dict for gradients",
        lambda: nn.step(NET, {1: W[1]}, 0.1),
        lambda: textbook.step(W[1], {1: W[1]}, 0.1),
    ),
    Case(
        "a gradient that would broadcast",
        lambda: nn.step(
            NET, nn.Gradients({**GRADS.dW, 1: GRADS.dW[1][:, :1]}, GRADS.db, {}, {}), 0.1
        ),
        lambda: textbook.step(W[1], GRADS.dW[1][:, :1], 0.1),
    ),
    Case(
        "a gradient is missing",
        lambda: nn.step(NET, nn.Gradients({1: GRADS.dW[1]}, GRADS.db, {}, {}), 0.1),
        lambda: textbook.step(W[2], None, 0.1),
    ),
    Case(
        "an infinite gradient",
        lambda: nn.step(
            NET, nn.Gradients({**GRADS.dW, 1: GRADS.dW[1] * INF}, GRADS.db, {}, {}), 0.1
        ),
        lambda: textbook.step(W[1], GRADS.dW[1] * INF, 0.1),
    ),
    Case(
        "training that diverges",
        lambda: train(LINEAR, loss=nn.squared_error, lr=50.0, steps=400),
        lambda: textbook_train(50.0, 400),
    ),
    Case(
        "a batch of more examples than there are",
        lambda: train(batch=9, rng=np.random.default_rng(0)),
    ),
    Case("a batch without a random source", lambda: train(batch=2)),
    Case("half a step", lambda: train(steps=2.5), lambda: textbook_train(0.1, 2.5)),
    Case(
        "X and Y of different lengths",
        lambda: train(Y=Y[:, :3]),
        lambda: textbook.dW(textbook.output(W, b, X), Y[:, :3], X),
    ),
    Case(
        "class numbers for training",
        lambda: train(CLASSIFIER, Y=CLASSES, loss=nn.cross_entropy),
        lambda: textbook.dW(P, CLASSES, X),
    ),
    Case(
        "a gradient check by an unknown method",
        lambda: nn.check_gradients(NET, X, Y, nn.bce, method="forward"),
    ),
    Case(
        "a gradient check of nothing",
        lambda: nn.check_gradients(NET, X, Y, nn.bce, grads={1: W[1]}),
    ),
    Case(
        "a complex step through abs",
        lambda: nn.complex_step_gradient(lambda v: np.sum(np.abs(v)), [1.0, -2.0]),
        lambda: np.imag(np.sum(np.abs(np.array([1.0, -2.0]) + 1e-20j))) / 1e-20,
    ),
    Case(
        "a central difference with h = 0",
        lambda: nn.numerical_gradient(np.sum, [1.0], h=0.0),
        lambda: (np.sum([1.0]) - np.sum([1.0])) / np.float64(0.0),
    ),
    Case(
        "the slope of a function with many values",
        lambda: nn.numerical_gradient(lambda v: v**2, [1.0, 2.0]),
    ),
]
CASES = [*NUMBERS, *RANGES, *LABELS, *SHAPES, *NETWORKS, *STEPS]


def short(value: Any) -> str:
    """Write a right answer in one line."""
    array = np.asarray(value, dtype=float)
    if array.size > 6:
        return f"{array.flat[0]:g} in all {array.size} entries"
    return f"{array[()]:.7g}" if array.ndim == 0 else str(np.array(array).tolist())


# --- What is answered -----------------------------------------------------------------------------


def outcome(call: Callable[[], Any]) -> tuple[str, Any]:
    """Return how a call ends, ("refuses", message) or ("answers", value) or ("warns", value)."""
    with warnings.catch_warnings(record=True) as caught, np.errstate(all="warn", under="ignore"):
        warnings.simplefilter("always")
        try:
            value = call()
        except Exception as error:
            return "refuses", f"{type(error).__name__}: {error}"
    return ("warns" if caught else "answers"), value


def agrees(value: Any, right: Any) -> bool:
    """Say whether a value is the right one, shape included."""
    value, right = np.asarray(value), np.asarray(right, dtype=float)
    if value.shape != right.shape or value.dtype.kind not in "biuf":
        return False
    return bool(np.allclose(value.astype(float), right, rtol=1e-13, atol=0, equal_nan=False))


def of_textbook(case: Case) -> str:
    """Say what textbook numpy does: refuse, warn, be right, or return a number in silence."""
    if case.theirs is None:
        return "—"
    how, value = outcome(case.theirs)
    if how == "answers" and case.right is not None and agrees(value, case.right):
        return "right"
    return {"refuses": "refuses", "warns": "warns", "answers": "silent"}[how]


MESSAGES = pathlib.Path(__file__).with_name("messages.txt")


def read_messages() -> dict[str, str]:
    """Return {what: message}, as messages.txt has them."""
    blocks = MESSAGES.read_text(encoding="utf-8").strip().split("\n\n")
    return {what: " ".join(rest.split()) for what, _, rest in (b.partition("\n") for b in blocks)}


def faults() -> list[str]:
    """Return every case whose answer is not the one that is written down."""
    found, messages = [], read_messages()
    for case in CASES:
        how, value = outcome(case.ours)
        if case.right is not None:
            if how != "answers" or not agrees(value, case.right):
                found.append(f"{case.what}: {how} {value}, right is {case.right}")
        elif how != "refuses":
            found.append(f"{case.what}: must be refused, but {how} {value}")
        elif value != messages.get(case.what):
            found.append(f"{case.what}: says {value!r}, messages.txt has another text")
    extra = set(messages) - {case.what for case in CASES if case.right is None}
    return found + [f"{what}: in messages.txt, but no such case is refused" for what in extra]


# --- The part -------------------------------------------------------------------------------------


def run(full: bool) -> Section | None:  # noqa: ARG001
    """Answer every case, ours and textbook numpy's."""
    theirs = [of_textbook(case) for case in CASES]
    silent = theirs.count("silent")
    wrong = faults()
    goals = (
        at_least("bad and edge inputs", len(CASES), 60, headline=True),
        none_of(
            "wrong answers, and messages not as written", len(wrong), len(CASES), headline=True
        ),
        Goal("textbook numpy returns a number in silence", "", f"{silent}", None, headline=True),
        Goal("textbook numpy warns, and returns a number", "", str(theirs.count("warns")), None),
        Goal("textbook numpy refuses", "", str(theirs.count("refuses")), None),
        Goal("textbook numpy is right", "", str(theirs.count("right")), None),
    )
    messages = read_messages()
    rows = tuple(
        (case.what, messages.get(case.what) or f"right: {short(case.right)}", how)
        for case, how in zip(CASES, theirs, strict=True)
    )
    text = (
        "Each input gets the right answer, or a message that names the call, the argument, what it "
        "got and how to mend it. Beside it: what the textbook formulas do in plain numpy, where "
        "they have such an argument. *Silent* means that they return a number without a word, "
        "although the input makes no sense, is ambiguous, or has another right answer."
    )
    tables = (Table("Every input", ("input", "nnmath", "textbook numpy"), rows),)
    return Section(7, "Bad input", text, goals, tables)


def write_messages() -> None:
    """Write messages.txt from what is said now."""
    refusals = [(case.what, outcome(case.ours)[1]) for case in CASES if case.right is None]
    blocks = [f"{what}\n    {message}" for what, message in refusals]
    MESSAGES.write_text("\n\n".join(blocks) + "\n", encoding="utf-8", newline="\n")


if __name__ == "__main__":
    write_messages()
