"""A real server on loopback with a small graph behind it, in which a name is hostile."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPResponse
from pathlib import Path
from threading import Thread
from typing import Any

import pytest

import kg
from kg.graph.lens import WHOLE, Lens
from kg.serve.server import GraphServer

HOSTILE = "</script><img src=x onerror=alert(1)>\u202e"
MORE = """
document: {id: document:more, name: More, published_by: organization:press, date: 2020-01-02}
entities:
  organization:press: The Press
  organization:vendor: A vendor
  group:odd: ODD
  software:many: Many Hands
  GROUPS
claims:
- asserter: organization:vendor
  says: [group:odd, USED, software:many]
- {asserter: organization:vendor, says: [software:many, alias, Octópus Kit]}
USES
"""


@dataclass
class Client:
    """Asks a server as its page would, or as a stranger."""

    server: GraphServer

    def send(
        self, method: str, path: str, body: Any = None, **headers: str | None
    ) -> tuple[HTTPResponse, bytes]:
        """The answer to any request; headers of None are left out."""
        connection = HTTPConnection("127.0.0.1", self.server.server_port, timeout=60)
        given = {"Host": f"127.0.0.1:{self.server.server_port}"}
        if body is not None:
            given["Content-Type"] = "application/json"
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        known = {name: value for name, value in {**given, **named}.items() if value is not None}
        text = json.dumps(body) if isinstance(body, dict | list) else body
        connection.request(method, path, body=text, headers=known)
        answer = connection.getresponse()
        return answer, answer.read()

    def ask(self, name: str, **given: Any) -> dict[str, Any]:
        """What is answered to a question, `status` beside it."""
        answer, text = self.send("POST", f"/{self.server.token}/{name}", given)
        found: dict[str, Any] = json.loads(text)
        return found | {"status": answer.status}


@pytest.fixture(scope="session")
def served_graph(
    root: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[kg.KnowledgeGraph]:
    """The article, a name that is no name, and a tool of fifty groups."""
    folder = tmp_path_factory.mktemp("serve")
    groups = [f"group:g{number}" for number in range(50)]
    uses = "- {asserter: organization:vendor, says: [%s, USED, software:many]}"
    text = MORE.replace("ODD", json.dumps(HOSTILE))
    text = text.replace("GROUPS", "\n  ".join(f"{id}: Group {id[6:]}" for id in groups))
    text = text.replace("USES", "\n".join(uses % id for id in groups))
    (folder / "more.yaml").write_text(text, encoding="utf-8")
    with kg.open(folder / "kg.kgl") as made:
        made.build([root / "seed" / "sputnik-2019-09.yaml", folder / "more.yaml"])
        yield made


@pytest.fixture(scope="session")
def client(served_graph: kg.KnowledgeGraph) -> Iterator[Client]:
    """The whole graph, served."""
    yield from serving(served_graph)


def serving(graph: kg.KnowledgeGraph, base: Lens = WHOLE) -> Iterator[Client]:
    """Serve a graph through a lens until the test is over."""
    own = kg.open(graph.url, graph.ledger.folder)  # a graph is one thread's
    with GraphServer(own, base, port=0) as server:
        thread = Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        yield Client(server)
        server.shutdown()
        thread.join()
        assert server.end()


def ids(answer: Mapping[str, Any]) -> set[str]:
    """The nodes of a picture."""
    return {node["id"] for node in answer["nodes"]}
