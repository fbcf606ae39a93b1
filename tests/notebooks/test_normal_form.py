"""The stored notebooks are what `make notebooks` writes, and that tool does what it says."""

import json

import nbformat
import pytest

from tools.bootstrap import Stop
from tools.notebooks import (
    LARGEST,
    NOTEBOOKS,
    VIEW,
    execute,
    faults,
    main,
    normal,
    parse,
    store,
    text_of,
)

STORED = sorted(NOTEBOOKS.glob("*.ipynb"))
FLAG = {"iopub.execute_input": "2026-01-01T00:00:00Z"}


def test_there_are_notebooks():
    assert STORED


@pytest.mark.parametrize("path", STORED, ids=lambda path: path.name)
def test_stored_notebook_has_no_fault(path):
    assert faults(path) == []


# --- The tool itself, on small notebooks ----------------------------------------------------------


def code(source, *outputs, count=1, tags=(), name="a"):
    cell = nbformat.v4.new_code_cell(source, id=name, execution_count=count, outputs=list(outputs))
    cell.metadata.tags = list(tags)
    return cell


def printed(text, name="stdout"):
    return nbformat.v4.new_output("stream", name=name, text=text)


def shown(data, kind="display_data", **more):
    return nbformat.v4.new_output(kind, data=data, **more)


def raised(name):
    return nbformat.v4.new_output("error", ename=name, evalue="why", traceback=[])


def notebook(*cells):
    return nbformat.v4.new_notebook(cells=list(cells))


@pytest.fixture
def put(tmp_path):
    """Return a function that stores a notebook's normal form, and gives its path."""

    def put(*cells):
        path = tmp_path / "small.ipynb"
        store(path, text_of(normal(notebook(*cells))))
        return path

    return put


def test_a_good_notebook_has_no_fault(put):
    assert faults(put(code("print(1)", printed("1\n")))) == []


@pytest.mark.parametrize(
    ("cell", "fault"),
    [
        (code("print(1)", count=None), "was never run"),
        (code("1 / 0", raised("ZeroDivisionError")), "ends in ZeroDivisionError"),
        (code("f()", printed("careful\n", "stderr")), "writes to stderr: careful"),
        (code("f", shown({"text/plain": "<function f at 0x7f2cbbf2b100>"})), "address in memory"),
        (code("check()", printed("Correct.\n"), tags=["exercise"]), "stored solved"),
        (code("print(x)", printed("x" * LARGEST)), "bytes"),
        (nbformat.v4.new_markdown_cell("Words.", id="a"), "no code cell"),
    ],
)  # fmt: skip
def test_a_fault_is_named(put, cell, fault):
    found = faults(put(cell))
    assert len(found) == 1
    assert fault in found[0]


def test_an_unsolved_exercise_is_no_fault(put):
    assert faults(put(code("check()", printed("1.A: not answered yet\n"), tags=["exercise"]))) == []


@pytest.mark.parametrize(
    "spoil",
    [
        lambda nb: nb["metadata"].update(widgets={}),
        lambda nb: nb["metadata"]["kernelspec"].update(display_name="mine"),
        lambda nb: nb["cells"][0]["metadata"].update(execution=FLAG),
        lambda nb: nb["cells"][0].update(execution_count=7),
        lambda nb: nb["cells"][0].update(source="print(1)  "),
        lambda nb: nb["cells"][0].update(id=""),
        lambda nb: nb["cells"].append(dict(nb["cells"][0], source="")),
    ],
)
def test_what_differs_from_the_normal_form_is_a_fault(put, spoil):
    path = put(code("print(1)", printed("1\n")))
    nb = json.loads(path.read_text())
    spoil(nb)
    path.write_text(json.dumps(nb, indent=1, sort_keys=True, ensure_ascii=False) + "\n")
    assert "it is not in normal form: run `make notebooks`" in faults(path)


@pytest.mark.parametrize("change", [lambda b: b.rstrip(b"\n"), lambda b: b.replace(b"\n", b"\r\n")])
def test_line_ends_are_part_of_the_normal_form(put, change):
    path = put(code("print(1)", printed("1\n")))
    path.write_bytes(change(path.read_bytes()))
    assert "it is not in normal form: run `make notebooks`" in faults(path)


def test_a_stored_widget_view_is_a_fault(put):
    path = put(code("demo()", shown({"text/plain": "a demo"})))
    nb = parse(path.read_text())
    nb.cells[0].outputs[0].data[VIEW] = {"model_id": "1"}
    store(path, text_of(nb))
    assert any("widget view" in fault for fault in faults(path))


