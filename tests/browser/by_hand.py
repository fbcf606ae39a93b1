"""What some demos must say, worked out here with `math` alone: a check for each notebook.

A function takes the demos of its notebook, in order and in their first state, moves them by
keyboard, and compares each number that is shown. The mirrors of test_lab.py go through every
control; here the numbers come from formulas that no part of the course has computed.
"""

import math
import re
from collections.abc import Callable, Sequence

from nnmath.demos.relu_network.wiggle import TINY, X, Y
from nnmath.demos.sigmoid_bce import X0, X1
from tests.browser.jupyter import Demo

CHECKS: dict[str, list[Callable[[Sequence[Demo]], None]]] = {}


def check_of(number: str) -> Callable:
    """Note the function as a check of the notebook with this number."""

    def note(check: Callable[[Sequence[Demo]], None]) -> Callable:
        CHECKS.setdefault(number, []).append(check)
        return check

    return note


def shown(text: str, value: float) -> None:
    """Assert that the number in the text is the value, rounded to the digits that are there."""
    number = float(text.replace("−", "-"))
    decimals = len(text.partition(".")[2])
    assert abs(number - value) <= 0.51 * 10.0**-decimals, f"shows {text}, by hand it is {value}"


def numbers(text: str) -> list[str]:
    return re.findall(r"−?\d+(?:\.\d+)?", text)


def demo_with(demos: Sequence[Demo], label: str) -> Demo:
    """Return the first demo that has a slider with this label."""
    return next(demo for demo in demos if demo.slider(label).count())


def sigma(z: float) -> float:
    return 1 / (1 + math.exp(-z))


# 00: a product of two functions of x


@check_of("00")
def both_paths_add_up(demos):
    _, demo, _ = demos
    demo.press(demo.slider("x"), "Home")
    demo.says("x = -1")
    values, slopes, _ = demo.readout.splitlines()
    for text, value in zip(numbers(values), (-1, 1, 5, 5), strict=True):  # x, u = x², v = 4 − x, uv
        shown(text, value)
    by_hand = (-2, 5, -10, -1, 1, -1, -11)  # 2x · v, then −1 · u, then their sum
    for text, value in zip(numbers(slopes), by_hand, strict=True):
        shown(text, value)


# 01: one sigmoid neuron


@check_of("01")
def one_example(demos):
    demo = demos[0]
    for keys, z in [
        (["ArrowRight"] * 5, 2.5),
        (["Home"], -8.0),
        (["ArrowRight"], -7.9),
        (["End"], 8.0),
    ]:
        demo.press(demo.slider("z"), *keys)
        demo.says(f"z = {z:.1f}")
        found = re.search(r"J = (\S+)   .* = (\S+) × (\S+) = (\S+) = a − y", demo.readout)
        by_hand = (math.log1p(math.exp(-z)), -1 - math.exp(-z), sigma(z) * sigma(-z), -sigma(-z))
        for text, value in zip(found.groups(), by_hand, strict=True):
            shown(text, value)


@check_of("01")
def squared_error_dies_where_the_neuron_is_wrong(demos):
    demo = demos[0]
    demo.radio("squared error beside it").check()
    demo.press(demo.slider("z"), "Home")
    demo.says("z = -8.0")
    demo.says("= (a − y) · a(1 − a)")
    slopes = re.findall(r"= ([−\d.]+) = \(?a − y", demo.readout)
    shown(slopes[0], -sigma(8))
    shown(slopes[1], -sigma(8) * sigma(8) * sigma(-8))


def batch_by_hand(w1: float, w2: float, b: float) -> tuple[float, float, float, float]:
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


def batch_shows(demo: Demo, w1: float, w2: float, b: float) -> None:
    values = dict(zip(("J", "∂J/∂w₁", "∂J/∂w₂", "∂J/∂b"), batch_by_hand(w1, w2, b), strict=True))
    for name, value in {"w₁": w1, "w₂": w2, "b": b, **values}.items():
        shown(re.search(rf"(?:^|\s){re.escape(name)} = ([−\d.]+)", demo.readout)[1], value)


@check_of("01")
def each_weight_moves_the_batch(demos):
    demo, weights = demos[1], [-1.5, 1.0, 1.5]
    for place, name in enumerate(("w₁", "w₂", "b")):
        weights[place] = (-5.0, 5.0, -5.0)[place]
        demo.press(demo.slider(name), "End" if weights[place] > 0 else "Home")
        demo.says(f"{name} = {weights[place]:.3f}")
        batch_shows(demo, *weights)


@check_of("01")
def a_hundred_gradient_steps(demos):
    demo = demos[1]
    demo.button("100 steps").press("Enter")
    demo.says("after 100 steps")
    w1, w2, b = -1.5, 1.0, 1.5
    for _ in range(100):
        _, dw1, dw2, db = batch_by_hand(w1, w2, b)
        w1, w2, b = w1 - 0.3 * dw1, w2 - 0.3 * dw2, b - 0.3 * db
    batch_shows(demo, w1, w2, b)


