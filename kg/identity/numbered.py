"""Records headed by a number of a coiner's own series."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Container, Iterable, Iterator

from kg.identity import names
from kg.identity.components import Components
from kg.identity.evidence import Evidence
from kg.identity.records import Record, Records
from kg.identity.verdicts import Verdict


def numbered(
    records: Records,
    evidence: Iterable[Evidence],
    components: Components,
    copies: Container[str],
) -> Iterator[tuple[Record, Record, Verdict]]:
    """Records headed by a number of a coiner's own series (`APT45`) that all who bear it, in every
    list, have become one entity, and that nothing joins to any other. Else it stays contested, and
    so it does where only an old copy of a list has it (`copies`)."""
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
        bearers = [r for r in others if record.heading in r.names]
        borne = any(bearer.list not in copies for bearer in bearers)
        if borne and components.may_join(id, bearers[0].id):
            yield record, bearers[0], _by_number(record, bearers, records)


def _by_number(record: Record, bearers: Iterable[Record], records: Records) -> Verdict:
    coiner = (records.coiners[record.heading] or "").partition(":")[2]
    keys = ", ".join(bearer.key for bearer in bearers)
    why = f"{record.key} is headed by a number of {coiner}'s own series, borne only by {keys}"
    return Verdict("same", (why,))
