"""What a notebook of this course must look like, as functions that return a list of faults.

Conventions, all of them visible in the text:
- the cells above the first code cell hold the one h1, **You will be able to**, **Time:** … minutes,
  **You need first:** and **Sources.**; the first code cell holds every import;
- h2 headings, in this order and with others between them: see SECTIONS;
- a numbered equation carries \\tag{n.k}, and the code cell right below its cell calls
  check("n.k", …) or definition("n.k");
- the cell above a demo asks **Predict.** … ?, the cell below it answers in a <details> fold;
- an exercise is one code cell tagged `exercise`, below a heading "### Exercise n.A: …", and the
  cell below it has three folds with the summaries Hint, Solution, Why it works;
- the recap says "In this notebook we", has a table of formulas, and asks three or more questions,
  each one the summary of a fold.
"""

from __future__ import annotations

import ast
import json
import re
from dataclasses import dataclass
from pathlib import Path

NOTEBOOKS = Path(__file__).resolve().parents[2] / "notebooks"
STORED = sorted(NOTEBOOKS.glob("*.ipynb"))
LESSONS = range(1, 6)  # 00, 06 and 07 have an anatomy of their own

SECTIONS = (
    "Play first",
    "Numbers first",
    "Classic mistakes",
    "What the package does with it",
    "Recap",
)
OPENING = ("**You will be able to**", "**Time:**", "**You need first:**", "**Sources.**")
FOLDS = ("Hint", "Solution", "Why it works")
LONGEST_CELL = 12
FEWEST_EQUATIONS = 15
FEWEST_EXERCISES = 5
FEWEST_QUESTIONS = 3


@dataclass(frozen=True)
class Cell:
    """A cell without the parts of the format that do not matter here."""

    index: int
    kind: str
    source: str
    tags: tuple[str, ...] = ()
    outputs: tuple[dict, ...] = ()

    @property
    def printed(self) -> str:
        """The stored stdout."""
        texts = (_text(o["text"]) for o in self.outputs if o.get("name") == "stdout")
        return "".join(texts)

    @property
    def calls(self) -> list[ast.Call]:
        """Every call in the code, in the order of the text."""
        if self.kind != "code":
            return []
        nodes = [n for n in ast.walk(ast.parse(self.source)) if isinstance(n, ast.Call)]
        return sorted(nodes, key=lambda n: (n.lineno, n.col_offset))

    def calls_of(self, *names: str) -> list[ast.Call]:
        """The calls of a function with one of these names."""
        return [call for call in self.calls if _name(call) in names]


def number_of(path: Path) -> int:
    """Return the notebook's number, the first digits of its file name."""
    return int(path.name.split("_")[0])


def read(path: Path) -> list[Cell]:
    """Return the cells of a stored notebook."""
    return cells_of(json.loads(path.read_text(encoding="utf-8")))


def cells_of(notebook: dict) -> list[Cell]:
    """Return the cells of a notebook given as plain data."""
    return [
        Cell(
            i,
            cell["cell_type"],
            _text(cell["source"]),
            tuple(cell.get("metadata", {}).get("tags", ())),
            tuple(cell.get("outputs", ())),
        )
        for i, cell in enumerate(notebook["cells"])
    ]


# Equations.


def tags_of(cell: Cell) -> list[str]:
    """Return the equation numbers shown in a markdown cell, in order."""
    return re.findall(r"\\tag\{([^}]*)\}", _prose(cell)) if cell.kind == "markdown" else []


