"""The demos of notebook 00 against arithmetic done here: plain loops, fractions and mpmath."""

import math
import random
from fractions import Fraction

import mpmath
import numpy as np
import pytest

from nnmath.demos import start_here
from nnmath.demos.start_here.shape_ledger import PRODUCTS, UNIT
from nnmath.demos.start_here.the_v import ALLOWED, FLOOR, WAYS
from nnmath.demos.start_here.two_paths import BOTH, BY_U, BY_V

from .test_every_demo import numbers

# The shape ledger: numpy itself is asked whether a product fits.


@pytest.fixture
def ledger(at_rest):
    return at_rest(start_here.shape_ledger)


def arrays(n0, n1, n2, m):
    return {
        "X": np.zeros((n0, m)), "W₁": np.zeros((n1, n0)), "b₁": np.zeros((n1, 1)),
        "A₁": np.zeros((n1, m)), "W₂": np.zeros((n2, n1)), "b₂": np.zeros((n2, 1)),
        "A₂": np.zeros((n2, m)), "dZ₂": np.zeros((n2, m)),
    }  # fmt: skip


# What each product means: "right" gives a gradient or a logit, "turned" the transpose of one, and
# "wrong" sums over two different things, so that it fits by accident or not at all.
MEANING = {
    "W₁ X": "right", "W₂ A₁": "right", "W₂ᵀ dZ₂": "right", "dZ₂ A₁ᵀ": "right",
    "A₁ dZ₂ᵀ": "turned", "X W₁": "wrong", "W₂ dZ₂": "wrong", "dZ₂ A₁": "wrong",
}  # fmt: skip
GIVES = {"W₁ X": "Z₁", "W₂ A₁": "Z₂", "W₂ᵀ dZ₂": "dA₁", "dZ₂ A₁ᵀ": "dW₂"}


def multiplied(product, n0, n1, n2, m):
    """Return the two factors and their product, None where numpy refuses."""
    found = arrays(n0, n1, n2, m)
    factors = [
        found[name.removesuffix("ᵀ")].T if name.endswith("ᵀ") else found[name]
        for name in product.split(" ")
    ]
    try:
        return (*factors, factors[0] @ factors[1])
    except ValueError:
        return (*factors, None)


def squares(path):
    """Return (columns, rows) of the cells of each box in a path of unit squares."""
    return sum(code == path.MOVETO for code in path.codes)


def edge_lengths(artists, group):
    """Return the length of each thick edge, in points, by the size it stands for."""
    found = {}
    for size in ("n0", "n1", "n2", "m", "1"):
        artist = artists[f"{group} edges {size}"]
        if artist.get_visible():
            ends = artist.get_path().vertices.reshape(-1, 2, 2)
            found[size] = sorted(float(np.abs(a - b).sum()) for a, b in ends)
    return found


def check_ledger(demo, n0, n1, n2, m, product):
    artists, sizes = demo.figure.artists, {"n0": n0, "n1": n1, "n2": n2, "m": m, "1": 1}
    left, right, result = multiplied(product, n0, n1, n2, m)
    own = arrays(n0, n1, n2, m)
    del own["dZ₂"]
    assert numbers(demo.readout.split("\n")[0]) == [n0, n1, n2, m]
    for name, array in own.items():
        assert numbers(artists[f"{name} shape"].get_text()) == list(array.shape)
        assert f"{name} {array.shape[0]} × {array.shape[1]}" in demo.alt
    assert squares(artists["ledger cells"].get_path()) == sum(a.size for a in own.values())
    # Each array lends one edge to its rows and one to its columns, all of them to scale.
    owners = {"n0": 2, "n1": 4, "n2": 3, "m": 3, "1": 2}
    for size, lengths in edge_lengths(artists, "ledger").items():
        assert lengths == pytest.approx([UNIT * sizes[size]] * owners[size])

    assert squares(artists["factors cells"].get_path()) == left.size + right.size
    for side, array in (("left", left), ("right", right), ("result", result)):
        if array is None:
            continue
        assert numbers(artists[f"{side} rows"].get_text()) == [array.shape[0]]
        assert numbers(artists[f"{side} columns"].get_text()) == [array.shape[1]]
    drawn = artists["result cells"].get_visible()
    assert drawn == (result is not None) == (not artists["no result"].get_visible())
    if drawn:
        assert squares(artists["result cells"].get_path()) == result.size

    mark, words = artists["mark"].get_text(), artists["words"].get_text()
    if result is None:
        expected = ("✗", "does not fit")
    elif MEANING[product] == "right":
        expected = ("✓", f"fits: {GIVES[product]}")
    elif MEANING[product] == "turned":
        expected = ("△", "fits, turned around")
    else:
        expected = ("△", "fits by accident")
    assert (mark, words) == expected
    reason = demo.readout.split("\n")[1]
    assert reason.startswith(f"{mark} {product}: ")
    assert reason.removeprefix(f"{mark} ") in demo.alt
    inner = [left.shape[1], right.shape[0]]
    outer = [left.shape[0], right.shape[1]]
    said = numbers(reason)
    assert said == (inner + outer if "It gives" in reason else inner)


