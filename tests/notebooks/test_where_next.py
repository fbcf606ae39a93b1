"""Notebook 07: its anatomy, the numbers that its prose claims, and the learner's own engine."""

import contextlib
import inspect
import io
import re

import pytest

from nnmath import bugs, engine
from nnmath.demos import where_next
from nnmath.exercises.where_next import EXERCISES, your_engine
from tests.notebooks import structure
from tests.notebooks.structure import NOTEBOOKS, exercise_faults, headings, read, tasks

PATH = NOTEBOOKS / "07_where_next.ipynb"
CELLS = read(PATH)
NAMES = ("matmul_pull", "unbroadcast", "tanh_pull", "order", "collect")
RIGHT = dict(zip(NAMES, (exercise.reference for exercise in EXERCISES), strict=True))


def prose():
    return "\n".join(cell.source for cell in CELLS if cell.kind == "markdown")


def test_its_anatomy():
    assert exercise_faults(CELLS, 7) == []
    for faults in ("_opening_faults", "_code_faults", "_demo_faults", "_recap_faults"):
        assert getattr(structure, faults)(CELLS) == []
    parts = [text for level, text in headings(CELLS) if level == 2]
    steps = [part for part in parts if part.startswith("Step ")]
    assert [step[:7] for step in steps] == [f"Step {k}:" for k in range(1, 6)]
    assert parts[:2] == ["Play first", "Numbers first"]
    assert parts[-3:] == ["Classic mistakes", "Where to go from here", "Recap"]


def test_nothing_links_to_a_page_that_may_vanish():
    assert not re.search(r"https?:", prose())


def test_the_numbers_of_the_demo_that_the_prose_tells():
    ends = {
        (order, rule): where_next.passed(2.0, order, rule)
        for order in ("J, v, u", "J, u, v")
        for rule in ("+=", "=")
    }
    dx = {
        setting: [share.after for share in shares if share.edge[1] == "x"][-1]
        for setting, shares in ends.items()
    }
    assert list(dx.values()) == [44, 8, 28, 4]
    for told in (
        r"$\mathrm dx = 44$. The nudge agrees",
        r"it passes on 6 in place of 10, and $\mathrm dx = 28$",
        "In the right order this gives 8, in the wrong one 4.",
    ):
        assert told in prose()


def test_thirteen_of_fifteen():
    assert "Of fifteen wrong backward passes, thirteen still make it fall" in prose()
    assert (len(bugs.BUGS), sum(bugs.run(bug.name).falls for bug in bugs.BUGS)) == (15, 13)


def test_the_source_shown_is_the_engine():
    shown = next(cell for cell in CELLS if "print(source)" in cell.source)
    assert shown.printed.strip() == inspect.getsource(engine).strip()


# The learner's own engine.


def said(**parts):
    text = io.StringIO()
    with contextlib.redirect_stdout(text):
        your_engine(**parts)
    return text.getvalue().splitlines()


def solved(change=lambda solution: solution):
    """Run every cell, each with the solution of its fold after it; return what your_engine says."""
    scope, here = {"__name__": "notebook"}, {task.cell.index: task for task in tasks(CELLS)}
    found = ""
    for cell in CELLS:
        if cell.kind == "code":
            text = io.StringIO()
            with contextlib.redirect_stdout(text):
                exec(compile(cell.source, "cell", "exec"), scope)
            if "your_engine(" in cell.source:
                found = text.getvalue()
        if cell.index in here:
            exec(change(here[cell.index].solution), scope)
    return found.splitlines()


ALL = [
    "a network of three layers, against nn.backward: "
    "✓ all of dW[1], dW[2], dW[3], db[1], db[2], db[3]",
    "a graph whose values are used twice, against nudges: ✓ all of dW, db, dX",
]


def test_with_nothing_solved_the_package_stands_in():
    shown = next(cell for cell in CELLS if "your_engine(" in cell.source and cell.index > 5)
    assert shown.printed.splitlines() == said()
    assert said() == ["your parts: none yet", f"the package's parts: {', '.join(NAMES)}", *ALL]


def test_with_all_solved_it_is_the_learners_engine():
    assert solved() == [f"your parts: {', '.join(NAMES)}", "the package's parts: none", *ALL]


@pytest.mark.parametrize("name", NAMES)
def test_each_part_works_alone(name):
    others = [other for other in NAMES if other != name]
    expected = [f"your parts: {name}", f"the package's parts: {', '.join(others)}", *ALL]
    assert said(**{name: RIGHT[name]}) == expected


@pytest.mark.parametrize(
    ("before", "after", "verdict"),
    [
        ("dC @ B.T, A.T @ dC", "dC @ B.T, 2 * A.T @ dC", "✗ wrong are dW[1], dW[2], db[1], db[2]"),
        ("d.sum(", "d.mean(", "✗ wrong are db[1], db[2], db[3]"),
        ("keepdims=True", "keepdims=False", "✗ stopped with "),
        ("1 - A**2", "1 - A", "✗ wrong are dW[1], dW[2], db[1], db[2]"),
        ("np.array(done)", "np.array(done)[::-1]", "✗ wrong are dW[1], dW[2], dW[3]"),
        ("new[j] += share", "new[j] -= share", "✗ wrong are dW[1], dW[3]"),
    ],
)
def test_a_wrong_part_is_convicted(before, after, verdict):
    first = solved(lambda solution: solution.replace(before, after))[2]
    assert first.startswith(f"{ALL[0].split(' ✓')[0]} {verdict}")


@pytest.mark.parametrize(
    ("name", "mistake"),
    [
        (name, mistake)
        for name, exercise in zip(NAMES, EXERCISES, strict=True)
        for mistake in exercise.mistakes
        if mistake.name != "inputs left out"  # they pass nothing on, so the gradients stay right
    ],
    ids=lambda value: getattr(value, "name", value),
)
def test_every_mistake_of_the_catalogue_spoils_a_gradient(name, mistake):
    assert any("✗" in line for line in said(**{**RIGHT, name: mistake.answer})[2:])


def test_equals_for_plus_equals_sleeps_in_a_chain():
    overwritten = next(m.answer for m in EXERCISES[4].mistakes if m.name == "overwritten")
    assert said(collect=overwritten)[2:] == [
        ALL[0], "a graph whose values are used twice, against nudges: ✗ wrong are dW, db, dX"
    ]  # fmt: skip


def test_the_package_s_engine_is_not_touched():
    before = {name: getattr(engine, name) for name in ("unbroadcast", "tanh", "order", "backward")}
    product = engine.Node.__matmul__
    said(**dict.fromkeys(NAMES, lambda *_: 0))
    assert all(getattr(engine, name) is f for name, f in before.items())
    assert engine.Node.__matmul__ is product
