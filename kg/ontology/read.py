"""Reading the ontology: one YAML file a kind, found by looking in `nodes/` and `edges/`.

A folder of one's own with `nodes/`, `edges/` or `vocabularies.yaml` extends what ships; so does an
installed package whose entry point in the group `kg.ontology` names the module that is that folder.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import NamedTuple, TypeVar

from kg.base.discovery import Found, by_name, points
from kg.base.errors import nearest
from kg.base.settings import own
from kg.ontology import columns
from kg.ontology.block import Block
from kg.ontology.columns import Column
from kg.ontology.kinds import (
    BASES,
    BODIES,
    CELLS,
    GROUPS,
    POLICIES,
    EdgeKind,
    EdgeLook,
    NodeKind,
    NodeLook,
    Ontology,
    Property,
)
from kg.ontology.one_event import OneEvent, Way
from kg.ontology.types import discover
from kg.ontology.value_type import ValueType
from kg.ontology.values import Vocabulary

HOME = Path(__file__).parent

T = TypeVar("T")

SHAPES = ("dot", "square", "diamond", "hexagon", "star", "triangle", "triangleDown")
"""vis-network's shapes whose label stands outside, so that the shape is seen at any size."""

_LABEL = re.compile(r"[A-Z][A-Za-z0-9]*")
_TYPE = re.compile(r"[A-Z][A-Z_]*")
_NAME = re.compile(r"[a-z][a-z0-9_]*")
_COLOUR = re.compile(r"#[0-9a-f]{6}")

_TAKEN_ON_NODES = {
    *("id", "kind", "names", "ids", "roles", "conflicts"),
    *("title", "type", "labels"),
}
_TAKEN_ON_EDGES = {
    *("claims", "asserters", "unknown_asserters", "support", "hedged", "hedges", "collective"),
    *("likelihood", "confidence", "disputed", "status"),
    *("first_asserted", "first_asserted_latest", "last_asserted", "last_asserted_earliest"),
    *("valid", "valid_from", "valid_to", "declared"),
    *("id", "kind", "from", "to", "source", "target", "title", "type"),
    # Qualifiers stand beside the columns of their claim (these and what its node has besides are
    # added when it is read) and beside its place in a file.
    "place",
}
"""Names that the projection sets itself, or that an engine or the picture treats as its own."""


def load(folders: Sequence[Path] = ()) -> Ontology:
    """The ontology that ships, extended by installed packages, `$KG_PATH` and `folders`.

    Read once per set of folders. Raises InputError with file and line for a broken file.
    """
    return _load((*own("ontology"), *map(Path, folders)))


@cache
def _load(folders: tuple[Path, ...]) -> Ontology:
    everywhere = (HOME, *_installed(), *folders)
    words = _Words(_vocabularies(everywhere), discover([*_installed(), *_beside(folders)]))
    nodes, further = _nodes(everywhere, words)
    edges = _edges(everywhere, nodes, words)
    for kind, (stands_at, _) in further.items():
        _extend_edges(stands_at, kind, edges)
    for kind, (_, one_event) in further.items():
        if one_event is not None:
            nodes[kind] = replace(nodes[kind], one_event=_one_event(one_event, nodes[kind], edges))
    return Ontology(nodes, edges, words.vocabulary, words.types, dict(_copies(everywhere)))


def _beside(folders: Iterable[Path]) -> Iterator[Path]:
    """Those that `discover` does not search by itself."""
    ours = own("ontology")
    return (folder for folder in folders if folder not in ours)


class _Words(NamedTuple):
    """What the files of kinds may name."""

    vocabulary: Mapping[str, Vocabulary]
    types: Mapping[str, ValueType]


Further = tuple[Block, Block | None]
"""What a node kind says of edges: at which it may stand, and by which two may be one event."""


def _nodes(
    folders: Sequence[Path], words: _Words
) -> tuple[dict[str, NodeKind], dict[str, Further]]:
    """The node kinds, and what each says of edges, which are read after them."""
    common = _common(words)
    found = []
    for block in _blocks(folders, "nodes"):
        node = _node(block, common, words)
        one_event = block.block("one_event") if "one_event" in block else None
        found.append(_found(block, "kind", node.kind, (node, (block.block("edges"), one_event))))
        block.done()
    chosen = by_name("node kind", found)
    return (
        {kind: node for kind, (node, _) in chosen.items()},
        {kind: further for kind, (_, further) in chosen.items()},
    )


