"""The embedded engine: a file beside the user's own, no server."""

from __future__ import annotations

import os
import re
import warnings
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias, TypeVar

import kglite
import polars as pl

from kg.base.errors import DatabaseError, UsageError
from kg.graph.graph import EdgeKey, Graph
from kg.ontology import Ontology
from kg.stores.base import MARK, Capabilities, Progress, Run, Store, Table, fingerprinted
from kg.stores.cypher import NO_FILES, PROFILE, CypherStore
from kg.stores.fence import fenced
from kg.stores.lock import running

if TYPE_CHECKING:
    import pandas

T = TypeVar("T")

Marking: TypeAlias = "Callable[[pl.DataFrame], pl.DataFrame]"
"""Puts fingerprints on rows, where they need any."""

SCHEMES: tuple[str, ...] = ()
"""Whatever is no address is a path, and paths are ours."""

OPTIONS: dict[str, Any] = {
    # This optimiser pass counts wrongly without a word (an undirected two-hop count answers 0).
    "disabled_passes": ["fuse_match_return_aggregate"],
    "hide_structural_keys": True,
}

LONGEST = 180.0
"""Seconds after which the engine itself stops a query."""


SLICE = 50_000
"""Rows that the engine is given at once: their Python values take memory beside the graph."""


class KgliteStore(CypherStore):
    """A graph in memory; with `path` and `write`, a file and a write-ahead log stand behind it."""

    name = "kglite"
    capabilities = Capabilities(full_text_needs_rows=True, fixed_keys=True, small_scans=True)

    def __init__(self, path: Path | None = None, *, write: bool = True) -> None:
        # Labels that a graph happens to lack are no news: every question is asked of every graph.
        kglite.set_query_warning_policy("silent")
        self.path = path if write else None
        self._failed = False
        self._read = None if write else path
        self._seen = _identity(self._read)  # before it is read: it may be replaced meanwhile
        # What a writer that died had logged is in the graph once it is open, and not in the file,
        # which alone is what readers see: it is ours to write.
        self._changed = self.path is not None and _log(self.path).exists()
        self._graph = _open(path, write)
        self._graph.read_only(True)
        self._judge = Judge()
        self._alone = False

    @property
    def stale(self) -> bool:
        """Whether the file was written anew since it was read into memory."""
        return self._seen != _identity(self._read)

    def writer(self) -> str:
        """The process that has the file open for writing, as the engine notes it beside it."""
        path = self.path or self._read
        if path is None:
            return ""
        try:
            note = path.with_name(path.name + ".lock-owner").read_text(encoding="utf-8")
        except OSError:
            return ""
        process = re.match(r"pid=(\d+)", note)
        if process is None or "released=" in note or not running(int(process[1])):
            return ""
        return f"process {process[1]}"

    def transact(
        self,
        work: Callable[[Run], T],
        *,
        write: bool = False,
        timeout: float | None = None,
        bounded: bool = False,
    ) -> T:
        """Do the work: nobody else writes into what is open here, and what it raises undoes
        nothing. With `bounded`, in a process that can open nothing and has a bound on its memory:
        one nested `replace` makes gigabytes of a line, and the engine bounds rows and time only."""
        if bounded and not write:
            alone = partial(self.transact, work, timeout=timeout)
            return fenced(alone, min(timeout or LONGEST, LONGEST))
        limit = int(min(timeout or LONGEST, LONGEST) * 1000)

        def run(cypher: str, parameters: Mapping[str, Any]) -> Table:
            if not write:
                self._judge.refuse(cypher)
            given = dict(parameters)
            result = self._graph.cypher(cypher, params=given, timeout_ms=limit, **OPTIONS)
            return self._table(result)

        try:
            if write:
                self._changed = True
                self._graph.read_only(False)
            return work(run)
        except kglite.CypherTimeoutError:
            raise DatabaseError(f"the query was stopped after {limit / 1000:g} seconds") from None
        except kglite.ReadOnlyError:
            raise UsageError(WRITES) from None
        except kglite.CypherSyntaxError as why:
            raise UsageError(_words(why)) from None
        except kglite.KgError as why:
            self._failed = write
            raise DatabaseError(self._unwritten(why) if write else _words(why)) from None
        finally:
            if write:
                self._graph.read_only(True)

    @contextmanager
    def anew(self) -> Iterator[Store]:
        """A graph in memory, which becomes this store's file at once when all of it is there: in
        half the time that a log would take, and what breaks off leaves the file as it was. What is
        open here keeps other writers out meanwhile."""
        if self.path is None:
            yield self
            return
        fresh = KgliteStore()
        fresh._alone = True
        yield fresh
        try:
            # The log of a graph without anything in it, whose writer died: it would be played over
            # the new file.
            _log(self.path).unlink(missing_ok=True)
            with _quietly():
                fresh._graph.save(str(self.path))
        except (kglite.KgError, OSError) as why:
            raise DatabaseError(self._unwritten(why)) from None
        self._graph, self._changed = fresh._graph, False

    def counts(self) -> dict[str, int]:
        """How many nodes by kind and edges by type are ours."""
        if not self._alone:
            return super().counts()
        # All that is in a graph that was just made is ours, and the engine knows how much that is.
        edges = {edge["type"]: edge["count"] for edge in self._graph.connection_types()}
        found = {**self._graph.node_type_counts(), **edges}
        return {name: n for name, n in sorted(found.items()) if name != MARK and n}

    def _put_new(self, part: Graph, ontology: Ontology, tell: Progress) -> None:
        """By the engine's call for many rows at once: three to four times as fast as statements."""
        self._put_all(part, tell, fingerprinted)

    def show(self, graph: Graph, *, whole: bool) -> None:
        """Write a part of a graph into one in memory: without indexes for full text, and, unless
        its elements are `whole`, without fingerprints."""
        marked = fingerprinted if whole else lambda frame: frame
        self._put_all(graph, lambda _what, _done, _all: None, marked)

    def _put_all(self, part: Graph, tell: Progress, marked: Marking) -> None:
        self._changed = True
        self._graph.read_only(False)
        try:
            self._bulk(part, tell, marked)
        except kglite.KgError as why:
            raise DatabaseError(_words(why)) from None
        finally:
            self._graph.read_only(True)

    def _bulk(self, part: Graph, tell: Progress, marked: Marking) -> None:
        done, total = 0, sum(frame.height for frame in part.nodes.values())
        for kind, frame in part.nodes.items():
            for batch in marked(frame).iter_slices(SLICE):
                rows = batch.drop("roles", strict=False).with_columns(kind=pl.lit(kind))
                self._graph.add_nodes(for_pandas(rows), kind, "id", "name")
                for role, ids in roles_of(batch):
                    self._graph.add_label(kind, ids, role)
                done += batch.height
                tell("nodes", done, total)
        done, total = 0, sum(frame.height for frame in part.edges.values())
        for key, frame in part.edges.items():
            for batch in marked(frame).iter_slices(SLICE):
                self._bulk_edges(key, batch)
                done += batch.height
                tell("edges", done, total)

    def _bulk_edges(self, key: EdgeKey, batch: pl.DataFrame) -> None:
        """Raises `DatabaseError` where an end is not there: the engine would make a stub of it."""
        type_, start, end = key
        rows = for_pandas(batch)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            told = self._graph.add_relationships(rows, type_, start, "from", end, "to")
        if told["stubs_vivified"] or told["connections_created"] != batch.height:
            self._graph.purge_provisional()
            bound = told["connections_created"] - told["stubs_vivified"]
            self._missing_ends(key, batch.select("from", "to").rows(), bound)

    def _table(self, result: Any) -> Table:
        rows = [list(row.values()) for row in result]
        nested = [value for row in rows for value in row if isinstance(value, dict | list)]
        if not nested:
            return Table(list(result.columns), rows)
        ids = self._ids_of({end for value in nested for end in ends_in(value)})
        return Table(list(result.columns), [[plain(value, ids) for value in row] for row in rows])

    def _ids_of(self, ends: set[str]) -> dict[str, str]:
        """Our ids by the engine's own numbers, which is all that it gives a relationship's ends."""
        if not ends:
            return {}
        found = self._graph.cypher(
            "MATCH (n) WHERE elementId(n) IN $ends RETURN elementId(n) AS number, n.id AS id",
            params={"ends": sorted(ends)},
            **OPTIONS,
        )
        return {row["number"]: row["id"] for row in found}

    def close(self) -> None:
        """Write the file, if we are its writer, and let go of it."""
        if self.path is None or not self._changed:
            self._graph = None  # to close it would write the file anew, under a reader too
            return
        try:
            with _quietly():
                self._graph.close()
        except (kglite.KgError, OSError) as why:
            if not self._failed:  # else the first failure was told, and this follows from it
                raise DatabaseError(self._unwritten(why)) from None

    def save(self, path: Path) -> None:
        """Keep a graph in memory as a file, all of it or none. Raises `DatabaseError`."""
        try:
            with _quietly():
                self._graph.save(str(path), fsync=False)
        except (kglite.KgError, OSError) as why:
            raise DatabaseError(_words(why)) from None

    def _unwritten(self, why: Exception) -> str:
        """What a write that the engine refused leaves; a graph in memory has nothing to mend."""
        if self.path is None or not (_system(why) or isinstance(why, kglite.FileIoError)):
            return _words(why)
        return (
            f"{self.path} could not be written to its end ({_system(why) or _words(why)}): "
            "once that is mended, `kg sync` carries on where it stopped"
        )


