"""Web servers on loopback: files as they lie, and whatever a test answers itself."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

TAXII = "application/taxii+json;version=2.1"


class Quiet(SimpleHTTPRequestHandler):
    """A plain server of files that knows what an `index.json` is."""

    def guess_type(self, path: Any) -> str:
        return TAXII if str(path).endswith(".json") else "application/octet-stream"

    def send_head(self) -> Any:
        if self.path.partition("?")[0].endswith("/"):
            self.path = self.path.partition("?")[0] + "index.json"
        return super().send_head()

    def log_message(self, format: str, *args: Any) -> None:
        self.server.seen.append((self.path, dict(self.headers)))  # type: ignore[attr-defined]


@contextmanager
def serving(handler: Callable[..., BaseHTTPRequestHandler]) -> Iterator[ThreadingHTTPServer]:
    """A server for as long as the block lasts; `seen` has the path and headers of each request."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    server.seen = []  # type: ignore[attr-defined]
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@contextmanager
def files(folder: Path) -> Iterator[tuple[str, ThreadingHTTPServer]]:
    """The address of a server of the files in a folder."""
    with serving(lambda *given: Quiet(*given, directory=str(folder))) as server:
        yield f"http://127.0.0.1:{server.server_port}", server
