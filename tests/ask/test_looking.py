"""A question that is answered by as much of a graph as its text looks at."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

import kg
from kg.ask.looking import holds_elements, looked_at, with_all_properties
from kg.ask.questions import discover
from kg.graph.corpus import Corpus
from kg.graph.graph import Graph
from kg.graph.lens import Lens
from kg.graph.looked import EVERYTHING, Looked
from kg.ontology import load as ontology
from kg.pipeline.lenses import made_of
from kg.stores.kglite import KgliteStore
from tests.portion import one_of_so_many

LENSES = (
    pytest.param(Lens(), marks=pytest.mark.soak),
    Lens(as_of="2018-12-31"),
    pytest.param(Lens(according_to="agency:us-treasury"), marks=pytest.mark.soak),
)


@pytest.fixture(scope="module")
def whole(seed_graph: kg.KnowledgeGraph) -> Corpus:
    return seed_graph.corpus()


@pytest.fixture(scope="module", params=LENSES, ids=["whole", "day", "asserter"])
def seen(request: pytest.FixtureRequest, whole: Corpus) -> tuple[Corpus, KgliteStore]:
    corpus = whole.under(request.param) if request.param else whole
    return corpus, made_of(corpus, corpus.ontology)


def asked(corpus: Corpus, cypher: str, given: dict[str, Any]) -> list[list[Any]]:
    """As `query` through a lens does."""
    looked = looked_at(cypher, given, corpus.ontology)
    store = made_of(corpus, corpus.ontology, looked=looked)
    rows = store.query(cypher, given).rows
    if looked.properties is None or not holds_elements(rows):
        return rows
    return made_of(corpus, corpus.ontology, looked=with_all_properties(looked)).query(
        cypher, given
    ).rows  # fmt: skip


@one_of_so_many(3)
def test_what_a_saved_question_looks_at_answers_it_as_all_does(
    seen: tuple[Corpus, KgliteStore], every: int
) -> None:
    corpus, store = seen
    for question in list(discover().values())[::every]:
        given = question.arguments({})
        assert looked_at(question.cypher, given, corpus.ontology) != EVERYTHING, question.name
        expected = store.query(question.cypher, given).rows
        assert asked(corpus, question.cypher, given) == expected, question.name


RAW = (
    "MATCH (i:Incident)-[r:ATTRIBUTED_TO]->(g) RETURN i, r, g ORDER BY i.id, g.id",
    "MATCH p = (:Incident)-[:ATTRIBUTED_TO]->(:Group) RETURN p ORDER BY [n IN nodes(p) | n.id]",
    "MATCH (n:Leader) RETURN n.id AS id, labels(n) AS labels ORDER BY id",
    "MATCH (n) WHERE n:Victim RETURN n.id AS id ORDER BY id",
    "MATCH (n:Person) WITH count(n) AS n MATCH (m) RETURN n, count(m) AS m",
    "MATCH (n:State) WITH count(n) AS x MATCH (n) RETURN x, count(n) AS n",
    "MATCH (n:State) WHERE EXISTS { MATCH (n)<-[:PART_OF]-(m) } MATCH (m) RETURN count(m) AS m",
    "MATCH (n:Group) CALL { MATCH (n) RETURN count(n) AS c } RETURN DISTINCT c",
    "MATCH (i:Incident) RETURN i['occurred'] AS day ORDER BY day, i.id",
    "MATCH (i:Incident) UNWIND ['occurred'] AS key RETURN i[key] AS day ORDER BY day, i.id",
    "MATCH (i:Incident) WITH i, ['occur' + 'red'] AS keys RETURN i[keys[0]] AS x ORDER BY x, i.id",
    "MATCH (c:Claim {predicate: 'ATTRIBUTED_TO'})-[:REPORTED_IN]->()<-[:REPORTED_IN]-(e) "
    "RETURN count(e) AS n",
    "MATCH (a)-[:PART_OF*0..2]->(b) RETURN count(*) AS n",
    "MATCH (s:State) OPTIONAL MATCH (s)<-[:PART_OF*0..2]-(b) RETURN count(b) AS n",
    "MATCH (a)-->(b) RETURN count(*) AS n",
    "MATCH (i:Incident) RETURN i {.name, days: [i.occurred_from]} AS told ORDER BY told.name",
    "MATCH (`i`:`Incident`) RETURN `i`.`name` AS name ORDER BY name // (n:Group)",
    "MATCH (i:Incident) WHERE i.name <> 'a (n:Group) ' RETURN count(i) AS n",
    "MATCH (s:State) RETURN s.name AS name UNION MATCH (s) RETURN s.name AS name",
)


def test_so_does_what_anybody_may_ask(seen: tuple[Corpus, KgliteStore]) -> None:
    corpus, store = seen
    for cypher in RAW:
        expected = sorted(map(repr, store.query(cypher, {}).rows))
        assert sorted(map(repr, asked(corpus, cypher, {}))) == expected, cypher


@pytest.mark.parametrize(
    "cypher",
    [
        "CALL db.labels()",
        "MATCH (n:Group|Herd) RETURN n.id",
        "MATCH (a)-[:LIKES]->(b) RETURN a.id",
        "MATCH (a:Group)-[r]-(b) RETURN type(r)",
        "MATCH (n:Group) RETURN degree(n)",
        "MATCH (n WHERE n.kind = 'Group') RETURN n.id",
        "MATCH (n IS Group) RETURN n.id",
        "MATCH (s:State) ((a)<-[:PART_OF]-(b)){0,2} (t) RETURN t.id",
        "MATCH (n:Group) RETURN apoc.map(n)",
        "MATCH (n:%) RETURN n.id",
        "MATCH (n:Group) RETURN n.id AS 'unclosed",
    ],
)
def test_what_is_not_understood_looks_at_everything(cypher: str) -> None:
    assert looked_at(cypher, {}, ontology()) == EVERYTHING


def test_what_is_looked_at_is_told_from_the_text() -> None:
    looked = looked_at(
        "MATCH (:Incident {id: $incident})<-[:SUBJECT]-(c:Claim {predicate: $what}) RETURN c.hedge",
        {"what": "TARGETED"},
        ontology(),
    )
    assert looked == Looked(
        {"SUBJECT"}, {"Incident", "Claim"}, {"TARGETED"}, looked.properties, roles=False
    )
    assert looked.shows("hedge")
    assert not looked.shows("summary")


def test_of_what_is_not_looked_at_nothing_is_made(whole: Corpus) -> None:
    graph = whole.part(looked_at(discover()["victims"].cypher, {}, whole.ontology))
    assert {type_ for type_, _, _ in graph.edges} == {"TARGETED"}
    assert "Claim" not in graph.nodes
    assert "occurred" in whole.graph.nodes["Incident"].columns
    assert "occurred" not in graph.nodes["Incident"].columns
    assert graph.nodes["Incident"].height == whole.graph.nodes["Incident"].height
    hit = graph.edges_of("TARGETED")["to"].unique()
    assert graph.nodes["Organization"].height == hit.str.starts_with("organization:").sum()


def test_a_question_through_a_lens_makes_no_more(
    tmp_path: Path, whole: Corpus, monkeypatch: pytest.MonkeyPatch
) -> None:
    made: list[Looked] = []
    part = Corpus.part

    def noted(corpus: Corpus, looked: Looked) -> Graph:
        made.append(looked)
        return part(corpus, looked)

    monkeypatch.setattr(Corpus, "part", noted)
    monkeypatch.setenv("KG_CACHE", str(tmp_path / "cache"))
    with kg.open(tmp_path / "kg.kgl") as g:
        g.load("claims", ["seed/sputnik-2019-09.yaml"])
        g.query("victims", as_of="2019-12-31")
        g.query("victims", as_of="2019-12-31")
        assert [sorted(looked.types or ()) for looked in made] == [["TARGETED"]]
