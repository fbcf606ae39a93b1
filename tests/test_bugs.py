"""The fifteen bugs against an oracle of their own: a forward pass written here, nudged.

What a record says of its bug (which arrays are wrong, whether the cost still falls, how the wrong
line reads) is found out here once more, without the package's gradients.
"""

import functools
import re

import numpy as np
import pytest

import nnmath as nn
from nnmath import bugs

each_bug = pytest.mark.parametrize("bug", bugs.BUGS, ids=lambda bug: bug.name)
ARRAYS = [f"{name}[{l}]" for l in (3, 2, 1) for name in ("dA", "dZ", "dW", "db")][1:]


def network(sizes, seed):
    """Return weights and biases of any sizes, none of them zero, and examples with targets."""
    rng = np.random.RandomState(seed)
    W = {l: rng.uniform(-1, 1, (sizes[l], sizes[l - 1])) for l in range(1, len(sizes))}
    b = {l: rng.uniform(-1, 1, (sizes[l], 1)) for l in W}
    X = rng.uniform(-1, 1, (sizes[0], 7))
    return W, b, X, np.eye(sizes[-1])[:, rng.randint(sizes[-1], size=7)]


def cost_from(l, z, W, b, Y):
    """Return the mean cross-entropy of a tanh network, from the logits Z[l] of layer l on."""
    for k in range(l + 1, len(W) + 1):
        z = W[k] @ np.tanh(z) + b[k]
    return np.sum(Y * (np.log(np.sum(np.exp(z), axis=0)) - z)) / Y.shape[1]


def nudged(f, x):
    """Return the gradient of f at x by complex step, with a loop of its own."""
    found = np.empty(x.shape)
    for k in np.ndindex(x.shape):
        moved = x.astype(complex)
        moved[k] += 1e-30j
        found[k] = f(moved).imag / 1e-30
    return found


@functools.cache
def truth(seed=0, sizes=(3, 4, 4, 2)):
    """Return the right gradients of a network with a square layer, every array by nudging."""
    W, b, X, Y = network(sizes, seed)
    Z, A, found = {}, {0: X}, {}
    for l in W:
        Z[l] = W[l] @ A[l - 1] + b[l]
        A[l] = np.tanh(Z[l])
        J = functools.partial(cost_from, l, W=W, b=b, Y=Y)
        found[f"dZ[{l}]"] = nudged(J, Z[l])
        found[f"dW[{l}]"] = nudged(lambda w, J=J, a=A[l - 1], c=b[l]: J(w @ a + c), W[l])
        found[f"db[{l}]"] = nudged(lambda v, J=J, z=W[l] @ A[l - 1]: J(z + v), b[l])
        if l > 1:
            f = lambda a, J=J, w=W[l], c=b[l]: J(w @ a + c)  # noqa: E731
            found[f"dA[{l - 1}]"] = nudged(f, A[l - 1])
    return found


def gradients(backward, sizes=(3, 4, 4, 2), seed=0):
    """Return what a backward pass gives for that network, by name, and the network's own arrays."""
    W, b, X, Y = network(sizes, seed)
    g = {l: nn.tanh for l in W} | {len(W): nn.softmax}
    net = nn.Network(W, b, g)
    cache = nn.forward(net, X)
    grads = backward(net, cache, Y, nn.cross_entropy)
    named = {
        f"{name}[{l}]": array
        for name in ("dA", "dZ", "dW", "db")
        for l, array in getattr(grads, name).items()
    }
    return named, (net, cache, X, Y, grads)


def differing(found, right):
    assert set(found) == set(right)
    size = {name: np.abs(array).max() for name, array in right.items()}
    return {name for name in right if np.abs(found[name] - right[name]).max() > 1e-9 * size[name]}


def test_there_are_fifteen_and_no_two_are_alike():
    assert len(bugs.BUGS) == 15
    for part in ("name", "what", "line"):
        assert len({getattr(bug, part) for bug in bugs.BUGS}) == 15
    found = [gradients(bug.backward)[0] for bug in bugs.BUGS]
    for i, one in enumerate(found):
        for other in found[:i]:
            assert differing(one, other)


