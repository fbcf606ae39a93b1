"""The set-up says in one plain sentence what stops it, and does nothing twice."""

import ast
import json
import os
import re
import stat
import subprocess
import sys

import pytest

from tools import bootstrap
from tools.bootstrap import COURSE, EVERYTHING, Stop, choose_python, explain_pip, prepare
from tools.surroundings import ROOT

posix = pytest.mark.skipif(os.name == "nt", reason="the stand-ins are shell scripts")


def program(path, text):
    """Write an executable shell script."""
    path.write_text(f"#!/bin/sh\n{text}\n")
    path.chmod(path.stat().st_mode | stat.S_IXUSR)
    return str(path)


@pytest.fixture
def python(tmp_path):
    """Return a function that makes a stand-in for a Python of some version."""

    def python(version, complete=True, name=None):
        answer = f"{version.replace('.', ' ')} {complete}"
        return program(tmp_path / (name or f"python{version}"), f'echo "{answer}"')

    return python


@pytest.fixture
def folder(tmp_path):
    """Return a small project folder to prepare, and a list of the pip commands it led to."""
    root = tmp_path / "project"
    root.mkdir()
    for name in (COURSE, EVERYTHING, "pyproject.toml"):
        (root / name).write_text(f"{name}\n")
    return root


@pytest.fixture
def installs(monkeypatch):
    """Replace pip by a note of what it was asked for; leave it out of environments, to be quick."""
    seen = []
    run = subprocess.run

    def without_pip(command, **options):
        return run([*command, *["--without-pip"] * ("venv" in command)], **options)

    monkeypatch.setattr(bootstrap.subprocess, "run", without_pip)
    monkeypatch.setattr(bootstrap, "pip", lambda _, arguments, *__: seen.append(arguments[-1]))
    return seen


def is_one_sentence(text):
    return text.endswith(".") and "\n" not in text and not re.search(r"Traceback|Error\b", text)


# --- Which Python ---------------------------------------------------------------------------------


@posix
def test_the_first_python_that_will_do_is_chosen(python, tmp_path):
    shim = program(tmp_path / "shim", "echo 'pyenv: python3.12: command not found' >&2; exit 127")
    names = (str(tmp_path / "absent"), shim, python("3.9.18"), python("3.11.0", complete=False))
    good = python("3.12.1")
    assert choose_python("", (*names, good, python("3.13.0"))) == (good, (3, 12, 1))


@posix
def test_a_python_that_every_package_supports_comes_before_a_newer_one(python):
    newer, good = python("3.99.0"), python("3.14.7")
    assert choose_python("", (newer, good)) == (good, (3, 14, 7))
    assert choose_python("", (newer,)) == (newer, (3, 99, 0))


@posix
def test_too_old(python):
    with pytest.raises(Stop) as stop:
        choose_python("", (python("3.9.18"), python("3.10.13"), python("2.7.18")))
    assert is_one_sentence(str(stop.value))
    assert "Python 3.11 or newer is needed, and the newest here is 3.10.13" in str(stop.value)
    assert "make lab PYTHON=" in str(stop.value)


@posix
def test_too_old_by_name(python):
    old = python("3.10.13")
    with pytest.raises(Stop, match=r"Python 3\.11 or newer is needed, and .* is Python 3\.10\.13"):
        choose_python(old, (python("3.12.1"),))


def test_none_at_all(tmp_path):
    with pytest.raises(Stop, match=r"3\.11 or newer is needed, and none was found here") as stop:
        choose_python("", (str(tmp_path / "python3"),))
    assert is_one_sentence(str(stop.value))


def test_a_name_that_does_not_run(tmp_path):
    with pytest.raises(Stop, match="does not run: name a Python"):
        choose_python(str(tmp_path / "python3"), ())


