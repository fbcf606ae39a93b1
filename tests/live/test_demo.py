"""The demo: one state, and everything that is seen a function of it."""

import asyncio
import gc
import weakref

import pytest

from nnmath.live import Button, Choice, Demo, LiveFigure, Play, Slider


def build(figure):
    axes = figure.subplots()
    axes.set(xlim=(-8, 8), ylim=(-8, 8))
    return {"dot": axes.plot([0], [0], "o")[0]}


def draw(state, artists):
    if state["z"] == 7:
        raise ZeroDivisionError("seven")
    artists["dot"].set_data([state["z"]], [state["y"]])
    return f"z = {state['z']:g}\n{state['count']}", f"z = {state['z']:g}, y = {state['y']:g}"


def add(state):
    if state["z"] > 7.5:
        raise OverflowError("too far")
    return {"z": state["z"] + 0.125, "count": state["count"] + 1}


def make(**changes):
    arguments = {
        "controls": {
            "z": Slider("z", -8, 8, 0.1, default=1),
            "y": Slider("y", 0, 1, 0.05, default=1),
            "which": Choice("which", ["one", "other"]),
            "add": Button("Add", add),
            "many": Button("Add 20 times", add, repeat=20),
        },
        "figure": LiveFigure(build),
        "draw": draw,
        "memory": {"count": 0},
        "moved": lambda _state, name: {"count": 0} if name == "z" else {},
    }
    return Demo("Try", **{**arguments, **changes})


@pytest.fixture
def demo():
    demo = make()
    yield demo
    demo.close()


def picture(demo):
    return demo.seen.moving


def dot(demo):
    (x,), (y,) = demo.figure.artists["dot"].get_data()
    return x, y


def test_the_first_state_is_that_of_the_controls_and_the_memory(demo):
    assert dict(demo.state) == {"z": 1, "y": 1, "which": "one", "count": 0}
    assert (demo.readout, demo.alt, demo.error) == ("z = 1\n0", "z = 1, y = 1", None)


def test_the_state_cannot_be_changed_from_outside(demo):
    with pytest.raises(TypeError):
        demo.state["z"] = 3


def test_a_control_moves_everything_together(demo):
    demo.controls["z"].value = -2.5
    assert demo.state["z"] == -2.5
    assert dot(demo) == (-2.5, 1)
    assert (demo.readout, demo.alt) == ("z = -2.5\n0", "z = -2.5, y = 1")
    assert 'aria-label="z = -2.5, y = 1"' in picture(demo)
    demo.controls["y"].value = 0.25
    assert dot(demo) == (-2.5, 0.25)
    demo.controls["which"].value = "other"
    assert demo.state["which"] == "other"


def test_the_readout_changes_once_for_each_state(demo):
    """Each change of the live region is spoken: a button that moves two sliders speaks once."""
    seen, pictures = [], []
    demo.widget.words.observe(lambda change: seen.append(change.new), "value")
    demo.widget.moving.observe(lambda change: pictures.append(change.new), "value")
    demo.controls["add"].click()
    demo.controls["z"].value = 4
    demo.reset()
    assert seen == ["z = 1.125\n1", "z = 4\n0", "z = 1\n0"]
    assert len(pictures) == 3


def test_reset_restores_the_picture_to_the_letter(demo):
    first = picture(demo), demo.readout, dict(demo.state)
    demo.controls["z"].value = -7
    demo.controls["y"].value = 0
    demo.controls["which"].value = "other"
    demo.controls["add"].click()
    assert picture(demo) != first[0]
    demo.reset()
    assert (picture(demo), demo.readout, dict(demo.state)) == first
    assert [demo.controls[name].value for name in ("z", "y", "which")] == [1, 1, "one"]


def test_a_button_computes_the_next_state_and_the_slider_follows(demo):
    demo.controls["add"].click()
    assert (demo.state["z"], demo.state["count"]) == (1.125, 1)
    assert demo.controls["z"].value == 1.125
    demo.controls["z"].value = 3  # by hand: the memory is void
    assert demo.state["count"] == 0
    demo.controls["y"].value = 0.5
    assert demo.state["z"] == 3


def test_the_state_is_exact_even_where_the_slider_ends():
    controls = {"z": Slider("z", 0, 1, 0.5), "far": Button("Far", lambda _: {"z": 2.25, "y": 1})}
    demo = make(controls=controls, memory={"y": 0, "count": 0})
    demo.controls["far"].click()
    assert (demo.state["z"], demo.controls["z"].value, dot(demo)[0]) == (2.25, 1, 2.25)
    demo.close()


