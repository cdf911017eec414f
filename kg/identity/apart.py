"""What keeps two records apart."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import product

from kg.identity.records import Record, Records


def keeps_apart(one: Iterable[Record], other: Iterable[Record], records: Records) -> Iterator[str]:
    """A sentence for each list of one record an actor that holds a record of each side."""
    told: set[str] = set(records.open_lists)
    for a, b in product(list(one), list(other)):
        if a.list != b.list or a.list in told or a.redirect or b.redirect:
            continue
        if frozenset((a.id, b.id)) not in records.renamings:
            told.add(a.list)
            yield f"{a.list} keeps {a.key} ({a.title}) and {b.key} ({b.title}) apart"


def conflict(one: Iterable[Record], other: Iterable[Record]) -> str | None:
    """A sentence where some record of each side is put in states that have nothing in common."""
    for a, b in product(list(one), list(other)):
        if a.states and b.states and not a.states & b.states:
            where = [", ".join(sorted(s.partition(":")[2] for s in r.states)) for r in (a, b)]
            return f"{a.key} is put in {where[0]}, {b.key} in {where[1]}"
    return None
