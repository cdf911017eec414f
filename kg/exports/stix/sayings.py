"""Claims as relationships, notes and opinions, and documents as reports."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from typing import Any

from kg.claims.columns import value_said
from kg.exports.kit import claims as _claims
from kg.exports.stix.bundle import Bundle, made_id, time
from kg.exports.stix.things import STIX_ID, Things, references
from kg.loaders.stix.relations import LINKED, LINKS

CONFIDENCE = {"low": 15, "moderate": 50, "high": 85}
"""STIX 2.1, appendix A, none/low/med/high scale. What nobody rated gets no number."""


class Sayings:
    """What somebody says, each by its asserter."""

    def __init__(self, bundle: Bundle, things: Things) -> None:
        self.bundle, self.things = bundle, things
        self.objects: dict[str, str] = {}
        """Claim id → id of the relationship or note that it became."""
        self.publishers = {start: end for start, edge, end in _claims.declared_edges(bundle.corpus)
                           if edge == "PUBLISHED_BY"}  # fmt: skip
        self.retractions: dict[str, list[str]] = {}
        for claim in bundle.claims.values():
            for id in claim["retracts"] or ():
                self.retractions.setdefault(id, []).append(claim["id"])

    def write(self) -> None:
        """Everything, in the order in which one refers to another."""
        every = list(self.bundle.claims.values())
        for claim in every:
            if claim["object"] is not None and not claim["negative"]:
                self.relationship(claim)
        for claim in every:
            if claim["object"] is None and not claim["negative"]:
                self.value(claim)
        for claim in every:
            self.opinions(claim)
        for claim in every:
            if claim["id"] not in self.bundle.beside.carried:
                self.sentence(claim)
        self.reports()

    def relationship(self, claim: _claims.Row) -> None:
        """One claim of an edge, with a note if something qualifies it."""
        if claim["subject"] not in self.things.real or claim["object"] not in self.things.real:
            return
        ends = [self.things.own.get(claim[f"{end}_as"]) or self.bundle.ids[claim[end]]
                for end in ("subject", "object")]  # fmt: skip
        id = self.relationship_id(claim)
        more: dict[str, Any] = {"description": claim["summary"]} if claim["summary"] else {}
        if claim["standing"] == "retracted":
            more |= self.revoked(claim)
        self.bundle.add(
            id, "relationship", relationship_type=self.relationship_type(claim),
            source_ref=ends[0], target_ref=ends[1], **self.said(claim) | _valid(claim) | more,
        )  # fmt: skip
        self.carry(id, claim)
        if lines := _claims.remarks(claim):
            self.note(made_id("note", "note " + claim["id"]), claim, lines, [id])

    def relationship_type(self, claim: _claims.Row) -> str:
        """The ontology's STIX type; the own word of a link that says which one it is."""
        link = _claims.qualifiers(claim).get("link")
        if claim["predicate"] == LINKED and link in LINKS:
            return str(link)
        standards = self.bundle.corpus.ontology.edge(claim["predicate"]).standards
        return str(standards.get("STIX", claim["predicate"].lower().replace("_", "-")))

    def relationship_id(self, claim: _claims.Row) -> str:
        """The one that the claim was read from, while it is free, else one made from ours."""
        given = STIX_ID.match(claim["locator"] or "")
        if given and given[0].startswith("relationship--") and given[0] not in self.bundle.objects:
            return given[0]
        return made_id("relationship", claim["id"])

    def revoked(self, claim: _claims.Row) -> dict[str, Any]:
        """Taken back, on the day of the last claim that does so."""
        days = [day for by in self.retractions.get(claim["id"], ())
                if (day := self.bundle.claims[by]["asserted_from"])]  # fmt: skip
        days += [claim["withdrawn_from"]] if claim["withdrawn_from"] else []
        if not days or max(days) < (claim["asserted_from"] or date.min):
            return {"revoked": True}
        return {"revoked": True, "modified": time(max(days))}

    def carry(self, id: str, claim: _claims.Row) -> None:
        """An object says the claim."""
        self.objects[claim["id"]] = id
        self.bundle.beside.carries(id, claim)

    def value(self, claim: _claims.Row) -> None:
        """One claim of a value: a note, or, of names and addresses, on the object that has them."""
        subject = self.things.mention(claim["subject"])
        if claim["predicate"] in ("alias", "url"):
            self.bundle.beside.carries(subject, claim)
            return
        id = made_id("note", claim["id"])
        lines = [
            f"{claim['predicate']}: {value_said(claim, self.bundle.corpus.ontology)}",
            *_claims.remarks(claim),
        ]
        self.note(id, claim, lines, [subject])
        self.carry(id, claim)

    def note(self, id: str, claim: _claims.Row, lines: list[str], about: list[str]) -> None:
        """What a claim says, or what qualifies it, in words."""
        self.bundle.add(id, "note", content="\n".join(lines), object_refs=about, **self.said(claim))

    def sentence(self, claim: _claims.Row) -> None:
        """A claim that STIX cannot say in its own way, as a note in words."""
        ends = [claim[end] for end in ("subject", "object") if claim[end] is not None]
        names = [self.bundle.name(end) for end in ends]
        verb = claim["predicate"].lower().replace("_", " ")
        target = names[1] if len(names) > 1 else value_said(claim, self.bundle.corpus.ontology)
        denies = "denies: " if claim["denies"] else "takes back: " if claim["negative"] else ""
        id = made_id("note", claim["id"])
        lines = [f"{denies}{names[0]} {verb} {target}", *_claims.remarks(claim)]
        refs = sorted({self.things.mention(end) for end in ends})
        self.note(id, claim, lines, refs)
        self.carry(id, claim)

    def opinions(self, claim: _claims.Row) -> None:
        """A denial or dispute speaks against the claims that it disputes."""
        against = self.objects.get(claim["id"])
        if against is None:
            return
        for by in claim["disputed_by"] or ():
            denial = self.bundle.claims[by]
            explanation = {"explanation": denial["summary"]} if denial["summary"] else {}
            degree = "strongly-disagree" if denial["negative"] else "disagree"
            id = made_id("opinion", by + claim["id"])
            self.bundle.add(id, "opinion", opinion=degree, object_refs=[against], **explanation,
                            **self.said(denial))  # fmt: skip
            if denial["negative"] and by not in self.bundle.beside.carried:
                self.bundle.beside.carries(id, denial)

    def said(self, claim: _claims.Row) -> dict[str, Any]:
        """Who, when, where, how sure, for whom."""
        found: dict[str, Any] = self.bundle.author(claim["asserter"])
        when = claim["asserted_from"]
        if when is not None:
            found |= {"created": time(when), "modified": time(when)}
        if claim["confidence"] in CONFIDENCE:
            found["confidence"] = CONFIDENCE[claim["confidence"]]
        found |= self.bundle.marked(self.bundle.marks.claim(claim["id"]))
        found["external_references"] = [
            {"source_name": "kg", "external_id": claim["id"]},
            *self.source(claim),
        ]
        return found

    def source(self, claim: _claims.Row) -> list[dict[str, str]]:
        """The document, and where in it."""
        if claim["document"] not in self.bundle.entities:
            return []
        row = self.bundle.entities[claim["document"]][1]
        paragraph = f"paragraph {claim['paragraph']}" if claim["paragraph"] is not None else ""
        where = ", ".join(part for part in (paragraph, claim["locator"]) if part)
        found = {"source_name": row["name"], "url": row.get("url", ""), "description": where}
        if not found["url"] and not where:
            found["external_id"] = claim["document"]
        return [{key: text for key, text in found.items() if text}]

    def reports(self) -> None:
        """Documents with a day and something in the bundle are reports, all others notes."""
        held: dict[str, list[str]] = {}
        for claim in self.bundle.claims.values():
            if claim["id"] in self.objects and claim["document"] is not None:
                held.setdefault(claim["document"], []).append(self.objects[claim["id"]])
        for id, (kind, row) in self.bundle.entities.items():
            if kind == "Document" and id in held and "date_from" in row:
                self.report(id, row, held[id])
            elif id not in self.things.real:
                self.things.mention(id)

    def report(self, id: str, row: Mapping[str, Any], held: Iterable[str]) -> None:
        """One document. Where others refer to it, it is their note too."""
        report = made_id("report", id)
        publisher = self.bundle.author(self.publishers.get(id))
        self.bundle.add(
            report, "report", name=row["name"], published=time(row["date_from"]),
            object_refs=sorted(set(held)), external_references=references(id, row),
            **self.bundle.marked(self.bundle.entity_marks.get(id)), **publisher,
        )  # fmt: skip
        if self.bundle.ids[id] not in self.bundle.objects:
            self.bundle.beside.held[report] = self.bundle.beside.held.pop(self.bundle.ids[id])


def _valid(claim: Mapping[str, Any]) -> dict[str, str]:
    """`start_time` and `stop_time`; STIX wants the second after the first."""
    start, end = claim["valid_from"], claim["valid_to"]
    found = {"start_time": time(start)} if start else {}
    if end and end < date.max:
        found["stop_time"] = time(end + timedelta(1))
    return found
