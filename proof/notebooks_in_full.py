"""The notebook side in full: 10,000 states a demo, every notebook in every order and variant.

It takes more than an hour of one processor. After an interruption it takes up where it was.
"""

import pathlib
from dataclasses import asdict

from proof._demos import every_demo, in_another_process
from proof._kept import Kept
from proof._kernels import (
    Found,
    Run,
    all_again,
    as_stored,
    code_cells,
    demo_cells,
    each_twice,
    execute_runs,
    exercise_cells,
    jumping,
    worth_trying,
)
from proof._notebook_side import AGAIN, JUMP, STORED, STRAIGHT, TWICE, control, section
from proof._record import Section

STATES = 10_000


def in_every_order(path: pathlib.Path) -> list[Run]:
    """Return all runs of a notebook: as stored, cells twice, all again, and each jump."""
    cells = code_cells(path)
    n = len(cells)
    return [
        Run(path, as_stored(n), STRAIGHT),
        Run(path, each_twice(n), TWICE),
        Run(path, all_again(n), AGAIN),
        Run(path, jumping(n, exercise_cells(cells)), JUMP),
        Run(path, jumping(n, demo_cells(cells)), JUMP),
    ]


def run(full: bool) -> Section | None:
    """Measure everything, in the full run only."""
    if not full:
        return None
    kept = Kept()

    def ran(name: str, runs: list[Run], variables: dict[str, str] | None = None) -> list[Found]:
        data = kept.get(name, lambda: [asdict(found) for found in execute_runs(runs, variables)])
        return [Found(**found) for found in data]

    straight = [Run(path, as_stored(len(code_cells(path)))) for path in STORED]
    varied = {name: ran(name, straight, of) for name, of in worth_trying().items()}
    plain = [found for path in STORED for found in ran(path.stem, in_every_order(path))]
    swept = {
        name: kept.get(name, lambda name=name: in_another_process([name], STATES)[name])
        for name in every_demo()
    }
    words = "Every demo, every notebook, every demo and exercise cell, every variant."
    title = "The notebook side, in full"
    found = section(title, words, swept, STATES, plain, varied, control())
    kept.forget()
    return found
