"""A STIX export read back is the same graph: ids, edges, hedges, denials, markings, retractions."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from random import Random
from typing import Any

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import kg
from kg.graph.corpus import Corpus
from kg.identity.verdicts import RULES
from kg.loaders.stix.ours import EXTENSION
from kg.ontology import load as ontology_of
from tests.analytics.conftest import SEED
from tests.loaders.loading import ROOT, run
from tests.loaders.stix_objects import (
    DROP,
    FLAW,
    HERON,
    HOST,
    KOREA,
    LAB,
    WALLET,
    bundle,
    rel,
    without,
)

TRUTH = ROOT / ".." / "shared" / "truth"
AS_IT_IS = ("id", "source", "format", "ref", "recorded", "number")
"""Columns of a claim that tell of the file rather than of the claim, and one that is derived."""

CORPUS: dict[str, Any] = {
    "documents": [
        {"id": "document:v", "name": "Vendor report", "published_by": "organization:vendor",
         "date": "2020-01-10", "marking": "TLP:GREEN"},
        {"id": "document:w", "name": "Withdrawal", "published_by": "organization:vendor",
         "date": "2020-06"},
        {"id": "document:undated", "name": "A page"},
    ],
    "entities": {
        "state:IRN": "Iran",
        "agency:guard": {"name": "Guard", "part_of": {"to": "state:IRN", "valid": "2001/.."}},
        "organization:vendor": {"name": "Vendor", "located_in": "state:IRN"},
        "organization:banks": {"name": "five banks", "unnamed": "true", "cardinality": "5"},
        "group:night": {"name": "Night Group", "codes": ["misp-galaxy:1", "attack:G0001"]},
        "group:dusk": "Dusk",
        "incident:raid": {"name": "Raid", "category": "cyber"},
        "meeting:talk": "Talk",
        "agreement:deal": "Deal",
    },
    "claims": [
        {"asserter": "organization:vendor", "document": "document:v", "summary": "So we hold.",
         "says": [
             ["incident:raid", "ATTRIBUTED_TO", "group:night",
              {"ref": "first", "hedge": "likely", "likelihood": "likely", "confidence": "low",
               "marking": "TLP:AMBER+STRICT", "valid": "2019-12~", "quote": "likely Night",
               "collective": "true", "attribution_type": "Technical report",
               "initiator_category": "State"}],
             ["incident:raid", "amount_stolen", "over 11,000,000 USD", {"ref": "sum"}],
             ["group:night", "alias", "Nocturne", {"reliability": "B", "credibility": "2"}],
             ["group:night", "CONTROLLED_BY", "agency:guard",
              {"responsibility": "state-ordered", "hedge": "probably", "likelihood": "likely",
               "confidence": "moderate", "reliability": "B", "credibility": "2",
               "marking": "TLP:AMBER", "valid": "2015/2016-05", "collective": "true",
               "locator": "page 3", "cites": "Other Lab", "attribution_type": "Technical report",
               "attribution_basis": "Contested attribution", "quote": "probably the Guard"}],
             ["incident:raid", "TARGETED", "organization:banks",
              {"paragraph": "2", "start": "3", "end": "9", "valid": "2019", "status": "retracted",
               "valid_basis": "inferred", "withdrawn": "2020-02"}],
             ["group:dusk", "SUBGROUP_OF", "group:night"],
             ["group:dusk", "LINKED_TO", "state:IRN", {"link": "variant-of"}]]},
        {"asserter": "state:IRN", "document": "document:undated",
         "denies": ["incident:raid", "ATTRIBUTED_TO", "group:night",
                    {"ref": "no", "disputes": "first"}]},
        {"asserter": "state:IRN", "denies": ["group:dusk", "CONTROLLED_BY", "agency:guard"]},
        {"asserter": "organization:vendor", "document": "document:w",
         "denies": ["incident:raid", "ATTRIBUTED_TO", "group:night", {"retracts": "first"}]},
        {"asserter": "organization:vendor", "document": "document:w",
         "says": ["incident:raid", "amount_stolen", "12,000,000 USD",
                  {"supersedes": "sum", "derived_from": "sum"}]},
        {"says": ["meeting:talk", "RESULTED_IN", "agreement:deal", {"marking": "TLP:RED"}]},
        {"says": ["meeting:talk", "occurred", "2020-02"]},
        {"says": ["state:IRN", "PARTICIPATED_IN", "meeting:talk", {"role": "host"}]},
    ],
}  # fmt: skip
"""One of everything that a claim may have."""


@pytest.fixture
def graphs(tmp_path: Path) -> Iterator[tuple[kg.KnowledgeGraph, kg.KnowledgeGraph]]:
    with kg.open(str(tmp_path / "a.kgl")) as one, kg.open(str(tmp_path / "b.kgl")) as other:
        yield one, other


def claims(corpus: Corpus) -> dict[str, dict[str, Any]]:
    """Claims without what tells of their file."""
    return {row["id"]: {name: value for name, value in row.items() if name not in AS_IT_IS}
            for row in corpus.claims.iter_rows(named=True)}  # fmt: skip


def edges(corpus: Corpus) -> dict[tuple[str, str, str], dict[str, Any]]:
    """Edges with all that stands on them."""
    return {(row.pop("from"), key[0], row.pop("to")):
            {n: v for n, v in row.items() if v is not None}
            for key, frame in corpus.graph.edges.items()
            for row in frame.iter_rows(named=True)}  # fmt: skip


def back(graphs: tuple[kg.KnowledgeGraph, kg.KnowledgeGraph], folder: Path) -> list[Corpus]:
    """The corpus of the first graph, and that of its export read back into the second."""
    graphs[0].export("stix", folder / "out.json")
    graphs[1].load("stix", [folder / "out.json"])
    return [graph.corpus() for graph in graphs]


def test_one_of_everything_comes_back(
    graphs: tuple[kg.KnowledgeGraph, kg.KnowledgeGraph], tmp_path: Path
) -> None:
    file = tmp_path / "all.yaml"
    file.write_text(json.dumps(CORPUS))  # JSON is YAML
    graphs[0].build([file])
    before, after = back(graphs, tmp_path)
    assert len(before.claims) == 14
    assert claims(after) == claims(before)
    assert edges(after) == edges(before)
    nodes = [{kind: frame.drop("ids").to_dicts() for kind, frame in corpus.graph.nodes.items()
              if kind != "Claim"} for corpus in (before, after)]  # fmt: skip
    assert nodes[0] == nodes[1]


@pytest.mark.parametrize(
    "name",
    ["a_retraction", "d_figures", "m_misc",
     *(pytest.param(name, marks=pytest.mark.soak)
       for name in ("b_denial", "c_relay", "e_correction", "f_upgrade", "i_renamed"))],
)  # fmt: skip
def test_the_small_corpora_come_back(
    graphs: tuple[kg.KnowledgeGraph, kg.KnowledgeGraph], tmp_path: Path, name: str
) -> None:
    if not TRUTH.exists():
        pytest.skip("no ../shared/truth beside the checkout")
    graphs[0].build([TRUTH / f"{name}.yaml"])
    before, after = back(graphs, tmp_path)
    assert claims(after) == claims(before)
    assert edges(after) == edges(before)


@pytest.mark.soak
def test_the_seed_comes_back(
    graphs: tuple[kg.KnowledgeGraph, kg.KnowledgeGraph], tmp_path: Path
) -> None:
    graphs[0].build([SEED])
    before, after = back(graphs, tmp_path)
    said = [{id for id, row in claims(corpus).items() if row["asserter"] != RULES}
            for corpus in (before, after)]  # fmt: skip
    assert said[0] == said[1]
    # What our rules conclude is concluded again: the same entities, perhaps from other records.
    concluded = claims(before).keys() ^ claims(after).keys()
    kept = [{key: row for key, row in edges(corpus).items() if key[0] not in concluded}
            for corpus in (before, after)]  # fmt: skip
    assert kept[0] == kept[1]


def test_what_the_rules_conclude_is_concluded_again_and_is_no_evidence(
    graphs: tuple[kg.KnowledgeGraph, kg.KnowledgeGraph], tmp_path: Path
) -> None:
    file = tmp_path / "same.yaml"
    file.write_text(json.dumps({
        "entities": {"group:a": "Dusk", "group:b": "Night", "organization:x": "X"},
        "claims": [{"asserter": "organization:x", "says": ["group:a", "SAME_AS", "group:b"]}],
    }))  # fmt: skip
    graphs[0].build([file])
    before, after = back(graphs, tmp_path)
    assert RULES in {row["asserter"] for row in claims(before).values()}
    assert claims(after) == claims(before)


def test_what_holds_both_ways_round_comes_back_as_it_was_said(
    graphs: tuple[kg.KnowledgeGraph, kg.KnowledgeGraph], tmp_path: Path
) -> None:
    """The graph turns such a claim; two sources may say it each their way."""
    file = tmp_path / "ways.yaml"
    file.write_text(json.dumps({
        "entities": {"group:a": "A", "group:b": "B", "organization:x": "X"},
        "claims": [{"asserter": "organization:x", "says": [
            ["group:b", "MAY_BE_SAME", "group:a"], ["group:a", "MAY_BE_SAME", "group:b"]]}],
    }))  # fmt: skip
    graphs[0].build([file])
    before, after = back(graphs, tmp_path)
    assert claims(after).keys() == claims(before).keys()
    assert edges(after) == edges(before)


def test_the_article_comes_back(
    graphs: tuple[kg.KnowledgeGraph, kg.KnowledgeGraph], tmp_path: Path
) -> None:
    graphs[0].build([SEED / "sputnik-2019-09.yaml"])
    before, after = back(graphs, tmp_path)
    assert claims(after) == claims(before)
    assert edges(after) == edges(before)


def test_what_came_from_stix_goes_and_comes_with_its_own_ids(
    graphs: tuple[kg.KnowledgeGraph, kg.KnowledgeGraph], tmp_path: Path
) -> None:
    blames = rel(HERON, "attributed-to", KOREA, modified="2024-06-01T00:00:00.000Z", revoked=True)
    uses = rel(HERON, "uses", DROP, 2, confidence=85)
    flaw = FLAW | {"name": "CVE-2024-12345"}
    runs_on = [rel(DROP, "exploits", flaw, 3), rel(HERON, "owns", HOST, 4),
               rel(HERON, "uses", WALLET, 5), rel(HOST, "has", flaw, 6)]  # fmt: skip
    objects = [LAB, HERON, KOREA, DROP, flaw, HOST, WALLET, blames, uses, *runs_on]
    graphs[0].load("stix", [bundle(tmp_path / "in.json", *objects)])
    before, after = back(graphs, tmp_path)
    assert edges(after) == edges(before)
    written = {o["id"]: o for o in json.loads((tmp_path / "out.json").read_text())["objects"]}
    assert {object["id"] for object in objects} <= set(written)
    assert {key[0] for key in after.graph.edges} >= {"EXPLOITED", "CONTROLLED_BY", "USED"}
    assert written[blames["id"]]["revoked"] is True
    assert written[blames["id"]]["modified"] == "2024-06-01T00:00:00.000Z"
    assert written[uses["id"]]["confidence"] == 85
    assert written[uses["id"]]["created_by_ref"] == LAB["id"]


def test_without_the_extension_the_standard_says_what_it_can(
    graphs: tuple[kg.KnowledgeGraph, kg.KnowledgeGraph], tmp_path: Path
) -> None:
    """As after a tool that keeps nothing but the standard."""
    file = tmp_path / "all.yaml"
    file.write_text(json.dumps(CORPUS))
    graphs[0].build([file])
    graphs[0].export("stix", tmp_path / "out.json")
    objects = json.loads((tmp_path / "out.json").read_text())["objects"]
    plain = [without(o, "extensions") if o["type"] != "marking-definition" else o
             for o in objects if o["id"] != EXTENSION]  # fmt: skip
    loaded = run("stix", bundle(tmp_path / "plain.json", *plain))
    raid = pl.col("subject").str.starts_with("incident:")
    said = loaded.claims(predicate="ATTRIBUTED_TO", negative=False).filter(raid)
    assert said.select("marking", "confidence").unique().rows() == [("TLP:AMBER+STRICT", "low")]
    denials = loaded.claims(predicate="ATTRIBUTED_TO", negative=True).filter(raid)
    assert denials.height == 1  # Iran's; the vendor only takes its own word back
    assert loaded.warnings == []


@settings(max_examples=30, deadline=None,
          suppress_health_check=[HealthCheck.function_scoped_fixture])  # fmt: skip
@given(st.recursive(
    st.none() | st.booleans() | st.integers(0, 9) | st.sampled_from(["group:a", "USED", "name"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(
        ["entities", "claims", "id", "name", "declared", "predicate", "value", "object", "subject",
         "qualifiers", "asserter", "valid", "place", "negative", "retracts", "stands_for"]),
        inner, max_size=5),
    max_leaves=12))  # fmt: skip
def test_whatever_stands_in_the_extension_the_rest_is_read(
    tmp_path_factory: pytest.TempPathFactory, held: Any
) -> None:
    folder = tmp_path_factory.mktemp("stix")
    odd = HERON | {"extensions": {EXTENSION: held}}
    objects = (LAB, KOREA, DROP, rel(DROP, "targets", KOREA), odd)
    try:
        loaded = run("stix", bundle(folder / "a.json", *objects))
    except kg.KgError:
        return
    assert loaded.claims(predicate="TARGETED").height == 1


# Graphs that nobody drew up

NOT_RANDOM = ("SAME_AS", "MAY_BE_SAME", "DISTINCT_FROM")
"""What joins or parts records: identity's own tests have it."""


