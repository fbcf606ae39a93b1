"""The tests find a browser, or get one, or say in one sentence how to."""

import os
import sys

import pytest

from tools import browser
from tools.bootstrap import Stop

pytestmark = pytest.mark.skipif(os.name == "nt", reason="the stand-ins are shell scripts")


@pytest.fixture
def program(tmp_path):
    """Return a function that makes an executable file."""

    def program(name):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("#!/bin/sh\n")
        path.chmod(0o755)
        return str(path)

    return program


def test_the_one_named_comes_first_then_the_system_then_a_download(program, tmp_path):
    mine, system = program("mine"), program("system")
    download = program("downloads/chromium-1/chrome-linux/chrome")
    places = {"names": (), "places": (system,), "downloads": tmp_path / "downloads"}
    assert browser.find({"NNMATH_BROWSER": mine}, **places) == mine
    assert browser.find({}, **places) == system
    assert browser.find({}, **{**places, "places": ()}) == download
    assert browser.find({}, (), (), tmp_path / "none") is None


def test_a_named_browser_that_is_not_there_is_said(tmp_path):
    with pytest.raises(Stop, match="is not a program"):
        browser.find({"NNMATH_BROWSER": str(tmp_path / "absent")})


def test_every_way_is_tried_in_turn(monkeypatch, tmp_path, capsys):
    ran = []
    monkeypatch.setattr(browser, "ways", lambda _: [("one", [["a"], ["b"]]), ("two", [["c"]])])
    monkeypatch.setattr(
        browser, "quiet", lambda command, _=None: ran.append(command) or command == ["c"]
    )
    monkeypatch.setattr(browser, "find", lambda: "/found" if ["c"] in ran else None)
    assert browser.get(tmp_path) == "/found"
    assert ran == [["a"], ["c"]]
    assert "getting Chromium by one" in capsys.readouterr().out


def test_when_no_way_works_one_sentence_says_what_to_do(monkeypatch, tmp_path):
    monkeypatch.setattr(browser, "quiet", lambda *_: False)
    with pytest.raises(Stop, match=r"^The browser tests need Chromium.*apt install chromium.*"):
        browser.get(tmp_path)


@pytest.mark.parametrize(
    ("root", "sudo", "first"),
    [(True, False, ["/apt-get", "update", "-q"]), (False, True, ["/sudo", "-n", "/apt-get"])],
)
def test_debian_gets_its_own_chromium_where_that_asks_no_password(
    monkeypatch, tmp_path, root, sudo, first
):
    monkeypatch.setattr(browser.sys, "platform", "linux")
    monkeypatch.setattr(browser.os, "geteuid", lambda: 0 if root else 1000)
    monkeypatch.setattr(browser.shutil, "which", lambda name: f"/{name}")
    monkeypatch.setattr(browser, "quiet", lambda *_: sudo)
    (_, [update, install]), (_, [download]) = browser.ways(tmp_path)
    assert update[: len(first)] == first
    assert install[-1] == "chromium"
    assert download == [sys.executable, "-m", "playwright", "install", "chromium"]


def test_without_rights_only_the_download_is_left(monkeypatch, tmp_path):
    monkeypatch.setattr(browser.os, "geteuid", lambda: 1000)
    monkeypatch.setattr(browser, "quiet", lambda *_: False)
    assert [label for label, _ in browser.ways(tmp_path)] == [f"a download into {tmp_path}"]


@pytest.mark.parametrize(("user", "expected"), [(0, True), (1000, False)])
def test_the_sandbox_is_given_up_only_for_root(monkeypatch, user, expected):
    monkeypatch.setattr(browser.os, "geteuid", lambda: user)
    assert ("--no-sandbox" in browser.options()) is expected


def test_a_command_that_fails_or_is_absent_is_noticed(tmp_path):
    log = tmp_path / "log"
    assert browser.quiet([sys.executable, "-c", "print('said')"], log)
    assert log.read_text() == "said\n"
    assert not browser.quiet([sys.executable, "-c", "raise SystemExit(3)"])
    assert not browser.quiet([str(tmp_path / "absent")])
