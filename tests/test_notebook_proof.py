"""What the proof says of the notebook side: each of its measurements must be able to say no."""

import dataclasses
import json
import mmap
import os
import random
import socket
import subprocess
import sys
import warnings

import pytest
from matplotlib.figure import Figure

from nnmath.live import Button, Choice, Demo, LiveFigure, Slider
from proof import _demos, _inside, _kept, _notebook_side, notebooks_in_full
from proof._kernels import (
    Found,
    Run,
    all_again,
    as_stored,
    code_cells,
    compare,
    demo_cells,
    each_twice,
    execute_runs,
    exercise_cells,
    first_difference,
    jumping,
    of_effect,
    said,
    variants,
    way,
)
from tools.surroundings import ROOT

MIB = 2**20


# --- Demos in random states -----------------------------------------------------------------------


def demo_that(does):
    """Return a function that makes a demo; `does(state)` is called as each state is drawn."""

    def build(figure):
        return {"dot": figure.add_subplot().plot([0], [0])[0]}

    def draw(state, artists):
        does(state)
        artists["dot"].set_xdata([state["x"]])
        return f"x = {state['x']:g}", f"{state['colour']}"

    def make():
        controls = {
            "x": Slider("x", 0, 9, 1),
            "colour": Choice("colour", ["red", "blue"]),
            "nine": Button("Nine", lambda _: {"x": 9.0}),
        }
        return Demo("A test", controls, LiveFigure(build, (2, 1)), draw)

    return make


def good():
    return {"states": 60, "presses": 2, "failure": None, "growth": 0, "figures": 0}


def met(goals):
    return {goal.what: goal.met for goal in goals if goal.met is not None}


def test_a_sound_demo_has_no_fault():
    found = _demos.sweep(demo_that(lambda _: None), 120)
    assert found["states"] == 120
    assert found["presses"] >= 1
    assert (found["failure"], found["figures"]) == (None, 0)
    assert found["growth"] < MIB
    assert all(met(_notebook_side.demo_goals(dict.fromkeys("abcdefghijklmnopqrst", good()), 60)))


def raises_at_seven(state):
    if state["x"] == 7 and state["colour"] == "blue":
        raise ZeroDivisionError("seven")


def warns_at_seven(state):
    if state["x"] == 7:
        warnings.warn("seven", RuntimeWarning, stacklevel=1)


@pytest.mark.parametrize("does", [raises_at_seven, warns_at_seven])
def test_one_bad_state_is_found_and_named(does):
    found = _demos.sweep(demo_that(does), 300)
    assert "seven, at " in found["failure"]
    assert "'x': 7.0" in found["failure"]
    assert found["states"] < 300
    goals = _notebook_side.demo_goals({"bad": found}, 60)
    assert met(goals)["states that raise or warn"] is False
    assert any("seven" in goal.measured for goal in goals)


def test_a_demo_that_cannot_be_made_is_found():
    def make():
        raise OSError("no data")

    assert "no data" in _demos.sweep(make, 5)["failure"]


def test_a_leak_is_found():
    kept = []

    def leak(_):
        # Pages of its own: what earlier tests have freed could be given out again, and no page
        # would be new.
        kept.append(mmap.mmap(-1, 400_000))
        kept[-1].write(os.urandom(400_000))

    found = _demos.sweep(demo_that(leak), 60)
    assert found["growth"] > 5 * MIB
    assert not met(_notebook_side.demo_goals({"bad": found}, 60))["largest growth of memory"]


def test_a_figure_left_open_is_found():
    kept = []
    found = _demos.sweep(demo_that(lambda _: kept.append(Figure())), 5)
    assert found["figures"] >= 5
    assert not met(_notebook_side.demo_goals({"bad": found}, 5))["figures left open"]


def test_too_few_states_and_no_demo_at_all_are_missed():
    assert not met(_notebook_side.demo_goals({"a": good()}, 61))["random states of each demo"]
    nothing = met(_notebook_side.demo_goals({}, 60))
    assert not any(nothing.values())


def test_random_states_reach_everything_and_never_stand_still():
    rng, demo = random.Random(1), demo_that(lambda _: None)()
    seen, pressed = set(), 0
    for _ in range(400):
        before = {name: demo.state[name] for name in ("x", "colour")}
        if _demos.move(demo, rng):
            pressed += 1
        else:
            assert {name: demo.state[name] for name in before} != before
        seen.add((demo.state["x"], demo.state["colour"]))
    assert len(seen) == 20
    assert pressed >= 3
    demo.close()


