"""HTTP around the answers: on this machine alone, for whoever has the address, and only reading."""

from __future__ import annotations

import hmac
import json
import secrets
from collections.abc import Callable, Mapping
from http import HTTPStatus
from typing import Any, NoReturn
from urllib.parse import parse_qs

from kg.api import KnowledgeGraph
from kg.base.errors import DatabaseError, KgError
from kg.base.loopback import Loopback, LoopbackHandler
from kg.base.settings import without_addresses
from kg.base.shown import json_text
from kg.graph.lens import WHOLE, Lens
from kg.serve.answers import Answers
from kg.serve.turns import Busy, Turns

PORT = 8010
BODY = 64_000
"""Bytes of a question at most."""
SECONDS = 60.0
"""How long an answer may take."""
ENDING = 1.0
"""Seconds that the graph has to close, once the server is told to end."""


class Refused(Exception):
    """A request that gets no answer: its status, and why."""

    def __init__(self, status: HTTPStatus, why: str) -> None:
        super().__init__(why)
        self.status = status


class GraphServer(Loopback):
    """Serves one graph; nobody without `token`, which is in its address, gets anything.

    Raises `UsageError` where the port is taken, and what the graph raises where it cannot be read:
    it is read once before anybody is served. `end` is to be called when all is over.
    """

    def __init__(self, graph: KnowledgeGraph, base: Lens = WHOLE, port: int = PORT) -> None:
        super().__init__(port, _Handler, "graph")
        self.token = secrets.token_urlsafe(32)
        self.answers = Answers(graph, base)
        self.turns = Turns()
        self._graph = graph
        try:
            self.turns.take(lambda: self.answers.page({}))
        except BaseException:
            self.server_close()
            raise

    @property
    def address(self) -> str:
        """Where the page is."""
        return f"http://127.0.0.1:{self.server_port}/{self.token}/"

    def end(self) -> bool:
        """Let go of the graph; whether it did: a question that is being answered is not waited
        for."""
        return self.turns.end(self._graph.close, ENDING)


class _Handler(LoopbackHandler):
    server: GraphServer

    def do_GET(self) -> None:
        """The page, with the picture that its address asks for."""
        self._answer(self._page)

    def do_POST(self) -> None:
        """One question: a JSON object, answered by another."""
        self._answer(self._asked)

    def _other(self) -> None:
        self._answer(self._no_method)

    do_HEAD = do_PUT = do_DELETE = do_PATCH = do_OPTIONS = _other

    def _no_method(self, _name: str) -> NoReturn:
        raise Refused(
            HTTPStatus.METHOD_NOT_ALLOWED, f"{self.command}: a page is got, a question posted"
        )

    def _answer(self, make: Callable[[str], tuple[str, bytes]]) -> None:
        """Send what `make` makes of the name behind the token; whatever goes wrong as JSON."""
        status = HTTPStatus.OK
        try:
            kind, content = make(self._name())
        except Refused as why:
            status, said = why.status, str(why)
        except Busy as why:
            status, said = HTTPStatus.SERVICE_UNAVAILABLE, str(why)
        except DatabaseError as why:
            status, said = HTTPStatus.BAD_GATEWAY, str(why)
        except KgError as why:
            status, said = HTTPStatus.BAD_REQUEST, str(why)
        except Exception as why:
            status = HTTPStatus.INTERNAL_SERVER_ERROR
            said = f"kg met something that it was not made for: {type(why).__name__}: {why}"
        if status is not HTTPStatus.OK:
            kind, content = _json({"error": without_addresses(said)})
        self._send(status, kind, content)

    def send_error(self, code: int, message: str | None = None, explain: str | None = None) -> None:
        """What is no request at all, told as all else is."""
        status = HTTPStatus(code)
        self._send(status, *_json({"error": message or status.phrase}))

    def _name(self) -> str:
        """What of this server is asked for. Raises `Refused` for whoever may ask for nothing: the
        same of a wrong token and of a wrong name."""
        if self.foreign():
            raise Refused(HTTPStatus.FORBIDDEN, "this is for this machine's own pages alone")
        token, slash, name = self.path.partition("?")[0].removeprefix("/").partition("/")
        if not hmac.compare_digest(token.encode(), self.server.token.encode()) or not slash:
            raise Refused(HTTPStatus.NOT_FOUND, "there is nothing here")
        return name

    def _page(self, name: str) -> tuple[str, bytes]:
        if name:
            raise Refused(HTTPStatus.NOT_FOUND, "there is nothing here")
        asked = parse_qs(self.path.partition("?")[2]).get("picture", ["{}"])[0]
        given = _object(asked)
        page = self.server.turns.take(lambda: self.server.answers.page(given), SECONDS)
        return "text/html; charset=utf-8", page.render().encode()

    def _asked(self, name: str) -> tuple[str, bytes]:
        given = _object(self._body())
        answer = self.server.answers.all().get(name)
        if answer is None:
            raise Refused(HTTPStatus.NOT_FOUND, "there is nothing here")
        return _json(self.server.turns.take(lambda: answer(given), SECONDS))

    def _body(self) -> bytes:
        if self.headers.get_content_type() != "application/json":
            raise Refused(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, "a question is application/json")
        length = self.headers.get("Content-Length", "")
        if not (length.isascii() and length.isdigit()):
            raise Refused(HTTPStatus.LENGTH_REQUIRED, "a question says how long it is")
        if len(length) > 9 or int(length) > BODY:
            raise Refused(
                HTTPStatus.REQUEST_ENTITY_TOO_LARGE, f"a question has at most {BODY:,} bytes"
            )
        try:
            return self.rfile.read(int(length))
        except TimeoutError:
            raise Refused(HTTPStatus.REQUEST_TIMEOUT, "the question did not come") from None

    def _send(self, status: HTTPStatus, kind: str, content: bytes) -> None:
        self.send_response(status)
        # Who asks without the token is not to read it here.
        policy = self._policy() if kind.startswith("text/html") else "default-src 'none'"
        for name, value in {**HEADERS, "Content-Security-Policy": policy}.items():
            self.send_header(name, value)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(content)

    def _policy(self) -> str:
        """Beside the page's own, which names its scripts: it may ask below its token alone, and
        stand in nobody's frame."""
        own = f"http://{self.headers['Host']}/{self.server.token}/"
        return f"connect-src {own}; frame-ancestors 'none'; object-src 'none'; base-uri 'none'"


HEADERS: dict[str, str] = {
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",  # the address is the key
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}


def _object(text: str | bytes) -> dict[str, Any]:
    """A JSON object. Raises `Refused` for anything else."""
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        found = None
    if not isinstance(found, dict):
        raise Refused(HTTPStatus.BAD_REQUEST, "a question is one JSON object")
    return found


def _json(document: Mapping[str, Any]) -> tuple[str, bytes]:
    text = json_text(document, ascii_only=True, default=str)
    return "application/json; charset=utf-8", text.encode()
