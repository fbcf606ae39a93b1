"""`make lab`: the learner's copy is safe, and the server is set up as the course needs it."""

import dataclasses
import datetime
import json
import os
import shutil
import socket
import subprocess
import sys
import urllib.error
import urllib.request

import pytest

from proof import supply_chain
from tools import lab
from tools.bootstrap import Stop

DAY = datetime.date(2026, 3, 14)


def cells(*sources, output="stored"):
    """Return a small notebook as text."""
    outputs = [{"output_type": "stream", "name": "stdout", "text": [output]}]
    code = {"cell_type": "code", "metadata": {}, "execution_count": 1, "outputs": outputs}
    return json.dumps({"cells": [dict(code, source=[source]) for source in sources]})


@pytest.fixture
def course(tmp_path):
    folder = tmp_path / "course"
    folder.mkdir()
    (folder / "01_first.ipynb").write_text(cells("answer = ..."))
    (folder / "pictures").mkdir()
    (folder / "pictures" / "one.png").write_bytes(b"\x89PNG")
    return folder


@pytest.fixture
def copy(course, tmp_path):
    folder = tmp_path / "mine"
    lab.refresh(course, folder)
    return folder


# --- The learner's copy ---------------------------------------------------------------------------


def test_the_first_copy_is_complete(course, copy):
    assert (copy / "01_first.ipynb").read_text() == (course / "01_first.ipynb").read_text()
    assert (copy / "pictures" / "one.png").read_bytes() == b"\x89PNG"
    assert lab.refresh(course, copy) == []


def test_answers_are_kept_while_the_course_stands_still(course, copy):
    (copy / "01_first.ipynb").write_text(cells("answer = 42"))
    assert lab.refresh(course, copy) == []
    assert "42" in (copy / "01_first.ipynb").read_text()


def test_answers_are_kept_when_the_course_has_a_newer_version(course, copy):
    (copy / "01_first.ipynb").write_text(cells("answer = 42"))
    (course / "01_first.ipynb").write_text(cells("answer = ...  # better"))
    [sentence] = lab.refresh(course, copy)
    assert "has a newer version" in sentence
    assert "make reset" in sentence
    assert "42" in (copy / "01_first.ipynb").read_text()


@pytest.mark.parametrize("output", ["stored", "the learner's run"])
def test_an_unanswered_notebook_is_brought_up_to_date(course, copy, output):
    """Also when it was run: outputs are not answers."""
    (copy / "01_first.ipynb").write_text(cells("answer = ...", output=output))
    (course / "01_first.ipynb").write_text(cells("answer = ...  # better"))
    [sentence] = lab.refresh(course, copy)
    assert "brought up to date" in sentence
    assert "better" in (copy / "01_first.ipynb").read_text()
    assert lab.refresh(course, copy) == []


def test_updates_go_on_after_an_update(course, copy):
    for text in ("second", "third"):
        (course / "01_first.ipynb").write_text(cells(text))
        lab.refresh(course, copy)
        assert text in (copy / "01_first.ipynb").read_text()


def test_a_file_that_is_missing_comes_back_and_a_new_one_is_added(course, copy):
    (copy / "01_first.ipynb").unlink()
    (course / "02_second.ipynb").write_text(cells("new"))
    assert lab.refresh(course, copy) == ["01_first.ipynb is new.", "02_second.ipynb is new."]
    assert (copy / "02_second.ipynb").exists()


def test_a_file_of_the_learner_stays(course, copy):
    (copy / "notes.ipynb").write_text("mine")
    (copy / "01_first.ipynb").write_text("no notebook any more")
    (course / "01_first.ipynb").write_text(cells("newer"))
    lab.refresh(course, copy)
    assert (copy / "notes.ipynb").read_text() == "mine"
    assert (copy / "01_first.ipynb").read_text() == "no notebook any more"


