"""Surroundings that depend on this environment only, never on anyone's home folder.

Settings in a home folder (Jupyter's, IPython's, matplotlib's), and what a shell tells every Python,
would change what a learner sees and what a test compares.
"""

import contextlib
import os
import pathlib
import subprocess
import sys
import tempfile
from collections.abc import Iterator

ROOT = pathlib.Path(__file__).resolve().parent.parent
FONTS = pathlib.Path(sys.prefix, "var", "matplotlib")
FOLDERS = {
    "JUPYTER_CONFIG_DIR": "config",
    "JUPYTER_DATA_DIR": "data",
    "JUPYTER_RUNTIME_DIR": "runtime",
    "JUPYTERLAB_SETTINGS_DIR": "settings",
    "JUPYTERLAB_WORKSPACES_DIR": "workspaces",
    "IPYTHONDIR": "ipython",
}
FOREIGN = ("JUPYTER", "IPYTHON", "MPL", "MATPLOTLIB", "PYTHON")


def surroundings(home: pathlib.Path) -> dict[str, str]:
    """Return environment variables under which Jupyter and matplotlib keep everything in `home`."""
    variables = {name: value for name, value in os.environ.items() if not name.startswith(FOREIGN)}
    for name, folder in FOLDERS.items():
        path = home / folder
        path.mkdir(parents=True, exist_ok=True)
        variables[name] = str(path)
    variables["JUPYTER_PREFER_ENV_PATH"] = "1"  # this environment's kernel, not one of the system
    variables["PYTHONUTF8"] = "1"  # whatever the locale says
    variables["PYTHONNOUSERSITE"] = "1"
    variables["JUPYTER_PLATFORM_DIRS"] = "1"  # the new default; the old one warns
    # The products of the course are small. Threads that share one wait for one another: on a busy
    # machine a training run then takes ten times as long.
    variables.setdefault("OPENBLAS_NUM_THREADS", "1")
    variables["MPLCONFIGDIR"] = str(FONTS)
    build_font_list(variables)
    return variables


def build_font_list(variables: dict[str, str]) -> None:
    """Let matplotlib look for fonts now: later, it would say so on the stderr of a notebook."""
    FONTS.mkdir(parents=True, exist_ok=True)
    if not any(FONTS.glob("fontlist-*.json")):
        command = [sys.executable, "-c", "import matplotlib.font_manager"]
        subprocess.run(command, env=variables, capture_output=True, check=False)


@contextlib.contextmanager
def private() -> Iterator[pathlib.Path]:
    """Give this process, and all that it starts, surroundings of its own for a while."""
    before = dict(os.environ)
    with tempfile.TemporaryDirectory(prefix="nnmath-", ignore_cleanup_errors=True) as folder:
        home = pathlib.Path(folder)
        replace_environment(surroundings(home))
        try:
            yield home
        finally:
            replace_environment(before)


def replace_environment(variables: dict[str, str]) -> None:
    """Set the environment variables of this process to exactly these."""
    os.environ.clear()
    os.environ.update(variables)
