"""`kg verify` sees what was changed in a database by hand, and `kg sync --full` mends it."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest

import kg
from kg.base.errors import DatabaseError
from kg.pipeline.verify import same
from kg.stores import Store, open_store
from kg.stores.base import MARK
from tests.command import run
from tests.parity.inputs import corpora
from tests.portion import soaked
from tests.servers.neo4j import Neo4jServer

ARTICLE = "sputnik-2019-09.yaml"
THEFT, ANDARIEL = "incident:asian-exchange-thefts", "group:andariel"
EDGE = f"{THEFT} ATTRIBUTED_TO {ANDARIEL}"
CLAIM = "claim:01fc5dcd86af1850"
N = f"MATCH (n:Incident {{id: '{THEFT}'}}) "
G = f"MATCH (n:Group {{id: '{ANDARIEL}'}}) "
C = f"MATCH (n:Claim {{id: '{CLAIM}'}}) "
R = f"MATCH (a:Incident {{id: '{THEFT}'}})-[r:ATTRIBUTED_TO]->(b:Group {{id: '{ANDARIEL}'}}) "
E = f"MATCH (c:Claim {{id: '{CLAIM}'}})-[r:ASSERTED_BY]->(b) "


@dataclass(frozen=True)
class Edit:
    """Something that a person does to a database by hand, and where it is seen."""

    cypher: str
    element: str
    property: str
    fixed: bool = True
    """Whether an engine in which ids and kinds stay lets it be done."""


EDITS = {
    "a name": Edit(N + "SET n.name = 'INVENTED'", THEFT, "name"),
    "a number": Edit(N + "SET n.amount_stolen = 1.5", THEFT, "amount_stolen"),
    "a number as text": Edit(N + "SET n.amount_stolen = '571000000'", THEFT, "amount_stolen"),
    "a number not a number": Edit(N + "SET n.amount_stolen = 0.0 / 0.0", THEFT, "amount_stolen"),
    "a day": Edit(N + "SET n.occurred_from = date('2001-01-01')", THEFT, "occurred_from"),
    "a list": Edit(N + "SET n.names = n.names + ['Other']", THEFT, "names"),
    "an empty list": Edit(N + "SET n.computers_affected = []", THEFT, "computers_affected"),
    "a value taken away": Edit(N + "REMOVE n.occurred", THEFT, "occurred"),
    "a value put on": Edit(N + "SET n.status = 'solved'", THEFT, "status"),
    "a kind property": Edit(N + "SET n.kind = 'Meeting'", THEFT, "kind"),
    "a node's fingerprint": Edit(N + "SET n.fingerprint = 'mine'", THEFT, "fingerprint"),
    "a node's fingerprint taken away": Edit(N + "REMOVE n.fingerprint", THEFT, "fingerprint"),
    "a fingerprint of the value too": Edit(
        N + "SET n.name = 'INVENTED', n.fingerprint = 'e13b7f7ff75bd5c9'", THEFT, "name"
    ),
    "a role put on": Edit(N + "SET n:Victim", THEFT, "labels"),
    "another kind put on": Edit(N + "SET n:Person", THEFT, "labels"),
    "a role taken away": Edit(
        "MATCH (n:Person {id: 'person:kim-jong-un'}) REMOVE n:Leader",
        "person:kim-jong-un", "labels",
    ),
    "the kind taken away": Edit(N + "REMOVE n:Incident", THEFT, "labels", fixed=False),
    "the kind changed": Edit(N + "REMOVE n:Incident SET n:Meeting", THEFT, "labels", fixed=False),
    "kind and fingerprint away": Edit(
        N + "REMOVE n:Incident SET n.fingerprint = 'x'", THEFT, "labels", fixed=False
    ),
    "an id changed": Edit(N + "SET n.id = 'incident:other'", THEFT, "labels", fixed=False),
    "an id of no kind": Edit(N + "SET n.id = 'x'", THEFT, "labels", fixed=False),
    "an id taken away": Edit(N + "REMOVE n.id", THEFT, "labels", fixed=False),
    "a node deleted": Edit(G + "DETACH DELETE n", ANDARIEL, "labels"),
    "a claim deleted": Edit(C + "DETACH DELETE n", CLAIM, "labels"),
    "a node of ours too many": Edit(
        "CREATE (:Group {id: 'group:made-up', kind: 'Group', name: 'X', fingerprint: 'f'})",
        "group:made-up", "labels",
    ),
    "a node of ours under no kind": Edit(
        f"CREATE (:Copy {{id: '{THEFT}', kind: 'Incident', fingerprint: 'e13b7f7ff75bd5c9'}})",
        THEFT, "labels",
    ),
    "a claim's words": Edit(C + "SET n.summary = 'INVENTED'", CLAIM, "summary"),
    "a claim's value put on": Edit(C + "SET n.hedge = 'perhaps'", CLAIM, "hedge"),
    "a claim's status": Edit(C + "SET n.status = 'retracted'", CLAIM, "status"),
    "an edge's figure": Edit(R + "SET r.asserters = 99", EDGE, "asserters"),
    "an edge's figure as float": Edit(R + "SET r.support = 1.0", EDGE, "support"),
    "an edge's mark": Edit(R + "SET r.disputed = true", EDGE, "disputed"),
    "an edge's value taken away": Edit(R + "REMOVE r.hedged", EDGE, "hedged"),
    "an edge's value put on": Edit(R + "SET r.declared = true", EDGE, "declared"),
    "an edge's fingerprint": Edit(R + "SET r.fingerprint = 'mine'", EDGE, "fingerprint"),
    "an edge's fingerprint away": Edit(R + "REMOVE r.fingerprint", EDGE, "fingerprint"),
    "an edge deleted": Edit(R + "DELETE r", EDGE, "edges"),
    "an edge doubled": Edit(R + "CREATE (a)-[x:ATTRIBUTED_TO]->(b) SET x += properties(r) "
                            "REMOVE x.type",
                            EDGE, "edges"),
    "an edge doubled bare": Edit(R + "CREATE (a)-[:ATTRIBUTED_TO]->(b)", EDGE, "edges"),
    "an edge made again": Edit(
        R + "DELETE r CREATE (a)-[:ATTRIBUTED_TO {support: 5}]->(b)", EDGE, "fingerprint"
    ),
    "an edge of ours too many": Edit(
        R + "CREATE (b)-[:SUBGROUP_OF {fingerprint: 'x'}]->(b)",
        f"{ANDARIEL} SUBGROUP_OF {ANDARIEL}", "edges",
    ),
    "an edge of a type that is nowhere": Edit(
        R + "CREATE (a)-[:MADE_UP {fingerprint: 'x'}]->(b)", f"{THEFT} MADE_UP {ANDARIEL}", "edges"
    ),
    "an edge of evidence deleted": Edit(
        E + "DELETE r", f"{CLAIM} ASSERTED_BY agency:us-treasury", "edges"
    ),
    "an edge of evidence moved": Edit(
        E + "MATCH (o:Organization {id: 'organization:sputnik'}) DELETE r "
        "CREATE (c)-[:ASSERTED_BY {fingerprint: 'x'}]->(o)",
        f"{CLAIM} ASSERTED_BY organization:sputnik", "edges",
    ),
    "the stamp": Edit(f"MATCH (n:{MARK}) SET n.manifest = 'other'", "kg", "manifest"),
    "the stamp deleted": Edit(f"MATCH (n:{MARK}) DELETE n", "kg", "manifest"),
    "the stamp's id": Edit(f"MATCH (n:{MARK}) SET n.id = 'other'", "kg", "manifest", fixed=False),
    "the stamp doubled": Edit(f"CREATE (n:{MARK} {{id: 'copy'}})", "kg", "manifest"),
}  # fmt: skip
TOGETHER = (
    ("a number not a number", "a value put on", "another kind put on", "a role taken away",
     "a claim's words", "an edge's figure", "an edge of evidence moved"),
    ("an edge doubled", "a node of ours under no kind", "the stamp"),
    ("an edge made again", "a claim's status"),
)  # fmt: skip
"""The short form: edits that do not hide each other, made at once. Each alone, and the rest of the
list, is for `make soak`."""
ON_A_SERVER = ("py2neo+bolt", "bolt")
"""Two ways to one server, asked in the soak."""


@dataclass(frozen=True)
class Built:
    """The article in one engine, as it was built."""

    url: str
    graph: kg.KnowledgeGraph
    fresh: tuple[list[str], list[str]]
    fixed: bool

    def write(self, cypher: str) -> None:
        """What a hand does, by the engine's own way of writing."""
        self.graph.close()
        with closing(open_store(self.url)) as store:
            store.query(cypher, write=True)

    def contents(self) -> tuple[list[str], list[str]]:
        """Everything that stands in the database."""
        self.graph.close()
        with closing(open_store(self.url, write=False)) as store:
            return contents(store)


