"""The making of the static pages, in small pieces; tests/browser/test_site.py opens the whole."""

import gzip
import json
import re
from base64 import b64decode

import nbformat
import pytest
from nbconvert import HTMLExporter

from nnmath import misprints
from nnmath.demos import start_here
from nnmath.live import Button, Choice, Demo, LiveFigure, Play, Slider
from tests.demos.test_every_demo import contrast_with_white
from tools.bootstrap import Stop
from tools.lab import COURSE
from tools.site import __main__ as site
from tools.site import frames, lesson, maths
from tools.site.frames import record
from tools.site.parts import BY_HAND
from tools.surroundings import ROOT

DEMOS = ROOT / "nnmath" / "demos"

# Formulas ---------------------------------------------------------------------------------------


def test_the_number_of_a_formula_stands_beside_it():
    shown = maths.display(r"a = \sigma(z) \tag{1.2}")
    assert '<span class="number">(1.2)</span>' in shown
    assert 'display="block"' in shown
    assert "1.2" not in shown.partition("</math>")[0]


@pytest.mark.parametrize(
    ("formula", "element"),
    [
        (r"\begin{aligned} a &= b \\ &= c \end{aligned}", "<mtable"),
        (r"\begin{bmatrix} 1 & 2 \end{bmatrix}", "<mtable"),
        (r"\begin{cases} 1 & z > 0 \\ 0 & \text{else} \end{cases}", "<mtext>else"),
        (r"\underbrace{W}_{n \times m} \odot \mathrm dZ", "⏟"),
        (r"a < b \text{ and } c", "&lt;"),
    ],
)
def test_what_the_course_writes_is_known(formula, element):
    assert element in maths.display(formula)


def test_a_prime_is_not_raised_twice():
    assert "<msup>" not in maths.inline("f'(x)")
    assert "<msup>" in maths.inline("x^2")


@pytest.mark.parametrize("formula", [r"\nosuchthing{x}", r"\frac{1", r"a \tag{1} \tag{2}"])
def test_a_formula_that_cannot_be_shown_stops_the_build_and_is_named(formula):
    with pytest.raises(Stop, match=re.escape(formula)):
        maths.display(formula)


def test_the_formulas_of_a_table_are_shown_too():
    """The table of the misprints, which no Markdown has touched."""
    table = misprints.table()._repr_html_()
    shown = lesson.formulas(table)
    assert "$" not in shown and "displaystyle{" not in shown
    assert shown.count("<math") == table.count("$") // 2 > 2 * 43
    assert shown.count("<td") == table.count("<td")
    picture = '<img src="data:," alt="from $1 to $2">'
    assert lesson.formulas(picture) == picture


def test_a_result_that_is_no_demo_is_on_the_page_too(tmp_path, monkeypatch):
    """A table with its formulas, and a plain value."""
    monkeypatch.setitem(lesson.PROMISES, "small", "A table and a number.")
    results = [
        {"text/html": "<table><td>$a$</td></table>", "text/plain": "a"},
        {"text/plain": "42"},
    ]
    cells = [nbformat.v4.new_markdown_cell("# A page\n\n**Time:** about 5 minutes")]
    for data in results:
        output = nbformat.v4.new_output("execute_result", data=data, execution_count=1)
        cells.append(nbformat.v4.new_code_cell("f()", outputs=[output], execution_count=1))
    path = tmp_path / "small.ipynb"
    nbformat.write(nbformat.v4.new_notebook(cells=cells), path)
    shown = lesson.page(path)
    assert re.search(r"<table><td><math>.*a.*</math></td></table>", shown)
    assert '<pre class="output"><samp>42</samp></pre>' in shown


def test_a_full_stop_is_not_parted_from_its_formula():
    shown = lesson.markdown("So it is $p$. And $q$, (and $r$) or $s$ too.")
    assert re.findall(r"</math>([^ ]*)</span>", shown) == [".", ",", ")"]
    assert shown.count("<span") == 3


# Text -------------------------------------------------------------------------------------------


def test_links_between_notebooks_become_links_between_pages():
    shown = lesson.markdown(
        "[a](01_sigmoid_bce.ipynb#The-collapse) [b](https://example.org/x.ipynb)"
    )
    assert 'href="01_sigmoid_bce.html#The-collapse"' in shown
    assert 'href="https://example.org/x.ipynb"' in shown


def test_a_heading_has_the_anchor_of_jupyterlab():
    shown = lesson.markdown("### Exercise 1.E: the slope of `W`, & more")
    assert 'id="Exercise-1.E:-the-slope-of-W,-&amp;-more"' in shown


