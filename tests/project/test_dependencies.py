"""The same names and bounds everywhere, and one lock file that pins them all."""

import importlib.metadata
import re
import sys
import tomllib

import pytest
import yaml
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tools import bootstrap
from tools.surroundings import ROOT

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
CONDA = yaml.safe_load((ROOT / "environment.yml").read_text(encoding="utf-8"))
LOCK, COURSE = (
    (ROOT / name).read_text(encoding="utf-8") for name in (bootstrap.EVERYTHING, bootstrap.COURSE)
)
EXTRAS = PROJECT["project"]["optional-dependencies"]
CONDA_NAMES = {"matplotlib-base": "matplotlib"}  # conda's own name for it without a window system


def bounds(lines):
    """Return {name: bounds} of requirement lines such as `numpy >=2.0,<3`."""
    requirements = [Requirement(line) for line in lines]
    return {canonicalize_name(each.name): each.specifier for each in requirements}


def locked(lock=LOCK):
    """Return every entry of a lock file: its requirement, and the text of its hashes."""
    entries = re.split(r"\n(?=\S)", lock.strip())
    return [(Requirement(head), rest) for head, _, rest in (e.partition(" \\\n") for e in entries)]


EVERYTHING = [
    *PROJECT["project"]["dependencies"],
    *(line for extra in EXTRAS.values() for line in extra),
    *PROJECT["build-system"]["requires"],
]


# Measured beside the package when it is there, or installed elsewhere; hence not in the lock file.
GROUPS = PROJECT["dependency-groups"]
OPTIONAL = [
    line for line in GROUPS["comparison"] + GROUPS["conventions"] if "flit_core" not in line
]


# --- environment.yml ------------------------------------------------------------------------------


def test_conda_names_and_bounds_are_those_of_pyproject():
    """Runtime and lab, no more and no less: what running the course needs."""
    plain = [line for line in CONDA["dependencies"] if isinstance(line, str)]
    conda = bounds(plain)
    conda = {CONDA_NAMES.get(name, name): bound for name, bound in conda.items()}
    assert str(conda.pop("python")) == PROJECT["project"]["requires-python"]
    assert str(conda.pop("pip")) == ""
    assert conda == bounds(PROJECT["project"]["dependencies"] + EXTRAS["lab"])


def test_conda_installs_the_project_itself():
    [pip] = [line["pip"] for line in CONDA["dependencies"] if isinstance(line, dict)]
    assert pip == ["--editable ."]
    assert CONDA["name"] == PROJECT["project"]["name"]
    assert CONDA["channels"] == ["conda-forge"]


# --- pyproject.toml -------------------------------------------------------------------------------


def test_python_bounds_agree():
    oldest = bootstrap.dotted(bootstrap.OLDEST)
    assert PROJECT["project"]["requires-python"] == f">={oldest}"
    assert PROJECT["tool"]["mypy"]["python_version"] == oldest
    assert f"--python-version {oldest}" in (ROOT / "Makefile").read_text(encoding="utf-8")


def test_ci_runs_the_oldest_and_the_newest_python():
    text = (ROOT / ".github" / "workflows" / "ci.yml").read_text(encoding="utf-8")
    matrix = yaml.safe_load(text)["jobs"]["test"]["strategy"]["matrix"]
    assert matrix["python"] == [bootstrap.dotted(v) for v in (bootstrap.OLDEST, bootstrap.NEWEST)]


@pytest.mark.parametrize("line", EVERYTHING)
def test_each_dependency_has_a_lower_bound(line):
    assert any(part.operator == ">=" for part in Requirement(line).specifier)


@pytest.mark.parametrize("line", PROJECT["project"]["dependencies"])
def test_each_runtime_dependency_stops_before_the_next_major_version(line):
    assert any(part.operator == "<" for part in Requirement(line).specifier)


def test_no_upper_bound_where_the_lock_file_alone_brings_a_package():
    """It would only keep newer versions away: the lock file holds the ones that were tested."""
    lines = [line for extra in EXTRAS.keys() - {"lab", "build"} for line in EXTRAS[extra]]
    for line in lines:
        if not line.startswith("jupyterlite-"):  # pyproject.toml has the reason
            assert [part.operator for part in Requirement(line).specifier] == [">="], line


def test_the_course_runs_with_the_matplotlib_of_the_browser():
    """Pyodide 0.27 has numpy 2.0.2 and matplotlib 3.8.4."""
    wanted = bounds(PROJECT["project"]["dependencies"])
    assert wanted["matplotlib"].contains("3.8.4")
    assert wanted["numpy"].contains("2.0.2")


def test_the_build_backend_is_locked_with_the_bounds_it_is_built_with():
    assert bounds(PROJECT["build-system"]["requires"]).items() <= bounds(EXTRAS["build"]).items()