def contents(store: Store) -> tuple[list[str], list[str]]:
    """Every node with its labels and properties, every edge with its own: as text, sorted."""
    nodes = store.query("MATCH (n) RETURN labels(n) AS l, properties(n) AS p").rows
    edges = store.query(
        "MATCH (a)-[r]->(b) RETURN a.id AS a, type(r) AS t, b.id AS b, properties(r) AS p"
    ).rows
    return (
        sorted(f"{sorted(labels)} {sorted(found.items())}" for labels, found in nodes),
        sorted(f"{a} {t} {b} {sorted(found.items())}" for a, t, b, found in edges),
    )


Build = Callable[[str], Built]


@pytest.fixture(scope="module")
def build(
    tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest
) -> Iterator[Build]:
    """The article built in an engine when first asked for, and put back as it was (a file copied, a
    server built again) after a test that left it otherwise."""
    made: dict[str, Built] = {}

    def built(engine: str) -> Built:
        if engine not in made:
            folder = tmp_path_factory.mktemp("verify")
            url = str(folder / "graph.kgl")
            if engine != "kglite":
                server: Neo4jServer = request.getfixturevalue("neo4j_server")
                server.wipe()
                for way in ON_A_SERVER:
                    made.pop(way, None)
                url = server.url(engine)
            graph = kg.open(url, folder / "ledger")
            graph.build(corpora()["article"])
            assert graph.verify() == []
            with closing(open_store(url, write=False)) as store:
                made[engine] = Built(url, graph, contents(store), engine == "kglite")
            if engine == "kglite":
                graph.close()
                shutil.copytree(folder, _aside(folder))
        found = made[engine]
        if found.contents() != found.fresh:
            del made[engine]
            if engine != "kglite":
                return built(engine)
            made[engine] = _put_back(found)
        return made[engine]

    yield built
    for one in made.values():
        one.graph.close()


