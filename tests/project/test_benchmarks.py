"""`make bench`: every part runs, on sizes that take no time; what is shown is what was measured.

No test here looks at how long anything took.
"""

import json
import re

import nbformat
import pytest

from benchmarks import __main__ as bench
from benchmarks import _measure, _outcome, digits, gradient, gradient_check, startup, suite
from benchmarks._measure import Times, shown, side_by_side
from benchmarks._networks import OTHERS, factors, nnmath_gradient, problem, same_gradient
from benchmarks._outcome import Outcome, as_outcome, ratio_goal
from proof._record import Goal, Section, Table

TIMES = Times({"a": [2.0, 2.0, 9.0], "b": [1.0, 4.0, 3.0]})

# --- The clock ------------------------------------------------------------------------------------


def test_a_ratio_is_the_median_of_the_rounds():
    assert TIMES.ratios("a", "b") == [2.0, 0.5, 3.0]
    assert TIMES.ratio("a", "b") == 2.0
    assert TIMES.spread("a", "b") == (1.25, 2.5)
    assert TIMES.seconds("b") == 3.0


def test_contenders_take_turns_and_none_always_follows_the_same_one():
    turns = []
    runs = {name: (lambda name=name: turns.append(name)) for name in "abc"}
    times = side_by_side(runs, seconds=0.0, rounds=30, slice_=0.0)
    rounds = ["".join(turns[k : k + 3]) for k in range(3, len(turns), 3)]  # without the first calls
    assert len(rounds) == 30
    assert all(sorted(one) == ["a", "b", "c"] for one in rounds)
    assert len(set(rounds)) == 6
    assert all(len(times.rounds[name]) == 30 for name in "abc")


def test_a_fast_contender_is_called_more_often_and_told_for_one_call():
    now, calls = [0.0], []

    def run():
        calls.append(1)
        now[0] += 0.25

    times = side_by_side({"a": run}, seconds=0.0, rounds=2, slice_=1.0, clock=lambda: now[0])
    assert len(calls) == 1 + 2 + 2 * 4
    assert times.rounds["a"] == [0.25, 0.25]


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(1661.7, "1,662 s"), (2.0, "2 s"), (0.0123, "12.3 ms"), (4.56e-5, "45.6 µs")],
)
def test_times_are_shown_with_their_unit(seconds, text):
    assert shown(seconds) == text


def test_goals_of_ratios():
    assert ratio_goal("x", TIMES, "a", "b", 2.0).met is True
    assert ratio_goal("x", TIMES, "a", "b", 1.9).met is False
    assert ratio_goal("x", TIMES, "a", "b", None).met is None
    gone = ratio_goal("x", TIMES, "a", "torch", 1.0)
    assert (gone.met, gone.measured) == (None, "not installed")
    assert ratio_goal("x", TIMES, "a", "b", 2.0).measured == "2.00 (1.25 to 2.50)"


# --- The contenders -------------------------------------------------------------------------------


@pytest.mark.parametrize(("sizes", "m"), gradient.TINY)
@pytest.mark.parametrize("name", OTHERS)
def test_each_contender_computes_the_same_gradient(name, sizes, m):
    package, make = OTHERS[name]
    pytest.importorskip(package)
    p = problem(sizes, m)
    assert same_gradient(make(p)(), p) < gradient.AGREE


def test_another_gradient_is_noticed():
    p = problem(*gradient.TINY[1])
    J, dW, db = nnmath_gradient(p)()
    assert same_gradient((J, dW, db), p) == 0
    assert same_gradient((J, dW, {**db, 1: 1.001 * db[1]}), p) == pytest.approx(1e-3, rel=1e-6)
    assert same_gradient((1.5 * J, dW, db), p) == pytest.approx(0.5)


def test_the_limit_is_every_product_and_no_other():
    shapes = [(left.shape, right.shape) for left, right in factors(problem((3, 4, 2), 5))]
    forward = [((4, 3), (3, 5)), ((2, 4), (4, 5))]
    backward = [((2, 5), (5, 4)), ((4, 2), (2, 5)), ((4, 5), (5, 3))]
    assert shapes == forward + backward


# --- The parts ------------------------------------------------------------------------------------


@pytest.mark.parametrize("part", [gradient, digits, gradient_check, startup, suite])
def test_every_part_runs(part):
    outcome = part.run(tiny=True)
    assert outcome.section.goals
    for goal in outcome.section.goals:
        assert goal.measured == "not installed" or re.search(r"\d", goal.measured), goal
    for table in outcome.section.tables:
        assert table.rows
        assert all(len(row) == len(table.head) for row in table.rows)
    assert set(outcome.why) <= {goal.what for goal in outcome.section.goals}
    stored = json.loads(json.dumps(outcome.as_data()))
    assert as_outcome(stored) == outcome


