"""Open the course in JupyterLab, in the learner's own copy of the notebooks.

The copy is my-notebooks/, which git ignores: answers never dirty the course, break a test, or get
overwritten by an update.

    python -m tools.lab            # PORT=8900 chooses the port
    python -m tools.lab --reset    # a fresh copy; the old one is kept under another name
"""

import dataclasses
import datetime
import hashlib
import json
import os
import pathlib
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.parse
import urllib.request
import webbrowser
from collections.abc import Mapping, Sequence
from typing import Any, NoReturn

from tools.bootstrap import Stop, run_and_report, say
from tools.surroundings import ROOT, surroundings

COURSE = ROOT / "notebooks"
COPY = ROOT / "my-notebooks"
RECORD = ".course.json"
SETTINGS = ROOT / "tools" / "lab_settings"
HOME = pathlib.Path(sys.prefix, "var", "jupyter")
PORTS = range(8888, 8908)


# --- The learner's copy ---------------------------------------------------------------------------


def refresh(course: pathlib.Path, copy: pathlib.Path) -> list[str]:
    """Bring new and newer files of the course into the copy; never touch what a learner wrote.

    Returns what was done, and what was left alone, in plain sentences.
    """
    record, news = read_record(copy), []
    for source in course_files(course):
        name = source.relative_to(course).as_posix()
        new, target, last = source.read_bytes(), copy / name, record.get(name, {})
        old = target.read_bytes() if target.exists() else None
        if old is None:
            news.append(f"{name} is new.")
        elif old != new:
            if last.get("course") == digest(new):
                continue  # the course stands still; what differs is the learner's
            if last.get("written") != written(name, old):
                news.append(
                    f"{name} has a newer version in the course. Your copy has changes of your own, "
                    "so it was kept; `make reset` gives you the newer one and keeps yours too."
                )
                continue
            news.append(f"{name} was brought up to date; you had written nothing in it.")
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(new)
        record[name] = {"course": digest(new), "written": written(name, new)}
    write_record(copy, record)
    return news


def reset(course: pathlib.Path, copy: pathlib.Path, today: datetime.date) -> pathlib.Path | None:
    """Make a fresh copy; return the new name of the old one, if there was one."""
    kept = None
    if copy.exists():
        base, number = f"{copy.name}-{today.isoformat()}", 1
        kept = copy.with_name(base)
        while kept.exists():
            number += 1
            kept = copy.with_name(f"{base}-{number}")
        copy.rename(kept)
    refresh(course, copy)
    return kept


def course_files(course: pathlib.Path) -> list[pathlib.Path]:
    """Return every file of the course, without what Jupyter or the system leaves lying about."""
    return [
        path
        for path in sorted(course.rglob("*"))
        if path.is_file() and not any(p.startswith(".") for p in path.relative_to(course).parts)
    ]


def digest(content: bytes) -> str:
    """Return a short name for exactly this content."""
    return hashlib.sha256(content).hexdigest()


def written(name: str, content: bytes) -> str:
    """Return a digest of what a person wrote: of a notebook, its cells without their outputs."""
    if name.endswith(".ipynb"):
        try:
            cells = json.loads(content)["cells"]
            pairs = [(cell["cell_type"], "".join(cell["source"])) for cell in cells]
            content = json.dumps(pairs).encode()
        except (ValueError, KeyError, TypeError):
            pass  # not a notebook any more: then every byte counts
    return digest(content)


def read_record(copy: pathlib.Path) -> dict[str, Any]:
    """Return which version of each file the copy was made from."""
    try:
        return dict(json.loads((copy / RECORD).read_text(encoding="utf-8")))
    except (OSError, ValueError):
        return {}


def write_record(copy: pathlib.Path, record: Mapping[str, Any]) -> None:
    """Note which version of each file the copy was made from."""
    copy.mkdir(parents=True, exist_ok=True)
    text = json.dumps(record, indent=1, sort_keys=True) + "\n"
    (copy / RECORD).write_text(text, encoding="utf-8")


# --- The server -----------------------------------------------------------------------------------


@dataclasses.dataclass(frozen=True)
class Server:
    """A running Jupyter server; as a context manager, it stops at the end of the block."""

    url: str
    token: str
    app: str
    process: subprocess.Popen[bytes]
    log: pathlib.Path

    def address(self, notebook: str = "") -> str:
        """Return the address, token included, that opens a notebook (or the folder)."""
        kind = "lab/tree" if self.app == "lab" else "notebooks" if notebook else "tree"
        path = "/".join(part for part in (kind, urllib.parse.quote(notebook)) if part)
        return f"{self.url}/{path}?token={self.token}"

    def stop(self) -> None:
        """End the server and its kernels."""
        self.process.terminate()
        try:
            self.process.wait(15)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()

    def __enter__(self) -> "Server":
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()


