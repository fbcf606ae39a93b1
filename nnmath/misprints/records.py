"""What a misprint is, and the two products of mathematics, which are stricter than numpy's."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from nnmath.misprints.trials import Trial

Formula = Callable[[Trial], Any]

KINDS: Mapping[str, str] = {
    "sign": "a minus too many or too few",
    "transpose": "a transpose is lost, and sometimes the order with it",
    "lost sum": "the sum over the examples is lost",
    "sum too many": "a sum over the examples where each example keeps its own column",
    "off-by-one layer": "the output of a layer where its input belongs",
    "mislabelled": "the right side belongs to another left side",
    "wrong index": "a letter that is not free, or not the one of the sum",
    "ones lying down": "the column of ones written as a row",
    "no Jacobian": "an entry-wise product where a whole matrix of slopes acts",
    "wording": "a word, settled by counting",
}


class ShapesDoNotFit(ValueError):
    """Two arrays have no such product; the message says which shapes."""


def shape(array: Any) -> str:
    """Return the shape of an array as it is written on paper.

    >>> shape(np.ones((2, 7)))
    '2 × 7'
    """
    return " × ".join(map(str, np.shape(array))) or "a number"


def product(A: Any, B: Any) -> Any:
    """Return the matrix product, for two matrices that have one.

    >>> product(np.ones((2, 3)), np.ones((2, 3)))
    Traceback (most recent call last):
    nnmath.misprints.records.ShapesDoNotFit: no product (2 × 3)(2 × 3)
    """
    if np.ndim(A) != 2 or np.ndim(B) != 2 or np.shape(A)[1] != np.shape(B)[0]:
        raise ShapesDoNotFit(f"no product ({shape(A)})({shape(B)})")
    return A @ B


def hadamard(A: Any, B: Any) -> Any:
    """Return the product entry by entry, for equal shapes: nothing is stretched, unlike in numpy.

    >>> hadamard(np.ones((1, 3)), np.ones((3, 1)))
    Traceback (most recent call last):
    nnmath.misprints.records.ShapesDoNotFit: no product (1 × 3) ⊙ (3 × 1)
    """
    if np.shape(A) != np.shape(B):
        raise ShapesDoNotFit(f"no product ({shape(A)}) ⊙ ({shape(B)})")
    return A * B


@dataclass(frozen=True, eq=False)
class Misprint:
    """One misprint: what is printed, what is meant, and how a machine tells them apart.

    Fields:
        id: such as "S0-17"; S0, S1 and S2 are the documents 000, 001 and 002.
        place: the section and the line, or the number of the equation.
        kind: a key of KINDS.
        printed: the formula as printed, LaTeX (or the words, where the slip is one of wording).
        corrected: what is meant, in the notation of the document.
        symptom: one sentence: how it shows.
        readings: the printed right side as functions, one for each way to read it. Each must fail.
        mended: the corrected right side as a function.
        truth: what the printed left side is, measured.
        meant: what the corrected left side is, measured; None where the left side was right.
        trial: the key of TRIALS, where it is not the document.
    """

    id: str
    place: str
    kind: str
    printed: str
    corrected: str
    symptom: str
    readings: Mapping[str, Formula]
    mended: Formula
    truth: Formula
    meant: Formula | None = None
    trial: str = ""

    @property
    def document(self) -> str:
        """The number of the document: "000", "001" or "002"."""
        return f"00{self.id[1]}"

    @property
    def setting(self) -> str:
        """The key of the networks it is tried on."""
        return self.trial or self.document
