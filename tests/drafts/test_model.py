"""The drafter by a model: recorded answers, an address that the user gives, and the same proof."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, HTTPServer
from importlib.resources import files
from pathlib import Path

import pytest

from kg import ontology
from kg.base.errors import InputError, UsageError
from kg.drafts import Draft, desk, draft, gazetteer
from kg.drafts.document import read
from kg.drafts.drafters import Given, model

DATA = Path(__file__).parent / "data"
ANSWERS = DATA / "harbour.answers.json"
"""Written by hand, in the form in which a model answers; no model was asked."""


def drafted(options: dict[str, str]) -> Draft:
    return draft(read(DATA / "harbour.txt"), gazetteer.of(), ontology.load(), "model", options)


def test_recorded_answers_pass_the_same_proof() -> None:
    made = drafted({"answers": str(ANSWERS)})
    assert [one.predicate for one in made.proposals].count("ATTRIBUTED_TO") == 2
    assert len(made.proposals) == 3
    assert {one.why for one in made.refused} == {
        "its quote does not stand in the document",
        "'at least $2 million' reads as 2000000, not 3000000",
        "the object stands outside of the document",
    }


def test_what_stands_for_a_name_is_shown_with_where_the_name_stands() -> None:
    text = read(DATA / "harbour.txt").text
    chained = [one.object for one in drafted({"answers": str(ANSWERS)}).proposals
               if one.object and one.object.chain]  # fmt: skip
    assert [text[slice(*one.span)] for one in chained] == ["The group"]
    assert [text[slice(*one.chain[-1])] for one in chained] == ["Paper Crane"]


def test_the_example_that_a_model_is_shown_is_proven() -> None:
    example = Path(str(files("kg.drafts").joinpath("request")))
    document = replace(read(example / "example.txt"), date="2020-05-12")
    options = {"answers": str(example / "example.json")}
    made = draft(document, gazetteer.of(), ontology.load(), "model", options)
    assert made.refused == ()
    assert len(made.proposals) == 8


def test_a_request_says_the_whole_vocabulary_and_the_document() -> None:
    document = replace(read(DATA / "harbour.txt"), publisher=("organization:x", "The Example"))
    (message,) = model.request(Given(document, gazetteer.of(), ontology.load()))["messages"]
    asked = message["content"]
    assert document.text.strip() in asked
    assert "published by The Example" in asked
    edges = ontology.load().edges.values()
    asked_of = [e for e in edges if e.claimable and e.group not in ("evidence", "structure")]
    assert all(f"- {edge.edge} (" in asked for edge in asked_of)
    assert "code reuse" in asked


@pytest.mark.parametrize(("words", "proven"), [("hacked", True), ("its servers", False)])
def test_an_event_may_be_meant_by_the_verb_that_tells_of_it(
    tmp_path: Path, words: str, proven: bool
) -> None:
    text = (
        "The break-in at Acme Bank was told on Monday. Red Lantern hacked its servers, Acme said."
    )
    (tmp_path / "a.txt").write_text(text, encoding="utf-8")
    answer = {
        "things": {
            "i": {"kind": "Incident", "name": "break-in at Acme Bank"},
            "g": {"kind": "Group", "name": "Red Lantern"},
        },
        "claims": [
            {"quote": "Red Lantern hacked its servers", "words": {"i": words}, "subject": "i",
             "predicate": "ATTRIBUTED_TO", "object": "g"}
        ],
    }  # fmt: skip
    (tmp_path / "answer.json").write_text(json.dumps(answer), encoding="utf-8")
    options = {"answers": str(tmp_path / "answer.json")}
    made = draft(read(tmp_path / "a.txt"), gazetteer.of(), ontology.load(), "model", options)
    assert len(made.proposals) == proven
    assert len(made.refused) == (not proven)


def test_an_event_may_be_meant_by_a_clause_that_tells_of_it(tmp_path: Path) -> None:
    text = "The break-in at Acme Bank was told on Monday. The thieves moved dozens of files away."
    (tmp_path / "a.txt").write_text(text, encoding="utf-8")
    quote = "The thieves moved dozens of files away"
    answer = {
        "things": {"i": {"kind": "Incident", "name": "break-in at Acme Bank"}},
        "claims": [
            {"quote": quote, "words": {"i": quote}, "subject": "i", "predicate": "magnitude",
             "value": "dozens of files"}
        ],
    }  # fmt: skip
    (tmp_path / "answer.json").write_text(json.dumps(answer), encoding="utf-8")
    options = {"answers": str(tmp_path / "answer.json")}
    made = draft(read(tmp_path / "a.txt"), gazetteer.of(), ontology.load(), "model", options)
    assert [text[slice(*one.subject.span)] for one in made.proposals] == ["thieves"]


@pytest.mark.parametrize(("words", "proven"), [("failed", True), ("on Monday", False)])
def test_a_term_may_be_told_by_a_form_of_it(tmp_path: Path, words: str, proven: bool) -> None:
    (tmp_path / "a.txt").write_text("The missile test failed on Monday.", encoding="utf-8")
    answer = {
        "things": {"i": {"kind": "Incident", "name": "missile test"}},
        "claims": [
            {"quote": "The missile test failed on Monday", "subject": "i", "predicate": "outcome",
             "value": "failure", "value_words": words}
        ],
    }  # fmt: skip
    (tmp_path / "answer.json").write_text(json.dumps(answer), encoding="utf-8")
    options = {"answers": str(tmp_path / "answer.json")}
    made = draft(read(tmp_path / "a.txt"), gazetteer.of(), ontology.load(), "model", options)
    assert len(made.proposals) == proven


def test_a_request_is_written_and_nobody_is_asked(tmp_path: Path) -> None:
    out = tmp_path / "ask.json"
    known, told = gazetteer.of(), desk.Told(date="2022-03-04")
    desk.request(DATA / "harbour.txt", out, told, known, ontology.load(), {"model": "small"})
    asked = json.loads(out.read_text("utf-8"))
    assert asked["model"] == "small"
    assert "dated 2022-03-04" in asked["messages"][0]["content"]


@pytest.fixture
def server() -> Iterator[tuple[str, list[dict[str, object]]]]:
    """A stand-in for a model on this machine, which answers with what was recorded."""
    asked: list[dict[str, object]] = []

    class Answer(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            asked.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
            content = "Here it is:\n" + ANSWERS.read_text("utf-8")
            body = json.dumps({"choices": [{"message": {"content": content}}]}).encode()
            self.send_response(200)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Quiet."""

    made = HTTPServer(("127.0.0.1", 0), Answer)
    thread = threading.Thread(target=made.serve_forever, args=(0.01,))
    thread.start()
    yield f"http://127.0.0.1:{made.server_port}/v1", asked
    made.shutdown()
    thread.join()
    made.server_close()


def test_an_address_that_is_given_is_asked_once(
    server: tuple[str, list[dict[str, object]]],
) -> None:
    address, asked = server
    assert len(drafted({"url": address, "model": "small"}).proposals) == 3
    (question,) = asked
    assert question["model"] == "small"
    assert "Paper Crane" in json.dumps(question)


def test_nobody_is_asked_without_an_address() -> None:
    with pytest.raises(UsageError, match="asks nobody by itself"):
        drafted({})


def test_an_answer_that_is_no_json_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "answers.json"
    path.write_text("I cannot help with that.", encoding="utf-8")
    with pytest.raises(InputError, match="no JSON object"):
        drafted({"answers": str(path)})