def test_an_error_in_drawing_is_shown_in_plain_words_and_goes_away(demo):
    before = picture(demo)
    demo.controls["z"].value = 7
    assert demo.error == "ZeroDivisionError: seven"
    assert "Press Reset" in demo.widget.alarm.value
    assert "ZeroDivisionError: seven" in demo.widget.alarm.value
    assert demo.widget.alarm.role == "alert"
    assert picture(demo) == before
    demo.controls["z"].value = 6
    assert (demo.error, demo.widget.alarm.value) == (None, "")
    assert dot(demo) == (6, 1)


def test_an_error_in_an_action_or_in_moved_is_shown_too():
    def broken(_state, _name):
        raise KeyError("moved")

    demo = make(moved=broken)
    demo.controls["z"].value = 2
    assert demo.error == "KeyError: 'moved'"
    demo.reset()
    assert demo.error is None
    demo.controls["many"].click()
    demo.reset()
    for _ in range(3):
        demo.controls["many"].click()
    assert demo.error == "OverflowError: too far"
    demo.close()


def test_an_error_at_the_start_is_raised_where_the_author_sees_it():
    with pytest.raises(ZeroDivisionError):
        make(draw=lambda _state, _artists: 1 / 0)


def test_without_an_event_loop_an_animation_runs_to_its_end(demo):
    demo.controls["many"].click()
    assert (demo.state["count"], demo.state["z"]) == (20, 3.5)
    assert demo.controls["many"].label == "Add 20 times"


async def finished(demo):
    while demo._tasks:
        await asyncio.gather(*demo._tasks)
    assert demo._running is None


def in_a_loop(play, monkeypatch, demo):
    monkeypatch.setattr("nnmath.live.demo.PAUSE", 0)

    async def run():
        await play(demo)
        await finished(demo)

    asyncio.run(run())


def test_an_animation_ends_where_the_steps_done_at_once_end(demo, monkeypatch):
    async def play(demo):
        demo.controls["many"].click()
        assert demo.state["count"] == 0  # the press itself blocks nothing
        assert demo.controls["many"].label == "Stop"
        assert demo.quiet

    in_a_loop(play, monkeypatch, demo)
    assert (demo.state["count"], demo.state["z"]) == (20, 3.5)
    assert demo.controls["many"].label == "Add 20 times"
    assert not demo.quiet


def test_whoever_asks_for_less_motion_sees_the_end_at_once(demo, monkeypatch):
    frames = []
    demo.widget.moving.observe(lambda _: frames.append(demo.state["count"]), "value")

    async def press(demo):
        demo.widget.elements["many"]._handle_custom_msg({"event": "click", "still": True}, [])
        assert demo.state["count"] == 20
        demo.controls["reset"].click()
        demo.widget.elements["many"]._handle_custom_msg({"event": "click", "still": False}, [])
        assert demo.state["count"] == 0

    in_a_loop(press, monkeypatch, demo)
    assert frames == [20, 0, *range(1, 21)]


def test_only_the_last_frame_is_read_out(demo, monkeypatch):
    heard = []

    def listen(change):
        if not demo.quiet:
            heard.append(change.new)

    demo.widget.words.observe(listen, "value")

    async def play(demo):
        demo.controls["many"].click()

    in_a_loop(play, monkeypatch, demo)
    assert heard == ["z = 3.5\n20"]


def test_no_frame_is_drawn_twice_and_many_steps_are_thinned(monkeypatch):
    demo, frames = make(), []
    monkeypatch.setattr("nnmath.live.demo.FRAMES", 5)
    demo.widget.moving.observe(lambda _: frames.append(demo.state["count"]), "value")
    demo.controls["many"].click()
    assert frames == [4, 8, 12, 16, 20]
    demo.close()


async def until(demo, count):
    while demo.state["count"] < count:
        assert demo._tasks, "the animation ended too soon"
        await asyncio.sleep(0)


def test_pressing_again_stops_the_animation(demo, monkeypatch):
    async def play(demo):
        demo.controls["many"].click()
        await until(demo, 3)
        demo.controls["many"].click()

    in_a_loop(play, monkeypatch, demo)
    assert 3 <= demo.state["count"] < 20
    assert demo.controls["many"].label == "Add 20 times"


