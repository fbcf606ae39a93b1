"""What a part of the proof hands back: plain data, so that it can be stored, compared and shown.

A part is a module of this folder whose name has no underscore in front. It has one function,

    def run(full: bool) -> Section | None

which measures and returns a `Section`. `full` is true for `make proof-full`, which may take as long
as it needs. None says that the part has nothing to measure in a quick run; then the table keeps
what the last full run found, with its date.
"""

from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True)
class Goal:
    """One line of evidence: what was measured, the goal, the figure, and whether the goal is met.

    met is None where nothing is claimed: a figure for comparison, or a thing that could not be
    tried here. headline: README.md shows the figure too.
    """

    what: str
    goal: str
    measured: str
    met: bool | None
    headline: bool = False

    @property
    def verdict(self) -> str:
        """Say in words how it ended."""
        return "" if self.met is None else "met" if self.met else "**missed**"


@dataclass(frozen=True)
class Table:
    """Figures that need columns of their own."""

    caption: str
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class Section:
    """The result of one part: its place in the document, what it is about, goals and tables.

    must_hold: a missed goal makes the command fail.
    """

    number: int
    title: str
    text: str
    goals: tuple[Goal, ...]
    tables: tuple[Table, ...] = ()
    must_hold: bool = True

    @property
    def missed(self) -> list[Goal]:
        """Return the goals that were not met."""
        return [goal for goal in self.goals if goal.met is False]

    @property
    def holds(self) -> bool:
        """Say whether the command may succeed."""
        return not (self.must_hold and self.missed)


def as_data(section: Section) -> dict[str, Any]:
    """Return a section as what json can write."""
    return asdict(section)


def as_section(data: dict[str, Any]) -> Section:
    """Return a section from what json has read."""
    goals = tuple(Goal(**goal) for goal in data["goals"])
    tables = tuple(
        Table(table["caption"], tuple(table["head"]), tuple(tuple(row) for row in table["rows"]))
        for table in data["tables"]
    )
    return Section(**{**data, "goals": goals, "tables": tables})


def at_most(what: str, worst: float, bound: float, unit: str = "", **options: Any) -> Goal:
    """Return the goal that the worst figure is at most the bound; NaN misses it."""
    unit = f" {unit}" if unit else ""
    return Goal(what, f"≤ {bound:g}{unit}", f"{worst:.3g}{unit}", bool(worst <= bound), **options)


def at_least(what: str, count: float, bound: float, **options: Any) -> Goal:
    """Return the goal that a count is at least the bound."""
    return Goal(what, f"≥ {bound:,}", f"{count:,}", bool(count >= bound), **options)


def none_of(what: str, faults: int, cases: int, **options: Any) -> Goal:
    """Return the goal that there is no fault among the cases, of which there must be some."""
    return Goal(what, "none", f"{faults:,} in {cases:,}", bool(faults == 0 < cases), **options)
