"""FollowTheMoney entities, as OpenSanctions and Aleph publish them.

One line of JSON is one entity: `{"id", "schema", "caption", "datasets", "properties": {name:
[values]}}`, or a part of one: several of one id are one entity, as FollowTheMoney has it, of the
narrowest of their schemata. Others may be nested in it; a table of statements is read as well.
Files are streamed twice: once for what each id is, once for what is said. A dataset becomes a
Document, if only one can have said it. Who says it is known only for sanctions (their `authority`)
and where the source folder names an asserter, and stays unknown otherwise.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from contextlib import suppress
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from kg.base.errors import InputError, an
from kg.base.fillers import is_filler
from kg.claims.checks import Checks
from kg.claims.marking import level, strictest
from kg.loaders.ftm.entities import SUFFIXES, Entity, entities, is_delta, is_foreign
from kg.loaders.ftm.vocabulary import (
    DAYS,
    LEFT_OUT,
    LINKS,
    PROPERTIES,
    QUALIFIER,
    READ,
    REPRESENTING,
    SUPPORT,
    THINGS,
    WIDER,
    WORDS,
)
from kg.loaders.kit.actors import KEPT_AS_ONE, listed, may_be_several
from kg.loaders.kit.days import between, printed
from kg.loaders.kit.reading import Audit, gather, named_once, slug
from kg.loaders.kit.sources import SourceInfo, source_at
from kg.loaders.kit.typed import TEXT
from kg.ontology import countries

if TYPE_CHECKING:
    from kg.claims.emitter import Emitter

FORMAT = "ftm"
DOC = "FollowTheMoney (OpenSanctions, Aleph): JSON lines, nested or a delta; statements as CSV"
HOME = "https://www.opensanctions.org/datasets/"
LICENCE = "as the publisher says; OpenSanctions: CC BY-NC 4.0, not shipped"
CHECKS = Checks(filled={("Sanction", "DESIGNATES"): 0.9})


def load(paths: Sequence[Path], emit: Emitter) -> None:
    """Read files and folders of JSON lines or statements, `.gz` or not."""
    given = [file for path in paths for file in gather([path], SUFFIXES)]
    files = [file for file in given if len(given) == 1 or not is_foreign(file)]
    infos = [info for path in paths if (info := source_at(path)) is not None]
    reading = _Ftm(emit, infos[0] if infos else None)
    for file in sorted(set(given) - set(files)):
        why = "holds neither entities nor statements and was left out"
        reading.audit.miss(str(file), "", "", why)
    for file in filter(is_delta, files):
        emit.only_changes(file)
    for file in files:
        for place, entity in entities(file):
            reading.meet(place, entity)
    for file in files:
        for place, entity in entities(file, reading.audit):
            reading.read(place, entity)
    reading.finish()
    reading.audit.report(emit)


def called(paths: Sequence[Path]) -> str | None:
    """As the one dataset that the files say they are of, by their first entities."""
    named = {name for file in gather(paths, SUFFIXES) for name in _datasets(file)}
    return f"{FORMAT}-{slug(named.pop())}" if len(named) == 1 else None


def _datasets(file: Path) -> list[str]:
    with suppress(InputError):  # which is told when the file is read
        for _, entity in entities(file):
            found = entity.get("datasets")
            return [name for name in found if TEXT.fits(name)] if isinstance(found, list) else []
    return []


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
        self.referents: dict[str, str] = {}
        """Id that an entity had before it became one with another → the id that it has now."""
        self.several: set[str] = set()
        """Ids of which more than one part was met."""
        self.odd: set[tuple[str, str]] = set()
        """Places and ids of parts that their entity cannot have."""
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
        self.referents.update(dict.fromkeys(entity.get("referents") or (), id))
        if kind := THINGS.get(schema):
            ours = self.ids[id] = f"{self.emit.ontology.nodes[kind].prefix}:ftm-{_key(id)}"
            name = _called(entity)
            self.names[ours] = min(name, self.names.get(ours, name))
        elif schema == "Position":
            self.posts[id] = _whole(self.posts.get(id), entity)

    def schema(self, place: str, entity: Entity) -> str:
        """The narrowest schema under which an id was met. A part of one that it cannot have, which
        FollowTheMoney refuses, is told and left out."""
        id, schema = entity["id"], entity["schema"]
        if id not in self.met:
            self.met[id] = schema, place
            return str(schema)
        self.several.add(id)
        before, first = self.met[id]
        if schema in WIDER.get(before, ()):
            self.met[id] = schema, place
        elif before != schema and before not in WIDER.get(schema, ()):
            why = f"cannot be {an(schema)}: it is {an(before)} at {first}; this part was left out"
            self.audit.miss(place, "id", id, why)
            self.odd.add((place, id))
        return self.met[id][0]

    def read(self, place: str, entity: Entity) -> None:
        """Take what a line says; of what came in parts, once all are there."""
        if (place, entity["id"]) in self.odd:
            return
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
        document = self.document(entity)
        more = {**_remarks(entity), **more}
        printed = {"locator": f"{more.pop('locator', entity['id'])}{self.origins(entity)}"}
        if document is None and self.date:
            printed |= {"asserted": self.date, "asserted_basis": "metadata"}
        more = {"asserter": self.asserter, **printed, **self.our_word(place, entity), **more}
        self.emit.claim(subject, predicate, target, document=document, place=place, **more)

    def our_word(self, place: str, entity: Entity) -> dict[str, str | None]:
        """Who says a claim that our own export wrote, and since when: there its publisher is
        whoever said it, and never whoever passes the file on. Without a name, or with one that
        nobody or several have here, it is not known who does."""
        if not _is_ours(entity):
            return {}
        named = _values(entity, "publisher")
        who = {id for name in named for id in self.called.get(name, ())}
        if named and len(who) != 1:
            why = f"{'several are' if who else 'nobody is'} called so here: who says so is unknown"
            self.audit.miss(place, "publisher", "; ".join(named), why)
        found = {"asserter": who.pop() if len(who) == 1 else None}
        day = _values(entity, "date")[:1]
        return {**found, "asserted": day[0], "asserted_basis": None} if day else {**found}

    @cached_property
    def called(self) -> Mapping[str, Sequence[str]]:
        """Name → who is called so and may say something; to be asked when all were met."""
        may = self.emit.ontology.edges["ASSERTED_BY"].targets
        found: dict[str, list[str]] = {}
        for id, (_, name) in self.names.items():
            if self.emit.ontology.kind_of(id) in may:
                found.setdefault(name, []).append(id)
        return found

    def document(self, entity: Entity) -> str | None:
        """The dataset that an entity comes from. Of several, each may have said any of it: none."""
        datasets = {*(entity.get("datasets") or ())}
        if len(datasets) != 1:
            return None
        name = datasets.pop()
        id = f"document:ftm-{slug(name)}"
        basis = "metadata" if self.date else None
        return self.entity(id, f"Dataset {name}", date=self.date, date_basis=basis)

    def origins(self, entity: Entity) -> str:
        """Where it may come from, in words, if that may be several datasets."""
        datasets = sorted({*(entity.get("datasets") or ())})
        if len(datasets) < 2:
            return ""
        self.emit.note(
            "claims of entities of several datasets, of which it is not known which says so"
        )
        return f" (in one or more of: {', '.join(datasets)})"

    # ------------------------------------------------------------------ things

    def thing(self, place: str, entity: Entity) -> None:
        id, kind = self.ids[entity["id"]], THINGS[self.met[entity["id"]][0]]
        declared = self.names[id][1]
        self.emit.entity(
            id, declared, place=place, record=f"ftm:{entity['id']}", marking=_marking(entity)
        )
        for other in dict.fromkeys((entity.get("caption"), *_values(entity, "name"))):
            if other and other != declared:
                self.say(place, entity, id, "alias", other)
        asserter = self.sanction(place, entity, id) if kind == "Sanction" else self.asserter
        self.properties(place, entity, id, kind, asserter=asserter)

    def properties(self, place: str, entity: Entity, id: str, kind: str, **more: Any) -> None:
        known = {**PROPERTIES[""], **PROPERTIES.get(kind, {})}
        for name in (name for name in entity["properties"] if name in known):
            weak = {"locator": f"{entity['id']} (weak alias)"} if name == "weakAlias" else {}
            for value in _values(entity, name):
                if known[name] != "description" or _REMARK.fullmatch(value) is None:
                    self.say(place, entity, id, known[name], value, **weak, **more)
        for law in _remarked(entity, "legal basis") if kind == "Sanction" else ():
            self.say(place, entity, id, "legal_basis", law, **more)
        word = _WORD if _is_ours(entity) else ()
        self.rest(place, entity, [*known, *READ[""], *READ.get(kind, ()), *word])

    def rest(self, place: str, entity: Entity, read: Sequence[str]) -> None:
        """Count the properties that nobody read, and report those that nobody knows."""
        for name in entity["properties"]:
            if name in LEFT_OUT and name not in read:
                self.emit.note(f"properties not loaded: {name}")
            elif name not in read:
                example = "; ".join(_values(entity, name))
                why = f"property of {an(entity['schema'])} is not understood and was left out"
                self.audit.miss(place, name, example, why)

    def sanction(self, place: str, entity: Entity, id: str) -> str | None:
        """What each authority says: it designates, from when to when. Who says the rest, which is
        known where there is one authority only. In our own export somebody else may have said whom
        it designates, and it is not known who said the rest."""
        printed = [name for value in _values(entity, "authority") for name in _bodies(value)]
        named = {slug(name): name for name in reversed(printed) if not is_filler(name)}
        for name in filter(may_be_several, named.values()):
            self.audit.miss(place, "authority", name, KEPT_AS_ONE)
        state = _of_state(entity)
        bodies = [
            self.entity(f"agency:ftm-{key}{state}", name, place=place)
            for key, name in named.items()
        ]
        targets, word = self.ends(place, entity, "entity"), self.our_word(place, entity)
        whose: list[str | None] = [word["asserter"]] if word else [*bodies] or [self.asserter]
        for valid in self.days(place, entity):
            more = {"statement": f"ftm:{entity['id']}", **valid}
            for body in bodies:
                says = None if word else body
                self.say(place, entity, id, "IMPOSED_BY", body, asserter=says, **more)
            for target in targets:
                for who in whose:
                    self.say(place, entity, id, "DESIGNATES", target, asserter=who, **more)
        if word or len(bodies) > 1:
            return None
        return bodies[0] if bodies else self.asserter

    # ------------------------------------------------------------------ edges

    def link(self, place: str, entity: Entity) -> None:
        start, predicate, end = LINKS[entity["schema"]]
        subjects, targets = (self.ends(place, entity, name) for name in (start, end))
        said = [name for name in WORDS if predicate in QUALIFIER and _values(entity, name)][:1]
        if ours := self.ours(entity, subjects, targets):
            predicate, said = ours, []
        more = {QUALIFIER[predicate]: _joined(entity, said[0])} if said else {}
        edge = self.emit.ontology.edges[predicate]
        for subject in subjects:
            for target in targets:
                kinds = [self.emit.ontology.kind_of(id) or "" for id in (subject, target)]
                if not edge.allows(*kinds):
                    why = f"{predicate} cannot lead from {an(kinds[0])} to {an(kinds[1])}; left out"
                    self.audit.miss(place, entity["schema"], f"{subject} → {target}", why)
                    continue
                for valid in self.days(place, entity):
                    self.say(place, entity, subject, predicate, target, **more, **valid)
        word = _WORD if _is_ours(entity) else ()
        self.rest(place, entity, [start, end, *DAYS, *said, *(["role"] if ours else []), *word])

    def ours(self, entity: Entity, subjects: Sequence[str], targets: Sequence[str]) -> str | None:
        """The edge kind that the role of a link names (`attributed to`), as our own export writes
        those for which FollowTheMoney has no schema, if it may lead there."""
        name = _joined(entity, "role").upper().replace(" ", "_")
        edge = self.emit.ontology.edges.get(name)
        if edge is None or not edge.claimable or entity["schema"] != "UnknownLink":
            return None
        kind = self.emit.ontology.kind_of
        fits = all(edge.allows(kind(a) or "", kind(b) or "") for a in subjects for b in targets)
        return name if fits else None

    def occupancy(self, place: str, entity: Entity) -> None:
        """A post held: a position of the person, and for the state where it speaks for it."""
        for holder in self.ends(place, entity, "holder"):
            for post in _values(entity, "post"):
                position = self.posts.get(self.referents.get(post, post))
                if position is None:
                    self.audit.miss(place, "post", post, "points to nothing in these files")
                    continue
                self.post(place, entity, holder, position)
        self.rest(place, entity, ["holder", "post", *DAYS])

    def post(self, place: str, entity: Entity, holder: str, position: Entity) -> None:
        office = position.get("caption") or _joined(position, "name") or position["id"]
        speaks = REPRESENTING.intersection(_values(position, "topics"))
        for days in self.days(place, entity):
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
            if ours := self.ids.get(id) or self.ids.get(self.referents.get(id, "")):
                found.append(ours)
            else:
                self.audit.miss(place, name, id, "points to nothing in these files")
        return found

    def days(self, place: str, entity: Entity) -> list[dict[str, str]]:
        """`startDate` and `endDate` as valid times of an edge; an unknown end stays open. One for
        each of several starts, but ends that then belong to none of them are left out."""
        starts, ends = (_values(entity, name) or [""] for name in DAYS)
        if len(starts) > 1 and len(ends) > 1:
            why = (
                "several starts and several ends: which belong together is not known; ends left out"
            )
            self.audit.miss(place, DAYS[1], "; ".join(ends), why)
            ends = [""]
        pairs = [(start, end) for start in starts for end in ends]
        return [
            {"valid": between(start, end), "valid_basis": "stated"} if start or end else {}
            for start, end in pairs
        ]

    def state(self, printed: str, place: str) -> str | None:
        code = self.audit.country(place, "country", printed)
        return self.entity(f"state:{code}", countries.names()[code]) if code else None


def _is_ours(entity: Entity) -> bool:
    """Whether our own export wrote a link or a sanction: its record is the id of a claim."""
    return any(key.startswith("claim:") for key in _values(entity, "recordId"))


_WORD = ("recordId", "publisher", "date")
"""What is read of such, and of no other."""


def _key(id: str) -> str:
    """An id as the key of ours. Not a slug: in these ids capital letters count, and a blank is no
    hyphen."""
    return re.sub(r"[\s%]", lambda found: quote(found.group()), id)


def _called(entity: Entity) -> tuple[bool, str]:
    """What an entity is called first, and whether that had to be made up."""
    names = (entity.get("caption") or "", *_values(entity, "name"))
    if name := next((name for name in names if not is_filler(name)), ""):
        return False, name
    if entity["schema"] == "Sanction":
        return True, f"Sanction on {', '.join(_values(entity, 'entity')[:1])}"
    return True, entity["id"]


_REMARK = re.compile(
    r"(hedge|likelihood|confidence|reliability|credibility|marking|legal basis|valid|collective|"
    r"attribution_type|attribution_basis|status): (.+)"
)
"""What our own export writes into a summary, because FollowTheMoney has no place for it."""
_KEPT = ("hedge", "likelihood", "confidence", "reliability", "credibility", "marking",
         "attribution_type", "attribution_basis")  # fmt: skip


def _remarked(entity: Entity, name: str) -> list[str]:
    """What the remarks in an entity's summary say under one name."""
    found = (_REMARK.fullmatch(text) for text in _values(entity, "summary"))
    return [remark[2] for remark in found if remark and remark[1] == name]


