"""STIX 2.0 and 2.1 bundles. MITRE ATT&CK is read by its own conventions: three domains are one
source, each name is a claim of whoever is cited for it, what was revoked leads to its successor.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any

from kg.base.errors import InputError, Problem, an
from kg.claims.emitter import Checks, Emitter
from kg.identity import names
from kg.loaders.kit.json import read_json
from kg.loaders.kit.reading import Audit, gather, named_once, slug, stem
from kg.loaders.kit.typed import FLAG, OBJECTS, TEXT, TEXTS, WHOLE, Type, typed

FORMAT = "stix"
DOC = "STIX 2.0/2.1 bundles: MITRE ATT&CK (all domains together) or any other"
HOME = "https://github.com/mitre-attack/attack-stix-data"
LICENCE = "ATT&CK: MITRE's terms of use, reproduce the notice; other bundles: ask their publisher"
CHECKS = Checks()
DANGLING = 0.05
"""Share of relationships that may lead nowhere; more, and a file of the set is missing."""

ATTACK = ("mitre-attack", "mitre-mobile-attack", "mitre-ics-attack")
MITRE = "organization:mitre"

KINDS = {
    "intrusion-set": "group",
    "threat-actor": "group",
    "malware": "software",
    "tool": "software",
    "campaign": "campaign",
    "attack-pattern": "technique",
    "incident": "incident",
    "identity": "organization",
    "location": "state",
}
"""STIX types that become entities, and the prefix of their ids."""

IDENTITY_CLASSES = {"individual": "person", "class": "sector", "organization": "", "group": "",
                    "system": "", "unknown": ""}  # fmt: skip
"""Prefix of an identity's id, where it is another than for its type."""

RELATIONS = {
    "uses": "USED",
    "attributed-to": "ATTRIBUTED_TO",
    "targets": "TARGETED",
    "revoked-by": "SAME_AS",
    "duplicate-of": "SAME_AS",
    "located-at": "LOCATED_IN",
}

PERCENT = Type(
    "a whole number from 0 to 100", lambda given: WHOLE.fits(given) and 0 <= given <= 100
)
TIME = Type("a time such as 2017-05-12T00:00:00Z", lambda given: _moment(given) is not None)
TYPES: Mapping[str, Type] = {
    **dict.fromkeys(("type", "id", "name", "created_by_ref", "identity_class", "country",
                     "relationship_type", "source_ref", "target_ref", "description",
                     "x_mitre_first_seen_citation", "x_mitre_last_seen_citation"), TEXT),
    **dict.fromkeys(("created", "modified", "first_seen", "last_seen", "published", "start_time",
                     "stop_time"), TIME),
    **dict.fromkeys(("aliases", "x_mitre_aliases", "x_mitre_platforms", "object_refs",
                     "primary_motivation"), TEXTS),
    **dict.fromkeys(("revoked", "x_mitre_deprecated"), FLAG),
    "confidence": PERCENT,
    "external_references": OBJECTS._replace(inside=dict.fromkeys(
        ("source_name", "external_id", "url", "description"), TEXT)),
    "kill_chain_phases": OBJECTS._replace(inside={"phase_name": TEXT}),
}  # fmt: skip
"""The fields that are read, and what each holds."""
ENDS = ("relationship_type", "source_ref", "target_ref")
"""Without these a relationship says nothing."""
KNOWN_AND_UNUSED = frozenset(
    (
        "labels", "spec_version", "object_marking_refs", "x_mitre_attack_spec_version",
        "x_mitre_contributors", "x_mitre_detection", "x_mitre_domains", "x_mitre_impact_type",
        "x_mitre_is_subtechnique", "x_mitre_modified_by_ref", "x_mitre_remote_support",
        "x_mitre_tactic_type", "x_mitre_version", "is_family", "malware_types", "tool_types",
        "granular_markings", "lang", "extensions",
    )
)  # fmt: skip
"""Fields that were looked at and left out on purpose: texts of others, bookkeeping."""

