"""How kg compares with its peers: the same rows, the same server, one run, ratios.

    python -m bench.peers [--claims 10000 100000] [--attack enterprise-attack.json] [--only NAME…]
                          [--most 600] [--runs 3]

The rows are the graph of `bench.synthetic`, without role labels and with dates as text, which every
peer can hold. Each peer runs in a process of its own, from rows in the form that it takes (made
beforehand, not timed) into an empty database with a uniqueness constraint on each kind's id, as its
own manual says; what then is in the database is counted. kg makes full-text indexes in that time.
A ratio says how many times as long as kg's way (the first of each group) a peer takes. A peer that
takes longer than `--most` seconds is stopped, and left out at larger sizes. All take their turn
`--runs` times, and the best turn counts: who comes first pays for a server that is still warming
up, which is more than what peers differ by. What takes over a minute has one turn.

Neo4j is the tests' own (`tests/servers/neo4j.py`), and peers are
installed by `pip install -c constraints.txt -e '.[test,bench]'`. One does not go with these pins:
neomodel 7.0 asks for an older driver. It runs with all the others in an environment without them:
`pip install -e '.[test,bench]' neomodel 'neo4j-rust-ext==6.1.*'`. What is missing is said so.
BioCypher's online mode asks for APOC, which is put into the server's plugins where Maven has it.
"""

from __future__ import annotations

import argparse
import json
import logging
import os
import pickle
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property, partial
from importlib import import_module
from importlib.util import find_spec
from io import StringIO
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import neo4j
import polars as pl
import pytest

from bench.loads import peak_memory
from bench.synthetic import corpus, write
from kg import KnowledgeGraph
from kg.exports.neo4j_admin import export
from kg.graph.graph import EdgeKey, Graph
from kg.ledger.ledger import Ledger
from kg.ontology import load as ontology
from kg.stores import open_store
from kg.stores.base import MARK
from kg.stores.cypher import property_maps
from tests.machine import cache_folder
from tests.servers import neo4j as servers

BATCH = 5_000
APOC = "5.26.19"

Row = dict[str, Any]


@dataclass
class Job:
    """What a peer is given. `folder` is its own; where it leaves a database there, as `db…`."""

    graph: Graph
    ledger: Path
    csv: Path
    folder: Path
    server: dict[str, str] = field(default_factory=dict)
    """As the environment names it: `NEO4J_URI`…"""
    attack: str = ""

    @cached_property
    def nodes(self) -> dict[str, list[Row]]:
        """By kind."""
        return {kind: list(property_maps(frame)) for kind, frame in self.graph.nodes.items()}

    @cached_property
    def edges(self) -> dict[EdgeKey, list[tuple[str, str, Row]]]:
        """By type and the kinds of the ends: from, to, properties."""
        return {
            key: [(row.pop("from"), row.pop("to"), row) for row in property_maps(frame)]
            for key, frame in self.graph.edges.items()
        }

    @property
    def login(self) -> tuple[str, str]:
        """User and password."""
        return self.server["NEO4J_USERNAME"], self.server["NEO4J_PASSWORD"]


Load = Callable[[Job], None]


@dataclass(frozen=True)
class Peer:
    """One way to get the rows to where they are to be. `ready` is done before the clock starts."""

    name: str
    group: str
    load: Load
    needs: tuple[str, ...] = ()
    ready: Load = lambda job: None


PEERS: list[Peer] = []


def peer(
    name: str, group: str, *needs: str, ready: Load = lambda job: None
) -> Callable[[Load], Load]:
    """Note a function as a peer. In each group the first is what the others are compared with."""

    def noted(load: Load) -> Load:
        PEERS.append(Peer(name, group, load, needs, ready))
        return load

    return noted


def plain_rows(job: Job) -> None:
    """The rows as Python's own lists and dictionaries, for peers that take those."""
    assert job.nodes is not None
    assert job.edges is not None


