"""What the two parts on the notebook side share: the control of the cut, goals and tables.

`notebooks` measures a sample in `make proof`, `notebooks_in_full` everything in `make proof-full`.
"""

import json
import pathlib
import tempfile
from collections.abc import Mapping, Sequence
from typing import Any

from proof._kernels import Found, Run, as_stored, execute_runs, of_effect
from proof._record import Goal, Section, Table, at_least, at_most, none_of
from tools.notebooks import NOTEBOOKS

STORED = sorted(NOTEBOOKS.glob("*.ipynb"))
FEWEST_VARIANTS = 5
LARGEST_GROWTH = 5  # MiB
MIB = 2**20

# The ways in which cells are run, in the words of the tables.
STRAIGHT = "from top to bottom"
TWICE = "each cell twice in a row"
AGAIN = "all of it, and all of it again"
JUMP = "a demo or exercise once more after every later cell"
WAYS = (STRAIGHT, TWICE, AGAIN, JUMP)

HOW = (
    "A random state sets one slider or choice to any other value, so that after a few moves every"
    " control stands anywhere; one move in fifty presses a button, Reset among them. Warnings "
    "count as errors. Memory is the resident size of the process after a collection of garbage: "
    "the largest at 20 looks, above the size after a tenth of the states. Each notebook runs in a"
    " fresh kernel that is cut off from the network, all but its own loopback: {cut}. All that "
    "the cells say in words must then equal what is stored. Order: “1 … k, j, k+1 … n” is read "
    "as: cell j jumps in once more after every later cell k; in one run all exercise cells do, in"
    " another all demo cells. A variant is a core type of OpenBLAS, a number of threads, or numpy"
    " without some of its SIMD code; the kernel itself asks numpy and OpenBLAS what they compute "
    "with, and a variant that reports nothing new does not count."
)
BY_NAMESPACE = (
    "the processes live in a network of their own, and a hook in the kernel refuses and writes "
    "down each connection and each name that is not this machine"
)
BY_HOOK = (
    "a hook in the kernel refuses and writes down each connection and each name that is not this "
    "machine (this system permits no network of its own, so what a child process does is not seen)"
)


# --- The control of the cut -----------------------------------------------------------------------

# 192.0.2.1 is kept for documentation and example.org for examples: nobody is bothered. Where there
# is a way out, the datagrams and the name get through at once.
BEGIN = "import socket, subprocess, sys, urllib.request"
DATAGRAM = "socket.socket(type=socket.SOCK_DGRAM).sendto(b'x', ('192.0.2.1', 9))"
TRIES = (
    "socket.create_connection(('192.0.2.1', 9), 2)",
    DATAGRAM,
    "socket.getaddrinfo('example.org', 80)",
    "urllib.request.urlopen('http://example.org', timeout=2)",
    f"subprocess.run([sys.executable, '-c', {f'import socket; {DATAGRAM}'!r}], check=True, "
    "stderr=subprocess.DEVNULL)",
)
LOOPBACK = (
    "with socket.create_server(('127.0.0.1', 0)) as server:\n"
    "    socket.create_connection(server.getsockname()).close()\nprint('works')"
)


def control() -> tuple[int, int, Found]:
    """Try to get out of a kernel, and to use its loopback: return (faults, tries, all of it)."""
    cells = [(BEGIN, "")]
    for code in TRIES:
        attempt = f"try:\n    {code}\n    print('got out')\nexcept Exception:\n    print('refused')"
        cells.append((attempt, "refused\n"))
    cells.append((LOOPBACK, "works\n"))
    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(folder, "control.ipynb")
        path.write_text(as_notebook(cells), encoding="utf-8")
        [found] = execute_runs([Run(path, as_stored(len(cells)), "control")])
    faults = list(found.differences)
    if not found.cut["own_network"]:  # then nothing holds a child process back, and HOW says so
        faults = [fault for fault in faults if f"code cell {len(TRIES) + 1}," not in fault]
    # The hook must have seen the first four, and the network of its own must not reach ours.
    unseen = len(TRIES) - 1 - len(found.refused)
    leak = found.cut["own_network"] and found.cut["after"]
    wrong = len(faults) + abs(unseen) + leak + (not found.cut["before"])
    return wrong, len(TRIES) + 1 + 2, found


def as_notebook(cells: Sequence[tuple[str, str]]) -> str:
    """Return a notebook with these code cells, each with what it is said to have printed."""
    found = []
    for i, (source, printed) in enumerate(cells):
        output = {"name": "stdout", "output_type": "stream", "text": printed}
        outputs = [output] if printed else []
        cell = {"cell_type": "code", "id": f"c{i}", "metadata": {}, "source": source}
        found.append({**cell, "execution_count": i + 1, "outputs": outputs})
    return json.dumps({"cells": found, "metadata": {}, "nbformat": 4, "nbformat_minor": 5})


# --- Goals and tables -----------------------------------------------------------------------------


def section(
    title: str,
    words: str,
    swept: Mapping[str, Mapping[str, Any]],
    states: int,
    plain: Sequence[Found],
    varied: Mapping[str, Sequence[Found]],
    controlled: tuple[int, int, Found],
) -> Section:
    """Judge what was measured.

    Args:
        title: of the section.
        words: what is special about this part; how all of it is measured is added.
        swept: what `_demos.sweep` found, by demo.
        states: how many random states each demo was to see.
        plain: runs of notebooks, in all the ways of WAYS.
        varied: runs of notebooks by variant.
        controlled: what `control` found.
    """
    usual = next((run.processor for run in plain if run.processor), {})
    counted = of_effect(varied, usual)
    how = HOW.format(cut=BY_NAMESPACE if controlled[2].cut["own_network"] else BY_HOOK)
    differ = [line for run in all_runs(plain, varied) for line in run.differences]
    tables = [demo_table(swept), notebook_table(plain), variant_table(varied, counted, usual)]
    if differ:
        rows = tuple((line,) for line in differ[:20])
        tables.append(Table("What differed, the first 20", ("where and how",), rows))
    goals = (
        *demo_goals(swept, states),
        *network_goals(all_runs(plain, varied), controlled),
        *order_goals(plain),
        *variant_goals(varied, counted),
    )
    return Section(8, title, f"{words} {how}", goals, tuple(tables))


