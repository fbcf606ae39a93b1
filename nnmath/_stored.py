"""What a saved notebook keeps of a demo: its still picture and its words.

JupyterLab would store the live view as well. Reopened without a kernel that knows it, a view is
replaced by "Error displaying widget": always where its state is not stored beside it, after a
second save without a run, and sometimes where the state only arrives late. The server calls
`keep_still_pictures` before it writes a file (tools/lab_settings/jupyter_server_config.json).
"""

from __future__ import annotations

from typing import Any

VIEW = "application/vnd.jupyter.widget-view+json"


def keep_still_pictures(model: dict[str, Any], **_: Any) -> None:
    """Drop each stored view that has a picture to take its place; leave all other widgets alone."""
    if model.get("type") != "notebook" or not isinstance(model.get("content"), dict):
        return
    notebook = model["content"]
    outputs = [o for cell in notebook.get("cells", ()) for o in cell.get("outputs", ())]
    bundles = [output["data"] for output in outputs if VIEW in output.get("data", {})]
    for data in bundles:
        if "text/html" in data:
            del data[VIEW]
    if bundles and not any(VIEW in data for data in bundles):
        notebook.get("metadata", {}).pop("widgets", None)
