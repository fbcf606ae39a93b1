"""Write docs/audit.md: every formula of the three documents, with what the audit says of it.

    python -m tools.audit

The misprints come from `nnmath.misprints`, where each is run and measured; the formulas that are
none come from rows.txt beside this file.
"""

from __future__ import annotations

import collections
import dataclasses
import pathlib
import sys

from nnmath.misprints import MISPRINTS, Misprint
from nnmath.misprints.table import TITLES
from tools.bootstrap import Stop, run_and_report, say
from tools.surroundings import ROOT

ROWS = pathlib.Path(__file__).with_name("rows.txt")
PAGE = ROOT / "docs" / "audit.md"
VERDICTS = {
    "correct": "right as it is printed, in the conventions of its document",
    "sloppy": "right under a reading that the document does not state; the remark states it",
    "wrong": "a misprint or a mistake; notebook 06 runs each one and shows how it fails",
    "garbled": "unreadable in the copy at hand, and of no consequence",
}
HEAD = """\
# The audit of the three documents

Before a formula of a source document entered the course, it was worked out again, and measured
where it can be. This page lists all {total} formulas and claims with the verdict on each. Those
that are wrong stand with their correction; [notebook 06](../notebooks/06_misprints.ipynb) runs
every one of them. Formulas are in the notation of their document.

`python -m tools.audit` writes this page.

{verdicts}

{counts}
"""


@dataclasses.dataclass(frozen=True)
class Row:
    """One formula or claim: where it stands, how it is printed, and what is to be said of it."""

    id: str
    place: str
    verdict: str
    printed: str
    remark: str

    @property
    def document(self) -> str:
        """The number of its document, "000" for one."""
        return f"00{self.id[1]}"


def rows() -> list[Row]:
    """Return every row, in the order of the documents; misprints are filled in from the catalogue.

    Raises:
        Stop: if a line cannot be read, or the misprints of both places are not the same.
    """
    wrong = {misprint.id: misprint for misprint in MISPRINTS.values()}
    found = []
    for line in ROWS.read_text(encoding="utf-8").splitlines():
        if line.startswith("#"):
            continue
        id, *rest = (part.strip() for part in line.split("|"))
        if rest == [""]:
            if id not in wrong:
                raise Stop(f"rows.txt: {id} is no misprint of the catalogue (any more).")
            found.append(_misprint(wrong.pop(id)))
        elif len(rest) == 4 and rest[1] in VERDICTS:
            place, verdict, printed, remark = rest
            found.append(Row(id, place, verdict, printed, remark))
        else:
            raise Stop(
                "rows.txt: this line is not “identifier | place | verdict | printed | remark”: "
                + line
            )
    if wrong:
        raise Stop(f"rows.txt: no line says where {', '.join(wrong)} belongs.")
    return found


def _misprint(m: Misprint) -> Row:
    shown = str if m.kind == "wording" else _formula
    return Row(m.id, m.place, "wrong", shown(m.printed), f"{shown(m.corrected)}. {m.symptom}")


def _formula(text: str) -> str:
    return f"${text}$"


def page() -> str:
    """Return the page."""
    every = rows()
    parts = [
        HEAD.format(
            total=len(every),
            verdicts="\n".join(f"- **{name}**: {what}." for name, what in VERDICTS.items()),
            counts=_counts(every),
        )
    ]
    for number, title in TITLES.items():
        lines = [f"## {title}", "", "| where | as printed | verdict | correction, or remark |"]
        lines.append("| --- | --- | --- | --- |")
        for row in every:
            if row.document == number:
                verdict = f"**{row.verdict}**" if row.verdict == "wrong" else row.verdict
                lines.append(f"| {row.place} | {row.printed} | {verdict} | {row.remark} |")
        parts.append("\n".join(lines) + "\n")
    return "\n".join(parts)


def _counts(every: list[Row]) -> str:
    """Return the table that counts the verdicts by document."""
    counted = collections.Counter((row.document, row.verdict) for row in every)
    lines = ["| document | " + " | ".join(VERDICTS) + " | all |", "| --- |" + " --- |" * 5]
    for number in TITLES:
        numbers = [counted[number, verdict] for verdict in VERDICTS]
        lines.append(f"| {number} | " + " | ".join(map(str, [*numbers, sum(numbers)])) + " |")
    sums = [sum(counted[number, verdict] for number in TITLES) for verdict in VERDICTS]
    lines.append("| all | " + " | ".join(map(str, [*sums, sum(sums)])) + " |")
    return "\n".join(lines)


def main() -> None:
    """Write the page."""
    PAGE.write_text(page(), encoding="utf-8", newline="\n")
    say(f"{PAGE.relative_to(ROOT)} lists {len(rows())} formulas.")


if __name__ == "__main__":
    sys.exit(run_and_report(main))
