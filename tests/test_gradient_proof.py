"""The gradients of the proof on fewer networks; and the proof can say no."""

import itertools

import mpmath
import numpy as np
import pytest

import nnmath as nn
from nnmath import activations
from proof import gradients

EVERY = list(gradients.problems(200))


def test_the_networks_are_those_of_the_goal():
    assert {p.depth for p in EVERY} == set(range(1, 9))
    assert {p.scale for p in EVERY} == set(gradients.SCALES)
    assert {p.pair for p in EVERY} == {*gradients.FUSED, *gradients.UNFUSED}
    hidden = {p.net.g[l].name for p in EVERY for l in range(1, p.depth)}
    assert hidden == set(gradients.HIDDEN)
    soft = [p for p in EVERY if p.pair[1] != "squared_error" and not np.isin(p.Y, (0, 1)).all()]
    assert len(soft) >= 40


@pytest.mark.parametrize("i", range(0, 200, 8))
def test_no_false_alarm(i):
    error, skipped = gradients.complex_step_errors(EVERY[i])
    assert error <= 1e-12
    assert skipped == 0


def test_against_120_digits():
    for problem in itertools.islice(gradients.problems(60, depths=4, widest=3), 0, 60, 7):
        conditions = gradients.conditions(problem, tries=6)
        for key, error in gradients.mp_errors(problem).items():
            assert error <= 8 * conditions[key] * gradients.ROUNDING, (problem.pair, key)


def test_complex_steps_through_every_operation():
    found = gradients.complex_safety()
    assert len(found) > 200
    name, point, error = max(found, key=lambda row: row[2])
    assert error < 1e-14, (name, point)


@pytest.mark.parametrize("seed", range(8))
def test_kinks(seed):
    assert gradients.kink_faults(seed) == []


def test_most_seeds_have_a_kink():
    assert sum(gradients.Kinked(seed).alone for seed in range(60)) >= 40


# --- The measurements notice ----------------------------------------------------------------------


def test_a_wrong_gradient_is_an_alarm_in_both_truths(monkeypatch):
    problem = gradients.Problem(3, 2, 1.0, ("sigmoid", "bce"))
    wrong = nn.Gradients(
        *({l: 1.001 * V for l, V in d.items()} for d in vars(problem.gradients()).values())
    )
    monkeypatch.setattr(problem, "gradients", lambda: wrong)
    assert max(gradients.mp_errors(problem).values()) == pytest.approx(1e-3, rel=1e-6)


def test_a_pullback_that_loses_the_digits_of_a_saturated_column_is_an_alarm():
    """As softmax's did: a ⊙ (dA − Σ a dA) without the winner's entry taken off first."""

    def naive(z, dA):
        a = activations._softmax(z)
        return a * (dA - np.sum(a * dA, axis=0, keepdims=True))

    saturated = next(
        p
        for p in EVERY
        if p.scale == 10 and p.depth == 4 and p.pair == ("softmax", "squared_error")
    )
    assert gradients.complex_step_errors(saturated)[0] <= 1e-12
    object.__setattr__(nn.softmax, "pullback", naive)
    try:
        assert gradients.complex_step_errors(saturated)[0] > 1e-3
    finally:
        object.__setattr__(nn.softmax, "pullback", activations._softmax_pullback)


def test_a_branch_at_the_wrong_side_of_zero_is_seen():
    """With z > 0 instead of z ≥ 0 the slope at 0 comes out 0."""

    def branched(z):
        e = np.exp(-np.where(z.real > 0, z, -z))
        return np.where(z.real >= 0, 1.0, e) / (1.0 + e)

    slope = complex(branched(np.array(1j * gradients.STEP))).imag / gradients.STEP
    truth = gradients.mp_slope(gradients.mp_sigmoid, 0.0)
    assert gradients.error_of(slope, truth) > 0.1
    assert gradients.error_of(nn.sigmoid.prime(0.0), truth) < 1e-15


def test_a_kink_passed_in_silence_is_a_fault(monkeypatch):
    seed = next(seed for seed in range(60) if gradients.Kinked(seed).alone)
    real = nn.check_gradients

    def silent(*arguments, **options):
        report = real(*arguments, **options)
        return nn.GradientReport(report.errors, (), report.tolerance)

    monkeypatch.setattr(nn, "check_gradients", silent)
    assert any("not reported" in fault for fault in gradients.kink_faults(seed))


def test_the_condition_is_that_of_the_problem():
    """One weight, z = w x + b with w x ≈ −b: the gradient of ½ z² is z, all cancellation."""
    problem = gradients.Problem(0, 1, 1.0, ("identity", "squared_error"))
    problem.net = nn.Network({1: [[1.0]]}, {1: [[-1.0 + 1e-6]]}, {1: nn.identity})
    problem.X, problem.Y, problem.loss = np.array([[1.0]]), np.array([[0.0]]), nn.squared_error
    assert 5e5 < gradients.conditions(problem)["dZ", 1] < 5e6


def test_differences_are_exact_to_the_last_place():
    V = gradients.mp(np.array([[0.3, -1.2]]))
    with mpmath.workdps(gradients.DIGITS):
        slope = gradients.differences(lambda v: mpmath.exp(v[0, 0]) * v[0, 1] ** 3, V)
    np.testing.assert_allclose(slope, [[np.exp(0.3) * -1.728, np.exp(0.3) * 3 * 1.44]], rtol=4e-16)
