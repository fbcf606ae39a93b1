"""Notebook 06 has an anatomy of its own; what it says of the misprints is counted here again."""

import json
import re
from collections import Counter

import pytest

from nnmath.misprints import KINDS, MISPRINTS, judge, trials
from tests.notebooks.structure import (
    NOTEBOOKS,
    anatomy_faults,
    demo_cells,
    exercise_faults,
    headings,
    read,
    tags_of,
    tasks,
)

PATH = NOTEBOOKS / "06_misprints.ipynb"
CELLS = read(PATH)
PROSE = "\n".join(cell.source for cell in CELLS if cell.kind == "markdown")
PRINTED = "\n".join(cell.printed for cell in CELLS)
PARTS = [
    "Play first",
    "Numbers first: one formula in court",
    "Three questions",
    "The kinds of misprint, one case each",
    "Where misprints hide",
    "Right under a reading",
    "The detective",
    "Mend it",
    "All forty-six",
    "Recap",
]


def test_the_parts_stand_in_order():
    assert [text for level, text in headings(CELLS) if level == 2] == PARTS
    # All the rest of a lesson's anatomy holds here too.
    faults = [f for f in anatomy_faults(CELLS) if not f.startswith("the sections")]
    assert faults == []
    assert exercise_faults(CELLS, 6) == []
    assert len(demo_cells(CELLS)) == 2
    assert sum(len(tags_of(cell)) for cell in CELLS) >= 15


def test_each_kind_of_formula_has_its_case_and_its_line_in_the_recap():
    assert len([kind for kind in KINDS if kind != "wording"]) == 9
    cases = CELLS[: next(c.index for c in CELLS if "## Where misprints hide" in c.source)]
    part = "\n".join(c.source for c in cases).split("## The kinds of misprint")[1]
    assert len(re.findall(r"^### ", part, re.M)) == len(KINDS)
    recap = PROSE.split("## Recap")[1]
    for kind in KINDS:
        assert kind == "wording" or re.search(rf"^\| {kind} \|", recap, re.M), kind
    for kind in ("lost $1/m$", "update before use"):
        assert f"| {kind} |" in recap


def test_the_kinds_are_counted():
    for kind, count in Counter(row.kind for row in MISPRINTS.values()).items():
        assert re.search(rf"^ ?{count}  {kind} +\S", PRINTED, re.M), kind
    assert "46  in all" in PRINTED
    kinds = Counter(row.kind for row in MISPRINTS.values())
    many, few, rest = kinds["sum too many"], kinds["lost sum"], kinds["wrong index"] - 1
    assert f"The opposite happens too, {many} times against {few}." in PROSE
    assert (rest, "the other three cases of this kind fall" in PROSE) == (3, True)
    ones = kinds["ones lying down"] - 1
    assert (ones, "makes the slip once, in (2.13), and copies it five times" in PROSE) == (5, True)


def test_every_claim_is_counted_once():
    """208 formulas and claims: right, right under a reading, not readable, wrong."""
    words = re.search(r"hold (\d+) formulas and claims(.*?)This notebook", PROSE, re.S)
    numbers = [int(found) for found in re.findall(r"\b\d+\b", words[2])]
    assert int(words[1]) == sum(numbers) == 208
    assert numbers[-1] == len(MISPRINTS) == 46


NETWORKS = {
    "our sizes, all different": lambda _: {},
    "many sizes equal": lambda setting: {
        "000": {"sizes": (4, 4, 1)},
        "002, section 6": {"sizes": (2, 2, 1), "m": 2},
    }.get(setting, {"sizes": (4, 4, 4, 4), "m": 4}),
    "a single example": lambda setting: {} if setting == "000" else {"m": 1},
}


@pytest.fixture(scope="module")
def stages():
    rows = [row for row in MISPRINTS.values() if row.kind != "wording"]
    assert len(rows) == 43
    return {
        name: Counter(judge(row, trials(row.setting, **choose(row.setting))).stage for row in rows)
        for name, choose in NETWORKS.items()
    }


