"""What keeps two records apart."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from itertools import product

from kg.identity.records import Record, Records
from kg.ontology import countries

Kept = dict[str, tuple[Record, Record]]
"""List → the record that it holds of each side."""


def keeps_apart(one: Iterable[Record], other: Iterable[Record], records: Records) -> Kept:
    """The lists of one record an actor that hold a record of each side."""
    kept: Kept = {}
    for a, b in product(list(one), list(other)):
        if a.list != b.list or a.list in records.open_lists or a.redirect or b.redirect:
            continue
        if frozenset((a.id, b.id)) not in records.renamings:
            kept.setdefault(a.list, (a, b))
    return kept


def apart(kept: Kept, records: Records, asked: Collection[Record]) -> list[str]:
    """A sentence for each list that keeps two apart; none for a copy beside its original."""

    def shown(record: Record, end: Record) -> str:
        same = "" if record is end else f", the same as {end.key}"
        return f"{record.key} ({record.title}{same})"

    return [
        f"{records.list_name(list)} has {' and '.join(map(shown, pair, asked))} as two actors"
        for list, pair in kept.items()
        if records.copies.get(list) not in kept
    ]


def conflict(one: Iterable[Record], other: Iterable[Record]) -> str | None:
    """A sentence where some record of each side is put in states that have nothing in common."""
    for a, b in product(list(one), list(other)):
        if a.states and b.states and not a.states & b.states:
            where = [_states(record) for record in (a, b)]
            return f"{a.key} is said to act for {where[0]}, {b.key} for {where[1]}"
    return None


def _states(record: Record) -> str:
    codes = sorted(state.partition(":")[2] for state in record.states)
    return " and ".join(countries.names().get(code, code) for code in codes)
