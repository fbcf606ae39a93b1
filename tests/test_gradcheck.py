"""The gradient checker is itself checked: right gradients pass, each classic mistake is named."""

import re
from types import SimpleNamespace

import numpy as np
import pytest

import nnmath as nn
from nnmath.gradcheck import GradientReport
from tests.oracles import complex_step, random_net, random_nets, refused

NETS = random_nets()
METHODS = {"complex": 1e-12, "central": 1e-7}
each_method = pytest.mark.parametrize("method", METHODS)


def as_network(plain):
    return nn.Network(plain.W, plain.b, {l: getattr(nn, plain.g[l]) for l in plain.g})


def check(plain, grads=None, **options):
    loss = getattr(nn, plain.loss)
    return nn.check_gradients(as_network(plain), plain.X, plain.Y, loss, grads, **options)


# --- Derivatives of functions that we know ------------------------------------------------------

x = np.array([[0.3, -1.2, 2.0], [1.5, 0.7, -0.4]])
C = np.array([[1.0, -2.0, 0.5], [3.0, 0.25, -1.0]])
FUNCTIONS = [
    # what, f, its gradient at x
    ("a weighted sum", lambda V: np.sum(C * V), C),
    ("squares", lambda V: np.sum(V * V), 2 * x),
    ("cubes", lambda V: np.sum(V**3), 3 * x**2),
    ("exponentials", lambda V: np.sum(C * np.exp(V)), C * np.exp(x)),
    ("sines", lambda V: np.sum(np.sin(3 * V)), 3 * np.cos(3 * x)),
    ("a product of entries", lambda V: V[0, 0] * V[1, 2], np.array([[-0.4, 0, 0], [0, 0, 0.3]])),
    ("one entry only", lambda V: V[1, 0] ** 2, np.array([[0, 0, 0], [3.0, 0, 0]])),
    ("matrix product", lambda V: np.sum(V @ C.T), np.ones((2, 2)) @ C),
]
each_function = pytest.mark.parametrize(
    ("f", "gradient"), [row[1:] for row in FUNCTIONS], ids=[row[0] for row in FUNCTIONS]
)


@each_function
def test_numerical_gradient(f, gradient):
    found = nn.numerical_gradient(f, x)
    assert found.shape == x.shape
    assert found.dtype == np.float64
    np.testing.assert_allclose(found, gradient, rtol=1e-8, atol=2e-9)


@each_function
def test_complex_step_gradient(f, gradient):
    found = nn.complex_step_gradient(f, x)
    assert found.shape == x.shape
    assert found.dtype == np.float64
    np.testing.assert_allclose(found, gradient, rtol=1e-14, atol=1e-15)


def test_the_difference_is_central_and_h_is_used():
    # At x = 1 the cube's central difference is 3 + h², the one-sided one 3 + 3h + h².
    for h in (0.1, 0.01):
        found = nn.numerical_gradient(lambda V: np.sum(V**3), np.array([[1.0]]), h=h)
        assert found[0, 0] == pytest.approx(3 + h * h, rel=1e-12)


def test_the_default_h_is_1e_minus_5():
    visited = []
    nn.numerical_gradient(lambda V: visited.append(float(V[0])) or 0.0, np.array([2.0]))
    assert sorted(visited)[:1] + sorted(visited)[-1:] == pytest.approx(
        [2 - 1e-5, 2 + 1e-5], abs=1e-12
    )


def test_complex_step_sees_no_cancellation():
    # f = 10⁸ + x has no digits left for a difference of 1e-5 beside 10⁸; the complex step has all.
    found = nn.complex_step_gradient(lambda V: 1e8 + np.sum(np.exp(V)), x)
    np.testing.assert_allclose(found, np.exp(x), rtol=1e-14)


GRADIENTS = {"numerical": nn.numerical_gradient, "complex step": nn.complex_step_gradient}
each_gradient = pytest.mark.parametrize("gradient", GRADIENTS.values(), ids=GRADIENTS)


@each_gradient
@pytest.mark.parametrize("name", ["W", "b", "Z", "A"])
def test_gradients_of_a_plain_network_against_complex_step(gradient, name):
    plain = lesson()
    J, V = plain.J_of(name, 2), plain.at(name, 2)
    np.testing.assert_allclose(gradient(J, V), complex_step(J, V), rtol=1e-7, atol=1e-10)


@each_gradient
@pytest.mark.parametrize("shape", [(), (3,), (1, 4), (4, 1), (2, 3, 2)])
def test_gradients_have_the_shape_of_x(gradient, shape):
    V = np.linspace(0.5, 2, int(np.prod(shape))).reshape(shape)
    found = gradient(lambda U: np.sum(U**2), V)
    assert np.shape(found) == shape
    np.testing.assert_allclose(found, 2 * V, rtol=1e-8)


