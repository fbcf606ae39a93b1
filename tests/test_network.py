"""The network: a worked example, complex steps, differences, another reverse mode, and refusals.

The networks here have m ≥ 2, pairwise different widths, non-zero biases, active and inactive
units. With m = 1, square matrices or zero biases the classic bugs cannot be seen.
"""

import copy
import math
import pickle
import subprocess
import sys

import autograd
import autograd.numpy as autograd_numpy
import numpy as np
import pytest

import nnmath as nn
from tests.oracles import (
    FUSED,
    central_difference,
    complex_step,
    plain_activation,
    random_net,
    random_nets,
    refused,
    relative_error,
)

NETS = random_nets()
each_net = pytest.mark.parametrize("plain", NETS.values(), ids=NETS)


def as_network(plain):
    return nn.Network(plain.W, plain.b, {l: getattr(nn, plain.g[l]) for l in plain.g})


def loss_of(plain):
    return getattr(nn, plain.loss)


def gradients(plain):
    net = as_network(plain)
    return nn.backward(net, nn.forward(net, plain.X), plain.Y, loss_of(plain))


def is_fused(plain):
    return (plain.g[plain.L], plain.loss) in FUSED


def small(output="sigmoid", loss="bce", depth=2, hidden=("relu",), seed=7):
    """One modest network for the tests that are not about numbers."""
    return random_net(seed, depth=depth, hidden=hidden, output=output, loss=loss, soft=True)


# --- Worked by hand -----------------------------------------------------------------------------


def test_two_inputs_three_relu_units_one_output_by_hand():
    # W1 = [1 −1; 0 2; −1 0], b1 = (0.5, −1, 1), four examples.
    W = {1: [[1.0, -1.0], [0.0, 2.0], [-1.0, 0.0]], 2: [[2.0, -1.0, 3.0]]}
    b = {1: [[0.5], [-1.0], [1.0]], 2: [[0.25]]}
    X = [[1.0, 0.0, 2.0, -1.0], [0.0, 1.0, 1.0, -1.0]]
    Y = [[3.0, 0.0, 1.0, 10.0]]
    net = nn.Network(W, b, {1: nn.relu, 2: nn.identity})
    cache = nn.forward(net, X)
    # Z1 row by row: x1 − x2 + 0.5;  2 x2 − 1;  −x1 + 1. Active and inactive units in every row.
    Z1 = [[1.5, -0.5, 1.5, 0.5], [-1.0, 1.0, 1.0, -3.0], [0.0, 1.0, -1.0, 2.0]]
    A1 = [[1.5, 0.0, 1.5, 0.5], [0.0, 1.0, 1.0, 0.0], [0.0, 1.0, 0.0, 2.0]]
    np.testing.assert_array_equal(cache.Z[1], Z1)
    np.testing.assert_array_equal(cache.A[1], A1)
    # Z2 = 2 a1 − a2 + 3 a3 + 0.25, and the output is Z2 itself.
    np.testing.assert_array_equal(cache.Z[2], [[3.25, 2.25, 2.25, 7.25]])
    np.testing.assert_array_equal(cache.A[2], cache.Z[2])
    # Errors A2 − Y = 1/4, 9/4, 5/4, −11/4; J = (1 + 81 + 25 + 121)/16 / 8 = 228/128.
    assert nn.cost(net, X, Y, nn.squared_error) == 1.78125
    grads = nn.backward(net, cache, Y, nn.squared_error)
    # dZ2 = error/4 = (1, 9, 5, −11)/16.
    np.testing.assert_array_equal(grads.dZ[2], [[0.0625, 0.5625, 0.3125, -0.6875]])
    # dW2 = dZ2 A1ᵀ: (1.5 + 7.5 − 5.5)/16, (9 + 5)/16, (9 − 22)/16; db2 = (1 + 9 + 5 − 11)/16.
    np.testing.assert_array_equal(grads.dW[2], [[0.21875, 0.875, -0.8125]])
    np.testing.assert_array_equal(grads.db[2], [[0.25]])
    # dA1 = W2ᵀ dZ2: rows 2, −1, 3 times dZ2.
    np.testing.assert_array_equal(
        grads.dA[1],
        [
            [0.125, 1.125, 0.625, -1.375],
            [-0.0625, -0.5625, -0.3125, 0.6875],
            [0.1875, 1.6875, 0.9375, -2.0625],
        ],
    )
    # dZ1 keeps the entries with Z1 > 0. Z1[3, 1] is exactly 0 and relu'(0) = 0, so it goes too.
    dZ1 = [[0.125, 0.0, 0.625, -1.375], [0.0, -0.5625, -0.3125, 0.0], [0.0, 1.6875, 0.0, -2.0625]]
    np.testing.assert_array_equal(grads.dZ[1], dZ1)
    # dW1 = dZ1 Xᵀ, for instance the first entry: 0.125·1 + 0.625·2 + (−1.375)(−1) = 2.75.
    np.testing.assert_array_equal(grads.dW[1], [[2.75, 2.0], [-0.625, -0.875], [2.0625, 3.75]])
    np.testing.assert_array_equal(grads.db[1], [[-0.625], [-0.875], [-0.375]])
    # dX = W1ᵀ dZ1: column i is dZ1[1] − dZ1[3], then −dZ1[1] + 2 dZ1[2].
    np.testing.assert_array_equal(
        nn.input_gradient(net, grads),
        [[0.125, -1.6875, 0.625, 0.6875], [-0.125, -1.125, -1.25, 1.375]],
    )
    # One step with lr = 1/2.
    after = nn.step(net, grads, lr=0.5)
    np.testing.assert_array_equal(after.W[2], [[1.890625, -1.4375, 3.40625]])
    np.testing.assert_array_equal(after.b[2], [[0.125]])
    np.testing.assert_array_equal(
        after.W[1], [[-0.375, -2.0], [0.3125, 2.4375], [-2.03125, -1.875]]
    )
    np.testing.assert_array_equal(after.b[1], [[0.8125], [-0.5625], [1.1875]])