def test_reset_stops_the_animation_and_restores(demo, monkeypatch):
    async def play(demo):
        demo.controls["many"].click()
        await until(demo, 3)
        demo.reset()
        await asyncio.sleep(0.01)

    in_a_loop(play, monkeypatch, demo)
    assert dict(demo.state) == {"z": 1, "y": 1, "which": "one", "count": 0}


def test_stopping_and_starting_at_once_runs_one_animation_only(demo, monkeypatch):
    async def play(demo):
        demo.controls["many"].click()
        await until(demo, 3)
        demo.reset()
        demo.controls["many"].click()

    in_a_loop(play, monkeypatch, demo)
    assert (demo.state["count"], demo.state["z"]) == (20, 3.5)


def test_a_slider_moved_during_the_animation_is_obeyed(demo, monkeypatch):
    async def play(demo):
        demo.controls["many"].click()
        await until(demo, 5)
        demo.controls["y"].value = 0
        demo.controls["z"].value = -8  # the count starts anew, the steps go on

    in_a_loop(play, monkeypatch, demo)
    assert demo.state["y"] == 0
    assert demo.state["z"] == -8 + 0.125 * demo.state["count"]
    assert 0 < demo.state["count"] <= 15


def test_an_error_during_the_animation_stops_it(demo, monkeypatch):
    async def play(demo):
        demo.controls["z"].value = 6
        demo.controls["many"].click()

    in_a_loop(play, monkeypatch, demo)
    assert demo.error == "ZeroDivisionError: seven"
    assert demo.controls["many"].label == "Add 20 times"


def test_closing_ends_the_animation_without_an_error(monkeypatch):
    demo = make()

    async def play(demo):
        demo.controls["many"].click()
        await until(demo, 3)
        demo.close()

    in_a_loop(play, monkeypatch, demo)
    assert demo.error is None


# Working ahead ----------------------------------------------------------------------------------


def looking_ahead(pieces=5, fails=False):
    done = []

    def ahead(state):
        for k in range(pieces):
            done.append((round(state["z"], 1), k))
            if fails:
                raise ZeroDivisionError("not asked for yet")
            yield

    return make(ahead=ahead), done


def test_what_comes_next_is_worked_out_while_nothing_moves(monkeypatch):
    demo, done = looking_ahead()

    async def move(demo):
        demo.controls["z"].value = 2
        assert done == []  # the move itself waits for nothing

    in_a_loop(move, monkeypatch, demo)
    assert done == [(2, k) for k in range(5)]
    demo.close()


@pytest.mark.parametrize("end", ["move", "close"])
def test_working_ahead_ends_when_something_moves_or_closes(end, monkeypatch):
    demo, done = looking_ahead(pieces=1000)

    async def move(demo):
        demo.controls["z"].value = 2
        while len(done) < 3:
            await asyncio.sleep(0)
        if end == "close":
            demo.close()
        else:
            demo.controls["y"].value = 0.5
            demo.controls["z"].value = 3
            while done[-1] != (3, 1):
                await asyncio.sleep(0)
            demo.close()

    in_a_loop(move, monkeypatch, demo)
    assert [z for z, _ in done].count(2) < 10
    assert [z for z, _ in done].count(3) == (end == "move") * 2
    assert demo.error is None


def test_a_mistake_in_working_ahead_is_told_to_nobody_yet(monkeypatch):
    demo, done = looking_ahead(fails=True)

    async def move(demo):
        demo.controls["z"].value = 2

    in_a_loop(move, monkeypatch, demo)
    assert (done, demo.error) == ([(2, 0)], None)
    demo.close()


def test_without_an_event_loop_nothing_is_worked_out_ahead():
    demo, done = looking_ahead()
    demo.controls["z"].value = 2
    assert (done, demo.state["z"]) == ([], 2)
    demo.close()


# What is shown where ----------------------------------------------------------------------------


def test_the_bundle_has_a_view_and_for_others_a_picture_and_a_sentence(demo):
    bundle = demo._repr_mimebundle_()
    view = "application/vnd.jupyter.widget-view+json"
    assert set(bundle) == {view, "text/html", "text/plain"}
    assert bundle[view]["model_id"] == demo.widget.model_id
    assert bundle["text/plain"] == "Try. z = 1, y = 1"
    assert 'alt="Try. z = 1, y = 1"' in bundle["text/html"]