def generated(random: Random) -> dict[str, Any]:
    """A claim file with two of each kind, and every edge kind that can be claimed, once or twice,
    with hedges, denials, markings, retractions and days at random."""
    ontology = ontology_of()
    kinds = [node for node in ontology.nodes.values() if node.kind not in ("Claim", "Document")]
    ids = {node.kind: [f"{node.prefix}:{n}" for n in "ab"] for node in kinds}
    ids["State"] = ["state:IRN", "state:PRK"]
    who = ids["Organization"] + ids["Agency"] + ids["State"] + [None]
    said: list[dict[str, Any]] = []
    for edge in ontology.edges.values():
        sources = [kind for kind in edge.sources if kind in ids]
        if not edge.claimable or edge.edge in NOT_RANDOM or not sources:
            continue
        for n in range(random.choice((1, 2))):
            source = random.choice(sources)
            may = [kind for kind in edge.targets if kind in ids]
            may = [source] if edge.same_kind else may
            ends = [ids[source][n], edge.edge, ids[random.choice(may)][1 - n]]
            said += _said(random, ends, who, len(said))
    names = {id: f"{kind} {id[-1]}" for kind, pair in ids.items() for id in pair}
    names |= {"state:IRN": "Iran", "state:PRK": "North Korea"}
    return {"documents": [{"id": "document:d", "name": "A report", "date": "2020-01-10"}],
            "entities": names, "claims": said}  # fmt: skip


