"""README.md and docs/teaching.md say only what is so: counted, drawn, run, or printed elsewhere."""

import re

import pytest

from nnmath.exercises import check_answer
from tests.notebooks.structure import read, sections
from tools import readme, times

TEXT = readme.README.read_text(encoding="utf-8")
TEACHING = (readme.ROOT / "docs" / "teaching.md").read_text(encoding="utf-8")


def test_the_table_is_the_one_that_is_counted():
    assert readme.table() in TEXT, "run `make notebooks`"


def test_a_table_is_not_counted_among_the_demos():
    (row,) = [line for line in readme.table().splitlines() if "06_misprints" in line]
    assert row.endswith("| 2 |")
    assert times.is_a_demo({"data": {"text/html": ["<img src='x'", " alt='y'>"]}})
    assert not times.is_a_demo({"data": {"text/html": "<table><tr><td>1</td></tr></table>"}})
    assert not times.is_a_demo({"name": "stdout", "text": "<img "})


def test_the_picture_is_the_one_that_is_drawn():
    assert readme.PICTURE.read_text(encoding="utf-8") == readme.picture(), "run `make notebooks`"


def code(title):
    """Return the blocks of code below a heading, each with its language."""
    section = re.search(rf"^## {title}\n(.*?)(?=^## |\Z)", TEXT, re.S | re.M)[1]
    return re.findall(r"^```(\w*)\n(.*?)^```", section, re.S | re.M)


def test_the_example_runs_and_prints_what_it_says(capsys):
    [(_, example)] = code("The package in ten lines")
    scope = {}
    exec(example, scope)
    promised = re.search(r"print\(.*\)  # (\w+)", example)[1]
    assert capsys.readouterr().out.strip() == promised
    history = scope["history"]
    assert history.J[-1] < history.J[0]


def test_the_checks_say_what_they_are_quoted_with(capsys):
    (_, equation), (_, answer), (_, verdict) = code("What it feels like")
    notebook = (readme.ROOT / "notebooks" / "01_sigmoid_bce.ipynb").read_text(encoding="utf-8")
    assert f'"{equation.strip()}\\n"' in notebook
    exec(answer, {"check_answer": check_answer})
    assert capsys.readouterr().out == verdict


@pytest.mark.parametrize(
    ("said", "row"),
    [
        (r"the worst of (\d+) networks", r"networks by complex step \| .* \| (\d+) "),
        (r"networks is off by ([\d.e-]+\d)", r"their worst array \| .* \| ([\d.e-]+) "),
        (r"of (\d+) bugs planted", r"bugs that nobody caught \| none \| 0 in (\d+) "),
    ],
)
def test_each_figure_is_the_one_of_the_proof(said, row):
    proof = (readme.ROOT / "docs" / "proof.md").read_text(encoding="utf-8")
    assert re.search(said, TEXT)[1] == re.search(rf"^\| {row}\| met", proof, re.M)[1]


# The index of difficulties: each link is a label, a notebook and a heading of it.

PLACES = re.findall(r"\[([^\]]+)\]\(\.\./(notebooks/[^)#]+)#([^)]+)\)", TEACHING)
LABELS = {
    r"\((\d+\.\d+)\)": r"\\tag\{%s\}",
    r"(\d+\.[A-Z])": r"### Exercise %s: ",
    r"`(\w+)`": r"^\w+\.%s\(\)$",
    r"\d\d, (\d)": r"<summary>%s\. .*\?</summary>",
}


def test_there_is_an_index():
    rows = re.findall(r"^\| .* \| \[\(.*#", TEACHING, re.M)
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


PAGES = [readme.README, *sorted((readme.ROOT / "docs").glob("*.md"))]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_link_and_target_exists(page):
    text = page.read_text(encoding="utf-8")
    for link in re.findall(r"\]\(([^)#\s]+)(?:#[^)]*)?\)", re.sub(r"\$[^$\n]*\$", "", text)):
        assert link.startswith("https://") or (page.parent / link).exists(), link
    makefile = (readme.ROOT / "Makefile").read_text(encoding="utf-8")
    for target in re.findall(r"`make ([\w-]+)", text) + re.findall(r"^make ([\w-]+)", text, re.M):
        assert re.search(rf"^{target}:", makefile, re.M), target


def test_the_lesson_plans_name_what_is_in_their_notebooks():
    plans = re.findall(r"^### (\d\d) · [^\n]*\n(.*?)(?=^##)", TEACHING, re.S | re.M)
    assert [number for number, _ in plans] == [f"{k:02}" for k in range(8)]
    for number, plan in plans:
        [path] = (readme.ROOT / "notebooks").glob(f"{number}_*.ipynb")
        source = "\n".join(cell.source for cell in read(path))
        for demo in re.findall(r"`(\w+)`", plan):
            assert re.search(rf"^(\w+\.)?{demo}\(\)$", source, re.M), f"{number}: {demo}"
        for tag in re.findall(r"\((\d\.\d+)\)", plan):
            assert rf"\tag{{{tag}}}" in source, f"{number}: ({tag})"
        given = re.findall(r"### Exercise (\d\.[A-Z])", source)
        for first, last in re.findall(r"\b(\d\.[A-Z])(?: to (\d\.[A-Z]))?", plan):
            assert first in given and (last or first) in given, f"{number}: {first} {last}"
        named = set()
        for first, last in re.findall(r"\b(\d\.[A-Z])(?: to (\d\.[A-Z]))?", plan):
            named |= {given[k] for k in range(given.index(first), given.index(last or first) + 1)}
        assert named == set(given), f"the plan of {number} leaves out {set(given) - named}"
