"""A graph belongs to one ledger, has one writer at a time, and is read whole or not at all: with
real processes, on the embedded engine and on a real server."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager, closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

import kg
from kg.base.errors import DatabaseError
from kg.ledger.ledger import Ledger
from kg.pipeline.report import Quiet
from kg.stores import Store, Table, open_store
from kg.stores.base import Run, Unsettled
from tests.command import CLEAN
from tests.command import run as command
from tests.graph_writer import Writer
from tests.portion import soaked
from tests.servers.neo4j import Neo4jServer


@dataclass(frozen=True)
class Place:
    """Where a graph stands, and files to put into it."""

    url: str
    folder: Path
    server: Neo4jServer | None

    @property
    def environment(self) -> dict[str, str]:
        return {**CLEAN, **(self.server.environment if self.server else {})}

    def ledger(self, name: str) -> Path:
        return self.folder / f"{name}.ledger"

    def file(self, name: str, *groups: str) -> Path:
        """A claim file that attributes the theft to these groups."""
        path = self.folder / f"{name}.yaml"
        path.write_text(
            "document: {id: document:paper, name: Paper, date: 2020}\n"
            "entities:\n  organization:press: Press\n  incident:theft: The theft\n"
            + "".join(f"  group:{group}: {group.title()}\n" for group in groups)
            + "claims:\n"
            + "".join(
                "- {asserter: organization:press, "
                f"says: [incident:theft, ATTRIBUTED_TO, group:{group}]}}\n"
                for group in groups
            ),
            encoding="utf-8",
        )
        return path

    def open(self, ledger: str) -> kg.KnowledgeGraph:
        return kg.open(self.url, self.ledger(ledger))

    def start(self, ledger: str, *files: Path, **how: bool) -> Writer:
        return Writer(self.environment, (self.url, self.ledger(ledger)), files, **how)

    def contents(self) -> list[list[Any]]:
        """Every node and edge but the mark, with all that they hold."""
        with closing(open_store(self.url, write=False)) as store:
            return contents(store)


def contents(store: Store) -> list[list[Any]]:
    nodes = store.query(
        "MATCH (n) WHERE NOT n:KnowledgeGraph RETURN n.id AS id, properties(n) AS held ORDER BY id"
    )
    edges = store.query(
        "MATCH (a)-[r]->(b) RETURN a.id AS a, type(r) AS t, b.id AS b, properties(r) AS held "
        "ORDER BY a, t, b"
    )
    return [*nodes.rows, *edges.rows]


@pytest.fixture(params=["kglite", pytest.param("neo4j", marks=pytest.mark.neo4j)])
def place(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Place:
    monkeypatch.chdir(tmp_path)
    if request.param == "kglite":
        return Place(str(tmp_path / "g.kgl"), tmp_path, None)
    return on_server(request.getfixturevalue("neo4j_empty"), tmp_path, monkeypatch)


WHATEVER_ENGINE = pytest.mark.parametrize(
    "place", ["kglite", soaked("neo4j", pytest.mark.neo4j)], indirect=True
)
"""What no engine has a part in: on a server in the soak alone."""


@pytest.fixture
def server(neo4j_empty: Neo4jServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Place:
    return on_server(neo4j_empty, tmp_path, monkeypatch)


def on_server(server: Neo4jServer, folder: Path, monkeypatch: pytest.MonkeyPatch) -> Place:
    for name, value in server.environment.items():
        monkeypatch.setenv(name, value)
    return Place(server.uri, folder, server)


# Whose graph


def test_a_graph_of_another_ledger_is_refused_before_anything_is_written(place: Place) -> None:
    hers, his = place.file("hers", "night", "day"), place.file("his", "dusk")
    with place.open("hers") as graph:
        graph.build([hers])
    before = place.contents()
    with place.open("his") as graph:
        for change in (
            lambda: graph.build([his]),
            lambda: graph.load("claims", [his]),
            lambda: graph.plan([his]),
        ):
            with pytest.raises(DatabaseError, match=r"--ledger names .* --replace .* in its place"):
                change()
        assert not graph.ledger.folder.exists()
    assert place.contents() == before
    with place.open("hers") as graph:
        assert graph.load("claims", [hers]).plan.empty
        assert graph.ledger.id is not None


def test_a_graph_of_another_ledger_is_replaced_where_that_is_said(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Claims by hand are no records of sources, which is all that can be judged.
    monkeypatch.setattr("kg.graph.conclude.record_keys", lambda words, *_: words)
    hers, his = place.file("hers", "night", "day"), place.file("his", "dusk")
    with place.open("hers") as graph:
        graph.build([hers])
    with place.open("his") as graph:
        assert graph.plan([his], replace=True).remove["Group"] == 2
        graph.load("claims", [his], replace=True)
        assert groups(graph) == {"group:dusk"}
    with place.open("hers") as graph:
        for change in (
            lambda: graph.unload(["hers"]),
            lambda: graph.judge("group:night", "group:day", "same", "because"),
            lambda: graph.remove_figures(),
            lambda: graph.sync(),
        ):
            with pytest.raises(DatabaseError, match="--replace"):
                change()
        assert not (place.folder / "hers.judgements.yaml").exists()
        with pytest.raises(DatabaseError, match=r"made from another ledger than .*--replace"):
            graph.query("MATCH (n) RETURN count(n) AS n")
        graph.sync(replace=True)
        assert groups(graph) == {"group:night", "group:day"}


def test_figures_of_a_graph_without_its_ledger_are_left_alone(place: Place) -> None:
    with place.open("hers") as graph:
        graph.build([place.file("hers", "night")])
    with place.open("none") as graph, pytest.raises(DatabaseError, match="has no manifest"):
        graph.remove_figures()


def groups(graph: kg.KnowledgeGraph) -> set[str]:
    rows = graph.query("MATCH (:Incident)-[:ATTRIBUTED_TO]->(g:Group) RETURN g.id AS g")
    return {row["g"] for row in rows}


@pytest.mark.parametrize("lost", ["the folder", "the manifest", "half of it"])
def test_a_lost_manifest_is_no_empty_ledger(tmp_path: Path, lost: str) -> None:
    place = Place(str(tmp_path / "g.kgl"), tmp_path, None)
    with place.open("hers") as graph:
        graph.build([place.file("hers", "night")])
        manifest = graph.ledger.folder / "manifest.json"
        before = place.contents()
        if lost == "the folder":
            shutil.rmtree(graph.ledger.folder)
        elif lost == "the manifest":
            manifest.unlink()
        else:
            manifest.write_text(manifest.read_text("utf-8")[:40], encoding="utf-8")
        with pytest.raises(DatabaseError, match=r"--replace|damaged"):
            graph.load("claims", [place.file("his", "dusk")])
        assert place.contents() == before


def test_a_refused_graph_file_is_not_even_written_anew(tmp_path: Path) -> None:
    place = Place(str(tmp_path / "g.kgl"), tmp_path, None)
    with place.open("hers") as graph:
        graph.build([place.file("hers", "night")])
    before = Path(place.url).stat()
    with place.open("his") as graph, pytest.raises(DatabaseError, match="--replace"):
        graph.build([place.file("his", "dusk")])
    after = Path(place.url).stat()
    assert (after.st_ino, after.st_mtime_ns) == (before.st_ino, before.st_mtime_ns)


@WHATEVER_ENGINE
def test_a_ledgers_id_is_its_own_stays_and_goes_with_a_copy(place: Place) -> None:
    hers = place.file("hers", "night")
    with place.open("hers") as graph, place.open("same") as other:
        graph.build([hers])
        first = graph.ledger.id
        with closing(open_store(place.url, write=False)) as store:
            stamp = store.stamp()
            assert stamp is not None
            assert (stamp.ledger, stamp.manifest) == (first, graph.ledger.manifest().id)
        graph.build([place.file("more", "night", "day")])
        assert graph.ledger.id == first
        with pytest.raises(DatabaseError, match="--replace"):
            other.build([hers])
        shutil.copytree(graph.ledger.folder, place.ledger("copy"))
    with place.open("copy") as copy:
        assert copy.load("claims", [hers]).plan.empty or groups(copy)
        assert copy.ledger.id == first


@WHATEVER_ENGINE
def test_an_older_ledger_and_its_graph_get_the_id_with_the_next_write(place: Place) -> None:
    hers = place.file("hers", "night")
    with place.open("hers") as graph:
        graph.build([hers])
        without_ids(place, graph)
        assert groups(graph) == {"group:night"}
        with (
            place.open("his") as other,
            pytest.raises(DatabaseError, match=r"at state .*--replace"),
        ):
            other.build([place.file("his", "dusk")])
        graph.load("claims", [hers])
        with closing(open_store(place.url, write=False)) as store:
            assert (stamp := store.stamp()) is not None
            assert stamp.ledger == graph.ledger.id is not None


def without_ids(place: Place, graph: kg.KnowledgeGraph) -> None:
    """Take the id out of the ledger and out of the graph's stamp, as both once were."""
    path = graph.ledger.folder / "manifest.json"
    kept = json.loads(path.read_text("utf-8"))
    del kept["ledger"]
    path.write_text(json.dumps(kept), encoding="utf-8")
    graph.close()
    with closing(open_store(place.url)) as store:
        store.query("MATCH (n:KnowledgeGraph {id: 'kg'}) SET n.ledger = null", write=True)


