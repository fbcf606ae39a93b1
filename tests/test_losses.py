"""Losses and their gradients against 400-digit arithmetic, complex steps and hand-made numbers."""

import math
from functools import partial

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
    plain_loss,
    random_targets,
    refused,
    relative_error,
    ulps,
)

LOSSES = {
    "bce": nn.bce,
    "cross_entropy": nn.cross_entropy,
    "squared_error": nn.squared_error,
}
LINKS = {"bce": nn.sigmoid, "cross_entropy": nn.softmax, "squared_error": nn.identity}
LOGITS = hard_reals()
COLUMNS = hard_columns()

each_loss = pytest.mark.parametrize("name", LOSSES)
each_column = pytest.mark.parametrize("z", COLUMNS.values(), ids=COLUMNS)


@pytest.fixture(autouse=True)
def no_floating_point_flag():
    """No overflow, no 0/0, no division by zero anywhere here; underflow to zero is harmless."""
    with np.errstate(all="raise", under="ignore"):
        yield


def column(values):
    return np.array(values, dtype=float).reshape(-1, 1)


def moderate_case(name, seed, soft=True):
    """Z, A = link(Z) and Y of shape (4, 3): more units than examples, so no shape hides a bug."""
    rng = np.random.default_rng(seed)
    Z = rng.normal(size=(4, 3)) * 1.5
    Y = random_targets(name, 4, 3, rng, soft)
    return Z, plain_activation(LINKS[name].name, Z), Y


# --- By hand ------------------------------------------------------------------------------------


def test_bce_by_hand():
    # Two units, three examples; every a is a power of two or one minus it.
    A = np.array([[1 / 2, 1 / 4, 3 / 4], [1 / 8, 1 / 2, 3 / 4]])
    Y = np.array([[1.0, 0.0, 0.0], [1.0, 0.0, 1.0]])
    # −log of the probability given to what happened: 1/2, 3/4, 1/4 and 1/8, 1/2, 3/4.
    # Their product is (3/32)·(3/64) = 9/2048, so J = log(2048/9)/3.
    assert nn.bce(A, Y) == pytest.approx(math.log(2048 / 9) / 3, rel=1e-15)
    # −1/a where y = 1 and 1/(1 − a) where y = 0, each over m = 3.
    np.testing.assert_allclose(
        nn.bce.dA(A, Y), [[-2 / 3, 4 / 9, 4 / 3], [-8 / 3, 2 / 3, -4 / 9]], rtol=1e-15
    )


def test_bce_dZ_by_hand():
    # z = k·log 2, so σ(z) = 2^k/(2^k + 1): 2/3, 1/2, 1/5 and 4/5, 1/3, 8/9.
    Z = np.log(2) * np.array([[1, 0, -2], [2, -1, 3]])
    Y = np.array([[1.0, 0.0, 0.0], [0.0, 1.0, 0.5]])
    # (a − y)/3. A sign turned here is the sign of every gradient of a classifier.
    np.testing.assert_allclose(
        nn.bce.dZ(Z, Y),
        [[-1 / 9, 1 / 6, 1 / 15], [4 / 15, -2 / 9, 7 / 54]],
        rtol=1e-15,
    )


def test_sign_of_bce_dZ():
    # Too small a prediction pulls the logit up (J falls as z grows), too large a one pulls it down.
    assert nn.bce.dZ(-1.0, 1) < 0 < nn.bce.dZ(1.0, 0)


def test_cross_entropy_by_hand():
    # Three classes, two examples; z in units of log 2: e^z is (2, 1, 4) and (1, 2, 2).
    Z = np.log(2) * np.array([[1, 0], [0, 1], [2, 1]])
    A = np.array([[2 / 7, 1 / 5], [1 / 7, 2 / 5], [4 / 7, 2 / 5]])
    Y = np.array([[0, 1], [0, 0], [1, 0]])
    # −log(4/7) − log(1/5) = log(35/4), over m = 2.
    assert nn.cross_entropy(A, Y) == pytest.approx(math.log(35 / 4) / 2, rel=1e-15)
    assert nn.cross_entropy.from_logits(Z, Y) == pytest.approx(math.log(35 / 4) / 2, rel=1e-15)
    np.testing.assert_allclose(
        nn.cross_entropy.dA(A, Y), [[0, -5 / 2], [0, 0], [-7 / 8, 0]], rtol=1e-15
    )
    np.testing.assert_allclose(
        nn.cross_entropy.dZ(Z, Y), [[1 / 7, -2 / 5], [1 / 14, 1 / 5], [-3 / 14, 1 / 5]], rtol=1e-15
    )