@each_gradient
@pytest.mark.parametrize("kind", [np.int64, np.uint8, np.float32, np.float16])
def test_other_kinds_of_number_are_converted(gradient, kind):
    # A step of 1e-5 added to an integer, or to a float16, is no step at all.
    found = gradient(lambda V: np.sum(V**2), np.array([[1, 2, 3]], dtype=kind))
    np.testing.assert_allclose(found, [[2, 4, 6]], rtol=1e-8)


@each_gradient
def test_x_is_left_alone(gradient):
    V = x.copy()
    V.flags.writeable = False
    gradient(lambda U: np.sum(U**2), V)
    np.testing.assert_array_equal(V, x)

    def careless(U):
        U *= 2.0  # f may spoil the array it is given; the next entry must not feel it
        return np.sum(U**2)

    W = x.copy()
    np.testing.assert_allclose(gradient(careless, W), 8 * x, rtol=1e-8)
    np.testing.assert_array_equal(W, x)


@each_gradient
def test_bad_questions_are_refused(gradient):
    with refused((TypeError, ValueError), "f", "scalar|number"):
        gradient(lambda V: V**2, x)
    with refused(TypeError, "f", "function|callable"):
        gradient(3.0, x)
    with refused(ValueError, "x", "nan"):
        gradient(lambda V: np.sum(V), np.array([1.0, np.nan]))
    with refused(TypeError, "x", "number|numbers"):
        gradient(np.sum, "abc")
    with refused(TypeError, "x must be real"):
        gradient(lambda V: np.sum(V.real), x + 0j)


@pytest.mark.parametrize("h", [0.0, -1e-5, np.nan, np.inf])
def test_a_bad_h_is_refused(h):
    with refused(ValueError, "h", str(h)):
        nn.numerical_gradient(lambda V: np.sum(V), x, h=h)


@pytest.mark.parametrize("f", [lambda V: np.sum(np.abs(V)), lambda V: float(np.sum(V.real))])
def test_a_function_that_drops_the_imaginary_part_is_refused(f):
    # Its complex step would be 0 everywhere: a wrong gradient without a word.
    with refused((TypeError, ValueError), "f", "complex|imaginary|real"):
        nn.complex_step_gradient(f, x)


# --- Right gradients pass -----------------------------------------------------------------------


@pytest.mark.parametrize("plain", NETS.values(), ids=NETS)
@each_method
def test_right_gradients_pass(plain, method):
    report = check(plain, method=method)
    assert report.ok
    assert bool(report.ok) is True
    assert report.kinks == ()
    for name in ("dW", "db", "dZ", "dA"):
        assert all(0 <= error < METHODS[method] for error in report.errors[name].values()), name
        assert {type(error) for error in report.errors[name].values()} <= {float}
    layers = list(range(1, plain.L + 1))
    assert sorted(report.errors["dW"]) == sorted(report.errors["db"]) == layers
    assert sorted(report.errors["dZ"]) == layers
    assert set(report.errors["dA"]) >= set(layers[:-1])


def test_complex_is_the_default_method():
    plain = NETS[next(iter(NETS))]
    assert str(check(plain)) == str(check(plain, method="complex"))


def test_given_gradients_are_the_ones_that_are_checked():
    plain = lesson()
    grads = right_gradients(plain)
    assert check(plain, grads).ok
    assert not check(plain, changed(grads, "dW", 1, 2 * grads.dW[1])).ok


@pytest.mark.parametrize("name", ["dW", "db", "dZ", "dA"])
def test_one_kind_of_gradient_can_be_checked_alone(name):
    right_ones = getattr(right_gradients(lesson()), name)
    report = check(lesson(), SimpleNamespace(**{name: right_ones}))
    assert list(report.errors) == [name]
    assert report.ok


def test_a_report_in_words():
    def report(*kinks):
        return GradientReport({"dW": {2: 0.25, 1: 1e-12}, "db": {1: 0.0}}, kinks, 1e-12)

    lines = [
        "✓ dW[1]: relative error below 1e-12",
        "✗ dW[2]: relative error 2.5e-01",
        "✓ db[1]: relative error below 1e-12",
    ]
    kink = ("dZ", 1, (0, 0))
    read = "From the end, the first wrong layer is 2: dW[2] is wrong."
    assert str(report()).splitlines() == [*lines, "0 entries skipped: kink", read]
    assert str(report(kink)).splitlines() == [*lines, "1 entry skipped: kink", read]
    assert str(report(kink, kink)).splitlines() == [*lines, "2 entries skipped: kink", read]
    assert not report().ok
    assert GradientReport({"dW": {1: 1e-12}}, (), 1e-12).ok  # at the tolerance is within it