def test_a_process_that_ends_early_is_a_failure():
    found = _demos.in_another_process(["no.such_demo"], 5)
    assert "no.such_demo" in found["no.such_demo"]["failure"]


# --- The network is cut off -----------------------------------------------------------------------


@pytest.mark.parametrize("host", ["127.0.0.1", "127.9.9.9", "::1", "localhost", "", None, b"::1"])
def test_this_machine_is_here(host):
    assert _inside.is_here(host)


@pytest.mark.parametrize("host", ["192.0.2.1", "2001:db8::1", "example.org", "localhost.example"])
def test_any_other_machine_is_not(host):
    assert not _inside.is_here(host)


def test_the_hook_refuses_and_writes_down(tmp_path, monkeypatch):
    monkeypatch.setenv(_inside.LOG, str(tmp_path / "log"))
    with socket.socket() as place:
        for event in ("socket.connect", "socket.sendto"):
            with pytest.raises(ConnectionRefusedError, match="the network is cut off"):
                _inside.refuse(event, (place, ("192.0.2.1", 9)))
        _inside.refuse("socket.connect", (place, ("127.0.0.1", 9)))
    with pytest.raises(ConnectionRefusedError, match=r"example\.org"):
        _inside.refuse("socket.getaddrinfo", ("example.org", 80, 0, 0, 0))
    _inside.refuse("open", ("example.org",))
    assert (tmp_path / "log").read_text().splitlines() == [
        "socket.connect 192.0.2.1",
        "socket.sendto 192.0.2.1",
        "socket.getaddrinfo example.org",
    ]


def test_a_network_of_its_own_reaches_nothing_outside():
    code = "import json; from proof import _inside; print(json.dumps(_inside.cut_off()))"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, check=True)
    found = json.loads(done.stdout)
    assert found["before"]
    assert found["loopback"]
    if not found["own_network"]:
        pytest.skip("this system permits no network of its own; the hook is what cuts")
    assert not found["after"]


def test_nothing_gets_out_of_a_kernel_and_the_control_can_fail(monkeypatch):
    wrong, tries, found = _notebook_side.control()
    assert (wrong, tries) == (0, 8)
    assert found.refused[1:3] == ["socket.sendto 192.0.2.1", "socket.getaddrinfo example.org"]

    def uncut(_):
        cut = {**found.cut, "own_network": True, "after": True}
        return [dataclasses.replace(found, refused=[], cut=cut, differences=["got out"] * 5)]

    monkeypatch.setattr(_notebook_side, "execute_runs", uncut)
    wrong, _, _ = _notebook_side.control()
    assert wrong == 5 + 4 + 1
    goals = _notebook_side.network_goals([found], (wrong, tries, found))
    assert not any(met(goals).values())  # the control itself made attempts


# --- Notebooks in other orders --------------------------------------------------------------------


def test_orders():
    assert as_stored(3) == (0, 1, 2)
    assert each_twice(3) == (0, 0, 1, 1, 2, 2)
    assert all_again(2) == (0, 1, 0, 1)
    assert jumping(4, [1]) == (0, 1, 2, 1, 3, 1)
    assert jumping(4, [0, 2]) == (0, 1, 0, 2, 0, 3, 0, 2)
    assert jumping(3, []) == (0, 1, 2)


def test_demos_and_exercises_of_the_course_are_found():
    for path in _notebook_side.STORED:
        cells = code_cells(path)
        assert len(exercise_cells(cells)) >= 5
        assert len(demo_cells(cells)) >= 2
        assert not {*exercise_cells(cells)} & {*demo_cells(cells)}
        jumps = {run.order for run in notebooks_in_full.in_every_order(path)}
        assert len(jumps) == 5


# Of each notebook the stored outputs are what a run from top to bottom prints, with NN=1.
NOTEBOOKS = {
    "sound": [("import os\nx = 1", ""), ("print(x)", "1\n"), ("print(x + 1)", "2\n")],
    "counts": [("x = 1", ""), ("print(x)\nx += 1", "1\n")],
    "renames": [("x = 1", ""), ("print(x)", "1\n"), ("x = 2\nprint(x)", "2\n")],
    "varies": [("import os\nprint('J =', 3 * int(os.environ['NN']))", "J = 3\n")],
    "fails": [("1 / 0", "")],
    "calls": [
        (
            "import socket\ntry:\n    socket.create_connection(('192.0.2.1', 9), 1)\n"
            "except OSError:\n    print('offline')",
            "offline\n",
        )
    ],
}


