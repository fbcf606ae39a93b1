"""A demo: labelled controls, a live figure, and the numbers in words, all functions of one state.

The state is one read-only mapping. A control changes it, a button computes the next one, and then
everything that is seen follows from it: the positions of the sliders, the picture, the words.
"""

from __future__ import annotations

import asyncio
import contextlib
import functools
import threading
from collections.abc import Callable, Coroutine, Iterable, Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, NamedTuple

from nnmath.live.controls import Button, Choice, Play, Slider
from nnmath.live.figure import Artists, LiveFigure

if TYPE_CHECKING:
    from nnmath.live.widget import DemoWidget

State = Mapping[str, Any]

FRAMES = 40  # an animation shows at most so many pictures,
PAUSE = 0.03  # so many seconds apart, and leaves the kernel free between them


class Seen(NamedTuple):
    """All that is seen and heard of one state.

    `resting` and `moving` are the two layers of the picture, each a whole `<svg>`, the second to be
    laid over the first; `readout` stands below it, and `alt` says in words what it shows.
    """

    resting: str
    moving: str
    readout: str
    alt: str


class Demo:
    """Controls, a live figure and a readout that always show the same state.

    As the last line of a cell it displays itself. A viewer without a kernel (GitHub, nbviewer)
    shows a still picture of the first state instead, with the same words.

    Args:
        title: a few words: what is shown.
        controls: by name. The value of each `Slider` and `Choice` is an entry of the state; the
            action of each `Button` is given the state and returns the entries that change. A `Play`
            moves one of the sliders.
        figure: the live figure.
        draw: `draw(state, artists)` sets the moving artists from the state and from nothing else,
            and returns two texts: the readout (its lines separated by newlines) and the text
            alternative of the picture. Both state the current values.
        lines: how many lines the readout has at most.
        memory: entries of the state beyond the controls, such as the losses so far.
        moved: `moved(state, name)` is called when the user moved the control of that name, and
            returns further entries to change, for instance the memory that is void now.
        ahead: `ahead(state)` is a generator that works out, a little from one `yield` to the next,
            what is likely to be asked for, and keeps it where `draw` finds it. It runs after a
            control was moved, while nothing moves.

    `state` and `seen` are what is shown now; `error` is None, or the text of what went wrong in the
    last change, which the demo then shows too. `quiet` says that a readout is not to be read out,
    because the next one follows at once. A demo knows of no page: a view (`nnmath.live.widget`, the
    recorded frames of a page, a test) moves the controls and shows what is seen.
    """

    def __init__(
        self,
        title: str,
        controls: Mapping[str, Slider | Choice | Button],
        figure: LiveFigure,
        draw: Callable[[State, Artists], tuple[str, str]],
        *,
        lines: int = 2,
        memory: State = MappingProxyType({}),
        moved: Callable[[State, str], State] = lambda _state, _name: {},
        ahead: Callable[[State], Iterable[None]] | None = None,
    ) -> None:
        self.title, self.figure, self.lines = title, figure, lines
        self.error: str | None = None
        self.quiet = False
        self.draw, self._moved, self._ahead = draw, moved, ahead
        self._lock = threading.RLock()  # a callback may run in another thread than the cell
        self._following = False
        self._running: tuple[Button, list[int]] | None = None  # the button and its frames
        self._tasks: set[asyncio.Task] = set()
        self._listeners: list[Callable[[], None]] = []
        self._widget: DemoWidget | None = None
        self._closed = False
        reset = Button("Reset", lambda _: self._start)
        self.controls: Mapping[str, Any] = MappingProxyType({**controls, "reset": reset})
        self._values: Mapping[str, Any] = {
            k: c for k, c in controls.items() if not isinstance(c, Button)
        }
        self._start = MappingProxyType(
            {**{name: control.default for name, control in self._values.items()}, **memory}
        )
        for name, control in self._values.items():
            control.on_move(functools.partial(self._user_moved, name))
        for button in self.controls.values():
            if isinstance(button, Button):
                button.on_click(self._press)
            if isinstance(button, Play):
                button.on_ask(self._keep_time)
        self.state: State = self._start
        self._show_picture()
        self._sentence = f"{title}. {self.alt}"
        self._still = figure.static_html(self._sentence)

    @property
    def readout(self) -> str:
        """The text below the picture."""
        return self.seen.readout

    @property
    def alt(self) -> str:
        """What the picture shows, in words."""
        return self.seen.alt

    @property
    def widget(self) -> DemoWidget:
        """The view of this demo in a notebook, made when it is first asked for."""
        if self._widget is None:
            from nnmath.live.widget import DemoWidget  # only a notebook needs ipywidgets

            self._widget = DemoWidget(self)
        return self._widget

    def on_change(self, listener: Callable[[], None]) -> None:
        """Call listener() whenever anything that is seen may have changed."""
        self._listeners.append(listener)

    def reset(self) -> None:
        """Go back to the first state."""
        self.controls["reset"].click()

    def close(self) -> None:
        """Take the demo off the page and let its memory go."""
        self._stop()
        self._ahead = None
        self.figure.close()
        if self._widget is not None:
            self._widget.close()
        self._listeners, self._values, self._closed = [], {}, True

    def _repr_mimebundle_(self, **_: Any) -> dict[str, Any]:
        still = {"text/plain": self._sentence, "text/html": self._still}
        if self._closed:
            return still
        return self.widget._repr_mimebundle_() | still

    # From an event to the next state.

    def _user_moved(self, name: str, value: Any) -> None:
        if self._following:  # it was this demo that moved the control
            return
        with self._lock:
            self._pause()  # a hand on a control has the last word
            try:
                state = {**self.state, name: value}
                state |= self._moved(state, name)
            except Exception as error:
                self._fail(error)
            else:
                self._show(state)
                self._look_ahead()

    def _press(self, button: Button) -> None:
        if self._stop() is button:  # pressed while it was running
            self._tell()
            return
        if isinstance(button, Play):
            with self._lock:
                self._show({**self.state, button.slider: self.controls[button.slider].max})
        elif button.repeat == 1 or button.still:
            self._advance(button, button.repeat)
        else:
            self._animate(button)

    def _advance(self, button: Button, times: int) -> None:
        with self._lock:
            state: State = self.state
            try:
                for _ in range(times):
                    state = {**state, **button.action(state)}
            except Exception as error:
                self._fail(error)
            else:
                self._show(state)

    def _animate(self, button: Button) -> None:
        """Do button.repeat steps, a few a frame; all at once where no event loop is running."""
        count = min(FRAMES, button.repeat)
        frames = [
            button.repeat * (i + 1) // count - button.repeat * i // count for i in range(count)
        ]
        loop = _running_loop()
        if loop is None:
            for times in frames:
                self._advance(button, times)
            return
        self._running = run = (button, frames)
        button.running = self.quiet = True
        self._tell()
        self._begin(loop, self._play(run))

    async def _play(self, run: tuple[Button, list[int]]) -> None:
        button, frames = run
        for left, times in zip(reversed(range(len(frames))), frames, strict=True):
            if self._running is not run:  # stopped, and perhaps another one started
                return
            if left == 0:
                self._stop()  # before the last frame, so that its numbers are read out
            self._advance(button, times)
            await asyncio.sleep(PAUSE)

    def _look_ahead(self) -> None:
        """Work out what may be asked for next; without an event loop there is no idle time."""
        if self._ahead and (loop := _running_loop()):
            self._begin(loop, self._prepare(self._ahead, self.state))

    async def _prepare(self, ahead: Callable[[State], Iterable[None]], state: State) -> None:
        await asyncio.sleep(PAUSE)
        with contextlib.suppress(Exception):  # whoever asks for that state will be told
            for _ in ahead(state) if self.state is state else ():
                await asyncio.sleep(0)
                if self.state is not state or self._ahead is None:
                    return

    def _begin(self, loop: asyncio.AbstractEventLoop, work: Coroutine[Any, Any, None]) -> None:
        task = loop.create_task(work)
        self._tasks.add(task)  # the loop itself holds tasks only weakly
        task.add_done_callback(self._tasks.discard)

    def _keep_time(self, play: Play, event: str) -> None:
        """Do what the browser asks of a Play button: begin, take one step, pause."""
        with self._lock:
            slider = self.controls[play.slider]
            following = slider.following(self.state[play.slider])
            if event == "play":
                self._stop()
                play.playing = self.quiet = True
                if following is None:
                    self._show({**self.state, play.slider: slider.min})
            elif event == "step" and play.playing:
                if following is None or slider.following(following) is None:
                    self._pause()  # before the last picture, so that its numbers are read out
                if following is not None:
                    self._show({**self.state, play.slider: following})
            elif event in ("pause", "here"):  # a new view of the demo begins at rest, too
                self._pause()
            self._tell()

    def _pause(self) -> None:
        """Let every Play button rest."""
        for play in self.controls.values():
            if isinstance(play, Play) and play.playing:
                play.playing = self.quiet = False

    def _stop(self) -> Button | None:
        """End the animation, if any, and return its button."""
        self._pause()
        run, self._running = self._running, None
        if run is None:
            return None
        run[0].running = self.quiet = False
        return run[0]

    # From the state to what is seen.

    def _show(self, state: State) -> None:
        self.state = MappingProxyType(dict(state))
        self._following = True
        try:
            for name, control in self._values.items():
                control.follow(state[name])
            self._show_picture()
        except Exception as error:
            self._fail(error)
        else:
            self.error = None
            self._tell()
        finally:
            self._following = False

    def _show_picture(self) -> None:
        readout, alt = self.draw(self.state, self.figure.artists)
        self.figure.redraw(alt)
        self.seen = Seen(self.figure.resting, self.figure.moving, readout, alt)

    def _tell(self) -> None:
        for listener in self._listeners:
            listener()

    def _fail(self, error: Exception) -> None:
        """Say what went wrong where the user looks: an exception in a callback reaches no cell."""
        self._stop()
        self.error = f"{type(error).__name__}: {error}"
        self._tell()


def _running_loop() -> asyncio.AbstractEventLoop | None:
    """Return the event loop that runs here: in a kernel there is one, in a plain script none."""
    try:
        return asyncio.get_running_loop()
    except RuntimeError:
        return None
