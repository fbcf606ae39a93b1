"""What carries the course to others: the workflow that publishes the site, and Binder's script."""

import re
import subprocess
import sys
import venv

import pytest
import yaml

from tools import lab
from tools.surroundings import ROOT

TEXT = (ROOT / ".github" / "workflows" / "pages.yml").read_text(encoding="utf-8")
WORKFLOW = yaml.safe_load(TEXT)
HOSTING = (ROOT / "docs" / "hosting.md").read_text(encoding="utf-8")


def test_a_push_builds_the_site_and_publishes_the_folder_that_make_writes():
    assert WORKFLOW[True]["push"] == {"branches": ["main"]}  # YAML 1.1 reads `on` as true
    build, deploy = WORKFLOW["jobs"]["build"], WORKFLOW["jobs"]["deploy"]
    assert "make site" in [step.get("run") for step in build["steps"]]
    assert build["steps"][-1]["with"]["path"] == "_site"
    assert re.search(r"^site:.*_site/", (ROOT / "Makefile").read_text(encoding="utf-8"), re.M)
    assert deploy["needs"] == "build"
    assert deploy["environment"]["name"] == "github-pages"


def test_only_the_job_that_runs_nothing_of_ours_may_publish():
    assert WORKFLOW["permissions"] == {"contents": "read"}
    assert "permissions" not in WORKFLOW["jobs"]["build"]
    deploy = WORKFLOW["jobs"]["deploy"]
    assert deploy["permissions"] == {"pages": "write", "id-token": "write"}
    assert not any("run" in step for step in deploy["steps"])


def test_every_action_is_an_official_one_and_pinned_by_its_commit():
    used = re.findall(r"uses: (\S+) # v[\d.]+$", TEXT, re.M)
    assert len(used) == TEXT.count("uses:") == 4
    assert all(re.fullmatch(r"actions/[\w-]+@[0-9a-f]{40}", each) for each in used)


def test_the_workflow_knows_no_address():
    assert "http" not in TEXT


@pytest.mark.skipif(sys.platform == "win32", reason="Binder runs it on Linux")
def test_binder_gets_the_settings_that_make_lab_puts_in_place(tmp_path):
    venv.create(tmp_path)
    path = f"{tmp_path / 'bin'}:/usr/bin:/bin"
    subprocess.run([ROOT / "postBuild"], cwd=ROOT, env={"PATH": path}, check=True, timeout=60)
    placed = tmp_path / "etc" / "jupyter"
    for source in lab.course_files(lab.SETTINGS):
        if source.suffix == ".json":
            assert (placed / source.relative_to(lab.SETTINGS)).read_bytes() == source.read_bytes()


def test_every_file_and_target_that_the_page_on_hosting_names_is_there():
    for link in re.findall(r"\]\(([^)#]+)", HOSTING):
        if not link.startswith("https://"):
            assert (ROOT / "docs" / link).exists(), link
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    targets = re.findall(r"\bmake ([a-z-]+)", HOSTING)
    assert "site" in targets
    for target in targets:
        assert re.search(rf"^{target}:", makefile, re.M), target