@each_bug
def test_a_bug_is_told_in_one_plain_sentence(bug):
    assert re.fullmatch(r"[A-Z][^.!?]*\.", bug.what)
    assert len(bug.what) <= 90
    assert len(bug.name) <= 24
    assert bug.line != bug.right


def test_the_oracle_agrees_with_the_package():
    right, _ = gradients(nn.backward)
    assert set(right) == set(ARRAYS)
    assert differing(right, truth()) == set()


@pytest.mark.parametrize("sizes", [(3, 4, 4, 2), (2, 3), (5, 4, 3, 3, 2)])
def test_the_right_rules_are_the_packages_backward_pass(sizes):
    mine, _ = gradients(functools.partial(bugs.backward_by, {}), sizes)
    right, _ = gradients(nn.backward, sizes)
    assert mine.keys() == right.keys()
    for name, array in right.items():
        np.testing.assert_allclose(mine[name], array, rtol=1e-12, atol=1e-15)


@each_bug
def test_a_bug_is_wrong_in_the_arrays_that_its_record_names_and_right_in_the_others(bug):
    for seed in (0, 1):
        found, _ = gradients(bug.backward, seed=seed)
        assert differing(found, truth(seed)) == set(bug.wrong)
    assert list(bug.wrong) == [name for name in bugs.ORDER if name in bug.wrong]


@each_bug
def test_the_gradient_check_convicts_it_in_the_same_arrays(bug):
    _, (net, _, X, Y, grads) = gradients(bug.backward)
    report = nn.check_gradients(net, X, Y, nn.cross_entropy, grads)
    assert not report.ok
    convicted = {
        f"{name}[{l}]" for name, of in report.errors.items() for l, e in of.items() if e > 1e-12
    }
    assert convicted == set(bug.wrong) == set(bugs.convicted(bug.name))


def test_the_check_of_the_right_pass_has_nothing_to_say():
    assert bugs.convicted() == ()
    assert list(bugs.errors()) == list(bugs.ORDER)
    assert set(bugs.ORDER) == set(ARRAYS)


@each_bug
def test_the_errors_are_those_of_the_small_network(bug):
    net, X, Y = bugs.small()
    assert len({*net.sizes, Y.shape[1]}) == 4  # only the square layer repeats a size
    W, b = dict(net.W), dict(net.b)
    Z = nn.forward(net, X).Z
    grads = bug.backward(net, nn.forward(net, X), Y, nn.cross_entropy)
    for l in (1, 2, 3):
        right = nudged(lambda z, l=l: cost_from(l, z, W, b, Y), Z[l])
        error = np.abs(grads.dZ[l] - right).max() / np.abs(right).max()
        assert bugs.errors(bug.name)[f"dZ[{l}]"] == pytest.approx(error, rel=1e-6, abs=1e-12)


HIDDEN_BY_SQUARES = (
    "A[l] for A[l−1]", "dW transposed", "W not transposed", "slope of the wrong layer"
)  # fmt: skip


@each_bug
def test_four_bugs_need_a_square_layer_to_hide_in(bug):
    found, _ = gradients(bug.backward, sizes=(3, 5, 4, 2))
    changed = differing(found, truth(sizes=(3, 5, 4, 2)))
    assert bool(changed) == (bug.name not in HIDDEN_BY_SQUARES)


def lines_of(text, L):
    """Return (label, expression, names) of a line of code for each layer that it speaks of."""
    label, expression = text.split(" = ")
    l = label[3]
    layers = {"l": range(1, L + 1 - (label[:2] in ("dA", "dZ"))), "L": [L]}.get(l, [l])
    return [(f"{label[:2]}[{k}]", expression, {"l": int(k), "L": L}) for k in layers]


@each_bug
@pytest.mark.parametrize("which", ["line", "right"])
def test_the_line_shown_is_the_line_that_runs(bug, which):
    backward = bug.backward if which == "line" else nn.backward
    found, (net, cache, _, Y, grads) = gradients(backward)
    known = {
        "np": np,
        "m": Y.shape[1],
        "lr": bugs.LR,
        "Y": Y,
        "g_prime": lambda z: 1 / np.cosh(z) ** 2,
    }
    known |= {"W": net.W, "b": net.b, "Z": cache.Z, "A": cache.A}
    known |= {"dW": grads.dW, "db": grads.db, "dZ": grads.dZ, "dA": grads.dA}
    for label, expression, layer in lines_of(getattr(bug, which), net.L):
        value = eval(expression, {**known, **layer})
        np.testing.assert_allclose(found[label], value, rtol=1e-9, atol=1e-15)


