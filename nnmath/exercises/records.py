"""What an exercise is: the right answer, hidden inputs to try it on, and the mistakes it knows."""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from nnmath.exercises.search import Solution
from nnmath.exercises.solutions import SOLUTIONS

HIDDEN = 20  # inputs tried per exercise; each fourth one is square, so that a lost transpose runs


@dataclass(frozen=True)
class Mistake:
    """A wrong answer that learners give: its name, the answer itself, and what to say about it.

    The diagnosis is one or two sentences: the reason first, then the next thing to look at.
    """

    name: str
    answer: Any
    diagnosis: str


@dataclass(frozen=True)
class Exercise:
    """An exercise and all that is needed to judge an answer to it.

    Fields: `id` such as "1.A"; `title`; `reference`, the right function (or value); `inputs`, which
    draws one tuple of arguments from (rng, units, inputs, examples), three sizes, and is None where
    the answer is a value; `mistakes`, the specific ones; `why`, one sentence on why a right answer
    matters; `batch`, the argument that has one column per example; `returns`, the names of the
    results where there are several. An argument or a result may be a dict keyed by layer.
    """

    id: str
    title: str
    reference: Any
    inputs: Callable[..., tuple[Any, ...]] | None
    mistakes: tuple[Mistake, ...] = ()
    why: str = ""
    batch: str = ""
    returns: tuple[str, ...] = ()

    @functools.cached_property
    def arguments(self) -> tuple[str, ...]:
        """The names of the arguments, in order; empty where the answer is a value."""
        return tuple(inspect.signature(self.reference).parameters) if self.inputs else ()

    @functools.cached_property
    def solutions(self) -> list[Solution]:
        """The right answers written out step by step, in which a search looks for mistakes."""
        return [Solution(function) for function in SOLUTIONS.get(self.id, ())]

    @functools.cached_property
    def hidden(self) -> list[tuple[tuple[Any, ...], tuple[Any, ...]]]:
        """The hidden inputs: pairs of argument tuples with the same shapes.

        The second of a pair shows whether an answer looks at an argument: it is exchanged alone.
        The sizes are 2 to 5 and differ from each other, but are equal in each fourth pair. The
        numbers depend on `id` alone and are short enough to be typed. They are drawn once: an
        answer is only ever given copies.
        """
        if self.inputs is None:
            return [((), ())]
        rng = np.random.RandomState(list(self.id.encode()))
        pairs = []
        for k in range(HIDDEN):
            sizes = rng.permutation([2, 3, 4, 5])[:3].tolist()
            if k % 4 == 3:
                sizes = sizes[:1] * 3
            pairs.append((self.inputs(rng, *sizes), self.inputs(rng, *sizes)))
        return pairs
