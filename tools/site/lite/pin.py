"""Pin the Pyodide distribution: which of its files the site needs, and the hash of each.

    npm pack pyodide@0.27.7 && tar xzf pyodide-0.27.7.tgz
    python -m tools.site.lite.pin package

This is done once for a version, and its result, pyodide.json, is kept in the repository. So a build
needs no npm, and it does not matter where a file comes from.
"""

from __future__ import annotations

import json
import pathlib
import sys
from collections.abc import Mapping, Sequence
from typing import Any

from tools.bootstrap import Stop, run_and_report, say
from tools.site.lite.runtime import PINS, UNUSED, digest

CORE = ("pyodide.asm.js", "pyodide.asm.wasm", "pyodide.js", "python_stdlib.zip")
# What the course and the kernel import; what these need in turn is found in the official list.
# jedi completes names; without it in the list the kernel would look for it elsewhere, for ever.
NEEDED = ("contourpy", "ipython", "jedi", "matplotlib", "micropip", "numpy")


def pins(official: Mapping[str, Any], package: pathlib.Path) -> dict[str, Any]:
    """Return what pyodide.json holds: the core files' hashes, and the official list, cut down."""
    known, names, todo = official["packages"], set(), list(NEEDED)
    while todo:
        name = todo.pop().replace("_", "-")
        if name not in names and name not in UNUSED:
            names.add(name)
            todo += known[name]["depends"]
    return {
        "core": {name: digest((package / name).read_bytes()) for name in CORE},
        "info": official["info"],
        "packages": {name: known[name] for name in sorted(names)},
    }


def main(arguments: Sequence[str]) -> None:
    """Write pyodide.json from the unpacked npm package."""
    if len(arguments) != 1:
        raise Stop("Name the folder of the unpacked npm package.")
    package = pathlib.Path(arguments[0])
    official = json.loads((package / "pyodide-lock.json").read_text(encoding="utf-8"))
    text = json.dumps(pins(official, package), indent=1, sort_keys=True) + "\n"
    PINS.write_text(text, encoding="utf-8", newline="\n")
    say(f"{PINS.name} names {text.count('sha256') + len(CORE)} files.")


if __name__ == "__main__":
    sys.exit(run_and_report(main, sys.argv[1:]))
