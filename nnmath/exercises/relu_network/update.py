"""Exercise 3.E. First all gradients, then the update."""

from __future__ import annotations

from nnmath.activations import relu, softmax
from nnmath.exercises.drawing import Answer, Array
from nnmath.exercises.records import Exercise, Mistake
from nnmath.exercises.relu_network.backward import passed_error
from nnmath.exercises.relu_network.inputs import last_two_layers


def _gradients(
    W2: Array, b2: Array, W3: Array, b3: Array, A1: Array, Y: Array, old_W3: Array | None = None
) -> tuple[Array, Array]:
    Z2 = W2 @ A1 + b2
    A2 = relu(Z2)
    dZ3 = passed_error(softmax(W3 @ A2 + b3), Y)
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
    dZ3 = passed_error(softmax(W3 @ A2 + b3), Y)
    return W2 - lr * (W3.T @ dZ3) @ A1.T, W3 - lr * dZ3 @ A2.T


def _step_from_logits(
    W2: Array, b2: Array, W3: Array, b3: Array, A1: Array, Y: Array, lr: float
) -> tuple[Array, Array]:
    Z2 = W2 @ A1 + b2
    dZ3 = passed_error(W3 @ relu(Z2) + b3, Y)
    dZ2 = (W3.T @ dZ3) * (Z2 > 0)
    return W2 - lr * dZ2 @ A1.T, W3 - lr * dZ3 @ relu(Z2).T


UPDATE = Exercise(
    "3.E",
    "First all gradients, then the update",
    _step,
    last_two_layers,
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
