"""A draft as a claim file, in the format that people write by hand (`docs/claim-files.md`)."""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from hashlib import sha256
from typing import Any

from kg.base.shown import one_line
from kg.base.yamlfile import Map
from kg.claims.files import TO_WRITE
from kg.claims.text import mark
from kg.drafts.document import Document
from kg.drafts.gazetteer import Gazetteer
from kg.drafts.proposals import Draft, Part, Proposal, Span, Thing
from kg.ontology import Ontology, countries

Place = tuple[Span, str | bool]
"""A span, and the id of who is heard there; else whether it is the document's own voice."""

PLAIN = re.compile(r"[A-Za-z0-9(][\w .()/&+–—'’-]*(?<! )|\.\./[\d-]+")
_RESERVED = re.compile(r"(?:true|false|yes|no|on|off|null|~|y|n|[\d.,:_eE+-]+)", re.IGNORECASE)


_HEADS: Mapping[str, tuple[str, ...]] = {
    "false": (
        "# Every name, number and date stands in the text at its span. Nobody has read it yet:",
        "# review it, or write the summaries here, mend or take out what is wrong, and then say",
        "# `reviewed: true`.",
    ),
    "partly": ("# Somebody has read a part of it: what is `open` under `draft` is to be decided.",),
    "true": ("# Somebody has read it, and decided on every claim.",),
}
"""What a file says of itself, by how far it was `reviewed`."""


def scalar(value: str) -> str:
    """A text as YAML: as it is where that is safe, else in quotes."""
    if PLAIN.fullmatch(value) and not _RESERVED.fullmatch(value):
        return value
    return json.dumps(one_line(value), ensure_ascii=False)


def written(
    draft: Draft,
    document: Document,
    known: Gazetteer,
    ontology: Ontology,
    text: str,
    summaries: Mapping[Place, str] | None = None,
    reviewed: str = "false",
    left: Sequence[Proposal] = (),
    before: Map | None = None,
) -> str:
    """The claim file of a draft. `text`: where the document's text lies, seen from the file;
    `summaries`: what stands as the summary of what a voice says at a span; `reviewed`: how far
    somebody has read it (`true`, `partly`); `left`: what is not decided; `before`: what the file
    held, if it was opened again."""
    things = _things(draft, document, known)
    statements = _statements(draft.proposals)
    made = {
        "document": _document(document, text),
        "entities": _entities(things, ontology),
        "claims": [_statement(group, document, summaries or {}) for group in statements],
    }
    if before is not None:
        made |= _kept(made, before)
    about = _about(draft, document, statements, reviewed, left)
    head = heads(draft.drafter, document.name)[reviewed]
    return "\n".join([*head, "", *_lines(made), "", *about, ""])


def heads(drafter: str, name: str) -> dict[str, list[str]]:
    """What a file says of itself above all else, by how far it was reviewed."""
    first = f"# Drafted by `kg draft` ({one_line(drafter)}) from {one_line(name)!r}."
    return {reviewed: [first, *lines] for reviewed, lines in _HEADS.items()}


def _kept(made: Mapping[str, Any], before: Map) -> dict[str, Any]:
    """What a file held that was opened again stays as it was, but for what is no longer told of."""
    given = before.get("entities") or {}
    told = set(_mentioned([made["claims"], before.get("document"), *given.values()]))
    once = set(_mentioned([before.get("claims")])) - told
    entities = {id: given.get(id, one) for id, one in made["entities"].items()}
    entities |= {id: one for id, one in given.items() if id not in once}
    return {"document": before.get("document") or made["document"], "entities": entities}


def _mentioned(value: object) -> Iterator[str]:
    """Every text in a part of a file: ids among them."""
    if isinstance(value, Mapping):
        value = [*value, *value.values()]
    if isinstance(value, list | tuple):
        for one in value:
            yield from _mentioned(one)
    elif value is not None:
        yield str(value)


# A file as text


def _lines(made: Mapping[str, Any]) -> list[str]:
    document = [f"  {key}: {_block(key, one)}" for key, one in made["document"].items()]
    entities = [f"  {id}: {_block('name', one)}" for id, one in made["entities"].items()]
    lines = ["document:", *document, "", "entities:", *(entities or ["  {}"]), ""]
    lines.append("claims:" if made["claims"] else "claims: []")
    for statement in made["claims"]:
        fields = [
            f"{key}: {_block(key, one)}" for key, one in statement.items() if key not in _VERBS
        ]
        for verb in _VERBS:
            if triples := statement.get(verb):
                fields += [f"{verb}:", *(f"- {_inline(one)}" for one in triples)]
        lines += ["", *(f"{'  ' if number else '- '}{one}" for number, one in enumerate(fields))]
    return lines


