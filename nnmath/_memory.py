"""Let each pass use again the memory that the pass before it has freed.

All arrays of a pass are freed together. glibc would give that memory back to the system, and the
next pass would ask for it anew, page by page: a third of the time of a large network. It keeps what
is freed once it has seen a block of this size come and go. The block itself is never touched, so it
takes no memory.
"""

import sys

import numpy as np

if sys.platform == "linux":
    np.empty(31 * 2**20, dtype=np.uint8)
