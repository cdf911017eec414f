"""What may be passed on: by marking, by derivation, and by what is redacted."""

from __future__ import annotations

from pathlib import Path

import pytest

import kg
from kg.base.errors import UsageError
from kg.claims.columns import LINKS

FILES = {
    "open": """\
document: {id: document:open, name: Open paper, date: 2018-03-01, marking: TLP:CLEAR}
entities:
  organization:vendor: The Vendor
  group:night: Night
  incident:theft: The theft
claims:
- {ref: first, asserter: organization:vendor, says: [incident:theft, ATTRIBUTED_TO, group:night]}
- {asserter: organization:vendor, marking: TLP:RED, says: [group:night, alias, CANARY alias]}
- {asserter: organization:vendor, disputes: secret#told, says: [incident:theft, status, open]}
""",
    "secret": """\
document: {id: document:secret, name: CANARY paper, date: 2018-04-01, marking: TLP:RED}
entities:
  organization:spy: CANARY spy
  incident:theft: CANARY theft
  group:night: Night
  group:dusk: CANARY dusk
claims:
- {ref: told, asserter: organization:spy, says: [incident:theft, ATTRIBUTED_TO, group:night]}
- {asserter: organization:spy, says: [incident:theft, ATTRIBUTED_TO, group:dusk]}
- {asserter: organization:spy, denies: [incident:theft, ATTRIBUTED_TO, group:night]}
- {asserter: organization:spy, says: [group:night, SAME_AS, group:dusk]}
""",
    "relay": """\
document: {id: document:relay, name: Relay, date: 2018-05-01, marking: TLP:GREEN}
entities:
  organization:press: The Press
  organization:wire: The Wire
  organization:echo: CANARY echo
  incident:theft: The theft
  group:night: Night
claims:
- {asserter: organization:echo, derived_from: secret#told,
   says: [incident:theft, ATTRIBUTED_TO, group:night]}
- {asserter: organization:press, derived_from: open#first,
   says: [incident:theft, ATTRIBUTED_TO, group:night]}
- {asserter: organization:wire, says: [incident:theft, ATTRIBUTED_TO, group:dusk]}
""",
}


@pytest.fixture(scope="module")
def graph(tmp_path_factory: pytest.TempPathFactory) -> kg.KnowledgeGraph:
    folder = tmp_path_factory.mktemp("sharing")
    for name, text in FILES.items():
        (folder / f"{name}.yaml").write_text(text, encoding="utf-8")
    graph = kg.open(folder / "kg.kgl")
    graph.build([folder / f"{name}.yaml" for name in FILES])
    return graph


def test_an_edge_shows_only_what_may_be_shown(graph: kg.KnowledgeGraph) -> None:
    edges = {
        level: graph.query(
            "MATCH (:Incident)-[e:ATTRIBUTED_TO]->(g:Group) RETURN g.name AS group, "
            "e.asserters AS asserters, e.disputed AS disputed ORDER BY group",
            max_marking=level,
        )
        for level in ("TLP:WHITE", "green", "TLP:RED")
    }
    one = {"group": "Night", "asserters": 1, "disputed": False}
    assert list(edges["TLP:WHITE"]) == [one]
    assert list(edges["green"]) == [one]
    assert len(edges["TLP:RED"]) == 1
    assert edges["TLP:RED"][0]["disputed"]


def test_nothing_of_what_is_stricter_is_left(graph: kg.KnowledgeGraph) -> None:
    corpus = graph.corpus(max_marking="TLP:AMBER+STRICT")
    text = str(corpus.statements.to_dicts()) + str(corpus.graph.nodes) + str(corpus.sources)
    assert "CANARY" not in text
    assert "secret" not in text
    told = graph.shared(max_marking="TLP:AMBER+STRICT")
    assert told.counts() == {
        "marked TLP:RED": 5,
        "it repeats what is left out": 1,
        "an end of it has no name that may be shown": 1,
    }


def test_nothing_refers_to_what_is_left_out(graph: kg.KnowledgeGraph) -> None:
    claims = graph.corpus(max_marking="TLP:GREEN").claims
    ids = set(claims["id"])
    assert "group:dusk" not in set(claims["object"])
    for link in LINKS:
        assert set(claims[link].explode().drop_nulls()) <= ids, link
    assert {key for key in claims["statement"] if key.startswith("claim:")} <= ids
    whole = graph.corpus().claims
    assert whole["disputes"].explode().drop_nulls().is_in(list(ids)).not_().any()


