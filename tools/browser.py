"""Find a browser for the tests, and get one where there is none.

    python -m tools.browser    # prints which one the tests will use

The tests ask `find()` themselves; NNMATH_BROWSER=/path/to/chromium overrules what it finds.
"""

import os
import pathlib
import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence

from tools.bootstrap import Stop, run_and_report, say

DOWNLOADS = pathlib.Path(sys.prefix, "var", "browsers")
NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "microsoft-edge")
PLACES = (
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    "/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge",
    r"C:\Program Files\Google\Chrome\Application\chrome.exe",
    r"C:\Program Files (x86)\Google\Chrome\Application\chrome.exe",
    r"C:\Program Files (x86)\Microsoft\Edge\Application\msedge.exe",
)
# What playwright's download is called, by system.
DOWNLOADED = (
    "chrome",
    "chrome.exe",
    "Chromium",
    "Google Chrome for Testing",
    "chrome-headless-shell",
)


def find(
    variables: Mapping[str, str] = os.environ,
    names: Sequence[str] = NAMES,
    places: Sequence[str] = PLACES,
    downloads: pathlib.Path = DOWNLOADS,
) -> str | None:
    """Return the path of a Chromium-like browser: the one named, the system's, or a download."""
    named = variables.get("NNMATH_BROWSER")
    if named:
        if not shutil.which(named):
            raise Stop(
                f"NNMATH_BROWSER={named} is not a program: name a Chromium, or leave it out."
            )
        return shutil.which(named)
    candidates = [shutil.which(name) for name in (*names, *places)]
    candidates += [
        str(path)
        for path in sorted(downloads.rglob("*"))
        if path.name in DOWNLOADED and path.is_file() and os.access(path, os.X_OK)
    ]
    return next((path for path in candidates if path), None)


def options() -> list[str]:
    """Return the command line options that let it run without a screen, and ask no one anything."""
    chosen = ["--disable-gpu", "--disable-dev-shm-usage", "--disable-quic", "--no-first-run"]
    chosen += ["--disable-background-networking", "--disable-component-update", "--disable-sync"]
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        chosen.append("--no-sandbox")  # Chromium refuses to start as root with its sandbox
    return chosen


def ways(downloads: pathlib.Path) -> list[tuple[str, list[list[str]]]]:
    """Return the ways to get a browser here, best first, each as a label and its commands."""
    found = []
    apt = shutil.which("apt-get")
    if apt and sys.platform == "linux":
        root = os.geteuid() == 0
        sudo = None if root else shutil.which("sudo")
        if root or (sudo and quiet([sudo, "-n", "true"])):
            prefix = [] if root else [str(sudo), "-n"]
            install = [apt, "install", "-y", "-q", "--no-install-recommends", "chromium"]
            found.append(("apt-get", [[*prefix, apt, "update", "-q"], [*prefix, *install]]))
    playwright = [sys.executable, "-m", "playwright", "install", "chromium"]
    found.append((f"a download into {downloads}", [playwright]))
    return found


def quiet(command: Sequence[str], log: pathlib.Path | None = None) -> bool:
    """Run a command without questions and without noise; say whether it succeeded."""
    variables = dict(
        os.environ, DEBIAN_FRONTEND="noninteractive", PLAYWRIGHT_BROWSERS_PATH=str(DOWNLOADS)
    )
    try:
        with open(log or os.devnull, "ab") as file:
            done = subprocess.run(
                command,
                env=variables,
                stdin=subprocess.DEVNULL,
                stdout=file,
                stderr=file,
                timeout=1200,
            )
    except (OSError, subprocess.TimeoutExpired):
        return False
    return done.returncode == 0


def get(downloads: pathlib.Path = DOWNLOADS) -> str:
    """Install a browser, and return its path."""
    downloads.mkdir(parents=True, exist_ok=True)
    log = downloads / "install.log"
    for label, commands in ways(downloads):
        say(f"There is no browser for the tests yet; getting Chromium by {label}.")
        if all(quiet(command, log) for command in commands):
            path = find()
            if path:
                return path
    raise Stop(
        "The browser tests need Chromium, and it could not be installed: install Chromium or "
        f"Chrome (on Debian `apt install chromium`), then try again. Details: {log}"
    )


def main() -> None:
    """Say which browser the tests use, after getting one if need be."""
    say(f"Browser for the tests: {find() or get()}")


if __name__ == "__main__":
    sys.exit(run_and_report(main))
