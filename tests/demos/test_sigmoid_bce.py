"""The demos of notebook 01 against formulas written here, one number at a time, with math only."""

import functools
import math
import random

import numpy as np
import pytest

from nnmath.demos import sigmoid_bce
from nnmath.live import Choice

from .test_every_demo import numbers

LOSSES = ("BCE", "squared error")


def sigma(z):
    return 1 / (1 + math.exp(-z))


def right(name, z, y):
    """Return J, ∂J/∂a, ∂a/∂z and ∂J/∂z. 1 − σ(z) is σ(−z), so that no digit is lost."""
    a, rest = sigma(z), sigma(-z)
    if name == "BCE":
        return -y * math.log(a) - (1 - y) * math.log(rest), (1 - y) / rest - y / a, a * rest, a - y
    gap = (a - y) if y < 0.5 else (1 - y) - rest
    return (a - y) ** 2 / 2, gap, a * rest, gap * a * rest


@functools.cache
def curves(name, y):
    return np.array([right(name, k / 10, y) for k in range(-80, 81)]).T


@pytest.fixture
def one(at_rest):
    return at_rest(sigmoid_bce.one_example)


def close(value, rel=1e-9):
    return pytest.approx(value, rel=rel, abs=1e-12)


def check_one(demo, z, y, shown):
    artists = demo.figure.artists
    lines = demo.readout.split("\n")
    assert demo.error is None
    assert numbers(lines[0]) == [z, close(sigma(z), 6e-4), y]
    assert len(lines) == 1 + len(shown)
    for name in LOSSES:
        for part in ("loss", "slope", "loss dot", "slope dot", "tangent", "bar 0", "number 2"):
            assert artists[f"{name} {part}"].get_visible() == (name in shown)
    assert artists["key"].get_visible() == (len(shown) == 2)
    for part in ("loss", "slope"):
        assert list(artists[f"z {part}"].get_xdata()) == [z, z]
    for line, name in zip(lines[1:], shown, strict=True):
        J, *factors = right(name, z, y)
        dJ_dz = factors[2]

        for part, value in (("loss", J), ("slope", dJ_dz)):
            assert artists[f"{name} {part} dot"].get_xdata() == [z]
            assert artists[f"{name} {part} dot"].get_ydata() == [close(value)]
            at, curve = artists[f"{name} {part}"].get_data()
            np.testing.assert_allclose(at, np.arange(-80, 81) / 10, atol=1e-12)
            which = 0 if part == "loss" else 3
            np.testing.assert_allclose(curve, curves(name, y)[which], rtol=1e-8, atol=1e-12)

        (x0, x1), (y0, y1) = artists[f"{name} tangent"].get_data()
        assert (y1 - y0) / (x1 - x0) == close(dJ_dz, 1e-6)
        assert y0 + (z - x0) * dJ_dz == close(J)
        assert x0 < z < x1

        for k, factor in enumerate(factors):
            bar = artists[f"{name} bar {k}"]
            text = artists[f"{name} number {k}"]
            assert (bar.get_x(), bar.get_width()) == (0, close(factor))
            assert k - 0.5 < bar.get_y() < bar.get_y() + bar.get_height() < k + 0.5
            assert bar.get_y() < text.get_position()[1] < bar.get_y() + bar.get_height()
            assert numbers(text.get_text()) == [close(factor, 6e-4)]

        head, equation = line.split("   ")
        assert head.startswith(f"{name}: J = ")
        assert numbers(head) == [close(J, 6e-4)]
        assert equation.startswith("∂J/∂a × ∂a/∂z = ")
        assert equation.endswith("= a − y" if name == "BCE" else "= (a − y) · a(1 − a)")
        product = equation.split("=")[1:3]
        left, middle = product[0].rsplit(" × ", 1) if " × 10" not in product[0] else (None, None)
        if left is not None:
            assert numbers(left) == [close(factors[0], 6e-4)]
            assert numbers(middle) == [close(factors[1], 6e-4)]
        assert numbers(product[1]) == [close(dJ_dz, 6e-4)]
        assert f"{head}, {equation.rsplit(' = ', 1)[0]}." in demo.alt


