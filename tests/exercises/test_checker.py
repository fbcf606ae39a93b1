"""What the checker says about an answer, whatever the exercise: stubs, errors, kinds, symptoms."""

# ruff: noqa: ARG001, ARG005  (an answer has the arguments of its exercise, used or not)

import dataclasses
import math

import numpy as np
import pytest

from nnmath.exercises import EXERCISES, Exercise, Mistake, check_answer
from nnmath.exercises.records import HIDDEN
from nnmath.exercises.running import data_from_outside, does_the_same, results, same
from nnmath.exercises.verdicts import verdict


def dZ(Z, Y):
    """The right answer of 1.D, written by hand."""
    return (1 / (1 + np.exp(-Z)) - Y) / Z.shape[1]


def said(id, answer, capsys):
    check_answer(id, answer)
    return capsys.readouterr().out


# Stubs. The notebooks' own stubs are tested with the notebooks.


def stub_return(Z, Y):
    return ...


def stub_docstring(Z, Y):
    """Say what is asked."""


def stub_dots(Z, Y): ...


def stub_pass(Z, Y):
    pass


def stub_none(Z, Y):
    return None


def stub_inside_an_expression(Z, Y):
    return (1 / Z.shape[1]) * ...


def stub_inside_a_call(Z, Y):
    return np.exp(...) - Y


def stub_matmul(Z, Y):
    return Z @ ...


def stub_named(Z, Y):
    A = ...
    return (A - Y) / Z.shape[1]


def stub_named_and_no_return(Z, Y):
    A = ...  # noqa: F841


def stub_tuple(Z, Y):
    return ..., Y


def stub_in_an_array(Z, Y):
    return np.where(Z > 0, ..., ...)


def stub_in_a_nested_function(Z, Y):
    def sigmoid(z):
        return 1 / (1 + ...)

    return (sigmoid(Z) - Y) / Z.shape[1]


STUBS = [f for name, f in list(globals().items()) if name.startswith("stub_")]


@pytest.mark.parametrize("stub", [*STUBS, ..., None])
@pytest.mark.filterwarnings("error")
def test_a_stub_is_not_answered_yet(stub, capsys):
    assert said("1.D", stub, capsys) == "1.D: not answered yet.\n"


def test_an_answer_that_indexes_with_dots_is_an_answer(capsys):
    def answer(Z, Y):
        return ((1 / (1 + np.exp(-Z)) - Y) / Z.shape[1])[...]

    assert "✓ right" in said("1.D", answer, capsys)


# Right answers.


def test_a_right_answer_is_told_so_and_why_it_matters(capsys):
    assert said("1.D", dZ, capsys) == (
        "1.D ✓ right: equal on 20 hidden inputs. Only the error is left: a neuron that is surely "
        "wrong still learns at full speed.\n"
    )


def test_a_right_answer_by_another_formula_is_accepted(capsys):
    def answer(Z, Y):
        return 0.5 * (1 + np.tanh(Z / 2)) / len(Z.T) - Y / len(Z.T)

    assert "✓ right" in said("1.D", answer, capsys)


def test_a_warning_on_the_way_is_a_note_not_a_fault(capsys):
    def answer(Z, Y):
        np.exp(np.full(3, 1000.0))
        return dZ(Z, Y)

    text = said("1.D", answer, capsys)
    assert "1.D ✓ right" in text
    assert "numpy warned on the way (overflow encountered in exp)" in text


# Answers that are no fit functions.


@pytest.mark.parametrize("value", [3.0, np.ones((2, 3)), "dZ"])
def test_a_value_in_place_of_the_function(value, capsys):
    assert "✗ The checker needs the function itself" in said("1.D", value, capsys)


def test_the_wrong_number_of_arguments(capsys):
    text = said("1.D", lambda Z: Z, capsys)
    assert text == (
        "1.D ✗ Your function is called with 2 arguments (Z, Y), but the ones in its first line "
        "are: Z.\n"
    )
    assert "are: none." in said("1.A", lambda: 1.0, capsys)


def test_further_arguments_with_defaults_are_fine(capsys):
    assert "✓ right" in said("1.D", lambda Z, Y, m=None: dZ(Z, Y), capsys)


def test_an_unknown_exercise_is_named_with_the_known_ones(capsys):
    text = said("1.Z", dZ, capsys)
    assert text == f"There is no exercise '1.Z'; there are {', '.join(EXERCISES)}.\n"


# Answers that stop. Never a traceback, always the cause in plain words.


