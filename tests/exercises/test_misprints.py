"""The references of notebook 06 against the complex step: costs that are only run forward."""

import numpy as np
import pytest

import nnmath as nn
from nnmath.exercises import EXERCISES

RIGHT = {id: exercise.reference for id, exercise in EXERCISES.items()}
CLOSE = {"rtol": 1e-11, "atol": 1e-13}


def hidden(id):
    return [arguments for arguments, _ in EXERCISES[id].hidden]


def slope(J, V):
    return nn.complex_step_gradient(J, V)


def softmax(Z):
    return np.exp(Z) / np.exp(Z).sum(axis=0)


def squeeze(Z):
    return 1 / (1 + np.exp(-Z))


def cross_entropy(A, Y):
    return -np.sum(Y * np.log(A)) / Y.shape[1]


def bce(A, Y):
    return -np.sum(Y * np.log(A) + (1 - Y) * np.log(1 - A)) / Y.shape[1]


def test_6_a_against_the_cost():
    for Yhat, Y in hidden("6.A"):
        truth = slope(lambda A, Y=Y: cross_entropy(A, Y), Yhat)
        np.testing.assert_allclose(RIGHT["6.A"](Yhat, Y), truth, **CLOSE)


def test_6_b_against_softmax_itself():
    for (a,) in hidden("6.B"):
        a = a / a.sum()
        z = np.log(a)
        rows = [slope(lambda z, k=k: softmax(z)[k, 0], z)[:, 0] for k in range(len(a))]
        np.testing.assert_allclose(RIGHT["6.B"](a), rows, **CLOSE)


@pytest.mark.parametrize("seed", range(4))
def test_6_c_against_the_cost(seed):
    rng = np.random.default_rng(seed)
    n2, n3, m = 3, 4, 5
    W3, A2, b3 = rng.normal(size=(n3, n2)), rng.normal(size=(n2, m)), rng.normal(size=(n3, 1))
    Y = np.eye(n3)[:, rng.integers(0, n3, m)]
    J = lambda Z: cross_entropy(softmax(Z), Y)  # noqa: E731
    truths = (
        slope(J, W3 @ A2 + b3),
        slope(lambda W: J(W @ A2 + b3), W3),
        slope(lambda b: J(W3 @ A2 + b), b3),
        slope(lambda A: J(W3 @ A + b3), A2),
    )
    mine = RIGHT["6.C"](W3, A2, softmax(W3 @ A2 + b3), Y)
    for found, truth in zip(mine, truths, strict=True):
        np.testing.assert_allclose(found, truth, **CLOSE)


@pytest.mark.parametrize("y", [0.0, 1.0])
def test_6_d_against_the_loss_of_one_example(y):
    rng = np.random.default_rng(9)
    W1, b1, X = rng.normal(size=(4, 3)), rng.normal(size=(4, 1)), rng.normal(size=(3, 1))
    W2, Y = rng.normal(size=(1, 4)), np.array([[y]])
    J = lambda W, b: bce(squeeze(W2 @ np.sin(W @ X + b)), Y)  # noqa: E731
    Z1 = W1 @ X + b1
    mine = RIGHT["6.D"](W2, squeeze(W2 @ np.sin(Z1)), Y, np.cos(Z1), X)
    np.testing.assert_allclose(mine[0], slope(lambda W: J(W, b1), W1), **CLOSE)
    np.testing.assert_allclose(mine[1], slope(lambda b: J(W1, b), b1), **CLOSE)


def test_6_e_against_the_cost():
    for A, T in hidden("6.E"):
        truth = slope(lambda A, T=T: bce(A, T), A)
        np.testing.assert_allclose(RIGHT["6.E"](A, T), truth, **CLOSE)


def test_6_f_and_6_g_entry_by_entry():
    for Delta, sigma, before, after in hidden("6.F"):
        mine = RIGHT["6.F"](Delta, sigma, before, after)
        for i, j in np.ndindex(len(Delta), len(before)):
            total = sum(Delta[i, n] * sigma[i, n] * before[j, n] for n in range(Delta.shape[1]))
            assert mine[i, j] == pytest.approx(total, rel=1e-12, abs=1e-14)
    for H, W, sigma, A in hidden("6.G"):
        mine = RIGHT["6.G"](H, W, sigma, A)
        for i, j in np.ndindex(len(sigma), len(A)):
            total = sum(H[k, n] * W[k, i] * sigma[i, n] * A[j, n] for k, n in np.ndindex(H.shape))
            assert mine[i, j] == pytest.approx(total, rel=1e-12, abs=1e-14)


@pytest.mark.parametrize("seed", range(4))
def test_6_h_against_the_cost(seed):
    rng = np.random.default_rng(seed)
    W1, b1 = rng.normal(size=(4, 2)), rng.normal(size=(4, 1))
    W2, b2 = rng.normal(size=(1, 4)), rng.normal(size=(1, 1))
    X, Y = rng.normal(size=(2, 5)), rng.integers(0, 2, (1, 5)) * 1.0
    J = lambda *p: bce(squeeze(p[2] @ np.tanh(p[0] @ X + p[1]) + p[3]), Y)  # noqa: E731
    A1 = np.tanh(W1 @ X + b1)
    mine = RIGHT["6.H"](W2, A1, squeeze(W2 @ A1 + b2), X, Y)
    parameters = (W1, b1, W2, b2)
    for k, found in enumerate(mine):
        truth = slope(lambda v, k=k: J(*parameters[:k], v, *parameters[k + 1 :]), parameters[k])
        np.testing.assert_allclose(found, truth, **CLOSE)


def test_the_printed_forms_are_among_the_mistakes():
    """Whoever copies the document is told what is wrong with it, not only shown a number."""
    for id, name in {
        "6.A": "summed over the examples", "6.B": "as printed", "6.C": "the printed sign",
        "6.D": "as printed", "6.E": "as printed", "6.F": "as printed", "6.H": "A1 for X",
    }.items():  # fmt: skip
        assert name in [mistake.name for mistake in EXERCISES[id].mistakes]
