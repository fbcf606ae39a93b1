"""A static web server as dumb as any, below a path of its own; what it is asked for is kept."""

import contextlib
import functools
import http.server
import pathlib
import threading
from collections.abc import Iterator


class Static:
    """Serves a folder; what it was asked for is kept, and a file can be replaced by other bytes."""

    def __init__(self, folder: pathlib.Path, base: str) -> None:
        self.folder, self.base = folder, base
        self.asked: list[str] = []
        self.sent = 0
        self.instead: dict[str, bytes] = {}
        self._start(0)

    def _start(self, port: int) -> None:
        handler = functools.partial(_Handler, self)
        self._server = http.server.ThreadingHTTPServer(("127.0.0.1", port), handler)
        self._server.daemon_threads = True
        self.port = self._server.server_address[1]
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)
        self._thread.start()

    def stop(self) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    @contextlib.contextmanager
    def gone(self) -> Iterator[None]:
        """Be no server for a while."""
        self.stop()
        try:
            yield
        finally:
            self._start(self.port)

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}{self.base}"


class _Handler(http.server.SimpleHTTPRequestHandler):
    # A person who starts `python -m http.server` gets version 1.0 as well.

    def __init__(self, static: Static, *arguments: object) -> None:
        self.static = static
        super().__init__(*arguments, directory=str(static.folder))  # type: ignore[arg-type]

    def do_GET(self) -> None:
        path = self.path.partition("?")[0]
        if not path.startswith(self.static.base):
            self.send_error(404)
            return
        name = path.removeprefix(self.static.base)
        self.static.asked.append(name)
        self.path = f"/{name}"
        if name in self.static.instead:
            body = self.static.instead[name]
            self.send_response(200)
            self.send_header("Content-Type", self.guess_type(name))
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)
            return
        self.directory = str(self.static.folder)
        super().do_GET()

    def log_message(self, *_: object) -> None:
        pass
