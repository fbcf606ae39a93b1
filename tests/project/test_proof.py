"""`make proof`: parts are found by looking, a missed goal is said, and what is shown is stored."""

import json

import numpy as np
import pytest

from proof import properties
from proof._record import Goal, Section, Table, as_data, as_section, at_least, at_most, none_of
from tools import proof
from tools.bootstrap import Stop
from tools.surroundings import ROOT


def section(*goals, number=1, title="Accuracy", must_hold=True):
    table = Table("A caption", ("x", "y"), (("1", "a | b"),))
    return Section(number, title, "What it is about.", goals, (table,), must_hold)


def record(part, date="2026-03-14"):
    run = {"date": date, "command": "make proof", "machine": "Python 3.11.7"}
    return {"run": run, "seconds": 7, "section": as_data(part)}


MET = Goal("sigmoid", "≤ 2 ulp", "1.9 ulp", True, headline=True)
MISSED = Goal("softmax", "≤ 4 ulp", "7 ulp", False)
OPEN = Goal("torch", "", "not installed", None)


# --- Goals ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("goal", "met"),
    [
        (at_most("error", 1.9, 2, "ulp"), True),
        (at_most("error", 2.0, 2, "ulp"), True),
        (at_most("error", 2.1, 2, "ulp"), False),
        (at_most("error", float("nan"), 2, "ulp"), False),
        (at_most("error", float("inf"), 2, "ulp"), False),
        (at_least("values", 20_000, 20_000), True),
        (at_least("values", 19_999, 20_000), False),
        (none_of("faults", 0, 5), True),
        (none_of("faults", 1, 5), False),
        (none_of("faults", 0, 0), False),  # nothing was looked at, so nothing is proved
    ],
)
def test_goals(goal, met):
    assert goal.met is met
    assert goal.verdict == ("met" if met else "**missed**")


def test_a_goal_shows_the_bound_and_the_figure():
    goal = at_most("error", 1.8812, 2, "ulp")
    assert (goal.goal, goal.measured) == ("≤ 2 ulp", "1.88 ulp")
    assert at_least("values", 90564, 20_000).goal == "≥ 20,000"
    assert OPEN.verdict == ""


def test_a_section_survives_json():
    """Also with figures of numpy's own types, which json does not know."""
    few = none_of("faults", np.int64(0), np.int64(5)), at_most("error", np.float64(1), 2)
    before = section(MET, MISSED, OPEN, *few, at_least("values", np.int64(3), 2))
    assert as_section(json.loads(json.dumps(as_data(before)))) == before


def test_only_a_missed_goal_that_must_hold_fails():
    assert section(MET, OPEN).holds
    assert not section(MET, MISSED).holds
    assert section(MET, MISSED, must_hold=False).holds


# --- Parts ----------------------------------------------------------------------------------------


def test_parts_are_found_by_looking(tmp_path):
    for name in ("gradients.py", "accuracy.py", "_record.py", "notes.md"):
        (tmp_path / name).write_text("")
    assert proof.find_parts(tmp_path) == ["accuracy", "gradients"]


@pytest.mark.parametrize("part", proof.find_parts())
def test_each_part_says_what_it_is_and_can_be_run(part):
    text = (ROOT / "proof" / f"{part}.py").read_text(encoding="utf-8")
    assert text.startswith(('"""', 'r"""'))
    assert "\ndef run(full: bool) -> Section" in text


def test_a_part_that_fails_is_a_goal_that_is_missed(monkeypatch, capsys):
    class Broken:
        @staticmethod
        def run(full):
            raise RuntimeError(f"no luck, {full}")

    monkeypatch.setattr(proof.importlib, "import_module", lambda _: Broken)
    data, seconds = proof.measure("broken", True)
    assert not as_section(data).holds
    assert "no luck, True" in as_section(data).missed[0].measured
    assert "no luck" in capsys.readouterr().err
    assert seconds >= 0


# --- The document ---------------------------------------------------------------------------------


def test_the_document_says_which_goal_was_missed():
    text = proof.document({"accuracy": record(section(MET, MISSED, OPEN))})
    assert "**Missed:** softmax: measured 7 ulp, the goal is ≤ 4 ulp." in text
    assert "| softmax | ≤ 4 ulp | 7 ulp | **missed** |" in text
    assert "| torch |  | not installed |  |" in text
    assert "2026-03-14, `make proof`, 7 s. Python 3.11.7" in text
    assert r"| 1 | a \| b |" in text