@pytest.mark.parametrize("part", [gradient, digits, gradient_check])
def test_a_missing_library_is_said_to_be_missing(part, monkeypatch):
    for module in (_measure, _outcome, part):
        monkeypatch.setattr(module, "version", lambda _: None, raising=False)
    section = part.run(tiny=True).section
    assert "Not installed here, so not measured: " in section.text
    assert any(goal.measured == "not installed" and goal.met is None for goal in section.goals)


def test_a_contender_with_another_gradient_is_not_timed(monkeypatch):
    monkeypatch.setitem(
        gradient.OTHERS, "plain numpy", ("numpy", lambda p: lambda: (1.0, p.net.W, p.net.b))
    )
    with pytest.raises(ValueError, match="plain numpy has another gradient"):
        gradient.run(tiny=True)


def test_every_part_is_named():
    files = {path.stem for path in (bench.ROOT / "benchmarks").glob("[!_]*.py")}
    assert set(bench.PARTS) == files - {"sliders", "site"}


# --- Start-up ------------------------------------------------------------------------------------


def test_only_the_imports_of_a_cell_are_kept():
    cell = "import numpy as np\nfrom nnmath.checks import check, definition\nx = np.ones(3)\nx"
    assert startup.only_imports(cell).splitlines() == cell.splitlines()[:2]
    assert startup.only_imports("for k in range(3):\n    import os") == ""


def test_a_notebook_is_run_whole_and_with_its_imports_alone(tmp_path, monkeypatch):
    sources = ["import numpy as np", "from numpy import exp\ny = exp(1)", "print(y)"]
    path = tmp_path / "one.ipynb"
    nbformat.write(startup.notebook_of(sources), path)
    done = []
    monkeypatch.setattr(startup, "execute", lambda nb: done.append([c.source for c in nb.cells]))
    times = startup.running([path], rounds=1)
    assert set(times.rounds) == {"one", "imports one"}
    assert sorted(done) == sorted(2 * [sources, ["import numpy as np\nfrom numpy import exp\n"]])


START = Times(
    {"a": [3.0, 3.5], "imports a": [2.0, 2.0], "b": [6.0, 6.0], "imports b": [1.0, 2.0]}
    | {"slider": [5.0], "empty": [3.0], "empty again": [3.5]}
)


def test_goals_of_start_up():
    goal = startup.run_goal(START, ["a", "b"])
    assert (goal.met, goal.measured) == (False, "2.64 (9.25 s and 3.5 s)")
    assert startup.run_goal(START, ["a"]).met is True
    assert [row[0] for row in startup.run_table(START, ["a", "b"]).rows] == ["a", "b"]
    assert startup.run_table(START, ["a"]).rows[0][1:] == ("3.25 s", "2 s", "1.62")
    goal = startup.difference("x", START, "slider", "empty", 2.0)
    assert (goal.met, goal.goal, goal.measured) == (True, "≤ +2 s", "+2.0 s (5 s)")
    assert startup.difference("x", START, "slider", "empty", 1.9).met is False
    assert startup.noise("x", START, "empty", 2.0).measured == "+0.5 s (3.5 s)"
    assert startup.noise("x", START, "empty", 2.0).met is None


# --- The suite ------------------------------------------------------------------------------------


def test_every_test_belongs_to_one_part_of_the_suite():
    files = [path.relative_to(bench.ROOT) for path in bench.ROOT.glob("tests/**/test_*.py")]
    for path in files:
        part = suite.part_of(".".join(path.with_suffix("").parts) + "::test")
        wanted = "demos" if path.parent.name == "live" else path.parent.name
        assert part == {"tests": "maths and proof"}.get(wanted, wanted)
    assert suite.part_of("notebooks.01_sigmoid_bce.ipynb::Cell 0") == "notebooks"
    assert suite.part_of("nnmath.network::nnmath.network") == "examples in docstrings"


def test_the_two_runs_of_the_suite_are_all_of_it():
    assert suite.RUNS == {
        "all but the browser": ["--ignore=tests/browser"],
        "the browser": ["tests/browser"],
    }


