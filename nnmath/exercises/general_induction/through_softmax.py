"""Exercise 4.C. An activation that is not entry-wise."""

from __future__ import annotations

from nnmath.activations import softmax
from nnmath.exercises.drawing import Array
from nnmath.exercises.general_induction.inputs import probabilities_and_gradient
from nnmath.exercises.records import Exercise, Mistake


def _through_softmax(A: Array, dA: Array) -> Array:
    return A * (dA - (A * dA).sum(axis=0, keepdims=True))


THROUGH_SOFTMAX = Exercise(
    "4.C",
    "Back through softmax",
    _through_softmax,
    probabilities_and_gradient,
    (
        Mistake(
            "diagonal only",
            lambda A, dA: dA * A * (1 - A),
            "This uses the diagonal of the Jacobian alone, as if softmax acted entry by entry. "
            "Each logit moves every probability of its column; the other paths count too.",
        ),
        Mistake(
            "no sum",
            lambda A, dA: A * dA,
            "This is the first term of Pᵀ da, the one from diag(a). The term from a aᵀ is missing: "
            "a times the sum of a ⊙ da over the column.",
        ),
        Mistake(
            "second term only",
            lambda A, dA: -A * (A * dA).sum(axis=0),
            "This is the second term of Pᵀ da, the one from a aᵀ. The first one, from diag(a), is "
            "missing: a ⊙ da.",
        ),
        Mistake(
            "sum not weighted",
            lambda A, dA: A * (dA - dA.sum(axis=0)),
            "The sum adds up da alone. From a aᵀ comes the sum of a ⊙ da: each slope counts with "
            "the probability of its class.",
        ),
        Mistake(
            "mean in place of the weighted sum",
            lambda A, dA: A * (dA - dA.mean(axis=0)),
            "The plain mean of da is subtracted. It must be the weighted one, the sum of a ⊙ da, "
            "in which the probabilities are the weights.",
        ),
        Mistake(
            "divided by K",
            lambda A, dA: A * (dA - (A * dA).mean(axis=0)),
            "The sum of a ⊙ da is divided by the number of classes. The probabilities are the "
            "weights of this mean already, and they add up to 1.",
        ),
        Mistake(
            "one sum over everything",
            lambda A, dA: A * (dA - (A * dA).sum()),
            "The sum runs over the whole matrix and mixes the examples. Each column has a sum of "
            "its own: axis=0.",
        ),
        Mistake(
            "sum over the examples",
            lambda A, dA: A * (dA - (A * dA).sum(axis=1, keepdims=True)),
            "The sum runs over the examples. Softmax works on each column alone, so the sum runs "
            "over the units: axis=0.",
        ),
        Mistake(
            "plus",
            lambda A, dA: A * (dA + (A * dA).sum(axis=0)),
            "The second term has the wrong sign: the Jacobian is diag(a) minus a aᵀ. A check: each "
            "column of dZ must add up to 0.",
        ),
        Mistake(
            "outer factor on one term",
            lambda A, dA: A * dA - (A * dA).sum(axis=0),
            "The second term lacks its factor a: a aᵀ da is a times a number. Put the brackets so "
            "that A multiplies both terms.",
        ),
        Mistake(
            "outer factor missing",
            lambda A, dA: dA - (A * dA).sum(axis=0),
            "The bracket is right, and the factor A in front of it is missing.",
        ),
        Mistake(
            "softmax applied again",
            lambda A, dA: softmax.vjp(A, dA),
            "Softmax was applied once more: A holds the probabilities already.",
        ),
    ),
    why="The K × K Jacobians are never formed: two products and a sum do their work.",
    batch="A",
)
