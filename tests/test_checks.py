"""Equation checks: what they catch, forgive and refuse, and what they print."""

import numpy as np
import pytest

from nnmath.checks import bits, check, choice, definition, derivative, matrix


def sigmoid(z):
    return 1 / (1 + np.exp(-z))


def fails(*arguments, **domain):
    with pytest.raises(AssertionError) as caught:
        check(*arguments, **domain)
    return str(caught.value)


# What is printed: the same on every machine.


def test_functions_print_the_bound_that_holds(capsys):
    check("1.4", sigmoid, lambda z: 1 - sigmoid(-z), z=(-8, 8))
    expected = "(1.4) ✓ equal at 1000 random points, relative difference below 1e-12\n"
    assert capsys.readouterr().out == expected


def test_arrays_print_the_number_of_entries(capsys):
    check("1.12", np.full((3, 4), 0.1) * 3, np.full((3, 4), 0.3))
    expected = "(1.12) ✓ equal in all 12 entries, relative difference below 1e-12\n"
    assert capsys.readouterr().out == expected


def test_numbers_print_no_entries(capsys):
    check("1.5", 0.1 * 3, 0.3)
    assert capsys.readouterr().out == "(1.5) ✓ equal, relative difference below 1e-12\n"


def test_another_tolerance_and_number_of_points_are_printed(capsys):
    check("2.7", lambda z: z, lambda z: z * (1 + 1e-8), z=(1, 2), tol=1e-7, points=50)
    expected = "(2.7) ✓ equal at 50 random points, relative difference below 1e-07\n"
    assert capsys.readouterr().out == expected


def test_a_definition_says_so(capsys):
    definition("1.1")
    assert capsys.readouterr().out == "(1.1) definition\n"


def test_a_cell_can_be_run_twice(capsys):
    for _ in range(2):
        check("1.4", sigmoid, lambda z: 1 - sigmoid(-z), z=(-8, 8))
        definition("1.4")
    assert len(capsys.readouterr().out.splitlines()) == 4


# What is caught.


@pytest.mark.parametrize(
    "wrong",
    [
        lambda z: -sigmoid(z),
        lambda z: sigmoid(z) * (1 + 1e-9),
        lambda z: sigmoid(z) + 1e-9,
        lambda z: np.where(z > 7.9, -sigmoid(z), sigmoid(z)),  # at about 6 of the 1000 points
    ],
    ids=["sign", "one part in a billion", "offset", "few points"],
)
def test_a_wrong_function_is_caught(wrong):
    assert "(1.3) ✗ the two sides differ at" in fails("1.3", sigmoid, wrong, z=(-8, 8))


def test_a_relative_error_in_a_small_entry_is_caught():
    right = np.array([[1.0, 1e-4]])
    wrong = np.array([[1.0, 1e-4 * (1 + 1e-9)]])
    assert "in entry [0, 1]" in fails("1.3", right, wrong)


def test_a_lost_sign_in_a_tiny_entry_is_caught():
    assert "in entry [0]" in fails("1.3", np.array([1e-13, 1.0]), np.array([-1e-13, 1.0]))


def test_a_wrong_transpose_of_a_square_matrix_is_caught():
    assert "in entry" in fails("1.3", lambda W: W, lambda W: W.T, W=matrix(3, 3))


def test_a_loose_tolerance_does_not_let_zero_pass():
    assert "✗" in fails("1.3", sigmoid, lambda z: 0 * z, z=(-8, 8), tol=0.5)


def test_a_shape_mismatch_has_its_own_message():
    message = fails("1.3", np.ones((3, 1)), np.ones(3))
    assert message == "(1.3) ✗ the shapes differ: left (3, 1), right (3,)."
    assert "left (2, 3), right (3, 2)" in fails("1.3", lambda W: W, lambda W: W.T, W=matrix(2, 3))


@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf])
def test_what_is_not_finite_is_a_failure_even_on_both_sides(bad):
    message = fails("1.3", np.array([1.0, bad]), np.array([1.0, bad]))
    assert message == f"(1.3) ✗ the left side is {bad} in entry [1]; it must be finite."
    assert "right side is" in fails("1.3", lambda z: z, lambda z: z if z < 1 else bad, z=(0, 2))


