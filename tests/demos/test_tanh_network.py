"""The demos of notebook 05 against values computed here, with no backward pass of the package."""

import re

import numpy as np
import pytest

import nnmath as nn
from nnmath.demos import tanh_network as demos
from nnmath.demos.tanh_network.anatomy import ARRAYS, CELL, TINTED, TINTS, network, shares
from nnmath.demos.tanh_network.plane import flower, run
from nnmath.demos.tanh_network.race import Race, _ahead, split, trained
from nnmath.live import Play, svg
from tests.demos.test_every_demo import numbers

RNG = np.random.RandomState(11)
ACTIVATIONS = {
    "tanh": np.tanh,
    "relu": lambda z: np.where(z.real > 0, z, 0),
    "sigmoid": lambda z: 1 / (1 + np.exp(-z)),
}


def logit(W1, b1, W2, b2, X, g="tanh"):
    """Return z of the output for each column of X, unit by unit."""
    total = b2[0, 0]
    for k in range(len(W1)):
        total = total + W2[0, k] * ACTIVATIONS[g](W1[k, 0] * X[0] + W1[k, 1] * X[1] + b1[k, 0])
    return total


def losses(z, y):
    return np.log(1 + np.exp(z)) - y * z


def parts(net):
    return [net.W[1], net.b[1], net.W[2], net.b[2]]


def gradient(net, X, Y):
    """Return the gradient of the mean loss over all 4n + 1 parameters in one row, by nudging."""
    found = []
    for k, part in enumerate(parts(net)):

        def cost(p, k=k):
            return np.mean(losses(logit(*parts(net)[:k], p, *parts(net)[k + 1 :], X), Y[0]))

        found.append(nn.complex_step_gradient(cost, part).ravel())
    return np.concatenate(found)


def readout_of(demo):
    return demo.readout.split("\n")


def band_of(artists, name, point):
    """Return in which tints a place of the plane lies."""
    return [k for k in range(4) if contains(artists[f"{name} {k}"].get_path(), point)]


def contains(path, point):
    """Count how often a ray from the point crosses the outline: odd is inside."""
    crossings, start, last = 0, None, None
    for (x, y), code in zip(path.vertices, path.codes if len(path) else [], strict=True):
        if code == path.MOVETO:
            start = last = (x, y)
            continue
        x, y = start if code == path.CLOSEPOLY else (x, y)
        (a, b), last = last, (x, y)
        if (b > point[1]) != (y > point[1]):
            crossings += a + (point[1] - b) * (x - a) / (y - b) > point[0]
    return crossings % 2 == 1


def check_field(artists, name, height):
    """The tints and the line follow height(points), the logit at the columns of points."""
    for point in RNG.uniform(-4.5, 4.5, (40, 2)):
        z = float(height(point.reshape(2, 1))[0])
        around = height(point.reshape(2, 1) + RNG.uniform(-0.2, 0.2, (2, 60)))
        edges = [-np.log(9), 0, np.log(9)]
        if all((around > edge).all() or (around < edge).all() for edge in edges):
            assert band_of(artists, name, point) == [np.searchsorted(edges, z)]
    for vertex in artists[f"{name} line"].get_path().vertices[::7]:
        around = height(vertex.reshape(2, 1) + RNG.uniform(-0.2, 0.2, (2, 400)))
        assert around.min() < 0 < around.max()


# Scrub ------------------------------------------------------------------------------------------


@pytest.fixture
def scrub():
    demo = demos.scrub()
    yield demo
    demo.close()