def test_two_inputs_three_classes_by_hand():
    # Everything in units of log 2, so that e^z is a power of two. Two examples, no hidden layer.
    W = {1: np.log(2) * np.array([[1.0, 0.0], [0.0, 1.0], [1.0, -1.0]])}
    b = {1: np.log(2) * np.array([[0.0], [-1.0], [1.0]])}
    X = np.array([[1.0, 2.0], [2.0, 1.0]])
    Y = np.array([[0, 1], [1, 0], [0, 0]])
    net = nn.Network(W, b, {1: nn.softmax})
    # Z/log 2: (1, 1, 0) and (2, 0, 2). e^z: (2, 2, 1) and (4, 1, 4).
    cache = nn.forward(net, X)
    np.testing.assert_allclose(
        cache.A[1], [[2 / 5, 4 / 9], [2 / 5, 1 / 9], [1 / 5, 4 / 9]], rtol=1e-15
    )
    # −log(2/5) − log(4/9) = log(45/8), over 2.
    assert nn.cost(net, X, Y, nn.cross_entropy) == pytest.approx(math.log(45 / 8) / 2, rel=1e-15)
    grads = nn.backward(net, cache, Y, nn.cross_entropy)
    # dZ = (A − Y)/2: (2/5, −3/5, 1/5)/2 and (−5/9, 1/9, 4/9)/2.
    dZ = np.array([[1 / 5, -5 / 18], [-3 / 10, 1 / 18], [1 / 10, 2 / 9]])
    np.testing.assert_allclose(grads.dZ[1], dZ, rtol=1e-15)
    # dW = dZ Xᵀ: 1/5 − 5/9 and 2/5 − 5/18; −3/10 + 1/9 and −3/5 + 1/18; 1/10 + 4/9 and 1/5 + 2/9.
    dW = [[-16 / 45, 11 / 90], [-17 / 90, -49 / 90], [49 / 90, 19 / 45]]
    np.testing.assert_allclose(grads.dW[1], dW, rtol=2e-15)
    np.testing.assert_allclose(grads.db[1], [[-7 / 90], [-11 / 45], [29 / 90]], rtol=2e-15)
    # dX = Wᵀ dZ, in units of log 2: dZ[1] + dZ[3], then dZ[2] − dZ[3].
    dX = np.log(2) * np.array([[3 / 10, -1 / 18], [-2 / 5, -1 / 6]])
    np.testing.assert_allclose(nn.input_gradient(net, grads), dX, rtol=2e-15)


# --- Forward and cost ---------------------------------------------------------------------------


@each_net
def test_forward_and_cost(plain):
    net = as_network(plain)
    cache = nn.forward(net, plain.X)
    Z, A = plain.run(plain.W, plain.b, plain.X)
    assert list(cache.Z) == list(range(1, plain.L + 1))
    assert sorted(cache.A) == list(range(plain.L + 1))
    np.testing.assert_array_equal(cache.A[0], plain.X)
    for l in net.layers:
        np.testing.assert_allclose(cache.Z[l], Z[l], rtol=1e-12, atol=1e-13)
        np.testing.assert_allclose(cache.A[l], A[l], rtol=1e-12, atol=1e-13)
    J = nn.cost(net, plain.X, plain.Y, loss_of(plain))
    assert isinstance(J, float)
    assert J == pytest.approx(plain.J(), rel=1e-13)


def test_cost_of_a_confident_mistake_is_finite_where_the_loss_knows_the_logits():
    # σ(−800) is 0 in floats, and −log 0 is infinite; from the logits the cost is 800.
    net = nn.Network({1: [[-800.0, 0.0]]}, {1: [[0.5]]}, {1: nn.sigmoid})
    X, Y = [[1.0, 1.0, 2.0], [1.0, -1.0, 5.0]], [[1.0, 1.0, 1.0]]
    assert nn.cost(net, X, Y, nn.bce) == pytest.approx((799.5 * 2 + 1599.5) / 3, rel=1e-15)
    net = nn.Network({1: [[900.0, 0.0], [0.0, 0.0]]}, {1: [[0.5], [0.5]]}, {1: nn.softmax})
    Y = [[0.0] * 3, [1.0] * 3]
    assert nn.cost(net, X, Y, nn.cross_entropy) == pytest.approx(3600 / 3, rel=1e-15)
    grads = nn.backward(net, nn.forward(net, X), Y, nn.cross_entropy)
    np.testing.assert_allclose(grads.dZ[1], [[1 / 3] * 3, [-1 / 3] * 3], rtol=1e-15)


# --- Gradients ----------------------------------------------------------------------------------


def test_the_random_nets_cover_what_they_should():
    assert len(NETS) >= 20
    assert {plain.L for plain in NETS.values()} == {1, 2, 3, 4, 5, 6}
    hidden = {plain.g[l] for plain in NETS.values() for l in range(1, plain.L)}
    assert hidden == {"sigmoid", "tanh", "relu", "identity", "softmax"}
    assert {plain.loss for plain in NETS.values()} == {"bce", "cross_entropy", "squared_error"}
    assert {is_fused(plain) for plain in NETS.values() if plain.L > 1} == {True, False}
    for plain in NETS.values():
        widths = [*plain.sizes, plain.X.shape[1]]
        assert len(set(widths)) == len(widths)
        assert all(np.all(b != 0) for b in plain.b.values())


