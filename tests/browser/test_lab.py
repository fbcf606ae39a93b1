"""Every notebook in JupyterLab, in a real browser, as a learner goes through it.

Each notebook is opened once, and the tests of it follow each other on that page, from the stored
pictures to the copy that is saved, closed and reopened. What a demo must show in a state is what
the same demo shows in this process: the numbers, the words and every line of the picture.
"""

import contextlib
import io
import time

import pytest
from playwright.sync_api import expect

from nnmath.exercises import EXERCISES, check_answer
from nnmath.exercises.mistakes import all_mistakes
from nnmath.live import Button, Choice, Play, Slider
from tests.browser.access import barriers
from tests.browser.by_hand import CHECKS
from tests.browser.jupyter import BROKEN, PATIENCE, SESSION
from tests.browser.mirror import furthest, mirrors, press, state
from tests.notebooks.structure import read, tasks
from tools.lab import COURSE

PATHS = sorted(COURSE.glob("*.ipynb"))
ERRORS = "[data-mime-type='application/vnd.jupyter.error'], [data-mime-type*='stderr']"
STILLS = """() => [...document.querySelectorAll(".jp-OutputArea-output img")].map((image) => ({
  alt: image.alt, seen: image.complete && image.naturalWidth > 0 && image.clientWidth > 300,
}))"""


def test_there_are_notebooks():
    assert PATHS


@pytest.fixture(scope="module", params=[path.name for path in PATHS] or ["none"])
def as_stored(request, opened):
    """The notebook opened, with a note of what a learner sees before anything was run."""
    found = opened(request.param)
    found.stills = found.page.evaluate(STILLS)
    found.trusted = found.page.evaluate(
        "window.jupyterapp.shell.currentWidget.content.widgets.some("
        "(cell) => cell.model.type === 'code' && cell.model.trusted)"
    )
    found.before = found.page.locator(".jp-Notebook").inner_text()
    yield found
    found.close()


@pytest.fixture(scope="module")
def copies(as_stored):
    """The demos of the notebook, made in this process."""
    found = mirrors(COURSE / as_stored.name)
    for demo in found:
        demo.reset()
    return found


@pytest.fixture(scope="module")
def notebook(as_stored, copies):
    """The notebook after Run All."""
    as_stored.run_all()
    as_stored.demos(len(copies))
    return as_stored


# While a demo moves, the browser lays out all of the page again and again.
PROSE = "fold => document.body.classList.toggle('prose-is-folded', fold)"
FOLDED = ".prose-is-folded .jp-MarkdownCell { display: none; }"


@pytest.fixture
def pairs(notebook, copies):
    """Each demo of the page with its copy in this process, both in their first state.

    The prose is folded away: it moves nothing, and to lay out its formulas takes most of the time.
    """
    notebook.page.add_style_tag(content=FOLDED)
    notebook.page.evaluate(PROSE, True)
    found = list(zip(notebook.demos(len(copies)), copies, strict=True))
    for demo, copy in found:
        back_to_the_start(demo, copy)
    yield found
    notebook.page.evaluate(PROSE, False)


def words(copy):
    """Return what the still picture of a demo says, in its first state."""
    return f"{copy.title}. {copy.alt}".replace("\n", " ")


def back_to_the_start(demo, copy):
    copy.reset()
    demo.follow([({"button": "Reset"}, state(copy), "Reset")])


# --- As stored, and run ---------------------------------------------------------------------------


def test_as_stored_it_shows_still_pictures_with_their_words(as_stored, copies):
    """Nobody trusts a fresh clone: JupyterLab then shows pictures, and no control."""
    assert not as_stored.trusted
    assert BROKEN not in as_stored.before
    assert [still["alt"] for still in as_stored.stills] == [words(copy) for copy in copies]
    assert all(still["seen"] for still in as_stored.stills)


