"""The docstring of the package names every module of demos, with the notebook that calls it."""

import pkgutil
import re

from nnmath import demos
from tests.notebooks.structure import STORED, number_of


def test_every_module_is_listed_with_its_notebook():
    listed = re.findall(r"^    (\w+) +notebook (\d\d): \S", demos.__doc__, re.M)
    used = [
        (module, f"{number_of(path):02}")
        for path in STORED
        for module in sorted(module.name for module in pkgutil.iter_modules(demos.__path__))
        if re.search(
            rf"from nnmath\.demos(\.{module} import| import {module}\b)",
            path.read_text(encoding="utf-8"),
        )
    ]
    assert listed == used
