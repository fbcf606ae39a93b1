"""What a part of the benchmarks hands back: plain data, so that it can be stored and shown.

A part is a module of this folder that benchmarks/__main__.py names. It has one function,

    def run(tiny: bool) -> Outcome

which measures. `tiny` is for the tests: the same code, on sizes that take no time.
"""

import math
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from benchmarks._measure import Times, version
from proof._record import Goal, Section, as_section

MISSING = "not installed"


@dataclass(frozen=True)
class Outcome:
    """A section of docs/bench.md, what remains where a goal is missed, and what the plot shows.

    why: a sentence for each goal, by its `what`, that is shown when it is missed.
    series: numbers for the plot, by name.
    """

    section: Section
    why: dict[str, str] = field(default_factory=dict)
    series: dict[str, Any] = field(default_factory=dict)

    def as_data(self) -> dict[str, Any]:
        """Return it as what json can write."""
        return asdict(self)


def as_outcome(data: dict[str, Any]) -> Outcome:
    """Return it from what json has read."""
    return Outcome(as_section(data["section"]), data["why"], data["series"])


def missing(packages: Sequence[tuple[str, str]]) -> str:
    """Say which of these (name, package) are not installed; the empty text when all are."""
    names = [name for name, package in packages if version(package) is None]
    return f" Not installed here, so not measured: {', '.join(names)}." if names else ""


def ratio_goal(
    what: str, times: Times, name: str, by: str, bound: float | None, **options: Any
) -> Goal:
    """Return the goal that `name` takes at most `bound` times as long as `by`."""
    wanted = "" if bound is None else f"≤ {bound:g}"
    if name not in times or by not in times:
        return Goal(what, wanted, MISSING, None)
    ratio, (low, high) = times.ratio(name, by), times.spread(name, by)
    if not math.isfinite(ratio):
        raise ValueError(f"{what}: the ratio is {ratio}")
    figure = f"{ratio:.2f} ({low:.2f} to {high:.2f})"
    return Goal(what, wanted, figure, None if bound is None else ratio <= bound, **options)
