"""The catalogue of misprints: each row fails as printed and holds corrected, on several networks.

The truths of the rows are measured by complex step in the package. Here they are measured once more
by autograd, which shares no line with it.
"""

import dataclasses
import re
from collections import Counter
from html.parser import HTMLParser

import autograd
import autograd.numpy as anp
import numpy as np
import pytest

from nnmath.misprints import (
    KINDS,
    MISPRINTS,
    TRIALS,
    ShapesDoNotFit,
    compare,
    hadamard,
    judge,
    product,
    table,
    trial,
)
from nnmath.misprints.judge import AGREES, relative_error
from nnmath.misprints.trials import SETTINGS, SLOPES, trials

ROWS = list(MISPRINTS.values())
every_row = pytest.mark.parametrize("row", ROWS, ids=[row.id for row in ROWS])
every_setting = pytest.mark.parametrize("setting", SETTINGS)


def test_there_are_46_of_which_43_are_formulas():
    assert len(ROWS) == len({row.id for row in ROWS}) == 46
    assert Counter(row.document for row in ROWS) == {"000": 8, "001": 17, "002": 21}
    wording = [row.id for row in ROWS if row.kind == "wording"]
    assert wording == ["S0-01", "S2-6a", "S2-6b"]
    assert set(KINDS) == {row.kind for row in ROWS}
    assert [row.id for row in ROWS] == sorted(MISPRINTS, key=lambda id: MISPRINTS[id].document)


# Each row on three networks of its document.


@every_row
@pytest.mark.parametrize("seed", [6, 7, 8])
def test_a_row_fails_as_printed_and_holds_corrected(row, seed):
    found = judge(row, trials(row.setting, seed))
    assert found.readings, f"{row.id}: no printed form is run"
    for name, reading in found.readings.items():
        assert reading.wrong, f"{row.id}: the printed form ({name}) passes: {reading.text}"
    assert found.mended.right, f"{row.id}: the corrected form fails: {found.mended.text}"
    assert found.mended.error <= 1e-12
    assert found.sound


@pytest.mark.parametrize("l", [1, 2, 3])
@pytest.mark.parametrize("row", [r for r in ROWS if r.id.startswith("S2-5")], ids=lambda r: r.id)
def test_what_is_said_of_any_layer_holds_for_each(row, l):
    networks = [dataclasses.replace(network, l=l) for network in TRIALS["002"]]
    assert judge(row, networks).sound, f"{row.id} in layer {l}"


@every_row
def test_a_row_is_complete(row):
    assert row.kind in KINDS
    assert row.place and row.symptom.endswith(".")
    assert row.printed != row.corrected or row.truth is not row.meant is not None
    for text in (row.printed, row.corrected):
        assert text.count("{") == text.count("}") and text.count("[") == text.count("]")
        assert text.count("(") == text.count(")")
        assert ("$" in text) <= (row.kind == "wording")
    numbered = re.match(r"S2-(\d\.\d+)", row.id)
    if numbered:
        assert f"({numbered[1]})" in row.place


@every_row
def test_each_reading_of_an_ambiguous_star_is_run(row):
    star = " * " in row.printed and r"\prime" not in row.printed and "(1)" not in row.printed
    if row.document == "001" and star:
        assert {name.split(" ")[0].rstrip(",") for name in row.readings} >= {"entry", "matrix"}


def test_a_row_that_does_not_hold_is_named():
    """The net is not torn: a right printed form, or a wrong corrected one, breaks the build."""
    row = MISPRINTS["S1-31"]
    passes = dataclasses.replace(row, readings={"": row.mended})
    assert not judge(passes).sound
    with pytest.raises(AssertionError, match="S1-31: the printed form"):
        test_a_row_fails_as_printed_and_holds_corrected(passes, 6)
    fails = dataclasses.replace(row, mended=lambda n: 1.0001 * row.mended(n))
    assert not judge(fails).sound
    with pytest.raises(AssertionError, match="S1-31: the corrected form fails"):
        test_a_row_fails_as_printed_and_holds_corrected(fails, 6)
    one_of_two = dataclasses.replace(row, readings={"a": row.readings[""], "b": row.mended})
    assert not judge(one_of_two).sound
    assert not judge(dataclasses.replace(row, readings={})).sound


def test_a_printed_form_that_is_off_by_little_is_not_called_wrong():
    """Between the bounds lies rounding trouble or a kink, and no row may live on it."""
    row = MISPRINTS["S1-31"]
    near = compare(lambda n: row.mended(n) * (1 + 1e-6), row.truth, TRIALS["001"])
    assert near.stage == "close" and not near.right and not near.wrong


# The trials.


@every_setting
def test_a_trial_lets_no_mistake_hide(setting):
    network = trial(setting)
    sizes = [len(network.X), *(len(b) for b in network.b.values())]
    assert len({*sizes, network.m}) == len(sizes) + 1
    assert network.m >= 2
    assert all(np.abs(b).min() > 0 for b in network.b.values())
    for Z in network.Z.values():
        assert (Z > 0).any() and (Z < 0).any()
        assert np.abs(Z).min() > 1e-6  # no kink
    assert set(np.unique(network.Y)) == {0, 1}
    for row in network.Y:
        assert 0 < row.sum() < network.m
    targets = {network.Y[0, 0] for network in TRIALS["000"]} if setting == "000" else {0, 1}
    assert targets == {0, 1}


