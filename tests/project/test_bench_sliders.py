"""The table of `make bench-sliders`: what is met, what is missed, and why, from given times."""

import pytest

from benchmarks.sliders import DOCUMENT, HEAD, TEXT, Row, noise
from nnmath.demos import where_next
from tests.browser.mirror import furthest


def row(demo=50.0, interact=400.0, floor=40.0, settled=100.0, raster=False):
    times = ([each - 1, each, each + 1] for each in (demo, interact, floor))
    return Row("03", "landscape", raster, *times, settled)


@pytest.mark.parametrize(
    ("changes", "missed"),
    [
        ({}, []),
        ({"demo": 75.0, "interact": 450.0}, []),
        ({"demo": 75.1, "interact": 460.0}, ["above 75 ms"]),
        ({"interact": 299.0}, ["less than 6 times faster"]),
        ({"interact": 200.0}, ["less than 6 times faster, and the floor is 5.0 times"]),
        ({"interact": 200.0, "raster": True}, []),
        ({"settled": 250.0}, []),
        ({"settled": 251.0}, ["settles after more than 250 ms"]),
        (
            {"demo": 80.0, "settled": 300.0},
            ["above 75 ms", "less than 6 times faster", "settles after more than 250 ms"],
        ),
    ],
)
def test_what_is_missed_is_said(changes, missed):
    assert row(**changes).missed == missed


def test_a_row_of_the_table():
    cells = row().cells()
    assert cells == ["03 `landscape`", "50 / 51", "400 / 401", "40 / 41", "8.0", "100", "met"]
    assert len(cells) == len(HEAD)
    assert row(settled=300).cells()[-1] == "**missed**: settles after more than 250 ms"
    assert row(raster=True).cells()[0] == "03 `landscape` (field)"


def test_how_quiet_the_machine_was():
    said = noise([row(), row(floor=60.0)], "156", (0.25, 1.5))
    assert "median / 95th percentile of 3 presses. Chromium 156, " in said
    assert "load average 0.2 at the start and 1.5 at the end" in said
    assert "over all its 6 presses the floor took 39 to 61 ms" in said
    assert "its median moved from 40 to 60 ms" in said


def test_beyond_the_place_where_a_demo_ends_its_slider_no_key_is_pressed():
    demo = where_next.stretched()
    entry = demo.controls["entry"]
    assert (furthest(entry), entry.max) == (3, 15)  # of a column of three
    assert entry.value == entry.default
    demo.close()


def test_the_stored_page_is_one_that_the_command_writes():
    page = DOCUMENT.read_text(encoding="utf-8")
    assert page.startswith(f"{TEXT}| {' | '.join(HEAD)} |\n")