def test_an_unknown_name(capsys):
    text = said("1.D", lambda Z, Y: (A - Y) / Z.shape[1], capsys)  # noqa: F821
    assert "✗ The name A is not known inside your function. Use its arguments (Z, Y)" in text


def test_a_name_used_before_it_has_a_value(capsys):
    def answer(Z, Y):
        dZ = dZ(Z, Y)  # noqa: F823
        return dZ

    text = said("1.D", answer, capsys)
    assert "✗ A name is used before it has a value" in text
    assert "'dZ'" in text


def test_shapes_that_do_not_fit(capsys):
    for answer in (lambda Z, Y: 2 * Z @ Y, lambda Z, Y: Z.T + Y, lambda Z, Y: np.dot(2 * Z, Y)):
        text = said("1.D", answer, capsys)
        assert "wo shapes do not fit together." in text
        assert " The input: Z (2, 3), Y (2, 3)." in text


def test_a_matrix_product_that_does_not_exist_is_told_in_plain_words(capsys):
    text = said("1.D", lambda Z, Y: 2 * Z @ Y, capsys)
    assert " In a product @, the two inner sizes must agree; they are 3 and 2." in text
    text = said("1.D", lambda Z, Y: Z.T + Y, capsys)
    assert " Numpy says: operands could not be broadcast together with shapes (3,2) (2,3)" in text


@pytest.mark.parametrize(
    "answer",
    [
        lambda A2, Y: np.mean(A2 > 0.5 == Y),
        lambda A2, Y: np.mean(A2 > 0.5 and Y > 0.5),
        lambda A2, Y: 1.0 if A2 > 0.5 else 0.0,
    ],
)
def test_a_whole_array_where_one_yes_or_no_is_due(answer, capsys):
    text = said("5.F", answer, capsys)
    assert "✗ A whole array of yes and no stands where Python needs one answer" in text


def test_a_list_of_axes(capsys):
    text = said("7.B", lambda d, v: d.sum(axis=[0, 1], keepdims=True) + 0 * v, capsys)
    assert "a list stands where numpy needs one whole number or a tuple of them" in text


def test_the_math_module_on_an_array(capsys):
    text = said("1.D", lambda Z, Y: math.exp(Z) - Y, capsys)
    assert "The math module takes single numbers" in text


def test_an_overflow_error(capsys):
    text = said("1.A", lambda z: math.exp(1000 + z), capsys)
    assert "a number grew too large for a float" in text


def test_any_other_error(capsys):
    def answer(z):
        raise LookupError("no such curve")

    text = said("1.A", answer, capsys)
    assert "✗ Line 2: your function stopped with LookupError: no such curve." in text
    assert "The input: z = " in text
    assert "Traceback" not in text


def test_an_answer_that_stops_on_some_inputs_is_not_taken_for_a_mistake_that_does_not(capsys):
    def answer(Z, Y):
        if len(Z) > 3:
            raise ValueError("too many units")
        return dZ(Z, Y) * Z.shape[1]

    text = said("1.D", answer, capsys)
    assert "✗ Line 3: your function stopped with ValueError: too many units." in text


def test_two_answers_that_always_stop_are_not_the_same():
    def stops(Z, Y):
        raise ValueError

    outcomes = results(stops, EXERCISES["1.D"])
    assert not does_the_same(outcomes, stops, EXERCISES["1.D"])


# Answers of the wrong kind.


def test_a_forgotten_return(capsys):
    def answer(Z, Y):
        result = dZ(Z, Y)
        print(result, end="") if result is None else None

    assert "✗ Your function computes, but gives nothing back" in said("1.D", answer, capsys)


@pytest.mark.parametrize("bad", ["a", {}, object(), [[1, 2], [3]], 1 + 2j])
def test_no_real_numbers(bad, capsys):
    text = said("1.D", lambda Z, Y: bad, capsys)
    assert "✗ The result must be made of real numbers; yours is of the type " in text


def test_a_result_that_changes_its_kind_halfway(capsys):
    text = said("1.D", lambda Z, Y: dZ(Z, Y) if len(Z) < 4 else "large", capsys)
    assert "yours is of the type str" in text


def test_two_results_for_one_and_one_for_two(capsys):
    text = said("1.D", lambda Z, Y: (dZ(Z, Y), Y), capsys)
    assert "✗ One result is asked for, and yours are 2" in text
    text = said("1.H", lambda W, b, X, Y, lr: W - lr, capsys)
    assert "✗ 2 results are asked for, W and b; your function returns 1" in text


