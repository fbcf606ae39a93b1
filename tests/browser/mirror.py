"""The demos of a notebook, made once more in this process: what the browser shows must equal them.

Here no kernel, no message and no browser lies between a control and the picture. What the numbers
themselves must be is tested in tests/demos, and by hand in by_hand.py.
"""

import ast
import functools
import importlib
import pathlib
import pkgutil
import re
from collections.abc import Callable
from typing import Any

import nnmath.demos
from nnmath.live import Button, Choice, Demo, Slider
from tests.notebooks.structure import read

MODULES = [found.name for found in pkgutil.iter_modules(nnmath.demos.__path__)]
# Each live figure of a process has a number of its own in its ids.
NUMBER = re.compile(r'(["#(])nn\d+m(?=\d)')


@functools.cache
def mirrors(path: pathlib.Path) -> list[Demo]:
    """Return the demos that the notebook shows, in order; the same ones each time.

    A demo that a notebook gives its own arrays is made without them here: then it takes arrays that
    are computed as the notebook computes them, which is what it promises.
    """
    return [make() for make in makers(path)]


def makers(path: pathlib.Path) -> list[Callable[[], Demo]]:
    """Return the functions of nnmath.demos that make the demos of the notebook, in order."""
    sources = [cell.source for cell in read(path) if cell.kind == "code"]
    return [make for source in sources for make in _demo_at_the_end_of(source)]


def _demo_at_the_end_of(source: str) -> list[Callable[[], Demo]]:
    """Return the function that makes the demo of this cell, if it shows one."""
    match ast.parse(source).body[-1:]:
        case [ast.Expr(ast.Call(func=ast.Attribute(value=ast.Name(id=module), attr=name)))]:
            modules = [module] if module in MODULES else []
        case [ast.Expr(ast.Call(func=ast.Name(id=name)))]:
            modules = MODULES
        case _:
            return []
    homes = [importlib.import_module(f"nnmath.demos.{module}") for module in modules]
    found = [getattr(home, name, None) for home in homes]
    return [f for f in found if f and f.__annotations__.get("return") in ("Demo", Demo)]


def state(demo: Demo) -> dict[str, Any]:
    """Return all that the browser must show when it is in the state of this demo."""
    assert demo.error is None, demo.error
    controls = demo.controls.values()
    return {
        "alert": "",
        "readout": demo.readout,
        "alt": demo.alt.replace("\n", " "),
        "sliders": [c.text for c in controls if isinstance(c, Slider)],
        "choices": [c.text for c in controls if isinstance(c, Choice)],
        "buttons": [c.label for c in controls if isinstance(c, Button)],
        "picture": NUMBER.sub(r"\1m", demo.seen.moving),
    }


def furthest(slider: Slider) -> float:
    """Return where End leads: a demo may end a slider early, and beyond that no picture changes."""
    before, slider.value = slider.value, slider.max
    last, slider.value = slider.value, before
    return float(last)


def press(demo: Demo, name: str) -> None:
    """Press a button; of an animation only the end is of interest here."""
    button = demo.controls[name]
    button.still = True
    button.click()