HEDGES = re.compile(r"overlaps?|potential relationship|may be|possibly|suspected", re.IGNORECASE)
CITATION = re.compile(r"\(Citation: ([^)]+)\)")
SUBSET = re.compile(
    r"(?P<hedge>is considered )?(?:a )?sub-?(?:set|group) of (?:the )?"
    r"\[[^\]]+\]\(https://attack\.mitre\.org/groups/(?P<id>G\d{4})\)"
)
REFERENCE = re.compile(
    r"(?P<author>.+?)\.? ?\(?(?P<date>\d{4}(?:, [A-Z][a-z]+(?: \d{1,2})?)?|n\.d\.)\)?\.? +"
    r"(?P<title>.+?)\.? Retrieved"
)


@dataclass
class Bundle:
    """What the files hold together: objects by STIX id, the newest of each, with their places."""

    objects: dict[str, dict[str, Any]] = field(default_factory=dict)
    places: dict[str, str] = field(default_factory=dict)
    spots: dict[str, str] = field(default_factory=dict)
    """STIX id → file and index."""
    ids: dict[str, str] = field(default_factory=dict)
    """STIX id → entity id."""
    document: str = ""
    """What the files are, together."""
    reports: dict[str, str] = field(default_factory=dict)
    """STIX id → the report that refers to it."""


def load(paths: Sequence[Path], emit: Emitter) -> None:
    """Read all bundles as one source."""
    bundle, audit = Bundle(), Audit()
    files = gather(paths, [".json"])
    for path in files:
        _collect(path, bundle, audit, emit)
    reader = _Reader(emit, bundle, audit)
    reader.document(files)
    for object in bundle.objects.values():
        reader.entity(object)
    reader.reports()
    for object in bundle.objects.values():
        reader.claims(object)
    audit.report(emit)
    reader.check()
    for what, count in sorted(reader.unused.items()):
        emit.note(f"not used: {what}", count)


def _collect(path: Path, bundle: Bundle, audit: Audit, emit: Emitter) -> None:
    content = read_json(path)
    objects = content.get("objects") if isinstance(content, dict) else None
    if not isinstance(objects, list) or content.get("type") != "bundle":
        problem = Problem("is no STIX bundle: `type: bundle` and a list `objects` are wanted",
                          f"{path}:1")  # fmt: skip
        raise InputError(problem)
    for number, object in enumerate(objects):
        spot = f"{path}#objects[{number}]"
        if not isinstance(object, dict) or not _is_text(object.get("id"), object.get("type")):
            raise InputError(Problem("is no STIX object with `type` and `id`", spot))
        place = f"{path}#{object['id']}"
        object = typed(object, TYPES, audit.teller(place, f"{object['type']}."))
        if _counts(object, spot, bundle, audit, emit):
            bundle.objects[object["id"]] = object
            bundle.places[object["id"]] = place
            bundle.spots[object["id"]] = spot


def _counts(
    object: Mapping[str, Any], spot: str, bundle: Bundle, audit: Audit, emit: Emitter
) -> bool:
    """Whether an object is new, or a newer version of one that is known.

    STIX tells versions of one id apart by `modified`: two of one time that say something else are
    an error.
    """
    id = str(object["id"])
    known = bundle.objects.get(id)
    if known is None:
        return True
    if _said(known) == _said(object):
        return False
    before, now = _moment(known.get("modified")), _moment(object.get("modified"))
    if before is None or now is None or before == now:
        why = f"stands at {bundle.spots[id]} with other content and no other `modified`"
        emit.error(spot, "id", id, why)
        return False
    why = "object in several versions: the one that was modified last counts"
    audit.miss(spot, "modified", f"{known['modified']}, {object['modified']}", why)
    return now > before


def _said(object: Mapping[str, Any]) -> str:
    """What an object says, without what is left out on purpose: domains of ATT&CK differ there."""
    return json.dumps({n: v for n, v in object.items() if n not in KNOWN_AND_UNUSED},
                      sort_keys=True)  # fmt: skip


