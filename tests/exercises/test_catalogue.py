"""Every exercise of the course: its reference is right, and each mistake gets its own diagnosis."""

import copy
import functools
import re
from itertools import combinations

import numpy as np
import pytest

import nnmath as nn
from nnmath.exercises import EXERCISES, check_answer
from nnmath.exercises.mistakes import all_mistakes
from nnmath.exercises.running import does_the_same, results
from nnmath.exercises.verdicts import verdict
from tests.notebooks.structure import STORED, number_of, read


@functools.cache
def catalogue(exercise_id):
    """Return the exercise's own mistakes and the general ones that change the right answer."""
    exercise = EXERCISES[exercise_id]
    right = results(exercise.reference, exercise)
    return [
        m
        for m in all_mistakes(exercise)
        if m in exercise.mistakes or not does_the_same(right, m.answer, exercise)
    ]


PAIRS = [(e, m) for e in EXERCISES.values() for m in catalogue(e.id)]
NAMES = [f"{e.id} {m.name}" for e, m in PAIRS]


@pytest.mark.parametrize("exercise", EXERCISES.values(), ids=EXERCISES)
def test_the_blank_stub_is_not_answered_yet(exercise, capsys):
    stub = eval(f"lambda {', '.join(exercise.arguments)}: ...")
    check_answer(exercise.id, stub)
    assert capsys.readouterr().out == f"{exercise.id}: not answered yet.\n"


@pytest.mark.parametrize("exercise", EXERCISES.values(), ids=EXERCISES)
def test_the_reference_is_accepted(exercise, capsys):
    check_answer(exercise.id, exercise.reference)
    text = capsys.readouterr().out
    assert text == f"{exercise.id} ✓ right: equal on 20 hidden inputs. {exercise.why}\n"
    assert exercise.why.endswith(".")


@pytest.mark.parametrize(("exercise", "mistake"), PAIRS, ids=NAMES)
def test_each_mistake_gets_its_own_diagnosis(exercise, mistake, capsys):
    check_answer(exercise.id, mistake.answer)
    assert capsys.readouterr().out == f"{exercise.id} ✗ {mistake.diagnosis}\n"


@pytest.mark.parametrize("exercise", EXERCISES.values(), ids=EXERCISES)
def test_no_two_mistakes_look_the_same_on_the_hidden_inputs(exercise):
    answers = [(m.name, m.answer) for m in catalogue(exercise.id)]
    answers.append(("the right answer", exercise.reference))
    outcomes = [results(answer, exercise) for _, answer in answers]
    for i, k in combinations(range(len(answers)), 2):
        alike = does_the_same(outcomes[i], answers[k][1], exercise)
        assert not alike, f"{answers[i][0]} and {answers[k][0]}: the inputs are too weak"


@pytest.mark.parametrize("exercise", EXERCISES.values(), ids=EXERCISES)
def test_names_and_diagnoses_are_distinct(exercise):
    mistakes = catalogue(exercise.id)
    assert len({m.name for m in mistakes}) == len(mistakes) >= 8
    told = [m.diagnosis for m in mistakes if not m.name.startswith("clipped")]
    assert len(set(told)) == len(told)


@pytest.mark.parametrize(("exercise", "mistake"), PAIRS, ids=NAMES)
def test_a_diagnosis_is_short_and_calm(exercise, mistake):
    text = mistake.diagnosis
    assert text[-1] == "."
    assert "!" not in text
    assert len(text) <= 250, f"{exercise.id} {mistake.name}: {len(text)} characters"


# Words with a plainer one beside them: slope, top, bottom, turned around, stretched.
LEARNED_WORDS = (
    "broadcast",
    "denominator",
    "derivative",
    "differentiab",
    "framework",
    "inverse of the",
    "kronecker",
    "numerator",
    "perpendicular",
    "subgradient",
    "transpose",
)


