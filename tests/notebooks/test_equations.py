"""Every equation of every notebook is checked, and every lesson has its anatomy.

The second half tests the tester, on small notebooks that break one rule each.
"""

import nbformat
import nbformat.v4 as v4
import pytest

from tests.notebooks import structure
from tests.notebooks.structure import (
    LESSONS,
    STORED,
    anatomy_faults,
    cells_of,
    demo_cells,
    equation_faults,
    exercise_faults,
    folds,
    link_faults,
    number_of,
    read,
    tags_of,
)

LESSON_FILES = [path for path in STORED if number_of(path) in LESSONS]


def by_name(paths):
    return pytest.mark.parametrize("path", paths, ids=lambda path: path.stem)


def test_there_are_notebooks():
    assert LESSON_FILES, "no notebook was found, so nothing is tested"


@by_name(STORED)
def test_every_equation_is_checked_right_below(path):
    assert equation_faults(read(path), number_of(path)) == []


@by_name(STORED)
def test_links_lead_somewhere_and_pictures_have_words(path):
    assert link_faults(read(path), path.parent) == []


@by_name(LESSON_FILES)
def test_the_anatomy_of_a_lesson(path):
    assert anatomy_faults(read(path)) == []


@by_name(LESSON_FILES)
def test_exercises_have_their_parts(path):
    assert exercise_faults(read(path), number_of(path)) == []


# The tester, tested. Small notebooks made of texts: "md: …" and "py: …" cells.


def notebook(*sources):
    cells = []
    for source in sources:
        kind, _, text = source.partition(": ")
        if kind == "md":
            cells.append(v4.new_markdown_cell(text))
            continue
        code, _, printed = text.partition("\n>>> ")
        outputs = [v4.new_output("stream", name="stdout", text=printed)] if printed else []
        cells.append(v4.new_code_cell(code, outputs=outputs, metadata={"tags": ["exercise"]}))
    return cells_of(v4.new_notebook(cells=cells))


ONE = "md: $$a = b \\tag{1.1}$$"
TWO = "md: $$b = c \\tag{1.2}$$"
THREE = "md: $$c = d \\tag{1.3}$$"
DEFINED = 'py: definition("1.1")\n>>> (1.1) definition\n'
CHECKED = 'py: check("1.2", b, c)\n>>> (1.2) ✓ equal, relative difference below 1e-12\n'
ALSO = 'py: check("1.3", c, d)\n>>> (1.3) ✓ equal, relative difference below 1e-12\n'
SOUND = [ONE, DEFINED, TWO, CHECKED, THREE, ALSO]


def test_a_sound_notebook_has_no_fault():
    assert equation_faults(notebook(*SOUND), 1) == []


def test_two_equations_of_one_cell_may_share_a_cell_of_checks():
    both = "md: $$b = c \\tag{1.2}$$ and\n$$c = d \\tag{1.3}$$"
    calls = 'py: check("1.2", b, c)\nchecks.check("1.3", c, d)\n'
    checks = calls + ">>> (1.2) ✓ equal, …\n(1.3) ✓ equal, …\n"
    assert equation_faults(notebook(ONE, DEFINED, both, checks), 1) == []


def test_a_second_check_further_down_is_welcome():
    again = 'py: check("1.2", mine, c)\n>>> (1.2) ✓ equal, …\n'
    assert equation_faults(notebook(*SOUND, "md: Once more.", again), 1) == []


def test_a_tag_in_code_is_no_equation():
    assert tags_of(notebook("md: Write `\\tag{1.9}` or\n```\n\\tag{1.8}\n```\n")[0]) == []


