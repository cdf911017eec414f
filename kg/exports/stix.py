"""STIX 2.1: each claim a relationship by its asserter, with notes and opinions.

Objects that came from STIX keep their ids; all others get one made from ours, so that the same
graph gives the same bundle. The kinds and relationship types are the ontology's `standards: STIX`.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from uuid import NAMESPACE_URL, uuid5

from kg.exports.kit import claims as _claims
from kg.exports.kit.report import ExportReport, counted, write_json
from kg.graph.corpus import Corpus
from kg.ontology import countries

FORMAT = "stix"
DOC = "STIX 2.1 bundle: claims as relationships with notes and opinions; ATT&CK ids are kept"

NAMESPACE = uuid5(NAMESPACE_URL, "kg-who-says-so/stix")

STIX_ID = re.compile(
    r"[a-z][a-z0-9-]+--[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"
)

CLASSES = {"Person": "individual", "Sector": "class"}
"""STIX `identity_class` of the kinds that are identities; every other is an organization."""

ALIASED = {"intrusion-set", "campaign", "malware", "tool", "attack-pattern"}
"""Types that have `aliases`."""

CONFIDENCE = {"low": 15, "moderate": 50, "high": 85}
"""STIX 2.1, appendix A, none/low/med/high scale. What nobody rated gets no number."""

MARKINGS = {
    "TLP:CLEAR": "613f2e26-407d-48c7-9eca-b8e91df99dc9",
    "TLP:GREEN": "34098fce-860f-48ae-8e50-ebd3cc5e41da",
    "TLP:AMBER": "f88d31f6-486f-44da-b317-01333bde0b82",
    "TLP:RED": "5e57c739-391a-4eb3-b6be-7d15ca92d5ed",
}
"""The TLP markings that STIX 2.1 defines; its white is today's clear. AMBER+STRICT has none."""

ATTACK_PAGES = {"G": "groups", "S": "software", "C": "campaigns", "T": "techniques"}


def export(corpus: Corpus, path: Path) -> ExportReport:
    """Write `path`: one bundle, objects sorted by type and id."""
    bundle = _Bundle(corpus)
    bundle.fill()
    objects = sorted(bundle.objects.values(), key=lambda o: (o["type"], o["id"]))
    id = f"bundle--{uuid5(NAMESPACE, corpus.manifest + ''.join(o['id'] for o in objects))}"
    write_json(path, {"type": "bundle", "id": id, "objects": objects})
    written = Counter(object["type"] for object in objects)
    return ExportReport(FORMAT, path, dict(sorted(written.items())), bundle.lost())


