"""What was said, met about, agreed, launched and sanctioned, along time."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kg.views._picture import Picture, all_links, all_nodes, between
from kg.views._timeline import timeline, when

if TYPE_CHECKING:
    from kg.claims.corpus import Corpus

DOC = "Meetings, agreements, statements, launches and sanctions along time, in lanes."

ABOUT = (
    "Time runs from left to right; gaps between few days are compressed. A bar beside a symbol is "
    "the time in which it may have happened. Commitments stand under their agreement; what carries "
    "no date stands where its neighbours are. Click anything to read who says so."
)
EVENTS = {
    "Meeting": 1,
    "Agreement": 2,
    "Commitment": 3,
    "Statement": 4,
    "Incident": 5,
    "Sanction": 6,
}
EVENTS |= {"LegalAction": 6, "Process": 7}
LANES = {0: "Who", 1: "Meetings", 2: "Agreements", 3: "Commitments", 4: "Statements", 5: "Launches"}
LANES |= {6: "Sanctions and charges", 7: "Processes"}
ACTORS = frozenset({"State", "Person", "Agency"})
RELATIONS = frozenset(
    {"PARTICIPATED_IN", "RESULTED_IN", "PARTY_TO", "HAS_COMMITMENT", "MADE_BY", "ABOUT", "STEP_OF"}
    | {"IMPOSED_BY", "DESIGNATES", "CITES", "ATTRIBUTED_TO", "OBLIGES", "REPRESENTS"}
    | {"ALLIED_WITH", "RIVAL_OF"}
)
CYPHER = (
    "MATCH (a)-[r:PARTICIPATED_IN|RESULTED_IN|PARTY_TO|HAS_COMMITMENT|MADE_BY|STEP_OF]->(b)\n"
    "RETURN a, r, b"
)


def view(corpus: Corpus) -> Picture:
    """Events of diplomacy with those who took part; cyber incidents are left to `attribution`."""
    everything = all_nodes(corpus)
    events = {
        key
        for key, row in everything.items()
        if row["kind"] in EVENTS and (row["kind"] != "Incident" or row.get("category") != "cyber")
    }
    links = all_links(corpus, RELATIONS)
    touched = {n for k in links if {k.source, k.target} & events for n in (k.source, k.target)}
    actors = {key for key in touched if key in everything and everything[key]["kind"] in ACTORS}
    nodes = {key: everything[key] for key in everything if key in events | actors}
    shown = between(links, nodes)
    lane_of = {key: EVENTS.get(str(row["kind"]), 0) for key, row in nodes.items()}
    times = {key: found for key in events if (found := when(nodes[key]))}
    drawn = timeline(lane_of, times, shown, LANES)
    return Picture(
        "Diplomacy",
        ABOUT,
        nodes,
        shown,
        drawn.positions,
        CYPHER,
        drawn.bands,
        drawn.ticks,
        drawn.spans,
    )
