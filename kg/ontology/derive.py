"""What follows from the ontology: statements that prepare a database, the reference page, JSON."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict
from typing import Any

from kg.base.errors import UsageError, offering
from kg.ontology.columns import PLACES, Column
from kg.ontology.kinds import (
    BASES,
    BODIES,
    CELLS,
    DRAFT_KEYS,
    GROUPS,
    POLICIES,
    EdgeKind,
    NodeKind,
    Ontology,
    Property,
)
from kg.ontology.one_event import OneEvent, Way
from kg.ontology.values import Vocabulary


def constraints(ontology: Ontology) -> list[str]:
    """One uniqueness constraint a node kind; the same text runs on Neo4j and on kglite."""
    return [
        f"CREATE CONSTRAINT {node.prefix}_id IF NOT EXISTS FOR (n:{kind}) REQUIRE n.id IS UNIQUE"
        for kind, node in ontology.nodes.items()
    ]


def fulltext(ontology: Ontology) -> list[str]:
    """One full-text index a node kind, in the kinds' order, called `group_names` and the like.

    It covers `names`, which holds every name, the display name too (of a claim, its `name`): one
    label and one property each, since kglite takes no more.
    """
    return [
        f"CREATE FULLTEXT INDEX {node.prefix}_names IF NOT EXISTS "
        f"FOR (n:{kind}) ON EACH [n.{'name' if kind == 'Claim' else 'names'}]"
        for kind, node in ontology.nodes.items()
    ]


# ------------------------------------------------------------------ JSON


def to_json(ontology: Ontology) -> dict[str, Any]:
    """The whole ontology as what `json.dumps` takes, in the order of the reference page."""
    return {
        "nodes": {kind: _node_json(node) for kind, node in ontology.nodes.items()},
        "edges": {name: _edge_json(edge) for name, edge in ontology.edges.items()},
        "roles": sorted(ontology.roles),
        "policies": dict(POLICIES),
        "vocabularies": {
            name: {"source": v.source, "doc": v.doc, "terms": dict(v.terms)}
            for name, v in ontology.vocabulary.items()
        },
    }


def _node_json(node: NodeKind) -> dict[str, Any]:
    return {
        "prefix": node.prefix,
        "doc": node.doc,
        "standards": dict(node.standards),
        "joined": node.joined,
        "one_event": asdict(node.one_event) if node.one_event else None,
        "look": {"shape": node.look.shape, "colour": node.look.colour},
        "properties": _properties_json(node.properties),
    } | ({"columns": [asdict(column) for column in node.columns.values()]} if node.columns else {})


def _edge_json(edge: EdgeKind) -> dict[str, Any]:
    return {
        "doc": edge.doc,
        "group": edge.group,
        "from": list(edge.sources),
        "to": list(edge.targets),
        "declared_as": edge.declared_as,
        "structural": edge.structural,
        "symmetric": edge.symmetric,
        "body": edge.body,
        "towards": edge.towards,
        "basis": edge.basis,
        "same_kind": edge.same_kind,
        "claimable": edge.claimable,
        "roles": dict(edge.roles),
        "standards": dict(edge.standards),
        "phrase": dict(edge.phrase),
        "look": {
            "colour": edge.look.colour,
            "width": edge.look.width,
            "dashes": list(edge.look.dashes),
        },
        "qualifiers": _properties_json(edge.qualifiers),
    }


def _properties_json(properties: Mapping[str, Property]) -> dict[str, Any]:
    return {
        name: {
            "type": p.type,
            "unit": p.unit,
            "values": list(p.values),
            "declared": p.declared,
            "evidence": p.evidence,
            "policy": p.policy,
            "many": p.many,
            "naming": p.naming,
            "compared": p.compared,
            "life": p.life,
            "doc": p.doc,
        }
        for name, p in properties.items()
    }


# ------------------------------------------------------------------ the reference page

_HEAD = """# The vocabulary

Made from `kg/ontology/` by `python -m tools.ontology_reference`; do not edit it here.

