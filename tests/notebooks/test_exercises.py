"""The exercises as a learner meets them: the stub as stored, and the solution from its fold.

Each notebook is run from top to bottom, unsolved, in this process. At an exercise the solution is
tried on the side, so that what comes after it still sees the stub.
"""

import contextlib
import io
import warnings

import pytest

from nnmath.exercises import EXERCISES
from tests.notebooks.structure import STORED, number_of, read, tasks

TASKS = [(path, task) for path in STORED for task in tasks(read(path))]


def printed(code, scope):
    """Run code and return what it prints."""
    text = io.StringIO()
    with contextlib.redirect_stdout(text), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        exec(compile(code, "cell", "exec"), scope)
    return text.getvalue()


@pytest.fixture(scope="module")
def said():
    """Return what the stub and the solution of each exercise print: {id: (stub, solution)}."""
    answers = {}
    for path in STORED:
        cells, scope = read(path), {"__name__": "notebook"}
        here = {task.cell.index: task for task in tasks(cells)}
        for cell in cells:
            if cell.kind != "code":
                continue
            text = printed(cell.source, scope)
            if cell.index in here:
                task = here[cell.index]
                check = f"check_answer({task.id!r}, {task.name})"
                answers[task.id] = text, printed(f"{task.solution}\n{check}", dict(scope))
    return answers


def each_task(test):
    return pytest.mark.parametrize("task", [t for _, t in TASKS], ids=lambda task: task.id)(test)


def test_there_are_exercises():
    assert TASKS, "no exercise was found in any notebook, so nothing is tested"


@each_task
def test_the_stub_as_stored_is_not_answered_yet(task, said):
    assert said[task.id][0] == f"{task.id}: not answered yet.\n"
    assert task.cell.printed == f"{task.id}: not answered yet.\n"


@each_task
def test_the_solution_from_the_fold_is_accepted(task, said):
    exercise = EXERCISES[task.id]
    assert said[task.id][1] == f"{task.id} ✓ right: equal on 20 hidden inputs. {exercise.why}\n"


@each_task
def test_the_three_folds_are_there_in_order(task):
    assert [title for title, _ in task.folds] == ["Hint", "Solution", "Why it works"]
    assert all(body.strip() for _, body in task.folds)
    assert task.solution


@each_task
def test_the_stub_takes_the_arguments_that_the_checker_gives(task):
    scope = {"check_answer": lambda *_: None}
    exec(task.cell.source, scope)
    stub = scope[task.name]
    assert stub.__code__.co_varnames[: stub.__code__.co_argcount] == EXERCISES[task.id].arguments


@pytest.mark.parametrize("id", EXERCISES)
def test_every_registered_exercise_occurs_in_its_notebook_once(id):
    where = [path for path, task in TASKS if task.id == id]
    assert [number_of(path) for path in where] == [int(id.split(".")[0])]


@each_task
def test_every_exercise_of_a_notebook_is_registered(task):
    assert task.id in EXERCISES
