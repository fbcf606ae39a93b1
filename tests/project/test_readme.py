"""README.md says only what is so: its table is counted, its picture is drawn, its code runs."""

import re

from tools import readme

TEXT = readme.README.read_text(encoding="utf-8")


def test_the_table_is_the_one_that_is_counted():
    assert readme.table() in TEXT, "run `make notebooks`"


def test_the_picture_is_the_one_that_is_drawn():
    assert readme.PICTURE.read_text(encoding="utf-8") == readme.picture(), "run `make notebooks`"


def test_the_example_runs_and_prints_what_it_says(capsys):
    example = re.search(r"```python\n(.*?)```", TEXT, re.S)[1]
    scope = {}
    exec(example, scope)
    promised = re.search(r"print\(.*\)  # (\w+)", example)[1]
    assert capsys.readouterr().out.strip() == promised
    history = scope["history"]
    assert history.J[-1] < history.J[0]


def test_every_link_and_target_exists():
    for link in re.findall(r"\]\(([^)#]+)\)", TEXT):
        assert link.startswith("https://") or (readme.ROOT / link).exists(), link
    makefile = (readme.ROOT / "Makefile").read_text(encoding="utf-8")
    for target in re.findall(r"`make (\w+)`|^make (\w+)", TEXT, re.M):
        assert re.search(rf"^{''.join(target)}:", makefile, re.M), target
