"""The demos of notebook 07 against the chain rule written out, and against loops over entries."""

import itertools
import random

import numpy as np
import pytest

from nnmath.demos import where_next
from nnmath.live import Slider

from .test_every_demo import numbers

XS = [-2 + 0.5 * k for k in range(11)]
ORDERS, RULES = ("J, v, u", "J, u, v"), ("+=", "=")


@pytest.fixture(scope="module")
def demo():
    demo = where_next.shares()
    yield demo
    demo.close()


@pytest.fixture(scope="module")
def stretched():
    demo = where_next.stretched()
    yield demo
    demo.close()


def told(x, order, rule):
    """Return (from, to, what arrives, the gradient after it) of the six shares, by hand."""
    u, v = x * x, x * x + x
    start = [("J", "u", v, v), ("J", "v", u, u)]
    if (order, rule) == ("J, v, u", "+="):
        du = v + u
        return [*start, ("v", "u", u, du), ("v", "x", u, u),
                ("u", "x", x * du, u + x * du), ("u", "x", x * du, u + 2 * x * du)]  # fmt: skip
    if (order, rule) == ("J, u, v", "+="):
        return [*start, ("u", "x", x * v, x * v), ("u", "x", x * v, 2 * x * v),
                ("v", "u", u, v + u), ("v", "x", u, 2 * x * v + u)]  # fmt: skip
    if (order, rule) == ("J, v, u", "="):
        return [*start, ("v", "u", u, u), ("v", "x", u, u),
                ("u", "x", x * u, x * u), ("u", "x", x * u, x * u)]  # fmt: skip
    return [*start, ("u", "x", x * v, x * v), ("u", "x", x * v, x * v),
            ("v", "u", u, u), ("v", "x", u, u)]  # fmt: skip


def put(demo, at, x, order, rule):
    for name, value in zip(("at", "x", "order", "rule"), (at, x, order, rule), strict=True):
        demo.controls[name].value = value


def check(demo, at, x, order, rule):
    artists, value = demo.figure.artists, {"x": x, "u": x * x, "v": x * x + x}
    value["J"] = value["u"] * value["v"]
    done = told(x, order, rule)[:at]
    gradient = {"x": 0, "u": 0, "v": 0, "J": 1} | {to: after for _, to, _, after in done}
    for name in "xuvJ":
        assert numbers(artists[f"value {name}"].get_text()) == [value[name]]
        assert artists[f"grad {name}"].get_text().startswith(f"d{name} = ")
        assert numbers(artists[f"grad {name}"].get_text()) == [gradient[name]]
    written = [a.get_text() for name, a in artists.items() if name.startswith("number")]
    amounts = sorted(numbers(text)[0] for text in written if text)
    assert amounts == sorted(amount for _, _, amount, _ in done)
    lines = [artists[f"line {k}"].get_text() for k in range(8)]
    for k, (sender, receiver, amount, after) in enumerate(done, start=1):
        assert lines[k].startswith(f"{sender} to {receiver}:  d{receiver} = ")
        assert after in numbers(lines[k])
        if rule == "+=":
            assert numbers(lines[k])[1:3] == [amount, after]
        late = order == "J, u, v" and receiver == "u" and sender == "v"
        assert ("too late" in lines[k]) == late
    right = 4 * x**3 + 3 * x**2  # of J = x⁴ + x³
    if at == 6:
        mark = "✓" if gradient["x"] == right else "✗"
        assert lines[7].startswith(f"{mark} dx = ")
        assert numbers(lines[7]) == [gradient["x"], right]
        assert lines[7] in demo.readout
    else:
        assert lines[at + 1 :] == [""] * (7 - at)
    assert artists["share"].get_visible() == (at > 0)
    if done:
        sender, receiver, _, _ = done[-1]
        second = [share[:2] for share in done].count(("u", "x")) == 2 and sender == "u"
        drawn = list(zip(*artists["share"].get_data(), strict=True))
        assert drawn == list(where_next.EDGES[(sender, receiver, int(second))][:2])
        for name in "xuvJ":
            colour = artists[f"box {name}"].get_facecolor()
            assert (colour[:3] != (1, 1, 1)) == (name == sender)
    head, share, known = demo.readout.split("\n")[:3]
    assert numbers(head) == [x, value["u"], value["v"], value["J"]]
    assert f"order {order}; shares arrive by {rule}" in head
    assert numbers(share)[:2] == [at, 6]
    assert numbers(known) == [gradient[name] for name in "Jvux"]
    for line in (share, known):
        assert line[1:] in demo.alt
    assert demo.error is None


@pytest.mark.parametrize("order", ORDERS)
@pytest.mark.parametrize("rule", RULES)
def test_each_share_of_each_pass(demo, order, rule):
    for at, x in itertools.product(range(7), (-2, -0.5, 0, 2, 3)):
        put(demo, at, x, order, rule)
        check(demo, at, x, order, rule)


def test_100_random_states(demo):
    rng = random.Random(7)
    for _ in range(100):
        state = rng.randint(0, 6), rng.choice(XS), rng.choice(ORDERS), rng.choice(RULES)
        put(demo, *state)
        check(demo, *state)