def _aside(folder: Path) -> Path:
    """Where a copy of what was built in a folder lies."""
    return folder.with_name(f"{folder.name}-as-built")


def _put_back(built: Built) -> Built:
    """Graph and ledger on the embedded engine as they were built, in a handle that knows nothing
    of what was done to them."""
    folder = Path(built.url).parent
    built.graph.close()
    shutil.rmtree(folder)
    shutil.copytree(_aside(folder), folder)
    again = replace(built, graph=kg.open(built.url, folder / "ledger"))
    assert again.contents() == built.fresh
    return again


def cases() -> Iterator[Any]:
    """Edits on each engine that lets them be done; py2neo is but another way to one of them, and
    comes first, since what follows finds the graph as the official driver left it."""
    alone = [(name,) for name in EDITS]
    for engine in (*ON_A_SERVER, "kglite"):
        short = () if engine in ON_A_SERVER else TOGETHER
        for names in (*TOGETHER, *(() if engine.startswith("py2neo") else alone)):
            done = [name for name in names if engine != "kglite" or EDITS[name].fixed]
            marks = [] if names in short else [pytest.mark.soak]
            marks += [] if engine == "kglite" else [pytest.mark.neo4j]
            if done:
                yield pytest.param(engine, done, id=f"{engine}-{', '.join(done)}", marks=marks)


@pytest.mark.parametrize(("engine", "names"), list(cases()))
def test_hand_edits_are_seen_and_mended(build: Build, engine: str, names: list[str]) -> None:
    built, edits = build(engine), [EDITS[name] for name in names]
    held = built.fresh
    for edit in edits:
        built.write(edit.cypher)
        assert built.contents() != held, "each edit changes something"
        held = built.contents()
    found = built.graph.verify()
    seen = {(each.element, each.property) for each in found}
    assert {(edit.element, edit.property) for edit in edits} <= seen
    assert all(not same(each.stored, each.expected) for each in found)
    built.graph.sync(full=True)
    assert built.contents() == built.fresh
    assert built.graph.query("MATCH (n:Claim) RETURN count(n) AS n")[0]["n"] > 50


