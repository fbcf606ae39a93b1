"""Every notebook in JupyterLab, in a real browser: it runs, and its controls move by keyboard."""

import pytest
from playwright.sync_api import expect

from tests.browser.access import barriers
from tools.lab import COURSE

NAMES = sorted(path.name for path in COURSE.glob("*.ipynb"))
ERRORS = "[data-mime-type='application/vnd.jupyter.error'], [data-mime-type*='stderr']"


def test_there_are_notebooks():
    assert NAMES


@pytest.fixture(scope="module", params=NAMES or ["none"])
def notebook(request, opened):
    found = opened(request.param)
    found.run_all()
    yield found
    found.page.close()


def test_it_runs_without_a_complaint(notebook, shots):
    assert notebook.page.locator(ERRORS).count() == 0
    assert "Error displaying widget" not in notebook.page.locator(".jp-Notebook").inner_text()
    for number, demo in enumerate(notebook.demos(), start=1):
        demo.cell.scroll_into_view_if_needed()
        demo.cell.screenshot(path=shots / f"{notebook.name}-demo-{number}.png")
    assert notebook.complaints == []


def test_nothing_in_it_shuts_anyone_out(notebook):
    """Our Markdown and our outputs: the rest of the page is JupyterLab's."""
    assert barriers(notebook.page, ".jp-RenderedMarkdown", ".jp-OutputArea-output") == []


def test_each_slider_reaches_both_ends_by_keyboard(notebook):
    """Home, End, an arrow and a page key each change the number beside it, and what is shown."""
    for demo in notebook.demos():
        assert demo.sliders, "a demo without a slider: what does the learner move?"
        for slider in demo.sliders:
            low, high = (slider.get_attribute(end) for end in ("min", "max"))
            demo.press(slider, "Home")
            expect(slider).to_have_js_property("value", low)
            at_low = slider.get_attribute("aria-valuetext")
            demo.press(slider, "End")
            demo.settled()  # a demo may end a slider early: W[2] has three rows, W[1] has five
            at_high = slider.get_attribute("aria-valuetext")
            assert at_low != at_high
            assert float(low) < float(slider.input_value()) <= float(high)
            for key in ("ArrowLeft", "PageDown"):
                before = slider.get_attribute("aria-valuetext")
                demo.press(slider, key)
                expect(slider).not_to_have_attribute("aria-valuetext", before)
            demo.calm()
        demo.button("Reset").click()
        demo.calm()


def test_each_demo_resets_to_what_it_showed_first(notebook):
    for demo in notebook.demos():
        demo.button("Reset").click()
        first = [slider.get_attribute("aria-valuetext") for slider in demo.sliders]
        readout, picture = demo.settled()
        for slider in demo.sliders:
            demo.press(slider, "ArrowLeft", "ArrowLeft", "End")
        demo.settled()
        demo.button("Reset").click()
        for slider, text in zip(demo.sliders, first, strict=True):
            expect(slider).to_have_attribute("aria-valuetext", text)
        assert demo.settled() == (readout, picture)
