"""The detective of notebook 06: each case against formulas and slopes written down here again."""

import random
import re

import autograd
import autograd.numpy as anp
import numpy as np
import pytest

from nnmath.demos import misprints
from nnmath.misprints import trial
from tests.test_misprints import cost

# What the audit says of each case, and the place that the notebook quotes.
WRONG = {2: "S0-17", 4: "S0-20", 5: "S1-26", 7: "S1-31", 8: "S1-45", 10: "S2-2.13",
         13: "S2-3.11", 15: "S2-5.16", 16: "S2-6.8b"}  # fmt: skip
RIGHT = (1, 3, 6, 9, 11, 12, 14)
NO_ENTRIES = {
    4: "no product (1 × 1)(5 × 1)",
    8: "3 × 7 where 3 × 1 is due",
    10: "no product (2 × 7)(1 × 7)",
    13: "1 × 1 where 1 × 9 is due",
    15: "3 × 3 where 3 × 5 is due",
    16: "no product (4 × 9)(1 × 2)",
}
ANSWERS = {**dict.fromkeys(WRONG, "wrong"), **dict.fromkeys(RIGHT, "right")}


@pytest.fixture
def demo():
    demo = misprints.detective()
    yield demo
    demo.close()


def show(demo, case, evidence="none", verdict="undecided"):
    demo.controls["case"].value = str(case)
    demo.controls["evidence"].value = evidence
    demo.controls["verdict"].value = verdict
    return demo.figure.artists


def test_there_are_sixteen_cases_right_and_wrong_mixed():
    found = {k: case.wrong for k, case in enumerate(misprints.CASES, start=1) if case.wrong}
    assert found == WRONG
    assert len(misprints.CASES) == 16 and set(RIGHT) | set(WRONG) == set(range(1, 17))


# The entries, computed here: as printed in index form or loops, and measured by autograd.


def singles():
    n = trial("000")
    return [(n.A[2][0, i], n.Y[0, i], n.Z[2][0, i]) for i in range(n.m)]


def measured(setting, kind, l):
    """Return ∂J/∂V of layer l by autograd."""
    n = trial(setting)
    W, b, Y = dict(n.W), dict(n.b), n.Y
    if kind == "A":
        return autograd.grad(lambda v: cost(setting, W, b, v, Y, l))(n.A[l])
    if kind == "Z":
        return autograd.grad(lambda v: cost(setting, W, b, None, Y, l - 1, Z=v))(n.Z[l])
    return autograd.grad(lambda v: cost(setting, {**W, l: v}, b, n.X, Y))(n.W[l])


def loss(a, y):
    return -y * anp.log(a) - (1 - y) * anp.log(1 - a)


def case_1():
    z = np.array([z for _, _, z in singles()])
    squeeze = lambda z: 1 / (1 + anp.exp(-z))  # noqa: E731
    return np.exp(-z) / (1 + np.exp(-z)) ** 2, autograd.elementwise_grad(squeeze)(z)


def case_2():
    rows = [(-y / a - (1 - y) / (1 - a), autograd.grad(loss)(a, y)) for a, y, _ in singles()]
    return np.array(rows).T


def case_3():
    rows = [((a - y) / (a * (1 - a)), autograd.grad(loss)(a, y)) for a, y, _ in singles()]
    return np.array(rows).T


def case_5():
    n = trial("001")
    shares = lambda z: anp.exp(z) / anp.sum(anp.exp(z))  # noqa: E731
    truth, a = autograd.jacobian(shares)(n.Z[3][:, 0]), n.A[3][:, 0]
    printed = np.array([[a[i] * ((i == j) - a[i]) for j in range(6)] for i in range(6)])
    return printed, truth  # of the first example, which is the one that is plotted


def case_6():
    n = trial("001")
    return np.where(n.Y == 1, -1 / (7 * n.A[3]), 0), measured("001", "A", 3)


def case_7():
    n = trial("001")
    return (n.Y - n.A[3]) / 7, measured("001", "Z", 3)


def case_9():
    n = trial("002")
    return np.einsum("kn,jn->kj", measured("002", "Z", 3), n.A[2]), measured("002", "W", 3)


def case_11():
    n = trial("002")
    return (n.A[3] - n.Y) / 7, measured("002", "Z", 3)


def case_12():
    n = trial("002")
    H, slope = measured("002", "Z", 3), np.cos(n.Z[2]) + 0.5
    return np.einsum("kn,ki,in,jn->ij", H, n.W[3], slope, n.A[1]), measured("002", "W", 2)


def case_14():
    n = trial("002, section 6")
    return np.einsum("kn,jn->kj", n.A[2] - n.Y, n.A[1]) / 9, measured("002, section 6", "W", 2)


PLOTTED = {1: case_1, 2: case_2, 3: case_3, 5: case_5, 6: case_6, 7: case_7, 9: case_9,
           11: case_11, 12: case_12, 14: case_14}  # fmt: skip