@each_net
def test_gradients_against_complex_step(plain):
    grads = gradients(plain)
    layers = list(range(1, plain.L + 1))
    assert sorted(grads.dW) == sorted(grads.db) == sorted(grads.dZ) == layers
    assert sorted(grads.dA) == (layers[:-1] if is_fused(plain) else layers)
    for name, of_layers in (("W", grads.dW), ("b", grads.db), ("Z", grads.dZ), ("A", grads.dA)):
        for l, gradient in of_layers.items():
            truth = complex_step(plain.J_of(name, l), plain.at(name, l))
            assert relative_error(gradient, truth) < 1e-12, (name, l)


@each_net
def test_gradients_against_central_differences(plain):
    # Beside a gradient of 1e-3 the rounding of J, 1e-16/2h, is a relative 1e-8: hence 1e-7.
    grads = gradients(plain)
    for name, of_layers in (("W", grads.dW), ("b", grads.db)):
        for l, gradient in of_layers.items():
            truth = central_difference(plain.J_of(name, l), plain.at(name, l))
            assert relative_error(gradient, truth) < 1e-7, (name, l)


@each_net
def test_gradients_against_autograd(plain):
    def J(W, b, X):
        return plain.J(W, b, X, xp=autograd_numpy)

    dW, db, dX = (autograd.grad(J, k)(plain.W, plain.b, plain.X) for k in range(3))
    grads = gradients(plain)
    for l in range(1, plain.L + 1):
        assert relative_error(grads.dW[l], dW[l]) < 1e-12, l
        assert relative_error(grads.db[l], db[l]) < 1e-12, l
    assert relative_error(nn.input_gradient(as_network(plain), grads), dX) < 1e-12


@each_net
def test_input_gradient_against_complex_step(plain):
    truth = complex_step(plain.J_of("A", 0), plain.X)
    assert relative_error(nn.input_gradient(as_network(plain), gradients(plain)), truth) < 1e-12


@each_net
def test_cost_of_a_complex_network_carries_the_gradient(plain):
    # What check_gradients relies on: our own forward pass, run in complex numbers.
    loss, g = loss_of(plain), as_network(plain).g

    def J(l, V):
        return nn.cost(nn.Network({**plain.W, l: V}, plain.b, g), plain.X, plain.Y, loss)

    for l in {1, plain.L}:
        truth = complex_step(plain.J_of("W", l), plain.W[l])
        assert relative_error(complex_step(lambda V, l=l: J(l, V), plain.W[l]), truth) < 1e-12
    dX = complex_step(lambda V: nn.cost(as_network(plain), V, plain.Y, loss), plain.X)
    assert relative_error(dX, complex_step(plain.J_of("A", 0), plain.X)) < 1e-12


@each_net
def test_fused_and_unfused_gradients_agree_in_shape_and_order(plain):
    # dW, db do not depend on the order in which the dicts were filled: order comes from net.layers.
    backwards = slice(None, None, -1)
    W, b = (dict(list(d.items())[backwards]) for d in (plain.W, plain.b))
    g = dict([(l, getattr(nn, plain.g[l])) for l in plain.g][backwards])
    net = nn.Network(W, b, g)
    cache = nn.forward(net, plain.X)
    shuffled = nn.backward(net, cache, plain.Y, loss_of(plain))
    for l, gradient in gradients(plain).dW.items():
        np.testing.assert_array_equal(shuffled.dW[l], gradient)
        assert gradient.shape == plain.W[l].shape


def test_an_output_of_zero_probability_leaves_the_fused_gradient_finite():
    net = nn.Network({1: [[800.0, 0.0]]}, {1: [[0.5]]}, {1: nn.sigmoid})
    X, Y = [[-1.0, 1.0, 2.0], [1.0, -1.0, 5.0]], [[1.0, 0.0, 1.0]]
    grads = nn.backward(net, nn.forward(net, X), Y, nn.bce)
    np.testing.assert_allclose(grads.dZ[1], [[-1 / 3, 1 / 3, 0]], atol=1e-300)


# --- init ---------------------------------------------------------------------------------------

RNGS = {"Generator": np.random.default_rng, "RandomState": np.random.RandomState}
each_rng = pytest.mark.parametrize("make_rng", RNGS.values(), ids=RNGS)


@each_rng
def test_init_scales(make_rng):
    # Layer 1 (relu): variance 2/n0. Layers 2 and 3: 1/n. 2·10⁵ draws know the scale to about 0.2 %.
    net = nn.init([400, 500, 300, 600], g=[nn.relu, nn.tanh, nn.sigmoid], rng=make_rng(0))
    expected = {1: math.sqrt(2 / 400), 2: math.sqrt(1 / 500), 3: math.sqrt(1 / 300)}
    for l, scale in expected.items():
        assert net.W[l].std() == pytest.approx(scale, rel=0.02)
        assert abs(net.W[l].mean()) < 0.02 * scale
        # Normal, not uniform: 68.3 % of the draws within one deviation, a few beyond three.
        assert np.mean(np.abs(net.W[l]) < scale) == pytest.approx(0.683, abs=0.01)
        assert np.mean(np.abs(net.W[l]) > 3 * scale) > 0.001


@pytest.mark.parametrize("name", ["sigmoid", "tanh", "identity", "softmax", "relu"])
def test_init_scale_belongs_to_the_activation_of_the_same_layer(name):
    g = getattr(nn, name)
    net = nn.init([300, 200, 100], g=[nn.identity, g], rng=np.random.default_rng(1))
    factor = 2 if name == "relu" else 1
    assert net.W[2].std() == pytest.approx(math.sqrt(factor / 200), rel=0.03)
    assert net.W[1].std() == pytest.approx(math.sqrt(1 / 300), rel=0.03)


