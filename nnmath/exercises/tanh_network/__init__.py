"""The exercises of notebook 05: one hidden layer, tanh, one sigmoid, each with its mistakes.

Conventions. X is (n₀, m), W1 is (n₁, n₀), b1 is (n₁, 1), W2 is (1, n₁), b2 is (1, 1), A1 is
(n₁, m), A2 and Y are (1, m). For one example the same letters are small, and columns. The factor
1/m occurs once, in dZ2. A mistake is written as the learner would write it.
"""

from __future__ import annotations

from nnmath.exercises.tanh_network.backward import BACKWARD
from nnmath.exercises.tanh_network.forward import FORWARD
from nnmath.exercises.tanh_network.line_height import LINE_HEIGHT
from nnmath.exercises.tanh_network.point_gradient import POINT_GRADIENT
from nnmath.exercises.tanh_network.share_right import SHARE_RIGHT
from nnmath.exercises.tanh_network.tanh_prime import TANH_PRIME

EXERCISES = (POINT_GRADIENT, TANH_PRIME, FORWARD, BACKWARD, LINE_HEIGHT, SHARE_RIGHT)