@pytest.fixture(scope="module")
def prose():
    """Return what a learner has read by the end of each notebook, without its code."""
    read_so_far, texts = "", {}
    for path in STORED:
        for cell in read(path):
            if cell.kind == "markdown":
                read_so_far += re.sub(r"```.*?```|`[^`]*`", "", cell.source, flags=re.S).lower()
        texts[number_of(path)] = read_so_far
    return texts


@pytest.mark.parametrize("exercise", EXERCISES.values(), ids=EXERCISES)
def test_the_checker_speaks_the_words_of_the_notebooks(exercise, prose):
    known = prose[int(exercise.id[0])]
    for text in (exercise.title, exercise.why, *(m.diagnosis for m in catalogue(exercise.id))):
        strange = [w for w in LEARNED_WORDS if w in text.lower() and w not in known]
        assert not strange, f"{exercise.id} says {strange}: {text}"


@pytest.mark.parametrize("exercise", EXERCISES.values(), ids=EXERCISES)
def test_an_arbitrary_wrong_answer_is_shown_its_first_wrong_number(exercise):
    def bent(right):
        if isinstance(right, dict):
            return {l: bent(array) for l, array in right.items()}
        return 1.07 * right + 0.01

    def wrong(*arguments):
        right = exercise.reference(*arguments)
        return tuple(map(bent, right)) if exercise.returns else bent(right)

    named = eval(f"lambda {', '.join(exercise.arguments)}: wrong({', '.join(exercise.arguments)})")
    named.__globals__.update(wrong=wrong)
    text = verdict(exercise, named)
    assert f"{exercise.id} ✗ The first wrong number" in text
    assert "The hidden input was" in text


@pytest.mark.parametrize("exercise", EXERCISES.values(), ids=EXERCISES)
def test_an_answer_that_changes_an_array_is_told_which(exercise):
    inputs = [arguments for arguments, _ in exercise.hidden]
    for k, name in enumerate(exercise.arguments):

        def answer(*arguments, k=k):
            right = exercise.reference(*copy.deepcopy(arguments))
            for array in arrays(arguments[k]):
                array.flat[:1] += 1
            return right

        text = verdict(exercise, answer)
        if any(arrays(arguments[k]) for arguments in inputs):
            assert f"The numbers are right, but your function changed the {name} that" in text
        else:
            assert "✓ right" in text


def arrays(argument):
    """Return the arrays of an argument: it is one, it is a number, or a dict keyed by layer."""
    values = argument.values() if isinstance(argument, dict) else [argument]
    return [value for value in values if np.ndim(value)]


# The references, against formulas written down here once more.


def sigmoid(z):
    return 1 / (1 + np.exp(-z))


def test_the_references_against_loops_over_entries():
    rng = np.random.default_rng(5)
    Z, Y, X = rng.normal(size=(3, 4)), rng.integers(0, 2, (3, 4)) * 1.0, rng.normal(size=(2, 4))
    W, b = rng.normal(size=(3, 2)), rng.normal(size=(3, 1))
    right = {id: exercise.reference for id, exercise in EXERCISES.items()}
    h = 1e-6
    z, a, y = 0.7, 0.3, 0.2
    slope = (sigmoid(z + h) - sigmoid(z - h)) / (2 * h)
    assert right["1.A"](z) == pytest.approx(slope, rel=1e-8)
    loss = lambda a: -y * np.log(a) - (1 - y) * np.log(1 - a)  # noqa: E731
    assert right["1.B"](a, y) == pytest.approx(loss(a))
    assert right["1.C"](a, y) == pytest.approx((loss(a + h) - loss(a - h)) / (2 * h), rel=1e-8)

    dZ = right["1.D"](Z, Y)
    for k, i in np.ndindex(3, 4):
        assert dZ[k, i] == pytest.approx((sigmoid(Z[k, i]) - Y[k, i]) / 4)
    dW, db = right["1.E"](dZ, X), right["1.F"](dZ)
    for k, j in np.ndindex(3, 2):
        assert dW[k, j] == pytest.approx(sum(dZ[k, i] * X[j, i] for i in range(4)))
    for k in range(3):
        assert db[k, 0] == pytest.approx(sum(dZ[k, i] for i in range(4)))
    cost = sum(np.log(1 + np.exp(Z[k, i])) - Y[k, i] * Z[k, i] for k, i in np.ndindex(3, 4)) / 4
    assert right["1.G"](Z, Y) == pytest.approx(cost)
    assert right["1.G"](np.array([[1000.0, -1000.0]]), np.array([[0.0, 1.0]])) == 1000

    new_W, new_b = right["1.H"](W, b, X, Y, 0.5)
    J = lambda W, b: nn.bce.from_logits(W @ X + b, Y)  # noqa: E731
    np.testing.assert_allclose(
        (W - new_W) / 0.5, nn.numerical_gradient(lambda W: J(W, b), W), rtol=1e-6
    )
    np.testing.assert_allclose(
        (b - new_b) / 0.5, nn.numerical_gradient(lambda b: J(W, b), b), rtol=1e-6
    )