def test_it_runs_without_a_complaint(notebook):
    assert notebook.page.locator(ERRORS).count() == 0
    assert BROKEN not in notebook.page.locator(".jp-Notebook").inner_text()
    assert notebook.complaints == []


# --- Its demos ------------------------------------------------------------------------------------

# By keys from where it rests: between, both ends, between; the mouse then ends between, too.
KEYS = ("ArrowRight", "Home", "End", "PageDown")
OTHER_KEYS = ("ArrowUp", "ArrowLeft", "PageUp", "ArrowDown")  # on the first slider of a notebook
STOPS = 6  # how many values a sweep through a slider has, both ends included


def test_every_control_through_its_range_and_by_keyboard_and_mouse(pairs):
    """Each control goes through its range at once; then true keys and a true mouse move it."""
    keys = KEYS + OTHER_KEYS
    for demo, copy in pairs:
        sliders = iter(enumerate(demo.sliders))
        groups = demo.cell.get_by_role("group")
        choices = (groups.nth(i) for i in range(groups.count()))
        for name, control in copy.controls.items():
            if isinstance(control, Slider):
                at, slider = next(sliders)
                sweep(demo, copy, at, control)
                drive_slider(demo, copy, slider, control, keys)
                keys = KEYS
            elif isinstance(control, Choice):
                drive_choice(demo, copy, next(choices), control)
            elif isinstance(control, Play):
                drive_play(demo, copy, control)
            elif isinstance(control, Button):
                drive_button(demo, copy, name, control)
            back_to_the_start(demo, copy)


def sweep(demo, copy, at, control):
    """Move a slider through its whole range, and back to the start; all in one call to the page."""
    steps, pictures = [], set()
    for where, value in stops(control):
        control.value = value
        move = {"slider": [at, where]}
        steps.append((move, state(copy), f"{control.label} = {value}"))
        pictures.add((copy.alt, steps[-1][1]["picture"]))
    assert len(pictures) > 1, f"{control.label} moves nothing"
    copy.reset()
    demo.follow([*steps, ({"button": "Reset"}, state(copy), "Reset")])


def stops(control):
    """Return evenly spread values of a slider, each after the number the browser has for it."""
    if control.choices:
        last = len(control.choices) - 1
    else:
        last = round((control.max - control.min) / control.step)
    steps = sorted({round(last * n / (STOPS - 1)) for n in range(STOPS)})
    if control.choices:
        return [(step, control.choices[step]) for step in steps]
    values = [min(control.min + step * control.step, control.max) for step in steps]
    return [(value, value) for value in values]


def drive_slider(demo, copy, slider, control, keys):
    assert slider.get_attribute("data-lm-suppress-shortcuts") == "true"
    slider.focus()
    for key in keys:
        before = control.value
        demo.cell.page.keyboard.press(key)
        control.value = value_after(key, before, slider, control)
        demo.shows(copy, f"{key} on {control.label}")
    last = furthest(control)
    drag(demo, slider, 0.25, 0.75)
    control.value = value_of(slider, control)
    low, high = ends(slider)
    at = (float(slider.input_value()) - low) / (high - low)
    near = 0.1 + float(slider.get_attribute("step")) / (high - low)
    assert abs(at - 0.75) <= near or control.value == last < control.max
    demo.shows(copy, f"a drag of {control.label}")


def ends(slider):
    return [float(slider.get_attribute(end)) for end in ("min", "max")]


def value_of(slider, control):
    """Return the value of the browser's slider, which counts where there are choices."""
    value = float(slider.input_value())
    return control.choices[round(value)] if control.choices else value


