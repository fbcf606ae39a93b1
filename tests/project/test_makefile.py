"""The two commands, and what stands behind them."""

import os
import re
import shutil
import subprocess
import sys

import pytest
import yaml

from conftest import unit
from tools import bootstrap, check
from tools.surroundings import ROOT

MAKEFILE = (ROOT / "Makefile").read_text(encoding="utf-8")
MAKE = shutil.which("make")
needs_make = pytest.mark.skipif(not MAKE or os.name == "nt", reason="needs make, and a shell")


def make(*arguments, folder=ROOT, **variables):
    """Run make as a person would; not as a part of the make that runs the tests."""
    inherited = {
        name: value
        for name, value in os.environ.items()
        if name not in ("MAKEFLAGS", "MAKELEVEL", "MFLAGS", "PYTHON", "PORT")
    }
    return subprocess.run(
        [MAKE, *arguments],
        cwd=folder,
        env={**inherited, **variables},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )


def targets():
    [phony] = re.findall(r"^\.PHONY: (.*)", MAKEFILE, re.MULTILINE)
    return phony.split()


def rules():
    """Return {target: (the targets it needs first, its commands)}."""
    found = re.findall(r"^([a-z-]+):([^#\n]*)(?:##.*)?\n((?:\t.*\n)*)", MAKEFILE, re.MULTILINE)
    return {target: (needs.split(), commands) for target, needs, commands in found}


@needs_make
@pytest.mark.parametrize("arguments", [(), ("help",)])
def test_help_is_the_default_and_lists_every_target(arguments):
    done = make(*arguments)
    assert done.returncode == 0
    listed = re.findall(r"^make ([\w-]+) +\S", done.stdout, re.MULTILINE)
    assert listed == targets()
    assert set(listed) == set(rules())
    assert {"help", "lab", "test", "notebooks", "lint", "lock", "reset", "clean"} <= set(listed)


def test_whatever_uses_the_environment_sets_it_up_first():
    for target, (needs, commands) in rules().items():
        if "$(PY) -m" in commands:
            assert {"course", "setup", "lint"} & set(needs), target
    assert rules()["lint"][0] == ["setup"]


def test_a_learner_gets_what_the_course_needs_and_a_contributor_the_tests_besides():
    assert {target for target, (needs, _) in rules().items() if "course" in needs} == {
        "lab",
        "reset",
    }
    assert rules()["course"][1] == "\t$(call bootstrap)\n"
    assert rules()["setup"][1] == "\t$(call bootstrap,--tests)\n"


def test_the_loop_before_a_commit_is_a_part_of_the_tests_for_each_kind_of_slip(monkeypatch, capsys):
    modules = {test.split("::")[0] for test in check.TESTS}
    assert all((ROOT / module).exists() for module in modules)
    assert "-m tools.check" in rules()["check"][1]
    _, lint = rules()["lint"]
    assert [f"-m {' '.join(command)}" in lint for command in check.LINT] == [True] * 3
    asked = []
    monkeypatch.setattr(check, "passes", lambda *module: asked.append(module[0]) or True)
    check.main()
    assert asked == ["ruff", "ruff", "mypy", "pytest"]
    assert re.match(r"Checked in \d+ s; the goal is 60 s\.\n", capsys.readouterr().out)
    monkeypatch.setattr(check, "passes", lambda *module: module[0] != "mypy")
    with pytest.raises(bootstrap.Stop, match="Not content: mypy"):
        check.main()


def test_make_test_runs_the_linters_and_every_test():
    needs, commands = rules()["test"]
    assert needs == ["lint", "conventions"]
    assert "-m tools.browser" in commands
    assert re.search(r"-m pytest -q -n 2 --durations=10$", commands, re.MULTILINE)  # no selection
    _, lint = rules()["lint"]
    for tool in ("ruff check", "ruff format --check", "mypy"):
        assert f"-m {tool}" in lint


@pytest.mark.parametrize(
    ("test", "of"),
    [
        ("tests/test_data.py::test_one[a]", "tests/test_data.py"),
        ("nnmath/network.py::nnmath.network.init", "nnmath/network.py"),
        ("notebooks/01_sigmoid_bce.ipynb::Cell 3", "notebooks/01_sigmoid_bce.ipynb"),
        ("tests/browser/test_site.py::test_one[01_a]", "tests/browser/test_site.py"),
        ("tests/browser/test_lab.py::test_one[01_a.ipynb-lab-Dark]", "test_lab.py[01_a.ipynb]"),
        ("tests/browser/test_other_front_ends.py::test_one[plain-01_a.ipynb]", "ends.py[plain]"),
    ],
)
def test_two_processes_share_out_modules_and_the_notebooks_of_the_browser(test, of):
    assert unit(test).endswith(of)
    assert unit(test).startswith(test.split("::")[0])


