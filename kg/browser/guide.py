"""The guide that Neo4j Browser shows in its side bar, and the small server that it takes it from.

Browser loads a guide over HTTP only, from a host on the server's list (`localhost` is on it unless
somebody took it off), and asks across origins with headers of its own: a plain file server will not
do, since it does not allow that.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from kg.browser.scripts import runnable
from kg.errors import UsageError
from kg.ontology import GROUPS, Ontology
from kg.questions import Question

PORT = 8001


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


class GuideServer(ThreadingHTTPServer):
    """Serves a folder on loopback so that Neo4j Browser can load the guide in it.

    `port` 0 takes a free one. `serve_forever()` runs it; `with` closes it. Raises `UsageError`
    where the port is taken.
    """

    def __init__(self, folder: Path | str, port: int = PORT) -> None:
        try:
            super().__init__(("127.0.0.1", port), partial(_Handler, directory=str(folder)))
        except OSError as why:
            raise UsageError(f"no guide can be served on port {port}: {why.strerror}") from None

    @property
    def address(self) -> str:
        """What to type behind `:guide` in Neo4j Browser. The list of hosts names `localhost`."""
        return f"http://localhost:{self.server_port}/guide.html"


class _Handler(SimpleHTTPRequestHandler):
    def end_headers(self) -> None:
        """Allow what Browser asks for; there is nothing here but the guide and its files."""
        self.send_header("Access-Control-Allow-Origin", "*")
        self.send_header("Access-Control-Allow-Headers", "pragma, cache-control")
        self.send_header("Access-Control-Allow-Private-Network", "true")
        super().end_headers()

    def do_OPTIONS(self) -> None:
        """Answer the question that goes before a request across origins."""
        self.send_response(204)
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing: the terminal is the user's."""