A node has one kind: its first label, its `kind` property, and the prefix of its `id`
(`group:lazarus-group`). Roles are further labels, given by edges: {roles}.
A predicate of a claim is an edge kind (then the claim has an object) or a property (then a value).
"""


def reference(ontology: Ontology) -> str:
    """The reference page in Markdown; the same ontology gives the same text."""
    parts = [
        _HEAD.format(roles=", ".join(_role_lines(ontology))),
        "## Node kinds\n",
        *_common_part(ontology),
        *(_node_part(ontology, node) for node in ontology.nodes.values()),
        "## Edge kinds\n",
        *_edge_parts(ontology),
        "## What leads towards a state\n",
        "\n".join(f"- `{name}`: {doc}" for name, doc in BASES.items()) + "\n",
        "A chain rests on the loosest of its links; an event's own attribution loosens nothing.\n",
        "## How a property is computed from claims\n",
        "\n".join(f"- `{name}`: {doc}" for name, doc in POLICIES.items()) + "\n",
        "A declaration beats every claim, and a denial never counts.\n",
        "## How a text is read for a kind\n",
        "Keys of its file; `kg draft` goes by them, and by no list of kinds.\n",
        "\n".join(f"- `{key}`: {doc}" for key, doc in DRAFT_KEYS.items()) + "\n",
        "## Types of values\n",
        *_type_part(ontology),
        "## Vocabularies\n",
        *(_vocabulary_part(v) for v in ontology.vocabulary.values()),
    ]
    return "\n".join(parts).rstrip() + "\n"


def one_kind(ontology: Ontology, word: str) -> tuple[str, dict[str, Any]]:
    """One node kind, edge kind, role or vocabulary, however it is written: its part of the
    reference, and as data. Raises UsageError with the nearest names."""
    known = {*ontology.nodes, *ontology.edges, *ontology.roles, *ontology.vocabulary}
    name = next((one for one in sorted(known) if one.casefold() == word.casefold()), None)
    if name is None:
        message = f"no kind, role or vocabulary is called {word!r}"
        raise UsageError(offering(message, word, known, otherwise="`kg ontology` has them all"))
    if name in ontology.nodes:
        node = ontology.nodes[name]
        shared = "Every kind but `Claim` has these too:\n\n" + _table(_common(ontology).values())
        return f"{_node_part(ontology, node)}\n{shared}", {name: _node_json(node)}
    if name in ontology.edges:
        return _edge_part(ontology.edges[name]), {name: _edge_json(ontology.edges[name])}
    if name in ontology.roles:
        givers = [e.edge for e in ontology.edges.values() if name in e.roles.values()]
        return f"### {name}\n\nA role, given by: {', '.join(givers)}.\n", {
            name: {"given by": givers}
        }
    terms = ontology.vocabulary[name]
    return _vocabulary_part(terms), {name: {"source": terms.source, "terms": dict(terms.terms)}}


def _role_lines(ontology: Ontology) -> Iterator[str]:
    for role in sorted(ontology.roles):
        givers = [e.edge for e in ontology.edges.values() if role in e.roles.values()]
        yield f"`{role}` ({', '.join(givers)})"


def _common(ontology: Ontology) -> dict[str, Property]:
    """Properties that several kinds have in common: the very same ones, not only equal names."""
    kinds = Counter(p for node in ontology.nodes.values() for p in node.properties.values())
    shared = {p.name: p for p, holders in kinds.items() if holders > 1}
    order = next(iter(ontology.nodes.values())).properties
    return {name: shared[name] for name in order if name in shared}


def _common_part(ontology: Ontology) -> list[str]:
    return [
        "Every kind but `Claim` has these; below stands only what a kind adds or changes.\n",
        _table(_common(ontology).values()),
    ]


def _node_part(ontology: Ontology, node: NodeKind) -> str:
    common = _common(ontology)
    own = [p for name, p in node.properties.items() if common.get(name) is not p]
    edges = ontology.edges.values()
    lines = [
        f"### {node.kind}\n",
        f"{node.doc}\n",
        f"Id `{node.prefix}:…`. {_standards(node.standards)}Drawn as a {node.look.shape}, "
        f"`{node.look.colour}`.\n",
        _edges_at("Starts", [e.edge for e in edges if node.kind in e.sources]),
        _edges_at("Ends", [e.edge for e in edges if node.kind in e.targets]),
    ]
    lines += [_event_part(node.one_event)] if node.one_event else []
    lines += [_table(own)] if own else []
    lines += [_columns_part(node.columns.values())] if node.columns else []
    return "\n".join(filter(None, lines))


def _event_part(rule: OneEvent) -> str:
    known = f", or within a year before `{rule.known}`" if rule.known else ""
    when = f"Dated by {', '.join(f'`{name}`' for name in rule.when)}{known}.\n"
    ways = "; or ".join(", ".join(_asked(way)) for way in rule.ways)
    return f"Two that different sources record may be one: {ways}. {when}"


def _asked(way: Way) -> Iterator[str]:
    ends = f"{way.least} ends" if way.least > 1 else "an end"
    yield f"{ends} of `{way.share}` in common" + " (no state or region)" * way.named
    if way.body:
        yield f"the body of `{way.body}` in common"
    if way.unless:
        yield f"not both with an end of `{way.unless}`"
    yield "days that overlap" + ", if both have some" * way.undated
    if way.close:
        yield "each known to within a month"


_COLUMNS_HEAD = """Every claim, as node or not, is a row of these columns in the ledger. *id*: two
claims that differ in it are two; *given*: whoever makes a claim may give it; *node*: a `Claim` node
has it. Shown: {places}.
"""


def _columns_part(columns: Iterable[Column]) -> str:
    places = "; ".join(f"*{place}* {doc}" for place, doc in PLACES.items())
    head = ["| column | type | | shown | RDF | STIX | meaning |", "|---|---|---|---|---|---|---|"]
    rows = [
        f"| `{c.name}` | {c.vocabulary or c.type} | {_column_marks(c)} | {', '.join(c.show)} "
        f"| {c.rdf or ''} | {c.stix or ''} | {c.doc} |"
        for c in columns
    ]
    return "\n".join([_COLUMNS_HEAD.format(places=places), *head, *rows]) + "\n"


def _column_marks(column: Column) -> str:
    marks = {"id": column.identifies, "given": column.given or column.measures, "node": column.node}
    return ", ".join(mark for mark, on in marks.items() if on)


def _edges_at(word: str, names: list[str]) -> str:
    return f"{word}: {', '.join(f'`{name}`' for name in names)}.\n" if names else ""


def _edge_parts(ontology: Ontology) -> Iterator[str]:
    for group, doc in GROUPS.items():
        yield f"### {group.capitalize()}: {doc}\n"
        for edge in ontology.edges.values():
            if edge.group == group:
                yield _edge_part(edge)


def _edge_part(edge: EdgeKind) -> str:
    arrow = "-" if edge.symmetric else "->"
    lines = [
        f"#### {edge.edge}\n",
        f"`(:{_kinds(edge.sources)})-[:{edge.edge}]{arrow}(:{_kinds(edge.targets)})`\n",
        f"{edge.doc} {' '.join(_remarks(edge))}".strip() + "\n",
    ]
    if edge.qualifiers:
        lines.append(_table(edge.qualifiers.values()))
    return "\n".join(lines)


def _kinds(kinds: tuple[str, ...]) -> str:
    return "|".join(kinds)


def _remarks(edge: EdgeKind) -> Iterator[str]:
    if edge.same_kind:
        yield "Both ends are of one kind."
    if edge.declared_as:
        yield f"Declared with the entity as `{edge.declared_as}`."
    if edge.body:
        yield f"One voice: {BODIES[edge.body]}."
    if edge.towards:
        yield f"Leads towards a {edge.towards}, basis `{edge.basis}`."
    if edge.cell:
        yield f"A table's cell at its second end is read as {CELLS[edge.cell]}."
    if edge.structural:
        yield "Left out of path searches."
    for end, role in edge.roles.items():
        yield f"Gives its {'first' if end == 'from' else 'second'} end the role `{role}`."
    yield _standards(edge.standards).strip()


def _standards(standards: Mapping[str, str]) -> str:
    named = "; ".join(f"{scheme} {term}" for scheme, term in standards.items())
    return f"Known as: {named}. " if named else ""


def _table(properties: Iterable[Property]) -> str:
    rows = [f"| `{p.name}` | {_type(p)} | {_marks(p)} | {p.policy} | {p.doc} |" for p in properties]
    head = ["| property | type | | of several claims | meaning |", "|---|---|---|---|---|"]
    return "\n".join([*head, *rows]) + "\n"


def _type(p: Property) -> str:
    if p.vocabulary and p.vocabulary.source == "this project":
        return ", ".join(p.values)
    named = f"vocabulary {p.vocabulary.name}" if p.vocabulary else p.type
    return f"{named}, {p.unit}" if p.unit else named


def _marks(p: Property) -> str:
    marks = {
        "declared": p.declared,
        "claim nodes": p.evidence,
        "list": p.many,
        "name": p.naming,
        "compared": p.compared,
        "of a life": p.life,
    }
    return ", ".join(mark for mark, on in marks.items() if on)


def _type_part(ontology: Ontology) -> list[str]:
    docs = {name: (type(one).__doc__ or "").strip().split("\n")[0]
            for name, one in ontology.types.items()}  # fmt: skip
    return ["\n".join(f"- `{name}`: {doc}" for name, doc in docs.items()) + "\n"]


def _vocabulary_part(vocabulary: Vocabulary) -> str:
    terms = [
        f"- `{term}`" + (f": {meaning}" if meaning else "")
        for term, meaning in vocabulary.terms.items()
    ]
    doc = f"{vocabulary.doc} " if vocabulary.doc else ""
    head = f"### {vocabulary.name}\n\n{doc}Source: {vocabulary.source}.\n"
    return "\n".join([head, *terms]) + "\n"