def test_a_process_that_dies_is_noticed_and_says_what_to_do(tmp_path):
    path = tmp_path / "test_deadly.py"
    path.write_text("import os\ndef test_it_ends():\n    os._exit(3)\ndef test_it_goes_on(): ...\n")
    command = [sys.executable, "-m", "pytest", "-p", "conftest", "-n", "1", "-q", str(path)]
    ran = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert ran.returncode == 1
    assert "1 failed, 1 passed" in ran.stdout
    assert "crashed while running" in ran.stdout
    assert re.search(r'run it alone: .* -m pytest ".*test_deadly\.py::test_it_ends"', ran.stdout)


def test_the_continuous_check_runs_what_the_readme_says():
    script = (ROOT / ".ci" / "run").read_text(encoding="utf-8")
    lines = [line for line in script.splitlines() if line and not line.startswith("#")]
    assert lines[-1] == "exec make test"
    assert lines[:-1] == ["set -euo pipefail", 'cd "$(dirname "${BASH_SOURCE[0]}")/.."']
    text = (ROOT / ".github" / "workflows" / "ci.yml").read_text(encoding="utf-8")
    jobs = yaml.safe_load(text)["jobs"]
    assert set(jobs["test"]["strategy"]["matrix"]["system"]) == {
        "ubuntu-latest",
        "macos-latest",
        "windows-latest",
    }
    assert "bash .ci/run" in [step.get("run") for step in jobs["test"]["steps"]]


@needs_make
def test_what_python_compiles_is_kept_whatever_the_shell_says(tmp_path):
    asked = MAKEFILE + "\nasked:\n\t@echo $$CONTROL $${PYTHONDONTWRITEBYTECODE-kept}\n"
    (tmp_path / "Makefile").write_text(asked, encoding="utf-8")
    done = make("asked", folder=tmp_path, CONTROL="seen", PYTHONDONTWRITEBYTECODE="1")
    assert done.stdout == "seen kept\n"


# --- make in a folder of its own ------------------------------------------------------------------


@pytest.fixture
def folder(tmp_path):
    """Return a folder like a fresh clone, with as much as the set-up reads."""
    (tmp_path / "tools").mkdir()
    for name in ("Makefile", "pyproject.toml", bootstrap.COURSE, bootstrap.EVERYTHING):
        shutil.copy(ROOT / name, tmp_path)
    shutil.copy(ROOT / "tools" / "bootstrap.py", tmp_path / "tools")
    return tmp_path


@pytest.fixture
def path(tmp_path):
    """Return a PATH that has a shell, awk, and no Python."""
    bin = tmp_path / "bin"
    bin.mkdir()
    for name in ("sh", "awk"):
        (bin / name).symlink_to(shutil.which(name))
    return bin


def stand_in(path, name, version, complete):
    """Put a Python on the PATH that tells another version of itself, and runs everything else."""
    script = path / name
    as_itself = (
        f"import runpy, sys; sys._base_executable = '{script}'; "
        "runpy.run_module('tools.bootstrap', run_name='__main__')"
    )
    script.write_text(
        "#!/bin/sh\n"
        f'case "$2" in *find_spec*) echo "{version.replace(".", " ")} {complete}"; exit;; '
        f'tools.bootstrap) exec "{sys.executable}" -c "{as_itself}";; esac\n'
        f'exec "{sys.executable}" "$@"\n'
    )
    script.chmod(0o755)


@needs_make
def test_no_python_at_all(folder, path):
    done = make("setup", folder=folder, PATH=str(path))
    first = done.stderr.splitlines()[0]
    assert done.returncode != 0
    assert first.startswith("Python 3.11 or newer is needed, and none was found here")


@needs_make
@pytest.mark.parametrize(
    ("version", "complete", "words"),
    [
        ("3.10.13", True, "Python 3.11 or newer is needed, and the newest here is 3.10.13"),
        ("3.12.1", False, "python3-venv is missing: on Debian or Ubuntu run"),
    ],
)
@pytest.mark.parametrize("target", ["lab", "test"])
def test_what_stops_the_two_commands_is_one_sentence(
    folder, path, version, complete, words, target
):
    stand_in(path, "python3", version, complete)
    done = make(target, folder=folder, PATH=str(path))
    sentence, *rest = done.stderr.splitlines()
    assert words in sentence
    assert done.stdout == ""
    assert all(line.startswith("make: ***") for line in rest)
    assert not (folder / ".venv").exists()
