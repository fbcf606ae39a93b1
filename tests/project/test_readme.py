"""README.md says only what is so: its table is counted, its picture is drawn, its code runs."""

import re

import pytest

from tests.notebooks.structure import read, sections
from tools import readme

TEXT = readme.README.read_text(encoding="utf-8")


def test_the_table_is_the_one_that_is_counted():
    assert readme.table() in TEXT, "run `make notebooks`"


def test_a_table_is_not_counted_among_the_demos():
    (row,) = [line for line in readme.table().splitlines() if "06_misprints" in line]
    assert row.endswith("| 2 |")
    assert readme.is_a_demo({"data": {"text/html": ["<img src='x'", " alt='y'>"]}})
    assert not readme.is_a_demo({"data": {"text/html": "<table><tr><td>1</td></tr></table>"}})
    assert not readme.is_a_demo({"name": "stdout", "text": "<img "})


def test_the_picture_is_the_one_that_is_drawn():
    assert readme.PICTURE.read_text(encoding="utf-8") == readme.picture(), "run `make notebooks`"


def test_the_example_runs_and_prints_what_it_says(capsys):
    example = re.search(r"```python\n(.*?)```", TEXT, re.S)[1]
    scope = {}
    exec(example, scope)
    promised = re.search(r"print\(.*\)  # (\w+)", example)[1]
    assert capsys.readouterr().out.strip() == promised
    history = scope["history"]
    assert history.J[-1] < history.J[0]


# The index of difficulties: each link is a label, a notebook and a heading of it.

PLACES = re.findall(r"\[([^\]]+)\]\((notebooks/[^)#]+)#([^)]+)\)", TEXT)
LABELS = {
    r"\((\d+\.\d+)\)": r"\\tag\{%s\}",
    r"(\d+\.[A-Z])": r"### Exercise %s: ",
    r"`(\w+)`": r"^\w+\.%s\(\)$",
    r"\d\d, (\d)": r"<summary>%s\. .*\?</summary>",
}


def test_there_is_an_index():
    rows = re.findall(r"^\| .* \| \[\(.*#", TEXT, re.M)
    assert len(rows) == 12
    assert len(PLACES) == 4 * len(rows)


@pytest.mark.parametrize(("label", "notebook", "place"), PLACES)
def test_the_index_leads_to_what_it_names(label, notebook, place):
    """Under the heading that the link names stands the thing that the label names."""
    below = [text for name, text in sections(read(readme.ROOT / notebook)) if name == place]
    assert len(below) == 1, f"{notebook} has no heading {place}"
    ((match, what),) = [
        (match, what) for kind, what in LABELS.items() if (match := re.fullmatch(kind, label))
    ]
    assert re.search(what % re.escape(match[1]), below[0], re.M), f"{label} is not under {place}"


def test_every_link_and_target_exists():
    for link in re.findall(r"\]\(([^)#]+)(?:#[^)]*)?\)", TEXT):
        assert link.startswith("https://") or (readme.ROOT / link).exists(), link
    makefile = (readme.ROOT / "Makefile").read_text(encoding="utf-8")
    for target in re.findall(r"`make (\w+)`|^make (\w+)", TEXT, re.M):
        assert re.search(rf"^{''.join(target)}:", makefile, re.M), target
