"""Outside values: numbers that nobody here computed, from ONNX, Mazur and CS231n.

ONNX's backend cases come with their package (group test of pyproject.toml): inputs and outputs in
float32 for each operation. Their layout is ours after moving the class axis to the front and
flattening the rest into columns. The two worked examples are printed in a blog post and in a
course's assignment; only their numbers stand here, with where they are printed.
"""

import importlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

import nnmath as nn
from proof._record import Goal, Section, Table, at_least, at_most, none_of

FLOAT32 = 5e-6  # float32 has 24 bits, about 1.2e-7, and their sums run over thousands of entries


# --- ONNX -----------------------------------------------------------------------------------------

OPERATIONS = {
    # the operation of ONNX: the module of onnx.backend.test.case.node that makes its cases
    "Sigmoid": "sigmoid",
    "Tanh": "tanh",
    "Relu": "relu",
    "Softmax": "softmax",
    "LogSoftmax": "logsoftmax",
    "Gemm": "gemm",
    "MatMul": "matmul",
    "SoftmaxCrossEntropyLoss": "softmax_cross_entropy_loss",
    "NegativeLogLikelihoodLoss": "negativeloglikelihoodloss",
}


@dataclass(frozen=True)
class Case:
    """One case: its operation, its attributes, and inputs and outputs as arrays."""

    name: str
    operation: str
    options: dict[str, Any]
    inputs: list[np.ndarray]
    outputs: list[np.ndarray]


def onnx_cases() -> list[Case]:
    """Return every case of the nine operations, without those that repeat one in another opset.

    Collecting all of ONNX's cases takes 15 s and warns a hundred times; nine modules take one.
    """
    from onnx import helper
    from onnx.backend.test.case import node

    for module in OPERATIONS.values():
        importlib.import_module(f"onnx.backend.test.case.node.{module}")
    found = {}
    for case in node._NodeTestCases:
        nodes = case.model.graph.node
        if len(nodes) != 1 or nodes[0].op_type not in OPERATIONS:
            continue  # "expanded" cases are the same values through several simpler operations
        options = {a.name: helper.get_attribute_value(a) for a in nodes[0].attribute}
        for inputs, outputs in case.data_sets:
            arrays = [[np.asarray(v) for v in values] for values in (inputs, outputs)]
            found[case.name] = Case(case.name, nodes[0].op_type, options, *arrays)
    return list(found.values())


def answers(case: Case) -> list[np.ndarray]:
    """Return our outputs for the inputs of a case, in its layout."""
    return {
        "Sigmoid": lambda: [nn.sigmoid(case.inputs[0])],
        "Tanh": lambda: [nn.tanh(case.inputs[0])],
        "Relu": lambda: [nn.relu(case.inputs[0])],
        "Softmax": lambda: [by_columns(nn.softmax, case)],
        "LogSoftmax": lambda: [by_columns(log_softmax, case)],
        "Gemm": lambda: [affine(case)],
        "MatMul": lambda: [product(*case.inputs)],
        "SoftmaxCrossEntropyLoss": lambda: losses(case, nn.cross_entropy.from_logits),
        "NegativeLogLikelihoodLoss": lambda: losses(case, likelihood),
    }[case.operation]()


def columns(array: np.ndarray, axis: int) -> np.ndarray:
    """Return an N-D array as (classes, examples): the axis of the classes first, the rest flat."""
    return np.moveaxis(array, axis, 0).reshape(array.shape[axis], -1)


def by_columns(f: Callable, case: Case) -> np.ndarray:
    """Apply f to each column along the case's axis."""
    X, axis = case.inputs[0].astype(float), case.options.get("axis", -1)
    moved = np.moveaxis(X, axis, 0)
    return np.moveaxis(f(columns(X, axis)).reshape(moved.shape), 0, axis)


def log_softmax(Z: np.ndarray) -> np.ndarray:
    """Return log softmax, read off our cost: the cost of class k alone is −log a_k."""
    return -nn.cross_entropy.logit_costs(Z, np.ones(Z.shape))


def network_output(W: np.ndarray, b: np.ndarray, X: np.ndarray) -> np.ndarray:
    """Return W X + b, as a layer of ours with the identity computes it."""
    net = nn.Network({1: W}, {1: b}, {1: nn.identity})
    return nn.forward(net, X).A[1]


