"""The ontology as Python sees it: kinds of nodes and edges, and their properties.

Everything here is frozen and read from YAML once (`kg.ontology.read`); two kinds are equal only if
they are the same object, so that all of it is cheap to hash and may be a key of a cache.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import NoReturn

from kg.base.errors import UsageError, nearest, offering
from kg.ontology import countries
from kg.ontology.columns import Column
from kg.ontology.one_event import OneEvent
from kg.ontology.value_type import ValueType
from kg.ontology.values import BadValue, Value, Vocabulary, as_text

PRINTED = ("Claim", "Document")
"""Kinds of nodes that say something, and where; every other one is what is spoken of."""

POLICIES: Mapping[str, str] = {
    "first": "the value that was asserted first",
    "latest": "the value that was asserted last",
    "most_precise": "the date with the shortest interval; among equals the one asserted first",
    "lowest": "the smallest number or the earliest date",
    "highest": "the largest number or the latest date",
    "strictest": "the strictest marking",
    "union": "all distinct values, sorted, as a list",
}
"""How a node's property is computed from its claims. A declaration beats every claim, denials never
count, ties go to the smaller claim id, and a disagreement stays visible in `conflicts`."""

BODIES: Mapping[str, str] = {
    "part": "the subject is a part of the target, which is heard in what it says",
    "owned": "the target owns the subject, which is heard for itself and is no second voice",
}
"""How an edge kind joins bodies that are one voice."""

BASES: Mapping[str, str] = {
    "itself": "the state itself is blamed",
    "organ": "an organ of the state is blamed",
    "affiliated": "the actor that is blamed is said to act for the state, or to be run by it",
    "located": "the actor that is blamed is said to sit there, and no more",
}
"""On what a chain that ends at a state rests, the closest first; a chain rests on the loosest of
its links. An event's own attribution loosens nothing."""

CELLS: Mapping[str, str] = {
    "actors": "whoever did it (several names, how surely, of which state)",
    "victims": "whoever was hit (several names, or a state)",
}
"""As what a cell of a table is read that stands at an edge's second end."""

DRAFT_KEYS: Mapping[str, str] = {
    "said_as": "how a text says it: of a kind of nodes that there is one, of an edge that it "
    "holds, of a property or qualifier its value (`kg/drafts/patterns.py` has how one is written)",
    "named_as": "of a kind of nodes: nouns by which a text tells one (`cyberattack`), and after "
    "`=>` what is declared with it",
    "stands_for": "of a kind of nodes: nouns by which a text means one again (`the breach`)",
    "pronouns": "of a kind of nodes: pronouns by which a text means one (`she`)",
    "told_by": "of a kind of nodes: words that tell of one which they do not name (`lost`)",
    "sought: false": "of a kind of nodes: its names are words like others, and are not looked for",
    "introduces": "of an edge: of which kind a name at its `subject` or `object` is that a text "
    "has for the first time; `unnamed` for a set of victims too. Else a name there must be known",
    "tells_apart": "of an edge: an event without a name is called by who is at its other end; "
    "1 before 2",
    "asked: false": "of a property or qualifier: no text is read for it (a judgement, a key)",
}
"""What a kind says of how a text is read for it (`kg draft`). Without any of these keys it is only
asked of a model."""

GROUPS: Mapping[str, str] = {
    "attribution": "who did it, with what, to whom",
    "coercion": "sanctions and charges",
    "diplomacy": "who met, promised, said and sided with whom",
    "structure": "what belongs to what",
    "evidence": "who says so, and where it is printed",
}
"""The groups of edge kinds, in the order in which they are shown."""


@dataclass(frozen=True, slots=True, eq=False)
class Property:
    """One property of a node kind, or one qualifier of an edge kind."""

    name: str
    type: str
    doc: str
    unit: str | None = None
    vocabulary: Vocabulary | None = None
    declared: bool = False
    """Declared with the entity, without an asserter (a source may still claim it)."""
    evidence: bool = False
    """Its claims become `Claim` nodes in the database."""
    policy: str = "latest"
    many: bool = False
    naming: bool = False
    """What a search by name goes by: it is among the `names` of its node."""
    compared: bool = False
    """Identity compares its values as names: those that name nothing (keys, names of parts) too."""
    life: bool = False
    """Of a date: that of its beginning or end, which is nothing that happened in time."""
    of: ValueType = field(default_factory=ValueType)
    """What its type is."""
    said_as: tuple[str, ...] = ()
    """How a text says it (`kg/drafts/patterns.py`)."""
    asked: bool = True
    """Whether a text is read for it (`DRAFT_KEYS`)."""

    @property
    def values(self) -> tuple[str, ...]:
        """The terms of an enumeration, in order; nothing for the other types."""
        return tuple(self.vocabulary.terms) if self.vocabulary else ()

    def parse(self, given: object, *, bound: str | None = None, unit: str | None = None) -> Value:
        """Read one value (text, or what YAML made of it) and give its canonical form.

        Raises BadValue. `bound` and `unit` given apart are for quantities only, and win.
        """
        text = as_text(given)
        value = Value(self.vocabulary.find(text)) if self.vocabulary else self.of.parse(text)
        return self.of.settled(value, bound=bound, unit=unit, default=self.unit)


