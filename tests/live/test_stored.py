"""What a saved notebook keeps of a demo."""

import json

from nnmath import _stored
from nnmath.demos import sigmoid_bce
from tools.lab import SETTINGS


def test_a_demo_is_stored_as_its_picture_and_other_widgets_as_they_are():
    demo = sigmoid_bce.one_example()
    data = demo._repr_mimebundle_()
    demo.close()
    assert _stored.VIEW in data
    own = {_stored.VIEW: {"model_id": "1"}, "text/plain": "IntSlider(value=0)"}
    state = {"widgets": {"application/vnd.jupyter.widget-state+json": {}}, "kernelspec": {}}

    def saved(*bundles):
        outputs = [{"output_type": "display_data", "data": dict(data)} for data in bundles]
        cells = [{"cell_type": "markdown"}, {"cell_type": "code", "outputs": outputs}]
        model = {"type": "notebook", "content": {"cells": cells, "metadata": dict(state)}}
        _stored.keep_still_pictures(model=model, path="x.ipynb", contents_manager=None)
        return [output["data"] for output in outputs], set(model["content"]["metadata"])

    still = {kind: text for kind, text in data.items() if kind.startswith("text/")}
    assert saved(data) == ([still], {"kernelspec"})
    assert saved(data, own) == ([still, own], {"kernelspec", "widgets"})
    assert saved({"text/plain": "1"}) == ([{"text/plain": "1"}], {"kernelspec", "widgets"})


def test_other_files_are_left_alone():
    for model in ({"type": "file", "content": "text"}, {"type": "notebook", "content": None}):
        before = dict(model)
        _stored.keep_still_pictures(model=model, path="x", contents_manager=None)
        assert model == before


def test_the_server_is_told_of_it():
    text = (SETTINGS / "jupyter_server_config.json").read_text(encoding="utf-8")
    name = json.loads(text)["FileContentsManager"]["pre_save_hook"]
    assert name == f"{_stored.__name__}.{_stored.keep_still_pictures.__name__}"