def all_runs(plain: Sequence[Found], varied: Mapping[str, Sequence[Found]]) -> list[Found]:
    """Return every run there was."""
    return [*plain, *(run for runs in varied.values() for run in runs)]


def demo_goals(swept: Mapping[str, Mapping[str, Any]], states: int) -> list[Goal]:
    """Judge the demos: a failure in one state, a growth, a figure left over."""
    total = sum(found["states"] for found in swept.values())
    failed = [f"{name}: {found['failure']}" for name, found in swept.items() if found["failure"]]
    fewest = min((found["states"] for found in swept.values()), default=0)
    growth = max((found["growth"] for found in swept.values()), default=float("nan"))
    figures = sum(found["figures"] for found in swept.values())
    return [
        at_least("demos", len(swept), 20),
        at_least("random states of each demo", fewest, states, headline=True),
        none_of("states that raise or warn", len(failed), total, headline=True),
        *(Goal("a state that fails", "", line, None) for line in failed),
        at_most("largest growth of memory", growth / MIB, LARGEST_GROWTH, "MiB", headline=True),
        none_of("figures left open", figures, len(swept)),
    ]


def network_goals(runs: Sequence[Found], controlled: tuple[int, int, Found]) -> list[Goal]:
    """Judge the cut: no notebook wants out, and none of the control's tries came through."""
    attempts = sum(len(run.refused) for run in runs)
    wrong, tries, _ = controlled
    return [
        none_of("attempts to leave this machine, in runs of notebooks", attempts, len(runs)),
        none_of("control tries that went otherwise than they must", wrong, tries),
    ]


def order_goals(plain: Sequence[Found]) -> list[Goal]:
    """Judge each way of running the cells."""
    goals = []
    for what in WAYS:
        runs = [run for run in plain if run.what == what]
        different = sum(len(run.differences) for run in runs)
        outputs = sum(run.compared for run in runs)
        shown = what in (TWICE, JUMP)
        goals.append(none_of(f"outputs that differ, {what}", different, outputs, headline=shown))
    return goals


def variant_goals(varied: Mapping[str, Sequence[Found]], counted: Sequence[str]) -> list[Goal]:
    """Judge the variants; where OpenBLAS is not what multiplies, none can be forced."""
    runs = [run for name in counted for run in varied[name]]
    number = at_least("CPU and BLAS variants that took effect", len(counted), FEWEST_VARIANTS)
    if not any(run.processor.get("core") for runs in varied.values() for run in runs):
        number = Goal(number.what, number.goal, f"{number.measured}: no OpenBLAS here", None)
    numbers = sum(run.numbers for run in runs)
    different = sum(len(run.differences) for run in runs)
    return [
        number,
        Goal("printed numbers compared under them", "", f"{numbers:,}", None, headline=True),
        none_of("outputs that differ under them", different, sum(run.compared for run in runs),
                headline=True),
    ]  # fmt: skip


def demo_table(swept: Mapping[str, Mapping[str, Any]]) -> Table:
    """Return one row a demo."""
    rows = tuple(
        (f"`{name}`", f"{f['states']:,}", f"{f['presses']:,}", f"{f['growth'] / MIB:.2f} MiB")
        for name, f in swept.items()
    )
    return Table("Demos", ("demo", "random states", "of them presses", "growth of memory"), rows)


def notebook_table(plain: Sequence[Found]) -> Table:
    """Return one row a notebook: its outputs, and how many differ in each way of running it."""
    rows = []
    for name in dict.fromkeys(run.notebook for run in plain):
        row = [name]
        for what in WAYS:
            runs = [run for run in plain if (run.notebook, run.what) == (name, what)]
            different, outputs = (
                sum(len(run.differences) for run in runs),
                sum(run.compared for run in runs),
            )
            row.append(f"{different} in {outputs:,}" if runs else "—")
        rows.append(tuple(row))
    return Table("Outputs that differ, by the order of the cells", ("notebook", *WAYS), tuple(rows))


def variant_table(
    varied: Mapping[str, Sequence[Found]], counted: Sequence[str], usual: Mapping[str, Any]
) -> Table:
    """Return one row a variant: what it computed with, and whether its roundings are other ones."""
    rows = []
    for name, runs in varied.items():
        here = runs[0].processor
        bits = zip(here.get("bits", ()), usual.get("bits", ()), strict=False)
        others = [
            what
            for what, (now, before) in zip(("products", "exp", "tanh"), bits, strict=False)
            if now != before
        ]
        different, outputs = sum(len(r.differences) for r in runs), sum(r.compared for r in runs)
        rows.append(
            (
                name,
                f"OpenBLAS {here.get('core')}, threads: {here.get('threads')}; numpy with "
                f"{', '.join(here.get('features', ())) or 'its baseline only'}",
                ", ".join(others) or "none",
                f"{different} in {outputs:,}" if name in counted else "not counted: nothing new",
            )
        )
    head = ("variant", "what computed", "last bits of other values", "outputs that differ")
    return Table("Variants", head, tuple(rows))