def test_what_stored_and_expected_say(build: Build) -> None:
    built = build("kglite")
    built.write(N + "SET n.name = 'INVENTED' REMOVE n.occurred SET n:Victim")
    built.write(R + "DELETE r")
    found = {(each.element, each.property): each for each in built.graph.verify()}
    name, day = found[(THEFT, "name")], found[(THEFT, "occurred")]
    assert (name.stored, name.expected) == ("INVENTED", "Asian cryptocurrency exchange thefts")
    assert (day.stored, day.expected) == (None, "2017-01/2018-09")
    labels, edges = found[(THEFT, "labels")], found[(EDGE, "edges")]
    assert (labels.stored, labels.expected) == (["Incident", "Victim"], ["Incident"])
    assert (edges.stored, edges.expected) == (0, 1)
    assert len(found) == 4
    built.graph.sync(full=True)


def test_an_ordinary_sync_writes_nothing_where_nothing_changed(build: Build) -> None:
    built = build("kglite")
    assert built.graph.sync(full=True).plan.empty
    assert built.graph.verify() == []


# What is not ours


THEIRS = (
    N + "SET n.note = 'mine', n.m_support_score = 4.5, n:Watched",
    C + "SET n.note = 'mine'",
    R + "SET r.note = 'mine'",
    N + "CREATE (n)-[:MY_NOTE {page: 3}]->(:Book {id: 'b', name: 'Mine'})",
    R + "CREATE (b)-[:ATTRIBUTED_TO {note: 'mine'}]->(a)",
)
KEPT = (
    (N + "RETURN [n.note, n.m_support_score, 'Watched' IN labels(n)] AS v", ["mine", 4.5, True]),
    (C + "RETURN n.note AS v", "mine"),
    (R + "RETURN r.note AS v", "mine"),
    (N + "MATCH (n)-[r:MY_NOTE]->(b:Book) RETURN [r.page, b.name] AS v", [3, "Mine"]),
    ("MATCH (:Group)-[r:ATTRIBUTED_TO]->(:Incident) RETURN r.note AS v", "mine"),
)


def kept(built: Built) -> list[Any]:
    built.graph.close()
    with closing(open_store(built.url, write=False)) as store:
        return [store.query(cypher).rows for cypher, _ in KEPT]


@pytest.mark.parametrize("engine", ["kglite", soaked("bolt", pytest.mark.neo4j)])
def test_what_others_put_beside_ours_is_no_drift_and_stays(
    build: Build, engine: str, tmp_path: Path
) -> None:
    built = build(engine)
    for cypher in THEIRS:
        built.write(cypher)
    assert kept(built) == [[[value]] for _, value in KEPT]
    assert built.graph.verify() == []
    built.write(N + "SET n.name = 'INVENTED', n.status = 'solved'")
    built.write(R + "SET r.asserters = 99, r.declared = true")
    built.write(C + "SET n.summary = 'INVENTED'")
    built.graph.sync(full=True, share=True)
    assert built.graph.verify() == []
    assert kept(built) == [[[value]] for _, value in KEPT], "after sync --full"
    more = tmp_path / "more.yaml"
    more.write_text(MORE, encoding="utf-8")
    plan = built.graph.load("claims", [more], share=True).plan
    assert {"Incident", "ATTRIBUTED_TO"} <= plan.change.keys(), "both are written again"
    assert kept(built) == [[[value]] for _, value in KEPT], "after a load"
    assert built.graph.verify() == []
    plan = built.graph.build(corpora()["article"], share=True).plan
    assert plan.change["Incident"]
    left = built.graph.query(N + "RETURN n.computers_affected AS n")
    assert left[0]["n"] is None, "ours goes with its claim"
    assert kept(built) == [[[value]] for _, value in KEPT], "after it was taken out again"
    assert built.graph.verify() == []


MORE = f"""
entities:
  {THEFT}: Asian cryptocurrency exchange thefts
  {ANDARIEL}: Andariel
  organization:who: Who
  document:paper: {{name: Paper, published_by: organization:who, date: 2020-01-01}}
claims:
- {{asserter: organization:who, document: document:paper,
   says: [[{THEFT}, computers_affected, "7"], [{THEFT}, ATTRIBUTED_TO, {ANDARIEL}]]}}
"""


