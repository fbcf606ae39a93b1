"""The demos of notebook 03 against a network written here, entry by entry and by complex step."""

import itertools
import json
import math
import random
import tracemalloc
from pathlib import Path

import numpy as np
import pytest

import nnmath as nn
from nnmath.demos import relu_network as demos
from nnmath.demos.relu_network.digits import HELD, gallery, split, trained
from nnmath.demos.relu_network.wiggle import TINY, X, Y, curve, kinks
from nnmath.demos.relu_network.x_ray import NAMES, connections, passes

from .test_every_demo import numbers

RNG = random.Random(3)


def own_forward(W, b, x):
    """Return Z[1..3] of a ReLU network for the columns of x; complex numbers pass."""
    Z, a = {}, x
    for l in (1, 2, 3):
        Z[l] = W[l] @ a + b[l]
        a = np.where(Z[l].real > 0, Z[l], 0)
    return Z


def own_cost(W, b, x, y):
    Z = own_forward(W, b, x)[3]
    return np.sum(y * (np.log(np.sum(np.exp(Z), axis=0)) - Z)) / x.shape[1]


def own_slope(W, b, x, y, l, k, j):
    """Return ∂J/∂W[l][k, j] by complex step."""
    nudged = {p: v.astype(complex) for p, v in W.items()}
    nudged[l][k, j] += 1e-30j
    return own_cost(nudged, b, x, y).imag / 1e-30


def changed(W, l, k, j, value):
    new = {p: v.copy() for p, v in W.items()}
    new[l][k, j] = value
    return new


def readout_of(demo):
    return demo.readout.split("\n")


# Wiggle -----------------------------------------------------------------------------------------

W, B = dict(TINY.W), dict(TINY.b)
ENTRIES = [(l, k, j) for l in W for k, j in np.ndindex(W[l].shape)]


@pytest.fixture
def wiggle(at_rest):
    return at_rest(demos.wiggle)


def choose(demo, l, k, j, value=None):
    for name, chosen in (("matrix", f"W[{l}]"), ("row", k + 1), ("column", j + 1)):
        demo.controls[name].value = chosen
    if value is not None:
        demo.controls["value"].value = value
    return demo.controls["value"].value


def check_wiggle(demo, l, k, j, value):
    artists = demo.figure.artists
    here = changed(W, l, k, j, value)
    J, slope = own_cost(here, B, X, Y), own_slope(here, B, X, Y, l, k, j)
    assert artists["J dot"].get_data() == ([value], [pytest.approx(J, rel=1e-9)])
    assert artists["slope dot"].get_data() == ([value], [pytest.approx(slope, abs=1e-9)])
    (x0, x1), (y0, y1) = artists["tangent"].get_data()
    assert (y1 - y0) / (x1 - x0) == pytest.approx(slope, abs=1e-9)
    assert y0 + (value - x0) * slope == pytest.approx(J)
    assert x0 < value < x1

    rows, columns = W[l].shape
    for u, v in itertools.product(range(5), range(5)):
        text = artists[f"cell {u} {v}"].get_text()
        if u < rows and v < columns:
            right = own_slope(here, B, X, Y, l, u, v)
            assert numbers(text) == [pytest.approx(right, abs=5.1e-4)]
        else:
            assert text == ""
    assert artists["box"].get_xy() == (j, k)
    assert numbers(artists["heading"].get_text()) == [l, rows, columns]
    head = f"W[{l}] row {k + 1}, column {j + 1}"
    first, second = readout_of(demo)
    assert first.startswith(head)
    assert numbers(first)[:5] == [
        l, k + 1, j + 1, pytest.approx(value, abs=5.1e-3), pytest.approx(J, abs=5.1e-5)
    ]  # fmt: skip
    assert numbers(second)[:2] == [l, pytest.approx(slope, abs=5.1e-5)]
    assert demo.error is None


