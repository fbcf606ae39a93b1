"""The exercises of notebook 06: printed formulas to be judged, and mended in code.

Conventions. Examples are columns and m is their number; sizes differ from each other in most of the
hidden inputs. Each exercise quotes a formula of the documents; the printed form is among the
mistakes it knows, wherever it has a result.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from nnmath.activations import softmax
from nnmath.exercises.records import Exercise, Mistake

Rng = np.random.RandomState
Array = Any
Drawn = tuple[Any, ...]


def _draw(rng: Rng, lo: float, hi: float, *shape: int) -> Array:
    return np.round(rng.uniform(lo, hi, size=shape), 2)


def _one_hot(rng: Rng, classes: int, m: int) -> Array:
    return np.eye(classes)[:, rng.randint(classes, size=m)]


def _bits(rng: Rng, n: int, m: int) -> Array:
    return rng.randint(0, 2, size=(n, m)).astype(float)


def _shares(rng: Rng, n: int, m: int) -> Array:
    """Return columns of positive numbers that add up to about 1."""
    return np.round(softmax(rng.uniform(-1, 1, size=(n, m))), 2)


def _rows(H: Array) -> Array:
    return H.sum(axis=1, keepdims=True)


# 6.A: document 001 prints the slope of the cost twice, with and without a sum.


def _output_slope(Yhat: Array, Y: Array) -> Array:
    return -Y / Yhat / Y.shape[1]


OUTPUT_SLOPE = Exercise(
    "6.A",
    "Which of the two?",
    _output_slope,
    lambda rng, n, _, m: (_shares(rng, n, m), _one_hot(rng, n, m)),
    (
        Mistake(
            "summed over the examples",
            lambda Yhat, Y: _rows(_output_slope(Yhat, Y)),
            "This is the second form, with the sum. Its result has one column, and Ŷ has one per "
            "example: each example keeps its own slopes.",
        ),
        Mistake(
            "the sum in every column",
            lambda Yhat, Y: np.tile(_rows(_output_slope(Yhat, Y)), (1, Y.shape[1])),
            "The sum over the examples stands in every column now. That has the right shape and "
            "still mixes the examples: no example's answer acts on the loss of another one.",
        ),
        Mistake(
            "summed over the classes",
            lambda Yhat, Y: _output_slope(Yhat, Y).sum(axis=0, keepdims=True),
            "The sum over the classes is one too many. Each entry of Ŷ has a slope of its own.",
        ),
        Mistake(
            "slope at the logits",
            lambda Yhat, Y: (Yhat - Y) / Y.shape[1],
            "This is ∂J/∂Z, behind the softmax. Here the slope at the activations is asked for: "
            "differentiate −(1/m) Σ y log ŷ by one ŷ.",
        ),
        Mistake(
            "binary cross-entropy",
            lambda Yhat, Y: (-Y / Yhat + (1 - Y) / (1 - Yhat)) / Y.shape[1],
            "This is the slope of the binary cross-entropy. The cost here has one term for each "
            "class, −y log ŷ, and no 1 − y.",
        ),
        Mistake(
            "the cost itself",
            lambda Yhat, Y: -Y * np.log(Yhat) / Y.shape[1],
            "These are the terms of the cost itself. Its slope is asked for: that of log ŷ is 1/ŷ.",
        ),
        Mistake(
            "mean over all entries",
            lambda Yhat, Y: -Y / Yhat / Y.size,
            "Divided by the number of entries. J is the mean over the m examples, and a sum over "
            "the classes.",
        ),
    ),
    why="Document 001 has it right at its output layer, and adds a sum where it generalises.",
    batch="Y",
)

# 6.B: the slope of softmax, where one index is misprinted.


def _softmax_slopes(a: Array) -> Array:
    return np.diagflat(a) - a @ a.T


SOFTMAX_SLOPES = Exercise(
    "6.B",
    "The slope of softmax",
    _softmax_slopes,
    lambda rng, n, _, __: (_shares(rng, n, 1),),
    (
        Mistake(
            "as printed",
            lambda a: a * (np.eye(len(a)) - a),
            "This is the formula as printed: beside the diagonal it holds −aᵢ², and −aᵢaⱼ is "
            "right. Move one logit and add up what the outputs do: it must come to 0.",
        ),
        Mistake(
            "as printed, turned around",
            lambda a: a.T * (np.eye(len(a)) - a.T),
            "Now both letters say j: beside the diagonal stands −aⱼ², and −aᵢaⱼ is right.",
        ),
        Mistake(
            "diag of a column",
            lambda a: a[:1] - a @ a.T,
            "np.diag reads the diagonal of a column, which is one number. np.diagflat makes a "
            "matrix that has the entries on its diagonal.",
        ),
        Mistake(
            "row times column",
            lambda a: np.diagflat(a) - a.T @ a,
            "a.T @ a is one number, the sum of the squares. All pairs aᵢaⱼ come from a column "
            "times a row: a @ a.T.",
        ),
        Mistake(
            "diagonal only",
            lambda a: np.diagflat(a * (1 - a)),
            "Only the diagonal is filled. If one logit grows, the other outputs shrink: their "
            "slopes are −aᵢaⱼ.",
        ),
        Mistake(
            "one column",
            lambda a: a * (1 - a),
            "This is one number per output. Each output depends on each logit, so the slopes fill "
            "a square.",
        ),
        Mistake(
            "without the diagonal",
            lambda a: -a @ a.T,
            "δᵢⱼ is lost: where i = j the slope has aᵢ more.",
        ),
        Mistake(
            "plus",
            lambda a: np.diagflat(a) + a @ a.T,
            "The minus is lost. With it, each column adds up to 0, as it must: the outputs always "
            "add up to 1.",
        ),
        Mistake(
            "identity for diag(a)",
            lambda a: np.eye(len(a)) - a @ a.T,
            "The factor in front is forgotten where i = j: the diagonal begins with aᵢ, not with "
            "1.",
        ),
        Mistake(
            "no delta",
            lambda a: a @ (1 - a.T),
            "δᵢⱼ was taken for 1 everywhere. It is 1 on the diagonal alone.",
        ),
    ),
    why="The check on the diagonal alone would have passed the misprint.",
)

# 6.C: the output layer of document 001, four printed lines.


def _output_layer(W3: Array, A2: Array, Yhat: Array, Y: Array) -> tuple[Array, ...]:
    delta3 = (Yhat - Y) / Y.shape[1]
    return delta3, delta3 @ A2.T, _rows(delta3), W3.T @ delta3


def _with_delta(delta: Callable[[Array, Array], Array]) -> Callable[..., tuple[Array, ...]]:
    """Return the output layer with another error at its start."""

    def layer(W3: Array, A2: Array, Yhat: Array, Y: Array) -> tuple[Array, ...]:
        delta3 = delta(Yhat, Y)
        return delta3, delta3 @ A2.T, _rows(delta3), W3.T @ delta3

    return layer


def _layer_parts(
    dW: Callable = lambda d, A: d @ A.T,
    db: Callable = _rows,
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
        _draw(rng, -1, 1, n, n0),
        _draw(rng, 0, 2, n0, m),
        _shares(rng, n, m),
        _one_hot(rng, n, m),
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

# 6.D: document 000, the hidden layer, one example.


def _hidden_layer(W2: Array, A2: Array, Y: Array, slope: Array, X: Array) -> tuple[Array, ...]:
    D = W2.T @ (A2 - Y) * slope
    return D @ X.T, D


def _with_error(error: Callable[..., Array]) -> Callable[..., tuple[Array, ...]]:
    """Return the hidden layer with another error D."""

    def layer(W2: Array, A2: Array, Y: Array, slope: Array, X: Array) -> tuple[Array, ...]:
        D = error(W2, A2, Y, slope)
        return D @ X.T, D

    return layer


def _from_error(parts: Callable[..., tuple[Array, ...]]) -> Callable[..., tuple[Array, ...]]:
    """Return the hidden layer whose results are made otherwise from D and X."""
    return lambda W2, A2, Y, slope, X: parts(W2.T @ (A2 - Y) * slope, X)


HIDDEN_LAYER = Exercise(
    "6.D",
    "The hidden layer of document 000",
    _hidden_layer,
    lambda rng, n, n0, _: (
        _draw(rng, -1, 1, 1, n),
        _draw(rng, 0.05, 0.95, 1, 1),
        _bits(rng, 1, 1),
        _draw(rng, 0.1, 1, n, 1),
        _draw(rng, -2, 2, n0, 1),
    ),
    (
        Mistake(
            "as printed",
            lambda W2, A2, Y, slope, X: (
                (A2 - Y) @ W2 * slope @ X,
                (A2 - Y) @ W2 * slope,
            ),
            "As printed, a row times a column, entry by entry: numpy stretches them to a square. "
            "Turn W2 around first, so that both are columns.",
        ),
        Mistake(
            "everything lies down",
            lambda W2, A2, Y, slope, X: (
                ((A2 - Y) @ W2 * slope.T).T @ X.T,
                (A2 - Y) @ W2 * slope.T,
            ),
            "dW1 is right, but db1 lies down: b1 is a column, and so is its gradient. Turn W2 "
            "around, and the slope can stay as it is.",
        ),
        Mistake(
            "X not turned around",
            _from_error(lambda D, X: (D * X, D)),
            "dW1 has a row for each unit and a column for each input: D times X turned around. "
            "Entry by entry gives one column.",
        ),
        Mistake(
            "X forgotten",
            _from_error(lambda D, X: (D + 0 * X.sum(), D)),
            "X is forgotten: dW1 is the same as db1. A weight is multiplied by its input, a bias "
            "by 1.",
        ),
        Mistake(
            "turned around",
            _from_error(lambda D, X: (X @ D.T, D)),
            "dW1 is turned around: W1 has a row for each unit, and yours has one for each input.",
        ),
        Mistake(
            "slope forgotten",
            _with_error(lambda W2, A2, Y, slope: W2.T @ (A2 - Y) + 0 * slope),
            "The slope of the hidden activation is lost: the printed form has it, and it is "
            "right, entry by entry.",
        ),
        Mistake(
            "W2 forgotten",
            _with_error(lambda W2, A2, Y, slope: (A2 - Y) * slope + 0 * W2.T),
            "W2 is lost. The error comes back to unit j through its weight to the output, entry j "
            "of W2.",
        ),
        Mistake(
            "opposite sign",
            _with_error(lambda W2, A2, Y, slope: W2.T @ (Y - A2) * slope),
            "Both have the opposite sign: it is answer minus truth.",
        ),
        Mistake(
            "slope of the sigmoid kept",
            _with_error(lambda W2, A2, Y, slope: W2.T @ ((A2 - Y) * A2 * (1 - A2)) * slope),
            "A2 (1 − A2) is there once too often: with the cross-entropy it has cancelled, and "
            "A2 − Y is all that is left.",
        ),
        Mistake(
            "bias summed",
            _from_error(lambda D, X: (D @ X.T, D.sum(axis=0, keepdims=True))),
            "db1 is summed over the units. Each unit has a bias of its own, so its gradient is a "
            "column with one number per unit.",
        ),
    ),
    why="The entry to assemble is (a − y) · w · g′(z) · x, and the shapes leave one order.",
    returns=("dW1", "db1"),
)

# 6.E: the error of the output layer in document 002, with or without the sum.


def _output_error(A: Array, T: Array) -> Array:
    return (A - T) / (A * (1 - A)) / T.shape[1]


OUTPUT_ERROR = Exercise(
    "6.E",
    "An error for each example",
    _output_error,
    lambda rng, n, _, m: (_draw(rng, 0.05, 0.95, n, m), _bits(rng, n, m)),
    (
        Mistake(
            "as printed",
            lambda A, T: _rows(_output_error(A, T)),
            "This is (3.11) as printed, with the sum. Δ is ∂J/∂A, so it has the shape of A: a "
            "column for each example.",
        ),
        Mistake(
            "the sum in every column",
            lambda A, T: np.tile(_rows(_output_error(A, T)), (1, T.shape[1])),
            "The sum stands in every column now. Errors of opposite sign cancel in it; each "
            "example must keep its own.",
        ),
        Mistake(
            "behind the sigmoid",
            lambda A, T: (A - T) / T.shape[1],
            "This is H of (3.12), the slope at the logits. Δ comes before the sigmoid: nothing "
            "has cancelled yet, and the fraction keeps its bottom.",
        ),
        Mistake(
            "the slope above the line",
            lambda A, T: (A - T) * A * (1 - A) / T.shape[1],
            "a(1 − a) is at the bottom of the fraction: it must divide.",
        ),
        Mistake(
            "brackets around the bottom",
            lambda A, T: (A - T) / A * (1 - A) / T.shape[1],
            "Python divides by A and then multiplies by 1 − A. Put A * (1 - A) in brackets.",
        ),
        Mistake(
            "the sign of document 000",
            lambda A, T: (-T / A - (1 - T) / (1 - A)) / T.shape[1],
            "Right where t = 1, turned around where t = 0: the second fraction has a plus, "
            "because the inner slope of log(1 − a) is −1.",
        ),
        Mistake(
            "one term",
            lambda A, T: -T / A / T.shape[1],
            "Only the first term is here. For t = 0 the second one is at work: (1 − t)/(1 − a).",
        ),
        Mistake(
            "mean over all entries",
            lambda A, T: (A - T) / (A * (1 - A)) / T.size,
            "Divided by the number of entries. The mean runs over the N examples alone.",
        ),
    ),
    why="From here (3.12) follows, entry by entry; from the printed sum it could not.",
    batch="T",
)

# 6.F: which activations meet the error of a layer.


def _weights_of_layer(Delta: Array, slope: Array, A_before: Array, A_after: Array) -> Array:  # noqa: ARG001
    return (Delta * slope) @ A_before.T


WEIGHTS_OF_LAYER = Exercise(
    "6.F",
    "Before or after?",
    _weights_of_layer,
    lambda rng, n, n0, m: (
        _draw(rng, -1, 1, n, m),
        _draw(rng, 0.1, 1, n, m),
        _draw(rng, -1, 1, n0, m),
        _draw(rng, -1, 1, n, m),
    ),
    (
        Mistake(
            "as printed",
            lambda Delta, slope, _, A_after: (Delta * slope) @ A_after.T,
            "This is (5.16) as printed, with the output of the layer: a square, one row and one "
            "column per unit of the same layer. W has a column for each unit of the layer before.",
        ),
        Mistake(
            "as printed, without the slope",
            lambda Delta, _, __, A_after: Delta @ A_after.T,
            "Two things: the slope is lost, and A_after is the output of the layer. W acts on its "
            "input.",
        ),
        Mistake(
            "without the slope",
            lambda Delta, _, A_before, __: Delta @ A_before.T,
            "The slope of the activation is lost: H is Δ times σ′, entry by entry.",
        ),
        Mistake(
            "slope of tanh",
            lambda Delta, _, A_before, A_after: (Delta * (1 - A_after**2)) @ A_before.T,
            "You took the slope of tanh. The formula is for any activation, and its slope is "
            "given.",
        ),
        Mistake(
            "not turned around",
            lambda Delta, slope, A_before, _: (Delta * slope) @ A_before,
            "A_before must be turned around, so that the examples meet the examples. Where the "
            "sizes happen to agree, it runs and is wrong.",
        ),
        Mistake(
            "product first",
            lambda Delta, slope, A_before, _: Delta * (slope @ A_before.T),
            "The brackets are missing: Δ times σ′, entry by entry, comes first, and then the "
            "product of matrices.",
        ),
    ),
    why="W acts on what the layer gets; what it gives belongs to the next layer.",
    batch="Delta",
)

# 6.G: printed rightly.


def _last_hidden(H: Array, W: Array, slope: Array, A: Array) -> Array:
    return ((W.T @ H) * slope) @ A.T


def _three_layers(rng: Rng, n: int, n0: int, m: int) -> Drawn:
    last = n if n == n0 == m else 14 - n - n0 - m
    return (
        _draw(rng, -1, 1, last, m),
        _draw(rng, -1, 1, last, n),
        _draw(rng, 0.1, 1, n, m),
        _draw(rng, -1, 1, n0, m),
    )


LAST_HIDDEN = Exercise(
    "6.G",
    "Four letters under two sums",
    _last_hidden,
    _three_layers,
    (
        Mistake(
            "W not turned around",
            lambda H, W, slope, A: ((W @ H) * slope) @ A.T,
            "W must be turned around: the sum over k runs over its rows. In the printed form W "
            "has the indices ki, and k is also the first index of H.",
        ),
        Mistake(
            "A not turned around",
            lambda H, W, slope, A: ((W.T @ H) * slope) @ A,
            "A must be turned around: the sum over n runs over its columns, and they must stand "
            "in the middle.",
        ),
        Mistake(
            "slope forgotten",
            lambda H, W, slope, A: (W.T @ H) @ (A + 0 * slope[0]).T,
            "σ′ is lost. It carries the letters i and n, so it goes with the product of W and H, "
            "entry by entry.",
        ),
        Mistake(
            "slope too early",
            lambda H, W, slope, A: (W.T @ (H * slope)) @ A.T,
            "σ′ comes too early: it carries the letter i, and i appears only when the sum over k "
            "is done.",
        ),
        Mistake(
            "slope too late",
            lambda H, W, slope, A: (W.T @ H) * (slope @ A.T),
            "σ′ and A are multiplied first, and the sum over n is used up. One bracket around "
            "(W.T @ H) * slope, then A.",
        ),
        Mistake(
            "one output unit",
            lambda H, W, slope, A: ((W[:1].T @ H[:1]) * slope) @ A.T,
            "Only k = 0 is here. The sum over k runs over all units of the last layer.",
        ),
        Mistake(
            "one example",
            lambda H, W, slope, A: ((W.T @ H) * slope)[:, :1] @ A[:, :1].T,
            "Only n = 0 is here. The sum over n runs over all examples.",
        ),
        Mistake(
            "signs of W lost",
            lambda H, W, slope, A: ((np.abs(W).T @ H) * slope) @ A.T,
            "The weights have lost their signs. W is used as it is.",
        ),
    ),
    why="It was printed rightly. Who follows the letters ends at (4.11), brackets included.",
    batch="H",
)

# 6.H: section 6 of document 002, all four gradients.


def _section_six(W2: Array, A1: Array, A2: Array, X: Array, Y: Array) -> tuple[Array, ...]:
    H2 = (A2 - Y) / Y.shape[1]
    H1 = (W2.T @ H2) * (1 - A1**2)
    return H1 @ X.T, _rows(H1), H2 @ A1.T, _rows(H2)


def _section(
    H2: Callable[[Array, Array], Array] = lambda A2, Y: (A2 - Y) / Y.shape[1],
    slope: Callable[[Array], Array] = lambda A1: 1 - A1**2,
    out: Callable[..., tuple[Array, ...]] = lambda H1, H2, A1, X: (
        H1 @ X.T,
        _rows(H1),
        H2 @ A1.T,
        _rows(H2),
    ),
) -> Callable[..., tuple[Array, ...]]:
    """Return the section with one of its lines written otherwise."""

    def gradients(W2: Array, A1: Array, A2: Array, X: Array, Y: Array) -> tuple[Array, ...]:
        top = H2(A2, Y)
        return out((W2.T @ top) * slope(A1), top, A1, X)

    return gradients


SECTION_SIX = Exercise(
    "6.H",
    "Section 6, mended",
    _section_six,
    lambda rng, n, n0, m: (
        _draw(rng, -1, 1, 1, n),
        _draw(rng, -0.9, 0.9, n, m),
        _draw(rng, 0.05, 0.95, 1, m),
        _draw(rng, -2, 2, n0, m),
        _bits(rng, 1, m),
    ),
    (
        Mistake(
            "A1 for X",
            _section(out=lambda H1, H2, A1, _: (H1 @ A1.T, _rows(H1), H2 @ A1.T, _rows(H2))),
            "dW1 holds A1, as document 002 prints it: that is the output of layer 1. W1 acts on X.",
        ),
        Mistake(
            "no sums",
            _section(out=lambda H1, H2, A1, X: (H1 @ X.T, H1, H2 @ A1.T, H2)),
            "db1 and db2 have a column for each example. One bias serves them all: add along each "
            "row.",
        ),
        Mistake(
            "sums without keepdims",
            _section(
                out=lambda H1, H2, A1, X: (H1 @ X.T, H1.sum(axis=1), H2 @ A1.T, H2.sum(axis=1))
            ),
            "db1 and db2 have lost an axis. Biases are columns, and so are their gradients: "
            "keepdims=True.",
        ),
        Mistake(
            "sums over the inputs",
            _section(
                out=lambda H1, H2, A1, X: (H1 @ X.T, _rows(H1[:, : len(X)]), H2 @ A1.T, _rows(H2))
            ),
            "db1 adds as many columns as there are inputs, as the printed J₂ suggests. The columns "
            "are examples, and all of them count.",
        ),
        Mistake(
            "no transposes",
            _section(out=lambda H1, H2, A1, X: (H1 @ X, _rows(H1), H2 @ A1, _rows(H2))),
            "dW1 and dW2 need the second factor turned around: the examples must meet. Where the "
            "sizes happen to agree, it runs and is wrong.",
        ),
        Mistake(
            "no 1/m",
            _section(H2=lambda A2, Y: A2 - Y),
            "All four are m times too large: the 1/m of H⁽²⁾ is lost.",
        ),
        Mistake(
            "opposite sign",
            _section(H2=lambda A2, Y: (Y - A2) / Y.shape[1]),
            "All four have the opposite sign: H⁽²⁾ is answer minus truth.",
        ),
        Mistake(
            "1/m once more",
            _section(
                out=lambda H1, H2, A1, X: tuple(
                    g / X.shape[1] for g in (H1 @ X.T, _rows(H1), H2 @ A1.T, _rows(H2))
                )
            ),
            "All four are divided by m twice. It is in H2 already, and comes down from there.",
        ),
        Mistake(
            "slope of tanh forgotten",
            _section(slope=lambda A1: 1 + 0 * A1),
            "The slope of tanh is lost in layer 1: H⁽¹⁾ holds a factor 1 − a², entry by entry.",
        ),
        Mistake(
            "slope of the sigmoid",
            _section(slope=lambda A1: A1 * (1 - A1)),
            "a(1 − a) is the slope of the sigmoid. Layer 1 is tanh, and its slope is 1 − a².",
        ),
        Mistake(
            "tanh once more",
            _section(slope=lambda A1: 1 - np.tanh(A1) ** 2),
            "tanh is applied once more in layer 1. A1 has been through it already: its slope is "
            "1 − A1².",
        ),
        Mistake(
            "square forgotten",
            _section(slope=lambda A1: 1 - A1),
            "The square is lost: the slope of tanh is 1 − a², not 1 − a.",
        ),
        Mistake(
            "slope of the output kept",
            _section(H2=lambda A2, Y: (A2 - Y) * A2 * (1 - A2) / Y.shape[1]),
            "A2 (1 − A2) is there once too often: in H⁽²⁾ it has cancelled.",
        ),
    ),
    why="These four lines train the network of notebook 05.",
    returns=("dW1", "db1", "dW2", "db2"),
)

EXERCISES = (
    OUTPUT_SLOPE,
    SOFTMAX_SLOPES,
    OUTPUT_LAYER,
    HIDDEN_LAYER,
    OUTPUT_ERROR,
    WEIGHTS_OF_LAYER,
    LAST_HIDDEN,
    SECTION_SIX,
)
