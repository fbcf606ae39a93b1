"""What is installed is what was pinned, and nothing that is read can run code."""

import subprocess

import pytest

from proof import supply_chain
from tools import bootstrap

SOURCES = dict(supply_chain.sources())


def test_the_sources_are_all_there():
    assert {name.split("/")[0] for name in SOURCES} == set(supply_chain.SOURCES)
    assert sum(name.endswith(".ipynb") for name in SOURCES) >= 5
    assert len(SOURCES) > 50


@pytest.mark.parametrize("name", SOURCES)
def test_nothing_unpickles(name):
    assert supply_chain.pickle_faults(name, SOURCES[name]) == []


@pytest.mark.parametrize(
    "code",
    [
        "import pickle",
        "import os, dill as d",
        "from joblib import load",
        "from pickle import loads",
        "import numpy as np\nnp.load('x.npy', allow_pickle=True)",
        "import numpy as np\nnp.load('x.npy', allow_pickle=ask)",
        "marshal.loads(b'')",
    ],
)
def test_what_unpickles_is_found(code):
    assert len(supply_chain.pickle_faults("x.py", code)) == 1


def test_what_does_not_is_left_alone():
    code = "import json\nimport numpy as np\njson.loads('1')\nnp.load('x', allow_pickle=False)"
    assert supply_chain.pickle_faults("x.py", code) == []


def test_a_wrong_hash_is_refused_and_the_right_one_is_installed():
    assert supply_chain.hash_faults() == []


def test_the_trial_installs_with_the_options_of_the_bootstrap(monkeypatch, tmp_path):
    """Or it would prove something about another command."""
    commands = []
    monkeypatch.setattr(bootstrap, "pip", lambda _p, arguments, *_: commands.append(arguments))
    monkeypatch.setattr(bootstrap, "make_venv", lambda _python, venv: venv.mkdir())
    monkeypatch.setattr(bootstrap, "choose_python", lambda *_: ("python3", (3, 11, 0)))
    for name in (bootstrap.COURSE, bootstrap.EVERYTHING, "pyproject.toml"):
        (tmp_path / name).write_text("")
    bootstrap.prepare(tmp_path)
    options = {option for option in commands[0] if option.startswith("--")}
    tried = []
    monkeypatch.setattr(subprocess, "run", lambda command, **_: tried.append(command) or done)
    done = subprocess.CompletedProcess([], 0, "", "")
    supply_chain.install_with_hash(tmp_path, "0" * 64)
    assert {"--require-hashes", "--only-binary=:all:"} <= options <= set(tried[0])


@pytest.mark.parametrize(
    ("out", "error", "measured", "met"),
    [
        ("", "No module named pip_audit", "pip-audit is not installed", None),
        ("", "ConnectionError", "not reachable", None),
        (
            '{"dependencies": [{"name": "a", "skip_reason": "not found"}]}',
            "",
            "the index knows none of the packages",
            None,
        ),
        (
            '{"dependencies": [{"name": "a", "vulns": []}, {"name": "b", "skip_reason": "?"}]}',
            "",
            "0 in 1",
            True,
        ),
        ('{"dependencies": [{"name": "a", "vulns": [1]}, {"name": "b"}]}', "", "1 in 2", False),
    ],
)
def test_the_audit_says_what_it_could_find_out(monkeypatch, out, error, measured, met):
    done = subprocess.CompletedProcess([], 0, out, error)
    monkeypatch.setattr(supply_chain.subprocess, "run", lambda *_, **__: done)
    goal = supply_chain.audit()
    assert (goal.measured, goal.met) == (measured, met)