def test_nothing_is_changed():
    plain = lesson()
    net, X, Y = as_network(plain), plain.X.copy(), plain.Y.copy()
    grads = right_gradients(plain)
    before = grads.dW[1].copy()
    for method in METHODS:
        nn.check_gradients(net, X, Y, nn.cross_entropy, grads, method=method)
    np.testing.assert_array_equal(X, plain.X)
    np.testing.assert_array_equal(Y, plain.Y)
    np.testing.assert_array_equal(net.W[1], plain.W[1])
    np.testing.assert_array_equal(grads.dW[1], before)


# --- Classic mistakes are caught, and named -----------------------------------------------------


def lesson():
    """relu, tanh, softmax with cross-entropy: where every classic mistake can be made."""
    return random_net(
        31, depth=3, hidden=("relu", "tanh"), output="softmax", loss="cross_entropy", soft=False
    )


def right_gradients(plain):
    net = as_network(plain)
    return nn.backward(net, nn.forward(net, plain.X), plain.Y, getattr(nn, plain.loss))


def changed(grads, name, l, value):
    """The same gradients with one array replaced."""
    parts = {n: dict(getattr(grads, n)) for n in ("dW", "db", "dZ", "dA")}
    parts[name][l] = value
    return nn.Gradients(**parts)


def right():
    """All arrays of the lesson, each by its name: the right gradients, and what they came from."""
    plain = lesson()
    g = right_gradients(plain)
    Z, A = plain.run(plain.W, plain.b, plain.X)
    m = plain.X.shape[1]
    of_gradients = {"dW": g.dW, "db": g.db, "dZ": g.dZ, "dA": g.dA}
    return SimpleNamespace(**of_gradients, W=plain.W, Z=Z, A=A, X=plain.X, Y=plain.Y, m=m)


def one_entry_off(V, by):
    """The array with one entry off, by this share of its largest."""
    V = np.array(V)
    V[-1, 0] += by * np.abs(V).max()
    return V


M, CLASSES = lesson().X.shape[1], lesson().Y.shape[0]
MISTAKES = {
    # name of the mistake: (array, layer, the wrong value, its error; None = just too large). Made
    # in the test, not here: a package that cannot do it right either must fail there.
    "sign of the output error": ("dZ", 3, lambda r: -r.dZ[3], 2),
    "sign of dW": ("dW", 2, lambda r: -r.dW[2], 2),
    "sign of db": ("db", 1, lambda r: -r.db[1], 2),
    "sign of dA": ("dA", 2, lambda r: -r.dA[2], 2),
    "1/m missing": ("dW", 3, lambda r: r.m * r.dW[3], M - 1),
    "1/m missing in db": ("db", 3, lambda r: r.m * r.db[3], M - 1),
    "1/m twice": ("dW", 1, lambda r: r.dW[1] / r.m, 1 - 1 / M),
    "mean over units as well": ("dZ", 3, lambda r: r.dZ[3] / len(r.A[3]), 1 - 1 / CLASSES),
    "mean for sum in db": ("db", 2, lambda r: r.dZ[2].mean(axis=1, keepdims=True), 1 - 1 / M),
    "dW transposed": ("dW", 2, lambda r: r.dW[2].T, np.inf),
    "own activation for the layer's input": ("dW", 2, lambda r: r.dZ[2] @ r.A[2].T, np.inf),
    "db not summed": ("db", 2, lambda r: r.dZ[2], np.inf),
    "keepdims forgotten": ("db", 2, lambda r: r.dZ[2].sum(axis=1), np.inf),
    "db summed over units": ("db", 2, lambda r: r.dZ[2].sum(axis=0, keepdims=True), np.inf),
    "relu mask missing in dZ": ("dZ", 1, lambda r: r.dA[1], None),
    "relu mask missing in dW": ("dW", 1, lambda r: r.dA[1] @ r.X.T, None),
    "relu mask of the neighbour": ("dZ", 1, lambda r: r.dA[1] * np.roll(r.Z[1] > 0, 1, 1), None),
    "tanh slope missing": ("dZ", 2, lambda r: r.dA[2], None),
    "tanh slope taken at A": ("dZ", 2, lambda r: r.dA[2] * (1 - np.tanh(r.A[2]) ** 2), None),
    "tanh slope without the square": ("dZ", 2, lambda r: r.dA[2] * (1 - r.A[2]), None),
    "softmax by its diagonal": ("dZ", 3, lambda r: -r.Y / r.m * (1 - r.A[3]), None),
    "weights after their update": ("dA", 2, lambda r: (r.W[3] - r.dW[3] / 2).T @ r.dZ[3], None),
    "Z for A": ("dW", 2, lambda r: r.dZ[2] @ r.Z[1].T, None),
    "examples in another order": ("dW", 1, lambda r: r.dZ[1] @ r.X[:, ::-1].T, None),
    "only the first example": ("dW", 1, lambda r: r.dZ[1][:, :1] @ r.X[:, :1].T, None),
    "a layer forgotten": ("dW", 1, lambda r: np.zeros_like(r.dW[1]), 1),
    "a bias forgotten": ("db", 2, lambda r: np.zeros_like(r.db[2]), 1),
    "dA forgotten": ("dA", 1, lambda r: np.zeros_like(r.dA[1]), 1),
    "one entry of dW": ("dW", 1, lambda r: one_entry_off(r.dW[1], 1e-6), 1e-6),
    "one entry of db": ("db", 3, lambda r: one_entry_off(r.db[3], 1e-6), 1e-6),
    "one entry of dZ": ("dZ", 2, lambda r: one_entry_off(r.dZ[2], 1e-6), 1e-6),
    "one entry of dA": ("dA", 2, lambda r: one_entry_off(r.dA[2], -1e-6), 1e-6),
    "infinite": ("dW", 1, lambda r: np.full_like(r.dW[1], np.inf), None),
}