def check_scrub(demo, history, X, Y):
    artists, step = demo.figure.artists, int(demo.state["step"])
    net = history.nets[history.steps.tolist().index(step)]
    W1, b1, W2, b2 = parts(net)
    z = logit(W1, b1, W2, b2, X)
    J = np.mean(losses(z, Y[0]))
    right = 100 * np.mean((z > 0) == (Y[0] == 1))
    assert demo.error is None
    first, _, *listed = readout_of(demo)
    assert numbers(first) == [step, pytest.approx(J, abs=5.1e-5), pytest.approx(right, abs=0.0051)]
    said = numbers(re.sub(r"\d+:", " ", "\n".join(listed)))
    assert said == [pytest.approx(w, abs=0.0051) for w in W2[0]]
    (at,), (height,) = artists["J"].get_data()
    assert (at, height) == (step, pytest.approx(J))
    steps, curve = artists["trace"].get_data()
    assert list(steps) == [s for s in history.steps if s <= step]
    assert curve[0] == pytest.approx(np.mean(losses(logit(*parts(history.nets[0]), X), Y[0])))
    assert curve[-1] == height
    check_field(artists, "field", lambda points: logit(W1, b1, W2, b2, points))

    bars = artists["bars"].get_path().vertices.reshape(-1, 5, 2)
    assert len(bars) == len(W1)
    for k, corners in enumerate(bars, start=1):
        assert corners[:, 0].mean() == pytest.approx(k, abs=0.2)
        assert corners[2, 1] == pytest.approx(W2[0, k - 1])
        assert corners[0, 1] == 0

    drawn = iter(artists["lines"].get_path().vertices.reshape(-1, 2, 2))
    strokes = iter(artists["sides"].get_path().vertices.reshape(-1, 2, 2))
    for k in range(len(W1)):
        own = lambda p, k=k: W1[k] @ p + b1[k, 0]  # noqa: E731
        corners = [own(9.2 * (np.array(corner) - 0.5)) > 0 for corner in np.ndindex(2, 2)]
        crosses = any(corners) and not all(corners)
        assert artists[f"unit {k}"].get_visible() == crosses
        if not crosses:
            continue
        for end in next(drawn):
            assert own(end) == pytest.approx(0, abs=1e-9)
            assert np.abs(end).max() == pytest.approx(4.6)
        foot, tip = next(strokes)
        assert own(foot) == pytest.approx(0, abs=1e-9)
        assert own(tip) == pytest.approx(0.75 * np.hypot(*W1[k]))
        assert artists[f"unit {k}"].get_position() == pytest.approx(tuple(foot))
    assert next(drawn, None) is None


@pytest.mark.parametrize("step", [0, 10, 100, 120, 1000])
def test_scrub_shows_the_network_of_that_step(scrub, step):
    scrub.controls["step"].value = step
    check_scrub(scrub, run(), *nn.data.planar_flower())


def test_scrub_shows_the_run_that_it_is_given():
    X, Y = nn.data.planar_flower(m=60, rng=np.random.RandomState(4))
    start = nn.init([2, 11, 1], [nn.tanh, nn.sigmoid], np.random.RandomState(2))
    history = nn.train(start, X, Y, nn.bce, lr=0.7, steps=25, every=4)
    demo = demos.scrub(history, X, Y)
    for step in history.steps:
        demo.controls["step"].value = float(step)
        check_scrub(demo, history, X, Y)
    demo.close()


def test_a_line_outside_the_plane_is_left_out():
    W = {1: np.array([[1.0, 0.2], [0.5, 0.1], [0.0, 2.0]]), 2: np.ones((1, 3))}
    b = {1: np.array([[0.3], [9.0], [1.0]]), 2: np.zeros((1, 1))}
    net = nn.Network(W, b, {1: nn.tanh, 2: nn.sigmoid})
    X, Y = nn.data.planar_flower(m=10)
    history = nn.train(net, X, Y, nn.bce, lr=1e-9, steps=1)
    demo = demos.scrub(history, X, Y)
    check_scrub(demo, history, X, Y)
    assert not demo.figure.artists["unit 1"].get_visible()
    demo.close()


@pytest.mark.parametrize("sizes", [[3, 4, 1], [2, 4, 2], [2, 21, 1], [2, 3, 3, 1], [2, 1]])
def test_scrub_refuses_what_it_cannot_draw(sizes):
    g = [nn.tanh] * (len(sizes) - 2) + [nn.sigmoid]
    X, Y = np.ones((sizes[0], 4)), np.ones((sizes[-1], 4))
    history = nn.train(nn.init(sizes, g, RNG), X, Y, nn.bce, lr=0.1, steps=1)
    with pytest.raises(ValueError, match="one hidden layer of 1 to 20 units"):
        demos.scrub(history, X, Y)


def test_scrub_plays_over_every_recorded_step(scrub):
    play, seen = scrub.controls["play"], []
    assert isinstance(play, Play)
    scrub.controls["step"].on_move(seen.append)
    play.ask("play")
    while play.playing:
        play.ask("step")
    assert seen == run().steps[1:].tolist()


