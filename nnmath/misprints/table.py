"""All misprints as one table: for a page as HTML with its formulas typeset, and as plain text."""

from __future__ import annotations

import html
import itertools
from collections.abc import Mapping
from dataclasses import dataclass

from nnmath.misprints.catalogue import MISPRINTS
from nnmath.misprints.judge import Finding, Judgement, judge

TITLES: Mapping[str, str] = {
    "000": "Document 000: B. Khanal, Math behind backpropagation in Neural Network",
    "001": "Document 001: Derive systematically the steps involving the backpropagation …",
    "002": "Document 002: K. Wichmann, General feed forward neural networks",
}
HEADS = ("where", "form", "formula", "how it shows, and what the machine finds")
LEFT = 'style="text-align:left;vertical-align:top;white-space:normal"'


@dataclass(frozen=True)
class Table:
    """Judgements as the rows of a table.

    As the last line of a cell it displays itself, its formulas typeset; a viewer that shows no HTML
    gets `str(table)`, which says what the machine found in each row.
    """

    rows: tuple[Judgement, ...]

    @property
    def caption(self) -> str:
        """How many misprints there are, and what the machine says of them."""
        sound = sum(row.sound for row in self.rows)
        return (
            f"{len(self.rows)} misprints, each in the notation of its document. In {sound} of "
            f"{len(self.rows)} rows every reading of the printed form fails, and the corrected "
            "form agrees with a measured truth to 1e-12."
        )

    def __str__(self) -> str:
        lines = [self.caption]
        for document, rows in self._by_document():
            lines += ["", TITLES[document]]
            for row in rows:
                found = "; ".join(_named(name, f) for name, f in row.readings.items())
                lines.append(
                    f"{row.misprint.id:<8} {row.misprint.kind:<17} "
                    f"printed: {found} | corrected: {row.mended.text}"
                )
        return "\n".join(lines)

    def __repr__(self) -> str:
        return str(self)

    def _repr_html_(self) -> str:
        heads = "".join(f'<th scope="col" {LEFT}>{head}</th>' for head in HEADS)
        bodies = "".join(
            f'<tbody><tr><th scope="rowgroup" colspan="4" {LEFT}>{TITLES[document]}</th></tr>'
            + "".join(map(_row, rows))
            + "</tbody>"
            for document, rows in self._by_document()
        )
        return (
            f'<table><caption style="text-align:left">{self.caption}</caption>'
            f"<thead><tr>{heads}</tr></thead>{bodies}</table>"
        )

    def _by_document(self) -> list[tuple[str, list[Judgement]]]:
        groups = itertools.groupby(self.rows, key=lambda row: row.misprint.document)
        return [(document, list(rows)) for document, rows in groups]


def table(document: str = "") -> Table:
    """Return all misprints, judged; or those of one document, "000", "001" or "002".

    >>> print(table("000"))  # doctest: +ELLIPSIS
    8 misprints, each in the notation of its document...
    S0-17    sign              printed: error 2 | corrected: equal, below 1e-12
    ...
    """
    chosen = [row for row in MISPRINTS.values() if document in ("", row.document)]
    if not chosen:
        raise ValueError(
            f"table({document!r}): there is no such document; there are {', '.join(TITLES)}."
        )
    return Table(tuple(map(judge, chosen)))


def _row(judgement: Judgement) -> str:
    """Return two rows: the printed form, and below it the corrected one, under one head."""
    row = judgement.misprint
    words = row.kind == "wording"
    printed, corrected = (
        html.escape(text if words else rf"$\displaystyle {text}$", quote=False)
        for text in (row.printed, row.corrected)
    )
    found = "<br>".join(_named(name, f) for name, f in judgement.readings.items())
    found = found.replace(
        " × ", "\N{NO-BREAK SPACE}×\N{NO-BREAK SPACE}"
    )  # a shape stays in one piece
    mark = "✓" if judgement.sound else "✗"
    where = f"{row.id}<br>{html.escape(row.place)}<br><em>{row.kind}</em>"
    symptom = html.escape(row.symptom, quote=False)
    return (
        f'<tr><th scope="row" rowspan="2" {LEFT}>{where}</th>'
        f'<th scope="row" {LEFT}>printed</th><td {LEFT}>{printed}</td>'
        f"<td {LEFT}>{symptom}<br><em>{found}</em></td></tr>"
        f'<tr><th scope="row" {LEFT}>corrected</th><td {LEFT}>{corrected}</td>'
        f"<td {LEFT}><em>{judgement.mended.text}</em> {mark}</td></tr>"
    )


def _named(reading: str, found: Finding) -> str:
    """Return what was found, after the name of the reading if it has one."""
    return f"{reading}: {found.text}" if reading else found.text