def cut(rows: Sequence[Any], size: int = BATCH) -> Iterator[Sequence[Any]]:
    """Batches."""
    for start in range(0, len(rows), size):
        yield rows[start : start + size]


# --- into a server that runs


def constrained(job: Job) -> None:
    """The rows, and the constraints on the server."""
    plain_rows(job)
    with neo4j.GraphDatabase.driver(job.server["NEO4J_URI"], auth=job.login) as driver:
        run: Callable[..., Any] = driver.execute_query
        for kind in job.nodes:
            run(f"CREATE CONSTRAINT FOR (n:{kind}) REQUIRE n.id IS UNIQUE")


def prepared(job: Job) -> None:
    """kg's constraints on the server; a first build makes the full-text indexes behind the rows."""
    os.environ.update(job.server)
    store = open_store(job.server["NEO4J_URI"])
    store.prepare(ontology(), full_text=False)
    store.close()


@peer("kg apply", "online", ready=prepared)
def kg_apply(job: Job) -> None:
    """Frames to rows with fingerprints, all rows, each batch counted, as a first build does."""
    known, store = ontology(), open_store(job.server["NEO4J_URI"])
    store.fill([job.graph], known)
    store.close()


@peer("kg sync", "online")
def kg_sync(job: Job) -> None:
    """End to end: the ledger's files are read, projected, planned, written and counted."""
    os.environ.update(job.server)
    with KnowledgeGraph(job.server["NEO4J_URI"], job.ledger) as graph:
        graph.sync()


@peer("UNWIND by hand", "online", "neo4j", ready=constrained)
def unwind(job: Job) -> None:
    """The driver's manual: parameters, batches, MERGE on the key alone, one session."""
    database = job.server["NEO4J_DATABASE"]
    with (
        neo4j.GraphDatabase.driver(job.server["NEO4J_URI"], auth=job.login) as driver,
        driver.session(database=database) as session,
    ):
        by_hand(job, lambda text, **given: session.run(text, given).consume())


def by_hand(job: Job, run: Callable[..., Any]) -> None:
    """The loop that anybody would write, over whatever runs Cypher."""
    for kind, rows in job.nodes.items():
        for batch in cut(rows):
            run(f"UNWIND $rows AS row MERGE (n:{kind} {{id: row.id}}) SET n += row", rows=batch)
    for (type_, start, end), edges in job.edges.items():
        text = (
            f"UNWIND $rows AS row MATCH (a:{start} {{id: row.a}}) MATCH (b:{end} {{id: row.b}}) "
            f"MERGE (a)-[r:{type_}]->(b) SET r += row.props"
        )
        for part in cut(edges):
            run(text, rows=[{"a": a, "b": b, "props": props} for a, b, props in part])


@peer("py2neo bulk", "online", "py2neo", ready=constrained)
def py2neo_bulk(job: Job) -> None:
    """`py2neo.bulk`. Its own statement for constraints is too old for this server."""
    from py2neo import Graph as Py2neoGraph
    from py2neo.bulk import merge_nodes, merge_relationships

    graph = Py2neoGraph(job.server["NEO4J_URI"], auth=job.login)
    for kind, rows in job.nodes.items():
        for batch in cut(rows):
            merge_nodes(graph.auto(), batch, (kind, "id"))
    for (type_, start, end), edges in job.edges.items():
        for part in cut(edges):
            data = [(a, props, b) for a, b, props in part]
            merge_relationships(
                graph.auto(), data, type_, start_node_key=(start, "id"), end_node_key=(end, "id")
            )


