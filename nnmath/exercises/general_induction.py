"""The exercises of notebook 04: one layer backwards, then any number of them.

Conventions. W[l] is (n_l, n_{l-1}), b[l] is (n_l, 1), Z[l] and A[l] are (n_l, m), one column per
example; W, b, g, Z and A are dicts keyed by layer. Only in 4.G are the examples rows. A mistake is
written as the learner would write it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from nnmath.activations import Activation, identity, relu, sigmoid, softmax, tanh
from nnmath.exercises.records import Exercise, Mistake

Rng = np.random.RandomState
Array = Any
Arrays = Mapping[int, Array]
Drawn = tuple[Any, ...]
Made = dict[int, Array]

ACTIVATIONS = (sigmoid, tanh, relu, identity, softmax)

# Hidden inputs: short numbers, so that they can be typed.


def _draw(rng: Rng, lo: float, hi: float, *shape: int) -> Array:
    return np.round(rng.uniform(lo, hi, size=shape), 2)


def _weights_and_gradient(rng: Rng, n: int, n0: int, m: int) -> Drawn:
    return _draw(rng, -2, 2, n, n0), _draw(rng, -1, 1, n, m)


def _layer_and_gradient(rng: Rng, n: int, n0: int, m: int) -> Drawn:
    return _draw(rng, -2, 2, n, n0), _draw(rng, -2, 2, n0, m), _draw(rng, -1, 1, n, m)


def _layer_and_gradient_in_rows(rng: Rng, n: int, n0: int, m: int) -> Drawn:
    return _draw(rng, -2, 2, n, n0), _draw(rng, -2, 2, m, n0), _draw(rng, -1, 1, m, n)


def _probabilities_and_gradient(rng: Rng, n: int, _: int, m: int) -> Drawn:
    return np.round(softmax(rng.uniform(-1, 1, size=(n, m))), 2), _draw(rng, -2, 2, n, m)


def _logits_and_targets(rng: Rng, n: int, _: int, m: int) -> Drawn:
    return _draw(rng, -2, 2, n, m), _draw(rng, -1, 1, n, m)


def _widths(n: int, n0: int, m: int) -> list[int]:
    """Return n_0..n_L for one to four layers, neighbours different unless all sizes are equal."""
    other = n if n == n0 else 14 - n - n0 - m
    return [(n0, n, other)[l % 3] for l in range(2 + (n0 * n + m) % 4)]


def _parameters(rng: Rng, widths: list[int]) -> tuple[Made, Made, dict[int, Activation]]:
    layers = range(1, len(widths))
    W = {l: _draw(rng, -1, 1, widths[l], widths[l - 1]) for l in layers}
    b = {l: _draw(rng, -1, 1, widths[l], 1) for l in layers}
    return W, b, {l: ACTIVATIONS[rng.randint(len(ACTIVATIONS))] for l in layers}


def _network(rng: Rng, n: int, n0: int, m: int) -> Drawn:
    return *_parameters(rng, _widths(n, n0, m)), _draw(rng, -2, 2, n0, m)


def _network_after_its_run(rng: Rng, n: int, n0: int, m: int) -> Drawn:
    W, b, g, X = _network(rng, n, n0, m)
    Z, A = _forward(W, b, g, X)
    shown = ({l: np.round(v, 2) for l, v in values.items()} for values in (Z, A))
    return W, g, *shown, _draw(rng, -1, 1, *A[len(W)].shape)


# 4.A: from dZ of a layer to dA of the layer before it.


def _through_weights(W: Array, dZ: Array) -> Array:
    return W.T @ dZ


THROUGH_WEIGHTS = Exercise(
    "4.A",
    "Back through the weights",
    _through_weights,
    _weights_and_gradient,
    (
        Mistake(
            "no transpose",
            lambda W, dZ: W @ dZ,
            "The weights are not turned around. Forward, W sums over the units of the layer "
            "before; backward, the sum runs over the units of this layer, which are its rows.",
        ),
        Mistake(
            "other order",
            lambda W, dZ: dZ @ W,
            "This multiplies W from the right. There the sum runs over the columns of dZ, which "
            "are examples, and examples must not mix.",
        ),
        Mistake(
            "transposed",
            lambda W, dZ: dZ.T @ W,
            "The numbers are right and lie on their side: this is the transpose. The result has "
            "one row for each unit of the layer before, one column per example.",
        ),
        Mistake(
            "both transposed",
            lambda W, dZ: dZ.T @ W.T,
            "Both factors are turned around and exchanged, which is the transpose of W @ dZ. Only "
            "W is turned around.",
        ),
        Mistake(
            "entry by entry",
            lambda W, dZ: W.T * dZ,
            "This multiplies entry by entry. Each unit before feeds every unit of this layer, so "
            "its paths must be added up: a matrix product, @.",
        ),
        Mistake(
            "inverse",
            lambda W, dZ: np.linalg.pinv(W) @ dZ,
            "This is the (pseudo-)inverse of W. Going backward does not undo the forward step; it "
            "adds up slopes along the same paths, with the same weights.",
        ),
        Mistake(
            "summed over the examples",
            lambda W, dZ: W.T @ dZ.sum(axis=1, keepdims=True),
            "The examples are summed. An activation belongs to one example, so its gradient has "
            "one column for each; only W and b are shared.",
        ),
        Mistake(
            "added up over the units before",
            lambda W, dZ: W.T.sum(axis=0, keepdims=True) @ dZ,
            "The units of the layer before are added up too. Each of them has a gradient of its "
            "own: the sum runs over the units of this layer only.",
        ),
        Mistake(
            "over m",
            lambda W, dZ: W.T @ dZ / dZ.shape[1],
            "This divides by m once more. The 1/m came in with the loss, and every gradient below "
            "inherits it.",
        ),
        Mistake(
            "sign",
            lambda W, dZ: -W.T @ dZ,
            "The sizes are right and every sign is reversed. There is no minus in this step; the "
            "only minus of the method stands in the update.",
        ),
    ),
    why="The sum over the paths runs over the units of this layer: that is where the ᵀ comes from.",
    batch="dZ",
)

# 4.B: one layer, all three gradients.


def _layer_backward(W: Array, A_before: Array, dZ: Array) -> Drawn:
    return W.T @ dZ, dZ @ A_before.T, dZ.sum(axis=1, keepdims=True)


LAYER_BACKWARD = Exercise(
    "4.B",
    "One layer, backwards",
    _layer_backward,
    _layer_and_gradient,
    (
        Mistake(
            "W not transposed",
            lambda W, A_before, dZ: (W @ dZ, dZ @ A_before.T, dZ.sum(axis=1, keepdims=True)),
            "dW and db are right. In dA_before the weights are not turned around: the sum must "
            "run over the units of this layer, the rows of W.",
        ),
        Mistake(
            "A not transposed",
            lambda W, A_before, dZ: (W.T @ dZ, dZ @ A_before, dZ.sum(axis=1, keepdims=True)),
            "dA_before and db are right. In dW the sum must run over the examples; they are the "
            "columns of A_before, and must become its rows.",
        ),
        Mistake(
            "dW transposed",
            lambda W, A_before, dZ: (W.T @ dZ, A_before @ dZ.T, dZ.sum(axis=1, keepdims=True)),
            "dA_before and db are right, and dW lies on its side. It has the shape of W: one row "
            "per unit of this layer.",
        ),
        Mistake(
            "dA on its side",
            lambda W, A_before, dZ: (dZ.T @ W, dZ @ A_before.T, dZ.sum(axis=1, keepdims=True)),
            "dW and db are right, and dA_before lies on its side. It has the shape of A_before: "
            "one column per example.",
        ),
        Mistake(
            "db not summed",
            lambda W, A_before, dZ: (W.T @ dZ, dZ @ A_before.T, dZ + 0.0),
            "dA_before and dW are right. db is still dZ, with one column per example; all examples "
            "share one bias, so their columns are added up.",
        ),
        Mistake(
            "db without keepdims",
            lambda W, A_before, dZ: (W.T @ dZ, dZ @ A_before.T, dZ.sum(axis=1)),
            "All numbers are right, but db lost an axis: its shape is (n,), and b has (n, 1). "
            "keepdims=True keeps the column.",
        ),
        Mistake(
            "db a mean",
            lambda W, A_before, dZ: (W.T @ dZ, dZ @ A_before.T, dZ.mean(axis=1, keepdims=True)),
            "dA_before and dW are right, and db is a mean. The 1/m is in dZ already, so a sum is "
            "left to do.",
        ),
        Mistake(
            "db along the units",
            lambda W, A_before, dZ: (W.T @ dZ, dZ @ A_before.T, dZ.sum(axis=0, keepdims=True)),
            "dA_before and dW are right. db is summed over the units, which leaves one number per "
            "example; sum over the examples instead, axis=1.",
        ),
        Mistake(
            "dW over m",
            lambda W, A_before, dZ: (
                W.T @ dZ, dZ @ A_before.T / dZ.shape[1], dZ.sum(axis=1, keepdims=True),
            ),
            "dA_before and db are right, and dW is divided by m once more. dZ holds the 1/m "
            "already.",
        ),
        Mistake(
            "dW and db exchanged",
            lambda W, A_before, dZ: (W.T @ dZ, dZ.sum(axis=1, keepdims=True), dZ @ A_before.T),
            "The three results are right, but the last two have changed places. The order is "
            "dA_before, dW, db.",
        ),
    ),
    why="These three lines are the whole of a layer's backward pass, in every library.",
    batch="dZ",
    returns=("dA_before", "dW", "db"),
)  # fmt: skip

# 4.C: an activation that is not entry-wise.


def _through_softmax(A: Array, dA: Array) -> Array:
    return A * (dA - (A * dA).sum(axis=0, keepdims=True))


THROUGH_SOFTMAX = Exercise(
    "4.C",
    "Back through softmax",
    _through_softmax,
    _probabilities_and_gradient,
    (
        Mistake(
            "diagonal only",
            lambda A, dA: dA * A * (1 - A),
            "This uses the diagonal of the Jacobian alone, as if softmax acted entry by entry. "
            "Each logit moves every probability of its column; the other paths count too.",
        ),
        Mistake(
            "no sum",
            lambda A, dA: A * dA,
            "This is the first term of Pᵀ da, the one from diag(a). The term from a aᵀ is missing: "
            "a times the sum of a ⊙ da over the column.",
        ),
        Mistake(
            "second term only",
            lambda A, dA: -A * (A * dA).sum(axis=0),
            "This is the second term of Pᵀ da, the one from a aᵀ. The first one, from diag(a), is "
            "missing: a ⊙ da.",
        ),
        Mistake(
            "sum not weighted",
            lambda A, dA: A * (dA - dA.sum(axis=0)),
            "The sum adds up da alone. From a aᵀ comes the sum of a ⊙ da: each slope counts with "
            "the probability of its class.",
        ),
        Mistake(
            "mean in place of the weighted sum",
            lambda A, dA: A * (dA - dA.mean(axis=0)),
            "The plain mean of da is subtracted. It must be the weighted one, the sum of a ⊙ da, "
            "in which the probabilities are the weights.",
        ),
        Mistake(
            "divided by K",
            lambda A, dA: A * (dA - (A * dA).mean(axis=0)),
            "The sum of a ⊙ da is divided by the number of classes. The probabilities are the "
            "weights of this mean already, and they add up to 1.",
        ),
        Mistake(
            "one sum over everything",
            lambda A, dA: A * (dA - (A * dA).sum()),
            "The sum runs over the whole matrix and mixes the examples. Each column has a sum of "
            "its own: axis=0.",
        ),
        Mistake(
            "sum over the examples",
            lambda A, dA: A * (dA - (A * dA).sum(axis=1, keepdims=True)),
            "The sum runs over the examples. Softmax works on each column alone, so the sum runs "
            "over the units: axis=0.",
        ),
        Mistake(
            "plus",
            lambda A, dA: A * (dA + (A * dA).sum(axis=0)),
            "The second term has the wrong sign: the Jacobian is diag(a) minus a aᵀ. A check: each "
            "column of dZ must add up to 0.",
        ),
        Mistake(
            "outer factor on one term",
            lambda A, dA: A * dA - (A * dA).sum(axis=0),
            "The second term lacks its factor a: a aᵀ da is a times a number. Put the brackets so "
            "that A multiplies both terms.",
        ),
        Mistake(
            "outer factor missing",
            lambda A, dA: dA - (A * dA).sum(axis=0),
            "The bracket is right, and the factor A in front of it is missing.",
        ),
        Mistake(
            "softmax applied again",
            lambda A, dA: softmax.vjp(A, dA),
            "Softmax was applied once more: A holds the probabilities already.",
        ),
    ),
    why="The K × K Jacobians are never formed: two products and a sum do their work.",
    batch="A",
)

# 4.D: squared error behind tanh.


def _output_gradient(Z: Array, Y: Array) -> Array:
    A = np.tanh(Z)
    return (A - Y) / Z.shape[1] * (1 - A * A)


OUTPUT_GRADIENT = Exercise(
    "4.D",
    "Squared error behind tanh",
    _output_gradient,
    _logits_and_targets,
    (
        Mistake(
            "no slope",
            lambda Z, Y: (np.tanh(Z) - Y) / Z.shape[1],
            "This is dA, the gradient at the activations. From A to Z one factor is left, the "
            "slope of tanh; only the pairs where it cancels may leave it out.",
        ),
        Mistake(
            "slope of Z",
            lambda Z, Y: (np.tanh(Z) - Y) / Z.shape[1] * (1 - Z * Z),
            "The slope is written with Z, as 1 − z². The form 1 − a² holds for a = tanh z.",
        ),
        Mistake(
            "tanh twice",
            lambda Z, Y: (np.tanh(Z) - Y) / Z.shape[1] * (1 - np.tanh(np.tanh(Z)) ** 2),
            "The slope is taken at A in place of Z: tanh was applied twice. The a in 1 − a² has "
            "been through tanh already.",
        ),
        Mistake(
            "slope of the sigmoid",
            lambda Z, Y: (np.tanh(Z) - Y) / Z.shape[1] * np.tanh(Z) * (1 - np.tanh(Z)),
            "This is a(1 − a), the slope of the sigmoid. The slope of tanh is 1 − a².",
        ),
        Mistake(
            "Z in place of A",
            lambda Z, Y: (Z - Y) / Z.shape[1] * (1 - np.tanh(Z) ** 2),
            "The error is taken at Z. The prediction is A = tanh(Z), and the target is compared "
            "with the prediction.",
        ),
        Mistake(
            "factor 2",
            lambda Z, Y: 2 * _output_gradient(Z, Y),
            "Every number is twice too large. The ½ in front of the square cancels the 2 that the "
            "square brings down in its slope.",
        ),
        Mistake(
            "over the units too",
            lambda Z, Y: _output_gradient(Z, Y) / len(Z),
            "This is a mean over the units as well. The cost adds up the units and averages over "
            "the examples only.",
        ),
        Mistake(
            "columns added up",
            lambda Z, Y: _output_gradient(Z, Y).sum(axis=1, keepdims=True),
            "The columns are added up, and errors of opposite sign cancel. Each example keeps its "
            "own column: dZ has the shape of Z.",
        ),
        Mistake(
            "sign",
            lambda Z, Y: -_output_gradient(Z, Y),
            "This is Y − A where A − Y is due. Too high an answer needs a positive slope.",
        ),
    ),
    why="Another loss changes the first line of the recursion, and no other.",
    batch="Z",
)

# 4.E: forward, for any number of layers.


def _forward(W: Arrays, b: Arrays, g: Mapping[int, Activation], X: Array) -> tuple[Made, Made]:
    Z, A = {}, {0: X}
    for l in range(1, len(W) + 1):
        Z[l] = W[l] @ A[l - 1] + b[l]
        A[l] = g[l](Z[l])
    return Z, A


def _forward_with(affine: Callable[..., Array], act: Callable[..., Array]) -> Callable[..., Any]:
    """Make the forward pass whose two lines are `affine(l, W, b, Z, A)` and `act(l, g, z)`."""

    def forward(W: Arrays, b: Arrays, g: Arrays, X: Array) -> tuple[Made, Made]:
        Z: Made = {}
        A: Made = {0: X}
        for l in range(1, len(W) + 1):
            Z[l] = affine(l, W, b, Z, A)
            A[l] = act(l, g, Z[l])
        return Z, A

    return forward


def _right_affine(l: int, W: Arrays, b: Arrays, _: Made, A: Made) -> Array:
    return W[l] @ A[l - 1] + b[l]


def _forward_but_last(W: Arrays, b: Arrays, g: Arrays, X: Array) -> tuple[Made, Made]:
    Z, A = _forward(W, b, g, X)
    return Z, {**A, len(W): Z[len(W)]}


FORWARD = Exercise(
    "4.E",
    "Forward, for any number of layers",
    _forward,
    _network,
    (
        Mistake(
            "layer 0 forgotten",
            lambda W, b, g, X: (
                _forward(W, b, g, X)[0],
                {l: a for l, a in _forward(W, b, g, X)[1].items() if l},
            ),
            "A starts at layer 1. Layer 0 belongs to it too, A[0] = X: the backward pass needs the "
            "input of every layer, the first one included.",
        ),
        Mistake(
            "one layer short",
            lambda W, b, g, X: tuple(
                {l: v for l, v in d.items() if l < len(W)} for d in _forward(W, b, g, X)
            ),
            "The last layer is missing. range(1, L) ends before L; the layers are range(1, L + 1).",
        ),
        Mistake(
            "last activation left out",
            _forward_but_last,
            "Everything is right but A[L], which is still Z[L]. The output layer has an "
            "activation too; for the identity alone the two are the same.",
        ),
        Mistake(
            "no bias",
            _forward_with(lambda l, W, _b, _Z, A: W[l] @ A[l - 1], lambda l, g, z: g[l](z)),
            "The biases are missing. b[l] is one column, and numpy adds it to each column of the "
            "product.",
        ),
        Mistake(
            "no activation",
            _forward_with(_right_affine, lambda _l, _g, z: z + 0.0),
            "No activation is applied, so all layers together are one linear map. After Z[l] comes "
            "A[l] = g[l](Z[l]).",
        ),
        Mistake(
            "activation twice",
            _forward_with(_right_affine, lambda l, g, z: g[l](g[l](z))),
            "The activation is applied twice. Z[l] is what goes into g[l], and A[l] is what comes "
            "out.",
        ),
        Mistake(
            "Z passed on",
            _forward_with(
                lambda l, W, b, Z, A: W[l] @ (Z[l - 1] if l > 1 else A[0]) + b[l],
                lambda l, g, z: g[l](z),
            ),
            "A layer is fed with Z of the layer before. It sees what came out of the activation: "
            "A[l − 1].",
        ),
        Mistake(
            "one activation for all",
            _forward_with(_right_affine, lambda _l, g, z: g[1](z)),
            "Every layer uses g[1]. Each layer has an activation of its own, g[l].",
        ),
        Mistake(
            "activation of the output everywhere",
            _forward_with(_right_affine, lambda _l, g, z: g[max(g)](z)),
            "Every layer uses the activation of the last one. Each layer has its own, g[l].",
        ),
        Mistake(
            "X into every layer",
            _forward_with(
                lambda l, W, b, _, A: W[l] @ A[0] + b[l],
                lambda l, g, z: g[l](z),
            ),
            "Every layer is fed with X. Only the first one sees X; layer l sees A[l − 1].",
        ),
    ),
    why="Nothing is thrown away: the backward pass will ask for every Z[l] and every A[l].",
    batch="X",
    returns=("Z", "A"),
)

# 4.F: backward, for any number of layers.


def _backward(
    W: Arrays, g: Mapping[int, Activation], Z: Arrays, A: Arrays, dA_L: Array
) -> tuple[Made, Made]:
    dW, db, dA = {}, {}, {len(W): dA_L}
    for l in range(len(W), 0, -1):
        dZ = g[l].vjp(Z[l], dA[l])
        dW[l] = dZ @ A[l - 1].T
        db[l] = dZ.sum(axis=1, keepdims=True)
        dA[l - 1] = W[l].T @ dZ
    return dW, db


def _backward_with(
    pull: Callable[..., Array] = lambda l, g, Z, _A, dA: g[l].vjp(Z[l], dA),
    weights: Callable[..., Array] = lambda l, dZ, A: dZ @ A[l - 1].T,
    bias: Callable[..., Array] = lambda dZ: dZ.sum(axis=1, keepdims=True),
    down: Callable[..., Array] = lambda l, W, dZ: W[l].T @ dZ,
) -> Callable[..., Any]:
    """Make the backward pass in which one of the four lines is replaced."""

    def backward(W: Arrays, g: Arrays, Z: Arrays, A: Arrays, dA_L: Array) -> tuple[Made, Made]:
        dW: Made = {}
        db: Made = {}
        dA = dA_L
        for l in range(len(W), 0, -1):
            dZ = pull(l, g, Z, A, dA)
            dW[l], db[l] = weights(l, dZ, A), bias(dZ)
            dA = down(l, W, dZ)
        return dW, db

    return backward


BACKWARD = Exercise(
    "4.F",
    "Backward, for any number of layers",
    _backward,
    _network_after_its_run,
    (
        Mistake(
            "A of this layer",
            _backward_with(weights=lambda l, dZ, A: dZ @ A[l].T),
            "dW[l] is made with A[l], the output of the layer. Its weights multiply the input of "
            "the layer, A[l − 1], and so does their gradient.",
        ),
        Mistake(
            "no slope",
            _backward_with(pull=lambda _l, _g, _Z, _A, dA: dA),
            "dA[l] is used as if it were dZ[l]. Between them stands the activation: "
            "dZ = g[l].vjp(Z[l], dA[l]).",
        ),
        Mistake(
            "slope at A",
            _backward_with(pull=lambda l, g, _Z, A, dA: g[l].vjp(A[l], dA)),
            "The activation is differentiated at A[l]. It went from Z[l] to A[l], so its slope is "
            "taken where it started, at Z[l].",
        ),
        Mistake(
            "entry-wise only",
            _backward_with(pull=lambda l, g, Z, _A, dA: dA * g[l].prime(Z[l])),
            "This is right for entry-wise activations and stops at softmax, which has no prime. "
            "g[l].vjp(Z[l], dA[l]) is right for both kinds.",
        ),
        Mistake(
            "slope of the layer before",
            _backward_with(pull=lambda l, g, Z, _A, dA: g[max(l - 1, 1)].vjp(Z[l], dA)),
            "dZ[l] uses the activation of layer l − 1. Layer l has its own: g[l], at Z[l].",
        ),
        Mistake(
            "W not transposed",
            _backward_with(down=lambda l, W, dZ: W[l] @ dZ),
            "In dA[l − 1] the weights are not turned around. The sum runs over the units of layer "
            "l, which are the rows of W[l].",
        ),
        Mistake(
            "slope of the last layer everywhere",
            _backward_with(pull=lambda l, g, Z, _A, dA: g[max(g)].vjp(Z[l], dA)),
            "Every layer is differentiated with the activation of the last one. Each layer has its "
            "own, g[l].",
        ),
        Mistake(
            "db not summed",
            _backward_with(bias=lambda dZ: dZ + 0.0),
            "dW is right, and db[l] is still dZ[l], with one column per example. All examples "
            "share one bias: add up along axis 1.",
        ),
        Mistake(
            "db without keepdims",
            _backward_with(bias=lambda dZ: dZ.sum(axis=1)),
            "The numbers are right, but db[l] lost an axis: its shape is (n,), and b[l] has "
            "(n, 1). keepdims=True keeps the column.",
        ),
        Mistake(
            "db a mean",
            _backward_with(bias=lambda dZ: dZ.mean(axis=1, keepdims=True)),
            "dW is right, and db is a mean. The 1/m came in with the loss, so a sum is left to do.",
        ),
        Mistake(
            "m in every layer",
            _backward_with(down=lambda l, W, dZ: W[l].T @ dZ / dZ.shape[1]),
            "The last layer is right, and each layer below is m times smaller than it should be. "
            "The 1/m is in dA[L] already; dA[l − 1] inherits it.",
        ),
        Mistake(
            "m in dW",
            _backward_with(weights=lambda l, dZ, A: dZ @ A[l - 1].T / dZ.shape[1]),
            "db is right, and dW is divided by m once more. The 1/m is in dA[L] already.",
        ),
    ),
    why="Four lines, once a layer: the induction step is the body of the loop.",
    batch="dA_L",
    returns=("dW", "db"),
)

# 4.G: one layer with the examples as rows.


def _rows_backward(W: Array, A_before: Array, dZ: Array) -> Drawn:
    return dZ @ W, dZ.T @ A_before, dZ.sum(axis=0)


ROWS_BACKWARD = Exercise(
    "4.G",
    "One layer with rows as examples",
    _rows_backward,
    _layer_and_gradient_in_rows,
    (
        Mistake(
            "columns as before",
            lambda W, A_before, dZ: (W.T @ dZ, dZ @ A_before.T, dZ.sum(axis=1)),
            "These are the formulas for examples in columns. Here they are rows: transpose both "
            "sides of each formula, which also turns the order of a product around.",
        ),
        Mistake(
            "W transposed",
            lambda W, A_before, dZ: (dZ @ W.T, dZ.T @ A_before, dZ.sum(axis=0)),
            "dW and db are right. In dA_before the W is turned around: it is so forward, X @ W.T, "
            "and not backward, where the sum runs over the units of this layer.",
        ),
        Mistake(
            "dW transposed",
            lambda W, A_before, dZ: (dZ @ W, A_before.T @ dZ, dZ.sum(axis=0)),
            "dA_before and db are right, and dW lies on its side. W is stored alike in both "
            "layouts, so dW has one row per unit of this layer.",
        ),
        Mistake(
            "dW without transpose",
            lambda W, A_before, dZ: (dZ @ W, dZ @ A_before, dZ.sum(axis=0)),
            "dA_before and db are right. In dW the sum must run over the examples, and those are "
            "the rows of both factors now: one of them must be turned around.",
        ),
        Mistake(
            "db along the units",
            lambda W, A_before, dZ: (dZ @ W, dZ.T @ A_before, dZ.sum(axis=1)),
            "dA_before and dW are right. db is summed over the units; the examples are the rows "
            "now, so the sum runs along axis 0.",
        ),
        Mistake(
            "db kept as a row",
            lambda W, A_before, dZ: (dZ @ W, dZ.T @ A_before, dZ.sum(axis=0, keepdims=True)),
            "All numbers are right, but db is a row of shape (1, n). In this layout the bias has "
            "the shape (n,), so here keepdims is not wanted.",
        ),
        Mistake(
            "db kept as a column",
            lambda W, A_before, dZ: (dZ @ W, dZ.T @ A_before, dZ.sum(axis=0)[:, None]),
            "All numbers are right, but db is a column of shape (n, 1). In this layout the bias "
            "has the shape (n,).",
        ),
        Mistake(
            "db a mean",
            lambda W, A_before, dZ: (dZ @ W, dZ.T @ A_before, dZ.mean(axis=0)),
            "dA_before and dW are right, and db is a mean. The 1/m is in dZ already, whatever the "
            "layout.",
        ),
        Mistake(
            "db not summed",
            lambda W, A_before, dZ: (dZ @ W, dZ.T @ A_before, dZ + 0.0),
            "dA_before and dW are right, and db is still dZ, one row per example. All examples "
            "share one bias: add up the rows.",
        ),
        Mistake(
            "dA on its side",
            lambda W, A_before, dZ: (W.T @ dZ.T, dZ.T @ A_before, dZ.sum(axis=0)),
            "dW and db are right, and dA_before has the examples as columns. In this layout they "
            "are rows: one row per example.",
        ),
    ),
    why="Same numbers, lying on their side: the layout changes nothing else.",
    batch="dZ",
    returns=("dA_before", "dW", "db"),
)

EXERCISES = (
    THROUGH_WEIGHTS,
    LAYER_BACKWARD,
    THROUGH_SOFTMAX,
    OUTPUT_GRADIENT,
    FORWARD,
    BACKWARD,
    ROWS_BACKWARD,
)
