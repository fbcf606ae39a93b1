"""Write numbers as a page of mathematics writes them."""

from __future__ import annotations

import math

_RAISED = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")


def number(x: float, digits: int = 4) -> str:
    """Return x with so many significant digits, a real minus sign, and no sign on zero.

    Very small and very large numbers are written with a power of ten.

    Examples:
        >>> number(-0.11920292)
        '−0.1192'
        >>> number(-2980.957987)
        '−2981'
        >>> number(0.000335377)
        '0.0003354'
        >>> number(1.1246e-7)
        '1.125 × 10⁻⁷'
        >>> number(-0.0), number(float("-inf"))
        ('0', '−∞')
    """
    if math.isnan(x):
        return "not a number"
    if math.isinf(x):
        return "∞" if x > 0 else "−∞"
    if x == 0:
        return "0"
    mantissa, exponent = f"{x:.{digits - 1}e}".split("e")
    power = int(exponent)
    if -5 < power < 6:
        text = f"{float(f'{x:.{digits - 1}e}'):.{max(digits - 1 - power, 0)}f}"
        return text.replace("-", "−")
    return f"{mantissa} × 10{str(power).translate(_RAISED)}".replace("-", "−")


def fixed(x: float, decimals: int = 3) -> str:
    """Return x with so many decimals, a real minus sign, and no sign on what shows as zero.

    Examples:
        >>> fixed(-1.5), fixed(-0.0001), fixed(2, 1)
        ('−1.500', '0.000', '2.0')
    """
    text = f"{x:.{decimals}f}"
    return text.replace("-", "" if float(text) == 0 else "−")
