"""Who is said to be behind what: incident → group → agency → state."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kg.views._layout import columns
from kg.views._picture import Link, Picture, all_links, all_nodes, between

if TYPE_CHECKING:
    from kg.claims.corpus import Corpus

DOC = "Who is said to be behind what, from incidents on the left to states on the right."

ABOUT = (
    "Read from left to right: an incident, the group said to be behind it, who is said to control "
    "the group, and the state that belongs to. Wider lines have more independent asserters; "
    "dashed: the source hedges; red: disputed; grey: taken back. Click a line to read who says so."
)
BLAME = frozenset({"ATTRIBUTED_TO", "SUBGROUP_OF", "CONTROLLED_BY", "FORMED_BY", "PART_OF"})
IDENTITY = frozenset({"SAME_AS", "MAY_BE_SAME", "DISTINCT_FROM"})
HARM = frozenset({"TARGETED"})
CYPHER = (
    "MATCH p = (i)-[:ATTRIBUTED_TO]->()-[:SUBGROUP_OF|CONTROLLED_BY|FORMED_BY|PART_OF*0..5]->()\n"
    "WHERE i:Incident OR i:Campaign\nRETURN p"
)
COLUMNS = {
    0: "Targets",
    1: "Incidents",
    2: "Sub-groups",
    3: "Groups",
    4: "Agencies",
    5: "States",
}
COLUMN_OF = {"Incident": 1, "Campaign": 1, "Person": 4, "Agency": 4, "State": 5}


def view(corpus: Corpus) -> Picture:
    """All incidents that somebody attributes, the chain from there to states, and what was hit."""
    everything = all_nodes(corpus)
    links = all_links(corpus, BLAME | IDENTITY | HARM)
    events = {key for key, row in everything.items() if row["kind"] in ("Incident", "Campaign")}
    chain = _chain(links, events)
    harm = [link for link in links if link.kind in HARM and link.source in chain & events]
    wanted = chain | {link.target for link in harm}
    nodes = {key: row for key, row in everything.items() if key in wanted}
    shown = between([link for link in links if link.kind not in HARM] + harm, nodes)
    children = {link.source for link in shown if link.kind == "SUBGROUP_OF"}
    column_of = {
        key: _column(str(row["kind"]), key in children, key in chain)
        for key, row in sorted(nodes.items(), key=lambda item: str(item[1]["name"]))
    }
    positions, bands = columns(column_of, shown, COLUMNS)
    return Picture("Attribution", ABOUT, nodes, shown, positions, CYPHER, bands)


def _chain(links: list[Link], events: set[str]) -> set[str]:
    """Attributed events, whatever is to be reached from there, and who may be one of those."""
    found = {link.source for link in links if link.kind == "ATTRIBUTED_TO"} & events
    size = -1
    while size != len(found):
        size = len(found)
        found |= {link.target for link in links if link.kind in BLAME and link.source in found}
        found |= {k.source for k in links if k.kind == "SUBGROUP_OF" and k.target in found}
    named = [{link.source, link.target} for link in links if link.kind in IDENTITY]
    return found.union(*(pair for pair in named if pair & found))


def _column(kind: str, is_child: bool, in_chain: bool) -> int:
    if not in_chain:
        return 0
    return COLUMN_OF.get(kind, 2 if is_child else 3)
