"""The server of `kg serve`: loopback, read-only, behind a token, one question at a time."""

from __future__ import annotations

import secrets
from concurrent.futures import ThreadPoolExecutor
from html import escape
from urllib.parse import parse_qs, urlsplit

from kg.base.errors import KgError
from kg.base.loopback import LoopbackHandler, LoopbackServer
from kg.base.settings import without_addresses
from kg.base.shown import json_text, visible
from kg.serve.pages import Pages

PORT = 8002
LONGEST = 60_000
"""Characters of an address."""


class PictureServer(LoopbackServer):
    """Hands pages of a graph to whoever knows the token; only on this machine, only to read."""

    def __init__(self, pages: Pages, port: int = PORT, token: str = "") -> None:
        self.pages = pages
        self.token = token or secrets.token_urlsafe(18)
        self.one = ThreadPoolExecutor(1, "kg")  # a graph is one thread's
        super().__init__("picture", port, _Handler)

    @property
    def address(self) -> str:
        """What to open in a browser."""
        return f"http://127.0.0.1:{self.server_port}/{self.token}/"

    def server_close(self) -> None:
        """Stop, once the answer at hand is given."""
        super().server_close()
        self.one.shutdown()


class _Handler(LoopbackHandler):
    server: PictureServer
    protocol_version = "HTTP/1.0"

    def do_GET(self) -> None:
        """A page, or what a name leads to."""
        parts = urlsplit(self.path)
        _, token, *rest = [*parts.path.split("/"), "", ""][:3]
        known = secrets.compare_digest(token.encode(), self.server.token.encode())
        if self.refused() or not known:
            return self.send_error(403)
        if rest[0] not in ("", "find") or len(self.path) > LONGEST:
            return self.send_error(404)
        address = parse_qs(parts.query)
        make = self.server.pages.find if rest[0] else self.server.pages.page
        try:
            made = self.server.one.submit(make, address).result()
        except KgError as error:
            return self._send(400, "text/html", _told(str(error)))
        if isinstance(made, str):
            return self._send(200, "text/html", made)
        return self._send(200, "application/json", json_text(made))

    def _send(self, status: int, kind: str, text: str) -> None:
        content = text.encode()
        self.send_response(status)
        self.send_header("Content-Type", f"{kind}; charset=utf-8")
        self.send_header("Content-Length", str(len(content)))
        for name, value in (
            ("Cache-Control", "no-store"),
            ("Referrer-Policy", "no-referrer"),
            ("X-Content-Type-Options", "nosniff"),
            ("X-Frame-Options", "DENY"),
            ("Cross-Origin-Resource-Policy", "same-origin"),
        ):
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(content)


def _told(message: str) -> str:
    """An error as a page that does nothing."""
    return (
        "<!DOCTYPE html><html lang=en><meta charset=utf-8>"
        "<meta http-equiv=Content-Security-Policy content=\"default-src 'none'\">"
        f"<title>Not drawn</title><p>{escape(visible(without_addresses(message)))}</p>"
        "<p>Go back, and ask for something else.</p>"
    )
