"""The times that the notebooks and README.md state follow one rule, and readers agree."""

import re

import pytest

from tests.notebooks.structure import read, sections
from tools import times

# What readers measured who met the course for the first time, with the exercises: from, to.
MEASURED = {
    "00": (120, 150),
    "01": (150, 180),
    "02": (150, 180),
    "03": (180, 210),
    "04": (180, 180),
    "05": (150, 150),
    "06": (120, 120),
    "07": (120, 120),
}
START = times.LESSONS[0]


def by_name(test):
    return pytest.mark.parametrize("path", times.LESSONS, ids=lambda path: path.stem)(test)


def md(source):
    return {"cell_type": "markdown", "source": source, "metadata": {}}


def code(source, tags=(), html=None):
    outputs = [{"data": {"text/html": html}}] if html else []
    metadata = {"tags": list(tags)}
    return {"cell_type": "code", "source": source, "metadata": metadata, "outputs": outputs}


def test_the_rule_by_hand():
    words = md("word " * 300)  # 2 minutes
    formula = md("$$a = b$$ and\n\n$$b = c$$")  # 1 minute, and one word
    lines = code("x = 1\n\n\ny = 2")  # 0.2
    demo = code("demo()", html="<img src=''>")  # 5.1
    table = code("table()", html="<table>")  # 0.1
    exercise = [code("def f(): ...", ["exercise"]), md("help " * 1000)]  # 10, not read
    reading, whole = times.minutes([words, formula, lines, demo, table, *exercise])
    assert reading == pytest.approx(2 + 1 + 1 / 150 + 0.2 + 5.1 + 0.1)
    assert whole == pytest.approx(reading + 10)


@by_name
def test_a_notebook_states_the_time_of_the_rule(path):
    for said, found in zip(times.stated(path), times.of(path), strict=True):
        assert abs(said - found) < times.STEP, "run `python -m tools.times`"
        assert said % times.STEP == 0


@by_name
def test_the_rule_agrees_with_what_readers_measured(path):
    low, high = MEASURED[path.name[:2]]
    assert abs(times.of(path)[1] - (low + high) / 2) < 30


def test_the_three_ways_take_as_long_as_is_said():
    ways = times.paths()
    opening = read(START)[0].source
    weekend, everything = map(
        int, re.search(r"about (\d+) hours: .*about (\d+) hours", opening, re.S).groups()
    )
    assert 1.5 < ways["two hours"] <= 2
    assert abs(ways["a weekend"] - weekend) < 1
    assert abs(ways["all"] - everything) < 1
    readme = (times.ROOT / "README.md").read_text(encoding="utf-8")
    assert f"about {weekend} hours" in readme and f"about {everything} hours" in readme
    stop = times.TWO_HOURS[1][1].replace(" ", "-")
    assert stop in opening and any(place == stop for place, _ in sections(read(times.LESSONS[3])))


def test_a_notebook_without_its_times_is_told_what_to_write(tmp_path):
    path = tmp_path / "09_new.ipynb"
    path.write_text('{"cells": [{"source": "**Time:** an hour"}]}')
    with pytest.raises(ValueError, match=r"09_new\.ipynb needs"):
        times.stated(path)


def test_times_that_are_off_are_written(tmp_path):
    path = tmp_path / START.name
    text = START.read_text(encoding="utf-8")
    path.write_text(
        times.TIME.sub("**Time:** about 5 minutes to read, 6 with the exercises.", text)
    )
    assert times.write(path) and not times.write(path)
    assert [abs(a - b) <= 5 for a, b in zip(times.stated(path), times.of(START), strict=True)]
