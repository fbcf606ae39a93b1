"""Every bad or edge input of the proof gets the answer that is written down, and it reads well."""

import numpy as np
import pytest

import nnmath as nn
from proof import bad_input

MESSAGES = bad_input.read_messages()


def test_each_input_gets_the_answer_that_is_written_down():
    assert bad_input.faults() == [], "if a message has become better: python -m proof.bad_input"


def test_there_are_enough_and_each_is_named_once():
    assert len(bad_input.CASES) >= 60
    assert len({case.what for case in bad_input.CASES}) == len(bad_input.CASES)


@pytest.mark.parametrize(("what", "message"), MESSAGES.items(), ids=MESSAGES)
def test_a_message_names_the_call_and_fits_on_a_screen(what, message):
    kind, _, text = message.partition(": ")
    assert kind in ("ValueError", "TypeError", "NotFinite"), what
    call, _, rest = text.partition(": ")
    assert call.partition("(")[0].split(".")[0] in dir(nn) or call.startswith("softmax has"), what
    assert 20 < len(rest or call) < 260, what
    assert "!" not in text
    assert "numpy.ndarray" not in text


def test_a_missing_case_and_a_changed_message_are_noticed(monkeypatch):
    """The comparison itself can fail, in each of its ways."""
    case = bad_input.Case("none", lambda: nn.sigmoid(0), lambda: 0.5)
    wrong = bad_input.Case("wrong", lambda: nn.sigmoid(0), lambda: 0.5, right=0.25)
    other = bad_input.Case("NaN", lambda: nn.sigmoid("a"), lambda: 0.5)
    shape = bad_input.Case("shape", lambda: nn.sigmoid([0]), lambda: 0.5, right=0.5)
    monkeypatch.setattr(bad_input, "CASES", [case, wrong, other, shape])
    found = "\n".join(bad_input.faults())
    assert "none: must be refused, but answers 0.5" in found
    assert "wrong: answers 0.5, right is 0.25" in found
    assert "NaN: says" in found
    assert "shape: answers" in found
    assert "None: in messages.txt, but no such case is refused" in found


def test_what_textbook_numpy_does_is_told_apart():
    kinds = {bad_input.of_textbook(case) for case in bad_input.CASES}
    assert kinds == {"silent", "warns", "refuses", "right", "—"}


# --- What the table cannot hold -------------------------------------------------------------------


def test_a_finished_network_cannot_be_opened_for_writing():
    W = np.array([[1.0, 2.0]])
    net = nn.Network({1: W}, {1: np.zeros((1, 1))}, {1: nn.relu})
    with pytest.raises(ValueError, match="WRITEABLE"):
        net.W[1].flags.writeable = True
    assert W.flags.writeable  # it is the network's copy that is closed, not the caller's array


@pytest.mark.parametrize("loss", [nn.squared_error, nn.bce])
@pytest.mark.parametrize("every", [1, 1000])
def test_a_run_that_diverges_says_at_which_step(loss, every):
    """Also with ReLU, where the numbers meet inf − inf in the middle of the network."""
    output = nn.identity if loss is nn.squared_error else nn.sigmoid
    net = nn.init([2, 3, 1], [nn.relu, output], np.random.RandomState(3))
    X, Y = np.array([[1.0, -2.0, 3.0], [1e3, 2e3, -1e3]]), np.array([[1.0, 0.0, 1.0]])
    with pytest.raises(ValueError, match=r"diverged at step \d+: .* lr = 1e\+200 is too large"):
        nn.train(net, X, Y, loss, lr=1e200, steps=1000, every=every)


def test_a_mistake_in_the_data_is_not_called_divergence():
    net = nn.Network({1: [[1.0]]}, {1: [[0.0]]}, {1: nn.identity})
    X, Y = np.array([[0.1, 0.9]]), np.array([[1.0, 0.0]])
    # The output leaves [0, 1] on the way: that is a wrong loss for this network, not a large lr.
    with pytest.raises(ValueError, match=r"A has the entry .* end a network with sigmoid"):
        nn.train(net, X, Y, nn.bce, lr=5.0, steps=50)