@pytest.mark.parametrize(("l", "k", "j"), ENTRIES)
def test_wiggle_shows_each_entry_at_its_own_value(wiggle, l, k, j):
    value = choose(wiggle, l, k, j)
    assert value == W[l][k, j]
    check_wiggle(wiggle, l, k, j, value)


def test_wiggle_at_random_values_of_random_entries(wiggle):
    for _ in range(60):
        entry = RNG.choice(ENTRIES)
        value = round(-3 + 0.05 * RNG.randint(0, 120), 2)
        check_wiggle(wiggle, *entry, choose(wiggle, *entry, value))


@pytest.mark.parametrize(("l", "k", "j"), ENTRIES)
def test_the_curves_are_J_and_its_slope(l, k, j):
    values, J, slope = curve(l, k, j)
    corners = np.array(kinks(l, k, j))
    assert np.isnan(slope).sum() == len(corners)
    for at in range(0, len(values), 7):
        here = changed(W, l, k, j, values[at])
        assert J[at] == pytest.approx(own_cost(here, B, X, Y), rel=1e-9)
        if not np.isnan(slope[at]) and np.min(np.abs(corners - values[at]), initial=1) > 1e-6:
            right = own_slope(here, B, X, Y, l, k, j)
            assert slope[at] == pytest.approx(right, abs=1e-9)


@pytest.mark.parametrize(("l", "k", "j"), ENTRIES)
def test_the_kinks_are_where_a_hidden_unit_switches(l, k, j):
    grid = np.linspace(-3, 3, 2402)  # an even number, so that no multiple of 0.05 is on it
    found = []
    for left, right in itertools.pairwise(grid):
        sides = []
        for value in (left, right):
            Z = own_forward(changed(W, l, k, j, value), B, X)
            sides.append(np.concatenate([(Z[p] > 0).ravel() for p in (1, 2)]))
        if (sides[0] != sides[1]).any():
            found.append((left, right))
    inside = kinks(l, k, j)
    assert (l == 3) == (not inside)
    for value in inside:
        assert abs(value) == 3 or any(left <= value <= right for left, right in found)
    for left, right in found:
        assert any(left <= value <= right for value in inside)


def test_wiggle_draws_its_kinks(wiggle):
    for entry in ENTRIES[::5]:
        choose(wiggle, *entry)
        l, k, j = entry
        artists, corners = wiggle.figure.artists, kinks(*entry)
        assert list(artists["corners"].get_xdata()) == list(corners)
        for value, J in zip(*artists["corners"].get_data(), strict=True):
            here = changed(W, l, k, j, value)
            assert pytest.approx(own_cost(here, B, X, Y), rel=1e-6) == J
        for name in ("kinks", "jumps"):
            assert list(artists[name].get_xdata()[::3]) == list(corners)
        assert f"{len(corners)} kink" in wiggle.readout


def test_on_a_kink_both_slopes_are_said(wiggle):
    exact = [
        (entry, value)
        for entry in ENTRIES
        for value in kinks(*entry)
        if abs(value * 4 - round(value * 4)) < 1e-9 and abs(value) < 3
    ]
    assert exact, "the tiny network has no kink that the slider can reach"
    for (l, k, j), value in exact[:6]:
        choose(wiggle, l, k, j, value)
        said = numbers(readout_of(wiggle)[1].partition("kink")[2])
        sides = [own_slope(changed(W, l, k, j, value + h), B, X, Y, l, k, j) for h in (-1e-7, 1e-7)]
        assert said == [pytest.approx(side, abs=2e-4) for side in sides]
    choose(wiggle, 3, 0, 0, 1)
    assert "slope by nudging" in wiggle.readout


def test_a_smaller_matrix_keeps_the_choice_inside(wiggle):
    choose(wiggle, 1, 4, 3)
    wiggle.controls["matrix"].value = "W[3]"
    assert (wiggle.controls["row"].value, wiggle.controls["column"].value) == (2, 3)
    assert wiggle.controls["value"].value == W[3][1, 2]


