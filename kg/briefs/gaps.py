"""What is not known: what no claim says, and what one voice alone says."""

from __future__ import annotations

from collections.abc import Iterator

from kg.ask.rivals import BEHIND
from kg.briefs import wording
from kg.briefs.brief import Block, Gaps
from kg.briefs.matter import Matter
from kg.briefs.writer import Writer

MOST = 5
"""Catchwords on one page."""


def gaps(matter: Matter, writer: Writer, *, short: bool = False) -> Iterator[Block]:
    """The list of it."""
    found = [*_silent(matter), *_thin(matter, writer), *_unheard(matter, writer)]
    if found:
        yield Gaps(tuple(found[:MOST] if short else found))


def _silent(matter: Matter) -> Iterator[str]:
    """Properties that matter for its kind, and ties, of which no claim speaks."""
    if matter.edge:
        return
    said = {one.predicate for one in matter.said if one.claims}
    node = matter.corpus.ontology.nodes.get(matter.kind)
    for name, spec in (node.properties if node else {}).items():
        wanted = spec.evidence or spec.of.dated
        if wanted and not spec.declared and not spec.naming and name not in said:
            doc = spec.doc.rstrip(".").split(";")[0]
            yield f"{wording.label(name)} ({doc[:1].lower()}{doc[1:]}): no claim says"
    for edge in matter.corpus.ontology.edges.values():
        own = matter.kind in edge.sources and edge.group in ("attribution", "coercion")
        if own and edge.claimable and not edge.symmetric and edge.edge not in said:
            phrase = edge.between(matter.kind)
            yield f"what or whom it {phrase.rstrip(',')}: no claim says"


def _thin(matter: Matter, writer: Writer) -> Iterator[str]:
    said = [one for one in matter.said if one.claims]
    alone = [one for one in said if one.independent + one.unknown == 1]
    if alone:
        yield f"confirmation: {len(alone):,} of {len(said):,} things said rest on one voice alone"
    unnamed = sum(1 for one in said for row in one.claims if not row["asserter"])
    if unnamed:
        yield f"whose word {unnamed:,} claims are: the source does not name them"
    undated = sum(1 for one in said for row in one.claims if not row.get("asserted"))
    if undated:
        yield f"when {undated:,} claims were made: the source bears no date"


def _unheard(matter: Matter, writer: Writer) -> Iterator[str]:
    """Those who are blamed, and of whom no word is here."""
    blamed = {matter.id}
    if matter.kind in ("Incident", "Campaign"):
        blamed = {str(o.object) for o in matter.said if o.predicate == BEHIND and o.claims}
    speaking = set(matter.corpus.claims["asserter"])
    for id in sorted(blamed):
        if not speaking & set(matter.corpus.bodies.speakers(id)):
            yield f"the view of {writer.the(id)}: no claim here is its own"
