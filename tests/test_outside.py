"""Numbers that nobody here computed: ONNX's cases, and two examples in print."""

import numpy as np
import pytest

import nnmath as nn
from proof import outside

CASES = outside.onnx_cases()


@pytest.mark.parametrize("case", CASES, ids=[case.name for case in CASES])
def test_onnx(case):
    ours = outside.answers(case)
    assert len(ours) == len(case.outputs)
    for mine, theirs in zip(ours, case.outputs, strict=True):
        assert outside.difference(mine, theirs) <= outside.FLOAT32


def test_every_operation_has_its_cases():
    assert {case.operation for case in CASES} == set(outside.OPERATIONS)
    assert sum(v.size for case in CASES for v in case.outputs) >= 20_000
    reductions = {case.options.get("reduction") for case in CASES}
    assert reductions >= {b"none", b"sum", b"mean"}
    assert any("ignore_index" in case.options for case in CASES)
    assert any(len(case.inputs) == 3 for case in CASES if "Loss" in case.operation)


@pytest.mark.parametrize("page", [outside.mazur, outside.mazur_program, outside.cs231n])
def test_printed(page):
    wrong = [
        f"{number.what}: printed {number.text}, computed {number.ours!r}"
        for number in page()
        if not number.agrees
    ]
    assert wrong == []


def test_a_difference_in_the_last_printed_digit_is_seen():
    for text, agrees in (("0.6665", False), ("0.6666", True), ("0.6667", True), ("0.6668", False)):
        assert bool(outside.Printed("2/3", text, 2 / 3).agrees) is agrees  # cut, or rounded
    assert outside.Printed("−2/3", "-0.6667", -2 / 3).agrees


def test_a_wrong_shape_or_value_is_seen():
    assert outside.difference(np.zeros((2, 3)), np.zeros((3, 2))) == np.inf
    assert outside.difference(np.array([1e-5]), np.array([0.0])) > outside.FLOAT32


def test_the_bug_of_the_program_is_needed_for_its_numbers():
    """By the page's own formulas E after one step is another number."""
    net, X, Y, loss = outside.mazur_network()
    net = nn.step(net, nn.backward(net, nn.forward(net, X), Y, loss), 0.5)
    net = nn.Network(net.W, outside.mazur_network()[0].b, net.g)  # the biases are not trained
    assert nn.cost(net, X, Y, loss) == pytest.approx(0.29102777, abs=1e-8)
