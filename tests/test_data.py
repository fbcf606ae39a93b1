"""The two data sets: shapes, ranges, repeatability, and the digits against pinned checksums."""

import hashlib
from importlib import resources

import numpy as np
import pytest

import nnmath as nn
from tests.oracles import refused

RNGS = {"Generator": np.random.default_rng, "RandomState": np.random.RandomState}
each_rng = pytest.mark.parametrize("make_rng", RNGS.values(), ids=RNGS)


# --- Planar flower ------------------------------------------------------------------------------


@each_rng
@pytest.mark.parametrize("m", [400, 2, 3, 7, 100, 401])
def test_flower_shapes_and_labels(make_rng, m):
    X, Y = nn.data.planar_flower(m=m, rng=make_rng(0))
    assert X.shape == (2, m)
    assert Y.shape == (1, m)
    assert X.dtype == Y.dtype == np.float64
    assert np.all(np.isfinite(X))
    assert set(np.unique(Y)) == {0.0, 1.0}
    assert abs(np.sum(Y == 1) - np.sum(Y == 0)) == m % 2


def test_flower_has_400_points_unless_told():
    X, Y = nn.data.planar_flower(rng=np.random.default_rng(0))
    assert (X.shape, Y.shape) == ((2, 400), (1, 400))


def test_flower_without_an_rng_is_always_the_same_one():
    (X, Y), (X_same, Y_same) = nn.data.planar_flower(), nn.data.planar_flower()
    assert (X.shape, Y.shape) == ((2, 400), (1, 400))
    np.testing.assert_array_equal(X, X_same)
    np.testing.assert_array_equal(Y, Y_same)


@each_rng
def test_flower_repeats_with_its_rng(make_rng):
    (X, Y), (X_same, Y_same), (X_other, _) = (
        nn.data.planar_flower(m=50, rng=make_rng(seed)) for seed in (1, 1, 2)
    )
    np.testing.assert_array_equal(X, X_same)
    np.testing.assert_array_equal(Y, Y_same)
    assert not np.array_equal(X, X_other)
    rng = make_rng(1)
    first, second = (nn.data.planar_flower(m=50, rng=rng)[0] for _ in range(2))
    assert not np.array_equal(first, second)


def test_flower_uses_no_global_randomness():
    before = np.random.get_state()[1].copy()  # noqa: NPY002 - the global state is what we look at
    nn.data.planar_flower(m=50, rng=np.random.default_rng(1))
    np.testing.assert_array_equal(np.random.get_state()[1], before)  # noqa: NPY002


@pytest.mark.parametrize("seed", range(5))
def test_flower_needs_a_hidden_layer(seed):
    # No line separates the petals, but near neighbours mostly share a colour: that is its point.
    X, Y = nn.data.planar_flower(m=400, rng=np.random.default_rng(seed))
    assert np.abs(X).max() < 10
    features = np.vstack([X, np.ones(400)])
    w, *_ = np.linalg.lstsq(features.T, Y[0] - 0.5, rcond=None)
    assert np.mean((w @ features > 0) == Y[0]) < 0.7
    distance = ((X[:, :, None] - X[:, None, :]) ** 2).sum(axis=0)
    np.fill_diagonal(distance, np.inf)
    assert np.mean(Y[0, distance.argmin(axis=0)] == Y[0]) > 0.75


def test_flower_points_are_all_different():
    X, _ = nn.data.planar_flower(m=400, rng=np.random.default_rng(0))
    assert len(np.unique(X.round(12), axis=1).T) == 400


BAD_M = [
    (0, ValueError, "0"),
    (-4, ValueError, "-4"),
    (2.5, (TypeError, ValueError), "2.5"),
    ("400", TypeError, "400"),
]


@pytest.mark.parametrize(("m", "kind", "word"), BAD_M)
def test_a_bad_m_is_refused(m, kind, word):
    with refused(kind, "planar_flower", "m", word):
        nn.data.planar_flower(m=m, rng=np.random.default_rng(0))


@pytest.mark.parametrize("rng", [42, "1", np.random])
def test_a_bad_rng_is_refused(rng):
    with refused(TypeError, "planar_flower", "rng", "default_rng"):
        nn.data.planar_flower(m=10, rng=rng)


# --- Digits -------------------------------------------------------------------------------------
# Pinned from scikit-learn's copy of the same file (sklearn.datasets.load_digits, 1,797 images of
# 8 × 8 pixels with 17 grey levels): the bytes of the pixels 0..16, one image a column, and of the
# labels 0..9, both as uint8 in C order.

