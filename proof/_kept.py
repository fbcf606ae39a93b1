"""Results of a long run, kept one by one: after an interruption the next run takes up from there.

They lie in the folder of the system for temporary files, under a fingerprint of everything that was
measured and of what measured it. So a result is never taken for that of another source.
"""

import hashlib
import importlib.metadata
import json
import pathlib
import platform
import shutil
import tempfile
from collections.abc import Callable
from typing import Any

from tools.surroundings import ROOT

MEASURED = ("nnmath/**/*", "notebooks/*.ipynb", "proof/_*.py", "tools/notebooks.py")
PACKAGES = ("numpy", "matplotlib", "ipywidgets", "ipykernel")


def fingerprint(root: pathlib.Path = ROOT) -> str:
    """Return a name for the present state of all sources and packages that have a say."""
    words = [platform.python_version(), *map(importlib.metadata.version, PACKAGES)]
    found = hashlib.sha256(" ".join(words).encode())
    for pattern in MEASURED:
        for path in sorted(root.glob(pattern)):
            if path.is_file() and "__pycache__" not in path.parts:
                found.update(path.relative_to(root).as_posix().encode() + path.read_bytes())
    return found.hexdigest()[:16]


class Kept:
    """A folder of results."""

    def __init__(self, folder: pathlib.Path | None = None) -> None:
        home = pathlib.Path(tempfile.gettempdir(), "nnmath-proof")
        self.folder = folder or home / fingerprint()

    def get(self, name: str, measure: Callable[[], Any]) -> Any:
        """Return the result of this name; measure it and keep it if there is none."""
        path = self.folder / f"{name}.json"
        if not path.exists():
            self.folder.mkdir(parents=True, exist_ok=True)
            half = path.with_suffix(".half")  # renamed when whole
            half.write_text(json.dumps(measure()), encoding="utf-8")
            half.replace(path)
        return json.loads(path.read_text(encoding="utf-8"))

    def forget(self) -> None:
        """Remove all of it, so that the next run measures again."""
        shutil.rmtree(self.folder, ignore_errors=True)
