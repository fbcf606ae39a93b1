"""Supply chain and server: only what was pinned, no pickle, and a server for this machine only.

Each claim is tried, not read: pip is given a hash that is wrong and must refuse, the server is
asked without its token and from another address, and every call in the source is looked at.
"""

import ast
import json
import pathlib
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import urllib.error
import urllib.request
from collections.abc import Iterator

from proof._record import Goal, Section, Table, at_least, none_of
from tools import lab
from tools.surroundings import ROOT

SOURCES = ("nnmath", "proof", "tools", "notebooks")
LOCK = ROOT / "requirements.lock"


# --- What is installed ----------------------------------------------------------------------------


def pinned() -> dict[str, list[str]]:
    """Return {requirement: its hashes} of the lock file."""
    entries = re.split(r"\n(?=\S)", LOCK.read_text(encoding="utf-8").strip())
    return {e.split(" ")[0]: re.findall(r"--hash=sha256:([0-9a-f]{64})", e) for e in entries}


def make_wheel(folder: pathlib.Path) -> pathlib.Path:
    """Write a small wheel of our own, so that an install can be tried without a network."""
    import zipfile

    wheel = folder / "nnmath_trial-1.0-py3-none-any.whl"
    meta = "nnmath_trial-1.0.dist-info/"
    with zipfile.ZipFile(wheel, "w") as archive:
        archive.writestr("nnmath_trial.py", "answer = 42\n")
        archive.writestr(
            meta + "METADATA", "Metadata-Version: 2.1\nName: nnmath-trial\nVersion: 1.0\n"
        )
        archive.writestr(
            meta + "WHEEL",
            "Wheel-Version: 1.0\nGenerator: nnmath\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
        )
        archive.writestr(meta + "RECORD", "")
    return wheel


def install_with_hash(folder: pathlib.Path, digest: str) -> tuple[bool, str]:
    """Try to install that wheel as the bootstrap would; say whether it went, and what pip says."""
    wheel = make_wheel(folder)
    lock = folder / "trial.lock"
    lock.write_text(f"nnmath-trial==1.0 \\\n    --hash=sha256:{digest}\n", encoding="utf-8")
    command = [sys.executable, "-I", "-m", "pip", "install", "--no-input", "--no-index"]
    command += ["--disable-pip-version-check", "--require-hashes", "--only-binary=:all:"]
    command += ["--find-links", str(wheel.parent), "--target", str(folder / "target")]
    done = subprocess.run(
        [*command, "--requirement", str(lock)], capture_output=True, text=True, check=False
    )
    return done.returncode == 0, done.stdout + done.stderr


def hash_faults() -> list[str]:
    """Return what is wrong: the right hash must install, a wrong one must be refused."""
    import hashlib

    found = []
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        right = hashlib.sha256(make_wheel(folder).read_bytes()).hexdigest()
        went, _ = install_with_hash(folder, right)
        if not went or not (folder / "target" / "nnmath_trial.py").exists():
            found.append("the right hash is not installed")
        shutil.rmtree(folder / "target", ignore_errors=True)
        wrong = right[:-1] + ("0" if right[-1] != "0" else "1")
        went, said = install_with_hash(folder, wrong)
        if went or "DO NOT MATCH THE HASHES" not in said:
            found.append("a wrong hash is not refused")
    return found


def audit() -> Goal:
    """Ask pip-audit about the pinned packages, where it is installed and an index is reachable."""
    what = "known vulnerabilities of the pinned packages"
    command = [sys.executable, "-m", "pip_audit", "--requirement", str(LOCK), "--require-hashes"]
    command += ["--disable-pip", "--format", "json", "--progress-spinner", "off"]
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    except subprocess.TimeoutExpired:
        return Goal(what, "none", "not reachable", None)
    if "No module named" in done.stderr:
        return Goal(what, "none", "pip-audit is not installed", None)
    try:
        packages = json.loads(done.stdout)["dependencies"]
    except (ValueError, KeyError):
        return Goal(what, "none", "not reachable", None)
    known = [package for package in packages if "skip_reason" not in package]
    if not known:  # an index that knows packages need not know their flaws
        return Goal(what, "none", "the index knows none of the packages", None)
    return none_of(what, sum(bool(package.get("vulns")) for package in known), len(known))


# --- No pickle ------------------------------------------------------------------------------------

# Modules that run what they read, and ways to make numpy do so.
DANGEROUS = {"pickle", "cPickle", "dill", "cloudpickle", "shelve", "marshal", "joblib"}


def sources() -> Iterator[tuple[str, str]]:
    """Yield the name and the code of every source file, and of every notebook's code cells."""
    for folder in SOURCES:
        for path in sorted((ROOT / folder).rglob("*")):
            name = path.relative_to(ROOT).as_posix()
            if path.suffix == ".py":
                yield name, path.read_text(encoding="utf-8")
            elif path.suffix == ".ipynb" and ".ipynb_checkpoints" not in name:
                cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
                code = ["".join(c["source"]) for c in cells if c["cell_type"] == "code"]
                yield name, "\n".join(code)


