"""Measure how fast the package is, beside what a reader would use instead, and write it down.

    python -m benchmarks             # all but the suite; writes docs/bench.md and its plot
    python -m benchmarks digits      # one part, or several; the rest stays
    python -m benchmarks suite       # the tests themselves, as long as they take

Each part runs in a process of its own, one after the other. A goal that is missed is shown as
missed, with what remains; a part that fails to run makes the command fail.
"""

import datetime
import importlib
import json
import os
import pathlib
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from typing import Any

from benchmarks._measure import ONE_CORE, stay_on_one_core, version
from benchmarks._outcome import Outcome, as_outcome
from tools.bootstrap import Stop, run_and_report, say
from tools.proof import anchor, heading, machine, markdown, missed_in_words, summary
from tools.surroundings import ROOT

# With whether the part stays on one core.
PARTS = {
    "gradient": True,
    "digits": True,
    "gradient_check": True,
    "startup": False,
    "suite": False,
}
ONLY_IF_NAMED = {"suite"}
RESULTS = ROOT / "docs" / "bench.json"
DOCUMENT = ROOT / "docs" / "bench.md"
PLOT = ROOT / "docs" / "bench.svg"
PACKAGES = ("torch", "jax", "autograd", "scikit-learn", "scipy")
ALT = (
    "For four networks, how many times longer than nnmath each library takes for one gradient; "
    "and nnmath's time against the number of layers, beside a straight line."
)


# --- Measuring ------------------------------------------------------------------------------------


def measure(part: str, place: pathlib.Path) -> dict[str, Any] | None:
    """Run one part in a new process; return what is stored of it, None when it failed."""
    variables = {**os.environ, **(ONE_CORE if PARTS[part] else {})}
    target = place / f"{part}.json"
    load, start = os.getloadavg()[0], time.monotonic()
    command = [sys.executable, "-m", "benchmarks", "--one", part, str(target)]
    if subprocess.run(command, cwd=ROOT, env=variables, check=False).returncode:
        return None
    found = [f"{name} {version(name)}" for name in PACKAGES if version(name)]
    return {
        "date": datetime.date.today().isoformat(),
        "machine": f"{machine()}; {', '.join(found)}",
        "load": [round(load, 1), round(os.getloadavg()[0], 1)],
        "seconds": round(time.monotonic() - start),
        "outcome": json.loads(target.read_text(encoding="utf-8")),
    }


def measure_here(part: str, target: pathlib.Path) -> None:
    """Run one part in this process, and write what it found."""
    if PARTS[part]:
        stay_on_one_core()
    outcome: Outcome = importlib.import_module(f"benchmarks.{part}").run(False)
    target.write_text(json.dumps(outcome.as_data()), encoding="utf-8")


# --- Writing --------------------------------------------------------------------------------------


def in_order(results: dict[str, Any]) -> list[tuple[Outcome, dict[str, Any]]]:
    """Return the outcomes with their records, in the order of the document."""
    return [
        (as_outcome(results[part]["outcome"]), results[part]) for part in PARTS if part in results
    ]


def document(results: dict[str, Any]) -> str:
    """Return docs/bench.md."""
    lines = [
        "# Benchmarks",
        "",
        "What `make bench` measured. Every figure on this page was written by the run that it "
        "names; none was typed. Contenders take turns in one process, so that a busy moment of the "
        "machine hits them alike; *noise* is the same thing measured against itself. On one core "
        "the clock counts the time that the process had the processor, so that other programs do "
        "not count. A figure without a verdict is there for comparison. How quickly a demo answers "
        "is measured by `make bench-sliders`, on [a page of its own](sliders.md).",
        "",
        short_table(results),
        f"![{ALT}](bench.svg)",
        "",
    ]
    for outcome, record in in_order(results):
        section, low_high = outcome.section, record["load"]
        lines += [f"## {heading(section)}", "", section.text, ""]
        lines += [
            f"*{record['date']}, {record['seconds']} s. {record['machine']}. Load average "
            f"{low_high[0]:g} at the start, {low_high[1]:g} at the end.*",
            "",
        ]
        reasons: dict[str, list[str]] = {}  # each is told once, whatever is missed because of it
        for goal in section.missed:
            reasons.setdefault(outcome.why.get(goal.what, ""), []).append(missed_in_words(goal))
        for why, what in reasons.items():
            lines += [f"**Missed:** {' '.join(what)} {why}", ""]
        rows = [(g.what, g.goal, g.measured, g.verdict) for g in section.goals]
        lines += [markdown(("what", "goal", "measured", ""), rows)]
        for table in section.tables:
            lines += [f"**{table.caption}**", "", markdown(table.head, table.rows)]
    text = "\n".join(lines)
    return "\n".join(line.rstrip() for line in text.splitlines()) + "\n"