@WHATEVER_ENGINE
def test_a_ledger_goes_into_an_empty_database_and_the_flag_into_a_full_one(place: Place) -> None:
    hers, his = place.file("hers", "night"), place.file("his", "dusk")
    with kg.open(place.folder / "mine.kgl", place.ledger("hers")) as graph:
        graph.build([hers])
        graph.load("claims", [hers])
    with place.open("hers") as graph:
        assert graph.sync().plan.add["Group"] == 1
    load = ["load", "claims", str(his), "--db", place.url, "--ledger", str(place.ledger("his"))]
    done = command(place.folder, *load, **place.environment)
    assert done.returncode == 4
    assert "--ledger names" in done.stderr
    done = command(place.folder, *load, "--replace", **place.environment)
    assert done.returncode == 0, done.stderr


# Half a graph


class Stopped(Exception):
    """The write breaks off."""


class Stopping(Quiet):
    """Breaks a write off when its first edges are written."""

    def progress(self, what: str, done: int, total: int) -> None:
        if what == "edges":
            raise Stopped


def test_half_a_graph_is_never_answered(place: Place) -> None:
    hers, more = place.file("hers", "night", "day"), place.file("more", "day", "dusk")
    with place.open("hers") as graph:
        graph.build([hers])
        whole = place.contents()
        shutil.copytree(graph.ledger.folder, place.ledger("before"))
        with pytest.raises(Stopped):
            graph.build([more], reporter=Stopping())
        assert place.contents() != whole
        # With the ledger, without any, and with the ledger as it was, whose state the graph had.
        for ledger in ("hers", "none", "before"):
            with place.open(ledger) as reader, pytest.raises(DatabaseError, match="half-written"):
                reader.query("MATCH (n) RETURN count(n) AS n")
    with place.open("before") as graph:
        graph.sync()
        assert place.contents() == whole
        assert groups(graph) == {"group:night", "group:day"}


