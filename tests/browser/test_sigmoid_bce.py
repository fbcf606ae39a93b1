"""The two demos of notebook 01 in JupyterLab: their numbers are those of the formulas, by hand."""

import math
import re

import pytest

from nnmath.demos.sigmoid_bce import X0, X1


@pytest.fixture(scope="module")
def notebook(opened):
    found = opened("01_sigmoid_bce.ipynb")
    found.run_all()
    yield found
    found.page.close()


@pytest.fixture
def one_example(notebook):
    demo = notebook.demos()[0]
    demo.button("Reset").click()
    demo.says("z = 2.0")
    return demo


@pytest.fixture
def batch(notebook):
    demo = notebook.demos()[1]
    demo.button("Reset").click()
    demo.says("after 0 steps")
    return demo


def sigma(z):
    return 1 / (1 + math.exp(-z))


def number(text):
    return float(text.replace("−", "-"))


def assert_shown(text, value):
    """The number shown is the value, rounded to the digits that are shown."""
    shown = number(text)
    decimals = len(text.partition(".")[2])
    assert abs(shown - value) <= 0.51 * 10.0**-decimals, f"shows {text}, the formula gives {value}"


@pytest.mark.parametrize(
    ("keys", "z"),
    [
        (["ArrowRight"] * 5, 2.5),
        (["ArrowLeft"] * 3, 1.7),
        (["Home"], -8.0),
        (["Home", "ArrowRight"], -7.9),
        (["End"], 8.0),
    ],
)
def test_z_moves_everything(one_example, keys, z):
    before = one_example.picture
    one_example.press(one_example.slider("z"), *keys)
    one_example.says(f"z = {z:.1f}")
    readout, picture = one_example.settled()
    assert picture != before

    a = sigma(z)
    found = re.search(r"J = (\S+)   .* = (\S+) × (\S+) = (\S+) = a − y", readout)
    J, dJ_da, da_dz, dJ_dz = found.groups()
    assert_shown(J, math.log1p(math.exp(-z)))
    assert_shown(dJ_da, -1 - math.exp(-z))
    assert_shown(da_dz, math.exp(-z) / (1 + math.exp(-z)) ** 2)
    assert_shown(dJ_dz, a - 1)


def test_y_moves_everything(one_example):
    one_example.press(one_example.slider("target y"), "Home")
    one_example.says("y = 0.00")
    readout, _ = one_example.settled()
    J, slope = re.search(r"J = (\S+) .* = (\S+) = a − y", readout).groups()
    assert_shown(J, 2 + math.log1p(math.exp(-2)))
    assert_shown(slope, sigma(2))


def test_squared_error_stands_beside_it_and_dies(one_example):
    one_example.cell.get_by_role("radio", name="squared error beside it").check()
    one_example.press(one_example.slider("z"), "Home")
    one_example.says("z = -8.0")
    readout, _ = one_example.settled()
    a = sigma(-8)
    slopes = re.findall(r"= ([−\d.]+) = \(?a − y", readout)
    assert_shown(slopes[0], a - 1)
    assert_shown(slopes[1], (a - 1) * a * (1 - a))


def by_hand(w1, w2, b):
    """Return J and its three slopes, example by example."""
    points = [(x1, x2, 0) for x1, x2 in zip(*X0, strict=True)]
    points += [(x1, x2, 1) for x1, x2 in zip(*X1, strict=True)]
    J = dw1 = dw2 = db = 0.0
    for x1, x2, y in points:
        z = w1 * x1 + w2 * x2 + b
        J += (math.log1p(math.exp(z)) - y * z) / len(points)
        error = (sigma(z) - y) / len(points)
        dw1, dw2, db = dw1 + error * x1, dw2 + error * x2, db + error
    return J, dw1, dw2, db


def assert_batch_shows(readout, w1, w2, b):
    J, dw1, dw2, db = by_hand(w1, w2, b)
    values = {"w₁": w1, "w₂": w2, "b": b, "J": J, "∂J/∂w₁": dw1, "∂J/∂w₂": dw2, "∂J/∂b": db}
    for name, value in values.items():
        text = re.search(rf"(?:^|\s){re.escape(name)} = ([−\d.]+)", readout)[1]
        assert_shown(text, value)


@pytest.mark.parametrize(("name", "place"), [("w₁", 0), ("w₂", 1), ("b", 2)])
@pytest.mark.parametrize(("key", "value"), [("Home", -5.0), ("End", 5.0)])
def test_each_weight_moves_the_batch(batch, name, place, key, value):
    before = batch.picture
    batch.press(batch.slider(name), key)
    batch.says(f"{name} = {value:.3f}")
    readout, picture = batch.settled()
    assert picture != before
    weights = [-1.5, 1.0, 1.5]
    weights[place] = value
    assert_batch_shows(readout, *weights)


def test_one_gradient_step(batch):
    """The button does what the formulas do, and the sliders follow."""
    batch.button("One gradient step").press("Enter")
    batch.says("after 1 step")
    w1, w2, b = -1.5, 1.0, 1.5
    _, dw1, dw2, db = by_hand(w1, w2, b)
    readout, _ = batch.settled()
    w1, w2, b = w1 - 0.3 * dw1, w2 - 0.3 * dw2, b - 0.3 * db
    assert_batch_shows(readout, w1, w2, b)
    assert_shown(batch.slider("w₁").get_attribute("aria-valuetext"), w1)


def test_a_hundred_steps_animate_to_the_right_end(batch):
    batch.button("100 steps").click()
    batch.says("after 100 steps")
    w1, w2, b = -1.5, 1.0, 1.5
    for _ in range(100):
        _, dw1, dw2, db = by_hand(w1, w2, b)
        w1, w2, b = w1 - 0.3 * dw1, w2 - 0.3 * dw2, b - 0.3 * db
    readout, _ = batch.settled()
    assert_batch_shows(readout, w1, w2, b)


def test_an_answer_is_diagnosed_in_the_browser(notebook):
    """Typed into its cell: a wrong answer gets its reason, a right one is accepted."""
    cell = notebook.page.locator(".jp-CodeCell", has_text='check_answer("1.D"')
    for body, verdict in [
        ("return sigma(Z) - Y", "without the factor 1/m"),
        ("return (sigma(Z) - Y) / Z.shape[1]", "✓"),
    ]:
        cell.locator(".cm-content").click()
        notebook.page.keyboard.press("Control+a")
        notebook.page.keyboard.insert_text(
            f'def logit_gradient(Z, Y):\n    {body}\n\n\ncheck_answer("1.D", logit_gradient)'
        )
        notebook.page.keyboard.press("Control+Enter")
        cell.locator(".jp-OutputArea", has_text=verdict).wait_for()
