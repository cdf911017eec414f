"""Neo4j through py2neo, for those whose scripts use it (extra `py2neo`): `py2neo+bolt://…`.

py2neo is no longer maintained, but reads and writes Neo4j 5.26 well. Nothing else imports it.
"""

from __future__ import annotations

import os
import socket
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from datetime import datetime, timedelta
from functools import partial
from importlib import import_module
from threading import Timer
from typing import Any, TypeVar
from urllib.parse import urlsplit

from neo4j import exceptions as errors
from neo4j.time import Duration

from kg.base.errors import UsageError
from kg.base.settings import to_install
from kg.stores.base import Capabilities, Run, Table
from kg.stores.cypher import NO_FILES, CypherStore, explained_by, loads, may_load
from kg.stores.neo4j import answers, check_version, credentials, explanation
from kg.stores.patience import AFTERMATH, GRACE, PATIENCE, Silent, Turn, aside, patiently

T = TypeVar("T")

PREFIX = "py2neo+"
SCHEMES = tuple(
    f"{PREFIX}{scheme}{secure}" for scheme in ("bolt", "neo4j") for secure in ("", "+s", "+ssc")
)
TRIES = 3
"""How often a statement is sent that the server calls transient."""


class Py2neoStore(CypherStore):
    """A database on a server, named as for the official driver (see `kg.stores.neo4j`)."""

    name = "py2neo"
    capabilities = Capabilities(shared=True)

    def __init__(self, url: str) -> None:
        address, *auth = credentials(url)
        self.address = address.removeprefix(PREFIX)
        self._url, self._auth = url, (auth[0], auth[1])
        self._graph = py2neo_graph(url)

    def transact(
        self,
        work: Callable[[Run], T],
        *,
        write: bool = False,
        timeout: float | None = None,
        bounded: bool = False,
    ) -> T:
        """Do the work in one transaction: what it raises undoes all that it has run."""
        limit = None if timeout is None else timeout + GRACE
        with explained(self.address, timeout):
            if self._graph is None:
                self._graph = py2neo_graph(self._url, AFTERMATH)
            graph = self._graph

            def tries(turn: Turn[T]) -> T:
                return self._tries(graph, work, write, timeout, turn)

            there = partial(answers, self.address, self._auth)
            return patiently(tries, limit=limit, there=there, leave=self._leave)

    def _leave(self) -> None:
        """Let go of connections that may be stuck; what comes after gets new ones."""
        graph, self._graph = self._graph, None
        if graph is not None:
            aside(graph.service.connector.close)

    def _tries(
        self,
        graph: Any,
        work: Callable[[Run], T],
        write: bool,
        timeout: float | None,
        turn: Turn[T],
    ) -> T:
        for left in reversed(range(TRIES)):
            try:
                turn.go_on()
                return self._once(graph, work, write, timeout)
            except package().errors.TransientError as why:
                if not left or "Terminated" in why.code or "TimedOut" in why.code:
                    raise
                time.sleep(0.2)
        raise AssertionError  # the last try returns or raises

    def _once(self, graph: Any, work: Callable[[Run], T], write: bool, timeout: float | None) -> T:
        tx = graph.begin(readonly=not write)
        try:
            with self._stopped_after(graph, timeout, tx.ref.connection.connection_id):
                done = work(partial(self._run if write else self._read, tx))
            graph.commit(tx)
        except BaseException:
            with suppress(ValueError):  # after a failure nothing is open to be rolled back
                graph.rollback(tx)
            raise
        return done

    def _read(self, tx: Any, cypher: str, parameters: Mapping[str, Any]) -> Table:
        """As `_run`. Raises `UsageError` where LOAD CSV stands in the server's plan."""
        if may_load(cypher):
            connector = tx.graph.service.connector
            plan = connector.run(tx.ref, explained_by(cypher), {})
            connector.pull(plan, -1)
            if loads(plan.summary().get("plan")):
                raise UsageError(NO_FILES)
        return self._run(tx, cypher, parameters)

    def _run(self, tx: Any, cypher: str, parameters: Mapping[str, Any]) -> Table:
        connector = tx.graph.service.connector
        found = connector.run(tx.ref, cypher, sent(dict(parameters)))
        connector.pull(found, -1)
        rows = list(iter(found.take, None))
        reader = Reader(rows)
        if reader.unknown:
            asked = connector.run(tx.ref, ENDS, {"ends": sorted(reader.unknown)})
            connector.pull(asked, -1)
            reader.ids.update(iter(asked.take, None))
        return Table(list(found.fields()), [reader.row(row) for row in rows])

    @contextmanager
    def _stopped_after(self, graph: Any, seconds: float | None, connection: str) -> Iterator[None]:
        """py2neo cannot give a limit with a transaction, so another connection ends it in time."""
        if not seconds:
            yield
            return
        stop = (
            "SHOW TRANSACTIONS YIELD transactionId AS id, connectionId AS held WHERE held = $held "
            "TERMINATE TRANSACTIONS id YIELD message RETURN message"
        )

        def terminate() -> None:
            with suppress(Exception):  # then the server is gone, or the graph was let go
                graph.query(stop, {"held": connection})

        timer = Timer(seconds, terminate)
        timer.daemon = True  # it may be left waiting for the server itself
        timer.start()
        try:
            yield
        finally:
            timer.cancel()
            timer.join()

    def await_indexes(self) -> None:
        """Return once constraints and indexes are online."""
        self.query("CALL db.awaitIndexes(300)")

    def close(self) -> None:
        """Close the connections."""
        if self._graph is not None:
            self._graph.service.connector.close()