def affine(case: Case) -> np.ndarray:
    """Return α A B + β C: one layer for each row of C, transposed, since ours have columns."""
    A, B, *C = (np.asarray(v, dtype=float) for v in case.inputs)
    options = {"alpha": 1.0, "beta": 1.0, "transA": 0, "transB": 0, **case.options}
    A, B = A.T if options["transA"] else A, B.T if options["transB"] else B
    bias = np.broadcast_to(options["beta"] * (C[0] if C else 0.0), (len(A), B.shape[1]))
    rows = [network_output(options["alpha"] * B.T, bias[[i]].T, A[[i]].T) for i in range(len(A))]
    return np.hstack(rows).T


def product(A: np.ndarray, B: np.ndarray) -> np.ndarray:
    """Return A B, a stack of matrices at a time, by layers without a bias."""
    left, right = (A[None] if A.ndim == 1 else A), (B[:, None] if B.ndim == 1 else B)
    stack = np.broadcast_shapes(left.shape[:-2], right.shape[:-2])
    left = np.broadcast_to(left, stack + left.shape[-2:])
    right = np.broadcast_to(right, stack + right.shape[-2:])
    out = np.empty((*stack, left.shape[-2], right.shape[-1]))
    for k in np.ndindex(*stack):
        out[k] = network_output(left[k], np.zeros((left.shape[-2], 1)), right[k])
    out = out[..., 0, :] if A.ndim == 1 else out
    return out[..., 0] if B.ndim == 1 else out


def likelihood(Z: np.ndarray, Y: np.ndarray) -> float:
    """Return −Σ Y Z / m, where Z are log-probabilities already: our loss at A = e^Z.

    ONNX feeds it any numbers, which need not be logarithms of probabilities. Taking a constant c
    off each column brings them below 0, and costs Σ Y c / m.
    """
    c = np.maximum(Z.max(axis=0, keepdims=True), 0.0)
    return nn.cross_entropy(np.exp(Z - c), Y) - float(np.sum(Y * c)) / Z.shape[1]


def losses(case: Case, cost: Callable) -> list[np.ndarray]:
    """Return the loss of a case: weights and ignored classes are targets of another height."""
    scores, labels = np.asarray(case.inputs[0], dtype=float), case.inputs[1]
    Z, classes = columns(scores, 1), labels.ravel()
    weight = np.asarray(case.inputs[2], dtype=float) if len(case.inputs) > 2 else np.ones(len(Z))
    kept = classes != case.options.get("ignore_index", np.iinfo(int).min)
    heights = np.where(kept, weight[np.where(kept, classes, 0)], 0.0)
    Y = np.zeros(Z.shape)
    Y[np.where(kept, classes, 0), np.arange(Z.shape[1])] = heights
    reduction = case.options.get("reduction", b"mean").decode()
    if reduction == "none":
        each = [cost(Z[:, [i]], Y[:, [i]]) for i in range(Z.shape[1])]
        found = [np.reshape(each, labels.shape)]
    else:
        total = cost(Z, Y) * Z.shape[1]
        found = [np.asarray(total / heights.sum() if reduction == "mean" else total)]
    if len(case.outputs) > 1:
        moved = np.moveaxis(scores, 1, 0)
        found.append(np.moveaxis(log_softmax(Z).reshape(moved.shape), 0, 1))
    return found


def difference(ours: np.ndarray, theirs: np.ndarray) -> float:
    """Return the largest difference, relative where the value is above 1; inf for other shapes."""
    if ours.shape != theirs.shape:
        return float("inf")
    return float(np.max(np.abs(ours - theirs) / np.maximum(1.0, np.abs(theirs)), initial=0.0))


# --- Printed worked examples ----------------------------------------------------------------------


@dataclass(frozen=True)
class Printed:
    """A number as it is printed: every digit of it must be ours."""

    what: str
    text: str
    ours: float

    @property
    def agrees(self) -> bool:
        """Say whether our number rounds to, or is cut to, the printed digits."""
        digits = len(self.text.split(".")[1])
        rounded = round(self.ours, digits)
        cut = np.trunc(self.ours * 10.0**digits) / 10.0**digits
        return any(np.isclose(v, float(self.text), rtol=0, atol=1e-14) for v in (rounded, cut))