def test_steps_downhill_lower_the_cost(wiggle):
    choose(wiggle, 2, 1, 2, 3)
    before = own_slope(changed(W, 2, 1, 2, 3.0), B, X, Y, 2, 1, 2)
    wiggle.controls["down"].click()
    assert wiggle.controls["value"].value == pytest.approx(3 - 0.2 * before)
    costs = []
    for _ in range(4):
        value = wiggle.controls["value"].value
        costs.append(own_cost(changed(W, 2, 1, 2, value), B, X, Y))
        wiggle.controls["run"].click()
    assert costs == sorted(costs, reverse=True)


def test_on_the_flat_part_the_weight_moves_nothing(wiggle):
    choose(wiggle, 2, 1, 2, -2)
    assert numbers(readout_of(wiggle)[1])[1] == 0
    before = wiggle.controls["value"].value
    wiggle.controls["run"].click()
    assert wiggle.controls["value"].value == before


@pytest.mark.parametrize(("k", "j", "works_for"), [(1, 2, 1), (2, 4, 0)])
def test_a_flat_part_is_not_yet_a_dead_unit(k, j, works_for):
    """The text says so of these two weights at -3: one unit works for one example, one for none."""
    nudged = changed(W, 2, k, j, -3)
    Z = own_forward(nudged, B, X)[2]
    assert np.sum(Z[k] > 0) == works_for
    row = [own_slope(nudged, B, X, Y, 2, k, v) for v in range(5)]
    assert row[j] == 0
    assert np.any(row) == (works_for > 0)


def test_the_tiny_network_is_the_one_of_the_notebook():
    path = Path(__file__).resolve().parents[2] / "notebooks" / "03_relu_network.ipynb"
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    sources = ["".join(c["source"]) for c in cells if c["cell_type"] == "code"]
    names: dict = {"np": np}
    for name in ("X", "W1", "W2"):
        exec(next(s for s in sources if s.startswith(f"{name} = np.array")), names)
    np.testing.assert_array_equal(names["X"], X)
    np.testing.assert_array_equal(names["Y"], Y)
    for l in (1, 2, 3):
        np.testing.assert_array_equal(names[f"W{l}"], W[l])
        np.testing.assert_array_equal(names[f"b{l}"], B[l])


def test_the_tiny_network_hides_no_mistake():
    Z = own_forward(W, B, X)
    assert len({*TINY.sizes, X.shape[1]}) == 5
    for l in (1, 2):
        share = (Z[l] > 0).mean(axis=1)
        assert (share > 0).all() and (share < 1).all()
    assert all((v != 0).all() for v in (*W.values(), *B.values(), Z[1], Z[2]))


# The digits -------------------------------------------------------------------------------------


def test_the_trained_network_keeps_the_promises_of_the_text():
    (X_train, _), (X_held, Y_held) = split()
    assert (X_train.shape, X_held.shape) == ((64, 1437), (64, 360))
    every = np.hstack([X_train, X_held])
    assert sorted(map(tuple, every.T)) == sorted(map(tuple, nn.data.digits()[0].T))
    net = trained()
    Z = own_forward(net.W, net.b, X_held)[3]
    assert np.mean(Z.argmax(axis=0) == Y_held.argmax(axis=0)) >= 0.95
    assert trained() is trained()


def test_the_gallery_is_sorted_and_complete():
    drawn, labels = gallery()
    X_held, Y_held = split()[1]
    net = trained()
    alone = [own_cost(net.W, net.b, drawn[:, [i]], np.eye(10)[:, [labels[i]]]) for i in range(360)]
    assert all(a <= b + 1e-12 for a, b in itertools.pairwise(alone))
    assert sorted(map(tuple, drawn.T)) == sorted(map(tuple, X_held.T))
    assert np.bincount(labels).tolist() == Y_held.sum(axis=1).astype(int).tolist()


# Learning ---------------------------------------------------------------------------------------