def test_a_complex_side_is_a_failure():
    message = fails("1.3", lambda z: z + 0j, lambda z: z, z=(0, 2))
    assert message.startswith("(1.3) ✗ the left side is complex at z = ")


@pytest.mark.parametrize("bad", [None, "0.5", {}, ..., [[1, 2], [3]]])
def test_a_side_of_the_wrong_kind_is_a_failure(bad):
    assert "which is no number" in fails("1.3", lambda z: z, lambda _: bad, z=(0, 2))


def test_a_forgotten_return_is_named():
    assert "Is a return missing?" in fails("1.3", lambda _: None, lambda z: z, z=(0, 2))


def test_a_failure_names_point_entry_values_and_number():
    message = fails("1.9", lambda W, y: W * y, lambda W, y: -W * y, W=matrix(1, 2), y=choice(3))
    place, values = message.split(" at W = [[")
    assert place.startswith("(1.9) ✗ the two sides differ at 1000 of 1000 points. Left is ")
    first = float(values.split(",")[0])
    assert f"Left is {3 * first:.4g}"[:-1] in place
    assert f"right is {-3 * first:.4g}"[:-1] in place
    assert values.endswith(
        "y = 3. in entry [0, 0]. The relative difference is 2, allowed is 1e-12."
    )


def test_values_that_look_equal_are_written_out():
    message = fails("1.3", np.array([1.0, 2.0]), np.array([1.0, 2.0000000001]))
    assert "Left is 2, right is 2.0000000001" in message


# What is forgiven: rounding.


def test_cancellation_raises_no_false_alarm():
    rounded = lambda a, y: (a * 3 - y * 3) / 3  # noqa: E731
    check("1.8", lambda a, y: a - y, rounded, a=(0, 1), y=(0, 1))
    close = np.array([1.0, 0.3 - 0.1 * 3])  # 5.6e-17 where the page says 0
    check("1.8", close, np.array([1.0, 0.0]))


def test_zero_on_one_side_is_compared_absolutely_and_says_so(capsys):
    check("2.4", lambda z: sigmoid(z) + sigmoid(-z) - 1, lambda z: 0 * z, z=(-8, 8))
    expected = "(2.4) ✓ equal at 1000 random points, difference below 1e-12\n"
    assert capsys.readouterr().out == expected
    assert "The difference is 1e-11" in fails("2.4", np.array([1e-11, 0]), np.zeros(2))


# The points.


def points_seen(number, **domain):
    seen = []

    def left(**place):
        seen.append(place)
        return 1.0

    names = list(domain)
    scope = {"left": left}
    call = ", ".join(f"{name}={name}" for name in names)
    watched = eval(f"lambda {', '.join(names)}: left({call})", scope)
    check(number, watched, eval(f"lambda {', '.join(names)}: 1.0"), **domain)
    return seen


def test_the_points_cover_the_domain_and_nothing_else():
    seen = points_seen("1.2", z=(-8, 8), y=choice(0, 1), Y=bits(2, 3), W=matrix(3, 2, -5, 1))
    z = np.array([place["z"] for place in seen])
    assert len(z) == 1000
    assert -8 <= z.min() < -7.9
    assert 7.9 < z.max() <= 8
    assert {place["y"] for place in seen} == {0, 1}
    Y = np.array([place["Y"] for place in seen])
    assert Y.shape == (1000, 2, 3)
    assert set(Y.ravel()) == {0, 1}
    W = np.array([place["W"] for place in seen])
    assert W.shape == (1000, 3, 2)
    assert -5 <= W.min() < -4.9
    assert 0.9 < W.max() <= 1


def test_the_number_alone_fixes_the_points():
    first, again, other = (points_seen(n, z=(0, 1)) for n in ("1.1", "1.1", "1.10"))
    assert first == again
    assert first != other


def test_arguments_go_by_name_whatever_their_order():
    check("1.6", lambda a, y: a - y, lambda y, a: -y + a, y=(5, 6), a=(0, 1))
    assert "✗" in fails("1.6", lambda a, y: a - y, lambda a, y: y - a, y=(5, 6), a=(0, 1))


def test_other_argument_names_take_the_order_of_the_domain():
    check("1.6", lambda p, q: p / q, lambda u, v: u * (1 / v), a=(0, 1), y=(5, 6))
    check("1.6", np.exp, lambda z: np.exp(z / 2) ** 2, z=(-8, 8))


