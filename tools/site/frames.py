"""Record a demo: the picture and the words at each position of each control.

Every position is reached from the demo's default state, one control at a time. All positions of
all controls together would be exact, and thousands of times as large.
"""

from __future__ import annotations

import base64
import functools
import gzip
import json
import re
import struct
import zlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from nnmath.live import Button, Choice, Demo, Play, Slider
from nnmath.live.demo import FRAMES
from nnmath.live.figure import Box
from tools.bootstrap import Stop
from tools.site.parts import parts

KINDS = ("slider", "choice", "button", "play")
PRESSES = 40  # so many presses of a button are recorded
FINEST = 170  # positions of a slider; of a finer one, evenly spread ones are recorded

Frame = list[Any]  # readout, text of the picture, the controls that moved, elements of the picture

NOTE = (
    "One control moves at a time here: touch another one, and the first goes back to where it "
    "began."
)

_TAG = re.compile(r"<(/?)\w+\b[^>]*?(/?)>")
_ID = re.compile(r"( id=\"|\"#|\(#)nn\d+([rm]\d+)(?=[\")])")
_IMAGE = re.compile(r"data:image/png;base64,([\w+/=]+)")


@dataclass(frozen=True)
class Recording:
    """What a page needs to show a demo without a kernel.

    `title`, `readout` and `alt` are the demo's in its default state, `resting` and `moving` the two
    layers of its picture then. `size` is its width and height, and `panels` are the parts of it
    that stand below each other where it is too wide. `note` says what is different here from the
    demo with a kernel.
    `spec` is JSON for a <script>: the controls as controls.js wants them. `packed` is all that
    moves, as compressed JSON: the elements of all pictures, each once, and for each control one
    frame a position, or one a press.
    """

    title: str
    readout: str
    alt: str
    resting: str
    moving: str
    size: tuple[float, float]
    panels: tuple[Box, ...]
    note: str
    spec: str
    packed: str


def record(demo: Demo, name: str) -> Recording:
    """Return the recording of a demo, which is left in its default state.

    Args:
        demo: the demo.
        name: begins every id in the pictures, so that two recordings on one page share none.

    Raises:
        Stop: for a control of a kind that is not known here, or a state that the demo cannot show.
    """
    return _Recorder(demo, name).recording()


