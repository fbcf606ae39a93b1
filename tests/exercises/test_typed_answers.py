"""Wrong answers as beginners type them: each verdict must name the mistake that was made.

They were written before the catalogue of these exercises was read. `says` is what a true reason
cannot do without, and `never` what would be another mistake than the one made.
"""

import re

import numpy as np
import pytest

from nnmath.activations import sigmoid
from nnmath.exercises import EXERCISES
from nnmath.exercises.verdicts import verdict

TYPED = []


def typed(exercise, says, never="first wrong number"):
    """Collect an answer with what its verdict must say."""

    def collect(answer):
        TYPED.append((exercise, says, never, answer))
        return answer

    return collect


# ruff: noqa: F811, ARG001


@typed("0.A", r"\* |entry by entry|@|fit")
def layer(W, X, b):
    return W * X + b


@typed("0.A", r"order|changed places|swapped|fit|W @ X")
def layer(W, X, b):
    return X @ W + b


@typed("0.A", r"b\b.*(missing|left out|forgotten)|without.*b|term b")
def layer(W, X, b):
    return W @ X


@typed("0.A", r"b.T|transpose|fit|row")
def layer(W, X, b):
    return W @ X + b.T


@typed("0.A", r"minus|subtract|sign")
def layer(W, X, b):
    return W @ X - b


@typed("0.A", r"bias|brackets|b .*(first|before)|fit|X \+ b")
def layer(W, X, b):
    return W @ (X + b)


@typed("0.B", r"v|path|product|other")
def slope(x):
    v = 5 - 3 * x
    return v**2 * 2 * x


@typed("0.B", r"sign|−3|-3|minus")
def slope(x):
    u = x**2
    v = 5 - 3 * x
    return v**2 * 2 * x + u * 2 * v * 3


@typed("0.B", r"−3|-3|factor|inner|chain|slope of v|dv")
def slope(x):
    u = x**2
    v = 5 - 3 * x
    return v**2 * 2 * x + u * 2 * v


@typed("0.B", r"itself|J|value|not its slope")
def slope(x):
    u = x**2
    v = 5 - 3 * x
    return u * v**2


@typed("0.C", r"2|half|twice|distance")
def central(f, x, h):
    return (f(x + h) - f(x - h)) / h


@typed("0.C", r"bracket|divides")
def central(f, x, h):
    return (f(x + h) - f(x - h)) / 2 * h


@typed("0.C", r"forward|one side|one-sided")
def central(f, x, h):
    return (f(x + h) - f(x)) / h


@typed("0.C", r"bracket|divi|first")
def central(f, x, h):
    return f(x + h) - f(x - h) / (2 * h)


@typed("0.C", r"\+|sum|add")
def central(f, x, h):
    return (f(x + h) + f(x - h)) / (2 * h)


@typed("0.D", r"all|every|once|entry|same|one (by one|at a time)")
def gradient(f, x, h):
    return (f(x + h) - f(x - h)) / (2 * h) * np.ones(x.shape)


@typed("0.D", r"changed the x|copy|restore|put back|place|back|down.* missing")
def gradient(f, x, h):
    slopes = np.zeros(x.shape)
    for k in np.ndindex(x.shape):
        x[k] += h
        above = f(x)
        x[k] -= h
        below = f(x)
        slopes[k] = (above - below) / (2 * h)
    return slopes


@typed("0.D", r"return|first|loop")
def gradient(f, x, h):
    slopes = np.zeros(x.shape)
    for k in np.ndindex(x.shape):
        up, down = x.copy(), x.copy()
        up[k] += h
        down[k] -= h
        slopes[k] = (f(up) - f(down)) / (2 * h)
        return slopes


@typed("0.E", r"abs|sign|size")
def error(g, truth):
    return np.max(g - truth) / np.max(np.abs(truth))


@typed("0.E", r"mean|average|largest|max")
def error(g, truth):
    return np.mean(np.abs(g - truth)) / np.mean(np.abs(truth))


@typed("0.E", r"each|entry|own|before|one by one")
def error(g, truth):
    return np.max(np.abs(g - truth) / np.abs(truth))


@typed("0.E", r"relative|divi")
def error(g, truth):
    return np.abs(g - truth).max()


@typed("1.A", r"sigmoid itself|sigmoid.*not its slope|a\b.*missing|σ")
def prime(z):
    return sigmoid(z)


@typed("1.A", r"bracket")
def prime(z):
    a = sigmoid(z)
    return a * 1 - a


@typed("1.A", r"z|sigmoid.*missing|not of z|σ")
def prime(z):
    return z * (1 - z)


@typed("1.A", r"tanh|square|\*\*2|²")
def prime(z):
    a = sigmoid(z)
    return 1 - a**2


