"""STIX 2.1: each claim a relationship by its asserter, with notes and opinions.

Objects that came from STIX keep their ids; all others get one made from ours, so that the same
graph gives the same bundle. The kinds and relationship types are the ontology's `standards: STIX`;
what STIX has no object for is a note. An extension carries what only we can say, so that `kg load
stix` gives the same graph.
"""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any
from uuid import uuid5

from kg.exports.kit.report import ExportReport, counted, write_json
from kg.exports.stix.bundle import Bundle
from kg.exports.stix.sayings import Sayings
from kg.exports.stix.things import Things
from kg.graph.corpus import Corpus
from kg.loaders.stix.ours import NAMESPACE

FORMAT = "stix"
DOC = "STIX 2.1 bundle: claims as relationships with notes and opinions; ATT&CK ids are kept"

LOST = (
    "for other tools: who gave a name, dates that are not known to the day, edges that STIX has no "
    "type for; they stand in the extension",
    "when a claim was recorded here, from which file it was loaded, and a second name under which "
    "another file declares one id",
)
"""What STIX has no place for, and what cannot travel at all."""


def export(corpus: Corpus, path: Path) -> ExportReport:
    """Write `path`: one bundle, objects sorted by type and id."""
    objects, lost = objects_of(corpus)
    id = f"bundle--{uuid5(NAMESPACE, corpus.manifest + ''.join(o['id'] for o in objects))}"
    write_json(path, {"type": "bundle", "id": id, "objects": objects})
    written = Counter(object["type"] for object in objects)
    return ExportReport(FORMAT, path, dict(sorted(written.items())), lost)


def objects_of(corpus: Corpus) -> tuple[list[dict[str, Any]], list[str]]:
    """The objects, sorted by type and id, and sentences on what they cannot hold."""
    bundle = Bundle(corpus)
    things = Things(bundle)
    Sayings(bundle, things).write()
    noted = counted(things.noted, "STIX has no object for them: notes, and an extension of ours")
    return bundle.whole(), [*noted, *LOST]
