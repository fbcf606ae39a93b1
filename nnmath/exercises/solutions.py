"""The right answers written out step by step, as a learner writes them, in plain numpy.

`nnmath.exercises.search` changes them in small places to find out which mistake an answer makes. So
a step has the name that the notebook gives it, each result is computed before it is returned, and
an answer that people write in different ways stands here in each of them. A test compares every one
with the reference of its exercise.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from nnmath.activations import relu, sigmoid, softmax

Array = Any
Function = Callable[..., Any]


# Notebook 00.


def layer(W: Array, X: Array, b: Array) -> Array:
    Z = W @ X + b
    return Z


def two_paths(x: float) -> float:
    u = x**2
    v = 5 - 3 * x
    along_u = v**2 * 2 * x
    along_v = u * 2 * v * -3
    dJ_dx = along_u + along_v
    return dJ_dx


def two_paths_with_slopes(x: float) -> float:
    u = x**2
    v = 5 - 3 * x
    dJ_du = v**2
    dJ_dv = 2 * u * v
    du_dx = 2 * x
    dv_dx = -3
    dJ_dx = dJ_du * du_dx + dJ_dv * dv_dx
    return dJ_dx


def central(f: Function, x: float, h: float) -> float:
    above = f(x + h)
    below = f(x - h)
    slope = (above - below) / (2 * h)
    return slope


def gradient(f: Function, x: Array, h: float) -> Array:
    slopes = np.zeros(x.shape)
    for k in np.ndindex(x.shape):
        up = x.astype(float)
        down = x.astype(float)
        up[k] += h
        down[k] -= h
        slopes[k] = (f(up) - f(down)) / (2 * h)
    return slopes


def relative_error(g: Array, truth: Array) -> float:
    difference = np.max(np.abs(g - truth))
    size = np.max(np.abs(truth))
    error = difference / size
    return error


# Notebook 01.


def sigmoid_prime(z: Array) -> Array:
    a = sigmoid(z)
    slope = a * sigmoid(-z)
    return slope


def sigmoid_prime_by_a(z: Array) -> Array:
    a = sigmoid(z)
    slope = a * (1 - a)
    return slope


def loss(a: Array, y: Array) -> Array:
    return -(y * np.log(a) + (1 - y) * np.log(1 - a))


def loss_in_two_terms(a: Array, y: Array) -> Array:
    return -y * np.log(a) - (1 - y) * np.log(1 - a)


def loss_slope(a: Array, y: Array) -> Array:
    return -y / a + (1 - y) / (1 - a)


def loss_slope_in_one(a: Array, y: Array) -> Array:
    return (a - y) / (a * (1 - a))


def dZ_of_a_batch(Z: Array, Y: Array) -> Array:
    A = sigmoid(Z)
    m = Z.shape[1]
    dZ = (A - Y) / m
    return dZ


def weights_slope(dZ: Array, X: Array) -> Array:
    dW = dZ @ X.T
    return dW


def bias_slope(dZ: Array) -> Array:
    db = np.sum(dZ, axis=1, keepdims=True)
    return db


def cost_from_logits(Z: Array, Y: Array) -> Array:
    m = Z.shape[1]
    losses = np.maximum(Z, 0) - Y * Z + np.log1p(np.exp(-np.abs(Z)))
    J = np.sum(losses) / m
    return J


def one_step(W: Array, b: Array, X: Array, Y: Array, lr: float) -> tuple[Array, Array]:
    m = X.shape[1]
    Z = W @ X + b
    A = sigmoid(Z)
    dZ = (A - Y) / m
    dW = dZ @ X.T
    db = np.sum(dZ, axis=1, keepdims=True)
    new_W = W - lr * dW
    new_b = b - lr * db
    return new_W, new_b


# Notebook 02.


def softmax_of_a_batch(Z: Array) -> Array:
    M = np.max(Z, axis=0, keepdims=True)
    E = np.exp(Z - M)
    total = np.sum(E, axis=0, keepdims=True)
    A = E / total
    return A


def jacobian(a: Array) -> Array:
    diagonal = np.diagflat(a)
    outer = a @ a.T
    return diagonal - outer


def jacobian_by_the_bracket(a: Array) -> Array:
    same = np.eye(len(a))
    return a * (same - a.T)


def mean_loss(A: Array, Y: Array) -> Array:
    m = A.shape[1]
    losses = -np.sum(Y * np.log(A), axis=0)
    J = np.sum(losses) / m
    return J


def through_softmax(A: Array, dA: Array) -> Array:
    inner = np.sum(A * dA, axis=0, keepdims=True)
    dZ = A * (dA - inner)
    return dZ


def dZ_of_softmax(Z: Array, Y: Array) -> Array:
    A = softmax(Z)
    m = Z.shape[1]
    s = np.sum(Y, axis=0, keepdims=True)
    dZ = (s * A - Y) / m
    return dZ


def dZ_of_softmax_plain(Z: Array, Y: Array) -> Array:
    M = np.max(Z, axis=0, keepdims=True)
    E = np.exp(Z - M)
    A = E / np.sum(E, axis=0, keepdims=True)
    m = Z.shape[1]
    s = np.sum(Y, axis=0, keepdims=True)
    dZ = (s * A - Y) / m
    return dZ


def softmax_cost_from_logits(Z: Array, Y: Array) -> Array:
    m = Z.shape[1]
    M = np.max(Z, axis=0, keepdims=True)
    total = np.sum(np.exp(Z - M), axis=0, keepdims=True)
    lse = M + np.log(total)
    s = np.sum(Y, axis=0, keepdims=True)
    J = np.sum(s * lse - np.sum(Y * Z, axis=0, keepdims=True)) / m
    return J


def softmax_cost_by_log_a(Z: Array, Y: Array) -> Array:
    m = Z.shape[1]
    M = np.max(Z, axis=0, keepdims=True)
    total = np.sum(np.exp(Z - M), axis=0, keepdims=True)
    log_A = Z - M - np.log(total)
    J = -np.sum(Y * log_A) / m
    return J


def last_layer(W: Array, b: Array, X: Array, Y: Array) -> tuple[Array, Array]:
    m = X.shape[1]
    Z = W @ X + b
    A = softmax(Z)
    dZ = (A - Y) / m
    dW = dZ @ X.T
    db = np.sum(dZ, axis=1, keepdims=True)
    return dW, db


# Notebook 03.


def relu_prime(Z: Array) -> Array:
    return (Z > 0) * 1.0


def forward_three(
    W1: Array, b1: Array, W2: Array, b2: Array, W3: Array, b3: Array, X: Array
) -> Array:
    Z1 = W1 @ X + b1
    A1 = relu(Z1)
    Z2 = W2 @ A1 + b2
    A2 = relu(Z2)
    Z3 = W3 @ A2 + b3
    A3 = softmax(Z3)
    return A3


def pass_back(W: Array, dZ: Array, Z: Array) -> Array:
    dA = W.T @ dZ
    mask = (Z > 0) * 1.0
    return dA * mask


def pass_back_in_one(W: Array, dZ: Array, Z: Array) -> Array:
    return (W.T @ dZ) * (Z > 0)


def backward_three(
    W2: Array, W3: Array, X: Array, Z1: Array, Z2: Array, A3: Array, Y: Array
) -> tuple[Array, ...]:
    m = Y.shape[1]
    A1 = relu(Z1)
    A2 = relu(Z2)
    dZ3 = (A3 - Y) / m
    dW3 = dZ3 @ A2.T
    db3 = np.sum(dZ3, axis=1, keepdims=True)
    dA2 = W3.T @ dZ3
    dZ2 = dA2 * (Z2 > 0)
    dW2 = dZ2 @ A1.T
    db2 = np.sum(dZ2, axis=1, keepdims=True)
    dA1 = W2.T @ dZ2
    dZ1 = dA1 * (Z1 > 0)
    dW1 = dZ1 @ X.T
    db1 = np.sum(dZ1, axis=1, keepdims=True)
    return dW1, db1, dW2, db2, dW3, db3


def two_layers_step(
    W2: Array, b2: Array, W3: Array, b3: Array, A1: Array, Y: Array, lr: float
) -> tuple[Array, Array]:
    m = Y.shape[1]
    Z2 = W2 @ A1 + b2
    A2 = relu(Z2)
    Z3 = W3 @ A2 + b3
    A3 = softmax(Z3)
    dZ3 = (A3 - Y) / m
    dW3 = dZ3 @ A2.T
    dA2 = W3.T @ dZ3
    dZ2 = dA2 * (Z2 > 0)
    dW2 = dZ2 @ A1.T
    new_W2 = W2 - lr * dW2
    new_W3 = W3 - lr * dW3
    return new_W2, new_W3


def dead_share(Z: Array) -> Array:
    dead = np.all(Z <= 0, axis=1)
    share = np.mean(dead)
    return share


def share_of_right_answers(A: Array, Y: Array) -> Array:
    said = np.argmax(A, axis=0)
    true = np.argmax(Y, axis=0)
    share = np.mean(said == true)
    return share


# Notebook 04.


def through_weights(W: Array, dZ: Array) -> Array:
    dA = W.T @ dZ
    return dA


def layer_backward(W: Array, A_before: Array, dZ: Array) -> tuple[Array, Array, Array]:
    dA_before = W.T @ dZ
    dW = dZ @ A_before.T
    db = np.sum(dZ, axis=1, keepdims=True)
    return dA_before, dW, db


def squared_error_behind_tanh(Z: Array, Y: Array) -> Array:
    A = np.tanh(Z)
    m = Z.shape[1]
    dA = (A - Y) / m
    dZ = dA * (1 - A**2)
    return dZ


def forward(W: Mapping, b: Mapping, g: Mapping, X: Array) -> tuple[dict, dict]:
    Z = {}
    A = {0: X}
    for l in range(1, len(W) + 1):
        Z[l] = W[l] @ A[l - 1] + b[l]
        A[l] = g[l](Z[l])
    return Z, A


def backward(W: Mapping, g: Mapping, Z: Mapping, A: Mapping, dA_L: Array) -> tuple[dict, dict]:
    dW = {}
    db = {}
    dA = dA_L
    for l in range(len(W), 0, -1):
        dZ = g[l].vjp(Z[l], dA)
        dW[l] = dZ @ A[l - 1].T
        db[l] = np.sum(dZ, axis=1, keepdims=True)
        dA = W[l].T @ dZ
    return dW, db


def rows_backward(W: Array, A_before: Array, dZ: Array) -> tuple[Array, Array, Array]:
    dA_before = dZ @ W
    dW = dZ.T @ A_before
    db = np.sum(dZ, axis=0)
    return dA_before, dW, db


# Notebook 05.


def one_point(
    W2: Array, x: Array, a1: Array, s1: Array, a2: Array, y: Array
) -> tuple[Array, Array, Array, Array]:
    dz2 = a2 - y
    dW2 = dz2 @ a1.T
    db2 = dz2
    da1 = W2.T @ dz2
    dz1 = da1 * s1
    dW1 = dz1 @ x.T
    db1 = dz1
    return dW1, db1, dW2, db2


def tanh_prime(Z: Array) -> Array:
    A = np.tanh(Z)
    return 1 - A**2


def forward_two(W1: Array, b1: Array, W2: Array, b2: Array, X: Array) -> Array:
    Z1 = W1 @ X + b1
    A1 = np.tanh(Z1)
    Z2 = W2 @ A1 + b2
    A2 = sigmoid(Z2)
    return A2


def backward_two(W2: Array, X: Array, A1: Array, A2: Array, Y: Array) -> tuple[Array, ...]:
    m = Y.shape[1]
    dZ2 = (A2 - Y) / m
    dW2 = dZ2 @ A1.T
    db2 = np.sum(dZ2, axis=1, keepdims=True)
    dA1 = W2.T @ dZ2
    dZ1 = dA1 * (1 - A1**2)
    dW1 = dZ1 @ X.T
    db1 = np.sum(dZ1, axis=1, keepdims=True)
    return dW1, db1, dW2, db2


def line_height(w1: float, w2: float, b: float, x1: float) -> float:
    return -(w1 * x1 + b) / w2


def line_height_in_two_terms(w1: float, w2: float, b: float, x1: float) -> float:
    return -w1 / w2 * x1 - b / w2


def share_right(A2: Array, Y: Array) -> Array:
    said = A2 > 0.5
    share = np.mean(said == Y)
    return share


# Notebook 06.


def output_slope(Yhat: Array, Y: Array) -> Array:
    m = Y.shape[1]
    dA = -Y / Yhat
    return dA / m


def output_layer(W3: Array, A2: Array, Yhat: Array, Y: Array) -> tuple[Array, ...]:
    m = Y.shape[1]
    delta3 = (Yhat - Y) / m
    dW3 = delta3 @ A2.T
    db3 = np.sum(delta3, axis=1, keepdims=True)
    dA2 = W3.T @ delta3
    return delta3, dW3, db3, dA2


def hidden_layer(W2: Array, A2: Array, Y: Array, slope: Array, X: Array) -> tuple[Array, Array]:
    dz2 = A2 - Y
    da1 = W2.T @ dz2
    dz1 = da1 * slope
    dW1 = dz1 @ X.T
    db1 = dz1
    return dW1, db1


def output_error(A: Array, T: Array) -> Array:
    N = T.shape[1]
    delta = (A - T) / (A * (1 - A))
    return delta / N


def weights_of_layer(
    Delta: Array,
    slope: Array,
    A_before: Array,
    A_after: Array,  # noqa: ARG001 (a learner must choose)
) -> Array:
    H = Delta * slope
    dW = H @ A_before.T
    return dW


def last_hidden(H: Array, W: Array, slope: Array, A: Array) -> Array:
    Delta = W.T @ H
    H_before = Delta * slope
    dW = H_before @ A.T
    return dW


def section_six(W2: Array, A1: Array, A2: Array, X: Array, Y: Array) -> tuple[Array, ...]:
    m = Y.shape[1]
    H2 = (A2 - Y) / m
    dW2 = H2 @ A1.T
    db2 = np.sum(H2, axis=1, keepdims=True)
    Delta1 = W2.T @ H2
    H1 = Delta1 * (1 - A1**2)
    dW1 = H1 @ X.T
    db1 = np.sum(H1, axis=1, keepdims=True)
    return dW1, db1, dW2, db2


# Notebook 07.


def matmul_pull(A: Array, B: Array, dC: Array) -> tuple[Array, Array]:
    dA = dC @ B.T
    dB = A.T @ dC
    return dA, dB


def tanh_pull(A: Array, dA: Array) -> Array:
    slope = 1 - A**2
    return dA * slope


def unbroadcast(d: Array, v: Array) -> Array:
    dv = d
    for axis in (0, 1):
        if v.shape[axis] < d.shape[axis]:
            dv = np.sum(dv, axis=axis, keepdims=True)
    return dv


def collect(grad: Array, parents: Array, shares: Array) -> Array:
    new = grad.copy()
    for k in range(len(parents)):
        new[parents[k]] += shares[k]
    return new


SOLUTIONS: Mapping[str, tuple[Function, ...]] = {
    "0.A": (layer,),
    "0.B": (two_paths_with_slopes, two_paths),
    "0.C": (central,),
    "0.D": (gradient,),
    "0.E": (relative_error,),
    "1.A": (sigmoid_prime_by_a, sigmoid_prime),
    "1.B": (loss, loss_in_two_terms),
    "1.C": (loss_slope, loss_slope_in_one),
    "1.D": (dZ_of_a_batch,),
    "1.E": (weights_slope,),
    "1.F": (bias_slope,),
    "1.G": (cost_from_logits,),
    "1.H": (one_step,),
    "2.A": (softmax_of_a_batch,),
    "2.B": (jacobian, jacobian_by_the_bracket),
    "2.C": (mean_loss,),
    "2.D": (through_softmax,),
    "2.E": (dZ_of_softmax, dZ_of_softmax_plain),
    "2.F": (softmax_cost_from_logits, softmax_cost_by_log_a),
    "2.G": (last_layer,),
    "3.A": (relu_prime,),
    "3.B": (forward_three,),
    "3.C": (pass_back, pass_back_in_one),
    "3.D": (backward_three,),
    "3.E": (two_layers_step,),
    "3.F": (dead_share,),
    "3.G": (share_of_right_answers,),
    "4.A": (through_weights,),
    "4.B": (layer_backward,),
    "4.C": (through_softmax,),
    "4.D": (squared_error_behind_tanh,),
    "4.E": (forward,),
    "4.F": (backward,),
    "4.G": (rows_backward,),
    "5.A": (one_point,),
    "5.B": (tanh_prime,),
    "5.C": (forward_two,),
    "5.D": (backward_two,),
    "5.E": (line_height, line_height_in_two_terms),
    "5.F": (share_right,),
    "6.A": (output_slope,),
    "6.B": (jacobian, jacobian_by_the_bracket),
    "6.C": (output_layer,),
    "6.D": (hidden_layer,),
    "6.E": (output_error,),
    "6.F": (weights_of_layer,),
    "6.G": (last_hidden,),
    "6.H": (section_six,),
    "7.A": (matmul_pull,),
    "7.B": (unbroadcast,),
    "7.C": (tanh_pull,),
    "7.E": (collect,),
}
