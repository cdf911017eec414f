"""Records headed by a number of a coiner's own series."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence

from kg.identity import names
from kg.identity.components import Components
from kg.identity.evidence import Evidence
from kg.identity.records import Record, Records
from kg.identity.verdicts import Verdict


def numbered(
    records: Records, evidence: Iterable[Evidence], components: Components
) -> Iterator[tuple[Record, Record, Verdict]]:
    """Records headed by a number of a coiner's own series (`APT45`) that all who bear it, in every
    list, have become one entity, and that nothing joins to any other. Else it stays contested, and
    so it does on one list's word alone (`_vouched`); an old copy of a list is no list."""
    joined: defaultdict[str, list[Record]] = defaultdict(list)
    for found in evidence:
        joined[found.a.id].append(found.b)
        joined[found.b.id].append(found.a)
    for id in sorted(joined):
        record, own = records.by_id[id], components.of[id]
        others = sorted((r for r in joined[id] if components.of[r.id] != own), key=lambda r: r.id)
        headed = names.serial(record.title) and not record.redirect
        if not headed or len({components.of[r.id] for r in others}) != 1:
            continue
        bearers = [r for r in others if record.heading in r.names and r.list not in records.copies]
        believed = _vouched(record, bearers, records, components)
        if believed and components.may_join(id, bearers[0].id):
            yield record, bearers[0], _by_number(record, bearers, records)


def _vouched(
    record: Record, bearers: Sequence[Record], records: Records, components: Components
) -> bool:
    """Whether those who give an actor this number are to be believed: two lists, or the coiner's
    own; or one, where the coiner counts an actor by it and gives that actor no second number.
    Where nobody knows whose number it is, no one is."""
    coiner, lists = records.coiners.get(record.heading), {bearer.list for bearer in bearers}
    if coiner is None:
        return False
    if len(lists) > 1 or any(records.publishers.get(list) == coiner for list in lists):
        return True
    if not lists or names.provisional(record.title):
        return False
    entity = components.members[components.of[bearers[0].id]]
    return not any(
        key != record.heading and records.coiners.get(key) == coiner
        and names.serial(name) and not names.provisional(name)
        for id in entity for key, name in records.by_id[id].names.items()
    )  # fmt: skip


def _by_number(record: Record, bearers: Iterable[Record], records: Records) -> Verdict:
    coiner = records.who(records.coiners[record.heading])
    keys = ", ".join(bearer.key for bearer in bearers)
    return Verdict("same", (
        f"{record.title!r}, the main name of {record.key}, is a number that {coiner} gives to one "
        f"actor only, and every list that has it gives it to this one ({keys})",
    ))  # fmt: skip
