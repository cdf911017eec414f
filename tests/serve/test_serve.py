"""The server, asked over its socket: whom it answers, what it never does, and what it says."""

from __future__ import annotations

import json
import re
import signal
import socket
import subprocess
import sys
import time
from contextlib import contextmanager
from pathlib import Path
from threading import Event
from typing import Any
from urllib.parse import quote

import pytest

import kg
from kg import views
from kg.api import only_parameters
from kg.ask.search import Finder
from kg.base.errors import UsageError
from kg.graph.lens import Lens
from kg.mcp.tools import LensGiven, Tools
from kg.serve.pictures import NEIGHBOURS, Near
from kg.serve.server import BODY, GraphServer
from kg.serve.turns import Busy, Turns
from tests.serve.conftest import HOSTILE, Client, ids, serving
from tests.servers.neo4j import Neo4jServer

WANNACRY = "incident:wannacry"
EACH: dict[str, dict[str, Any]] = {
    "search": {"text": "many hands"},
    "picture": {"expanded": ["software:many"]},
    "ask": {"question": "who_attributes"},
    "explain": {"subject": "software:many"},
}
"""Each question that takes a lens."""


# --- who is answered -----------------------------------------------------------------------------


def test_the_page_is_for_whoever_has_its_address(client: Client) -> None:
    answer, text = client.send("GET", f"/{client.server.token}/")
    assert answer.status == 200
    assert b"<title>Attribution</title>" in text
    policy = answer.getheader("Content-Security-Policy") or ""
    assert f"connect-src {client.server.address};" in policy
    assert "frame-ancestors 'none'" in policy
    assert answer.getheader("Referrer-Policy") == "no-referrer"
    assert b"default-src &#39;none&#39;" in text


@pytest.mark.parametrize("change", ["", "x", "TOKENx", "TOKE", "token", "%54OKEN", "..", "%C3%A9"])
def test_without_the_token_nothing_is_there(client: Client, change: str) -> None:
    token = client.server.token
    wrong = change.replace("TOKEN", token).replace("TOKE", token[:-1])
    wrong = wrong.replace("token", token.swapcase())
    for method, name in (("GET", ""), ("POST", "search"), ("POST", "nothing"), ("GET", "page")):
        answer, text = client.send(method, f"/{wrong}/{name}", {"text": "lazarus"})
        assert (answer.status, json.loads(text)) == (404, {"error": "there is nothing here"})
        assert token not in str(answer.headers) + text.decode()
    answer, _ = client.send("GET", f"/{token}")
    assert answer.status == 404


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "http://evil.example"},
        {"Origin": "null"},
        {"Origin": "http://127.0.0.1:1"},
        {"Host": "evil.example"},
        {"Host": "127.0.0.1"},
        {"Host": "127.0.0.1.evil.example:PORT"},
    ],
)
def test_other_pages_and_other_names_are_refused(client: Client, headers: dict[str, str]) -> None:
    port = str(client.server.server_port)
    given: Any = {name: value.replace("PORT", port) for name, value in headers.items()}
    for method, name, body in (("GET", "", None), ("POST", "search", {"text": "lazarus"})):
        answer, text = client.send(method, f"/{client.server.token}/{name}", body, **given)
        assert answer.status == 403
        assert client.server.token not in str(answer.headers) + text.decode()
        assert answer.getheader("Access-Control-Allow-Origin") is None


def test_it_listens_on_this_machine_alone_and_answers_its_own_page(client: Client) -> None:
    assert client.server.socket.getsockname()[0] == "127.0.0.1"
    own = f"http://localhost:{client.server.server_port}"
    path, asked = f"/{client.server.token}/search", {"text": "lazarus"}
    answer, _ = client.send("POST", path, asked, Origin=own, Host=own.removeprefix("http://"))
    assert answer.status == 200