def test_the_still_picture_is_that_of_the_first_state(demo):
    first = demo._repr_mimebundle_()
    demo.controls["z"].value = 3
    assert demo._repr_mimebundle_() == first
    assert dot(demo) == (3, 1)


def test_two_demos_alike_give_the_same_bytes(demo):
    other = make()
    for kind in ("text/html", "text/plain"):
        assert other._repr_mimebundle_()[kind] == demo._repr_mimebundle_()[kind]
    other.close()


def test_two_demos_do_not_move_each_other(demo):
    other = make()
    other.controls["z"].value = 5
    assert (demo.state["z"], dot(demo)) == (1, (1, 1))
    other.close()


def test_a_closed_demo_shows_its_picture_and_lets_go_of_everything():
    demo = make()
    watched = [weakref.ref(x) for x in (demo, demo.figure.figure, demo.controls["z"], demo.widget)]
    demo.close()
    assert set(demo._repr_mimebundle_()) == {"text/html", "text/plain"}
    del demo
    gc.collect()
    assert [ref() for ref in watched] == [None] * 4


# Play: the browser asks, and here the test is the browser.


@pytest.fixture
def played():
    demo = make(
        controls={
            "z": Slider("z", 0, 3, 1),
            "y": Slider("y", 0, 1, 0.5),
            "play": Play("z"),
            "add": Button("Add", add),
        }
    )
    yield demo
    demo.close()


def asks(demo, *events):
    play = demo.widget.elements["play"]
    for event in events:
        before = play.answers
        play._handle_custom_msg({"event": event}, [])
        assert play.answers == before + 1


def test_play_moves_the_slider_one_step_for_each_request(played):
    asks(played, "here", "play")
    assert (played.state["z"], played.controls["play"].playing) == (0, True)
    asks(played, "step")
    assert (played.state["z"], played.controls["z"].value, dot(played)) == (1, 1, (1, 0))
    asks(played, "step", "step")
    assert (played.state["z"], played.controls["play"].playing) == (3, False)
    asks(played, "step")
    assert played.state["z"] == 3


def test_the_answer_comes_after_the_picture(played):
    seen = []
    played.widget.elements["play"].observe(lambda _: seen.append(dot(played)[0]), "answers")
    asks(played, "play", "step", "step")
    assert seen == [0, 1, 2]


def test_pause_stays_where_it_is_and_play_goes_on_from_there(played):
    asks(played, "play", "step", "pause", "step")
    assert (played.state["z"], played.controls["play"].playing) == (1, False)
    asks(played, "play", "step")
    assert played.state["z"] == 2


def test_play_begins_again_from_the_end(played):
    played.controls["z"].value = 3
    asks(played, "play")
    assert (played.state["z"], dot(played)) == (0, (0, 0))


def test_play_reads_out_where_it_ends_and_nothing_before(played):
    heard = []
    played.widget.words.observe(
        lambda change: None if played.quiet else heard.append(change.new), "value"
    )
    asks(played, "play", "step", "step")
    assert (heard, played.quiet) == ([], True)
    asks(played, "step")
    assert (heard, played.quiet) == (["z = 3\n0"], False)


@pytest.mark.parametrize(
    "interrupt",
    [
        lambda demo: setattr(demo.controls["z"], "value", 3),
        lambda demo: setattr(demo.controls["y"], "value", 0.5),
        lambda demo: demo.controls["add"].click(),
        lambda demo: demo.reset(),
        lambda demo: demo.close(),
        lambda demo: asks(demo, "here"),
    ],
    ids=["its slider", "another slider", "a button", "reset", "close", "a new view"],
)
def test_whatever_else_is_touched_play_rests(played, interrupt):
    asks(played, "play", "step")
    interrupt(played)
    assert not played.controls["play"].playing
    assert not played.quiet
    at = played.state["z"]
    asks(played, "step")  # one that was on its way
    assert played.state["z"] == at


def test_an_error_while_it_plays_is_shown_and_ends_it():
    demo = make(
        controls={"z": Slider("z", 5, 8, 1), "play": Play("z")}, memory={"y": 0, "count": 0}
    )
    asks(demo, "play", "step", "step")
    assert demo.error == "ZeroDivisionError: seven"
    assert not demo.controls["play"].playing
    demo.close()


def test_a_click_in_python_plays_to_the_end_at_once(played):
    played.controls["play"].click()
    assert (played.state["z"], dot(played), played.controls["play"].playing) == (3, (3, 0), False)