@peer("neomodel", "online", "neomodel", ready=plain_rows)
def neomodel(job: Job) -> None:
    """`bulk_create_or_update` for nodes; `connect` for each edge, it has none in bulk. A property
    may not be called `id` in it, so that has another name in Python."""
    lib: Any = import_module("neomodel")
    address = job.server["NEO4J_URI"].replace("://", "://{}:{}@".format(*job.login))
    lib.get_config().database_url = address
    classes = neomodel_classes(lib, job.graph)
    lib.db.install_all_labels(stdout=StringIO())
    found = {}
    for kind, rows in job.nodes.items():
        for batch in cut(rows, 1_000):
            given = [
                {"key": row["id"], **{k: v for k, v in row.items() if k != "id"}} for row in batch
            ]
            for node in classes[kind].nodes.bulk_create_or_update(*given):
                found[node.key] = node
    for (type_, _, end), edges in job.edges.items():
        for part in cut(edges, 1_000):
            with lib.db.transaction:
                for a, b, props in part:
                    getattr(found[a], f"{type_}_{end}").connect(found[b], props)


def neomodel_classes(lib: Any, graph: Graph) -> dict[str, Any]:
    """A class for each kind and one for each sort of edge. Ends are named by their class, which it
    looks up in this module."""

    def attributes(frame: pl.DataFrame) -> dict[str, Any]:
        kinds = {pl.Int64: lib.IntegerProperty, pl.Float64: lib.FloatProperty,
                 pl.Boolean: lib.BooleanProperty, pl.String: lib.StringProperty}  # fmt: skip
        return {
            name: lib.ArrayProperty(lib.StringProperty())
            if isinstance(dtype, pl.List)
            else kinds[dtype.base_type()]()
            for name, dtype in frame.schema.items()
            if name not in ("id", "from", "to", "from_kind", "to_kind")
        }

    made = {}
    models = {
        type_: type(type_, (lib.StructuredRel,), attributes(graph.edges_of(type_)))
        for type_ in {key[0] for key in graph.edges}
    }
    for kind, frame in graph.nodes.items():
        body = {
            "key": lib.StringProperty(unique_index=True, required=True, db_property="id"),
            **attributes(frame),
        }
        for type_, start, end in graph.edges:
            if start == kind:
                body[f"{type_}_{end}"] = lib.RelationshipTo(end, type_, model=models[type_])
        globals()[kind] = made[kind] = type(kind, (lib.StructuredNode,), body)
    return made


@peer("BioCypher online", "online", "biocypher", ready=plain_rows)
def biocypher_online(job: Job) -> None:
    """`merge_nodes` and `merge_edges`, without a head ontology; needs APOC."""
    one = biocypher(job, offline=False)
    one.merge_nodes(biocypher_nodes(job))
    one.merge_edges(biocypher_edges(job))


def biocypher_nodes(job: Job) -> Iterator[tuple[str, str, Row]]:
    for kind, rows in job.nodes.items():
        for row in rows:
            yield row["id"], kind, {name: value for name, value in row.items() if name != "id"}


def biocypher_edges(job: Job) -> Iterator[tuple[None, str, str, str, Row]]:
    for key, edges in job.edges.items():
        for a, b, props in edges:
            yield None, a, b, "_".join(key), props


def biocypher(job: Job, *, offline: bool) -> Any:
    """An instance with a configuration and a schema written from the graph."""
    import yaml

    os.chdir(job.folder)
    user, password = job.login if job.server else ("", "")
    config = {
        "biocypher": {"dbms": "neo4j", "offline": offline, "strict_mode": False,
                      "head_ontology": None, "log_to_disk": False},
        "neo4j": {"database_name": job.server.get("NEO4J_DATABASE", "neo4j"), "wipe": True,
                  "uri": job.server.get("NEO4J_URI", ""), "user": user, "password": password,
                  "multi_db": False, "file_format": "csv", "csv_array_delimiter": "\x1f",
                  "import_call_bin_prefix": ""},
    }  # fmt: skip
    Path("biocypher_config.yaml").write_text(yaml.safe_dump(config), encoding="utf-8")
    Path("schema_config.yaml").write_text(
        yaml.safe_dump(biocypher_schema(job.graph)), encoding="utf-8"
    )
    return import_module("biocypher").BioCypher(
        biocypher_config_path="biocypher_config.yaml",
        schema_config_path="schema_config.yaml",
        output_directory=str(job.folder / "out"),
    )


