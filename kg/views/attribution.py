"""Who is said to be behind what: incident → group → agency → state."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping
from typing import TYPE_CHECKING, Any, TypeAlias

import polars as pl

from kg.graph.states import leading
from kg.ontology import load
from kg.views.kit.layout import ROWS, LinkKey, Share, Told, columns
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
    "is; who may be the same is told under the name. Click a line to read who says so."
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
    f"WHERE {' OR '.join(f'i:{kind}' for kind in load().blamed)}\nRETURN p"
)
EVENTS, SAYS, ACTORS = 1, 2, 3
COLUMNS = {0: "Targets", EVENTS: "Incidents", SAYS: "Who says so", ACTORS: "Actors"}
COLUMNS |= {4: "Agencies", 5: "States"}
COLUMN_OF = dict.fromkeys(load().blamed, EVENTS) | {"Agency": 4, "State": 5}


def view(corpus: Corpus) -> Picture:
    """All incidents that somebody attributes, the chain from there to states, and what was hit."""
    everything = all_nodes(corpus)
    events = {key for key, row in everything.items() if COLUMN_OF.get(row["kind"]) == EVENTS}
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
    said = _said(corpus, shown)
    told = Told(SAYS, "ATTRIBUTED_TO", EVENTS, _lines(said))
    headings = _headings(nodes, column_of)
    turned = _turned(column_of, shown)
    rooms = _rooms(nodes, column_of, said) | {key: _level(nodes[key]) for key in turned}
    drawn = columns(column_of, shown, headings, told, rooms)
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
        turned=turned,
        reach=reach,
    )


def _headings(
    nodes: Mapping[str, Mapping[str, Any]], column_of: Mapping[str, int]
) -> dict[int, str]:
    """A column is called what stands in it, and nothing else."""
    named = dict(COLUMNS)
    kinds = {nodes[key]["kind"] for key, column in column_of.items() if column == EVENTS}
    if kinds:
        named[EVENTS] = "Events" if len(kinds) > 1 else f"{kinds.pop()}s"
    return named


def _lines(said: Said) -> dict[LinkKey, tuple[int, int]]:
    """How many lines it takes to write who says so, and who denies it."""
    return {key: (_count(by, LETTERS) or 1, _count(no, LETTERS)) for key, (by, no) in said.items()}


def _rooms(
    nodes: Mapping[str, Mapping[str, Any]], column_of: Mapping[str, int], said: Said
) -> dict[str, Share]:
    """How much of a row nodes take above and below: a symbol, up to three lines of a name, and who
    denies what is said of it."""
    denied: dict[str, set[str]] = defaultdict(set)
    for (_, _, target), (_, by) in said.items():
        denied[target].update(by)
    crowded = {column: count > ROWS for column, count in Counter(column_of.values()).items()}
    rooms = {}
    for key, row in nodes.items():
        name = NAME * min(4, _count([str(row["name"])], 14))
        below = 0.3 + name + NAME * _count(denied[key], 16)
        # a staggered column has room for names beside symbols; those who are blamed are few
        more = 0.6 if crowded[column_of[key]] else 1.0 if column_of[key] < SAYS else 1.15
        rooms[key] = (0.33, more * below)
    return rooms


def _turned(column_of: Mapping[str, int], links: Iterable[Link]) -> set[str]:
    """Many events stand close: where nothing that they aimed at stands beside them, their names
    do, in the place of targets."""
    events = {key for key, column in column_of.items() if column == EVENTS}
    aiming = {link.source for link in links if link.kind in HARM}
    return events - aiming if len(events) > MANY else set()


def _level(row: Mapping[str, Any]) -> Share:
    """How much of a row such a name takes above and below."""
    half = NAME * min(2, _count([str(row["name"])], 28)) / 2
    return half + 0.03, half + 0.03


MANY = 16
"""So many events have room for their names beneath them."""
NAME = 0.34
"""What a line of a name, or of a note beneath it, takes of a row."""
LETTERS = 44
"""So many letters a line of a caption has where a window is 1,280 pixels wide."""
Said: TypeAlias = Mapping[LinkKey, tuple[Collection[str], Collection[str]]]
"""Link → who says so, with the words of reservation, and who denies it."""


def _said(corpus: Corpus, links: Iterable[Link]) -> Said:
    keys = {
        claim: (link.source, link.kind, link.target)
        for link in links
        for claim in link.properties.get("claims") or ()
        if link.kind == "ATTRIBUTED_TO"
    }
    columns = ("id", "asserter", "hedge", "root_asserters", "disputed_by")
    rows = corpus.claims.select(columns).filter(pl.col("id").is_in(list(keys)))
    said: dict[LinkKey, tuple[set[str], set[str]]] = {key: (set(), set()) for key in keys.values()}
    for claim, asserter, hedge, roots, _ in rows.iter_rows():
        for one in roots or ():
            name = corpus.names.get(one, one) or "somebody"
            said[keys[claim]][0].add(f"{name}: “{hedge}”" if hedge and one == asserter else name)
    against = rows.explode("disputed_by").select("id", pl.col("disputed_by").alias("by"))
    denying = corpus.claims.select(pl.col("id").alias("by"), "asserter")
    for claim, asserter in against.join(denying, on="by").select("id", "asserter").iter_rows():
        said[keys[claim]][1].add(f"denied by {corpus.names.get(asserter, 'somebody')}")
    return said


def _count(texts: Collection[str], letters: int) -> int:
    return -(-sum(len(text) + 2 for text in texts) // letters)


def _seats(corpus: Corpus, events: set[str], links: list[Link]) -> list[Link]:
    """In which states those sit who are blamed."""
    actors = Reach(events, BLAMED, having="ATTRIBUTED_TO").over(links) - events
    seats = all_links(corpus, set(SEAT))
    return [one for one in seats if one.source in actors and one.target.startswith("state:")]