def test_tokens_cannot_be_guessed_and_are_compared_in_constant_time(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert len(client.server.token) >= 43  # 256 bits
    compared = []

    def never(*two: bytes) -> bool:
        compared.append(two)
        return False

    monkeypatch.setattr("kg.serve.server.hmac.compare_digest", never)
    answer, _ = client.send("GET", f"/{client.server.token}/")
    assert (answer.status, len(compared)) == (404, 1)


# --- what it never does --------------------------------------------------------------------------


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "OPTIONS", "HEAD", "BREW"])
def test_a_page_is_got_a_question_posted_and_nothing_else(client: Client, method: str) -> None:
    answer, _ = client.send(method, f"/{client.server.token}/")
    assert answer.status in (405, 501)


def test_nothing_can_be_written(client: Client, served_graph: kg.KnowledgeGraph) -> None:
    manifest = served_graph.ledger.manifest().id
    statement = "MATCH (n) DETACH DELETE n"
    for name, given in {
        "ask": {"question": statement},
        "picture": {"question": statement},
        "explain": {"subject": statement},
        "cypher": {"statement": statement},
        "load": {},
    }.items():
        assert client.ask(name, **given)["status"] in (400, 404)
    for own in ("write", "timeout", "lens", "max_marking"):
        for name in ("ask", "picture"):
            found = client.ask(name, question="who_attributes", given={own: True})
            assert found["error"] == f"no parameter of a question is called {own!r}"
    assert served_graph.ledger.manifest().id == manifest
    assert client.ask("search", text="lazarus")["data"]["entities"]


def test_an_assistants_parameters_cannot_let_its_statement_write() -> None:
    class Asked:
        def query(self, *_asked: Any, **given: Any) -> None:
            raise AssertionError(given)

    tools = Tools(Asked())  # type: ignore[arg-type]
    for own in ("write", "timeout", "question", "self"):
        with pytest.raises(UsageError, match=f"no parameter of a question is called '{own}'"):
            tools.cypher("CREATE (n) RETURN n", {own: True})
    assert only_parameters({"incident": "x"}) == {"incident": "x"}


@pytest.mark.parametrize(
    ("body", "headers", "status"),
    [
        ("{", {}, 400),
        ("[]", {}, 400),
        ("[" * 20_000, {}, 400),
        ('{"text": "x"}', {"Content_Type": "text/plain"}, 415),
        ('{"text": "x"}', {"Content_Length": "many"}, 411),
        ("", {"Content_Length": str(BODY + 1)}, 413),
        ("", {"Content_Length": "9" * 30}, 413),
        ('{"text": ""}', {}, 400),
        ('{"text": 5}', {}, 400),
        ('{"text": "x", "limit": -1}', {}, 400),
        ('{"text": "x", "limit": true}', {}, 400),
        ('{"text": "x", "more": 1}', {}, 400),
        ('{"text": "x", "lens": {"max_marking": "TLP:RED"}}', {}, 400),
        ('{"text": "x", "lens": {"as_of": 5}}', {}, 400),
        ('{"text": "x", "lens": {"as_of": "someday"}}', {}, 400),
        ('{"text": "x", "kind": {}}', {}, 400),
    ],
)
def test_what_is_no_question_is_told_as_json(
    client: Client, body: str, headers: dict[str, str], status: int
) -> None:
    given: Any = {"Content_Type": "application/json", **headers}
    answer, text = client.send("POST", f"/{client.server.token}/search", body, **given)
    assert answer.status == status
    assert list(json.loads(text)) == ["error"]
    assert "Traceback" not in text.decode()


def test_what_is_no_request_gets_no_page(client: Client) -> None:
    for said in (b"\x16\x03\x01\n\n", b"GET\r\n\r\n", b"GET //[ HTTP/1.0\r\n\r\n", b"\n", b""):
        with socket.create_connection(("127.0.0.1", client.server.server_port)) as raw:
            raw.sendall(said)
            raw.shutdown(socket.SHUT_WR)
            answer = b"".join(iter(lambda: raw.recv(65536), b""))
        assert b"<" not in answer
        assert client.server.token.encode() not in answer
    assert client.ask("about")["status"] == 200