def shown_by(demo):
    return LOSSES[:1] if demo.controls["loss"].value == sigmoid_bce.ALONE else LOSSES


def test_one_example_starts_where_the_page_starts(one):
    """The page works z = 2, y = 1 by hand: a = 0.8808, and −1.135 × 0.105 = −0.119."""
    check_one(one, 2, 1, ["BCE"])
    assert "∂J/∂a × ∂a/∂z = −1.135 × 0.1050 = −0.1192 = a − y" in one.readout


@pytest.mark.parametrize("loss", [sigmoid_bce.ALONE, sigmoid_bce.BESIDE])
@pytest.mark.parametrize("z", [-8, -2.3, 0, 2, 8])
@pytest.mark.parametrize("y", [0, 0.35, 1])
def test_one_example_at_its_ends(one, z, y, loss):
    one.controls["loss"].value = loss
    one.controls["z"].value = z
    one.controls["y"].value = y
    check_one(one, z, y, shown_by(one))


def test_one_example_in_200_random_states(one):
    rng = random.Random(5)
    choices = {
        "z": [k / 10 for k in range(-80, 81)],
        "y": [k / 20 for k in range(21)],
        "loss": [sigmoid_bce.ALONE, sigmoid_bce.BESIDE],
    }
    for _ in range(200):
        name = rng.choice(list(choices))
        one.controls[name].value = rng.choice(choices[name])
        check_one(one, one.controls["z"].value, one.controls["y"].value, shown_by(one))


def test_squared_error_dies_where_cross_entropy_does_not(one):
    """Confidently wrong: the very reason for the demo."""
    one.controls["loss"].value = sigmoid_bce.BESIDE
    one.controls["z"].value = -8
    widths = [one.figure.artists[f"{name} bar 2"].get_width() for name in LOSSES]
    assert widths[0] == pytest.approx(-1, abs=1e-3)
    assert abs(widths[1]) < 1e-3


def test_every_bar_ends_inside_its_panel(one):
    axes = one.figure.artists["BCE bar 0"].axes
    low, high = axes.get_xlim()
    for z in (-8, 8):
        for y in (0, 1):
            assert low < right("BCE", z, y)[1] < high


# The batch


@pytest.fixture
def batch(at_rest):
    return at_rest(sigmoid_bce.batch)


POINTS = list(zip(*sigmoid_bce.X.tolist(), sigmoid_bce.Y[0].tolist(), strict=True))


def cost(w1, w2, b):
    """Return the mean of log(1 + e^z) − yz, without overflow."""
    total = 0.0
    for x1, x2, y in POINTS:
        z = w1 * x1 + w2 * x2 + b
        total += max(z, 0) + math.log1p(math.exp(-abs(z))) - y * z
    return total / len(POINTS)


def slopes(w1, w2, b):
    d1 = d2 = d3 = 0.0
    for x1, x2, y in POINTS:
        gap = sigma(w1 * x1 + w2 * x2 + b) - y
        d1, d2, d3 = d1 + gap * x1, d2 + gap * x2, d3 + gap
    return d1 / len(POINTS), d2 / len(POINTS), d3 / len(POINTS)


