"""Which names a cell uses and defines: what Python itself says when the cell is run."""

import pytest

from tools.site.names import names

# The cell, what it uses, and what it gives a value to: written down by hand.
CASES = {
    "z = [x for x in range(3)]": ("range", "z"),
    "z = {x: y for x in a for y in x if b}": ("a b", "z"),
    "z = [last := x for x in a]": ("a", "z last"),
    "z = [[last := y for y in x] for x in a]": ("a", "z last"),
    "z = [x for x in x]": ("x", "z"),
    "x += 1": ("x", "x"),
    "x: int": ("int", ""),
    "x: int = y": ("int y", "x"),
    "x[0] = y": ("x y", ""),
    "x.a = y": ("x y", ""),
    "def f(a, b=c, *d, e=g, **h):\n    return a + b + i": ("c g i", "f"),
    "def f():\n    x = y\n    return x": ("y", "f"),
    "def f():\n    global x\n    x = y\n    return x": ("x y", "f"),
    "def f():\n    x = 1\n    def g():\n        nonlocal x\n        x += y\n    return g": (
        "y",
        "f",
    ),
    "def f(n) -> T:\n    return [n * k for k in m]": ("T m", "f"),
    "f = lambda a, b=c: a + b + d": ("c d", "f"),
    "class C(B):\n    x = y\n    def m(self):\n        return x": ("B y x", "C"),
    "import a.b, c.d as e\nfrom f import g as h": ("", "a e h"),
    "for i, (j, *k) in a: pass": ("a", "i j k"),
    "with a() as b: pass": ("a", "b"),
    "try:\n    a\nexcept E as e:\n    pass": ("a E", "e"),
    "match a:\n    case {'k': b, **c}: pass\n    case [d, *e] as f: pass": ("a", "b c d e f"),
    "@d\ndef f(): pass": ("d", "f"),
    "f'{a:{b}}'": ("a b", ""),
}


@pytest.mark.parametrize("cell", CASES)
def test_what_a_cell_uses_and_what_it_defines(cell):
    used, defined = names(cell)
    assert (used, defined) == tuple(set(part.split()) for part in CASES[cell])


@pytest.mark.parametrize(
    "cell",
    [
        "a = [x for x in range(3)]\nb = {y: y for y in a}\nc = (w for w in a)",
        "a = [last := x for x in range(3)]",
        "def f(n, m=2):\n    inner = n\n    return [k for k in range(inner)]\na = f(3)",
        "class C:\n    x = 1\n    def m(self):\n        y = 2\n        return y\na = C().m()",
        "for i, (j, *k) in [(1, (2, 3))]:\n    l = i",
        "f = lambda q: [r for r in q]\nb = f([1])",
        "import os.path as p, json\nfrom re import sub as s",
    ],
)
def test_what_python_says_when_the_cell_is_run(cell):
    scope = {}
    exec(cell, scope)
    assert names(cell)[1] == scope.keys() - {"__builtins__"}
