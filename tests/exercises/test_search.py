"""The search for a mistake: its grounds are right answers, and what it finds is true."""

import numpy as np
import pytest

from nnmath.exercises import EXERCISES
from nnmath.exercises.relations import relation
from nnmath.exercises.running import does_the_same, results, same
from nnmath.exercises.search import RESULT, one_change, quiet, two_in_one_step
from nnmath.exercises.solutions import SOLUTIONS
from nnmath.exercises.verdicts import verdict

GROUNDS = [(id, function) for id, functions in SOLUTIONS.items() for function in functions]


@pytest.mark.parametrize(("id", "function"), GROUNDS, ids=[f"{i} {f.__name__}" for i, f in GROUNDS])
def test_a_solution_written_out_is_the_right_answer(id, function):
    exercise = EXERCISES[id]
    assert does_the_same(results(exercise.reference, exercise), function, exercise)


@pytest.mark.parametrize("id", SOLUTIONS)
def test_a_solution_run_step_by_step_is_the_right_answer(id):
    exercise = EXERCISES[id]
    inputs = [given for given, _ in exercise.hidden]
    for solution in exercise.solutions:
        with quiet():
            assert all(
                same(solution.run(given)[RESULT], exercise.reference(*given)) for given in inputs
            )


def _found(id, answer, search=one_change):
    exercise = EXERCISES[id]
    inputs = [given for given, _ in exercise.hidden]
    return search(exercise.solutions[0], inputs, [answer(*given) for given in inputs])


def test_one_change_is_found_with_its_place():
    found = _found("2.D", lambda A, dA: A * (dA - np.sum(A * dA, axis=1, keepdims=True)))
    assert found.words == "the sum in inner runs over axis 1, along the rows"


def test_two_changes_of_one_step_are_found():
    first, second = _found("5.E", lambda w1, w2, b, x1: w1 * x1 + b / w2, two_in_one_step)
    assert {first.kind, second.kind} == {"sign", "brackets"}


def test_nothing_is_found_where_nothing_fits():
    assert _found("5.E", lambda w1, w2, b, x1: np.cos(w1) + np.sin(b * x1) * w2) is None
    assert _found("2.D", lambda A, dA: np.cos(A) + np.sin(dA)) is None


def test_of_one_number_it_is_not_said_that_those_above_0_are_wrong():
    right = [np.float64(share) for share in (0.0, 0.5, 1.0)]
    known = [{"A": np.ones((2, 2)) * k} for k in (1, 2, 3)]
    assert not relation([np.float64(v) for v in (0.0, 0.31, 0.87)], right, known)


def test_a_slip_made_twice_speaks_of_layers_only_where_there_are_layers():
    text = verdict(EXERCISES["3.G"], lambda A, Y: np.mean(A == Y))
    assert "argmax is missing in each step that has it" in text