def test_the_slowest_tests_and_the_goals_of_the_suite():
    report = """<testsuites><testsuite><testcase classname="tests.test_a" name="one[1]" time="2.5"/>
    <testcase classname="tests.live.test_b" name="two" time="0.25"/></testsuite></testsuites>"""
    tests = suite.seconds_of_tests(report)
    assert tests == {"tests.test_a::one[1]": 2.5, "tests.live.test_b::two": 0.25}
    browser = suite.Ran(281.0, {"tests.browser.c::three": 1.0})
    runs = {"all but the browser": suite.Ran(200.0, tests), "the browser": browser}
    quick, whole = suite.summed({**runs, "make check": suite.Ran(61.0, {})}, 184.0)
    assert (quick.met, quick.measured, quick.goal) == (False, "61 s", "≤ 60 s")
    assert (whole.met, whole.measured) == (False, "481 s")
    assert whole.goal == "≤ 2.6 × 184 s = 478 s"
    assert suite.summed({**runs, "make check": suite.Ran(60.0, {})}, 185.0)[0].met
    assert suite.summed({**runs, "make check": suite.Ran(60.0, {})}, 185.0)[1].met
    assert suite.summed({**runs, "make check": suite.Ran(60.0, {})}, 0)[1].met is None
    each, parts, slowest = suite.tables(runs)
    assert each.rows == (
        ("all but the browser", "2", "559 s", "200 s"), ("the browser", "1", "1,302 s", "281 s")
    )  # fmt: skip
    assert ("maths and proof", "1", "139 s", "2.5 s") in parts.rows
    assert ("demos", "1", "435 s", "250 ms") in parts.rows
    assert ("project", "0", "99.2 s", "0 µs") in parts.rows
    assert [row[0] for row in slowest.rows] == [
        "`tests.test_a::one[1]`",
        "`tests.browser.c::three`",
        "`tests.live.test_b::two`",
    ]


def test_a_base_that_is_no_number_is_said():
    assert suite.seconds_named("") == 0
    assert suite.seconds_named("185.5") == 185.5
    with pytest.raises(suite.Stop, match="BASE=soon is not a number of seconds"):
        suite.seconds_named("soon")


def test_a_suite_that_fails_is_not_measured(tmp_path, monkeypatch):
    (tmp_path / "test_red.py").write_text("def test():\n    assert False\n", encoding="utf-8")
    monkeypatch.setattr(suite, "ROOT", tmp_path)
    with pytest.raises(suite.Stop, match=r"test_red\.py fails"):
        suite.ran(["test_red.py"], processes=0)


def test_the_suite_is_measured_only_when_it_is_named(monkeypatch):
    asked = []
    monkeypatch.setattr(
        bench, "measure", lambda part, _: asked.append(part) or results()["gradient"]
    )
    monkeypatch.setattr(bench, "write", lambda _: None)
    bench.main([])
    assert set(asked) == set(bench.PARTS) - {"suite"}
    bench.main(["suite"])
    assert asked[-1] == "suite"


# --- What is written ------------------------------------------------------------------------------


def results():
    goals = (
        Goal("a / b", "≤ 1", "0.50", True, True),
        Goal("a / c", "≤ 1", "2.00", False),
        Goal("a / d", "≤ 1", "not installed", None),
    )
    table = Table("Caption", ("x", "y"), (("1", "2"),))
    series = {
        "bars": {"2-3-1": {"torch": 2.0, "products": 0.4}},
        "depth": {"depths": [1, 2, 4], "seconds": [0.1, 0.2, 0.4]},
    }
    outcome = Outcome(
        Section(1, "One gradient", "Text.", goals, (table,)), {"a / c": "Why."}, series
    )
    record = {"date": "2026-03-14", "machine": "Python", "load": [0.5, 1.5], "seconds": 7}
    return {"gradient": {**record, "outcome": json.loads(json.dumps(outcome.as_data()))}}


def test_the_document_says_what_is_missed_and_what_remains():
    text = bench.document(results())
    assert "**Missed:** a / c: measured 2.00, the goal is ≤ 1. Why." in text
    assert "| a / d | ≤ 1 | not installed |  |" in text
    assert "| a / b | ≤ 1 | 0.50 | met |" in text
    assert "not installed |  |\n\n**Caption**\n\n| x | y |" in text  # else it is a row of the table
    assert "Load average 0.5 at the start, 1.5 at the end" in text
    assert bench.short_table(results()).splitlines()[-1] == (
        "| [One gradient](#1-one-gradient) | a / b: 0.50 "
        "| 1 of 2 goals met, 1 missed | 2026-03-14 |"
    )


def test_the_plot_is_the_same_bytes_each_time():
    first, second = bench.plot(results()), bench.plot(results())
    assert first == second
    assert "2-3-1" in first
    assert "torch" in first


def test_what_is_shown_is_what_was_stored():
    stored = bench.read_results()
    assert bench.DOCUMENT.read_text(encoding="utf-8") == bench.document(stored)
    assert bench.PLOT.exists()


def test_a_part_that_fails_makes_the_command_fail(monkeypatch):
    monkeypatch.setattr(
        bench, "measure", lambda part, _: None if part == "digits" else results()["gradient"]
    )
    written = []
    monkeypatch.setattr(bench, "write", written.append)
    with pytest.raises(bench.Stop, match="could not be measured: digits"):
        bench.main([])
    assert len(written) == 1


def test_an_unknown_part_is_refused():
    with pytest.raises(bench.Stop, match="no part 'x'"):
        bench.main(["x"])
