"""Play as the browser sees it: controls.js in a page of its own, and the test answers as a kernel.

What the kernel does with the messages is tested in tests/live/test_demo.py.
"""

import pathlib

import pytest
from playwright.sync_api import expect

import nnmath.live

SCRIPT = (pathlib.Path(nnmath.live.__file__).parent / "controls.js").read_text("utf-8")
# A model such as anywidget gives to `render`, without a kernel behind it.
PAGE = """async source => {
  const url = URL.createObjectURL(new Blob([source], { type: "text/javascript" }));
  const values = { kind: "play", label: "Play", playing: false, answers: 0, rest: 40 };
  const heard = {};
  window.said = [];
  window.answer = (playing) => {
    values.playing = playing;
    values.answers += 1;
    for (const name of ["change:playing", "change:answers"]) heard[name]?.();
  };
  window.touched = () => {
    values.playing = false;
    heard["change:playing"]();
  };
  const model = {
    get: (name) => values[name],
    send: (message) => window.said.push(message.event),
    on: (name, call) => (heard[name] = call),
    off: (name) => delete heard[name],
  };
  window.leave = (await import(url)).default.render({ model, el: document.body });
}"""


@pytest.fixture
def page(chromium):
    page = chromium.new_page()
    page.evaluate(PAGE, SCRIPT)
    yield page
    page.close()


def said(page, *events):
    """Wait until the browser has said this, and make sure that it says no more."""
    page.wait_for_function("count => said.length >= count", arg=len(events), timeout=10_000)
    page.wait_for_timeout(150)
    assert page.evaluate("said") == list(events)


def button(page):
    return page.get_by_role("button")


def test_without_a_kernel_there_is_no_button(page):
    said(page, "here")
    assert button(page).count() == 0
    page.evaluate("answer(false)")
    expect(button(page)).to_have_text("Play")


def test_it_asks_for_a_step_only_when_the_last_one_is_answered(page):
    page.evaluate("answer(false)")
    button(page).focus()
    page.keyboard.press("Enter")
    said(page, "here", "play")
    expect(button(page)).to_have_text("Pause")
    page.evaluate("answer(true)")
    said(page, "here", "play", "step")
    page.evaluate("answer(true)")
    said(page, "here", "play", "step", "step")


@pytest.mark.parametrize("key", ["Enter", "Space"])
def test_a_key_pauses_at_once_and_a_late_answer_changes_nothing(page, key):
    page.evaluate("answer(false)")
    button(page).focus()
    page.keyboard.press(key)
    page.evaluate("answer(true)")
    said(page, "here", "play", "step")
    page.keyboard.press(key)
    said(page, "here", "play", "step", "pause")
    page.evaluate("answer(true)")  # to the step that was on its way
    page.evaluate("answer(false)")
    said(page, "here", "play", "step", "pause")
    expect(button(page)).to_have_text("Play")


def test_it_stops_when_the_kernel_says_so(page):
    page.evaluate("answer(false)")
    button(page).click()
    page.evaluate("answer(true)")
    said(page, "here", "play", "step")
    page.evaluate("answer(false)")
    said(page, "here", "play", "step")
    expect(button(page)).to_have_text("Play")


def test_reset_ends_it_before_the_next_request(page):
    page.evaluate("answer(false)")
    button(page).click()
    page.evaluate("answer(true); touched()")
    said(page, "here", "play")
    expect(button(page)).to_have_text("Play")


def test_pause_and_play_in_one_breath_plays(page):
    page.evaluate("answer(false)")
    button(page).click()
    page.evaluate("answer(true)")
    said(page, "here", "play", "step")
    button(page).click()
    button(page).click()
    page.evaluate("answer(true); answer(false); answer(true)")  # step, pause, play
    said(page, "here", "play", "step", "pause", "play", "step")
    expect(button(page)).to_have_text("Pause")
    page.evaluate("answer(true)")
    said(page, "here", "play", "step", "pause", "play", "step", "step")


def test_a_view_that_is_taken_away_asks_no_more(page):
    page.evaluate("answer(false)")
    button(page).click()
    page.evaluate("answer(true); leave()")
    said(page, "here", "play")
