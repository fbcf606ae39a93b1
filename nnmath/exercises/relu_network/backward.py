"""Exercise 3.D. The whole backward pass."""

from __future__ import annotations

from nnmath.activations import relu
from nnmath.exercises.drawing import Answer, Array
from nnmath.exercises.records import Exercise, Mistake
from nnmath.exercises.relu_network.inputs import after_the_run


def passed_error(A3: Array, Y: Array) -> Array:
    """Return dZ3, with its 1/m."""
    return (A3 - Y) / Y.shape[1]


def _row_sums(dZ: Array) -> Array:
    return dZ.sum(axis=1, keepdims=True)


def _active(Z: Array, _dA: Array) -> Array:
    return Z > 0


def _everything(_Z: Array, _dA: Array) -> float:
    return 1.0


def _backward_with(
    error: Answer = passed_error,
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
    after_the_run,
    (
        Mistake(
            "sign",
            _backward_with(error=lambda A3, Y: -passed_error(A3, Y)),
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
            _backward_with(error=lambda A3, Y: passed_error(A3, Y) * A3 * (1 - A3)),
            "dZ3 still holds a factor A3(1 − A3). Notebook 02 showed where it goes: softmax and "
            "cross-entropy together leave (A3 − Y)/m.",
        ),
    ),
    why="Nine short lines, and the slope of J for every weight there is.",
    batch="X",
    returns=("dW1", "db1", "dW2", "db2", "dW3", "db3"),
)