def test_without_a_record_nothing_is_overwritten(course, copy):
    (copy / lab.RECORD).unlink()
    (course / "01_first.ipynb").write_text(cells("newer"))
    [sentence] = lab.refresh(course, copy)
    assert "was kept" in sentence


def test_checkpoints_are_not_copied(course, copy):
    (course / ".ipynb_checkpoints").mkdir()
    (course / ".ipynb_checkpoints" / "01_first-checkpoint.ipynb").write_text("old")
    assert lab.refresh(course, copy) == []


def test_reset_gives_a_fresh_copy_and_keeps_each_old_one(course, copy):
    for number, name in enumerate(("mine-2026-03-14", "mine-2026-03-14-2"), start=1):
        (copy / "01_first.ipynb").write_text(f"answers {number}")
        kept = lab.reset(course, copy, DAY)
        assert kept.name == name
        assert (kept / "01_first.ipynb").read_text() == f"answers {number}"
        assert (copy / "01_first.ipynb").read_text() == cells("answer = ...")


def test_reset_without_a_copy_makes_one(course, tmp_path):
    assert lab.reset(course, tmp_path / "mine", DAY) is None
    assert (tmp_path / "mine" / "01_first.ipynb").exists()


@pytest.mark.skipif(not shutil.which("git"), reason="needs git")
@pytest.mark.parametrize("name", ["my-notebooks", "my-notebooks-2026-03-14-2"])
def test_git_ignores_the_copies(name):
    command = ["git", "check-ignore", "--quiet", "--no-index", f"{name}/01_sigmoid_bce.ipynb"]
    if (lab.ROOT / ".git").exists():
        assert subprocess.run(command, cwd=lab.ROOT, check=False).returncode == 0
    assert lab.COPY.name == "my-notebooks"


# --- The port -------------------------------------------------------------------------------------


@pytest.fixture
def taken():
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        yield listener.getsockname()[1]


def test_a_port_that_is_taken_is_one_sentence_with_the_remedy(taken):
    with pytest.raises(Stop, match=rf"^Port {taken} is taken by .*`make lab PORT=\d+`\.$"):
        lab.choose_port(str(taken))


def test_the_next_usual_port_is_used_and_named(taken, capsys):
    free = lab.free_port()
    assert lab.choose_port("", (taken, free)) == free
    assert (
        f"Port {taken} is taken by another program, so this is port {free}."
        in capsys.readouterr().out
    )


def test_all_usual_ports_taken(taken):
    with pytest.raises(Stop, match=r"are all taken: stop .*`make lab PORT=\d+`\.$"):
        lab.choose_port("", (taken,))


@pytest.mark.parametrize("wanted", ["eight", "80", "70000", "-1"])
def test_what_is_no_port_is_said(wanted):
    with pytest.raises(Stop, match="is not a port: name a number"):
        lab.choose_port(wanted)


def test_a_free_port_is_taken_at_its_word():
    port = lab.free_port()
    assert lab.choose_port(str(port)) == port


# --- The server -----------------------------------------------------------------------------------


def get(address):
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    with opener.open(address, timeout=30) as answer:
        return answer.read().decode()


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    folder = tmp_path_factory.mktemp("folder")
    (folder / "01_first.ipynb").write_text(cells("1"))
    home = tmp_path_factory.mktemp("home")
    tracker = {"@jupyterlab/notebook-extension:tracker": {"windowingMode": "none"}}
    with lab.start_server(folder, home, settings=tracker) as server:
        yield server
    assert server.process.poll() is not None


def settings_of(server, plugin):
    text = get(f"{server.url}/lab/api/settings/{plugin}?token={server.token}")
    answer = json.loads(text)
    defaults = {
        name: value.get("default") for name, value in answer["schema"].get("properties", {}).items()
    }
    return {**defaults, **answer["settings"]}


