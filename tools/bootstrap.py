"""Make .venv with the pinned packages and this project, once; the next time, see that it is there.

    python -m tools.bootstrap            # what the course needs
    python -m tools.bootstrap --tests    # and what the tests need besides, in the same .venv

It runs on whatever Python the system has, from 3.6 on, so that a Python that is too old is told
what to do instead of failing on the syntax. It uses the standard library only.

One environment serves both `make lab` and `make test`, and the lock file of the course is a part of
the one of the tests: so the tests prove the very versions that a learner runs.
"""

import hashlib
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent
OLDEST = (3, 11)
NEWEST = (3, 14)  # the newest Python that every pinned package has a wheel for
NAMES = ("python3", "python", "python3.14", "python3.13", "python3.12", "python3.11")
STAMP = "nnmath.json"
COURSE, EVERYTHING = "requirements-lab.lock", "requirements.lock"
SIZES = {COURSE: 330, EVERYTHING: 800}  # MB that .venv takes on a disk; a test measures it again
PROBE = (
    "import sys, importlib.util as u; "
    "print('%d %d %d' % sys.version_info[:3], all(map(u.find_spec, ('venv', 'ensurepip'))))"
)


class Stop(Exception):
    """A plain sentence for the person at the keyboard: what is wrong, and how to mend it."""


def say(text: str) -> None:
    """Print at once, also when the output goes to a file."""
    print(text, flush=True)


def dotted(version: tuple) -> str:
    """Write (3, 11) as 3.11."""
    return ".".join(map(str, version))


def run_and_report(main, *arguments) -> int:  # type: ignore[no-untyped-def]
    """Run `main`; turn a Stop into its sentence, and Ctrl+C into a quiet end."""
    try:
        return main(*arguments) or 0
    except Stop as stop:
        print(stop, file=sys.stderr, flush=True)
        return 1
    except KeyboardInterrupt:
        print("Stopped.", file=sys.stderr, flush=True)
        return 130


# --- Which Python ---------------------------------------------------------------------------------


def probe(python: str):  # type: ignore[no-untyped-def]
    """Ask a Python for its version and whether it can make environments; None if it does not run.

    A name on the PATH proves nothing: pyenv puts a `python3.12` there that only prints an error.
    """
    try:
        out = subprocess.run(
            [python, "-c", PROBE],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            timeout=60,
        ).stdout.decode()
    except (OSError, subprocess.SubprocessError):
        return None
    found = re.match(r"(\d+) (\d+) (\d+) (True|False)\s*$", out)
    if not found:
        return None
    return tuple(map(int, found.groups()[:3])), found.group(4) == "True"


def remedy_for_venv(python: str, version: tuple) -> str:
    """Say how to get the venv module, which Debian and Ubuntu pack on its own."""
    sudo = "" if hasattr(os, "geteuid") and os.geteuid() == 0 else "sudo "
    return (
        f"{python} is Python {dotted(version)}, but it cannot make a virtual environment because "
        f"python3-venv is missing: on Debian or Ubuntu run `{sudo}apt install "
        f"python{dotted(version[:2])}-venv`, then try again."
    )


def this_python() -> str:
    """Return the Python that runs this; of an environment, the one that it was made with."""
    return str(getattr(sys, "_base_executable", "") or sys.executable)


def choose_python(wanted: str, names: tuple) -> tuple:
    """Choose the Python for .venv: `wanted` when named, else the first of `names` that will do.

    Returns its command and its version.
    """
    if wanted:
        found = probe(wanted)
        if found is None:
            raise Stop(f"PYTHON={wanted} does not run: name a Python {dotted(OLDEST)} or newer.")
        version, complete = found
        if version < OLDEST:
            raise Stop(
                f"Python {dotted(OLDEST)} or newer is needed, and PYTHON={wanted} is Python "
                f"{dotted(version)}: name a newer one."
            )
        if not complete:
            raise Stop(remedy_for_venv(wanted, version))
        return wanted, version
    others = []
    for name in names:
        found = probe(name)
        if found:
            version, complete = found
            if OLDEST <= version[:2] <= NEWEST and complete:
                return name, version
            others.append((version, name))
    for version, name in others:
        if version[:2] > NEWEST:
            return name, version  # pip will say which package is not ready for it
        if version >= OLDEST:
            raise Stop(remedy_for_venv(name, version))
    here = f"the newest here is {dotted(max(others)[0])}" if others else "none was found here"
    raise Stop(
        f"Python {dotted(OLDEST)} or newer is needed, and {here}: install one (python.org, or your "
        f"system's packages), or name it, as in `make lab PYTHON=/path/to/python{dotted(OLDEST)}`."
    )


# --- What is in .venv -----------------------------------------------------------------------------


def venv_python(venv: pathlib.Path) -> pathlib.Path:
    """Return the environment's own Python."""
    return venv / ("Scripts/python.exe" if os.name == "nt" else "bin/python")