def test_cross_entropy_whose_columns_do_not_sum_to_one_by_hand():
    Z = np.log(2) * np.array([[1, 0], [0, 1], [2, 1]])
    Y = np.array([[1, 0], [1, 0.5], [1, 0]])  # column sums s = 3 and 1/2
    # (s·a − y)/2, with the same A as above.
    np.testing.assert_allclose(
        nn.cross_entropy.dZ(Z, Y),
        [[-1 / 14, 1 / 20], [-2 / 7, -3 / 20], [5 / 14, 1 / 10]],
        rtol=1e-15,
    )
    # log(7/2) + log 7 + log(7/4) + log(5/2)/2, over 2.
    J = (math.log(343 / 8) + math.log(5 / 2) / 2) / 2
    assert nn.cross_entropy.from_logits(Z, Y) == pytest.approx(J, rel=1e-15)


def test_squared_error_by_hand():
    A, Y = np.array([[1.0, 2.0, 0.0]] * 2), np.array([[0.0, 4.0, 0.5], [1.0, 2.0, 0.0]])
    # (1 + 4 + 1/4 + 0 + 0 + 0) / (2·3): the sum over units and examples, halved, over m.
    assert nn.squared_error(A, Y) == pytest.approx(5.25 / 6, rel=1e-15)
    np.testing.assert_allclose(
        nn.squared_error.dA(A, Y), [[1 / 3, -2 / 3, -1 / 6], [0, 0, 0]], rtol=1e-15
    )
    np.testing.assert_array_equal(nn.squared_error.dZ(A, Y), nn.squared_error.dA(A, Y))
    assert nn.squared_error.from_logits(A, Y) == nn.squared_error(A, Y)


# --- Values on hard points ----------------------------------------------------------------------

SOFT = [0.5, 0.25, 0.1, 1e-3, 1e-10, 0.9, 1 - 2.0**-53, 5e-324]


@pytest.mark.parametrize("y", [0, 1])
def test_bce_from_logits_on_hard_points(y):
    computed = [nn.bce.from_logits(z, y) for z in LOGITS]
    assert_ulps(computed, [exact.bce_from_logits(z, y) for z in LOGITS], 2, LOGITS)


@pytest.mark.parametrize("y", SOFT)
def test_bce_from_logits_with_soft_targets_on_hard_points(y):
    computed = [nn.bce.from_logits(z, y) for z in LOGITS]
    assert_ulps(computed, [exact.bce_from_logits(z, y) for z in LOGITS], 2.5, LOGITS)


@pytest.mark.parametrize("y", [0, 1])
def test_bce_dZ_on_hard_points(y):
    computed = [nn.bce.dZ(z, y) for z in LOGITS]
    assert_ulps(computed, [exact.bce_dZ(z, y) for z in LOGITS], 2, LOGITS)


@pytest.mark.parametrize("y", SOFT)
def test_bce_dZ_with_soft_targets_on_hard_points(y):
    # a − y can cancel: the error is then small against a and y, not against their difference.
    for z in LOGITS:
        error = abs(nn.bce.dZ(z, y) - exact.bce_dZ(z, y))
        assert error <= 2.5 * np.spacing(max(float(exact.sigmoid(z)), y)), (z, y)


PROBABILITIES = [5e-324, 1e-310, 1e-300, 1e-20, 1e-10, 0.1, 1 / 3, 0.5, 0.75, 0.9, 1 - 2.0**-53]


@pytest.mark.parametrize("y", [0, 1, *SOFT])
def test_bce_on_hard_points(y):
    computed = [nn.bce(a, y) for a in PROBABILITIES]
    assert_ulps(computed, [exact.bce(a, y) for a in PROBABILITIES], 2.5, PROBABILITIES)


@pytest.mark.parametrize("y", [0, 1])
def test_bce_dA_on_hard_points(y):
    # 1/5e-324 is beyond the largest float: the answer is −inf, without a warning.
    computed = [nn.bce.dA(a, y) for a in PROBABILITIES]
    assert_ulps(computed, [exact.bce_dA(a, y) for a in PROBABILITIES], 2, PROBABILITIES)


@pytest.mark.parametrize("y", SOFT)
def test_bce_dA_with_soft_targets_on_hard_points(y):
    for a in PROBABILITIES[2:]:
        size = max(y / a, (1 - y) / (1 - a))
        assert abs(nn.bce.dA(a, y) - exact.bce_dA(a, y)) <= 4 * np.spacing(size), (a, y)


