"""FollowTheMoney entities as JSON lines, for Aleph, OpenSanctions and yente.

Things become entities of the schema that the ontology names (`standards: FollowTheMoney`), edges
the interval schemata; an edge that FollowTheMoney has no schema for becomes an UnknownLink with our
word for it as its role. Each claim of an edge is one entity with its publisher and address.
"""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import polars as pl

from kg.claims.marking import strictest
from kg.exports.kit import claims as _claims
from kg.exports.kit.report import ExportReport, counted, write_lines
from kg.graph.corpus import Corpus
from kg.ontology import countries

FORMAT = "ftm"
DOC = "FollowTheMoney JSON lines, for Aleph and OpenSanctions tools"

ID = re.compile(r"[0-9a-zA-Z]([0-9a-zA-Z.\-]*[0-9a-zA-Z])?")

RENAMED = {"Country": "Territory"}
"""FollowTheMoney 4 has territories where earlier versions spoke of countries."""

LEGAL = {"Person", "Organization", "PublicBody", "Company"}

PLAIN = {
    "Person": {"born": "birthDate", "died": "deathDate", "birthplace": "birthPlace",
               "nationality": "nationality", "gender": "gender", "position": "position"},
    "Organization": {"country": "country"},
    "PublicBody": {"country": "country"},
    "Vessel": {"imo": "imoNumber", "mmsi": "mmsi", "call_sign": "callSign", "flag": "flag",
               "former_flag": "pastFlags", "vessel_type": "type"},
    "Airplane": {"registration": "registrationNumber", "serial_number": "serialNumber",
                 "model": "model"},
}  # fmt: skip
"""Schema → our property → theirs; the inverse of what the loader reads."""

COUNTRIES = {"country", "nationality", "flag", "former_flag"}

INTERVALS = {
    "OWNED_BY": ("Ownership", "asset", "owner"),
    "MEMBER_OF": ("Membership", "member", "organization"),
    "LINKED_TO": ("UnknownLink", "subject", "object"),
}
"""Edge kind → schema, property of its start, property of its end."""

Properties = dict[str, list[str]]
Entity = dict[str, Any]


def export(corpus: Corpus, path: Path) -> ExportReport:
    """Write `path`: one entity a line, things before what links them."""
    maker = _Maker(corpus)
    written = write_lines(path, maker.entities())
    lost = [
        *counted(maker.dropped, "FollowTheMoney has no schema for them"),
        *counted(maker.ends, "claims with an end that has no schema"),
        "hedges, confidence and disputes stand in summaries; denials are left out",
        "who gave a name or a plain value, and its hedge: names are aliases, values are plain",
        "the law that a sanction rests on stands in its summary",
        *_marked(maker.markings),
    ]
    return ExportReport(FORMAT, path, {"entities": written, **maker.written}, lost)


def _marked(markings: Mapping[str, str]) -> list[str]:
    """What becomes of markings, where there are any."""
    counts = counted(
        Counter(markings.values()), "entities carry it as a keyword, claims in summaries"
    )
    return [f"FollowTheMoney has no markings: {text}" for text in counts]


