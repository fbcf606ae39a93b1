"""Exercise 2.B. The Jacobian of softmax for one column."""

from __future__ import annotations

import numpy as np

from nnmath.exercises.drawing import Array
from nnmath.exercises.records import Exercise, Mistake
from nnmath.exercises.softmax_cross_entropy.inputs import one_column


def _jacobian(a: Array) -> Array:
    return np.diagflat(a) - a @ a.T


JACOBIAN = Exercise(
    "2.B",
    "The Jacobian of softmax",
    _jacobian,
    one_column,
    (
        Mistake(
            "wrong index",
            lambda a: a * (np.eye(len(a)) - a),
            "The diagonal is right, and off it stands −aₖ² where −aₖaⱼ belongs: the index inside "
            "the bracket is that of the logit, j. In numpy that is the row a.T, not the column a.",
        ),
        Mistake(
            "wrong index, by columns",
            lambda a: a.T * (np.eye(len(a)) - a.T),
            "The diagonal is right, and off it stands −aⱼ² where −aₖaⱼ belongs: both factors have "
            "the index of the column. Each entry mixes two probabilities.",
        ),
        Mistake(
            "diagonal only",
            lambda a: np.diagflat(a * (1 - a)),
            "The diagonal is right, and everything off it is 0. But the sum in the denominator "
            "contains every logit, so each logit moves every probability.",
        ),
        Mistake(
            "element-wise",
            lambda a: a * (1 - a),
            "This is a(1 − a), one number per class, as for the sigmoid: the diagonal only. "
            "Softmax needs a whole K × K table, one entry for each pair.",
        ),
        Mistake(
            "plus",
            lambda a: np.diagflat(a) + a @ a.T,
            "The outer product is added; it must be subtracted. A larger zⱼ lowers the other "
            "probabilities, and each row must sum to 0.",
        ),
        Mistake(
            "diag(a) missing",
            lambda a: -a @ a.T,
            "The entries off the diagonal are right. On the diagonal the numerator depends on "
            "the logit too, which adds a term: aₖ.",
        ),
        Mistake(
            "outer product missing",
            lambda a: np.diagflat(a),
            "This is diag(a) alone, as if the denominator did not depend on the logits. It "
            "contains all of them.",
        ),
        Mistake(
            "identity for diag(a)",
            lambda a: np.eye(len(a)) - a @ a.T,
            "The bracket [k = j] has lost its factor aₖ: the first term is diag(a), not the "
            "identity.",
        ),
        Mistake(
            "inner product",
            lambda a: np.diagflat(a) - a.T @ a,
            "aᵀa is one number; a aᵀ is a K × K matrix with the entries aₖaⱼ. The column comes "
            "first, the row second.",
        ),
        Mistake(
            "np.diag of a column",
            lambda a: np.diag(a) - a @ a.T,
            "np.diag takes the diagonal out of a two-dimensional array, so of a column it keeps "
            "the first entry only. np.diagflat(a), or np.diag(a[:, 0]), builds the matrix.",
        ),
        Mistake(
            "one for every pair",
            lambda a: a * (1 - a.T),
            "This is aₖ(1 − aⱼ) everywhere. The 1 is there only on the diagonal, where k = j: it "
            "is np.eye, the identity matrix.",
        ),
    ),
    why="Its rows sum to 0: what one class gains, the others lose.",
)
