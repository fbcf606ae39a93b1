"""Answers made of layers: dicts of arrays, as arguments and as results."""

import numpy as np
import pytest

from nnmath.exercises import EXERCISES, check_answer

forward, backward = EXERCISES["4.E"].reference, EXERCISES["4.F"].reference


def said(id, answer, capsys):
    check_answer(id, answer)
    return capsys.readouterr().out


def bent(layers, by=1.07):
    return {l: by * array + 0.01 for l, array in layers.items()}


@pytest.mark.parametrize("result", [..., (..., ...), ({1: ...}, {1: ...}), ({1: 2.0}, {1: ...})])
def test_a_stub_may_hold_its_dots_in_a_dict(result, capsys):
    text = said("4.E", lambda W, b, g, X: result, capsys)  # noqa: ARG005
    assert text == "4.E: not answered yet.\n"


def test_the_first_wrong_layer_is_named(capsys):
    def answer(W, g, Z, A, dA_L):
        dW, db = backward(W, g, Z, A, dA_L)
        return dW, bent(db)

    hidden = {"bent": bent, "backward": backward}
    source = "def f(*of):\n    dW, db = backward(*of)\n    return dW, bent(db)"
    exec(source, hidden)
    assert "4.F ✗ Everything is right but one place" in said("4.F", answer, capsys)
    assert "4.F ✗ The first wrong number of db[" in said("4.F", hidden["f"], capsys)


def test_the_hidden_input_can_be_pasted(capsys):
    wrong = eval("lambda *a: tuple(map(bent, forward(*a)))", {"bent": bent, "forward": forward})
    text = said("4.E", wrong, capsys).partition("was\n")[2]
    import nnmath as nn

    scope = {"np": np, "nn": nn}
    pieces = [line[2:] if line.startswith("  ") else line for line in text.splitlines()]
    exec("\n".join(pieces), scope)
    [given] = [of for of, _ in EXERCISES["4.E"].hidden if np.array_equal(of[3], scope["X"])]
    for name, value in zip("WbgX", given, strict=True):
        if name == "X":
            assert np.array_equal(scope[name], value)
        else:
            assert list(scope[name]) == list(value)
            for l in value:
                assert np.array_equal(scope[name][l], value[l]) or scope[name][l] is value[l]


def test_missing_layers_are_named(capsys):
    def answer(W, b, g, X):
        Z, A = forward(W, b, g, X)
        return {l - 1: z for l, z in Z.items()}, A

    text = said("4.E", answer, capsys)
    assert "4.E ✗ Z needs the layers 1 to " in text and "; yours has 0" in text


def test_an_array_where_a_dict_is_due(capsys):
    text = said("4.F", lambda W, g, Z, A, dA_L: (dA_L, dA_L), capsys)  # noqa: ARG005
    asked = "4.F ✗ dW must be a dict keyed by the layers 1 to 4"
    assert text == f"{asked}; yours is of the type ndarray.\n"


def test_a_dict_where_an_array_is_due(capsys):
    text = said("4.A", lambda W, dZ: {1: W.T @ dZ}, capsys)
    assert "The result must be made of real numbers; yours is of the type dict." in text


def test_an_empty_dict_is_no_answer(capsys):
    assert "yours has none" in said("4.F", lambda *_: ({}, {}), capsys)


def test_changing_the_array_of_a_layer_is_seen(capsys):
    def answer(W, g, Z, A, dA_L):
        result = backward(W, g, Z, A, dA_L)
        A[0] *= 2
        return result

    text = said("4.F", answer, capsys)
    assert "The numbers are right, but your function changed the A that it was given." in text


def test_an_answer_that_never_looks_at_the_biases(capsys):
    text = said("4.E", lambda W, b, g, X: forward(W, {l: 0.3 for l in b}, g, X), capsys)
    assert "The right result depends on b; yours does not." in text