def test_learning_shows_the_run_it_is_given():
    X, Y = nn.data.digits()
    train, held = (X[:, :50], Y[:, :50]), (X[:, 50:90], Y[:, 50:90])
    start = nn.init([64, 5, 10], [nn.relu, nn.softmax], np.random.RandomState(5))
    history = nn.train(start, *train, nn.cross_entropy, lr=0.5, steps=30, every=4)
    demo = demos.learning(history, train, held)
    for at, step in enumerate(history.steps):
        demo.controls["step"].value = float(step)
        assert demo.error is None
        net = history.nets[at]
        said = []
        for name, (x, y) in (("training pictures", train), ("held-out pictures", held)):
            A1 = np.maximum(net.W[1] @ x + net.b[1], 0)
            Z = net.W[2] @ A1 + net.b[2]
            J = np.mean(np.log(np.exp(Z).sum(axis=0)) - (y * Z).sum(axis=0))
            share = sum(Z[:, i].argmax() == y[:, i].argmax() for i in range(y.shape[1]))
            percent = 100 * share / y.shape[1]
            for part, value in (("J", J), ("share", percent)):
                x_dot, y_dot = demo.figure.artists[f"{part} {name}"].get_data()
                assert (x_dot, y_dot) == ([step], [pytest.approx(value)])
            said += [pytest.approx(J, abs=5.1e-4), pytest.approx(percent, abs=0.051)]
        assert numbers(readout_of(demo)[1].replace("held-out", "")) == said
        sheet = demo.figure.artists["W"].get_array()
        assert sheet.shape == (8, 71)
        largest = np.abs(net.W[1]).max()
        for k in range(5):
            tile = sheet[:, 9 * k : 9 * k + 8]
            np.testing.assert_allclose(tile, net.W[1][k].reshape(8, 8) / largest)
    demo.close()


def test_learning_plays_to_the_end():
    demo = demos.learning()
    demo.controls["on"].click()
    assert demo.controls["step"].value == 10
    demo.controls["run"].click()
    assert demo.controls["step"].value == 400
    demo.close()


# X-ray ------------------------------------------------------------------------------------------


@pytest.fixture
def x_ray(at_rest):
    return at_rest(demos.x_ray)


def by_hand(at):
    """Return all arrays of one picture of the gallery, computed with loops where they are short."""
    net = trained()
    drawn, labels = gallery()
    x, y = drawn[:, at], np.eye(10)[labels[at]]
    Z = {l: v[:, 0] for l, v in own_forward(net.W, net.b, drawn[:, [at]]).items()}
    A = {0: x, 1: np.maximum(Z[1], 0), 2: np.maximum(Z[2], 0)}
    E = np.exp(Z[3])
    A[3] = E / E.sum()
    dZ = {3: A[3] - y}
    dA = {}
    for l in (2, 1):
        above = net.W[l + 1]
        dA[l] = np.array([sum(above[:, j] * dZ[l + 1]) for j in range(above.shape[1])])
        dZ[l] = np.where(Z[l] > 0, dA[l], 0.0)
    dW = {l: np.array([[d * a for a in A[l - 1]] for d in dZ[l]]) for l in (1, 2, 3)}
    return net, Z, A, dA, dZ, dW, int(labels[at])