PIXELS_SHA256 = "d3a2999990cbe4c8026ea4537dfbf86a424ec5f62e635f42eb8ae0bab000ff8c"
LABELS_SHA256 = "8ba4f891220f5e4c9c819638d1602d74b83618f167043c6da52a2a247841ddf0"
PER_CLASS = [178, 182, 177, 183, 181, 182, 181, 179, 174, 180]
INK_PER_CLASS = [56415, 57007, 55566, 56151, 56239, 55915, 56336, 54289, 57408, 56392]
THE_FIRST_IMAGE = """
    0  0  5 13  9  1  0  0
    0  0 13 15 10 15  5  0
    0  3 15  2  0 11  8  0
    0  4 12  0  0  8  8  0
    0  5  8  0  0  9  8  0
    0  4 11  0  1 12  7  0
    0  2 14  5 10 12  0  0
    0  0  6 13 10  0  0  0
"""


def checksum(array):
    return hashlib.sha256(np.ascontiguousarray(array).astype(np.uint8).tobytes()).hexdigest()


def test_digits_shapes_and_ranges():
    X, Y = nn.data.digits()
    assert X.shape == (64, 1797)
    assert Y.shape == (10, 1797)
    assert X.dtype == Y.dtype == np.float64
    assert (X.min(), X.max()) == (0.0, 1.0)
    np.testing.assert_array_equal(X * 16, np.round(X * 16))


def test_digits_are_one_hot():
    _, Y = nn.data.digits()
    assert set(np.unique(Y)) == {0.0, 1.0}
    np.testing.assert_array_equal(Y.sum(axis=0), np.ones(1797))
    np.testing.assert_array_equal(Y.sum(axis=1), PER_CLASS)


def test_digits_are_the_uci_digits():
    X, Y = nn.data.digits()
    np.testing.assert_array_equal(
        16 * X[:, 0].reshape(8, 8), np.loadtxt(THE_FIRST_IMAGE.split("\n"))
    )
    np.testing.assert_array_equal(Y.argmax(axis=0)[:12], [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 0, 1])
    np.testing.assert_array_equal(16 * X @ Y.T @ np.eye(10) @ np.ones(10), 16 * X.sum(axis=1))
    np.testing.assert_array_equal((16 * X).sum(axis=0) @ Y.T, INK_PER_CLASS)
    assert checksum(16 * X) == PIXELS_SHA256
    assert checksum(Y.argmax(axis=0)) == LABELS_SHA256


def test_changing_the_digits_does_not_change_the_next_call():
    X, Y = nn.data.digits()
    for array in (X, Y):
        if array.flags.writeable:
            array[:] = 7.0
        else:
            with pytest.raises(ValueError, match="read-only"):
                array[0, 0] = 7.0
    X, Y = nn.data.digits()
    assert checksum(16 * X) == PIXELS_SHA256
    assert checksum(Y.argmax(axis=0)) == LABELS_SHA256


def files_beside_the_data():
    folder = resources.files("nnmath") / "data"
    return {f.name: f.read_bytes() for f in folder.iterdir() if f.is_file()}


def test_the_data_file_is_small_and_holds_no_pickle():
    files = {
        n: c for n, c in files_beside_the_data().items() if not n.endswith((".py", ".md", ".txt"))
    }
    assert files, "no data file was found"
    assert sum(map(len, files.values())) < 200_000
    for name, content in files.items():
        assert not content.startswith(b"\x80"), f"{name} is a pickle"
        if name.endswith((".npz", ".npy")):
            path = resources.files("nnmath") / "data" / name
            with resources.as_file(path) as real, np.load(real, allow_pickle=False) as arrays:
                assert all(arrays[key].dtype != object for key in arrays)


def test_digits_are_read_without_pickle_and_without_a_network(monkeypatch):
    import pickle
    import socket

    def forbidden(*_, **__):
        raise AssertionError("the digits must be read without pickle and without a network")

    for module, name in (
        (pickle, "load"),
        (pickle, "loads"),
        (pickle, "Unpickler"),
        (socket, "socket"),
    ):
        monkeypatch.setattr(module, name, forbidden)
    getattr(nn.data.digits, "cache_clear", lambda: None)()
    assert nn.data.digits()[0].shape == (64, 1797)


def test_the_licence_of_the_digits_is_shipped_beside_them():
    texts = [
        content.decode("utf-8")
        for name, content in files_beside_the_data().items()
        if name.endswith((".txt", ".md")) or "LICEN" in name.upper()
    ]
    text = " ".join(texts)
    for word in ("Alpaydin", "Kaynak", "UCI", "1797|1,797"):
        assert any(part in text for part in word.split("|")), word
    assert "CC BY 4.0" in text or "Creative Commons Attribution 4.0" in text
