"""What every server, kernel and test of this project finds in its environment."""

from tools.surroundings import surroundings


def test_products_are_not_shared_among_threads_unless_one_asks_for_it(tmp_path, monkeypatch):
    monkeypatch.delenv("OPENBLAS_NUM_THREADS", raising=False)
    assert surroundings(tmp_path)["OPENBLAS_NUM_THREADS"] == "1"
    monkeypatch.setenv("OPENBLAS_NUM_THREADS", "4")
    assert surroundings(tmp_path)["OPENBLAS_NUM_THREADS"] == "4"
