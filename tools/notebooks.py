"""Run notebooks in a fresh kernel and store them in one normal form: the same bytes on every run.

A stored notebook then depends on the code alone, not on who ran it, when, or how often, and a
difference in version control is a difference in the course.

    python -m tools.notebooks            # run and store every notebook of notebooks/
    python -m tools.notebooks PATH...    # only these
"""

import hashlib
import json
import pathlib
import re
import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import nbformat
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError

from tools.bootstrap import Stop, run_and_report, say
from tools.surroundings import ROOT, private

NOTEBOOKS = ROOT / "notebooks"
LARGEST = 500_000  # bytes
VIEW = "application/vnd.jupyter.widget-view+json"
METADATA = {
    "kernelspec": {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"},
    "language_info": {"name": "python"},
}

Notebook = Any  # nbformat's NotebookNode: a dict whose keys can be read as attributes


# --- Reading and writing --------------------------------------------------------------------------


def parse(text: str) -> Notebook:
    """Read a notebook from its text; a cell without an id of its own gets one from its source."""
    raw = json.loads(text)
    if raw.get("nbformat") != 4:
        raw = nbformat.convert(nbformat.from_dict(raw), 4)
    raw["nbformat_minor"] = 5
    seen: set[str] = set()
    for cell in raw["cells"]:
        name = cell.get("id")
        if not isinstance(name, str) or name in seen or not re.fullmatch(r"[\w-]{1,64}", name):
            source = "".join(cell["source"]).encode()
            name = hashlib.sha256(source).hexdigest()[:8]
            while name in seen:
                name = hashlib.sha256(name.encode()).hexdigest()[:8]
        seen.add(name)
        cell["id"] = name
    return nbformat.reads(json.dumps(raw), as_version=4)


def text_of(nb: Notebook) -> str:
    """Write a notebook as text: sorted keys, one blank per level, a newline at the end."""
    return nbformat.writes(nb, version=4).rstrip("\n") + "\n"


def store(path: pathlib.Path, text: str) -> bool:
    """Write the file if that changes it; return whether it did. Lines end in \\n everywhere."""
    new = text.encode()
    if path.exists() and path.read_bytes() == new:
        return False
    path.write_bytes(new)
    return True


# --- The normal form ------------------------------------------------------------------------------


def normal(nb: Notebook) -> Notebook:
    """Return a copy in normal form: what a fresh run gives on any day, and nothing else."""
    nb = parse(text_of(nb))
    nb.metadata = nbformat.from_dict(METADATA)
    # JupyterLab leaves an empty cell at the end.
    nb.cells = [cell for cell in nb.cells if cell.source.strip()]
    count = 0
    for cell in nb.cells:
        cell.source = without_trailing_blanks(cell.source)
        tags = cell.metadata.get("tags")
        cell.metadata = nbformat.from_dict({"tags": tags} if tags else {})
        if cell.cell_type == "code":
            count += 1
            # A cell that was never run stays recognisable, so that the check can say so.
            if cell.execution_count is not None:
                cell.execution_count = count
            cell.outputs = normal_outputs(cell.outputs, count)
    return nb


def without_trailing_blanks(source: str) -> str:
    """Strip each line's end, and the cell's. (For a line break in Markdown, write <br>.)"""
    return "\n".join(line.rstrip() for line in source.splitlines()).strip("\n")


def normal_outputs(outputs: list[Notebook], count: int) -> list[Notebook]:
    """Drop widget views, number the results, and merge what was printed in one go."""
    kept: list[Notebook] = []
    for output in outputs:
        if "data" in output:
            # A stored view without its kernel shows "Error displaying widget" and hides the
            # picture and the sentence that stand beside it.
            output.data.pop(VIEW, None)
            if not output.data:
                continue
        if output.output_type == "execute_result":
            output.execution_count = count
        if output.output_type == "stream" and kept and kept[-1].get("name") == output.name:
            kept[-1].text += output.text
            continue
        kept.append(output)
    return kept


# --- Running --------------------------------------------------------------------------------------


def execute(nb: Notebook, folder: pathlib.Path = NOTEBOOKS, timeout: int = 120) -> Notebook:
    """Return a copy that was run from top to bottom in a fresh kernel, started in `folder`.

    Raises Stop when a cell fails or writes to stderr: neither belongs into a stored notebook.
    """
    nb = parse(text_of(nb))
    nb.metadata = nbformat.from_dict(METADATA)
    for cell in nb.cells:
        if cell.cell_type == "code":
            cell.outputs, cell.execution_count = [], None
    client = NotebookClient(
        nb,
        kernel_name="python3",
        timeout=timeout,
        record_timing=False,
        store_widget_state=False,
        extra_arguments=["--log-level=ERROR"],
        resources={"metadata": {"path": str(folder)}},
    )
    try:
        client.execute()
    except CellExecutionError as error:
        raise Stop(f"A cell failed.\n{error}") from None
    for place, cell in code_cells(nb):
        for fault in output_faults(cell):
            raise Stop(f"{place} {fault}.")
    return nb


def formatted(path: pathlib.Path) -> str:
    """Return the notebook's text with its code formatted by ruff."""
    command = [sys.executable, "-m", "ruff", "format", "--stdin-filename", str(path), "-"]
    done = subprocess.run(
        command, input=path.read_bytes(), capture_output=True, cwd=ROOT, check=False
    )
    if done.returncode:
        raise Stop(f"{path.name} cannot be formatted: {done.stderr.decode().strip()}")
    return done.stdout.decode()


# --- Checking what is stored ----------------------------------------------------------------------


def code_cells(nb: Notebook) -> Iterator[tuple[str, Notebook]]:
    """Yield each code cell with words that help to find it."""
    for index, cell in enumerate(nb.cells):
        if cell.cell_type == "code":
            first = next(iter(cell.source.strip().splitlines()), "")
            yield f"cell {index} ({first[:50]!r})", cell


def output_faults(cell: Notebook) -> Iterator[str]:
    """Say what in a cell's outputs must not be stored."""
    for output in cell.outputs:
        if output.output_type == "error":
            yield f"ends in {output.ename}: {output.evalue}"
        elif output.get("name") == "stderr":
            yield f"writes to stderr: {output.text.strip()}"
        for kind, value in output.get("data", {}).items():
            if kind.startswith("text/") and re.search(r"\bat 0x[0-9a-fA-F]{6,}", str(value)):
                yield "shows an address in memory, which differs from run to run"


def faults(path: pathlib.Path) -> list[str]:
    """Say everything that is wrong with a stored notebook; an empty list when nothing is."""
    text = path.read_bytes().decode()
    nb = parse(text)
    found = []
    if len(text.encode()) > LARGEST:
        found.append(f"it has {len(text.encode()):,} bytes; {LARGEST:,} are allowed")
    if not any(cell.cell_type == "code" for cell in nb.cells):
        found.append("it has no code cell")
    for place, cell in code_cells(nb):
        if cell.execution_count is None:
            found.append(f"{place} was never run")
        if any(VIEW in output.get("data", {}) for output in cell.outputs):
            found.append(f"{place} stores a widget view, which is dead without its kernel")
        found += [f"{place} {fault}" for fault in output_faults(cell)]
        if "exercise" in cell.metadata.get("tags", []) and not says_unanswered(cell):
            found.append(f"{place} is stored solved: it must say that it is not answered yet")
    if text_of(normal(nb)) != text:
        found.append("it is not in normal form: run `make notebooks`")
    return found


def says_unanswered(cell: Notebook) -> bool:
    """Say whether an exercise was stored as a learner gets it."""
    return any("not answered yet" in str(dict(output)).lower() for output in cell.outputs)


# --- The command ----------------------------------------------------------------------------------


def main(arguments: list[str]) -> None:
    """Run each notebook and store it."""
    paths = [pathlib.Path(name).resolve() for name in arguments] or sorted(
        NOTEBOOKS.glob("*.ipynb")
    )
    if not paths:
        raise Stop("There is no notebook in notebooks/.")
    with private():
        for path in paths:
            say(f"Running {path.name}.")
            try:
                text = text_of(normal(execute(parse(formatted(path)), path.parent)))
            except Stop as stop:
                raise Stop(f"{path.name} was left as it is. {stop}") from None
            say("  stored." if store(path, text) else "  unchanged.")


if __name__ == "__main__":
    sys.exit(run_and_report(main, sys.argv[1:]))
