"""The data inside a page: the picture and every claim behind it, as one JSON document.

Row numbers stand for ids. What follows from claims (counts, properties, names, times) is not in it:
the page works that out, under whatever lens it is looking.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

import polars as pl

from kg.claims.columns import COLUMNS, codes
from kg.graph.project import in_its_words
from kg.ontology import Column, countries
from kg.views.kit.declared import Declared
from kg.views.kit.earlier import Earlier, with_earlier
from kg.views.kit.evidence import Json, Numbers, claim_heads, relevant_claims
from kg.views.kit.picture import Link, Picture, all_nodes
from kg.views.kit.presence import seen
from kg.views.kit.reach import Reach
from kg.views.kit.recorded import By, declared_by, recorded_days, with_known
from kg.views.kit.then import Then, declared_then
from kg.views.kit.voices import Voices

if TYPE_CHECKING:
    from kg.graph.corpus import Corpus

LARGE = 2000
"""Above this many nodes a page opens with the part that matters."""
DENSE = 5000
"""Above this many it opens with all of them, as a density with those that matter."""
OPENING = 500
"""How many nodes that part has, at least."""


def payload(picture: Picture, corpus: Corpus) -> Json:
    """All that a page shows, ready for JSON."""
    days = recorded_days(corpus)
    dated = with_known(corpus, days)
    picture, earlier = with_earlier(picture, dated)
    found = in_its_words(relevant_claims(dated.statements, picture, earlier), corpus.known)
    claims = corpus.marks.filled(found)
    declared = Declared(picture, dated, claims)
    entities = Numbers(picture.nodes)
    history = earlier.history
    changed = {id: number for number, id in enumerate(history)}
    heads = claim_heads(claims, entities, corpus.names, changed)
    voices = Voices.of(corpus, claims)
    links = [_link(link, declared, entities, picture) for link in picture.links]
    for link, row in zip(picture.links, links, strict=True):
        if (spans := earlier.links.get((link.source, link.kind, link.target))) is not None:
            row["stood"] = spans
    return {
        "about": _about(picture, corpus) | {"recorded": [*days[:1], *days[-1:]]},
        "kinds": _node_looks(picture, corpus, declared),
        "relations": _edge_looks(picture, corpus),
        "voices": [[entities(one), entities(voice)] for one, voice in voices.voice.items()],
        "heard": [[entities(body), [*map(entities, by)]] for body, by in voices.heard.items()],
        "nodes": _nodes(picture, dated, declared, claims, entities, voices, earlier),
        "others": _others(entities, corpus, len(picture.nodes)),
        "links": links,
        "claims": heads,
        "became": [
            [[day, entities(str(one)), *known] for day, one, *known in steps]
            for steps in history.values()
        ],
        "reach": _reach(picture.reach, entities),
        "bands": [[b.name, round(b.start), round(b.end), b.axis] for b in picture.bands],
        "ticks": [[round(tick.at), tick.text] for tick in picture.ticks],
    }


# --- nodes and links ---------------------------------------------------------------------------


def _weights(picture: Picture) -> dict[str, float]:
    weights: dict[str, float] = defaultdict(float)
    for link in picture.links:
        weights[link.source] += link.weight
        weights[link.target] += link.weight
    return weights


def _opening(picture: Picture) -> set[str]:
    """The heaviest nodes; for comparison, all groups and agreements whatever they weigh."""
    if not LARGE < len(picture.nodes) <= DENSE:
        return set(picture.nodes)
    weights = _weights(picture)
    by_weight = sorted(picture.nodes, key=lambda key: (-weights[key], key))
    always = [key for key in by_weight if picture.nodes[key]["kind"] in ("Group", "Agreement")]
    chosen = {*always[:OPENING], *by_weight[:OPENING]}
    return chosen | {picture.focus} if picture.focus else chosen


def _nodes(
    picture: Picture,
    corpus: Corpus,
    declared: Declared,
    claims: pl.DataFrame,
    entities: Numbers,
    voices: Voices,
    earlier: Earlier,
) -> list[Json]:
    opening = _opening(picture)
    added = seen(corpus.statements, picture.nodes, claims, voices.asserters, earlier)
    values = pl.col("declared") & pl.col("object").is_null()
    rows = earlier.parted(corpus.statements.filter(values))
    then = declared_then(corpus, rows.filter(pl.col("outdated").is_null()), picture.nodes)
    known = declared_by(corpus, rows, picture.nodes)
    stood = earlier.stood(rows)
    made = []
    for key, row in picture.nodes.items():
        node = _node(key, declared.node(key, row), picture)
        if key in then:
            node["then"] = _from_day_to_day(then[key], node["name"])
        if key in known:
            node["known"] = [*_by_when(known[key], node["name"])]
        if key in stood:
            node["stood"] = stood[key]
        if key not in opening:
            node["later"] = True
        if key in added:
            node["seen"] = [_trimmed([who and entities(who), *days]) for who, *days in added[key]]
        made.append(node)
    return made


def _from_day_to_day(then: Then, name: str) -> list[list[Any]]:
    return [[day, _told_then(was, name)] for day, was in then]


def _told_then(row: Mapping[str, Any], name: str) -> Json:
    """The same of another day, on which it may have been shown by another name."""
    called = str(row.get("name") or name)
    other = {"name": called} if called != name else {}
    ids = [one for one in row.get("ids") or () if one != row.get("id")]
    return _told(row, called) | other | ({"ids": ids} if ids else {})


def _by_when(known: By, name: str) -> Iterator[list[Any]]:
    """Day of recording and what was declared by then, unless that is as it is today."""
    for day, row, then in known:
        if row is None:
            yield [day]
        else:
            dated = {"then": _from_day_to_day(then, name)} if then else {}
            yield [day, _told_then(row, name) | dated]


def _trimmed(days: list[Any]) -> list[Any]:
    """Without the ends that are open, and what is not told."""
    while len(days) > 2 and days[-1] is None:
        days = days[:-1]
    return days


def _node(key: str, row: Mapping[str, Any], picture: Picture) -> Json:
    x, y = picture.positions[key]
    made: Json = {"id": key, "kind": row["kind"], "name": str(row.get("name") or key)}
    made |= {"x": round(x), "y": round(y)}
    ids = [one for one in row.get("ids") or () if one != key]
    parts: Json = {"ids": ids, "note": picture.notes.get(key)}
    made |= _told(row, made["name"]) | {name: value for name, value in parts.items() if value}
    if key in picture.spans:
        made["span"] = [round(place) for place in picture.spans[key]]
    if key in picture.reported:
        made["reported"] = True
    if key in picture.turned:
        made["turned"] = True
    if key in picture.communities:
        made["community"] = picture.communities[key]
    return made


def _told(row: Mapping[str, Any], name: str) -> Json:
    """What a node's row tells beside the name by which it is shown."""
    names = [other for other in row.get("names") or () if other != name]
    parts = {"names": names, "dates": dict(_dates(row)), "properties": dict(_properties(row))}
    return {part: value for part, value in parts.items() if value}