@pytest.mark.parametrize("case", PLOTTED)
def test_the_points_are_the_entries(demo, case):
    printed, truth = (np.ravel(side) for side in PLOTTED[case]())
    scale = max(np.abs(printed).max(), np.abs(truth).max())
    artists = show(demo, case, "numbers")
    drawn = np.hstack([artists[name].get_data() for name in ("entries", "strays")])
    assert drawn.shape == (2, truth.size)
    expected = np.array([truth, printed]) / scale
    apart = np.abs(drawn[:, :, None] - expected[:, None, :]).max(axis=0)
    assert apart.min(axis=0).max() < 1e-12 and apart.min(axis=1).max() < 1e-12
    strays = np.sum(np.abs(printed - truth) > 1e-3 * scale)
    assert len(artists["strays"].get_data()[0]) == strays
    assert (strays == 0) == (case in RIGHT)
    off = np.abs(printed - truth)
    error = (off / np.abs(truth)).max() if case < 4 else off.max() / np.abs(truth).max()
    error = 1.5 if case == 5 else error  # the worst of all examples, and only one is plotted
    said = "every entry lies on the diagonal" if case in RIGHT else f"the largest error {error:.2g}"
    assert said in demo.readout and said in demo.alt


@pytest.mark.parametrize("case", NO_ENTRIES)
def test_where_there_is_no_result_the_shapes_say_so(demo, case):
    artists = show(demo, case, "numbers")
    assert not len(artists["entries"].get_data()[0]) and not len(artists["strays"].get_data()[0])
    assert artists["no entries"].get_text() == "no entries"
    assert NO_ENTRIES[case] in demo.readout and NO_ENTRIES[case] in demo.alt
    assert artists["finding"].get_text() == f"as printed: {NO_ENTRIES[case]}"


def test_every_case_is_plotted_or_has_no_result():
    assert set(PLOTTED) | set(NO_ENTRIES) == set(range(1, 17))


@pytest.mark.parametrize("case", ANSWERS)
@pytest.mark.parametrize("verdict", ["right", "wrong"])
def test_a_verdict_gets_its_reason(demo, case, verdict):
    artists = show(demo, case, verdict=verdict)
    held = verdict == ANSWERS[case]
    assert artists["mark"].get_text() == ("✓" if held else "✗")
    fact = "It is misprinted." if case in WRONG else "It is right as printed."
    assert artists["verdict"].get_text() == fact
    assert f"Your verdict: {verdict}. {'✓' if held else '✗'} {fact}" in demo.readout
    why = re.search(r"^Why: (.*)$", demo.readout, re.M)[1]
    assert why == misprints.CASES[case - 1].why and why.endswith((".", ")"))
    assert why in demo.alt


def test_nothing_is_given_away_before_the_verdict(demo):
    for case in ANSWERS:
        artists = show(demo, case)
        assert "Why" not in demo.readout and artists["mark"].get_text() == ""
        assert not artists["entries"].get_visible() and not artists["strays"].get_visible()
        assert artists["finding"].get_text() == artists["shapes"].get_text() == ""
        for word in ("misprinted", "diagonal", "largest", "left side", " due"):
            assert word not in demo.alt


def test_the_shapes_are_those_of_the_arrays(demo):
    artists = show(demo, 12, "shapes")
    assert (
        artists["shapes"].get_text()
        == "H⁽ᴸ⁾ 2 × 7, W⁽ᴸ⁾ 2 × 3, σ′ 3 × 7, A⁽ᴸ⁻²⁾ 5 × 7, left side 3 × 5"
    )
    assert not artists["entries"].get_visible()
    assert "left side 6 × 6 for each example" in show(demo, 5, "shapes")["shapes"].get_text()


def test_the_tally_counts_each_case_once(demo):
    rng, given = random.Random(2), {}
    for _ in range(60):
        case, verdict = rng.randint(1, 16), rng.choice(["undecided", "right", "wrong"])
        show(demo, case, verdict=verdict)
        given[case] = verdict
        judged = {k: v for k, v in given.items() if v != "undecided"}
        right = sum(v == ANSWERS[k] for k, v in judged.items())
        assert f"Judged so far: {len(judged)} of 16, {right} of them rightly." in demo.readout


def test_a_case_that_was_judged_comes_back_with_its_verdict_and_without_evidence(demo):
    show(demo, 4, "numbers", "wrong")
    demo.controls["case"].value = "5"
    assert demo.controls["verdict"].value == "undecided"
    assert demo.controls["evidence"].value == "none"
    demo.controls["case"].value = "4"
    assert demo.controls["verdict"].value == "wrong"
    demo.reset()
    assert "Judged so far: 0 of 16, 0" in demo.readout
    assert "undecided" in demo.readout
