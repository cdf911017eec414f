"""Finding, running, printing and writing back."""

from __future__ import annotations

import csv
import io
import json
from datetime import date
from pathlib import Path

import pytest

from kg.analytics import Result, discover, find, run
from kg.analytics.kit.annotate import annotate, clear, marked
from kg.analytics.kit.write_back import figures, write_back
from kg.base.errors import DatabaseError, UsageError
from kg.graph.corpus import Corpus
from kg.stores import Store, open_store
from kg.stores.base import difference, everything
from tests.analytics.conftest import CLAIMS, built
from tests.servers.neo4j import Neo4jServer

PLUGIN = '''
from kg.analytics import Result, measure

@measure(question="How many nodes?", reference="counting", complexity="O(1)")
def head_count(graph, least: int = 1) -> Result:
    """All of them."""
    return Result([{"nodes": len(graph)}], len(graph), "nodes", 1.0)
'''

WANTED = {
    "asserter_agreement",
    "attacker_victim_dyads",
    "attribution_concordance",
    "brokerage",
    "changed_between",
    "co_attribution_blocs",
    "commitment_tracking",
    "event_coincidence",
    "group_similarity",
    "independent_support",
    "structural_balance",
    "weakest_link",
}


def test_every_measure_says_what_it_answers_after_whom_and_at_what_cost() -> None:
    found = discover()
    assert set(found) >= WANTED
    for name, one in found.items():
        assert one.question.endswith("?"), name
        assert one.reference, name
        assert one.complexity.startswith("O("), name
        assert one.doc, name


def test_one_new_file_is_one_new_measure(tmp_path: Path) -> None:
    (tmp_path / "heads.py").write_text(PLUGIN, encoding="utf-8")
    assert set(discover([tmp_path])) - set(discover()) == {"head_count"}
    result = find("head_count", [tmp_path])({"a": 1})
    assert (result.n, result.name, result.question) == (1, "head_count", "How many nodes?")


def test_unknown_names_and_values_are_refused_with_the_nearest() -> None:
    with pytest.raises(UsageError, match="structural_balance"):
        find("structural_balanse")
    balance = find("structural_balance")
    with pytest.raises(UsageError, match="'seed'"):
        balance.read({"sead": "1"})
    with pytest.raises(UsageError, match="runs must be a whole number, not 'many'"):
        balance.read({"runs": "many"})
    assert balance.read({"runs": "50", "on": "2018-01-01"}) == {"runs": 50, "on": "2018-01-01"}
    assert set(find("changed_between").parameters) == {"since", "until"}


def some_result() -> Result:
    rows = [
        {"id": "group:a", "origins": 2, "names": ["x", "y"], "day": date(2020, 1, 2), "p": 1 / 3},
        {"id": "group:b", "origins": 0, "names": [], "day": None, "p": 0.0},
    ]
    return Result(rows, 2, "groups", 0.5, name="some", corpus_date=date(2020, 2, 3))


def test_json_and_csv_are_read_by_others() -> None:
    shown = json.loads(some_result().to_json())
    assert (shown["n"], shown["coverage"], shown["corpus_date"]) == (2, 0.5, "2020-02-03")
    assert shown["rows"][0]["day"] == "2020-01-02"
    first, second = csv.DictReader(io.StringIO(some_result().to_csv()))
    assert (first["names"], first["p"], second["day"]) == ("x; y", "0.333333", "")


def test_figures_are_marked_and_hold_scalars_only() -> None:
    assert figures(some_result())["group:a"] == {
        "m_some_origins": 2,
        "m_some_day": "2020-01-02",
        "m_some_p": pytest.approx(1 / 3, abs=1e-6),
        "m_some_as_of": "2020-02-03",
    }
    assert set(figures(some_result(), ["origins"])["group:b"]) == {"m_some_origins", "m_some_as_of"}
    with pytest.raises(UsageError, match="nothing to write"):
        figures(Result([{"one": 1}], 1, "pairs", 1.0, name="pairs"))


def stored(store: Store, corpus: Corpus) -> Store:
    store.prepare(corpus.ontology)
    store.apply(everything(corpus.graph), corpus.ontology)
    return store


def round_trip(store: Store, corpus: Corpus) -> None:
    """Write, read in Cypher, see no plan, write less, take off, and find the graph as it was."""
    before = store.stored(corpus.ontology)
    result = run(corpus, "weakest_link")
    assert write_back(store, corpus.ontology, result) == len({row["id"] for row in result.rows})
    question = (
        "MATCH (n:Incident) WHERE n.m_weakest_link_grade IS NOT NULL "
        "RETURN n.id AS id, n.m_weakest_link_grade AS grade"
    )
    wanted: dict[str, str] = {}
    for row in result.rows:
        wanted.setdefault(row["id"], row["grade"])
    assert dict(map(tuple, store.query(question).rows)) == wanted
    assert difference(corpus.graph, store.stored(corpus.ontology)).plan.empty
    write_back(store, corpus.ontology, result, ["state"])
    assert set(marked(store, corpus.ontology)["Incident"]) == {
        "m_weakest_link_state",
        "m_weakest_link_as_of",
    }
    assert clear(store, corpus.ontology) == 2 * len(wanted)
    assert marked(store, corpus.ontology) == {}
    after = store.stored(corpus.ontology)
    assert {k: f.sort("id").rows() for k, f in after.nodes.items()} == {
        k: f.sort("id").rows() for k, f in before.nodes.items()
    }


def test_write_back_on_the_embedded_engine(seed: Corpus) -> None:
    round_trip(stored(open_store(None), seed), seed)


def test_write_back_on_neo4j(
    tmp_path: Path, neo4j_empty: Neo4jServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    article = built(tmp_path, CLAIMS[0])
    for name, value in neo4j_empty.environment.items():
        monkeypatch.setenv(name, value)
    store = stored(open_store(neo4j_empty.uri), article)
    try:
        round_trip(store, article)
    finally:
        store.close()


def test_a_property_that_is_not_marked_never_reaches_a_statement(seed: Corpus) -> None:
    store = stored(open_store(None), seed)
    for name in ("name", "m_x` = 1 //", "M_x"):
        with pytest.raises(UsageError, match="not the name"):
            annotate(store, seed.ontology, {"incident:wannacry": {name: 1}})
    with pytest.raises(DatabaseError, match="incident:nowhere"):
        annotate(store, seed.ontology, {"incident:nowhere": {"m_x": 1}})
