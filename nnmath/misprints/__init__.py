"""Forty-six misprints of three documents, each with the formula as printed, mended, and measured.

    from nnmath.misprints import MISPRINTS, judge, table

    MISPRINTS    one record each: catalogue.py holds nothing else
    judge        run a formula as printed, in every reading, and mended, against a measured truth
    table        all of them, judged, as a table
    product, hadamard    the products of mathematics, which stretch nothing
    TRIALS, trials, trial    the networks on which the formulas are tried

No truth here comes from backpropagation: each is a slope of the cost, measured by complex step, or
a value computed entry by entry in loops.
"""

from nnmath.misprints.catalogue import MISPRINTS
from nnmath.misprints.judge import Finding, Judgement, compare, judge
from nnmath.misprints.records import KINDS, Misprint, ShapesDoNotFit, hadamard, product
from nnmath.misprints.table import Table, table
from nnmath.misprints.trials import TRIALS, Trial, trial, trials

__all__ = [
    "KINDS",
    "MISPRINTS",
    "TRIALS",
    "Finding",
    "Judgement",
    "Misprint",
    "ShapesDoNotFit",
    "Table",
    "Trial",
    "compare",
    "hadamard",
    "judge",
    "product",
    "table",
    "trial",
    "trials",
]
