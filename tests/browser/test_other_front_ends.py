"""Notebook 7, and a JupyterLab without the course's settings: the same demos obey the same keys.

All demos of the course stand on one page here, and one whole notebook is opened in each of the two;
test_lab.py opens them all.
"""

import pytest

from nnmath.live import Slider
from tests.browser import jupyter
from tests.browser.jupyter import BROKEN, PATIENCE, SESSION
from tests.browser.mirror import makers, mirrors
from tools.lab import COURSE

PATHS = sorted(COURSE.glob("*.ipynb"))
EVERY_DEMO = [
    f"from {make.__module__} import {make.__name__}\n\n{make.__name__}()"
    for path in PATHS
    for make in makers(path)
]


def run(notebook, copies):
    """Run it, and return its demos, each with its copy in this process, after Run All."""
    notebook.run_all()
    pairs = list(zip(notebook.demos(len(copies)), copies, strict=True))
    for demo, copy in pairs:
        copy.reset()
        demo.shows(copy, "Run All")
    return pairs


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


@pytest.mark.parametrize("opened", ["notebook", "plain"], indirect=True)
def test_the_first_control_of_each_demo_moves_by_keyboard(opened):
    notebook = opened("every_demo.ipynb", EVERY_DEMO)
    for demo, copy in run(notebook, [copy for path in PATHS for copy in mirrors(path)]):
        move_the_first_control(demo, copy)
    assert notebook.complaints == []
    notebook.close()


@pytest.mark.parametrize("opened", ["notebook"], indirect=True)
def test_a_whole_notebook_runs(opened, monkeypatch):
    notebook = opened(PATHS[0].name)
    for demo, copy in run(notebook, mirrors(PATHS[0])):
        move_the_first_control(demo, copy)
    assert notebook.complaints == []

    # A session that ends is started again; and a wait that is too short says what can be done.
    monkeypatch.setattr(jupyter, "PATIENCE", 1)
    notebook.page.evaluate(f"{SESSION}.session.dispose()")
    with pytest.raises(AssertionError, match=r"no kernel that is idle .* run this test alone"):
        notebook.connect()
    monkeypatch.undo()
    notebook.page.evaluate(f"{SESSION}.session?.dispose()")
    notebook.connect()
    notebook.close()


@pytest.mark.parametrize("opened", ["plain"], indirect=True)
def test_what_a_saved_copy_loses_without_the_settings(opened):
    """As README.md says: reopened, each demo is a message until its cell is run again."""
    notebook, copies = opened(PATHS[0].name), mirrors(PATHS[0])
    assert len(run(notebook, copies)) > 1
    assert notebook.complaints == []
    notebook.reopen_in(notebook.page.context.new_page())
    messages = notebook.page.get_by_text(BROKEN)
    messages.first.wait_for(timeout=PATIENCE)
    assert messages.count() == len(copies)
    for demo, copy in run(notebook, copies):
        move_the_first_control(demo, copy)
    notebook.close()