@each_method
@pytest.mark.parametrize(("name", "l", "wrong", "error"), MISTAKES.values(), ids=MISTAKES)
def test_a_classic_mistake_is_caught_and_named(method, name, l, wrong, error):
    plain = lesson()
    grads = changed(right_gradients(plain), name, l, wrong(right()))
    report = check(plain, grads, method=method)
    assert not report.ok
    assert report.errors[name][l] > METHODS[method]
    if error is not None:
        assert report.errors[name][l] == pytest.approx(error, rel=1e-2)
    # It accuses that array, and no other.
    accused = {
        (n, k) for n, of in report.errors.items() for k, e in of.items() if not e < METHODS[method]
    }
    assert accused == {(name, l)}
    assert f"{name}[{l}]" in str(report)


@each_method
def test_nan_in_a_gradient_never_passes(method):
    plain = lesson()
    grads = right_gradients(plain)
    wrong = np.array(grads.dW[2])
    wrong[0, 0] = np.nan
    try:
        report = check(plain, changed(grads, "dW", 2, wrong), method=method)
    except ValueError as error:
        assert "nan" in str(error).lower()  # a refusal is as good as a bad report
    else:
        assert not report.ok
        assert not report.errors["dW"][2] < 1


def test_a_small_error_is_seen_by_the_complex_step_only():
    plain = lesson()
    grads = right_gradients(plain)
    nearly = changed(grads, "dW", 2, one_entry_off(grads.dW[2], 1e-10))
    assert not check(plain, nearly).ok
    assert check(plain, nearly, method="central").ok


def test_the_error_is_relative_to_the_largest_entry_of_the_true_gradient():
    plain = lesson()
    grads = right_gradients(plain)
    true = grads.dW[2]
    wrong = np.array(true)
    wrong[0, 0] += 10.0
    report = check(plain, changed(grads, "dW", 2, wrong))
    assert report.errors["dW"][2] == pytest.approx(10.0 / np.abs(true).max(), rel=1e-9)


@each_method
def test_errors_of_one_line_by_hand(method):
    # a = w x + b with w = 2, b = 1 at x = (1, 3), so a = (3, 7); the targets are (1, 3).
    net = nn.Network({1: [[2.0]]}, {1: [[1.0]]}, {1: nn.identity})
    X, Y = np.array([[1.0, 3.0]]), np.array([[1.0, 3.0]])
    # dZ = (a − y)/2 = (1, 2), dW = 1·1 + 2·3 = 7, db = 1 + 2 = 3.
    none = {"dA": {}}
    right = SimpleNamespace(dW={1: [[7.0]]}, db={1: [[3.0]]}, dZ={1: [[1.0, 2.0]]}, **none)
    assert nn.check_gradients(net, X, Y, nn.squared_error, right, method=method).ok
    wrong = SimpleNamespace(dW={1: [[0.0]]}, db={1: [[4.5]]}, dZ={1: [[0.5, 2.25]]}, **none)
    report = nn.check_gradients(net, X, Y, nn.squared_error, wrong, method=method)
    # 7 too little of 7; 3/2 too much of 3; the worst entry of dZ is 1/2 off, of at most 2.
    assert report.errors["dW"][1] == pytest.approx(1, rel=1e-8)
    assert report.errors["db"][1] == pytest.approx(1 / 2, rel=1e-8)
    assert report.errors["dZ"][1] == pytest.approx(1 / 4, rel=1e-8)