def test_a_hostile_name_stays_text(client: Client) -> None:
    odd = {"expanded": ["software:many", "software:many"]}
    path = f"/{client.server.token}/?picture={json.dumps(odd).replace(' ', '')}"
    _, text = client.send("GET", path.replace('"', "%22"))
    page = text.decode()
    assert "group:odd" in page
    assert HOSTILE not in page
    assert "<img" not in page
    answer, raw = client.send("POST", f"/{client.server.token}/search", {"text": "onerror"})
    assert answer.getheader("X-Content-Type-Options") == "nosniff"
    assert json.loads(raw)["data"]["entities"][0]["name"] == HOSTILE
    assert "\u202e" not in raw.decode()


# --- the lens ------------------------------------------------------------------------------------


def test_a_lens_is_computed_by_the_server(client: Client, served_graph: kg.KnowledgeGraph) -> None:
    lens = {"as_of": "2019-12-31", "according_to": "US Treasury Department"}
    found = client.ask("picture", lens=lens)
    assert "organization:vendor" not in {one["id"] for one in found["others"]}
    under = served_graph.corpus(lens=Lens(**lens))
    assert len(found["links"]) == len(views.picture(under, "attribution").links)
    assert found["wanted"]["lens"] == lens
    assert client.ask("search", text="many hands", lens=lens)["status"] == 400


def test_the_lens_of_the_server_cannot_be_widened(served_graph: kg.KnowledgeGraph) -> None:
    for client in serving(
        served_graph, Lens(as_of="2019-12-31", according_to="US Treasury Department")
    ):
        assert client.ask("search", text="many hands")["status"] == 400
        assert client.ask("search", text="lazarus")["status"] == 200
        assert client.ask("picture", expanded=["software:many"])["status"] == 400
        for lens in ({"as_of": "2030"}, {"according_to": "A vendor"}):
            for name, given in EACH.items():
                found = client.ask(name, **given, lens=lens)
                assert found["status"] == 400
                assert "was started with a lens that sets it" in found["error"]
        narrower = client.ask("picture", lens={"valid_on": "2019-09-13"})
        assert narrower["status"] == 200


def test_a_marking_of_the_server_holds_for_every_question(
    served_graph: kg.KnowledgeGraph, tmp_path: Any, root: Any
) -> None:
    secret = tmp_path / "secret.yaml"
    secret.write_text(
        "document: {id: document:s, name: S, published_by: organization:press, date: 2020-01-02}\n"
        "entities: {organization:press: The Press, group:secret: Secret Group,"
        " software:tool: Tool}\n"
        "claims:\n- {asserter: organization:press, marking: 'TLP:RED',"
        " says: [group:secret, USED, software:tool]}\n",
        encoding="utf-8",
    )
    with kg.open(tmp_path / "kg.kgl") as graph:
        graph.build([root / "seed" / "sputnik-2019-09.yaml", secret])
        hidden: dict[str, dict[str, Any]] = {
            "search": {"text": "secret group"},
            "picture": {"expanded": ["group:secret"]},
            "explain": {"subject": "group:secret"},
        }
        for client in serving(graph, Lens(max_marking="TLP:GREEN", unmarked="TLP:CLEAR")):
            for name, given in hidden.items():
                for lens in ({}, {"max_marking": "TLP:RED"}):
                    found = client.ask(name, **given, lens=lens)
                    assert found["status"] == 400
                    assert "Secret Group" not in found["error"]


def test_one_side_that_is_closed_is_nobodys_to_open() -> None:
    base = Lens(as_of="2018", max_marking="TLP:GREEN", unmarked="TLP:CLEAR")
    assert base.narrowed(Lens(valid_on="2017")).as_of == "2018"
    for asked in (Lens(as_of="2017"), Lens(max_marking="TLP:CLEAR"), Lens(as_of="2019")):
        with pytest.raises(UsageError, match="started with a lens"):
            base.narrowed(asked)


# --- what it says --------------------------------------------------------------------------------


