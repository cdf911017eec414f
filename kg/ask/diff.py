"""What changed between two states of belief: two days, or a ledger before and after a load.

Claims are compared by their ids, edges by their ends, and what is believed of an edge or a property
by what the projection says of it on both sides.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import polars as pl

from kg.claims.columns import DETAILS, SAID, value_said
from kg.graph.corpus import Corpus
from kg.graph.graph import Graph
from kg.ontology import Ontology
from kg.ontology.kinds import PRINTED

Row = dict[str, Any]
Beliefs = Mapping[str, Sequence[Row]]
"""Each of `BELIEFS` → the edges and properties of which it holds."""

BELIEFS = (
    "corroborated",
    "newly_disputed",
    "no_longer_disputed",
    "newly_conflicting",
    "upgraded",
    "downgraded",
)
"""What can become of what was believed already."""

PARTS = ("entities", "claims", "edges", "beliefs")
"""What a difference is told in."""

NOBODY: Mapping[str, str] = {}
"""Nobody became another."""

KEY = ("from", "type", "to")
TOLD = ("asserters", "support", "hedged", "confidence", "likelihood", "disputed", "status")
"""Properties of an edge that tell how it is believed."""


@dataclass(frozen=True)
class Difference:
    """Entities, claims and edges by what became of them, and beliefs that stood on both sides and
    changed."""

    entities: Mapping[str, list[Row]] = field(default_factory=dict)
    claims: Mapping[str, list[Row]] = field(default_factory=dict)
    edges: Mapping[str, list[Row]] = field(default_factory=dict)
    beliefs: Beliefs = field(default_factory=dict)
    questions: Mapping[str, Mapping[str, list[Row]]] = field(default_factory=dict)
    """Saved question → rows of its answer that came and went; only of those that are watched."""

    def __bool__(self) -> bool:
        parts = (*(getattr(self, part) for part in PARTS), *self.questions.values())
        return any(rows for part in parts for rows in part.values())

    def as_dict(self) -> dict[str, Any]:
        """The shape that `kg diff --format json` prints."""
        found: dict[str, Any] = {
            part: {name: list(rows) for name, rows in getattr(self, part).items()} for part in PARTS
        }
        return found | ({"questions": dict(self.questions)} if self.questions else {})

    def counts(self) -> dict[str, int]:
        """How many of each (`claims added`), those with none left out."""
        named: dict[str, Sequence[Row]] = {
            f"{part} {name}": rows
            for part in PARTS[:-1]
            for name, rows in getattr(self, part).items()
        }
        named |= {name.replace("_", " "): rows for name, rows in self.beliefs.items()}
        return {name: len(rows) for name, rows in named.items() if rows}


def difference_of(before: Corpus, after: Corpus) -> Difference:
    """What is said, and believed, in one corpus and not in the other."""
    names = before.names | after.names
    was, now = _live(before), _live(after)
    came, went = now.join(was, on="id", how="anti"), was.join(now, on="id", how="anti")
    added, withdrawn = _apart(came, went), _apart(went, came)
    anew = came.join(added, on="id", how="anti")
    # The earlier side does not know the days.
    days = after.claims.select("id", "withdrawn").unique("id")
    withdrawn = withdrawn.drop("withdrawn").join(days, on="id", how="left")
    claims = {
        "added": _claims(added.drop("withdrawn"), names, after.ontology),
        "withdrawn": _claims(withdrawn, names, after.ontology),
        "restated": _restated(anew.drop("withdrawn"), went, names, after.ontology),
    }
    became = _became(after.graph)
    here, there = _entities(after.graph), _entities(before.graph, became)
    entities = {
        "added": [here[id] for id in sorted(here.keys() - there.keys())],
        "removed": [there[id] for id in sorted(there.keys() - here.keys())],
    }
    old, new = _edges(before.graph, became), _edges(after.graph)
    edges = {
        "added": [_edge(key, new[key], names) for key in sorted(new.keys() - old.keys())],
        "removed": [_edge(key, old[key], names) for key in sorted(old.keys() - new.keys())],
    }
    return Difference(
        entities, claims, edges, beliefs_of(before.graph, after.graph, after.ontology)
    )


def unchanged() -> Beliefs:
    """Nothing is believed otherwise."""
    return {name: [] for name in BELIEFS}


def beliefs_of(before: Graph, after: Graph, ontology: Ontology) -> Beliefs:
    """What came to be believed otherwise of the edges and nodes that both graphs, or parts of
    graphs, have; each of `BELIEFS`, with nothing where nothing did."""
    old, new, names = _edges(before, _became(after)), _edges(after), after.names
    levels = list(ontology.vocabulary["confidence"].terms)
    beliefs: dict[str, list[Row]] = {name: [] for name in BELIEFS}
    for key in sorted(old.keys() & new.keys()):
        for name in _changes(old[key], new[key], levels):
            told = {"before": _told(old[key]), "after": _told(new[key])}
            beliefs[name].append({**_edge(key, new[key], names), **told})
    beliefs["newly_conflicting"] += _conflicting(before, after)
    return beliefs


def _live(corpus: Corpus) -> pl.DataFrame:
    """The claims that stand."""
    return corpus.claims.filter("live").unique("id", keep="first", maintain_order=True)


SHOWN = ("id", "subject", "predicate", "object", "value", "unit", "bound", "hedge", "asserter",
         "document", "asserted", "withdrawn", "source")  # fmt: skip


def _claims(rows: pl.DataFrame, names: Mapping[str, str], ontology: Ontology) -> list[Row]:
    """Claims as a reader wants them: names beside ids, and what their source calls the ends where
    that is another name, nulls left out; what matters most first, then in the order of saying."""
    found = []
    for row in rows.sort("asserted_from", "id", nulls_last=True).iter_rows(named=True):
        shown = {name: row[name] for name in SHOWN if row.get(name) is not None}
        ends = ("subject", "object", "asserter", "document")
        named = {f"{end}_name": names[row[end]] for end in ends if row[end] in names}
        named |= {
            f"{end}_called": row[f"{end}_name"]
            for end in ("subject", "object")
            if row[f"{end}_name"] not in (None, named.get(f"{end}_name"))
        }
        negative = {"negative": True} if row["negative"] else {}
        said = {} if row["object"] else {"said": value_said(row, ontology)}
        found.append(shown | named | said | negative)
    return sorted(found, key=lambda row: _weight(row, ontology))


def _weight(row: Row, ontology: Ontology) -> int:
    """Relations come first, then the values that are evidence; pages about something come last."""
    if "object" in row:
        return 0
    kind = ontology.kind_of(row["subject"])
    known = ontology.property(kind, row["predicate"]) if kind else None
    return 3 if known and known.type == "url" else 1 if known and known.evidence else 2


def _apart(rows: pl.DataFrame, others: pl.DataFrame) -> pl.DataFrame:
    """The claims that are not among the others in another document."""
    return rows.join(others, on=SAID, how="anti", nulls_equal=True)


def _restated(
    came: pl.DataFrame, went: pl.DataFrame, names: Mapping[str, str], ontology: Ontology
) -> list[Row]:
    """Claims that their asserter made anew in place of the same, each with what it tells
    otherwise: column → before and after."""
    before = went.unique(SAID, keep="last", maintain_order=True).select(*SAID, *DETAILS)
    pairs = came.select("id", *SAID, *DETAILS).join(
        before, on=SAID, nulls_equal=True, suffix="_was"
    )
    changed = {
        row["id"]: {name: [row[f"{name}_was"], row[name]] for name in DETAILS
                    if row[f"{name}_was"] != row[name]}
        for row in pairs.iter_rows(named=True)
    }  # fmt: skip
    return [{**row, "changed": changed[row["id"]]} for row in _claims(came, names, ontology)]


def _became(graph: Graph) -> dict[str, str]:
    """Id of a source → the node of the later side that it is: two that became one are one."""
    frames = (frame for frame in graph.nodes.values() if "ids" in frame.columns)
    return {
        id: node
        for frame in frames
        for node, ids in frame.select("id", "ids").iter_rows()
        for id in ids or ()
    }


def _entities(graph: Graph, became: Mapping[str, str] = NOBODY) -> dict[str, Row]:
    """Everything that is spoken of, by its id; what it is said in is no part of it."""
    frames = ((kind, frame) for kind, frame in graph.nodes.items() if kind not in PRINTED)
    return {
        became.get(id, id): {"id": id, "kind": kind, "name": name}
        for kind, frame in frames
        for id, name in frame.select("id", "name").iter_rows()
    }


def _edges(graph: Graph, became: Mapping[str, str] = NOBODY) -> dict[tuple[str, str, str], Row]:
    """Every edge that somebody claims and nobody took back, by its ends; of edges that became one
    that with the most asserters."""
    found: dict[tuple[str, str, str], Row] = {}
    for (type_, _, _), frame in graph.edges.items():
        if "claims" not in frame.columns:
            continue
        for row in frame.filter(pl.col("claims").is_not_null()).iter_rows(named=True):
            start, end = (became.get(row[side], row[side]) for side in ("from", "to"))
            known = found.get((start, type_, end))
            loop = start == end and row["from"] != row["to"]  # between two that are one now
            more = known is None or (row.get("asserters") or 0) > (known.get("asserters") or 0)
            if more and not loop and row.get("status") in (None, "asserted"):
                found[start, type_, end] = row
    return found


def _edge(key: tuple[str, str, str], row: Row, names: Mapping[str, str]) -> Row:
    start, _, end = key
    named = {"from_name": names.get(start), "to_name": names.get(end), "claims": row["claims"]}
    return dict(zip(KEY, key, strict=True)) | named


def _told(row: Row) -> Row:
    return {name: row[name] for name in TOLD if row.get(name) is not None}


def _changes(old: Row, new: Row, levels: Sequence[str]) -> Iterator[str]:
    """Which beliefs about one edge changed."""
    if (new.get("asserters") or 0) > (old.get("asserters") or 0):
        yield "corroborated"
    if bool(new.get("disputed")) != bool(old.get("disputed")):
        yield "newly_disputed" if new.get("disputed") else "no_longer_disputed"
    steps = _sureness(new, levels), _sureness(old, levels)
    up = [a > b for a, b in zip(*steps, strict=True) if a is not None and b is not None]
    down = [a < b for a, b in zip(*steps, strict=True) if a is not None and b is not None]
    if any(up) and not any(down):
        yield "upgraded"
    elif any(down) and not any(up):
        yield "downgraded"


def _sureness(row: Row, levels: Sequence[str]) -> tuple[int, int | None]:
    """How sure an edge is said to be: without a hedge, and with which confidence."""
    confidence = row.get("confidence")
    level = levels.index(confidence) if confidence in levels else None
    return int(not row.get("hedged")), level


def _conflicting(before: Graph, after: Graph) -> list[Row]:
    """Properties of what was there before about which sources disagree now, and did not."""
    became = _became(after)
    old = {(became.get(id, id), name) for id, name in _conflicts(before)}
    new, there = sorted(_conflicts(after) - old), {became.get(id, id) for id in before.names}
    return [
        {"id": id, "name": after.names.get(id), "property": name} for id, name in new if id in there
    ]


def _conflicts(graph: Graph) -> set[tuple[str, str]]:
    found: set[tuple[str, str]] = set()
    for frame in graph.nodes.values():
        if "conflicts" in frame.columns:
            pairs = frame.select("id", "conflicts").explode("conflicts").drop_nulls()
            found.update((str(id), str(name)) for id, name in pairs.iter_rows())
    return found
