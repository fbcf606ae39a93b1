"""Gradients: 200 random networks by complex step, 60 by 120-digit differences, kinks one by one.

Two truths. `check_gradients` differentiates our own forward pass by the complex step: it must find
nothing, whatever the depth and the scale. And the cost is differentiated by differences of the
textbook formulas in 120-digit arithmetic, which know no line of this package. Where the weights are
large a gradient is badly conditioned: then rounding the weights alone changes it, and that change
is measured and is the yardstick.
"""

from collections.abc import Callable, Iterator
from typing import Any

import mpmath
import numpy as np

import nnmath as nn
from proof._record import Goal, Section, Table, at_least, at_most, none_of

DIGITS = 120
NUDGE = mpmath.mpf(10) ** -40  # off by its square, 1e-80, and by 1e-120 / 1e-40
SCALES = (0.1, 0.3, 1.0, 3.0, 10.0)
HIDDEN = ("sigmoid", "tanh", "relu", "identity", "softmax")
FUSED = (("sigmoid", "bce"), ("softmax", "cross_entropy"), ("identity", "squared_error"))
UNFUSED = (
    ("sigmoid", "squared_error"), ("softmax", "squared_error"), ("tanh", "squared_error"),
    ("relu", "squared_error"), ("softmax", "bce"), ("sigmoid", "cross_entropy"),
)  # fmt: skip
ROUNDING = 2.0**-53
WELL = 40  # a condition up to which 1e-14 is asked for


class Problem:
    """A network with a batch, its targets and a loss."""

    def __init__(self, seed: int, depth: int, scale: float, pair: tuple[str, str], widest: int = 5):
        rng = np.random.default_rng(seed)
        self.scale, self.pair, self.depth = scale, pair, depth
        n = [int(v) for v in rng.integers(2, widest + 1, depth + 1)]
        m = int(rng.integers(2, widest))
        layers = range(1, depth + 1)
        names = {l: HIDDEN[(seed + l) % len(HIDDEN)] for l in layers} | {depth: pair[0]}
        W = {l: scale * rng.normal(size=(n[l], n[l - 1])) / np.sqrt(n[l - 1]) for l in layers}
        b = {l: rng.normal(size=(n[l], 1)) / 2 for l in layers}
        self.net = nn.Network(W, b, {l: getattr(nn, name) for l, name in names.items()})
        self.X = rng.normal(size=(n[0], m))
        self.Y = targets(pair[1], n[-1], m, rng, soft=seed % 2 == 0)
        self.loss = getattr(nn, pair[1])

    def gradients(self) -> nn.Gradients:
        """Return what `backward` says."""
        return nn.backward(self.net, nn.forward(self.net, self.X), self.Y, self.loss)


def targets(loss: str, n: int, m: int, rng: np.random.Generator, soft: bool) -> np.ndarray:
    """Return random targets; soft ones of cross-entropy do not sum to 1."""
    if loss == "bce":
        return rng.random((n, m)) if soft else rng.integers(0, 2, (n, m)).astype(float)
    if loss == "cross_entropy":
        return 1.5 * rng.random((n, m)) if soft else np.eye(n)[:, rng.integers(0, n, m)]
    return rng.normal(size=(n, m))