def test_the_run_is_the_one_of_the_text():
    history = run()
    X, Y = nn.data.planar_flower()
    assert history.nets[0].sizes == (2, 4, 1)
    assert (history.nets[0].g[1], history.nets[0].g[2]) == (nn.tanh, nn.sigmoid)
    assert history.steps.tolist() == list(range(0, 1001, 10))
    assert np.all(np.diff(history.J) < 0)  # nothing on the screen jumps back and forth
    assert np.mean((logit(*parts(history.nets[-1]), X) > 0) == Y[0]) >= 0.88


# Race -------------------------------------------------------------------------------------------


@pytest.fixture
def race():
    demo = demos.race()
    yield demo
    demo.close()


def unpacked(P, Q, g):
    return P[g, :, :2], P[g, :, 2:], Q[g, :, :-1], Q[g, :, -1:]


@pytest.mark.parametrize("units", [1, 5])
def test_the_fast_loop_does_what_train_does(units):
    race = Race(units, 0.3, 40, seed=3)
    (P0, Q0), *_, (P, Q) = race.upto(150)
    X, Y = split(40)["learned from"]
    for g, kind in enumerate((nn.tanh, nn.relu, nn.sigmoid)):
        W1, b1, W2, b2 = unpacked(P0, Q0, g)
        start = nn.Network({1: W1, 2: W2}, {1: b1, 2: b2}, {1: kind, 2: nn.sigmoid})
        end = nn.train(start, X, Y, nn.bce, lr=0.3, steps=150).nets[-1]
        for mine, right in zip(unpacked(P, Q, g), parts(end), strict=True):
            np.testing.assert_allclose(mine, right, rtol=1e-9, atol=1e-12)


def test_the_start_has_the_scale_of_init_and_zero_biases():
    race = Race(20, 1, 40, seed=1)
    P, Q = race.seen[0]
    assert not P[:, :, 2].any() and not Q[:, 0, -1].any()
    np.testing.assert_allclose(P[1], np.sqrt(2) * P[0])
    np.testing.assert_array_equal(P[0], P[2])
    assert P[0, :, :2].std() == pytest.approx(1 / np.sqrt(2), rel=0.25)
    assert Q[0, 0, :-1].std() == pytest.approx(1 / np.sqrt(20), rel=0.4)
    fewer, _ = Race(7, 1, 40, seed=1).seen[0]
    np.testing.assert_array_equal(fewer, P[:, :7])


def test_how_far_it_was_asked_before_makes_no_difference():
    at_once, by_parts = (Race(3, 1, 80, seed=1) for _ in range(2))
    for step in (100, 0, 250, 50):
        by_parts.upto(step)
    for mine, other in zip(by_parts.upto(250)[-1], at_once.upto(250)[-1], strict=True):
        np.testing.assert_array_equal(mine, other)
    assert len(by_parts.upto(100)) == 3


@pytest.mark.parametrize("examples", [40, 80, 160])
def test_no_point_is_both_learned_from_and_held_out(examples):
    found = split(examples)
    assert found["learned from"][0].shape == (2, examples)
    both = np.hstack([np.vstack(part) for part in found.values()])
    assert sorted(map(tuple, both.T)) == sorted(map(tuple, np.vstack(flower()).T))


def check_race(demo):
    state, artists = demo.state, demo.figure.artists
    step = int(state["step"])
    found = trained(int(state["units"]), state["rate"], int(state["examples"]), state["seed"])
    sets = split(int(state["examples"]))
    assert demo.error is None
    setting, *lines = readout_of(demo)
    assert numbers(setting) == [
        state["units"], state["rate"], state["examples"], step, state["seed"]
    ]  # fmt: skip
    for g, (name, line) in enumerate(zip(ACTIVATIONS, lines, strict=True)):
        said = numbers(line)
        assert line.startswith(name)
        for k, part in enumerate(("learned from", "held out")):
            X, Y = sets[part]
            J = []
            for P, Q in found.upto(step):
                z = logit(*unpacked(P, Q, g), X, name)
                J.append(np.mean(losses(z, Y[0])))
            right = 100 * np.mean((z > 0) == (Y[0] == 1))
            assert said[2 * k : 2 * k + 2] == [
                pytest.approx(J[-1], abs=5.1e-4), pytest.approx(right, abs=0.051)
            ]  # fmt: skip
            steps, curve = artists[f"{name} {part}"].get_data()
            assert list(steps) == list(range(0, step + 1, 50))
            np.testing.assert_allclose(curve, np.clip(J, 0.05, 5))
        last = unpacked(*found.upto(step)[-1], g)
        check_field(artists, f"{name} field", lambda p, last=last, name=name: logit(*last, p, name))
        X, Y = sets[state["shown"]]
        for spots, answer in (("zeros", 0), ("ones", 1)):
            drawn = artists[f"{name} {spots}"].get_path().vertices
            np.testing.assert_array_equal(drawn[::2], X[:, Y[0] == answer].T)
            np.testing.assert_array_equal(drawn[1::2], drawn[::2])
            picture = svg.drawing([artists[f"{name} {spots}"]], (648, 360), "x")
            path = re.search(r' d="([^"]*)"', picture)[1]
            assert path.count("M") == path.count("L") == (Y[0] == answer).sum()