def set_ledger(demo, *values):
    for name, value in zip(("n0", "n1", "n2", "m", "product"), values, strict=True):
        demo.controls[name].value = value


def test_ledger_starts_with_sizes_that_all_differ(ledger):
    check_ledger(ledger, 2, 3, 4, 5, "W₁ X")


@pytest.mark.parametrize("product", MEANING)
@pytest.mark.parametrize("sizes", [(1, 1, 1, 1), (6, 6, 6, 6), (2, 3, 4, 5), (1, 6, 1, 6)])
def test_ledger_at_its_ends(ledger, product, sizes):
    set_ledger(ledger, *sizes, product)
    check_ledger(ledger, *sizes, product)


def test_ledger_in_200_random_states(ledger):
    rng = random.Random(4)
    for _ in range(200):
        values = [*(rng.randint(1, 6) for _ in range(4)), rng.choice(list(MEANING))]
        set_ledger(ledger, *values)
        check_ledger(ledger, *values)


def test_sizes_that_all_differ_let_no_wrong_product_run(ledger):
    """The lesson of the demo, and the reason why tests use pairwise different sizes."""
    for product, meaning in MEANING.items():
        set_ledger(ledger, 2, 3, 4, 5, product)
        mark = ledger.figure.artists["mark"].get_text()
        assert mark == {"right": "✓", "turned": "△", "wrong": "✗"}[meaning]


def test_every_product_of_the_demo_is_judged_here():
    assert list(PRODUCTS) != []
    assert set(PRODUCTS) == set(MEANING)


# Two paths: everything in exact fractions.


@pytest.fixture
def paths(at_rest):
    return at_rest(start_here.two_paths)


def J(u, v):
    return u * v


def measured(x, h, way):
    """Return the change of J per step of x, as a fraction."""
    x, h = Fraction(str(x)), Fraction(str(h))
    u, v = x**2, 4 - x
    new_u = u if way == BY_V else (x + h) ** 2
    new_v = v if way == BY_U else 4 - (x + h)
    return (J(new_u, new_v) - J(u, v)) / h


def check_paths(demo, x, h, way):
    artists = demo.figure.artists
    x_, h_ = Fraction(str(x)), Fraction(str(h))
    u, v = x_**2, 4 - x_
    by_u, by_v = 2 * x_ * v, -u  # the power rule on u, and v falls as fast as x rises
    change = measured(x, h, way) * h_
    slopes = {"xu": 2 * x_, "xv": -1, "uJ": v, "vJ": u}

    def shown(text, *values, digits=3):
        assert numbers(text) == [pytest.approx(float(v), abs=0.51 * 10.0**-digits) for v in values]

    for name, value in {"x": x_, "u": u, "v": v, "J": u * v}.items():
        shown(artists[f"value {name}"].get_text(), value)
    moved = {
        "x": h_, "J": change,
        "u": 0 if way == BY_V else 2 * x_ * h_ + h_**2,
        "v": 0 if way == BY_U else -h_,
    }  # fmt: skip
    for name, value in moved.items():
        text = artists[f"change {name}"].get_text()
        shown(text, value, digits=4)
        assert text[0] in "+−"
    for edge, value in slopes.items():
        shown(artists[f"slope {edge}"].get_text(), value)
    for k, value in enumerate((by_u, by_v, by_u + by_v, measured(x, h, way))):
        assert artists[f"bar {k}"].get_width() == pytest.approx(float(value), abs=1e-9)
        shown(artists[f"number {k}"].get_text(), value)

    first, products, nudge = demo.readout.split("\n")
    shown(first, x_, u, v, u * v)
    shown(products, 2 * x_, v, by_u, -1, u, by_v, by_u + by_v)
    assert way in nudge
    assert numbers(nudge) == [
        h, pytest.approx(float(change), abs=1e-6),
        pytest.approx(float(measured(x, h, way)), abs=1e-4),
    ]  # fmt: skip
    expected = [*numbers(first), *numbers(products), *numbers(nudge)]
    assert numbers(demo.alt) == expected
    for path in (BY_U, BY_V):
        blocked = way not in (BOTH, path)
        dashed = artists[path].get_linestyle() != "-"
        white = artists[path].get_facecolor()[:3] == (1, 1, 1)
        assert dashed == white == blocked


