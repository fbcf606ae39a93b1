"""Training the digits of notebook 03 to the same held-out accuracy."""

import warnings
from collections.abc import Callable
from typing import Any

import numpy as np

import nnmath as nn
from benchmarks._measure import shown, side_by_side, version
from benchmarks._outcome import MISSING, Outcome, missing, ratio_goal
from proof._record import Goal, Section, Table

SIZES, LR, BATCH, ACCURACY, MOST = (64, 32, 16, 10), 0.3, 64, 0.95, 40
OTHERS = [("torch", "torch"), ("scikit-learn", "scikit-learn")]

TEXT = (
    f"The network 64-32-16-10 of notebook 03, its split into 1,437 and 360 pictures, gradient "
    f"descent with lr = {LR} and batches of {BATCH}. Each is trained for as many passes as it "
    f"needs to be right on {ACCURACY:.0%} of the pictures held out; finding that number is not "
    "timed. The torch loop starts from the same weights and takes the same batches, so it ends at "
    "the same network. `MLPClassifier` (solver `sgd`, no momentum, no penalty) draws its own. Each "
    "has one core. No goal is set here."
)


class Task:
    """The digits as notebook 03 splits them."""

    def __init__(self) -> None:
        pixels, labels = nn.data.digits()
        order = np.random.RandomState(0).permutation(pixels.shape[1])
        train, held = order[:-360], order[-360:]
        self.X, self.Y = pixels[:, train], labels[:, train]
        self.X_held, self.truth = pixels[:, held], labels[:, held].argmax(axis=0)
        g = [nn.relu, nn.relu, nn.softmax]
        self.start = nn.init(SIZES, g, np.random.RandomState(1))
        self.epoch = -(-self.X.shape[1] // BATCH)  # steps in one pass

    def right(self, net: nn.Network) -> float:
        """Return the share of held-out pictures that the network reads rightly."""
        L = net.L
        return float(np.mean(nn.forward(net, self.X_held).A[L].argmax(axis=0) == self.truth))


def with_nnmath(task: Task, passes: int) -> Callable[[], nn.Network]:
    """Return the training run of this package."""
    steps = passes * task.epoch

    def run() -> nn.Network:
        rng = np.random.RandomState(2)
        history = nn.train(
            task.start,
            task.X,
            task.Y,
            nn.cross_entropy,
            lr=LR,
            steps=steps,
            batch=BATCH,
            rng=rng,
            every=steps,
        )
        return history.nets[-1]

    return run


def with_torch(task: Task, passes: int) -> Callable[[], nn.Network]:
    """Return the same algorithm as a plain torch loop, on the same batches."""
    import torch
    import torch.nn.functional as F

    torch.set_num_threads(1)
    layers, m = task.start.layers, task.X.shape[1]
    x = torch.tensor(np.ascontiguousarray(task.X.T))
    y = torch.tensor(task.Y.argmax(axis=0))

    def run() -> nn.Network:
        rng = np.random.RandomState(2)
        W = [torch.tensor(np.array(task.start.W[l]), requires_grad=True) for l in layers]
        b = [torch.tensor(np.array(task.start.b[l][:, 0]), requires_grad=True) for l in layers]
        for _ in range(passes):
            order = torch.from_numpy(rng.permutation(m))
            for first in range(0, m, BATCH):
                i = order[first : first + BATCH]
                a = x[i]
                for w, v in zip(W[:-1], b[:-1], strict=True):
                    a = torch.relu(F.linear(a, w, v))
                J = F.cross_entropy(F.linear(a, W[-1], b[-1]), y[i])
                grads = torch.autograd.grad(J, [*W, *b])
                with torch.no_grad():
                    for V, dV in zip([*W, *b], grads, strict=True):
                        V -= LR * dV
        arrays = [[V.detach().numpy() for V in Vs] for Vs in (W, b)]
        return nn.Network(
            dict(enumerate(arrays[0], 1)),
            {l: v[:, None] for l, v in enumerate(arrays[1], 1)},
            task.start.g,
        )

    return run


def with_sklearn(task: Task, passes: int) -> Callable[[], Any]:
    """Return scikit-learn's `MLPClassifier` with the same algorithm."""
    from sklearn.exceptions import ConvergenceWarning
    from sklearn.neural_network import MLPClassifier

    X, labels = np.ascontiguousarray(task.X.T), task.Y.argmax(axis=0)

    def run() -> Any:
        model = MLPClassifier(
            SIZES[1:-1],
            solver="sgd",
            momentum=0.0,
            alpha=0.0,
            learning_rate_init=LR,
            batch_size=BATCH,
            max_iter=passes,
            tol=0.0,
            n_iter_no_change=passes + 1,
            random_state=3,
        )
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", ConvergenceWarning)  # it ends when we say so
            return model.fit(X, labels)

    return run


def fewest(make: Callable, right: Callable, task: Task, accuracy: float) -> int:
    """Return the fewest passes that reach the accuracy."""
    for passes in range(1, MOST + 1):
        if right(make(task, passes)()) >= accuracy:
            return passes
    raise ValueError(f"{make.__name__} did not reach {accuracy:.0%} in {MOST} passes")


def run(tiny: bool = False) -> Outcome:
    """Train with each library that is installed, and time it."""
    task = Task()

    def sklearn_right(model: Any) -> float:
        return float(np.mean(model.predict(task.X_held.T) == task.truth))

    makers = {"nnmath": (with_nnmath, task.right)}
    if version("torch"):
        makers["torch"] = (with_torch, task.right)
    if version("scikit-learn"):
        makers["scikit-learn"] = (with_sklearn, sklearn_right)
    contenders, rows = {}, []
    for name, (make, right) in makers.items():
        passes = fewest(make, right, task, 0.3 if tiny else ACCURACY)
        contenders[name] = make(task, passes)
        share = right(contenders[name]())
        rows.append([name, f"{passes}", f"{passes * task.epoch:,}", f"{share:.1%}"])
    contenders["nnmath again"] = contenders["nnmath"]
    times = side_by_side(contenders, seconds=0.0 if tiny else 20, rounds=1 if tiny else 11)
    for row in rows:
        row.append(shown(times.seconds(row[0])))
    for name, package in OTHERS:
        if not version(package):
            rows.append([name, "", "", "", MISSING])
    goals: list[Goal] = [
        ratio_goal(f"nnmath / {name}", times, "nnmath", name, None, headline=True)
        for name, _ in OTHERS
    ]
    goals.append(ratio_goal("noise, nnmath / itself", times, "nnmath again", "nnmath", None))
    head = ("library", "passes", "steps", "right, held out", "time")
    table = Table("To the same accuracy", head, tuple(tuple(row) for row in rows))
    text = TEXT + missing(OTHERS)
    return Outcome(Section(2, "Training the digits", text, tuple(goals), (table,), False))