def problems(count: int, depths: int = 8, widest: int = 5) -> Iterator[Problem]:
    """Yield seeded problems of all depths, scales, losses and activations.

    A loss that is not fused has logarithms of probabilities: with large weights these are 0 and 1,
    and it has no gradient at all. Such pairs get scales up to 1.
    """
    for i in range(count):
        pair = (*FUSED, *UNFUSED)[i % 9]
        bounded = pair not in FUSED and pair[1] != "squared_error"
        scale = SCALES[i // 9 % (3 if bounded else 5)]
        yield Problem(i, 1 + i // 3 % depths, scale, pair, widest)


# --- The complex step -----------------------------------------------------------------------------


def complex_step_errors(problem: Problem) -> tuple[float, int]:
    """Return the worst error over all arrays, and how many entries were skipped."""
    report = nn.check_gradients(problem.net, problem.X, problem.Y, problem.loss)
    worst = max(error for of in report.errors.values() for error in of.values())
    return worst, len(report.kinks)


# --- Textbook formulas in 120 digits --------------------------------------------------------------


def mp(array: np.ndarray) -> np.ndarray:
    """Return the same numbers as an array of multiple-precision ones."""
    out = np.empty(array.shape, dtype=object)
    for k in np.ndindex(array.shape):
        out[k] = mpmath.mpf(float(array[k]))
    return out


def mp_activation(name: str, Z: np.ndarray) -> np.ndarray:
    """Return A = g(Z) by the textbook formula."""
    if name == "softmax":
        E = np.vectorize(mpmath.exp, otypes=[object])(Z)
        return E / E.sum(axis=0, keepdims=True)
    formula = {
        "sigmoid": lambda z: 1 / (1 + mpmath.exp(-z)),
        "tanh": mpmath.tanh,
        "relu": lambda z: z if z > 0 else mpmath.mpf(0),
        "identity": lambda z: z,
    }[name]
    return np.vectorize(formula, otypes=[object])(Z)


def mp_loss(name: str, A: np.ndarray, Y: np.ndarray) -> Any:
    """Return J by the textbook formula; 0 · log 0 counts as 0."""

    def entry(a: Any, y: Any) -> Any:
        if name == "squared_error":
            return (a - y) ** 2 / 2
        one = -y * mpmath.log(a) if y else mpmath.mpf(0)
        if name == "cross_entropy":
            return one
        return one - (1 - y) * mpmath.log(1 - a) if y != 1 else one

    return sum(entry(a, y) for a, y in zip(A.flat, Y.flat, strict=True)) / A.shape[1]


def mp_loss_of_logits(name: str, Z: np.ndarray, Y: np.ndarray) -> Any:
    """Return J of link(Z), whose logarithms are taken by hand: σ(300) is 1 in any 120 digits."""
    if name == "squared_error":
        return mp_loss(name, Z, Y)
    if name == "bce":
        pairs = zip(Z.flat, Y.flat, strict=True)
        return sum(y * mp_softplus(-z) + (1 - y) * mp_softplus(z) for z, y in pairs) / Z.shape[1]
    total = np.vectorize(mpmath.log, otypes=[object])(
        np.vectorize(mpmath.exp, otypes=[object])(Z).sum(axis=0, keepdims=True)
    )
    return (Y * (total - Z)).sum() / Z.shape[1]


def mp_softplus(z: Any) -> Any:
    """Return log(1 + e^z)."""
    return mpmath.log1p(mpmath.exp(z))


def mp_gradients(problem: Problem) -> dict[tuple[str, int], np.ndarray]:
    """Return ∂J/∂V for every array of `Gradients`, by central differences in 120 digits."""
    net, loss = problem.net, problem.pair[1]
    fused = net.g[net.L] is problem.loss.link
    with mpmath.workdps(DIGITS):
        W, b = ({l: mp(V[l]) for l in net.layers} for V in (net.W, net.b))
        Y = mp(problem.Y)

        def J_from_A(A: np.ndarray, start: int) -> Any:
            return J_from_Z(W[start + 1] @ A + b[start + 1], start + 1)

        def J_from_Z(Z: np.ndarray, l: int) -> Any:
            if l == net.L and fused:
                return mp_loss_of_logits(loss, Z, Y)
            A = mp_activation(net.g[l].name, Z)
            return mp_loss(loss, A, Y) if l == net.L else J_from_A(A, l)

        A, found = mp(problem.X), {}
        for l in net.layers:
            Z = W[l] @ A + b[l]
            found["dW", l] = differences(lambda V, l=l, A=A: J_from_Z(V @ A + b[l], l), W[l])
            found["db", l] = differences(lambda V, l=l, A=A: J_from_Z(W[l] @ A + V, l), b[l])
            found["dZ", l] = differences(lambda V, l=l: J_from_Z(V, l), Z)
            A = mp_activation(net.g[l].name, Z)
            if l < net.L:
                found["dA", l] = differences(lambda V, l=l: J_from_A(V, l), A)
            elif not fused:
                found["dA", l] = differences(lambda V: mp_loss(loss, V, Y), A)
    return found


def differences(J: Callable, V: np.ndarray) -> np.ndarray:
    """Return the gradient of J at V, as floats."""
    slope = np.empty(V.shape)
    for k in np.ndindex(V.shape):
        up, down = V.copy(), V.copy()
        up[k], down[k] = V[k] + NUDGE, V[k] - NUDGE
        slope[k] = float((J(up) - J(down)) / (2 * NUDGE))
    return slope


def arrays_of(grads: nn.Gradients) -> dict[tuple[str, int], np.ndarray]:
    """Return {(name, l): array}."""
    names = ("dW", "db", "dZ", "dA")
    return {(name, l): V for name in names for l, V in getattr(grads, name).items()}


def relative(computed: np.ndarray, truth: np.ndarray) -> float:
    """Return max |g − ĝ| / max |ĝ|, of one array; the largest |g| where ĝ is zero."""
    size = np.abs(truth).max()
    return float(np.abs(computed - truth).max() / (size if size > 0 else 1.0))


def mp_errors(problem: Problem) -> dict[tuple[str, int], float]:
    """Return the error of each array of `backward` against the 120 digits."""
    truth = mp_gradients(problem)
    return {key: relative(V, truth[key]) for key, V in arrays_of(problem.gradients()).items()}


def conditions(problem: Problem, tries: int = 12) -> dict[tuple[str, int], float]:
    """Return by how much a relative change of W, b and X, entry by entry, is magnified.

    For each array of the gradient: its largest relative change over the size of the change, and at
    least 1, because the result is rounded too.
    """
    size, rng = 1e-8, np.random.default_rng(0)
    before = arrays_of(problem.gradients())
    worst = dict.fromkeys(before, 1.0)

    def changed(V: np.ndarray) -> np.ndarray:
        return V * (1 + size * rng.choice((-1.0, 1.0), V.shape))

    net, X = problem.net, problem.X
    for _ in range(tries):
        W, b = ({l: changed(V[l]) for l in net.layers} for V in (net.W, net.b))
        other = nn.Network(W, b, net.g)
        grads = nn.backward(other, nn.forward(other, changed(X)), problem.Y, problem.loss)
        for key, V in arrays_of(grads).items():
            worst[key] = max(worst[key], relative(V, before[key]) / size)
    return worst


# --- Complex safety -------------------------------------------------------------------------------

POINTS = (0.0, -0.0, 1e-300, -1e-300, 0.5, -1.5, 18.0, -19.0, 37.0, -37.0, 300.0, -300.0)
COLUMNS = (
    (0.0, 0.0, 0.0),
    (2.0, 2.0, -1.0),
    (40.0, 0.0, 1.0),
    (0.0, 300.0, 299.0),
    (-250.0, 0.0, -300.0),
)
STEP = 1e-30


def mp_slope(f: Callable, z: float) -> Any:
    """Return the derivative of a function of one number, to 300 digits and more."""
    with mpmath.workdps(700):
        h = mpmath.mpf(10) ** -350
        return (f(mpmath.mpf(z) + h) - f(mpmath.mpf(z) - h)) / (2 * h)


def mp_sigmoid(z: Any) -> Any:
    return 1 / (1 + mpmath.exp(-z))


def mp_sigmoid_slope(z: Any) -> Any:
    return mpmath.exp(-z) / (1 + mpmath.exp(-z)) ** 2


def mp_softmax(k: int, j: int, column: tuple[float, ...]) -> Callable:
    """Return a_k as a function of z_j."""

    def a(z: Any) -> Any:
        E = [mpmath.exp(z if i == j else mpmath.mpf(v)) for i, v in enumerate(column)]
        return E[k] / sum(E)

    return a


def scalar_operations() -> list[tuple[str, Callable, Callable]]:
    """Return name, our function of one number, and the textbook formula to be differentiated."""
    found: list[tuple[str, Callable, Callable]] = [
        ("sigmoid", nn.sigmoid, mp_sigmoid),
        ("sigmoid.prime", nn.sigmoid.prime, mp_sigmoid_slope),
        ("sigmoid.vjp", lambda z: nn.sigmoid.vjp(z, 0.7), lambda z: 0.7 * mp_sigmoid_slope(z)),
        ("tanh", nn.tanh, mpmath.tanh),
        ("tanh.prime", nn.tanh.prime, lambda z: mpmath.sech(z) ** 2),
        ("tanh.vjp", lambda z: nn.tanh.vjp(z, 0.7), lambda z: 0.7 * mpmath.sech(z) ** 2),
        ("identity", nn.identity, lambda z: z),
        (
            "squared_error",
            lambda z: nn.squared_error(z, 0.3),
            lambda z: (z - mpmath.mpf(0.3)) ** 2 / 2,
        ),
        ("squared_error.dA", lambda z: nn.squared_error.dA(z, 0.3), lambda z: z),
        ("squared_error.dZ", lambda z: nn.squared_error.dZ(z, 0.3), lambda z: z),
    ]
    for y in (0.0, 1.0, 0.25):
        found += [
            (
                f"bce.from_logits, y = {y:g}",
                lambda z, y=y: nn.bce.from_logits(z, y),
                lambda z, y=y: y * mp_softplus(-z) + (1 - y) * mp_softplus(z),
            ),
            (f"bce.dZ, y = {y:g}", lambda z, y=y: nn.bce.dZ(z, y), mp_sigmoid),
        ]
    return found


def complex_safety() -> list[tuple[str, float, float]]:
    """Return operation, point, and the relative error of its complex step there."""
    found = []
    for name, ours, textbook in scalar_operations():
        for z in POINTS:
            truth = mp_slope(textbook, z)
            slope = complex(ours(complex(z, STEP))).imag / STEP
            # At a saddle the slope is 0, or lost in the curvature: there the error is absolute.
            floor = 1.0 if abs(z) < 1e-200 else 0.0
            found.append((name, z, error_of(slope, truth, floor)))
    for column in COLUMNS:
        for j in range(len(column)):
            moved = np.array(column, dtype=complex).reshape(-1, 1)
            moved[j] += 1j * STEP
            A = nn.softmax(moved).imag / STEP
            J = nn.cross_entropy.from_logits(moved, np.eye(3)[:, :1])
            for k in range(len(column)):
                truth = mp_slope(mp_softmax(k, j, column), column[j])
                found.append((f"softmax {column}", column[j], error_of(A[k, 0], truth)))

            def cost(z: Any, j: int = j, column: tuple[float, ...] = column) -> Any:
                return -mpmath.log(mp_softmax(0, j, column)(z))

            error = error_of(complex(J).imag / STEP, mp_slope(cost, column[j]))
            found.append((f"cross_entropy.from_logits {column}", column[j], error))
    return found


def error_of(slope: float, truth: Any, floor: float = 0.0) -> float:
    """Return the relative error; absolute below the smallest numbers that have all their digits."""
    size = max(abs(float(truth)), floor, 1e-290)
    return abs(float(slope - truth)) / size


# --- Kinks ----------------------------------------------------------------------------------------


class Kinked:
    """A ReLU network that stands exactly on a kink: Z[l][k, i] = 0, for one unit and one example.

    All numbers are multiples of 1/8, so that the zero is exact.
    """

    def __init__(self, seed: int):
        rng = np.random.default_rng(seed)
        n0, n1, n2, m = 2 + seed % 3, 3 + seed % 2, 1 + seed % 3, 3

        def eighths(*shape: int) -> np.ndarray:
            return rng.choice(np.concatenate([np.arange(-16, 0), np.arange(1, 17)]), shape) / 8

        W, b, X = (
            {1: eighths(n1, n0), 2: eighths(n2, n1)},
            {1: eighths(n1, 1), 2: eighths(n2, 1)},
            eighths(n0, m),
        )
        self.k, self.i = int(rng.integers(n1)), int(rng.integers(m))
        b[1][self.k] = -(W[1] @ X)[self.k, self.i]
        output = (nn.identity, nn.tanh, nn.sigmoid)[seed % 3]
        self.net, self.X = nn.Network(W, b, {1: nn.relu, 2: output}), X
        self.Y = np.full((n2, m), 0.25) + rng.random((n2, m)) / 2
        cache = nn.forward(self.net, X)
        self.grads = nn.backward(self.net, cache, self.Y, nn.squared_error)
        self.slope = self.grads.dA[1][self.k, self.i]  # on the right; on the left it is 0
        # Where several units stand at 0, or J is flat on both sides, there is less to be said.
        self.alone = int(np.sum(cache.Z[1] == 0)) == 1 and abs(self.slope) > 1e-3

    def report(self, method: str, value: float = 0.0) -> nn.GradientReport:
        """Check the gradients with another value of dZ at the kink."""
        dZ = self.grads.dZ[1].copy()
        dZ[self.k, self.i] = value
        grads = nn.Gradients(self.grads.dW, self.grads.db, {**self.grads.dZ, 1: dZ}, self.grads.dA)
        return nn.check_gradients(self.net, self.X, self.Y, nn.squared_error, grads, method=method)

    def must_be_reported(self) -> set[tuple[str, int, tuple[int, int]]]:
        """Return every entry whose nudge moves that Z: itself, its bias, its weights (X ≠ 0)."""
        inputs = range(self.X.shape[0])
        weights = {("dW", 1, (self.k, j)) for j in inputs}
        return weights | {("dZ", 1, (self.k, self.i)), ("db", 1, (self.k, 0))}


def kink_faults(seed: int) -> list[str]:
    """Return what is wrong at one exact kink, by either method."""
    kinked, found = Kinked(seed), []
    if not kinked.alone:
        return []
    slope = kinked.slope
    for method in ("complex", "central"):
        report = kinked.report(method)
        if not report.ok or set(report.kinks) != kinked.must_be_reported():
            found.append(f"{seed}, {method}: not reported as it should be")
        for share, passes in ((0.5, True), (1.0, True), (1.5, False), (-0.5, False)):
            if kinked.report(method, share * slope).ok is not passes:
                found.append(f"{seed}, {method}: {share} of the right slope, ok is {not passes}")
    return found


# --- The part -------------------------------------------------------------------------------------


def run(full: bool) -> Section | None:
    """Compare 200 networks by complex step, 60 (or 200) with 120 digits, and 60 at kinks."""
    nets, exact, kinks = list(problems(200)), 200 if full else 60, 60
    steps = [complex_step_errors(problem)[0] for problem in nets]
    measured = [
        (problem.scale, error, kappas[key])
        for problem in problems(exact, depths=4, widest=4)
        for kappas in [conditions(problem)]
        for key, error in mp_errors(problem).items()
    ]
    small = [(e, kappa <= WELL) for scale, e, kappa in measured if scale <= 1]
    well = [e for e, conditioned in small if conditioned]
    shares = [e / (kappa * ROUNDING) for _, e, kappa in measured]
    safety = complex_safety()
    faults = [fault for seed in range(kinks) for fault in kink_faults(seed)]
    alone = sum(Kinked(seed).alone for seed in range(kinks))
    goals = (
        at_least("networks by complex step", len(nets), 200, headline=True),
        at_most("their worst array", np.max(steps), 1e-12, headline=True),
        none_of("false alarms", sum(not e <= 1e-12 for e in steps), len(nets)),
        at_least("networks in 120 digits", exact, 60),
        at_most("worst array against 120 digits, scales ≤ 1", np.max(well), 1e-14, headline=True),
        Goal(
            f"arrays at these scales set aside, condition > {WELL}",
            "",
            f"{len(small) - len(well)} of {len(small)}",
            None,
        ),
        at_most("worst share of condition × 2⁻⁵³, all scales", np.max(shares), 8),
        at_most("complex step through an operation", np.max([e for *_, e in safety]), 1e-13),
        at_least("of them at branch points and in saturated columns", len(safety), 100),
        none_of("kinks passed in silence, or misjudged", len(faults), alone, headline=True),
    )
    rows = []
    for scale in SCALES:
        own = [(e, kappa, e / (kappa * ROUNDING)) for s, e, kappa in measured if s == scale]
        e, kappa, share = np.max(own, axis=0)
        rows.append((f"{scale:g}", str(len(own)), f"{e:.1e}", f"{kappa:,.0f}", f"{share:.2f}"))
    text = (
        "`backward` against two truths: the complex step through our own forward pass (depth 1 to "
        "8, every activation and loss, soft targets, weights of scale 0.1 to 10), and differences "
        "of the textbook formulas in 120-digit arithmetic. Errors are relative to the largest "
        "entry of an array. The condition of an array is by how much a relative change of weights, "
        "biases and inputs, entry by entry, is magnified in it: rounding the inputs alone costs "
        "that much. An array whose entries nearly cancel is set aside from the fixed bound, and "
        "held to the one that its condition gives."
    )
    head = ("scale of the weights", "arrays", "worst error", "worst condition", "worst share")
    tables = (Table("Against 120 digits, by the scale of the weights", head, tuple(rows)),)
    return Section(2, "Gradients", text, goals, tables)
