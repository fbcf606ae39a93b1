"""Exercise 1.H. One step of gradient descent."""

from __future__ import annotations

from nnmath.activations import sigmoid
from nnmath.exercises.drawing import Answer, Array
from nnmath.exercises.records import Exercise, Mistake
from nnmath.exercises.sigmoid_bce.inputs import Step, layer
from nnmath.losses import bce


def _gradient_step(W: Array, b: Array, X: Array, Y: Array, lr: float) -> Step:
    dW, db = _gradients(W, b, X, Y)
    return W - lr * dW, b - lr * db


def _gradients(W: Array, b: Array, X: Array, Y: Array) -> Step:
    dZ = bce.dZ(W @ X + b, Y)
    return dZ @ X.T, dZ.sum(axis=1, keepdims=True)


def _step_with(dZ_of: Answer) -> Answer:
    """Make the step that is right in all but its gradient at Z, given as a function of (Z, Y)."""

    def gradient_step(W: Array, b: Array, X: Array, Y: Array, lr: float) -> Step:
        dZ = dZ_of(W @ X + b, Y)
        return W - lr * dZ @ X.T, b - lr * dZ.sum(axis=1, keepdims=True)

    return gradient_step


def _step_weights_first(W: Array, b: Array, X: Array, Y: Array, lr: float) -> Step:
    W = W - lr * _gradients(W, b, X, Y)[0]
    return W, b - lr * _gradients(W, b, X, Y)[1]


def _step_biases_first(W: Array, b: Array, X: Array, Y: Array, lr: float) -> Step:
    b = b - lr * _gradients(W, b, X, Y)[1]
    return W - lr * _gradients(W, b, X, Y)[0], b


def _step_with_db(db_of: Answer) -> Answer:
    """Make the step that is right in all but its bias gradient, given as a function of dZ."""

    def gradient_step(W: Array, b: Array, X: Array, Y: Array, lr: float) -> Step:
        dZ = bce.dZ(W @ X + b, Y)
        return W - lr * dZ @ X.T, b - lr * db_of(dZ)

    return gradient_step


def _step_without_transpose(W: Array, b: Array, X: Array, Y: Array, lr: float) -> Step:
    dZ = bce.dZ(W @ X + b, Y)
    return W - lr * dZ @ X, b - lr * dZ.sum(axis=1, keepdims=True)


def _step_signs(w_sign: int, b_sign: int) -> Answer:
    def gradient_step(W: Array, b: Array, X: Array, Y: Array, lr: float) -> Step:
        dW, db = _gradients(W, b, X, Y)
        return W + w_sign * lr * dW, b + b_sign * lr * db

    return gradient_step


