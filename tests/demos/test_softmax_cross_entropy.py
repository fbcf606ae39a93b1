"""The demos of notebook 02 against formulas written here, one number at a time, with math only."""

import itertools
import math
import random
import tracemalloc

import pytest

from nnmath.demos import softmax_cross_entropy
from nnmath.live import Slider

from .test_every_demo import numbers

DIAGONAL = softmax_cross_entropy.BESIDE


def softmax(z):
    return [1 / sum(math.exp(other - own) for other in z) for own in z]


@pytest.fixture
def four(at_rest):
    return at_rest(softmax_cross_entropy.four_classes)


def close(value, abs=1e-12):
    return pytest.approx(value, rel=1e-9, abs=abs)


def shown(value):
    return pytest.approx(value, abs=5.1e-4)


def set_four(demo, z, T=1, target=2, soft=0, diagonal=False):
    for name, value in zip(("z1", "z2", "z3", "z4", "T", "soft"), (*z, T, soft), strict=True):
        demo.controls[name].value = value
    demo.controls["target"].value = f"class {target}"
    beside = DIAGONAL if diagonal else softmax_cross_entropy.ALONE
    demo.controls["beside"].value = beside


def check_four(demo, z, T=1, target=2, soft=0, diagonal=False):
    artists = demo.figure.artists
    assert demo.error is None
    a = softmax([v / T for v in z])
    y = [(1 - soft) * (k == target - 1) + soft / 4 for k in range(4)]
    loss = -sum(y[k] * math.log(a[k]) for k in range(4))
    slope = {}
    for k, j in itertools.product(range(4), repeat=2):
        rest = sum(a[p] for p in range(4) if p != k)  # 1 − a, with all its digits
        slope[k, j] = (a[k] * rest if k == j else -a[k] * a[j]) / T
    weight = [-y[k] / a[k] for k in range(4)]
    gradient = [sum(weight[k] * slope[k, j] for k in range(4)) for j in range(4)]
    alone = [weight[k] * slope[k, k] for k in range(4)]

    top = demo.figure.artists["a 0"].axes
    for k in range(4):
        bar = artists[f"a {k}"]
        assert bar.get_width() == close(a[k])
        assert bar.get_y() < k < bar.get_y() + bar.get_height()
        assert (artists[f"y {k}"].get_xdata(), artists[f"y {k}"].get_ydata()) == (
            [close(y[k])],
            [k],
        )
        assert numbers(artists[f"a number {k}"].get_text()) == [shown(a[k])]
        assert artists[f"da {k}"].get_text().startswith("× ")
        said = numbers(artists[f"da {k}"].get_text())
        assert said == [pytest.approx(weight[k], rel=6e-4)]
        column = artists[f"dz {k}"]
        assert column.get_height() == close(gradient[k], 1e-9)
        assert column.get_x() + column.get_width() / 2 == pytest.approx(k)
        assert numbers(artists[f"dz number {k}"].get_text()) == [shown(gradient[k])]
        assert artists[f"diagonal {k}"].get_visible() == diagonal
        assert artists[f"diagonal {k}"].get_ydata() == [close(alone[k], 1e-9)]
        for j in range(4):
            assert numbers(artists[f"slope {k}{j}"].get_text()) == [shown(slope[k, j])]
            assert artists[f"slope {k}{j}"].get_position() == (j, k)
            cell = artists[f"cell {k}{j}"]
            assert cell.get_x() < j < cell.get_x() + cell.get_width()
            assert cell.get_y() < k < cell.get_y() + cell.get_height()
            red, _, blue, _ = cell.get_facecolor()
            if abs(slope[k, j]) > 0.02:  # blue where the slope is positive, red where negative
                assert (blue > red) == (slope[k, j] > 0)
    assert artists["key"].get_visible() == diagonal
    low, high = artists["dz 0"].axes.get_ylim()
    assert low < min(gradient) and max(gradient) < high
    assert (top.get_xlim(), artists["cell 00"].axes.get_ylim()) == ((0, 1), top.get_ylim())

    lines = demo.readout.split("\n")
    assert numbers(lines[0]) == [*map(shown, z), T]
    assert numbers(lines[1]) == [*map(shown, a), 1, shown(loss)]
    assert numbers(lines[2]) == [*map(shown, y), 1]
    assert numbers(lines[3]) == [*map(shown, gradient), 0]
    assert [numbers(line) for line in lines[4:]] == ([[*map(shown, alone)]] if diagonal else [])
    assert len({line.index("   ", 31) for line in lines}) == 1  # the columns stand below each other
    assert numbers(demo.alt) == [
        *map(shown, z), T, target, soft, *map(shown, y), *map(shown, a), shown(loss),
        *(shown(slope[k, k]) for k in range(4)), *map(shown, gradient),
        *(map(shown, alone) if diagonal else ()),
    ]  # fmt: skip


