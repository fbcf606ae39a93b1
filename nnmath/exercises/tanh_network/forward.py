"""Exercise 5.C. The forward pass."""

from __future__ import annotations

import numpy as np

from nnmath.activations import relu, sigmoid
from nnmath.exercises.drawing import Answer, Array
from nnmath.exercises.records import Exercise, Mistake
from nnmath.exercises.tanh_network.inputs import network


def _forward_with(hidden: Answer = np.tanh, last: Answer = sigmoid) -> Answer:
    def forward(W1: Array, b1: Array, W2: Array, b2: Array, X: Array) -> Array:
        return last(W2 @ hidden(W1 @ X + b1) + b2)

    return forward


def _forward2(W1: Array, b1: Array, W2: Array, b2: Array, X: Array) -> Array:
    return sigmoid(W2 @ np.tanh(W1 @ X + b1) + b2)


def same(Z: Array) -> Array:
    """Return Z itself: an activation left out."""
    return Z


FORWARD = Exercise(
    "5.C",
    "The forward pass",
    _forward2,
    network,
    (
        Mistake(
            "no hidden activation",
            _forward_with(hidden=same),
            "The hidden layer lacks its tanh. Without a bend, two layers are one straight map, and "
            "the network is no better than one neuron.",
        ),
        Mistake(
            "logits returned",
            _forward_with(last=same),
            "These are the logits Z2. The sigmoid turns them into probabilities.",
        ),
        Mistake(
            "tanh at the output",
            _forward_with(last=np.tanh),
            "The output has a tanh, which gives numbers from −1 to 1. A probability needs the "
            "sigmoid.",
        ),
        Mistake(
            "sigmoid in the hidden layer",
            _forward_with(hidden=sigmoid),
            "The hidden layer has sigmoids. In this network it is tanh: np.tanh.",
        ),
        Mistake(
            "the two exchanged",
            _forward_with(hidden=sigmoid, last=np.tanh),
            "The two activations have changed places: tanh is hidden, the sigmoid ends it.",
        ),
        Mistake(
            "ReLU in the hidden layer",
            _forward_with(hidden=relu),
            "The hidden layer has ReLUs, as in notebook 03. Here it is tanh: np.tanh.",
        ),
        Mistake(
            "no biases",
            lambda W1, b1, W2, b2, X: _forward2(W1, 0 * b1, W2, 0 * b2, X),
            "Both biases are missing. Each layer adds its own to every column.",
        ),
        Mistake(
            "no b1",
            lambda W1, b1, W2, b2, X: _forward2(W1, 0 * b1, W2, b2, X),
            "b1 is missing: without it the line of every hidden unit goes through the origin.",
        ),
        Mistake(
            "no b2",
            lambda W1, b1, W2, b2, X: _forward2(W1, b1, W2, 0 * b2, X),
            "b2 is missing in the last layer.",
        ),
        Mistake(
            "bias after tanh",
            lambda W1, b1, W2, b2, X: sigmoid(W2 @ (np.tanh(W1 @ X) + b1) + b2),
            "b1 is added after the tanh. It belongs inside: A1 = tanh(W1 X + b1).",
        ),
        Mistake(
            "sigmoid twice",
            lambda *arguments: sigmoid(_forward2(*arguments)),
            "The sigmoid is applied twice. Its result is the probability already.",
        ),
        Mistake(
            "yes or no",
            lambda *arguments: (_forward2(*arguments) > 0.5) * 1.0,
            "These are decisions, 0 or 1. The network answers with a probability; the gradient "
            "needs it.",
        ),
    ),
    why="Keep A1 on the way: the backward pass needs it twice, as an input and for the slope.",
    batch="X",
)