def _said(random: Random, ends: list[str], who: list[str | None], number: int) -> list[Any]:
    """One claim, or one and what is said against it."""
    may: dict[str, list[str]] = {
        "hedge": ["likely", "may have"],
        "confidence": ["low", "high"], "valid": ["2019", "2018-05~"],
        "marking": ["TLP:RED", "TLP:GREEN"], "collective": ["true"], "reliability": ["B"],
        "asserted": ["2021-03", "2021-03-04"], "summary": ["In our words."],
    }  # fmt: skip
    more = {name: random.choice(terms) for name, terms in may.items() if random.random() < 0.3}
    asserter = random.choice(who)
    by = {"asserter": asserter} if asserter else {}
    by |= {"document": "document:d"} if random.random() < 0.5 else {}
    first = {**by, "says": [*ends, {**more, "ref": f"r{number}"}]}
    if asserter and random.random() < 0.3:
        how = random.choice(({"retracts": f"r{number}"}, {}))
        return [first, {**by, "denies": [*ends, {**how, "asserted": "2022-01-01"}]}]
    return [first]


@pytest.mark.parametrize(
    "seed", [1, *(pytest.param(seed, marks=pytest.mark.soak) for seed in range(2, 22))]
)
def test_any_graph_comes_back(
    graphs: tuple[kg.KnowledgeGraph, kg.KnowledgeGraph], tmp_path: Path, seed: int
) -> None:
    (tmp_path / "all.yaml").write_text(json.dumps(generated(Random(seed))))
    graphs[0].build([tmp_path / "all.yaml"])
    before, after = back(graphs, tmp_path)
    assert claims(after) == claims(before)
    assert edges(after) == edges(before)
    wallets = [o for o in json.loads((tmp_path / "out.json").read_text())["objects"]
               if o["type"] == "cryptocurrency-wallet"]  # fmt: skip
    assert {o["value"] for o in wallets} == {"Wallet a", "Wallet b"}