def test_a_pass_that_does_not_start_from_the_logits_is_refused():
    net = nn.init([2, 3, 1], g=[nn.tanh, nn.tanh], rng=np.random.RandomState(0))
    X, Y = np.ones((2, 4)), np.ones((1, 4))
    with pytest.raises(ValueError, match=r"is tanh, but .* needs to be sigmoid"):
        bugs.BUGS[0].backward(net, nn.forward(net, X), Y, nn.bce)
    with pytest.raises(TypeError, match="net must be"):
        bugs.BUGS[0].backward(None, None, Y, nn.bce)


# The training runs, stepped and judged here -------------------------------------------------------


@functools.cache
def own_run(name):
    """Return the cost before and after the training run, and the share of held-out pictures."""
    X, Y = nn.data.digits()
    order = np.random.RandomState(0).permutation(1797)
    train, held = order[:200], order[-360:]
    backward = next((bug.backward for bug in bugs.BUGS if bug.name == name), nn.backward)
    net = nn.init([64, 16, 16, 10], [nn.tanh, nn.tanh, nn.softmax], np.random.RandomState(1))
    costs = [nn.cost(net, X[:, train], Y[:, train], nn.cross_entropy)]
    for _ in range(120):
        cache = nn.forward(net, X[:, train])
        grads = backward(net, cache, Y[:, train], nn.cross_entropy)
        W = {l: net.W[l] - 0.3 * grads.dW[l] for l in (1, 2, 3)}
        net = nn.Network(W, {l: net.b[l] - 0.3 * grads.db[l] for l in W}, net.g)
    costs.append(nn.cost(net, X[:, train], Y[:, train], nn.cross_entropy))
    guess = nn.forward(net, X[:, held]).A[3].argmax(axis=0)
    return (*costs, float(np.mean(guess == Y[:, held].argmax(axis=0))))


@pytest.mark.parametrize("name", ["", *bugs.BY_NAME])
def test_the_cost_falls_or_not_as_the_record_says(name):
    first, last, share = own_run(name)
    run = bugs.run(name)
    assert run.J[[0, -1]] == pytest.approx([first, last], rel=1e-4)  # see the last test
    assert run.share == pytest.approx(share, abs=0.003)
    assert run.steps[[0, 1, -1]].tolist() == [0, 4, 120]
    assert run.falls == (last < first) == (not name or bugs.BY_NAME[name].falls)


def test_the_right_run_is_one_to_be_compared_with():
    run = bugs.run()
    assert (np.diff(run.J) < 0).all()
    assert run.J[-1] < 0.3 < 2 < run.J[0]
    assert run.share > 0.85


def test_the_table_counts():
    falling = sum(own_run(bug.name)[1] < own_run(bug.name)[0] for bug in bugs.BUGS)
    text = bugs.table()
    assert falling == 13
    assert f"With {falling} of the 15 bugs the cost still falls." in text
    assert "The gradient check convicts 15 of 15." in text
    for bug in bugs.BUGS:
        line = next(line for line in text.split("\n") if line.startswith(bug.name))
        assert ("falls" if bug.falls else "rises") in line
        assert line.endswith(f"✗ {len(bug.wrong)} of 11, first {bug.wrong[0]}")


@pytest.mark.parametrize("name", ["", "A[l] for A[l−1]", "dW transposed", "slope forgotten"])
def test_a_rounding_error_changes_no_digit_that_is_printed(name):
    """Another machine rounds otherwise, and a wrong gradient may amplify that: A[l] does."""
    net, rng = bugs.start(), np.random.RandomState(9)
    moved = {l: w * (1 + 1e-14 * rng.standard_normal(w.shape)) for l, w in net.W.items()}
    rules = bugs.BY_NAME[name].rules if name else {}
    other = bugs.trained(rules, nn.Network(moved, net.b, net.g))
    assert abs(other.J[-1] - bugs.run(name).J[-1]) < 1e-3
    assert f"{other.J[-1]:.2f}" == f"{bugs.run(name).J[-1]:.2f}"
    assert other.share == bugs.run(name).share
