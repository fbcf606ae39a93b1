"""The demos of notebook 04 against loops written here, entry by entry, and against nudges."""

import math
import random

import numpy as np
import pytest

import nnmath as nn
from nnmath.demos import general_induction as demos
from nnmath.demos.general_induction.fading import SLOPES, random_numbers
from nnmath.demos.general_induction.ladder import (
    RIGHT,
    RULES,
    _verdict,
    random_network,
    recursive,
    statements,
)
from nnmath.demos.general_induction.recursion import (
    B_SMALL,
    CELL,
    GRAIN,
    MIDDLE,
    STARTS,
    W_SMALL,
    WIDEST,
    X_SMALL,
    Y_SMALL,
    _ledger,
)

from .test_every_demo import numbers

# Activations of one number, and their slopes.


def sigma(z):
    return 1 / (1 + math.exp(-z)) if z >= 0 else math.exp(z) / (1 + math.exp(z))


VALUE = {"tanh": math.tanh, "sigmoid": sigma, "relu": lambda z: max(z, 0.0), "identity": float}
SLOPE = {
    "tanh": lambda z: 1 / math.cosh(z) ** 2,
    "sigmoid": lambda z: sigma(z) * sigma(-z),
    "relu": lambda z: float(z > 0),
    "identity": lambda _: 1.0,
}


def each(f, Z):
    return np.array([[f(z) for z in row] for row in Z])


# Fading and exploding


@pytest.fixture
def fading(at_rest):
    return at_rest(demos.fading)


def norms(depth, width, scale, g, seed):
    """Return the norms of A[1..L], dA[1..L−1] and dZ[1..L], with one column at a time."""
    normals, X, Y = random_numbers(seed, width)
    gain = 2 if g == "relu" else 1
    W = {l: scale * math.sqrt(gain / width) * normals[l - 1] for l in range(1, depth)}
    W[depth] = scale * math.sqrt(1 / width) * normals[-1]
    m = X.shape[1]
    size = {name: np.zeros(depth + 1) for name in ("A", "dA", "dZ")}
    for i in range(m):
        a, z = {0: X[:, i]}, {}
        for l in range(1, depth + 1):
            z[l] = np.einsum("kj,j->k", W[l], a[l - 1])
            a[l] = np.array([VALUE[g if l < depth else "sigmoid"](v) for v in z[l]])
        dz = {depth: (a[depth] - Y[:, i]) / m}
        for l in range(depth - 1, 0, -1):
            da = np.einsum("kj,k->j", W[l + 1], dz[l + 1])
            dz[l] = da * [SLOPE[g](v) for v in z[l]]
            size["dA"][l] += np.sum(da**2)
        for l in range(1, depth + 1):
            size["A"][l] += np.sum(a[l] ** 2)
            size["dZ"][l] += np.sum(dz[l] ** 2)
    return {name: np.sqrt(v) for name, v in size.items()}


def check_fading(demo):
    state = demo.state
    L = int(state["depth"])
    right = norms(L, int(state["width"]), state["scale"], state["g"], state["seed"])
    assert demo.error is None
    artists = demo.figure.artists
    for name in ("A", "dZ"):
        at, size = artists[name].get_data()
        alive = [l for l in range(1, L + 1) if right[name][l] > 0]
        assert list(at) == alive
        np.testing.assert_allclose(size, right[name][alive], rtol=1e-8)
    alive = [l for l in range(1, L) if right["dZ"][l] > 0]
    for name, top, bottom in (("weights", "dA", "dZ"), ("slope", "dZ", "dA")):
        at, factor = artists[name].get_data()
        assert list(at) == alive
        below = [l + 1 for l in alive] if name == "weights" else alive
        np.testing.assert_allclose(factor, right[top][alive] / right[bottom][below], rtol=1e-8)
    first, second, third = demo.readout.split("\n")
    draw = state["seed"] + 1
    assert numbers(first) == [L, state["width"], pytest.approx(state["scale"]), draw]
    assert first.startswith(state["g"])
    assert numbers(second) == [
        pytest.approx(right["dZ"][L], rel=6e-3), pytest.approx(right["dZ"][1], rel=6e-3)
    ]  # fmt: skip
    if right["dZ"][1] > 0:
        mean = (right["dZ"][1] / right["dZ"][L]) ** (1 / (L - 1))
        assert numbers(third)[0] == pytest.approx(mean, abs=6e-4)
        assert numbers(third)[0] == pytest.approx(np.prod(numbers(third)[1:]), abs=4e-3)
    else:
        dead = [l for l in range(1, L + 1) if right["dZ"][l] == 0]
        assert numbers(third.replace("slope of 0", "")) == [1, max(dead)]
    assert all(number in numbers(demo.alt) for number in numbers(first))