@pytest.mark.parametrize(
    ("sources", "fault"),
    [
        ([*SOUND[:4], THREE, "py: pass"], "equation (1.3) is not checked"),
        ([*SOUND[:4], THREE], "equation (1.3) is not checked"),
        ([*SOUND[:5], "md: Why?", ALSO], "(1.3) is not checked in the code cell right below it"),
        ([*SOUND[:5], "py: pass", ALSO], "(1.3) is not checked in the code cell right below it"),
        ([ALSO, *SOUND[:5], "py: pass"], "(1.3) is not checked in the code cell right below it"),
        ([*SOUND[:4], ALSO], "cell 4: (1.3) is checked, but no equation has it"),
        ([ONE, DEFINED, THREE, ALSO], "equation (1.3) stands where (1.2) is due"),
        ([*SOUND[2:4], *SOUND[:2], *SOUND[4:]], "equation (1.2) stands where (1.1) is due"),
        ([*SOUND, THREE, ALSO], "equation (1.3) stands where (1.4) is due"),
        ([*SOUND[:5], 'py: # check("1.3", c, d)\n>>> (1.3) ✓ equal\n'], "(1.3) is not checked"),
        ([*SOUND[:5], "py: 'check(\"1.3\", c, d)'\n>>> (1.3) ✓\n"], "(1.3) is not checked"),
        ([*SOUND[:5], 'py: check("1.3", c, d)'], "(1.3): the stored output does not show"),
        (
            [*SOUND[:5], 'py: check("1.3", c, d)\n>>> (1.3) ✗ the two sides differ\n'],
            "(1.3): the stored output does not show",
        ),
        ([*SOUND[:5], ALSO.replace('"1.3"', "n")], "cell 5: check needs its number written out"),
        ([*SOUND[:5], ALSO.replace("c, d", "c, c")], "cell 5: (1.3) compares a thing with itself"),
        (
            [*SOUND[:5], ALSO.replace("c, d", "lambda z: f(z), lambda z: f(z), z=(0, 1)")],
            "cell 5: (1.3) compares a thing with itself",
        ),
        (
            [*SOUND[:5], 'py: check("1.3", c, d)\ndefinition("1.3")\n>>> (1.3) ✓\n'],
            "equation (1.3) is both a definition and checked",
        ),
        (
            [*SOUND[:5], 'py: definition("1.3")\n>>> (1.3) definition\n'],
            "2 of 3 equations are definitions",
        ),
        ([DEFINED.replace("1.1", "2.1")], "(2.1) is checked, but no equation has it"),
    ],
)
def test_an_unsound_notebook_is_caught(sources, fault):
    assert any(fault in found for found in equation_faults(notebook(*sources), 1))


def test_the_numbers_begin_with_the_number_of_the_notebook():
    faults = equation_faults(notebook(*SOUND), 2)
    assert "equation (1.1) stands where (2.1) is due" in faults


# A whole lesson, small but complete; each test below takes one thing away.

OPENING = """md: # A lesson

**You will be able to**

- do it.

**Time:** about 5 minutes. **You need first:** nothing. **Sources.** This covers nothing."""
IMPORTS = "py: from nnmath.demos import one\nfrom nnmath.exercises import check_answer"
PREDICT = "md: ## Play first\n\n**Predict.** What happens?"
SEEN = "md: <details><summary>What you should have seen</summary>It moves.</details>"
STUB = """py: def f(z):
    return ...


check_answer("1.A", f)
>>> 1.A: not answered yet.
"""
FOLDS = """md: <details><summary>Hint</summary>Think.</details>
<details><summary>Solution</summary>

```python
def f(z):
    return z
```

</details>
<details><summary>Why it works</summary>Because.</details>"""
RECAP = """md: ## Recap

In this notebook we did it.

| what | how |
| --- | --- |
| it | so |

<details><summary>1. Why?</summary>So.</details>
<details><summary>2. How?</summary>So.</details>
<details><summary>3. When?</summary>So.</details>"""
LESSON = [
    OPENING,
    IMPORTS,
    PREDICT,
    "py: one.demo()",
    SEEN,
    "md: ## Numbers first",
    "md: ## The derivation",
    *SOUND,
    "md: ### Exercise 1.A: the first",
    STUB,
    FOLDS,
    "md: ## Classic mistakes",
    "md: ## What the package does with it",
    RECAP,
]


@pytest.fixture(autouse=True)
def small_numbers(request, monkeypatch):
    """Let the small lesson be small; the real notebooks keep the real bounds."""
    if "path" not in request.fixturenames:
        monkeypatch.setattr(structure, "FEWEST_EQUATIONS", 3)
        monkeypatch.setattr(structure, "FEWEST_EXERCISES", 1)


def lesson(old="", new=""):
    assert any(old in source for source in LESSON)
    return notebook(*(source.replace(old, new) for source in LESSON))


def all_faults(cells, folder):
    return [
        *equation_faults(cells, 1),
        *anatomy_faults(cells),
        *exercise_faults(cells, 1),
        *link_faults(cells, folder),
    ]


