"""The demos of notebook 03: a 3-layer ReLU network, tiny with numbers to read, and on real digits.

    wiggle     the cost over one weight of the tiny network, with its kinks and its tangent
    learning   a training run of the learner's own, step by step
    x_ray      everything that one picture of a digit leaves behind, forward and backward
    pixels     the picture itself as a variable: what every pixel does to the answer

The digits' network of `x_ray` and `pixels` is the one of the notebook. It is trained when it is
first asked for, in a second: short runs with a moderate rate agree on all machines, and so
the demos hold nothing that the learner could not compute.
"""

from nnmath.demos.relu_network.learning import learning
from nnmath.demos.relu_network.pixels import pixels
from nnmath.demos.relu_network.wiggle import wiggle
from nnmath.demos.relu_network.x_ray import x_ray

__all__ = ["learning", "pixels", "wiggle", "x_ray"]