def py2neo_graph(url: str, limit: float = PATIENCE) -> Any:
    """A `py2neo.Graph` for an address as `kg` takes it (`bolt://…`, `py2neo+bolt://…`).

    User, password and database come from the environment as for `kg`; a user in the address wins.
    Raises `UsageError` where py2neo is not installed, `DatabaseError` where the server is not
    there, does not answer in so many seconds, does not accept the user, or is older than 5.26.
    """
    address, user, password = credentials(url)
    address = address.removeprefix(PREFIX)
    package()
    with explained(address):
        opened = partial(_opened, address, user, password)
        return patiently(opened, limit=limit, leave=lambda: None)


def _opened(address: str, user: str, password: str, _turn: Turn[Any]) -> Any:
    check_version(greeting(address, user, password), address)
    graph = package().Graph(
        address,
        auth=(user, password),
        name=os.environ.get("NEO4J_DATABASE") or None,
        routing=address.startswith("neo4j"),
    )
    graph.query("RETURN 1")  # an unknown database would go unnoticed when a transaction begins
    return graph


def package() -> Any:
    """The package py2neo, loaded when first asked for."""
    try:
        import py2neo
    except ImportError:
        raise UsageError(
            f"py2neo is not installed: {to_install('py2neo')}, or leave "
            f"{PREFIX!r} out of the address"
        ) from None
    # It mixes NEO4J_URI and NEO4J_AUTH into every address that it is given, and stumbles over
    # a neo4j:// there; what counts in them has been read by `credentials`.
    py2neo.NEO4J_URI = py2neo.NEO4J_AUTH = None
    return py2neo


def greeting(address: str, user: str, password: str) -> str:
    """What the server calls itself (`Neo4j/5.26.30`). py2neo itself would wait for ever for one
    that does not answer, and behind neo4j:// not tell a wrong password."""
    from py2neo.client import Connection

    parts = urlsplit(address)
    socket.create_connection((parts.hostname or "localhost", parts.port or 7687), PATIENCE).close()
    direct = package().ConnectionProfile(address.replace("neo4j", "bolt", 1), auth=(user, password))
    connection = Connection.open(direct)
    try:
        return str(connection.server_agent)
    finally:
        connection.close()


@contextmanager
def explained(address: str, timeout: float | None = None) -> Iterator[None]:
    """Turn py2neo's errors into the sentences that the official driver's become."""
    known = package().errors
    away = (known.ConnectionUnavailable, known.ConnectionBroken, known.ServiceUnavailable, OSError)
    try:
        yield
    except (known.Neo4jError, Silent) as why:
        raise explanation(why, address, timeout) from None
    except away as why:
        said = told(why)
        refused = "Unauthorized" in getattr(said, "code", "")
        same = errors.AuthError() if refused else said or errors.ServiceUnavailable()
        raise explanation(same, address, timeout) from None
    except (TypeError, ValueError) as why:
        raise explanation(why, address, timeout) from None


