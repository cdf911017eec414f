"""Neo4j 5.26 or newer, through its official driver."""

from __future__ import annotations

import logging
import os
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from typing import Any, TypeVar

import neo4j
from neo4j import exceptions as errors
from neo4j.graph import Node, Path, Relationship

from kg.base.errors import DatabaseError, UsageError
from kg.base.settings import Address
from kg.stores.base import Capabilities, Run, Table
from kg.stores.cypher import NO_FILES, CypherStore, explained_by, loads, may_load
from kg.stores.patience import AFTERMATH, GRACE, PATIENCE, SILENCE, Silent, Turn, aside, patiently

T = TypeVar("T")

# What the driver has to tell, the store tells in a sentence of its own.
logging.getLogger("neo4j").addHandler(logging.NullHandler())

SCHEMES = ("neo4j", "neo4j+s", "neo4j+ssc", "bolt", "bolt+s", "bolt+ssc")
OLDEST = (5, 26)


class Neo4jStore(CypherStore):
    """A database on a server. User, password and database name come from the environment, under
    the names that Neo4j's own credential files use; a user in the address wins."""

    name = "neo4j"
    capabilities = Capabilities(shared=True)

    def __init__(self, url: str, *, write: bool = True) -> None:
        address, user, password = credentials(url)
        self.address = address
        self.database = os.environ.get("NEO4J_DATABASE") or None
        self._auth = user, password
        with explained(address):
            self._driver: neo4j.Driver | None = connected(address, self._auth)

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
            if self._driver is None:
                self._driver = connected(self.address, self._auth, AFTERMATH)
            driver = self._driver

            def once(turn: Turn[T]) -> T:
                return self._once(driver, work, write, timeout, turn)

            there = partial(answers, self.address, self._auth)
            return patiently(once, limit=limit, there=there, leave=self._leave)

    def _once(
        self,
        driver: neo4j.Driver,
        work: Callable[[Run], T],
        write: bool,
        timeout: float | None,
        turn: Turn[T],
    ) -> T:
        access = neo4j.WRITE_ACCESS if write else neo4j.READ_ACCESS

        @neo4j.unit_of_work(timeout=timeout)
        def whole(tx: neo4j.ManagedTransaction) -> T:
            turn.go_on()
            return work(partial(_run if write else _read, tx))

        with driver.session(database=self.database, default_access_mode=access) as session:
            # The driver retries what the server calls transient, and nothing else.
            return session.execute_write(whole) if write else session.execute_read(whole)

    def _leave(self) -> None:
        """Let go of connections that may be stuck; what comes after gets new ones."""
        driver, self._driver = self._driver, None
        if driver is not None:
            aside(driver.close)

    def await_indexes(self) -> None:
        """Return once constraints and indexes are online."""
        self.query("CALL db.awaitIndexes(300)")

    def close(self) -> None:
        """Close the connections."""
        if self._driver is not None:
            self._driver.close()


def connected(address: str, auth: tuple[str, str], limit: float = PATIENCE) -> neo4j.Driver:
    """A driver for a server that answers in so many seconds, accepts the user, is new enough."""
    driver = neo4j.GraphDatabase.driver(
        address,
        auth=auth,
        connection_timeout=PATIENCE,
        connection_acquisition_timeout=SILENCE,
        max_transaction_retry_time=PATIENCE,
        keep_alive=True,
        liveness_check_timeout=SILENCE,
        notifications_min_severity="OFF",
    )

    def greeting(_turn: Turn[str]) -> str:
        driver.verify_connectivity()
        return driver.get_server_info().agent

    try:
        check_version(patiently(greeting, limit=limit, leave=lambda: None), address)
    except BaseException:
        aside(driver.close)
        raise
    return driver


def answers(address: str, auth: tuple[str, str]) -> bool:
    """Whether a server says anything to somebody new."""
    try:
        connected(address, auth).close()
    except (Silent, errors.ServiceUnavailable, errors.SessionExpired, OSError):
        return False
    except Exception:  # a refusal is an answer
        return True
    return True


def credentials(url: str) -> tuple[str, str, str]:
    """Address without user information, user, password."""
    found = Address.of(url)
    user = found.user or os.environ.get("NEO4J_USERNAME", "neo4j")
    password = found.password or os.environ.get("NEO4J_PASSWORD", "")
    return str(found), user, password


def check_version(agent: str, address: str) -> None:
    """Refuse a server older than 5.26 (`agent` as the server gives it: `Neo4j/5.26.30`)."""
    number = agent.rpartition("/")[2]
    found = tuple(int(part) for part in number.split("-")[0].split(".")[:2] if part.isdigit())
    if found < OLDEST:
        needed = ".".join(map(str, OLDEST))
        raise DatabaseError(
            f"the server at {address} is Neo4j {number}; kg needs {needed} or newer"
        )