class _Recorder:
    def __init__(self, demo: Demo, name: str) -> None:
        self._demo, self._name = demo, name
        self._parts: dict[str, int] = {}
        demo.reset()
        self._origin, self._default = demo.state, self._values()
        self._kept = {
            key: _spread(control.positions, control.default)
            for key, control in demo.controls.items()
            if isinstance(control, Slider) and len(control.positions) > FINEST
        }
        self._start = self._frame()

    def recording(self) -> Recording:
        demo = self._demo
        controls = {key: self._described(key, control) for key, control in demo.controls.items()}
        frames: dict[str, list[Frame]] = {}
        for key, control in demo.controls.items():
            if key == "reset" or isinstance(control, Play):
                continue
            demo.reset()
            frames[key] = list(self._recorded(key, control))
            if isinstance(control, Button):
                controls[key] |= self._ending(control, frames[key])
        demo.reset()
        thinned = (
            f"The slider “{demo.controls[key].label}” takes larger steps." for key in self._kept
        )
        spec = {
            "controls": list(controls.values()),
            "words": {"value": demo.readout, "lines": demo.lines},
        }
        data = {"parts": list(self._parts), "start": self._start, "frames": frames}
        resting, moving = (
            self._own(layer).replace("<svg", f'<svg id="{self._name}{which}"', 1)
            for which, layer in (("resting", demo.seen.resting), ("moving", demo.seen.moving))
        )
        return Recording(
            title=demo.title,
            readout=demo.readout,
            alt=demo.alt,
            resting=resting,
            moving=moving,
            size=demo.figure.size,
            panels=parts(demo),
            note=" ".join([NOTE, *thinned] if len(frames) > 1 else thinned),
            spec=_json(spec).replace("<", "\\u003c"),
            packed=base64.b64encode(gzip.compress(_json(data).encode(), 9, mtime=0)).decode(
                "ascii"
            ),
        )

    # The controls.

    def _described(self, key: str, control: Any) -> dict[str, Any]:
        """Return what the browser's side of a control reads from its model."""
        if control.kind not in KINDS:
            raise Stop(
                f"The demo {self._demo.title!r} has a control {key!r} of the kind "
                f"{control.kind!r}, which tools/site/frames.py cannot record yet."
            )
        said = {**control.described(), "key": key, "flex": control.flex}
        if isinstance(control, Button):
            said |= {"wide": control.wide, "repeat": control.repeat}
        if isinstance(control, Play):
            said |= {"slider": control.slider}
        if key in self._kept:
            texts = [f"{value:.{control.decimals}f}" for value in self._kept[key]]
            said |= {"choices": self._kept[key], "texts": texts}
        return said

    def _recorded(self, key: str, control: Any) -> Iterator[Frame]:
        """Yield the frames of one control."""
        if isinstance(control, Slider):
            yield from self._moved(key, control, self._kept.get(key) or control.positions)
        elif isinstance(control, Choice):
            yield from self._moved(key, control, control.positions)
        elif control.repeat == 1:
            yield from self._pressed(control, range(1, PRESSES + 1))
        else:  # as many pictures as Demo shows of one press
            count, repeat = min(FRAMES, control.repeat), control.repeat
            control.repeat = 1
            yield from self._pressed(control, [repeat * (i + 1) // count for i in range(count)])
            control.repeat = repeat

    def _moved(self, key: str, control: Any, values: Iterable[Any]) -> Iterator[Frame]:
        for value in values:
            if {**self._demo.state, key: None} != {**self._origin, key: None}:
                self._demo.reset()
            control.value = value
            yield self._frame()

    def _pressed(self, button: Button, shown: Sequence[int]) -> Iterator[Frame]:
        """Yield the frames after so many presses, until one changes nothing or all came round."""
        last = self._start
        for press in range(1, shown[-1] + 1):
            button.click()
            if press in shown:
                frame = self._frame()
                if frame == last:
                    return
                yield frame
                if frame == self._start:
                    return
                last = frame

    def _ending(self, button: Button, frames: list[Frame]) -> dict[str, bool]:
        """Say whether all came round to the default state, or further presses are missing."""
        complete = min(FRAMES, button.repeat) if button.repeat > 1 else PRESSES
        came_round = bool(frames) and frames[-1] == self._start
        return {"round": came_round, "short": len(frames) == complete and not came_round}

    # One state.

    def _values(self) -> dict[str, Any]:
        return {k: c.value for k, c in self._demo.controls.items() if hasattr(c, "value")}

    def _frame(self) -> Frame:
        """Return the readout, the text of the picture, the controls that moved, and the picture."""
        if self._demo.error:
            raise Stop(f"The demo {self._demo.title!r} fails: {self._demo.error}")
        moved = {k: v for k, v in self._values().items() if v != self._default[k]}
        for key in moved.keys() & self._kept.keys():  # perhaps it was led between two positions
            moved[key] = min(self._kept[key], key=lambda value: abs(value - moved[key]))
        elements = elements_of(self._own(self._demo.seen.moving))
        picture = [self._parts.setdefault(element, len(self._parts)) for element in elements]
        return [self._demo.readout, self._demo.alt, moved, picture]

    def _own(self, picture: str) -> str:
        """Return the picture with ids that depend on this recording's name alone, and small."""
        return _IMAGE.sub(_smaller, _ID.sub(rf"\g<1>{self._name}\g<2>", picture))


def _json(data: Any) -> str:
    return json.dumps(data, ensure_ascii=False, separators=(",", ":"))


def _spread(positions: Sequence[float], default: float) -> list[float]:
    """Return about FINEST of the positions, with both ends and the default among them."""
    every = -(-len(positions) // FINEST)
    return sorted({*positions[::every], positions[-1], default})


def elements_of(picture: str) -> list[str]:
    """Return the elements directly inside an <svg>, as text."""
    head = _TAG.match(picture)
    if head is None or not picture.endswith("</svg>"):
        raise ValueError(f"this is no <svg>…</svg>: {picture[:60]}")
    body = picture[head.end() : -len("</svg>")]
    found, depth, start = [], 0, 0
    for tag in _TAG.finditer(body):
        depth += -1 if tag[1] else 0 if tag[2] else 1
        if depth == 0:
            found.append(body[start : tag.end()])
            start = tag.end()
    return found


@functools.lru_cache(maxsize=4096)
def _recoded(data: str) -> str:
    """Return a PNG of nnmath.live.svg with a palette and compressed, if it has few colours.

    That one is written without compression because it is stored in the repository, where its bytes
    must not depend on the machine. A page is made anew each time, and is to be small.
    """
    old = base64.b64decode(data)
    columns, rows = struct.unpack(">II", old[16:24])
    at = old.index(b"IDAT")
    (length,) = struct.unpack(">I", old[at - 4 : at])
    raw = np.frombuffer(zlib.decompress(old[at + 4 : at + 4 + length]), np.uint8)
    pixels = raw.reshape(rows, 1 + 3 * columns)[:, 1:].reshape(-1, 3)
    palette, index = np.unique(pixels, axis=0, return_inverse=True)
    if len(palette) > 256:
        return data
    lines = index.reshape(rows, columns).astype(np.uint8)
    left, up = np.zeros_like(lines), np.zeros_like(lines)
    left[:, 1:], up[1:] = lines[:, :-1], lines[:-1]
    ways = [np.insert(lines - seen, 0, k, axis=1) for k, seen in enumerate((lines * 0, left, up))]
    image = min((zlib.compress(way.tobytes(), 9) for way in ways), key=len)
    header = struct.pack(">IIBBBBB", columns, rows, 8, 3, 0, 0, 0)
    chunks = ((b"IHDR", header), (b"PLTE", palette.tobytes()), (b"IDAT", image), (b"IEND", b""))
    written = b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
        for kind, body in chunks
    )
    return base64.b64encode(written).decode("ascii")


def _smaller(image: re.Match[str]) -> str:
    return f"data:image/png;base64,{_recoded(image[1])}"