class _Bundle:
    """Objects by STIX id, and what found no place."""

    def __init__(self, corpus: Corpus) -> None:
        self.corpus = corpus
        self.objects: dict[str, dict[str, Any]] = {}
        self.ids: dict[str, str] = {}
        self.claims: dict[str, str] = {}
        """Claim id → id of the relationship or note that it became."""
        self.entities = {id: (kind, row) for id, kind, row in _claims.entities(corpus)}
        self.own, self.named = _declared(corpus)
        self.dropped: Counter[str] = Counter()
        self.ends: Counter[str] = Counter()
        self.stamp = _time(corpus.date or date(1970, 1, 1))
        self.rows = {claim["id"]: claim for claim in _claims.claims(corpus)}

    def fill(self) -> None:
        """Entities first: claims refer to them."""
        for id in self.entities:
            self.entity(id)
        said = [claim for claim in self.rows.values() if not claim["negative"]]
        for claim in said:
            if claim["object"] is not None:
                self.relationship(claim)
        for claim in said:
            if claim["object"] is None and claim["predicate"] not in ("alias", "url"):
                self.note(claim)
        for claim in self.rows.values():
            self.opinions(claim)
        self.reports()

    def lost(self) -> list[str]:
        """Sentences on what STIX has no place for."""
        return [
            *counted(self.dropped, "STIX has no object for them"),
            *counted(self.ends, "claims with an end that STIX has no object for"),
            "who gave a name, and where: names are plain aliases",
            "dates that are not known to the day: they stand in a relationship's note",
            "titles of references: their addresses are kept",
        ]

    # Entities

    def entity(self, id: str) -> None:
        """Declare what STIX has an object for."""
        kind, row = self.entities[id]
        type_ = self.type_of(kind, row)
        if type_ is None:
            self.dropped[kind] += 1
        if type_ in (None, "report"):
            return
        given = {source: self.own[source] for source in row["ids"] if source in self.own}
        self.ids[id] = given.get(id) or min(
            given.values(), default=f"{type_}--{uuid5(NAMESPACE, id)}"
        )
        self.put(id, kind, self.ids[id], row)
        for source, stix_id in given.items():
            self.put(id, kind, stix_id, row | {"name": self.named.get(source, row["name"])})

    def put(self, id: str, kind: str, stix_id: str, row: Mapping[str, Any]) -> None:
        """One object. What several sources hold is one entity here and keeps its objects there."""
        type_ = stix_id.partition("--")[0]
        self.add(stix_id, type_, **self.properties(id, kind, type_, row))

    def type_of(self, kind: str, row: Mapping[str, Any]) -> str | None:
        """The STIX type that the ontology names for an entity."""
        standard = self.corpus.ontology.node(kind).standards.get("STIX")
        if standard is None:
            return None
        if kind == "Software":
            return "tool" if row.get("category") == "tool" else "malware"
        return standard.split()[0]

    def properties(self, id: str, kind: str, type_: str, row: Mapping[str, Any]) -> dict[str, Any]:
        """What the type requires, and what we know."""
        found: dict[str, Any] = {"name": row["name"], "external_references": _references(id, row)}
        others = [name for name in row.get("names", ()) if name != row["name"]]
        if type_ in ALIASED and others:
            found["aliases"] = others
        if type_ == "identity":
            found["identity_class"] = CLASSES.get(kind, "organization")
        if type_ == "malware":
            found["is_family"] = True
        if type_ == "location":
            found["country"] = _alpha2(id) or row["name"]
        for end in ("first_seen", "last_seen"):
            if type_ in ("intrusion-set", "campaign", "malware") and f"{end}_from" in row:
                found[end] = _time(row[f"{end}_from"])
        if "last_seen" in found and found["last_seen"] < found.get("first_seen", ""):
            del found["last_seen"]
        return found

    def author(self, asserter: str | None) -> dict[str, str]:
        """`created_by_ref`, which must be an identity: states and groups that speak get one."""
        if asserter is None or asserter not in self.entities:
            return {}
        own = self.ids.get(asserter, "")
        if own.startswith("identity--"):
            return {"created_by_ref": own}
        id = f"identity--{uuid5(NAMESPACE, f'speaker {asserter}')}"
        if id not in self.objects:
            name = self.entities[asserter][1]["name"]
            references = [{"source_name": "kg", "external_id": asserter}]
            self.add(id, "identity", name=name, identity_class="organization",
                     external_references=references)  # fmt: skip
        return {"created_by_ref": id}

    # Claims

    def relationship(self, claim: _claims.Row) -> None:
        """One claim of an edge, with a note if something qualifies it."""
        ends = [self.own.get(claim[f"{end}_as"]) or self.ids.get(claim[end])
                for end in ("subject", "object")]  # fmt: skip
        if ends[0] is None or ends[1] is None:
            self.ends[claim["predicate"]] += 1
            return
        id = self.relationship_id(claim)
        standards = self.corpus.ontology.edge(claim["predicate"]).standards
        type_ = standards.get("STIX", claim["predicate"].lower().replace("_", "-"))
        more: dict[str, Any] = {"description": claim["summary"]} if claim["summary"] else {}
        if claim["standing"] == "retracted":
            more["revoked"] = True
        self.add(id, "relationship", relationship_type=type_, source_ref=ends[0],
                 target_ref=ends[1], **_valid(claim), **self.said(claim), **more)  # fmt: skip
        self.claims[claim["id"]] = id
        if lines := _claims.remarks(claim):
            self.add(f"note--{uuid5(NAMESPACE, 'note ' + claim['id'])}", "note",
                     content="\n".join(lines), object_refs=[id], **self.said(claim))  # fmt: skip

    def relationship_id(self, claim: _claims.Row) -> str:
        """The one that the claim was read from, while it is free, else one made from ours."""
        given = STIX_ID.match(claim["locator"] or "")
        if given and given[0].startswith("relationship--") and given[0] not in self.objects:
            return given[0]
        return f"relationship--{uuid5(NAMESPACE, claim['id'])}"

    def note(self, claim: _claims.Row) -> None:
        """One claim of a value."""
        subject = self.ids.get(claim["subject"])
        if subject is None:
            self.ends[claim["predicate"]] += 1
            return
        id = f"note--{uuid5(NAMESPACE, claim['id'])}"
        lines = [f"{claim['predicate']}: {_claims.value_text(claim)}", *_claims.remarks(claim)]
        self.add(id, "note", content="\n".join(lines), object_refs=[subject], **self.said(claim))
        self.claims[claim["id"]] = id

    def opinions(self, claim: _claims.Row) -> None:
        """A denial or dispute speaks against the claims that it disputes."""
        against = self.claims.get(claim["id"])
        if against is None:
            return
        for by in claim["disputed_by"] or ():
            denial = self.rows[by]
            explanation = {"explanation": denial["summary"]} if denial["summary"] else {}
            degree = "strongly-disagree" if denial["negative"] else "disagree"
            self.add(f"opinion--{uuid5(NAMESPACE, by + claim['id'])}", "opinion", opinion=degree,
                     object_refs=[against], **explanation, **self.said(denial))  # fmt: skip

    def said(self, claim: _claims.Row) -> dict[str, Any]:
        """Who, when, where, how sure, for whom."""
        found: dict[str, Any] = self.author(claim["asserter"])
        when = claim["asserted_from"]
        if when is not None:
            found |= {"created": _time(when), "modified": _time(when)}
        if claim["confidence"] in CONFIDENCE:
            found["confidence"] = CONFIDENCE[claim["confidence"]]
        if claim["marking"] in MARKINGS:
            found["object_marking_refs"] = [f"marking-definition--{MARKINGS[claim['marking']]}"]
        found["external_references"] = [
            {"source_name": "kg", "external_id": claim["id"]},
            *self.source(claim),
        ]
        return found

    def source(self, claim: _claims.Row) -> list[dict[str, str]]:
        """The document, and where in it."""
        if claim["document"] not in self.entities:
            return []
        row = self.entities[claim["document"]][1]
        paragraph = f"paragraph {claim['paragraph']}" if claim["paragraph"] is not None else ""
        where = ", ".join(part for part in (paragraph, claim["locator"]) if part)
        found = {"source_name": row["name"], "url": row.get("url", ""), "description": where}
        if not found["url"] and not where:
            found["external_id"] = claim["document"]
        return [{key: text for key, text in found.items() if text}]

    def reports(self) -> None:
        """Documents with a day, and what of theirs is in the bundle."""
        held: dict[str, list[str]] = {}
        for claim in self.rows.values():
            if claim["id"] in self.claims and claim["document"] is not None:
                held.setdefault(claim["document"], []).append(self.claims[claim["id"]])
        for id, (kind, row) in self.entities.items():
            if kind != "Document":
                continue
            if id not in held or "date_from" not in row:
                self.dropped["Document (no day, or nothing of it in the bundle)"] += 1
                continue
            self.add(f"report--{uuid5(NAMESPACE, id)}", "report", name=row["name"],
                     published=_time(row["date_from"]), object_refs=sorted(set(held[id])),
                     external_references=_references(id, row))  # fmt: skip

    def add(self, id: str, type_: str, **properties: Any) -> None:
        """Put an object in, with what all objects have."""
        common = {"type": type_, "spec_version": "2.1", "id": id, "created": self.stamp,
                  "modified": self.stamp}  # fmt: skip
        self.objects[id] = common | properties