def version_of(venv: pathlib.Path) -> tuple:
    """Return the version of the Python that an environment was made with; () where it is none."""
    try:
        text = (venv / "pyvenv.cfg").read_text(encoding="utf-8")
    except OSError:
        return ()
    found = re.search(r"^version\w* *= *(\d+)\.(\d+)\.(\d+)", text, re.MULTILINE)
    return tuple(map(int, found.groups())) if found else ()


def contents(root: pathlib.Path, tests: bool = False) -> dict:
    """Sum up what belongs into .venv. The folder counts too: a moved .venv does not work."""
    goal = {"folder": str(root)}
    for name in ("pyproject.toml", COURSE, EVERYTHING)[: 3 if tests else 2]:
        try:
            goal[name] = hashlib.sha256((root / name).read_bytes()).hexdigest()
        except OSError:
            raise Stop(
                f"{name} is missing here, or cannot be read: `git checkout {name}` brings it back."
            ) from None
    return goal


def packages(venv: pathlib.Path) -> pathlib.Path:
    """Return the folder that packages are installed in."""
    inside = "Lib" if os.name == "nt" else f"lib/python{dotted(version_of(venv)[:2])}"
    return venv / inside / "site-packages"


def installed(venv: pathlib.Path) -> list:
    """Return the packages that are there, each as its name and version."""
    return sorted(path.name[: -len(".dist-info")] for path in packages(venv).glob("*.dist-info"))


def tidy(venv: pathlib.Path) -> None:
    """Remove 20 MB that nobody asks for: setuptools, which Python 3.11 adds, and compiled pip."""
    found = packages(venv)
    if any(found.glob("setuptools-*.dist-info")):
        command = [str(venv_python(venv)), "-I", "-m", "pip", "uninstall", "--yes", "setuptools"]
        subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    for path in list((found / "pip").rglob("__pycache__")):
        shutil.rmtree(str(path), ignore_errors=True)