@each_column
def test_cross_entropy_from_logits_on_hard_columns(z):
    for k in range(z.size):
        y = np.eye(z.size)[k]
        J = nn.cross_entropy.from_logits(column(z), column(y))
        assert ulps(J, exact.cross_entropy_from_logits(z, y)) <= 2, (z, k)


@each_column
def test_cross_entropy_from_logits_with_soft_targets_on_hard_columns(z):
    rng = np.random.default_rng(8)
    for y in (rng.random(z.size), np.full(z.size, 1 / z.size), 3 * rng.random(z.size) + 1):
        J = nn.cross_entropy.from_logits(column(z), column(y))
        # Ten rounded products and their sum come on top of the 2 of each logarithm.
        assert ulps(J, exact.cross_entropy_from_logits(z, y)) <= 4, (z, y)


@each_column
def test_cross_entropy_dZ_on_hard_columns(z):
    for k in range(z.size):
        y = np.eye(z.size)[k]
        dZ = nn.cross_entropy.dZ(column(z), column(y))
        assert_ulps(dZ, exact.cross_entropy_dZ(z, y), 4, list(z))


@each_column
def test_cross_entropy_dZ_with_soft_targets_on_hard_columns(z):
    rng = np.random.default_rng(9)
    for y in (rng.random(z.size), np.full(z.size, 1 / z.size), 3 * rng.random(z.size) + 1):
        dZ = nn.cross_entropy.dZ(column(z), column(y))
        truth = np.array(exact.cross_entropy_dZ(z, y), dtype=float)
        assert np.all(np.abs(dZ[:, 0] - truth) <= 8 * np.spacing(max(y.sum(), 1.0))), (z, y)


def test_cross_entropy_on_hard_points():
    for a in PROBABILITIES:
        A, Y = column([a, 0.0, 1.0]), column([1, 0, 0])
        assert ulps(nn.cross_entropy(A, Y), exact.cross_entropy(A[:, 0], Y[:, 0])) <= 2
        with np.errstate(all="raise"):
            dA = nn.cross_entropy.dA(column([a, 0.5]), column([1, 0]))
        truth = -math.inf if a < 1e-308 else -1 / a
        assert dA[0, 0] == pytest.approx(truth, rel=3e-16)
        assert dA[1, 0] == 0


def test_squared_error_on_hard_points():
    rng = np.random.default_rng(10)
    for scale in (1e-150, 1e-3, 1.0, 1e8, 1e150):
        a, y = scale * rng.normal(size=6), scale * rng.normal(size=6)
        J = nn.squared_error(column(a), column(y))
        assert ulps(J, exact.squared_error(a, y)) <= 5, scale


# --- Limits -------------------------------------------------------------------------------------

INF = math.inf
LIMITS = [
    # what, computed, truth
    ("bce(0, 1)", lambda: nn.bce(0, 1), INF),
    ("bce(1, 0)", lambda: nn.bce(1, 0), INF),
    ("bce(0, 1/2)", lambda: nn.bce(0.0, 0.5), INF),
    ("bce(0, 0)", lambda: nn.bce(0, 0), 0),
    ("bce(1, 1)", lambda: nn.bce(1, 1), 0),
    ("bce.dA(0, 0)", lambda: nn.bce.dA(0, 0), 1),
    ("bce.dA(1, 1)", lambda: nn.bce.dA(1, 1), -1),
    ("bce.dA(0, 1)", lambda: nn.bce.dA(0, 1), -INF),
    ("bce.dA(1, 0)", lambda: nn.bce.dA(1, 0), INF),
    ("bce.from_logits(inf, 1)", lambda: nn.bce.from_logits(INF, 1), 0),
    ("bce.from_logits(-inf, 0)", lambda: nn.bce.from_logits(-INF, 0), 0),
    ("bce.from_logits(-inf, 1)", lambda: nn.bce.from_logits(-INF, 1), INF),
    ("bce.from_logits(inf, 0)", lambda: nn.bce.from_logits(INF, 0), INF),
    ("bce.from_logits(inf, 1/2)", lambda: nn.bce.from_logits(INF, 0.5), INF),
    ("bce.dZ(inf, 1)", lambda: nn.bce.dZ(INF, 1), 0),
    ("bce.dZ(inf, 0)", lambda: nn.bce.dZ(INF, 0), 1),
    ("bce.dZ(-inf, 1)", lambda: nn.bce.dZ(-INF, 1), -1),
    ("bce.dZ(-inf, 0)", lambda: nn.bce.dZ(-INF, 0), 0),
    ("bce.dZ(-inf, 1/4)", lambda: nn.bce.dZ(-INF, 0.25), -0.25),
]


