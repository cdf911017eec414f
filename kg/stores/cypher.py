"""Every statement that writes, made from the ontology, and a store over engines that speak Cypher.

Labels and relationship types come from the ontology's names only (checked to be identifiers when it
is read); everything else is a parameter. A match of an end always has a label and a key.
"""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from typing import Any, TypeVar

import polars as pl

from kg.base.errors import DatabaseError
from kg.claims.columns import without_empty
from kg.graph.graph import EdgeKey, Graph
from kg.graph.project import edge_properties, node_properties
from kg.ontology import Ontology
from kg.ontology.derive import constraints, fulltext
from kg.stores.base import (
    FINGERPRINT,
    MARK,
    Capabilities,
    Delta,
    Progress,
    Reading,
    Run,
    Stamp,
    Store,
    Stored,
    Table,
    Unsettled,
    batches,
    fingerprinted,
)
from kg.stores.lock import LEASE, UNIQUE, WRITING, Writer, holder
from kg.stores.patience import AFTERMATH

T = TypeVar("T")

STAMP = (
    f"MATCH (n:{MARK} {{id: 'kg'}}) WHERE n.manifest IS NOT NULL RETURN n.manifest AS manifest, "
    "n.version AS version, n.ledger AS ledger, n.shape AS shape, n.counts AS counts"
)

NO_FILES = "a query reads the graph only: LOAD CSV reads files and addresses"
"""What a reader is told: engines count LOAD CSV as reading, and it would read whatever their
machine may, of the embedded engine the user's own files."""


def quoted(name: str) -> str:
    """A label or type as Cypher takes it. What a database holds may be called anything."""
    return name if name.isidentifier() and name.isascii() else f"`{name.replace('`', '``')}`"


def may_load(cypher: str) -> bool:
    """Whether an engine could find LOAD CSV in it at all: whether it has to be asked.

    The letters have to stand there, plain or escaped (Neo4j reads `\\u0043` wherever it stands).
    """
    return "csv" in cypher.casefold() or "\\u" in cypher


def loads(plan: Mapping[str, Any] | None) -> bool:
    """Whether a server's plan of a statement has LOAD CSV in it, however the text was written: as
    a step, or in the server's own words for an expression that it does not plan as steps."""
    if plan is None:
        return False
    step = str(plan.get("operatorType", "")).partition("@")[0].casefold()
    words = str(plan.get("args", {}).get("Details", ""))
    return step == "loadcsv" or "LOAD CSV" in words or any(map(loads, plan.get("children", ())))


PROFILE = re.compile(r"\A\s*(?:profile|explain)(?=\s)", re.IGNORECASE)
"""What a statement may begin with; none may have two of them."""


def explained_by(cypher: str) -> Any:
    """The statement that asks for another's plan and does not run it."""
    return "EXPLAIN " + PROFILE.sub("", cypher)


def put_nodes(kind: str, roles: Sequence[str]) -> str:
    """Rows `{id, props}` become nodes with just these of our properties (`$none` has all of them,
    null), and without role labels. What others put on them stays."""
    clear = f" REMOVE n:{':'.join(roles)}" if roles else ""
    return (
        f"UNWIND $rows AS row MERGE (n:{kind} {{id: row.id}}) ON CREATE SET n = row.props "
        f"ON MATCH SET n += $none, n += row.props{clear} RETURN count(n) AS bound"
    )


def give_role(kind: str, role: str) -> str:
    """Rows `{id}` get one more label."""
    return (
        f"UNWIND $rows AS row MATCH (n:{kind} {{id: row.id}}) SET n:{role} RETURN count(n) AS bound"
    )


def put_edges(key: EdgeKey) -> str:
    """Rows `{from, to, props}` become edges with just these of our properties, as for nodes."""
    type_, start, end = key
    return (
        f"UNWIND $rows AS row MATCH (a:{start} {{id: row.from}}) MATCH (b:{end} {{id: row.to}}) "
        f"MERGE (a)-[r:{type_}]->(b) ON CREATE SET r = row.props "
        "ON MATCH SET r += $none, r += row.props RETURN count(r) AS bound"
    )


def new_nodes(kind: str, roles: Sequence[str]) -> str:
    """Rows of properties become nodes with these role labels, where none of them is there yet."""
    labels = ":".join((kind, *roles))
    return f"UNWIND $rows AS row CREATE (n:{labels}) SET n = row RETURN count(n) AS bound"