class _Maker:
    """Turns a corpus into FollowTheMoney entities."""

    def __init__(self, corpus: Corpus) -> None:
        self.corpus = corpus
        self.things = {id: (kind, row) for id, kind, row in _claims.entities(corpus)}
        self.owned = set(corpus.graph.edges_of("OWNED_BY")["from"])
        self.imposers = _ends(corpus.graph.edges_of("IMPOSED_BY"))
        self.targets = _ends(corpus.graph.edges_of("DESIGNATES"))
        self.schemata = {
            id: s for id, (kind, _) in self.things.items() if (s := self.schema(id, kind))
        }
        self.dropped: Counter[str] = Counter(
            kind for id, (kind, _) in self.things.items() if id not in self.schemata
        )
        self.ends: Counter[str] = Counter()
        self.marks = corpus.marks
        self.roles: dict[str, str] = {}
        """Claim → what it says the link is."""
        self.keys = {id: key for id, (_, row) in self.things.items() if (key := _own_key(row))}
        self.markings = self._markings()
        self.written: Counter[str] = Counter()

    def schema(self, id: str, kind: str) -> str | None:
        """An organisation that somebody owns is a company: only assets have owners."""
        named = self.corpus.ontology.node(kind).standards.get("FollowTheMoney")
        named = RENAMED.get(named, named) if named else None
        return "Company" if named == "Organization" and id in self.owned else named

    def edges(self) -> Iterator[tuple[str, str, str]]:
        """Claimed and declared edges of things, without repetition."""
        for (type_, start_kind, _), frame in self.corpus.graph.edges.items():
            if start_kind != "Claim":
                for start, end in frame.select("from", "to").iter_rows():
                    yield start, type_, end

    def entities(self) -> Iterator[Entity]:
        """Everything once, in a fixed order; several claims may need the same position."""
        made: set[str] = set()
        for entity in self.all():
            if entity["id"] not in made:
                made.add(entity["id"])
                self.written[entity["schema"]] += 1
                yield entity

    def all(self) -> Iterator[Entity]:
        """Things, then declared and claimed edges."""
        extra = self.extra_properties()
        for id, schema in self.schemata.items():
            if schema != "Sanction":
                yield self.entity(self.key(id), schema, self.thing(id, schema) | extra.get(id, {}))
        for start, type_, end in _claims.declared_edges(self.corpus):
            yield from self.link(start, type_, end, {}, "declared")
        for claim in _claims.claims(self.corpus, relations=True):
            if not claim["negative"] and claim["standing"] == "asserted":
                ends = (claim["subject"], claim["predicate"], claim["object"])
                yield from self.link(*ends, self.said(claim), claim["id"])

    def entity(self, id: str, schema: str, properties: Properties) -> Entity:
        """One line of the file."""
        kept = {name: found for name, values in properties.items() if (found := _unique(values))}
        return {"id": id, "schema": schema, "properties": kept}

    def thing(self, id: str, schema: str) -> Properties:
        """What FollowTheMoney has a place for."""
        row = self.things[id][1]
        found: Properties = {"name": [row["name"]], "alias": [n for n in row.get("names", ())
                             if n != row["name"]], "sourceUrl": _texts(row, "url"),
                             "notes": _texts(row, "description")}  # fmt: skip
        for ours, theirs in PLAIN.get(
            "Organization" if schema == "Company" else schema, {}
        ).items():
            texts = _texts(row, ours)
            found[theirs] = [_alpha2(text) for text in texts] if ours in COUNTRIES else texts
        if schema == "Territory":
            found["country"] = [_alpha2(id.partition(":")[2])]
        if schema == "Event":
            found |= _days(row, "occurred")
        if schema == "Document":
            found["title"] = [row["name"]]
            found["date"] = _days(row, "date").get("startDate", [])
        if marking := self.markings.get(id):
            found["keywords"] = [marking]
        return found

    def extra_properties(self) -> dict[str, Properties]:
        """Edges that are plain properties there: who took part, which country, which parent."""
        found: dict[str, Properties] = {}
        for start, type_, end in sorted(set(self.edges())):
            place = self.place(start, type_, end)
            if place is not None:
                holder, name, value = place
                found.setdefault(holder, {}).setdefault(name, []).append(value)
        return found

    def place(self, start: str, type_: str, end: str) -> tuple[str, str, str] | None:
        """(whose, property, value) of an edge that is a property there."""
        one, other = self.schemata.get(start), self.schemata.get(end)
        if type_ == "PARTICIPATED_IN" and one in LEGAL and other == "Event":
            return end, "involved", self.key(start)
        if type_ in ("PART_OF", "LOCATED_IN") and other == "Territory" and one in LEGAL | {"Event"}:
            return start, "country", _alpha2(end.partition(":")[2])
        if type_ == "PART_OF" and one in LEGAL and other in LEGAL:
            return start, "parent", self.key(end)
        if type_ == "PUBLISHED_BY" and one == "Document":
            return start, "publisher", self.name(end)
        return None

    def link(
        self, start: str, type_: str, end: str, said: Properties, key: str
    ) -> Iterator[Entity]:
        """What an edge becomes, if it is no property."""
        if type_ == "DESIGNATES":
            yield from self.sanction(start, end, said, key)
        elif type_ == "REPRESENTS":
            yield from self.office(start, end, said, key)
        elif type_ in ("IMPOSED_BY", "CITES") or self.place(start, type_, end) is not None:
            return
        elif {self.schemata.get(start), self.schemata.get(end)} & {None, "Sanction"}:
            self.ends[type_] += 1
        else:
            yield self.interval(start, type_, end, said, key)

    def interval(self, start: str, type_: str, end: str, said: Properties, key: str) -> Entity:
        """An edge with properties of its own."""
        schema, one, other = INTERVALS.get(type_, INTERVALS["LINKED_TO"])
        fitting = {
            "Ownership": self.schemata[end] in LEGAL,
            "Membership": True,
            "UnknownLink": True,
        }
        if not fitting[schema]:
            schema, one, other = INTERVALS["LINKED_TO"]
        role = self.roles.get(key) or type_.lower().replace("_", " ")
        id = f"{schema.lower()}-{_digest(key, start, type_, end)}"
        ends = {one: [self.key(start)], other: [self.key(end)], "role": [role]}
        return self.entity(id, schema, ends | said)

    def sanction(self, sanction: str, target: str, said: Properties, key: str) -> Iterator[Entity]:
        """There a sanction is of one entity: a package becomes one for each it names."""
        if sanction not in self.schemata or target not in self.schemata:
            self.ends["DESIGNATES"] += 1
            return
        row = self.things[sanction][1]
        authority = [self.name(end) for end in self.imposers.get(sanction, ())]
        laws = [f"legal basis: {law}" for law in _texts(row, "legal_basis")]
        found = said | {"entity": [self.key(target)], "program": _texts(row, "programme"),
                        "reason": _texts(row, "description"), "status": _texts(row, "status"),
                        "summary": [*said.get("summary", ()), *laws], "authority": authority,
                        "listingDate": _days(row, "listed").get("startDate", [])}  # fmt: skip
        found |= _days(row, "occurred")
        alone = len(self.targets.get(sanction, ())) == 1
        own = self.keys.get(sanction) if alone else None
        yield self.entity(own or f"sanction-{_digest(key, sanction, target)}", "Sanction", found)

    def office(self, person: str, state: str, said: Properties, key: str) -> Iterator[Entity]:
        """Who speaks for a state holds a position of that country."""
        if self.schemata.get(person) != "Person" or state not in self.schemata:
            self.ends["REPRESENTS"] += 1
            return
        code = _alpha2(state.partition(":")[2])
        post = f"position-{self.key(state)}"
        name = f"Representative of {self.name(state)}"
        yield self.entity(post, "Position", {"name": [name], "country": [code]})
        id = f"occupancy-{_digest(key, person, state)}"
        yield self.entity(id, "Occupancy", {"holder": [self.key(person)], "post": [post]} | said)

    def said(self, claim: _claims.Row) -> Properties:
        """Who says so, where, when, and with which reserve."""
        qualifiers = _claims.qualifiers(claim)
        if role := qualifiers.get("link") or qualifiers.get("position"):
            self.roles[claim["id"]] = role
        of_sanction = claim["predicate"] == "DESIGNATES" and self.markings.get(claim["subject"])
        marked = strictest((self.marks.claim(claim["id"]), of_sanction or None))
        marking = f"marking: {marked}" if marked else ""
        found: Properties = {"recordId": [claim["id"]], "summary": [
            text for text in (claim["summary"], *_claims.remarks(claim), marking)
            if text]}  # fmt: skip
        if claim["asserter"]:
            found["publisher"] = [self.name(claim["asserter"])]
        if claim["document"] in self.things:
            found["proof"] = [self.key(claim["document"])]
            found["sourceUrl"] = _texts(self.things[claim["document"]][1], "url")
        found |= _days(claim, "valid")
        if said := _days(claim, "asserted").get("startDate"):
            found["date"] = said
        return found

    def _markings(self) -> dict[str, str]:
        """The strictest marking of what became properties of each entity, edges too."""
        found = self.marks.entities()
        for claim in _claims.claims(self.corpus, relations=True):
            ends = claim["subject"], claim["predicate"], claim["object"]
            place = self.place(*ends)
            holder = place[0] if place else ends[0] if ends[1] == "IMPOSED_BY" else ""
            marking = strictest((found.get(holder), self.marks.claim(claim["id"])))
            if holder and marking:
                found[holder] = marking
        return found

    def key(self, id: str) -> str:
        """The id that an entity has in FollowTheMoney, where it came from there; else one made of
        ours."""
        return self.keys.get(id) or _key(id)

    def name(self, id: str) -> str:
        """The display name of an entity."""
        return str(self.things[id][1]["name"]) if id in self.things else id


