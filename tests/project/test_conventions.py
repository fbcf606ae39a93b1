"""What `make conventions` asks, and that a complaint is heard."""

import re

import pytest

from tools import conventions
from tools.bootstrap import Stop


def test_each_tool_has_a_version_of_its_own_and_a_sentence():
    asked = {command[0] for command in conventions.ASKED.values()}
    wanted = conventions.wanted()
    pinned = {re.match(r"[\w-]+", line)[0] for line in wanted if "==" in line}
    assert pinned == asked
    text = (conventions.ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    assert all(f"**{name}**" in text for name in asked)


def test_a_rule_that_is_not_followed_has_its_reason():
    text = conventions.PROJECT.read_text(encoding="utf-8")
    section = re.search(r"^\[tool\.repo-review\]\nignore = \[\n(.*?)^\]", text, re.S | re.M)[1]
    for line in section.splitlines():
        assert re.fullmatch(r'    "[A-Z]+\d*", # \S.*', line), line


@pytest.fixture
def tool(tmp_path):
    """Return what makes a tool that says something and ends with a status."""
    if not conventions.venv_python(tmp_path).parent.name == "bin":
        pytest.skip("a script stands for the tool here")

    def made(says, status):
        program = conventions.venv_python(tmp_path).with_name("judge")
        program.parent.mkdir(exist_ok=True)
        program.write_text(f"#!/bin/sh\necho '{says}'\nexit {status}\n")
        program.chmod(0o755)
        return tmp_path

    return made


def test_a_complaint_is_heard(tool):
    assert conventions.ask(["judge"], tool("all is well", 0)) == ""
    assert conventions.ask(["judge"], tool("no licence", 1)) == "no licence"
    assert conventions.ask(["judge"], tool("", 3)) == "exit status 3"


def test_one_complaint_is_enough(monkeypatch, capsys):
    monkeypatch.setattr(conventions, "prepare", lambda: None)
    monkeypatch.setattr(conventions, "ask", lambda command: "bad" if command[0] == "reuse" else "")
    with pytest.raises(Stop, match="not all kept"):
        conventions.main()
    said = capsys.readouterr().out
    assert "reuse: a licence for each file: not content" in said
    assert "codespell: the words: content" in said


def test_the_environment_is_made_once_and_again_when_a_version_changes(tmp_path, monkeypatch):
    installed = []
    monkeypatch.setattr(conventions, "make_venv", lambda _, home: home.mkdir())
    monkeypatch.setattr(conventions, "pip", lambda _, names, *__: installed.append(names))
    home = tmp_path / "var" / "conventions"
    monkeypatch.setattr(conventions, "wanted", lambda: ["one ==1"])
    conventions.prepare(home)
    conventions.prepare(home)
    assert installed == [["one ==1"]]
    monkeypatch.setattr(conventions, "make_venv", lambda *_: None)
    monkeypatch.setattr(conventions, "wanted", lambda: ["one ==2"])
    conventions.prepare(home)
    assert installed == [["one ==1"], ["one ==2"]]
