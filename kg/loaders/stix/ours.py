"""What `kg export stix` writes beside the standard: entities and claims as the ledger has them.

Each object of our own export carries an extension of this name, so that read back it gives the same
graph: our ids, edge kinds, hedges, dates in EDTF, denials, retractions and who disputes what. An
object that lost it in another tool is read as any other.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from kg.claims import columns
from kg.claims.columns import LINKS
from kg.claims.fields import GIVEN
from kg.loaders.kit.typed import FLAG, OBJECT, OBJECTS, TEXT, TEXTS, WHOLE, Type, typed
from kg.loaders.stix.bundle import Object, is_text
from kg.loaders.stix.reading import Reading

NAMESPACE = uuid5(NAMESPACE_URL, "kg-who-says-so/stix")
EXTENSION = f"extension-definition--{uuid5(NAMESPACE, 'extension')}"

COLUMNS = tuple(name for name in columns.COLUMNS if name in GIVEN.difference(LINKS, {"ref"}))
"""The columns of a claim that travel, beside its ends and who says it where."""

ENDS = ("subject", "predicate", "object", "value", "asserter", "document")
TYPES = {"integer": WHOLE, "bool": FLAG}
"""Of a column → of its value in the extension; of all others it is text."""

RESERVED = frozenset(("id", "name", "place", "places"))
QUALIFIERS = OBJECT
DECLARED: Mapping[str, Type] = {
    **dict.fromkeys(("predicate", "object", "value", "valid", "valid_basis"), TEXT),
    "qualifiers": QUALIFIERS,
}
ENTITY: Mapping[str, Type] = {
    "id": TEXT, "name": TEXT, "declared": OBJECTS._replace(inside=DECLARED)}  # fmt: skip
CLAIM: Mapping[str, Type] = {
    **dict.fromkeys(("id", *ENDS), TEXT),
    **{name: TYPES.get(columns.COLUMNS[name].type, TEXT) for name in COLUMNS},
    "negative": FLAG,
    **dict.fromkeys(LINKS, TEXTS),
    "qualifiers": QUALIFIERS,
}
WHOLE_EXTENSION: Mapping[str, Type] = {
    "entities": OBJECTS._replace(inside=ENTITY),
    "claims": OBJECTS._replace(inside=CLAIM),
    "stands_for": TEXT,
}
"""What the extension holds: entities that the object is, and claims that it carries."""


class Ours:
    """The objects of a load that our own export wrote."""

    def __init__(self, reading: Reading) -> None:
        self.reading = reading
        self.held = dict(self._extended())
        """STIX id → what its extension holds."""

    def _extended(self) -> Iterator[tuple[str, dict[str, Any]]]:
        for id, object in self.reading.bundle.objects.items():
            extensions = object.get("extensions")
            given = extensions.get(EXTENSION) if isinstance(extensions, dict) else None
            if isinstance(given, dict):
                tell = self.reading.audit.teller(self.reading.bundle.places[id], "extension.")
                yield id, typed(given, WHOLE_EXTENSION, tell)

    def __contains__(self, object: Object) -> bool:
        return object["id"] in self.held or object["id"] == EXTENSION

    def read(self) -> None:
        """Everything that the extensions hold: entities first, since claims refer to them."""
        for id, held in self.held.items():
            place = self.reading.bundle.places[id]
            for entity in held.get("entities", ()):
                self._entity(id, entity, place)
            if is_text(held.get("stands_for")):
                self.reading.ids.setdefault(id, held["stands_for"])
        claims = {claim["id"]: (claim, self.reading.bundle.places[id])
                  for id, held in self.held.items() for claim in held.get("claims", ())
                  if self._whole(claim, self.reading.bundle.places[id])}  # fmt: skip
        for claim, place in claims.values():
            self._claim(claim, place, claims.__contains__)

    # Entities

    def _entity(self, stix_id: str, entity: Mapping[str, Any], place: str) -> None:
        if not is_text(entity.get("id"), entity.get("name")):
            self.reading.audit.miss(place, "extension.entities", "", "without id or name; left out")
            return
        emit, id = self.reading.emit, str(entity["id"])
        self.reading.ids.setdefault(stix_id, id)
        self.reading.declare(id, entity["name"], place=place)
        for row in entity.get("declared", ()):
            if not is_text(row.get("predicate")) or row["predicate"] in RESERVED:
                continue
            key = row["predicate"]
            if "object" not in row:
                self.reading.declare(id, entity["name"], place=place, **{key: row.get("value")})
            elif key in emit.ontology.edges and (name := emit.ontology.edges[key].declared_as):
                more = {n: row[n] for n in ("valid", "valid_basis") if n in row}
                to = {"to": row["object"], **more, **row.get("qualifiers", {})}
                self.reading.declare(id, entity["name"], place=place, **{name: to})
            else:
                emit.declare(id, key, row["object"], place=place)

    # Claims

    def _whole(self, claim: Mapping[str, Any], place: str) -> bool:
        target = claim.get("object", claim.get("value"))
        whole = is_text(claim.get("id"), claim.get("subject"), claim.get("predicate"), target)
        if not whole:
            why = "without an id, a predicate or an end; left out"
            self.reading.audit.miss(place, "extension.claims", str(claim.get("id", "")), why)
        return whole

    def _claim(self, claim: Mapping[str, Any], place: str, is_here: Callable[[str], bool]) -> None:
        """One claim; what it points at is found by the id that it had there."""
        emit = self.reading.emit
        for end in ("subject", "object"):
            if end in claim and not emit.has(claim[end]):
                why = "leads to nothing in these files; left out"
                self.reading.audit.miss(place, f"extension.{end}", claim[end], why)
                return
        links = {link: [f"{emit.source.name}#{id}" for id in claim[link] if is_here(id)] or None
                 for link in LINKS if link in claim}  # fmt: skip
        said = {end: claim[end] for end in ("asserter", "document")
                if end in claim and emit.has(claim[end])}  # fmt: skip
        columns = {name: claim[name] for name in COLUMNS if name in claim}
        target = claim["object"] if "object" in claim else claim["value"]
        more: dict[str, Any] = {
            **claim.get("qualifiers", {}), **said, **columns, **links,
            "place": place, "ref": claim["id"], "negative": claim.get("negative", False),
        }  # fmt: skip
        emit.claim(claim["subject"], claim["predicate"], target, **more)
