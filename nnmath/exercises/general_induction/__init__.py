"""The exercises of notebook 04: one layer backwards, then any number of them.

Conventions. W[l] is (n_l, n_{l-1}), b[l] is (n_l, 1), Z[l] and A[l] are (n_l, m), one column per
example; W, b, g, Z and A are dicts keyed by layer. Only in 4.G are the examples rows. A mistake is
written as the learner would write it.
"""

from __future__ import annotations

from nnmath.exercises.general_induction.backward import BACKWARD
from nnmath.exercises.general_induction.forward import FORWARD
from nnmath.exercises.general_induction.layer_backward import LAYER_BACKWARD
from nnmath.exercises.general_induction.output_gradient import OUTPUT_GRADIENT
from nnmath.exercises.general_induction.rows_backward import ROWS_BACKWARD
from nnmath.exercises.general_induction.through_softmax import THROUGH_SOFTMAX
from nnmath.exercises.general_induction.through_weights import THROUGH_WEIGHTS

EXERCISES = (
    THROUGH_WEIGHTS,
    LAYER_BACKWARD,
    THROUGH_SOFTMAX,
    OUTPUT_GRADIENT,
    FORWARD,
    BACKWARD,
    ROWS_BACKWARD,
)
