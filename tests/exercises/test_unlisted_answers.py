"""Mistakes that nobody has listed: an answer is told what it is by a search.

The answers are typed as a beginner would, for the notebooks 00, 01, 04 and 05; beside each stands
what a teacher would say of it.
"""

import ast
import re

import numpy as np
import pytest

from nnmath import relu, sigmoid
from nnmath.exercises import EXERCISES, relations, repair, search
from nnmath.exercises.running import results, same
from nnmath.exercises.solutions import SOLUTIONS
from nnmath.exercises.verdicts import verdict
from tests.oracles import complex_step

exp, log, mean, total = np.exp, np.log, np.mean, np.sum


# A changed solution is known by its numbers.


@pytest.mark.parametrize("id", ["1.H", "2.D", "4.F"])
def test_a_variant_is_found_by_its_own_numbers(id):
    exercise = EXERCISES[id]
    [solution] = exercise.solutions
    inputs = [arguments for arguments, _ in exercise.hidden]
    right = [outcome.value for outcome in results(exercise.reference, exercise)]
    tried = 0
    for variant in solution.variants[::7]:
        values = []
        with search.quiet():
            for arguments in inputs:
                try:
                    values.append(
                        search.whole(solution.run(arguments, {variant.step: variant.code}))
                    )
                except Exception:
                    values.append(search.FAILED)
        if not all(v is search.FAILED or same(v, v) for v in values):
            continue  # a dict of functions, say
        if all(v is search.FAILED for v in values):
            continue
        if all(v is not search.FAILED and same(v, r) for v, r in zip(values, right, strict=True)):
            continue
        found = search.one_change(solution, inputs, values)
        assert found is not None, variant.words
        tried += 1
    assert tried > 5


def test_the_search_changes_no_input_and_no_solution():
    exercise = EXERCISES["4.E"]
    before = repr(exercise.hidden)
    verdict(exercise, lambda W, b, g, X: ({1: X}, {0: X}))
    verdict(exercise, lambda W, b, g, X: (dict.fromkeys(W, X), dict.fromkeys([0, *W], X)))
    assert repr(exercise.hidden) == before
    assert "✓ right" in verdict(exercise, exercise.reference)


# What a beginner types, and what is said.


def g00_a(W, X, b):
    Z = W @ X
    return Z - b


def g00_d(f, x, h):
    slopes = np.zeros(x.shape)
    for k in np.ndindex(x.shape):
        up = x.astype(float)
        up[k] += h
        down = x.astype(float)
        down[k] -= h
        slopes[k] = (f(up) - f(down)) / h
    return slopes


def g01_d_two(Z, Y):
    A = 1 / (1 + exp(-Z))
    dZ = Y - A
    return dZ / Z.shape[0]


def g01_h_fresh(W, b, X, Y, lr):
    m = X.shape[1]
    A = sigmoid(W @ X + b)
    dZ = (A - Y) / m
    W = W - lr * dZ @ X.T
    A = sigmoid(W @ X + b)
    dZ = (A - Y) / m
    b = b - lr * dZ.sum(axis=1, keepdims=True)
    return W, b


def g01_h_up(W, b, X, Y, lr):
    m = X.shape[1]
    dZ = (sigmoid(W @ X + b) - Y) / m
    dW = dZ @ X.T
    db = dZ.sum(axis=1, keepdims=True)
    return W + lr * dW, b - lr * db


def g04_b(W, A_before, dZ):
    dW = dZ @ A_before.T
    db = dZ.sum(axis=0, keepdims=True)
    return W.T @ dZ, dW, db


def g04_e(W, b, g, X):
    Z, A = {}, {0: X}
    for l in range(1, len(W) + 1):
        Z[l] = W[l] @ A[l - 1] - b[l]
        A[l] = g[l](Z[l])
    return Z, A


def g04_f(W, g, Z, A, dA_L):
    dW, db = {}, {}
    dA = dA_L
    for l in range(len(W), 0, -1):
        dZ = g[l].vjp(Z[l], dA)
        dW[l] = dZ @ A[l - 1].T
        db[l] = dZ.mean(axis=1, keepdims=True)
        dA = W[l].T @ dZ
    return dW, db