_VERBS = ("says", "denies")
_TEXTS = frozenset({"name", "summary", "text", "url", "quote", "locator"})
"""Fields that hold words, whatever these look like."""
_ID = re.compile(r"[a-z]+:\w[\w.-]*")
_FIGURE = re.compile(r"(?:\.\./|-)?\d[\d./XTZ:~?%-]*(?<!:)")


def _block(key: str, value: object) -> str:
    """A value on a line of its own."""
    if not isinstance(value, str):
        return _inline(value)
    return scalar(value) if key in _TEXTS or not _bare(value) else value


def _inline(value: object, key: str = "") -> str:
    """A value inside braces or brackets, where a comma ends it."""
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{name}: {_inline(one, name)}" for name, one in value.items()) + "}"
    if isinstance(value, list | tuple):
        return f"[{', '.join(map(_inline, value))}]"
    if value is None:
        return "null"
    if isinstance(value, bool):
        return str(value).lower()
    return str(value) if key not in _TEXTS and _bare(str(value)) else _flow(str(value))


def _bare(value: str) -> bool:
    """Whether it is an id, a number, a date, yes or no: never in quotes."""
    return bool(_ID.fullmatch(value) or _FIGURE.fullmatch(value)) or value in ("true", "false")


def _flow(text: str) -> str:
    plain = re.fullmatch(r"[A-Za-z][\w .()&–—'’/-]*", text) and text == text.rstrip()
    if plain and not _RESERVED.fullmatch(text):
        return text
    return json.dumps(one_line(text), ensure_ascii=False)


# What stands in it


def _document(document: Document, text: str) -> dict[str, str]:
    fields = {
        "id": document.id,
        "name": document.name.strip() or "Untitled",
        "published_by": document.publisher[0] if document.publisher else None,
        "date": document.date,
        "date_basis": document.date_basis if document.date else None,
        "url": document.url,
        "text": text,
    }
    return {key: value for key, value in fields.items() if value}


def _things(draft: Draft, document: Document, known: Gazetteer) -> dict[str, Thing]:
    """Everything that the file speaks of, and what that belongs to."""
    found: dict[str, Thing] = {}
    for proposal in draft.proposals:
        for ref in (proposal.subject, proposal.object, proposal.asserter):
            if ref:
                found.setdefault(ref.thing.id, ref.thing)
    if document.publisher:
        found.setdefault(document.publisher[0], Thing(*document.publisher))
    for thing in list(found.values()):
        for value in thing.declared.values():
            if isinstance(value, str) and ":" in value and value not in found:
                named = known.things.get(value) or _state(value)
                if named:
                    found[value] = named
    return found


def _state(id: str) -> Thing | None:
    name = countries.names().get(id.removeprefix("state:"))
    return Thing(id, name) if name else None


def _entities(things: Mapping[str, Thing], ontology: Ontology) -> dict[str, Any]:
    """Kind after kind; what is declared of each only where its kind may have it."""
    found: dict[str, Any] = {}
    order = list(ontology.nodes)
    kinds = defaultdict(list)
    for thing in things.values():
        kinds[ontology.kind_of(thing.id) or ""].append(thing)
    for kind in sorted(kinds, key=lambda k: order.index(k) if k in order else 99):
        for thing in sorted(kinds[kind], key=lambda t: t.id):
            declared = {
                k: v
                for k, v in thing.declared.items()
                if _may(ontology, kind, k) and _there(v, things)
            }
            found[thing.id] = {"name": thing.name, **declared} if declared else thing.name
    return found


def _may(ontology: Ontology, kind: str, key: str) -> bool:
    edge = ontology.declared_keys.get(key)
    if edge:
        return kind in ontology.edges[edge].sources
    prop = ontology.nodes[kind].properties.get(key)
    return prop is not None and prop.declared


def _there(value: object, things: Mapping[str, Thing]) -> bool:
    return not (isinstance(value, str) and ":" in value) or value in things


