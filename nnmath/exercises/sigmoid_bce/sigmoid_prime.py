"""Exercise 1.A. The slope of the sigmoid."""

from __future__ import annotations

from nnmath.activations import sigmoid
from nnmath.exercises.drawing import Array
from nnmath.exercises.records import Exercise, Mistake
from nnmath.exercises.sigmoid_bce.inputs import some_logits


def _sigmoid_prime(z: Array) -> Array:
    return sigmoid.prime(z)


SIGMOID_PRIME = Exercise(
    "1.A",
    "The slope of the sigmoid",
    _sigmoid_prime,
    some_logits,
    (
        Mistake(
            "sigmoid itself",
            lambda z: sigmoid(z),
            "This is σ(z), the height of the curve; its slope is asked for. The slope can be "
            "written with that height alone.",
        ),
        Mistake(
            "slope at A",
            lambda z: sigmoid(sigmoid(z)) * (1 - sigmoid(sigmoid(z))),
            "This is the slope at a instead of at z: σ was applied twice. The a in a(1 − a) has "
            "been through σ already, and goes in as it is.",
        ),
        Mistake(
            "slope formula with z",
            lambda z: z * (1 - z),
            "This is z(1 − z). The form is right, but it holds for a = σ(z), not for z: compute "
            "a first.",
        ),
        Mistake(
            "sign",
            lambda z: -sigmoid.prime(z),
            "This has the right size and the wrong sign. The power −1 brings down a minus, and "
            "so does the inner slope, that of e⁻ᶻ: count them both. The curve rises, so its slope "
            "is positive.",
        ),
        Mistake(
            "no inner slope",
            lambda z: -(sigmoid(z) ** 2),
            "This is −σ(z)², the slope of the outside alone. The chain rule asks for one more "
            "factor, the slope of the inside, 1 + e⁻ᶻ.",
        ),
        Mistake(
            "square of the sigmoid",
            lambda z: sigmoid(z) ** 2,
            "This is σ(z)², which keeps growing to 1; the slope must fade on both sides. One of "
            "the two factors should say how much of the way is left.",
        ),
        Mistake(
            "bottom not squared",
            lambda z: 1 - sigmoid(z),
            "This is e⁻ᶻ/(1 + e⁻ᶻ), which is 1 − σ(z). The slope of u⁻¹ is −u⁻², so "
            "the bottom is squared: one factor is missing.",
        ),
        Mistake(
            "slope of tanh",
            lambda z: 1 - sigmoid(z) ** 2,
            "This is 1 − a², the form that belongs to tanh. For the sigmoid the last step gives "
            "another product of a and what is left of it up to 1.",
        ),
        Mistake(
            "turned over",
            lambda z: 1 / (sigmoid(z) * (1 - sigmoid(z))),
            "This is 1/σ′(z), so the fraction is upside down: dz/da in place of da/dz.",
        ),
    ),
    why="You need no exponential for it once a is known: that is why backpropagation keeps A.",
)