@pytest.mark.parametrize("dtype", ["complex128", "object", "longdouble"])
def test_right_numbers_of_another_type(dtype, capsys):
    if np.dtype(dtype) == np.float64:
        pytest.skip("here a long double is a double")
    text = said("1.D", lambda Z, Y: dZ(Z, Y).astype(dtype), capsys)
    shown = np.dtype(dtype).name
    if dtype == "object":
        assert "✗ The result must be made of real numbers" in text
    else:
        assert f"✗ The numbers are right, but their type is {shown}" in text


@pytest.mark.parametrize("dtype", ["float32", "float16"])
def test_short_floats(dtype, capsys):
    text = said("1.D", lambda Z, Y: dZ(Z, Y).astype(dtype), capsys)
    assert f"✗ The numbers are right to a few digits only: their type is {dtype}." in text


def test_a_list(capsys):
    text = said("1.D", lambda Z, Y: dZ(Z, Y).tolist(), capsys)
    assert "1.D ✓ right" in text
    assert "It came as a list; to compute with it later, return np.array(…)." in text


def test_a_tuple_of_one(capsys):
    text = said("1.D", lambda Z, Y: (dZ(Z, Y),), capsys)
    assert "1.D ✓ right" in text
    assert "It came in a tuple of one: there is a comma too many in the return line." in text


def test_right_numbers_in_another_shape(capsys):
    text = said("1.D", lambda Z, Y: dZ(Z, Y).ravel(), capsys)
    assert (
        "✗ The numbers are right, but not the shape: yours is (6,), the right one is (2, 3)" in text
    )
    text = said("1.D", lambda Z, Y: np.sum(dZ(Z, Y) ** 2), capsys)
    assert "✗ The shape is wrong: yours is a single number, the right one is (2, 3)" in text
    text = said("4.B", lambda W, A, dZ: (W.T @ dZ, np.cos(A @ dZ.T).ravel(), np.sin(dZ)), capsys)
    assert "✗ dA_before is right. The first wrong one is dW. Then look at db." in text
    assert "The shape of dW is wrong: yours is (" in text


def test_one_result_of_several_turned_around(capsys):
    assert "✗ Your numbers are those that come out when the whole product in dW3 is tran" in said(
        "6.C",
        lambda W3, A2, Yhat, Y: (
            (Yhat - Y) / Y.shape[1],
            A2 @ (Yhat - Y).T / Y.shape[1],
            ((Yhat - Y) / Y.shape[1]).sum(axis=1, keepdims=True),
            W3.T @ (Yhat - Y) / Y.shape[1],
        ),
        capsys,
    )


def test_all_results_in_another_order(capsys):
    right = EXERCISES["5.A"].reference
    text = said("5.A", lambda *of: [right(*of)[k] for k in (0, 2, 1, 3)], capsys)
    assert "in another order" in text  # a list of them is taken as they are

    def answer(W2, x, a1, s1, a2, y):
        dW1, db1, dW2, db2 = right(W2, x, a1, s1, a2, y)
        return dW1, dW2, db1, db2

    text = said("5.A", answer, capsys)
    assert "✗ The results are right, but in another order" in text
    assert text.endswith("The order is dW1, db1, dW2, db2.\n")

    def twice(W2, x, a1, s1, a2, y):
        dW1, db1, _, db2 = right(W2, x, a1, s1, a2, y)
        return dW1, db1, dW1, db2

    assert "another order" not in said("5.A", twice, capsys)


# Side effects and names from outside.


def test_right_numbers_but_an_argument_changed(capsys):
    def answer(Z, Y):
        result = dZ(Z, Y)
        Z[0, 0] = 7
        return result

    text = said("1.D", answer, capsys)
    assert "✗ The numbers are right, but your function changed the Z that it was given." in text


def test_wrong_numbers_and_an_argument_changed(capsys):
    def known(Z, Y):
        Y -= 1 / (1 + np.exp(-Z))
        return -Y

    text = said("1.D", known, capsys)
    assert "without the factor 1/m" in text
    assert "Also, your function changed the Y that it was given." in text

    def unknown(Z, Y):
        Z *= 2
        return dZ(Z, Y)

    text = said("1.D", unknown, capsys)
    assert "✗ First, your function changed the Z that it was given." in text
    assert "Everything is right but one place, in line 2 of your function" in text


def test_the_hidden_inputs_survive_an_answer_that_changes_them(capsys):
    def spoil(Z, Y):
        Z[:], Y[:] = 0, 0
        return Z

    said("1.D", spoil, capsys)
    assert "✓ right" in said("1.D", dZ, capsys)