def check_batch(demo, w1, w2, b, past=(), steps=0, lr=0.3):
    artists = demo.figure.artists
    J, (d1, d2, db) = cost(w1, w2, b), slopes(w1, w2, b)
    assert demo.error is None

    first, second = demo.readout.split("\n")
    # The subscripts ₁ and ₂ are not digits to the reader of numbers.
    assert numbers(first) == [pytest.approx(v, abs=6e-4) for v in (w1, w2, b, J)] + [steps]
    assert numbers(second) == [pytest.approx(v, abs=6e-5) for v in (d1, d2, db)]
    alt = [pytest.approx(v, abs=6e-4) for v in (w1, w2, b, J, d1, d2, db)]
    assert numbers(demo.alt) == [*alt, lr, steps]

    field = np.asarray(artists["field"].get_array())
    edge = sigmoid_bce.PLANE
    grid = np.linspace(-edge, edge, len(field))
    for i, j in ((0, 0), (0, -1), (-1, 0), (-1, -1), (10, 30), (40, 5)):
        z = w1 * grid[j] + w2 * grid[i] + b
        assert field[i, j] == pytest.approx(sigma(z), abs=1e-9)
    assert tuple(artists["field"].get_extent()) == (-edge, edge, -edge, edge)

    for name, label in (("zeros", 0), ("ones", 1)):
        drawn = list(zip(*artists[name].get_data(), strict=True))
        assert drawn == [(x1, x2) for x1, x2, y in POINTS if y == label]

    line = list(zip(*artists["line"].get_data(), strict=True))
    if abs(w1) + abs(w2) < 1e-6:
        assert line == []
    else:
        (p1, p2), (q1, q2) = line
        size = math.hypot(w1, w2)
        for x1, x2 in line:
            assert (w1 * x1 + w2 * x2 + b) / size == pytest.approx(0, abs=1e-9)
        if abs(b) / size < edge:  # the line meets the plane: it must cross all of it
            assert math.hypot(p1 - q1, p2 - q2) > 2 * math.sqrt(2) * edge

    path = np.transpose(artists["path"].get_data())
    np.testing.assert_allclose(path, [*(p[:2] for p in past), (w1, w2)], atol=1e-9)
    assert [v[0] for v in artists["w"].get_data()] == pytest.approx([w1, w2])
    assert [v[0] for v in artists["b"].get_data()] == pytest.approx([0, b])
    assert artists["w"].get_clip_on() == (max(abs(w1), abs(w2)) > 5)  # else half a dot on the edge
    assert artists["b"].get_clip_on() == (abs(b) > 5)
    check_arrow(artists["w arrow"], (w1, w2), (-d1, -d2))
    check_arrow(artists["b arrow"], (0, b), (0, -db))

    at, trace = artists["trace"].get_data()
    np.testing.assert_allclose(trace, [*(p[2] for p in past), J], rtol=1e-9)
    ticks = [int(artists[f"step {k}"].get_text()) for k in range(3)]
    begin = steps - len(past)
    places = (begin + np.arange(len(past) + 1) - ticks[0]) / (ticks[2] - ticks[0])
    np.testing.assert_allclose(at, places, atol=1e-12)
    assert ticks[0] == begin and ticks[2] >= steps and ticks[1] == (ticks[0] + ticks[2]) / 2
    assert [v[0] for v in artists["J"].get_data()] == pytest.approx([at[-1], J])


def check_arrow(arrow, tail, along):
    """The arrow starts at the point, goes straight downhill, and is as long as the slope says."""
    start, end = arrow._posA_posB
    moved = np.subtract(end, start)
    assert tuple(start) == pytest.approx(tail)
    assert moved == pytest.approx(np.multiply(sigmoid_bce.ARROW, along), abs=1e-9)
    assert arrow.get_visible() == (np.hypot(*moved) > 0.02)


def test_batch_starts_wrong(batch):
    check_batch(batch, -1.5, 1, 1.5)
    assert cost(-1.5, 1, 1.5) > 2 * 0.363  # well above the least J, so that there is a way to go


def test_batch_in_200_random_states(batch):
    rng = random.Random(11)
    now = {"w1": -1.5, "w2": 1, "b": 1.5, "lr": 0.3}
    for _ in range(200):
        name = rng.choice(list(now))
        rates = batch.controls["lr"].choices
        now[name] = rng.choice(rates) if name == "lr" else rng.randint(-50, 50) / 10
        batch.controls[name].value = now[name]
        check_batch(batch, now["w1"], now["w2"], now["b"], lr=now["lr"])