@each_rng
def test_two_layers_drawn_by_hand(make_rng):
    # The same draws in the same order: √(2/4) for the relu behind 4 inputs, √(1/9) behind 9.
    net = nn.init([4, 9, 2], g=[nn.relu, nn.tanh], rng=make_rng(11))
    rng = make_rng(11)
    first, second = rng.standard_normal((9, 4)), rng.standard_normal((2, 9))
    np.testing.assert_allclose(net.W[1], first * math.sqrt(0.5), rtol=1e-15)
    np.testing.assert_allclose(net.W[2], second / 3, rtol=1e-15)


@each_rng
def test_init_shapes_and_repeatability(make_rng):
    sizes, g = [4, 5, 3, 2], [nn.relu, nn.tanh, nn.softmax]
    net, same = nn.init(sizes, g=g, rng=make_rng(3)), nn.init(sizes, g=g, rng=make_rng(3))
    other = nn.init(sizes, g=g, rng=make_rng(4))
    assert (net.L, net.sizes, list(net.layers)) == (3, (4, 5, 3, 2), [1, 2, 3])
    assert [net.g[l] for l in net.layers] == g
    for l in net.layers:
        assert net.W[l].shape == (sizes[l], sizes[l - 1])
        np.testing.assert_array_equal(net.b[l], np.zeros((sizes[l], 1)))
        np.testing.assert_array_equal(net.W[l], same.W[l])
        assert not np.array_equal(net.W[l], other.W[l])


def test_one_input_and_one_unit_are_a_network():
    net = nn.init([1, 1], g=[nn.sigmoid], rng=np.random.default_rng(0))
    assert net.sizes == (1, 1)
    assert nn.forward(net, [[2.0]]).A[1].shape == (1, 1)


@each_rng
def test_init_moves_its_rng_and_no_global(make_rng):
    rng = make_rng(5)
    before = np.random.get_state()[1].copy()  # noqa: NPY002 - the global state is what we look at
    first, second = (nn.init([3, 2], g=[nn.relu], rng=rng) for _ in range(2))
    assert not np.array_equal(first.W[1], second.W[1])
    np.testing.assert_array_equal(np.random.get_state()[1], before)  # noqa: NPY002


# --- Records ------------------------------------------------------------------------------------


def test_network_properties():
    plain = small(depth=3)
    net = as_network(plain)
    assert net.L == 3
    assert list(net.layers) == [1, 2, 3]
    assert net.layers == range(1, 4)
    assert net.sizes == plain.sizes
    assert isinstance(net.sizes, tuple)
    for l in net.layers:
        np.testing.assert_array_equal(net.W[l], plain.W[l])
        np.testing.assert_array_equal(net.b[l], plain.b[l])
        assert net.g[l] is getattr(nn, plain.g[l])


@pytest.mark.parametrize("key", [0, -1, 3])
def test_layers_are_counted_from_one(key):
    net = as_network(small())
    grads = gradients(small())
    for mapping in (net.W, net.b, net.g, grads.dW, grads.db, grads.dZ):
        with pytest.raises(KeyError):
            mapping[key]
    with pytest.raises(KeyError):
        nn.forward(net, small().X).Z[0]
    with pytest.raises(KeyError):
        nn.forward(net, small().X).A[-1]


def test_everything_is_read_only():
    plain = small()
    net = as_network(plain)
    cache = nn.forward(net, plain.X)
    grads = nn.backward(net, cache, plain.Y, nn.bce)
    for record, names in ((net, "W b g"), (cache, "Z A"), (grads, "dW db dZ dA")):
        for name in names.split():
            mapping = getattr(record, name)
            with pytest.raises((AttributeError, TypeError)):
                setattr(record, name, {})
            with pytest.raises(TypeError):
                mapping[1] = mapping[1]
            with pytest.raises(TypeError):
                del mapping[1]
            if name != "g":
                with pytest.raises(ValueError, match="read-only"):
                    mapping[1][0, 0] = 0.0
                with pytest.raises(ValueError, match="read-only"):
                    mapping[1] -= 1.0
    with pytest.raises(ValueError, match="read-only"):
        cache.A[0][0, 0] = 0.0


def test_a_network_keeps_its_own_copy():
    plain = small()
    W, b = ({l: V.copy() for l, V in d.items()} for d in (plain.W, plain.b))
    g = {1: nn.relu, 2: nn.sigmoid}
    net = nn.Network(W, b, g)
    X = plain.X.copy()
    cache = nn.forward(net, X)
    W[1][:], b[1][:], X[:] = 99.0, 99.0, 99.0  # the caller's arrays stay the caller's to change
    W.clear(), b.clear(), g.clear()
    np.testing.assert_array_equal(net.W[1], plain.W[1])
    np.testing.assert_array_equal(net.b[1], plain.b[1])
    assert net.g[2] is nn.sigmoid
    np.testing.assert_array_equal(cache.A[0], plain.X)


def test_the_parameters_of_a_network_cannot_be_opened_again():
    net = as_network(small())
    for mapping in (net.W, net.b):
        with pytest.raises(ValueError, match="WRITEABLE"):
            mapping[1].flags.writeable = True


def test_nothing_is_changed_in_place():
    plain = small()
    net = as_network(plain)
    X, Y = plain.X.copy(), plain.Y.copy()
    first = nn.backward(net, nn.forward(net, X), Y, nn.bce)
    nn.cost(net, X, Y, nn.bce)
    nn.input_gradient(net, first)
    after = nn.step(net, first, lr=0.5)
    again = nn.backward(net, nn.forward(net, X), Y, nn.bce)
    np.testing.assert_array_equal(X, plain.X)
    np.testing.assert_array_equal(Y, plain.Y)
    for l in net.layers:
        np.testing.assert_array_equal(net.W[l], plain.W[l])
        np.testing.assert_array_equal(net.b[l], plain.b[l])
        np.testing.assert_array_equal(again.dW[l], first.dW[l])
        assert not np.shares_memory(after.W[l], net.W[l])


