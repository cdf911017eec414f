"""The objects of a bundle by their ids, and what all of them have."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import uuid5

from kg.exports.kit import claims as _claims
from kg.exports.stix.beside import Beside, definition
from kg.graph.corpus import Corpus
from kg.loaders.stix.markings import IDS, TLP_2
from kg.loaders.stix.ours import EXTENSION, NAMESPACE

STRICT: dict[str, Any] = {
    "type": "marking-definition", "spec_version": "2.1", "created": "2022-10-01T00:00:00.000Z",
    "id": "marking-definition--939a9414-2ddd-4d32-a0cd-375ea402b003", "name": "TLP:AMBER+STRICT",
    "extensions": {TLP_2: {"extension_type": "property-extension", "tlp_2_0": "amber+strict"}},
}  # fmt: skip
"""The one level that is new in TLP 2: it has to be defined, the others are in the standard."""

SHOWN = ("url", "first_seen", "last_seen", "category")
"""What is claimed of an entity and stands in its object, beside its names."""

PLAIN = ("extension-definition", "marking-definition")
"""Types that carry nothing of ours."""


def time(day: date) -> str:
    """A day as a timestamp."""
    return f"{day.isoformat()}T00:00:00.000Z"


def made_id(type_: str, text: str) -> str:
    """An id made from ours."""
    return f"{type_}--{uuid5(NAMESPACE, text)}"


class Bundle:
    """Objects by STIX id, and what they are made from."""

    def __init__(self, corpus: Corpus) -> None:
        self.corpus = corpus
        self.objects: dict[str, dict[str, Any]] = {}
        self.ids: dict[str, str] = {}
        """Entity id → id of the object that it is."""
        self.entities = {id: (kind, row) for id, kind, row in _claims.entities(corpus)}
        self.claims = {claim["id"]: claim for claim in _claims.claims(corpus)}
        self.marks = corpus.marks
        self.entity_marks = self.marks.entities({*corpus.ontology.naming, *SHOWN})
        self.beside = Beside(corpus)
        self.stamp = time(corpus.date or date(1970, 1, 1))
        self.maker = made_id("identity", "kg")
        self.add(self.maker, "identity", name="kg", identity_class="system")
        self.objects[EXTENSION] = definition(self.maker, self.stamp)

    def add(self, id: str, type_: str, **properties: Any) -> None:
        """Put an object in, with what all objects have."""
        common = {"type": type_, "spec_version": "2.1", "id": id, "created": self.stamp,
                  "modified": self.stamp}  # fmt: skip
        self.objects[id] = common | properties

    def author(self, asserter: str | None) -> dict[str, str]:
        """`created_by_ref`, which must be an identity: states and groups that speak get one."""
        if asserter is None or asserter not in self.entities:
            return {}
        own = self.ids.get(asserter, "")
        if own.startswith("identity--"):
            return {"created_by_ref": own}
        id = made_id("identity", f"speaker {asserter}")
        if id not in self.objects:
            name = self.name(asserter)
            references = [{"source_name": "kg", "external_id": asserter}]
            self.add(id, "identity", name=name, identity_class="organization",
                     external_references=references,
                     **self.marked(self.entity_marks.get(asserter)))  # fmt: skip
            self.beside.stands_for(id, asserter)
        return {"created_by_ref": id}

    def marked(self, marking: str | None) -> dict[str, Any]:
        """For whom; a level that the standard does not define comes with its definition."""
        if marking == "TLP:AMBER+STRICT":
            self.objects.setdefault(STRICT["id"], STRICT)
        id = next((id for id, level in IDS.items() if level == marking), None)
        return {"object_marking_refs": [f"marking-definition--{id}"]} if id else {}

    def whole(self) -> list[dict[str, Any]]:
        """All objects, each with the extension, sorted by type and id."""
        for id, object in self.objects.items():
            if object["type"] not in PLAIN:
                object["extensions"] = self.beside.extension(id)
        return sorted(self.objects.values(), key=lambda o: (o["type"], o["id"]))

    def name(self, id: str) -> str:
        """What an entity is called."""
        row: Mapping[str, Any] = self.entities[id][1]
        return str(row["name"])
