"""The embedded engine: a file beside the user's own, no server."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import kglite

from kg.errors import DatabaseError, UsageError
from kg.stores.base import Capabilities, Table
from kg.stores.cypher import CypherStore

SCHEMES: tuple[str, ...] = ()
"""Whatever is no address is a path, and paths are ours."""

OPTIONS: dict[str, Any] = {
    # This optimiser pass counts wrongly without a word (an undirected two-hop count answers 0).
    "disabled_passes": ["fuse_match_return_aggregate"],
    "hide_structural_keys": True,
}

LONGEST = 180.0
"""Seconds after which the engine itself stops a query."""


class KgliteStore(CypherStore):
    """A graph in memory; with `path` and `write`, a file and a write-ahead log stand behind it."""

    name = "kglite"
    capabilities = Capabilities(shared=False, full_text_needs_rows=True)

    def __init__(self, path: Path | None = None, *, write: bool = True) -> None:
        # Labels that a graph happens to lack are no news: every question is asked of every graph.
        kglite.set_query_warning_policy("silent")
        self.path = path if write else None
        self._graph = _open(path, write)
        self._graph.read_only(True)

    def query(
        self,
        cypher: str,
        parameters: Mapping[str, Any] | None = None,
        *,
        write: bool = False,
        timeout: float | None = None,
    ) -> Table:
        """Run one statement; reading only, unless `write`. `timeout` in seconds."""
        limit = int(min(timeout or LONGEST, LONGEST) * 1000)
        given = dict(parameters or {})
        try:
            if write:
                self._graph.read_only(False)
            return _table(self._graph.cypher(cypher, params=given, timeout_ms=limit, **OPTIONS))
        except kglite.CypherTimeoutError:
            raise DatabaseError(f"the query was stopped after {limit / 1000:g} seconds") from None
        except (kglite.ReadOnlyError, kglite.CypherSyntaxError) as why:
            raise UsageError(_plain(why)) from None
        except kglite.KgError as why:
            raise DatabaseError(_plain(why)) from None
        finally:
            if write:
                self._graph.read_only(True)

    def close(self) -> None:
        """Write the file and let go of it."""
        if self.path is not None:
            self._graph.save()
        self._graph.close()


def _open(path: Path | None, write: bool) -> Any:
    try:
        if path is None:
            return kglite.KnowledgeGraph()
        # A reader takes no lock: it sees the last complete state while another process writes.
        return kglite.open(str(path)) if write else kglite.load(str(path))
    except kglite.WriterLeaseHeldError:
        raise DatabaseError(
            f"{path} is being written by another process; try again after it"
        ) from None
    except (kglite.KgError, OSError) as why:
        raise DatabaseError(
            f"{path} cannot be opened as a graph ({_plain(why)}); move it away and make "
            "it again from its ledger with `kg sync`"
        ) from None


def _plain(why: Exception) -> str:
    return str(why).strip()


def _table(result: Any) -> Table:
    return Table(list(result.columns), [list(row.values()) for row in result])