def biocypher_schema(graph: Graph) -> dict[str, Any]:
    def properties(frame: pl.DataFrame) -> dict[str, str]:
        kinds = {pl.Int64: "int", pl.Float64: "float", pl.Boolean: "bool", pl.String: "str"}
        return {
            name: "str[]" if isinstance(dtype, pl.List) else kinds[dtype.base_type()]
            for name, dtype in frame.schema.items()
            if name not in ("id", "from", "to")
        }

    nodes = {
        kind: {"represented_as": "node", "preferred_id": "id", "input_label": kind,
               "properties": properties(frame)}
        for kind, frame in graph.nodes.items()
    }  # fmt: skip
    edges = {
        "_".join(key): {"represented_as": "edge", "input_label": "_".join(key),
                        "label_as_edge": key[0], "source": key[1], "target": key[2],
                        "properties": properties(frame)}
        for key, frame in graph.edges.items()
    }  # fmt: skip
    return nodes | edges


# --- into the files of a server that does not run


@peer("kg export + neo4j-admin", "bulk")
def kg_admin(job: Job) -> None:
    """End to end from the ledger: read, projected, written as CSV, imported."""
    with KnowledgeGraph(job.ledger.with_suffix(".kgl")) as graph:
        export(graph.corpus(), job.folder / "csv")
    imported(job, ["sh", str(job.folder / "csv" / "import.sh")])


@peer("neo4j-admin, CSV ready", "bulk")
def admin(job: Job) -> None:
    """The tool alone."""
    imported(job, ["sh", str(job.csv / "import.sh")])


@peer("BioCypher files + neo4j-admin", "bulk", "biocypher", ready=plain_rows)
def biocypher_files(job: Job) -> None:
    """`write_nodes`, `write_edges`, `write_import_call`, and the call."""
    one = biocypher(job, offline=True)
    one.write_nodes(biocypher_nodes(job))
    one.write_edges(biocypher_edges(job))
    one.write_import_call()
    call = job.folder / "out" / "neo4j-admin-import-call.sh"
    imported(job, ["bash", str(call)])


def imported(job: Job, command: list[str]) -> None:
    """Run an import with the tool on the path; raises where not all rows arrive."""
    home = job.folder / "db"
    (home / "conf").mkdir(parents=True)
    environment = {**os.environ, "NEO4J_HOME": str(home)}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    told = re.findall(r"^\s+(\d+) (nodes|relationships)$", done.stdout, re.MULTILINE)
    found = {name: int(count) for count, name in told}
    wanted = {"nodes": height(job.graph.nodes), "relationships": height(job.graph.edges)}
    if done.returncode or found != wanted:
        raise RuntimeError(f"{found} arrived, not {wanted}: {(done.stdout + done.stderr)[-800:]}")


def height(frames: Any) -> int:
    """Rows in all."""
    return sum(frame.height for frame in frames.values())


# --- into the embedded engine


@peer("kg apply, kglite", "embedded")
def kg_embedded(job: Job) -> None:
    """As `kg sync` writes."""
    known, store = ontology(), open_store(str(job.folder / "db.kgl"))
    with store.anew() as new:
        new.prepare(known)
        new.fill([job.graph], known)
    store.close()


@peer("UNWIND by hand, kglite", "embedded", "kglite", ready=plain_rows)
def unwind_embedded(job: Job) -> None:
    """The same loop as for the server."""
    import kglite

    with kglite.open(str(job.folder / "db.kgl")) as graph:
        for kind in job.nodes:
            graph.cypher(f"CREATE CONSTRAINT FOR (n:{kind}) REQUIRE n.id IS UNIQUE")
        by_hand(job, lambda text, **given: graph.cypher(text, params=given))