def told(why: BaseException) -> BaseException | None:
    """What the server said before the connection was given up, if it said anything: py2neo
    closes one that was refused (wrong password, too many of them), and then misses it."""
    before = why.__context__
    while before and not isinstance(before, package().errors.Neo4jError):
        before = before.__context__
    return before


# Values


def sent(value: Any) -> Any:
    """Parameters as py2neo takes them: it knows the zones of pytz only."""
    if isinstance(value, dict):
        return {key: sent(item) for key, item in value.items()}
    if isinstance(value, list):
        return [sent(item) for item in value]
    if isinstance(value, datetime) and (offset := value.utcoffset()) is not None:
        return value.astimezone(pytz().FixedOffset(offset // timedelta(minutes=1)))
    return value


def pytz() -> Any:
    """The package pytz, which comes with py2neo."""
    return import_module("pytz")


ENDS = "MATCH (n) WHERE id(n) IN $ends RETURN id(n) AS number, n.id AS id"
NODE, EDGE, PATH = 0x4E, 0x52, 0x50
"""What Bolt calls the structures that are not values."""


class Reader:
    """Turns what came over the wire into plain values, in the shapes that every engine gives.

    py2neo's own objects would do, but to make one edge of them it asks the server for both ends.
    """

    def __init__(self, rows: Sequence[Sequence[Any]]) -> None:
        self.ids: dict[int, Any] = {}
        """Our `id` of each node of the answer, by the server's number."""
        self._ends: set[int] = set()
        self._note(rows)

    @property
    def unknown(self) -> set[int]:
        """The server's numbers of ends of edges that came without these nodes."""
        return self._ends - self.ids.keys()

    def row(self, values: Sequence[Any]) -> list[Any]:
        """One row."""
        return [self._plain(value) for value in values]

    def _note(self, value: Any) -> None:
        tag = getattr(value, "tag", None)
        if isinstance(value, list | dict):
            for item in value.values() if isinstance(value, dict) else value:
                self._note(item)
        elif tag == NODE:
            self.ids[value.fields[0]] = value.fields[2].get("id")
        elif tag == EDGE:
            self._ends.update(value.fields[1:3])
        elif tag == PATH:
            self._note(value.fields[0])

    def _plain(self, value: Any) -> Any:
        if isinstance(value, list):
            return [self._plain(item) for item in value]
        if isinstance(value, dict):
            return {key: self._plain(item) for key, item in value.items()}
        tag = getattr(value, "tag", None)
        if tag == NODE:
            _, labels, properties = value.fields
            return {"labels": sorted(labels), **self._plain(properties)}
        if tag == EDGE:
            _, start, end, type_, properties = value.fields
            return self._edge(type_, start, end, properties)
        return self._path(*value.fields) if tag == PATH else native(value)

    def _edge(self, type_: str, start: int, end: int, properties: Any) -> dict[str, Any]:
        ends = {"from": self.ids.get(start), "to": self.ids.get(end)}
        return {"type": type_, **ends, **self._plain(properties)}

    def _path(self, nodes: list[Any], edges: list[Any], steps: list[int]) -> dict[str, Any]:
        """`steps` alternates an edge (from 1; negative where it is walked backwards) and a node."""
        walked, taken = [nodes[0]], []
        for edge, node in zip(steps[::2], steps[1::2], strict=True):
            here, there = walked[-1].fields[0], nodes[node].fields[0]
            start, end = (here, there) if edge > 0 else (there, here)
            _, type_, properties = edges[abs(edge) - 1].fields
            taken.append(self._edge(type_, start, end, properties))
            walked.append(nodes[node])
        return {"nodes": self._plain(walked), "relationships": taken}


def native(value: Any) -> Any:
    """A date, time or duration as Python's, or as the official driver's; py2neo's own conversion
    loses the zone. Other values as they are."""
    if hasattr(value, "subseconds"):
        tail = round(value.subseconds * 1_000_000_000)
        whole = {name: getattr(value, name) for name in ("months", "days", "seconds")}
        return Duration(**whole, nanoseconds=tail)
    if not hasattr(value, "to_native"):
        return value
    plain, zone = value.to_native(), getattr(value, "tzinfo", None)
    return plain if zone is None else plain.replace(tzinfo=zone)


def open_url(url: str, *, write: bool = True) -> Py2neoStore:
    """Open the database at an address."""
    return Py2neoStore(url)