def _is_text(*values: object) -> bool:
    return all(isinstance(value, str) and value for value in values)


class _Reader:
    """Turns STIX objects into entities and claims."""

    def __init__(self, emit: Emitter, bundle: Bundle, audit: Audit) -> None:
        self.emit, self.bundle, self.audit = emit, bundle, audit
        self.declare = named_once(emit)
        self.unused: Counter[str] = Counter()
        self.relations = self.dangling = 0
        self.place = ""
        """The files together."""

    def check(self) -> None:
        """Stop a load that understood nothing, or from which a file is missing."""
        if not self.bundle.ids:
            self.emit.error(self.place, "objects", "", "nothing in these bundles can be loaded")
        if self.dangling > DANGLING * self.relations and self.dangling > 1:
            message = f"{self.dangling} of {self.relations} relationships lead nowhere"
            self.emit.error(self.place, "relationship", "", f"{message}; load the files together")

    def document(self, files: Sequence[Path]) -> None:
        """The document that the files are: ATT&CK of a version, or a bundle by its file's name."""
        self.place = ", ".join(map(str, files))
        objects = self.bundle.objects.values()
        changed = max((_day(o.get("modified")) or "" for o in objects), default="") or None
        if any(_attack_id(o) for o in objects):
            versions = {m[0] for f in files if (m := re.search(r"\d+\.\d+", f.name))}
            version = f" {versions.pop()}" if len(versions) == 1 else ""
            name, url = f"MITRE ATT&CK{version}", "https://attack.mitre.org/"
            publisher: str | None = self.declare(MITRE, "MITRE")
        else:
            name, url, publisher = ", ".join(stem(f) for f in files), None, None
        self.bundle.document = self.emit.entity(
            f"document:{slug(name)}", name, url=url, published_by=publisher, date=changed,
            date_basis="metadata" if changed else None,
        )  # fmt: skip

    # Entities

    def entity(self, object: Mapping[str, Any]) -> None:
        """Declare what an object stands for; other types are counted."""
        type_, place = object["type"], self.bundle.places[object["id"]]
        if type_ in ("relationship", "report"):
            self._strange(object, place)
            return
        if type_ not in KINDS:
            self.unused[f"STIX type {type_}"] += 1
            return
        self._strange(object, place)
        if type_ == "location":
            self._state(object, place)
        elif not _is_text(object.get("name")):
            self.emit.warn(place, "name", object.get("name"), "an object without a name: left out")
        else:
            self._declare(object, place)

    def _strange(self, object: Mapping[str, Any], place: str) -> None:
        """Report the fields that nobody knows, and an author who is not there."""
        author = object.get("created_by_ref")
        if author is not None and author not in self.bundle.objects:
            self.audit.miss(place, "created_by_ref", author, "leads to nothing in these files")
        for name in sorted(object.keys() - TYPES.keys() - KNOWN_AND_UNUSED):
            self.audit.miss(place, f"{object['type']}.{name}", str(object[name])[:60],
                            "is not understood")  # fmt: skip

    def reports(self) -> None:
        """Declare each report, which is where the objects it refers to were printed."""
        for object in self.bundle.objects.values():
            if object["type"] != "report":
                continue
            place = self.bundle.places[object["id"]]
            if not _is_text(object.get("name")):
                self.emit.warn(place, "name", "", "a report without a name: left out")
                continue
            published = _day(object.get("published"))
            urls = [r["url"] for r in _references(object) if r.get("url")]
            document = self.declare(
                f"document:stix-{slug(object['id'])}", object["name"], date=published,
                date_basis="stated" if published else None, url=urls[0] if urls else None,
                published_by=self._author(object), place=place,
            )  # fmt: skip
            for id in _texts(object, "object_refs"):
                if id not in self.bundle.objects:
                    self.audit.miss(place, "object_refs", id, "leads to nothing in these files")
                elif self.bundle.reports.setdefault(id, document) != document:
                    why = "object of several reports: taken as printed in the first"
                    self.audit.miss(place, "object_refs", id, why)

    def _printed(self, object: Mapping[str, Any]) -> str:
        return self.bundle.reports.get(str(object["id"]), self.bundle.document)

    def _declare(self, object: Mapping[str, Any], place: str) -> None:
        class_ = object.get("identity_class", "unknown")
        if class_ not in IDENTITY_CLASSES:
            why = "is no class of STIX; taken for an organization"
            self.audit.miss(place, "identity_class", class_, why)
        prefix = IDENTITY_CLASSES.get(class_) or KINDS[object["type"]]
        key = _attack_id(object)
        if object["type"] == "identity" and object["name"] == "The MITRE Corporation":
            self.bundle.ids[object["id"]] = self.declare(MITRE, "MITRE")
            return
        id = f"{prefix}:attack-{slug(key)}" if key else f"{prefix}:stix-{slug(object['id'])}"
        category = object["type"] if prefix == "software" else None
        self.bundle.ids[object["id"]] = self.declare(
            id, object["name"], place=place, category=category,
            record=f"attack:{key}" if key else f"stix:{object['id']}",
            codes=f"stix:{object['id']}" if key else None,
        )  # fmt: skip

    def _state(self, object: Mapping[str, Any], place: str) -> None:
        from kg.ontology import countries

        code = countries.code(str(object.get("country", "")))
        if code is None:
            self.emit.warn(place, "country", object.get("country"), "a location that is no country")
            return
        id = self.declare(f"state:{code}", countries.names()[code], place=place)
        self.bundle.ids[object["id"]] = id

    # Claims

    def claims(self, object: Mapping[str, Any]) -> None:
        """Everything that an object says, of itself or of two others."""
        place = self.bundle.places[object["id"]]
        if object["type"] == "relationship":
            self._relation(object, place)
            return
        subject = self.bundle.ids.get(object["id"])
        if subject is None or object["type"] in ("identity", "location"):
            return
        self._aliases(subject, object, place)
        self._dates(subject, object, place)
        if object["type"] != "attack-pattern":
            for reference in _references(object):
                self._value(subject, "url", reference.get("url", ""), object, place)
        for platform in _texts(object, "x_mitre_platforms"):
            self._value(subject, "platform", platform, object, place)
        for phase in object.get("kill_chain_phases", ()):
            self._value(subject, "tactic", phase.get("phase_name", ""), object, place)
        for motive in _texts(object, "primary_motivation"):
            self._value(subject, "motive", motive, object, place)
        for flag, word in (("revoked", "revoked"), ("x_mitre_deprecated", "deprecated")):
            if object.get(flag):
                self._value(subject, "status", word, object, place)
        self._subset(subject, object, place)

    def _value(
        self, subject: str, predicate: str, value: str, object: Mapping[str, Any], place: str
    ) -> None:
        """A claim of the bundle's author; a predicate that the kind lacks is counted."""
        if not value:
            return
        kind = self.emit.ontology.kind_of(subject)
        if kind is None or self.emit.ontology.property(kind, predicate) is None:
            self.unused[f"{predicate} of {an(str(kind))}"] += 1
            return
        self.emit.claim(
            subject, predicate, value, asserter=self._author(object), place=place,
            document=self._printed(object), locator=_locator(object),
        )  # fmt: skip

    def _aliases(self, subject: str, object: Mapping[str, Any], place: str) -> None:
        """Each name as said by the author of the list, which derives from those it cites."""
        called = self.emit.called(subject)
        written = [object["name"], *_texts(object, "aliases"), *_texts(object, "x_mitre_aliases")]
        cited = {r.get("source_name"): r.get("description", "") for r in _references(object)}
        for name in dict.fromkeys(written):
            text = cited.get(name, "")
            prose = CITATION.sub("", text)
            hedge = found[0] if (found := HEDGES.search(prose)) else None
            said: dict[str, Any] = {"locator": f"{_locator(object)}, name {name!r}", "hedge": hedge}
            predicate = names.predicate(name)
            if self.emit.ontology.property(self.emit.kind(subject) or "", predicate) is None:
                predicate = "alias"
            value = name if predicate == "alias" else names.value(name)
            sources = [
                self.emit.claim(subject, predicate, value, asserter=who, document=document,
                                place=place, **said)
                for who, document in self._cited(CITATION.findall(text), object)
            ]  # fmt: skip
            if name != called or sources:
                self.emit.claim(
                    subject, predicate, value, asserter=self._author(object), place=place,
                    document=self._printed(object), derived_from=sources or None, **said,
                )  # fmt: skip

    def _cited(self, citations: Iterable[str], object: Mapping[str, Any]) -> list[tuple[str, str]]:
        """(publisher, document) of each citation that can be told."""
        by_name = {str(r.get("source_name")).strip(): r for r in _references(object)}
        found = []
        for name in dict.fromkeys(c.strip() for c in citations):
            reference = by_name.get(name, {})
            publisher = names.publisher_of(reference.get("url", ""))
            if publisher is not None:
                who = self.declare(*publisher)
                found.append((who, self._document(name, reference, who)))
        return found

    def _document(self, name: str, reference: Mapping[str, str], publisher: str) -> str:
        match = REFERENCE.match(reference.get("description", "").strip())
        date = _written_date(match["date"]) if match else None
        title = match["title"].strip() if match else name
        return self.declare(
            f"document:attack-{slug(name)}", title or name, url=reference["url"], date=date,
            date_basis="metadata" if date else None, published_by=publisher,
        )  # fmt: skip

    def _dates(self, subject: str, object: Mapping[str, Any], place: str) -> None:
        """First and last seen. ATT&CK gives months and fills in day and hour."""
        cut = 7 if _attack_id(object) else 10
        ends = {}
        for name in ("first_seen", "last_seen"):
            if day := _day(object.get(name)):
                ends[name] = day[:cut]
                self._value(subject, name, day[:cut], object, place)
        if subject.startswith("campaign:") and len(ends) == 2:
            first, last = ends["first_seen"], ends["last_seen"]
            self._value(subject, "occurred", first if first == last else f"{first}/{last}",
                        object, place)  # fmt: skip

    def _subset(self, subject: str, object: Mapping[str, Any], place: str) -> None:
        """ATT&CK links the group of which it calls another a sub-set: as good as a field."""
        for match in SUBSET.finditer(object.get("description", "")):
            whole = f"group:attack-{match['id'].casefold()}"
            if self.emit.has(whole) and whole != subject:
                hedge = "considered" if match["hedge"] else None
                self.emit.claim(subject, "SUBGROUP_OF", whole, asserter=self._author(object),
                                document=self._printed(object), place=place, hedge=hedge,
                                locator=f"{_locator(object)}, description")  # fmt: skip

    def _relation(self, object: Mapping[str, Any], place: str) -> None:
        missing = [name for name in ENDS if not _is_text(object.get(name))]
        for name in missing:
            self.emit.warn(place, name, "", "a relationship without it: left out")
        if missing:
            return
        type_ = object["relationship_type"]
        ends = [self.bundle.ids.get(object[f"{end}_ref"]) for end in ("source", "target")]
        edge = RELATIONS.get(type_)
        if object.get("revoked") or object.get("x_mitre_deprecated"):
            self.unused[f"withdrawn relationship {type_}"] += 1
            return
        self.relations += 1
        for end in ("source_ref", "target_ref"):
            if object[end] not in self.bundle.objects:
                self.dangling += 1
                self.emit.warn(place, end, object[end], "leads to nothing in these files")
                return
        if ends[0] is None or ends[1] is None or edge is None:
            self.unused[f"relationship {_types(object)}"] += 1
            return
        kinds = [self.emit.kind(end, place) or "" for end in (ends[0], ends[1])]
        if edge == "TARGETED" and kinds[1] == "Sector":
            edge = "TARGETS_SECTOR"
        if not self.emit.ontology.edges[edge].allows(kinds[0], kinds[1]):
            self.unused[f"relationship {_types(object)}"] += 1
            return
        self._edge(ends[0], edge, ends[1], object, place)

    def _edge(
        self, subject: str, edge: str, target: str, object: Mapping[str, Any], place: str
    ) -> None:
        cites = [str(r["source_name"]) for r in _references(object) if r.get("source_name")]
        locator = f"{object['id']}, citing {'; '.join(cites)}" if cites else object["id"]
        self.emit.claim(
            subject, edge, target, asserter=self._author(object), document=self._printed(object),
            place=place, locator=locator, asserted=_day(object.get("created")),
            asserted_basis="metadata", valid=_span(object),
            confidence=_confidence(object.get("confidence")),
            summary="revoked in favour of its successor" if edge == "SAME_AS" else None,
        )  # fmt: skip

    def _author(self, object: Mapping[str, Any]) -> str | None:
        """Who made an object. ATT&CK leaves it out now and then: everything in it is MITRE's."""
        made_by = self.bundle.ids.get(object.get("created_by_ref", ""))
        return made_by or (MITRE if self.emit.has(MITRE) else None)


