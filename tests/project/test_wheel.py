"""The wheel is complete: installed elsewhere, it loads its data and builds a demo."""

import os
import subprocess
import sys
import sysconfig
import zipfile

import pytest

from tools.bootstrap import venv_python
from tools.surroundings import ROOT

PROGRAM = """
import pathlib, sys
import nnmath as nn
from nnmath.demos import sigmoid_bce

assert pathlib.Path(nn.__file__).is_relative_to(sys.prefix), nn.__file__
X, Y = nn.data.digits()
print(X.shape, Y.shape)
demo = sigmoid_bce.one_example()
demo.controls["z"].value = 1.5
print(demo.error, bool(demo.readout))
"""


def run(*command, **options):
    """Run a command and show what it printed when it fails."""
    done = subprocess.run(command, capture_output=True, text=True, check=False, **options)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    """Build the wheel from this folder, with what is installed here and no network."""
    folder = tmp_path_factory.mktemp("wheel")
    pip = [sys.executable, "-m", "pip", "wheel", "--no-deps", "--no-build-isolation", "--no-index"]
    run(*pip, "--wheel-dir", str(folder), str(ROOT))
    [path] = folder.glob("nnmath-*.whl")
    return path


def test_the_wheel_holds_every_file_of_the_package(wheel):
    packed = set(zipfile.ZipFile(wheel).namelist())
    source = {
        path.relative_to(ROOT).as_posix()
        for path in (ROOT / "nnmath").rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    assert source
    assert {name for name in packed if name.startswith("nnmath/")} == source
    assert any(name.endswith(".dist-info/licenses/LICENSE") for name in packed)


def test_the_wheel_works_in_an_empty_environment_elsewhere(wheel, tmp_path):
    """The new environment sees the packages of this one, but not this project's folder.

    A folder that a .pth file adds to the path has its own .pth files ignored: so the link that
    makes this project editable here is not followed there.
    """
    venv = tmp_path / "venv"
    run(sys.executable, "-m", "venv", "--without-pip", str(venv))
    python = str(venv_python(venv))
    variables = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    ask = "import sysconfig; print(sysconfig.get_path('purelib'))"
    site = run(python, "-c", ask, env=variables).strip()
    packages = {sysconfig.get_path("purelib"), sysconfig.get_path("platlib")}
    with open(os.path.join(site, "dependencies.pth"), "w") as file:
        file.write("\n".join(sorted(packages)) + "\n")
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    import_it = [python, "-W", "error", "-c", "import nnmath"]
    before = subprocess.run(import_it, cwd=elsewhere, env=variables, capture_output=True)
    assert b"No module named 'nnmath'" in before.stderr

    pip = [sys.executable, "-m", "pip", "--python", python, "install", "--no-deps", "--no-index"]
    run(*pip, str(wheel), env=variables)
    printed = run(python, "-W", "error", "-c", PROGRAM, cwd=elsewhere, env=variables)
    assert printed.splitlines() == ["(64, 1797) (10, 1797)", "None True"]