def roles_of(nodes: pl.DataFrame) -> list[tuple[str, list[str]]]:
    """The ids of the nodes that have each role."""
    if "roles" not in nodes.columns:
        return []
    pairs = nodes.select("id", role="roles").explode("role").drop_nulls()
    found = pairs.group_by("role").agg("id").sort("role")
    return [(str(role), list(ids)) for role, ids in found.iter_rows()]


def for_pandas(frame: pl.DataFrame) -> pandas.DataFrame:
    """A frame as the engine's call takes it: Python's own values, absent is None, and so is a list
    without items."""
    import pandas

    lists = [name for name, dtype in frame.schema.items() if isinstance(dtype, pl.List)]
    held = frame.with_columns(pl.when(pl.col(n).list.len() > 0).then(n).alias(n) for n in lists)
    return pandas.DataFrame(
        {name: pandas.Series(held[name].to_list(), dtype=object) for name in held.columns}
    )


@contextmanager
def _quietly() -> Iterator[None]:
    """Without the engine's own warnings (about memory maps, and about its log, which we know of by
    the stamp): its advice is about calls that no user of ours makes. Some are Python's, some it
    writes to the process's standard error itself."""
    with warnings.catch_warnings(), _no_standard_error():
        warnings.simplefilter("ignore")
        yield