def test_step_returns_a_new_network():
    plain = small(depth=3, hidden=("tanh", "relu"))
    net, grads = as_network(plain), gradients(plain)
    after = nn.step(net, grads, lr=0.25)
    assert isinstance(after, nn.Network)
    assert after is not net
    for l in net.layers:
        np.testing.assert_array_equal(after.W[l], plain.W[l] - 0.25 * grads.dW[l])
        np.testing.assert_array_equal(after.b[l], plain.b[l] - 0.25 * grads.db[l])
        assert after.g[l] is net.g[l]
    still = nn.step(net, grads, lr=1e-300)
    np.testing.assert_array_equal(still.W[1], net.W[1])


@pytest.mark.parametrize("kind", [np.float32, np.float16, np.int64, np.int8, np.uint8, np.bool_])
def test_other_kinds_of_number_are_converted(kind):
    # Small whole numbers, 0 and 1, are the same in every kind.
    rng = np.random.default_rng(6)
    W = {1: rng.integers(0, 2, (3, 2)), 2: rng.integers(0, 2, (4, 3))}
    b = {1: np.array([[1], [0], [1]]), 2: np.array([[1], [1], [0], [1]])}
    X, Y = rng.integers(0, 2, (2, 5)), np.eye(4)[:, [0, 3, 1, 1, 2]]
    g = {1: nn.tanh, 2: nn.softmax}
    results = []
    for to in (np.float64, kind):
        net = nn.Network(
            {l: V.astype(to) for l, V in W.items()}, {l: V.astype(to) for l, V in b.items()}, g
        )
        grads = nn.backward(net, nn.forward(net, X.astype(to)), Y.astype(to), nn.cross_entropy)
        J = nn.cost(net, X.astype(to), Y.astype(to), nn.cross_entropy)
        results.append((J, grads, nn.input_gradient(net, grads), nn.step(net, grads, lr=1)))
    (J, grads, dX, after), (J_too, grads_too, dX_too, after_too) = results
    assert J == J_too
    np.testing.assert_array_equal(dX, dX_too)
    for l in (1, 2):
        assert grads_too.dW[l].dtype == after_too.W[l].dtype == np.float64
        np.testing.assert_array_equal(grads.dW[l], grads_too.dW[l])
        np.testing.assert_array_equal(grads.db[l], grads_too.db[l])
        np.testing.assert_array_equal(after.W[l], after_too.W[l])


def test_vjp_of_a_hidden_softmax_uses_the_whole_column():
    # dZ of a hidden softmax is P·dA column by column, not dA·a·(1 − a).
    plain = random_net(8, depth=2, hidden=("softmax",), output="sigmoid", loss="bce", soft=False)
    grads = gradients(plain)
    A1 = plain_activation("softmax", plain.at("Z", 1))
    for i in range(plain.X.shape[1]):
        P = np.diag(A1[:, i]) - np.outer(A1[:, i], A1[:, i])
        np.testing.assert_allclose(grads.dZ[1][:, i], P @ grads.dA[1][:, i], rtol=1e-11, atol=1e-15)


# --- import -------------------------------------------------------------------------------------


def test_import_loads_numpy_only():
    heavy = "matplotlib ipywidgets IPython scipy mpmath autograd tqdm anywidget sklearn pandas"
    code = f"import sys, nnmath; print(*[n for n in {heavy.split()} if n in sys.modules])"
    ran = subprocess.run(
        [sys.executable, "-W", "error", "-c", code], capture_output=True, text=True, check=True
    )
    assert ran.stdout.split() == []


PUBLIC = """sigmoid tanh relu identity softmax bce cross_entropy squared_error
Network Cache Gradients init forward cost backward input_gradient step Activation Loss
check_gradients numerical_gradient complex_step_gradient train History data"""


@pytest.mark.parametrize("name", PUBLIC.split())
def test_public_names(name):
    assert hasattr(nn, name)
    assert name in dir(nn)


# --- What is refused ----------------------------------------------------------------------------


def parts():
    """W, b, g of a good network 2 → 3 → 4, to be spoilt one at a time."""
    rng = np.random.default_rng(9)
    W = {1: rng.normal(size=(3, 2)), 2: rng.normal(size=(4, 3))}
    b = {1: rng.normal(size=(3, 1)), 2: rng.normal(size=(4, 1))}
    return W, b, {1: nn.tanh, 2: nn.softmax}