def new_edges(key: EdgeKey, *, bare: bool = False) -> str:
    """Rows `[from, to, props]` become edges, where none of them is there yet. `bare`: rows `[from,
    to]`, and all edges have the same properties, `$props`."""
    type_, start, end = key
    props = "$props" if bare else "row[2]"
    return (
        f"UNWIND $rows AS row MATCH (a:{start} {{id: row[0]}}) MATCH (b:{end} {{id: row[1]}}) "
        f"CREATE (a)-[r:{type_}]->(b) SET r = {props} RETURN count(r) AS bound"
    )


def drop_edges(key: EdgeKey) -> str:
    """Rows `{from, to}`: their edges go, if they are ours."""
    type_, start, end = map(quoted, key)
    return (
        f"UNWIND $rows AS row MATCH (a:{start} {{id: row.from}})-[r:{type_}]->"
        f"(b:{end} {{id: row.to}}) WHERE r.{FINGERPRINT} IS NOT NULL DELETE r"
    )


def drop_nodes(kind: str) -> str:
    """Rows `{id}`: their nodes go, if they are ours. Without DETACH: others' edges are not ours."""
    return (
        f"UNWIND $rows AS row MATCH (n:{quoted(kind)} {{id: row.id}}) "
        f"WHERE n.{FINGERPRINT} IS NOT NULL DELETE n"
    )


def left_nodes(kind: str) -> str:
    """How many of the rows `{id}` are nodes of ours that are still there."""
    return (
        f"UNWIND $rows AS row MATCH (n:{quoted(kind)} {{id: row.id}}) "
        f"WHERE n.{FINGERPRINT} IS NOT NULL RETURN count(n) AS found"
    )


def left_edges(key: EdgeKey) -> str:
    """How many of the rows `{from, to}` are edges of ours that are still there."""
    type_, start, end = map(quoted, key)
    return (
        f"UNWIND $rows AS row MATCH (a:{start} {{id: row.from}})-[r:{type_}]->"
        f"(b:{end} {{id: row.to}}) WHERE r.{FINGERPRINT} IS NOT NULL RETURN count(r) AS found"
    )


def others_edges(kind: str) -> str:
    """How many edges that are not ours hang on nodes that are to go."""
    return (
        f"UNWIND $rows AS row MATCH (n:{quoted(kind)} {{id: row.id}})-[r]-() "
        f"WHERE r.{FINGERPRINT} IS NULL RETURN count(r) AS found"
    )


def others_node(kind: str) -> str:
    """The first of the rows `{id}` that are nodes which are not ours."""
    return (
        f"UNWIND $rows AS row MATCH (n:{kind} {{id: row.id}}) WHERE n.{FINGERPRINT} IS NULL "
        "RETURN n.id AS found ORDER BY found LIMIT 1"
    )


def others_edge(key: EdgeKey) -> str:
    """The first of the rows `{from, to}` that are edges which are not ours."""
    type_, start, end = key
    return (
        f"UNWIND $rows AS row MATCH (a:{start} {{id: row.from}})-[r:{type_}]->"
        f"(b:{end} {{id: row.to}}) WHERE r.{FINGERPRINT} IS NULL "
        f"RETURN a.id + ' {type_} ' + b.id AS found ORDER BY found LIMIT 1"
    )


def property_maps(frame: pl.DataFrame) -> Iterator[dict[str, Any]]:
    """The properties of each row; nulls and empty lists are absent."""
    names = frame.columns
    for row in frame.iter_rows():
        yield {
            name: value
            for name, value in zip(names, row, strict=True)
            if value is not None and value != []
        }


@dataclass(frozen=True)
class Batch:
    """Rows for one statement that writes what is not there yet."""

    cypher: str
    rows: Sequence[Any]
    what: str | EdgeKey
    given: Mapping[str, Any]
    """Its other parameters."""


TOGETHER = 20_000
"""Rows that one transaction writes in a first build."""


def _together(made: Iterable[Batch]) -> Iterator[list[Batch]]:
    """Batches for one transaction each."""
    kept: list[Batch] = []
    for batch in made:
        kept.append(batch)
        if sum(len(one.rows) for one in kept) >= TOGETHER:
            yield kept
            kept = []
    if kept:
        yield kept


def by_roles(nodes: pl.DataFrame) -> Iterator[tuple[list[str], pl.DataFrame]]:
    """Nodes by the role labels that they have, without that column."""
    if "roles" not in nodes.columns:
        yield [], nodes
        return
    for (roles,), group in nodes.group_by("roles", maintain_order=True):
        yield list(roles or ()), group.drop("roles")