@pytest.fixture(scope="module")
def ran(tmp_path_factory):
    """Return {name: what was found} of the notebooks above, run in the way that shows the fault."""
    folder, runs = tmp_path_factory.mktemp("notebooks"), {}
    for name, cells in NOTEBOOKS.items():
        path = folder / f"{name}.ipynb"
        path.write_text(_notebook_side.as_notebook(cells), encoding="utf-8")
        order, what = as_stored(len(cells)), _notebook_side.STRAIGHT
        if name in ("sound", "counts"):
            order, what = each_twice(len(cells)), _notebook_side.TWICE
        if name == "renames":
            order, what = jumping(len(cells), [1]), _notebook_side.JUMP
        runs[name] = Run(path, order, what)
    return dict(zip(runs, execute_runs(list(runs.values()), {"NN": "2"}), strict=True))


def test_a_sound_notebook_has_no_difference(ran):
    found = ran["sound"]
    assert (found.differences, found.refused) == ([], [])
    assert (found.compared, found.numbers) == (4, 4)
    assert all(found.processor["bits"])


@pytest.mark.parametrize(
    ("name", "place"),
    [("counts", "code cell 2, run as number 4"), ("renames", "code cell 2, run as number 4")],
)
def test_hidden_state_is_found(ran, name, place):
    [line] = ran[name].differences
    assert place in line
    assert line.endswith("'1' became '2'")
    goals = met(_notebook_side.order_goals([ran[name]]))
    assert goals[f"outputs that differ, {ran[name].what}"] is False


def test_a_number_that_varies_is_found(ran):
    [line] = ran["varies"].differences
    assert "'J = 3' became 'J = 6'" in line
    goals = _notebook_side.variant_goals({"v": [ran["varies"]]}, ["v"])
    assert met(goals)["outputs that differ under them"] is False


def test_a_cell_that_fails_is_a_difference(ran):
    [line] = ran["fails"].differences
    assert "ZeroDivisionError" in line


def test_a_notebook_that_opens_a_socket_is_found_even_if_it_goes_on(ran):
    assert ran["calls"].differences == []
    assert ran["calls"].refused == ["socket.getaddrinfo 192.0.2.1"]
    goals = _notebook_side.network_goals([ran["sound"], ran["calls"]], (0, 8, ran["sound"]))
    assert met(goals)["attempts to leave this machine, in runs of notebooks"] is False
    goals = _notebook_side.network_goals([ran["sound"]], (0, 8, ran["sound"]))
    assert all(met(goals).values())


# --- Outputs, and ways to compute -----------------------------------------------------------------


def shown(**data):
    return {
        "output_type": "display_data",
        "data": {k.replace("_", "/"): v for k, v in data.items()},
    }


def printed(text):
    return {"output_type": "stream", "name": "stdout", "text": text}


def test_words_are_compared_and_pictures_are_not():
    still = shown(text_html='<img alt="z = 1">', text_plain="z = 1")
    table = shown(text_html="<table>1</table>", text_plain="a table")
    assert said([still]) == [("text/plain", "z = 1")]
    assert said([table]) == [("text/html", "<table>1</table>"), ("text/plain", "a table")]
    assert said([shown(image_png="iVBO")]) == []
    assert said([printed(["J = ", "3\n"])]) == [("stdout", "J = 3\n")]


@pytest.mark.parametrize(
    ("now", "words"),
    [
        ([printed("J = 0.30\nm = 4\n")], "'J = 0.3' became 'J = 0.30'"),
        ([printed("J = 0.3\n")], "2 lines became 1"),
        ([], r"\['stdout'\] became \[\]"),
        ([printed("J = 0.3\nm = 4\n"), shown(text_plain="5")], "became"),
    ],
)
def test_where_two_outputs_part(tmp_path, now, words):
    path = tmp_path / "one.ipynb"
    path.write_text(_notebook_side.as_notebook([("f()", "J = 0.3\nm = 4\n")]), encoding="utf-8")
    with pytest.raises(AssertionError, match=words):
        assert compare(Run(path, (0,)), [now])[0] == []
    assert compare(Run(path, (0,)), [[printed("J = 0.3\nm = 4\n")]]) == ([], 1, 2)


def test_no_difference_is_said_to_be_none():
    assert first_difference([("stdout", "1")], [("stdout", "1")]) == "no difference"