@posix
@pytest.mark.parametrize("named", [True, False])
def test_venv_missing(python, named):
    one = python("3.12.1", complete=False)
    with pytest.raises(
        Stop, match=r"python3-venv is missing.*apt install python3\.12-venv"
    ) as stop:
        choose_python(one if named else "", (python("3.9.0"), one))
    assert is_one_sentence(str(stop.value))


def test_a_real_python_is_asked_and_found_complete():
    assert choose_python(sys.executable, ()) == (sys.executable, tuple(sys.version_info[:3]))


@posix
def test_a_real_python_without_ensurepip_is_found_incomplete(tmp_path):
    hide = (
        "import importlib.util as u; find = u.find_spec; "
        "u.find_spec = lambda name: None if name == 'ensurepip' else find(name)"
    )
    text = f'exec "{sys.executable}" -c "{hide}\n$2"'
    with pytest.raises(Stop, match="python3-venv is missing"):
        choose_python(program(tmp_path / "python3", text), ())


@posix
def test_the_python_that_runs_it_is_the_first_choice(folder, tmp_path):
    """Also when another one stands first on the PATH, or it runs in an environment itself."""
    (folder / "tools").mkdir()
    for name in ("__init__.py", "bootstrap.py"):
        (folder / "tools" / name).write_text("")
    program_ = (ROOT / "tools" / "bootstrap.py").read_text(encoding="utf-8")
    (folder / "tools" / "bootstrap.py").write_text(program_)
    program(tmp_path / "python3", "echo '3 13 0 True'")
    ask = "from tools import bootstrap as b; b.pip = print; b.make_venv = print; b.main([])"
    variables = {k: v for k, v in os.environ.items() if k != "PYTHON"}
    variables["PATH"] = f"{tmp_path}{os.pathsep}{variables['PATH']}"
    done = subprocess.run(
        [sys.executable, "-c", ask], cwd=folder, env=variables, capture_output=True, text=True
    )
    base = os.path.realpath(sys.executable)
    made = re.search(r"Making \.venv with Python ([\d.]+) \((.*)\)\.", done.stdout)
    assert made, done.stderr
    assert made[1] == bootstrap.dotted(tuple(sys.version_info[:3]))
    assert os.path.realpath(made[2]) == base


# --- pip ------------------------------------------------------------------------------------------

OFFLINE = """\
WARNING: Retrying (Retry(total=0, connect=None)) after connection broken by
'NewConnectionError('Failed to establish a new connection: [Errno -3] Temporary failure')'
ERROR: Could not find a version that satisfies the requirement anyio==4.16.0 (from versions: none)
ERROR: No matching distribution found for anyio==4.16.0
"""


@pytest.mark.parametrize(
    ("log", "words"),
    [
        (OFFLINE, "no network"),
        ("ERROR: Could not install: [Errno 28] No space left on device", "The disk is full"),
        ("SSLError(SSLCertVerificationError(1, '[SSL: CERTIFICATE_VERIFY_FAILED]", "not trusted"),
        ("ERROR: THESE PACKAGES DO NOT MATCH THE HASHES FROM THE", "its hash differs"),
        ("ERROR: Invalid requirement: 'anyio==4.16.0 \\\\'", "A lock file is spoilt"),
        ("ERROR: Hashes are required in --require-hashes mode, but", "A lock file is spoilt"),
        ("ERROR: No matching distribution found for numpy==2.5.5", "no ready-made numpy==2.5.5"),
        ("ERROR: Something new.\nand more", r"(Something new)"),
    ],
)
def test_a_failure_of_pip_becomes_one_sentence(log, words):
    assert words in explain_pip(log)
    assert is_one_sentence(explain_pip(log))


