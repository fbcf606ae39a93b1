"""The page of `make bench-site`: what is met and what is missed, from given times."""

import gzip

import pytest

from benchmarks.site import Visit, document, sizes

ASKED = ["lite/pyodide/numpy-2.whl", "lite/build/jlab_core.1.js"]


def facts(cold=8.0, warm=3.0, packed=20e6, disk=50e6, again=()):
    times = [float(n) for n in range(10, 40)]
    return {
        "cold": [Visit(1.0, cold, 4.0, ASKED)],
        "warm": [Visit(0.5, warm, 4.0, list(again))],
        "lite": times,
        "local": times,
        "packed": {ASKED[0]: (1, int(packed)), ASKED[1]: (1, 1)},
        "repacked": {},
        "disk": disk,
        "version": "156",
        "load": (0.1, 0.2),
    }


def test_all_goals_are_met_by_these():
    page = document(facts())
    assert "**missed**" not in page
    assert "| the first slider lives | 8.0 s | 3.0 s |" in page
    assert "takes 50.0 MB on disk" in page
    assert "| `numpy-2.whl` | 20.0 | the arithmetic |" in page


@pytest.mark.parametrize(
    "worse",
    [
        {"warm": 6.1, "cold": 20.0},
        {"warm": 4.1},
        {"packed": 30.1e6},
        {"disk": 60.1e6},
        {"again": ASKED[:1]},
    ],
)
def test_each_goal_can_be_missed(worse):
    assert document(facts(**worse)).count("**missed**") == 1


def test_what_was_asked_for_in_vain_weighs_nothing(tmp_path):
    (tmp_path / "a.js").write_bytes(b"a" * 1000)
    expected = {"a.js": (1000, len(gzip.compress(b"a" * 1000, 6)))}
    assert sizes(tmp_path, ["a.js", "favicon.ico"]) == expected