GRADIENT_STEP = Exercise(
    "1.H",
    "One step of gradient descent",
    _gradient_step,
    layer,
    (
        Mistake(
            "uphill",
            _step_signs(1, 1),
            "This step goes uphill: both gradients are added. The gradient points to where J "
            "grows, so the step goes the other way.",
        ),
        Mistake(
            "biases uphill",
            _step_signs(-1, 1),
            "W goes downhill and b goes uphill. Both are updated by the same rule.",
        ),
        Mistake(
            "weights uphill",
            _step_signs(1, -1),
            "b goes downhill and W goes uphill. Both are updated by the same rule.",
        ),
        Mistake(
            "only W updated",
            _step_signs(-1, 0),
            "W is right, and b comes back unchanged. It has a gradient and a step of its own.",
        ),
        Mistake(
            "only b updated",
            _step_signs(0, -1),
            "b is right, and W comes back unchanged. It has a gradient and a step of its own.",
        ),
        Mistake(
            "nothing updated",
            _step_signs(0, 0),
            "Both come back unchanged. W − lr · dW makes a new array: give it a name, and return "
            "that one.",
        ),
        Mistake(
            "b's gradient at the new W",
            _step_weights_first,
            "W is right, but the gradient of b was computed with the new W. Both gradients "
            "belong to one point: compute the two first, then update.",
        ),
        Mistake(
            "W's gradient at the new b",
            _step_biases_first,
            "b is right, but the gradient of W was computed with the new b. Both gradients "
            "belong to one point: compute the two first, then update.",
        ),
        Mistake(
            "times m",
            _step_with(lambda Z, Y: sigmoid(Z) - Y),
            "The direction is right and the step m times too long: the factor 1/m is missing in "
            "dZ. It would pass for a larger learning rate, until the number of examples changes.",
        ),
        Mistake(
            "over m",
            _step_with(lambda Z, Y: (sigmoid(Z) - Y) / Z.shape[1] ** 2),
            "The direction is right and the step m times too short: the factor 1/m is there "
            "twice. It belongs in dZ, once.",
        ),
        Mistake(
            "no 1/m in dW",
            lambda W, b, X, Y, lr: (
                W - lr * _gradients(W, b, X, Y)[0] * X.shape[1],
                b - lr * _gradients(W, b, X, Y)[1],
            ),
            "b is right, and the step of W is m times too long: its gradient lacks the 1/m. With "
            "1/m inside dZ both gradients have it by themselves.",
        ),
        Mistake(
            "no 1/m in db",
            _step_with_db(lambda dZ: dZ.sum(axis=1, keepdims=True) * dZ.shape[1]),
            "W is right, and the step of b is m times too long: its gradient lacks the 1/m. With "
            "1/m inside dZ both gradients have it by themselves.",
        ),
        Mistake(
            "1/m twice in db",
            _step_with_db(lambda dZ: dZ.mean(axis=1, keepdims=True)),
            "W is right, and the step of b is m times too short: the mean over the examples puts "
            "in 1/m a second time. Sum, for dZ holds it already.",
        ),
        Mistake(
            "slope kept",
            _step_with(lambda Z, Y: (sigmoid(Z) - Y) * sigmoid.prime(Z) / Z.shape[1]),
            "The factor A(1 − A) is still in dZ. With cross-entropy it cancels; this is a step "
            "for the squared error.",
        ),
        Mistake(
            "no sigmoid",
            _step_with(lambda Z, Y: (Z - Y) / Z.shape[1]),
            "dZ compares the logits Z with Y. The prediction is A = σ(Z), and the error is A − Y.",
        ),
        Mistake(
            "no keepdims",
            _step_with_db(lambda dZ: dZ.sum(axis=1)),
            "The new b is a square matrix: db lost an axis, has the shape (n,), and numpy "
            "stretched it along the wrong side without a message. The sum needs keepdims=True.",
        ),
        Mistake(
            "no sum in db",
            _step_with_db(lambda dZ: dZ),
            "The new b has one column per example: dZ itself was used as the gradient of b. All "
            "examples share one bias, so sum over them.",
        ),
        Mistake(
            "wrong axis in db",
            _step_with_db(lambda dZ: dZ.sum(axis=0, keepdims=True)),
            "The new b is no column: dZ was summed over the units instead of the examples. Sum "
            "along the other axis.",
        ),
        Mistake(
            "one number for db",
            _step_with_db(lambda dZ: dZ.sum()),
            "W is right, but every bias moves by the same amount: dZ was summed over the units "
            "too. Sum over the examples only.",
        ),
        Mistake(
            "missing transpose",
            _step_without_transpose,
            "The gradient of W is dZ X without the transpose. It runs only when there are as "
            "many inputs as examples, and then its numbers are wrong: sum over the examples.",
        ),
        Mistake(
            "no learning rate",
            lambda W, b, X, Y, lr: _gradient_step(W, b, X, Y, 1.0 + 0 * lr),
            "The whole gradient is subtracted. The learning rate lr says how far to go along it.",
        ),
        Mistake(
            "gradients returned",
            lambda W, b, X, Y, _: _gradients(W, b, X, Y),
            "These are the gradients dW and db. The step is still to be made: the new W and b "
            "are asked for.",
        ),
        Mistake(
            "steps returned",
            lambda W, b, X, Y, lr: tuple(-lr * g for g in _gradients(W, b, X, Y)),
            "These are the changes of W and b. Add them to the old values: the new W and b are "
            "asked for.",
        ),
    ),
    why="Both gradients belong to the same point, and the old W and b are still there to compare.",
    batch="X",
    returns=("W", "b"),
)
