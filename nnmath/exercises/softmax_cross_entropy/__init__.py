"""The exercises of notebook 02: softmax and cross-entropy, each with the mistakes it knows.

Conventions. Z, A, Y are (K, m), one column per example; one column alone is (K, 1); W is (K, n₀),
b is (K, 1), X is (n₀, m). The factor 1/m occurs once, in dZ. A mistake is written as the learner
would write it.
"""

from __future__ import annotations

from nnmath.exercises.softmax_cross_entropy.cost_from_logits import COST_FROM_LOGITS
from nnmath.exercises.softmax_cross_entropy.jacobian import JACOBIAN
from nnmath.exercises.softmax_cross_entropy.layer_gradients import LAYER_GRADIENTS
from nnmath.exercises.softmax_cross_entropy.logit_gradient import LOGIT_GRADIENT
from nnmath.exercises.softmax_cross_entropy.mean_loss import MEAN_LOSS
from nnmath.exercises.softmax_cross_entropy.pull_back import PULL_BACK
from nnmath.exercises.softmax_cross_entropy.softmax import SOFTMAX

EXERCISES = (
    SOFTMAX,
    JACOBIAN,
    MEAN_LOSS,
    PULL_BACK,
    LOGIT_GRADIENT,
    COST_FROM_LOGITS,
    LAYER_GRADIENTS,
)
