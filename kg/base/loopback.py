"""A server for this machine alone: what all that `kg` serves over HTTP has in common.

A page of somewhere else can make a browser send requests here, and a name of somewhere else can be
made to point here: so it is looked at who asks (`Origin`), and by which name (`Host`).
"""

from __future__ import annotations

from collections.abc import Iterable
from http.client import HTTPMessage
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from kg.base.errors import UsageError

HERE = ("localhost", "127.0.0.1")
"""The names by which this machine calls itself."""


class Loopback(ThreadingHTTPServer):
    """Listens on this machine alone. `origins`: whose pages may ask, besides its own. `port` 0
    takes a free one. `serve_forever()` runs it; `with` closes it. Raises `UsageError` where the
    port is taken; `what` says what could not be served."""

    def __init__(
        self,
        port: int,
        handler: type[LoopbackHandler],
        what: str,
        origins: Iterable[str] = (),
    ) -> None:
        try:
            super().__init__(("127.0.0.1", port), handler)
        except (OSError, OverflowError) as why:
            reason = getattr(why, "strerror", None) or "a port is a number up to 65535"
            raise UsageError(f"no {what} can be served on port {port}: {reason}") from None
        self.hosts = {f"{name}:{self.server_port}" for name in HERE}
        self.origins = frozenset((*origins, *(f"http://{host}" for host in self.hosts)))

    def handle_error(self, request: object, client_address: object) -> None:
        """Whoever hung up has no answer, and the terminal no traceback."""


class LoopbackHandler(BaseHTTPRequestHandler):
    """One request. Who handles it asks `foreign` first."""

    server: Loopback
    headers = HTTPMessage()  # of a request that is none, to which an answer goes all the same
    timeout = 20
    """Seconds to wait for the rest of a request."""
    server_version = "kg"
    sys_version = ""

    def foreign(self) -> bool:
        """Whether another page asks, or one whose own name was made to point at this machine."""
        asker = self.headers.get("Origin")
        foreign = asker is not None and asker not in self.server.origins
        return foreign or self.headers.get("Host", "").lower() not in self.server.hosts

    def end_headers(self) -> None:
        """What is sent is what it says that it is."""
        self.send_header("X-Content-Type-Options", "nosniff")
        super().end_headers()

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing: the terminal is the user's."""
