"""The exercises of notebook 07: the five parts of a reverse-mode engine, and what they make.

Conventions. dV has the shape of V. A graph is a dict: for the number of each node an array with the
numbers of its parents, the nodes it was made from. `your_engine` puts a learner's parts into a copy
of `nnmath.engine` and judges the gradients of the whole.
"""

from __future__ import annotations

from nnmath.exercises.where_next.collect import COLLECT
from nnmath.exercises.where_next.matmul_pull import MATMUL_PULL
from nnmath.exercises.where_next.order import ORDER
from nnmath.exercises.where_next.tanh_pull import TANH_PULL
from nnmath.exercises.where_next.unbroadcast import UNBROADCAST
from nnmath.exercises.where_next.whole import your_engine

__all__ = ["EXERCISES", "your_engine"]

EXERCISES = (MATMUL_PULL, UNBROADCAST, TANH_PULL, ORDER, COLLECT)