def short_table(results: dict[str, Any]) -> str:
    """Return the table that docs/bench.md begins with: one row a part."""
    rows = []
    for outcome, record in in_order(results):
        section = outcome.section
        figures = "; ".join(f"{g.what}: {g.measured}" for g in section.goals if g.headline)
        claimed = any(goal.met is not None for goal in section.goals)
        link = f"[{section.title}](#{anchor(heading(section))})"
        goals = summary(section) if claimed else "none set"
        rows.append((link, figures, goals, record["date"]))
    return markdown(("part", "measured", "goals", "date"), rows)


def plot(results: dict[str, Any]) -> str:
    """Return the picture of one gradient: ratios to nnmath, and the cost of depth."""
    import io

    import matplotlib

    matplotlib.use("svg")
    import matplotlib.pyplot as plt

    series = as_outcome(results["gradient"]["outcome"]).series
    bars, depth = series["bars"], series["depth"]
    settings = {"svg.hashsalt": "nnmath", "svg.fonttype": "none", "font.size": 10}
    with matplotlib.rc_context(settings):
        figure, (left, right) = plt.subplots(
            1, 2, figsize=(11, 4.6), width_ratios=(2, 1), layout="constrained"
        )
        names = list(dict.fromkeys(name for one in bars.values() for name in one))
        for k, name in enumerate(names):
            rows = [
                (row + 0.8 * (k + 0.5) / len(names) - 0.4, one[name])
                for row, one in enumerate(bars.values())
                if name in one
            ]
            places, values = zip(*rows, strict=True)
            left.barh(places, values, height=0.7 / len(names), label=name, color=f"C{k}")
        left.axvline(1, color="black", linewidth=1)
        left.set_xscale("log")
        left.set_yticks(range(len(bars)), list(bars))
        left.invert_yaxis()
        left.set_xlabel("times as long as nnmath (the line): right of it, nnmath is faster")
        left.set_title("One gradient")
        left.legend(fontsize=8)
        ms = [1e3 * seconds for seconds in depth["seconds"]]
        right.plot(depth["depths"], ms, "o-", label="nnmath")
        line = [
            ms[0]
            + (ms[-1] - ms[0])
            * (d - depth["depths"][0])
            / (depth["depths"][-1] - depth["depths"][0])
            for d in depth["depths"]
        ]
        right.plot(depth["depths"], line, "k--", linewidth=1, label="straight line")
        right.set(xlabel="layers of 64 units", ylabel="milliseconds", title="Depth", ylim=(0, None))
        right.legend(fontsize=8)
        written = io.StringIO()
        figure.savefig(written, format="svg", metadata={"Date": None, "Creator": None})
        plt.close(figure)
    return "\n".join(line.rstrip() for line in written.getvalue().splitlines()) + "\n"


def write(results: dict[str, Any]) -> None:
    """Write the results as data, and as the document with its plot."""
    text = json.dumps(results, indent=1, ensure_ascii=False, sort_keys=True) + "\n"
    RESULTS.write_text(text, encoding="utf-8", newline="\n")
    DOCUMENT.write_text(document(results), encoding="utf-8", newline="\n")
    if "gradient" in results:
        PLOT.write_text(plot(results), encoding="utf-8", newline="\n")


def read_results() -> dict[str, Any]:
    """Return what was measured so far."""
    return dict(json.loads(RESULTS.read_text(encoding="utf-8"))) if RESULTS.exists() else {}


# --- The command ----------------------------------------------------------------------------------


def main(arguments: Sequence[str]) -> int:
    """Measure the parts, and write what they found."""
    if arguments[:1] == ["--one"]:
        measure_here(arguments[1], pathlib.Path(arguments[2]))
        return 0
    for name in arguments:
        if name not in PARTS:
            raise Stop(f"There is no part {name!r}: choose from {', '.join(PARTS)}, or name none.")
    found, failed = {}, []
    with tempfile.TemporaryDirectory(prefix="nnmath-", ignore_cleanup_errors=True) as folder:
        for part in arguments or [name for name in PARTS if name not in ONLY_IF_NAMED]:
            say(f"Measuring {part}.")
            record = measure(part, pathlib.Path(folder))
            if record is None:
                failed.append(part)
                continue
            found[part] = record
            outcome = as_outcome(record["outcome"])
            for goal in outcome.section.goals:
                say(f"  {goal.what}: {goal.measured}  {goal.verdict}")
    write({**read_results(), **found})
    say("docs/bench.md is up to date.")
    if failed:
        raise Stop(f"These could not be measured: {', '.join(failed)}. What stands there is older.")
    return 0


if __name__ == "__main__":
    sys.exit(run_and_report(main, sys.argv[1:]))