def _dates(row: Mapping[str, Any]) -> Iterator[tuple[str, list[str]]]:
    """Earliest and latest day of each property that is a date with a beginning."""
    for name in row:
        if isinstance(start := row.get(f"{name}_from"), date):
            yield name, [str(start), str(row.get(f"{name}_to") or start)]


def _properties(row: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    for name, value in sorted(row.items()):
        hidden = name in ("id", "kind", "name", "names", "ids") or name.endswith(("_from", "_to"))
        if not hidden and value not in (None, [], ""):
            yield name, _plain(value)


def _plain(value: Any) -> Any:
    if isinstance(value, date | datetime):
        return value.isoformat()
    if isinstance(value, Sequence) and not isinstance(value, str):
        return [_plain(one) for one in value]
    return value if isinstance(value, str | int | float | bool) else str(value)


def _link(link: Link, declared: Declared, entities: Numbers, picture: Picture) -> Json:
    made: Json = {"from": entities(link.source), "to": entities(link.target), "kind": link.kind}
    if via := picture.routes.get((link.source, link.kind, link.target)):
        made["via"] = [[round(x), round(y)] for x, y in via]
    if caption := picture.captions.get((link.source, link.kind, link.target)):
        made["caption"] = [round(place) for place in caption]
    row = dict(declared.link(link))
    if row.pop("declared", False):
        made["declared"] = True
    if mark := picture.marks.get((link.source, link.kind, link.target)):
        made["mark"] = mark
    start, end = row.get("valid_from"), row.get("valid_to")
    if since := declared.since.get((link.source, link.kind, link.target)):
        made["since"] = since
    if known := declared.known.get((link.source, link.kind, link.target)):
        made["known"] = known
    if start or end:
        if "declared" in made:
            made["holds"] = [start and str(start), end and str(end)]
        made["time"] = [str(start or end), str(end or start)]
    if properties := dict(_properties(row)):
        made["properties"] = properties
    return made


def _reach(reach: Reach | None, entities: Numbers) -> Json | None:
    if reach is None:
        return None
    starts = sorted(entities.of[start] for start in reach.starts if start in entities.of)
    steps = [[dict(sorted(step.ways.items())), step.rounds] for step in reach.steps]
    closed = sorted(entities.of[key] for key in reach.closed if key in entities.of)
    return {
        "starts": starts,
        "having": reach.having,
        "unless": reach.unless,
        "steps": steps,
        "closed": closed,
    }


TOLD = ("url", "archived_url", "publisher")
"""What the evidence says of a document beside its name."""


def _others(entities: Numbers, corpus: Corpus, shown: int) -> list[Json]:
    """Name and, for documents, address of what claims mention without its being in the picture."""
    wanted = list(entities.of)[shown:]
    if not wanted:
        return []
    known = all_nodes(corpus, kinds=corpus.graph.nodes.keys(), only=wanted)
    rows = (known.get(key, {}) | {"publisher": corpus.publishers.get(key)} for key in wanted)
    return [_other(key, row) for key, row in zip(wanted, rows, strict=True)]


def _other(key: str, row: Mapping[str, Any]) -> Json:
    made: Json = {"id": key, "name": str(row.get("name") or key)}
    if properties := {name: row[name] for name in TOLD if row.get(name)}:
        made["properties"] = properties
    return made


# --- looks and headings ------------------------------------------------------------------------


def _node_looks(picture: Picture, corpus: Corpus, declared: Declared) -> Json:
    kinds = sorted({str(row["kind"]) for row in picture.nodes.values()})
    return {
        kind: {
            "shape": corpus.ontology.nodes[kind].look.shape,
            "colour": corpus.ontology.nodes[kind].look.colour,
            "mark": _mark(kind, corpus),
            "properties": declared.properties.get(kind, {}),
        }
        for kind in kinds
    }


def _mark(kind: str, corpus: Corpus) -> int:
    """Which of the kinds that share its shape this is; its mark tells it apart without colour."""
    shape = corpus.ontology.nodes[kind].look.shape
    alike = [name for name, node in corpus.ontology.nodes.items() if node.look.shape == shape]
    return sorted(alike).index(kind)


def _edge_looks(picture: Picture, corpus: Corpus) -> Json:
    return {
        kind: {
            "colour": corpus.ontology.edges[kind].look.colour,
            "structural": corpus.ontology.edges[kind].structural,
            "symmetric": corpus.ontology.edges[kind].symmetric,
            "phrase": corpus.ontology.edges[kind]
            .between(None)
            .removeprefix("is ")
            .removesuffix(" the same as"),
        }
        for kind in sorted({link.kind for link in picture.links})
    }


def _about(picture: Picture, corpus: Corpus) -> Json:
    from kg import __version__

    lens = corpus.lens
    return {
        "title": picture.title,
        "about": picture.about,
        "cypher": picture.cypher,
        "focus": picture.focus,
        "date": str(corpus.date) if corpus.date else None,
        "version": __version__,
        "manifest": str(corpus.manifest),
        "lens": {
            "as_of": lens.as_of,
            "according_to": corpus.names.get(lens.according_to or "", lens.according_to),
            "valid_on": lens.valid_on,
            "known_on": lens.known_on,
        },
        "sources": list(corpus.sources),
        "naming": sorted(corpus.ontology.naming),
        "scales": {
            scale: list(corpus.ontology.nodes["Claim"].properties[scale].values)
            for scale in ("likelihood", "confidence")
        },
        "life": sorted(corpus.ontology.life),
        "countries": countries.names(),
        "columns": [_column(column, corpus) for column in COLUMNS.values() if column.show],
        "marking": corpus.marks.strictest() or "not marked",
    }


def _column(column: Column, corpus: Corpus) -> Json:
    """How the page is to show a column of a claim."""
    made: Json = {"name": column.name, "label": column.label}
    made |= {place: True for place in ("mark", "table") if place in column.show}
    meanings = codes(column, corpus.ontology)
    return made | ({"meanings": meanings} if meanings else {})


def to_text(data: Json) -> str:
    """Compact JSON; numbers that JSON does not know are an error, not `NaN`."""
    return json.dumps(data, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