def _statements(proposals: Iterable[Proposal]) -> list[list[Proposal]]:
    """What one voice says in one place belongs into one statement."""
    found: dict[Place, list[Proposal]] = {}
    for one in proposals:
        found.setdefault(place_of(one), []).append(one)
    return list(found.values())


def place_of(one: Proposal) -> Place:
    """Where a proposal stands, and who says it there: two voices may share a sentence."""
    return one.span, one.asserter.thing.id if one.asserter else one.own


def _statement(
    group: list[Proposal], document: Document, summaries: Mapping[Place, str]
) -> dict[str, Any]:
    first = group[0]
    asserter = (
        first.asserter.thing.id
        if first.asserter
        else (document.publisher[0] if first.own and document.publisher else None)
    )
    made: dict[str, Any] = {"asserter": asserter} if asserter else {}
    made |= {
        "paragraph": document.paragraph(first.span.start),
        "span": [first.span.start, first.span.end],
        "summary": summaries.get(place_of(first)) or TO_WRITE,
    }
    for verb, negative in zip(_VERBS, (False, True), strict=True):
        if triples := [_triple(one, document) for one in group if one.negative == negative]:
            made[verb] = triples
    return made


def _triple(one: Proposal, document: Document) -> list[Any]:
    fields: dict[str, Any] = {}
    if one.hedge:
        fields["hedge"] = document.text[one.hedge.start : one.hedge.end]
    if one.collective:
        fields["collective"] = True
    if one.valid:
        fields |= {"valid": one.valid.value, "valid_basis": one.valid.basis}
    fields |= {**one.fields, **one.beside}
    return [one.subject.thing.id, one.predicate, one.target, *([fields] if fields else [])]


def _about(
    draft: Draft,
    document: Document,
    statements: Iterable[Sequence[Proposal]],
    reviewed: str,
    left: Sequence[Proposal],
) -> list[str]:
    """What is known of the draft itself; `kg load` passes over it. Its claims stand in the order of
    the statements, so that of two that read alike each finds its own."""
    digest = sha256(document.text.encode()).hexdigest()
    to_decide = [id(one) for one in left] if reviewed == "partly" else []
    rows = [
        scored(one, document) | ({"open": True} if id(one) in to_decide else {})
        for group in statements
        for one in sorted(group, key=lambda one: one.negative)
        if one.reasons or id(one) in to_decide
    ]
    spans = sorted({one.span for one in draft.proposals})
    marks = [[*span, mark(document.text[span.start : span.end])] for span in spans]
    lines = [
        "draft:",
        f"  drafter: {draft.drafter}",
        f"  reviewed: {reviewed}",
        f"  text_sha256: {digest}",
        f"  spans: {_json(marks)}",
        "  claims:" if rows else "  claims: []",
    ]
    lines += [f"  - {_json(one)}" for one in rows]
    lines.append("  refused:" if draft.refused else "  refused: []")
    for one in draft.refused:
        row: dict[str, Any] = {"triple": list(one.triple), "why": one.why}
        if one.span:
            row["span"] = list(one.span)
        lines.append(f"  - {_json(row)}")
    return lines


def scored(one: Proposal, document: Document) -> dict[str, Any]:
    """What a review shows of a proposal besides the claim: score, reasons, where its words are."""
    parts: dict[str, Any] = {"subject": _where(one.subject.span, one.subject.chain)}
    for name, ref in (("object", one.object), ("asserter", one.asserter)):
        if ref:
            parts[name] = _where(ref.span, ref.chain)
    for name, part in (("value", one.value), ("valid", one.valid)):
        if isinstance(part, Part):
            parts[name] = _where(part.span, ())
    if one.hedge:
        parts["hedge"] = list(one.hedge)
    parts |= {name: list(span) for name, span in one.told.items()}
    return {
        "triple": list(one.triple),
        **({"denies": True} if one.negative else {}),
        "span": list(one.span),
        "score": one.score,
        **({"of": list(one.like)} if one.like else {}),
        "because": list(one.reasons),
        "words": parts,
    }


def _where(span: Span, chain: tuple[Span, ...]) -> list[Any]:
    return [list(span), *map(list, chain)] if chain else list(span)


def _json(row: object) -> str:
    """One line of JSON, which is YAML too."""
    return one_line(json.dumps(row, ensure_ascii=False))
