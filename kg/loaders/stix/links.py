"""What objects say of two others: relationships, made and withdrawn, and opinions of them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import product
from typing import Any, NamedTuple

from kg.loaders.stix import judged, times
from kg.loaders.stix.bundle import Object, is_text, references, texts
from kg.loaders.stix.fields import ENDS
from kg.loaders.stix.reading import REPORTS, Reading
from kg.loaders.stix.relations import edge_of


class Said(NamedTuple):
    """A claim that a relationship became."""

    subject: str
    edge: str
    target: str
    qualifiers: dict[str, str]
    claim: str


OPINIONS = {"strongly-disagree": True, "disagree": True, "agree": False, "strongly-agree": False}
"""What an opinion is: whether it denies."""


ITSELF = "a relationship that leads to where it starts: left out"


class Links:
    """The relationships of a load, and what is thought of them."""

    def __init__(self, reading: Reading, objects: Sequence[Object]) -> None:
        self.reading, self.objects = reading, objects
        self.said: dict[str, list[Said]] = {}
        """STIX id of a relationship → its claims."""
        self._standing: set[str] = set()
        """Claims that some relationship makes and does not withdraw."""

    def read(self) -> None:
        """All relationships, those that stand before those that were withdrawn; then opinions."""
        relationships = [o for o in self.objects if o["type"] == "relationship"]
        for object in sorted(relationships, key=lambda o: bool(o.get("revoked"))):
            self._relationship(object)
        for object in self.objects:
            if object["type"] == "opinion":
                self._opinion(object)
            if object["type"] in ("opinion", "note"):
                self._of_report(object)

    # Relationships

    def _relationship(self, object: Object) -> None:
        reading, place = self.reading, self.reading.bundle.places[object["id"]]
        missing = [name for name in ENDS if not is_text(object.get(name))]
        for name in missing:
            reading.emit.warn(place, name, "", "a relationship without it: left out")
        if missing:
            return
        if object["source_ref"] == object["target_ref"]:
            reading.audit.miss(place, "target_ref", object["target_ref"], ITSELF)
            return
        if object.get("x_mitre_deprecated"):
            reading.unused[f"deprecated relationship {object['relationship_type']}"] += 1
            return
        found = self._edges(object)
        if not found:
            reading.unused[f"relationship {_types(object)}"] += 1
            return
        for end in ("source_ref", "target_ref"):
            reading.observe(object[end])
            if object[end] not in reading.bundle.objects:
                why = ("is not in these files: what leads there waits in the ledger, and is joined "
                       "when a source that holds it comes")  # fmt: skip
                reading.audit.miss(place, end, object[end], why)
        self.said[object["id"]] = [self._claim(object, *edge) for edge in found]

    def _edges(self, object: Object) -> list[tuple[str, str, str, dict[str, str]]]:
        """(subject, edge, target, qualifiers) of each way in which the ontology can say it: one,
        unless an end is not in these files and may be of several kinds, or indicates several
        things."""
        reading, ontology = self.reading, self.reading.emit.ontology
        found = []
        pairs = product(reading.ends(object["source_ref"]), reading.ends(object["target_ref"]))
        for start, end in pairs:
            kinds = [ontology.kind_of(id) or "" for id in (start, end)]
            edge = edge_of(object["relationship_type"], kinds[0], kinds[1], ontology)
            if edge is None:
                continue
            subject, target = (end, start) if edge.turned else (start, end)
            qualifiers = dict(edge.qualifiers)
            locality = reading.localities.get(object["target_ref"])
            if edge.type == "LOCATED_IN" and locality:
                qualifiers["locality"] = locality
            found.append((subject, edge.type, target, qualifiers))
        return found

    def _claim(
        self, object: Object, subject: str, edge: str, target: str, qualifiers: dict[str, str]
    ) -> Said:
        emit = self.reading.emit
        more: dict[str, Any] = {
            **self._said(object), "summary": self._summary(object, edge),
            "valid": times.span(object, "start_time", "stop_time"), **qualifiers,
        }  # fmt: skip
        revoked = bool(object.get("revoked"))
        more |= self._revoked(object)
        claim = emit.claim(subject, edge, target, **more)
        if not revoked:
            self._standing.add(claim)
        elif claim in self._standing:
            self.reading.unused["withdrawn relationship that another one states again"] += 1
        return Said(subject, edge, target, qualifiers, claim)

    def _revoked(self, object: Object) -> dict[str, Any]:
        """Taken back in its author's voice, which denies nobody else's word: on the day on which it
        was modified, if that was after it was said; else that day tells nothing."""
        if not object.get("revoked"):
            return {}
        taken, said = times.day(object.get("modified")), self.reading.day(object)
        told = taken is not None and (said is None or said <= taken)
        return {"status": "retracted", "withdrawn": taken if told else None}

    def _said(self, object: Object) -> dict[str, Any]:
        """Who says it, when, where and how sure; the references that it cites."""
        cites = [str(r["source_name"]) for r in references(object) if r.get("source_name")]
        locator = f"{object['id']}, citing {'; '.join(cites)}" if cites else object["id"]
        rated = judged.of(object, self.reading.emit.ontology)
        return {**self.reading.said(object), **self.reading.when(object), **rated,
                "locator": locator}  # fmt: skip

    def _summary(self, object: Object, edge: str) -> str | None:
        """What its author wrote beside it. The texts of ATT&CK are its pages, and stay there."""
        if object["relationship_type"] == "revoked-by":
            return "revoked in favour of its successor"
        if self.reading.is_attack:
            return None
        return object.get("description") or None

    # Opinions

    def _opinion(self, object: Object) -> None:
        """An opinion that disagrees with a relationship denies it; one that agrees repeats it."""
        word = re.sub("[ _]+", "-", object.get("opinion", "").strip().casefold())
        denies = OPINIONS.get(word)
        said = [claim for ref in texts(object, "object_refs") for claim in self.said.get(ref, ())]
        about = {ref.partition("--")[0] for ref in texts(object, "object_refs")} - {"relationship"}
        for type_ in sorted(about):
            self.reading.unused[f"opinion of a {type_}"] += 1
        if denies is None:
            self.reading.unused[f"opinion {object.get('opinion') or 'without a word'}"] += 1
            return
        for claim in said:
            self._judge(object, claim, denies)
        if not said and not about:
            place = self.reading.bundle.places[object["id"]]
            self.reading.audit.miss(place, "opinion.object_refs", "",
                                    "an opinion of nothing that was read: left out")  # fmt: skip

    def _of_report(self, object: Object) -> None:
        """What is thought of a report as a whole is told: whoever disagrees with one denies
        something in it, and does not say what; whoever agrees need not mean each claim."""
        word = object.get("opinion") or object.get("abstract") or object.get("content") or ""
        for ref in texts(object, "object_refs"):
            if ref.partition("--")[0] in REPORTS:
                place = self.reading.bundle.places[object["id"]]
                printed = texts(self.reading.bundle.objects.get(ref, {}), "object_refs")
                claims = sum(len(self.said.get(id, ())) for id in printed)
                told = f"{str(word)[:60]} ({ref}, claims: {claims})"
                why = "is said of a report as a whole: no claim in it is taken to be meant"
                self.reading.audit.miss(place, f"{object['type']}.object_refs", told, why)

    def _judge(self, object: Object, claim: Said, denies: bool) -> None:
        more = self._said(object) | {"summary": object.get("explanation") or None}
        if not denies and more["asserter"] is None:
            self.reading.unused["opinion of nobody that agrees"] += 1
            return
        more |= self._revoked(object)
        link = {"disputes": claim.claim} if denies else {"derived_from": claim.claim}
        self.reading.emit.claim(
            claim.subject, claim.edge, claim.target, negative=denies, **more, **link,
            **claim.qualifiers,
        )  # fmt: skip


def _types(object: Object) -> str:
    start, end = (object[f"{end}_ref"].partition("--")[0] for end in ("source", "target"))
    return f"{start} {object['relationship_type']} {end}"
