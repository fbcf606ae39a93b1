"""A formula of a notebook as MathML: browsers draw it without a script, screen readers speak it."""

from __future__ import annotations

import html
import re
import xml.etree.ElementTree as ET
from xml.sax.saxutils import escape

from math_core import LatexError, LatexToMathML

from tools.bootstrap import Stop

# A number that the author gave by hand stands beside the formula, not in it.
_TAG = re.compile(r"\s*\\tag\{([^{}]*)\}\s*")
_HTML_NAME = re.compile(r"&(?!lt;|gt;|amp;|quot;|#)\w+;")  # such as &nbsp;, unknown to XML
_converter = LatexToMathML(fancy_error=False)


def inline(formula: str) -> str:
    """Return a formula that stands in a line of text."""
    return _converted(formula, display=False)


def display(formula: str) -> str:
    r"""Return a formula on a line of its own, with the number of its \tag at the right."""
    numbers = _TAG.findall(formula)
    if len(numbers) > 1:
        raise Stop(f"A formula has {len(numbers)} numbers; one is the most: {formula}")
    math = _converted(_TAG.sub(" ", formula), display=True)
    number = f'<span class="number">({escape(numbers[0])})</span>' if numbers else ""
    return f'<span class="formula"><span class="wide">{math}</span>{number}</span>'


def _converted(formula: str, *, display: bool) -> str:
    try:
        math = _converter.convert_with_local_state(formula.strip(), displaystyle=display)
    except LatexError as error:
        raise Stop(f"This formula cannot be shown on a page: {formula}\n{error}") from None
    return _with_low_primes(math)


def _with_low_primes(math: str) -> str:
    """Put each prime beside its letter: its sign is high and small by itself.

    As a superscript it would be raised and made smaller a second time.
    """
    root = ET.fromstring(_HTML_NAME.sub(lambda name: html.unescape(name[0]), math))
    for power in root.iter("msup"):
        prime = power[1]
        if prime.tag == "mo" and prime.text and set(prime.text) <= set("′″‴⁗"):
            power.tag = "mrow"
            prime.attrib |= {"lspace": "0", "rspace": "0"}
    return ET.tostring(root, encoding="unicode")
