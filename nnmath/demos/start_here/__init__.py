"""The demos of notebook 00: shapes that fit, a slope along two paths, how small a nudge to take.

Each demo is a `build` (what can move) and a `draw` (the picture and the words of one state), with
the few lines of arithmetic between them.
"""

from nnmath.demos.start_here.shape_ledger import shape_ledger
from nnmath.demos.start_here.the_v import the_v
from nnmath.demos.start_here.two_paths import two_paths

__all__ = ["shape_ledger", "the_v", "two_paths"]