def set_paths(demo, x, h, way):
    for name, value in zip(("x", "h", "open"), (x, h, way), strict=True):
        demo.controls[name].value = value


PATHS = (BOTH, BY_U, BY_V)


def test_two_paths_start_where_the_page_starts(paths):
    """The page works x = 2 by hand: 4 · 2 = 8 and −1 · 4 = −4, together 4; a step of 1 gives 1."""
    check_paths(paths, 2, 1, BOTH)
    widths = [paths.figure.artists[f"bar {k}"].get_width() for k in range(4)]
    assert widths == [8, -4, 4, 1]


@pytest.mark.parametrize("way", PATHS)
@pytest.mark.parametrize("h", [0.001, 0.01, 0.1, 1])
@pytest.mark.parametrize("x", [-1, 0, 2, 2.7, 4])
def test_two_paths_at_their_ends(paths, x, h, way):
    set_paths(paths, x, h, way)
    check_paths(paths, x, h, way)


def test_two_paths_in_200_random_states(paths):
    rng = random.Random(6)
    for _ in range(200):
        state = rng.randint(-10, 40) / 10, rng.choice([0.001, 0.01, 0.1, 1]), rng.choice(PATHS)
        set_paths(paths, *state)
        check_paths(paths, *state)


def test_every_bar_ends_inside_its_panel(paths):
    low, high = paths.figure.artists["bar 0"].axes.get_xlim()
    for k in range(-10, 41):
        for h in (0.001, 1):
            for way in PATHS:
                assert low < measured(k / 10, h, way) < high


# The V: the true slopes with 40 digits.


@pytest.fixture
def v(at_rest):
    return at_rest(start_here.the_v)


EXACT = {
    "x³": lambda x: 3 * x**2,
    "eˣ": mpmath.exp,
    "sin x": mpmath.cos,
}
FLOATS = {"x³": lambda x: x * x * x, "eˣ": math.exp, "sin x": math.sin}


def complex_slope(name, x, h):
    """Return Im f(x + ih)/h from the real and imaginary parts, each with 40 digits."""
    x, h = mpmath.mpf(x), mpmath.mpf(h)
    parts = {
        "x³": 3 * x**2 * h - h**3,
        "eˣ": mpmath.exp(x) * mpmath.sin(h),
        "sin x": mpmath.cos(x) * mpmath.sinh(h),
    }
    return parts[name] / h


