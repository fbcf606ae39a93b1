"""Run notebooks in other ways than they were stored, and say where they then print something else.

A run is a notebook, an order of its code cells (some of them twice), and environment variables. It
happens in a fresh kernel that is cut off from the network; see _worker.py.
"""

import json
import os
import pathlib
import platform
import re
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from tools.readme import is_a_demo
from tools.surroundings import ROOT

# Pictures are drawn a little differently by another processor, and are no printed number.
NOT_COMPARED = ("image/svg+xml", "image/png")
NUMBER = re.compile(r"\d+(?:\.\d+)?(?:e[+-]?\d+)?")
Outputs = Sequence[Mapping[str, Any]]
PROXY = re.compile(r"_proxy$", re.I)


@dataclass(frozen=True)
class Run:
    """What to run: code cells are counted from 0, and one may stand in `order` more than once."""

    path: pathlib.Path
    order: tuple[int, ...]
    what: str = "from top to bottom"


@dataclass(frozen=True)
class Found:
    """What a run showed, as plain data.

    differences: each cell output that is not the stored one, in words. compared, numbers: how many
    outputs, and how many numbers in them, were compared. refused: each attempt to reach beyond this
    machine. processor: see `_inside.processor`. cut: see `_inside.cut_off`.
    """

    notebook: str
    what: str
    differences: list[str]
    compared: int
    numbers: int
    refused: list[str]
    processor: dict[str, Any]
    cut: dict[str, bool]


# --- Orders ---------------------------------------------------------------------------------------


def code_cells(path: pathlib.Path) -> list[dict[str, Any]]:
    """Return the code cells of a stored notebook."""
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    return [cell for cell in cells if cell["cell_type"] == "code"]


def exercise_cells(cells: Sequence[Mapping[str, Any]]) -> list[int]:
    """Return which code cells are exercises."""
    return [j for j, cell in enumerate(cells) if "exercise" in cell["metadata"].get("tags", ())]


def demo_cells(cells: Sequence[Mapping[str, Any]]) -> list[int]:
    """Return which code cells show a demo."""
    return [j for j, cell in enumerate(cells) if any(map(is_a_demo, cell["outputs"]))]


def as_stored(count: int) -> tuple[int, ...]:
    """Return the order in which the notebook was stored."""
    return tuple(range(count))


def each_twice(count: int) -> tuple[int, ...]:
    """Run each cell a second time before the next one."""
    return tuple(k for cell in range(count) for k in (cell, cell))


def all_again(count: int) -> tuple[int, ...]:
    """Run all of it, and all of it again in the same kernel."""
    return (*range(count), *range(count))


def jumping(count: int, cells: Sequence[int]) -> tuple[int, ...]:
    """Run each of these cells once more after every later one: 1 … j, j+1, j, j+2, j, …"""
    return tuple(k for later in range(count) for k in (later, *(j for j in cells if j < later)))


# --- Variants -------------------------------------------------------------------------------------

# The oldest first.
X86 = ("Prescott", "Nehalem", "Sandybridge", "Haswell", "Zen", "SkylakeX")
ARM = ("ARMV8", "CORTEXA57", "NEOVERSEN1")
CORES = ARM if platform.machine() in ("aarch64", "arm64") else X86
ASK = "from proof._inside import processor_as_json as ask; print(ask())"


def variants() -> dict[str, dict[str, str]]:
    """Return {name: environment variables} of all ways to compute that can be asked for here.

    Whether one takes effect is another question: see `of_effect`.
    """
    features = asked()["features"]
    found = {f"OpenBLAS as for {core}": {"OPENBLAS_CORETYPE": core} for core in CORES}
    found["OpenBLAS in one thread"] = {"OPENBLAS_NUM_THREADS": "1"}
    found["OpenBLAS in two threads"] = {"OPENBLAS_NUM_THREADS": "2"}
    for first in range(len(features)):
        off = {"NPY_DISABLE_CPU_FEATURES": " ".join(features[first:])}
        found[f"numpy without {off['NPY_DISABLE_CPU_FEATURES']}"] = off
        if first == 0:
            found["the oldest of all"] = {**off, "OPENBLAS_CORETYPE": CORES[0]}
    return found