def _remarks(entity: Entity) -> dict[str, str]:
    """How the claims of an entity are qualified, by its remarks; its keywords may mark it."""
    said = {name: values[0] for name in _KEPT if (values := _remarked(entity, name))}
    marking = strictest((_marking(entity), level(said.pop("marking", ""))))
    return {**said, **({"marking": marking} if marking else {})}


def _marking(entity: Entity) -> str | None:
    """The strictest level of TLP among an entity's keywords, however it is written."""
    words = _values(entity, "keywords")
    return strictest(level(word) for word in words if word.upper().startswith("TLP"))


def _joined(entity: Entity, name: str) -> str:
    """All values of a property that are no fillers, as one text."""
    return "; ".join(value for value in _values(entity, name) if not is_filler(value))


def _of_state(entity: Entity) -> str:
    """What tells the ministry of one state from that of another: its country, if it is one."""
    found = {countries.code(name) or name for name in _values(entity, "country")}
    return f"-{slug(found.pop())}" if len(found) == 1 else ""


def _bodies(printed: str) -> list[str]:
    """The names in one value: `Ministry A; Ministry B`, `Ministry of A and Ministry of B`."""
    each = [name for one in listed(printed) for name in re.split(_ALIKE, one)]
    return [
        name for one in each for name in (_SHORT.findall(one) if _SHORTS.fullmatch(one) else [one])
    ]


_ALIKE = (
    r"(?<=\w)(?:,? (?:and|&) |, ?| ?/ ?)(?=(?:the )?(?:Ministry|Department|Office|Government)\b)"
)
"""Between two bodies: what follows is headed as a body is."""
_SHORT = re.compile(r"[A-Z]{2,8}")
_SHORTS = re.compile(r"[A-Z]{2,8}(?:(?:,? and |, ?| ?[/&] ?)[A-Z]{2,8})+")
"""`OFAC and BIS`."""


def _values(entity: Entity, name: str) -> list[str]:
    """The values of a property; dates as they are meant, however they are written."""
    found: list[str] = entity["properties"].get(name, [])
    return [printed(value) for value in found] if name.endswith("Date") else found


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
