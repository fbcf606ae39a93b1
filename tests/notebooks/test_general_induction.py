"""Notebook 04 as a learner leaves it: one judge for the learner's passes and for the package's."""

import contextlib
import io
import re

import pytest

from tests.notebooks.structure import NOTEBOOKS, read, tasks

PATH = NOTEBOOKS / "04_general_induction.ipynb"


def run_solved(change):
    """Run every cell, with the solutions of the folds passed through `change`; return the text."""
    cells, scope, text = read(PATH), {"__name__": "notebook"}, io.StringIO()
    here = {task.cell.index: task for task in tasks(cells)}
    with contextlib.redirect_stdout(text):
        for cell in cells:
            if cell.kind == "code":
                exec(compile(cell.source, "cell", "exec"), scope)
            if cell.index in here:
                exec(change(here[cell.index].solution), scope)
    return text.getvalue()


def yours(text):
    return re.findall(r"^yours: *(.*)$", text, re.M)


def test_the_solved_passes_stand_before_the_same_judge_as_the_packages():
    text = run_solved(lambda solution: solution)
    right = "✓ every entry of every dW and db, for 1 to 8 layers"
    assert yours(text) == [right, right]
    assert f"the package's: {right}" in text


@pytest.mark.parametrize(
    ("before", "after", "depth"),
    [
        ("axis=1, keepdims=True)", "axis=1, keepdims=True) / 3", 1),
        ("dA = W[l].T @ dZ", "dA = W[l].T @ dZ / 3", 2),
        ("Z[l] = W[l] @ A[l - 1] + b[l]", "Z[l] = W[l] @ A[l - 1]", 1),
    ],
)
def test_the_judge_convicts(before, after, depth):
    text = run_solved(lambda solution: solution.replace(before, after))
    assert yours(text) == [f"✗ the network of {depth} layers has a wrong gradient"] * 2
