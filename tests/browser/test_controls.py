"""Controls in a page of their own, without a kernel: what they write, and how they look."""

import pathlib
import random

import pytest

import nnmath.live
from nnmath.live import Slider

HERE = pathlib.Path(nnmath.live.__file__).parent
SCRIPT, STYLE = ((HERE / f"controls.{kind}").read_text("utf-8") for kind in ("js", "css"))
PAGE = """async ([source, decimals, numbers]) => {
  const url = URL.createObjectURL(new Blob([source], { type: "text/javascript" }));
  const { default: element } = await import(url);
  return numbers.map((value) => {
    const el = document.createElement("div");
    const values = { kind: "slider", label: "x", value, decimals, choices: [], texts: [],
      min: -100, max: 100, step: 1, unit: "", width: 5 };
    element.render({ model: { get: (name) => values[name], on() {}, off() {} }, el });
    return el.querySelector("input").getAttribute("aria-valuetext");
  });
}"""


@pytest.mark.parametrize("decimals", [0, 1, 2, 3])
def test_a_number_between_two_digits_is_rounded_as_in_python(chromium, decimals):
    """A value that was computed, such as 2/16 of ink, may lie exactly half-way."""
    rng = random.Random(decimals)
    values = [k / 16 for k in range(-80, 81)] + [rng.uniform(-9, 9) for _ in range(100)]
    values += [1.45, 1.85, 1.005, 0.285, -0.0, -1e-9]  # look half-way, and are not
    slider = Slider("x", -100, 100, 10.0**-decimals)
    page = chromium.new_page()
    written = page.evaluate(PAGE, [SCRIPT, decimals, values])
    page.close()
    assert written == [slider._written(value) for value in values]


def test_a_demo_that_is_cut_off_from_its_kernel_is_marked_once(chromium):
    """ipywidgets puts a sign before each widget; other people's widgets keep theirs."""
    cut_off = 'class="jupyter-widgets-disconnected"'
    page = chromium.new_page()
    page.set_content(
        "<style>.jupyter-widgets-disconnected::before { content: 'x'; display: block }</style>"
        f"<style>{STYLE}</style>"
        f"<div {cut_off} id=demo><div {cut_off}><div class=nn></div></div><p {cut_off}></p></div>"
        f"<div {cut_off} id=other><p {cut_off}></p></div>"
    )
    shown = page.evaluate(
        "[...document.querySelectorAll('#demo, #demo *, #other, #other *')]"
        ".map((node) => getComputedStyle(node, '::before'))"
        ".map((style) => style.display !== 'none' && style.content.includes('x'))"
    )
    page.close()
    assert shown == [True, False, False, False, True, True]
