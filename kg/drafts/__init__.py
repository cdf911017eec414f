"""From a document to proposed claims whose every word is proven to stand in it."""

from __future__ import annotations

import time
from collections.abc import Mapping

from kg.drafts.calling import shortened
from kg.drafts.document import Document
from kg.drafts.drafters import Drafter, Given, drafter, drafters
from kg.drafts.gazetteer import Entry, Gazetteer
from kg.drafts.proof import Proof
from kg.drafts.proposals import Draft, Proposal, Refused, Span, Thing
from kg.drafts.worth import weighed
from kg.ontology import Ontology

__all__ = [
    "Document",
    "Draft",
    "Drafter",
    "Proposal",
    "Refused",
    "Span",
    "Thing",
    "draft",
    "drafters",
]


def draft(
    document: Document,
    known: Gazetteer,
    ontology: Ontology,
    by: str = "rules",
    options: Mapping[str, str] | None = None,
) -> Draft:
    """What a drafter proposes of a document, proven. Raises `UsageError` for an unknown drafter."""
    began = time.process_time()
    if document.publisher:
        id, name = document.publisher
        known.add(Entry(name, Thing(id, name, known=name)))
    given = Given(document, known, ontology, options or {})
    proven, refused = Proof(document, known, ontology).of(drafter(by).draft(given))
    proven = weighed(proven, by, ontology)
    made = Draft(tuple(proven), tuple(refused), by, time.process_time() - began)
    return shortened(made, known.taken, ontology)