@typed("1.A", r"minus|sign")
def prime(z):
    a = sigmoid(z)
    return a * (a - 1)


@typed("1.B", r"sign|minus")
def loss(a, y):
    return y * np.log(a) + (1 - y) * np.log(1 - a)


@typed("1.B", r"second|1 − y|1 - y|y = 0|term")
def loss(a, y):
    return -y * np.log(a)


@typed("1.B", r"bracket|minus|sign")
def loss(a, y):
    return -y * np.log(a) + (1 - y) * np.log(1 - a)


@typed(
    "1.B",
    r"order|swap|places|a and y|exchang|log y|inf|NaN|logarithm is taken of the target",
)
def loss(a, y):
    return -(a * np.log(y) + (1 - a) * np.log(1 - y))


@typed("1.C", r"a\(1 − a\)|divi|dZ|z\b|logit|factor")
def slope(a, y):
    return a - y


@typed("1.C", r"sign|minus")
def slope(a, y):
    return y / a - (1 - y) / (1 - a)


@typed("1.C", r"sign|minus|inner|chain|subtract|added")
def slope(a, y):
    return -y / a - (1 - y) / (1 - a)


@typed("1.D", r"1/m|mean|number of examples|divi")
def dZ(Z, Y):
    return sigmoid(Z) - Y


@typed("1.D", r"sigmoid|Z itself|A\b")
def dZ(Z, Y):
    return (Z - Y) / Z.shape[1]


@typed("1.D", r"rows|shape\[0\]|units|wrong count")
def dZ(Z, Y):
    return (sigmoid(Z) - Y) / len(Z)


@typed("1.D", r"bracket|Y")
def dZ(Z, Y):
    return sigmoid(Z) - Y / Z.shape[1]


@typed("1.D", r"slope|σ′|sigmoid′|A\(1 − A\)|prime|cancel")
def dZ(Z, Y):
    A = sigmoid(Z)
    return (A - Y) * A * (1 - A) / Z.shape[1]


@typed("1.E", r"transpose")
def dW(dZ, X):
    return X @ dZ.T


@typed("1.E", r"1/m|twice|m times|already|number of examples")
def dW(dZ, X):
    return dZ @ X.T / X.shape[1]


@typed("1.F", r"axis")
def db(dZ):
    return np.sum(dZ, axis=0, keepdims=True)


@typed("1.F", r"everything|one number|axis|all")
def db(dZ):
    return np.sum(dZ)


@typed("1.G", r"overflow|inf|NaN|log1p|large")
def J(Z, Y):
    A = sigmoid(Z)
    return -np.mean(np.sum(Y * np.log(A) + (1 - Y) * np.log(1 - A), axis=0))


@typed("1.H", r"\+|sign|uphill|minus|subtract|add", never="b is right")
def step(W, b, X, Y, lr):
    dZ = (sigmoid(W @ X + b) - Y) / X.shape[1]
    return W + lr * dZ @ X.T, b + lr * dZ.sum(axis=1, keepdims=True)


@typed("1.H", r"1/m|m times|mean|number of|division by m")
def step(W, b, X, Y, lr):
    dZ = sigmoid(W @ X + b) - Y
    return W - lr * dZ @ X.T, b - lr * dZ.sum(axis=1, keepdims=True)


@typed("1.H", r"lr|rate")
def step(W, b, X, Y, lr):
    dZ = (sigmoid(W @ X + b) - Y) / X.shape[1]
    return W - dZ @ X.T, b - dZ.sum(axis=1, keepdims=True)


@typed("1.H", r"after|old|new W|first|before|already|both")
def step(W, b, X, Y, lr):
    dZ = (sigmoid(W @ X + b) - Y) / X.shape[1]
    W = W - lr * dZ @ X.T
    dZ = (sigmoid(W @ X + b) - Y) / X.shape[1]
    b = b - lr * dZ.sum(axis=1, keepdims=True)
    return W, b


@typed("4.A", r"transpose|W\.T|fit|not turned around")
def dA(W, dZ):
    return W @ dZ


@typed("4.B", r"db.*(axis|rows|columns|sum)", never="dW is wrong")
def back(W, A_before, dZ):
    return W.T @ dZ, dZ @ A_before.T, dZ.sum(axis=0, keepdims=True)


@typed("4.B", r"dW.*(number of|1/m|m\b|columns)")
def back(W, A_before, dZ):
    m = dZ.shape[1]
    return W.T @ dZ, dZ @ A_before.T / m, dZ.sum(axis=1, keepdims=True)


@typed("4.C", r"entry|diagonal|sigmoid|others|other classes|1 − A")
def dZ(A, dA):
    return A * (1 - A) * dA