def test_search_finds_names_aliases_and_ids_and_says_how_many_more(
    client: Client, served_graph: kg.KnowledgeGraph
) -> None:
    found = client.ask("search", text="group", limit=5)
    assert len(found["data"]["entities"]) == 5
    every, count = Finder(served_graph.corpus()).find("group", limit=1000)
    assert count == len(every) == 5 + found["cut"]["entities"]
    assert [one["id"] for one in found["data"]["entities"]] == [one.id for one in every[:5]]
    for word in ("Many Hands", "hands MANY", "octopus", "Öctopus  kit", "software:many"):
        assert client.ask("search", text=word)["data"]["entities"][0]["id"] == "software:many"
    assert "nothing is called" in client.ask("search", text="lazarsu")["error"]


def test_the_name_itself_goes_before_what_begins_with_it_and_that_before_the_rest(
    served_graph: kg.KnowledgeGraph,
) -> None:
    finder = Finder(served_graph.corpus())
    assert [one.by for one in finder.find("Group g1")[0][:3]] == [
        *("Group g1", "Group g10", "Group g11")
    ]
    found, _ = finder.find("group", kind="Group", limit=100)
    begins = [one.by.casefold().startswith("group") for one in found]
    assert begins == sorted(begins, reverse=True)
    assert not all(begins)


def test_expanding_adds_the_neighbours_and_says_what_was_cut(
    client: Client, served_graph: kg.KnowledgeGraph
) -> None:
    before = client.ask("picture", question="who_attributes", given={"incident": WANNACRY})
    asked = {"question": "who_attributes", "given": {"incident": WANNACRY}}
    hub = client.ask("picture", **asked, expanded=["software:many"])
    added = ids(hub) - ids(before)
    near = Near(served_graph.corpus())
    assert added == {"software:many", *near.of("software:many")[:NEIGHBOURS]}
    (node,) = (one for one in hub["nodes"] if one["id"] == "software:many")
    assert node["note"] == f"{NEIGHBOURS} of 51 neighbours"
    assert f"Many Hands: {NEIGHBOURS} of 51 neighbours" in hub["about"]["about"]
    places = {one["id"]: (one["x"], one["y"]) for one in hub["nodes"]}
    assert len(set(places.values())) == len(places)
    assert {one["id"]: (one["x"], one["y"]) for one in before["nodes"]}.items() <= places.items()
    again = client.ask("picture", **asked, expanded=["software:many"] * 2)
    assert len(ids(again)) == len(ids(before)) + 52
    assert "all 51 neighbours" in again["about"]["about"]


def test_a_question_is_drawn_and_answered_as_the_api_does(
    client: Client, served_graph: kg.KnowledgeGraph
) -> None:
    given: dict[str, Any] = {"incident": "WannaCry 2.0"}
    rows = client.ask("ask", question="who_attributes", given=given)["data"]["rows"]
    own = [dict(row) for row in served_graph.query("who_attributes", **given)]
    assert [one["row"] for one in rows] == json.loads(json.dumps(own, default=str))
    drawn = client.ask("picture", question="who_attributes", given=given)
    picture = served_graph.asked_picture("who_attributes", **given)
    assert ids(drawn) == set(picture.nodes)
    told = client.ask("explain", subject=WANNACRY)
    tools = Tools(served_graph).explain(WANNACRY, lens=LensGiven())
    assert told["data"] == json.loads(json.dumps(tools["data"], default=str))
    claim = next(iter(told["claims"]))
    assert claim in client.ask("explain", subject=claim)["claims"]


def test_errors_are_the_sentences_of_the_command(client: Client) -> None:
    assert "did you mean" in client.ask("picture", view="atribution")["error"]
    assert "who_attributes" in client.ask("ask", question="who_atributes")["error"]
    for own in ("corpus", "name"):
        said = client.ask("picture", view="attribution", given={own: "x"})["error"]
        assert said == f"attribution has no parameter {own!r} (it has: none)"
    for kind, said in (
        ("Grop", "there is no kind 'Grop'; did you mean 'Group'?"),
        (["Group"], 'kind takes a text, not ["Group"]'),
        ("Campaign", "the graph holds no Campaign, so nothing is called 'many'"),
    ):
        assert client.ask("search", text="many", kind=kind)["error"] == said
    assert "needs parameters" in client.ask("picture", view="path")["error"]
    assert "not with both" in client.ask("picture", view="attribution", question="x")["error"]
    assert "begin anew" in client.ask("picture", expanded=["software:many"] * 61)["error"]
    assert "nothing is called" in client.ask("picture", expanded=["group:lazrus"])["error"]


