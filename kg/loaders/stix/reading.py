"""What one load holds while it goes on, and whose word each object is: who says it, where, when."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from functools import cached_property
from hashlib import sha256
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import quote

from kg.claims.emitter import Emitter
from kg.claims.marking import strictest
from kg.loaders.kit.reading import Audit, named_once, slug, stem
from kg.loaders.stix import attack, judged, markings, times
from kg.loaders.stix.bundle import Bundle, Object, is_text, references, texts
from kg.loaders.stix.observed import WALLETS, seen

KINDS: dict[str, tuple[str, ...]] = {
    "intrusion-set": ("group",),
    "threat-actor": ("group",),
    "malware": ("software",),
    "tool": ("software",),
    "campaign": ("campaign",),
    "attack-pattern": ("technique",),
    "incident": ("incident",),
    "vulnerability": ("vulnerability",),
    "infrastructure": ("infrastructure",),
    **dict.fromkeys(WALLETS, ("wallet",)),
    "identity": ("organization", "person", "sector"),
    "location": ("state", "region"),
}
"""STIX types that become entities, and the prefixes that their ids may have."""

CLASSES = {"individual": "person", "class": "sector"}
"""Prefix of an identity's id by its class, where that is no organization."""

PLAIN_CLASSES = frozenset(("organization", "group", "system", "unknown"))
REPORTS = ("report", "grouping")
"""Types of objects that other objects were printed in."""

_STIX_ID = re.compile(r"[a-z][a-z0-9-]*--[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")


class Printed(NamedTuple):
    """A report: its document, its author, its day, and how it rates itself."""

    document: str
    author: str | None
    day: str | None
    reliability: str | None