def pandas_frames(job: Job) -> None:
    """What its bulk call takes: data frames of pandas with Python's lists in them."""
    import pandas

    def frame(rows: pl.DataFrame) -> Any:
        return pandas.DataFrame({name: pandas.Series(rows[name].to_list(), dtype=object)
                                 for name in rows.columns})  # fmt: skip

    job.pandas = (  # type: ignore[attr-defined]
        {kind: frame(rows) for kind, rows in job.graph.nodes.items()},
        {key: frame(rows) for key, rows in job.graph.edges.items()},
    )


@peer("kglite bulk", "embedded", "kglite", "pandas", ready=pandas_frames)
def kglite_bulk(job: Job) -> None:
    """`add_nodes` and `add_connections`, without a log, and a save at the end."""
    import kglite

    nodes, edges = job.pandas  # type: ignore[attr-defined]
    graph = kglite.open(str(job.folder / "db.kgl"), durable="off")
    for kind, rows in nodes.items():
        graph.add_nodes(rows, kind, "id", "name" if "name" in rows else None)
    for (type_, start, end), rows in edges.items():
        graph.add_connections(rows, type_, start, "from", end, "to")
    graph.close()


# --- reading STIX


@peer("kg stix", "reading")
def kg_stix(job: Job) -> None:
    """Every object and relationship as checked claims."""
    from kg.claims.emitter import Emitter
    from kg.claims.source import Source
    from kg.loaders import load

    load("stix", [Path(job.attack)], Emitter(Source("attack", "stix"), ontology()))


@peer("mitreattack-python", "reading", "mitreattack")
def mitreattack(job: Job) -> None:
    """The file, and the lists of groups, software, techniques, campaigns and what groups use."""
    data = import_module("mitreattack.stix20").MitreAttackData(job.attack)
    data.get_groups(), data.get_software(), data.get_techniques(), data.get_campaigns()
    data.get_all_software_used_by_all_groups(), data.get_all_techniques_used_by_all_groups()


@peer("stix2", "reading", "stix2")
def stix2(job: Job) -> None:
    """`MemoryStore.load_from_file`, and all objects out of it."""
    store = import_module("stix2").MemoryStore()
    store.load_from_file(job.attack)
    store.query([])


# --- the run


def main() -> None:
    """Run and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--claims", type=int, nargs="+", default=[10_000])
    parser.add_argument("--attack", default="", help="an ATT&CK bundle, to compare reading it")
    parser.add_argument("--only", nargs="+", default=[], help="names, or parts of them")
    parser.add_argument("--most", type=float, default=600)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--one", nargs=2, metavar=("NAME", "JOB"), help="(for itself)")
    given = parser.parse_args()
    logging.getLogger("neo4j").addHandler(logging.NullHandler())
    if given.one:
        name, path = given.one
        print(json.dumps(one(next(p for p in PEERS if p.name == name), Path(path))))
        return
    chosen = [p for p in PEERS if not given.only or any(part in p.name for part in given.only)]
    with tempfile.TemporaryDirectory() as folder:
        compare(chosen, Path(folder), given.claims, given.attack, given.most, given.runs)


def compare(
    chosen: Sequence[Peer],
    folder: Path,
    sizes: Sequence[int],
    attack: str,
    most: float,
    runs: int,
) -> None:
    """All peers at all sizes, in one table a size."""
    groups = {p.group for p in chosen}
    slow: set[str] = set()
    with serving(folder, "online" in groups or "bulk" in groups) as server:
        for number, claims in enumerate(sizes):
            job = made(folder / str(claims), claims, attack)
            total = height(job.graph.nodes) + height(job.graph.edges)
            asked = [p for p in chosen if p.group != "reading" or (attack and number == 0)]
            turn = partial(measured, job=job, server=server, most=most)
            found = best([p for p in asked if p.name not in slow], turn, runs)
            slow |= {name for name, kept in found.items() if kept.get("stopped")}
            print(f"\n{claims:,} claims, {total:,} nodes and edges\n")
            print("| | seconds | × kg | CPU s here | CPU s of the server | peak MB | database MB |")
            print(f"|{'---|' * 7}")
            base: dict[str, float] = {}
            for p in asked:
                left_out: Row = {"why": "left out: too long at a smaller size"}
                print(row(p, found.get(p.name, left_out), base), flush=True)


LONG = 60.0
"""Seconds after which one turn is enough."""


def best(chosen: Sequence[Peer], turn: Callable[[Peer], Row], runs: int) -> dict[str, Row]:
    """By name, each peer's best turn: all have their first before any has its second."""
    found: dict[str, Row] = {}
    for _ in range(runs):
        for p in chosen:
            before = found.get(p.name)
            if before is None or before.get("seconds", LONG) < LONG:
                now = turn(p)
                if before is None or now.get("seconds", LONG) < before["seconds"]:
                    found[p.name] = now
    return found