def asked(variables: Mapping[str, str] | None = None) -> dict[str, Any]:
    """Return what a small process with these variables reports: see `_inside.processor`."""
    # One thread unless another number is asked for: so tools/surroundings.py has it in a kernel.
    environment = {"OPENBLAS_NUM_THREADS": "1", **os.environ, **(variables or {})}
    done = subprocess.run(
        [sys.executable, "-c", ASK], cwd=ROOT, env=environment, capture_output=True, check=True
    )
    return dict(json.loads(done.stdout))


def worth_trying() -> dict[str, dict[str, str]]:
    """Return the variants of which a small process reports something new."""
    seen, found = {way(asked())}, {}
    for name, variables in variants().items():
        if (new := way(asked(variables))) not in seen:
            seen.add(new)
            found[name] = variables
    return found


def way(processor: Mapping[str, Any]) -> tuple[Any, ...]:
    """Return what makes one way of computing another one, as numpy and OpenBLAS report it."""
    return processor.get("core"), processor.get("threads"), tuple(processor.get("features", ()))


def of_effect(found: Mapping[str, list[Found]], usual: Mapping[str, Any]) -> list[str]:
    """Return the variants that computed in a way of their own.

    One whose kernels report the usual way, or that of a variant before it, or not the same in all
    of its notebooks, has changed nothing and does not count.
    """
    seen, names = {way(usual)}, []
    for name, runs in found.items():
        ways = {way(run.processor) for run in runs}
        if len(ways) == 1 and not ways & seen and all(run.processor for run in runs):
            seen |= ways
            names.append(name)
    return names


# --- Comparing ------------------------------------------------------------------------------------


def said(outputs: Outputs) -> list[tuple[str, str]]:
    """Return all that a cell put into words: (kind, text). Of a demo its sentence, no picture."""
    found = []
    for output in outputs:
        if "text" in output:
            found.append((output["name"], "".join(output["text"])))
        for kind, text in sorted(output.get("data", {}).items()):
            picture = kind in NOT_COMPARED or (kind == "text/html" and is_a_demo(output))
            if kind.startswith(("text/", "image/")) and not picture:
                found.append((kind, "".join(text)))
    return found


def first_difference(stored: list[tuple[str, str]], now: list[tuple[str, str]]) -> str:
    """Say in one line where two outputs part."""
    if [kind for kind, _ in stored] != [kind for kind, _ in now]:
        return f"{[kind for kind, _ in stored]} became {[kind for kind, _ in now]}: {now}"[:300]
    for (_, before), (_, after) in zip(stored, now, strict=True):
        pairs = [*zip(before.splitlines(), after.splitlines(), strict=False)]
        for old, new in pairs:
            if old != new:
                return f"{old!r} became {new!r}"
        if before != after:
            return f"{len(before.splitlines())} lines became {len(after.splitlines())}"
    return "no difference"


def compare(run: Run, executed: Sequence[Outputs]) -> tuple[list[str], int, int]:
    """Compare the outputs of each executed cell with the stored ones of that cell."""
    stored, found, compared, numbers = code_cells(run.path), [], 0, 0
    for place, (k, outputs) in enumerate(zip(run.order, executed, strict=True), start=1):
        before, now = said(stored[k]["outputs"]), said(outputs)
        compared += len(before)
        numbers += sum(len(NUMBER.findall(text)) for _, text in before)
        if before != now:
            where = f"{run.path.name}, code cell {k + 1}, run as number {place}"
            found.append(f"{where}, {run.what}: {first_difference(before, now)}")
    return found, compared, numbers


# --- Running --------------------------------------------------------------------------------------


def execute_runs(runs: Sequence[Run], variables: Mapping[str, str] | None = None) -> list[Found]:
    """Run them one after the other, all with these environment variables beside our own."""
    ours = {name: value for name, value in os.environ.items() if not PROXY.search(name)}
    tasks = [json.dumps([str(run.path), run.order]) for run in runs]
    done = subprocess.run(
        [sys.executable, "-m", "proof._worker"],
        input="\n".join(tasks),
        cwd=ROOT,
        env={**ours, **(variables or {})},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise RuntimeError(f"notebooks could not be run: {done.stderr.strip()[-2000:]}")
    cut, *answers = map(json.loads, done.stdout.splitlines())
    found = []
    for run, answer in zip(runs, answers, strict=True):
        judged = compare(run, answer["outputs"])
        if answer["error"]:
            judged = [f"{run.path.name}, {run.what}: {answer['error']}"], 0, 0
        told = (answer["refused"], answer["processor"], cut)
        found.append(Found(run.path.name, run.what, *judged, *told))
    return found
