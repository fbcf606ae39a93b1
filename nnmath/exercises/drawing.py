"""The words that every exercise is written in: types, and the numbers of a hidden input."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

Rng = np.random.RandomState
Array = Any  # an array, or one number where the formula is for one example
Drawn = tuple[Any, ...]  # the arguments of one call
Answer = Callable[..., Any]


def draw(rng: Rng, lo: float, hi: float, *shape: int) -> Array:
    """Return numbers of two decimals, so that they can be typed: an array, or one of no shape."""
    return np.round(rng.uniform(lo, hi, size=shape or None), 2)
