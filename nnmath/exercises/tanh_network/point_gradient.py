"""Exercise 5.A. The gradient that one example asks for."""

from __future__ import annotations

from nnmath.exercises.drawing import Answer, Array
from nnmath.exercises.records import Exercise, Mistake
from nnmath.exercises.tanh_network.inputs import one_example


def row_sums(dZ: Array) -> Array:
    """Return the sum over the examples, as a column."""
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
    one_example,
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