@typed("4.C", r"axis|examples|row")
def dZ(A, dA):
    return A * (dA - np.sum(A * dA, axis=1, keepdims=True))


@typed("4.D", r"slope|tanh|1 − A|prime|g′")
def dZ(Z, Y):
    return (np.tanh(Z) - Y) / Z.shape[1]


@typed("4.D", r"1/m|number of examples|divi")
def dZ(Z, Y):
    A = np.tanh(Z)
    return (A - Y) * (1 - A**2)


@typed("4.E", r"A\[l − 1\]|A\[l\]|X|layer before|every layer")
def forward(W, b, g, X):
    Z, A = {}, {0: X}
    for l in W:
        Z[l] = W[l] @ X + b[l]
        A[l] = g[l](Z[l])
    return Z, A


@typed("4.F", r"\[l\]|A\[l − 1\]|layer|A")
def backward(W, g, Z, A, dA_L):
    dW, db, dA = {}, {}, dA_L
    for l in sorted(W, reverse=True):
        dZ = g[l].vjp(Z[l], dA)
        dW[l] = dZ @ A[l].T
        db[l] = dZ.sum(axis=1, keepdims=True)
        dA = W[l].T @ dZ
    return dW, db


@typed("4.F", r"vjp|activation|g\[l\]|slope|dZ")
def backward(W, g, Z, A, dA_L):
    dW, db, dA = {}, {}, dA_L
    for l in sorted(W, reverse=True):
        dW[l] = dA @ A[l - 1].T
        db[l] = dA.sum(axis=1, keepdims=True)
        dA = W[l].T @ dA
    return dW, db


@typed("4.G", r"db.*(axis|columns|rows)")
def rows(W, A_before, dZ):
    return dZ @ W, dZ.T @ A_before, dZ.sum(axis=1)


@typed("5.A", r"dz1|s1|slope|factor", never="dW2 is wrong")
def one(W2, x, a1, s1, a2, y):
    dz2 = a2 - y
    dz1 = W2.T @ dz2
    return dz1 @ x.T, dz1, dz2 @ a1.T, dz2


@typed("5.B", r"square|\*\*2|²|power")
def prime(Z):
    return 1 - np.tanh(Z)


@typed("5.B", r"tanh|Z itself|of Z")
def prime(Z):
    return 1 - Z**2


@typed("5.C", r"tanh|sigmoid")
def forward(W1, b1, W2, b2, X):
    A1 = np.tanh(W1 @ X + b1)
    return np.tanh(W2 @ A1 + b2)


@typed("5.C", r"tanh|A1|sigmoid")
def forward(W1, b1, W2, b2, X):
    return sigmoid(W2 @ (W1 @ X + b1) + b2)


@typed("5.D", r"1/m|m\b|number of examples")
def backward(W2, X, A1, A2, Y):
    dZ2 = A2 - Y
    dZ1 = (W2.T @ dZ2) * (1 - A1**2)
    return dZ1 @ X.T, dZ1.sum(axis=1, keepdims=True), dZ2 @ A1.T, dZ2.sum(axis=1, keepdims=True)


@typed("5.D", r"A1|slope|square|tanh|1 − A1", never="dW2 is wrong")
def backward(W2, X, A1, A2, Y):
    m = X.shape[1]
    dZ2 = (A2 - Y) / m
    dZ1 = (W2.T @ dZ2) * A1 * (1 - A1)
    return dZ1 @ X.T, dZ1.sum(axis=1, keepdims=True), dZ2 @ A1.T, dZ2.sum(axis=1, keepdims=True)


@typed("5.E", r"sign|minus|b")
def height(w1, w2, b, x1):
    return (-w1 * x1 + b) / w2


@typed("5.E", r"bracket|divi|w2")
def height(w1, w2, b, x1):
    return -w1 * x1 + b / w2


@typed("5.F", r"percent|100")
def share(A2, Y):
    return np.mean((A2 > 0.5) == Y) * 100


@typed("5.F", r"sum|number|count|mean|divi")
def share(A2, Y):
    return np.sum((A2 > 0.5) == Y)


@typed("5.F", r"0\.5|half|border|round|compare|A2")
def share(A2, Y):
    return np.mean(A2 == Y)


NAMES = [f"{id} {k}" for k, (id, *_) in enumerate(TYPED)]


@pytest.mark.parametrize(("exercise", "says", "never", "answer"), TYPED, ids=NAMES)
def test_a_typed_mistake_is_named(exercise, says, never, answer):
    text = verdict(EXERCISES[exercise], answer)
    assert text.startswith(f"{exercise} ✗")
    assert re.search(says, text, re.I), text
    assert not re.search(never, text, re.I), text
