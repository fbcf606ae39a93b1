"""The references of notebook 05 against a cost that is only run forward, and against loops."""

import numpy as np
import pytest

import nnmath as nn
from nnmath.exercises import EXERCISES

RIGHT = {id: exercise.reference for id, exercise in EXERCISES.items()}


def hidden(id):
    return [arguments for arguments, _ in EXERCISES[id].hidden]


def sigma(z):
    return 1 / (1 + np.exp(-z))


def mean_loss(Z2, Y):
    return np.mean(np.log(1 + np.exp(Z2)) - Y * Z2)


@pytest.mark.parametrize("g", [nn.tanh, nn.sigmoid, nn.relu], ids=["tanh", "sigmoid", "relu"])
def test_the_gradient_of_one_example_with_any_activation(g):
    rng = np.random.default_rng(3)
    parameters = [rng.normal(size=s) for s in ((4, 3), (4, 1), (1, 4), (1, 1))]
    x, y = rng.normal(size=(3, 1)), np.array([[1.0]])

    def loss(W1, b1, W2, b2):
        return mean_loss(W2 @ g(W1 @ x + b1) + b2, y)

    W1, b1, W2, b2 = parameters
    z1 = W1 @ x + b1
    mine = RIGHT["5.A"](W2, x, g(z1), g.prime(z1), sigma(W2 @ g(z1) + b2), y)
    for k, gradient in enumerate(mine):
        truth = nn.complex_step_gradient(
            lambda p, k=k: loss(*parameters[:k], p, *parameters[k + 1 :]), parameters[k]
        )
        np.testing.assert_allclose(gradient, truth, rtol=1e-11, atol=1e-14)


def test_the_slope_of_tanh_number_by_number():
    for (Z,) in hidden("5.B"):
        for z, slope in zip(Z.ravel(), RIGHT["5.B"](Z).ravel(), strict=True):
            e = np.exp(z)
            assert slope == pytest.approx(4 / (e + 1 / e) ** 2, rel=1e-12)


def test_the_forward_pass_unit_by_unit():
    for W1, b1, W2, b2, X in hidden("5.C"):
        A2 = RIGHT["5.C"](W1, b1, W2, b2, X)
        assert A2.shape == (1, X.shape[1])
        for i in range(X.shape[1]):
            total = b2[0, 0]
            for k in range(len(W1)):
                z = sum(W1[k, j] * X[j, i] for j in range(len(X))) + b1[k, 0]
                total += W2[0, k] * np.sinh(z) / np.cosh(z)
            assert A2[0, i] == pytest.approx(sigma(total), rel=1e-12)


@pytest.mark.parametrize("seed", range(4))
def test_the_backward_pass_against_the_complex_step(seed):
    rng = np.random.default_rng(seed)
    parameters = [rng.normal(size=s) for s in ((5, 2), (5, 1), (1, 5), (1, 1))]
    X, Y = rng.normal(size=(2, 7)), rng.integers(0, 2, (1, 7)) * 1.0

    def J(W1, b1, W2, b2):
        return mean_loss(W2 @ np.tanh(W1 @ X + b1) + b2, Y)

    W1, b1, W2, b2 = parameters
    A1 = np.tanh(W1 @ X + b1)
    mine = RIGHT["5.D"](W2, X, A1, sigma(W2 @ A1 + b2), Y)
    assert len(mine) == 4
    for k, gradient in enumerate(mine):
        truth = nn.complex_step_gradient(
            lambda p, k=k: J(*parameters[:k], p, *parameters[k + 1 :]), parameters[k]
        )
        np.testing.assert_allclose(gradient, truth, rtol=1e-11, atol=1e-14)


def test_the_line_lies_where_the_unit_answers_zero():
    for w1, w2, b, x1 in hidden("5.E"):
        x2 = RIGHT["5.E"](w1, w2, b, x1)
        assert np.tanh(w1 * x1 + w2 * x2 + b) == pytest.approx(0, abs=1e-12)


def test_the_share_of_right_answers_one_by_one():
    for A2, Y in hidden("5.F"):
        assert not np.any(A2 == 0.5)
        right = sum((a > 0.5) == (y == 1) for a, y in zip(A2[0], Y[0], strict=True))
        assert RIGHT["5.F"](A2, Y) == pytest.approx(right / Y.shape[1])