def start_server(
    folder: pathlib.Path,
    home: pathlib.Path,
    *,
    app: str = "lab",
    port: int | None = None,
    settings: Mapping[str, Mapping[str, Any]] | None = None,
    options: Sequence[str] = (),
    plain: bool = False,
    patience: float = 60,
) -> Server:
    """Start a Jupyter server on this machine only, and return when it answers.

    `folder` is what it shows; `home` is where it keeps its own files and `server.log`. `app` is
    "lab" (JupyterLab) or "notebook" (Notebook 7). Without `port` it takes a free one. `settings`
    are user settings by plug-in, as {"@jupyterlab/notebook-extension:tracker": {"windowingMode":
    "none"}}; `options` are further options of the command line. `plain` leaves out the course's
    settings, as for someone who starts Jupyter otherwise. Raises Stop when it does not start.
    """
    install_settings(pathlib.Path(sys.prefix))
    variables = surroundings(home)
    shutil.copytree(SETTINGS / "custom", home / "config" / "custom", dirs_exist_ok=True)
    if plain:
        variables["JUPYTER_NO_CONFIG"] = "1"
    for plugin, values in (settings or {}).items():
        package, name = plugin.split(":")
        path = home / "settings" / package / f"{name}.jupyterlab-settings"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(values), encoding="utf-8")
    port = port or free_port()
    token = variables["JUPYTER_TOKEN"] = secrets.token_hex(16)  # in no list of processes
    command = [*server_command(folder, app, port), *options]
    log = home / "server.log"
    with log.open("wb") as file:
        process = subprocess.Popen(
            command,
            cwd=folder,
            env=variables,
            stdin=subprocess.DEVNULL,
            stdout=file,
            stderr=subprocess.STDOUT,
            start_new_session=True,  # Ctrl+C is for us; we then end the server in good order
        )
    server = Server(f"http://127.0.0.1:{port}", token, app, process, log)
    try:
        wait_for(server, patience)
    except BaseException:
        server.stop()
        raise
    return server


def server_command(folder: pathlib.Path, app: str, port: int) -> list[str]:
    """Return the command that serves a folder to this machine only, and opens no browser."""
    command = [sys.executable, "-m", "jupyterlab" if app == "lab" else "notebook", "--no-browser"]
    command += ["--ServerApp.ip=127.0.0.1", f"--ServerApp.port={port}"]
    command += ["--ServerApp.port_retries=0", f"--ServerApp.root_dir={folder}"]
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        command.append("--allow-root")
    return command


def wait_for(server: Server, patience: float) -> None:
    """Return when the server answers; raise Stop when it ended or takes too long."""
    direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    status = f"{server.url}/api/status?token={server.token}"
    end = time.monotonic() + patience
    while time.monotonic() < end:
        try:
            with direct.open(status, timeout=5):
                return
        except OSError:
            if server.process.poll() is not None:
                lines = server.log.read_text(errors="replace").strip().splitlines()
                raise Stop(
                    f"Jupyter did not start ({' '.join(lines[-1:])}). Details: {server.log}"
                ) from None
            time.sleep(0.1)
    raise Stop(f"Jupyter did not answer within {patience:.0f} seconds. Details: {server.log}")


def install_settings(prefix: pathlib.Path) -> None:
    """Put the course's settings where the Jupyter of this environment looks for them."""
    for source in SETTINGS.rglob("*.json"):
        target = prefix / "etc" / "jupyter" / source.relative_to(SETTINGS)
        if not target.exists() or target.read_bytes() != source.read_bytes():
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(source, target)


def is_free(port: int) -> bool:
    """Say whether a server can listen on this port of this machine."""
    with socket.socket() as listener:
        if os.name != "nt":
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def free_port() -> int:
    """Return a port that no one uses."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


def choose_port(wanted: str, ports: Sequence[int] = PORTS) -> int:
    """Return the port asked for, or the first free one of the usual ports."""
    if wanted:
        if not wanted.isdecimal() or not 1024 <= int(wanted) <= 65535:
            raise Stop(f"PORT={wanted} is not a port: name a number from 1024 to 65535.")
        if not is_free(int(wanted)):
            raise Stop(
                f"Port {wanted} is taken by another program: stop that one, or choose another "
                f"port, as in `make lab PORT={free_port()}`."
            )
        return int(wanted)
    for port in ports:
        if is_free(port):
            if port != ports[0]:
                say(f"Port {ports[0]} is taken by another program, so this is port {port}.")
            return port
    raise Stop(
        f"The ports {ports[0]} to {ports[-1]} are all taken: stop a server that you no longer "
        f"need, or choose another port, as in `make lab PORT={free_port()}`."
    )


# --- The command ----------------------------------------------------------------------------------


def open_course() -> None:
    """Bring the copy up to date, start JupyterLab on its first notebook, and wait for Ctrl+C."""
    for sentence in refresh(COURSE, COPY):
        say(sentence)
    port = choose_port(os.environ.get("PORT", ""))
    first = next(iter(sorted(path.name for path in COURSE.glob("*.ipynb"))), "")
    say("Starting JupyterLab.")
    with start_server(COPY, HOME, port=port) as server:
        say(f"Your notebooks are in {COPY.name}/. The course is open at\n  {server.address(first)}")
        say("Press Ctrl+C here to stop.")
        if has_screen():
            webbrowser.open(server.address(first))
        try:
            server.process.wait()
        except KeyboardInterrupt:
            pass
    say("JupyterLab has ended.")


def has_screen() -> bool:
    """Say whether a browser can open here; on a remote machine the printed address must do."""
    if os.environ.get("CI"):
        return False
    graphical = os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")
    return bool(graphical) or sys.platform in ("darwin", "win32")


def interrupt(*_: object) -> NoReturn:
    """Treat a request to end, or a closed terminal, like Ctrl+C: the server then ends as well."""
    raise KeyboardInterrupt


def main(arguments: Sequence[str]) -> None:
    """Open the course, or reset the copy of it."""
    for name in ("SIGTERM", "SIGHUP"):
        if hasattr(signal, name):
            signal.signal(getattr(signal, name), interrupt)
    if "--reset" in arguments:
        kept = reset(COURSE, COPY, datetime.date.today())
        if kept:
            say(f"Your notebooks are kept in {kept.name}/.")
        say(f"A fresh copy is in {COPY.name}/. Open it with `make lab`.")
    else:
        open_course()


if __name__ == "__main__":
    sys.exit(run_and_report(main, sys.argv[1:]))
