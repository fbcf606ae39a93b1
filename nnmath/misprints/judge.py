"""The judge: a formula has a result, of the right shape, with the right numbers, or it is wrong."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from nnmath.misprints.records import Formula, Misprint, ShapesDoNotFit, shape
from nnmath.misprints.trials import TRIALS, Trial

AGREES = 1e-12  # relative to the largest entry; a formula in another order differs by 1e-15 or so
DIFFERS = 1e-3  # a printed formula must be further off: no rounding error is, and no kink


@dataclass(frozen=True)
class Finding:
    """What a comparison finds.

    `stage` says how far the formula came: "no result", "wrong shape", "wrong numbers", "close"
    (between the two bounds, which no formula should be) or "right". `error` is the largest
    difference, relative to the largest entry of the truth; inf where there is none to take.
    """

    stage: str
    error: float
    text: str

    @property
    def right(self) -> bool:
        """Whether the formula agrees with the truth."""
        return self.stage == "right"

    @property
    def wrong(self) -> bool:
        """Whether the formula is clearly wrong, by more than any rounding error."""
        return self.stage not in ("right", "close")


def compare(formula: Formula, truth: Formula, networks: Iterable[Trial]) -> Finding:
    """Compare a formula with the truth on each network, and return the worst that is found.

    >>> from nnmath.misprints.trials import TRIALS
    >>> compare(lambda n: n.dZ[2], lambda n: n.db[2], TRIALS["001"]).text
    '3 × 7 where 3 × 1 is due'
    """
    worst = Finding("right", 0.0, "")
    for network in networks:
        found = _compare(formula, truth, network)
        if not worst.text or found.error > worst.error:
            worst = found
    if not worst.text:
        raise ValueError("compare(formula, truth, networks): there is no network to try them on.")
    return worst


def _compare(formula: Formula, truth: Formula, network: Trial) -> Finding:
    right = np.asarray(truth(network))
    try:
        value = np.asarray(formula(network))
    except ShapesDoNotFit as refused:
        return Finding("no result", np.inf, str(refused))
    except (ValueError, IndexError):
        return Finding("no result", np.inf, "numpy refuses the shapes")
    if value.shape != right.shape:
        due = f"{shape(value)} where {shape(right)} is due"
        return Finding("wrong shape", np.inf, due)
    error = relative_error(value, right)
    if right.dtype.kind == "i":  # counted, not measured
        counted = f"{value} where {right} is due" if error else "as counted"
        return Finding("wrong numbers" if error else "right", error, counted)
    if error <= AGREES:
        return Finding("right", error, "equal, below 1e-12")
    return Finding("wrong numbers" if error > DIFFERS else "close", error, f"error {error:.2g}")


def relative_error(value: Any, truth: Any) -> float:
    """Return max |value − truth| / max |truth|, inf where a number is not finite."""
    size = np.max(np.abs(truth))
    error = float(np.max(np.abs(np.asarray(value) - truth)) / size) if size else np.inf
    return error if np.isfinite(error) else np.inf


@dataclass(frozen=True)
class Judgement:
    """What the judge finds about one misprint: each reading of it, and the corrected form."""

    misprint: Misprint
    readings: Mapping[str, Finding]
    mended: Finding

    @property
    def sound(self) -> bool:
        """Whether every reading fails and the corrected form holds, as the catalogue claims."""
        return (
            bool(self.readings)
            and all(found.wrong for found in self.readings.values())
            and self.mended.right
        )

    @property
    def stage(self) -> str:
        """How far the best of its readings comes."""
        stages = ("no result", "wrong shape", "wrong numbers", "close", "right")
        return max((found.stage for found in self.readings.values()), key=stages.index)

    def __str__(self) -> str:
        lines = [
            f"{'as printed' + (f' ({reading})' if reading else '')}: {found.text}"
            for reading, found in self.readings.items()
        ]
        return "\n".join([self.misprint.id, *lines, f"corrected: {self.mended.text}"])


def judge(misprint: Misprint, networks: Iterable[Trial] | None = None) -> Judgement:
    """Run a misprint as printed, in every reading, and corrected, against the measured truth.

    `networks` are those of its document unless others are given.

    >>> from nnmath.misprints.catalogue import MISPRINTS
    >>> print(judge(MISPRINTS["S2-2.13"]))
    S2-2.13
    as printed (matrix product): no product (2 × 7)(1 × 7)
    as printed (entry by entry, stretched): 2 × 7 where 2 × 1 is due
    corrected: equal, below 1e-12
    """
    networks = TRIALS[misprint.setting] if networks is None else tuple(networks)
    readings = {
        name: compare(formula, misprint.truth, networks)
        for name, formula in misprint.readings.items()
    }
    meant = misprint.meant or misprint.truth
    return Judgement(misprint, readings, compare(misprint.mended, meant, networks))
