"""Exercise 7.D. An order in which nothing is passed on too early."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from nnmath.exercises.drawing import Array
from nnmath.exercises.records import Exercise, Mistake
from nnmath.exercises.where_next.inputs import Graph, graph


def _order(parents: Graph) -> Array:
    done: list[int] = []
    while len(done) < len(parents):
        for k in parents:
            if k not in done and all(j in done for j in parents[k]):
                done.append(k)
    return np.array(done)


def _order_by(parents: Graph, ready: Callable[[list[int], Array], bool]) -> Array:
    """Return the order of a learner whose test for a node that is ready is a weaker one."""
    done: list[int] = []
    while len(done) < len(parents):
        for k in parents:
            if k not in done and (len(parents[k]) == 0 or ready(done, parents[k])):
                done.append(k)
    return np.array(done)


def _one_round(parents: Graph) -> Array:
    done: list[int] = []
    for k in parents:
        if all(j in done for j in parents[k]):
            done.append(k)
    return np.array(done)


def _with_repeats(parents: Graph) -> Array:
    found: list[int] = []

    def visit(k: int) -> None:
        for j in parents[k]:
            visit(j)
        found.append(k)

    visit(int(_order(parents)[-1]))
    return np.array(found)


def _from_the_end(parents: Graph) -> Array:
    found = [int(_order(parents)[-1])]
    for k in found:
        found += [int(j) for j in dict.fromkeys(parents[k]) if j not in found]
    return np.array(found[::-1])


ORDER = Exercise(
    "7.D",
    "Parents first",
    _order,
    graph,
    (
        Mistake(
            "reversed",
            lambda parents: _order(parents)[::-1],
            "This is the right order from its end. Parents come first here; the way back will "
            "read your list in reverse.",
        ),
        Mistake(
            "by number",
            lambda parents: np.array(sorted(parents)),
            "These are the nodes by number. The numbers are only names: look at who was made from "
            "whom.",
        ),
        Mistake(
            "by the number of parents",
            lambda parents: np.array(sorted(parents, key=lambda k: len(parents[k]))),
            "The nodes are sorted by the number of their parents. A count does not tell who comes "
            "first: ask whether each parent stands in the list already.",
        ),
        Mistake(
            "one round",
            _one_round,
            "You go through the nodes once. A node whose parents come later in the dict is passed "
            "over, and never listed: repeat until all nodes are in the list.",
        ),
        Mistake(
            "any parent will do",
            lambda parents: _order_by(parents, lambda done, own: any(j in done for j in own)),
            "A node is listed as soon as one of its parents is there. It needs all of them: any "
            "must be all.",
        ),
        Mistake(
            "first parent only",
            lambda parents: _order_by(parents, lambda done, own: own[0] in done),
            "Only the first parent of each node is asked for. The second one may come later, and "
            "then the node stands too early.",
        ),
        Mistake(
            "second parent only",
            lambda parents: _order_by(parents, lambda done, own: own[-1] in done),
            "Only the last parent of each node is asked for. The other one may come later, and "
            "then the node stands too early.",
        ),
        Mistake(
            "repeats",
            _with_repeats,
            "A node is listed once for each use. It has one value and one gradient: skip a node "
            "that is listed already.",
        ),
        Mistake(
            "level by level from the end",
            _from_the_end,
            "This walks from the end, level by level, and turns the list around. A node that is "
            "needed near the end and far from it too is then met too early on the way.",
        ),
        Mistake(
            "inputs left out",
            lambda parents: np.array([k for k in _order(parents) if len(parents[k])]),
            "The nodes without parents are missing. They are the inputs and the weights, for "
            "whose gradients it is all done.",
        ),
    ),
    why="Read from its end, it lets no node pass its gradient on before it is complete.",
)
