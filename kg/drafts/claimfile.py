"""A draft as a claim file, in the format that people write by hand (`docs/claim-files.md`)."""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from hashlib import sha256
from typing import Any

from kg.base.shown import one_line
from kg.claims.files import TO_WRITE
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
        "# write the summaries, mend or take out what is wrong, then say `reviewed: true`.",
    ),
    "partly": (
        "# Somebody has read a part of it: decide on the rest, write the summaries that are",
        "# missing, then say `reviewed: true`.",
    ),
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
) -> str:
    """The claim file of a draft. `text`: where the document's text lies, seen from the file;
    `summaries`: what somebody who has `reviewed` it (`true`, `partly`) wrote of what a voice says
    at a span."""
    things = _things(draft, document, known)
    lines = [
        f"# Drafted by `kg draft` ({draft.drafter}) from {one_line(document.name)!r}.",
        *_HEADS[reviewed],
        "",
        "document:",
        *_document(document, text),
        "",
        "entities:",
        *_entities(things, ontology),
        "",
        "claims:" if draft.proposals else "claims: []",
    ]
    for group in _statements(draft.proposals):
        lines += ["", *_statement(group, document, summaries or {})]
    lines += ["", *_about(draft, document, reviewed=reviewed)]
    return "\n".join(lines) + "\n"


def _document(document: Document, text: str) -> list[str]:
    fields = {
        "id": document.id,
        "name": document.name.strip() or "Untitled",
        "published_by": document.publisher[0] if document.publisher else None,
        "date": document.date,
        "date_basis": document.date_basis if document.date else None,
        "url": document.url,
        "text": text,
    }
    return [
        f"  {key}: {scalar(value) if key in ('name', 'text', 'url') else value}"
        for key, value in fields.items()
        if value
    ]


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


def _entities(things: Mapping[str, Thing], ontology: Ontology) -> list[str]:
    """A line an entity, kind after kind; what is declared of it only where its kind may have it."""
    lines: list[str] = []
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
            name = scalar(thing.name)
            if not declared:
                lines.append(f"  {thing.id}: {name}")
            else:
                rest = ", ".join(f"{k}: {_value(v)}" for k, v in declared.items())
                lines.append(f"  {thing.id}: {{name: {_flow(thing.name)}, {rest}}}")
    return lines or ["  {}"]


def _may(ontology: Ontology, kind: str, key: str) -> bool:
    edge = ontology.declared_keys.get(key)
    if edge:
        return kind in ontology.edges[edge].sources
    prop = ontology.nodes[kind].properties.get(key)
    return prop is not None and prop.declared


def _there(value: object, things: Mapping[str, Thing]) -> bool:
    return not (isinstance(value, str) and ":" in value) or value in things


def _value(value: str | int | bool) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _flow(text: str) -> str:
    """A text inside braces or brackets, where a comma ends it."""
    return (
        text
        if re.fullmatch(r"[A-Za-z][\w .()&–—'’/-]*", text) and not _RESERVED.fullmatch(text)
        else json.dumps(one_line(text), ensure_ascii=False)
    )


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
) -> list[str]:
    first = group[0]
    asserter = (
        first.asserter.thing.id
        if first.asserter
        else (document.publisher[0] if first.own and document.publisher else None)
    )
    fields = [
        *([f"asserter: {asserter}"] if asserter else []),
        f"paragraph: {document.paragraph(first.span.start)}",
        f"span: [{first.span.start}, {first.span.end}]",
        f"summary: {scalar(summaries.get(place_of(first)) or TO_WRITE)}",
    ]
    lines = [f"{'  ' if number else '- '}{field}" for number, field in enumerate(fields)]
    for verb, negative in (("says", False), ("denies", True)):
        if triples := [one for one in group if one.negative == negative]:
            lines += [f"  {verb}:", *(f"  - {_triple(one, document)}" for one in triples)]
    return lines


def _triple(one: Proposal, document: Document) -> str:
    target = (
        one.object.thing.id if one.object else _flow_value(one.value.value if one.value else "")
    )
    fields: dict[str, str] = {}
    if one.hedge:
        fields["hedge"] = _flow(document.text[one.hedge.start : one.hedge.end])
    if one.collective:
        fields["collective"] = "true"
    if one.valid:
        fields |= {"valid": one.valid.value, "valid_basis": one.valid.basis}
    fields |= {key: _flow(value) for key, value in one.fields.items()}
    rest = ", ".join(f"{key}: {value}" for key, value in fields.items())
    return f"[{one.subject.thing.id}, {one.predicate}, {target}" + (
        f", {{{rest}}}]" if rest else "]"
    )


def _flow_value(value: str) -> str:
    return value if re.fullmatch(r"[\d.]+|[\d./X-]+", value) else _flow(value)


def _about(draft: Draft, document: Document, *, reviewed: str) -> list[str]:
    """What is known of the draft itself; `kg load` passes over it."""
    digest = sha256(document.text.encode()).hexdigest()
    lines = [
        "draft:",
        f"  drafter: {draft.drafter}",
        f"  reviewed: {reviewed}",
        f"  text_sha256: {digest}",
        "  claims:" if draft.proposals else "  claims: []",
    ]
    lines += [f"  - {_json(scored(one, document))}" for one in draft.proposals]
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
        "score": one.score,
        **({"of": list(one.like)} if one.like else {}),
        "because": list(one.reasons),
        "words": parts,
    }


def _where(span: Span, chain: tuple[Span, ...]) -> list[Any]:
    return [list(span), *map(list, chain)] if chain else list(span)


def _json(row: Mapping[str, Any]) -> str:
    """One line of JSON, which is YAML too."""
    return one_line(json.dumps(row, ensure_ascii=False))
