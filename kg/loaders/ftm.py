"""FollowTheMoney entities as JSON lines, as OpenSanctions and Aleph publish them.

One line is one entity: `{"id", "schema", "caption", "datasets", "properties": {name: [values]}}`,
or a part of one: several of one id are one entity, as FollowTheMoney has it, of the narrowest of
their schemata. Files are streamed twice: once for what each id is, once for what is said. A dataset
becomes a Document; who says it is known only for sanctions (their `authority`) and where the source
folder names an asserter, and stays unknown otherwise.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from kg.base.errors import InputError, Problem, an
from kg.claims.emitter import Checks
from kg.loaders.kit.json import read_line
from kg.loaders.kit.reading import Audit, gather, lines, named_once, slug
from kg.loaders.kit.sources import SourceInfo, source_at
from kg.loaders.kit.typed import TEXT, TEXTS, WHOLE, typed
from kg.ontology import countries

if TYPE_CHECKING:
    from kg.claims.emitter import Emitter

FORMAT = "ftm"
DOC = "FollowTheMoney entities as JSON lines (OpenSanctions, Aleph)"
HOME = "https://www.opensanctions.org/datasets/"
LICENCE = "as the publisher says; OpenSanctions: CC BY-NC 4.0, not shipped"
CHECKS = Checks(filled={("Sanction", "DESIGNATES"): 0.9})

SUFFIXES = (".json", ".jsonl", ".ndjson", ".ftm", ".ijson")

THINGS = {
    "Person": "Person", "Organization": "Organization", "Company": "Organization",
    "LegalEntity": "Organization", "Asset": "Organization", "PublicBody": "Agency",
    "Vessel": "Vessel", "Airplane": "Aircraft", "Sanction": "Sanction",
}  # fmt: skip
"""Schema → node kind. A schema that is neither here nor below is reported, with a count."""

WIDER = {
    "LegalEntity": ("Person", "Organization", "Company", "PublicBody"),
    "Organization": ("Company", "PublicBody"),
    "Asset": ("Company", "Vessel", "Airplane"),
}
"""Schema → those that are special cases of it: parts of one entity may differ so far."""

SUPPORT = frozenset(("Position", "Address", "Identification", "Passport"))
"""Read for what others say of them, or left out: no nodes of their own."""

PROPERTIES: Mapping[str, Mapping[str, str]] = {
    "": {"alias": "alias", "weakAlias": "alias", "previousName": "alias", "abbreviation": "alias",
         "sourceUrl": "url", "website": "url", "notes": "description", "summary": "description",
         "description": "description"},
    "Person": {"birthDate": "born", "deathDate": "died", "birthPlace": "birthplace",
               "nationality": "nationality", "citizenship": "nationality", "gender": "gender",
               "position": "position"},
    "Organization": {"country": "country", "jurisdiction": "country", "mainCountry": "country",
                     "status": "status"},
    "Agency": {"country": "country", "jurisdiction": "country", "mainCountry": "country"},
    "Vessel": {"imoNumber": "imo", "mmsi": "mmsi", "callSign": "call_sign", "flag": "flag",
               "pastFlags": "former_flag", "type": "vessel_type",
               "grossRegisteredTonnage": "gross_tonnage", "deadweightTonnage": "tonnage"},
    "Aircraft": {"registrationNumber": "registration", "serialNumber": "serial_number",
                 "model": "model", "buildDate": "manufactured"},
    "Sanction": {"program": "programme", "programId": "programme", "reason": "legal_basis",
                 "status": "status", "startDate": "occurred", "listingDate": "occurred"},
}  # fmt: skip
"""Node kind (all kinds: ``""``) → FollowTheMoney property → ours."""

LINKS = {
    "Ownership": ("asset", "OWNED_BY", "owner"),
    "Directorship": ("director", "MEMBER_OF", "organization"),
    "Membership": ("member", "MEMBER_OF", "organization"),
    "Employment": ("employee", "MEMBER_OF", "employer"),
    "UnknownLink": ("subject", "LINKED_TO", "object"),
    "Associate": ("person", "LINKED_TO", "associate"),
    "Family": ("person", "LINKED_TO", "relative"),
    "Representation": ("agent", "LINKED_TO", "client"),
}
"""Schema of an edge → property with its start, our edge kind, property with its end."""

QUALIFIER = {"MEMBER_OF": "position", "LINKED_TO": "link"}
WORDS = ("role", "relationship", "status", "description")
"""Properties of an edge that say what it is, the first that is there."""

DAYS = ("startDate", "endDate")

REPRESENTING = frozenset(("gov.head", "gov.national", "role.diplo"))
"""Topics of a Position whose holder speaks for the state."""

READ = {"": ("name",), "Sanction": ("entity", "authority", "endDate")}
"""What is read of a thing and is no value of its own, by node kind (all kinds: ``""``)."""

LEFT_OUT = frozenset((
    "topics", "country", "entity", "authority", "holder", "post", "keywords", "modifiedAt",
    "retrievedAt", "publisher", "publisherUrl", "address", "addressEntity", "email", "phone",
    "passportNumber", "idNumber", "taxNumber", "registrationNumber", "innCode", "ogrnCode",
    "socialSecurityNumber", "firstName", "lastName", "middleName", "secondName", "fatherName",
    "motherName", "title", "startDate", "endDate", "date", "recordId", "wikidataId", "programUrl",
    "authorityId", "unscId", "duration", "provisions", "sourceUrl", "proof",
))  # fmt: skip
"""Understood and not loaded, which the summary counts; any other is reported."""

Entity = Mapping[str, Any]


def load(paths: Sequence[Path], emit: Emitter) -> None:
    """Read files and folders of JSON lines, `.gz` or not."""
    files = [file for path in paths for file in gather([path], SUFFIXES)]
    infos = [info for path in paths if (info := source_at(path)) is not None]
    reading = _Ftm(emit, infos[0] if infos else None)
    for file in files:
        for place, entity in _entities(file):
            reading.meet(place, entity)
    for file in files:
        for place, entity in _entities(file, reading.audit):
            reading.read(place, entity)
    reading.finish()
    reading.audit.report(emit)


def _entities(file: Path, audit: Audit | None = None) -> Iterator[tuple[str, Entity]]:
    """Places and entities, each property a list of texts; what is none goes to the audit."""
    for number, line in lines(file):
        if not line.strip():
            continue
        place = f"{file}:{number}"
        entity = read_line(line, place)
        _check(entity, place)
        tell = audit.teller(place) if audit else _in_silence
        given = {name: _texts(values) for name, values in entity["properties"].items()}
        properties = typed(given, dict.fromkeys(given, TEXTS), tell)
        yield place, {**entity, "properties": properties}


def _texts(values: object) -> list[object]:
    """A property's values, nested entities as their ids and numbers as they are printed."""
    found = values if isinstance(values, list) else [values]
    return [str(value["id"]) if isinstance(value, dict) and TEXT.fits(value.get("id"))
            else str(value) if WHOLE.fits(value) else value
            for value in found if value is not None]  # fmt: skip


