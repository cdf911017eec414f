"""A small server on this machine's own address, for one reader: what all of ours have in common.

A page elsewhere may not use it: a request must name the server as it is called here (no name that
somebody made to point at this machine), and come from no origin but those allowed.
"""

from __future__ import annotations

from collections.abc import Iterable
from http.client import HTTPMessage
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from kg.base.errors import UsageError


class LoopbackServer(ThreadingHTTPServer):
    """Listens on 127.0.0.1. `port` 0 takes a free one; `origins` are the pages elsewhere that may
    ask. `serve_forever()` runs it; `with` closes it. Raises `UsageError` where the port is taken.
    """

    def __init__(
        self, what: str, port: int, handler: type[LoopbackHandler], origins: Iterable[str] = ()
    ) -> None:
        self.origins = frozenset(origins)
        try:
            super().__init__(("127.0.0.1", port), handler)
        except (OSError, OverflowError) as why:
            reason = getattr(why, "strerror", None) or "a port is a number up to 65535"
            raise UsageError(f"no {what} can be served on port {port}: {reason}") from None
        self.hosts = {f"{name}:{self.server_port}" for name in ("localhost", "127.0.0.1")}

    def handle_error(self, request: object, client_address: object) -> None:
        """Whoever hung up has no answer, and the terminal no traceback."""


class LoopbackHandler(BaseHTTPRequestHandler):
    """Answers who may ask."""

    server: LoopbackServer
    headers = HTTPMessage()  # of a request that is none, to which an answer goes all the same

    def refused(self) -> bool:
        """Whether another page asks, or one whose own name was made to point at this machine."""
        asker = self.headers.get("Origin")
        foreign = asker is not None and asker not in self.server.origins
        return foreign or self.headers.get("Host", "").lower() not in self.server.hosts

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing: the terminal is the user's."""
