"""Run notebooks where no network is: reads runs as JSON, one a line, and answers with a line each.

    python -m proof._worker

The answers begin with what came of the cut; see _inside.py.
"""

import json
import os
import pathlib
import sys
from collections.abc import Iterator, Sequence
from typing import Any

from proof import _inside

INSIDE = pathlib.Path(_inside.__file__)


def answers(tasks: Iterator[str]) -> Iterator[str]:
    """Cut this process off, then run what each line asks for; one line of JSON each."""
    # First of all, before anything starts a thread: such a process cannot move any more.
    yield json.dumps(_inside.cut_off())
    from tools.surroundings import private

    with private() as home:
        startup = home / "ipython" / "profile_default" / "startup"
        startup.mkdir(parents=True)
        (startup / "cut_off.py").write_text(hooked(), encoding="utf-8")
        log = home / "refused"
        os.environ[_inside.LOG] = str(log)
        for task in tasks:
            path, order = json.loads(task)
            log.write_text("", encoding="utf-8")
            answer = answer_of(pathlib.Path(path), order)
            yield json.dumps({**answer, "refused": log.read_text("utf-8").splitlines()})


def hooked() -> str:
    """Return what each kernel begins with; it leaves no name behind in the notebook."""
    refuse = f'__import__("runpy").run_path({str(INSIDE)!r})["refuse"]'
    return f'__import__("sys").addaudithook({refuse})'


def answer_of(path: pathlib.Path, order: Sequence[int]) -> dict[str, Any]:
    """Run one notebook; return the outputs of each cell run, and what the kernel computed with."""
    import nbformat

    from tools.bootstrap import Stop
    from tools.notebooks import execute, normal_outputs, parse

    nb = parse(path.read_text(encoding="utf-8"))
    code = [cell for cell in nb.cells if cell.cell_type == "code"]
    asked = f'print(__import__("runpy").run_path({str(INSIDE)!r})["processor_as_json"]())'
    sources = [*(code[k].source for k in order), asked]
    nb.cells = [nbformat.v4.new_code_cell(source, id=f"n{i}") for i, source in enumerate(sources)]
    try:
        ran = execute(nb, path.parent)
    except Stop as stop:
        return {"error": str(stop), "outputs": [[] for _ in order], "processor": {}}
    *outputs, last = [normal_outputs(cell.outputs, 0) for cell in ran.cells]
    return {"error": None, "outputs": outputs, "processor": json.loads(last[0]["text"])}


if __name__ == "__main__":
    for line in answers(iter(sys.stdin.read().splitlines())):
        print(line, flush=True)
