"""The guide that Neo4j Browser shows in its side bar, and the small server that it takes it from.

Browser loads a guide over HTTP only, from a host on the server's list (`localhost` is on it unless
somebody took it off), and asks across origins with headers of its own: a plain file server will not
do, since it does not allow that.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from mimetypes import guess_type
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from kg.ask.questions import Question
from kg.base.errors import UsageError
from kg.base.loopback import Loopback, LoopbackHandler
from kg.neo4j_browser.scripts import runnable
from kg.ontology import GROUPS, Ontology

PORT = 8001
ORIGINS = ("http://localhost:7474", "http://127.0.0.1:7474")
"""Where a server's Browser is opened on its own machine, unless somebody moved it."""


def page(ontology: Ontology, scripts: Mapping[str, Sequence[Question]]) -> str:
    """The guide as HTML, one `<slide>` a page of it."""
    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent), autoescape=True, undefined=StrictUndefined
    )
    edges = {
        group: [edge.edge for edge in ontology.edges.values() if edge.group == group]
        for group in GROUPS
    }
    return environment.get_template("guide.html").render(
        nodes=ontology.nodes.values(),
        groups=GROUPS,
        edges=edges,
        folders=scripts,
        runnable=runnable,
    )


class GuideServer(Loopback):
    """Hands the files of the kit, and nothing else, to Neo4j Browser.

    `files` are read now: what comes to lie in their folder later is not served. `origins` are the
    pages that may read them. Raises `UsageError` where the port is taken or an origin is none.
    """

    def __init__(
        self, files: Iterable[Path], port: int = PORT, origins: Iterable[str] = ORIGINS
    ) -> None:
        self.contents = {f"/{path.name}": path.read_bytes() for path in files}
        super().__init__(port, _Handler, "guide", map(origin, origins))

    @property
    def address(self) -> str:
        """What to type behind `:guide` in Neo4j Browser. The list of hosts names `localhost`."""
        return f"http://localhost:{self.server_port}/guide.html"


def origin(address: str) -> str:
    """The origin that a browser gives a page at this address: `http://localhost:7474`."""
    found = re.match(r"(https?://[\w.-]+(?::[0-9]+)?)(?:/|$)", address)
    if found is None:
        raise UsageError(f"--origin is where Browser is opened ({ORIGINS[0]}), not {address!r}")
    return found[1].lower()


class _Handler(LoopbackHandler):
    server: GuideServer

    def do_GET(self) -> None:
        """One of the files."""
        content = self.server.contents.get(self.path)
        if self.foreign() or content is None:
            self.send_error(403 if self.foreign() else 404)
            return
        self.send_response(200)
        self.send_header("Content-Type", guess_type(self.path)[0] or "text/plain; charset=utf-8")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        if self.command == "GET":
            self.wfile.write(content)

    do_HEAD = do_GET

    def do_OPTIONS(self) -> None:
        """Answer the question that goes before a request across origins."""
        self.send_response(403 if self.foreign() else 204)
        self.end_headers()

    def end_headers(self) -> None:
        """Allow what Browser asks for, and nobody else."""
        if not self.foreign():
            allowed = self.headers.get("Origin")
            if allowed is not None:
                self.send_header("Access-Control-Allow-Origin", allowed)
            self.send_header("Access-Control-Allow-Headers", "pragma, cache-control")
            self.send_header("Access-Control-Allow-Private-Network", "true")
        self.send_header("Vary", "Origin")
        super().end_headers()