def check_x_ray(demo):
    state, artists = demo.state, demo.figure.artists
    stage, at = int(state["stage"]), int(state["picture"]) - 1
    l, unit = NAMES[state["layer"]], int(state["unit"]) - 1
    net, Z, A, dA, dZ, dW, digit = by_hand(at)
    assert demo.error is None
    assert unit < len(Z[l])
    order = ["A0", "Z1", "A1", "Z2", "A2", "Z3", "A3", "dZ3", "dW3"]
    order += ["dA2", "dZ2", "dW2", "dA1", "dZ1", "dW1"]
    known = set(order[: stage + 1])
    np.testing.assert_array_equal(artists["picture"].get_array(), A[0].reshape(8, 8))

    for p in (1, 2, 3):
        own = {"Z": Z[p], "A": A[p], "dA": dA.get(p), "dZ": dZ[p]}
        shown = np.ma.filled(artists[f"block {p}"].get_array().astype(float), np.nan)
        names = [name for name in own if own[name] is not None]
        assert shown.shape == (len(Z[p]), len(names))
        for c, name in enumerate(names):
            if f"{name}{p}" not in known:
                assert np.isnan(shown[:, c]).all()
                continue
            twin = {"Z": "A", "A": "Z", "dA": "dZ", "dZ": "dA"}[name]
            scale = max(np.abs(own[name]).max(), np.abs(own[twin]).max() if p < 3 else 0)
            np.testing.assert_allclose(shown[:, c], own[name] / scale, atol=1e-9)
        marks = {(round(x - 0.5), round(y - 0.5)) for x, y in artists[f"off {p}"].get_xydata()}
        right = {
            (names.index(name), k)
            for name in ("A", "dZ")
            for k in range(len(Z[p]))
            if p < 3 and f"{name}{p}" in known and Z[p][k] <= 0
        }
        assert marks == right
        image = np.ma.filled(artists[f"dW {p}"].get_array().astype(float), np.nan)
        if f"dW{p}" in known:
            np.testing.assert_allclose(image, dW[p] / np.abs(dW[p]).max(), atol=1e-9)
            said = numbers(artists[f"dW heading {p}"].get_text())[-1]
            assert said == pytest.approx(np.abs(dW[p]).max(), rel=0.051)
        else:
            assert np.isnan(image).all()
        assert artists[f"unit {p}"].get_visible() == (p == l)
        framed = [name for c, name in enumerate(names) if artists[f"now {p}"].get_visible()]
        assert bool(framed) == (order[stage] in {f"{name}{p}" for name in names})
        if framed:
            assert names[int(artists[f"now {p}"].get_x())] + str(p) == order[stage]
        assert artists[f"dW now {p}"].get_visible() == (order[stage] == f"dW{p}")
    assert artists[f"unit {l}"].get_y() == unit

    weights = np.ravel(artists["W row"].get_array())
    np.testing.assert_allclose(weights, net.W[l][unit] / np.abs(net.W[l][unit]).max())
    row = np.ma.filled(np.ravel(artists["dW row"].get_array()).astype(float), np.nan)
    if f"dW{l}" in known:
        largest = np.abs(dW[l][unit]).max()
        np.testing.assert_allclose(row, dW[l][unit] / (largest or 1), atol=1e-9)
    else:
        assert np.isnan(row).all()

    head, whole, about = readout_of(demo)
    assert head.startswith(f"stage {stage} of 14, {'forward' if stage < 7 else 'backward'}: ")
    assert f"picture {at + 1}, a {digit}: " in whole
    if "A3" in known:
        said = numbers(whole.partition(": ")[2])
        assert said[0] == A[3].argmax()
        assert said[1] == pytest.approx(100 * A[3].max(), abs=0.051)
        assert said[2] == pytest.approx(-math.log(A[3][digit]), rel=6e-3)
        for k in range(10):
            assert numbers(artists[f"answer {k}"].get_text())[:2] == [
                k, pytest.approx(100 * A[3][k], abs=0.051)
            ]  # fmt: skip
    else:
        assert "no answer yet" in whole
    values = [("Z", Z), ("A", A), ("dA", dA), ("dZ", dZ)]
    right = [v[l][unit] for name, v in values if f"{name}{l}" in known and l in v]
    said = about.replace("(×)", "")
    assert numbers(said)[2:] == [pytest.approx(v, rel=6e-3, abs=1e-12) for v in right]
    if l < 3 and f"A{l}" in known:
        assert ("inactive" in about) == (Z[l][unit] <= 0)


def test_x_ray_at_each_stage(x_ray):
    for stage in range(15):
        x_ray.controls["stage"].value = stage
        check_x_ray(x_ray)


def test_looking_at_every_picture_keeps_less_than_2_mib():
    """All 360 passes, forward and backward, would take 10 MiB."""
    gallery()
    passes.cache_clear()
    tracemalloc.start()
    try:
        for at in range(HELD):
            passes(at)
        assert tracemalloc.get_traced_memory()[0] < 2 * 2**20
    finally:
        tracemalloc.stop()