# One writer at a time


def test_a_second_writer_is_refused_before_it_writes(place: Place) -> None:
    hers, his = place.file("hers", "night", "day"), place.file("his", "dusk")
    first = place.start("hers", hers, pause=True)
    code, said = place.start("his", his, replace=True).end()
    assert code == 4
    assert "is being written by" in said
    assert not (place.ledger("his") / "manifest.json").exists()
    first.go_on()
    assert first.end() == (0, "")
    with place.open("hers") as graph:
        assert groups(graph) == {"group:night", "group:day"}
        assert graph.build([hers]).plan.empty


def test_a_killed_writer_holds_nobody_up_and_leaves_nothing_behind(place: Place) -> None:
    hers, more = place.file("hers", "night", "day"), place.file("more", "day", "dusk")
    with place.open("hers") as graph:
        graph.build([more])
        wanted = place.contents()
        graph.build([hers])
    killed = place.start("hers", more, pause=True)
    killed.process.kill()
    killed.end()
    with place.open("hers") as graph:
        with pytest.raises(DatabaseError, match="kg sync"):
            groups(graph)
        graph.sync()
        assert groups(graph) == {"group:day", "group:dusk"}
    assert place.contents() == wanted
    if place.server:
        marks = place.server.run("MATCH (n:KnowledgeGraph) RETURN keys(n) AS held")
        assert [sorted(name for name in row["held"] if "writer" in name) for row in marks] == [[]]