def mazur_network() -> tuple[nn.Network, list, list, nn.Loss]:
    """Return the 2-2-2 sigmoid network, its one example and its loss, E = Σ ½ (target − out)².

    M. Mazur, "A Step by Step Backpropagation Example", 2015,
    mattmazur.com/2015/03/17/a-step-by-step-backpropagation-example. The biases are not trained.
    """
    W = {1: [[0.15, 0.20], [0.25, 0.30]], 2: [[0.40, 0.45], [0.50, 0.55]]}
    b = {1: [[0.35], [0.35]], 2: [[0.60], [0.60]]}
    net = nn.Network(W, b, {1: nn.sigmoid, 2: nn.sigmoid})
    return net, [[0.05], [0.10]], [[0.01], [0.99]], nn.squared_error


def mazur() -> list[Printed]:
    """Return the numbers that the page works out: forward, backward, and the weights after."""
    net, X, Y, loss = mazur_network()
    cache = nn.forward(net, X)
    grads = nn.backward(net, cache, Y, loss)
    one = nn.step(net, grads, 0.5)
    A, Z = cache.A, cache.Z
    return [
        Printed("net h1", "0.3775", Z[1][0, 0]),
        Printed("out h1", "0.593269992", A[1][0, 0]),
        Printed("out h2", "0.596884378", A[1][1, 0]),
        Printed("net o1", "1.105905967", Z[2][0, 0]),
        Printed("out o1", "0.75136507", A[2][0, 0]),
        Printed("out o2", "0.772928465", A[2][1, 0]),
        Printed("E", "0.298371109", nn.cost(net, X, Y, loss)),
        Printed("∂E/∂out o1", "0.74136507", grads.dA[2][0, 0]),
        Printed("δ o1", "0.138498562", grads.dZ[2][0, 0]),
        Printed("∂E/∂w5", "0.082167041", grads.dW[2][0, 0]),
        Printed("∂E/∂out h1", "0.036350306", grads.dA[1][0, 0]),
        Printed("∂E/∂w1", "0.000438568", grads.dW[1][0, 0]),
        Printed("w5 after", "0.35891648", one.W[2][0, 0]),
        Printed("w6 after", "0.408666186", one.W[2][0, 1]),
        Printed("w7 after", "0.511301270", one.W[2][1, 0]),
        Printed("w8 after", "0.561370121", one.W[2][1, 1]),
        Printed("w1 after", "0.149780716", one.W[1][0, 0]),
        Printed("w2 after", "0.19956143", one.W[1][0, 1]),
        Printed("w3 after", "0.24975114", one.W[1][1, 0]),
        Printed("w4 after", "0.29950229", one.W[1][1, 1]),
    ]


def mazur_program() -> list[Printed]:
    """Return three more numbers of that page: what its program printed, not what its formulas give.

    By the page's own formulas E after one step is 0.29102777. Its 0.291027924 comes out when the
    hidden layer is given the output weights *after* their update: a classic bug, in a famous place.
    """

    def wrong_step(net: nn.Network) -> nn.Network:
        g = nn.backward(net, nn.forward(net, X), Y, loss)
        W2 = net.W[2] - 0.5 * g.dW[2]
        dZ1 = nn.sigmoid.vjp(nn.forward(net, X).Z[1], W2.T @ g.dZ[2])
        return nn.Network({1: net.W[1] - 0.5 * dZ1 @ np.transpose(X), 2: W2}, net.b, net.g)

    net, X, Y, loss = mazur_network()
    one = many = wrong_step(net)
    for _ in range(9_999):
        many = wrong_step(many)
    output = nn.forward(many, X).A[2]
    return [
        Printed("E after one step", "0.291027924", nn.cost(one, X, Y, loss)),
        Printed("out o1 after 10,000", "0.015912196", output[0, 0]),
        Printed("out o2 after 10,000", "0.984065734", output[1, 0]),
    ]


