"""`import nnmath` is light: figures and widgets load when one is first asked for."""

import subprocess
import sys

import pytest

HEAVY = ("matplotlib", "ipywidgets", "anywidget", "IPython", "tqdm", "scipy")


def modules_after(statement):
    """Return the top-level modules that a fresh Python has loaded after a statement."""
    program = (
        f"import sys\n{statement}\nprint(*sorted({{name.split('.')[0] for name in sys.modules}}))"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    return set(done.stdout.split())


def test_import_loads_numpy_and_nothing_else_from_outside():
    with_numpy = modules_after("import numpy")
    added = modules_after("import nnmath") - with_numpy
    outside = {name for name in added if name not in sys.stdlib_module_names}
    assert outside == {"nnmath"}


@pytest.mark.parametrize("name", HEAVY)
def test_the_heavy_packages_are_here_and_would_be_seen(name):
    """Guard the test above: each of them is installed, so that loading it would show."""
    assert name in modules_after(f"import {name}")
