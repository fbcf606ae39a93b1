"""The accuracy goals of the proof, on a thirtieth of its points; and the proof can say no."""

import numpy as np
import pytest

import nnmath as nn
from proof import accuracy

THIN = 30
LINES = accuracy.measures(THIN)


@pytest.mark.parametrize("line", LINES, ids=[line.what for line in LINES])
def test_each_goal_is_met_without_a_flag(line):
    line.run({"nnmath": accuracy._nnmath()})
    assert line.count >= 2
    assert line.worst["nnmath"] <= (line.goal or 4)
    assert line.faults == 0


def test_ten_classes_are_summed_without_losing_digits():
    """Where a sum in pairs alone, without what its additions round off, misses the goal."""
    ten = [(z, accuracy.one_hot(z)) for z in accuracy.columns() if z.size == 10]
    confident = [(z, np.eye(10)[int(np.argmax(z))]) for z, _ in ten]
    line = accuracy.Measure("", "cross_entropy_from_logits", 2, ten + confident)
    line.run({"nnmath": accuracy._nnmath()})
    assert line.worst["nnmath"] <= 2


def test_the_points_are_those_of_the_goal():
    z, narrow, wide = accuracy.scalars(), accuracy.columns(), accuracy.wide_columns()
    assert np.unique(z).size >= 7000
    assert np.abs(z).max() == 1e4
    assert np.abs(accuracy.far_scalars()).max() == 1e300
    for edge in (0.0, *accuracy.EDGES):
        assert np.sum(np.abs(z - edge) < 1e-4) > 50
        assert np.sum(np.abs(z + edge) < 1e-4) > 50
    assert np.sum((z != 0) & (np.abs(z) < 2.0**-1022)) > 10
    assert len(narrow) + len(wide) >= 2500
    assert {column.size for column in narrow} == set(range(1, 11))
    assert {column.size for column in wide} == {1000}
    ties = [c for c in narrow if np.sum(c == c.max()) > 1]
    confident = [c for c in narrow if c.size > 1 and np.diff(np.sort(c)[-2:]) > 36]
    offset = [c for c in narrow if abs(c.mean()) > 1e7]
    assert min(len(ties), len(confident), len(offset)) > 200


def test_limits():
    assert accuracy.limit_faults() == []


def test_a_worse_formula_misses_the_goal():
    """The textbook sigmoid has a flag at −1000 and no digit right from −745 to −709."""
    line = accuracy.Measure("sigmoid", "sigmoid", 2, [(-720.0,), (-1000.0,), (3.0,)])
    line.run({"nnmath": {"sigmoid": lambda z: 1 / (1 + np.exp(-z))}})
    assert line.faults == 1
    assert line.worst["nnmath"] > 100
    assert line.lost == {"nnmath"}


def test_nan_is_a_fault():
    line = accuracy.Measure("sigmoid", "sigmoid", 2, [(0.0,), (1.0,)])
    line.run({"nnmath": {"sigmoid": lambda z: z * np.nan}})
    assert line.faults == 2
    assert line.worst["nnmath"] == np.inf


def test_a_wrong_limit_is_named(monkeypatch):
    wrong = [
        ("one", lambda: nn.sigmoid(np.inf), 0.5),
        ("two", lambda: nn.softmax([np.inf, np.inf]), [0.5, 0.5]),
        ("three", lambda: nn.sigmoid(np.inf), None),
        ("four", lambda: np.float64(1.0) / np.float64(0.0), np.inf),
        ("five", lambda: nn.sigmoid(np.nan), None),
    ]
    monkeypatch.setattr(accuracy, "LIMITS", wrong)
    assert [fault.partition(":")[0] for fault in accuracy.limit_faults()] == [w[0] for w in wrong]


@pytest.mark.parametrize("name", accuracy.PACKAGES)
def test_a_package_that_is_not_installed_is_said_so(name, monkeypatch):
    monkeypatch.setattr(accuracy.importlib.util, "find_spec", lambda _: None)
    calls = accuracy.package.__wrapped__(name)
    assert calls is None
    assert accuracy.shown(LINES[0], name, calls) == "not installed"


@pytest.mark.parametrize(
    ("worst", "text"),
    [(1.664, "1.66"), (503.2, "503"), (39583.0, "39,583"), (1.3e10, "1.3e+10")],
)
def test_figures_are_short(worst, text):
    line = accuracy.Measure("σ", "sigmoid", 2, [], worst={"scipy": worst})
    assert accuracy.shown(line, "scipy", {}) == text
    assert accuracy.shown(line, "torch", {}) == "—"
    line.lost.add("scipy")
    assert accuracy.shown(line, "scipy", {}) == "no digit right"