def dead_layer():
    """Every relu unit is silent for every example, so the true dW[1], db[1] and dZ[1] are zero."""
    W = {1: np.array([[0.5, -0.25], [0.25, 0.5], [-0.5, 0.5]]), 2: np.array([[1.0, -2.0, 0.5]])}
    b = {1: np.array([[-9.0], [-8.0], [-7.0]]), 2: np.array([[0.25]])}
    X, Y = np.array([[1.0, -1.0, 0.5, 2.0], [0.5, 1.0, -1.0, 1.5]]), np.array([[1.0, 0, 0, 1]])
    return nn.Network(W, b, {1: nn.relu, 2: nn.sigmoid}), X, Y


@each_method
def test_where_the_true_gradient_is_zero_the_error_is_absolute(method):
    net, X, Y = dead_layer()
    report = nn.check_gradients(net, X, Y, nn.bce, method=method)
    assert report.ok
    assert report.errors["dW"][1] == report.errors["db"][1] == report.errors["dZ"][1] == 0
    grads = nn.backward(net, nn.forward(net, X), Y, nn.bce)
    wrong = np.array([[0.0, 0.0], [0.0, -0.125], [0.0625, 0.0]])
    report = nn.check_gradients(net, X, Y, nn.bce, changed(grads, "dW", 1, wrong), method=method)
    assert report.errors["dW"][1] == 0.125
    assert not report.ok


def test_wrong_gradients_of_a_wrong_network_do_not_pass():
    # The gradients of another point are not the gradients here.
    plain = lesson()
    net = as_network(plain)
    moved = nn.step(net, right_gradients(plain), lr=0.1)
    grads = nn.backward(moved, nn.forward(moved, plain.X), plain.Y, nn.cross_entropy)
    report = check(plain, grads)
    assert not report.ok
    assert all(report.errors[n][l] > 1e-6 for n in ("dW", "db", "dZ") for l in (1, 2, 3))


# --- Kinks --------------------------------------------------------------------------------------


def network_with_z(value):
    """A relu unit whose pre-activation for the first example is exactly `value`: Z[1][2, 0]."""
    W = {1: np.array([[1.0, -1.0], [0.0, 2.0], [-1.0, 0.0]]), 2: np.array([[2.0, -1.0, 3.0]])}
    b = {1: np.array([[0.5], [-1.0], [1.0]]), 2: np.array([[0.25]])}
    X = np.array([[1.0 - value, 0.0, 2.0, -1.0], [0.0, 1.0, 1.0, -1.0]])
    Y = np.array([[3.0, 0.0, 1.0, 10.0]])
    net = nn.Network(W, b, {1: nn.relu, 2: nn.identity})
    assert nn.forward(net, X).Z[1][2, 0] == pytest.approx(value, rel=1e-9)
    return net, X, Y


def skipped_in(report):
    """How many entries the text of the report says it skipped."""
    found = re.search(r"(\d+) entr(?:y|ies) skipped", str(report))
    return int(found.group(1)) if found else 0


@each_method
def test_an_exact_kink_is_reported(method):
    net, X, Y = network_with_z(0.0)
    report = nn.check_gradients(net, X, Y, nn.squared_error, method=method)
    # Everything that moves Z[1][2, 0]: that entry, its bias, its weight on the input that is not 0.
    assert {("dZ", 1, (2, 0)), ("db", 1, (2, 0)), ("dW", 1, (2, 0))} <= set(report.kinks)
    # Nothing else: other units, and the layer after, have a slope.
    assert all(name != "dA" and l == 1 and index[0] == 2 for name, l, index in report.kinks)
    assert skipped_in(report) == len(report.kinks) == len(set(report.kinks))
    assert "kink" in str(report)
    assert report.ok


@each_method
def test_beside_a_kink_the_rest_is_still_checked(method):
    net, X, Y = network_with_z(0.0)
    grads = nn.backward(net, nn.forward(net, X), Y, nn.squared_error)
    for name, l, index in (
        ("dW", 1, (0, 0)),
        ("dW", 2, (0, 2)),
        ("dZ", 1, (2, 1)),
        ("db", 1, (0, 0)),
    ):
        wrong = np.array(getattr(grads, name)[l])
        wrong[index] += 1e-3
        wrong_grads = changed(grads, name, l, wrong)
        report = nn.check_gradients(net, X, Y, nn.squared_error, wrong_grads, method=method)
        assert not report.ok, (name, l, index)
        assert report.errors[name][l] > METHODS[method]


