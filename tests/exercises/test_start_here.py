"""The references of notebook 00 against arithmetic done here, and answers that take functions."""

import math
from fractions import Fraction

import numpy as np
import pytest

from nnmath.exercises import EXERCISES, check_answer
from nnmath.exercises.start_here.inputs import Formula

RIGHT = {id: exercise.reference for id, exercise in EXERCISES.items() if id.startswith("0.")}


def test_a_layer_entry_by_entry():
    W, X = [[1, 2, -1], [0, 3, 1]], [[2, 1, 0, 5], [1, 0, -1, 1], [3, 1, 1, 0]]
    b = [[1], [-2]]
    Z = RIGHT["0.A"](*map(np.array, (W, X, b)))
    assert Z.shape == (2, 4)
    for k, i in np.ndindex(2, 4):
        assert Z[k, i] == sum(W[k][j] * X[j][i] for j in range(3)) + b[k][0]


@pytest.mark.parametrize("x", [Fraction(-3, 2), Fraction(0), Fraction(1, 3), Fraction(2)])
def test_two_paths_are_the_slope_of_the_polynomial(x):
    """J = x²(5 − 3x)² = 25x² − 30x³ + 9x⁴, so its slope is 50x − 90x² + 36x³."""
    assert RIGHT["0.B"](float(x)) == pytest.approx(float(50 * x - 90 * x**2 + 36 * x**3), abs=1e-12)


def test_central_differences_of_a_cube_are_off_by_h_squared():
    assert RIGHT["0.C"](lambda x: x**3, 2.0, 0.1) == pytest.approx(12 + 0.01, abs=1e-12)


def test_a_gradient_entry_by_entry():
    x = np.array([[1.0, -2.0, 0.5], [0.3, 2.0, -1.0]])
    found = RIGHT["0.D"](lambda x: np.sum(x**3) + x[0, 1] * x[1, 2], x, 0.01)
    right = 3 * x**2 + 1e-4
    right[0, 1] += x[1, 2]
    right[1, 2] += x[0, 1]
    assert found == pytest.approx(right, abs=1e-10)


def test_the_relative_error():
    truth, g = np.array([[4.0, -8.0], [0.5, 1.0]]), np.array([[4.0, -8.0], [0.0, 3.0]])
    assert RIGHT["0.E"](g, truth) == 2 / 8


def cubes(W):
    return np.sum(W**3)


@pytest.mark.parametrize(
    ("spoil", "wrong"),
    [
        (lambda dW: dW, False),
        (lambda dW: dW * (1 + 1e-8), False),
        (lambda dW: dW * (1 + 1e-6), True),
        (lambda dW: -dW, True),
        (lambda dW: dW.T, True),
        (lambda dW: dW[:, :1], True),
        (lambda dW: dW * np.array([[1.0, 1.0, np.nan]]), True),
        (lambda dW: dW + np.array([[0.0, 0.0, 0.0], [0.0, 1e-4, 0.0]]), True),
    ],
)
def test_the_judge(spoil, wrong):
    W = np.array([[1.0, -2.0, 0.5], [0.3, 2.0, -1.0]])
    assert RIGHT["0.F"](cubes, W, spoil(3 * W**2)) is wrong


def test_the_hidden_suspects_are_of_every_kind():
    """About a third are innocent; each bug occurs, so that no weak judge gets by."""
    kinds = set()
    for (J, W, dW), _ in EXERCISES["0.F"].hidden:
        scale = float(J.text.split(" ")[0])
        truth = 4 * scale * W**3
        if dW.shape != W.shape:
            kinds.add("shape")
        elif np.isnan(dW).any():
            kinds.add("nan")
        else:
            off = np.abs(dW - truth) > 1e-9 * np.abs(truth)
            ratio = round(float(dW[0, 0] / truth[0, 0]), 1) if off.all() else None
            kinds.add((int(off.sum()) if off.sum() < 3 else "all", ratio))
    assert {"shape", "nan", (0, None), (1, None), (2, None), ("all", -1.0), ("all", 5.0)} <= kinds
    assert ("all", 1.0) in kinds  # three parts in a million


def test_a_formula_is_a_function_that_shows_itself():
    f = Formula("np.sin(x) + x**2")
    assert f(2.0) == math.sin(2) + 4
    assert repr(f) == "lambda x: np.sin(x) + x**2"
    assert f == Formula("np.sin(x) + x**2") != Formula("np.sin(x)")


def test_a_wrong_answer_is_shown_the_function_it_failed_on(capsys):
    check_answer("0.C", eval("lambda f, x, h: f(x + 7 * h * h) / h"))
    said = capsys.readouterr().out
    assert "0.C ✗ The first wrong number is this" in said
    assert "  f = lambda x: " in said
    assert "0x" not in said


def test_an_answer_that_stops_is_shown_the_function_too(capsys):
    check_answer("0.C", lambda f, x, h: {f(x): h}["slope"])
    said = capsys.readouterr().out
    assert "there is no entry 'slope' in the dict. The input: f = lambda x: " in said
    assert "f = lambda x: " in said
    assert "0x" not in said


@pytest.mark.parametrize("kind", [bool, np.bool_])
def test_true_and_false_may_come_from_numpy(kind, capsys):
    check_answer("0.F", lambda J, W, dW: kind(RIGHT["0.F"](J, W, dW)))
    assert capsys.readouterr().out.startswith("0.F ✓ right")


def test_a_verdict_in_numbers_is_right_too(capsys):
    check_answer("0.F", lambda J, W, dW: int(RIGHT["0.F"](J, W, dW)))
    assert capsys.readouterr().out.startswith("0.F ✓ right")
