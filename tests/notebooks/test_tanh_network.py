"""What notebook 05 says in words, of runs that its cells do not print, is counted here again."""

import re

import numpy as np
import pytest

import nnmath as nn
from nnmath.demos.tanh_network.anatomy import ranked, shares
from nnmath.demos.tanh_network.plane import PLANE, run
from nnmath.demos.tanh_network.race import split, trained
from tests.notebooks.structure import NOTEBOOKS, read

PROSE = "\n".join(
    cell.source for cell in read(NOTEBOOKS / "05_tanh_network.ipynb") if cell.kind == "markdown"
)
X, Y = nn.data.planar_flower()


def told(pattern):
    """Return the numbers that the prose gives where this pattern stands, which it must once."""
    (found,) = re.finditer(pattern, PROSE)
    return [float(number.replace("−", "-")) for number in found.groups()]


def answers(net, points=X):
    return nn.forward(net, points).A[net.L][0]


@pytest.fixture(scope="module")
def nets():
    history = run()
    return dict(zip(history.steps.tolist(), history.nets, strict=True))


def right(net):
    return (answers(net) > 0.5) == Y[0]


def test_the_drop_comes_when_the_line_of_unit_4_swings_round(nets):
    begin, end, low, high = told(
        r"Between step (\d+) and step (\d+) the line of \*\*unit 4\*\*.*"
        r"from ([\d.]+) % to ([\d.]+) %"
    )
    before, after = nets[begin], nets[end]
    assert (right(before).mean(), right(after).mean()) == pytest.approx((low / 100, high / 100))
    before, after = (np.arctan2(*net.W[1].T) for net in (before, after))
    turned = np.degrees(np.abs((after - before + np.pi / 2) % np.pi - np.pi / 2))
    assert turned[3] > 40 and np.all(turned[:3] < 5)


def test_which_points_are_wrong_in_the_end(nets):
    wrong, inside, radius = told(r"Of the (\d+) others, (\d+) lie in the middle, at most ([\d.]+)")
    far = np.hypot(*X)[~right(nets[1000])]
    assert (len(far), np.sum(far <= radius)) == (wrong, inside)


def test_no_line_is_much_better_than_two_in_three():
    """Every line, by its direction and its place between the points: the most right answers."""
    best = 0.0
    for angle in np.linspace(0, np.pi, 721):
        along = np.argsort(np.cos(angle) * X[0] + np.sin(angle) * X[1])
        ones = np.concatenate([[0], np.cumsum(2 * Y[0, along] - 1)])
        best = max(best, 0.5 + np.abs(ones).max() / 400)
    assert told(r"The best lines have (\d+) % right answers") == [round(100 * best)]


def test_what_the_network_answers_where_it_has_seen_nothing(nets):
    edge, across = PLANE, np.linspace(-PLANE, PLANE, 61)
    sure = lambda points: np.abs(answers(nets[1000], points) - 0.5) + 0.5  # noqa: E731
    corners = np.array([[-edge, -edge, edge, edge], [-edge, edge, -edge, edge]])
    (said,) = told(r"In the corners the network is about (\d+) % sure")
    assert np.all(np.abs(100 * sure(corners) - said) < 1)
    for side in (-edge, edge):
        assert np.mean(sure(np.vstack([np.full(61, side), across])) > 0.9) > 0.75
    far = 1000 * np.vstack([np.cos(np.linspace(0, 6, 500)), np.sin(np.linspace(0, 6, 500))])
    assert np.mean(sure(far) < 0.8) < 0.01


def test_what_relu_does_in_the_race():
    (share,) = told(r"With 4 units it gets stuck, with (\d+) % of its points right")
    assert "With 20 units and a rate of 3, three of the units die." in PROSE
    few, fast, slow = (
        trained(units, rate, examples, 1)
        for units, rate, examples in ((4, 1, 80), (20, 3, 80), (20, 0.1, 160))
    )
    for found in (few, fast, slow):
        found.upto(1000)
    J, scores = few.scores[20]["learned from"]
    assert scores[1] == share / 100 and J[1] > few.scores[6]["learned from"][0][1] - 0.01
    seen, _ = split(80)["learned from"]
    Z = fast.seen[20][0][1] @ np.vstack([seen, np.ones(80)])
    assert np.sum(np.all(Z <= 0, axis=1)) == 3
    for part in ("learned from", "held out"):
        _, scores = slow.scores[20][part]
        assert abs(scores[1] - scores[0]) < 0.03


def test_whose_gradient_it_is(nets):
    found = {step: shares(step)[ranked()] for step in (100, 1000)}
    first, last, percent = told(r"points (\d+) to (\d+) bring (\d+) %")
    assert round(100 * found[1000][int(first) - 1 : int(last)].sum()) == percent
    assert told(r"their shares add up to \$(-\d+)\$ %") == [round(100 * found[100][-50:].sum())]

    def gradient(points, truths):
        grads = nn.backward(nets[100], nn.forward(nets[100], points), truths, nn.bce)
        parts = [*grads.dW.values(), *grads.db.values()]
        return np.linalg.norm(np.concatenate([part.ravel() for part in parts]))

    sizes = [gradient(X[:, [i]], Y[:, [i]]) for i in range(400)]
    (times,) = told(r"A typical point asks for changes (\d+) times as large as the mean")
    assert np.median(sizes) / gradient(X, Y) == pytest.approx(times, rel=0.1)
