"""What every server, kernel and test of this project finds in its environment."""

import os
import shutil
import subprocess
import sys

import pytest

from tools.surroundings import ROOT, surroundings

MAKE = shutil.which("make")


def test_products_are_not_shared_among_threads_unless_one_asks_for_it(tmp_path, monkeypatch):
    monkeypatch.delenv("OPENBLAS_NUM_THREADS", raising=False)
    assert surroundings(tmp_path)["OPENBLAS_NUM_THREADS"] == "1"
    monkeypatch.setenv("OPENBLAS_NUM_THREADS", "4")
    assert surroundings(tmp_path)["OPENBLAS_NUM_THREADS"] == "4"


def test_what_a_shell_tells_every_python_or_jupyter_does_not_come_in(tmp_path, monkeypatch):
    for name in ("PYTHONPATH", "PYTHONOPTIMIZE", "JUPYTER_PATH", "MPLBACKEND", "MATPLOTLIBRC"):
        monkeypatch.setenv(name, "hostile")
    assert "hostile" not in surroundings(tmp_path).values()


@pytest.fixture(params=["a home full of settings", "a home that cannot be written"])
def hostile(request, tmp_path):
    """Return an environment in which whatever it is that one can set is set wrongly."""
    place = tmp_path / "feindlich"
    place.mkdir()
    home = place / "home"
    wrong = "raise SystemExit('a file of the home folder was read')\n"
    spoilt = place / "spoilt.py"
    spoilt.write_text(wrong)
    modules = place / "modules"
    modules.mkdir()
    for name in ("json", "numpy", "sitecustomize", "usercustomize", "matplotlib"):
        (modules / f"{name}.py").write_text(wrong)
    if request.param == "a home full of settings":
        for path, text in {
            ".jupyter/jupyter_server_config.py": wrong,
            ".jupyter/jupyter_lab_config.py": wrong,
            ".config/jupyter/jupyter_server_config.py": wrong,
            ".ipython/profile_default/startup/00.py": "import numpy\nnumpy.set_printoptions(2)\n",
            ".ipython/profile_default/ipython_config.py": wrong,
            ".config/matplotlib/matplotlibrc": "font.size: 40\nlines.linewidth: 9\n",
            ".local/share/jupyter/kernels/python3/kernel.json": '{"argv": ["false"]}',
        }.items():
            (home / path).parent.mkdir(parents=True, exist_ok=True)
            (home / path).write_text(text)
    else:
        home.write_text("")  # a file in its place: root may write wherever the modes forbid it
    return {
        "PATH": os.environ["PATH"],
        "HOME": str(home),
        "XDG_CONFIG_HOME": str(home / ".config"),
        "XDG_DATA_HOME": str(home / ".local" / "share"),
        "XDG_CACHE_HOME": str(home / ".cache"),
        "XDG_RUNTIME_DIR": str(home / "run"),
        "JUPYTER_CONFIG_DIR": str(home / ".jupyter"),
        "JUPYTER_PATH": str(home / ".local" / "share" / "jupyter"),
        "JUPYTER_TOKEN": "known to everyone",
        "IPYTHONDIR": str(home / ".ipython"),
        "MPLCONFIGDIR": str(home / ".config" / "matplotlib"),
        "MATPLOTLIBRC": str(home / ".config" / "matplotlib" / "matplotlibrc"),
        "MPLBACKEND": "no-such-backend",
        "PYTHONPATH": str(modules),
        "PYTHONSTARTUP": str(spoilt),
        "PYTHONOPTIMIZE": "2",
        "PYTHONWARNINGS": "error",
        "PYTHONDONTWRITEBYTECODE": "1",
        "LC_ALL": "tr_TR.ISO-8859-9",
        "TZ": "Pacific/Kiritimati",
    }


@pytest.mark.skipif(not MAKE or os.name == "nt", reason="needs make, and a shell")
def test_the_course_runs_in_a_hostile_place(hostile, tmp_path):
    """From make on, as a learner starts it: two servers, a notebook, and every text as stored."""
    folder = tmp_path / "Mein Kurs für Übungen"
    folder.mkdir()
    name = "00_start_here.ipynb"
    shutil.copy(ROOT / "notebooks" / name, folder)
    asked = tmp_path / "asked.mk"
    script = ROOT / "tests" / "project" / "in_a_hostile_place.py"
    asked.write_text(
        f"include {ROOT}/Makefile\n"
        f"asked:\n\tumask 077; "
        f"'{sys.executable}' '{script}' '{folder}' '{tmp_path}/Zu Hause' {name}\n",
        encoding="utf-8",
    )
    done = subprocess.run(
        [MAKE, "--silent", "-f", str(asked), "asked"],
        cwd=ROOT,
        env=hostile,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert done.stdout == "✓ every cell as it is stored\n", done.stdout + done.stderr
    assert done.returncode == 0