def _edges(
    folders: Sequence[Path], nodes: Mapping[str, NodeKind], words: _Words
) -> dict[str, EdgeKind]:
    found = []
    for block in _blocks(folders, "edges"):
        edge = _edge(block, nodes, words)
        found.append(_found(block, "edge", edge.edge, edge))
        block.done()
    return by_name("edge kind", found)


def _installed() -> Iterator[Path]:
    for point in points("kg.ontology"):
        yield Path(str(files(point.value)))


def _blocks(folders: Sequence[Path], part: str) -> Iterator[Block]:
    for folder in folders:
        for path in sorted((folder / part).glob("*.yaml")):
            if not path.name.startswith("_"):
                yield Block.of_file(path)


def _found(block: Block, key: str, name: str, thing: T) -> Found[T]:
    return Found(name, thing, block.path, block.flag("replaces"), lambda: block.line(key))


def _name(block: Block, key: str, pattern: re.Pattern[str]) -> str:
    """Labels, types and property names go into Cypher as they are: identifiers, nothing else."""
    name = block.take(key, str)
    if not pattern.fullmatch(name):
        block.fail(f"a name here is made of {pattern.pattern}", key, name)
    return name


# ------------------------------------------------------------------ vocabularies


def _vocabularies(folders: Sequence[Path]) -> dict[str, Vocabulary]:
    files = [folder / "vocabularies.yaml" for folder in folders]
    blocks = [Block.of_file(path).inner() for path in files if path.exists()]
    found = (_vocabulary(name, block) for inner in blocks for name, block in inner.items())
    return by_name("vocabulary", found)


def _vocabulary(name: str, block: Block) -> Found[Vocabulary]:
    source, doc = block.take("source", str), block.optional("doc") or ""
    terms, also = block.mapping("terms"), block.mapping("also")
    for wording, term in also.items():
        if term not in terms:
            block.fail(f"{wording!r} stands for a term that is not there", "also", term)
    found = _found(block, "", name, Vocabulary(name, source, terms, also, doc))
    block.done()
    return found


def _copies(folders: Sequence[Path]) -> Iterator[tuple[str, str]]:
    """Lists of records that were copied from others, and the lists that these are."""
    for path in (folder / "lists.yaml" for folder in folders):
        for name, block in Block.of_file(path).inner().items() if path.exists() else ():
            original = block.take("copies", str)
            block.optional("doc")
            block.done()
            yield name, original


# ------------------------------------------------------------------ nodes

_COMMON = HOME / "nodes" / "_common.yaml"


class _Common(NamedTuple):
    """A common property: as written, for kinds that change it, and as read, for all others."""

    data: dict[str, object]
    property: Property


def _common(words: _Words) -> dict[str, _Common]:
    """Properties that every kind inherits (but those that say `common: false`)."""
    block = Block.of_file(_COMMON)
    inner = block.block("properties").inner()
    block.done()
    return {name: _Common(one.rest(), _property(name, one, words)) for name, one in inner.items()}


def _node(block: Block, common: Mapping[str, _Common], words: _Words) -> NodeKind:
    kind = _name(block, "kind", _LABEL)
    prefix = block.take("prefix", str, kind.lower())
    if prefix != kind.lower():
        block.fail(f"the prefix of {kind} is {kind.lower()}", "prefix", prefix)
    inherited = common if block.flag("common", default=True) else {}
    own = columns.read(block.block("columns"))
    carried = {name: _of_column(column, block, words) for name, column in own.items()
               if column.node and name != "id"}  # fmt: skip
    taken = _TAKEN_ON_NODES | carried.keys()
    return NodeKind(
        kind=kind,
        prefix=prefix,
        doc=block.take("doc", str).strip(),
        look=_node_look(block.block("look")),
        standards=block.mapping("standards"),
        properties=carried | _properties(block, "properties", inherited, words, taken),
        columns=own,
        key=block.choice("key", ("slug", "country"), "slug"),
        joined=block.flag("joined", default=True),
        said_as=block.texts("said_as"),
        named_as=block.texts("named_as"),
        stands_for=block.texts("stands_for"),
        pronouns=block.texts("pronouns"),
        told_by=block.texts("told_by"),
        sought=block.flag("sought", default=True),
    )


def _of_column(column: Column, block: Block, words: _Words) -> Property:
    """The property that a node has of a column."""
    if column.vocabulary is not None and column.vocabulary not in words.vocabulary:
        block.fail("no such vocabulary", "columns", column.vocabulary)
    terms = words.vocabulary[column.vocabulary] if column.vocabulary else None
    return Property(column.name, "enum" if terms else column.type, column.doc, vocabulary=terms)