def _time(day: date) -> str:
    return f"{day.isoformat()}T00:00:00.000Z"


def _valid(claim: Mapping[str, Any]) -> dict[str, str]:
    """`start_time` and `stop_time`; STIX wants the second after the first."""
    start, end = claim["valid_from"], claim["valid_to"]
    found = {"start_time": _time(start)} if start else {}
    if end and end < date.max:
        found["stop_time"] = _time(end + timedelta(1))
    return found


def _declared(corpus: Corpus) -> tuple[dict[str, str], dict[str, str]]:
    """Source id → the STIX id that it came with, and → the name that it came with."""
    own: dict[str, str] = {}
    named: dict[str, str] = {}
    rows = corpus.statements.filter("declared").sort("id")
    for source, predicate, value in rows.select("subject_as", "predicate", "value").iter_rows():
        if predicate == "name":
            named.setdefault(source, value)
        elif predicate in ("codes", "record") and STIX_ID.fullmatch(value.removeprefix("stix:")):
            own.setdefault(source, value.removeprefix("stix:"))
    return own, named


def _references(id: str, row: Mapping[str, Any]) -> list[dict[str, str]]:
    """Our id, the sources' own keys, and addresses."""
    found = [{"source_name": "kg", "external_id": id}]
    attack = [key for key in _listed(row, "record") if key.startswith("attack:")]
    pages = {}
    for key in attack:
        number = key.partition(":")[2]
        folder = ATTACK_PAGES.get(number[:1])
        url = f"https://attack.mitre.org/{folder}/{number.replace('.', '/')}" if folder else ""
        pages[url] = number
        found.append(
            {"source_name": "mitre-attack", "external_id": number} | ({"url": url} if url else {})
        )
    for key in _listed(row, "record") + _listed(row, "codes"):
        scheme, _, rest = key.partition(":")
        if key not in attack and not STIX_ID.fullmatch(rest):
            found.append({"source_name": scheme, "external_id": rest or key})
    urls = [url for url in _listed(row, "url") if url not in pages]
    return found + [{"source_name": urlsplit(url).hostname or "web", "url": url} for url in urls]


def _listed(row: Mapping[str, Any], name: str) -> list[str]:
    value = row.get(name) or []
    return [value] if isinstance(value, str) else list(value)


def _alpha2(id: str) -> str | None:
    return countries.alpha2().get(id.partition(":")[2])
