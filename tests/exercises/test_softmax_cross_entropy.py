"""The references of notebook 02, against sums over entries written down here once more."""

import math

import numpy as np
import pytest

from nnmath.exercises import EXERCISES

K, N0, M = 3, 2, 4
RIGHT = {id: exercise.reference for id, exercise in EXERCISES.items() if id.startswith("2.")}
Z = np.array([[0.3, -1.2, 2.0, 0.1], [1.1, 0.4, -0.7, 0.0], [-0.6, 2.2, 0.5, -1.5]])
Y = np.array([[1.0, 0.2, 0.0, 0.5], [0.0, 0.3, 0.0, 0.9], [0.0, 0.5, 1.0, 0.4]])  # last sum: 1.8


def probability(Z, k, i):
    return math.exp(Z[k, i]) / sum(math.exp(Z[p, i]) for p in range(K))


def cost(Z):
    entries = np.ndindex(K, M)
    return sum(-Y[k, i] * math.log(probability(Z, k, i)) for k, i in entries) / M


def slope(f, array, index, h=1e-6):
    """Return the slope of f for one entry of the array, by nudging it."""
    up, down = array.copy(), array.copy()
    up[index] += h
    down[index] -= h
    return (f(up) - f(down)) / (2 * h)


def test_softmax():
    A = RIGHT["2.A"](Z)
    for k, i in np.ndindex(K, M):
        assert A[k, i] == pytest.approx(probability(Z, k, i), rel=1e-14)
    assert RIGHT["2.A"](Z + 1000) == pytest.approx(A, rel=1e-12)


def test_jacobian():
    for i in range(M):
        P = RIGHT["2.B"](RIGHT["2.A"](Z[:, i : i + 1]))
        for k, j in np.ndindex(K, K):
            assert P[k, j] == pytest.approx(slope(lambda Z: probability(Z, k, i), Z, (j, i)), 1e-8)  # noqa: B023


def test_cost():
    A = RIGHT["2.A"](Z)
    assert RIGHT["2.C"](A, Y) == pytest.approx(cost(Z), rel=1e-14)
    assert RIGHT["2.F"](Z, Y) == pytest.approx(cost(Z), rel=1e-14)
    far = np.array([[1000.0], [0.0], [-1000.0]])
    assert RIGHT["2.F"](far, np.array([[0.0], [0.0], [1.0]])) == 2000


def test_pull_back():
    A, dA = RIGHT["2.A"](Z), np.arange(12.0).reshape(K, M) - 5
    dZ = RIGHT["2.D"](A, dA)
    weighed = lambda Z: sum(dA[k, i] * probability(Z, k, i) for k, i in np.ndindex(K, M))  # noqa: E731
    for index in np.ndindex(K, M):
        assert dZ[index] == pytest.approx(slope(weighed, Z, index), rel=1e-7)


def test_logit_gradient():
    dZ = RIGHT["2.E"](Z, Y)
    for index in np.ndindex(K, M):
        assert dZ[index] == pytest.approx(slope(cost, Z, index), rel=1e-7)


def test_layer_gradients():
    W, b = np.array([[0.5, -1.0], [1.5, 0.2], [-0.4, 0.8]]), np.array([[0.1], [-0.3], [0.2]])
    X = np.array([[1.0, -2.0, 0.5, 0.0], [0.3, 1.0, -1.0, 2.0]])
    dW, db = RIGHT["2.G"](W, b, X, Y)
    assert (dW.shape, db.shape) == ((K, N0), (K, 1))
    for index in np.ndindex(K, N0):
        assert dW[index] == pytest.approx(slope(lambda W: cost(W @ X + b), W, index), rel=1e-6)
    for index in np.ndindex(K, 1):
        assert db[index] == pytest.approx(slope(lambda b: cost(W @ X + b), b, index), rel=1e-6)


def test_the_hidden_inputs_hold_what_the_mistakes_need():
    """Targets that are one-hot, soft, and of other sums; logits that overflow both ways."""
    sums, hard, largest = [], [], []
    for arguments, _ in EXERCISES["2.F"].hidden:
        sums += list(arguments[1].sum(axis=0))
        hard.append(set(np.unique(arguments[1])) <= {0, 1})
        largest += [arguments[0].max(), arguments[0].min()]
    assert any(abs(s - 1) > 0.1 for s in sums) and any(abs(s - 1) < 1e-12 for s in sums)
    assert any(hard) and not all(hard)
    assert max(largest) > 900 and min(largest) < -900