def megabytes(venv: pathlib.Path) -> int:
    """Return what a folder takes on the disk, which hands out blocks of 4 KiB, as `du -sm` does."""
    sizes = (
        os.lstat(os.path.join(folder, name)).st_size
        for folder, _, names in os.walk(str(venv))
        for name in [*names, "."]
    )
    return round(sum(-(-size // 4096) * 4096 for size in sizes) / 2**20)


def read_stamp(venv: pathlib.Path) -> dict:
    """Return what was installed; nothing, when there is no stamp that can be read."""
    try:
        return dict(json.loads((venv / STAMP).read_text(encoding="utf-8")))
    except (OSError, ValueError):
        return {}


def write_stamp(venv: pathlib.Path, stamp: dict) -> None:
    """Note what is installed, after each step, so that the next run goes on from there."""
    (venv / STAMP).write_text(json.dumps(stamp, indent=1) + "\n", encoding="utf-8")


def make_venv(python: str, venv: pathlib.Path) -> None:
    """Make an empty environment in place of whatever is there."""
    command = [python, "-m", "venv", "--clear", str(venv)]
    made = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    if made.returncode:
        last = " ".join(made.stdout.decode("utf-8", "replace").strip().splitlines()[-1:])
        raise Stop(f"{python} could not make {venv} ({last}): is there room, and may you write?")


def explain_pip(log: str) -> str:
    """Turn pip's output into one sentence that names the remedy."""
    if "No space left on device" in log:
        return "The disk is full: free about 1 GB, then try again."
    if re.search("Invalid requirement|Hashes are required in|all requirements must have", log):
        return (
            "A lock file is spoilt, so nothing of it was installed: `git checkout "
            "requirements-lab.lock requirements.lock` brings both back; then try again."
        )
    if "CERTIFICATE_VERIFY_FAILED" in log:
        return (
            "The connection to the package index is not trusted: tell pip your network's "
            "certificate (PIP_CERT=/path/to/certificate.pem), then try again."
        )
    if re.search(
        "NewConnectionError|ConnectTimeout|NameResolutionError|ReadTimeout|ProxyError|Connection "
        "reset|Max retries exceeded|name resolution|Network is unreachable|getaddrinfo failed",
        log,
    ):
        return (
            "The packages cannot be fetched because there is no network (or a proxy is not set): "
            "check the connection, then try again."
        )
    if "DO NOT MATCH THE HASHES" in log:
        return (
            "A downloaded package is not the pinned one (its hash differs), so it was not "
            "installed: try again, and if it happens again, do not trust that package index."
        )
    missing = re.search(r"No matching distribution found for (\S+)", log)
    if missing:
        return (
            f"There is no ready-made {missing.group(1)} for this Python and system: use Python "
            f"{dotted(OLDEST)} to {dotted(NEWEST)}, as in `make lab PYTHON=python{dotted(NEWEST)}`."
        )
    errors = re.findall(r"^ERROR: (.*)", log, re.MULTILINE) or log.strip().splitlines()[-1:]
    return f"pip could not install the packages ({' '.join(errors[:1]).strip().rstrip('.')})."


def pip(python: pathlib.Path, arguments: list, log: pathlib.Path, root: pathlib.Path) -> None:
    """Run `pip install`, keep what it says in a log, and count the packages for whoever watches."""
    # -I: neither PYTHONPATH nor the current folder may change what is installed. --no-compile: most
    # modules of most packages are never imported, and compiling them all doubles the time.
    command = [str(python), "-I", "-m", "pip", "install", "--no-compile", "--no-input"]
    command += ["--disable-pip-version-check"]
    watched = sys.stdout.isatty()
    count = 0
    process = subprocess.Popen(
        command + arguments,
        cwd=str(root),
        env=dict(os.environ, PIP_USER="0", PYTHONIOENCODING="utf-8"),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )
    with process, log.open("a", encoding="utf-8") as file:
        for raw in process.stdout or ():
            line = raw.decode("utf-8", "replace")
            file.write(line)
            count += line.startswith(("Collecting ", "Processing "))
            if watched:
                print(f"\r  {count} packages ", end="", flush=True)
    if watched:
        print(flush=True)
    if process.returncode:
        text = log.read_text(encoding="utf-8", errors="replace")
        raise Stop(f"{explain_pip(text)} Details: {log.relative_to(root)}")


def prepare(
    root: pathlib.Path, wanted: str = "", names: tuple = NAMES, tests: bool = False
) -> bool:
    """Bring root/.venv up to date, with what the tests need or without; say if anything was done.

    What is there already stays: who has the tests does not lose them when the course is opened.
    """
    venv = root / ".venv"
    python, log = venv_python(venv), venv / "install.log"
    chosen = choose_python(wanted, names) if wanted else ()
    stamp, goal = read_stamp(venv), contents(root, tests)
    version = version_of(venv)
    usable = python.exists() and bool(version) and stamp.get("folder") == goal["folder"]
    if usable and chosen:
        usable = version == chosen[1]
    if usable:
        lost = sorted(set(stamp.get("installed", ())) - set(installed(venv)))
        if lost:
            say(
                "Of what was installed in .venv, {} changed or gone: installing what was "
                "pinned.".format(", ".join(lost) + (" is" if len(lost) == 1 else " are"))
            )
            stamp = {"folder": goal["folder"]}
        elif all(stamp.get(name) == value for name, value in goal.items()):
            return False
    else:
        name, version = chosen or choose_python(wanted, names)
        say(f"Making .venv with Python {dotted(version)} ({name}).")
        make_venv(name, venv)
        stamp = {"folder": goal["folder"]}
        write_stamp(venv, stamp)
    log.write_text("", encoding="utf-8")
    if any(stamp.get(name) != goal[name] for name in (COURSE, EVERYTHING) if name in goal):
        install_packages(EVERYTHING if tests else COURSE, COURSE in stamp, log, root)
        stamp.update({name: goal[name] for name in (COURSE, EVERYTHING) if name in goal})
        stamp["installed"] = installed(venv)
        write_stamp(venv, stamp)
    say("Installing nnmath itself, from this folder.")
    pip(python, ["--no-deps", "--no-build-isolation", "--editable", "."], log, root)
    stamp.update(goal, installed=installed(venv))
    write_stamp(venv, stamp)
    return True


def install_packages(lock: str, course: bool, log: pathlib.Path, root: pathlib.Path) -> None:
    """Install what a lock file pins; say how much beforehand, and how long it took.

    `course` says whether what the course needs is there already.
    """
    venv = root / ".venv"
    what = "the course needs" if lock == COURSE else "the tests need"
    size = SIZES[lock] - (SIZES[COURSE] if course and lock != COURSE else 0)
    say(
        f"Installing what {what}, as pinned in {lock}: {size} MB, less than a minute where the "
        "network is quick."
    )
    start = time.time()
    pinned = ["--require-hashes", "--only-binary=:all:", "--requirement", lock]
    pip(venv_python(venv), pinned, log, root)
    tidy(venv)
    say(f"That took {time.time() - start:.0f} s; .venv holds {megabytes(venv)} MB.")


def main(arguments: list) -> None:
    """Prepare .venv for the folder that this file is in."""
    this = this_python()
    prepare(ROOT, os.environ.get("PYTHON", ""), (this, *NAMES), tests="--tests" in arguments)
    made, runs = version_of(ROOT / ".venv"), tuple(sys.version_info[:3])
    if made[:2] != runs[:2] and OLDEST <= runs[:2] <= NEWEST and "PYTHON" not in os.environ:
        say(
            f".venv has Python {dotted(made)}, as it was made; to make it anew with this Python "
            f"{dotted(runs)}, set PYTHON={this}."
        )


if __name__ == "__main__":
    sys.exit(run_and_report(main, sys.argv[1:]))
