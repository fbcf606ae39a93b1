"""Accuracy: every function against 400-digit arithmetic, in units in the last place.

The points are the ones where formulas break: around 0, where 1 + e^z absorbs e^z (±19, ±37), where
e^z over- and underflows (±709, ±745), denormals, ties, large offsets, confident columns. Beside
nnmath stand other people's packages, on the same points, with the call that a user of each writes.
"""

import functools
import importlib.util
import math
import warnings
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

import nnmath as nn
from proof._record import Section, Table, at_least, at_most, none_of
from tests.oracles import exact, ulps

SOFT = (0.5, 0.1, 0.9, 1e-3, 1 - 2.0**-53)
EDGES = (19.0, 37.0, 709.0, 745.0)


# --- Points ---------------------------------------------------------------------------------------


def scalars(thin: int = 1) -> np.ndarray:
    """Return finite numbers up to 1e4 in size, at least 7,000, each with its mirror image."""
    rng = np.random.default_rng(6)
    parts = [np.array([0.0, 5e-324, 1e-323, 1e-310, 2.0**-1022, 2.0**-1022 - 5e-324, 1e4])]
    parts += [10.0 ** rng.uniform(-323, -1, 500)]
    parts += [rng.uniform(0, top, 500) for top in (1, 40, 800, 1e4)]
    for edge in EDGES:
        near = edge + np.concatenate([rng.uniform(-1, 1, 150), rng.normal(size=120) * 1e-6])
        parts += [near, edge + np.arange(-5, 6) * np.spacing(edge)]
    z = np.concatenate(parts)
    return np.concatenate([z, -z])[::thin]


def far_scalars(thin: int = 1) -> np.ndarray:
    """Return numbers between 1e4 and 1e300 in size."""
    z = 10.0 ** np.random.default_rng(10).uniform(4, 300, 150)
    return np.concatenate([[1e300, -1e300], z, -z])[::thin]


def probabilities(thin: int = 1) -> np.ndarray:
    """Return numbers between 0 and 1, close to both ends as well."""
    rng = np.random.default_rng(7)
    small = 10.0 ** rng.uniform(-320, -1, 150)
    ends = [5e-324, 2.0**-1022, 0.5, 1 - 2.0**-53, 1 - 2.0**-52]
    return np.concatenate([ends, small, 1 - 10.0 ** rng.uniform(-15, -1, 100), rng.random(150)])[
        ::thin
    ]