@pytest.mark.parametrize("watched", [True, False])
def test_no_network_for_real(folder, monkeypatch, watched):
    """A real pip, an index that nobody serves: the sentence, and the log it points to."""
    hashes = "--hash=sha256:" + 64 * "0"
    (folder / "requirements.lock").write_text(f"nnmath-absent==1.0 \\\n    {hashes}\n")
    (folder / ".venv").mkdir()
    for name in [name for name in os.environ if name.startswith("PIP_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("PIP_CONFIG_FILE", os.devnull)
    monkeypatch.setenv("PIP_INDEX_URL", "http://127.0.0.1:9/")
    monkeypatch.setenv("PIP_RETRIES", "1")
    monkeypatch.setattr(sys.stdout, "isatty", lambda: watched, raising=False)
    log = folder / ".venv" / "install.log"
    with pytest.raises(Stop, match=r"there is no network .*: check the connection") as stop:
        bootstrap.pip(sys.executable, ["--require-hashes", "-r", "requirements.lock"], log, folder)
    assert str(stop.value).endswith(f"Details: {os.path.join('.venv', 'install.log')}")
    assert "127.0.0.1" in log.read_text()


# --- The steps ------------------------------------------------------------------------------------


@pytest.mark.parametrize(("tests", "lock"), [(False, COURSE), (True, EVERYTHING)])
def test_everything_once_and_then_nothing(folder, installs, capsys, tests, lock):
    assert prepare(folder, sys.executable, tests=tests) is True
    assert installs == [lock, "."]
    said = capsys.readouterr().out
    assert "Making .venv with Python" in said
    assert f"{lock}: {bootstrap.SIZES[lock]} MB, less than a minute" in said
    assert re.search(r"That took \d+ s; \.venv holds \d+ MB\.", said)
    assert bootstrap.venv_python(folder / ".venv").exists()
    assert prepare(folder, tests=tests) is False
    assert prepare(folder, sys.executable, tests=tests) is False
    assert installs == [lock, "."]
    assert capsys.readouterr().out == ""


def test_the_tests_add_to_what_the_course_has_and_opening_it_takes_nothing_away(
    folder, installs, capsys
):
    prepare(folder, sys.executable)
    capsys.readouterr()
    assert prepare(folder, tests=True) is True
    assert installs == [COURSE, ".", EVERYTHING, "."]
    rest = bootstrap.SIZES[EVERYTHING] - bootstrap.SIZES[COURSE]
    assert f"{EVERYTHING}: {rest} MB" in capsys.readouterr().out
    assert prepare(folder) is prepare(folder, tests=True) is False


def test_only_what_changed_is_done_again(folder, installs):
    prepare(folder, sys.executable, tests=True)
    installs.clear()
    (folder / "pyproject.toml").write_text("changed\n")
    assert prepare(folder, tests=True) is True
    assert installs == ["."]
    installs.clear()
    (folder / EVERYTHING).write_text("changed\n")
    assert prepare(folder) is False  # it is nothing to the course
    assert prepare(folder, tests=True) is True
    assert installs == [EVERYTHING, "."]
    installs.clear()
    (folder / COURSE).write_text("changed\n")
    assert prepare(folder) is True
    assert installs == [COURSE, "."]


def test_a_package_that_is_missing_or_changed_is_noticed_and_installed_again(
    folder, installs, capsys
):
    """Whoever takes a package out by hand, or gets another version of it, has what was pinned."""
    prepare(folder, sys.executable, tests=True)
    there = bootstrap.packages(folder / ".venv") / "scipy-1.18.1.dist-info"
    there.mkdir()
    (folder / "pyproject.toml").write_text("changed\n")
    prepare(folder, tests=True)
    assert prepare(folder, tests=True) is False
    installs.clear()
    capsys.readouterr()
    there.rename(there.with_name("scipy-1.18.0.dist-info"))
    assert prepare(folder, tests=True) is True
    assert installs == [EVERYTHING, "."]
    said = capsys.readouterr().out
    assert "scipy-1.18.1 is changed or gone: installing what was pinned." in said
    assert prepare(folder, tests=True) is False


@pytest.mark.parametrize("name", ["pyproject.toml", COURSE, EVERYTHING])
def test_a_file_that_is_missing_is_named_with_what_brings_it_back(folder, installs, name):
    (folder / name).unlink()
    with pytest.raises(Stop, match=rf"^{name} is missing here.*`git checkout {name}`") as stop:
        prepare(folder, sys.executable, tests=True)
    assert is_one_sentence(str(stop.value))
    assert installs == []


def test_what_runs_nothing_here_is_not_installed():
    """setuptools comes with the environments of Python 3.11, and only with those."""
    names = [name.partition("-")[0] for name in bootstrap.installed(ROOT / ".venv")]
    assert "pip" in names
    assert "setuptools" not in names


def test_an_interrupted_installation_is_taken_up_again(folder, installs, monkeypatch):
    whole = bootstrap.pip

    def interrupted(*arguments):
        whole(*arguments)
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(bootstrap, "pip", interrupted)
        with pytest.raises(KeyboardInterrupt):
            prepare(folder, sys.executable)
    installs.clear()
    assert prepare(folder) is True
    assert installs == [COURSE, "."]


@pytest.mark.usefixtures("installs")
def test_a_moved_folder_gets_a_new_environment(folder):
    prepare(folder, sys.executable)
    (folder / ".venv" / "old").touch()
    moved = folder.with_name("moved")
    folder.rename(moved)
    assert prepare(moved, sys.executable) is True
    assert not (moved / ".venv" / "old").exists()


@pytest.mark.usefixtures("installs")
def test_another_python_gets_a_new_environment(folder):
    prepare(folder, sys.executable)
    config, old = folder / ".venv" / "pyvenv.cfg", folder / ".venv" / "old"
    config.write_text(re.sub(r"(?m)^version.*", "version = 3.99.0", config.read_text()))
    old.touch()
    assert prepare(folder) is False  # whatever it was made with, no other one is asked for
    assert prepare(folder, sys.executable) is True
    assert not old.exists()


@pytest.mark.usefixtures("installs")
def test_a_spoilt_stamp_counts_as_none(folder):
    prepare(folder, sys.executable)
    (folder / ".venv" / bootstrap.STAMP).write_text("{")
    assert prepare(folder, sys.executable) is True


@posix
def test_a_venv_that_cannot_be_made_is_one_sentence(folder, tmp_path):
    text = 'case "$1" in -c) echo "3 12 1 True";; *) echo "Error: no room"; exit 1;; esac'
    with pytest.raises(Stop, match=r"could not make .*no room"):
        prepare(folder, program(tmp_path / "python3", text))


# --- The way from the Makefile --------------------------------------------------------------------


def test_it_can_start_on_python_3_6():
    """The Python that starts it may be too old for the course, but must understand it."""
    text = (ROOT / "tools" / "bootstrap.py").read_text(encoding="utf-8")
    tree = ast.parse(text, feature_version=(3, 6))
    imported = {
        alias.name.split(".")[0]
        for node in ast.walk(tree)
        if isinstance(node, ast.Import | ast.ImportFrom)
        for alias in node.names
    }
    assert imported <= {
        "hashlib",
        "json",
        "os",
        "pathlib",
        "re",
        "shutil",
        "subprocess",
        "sys",
        "time",
    }


def test_a_stop_is_printed_without_a_traceback():
    command = [sys.executable, "-m", "tools.bootstrap"]
    variables = dict(os.environ, PYTHON="no-such-python")
    done = subprocess.run(command, cwd=ROOT, env=variables, capture_output=True, text=True)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == "PYTHON=no-such-python does not run: name a Python 3.11 or newer.\n"


@pytest.mark.usefixtures("installs")
def test_the_stamp_says_what_is_installed(folder):
    prepare(folder, sys.executable)
    stamp = json.loads((folder / ".venv" / bootstrap.STAMP).read_text())
    assert stamp.pop("installed") == bootstrap.installed(folder / ".venv")
    assert stamp == bootstrap.contents(folder)
    assert set(stamp) == {"folder", "pyproject.toml", COURSE}