def test_fading_at_its_start_neither_fades_nor_explodes(fading):
    check_fading(fading)
    size = fading.figure.artists["dZ"].get_ydata()
    assert 0.1 < size[0] / size[-1] < 10


@pytest.mark.parametrize("g", SLOPES)
def test_fading_at_its_ends(fading, g):
    fading.controls["g"].value = g
    for depth in (2, 16):
        for scale in (0.5, 2):
            for width in (2, 8):
                for name, value in (("depth", depth), ("scale", scale), ("width", width)):
                    fading.controls[name].value = value
                check_fading(fading)


def test_fading_in_random_states(fading):
    rng = random.Random(4)
    for _ in range(60):
        fading.controls["depth"].value = rng.randint(2, 16)
        fading.controls["width"].value = rng.choice([2, 4, 8, 16])
        fading.controls["scale"].value = rng.randint(5, 20) / 10
        fading.controls["g"].value = rng.choice(list(SLOPES))
        if rng.random() < 0.2:
            fading.controls["draw"].click()
        check_fading(fading)


def test_a_sigmoid_lets_through_a_quarter_at_most(fading):
    fading.controls["g"].value = "sigmoid"
    assert max(fading.figure.artists["slope"].get_ydata()) <= 0.25 + 1e-12
    size = fading.figure.artists["dZ"].get_ydata()
    assert size[0] / size[-1] < 1e-7


def test_no_norm_leaves_the_picture(fading):
    left, right = (fading.figure.artists[name].axes for name in ("dZ", "slope"))
    for g in SLOPES:
        for scale in (0.5, 2):
            for width in (2, 32):
                for name, value in (("g", g), ("scale", scale), ("width", width)):
                    fading.controls[name].value = value
                for _ in range(3):
                    fading.controls["draw"].click()
                    for axes, names in ((left, ("A", "dZ")), (right, ("weights", "slope"))):
                        low, high = axes.get_ylim()
                        for name in names:
                            shown = fading.figure.artists[name].get_ydata()
                            assert len(shown) == 0 or low < min(shown) <= max(shown) < high


def test_a_dead_network_says_so(fading):
    fading.controls["g"].value = "relu"
    fading.controls["width"].value = 2
    for _ in range(40):
        if "no gradient arrives" in fading.readout:
            break
        fading.controls["draw"].click()
    assert "no gradient arrives in layers 1 to " in fading.readout
    check_fading(fading)


# The recursion


@pytest.fixture
def recursion(at_rest):
    return at_rest(demos.recursion)


def column_softmax(z):
    e = [math.exp(v) for v in z]
    return [v / sum(e) for v in e]


def cost(W, b, middle, start):
    """Return J of the small network, one example at a time."""
    total = 0.0
    X, Y = X_SMALL, Y_SMALL
    for i in range(3):
        a = list(X[:, i])
        for l in (1, 2, 3):
            rows = range(len(W[l]))
            z = [sum(W[l][k, j] * a[j] for j in range(len(a))) + b[l][k, 0] for k in rows]
            g = {1: "tanh", 2: middle, 3: "sigmoid"}[l]
            a = column_softmax(z) if g == "softmax" else [VALUE[g](v) for v in z]
        y, p = Y[0, i], a[0]
        if start == "squared error":
            total += (p - y) ** 2 / 2
        else:
            total -= y * math.log(p) + (1 - y) * math.log(1 - p)
    return total / 3


def shown(demo, k, rows, columns):
    """Return the numbers drawn in block k: 0 the result, 1 and 2 its factors."""
    texts = [demo.figure.artists[f"column {k} {j}"] for j in range(WIDEST)]
    assert [t.get_visible() for t in texts] == [j < columns for j in range(WIDEST)]
    table = np.array([numbers(t.get_text()) for t in texts[:columns]]).T
    assert table.shape == (rows, columns)
    return table


def sizes(demo, k):
    return [int(n) for n in numbers(demo.figure.artists[f"shape {k}"].get_text())]


def boxes_of(path):
    return len(path.to_polygons())


SETTINGS = [(middle, start) for middle in MIDDLE for start in STARTS]


@pytest.mark.parametrize(("middle", "start"), SETTINGS)
def test_weights_and_biases_against_central_differences(recursion, middle, start):
    recursion.controls["middle"].value = middle
    recursion.controls["start"].value = start
    W = {l: np.array(v) for l, v in W_SMALL.items()}
    b = {l: np.array(v) for l, v in B_SMALL.items()}
    h = 1e-5
    seen = 0
    for at in range(1, 14):
        recursion.controls["at"].value = at
        name = recursion.figure.artists["name 0"].get_text()
        V = {"dW": W, "db": b}.get(name[:2])
        if V is None:
            continue
        layer = int(name[3])
        table = shown(recursion, 0, *V[layer].shape)
        for k in np.ndindex(V[layer].shape):
            ends = []
            for step in (h, -h):
                V[layer][k] += step
                ends.append(cost(W, b, middle, start))
                V[layer][k] -= step
            assert table[k] == pytest.approx((ends[0] - ends[1]) / (2 * h), abs=6e-4)
        seen += 1
    assert seen == 6