def test_x_ray_at_random_states(x_ray):
    for _ in range(40):
        x_ray.controls["stage"].value = RNG.randint(0, 14)
        x_ray.controls["picture"].value = RNG.randint(1, 360)
        x_ray.controls["layer"].value = RNG.choice(list(NAMES))
        x_ray.controls["unit"].value = RNG.randint(1, 32)
        check_x_ray(x_ray)


def test_the_connections_carry_what_they_are_said_to_carry():
    net, _, A, _, dZ, _, _ = by_hand(200)
    for l, unit in ((1, 3), (2, 7), (3, 2)):
        for stage in range(15):
            below, above = connections(l, unit, 200, stage)
            if l == 1:
                assert below.size == 0
            else:
                forward = A[l - 1] * (stage >= 2 * l - 1)
                back = dZ[l][unit] * np.ones(len(A[l - 1]))
                right = back if stage >= {3: 9, 2: 12}[l] else forward
                np.testing.assert_allclose(below, net.W[l][unit] * right, atol=1e-12)
            if l == 3:
                assert above.size == 0
            else:
                forward = np.full(len(dZ[l + 1]), A[l][unit] * (stage >= 2 * l + 1))
                right = dZ[l + 1] if stage >= {2: 9, 1: 12}[l] else forward
                np.testing.assert_allclose(above, net.W[l + 1][:, unit] * right, atol=1e-12)


def test_the_lines_are_as_many_and_as_wide_as_the_connections(x_ray):
    x_ray.controls["layer"].value = "layer 2, 16 units"
    for unit, stage in ((3, 4), (3, 14), (6, 14)):
        x_ray.controls["unit"].value, x_ray.controls["stage"].value = unit, stage
        below, above = connections(2, unit - 1, 356, stage)
        strongest = max(np.abs(below).max(), np.abs(above).max())
        for where, carried in (("below", below), ("above", above)):
            for sign, seen in (("plus", carried > 0), ("minus", carried < 0)):
                drawn = carried[seen & (np.abs(carried) > 0.04 * strongest)]
                lines = x_ray.figure.artists[f"{where} {sign}"]
                assert len(lines.get_segments()) == len(drawn)
                if len(drawn):
                    widths = 0.4 + 3 * np.abs(drawn) / strongest
                    np.testing.assert_allclose(lines.get_linewidths(), widths)


def test_the_buttons_walk_through_the_stages(x_ray):
    assert x_ray.controls["stage"].value == 14
    for stage in (*range(15), 0):
        x_ray.controls["next"].click()
        assert x_ray.controls["stage"].value == stage
    x_ray.controls["stage"].value = 9
    x_ray.controls["begin"].click()
    assert x_ray.controls["stage"].value == 0


# Pixels -----------------------------------------------------------------------------------------


@pytest.fixture
def pixels(at_rest):
    return at_rest(demos.pixels)