@pytest.mark.parametrize(("call", "truth"), [row[1:] for row in LIMITS], ids=[r[0] for r in LIMITS])
def test_limits_come_without_a_warning(call, truth):
    assert call() == truth


def test_terms_of_zero_weight_are_skipped():
    A, Y = np.array([[0.0, 1.0, 0.5], [0.0, 1.0, 1.0]]), np.array([[0, 1, 1], [0, 1, 1]])
    assert nn.bce(A, Y) == pytest.approx(math.log(2) / 3, rel=1e-15)
    A, Y = np.array([[0.0, 1.0], [1.0, 0.0]]), np.array([[0, 2], [1, 0]])
    assert nn.cross_entropy(A, Y) == 0
    np.testing.assert_array_equal(nn.cross_entropy.dA(A, Y), [[0, -1], [-0.5, 0]])
    Z, Y = (
        np.array([[-np.inf, 0.0], [0.0, -np.inf], [0.0, 0.0]]),
        np.array([[0, 0], [1, 0], [0, 1]]),
    )
    assert nn.cross_entropy.from_logits(Z, Y) == pytest.approx(math.log(2), rel=1e-15)
    np.testing.assert_allclose(
        nn.cross_entropy.dZ(Z, Y), [[0, 0.25], [-0.25, 0], [0.25, -0.25]], rtol=1e-15
    )


def test_one_impossible_example_makes_the_cost_infinite():
    A, Y = np.array([[0.0, 0.5], [1.0, 0.5]]), np.array([[1, 1], [0, 0]])
    assert nn.cross_entropy(A, Y) == INF
    np.testing.assert_array_equal(nn.cross_entropy.dA(A, Y), [[-INF, -1], [0, 0]])
    assert nn.cross_entropy.from_logits(np.array([[-INF, 0], [0, 0]]), Y) == INF


@pytest.mark.parametrize("Z", [[[INF], [INF]], [[-INF], [-INF]]])
def test_logits_without_a_limit_are_refused(Z):
    for call in (nn.cross_entropy.from_logits, nn.cross_entropy.dZ):
        with refused(ValueError, "cross_entropy", "Z", "inf|infinite"):
            call(np.array(Z), np.array([[1.0], [0.0]]))


@each_loss
def test_infinite_targets_are_refused(name):
    A, Y = np.full((2, 3), 0.5), np.ones((2, 3))
    Y[1, 2] = INF
    for call in (LOSSES[name], LOSSES[name].dA, LOSSES[name].from_logits, LOSSES[name].dZ):
        with refused(ValueError, name, "Y"):
            call(A, Y)


# --- 1/m once, shapes, batches ------------------------------------------------------------------


@each_loss
def test_gradients_against_complex_step(name):
    def J_of_A(V):
        return plain_loss(name, V, Y)

    def J_of_Z(V):
        return J_of_A(plain_activation(LINKS[name].name, V))

    loss = LOSSES[name]
    for seed in range(5):
        Z, A, Y = moderate_case(name, seed, soft=seed % 2 == 0)
        assert loss(A, Y) == pytest.approx(J_of_A(A), rel=1e-14)
        assert loss.from_logits(Z, Y) == pytest.approx(J_of_Z(Z), rel=1e-14)
        assert relative_error(loss.dA(A, Y), complex_step(J_of_A, A)) < 1e-14
        assert relative_error(loss.dZ(Z, Y), complex_step(J_of_Z, Z)) < 1e-14


@each_loss
def test_the_factor_one_over_m_occurs_once(name):
    # The same batch twice over: J is the same, each gradient entry is half.
    Z, A, Y = moderate_case(name, 11)
    loss, twice = LOSSES[name], lambda V: np.hstack([V, V])
    assert loss(twice(A), twice(Y)) == pytest.approx(loss(A, Y), rel=1e-15)
    assert loss.from_logits(twice(Z), twice(Y)) == pytest.approx(loss.from_logits(Z, Y), rel=1e-15)
    np.testing.assert_allclose(loss.dA(twice(A), twice(Y)), twice(loss.dA(A, Y)) / 2, rtol=1e-15)
    np.testing.assert_allclose(loss.dZ(twice(Z), twice(Y)), twice(loss.dZ(Z, Y)) / 2, rtol=1e-15)