def row(p: Peer, found: Row, base: dict[str, float]) -> str:
    """One line of the table; the first peer of a group is what the rest are compared with."""
    if "why" in found:
        return f"| {p.name} | {found['why']} | | | | | |"
    seconds = float(found["seconds"])
    if p is next(one for one in PEERS if one.group == p.group):
        base[p.group] = seconds
    ratio = f"{seconds / base[p.group]:.2f}" if p.group in base else "–"
    size = f"{found['size'] / 1e6:,.0f}" if found.get("size") else ""
    return (
        f"| {p.name} | {seconds:,.1f} | {ratio} | {found['cpu']:,.1f} "
        f"| {found.get('server', 0):,.1f} | {found['peak']:,.0f} | {size} |"
    )


def made(folder: Path, claims: int, attack: str) -> Job:
    """Ledger, graph and CSV files of so many claims."""
    folder.mkdir(parents=True)
    write(Ledger(folder / "kg.ledger"), corpus(claims))
    with KnowledgeGraph(folder / "kg.kgl") as known:
        known.sync()  # which also concludes who is who
        graph = same_for_all(known.corpus().graph)
    export(SimpleNamespace(graph=graph), folder / "csv")  # type: ignore[arg-type]
    return Job(graph, folder / "kg.ledger", folder / "csv", folder, attack=attack)


def same_for_all(graph: Graph) -> Graph:
    """Without role labels and empty lists, and with dates as text."""

    def plain(frame: pl.DataFrame) -> pl.DataFrame:
        return frame.drop("roles", strict=False).with_columns(
            pl.col(pl.Date).cast(pl.String),
            *(
                pl.when(pl.col(name).list.len() > 0).then(name).alias(name)
                for name, dtype in frame.schema.items()
                if isinstance(dtype, pl.List) and name != "roles"
            ),
        )

    nodes = {kind: plain(frame) for kind, frame in graph.nodes.items()}
    return Graph(nodes, {key: plain(frame) for key, frame in graph.edges.items()})


def measured(p: Peer, job: Job, server: servers.Neo4jServer | None, most: float) -> Row:
    """Run one peer in a process of its own; `why` where there is no figure."""
    missing = [name for name in p.needs if find_spec(name) is None]
    if missing:
        return {"why": f"not installed: {', '.join(missing)}"}
    online = p.group == "online"
    if online and server is not None:
        server.wipe(bare=True)
    own = job.folder / "own"
    shutil.rmtree(own, ignore_errors=True)
    own.mkdir()
    environment = server.environment if server is not None and online else {}
    path = job.folder / "job.pickle"
    path.write_bytes(
        pickle.dumps(Job(job.graph, job.ledger, job.csv, own, environment, job.attack))
    )
    child = [sys.executable, "-m", "bench.peers", "--one", p.name, str(path)]
    before = children_cpu()
    try:
        done = subprocess.run(child, capture_output=True, text=True, timeout=most, check=False)
    except subprocess.TimeoutExpired:
        return {"why": f"stopped after {most:g} s", "stopped": True}
    if done.returncode:
        return {"why": f"failed: {done.stderr.strip().splitlines()[-1][:200]}"}
    found: Row = json.loads(done.stdout.splitlines()[-1])
    found["server"] = children_cpu() - before if online else 0.0
    if online and server is not None and (wrong := miscounted(server, job.graph)):
        return {"why": wrong}
    return found


