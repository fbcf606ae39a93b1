"""Every demo in many random states, in another process: does it fail, grow, or leave a figure?

    python -m proof._demos 60 sigmoid_bce.batch ...     # prints what was found, as JSON

A state is one random move away from the one before: a slider or a choice is set to another value,
each as likely as the next, and one move in fifty presses a button instead, Reset among them. So
after a few moves every control stands anywhere.
"""

import gc
import importlib
import inspect
import itertools
import json
import mmap
import pathlib
import pkgutil
import random
import subprocess
import sys
import tracemalloc
import warnings
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import nnmath.demos
from nnmath.live import Button, Choice, Demo, Slider
from tools.surroundings import ROOT

PRESSES = 1 / 50  # of all moves
LOOKS = 20  # how often memory is looked at, or every 20 states: collecting garbage takes time
PAGES = pathlib.Path("/proc/self/statm")  # not ru_maxrss: a child begins with its parent's

Make = Callable[[], Demo]


# --- Finding --------------------------------------------------------------------------------------


def modules() -> list[Any]:
    """Return every module of nnmath.demos."""
    return [
        importlib.import_module(f"nnmath.demos.{found.name}")
        for found in pkgutil.iter_modules(nnmath.demos.__path__)
    ]


def demos_of(module: Any) -> list[Make]:
    """Return the public functions of the module that promise a Demo; they need no argument."""
    return [
        function
        for name, function in inspect.getmembers(module, inspect.isfunction)
        if f"{function.__module__}.".startswith(f"{module.__name__}.")
        and not name.startswith("_")
        and function.__annotations__.get("return") in ("Demo", Demo)
    ]


def every_demo() -> dict[str, Make]:
    """Return {"module.function": function} for all demos."""
    return {
        f"{module.__name__.rpartition('.')[2]}.{make.__name__}": make
        for module in modules()
        for make in demos_of(module)
    }


# --- Random states --------------------------------------------------------------------------------


def movable(demo: Demo) -> list[Slider | Choice]:
    """Return the controls that have a value."""
    return [c for c in demo.controls.values() if isinstance(c, Slider | Choice)]


def random_value(control: Slider | Choice, rng: random.Random) -> Any:
    """Return any value that the control can be set to by hand."""
    return rng.choice(control.positions)


def another_value(control: Slider | Choice, rng: random.Random) -> Any:
    """Return any value but the present one: what does not change draws no new picture."""
    drawn = (random_value(control, rng) for _ in itertools.count())
    return next(value for value in drawn if value != control.value)


def move(demo: Demo, rng: random.Random) -> bool:
    """Set one control anywhere or, now and then, press a button; return whether one was pressed."""
    if rng.random() >= PRESSES:
        control = rng.choice(movable(demo))
        control.value = another_value(control, rng)
        return False
    button = rng.choice([c for c in demo.controls.values() if isinstance(c, Button)])
    # Without an event loop an animation draws each of its frames at once: one press in four.
    button.still = rng.random() < 3 / 4
    button.click()
    return True


# --- Measuring ------------------------------------------------------------------------------------


def size() -> int:
    """Return the resident memory of this process in bytes; what Python holds where no one says."""
    gc.collect()
    if PAGES.exists():
        return int(PAGES.read_text().split()[1]) * mmap.PAGESIZE
    if not tracemalloc.is_tracing():
        tracemalloc.start()
    return tracemalloc.get_traced_memory()[0]


def open_figures() -> int:
    """Return how many figures are in memory, whether pyplot or anyone else keeps them."""
    from matplotlib.figure import Figure

    gc.collect()
    return sum(isinstance(thing, Figure) for thing in gc.get_objects())


def sweep(make: Make, states: int, seed: int = 0) -> dict[str, Any]:
    """Put a demo into random states, with warnings as errors; return what was found.

    `growth` is by how much the resident memory rose above what it was after the first tenth of the
    states, when everything that is kept on purpose has been made; `figures` is how many figures are
    there after the demo was closed that were not there before.
    """
    rng, before = random.Random(seed), open_figures()
    done = presses = 0
    failure, start, largest = None, 0, 0
    warm, parts = states // 10, max(1, min(LOOKS, states // 20))
    looks = {warm + (states - warm) * i // parts for i in range(parts + 1)}
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        try:
            demo = make()
            while done < states:
                presses += move(demo, rng)
                done += 1
                if demo.error is not None:
                    failure = f"{demo.error}, at {dict(demo.state)}"
                    break
                if done in looks:
                    largest = max(largest, size())
                    start = start or largest
            demo.close()
            del demo
        except Exception as error:
            failure = f"{type(error).__name__}: {error}, after {done} states"
    return {
        "states": done,
        "presses": presses,
        "failure": failure,
        "growth": largest - start,
        "figures": open_figures() - before,
    }


def in_another_process(
    names: Sequence[str], states: int, below: Sequence[str] = ()
) -> dict[str, dict[str, Any]]:
    """Return {name: what `sweep` found}, from a process that does nothing else."""
    command = [*below, sys.executable, "-m", "proof._demos", str(states), *names]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    found = dict(line_as_pair(line) for line in done.stdout.splitlines())
    for name in names:  # a process that ends early is a failure of the demo it had come to
        if name not in found:
            words = (done.stderr.strip() or "no word").splitlines()[-1]
            found[name] = {"states": 0, "presses": 0, "failure": words, "growth": 0, "figures": 0}
    return found


def line_as_pair(line: str) -> tuple[str, dict[str, Any]]:
    """Return what one line of the process says."""
    name, found = json.loads(line)
    return name, found


def lines(states: int, names: Sequence[str]) -> Iterator[str]:
    """Yield one line for each demo, as soon as it is known."""
    known = every_demo()
    for name in names or known:
        yield json.dumps([name, sweep(known[name], states)])


if __name__ == "__main__":
    for text in lines(int(sys.argv[1]), sys.argv[2:]):
        print(text, flush=True)
