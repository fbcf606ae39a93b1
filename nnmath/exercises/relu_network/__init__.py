"""The exercises of notebook 03: a 3-layer ReLU network, each with the mistakes it knows.

Conventions. X is (n₀, m); Wl is (nₗ, nₗ₋₁), bl is (nₗ, 1); Zl and Al are (nₗ, m), one column per
example; Y is one-hot. The factor 1/m occurs once, in dZ3. A mistake is written as the learner would
write it.
"""

from __future__ import annotations

from nnmath.exercises.relu_network.accuracy import ACCURACY
from nnmath.exercises.relu_network.backward import BACKWARD
from nnmath.exercises.relu_network.dead_share import DEAD_SHARE
from nnmath.exercises.relu_network.forward import FORWARD
from nnmath.exercises.relu_network.pass_back import PASS_BACK
from nnmath.exercises.relu_network.relu_prime import RELU_PRIME
from nnmath.exercises.relu_network.update import UPDATE

EXERCISES = (RELU_PRIME, FORWARD, PASS_BACK, BACKWARD, UPDATE, DEAD_SHARE, ACCURACY)