# 02: softmax and cross-entropy


@check_of("02")
def four_classes(demos):
    demo = demos[0]
    demo.press(demo.slider("z₄"), "End")
    demo.press(demo.slider("softness of the target"), "End")
    demo.says("0.250    0.250    0.250    0.250   y")
    z = (2, 1, 0, 5)
    a = [math.exp(v) / sum(map(math.exp, z)) for v in z]
    _, probabilities, _, gradient = map(numbers, demo.readout.splitlines())
    for k in range(4):
        shown(probabilities[k], a[k])
        shown(gradient[k], a[k] - 0.25)
    shown(probabilities[5], -sum(math.log(p) / 4 for p in a))  # 1.000 is the sum before it


@check_of("02")
def one_step_of_the_race(demos):
    demo = demos[1]
    demo.button("One step").press("Enter")
    demo.says("after 1 step")
    z = (0, 6, 1)
    a = [math.exp(v) / sum(map(math.exp, z)) for v in z]
    z = [v - 0.5 * (p - (k == 0)) for k, (v, p) in enumerate(zip(z, a, strict=True))]
    a = [math.exp(v) / sum(map(math.exp, z)) for v in z]
    _, cross_entropy, _ = demo.readout.splitlines()
    chance, push = numbers(cross_entropy)
    shown(chance, a[0])
    shown(push, math.dist(a, (1, 0, 0)))


# 03: two hidden layers of ReLU


def tiny_by_hand(value: float) -> float:
    """Return J of the tiny network with W[2] row 2, column 3 at this value, unit by unit."""
    J, examples = 0.0, X.T.tolist()
    for x, y in zip(examples, Y.T.tolist(), strict=True):
        a = x
        for l in (1, 2, 3):
            W, b = TINY.W[l].tolist(), TINY.b[l][:, 0].tolist()
            if l == 2:
                W[1][2] = value
            z = [sum(map(lambda w, p: w * p, row, a)) + c for row, c in zip(W, b, strict=True)]
            a = [max(v, 0) for v in z] if l < 3 else z
        J += (math.log(sum(map(math.exp, a))) - sum(map(lambda p, q: p * q, y, a))) / len(examples)
    return J


@check_of("03")
def one_weight(demos):
    demo = demos[0]
    for key, value in (("End", 3.0), ("Home", -3.0), ("PageUp", None)):
        demo.press(demo.slider("value of this weight"), key)
        if value is None:
            value = float(demo.slider("value of this weight").input_value())
        demo.says(f"= {value:.2f}")
        first, second = demo.readout.splitlines()
        shown(re.search(r"J = (\S+)", first)[1], tiny_by_hand(value))
        slope = (tiny_by_hand(value + 1e-6) - tiny_by_hand(value - 1e-6)) / 2e-6
        for text in re.findall(r"(?:backpropagation|nudging) (\S+)", second):
            shown(text, slope)


# 04: any number of layers


@check_of("04")
def the_start_of_the_recursion(demos):
    """The slope of the loss at the last layer: m = 3 examples, and a is read from the page."""
    demo = demos[1]
    for loss in ("binary cross-entropy", "squared error"):
        demo.radio(loss).check()
        demo.says(f"(tanh, {loss})")
        a, y, slope = re.search(r"a = (\S+) and y = (\S+) give (\S+)", demo.readout).groups()
        a, y = float(a), float(y)
        by_hand = (a - y) / 3 if loss == "squared error" else (a - y) / (3 * a * (1 - a))
        assert abs(float(slope.replace("−", "-")) - by_hand) < 0.004  # a has three digits


# 05: a network of tanh units


@check_of("05")
def the_output_of_one_point(demos):
    demo = demo_with(demos, "point, from easy to hard")
    for key in ("Home", "End"):
        demo.press(demo.slider("point, from easy to hard"), key)
        demo.says(f"point {1 if key == 'Home' else 400} of 400")
        y = int(re.search(r"y = (\d)", demo.readout)[1])
        a, loss, dz = re.search(
            r"a\[2\] = (\S+), .* loss (\S+), dz\[2\] = a − y = (\S+)", demo.readout
        ).groups()
        assert abs(float(dz.replace("−", "-")) - (float(a) - y)) < 1e-4
        by_hand = -math.log(float(a) if y else 1 - float(a))
        assert abs(float(loss) - by_hand) < 6e-5 / min(float(a), 1 - float(a))


# 07: shares passed back


@check_of("07")
def all_shares_make_the_slope(demos):
    demo = demo_with(demos, "shares passed back")
    demo.press(demo.slider("x"), "End")
    demo.press(demo.slider("shares passed back"), "End")
    demo.says("share 6 of 6")
    demo.says("x = 3")
    slope = re.search(r"dx = (\S+)$", demo.readout, re.M)[1]
    shown(slope, 4 * 3**3 + 3 * 3**2)  # J = x²(x² + x) = x⁴ + x³