def test_normal_form_keeps_the_words_beside_a_widget_view():
    view = {VIEW: {"model_id": "1"}}
    nb = normal(notebook(code("demo()", shown({**view, "text/plain": "a demo"}), shown(view))))
    assert [output.data for output in nb.cells[0].outputs] == [{"text/plain": "a demo"}]


def test_normal_form_counts_merges_and_strips():
    nb = normal(
        notebook(
            code("a = 1  \n", printed("1\n"), printed("2\n"), printed("3\n", "stderr"), count=9),
            nbformat.v4.new_markdown_cell("Two blanks  \nat the end\n\n", id="b"),
            code("", name="c"),
            code("2", shown({"text/plain": "2"}, "execute_result", execution_count=4), name="d"),
        )
    )
    first, words, last = nb.cells
    assert first.source == "a = 1"
    assert [output.text for output in first.outputs] == ["1\n2\n", "3\n"]
    assert words.source == "Two blanks\nat the end"
    assert (first.execution_count, last.execution_count) == (1, 2)
    assert last.outputs[0].execution_count == 2


def test_normal_form_keeps_tags_and_ids_and_does_not_touch_its_argument():
    before = notebook(code("1", tags=["exercise"], name="mine"))
    before.cells[0].metadata.execution = dict(FLAG)
    text = text_of(before)
    cell = normal(before).cells[0]
    assert (dict(cell.metadata), cell.id) == ({"tags": ["exercise"]}, "mine")
    assert text_of(before) == text


def test_normal_form_is_a_fixed_point():
    nb = normal(notebook(code("1"), nbformat.v4.new_markdown_cell("x  ", id="b")))
    assert text_of(normal(nb)) == text_of(nb)


def test_missing_and_repeated_ids_become_unique_and_stay_the_same():
    raw = json.loads(text_of(notebook(code("1"), code("1", name="b"), code("1", name="c"))))
    raw["cells"][1]["id"] = "a"
    del raw["cells"][2]["id"]
    first, second = parse(json.dumps(raw)), parse(json.dumps(raw))
    ids = [cell.id for cell in first.cells]
    assert ids[0] == "a"
    assert len(set(ids)) == 3
    assert ids == [cell.id for cell in second.cells]


def test_a_fresh_run_gives_the_same_bytes_twice(tmp_path, capsys):
    path = tmp_path / "small.ipynb"
    source = "import matplotlib.pyplot as plt\nfor word in {'a', 'b', 'c'} : print( len(word) )"
    nb = notebook(code(source, count=None), code("plt.plot([1, 2])\nplt.show()", count=5, name="b"))
    path.write_text(text_of(nb))
    main([str(path)])
    once = path.read_bytes()
    main([str(path)])
    assert path.read_bytes() == once
    assert "unchanged" in capsys.readouterr().out
    assert faults(path) == []
    stored = parse(once.decode())
    assert "for word in {" in stored.cells[0].source
    assert "print(len(word))" in stored.cells[0].source  # formatted
    assert stored.cells[0].outputs[0].text == "1\n1\n1\n"
    assert "image/png" in stored.cells[1].outputs[0].data


@pytest.mark.parametrize(
    ("source", "why"),
    [
        ("1 / 0", "ZeroDivisionError"),
        ("import sys\nprint('careful', file=sys.stderr)", "writes to stderr: careful"),
        ("import warnings\nwarnings.warn('old')", "writes to stderr"),
    ],
)
def test_a_notebook_that_fails_or_warns_is_refused(tmp_path, source, why):
    path = tmp_path / "small.ipynb"
    text = text_of(notebook(code(source)))
    path.write_text(text)
    with pytest.raises(Stop, match=why):
        main([str(path)])
    assert path.read_text() == text


def test_a_run_starts_from_nothing_and_leaves_its_argument_alone(tmp_path):
    nb = notebook(
        code("try:\n    x\nexcept NameError:\n    print('fresh')", count=None),
        code("x = 1", name="b"),
    )
    first, second = execute(nb, tmp_path), execute(nb, tmp_path)
    assert first.cells[0].outputs[0].text == second.cells[0].outputs[0].text == "fresh\n"
    assert nb.cells[0].outputs == []


def test_no_notebook_is_a_plain_sentence(tmp_path, monkeypatch):
    monkeypatch.setattr("tools.notebooks.NOTEBOOKS", tmp_path)
    with pytest.raises(Stop, match="no notebook"):
        main([])
