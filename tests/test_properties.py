"""What must hold for every network and every batch: symmetries, identities, purity.

Each property gets 400 networks. A strategy draws a seed, shapes and activations, and the numbers
come from the seed: that is quick, and a failing example is printed in one line.
"""

from dataclasses import dataclass

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import nnmath as nn
from tests.oracles import FUSED, PAIRS, random_targets

many = settings(derandomize=True, deadline=None, max_examples=400, database=None)

SEEDS = st.integers(0, 2**32 - 1)
SIZES = st.integers(1, 6)
NAMES = ("sigmoid", "tanh", "relu", "identity", "softmax")
STEP = 1e-20  # of the complex step


@dataclass(frozen=True)
class Draw:
    """A network with a batch and a loss: the widths are drawn, all the rest comes from the seed."""

    seed: int
    sizes: tuple[int, ...]
    m: int
    pairs: tuple
    hidden: tuple
    scales: tuple

    def rng(self):
        """A source for whatever a test needs beside the network."""
        return np.random.default_rng(self.seed + 1)

    def made(self):
        """Return net, X, Y and loss."""
        rng, n = np.random.default_rng(self.seed), self.sizes
        output, loss = self.pairs[rng.integers(len(self.pairs))]
        scale = self.scales[rng.integers(len(self.scales))]
        # Not fused, a saturated probability has lost the digits of 1 − A: rounding would dominate.
        if (output, loss) not in FUSED and loss != "squared_error":
            scale = min(scale, 1.0)
        layers = range(1, len(n))
        W = {l: scale * rng.normal(size=(n[l], n[l - 1])) / np.sqrt(n[l - 1]) for l in layers}
        b = {l: rng.normal(size=(n[l], 1)) / 2 for l in layers}
        names = {l: self.hidden[rng.integers(len(self.hidden))] for l in layers} | {
            layers[-1]: output
        }
        X = rng.normal(size=(n[0], self.m))
        Y = random_targets(loss, n[-1], self.m, rng, soft=bool(self.seed % 2))
        net = nn.Network(W, b, {l: getattr(nn, name) for l, name in names.items()})
        return net, X, Y, getattr(nn, loss)