@dataclass(frozen=True, slots=True)
class NodeLook:
    """How pictures draw a node kind: a vis-network shape and a colour (`#rrggbb`)."""

    shape: str
    colour: str


@dataclass(frozen=True, slots=True)
class EdgeLook:
    """How pictures draw an edge kind. Red, grey and plain dashes stay free for what claims say."""

    colour: str
    width: int = 1
    dashes: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class NodeKind:
    """A kind of node: its label, the prefix of its ids, its properties (with the common ones)."""

    kind: str
    prefix: str
    doc: str
    look: NodeLook
    standards: Mapping[str, str] = field(default_factory=dict)
    properties: Mapping[str, Property] = field(default_factory=dict)
    key: str = "slug"
    """What follows the prefix in an id: `slug`, or `country` (ISO 3166 alpha-3)."""
    joined: bool = True
    """Whether identity asks if two of them are one; else an id is all there is to it."""
    one_event: OneEvent | None = None
    """Of events: what makes two that different sources record candidates for being one."""
    columns: Mapping[str, Column] = field(default_factory=dict)
    """Of claims: what the ledger's frame has of each."""
    said_as: tuple[str, ...] = ()
    """How a text says that there is one (`kg/drafts/patterns.py`)."""
    named_as: tuple[str, ...] = ()
    """Nouns by which a text tells one."""
    stands_for: tuple[str, ...] = ()
    """Nouns by which a text means one again that it named before."""
    pronouns: tuple[str, ...] = ()
    """Pronouns by which a text means one."""
    told_by: tuple[str, ...] = ()
    """Words that tell of one which they do not name (`was lost`)."""
    sought: bool = True
    """Whether names of the ledger are looked for in a text."""

    @property
    def happens(self) -> bool:
        """Whether it is something that happens in time: it has a day on which it `occurred`."""
        return "occurred" in self.properties


@dataclass(frozen=True, slots=True, eq=False)
class EdgeKind:
    """A kind of edge: its type, which kinds it may join, and what it may say about itself."""

    edge: str
    doc: str
    group: str
    sources: tuple[str, ...]
    targets: tuple[str, ...]
    look: EdgeLook
    standards: Mapping[str, str] = field(default_factory=dict)
    phrase: Mapping[str, str] = field(default_factory=dict)
    """What stands between its ends in an English sentence, by the kind of the first; `else` for
    the others."""
    declared_as: str | None = None
    """Key under which an entity declares it in a claim file (`part_of`)."""
    structural: bool = False
    """Left out of path searches: it shows belonging, not evidence."""
    symmetric: bool = False
    body: str | None = None
    """Which of `BODIES` it makes of its ends, where it is declared: they are one voice."""
    towards: str | None = None
    """The kind (`state`, its prefix) to which it leads one on: who is blamed, belongs to whom."""
    basis: str | None = None
    """On which of `BASES` a chain rests that goes over it."""
    cell: str | None = None
    """As which of `CELLS` a table's cell at its second end is read."""
    same_kind: bool = False
    """Both ends must be of one kind."""
    roles: Mapping[str, str] = field(default_factory=dict)
    """Role labels it gives: `{"from": "Leader"}`, `{"to": "Victim"}`."""
    qualifiers: Mapping[str, Property] = field(default_factory=dict)
    said_as: tuple[str, ...] = ()
    """How a text says it (`kg/drafts/patterns.py`)."""
    introduces: Mapping[str, str] = field(default_factory=dict)
    """Of which kind a name is that a text has at an end for the first time (`DRAFT_KEYS`)."""
    tells_apart: int = 0
    """By how good a name for an event its other end is, from 1; 0: by none."""

    @property
    def claimable(self) -> bool:
        """Whether a claim may have it as its predicate; edges of claims are made by projection."""
        return "Claim" not in self.sources

    def between(self, source_kind: str | None) -> str:
        """What stands between its ends in a sentence: `is controlled by`."""
        own = self.phrase.get(source_kind or "") or self.phrase.get("else")
        return own or self.edge.lower().replace("_", " ")

    def allows(self, source_kind: str, target_kind: str) -> bool:
        """Whether it may run from one kind to the other."""
        ends_fit = source_kind in self.sources and target_kind in self.targets
        return ends_fit and (source_kind == target_kind or not self.same_kind)