def equation_faults(cells: list[Cell], notebook: int) -> list[str]:
    """Return what is wrong between the equations shown and the equations checked."""
    faults = []
    shown = [(tag, cell) for cell in cells for tag in tags_of(cell)]
    numbers = [tag for tag, _ in shown]
    expected = [f"{notebook}.{k}" for k in range(1, len(numbers) + 1)]
    if numbers != expected:
        wrong = next(pair for pair in zip(numbers, expected, strict=True) if len({*pair}) > 1)
        faults.append(f"equation ({wrong[0]}) stands where ({wrong[1]}) is due")

    used: dict[str, set[str]] = {"check": set(), "definition": set()}
    for cell in cells:
        for call in cell.calls_of("check", "definition"):
            number = call.args[0].value if call.args and _is_text(call.args[0]) else None
            if number is None:
                faults.append(f"cell {cell.index}: {_name(call)} needs its number written out")
                continue
            used[_name(call)].add(number)
            if number not in numbers:
                faults.append(f"cell {cell.index}: ({number}) is checked, but no equation has it")
            if _name(call) == "check" and len(call.args) == 3:
                left, right = (ast.dump(side) for side in call.args[1:])
                if left == right:
                    faults.append(f"cell {cell.index}: ({number}) compares a thing with itself")

    for tag, cell in shown:
        below = cells[cell.index + 1] if cell.index + 1 < len(cells) else None
        called = below.calls_of("check", "definition") if below else []
        if tag not in used["check"] | used["definition"]:
            faults.append(f"equation ({tag}) is not checked")
        elif tag not in [c.args[0].value for c in called if c.args and _is_text(c.args[0])]:
            faults.append(f"equation ({tag}) is not checked in the code cell right below it")
        elif not re.search(rf"^\({re.escape(tag)}\) (✓|definition$)", below.printed, re.M):
            faults.append(f"equation ({tag}): the stored output does not show its verdict")
    for tag in sorted(used["check"] & used["definition"]):
        faults.append(f"equation ({tag}) is both a definition and checked: decide")
    if 2 * len(used["definition"]) >= len(numbers) > 0:
        faults.append(f"{len(used['definition'])} of {len(numbers)} equations are definitions")
    return faults


# Anatomy.


def anatomy_faults(cells: list[Cell]) -> list[str]:
    """Return which parts of a lesson are missing or in the wrong order."""
    return [
        *_heading_faults(cells),
        *_opening_faults(cells),
        *_code_faults(cells),
        *_demo_faults(cells),
        *_recap_faults(cells),
    ]


def headings(cells: list[Cell]) -> list[tuple[int, str]]:
    """Return (level, text) of every heading."""
    found = []
    for cell in cells:
        if cell.kind == "markdown":
            for line in re.findall(r"^(#+) +(.*?) *$", _prose(cell), re.M):
                found.append((len(line[0]), line[1]))
    return found


def _heading_faults(cells: list[Cell]) -> list[str]:
    faults = []
    levels = [level for level, _ in headings(cells)]
    if levels.count(1) != 1 or levels[0] != 1:
        faults.append(f"one h1 at the top is due, and there are {levels.count(1)}")
    for (before, _), (level, text) in zip(headings(cells), headings(cells)[1:], strict=False):
        if level > before + 1:
            faults.append(f"heading {text!r} jumps from level {before} to {level}")
    parts = [text for level, text in headings(cells) if level == 2]
    known = [text for text in parts if text in SECTIONS]
    if known != list(SECTIONS):
        faults.append(f"the sections {list(SECTIONS)} are due, and there are {known}")
    elif parts.index("Classic mistakes") - parts.index("Numbers first") < 2:
        faults.append("no section holds the derivation, after Numbers first")
    if len(set(parts)) < len(parts):
        faults.append("two sections have one name")
    tags = sum(len(tags_of(cell)) for cell in cells)
    if tags < FEWEST_EQUATIONS:
        faults.append(f"{tags} numbered equations; {FEWEST_EQUATIONS} are due")
    return faults


def _opening_faults(cells: list[Cell]) -> list[str]:
    first = next((cell.index for cell in cells if cell.kind == "code"), len(cells))
    opening = "\n".join(cell.source for cell in cells[:first])
    faults = [f"the opening lacks {part}" for part in OPENING if part not in opening]
    if not re.search(r"\*\*Time:\*\*[^\n]*?\b\d+ minutes", opening):
        faults.append("the opening does not say how many minutes")
    return faults


def _code_faults(cells: list[Cell]) -> list[str]:
    faults = []
    code = [cell for cell in cells if cell.kind == "code"]
    for k, cell in enumerate(code):
        lines = len(cell.source.strip("\n").splitlines())
        if lines > LONGEST_CELL:
            faults.append(
                f"cell {cell.index} has {lines} lines of code; {LONGEST_CELL} is the most"
            )
        nodes = ast.walk(ast.parse(cell.source))
        if k and any(isinstance(n, ast.Import | ast.ImportFrom) for n in nodes):
            faults.append(f"cell {cell.index} imports; the first code cell does that")
    return faults