def children_cpu() -> float:
    """CPU seconds of the processes that this one has started and that still run: of the server."""
    own = Path(f"/proc/{os.getpid()}/task/{os.getpid()}/children").read_text().split()
    stats = [Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split() for pid in own]
    return sum(int(stat[11]) + int(stat[12]) for stat in stats) / os.sysconf("SC_CLK_TCK")


def one(p: Peer, path: Path) -> Row:
    """Seconds, CPU seconds, peak memory and size of the database, in this process."""
    job: Job = pickle.loads(path.read_bytes())
    p.ready(job)
    started, cpu = time.perf_counter(), time.process_time()
    p.load(job)
    seconds = time.perf_counter() - started
    files = [file for file in job.folder.glob("db*/**/*") if "transactions" not in file.parts]
    files += job.folder.glob("db.kgl")
    return {
        "seconds": seconds,
        "cpu": time.process_time() - cpu,
        "peak": peak_memory(),
        "size": sum(file.stat().st_size for file in files if file.is_file()),
    }


def miscounted(server: servers.Neo4jServer, graph: Graph) -> str:
    """A sentence where the server does not hold just these rows (and kg's mark)."""
    nodes = server.run("MATCH (n) WHERE NOT $mark IN labels(n) RETURN count(n) AS c", mark=MARK)[0][
        "c"
    ]
    edges = server.run("MATCH ()-[r]->() RETURN count(r) AS c")[0]["c"]
    wanted = height(graph.nodes), height(graph.edges)
    return "" if (nodes, edges) == wanted else f"wrong: {nodes:,} and {edges:,}, not {wanted}"


@contextmanager
def serving(folder: Path, wanted: bool) -> Iterator[servers.Neo4jServer | None]:
    """The tests' own server, and its `neo4j-admin` on the path; None where nobody asks for it."""
    if not wanted:
        yield None
        return
    try:
        java, jars = servers.java_binary(None), servers.jars_folder(None)
    except pytest.skip.Exception as why:
        print(f"no Neo4j here: {why}")
        yield None
        return
    tool = folder / "bin" / "neo4j-admin"
    tool.parent.mkdir()
    tool.write_text(f"#!/bin/sh\nexec '{java}' -cp '{jars}/*' org.neo4j.cli.AdminTool \"$@\"\n")
    tool.chmod(0o755)
    os.environ["PATH"] = f"{tool.parent}{os.pathsep}{os.environ['PATH']}"
    home = folder / "neo4j"
    with_apoc(home / "plugins")
    with servers.from_maven(None, home) as server:
        yield server


def with_apoc(plugins: Path) -> None:
    """What BioCypher's online mode needs on the server; without it that one says so."""
    kept = cache_folder() / f"apoc-{APOC}"
    if not kept.exists() and shutil.which("mvn"):
        part = kept.with_name(kept.name + ".part")
        part.mkdir(exist_ok=True)
        needed = "".join(
            f"<dependency><groupId>org.neo4j.procedure</groupId><artifactId>{name}</artifactId>"
            f"<version>{APOC}</version></dependency>"
            for name in ("apoc-core", "apoc-common")
        )
        head, _, tail = re.split("(<dependencies>.*</dependencies>)", servers.POM, flags=re.DOTALL)
        (part / "pom.xml").write_text(f"{head}<dependencies>{needed}</dependencies>{tail}")
        command = (
            "mvn -q -B dependency:copy-dependencies -DoutputDirectory=. -DincludeScope=runtime"
        )
        subprocess.run(command.split(), cwd=part, stdin=subprocess.DEVNULL, check=True)
        part.rename(kept)
    if kept.exists():
        shutil.copytree(kept, plugins)


if __name__ == "__main__":
    main()