def check_v(demo, k, x, name):
    artists, h = demo.figure.artists, 10.0**-k
    with mpmath.workdps(40):
        true = EXACT[name](mpmath.mpf(x))
        f = FLOATS[name]
        found = {
            "forward": (f(x + h) - f(x)) / h,
            "central": (f(x + h) - f(x - h)) / (2 * h),
            "complex": float(complex_slope(name, x, h)),
        }
        # Another library may round f differently in its last digit; 1/h makes that larger.
        noise = {"forward": 2e-15 / h, "central": 2e-15 / h, "complex": 2e-15}
        lines = demo.readout.split("\n")
        assert numbers(lines[0])[-3:] == [x, k, pytest.approx(h, rel=6e-3)]
        assert list(artists["h"].get_xdata()) == [h, h]
        assert artists["true"].get_text() == f"{float(true):.15f}".replace("-", "−")
        for line, (way, slope) in zip(lines[1:], found.items(), strict=True):
            error = float(abs((slope - true) / true))
            spread = noise[way] * (abs(f(x)) + abs(float(true))) / abs(float(true))
            (drawn,) = artists[f"{way} dot"].get_ydata()
            assert artists[f"{way} dot"].get_xdata() == [h]
            assert drawn == pytest.approx(max(error, FLOOR), abs=spread, rel=1e-9)
            size = numbers(line)[0]
            assert size == pytest.approx(drawn, rel=0.06, abs=1.1 * FLOOR)
            assert line.startswith(way)

            text = artists[f"{way} digits"].get_text()
            right = artists[f"{way} right"].get_text()
            shown = mpmath.mpf(text.replace("−", "-"))
            assert float(shown) == pytest.approx(slope, abs=spread * abs(float(true)) + 1e-15)
            assert text.startswith(right)
            decimals = len(right.partition(".")[2])
            off = abs(shown - mpmath.mpf(float(true)))
            if decimals:  # so many are right,
                assert off <= 0.5 * 10.0**-decimals + 2e-15
            assert decimals == 15 or off >= 0.05 * 10.0**-decimals - 2e-15  # and not one more
            said = f"{decimals} decimal{'' if decimals == 1 else 's'} right"
            assert artists[f"{way} count"].get_text() == said
            assert line.endswith(said) and said in demo.alt
            grid, curve = artists[way].get_data()
            assert list(grid) == [pytest.approx(10.0**-e) for e in np.arange(1, 15.25, 0.25)]
            assert curve[round((k - 1) / 0.25)] == pytest.approx(drawn)


def set_v(demo, k, x, name):
    for control, value in zip(("k", "x", "f"), (k, x, name), strict=True):
        demo.controls[control].value = value


def test_v_starts_with_the_numbers_of_the_page(v):
    """x³ at 1 with h = 0.1: 3.31, 3.01 and 2.99, by hand."""
    check_v(v, 1, 1, "x³")
    texts = [v.figure.artists[f"{way} digits"].get_text() for way in WAYS]
    assert [round(float(t), 9) for t in texts] == [3.31, 3.01, 2.99]


@pytest.mark.parametrize("name", EXACT)
@pytest.mark.parametrize("k", [1, 5, 8.25, 15])
@pytest.mark.parametrize("x", [0.5, 1.6, 2])
def test_v_at_its_ends(v, k, x, name):
    set_v(v, k, x, name)
    check_v(v, k, x, name)


def test_v_in_200_random_states(v):
    rng = random.Random(8)
    for _ in range(200):
        state = 1 + rng.randint(0, 56) / 4, rng.randint(5, 20) / 10, rng.choice(list(EXACT))
        set_v(v, *state)
        check_v(v, *state)


@pytest.mark.parametrize("name", EXACT)
@pytest.mark.parametrize("x", [0.5, 1.0, 1.5, 2.0])
def test_what_the_page_says_about_the_three_curves(v, name, x):
    """Each claim of the notebook: where the V has its foot, how steep it is, which way is best."""
    set_v(v, 1, x, name)
    at = {way: dict(zip(np.arange(1, 15.25, 0.25), v.figure.artists[way].get_ydata(), strict=True))
          for way in WAYS}  # fmt: skip
    assert at["forward"][4] / at["forward"][2] == pytest.approx(1e-2, rel=0.1)
    assert at["central"][3] / at["central"][2] == pytest.approx(1e-2, rel=0.1)
    best = {way: min(curve, key=curve.get) for way, curve in at.items()}
    assert 6 < best["forward"] <= 9.5 and 4 < best["central"] <= 7
    assert at["central"][5] < ALLOWED["central"] / 10
    assert at["forward"][5] > ALLOWED["central"]
    assert all(at["complex"][k] < ALLOWED["complex"] for k in np.arange(8, 15.25, 0.25))
    for way in ("forward", "central"):
        assert max(at[way][k] for k in np.arange(14, 15.25, 0.25)) > 1e-3
    for way in WAYS:
        low, high = v.figure.artists[way].axes.get_ylim()
        assert all(low < error < high for error in at[way].values())