def _in_silence(field: str, value: object, why: str) -> None:
    """The first reading tells nothing: the second does."""


def _check(entity: Any, place: str) -> None:
    """An entity has an id, a schema and properties; its names and datasets are text."""
    if not isinstance(entity, dict) or not entity.keys() >= {"id", "schema", "properties"}:
        message = "is no FollowTheMoney entity: it needs `id`, `schema` and `properties`"
        raise InputError(Problem(message, place))
    datasets = entity.get("datasets")
    wrong = {
        "id": not isinstance(entity["id"], str) or not entity["id"].strip(),
        "schema": not isinstance(entity["schema"], str),
        "caption": not isinstance(entity.get("caption"), str | None),
        "datasets": not isinstance(datasets, list | None)
        or not all(isinstance(dataset, str) for dataset in datasets or ()),
    }
    for field in (name for name, is_wrong in wrong.items() if is_wrong):
        many = "a list of texts" if field == "datasets" else "text"
        raise InputError(Problem(f"{many} is wanted", place, field, str(entity[field])[:80]))
    if not isinstance(entity["properties"], dict):
        message = "is no FollowTheMoney entity: an object is wanted"
        raise InputError(Problem(message, place, "properties", str(entity["properties"])[:80]))


class _Ftm:
    """A stream of entities on its way into the emitter."""

    def __init__(self, emit: Emitter, info: SourceInfo | None) -> None:
        self.emit = emit
        self.entity = named_once(emit)
        self.audit = Audit()
        self.met: dict[str, tuple[str, str]] = {}
        """FollowTheMoney id → schema and place."""
        self.ids: dict[str, str] = {}
        """FollowTheMoney id → ours."""
        self.several: set[str] = set()
        """Ids of which more than one part was met."""
        self.parts: dict[str, tuple[str, Entity]] = {}
        """What of them says something only as a whole, as far as it was read."""
        self.names: dict[str, tuple[bool, str]] = {}
        """Our id → the least of its captions, which declares it whatever order the files come in;
        one that was made up (True) only where there is none."""
        self.posts: dict[str, Entity] = {}
        self.date = info.date if info and info.date else None
        self.asserter: str | None = None
        if info is not None and info.asserter:
            self.asserter = self.entity(**info.asserter)

    def meet(self, place: str, entity: Entity) -> None:
        """Remember what an id stands for; edges may come before their ends."""
        id = entity["id"]
        schema = self.schema(place, entity)
        if kind := THINGS.get(schema):
            ours = self.ids[id] = f"{self.emit.ontology.nodes[kind].prefix}:ftm-{_key(id)}"
            name = _called(entity)
            self.names[ours] = min(name, self.names.get(ours, name))
        elif schema == "Position":
            self.posts[id] = _whole(self.posts.get(id), entity)

    def schema(self, place: str, entity: Entity) -> str:
        """The narrowest schema under which an id was met. Two that no entity can have are an error,
        as they are in FollowTheMoney."""
        id, schema = entity["id"], entity["schema"]
        if id not in self.met:
            self.met[id] = schema, place
            return str(schema)
        self.several.add(id)
        before, first = self.met[id]
        if schema in WIDER.get(before, ()):
            self.met[id] = schema, place
        elif before != schema and before not in WIDER.get(schema, ()):
            why = f"cannot be {an(schema)}: it is {an(before)} at {first}"
            self.emit.error(place, "id", id, why)
        return self.met[id][0]

    def read(self, place: str, entity: Entity) -> None:
        id, schema = entity["id"], self.met[entity["id"]][0]
        if id in self.several and (schema not in THINGS or schema == "Sanction"):
            first, before = self.parts.get(id, (place, None))
            self.parts[id] = first, _whole(before, entity)
        else:
            self.one(place, entity, schema)

    def finish(self) -> None:
        """Read the entities that came in parts."""
        for id, (place, entity) in self.parts.items():
            self.one(place, entity, self.met[id][0])

    def one(self, place: str, entity: Entity, schema: str) -> None:
        """Declare and claim what an entity, or a part of a thing, says."""
        if schema in THINGS:
            self.thing(place, entity)
        elif schema in LINKS:
            self.link(place, entity)
        elif schema == "Occupancy":
            self.occupancy(place, entity)
        elif schema not in SUPPORT:
            why = "schema is not loaded; its entities were left out"
            self.audit.miss(place, "schema", schema, why)

    def say(
        self, place: str, entity: Entity, subject: str, predicate: str, target: str, **more: Any
    ) -> None:
        more = {"asserter": self.asserter, "locator": entity["id"], **more}
        self.emit.claim(subject, predicate, target, document=self.document(entity), place=place,
                        **more)  # fmt: skip

    def document(self, entity: Entity) -> str | None:
        """The dataset that an entity comes from; the first, where it is in several."""
        datasets = entity.get("datasets") or []
        if not datasets:
            return None
        if len(datasets) > 1:
            self.emit.note("entities of several datasets, of which the first is their document")
        id = f"document:ftm-{slug(datasets[0])}"
        basis = "metadata" if self.date else None
        return self.entity(id, f"Dataset {datasets[0]}", date=self.date, date_basis=basis)

    # ------------------------------------------------------------------ things

    def thing(self, place: str, entity: Entity) -> None:
        id, kind = self.ids[entity["id"]], THINGS[self.met[entity["id"]][0]]
        declared = self.names[id][1]
        self.emit.entity(id, declared, place=place, record=f"ftm:{entity['id']}")
        for other in dict.fromkeys((entity.get("caption"), *_values(entity, "name"))):
            if other and other != declared:
                self.say(place, entity, id, "alias", other)
        says = self.sanction(place, entity, id) if kind == "Sanction" else {}
        self.properties(place, entity, id, kind, **says)

    def properties(self, place: str, entity: Entity, id: str, kind: str, **more: Any) -> None:
        known = {**PROPERTIES[""], **PROPERTIES.get(kind, {})}
        for name in (name for name in entity["properties"] if name in known):
            weak = {"locator": f"{entity['id']} (weak alias)"} if name == "weakAlias" else {}
            for value in _values(entity, name):
                self.say(place, entity, id, known[name], value, **weak, **more)
        self.rest(place, entity, [*known, *READ[""], *READ.get(kind, ())])

    def rest(self, place: str, entity: Entity, read: Sequence[str]) -> None:
        """Count the properties that nobody read, and report those that nobody knows."""
        for name in entity["properties"]:
            if name in LEFT_OUT and name not in read:
                self.emit.note(f"properties not loaded: {name}")
            elif name not in read:
                example = "; ".join(_values(entity, name))
                why = f"property of {an(entity['schema'])} is not understood and was left out"
                self.audit.miss(place, name, example, why)

    def sanction(self, place: str, entity: Entity, id: str) -> dict[str, str]:
        """What the authority says: it designates, from when to when, and the rest is its own."""
        says: dict[str, str] = {}
        if authority := self.first(place, entity, "authority"):
            body = self.entity(f"agency:ftm-{slug(authority)}", authority, place=place)
            says = {"asserter": body}
            self.say(place, entity, id, "IMPOSED_BY", body, **says, **self.days(place, entity))
        for target in self.ends(place, entity, "entity"):
            self.say(place, entity, id, "DESIGNATES", target, **says, **self.days(place, entity))
        return says

    # ------------------------------------------------------------------ edges

    def link(self, place: str, entity: Entity) -> None:
        start, predicate, end = LINKS[entity["schema"]]
        said = [name for name in WORDS if predicate in QUALIFIER and _values(entity, name)][:1]
        more = {QUALIFIER[predicate]: self.first(place, entity, said[0])} if said else {}
        more |= self.days(place, entity)
        edge = self.emit.ontology.edges[predicate]
        for subject in self.ends(place, entity, start):
            for target in self.ends(place, entity, end):
                kinds = [self.emit.ontology.kind_of(id) or "" for id in (subject, target)]
                if edge.allows(*kinds):
                    self.say(place, entity, subject, predicate, target, **more)
                else:
                    why = f"{predicate} cannot lead from {an(kinds[0])} to {an(kinds[1])}; left out"
                    self.audit.miss(place, entity["schema"], f"{subject} → {target}", why)
        self.rest(place, entity, [start, end, *DAYS, *said])

    def occupancy(self, place: str, entity: Entity) -> None:
        """A post held: a position of the person, and for the state where it speaks for it."""
        for holder in self.ends(place, entity, "holder"):
            for post in _values(entity, "post"):
                position = self.posts.get(post)
                if position is None:
                    self.audit.miss(place, "post", post, "points to nothing in these files")
                    continue
                self.post(place, entity, holder, position)
        self.rest(place, entity, ["holder", "post", *DAYS])

    def post(self, place: str, entity: Entity, holder: str, position: Entity) -> None:
        office = self.first(place, position, "name") or position.get("caption") or position["id"]
        days = self.days(place, entity)
        speaks = REPRESENTING.intersection(_values(position, "topics"))
        for country in _values(position, "country") if speaks else []:
            if state := self.state(country, place):
                self.say(place, entity, holder, "REPRESENTS", state, office=office, **days)
        self.say(place, entity, holder, "position", office, **days)

    def ends(self, place: str, entity: Entity, name: str) -> list[str]:
        """Our ids of what a property points to; what is not in these files is reported."""
        found = []
        if not _values(entity, name):
            why = f"{entity['schema']} without it, left out"
            self.audit.miss(place, name, entity["id"], why)
        for id in _values(entity, name):
            if id in self.ids:
                found.append(self.ids[id])
            else:
                self.audit.miss(place, name, id, "points to nothing in these files")
        return found

    def first(self, place: str, entity: Entity, name: str) -> str:
        """The one value of a property, empty for none; of several, which are told, the first."""
        values = _values(entity, name)
        if len(values) > 1:
            why = "several values, of which the first counts"
            self.audit.miss(place, name, "; ".join(values), why)
        return values[0] if values else ""

    def days(self, place: str, entity: Entity) -> dict[str, str]:
        """`startDate` and `endDate` as the valid time of an edge; an unknown end stays open."""
        start, end = (self.first(place, entity, name) for name in DAYS)
        if not start and not end:
            return {}
        return {"valid": f"{start}/{end}" if start != end else start, "valid_basis": "stated"}

    def state(self, printed: str, place: str) -> str | None:
        code = self.audit.country(place, "country", printed)
        return self.entity(f"state:{code}", countries.names()[code]) if code else None


def _key(id: str) -> str:
    """An id as the key of ours. Not a slug: in these ids capital letters count, and a blank is no
    hyphen."""
    return re.sub(r"[\s%]", lambda found: quote(found.group()), id)


def _called(entity: Entity) -> tuple[bool, str]:
    """What an entity is called first, and whether that had to be made up."""
    name = entity.get("caption") or next(iter(_values(entity, "name")), "")
    if name:
        return False, name
    if entity["schema"] == "Sanction":
        return True, f"Sanction on {', '.join(_values(entity, 'entity')[:1])}"
    return True, entity["id"]


def _values(entity: Entity, name: str) -> list[str]:
    """The values of a property."""
    found: list[str] = entity["properties"].get(name, [])
    return found


def _whole(before: Entity | None, more: Entity) -> Entity:
    """Two parts of one entity as one: every dataset and value of both, each once."""
    if before is None:
        return more
    names = dict.fromkeys((*before["properties"], *more["properties"]))
    datasets = [name for part in (before, more) for name in part.get("datasets") or ()]
    return {
        **more,
        **before,
        "datasets": list(dict.fromkeys(datasets)),
        "properties": {
            name: list(dict.fromkeys([*_values(before, name), *_values(more, name)]))
            for name in names
        },
    }
