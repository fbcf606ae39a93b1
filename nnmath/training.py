"""Gradient descent: forward, backward, step, again; with a record of the way."""

import contextlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from nnmath import _inputs
from nnmath.losses import Loss
from nnmath.network import Network, backward, cost, forward, step


@dataclass(frozen=True, eq=False)
class History:
    """A training run: at each recorded step its number, the cost of all examples, and the network.

    steps and J are arrays of equal length, read-only; nets is a tuple of as many networks. They
    start before the first step and end after the last.
    """

    steps: np.ndarray
    J: np.ndarray
    nets: tuple[Network, ...]

    def __post_init__(self) -> None:
        for name in ("steps", "J"):
            array = np.array(getattr(self, name))
            array.flags.writeable = False
            object.__setattr__(self, name, array)

    def __repr__(self) -> str:
        return f"History(J from {self.J[0]:.6g} to {self.J[-1]:.6g} in {self.steps[-1]} steps)"


def train(
    net: Network,
    X: ArrayLike,
    Y: ArrayLike,
    loss: Loss,
    *,
    lr: float,
    steps: int,
    batch: int | None = None,
    rng: Any = None,
    every: int = 1,
    progress: bool = False,
) -> History:
    """Train the network by gradient descent and return its `History`.

    X has shape (n_0, m), Y has shape (n_L, m). lr is the learning rate, steps the number of
    updates. batch: how many examples each step uses, all of them by default; with a smaller number
    the examples are shuffled anew by `rng` (a numpy `Generator` or `RandomState`) for each pass
    through them, and the last batch of a pass may be smaller. every: record each `every`-th step.
    progress: show a bar. Raises: ValueError or TypeError that names the argument; then nothing is
    trained. ValueError that names the step where training diverged, when lr is too large.

    >>> import nnmath as nn
    >>> X, Y = nn.data.planar_flower(m=40)
    >>> net = nn.init([2, 1], g=[nn.sigmoid], rng=np.random.RandomState(0))
    >>> history = nn.train(net, X, Y, nn.bce, lr=0.5, steps=20, every=10)
    >>> print(history.steps, bool(history.J[-1] < history.J[0]))
    [ 0 10 20] True
    """
    call = "train(net, X, Y, loss, ...)"
    _inputs.instance(call, "net", net, Network)
    _inputs.instance(call, "loss", loss, Loss)
    X = _inputs.examples(call, X, net.sizes[0], real=True)
    Y = _inputs.targets(call, Y, (net.sizes[-1], X.shape[1]), "network and X")
    lr = _inputs.rate(call, "lr", lr)
    steps = _inputs.whole(call, "steps", steps, low=0)
    every = _inputs.whole(call, "every", every, low=1)
    batches = _batches(call, X.shape[1], batch, rng)

    recorded, costs, nets = [0], [cost(net, X, Y, loss)], [net]
    for k in _counted(range(1, steps + 1), progress):
        i = next(batches)
        with _divergence_named(call, k, lr):
            net = step(net, backward(net, forward(net, X[:, i]), Y[:, i], loss), lr)
            if k % every == 0 or k == steps:
                recorded.append(k)
                costs.append(cost(net, X, Y, loss))
                nets.append(net)
    return History(np.array(recorded), np.array(costs), tuple(nets))


@contextlib.contextmanager
def _divergence_named(call: str, k: int, lr: float) -> Iterator[None]:
    """Say of numbers that grow beyond all bounds which step it was, and what to change.

    The data and the network were finite at the start, so nothing but the steps can be the cause.
    """
    try:
        with np.errstate(over="ignore", invalid="ignore"):
            yield
    except _inputs.NotFinite:
        raise ValueError(
            f"{call}: training diverged at step {k}: the numbers grew until they were no longer "
            f"finite; lr = {lr:g} is too large here, try {lr / 10:g}"
        ) from None


def _batches(call: str, m: int, batch: int | None, rng: Any) -> Iterator:
    """Return an endless iterator over which columns each step uses."""
    if batch is None:
        return iter(lambda: slice(None), None)
    batch = _inputs.whole(call, "batch", batch, low=1, high=m)
    _inputs.random_source(call, rng)

    def passes() -> Iterator:
        while True:
            order = rng.permutation(m)
            yield from (order[start : start + batch] for start in range(0, m, batch))

    return passes()


def _counted(steps: range, progress: bool) -> Iterable[int]:
    if not progress:
        return steps
    from tqdm.auto import tqdm  # loaded when asked for: `import nnmath` needs numpy only

    class Bar(tqdm):  # type: ignore[misc]
        monitor_interval = 0  # no thread that redraws a bar at rest: a browser cannot start one

    return Bar(steps, desc="gradient steps")
