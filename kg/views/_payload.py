"""The data inside a page: the picture and every claim behind it, as one JSON document.

The page recounts edges from these claims, so whatever decides a count travels along: denials,
retractions, and the origins of what is repeated, even where they are no part of the picture.
Entities, claims and statements are numbered, which keeps a page of 10,000 nodes within its size.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, TypeAlias

import polars as pl

from kg.views._picture import Link, Picture, all_links, all_nodes
from kg.views._timeline import when

if TYPE_CHECKING:
    from kg.claims.corpus import Corpus

Json: TypeAlias = dict[str, Any]

COMPUTED = frozenset(
    {"claims", "asserters", "support", "first_asserted", "last_asserted", "hedged", "hedges"}
    | {"collective", "disputed", "status", "valid_from", "valid_to"}
)
"""Properties of an edge that the page computes from claims, under whatever lens it is looking."""

PLAIN = (
    "value", "unit", "bound", "locator", "paragraph", "summary", "quote", "hedge", "valid",
    "valid_basis", "asserted", "asserted_basis", "reliability", "credibility", "likelihood",
    "confidence", "attribution_type", "attribution_basis", "marking", "qualifiers", "status",
)  # fmt: skip
"""Statement columns that a claim carries as they are, where they hold something."""

POINTERS = ("derived_from", "disputes", "retracts", "supersedes")

LARGE = 2000
"""Above this many nodes a page opens with the part that matters."""
OPENING = 500
"""How many nodes that part has, at least."""


def payload(picture: Picture, corpus: Corpus) -> Json:
    """All that a page shows, ready for JSON. Row numbers stand for ids; see the module's text."""
    claims = _relevant_claims(corpus.statements, picture)
    entities = _Numbers(picture.nodes)
    rows = _claim_rows(claims, entities)
    links = [_link(link, entities) for link in picture.links]
    weights = _weights(picture)
    opening = _opening(picture, weights)
    nodes = [_node(key, row, picture, weights[key], opening) for key, row in picture.nodes.items()]
    return {
        "about": _about(picture, corpus),
        "kinds": _node_looks(picture, corpus),
        "relations": _edge_looks(picture, corpus),
        "nodes": nodes,
        "others": _others(entities, corpus, len(nodes)),
        "links": links,
        "claims": rows,
        "bundles": _bundles(picture, claims, entities),
        "bands": [[b.name, round(b.start), round(b.end), b.axis] for b in picture.bands],
        "ticks": [[round(tick.at), tick.text] for tick in picture.ticks],
    }


class _Numbers:
    """Gives each id the next number, once."""

    def __init__(self, known: Iterable[str]) -> None:
        self.of = {key: index for index, key in enumerate(known)}

    def __call__(self, key: str) -> int:
        return self.of.setdefault(key, len(self.of))


# --- claims ----------------------------------------------------------------------------------


def _relevant_claims(statements: pl.DataFrame, picture: Picture) -> pl.DataFrame:
    """Claims of the links' triples and of the nodes' values, denials too, and all claims that
    those point at or are pointed at by."""
    claims = statements.filter(~pl.col("declared")).unique("id", keep="first").sort("id")
    ids = pl.Series(list(picture.nodes), dtype=pl.String).implode()
    triple = ["subject", "predicate", "object"]
    keys = [(link.source, link.kind, link.target) for link in picture.links]
    drawn = pl.DataFrame(keys, schema=dict.fromkeys(triple, pl.String), orient="row").unique()
    values = claims.filter(pl.col("object").is_null() & pl.col("subject").is_in(ids))["id"]
    wanted = pl.concat([claims.join(drawn, on=triple, how="semi")["id"], values])
    pairs = pl.concat(
        claims.select(one="id", other=pl.col(name)).explode("other").drop_nulls()
        for name in POINTERS
    )
    size = -1
    while size != len(wanted):
        size = len(wanted)
        have = wanted.implode()
        near = [
            pairs.filter(pl.col("one").is_in(have))["other"],
            pairs.filter(pl.col("other").is_in(have))["one"],
        ]
        wanted = pl.concat([wanted, *near]).unique()
    return claims.filter(pl.col("id").is_in(wanted.implode())).sort("id")


def _claim_rows(claims: pl.DataFrame, entities: _Numbers) -> list[Json]:
    number = {key: index for index, key in enumerate(claims["id"])}
    statements = _Numbers(())
    return [_claim(row, entities, number, statements) for row in claims.iter_rows(named=True)]


def _claim(
    row: Mapping[str, Any], entities: _Numbers, number: Mapping[str, int], statements: _Numbers
) -> Json:
    made: Json = {"id": row["id"], "predicate": row["predicate"]}
    for end in ("subject", "object", "asserter", "document"):
        if row[end] is not None:
            made[end] = entities(row[end])
    made["statement"] = statements(row["statement"] or row["id"])
    made |= {name: row[name] for name in PLAIN if row.get(name) is not None}
    made |= {name: True for name in ("negative", "collective") if row[name]}
    for name in POINTERS:
        if row[name]:
            made[name] = [number[key] for key in row[name] if key in number]
    for end in ("asserted_from", "asserted_to", "valid_from", "valid_to"):
        if row[end] is not None and str(row[end]) != row[end.partition("_")[0]]:
            made[end] = str(row[end])
    return made


# --- nodes and links ---------------------------------------------------------------------------