def _ends(edges: pl.DataFrame) -> dict[str, list[str]]:
    """Where the edges lead to, by where they start."""
    found: dict[str, list[str]] = {}
    for start, end in edges.select("from", "to").iter_rows():
        found.setdefault(start, []).append(end)
    return found


_DAY = re.compile(r"\d{4}(?:-\d\d(?:-\d\d)?)?")


def _days(row: Mapping[str, Any], what: str) -> Properties:
    """From when to when, no more exact than it is known: years and months stay that. An interval
    that is one date (`2018-06`) begins with it and has no end of its own."""
    text = str(row.get(what) or "")
    start, slash, end = text.partition("/")
    if not _DAY.fullmatch(start) and (first := row.get(f"{what}_from")):
        start = first.isoformat() if start not in ("", "..") else ""
    last = row.get(f"{what}_to")
    if slash and not _DAY.fullmatch(end):
        end = last.isoformat() if last and end not in ("", "..") else ""
    found = {
        "startDate": start,
        "endDate": end or (start if slash == "" and what == "valid" else ""),
    }
    return {name: [day] for name, day in found.items() if _DAY.fullmatch(day)}


def _key(id: str) -> str:
    """An id as FollowTheMoney allows it."""
    plain = id.replace(":", "-", 1)
    return plain if ID.fullmatch(plain) else f"{plain.partition('-')[0]}-{_digest(id)}"


def _own_key(row: Mapping[str, Any]) -> str | None:
    """The one id of FollowTheMoney among an entity's records."""
    found = [record[4:] for record in row.get("record", ()) if record.startswith("ftm:")]
    return found[0] if len(found) == 1 and ID.fullmatch(found[0]) else None


def _digest(*parts: str) -> str:
    return hashlib.sha1("\x1f".join(parts).encode(), usedforsecurity=False).hexdigest()


def _texts(row: Mapping[str, Any], name: str) -> list[str]:
    value = row.get(name)
    if value is None:
        return []
    return [str(item) for item in value] if isinstance(value, list) else [str(value)]


def _alpha2(code: str) -> str:
    return countries.alpha2().get(code, code).lower()


def _unique(values: list[str]) -> list[str]:
    return list(dict.fromkeys(value for value in values if value))
