"""The exercises of notebook 03: a 3-layer ReLU network, each with the mistakes it knows.

Conventions. X is (n₀, m); Wl is (nₗ, nₗ₋₁), bl is (nₗ, 1); Zl and Al are (nₗ, m), one column per
example; Y is one-hot. The factor 1/m occurs once, in dZ3. A mistake is written as the learner would
write it.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from nnmath.activations import relu, sigmoid, softmax
from nnmath.exercises.records import Exercise, Mistake

Rng = np.random.RandomState
Array = Any
Drawn = tuple[Any, ...]
Answer = Callable[..., Any]

# Hidden inputs: short numbers, so that they can be typed. Logits are halves, so that many are 0.


def _draw(rng: Rng, lo: float, hi: float, *shape: int) -> Array:
    return np.round(rng.uniform(lo, hi, size=shape), 2)


def _halves(rng: Rng, *shape: int) -> Array:
    return rng.randint(-4, 5, size=shape) / 2


def _one_hot(rng: Rng, classes: int, m: int) -> Array:
    return np.eye(classes)[:, rng.randint(classes, size=m)]


def _widths(n: int, n0: int, m: int) -> tuple[int, int, int, int]:
    """Return n₀ to n₃, all different and other than m, or all equal where the three sizes are."""
    return (n, n, n, n) if n == n0 == m else (n0, n, 14 - n - n0 - m, 6)


def _logits(rng: Rng, n: int, _: int, m: int) -> Drawn:
    return (_halves(rng, n, m),)


def _network(rng: Rng, n: int, n0: int, m: int) -> Drawn:
    sizes = _widths(n, n0, m)
    parameters = []
    for rows, columns in zip(sizes[1:], sizes, strict=False):
        parameters += [_draw(rng, -1, 1, rows, columns), _draw(rng, -1, 1, rows, 1)]
    return *parameters, _draw(rng, -2, 2, n0, m)


def _layer_above(rng: Rng, n: int, n0: int, m: int) -> Drawn:
    return _draw(rng, -1, 1, n, n0), _draw(rng, -1, 1, n, m), _halves(rng, n0, m)


def _after_the_run(rng: Rng, n: int, n0: int, m: int) -> Drawn:
    n0, n1, n2, n3 = _widths(n, n0, m)
    W2, W3 = _draw(rng, -1, 1, n2, n1), _draw(rng, -1, 1, n3, n2)
    X, Z1, Z2 = _draw(rng, -2, 2, n0, m), _halves(rng, n1, m), _halves(rng, n2, m)
    A3 = np.round(softmax(rng.uniform(-1, 1, size=(n3, m))), 2)
    return W2, W3, X, Z1, Z2, A3, _one_hot(rng, n3, m)


def _last_two_layers(rng: Rng, n: int, n0: int, m: int) -> Drawn:
    _, n1, n2, n3 = _widths(n, n0, m)
    parameters = (
        _draw(rng, -1, 1, n2, n1), _draw(rng, 0, 1, n2, 1),
        _draw(rng, -1, 1, n3, n2), _draw(rng, -1, 1, n3, 1),
    )  # fmt: skip
    A1, lr = _draw(rng, 0, 2, n1, m), float(np.round(rng.uniform(0.1, 0.9), 2))
    return *parameters, A1, _one_hot(rng, n3, m), lr


def _logits_with_dead_rows(rng: Rng, n: int, _: int, m: int) -> Drawn:
    Z = _halves(rng, n, m)
    dead = rng.permutation(n)[: rng.randint(1, n)]
    Z[dead] = -np.abs(Z[dead])
    Z[rng.randint(n), rng.randint(m)] = 0.0
    return (Z + 0.0,)


def _answers_and_targets(rng: Rng, n: int, _: int, m: int) -> Drawn:
    Y = _one_hot(rng, n, m)
    return np.round(softmax(2 * Y + rng.normal(size=(n, m)) * 1.5), 2), Y


# 3.A: the slope of ReLU.


def _relu_prime(Z: Array) -> Array:
    return relu.prime(Z)


RELU_PRIME = Exercise(
    "3.A",
    "The slope of ReLU",
    _relu_prime,
    _logits,
    (
        Mistake(
            "1 at zero",
            lambda Z: (Z >= 0) * 1.0,
            "At exactly 0 this gives 1. ReLU has no slope there, and the course agrees on 0: the "
            "comparison is >, without =.",
        ),
        Mistake(
            "one half at zero",
            lambda Z: np.heaviside(Z, 0.5),
            "At exactly 0 this gives one half, the mean of the two slopes. A central difference "
            "gives that too, but the course agrees on 0.",
        ),
        Mistake(
            "ReLU itself",
            lambda Z: np.maximum(Z, 0),
            "This is ReLU itself, the height of the curve. Its slope on the right is the same "
            "everywhere, however large z is.",
        ),
        Mistake(
            "sign function",
            lambda Z: np.sign(Z),
            "This is −1 for negative z. ReLU is flat there, and a flat line has the slope 0.",
        ),
        Mistake(
            "mask turned over",
            lambda Z: (Z <= 0) * 1.0,
            "The two sides have changed places: this is 1 where the unit is inactive.",
        ),
        Mistake(
            "slope of the identity",
            lambda Z: np.ones_like(Z),
            "This is 1 everywhere, the slope of the identity. For negative z ReLU is flat.",
        ),
        Mistake(
            "not zero",
            lambda Z: (Z != 0) * 1.0,
            "This is 1 on both sides of 0. ReLU rises on one of them only.",
        ),
        Mistake(
            "leaky",
            lambda Z: np.where(Z > 0, 1, 0.01),
            "This is 0.01 where z is not positive: the slope of leaky ReLU, a relative. Plain ReLU "
            "is flat there.",
        ),
        Mistake(
            "ReLU over z",
            lambda Z: np.divide(np.maximum(Z, 0), Z, out=np.full(Z.shape, np.nan), where=Z != 0),
            "ReLU divided by z is right until z is 0, and then it is 0/0. A comparison needs no "
            "division.",
        ),
    ),
    why="It is a switch: a unit passes the error on as it is, or not at all.",
)

# 3.B: the forward pass.


def _forward_with(
    hidden: Answer = relu, last: Answer = softmax, at: Answer | None = None
) -> Answer:
    """Make a forward pass; `at` is the activation of layer 1 where it is another one."""
    first = at or hidden

    def forward(
        W1: Array, b1: Array, W2: Array, b2: Array, W3: Array, b3: Array, X: Array
    ) -> Array:
        A1 = first(W1 @ X + b1)
        A2 = hidden(W2 @ A1 + b2)
        return last(W3 @ A2 + b3)

    return forward


def _forward3(W1: Array, b1: Array, W2: Array, b2: Array, W3: Array, b3: Array, X: Array) -> Array:
    A1 = relu(W1 @ X + b1)
    A2 = relu(W2 @ A1 + b2)
    return softmax(W3 @ A2 + b3)


def _same(Z: Array) -> Array:
    return Z


def _softmax_of_rows(Z: Array) -> Array:
    return softmax(Z.T).T


FORWARD = Exercise(
    "3.B",
    "The forward pass",
    _forward3,
    _network,
    (
        Mistake(
            "no hidden activation",
            _forward_with(hidden=_same),
            "Neither hidden layer has its ReLU. Three layers without a bend in between are one "
            "straight map.",
        ),
        Mistake(
            "no ReLU in layer 1",
            _forward_with(at=_same),
            "Layer 1 lacks its ReLU: W2 must be given A1, not Z1.",
        ),
        Mistake(
            "no ReLU in layer 2",
            _forward_with(hidden=_same, at=relu),
            "Layer 2 lacks its ReLU: W3 must be given A2, not Z2.",
        ),
        Mistake(
            "logits returned",
            _forward_with(last=_same),
            "These are the logits Z3. Softmax turns each column of them into probabilities.",
        ),
        Mistake(
            "ReLU at the output",
            _forward_with(last=relu),
            "The last layer has a ReLU. Its outputs need not sum to 1 and can all be 0, so that "
            "the loss meets log 0: the output is a softmax.",
        ),
        Mistake(
            "ReLU and softmax",
            lambda *arguments: softmax(_forward_with(last=relu)(*arguments)),
            "A ReLU stands between Z3 and the softmax. It makes all negative logits equal; softmax "
            "takes Z3 as it is.",
        ),
        Mistake(
            "softmax of the rows",
            _forward_with(last=_softmax_of_rows),
            "Here each row sums to 1. The examples are the columns, so the ten answers for one "
            "example stand below each other, and each column must sum to 1.",
        ),
        Mistake(
            "sigmoid at the output",
            _forward_with(last=sigmoid),
            "The last layer has a sigmoid, which looks at each logit alone. Softmax lets the "
            "classes compete, and each column sums to 1.",
        ),
        Mistake(
            "softmax twice",
            lambda *arguments: softmax(_forward3(*arguments)),
            "The softmax is applied twice. Its result is the prediction already.",
        ),
        Mistake(
            "sigmoid in the hidden layers",
            _forward_with(hidden=sigmoid),
            "The hidden layers have sigmoids. Here they are ReLU: np.maximum(Z, 0).",
        ),
        Mistake(
            "softmax in the hidden layers",
            _forward_with(hidden=softmax),
            "The hidden layers have a softmax too. It belongs to the output alone; the hidden "
            "layers are ReLU.",
        ),
        Mistake(
            "no biases",
            lambda W1, b1, W2, b2, W3, b3, X: _forward3(W1, 0 * b1, W2, 0 * b2, W3, 0 * b3, X),
            "The biases are missing. Each layer adds its own to every column.",
        ),
        Mistake(
            "bias after the ReLU",
            lambda W1, b1, W2, b2, W3, b3, X: softmax(
                W3 @ (relu(W2 @ (relu(W1 @ X) + b1)) + b2) + b3
            ),
            "The biases are added after the ReLU. They belong inside: A = max(W A + b, 0).",
        ),
    ),
    why="Keep Z1, A1, Z2 and A2 on the way: the backward pass needs each of them.",
    batch="X",
)

# 3.C: the error, passed back through one layer.


def _pass_back(W: Array, dZ: Array, Z: Array) -> Array:
    return (W.T @ dZ) * (Z > 0)


PASS_BACK = Exercise(
    "3.C",
    "The error, passed back through one layer",
    _pass_back,
    _layer_above,
    (
        Mistake(
            "no mask",
            lambda W, dZ, Z: W.T @ dZ + 0 * Z,
            "This is dA of the layer below. One step is missing: an inactive unit passes nothing "
            "on, so multiply by its mask.",
        ),
        Mistake(
            "1 at zero",
            lambda W, dZ, Z: (W.T @ dZ) * (Z >= 0),
            "Where Z is exactly 0 the error passes here. The course agrees on relu′(0) = 0: the "
            "mask is Z > 0.",
        ),
        Mistake(
            "no transpose",
            lambda W, dZ, Z: (W @ dZ) * (Z > 0),
            "The weights are not transposed. It runs only when both layers have one width, and "
            "then the numbers are wrong: the sum must run over the units of the layer above.",
        ),
        Mistake(
            "times Z",
            lambda W, dZ, Z: (W.T @ dZ) * Z,
            "The factor is Z itself. It must be the slope of ReLU at Z, which is 0 or 1.",
        ),
        Mistake(
            "times A",
            lambda W, dZ, Z: (W.T @ dZ) * np.maximum(Z, 0),
            "The factor is A = max(Z, 0), the height of ReLU. It must be its slope, which is 0 or "
            "1.",
        ),
        Mistake(
            "mask turned over",
            lambda W, dZ, Z: (W.T @ dZ) * (Z <= 0),
            "The mask is turned over: here only the inactive units pass the error on.",
        ),
        Mistake(
            "mask of the error",
            lambda W, dZ, Z: np.maximum(W.T @ dZ, 0) + 0 * Z,
            "Here ReLU is applied to the error: negative errors vanish. The mask asks whether Z "
            "was positive on the way forward; the sign of the error does not matter.",
        ),
        Mistake(
            "sign of Z",
            lambda W, dZ, Z: (W.T @ dZ) * np.sign(Z),
            "The factor is the sign of Z, −1 for inactive units. ReLU is flat there: the factor "
            "is 0.",
        ),
        Mistake(
            "mask first",
            lambda W, dZ, Z: W.T @ (dZ * (Z > 0)),
            "The mask is applied before the weights, which runs only when both layers have one "
            "width. It belongs to the layer below, so it comes after Wᵀ.",
        ),
        Mistake(
            "matrix product with the mask",
            lambda W, dZ, Z: (W.T @ dZ) @ (Z > 0),
            "The mask is multiplied as a matrix, which runs only on square inputs. Each error "
            "meets the mask of its own entry: multiply entry by entry, with *.",
        ),
    ),
    why="Wᵀ sends every error back along the connections it came from, and the mask closes some.",
    batch="dZ",
)

# 3.D: the whole backward pass.


def _error(A3: Array, Y: Array) -> Array:
    return (A3 - Y) / Y.shape[1]


def _row_sums(dZ: Array) -> Array:
    return dZ.sum(axis=1, keepdims=True)


def _active(Z: Array, _dA: Array) -> Array:
    return Z > 0


def _everything(_Z: Array, _dA: Array) -> float:
    return 1.0


def _backward_with(
    error: Answer = _error,
    mask1: Answer = _active,
    mask2: Answer = _active,
    bias: Answer = _row_sums,
    inputs: Answer = lambda X, A1, A2, _A3: (X, A1, A2),
    back: Answer = lambda W, dZ: W.T @ dZ,
) -> Answer:
    """Make a backward pass with one part replaced."""

    def backward(
        W2: Array, W3: Array, X: Array, Z1: Array, Z2: Array, A3: Array, Y: Array
    ) -> tuple[Array, ...]:
        into = inputs(X, relu(Z1), relu(Z2), A3)
        dZ3 = error(A3, Y)
        dA2 = back(W3, dZ3)
        dZ2 = dA2 * mask2(Z2, dA2)
        dA1 = back(W2, dZ2)
        dZ1 = dA1 * mask1(Z1, dA1)
        errors = (dZ1, dZ2, dZ3)
        pairs = [(dZ @ A.T, bias(dZ)) for dZ, A in zip(errors, into, strict=True)]
        return tuple(part for pair in pairs for part in pair)

    return backward


def _backward3(
    W2: Array, W3: Array, X: Array, Z1: Array, Z2: Array, A3: Array, Y: Array
) -> tuple[Array, ...]:
    dZ3 = (A3 - Y) / Y.shape[1]
    dZ2 = (W3.T @ dZ3) * (Z2 > 0)
    dZ1 = (W2.T @ dZ2) * (Z1 > 0)
    dW1, db1 = dZ1 @ X.T, _row_sums(dZ1)
    dW2, db2 = dZ2 @ relu(Z1).T, _row_sums(dZ2)
    dW3, db3 = dZ3 @ relu(Z2).T, _row_sums(dZ3)
    return dW1, db1, dW2, db2, dW3, db3


def _masks_exchanged(
    W2: Array, W3: Array, X: Array, Z1: Array, Z2: Array, A3: Array, Y: Array
) -> tuple[Array, ...]:
    return _backward_with(
        mask1=lambda _Z, _dA: Z2 > 0, mask2=lambda _Z, _dA: Z1 > 0
    )(W2, W3, X, Z1, Z2, A3, Y)  # fmt: skip


def _backward_from_Z(
    W2: Array, W3: Array, X: Array, Z1: Array, Z2: Array, A3: Array, Y: Array
) -> tuple[Array, ...]:
    return _backward_with(inputs=lambda X, _A1, _A2, _A3: (X, Z1, Z2))(W2, W3, X, Z1, Z2, A3, Y)


BACKWARD = Exercise(
    "3.D",
    "The whole backward pass",
    _backward3,
    _after_the_run,
    (
        Mistake(
            "sign",
            _backward_with(error=lambda A3, Y: -_error(A3, Y)),
            "All six gradients are exactly reversed: dZ3 is Y − A3 here, as in document 001. With "
            "it gradient descent climbs.",
        ),
        Mistake(
            "times m",
            _backward_with(error=lambda A3, Y: A3 - Y),
            "All six gradients are m times too large: dZ3 lacks the 1/m of the mean. Divide there, "
            "once, and every layer below inherits it.",
        ),
        Mistake(
            "1/m in each layer",
            _backward_with(
                mask1=lambda Z, _dA: (Z > 0) / Z.shape[1],
                mask2=lambda Z, _dA: (Z > 0) / Z.shape[1],
            ),
            "Layer 3 is right; dZ2 is m times too small, and dZ1 m times again. The 1/m came in "
            "with dZ3 and is inherited: divide once.",
        ),
        Mistake(
            "no masks",
            _backward_with(mask1=_everything, mask2=_everything),
            "Layer 3 is right, and both masks are missing: errors leak through units that were "
            "inactive.",
        ),
        Mistake(
            "no mask in layer 2",
            _backward_with(mask2=_everything),
            "The mask of layer 2 is missing: dZ2 is dA2 where Z2 > 0, and 0 elsewhere. Layer 1 "
            "suffers from it too.",
        ),
        Mistake(
            "no mask in layer 1",
            _backward_with(mask1=_everything),
            "Layers 3 and 2 are right; in layer 1 the mask is missing: dZ1 is dA1 where Z1 > 0, "
            "and 0 elsewhere.",
        ),
        Mistake(
            "masks exchanged",
            _masks_exchanged,
            "The two masks have changed places. It runs only when both hidden layers have one "
            "width: dA2 meets the mask of Z2, dA1 that of Z1.",
        ),
        Mistake(
            "1 at zero",
            _backward_with(mask1=lambda Z, _dA: Z >= 0, mask2=lambda Z, _dA: Z >= 0),
            "Where Z is exactly 0 the error passes here. The course agrees on relu′(0) = 0: the "
            "mask is Z > 0.",
        ),
        Mistake(
            "masks of the error",
            _backward_with(mask1=lambda _Z, dA: dA > 0, mask2=lambda _Z, dA: dA > 0),
            "The masks look at the sign of the error. They must look at Z, which says whether the "
            "unit was active on the way forward.",
        ),
        Mistake(
            "dZ as db",
            _backward_with(bias=lambda dZ: dZ),
            "The weights are right. Each db is dZ itself, one column per example, as in document "
            "001: all examples share a bias, so sum over them.",
        ),
        Mistake(
            "1/m missing in db",
            _backward_with(bias=lambda dZ: _row_sums(dZ) * dZ.shape[1]),
            "The weights are right. Each db is m times too large: its 1/m is missing. Divide dZ3 "
            "by m, once, and weights and biases have it by themselves.",
        ),
        Mistake(
            "mean in db",
            _backward_with(bias=lambda dZ: dZ.mean(axis=1, keepdims=True)),
            "The weights are right. Each db is m times too small: dZ holds the 1/m already, so sum "
            "over the examples.",
        ),
        Mistake(
            "no keepdims",
            _backward_with(bias=lambda dZ: dZ.sum(axis=1)),
            "The weights are right. Each db has lost an axis: with keepdims=True the sum stays a "
            "column.",
        ),
        Mistake(
            "wrong axis in db",
            _backward_with(bias=lambda dZ: dZ.sum(axis=0, keepdims=True)),
            "The weights are right. Each db sums over the units; the examples are the columns, so "
            "sum along the rows, axis=1.",
        ),
        Mistake(
            "output instead of input",
            _backward_with(inputs=lambda _X, A1, A2, A3: (A1, A2, A3)),
            "Each dW has the shape of no weights: dZ meets the output of its own layer. It must "
            "meet what the weights were multiplied with, the layer's input.",
        ),
        Mistake(
            "Z instead of A",
            _backward_from_Z,
            "dW2 and dW3 are built with Z1 and Z2. The weights were multiplied with A1 and A2, "
            "after the ReLU.",
        ),
        Mistake(
            "weights not transposed",
            _backward_with(back=lambda W, dZ: W @ dZ),
            "W2 and W3 are used as they are. It runs only when all widths are equal: on the way "
            "back the sum runs over the other index, so transpose them.",
        ),
        Mistake(
            "slope of softmax as of a sigmoid",
            _backward_with(error=lambda A3, Y: _error(A3, Y) * A3 * (1 - A3)),
            "dZ3 still holds a factor A3(1 − A3). Notebook 02 showed where it goes: softmax and "
            "cross-entropy together leave (A3 − Y)/m.",
        ),
    ),
    why="Nine short lines, and the slope of J for every weight there is.",
    batch="X",
    returns=("dW1", "db1", "dW2", "db2", "dW3", "db3"),
)

# 3.E: first all gradients, then the update.


def _gradients(
    W2: Array, b2: Array, W3: Array, b3: Array, A1: Array, Y: Array, old_W3: Array | None = None
) -> tuple[Array, Array]:
    Z2 = W2 @ A1 + b2
    A2 = relu(Z2)
    dZ3 = _error(softmax(W3 @ A2 + b3), Y)
    dZ2 = ((W3 if old_W3 is None else old_W3).T @ dZ3) * (Z2 > 0)
    return dZ2 @ A1.T, dZ3 @ A2.T


def _step(
    W2: Array, b2: Array, W3: Array, b3: Array, A1: Array, Y: Array, lr: float
) -> tuple[Array, Array]:
    dW2, dW3 = _gradients(W2, b2, W3, b3, A1, Y)
    return W2 - lr * dW2, W3 - lr * dW3


def _step_W3_first(
    W2: Array, b2: Array, W3: Array, b3: Array, A1: Array, Y: Array, lr: float
) -> tuple[Array, Array]:
    new_W3 = W3 - lr * _gradients(W2, b2, W3, b3, A1, Y)[1]
    return W2 - lr * _gradients(W2, b2, W3, b3, A1, Y, new_W3)[0], new_W3


def _step_and_run_again(
    W2: Array, b2: Array, W3: Array, b3: Array, A1: Array, Y: Array, lr: float
) -> tuple[Array, Array]:
    new_W3 = W3 - lr * _gradients(W2, b2, W3, b3, A1, Y)[1]
    return W2 - lr * _gradients(W2, b2, new_W3, b3, A1, Y)[0], new_W3


def _step_W2_first(
    W2: Array, b2: Array, W3: Array, b3: Array, A1: Array, Y: Array, lr: float
) -> tuple[Array, Array]:
    new_W2 = W2 - lr * _gradients(W2, b2, W3, b3, A1, Y)[0]
    return new_W2, W3 - lr * _gradients(new_W2, b2, W3, b3, A1, Y)[1]


def _step_scaled(of_2: Answer, of_3: Answer) -> Answer:
    """Make the step that goes of_2(lr, m) times dW2 and of_3(lr, m) times dW3 downhill."""

    def step(
        W2: Array, b2: Array, W3: Array, b3: Array, A1: Array, Y: Array, lr: float
    ) -> tuple[Array, Array]:
        dW2, dW3 = _gradients(W2, b2, W3, b3, A1, Y)
        m = Y.shape[1]
        return W2 - of_2(lr, m) * dW2, W3 - of_3(lr, m) * dW3

    return step


def _step_without_mask(
    W2: Array, b2: Array, W3: Array, b3: Array, A1: Array, Y: Array, lr: float
) -> tuple[Array, Array]:
    A2 = relu(W2 @ A1 + b2)
    dZ3 = _error(softmax(W3 @ A2 + b3), Y)
    return W2 - lr * (W3.T @ dZ3) @ A1.T, W3 - lr * dZ3 @ A2.T


def _step_from_logits(
    W2: Array, b2: Array, W3: Array, b3: Array, A1: Array, Y: Array, lr: float
) -> tuple[Array, Array]:
    Z2 = W2 @ A1 + b2
    dZ3 = _error(W3 @ relu(Z2) + b3, Y)
    dZ2 = (W3.T @ dZ3) * (Z2 > 0)
    return W2 - lr * dZ2 @ A1.T, W3 - lr * dZ3 @ relu(Z2).T


UPDATE = Exercise(
    "3.E",
    "First all gradients, then the update",
    _step,
    _last_two_layers,
    (
        Mistake(
            "W3 first",
            _step_W3_first,
            "W3 is right. W2 is off by a little: the error was passed back through the new W3. J "
            "was made with the old one, so compute both gradients before you update.",
        ),
        Mistake(
            "W3 first, and run again",
            _step_and_run_again,
            "W3 is right. W2 got its gradient from a network whose W3 was new already. Both "
            "gradients belong to one point: compute the two first.",
        ),
        Mistake(
            "W2 first",
            _step_W2_first,
            "W2 is right. W3 got its gradient from a network whose W2 was new already. Both "
            "gradients belong to one point: compute the two first.",
        ),
        Mistake(
            "uphill",
            _step_scaled(lambda lr, _: -lr, lambda lr, _: -lr),
            "This step goes uphill: both gradients are added. Subtract them.",
        ),
        Mistake(
            "times m",
            _step_scaled(lambda lr, m: lr * m, lambda lr, m: lr * m),
            "The direction is right and both steps are m times too long: dZ3 lacks the 1/m.",
        ),
        Mistake(
            "1/m twice in layer 2",
            _step_scaled(lambda lr, m: lr / m, lambda lr, _: lr),
            "W3 is right, and the step of W2 is m times too short: the 1/m is in dZ3 already, and "
            "dZ2 inherits it.",
        ),
        Mistake(
            "no learning rate",
            _step_scaled(lambda lr, _: 1 + 0 * lr, lambda lr, _: 1 + 0 * lr),
            "The whole gradients are subtracted. The learning rate lr says how far to go.",
        ),
        Mistake(
            "only W3 updated",
            _step_scaled(lambda lr, _: 0 * lr, lambda lr, _: lr),
            "W3 is right, and W2 comes back unchanged. It has a gradient of its own.",
        ),
        Mistake(
            "only W2 updated",
            _step_scaled(lambda lr, _: lr, lambda lr, _: 0 * lr),
            "W2 is right, and W3 comes back unchanged. It has a gradient of its own.",
        ),
        Mistake(
            "no mask",
            _step_without_mask,
            "W3 is right. In dZ2 the mask is missing: units that were inactive must not move.",
        ),
        Mistake(
            "gradients returned",
            lambda W2, b2, W3, b3, A1, Y, _lr: _gradients(W2, b2, W3, b3, A1, Y),
            "These are the gradients dW2 and dW3. The step is still to be made.",
        ),
        Mistake(
            "no biases",
            lambda W2, b2, W3, b3, A1, Y, lr: _step(W2, 0 * b2, W3, 0 * b3, A1, Y, lr),
            "The biases are missing in the forward part. They move Z2 and Z3, and with them the "
            "mask and the error.",
        ),
        Mistake(
            "no softmax",
            _step_from_logits,
            "dZ3 compares the logits Z3 with Y. The prediction is A3, the softmax of Z3.",
        ),
    ),
    why="The old W3 is what made this J, so the old W3 must carry its error back.",
    batch="A1",
    returns=("W2", "W3"),
)


# 3.F: dead units.


def _dead_share(Z: Array) -> Any:
    return np.mean(np.all(Z <= 0, axis=1))


DEAD_SHARE = Exercise(
    "3.F",
    "The share of dead units",
    _dead_share,
    _logits_with_dead_rows,
    (
        Mistake(
            "inactive entries",
            lambda Z: np.mean(Z <= 0),
            "This is the share of entries that are inactive. A unit is dead when it is inactive "
            "for every example: look at each row as a whole first.",
        ),
        Mistake(
            "inactive once",
            lambda Z: np.mean(np.any(Z <= 0, axis=1)),
            "This counts a unit as soon as one example leaves it inactive. Dead means inactive "
            "for all of them.",
        ),
        Mistake(
            "over the units",
            lambda Z: np.mean(np.all(Z <= 0, axis=0)),
            "This is the share of examples for which no unit is active. The units are the rows: "
            "look along axis=1.",
        ),
        Mistake(
            "zero counted as active",
            lambda Z: np.mean(np.all(Z < 0, axis=1)),
            "A unit whose Z is exactly 0 for some example passes nothing on there, for relu′(0) = "
            "0. The comparison is <=.",
        ),
        Mistake(
            "the living ones",
            lambda Z: np.mean(np.any(Z > 0, axis=1)),
            "This is the share of the units that are not dead. Take what is left up to 1.",
        ),
        Mistake(
            "always active",
            lambda Z: np.mean(np.all(Z > 0, axis=1)),
            "This is the share of the units that are active for every example: the other end.",
        ),
        Mistake(
            "count",
            lambda Z: float(np.sum(np.all(Z <= 0, axis=1))),
            "This is the number of dead units. Their share is asked for: divide by the number of "
            "units.",
        ),
        Mistake(
            "over m",
            lambda Z: np.sum(np.all(Z <= 0, axis=1)) / Z.shape[1],
            "The count is right, but it is divided by the number of examples. Divide by the "
            "number of units, which are the rows.",
        ),
        Mistake(
            "mean of the row",
            lambda Z: np.mean(np.mean(Z, axis=1) <= 0),
            "This looks at the mean of each row. A unit with a negative mean may still be active "
            "for a few examples, and learn from them.",
        ),
        Mistake(
            "exactly zero",
            lambda Z: np.mean(np.all(Z == 0, axis=1)),
            "This asks for Z = 0. A dead unit has A = 0; its Z is 0 or negative.",
        ),
    ),
    why="A dead unit gets no gradient from these examples, so they alone cannot wake it.",
)

# 3.G: the share of right answers.


def _accuracy(A: Array, Y: Array) -> Any:
    return np.mean(A.argmax(axis=0) == Y.argmax(axis=0))


ACCURACY = Exercise(
    "3.G",
    "The share of right answers",
    _accuracy,
    _answers_and_targets,
    (
        Mistake(
            "along the rows",
            lambda A, Y: np.mean(A.argmax(axis=1) == Y.argmax(axis=1)),
            "This looks for the largest entry of each row. The classes stand below each other: "
            "the answer for an example is the largest entry of its column, axis=0.",
        ),
        Mistake(
            "one argmax for all",
            lambda A, Y: float(A.argmax() == Y.argmax()),
            "Without axis, argmax finds one entry of the whole array. Each column has an answer of "
            "its own: axis=0.",
        ),
        Mistake(
            "times m",
            lambda A, Y: float(np.sum(A.argmax(axis=0) == Y.argmax(axis=0))),
            "This is the number of right answers. Their share is asked for: divide by the number "
            "of examples.",
        ),
        Mistake(
            "over m",
            lambda A, Y: np.mean(A.argmax(axis=0) == Y.argmax(axis=0)) / Y.shape[1],
            "This divides by the number of examples twice: the mean has done so already.",
        ),
        Mistake(
            "over the classes",
            lambda A, Y: np.sum(A.argmax(axis=0) == Y.argmax(axis=0)) / len(Y),
            "The count is divided by the number of classes: len(Y) counts rows. Examples are "
            "columns.",
        ),
        Mistake(
            "wrong answers",
            lambda A, Y: np.mean(A.argmax(axis=0) != Y.argmax(axis=0)),
            "This is the share of wrong answers. Take what is left up to 1.",
        ),
        Mistake(
            "entries above one half",
            lambda A, Y: np.mean((A > 0.5) == (Y > 0.5)),
            "This compares every entry with one half. With more than two classes the largest "
            "probability can be below it, and most entries agree without any merit.",
        ),
        Mistake(
            "columns above one half",
            lambda A, Y: np.mean(np.all((A > 0.5) == (Y > 0.5), axis=0)),
            "This asks for a probability above one half. The answer is the largest entry of the "
            "column, however small it is.",
        ),
        Mistake(
            "mean probability",
            lambda A, Y: np.sum(A * Y) / Y.shape[1],
            "This is the mean probability given to the right class. An answer is right or wrong: "
            "compare the position of the largest entry.",
        ),
        Mistake(
            "targets not read",
            lambda A, Y: np.mean(A.argmax(axis=0) == Y),
            "The answers are compared with the one-hot columns themselves, zeros and ones. Turn Y "
            "into digits too, with argmax.",
        ),
        Mistake(
            "least likely",
            lambda A, Y: np.mean(A.argmin(axis=0) == Y.argmax(axis=0)),
            "This takes the least likely class as the answer: argmin in place of argmax.",
        ),
    ),
    why="It has no slope worth the name, which is why training follows J and only reports this.",
    batch="A",
)

EXERCISES = (RELU_PRIME, FORWARD, PASS_BACK, BACKWARD, UPDATE, DEAD_SHARE, ACCURACY)