def test_a_sound_lesson_has_no_fault(tmp_path):
    assert all_faults(lesson(), tmp_path) == []


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ("# A lesson", "A lesson", "one h1 at the top is due, and there are 0"),
        ("## Numbers first", "# Numbers first", "one h1 at the top is due, and there are 2"),
        ("### Exercise", "#### Exercise", "jumps from level 2 to 4"),
        ("## Classic mistakes", "## Mistakes", "the sections"),
        ("## Play first", "## Recap", "the sections"),
        ("## The derivation", "### The derivation", "no section holds the derivation"),
        ("## The derivation", "## Play first", "the sections"),
        ("**You will be able to**", "You will", "the opening lacks **You will be able to**"),
        ("5 minutes", "an hour", "how many minutes"),
        ("**You need first:**", "You need", "the opening lacks **You need first:**"),
        ("**Sources.**", "From", "the opening lacks **Sources.**"),
        ("one.demo()", "import os\none.demo()", "cell 3 imports"),
        ("one.demo()", "one.demo()\n" + "1\n" * 11 + "2", "cell 3 has 13 lines"),
        ("one.demo()", "two.demo()", "no demo"),
        ("**Predict.** What happens?", "Look.", "asks no **Predict.**"),
        ("What happens?", "Something happens.", "asks no **Predict.**"),
        ("<summary>What you should have seen</summary>", "", "no fold below this demo"),
        ("In this notebook we", "We", 'does not say "In this notebook we"'),
        ("| --- | --- |", "", "no table of formulas"),
        ("2. How?", "2. So.", "2 recall questions"),
        ("### Exercise 1.A: the first", "### The first", "no heading '### Exercise 1.A: …'"),
        ('"1.A", f', '"1.B", f', "the exercises are ['1.B']; ['1.A'] is the order"),
        ("not answered yet", "right", "1.A: the stored output is not"),
        ("<summary>Hint</summary>", "<summary>Solution</summary>", "must have the folds"),
        ("<summary>Why it works</summary>", "", "must have the folds"),
        ("Think.", " ", "1.A: an empty fold"),
        ("def f(z):\n    return z", "f(3)", "the solution does not define f"),
        ("def f(z):\n    return ...", "def g(z):\n    return ...", "the stub does not define f"),
        ("It moves.", "![](data:x)", "a picture without a text alternative"),
        ("It moves.", "[there](02_next.ipynb)", "no such notebook beside this one"),
        ("It moves.", "[there](../README.md)", "no such notebook beside this one"),
        ("It moves.", "[there](#Recaps)", "no such heading"),
        ("It moves.", "[there](03_other.ipynb#Part)", "no such heading"),
        ("It moves.", "[(3.1)](03_other.ipynb#Parts)", "(3.1) is not under this heading"),
        ("It moves.", "<img src='x'>", "an <img> without a text alternative"),
        ("It moves.", "<img src='x' alt=' '>", "an <img> without a text alternative"),
    ],
)
def test_a_lesson_without_one_of_its_parts_is_caught(old, new, fault, tmp_path):
    (tmp_path / "README.md").touch()  # it is there, but not in the learner's copy
    (tmp_path / "notebooks").mkdir()
    write_parts(tmp_path / "notebooks" / "03_other.ipynb", "Parts")
    assert any(fault in found for found in all_faults(lesson(old, new), tmp_path / "notebooks"))


def test_a_cell_without_its_tag_is_caught():
    plain = [cell if cell.index != 14 else type(cell)(14, "code", cell.source) for cell in lesson()]
    assert "1.A: the cell lacks the tag exercise" in exercise_faults(plain, 1)


def write_parts(path, heading):
    cell = v4.new_markdown_cell(f"# A lesson\n\n## {heading}\n\n$$z \\tag{{3.2}}$$")
    path.write_text(nbformat.writes(v4.new_notebook(cells=[cell])))


def test_good_links_and_pictures_pass(tmp_path):
    write_parts(tmp_path / "02_next.ipynb", "Part 2: why?")
    words = (
        "[a](02_next.ipynb) [by (3.2)](02_next.ipynb#Part-2:-why?) [c](#Recap) "
        "[d](https://example.org) ![a curve](data:x) <img src='x' alt='a curve'> "
        "$[k](z)$ `[e](nowhere)`"
    )
    assert link_faults(lesson("It moves.", words), tmp_path) == []


@pytest.mark.parametrize(
    ("data", "sound"),
    [
        ({"image/png": "x"}, False),
        ({"image/png": "x", "text/html": "<img src='x' alt='a curve'>"}, True),
        ({"text/html": ["<img src='x'", ">"]}, False),
        ({"text/plain": "1"}, True),
    ],
)
def test_pictures_in_outputs_need_words(data, sound, tmp_path):
    cell = v4.new_code_cell("f()", outputs=[v4.new_output("display_data", data=data)])
    faults = link_faults(cells_of(v4.new_notebook(cells=[cell])), tmp_path)
    assert (faults == []) is sound


def test_a_demo_is_found_by_what_it_imports():
    for imports, call in [
        ("from nnmath.demos import one", "one.demo()"),
        ("from nnmath.demos import one as two", "two.demo()"),
        ("from nnmath.demos.one import demo", "demo()"),
    ]:
        found = demo_cells(notebook(f"py: {imports}", f"py: {call}", "py: print(1)"))
        assert [cell.index for cell in found] == [1]


def test_folds_keep_their_order_and_text():
    text = "<details>\n<summary> A </summary>one</details> <details><summary>B</summary></details>"
    assert folds(text) == [("A", "one"), ("B", "")]