def test_four_classes_start_where_the_page_starts(four):
    check_four(four, (2, 1, 0, -1))
    assert "0.644   −0.763    0.087    0.032" in four.readout


@pytest.mark.parametrize("T", [0.5, 1, 5])
@pytest.mark.parametrize("z", [(5, -5, 5, -5), (-5, -5, -5, 5), (0, 0, 0, 0), (5, 5, 5, 5)])
@pytest.mark.parametrize(("target", "soft"), [(1, 0), (2, 1), (4, 0.35), (3, 0)])
def test_four_classes_at_their_ends(four, z, T, target, soft):
    for diagonal in (True, False):
        set_four(four, z, T, target, soft, diagonal)
        check_four(four, z, T, target, soft, diagonal)


def test_four_classes_in_200_random_states(four):
    rng = random.Random(2)
    z, rest = [2, 1, 0, -1], [1, 2, 0, False]
    for _ in range(200):  # one control at a time, as a hand moves them
        if rng.random() < 0.5:
            k = rng.randrange(4)
            z[k] = rng.randint(-50, 50) / 10
            four.controls[f"z{k + 1}"].value = z[k]
        else:
            k = rng.randrange(4)
            T, target, soft = (
                rng.choice(four.controls["T"].choices),
                rng.randint(1, 4),
                rng.random(),
            )
            rest[k] = (T, target, round(20 * soft) / 20, soft < 0.5)[k]
            value = (rest[0], f"class {rest[1]}", rest[2], DIAGONAL if rest[3] else "nothing")[k]
            four.controls[("T", "target", "soft", "beside")[k]].value = value
        check_four(four, z, *rest)


def test_adding_the_same_to_every_logit_changes_nothing_but_the_logits(four):
    set_four(four, (1, 0, -1, -2))
    before = four.readout.split("\n")[1:]
    set_four(four, (4, 3, 2, 1))
    assert four.readout.split("\n")[1:] == before


def test_the_diagonal_is_right_at_the_true_class_only(four):
    """The one-hot trap, which the page sends the reader here to see."""
    set_four(four, (2, 1, 0, -1), diagonal=True)
    heights = [four.figure.artists[f"dz {k}"].get_height() for k in range(4)]
    marks = [four.figure.artists[f"diagonal {k}"].get_ydata()[0] for k in range(4)]
    assert marks == [0, close(heights[1]), 0, 0]
    assert min(abs(heights[k]) for k in (0, 2, 3)) > 0.03


# The race


@pytest.fixture
def race(at_rest):
    return at_rest(softmax_cross_entropy.confidence_race)


def push(name, z):
    """Return the gradient for the truth 1, with every path of the chain rule spelled out."""
    a = softmax(z)
    y = (1, 0, 0)
    da = [-y[k] / a[k] if name == "cross-entropy" else a[k] - y[k] for k in range(3)]
    return [sum(da[k] * a[k] * ((k == j) - a[j]) for k in range(3)) for j in range(3)]


def descend(name, start, lr, steps):
    """Return the probabilities and the size of the gradient at each step."""
    z, seen = [0.0, start, 1.0], []
    for _ in range(steps + 1):
        dz = push(name, z)
        seen.append((softmax(z), math.sqrt(sum(d * d for d in dz))))
        z = [v - lr * d for v, d in zip(z, dz, strict=True)]
    return seen