def test_where_misprints_hide_is_counted(stages):
    for name, found in stages.items():
        (line,) = re.findall(rf"^{name} +(.*)$", PRINTED, re.M)
        said = dict(part.rsplit(maxsplit=1) for part in line.split(", "))
        assert {stage: int(count) for stage, count in said.items() if count != "0"} == dict(found)
    ours, alike, alone = stages.values()
    assert f"{ours['no result'] + ours['wrong shape']} of 43 fall by their shape" in PROSE
    assert f"The other {ours['wrong numbers']} need the measured slopes" in PROSE
    assert not alike["no result"] and "**every formula runs**" in PROSE
    assert f"{alike['wrong numbers']} give wrong numbers" in PROSE
    assert alike["right"] == 3 and "three even come out right" in PROSE
    assert f"**{alone['right']} of 43 pass as printed**" in PROSE
    assert f"{alone['right']} of our 43 formulas pass as printed" in PROSE


def test_the_table_is_stored_whole():
    raw = json.loads(PATH.read_text(encoding="utf-8"))["cells"]
    (outputs,) = (c["outputs"] for c in raw if "".join(c["source"]) == "table()")
    data = {kind: "".join(text) for kind, text in outputs[0]["data"].items()}
    assert set(data) == {"text/html", "text/plain"}
    for text in data.values():
        assert "In 46 of 46 rows" in text and "✗" not in text
    for id in MISPRINTS:
        assert f">{id}<br>" in data["text/html"]
        assert re.search(rf"^{re.escape(id)} ", data["text/plain"], re.M)


# Which of the printed formulas that the exercises quote are misprinted: by their rows.
QUOTED = {
    "6.A": ("S1-61",),
    "6.B": ("S1-26",),
    "6.C": ("S1-31", "S1-33", "S1-32", "S1-39"),
    "6.D": ("S0-28", "S0-29"),
    "6.E": ("S2-3.11",),
    "6.F": ("S2-5.16",),
    "6.G": (),  # printed rightly
    "6.H": ("S2-6.8a", "S2-6.8b", "S2-6.4a", "S2-6.5a"),
}


def bare(latex):
    """Return a formula without what only spaces it, so that two ways to set it compare."""
    latex = re.sub(r"\\(?:[Bb]ig[lr]?|left|right|[,;! ])", "", latex)
    latex = latex.replace(r"g^{[1]\prime}", "g'").replace("_i^{[3]}", "_i")
    return re.sub(r"[\s{}*()]", "", latex)


@pytest.mark.parametrize("task", tasks(CELLS), ids=lambda task: task.id)
def test_an_exercise_quotes_its_formulas_as_the_table_has_them(task):
    asked = bare(CELLS[task.cell.index - 1].source)
    for id in QUOTED[task.id]:
        right_side = MISPRINTS[id].printed.split(" = ")[-1].removesuffix(" * (1)")
        assert bare(right_side) in asked, f"{task.id} does not quote {id}: {right_side}"


def test_at_least_six_exercises_mend_and_one_does_not():
    assert [task.id for task in tasks(CELLS)] == list(QUOTED)
    assert sum(map(bool, QUOTED.values())) >= 6
    assert sum(not ids for ids in QUOTED.values()) >= 1


def test_the_fold_of_the_detective_tells_the_wrong_cases():
    from nnmath.demos.misprints import CASES, examined

    wrong = [k for k, case in enumerate(CASES, start=1) if case.wrong]
    fold = next(c.source for c in CELLS if "of the sixteen are misprinted" in c.source)
    sentence = re.search(r"misprinted: cases (.*?)\.", fold)[1]
    assert [int(k) for k in re.findall(r"\d+", sentence)] == wrong
    assert fold.count("Nine of the sixteen") == 1 and len(wrong) == 9
    by_shape = [k for k in wrong if examined(k - 1)[1].stage in ("no result", "wrong shape")]
    sentence = re.search(r"convict six of them: (.*?)\.", fold)[1]
    assert [int(k) for k in re.findall(r"\d+", sentence)] == by_shape


def test_the_fold_of_the_bug_detector_tells_what_happens():
    from nnmath import bugs

    names = list(bugs.BY_NAME)
    falling = [name for name in names if bugs.run(name).falls]
    fold = next(c.source for c in CELLS if "The gradient check finds all fifteen" in c.source)
    assert f"It falls for {len(falling)} of the {len(names)} bugs" in fold
    assert {"the sign", "1/m lost"} == set(names) - set(falling)
    assert "saw thirteen of fifteen buggy programs learn" in PROSE