class explained:
    """`with explained(address):` turns the driver's errors into one clear sentence each."""

    def __init__(self, address: str, timeout: float | None = None) -> None:
        self.address = address
        self.timeout = timeout

    def __enter__(self) -> None:
        return None

    def __exit__(self, _type: object, why: BaseException | None, _trace: object) -> None:
        if isinstance(why, errors.DriverError | errors.Neo4jError | Silent | OSError | ValueError):
            raise explanation(why, self.address, self.timeout) from None


def explanation(why: BaseException, address: str, timeout: float | None) -> Exception:
    """What the user is told."""
    code = getattr(why, "code", "") or ""
    if isinstance(why, Silent):
        return DatabaseError(
            f"the query was stopped after {timeout:g} seconds"
            if timeout
            else f"the server at {address} has not answered for {why.seconds:g} seconds"
        )
    if isinstance(why, errors.AuthError):
        return DatabaseError(
            f"the server at {address} does not accept this user and password "
            "(NEO4J_USERNAME, NEO4J_PASSWORD)"
        )
    if "TransactionTimedOut" in code or "Terminated" in code:
        return DatabaseError(
            f"the query was stopped after {timeout:g} seconds"
            if timeout
            else "the query was stopped by the server"
        )
    if "DatabaseNotFound" in code:
        return DatabaseError(f"the server at {address} has no such database (NEO4J_DATABASE)")
    if "AccessMode" in code or "Statement.SyntaxError" in code or "ParameterMissing" in code:
        return UsageError(str(getattr(why, "message", why)))
    if isinstance(why, errors.ServiceUnavailable | errors.SessionExpired | OSError):
        return DatabaseError(f"no Neo4j server answers at {address}")
    if isinstance(why, UnicodeError):  # it would say which character of what
        return DatabaseError(f"{address}: text that is no Unicode cannot be sent to a server")
    return DatabaseError(f"{address}: {getattr(why, 'message', None) or why}")


def _read(tx: neo4j.ManagedTransaction, cypher: Any, parameters: Mapping[str, Any]) -> Table:
    """As `_run`. Raises `UsageError` where LOAD CSV stands in the server's plan."""
    if may_load(cypher) and loads(tx.run(explained_by(cypher)).consume().plan):
        raise UsageError(NO_FILES)
    return _run(tx, cypher, parameters)


def _run(tx: neo4j.ManagedTransaction, cypher: Any, parameters: Mapping[str, Any]) -> Table:
    """The driver would like every statement to be a literal; ours are `Any`."""
    result = tx.run(cypher, dict(parameters))
    columns, rows = list(result.keys()), [list(row.values()) for row in result]
    ids = _ids_of({end for row in rows for end in _hollow_ends(row)}, tx)
    return Table(columns, [[plain(value, ids) for value in row] for row in rows])


def _hollow_ends(value: Any) -> Iterator[str]:
    """The server's own ids of the ends of edges that came without these nodes' properties."""
    if isinstance(value, list):
        for item in value:
            yield from _hollow_ends(item)
    elif isinstance(value, dict):
        yield from _hollow_ends(list(value.values()))
    elif isinstance(value, Relationship):
        yield from (end.element_id for end in value.nodes if end is not None and "id" not in end)


def _ids_of(ends: set[str], tx: neo4j.ManagedTransaction) -> dict[str, str]:
    """Our ids by the server's own."""
    if not ends:
        return {}
    found = tx.run(
        "MATCH (n) WHERE elementId(n) IN $ends RETURN elementId(n) AS number, n.id AS id",
        {"ends": sorted(ends)},
    )
    return {row["number"]: row["id"] for row in found}


def plain(value: Any, ids: Mapping[str, str]) -> Any:
    """The driver's values as plain Python ones, in the shapes that every engine gives."""
    if isinstance(value, Node):
        return {"labels": sorted(value.labels), **{k: plain(v, ids) for k, v in value.items()}}
    if isinstance(value, Relationship):
        start, end = (
            None if end is None else end.get("id", ids.get(end.element_id)) for end in value.nodes
        )
        own = {k: plain(v, ids) for k, v in value.items()}
        return {"type": value.type, "from": start, "to": end, **own}
    if isinstance(value, Path):
        return {
            "nodes": [plain(node, ids) for node in value.nodes],
            "relationships": [plain(edge, ids) for edge in value.relationships],
        }
    if isinstance(value, list):
        return [plain(item, ids) for item in value]
    if isinstance(value, dict):
        return {key: plain(item, ids) for key, item in value.items()}
    return value.to_native() if hasattr(value, "to_native") else value


def open_url(url: str, *, write: bool = True) -> Neo4jStore:
    """Open the database at an address."""
    return Neo4jStore(url, write=write)
