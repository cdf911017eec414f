"""The summary that is proposed for a statement: what its claims say, in our own words. The page
makes the same (`page/summary.js`); who accepts a claim takes it, or writes a better one."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from kg.base.shown import one_line
from kg.drafts.document import Document
from kg.drafts.proposals import Proposal
from kg.ontology import Ontology

NOBODY = "Somebody not named"
BOUNDS = {"lower": "over ", "upper": "up to "}


def summary(claims: Sequence[Proposal], document: Document, ontology: Ontology) -> str:
    """Of the claims of one statement: who says what, made from the claims' parts alone."""
    first = claims[0]
    publisher = document.publisher[1] if first.own and document.publisher else NOBODY
    who = first.asserter.thing.name if first.asserter else publisher
    said = [*_told(claims, document, ontology, False), *_told(claims, document, ontology, True)]
    return one_line(f"{who} {', '.join(said[:-1])}{' and ' * (len(said) > 1)}{said[-1]}.")


def _told(
    claims: Sequence[Proposal], document: Document, ontology: Ontology, negative: bool
) -> Iterator[str]:
    mine = [one for one in claims if one.negative == negative]
    verb = "denies" if negative else "says"
    for one in mine:
        if one.predicate in ontology.edges:
            yield f"{verb} that {_related(one, ontology)}{_hedged(one, document)}".lstrip()
            verb = ""
    for one in mine:
        if one.predicate not in ontology.edges:
            yield f"{'denies' if negative else 'gives'} {_valued(one, ontology)}" + (
                _hedged(one, document)
            )


def _related(one: Proposal, ontology: Ontology) -> str:
    edge = ontology.edges[one.predicate]
    phrase = edge.between(ontology.kind_of(one.subject.thing.id))
    target = one.object.thing.name if one.object else one.target
    return f"{one.subject.thing.name} {phrase} {target}"


def _valued(one: Proposal, ontology: Ontology) -> str:
    kind = ontology.kind_of(one.subject.thing.id) or ""
    spec = ontology.property(kind, one.predicate)
    name, of = one.predicate.replace("_", " "), one.subject.thing.name
    unit = one.fields.get("unit", "")
    value = f"{BOUNDS.get(one.fields.get('bound', ''), '')}{one.target}{' ' * bool(unit)}{unit}"
    if spec is not None and spec.type == "edtf":
        return f"{value} as when {of} {name}"
    return f"{value} as the {name} of {of}"


def _hedged(one: Proposal, document: Document) -> str:
    return f" (“{document.text[one.hedge.start : one.hedge.end]}”)" if one.hedge else ""