def test_the_nudge_is_the_slope():
    for x in XS:
        assert where_next.nudge(x) == pytest.approx(4 * x**3 + 3 * x**2, abs=1e-12)


def test_only_the_right_order_with_adding_is_right(demo):
    verdicts = {}
    for order, rule in itertools.product(ORDERS, RULES):
        put(demo, 6, 2.0, order, rule)
        verdicts[order, rule] = demo.figure.artists["line 7"].get_text()
    assert [text[0] for text in verdicts.values()] == ["✓", "✗", "✗", "✗"]
    assert [numbers(text)[0] for text in verdicts.values()] == [44, 8, 28, 4]


def test_next_stops_at_the_end(demo):
    demo.reset()
    for k in range(2, 9):
        demo.controls["next"].click()
        assert demo.state["at"] == min(k, 6)


def test_no_number_is_cut_short(demo):
    """The slider's x has few digits, and so has everything that is made from it."""
    assert isinstance(demo.controls["x"], Slider)
    for x in XS:
        put(demo, 6, x, "J, v, u", "+=")
        for name in "uvJ":
            exact = {"u": x**2, "v": x**2 + x, "J": x**4 + x**3}[name]
            assert numbers(demo.figure.artists[f"value {name}"].get_text()) == [exact]


# Stretched: numpy itself is asked what it copies, and the sums are taken entry by entry.

FORMS = {"a column": (3, 1), "a row": (1, 5), "one number": (1, 1), "the full shape": (3, 5)}
ENTRIES = [(form, entry) for form, (r, c) in FORMS.items() for entry in range(1, r * c + 1)]


def middles(artist):
    """Return the middle of each cell of a path, in points."""
    boxes = artist.get_path().vertices.reshape(-1, 5, 2)
    return {(round(x, 6), round(y, 6)) for x, y in (box[:4].mean(axis=0) for box in boxes)}


def seat(artists, name, k, i):
    x, y = artists[f"{name} {k} {i}"].get_position()
    return round(x, 6), round(y, 6)


def table(artists, name):
    """Return the numbers of a grid by their place; an empty cell has none."""
    cells = {(k, i): artists[f"{name} {k} {i}"].get_text() for k in range(3) for i in range(5)}
    return {place: numbers(text)[0] for place, text in cells.items() if text}


@pytest.mark.parametrize(("form", "entry"), ENTRIES)
def test_each_entry_collects_the_places_where_numpy_copies_it(stretched, form, entry):
    stretched.controls["form"].value = form
    stretched.controls["entry"].value = entry
    artists, (rows, columns) = stretched.figure.artists, FORMS[form]
    names = np.arange(1, rows * columns + 1).reshape(rows, columns)
    copied = np.broadcast_to(names, (3, 5))
    used = [place for place in np.ndindex(3, 5) if copied[place] == entry]
    row, column = (int(n[0]) for n in np.nonzero(names == entry))

    v, d, sums = (table(artists, name) for name in ("v", "d", "dv"))
    assert len(v) == len(d) == 15
    for place in np.ndindex(3, 5):
        k, i = (int(n[0]) for n in np.nonzero(names == copied[place]))
        assert v[place] == v[k, i]  # a copy shows what it is a copy of
    assert set(sums) == set(np.ndindex(rows, columns))
    for place, total in sums.items():
        assert total == sum(d[p] for p in np.ndindex(3, 5) if copied[p] == names[place])

    seats = {seat(artists, name, *place) for name in ("v", "d") for place in used}
    assert middles(artists["copies"]) == seats
    assert middles(artists["sum"]) == {seat(artists, "dv", row, column)}
    assert middles(artists["own"]) == {seat(artists, "v", *p) for p in np.ndindex(rows, columns)}
    head, place, total, verdict = stretched.readout.split("\n")
    assert numbers(head) == [rows, columns, 3, 5]
    assert numbers(place)[:4] == [entry, rows * columns, row + 1, column + 1]
    assert numbers(place)[4:] == ([len(used)] if len(used) > 1 else [])
    terms = [d[p] for p in used] if len(used) > 1 else []
    assert numbers(total) == [*terms, sums[row, column]]
    over = {(3, 1): "the columns", (1, 5): "the rows", (1, 1): "everything", (3, 5): "nothing"}
    assert verdict.startswith(f"summed over {over[rows, columns]}, ")
    assert "✓ equal to a nudge" in verdict
    for line in (head, place, total, verdict):
        assert line[1:] in stretched.alt
    assert stretched.error is None


def test_the_entry_stays_inside_the_shape(stretched):
    stretched.controls["form"].value = "the full shape"
    stretched.controls["entry"].value = 15
    for form, last in (("a row", 5), ("a column", 3), ("one number", 1)):
        stretched.controls["form"].value = form
        assert stretched.controls["entry"].value == last
        stretched.controls["entry"].value = 9
        assert stretched.controls["entry"].value == last


def test_next_entry_goes_round(stretched):
    stretched.reset()
    seen = []
    for _ in range(3):
        stretched.controls["next"].click()
        seen.append(stretched.state["entry"])
    assert seen == [3, 1, 2]