@each_loss
def test_a_batch_is_the_mean_of_its_examples(name):
    Z, A, Y = moderate_case(name, 12)
    loss, m = LOSSES[name], 3
    one = [slice(i, i + 1) for i in range(m)]
    assert loss(A, Y) == pytest.approx(sum(loss(A[:, i], Y[:, i]) for i in one) / m, rel=1e-15)
    logits = sum(loss.from_logits(Z[:, i], Y[:, i]) for i in one) / m
    assert loss.from_logits(Z, Y) == pytest.approx(logits, rel=1e-15)
    dA = np.hstack([loss.dA(A[:, i], Y[:, i]) for i in one]) / m
    np.testing.assert_allclose(loss.dA(A, Y), dA, rtol=1e-15)
    dZ = np.hstack([loss.dZ(Z[:, i], Y[:, i]) for i in one]) / m
    np.testing.assert_allclose(loss.dZ(Z, Y), dZ, rtol=1e-14, atol=1e-17)


@pytest.mark.parametrize("name", ["bce", "squared_error"])
def test_the_loss_is_a_sum_over_units_not_a_mean(name):
    _, A, Y = moderate_case(name, 13)
    rows = [LOSSES[name](A[k : k + 1], Y[k : k + 1]) for k in range(4)]
    assert LOSSES[name](A, Y) == pytest.approx(sum(rows), rel=1e-15)


@each_loss
@pytest.mark.parametrize("number", [0, 1, 0.5, True, np.float32(0.25), np.int64(1)])
def test_plain_numbers_are_one_unit_and_one_example(name, number):
    loss, A, one = LOSSES[name], 0.25, np.array([[float(number)]])
    for call in (loss, loss.from_logits):
        assert isinstance(call(A, number), float)
        assert call(A, number) == call(np.array([[A]]), one)
    for call in (loss.dA, loss.dZ):
        assert isinstance(call(A, number), float)
        assert call(A, number) == call(np.array([[A]]), one)[0, 0]


@each_loss
def test_J_is_a_float_and_gradients_have_the_shape_of_their_array(name):
    Z, A, Y = moderate_case(name, 14)
    loss = LOSSES[name]
    for J in (loss(A, Y), loss.from_logits(Z, Y)):
        assert isinstance(J, float)
    for gradient in (loss.dA(A, Y), loss.dZ(Z, Y)):
        assert gradient.shape == (4, 3)
        assert gradient.dtype == np.float64


KINDS = [np.uint8, np.int8, np.int64, np.bool_, np.float16, np.float32]


@each_loss
@pytest.mark.parametrize("kind", KINDS)
def test_other_kinds_of_number_are_converted(name, kind):
    loss = LOSSES[name]
    A, Y = np.array([[0, 1, 1], [1, 0, 0]]), np.array([[0, 1, 1], [1, 0, 0]])
    for call in (loss, loss.dA, loss.from_logits, loss.dZ):
        same = call(A.astype(float), Y.astype(float))
        np.testing.assert_array_equal(call(A.astype(kind), Y.astype(kind)), same)
        np.testing.assert_array_equal(call(A.astype(float), Y.astype(kind)), same)
        assert np.asarray(call(A.astype(kind), Y.astype(kind))).dtype == np.float64
    # 1 − 3 and 0 − 1 wrap around in uint8, and −y in bool is an error, unless they are converted.
    assert nn.squared_error(np.array([[1]], dtype=np.uint8), np.array([[3]], dtype=np.uint8)) == 2
    np.testing.assert_array_equal(
        nn.squared_error.dA(np.array([[0]], dtype=np.uint8), np.array([[1]], dtype=np.uint8)),
        [[-1]],
    )


@each_loss
def test_lists_are_accepted(name):
    loss = LOSSES[name]
    assert loss([[0.25, 0.75]], [[0, 1]]) == loss(np.array([[0.25, 0.75]]), np.array([[0.0, 1.0]]))


# --- Link, records, purity ----------------------------------------------------------------------


@each_loss
def test_link(name):
    assert LOSSES[name].link is LINKS[name]
    assert isinstance(LOSSES[name], nn.Loss)
    assert name in repr(LOSSES[name])
    assert LOSSES[name].__doc__ == LOSSES[name].doc  # what help(nn.bce) shows


@each_loss
def test_the_fused_form_is_the_loss_after_its_link(name):
    Z, _, Y = moderate_case(name, 15)
    loss = LOSSES[name]
    A = loss.link(Z)
    assert loss.from_logits(Z, Y) == pytest.approx(loss(A, Y), rel=1e-14)
    np.testing.assert_allclose(
        loss.dZ(Z, Y), loss.link.vjp(Z, loss.dA(A, Y)), rtol=1e-13, atol=1e-16
    )