@contextmanager
def _no_standard_error() -> Iterator[None]:
    """For as long as this lasts what is written to it goes nowhere."""
    try:
        kept = os.dup(2)
    except OSError:  # there is none
        yield
        return
    nowhere = os.open(os.devnull, os.O_WRONLY)
    try:
        os.dup2(nowhere, 2)
        yield
    finally:
        os.dup2(kept, 2)
        os.close(kept)
        os.close(nowhere)


class Judge:
    """Says of a statement what the engine's own parser finds in it.

    Reading files is always on in the engine's Python package. But what it would keep as a stored
    query (a recipe) it parses first, and refuses where LOAD CSV or a write stands anywhere in it;
    so an empty graph beside the real one is asked. Only what it takes is run.
    """

    def __init__(self) -> None:
        self._scratch = kglite.KnowledgeGraph()

    def refuse(self, cypher: str) -> None:
        """Raise `UsageError` for what may not be run, or cannot be parsed."""
        statement = PROFILE.sub("", cypher)
        try:
            self._scratch.set_recipe("asked", "asked", "asked", statement, None, "asked")
        except UnicodeEncodeError:
            raise UsageError("the statement holds half a character (a lone surrogate)") from None
        except kglite.ArgumentError as why:
            words = _words(why).removeprefix("Invalid argument: ")
            if not words.startswith(PARSED):
                raise UsageError(_refusal(words)) from None