GOOD_W, GOOD_B, GOOD_G = parts()
BAD_NETWORKS = [
    # what is wrong, kind of error, the changed arguments, words
    ("W counted from 0", ValueError, {"W": {0: GOOD_W[1], 1: GOOD_W[2]}}, ["W", "1"]),
    ("all counted from 0", ValueError,
     {"W": {0: GOOD_W[1], 1: GOOD_W[2]}, "b": {0: GOOD_B[1], 1: GOOD_B[2]},
      "g": {0: nn.tanh, 1: nn.softmax}}, ["W", "1"]),
    ("a gap in W", ValueError, {"W": {1: GOOD_W[1], 3: GOOD_W[2]}}, ["W", "2|3"]),
    ("no layers", ValueError, {"W": {}, "b": {}, "g": {}}, ["W"]),
    ("keys are words", (TypeError, ValueError), {"W": {"W1": GOOD_W[1], "W2": GOOD_W[2]}}, ["W"]),
    ("missing b", ValueError, {"b": {1: GOOD_B[1]}}, ["b", "2"]),
    ("one b too many", ValueError, {"b": {**GOOD_B, 3: np.ones((2, 1))}}, ["b", "3"]),
    ("missing g", ValueError, {"g": {1: nn.tanh}}, ["g", "2"]),
    ("b is a vector", ValueError, {"b": {**GOOD_B, 1: np.ones(3)}}, ["b[1]", "(3,)", "(3, 1)"]),
    ("b is a row", ValueError, {"b": {**GOOD_B, 1: np.ones((1, 3))}}, ["b[1]", "(1, 3)", "(3, 1)"]),
    ("b is a number", ValueError, {"b": {**GOOD_B, 2: 0.0}}, ["b[2]", "(4, 1)"]),
    ("b has m columns", ValueError, {"b": {**GOOD_B, 2: np.ones((4, 5))}},
     ["b[2]", "(4, 5)", "(4, 1)"]),
    ("b is too short", ValueError, {"b": {**GOOD_B, 2: np.ones((3, 1))}},
     ["b[2]", "(3, 1)", "(4, 1)"]),
    ("W is transposed", ValueError, {"W": {**GOOD_W, 2: GOOD_W[2].T}}, ["W[2]", "(3, 4)"]),
    ("W does not follow", ValueError, {"W": {**GOOD_W, 2: np.ones((4, 5))}},
     ["W[2]", "(4, 5)", "3"]),
    ("W is a vector", ValueError, {"W": {**GOOD_W, 1: np.ones(3)}}, ["W[1]", "(3,)", "layer 0"]),
    ("W is 3-D", ValueError, {"W": {**GOOD_W, 1: np.ones((3, 2, 1))}}, ["W[1]", "(3, 2, 1)"]),
    ("W is empty", ValueError, {"W": {**GOOD_W, 1: np.ones((3, 0))}}, ["W[1]", "(3, 0)"]),
    ("W holds nan", ValueError, {"W": {**GOOD_W, 1: np.full((3, 2), np.nan)}}, ["W[1]", "nan"]),
    ("b holds nan", ValueError, {"b": {**GOOD_B, 2: np.full((4, 1), np.nan)}}, ["b[2]", "nan"]),
    ("W holds words", TypeError, {"W": {**GOOD_W, 1: np.full((3, 2), "a")}}, ["W[1]"]),
    ("W holds objects", TypeError, {"W": {**GOOD_W, 1: np.full((3, 2), None)}}, ["W[1]"]),
    ("W is a list", TypeError, {"W": [GOOD_W[1], GOOD_W[2]]}, ["W", "dict|mapping"]),
    ("b is None", TypeError, {"b": None}, ["b", "dict|mapping"]),
    ("g is a list", TypeError, {"g": [nn.tanh, nn.softmax]}, ["g", "dict|mapping"]),
    ("unknown activation", TypeError, {"g": {1: "tanh", 2: nn.softmax}},
     ["g[1]", "'tanh'", "nn.tanh|sigmoid, tanh"]),
    ("a numpy function", TypeError, {"g": {1: np.tanh, 2: nn.softmax}}, ["g[1]", "activation"]),
    ("a loss for an activation", TypeError, {"g": {1: nn.tanh, 2: nn.bce}}, ["g[2]", "activation"]),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "changed", "words"), [r[1:] for r in BAD_NETWORKS],
                         ids=[r[0] for r in BAD_NETWORKS])  # fmt: skip
def test_bad_networks_are_refused(kind, changed, words):
    with refused(kind, "Network", *words):
        nn.Network(**{"W": GOOD_W, "b": GOOD_B, "g": GOOD_G, **changed})


@pytest.mark.parametrize(
    ("changed", "hint"),
    [
        ({"W": {**GOOD_W, 2: np.ones((3, 4))}}, "did you mean W[2].T?"),
        ({"W": {**GOOD_W, 2: np.ones((4, 5))}}, ""),
        ({"b": {**GOOD_B, 2: np.ones(4)}}, "did you mean b[2].reshape(-1, 1)?"),
        ({"b": {**GOOD_B, 2: np.ones((1, 4))}}, "did you mean b[2].reshape(-1, 1)?"),
        ({"b": {**GOOD_B, 2: np.ones(3)}}, ""),
    ],
)
def test_a_hint_is_given_only_where_it_helps(changed, hint):
    with pytest.raises(ValueError, match="shape") as caught:
        nn.Network(**{"W": GOOD_W, "b": GOOD_B, "g": GOOD_G, **changed})
    assert ("did you mean" in str(caught.value)) is bool(hint)
    assert hint in str(caught.value)


def make(sizes=(2, 3, 4), g=(nn.tanh, nn.softmax), rng=None):
    return nn.init(sizes, g, np.random.default_rng(0) if rng is None else rng)


BAD_INITS = [
    ("one size", ValueError, lambda: make(sizes=[2], g=[]), ["sizes"]),
    ("no size", ValueError, lambda: make(sizes=[], g=[]), ["sizes"]),
    ("a width of zero", ValueError, lambda: make(sizes=[2, 0, 4]), ["sizes", "0"]),
    ("a negative width", ValueError, lambda: make(sizes=[2, -3, 4]), ["sizes", "-3"]),
    ("half a unit", (TypeError, ValueError), lambda: make(sizes=[2, 2.5, 4]), ["sizes", "2.5"]),
    ("a number", TypeError, lambda: make(sizes=3), ["sizes", "3"]),
    ("too few g", ValueError, lambda: make(g=[nn.tanh]), ["g", "3", "1"]),
    ("too many g", ValueError, lambda: make(g=[nn.tanh] * 4), ["g", "3", "4"]),
    ("one g for all", TypeError, lambda: make(g=nn.tanh), ["g"]),
    ("a word for g", TypeError, lambda: make(g=["tanh", nn.softmax]), ["g", "'tanh'"]),
    ("a seed", TypeError, lambda: make(rng=42), ["rng", "int", "default_rng"]),
    ("the module", TypeError, lambda: make(rng=np.random), ["rng", "default_rng"]),
    ("a bit generator", TypeError, lambda: make(rng=np.random.PCG64(1)), ["rng", "default_rng"]),
    ("None", TypeError, lambda: nn.init([2, 3], [nn.tanh], None), ["rng", "default_rng"]),
]


