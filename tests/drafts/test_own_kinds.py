"""A kind that only a folder of one's own has is drafted like any other: no code names it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from kg import ontology
from kg.drafts import Document, draft, gazetteer
from kg.drafts.drafters import Given, model
from kg.drafts.patterns import Sayings
from kg.ontology import Ontology

NODE = """
kind: Seizure
doc: An authority takes over servers or coins.
look: {shape: square, colour: "#446688"}
properties:
  occurred: {type: edtf, evidence: true, policy: most_precise, doc: When.}
  hosts:
    type: integer
    evidence: true
    doc: How many hosts.
    said_as:
    - "{value} hosts"
  rationale:
    evidence: true
    doc: What it was for.
    said_as:
    - "so as to {value}"
  sealed: {type: bool, declared: true, doc: Whether the order is sealed.}
  rank: {type: number, evidence: true, asked: false, doc: How a list ranks it.}
named_as:
- "seizure"
stands_for: [takedown]
pronouns: [it]
said_as:
- "{SEIZED_BY} %seize {SEIZES}"
"""
BY = """
edge: SEIZED_BY
doc: The authority that did it.
group: coercion
from: [Seizure]
to: [Agency, State]
look: {colour: "#446688"}
introduces: {object: agency}
tells_apart: 1
"""
OF = """
edge: SEIZES
doc: What was taken over.
group: coercion
from: [Seizure]
to: [Infrastructure, Organization]
look: {colour: "#446688"}
qualifiers:
  ground:
    values: [warrant, consent]
    doc: On what it rests.
    said_as:
    - "under a (court )?warrant => warrant"
"""
AFTER = """
edge: FOLLOWED_ON
doc: The seizure was the answer to the incident.
group: coercion
from: [Seizure]
to: [Incident]
look: {colour: "#446688"}
said_as:
- "{subject} <be> an answer to {object}"
"""
TEXT = (
    "The hacking group Red Lantern broke into Acme Bank in May 2024. "
    "On 3 June 2024 the Ruritanian Cyber Police seized the domain update-check.example under a "
    "court warrant, together with 14 hosts. The takedown was made so as to protect other banks. "
    "The seizure was an answer to the breach at Acme Bank."
)


@pytest.fixture(scope="module")
def kinds(tmp_path_factory: pytest.TempPathFactory) -> Ontology:
    folder = tmp_path_factory.mktemp("mine")
    edges = {"seized_by": BY, "seizes": OF, "followed_on": AFTER}
    for part, files in (("nodes", {"seizure": NODE}), ("edges", edges)):
        (folder / part).mkdir()
        for name, text in files.items():
            (folder / part / f"{name}.yaml").write_text(text, encoding="utf-8")
    return ontology.load([folder])


def test_rules_draft_it_from_its_file_alone(kinds: Ontology) -> None:
    made = draft(Document(TEXT, date="2024-06-10"), gazetteer.of(), kinds)
    found = {p.predicate: p for p in made.proposals if p.subject.thing.kind == "seizure"}
    assert {name: p.target for name, p in found.items()} == {
        "SEIZED_BY": "agency:ruritanian-cyber-police",
        "SEIZES": "infrastructure:update-check-example",
        "occurred": "2024-06-03",
        "hosts": "14",
        "rationale": "protect other banks",
        "FOLLOWED_ON": "incident:acme-bank-2024",
    }
    assert found["SEIZES"].fields["ground"] == "warrant"
    assert TEXT[slice(*found["rationale"].subject.span)] == "The takedown"
    assert found["hosts"].subject.thing.id == "seizure:ruritanian-cyber-police-2024"
    assert Sayings(kinds).stands_for("It", "seizure")
    assert not Sayings(kinds).stands_for("she", "seizure")


def test_a_model_is_asked_for_it_and_its_answer_is_read(kinds: Ontology, tmp_path: Path) -> None:
    document = Document(TEXT, date="2024-06-10")
    (message,) = model.request(Given(document, gazetteer.of(), kinds))["messages"]
    asked = message["content"]
    for line in ("- Seizure: ", "- SEIZES (Seizure → ", "`ground`, if said: warrant; consent.",
                 "- hosts (Seizure; integer)", "- `sealed` (Seizure; bool)"):  # fmt: skip
        assert line in asked
    assert "- rank (" not in asked
    answer = {
        "things": {
            "s": {"kind": "Seizure", "name": "seized the domain", "sealed": True, "rank": 3},
            "d": {"kind": "Infrastructure", "name": "update-check.example", "sort": "no sort"},
        },
        "claims": [
            {"quote": "seized the domain update-check.example under a court warrant",
             "subject": "s", "predicate": "SEIZES", "object": "d", "ground": "warrant",
             "ground_words": "under a court warrant"}
        ],
    }  # fmt: skip
    (tmp_path / "answer.json").write_text(json.dumps(answer), encoding="utf-8")
    options = {"answers": str(tmp_path / "answer.json")}
    (one,) = draft(document, gazetteer.of(), kinds, "model", options).proposals
    assert one.fields == {"ground": "warrant"}
    assert dict(one.subject.thing.declared) == {"sealed": True}
    assert one.object is not None
    assert dict(one.object.thing.declared) == {}