def check_race(demo, start=6, lr=0.5, steps=0):
    artists = demo.figure.artists
    assert demo.error is None
    lines = demo.readout.split("\n")
    assert len(lines) == 3
    assert numbers(lines[0]) == [steps, 0, start, 1, lr]
    said = [lr, 0, start, 1, steps]
    for name, line in zip(("cross-entropy", "squared error"), lines[1:], strict=True):
        seen = descend(name, start, lr, steps)
        (chance, _, third), size = seen[-1]
        half = next((k for k, (a, _) in enumerate(seen) if a[0] >= 0.5), None)
        words = [pytest.approx(chance, abs=6e-5), pytest.approx(size, rel=6e-3)]
        words += [] if half is None else [half]
        assert line.startswith(f"{name}: ")
        assert numbers(line) == words
        assert ("not yet" in line) == (half is None)
        said += words

        at = list(artists[f"{name} chance"].get_xdata())
        assert (at[0], at[-1]) == (0, steps)
        assert at == sorted(set(at)) and len(at) <= 600
        gaps = [b - a for a, b in itertools.pairwise(at)]
        assert all(gap <= 1 + 0.08 * a for a, gap in zip(at, gaps, strict=False))
        for k, up in zip(at, artists[f"{name} chance"].get_ydata(), strict=True):
            assert up == pytest.approx(seen[k][0][0], rel=1e-6)
        assert list(artists[f"{name} push"].get_xdata()) == at
        for k, up in zip(at, artists[f"{name} push"].get_ydata(), strict=True):
            assert up == pytest.approx(seen[k][1], rel=1e-6)
        path = list(zip(*artists[f"{name} path"].get_data(), strict=True))
        for k, place in zip(at, path, strict=True):
            a = seen[k][0]  # the truth lies right, class 2 left, class 3 above the middle
            assert place == pytest.approx((a[0] + a[2] / 2, a[2] * math.sqrt(3) / 2), abs=1e-9)
        dots = {
            "chance": (steps, chance),
            "push": (steps, size),
            "path": (chance + third / 2, third * math.sqrt(3) / 2),
        }
        for part, place in dots.items():
            x, y = artists[f"{name} {part} dot"].get_data()
            assert (x[0], y[0]) == pytest.approx(place, rel=1e-6, abs=1e-9)
            (x0, x1), (y0, y1) = (
                artists[f"{name} {part}"].axes.get_xlim(),
                artists[f"{name} {part}"].axes.get_ylim(),
            )
            assert x0 <= x[0] <= x1 and y0 <= y[0] <= y1
    assert numbers(demo.alt) == said


def test_the_race_starts_with_both_in_one_place(race):
    check_race(race)
    for part in ("path", "chance"):
        dots = [race.figure.artists[f"{name} {part} dot"] for name in softmax_cross_entropy.LOOK]
        assert dots[0].get_data() == dots[1].get_data()


@pytest.mark.parametrize("start", [0, 3.5, 6, 10])
@pytest.mark.parametrize("lr", [0.1, 0.2, 0.5, 1, 2])
def test_single_steps_are_gradient_descent(race, start, lr):
    race.controls["start"].value, race.controls["lr"].value = start, lr
    check_race(race, start, lr)
    for steps in (1, 2, 3):
        race.controls["step"].click()
        check_race(race, start, lr, steps)
    assert "after 1 step " not in race.readout


@pytest.mark.parametrize(("start", "lr"), [(6, 0.5), (0, 0.1), (10, 2), (10, 0.1), (0, 2)])
def test_play_runs_to_the_end_of_the_axis_and_stays_there(race, start, lr):
    race.controls["start"].value, race.controls["lr"].value = start, lr
    for _ in range(2):
        race.controls["play"].click()
        race.controls["step"].click()
        check_race(race, start, lr, softmax_cross_entropy.FARTHEST)


def test_one_step_is_one_step(race):
    race.controls["step"].click()
    assert race.readout.startswith("after 1 step ")


def test_200_random_states_of_the_race(race):
    rng = random.Random(4)
    for _ in range(200):
        start, lr = rng.randint(0, 20) / 2, rng.choice(race.controls["lr"].choices)
        race.controls["start"].value, race.controls["lr"].value = start, lr
        if race.state["steps"]:  # the values were those already set: no new start
            race.reset()
            start, lr = 6, 0.5
        steps = rng.randint(0, 4)
        for _ in range(steps):
            race.controls["step"].click()
        check_race(race, start, lr, steps)


def test_many_races_are_held_in_less_than_5_mib():
    """A list of small arrays for each step took 3.4 MB a race, and sixteen were held."""
    softmax_cross_entropy.race.cache_clear()
    tracemalloc.start()
    try:
        for start in range(16):
            softmax_cross_entropy.race(start / 2, 0.5).to(800)
        assert tracemalloc.get_traced_memory()[0] < 5 * 2**20
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize("name", ["start", "lr"])
def test_another_start_or_rate_begins_a_new_race(race, name):
    race.controls["step"].click()
    slider = race.controls[name]
    assert isinstance(slider, Slider)
    slider.value = slider.max
    assert race.state["steps"] == 0


@pytest.mark.parametrize(
    ("name", "reached"), [("cross-entropy", [7, 8, 9]), ("squared error", [149, 352, 889])]
)
def test_the_page_tells_the_truth_about_the_race(race, name, reached):
    """For each unit of confidence one needs a step more, the other more than twice as many."""
    for start, step in zip((6, 7, 8), reached, strict=True):
        race.controls["start"].value = start
        race.controls["play"].click()
        line = next(line for line in race.readout.split("\n") if line.startswith(name))
        assert line.endswith(f"one half reached at step {step}")
        race.reset()
        chances = [a[0] for a, _ in descend(name, start, 0.5, step)]
        assert chances[-2] < 0.5 <= chances[-1]