def _texts(object: Mapping[str, Any], field_name: str) -> list[str]:
    """The texts in a field that holds one or several; blank ones say nothing."""
    return [text for text in object.get(field_name, ()) if text.strip()]


def _references(object: Mapping[str, Any]) -> list[dict[str, str]]:
    found: list[dict[str, str]] = object.get("external_references", [])
    return found


def _attack_id(object: Mapping[str, Any]) -> str | None:
    """`G0032` of an ATT&CK object."""
    for reference in _references(object):
        if reference.get("source_name") in ATTACK and reference.get("external_id"):
            return reference["external_id"]
    return None


def _locator(object: Mapping[str, Any]) -> str:
    return _attack_id(object) or str(object["id"])


def _types(object: Mapping[str, Any]) -> str:
    start, end = (object[f"{end}_ref"].partition("--")[0] for end in ("source", "target"))
    return f"{start} {object['relationship_type']} {end}"


_TIME = re.compile(r"(\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2})(?:\.(\d+))?Z", re.ASCII)


def _moment(stamp: object) -> tuple[str, str] | None:
    """A STIX timestamp so that later ones are greater; None for what is none. Sorted as they are
    written, `…09.5Z` would come after `…09.51Z`."""
    found = _TIME.fullmatch(stamp) if isinstance(stamp, str) else None
    try:
        return found and (f"{date.fromisoformat(found[1][:10])}{found[1][10:]}", found[2] or "")
    except ValueError:
        return None


def _day(stamp: str | None) -> str | None:
    """The day of a STIX timestamp."""
    return stamp[:10] if stamp else None


def _span(object: Mapping[str, Any]) -> str | None:
    """When a relation held, as an EDTF interval."""
    start, stop = (_day(object.get(name)) for name in ("start_time", "stop_time"))
    return f"{start or '..'}/{stop or '..'}" if start or stop else None


def _written_date(text: str) -> str | None:
    """EDTF of `2018, October 03`, `2018, October` or `2018`; None for `n.d.`."""
    for pattern, cut in (("%Y, %B %d", 10), ("%Y, %b %d", 10), ("%Y, %B", 7), ("%Y, %b", 7),
                         ("%Y", 4)):  # fmt: skip
        try:
            return datetime.strptime(text, pattern).date().isoformat()[:cut]
        except ValueError:
            continue
    return None


def _confidence(value: int | None) -> str | None:
    """STIX 2.1, appendix A: 1–29 low, 30–69 medium, 70–100 high; 0 and nothing are not rated."""
    if not value:
        return None
    return "low" if value < 30 else "moderate" if value < 70 else "high"
