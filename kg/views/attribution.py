"""Who is said to be behind what: incident → group → agency → state."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from kg.graph.states import leading
from kg.ontology import load
from kg.views.kit.layout import Share, Told, columns
from kg.views.kit.picture import Link, Picture, all_links, all_nodes, between
from kg.views.kit.reach import Reach, Step, Way

if TYPE_CHECKING:
    from kg.graph.corpus import Corpus

DOC = "Who is said to be behind what, from incidents on the left to states on the right."

ABOUT = (
    "Read from an event to the right: who says so stands on the line, each with its own word of "
    "reservation, and the line leads to whoever is blamed, in a colour of its own; from there to "
    "who is said to control it, and the state. To the left stands what it aimed at. A wider line: "
    "more say so independently. Dashed: said with reservation. In red beneath: who denies or "
    "disputes it. Out of one dot: blamed together. Faint: whose group or organ that "
    "is. Click a line to read who says so."
)
BLAME: dict[str, Way] = dict.fromkeys((*leading(load()), "FORMED_BY"), "along")
BLAME["SUBGROUP_OF"] = "either"
SEAT: dict[str, Way] = dict.fromkeys(leading(load(), "located"), "along")
IDENTITY: dict[str, Way] = dict.fromkeys(("SAME_AS", "MAY_BE_SAME", "DISTINCT_FROM"), "either")
HARM: dict[str, Way] = {"TARGETED": "along"}
BLAMED = (Step(BLAME, rounds=None), Step(IDENTITY))
"""From attributed events to whatever is blamed, and to who may be one of those."""
CHAIN = (*BLAMED, Step(SEAT))
"""And on to the states where these sit."""
CYPHER = (
    "MATCH p = (i)-[:ATTRIBUTED_TO]->()-[:SUBGROUP_OF|CONTROLLED_BY|FORMED_BY|PART_OF*0..5]->()\n"
    "WHERE i:Incident OR i:Campaign\nRETURN p"
)
EVENTS, SAYS, ACTORS = 1, 2, 3
COLUMNS = {0: "Targets", EVENTS: "Incidents", SAYS: "Who says so", ACTORS: "Actors"}
COLUMNS |= {4: "Agencies", 5: "States"}
COLUMN_OF = {"Incident": EVENTS, "Campaign": EVENTS, "Agency": 4, "State": 5}


def view(corpus: Corpus) -> Picture:
    """All incidents that somebody attributes, the chain from there to states, and what was hit."""
    everything = all_nodes(corpus)
    events = {key for key, row in everything.items() if row["kind"] in ("Incident", "Campaign")}
    links = [
        link
        for link in all_links(corpus, BLAME.keys() | IDENTITY.keys() | HARM.keys())
        if link.kind not in HARM or link.source in events
    ]
    links += _seats(corpus, events, links)
    chain = Reach(events, CHAIN, having="ATTRIBUTED_TO").over(links)
    reach = Reach(events, (*CHAIN, Step(HARM)), having="ATTRIBUTED_TO", all=True)
    wanted = reach.over(links)
    nodes = {key: row for key, row in everything.items() if key in wanted}
    shown = between(links, nodes)
    column_of = {
        key: COLUMN_OF.get(str(row["kind"]), ACTORS) if key in chain else 0
        for key, row in sorted(nodes.items(), key=lambda item: str(item[1]["name"]))
    }
    told = Told(SAYS, "ATTRIBUTED_TO", EVENTS)
    room = {key: _room(str(row["name"])) for key, row in nodes.items()}
    drawn = columns(column_of, shown, _headings(nodes, column_of), told, room)
    return Picture(
        title="Attribution",
        about=ABOUT,
        nodes=nodes,
        links=shown,
        positions=drawn.positions,
        cypher=CYPHER,
        bands=drawn.bands,
        routes=drawn.routes,
        captions=drawn.captions,
        reach=reach,
    )


def _headings(
    nodes: Mapping[str, Mapping[str, Any]], column_of: Mapping[str, int]
) -> dict[int, str]:
    """A column is called what stands in it, and nothing else."""
    named = dict(COLUMNS)
    kinds = {nodes[key]["kind"] for key, column in column_of.items() if column == EVENTS}
    if "Campaign" in kinds:
        named[EVENTS] = "Events" if "Incident" in kinds else "Campaigns"
    return named


def _room(name: str) -> Share:
    """How much of a row a node takes above and below: its symbol and up to three lines."""
    return 0.38, 0.3 + 0.2 * min(3, -(-len(name) // 14))


def _seats(corpus: Corpus, events: set[str], links: list[Link]) -> list[Link]:
    """In which states those sit who are blamed."""
    actors = Reach(events, BLAMED, having="ATTRIBUTED_TO").over(links) - events
    seats = all_links(corpus, set(SEAT))
    return [one for one in seats if one.source in actors and one.target.startswith("state:")]
