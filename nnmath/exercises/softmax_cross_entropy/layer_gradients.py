"""Exercise 2.G. The gradients of the last layer."""

from __future__ import annotations

from nnmath.activations import sigmoid, softmax
from nnmath.exercises.drawing import Answer, Array
from nnmath.exercises.records import Exercise, Mistake
from nnmath.exercises.softmax_cross_entropy.inputs import Pair, layer
from nnmath.losses import cross_entropy


def _layer_gradients(W: Array, b: Array, X: Array, Y: Array) -> Pair:
    dZ = cross_entropy.dZ(W @ X + b, Y)
    return dZ @ X.T, dZ.sum(axis=1, keepdims=True)


def _with_dZ(dZ_of: Answer) -> Answer:
    """Make the gradients that are right in all but dZ, given as a function of (Z, Y)."""

    def layer_gradients(W: Array, b: Array, X: Array, Y: Array) -> Pair:
        dZ = dZ_of(W @ X + b, Y)
        return dZ @ X.T, dZ.sum(axis=1, keepdims=True)

    return layer_gradients


def _with_last_line(dW_of: Answer, db_of: Answer) -> Answer:
    """Make the gradients from the right dZ, with dW as a function of (dZ, X) and db of dZ."""

    def layer_gradients(W: Array, b: Array, X: Array, Y: Array) -> Pair:
        dZ = cross_entropy.dZ(W @ X + b, Y)
        return dW_of(dZ, X), db_of(dZ)

    return layer_gradients


def _dW(dZ: Array, X: Array) -> Array:
    return dZ @ X.T


def _db(dZ: Array) -> Array:
    return dZ.sum(axis=1, keepdims=True)


LAYER_GRADIENTS = Exercise(
    "2.G",
    "The gradients of the last layer",
    _layer_gradients,
    layer,
    (
        Mistake(
            "sign",
            _with_dZ(lambda Z, Y: (Y - softmax(Z)) / Z.shape[1]),
            "Both gradients are exactly reversed: dZ is (A − Y)/m, not (Y − A)/m. With this sign "
            "every step climbs, and the cost rises.",
        ),
        Mistake(
            "times m",
            _with_dZ(lambda Z, Y: softmax(Z) - Y),
            "Both gradients are m times too large: the factor 1/m is missing in dZ.",
        ),
        Mistake(
            "over m",
            _with_dZ(lambda Z, Y: (softmax(Z) - Y) / Z.shape[1] ** 2),
            "Both gradients are m times too small: the factor 1/m is there twice. It belongs in "
            "dZ, once.",
        ),
        Mistake(
            "over all entries",
            _with_dZ(lambda Z, Y: (softmax(Z) - Y) / Z.size),
            "Both gradients are K times too small: dZ was divided by the number of all entries. "
            "J is a mean over the examples only.",
        ),
        Mistake(
            "one-hot trap",
            _with_dZ(lambda Z, Y: -Y * (1 - softmax(Z)) / Z.shape[1]),
            "dZ uses the diagonal of the softmax Jacobian only: right at the true class, and 0 "
            "at the others. The whole Jacobian gives (A − Y)/m.",
        ),
        Mistake(
            "no softmax",
            _with_dZ(lambda Z, Y: (Z - Y) / Z.shape[1]),
            "dZ compares the logits with Y. Make the probabilities first, A = softmax(Z).",
        ),
        Mistake(
            "softmax over the examples",
            _with_dZ(lambda Z, Y: (softmax(Z.T).T - Y) / Z.shape[1]),
            "Softmax is taken along the rows, over the examples. The classes of one example "
            "share one denominator: go down the columns.",
        ),
        Mistake(
            "sigmoid",
            _with_dZ(lambda Z, Y: (sigmoid(Z) - Y) / Z.shape[1]),
            "The probabilities come from the sigmoid, which treats each class alone. Here the "
            "classes share one denominator: softmax.",
        ),
        Mistake(
            "no bias",
            lambda W, b, X, Y: _layer_gradients(W, 0 * b, X, Y),
            "The bias was left out of the run forward: Z is W X + b.",
        ),
        Mistake(
            "missing transpose",
            _with_last_line(lambda dZ, X: dZ @ X, _db),
            "db is right, and dW is dZ X without the transpose. It runs only when there are as "
            "many inputs as examples, and then its numbers are wrong: sum over the examples.",
        ),
        Mistake(
            "dW transposed",
            _with_last_line(lambda dZ, X: X @ dZ.T, _db),
            "db is right, and dW is transposed. It has the shape of W: one row per class, one "
            "column per input.",
        ),
        Mistake(
            "1/m twice in dW",
            _with_last_line(lambda dZ, X: dZ @ X.T / X.shape[1], _db),
            "db is right, and dW is m times too small: the factor 1/m is in dZ already.",
        ),
        Mistake(
            "1/m twice in db",
            _with_last_line(_dW, lambda dZ: dZ.mean(axis=1, keepdims=True)),
            "dW is right, and db is m times too small: a mean stands where the sum belongs. The "
            "factor 1/m is in dZ already.",
        ),
        Mistake(
            "1/m missing in dW",
            _with_last_line(lambda dZ, X: dZ @ X.T * X.shape[1], _db),
            "db is right, and dW is m times too large: its gradient lacks the 1/m. With 1/m inside "
            "dZ both have it by themselves.",
        ),
        Mistake(
            "1/m missing in db",
            _with_last_line(_dW, lambda dZ: _db(dZ) * dZ.shape[1]),
            "dW is right, and db is m times too large: its gradient lacks the 1/m. With 1/m inside "
            "dZ both have it by themselves.",
        ),
        Mistake(
            "no sum in db",
            _with_last_line(_dW, lambda dZ: dZ),
            "dW is right, and db is dZ itself, with one column per example. All examples share "
            "one bias, so sum over them.",
        ),
        Mistake(
            "no keepdims in db",
            _with_last_line(_dW, lambda dZ: dZ.sum(axis=1)),
            "The numbers are right, but db has lost an axis: its shape is (K,), and b is (K, 1). "
            "The sum needs keepdims=True.",
        ),
        Mistake(
            "wrong axis in db",
            _with_last_line(_dW, lambda dZ: dZ.sum(axis=0, keepdims=True)),
            "dW is right, and db is summed over the classes, which gives 0 for each example. "
            "Each class has a bias of its own: sum over the examples, axis=1.",
        ),
    ),
    why="Every last layer of a classifier is these few lines, whatever stands below it.",
    batch="X",
    returns=("dW", "db"),
)