def columns(thin: int = 1) -> list[np.ndarray]:
    """Return 2,600 columns of one to ten logits."""
    rng = np.random.default_rng(8)
    found = [
        np.array(c) for c in ([3.7], [-1e8], [0.0, 0.0], [1e300, -1e300], [5e-324, 0.0, -5e-324])
    ]
    for i in range(2600):
        K = 1 + i % 10
        scale = (0.5, 3.0, 12.0, 40.0, 200.0)[i // 10 % 5]
        offset = (0.0, 1e8, -1e8, -123.456, 1e15)[i // 50 % 5]
        column = scale * rng.normal(size=K) + offset
        if i % 4 == 1:  # ties at the top, or everywhere
            column[rng.random(K) < 0.5] = column.max()
        if i % 4 == 2:  # confident: one class far above the others, up to the edge of underflow
            column[rng.integers(K)] += (20.0, 37.0, 300.0, 740.0)[i // 4 % 4]
        found.append(column)
    return found[::thin]


def wide_columns(thin: int = 1) -> list[np.ndarray]:
    """Return columns of 1,000 logits."""
    rng = np.random.default_rng(9)
    kinds = [(s, o) for s in (0.0, 0.5, 3.0, 12.0) for o in (0.0, 1e8)]
    return [s * rng.normal(size=1000) + o for s, o in kinds][:: max(1, thin // 10)]


# --- Other packages -------------------------------------------------------------------------------


def one_hot(z: np.ndarray) -> np.ndarray:
    """Return the target of one column: some class, not always the largest or the last."""
    y = np.zeros(z.size)
    y[int(abs(z).sum() * 1e3) % z.size] = 1.0
    return y


def soft(z: np.ndarray) -> np.ndarray:
    """Return a soft target of one column, not summing to 1."""
    return np.random.default_rng(z.size).random(z.size) + 0.1


def _scipy() -> dict[str, Callable]:
    from scipy import special as s

    def log_loss(a: float, y: float) -> float:
        return -(s.xlogy(y, a) + s.xlog1py(1 - y, -a))

    return {
        "sigmoid": s.expit,
        "sigmoid_prime": lambda z: s.expit(z) * s.expit(-z),
        "tanh": np.tanh,
        "bce_from_logits": lambda z, y: -y * s.log_expit(z) - (1 - y) * s.log_expit(-z),
        "bce_dZ": lambda z, y: s.expit(z) - y,
        "bce": log_loss,
        "softmax": s.softmax,
        "cross_entropy_from_logits": lambda z, y: -np.sum(y * s.log_softmax(z)),
        "cross_entropy_dZ": lambda z, y: s.softmax(z) * y.sum() - y,
    }


def _torch() -> dict[str, Callable]:
    import torch
    import torch.nn.functional as F

    def number(value: Any) -> Any:
        return torch.as_tensor(value, dtype=torch.float64)

    def slope(f: Callable, z: Any) -> Any:
        z = number(z).clone().requires_grad_(True)
        f(z).sum().backward()
        return z.grad.numpy()

    def bce_logits(z: Any, y: float) -> Any:
        return F.binary_cross_entropy_with_logits(z, torch.full_like(z, y), reduction="none")

    def ce_logits(z: Any, y: np.ndarray) -> Any:
        return -(number(y) * F.log_softmax(z, 0)).sum()

    return {
        "sigmoid": lambda z: torch.sigmoid(number(z)).numpy(),
        "sigmoid_prime": lambda z: slope(torch.sigmoid, z),
        "tanh": lambda z: torch.tanh(number(z)).numpy(),
        "tanh_prime": lambda z: slope(torch.tanh, z),
        "bce_from_logits": lambda z, y: bce_logits(number(z), y).numpy(),
        "bce_dZ": lambda z, y: slope(lambda v: bce_logits(v, y), z),
        "bce": lambda a, y: F.binary_cross_entropy(
            number(a), torch.full_like(number(a), y), reduction="none"
        ).numpy(),
        "softmax": lambda z: torch.softmax(number(z), 0).numpy(),
        "cross_entropy_from_logits": lambda z, y: ce_logits(number(z), y).item(),
        "cross_entropy_dZ": lambda z, y: slope(lambda v: ce_logits(v, y), z),
    }


def _autograd() -> dict[str, Callable]:
    import autograd
    import autograd.numpy as anp
    from autograd.scipy.special import expit, logsumexp

    slope = autograd.elementwise_grad

    def bce_logits(z: Any, y: float) -> Any:
        return anp.logaddexp(0.0, z) - y * z

    def ce_logits(z: Any, y: np.ndarray) -> Any:
        return anp.sum(y * (logsumexp(z) - z))

    return {
        "sigmoid": expit,
        "sigmoid_prime": slope(expit),
        "tanh": anp.tanh,
        "tanh_prime": slope(anp.tanh),
        "bce_from_logits": bce_logits,
        "bce_dZ": slope(bce_logits),
        "bce": lambda a, y: -(y * anp.log(a) + (1 - y) * anp.log(1 - a)),
        "softmax": lambda z: anp.exp(z - logsumexp(z)),
        "cross_entropy_from_logits": ce_logits,
        "cross_entropy_dZ": autograd.grad(ce_logits),
    }


def _nnmath() -> dict[str, Callable]:
    def each(f: Callable) -> Callable:
        return lambda values, y: np.array([f(v, y) for v in values])

    def column(f: Callable) -> Callable:
        return lambda z, y: np.ravel(f(z.reshape(-1, 1), y.reshape(-1, 1)))

    return {
        "sigmoid": nn.sigmoid,
        "sigmoid_prime": nn.sigmoid.prime,
        "tanh": nn.tanh,
        "tanh_prime": nn.tanh.prime,
        "bce_from_logits": each(nn.bce.from_logits),
        "bce_dZ": each(nn.bce.dZ),
        "bce": each(nn.bce),
        "softmax": nn.softmax,
        "cross_entropy_from_logits": column(nn.cross_entropy.from_logits),
        "cross_entropy_dZ": column(nn.cross_entropy.dZ),
    }


PACKAGES = {"scipy": _scipy, "torch": _torch, "autograd": _autograd}


@functools.cache
def package(name: str) -> dict[str, Callable] | None:
    """Return a package's calls by our names, or None where it is not installed."""
    return PACKAGES[name]() if importlib.util.find_spec(name) else None


# --- Measuring ------------------------------------------------------------------------------------


@dataclass
class Measure:
    """One line of the table: a function on its points, the goal in units in the last place.

    beside: for a difference that may cancel, the sizes that its error is measured against.
    """

    what: str
    name: str
    goal: float | None
    inputs: list[tuple]  # arguments of one truth each: (z,), (z, y) or (column,), (column, y)
    beside: Callable | None = None
    headline: bool = False
    worst: dict[str, float] = field(default_factory=dict)
    lost: set[str] = field(default_factory=set)  # who has an answer without one right digit
    count: int = 0
    faults: int = 0  # answers of ours that are NaN, or came with a floating-point flag

    def run(self, contenders: dict[str, dict[str, Callable] | None]) -> None:
        """Compare every contender with the truth."""
        truths = [np.atleast_1d(getattr(exact, self.name)(*arguments)) for arguments in self.inputs]
        self.count = sum(t.size for t in truths)
        for who, calls in contenders.items():
            if calls is None or self.name not in calls:
                continue
            answers = self.answers(calls[self.name], ours=who == "nnmath")
            self.worst[who] = 0.0
            for answer, truth, arguments in zip(answers, truths, self.inputs, strict=True):
                for a, t in zip(answer, truth, strict=True):
                    error = self.error(a, t, arguments)
                    self.worst[who] = max(self.worst[who], error)
                    if error > 100 and not abs(a - float(t)) <= abs(float(t)) / 2:
                        self.lost.add(who)

    def answers(self, call: Callable, ours: bool) -> list[np.ndarray]:
        """Return a contender's answers; for ours, count flags and NaN."""
        if ours:
            try:
                with np.errstate(all="raise", under="ignore"):
                    found = computed(call, self.inputs)
            except FloatingPointError:
                self.faults += 1
            else:
                self.faults += sum(int(np.isnan(answer).sum()) for answer in found)
                return found
        with np.errstate(all="ignore"), warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return computed(call, self.inputs)

    def error(self, answer: float, truth: Any, arguments: tuple) -> float:
        """Return the error in units in the last place."""
        if self.beside is None:
            return ulps(answer, truth)
        size = self.beside(truth, *arguments)
        return float(abs(float(answer) - truth) / np.spacing(size))


def computed(call: Callable, inputs: list[tuple]) -> list[np.ndarray]:
    """Return the answer to each input; plain numbers are given to the call all at once."""
    if np.ndim(inputs[0][0]):
        return [np.atleast_1d(call(*arguments)) for arguments in inputs]
    found: list[np.ndarray] = []
    for y in dict.fromkeys(arguments[1:] for arguments in inputs):
        z = np.array([arguments[0] for arguments in inputs if arguments[1:] == y])
        found += list(np.reshape(call(z, *y), (-1, 1)))
    return found


def measures(thin: int = 1) -> list[Measure]:
    """Return the lines of the table; `thin` keeps every so-manieth point."""
    z = np.concatenate([scalars(thin), far_scalars(thin)]).tolist()
    a = probabilities(thin).tolist()
    narrow, wide = columns(thin), wide_columns(thin)
    hard, mixed = (0, 1), SOFT

    def with_targets(points: Sequence, targets: Sequence) -> list[tuple]:
        return [(p, y) for y in targets for p in points]

    def columns_with(cs: Sequence, target: Callable) -> list[tuple]:
        return [(c, target(c)) for c in cs]

    def confident(cs: Sequence) -> list[tuple]:
        return [(c, np.eye(c.size)[int(np.argmax(c))]) for c in cs]

    some = z[::3]
    return [
        Measure("sigmoid", "sigmoid", 2, [(v,) for v in z], headline=True),
        Measure("σ′", "sigmoid_prime", 4, [(v,) for v in z]),
        Measure("tanh", "tanh", 2, [(v,) for v in z]),
        Measure("tanh′", "tanh_prime", 4, [(v,) for v in z]),
        Measure(
            "BCE on logits, y = 0 or 1", "bce_from_logits", 2, with_targets(z, hard), headline=True
        ),
        Measure("BCE on logits, soft y", "bce_from_logits", 2.5, with_targets(some, mixed)),
        Measure("sigmoid's A − Y, y = 0 or 1", "bce_dZ", 2, with_targets(z, hard)),
        Measure(
            "sigmoid's A − Y, soft y, beside the larger of the two", "bce_dZ", 2.5,
            with_targets(some, mixed), beside=lambda d, _, y: max(abs(float(d + y)), y),
        ),
        Measure("BCE on activations", "bce", 2.5, with_targets(a, (*hard, *mixed))),
        Measure("softmax", "softmax", 4, [(c,) for c in narrow], headline=True),
        Measure("softmax, 1,000 classes", "softmax", None, [(c,) for c in wide]),
        Measure(
            "cross-entropy on logits, one-hot Y", "cross_entropy_from_logits", 2,
            columns_with(narrow, one_hot) + confident(narrow), headline=True,
        ),
        Measure(
            "cross-entropy on logits, one-hot Y, 1,000 classes", "cross_entropy_from_logits", 2,
            columns_with(wide, one_hot) + confident(wide),
        ),
        Measure(
            "cross-entropy on logits, soft Y", "cross_entropy_from_logits", 2.5,
            columns_with(narrow, soft),
        ),
        Measure(
            "softmax's A − Y, one-hot Y", "cross_entropy_dZ", 4,
            columns_with(narrow, one_hot) + confident(narrow),
        ),
        Measure(
            "softmax's A − Y, one-hot Y, 1,000 classes", "cross_entropy_dZ", None,
            columns_with(wide, one_hot) + confident(wide),
        ),
    ]  # fmt: skip


# --- Infinity -------------------------------------------------------------------------------------

INF = math.inf
LIMITS = [
    # what, the call, the limit; None where there is none, so that the call must be refused
    ("sigmoid(±inf)", lambda: nn.sigmoid([-INF, INF]), [0, 1]),
    ("sigmoid′(±inf)", lambda: nn.sigmoid.prime([-INF, INF]), [0, 0]),
    ("tanh(±inf)", lambda: nn.tanh([-INF, INF]), [-1, 1]),
    ("tanh′(±inf)", lambda: nn.tanh.prime([-INF, INF]), [0, 0]),
    ("relu(±inf)", lambda: nn.relu([-INF, INF]), [0, INF]),
    ("relu′(±inf)", lambda: nn.relu.prime([-INF, INF]), [0, 1]),
    ("identity(±inf)", lambda: nn.identity([-INF, INF]), [-INF, INF]),
    ("softmax(inf, 0, −inf)", lambda: nn.softmax([INF, 0.0, -INF]), [1, 0, 0]),
    ("softmax(−inf, 2, 2)", lambda: nn.softmax([-INF, 2.0, 2.0]), [0, 0.5, 0.5]),
    ("softmax(inf, inf)", lambda: nn.softmax([INF, INF]), None),
    ("softmax(−inf, −inf)", lambda: nn.softmax([-INF, -INF]), None),
    *(
        (f"{name}({'−' if z < 0 else ''}inf, {y:g})", lambda f=f, z=z, y=y: f(z, y), limit)
        for name, f, z, y, limit in [
            ("bce.from_logits", nn.bce.from_logits, INF, 1, 0),
            ("bce.from_logits", nn.bce.from_logits, INF, 0, INF),
            ("bce.from_logits", nn.bce.from_logits, INF, 0.5, INF),
            ("bce.from_logits", nn.bce.from_logits, -INF, 0, 0),
            ("bce.from_logits", nn.bce.from_logits, -INF, 1, INF),
            ("bce.dZ", nn.bce.dZ, INF, 1, 0),
            ("bce.dZ", nn.bce.dZ, INF, 0.25, 0.75),
            ("bce.dZ", nn.bce.dZ, -INF, 1, -1),
            ("bce.dZ", nn.bce.dZ, -INF, 0.25, -0.25),
        ]
    ),
    ("cross_entropy.from_logits, the target at −inf",
     lambda: nn.cross_entropy.from_logits([[-INF], [0.0]], [[1], [0]]), INF),
    ("cross_entropy.from_logits, another class at −inf",
     lambda: nn.cross_entropy.from_logits([[-INF], [0.0]], [[0], [1]]), 0),
    ("cross_entropy.dZ, the target at inf",
     lambda: nn.cross_entropy.dZ([[INF], [0.0]], [[1], [0]]), [[0], [0]]),
    ("cross_entropy.dZ of two +inf", lambda: nn.cross_entropy.dZ([[INF], [INF]], [[1], [0]]), None),
]  # fmt: skip


def limit_faults() -> list[str]:
    """Return each limit that is wrong, or comes with a flag."""
    found = []
    for what, call, limit in LIMITS:
        try:
            with np.errstate(all="raise", under="ignore"):
                answer = call()
        except FloatingPointError as error:
            found.append(f"{what}: {error}")
        except ValueError as error:
            if limit is not None or "limit" not in str(error):
                found.append(f"{what}: {error}")
        else:
            if limit is None or not np.array_equal(answer, limit):
                found.append(f"{what}: {answer}, the limit is {limit}")
    return found


# --- The part -------------------------------------------------------------------------------------


def run(full: bool) -> Section | None:  # noqa: ARG001
    """Measure everything on all points, beside the other packages."""
    contenders = {"nnmath": _nnmath(), **{name: package(name) for name in PACKAGES}}
    lines = measures()
    for line in lines:
        line.run(contenders)
    goals = [
        at_least("scalars up to 1e4", scalars().size, 7000, headline=True),
        at_least("columns of logits", len(columns()) + len(wide_columns()), 2500, headline=True),
        *(
            at_most(line.what, line.worst["nnmath"], line.goal, "ulp", headline=line.headline)
            for line in lines
            if line.goal is not None
        ),
        none_of(
            "flags, or NaN, up to 1e300", sum(m.faults for m in lines), sum(m.count for m in lines)
        ),
        none_of("wrong limits at ±inf", len(limit_faults()), len(LIMITS)),
    ]
    rows = tuple(
        (
            line.what,
            f"{line.count:,}",
            *(shown(line, who, calls) for who, calls in contenders.items()),
        )
        for line in lines
    )
    text = (
        "The worst error over all points, in units in the last place (ulp) of the exact result, "
        "against textbook formulas in 400-digit arithmetic. A correctly rounded result is within "
        "0.5. The other packages get the same points, through the call that their users write; "
        "where a formula of theirs loses every digit somewhere, it says so."
    )
    head = ("function", "values", *contenders)
    return Section(1, "Accuracy", text, tuple(goals), (Table("Worst error in ulp", head, rows),))


def shown(line: Measure, who: str, calls: dict[str, Callable] | None) -> str:
    """Return one figure of the table as text."""
    if calls is None:
        return "not installed"
    if who not in line.worst:
        return "—"
    if who in line.lost:
        return "no digit right"
    worst = line.worst[who]
    return f"{worst:.2f}" if worst < 100 else f"{worst:,.0f}" if worst < 1e5 else f"{worst:.1e}"
