"""What was said, met about, agreed, launched and sanctioned, along time."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from itertools import chain, permutations
from typing import TYPE_CHECKING, Any

import polars as pl

from kg.views.kit import lettered
from kg.views.kit.picture import Link, Picture, all_links, all_nodes, between
from kg.views.kit.reach import Reach, Step
from kg.views.kit.timeline import timeline, when

if TYPE_CHECKING:
    from kg.graph.corpus import Corpus

DOC = "Meetings, agreements, statements, launches and sanctions along time, in lanes."

ABOUT = (
    "Time runs from left to right; long gaps are compressed where days are few. A bar behind a "
    "symbol is the time in which it may have happened. Commitments say, where there is room, whom "
    "they oblige and whether they are written; they and the actors have no time of their own and "
    "fill the width; what says “no date” stands where its neighbours are. Raised "
    "numbers: who reports it. In red: who denies it. Click anything to read who says so."
)
CYBER = ("Incident", "category", "cyber")
NO_DATE = "no date"
COMMITMENTS, WHO = 2, 4
LANE_OF = {
    "Process": 0,
    "Agreement": 1,
    "Commitment": COMMITMENTS,
    "Meeting": 3,
    "Travel": 3,
    "Statement": 5,
}
LANE_OF |= {"Incident": 6, "Sanction": 7, "LegalAction": 7}
LANES = {
    0: "Processes",
    1: "Agreements",
    COMMITMENTS: "Commitments",
    3: "Meetings and travels",
    WHO: "Who",
}
LANES |= {5: "Statements", 6: "Launches", 7: "Sanctions and charges"}
ACTORS = frozenset({"State", "Person", "Agency"})
RELATIONS = frozenset(
    {"PARTICIPATED_IN", "RESULTED_IN", "PARTY_TO", "HAS_COMMITMENT", "MADE_BY", "ABOUT", "STEP_OF"}
    | {"IMPOSED_BY", "DESIGNATES", "CITES", "ATTRIBUTED_TO", "REPRESENTS"}
    | {"ALLIED_WITH", "RIVAL_OF"}
)
CYPHER = (
    "MATCH (a)-[r:PARTICIPATED_IN|RESULTED_IN|PARTY_TO|HAS_COMMITMENT|MADE_BY|STEP_OF]->(b)\n"
    "RETURN a, r, b"
)


def view(corpus: Corpus) -> Picture:
    """Events of diplomacy with those who took part; cyber incidents are left to `attribution`."""
    everything = all_nodes(corpus)
    events = {key for key, row in everything.items() if row["kind"] in LANE_OF}
    events -= _always_cyber(corpus)
    links = all_links(corpus, RELATIONS)
    step = Step(dict.fromkeys(RELATIONS, "either"))
    reach = Reach(events, (step,), unless=CYBER, all=True)
    touched = reach.over(links)
    nodes = {
        key: row
        for key, row in everything.items()
        if key in events or (key in touched and row["kind"] in ACTORS)
    }
    shown = between(links, nodes)
    of_kind = {key: LANE_OF.get(str(row["kind"]), WHO) for key, row in nodes.items()}
    order = _lane_order(of_kind, shown)
    lane_of = {key: order.index(lane) for key, lane in of_kind.items()}
    names = {place: LANES[lane] for place, lane in enumerate(order)}
    times = {key: found for key in events if (found := when(nodes[key], corpus.ontology.life))}
    undated = {key for key in events - times.keys() if of_kind[key] != COMMITMENTS}
    notes = _notes(corpus, nodes, undated)
    drawn = timeline(lane_of, times, shown, names, _written(nodes, shown, notes))
    return Picture(
        title="Diplomacy",
        about=ABOUT,
        nodes=nodes,
        links=shown,
        positions=drawn.positions,
        cypher=CYPHER,
        bands=drawn.bands,
        ticks=drawn.ticks,
        spans=drawn.spans,
        notes=notes,
        reported=events if len(nodes) <= lettered.MOST else (),
        turned=drawn.turned,
        reach=reach,
    )


def _always_cyber(corpus: Corpus) -> set[str]:
    """Incidents that nobody takes for anything else, whoever is asked, and on whatever day. What is
    only claimed to be one is left to the page: under a lens that claim may be gone."""
    _, name, value = CYBER
    said = corpus.statements.filter(pl.col("predicate") == name)
    listed = said.filter("declared").filter(pl.col("value") == value)["subject"]
    other = said.filter(pl.col("value") != value)["subject"]
    return {*listed} - {*other}


TOGETHER = ((0,), (1, COMMITMENTS), (3,), (WHO,), (5,), (6,), (7,))
"""Lanes that stay beside each other: commitments stand under their agreement."""


def _lane_order(lane_of: Mapping[str, int], links: Iterable[Link]) -> list[int]:
    """The lanes from the top, so that lines between them are short and cross few others.

    All orders are tried; of equals the first, which is that of `LANES`.
    """
    joins: Counter[tuple[int, int]] = Counter()
    for link in links:
        one, other = lane_of[link.source], lane_of[link.target]
        if one != other:
            joins[min(one, other), max(one, other)] += 1

    def length(order: Sequence[tuple[int, ...]]) -> int:
        place = {lane: at for at, lane in enumerate(chain(*order))}
        return sum(count * (abs(place[a] - place[b]) - 1) for (a, b), count in joins.items())

    return list(chain(*min(permutations(TOGETHER), key=length)))


def _notes(
    corpus: Corpus, nodes: Mapping[str, Mapping[str, Any]], undated: Collection[str]
) -> dict[str, str]:
    """That an event has no date, as no commitment has; whom a promise obliges, how firmly, and
    whether it is written."""
    obliged: dict[str, list[str]] = defaultdict(list)
    for link in all_links(corpus, {"OBLIGES"}):
        obliged[link.source].append(corpus.names.get(link.target, link.target))
    parts = {
        key: [
            *([NO_DATE] if key in undated else []),
            *sorted(obliged[key]),
            *(row[name] for name in ("modality", "form") if name in row),
        ]
        for key, row in nodes.items()
    }
    return {key: " · ".join(some) for key, some in parts.items() if some}


def _written(
    nodes: Mapping[str, Mapping[str, Any]], links: Iterable[Link], notes: Mapping[str, str]
) -> dict[str, list[str]]:
    """What the page writes beside each symbol, as long as it will be: its name without its day and
    with a short note, who blames whom or says what is denied, and who denies it. A longer note is
    written only where there is room left."""
    said: dict[str, list[str]] = defaultdict(list)
    for link in links:
        if link.kind == "ATTRIBUTED_TO":
            said[link.source].append(SAID)
        if link.properties.get("disputed"):
            said[link.target] += [SAID, SAID]
    written = {}
    for key, row in nodes.items():
        name, note = DAY_TOLD.sub("", str(row["name"])), notes.get(key, "")
        short = f", {note}" if 0 < len(note) <= BRIEF else ""
        written[key] = [name + short, *said[key]]
    return written


DAY_TOLD = re.compile(r", \d{4}-\d\d-\d\d(?=:|$)")
"""In a name, what its place along time says as well: the page leaves it out too (`labels.js`)."""
BRIEF = 10
"""A note of no more letters follows the name in its line, in the page as well."""
SAID = "according to some newspaper and others"
"""Stands for who says or denies something, where only the room that it takes matters."""
