"""Training against a plain loop that differentiates by complex step, and what a batch must be."""

import numpy as np
import pytest

import nnmath as nn
from tests.oracles import PlainNet, complex_step, random_net, refused

RNGS = {"Generator": np.random.default_rng, "RandomState": np.random.RandomState}
each_rng = pytest.mark.parametrize("make_rng", RNGS.values(), ids=RNGS)


def problem():
    return random_net(
        51, depth=2, hidden=("tanh",), output="softmax", loss="cross_entropy", soft=False
    )


def as_network(plain):
    return nn.Network(plain.W, plain.b, {l: getattr(nn, plain.g[l]) for l in plain.g})


def train(plain, **options):
    settings = {"lr": 0.3, "steps": 20, **options}
    return nn.train(as_network(plain), plain.X, plain.Y, getattr(nn, plain.loss), **settings)


def assert_same_history(one, two):
    np.testing.assert_array_equal(one.steps, two.steps)
    np.testing.assert_array_equal(one.J, two.J)
    for a, b in zip(one.nets, two.nets, strict=True):
        for l in a.layers:
            np.testing.assert_array_equal(a.W[l], b.W[l])
            np.testing.assert_array_equal(a.b[l], b.b[l])


# --- Gradient descent ---------------------------------------------------------------------------


def test_descent_equals_a_plain_loop():
    plain, lr = problem(), 0.3
    history = train(plain, lr=lr, steps=20)
    W, b = dict(plain.W), dict(plain.b)
    for step in range(21):
        assert history.J[step] == pytest.approx(plain.J(W, b), rel=1e-12)
        for l in W:
            np.testing.assert_allclose(history.nets[step].W[l], W[l], rtol=0, atol=1e-12)
            np.testing.assert_allclose(history.nets[step].b[l], b[l], rtol=0, atol=1e-12)
        # All gradients at the old point first, then all parameters at once.
        dW = {l: complex_step(lambda V, l=l: plain.J({**W, l: V}, b), W[l]) for l in W}  # noqa: B023
        db = {l: complex_step(lambda V, l=l: plain.J(W, {**b, l: V}), b[l]) for l in b}  # noqa: B023
        W = {l: W[l] - lr * dW[l] for l in W}
        b = {l: b[l] - lr * db[l] for l in b}


def test_history_of_every_step():
    history = train(problem(), steps=6)
    np.testing.assert_array_equal(history.steps, [0, 1, 2, 3, 4, 5, 6])
    assert isinstance(history, nn.History)
    assert isinstance(history.nets, tuple)
    assert history.steps.ndim == history.J.ndim == 1
    assert history.steps.dtype.kind == "i"
    assert history.J.dtype == np.float64
    assert len(history.steps) == len(history.J) == len(history.nets)
    assert all(isinstance(net, nn.Network) for net in history.nets)


def test_every_keeps_each_so_manieth_step():
    plain = problem()
    full, thin = train(plain, steps=20), train(plain, steps=20, every=5)
    np.testing.assert_array_equal(thin.steps, [0, 5, 10, 15, 20])
    np.testing.assert_array_equal(thin.J, full.J[::5])
    assert len(thin.nets) == 5
    np.testing.assert_array_equal(thin.nets[3].W[1], full.nets[15].W[1])


@pytest.mark.parametrize(("steps", "every", "kept"), [(7, 3, [0, 3, 6, 7]), (2, 10, [0, 2])])
def test_the_last_step_is_kept_as_well(steps, every, kept):
    # Otherwise the trained network itself would be missing from the history.
    plain = problem()
    history = train(plain, steps=steps, every=every)
    np.testing.assert_array_equal(history.steps, kept)
    last = train(plain, steps=steps).nets[-1]
    np.testing.assert_array_equal(history.nets[-1].W[2], last.W[2])


def test_no_steps_is_the_network_itself():
    history = train(problem(), steps=0)
    np.testing.assert_array_equal(history.steps, [0])
    assert history.J[0] == pytest.approx(problem().J(), rel=1e-13)


def test_J_is_the_cost_of_the_snapshot_on_all_examples():
    plain = problem()
    history = train(plain, steps=9, every=3, batch=2, rng=np.random.default_rng(0))
    for net, J in zip(history.nets, history.J, strict=True):
        assert nn.cost(net, plain.X, plain.Y, nn.cross_entropy) == J


