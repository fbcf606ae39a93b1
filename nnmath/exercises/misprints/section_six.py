"""Exercise 6.H. Section 6 of document 002, all four gradients."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from nnmath.exercises.drawing import Array, draw
from nnmath.exercises.misprints.inputs import bits, rows
from nnmath.exercises.records import Exercise, Mistake


def _section_six(W2: Array, A1: Array, A2: Array, X: Array, Y: Array) -> tuple[Array, ...]:
    H2 = (A2 - Y) / Y.shape[1]
    H1 = (W2.T @ H2) * (1 - A1**2)
    return H1 @ X.T, rows(H1), H2 @ A1.T, rows(H2)


def _section(
    H2: Callable[[Array, Array], Array] = lambda A2, Y: (A2 - Y) / Y.shape[1],
    slope: Callable[[Array], Array] = lambda A1: 1 - A1**2,
    out: Callable[..., tuple[Array, ...]] = lambda H1, H2, A1, X: (
        H1 @ X.T,
        rows(H1),
        H2 @ A1.T,
        rows(H2),
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
        draw(rng, -1, 1, 1, n),
        draw(rng, -0.9, 0.9, n, m),
        draw(rng, 0.05, 0.95, 1, m),
        draw(rng, -2, 2, n0, m),
        bits(rng, 1, m),
    ),
    (
        Mistake(
            "A1 for X",
            _section(out=lambda H1, H2, A1, _: (H1 @ A1.T, rows(H1), H2 @ A1.T, rows(H2))),
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
                out=lambda H1, H2, A1, X: (H1 @ X.T, rows(H1[:, : len(X)]), H2 @ A1.T, rows(H2))
            ),
            "db1 adds as many columns as there are inputs, as the printed J₂ suggests. The columns "
            "are examples, and all of them count.",
        ),
        Mistake(
            "no transposes",
            _section(out=lambda H1, H2, A1, X: (H1 @ X, rows(H1), H2 @ A1, rows(H2))),
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
                    g / X.shape[1] for g in (H1 @ X.T, rows(H1), H2 @ A1.T, rows(H2))
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