@dataclass(frozen=True, eq=False)
class Ontology:
    """All kinds by name, and what follows from them."""

    nodes: Mapping[str, NodeKind]
    edges: Mapping[str, EdgeKind]
    vocabulary: Mapping[str, Vocabulary]
    types: Mapping[str, ValueType]
    copies: Mapping[str, str]
    """Lists of records that were copied from others → those others (`lists.yaml`)."""
    declared_keys: Mapping[str, str] = field(init=False)
    """Key in a claim file → edge kind: `part_of` → `PART_OF`."""
    roles: frozenset[str] = field(init=False)
    naming: frozenset[str] = field(init=False)
    """Properties that a search by name goes by. Not all are aliases: identity tells them apart."""
    compared: frozenset[str] = field(init=False)
    """Properties whose values identity compares as names."""
    events: Mapping[str, OneEvent] = field(init=False)
    """Kinds of which two may be one event, and what makes two of each candidates for it."""
    blamed: tuple[str, ...] = field(init=False)
    """Kinds of what happens of which it is asked who did it."""
    life: frozenset[str] = field(init=False)
    """Properties that date the beginning or end of a thing, not anything that it did."""
    _prefixes: Mapping[str, str] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        edges = self.edges.values()
        keys = {edge.declared_as: edge.edge for edge in edges if edge.declared_as}
        object.__setattr__(self, "declared_keys", keys)
        object.__setattr__(self, "roles", frozenset(r for e in edges for r in e.roles.values()))
        every = [p for node in self.nodes.values() for p in node.properties.values()]
        object.__setattr__(self, "naming", frozenset(p.name for p in every if p.naming))
        object.__setattr__(self, "compared", frozenset(p.name for p in every if p.compared))
        events = {kind: node.one_event for kind, node in self.nodes.items() if node.one_event}
        object.__setattr__(self, "events", events)
        done = (kind for edge in edges if edge.cell == "actors" for kind in edge.sources)
        blamed = dict.fromkeys(kind for kind in done if self.nodes[kind].happens)
        object.__setattr__(self, "blamed", tuple(blamed))
        object.__setattr__(self, "life", frozenset(p.name for p in every if p.life))
        prefixes = {node.prefix: node.kind for node in self.nodes.values()}
        object.__setattr__(self, "_prefixes", prefixes)

    def kind_of(self, entity_id: str) -> str | None:
        """The kind that an id's prefix names: `group:lazarus-group` → `Group`."""
        prefix, colon, _ = entity_id.partition(":")
        return self._prefixes.get(prefix) if colon else None

    def check_id(self, entity_id: str) -> str:
        """The kind of a well-formed id. Raises BadValue with the nearest prefix or country."""
        prefix, colon, key = entity_id.partition(":")
        kind = self._prefixes.get(prefix)
        if kind is None or not colon:
            near = tuple(f"{found}:{key}" for found in nearest(prefix, self._prefixes) if key)
            raise BadValue("not an id; it starts with its kind, as in group:lazarus-group", near)
        if not key or key != "".join(key.split()):
            raise BadValue(f"an id needs a key without spaces after {prefix}:")
        if self.nodes[kind].key == "country" and key not in countries.names():
            raise BadValue("not a country code (ISO 3166 alpha-3)", _country_ids(prefix, key))
        return kind

    def node(self, name: str) -> NodeKind:
        """The node kind of that name. Raises UsageError with the nearest names."""
        return self.nodes.get(name) or _unknown("node kind", name, self.nodes)

    def edge(self, name: str) -> EdgeKind:
        """The edge kind of that name. Raises UsageError with the nearest names."""
        return self.edges.get(name) or _unknown("edge kind", name, self.edges)

    def property(self, kind: str, predicate: str) -> Property | None:
        """The property of a node kind, common ones included; None if it has no such property."""
        return self.node(kind).properties.get(predicate)

    def caption(
        self, subject: str, predicate: str, value: str, unit: str | None, bound: str | None
    ) -> str:
        """A value of that entity as one would say it; as it is, where no kind has the property."""
        kind = self.kind_of(subject)
        spec = self.property(kind, predicate) if kind else None
        return spec.of.caption(value, unit, bound) if spec else value

    def is_edge(self, predicate: str) -> bool:
        """Whether a predicate is an edge kind (else it is a property)."""
        return predicate in self.edges

    def roles_of(self, kind: str) -> tuple[str, ...]:
        """The role labels that nodes of a kind can have, sorted."""
        edges = self.edges.values()
        given = {e.roles["from"] for e in edges if "from" in e.roles and kind in e.sources}
        taken = {e.roles["to"] for e in edges if "to" in e.roles and kind in e.targets}
        return tuple(sorted(given | taken))


def _country_ids(prefix: str, key: str) -> tuple[str, ...]:
    try:
        codes: tuple[str, ...] = (countries.find(key.replace("-", " ")),)
    except BadValue:
        codes = nearest(key, countries.names())
    return tuple(f"{prefix}:{code}" for code in codes)


def _unknown(what: str, name: str, known: Iterable[str]) -> NoReturn:
    raise UsageError(offering(f"no {what} is called {name!r}", name, known))
