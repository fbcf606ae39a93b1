"""Exercise 4.E. Forward, for any number of layers."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from nnmath.exercises.drawing import Array
from nnmath.exercises.general_induction.inputs import Arrays, Made, network, run_forward
from nnmath.exercises.records import Exercise, Mistake


def _forward_with(affine: Callable[..., Array], act: Callable[..., Array]) -> Callable[..., Any]:
    """Make the forward pass whose two lines are `affine(l, W, b, Z, A)` and `act(l, g, z)`."""

    def forward(W: Arrays, b: Arrays, g: Arrays, X: Array) -> tuple[Made, Made]:
        Z: Made = {}
        A: Made = {0: X}
        for l in range(1, len(W) + 1):
            Z[l] = affine(l, W, b, Z, A)
            A[l] = act(l, g, Z[l])
        return Z, A

    return forward


def _right_affine(l: int, W: Arrays, b: Arrays, _: Made, A: Made) -> Array:
    return W[l] @ A[l - 1] + b[l]


def _forward_but_last(W: Arrays, b: Arrays, g: Arrays, X: Array) -> tuple[Made, Made]:
    Z, A = run_forward(W, b, g, X)
    return Z, {**A, len(W): Z[len(W)]}


FORWARD = Exercise(
    "4.E",
    "Forward, for any number of layers",
    run_forward,
    network,
    (
        Mistake(
            "layer 0 forgotten",
            lambda W, b, g, X: (
                run_forward(W, b, g, X)[0],
                {l: a for l, a in run_forward(W, b, g, X)[1].items() if l},
            ),
            "A starts at layer 1. Layer 0 belongs to it too, A[0] = X: the backward pass needs the "
            "input of every layer, the first one included.",
        ),
        Mistake(
            "one layer short",
            lambda W, b, g, X: tuple(
                {l: v for l, v in d.items() if l < len(W)} for d in run_forward(W, b, g, X)
            ),
            "The last layer is missing. range(1, L) ends before L; the layers are range(1, L + 1).",
        ),
        Mistake(
            "last activation left out",
            _forward_but_last,
            "Everything is right but A[L], which is still Z[L]. The output layer has an "
            "activation too; for the identity alone the two are the same.",
        ),
        Mistake(
            "no bias",
            _forward_with(lambda l, W, _b, _Z, A: W[l] @ A[l - 1], lambda l, g, z: g[l](z)),
            "The biases are missing. b[l] is one column, and numpy adds it to each column of the "
            "product.",
        ),
        Mistake(
            "no activation",
            _forward_with(_right_affine, lambda _l, _g, z: z + 0.0),
            "No activation is applied, so all layers together are one linear map. After Z[l] comes "
            "A[l] = g[l](Z[l]).",
        ),
        Mistake(
            "activation twice",
            _forward_with(_right_affine, lambda l, g, z: g[l](g[l](z))),
            "The activation is applied twice. Z[l] is what goes into g[l], and A[l] is what comes "
            "out.",
        ),
        Mistake(
            "Z passed on",
            _forward_with(
                lambda l, W, b, Z, A: W[l] @ (Z[l - 1] if l > 1 else A[0]) + b[l],
                lambda l, g, z: g[l](z),
            ),
            "A layer is fed with Z of the layer before. It sees what came out of the activation: "
            "A[l − 1].",
        ),
        Mistake(
            "one activation for all",
            _forward_with(_right_affine, lambda _l, g, z: g[1](z)),
            "Every layer uses g[1]. Each layer has an activation of its own, g[l].",
        ),
        Mistake(
            "activation of the output everywhere",
            _forward_with(_right_affine, lambda _l, g, z: g[max(g)](z)),
            "Every layer uses the activation of the last one. Each layer has its own, g[l].",
        ),
        Mistake(
            "X into every layer",
            _forward_with(
                lambda l, W, b, _, A: W[l] @ A[0] + b[l],
                lambda l, g, z: g[l](z),
            ),
            "Every layer is fed with X. Only the first one sees X; layer l sees A[l − 1].",
        ),
    ),
    why="Nothing is thrown away: the backward pass will ask for every Z[l] and every A[l].",
    batch="X",
    returns=("Z", "A"),
)
