"""The exercises of notebook 01: sigmoid and binary cross-entropy, each with the mistakes it knows.

Conventions. Z, A, Y are (n, m), one column per example; W is (n, n₀), b is (n, 1), X is (n₀, m).
The factor 1/m occurs once, in dZ. A mistake is written as the learner would write it.
"""

from __future__ import annotations

from nnmath.exercises.sigmoid_bce.bias_gradient import BIAS_GRADIENT
from nnmath.exercises.sigmoid_bce.cost_from_logits import COST_FROM_LOGITS
from nnmath.exercises.sigmoid_bce.dloss_da import DLOSS_DA
from nnmath.exercises.sigmoid_bce.gradient_step import GRADIENT_STEP
from nnmath.exercises.sigmoid_bce.logit_gradient import LOGIT_GRADIENT
from nnmath.exercises.sigmoid_bce.loss_one import LOSS_ONE
from nnmath.exercises.sigmoid_bce.sigmoid_prime import SIGMOID_PRIME
from nnmath.exercises.sigmoid_bce.weight_gradient import WEIGHT_GRADIENT

EXERCISES = (
    SIGMOID_PRIME,
    LOSS_ONE,
    DLOSS_DA,
    LOGIT_GRADIENT,
    WEIGHT_GRADIENT,
    BIAS_GRADIENT,
    COST_FROM_LOGITS,
    GRADIENT_STEP,
)
