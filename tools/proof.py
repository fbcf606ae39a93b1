"""Measure how right the package is, and write it down in docs/proof.md.

    python -m tools.proof               # everything but the long sweeps
    python -m tools.proof --full        # the long sweeps as well
    python -m tools.proof accuracy      # one part of proof/, or several; the rest stays

It ends with an error when a goal that must hold is missed. A part is any module of proof/: it is
found by looking. Each runs in a process of its own, two at a time.
"""

import concurrent.futures
import datetime
import importlib
import json
import multiprocessing
import os
import pathlib
import platform
import re
import sys
import time
import traceback
from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np

from proof._record import Goal, Section, as_data, as_section
from tools.bootstrap import Stop, run_and_report, say
from tools.surroundings import ROOT

PARTS = ROOT / "proof"
DOCUMENT = ROOT / "docs" / "proof.md"
RESULTS = ROOT / "docs" / "proof.json"  # the same as data: what is measured later is put in here


# --- Measuring ------------------------------------------------------------------------------------


def find_parts(folder: pathlib.Path = PARTS) -> list[str]:
    """Return the names of all parts."""
    return sorted(path.stem for path in folder.glob("[!_]*.py"))


def measure(part: str, full: bool) -> tuple[dict[str, Any] | None, float]:
    """Run one part; return its section as data, and the seconds it took.

    A part that fails is a goal that is missed, and the rest goes on.
    """
    start = time.monotonic()
    try:
        section = importlib.import_module(f"proof.{part}").run(full)
    except Exception as error:
        traceback.print_exc()
        failed = Goal("The measurement itself", "ends", f"{type(error).__name__}: {error}", False)
        section = Section(99, part, "It ended with an error, so nothing is known.", (failed,))
    return None if section is None else as_data(section), time.monotonic() - start


def measure_all(parts: Sequence[str], full: bool, workers: int = 2) -> dict[str, Any]:
    """Run the parts and return {part: what is stored of it}, without those that had nothing."""
    run = {
        "date": datetime.date.today().isoformat(),
        "command": "make proof-full" if full else "make proof",
        "machine": machine(),
    }
    found: dict[str, Any] = {}
    context = multiprocessing.get_context("spawn")
    with concurrent.futures.ProcessPoolExecutor(workers, mp_context=context) as pool:
        running = {pool.submit(measure, part, full): part for part in parts}
        for done in concurrent.futures.as_completed(running):
            part = running[done]
            data, seconds = done.result()
            if data is None:
                say(f"  {part}: only in the full run")
                continue
            section = as_section(data)
            say(f"  {part}: {summary(section)}, {seconds:.0f} s")
            for goal in section.missed:
                say(f"    missed: {goal.what}: {goal.measured}, the goal is {goal.goal}")
            found[part] = {"run": run, "seconds": round(seconds), "section": data}
    return found


def machine() -> str:
    """Describe what computes, without naming it."""
    return (
        f"Python {platform.python_version()}, numpy {np.__version__}, "
        f"{platform.system()} on {platform.machine()}, {os.cpu_count()} processors"
    )


# --- Writing --------------------------------------------------------------------------------------


def summary(section: Section) -> str:
    """Say how many goals are met."""
    claimed = [goal for goal in section.goals if goal.met is not None]
    met = len(claimed) - len(section.missed)
    if not section.missed:
        return f"all {met} goals met" if met != 1 else "its goal met"
    return f"{met} of {len(claimed)} goals met, {len(section.missed)} missed"


def in_order(results: dict[str, Any]) -> list[tuple[Section, dict[str, Any]]]:
    """Return the sections with their records, in the order of the document."""
    pairs = [(as_section(record["section"]), record) for record in results.values()]
    return sorted(pairs, key=lambda pair: (pair[0].number, pair[0].title))