def test_history_starts_at_the_given_network():
    plain = problem()
    start = train(plain, steps=3).nets[0]
    for l in start.layers:
        np.testing.assert_array_equal(start.W[l], plain.W[l])


def test_the_cost_falls():
    J = train(problem(), lr=0.1, steps=200, every=10).J
    assert np.all(np.diff(J) < 0)
    assert J[-1] < 0.5 * J[0]


def test_nothing_is_changed_and_the_answer_is_the_same_twice():
    plain = problem()
    net, X, Y = as_network(plain), plain.X.copy(), plain.Y.copy()
    first, again = (nn.train(net, X, Y, nn.cross_entropy, lr=0.3, steps=5) for _ in range(2))
    assert_same_history(first, again)
    np.testing.assert_array_equal(X, plain.X)
    np.testing.assert_array_equal(Y, plain.Y)
    for l in net.layers:
        np.testing.assert_array_equal(net.W[l], plain.W[l])
    with pytest.raises((AttributeError, TypeError)):
        first.J = np.zeros(6)
    for array in (first.J, first.steps):
        with pytest.raises(ValueError, match="read-only"):
            array[0] = 0


@pytest.mark.parametrize("kind", [np.float32, np.int8, np.bool_])
def test_other_kinds_of_number_are_converted(kind):
    plain = problem()
    X = (plain.X > 0).astype(kind)
    histories = [
        nn.train(
            as_network(plain), X.astype(to), plain.Y.astype(to), nn.cross_entropy, lr=1, steps=4
        )
        for to in (np.float64, kind)
    ]
    assert_same_history(*histories)


# --- Batches ------------------------------------------------------------------------------------


def one_weight_per_example(m=7):
    """A linear network that moves column i of W[1] exactly when example i is in the batch.

    X is the identity matrix, so dW[1] = dZ[1] Xᵀ = dZ[1].
    """
    rng = np.random.default_rng(60)
    net = nn.Network({1: rng.normal(size=(3, m))}, {1: np.ones((3, 1))}, {1: nn.identity})
    return net, np.eye(m), rng.normal(size=(3, m)) * 10


def examples_used(history, lr):
    """For each step, the examples it used; each step's gradient is held against theirs."""
    used = []
    _, _, Y = one_weight_per_example(history.nets[0].W[1].shape[1])
    for before, after in zip(history.nets[:-1], history.nets[1:], strict=True):
        moved = (before.W[1] - after.W[1]) / lr
        batch = np.flatnonzero(np.abs(moved).max(axis=0))
        error = (before.W[1] + before.b[1] - Y)[:, batch] / len(batch)
        np.testing.assert_allclose(moved[:, batch], error, rtol=1e-9, atol=1e-12)
        moved_b = (before.b[1] - after.b[1]) / lr
        np.testing.assert_allclose(moved_b, error.sum(axis=1, keepdims=True), rtol=1e-9, atol=1e-12)
        used.append(list(batch))
    return used


@each_rng
@pytest.mark.parametrize(("m", "batch"), [(6, 2), (6, 3), (8, 1), (7, 3), (5, 4)])
def test_a_batch_is_a_mean_over_its_own_examples(make_rng, m, batch):
    net, X, Y = one_weight_per_example(m)
    lr = 0.05
    history = nn.train(net, X, Y, nn.squared_error, lr=lr, steps=40, batch=batch, rng=make_rng(1))
    used = examples_used(history, lr)
    assert all(1 <= len(examples) <= batch for examples in used)
    assert len(used[0]) == batch
    counts = np.bincount(np.concatenate(used), minlength=m)
    assert counts.min() > 0, "an example was never used"
    # 40 steps use each example 40·batch/m times on average; a fixed or lopsided choice does not.
    assert counts.max() < 3 * counts.mean()
    assert len({tuple(examples) for examples in used}) > 2


def test_batches_that_divide_m_use_each_example_once_an_epoch():
    net, X, Y = one_weight_per_example(6)
    options = {"lr": 0.05, "steps": 12, "batch": 2, "rng": np.random.default_rng(2)}
    used = examples_used(nn.train(net, X, Y, nn.squared_error, **options), 0.05)
    for epoch in range(0, 12, 3):
        assert sorted(np.concatenate(used[epoch : epoch + 3])) == list(range(6))
    assert used[:3] != used[3:6]  # shuffled anew