def g05_d_chain(W2, X, A1, A2, Y):
    m = Y.shape[1]
    dZ2 = A2 - Y
    dW2 = dZ2 @ A1.T / m
    db2 = dZ2.sum(axis=1, keepdims=True) / m
    dZ1 = (W2.T @ dZ2) * (1 - A1**2)
    dW1 = dZ1 @ X.T
    db1 = dZ1.sum(axis=1, keepdims=True)
    return dW1, db1, dW2, db2


def g05_d_square(W2, X, A1, A2, Y):
    m = Y.shape[1]
    dZ2 = (A2 - Y) / m
    dZ1 = (W2.T @ dZ2) * (1 - A1) ** 2
    return (
        dZ1 @ X.T,
        dZ1.sum(axis=1, keepdims=True),
        dZ2 @ A1.T,
        dZ2.sum(axis=1, keepdims=True),
    )


def g05_a(W2, x, a1, s1, a2, y):
    dz2 = a2 - y
    dz1 = (W2.T @ dz2) + s1
    return dz1 @ x.T, dz1, dz2 @ a1.T, dz2


ANSWERS = [
    ("0.A", lambda W, X, b: W @ X * b, "factor|multiplies|place"),
    ("0.A", g00_a, "b is subtracted|sign"),
    ("0.A", lambda W, X, b: relu(W @ X + b), "above 0"),
    ("0.A", lambda W, X, b: (W @ X + b).round(1), "rounded to 1 decimals"),
    (
        "0.B",
        lambda x: (5 - 3 * x) ** 2 * 2 * x + x**2 * 2 * (5 - 3 * x) * 3,
        "sign|path|−3|minus|-3",
    ),
    (
        "0.B",
        lambda x: (5 - 3 * x) ** 2 * 2 + x**2 * 2 * (5 - 3 * x) * -3,
        "x is missing|factor|slope",
    ),
    ("0.C", lambda f, x, h: (f(x + h) - f(x - h)) / (4 * h), "half the right one|factor|number"),
    ("0.C", lambda f, x, h: (f(x + 2 * h) - f(x - h)) / (3 * h), "."),
    ("0.C", lambda f, x, h: (f(x) - f(x - h)) / h, "backward|one side|forward"),
    ("0.D", g00_d, "Twice"),
    (
        "0.E",
        lambda g, truth: np.max(np.abs(g - truth)) / np.max(np.abs(g)),
        "truth|place|larger|g ",
    ),
    ("0.E", lambda g, truth: np.max(g - truth) / np.max(np.abs(truth)), "abs|sign"),
    ("0.E", lambda g, truth: np.sum(np.abs(g - truth)) / np.max(np.abs(truth)), "sum|max"),
    ("0.E", lambda g, truth: np.max(np.abs(g - truth)), "divi|relative|size"),
    ("1.A", lambda z: sigmoid(z) * sigmoid(z), "σ\\(z\\)²"),
    ("1.A", lambda z: sigmoid(z) - sigmoid(z) ** 3, "power|number|place"),
    ("1.A", lambda z: 2 * sigmoid(z) * (1 - sigmoid(z)), "twice the right one|at `2 \\* sigmoid"),
    ("1.A", lambda z: sigmoid(z) * (1 + sigmoid(z)), "added|sign|place"),
    ("1.A", lambda z: -sigmoid(z) * (1 - sigmoid(z)), "sign"),
    ("1.B", lambda a, y: -y * log(a) - y * log(1 - a), "1 \\* y stands"),
    ("1.B", lambda a, y: y * log(a) - (1 - y) * log(1 - a), "sign|minus"),
    ("1.B", lambda a, y: -y * log(a) - (1 - y) * log(a), "1 - a|1 − a|place|name|log"),
    ("1.B", lambda a, y: -np.log10(a) * y - (1 - y) * np.log10(1 - a), "base 10|log10"),
    ("1.C", lambda a, y: (a - y) / (a * (1 + a)), "sign|added|place"),
    ("1.C", lambda a, y: (a - y) / a * (1 - a), "brackets|multiplied|factor"),
    ("1.C", lambda a, y: (a - y) * (a * (1 - a)), "multiplied|divid|place"),
    ("1.C", lambda a, y: -y / a + (1 - y) / (1 - a) + 1, "1 plus the right result|A term"),
    ("1.D", g01_d_two, "Two slips|sign|rows"),
    ("1.D", lambda Z, Y: (sigmoid(Z) - Y) / Z.size, "size|every entry|entries|rows"),
    ("1.D", lambda Z, Y: (sigmoid(Z) - Y) / 3, "fixed number 3|without the factor|place"),
    ("1.D", lambda Z, Y: np.abs(sigmoid(Z) - Y) / Z.shape[1], "abs|sign"),
    ("1.D", lambda Z, Y: (sigmoid(Z) - Y) / Z.shape[1] ** 2, "twice|too small|square"),
    ("1.E", lambda dZ, X: (dZ @ X.T) ** 2, "square"),
    ("1.E", lambda dZ, X: dZ @ X.T / dZ.shape[0], "rows"),
    ("1.E", lambda dZ, X: dZ.mean() * X.sum(), "shape|one number"),
    ("1.F", lambda dZ: dZ.max(axis=1, keepdims=True), "max"),
    ("1.F", lambda dZ: -dZ.sum(axis=1, keepdims=True), "sign"),
    ("1.F", lambda dZ: dZ[:, :1], "first example"),
    ("1.G", lambda Z, Y: np.mean(np.logaddexp(0, Z) + Y * Z), "sign|added"),
    ("1.H", g01_h_up, "W goes uphill"),
    ("1.H", lambda W, b, X, Y, lr: (lr * W, lr * b), "."),
    ("4.A", lambda W, dZ: np.tanh(W.T @ dZ), "tanh"),
    ("4.A", lambda W, dZ: (W.T @ dZ) / dZ.shape[1], "too small|divided|1/m"),
    ("4.B", g04_b, "db"),
    ("4.B", lambda W, A, dZ: (W.T @ dZ, dZ @ A.T * 2, dZ.sum(1, keepdims=True)), "dW.*twice"),
    ("4.D", lambda Z, Y: (np.tanh(Z) - Y) * (1 - np.tanh(Z) ** 2), "1/m|m times|division|without"),
    ("4.D", lambda Z, Y: (np.tanh(Z) - Y) / Z.shape[1] * (1 - np.tanh(Z)), "square|power|place"),
    ("4.D", lambda Z, Y: 2 * (np.tanh(Z) - Y) / Z.shape[1] * (1 - np.tanh(Z) ** 2), "2"),
    ("4.E", g04_e, "subtracted|sign"),
    ("4.F", g04_f, "mean"),
    ("4.G", lambda W, A, dZ: (dZ @ W, dZ.T @ A, dZ.mean(axis=0)), "db.*mean|mean"),
    ("5.A", g05_a, "added|dz1|\\+"),
    ("5.B", lambda Z: (1 - np.tanh(Z)) ** 2, "whole bracket is squared"),
    ("5.B", lambda Z: 1 + np.tanh(Z) ** 2, "added|sign|plus"),
    ("5.B", lambda Z: np.tanh(Z) * (1 - np.tanh(Z)), "sigmoid"),
    ("5.D", g05_d_chain, "dA1 is multiplied by the number of columns"),
    ("5.D", g05_d_square, "\\(1 − A1\\)²|brackets|place|dW2 and db2 are right"),
    ("5.E", lambda w1, w2, b, x1: (w1 * x1 + b) / w2, "sign|minus"),
    ("5.E", lambda w1, w2, b, x1: -(w1 * x1 + b) * w2, "multiplied|divid|place"),
    ("5.F", lambda A2, Y: np.mean((A2 > 0.5) != Y), "wrong|!=|1 minus|opposite|mistakes"),
    ("5.F", lambda A2, Y: np.sum((A2 > 0.5) == Y), "sum|count|number|times"),
    ("5.F", lambda A2, Y: 100 * np.mean((A2 > 0.5) == Y), "100"),
]
VAGUE = ("first wrong number", "stopped with")