@pytest.mark.parametrize(("kind", "call", "words"), [r[1:] for r in BAD_INITS],
                         ids=[r[0] for r in BAD_INITS])  # fmt: skip
def test_bad_inits_are_refused(kind, call, words):
    with refused(kind, "init", *words):
        call()


def spoilt(shape, value):
    V = np.ones(shape)
    V[-1, -1] = value
    return V


BAD_X = [
    # X for a network with 2 inputs
    ("transposed", ValueError, np.ones((5, 2)), ["X", "(5, 2)", "2", "X.T|transpose|column"]),
    ("a vector", ValueError, np.ones(2), ["X", "(2,)", "column|reshape|[:, None]"]),
    ("3-D", ValueError, np.ones((2, 5, 1)), ["X", "(2, 5, 1)"]),
    ("no examples", ValueError, np.ones((2, 0)), ["X", "(2, 0)", "example|examples|empty"]),
    ("nan", ValueError, spoilt((2, 5), np.nan), ["X", "nan"]),
    ("words", TypeError, np.full((2, 5), "a"), ["X"]),
    ("objects", TypeError, np.full((2, 5), None), ["X"]),
    ("None", TypeError, None, ["X"]),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "X", "words"), [r[1:] for r in BAD_X], ids=[r[0] for r in BAD_X])
def test_bad_inputs_are_refused(kind, X, words):
    net = nn.Network(*parts())
    with refused(kind, "forward", *words):
        nn.forward(net, X)
    with refused(kind, *words):
        nn.cost(net, X, np.full((4, 5), 0.25), nn.cross_entropy)


BAD_Y = [
    # Y for a network with 4 outputs and a batch of 5
    ("transposed", ValueError, np.full((5, 4), 0.25), ["Y", "(5, 4)", "(4, 5)", "Y.T|transpose"]),
    ("class numbers", ValueError, np.array([0, 1, 2, 3, 0]), ["Y", "(5,)", "(4, 5)"]),
    ("one row", ValueError, np.ones((1, 5)), ["Y", "(1, 5)", "(4, 5)"]),
    ("one column", ValueError, np.ones((4, 1)), ["Y", "(4, 1)", "(4, 5)"]),
    ("another m", ValueError, np.ones((4, 6)), ["Y", "(4, 6)", "(4, 5)"]),
    ("no examples", ValueError, np.ones((4, 0)), ["Y", "(4, 0)"]),
    ("a number", ValueError, 1.0, ["Y", "(4, 5)"]),
    ("negative", ValueError, spoilt((4, 5), -1.0), ["Y", "-1|−1"]),
    ("nan", ValueError, spoilt((4, 5), np.nan), ["Y", "nan"]),
    ("complex", TypeError, np.ones((4, 5)) + 0j, ["Y", "complex|real"]),
    ("words", TypeError, np.full((4, 5), "a"), ["Y"]),
    ("None", TypeError, None, ["Y"]),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "Y", "words"), [r[1:] for r in BAD_Y], ids=[r[0] for r in BAD_Y])
def test_bad_targets_are_refused(kind, Y, words):
    net, X = nn.Network(*parts()), np.linspace(-1, 1, 10).reshape(2, 5)
    cache = nn.forward(net, X)
    with refused(kind, *words):
        nn.cost(net, X, Y, nn.cross_entropy)
    with refused(kind, *words):
        nn.backward(net, cache, Y, nn.cross_entropy)


@pytest.mark.parametrize(
    ("shape", "remedy"), [((5,), "Y.reshape(1, 5)"), ((5, 1), "Y.T")], ids=["vector", "column"]
)
def test_targets_of_one_output_as_a_vector_or_a_column_are_refused(shape, remedy):
    # (m,) and (m, 1) against (1, m) would broadcast to (m, m), and the gradient would still run.
    net = nn.Network({1: [[1.0, -1.0]]}, {1: [[0.5]]}, {1: nn.sigmoid})
    X, Y = np.linspace(-1, 1, 10).reshape(2, 5), np.ones(shape)
    with refused(ValueError, "Y", str(shape), "(1, 5)", remedy):
        nn.cost(net, X, Y, nn.bce)
    with refused(ValueError, "Y", str(shape), "(1, 5)", remedy):
        nn.backward(net, nn.forward(net, X), Y, nn.bce)


@pytest.mark.parametrize("bad", ["bce", None, nn.sigmoid, np.mean])
def test_what_is_not_a_loss_is_refused(bad):
    net, X, Y = nn.Network(*parts()), np.ones((2, 5)), np.full((4, 5), 0.25)
    with refused(TypeError, "loss"):
        nn.cost(net, X, Y, bad)
    with refused(TypeError, "loss"):
        nn.backward(net, nn.forward(net, X), Y, bad)


@pytest.mark.parametrize("bad", [None, {}, "net", GOOD_W])
def test_what_is_not_a_network_is_refused(bad):
    net, X, Y = nn.Network(*parts()), np.ones((2, 5)), np.full((4, 5), 0.25)
    cache = nn.forward(net, X)
    grads = nn.backward(net, cache, Y, nn.cross_entropy)
    calls = {
        "forward": lambda: nn.forward(bad, X),
        "cost": lambda: nn.cost(bad, X, Y, nn.cross_entropy),
        "backward": lambda: nn.backward(bad, cache, Y, nn.cross_entropy),
        "input_gradient": lambda: nn.input_gradient(bad, grads),
        "step": lambda: nn.step(bad, grads, lr=0.1),
    }
    for name, call in calls.items():
        with refused(TypeError, f"{name}(net", "must be of the type Network"):
            call()