def below(z):
    return anp.where(z > 0, z, 0.0)


def shares(z):
    return anp.exp(z) / anp.sum(anp.exp(z), axis=0)


def wave(z):
    return anp.sin(z) + z / 2


def squeeze(z):
    return 1 / (1 + anp.exp(-z))


TWINS = {
    "000": (wave, squeeze),
    "001": (below, below, shares),
    "002": (anp.tanh, wave, squeeze),
    "002, section 6": (anp.tanh, squeeze),
}


def cost(setting, W, b, X, Y, start=0, Z=None):
    """Return J, run from the activations X of layer `start`, or from the logits Z of the next."""
    A = X
    for l, g in list(enumerate(TWINS[setting], start=1))[start:]:
        A = g(Z if Z is not None and l == start + 1 else W[l] @ A + b[l])
    if setting == "001":
        return -anp.sum(Y * anp.log(A)) / Y.shape[1]
    return -anp.sum(Y * anp.log(A) + (1 - Y) * anp.log(1 - A)) / Y.shape[1]


@every_setting
def test_the_measured_slopes_against_autograd(setting):
    n = trial(setting, seed=3)
    W, b, X, Y = dict(n.W), dict(n.b), n.X, n.Y
    assert cost(setting, W, b, X, Y) == pytest.approx(n.cost_after(0, X), rel=1e-13)

    def slope(f, V):
        return autograd.grad(f)(V)

    for l in W:
        assert_same(n.dW[l], slope(lambda v, l=l: cost(setting, {**W, l: v}, b, X, Y), W[l]))
        assert_same(n.db[l], slope(lambda v, l=l: cost(setting, W, {**b, l: v}, X, Y), b[l]))
        rest = lambda v, l=l: cost(setting, W, b, None, Y, l - 1, Z=v)  # noqa: E731
        assert_same(n.dZ[l], slope(rest, n.Z[l]))
    for l in n.A:
        assert_same(n.dA[l], slope(lambda v, l=l: cost(setting, W, b, v, Y, l), n.A[l]))


def assert_same(mine, truth):
    assert mine.shape == truth.shape
    assert relative_error(mine, truth) < AGREES


@every_setting
def test_the_output_in_loops_is_the_output(setting):
    n = trial(setting, seed=4)
    A = n.X
    for l, g in enumerate(TWINS[setting], start=1):
        A = g(n.W[l] @ A + n.b[l])
    np.testing.assert_allclose(n.output_in_loops(), A, rtol=1e-13)


def test_the_slopes_and_jacobians_against_autograd():
    z = np.linspace(-3, 3, 12).reshape(3, 4)
    twins = {"wavy": wave, "tanh": anp.tanh, "sigmoid": squeeze, "relu": below}
    for g, slope in SLOPES.items():
        name = getattr(g, "name", getattr(g, "__name__", ""))
        np.testing.assert_allclose(slope(z), autograd.elementwise_grad(twins[name])(z), rtol=1e-13)
    n = trial("001")
    for J, column in zip(n.jacobians(), n.Z[3].T, strict=True):
        np.testing.assert_allclose(J, autograd.jacobian(shares)(column), rtol=1e-12, atol=1e-15)


def test_a_single_example_is_one_column():
    whole = trial("000")
    assert len(TRIALS["000"]) == whole.m
    for i, one in enumerate(TRIALS["000"]):
        assert one.m == 1
        np.testing.assert_array_equal(one.X, whole.X[:, [i]])
        np.testing.assert_array_equal(one.Y, whole.Y[:, [i]])
    # The gradient of the whole batch is the mean over its examples: where the lost 1/m comes in.
    mean = np.mean([MISPRINTS["S0-28"].mended(one) for one in TRIALS["000"]], axis=0)
    np.testing.assert_allclose(mean, whole.dW[1], rtol=1e-12)
    mean = np.mean([MISPRINTS["S0-23"].mended(one) for one in TRIALS["000"]], axis=0)
    np.testing.assert_allclose(mean, whole.db[2], rtol=1e-12)


# Where misprints hide: what the notebook says about bad test networks.


def test_with_one_example_the_lying_ones_pass_as_printed():
    alone = trials("002", m=1)
    passing = [r.id for r in ROWS if r.setting == "002" and not judge(r, alone).sound]
    assert {"S2-2.13", "S2-2.17", "S2-4.16", "S2-5.1b", "S2-5.20"} <= set(passing)


def test_with_two_hidden_units_6_8_runs_and_is_wrong():
    found = judge(MISPRINTS["S2-6.8a"], trials("002, section 6", sizes=(2, 2, 1)))
    assert found.stage == "wrong numbers" and found.sound


# The strict products, and the judge's words.


