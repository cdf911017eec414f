"""`kg serve`: what it answers, whom, and a page that asks it."""

from __future__ import annotations

import json
import threading
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page

import kg
from kg.api import KnowledgeGraph
from kg.base.errors import UsageError
from kg.graph.lens import Lens
from kg.serve import Pages, PictureServer
from tests.servers.chromium import PageLog


@pytest.fixture(scope="module")
def graph(tmp_path_factory: pytest.TempPathFactory) -> Iterator[KnowledgeGraph]:
    with kg.open(str(tmp_path_factory.mktemp("serve") / "kg.kgl")) as graph:
        graph.build()
        yield graph


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PictureServer]:
    path = tmp_path_factory.mktemp("served") / "kg.kgl"
    with kg.open(str(path)) as made:
        made.build()
    with PictureServer(Pages(kg.open(str(path))), 0) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield server
        server.shutdown()
        thread.join()


def asked(address: str, **headers: str) -> tuple[int, str]:
    try:
        answer = urllib.request.urlopen(urllib.request.Request(address, headers=headers))
        return answer.status, answer.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, error.read().decode()


def pages_of(graph: KnowledgeGraph, base: Lens | None = None) -> Pages:
    return Pages(graph, base) if base else Pages(graph)


def ids_in(page: str) -> set[str]:
    text = page.partition('<script type="application/json" id="data">')[2].partition("<")[0]
    return {node["id"] for node in json.loads(text)["nodes"]}


def test_only_who_knows_the_token_and_calls_the_server_by_its_name(server: PictureServer) -> None:
    assert asked(server.address)[0] == 200
    assert asked(server.address.replace(server.token, "guess"))[0] == 403
    assert asked(f"http://127.0.0.1:{server.server_port}/")[0] == 403
    assert asked(server.address, Host="rebound.example")[0] == 403
    assert asked(server.address, Origin="https://page.example")[0] == 403
    assert asked(server.address + "../etc/passwd")[0] in (403, 404)
    assert asked(server.address + "other")[0] == 404
    for method in ("POST", "PUT", "DELETE"):
        request = urllib.request.Request(server.address, method=method, data=b"x")
        with pytest.raises(urllib.error.HTTPError, match="501"):
            urllib.request.urlopen(request)
    assert server.server_address[0] == "127.0.0.1"


def test_a_fault_is_told_and_the_server_goes_on(server: PictureServer) -> None:
    status, text = asked(server.address + "?view=%3Cscript%3E")
    assert (status, "<script>" in text) == (400, False)
    assert "there is no view" in text
    assert asked(server.address + "?view=path&p.from=incident:wannacry")[0] == 400
    assert asked(server.address + "?question=nope")[0] == 400
    assert asked(server.address)[0] == 200


def test_any_name_is_found(graph: KnowledgeGraph) -> None:
    found = pages_of(graph).find({"q": ["hidden cobra"]})
    assert "group:lazarus-group" in [hit["id"] for hit in found]
    assert pages_of(graph).find({"q": ["Lazarus Group"]})[0]["id"] == "group:lazarus-group"
    assert pages_of(graph).find({"q": [" "]}) == []


def test_a_neighbour_opens(graph: KnowledgeGraph) -> None:
    asked_for = {"nodes": ["incident:wannacry"], "expand": ["group:lazarus-group"]}
    ids = ids_in(pages_of(graph).page(asked_for))
    assert {"incident:wannacry", "group:lazarus-group", "group:bluenoroff"} <= ids


def test_a_question_is_drawn_through_a_lens(graph: KnowledgeGraph) -> None:
    question = {"question": ["who_attributes"], "p.incident": ["incident:wannacry"]}
    whole = ids_in(pages_of(graph).page(question))
    early = ids_in(pages_of(graph).page({**question, "as_of": ["2017-06-01"]}))
    assert "incident:wannacry" in early
    assert early < whole
    with pytest.raises(UsageError, match="started with a lens"):
        pages_of(graph, Lens(as_of="2017-01-01")).page({"as_of": ["2019-01-01"]})


def test_a_page_may_ask_its_server_and_a_file_nobody(graph: KnowledgeGraph, tmp_path: Path) -> None:
    assert "connect-src 'self'" in pages_of(graph).page({}).replace("&#39;", "'")
    text = graph.render("attribution", tmp_path / "a.html").read_text("utf-8")
    assert "connect-src" not in text


def test_a_reader_goes_on_from_a_page(server: PictureServer, page: Page, page_log: PageLog) -> None:
    page.goto(server.address)
    page.wait_for_selector("body[data-drawn]")
    page.fill("#search", "fallchill")
    page.locator(".elsewhere", has_text="FALLCHILL").first.dispatch_event("mousedown")
    page.wait_for_url("**view=neighbourhood**")
    page.wait_for_selector("body[data-drawn]")
    page.click("#tool-expand")
    page.wait_for_url("**expand=**")
    page.wait_for_selector("body[data-drawn]")
    page.click("#tool-ask")
    page.fill("#lens-as_of", "2018-01-01")
    page.click("#draw-who_attributes")
    page.wait_for_url("**question=who_attributes**")
    page.wait_for_selector("body[data-drawn]")
    assert "as_of=2018-01-01" in page.url
    host = urllib.parse.urlsplit(server.address).netloc
    assert {urllib.parse.urlsplit(one).netloc for one in page_log.outside} == {host}
    assert page_log.errors == []