@each_loss
def test_records_are_frozen(name):
    with pytest.raises((AttributeError, TypeError)):
        LOSSES[name].dZ = np.multiply
    with pytest.raises((AttributeError, TypeError)):
        LOSSES[name].link = nn.tanh


@each_loss
def test_arguments_are_left_alone_and_results_are_fresh(name):
    Z, A, Y = moderate_case(name, 16)
    before = [V.copy() for V in (Z, A, Y)]
    for V in (Z, A, Y):
        V.flags.writeable = False
    loss = LOSSES[name]
    for call, V in ((loss, A), (loss.dA, A), (loss.from_logits, Z), (loss.dZ, Z)):
        first = call(V, Y)
        kept = np.array(first)
        if np.ndim(first):
            assert not np.shares_memory(first, V)
            assert not np.shares_memory(first, Y)
            first += 1.0
        np.testing.assert_array_equal(call(V, Y), kept)
    for V, kept in zip((Z, A, Y), before, strict=True):
        np.testing.assert_array_equal(V, kept)


# --- Complex numbers ----------------------------------------------------------------------------


@each_loss
def test_complex_step_through_the_loss(name):
    for seed in (17, 18):
        Z, A, Y = moderate_case(name, seed, soft=seed == 17)
        Z[0, 0] = 0.0  # where the two branches of the logistic loss meet
        loss = LOSSES[name]
        assert relative_error(complex_step(partial(loss, Y=Y), A), loss.dA(A, Y)) < 1e-14
        through_logits = complex_step(partial(loss.from_logits, Y=Y), Z)
        assert relative_error(through_logits, loss.dZ(Z, Y)) < 1e-14


@pytest.mark.parametrize("z", [-600.0, -40.0, -0.0, 0.0, 1e-9, 40.0, 600.0])
@pytest.mark.parametrize("y", [0, 1, 0.25])
def test_complex_step_through_bce_from_logits_far_out(z, y):
    slope = nn.bce.from_logits(z + 1e-30j, y).imag / 1e-30
    assert slope == pytest.approx(float(exact.bce_dZ(z, y)), rel=1e-14)


@pytest.mark.parametrize("z", [-600.0, -40.0, -0.0, 0.0, 1e-9, 40.0, 600.0])
@pytest.mark.parametrize("y", [0, 1, 0.25])
def test_complex_step_through_bce_dZ(z, y):
    # d(σ − y)/dz = σ′, whatever y is; z = 0 is where the branches meet.
    slope = nn.bce.dZ(z + 1e-30j, y).imag / 1e-30
    assert slope == pytest.approx(float(exact.sigmoid_prime(z)), rel=1e-14)


@pytest.mark.parametrize("z", [[300.0, 0.0, 299.0], [0.0, 0.0, 0.0], [0.0, -250.0, 60.0]])
@pytest.mark.parametrize("y", [[1.0, 0.0, 0.0], [0.0, 0.0, 1.0], [0.3, 0.9, 1.1]])
def test_complex_step_through_cross_entropy_in_saturated_columns(z, y):
    slope = complex_step(lambda V: nn.cross_entropy.from_logits(V, column(y)), column(z))
    truth = np.array(exact.cross_entropy_dZ(z, y), dtype=float)
    # Where no digits cancel, as with one-hot targets, even a slope of 1e-109 is right.
    atol = 0 if sum(y) == 1 else 1e-15
    np.testing.assert_allclose(slope[:, 0], truth, rtol=1e-13, atol=atol)


@each_loss
def test_complex_gradients(name):
    # Gradients of complex arrays are needed when a gradient is itself differentiated.
    Z, A, Y = moderate_case(name, 19)
    loss = LOSSES[name]
    np.testing.assert_allclose(loss.dA(A + 0j, Y).real, loss.dA(A, Y), rtol=1e-14)
    np.testing.assert_allclose(loss.dZ(Z + 0j, Y).real, loss.dZ(Z, Y), rtol=1e-13, atol=1e-16)
    assert isinstance(loss(A + 0j, Y), complex)
    curvature = complex_step(lambda V: loss.dZ(V, Y)[1, 2], Z)
    numerical = (loss.dZ(Z + 1e-5 * unit(1, 2), Y) - loss.dZ(Z - 1e-5 * unit(1, 2), Y)) / 2e-5
    np.testing.assert_allclose(curvature, numerical, atol=1e-9)