def _node_look(block: Block) -> NodeLook:
    look = NodeLook(block.choice("shape", SHAPES), _name(block, "colour", _COLOUR))
    block.done()
    return look


def _properties(
    block: Block,
    key: str,
    common: Mapping[str, _Common],
    words: _Words,
    taken: set[str],
) -> dict[str, Property]:
    """The properties under a key; what a kind says of a common one changes only what it says."""
    own = block.block(key).inner()
    found: dict[str, Property] = {}
    for name, inherited in common.items():
        found[name] = inherited.property
        if changed := own.pop(name, None):
            data = {**inherited.data, **changed.rest()}
            found[name] = _property(name, Block(block.path, data, changed.keys), words)
    for name, inner in own.items():
        if name in taken or not _NAME.fullmatch(name):
            inner.fail("not free as a name, or not made of a-z, 0-9 and _")
        found[name] = _property(name, inner, words)
    return found


def _property(name: str, block: Block, words: _Words) -> Property:
    terms = _terms(name, block, words)
    many = block.flag("many")
    type_ = "enum" if terms else block.choice("type", words.types, "text")
    found = Property(
        name=name,
        type=type_,
        of=words.types[type_],
        doc=block.take("doc", str).strip(),
        unit=block.optional("unit"),
        vocabulary=terms,
        declared=block.flag("declared"),
        evidence=block.flag("evidence"),
        policy=block.choice("policy", POLICIES, "union" if many else "latest"),
        many=many,
        naming=block.flag("naming"),
        compared=block.flag("compared"),
        life=block.flag("life"),
        said_as=block.texts("said_as"),
        asked=block.flag("asked", default=True),
    )
    if found.life and not found.of.dated:
        block.fail("only a date is one of a life", "life")
    for key, on in (("naming", found.naming), ("compared", found.compared)):
        if on and type(found.of) is not type(words.types["text"]):
            block.fail("only a text names something", key)
    if (found.policy == "union") != many:
        block.fail(
            "union is for properties with many values, and the only policy for them", "policy"
        )
    if found.policy not in found.of.policies:
        block.fail(f"means nothing for the type {found.type}", "policy", found.policy)
    block.done()
    return found


def _terms(name: str, block: Block, words: _Words) -> Vocabulary | None:
    """The vocabulary of an enumeration: one of the field's by name, or a few values in place."""
    if shared := block.optional("vocabulary"):
        known = words.vocabulary
        if shared not in known:
            block.fail("no such vocabulary", "vocabulary", shared, nearest(shared, known))
        return known[shared]
    values = block.texts("values")
    return Vocabulary(name, "this project", dict.fromkeys(values, "")) if values else None


def _one_event(block: Block, node: NodeKind, edges: Mapping[str, EdgeKind]) -> OneEvent:
    dates = [name for name, property in node.properties.items() if property.of.dated]
    when = block.texts("when")
    for name in when:
        if name not in dates:
            block.fail("no date of this kind", "when", name, nearest(name, dates))
    at = [e.edge for e in edges.values() if node.kind in (*e.sources, *e.targets) and e.claimable]
    ends = block.mapping("ends")
    for name, sentence in ends.items():
        if name not in at:
            block.fail("no edge at which this kind stands", "ends", name, nearest(name, at))
        if "{}" not in sentence:
            block.fail("a sentence in which {} stands for the ends is wanted", "ends", sentence)
    found = OneEvent(
        when=when,
        known=block.choice("known", dates) if "known" in block else None,
        ends=ends,
        ways=tuple(_way(way, ends) for way in block.blocks("ways")),
        common=block.texts("common"),
        from_subject=tuple(sorted(name for name in ends if node.kind in edges[name].sources)),
    )
    block.done()
    return found


def _way(block: Block, ends: Mapping[str, str]) -> Way:
    way = Way(
        share=block.choice("share", ends),
        least=block.take("least", int, 1),
        named=block.flag("named"),
        close=block.flag("close"),
        unless=block.choice("unless", ends) if "unless" in block else None,
        body=block.choice("body", ends) if "body" in block else None,
        undated=block.flag("undated"),
        called=block.flag("called"),
    )
    block.done()
    return way


# ------------------------------------------------------------------ edges