def test_markdown_and_formulas_live_inside_a_fold():
    inside = "**Yes**, $b$.\n\n```python\nx = 1\n```"
    shown = lesson.markdown(f"<details><summary>Is $a$ it?</summary>\n\n{inside}\n</details>")
    assert shown.count("<math") == 2
    assert "<strong>Yes</strong>" in shown
    assert 'class="highlight"' in shown


def notebook(*sources):
    cells = [nbformat.v4.new_code_cell(source) for source in sources]
    return nbformat.v4.new_notebook(cells=cells)


def test_a_demo_gets_the_names_it_needs_and_no_other_cell_is_run():
    nb = notebook(
        "from nnmath.demos import start_here",
        "raise SystemExit('not needed')",
        "title = 'wrong'\nfound = None",
        "def make(demos):\n    hidden = 1 / 0\n",
        "found = start_here.two_paths",
        "start_here.two_paths()",
    )
    demo = start_here.two_paths()
    sentence = f"{demo.title}. {demo.alt}"
    nb.cells[-1].outputs = [nbformat.v4.new_output("execute_result", {"text/plain": sentence})]
    [(cell, shown)] = lesson.demos(nb)
    assert cell is nb.cells[-1]
    assert shown.alt == demo.alt
    nb.cells[-1].outputs = [nbformat.v4.new_output("execute_result", {"text/plain": "another"})]
    with pytest.raises(Stop, match="make notebooks"):
        list(lesson.demos(nb))


def test_the_last_definition_is_the_one_that_counts():
    above = notebook(
        "x = 1", "y = x", "x = 2", "z = [x for x in range(3)]", "def f():\n    return y"
    )
    needed = lesson._needed(above.cells, nbformat.v4.new_code_cell("f(x)"))
    assert [cell.source for cell in needed] == ["x = 1", "y = x", "x = 2", "def f():\n    return y"]


# What a page says about itself ------------------------------------------------------------------


@pytest.mark.parametrize(
    ("said", "minutes"),
    [
        ("about 85 minutes, with the exercises. **You need first:** 3 things", (None, 85)),
        ("about 45 minutes to read and play; the six exercises take half an hour more.", (45, 75)),
        ("about 60 minutes to read and play; the five take half as long again.", (60, 90)),
        ("about 50 minutes to read and play, 85 with the exercises.", (50, 85)),
        ("about 50 minutes to read and play; the exercises take 35 minutes more.", (50, 85)),
        ("about 50 minutes to read and play; the exercises take 35 more.", (50, 85)),
    ],
)
def test_both_times_are_read_as_a_notebook_states_them(said, minutes):
    assert lesson.times(f"Text.\n\n**Time:** {said}\n\nIn 1970, 7 people.") == minutes


@pytest.mark.parametrize("text", ["No time.", "**Time:** a while", "**Time:** 1, 2 or 3 minutes"])
def test_a_notebook_without_a_time_stops_the_build(text):
    with pytest.raises(Stop, match=r"its line \*\*Time:\*\*"):
        lesson.times(text)


def test_every_notebook_promises_one_thing_in_one_line():
    assert list(lesson.PROMISES) == sorted(path.stem for path in COURSE.glob("*.ipynb"))
    assert all(30 < len(line) <= 110 and line.endswith(".") for line in lesson.PROMISES.values())
    with pytest.raises(Stop, match=r"promises.toml has no line for 99_new"):
        lesson.about("99_new", notebook())


@pytest.mark.parametrize("path", sorted(COURSE.glob("*.ipynb")), ids=lambda path: path.stem)
def test_a_page_describes_itself_to_machines(path):
    nb = nbformat.read(path, as_version=4)
    said = lesson.described(path.stem, nb)
    assert said["@type"] == "LearningResource"
    assert said["url"] == f"{path.stem}.html"
    assert f"# {said['name']}" in nb.cells[0].source
    assert re.fullmatch(r"PT\d{2,3}M", said["timeRequired"])
    assert len(said["teaches"]) == nb.cells[0].source.count("\n- ") >= 3
    assert not re.search(r"[$\\*`]|\]\(", " ".join([said["name"], *said["teaches"]]))


def test_what_machines_are_told_cannot_end_its_script():
    text = lesson.linked({"name": "</script><b>"})
    assert "<" not in text
    assert json.loads(text) == {"@context": "https://schema.org", "name": "</script><b>"}


def test_an_exercise_is_found_by_the_name_that_its_checker_knows():
    nb = notebook('def f(): ...\n\n\ncheck_answer("1.A", f)', "f()")
    nb.cells[0].metadata["tags"] = ["exercise"]
    assert lesson.exercises(nb) == {nb.cells[0].id: "1.A"}
    nb.cells[1].metadata["tags"] = ["exercise"]
    with pytest.raises(Stop, match="check_answer"):
        lesson.exercises(nb)