def value_after(key, before, slider, control):
    """Return where the key leads: by rule; of a page key only the direction is certain."""
    values = control.choices or None
    if key in ("Home", "End"):
        return control.min if key == "Home" else control.max
    up = key in ("ArrowUp", "ArrowRight", "PageUp")
    if key.startswith("Page"):
        now = value_of(slider, control)
        assert (now > before) == (up and before < control.max), key
        assert (now < before) == (not up and before > control.min), key
        return now
    if values:
        at = values.index(before) + (1 if up else -1)
        return values[min(max(at, 0), len(values) - 1)]
    steps = round((before - control.min) / control.step) + (1 if up else -1)
    return min(max(control.min + steps * control.step, control.min), control.max)


def drag(demo, slider, start, end):
    """Take hold of the slider and pull, as a hand on a mouse does."""
    slider.scroll_into_view_if_needed()
    box, mouse = slider.bounding_box(), demo.cell.page.mouse
    y = box["y"] + box["height"] / 2
    mouse.move(box["x"] + start * box["width"], y)
    mouse.down()
    mouse.move(box["x"] + end * box["width"], y, steps=4)
    mouse.up()


def drive_choice(demo, copy, group, control):
    """Step through all of it with an arrow key, and round to where it began."""
    group.get_by_role("radio", checked=True).focus()
    pictures = set()
    for _ in control.choices:
        demo.cell.page.keyboard.press("ArrowDown")
        control.value = control.choices[
            (control.choices.index(control.value) + 1) % len(control.choices)
        ]
        demo.shows(copy, f"ArrowDown on {control.label}")
        pictures.add((copy.alt, copy.seen.moving))
    assert len(pictures) > 1, f"{control.label} changes nothing"
    group.get_by_role("radio").first.click()
    control.value = control.choices[0]
    demo.shows(copy, f"a click on {control.choices[0]}")


def drive_button(demo, copy, name, control):
    """Press it by keyboard, then by mouse; an animation is also stopped half-way."""
    for push in ("Enter", "Space", None):
        button = demo.button(control.label)
        button.press(push) if push else button.click()
        press(copy, name)
        demo.shows(copy, f"{push or 'a click'} on {control.label}")
        if control.repeat > 1:
            break
    if control.repeat > 1:
        back_to_the_start(demo, copy)
        button.press("Enter")
        stop = demo.button("Stop")
        if stop.count():  # it may have ended by then
            stop.press("Enter")
        expect(demo.button(control.label)).to_be_visible(timeout=PATIENCE)
        demo.settled()


def drive_play(demo, copy, play):
    """Play and pause by keyboard; then play to the right end, where it stops by itself."""
    slider = demo.sliders[list(copy.controls).index(play.slider)]
    control = copy.controls[play.slider]
    before = slider.get_attribute("aria-valuetext")
    demo.button("Play").press("Enter")
    expect(slider).not_to_have_attribute("aria-valuetext", before, timeout=PATIENCE)
    expect(demo.button("Pause")).to_be_focused()
    demo.cell.page.keyboard.press("Space")
    expect(demo.button("Play")).to_be_focused()
    demo.settled()
    control.value = value_of(slider, control)
    demo.shows(copy, "Play and Pause")
    demo.button("Play").press("Enter")
    expect(demo.button("Pause")).to_be_visible(timeout=PATIENCE)
    demo.press(slider, "Home")  # a hand on the slider has the last word
    expect(demo.button("Play")).to_be_visible(timeout=PATIENCE)
    control.value = control.min
    demo.settled()
    demo.shows(copy, "Play and Home")
    demo.press(slider, "End", "ArrowLeft", "ArrowLeft")
    control.value = control.max
    for _ in range(2):
        control.value = value_after("ArrowLeft", control.value, slider, control)
    demo.shows(copy, "End and two steps back")  # a key that arrives late would stop it
    demo.button("Play").press("Space")
    control.value = control.max
    demo.shows(copy, "Play to the end")
    end = slider.get_attribute("aria-valuetext")
    demo.button("Play").click()  # from the end it begins again
    expect(slider).not_to_have_attribute("aria-valuetext", end, timeout=PATIENCE)
    demo.button("Pause").click()
    demo.settled()
    control.value = value_of(slider, control)
    assert control.value < control.max
    demo.shows(copy, "Play from the end")