def short_table(results: dict[str, Any]) -> str:
    """Return the table that the page begins with: one row a part, with its headline figures."""
    rows = []
    for section, record in in_order(results):
        figures = "; ".join(f"{g.what}: {g.measured}" for g in section.goals if g.headline)
        missed = "".join(
            f"; **missed**: {g.what}, {g.measured} (goal {g.goal})" for g in section.missed
        )
        link = f"[{section.title}](#{anchor(heading(section))})"
        rows.append((link, figures + missed, summary(section), record["run"]["date"]))
    return markdown(("part", "measured", "goals", "date"), rows)


def document(results: dict[str, Any]) -> str:
    """Return docs/proof.md."""
    lines = [
        "# Proof",
        "",
        "What `make proof` and `make proof-full` measured. Every figure on this page was written "
        "by the run that it names; none was typed. *Missed* means that a goal was not reached. "
        "A figure without a verdict is there for comparison.",
        "",
        short_table(results),
    ]
    for section, record in in_order(results):
        run = record["run"]
        lines += [f"## {heading(section)}", "", section.text, ""]
        lines += [
            f"*{run['date']}, `{run['command']}`, {record['seconds']} s. {run['machine']}.*",
            "",
        ]
        lines += ["**Missed:** " + missed_in_words(goal) for goal in section.missed]
        lines += [""] if section.missed else []
        goals = [(g.what, g.goal, g.measured, g.verdict) for g in section.goals]
        lines += [markdown(("what", "goal", "measured", ""), goals)]
        for table in section.tables:
            lines += [f"**{table.caption}**", "", markdown(table.head, table.rows)]
    return "\n".join(lines).rstrip("\n") + "\n"


def missed_in_words(goal: Goal) -> str:
    """Say which goal was missed, and by how much."""
    return f"{goal.what}: measured {goal.measured}, the goal is {goal.goal}."


def heading(section: Section) -> str:
    """Return the heading of a section."""
    return f"{section.number}. {section.title}"


def anchor(text: str) -> str:
    """Return the address that GitHub gives to a heading."""
    return re.sub(r"[^\w -]", "", text.lower()).replace(" ", "-")


def markdown(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Return a table; a bar inside a cell is escaped."""
    lines = [head, ["---"] * len(head), *rows]
    return "".join("| " + " | ".join(map(cell, line)) + " |\n" for line in lines)


def cell(text: str) -> str:
    """Return text that stays inside its cell."""
    return " ".join(text.split()).replace("|", r"\|")


def read_results() -> dict[str, Any]:
    """Return what was measured so far."""
    return dict(json.loads(RESULTS.read_text(encoding="utf-8"))) if RESULTS.exists() else {}


def write(results: dict[str, Any]) -> None:
    """Write the results as data and as the document."""
    text = json.dumps(results, indent=1, ensure_ascii=False, sort_keys=True) + "\n"
    RESULTS.write_text(text, encoding="utf-8", newline="\n")
    DOCUMENT.write_text(document(results), encoding="utf-8", newline="\n")


# --- The command ----------------------------------------------------------------------------------


def main(arguments: Sequence[str]) -> int:
    """Measure, write, and say whether every goal that must hold is met."""
    full, wanted = "--full" in arguments, [a for a in arguments if a != "--full"]
    parts = find_parts()
    for name in wanted:
        if name not in parts:
            raise Stop(f"There is no part {name!r}: choose from {', '.join(parts)}, or name none.")
    say(f"Measuring {', '.join(wanted or parts)}: two at a time.")
    start = time.monotonic()
    found = measure_all(wanted or parts, full)
    before = {part: record for part, record in read_results().items() if part in parts}
    write({**before, **found})
    failed = [part for part, record in found.items() if not as_section(record["section"]).holds]
    say(f"{time.monotonic() - start:.0f} s. docs/proof.md is up to date.")
    if failed:
        raise Stop(f"A goal was missed in {', '.join(sorted(failed))}: see docs/proof.md.")
    return 0


if __name__ == "__main__":
    sys.exit(run_and_report(main, sys.argv[1:]))
