"""nnmath: the mathematics of backpropagation, written so that it can be read, checked and used.

Examples are columns. `W[l]` in the code is W^[l] on the page, `dV` is ∂J/∂V and has the shape of V,
and the factor 1/m occurs once, in the gradient of the loss.
"""

from nnmath import _memory, data  # noqa: F401 (_memory is wanted for what it does)
from nnmath.activations import Activation, identity, relu, sigmoid, softmax, tanh
from nnmath.gradcheck import (
    GradientReport,
    check_gradients,
    complex_step_gradient,
    numerical_gradient,
)
from nnmath.losses import Loss, bce, cross_entropy, squared_error
from nnmath.network import (
    Cache,
    Gradients,
    Network,
    backward,
    cost,
    forward,
    init,
    input_gradient,
    step,
)
from nnmath.training import History, train

__version__ = "0.1.0"

__all__ = [
    "Activation",
    "Cache",
    "GradientReport",
    "Gradients",
    "History",
    "Loss",
    "Network",
    "backward",
    "bce",
    "check_gradients",
    "complex_step_gradient",
    "cost",
    "cross_entropy",
    "data",
    "forward",
    "identity",
    "init",
    "input_gradient",
    "numerical_gradient",
    "relu",
    "sigmoid",
    "softmax",
    "squared_error",
    "step",
    "tanh",
    "train",
]
