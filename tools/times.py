"""How long a notebook takes, by one rule, and the three ways through the course.

    python -m tools.times            # write the times into each notebook, and print the paths

The rule was fitted to what readers measured who met the course for the first time, exercises
included: 2 to 2½ hours for notebook 00, 2½ to 3 for 01 and 02, 3 to 3½ for 03, 3 for 04, 2½ for
05, 2 for 06 and for 07. It lies within half an hour of the middle of each of them.
"""

import json
import pathlib
import re
import sys

from tools.bootstrap import run_and_report, say
from tools.surroundings import ROOT

WORDS_A_MINUTE = 150  # of a text with a formula in every other line
MINUTES_A_FORMULA = 0.5  # a displayed one: read it, and believe it
MINUTES_A_LINE = 0.1  # of code, with what it prints
MINUTES_A_DEMO = 5  # predict, move, look, read the fold
MINUTES_AN_EXERCISE = 10  # without the help; with it, it takes less
STEP = 10  # the times are stated in steps of so many minutes

TIME = re.compile(r"\*\*Time:\*\* about (\d+) minutes to read, (\d+) with the exercises\.")
LESSONS = tuple(sorted((ROOT / "notebooks").glob("*.ipynb")))
TWO_HOURS = (("01", None), ("03", "All in one line, and one number by hand"))  # read, up to there
WEEKEND = ("00", "01", "03", "04")  # with their exercises


def part(number: str, stop: str | None) -> list[dict]:
    """Return the cells of a notebook above a heading, or all of them."""
    (path,) = [path for path in LESSONS if path.name.startswith(number)]
    cells: list[dict] = json.loads(path.read_text(encoding="utf-8"))["cells"]
    if stop is None:
        return cells
    starts = ["".join(cell["source"]).startswith(f"## {stop}\n") for cell in cells]
    return cells[: starts.index(True)]


def minutes(cells: list[dict]) -> tuple[float, float]:
    """Return the minutes to read and play, and with the exercises, of a notebook's cells."""
    reading, exercises, helps = 0.0, 0, False
    for cell in cells:
        source = "".join(cell["source"])
        if cell["cell_type"] == "code":
            helps = "exercise" in cell["metadata"].get("tags", ())
            exercises += helps
            reading += 0 if helps else MINUTES_A_LINE * len(re.findall(r"^.*\S", source, re.M))
            reading += MINUTES_A_DEMO * any(is_a_demo(output) for output in cell["outputs"])
        elif helps:
            helps = False  # the folds of an exercise belong to its ten minutes
        else:
            text, formulas = re.subn(r"\$\$.*?\$\$", "", source, flags=re.S)
            reading += len(text.split()) / WORDS_A_MINUTE + MINUTES_A_FORMULA * formulas
    return reading, reading + MINUTES_AN_EXERCISE * exercises


def is_a_demo(output: dict) -> bool:
    """Tell whether a stored output is the still picture of a demo; a table is none."""
    return "".join(output.get("data", {}).get("text/html", "")).startswith("<img ")


def of(path: pathlib.Path) -> tuple[float, float]:
    """Return the minutes of a notebook by the rule."""
    return minutes(json.loads(path.read_text(encoding="utf-8"))["cells"])


def stated(path: pathlib.Path) -> tuple[int, int]:
    """Return the two numbers that a notebook states in its first cell.

    Raises ValueError when it states none.
    """
    opening = "".join(json.loads(path.read_text(encoding="utf-8"))["cells"][0]["source"])
    found = TIME.search(opening)
    if not found:
        raise ValueError(
            f"{path.name} needs '**Time:** about … minutes to read, … with the exercises.'"
        )
    return int(found[1]), int(found[2])


def rounded(value: float) -> int:
    """Return minutes as they are stated."""
    return STEP * round(value / STEP)


def paths() -> dict[str, float]:
    """Return the hours of the three ways through the course, by the rule."""
    whole = {path.name[:2]: of(path)[1] for path in LESSONS}
    return {
        "two hours": sum(minutes(part(*place))[0] for place in TWO_HOURS) / 60,
        "a weekend": sum(whole[number] for number in WEEKEND) / 60,
        "all": sum(whole.values()) / 60,
    }


def write(path: pathlib.Path) -> bool:
    """Write the times into a notebook where they are off by a step or more; say whether."""
    old, new = stated(path), of(path)
    if all(abs(a - b) < STEP for a, b in zip(old, new, strict=True)):
        return False
    text = path.read_text(encoding="utf-8")
    reading, whole = map(rounded, new)
    line = f"**Time:** about {reading} minutes to read, {whole} with the exercises."
    path.write_text(TIME.sub(line, text, count=1), encoding="utf-8", newline="\n")
    return True


def main() -> None:
    """Bring the times of every notebook up to date."""
    for path in LESSONS:
        changed = write(path)
        reading, whole = stated(path)
        say(f"{path.name}: {reading} minutes to read, {whole} in all.{' Changed.' * changed}")
    say("; ".join(f"{name}: {found:.1f} h" for name, found in paths().items()))


if __name__ == "__main__":
    sys.exit(run_and_report(main))
