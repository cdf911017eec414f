"""Who changed their mind about an actor, when, and back again?"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple

from kg.analytics.kit.measure import measure
from kg.analytics.kit.reading import Graph, asserter, into, kind, name, nodes, out
from kg.analytics.kit.result import Result, Row, share
from kg.graph.corpus import Listing
from kg.ontology import load

PARENTS = frozenset({"SUBGROUP_OF", "CONTROLLED_BY", "FORMED_BY", "PART_OF", "OWNED_BY"})
ALIASES = frozenset(load().naming) - {"name"}


LATER = "set later"


class Word(NamedTuple):
    """What somebody said of an entity, and until when."""

    value: str
    said: date
    until: date | None
    replaced: bool
    """Whether another word took its place."""


Topic = tuple[str, str, str]
"""Entity, what was said of it (`state`, `parent`, `alias`), and who said it."""


def words(graph: Graph) -> tuple[dict[Topic, list[Word]], dict[tuple[str, str], date], int]:
    """What each asserter said of each entity, with days; since when it speaks of the entity; and
    how many claims have no day."""
    found: dict[Topic, list[Word]] = defaultdict(list)
    since: dict[tuple[str, str], date] = {}
    undated = 0
    for claim in nodes(graph, "Claim"):
        data = graph.nodes[claim]
        subject = next((end for end, _ in out(graph, claim, "SUBJECT")), None)
        target = next((end for end, _ in out(graph, claim, "OBJECT")), None)
        who, topic = asserter(graph, claim), _topic(graph, str(data.get("predicate")), target)
        if subject is None or who is None or data.get("polarity") == "negative":
            continue
        said = data.get("asserted_from")
        if not isinstance(said, date):
            undated += topic is not None
            continue
        since[subject, who] = min(said, since.get((subject, who), said))
        if topic is not None:
            value = target or str(data.get("value"))
            found[subject, topic, who].append(Word(value, said, *_end(graph, claim, data)))
    return found, since, undated


def _topic(graph: Graph, predicate: str, target: str | None) -> str | None:
    if target is None:
        return "alias" if predicate in ALIASES else None
    if predicate == "ATTRIBUTED_TO" and kind(graph, target) == "State":
        return "state"
    return "parent" if predicate in PARENTS else None


def _end(graph: Graph, claim: str, data: dict[str, Any]) -> tuple[date | None, bool]:
    """When a claim was withdrawn, and whether by another one in its place."""
    later = [graph.nodes[one].get("asserted_from") for one, _ in into(graph, claim, "SUPERSEDES")]
    taken = [graph.nodes[one].get("asserted_from") for one, _ in into(graph, claim, "RETRACTS")]
    days = [data.get("withdrawn_from"), *later, *taken]
    return min((d for d in days if isinstance(d, date)), default=None), bool(later)


@measure(
    question="Whose state, alias or parent did a source change, when, and did it change back?",
    reference="Bitemporal change of belief: Snodgrass (1992), doi:10.1145/382072",
    complexity="O(claims)",
    reads=("SUBJECT", "OBJECT", "ASSERTED_BY", "SUPERSEDES", "RETRACTS"),
)
def changes_of_mind(
    graph: Graph,
    listed: Mapping[str, Sequence[Listing]] | None = None,
    aliases: bool = False,
) -> Result:
    """One row for each entity and asserter that took back or replaced what it had said of the
    entity's state, parent or (with `aliases`) other names, or that named a state later than it
    first spoke of the entity or had it in its list (`since`). `back`: something stands again that
    had been withdrawn. `dropped`: nothing was taken back but the entry as a whole. A state that was
    set later and then changed counts in both figures.

    What a source withdrew it may have thought wrong, superfluous or spelled badly: none of them
    says so.
    """
    found, since, undated = words(graph)
    listed = listed or {}
    rows = [
        _row(graph, topic, _unbroken(said), since[topic[0], topic[2]], listed.get(topic[0], ()))
        for topic, said in found.items()
    ]
    told = [row for row in rows if row["change"] and (aliases or row["what"] != "alias")]
    told.sort(key=lambda row: (row["on"], row["entity"], row["what"], row["asserter"]))
    counts = Counter(f"{row['what']} {row['change']}" for row in rows if row["change"])
    later = (row["what"] == "state" and row["first"] > row["since"] for row in rows)
    counts[f"state {LATER}"] = sum(later)
    counts["back and forth"] = sum(bool(row["back"]) for row in rows)
    dated = sum(map(len, found.values()))
    caveats: tuple[str, ...] = (
        "Only what was taken back with a day is seen: a list that is loaded once, as it stands "
        "now, has no changes (`kg load --history` reads all of its versions).",
    )
    if not any(word.until for said in found.values() for word in said):
        caveats += ("No claim here was withdrawn on a known day: this says nothing of anybody.",)
    headline = dict(sorted(counts.items()))
    return Result(
        told, dated, "dated claims", share(dated, dated + undated), headline, None, caveats
    )


def _unbroken(said: list[Word]) -> list[Word]:
    """What an asserter said, in order. A word in place of which the same stands (with another
    hedge, or derived from somebody) was not taken back."""
    joined: list[Word] = []
    for word in sorted(said, key=lambda word: (word.said, word.until or date.max, word.value)):
        same = (n for n, old in enumerate(joined) if old.replaced and old.until == word.said
                and old.value == word.value)  # fmt: skip
        if (place := next(same, None)) is None:
            joined.append(word)
        else:
            joined[place] = word._replace(said=joined[place].said)
    return joined


def _row(
    graph: Graph, topic: Topic, said: list[Word], since: date, listed: Sequence[Listing]
) -> Row:
    entity, what, who = topic
    since = min([since, *(listing.since for listing in listed if listing.who == who)])
    left = frozenset[date]().union(*(listing.left for listing in listed))
    gone = [word for word in said if word.until is not None]
    again = {
        old.value
        for old in gone
        if any(new.value == old.value and old.until and new.said >= old.until for new in said)
    }
    first = said[0].said
    change, on = "", first
    if gone:
        values = {word.value for word in said}
        kept = "dropped" if all(word.until in left for word in gone) else "withdrawn"
        change = "changed" if len(values) > 1 and any(w.replaced for w in gone) else kept
        on = max(word.until for word in gone if word.until is not None)
    elif what == "state" and first > since:
        change = LATER
    history = [
        f"{w.said}{f' to {w.until}' if w.until else ''}: {_called(graph, w.value)}" for w in said
    ]
    return {
        "id": entity,
        "entity": name(graph, entity),
        "what": what,
        "change": change,
        "on": on,
        "since": since,
        "first": first,
        "asserter": name(graph, who),
        "back": sorted(_called(graph, value) for value in again),
        "history": history,
    }


def _called(graph: Graph, value: str) -> str:
    return name(graph, value) if value in graph else value