class Reading:
    """The objects of a load and what has become of them so far."""

    def __init__(self, emit: Emitter, bundle: Bundle, audit: Audit, files: Sequence[Path]) -> None:
        self.emit, self.bundle, self.audit, self.files = emit, bundle, audit, files
        self.declare = named_once(emit)
        self.ids: dict[str, str] = {}
        """STIX id → entity id."""
        self.localities: dict[str, str] = {}
        """STIX id of a location → the town inside the state that it became."""
        self.reports: dict[str, Printed] = {}
        """STIX id → the report that first printed it."""
        self.observed: set[str] = set()
        """STIX ids of what was observed, or indicates it, that something is said of."""
        self.unused: Counter[str] = Counter()
        """What was left out on purpose, or cannot be said."""

    def key(self, stix_id: str) -> str:
        """What an id of STIX is in ours. No two share one: what is no valid id stays as it is."""
        if _STIX_ID.fullmatch(stix_id):
            return f"stix-{slug(stix_id)}"
        told = "" if "--" in stix_id else "--" + sha256(stix_id.encode()).hexdigest()[:8]
        return f"stix-{quote(stix_id, safe='')}{told}"

    # Where it is printed

    @cached_property
    def is_attack(self) -> bool:
        """Whether the files together are ATT&CK."""
        return attack.published(self.bundle.objects)

    @cached_property
    def document(self) -> str:
        """The document that the files are: ATT&CK of a version, or a bundle by its name."""
        objects = self.bundle.objects
        changed = max((times.day(o.get("modified")) or "" for o in objects.values()), default="")
        if self.is_attack:
            name = attack.title(self.files, objects.values())
            id, url, publisher = slug(name), attack.HOME, self.mitre()
        else:
            name, url, publisher = ", ".join(stem(f) for f in self.files), None, None
            id = slug(self.emit.source.name)
        return self.emit.entity(
            f"document:{id}", name, url=url, published_by=publisher, date=changed or None,
            date_basis="metadata" if changed else None,
        )  # fmt: skip

    def report(self, object: Object) -> None:
        """Declare a report, which is where the objects it refers to were printed."""
        place = self.bundle.places[object["id"]]
        if not is_text(object.get("name")):
            self.emit.warn(place, "name", "", "a report without a name: left out")
            return
        published, author = times.day(object.get("published")), self.author(object)
        urls = [r["url"] for r in references(object) if r.get("url")]
        document = self.declare(
            f"document:{self.key(object['id'])}", object["name"], date=published,
            date_basis="stated" if published else None, url=urls[0] if urls else None,
            published_by=author, marking=self.marking(object), place=place,
        )  # fmt: skip
        reliability = judged.of(object, self.emit.ontology).get("reliability")
        printed = Printed(document, author, published, reliability)
        for id in texts(object, "object_refs"):
            self._print(id, printed, place)

    def _print(self, id: str, report: Printed, place: str) -> None:
        """An object was said when the first report that has it came out."""
        if id not in self.bundle.objects:
            self.audit.miss(place, "object_refs", id, "leads to nothing in these files")
            return
        before = self.reports.get(id)
        if before is None or (report.day or "9999") < (before.day or "9999"):
            self.reports[id] = report
        if before is not None:
            self.unused["further reports of an object: it is taken as printed in the first"] += 1

    # Who says it

    def mitre(self) -> str:
        """MITRE, declared."""
        return self.declare(attack.MITRE, "MITRE")

    def author(self, object: Object) -> str | None:
        """Who says what an object says: its author; where none is given, the author of the report
        that printed it. Nobody else: not who made a technique that it cites, nor the file."""
        made_by = object.get("created_by_ref")
        if made_by is not None:
            return self._speaker(made_by, self.bundle.places[object["id"]])
        if attack.speaks_in(object, self.bundle.objects):
            return self.mitre()
        report = self.reports.get(object["id"])
        return report.author if report else None

    def _speaker(self, ref: str, place: str) -> str | None:
        if ref in attack.IDS:
            return self.mitre()
        if ref in self.bundle.objects:
            id = self.ids.get(ref)
            if id is None or self.emit.kind(id) in self.emit.ontology.edges["ASSERTED_BY"].targets:
                return id
            self.audit.miss(place, "created_by_ref", ref, "is nobody who can say anything")
        elif ref.startswith("identity--"):
            why = "is not in these files: the author is not known until a source that has it comes"
            self.audit.miss(place, "created_by_ref", ref, why)
            return self.emit.awaits(f"organization:{self.key(ref)}", f"stix:{ref}")
        else:
            self.audit.miss(place, "created_by_ref", ref, "leads to nothing in these files")
        return None

    def said(self, object: Object) -> dict[str, Any]:
        """Who says an object, where, when and for whom, as `Emitter.claim` takes it."""
        report = self.reports.get(object["id"])
        found: dict[str, Any] = {
            "asserter": self.author(object),
            "document": report.document if report else self.document,
            "place": self.bundle.places[object["id"]],
            "locator": locator(object),
            "marking": self.marking(object),
        }
        if report and report.reliability:
            found["reliability"] = report.reliability
        if report and self._is_quoted(object, report):
            found |= self.made(object)
        return found

    def when(self, object: Object) -> dict[str, str | None]:
        """The day on which a relationship or opinion was said: of its report, else that on which
        it was created, which is metadata."""
        report = self.reports.get(object["id"])
        if report and report.day and not self._is_quoted(object, report):
            return {}
        return self.made(object)

    def day(self, object: Object) -> str | None:
        """The same day alone."""
        report = self.reports.get(object["id"])
        return self.when(object).get("asserted") or (report.day if report else None)

    def made(self, object: Object) -> dict[str, str | None]:
        """The day on which an object was created, which is metadata."""
        created = times.day(object.get("created"))
        return {"asserted": created, "asserted_basis": "metadata"} if created else {}

    def _is_quoted(self, object: Object, report: Printed) -> bool:
        """Whether a report prints what somebody else had said before, such as MITRE of a technique:
        that was not said when the report came out."""
        author, created = self.author(object), times.day(object.get("created"))
        if author in (None, report.author) or (report.day or "") <= (created or "9999"):
            return False
        return report.author is not None or author == attack.MITRE

    def marking(self, object: Object) -> str | None:
        """The strictest TLP marking of an object or of a part of it."""
        levels = []
        for ref in markings.refs(object):
            definition = self.bundle.objects.get(ref)
            level = markings.level(ref, definition)
            if level:
                levels.append(level)
            elif ref != attack.MARK and (definition or {}).get("definition_type") != "statement":
                why = (
                    "leads to nothing in these files, so that this marking is not known"
                    if definition is None
                    else "is no level of TLP: what it says of passing on is not kept"
                )
                place = self.bundle.places[object["id"]]
                self.audit.miss(place, f"{object['type']}.object_marking_refs", ref, why)
        return strictest(levels)

    # What it is about

    def ends(self, ref: str) -> tuple[str, ...]:
        """The entity that an object became, or those that it observed; of one that is not in these
        files, those that it may be in another; none of what is no entity."""
        if ref in self.ids:
            return (self.ids[ref],)
        if ref in self.bundle.objects:
            return tuple(one.id for one in seen(self.bundle.objects[ref]))
        prefixes = KINDS.get(ref.partition("--")[0], ())
        return tuple(
            self.emit.awaits(f"{prefix}:{self.key(ref)}", f"stix:{ref}") for prefix in prefixes
        )

    def observe(self, ref: str) -> None:
        """Declare what an object observed, of which something is said."""
        if ref in self.ids or ref not in self.bundle.objects:
            return
        object, place = self.bundle.objects[ref], self.bundle.places[ref]
        for one in seen(object):
            self.observed.add(ref)
            marking = self.marking(object)
            self.declare(one.id, one.name, place=place, marking=marking, **one.declared)


def locator(object: Object) -> str:
    """Where a claim stands: ATT&CK's number or the object's id."""
    return attack.number(object) or str(object["id"])
