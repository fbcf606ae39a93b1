"""Notebook 7, and a JupyterLab without the course's settings: the same demos obey the same keys."""

import pytest

from nnmath.live import Slider
from tests.browser.jupyter import BROKEN, PATIENCE
from tests.browser.mirror import mirrors
from tools.lab import COURSE

PATHS = sorted(COURSE.glob("*.ipynb"))


def run(opened, name):
    """Open a notebook, run it, and return it with its demos and their copies in this process."""
    notebook, copies = opened(name), mirrors(COURSE / name)
    notebook.run_all()
    for copy in copies:
        copy.reset()
    return notebook, list(zip(notebook.demos(len(copies)), copies, strict=True))


def move_the_first_control(demo, copy):
    control = next(iter(copy.controls.values()))
    if isinstance(control, Slider):
        demo.press(demo.sliders[0], "End", "Home")
        control.value = control.max
        control.value = control.min
        demo.shows(copy, f"Home on {control.label}")
        before = copy.alt
        demo.press(demo.sliders[0], "ArrowRight")
        control.value = control.following(control.value)
    else:
        before = copy.alt
        demo.press(demo.cell.get_by_role("radio").first, "ArrowDown")
        control.value = control.choices[1]
    assert copy.alt != before
    demo.shows(copy, f"an arrow on {control.label}")


@pytest.mark.parametrize("name", [path.name for path in PATHS])
@pytest.mark.parametrize("opened", ["notebook", "plain"], indirect=True)
def test_the_first_control_of_each_demo_moves_by_keyboard(opened, name):
    notebook, pairs = run(opened, name)
    for demo, copy in pairs:
        demo.shows(copy, "Run All")
        move_the_first_control(demo, copy)
    assert notebook.complaints == []
    notebook.close()


@pytest.mark.parametrize("opened", ["plain"], indirect=True)
def test_what_a_saved_copy_loses_without_the_settings(opened):
    """As README.md says: reopened, each demo is a message until its cell is run again."""
    notebook, pairs = run(opened, PATHS[0].name)
    notebook.reload()
    messages = notebook.page.get_by_text(BROKEN)
    messages.first.wait_for(timeout=PATIENCE)
    assert messages.count() == len(pairs)
    notebook.run_all()
    for demo, copy in pairs:
        demo.shows(copy, "Run All")
        move_the_first_control(demo, copy)
    notebook.close()