def demo_cells(cells: list[Cell]) -> list[Cell]:
    """Return the code cells that call something imported from nnmath.demos."""
    names = {
        alias.asname or alias.name
        for cell in cells
        if cell.kind == "code"
        for node in ast.walk(ast.parse(cell.source))
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("nnmath.demos")
        for alias in node.names
    }
    return [
        cell
        for cell in cells
        for call in cell.calls
        if isinstance(call.func, ast.Attribute | ast.Name) and _root(call.func) in names
    ]


def _demo_faults(cells: list[Cell]) -> list[str]:
    faults = [] if demo_cells(cells) else ["no demo"]
    for cell in demo_cells(cells):
        above = cells[cell.index - 1]
        asked = above.source.partition("**Predict.**")[2] if above.kind == "markdown" else ""
        if "?" not in asked:
            faults.append(f"cell {cell.index}: the cell above this demo asks no **Predict.** … ?")
        below = cells[cell.index + 1] if cell.index + 1 < len(cells) else cell
        if below.kind != "markdown" or not folds(below.source):
            faults.append(f"cell {cell.index}: no fold below this demo tells what was to be seen")
    return faults


def _recap_faults(cells: list[Cell]) -> list[str]:
    prose = "\n".join(_prose(cell) for cell in cells if cell.kind == "markdown")
    recap = re.split(r"^## Recap *$", prose, flags=re.M)[-1]
    faults = []
    if "In this notebook we" not in recap:
        faults.append('the recap does not say "In this notebook we"')
    if not re.search(r"^\|[ :|-]+\| *$", recap, re.M):
        faults.append("the recap has no table of formulas")
    questions = [title for title, _ in folds(recap) if title.endswith("?")]
    if len(questions) < FEWEST_QUESTIONS:
        faults.append(f"{len(questions)} recall questions; {FEWEST_QUESTIONS} are due")
    return faults


# Exercises.


@dataclass(frozen=True)
class Task:
    """An exercise as it stands in a notebook."""

    id: str
    cell: Cell
    name: str
    folds: tuple[tuple[str, str], ...]

    @property
    def solution(self) -> str:
        """The code in the fence of the solution fold."""
        text = dict(self.folds).get("Solution", "")
        return "\n".join(re.findall(r"^```python\n(.*?)^```", text, re.M | re.S))


def folds(text: str) -> list[tuple[str, str]]:
    """Return (summary, body) of every <details> fold."""
    pattern = r"<details>\s*<summary>(.*?)</summary>(.*?)</details>"
    return [(title.strip(), body) for title, body in re.findall(pattern, text, re.S)]


def tasks(cells: list[Cell]) -> list[Task]:
    """Return the exercises of a notebook: every cell that calls check_answer with an id."""
    found = []
    for cell in cells:
        for call in cell.calls_of("check_answer"):
            below = cells[cell.index + 1].source if cell.index + 1 < len(cells) else ""
            id, answer = (ast.unparse(argument) for argument in call.args)
            found.append(Task(ast.literal_eval(id), cell, answer, tuple(folds(below))))
    return found


def exercise_faults(cells: list[Cell], notebook: int) -> list[str]:
    """Return what is wrong with the exercises, as far as it shows without running them."""
    faults = []
    found = tasks(cells)
    letters = [f"{notebook}.{chr(ord('A') + k)}" for k in range(len(found))]
    if [task.id for task in found] != letters:
        faults.append(f"the exercises are {[task.id for task in found]}; {letters} is the order")
    if len(found) < FEWEST_EXERCISES:
        faults.append(f"{len(found)} exercises; {FEWEST_EXERCISES} are due")
    for task in found:
        above = _prose(cells[task.cell.index - 1])
        if not re.search(rf"^### Exercise {re.escape(task.id)}: \S", above, re.M):
            faults.append(f"{task.id}: no heading '### Exercise {task.id}: …' right above")
        if "exercise" not in task.cell.tags:
            faults.append(f"{task.id}: the cell lacks the tag exercise")
        if tuple(title for title, _ in task.folds) != FOLDS:
            faults.append(f"{task.id}: the cell below must have the folds {', '.join(FOLDS)}")
        if any(not body.strip() for _, body in task.folds):
            faults.append(f"{task.id}: an empty fold")
        if task.cell.printed != f"{task.id}: not answered yet.\n":
            faults.append(f"{task.id}: the stored output is not 'not answered yet'")
        if task.name not in _defined(task.cell.source):
            faults.append(f"{task.id}: the stub does not define {task.name}")
        if task.name not in _defined(task.solution):
            faults.append(f"{task.id}: the solution does not define {task.name}")
    return faults