def test_an_edge_like_ours_with_a_word_of_its_own_is_its_authors(build: Build) -> None:
    built = build("kglite")
    built.write(R + "CREATE (a)-[:ATTRIBUTED_TO {note: 'mine'}]->(b)")
    assert built.graph.verify() == []
    built.write(N + "SET n.name = 'INVENTED'")
    assert [each.property for each in built.graph.verify()] == ["name"]
    built.graph.sync(full=True)
    assert built.graph.verify() == []
    notes = built.graph.query(R + "RETURN r.note AS note ORDER BY note")
    assert [row["note"] for row in notes] == ["mine", None]


@pytest.mark.neo4j
@pytest.mark.parametrize(
    "name",
    [
        "an id changed",
        pytest.param("an id taken away", marks=pytest.mark.soak),
        pytest.param("the kind changed", marks=pytest.mark.soak),
    ],
)
def test_what_lost_its_key_is_put_back_with_what_hangs_on_it(build: Build, name: str) -> None:
    built = build("bolt")
    for cypher in THEIRS:
        built.write(cypher)
    built.write(EDITS[name].cypher)
    built.graph.sync(full=True, share=True)
    assert built.graph.verify() == []
    assert kept(built) == [[[value]] for _, value in KEPT]


def test_a_node_that_hangs_on_somebody_elses_edge_is_not_removed(build: Build) -> None:
    built = build("kglite")
    built.write("CREATE (:Copy {id: 'x', fingerprint: 'f'})-[:MY_NOTE]->(:Book {id: 'b'})")
    before = built.contents()
    with pytest.raises(DatabaseError, match="x stands for nothing and would go, but a MY_NOTE"):
        built.graph.sync(full=True)
    assert built.contents() == before


# Values


@pytest.mark.parametrize(
    ("one", "other", "equal"),
    [
        (1, 1, True),
        (1, 1.0, False),
        (1, True, False),
        (float("nan"), float("nan"), True),
        (float("nan"), 0.5, False),
        (["a", "b"], ["a", "b"], True),
        (["a", "b"], ["b", "a"], False),
        ([1], [1.0], False),
        (None, [], False),
        ("2019-01-01", None, False),
    ],
)
def test_values_compare_with_their_types(one: Any, other: Any, equal: bool) -> None:
    assert same(one, other) is equal
    assert same(other, one) is equal


# The command


def copied(built: Built, folder: Path) -> None:
    """The graph and its ledger, as the command finds them in a folder."""
    built.graph.close()
    shutil.copy(built.url, folder / "kg.kgl")
    shutil.copytree(built.graph.ledger.folder, folder / "kg.ledger")


def test_the_command_says_what_differs_and_how_to_mend_it(build: Build, tmp_path: Path) -> None:
    copied(build("kglite"), tmp_path)
    sound = run(tmp_path, "verify", "--format", "json")
    assert (sound.returncode, json.loads(sound.stdout)) == (0, {"drift": []})
    with closing(open_store(str(tmp_path / "kg.kgl"))) as store:
        store.query(N + "SET n.name = 'INVENTED', n.occurred_from = date('2001-01-01')", write=True)
    assert "nothing to do" in run(tmp_path, "plan", str(corpora()["article"][0])).stdout
    found = run(tmp_path, "verify", "--format", "json")
    assert found.returncode == 1
    assert json.loads(found.stdout)["drift"] == [
        {
            "element": THEFT,
            "property": "name",
            "stored": "INVENTED",
            "expected": "Asian cryptocurrency exchange thefts",
        },
        {
            "element": THEFT,
            "property": "occurred_from",
            "stored": "2001-01-01",
            "expected": "2017-01-01",
        },
    ]
    told = run(tmp_path, "verify")
    assert told.returncode == 1
    assert "2 values differ; `kg sync --full` mends them" in told.stderr
    mended = run(tmp_path, "sync", "--full")
    assert mended.returncode == 0
    assert "2 values not as in the ledger" in mended.stderr
    assert run(tmp_path, "verify").returncode == 0


def test_verify_without_a_ledger_or_a_graph_says_so(build: Build, tmp_path: Path) -> None:
    assert "there is no ledger at" in run(tmp_path, "verify").stderr
    copied(build("kglite"), tmp_path)
    (tmp_path / "kg.kgl").unlink()
    done = run(tmp_path, "verify")
    assert done.returncode == 4
    assert "there is no graph at" in done.stderr