def test_a_batch_may_be_a_single_example():
    net, X, Y = one_weight_per_example(3)
    options = {"lr": 0.05, "steps": 3, "batch": 1, "rng": np.random.default_rng(10)}
    used = examples_used(nn.train(net, X, Y, nn.squared_error, **options), 0.05)
    assert sorted(used) == [[0], [1], [2]]


def test_the_remainder_of_a_pass_is_a_smaller_batch():
    # Seven examples by threes: 3, 3 and 1. Dropped, the last one would wait for a luckier shuffle.
    net, X, Y = one_weight_per_example(7)
    options = {"lr": 0.05, "steps": 9, "batch": 3, "rng": np.random.default_rng(8)}
    used = examples_used(nn.train(net, X, Y, nn.squared_error, **options), 0.05)
    assert [len(examples) for examples in used] == [3, 3, 1] * 3
    for epoch in range(0, 9, 3):
        assert sorted(np.concatenate(used[epoch : epoch + 3])) == list(range(7))


@each_rng
def test_descent_by_batches_equals_a_plain_loop(make_rng):
    plain, lr, batch = problem(), 0.3, 3
    m = plain.X.shape[1]
    assert m % batch
    history = train(plain, lr=lr, steps=7, batch=batch, rng=make_rng(9))
    rng, columns = make_rng(9), []
    W, b = dict(plain.W), dict(plain.b)
    for step in range(7):
        if not columns:
            order = rng.permutation(m)
            columns = [order[k : k + batch] for k in range(0, m, batch)]
        i = columns.pop(0)
        part = PlainNet(plain.sizes, W, b, plain.g, plain.X[:, i], plain.Y[:, i], plain.loss)
        dW = {l: complex_step(lambda V, l=l: part.J({**W, l: V}, b), W[l]) for l in W}  # noqa: B023
        db = {l: complex_step(lambda V, l=l: part.J(W, {**b, l: V}), b[l]) for l in b}  # noqa: B023
        W = {l: W[l] - lr * dW[l] for l in W}
        b = {l: b[l] - lr * db[l] for l in b}
        for l in W:
            np.testing.assert_allclose(history.nets[step + 1].W[l], W[l], rtol=0, atol=1e-12)
            np.testing.assert_allclose(history.nets[step + 1].b[l], b[l], rtol=0, atol=1e-12)
        # The cost that is kept is that of all examples, whichever the step used.
        assert history.J[step + 1] == pytest.approx(plain.J(W, b), rel=1e-12)


@each_rng
def test_batches_repeat_with_their_rng(make_rng):
    plain = problem()
    one, same, other = (train(plain, batch=2, rng=make_rng(seed)) for seed in (1, 1, 2))
    assert_same_history(one, same)
    assert not np.array_equal(one.J, other.J)


def test_no_global_randomness():
    before = np.random.get_state()[1].copy()  # noqa: NPY002 - the global state is what we look at
    train(problem(), batch=2, rng=np.random.default_rng(1))
    np.testing.assert_array_equal(np.random.get_state()[1], before)  # noqa: NPY002


def test_a_batch_of_all_examples_is_gradient_descent():
    plain = problem()
    whole = train(plain)
    shuffled = train(plain, batch=plain.X.shape[1], rng=np.random.default_rng(3))
    np.testing.assert_allclose(shuffled.J, whole.J, rtol=1e-12)


def test_every_does_not_change_the_walk():
    plain = problem()
    full, thin = (train(plain, batch=2, rng=np.random.default_rng(4), every=e) for e in (1, 4))
    np.testing.assert_array_equal(full.J[::4], thin.J)


# --- Progress -----------------------------------------------------------------------------------


def test_nothing_is_printed_unless_asked(capfd):
    train(problem(), batch=2, rng=np.random.default_rng(5))
    printed = capfd.readouterr()
    assert printed.out == printed.err == ""


def test_progress_is_shown_when_asked_and_changes_nothing(capfd):
    plain = problem()
    shown = train(plain, progress=True)
    printed = capfd.readouterr()
    assert "20" in printed.out + printed.err
    assert_same_history(shown, train(plain))


# --- What is refused ----------------------------------------------------------------------------

