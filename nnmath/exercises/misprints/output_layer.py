"""Exercise 6.C. The output layer of document 001, four printed lines."""

from __future__ import annotations

from collections.abc import Callable

from nnmath.exercises.drawing import Array, draw
from nnmath.exercises.misprints.inputs import one_hot, rows, shares
from nnmath.exercises.records import Exercise, Mistake


def _output_layer(W3: Array, A2: Array, Yhat: Array, Y: Array) -> tuple[Array, ...]:
    delta3 = (Yhat - Y) / Y.shape[1]
    return delta3, delta3 @ A2.T, rows(delta3), W3.T @ delta3


def _with_delta(delta: Callable[[Array, Array], Array]) -> Callable[..., tuple[Array, ...]]:
    """Return the output layer with another error at its start."""

    def layer(W3: Array, A2: Array, Yhat: Array, Y: Array) -> tuple[Array, ...]:
        delta3 = delta(Yhat, Y)
        return delta3, delta3 @ A2.T, rows(delta3), W3.T @ delta3

    return layer


def _layer_parts(
    dW: Callable = lambda d, A: d @ A.T,
    db: Callable = rows,
    dA: Callable = lambda W, d: W.T @ d,
) -> Callable[..., tuple[Array, ...]]:
    """Return the output layer with one of its parts made in another way."""

    def layer(W3: Array, A2: Array, Yhat: Array, Y: Array) -> tuple[Array, ...]:
        delta3 = (Yhat - Y) / Y.shape[1]
        return delta3, dW(delta3, A2), db(delta3), dA(W3, delta3)

    return layer


OUTPUT_LAYER = Exercise(
    "6.C",
    "The output layer, line by line",
    _output_layer,
    lambda rng, n, n0, m: (
        draw(rng, -1, 1, n, n0),
        draw(rng, 0, 2, n0, m),
        shares(rng, n, m),
        one_hot(rng, n, m),
    ),
    (
        Mistake(
            "the printed sign",
            _with_delta(lambda Yhat, Y: -(Yhat - Y) / Y.shape[1]),
            "All four have the printed sign, the opposite one. Answer minus truth is right: a "
            "step against it must bring Ŷ closer to Y.",
        ),
        Mistake(
            "no 1/m",
            _with_delta(lambda Yhat, Y: Yhat - Y),
            "All four are m times too large: the 1/m of the first line is lost.",
        ),
        Mistake(
            "bias not summed",
            _layer_parts(db=lambda d: d),
            "db3 is delta3, as printed, with a column for each example. The bias has one column: "
            "add over the examples.",
        ),
        Mistake(
            "bias averaged",
            _layer_parts(db=lambda d: d.mean(axis=1, keepdims=True)),
            "db3 is the mean over the examples. The 1/m is in delta3 already, so here a sum is "
            "due.",
        ),
        Mistake(
            "bias without keepdims",
            _layer_parts(db=lambda d: d.sum(axis=1)),
            "db3 has lost an axis: its numbers are right, and its shape must be that of b3, a "
            "column. keepdims=True keeps it.",
        ),
        Mistake(
            "bias summed over the units",
            _layer_parts(db=lambda d: d.sum(axis=0, keepdims=True)),
            "db3 is summed over the units. The examples are the columns, so the sum runs along "
            "each row: axis=1.",
        ),
        Mistake(
            "1/m once more",
            _layer_parts(
                dW=lambda d, A: d @ A.T / d.shape[1],
                db=lambda d: d.mean(axis=1, keepdims=True),
            ),
            "dW3 and db3 are divided by m again. It is in delta3 already.",
        ),
        Mistake(
            "A not turned around",
            _layer_parts(dW=lambda d, A: d @ A),
            "dW3 needs A2 turned around: only then do the examples stand in the middle. Where the "
            "sizes happen to agree, it runs and is wrong.",
        ),
        Mistake(
            "W not turned around",
            _layer_parts(dA=lambda W, d: W @ d),
            "dA2 needs W3 turned around: the units of layer 3 must meet. Where the sizes happen "
            "to agree, it runs and is wrong.",
        ),
        Mistake(
            "W in the printed order",
            _layer_parts(dA=lambda W, d: d @ W),
            "dA2 is in the printed order, delta3 first. The examples would meet the units of "
            "layer 3; W3 belongs to the left, and turned around.",
        ),
        Mistake(
            "both products as printed",
            _layer_parts(dW=lambda d, A: d @ A, dA=lambda W, d: d @ W),
            "Both products are as printed. Write the shape of each factor below it: one needs a "
            "transpose, the other a transpose and the other order.",
        ),
        Mistake(
            "stars of numpy",
            _layer_parts(dW=lambda d, A: d * A, dA=lambda W, d: d * W),
            "In numpy the * works entry by entry. Both of these are products of matrices, with a "
            "transpose each.",
        ),
    ),
    why="Four printed lines, four misprints: sign, lost sum, and a transpose twice.",
    returns=("delta3", "dW3", "db3", "dA2"),
)