def test_the_short_table_shows_headlines_and_whatever_was_missed():
    text = proof.short_table({"accuracy": record(section(MET, MISSED, OPEN))})
    assert "[Accuracy](#1-accuracy)" in text
    assert "sigmoid: 1.9 ulp; **missed**: softmax, 7 ulp (goal ≤ 4 ulp)" in text
    assert "1 of 2 goals met, 1 missed" in text
    assert "torch" not in text


def test_sections_stand_in_the_order_of_their_numbers():
    results = {
        "a": record(section(MET, number=2, title="Second")),
        "b": record(section(MET, number=1, title="First")),
    }
    text = proof.document(results)
    assert text.index("## 1. First") < text.index("## 2. Second")


@pytest.fixture
def desk(tmp_path, monkeypatch):
    """Let the command write here, and measure what a test tells it."""
    for name, file in (("DOCUMENT", "p.md"), ("RESULTS", "p.json")):
        monkeypatch.setattr(proof, name, tmp_path / file)
    monkeypatch.setattr(proof, "find_parts", lambda: ["accuracy", "sweep"])
    monkeypatch.setattr(proof, "measure_all", lambda parts, _: {p: measured[p] for p in parts})
    measured = {"accuracy": record(section(MET)), "sweep": record(section(MET, title="Sweep"))}
    return tmp_path, measured


def test_the_command_writes_a_summary_and_the_sections(desk, capsys):
    folder, _ = desk
    assert proof.main([]) == 0
    summary, _, rest = (folder / "p.md").read_text().partition("## 1. Accuracy")
    assert "| [Accuracy](#1-accuracy) | sigmoid: 1.9 ulp |" in summary
    assert "1.9 ulp" in rest
    assert "up to date" in capsys.readouterr().out


def test_the_command_fails_when_a_goal_is_missed_and_still_writes(desk):
    folder, measured = desk
    measured["accuracy"] = record(section(MET, MISSED))
    with pytest.raises(Stop, match="A goal was missed in accuracy"):
        proof.main([])
    assert "**missed**" in (folder / "p.md").read_text()


def test_a_part_that_is_not_run_keeps_its_figures_and_their_date(desk):
    folder, measured = desk
    proof.main([])
    measured["accuracy"] = record(section(MET), date="2026-03-15")
    proof.main(["accuracy"])
    text = (folder / "p.md").read_text()
    sections = text[text.index("## 1. Accuracy") :]
    parts = [sections.index(s) for s in ("2026-03-15", "## 1. Sweep", "2026-03-14")]
    assert parts == sorted(parts)


def test_an_unknown_part_is_refused(desk):  # noqa: ARG001
    with pytest.raises(Stop, match="no part 'acuracy': choose from accuracy, sweep"):
        proof.main(["acuracy"])


# --- What is stored -------------------------------------------------------------------------------


def test_what_is_shown_is_what_was_measured():
    results = proof.read_results()
    assert set(results) <= set(proof.find_parts()), "run `make proof`: a part was removed"
    assert proof.DOCUMENT.read_text(encoding="utf-8") == proof.document(results)


def test_the_stored_figures_name_no_machine():
    text = proof.RESULTS.read_text(encoding="utf-8")
    assert "/home/" not in text
    assert str(ROOT) not in text


# --- Properties -----------------------------------------------------------------------------------

STATISTICS = """
tests/test_properties.py::test_one_thing:

  - during reuse phase (0.01 seconds):
    - 3 passing examples, 0 failing examples, 1 invalid examples
  - during generate phase (5.48 seconds):
    - 397 passing, 2 failing, and 0 invalid test cases

tests/test_properties.py::test_dZ_is_another:

  - during generate phase (2.83 seconds):
    - 400 passing, 0 failing, and 0 invalid test cases
"""


def test_the_examples_are_counted_from_either_wording_of_hypothesis():
    counts = properties.counted(STATISTICS)
    assert counts == {"test_one_thing": (400, 2), "test_dZ_is_another": (400, 0)}
    assert properties.in_words("test_one_thing") == "One thing"


def test_a_property_that_fails_is_missed(monkeypatch):
    monkeypatch.setattr(properties, "run_tests", lambda: (STATISTICS, 1, 9.0))
    section = properties.run(False)
    missed = {goal.what: goal.measured for goal in section.missed}
    assert missed == {"properties": "2", "examples that fail": "3 in 800"}
    monkeypatch.setattr(properties, "run_tests", lambda: ("collection failed", 2, 9.0))
    assert len(properties.run(False).missed) == 3
