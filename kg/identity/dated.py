"""What was one by when, where that rests on somebody's word of a known day."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date

from kg.identity.components import Components
from kg.identity.records import SAME, Records
from kg.identity.verdicts import Step


def steps(
    records: Records, components: Components, again: Callable[[Records], Components]
) -> dict[str, list[Step]]:
    """By id, for those that were something else before a source said on some day that two records
    are one: what they stood for, the earliest first. `again` puts together what it is given."""
    days = _days(records, components)
    found: dict[str, list[Step]] = {}
    final = components.mapping()
    for root, said in sorted(days.items()):
        ids = components.members[root]
        for since, until in zip([None, *said], [*said, None], strict=True):
            now = final if until is None else _then(again(records.as_of(since, ids)), ids)
            for id in ids:
                path, target = found.setdefault(id, []), now.get(id, id)
                if not path or path[-1][1] != target:
                    path.append((since, target))
    return {id: path for id, path in sorted(found.items()) if len(path) > 1}


def _days(records: Records, components: Components) -> Mapping[str, list[date]]:
    """By component, the days on which somebody said that two of its records are one."""
    found: dict[str, set[date]] = {}
    for link in records.links:
        root = components.of[link.a]
        if link.predicate == SAME and link.day and components.of[link.b] == root:
            found.setdefault(root, set()).add(link.day)
    return {root: sorted(said) for root, said in found.items()}


def _then(components: Components, ids: Iterable[str]) -> dict[str, str]:
    """What each of these ids became, told by one of them."""
    wanted = set(ids)
    mapping = components.mapping()
    return dict(_named(components, wanted, mapping))


def _named(
    components: Components, wanted: set[str], mapping: Mapping[str, str]
) -> Iterator[tuple[str, str]]:
    for id in wanted:
        others = wanted.intersection(components.members[components.of[id]])
        whole = mapping.get(id, id)
        yield id, whole if whole in others else min(others)
