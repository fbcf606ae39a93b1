"""Notebook 7: the same demos obey the same keys there."""

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.parametrize("opened", ["notebook"], indirect=True)


@pytest.mark.parametrize("name", ["01_sigmoid_bce.ipynb"])
def test_the_first_slider_of_each_demo_moves_by_keyboard(opened, name):
    notebook = opened(name)
    notebook.run_all()
    demos = notebook.demos()
    assert demos
    for demo in demos:
        slider = demo.sliders[0]
        before = demo.settled()
        text = slider.get_attribute("aria-valuetext")
        demo.press(slider, "ArrowRight", "ArrowRight", "ArrowRight")
        expect(slider).not_to_have_attribute("aria-valuetext", text)
        now = demo.settled()
        assert now[0] != before[0]
        assert now[1] != before[1]
        demo.calm()
    notebook.page.close()
