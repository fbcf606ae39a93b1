"""A full gradient check of the network of notebook 03: all 2,778 parameters."""

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import numpy as np

import nnmath as nn
from benchmarks._measure import shown, side_by_side, version
from benchmarks._networks import Problem, problem
from benchmarks._outcome import MISSING, Outcome, missing, ratio_goal
from proof._record import Goal, Section, Table

OTHERS = [("torch gradcheck", "torch"), ("scipy check_grad", "scipy")]

TEXT = (
    "Every dW and db of the network 64-32-16-10, 2,778 numbers, on a batch of 64 examples: by "
    "`check_gradients` with the complex step and with central differences; by "
    "`torch.autograd.gradcheck` on the same network in torch; and by `scipy.optimize.check_grad` "
    "on `nn.cost` as a function of one long vector. The last column says how closely each looks: "
    "the bound that the gradient had to pass, or what scipy returns, the length of the "
    "difference vector. Each has one core. No goal is set here."
)


def by_nnmath(p: Problem, method: str) -> Callable[[], nn.GradientReport]:
    """Return the check of this package, of dW and db only, as the others have it."""
    grads = nn.backward(p.net, nn.forward(p.net, p.X), p.Y, p.loss)
    wanted = SimpleNamespace(dW=grads.dW, db=grads.db)
    return lambda: nn.check_gradients(p.net, p.X, p.Y, p.loss, wanted, method)


def by_torch(p: Problem) -> Callable[[], bool]:
    """Return torch's check."""
    import torch
    import torch.nn.functional as F

    torch.set_num_threads(1)
    L = p.net.L
    parameters = [torch.tensor(np.array(p.net.W[l]), requires_grad=True) for l in p.net.layers]
    parameters += [
        torch.tensor(np.array(p.net.b[l][:, 0]), requires_grad=True) for l in p.net.layers
    ]
    x = torch.tensor(np.ascontiguousarray(p.X.T))
    y = torch.tensor(p.Y.argmax(axis=0))

    def cost(*V: Any) -> Any:
        a = x
        for l in range(L):
            a = F.linear(a, V[l], V[L + l])
            a = torch.relu(a) if l < L - 1 else a
        return F.cross_entropy(a, y)

    return lambda: torch.autograd.gradcheck(cost, parameters)


def by_scipy(p: Problem) -> Callable[[], float]:
    """Return scipy's check of the cost as a function of one vector."""
    from scipy.optimize import check_grad

    layers = p.net.layers
    arrays = [*(p.net.W[l] for l in layers), *(p.net.b[l] for l in layers)]
    ends = np.cumsum([array.size for array in arrays])[:-1]

    def network(x: np.ndarray) -> nn.Network:
        parts = [V.reshape(a.shape) for V, a in zip(np.split(x, ends), arrays, strict=True)]
        W, b = parts[: len(layers)], parts[len(layers) :]
        return nn.Network(dict(enumerate(W, 1)), dict(enumerate(b, 1)), p.net.g)

    def cost(x: np.ndarray) -> float:
        return nn.cost(network(x), p.X, p.Y, p.loss)

    def gradient(x: np.ndarray) -> np.ndarray:
        net = network(x)
        grads = nn.backward(net, nn.forward(net, p.X), p.Y, p.loss)
        return np.concatenate([dV[l].ravel() for dV in (grads.dW, grads.db) for l in layers])

    start = np.concatenate([array.ravel() for array in arrays])
    return lambda: float(check_grad(cost, gradient, start))


def run(tiny: bool = False) -> Outcome:
    """Check with each, see that each is satisfied, and time it."""
    p = problem((3, 4, 2), 5) if tiny else problem((64, 32, 16, 10), 64)
    count = sum(p.net.W[l].size + p.net.b[l].size for l in p.net.layers)
    contenders: dict[str, Callable[[], Any]] = {
        "complex step": by_nnmath(p, "complex"),
        "central differences": by_nnmath(p, "central"),
    }
    if version("torch"):
        contenders["torch gradcheck"] = by_torch(p)
    if version("scipy"):
        contenders["scipy check_grad"] = by_scipy(p)
    closeness = {}
    for name, check in contenders.items():
        result = check()
        if isinstance(result, nn.GradientReport):
            good, closeness[name] = result.ok, f"relative, {result.tolerance:.0e} of each array"
        elif isinstance(result, bool):
            good, closeness[name] = result, "1e-5 + 1e-3 of each number"
        else:
            good, closeness[name] = result < 1e-4, f"{result:.0e}"
        if not good:
            raise ValueError(f"{name} does not accept the gradient")
    times = side_by_side(contenders, seconds=0.0 if tiny else 30, rounds=1 if tiny else 5)
    rows = [
        (name, shown(times.seconds(name)), shown(times.seconds(name) / count), closeness[name])
        for name in contenders
    ]
    rows += [(name, MISSING, "", "") for name, package in OTHERS if not version(package)]
    goals: list[Goal] = [
        ratio_goal(f"{mine} / {other}", times, mine, other, None, headline=mine == "complex step")
        for mine in ("complex step", "central differences")
        for other, _ in OTHERS
    ]
    head = ("check", "time", "each parameter", "what passes")
    table = Table(f"All {count:,} parameters", head, tuple(rows))
    text = TEXT + missing(OTHERS)
    return Outcome(Section(3, "A full gradient check", text, tuple(goals), (table,), False))
