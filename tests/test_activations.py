"""Activations against 400-digit arithmetic, complex steps and what each must refuse."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

import nnmath as nn
from tests.oracles import (
    assert_ulps,
    complex_step,
    deterministic,
    exact,
    hard_columns,
    hard_reals,
    plain_activation,
    refused,
    relative_error,
)

ENTRYWISE = {"sigmoid": nn.sigmoid, "tanh": nn.tanh, "relu": nn.relu, "identity": nn.identity}
ALL = {**ENTRYWISE, "softmax": nn.softmax}
HARD = hard_reals()
COLUMNS = hard_columns()

each_entrywise = pytest.mark.parametrize("name", ENTRYWISE)
each_activation = pytest.mark.parametrize("name", ALL)
each_column = pytest.mark.parametrize("z", COLUMNS.values(), ids=COLUMNS)


@pytest.fixture(autouse=True)
def no_floating_point_flag():
    """No overflow, no 0/0, no division by zero anywhere here; underflow to zero is harmless."""
    with np.errstate(all="raise", under="ignore"):
        yield


# --- Values -------------------------------------------------------------------------------------

VALUES = [("sigmoid", 2), ("tanh", 2), ("relu", 0), ("identity", 0)]
SLOPES = [("sigmoid", 4), ("tanh", 4), ("relu", 0), ("identity", 0)]


@pytest.mark.parametrize(("name", "at_most"), VALUES)
def test_value_on_hard_points(name, at_most):
    truths = [getattr(exact, name)(z) for z in HARD]
    assert_ulps(ENTRYWISE[name](HARD), truths, at_most, HARD)


@pytest.mark.parametrize(("name", "at_most"), SLOPES)
def test_slope_on_hard_points(name, at_most):
    truths = [getattr(exact, name + "_prime")(z) for z in HARD]
    assert_ulps(ENTRYWISE[name].prime(HARD), truths, at_most, HARD)


@each_column
def test_softmax_on_hard_columns(z):
    assert_ulps(nn.softmax(z), exact.softmax(z), 4, z)


@pytest.mark.parametrize("seed", [0, 1])
def test_softmax_of_a_thousand_classes(seed):
    # Added one after the other, their sum alone would cost three units more.
    z = np.random.default_rng(seed).normal(size=1000) * 2 + 5
    assert_ulps(nn.softmax(z), exact.softmax(z), 2.5, z)


@pytest.mark.parametrize("z", [720.0, 1000.0, 5000.0])
def test_softmax_where_the_exponentials_would_overflow_or_all_vanish(z):
    for offset in (z, -z):
        np.testing.assert_array_equal(nn.softmax([offset, offset]), [0.5, 0.5])
        # A class that is log 3 ahead has three times the probability.
        a = nn.softmax([offset, offset + np.log(3.0)])
        np.testing.assert_allclose(a, [0.25, 0.75], rtol=1e-12)


LIMITS = [
    # name, g(−inf), g(inf), g′(−inf), g′(inf)
    ("sigmoid", 0, 1, 0, 0),
    ("tanh", -1, 1, 0, 0),
    ("relu", 0, np.inf, 0, 1),
    ("identity", -np.inf, np.inf, 1, 1),
]


@pytest.mark.parametrize(("name", "low", "high", "slope_low", "slope_high"), LIMITS)
def test_limits_at_infinity(name, low, high, slope_low, slope_high):
    g = ENTRYWISE[name]
    assert (g(-np.inf), g(np.inf)) == (low, high)
    assert (g.prime(-np.inf), g.prime(np.inf)) == (slope_low, slope_high)


SOFTMAX_LIMITS = [
    ([-np.inf, 0.0, 0.0], [0, 0.5, 0.5]),
    ([-np.inf, -np.inf, 3.0], [0, 0, 1]),
    ([np.inf, 0.0, 5.0], [1, 0, 0]),
    ([1.0, np.inf, -np.inf], [0, 1, 0]),
]


@pytest.mark.parametrize(("z", "a"), SOFTMAX_LIMITS)
def test_softmax_limits_at_infinity(z, a):
    np.testing.assert_array_equal(nn.softmax(np.array(z)), a)
    two_columns = np.column_stack([z, [0.0, 0.0, 0.0]])
    np.testing.assert_allclose(nn.softmax(two_columns)[:, 1], 1 / 3, rtol=4e-16)
    np.testing.assert_array_equal(nn.softmax(two_columns)[:, 0], a)


@pytest.mark.parametrize("z", [[np.inf, np.inf, 0.0], [-np.inf, -np.inf, -np.inf]])
def test_softmax_without_a_limit_is_refused(z):
    with refused(ValueError, "softmax", "Z", "inf|infinite"):
        nn.softmax(np.array(z))
    with refused(ValueError, "softmax", "Z", "inf|infinite"):
        nn.softmax(np.column_stack([z, [1.0, 2.0, 3.0]]))  # one such column is enough


def test_relu_slope_at_the_kink_is_zero():
    assert nn.relu.prime(0.0) == 0
    assert nn.relu.prime(-0.0) == 0
    np.testing.assert_array_equal(
        nn.relu.prime(np.array([[-1.0, 0.0], [5e-324, 2.0]])), [[0, 0], [1, 1]]
    )


def test_a_silent_unit_passes_zero_and_no_negative_zero():
    dZ = nn.relu.vjp([-1.0, 0.0, 2.0], [-3.0, -3.0, -3.0])
    np.testing.assert_array_equal(dZ, [0.0, 0.0, -3.0])
    np.testing.assert_array_equal(np.signbit(dZ), [False, False, True])


def test_signs_survive():
    # tanh and the identity are odd, also at the two zeros.
    for g in (nn.tanh, nn.identity):
        np.testing.assert_array_equal(np.signbit(g(np.array([-0.0, 0.0]))), [True, False])
        np.testing.assert_array_equal(g(-HARD), -g(HARD))


# --- Shapes and kinds ---------------------------------------------------------------------------

SHAPES = [(), (1,), (5,), (2, 3), (3, 2), (4, 1), (1, 4), (2, 3, 4)]


@each_entrywise
@pytest.mark.parametrize("shape", SHAPES)
def test_shape_is_kept(name, shape):
    g = ENTRYWISE[name]
    Z = np.linspace(-2, 2, int(np.prod(shape))).reshape(shape)
    for result in (g(Z), g.prime(Z), g.vjp(Z, Z)):
        assert np.shape(result) == shape
        assert np.asarray(result).dtype == np.float64
    for transposed in (g(Z.T), g.prime(Z.T)):
        assert np.shape(transposed) == shape[::-1]


@each_entrywise
@pytest.mark.parametrize("number", [0, 2, -3, 0.5, True, np.float32(0.25), np.int8(-3)])
def test_a_number_gives_a_float(name, number):
    g = ENTRYWISE[name]
    for result, truth in ((g(number), g(float(number))), (g.prime(number), g.prime(float(number)))):
        assert isinstance(result, float)
        assert result == truth


@pytest.mark.parametrize("shape", [(1,), (4,), (4, 1), (1, 4), (3, 5), (5, 3)])
def test_softmax_keeps_the_shape_and_works_on_columns(shape):
    Z = np.random.default_rng(1).normal(size=shape)
    A = nn.softmax(Z)
    assert A.shape == shape
    assert A.dtype == np.float64
    np.testing.assert_allclose(A.sum(axis=0), np.ones(shape[1:]), rtol=1e-15)
    for i in range(shape[1] if len(shape) == 2 else 0):
        np.testing.assert_array_equal(A[:, i], nn.softmax(Z[:, i]))


def test_softmax_of_one_class_is_one():
    np.testing.assert_array_equal(nn.softmax(np.array([[-700.0, 3.0, 1e300]])), [[1, 1, 1]])


KINDS = [np.int8, np.uint8, np.int64, np.bool_, np.float16, np.float32]


@each_activation
@pytest.mark.parametrize("kind", KINDS)
def test_other_kinds_of_number_are_converted(name, kind):
    g = ALL[name]
    Z = np.array([[0, 1, 3], [2, 0, 1]]).astype(kind)
    same = Z.astype(np.float64)
    assert g(Z).dtype == np.float64
    np.testing.assert_array_equal(g(Z), g(same))
    np.testing.assert_array_equal(g.vjp(Z, Z), g.vjp(same, same))
    if name != "softmax":
        np.testing.assert_array_equal(g.prime(Z), g.prime(same))


@each_activation
def test_complex64_is_converted(name):
    Z = np.array([[0.5 + 0.25j, -1], [2, 0.125j]])
    assert ALL[name](Z.astype(np.complex64)).dtype == np.complex128
    np.testing.assert_array_equal(ALL[name](Z.astype(np.complex64)), ALL[name](Z))


@each_activation
def test_the_order_of_the_memory_does_not_matter(name):
    Z = np.random.default_rng(2).normal(size=(3, 4))
    wide = np.zeros((6, 8))
    wide[::2, ::2] = Z
    for same in (np.asfortranarray(Z), wide[::2, ::2], Z.T.copy().T):
        np.testing.assert_array_equal(ALL[name](same), ALL[name](Z))


# --- Slopes, pullbacks, Jacobian ----------------------------------------------------------------


@each_activation
def test_vjp_against_complex_step(name):
    rng = np.random.default_rng(3)
    Z, dA = rng.normal(size=(4, 3)) * 2, rng.normal(size=(4, 3))
    truth = complex_step(lambda V: np.sum(dA * plain_activation(name, V)), Z)
    dZ = ALL[name].vjp(Z, dA)
    assert dZ.shape == Z.shape
    assert relative_error(dZ, truth) < 1e-14


@each_entrywise
def test_vjp_is_the_product_with_the_slope(name):
    g = ENTRYWISE[name]
    dA = np.linspace(-3, 3, HARD.size)
    np.testing.assert_allclose(g.vjp(HARD, dA), dA * g.prime(HARD), rtol=1e-15, atol=5e-324)


def test_an_infinite_dA_goes_through_a_slope_and_is_refused_where_there_is_none():
    np.testing.assert_array_equal(nn.identity.vjp([1.0, 2.0], [np.inf, 1.0]), [np.inf, 1.0])
    Z, dA = [2.0, 0.5, 0.0, -1.0], [-np.inf, 3.0, np.inf, np.inf]
    np.testing.assert_array_equal(nn.relu.vjp(Z, dA), [-np.inf, 3.0, 0.0, 0.0])
    np.testing.assert_array_equal(nn.identity.vjp([1.0], [1e200]), [1e200])  # its square is inf
    for g in (nn.sigmoid, nn.tanh):
        with refused(ValueError, f"{g.name}.vjp(Z, dA)", "dA is infinite", "flat"):
            g.vjp([0.0, 1e4], [1.0, np.inf])


def test_softmax_has_no_prime_and_says_what_to_use():
    with refused((AttributeError, TypeError), "softmax", "vjp|jacobian"):
        nn.softmax.prime(np.zeros((3, 2)))


@pytest.mark.parametrize("classes", [1, 2, 3, 7])
def test_jacobian(classes):
    z = np.random.default_rng(classes).normal(size=classes) * 2
    P = nn.softmax.jacobian(z)
    assert P.shape == (classes, classes)
    np.testing.assert_allclose(P, np.array(exact.softmax_jacobian(z), dtype=float), atol=2e-16)
    np.testing.assert_array_equal(P, P.T)
    np.testing.assert_allclose(P.sum(axis=1), 0, atol=3e-16)
    assert np.linalg.matrix_rank(P, tol=1e-12) == classes - 1


def test_the_jacobian_of_a_column_of_a_matrix():
    z = np.array([0.5, -1.0, 2.0])
    np.testing.assert_array_equal(nn.softmax.jacobian(z[:, np.newaxis]), nn.softmax.jacobian(z))


@each_column
def test_jacobian_on_hard_columns(z):
    P = nn.softmax.jacobian(z)
    np.testing.assert_allclose(P, np.array(exact.softmax_jacobian(z), dtype=float), atol=1e-15)


@each_column
def test_softmax_vjp_is_the_jacobian_transposed_times_the_column(z):
    dA = np.random.default_rng(4).normal(size=(z.size, 2))
    P = np.array(exact.softmax_jacobian(z), dtype=float)
    dZ = nn.softmax.vjp(np.column_stack([z, z]), dA)
    np.testing.assert_allclose(dZ, P.T @ dA, atol=2e-15)
    np.testing.assert_allclose(nn.softmax.vjp(z, dA[:, 0]), dZ[:, 0], atol=2e-15)


@pytest.mark.parametrize("gap", [5.0, 40.0, 200.0, 700.0])
def test_softmax_vjp_keeps_the_digits_of_a_column_that_is_nearly_certain(gap):
    # For the winner, dA − Σ a dA is a difference of nearly equal numbers: it is (1 − a)(dA₁ − dA₂).
    for winner in (0, 1):
        z, dA = np.zeros(2), np.array([0.75, -2.0])
        z[winner] = gap
        product = exact.sigmoid_prime(gap) * (0.75 + 2.0)
        dZ = nn.softmax.vjp(z, dA)
        assert_ulps(dZ, [product, -product], 6, list(z))


# --- Complex steps through the activations ------------------------------------------------------


@pytest.mark.parametrize("name", ["sigmoid", "tanh", "identity", "relu"])
def test_complex_step_through_an_activation(name):
    # Zero is where the branches meet: a wrong branch there gives a wrong slope at that one point.
    z = np.concatenate([[0.0, -0.0], HARD[(np.abs(HARD) > 1e-17) & (np.abs(HARD) < 300)]])
    h = 1e-20
    slope = ENTRYWISE[name](z + 1j * h).imag / h
    truth = [float(getattr(exact, name + "_prime")(v)) for v in z]
    np.testing.assert_allclose(slope, truth, rtol=1e-14)


@each_entrywise
def test_real_part_of_a_complex_value_is_the_real_value(name):
    z = HARD[np.abs(HARD) < 700]
    np.testing.assert_allclose(
        ENTRYWISE[name](z + 0j).real, ENTRYWISE[name](z), rtol=1e-15, atol=5e-324
    )


SATURATED = [
    [0.3, -1.2, 2.0],
    [0.0, 0.0, 0.0],
    [40.0, 1.0, -2.0],
    [300.0, 0.0, 299.0],
    [0.0, -250.0, -300.0],
]


@pytest.mark.parametrize("z", SATURATED)
def test_complex_step_through_softmax(z):
    # Entry by entry: a saturated column has slopes of 1e-109, and they must be right too.
    h, z = 1e-30, np.array(z)
    P = exact.softmax_jacobian(z)
    for j in range(z.size):
        moved = z.astype(complex)
        moved[j] += 1j * h
        slope = nn.softmax(moved).imag / h
        for k in range(z.size):
            np.testing.assert_allclose(slope[k], float(P[k][j]), rtol=1e-13, atol=1e-300)


@each_activation
def test_complex_numbers_agree_with_the_plain_formula(name):
    rng = np.random.default_rng(5)
    Z = rng.normal(size=(3, 4)) + 1j * rng.normal(size=(3, 4)) / 3
    np.testing.assert_allclose(ALL[name](Z), plain_activation(name, Z), rtol=1e-14)


@each_activation
def test_vjp_accepts_complex(name):
    rng = np.random.default_rng(6)
    Z, dA = rng.normal(size=(3, 4)), rng.normal(size=(3, 4))
    g = ALL[name]
    np.testing.assert_allclose(g.vjp(Z, dA * 1j), 1j * g.vjp(Z, dA), rtol=1e-15)
    np.testing.assert_allclose(g.vjp(Z + 0j, dA).real, g.vjp(Z, dA), rtol=1e-14)


# --- Purity and properties ----------------------------------------------------------------------


@each_activation
def test_arguments_are_left_alone_and_results_are_fresh(name):
    g = ALL[name]
    Z, dA = np.array([[1.0, -2.0], [0.0, 3.0]]), np.array([[1.0, 2.0], [3.0, 4.0]])
    Z_before, dA_before = Z.copy(), dA.copy()
    calls = [lambda: g(Z), lambda: g.vjp(Z, dA)]
    if name != "softmax":
        calls.append(lambda: g.prime(Z))
    for call in calls:
        first = call()
        kept = first.copy()
        assert not np.shares_memory(first, Z)
        assert not np.shares_memory(first, dA)
        first += 1.0  # a result that is a view or a cache would now spoil the next one
        np.testing.assert_array_equal(call(), kept)
    np.testing.assert_array_equal(Z, Z_before)
    np.testing.assert_array_equal(dA, dA_before)


@each_activation
def test_read_only_arrays_are_welcome(name):
    Z = np.array([[1.0, -2.0], [0.0, 3.0]])
    Z.flags.writeable = False
    assert ALL[name](Z).shape == (2, 2)


def moderate(*shape):
    return arrays(np.float64, shape, elements=st.floats(-30, 30, width=32))


@deterministic
@given(Z=moderate(4, 3), shift=st.floats(-50, 50, width=32))
def test_softmax_ignores_a_common_shift(Z, shift):
    np.testing.assert_allclose(nn.softmax(Z + shift), nn.softmax(Z), rtol=2e-13, atol=1e-300)


@deterministic
@given(Z=moderate(4, 3), order=st.permutations(range(4)))
def test_softmax_follows_a_permutation_of_the_classes(Z, order):
    np.testing.assert_allclose(nn.softmax(Z[order]), nn.softmax(Z)[order], rtol=2e-15)


@deterministic
@given(Z=moderate(3, 2))
def test_softmax_of_two_classes_is_the_sigmoid_of_the_difference(Z):
    np.testing.assert_allclose(nn.softmax(Z[:2])[0], nn.sigmoid(Z[0] - Z[1]), rtol=2e-14)


@deterministic
@given(Z=moderate(3, 2), one=moderate(3, 2), two=moderate(3, 2), c=st.floats(-5, 5, width=32))
@each_activation
def test_vjp_is_linear(name, Z, one, two, c):
    g = ALL[name]
    together = g.vjp(Z, one + c * two)
    np.testing.assert_allclose(together, g.vjp(Z, one) + c * g.vjp(Z, two), rtol=1e-12, atol=1e-12)


@deterministic
@given(z=st.floats(-1e300, 1e300))
def test_mirror_images(z):
    assert nn.tanh(-z) == -nn.tanh(z)
    assert nn.sigmoid.prime(-z) == nn.sigmoid.prime(z)
    assert abs(nn.sigmoid(z) + nn.sigmoid(-z) - 1) <= 2.3e-16


# --- What is refused ----------------------------------------------------------------------------

NOT_NUMBERS = [
    ("a string", "abc"),
    ("None", None),
    ("strings", np.array([["a", "b"]])),
    ("objects", np.array([[1, None]], dtype=object)),
    ("dates", np.array([["2020-01-01"]], dtype="datetime64[D]")),
    ("a dict", {1: np.zeros((2, 2))}),
]


@each_activation
@pytest.mark.parametrize("bad", [b for _, b in NOT_NUMBERS], ids=[n for n, _ in NOT_NUMBERS])
def test_what_is_not_a_number_is_refused(name, bad):
    g = ALL[name]
    with refused(TypeError, name, "Z", "number|numbers|float"):
        g(bad)
    with refused(TypeError, name, "Z", "number|numbers|float"):
        g.vjp(bad, np.zeros((1, 2)))
    with refused(TypeError, name, "dA", "number|numbers|float"):
        g.vjp(np.zeros((1, 2)), bad)
    if name != "softmax":
        with refused(TypeError, name, "Z", "number|numbers|float"):
            g.prime(bad)


@each_activation
@pytest.mark.parametrize("nan", [np.nan, complex(0, np.nan)])
def test_nan_is_refused(name, nan):
    g = ALL[name]
    Z = np.array([[1.0, nan], [0.0, 2.0]])
    good = np.ones((2, 2))
    with refused(ValueError, name, "Z", "nan"):
        g(Z)
    with refused(ValueError, name, "Z", "nan"):
        g.vjp(Z, good)
    with refused(ValueError, name, "dA", "nan"):
        g.vjp(good, Z)
    if name != "softmax":
        with refused(ValueError, name, "Z", "nan"):
            g.prime(Z)


@each_activation
def test_ragged_rows_are_refused(name):
    with pytest.raises((TypeError, ValueError)):
        ALL[name]([[1.0, 2.0], [3.0]])


@each_activation
@pytest.mark.parametrize("shape", [(3, 2), (2, 1), (1, 3), (2,), (3,)])
def test_vjp_of_two_shapes_is_refused(name, shape):
    # No broadcasting: (2, 1) or (3,) against (2, 3) would run, and mean nothing.
    with refused(ValueError, name, "Z", "dA", "(2, 3)", str(shape)):
        ALL[name].vjp(np.ones((2, 3)), np.ones(shape))


@pytest.mark.parametrize("shape", [(), (2, 3, 4), (0,), (0, 3)])
def test_softmax_of_what_is_not_columns_is_refused(shape):
    with refused(ValueError, "softmax", "Z", str(shape)):
        nn.softmax(np.ones(shape))


@pytest.mark.parametrize("shape", [(), (3, 2), (0,), (2, 2, 2)])
def test_jacobian_of_what_is_not_one_column_is_refused(shape):
    with refused(ValueError, "softmax", "jacobian", str(shape)):
        nn.softmax.jacobian(np.ones(shape))


def test_only_relu_has_a_kink_and_needs_twice_the_variance():
    assert {name: g.kinks for name, g in ALL.items() if g.kinks} == {"relu": (0.0,)}
    assert {name: g.gain for name, g in ALL.items() if g.gain != 1} == {"relu": 2.0}


def test_records_are_frozen():
    assert isinstance(nn.sigmoid, nn.Activation)
    assert isinstance(nn.softmax, nn.Activation)
    for g in ALL.values():
        for field in ("vjp", "prime", "name", "jacobian"):
            try:
                with pytest.raises((AttributeError, TypeError)):
                    setattr(g, field, "mine")
            finally:
                vars(g).pop(field, None) if field != "name" else None  # no spoilt g in other tests


@each_activation
def test_an_activation_names_and_explains_itself(name):
    assert name in repr(ALL[name])
    assert ALL[name].__doc__ == ALL[name].doc  # what help(nn.sigmoid) shows