def _edge(block: Block, nodes: Mapping[str, NodeKind], words: _Words) -> EdgeKind:
    edge = EdgeKind(
        edge=_name(block, "edge", _TYPE),
        doc=block.take("doc", str).strip(),
        group=block.choice("group", GROUPS),
        sources=_ends(block, "from", nodes),
        targets=_ends(block, "to", nodes),
        look=_edge_look(block.block("look")),
        standards=block.mapping("standards"),
        phrase=_phrase(block, nodes),
        declared_as=block.optional("declared_as"),
        structural=block.flag("structural"),
        symmetric=block.flag("symmetric"),
        towards=block.choice("towards", [node.prefix for node in nodes.values()])
        if "towards" in block
        else None,
        basis=block.choice("basis", BASES) if "basis" in block else None,
        body=block.choice("body", BODIES) if "body" in block else None,
        cell=block.choice("cell", CELLS) if "cell" in block else None,
        same_kind=block.flag("same_kind"),
        roles=_roles(block.block("roles")),
        qualifiers=_properties(
            block, "qualifiers", {}, words, _TAKEN_ON_EDGES | _of_claims(nodes["Claim"])
        ),
        said_as=block.texts("said_as"),
        introduces=_introduces(block, nodes),
        tells_apart=block.take("tells_apart", int, 0),
    )
    if (edge.towards is None) != (edge.basis is None):
        block.fail("what leads towards a kind says on which basis, and nothing else does", "basis")
    if edge.symmetric and set(edge.sources) != set(edge.targets):
        block.fail("a symmetric edge needs the same kinds at both ends", "symmetric")
    return edge


def _introduces(block: Block, nodes: Mapping[str, NodeKind]) -> dict[str, str]:
    """Of which kind what is new at an end is: a kind's prefix, or `unnamed`."""
    found = block.mapping("introduces")
    kinds = ["unnamed", *(node.prefix for node in nodes.values())]
    for end, kind in found.items():
        if end not in ("subject", "object"):
            block.fail("an end is `subject` or `object`", "introduces", end)
        if kind not in kinds:
            block.fail("no kind of things", "introduces", kind, nearest(kind, kinds))
    return found


def _of_claims(claim: NodeKind) -> frozenset[str]:
    """What a claim has, as a row or as a node."""
    return frozenset((*claim.columns, *claim.properties))


def _ends(block: Block, key: str, nodes: Mapping[str, NodeKind]) -> tuple[str, ...]:
    """Kinds at one end; `any` stands for every kind but Claim."""
    kinds = block.texts(key)
    if kinds == ("any",):
        return tuple(kind for kind in nodes if kind != "Claim")
    for kind in kinds:
        if kind not in nodes:
            block.fail("no such node kind", key, kind, nearest(kind, nodes))
    return kinds or block.fail("at least one node kind is wanted", key)


def _phrase(block: Block, nodes: Mapping[str, NodeKind]) -> Mapping[str, str]:
    """One phrase for all kinds, or one for each kind of the first end and `else`."""
    given = block.rest().get("phrase")
    if not isinstance(given, dict):
        text = block.optional("phrase")
        return {"else": text} if text else {}
    phrases = block.mapping("phrase")
    for kind in phrases:
        if kind != "else" and kind not in nodes:
            block.fail("no such node kind", "phrase", kind, nearest(kind, nodes))
    return phrases


def _edge_look(block: Block) -> EdgeLook:
    dashes = block.take("dashes", list, [])
    look = EdgeLook(
        colour=_name(block, "colour", _COLOUR),
        width=block.take("width", int, 1),
        dashes=tuple(int(length) for length in dashes),
    )
    block.done()
    return look


def _roles(block: Block) -> dict[str, str]:
    roles = {end: _name(block, end, _LABEL) for end in ("from", "to") if end in block}
    block.done()
    return roles


def _extend_edges(block: Block, kind: str, edges: dict[str, EdgeKind]) -> None:
    """A node file may say at which edges its kind may stand, so that no edge file has to change."""
    for key in ("from", "to"):
        for name in block.texts(key):
            if name not in edges:
                block.fail("no such edge kind", key, name, nearest(name, edges))
            edge = edges[name]
            if key == "from":
                edges[name] = replace(edge, sources=_joined(edge.sources, kind))
            else:
                edges[name] = replace(edge, targets=_joined(edge.targets, kind))
    block.done()


def _joined(kinds: tuple[str, ...], kind: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys((*kinds, kind)))