@pytest.mark.parametrize(
    ("a", "b"), [((2, 3), (2, 3)), ((2, 3), (3,)), ((3,), (3, 2)), ((1, 1), (5, 1)), ((), (2, 2))]
)
def test_the_matrix_product_is_strict(a, b):
    with pytest.raises(ShapesDoNotFit, match="no product"):
        product(np.ones(a), np.ones(b))


@pytest.mark.parametrize(
    ("a", "b"), [((2, 3), (1, 3)), ((2, 3), (2, 1)), ((2, 3), ()), ((3,), (3, 1))]
)
def test_the_entrywise_product_stretches_nothing(a, b):
    with pytest.raises(ShapesDoNotFit, match="⊙"):
        hadamard(np.ones(a), np.ones(b))


def test_the_products_of_what_fits_are_those_of_numpy():
    A, B = np.arange(6.0).reshape(2, 3), np.arange(12.0).reshape(3, 4)
    np.testing.assert_array_equal(product(A, B), np.dot(A, B))
    np.testing.assert_array_equal(hadamard(A, A + 1), np.multiply(A, A + 1))


@pytest.mark.parametrize(
    ("formula", "stage", "text"),
    [
        (lambda n: n.dZ[2], "wrong shape", "3 × 7 where 3 × 1 is due"),
        (lambda n: product(n.dZ[2], n.ones.T), "no result", "no product (3 × 7)(1 × 7)"),
        (lambda n: n.dZ[2] @ n.ones.T, "no result", "numpy refuses the shapes"),
        (lambda n: -n.db[2], "wrong numbers", "error 2"),
        (lambda n: n.db[2] * np.nan, "wrong numbers", "error inf"),
        (lambda n: n.db[2] * (1 + 1e-14), "right", "equal, below 1e-12"),
    ],
)
def test_the_judge_says_how_far_a_formula_came(formula, stage, text):
    found = compare(formula, lambda n: n.db[2], TRIALS["001"])
    assert (found.stage, found.text) == (stage, text)
    assert found.right == (stage == "right") and found.wrong == (stage != "right")


def test_one_network_of_several_is_enough_to_convict():
    """Document 000's sign is right for every example with y = 1."""
    row = MISPRINTS["S0-17"]
    by_target = {y: [n for n in TRIALS["000"] if n.Y[0, 0] == y] for y in (0, 1)}
    assert judge(row, by_target[0]).sound
    assert not judge(row, by_target[1]).sound
    assert judge(row, TRIALS["000"]).sound


def test_without_a_network_there_is_no_judgement():
    with pytest.raises(ValueError, match="no network"):
        judge(MISPRINTS["S0-17"], [])


# The table.


class Reader(HTMLParser):
    def __init__(self, text):
        super().__init__()
        self.tags, self.open, self.cells, self.ids = Counter(), [], [], []
        self.feed(text)
        assert self.open == []

    def handle_starttag(self, tag, attrs):
        if tag == "br":
            self.cells[-1] += "\n"
            return
        self.open.append(tag)
        self.tags[tag, dict(attrs).get("scope")] += 1
        if tag in ("td", "th", "caption"):
            self.cells.append("")

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        self.cells[-1] += data


def test_the_table_is_a_table_with_headers_and_a_caption():
    text = table()._repr_html_()
    read = Reader(text)
    assert read.tags["caption", None] == 1
    assert read.tags["th", "col"] == 4
    assert read.tags["th", "rowgroup"] == 3
    assert read.tags["th", "row"] == 3 * 46
    assert read.tags["td", None] == 4 * 46
    assert read.cells.count("printed") == read.cells.count("corrected") == 46
    rows = [cell for cell in read.cells if re.match(r"S\d-", cell)]
    assert [cell.split("\n")[0] for cell in rows] == list(MISPRINTS)
    assert text.count("✓") == 46 and "✗" not in text
    for row in ROWS:
        assert any(row.symptom in cell for cell in read.cells)
        assert any(f"{row.printed}" in cell for cell in read.cells)
        assert any(f"{row.corrected}" in cell for cell in read.cells)


def test_the_plain_table_says_what_was_found_in_each_row():
    lines = str(table()).splitlines()
    assert lines[0].startswith("46 misprints") and "In 46 of 46 rows" in lines[0]
    for row in ROWS:
        (line,) = [line for line in lines if line.startswith(f"{row.id} ")]
        assert row.kind in line and "printed: " in line and "corrected: " in line
        assert line.endswith("as counted" if row.kind == "wording" else "equal, below 1e-12")


def test_the_table_of_one_document():
    assert [len(table(document).rows) for document in ("000", "001", "002")] == [8, 17, 21]
    with pytest.raises(ValueError, match="no such document"):
        table("003")


def test_a_torn_row_shows_in_the_table():
    rows = [judge(row) for row in ROWS[:3]]
    broken = dataclasses.replace(rows[1], readings={"": rows[1].mended})
    shown = dataclasses.replace(table("000"), rows=(rows[0], broken, rows[2]))
    assert "In 2 of 3 rows" in shown.caption
    assert shown._repr_html_().count("✗") == 1