def unit(k, i):
    E = np.zeros((4, 3))
    E[k, i] = 1.0
    return E


# --- Properties ---------------------------------------------------------------------------------


def moderate(*shape):
    return arrays(np.float64, shape, elements=st.floats(-30, 30, width=32))


def weights(*shape):
    return arrays(np.float64, shape, elements=st.floats(0, 4, width=32))


@deterministic
@given(Z=moderate(4, 3), Y=weights(4, 3))
def test_columns_of_cross_entropy_dZ_sum_to_zero_whatever_the_targets(Z, Y):
    np.testing.assert_allclose(nn.cross_entropy.dZ(Z, Y).sum(axis=0), 0, atol=1e-14)


@deterministic
@given(Z=moderate(4, 3), Y=weights(4, 3), shift=st.floats(-50, 50, width=32))
def test_cross_entropy_ignores_a_common_shift(Z, Y, shift):
    J, moved = (nn.cross_entropy.from_logits(V, Y) for V in (Z, Z + shift))
    assert moved == pytest.approx(J, rel=1e-12, abs=1e-12)


@deterministic
@given(z=st.floats(-1e300, 1e300), y=st.floats(0, 1))
def test_bce_has_a_mirror_image(z, y):
    # Calling heads tails: z → −z and y → 1 − y changes nothing but the sign of the slope.
    z, y = float(z), round(y * 1024) / 1024  # so that 1 − y is exact
    assert nn.bce.from_logits(-z, 1 - y) == pytest.approx(nn.bce.from_logits(z, y), rel=1e-15)
    assert nn.bce.dZ(-z, 1 - y) == pytest.approx(-nn.bce.dZ(z, y), rel=1e-15, abs=2e-16)


@deterministic
@given(z=moderate(2, 3), y=arrays(np.float64, (1, 3), elements=st.sampled_from([0.0, 0.25, 1.0])))
def test_two_classes_are_one_logistic_unit(z, y):
    two = nn.cross_entropy.from_logits(z, np.vstack([y, 1 - y]))
    one = nn.bce.from_logits(z[:1] - z[1:], y)
    assert two == pytest.approx(one, rel=1e-13, abs=1e-300)


@deterministic
@given(Z=moderate(3, 2), Y=weights(3, 2))
@each_loss
def test_losses_are_convex_along_the_logits(name, Z, Y):
    loss, Y = LOSSES[name], np.minimum(Y, 1)
    middle, ends = loss.from_logits(Z / 2, Y), (loss.from_logits(Z, Y), loss.from_logits(0 * Z, Y))
    assert middle <= sum(ends) / 2 * (1 + 1e-14)


# --- What is refused ----------------------------------------------------------------------------

ENTRY_POINTS = [
    # function, name of its first argument
    (lambda loss: loss, "A"),
    (lambda loss: loss.dA, "A"),
    (lambda loss: loss.from_logits, "Z"),
    (lambda loss: loss.dZ, "Z"),
]
each_entry = pytest.mark.parametrize(
    ("entry", "first"), ENTRY_POINTS, ids=["J", "dA", "from_logits", "dZ"]
)

BAD_SHAPES = [
    # first, Y, what the message must say beside the name of the argument
    ((4, 3), (3, 4), ["(4, 3)", "(3, 4)", "Y.T|transpose"]),
    ((1, 5), (5, 1), ["(1, 5)", "(5, 1)", "Y.T|transpose"]),
    ((4, 3), (4, 1), ["(4, 3)", "(4, 1)"]),
    ((4, 3), (1, 3), ["(4, 3)", "(1, 3)"]),
    ((4, 3), (1, 1), ["(4, 3)", "(1, 1)"]),
    ((1, 3), (4, 3), ["(1, 3)", "(4, 3)"]),
    ((1, 5), (5,), ["(5,)", "Y.reshape(1, 5)"]),
    ((5,), (5,), ["(5,)", ".reshape(1, -1)"]),
    ((5,), (1, 5), ["(5,)", ".reshape(1, 5)"]),
    ((4, 3), (3,), ["(3,)", "one row per unit"]),
    ((2, 3, 2), (2, 3, 2), ["(2, 3, 2)"]),
    ((2, 0), (2, 0), ["(2, 0)", "empty|example"]),
    ((0, 3), (0, 3), ["(0, 3)"]),
    ((4, 3), (), ["(4, 3)"]),
    ((), (4, 3), ["(4, 3)"]),
]


