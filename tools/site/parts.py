"""Which parts of a picture stand below each other on a narrow page, where its columns are too wide.

A figure knows its own columns (LiveFigure.panels). A picture that is drawn in one pair of axes is a
single column, and a strip of a few points is no panel; these are cut by hand. Parts may overlap, so
that an arrow is whole in one of them.
"""

from nnmath.live import Demo
from nnmath.live.figure import Box

# By the title of the demo: left, top, width and height in points from the upper left corner.
BY_HAND: dict[str, tuple[Box, ...]] = {
    "The shape ledger": (
        (0, 0, 362, 170), (362, 0, 286, 170), (0, 170, 310, 168), (310, 170, 338, 168),
    ),
    "A batch in the plane": ((0, 0, 219, 252), (219, 0, 245, 252), (464, 0, 184, 252)),
    "Four classes": (
        (0, 0, 255, 205), (255, 0, 393, 205), (80, 225, 175, 70), (255, 205, 393, 119),
    ),
    "X-ray of one picture": ((0, 0, 290, 360), (150, 0, 282, 360), (320, 0, 328, 360)),
    "The picture as a variable": ((0, 0, 309, 252), (309, 0, 154, 252), (463, 0, 185, 252)),
    "The recursion, line by line": ((0, 0, 255, 110), (255, 0, 393, 110), (0, 110, 648, 214)),
    "Base case and step, ticked off": (
        (0, 0, 327, 415), (327, 0, 321, 415), (0, 415, 405, 31), (405, 415, 243, 31),
    ),
    "Anatomy of one point": ((0, 0, 252, 374), (250, 0, 398, 374)),
    "Gradients as a bug detector": ((0, 0, 330, 273), (338, 0, 310, 273)),
    "A backward pass, one share at a time": ((0, 0, 440, 280), (440, 0, 208, 280)),
    "A stretched array, and its gradient": (
        (0, 0, 217, 208), (217, 0, 213, 208), (430, 0, 218, 208),
    ),
}  # fmt: skip


def parts(demo: Demo) -> tuple[Box, ...]:
    """Return the parts of a demo's picture, in the order in which they are read."""
    return BY_HAND.get(demo.title, demo.figure.panels)