def test_the_address_of_the_source_is_that_of_the_place_where_it_is_built(monkeypatch):
    monkeypatch.delenv("GITHUB_REPOSITORY", raising=False)
    assert site.repository() == ""
    monkeypatch.setenv("GITHUB_SERVER_URL", "https://git.example.org")
    monkeypatch.setenv("GITHUB_REPOSITORY", "school/course")
    assert site.repository() == "https://git.example.org/school/course"


# Recordings -------------------------------------------------------------------------------------


def build(figure):
    axes = figure.add_axes((0, 0, 1, 1), xlim=(0, 10), ylim=(0, 10))
    return {"dot": axes.plot([0], [0], "o")[0]}


def draw(state, artists):
    if state["x"] == 9:
        raise ZeroDivisionError("nine")
    artists["dot"].set_data([state["x"]], [state["n"]])
    return f"x {state['x']:g} n {state['n']} {state['which']}", f"x is {state['x']:g}"


def demo(moved=lambda _state, _name: {}, **controls):
    usual = {"x": Slider("x", 0, 4, 1, default=1), "which": Choice("Which", ["a", "b"])}
    return Demo("Try", usual | controls, LiveFigure(build), draw, memory={"n": 0}, moved=moved)


def unpacked(recording):
    return json.loads(gzip.decompress(b64decode(recording.packed)))


def readouts(recording, key):
    return [frame[0] for frame in unpacked(recording)["frames"][key]]


def told(recording, key):
    return next(c for c in json.loads(recording.spec)["controls"] if c["key"] == key)


def test_each_position_is_reached_from_the_default_state():
    recording = record(demo(), "d1")
    assert readouts(recording, "x") == [f"x {k} n 0 a" for k in range(5)]
    assert readouts(recording, "which") == ["x 1 n 0 a", "x 1 n 0 b"]
    assert recording.readout == "x 1 n 0 a"
    assert [frame[2] for frame in unpacked(recording)["frames"]["x"]][:3] == [
        {"x": 0.0},
        {},
        {"x": 2.0},
    ]


def test_what_one_position_leaves_behind_does_not_reach_the_next():
    recording = record(demo(lambda state, _: {"n": state["n"] + 1}), "d1")
    assert readouts(recording, "x") == [f"x {k} n {int(k != 1)} a" for k in range(5)]


def test_presses_are_recorded_until_nothing_changes_or_all_came_round(monkeypatch):
    monkeypatch.setattr(frames, "PRESSES", 3)
    recording = record(
        demo(
            once=Button("Once", lambda _: {"n": 1}),
            round=Button("Round", lambda s: {"n": (s["n"] + 1) % 2}),
            on=Button("On", lambda s: {"n": s["n"] + 1}),
            many=Button("Many", lambda s: {"n": s["n"] + 1}, repeat=80),
        ),
        "d1",
    )
    assert readouts(recording, "once") == ["x 1 n 1 a"]
    assert readouts(recording, "round") == ["x 1 n 1 a", "x 1 n 0 a"]
    assert readouts(recording, "on") == [f"x 1 n {n} a" for n in (1, 2, 3)]
    assert readouts(recording, "many") == [f"x 1 n {n} a" for n in range(2, 81, 2)]
    endings = {
        key: (told(recording, key)["round"], told(recording, key)["short"])
        for key in ("once", "round", "on", "many")
    }
    assert endings == {
        "once": (False, False), "round": (True, False), "on": (False, True), "many": (False, True),
    }  # fmt: skip


def test_a_fine_slider_keeps_its_ends_and_its_default_and_the_page_says_so(monkeypatch):
    monkeypatch.setattr(frames, "FINEST", 5)
    recording = record(demo(fine=Slider("fine one", 0, 5, 0.5, default=2)), "d1")
    assert told(recording, "fine")["choices"] == [0, 1.5, 2, 3, 4.5, 5]
    assert told(recording, "fine")["texts"] == ["0.0", "1.5", "2.0", "3.0", "4.5", "5.0"]
    assert "“fine one” takes larger steps" in recording.note
    assert "larger steps" not in record(demo(), "d1").note


def test_the_page_says_that_one_control_moves_at_a_time_where_there_are_two():
    assert "One control moves at a time" in record(demo(), "d1").note
    alone = Demo("Try", {"x": Slider("x", 0, 4, 1)}, LiveFigure(build), lambda *_: ("x", "x"))
    assert record(alone, "d1").note == ""


def test_a_play_button_needs_no_frames_of_its_own():
    recording = record(demo(play=Play("x")), "d1")
    assert "play" not in unpacked(recording)["frames"]
    assert told(recording, "play")["slider"] == "x"


def test_a_control_of_an_unknown_kind_stops_the_build_and_is_named():
    strange = demo()
    strange.controls["which"].kind = "dial"
    with pytest.raises(Stop, match=r"'Try' has a control 'which' of the kind 'dial'"):
        record(strange, "d1")