# Links and pictures.


def anchor(heading: str) -> str:
    """Return what leads to a heading behind a #, in JupyterLab and in Notebook 7."""
    return heading.replace(" ", "-")


def sections(cells: list[Cell]) -> list[tuple[str, str]]:
    """Return (anchor, text) of each heading, with what stands under it, code cells included."""
    found: list[tuple[str, str]] = []
    for cell in cells:
        parts = [cell.source]
        if cell.kind == "markdown":
            parts = re.split(r"^(?=#+ )", _fenceless(cell.source), flags=re.M)
        for part in parts:
            if cell.kind == "markdown" and part.startswith("#"):
                found.append((anchor(part.partition("\n")[0].lstrip("#").strip()), part))
            elif found:
                found[-1] = (found[-1][0], f"{found[-1][1]}\n{part}")
    return found


def link_faults(cells: list[Cell], folder: Path) -> list[str]:
    """Return links that lead nowhere and pictures without a text alternative."""
    faults = []
    for cell in cells:
        text = _prose(cell) if cell.kind == "markdown" else ""
        text = re.sub(r"\$\$.*?\$\$|\$[^$\n]*\$", "", text, flags=re.S)  # [k](z) is no link there
        for bang, label, target in re.findall(r"(!?)\[([^\]]*)\]\(([^)\s]+)[^)]*\)", text):
            where = f"cell {cell.index}: {target}"
            if bang and not label.strip():
                faults.append(f"{where}: a picture without a text alternative")
            if re.match(r"https?:|mailto:|data:", target):
                continue
            file, _, place = target.partition("#")
            if file and ("/" in file or not (folder / file).is_file()):
                # The learner's copy holds the notebooks alone, so a link must not leave them.
                faults.append(f"{where}: no such notebook beside this one")
            elif place:
                there = sections(read(folder / file) if file else cells)
                under = [text for name, text in there if name == place]
                tags = set(re.findall(r"\\tag\{([^}]*)\}", "".join(under[:1])))
                if not under:
                    faults.append(f"{where}: no such heading")
                elif named := set(re.findall(r"\((\d+\.\d+)\)", label)) - tags:
                    faults.append(f"{where}: ({min(named)}) is not under this heading")
        shown = [_text(o.get("data", {}).get("text/html", "")) for o in cell.outputs]
        for tag in re.findall(r"<img\b[^>]*>", " ".join([text, *shown])):
            if not re.search(r"""\balt=(["'])\s*\S.*?\1""", tag, re.S):
                faults.append(f"cell {cell.index}: an <img> without a text alternative")
        for output in cell.outputs:
            data = output.get("data", {})
            if any(kind.startswith("image/") for kind in data) and "text/html" not in data:
                faults.append(f"cell {cell.index}: a picture without a text alternative")
    return faults


# Small things.


def _text(source: str | list[str]) -> str:
    return source if isinstance(source, str) else "".join(source)


def _prose(cell: Cell) -> str:
    """Return markdown without its code, which may show a tag or a heading as an example."""
    return re.sub(r"`[^`\n]+`", "", _fenceless(cell.source))


def _fenceless(source: str) -> str:
    return re.sub(r"^```.*?^```", "", source, flags=re.M | re.S)


def _name(call: ast.Call) -> str:
    return call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")


def _root(node: ast.expr) -> str:
    while isinstance(node, ast.Attribute):
        node = node.value
    return getattr(node, "id", "")


def _is_text(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and isinstance(node.value, str)


def _defined(source: str) -> set[str]:
    """Return the names that a piece of code gives a value to, at its top level."""
    names = set()
    for node in ast.parse(source).body:
        if isinstance(node, ast.FunctionDef):
            names.add(node.name)
        elif isinstance(node, ast.Assign):
            names |= {n.id for t in node.targets for n in ast.walk(t) if isinstance(n, ast.Name)}
    return names