@pytest.mark.parametrize(("middle", "start"), SETTINGS)
def test_each_line_is_what_its_factors_give(recursion, middle, start):
    recursion.controls["middle"].value = middle
    recursion.controls["start"].value = start
    for at in range(1, 14):
        recursion.controls["at"].value = at
        assert recursion.error is None
        assert "✓ every entry equals a nudge" in recursion.readout
        assert middle in recursion.readout and start in recursion.readout
        blocks = [shown(recursion, k, *sizes(recursion, k)) for k in range(3)]
        result, left, right = blocks
        sign = recursion.figure.artists["sign 1"].get_text()
        if sign == "and":
            a, y = left, right
            gap = (a - y) / 3 if start == "squared error" else (a - y) / (3 * a * (1 - a))
            np.testing.assert_allclose(result, gap, atol=2e-2)
        elif sign == "⊙":
            np.testing.assert_allclose(result, left * right, atol=2e-3)
        else:
            assert sign == ""
            np.testing.assert_allclose(result, left @ right, atol=4e-3)
        framed = recursion.readout.partition("The framed entry: ")[2].partition("✓")[0]
        assert numbers(framed)[-1] == result[0, 0]
        assert f"line {at} of 13 ({middle}, {start}): " in recursion.readout
        said = recursion.readout.split("\n")
        assert len(said) <= 5 and max(map(len, said)) <= 100  # so that nothing wraps and jumps
        title = recursion.figure.artists["title"].get_text()
        assert title.startswith(f"{at}.  {recursion.figure.artists['name 0'].get_text()} = ")


def test_the_shapes_above_are_those_of_the_arrays(recursion):
    n = (2, 5, 4, 1)
    wanted = {"dA[0]": (2, 3)}
    for l in (1, 2, 3):
        wanted |= {f"dA[{l}]": (n[l], 3), f"dZ[{l}]": (n[l], 3)}
        wanted |= {f"dW[{l}]": (n[l], n[l - 1]), f"db[{l}]": (n[l], 1)}
    for at in range(1, 14):
        recursion.controls["at"].value = at
        name = recursion.figure.artists["name 0"].get_text()
        assert tuple(sizes(recursion, 0)) == wanted.pop(name)
        left, bottom, width, height = _ledger()[name]
        assert (height / GRAIN, width / GRAIN) == pytest.approx(sizes(recursion, 0))
        for part, count in (("known", at - 1), ("at work", 1), ("to come", 13 - at)):
            assert boxes_of(recursion.figure.artists[part].get_path()) == count
        ((x, y), *_), *_ = recursion.figure.artists["at work"].get_path().to_polygons()
        assert (x, y) == pytest.approx((left, bottom))
    assert not wanted


def test_the_frames_hold_the_numbers(recursion):
    for at in range(1, 14):
        recursion.controls["at"].value = at
        frames = recursion.figure.artists["frames"].get_path().to_polygons()
        assert len(frames) == 3
        for k, frame in enumerate(frames):
            rows, columns = sizes(recursion, k)
            (left, bottom), (right, top) = frame.min(axis=0), frame.max(axis=0)
            assert (right - left, top - bottom) == pytest.approx(
                (columns * CELL[0], rows * CELL[1])
            )
            assert 0.1 < left < right < 8.9 and 0.1 < bottom < top < 2.5
        edges = [(f[:, 0].min(), f[:, 0].max()) for f in frames]
        assert edges[0][1] < edges[1][0] and edges[1][1] < edges[2][0]


def test_step_back_and_reset(recursion):
    recursion.controls["step"].click()
    assert recursion.state["at"] == 2
    recursion.controls["back"].click()
    recursion.controls["back"].click()
    assert recursion.state["at"] == 0 and "no gradient is known" in recursion.readout
    recursion.controls["back"].click()
    assert recursion.state["at"] == 0
    for _ in range(15):
        recursion.controls["step"].click()
    assert recursion.state["at"] == 13 and "dA[0]" in recursion.readout
    recursion.reset()
    assert recursion.state["at"] == 1


def test_only_the_line_of_layer_2_knows_what_its_activation_is(recursion):
    equations = {}
    for middle in MIDDLE:
        recursion.controls["middle"].value = middle
        equations[middle] = []
        for at in range(1, 14):
            recursion.controls["at"].value = at
            equations[middle].append(recursion.figure.artists["title"].get_text())
    different = [
        k
        for k, pair in enumerate(zip(equations["tanh"], equations["softmax"], strict=True), start=1)
        if pair[0] != pair[1]
    ]
    assert different == [6]