# --- its turns, its end --------------------------------------------------------------------------


def test_who_waits_too_long_is_told_and_the_rest_are_answered() -> None:
    turns, stuck = Turns(), Event()
    with pytest.raises(Busy, match="no answer within"):
        turns.take(stuck.wait, 0.01)
    with pytest.raises(Busy, match="no answer within"):
        turns.take(lambda: 1, 0.01)
    assert not turns.end(lambda: None, 0.01)
    stuck.set()
    turns = Turns()
    assert turns.take(lambda: 2) == 2
    with pytest.raises(ZeroDivisionError):
        turns.take(lambda: 1 / 0)
    assert turns.end(lambda: None, 60)


def test_what_nobody_waits_for_any_more_is_stopped_and_the_next_is_answered() -> None:
    turns, begun, over = Turns(), Event(), Event()

    def endless() -> None:
        try:
            begun.set()
            while True:
                pass
        finally:
            over.set()

    while not begun.is_set():  # a busy machine may not come to it at once
        with pytest.raises(Busy, match="so it was stopped"):
            turns.take(endless, 0.05)
    assert turns.take(lambda: 2, 30) == 2
    assert over.is_set()
    assert turns.end(lambda: None, 60)


ENDLESS = "UNWIND range(1, 1000000000) AS n WITH n WHERE n % 999999999 = 0 RETURN count(n) AS n"


def test_a_statement_past_its_time_is_stopped_on_the_server_behind(
    neo4j_empty: Neo4jServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    host = neo4j_empty.uri.partition("://")[2]
    address = f"bolt://{neo4j_empty.user}:{quote(neo4j_empty.password)}@{host}"
    claims = "document: {id: document:d, name: D}\nentities: {group:g: G}\nclaims: []\n"
    (tmp_path / "small.yaml").write_text(claims, encoding="utf-8")
    with kg.open(address, tmp_path / "ledger") as graph:
        graph.build([tmp_path / "small.yaml"])
        for client in serving(graph):
            with monkeypatch.context() as soon:
                soon.setattr("kg.mcp.tools.SECONDS", 1.0)
                # a page asks saved questions alone: here one has this statement
                soon.setattr(Tools, "ask", Tools.cypher)
                told = client.ask("ask", question=ENDLESS)
            assert "stopped after 1 second" in told["error"]
            there = (
                "SHOW TRANSACTIONS YIELD currentQuery AS q WHERE q CONTAINS '999999999' RETURN q"
            )
            while any("SHOW" not in row["q"] for row in map(dict, neo4j_empty.run(there))):
                time.sleep(0.1)
            assert client.ask("ask", question="who_attributes")["status"] == 200


@contextmanager
def _command(*words: str) -> Any:
    ran = subprocess.Popen(
        [sys.executable, "-m", "kg", "serve", *words], stderr=subprocess.PIPE, text=True
    )
    try:
        yield ran
    finally:
        ran.kill()
        ran.wait()


def test_ctrl_c_ends_it_with_exit_code_0_and_a_taken_port_with_2(
    served_graph: kg.KnowledgeGraph,
) -> None:
    where = ["--db", str(served_graph.url), "--ledger", str(served_graph.ledger.folder)]
    with _command("--port", "0", *where) as ran:
        said = ran.stderr.readline()
        found = re.search(r"http://127\.0\.0\.1:(\d+)/[\w-]{43}/", said)
        assert found, said
        with _command("--port", found[1], *where) as second:
            assert second.wait(300) == 2
            assert f"port {found[1]}: Address already in use" in second.stderr.read()
        ran.send_signal(signal.SIGINT)
        assert ran.wait(300) == 0
        assert ran.stderr.read() == ""


def test_a_graph_that_is_not_there_is_told_before_anything_is_served(tmp_path: Any) -> None:
    with pytest.raises(UsageError, match="there is no ledger"):
        GraphServer(kg.open(tmp_path / "none.kgl"), port=0)