def check_at_the_kink(value, method):
    """The report on gradients that are right, but for `value` at the kink, dZ[1][2, 0]."""
    net, X, Y = network_with_z(0.0)
    grads = nn.backward(net, nn.forward(net, X), Y, nn.squared_error)
    dZ = np.array(grads.dZ[1])
    dZ[2, 0] = value
    grads = changed(grads, "dZ", 1, dZ)
    return nn.check_gradients(net, X, Y, nn.squared_error, grads, method=method)


# Left and right slope at the kink are 0 and dA[1][2, 0] = 3/16.


@each_method
@pytest.mark.parametrize("between", [0.0, 0.1, 0.1875])
def test_at_a_kink_any_gradient_between_the_two_slopes_passes(method, between):
    assert check_at_the_kink(between, method).ok


@each_method
@pytest.mark.parametrize("outside", [100.0, 0.19, -0.002, -0.1, np.inf])
def test_at_a_kink_a_gradient_beyond_both_slopes_does_not_pass(method, outside):
    assert not check_at_the_kink(outside, method).ok


@each_method
def test_beyond_a_kink_the_error_is_measured_from_the_nearer_slope(method):
    report = check_at_the_kink(100.0, method)
    assert report.errors["dZ"][1] == pytest.approx((100 - 3 / 16) / 2.0625, rel=1e-5)
    report = check_at_the_kink(-1.0, method)
    assert report.errors["dZ"][1] == pytest.approx(1 / 2.0625, rel=1e-5)


@each_method
@pytest.mark.parametrize("seed", range(6))
def test_at_a_kink_rounding_and_curvature_are_no_mistake(method, seed):
    # A smooth output bends J either way, so a one-sided difference may miss on either side.
    net, X, _ = network_with_z(0.0)
    bent = nn.Network({1: net.W[1], 2: net.W[2] / 8}, net.b, {1: nn.relu, 2: nn.tanh})
    Y = 4 * np.random.default_rng(seed).normal(size=(1, 4))
    report = nn.check_gradients(bent, X, Y, nn.squared_error, method=method)
    assert report.ok
    assert {("dZ", 1, (2, 0)), ("db", 1, (2, 0)), ("dW", 1, (2, 0))} <= set(report.kinks)


@each_method
@pytest.mark.parametrize(("name", "index"), [("db", (2, 0)), ("dW", (2, 0))])
def test_at_a_kink_the_parameters_are_held_between_their_slopes_too(method, name, index):
    net, X, Y = network_with_z(0.0)
    grads = nn.backward(net, nn.forward(net, X), Y, nn.squared_error)
    for wrong, ok in ((0.0, True), (0.1, True), (0.2, False), (-0.01, False)):
        # With relu'(0) = 0 the gradient is the left slope; the right one is larger by 3/16.
        V = np.array(getattr(grads, name)[1])
        V[index] += wrong
        spoilt = changed(grads, name, 1, V)
        report = nn.check_gradients(net, X, Y, nn.squared_error, spoilt, method=method)
        assert report.ok is ok, wrong
        assert ((name, 1, index) in report.kinks) is ok


@each_method
def test_where_every_entry_stands_at_a_kink_there_is_nothing_to_compare(method):
    # One relu unit, one example, z = 1 − 1: no entry of the first layer has a slope on both sides.
    net = nn.Network({1: [[1.0]], 2: [[2.0]]}, {1: [[-1.0]], 2: [[0.5]]}, {1: nn.relu, 2: nn.tanh})
    report = nn.check_gradients(net, [[1.0]], [[3.0]], nn.squared_error, method=method)
    assert report.errors["dW"][1] == report.errors["db"][1] == report.errors["dZ"][1] == 0.0
    assert report.kinks == tuple((name, 1, (0, 0)) for name in ("dW", "db", "dZ"))
    assert report.ok


def shifted(kink):
    """A rectifier whose kink is elsewhere: max(z − kink, 0)."""
    return nn.Activation(
        "shifted",
        lambda z: np.where(z.real > kink, z - kink, 0.0),
        lambda z: np.where(z.real > kink, 1.0, 0.0),
        lambda z, dA: np.where(z.real > kink, dA, 0.0),
        "A rectifier.",
        kinks=(kink,),
    )