def test_what_is_hidden_is_not_offered(graph: kg.KnowledgeGraph) -> None:
    with pytest.raises(UsageError) as why:
        graph.explain("CANARY dus", max_marking="TLP:GREEN")
    assert "group:dusk" not in str(why.value)
    with pytest.raises(UsageError) as why:
        graph.explain("group:dusk", max_marking="TLP:GREEN")
    assert "CANARY" not in str(why.value)


def test_what_repeats_what_is_hidden_is_hidden_whoever_marked_it(graph: kg.KnowledgeGraph) -> None:
    found = graph.explain("incident:theft", max_marking="TLP:GREEN")
    assert {origin.asserter for origin in found.origins} == {"The Vendor"}


@pytest.mark.parametrize(("taken", "left"), [("retracts: ours#red, ", False), ("", True)])
def test_what_takes_back_what_is_hidden_is_no_denial_of_its_own(
    tmp_path: Path, taken: str, left: bool
) -> None:
    blame = "says: [incident:theft, ATTRIBUTED_TO, group:night]"
    (tmp_path / "ours.yaml").write_text(f"""\
document: {{id: document:ours, name: Ours, date: 2018-03-01, marking: TLP:CLEAR}}
entities: {{organization:a: A, organization:b: B, group:night: Night, incident:theft: The theft}}
claims:
- {{ref: red, asserter: organization:a, marking: TLP:RED, asserted: 2017, {blame}}}
- {{asserter: organization:b, {blame}}}
- {{asserter: organization:a, {taken}denies: [incident:theft, ATTRIBUTED_TO, group:night]}}
""", encoding="utf-8")  # fmt: skip
    with kg.open(tmp_path / "kg.kgl") as graph:
        graph.build([tmp_path / "ours.yaml"])
        shown = graph.corpus(max_marking="TLP:GREEN").claims
        assert bool(shown["negative"].any()) is left
        counts = graph.shared(max_marking="TLP:GREEN").counts()
        assert counts.get("it takes back what is left out", 0) == (not left)


def test_a_redacted_asserter_is_not_heard_nor_repeated(graph: kg.KnowledgeGraph) -> None:
    corpus = graph.corpus(redact=["The Vendor"])
    assert "organization:vendor" not in corpus.names
    assert "organization:press" not in corpus.names
    assert "Group" in graph.corpus().graph.nodes
    assert "Group" not in graph.corpus(redact=["Group"]).graph.nodes


def test_unmarked_material_is_refused_until_somebody_says_as_what_it_counts(tmp_path: Path) -> None:
    text = FILES["open"].replace(", marking: TLP:CLEAR", "").replace("disputes: secret#told, ", "")
    (tmp_path / "open.yaml").write_text(text, encoding="utf-8")
    graph = kg.open(tmp_path / "kg.kgl")
    graph.build(tmp_path / "open.yaml")
    with pytest.raises(UsageError, match="2 claims carry no marking"):
        graph.corpus(max_marking="TLP:GREEN")
    assert graph.corpus(max_marking="TLP:GREEN", unmarked="TLP:GREEN").claims.height == 2
    assert graph.corpus(max_marking="TLP:GREEN", unmarked="TLP:RED").claims.is_empty()
    with pytest.raises(UsageError, match="no level of TLP"):
        graph.corpus(max_marking="TLP:PINK")
    with pytest.raises(UsageError, match="goes with --max-marking"):
        graph.corpus(unmarked="TLP:RED")


def test_a_relay_is_marked_as_what_it_repeats(graph: kg.KnowledgeGraph) -> None:
    with kg.open(graph.url) as fresh:  # which reads no more than it needs
        found = fresh.explain("incident:theft", "ATTRIBUTED_TO", "group:night").as_dict()
    told = {
        claim["asserter"]: claim["marking"]
        for origin in found["origins"]
        for claim in origin["claims"]
    }
    assert told["CANARY echo"] == "TLP:RED"
    assert told["The Press"] == "TLP:GREEN"