def in_a_notebook(source, name, **variables):
    scope = {"np": np, **variables}
    exec(source, scope)
    return scope[name]


def test_a_stale_global_that_stands_for_every_argument(capsys):
    stale = in_a_notebook("def f(z):\n    return a * (1 - a)", "f", a=0.3)
    text = said("1.A", stale, capsys)
    assert "Your function reads a from the notebook" in text
    assert "the same result whatever it is given" in text


def test_a_stale_global_in_place_of_one_argument(capsys):
    source = "def f(a, t):\n    return -y * np.log(a) - (1 - y) * np.log(1 - a)"
    text = said("1.B", in_a_notebook(source, "f", y=1.0), capsys)
    assert "without" not in text  # a known mistake would be named instead
    text = said("1.B", in_a_notebook(source, "f", y=0.4), capsys)
    assert "Your function reads y from the notebook" in text
    assert "The right result depends on y; yours does not." in text


def test_a_stale_number_of_examples(capsys):
    source = "def f(Z, Y):\n    return (1 / (1 + np.exp(-Z)) - Y) / m"
    text = said("1.D", in_a_notebook(source, "f", m=7), capsys)
    assert "Your function reads m from the notebook" in text
    assert "divided by the fixed number 7 where the number of columns of Z belongs" in text


def test_functions_and_modules_from_outside_are_fine():
    source = "def f(z):\n    return sigmoid(z) * np.exp(-z) * sigmoid(z)"
    f = in_a_notebook(source, "f", sigmoid=lambda z: 1 / (1 + np.exp(-z)))
    assert data_from_outside(f) == ()
    assert "✓ right" in verdict(EXERCISES["1.A"], f)


def test_an_argument_that_is_not_used(capsys):
    text = said("1.D", lambda Z, Y: np.sin(Z), capsys)
    assert "✗ The right result depends on Y; yours does not." in text


# The last resort: the first wrong number, with both values and the input.


def test_the_first_wrong_entry_is_shown_with_both_values_and_the_input(capsys):
    source = "def answer(Z, Y):\n    d = dZ(Z, Y)\n    d[1, 1:] += 0.25 * d[0, 0]\n    return d"
    text = said("1.D", in_a_notebook(source, "answer", dZ=dZ), capsys)
    head, shown = text.split(" The hidden input was\n")
    scope = {"np": np}
    exec("\n".join(line[2:] for line in shown.splitlines()), scope)
    Z, Y = scope["Z"], scope["Y"]
    assert Z.size == min(given.size for (given, _), _ in EXERCISES["1.D"].hidden)
    right = dZ(Z, Y)[1, 1]
    assert head == (
        "1.D ✗ The first wrong number is in entry [1, 1]: "
        f"yours is {right + 0.25 * dZ(Z, Y)[0, 0]:.6g}, right is {right:.6g}."
    )


def test_rounding_in_an_earlier_entry_is_not_called_wrong(capsys):
    source = (
        "def f(Z, Y):\n    d = dZ(Z, Y)\n    d[0, 0] *= 1 + 1e-11\n    d[0, 1] *= 3\n    return d"
    )
    assert "in entry [0, 1]" in said("1.D", in_a_notebook(source, "f", dZ=dZ), capsys)


def test_a_wrong_number_where_one_number_is_asked_for(capsys):
    text = said("1.A", lambda z: np.cos(z), capsys)
    assert "✗ The first wrong number is this: yours is " in text
    assert "\n  z = " in text


def test_one_of_two_results(capsys):
    def answer(W, b, X, Y, lr):
        step = EXERCISES["1.H"].reference(W, b, X, Y, lr)
        return step[0], step[1] + 0.01

    text = said("1.H", answer, capsys)
    assert "✗ W is right. The wrong one is b: every number is off by the same +0.01" in text


def test_nan_and_infinity_are_named_with_what_causes_them(capsys):
    text = said("1.G", lambda Z, Y: np.sum(np.log(1 + np.exp(Z)) * 1.1 - Y * Z), capsys)
    assert "✗ The result is inf" in text
    assert "numpy warned: overflow encountered in exp." in text
    text = said("1.A", lambda z: np.log(-abs(z)), capsys)
    assert "✗ The result is nan" in text


# Exercises that ask for a value.