@each_loss
@each_entry
@pytest.mark.parametrize(("of_A", "of_Y", "words"), BAD_SHAPES)
def test_bad_shapes_are_refused(name, entry, first, of_A, of_Y, words):
    with refused(ValueError, name, f"{first}|Y", *words):
        entry(LOSSES[name])(np.full(of_A, 0.5), np.full(of_Y, 0.5))


BAD_TARGETS = [
    # loss, a bad value of one entry of Y, words
    ("bce", 2.0, ["2", "[0, 1]|between 0 and 1"]),
    ("bce", -1.0, ["-1|−1", "[0, 1]|between 0 and 1"]),
    ("bce", 1 + 1e-9, ["[0, 1]|between 0 and 1"]),
    ("bce", -1e-300, ["[0, 1]|between 0 and 1"]),
    ("cross_entropy", -0.5, ["-0.5|−0.5", "negative|at least 0"]),
    ("cross_entropy", -1e-300, ["negative|at least 0"]),
    ("squared_error", np.nan, ["nan"]),
    ("bce", np.nan, ["nan"]),
    ("cross_entropy", np.nan, ["nan"]),
]


@each_entry
@pytest.mark.parametrize(("name", "bad", "words"), BAD_TARGETS)
def test_bad_targets_are_refused(name, bad, words, entry, first):  # noqa: ARG001
    Y = np.full((2, 3), 0.5)
    Y[1, 2] = bad
    with refused(ValueError, name, "Y", *words):
        entry(LOSSES[name])(np.full((2, 3), 0.5), Y)


BAD_ACTIVATIONS = [
    ("bce", 1.5, ["1.5", "[0, 1]|between 0 and 1"]),
    ("bce", -0.25, ["-0.25|−0.25", "[0, 1]|between 0 and 1"]),
    ("bce", INF, ["inf"]),
    ("cross_entropy", -0.25, ["-0.25|−0.25"]),
    ("cross_entropy", 1.5, ["1.5", "[0, 1]|between 0 and 1"]),
    ("bce", np.nan, ["nan"]),
    ("cross_entropy", np.nan, ["nan"]),
    ("squared_error", np.nan, ["nan"]),
]


@pytest.mark.parametrize("which", ["J", "dA"])
@pytest.mark.parametrize(("name", "bad", "words"), BAD_ACTIVATIONS)
def test_bad_activations_are_refused(name, bad, words, which):
    A = np.full((2, 3), 0.5)
    A[0, 1] = bad
    call = LOSSES[name] if which == "J" else LOSSES[name].dA
    with refused(ValueError, name, "A", *words):
        call(A, np.full((2, 3), 0.5))


@each_loss
@pytest.mark.parametrize("which", ["from_logits", "dZ"])
def test_nan_logits_are_refused(name, which):
    Z = np.full((2, 3), 0.5)
    Z[0, 1] = np.nan
    with refused(ValueError, name, "Z", "nan"):
        getattr(LOSSES[name], which)(Z, np.full((2, 3), 0.5))


@each_loss
@each_entry
def test_complex_targets_are_refused(name, entry, first):  # noqa: ARG001
    with refused(TypeError, name, "Y", "complex|real"):
        entry(LOSSES[name])(np.full((2, 3), 0.5), np.full((2, 3), 0.5 + 0j))
    with refused(TypeError, name, "Y", "complex|real"):
        entry(LOSSES[name])(0.5, 0.5 + 0j)


NOT_NUMBERS = [
    ("a string", "abc"),
    ("None", None),
    ("strings", np.array([["a", "b"]])),
    ("objects", np.array([[1, None]], dtype=object)),
    ("dates", np.array([["2020-01-01"]], dtype="datetime64[D]")),
]


@each_loss
@each_entry
@pytest.mark.parametrize("bad", [b for _, b in NOT_NUMBERS], ids=[n for n, _ in NOT_NUMBERS])
def test_what_is_not_a_number_is_refused(name, entry, first, bad):
    with refused(TypeError, name, first, "number|numbers|float"):
        entry(LOSSES[name])(bad, np.full((1, 2), 0.5))
    with refused(TypeError, name, "Y", "number|numbers|float"):
        entry(LOSSES[name])(np.full((1, 2), 0.5), bad)


@each_entry
@pytest.mark.parametrize("name", ["bce", "cross_entropy"])  # squared error is symmetric
def test_swapped_arguments_do_not_pass_in_silence(name, entry, first):  # noqa: ARG001
    logits, labels = np.array([[2.5, -3.0]]), np.array([[1.0, 0.0]])
    with refused(ValueError, name, "Y"):
        entry(LOSSES[name])(labels, logits)