def test_a_side_cannot_change_what_the_other_side_sees():
    def left(W):
        W *= 2
        return W

    with pytest.raises(ValueError, match="read-only"):
        check("1.6", left, lambda W: 2 * W, W=matrix(2, 3))


# What is refused, because it would prove nothing.


def test_one_object_on_both_sides_is_refused():
    A = np.ones((2, 3))
    for left, right in [(sigmoid, sigmoid), (A, A), (A, A[:]), ([1, 2], None)]:
        domain = {"z": (0, 1)} if callable(left) else {}
        with pytest.raises(ValueError, match="very same object, so this proves nothing"):
            check("1.6", left, left if right is None else right, **domain)


def test_a_matrix_may_be_compared_with_its_own_transpose():
    P = np.array([[2.0, 1.0], [1.0, 3.0]])
    check("2.3", P, P.T)
    assert "in entry [0, 1]" in fails("2.3", *(lambda M: (M, M.T))(np.array([[2.0, 1], [0, 3]])))


@pytest.mark.parametrize("empty", [np.ones((0, 3)), []])
def test_no_entries_are_refused(empty):
    with pytest.raises(ValueError, match="nothing is compared"):
        check("1.6", empty, np.array(empty))
    with pytest.raises(ValueError, match="nothing is compared"):
        check("1.6", lambda z: z[:0], lambda z: z[:0], z=matrix(1, 2))


def test_functions_without_a_domain_are_refused():
    with pytest.raises(ValueError, match="need a domain"):
        check("1.6", sigmoid, np.exp)
    with pytest.raises(ValueError, match="need a domain"):
        check("1.6", sigmoid, np.exp, z=(0, 1), points=0)


def test_a_domain_for_arrays_is_refused():
    with pytest.raises(ValueError, match=r"a domain \(z\) needs functions"):
        check("1.6", np.ones(2), np.ones(2) + 0, z=(0, 1))


def test_a_function_against_a_value_is_refused():
    with pytest.raises(TypeError, match="one side is a function"):
        check("1.6", sigmoid, 0.5, z=(0, 1))


@pytest.mark.parametrize("domain", [(1, 1), (2, 1), (1, 2, 3), [0, 1], 3, None])
def test_a_domain_that_is_none_is_refused(domain):
    with pytest.raises(TypeError, match="domain z="):
        check("1.6", sigmoid, np.exp, z=domain)


def test_a_choice_of_nothing_is_refused():
    with pytest.raises(ValueError, match="no values"):
        choice()


@pytest.mark.parametrize("number", ["1", "1.0", "1.04", "(1.4)", 1.4, "1.4 ", None])
def test_a_bad_number_is_refused(number):
    with pytest.raises(ValueError, match="need a text such as"):
        check(number, 1.0, 1.0)
    with pytest.raises(ValueError, match="need a text such as"):
        definition(number)


# The derivative.


def test_derivative_against_known_slopes():
    z = np.linspace(-3, 3, 13).reshape(1, 13)
    np.testing.assert_allclose(derivative(np.sin)(z), np.cos(z), rtol=1e-14, atol=1e-15)
    np.testing.assert_allclose(derivative(lambda t: t**3)(z), 3 * z**2, rtol=1e-14, atol=1e-15)
    assert derivative(np.sin)(z).shape == (1, 13)


def test_derivative_of_a_number_is_a_number():
    slope = derivative(lambda z: z**2)(3)  # an integer is converted
    assert np.ndim(slope) == 0
    assert slope == 6


def test_derivative_holds_further_arguments_fixed():
    assert derivative(lambda a, y: a**2 * y)(3.0, 5.0) == 30
    check("1.6", derivative(lambda a, y: a**3 * y), lambda y, a: 3 * a**2 * y, y=(1, 2), a=(0, 1))


@pytest.mark.parametrize("f", [np.abs, lambda z: z.real**2, lambda _: 1.0])
def test_derivative_refuses_a_function_that_drops_the_imaginary_part(f):
    with pytest.raises(TypeError, match="slope is lost"):
        derivative(f)(1.5)


def test_derivative_refuses_complex_points():
    with pytest.raises(TypeError, match="needs a real z"):
        derivative(derivative(np.sin))(0.5)
