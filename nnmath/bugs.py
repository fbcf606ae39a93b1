"""Fifteen wrong backward passes, each a line or two away from the right one.

Training is no test of a gradient: with most of these the cost still falls. `check_gradients`
convicts every one of them. `python -m nnmath.bugs` runs them all and counts.

A backward pass is five rules, applied from the last layer to the first. A bug replaces some:

    dZ[L]          the start: the slope of the cost at the logits; the 1/m is in it
    dA[l]          the step back from layer l + 1 to what layer l gave it
    dZ[l]          through the activation of layer l
    dW[l], db[l]   the gradients of the parameters of layer l

A rule is a function of the pass so far and of l. Four of these mistakes give shapes that do not
fit, except where a layer has as many units as the one before it: there they run, and hide. So the
networks here have such a square layer in the middle, and the bug is made in that layer alone.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

import numpy as np

from nnmath import _inputs, data
from nnmath.activations import Activation, softmax, tanh
from nnmath.gradcheck import GradientReport, check_gradients
from nnmath.losses import Loss, cross_entropy
from nnmath.network import Cache, Gradients, Network, forward, init

Array = np.ndarray
Arrays = dict[int, Array]
# Of the training runs. One bug takes its step amid the pass, so the rate is a part of it.
LR, STEPS, EVERY = 0.3, 120, 4


@dataclass(frozen=True, eq=False)
class Pass:
    """A backward pass on its way: what it was given, and the gradients found so far."""

    W: Mapping[int, Array]
    b: Mapping[int, Array]
    g: Mapping[int, Activation]
    Z: Mapping[int, Array]
    A: Mapping[int, Array]
    Y: Array
    dW: dict[int, Array] = field(default_factory=dict)
    db: dict[int, Array] = field(default_factory=dict)
    dZ: dict[int, Array] = field(default_factory=dict)
    dA: dict[int, Array] = field(default_factory=dict)

    @property
    def m(self) -> int:
        """The number of examples."""
        return self.Y.shape[1]

    def square(self, l: int) -> bool:
        """Tell whether layer l has as many units as the layer before it."""
        return self.W[l].shape[0] == self.W[l].shape[1]


Rule = Callable[[Pass, int], Array]

RIGHT: Mapping[str, Rule] = MappingProxyType(
    {
        "dZ[L]": lambda p, l: (p.A[l] - p.Y) / p.m,
        "dA[l]": lambda p, l: p.W[l + 1].T @ p.dZ[l + 1],
        "dZ[l]": lambda p, l: p.g[l].vjp(p.Z[l], p.dA[l]),
        "dW[l]": lambda p, l: p.dZ[l] @ p.A[l - 1].T,
        "db[l]": lambda p, l: p.dZ[l].sum(axis=1, keepdims=True),
    }
)


def backward_by(
    rules: Mapping[str, Rule], net: Network, cache: Cache, Y: Array, loss: Loss
) -> Gradients:
    """Return the gradients that these rules give; a rule that is not named is the right one.

    `cache` is what `forward` returned for the same network; Y has shape (n_L, m).
    Raises: ValueError when the last activation is not the link of the loss, TypeError for what is
    no network or no loss.
    """
    call = "backward(net, cache, Y, loss)"
    _inputs.instance(call, "net", net, Network)
    _inputs.instance(call, "loss", loss, Loss)
    if net.g[net.L] is not loss.link:
        raise ValueError(
            f"{call}: the last activation is {net.g[net.L].name}, but these passes start from the "
            f"logits; with {loss.name} it needs to be {loss.link.name}"
        )
    Y = _inputs.matrix(call, "Y", Y, real=True)
    p = _walked(Pass(net.W, net.b, net.g, cache.Z, cache.A, Y), rules)
    return Gradients(p.dW, p.db, p.dZ, p.dA)


def _walked(p: Pass, rules: Mapping[str, Rule]) -> Pass:
    """Fill in the gradients of the pass, the last layer first."""
    start, step_back, through, weights, biases = ({**RIGHT, **rules}[name] for name in RIGHT)
    L = len(p.W)
    for l in range(L, 0, -1):
        if l == L:
            p.dZ[l] = start(p, l)
        else:
            p.dA[l] = step_back(p, l)
            p.dZ[l] = through(p, l)
        p.dW[l] = weights(p, l)
        p.db[l] = biases(p, l)
    return p


@dataclass(frozen=True, eq=False)
class Bug:
    """A mistake in a backward pass, and what comes of it.

    Fields: `name`, a few words; `what`, the mistake in one sentence; `line`, the wrong line as it
    would stand in code, and `right`, the line it replaces; `rules`, the rules that it replaces;
    `wrong`, the arrays that a gradient check convicts in a network of three layers, in the order of
    the pass, so that the first one is where the mistake is; `falls`, whether the cost of the
    training run is lower at its end than at its start.
    """

    name: str
    what: str
    line: str
    right: str
    rules: Mapping[str, Rule]
    wrong: tuple[str, ...]
    falls: bool = True

    def backward(self, net: Network, cache: Cache, Y: Array, loss: Loss) -> Gradients:
        """Return the wrong gradients; the arguments are those of `nnmath.backward`.

        Raises: ValueError when the last activation is not the link of the loss, TypeError for what
        is no network or no loss.
        """
        return backward_by(self.rules, net, cache, Y, loss)

    def __repr__(self) -> str:
        return f"Bug({self.name!r})"


# In the order in which a pass of three layers computes them.
ORDER = (
    "dZ[3]", "dW[3]", "db[3]", "dA[2]", "dZ[2]", "dW[2]", "db[2]", "dA[1]", "dZ[1]", "dW[1]",
    "db[1]",
)  # fmt: skip
PARAMETERS = tuple(name for name in ORDER if name[1] in "Wb")
BELOW_2 = ORDER[ORDER.index("dZ[2]") :]  # all from the first slope of an activation on

BUGS = (
    Bug(
        "the sign",
        "The difference at the output is taken the other way round: target minus prediction.",
        "dZ[L] = (Y - A[L]) / m",
        "dZ[L] = (A[L] - Y) / m",
        {"dZ[L]": lambda p, l: (p.Y - p.A[l]) / p.m},
        ORDER,
        falls=False,
    ),
    Bug(
        "σ′ kept",
        "The slope a(1 − a) of the output is multiplied in, although it has cancelled.",
        "dZ[L] = (A[L] - Y) / m * A[L] * (1 - A[L])",
        "dZ[L] = (A[L] - Y) / m",
        {"dZ[L]": lambda p, l: (p.A[l] - p.Y) / p.m * p.A[l] * (1 - p.A[l])},
        ORDER,
    ),
    Bug(
        "1/m lost",
        "The gradients are summed over the examples, but the cost is their mean.",
        "dZ[L] = A[L] - Y",
        "dZ[L] = (A[L] - Y) / m",
        {"dZ[L]": lambda p, l: p.A[l] - p.Y},
        ORDER,
        falls=False,
    ),
    Bug(
        "1/m twice",
        "The 1/m is in dZ[L] already, and is divided out of each dW and db once more.",
        "dW[l] = dZ[l] @ A[l-1].T / m",
        "dW[l] = dZ[l] @ A[l-1].T",
        {
            "dW[l]": lambda p, l: p.dZ[l] @ p.A[l - 1].T / p.m,
            "db[l]": lambda p, l: p.dZ[l].sum(axis=1, keepdims=True) / p.m,
        },
        PARAMETERS,
    ),
    Bug(
        "sum over examples lost",
        "In a loop over the examples = stands for +=, so that only the last example counts.",
        "dW[l] = dZ[l][:, -1:] @ A[l-1][:, -1:].T",
        "dW[l] = dZ[l] @ A[l-1].T",
        {"dW[l]": lambda p, l: p.dZ[l][:, -1:] @ p.A[l - 1][:, -1:].T},
        ("dW[3]", "dW[2]", "dW[1]"),
    ),
    Bug(
        "A[l] for A[l−1]",
        "The gradient of the weights uses what the layer gave, not what it was given.",
        "dW[2] = dZ[2] @ A[2].T",
        "dW[2] = dZ[2] @ A[1].T",
        {"dW[l]": lambda p, l: p.dZ[l] @ p.A[l if p.square(l) else l - 1].T},
        ("dW[2]",),
    ),
    Bug(
        "dW transposed",
        "The product for the weights is turned over, and a square matrix does not complain.",
        "dW[2] = A[1] @ dZ[2].T",
        "dW[2] = dZ[2] @ A[1].T",
        {
            "dW[l]": lambda p, l: (
                p.A[l - 1] @ p.dZ[l].T if p.square(l) else p.dZ[l] @ p.A[l - 1].T
            )
        },
        ("dW[2]",),
    ),
    Bug(
        "bias forgotten",
        "The biases get no gradient and stay where they began.",
        "db[l] = np.zeros_like(b[l])",
        "db[l] = dZ[l].sum(axis=1, keepdims=True)",
        {"db[l]": lambda p, l: np.zeros_like(p.b[l])},
        ("db[3]", "db[2]", "db[1]"),
    ),
    Bug(
        "one bias for all",
        "Without its axis the sum runs over the units too: all biases of a layer move alike.",
        "db[l] = np.full_like(b[l], dZ[l].sum())",
        "db[l] = dZ[l].sum(axis=1, keepdims=True)",
        {"db[l]": lambda p, l: np.full_like(p.b[l], p.dZ[l].sum())},
        ("db[3]", "db[2]", "db[1]"),
    ),
    Bug(
        "W not transposed",
        "The error goes back through W instead of its transpose, and a square W lets it.",
        "dA[1] = W[2] @ dZ[2]",
        "dA[1] = W[2].T @ dZ[2]",
        {
            "dA[l]": lambda p, l: (
                (p.W[l + 1] if p.square(l + 1) else p.W[l + 1].T) @ p.dZ[l + 1]
            )
        },
        ("dA[1]", "dZ[1]", "dW[1]", "db[1]"),
    ),
    Bug(
        "W updated too early",
        "The weights have taken their step before the error goes back through them.",
        "dA[l] = (W[l+1] - lr * dW[l+1]).T @ dZ[l+1]",
        "dA[l] = W[l+1].T @ dZ[l+1]",
        {"dA[l]": lambda p, l: (p.W[l + 1] - LR * p.dW[l + 1]).T @ p.dZ[l + 1]},
        ("dA[2]", *BELOW_2),
    ),
    Bug(
        "slope of the wrong layer",
        "The slope is taken one layer too high; in a ReLU network that is the wrong mask.",
        "dZ[1] = dA[1] * g_prime(Z[2])",
        "dZ[1] = dA[1] * g_prime(Z[1])",
        {"dZ[l]": lambda p, l: p.g[l].vjp(p.Z[l + 1 if p.square(l + 1) else l], p.dA[l])},
        ("dZ[1]", "dW[1]", "db[1]"),
    ),
    Bug(
        "slope at A",
        "The slope is taken at A instead of Z: the activation is in it twice.",
        "dZ[l] = dA[l] * g_prime(A[l])",
        "dZ[l] = dA[l] * g_prime(Z[l])",
        {"dZ[l]": lambda p, l: p.g[l].vjp(p.A[l], p.dA[l])},
        BELOW_2,
    ),
    Bug(
        "slope forgotten",
        "The error passes each activation as if it were not there.",
        "dZ[l] = dA[l]",
        "dZ[l] = dA[l] * g_prime(Z[l])",
        {"dZ[l]": lambda p, l: p.dA[l]},
        BELOW_2,
    ),
    Bug(
        "slope of another g",
        "The slope is that of the sigmoid, but the layer is a tanh layer.",
        "dZ[l] = dA[l] * A[l] * (1 - A[l])",
        "dZ[l] = dA[l] * g_prime(Z[l])",
        {"dZ[l]": lambda p, l: p.dA[l] * p.A[l] * (1 - p.A[l])},
        BELOW_2,
    ),
)  # fmt: skip
BY_NAME = MappingProxyType({bug.name: bug for bug in BUGS})


# The training runs: the digits, 64-16-16-10, each from the same start ---------------------------

TRAINED, HELD_OUT = 200, 360  # pictures


@dataclass(frozen=True, eq=False)
class Run:
    """A training run: the cost at every fourth step, and the share of held-out pictures right.

    `steps` and `J` are read-only and of one length; `share` is a number between 0 and 1.
    """

    steps: Array
    J: Array
    share: float

    @property
    def falls(self) -> bool:
        """Whether the cost is lower at the end than at the start."""
        return bool(self.J[-1] < self.J[0])


@functools.cache
def pictures() -> tuple[Array, Array, Array, Array]:
    """Return pictures and targets to train with, and others held out: X, Y, X, Y."""
    X, Y = data.digits()
    order = np.random.RandomState(0).permutation(X.shape[1])
    train, held = order[:TRAINED], order[-HELD_OUT:]
    return X[:, train], Y[:, train], X[:, held], Y[:, held]


def start() -> Network:
    """Return the network that every training run starts from."""
    return init([64, 16, 16, 10], g=[tanh, tanh, softmax], rng=np.random.RandomState(1))


def trained(rules: Mapping[str, Rule], net: Network) -> Run:
    """Train `net` on the digits with these rules; what is not replaced is right.

    In plain numpy, without the checks of `forward` and `step`, because a demo waits for it.
    """
    X, Y, X_held, Y_held = pictures()
    W, b, g, J = dict(net.W), dict(net.b), net.g, []
    for k in range(STEPS + 1):
        Z, A = _forward(W, b, X)
        if k % EVERY == 0:
            J.append(cross_entropy.from_logits(Z[len(W)], Y))
        if k < STEPS:
            p = _walked(Pass(W, b, g, Z, A, Y), rules)
            W = {l: W[l] - LR * p.dW[l] for l in W}
            b = {l: b[l] - LR * p.db[l] for l in b}
    guesses = _forward(W, b, X_held)[0][len(W)].argmax(axis=0)
    steps, costs = np.arange(0, STEPS + 1, EVERY), np.array(J)
    for array in (steps, costs):
        array.flags.writeable = False
    return Run(steps, costs, float(np.mean(guesses == Y_held.argmax(axis=0))))


def _forward(W: Arrays, b: Arrays, X: Array) -> tuple[Arrays, Arrays]:
    """Return Z and A of a tanh network that ends in softmax."""
    Z, A = {}, {0: X}
    for l in W:
        Z[l] = W[l] @ A[l - 1] + b[l]
        A[l] = np.tanh(Z[l])
    E = np.exp(Z[len(W)] - Z[len(W)].max(axis=0))
    A[len(W)] = E / E.sum(axis=0)
    return Z, A


@functools.cache
def run(name: str = "") -> Run:
    """Return the run with the bug of this name; without a name, the run of the right pass."""
    return trained(BY_NAME[name].rules if name else {}, start())


# The gradient check: the same code on a small network, so that each entry can be nudged ----------


@functools.cache
def small() -> tuple[Network, Array, Array]:
    """Return a 4-5-5-3 network whose biases are not zero, and six examples X, Y."""
    rng = np.random.RandomState(5)
    sizes = (4, 5, 5, 3)
    W = {l: rng.uniform(-1, 1, (sizes[l], sizes[l - 1])) for l in (1, 2, 3)}
    b = {l: rng.uniform(-1, 1, (sizes[l], 1)) for l in (1, 2, 3)}
    X, Y = rng.uniform(-1, 1, (4, 6)), np.eye(3)[:, [0, 2, 1, 1, 0, 2]]
    return Network(W, b, {1: tanh, 2: tanh, 3: softmax}), X, Y


@functools.cache
def report(name: str = "") -> GradientReport:
    """Return the check of the bug of this name on the small network; without one, of the right."""
    net, X, Y = small()
    rules = BY_NAME[name].rules if name else {}
    grads = backward_by(rules, net, forward(net, X), Y, cross_entropy)
    return check_gradients(net, X, Y, cross_entropy, grads)


def errors(name: str = "") -> dict[str, float]:
    """Return the relative error of each array in that check, in the order of the pass."""
    found = report(name).errors
    return {label: found[label[:2]][int(label[3])] for label in ORDER}


def convicted(name: str = "") -> tuple[str, ...]:
    """Return the arrays that the check finds wrong, in the order of the pass."""
    return tuple(label for label, e in errors(name).items() if not e <= report(name).tolerance)


def table() -> str:
    """Return a line for each bug, and the two counts: whose cost still falls, who is convicted.

    A run whose cost has left every bound is not written in digits: they differ between machines.
    """
    lines = [f"{'backward pass':<26}cost at the end   held out   gradient check"]
    for name in ("", *BY_NAME):
        result, wrong = run(name), convicted(name)
        end, share = f"{result.J[-1]:.2f}", f"{result.share:.0%}"
        if result.J[-1] > 10:
            end, share = "over 10", "–"
        fell = "falls" if result.falls else "rises"
        verdict = f"✗ {len(wrong)} of {len(ORDER)}, first {wrong[0]}" if wrong else "✓"
        lines.append(f"{name or 'the right one':<26}{end:>7}, {fell}{share:>10}    {verdict}")
    falling = sum(run(name).falls for name in BY_NAME)
    found = sum(not report(name).ok for name in BY_NAME)
    lines += [
        "",
        f"With {falling} of the {len(BUGS)} bugs the cost still falls.",
        f"The gradient check convicts {found} of {len(BUGS)}.",
    ]
    return "\n".join(lines)


if __name__ == "__main__":
    print(table())
