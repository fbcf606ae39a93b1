"""docs/audit.md lists every formula once, as the catalogue of misprints and rows.txt say."""

import collections
import re

import pytest

from nnmath.misprints import MISPRINTS
from tools.audit import __main__ as audit
from tools.bootstrap import Stop

# Counted by hand, document by document.
COUNTS = {
    "000": {"correct": 12, "sloppy": 14, "wrong": 8, "garbled": 0},
    "001": {"correct": 22, "sloppy": 33, "wrong": 17, "garbled": 0},
    "002": {"correct": 57, "sloppy": 20, "wrong": 21, "garbled": 4},
}


def test_the_stored_page_is_what_the_command_writes():
    assert audit.PAGE.read_text(encoding="utf-8") == audit.page(), "run: python -m tools.audit"


def test_every_formula_has_a_verdict():
    rows = audit.rows()
    assert len(rows) == len({row.id for row in rows}) == 208
    counted = collections.Counter((row.document, row.verdict) for row in rows)
    assert counted == collections.Counter(
        {(document, v): n for document, counts in COUNTS.items() for v, n in counts.items() if n}
    )


def test_what_is_not_right_says_why():
    for row in audit.rows():
        assert row.place and row.printed
        assert row.remark or row.verdict == "correct", row.id


def test_the_misprints_are_those_of_the_catalogue():
    wrong = [row.id for row in audit.rows() if row.verdict == "wrong"]
    assert sorted(wrong) == sorted(MISPRINTS)


def test_every_formula_can_be_typeset():
    cells = [cell for row in audit.rows() for cell in (row.printed, row.remark)]
    for cell in cells:
        assert cell.count("$") % 2 == 0, cell
        for formula in re.findall(r"\$([^$]*)\$", cell):
            assert formula.count("{") == formula.count("}"), formula
            assert "|" not in formula, f"a bar would end the cell of the table: {formula}"


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (lambda text: text.replace("S0-12 |", "S0-99 |"), "S0-99 is no misprint"),
        (lambda text: text.replace("S0-12 |\n", ""), "no line says where S0-12"),
        (lambda text: text.replace("| sloppy |", "| dubious |", 1), "this line is not"),
    ],
)
def test_a_broken_list_is_refused(change, says, tmp_path, monkeypatch):
    broken = tmp_path / "rows.txt"
    broken.write_text(change(audit.ROWS.read_text(encoding="utf-8")), encoding="utf-8")
    monkeypatch.setattr(audit, "ROWS", broken)
    with pytest.raises(Stop, match=says):
        audit.rows()