@pytest.mark.parametrize(
    ("id", "answer", "reason"), ANSWERS, ids=[f"{id}-{k}" for k, (id, *_) in enumerate(ANSWERS)]
)
def test_a_mistake_is_named(id, answer, reason):
    said = verdict(EXERCISES[id], answer)
    assert said.startswith(f"{id} ✗"), said
    if reason != ".":
        assert not any(vague in said for vague in VAGUE), said
    assert re.search(reason, said), said


def without_source(text, **names):
    """Return a function that cannot be read, only run."""
    space = {"np": np, **names}
    exec(text, space)
    return space["answer"]


def test_follow_through_goes_on_from_the_learners_own_values():
    said = verdict(
        EXERCISES["6.C"],
        without_source(
            "def answer(W3, A2, Yhat, Y):\n"
            "    delta3 = np.sin(Yhat - Y)\n"
            "    return delta3, delta3 @ A2.T, delta3.sum(axis=1, keepdims=True), W3.T @ delta3"
        ),
    )
    assert "The first wrong one is delta3" in said
    assert "From your delta3 on, everything is right." in said


def test_an_answer_of_two_independent_mistakes_is_told_both():
    said = verdict(
        EXERCISES["6.C"],
        without_source(
            "def answer(W3, A2, Yhat, Y):\n"
            "    delta3 = (Yhat - Y) / Y.shape[1]\n"
            "    db3 = delta3.sum(axis=1, keepdims=True)\n"
            "    return delta3, delta3 @ A2.T * np.pi, db3, -W3.T @ delta3"
        ),
    )
    assert "delta3 and db3 are right" in said
    assert "The first wrong one is dW3: every number is 3.14159 times the right one" in said
    assert "dA2 is wrong by itself: this is what comes out when dA2 has the wrong sign" in said


