"""Check → plan → apply → verify, on the embedded engine, with graphs that hypothesis thinks up."""

from __future__ import annotations

import random
from pathlib import Path
from typing import Any

import polars as pl
import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import kg
from kg.base.errors import DatabaseError, InputError, UsageError
from kg.graph.corpus import Corpus
from kg.graph.graph import Graph
from kg.ledger.ledger import Ledger
from kg.ontology import load as ontology
from kg.stores import open_store
from kg.stores.base import difference, everything
from tests.claimed import frame

ENTITIES = {
    "organization:press": "Press",
    "organization:vendor": "Vendor",
    "agency:treasury": {"name": "Treasury", "part_of": "state:USA"},
    "state:USA": "United States",
    "group:night": "Night",
    "group:day": "Day",
    "incident:theft": "Theft",
    "incident:leak": "Leak",
}
DOCUMENTS = [
    {
        "id": "document:paper",
        "name": "Paper",
        "date": "2018-03",
        "published_by": "organization:press",
    },
    {"id": "document:later", "name": "Later", "date": "2019"},
]
INCIDENT = st.sampled_from(["incident:theft", "incident:leak"])
GROUP = st.sampled_from(["group:night", "group:day"])
TRIPLE = st.one_of(
    st.tuples(INCIDENT, st.just("ATTRIBUTED_TO"), GROUP),
    st.tuples(INCIDENT, st.just("TARGETED"), st.just("organization:vendor")),
    st.tuples(GROUP, st.just("SUBGROUP_OF"), GROUP),
    st.tuples(
        INCIDENT, st.just("amount_stolen"), st.sampled_from(["5", "over 3", "4 million EUR"])
    ),
    st.tuples(INCIDENT, st.just("occurred"), st.sampled_from(["2017", "2017-05-12", "2016/.."])),
    st.tuples(GROUP, st.just("alias"), st.text("ab\u05d0\u200b'\"`<{", min_size=1, max_size=3)),
)


@st.composite
def claim(draw: st.DrawFn) -> dict[str, Any]:
    """A statement with whatever fields."""
    found: dict[str, Any] = {
        "document": draw(st.sampled_from(["document:paper", "document:later"]))
    }
    optional = {
        "asserter": st.sampled_from(["organization:vendor", "agency:treasury"]),
        "hedge": st.just("perhaps"),
        "collective": st.just("true"),
        "valid": st.sampled_from(["2016", "2016/..", "2015-02/2017"]),
        "asserted": st.sampled_from(["2017", "2018-01-02"]),
        "status": st.sampled_from(["retracted", "superseded"]),
        "derived_from": st.sampled_from(["r0", "r1", "r2"]),
        "retracts": st.sampled_from(["r0", "r1", "r2"]),
        "supersedes": st.sampled_from(["r0", "r1", "r2"]),
        "disputes": st.sampled_from(["r0", "r1", "r2"]),
    }
    for name, values in optional.items():
        if draw(st.integers(0, 3)) == 0:
            found[name] = draw(values)
    found[draw(st.sampled_from(["says", "says", "says", "denies"]))] = [list(draw(TRIPLE))]
    return found


@st.composite
def files(draw: st.DrawFn) -> tuple[str, ...]:
    """One to three claim files, whose claims refer to each other."""
    return tuple(
        yaml.safe_dump(unique(draw(st.lists(claim(), min_size=3, max_size=7))), allow_unicode=True)
        for _ in range(draw(st.integers(1, 3)))
    )


