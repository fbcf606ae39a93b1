"""Mutants are what they should be, the judge tells them apart, and each reason fits the source."""

import pytest

from proof import _mutants, mutation
from proof._mutants import Run
from proof.mutation import Verdict

BACKWARD = """
def backward(W, dZ, A, Z, l):
    dW = dZ[l] @ A[l - 1].T
    db = dZ[l].sum(axis=1, keepdims=True)
    for k in reversed(l):
        dW |= 1
    return -2.0 * dW if l > 1 else db.copy()
"""


def changed(source, operator=None):
    found = mutation.mutants("network", source)
    return {m.new for m in found if operator in (None, m.operator)}


@pytest.mark.parametrize(
    ("operator", "new"),
    [
        ("drop .T", "dW = dZ[l] @ A[l - 1]"),
        ("swap the factors of @", "dW = (A[l - 1].T @ dZ[l])"),
        ("* for @", "dW = (dZ[l] * A[l - 1].T)"),
        ("@ for *", "return (-2.0 @ dW) if l > 1 else db.copy()"),
        ("Z for A", "dW = dZ[l] @ Z[l - 1].T"),
        ("drop keepdims", "db = dZ[l].sum(axis=1)"),
        ("l for l − 1", "dW = dZ[l] @ A[l].T"),
        ("l − 1 for l", "dW = dZ[l - 1] @ A[l - 1].T"),
        ("drop a minus, a not or a ~", "return 2.0 * dW if l > 1 else db.copy()"),
        ("compare otherwise", "return -2.0 * dW if (l >= 1) else db.copy()"),
        ("the other branch", "return (db.copy() if l > 1 else -2.0 * dW)"),
        ("drop .copy()", "return -2.0 * dW if l > 1 else db"),
        ("another function", "db = dZ[l].mean(axis=1, keepdims=True)"),
        ("leave out a statement", "pass"),
        ("& for |", "dW &= 1"),
        ("drop a function", "for k in l:"),
        ("another number", "db = dZ[l].sum(axis=2, keepdims=True)"),
        ("True for False, or the reverse", "db = dZ[l].sum(axis=1, keepdims=False)"),
        ("− for +", "y = (x - 1)"),
    ],
)
def test_each_kind_of_change(operator, new):
    assert new in changed("y = x + 1\n" if new.startswith("y") else BACKWARD, operator)


def test_messages_annotations_docstrings_and_decorators_are_left_alone():
    source = '''
@decorated(frozen=True)
def f(x: Literal[1]) -> Literal[2]:
    """Return 1 + 1."""
    if x < 0:
        raise ValueError(f"{x + 1} is wrong: {1 - 1}")
    return f"{x - 1}"
'''
    assert changed(source) == {"if (x <= 0):", "if x < 1:"}


@pytest.mark.parametrize("module", mutation.MODULES)
def test_every_mutant_is_another_python_program(module):
    found = mutation.mutants(module)
    assert len(found) > 20
    assert len({mutant.text for mutant in found}) == len(found)
    for mutant in found[::6]:  # the others say so themselves, when they are run
        compile(mutant.text, mutant.new, "exec")


def test_a_change_after_letters_of_several_bytes_is_in_its_place():
    [mutant] = mutation.mutants("network", "name, x = 'σ′ − ∂J', y.T\n")
    assert mutant.text == "name, x = 'σ′ − ∂J', y\n"


# --- Verdicts -------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def place():
    with _mutants.workshop(["training"]) as workshop:
        yield workshop


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("range(1, steps + 1)", "range(1, steps)", "killed"),
        ("is too large here", "is too big here", "survived"),
        ("i = next(batches)", "while True: pass", "endless"),
        ("import contextlib", "import no_such_thing", "stillborn"),
    ],
)
def test_verdicts(place, old, new, expected):
    path = _mutants.ROOT / "nnmath" / "training.py"
    source = path.read_text(encoding="utf-8")
    assert old in source
    text = source.replace(old, new)
    mutant = mutation.Mutant("training", "train", "a change", 1, old, new, text)
    limit = 6.0 if expected == "endless" else 300.0
    assert mutation.verdict(mutant, place, limit).outcome == expected


def mutant(new="x"):
    return mutation.Mutant("network", "step", "drop .T", 1, "y", new, new)


def judged(outcomes, reasons=(), strangers=(), without=None):
    verdicts = [Verdict(mutant(str(k)), outcome, "", 1.0) for k, outcome in enumerate(outcomes)]
    because = {mutant(new).key: "It is the same." for new in reasons}
    section = mutation.section(verdicts, because, strangers, without or Run(passed=3))
    return {goal.what: goal.measured for goal in section.missed}, section


def test_killed_and_justified_mutants_are_well():
    missed, section = judged(["killed"] * 39 + ["endless", "survived", "stillborn"], ["40"])
    assert missed == {}
    by_module = dict((row[0], row[1:]) for row in section.tables[0].rows)
    assert by_module["network"] == ("41", "40", "1", "0")


@pytest.mark.parametrize(
    ("outcomes", "options", "what"),
    [
        (["killed", "survived"], {}, "survivors"),
        (["stillborn"], {}, "mutants"),
        (["killed", "error"], {}, "runs that ended with an error"),
        (["killed"] * 9 + ["survived"], {"reasons": ["9"]}, "equivalent mutants"),
        (["killed"], {"reasons": ["0"]}, "reasons for mutants that are killed"),
        (["killed"], {"strangers": ["network: z"]}, "reasons for mutants that are killed"),
        (["killed"], {"without": Run(["a"], 3)}, "tests that pass without a mutant"),
    ],
)
def test_what_is_missed_is_said(outcomes, options, what):
    missed, _ = judged(outcomes, **options)
    assert any(name.startswith(what) for name in missed)


# --- The list of equivalent mutants ---------------------------------------------------------------


def test_each_reason_is_for_a_mutant_of_the_source_as_it_is():
    every = [mutant for module in mutation.MODULES for mutant in mutation.mutants(module)]
    reasons = mutation.read_reasons()
    assert mutation.unknown(reasons, every) == []
    assert all(len(why) > 20 for why in reasons.values())
    assert 100 * len(reasons) <= mutation.MOST_EQUIVALENT * len(every)


def test_a_reason_for_another_source_is_noticed():
    gone = ("network", "step", "W = W.T", "W = W")
    assert mutation.unknown([gone], mutation.mutants("network")) == ["network: W = W.T"]