# From the moment that a cell is asked for to its answer: how often did a picture change?
ASK = f"""async cell => {{
  const layer = cell.querySelector("svg[role=img]").closest(".widget-html");
  let pictures = 0;
  const watch = new MutationObserver(() => (pictures += 1));
  watch.observe(layer, {{ childList: true, subtree: true }});
  await {SESSION}.session.kernel.requestExecute({{ code: "1" }}).done;
  watch.disconnect();
  return pictures;
}}"""


def test_60_presses_in_a_second_end_in_the_last_state(pairs):
    """The kernel is asked for what is new, not for all that was; and the next cell is not kept.

    While a picture is on its way the browser remembers only the newest value: so before a cell is
    answered no more than what is on its way, and this value, can be drawn, however slow that is.
    """
    for demo, copy in pairs:
        sliders = [c for c in copy.controls.values() if isinstance(c, Slider)]
        if not sliders:
            continue
        control = max(sliders, key=lambda c: len(c.choices) or (c.max - c.min) / c.step)
        slider = demo.sliders[sliders.index(control)]
        last = furthest(control)
        copy.reset()
        demo.press(slider, "Home")
        value = control.min
        keyboard, start = demo.cell.page.keyboard, time.monotonic()
        key = "ArrowRight"
        for n in range(60):
            if value == (last if key == "ArrowRight" else control.min):
                key = "ArrowLeft" if key == "ArrowRight" else "ArrowRight"
            value = value_after(key, value, slider, control)
            keyboard.press(key)
            demo.cell.page.wait_for_timeout(max(0, 1000 * (start + n / 60 - time.monotonic())))
        control.value = value
        pictures = demo.cell.evaluate(ASK)
        assert pictures <= 3, f"a cell waits behind {pictures} pictures"
        demo.shows(copy, f"60 presses on {control.label}")
        demo.settled()
        demo.shows(copy, f"60 presses on {control.label}, and a rest")


def test_numbers_worked_out_by_hand(pairs, notebook):
    demos = [demo for demo, _ in pairs]
    for check in CHECKS.get(notebook.name[:2], ()):
        for demo, copy in pairs:
            back_to_the_start(demo, copy)
        check(demos)


# --- Its exercises --------------------------------------------------------------------------------


def paste_into(cell, text):
    """Put it in the place of what is there, in one go."""
    empty(cell)
    cell.page.keyboard.insert_text(text)


def empty(cell):
    cell.locator(".cm-content").click()
    cell.page.keyboard.press("Control+a")
    cell.page.keyboard.press("Delete")


def type_into(cell, text):
    """Type it key by key over what is there; the editor indents by itself, and is overruled."""
    empty(cell)
    keyboard = cell.page.keyboard
    for n, line in enumerate(text.splitlines()):
        if n:
            keyboard.press("Enter")
            keyboard.press("Shift+Home")
            keyboard.press("Delete")
        keyboard.type(line)


def answered(cell, words):
    cell.page.keyboard.press("Control+Enter")
    output = cell.locator(".jp-OutputArea-output", has_text=words)
    output.wait_for(timeout=PATIENCE)
    return output.inner_text().strip()


def reversed_sign(task):
    """Return the solution with a wrong sign, which is a usual mistake where a number is asked."""
    return task.solution.replace("\n    return ", "\n    return -1 * ")


def diagnosed(task, imports):
    """Return what the checker says of that mistake, if the catalogue of the exercise knows it."""
    scope, said = {}, io.StringIO()
    with contextlib.redirect_stdout(said), contextlib.suppress(SyntaxError):
        exec(imports, scope)
        exec(reversed_sign(task), scope)
        check_answer(task.id, scope[task.name])
    told = {f"{task.id} ✗ {m.diagnosis}" for m in all_mistakes(EXERCISES[task.id])}
    return said.getvalue().strip() if said.getvalue().strip() in told else ""