BY_HAND = Exercise(
    "1.H",
    "A gradient by hand",
    np.array([[0.5, -0.25]]),
    None,
    (Mistake("doubled", np.array([[1.0, -0.5]]), "Twice the right one."),),
    "It is small enough for paper.",
)


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        (..., "1.H: not answered yet."),
        (None, "1.H: not answered yet."),
        (np.array([[0.5, -0.25]]), "1.H ✓ right. It is small enough for paper."),
        (np.array([[1.0, -0.5]]), "1.H ✗ Twice the right one."),
        (np.array([[-0.5, 0.25]]), "1.H ✗ Every number has the right size and the wrong sign."),
        (np.array([[0.5], [-0.25]]), "1.H ✗ This is the transpose of the right answer."),
        (np.array([0.5, -0.25]), "1.H ✗ The numbers are right, but an axis is lost."),
        ([[0.5, -0.25]], "1.H ✓ right"),
        (np.array([[0.5, -0.3]]), "1.H ✗ The first wrong number is in entry [0, 1]: yours is -0.3"),
        (np.ones((3, 2)), "1.H ✗ The shape is wrong: yours is (3, 2), the right one is (1, 2)."),
        (lambda: 1, "1.H ✗ Here a value is asked for, not a function."),
    ],
)
def test_a_value(answer, expected):
    assert verdict(BY_HAND, answer).startswith(expected)


# The hidden inputs.


@pytest.mark.parametrize("exercise", EXERCISES.values(), ids=EXERCISES)
def test_hidden_inputs_have_distinct_sizes_and_some_square_ones(exercise):
    pairs = exercise.hidden
    assert len(pairs) == HIDDEN >= 20
    tables = [[v for v in arguments if np.ndim(v) == 2] for arguments, _ in pairs]
    shapes = [[v.shape for v in case if 1 not in v.shape] for case in tables]
    if not any(shapes):  # the formula is for one example, a number or one column
        return
    sizes = [{n for shape in case for n in shape} - {1} for case in shapes if case]
    assert min(min(s) for s in sizes) >= 2
    distinct = {len(s) for s in sizes}
    assert min(distinct) == 1 and len(distinct) == 2  # all equal, or as different as they can be
    assert sum(len(s) == 1 for s in sizes) >= (5 if all(shapes) else 1)


@pytest.mark.parametrize("exercise", EXERCISES.values(), ids=EXERCISES)
def test_hidden_inputs_are_the_same_in_each_run_and_come_with_twins(exercise):
    drawn_again = dataclasses.replace(exercise).hidden
    for (one, twin), (again, _) in zip(exercise.hidden, drawn_again, strict=True):
        one, twin, again = (list(flat(arguments)) for arguments in (one, twin, again))
        if exercise.id != "0.F":  # there a wrong shape is one of the things to be judged
            assert [np.shape(v) for v in one] == [np.shape(v) for v in twin]
        for a, b in zip(one, again, strict=True):
            np.testing.assert_array_equal(a, b)


def flat(arguments):
    """Yield the arguments, and of a dict keyed by layer its values."""
    for value in arguments:
        yield from value.values() if isinstance(value, dict) else [value]


# The comparison itself.


@pytest.mark.parametrize(
    ("a", "b", "expected"),
    [
        (1.0, 1.0 + 1e-12, True),
        (1.0, 1.0 + 1e-7, False),
        (np.array([1.0, 1e-17]), np.array([1.0, 0.0]), True),
        (np.array([1.0, 1e-5]), np.array([1.0, 0.0]), False),
        (np.array([1.0, -1e-5]), np.array([1.0, 1e-5]), False),
        (np.array([1.0, 1e-2 + 1e-10]), np.array([1.0, 1e-2]), False),
        (np.array([np.nan, 1.0]), np.array([np.nan, 1.0]), True),
        (np.array([np.nan, 1.0]), np.array([2.0, 1.0]), False),
        (np.array([np.inf, 1.0]), np.array([-np.inf, 1.0]), False),
        (np.array([np.inf, 1.0]), np.array([np.inf, 1.0]), True),
        (np.array([np.inf, 1.0]), np.array([np.nan, 1.0]), False),
        (np.ones(3), np.ones((3, 1)), False),
        ((1.0, 2.0), (1.0, 2.0), True),
        ((1.0, 2.0), (1.0, 3.0), False),
        ((1.0, 2.0), (1.0,), False),
        ((1.0,), 1.0, False),
        ("a", 1.0, False),
    ],
)
def test_same(a, b, expected):
    assert same(a, b) is expected


rate = 0.5


def in_a_comprehension(z):
    return sum([rate * entry for entry in z])


def test_what_a_comprehension_reads_from_outside_is_seen_on_each_python():
    """Up to Python 3.11 it is a code of its own, and later it is not."""
    assert data_from_outside(in_a_comprehension) == ("rate",)
