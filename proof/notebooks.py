"""The notebook side, a sample: demos in random states, notebooks cut off, reordered, recomputed.

What is measured, and how, is in _notebook_side.py; all of it is measured by notebooks_in_full.py.
"""

from proof._demos import every_demo, in_another_process
from proof._kernels import (
    Found,
    Run,
    all_again,
    as_stored,
    code_cells,
    each_twice,
    execute_runs,
    exercise_cells,
    jumping,
    worth_trying,
)
from proof._notebook_side import AGAIN, JUMP, STORED, STRAIGHT, TWICE, control, section
from proof._record import Section

STATES = 60
SAMPLE = STORED[1::3]  # one for each way but the first


def reordered() -> list[Found]:
    """Run the sample as it is stored, and each notebook of it in one more way."""
    runs = []
    for path, what in zip(SAMPLE, (AGAIN, JUMP, TWICE), strict=True):
        cells = code_cells(path)
        n = len(cells)
        jumps = jumping(n, exercise_cells(cells))
        order = {TWICE: each_twice(n), JUMP: jumps, AGAIN: all_again(n)}[what]
        runs += [Run(path, as_stored(n), STRAIGHT), Run(path, order, what)]
    return execute_runs(runs)


def recomputed() -> dict[str, list[Found]]:
    """Run one notebook of the sample under each variant."""
    found = {}
    for i, (name, variables) in enumerate(worth_trying().items()):
        path = SAMPLE[i % len(SAMPLE)]
        found[name] = execute_runs([Run(path, as_stored(len(code_cells(path))))], variables)
    return found


def run(full: bool) -> Section | None:  # noqa: ARG001
    """Measure the sample."""
    swept = in_another_process(list(every_demo()), STATES)
    words = f"A sample: {', '.join(path.stem for path in SAMPLE)}; under each variant one of them."
    title = "The notebook side, a sample"
    return section(title, words, swept, STATES, reordered(), recomputed(), control())