# --- requirements.lock ----------------------------------------------------------------------------


@pytest.mark.parametrize("line", EVERYTHING)
def test_the_lock_pins_each_dependency_within_its_bounds(line):
    wanted = Requirement(line)
    name = canonicalize_name(wanted.name)
    pins = [each for each, _ in locked() if canonicalize_name(each.name) == name]
    assert pins
    for pin in pins:
        [version] = pin.specifier
        assert version.operator == "=="
        assert wanted.specifier.contains(version.version)


@pytest.mark.parametrize("lock", [LOCK, COURSE], ids=["everything", "course"])
def test_every_entry_of_a_lock_is_pinned_and_has_hashes(lock):
    entries = locked(lock)
    assert len(entries) > 50
    for requirement, hashes in entries:
        assert [part.operator for part in requirement.specifier] == ["=="], requirement
        lines = hashes.replace(" \\\n", "\n").split("\n")
        assert all(re.fullmatch(r" {4}--hash=sha256:[0-9a-f]{64}", each) for each in lines), lines


def test_an_extra_that_a_package_asks_for_is_in_the_lock():
    """Older pips look for name[extra] by itself, find a newer version, and refuse it."""
    pins = {canonicalize_name(each.name): each.extras for each, _ in locked()}
    asked = [
        wanted
        for package in importlib.metadata.distributions()
        if canonicalize_name(package.name) in pins
        for wanted in map(Requirement, package.requires or ())
        if wanted.extras and (not wanted.marker or wanted.marker.evaluate({"extra": ""}))
    ]
    assert "jsonschema" in {wanted.name for wanted in asked}
    for wanted in asked:
        assert wanted.extras <= pins[canonicalize_name(wanted.name)], wanted


def test_the_locks_name_no_address():
    assert not re.search(r"://|file:|index-url|find-links|\s@\s", LOCK + COURSE)


def test_the_course_is_a_part_of_the_same_resolution():
    """With the same versions, conditions and hashes: the tests prove what a learner runs."""
    everything = {str(requirement): hashes for requirement, hashes in locked()}
    course = {str(requirement): hashes for requirement, hashes in locked(COURSE)}
    assert course.items() <= everything.items()
    assert len(course) < len(everything)


def needed(names, extras=("",)):
    """Return the names of these installed packages, and of all that they need here."""
    found, open_ = set(), {canonicalize_name(name) for name in names}
    while open_:
        name = open_.pop()
        found.add(name)
        for line in importlib.metadata.requires(name) or ():
            wanted = Requirement(line)
            if not wanted.marker or any(wanted.marker.evaluate({"extra": e}) for e in extras):
                open_ |= {canonicalize_name(wanted.name)} - found
    return found


def here(lock):
    """Return the names that a lock file pins for this Python and system."""
    pins = (pin for pin, _ in locked(lock) if not pin.marker or pin.marker.evaluate())
    return {canonicalize_name(pin.name) for pin in pins}


def test_the_course_gets_what_it_needs_and_not_what_the_tests_need():
    lab = bounds(PROJECT["project"]["dependencies"] + EXTRAS["lab"] + EXTRAS["build"])
    assert needed(lab) <= here(COURSE)
    tests = set(bounds(EXTRAS["test"]))
    assert {"playwright", "scipy", "onnx", "notebook", "pytest"} <= tests
    assert not {"playwright", "scipy", "onnx", "notebook", "pytest", "mypy"} & here(COURSE)
    assert needed(bounds(EVERYTHING)) <= here(LOCK)


@pytest.mark.parametrize(
    ("lock", "name"), [(COURSE, bootstrap.COURSE), (LOCK, bootstrap.EVERYTHING)]
)
def test_as_much_is_installed_as_is_said_beforehand(lock, name):
    """Files as they came, in blocks of 4 KiB; pip, which a new environment brings, counts too."""
    sizes = (
        -(-file.size // 4096) * 4096
        for package in {*here(lock), "pip"}
        for file in importlib.metadata.files(package) or ()
        if file.size and file.suffix != ".pyc"
    )
    total = sum(sizes) / 2**20
    assert total == pytest.approx(
        bootstrap.SIZES[name], rel=0.1 if sys.platform == "linux" else 0.5
    )
    assert bootstrap.SIZES[bootstrap.COURSE] <= 350


def test_what_is_optional_is_not_locked():
    assert bounds(OPTIONAL)
    assert not {canonicalize_name(each.name) for each, _ in locked()} & set(bounds(OPTIONAL))


# --- CONTRIBUTING.md ------------------------------------------------------------------------------


def test_each_dependency_has_its_sentence():
    text = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    explained = re.findall(r"\*\*([\w-]+)\*\*", text.partition("## What we depend on")[2])
    assert sorted(map(canonicalize_name, explained)) == sorted(bounds(EVERYTHING + OPTIONAL))
