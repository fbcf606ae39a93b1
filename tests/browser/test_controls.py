"""A slider in a page of its own, without a kernel: it writes its number as Python does."""

import pathlib
import random

import pytest

import nnmath.live
from nnmath.live import Slider

SCRIPT = (pathlib.Path(nnmath.live.__file__).parent / "controls.js").read_text("utf-8")
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