def test_a_lock_of_another_machine_runs_out(server: Place) -> None:
    assert server.server is not None
    hers = server.file("hers", "night")
    with server.open("hers") as graph:
        graph.build([hers])
        server.server.run(
            "MATCH (n:KnowledgeGraph) SET n.writer = 'x', n.writer_host = 'elsewhere', "
            "n.writer_process = 1, n.writer_until = datetime.realtime().epochMillis + 45500"
        )
        with pytest.raises(DatabaseError, match=r"process 1 on elsewhere.*runs out in 4\d seconds"):
            graph.build([hers])
        assert groups(graph) == {"group:night"}, "reading waits for nobody who writes nothing"
        server.server.run("MATCH (n:KnowledgeGraph) SET n.writer_until = 1")
        assert graph.build([hers]).plan.empty


def test_a_writer_that_lost_its_lock_writes_no_more(server: Place) -> None:
    assert server.server is not None
    hers, his = server.file("hers", "night", "day"), server.file("his", "dusk")
    slow = server.start("hers", hers, pause=True)
    server.server.run("MATCH (n:KnowledgeGraph) SET n.writer_until = 1")
    assert server.start("his", his, replace=True).end() == (0, "")
    wanted = server.contents()
    slow.go_on()
    code, said = slow.end()
    assert code == 4
    assert "another writer took the graph over" in said
    assert server.contents() == wanted
    with server.open("his") as graph:
        assert groups(graph) == {"group:dusk"}


class Overtaken(Quiet):
    """Another machine takes the lock when the plan is made, before anything is written."""

    def __init__(self, server: Neo4jServer) -> None:
        self.server = server

    def step(self, name: str, detail: str = "") -> None:
        if name == "plan":
            self.server.run(
                "MATCH (n:KnowledgeGraph) SET n.writer = 'x', n.writer_host = 'elsewhere', "
                "n.writer_until = datetime.realtime().epochMillis + 60000"
            )


def test_a_writer_that_lost_its_lock_before_it_wrote_leaves_its_ledger_too(server: Place) -> None:
    assert server.server is not None
    with server.open("hers") as graph:
        graph.build([server.file("hers", "night")])
        before = server.contents(), graph.ledger.manifest()
        with pytest.raises(DatabaseError, match="another writer took the graph over"):
            graph.build([server.file("more", "day")], reporter=Overtaken(server.server))
        assert (server.contents(), graph.ledger.manifest()) == before


def test_a_ledger_that_came_first_is_seen_under_the_lock(server: Place) -> None:
    plain, his = Ledger.writing, server.file("his", "dusk")
    with server.open("hers") as graph, pytest.MonkeyPatch.context() as patch:

        def late(ledger: Ledger) -> AbstractContextManager[None]:
            patch.undo()
            with server.open("his") as other:
                other.build([his])
            return plain(ledger)

        patch.setattr(Ledger, "writing", late)
        with pytest.raises(DatabaseError, match="--replace"):
            graph.build([server.file("hers", "night")])
        assert not graph.ledger.exists
    with server.open("his") as graph:
        assert groups(graph) == {"group:dusk"}


def test_a_writer_does_not_wait_for_the_indexes_that_another_makes(server: Place) -> None:
    """The server would finish neither: the wait is a transaction, and they wait for its end."""
    with closing(open_store(server.url)) as store, pytest.MonkeyPatch.context() as patch:
        patch.setattr(store, "await_indexes", lambda: pytest.fail("waits"))
        with store.writing():
            assert store.writer() == f"process {os.getpid()}"
        assert store.writer() == ""


def at_once(place: Place, rounds: int) -> None:
    """Two writers with ledgers of their own set out at once: one has the graph, one is refused."""
    files = {name: place.file(name, *names) for name, names in TWO.items()}
    for _ in range(rounds):
        if place.server:
            place.server.wipe()
        else:
            for path in place.folder.glob("g.kgl*"):
                path.unlink()
        for name in TWO:
            shutil.rmtree(place.ledger(name), ignore_errors=True)
        both = {name: place.start(name, files[name]) for name in TWO}
        ends = {name: writer.end() for name, writer in both.items()}
        done = {name: code for name, (code, _) in ends.items()}
        assert sorted(map(str, done.values())) == ["0", "4"], ends
        winner, loser = sorted(done, key=lambda name: str(done[name]))
        with place.open(winner) as graph:
            assert groups(graph) == {f"group:{name}" for name in TWO[winner]}
        assert not (place.ledger(loser) / "manifest.json").exists()


