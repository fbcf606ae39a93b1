"""The seeded bugs fit the source, a few of them are caught here too, and the judge can say no."""

import pytest

from proof import _mutants, seeded_bugs
from proof._mutants import Change, Misfit, Run

BUGS = seeded_bugs.read_bugs()
SIGN = "            net = step(net, backward(net, forward(net, X[:, i]), Y[:, i], loss), lr)"


@pytest.fixture(scope="module")
def place():
    with _mutants.workshop(["training"]) as workshop:
        yield workshop


def test_there_are_enough_and_each_is_named_once():
    assert sum(not bug.proof for bug in BUGS) >= 25
    assert len({bug.change.name for bug in BUGS}) == len(BUGS)
    assert {bug.change.module for bug in BUGS if not bug.proof} == {
        *("activations", "losses", "network", "gradcheck", "training")
    }
    assert len({bug.change.text() for bug in BUGS}) == len(BUGS)


@pytest.mark.parametrize("bug", BUGS, ids=[bug.change.name for bug in BUGS])
def test_each_bug_is_a_python_program(bug):
    compile(bug.change.text(), bug.change.name, "exec")


@pytest.mark.parametrize(("old", "count"), [("no such text", 0), ("net", None)])
def test_a_text_that_is_not_there_once_is_refused(old, count):
    with pytest.raises(Misfit, match=f"once, and holds it {count or '[0-9]+'} times"):
        Change("a bug", "training", old, "").text()


# --- Runs -----------------------------------------------------------------------------------------


def test_without_a_bug_all_tests_pass(place):
    run = place.run(["training"], cases=1)
    assert run.clean
    assert run.passed == len(_mutants.tests_of("training"))


def test_a_bug_is_caught_by_several_tests_and_leaves_no_trace(place):
    run = place.run(["training"], Change("", "training", SIGN, SIGN[:-4] + "-lr)"), cases=1)
    assert len(run.failed) >= 3
    assert "test_training::test_the_cost_falls" in run.failed
    assert len(set(run.failed)) == len(run.failed)
    assert place.run(["training"], cases=1).clean


def test_two_changes_of_one_size_within_a_second_are_two(place):
    # Python knows compiled code by the date and the size of its source.
    for sign, caught in (("+", True), ("-", False)):
        line = f"costs.append(0.0 {sign} 0.0 + cost(net, X, Y, loss)){' ' * 20}"
        change = Change("", "training", "costs.append(cost(net, X, Y, loss))", line)
        line = line.replace("0.0 +", "1.0 +", 1) if caught else line
        text = change.path.read_text(encoding="utf-8").replace(change.old, line)
        assert bool(place.run(["training"], change, text=text, enough=1, cases=1).failed) is caught


def test_a_quick_run_stops_when_enough_have_failed(place):
    change = Change("", "training", SIGN, "            net = net")
    run = place.run(["training"], change, enough=1, cases=1)
    assert len(run.failed) == 1
    assert run.passed < len(_mutants.tests_of("training")) - 1


@pytest.mark.parametrize("text", ["import numpy as\n", "raise RuntimeError\n"])
def test_a_module_that_cannot_be_collected_has_caught_nothing(place, text):
    run = place.run(["training"], Change("", "losses", "", ""), text=text)
    assert run.uncollected == ["test_training"]
    assert run.failed == []
    assert not run.clean


def test_a_run_without_an_end_is_ended(place):
    change = Change("", "training", SIGN, "            while True: pass")
    run = place.run(["training"], change, at_most=1)
    assert run.endless
    assert run.failed == []


# --- The judge ------------------------------------------------------------------------------------

TWO = [bug for bug in BUGS if not bug.proof][:1] + [bug for bug in BUGS if bug.proof][:1]
NAMES = [bug.change.name for bug in TWO]
FAILED = ["test_network::test_cost_of_a_complex_network_carries_the_gradient",
          "test_losses::test_bce_by_hand"]  # fmt: skip
ALIKE = ["test_losses::test_bce_by_hand", "test_losses::test_cross_entropy_by_hand"]


def missed(wrong, right=None, baseline=None):
    runs = {NAMES[0]: wrong, NAMES[1]: right or Run(passed=9)}
    section = seeded_bugs.section(TWO, baseline or Run(passed=9), runs)
    return {goal.what for goal in section.missed} - {"bugs"}  # there is but one


def test_a_bug_caught_by_two_tests_of_two_kinds_is_well_caught():
    assert missed(Run(FAILED, 5)) == set()


@pytest.mark.parametrize(
    ("wrong", "what"),
    [
        (Run(passed=9), "bugs that nobody caught"),
        (Run(uncollected=["test_network"], passed=9), "bugs that nobody caught"),
        (Run(FAILED[:1], 9), "bugs caught by one test function alone"),
        (Run(ALIKE, 9), "bugs caught by one kind of truth alone"),
        (Run(FAILED, 9, endless=True), "runs that ended with an error"),
        (Run(FAILED, 9, error="no pytest"), "runs that ended with an error"),
    ],
)
def test_what_is_not_well_caught_is_missed(wrong, what):
    assert what in missed(wrong)


@pytest.mark.parametrize("right", [Run(FAILED, 9), Run(uncollected=["a"], passed=9), Run()])
def test_a_right_change_that_fails_is_missed(right):
    assert "changes that are right by mathematics and failed" in missed(Run(FAILED, 5), right)


def test_without_a_clean_baseline_nothing_is_said():
    section = seeded_bugs.section(TWO, Run(FAILED, 9), {})
    assert "tests that pass without a bug" in {goal.what for goal in section.missed}
    assert len(section.missed) >= 4


def test_what_a_test_rests_on_is_read_off_its_text():
    kinds = _mutants.kinds_of_truth(["network", "losses", "activations", "training"])
    for name, kind in [
        ("network::test_gradients_against_autograd", "autograd"),
        ("network::test_gradients_against_complex_step", "complex step"),
        ("network::test_gradients_against_central_differences", "differences"),
        ("network::test_two_inputs_three_classes_by_hand", "by hand"),
        ("activations::test_value_on_hard_points", "400 digits"),
        ("training::test_descent_equals_a_plain_loop", "complex step"),
        ("losses::test_records_are_frozen", "an identity or a rule"),
    ]:
        assert kinds[f"test_{name}"] == kind