def test_a_state_that_a_demo_cannot_show_stops_the_build():
    with pytest.raises(Stop, match=r"'Try' fails: ZeroDivisionError: nine"):
        record(demo(x=Slider("x", 0, 10, 1)), "d1")


def test_a_recording_is_a_function_of_the_demo_alone():
    first, second = record(demo(), "d1"), record(demo(), "d1")
    assert first == second
    ids = set(re.findall(r' id="([^"]+)"', first.resting + first.moving))
    assert ids
    assert all(name.startswith("d1") for name in ids)


def test_a_picture_is_cut_by_hand_only_for_a_demo_that_is_there():
    sources = "".join(path.read_text("utf-8") for path in DEMOS.rglob("*.py"))
    for title, cut in BY_HAND.items():
        assert f'"{title}"' in sources, title
        for left, top, wide, high in cut:
            assert min(left, top) >= 0 < min(wide, high)
            assert left + wide <= 648


def test_the_panels_of_a_recording_are_the_columns_of_its_figure_unless_cut_by_hand(monkeypatch):
    recording = record(demo(), "d1")
    assert recording.size == (648, 252)
    assert recording.panels == ((0, 0, 648, 252),)
    monkeypatch.setitem(BY_HAND, "Try", ((0, 0, 400, 252), (300, 0, 348, 252)))
    assert record(demo(), "d1").panels == BY_HAND["Try"]


def test_every_element_of_a_picture_is_kept_once():
    picture = '<svg a="b"><g><path d="M 0 0"/></g><text>1 &lt; 2</text><use/></svg>'
    assert frames.elements_of(picture) == [
        '<g><path d="M 0 0"/></g>', "<text>1 &lt; 2</text>", "<use/>",
    ]  # fmt: skip


# The folder -------------------------------------------------------------------------------------


def test_a_folder_with_something_else_in_it_is_left_alone(tmp_path):
    (tmp_path / "letter.txt").write_text("dear")
    with pytest.raises(Stop, match="holds something else"):
        site.build(tmp_path)
    assert (tmp_path / "letter.txt").read_text() == "dear"


def test_the_script_is_the_controls_of_jupyterlab_and_loads_nothing():
    script = site.script()
    assert "export" not in script
    assert 'type: "range"' in script
    assert not re.search(r"\b(import|fetch|XMLHttpRequest|eval)\b", script)


# Colours ----------------------------------------------------------------------------------------

PALETTES = re.findall(r":root \{(.*?)\n *\}", site.style(), re.S)


def colours(block):
    return dict(re.findall(r"--(\w+): (#[0-9a-f]{6});", block))


def contrast(one, other):
    lighter, darker = sorted(1.05 / contrast_with_white(colour) for colour in (one, other))[::-1]
    return lighter / darker


@pytest.mark.parametrize("palette", PALETTES, ids=["light", "dark"])
def test_every_colour_of_the_pages_can_be_told_from_its_ground(palette):
    found = {**colours(PALETTES[0]), **colours(palette)}
    for ground in ("paper", "code"):
        for text in ("ink", "pale", "link", "keyword", "string", "number", "comment", "name"):
            assert contrast(found[text], found[ground]) >= 4.5, f"{text} on {ground}"
    for mark in ("accent", "edge"):
        assert contrast(found[mark], found["paper"]) >= 3, mark


def test_there_are_two_palettes_and_they_differ():
    light, dark = map(colours, PALETTES)
    assert dark.keys() == light.keys()
    assert all(light[name] != dark[name] for name in dark)
    assert contrast("#000000", "#ffffff") == pytest.approx(21)


# Viewers that run no script -----------------------------------------------------------------------


@pytest.mark.parametrize("path", sorted(COURSE.glob("*.ipynb")), ids=lambda path: path.stem)
def test_a_viewer_without_scripts_shows_each_demo_as_a_picture_with_its_words(path):
    """GitHub and nbviewer show what nbconvert's plain exporter shows."""
    nb = nbformat.read(path, as_version=4)
    stored = [
        output.data["text/plain"]
        for cell in nb.cells
        for output in cell.get("outputs", ())
        if "<img" in output.get("data", {}).get("text/html", "")
    ]
    shown = HTMLExporter(template_name="basic").from_notebook_node(nb)[0]
    pictures = re.findall(
        r'<img\b[^>]*\balt="([^"]+)"[^>]*src="data:image/svg\+xml;base64,[^"]+"', shown
    )
    assert len(pictures) == len(stored)
    assert shown.count("<img") == len(stored)
    assert "Error displaying widget" not in shown
    for words, sentence in zip(pictures, stored, strict=True):
        assert words.split() == sentence.split()