TWO = {"hers": ("night", "day"), "his": ("dusk", "dawn", "noon")}


def test_of_two_writers_at_once_one_is_refused(place: Place) -> None:
    at_once(place, 1)


@pytest.mark.soak
def test_of_two_writers_at_once_one_is_refused_always(place: Place) -> None:
    at_once(place, 12)


# A handle that stays open


def test_an_open_handle_follows_what_another_process_writes(place: Place) -> None:
    hers, more = place.file("hers", "night"), place.file("more", "day", "dusk")
    with place.open("hers") as graph:
        graph.build([hers])
        assert groups(graph) == {"group:night"}
        assert "group:night" in graph.networkx()
        assert graph.corpus(as_of="2030-01-01").names.keys() >= {"group:night"}
        assert place.start("hers", more).end() == (0, "")
        assert groups(graph) == {"group:day", "group:dusk"}
        assert "group:dusk" in graph.networkx()
        assert "group:dusk" in graph.corpus(as_of="2030-01-01").names
        assert "group:dusk" in str(graph.explain("group:dusk").as_dict())


def test_an_open_handle_is_told_of_a_writer_at_work(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("kg.pipeline.settled.WRITERS_TURN", 0.3)
    hers, more = place.file("hers", "night"), place.file("more", "day", "dusk")
    with place.open("hers") as graph:
        graph.build([hers])
        assert groups(graph) == {"group:night"}
        writer = place.start("hers", more, pause=True)
        with pytest.raises(DatabaseError, match=f"just now by process {writer.pid}"):
            groups(graph)
        writer.go_on()
        assert writer.end() == (0, "")
        assert groups(graph) == {"group:day", "group:dusk"}


def test_an_answer_that_a_write_ran_across_is_asked_again(server: Place) -> None:
    """The server shows what others commit beside an open transaction: the stamp tells."""
    hers, more = server.file("hers", "night"), server.file("more", "day", "dusk")
    with server.open("hers") as graph:
        graph.build([hers])
        assert groups(graph) == {"group:night"}
        store = graph.store
        plain = store.transact  # type: ignore[attr-defined]
        left = [more]

        def crossed(work: Callable[[Run], Any], **options: Any) -> Any:
            def crossing(run: Run) -> Any:
                def slow(cypher: str, parameters: Mapping[str, Any]) -> Table:
                    while left and "Incident" in cypher:
                        with server.open("hers") as other:
                            other.build([left.pop(0)])
                    return run(cypher, parameters)

                return work(slow)

            return plain(crossing, **options)

        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(store, "transact", crossed)
            with pytest.raises(Unsettled, match="written while it was read"):
                store.read("MATCH (n:Incident) RETURN n.id AS id")
        assert groups(graph) == {"group:day", "group:dusk"}


def asked_while_written(place: Place, loads: int) -> None:
    """A handle asks while another process builds two graphs in turn: one of them is answered."""
    files = [place.file(name, *names) for name, names in TWO.items()]
    wanted = [{f"group:{name}" for name in names} for names in TWO.values()]
    question = (
        "MATCH (g:Group) WITH collect(g.id) AS nodes "
        "MATCH (:Incident)-[r:ATTRIBUTED_TO]->(g) WITH nodes, collect(g.id) AS targets "
        "MATCH (c:Claim)-[:OBJECT]->(g) RETURN nodes, targets, collect(g.id) AS claimed"
    )
    with place.open("hers") as graph:

        def answered() -> int:
            """Which of the two, by nodes, edges and claims alike, and by the ledger's own graph."""
            (row,) = graph.query(question)
            found = [set(row[name]) for name in ("nodes", "targets", "claimed")]
            assert found in ([one] * 3 for one in wanted), found
            assert set(graph.corpus().graph.nodes["Group"]["id"]) in wanted
            return wanted.index(found[0])

        graph.build([files[1]])
        assert answered() == 1
        writer = place.start("hers", *files * loads, files[0])
        while writer.exit_code is None:
            try:
                answered()
            except Unsettled as why:
                if not why.writer:
                    raise
        assert writer.end() == (0, "")
        assert answered() == 0


def test_every_answer_is_the_old_graph_or_the_new_one(place: Place) -> None:
    asked_while_written(place, 1)


@pytest.mark.soak
def test_every_answer_is_the_old_graph_or_the_new_one_always(place: Place) -> None:
    asked_while_written(place, 40)
