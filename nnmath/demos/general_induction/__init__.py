"""The demos of notebook 04: gradients through many layers, the recursion, and the proof executed.

fading       how large dZ[l] is at each layer of a deep network, and which factor makes it so
recursion    the backward pass of three layers, line by line, with every shape and number
ladder       base case and step of the induction, ticked off for networks of 1 to 8 layers
"""

from nnmath.demos.general_induction.fading import fading
from nnmath.demos.general_induction.ladder import ladder
from nnmath.demos.general_induction.recursion import recursion

__all__ = ["fading", "ladder", "recursion"]