SCORES = (
    ("-0.81233741", "-1.27654624", "-0.70335995"),
    ("-0.17129677", "-1.18803311", "-0.47310444"),
    ("-0.51590475", "-1.01354314", "-0.8504215"),
    ("-0.15419291", "-0.48629638", "-0.52901952"),
    ("-0.00618733", "-0.12435261", "-0.15226949"),
)


def cs231n() -> list[Printed]:
    """Return the scores and the loss of a 4-10-3 ReLU network.

    Stanford CS231n, assignment 1, two_layer_net.ipynb, the cells "Forward pass: compute scores" and
    "compute loss" (regularisation 0.05 · Σ W²). The network comes from numpy's legacy generator,
    whose numbers are fixed for ever: seed 0 for the weights, seed 1 for the data.
    """
    weights, data = np.random.RandomState(0), np.random.RandomState(1)
    W1, W2 = 0.1 * weights.randn(4, 10), 0.1 * weights.randn(10, 3)
    X = 10 * data.randn(5, 4)
    net = nn.Network(
        {1: W1.T, 2: W2.T}, {1: np.zeros((10, 1)), 2: np.zeros((3, 1))}, {1: nn.relu, 2: nn.softmax}
    )
    Y = np.eye(3)[:, [0, 1, 2, 2, 1]]
    scores = nn.forward(net, X.T).Z[2].T
    loss = nn.cost(net, X.T, Y, nn.cross_entropy) + 0.05 * (np.sum(W1**2) + np.sum(W2**2))
    found = [
        Printed(f"score of class {k}, example {i}", text, scores[i, k])
        for i, row in enumerate(SCORES)
        for k, text in enumerate(row)
    ]
    return [*found, Printed("loss", "1.30378789133", float(loss))]


# --- The part -------------------------------------------------------------------------------------


def compare() -> list[tuple[Case, float, int]]:
    """Return each case of ONNX with the largest difference and the number of values."""
    found = []
    for case in onnx_cases():
        ours = answers(case)
        worst = max(difference(a, b) for a, b in zip(ours, case.outputs, strict=True))
        found.append((case, worst, sum(v.size for v in case.outputs)))
    return found


def run(full: bool) -> Section | None:  # noqa: ARG001
    """Compare every value."""
    try:
        compared = compare()
    except ImportError:
        compared = []
    printed = {
        "Mazur's worked numbers": mazur(),
        "Mazur's program, its bug repeated": mazur_program(),
        "CS231n": cs231n(),
    }
    everything = [value for values in printed.values() for value in values]
    wrong = sum(not value.agrees for value in everything)
    values = sum(n for *_, n in compared) + len(everything)
    goals = [
        at_least("values compared", values, 20_000, headline=True),
        at_least("cases of ONNX", len(compared), 80),
        none_of(
            "printed numbers of Mazur and CS231n that differ", wrong, len(everything), headline=True
        ),
    ]
    if compared:
        worst = max(worst for _, worst, _ in compared)
        goals.append(at_most("worst difference to ONNX (float32)", worst, FLOAT32, headline=True))
    else:
        goals.append(Goal("worst difference to ONNX (float32)", "", "onnx is not installed", None))
    rows = []
    for operation in OPERATIONS:
        own = [(w, n) for case, w, n in compared if case.operation == operation]
        if own:
            worst, count = max(w for w, _ in own), sum(n for _, n in own)
            rows.append((f"ONNX {operation}", str(len(own)), f"{count:,}", f"{worst:.1e}"))
    for name, numbers in printed.items():
        same = sum(number.agrees for number in numbers)
        rows.append((name, "1", str(len(numbers)), f"{same} agree in every printed digit"))
    text = (
        "Cases of the ONNX backend tests (float32; N-D arrays as columns; weights and ignored "
        "classes as targets of another height), and two worked examples in print: M. Mazur's 2-2-2 "
        "network (mattmazur.com, 2015) and the two-layer network of Stanford's CS231n, assignment "
        "1. CS231n prints scores and loss, and of its gradients only relative errors. Three "
        "numbers that Mazur's program printed do not follow from the page's formulas: they come "
        "out only when the hidden layer is given the output weights after their update, and so "
        "they are compared."
    )
    head = ("source", "cases", "values", "worst difference")
    return Section(
        6, "Outside values", text, tuple(goals), (Table("By source", head, tuple(rows)),)
    )
