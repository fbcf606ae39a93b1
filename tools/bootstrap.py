"""Make .venv with the pinned packages and this project, once; the next time, see that it is there.

It runs on whatever Python the system has, from 3.6 on, so that a Python that is too old is told
what to do instead of failing on the syntax. It uses the standard library only.

One environment serves both `make lab` and `make test`: the tests then prove the very versions that
a learner runs, and there is one lock file to read. The price is paid once, at the first start.
"""

import hashlib
import json
import os
import pathlib
import re
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
OLDEST = (3, 11)
NEWEST = (3, 14)  # the newest Python that every pinned package has a wheel for
NAMES = ("python3", "python", "python3.14", "python3.13", "python3.12", "python3.11")
STAMP = "nnmath.json"
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
    """Return the version of the Python that an environment was made with."""
    text = (venv / "pyvenv.cfg").read_text(encoding="utf-8")
    found = re.search(r"^version\w* *= *(\d+)\.(\d+)\.(\d+)", text, re.MULTILINE)
    return tuple(map(int, found.groups())) if found else ()


def contents(root: pathlib.Path) -> dict:
    """Sum up what belongs into .venv. The folder counts too: a moved .venv does not work."""
    return {
        "folder": str(root),
        "packages": hashlib.sha256((root / "requirements.lock").read_bytes()).hexdigest(),
        "project": hashlib.sha256((root / "pyproject.toml").read_bytes()).hexdigest(),
    }


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


def prepare(root: pathlib.Path, wanted: str = "", names: tuple = NAMES) -> bool:
    """Bring root/.venv up to date; return whether there was anything to do."""
    venv = root / ".venv"
    python, log = venv_python(venv), venv / "install.log"
    chosen = choose_python(wanted, names) if wanted else ()
    stamp, goal = read_stamp(venv), contents(root)
    usable = python.exists() and stamp.get("folder") == goal["folder"]
    if usable and chosen:
        usable = version_of(venv) == chosen[1]
    if usable and stamp == goal:
        return False
    if not usable:
        name, version = chosen or choose_python(wanted, names)
        say(f"Making .venv with Python {dotted(version)} ({name}).")
        make_venv(name, venv)
        stamp = {"folder": goal["folder"]}
        write_stamp(venv, stamp)
    log.write_text("", encoding="utf-8")
    if stamp.get("packages") != goal["packages"]:
        say("Installing the packages of requirements.lock: this takes a minute or two.")
        pinned = ["--require-hashes", "--only-binary=:all:", "--requirement", "requirements.lock"]
        pip(python, pinned, log, root)
        stamp["packages"] = goal["packages"]
        write_stamp(venv, stamp)
    say("Installing nnmath itself, from this folder.")
    pip(python, ["--no-deps", "--no-build-isolation", "--editable", "."], log, root)
    write_stamp(venv, goal)
    return True


def main() -> None:
    """Prepare .venv for the folder that this file is in."""
    prepare(ROOT, os.environ.get("PYTHON", ""))


if __name__ == "__main__":
    sys.exit(run_and_report(main))