def _weights(picture: Picture) -> dict[str, float]:
    weights: dict[str, float] = defaultdict(float)
    for link in picture.links:
        weights[link.source] += link.weight
        weights[link.target] += link.weight
    return weights


def _opening(picture: Picture, weights: Mapping[str, float]) -> set[str]:
    """The heaviest nodes; for comparison, all groups and agreements whatever they weigh."""
    if len(picture.nodes) <= LARGE:
        return set(picture.nodes)
    by_weight = sorted(picture.nodes, key=lambda key: (-weights[key], key))
    always = [key for key in by_weight if picture.nodes[key]["kind"] in ("Group", "Agreement")]
    chosen = {*always[:OPENING], *by_weight[:OPENING]}
    return chosen | {picture.focus} if picture.focus else chosen


def _node(
    key: str, row: Mapping[str, Any], picture: Picture, weight: float, opening: set[str]
) -> Json:
    x, y = picture.positions[key]
    made: Json = {"id": key, "kind": row["kind"], "name": str(row.get("name") or key)}
    made |= {"x": round(x), "y": round(y), "weight": round(weight, 1)}
    names = [name for name in row.get("names") or () if name != made["name"]]
    ids = [one for one in row.get("ids") or () if one != key]
    made |= {name: value for name, value in (("names", names), ("ids", ids)) if value}
    if time := when(row):
        made["time"] = [str(time[0]), str(time[1])]
    if key in picture.spans:
        made["span"] = [round(place) for place in picture.spans[key]]
    if key in picture.notes:
        made["note"] = picture.notes[key]
    if key in picture.communities:
        made["community"] = picture.communities[key]
    if key not in opening:
        made["later"] = True
    if properties := dict(_properties(row)):
        made["properties"] = properties
    return made


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


def _link(link: Link, entities: _Numbers) -> Json:
    made: Json = {"from": entities(link.source), "to": entities(link.target), "kind": link.kind}
    if link.properties.get("declared"):
        made["declared"] = True
    start, end = link.properties.get("valid_from"), link.properties.get("valid_to")
    if start or end:
        made["time"] = [str(start or end), str(end or start)]
    rest = {k: v for k, v in link.properties.items() if k not in COMPUTED | {"declared"}}
    if properties := dict(_properties(rest)):
        made["properties"] = properties
    return made


def _bundles(picture: Picture, claims: pl.DataFrame, entities: _Numbers) -> list[Json]:
    """What is blamed on several together: the links of one collective statement, drawn as one."""
    position = {(k.source, k.kind, k.target): index for index, k in enumerate(picture.links)}
    found: dict[tuple[str, str, str], set[int]] = defaultdict(set)
    rows = claims.filter(pl.col("collective") & ~pl.col("negative"))
    for row in rows.iter_rows(named=True):
        index = position.get((row["subject"], row["predicate"], row["object"]))
        if index is not None:
            found[row["subject"], row["predicate"], row["statement"] or row["id"]].add(index)
    taken: set[int] = set()
    bundles = []
    for (subject, _, _), links in sorted(found.items(), key=lambda item: (-len(item[1]), item[0])):
        if len(links - taken) > 1:
            bundles.append({"from": entities(subject), "links": sorted(links - taken)})
            taken |= links
    return bundles


def _others(entities: _Numbers, corpus: Corpus, shown: int) -> list[Json]:
    """Name and, for documents, address of what claims mention without its being in the picture."""
    wanted = list(entities.of)[shown:]
    if not wanted:
        return []
    known = all_nodes(corpus, kinds=corpus.graph.nodes.keys())
    publishers = {
        link.source: corpus.names.get(link.target, link.target)
        for link in all_links(corpus, {"PUBLISHED_BY"})
    }
    rows = (known.get(key, {}) | {"publisher": publishers.get(key)} for key in wanted)
    return [_other(key, row) for key, row in zip(wanted, rows, strict=True)]


def _other(key: str, row: Mapping[str, Any]) -> Json:
    made: Json = {"id": key, "name": str(row.get("name") or key)}
    made["kind"] = row.get("kind") or key.partition(":")[0].title()
    if properties := dict(_properties({k: v for k, v in row.items() if k != "roles"})):
        made["properties"] = properties
    return made


# --- looks and headings ------------------------------------------------------------------------


def _node_looks(picture: Picture, corpus: Corpus) -> Json:
    kinds = sorted({str(row["kind"]) for row in picture.nodes.values()})
    return {
        kind: {
            "shape": corpus.ontology.nodes[kind].look.shape,
            "colour": corpus.ontology.nodes[kind].look.colour,
            "mark": _mark(kind, corpus),
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
        },
        "sources": list(corpus.sources),
        "marking": _marking(corpus.statements),
    }


def _marking(statements: pl.DataFrame) -> str:
    """The strictest TLP marking of any claim; what carries none is not made out to be clear."""
    order = ["TLP:CLEAR", "TLP:GREEN", "TLP:AMBER", "TLP:AMBER+STRICT", "TLP:RED"]
    used = {str(mark).upper() for mark in statements["marking"].drop_nulls().unique()}
    known = [mark for mark in order if mark in used or mark.removeprefix("TLP:") in used]
    return known[-1] if known else "not marked"


def to_text(data: Json) -> str:
    """Compact JSON; numbers that JSON does not know are an error, not `NaN`."""
    return json.dumps(data, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