@each_method
def test_a_kink_need_not_be_at_zero(method):
    # Z[1] = (3, −3, 1/2), Z[2] = (3, −3, 1/2): beside the kink at 3, and its mirror image.
    g = {1: nn.identity, 2: shifted(3.0), 3: nn.identity}
    b = {l: [[0.0]] for l in g}
    net = nn.Network({1: [[1.0]], 2: [[1.0]], 3: [[2.0]]}, b, g)
    X, Y = np.array([[3.0, -3.0, 0.5]]), np.array([[1.0, 2.0, 3.0]])
    report = nn.check_gradients(net, X, Y, nn.squared_error, method=method)
    assert report.ok
    assert {entry[:2] for entry in report.kinks} == {
        *(("dW", 1), ("db", 1), ("dZ", 1), ("dA", 1)),
        *(("dW", 2), ("db", 2), ("dZ", 2)),
    }
    assert {entry[2] for entry in report.kinks} == {(0, 0)}


def test_at_a_kink_of_a_large_cost_rounding_is_no_mistake():
    # J is 1e8 because of an example for which this unit is silent: it has no part in the slopes,
    # but the last digits of such a cost are noise of 1/10 in a one-sided slope.
    net, X, Y = network_with_z(0.0)
    for far in np.linspace(3e4, 4e4, 6):
        Y[0, 2] = far
        assert nn.cost(net, X, Y, nn.squared_error) > 1e8
        report = nn.check_gradients(net, X, Y, nn.squared_error)
        assert report.ok
        assert {("dZ", 1, (2, 0)), ("db", 1, (2, 0)), ("dW", 1, (2, 0))} <= set(report.kinks)


@each_method
def test_where_two_kinks_meet_the_right_gradient_passes(method):
    # Units 1 and 2 of layer 2 see +a and −a of the same unit, and both stand at exactly 0. Left and
    # right slope are w2 and w1 times the error; relu'(0) = 0 gives 0, which is not between them.
    W1 = np.array([[0.5, -1.0, 0.25], [1.0, 0.5, -0.5]])
    W2 = np.array([[1.0, 0.0], [-1.0, 0.0], [0.5, 1.0], [-0.25, 1.5]])
    X = np.array(
        [[1.0, 0.5, -1.0, 2.0, 0.25], [0.5, -1.0, 1.0, 0.25, 2.0], [2.0, 1.0, 0.5, -1.0, 1.0]]
    )
    b1, Y = np.array([[0.25], [-0.125]]), np.array([[5.0, -1.0, 2.0, 0.5, 1.0]])
    c = (W1 @ X + b1)[0, 0]
    b2 = np.array([[-c], [c], [0.375], [0.125]])
    W, b = (
        {1: W1, 2: W2, 3: np.array([[2.0, -1.0, 0.5, 1.0]])},
        {1: b1, 2: b2, 3: np.array([[0.5]])},
    )
    net = nn.Network(W, b, {1: nn.identity, 2: nn.relu, 3: nn.identity})
    np.testing.assert_array_equal(nn.forward(net, X).Z[2][:2, 0], [0, 0])
    report = nn.check_gradients(net, X, Y, nn.squared_error, method=method)
    assert report.ok
    assert {("db", 1, (0, 0)), ("dZ", 2, (0, 0)), ("dZ", 2, (1, 0))} <= set(report.kinks)


@pytest.mark.parametrize("value", [3e-6, -3e-6])
def test_beside_a_kink_within_h_there_is_one_slope_only(value):
    net, X, Y = network_with_z(value)
    grads = nn.backward(net, nn.forward(net, X), Y, nn.squared_error)
    dZ = np.array(grads.dZ[1])
    assert dZ[2, 0] == pytest.approx(0.1875 if value > 0 else 0, abs=1e-4)
    dZ[2, 0] = 0.1  # between the slopes of the kink, but this entry does not stand at the kink
    spoilt = changed(grads, "dZ", 1, dZ)
    for method in METHODS:
        assert not nn.check_gradients(net, X, Y, nn.squared_error, spoilt, method=method).ok


@pytest.mark.parametrize("value", [3e-6, -3e-6])
def test_a_kink_within_h_disturbs_differences_only(value):
    net, X, Y = network_with_z(value)
    central = nn.check_gradients(net, X, Y, nn.squared_error, method="central")
    assert ("db", 1, (2, 0)) in central.kinks
    assert ("dZ", 1, (2, 0)) in central.kinks
    assert central.ok
    assert skipped_in(central) == len(central.kinks) > 0
    exact = nn.check_gradients(net, X, Y, nn.squared_error)
    assert exact.kinks == ()
    assert exact.ok