def unique(claims: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Without the claims that would be the same, and with the refs that they point at."""
    kept: dict[str, dict[str, Any]] = {}
    for one in claims:
        mine = {key: one.get(key) for key in ("document", "asserter", "valid", "says", "denies")}
        # A date is its claim's time, whatever else is said of it.
        if "occurred" in str(mine):
            one.pop("valid", None)
            mine["valid"] = None
        kept.setdefault(str(mine), one)
    found = list(kept.values())
    for number in range(3):
        found[number % len(found)].setdefault("ref", f"r{number}")
    refs = {one.get("ref") for one in found}
    for one in found:
        for link in ("derived_from", "retracts", "supersedes", "disputes"):
            if one.get(link) not in refs:
                one.pop(link, None)
    return found


CAST = yaml.safe_dump({"documents": DOCUMENTS, "entities": ENTITIES})


def statements(texts: tuple[str, ...]) -> pl.DataFrame:
    return frame(*texts, cast=CAST, checked=False)


def graphs_equal(one: Graph, other: Graph) -> bool:
    return (
        one.nodes.keys() == other.nodes.keys()
        and one.edges.keys() == other.edges.keys()
        and all(one.nodes[kind].equals(other.nodes[kind]) for kind in one.nodes)
        and all(one.edges[key].equals(other.edges[key]) for key in one.edges)
    )


SLOW = [HealthCheck.too_slow, HealthCheck.data_too_large]


@given(texts=files(), seed=st.integers(0, 999))
@settings(max_examples=5, suppress_health_check=SLOW)
def test_the_order_of_statements_and_files_does_not_matter(
    texts: tuple[str, ...], seed: int
) -> None:
    rows = statements(texts)
    first = Corpus.of(rows, ontology())
    shuffled = rows.sample(fraction=1, shuffle=True, seed=seed)
    assert graphs_equal(Corpus.of(shuffled, ontology()).graph, first.graph)
    merged = {"group:day": "group:night"}
    assert graphs_equal(
        Corpus.of(shuffled, ontology(), identity=merged).graph,
        Corpus.of(rows, ontology(), identity=merged).graph,
    )


@given(one=files(), other=files())
@settings(max_examples=5, suppress_health_check=SLOW)
def test_what_was_applied_leaves_nothing_to_plan_and_the_way_back_is_exact(
    one: tuple[str, ...], other: tuple[str, ...]
) -> None:
    first, second = (Corpus.of(statements(texts), ontology()).graph for texts in (one, other))
    store = open_store(None)
    try:
        store.prepare(ontology())
        store.apply(everything(first), ontology())
        assert difference(first, store.stored(ontology())).plan.empty
        assert store.counts() == first.counts()
        held = contents(store)
        store.apply(difference(second, store.stored(ontology())), ontology())
        assert difference(second, store.stored(ontology())).plan.empty
        assert store.counts() == second.counts()
        store.apply(difference(first, store.stored(ontology())), ontology())
        assert contents(store) == held
    finally:
        store.close()


def contents(store: Any) -> tuple[list[str], list[str]]:
    """Every node but the mark with its labels and properties, every edge with its own: sorted."""
    nodes = store.query(
        "MATCH (n) WHERE NOT n:KnowledgeGraph RETURN labels(n) AS l, properties(n) AS p"
    )
    edges = store.query(
        "MATCH (a)-[r]->(b) RETURN a.id AS a, type(r) AS t, b.id AS b, properties(r) AS p"
    )
    return (
        sorted(f"{sorted(labels)} {sorted(found.items())}" for labels, found in nodes.rows),
        sorted(f"{a} {t} {b} {sorted(found.items())}" for a, t, b, found in edges.rows),
    )


# The whole run, ledger and graph file


def write(folder: Path, name: str, group: str, figure: int) -> Path:
    path = folder / f"{name}.yaml"
    text = yaml.safe_dump(
        {
            "documents": DOCUMENTS,
            "entities": ENTITIES,
            "claims": [
                {
                    "asserter": "agency:treasury",
                    "document": "document:paper",
                    "says": [
                        ["incident:theft", "ATTRIBUTED_TO", group],
                        ["incident:theft", "TARGETED", "organization:vendor"],
                        ["incident:theft", "amount_stolen", str(figure)],
                    ][: 3 if figure > 5 else 2],
                }
            ],
        }
    )
    path.write_text(text, encoding="utf-8")
    return path


def test_building_a_then_b_then_a_gives_a_again(tmp_path: Path) -> None:
    a, b = write(tmp_path, "a", "group:night", 5), write(tmp_path, "b", "group:day", 7)
    with kg.open(str(tmp_path / "g.kgl")) as graph:
        first = graph.build([a])
        held = contents(graph.store)
        middle = graph.build([b])
        assert {"amount_stolen"} & {
            row["p"] for row in graph.query("MATCH (c:Claim) RETURN c.predicate AS p")
        }
        again = graph.build([a])
        assert contents(graph.store) == held
        assert again.manifest == first.manifest != middle.manifest
        assert again.counts == first.counts
        assert not middle.plan.empty
        assert graph.build([a]).plan.empty
        assert graph.plan([a]).empty
        assert not graph.plan([b]).empty


def test_loading_adds_replaces_by_name_and_is_the_same_in_any_order(tmp_path: Path) -> None:
    a, b = write(tmp_path, "a", "group:night", 5), write(tmp_path, "b", "group:day", 7)
    with kg.open(str(tmp_path / "one.kgl")) as one, kg.open(str(tmp_path / "two.kgl")) as two:
        one.build([a, b])
        two.load("claims", [b])
        two.load("claims", [a])
        assert contents(one.store) == contents(two.store)
        write(tmp_path, "a", "group:day", 9)
        two.load("claims", [a])
        assert two.query("MATCH (:Incident)-[r:ATTRIBUTED_TO]->(g) RETURN g.id AS g").columns == [
            "g"
        ]
        groups = [row["g"] for row in two.query("MATCH ()-[r:ATTRIBUTED_TO]->(g) RETURN g.id AS g")]
        assert groups == ["group:day"]


def travels(folder: Path, *cities: str) -> Path:
    """A folder with a source of one travel a city."""
    head = "role,who,id,name,start_date,end_date,country,country_id,locale,remarks\n"
    rows = [f"secretary,doe-jo,{c},Jo Doe,2002-05-06,2002-05-06,Japan,japan,{c},\n" for c in cities]
    folder.mkdir()
    (folder / "travels.csv").write_text(head + "".join(rows), encoding="utf-8")
    return folder


def test_loading_more_of_a_format_adds_and_unloading_takes_it_out(tmp_path: Path) -> None:
    one, two = travels(tmp_path / "one", "Kyoto"), travels(tmp_path / "two", "Osaka")
    with kg.open(tmp_path / "g.kgl") as graph:
        graph.load("travel", [one])
        before = contents(graph.store)
        graph.load("travel", [two])
        assert graph.store.counts()["Travel"] == 2
        assert graph.load("travel", [two]).plan.empty
        with pytest.raises(UsageError, match=r"\(loaded: travel-one.*did you mean 'travel-two'"):
            graph.unload(["travel-tow"])
        graph.unload(["travel-two"])
        assert contents(graph.store) == before


def test_two_sources_of_one_name_in_one_load_are_refused(tmp_path: Path) -> None:
    about = "name: trips\nformat: travel\nlicence: CC0 1.0\n"
    folders = [travels(tmp_path / "one", "Kyoto"), travels(tmp_path / "two", "Osaka")]
    for folder in folders:
        (folder / "source.yaml").write_text(about, encoding="utf-8")
    with kg.open(tmp_path / "g.kgl") as graph:
        with pytest.raises(
            InputError, match=r"source 'trips' already, in .*one.source.yaml: .*replaces"
        ):
            graph.load("travel", folders)
        with pytest.raises(InputError, match=r"format is travel: kg load travel .*one"):
            graph.load("stix", folders[:1])
        assert not graph.ledger.exists


def test_a_source_that_others_need_cannot_be_taken_away_under_them(tmp_path: Path) -> None:
    base = write(tmp_path, "base", "group:night", 5)
    more = tmp_path / "more.yaml"
    more.write_text(
        "claims:\n- says: [incident:theft, ATTRIBUTED_TO, group:day]\n", encoding="utf-8"
    )
    with kg.open(str(tmp_path / "g.kgl")) as graph:
        graph.build([base, more])
        held = contents(graph.store)
        base.write_text("entities: {group:night: Night}\n", encoding="utf-8")
        with pytest.raises(InputError, match=r"more.*group:day|group:day"):
            graph.load("claims", [base])
        assert contents(graph.store) == held


def test_graph_and_ledger_that_do_not_match_are_refused_and_mended(tmp_path: Path) -> None:
    a, b = write(tmp_path, "a", "group:night", 5), write(tmp_path, "b", "group:day", 7)
    with kg.open(str(tmp_path / "g.kgl")) as graph:
        graph.build([a])
    with kg.open(str(tmp_path / "other.kgl")) as other:
        other.build([b])
        wanted = contents(other.store)
    with kg.open(str(tmp_path / "g.kgl"), tmp_path / "other.ledger") as mixed:
        with pytest.raises(DatabaseError, match="kg sync --replace"):
            mixed.query("MATCH (n) RETURN count(n) AS n")
        with pytest.raises(DatabaseError, match="--replace"):
            mixed.sync()
        mixed.sync(replace=True)
        assert contents(mixed.store) == wanted


def test_a_damaged_graph_file_is_told_and_made_again_from_its_ledger(tmp_path: Path) -> None:
    path = tmp_path / "g.kgl"
    with kg.open(str(path)) as graph:
        graph.build([write(tmp_path, "a", "group:night", 5)])
        held = contents(graph.store)
    for found in [file for file in tmp_path.iterdir() if file.name.startswith("g.kgl")]:
        found.unlink()
    path.write_bytes(random.Random(1).randbytes(5000))
    with kg.open(str(path)) as graph:
        with pytest.raises(DatabaseError, match="cannot be opened"):
            graph.query("MATCH (n) RETURN count(n) AS n")
        with pytest.raises(DatabaseError, match="kg sync"):
            graph.build([tmp_path / "a.yaml"])
        path.unlink()
        graph.sync()
        assert contents(graph.store) == held


def test_a_damaged_ledger_is_told_and_built_again(tmp_path: Path) -> None:
    a = write(tmp_path, "a", "group:night", 5)
    with kg.open(str(tmp_path / "g.kgl")) as graph:
        graph.build([a])
        held = contents(graph.store)
        (source,) = graph.ledger.folder.glob("a-*.parquet")
        source.write_bytes(b"PAR1")
        with pytest.raises(DatabaseError, match="damaged"):
            graph.sync()
        assert graph.build([a]).plan.empty
        assert contents(graph.store) == held
        assert Ledger(graph.ledger.folder).read().height > 0


def test_a_damaged_manifest_names_what_it_held_and_is_built_anew(tmp_path: Path) -> None:
    a, b = write(tmp_path, "a", "group:night", 5), write(tmp_path, "b", "group:day", 7)
    with kg.open(tmp_path / "g.kgl") as graph:
        wanted = graph.build([a, b]).manifest
        (graph.ledger.folder / "manifest.json").write_text("{", encoding="utf-8")
        for ask in (graph.sync, lambda: graph.load("claims", [a]), lambda: graph.explain("x")):
            with pytest.raises(
                DatabaseError, match="hold a, b: `kg build --replace` with all of its seeds"
            ):
                ask()
        with pytest.raises(DatabaseError, match=r"manifest has no id.*--replace"):
            graph.build([a, b])
        assert graph.build([a, b], replace=True).manifest == wanted