RNG = np.random.default_rng(6)
BAD_OPTIONS = [
    # what, kind, the changed options, words
    ("lr nan", ValueError, {"lr": np.nan}, ["lr", "nan"]),
    ("lr negative", ValueError, {"lr": -0.1}, ["lr", "-0.1|−0.1"]),
    ("lr infinite", ValueError, {"lr": np.inf}, ["lr", "inf"]),
    ("lr a word", TypeError, {"lr": "0.1"}, ["lr", "str|0.1"]),
    ("lr complex", TypeError, {"lr": 0.1j}, ["lr"]),
    ("half a step", (TypeError, ValueError), {"steps": 2.5}, ["steps", "2.5"]),
    ("steps a word", (TypeError, ValueError), {"steps": "10"}, ["steps", "10"]),
    ("steps negative", ValueError, {"steps": -1}, ["steps", "-1"]),
    ("steps nan", (TypeError, ValueError), {"steps": np.nan}, ["steps", "nan"]),
    ("batch above m", ValueError, {"batch": 1000, "rng": RNG}, ["batch", "1000"]),
    ("batch zero", ValueError, {"batch": 0, "rng": RNG}, ["batch", "0"]),
    ("batch negative", ValueError, {"batch": -2, "rng": RNG}, ["batch", "-2"]),
    ("half an example", (TypeError, ValueError), {"batch": 1.5, "rng": RNG}, ["batch", "1.5"]),
    ("batch without rng", (TypeError, ValueError), {"batch": 2}, ["rng", "default_rng"]),
    ("a seed", TypeError, {"batch": 2, "rng": 42}, ["rng", "int", "default_rng"]),
    ("the module", TypeError, {"batch": 2, "rng": np.random}, ["rng", "default_rng"]),
    ("every zero", ValueError, {"every": 0}, ["every", "0"]),
    ("every negative", ValueError, {"every": -1}, ["every", "-1"]),
    ("every half", (TypeError, ValueError), {"every": 1.5}, ["every", "1.5"]),
]


@pytest.mark.parametrize(("kind", "options", "words"), [r[1:] for r in BAD_OPTIONS],
                         ids=[r[0] for r in BAD_OPTIONS])  # fmt: skip
def test_bad_options_are_refused(kind, options, words):
    with refused(kind, "train", *words):
        train(problem(), **options)


def test_bad_data_are_refused():
    plain = problem()
    net, X, Y, loss = as_network(plain), plain.X, plain.Y, nn.cross_entropy
    with refused(TypeError, "net", "Network"):
        nn.train(None, X, Y, loss, lr=0.1, steps=2)
    with refused(TypeError, "train(net", "loss"):
        nn.train(net, X, Y, nn.softmax, lr=0.1, steps=2)
    with refused(TypeError, "train(net", "X", "complex|real"):
        nn.train(net, X + 0j, Y, loss, lr=0.1, steps=2)
    with refused(ValueError, "X", str(X.T.shape)):
        nn.train(net, X.T, Y, loss, lr=0.1, steps=2)
    with refused(ValueError, "Y", str(Y.T.shape)):
        nn.train(net, X, Y.T, loss, lr=0.1, steps=2)
    with refused(ValueError, "X", "Y", "8", "7"):
        nn.train(net, X, Y[:, :-1], loss, lr=0.1, steps=2)
    with refused(ValueError, "Y", "-1|−1|negative"):
        nn.train(net, X, -Y, loss, lr=0.1, steps=2)
    with refused(ValueError, "X", "nan"):
        nn.train(net, np.full_like(X, np.nan), Y, loss, lr=0.1, steps=2)


def test_one_bad_example_is_found_before_its_batch_is_drawn():
    # Otherwise it would depend on the rng whether the mistake is seen at all.
    plain = problem()
    X = plain.X.copy()
    X[0, -1] = np.nan
    with refused(ValueError, "X", "nan"):
        nn.train(
            as_network(plain), X, plain.Y, nn.cross_entropy,
            lr=0.1, steps=1, batch=1, rng=np.random.default_rng(7),
        )  # fmt: skip


def test_settings_are_keywords():
    plain = problem()
    with pytest.raises(TypeError):
        nn.train(as_network(plain), plain.X, plain.Y, nn.cross_entropy, 0.1, 20)