def test_race_at_its_default_and_at_random_states(race):
    check_race(race)
    for _ in range(8):
        name = RNG.choice(["units", "rate", "examples", "step"])
        slider = race.controls[name]
        choices = slider.choices or np.arange(slider.min, slider.max + 1, slider.step)
        slider.value = float(RNG.choice(choices))
        check_race(race)
    race.controls["shown"].value = "held out"
    race.controls["start"].click()
    check_race(race)
    assert race.state["seed"] == 2


def test_race_works_out_ahead_what_a_slider_may_ask_for_next():
    state = {"units": 2.0, "rate": 3, "examples": 160.0, "step": 200.0, "seed": 77}
    assert len(list(_ahead(state))) == 4 * 5  # one more rate or part there is not
    before = trained.cache_info().misses
    for there in [(1, 3, 160, 77), (3, 3, 160, 77), (2, 1, 160, 77), (2, 3, 80, 77)]:
        assert len(trained(*there).seen) == 5
    assert trained.cache_info().misses == before
    trained(2, 3, 160, 78)
    assert trained.cache_info().misses == before + 1


def test_all_400_points_are_in_the_picture(scrub):
    spots = re.findall(r'd="((?:M [\d.]+ [\d.]+ L [\d.]+ [\d.]+ ?){9,})"', scrub.figure.still(""))
    assert [path.count("M") for path in spots] == [200, 200]


def test_the_text_may_promise_over_fitting():
    """Twenty tanh units learn 80 points by heart, and four do not."""
    few, many = trained(4, 1, 80, 1), trained(20, 3, 80, 1)
    scores = []
    for found in (few, many):
        found.upto(1000)
        scores.append({part: J[0] for part, (J, _) in found.scores[20].items()})
    assert scores[1]["learned from"] < 0.1 < 0.25 < scores[0]["learned from"]
    assert scores[0]["held out"] < 0.4 < 1 < scores[1]["held out"]


def test_the_stored_sentence_does_not_hang_on_rounding():
    """Another machine rounds otherwise. A start moved by 1e-13 must print the same numbers."""
    right, moved = Race(4, 1, 80, 1), Race(4, 1, 80, 1)
    moved.P *= 1 + 1e-13
    for found in (right, moved):
        found.upto(1000)
    for part, (J, share) in right.scores[20].items():
        np.testing.assert_allclose(J, moved.scores[20][part][0], atol=1e-6)
        np.testing.assert_array_equal(share, moved.scores[20][part][1])


# Anatomy ----------------------------------------------------------------------------------------


@pytest.fixture
def anatomy():
    demo = demos.anatomy()
    yield demo
    demo.close()


def shown(artists, name):
    """Return the numbers of a table as they stand there."""
    columns = []
    while f"{name} {len(columns)}" in artists:
        columns.append(numbers(artists[f"{name} {len(columns)}"].get_text()))
    return np.array(columns).T


