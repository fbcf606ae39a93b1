"""Exercise 3.B. The forward pass."""

from __future__ import annotations

from nnmath.activations import relu, sigmoid, softmax
from nnmath.exercises.drawing import Answer, Array
from nnmath.exercises.records import Exercise, Mistake
from nnmath.exercises.relu_network.inputs import network


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
    network,
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
