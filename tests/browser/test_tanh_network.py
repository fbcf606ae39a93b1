"""Play in JupyterLab: the slider moves by itself, and a key stops it."""

import pytest
from playwright.sync_api import expect


@pytest.fixture(scope="module")
def scrub(opened):
    notebook = opened("05_tanh_network.ipynb")
    notebook.run_all()
    yield notebook.demos()[0]
    notebook.page.close()


def step(demo):
    return int(demo.slider("gradient step").get_attribute("aria-valuetext"))


def wait_until(demo, low, high=1000):
    """Wait until the slider stands between these two steps."""
    slider = demo.slider("gradient step").element_handle()
    demo.cell.page.wait_for_function(
        "([slider, low, high]) => {"
        "  const now = Number(slider.getAttribute('aria-valuetext'));"
        "  return low <= now && now <= high;"
        "}",
        arg=[slider, low, high],
        timeout=60_000,
    )


def test_play_moves_the_slider_and_the_space_bar_stops_it(scrub):
    play = scrub.cell.get_by_role("button", name="Play", exact=True)
    play.focus()
    play.press("Space")
    wait_until(scrub, 50)
    pause = scrub.cell.get_by_role("button", name="Pause", exact=True)
    expect(pause).to_be_focused()
    pause.press("Space")
    expect(play).to_be_focused()
    scrub.settled()
    stopped = step(scrub)
    assert 50 <= stopped < 1000
    scrub.says(f"after step {stopped}")
    scrub.calm()


def test_it_goes_on_from_there_and_a_hand_on_the_slider_stops_it(scrub):
    before = step(scrub)
    scrub.button("Play").click()
    wait_until(scrub, before + 30)
    scrub.press(scrub.slider("gradient step"), "Home", "ArrowRight")
    expect(scrub.button("Play")).to_be_visible()
    assert "after step 10: J = 0.5913" in scrub.settled()[0]


def test_from_the_end_it_begins_again(scrub):
    scrub.press(scrub.slider("gradient step"), "End")
    wait_until(scrub, 1000)
    scrub.button("Play").click()
    wait_until(scrub, 20, 900)
    scrub.button("Reset").click()
    scrub.settled()
    assert step(scrub) == 0
    expect(scrub.button("Play")).to_be_visible()