@each_method
def test_a_probability_at_its_limit_is_skipped_not_nudged_beyond_it(method):
    # The softmax rounds to exactly 1, 0, 0, where bce ends: there is no slope on the other side.
    net = nn.Network({1: np.diag([800.0, 1.0, 1.0])}, {1: np.full((3, 1), 0.5)}, {1: nn.softmax})
    X = np.array([[1.0, -0.01], [0.25, 0.5], [-0.25, 0.125]])
    Y = np.array([[1.0, 0.25], [0.0, 0.5], [0.0, 0.75]])
    np.testing.assert_array_equal(nn.forward(net, X).A[1][:, 0], [1, 0, 0])
    report = nn.check_gradients(net, X, Y, nn.bce, method=method)
    assert report.ok
    assert set(report.kinks) == {("dA", 1, (k, 0)) for k in range(3)}
    assert skipped_in(report) == 3


def test_a_network_without_relu_has_no_kinks():
    net, X, Y = network_with_z(0.0)
    smooth = nn.Network(net.W, net.b, {1: nn.tanh, 2: nn.identity})
    for method in METHODS:
        report = nn.check_gradients(smooth, X, Y, nn.squared_error, method=method)
        assert report.kinks == ()
        assert report.ok


# --- What is refused ----------------------------------------------------------------------------


def test_bad_calls_are_refused():
    plain = lesson()
    net, X, Y, loss = as_network(plain), plain.X, plain.Y, nn.cross_entropy
    with refused(ValueError, "method", "'forward'", "complex", "central"):
        nn.check_gradients(net, X, Y, loss, method="forward")
    with refused(TypeError, "check_gradients(net", "Network"):
        nn.check_gradients(None, X, Y, loss)
    with refused(TypeError, "check_gradients(net", "loss"):
        nn.check_gradients(net, X, Y, "bce")
    with refused(ValueError, "X", str(X.T.shape)):
        nn.check_gradients(net, X.T, Y, loss)
    with refused(ValueError, "Y", str(Y.T.shape)):
        nn.check_gradients(net, X, Y.T, loss)
    with refused(TypeError, "grads"):
        nn.check_gradients(net, X, Y, loss, {1: net.W[1]})


def test_gradients_with_a_missing_layer_do_not_pass():
    plain = lesson()
    grads = right_gradients(plain)
    parts = {n: dict(getattr(grads, n)) for n in ("dW", "db", "dZ", "dA")}
    del parts["dW"][2]
    # "A layer forgotten", in its plainest form. It must not be left out of the comparison.
    report = check(plain, nn.Gradients(**parts))
    assert not report.ok
    assert report.errors["dW"][2] == np.inf


# --- What a report says about the place of a mistake ---------------------------------------------


def reading(**changed):
    """Return the last line of a report on right gradients with some arrays changed."""
    rng = np.random.RandomState(4)
    net = nn.init([3, 4, 5, 2], [nn.tanh, nn.tanh, nn.softmax], rng)
    X, Y = rng.normal(size=(3, 6)), np.eye(2)[:, [0, 1, 1, 0, 1, 0]]
    right = nn.backward(net, nn.forward(net, X), Y, nn.cross_entropy)
    grads = {
        name: {l: changed.get(name, lambda _, v: v)(l, v) for l, v in getattr(right, name).items()}
        for name in ("dW", "db", "dZ", "dA")
    }
    report = nn.check_gradients(net, X, Y, nn.cross_entropy, nn.Gradients(**grads))
    return str(report).splitlines()[-1]


@pytest.mark.parametrize(
    ("factor", "words"),
    [
        (6, "m = 6 times the truth: 1/m is missing."),
        (1 / 6, "1/m = 1/6 of the truth: 1/m is there once more."),
        (-1, "the truth with the opposite sign."),
        (2, "twice the truth."),
        (3.5, "3.5 times the truth."),
    ],
)
def test_a_report_names_a_constant_ratio(factor, words):
    everywhere = dict.fromkeys(("dW", "db", "dZ", "dA"), lambda _, v: factor * v)
    said = reading(**everywhere)
    assert said.startswith("From the end, the first wrong layer is 3: dZ[3], dW[3], db[3] are")
    assert said.endswith(f"Every wrong array is {words}")


def test_a_report_names_the_right_arrays_of_the_first_wrong_layer():
    said = reading(db=lambda l, v: v + 0.1 * (l < 3))
    assert said == (
        "From the end, the first wrong layer is 2: db[2] is wrong; dA[2], dZ[2], dW[2] are right."
    )


def test_a_report_says_where_an_error_begins_that_is_passed_on():
    below = dict.fromkeys(("dW", "db", "dZ", "dA"), lambda l, v: v + 0.1 * (l < 3))
    assert reading(**below).endswith(
        "From layer 2 down everything is wrong, so look at how dA[2] was passed back: "
        "dA[2] = W[3].T @ dZ[3]."
    )


def test_a_report_on_right_gradients_says_no_more():
    assert reading() == "0 entries skipped: kink"
