"""The demos of notebook 05: two inputs, one hidden layer, one sigmoid, and a flower in the plane.

    scrub      a training run, moved through by hand or played: boundary, cost, hidden units
    race       tanh, ReLU and sigmoid units trained on the same few points, and held-out ones
    anatomy    one point: its numbers on the way forward, and the gradient that it alone asks for

All networks are trained when they are first asked for, with the course's own gradient descent.
"""

from nnmath.demos.tanh_network.anatomy import anatomy
from nnmath.demos.tanh_network.race import race
from nnmath.demos.tanh_network.scrub import scrub

__all__ = ["anatomy", "race", "scrub"]
