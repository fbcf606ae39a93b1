"""Start the course where it is told to, run a notebook in it, and compare what the cells print.

    python tests/project/in_a_hostile_place.py FOLDER HOME NOTEBOOK

test_surroundings.py runs it in surroundings that are as hostile as a machine can be.
"""

import json
import pathlib
import queue
import sys
import urllib.request

import nbformat
from jupyter_client import BlockingKernelClient

from tools import lab, notebooks


def ask(server, path, content=None):
    """Ask the server, as the page in the browser does."""
    request = urllib.request.Request(
        f"{server.url}/api/{path}",
        headers={"Authorization": f"token {server.token}"},
        data=json.dumps(content).encode() if content else None,
    )
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    with opener.open(request, timeout=60) as answer:
        return json.loads(answer.read())


def told(outputs):
    """Return what these outputs say in plain text."""
    return [
        output.get("text", output.get("data", {}).get("text/plain"))
        for output in notebooks.normal_outputs(outputs, 1)
    ]


def wait_for(client):
    """Return when the kernel has been heard on the channel that brings what the cells print.

    The client's own wait takes a kernel for dead whose heart does not beat at once.
    """
    for _ in range(60):
        client.kernel_info()
        try:
            client.get_iopub_msg(timeout=1)
            return
        except queue.Empty:
            pass
    raise SystemExit("The kernel did not answer.")


def differences(client, nb):
    """Run each code cell; return those whose text is not the stored one."""
    found = []
    for cell in (cell for cell in nb.cells if cell.cell_type == "code"):
        outputs = []

        def keep(message, outputs=outputs):
            if message["msg_type"] in ("stream", "execute_result", "display_data", "error"):
                outputs.append(nbformat.v4.output_from_msg(message))

        client.execute_interactive(cell.source, timeout=120, output_hook=keep)
        if told(outputs) != told(cell.outputs):
            found.append((cell.source, told(outputs), told(cell.outputs)))
    return found


def main(folder, home, notebook):
    """Start a server beside another one of the same home, and run the notebook in the first."""
    with lab.start_server(folder, home) as server, lab.start_server(folder, home):
        assert notebook in [entry["name"] for entry in ask(server, "contents")["content"]]
        wanted = {"path": notebook, "type": "notebook", "name": "", "kernel": {"name": "python3"}}
        kernel = ask(server, "sessions", wanted)["kernel"]["id"]
        client = BlockingKernelClient(
            connection_file=str(home / "runtime" / f"kernel-{kernel}.json")
        )
        client.load_connection_file()
        client.start_channels(hb=False)
        try:
            wait_for(client)
            found = differences(client, nbformat.read(folder / notebook, as_version=4))
        finally:
            client.stop_channels()
    for source, now, stored in found:
        print(f"Not as it is stored:\n{source}\nNow: {now}\nStored: {stored}")
    if not found:
        print("✓ every cell as it is stored")


if __name__ == "__main__":
    place, private, name = sys.argv[1:]
    main(pathlib.Path(place), pathlib.Path(private), name)