def test_the_server_shows_the_folder_to_who_has_the_token(server):
    listing = json.loads(get(f"{server.url}/api/contents?token={server.token}"))
    assert [entry["name"] for entry in listing["content"]] == ["01_first.ipynb"]
    assert server.address("01_first.ipynb").startswith(
        f"{server.url}/lab/tree/01_first.ipynb?token="
    )
    assert "<title>JupyterLab</title>" in get(server.address("01_first.ipynb"))
    with pytest.raises(urllib.error.HTTPError, match="403"):
        get(f"{server.url}/api/contents")


def test_the_server_answers_only_this_machine_and_only_with_the_token(server):
    answers = supply_chain.server_answers(server)
    assert len(answers) >= 8
    assert [what for what, right in answers if not right] == []


def test_a_server_for_everyone_would_be_noticed(server, monkeypatch):
    """The same questions, put to addresses and tokens that are let in."""
    monkeypatch.setattr(supply_chain, "other_addresses", lambda: ["127.0.0.1"])
    open_door = dataclasses.replace(server, token="")
    found = dict(supply_chain.server_answers(open_door))
    assert not found["files, with the token"]
    assert not found["the token is 32 random hex digits"]
    assert not found["the server from another loopback address"]


@pytest.mark.parametrize(
    ("plugin", "name", "value"),
    [
        ("@jupyterlab/apputils-extension:kernels-settings", "commsOverSubshells", "disabled"),
        ("@jupyterlab/apputils-extension:notification", "fetchNews", "false"),
        ("@jupyterlab/apputils-extension:notification", "checkForUpdates", False),
        ("@jupyter-widgets/jupyterlab-manager:plugin", "saveState", True),
        ("@jupyterlab/notebook-extension:tracker", "windowingMode", "none"),
    ],
)
def test_the_settings_are_in_force(server, plugin, name, value):
    assert settings_of(server, plugin)[name] == value


def test_extensions_can_be_seen_but_not_installed(server):
    page = get(server.address())
    config = json.loads(
        page.split('id="jupyter-config-data" type="application/json">')[1].split("</script>")[0]
    )
    assert config["extensionManager"]["can_install"] is False
    assert config["news"] == {"disabled": True}


def test_nothing_is_kept_outside_its_home(server):
    paths = json.loads(
        subprocess.run(
            [sys.executable, "-m", "jupyter", "--paths", "--json"],
            env=lab.surroundings(server.log.parent),
            capture_output=True,
            check=True,
        ).stdout
    )
    home = str(server.log.parent)
    assert paths["config"][0].startswith((sys.prefix, home))
    assert paths["runtime"][0].startswith(home)
    assert not [
        path
        for path in paths["data"] + paths["config"]
        if path.startswith(os.path.expanduser("~/."))
    ]


@pytest.mark.skipif(os.name == "nt", reason="there is no root")
@pytest.mark.parametrize(("user", "expected"), [(0, True), (1000, False)])
def test_root_is_allowed_only_where_it_is_needed(monkeypatch, tmp_path, user, expected):
    monkeypatch.setattr(lab.os, "geteuid", lambda: user)
    command = lab.server_command(tmp_path, "lab", 8888)
    assert ("--allow-root" in command) is expected
    assert "--ServerApp.ip=127.0.0.1" in command
    assert "token" not in " ".join(command)


def test_a_server_that_cannot_start_is_one_sentence(tmp_path):
    with pytest.raises(Stop, match=r"did not start .* Details: .*server\.log"):
        lab.start_server(
            tmp_path, tmp_path / "home", options=["--no-such-option=1", "--ServerApp.port=x"]
        )


def test_a_server_that_does_not_answer_is_stopped(tmp_path, monkeypatch):
    started = []
    popen = subprocess.Popen

    def note(*arguments, **options):
        process = popen(*arguments, **options)
        started.append(process)
        return process

    monkeypatch.setattr(lab.subprocess, "Popen", note)
    with pytest.raises(Stop, match="did not answer within 0 seconds"):
        lab.start_server(tmp_path, tmp_path / "home", patience=0)
    assert started[-1].poll() is not None