def check_anatomy(demo):
    artists, at, step = demo.figure.artists, int(demo.state["point"]), int(demo.state["step"])
    net = network(step)
    X, Y = nn.data.planar_flower()
    trained = run().nets[-1]
    by_loss = np.argsort(losses(logit(*parts(trained), X), Y[0]), kind="stable")
    i = by_loss[at - 1]
    x, y = X[:, [i]], Y[:, [i]]
    W1, b1, W2, b2 = parts(net)
    z1 = W1 @ x + b1
    a1 = np.tanh(z1)
    z2 = W2 @ a1 + b2
    a2 = 1 / (1 + np.exp(-z2))
    own, batch = gradient(net, x, y), gradient(net, X, Y)
    n = len(W1)
    right = {"x": x, "z1": z1, "a1": a1, "z2": z2, "a2": a2, "y": y, "dz2": a2 - y}
    right |= {"own 1": own[: 2 * n].reshape(n, 2), "own 2": own[3 * n : 4 * n].reshape(1, n)}
    right |= {"all 1": batch[: 2 * n].reshape(n, 2), "all 2": batch[3 * n : 4 * n].reshape(1, n)}
    right["da1"] = nn.complex_step_gradient(lambda a: losses(W2 @ a + b2, y)[0, 0], a1)
    right["dz1"] = own[2 * n : 3 * n].reshape(n, 1)  # the bias has the slope of its logit
    assert demo.error is None
    for name, values in right.items():
        np.testing.assert_allclose(shown(artists, name), values, atol=5.01e-4)
    np.testing.assert_allclose(np.ravel(artists["point"].get_data()), x[:, 0])

    share = 100 * (own @ batch) / (400 * batch @ batch)
    first, second, third = readout_of(demo)
    assert numbers(first)[:3] == [at, 400, step]
    assert numbers(first)[3:] == [*(pytest.approx(v, abs=0.0051) for v in x[:, 0]), y[0, 0]]
    assert ("right" if (a2[0, 0] > 0.5) == (y[0, 0] == 1) else "wrong") in second
    assert numbers(second)[1] == pytest.approx(a2[0, 0], abs=5.1e-5)
    assert numbers(second)[2] == pytest.approx(losses(z2, y)[0, 0], abs=5.1e-5)
    assert numbers(second)[-1] == pytest.approx((a2 - y)[0, 0], abs=5.1e-5)
    assert numbers(third)[0] == pytest.approx(share, abs=0.0051)

    everyone = artists["shares"].get_path().vertices[1:-1]
    assert everyone[:, 0].tolist() == list(range(1, 401))
    largest = numbers(artists["heading"].get_text())[-1]
    assert everyone[at - 1, 1] * largest == pytest.approx(share, rel=0.05, abs=0.06)
    assert np.abs(everyone[:, 1]).max() == pytest.approx(1)
    (x0, x1), (y0, y1) = artists["share"].get_data()
    assert (x0, x1, y0, y1) == (at, at, 0, everyone[at - 1, 1])
    check_field(artists, "field", lambda points: logit(W1, b1, W2, b2, points))


@pytest.mark.parametrize(
    ("point", "step"), [(390, 100), (1, 0), (400, 1000), (217, 50), (300, 300)]
)
def test_anatomy_tells_every_number_of_the_point(anatomy, point, step):
    anatomy.controls["step"].value = step
    anatomy.controls["point"].value = point
    check_anatomy(anatomy)


@pytest.mark.parametrize("step", [0, 50, 100, 300, 1000])
def test_the_shares_add_up_to_one(step):
    assert shares(step).sum() == pytest.approx(1, abs=1e-9)


def test_a_number_is_tinted_by_its_size_and_sign(anatomy):
    artists = anatomy.figure.artists
    tints = {}
    for sign, level in TINTS:
        boxes = artists[f"tint {sign} {level}"].get_path().vertices.reshape(-1, 5, 2)
        for box in boxes:
            tints[tuple(np.round(box[:4].mean(axis=0), 6))] = (sign, level)
    seen = 0
    for name in TINTED:
        left, top, rows, columns, _ = ARRAYS[name]
        values = shown(artists, name)
        assert values.shape == (rows, columns)
        for k, j in np.ndindex(rows, columns):
            size = 3 * abs(values[k, j]) / np.abs(values).max()
            seat = (left + (j + 0.5) * CELL[0], top - (k + 0.5) * CELL[1])
            found = tints.get(tuple(np.round(seat, 6)))
            if abs(size - round(size)) > 0.15 or size == 3:
                level = min(int(size), 2)
                assert found == ((np.sign(values[k, j]), level) if level else None)
                seen += 1
    assert seen > 20