def test_an_exercise_typed_into_its_cell(notebook):
    """A wrong answer gets its diagnosis, the right one is accepted, the folds open by keyboard."""
    page, cells = notebook.page, read(COURSE / notebook.name)
    imports = next(cell.source for cell in cells if cell.kind == "code")
    found = [(task, diagnosed(task, imports)) for task in tasks(cells)]
    if not found:
        return
    task, words = next(((task, words) for task, words in found if words), found[0])
    assert words, "no exercise of this notebook knows the wrong sign: try another mistake here"
    cell = page.locator(".jp-CodeCell", has_text=f'check_answer("{task.id}"').first
    cell.scroll_into_view_if_needed()
    check = f'\n\ncheck_answer("{task.id}", {task.name})'
    type_into(cell, reversed_sign(task) + check)
    assert answered(cell, f"{task.id} ✗") == words
    paste_into(cell, task.solution + check)
    assert answered(cell, f"{task.id} ✓").startswith(f"{task.id} ✓ right")

    folds = cell.locator("xpath=following-sibling::*[1]").locator("details")
    for at in range(folds.count()):
        fold = folds.nth(at)
        assert fold.get_attribute("open") is None
        fold.locator("summary").focus()
        page.keyboard.press("Space")
        expect(fold).to_have_attribute("open", "", timeout=PATIENCE)


# --- How it looks ---------------------------------------------------------------------------------

# Everything that stands out of its box, and all controls and words that lie on one another.
# Zoomed, a long formula or a table may be wider than the page, as WCAG 1.4.10 allows.
CROWDED = """zoomed => {
  const faults = [];
  const say = (node) => `${node.tagName} ${node.className} ${node.textContent.slice(0, 60)}`;
  const wide = ".jp-OutputArea-output, .jp-RenderedMarkdown, .nn-control, .nn-words, .nn-button";
  const excused = document.querySelectorAll(
    zoomed ? "mjx-container, .jp-RenderedMarkdown table" : "nothing");
  excused.forEach((node) => (node.style.display = "none"));
  for (const node of document.querySelectorAll(wide)) {
    if (node.scrollWidth > node.clientWidth + 1)
      faults.push(`${node.scrollWidth} in ${node.clientWidth}: ${say(node)}`);
  }
  excused.forEach((node) => (node.style.display = ""));
  const parts = ".nn-slider .nn-name, .nn-slider input, .nn-slider .nn-value, .nn-button, "
    + ".nn-choice label, .nn-choice legend, .nn-words, svg[role=img]";
  for (const cell of document.querySelectorAll(".jp-CodeCell")) {
    const seen = [...cell.querySelectorAll(parts)].map((node) => [node, node.getClientRects()[0]])
      .filter(([node, box]) => box && box.height > 0);
    const frame = cell.querySelector(".jp-OutputArea")?.getBoundingClientRect();
    seen.forEach(([node, a], at) => {
      if (a.left < frame.left - 1 || a.right > frame.right + 1)
        faults.push(`outside its cell: ${say(node)}`);
      for (const [other, b] of seen.slice(at + 1)) {
        const across = Math.min(a.right, b.right) - Math.max(a.left, b.left);
        const down = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top);
        if (across > 1 && down > 1) faults.push(`${say(node)} lies on ${say(other)}`);
      }
    });
  }
  return faults;
}"""
WINDOWS = {"": (1280, 720), "zoomed": (640, 360)}  # 200 % leaves half of it for the page


@pytest.fixture
def theme(notebook, request):
    """The notebook in a light or a dark theme."""
    dress(notebook, request.param)
    return request.param


def dress(notebook, theme):
    notebook.command("apputils:change-theme", theme=f"JupyterLab {theme}")
    light = "true" if theme == "Light" else "false"
    body = notebook.page.locator("body")
    expect(body).to_have_attribute("data-jp-theme-light", light, timeout=PATIENCE)