# The induction, executed


@pytest.fixture
def ladder(at_rest):
    return at_rest(demos.ladder)


def test_the_networks_are_fit_to_find_mistakes():
    kinds = set()
    for L in range(1, 9):
        net, X, Y, _ = random_network(L)
        assert net.L == L
        assert X.shape[1] == 3 and 3 not in net.sizes and Y.shape == (net.sizes[-1], 3)
        assert all(a != b for a, b in zip(net.sizes, net.sizes[1:], strict=False))
        assert all(np.all(net.b[l] != 0) for l in net.layers)
        cache = nn.forward(net, X)
        for l in net.layers:
            kinds.add(net.g[l].name)
            if net.g[l] is nn.relu:
                assert 0 < np.mean(cache.Z[l] > 0) < 1
    assert kinds == {"sigmoid", "tanh", "relu", "identity", "softmax"}


def wanted(rules):
    """Return which statements these rules break: the first wrong step, and all below it."""
    verdicts = []
    for L in range(1, 9):
        net = random_network(L)[0]
        broken = rules == "1/m forgotten at the start"
        for l in range(L, -1, -1):
            verdicts.append((L, "dA", l, broken))
            if l == 0:
                break
            if rules == "no slope g′" and net.g[l] is not nn.identity:
                broken = True
            if rules == "softmax as if entry by entry" and net.g[l] is nn.softmax:
                broken = True
            verdicts.append((L, "dZ", l, broken))
    return verdicts


@pytest.mark.parametrize("rules", RULES)
def test_each_statement_shows_what_its_rules_deserve(ladder, rules):
    ladder.controls["rules"].value = rules
    ladder.controls["checked"].value = 80
    found = [(s.L, s.name, s.layer, _verdict(s, rules) == "wrong") for s in statements()]
    assert found == wanted(rules)
    wrong = sum(broken for *_, broken in found)
    drawn = {name: len(ladder.figure.artists[name].get_xdata()) for name in TICKS}
    base = sum(name == "dA" and l == L and not broken for L, name, l, broken in found)
    assert drawn == {"base": base, "step": 80 - wrong - base, "wrong": wrong}
    assert numbers(ladder.readout.split("\n")[0]) == [80, 80, base, 80 - wrong - base, wrong]


TICKS = ("base", "step", "wrong")


def test_the_truth_of_the_ladder_against_central_differences():
    for L in (1, 4, 8):
        net, X, Y, loss = random_network(L)
        cache = nn.forward(net, X)
        arrays = recursive(net, cache, Y, loss, RIGHT)
        for (name, l), mine in arrays.items():
            if l < L:  # a probability of the output cannot be nudged beyond its range

                def rest(v, name=name, l=l, net=net, Y=Y, loss=loss):
                    a = net.g[l](v) if name == "dZ" else v
                    for k in range(l + 1, net.L + 1):
                        a = net.g[k](net.W[k] @ a + net.b[k])
                    return loss(a, Y)

                V = cache.Z[l] if name == "dZ" else cache.A[l]
                truth = nn.numerical_gradient(rest, V)
                np.testing.assert_allclose(mine, truth, atol=1e-7 * np.abs(truth).max() + 1e-10)


@pytest.mark.parametrize("checked", [0, 1, 2, 3, 24, 79, 80])
def test_ticks_come_in_the_order_of_the_proof(ladder, checked):
    ladder.controls["checked"].value = checked
    seats = {}
    order = []
    for L in range(1, 9):
        for l in range(L, -1, -1):
            order += [(L, "dA", l), (L, "dZ", l)][: 2 if l else 1]
    for L, name, l in order[:checked]:
        base = (name, l) == ("dA", L)
        seats.setdefault("base" if base else "step", set()).add(
            (round(1 + 0.955 * (8 - l) + 0.38 * (name == "dZ"), 6), round(5.28 - 0.64 * (L - 1), 6))
        )
    for name in TICKS:
        at = zip(*ladder.figure.artists[name].get_data(), strict=True)
        assert {(round(x, 6), round(y, 6)) for x, y in at} == seats.get(name, set())
    assert ladder.figure.artists["now"].get_visible() == (checked > 0)
    if checked:
        L, name, l = order[checked - 1]
        assert f"last: L = {L}, {name}[{l}] equal to the nudge" in ladder.readout


def test_one_more_and_all_the_rest(ladder):
    ladder.controls["more"].click()
    assert ladder.state["checked"] == 25
    ladder.controls["rest"].click()
    assert ladder.state["checked"] == 80
    ladder.controls["more"].click()
    assert ladder.state["checked"] == 80