def without_blanks(frame: pl.DataFrame) -> pl.DataFrame:
    """Without columns that no row has; an empty list is none."""
    lists = [
        pl.when(pl.col(name).list.len() > 0).then(name).alias(name)
        for name, dtype in frame.schema.items()
        if isinstance(dtype, pl.List)
    ]
    return without_empty(frame.with_columns(lists))


def _stamp(found: Table) -> Stamp | None:
    return Stamp(*found.rows[0]) if found.rows else None


class CypherStore(ABC):
    """A store over any engine that runs openCypher; an engine adds how to run one statement."""

    name: str
    capabilities: Capabilities
    _writer: Writer | None = None
    """This process, while it holds a server's database for writing."""

    @abstractmethod
    def transact(
        self,
        work: Callable[[Run], T],
        *,
        write: bool = False,
        timeout: float | None = None,
        bounded: bool = False,
    ) -> T:
        """Do the work in one transaction: what it raises undoes all that it has run. Unless it
        may write, each of its statements is refused where it would read a file (`NO_FILES`).

        With `bounded` it may not bring this process down, whatever it takes: what it returns may
        come from another one, so it is plain data."""

    def query(
        self,
        cypher: str,
        parameters: Mapping[str, Any] | None = None,
        *,
        write: bool = False,
        timeout: float | None = None,
        bounded: bool = False,
    ) -> Table:
        """Run one statement; reading only, unless `write`. `timeout` in seconds; `bounded` in
        memory too, where the engine runs in our own process: for what somebody else wrote."""

        def work(run: Run) -> Table:
            if write and self._writer is not None:
                self._writer.renew(run)
            return run(cypher, parameters or {})

        return self.transact(work, write=write, timeout=timeout, bounded=bounded)

    def read(
        self,
        cypher: str,
        parameters: Mapping[str, Any] | None = None,
        *,
        timeout: float | None = None,
        bounded: bool = False,
    ) -> Reading:
        """Answer a question from one state of the graph. Raises `Unsettled` where the graph was
        written meanwhile: a transaction of a server sees what others finish beside it."""

        def work(run: Run) -> Reading:
            before = _stamp(run(STAMP, {}))
            table = run(cypher, parameters or {})
            if _stamp(run(STAMP, {})) != before:
                raise Unsettled("the graph was written while it was read: try again", "another")
            return Reading(table, before)

        return self.transact(work, timeout=timeout, bounded=bounded)

    @abstractmethod
    def close(self) -> None:
        """Let go of the database."""

    def await_indexes(self) -> None:  # noqa: B027  (most engines have nothing to wait for)
        """Return once constraints and indexes are online."""

    @property
    def stale(self) -> bool:
        """Whether what is open is an older state than what stands there now: never, on a server."""
        return False

    # Marks

    def stamp(self) -> Stamp | None:
        """What the database was built from; None where `kg` never wrote to it."""
        return _stamp(self.query(STAMP))

    def set_stamp(self, stamp: Stamp) -> None:
        """Mark the database as ours, and as built from this."""
        self.query(
            f"MERGE (n:{MARK} {{id: 'kg'}}) SET n.manifest = $manifest, n.version = $version, "
            f"n.ledger = $ledger, n.shape = $shape, n.counts = $counts, n.name = 'Written by kg', "
            f"n.{FINGERPRINT} = 'mark'",
            asdict(stamp),
            write=True,
        )

    def writer(self) -> str:
        """Who writes into the graph at this moment, for messages; empty where nobody does."""
        found = self.transact(holder)
        return "" if found is None else str(found)

    @contextmanager
    def writing(self) -> Iterator[None]:
        """Hold the database for one writer. Raises `DatabaseError` that names another one."""
        if not self.capabilities.shared:  # whoever has its file open for writing is alone
            yield
            return
        # It is online once it is made. To wait for all indexes here would keep the server from
        # finishing those that another writer is making, and that one from finishing too.
        self.query(UNIQUE, write=True)
        me, limit = Writer(), AFTERMATH  # whoever breaks off does not wait long for the end
        WRITING.add(me.key)
        try:
            self.transact(me.take, write=True, timeout=LEASE)
            self._writer = me
            yield
            limit = LEASE
        finally:
            WRITING.discard(me.key)
            held, self._writer = self._writer, None
            if held is not None:
                with suppress(DatabaseError):  # then it runs out
                    self.transact(me.release, write=True, timeout=limit)

    def hold(self) -> None:
        """Raise `DatabaseError` where another writer has taken over what `writing` held."""
        if self._writer is not None:
            self.transact(self._writer.renew, write=True)

    def foreign(self) -> int:
        """How many nodes it holds that `kg` did not write."""
        found = self.query(f"MATCH (n) WHERE n.{FINGERPRINT} IS NULL RETURN count(n) AS c")
        return int(found.rows[0][0])

    # Reading what is there

    def stored(self, ontology: Ontology) -> Stored:
        """The keys and fingerprints of what is ours in it."""
        nodes = self._keys(
            f"MATCH (n) WHERE n.{FINGERPRINT} IS NOT NULL AND NOT n:{MARK} "
            f"RETURN n.kind AS kind, n.id AS id, n.{FINGERPRINT} AS {FINGERPRINT}"
        )
        scans = [
            self._keys(
                f"MATCH (a)-[r{type_}]->(b) WHERE r.{FINGERPRINT} IS NOT NULL RETURN type(r) AS "
                f"type, a.kind AS start, b.kind AS end, a.id AS from, b.id AS to, "
                f"r.{FINGERPRINT} AS {FINGERPRINT}"
            )
            for type_ in self._edge_scans()
        ]
        return Stored(
            {str(kind): group.drop("kind") for (kind,), group in nodes.group_by("kind")},
            {
                (str(type_), str(start), str(end)): group.drop("type", "start", "end")
                for edges in scans
                for (type_, start, end), group in edges.group_by("type", "start", "end")
            },
        )

    def _edge_scans(self) -> list[str]:
        """What to put behind `r` to read all edges: everything in one statement, since a server
        spends longer on planning sixty than on the scan; or a type at a time."""
        if not self.capabilities.small_scans:
            return [""]
        found = self.query("MATCH ()-[r]->() RETURN type(r) AS type, count(*) AS c")
        return [f":`{type_}`" for type_, _ in found.rows]

    def _keys(self, cypher: str) -> pl.DataFrame:
        table = self.query(cypher)
        schema = dict.fromkeys(table.columns, pl.String)
        return pl.DataFrame(table.rows, schema=schema, orient="row")

    def counts(self) -> dict[str, int]:
        """How many nodes by kind and edges by type are ours."""
        nodes = self.query(
            f"MATCH (n) WHERE n.{FINGERPRINT} IS NOT NULL AND NOT n:{MARK} "
            "RETURN n.kind AS kind, count(*) AS c"
        )
        edges = [
            row
            for type_ in self._edge_scans()
            for row in self.query(
                f"MATCH ()-[r{type_}]->() WHERE r.{FINGERPRINT} IS NOT NULL "
                "RETURN type(r) AS type, count(*) AS c"
            ).rows
        ]
        found = {str(name): int(count) for name, count in [*nodes.rows, *edges]}
        return dict(sorted(found.items()))

    # Writing

    def prepare(self, ontology: Ontology, *, full_text: bool = True) -> None:
        """Make constraints and indexes; return once they are online. A first build leaves those for
        full text to `fill`."""
        indexes = fulltext(ontology) if full_text and self._indexes_early else []
        self._declare([*constraints(ontology), *indexes])

    @property
    def _indexes_early(self) -> bool:
        return self.capabilities.full_text and not self.capabilities.full_text_needs_rows

    def _declare(self, statements: list[str]) -> None:
        """Make constraints or indexes in one transaction: a server waits for its disk once."""
        self.hold()
        # A server writes nothing else in a transaction that makes one, the lock's renewal neither.
        writer, self._writer = self._writer, None

        def work(run: Run) -> None:
            for statement in statements:
                run(statement, {})

        try:
            self.transact(work, write=True)
            self.await_indexes()
        finally:
            self._writer = writer

    def refuse(self, delta: Delta) -> None:
        """Raise `DatabaseError` where writing this would lose something that is not ours."""
        self._refuse_to_cut(delta)
        self._refuse_to_take(delta)

    def apply(self, delta: Delta, ontology: Ontology, progress: Progress | None = None) -> None:
        """Write; raises `DatabaseError` naming the first missing keys where rows did not arrive."""
        tell = progress or (lambda _what, _done, _all: None)
        for edge_key, gone in delta.drop_edges.items():
            self._send(drop_edges(edge_key), gone.select("from", "to").to_dicts())
        for kind, ids in delta.drop_nodes.items():
            self._send(drop_nodes(kind), [{"id": id} for id in ids])
        self._put(delta, ontology, tell)
        if self.capabilities.full_text_needs_rows:
            self._late_indexes(delta.put_nodes, ontology)

    def empty(self) -> bool:
        """Whether there is nothing in it but what marks it as ours."""
        return not self.query(f"MATCH (n) WHERE NOT n:{MARK} RETURN 1 AS found LIMIT 1").rows

    @contextmanager
    def anew(self) -> Iterator[Store]:
        """Where a first build is written: here."""
        yield self

    def fill(
        self, parts: Iterable[Graph], ontology: Ontology, progress: Progress | None = None
    ) -> None:
        """Write a graph in parts (no edge before its ends) into a database that is empty; raises
        as `apply`."""
        tell = progress or (lambda _what, _done, _all: None)
        kinds: set[str] = set()
        for part in parts:
            kinds |= part.nodes.keys()
            self._put_new(part, ontology, tell)
        if self.capabilities.full_text_needs_rows:
            self._late_indexes(sorted(kinds), ontology)
        elif self._indexes_early:  # what is there is indexed faster than what comes
            self._declare(fulltext(ontology))

    def _put_new(self, part: Graph, ontology: Ontology, tell: Progress) -> None:
        """Rows of which none is there: several batches a transaction, which saves round trips."""
        nodes, edges = self._node_batches(part), self._edge_batches(part)
        for what, frames, made in (("nodes", part.nodes, nodes), ("edges", part.edges, edges)):
            done, total = 0, sum(frame.height for frame in frames.values())
            for together in _together(made):
                self._send_new(together)
                done += sum(len(batch.rows) for batch in together)
                tell(what, done, total)

    def _node_batches(self, part: Graph) -> Iterator[Batch]:
        for kind, frame in part.nodes.items():
            for roles, group in by_roles(fingerprinted(frame).sort("id")):
                for batch in batches(group.with_columns(kind=pl.lit(kind))):
                    rows = without_blanks(batch).to_dicts()
                    yield Batch(new_nodes(kind, roles), rows, kind, {})

    def _edge_batches(self, part: Graph) -> Iterator[Batch]:
        for key, frame in part.edges.items():
            bare = frame.width == 2
            for batch in batches(fingerprinted(frame).sort("from", "to")):
                ends = batch.select("from", "to").rows()
                if bare:
                    same = {"props": {FINGERPRINT: batch[FINGERPRINT][0]}}
                    yield Batch(new_edges(key, bare=True), ends, key, same)
                else:
                    own = without_blanks(batch.drop("from", "to")).to_dicts()
                    rows = [[a, b, props] for (a, b), props in zip(ends, own, strict=True)]
                    yield Batch(new_edges(key), rows, key, {})

    def _send_new(self, together: list[Batch]) -> None:
        """Write batches in one transaction. Raises `DatabaseError` where rows did not arrive."""

        def work(run: Run) -> list[int]:
            if self._writer is not None:
                self._writer.renew(run)
            return [int(run(b.cypher, {"rows": b.rows, **b.given}).rows[0][0]) for b in together]

        for batch, bound in zip(together, self.transact(work, write=True), strict=True):
            if bound != len(batch.rows):
                assert isinstance(batch.what, tuple)  # a node needs nothing that may be missing
                self._missing_ends(batch.what, batch.rows, bound)

    def _put(self, delta: Delta, ontology: Ontology, tell: Progress) -> None:
        done, total = 0, sum(frame.height for frame in delta.put_nodes.values())
        for kind, frame in delta.put_nodes.items():
            for batch in batches(frame.sort("id")):
                self._put_nodes(kind, batch, ontology)
                done += batch.height
                tell("nodes", done, total)
        done, total = 0, sum(frame.height for frame in delta.put_edges.values())
        for edge_key, frame in delta.put_edges.items():
            for batch in batches(frame.sort("from", "to")):
                self._put_edges(edge_key, batch, ontology)
                done += batch.height
                tell("edges", done, total)

    def settle(self, delta: Delta) -> None:
        """Raise `DatabaseError` where something is still there that was to go."""
        asked = [(left_edges(key), gone) for key, gone in delta.drop_edges.items()]
        asked += [
            (left_nodes(kind), pl.DataFrame({"id": ids})) for kind, ids in delta.drop_nodes.items()
        ]
        for cypher, keys in asked:
            for batch in batches(keys):
                if left := self.query(cypher, {"rows": batch.to_dicts()}).rows[0][0]:
                    raise DatabaseError(f"{left} that were to go are still in the database")

    def _put_nodes(self, kind: str, batch: pl.DataFrame, ontology: Ontology) -> None:
        roles = ontology.roles_of(kind)
        bare = batch.drop("roles", strict=False)
        rows = [
            {"id": props["id"], "props": {"kind": kind, **props}} for props in property_maps(bare)
        ]
        bound = self._bound(put_nodes(kind, roles), rows, node_properties(kind, ontology))
        if bound != len(rows):
            self._missing(kind, [row["id"] for row in rows], bound)
        for role in roles if "roles" in batch.columns else ():
            ids = batch.filter(pl.col("roles").list.contains(role)).select("id").to_dicts()
            if ids:
                self._bound(give_role(kind, role), ids)

    def _put_edges(self, key: EdgeKey, batch: pl.DataFrame, ontology: Ontology) -> None:
        ends = batch.select("from", "to").iter_rows()
        rows = [
            {"from": start, "to": end, "props": props}
            for (start, end), props in zip(
                ends, property_maps(batch.drop("from", "to")), strict=True
            )
        ]
        bound = self._bound(put_edges(key), rows, edge_properties(key[0], ontology))
        if bound != len(rows):
            self._missing_ends(key, [(row["from"], row["to"]) for row in rows], bound)

    def _missing_ends(self, key: EdgeKey, rows: Sequence[Sequence[Any]], bound: int) -> None:
        """Raise `DatabaseError` that names the first ends (first and second of each row) that are
        not there."""
        type_, start_kind, end_kind = key
        self._missing(start_kind, [row[0] for row in rows], bound, type_)
        self._missing(end_kind, [row[1] for row in rows], bound, type_)
        raise DatabaseError(f"{type_}: {len(rows)} rows sent, {bound} arrived")

    def _missing(self, kind: str, ids: Sequence[str], bound: int, type_: str = "") -> None:
        found = self.query(
            f"UNWIND $ids AS id MATCH (n:{kind} {{id: id}}) RETURN n.id AS id", {"ids": list(ids)}
        )
        there = {row[0] for row in found.rows}
        missing = [id for id in ids if id not in there][:3]
        if missing:
            raise DatabaseError(
                f"{type_ or kind}: {len(ids)} rows sent, {bound} arrived; "
                f"not in the database: {', '.join(missing)}"
            )

    def _refuse_to_cut(self, delta: Delta) -> None:
        for kind, ids in delta.drop_nodes.items():
            rows = [{"id": id} for id in ids]
            found = self.query(others_edges(kind), {"rows": rows}).rows[0][0]
            if found:
                edges, them = ("edge", "it") if found == 1 else ("edges", "them")
                raise DatabaseError(
                    f"on {kind} nodes that would go stay {found} {edges} that kg did not write; "
                    f"remove or move {them} first"
                )

    def _refuse_to_take(self, delta: Delta) -> None:
        """A row that is there already and is not ours would become ours, and theirs be lost."""
        if not self.capabilities.shared or not (self.foreign() or self._foreign_edges()):
            return
        asked = [
            *((others_node(kind), frame.select("id")) for kind, frame in delta.put_nodes.items()),
            *((others_edge(key), f.select("from", "to")) for key, f in delta.put_edges.items()),
        ]
        for cypher, keys in asked:
            for batch in batches(keys):
                if found := self.query(cypher, {"rows": batch.to_dicts()}).rows:
                    raise DatabaseError(
                        f"{found[0][0]} is in the database already, and kg did not write it; "
                        "remove or rename it first, or use another database"
                    )

    def _foreign_edges(self) -> int:
        found = self.query(f"MATCH ()-[r]->() WHERE r.{FINGERPRINT} IS NULL RETURN count(r) AS c")
        return int(found.rows[0][0])

    def _bound(self, cypher: str, rows: list[dict[str, Any]], ours: Iterable[str] = ()) -> int:
        """How many of the rows arrived. `ours`: properties that are taken off where a row lacks
        them; not `id`, which never changes and which the embedded engine will not have set."""
        none = {name: None for name in ours if name != "id"}
        given = {"rows": rows, "none": none} if none else {"rows": rows}
        return int(self.query(cypher, given, write=True).rows[0][0])

    def _send(self, cypher: str, rows: list[dict[str, Any]]) -> None:
        for start in range(0, len(rows), 5_000):
            self.query(cypher, {"rows": rows[start : start + 5_000]}, write=True)

    def _late_indexes(self, kinds: Iterable[str], ontology: Ontology) -> None:
        statements = dict(zip(ontology.nodes, fulltext(ontology), strict=True))
        for kind in kinds:
            self.query(statements[kind], write=True)