def check_pixels(demo):
    state, artists = demo.state, demo.figure.artists
    net = trained()
    x, y = np.array([state["pixels"]]).T, np.eye(10)[:, [int(state["target"])]]
    at = 8 * (int(state["row"]) - 1) + int(state["column"]) - 1
    assert demo.error is None
    assert demo.controls["ink"].value == pytest.approx(x[at, 0])
    np.testing.assert_array_equal(artists["picture"].get_array(), x.reshape(8, 8))

    slopes = np.zeros(64)
    for p in range(64):
        nudged = x.astype(complex)
        nudged[p] += 1e-30j
        slopes[p] = own_cost(net.W, net.b, nudged, y).imag / 1e-30
    shown = np.ravel(artists["slopes"].get_array())
    np.testing.assert_allclose(shown, slopes / np.abs(slopes).max(), atol=1e-7)
    E = np.exp(own_forward(net.W, net.b, x)[3][:, 0])
    percent = 100 * E / E.sum()
    for k in range(10):
        assert artists[f"bar {k}"].get_width() == pytest.approx(percent[k], abs=1e-9)
        assert numbers(artists[f"percent {k}"].get_text()) == [pytest.approx(percent[k], abs=0.051)]
    assert artists["target"].get_position()[1] == state["target"]

    inks, J_curve = artists["J"].get_data()
    for ink, J in zip(inks[::9], J_curve[::9], strict=True):
        other = x.copy()
        other[at] = ink
        assert pytest.approx(own_cost(net.W, net.b, other, y), rel=1e-6, abs=1e-12) == J
    J = own_cost(net.W, net.b, x, y)
    (ink,), (height,) = artists["dot"].get_data()
    assert (ink, height) == (x[at, 0], pytest.approx(J, rel=1e-6, abs=1e-12))
    (x0, x1), (y0, y1) = artists["tangent"].get_data()
    assert (y1 - y0) / (x1 - x0) == pytest.approx(slopes[at], rel=1e-6, abs=1e-12)
    assert y0 + (ink - x0) * slopes[at] == pytest.approx(J, rel=1e-6, abs=1e-12)

    first, second, third = readout_of(demo)
    drawn, labels = gallery()
    picture = int(state["picture"]) - 1
    assert numbers(first)[:3] == [picture + 1, labels[picture], state["target"]]
    assert numbers(first)[3] == pytest.approx(J, rel=6e-4, abs=1e-12)
    assert numbers(first)[4:] == [percent.argmax(), pytest.approx(percent.max(), abs=0.051)]
    assert numbers(second)[:2] == [state["row"], state["column"]]
    assert numbers(second)[3] == pytest.approx(slopes[at], rel=6e-3, abs=1e-12)
    change = np.abs(x[:, 0] - drawn[:, picture])
    assert numbers(third) == [(change > 0).sum(), 64, pytest.approx(change.max(), abs=5.1e-3)]


def test_pixels_at_random_states(pixels):
    check_pixels(pixels)
    for _ in range(25):
        name = RNG.choice(["picture", "target", "row", "column", "ink", "ink"])
        slider = pixels.controls[name]
        steps = round((slider.max - slider.min) / slider.step)
        slider.value = min(slider.min + RNG.randint(0, steps) * slider.step, slider.max)
        check_pixels(pixels)
    for name in ("down", "run", "up"):
        pixels.controls[name].click()
        check_pixels(pixels)


def test_the_ink_is_kept_until_another_picture_is_chosen(pixels):
    pixels.controls["ink"].value = 0.9
    pixels.controls["row"].value = 1
    pixels.controls["ink"].value = 0.3
    pixels.controls["row"].value = 4
    assert pixels.controls["ink"].value == 0.9
    pixels.controls["picture"].value = 10
    drawn, labels = gallery()
    assert pixels.state["pixels"] == tuple(drawn[:, 9])
    assert pixels.controls["target"].value == labels[9]


def test_a_step_goes_against_the_slope_and_stays_on_paper(pixels):
    before = np.array(pixels.state["pixels"])
    slopes = np.ravel(pixels.figure.artists["slopes"].get_array()).copy()
    pixels.controls["down"].click()
    after = np.array(pixels.state["pixels"])
    np.testing.assert_allclose(after, np.clip(before - 0.05 * slopes, 0, 1))
    assert after.min() >= 0 and after.max() <= 1
    pixels.reset()
    pixels.controls["up"].click()
    np.testing.assert_allclose(
        np.array(pixels.state["pixels"]), np.clip(before + 0.05 * slopes, 0, 1)
    )
    pixels.controls["picture"].value = 10
    pixels.controls["picture"].value = 300
    assert pixels.state["pixels"] == tuple(before)


def test_twenty_steps_towards_another_digit_change_the_answer(pixels):
    pixels.controls["target"].value = 5
    pixels.controls["run"].click()
    assert numbers(readout_of(pixels)[0])[4] == 5