@pytest.mark.parametrize("w", [(0, 0, 0), (0, 0, 5), (5, 5, 5), (-5, -5, -5), (0, 3, 0), (3, 0, 5)])
def test_batch_at_its_ends_and_without_weights(batch, w):
    for name, value in zip(("w1", "w2", "b"), w, strict=True):
        batch.controls[name].value = value
    check_batch(batch, *w)


def descend(w, lr, steps):
    """Return the last weights and the past of plain gradient descent."""
    past = []
    for _ in range(steps):
        past.append((w[0], w[1], cost(*w)))
        w = tuple(v - lr * d for v, d in zip(w, slopes(*w), strict=True))
    return w, past


def test_a_dot_beyond_its_panel_does_not_lie_on_the_next(batch):
    start = (-5, 5, -5)
    for name, value in zip(("w1", "w2", "b", "lr"), (*start, 30), strict=True):
        batch.controls[name].value = value
    batch.controls["step"].click()
    w, past = descend(start, 30, 1)
    assert min(w) > 5
    check_batch(batch, *w, past, steps=1, lr=30)


def test_a_step_that_is_too_large_raises_the_cost(batch):
    """Notebook 01 promises it; 100 such steps are chaotic, so only the first is compared."""
    batch.controls["lr"].value = 30
    batch.controls["step"].click()
    w, past = descend((-1.5, 1, 1.5), 30, 1)
    check_batch(batch, *w, past, steps=1, lr=30)
    assert cost(-1.5, 1, 1.5) < 1.49 < 1.99 < cost(*w)


@pytest.mark.parametrize("lr", [0.03, 0.1, 0.3, 1, 3, 10])
def test_one_step_and_100_steps_are_gradient_descent(batch, lr):
    batch.controls["lr"].value = lr
    batch.controls["step"].click()
    w, past = descend((-1.5, 1, 1.5), lr, 1)
    check_batch(batch, *w, past, steps=1, lr=lr)
    assert "after 1 step" in batch.readout and "steps" not in batch.readout
    batch.controls["run"].click()
    w, past = descend((-1.5, 1, 1.5), lr, 101)
    check_batch(batch, *w, past, steps=101, lr=lr)
    for name, value in zip(("w1", "w2", "b"), w, strict=True):
        assert batch.controls[name].value == pytest.approx(value)


def test_only_the_last_steps_are_drawn(batch):
    for _ in range(4):
        batch.controls["run"].click()
    w, past = descend((-1.5, 1, 1.5), 0.3, 400)
    check_batch(batch, *w, past[-sigmoid_bce.KEPT :], steps=400)


def test_moving_the_neuron_by_hand_begins_a_new_descent(batch):
    batch.controls["run"].click()
    batch.controls["lr"].value = 1  # no new beginning
    assert batch.state["steps"] == 100
    batch.controls["b"].value = 2
    assert (batch.state["steps"], batch.state["past"]) == (0, ())


def test_the_contours_are_lines_of_equal_cost(batch):
    for b in (-3, 0, 1.5):
        batch.controls["b"].value = b
        path = batch.figure.artists["contours"].get_path()
        found = set()
        for vertices in path.to_polygons(closed_only=False):
            costs = [cost(w1, w2, b) for w1, w2 in vertices[:: max(1, len(vertices) // 7)]]
            level = min(sigmoid_bce.LEVELS, key=lambda level: abs(level - costs[0]))
            assert costs == [pytest.approx(level, rel=0.02)] * len(costs)
            found.add(level)
        assert len(found) >= 4


def test_every_start_stays_on_the_scale_of_the_trace():
    low, high = sigmoid_bce.batch().figure.artists["trace"].axes.get_ylim()
    ends = (-5, 5)
    assert max(cost(w1, w2, b) for w1 in ends for w2 in ends for b in ends) < high
    best, _ = descend((0, 0, 0), 1, 300)
    assert low < cost(*best)


def test_the_loss_is_the_only_choice(one):
    assert [c for c in one.controls.values() if isinstance(c, Choice)] == [one.controls["loss"]]