def draws(depths=(1, 3), pairs=PAIRS, hidden=NAMES, scales=(0.1, 1.0, 3.0)):
    """Draw networks with so many layers, of 1 to 6 units each.

    The last layer has two units or more: one alone is always 1 behind softmax, where bce ends.
    All shapes are one number, written in the base 6: two draws cost far less time than eight.
    """

    def draw(seed, shape):
        shape, depth = divmod(shape, depths[1] - depths[0] + 1)
        digits = [shape // 6**k % 6 + 1 for k in range(depths[1] + 2)]
        m, last, *inner = digits
        return Draw(
            seed, (*inner[: depths[0] + depth], max(last, 2)), m, tuple(pairs), hidden, scales
        )

    shapes = (depths[1] - depths[0] + 1) * 6 ** (depths[1] + 2)
    return st.builds(draw, SEEDS, st.integers(0, shapes - 1))


def gradients(net, X, Y, loss):
    return nn.backward(net, nn.forward(net, X), Y, loss)


def arrays_of(grads):
    """Return {(name, l): array} of all four collections."""
    names = ("dW", "db", "dZ", "dA")
    return {(n, l): V for n in names for l, V in getattr(grads, n).items()}


def assert_close(one, two, rtol=1e-9, floor=1e-12):
    """Equal up to rounding, measured against the largest entry, or against `floor`."""
    one, two = np.asarray(one), np.asarray(two)
    assert one.shape == two.shape
    size = max(np.abs(one).max(initial=0.0), np.abs(two).max(initial=0.0), floor)
    assert np.abs(one - two).max(initial=0.0) <= rtol * size


def directional(f, V, direction):
    """Return the derivative of f at V along a direction, by the complex step."""
    return np.imag(f(V + 1j * STEP * direction)) / STEP


# --- Softmax --------------------------------------------------------------------------------------


@many
@given(
    seed=SEEDS,
    K=SIZES,
    m=SIZES,
    scale=st.sampled_from([0.1, 1.0, 30.0]),
    shift=st.floats(-1e6, 1e6),
)
def test_softmax_ignores_a_common_shift(seed, K, m, scale, shift):
    Z = scale * np.random.default_rng(seed).normal(size=(K, m))
    moved = Z + shift
    back = moved - shift  # what is left of Z after the rounding of the shift
    assert_close(nn.softmax(moved), nn.softmax(back), rtol=1e-9)
    Y = np.random.default_rng(seed).random((K, m))
    assert_close(nn.cross_entropy.dZ(moved, Y), nn.cross_entropy.dZ(back, Y), rtol=1e-9)


@many
@given(seed=SEEDS, K=SIZES, m=SIZES, scale=st.sampled_from([0.1, 1.0, 30.0, 300.0]))
def test_each_column_of_dZ_behind_softmax_sums_to_zero(seed, K, m, scale):
    rng = np.random.default_rng(seed)
    Z, dA, Y = scale * rng.normal(size=(K, m)), rng.normal(size=(K, m)), 2 * rng.random((K, m))
    np.testing.assert_allclose(nn.cross_entropy.dZ(Z, Y).sum(axis=0), 0, atol=1e-14)
    np.testing.assert_allclose(nn.softmax.vjp(Z, dA).sum(axis=0), 0, atol=1e-14)


# --- Permutations ---------------------------------------------------------------------------------


@many
@given(draw=draws())
def test_the_order_of_the_examples_does_not_matter(draw):
    net, X, Y, loss = draw.made()
    order = draw.rng().permutation(draw.m)
    one, two = gradients(net, X, Y, loss), gradients(net, X[:, order], Y[:, order], loss)
    assert_close(nn.cost(net, X, Y, loss), nn.cost(net, X[:, order], Y[:, order], loss))
    for (name, l), V in arrays_of(one).items():
        per_example = name in ("dZ", "dA")
        assert_close(V[:, order] if per_example else V, getattr(two, name)[l])


@many
@given(
    draw=draws(
        pairs=[("softmax", "cross_entropy"), ("sigmoid", "bce"), ("softmax", "squared_error")]
    )
)
def test_the_order_of_the_classes_does_not_matter(draw):
    net, X, Y, loss = draw.made()
    L, order = net.L, draw.rng().permutation(draw.sizes[-1])
    renamed = nn.Network({**net.W, L: net.W[L][order]}, {**net.b, L: net.b[L][order]}, net.g)
    one, two = gradients(net, X, Y, loss), gradients(renamed, X, Y[order], loss)
    assert_close(nn.cost(net, X, Y, loss), nn.cost(renamed, X, Y[order], loss))
    for (name, l), V in arrays_of(one).items():
        assert_close(V[order] if l == L else V, getattr(two, name)[l])


@many
@given(draw=draws(depths=(2, 3)))
def test_the_order_of_the_hidden_units_does_not_matter(draw):
    net, X, Y, loss = draw.made()
    order = draw.rng().permutation(draw.sizes[1])
    W = {**net.W, 1: net.W[1][order], 2: net.W[2][:, order]}
    renamed = nn.Network(W, {**net.b, 1: net.b[1][order]}, net.g)
    one, two = gradients(net, X, Y, loss), gradients(renamed, X, Y, loss)
    assert_close(nn.cost(net, X, Y, loss), nn.cost(renamed, X, Y, loss))
    for (name, l), V in arrays_of(one).items():
        V = V[order] if l == 1 else V[:, order] if (name, l) == ("dW", 2) else V
        assert_close(V, getattr(two, name)[l])


# --- Batches --------------------------------------------------------------------------------------


@many
@given(draw=draws(), extra=SIZES)
def test_a_batch_is_the_weighted_mean_of_its_parts(draw, extra):
    net, X, Y, loss = draw.made()
    rng, (n0, nL), m = draw.rng(), (draw.sizes[0], draw.sizes[-1]), draw.m
    X2, Y2 = rng.normal(size=(n0, extra)), random_targets(loss.name, nL, extra, rng, soft=True)
    both = np.hstack([X, X2]), np.hstack([Y, Y2])
    share = m / (m + extra)
    J = share * nn.cost(net, X, Y, loss) + (1 - share) * nn.cost(net, X2, Y2, loss)
    assert_close(nn.cost(net, *both, loss), J)
    one, two, all_ = (gradients(net, *data, loss) for data in ((X, Y), (X2, Y2), both))
    for (name, l), V in arrays_of(all_).items():
        A, B = share * getattr(one, name)[l], (1 - share) * getattr(two, name)[l]
        assert_close(V, A + B if name in ("dW", "db") else np.hstack([A, B]))


@many
@given(draw=draws(), copies=st.integers(2, 4))
def test_a_duplicated_batch_has_the_same_cost_and_parameter_gradients(draw, copies):
    net, X, Y, loss = draw.made()
    X2, Y2 = np.tile(X, copies), np.tile(Y, copies)
    assert_close(nn.cost(net, X2, Y2, loss), nn.cost(net, X, Y, loss))
    one, two = gradients(net, X, Y, loss), gradients(net, X2, Y2, loss)
    for (name, l), V in arrays_of(one).items():
        per_example = name in ("dZ", "dA")
        assert_close(np.tile(V, copies) / copies if per_example else V, getattr(two, name)[l])


# --- The pullback is the transpose of the derivative ----------------------------------------------


@many
@given(seed=SEEDS, name=st.sampled_from(NAMES), n=SIZES, m=SIZES, c=st.floats(-5, 5))
def test_a_pullback_is_linear(seed, name, n, m, c):
    g, rng = getattr(nn, name), np.random.default_rng(seed)
    Z, one, two = (3 * rng.normal(size=(n, m)) for _ in range(3))
    together = g.vjp(Z, one + c * two)
    size = np.abs(one).max() + abs(c) * np.abs(two).max()
    np.testing.assert_allclose(together, g.vjp(Z, one) + c * g.vjp(Z, two), atol=1e-14 * size)


@many
@given(seed=SEEDS, name=st.sampled_from(NAMES), n=SIZES, m=SIZES)
def test_a_pullback_is_the_adjoint_of_the_derivative(seed, name, n, m):
    """⟨Jv, u⟩ = ⟨v, Jᵀu⟩."""
    g, rng = getattr(nn, name), np.random.default_rng(seed)
    Z, v, u = (3 * rng.normal(size=(n, m)) for _ in range(3))
    Jv, Jtu = directional(g, Z, v), g.vjp(Z, u)
    size = np.abs(Jv * u).sum() + np.abs(v * Jtu).sum()
    assert abs(np.sum(Jv * u) - np.sum(v * Jtu)) <= 1e-13 * size


@many
@given(draw=draws(pairs=[(name, "squared_error") for name in NAMES]))
def test_the_backward_pass_is_the_adjoint_of_the_forward_pass(draw):
    """The same for a whole network, from X to A[L]: with Y = A − m u the loss hands u down."""
    net, X, _, loss = draw.made()
    cache, rng, L = nn.forward(net, X), draw.rng(), net.L
    v, u = rng.normal(size=X.shape), rng.normal(size=cache.A[L].shape)
    Jv = directional(lambda V: nn.forward(net, V).A[L], X, v)
    grads = nn.backward(net, cache, cache.A[L] - draw.m * u, loss)
    Jtu = nn.input_gradient(net, grads)
    size = np.abs(Jv * u).sum() + np.abs(v * Jtu).sum()
    assert abs(np.sum(Jv * u) - np.sum(v * Jtu)) <= 1e-11 * size + 1e-300


# --- ReLU, descent, purity ------------------------------------------------------------------------


@many
@given(draw=draws(depths=(2, 3), hidden=("relu",)))
def test_relu_balances_the_layers_before_and_after_it(draw):
    """relu(c z) = c relu(z), so ⟨W₂, dW₂⟩ = ⟨W₁, dW₁⟩ + ⟨b₁, db₁⟩, at each hidden layer."""
    net, X, Y, loss = draw.made()
    grads = gradients(net, X, Y, loss)
    for l in net.layers[:-1]:
        after = net.W[l + 1] * grads.dW[l + 1]
        before = np.append(net.W[l] * grads.dW[l], net.b[l] * grads.db[l])
        size = np.abs(after).sum() + np.abs(before).sum()
        assert abs(after.sum() - before.sum()) <= 1e-12 * size


@many
@given(draw=draws(scales=(0.1, 1.0)))
def test_a_small_step_goes_down_as_far_as_the_gradient_says(draw):
    net, X, Y, loss = draw.made()
    grads, J = gradients(net, X, Y, loss), nn.cost(net, X, Y, loss)
    square = sum(np.sum(V**2) for (name, _), V in arrays_of(grads).items() if name in ("dW", "db"))
    lr = 1e-6 / (1 + square)
    fall = J - nn.cost(nn.step(net, grads, lr), X, Y, loss)
    # A unit of ReLU may stand so near its kink that the step crosses it; then J falls otherwise.
    kinked = any(
        np.abs(nn.forward(net, X).Z[l]).min() < 1e-4 for l in net.layers if net.g[l] is nn.relu
    )
    assert fall >= -1e-14 * (1 + J) or kinked
    if not kinked:
        assert fall == pytest.approx(lr * square, rel=1e-3, abs=1e-14 * (1 + J))


@many
@given(draw=draws())
def test_nothing_is_changed_and_the_order_of_a_dict_says_nothing(draw):
    net, X, Y, loss = draw.made()
    kept = {l: net.W[l].copy() for l in net.layers}, X.copy(), Y.copy()
    X.flags.writeable = Y.flags.writeable = False
    one = arrays_of(gradients(net, X, Y, loss))
    backwards = [dict(reversed(list(d.items()))) for d in (net.W, net.b, net.g)]
    again = arrays_of(gradients(net, X, Y, loss))
    shuffled = arrays_of(gradients(nn.Network(*backwards), X, Y, loss))
    nn.step(net, gradients(net, X, Y, loss), 0.1)
    for key, V in one.items():
        np.testing.assert_array_equal(V, again[key])
        np.testing.assert_array_equal(V, shuffled[key])
    for l in net.layers:
        np.testing.assert_array_equal(net.W[l], kept[0][l])
    np.testing.assert_array_equal(X, kept[1])
    np.testing.assert_array_equal(Y, kept[2])