# The parts by themselves.


def test_the_one_wrong_place_is_a_line_of_the_answer():
    def answer(dZ):
        rows = dZ
        db = np.sum(rows, axis=0, keepdims=True)
        return db

    exercise = EXERCISES["1.F"]
    inputs = [arguments for arguments, _ in exercise.hidden]
    right = [outcome.value for outcome in results(exercise.reference, exercise)]
    said = repair.one_place(answer, inputs, right)
    assert "in line 3 of your function, at `np.sum(rows, axis=0, keepdims=True)`" in said
    assert "Over which axis" in said
    assert repair.one_place(exercise.reference, inputs, [r + 1 for r in right]) == ""


def test_the_source_of_a_lambda_is_found_among_others():
    trees = [repair.source_of(f) for f in (lambda a: a + 1, lambda a: a * 2)]
    assert [ast.unparse(tree.body[0]) for tree in trees] == ["return a + 1", "return a * 2"]
    assert repair.source_of(eval("lambda a: a")) is None
    assert repair.source_of(np.sum) is None


KNOWN = [{"X": np.ones((2, m)), "lr": 0.1 * m} for m in (2, 3, 5)]
RIGHT = [np.arange(1.0, 1 + 2 * m).reshape(2, m) - 2.6 + 1e-9 for m in (2, 3, 5)]


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (lambda y, m: -y, "wrong sign"),
        (lambda y, m: 100 * y, "100 times too large"),
        (lambda y, m: y * m, "the number of columns of X times too large"),
        (lambda y, m: y / m, "the number of columns of X times too small"),
        (lambda y, m: y * m / 4, "divided by the fixed number 4 where the number of columns of X"),
        (lambda y, m: y + 7, "off by the same \\+7"),
        (lambda y, m: y + 0.1 * m, "but lr is added as well"),
        (lambda y, m: np.exp(y), "the exponential of the right result"),
        (lambda y, m: np.abs(y), "without its signs"),
        (lambda y, m: y + 1e-5 * y**2, "right to about"),
        (lambda y, m: np.ones((2, m)), "Your result is X itself"),
        (lambda y, m: np.where(y < 0, 0, y), "everything below 0 cut off"),
        (lambda y, m: np.where(np.arange(m) > 0, y, 9), "except in the first column"),
        (lambda y, m: y if m == 3 else y**3, "right only where X has 3 columns"),
        (lambda y, m: np.ones((2, m)) - 0.5 * y, "Yours is X minus 0.5 times the right result"),
        (lambda y, m: y.sum(), "the sum of all entries of the right result"),
        (lambda y, m: np.cos(y), "^$"),
    ],
)
def test_a_relation(change, says):
    mine = [change(y, y.shape[1]) for y in RIGHT]
    assert re.search(says, relations.relation(mine, RIGHT, KNOWN))


def test_a_relation_holds_on_every_input_or_is_not_told():
    mine = [-y for y in RIGHT]
    mine[1] = RIGHT[1]
    assert "sign" not in relations.relation(mine, RIGHT, KNOWN)


def test_the_solutions_of_slopes_agree_with_a_complex_step():
    """The written-out forms are held against the definition, not only against the package."""
    z = np.array([0.3, -1.2])
    for f, slope in ((sigmoid, SOLUTIONS["1.A"][0]), (np.tanh, SOLUTIONS["5.B"][0])):
        truth = [complex_step(lambda t, f=f: f(t), x) for x in z]
        assert np.allclose(slope(z), truth, rtol=1e-13, atol=0)
