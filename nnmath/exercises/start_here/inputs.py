"""What the hidden inputs of these exercises are drawn with: short numbers, easy to type."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from nnmath.exercises.drawing import Array

Function = Callable[[Any], Any]


@dataclass(frozen=True)
class Formula:
    """A function of x (or W) that shows its own text, and equals another one of the same text."""

    text: str
    name: str = "x"

    def __call__(self, value: Array) -> Array:
        """Return the formula at this value."""
        return eval(self.text, {"np": np, self.name: value})

    def __repr__(self) -> str:
        return f"lambda {self.name}: {self.text}"
