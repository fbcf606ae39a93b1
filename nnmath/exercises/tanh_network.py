"""The exercises of notebook 05: one hidden layer, tanh, one sigmoid, each with its mistakes.

Conventions. X is (n₀, m), W1 is (n₁, n₀), b1 is (n₁, 1), W2 is (1, n₁), b2 is (1, 1), A1 is
(n₁, m), A2 and Y are (1, m). For one example the same letters are small, and columns. The factor
1/m occurs once, in dZ2. A mistake is written as the learner would write it.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from nnmath.activations import relu, sigmoid
from nnmath.exercises.records import Exercise, Mistake

Rng = np.random.RandomState
Array = Any
Drawn = tuple[Any, ...]
Answer = Callable[..., Any]

# Hidden inputs: short numbers, so that they can be typed.


def _draw(rng: Rng, lo: float, hi: float, *shape: int) -> Array:
    return np.round(rng.uniform(lo, hi, size=shape), 2)


def _answers(rng: Rng, m: int) -> Array:
    """Return probabilities, none of them exactly one half."""
    return rng.choice([0.08, 0.17, 0.31, 0.46, 0.62, 0.75, 0.93], size=(1, m))


def _truths(rng: Rng, m: int) -> Array:
    return rng.randint(0, 2, size=(1, m)) * 1.0


def _one_example(rng: Rng, n1: int, n0: int, _: int) -> Drawn:
    W2, x, a1 = _draw(rng, -2, 2, 1, n1), _draw(rng, -2, 2, n0, 1), _draw(rng, -0.9, 0.9, n1, 1)
    return W2, x, a1, _draw(rng, 0.1, 1, n1, 1), _answers(rng, 1), _truths(rng, 1)


def _logits(rng: Rng, n: int, _: int, m: int) -> Drawn:
    return (_draw(rng, -2, 2, n, m),)


def _network(rng: Rng, n1: int, n0: int, m: int) -> Drawn:
    layer1 = _draw(rng, -1, 1, n1, n0), _draw(rng, -1, 1, n1, 1)
    return *layer1, _draw(rng, -2, 2, 1, n1), _draw(rng, 0.1, 1, 1, 1), _draw(rng, -2, 2, n0, m)


def _after_the_run(rng: Rng, n1: int, n0: int, m: int) -> Drawn:
    W2, X, A1 = _draw(rng, -2, 2, 1, n1), _draw(rng, -2, 2, n0, m), _draw(rng, -0.9, 0.9, n1, m)
    return W2, X, A1, _answers(rng, m), _truths(rng, m)


def _line(rng: Rng, *_: int) -> Drawn:
    w1, w2, b, x1 = (float(v) for v in _draw(rng, 0.3, 2, 4) * rng.choice([-1, 1], size=4))
    return w1, w2, b, x1


def _answers_and_truths(rng: Rng, _: int, __: int, m: int) -> Drawn:
    return _answers(rng, 2 * m), _truths(rng, 2 * m)


# 5.A: the gradient that one example asks for.


def _row_sums(dZ: Array) -> Array:
    return dZ.sum(axis=1, keepdims=True)


def _of_point_with(
    error: Answer = lambda a2, y: a2 - y,
    back: Answer = lambda W2, dz2: W2.T * dz2,
    through: Answer = lambda da1, s1, _a1: da1 * s1,
    dW1: Answer = lambda dz1, x, _a1: dz1 @ x.T,
    dW2: Answer = lambda dz2, a1, _s1: dz2 @ a1.T,
) -> Answer:
    """Make the gradient of one example with one part replaced."""

    def gradient(
        W2: Array, x: Array, a1: Array, s1: Array, a2: Array, y: Array
    ) -> tuple[Array, ...]:
        dz2 = error(a2, y)
        dz1 = through(back(W2, dz2), s1, a1)
        return dW1(dz1, x, a1), dz1, dW2(dz2, a1, s1), dz2

    return gradient


def _point_gradient(
    W2: Array, x: Array, a1: Array, s1: Array, a2: Array, y: Array
) -> tuple[Array, ...]:
    dz2 = a2 - y
    dz1 = (W2.T @ dz2) * s1
    return dz1 @ x.T, dz1, dz2 @ a1.T, dz2


POINT_GRADIENT = Exercise(
    "5.A",
    "The gradient of one example",
    _point_gradient,
    _one_example,
    (
        Mistake(
            "dW2 stands up",
            _of_point_with(dW2=lambda dz2, a1, _s1: dz2 * a1),
            "dW2 is a column here, and W2 is a row. A gradient has the shape of what it belongs "
            "to: the input a1 must lie down, a1.T.",
        ),
        Mistake(
            "dW1 turned around",
            _of_point_with(dW1=lambda dz1, x, _a1: x @ dz1.T),
            "dW1 has the shape of the transposed weights. The error dz1 stands, and the input x "
            "lies down: dz1 @ x.T.",
        ),
        Mistake(
            "entry by entry",
            _of_point_with(dW1=lambda dz1, x, _a1: dz1 * x),
            "dz1 and x are multiplied entry by entry, which runs only when they are equally long. "
            "Every entry of dz1 meets every entry of x.",
        ),
        Mistake(
            "no slope",
            _of_point_with(through=lambda da1, _s1, _a1: da1),
            "dW2 and db2 are right. In layer 1 the slope of the activation is missing: dz1 is da1 "
            "times s1.",
        ),
        Mistake(
            "activation for slope",
            _of_point_with(through=lambda da1, _s1, a1: da1 * a1),
            "dz1 is da1 times the activation a1. It must be its slope, s1.",
        ),
        Mistake(
            "slope of tanh",
            _of_point_with(through=lambda da1, _s1, a1: da1 * (1 - a1**2)),
            "dz1 takes 1 − a1², the slope of tanh. The activation may be any here, and its slope "
            "is given: s1.",
        ),
        Mistake(
            "slope in dW2",
            _of_point_with(dW2=lambda dz2, _a1, s1: dz2 @ s1.T),
            "dW2 is built with the slope s1. The weights W2 were multiplied with a1, so their "
            "gradient is, too.",
        ),
        Mistake(
            "output instead of input",
            _of_point_with(dW1=lambda dz1, _x, a1: dz1 @ a1.T),
            "dW1 is built with a1, the output of layer 1. It must meet what W1 was multiplied "
            "with, which is x.",
        ),
        Mistake(
            "W2 left out",
            _of_point_with(back=lambda W2, dz2: 0 * W2.T + dz2),
            "dW2 and db2 are right. On the way back to layer 1 the weights W2 are missing: each "
            "unit's message is weighed as it was on the way forward.",
        ),
        Mistake(
            "truth minus answer",
            _of_point_with(error=lambda a2, y: y - a2),
            "All four are exactly reversed: dz2 is answer minus truth, not truth minus answer.",
        ),
        Mistake(
            "slope of the sigmoid kept",
            _of_point_with(error=lambda a2, y: (a2 - y) * a2 * (1 - a2)),
            "dz2 still holds a factor a2 (1 − a2). Notebook 01 showed how it cancels against the "
            "slope of the loss.",
        ),
        Mistake(
            "loss slope",
            _of_point_with(error=lambda a2, y: (a2 - y) / (a2 * (1 - a2))),
            "This starts with the slope at a2. One step is missing: through the sigmoid, where "
            "a2 (1 − a2) cancels.",
        ),
        Mistake(
            "the truth forgotten",
            _of_point_with(error=lambda a2, y: a2 + 0 * y),
            "dz2 is the answer itself. The truth y must be subtracted.",
        ),
    ),
    why="Two outer products: each weight gets the error behind it times the input before it.",
    returns=("dW1", "db1", "dW2", "db2"),
)

# 5.B: the slope of tanh.


def _tanh_prime(Z: Array) -> Array:
    return 1 - np.tanh(Z) ** 2


TANH_PRIME = Exercise(
    "5.B",
    "The slope of tanh",
    _tanh_prime,
    _logits,
    (
        Mistake(
            "tanh itself",
            lambda Z: np.tanh(Z),
            "This is tanh itself, the height of the curve. Its slope is asked for.",
        ),
        Mistake(
            "not squared",
            lambda Z: 1 - np.tanh(Z),
            "The square is missing. With it, the slope is the same on both sides of 0, as the "
            "curve demands.",
        ),
        Mistake(
            "plus",
            lambda Z: 1 + np.tanh(Z) ** 2,
            "This is larger than 1 everywhere. The curve is steepest at 0, where its slope is 1, "
            "and flat far out: the sign in the middle is a minus.",
        ),
        Mistake(
            "z for tanh",
            lambda Z: 1 - Z**2,
            "This is 1 − z². The square belongs to tanh(z); for large z a slope of 1 − z² would be "
            "far below 0.",
        ),
        Mistake(
            "the square inside",
            lambda Z: 1 - np.tanh(Z**2),
            "Here z is squared, and tanh comes after that. It is the other way round: first tanh, "
            "then the square, np.tanh(Z) ** 2.",
        ),
        Mistake(
            "the square around everything",
            lambda Z: (1 - np.tanh(Z)) ** 2,
            "The whole bracket is squared. Only tanh is: 1 minus the square of tanh(z).",
        ),
        Mistake(
            "tanh twice",
            lambda Z: 1 - np.tanh(np.tanh(Z)) ** 2,
            "tanh is applied twice. The argument is z, before the activation.",
        ),
        Mistake(
            "rule of the sigmoid",
            lambda Z: np.tanh(Z) * (1 - np.tanh(Z)),
            "a (1 − a) is the rule of the sigmoid. For tanh it is 1 − a².",
        ),
        Mistake(
            "slope of the sigmoid",
            lambda Z: sigmoid.prime(Z),
            "This is the slope of the sigmoid, at most one quarter. That of tanh is 1 at 0.",
        ),
        Mistake(
            "cosh not squared",
            lambda Z: 1 / np.cosh(Z),
            "This is 1/cosh. The quotient rule squares the bottom: 1/cosh².",
        ),
        Mistake(
            "cosh upside down",
            lambda Z: np.cosh(Z) ** 2,
            "This is cosh². The quotient rule has it at the bottom: 1/cosh².",
        ),
        Mistake(
            "only the square",
            lambda Z: np.tanh(Z) ** 2,
            "This is what is missing to 1. The slope is 1 minus it.",
        ),
    ),
    why="Once a = tanh(z) is known, its slope is 1 − a²: no further exponential.",
)

# 5.C: the forward pass.


def _forward_with(hidden: Answer = np.tanh, last: Answer = sigmoid) -> Answer:
    def forward(W1: Array, b1: Array, W2: Array, b2: Array, X: Array) -> Array:
        return last(W2 @ hidden(W1 @ X + b1) + b2)

    return forward


def _forward2(W1: Array, b1: Array, W2: Array, b2: Array, X: Array) -> Array:
    return sigmoid(W2 @ np.tanh(W1 @ X + b1) + b2)


def _same(Z: Array) -> Array:
    return Z


FORWARD = Exercise(
    "5.C",
    "The forward pass",
    _forward2,
    _network,
    (
        Mistake(
            "no hidden activation",
            _forward_with(hidden=_same),
            "The hidden layer lacks its tanh. Without a bend, two layers are one straight map, and "
            "the network is no better than one neuron.",
        ),
        Mistake(
            "logits returned",
            _forward_with(last=_same),
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

# 5.D: the backward pass.


def _backward_with(
    error: Answer = lambda A2, Y: (A2 - Y) / Y.shape[1],
    slope: Answer = lambda A1: 1 - A1**2,
    bias: Answer = _row_sums,
    into: Answer = lambda X, _A1: X,
    again: Answer = lambda dZ1: dZ1,
    back: Answer = lambda W2, dZ2: W2.T @ dZ2,
) -> Answer:
    """Make a backward pass with one part replaced."""

    def backward(W2: Array, X: Array, A1: Array, A2: Array, Y: Array) -> tuple[Array, ...]:
        dZ2 = error(A2, Y)
        dZ1 = again(back(W2, dZ2) * slope(A1))
        return dZ1 @ into(X, A1).T, bias(dZ1), dZ2 @ A1.T, bias(dZ2)

    return backward


def _backward2(W2: Array, X: Array, A1: Array, A2: Array, Y: Array) -> tuple[Array, ...]:
    dZ2 = (A2 - Y) / Y.shape[1]
    dZ1 = (W2.T @ dZ2) * (1 - A1**2)
    return dZ1 @ X.T, _row_sums(dZ1), dZ2 @ A1.T, _row_sums(dZ2)


BACKWARD = Exercise(
    "5.D",
    "The backward pass",
    _backward2,
    _after_the_run,
    (
        Mistake(
            "times m",
            _backward_with(error=lambda A2, Y: A2 - Y),
            "All four are m times too large: the 1/m of the mean belongs in dZ2.",
        ),
        Mistake(
            "1/m twice",
            _backward_with(again=lambda dZ1: dZ1 / dZ1.shape[1]),
            "Layer 2 is right, layer 1 is m times too small: dZ1 inherits the 1/m from dZ2.",
        ),
        Mistake(
            "over m",
            _backward_with(error=lambda A2, Y: (A2 - Y) / Y.shape[1] ** 2),
            "All four are m times too small: 1/m is there twice.",
        ),
        Mistake(
            "1/m in the weights, mean in the biases",
            _backward_with(bias=lambda dZ: dZ.mean(axis=1, keepdims=True)),
            "The weights are right. The biases are m times too small: a mean stands where a sum is "
            "due, for 1/m is in dZ2 already.",
        ),
        Mistake(
            "no keepdims",
            _backward_with(bias=lambda dZ: dZ.sum(axis=1)),
            "The weights are right. db1 and db2 have lost an axis: with keepdims=True the sum "
            "stays a column.",
        ),
        Mistake(
            "wrong axis",
            _backward_with(bias=lambda dZ: dZ.sum(axis=0, keepdims=True)),
            "The weights are right. The biases sum over the units; the examples are the columns, "
            "so sum along the rows, axis=1.",
        ),
        Mistake(
            "biases not summed",
            _backward_with(bias=_same),
            "The weights are right. db1 and db2 have one column for each example: a bias acts in "
            "all of them, so sum along the rows.",
        ),
        Mistake(
            "no slope",
            _backward_with(slope=lambda A1: np.ones_like(A1)),
            "Layer 2 is right. In dZ1 the slope of tanh is missing: the error must pass through "
            "the activation.",
        ),
        Mistake(
            "tanh again",
            _backward_with(slope=lambda A1: 1 - np.tanh(A1) ** 2),
            "Layer 2 is right. In dZ1, tanh is applied to A1, which is tanh already: the slope is "
            "1 − A1².",
        ),
        Mistake(
            "not squared",
            _backward_with(slope=lambda A1: 1 - A1),
            "Layer 2 is right. The slope of tanh is 1 − A1², and the square is missing.",
        ),
        Mistake(
            "rule of the sigmoid",
            _backward_with(slope=lambda A1: A1 * (1 - A1)),
            "Layer 2 is right. A1 (1 − A1) would be the slope of a sigmoid; the hidden layer is "
            "tanh.",
        ),
        Mistake(
            "slope of the sigmoid kept",
            _backward_with(error=lambda A2, Y: (A2 - Y) * A2 * (1 - A2) / Y.shape[1]),
            "dZ2 still holds a factor A2 (1 − A2). Notebook 01 showed how it cancels.",
        ),
        Mistake(
            "output instead of input",
            _backward_with(into=lambda _X, A1: A1),
            "dW1 is built with A1, as equation (6.8) of document 002 prints it. W1 was multiplied "
            "with X.",
        ),
        Mistake(
            "W2 left out",
            _backward_with(back=lambda W2, dZ2: 0 * W2.T + dZ2),
            "Layer 2 is right. On the way back the weights are missing: dA1 is W2.T @ dZ2.",
        ),
        Mistake(
            "truth minus answer",
            _backward_with(error=lambda A2, Y: (Y - A2) / Y.shape[1]),
            "All four are exactly reversed: dZ2 is answer minus truth.",
        ),
        Mistake(
            "decisions",
            _backward_with(error=lambda A2, Y: ((A2 > 0.5) - Y) / Y.shape[1]),
            "dZ2 compares the decisions 0 or 1 with the truth. The slope needs the probability A2 "
            "itself.",
        ),
    ),
    why="Six small arrays, and any network with one hidden layer of tanh units can be trained.",
    batch="X",
    returns=("dW1", "db1", "dW2", "db2"),
)

# 5.E: the line of a hidden unit.


def _line_height(w1: float, w2: float, b: float, x1: float) -> float:
    return -(w1 * x1 + b) / w2


LINE_HEIGHT = Exercise(
    "5.E",
    "The line of a hidden unit",
    _line_height,
    _line,
    (
        Mistake(
            "sign",
            lambda w1, w2, b, x1: (w1 * x1 + b) / w2,
            "The minus is lost: w₁x₁ + b goes to the other side, and changes its sign.",
        ),
        Mistake(
            "not divided",
            lambda w1, w2, b, x1: -(w1 * x1 + b) + 0 * w2,
            "This is w₂x₂. Divide by w₂ to get x₂ itself.",
        ),
        Mistake(
            "bias forgotten",
            lambda w1, w2, b, x1: -w1 * x1 / w2 + 0 * b,
            "The bias is missing. Without it every line would go through the origin.",
        ),
        Mistake(
            "bias not divided",
            lambda w1, w2, b, x1: -w1 * x1 / w2 - b,
            "Only the first term is divided by w₂. The bias is, too.",
        ),
        Mistake(
            "first term not divided",
            lambda w1, w2, b, x1: -w1 * x1 - b / w2,
            "Only the bias is divided by w₂. The first term is, too: put both in brackets.",
        ),
        Mistake(
            "multiplied",
            lambda w1, w2, b, x1: -(w1 * x1 + b) * w2,
            "Here w₂ multiplies. On the line w₂x₂ = −(w₁x₁ + b), so divide by it.",
        ),
        Mistake(
            "sign of the bias",
            lambda w1, w2, b, x1: (-w1 * x1 + b) / w2,
            "Only one of the two terms changed its sign. Both go to the other side.",
        ),
        Mistake(
            "weights exchanged",
            lambda w1, w2, b, x1: -(w2 * x1 + b) / w1,
            "The two weights have changed places: w₁ belongs to x₁, w₂ to x₂.",
        ),
        Mistake(
            "the direction instead",
            lambda w1, w2, b, x1: (w2 * x1 - b) / w1,
            "This line runs along the weights. The unit's line is at right angles to them: start "
            "from w₁x₁ + w₂x₂ + b = 0 and solve for x₂.",
        ),
        Mistake(
            "logit",
            lambda w1, w2, b, x1: w1 * x1 + w2 * x1 + b,
            "This is the logit at (x₁, x₁). On the line the logit is 0: solve for x₂.",
        ),
    ),
    why="So one row of W1 and one bias are one line, and training turns and shifts it.",
)

# 5.F: the share of right answers.


def _share_right(A2: Array, Y: Array) -> Any:
    return np.mean((A2 > 0.5) == Y)


SHARE_RIGHT = Exercise(
    "5.F",
    "The share of right answers",
    _share_right,
    _answers_and_truths,
    (
        Mistake(
            "times m",
            lambda A2, Y: float(np.sum((A2 > 0.5) == Y)),
            "This is the number of right answers. Their share is asked for: take the mean.",
        ),
        Mistake(
            "over m",
            lambda A2, Y: np.mean((A2 > 0.5) == Y) / Y.shape[1],
            "This divides by the number of examples twice: the mean has done so already.",
        ),
        Mistake(
            "not counted",
            lambda A2, Y: (A2 > 0.5) == Y,
            "This says of each example whether its answer is right. Their share is one number: "
            "take the mean.",
        ),
        Mistake(
            "wrong answers",
            lambda A2, Y: np.mean((A2 > 0.5) != Y),
            "This is the share of wrong answers. Take what is left up to 1.",
        ),
        Mistake(
            "above zero",
            lambda A2, Y: np.mean((A2 > 0) == Y),
            "A probability is always above 0, so this network always says yes. The border is one "
            "half; 0 is the border for the logit.",
        ),
        Mistake(
            "argmax",
            lambda A2, Y: np.mean(A2.argmax(axis=0) == Y),
            "argmax looks for the largest entry of each column. There is one entry only, so it is "
            "always row 0. With one unit, compare with one half.",
        ),
        Mistake(
            "probabilities compared",
            lambda A2, Y: np.mean(A2 == Y),
            "A probability is never exactly 0 or 1. Turn it into a decision first: yes when it is "
            "above one half.",
        ),
        Mistake(
            "only yes counts",
            lambda A2, Y: np.mean((A2 > 0.5) * Y),
            "This counts a right yes only. A right no is right as well.",
        ),
        Mistake(
            "share of yes",
            lambda A2, Y: np.mean(A2 > 0.5) + 0 * Y.sum(),
            "This is how often the network says yes. Whether it should have is in Y.",
        ),
        Mistake(
            "mean distance",
            lambda A2, Y: np.mean(np.abs(A2 - Y)),
            "This is the mean distance between probability and truth. An answer is right or wrong: "
            "decide first, then count.",
        ),
        Mistake(
            "mean probability of the truth",
            lambda A2, Y: np.mean(1 - np.abs(A2 - Y)),
            "This is the mean probability given to the truth. An answer is right or wrong: decide "
            "first, then count.",
        ),
    ),
    why="It has no slope worth the name, so training follows J and only reports this.",
    batch="A2",
)

EXERCISES = (POINT_GRADIENT, TANH_PRIME, FORWARD, BACKWARD, LINE_HEIGHT, SHARE_RIGHT)