def computed(core="Haswell", threads=2, features=("X86_V3",), differences=()):
    processor = {"core": core, "threads": threads, "features": [*features], "bits": ["a", "b", "c"]}
    cut = {"before": True, "own_network": True, "after": False, "loopback": True}
    what = _notebook_side.STRAIGHT
    return Found("01.ipynb", what, [*differences], 9, 40, [], processor, cut)


def test_only_a_variant_that_reports_something_new_counts():
    found = {
        "older": [computed("Nehalem")],
        "unknown name": [computed()],
        "the same again": [computed("Nehalem")],
        "one thread": [computed(threads=1)],
        "now and then": [computed("Zen"), computed()],
        "no SIMD": [computed(features=())],
        "failed": [dataclasses.replace(computed("Atom"), processor={})],
    }
    usual = computed().processor
    assert of_effect(found, usual) == ["older", "one thread", "no SIMD"]
    number = "CPU and BLAS variants that took effect"
    assert met(_notebook_side.variant_goals(found, list(found)))[number] is True
    goals = _notebook_side.variant_goals(found, of_effect(found, usual))
    assert met(goals)[number] is False
    table = _notebook_side.variant_table(found, of_effect(found, usual), usual)
    assert [row[0] for row in table.rows if "not counted" in row[3]] == [
        "unknown name",
        "the same again",
        "now and then",
        "failed",
    ]


def test_without_openblas_nothing_is_claimed():
    runs = {"v": [computed(core=None, threads=None)]}
    number = _notebook_side.variant_goals(runs, [])[0]
    assert (number.met, number.measured) == (None, "0: no OpenBLAS here")


def test_a_variant_that_is_forced_is_reported():
    from proof._kernels import asked

    usual = asked()
    if usual["core"] is None:
        pytest.skip("numpy has no OpenBLAS here")
    assert asked({"OPENBLAS_NUM_THREADS": "1"})["threads"] == 1
    if usual["features"]:
        name, off = next((k, v) for k, v in variants().items() if k.startswith("numpy without"))
        assert way(asked(off)) != way(usual), name


# --- The section, and what is kept ----------------------------------------------------------------


def section(**changes):
    swept = {f"m.demo{i}": good() for i in range(21)}
    runs = [dataclasses.replace(computed(), what=what) for what in _notebook_side.WAYS]
    varied = {f"v{i}": [computed(f"Core{i}")] for i in range(5)}
    told = {"swept": swept, "states": 60, "plain": runs, "varied": varied}
    told["controlled"] = (0, 8, computed())
    return _notebook_side.section("Title", "Words.", **{**told, **changes})


def test_a_section_of_good_findings_meets_every_goal():
    found = section()
    assert found.missed == []
    assert "a network of their own" in found.text
    assert [table.caption for table in found.tables][-1] == "Variants"


def test_a_section_shows_what_differed():
    bad = [dataclasses.replace(computed(), differences=["01.ipynb, code cell 3: '1' became '2'"])]
    found = section(plain=bad)
    assert found.tables[-1].rows == (("01.ipynb, code cell 3: '1' became '2'",),)
    assert len(found.missed) == 4  # one way differs, and three were never tried


def test_what_is_kept_is_not_measured_again(tmp_path):
    kept, calls = _kept.Kept(tmp_path / "kept"), []

    def measure():
        calls.append(1)
        return {"states": 7}

    assert kept.get("a", measure) == kept.get("a", measure) == {"states": 7}
    assert len(calls) == 1
    kept.forget()
    assert kept.get("a", measure) == {"states": 7}
    assert len(calls) == 2


def test_an_interruption_leaves_nothing_half_measured(tmp_path):
    kept = _kept.Kept(tmp_path)

    def interrupted():
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        kept.get("a", interrupted)
    assert kept.get("a", lambda: 3) == 3


def test_another_source_has_another_fingerprint(tmp_path):
    (tmp_path / "nnmath" / "demos").mkdir(parents=True)
    before = _kept.fingerprint(tmp_path)
    source = tmp_path / "nnmath" / "demos" / "new.py"
    source.write_text("a = 1\n")
    after = _kept.fingerprint(tmp_path)
    source.write_text("a = 2\n")
    assert len({before, after, _kept.fingerprint(tmp_path)}) == 3


def test_the_long_part_measures_nothing_in_a_quick_run():
    assert notebooks_in_full.run(False) is None
