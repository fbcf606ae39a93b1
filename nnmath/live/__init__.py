"""Live figures: pictures that follow their sliders at once, and are read out as well as seen.

LiveFigure   a figure of which only the moving parts are drawn again
Demo         controls, a live figure and a readout that show one state
Seen         what is seen of one state: two layers of a picture, and two texts
Slider, Choice, Button, Play   the controls, as plain data
number, fixed            numbers as a page writes them
BLUE, VERMILLION, ...    colours that are told apart with any kind of colour vision
"""

from nnmath.live.controls import Button, Choice, Play, Slider
from nnmath.live.demo import Demo, Seen
from nnmath.live.figure import (
    BLACK,
    BLUE,
    GREEN,
    GREY,
    ORANGE,
    PURPLE,
    SKY,
    VERMILLION,
    LiveFigure,
)
from nnmath.live.words import fixed, number

__all__ = [
    "BLACK",
    "BLUE",
    "GREEN",
    "GREY",
    "ORANGE",
    "PURPLE",
    "SKY",
    "VERMILLION",
    "Button",
    "Choice",
    "Demo",
    "LiveFigure",
    "Play",
    "Seen",
    "Slider",
    "fixed",
    "number",
]
