"""Exercise 5.E. The line of a hidden unit."""

from __future__ import annotations

from nnmath.exercises.records import Exercise, Mistake
from nnmath.exercises.tanh_network.inputs import line


def _line_height(w1: float, w2: float, b: float, x1: float) -> float:
    return -(w1 * x1 + b) / w2


LINE_HEIGHT = Exercise(
    "5.E",
    "The line of a hidden unit",
    _line_height,
    line,
    (
        Mistake(
            "sign",
            lambda w1, w2, b, x1: (w1 * x1 + b) / w2,
            "The minus is lost: w₁x₁ + b goes to the other side, and changes its sign.",
        ),
        Mistake(
            "not divided",
            lambda w1, w2, b, x1: -(w1 * x1 + b) + 0 * w2,
            "This is w₂x₂. Divide by w₂ to get x₂ itself.",
        ),
        Mistake(
            "bias forgotten",
            lambda w1, w2, b, x1: -w1 * x1 / w2 + 0 * b,
            "The bias is missing. Without it every line would go through the origin.",
        ),
        Mistake(
            "bias not divided",
            lambda w1, w2, b, x1: -w1 * x1 / w2 - b,
            "Only the first term is divided by w₂. The bias is, too.",
        ),
        Mistake(
            "first term not divided",
            lambda w1, w2, b, x1: -w1 * x1 - b / w2,
            "Only the bias is divided by w₂. The first term is, too: put both in brackets.",
        ),
        Mistake(
            "multiplied",
            lambda w1, w2, b, x1: -(w1 * x1 + b) * w2,
            "Here w₂ multiplies. On the line w₂x₂ = −(w₁x₁ + b), so divide by it.",
        ),
        Mistake(
            "sign of the bias",
            lambda w1, w2, b, x1: (-w1 * x1 + b) / w2,
            "Only one of the two terms changed its sign. Both go to the other side.",
        ),
        Mistake(
            "weights exchanged",
            lambda w1, w2, b, x1: -(w2 * x1 + b) / w1,
            "The two weights have changed places: w₁ belongs to x₁, w₂ to x₂.",
        ),
        Mistake(
            "the direction instead",
            lambda w1, w2, b, x1: (w2 * x1 - b) / w1,
            "This line runs along the weights. The unit's line is at right angles to them: start "
            "from w₁x₁ + w₂x₂ + b = 0 and solve for x₂.",
        ),
        Mistake(
            "logit",
            lambda w1, w2, b, x1: w1 * x1 + w2 * x1 + b,
            "This is the logit at (x₁, x₁). On the line the logit is 0: solve for x₂.",
        ),
    ),
    why="So one row of W1 and one bias are one line, and training turns and shifts it.",
)