PARSED = "parameters schema is invalid"
"""What the engine says of a statement in which it found nothing wrong: we named no parameters."""

WRITES = "this statement writes, and a query only reads"


def _refusal(words: str) -> str:
    if words.startswith("LOAD CSV"):
        return NO_FILES
    if words.startswith("FORMAT CSV"):
        return "rows as CSV are asked for with --format csv, not in the statement"
    if "must be read-only" in words:
        return WRITES
    return words.removeprefix("cypher is not a valid KGLite query: ").replace(
        " in recipe queries", ""
    )


def _identity(path: Path | None) -> tuple[int, ...]:
    """What tells a file from the one that takes its place."""
    if path is None:
        return ()
    try:
        found = path.stat()
    except OSError:
        return ()
    return found.st_ino, found.st_mtime_ns, found.st_size


def _log(path: Path) -> Path:
    """Where the engine logs what is written, until the file has it."""
    return path.with_name(f"{path.name}-wal")


def _open(path: Path | None, write: bool) -> Any:
    try:
        if path is None:
            return kglite.KnowledgeGraph()
        if write:
            path.parent.mkdir(parents=True, exist_ok=True)
        # A reader takes no lock: it sees the last complete state while another process writes.
        with _quietly():
            return kglite.open(str(path)) if write else kglite.load(str(path))
    except kglite.WriterLeaseHeldError:
        raise DatabaseError(
            f"{path} is being written by another process; try again after it"
        ) from None
    except (kglite.KgError, OSError) as why:
        raise DatabaseError(_in_the_way(path, why)) from None


def _in_the_way(path: Path | None, why: Exception) -> str:
    """Why a graph does not open, and the way on: rights and room are no reason to move it away."""
    if system := _system(why):
        return f"{path} cannot be opened: {system} (nothing says that the file is damaged)"
    if path and (log := _log(path)).exists() and str(log) in _words(why):
        return (
            f"{log}, the log of {path}, cannot be read ({_words(why)}); move it away and "
            "`kg sync`: what it held stands in the ledger"
        )
    return (
        f"{path} cannot be opened as a graph ({_words(why)}); move it away and make "
        "it again from its ledger with `kg sync`"
    )


def _system(why: Exception) -> str:
    """The system's own words, where it is the system that refused; else nothing."""
    found = re.search(r"(\w[^:(]*) \(os error \d+\)", str(why))
    return found[1] if found else (why.strerror or "" if isinstance(why, OSError) else "")


def _words(why: Exception) -> str:
    return str(why).strip()


# Values in the shapes that every engine gives (`plain` in kg/stores/neo4j.py)

NODE = {"id", "labels", "properties"}
EDGE = {"id", "type", "start", "end", "properties"}
OWN = {"title", "type"}
"""Properties that the engine adds to every node; ours are never called so."""


def ends_in(value: Any) -> Iterator[str]:
    """The engine's own numbers of the nodes at the ends of every relationship in a value."""
    if isinstance(value, dict):
        if value.keys() == EDGE:
            yield str(value["start"])
            yield str(value["end"])
        else:
            for item in value.values():
                yield from ends_in(item)
    elif isinstance(value, list):
        for item in value:
            yield from ends_in(item)


def plain(value: Any, ids: Mapping[str, str]) -> Any:
    """A node as labels and properties, a relationship as `type`, `from`, `to` and properties."""
    if isinstance(value, list):
        return [plain(item, ids) for item in value]
    if not isinstance(value, dict):
        return value
    if value.keys() == NODE:
        own = {key: item for key, item in value["properties"].items() if key not in OWN}
        return {"labels": sorted(value["labels"]), **own}
    if value.keys() == EDGE:
        start, end = ids.get(str(value["start"])), ids.get(str(value["end"]))
        return {"type": value["type"], "from": start, "to": end, **value["properties"]}
    return {key: plain(item, ids) for key, item in value.items()}
