"""The bug detector against training runs and nudges done in tests/test_bugs.py."""

import numpy as np
import pytest

import nnmath as nn
from nnmath import bugs
from nnmath.demos.bugs import bug_detector
from tests.test_bugs import cost_from, nudged, own_run

from .test_every_demo import numbers

NAMES = [bug.name for bug in bugs.BUGS]


@pytest.fixture(scope="module")
def demo():
    demo = bug_detector()
    yield demo
    demo.close()


def drawn(artist):
    """Return the middle of each box of a path, in points."""
    corners = artist.get_path().vertices
    return {tuple(box[:4].mean(axis=0)) for box in corners.reshape(-1, 5, 2)}


def place(demo, label):
    return demo.figure.artists[label].get_position()


@pytest.mark.parametrize("name", NAMES)
def test_what_is_said_and_shown_of_a_bug(demo, name):
    demo.controls["bug"].value = name
    artists, bug = demo.figure.artists, bugs.BY_NAME[name]
    first, last, share = own_run(name)
    _, last_right, share_right = own_run("")
    head, costs, held, check = demo.readout.split("\n")
    assert head == f"bug {NAMES.index(name) + 1} of 15, {name}: {bug.what}"
    said = numbers(costs)
    assert said == pytest.approx([first, 120, last_right, last], abs=5.1e-3, rel=1e-5)
    assert costs.endswith("still falls" if last < first else "rises")
    assert numbers(held) == pytest.approx([360, 100 * share_right, 100 * share], abs=0.51)
    assert check.endswith(f"first {bug.wrong[0]}; wrong are {', '.join(bug.wrong)}")
    assert numbers(check)[:2] == [len(bug.wrong), 11]

    steps, J = artists["J"].get_data()
    assert (steps[0], steps[-1]) == (0, 120)
    assert [J[0], J[-1]] == pytest.approx([first, last], rel=1e-4)
    above = artists["above"].get_text()
    assert numbers(above) == ([pytest.approx(last, rel=5e-3)] if last > 3 else [])
    assert drawn(artists["wrong"]) == {place(demo, label) for label in bug.wrong}
    assert drawn(artists["first"]) == {place(demo, bug.wrong[0])}
    for label in bugs.ORDER:
        assert artists[label].get_text().startswith("✗" if label in bug.wrong else "✓")
    assert artists["wrong line"].get_text() == bug.line
    assert artists["right line"].get_text() == bug.right
    for part in (bug.what, bug.line, bug.right, ", ".join(bug.wrong)):
        assert part in demo.alt
    assert demo.error is None


def test_the_other_bugs_are_trained_ahead_the_next_one_first(demo, monkeypatch):
    asked = []
    monkeypatch.setattr(bugs, "run", lambda name: asked.append(("run", name)))
    monkeypatch.setattr(bugs, "convicted", lambda name: asked.append(("check", name)))
    assert len(list(demo._ahead({"bug": NAMES[13]}))) == 28
    order = [NAMES[14], *NAMES[:13]]
    assert asked == [(what, name) for name in order for what in ("run", "check")]


@pytest.mark.parametrize("name", NAMES)
def test_the_errors_in_the_cells_are_relative_errors(demo, name):
    demo.controls["bug"].value = name
    net, X, Y = bugs.small()
    W, b, right, Z = dict(net.W), dict(net.b), {}, {}
    a = X
    for l in (1, 2, 3):
        Z[l] = W[l] @ a + b[l]
        right[l] = nudged(lambda w, l=l, a=a: cost_from(l, w @ a + b[l], W, b, Y), W[l])
        a = np.tanh(Z[l])

    grads = bugs.BY_NAME[name].backward(net, nn.forward(net, X), Y, nn.cross_entropy)
    for l in (1, 2, 3):
        error = np.abs(grads.dW[l] - right[l]).max() / np.abs(right[l]).max()
        shown = numbers(demo.figure.artists[f"dW[{l}]"].get_text())
        assert shown == ([pytest.approx(error, rel=0.06)] if error > 1e-9 else [])


def test_the_cells_stand_in_the_order_of_the_pass(demo):
    places = [place(demo, label) for label in bugs.ORDER]
    rows = sorted({y for _, y in places}, reverse=True)
    assert [rows.index(y) for _, y in places] == [0] * 3 + [1] * 4 + [2] * 4
    for l in (3, 2, 1):
        across = [place(demo, f"{name}[{l}]")[0] for name in ("dZ", "dW", "db")]
        assert across == sorted(across)


def test_next_bug_goes_round(demo):
    demo.controls["bug"].value = NAMES[-2]
    seen = []
    for _ in range(3):
        demo.controls["next"].click()
        seen.append(demo.controls["bug"].value)
    assert seen == [NAMES[-1], *NAMES[:2]]