def test_the_references_of_notebook_04_against_the_complex_step():
    """Nothing here knows a formula of backpropagation: the cost is run forward and nudged."""
    rng = np.random.default_rng(8)
    right = {id: exercise.reference for id, exercise in EXERCISES.items()}
    W, A, dZ = rng.normal(size=(4, 3)), rng.normal(size=(3, 5)), rng.normal(size=(4, 5))
    J = lambda W, A, b: np.sum(dZ * (W @ A + b))  # noqa: E731
    b = rng.normal(size=(4, 1))
    gradients = [
        nn.complex_step_gradient(lambda A: J(W, A, b), A),
        nn.complex_step_gradient(lambda W: J(W, A, b), W),
        nn.complex_step_gradient(lambda b: J(W, A, b), b),
    ]
    close = {"rtol": 1e-12, "atol": 1e-14}
    np.testing.assert_allclose(right["4.A"](W, dZ), gradients[0], **close)
    for mine, truth in zip(right["4.B"](W, A, dZ), gradients, strict=True):
        np.testing.assert_allclose(mine, truth, **close)
    rows = right["4.G"](W, A.T, dZ.T)
    for mine, truth in zip(rows, (gradients[0].T, gradients[1], gradients[2][:, 0]), strict=True):
        np.testing.assert_allclose(mine, truth, **close)

    Z, dA, Y = (rng.normal(size=(4, 5)) for _ in range(3))
    softmax = lambda Z: np.exp(Z) / np.exp(Z).sum(axis=0)  # noqa: E731
    truth = nn.complex_step_gradient(lambda Z: np.sum(dA * softmax(Z)), Z)
    np.testing.assert_allclose(right["4.C"](softmax(Z), dA), truth, **close)
    truth = nn.complex_step_gradient(lambda Z: np.sum((np.tanh(Z) - Y) ** 2) / 10, Z)
    np.testing.assert_allclose(right["4.D"](Z, Y), truth, **close)


@pytest.mark.parametrize("k", range(12))
def test_the_loops_of_notebook_04_against_the_complex_step(k):
    forward, backward = EXERCISES["4.E"].reference, EXERCISES["4.F"].reference
    W, b, g, X = EXERCISES["4.E"].hidden[k][0]

    def last(W, b):
        a = X
        for l in range(1, len(W) + 1):
            a = g[l](W[l] @ a + b[l])
        return a

    Z, A = forward(W, b, g, X)
    assert set(A) == {0, *Z} and A[0] is X
    assert np.array_equal(A[len(W)], last(W, b))
    dA = np.cos(np.arange(A[len(W)].size)).reshape(A[len(W)].shape)
    dW, db = backward(W, g, Z, A, dA)
    for l in W:
        for V, dV, swap in ((W, dW, lambda v, l=l: ({**W, l: v}, b)),
                            (b, db, lambda v, l=l: (W, {**b, l: v}))):  # fmt: skip
            truth = nn.complex_step_gradient(lambda v: np.sum(dA * last(*swap(v))), V[l])  # noqa: B023
            np.testing.assert_allclose(dV[l], truth, rtol=1e-11, atol=1e-13)
