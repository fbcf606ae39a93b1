"""Two data sets, both free of downloads: a flower in the plane, and real handwritten digits."""

from typing import Any

import numpy as np

from nnmath import _inputs


def planar_flower(m: int = 400, rng: Any = None) -> tuple[np.ndarray, np.ndarray]:
    r"""Return m points of two classes that interleave like petals: X (2, m), Y (1, m) in {0, 1}.

    A point of either class has the radius 4 sin 4t and the angle t, both with a little noise; one
    class fills the first half turn, the other the second, so no straight line separates them.
    The first ⌈m/2⌉ columns are class 0. rng: a numpy `Generator` or `RandomState`; by default
    `RandomState(1)`, so that every machine gets the same points.
    Raises: ValueError when m < 2, TypeError for another rng. Source: document 002, section 6.

    >>> X, Y = planar_flower()
    >>> print(X.shape, Y.shape, Y.sum())
    (2, 400) (1, 400) 200.0
    """
    call = "planar_flower(m, rng)"
    m = _inputs.whole(call, "m", m, low=2)
    rng = np.random.RandomState(1) if rng is None else rng
    _inputs.random_source(call, rng)
    sizes = (m + 1) // 2, m // 2
    turn = np.concatenate([np.pi * (k + np.linspace(0, 1, n)) for k, n in enumerate(sizes)])
    t = turn + 0.2 * rng.standard_normal(m)
    radius = 4 * np.sin(4 * t) + 0.2 * rng.standard_normal(m)
    X = radius * np.array([np.sin(t), np.cos(t)])
    Y = np.repeat([0.0, 1.0], sizes).reshape(1, m)
    return X, Y


def digits() -> tuple[np.ndarray, np.ndarray]:
    """Return 1,797 handwritten digits: X (64, 1797) in [0, 1] and Y (10, 1797), one-hot.

    Column i of X is a picture of 8 × 8 grey values, row by row, 0 for paper and 1 for ink; column i
    of Y has its 1 in the row of the digit. Each call returns fresh arrays.
    Source: E. Alpaydin and C. Kaynak (1998), "Optical Recognition of Handwritten Digits", UCI
    Machine Learning Repository, CC BY 4.0; the test part. See DIGITS.md beside the data.

    >>> X, Y = digits()
    >>> print(X.shape, Y.shape, Y[:, 0].argmax())
    (64, 1797) (10, 1797) 0
    """
    from importlib.resources import files  # when asked for: it takes as long as the rest of nnmath

    with (files(__package__) / "digits.npz").open("rb") as file:
        stored = np.load(file, allow_pickle=False)
        pixels, labels = stored["pixels"], stored["labels"]
    X = pixels.reshape(len(pixels), 64).T / 16.0
    Y = (np.arange(10).reshape(10, 1) == labels).astype(float)
    return np.ascontiguousarray(X), Y
