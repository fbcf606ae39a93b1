"""The exercises of notebook 00: shapes, a sum over paths, and a gradient checker built by hand.

Conventions. W is (n, n₀), b is (n, 1), X is (n₀, m), one column per example. A function that is an
argument is a `Formula`, so that it can be shown. A mistake is written as the learner would write
it.
"""

from __future__ import annotations

from nnmath.exercises.start_here.central import CENTRAL
from nnmath.exercises.start_here.gradient import GRADIENT
from nnmath.exercises.start_here.is_wrong import IS_WRONG
from nnmath.exercises.start_here.layer import LAYER
from nnmath.exercises.start_here.relative_error import RELATIVE_ERROR
from nnmath.exercises.start_here.two_paths import TWO_PATHS

EXERCISES = (LAYER, TWO_PATHS, CENTRAL, GRADIENT, RELATIVE_ERROR, IS_WRONG)
