"""The references of notebook 03 against loops, and against a cost that is only run forward."""

import numpy as np
import pytest

import nnmath as nn
from nnmath.exercises import EXERCISES

RIGHT = {id: exercise.reference for id, exercise in EXERCISES.items()}


def hidden(id):
    return [arguments for arguments, _ in EXERCISES[id].hidden]


def out(Z3):
    return np.exp(Z3) / np.exp(Z3).sum(axis=0)


def below(Z):
    return np.where(Z.real > 0, Z, 0)


def test_the_slope_of_relu_and_its_agreement_at_zero():
    seen = set()
    for (Z,) in hidden("3.A"):
        slopes = RIGHT["3.A"](Z)
        for z, slope in zip(Z.ravel(), slopes.ravel(), strict=True):
            seen.add(np.sign(z))
            assert slope == (1.0 if z > 0 else 0.0)
    assert seen == {-1, 0, 1}


def test_the_forward_pass_unit_by_unit():
    for W1, b1, W2, b2, W3, b3, X in hidden("3.B"):
        A3 = RIGHT["3.B"](W1, b1, W2, b2, W3, b3, X)
        for i in range(X.shape[1]):
            a = X[:, i]
            for W, b in ((W1, b1), (W2, b2)):
                z = [sum(W[k, j] * a[j] for j in range(len(a))) + b[k, 0] for k in range(len(W))]
                a = np.array([max(v, 0) for v in z])
            z = W3 @ a + b3[:, 0]
            np.testing.assert_allclose(A3[:, i], np.exp(z) / np.exp(z).sum(), rtol=1e-12)


def test_the_error_passed_back_entry_by_entry():
    for W, dZ, Z in hidden("3.C"):
        passed = RIGHT["3.C"](W, dZ, Z)
        for j, i in np.ndindex(Z.shape):
            total = sum(W[k, j] * dZ[k, i] for k in range(len(W)))
            assert passed[j, i] == pytest.approx(total if Z[j, i] > 0 else 0, abs=1e-15)


@pytest.mark.parametrize("seed", range(4))
def test_the_whole_backward_pass_against_the_complex_step(seed):
    rng = np.random.default_rng(seed)
    n0, n1, n2, n3, m = 3, 5, 4, 2, 6
    W1, W2, W3 = (rng.normal(size=s) for s in ((n1, n0), (n2, n1), (n3, n2)))
    b1, b2, b3 = (rng.normal(size=(n, 1)) for n in (n1, n2, n3))
    X, Y = rng.normal(size=(n0, m)), np.eye(n3)[:, rng.integers(0, n3, m)]

    def J(W1, b1, W2, b2, W3, b3):
        Z3 = W3 @ below(W2 @ below(W1 @ X + b1) + b2) + b3
        return np.sum(Y * (np.log(np.exp(Z3).sum(axis=0)) - Z3)) / m

    parameters = [W1, b1, W2, b2, W3, b3]
    Z1 = W1 @ X + b1
    Z2 = W2 @ below(Z1) + b2
    A3 = out(W3 @ below(Z2) + b3)
    mine = RIGHT["3.D"](W2, W3, X, Z1, Z2, A3, Y)
    assert len(mine) == 6
    for k, gradient in enumerate(mine):
        truth = nn.complex_step_gradient(
            lambda p, k=k: J(*parameters[:k], p, *parameters[k + 1 :]), parameters[k]
        )
        np.testing.assert_allclose(gradient, truth, rtol=1e-10, atol=1e-13)


def test_the_update_against_numerical_gradients():
    for W2, b2, W3, b3, A1, Y, lr in hidden("3.E"):
        if (np.abs(W2 @ A1 + b2) < 1e-4).any():
            continue  # at a kink a difference proves nothing

        def J(W2, W3, b2=b2, b3=b3, A1=A1, Y=Y):
            A3 = out(W3 @ below(W2 @ A1 + b2) + b3)
            return -np.sum(Y * np.log(A3)) / Y.shape[1]

        new_W2, new_W3 = RIGHT["3.E"](W2, b2, W3, b3, A1, Y, lr)
        dW2 = nn.numerical_gradient(lambda W, J=J, W3=W3: J(W, W3), W2)
        dW3 = nn.numerical_gradient(lambda W, J=J, W2=W2: J(W2, W), W3)
        np.testing.assert_allclose(new_W2, W2 - lr * dW2, atol=1e-8)
        np.testing.assert_allclose(new_W3, W3 - lr * dW3, atol=1e-8)


def test_dead_units_counted_one_by_one():
    shares = []
    for (Z,) in hidden("3.F"):
        dead = sum(all(z <= 0 for z in row) for row in Z)
        shares.append(dead / len(Z))
        assert RIGHT["3.F"](Z) == pytest.approx(shares[-1])
    assert len(set(shares)) > 2


def test_right_answers_counted_one_by_one():
    shares = []
    for A, Y in hidden("3.G"):
        m = Y.shape[1]
        right = sum(list(A[:, i]).index(max(A[:, i])) == list(Y[:, i]).index(1) for i in range(m))
        shares.append(right / m)
        assert RIGHT["3.G"](A, Y) == pytest.approx(shares[-1])
    assert len(set(shares)) > 2