@pytest.mark.parametrize("theme", ["Light", "Dark"], indirect=True)
def test_nothing_in_it_shuts_anyone_out(notebook, theme):
    """Our Markdown and our outputs: the rest of the page is JupyterLab's."""
    ours = ".jp-RenderedMarkdown", ".jp-OutputArea-output"
    found = barriers(notebook.page, *ours, colours=theme == "Dark")
    assert found == [], f"in the {theme} theme"


# In the other order, because to change the theme of a page full of formulas takes seconds.
@pytest.mark.parametrize("theme", ["Dark", "Light"], indirect=True)
def test_nothing_overlaps_and_nothing_scrolls_sideways(notebook, copies, shots, theme):
    demos = notebook.demos(len(copies))
    for demo, copy in zip(demos, copies, strict=True):
        back_to_the_start(demo, copy)
    assert crowded(notebook, demos, shots, theme) == []


def crowded(notebook, demos, shots, *words):
    """Return what lies on something else or stands out, in a usual window and in a small one."""
    page, found = notebook.page, []
    for zoom, (width, height) in WINDOWS.items():
        if zoom:  # the list of files would leave no room for the notebook
            notebook.command("application:toggle-left-area")
        page.set_viewport_size({"width": width, "height": height})
        page.wait_for_function("width => innerWidth === width", arg=width)
        found += page.evaluate(CROWDED, bool(zoom))
        page.set_viewport_size({"width": width, "height": 1200})  # for whole pictures
        for number, demo in enumerate(demos, start=1):
            name = "-".join(filter(None, [notebook.name[:2], f"demo-{number}", *words, zoom]))
            output = demo.cell.locator(".jp-Cell-outputWrapper")
            output.screenshot(path=shots / f"{name.lower()}.png")
    notebook.command("application:toggle-left-area")
    page.set_viewport_size({"width": 1280, "height": 900})
    return found


# --- Saved, closed, reopened ----------------------------------------------------------------------


def test_a_saved_copy_shows_its_pictures_when_it_is_reopened(notebook, copies, elsewhere):
    """With no kernel that knows the demos; and after a restart all of it runs again."""
    for demo, copy in zip(notebook.demos(len(copies)), copies, strict=True):
        back_to_the_start(demo, copy)
    # In the same page, and then, saved without a run, on another machine.
    for again in (notebook.reopen, lambda: notebook.reopen_in(elsewhere.new_page())):
        again()
        seen = f"count => ({STILLS})().filter((still) => still.seen).length === count"
        notebook.page.wait_for_function(seen, arg=len(copies), timeout=PATIENCE)
        stills = notebook.page.evaluate(STILLS)
        assert [still["alt"] for still in stills] == [words(copy) for copy in copies]
        assert all(still["seen"] for still in stills)
        assert BROKEN not in notebook.page.locator(".jp-Notebook").inner_text()

    notebook.restart()
    notebook.run_all()
    for demo, copy in zip(notebook.demos(len(copies)), copies, strict=True):
        demo.shows(copy, "a restart")
        control = next(c for c in copy.controls.values() if isinstance(c, (Slider, Choice)))
        kind = "slider" if isinstance(control, Slider) else "radio"
        key = "End" if kind == "slider" else "ArrowDown"
        control.value = control.max if kind == "slider" else control.choices[1]
        demo.cell.get_by_role(kind).first.press(key)
        demo.shows(copy, f"a restart and {key}")
        back_to_the_start(demo, copy)


def test_nothing_overlaps_in_narrow_fonts_either(notebook, copies, shots):
    """On the page of the other machine. A theme changes colours only, so one is enough."""
    assert crowded(notebook, notebook.demos(len(copies)), shots, "narrow") == []


def test_in_all_of_that_nothing_was_logged_as_an_error(notebook):
    assert notebook.complaints == []