def pickle_faults(name: str, code: str) -> list[str]:
    """Return every import of a module that unpickles, and every numpy call that is allowed to."""
    found = []
    for node in ast.walk(ast.parse(code)):
        modules: list[str] = []
        if isinstance(node, ast.Import):
            modules = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            modules = [node.module or ""]
        found += [f"{name}: imports {m}" for m in modules if m.split(".")[0] in DANGEROUS]
        if isinstance(node, ast.keyword) and node.arg == "allow_pickle":
            if not (isinstance(node.value, ast.Constant) and node.value.value is False):
                found.append(f"{name}: allow_pickle is not False")
        if isinstance(node, ast.Attribute) and node.attr in ("loads", "load", "Unpickler"):
            if isinstance(node.value, ast.Name) and node.value.id in DANGEROUS:
                found.append(f"{name}: {node.value.id}.{node.attr}")
    return found


# --- The server -----------------------------------------------------------------------------------


def status(address: str, **headers: str) -> int:
    """Return the status that an address answers with; 0 where nothing listens."""
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with opener.open(urllib.request.Request(address, headers=headers), timeout=30) as answer:
            return int(answer.status)
    except urllib.error.HTTPError as error:
        return int(error.code)
    except OSError:
        return 0


def other_addresses() -> list[str]:
    """Return addresses of this machine that others could reach it by, and another loopback one."""
    found = {"127.0.0.2"} if sys.platform.startswith("linux") else set()
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("192.0.2.1", 9))  # sends nothing: it only chooses the outgoing address
            found.add(probe.getsockname()[0])
        except OSError:
            pass
    return sorted(found - {"127.0.0.1"})


def server_answers(server: lab.Server) -> list[tuple[str, bool]]:
    """Return what was tried on a running server, and whether it went as it must."""
    port = server.url.rpartition(":")[2]
    page, files = f"{server.url}/lab", f"{server.url}/api/contents"
    kernels, wrong = f"{server.url}/api/kernels", "0" * 32
    found = [
        ("files, with the token", status(f"{files}?token={server.token}") == 200),
        ("files, without the token", status(files) == 403),
        ("files, with another token", status(f"{files}?token={wrong}") == 403),
        ("kernels, without the token", status(kernels) == 403),
        ("terminals, without the token", status(f"{server.url}/api/terminals") in (403, 404)),
        ("the page, with another name for this machine (DNS rebinding)",
         status(f"{page}?token={server.token}", Host="attacker.example") == 403),
        ("the token is 32 random hex digits", bool(re.fullmatch(r"[0-9a-f]{32}", server.token))),
    ]  # fmt: skip
    for address in other_addresses():
        listens = status(f"http://{address}:{port}/api/status") != 0
        kind = "another loopback address" if address.startswith("127.") else "the network's side"
        found.append((f"the server from {kind}", not listens))
    return found


def tried_on_a_server() -> list[tuple[str, bool]]:
    """Start the course's own server and try it."""
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as name:
        folder, home = pathlib.Path(name, "folder"), pathlib.Path(name, "home")
        folder.mkdir()
        home.mkdir()
        with lab.start_server(folder, home) as server:
            return server_answers(server)


# --- The part -------------------------------------------------------------------------------------


def run(full: bool) -> Section | None:  # noqa: ARG001
    """Try everything."""
    lock, code = pinned(), list(sources())
    without = [name for name, hashes in lock.items() if not hashes or "==" not in name]
    pickles = [fault for name, text in code for fault in pickle_faults(name, text)]
    hashes, server = hash_faults(), tried_on_a_server()
    wrong = [what for what, right in server if not right]
    goals = (
        at_least("packages pinned with hashes", len(lock), 50, headline=True),
        none_of("packages without a version or a hash", len(without), len(lock)),
        none_of("installs that did not heed their hash", len(hashes), 2, headline=True),
        none_of("places that unpickle", len(pickles), len(code), headline=True),
        none_of("server answers that must not be", len(wrong), len(server), headline=True),
        audit(),
    )
    rows = tuple((what, "as it must" if right else "**not as it must**") for what, right in server)
    text = (
        "The bootstrap installs with `--require-hashes`; here pip is given a right and a wrong "
        "hash in the same way. No source or notebook imports a module that unpickles, or lets "
        "numpy do so. (Records can be copied and pickled by whoever wants to; nothing here reads a "
        "pickle.) The server is the one that `make lab` starts."
    )
    return Section(
        9,
        "Supply chain and server",
        text,
        goals,
        (Table("Tried on the server", ("what", "result"), rows),),
    )
