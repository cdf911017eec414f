"""Which entities are parts of which."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping

from kg.identity.evidence import HUB
from kg.identity.judgements import Judgement
from kg.identity.records import PART, Records
from kg.identity.verdicts import Verdict


def parts_of(
    records: Records,
    mapping: Mapping[str, str],
    judged: Mapping[frozenset[str], Judgement],
    kinds: Collection[str],
) -> Iterator[tuple[tuple[str, str], Verdict]]:
    """(part, whole) with why: claims of sources, marked names, judgements; a later one wins.
    `kinds`: those of which one can be part of another."""

    def merged(id: str) -> str:
        return mapping.get(id, id)

    for part, whole, because in [*_marked(records, mapping, kinds), *_claimed(records)]:
        if merged(part) != merged(whole):
            yield (merged(part), merged(whole)), Verdict("part_of", (because,))
    for judgement in judged.values():
        if judgement.verdict == "part-of":
            ends = (records.by_key[judgement.a], records.by_key[judgement.b])
            who = judgement.by or "a person"
            why = Verdict("part_of", (f"{who} judged: {judgement.because}",), who)
            yield (merged(ends[0]), merged(ends[1])), why


def _claimed(records: Records) -> Iterator[tuple[str, str, str]]:
    for link in records.links:
        if link.predicate == PART:
            a, b = records.by_id[link.a], records.by_id[link.b]
            who = (link.asserter or "someone").partition(":")[2]
            yield a.id, b.id, f"{who} says that {a.key} ({a.title}) is part of {b.key} ({b.title})"


def _marked(
    records: Records, mapping: Mapping[str, str], kinds: Collection[str]
) -> Iterator[tuple[str, str, str]]:
    """`Subgroup: Bluenoroff` among the names of a record: whoever bears that name is its part.

    Where the record is itself what others head by that name, the mark only says that it is one.
    """
    every = [record for record in records.by_id.values() if record.kind in kinds]
    headed = {(mapping.get(r.id, r.id), r.heading) for r in every}
    for whole in every:
        for key in sorted(whole.subgroups):
            if (mapping.get(whole.id, whole.id), key) in headed:
                continue
            for record in every:
                bears = key in record.names and records.owner(record, key, HUB)
                if bears and record is not whole and record.kind == whole.kind:
                    yield (
                        record.id,
                        whole.id,
                        f"{whole.key} lists {record.names[key]!r}, a name of {record.key}, "
                        "as a sub-group",
                    )
