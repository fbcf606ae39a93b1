"""Write what was measured into README.md, between the markers that are there for it."""

import pathlib
import re
from collections.abc import Iterable, Sequence

from tools.surroundings import ROOT

README = ROOT / "README.md"


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Return a table in Markdown."""
    lines = [head, ["---"] * len(head), *rows]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


def write_between(name: str, text: str, path: pathlib.Path = README) -> None:
    """Replace what stands between <!-- name --> and the next <!-- end -->."""
    before = path.read_text(encoding="utf-8")
    place = re.compile(rf"(<!-- {re.escape(name)} -->\n).*?(<!-- end -->)", re.S)
    after, count = place.subn(lambda found: found[1] + text + found[2], before)
    if count != 1:
        raise ValueError(f"{path.name} has <!-- {name} --> … <!-- end --> {count} times, not once")
    path.write_text(after, encoding="utf-8", newline="\n")