def test_a_cache_of_another_network_is_refused():
    net, X, Y = nn.Network(*parts()), np.ones((2, 5)), np.full((4, 5), 0.25)
    other = nn.init([2, 6, 4], [nn.tanh, nn.softmax], np.random.default_rng(0))
    deeper = nn.init([2, 3, 6, 4], [nn.tanh, nn.tanh, nn.softmax], np.random.default_rng(0))
    for stranger in (other, deeper):
        with refused(ValueError, "cache"):
            nn.backward(net, nn.forward(stranger, X), Y, nn.cross_entropy)
    with refused(TypeError, "cache", "ndarray"):
        nn.backward(net, X, Y, nn.cross_entropy)
    with refused(TypeError, "cache", "None|NoneType"):
        nn.backward(net, None, Y, nn.cross_entropy)


def test_gradients_of_another_network_are_refused():
    net, X = nn.Network(*parts()), np.ones((2, 5))
    other = nn.init([2, 6, 4], [nn.tanh, nn.softmax], np.random.default_rng(0))
    deeper = nn.init([2, 3, 6, 4], [nn.tanh, nn.tanh, nn.softmax], np.random.default_rng(0))
    longer = nn.init([2, 3, 4, 5], [nn.tanh] * 3, np.random.default_rng(0))  # its start would fit
    for stranger in (other, deeper, longer):
        grads = nn.backward(
            stranger, nn.forward(stranger, X), np.ones((stranger.sizes[-1], 5)), nn.squared_error
        )
        with refused(ValueError, "grads"):
            nn.step(net, grads, lr=0.1)
        with refused(ValueError, "grads"):
            nn.input_gradient(net, grads)
    for bad in (None, {}, GOOD_W):
        with refused(TypeError, "grads", "Gradients|backward"):
            nn.step(net, bad, lr=0.1)


def test_what_is_wrong_with_the_gradients_is_said():
    net, X = nn.Network(*parts()), np.ones((2, 5))
    grads = nn.backward(net, nn.forward(net, X), np.full((4, 5), 0.25), nn.cross_entropy)
    shapes = {"dW": "(1, 2)", "db": "(1, 2)"}
    for name, shape in shapes.items():
        V = dict(getattr(grads, name))
        arrays = {n: dict(getattr(grads, n)) for n in ("dW", "db", "dZ", "dA")}
        missing = nn.Gradients(**{**arrays, name: {1: V[1]}})
        wrong = nn.Gradients(**{**arrays, name: {**V, 2: np.ones((1, 2))}})
        with refused(ValueError, f"grads.{name}[2] is missing", f"{name[1]}[2] has shape"):
            nn.step(net, missing, lr=0.1)
        with refused(ValueError, f"grads.{name}[2] has shape {shape}, but {name[1]}[2]"):
            nn.step(net, wrong, lr=0.1)


BAD_RATES = [
    (np.nan, ValueError, "nan"),
    (-0.1, ValueError, "-0.1|−0.1"),
    (np.inf, ValueError, "inf"),
    ("0.1", TypeError, "str|0.1"),
    (None, TypeError, "None|NoneType"),
    (0.1 + 0j, TypeError, "complex|real"),
    (np.array([0.1, 0.2]), (TypeError, ValueError), "number|(2,)"),
]


@pytest.mark.parametrize(("lr", "kind", "word"), BAD_RATES)
def test_bad_learning_rates_are_refused(lr, kind, word):
    plain = small()
    with refused(kind, "lr", word):
        nn.step(as_network(plain), gradients(plain), lr=lr)


@pytest.mark.parametrize(
    ("output", "loss"),
    [
        ("identity", nn.bce),
        ("tanh", nn.bce),
        ("identity", nn.cross_entropy),
        ("tanh", nn.cross_entropy),
    ],
)
def test_an_output_outside_the_domain_of_the_loss_is_refused(output, loss):
    # log of a negative "probability" would be nan, or a number for another problem.
    net = nn.Network({1: [[2.0, -1.0]]}, {1: [[-0.5]]}, {1: getattr(nn, output)})
    X, Y = [[1.0, -1.0, 2.0], [0.0, 0.5, 1.0]], [[1.0, 0.0, 1.0]]
    with refused(ValueError, "A"):
        nn.cost(net, X, Y, loss)
    with refused(ValueError, "A"):
        nn.backward(net, nn.forward(net, X), Y, loss)


# --- Copies -------------------------------------------------------------------------------------


@pytest.mark.parametrize("copied", [copy.deepcopy, lambda x: pickle.loads(pickle.dumps(x))])
def test_records_survive_copying(copied):
    """A copied network still takes the fused path, so its activations are the very same."""
    net = nn.init([3, 4, 2], [nn.relu, nn.softmax], np.random.RandomState(0))
    X, Y = np.full((3, 5), 0.5), np.full((2, 5), 0.5)
    cache = nn.forward(net, X)
    grads = nn.backward(net, cache, Y, nn.cross_entropy)
    again = copied(net)
    assert again.g[1] is nn.relu
    assert again.g[2] is copied(nn.cross_entropy).link is nn.softmax
    for one, two in ((net.W, again.W), (net.b, again.b), (cache.A, copied(cache).A)):
        assert list(one) == list(two)
        for l in one:
            np.testing.assert_array_equal(one[l], two[l])
            assert not two[l].flags.writeable
    np.testing.assert_array_equal(copied(grads).dW[1], grads.dW[1])
