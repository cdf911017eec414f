"""MISP galaxy clusters: what many sources call the same actors, tools, states, sectors, vendors.

A name is claimed by MISP; where the cluster says whose it is (`name-attribution`, `origin:…`), the
claim cites that producer: that it is a name of this actor is MISP's word all the same. `cfr-…`
fields are the word of the Council on Foreign Relations. An attribution confidence of 50 is filler.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import Any

from kg.base.errors import InputError, Problem
from kg.base.fillers import is_filler
from kg.claims.checks import Checks
from kg.claims.emitter import Emitter
from kg.identity import names
from kg.loaders.kit.actors import KEPT_AS_ONE, ONE_BY_ONE, listed, may_be_joined, places
from kg.loaders.kit.json import read_json
from kg.loaders.kit.parts import JsonParts
from kg.loaders.kit.reading import Audit, Records, gather, named_once, slug
from kg.loaders.kit.sources import date_of
from kg.loaders.kit.typed import FLAG, KEY, KEYS, OBJECT, OBJECTS, TEXT, TEXTS, typed
from kg.loaders.microsoft import origins
from kg.ontology import countries, publishers

FORMAT = "misp-galaxy"
DOC = "MISP galaxy clusters: threat actors, malware, tools, producers, agencies, sectors, countries"
HOME = "https://github.com/MISP/misp-galaxy"
LICENCE = "CC0 1.0 or BSD-2-Clause"
CHECKS = Checks()

MISP = "organization:misp-project"
CFR = "organization:cfr"


@dataclass(frozen=True)
class Type:
    """How the values of one cluster type are read."""

    prefix: str
    record: str = ""
    """Before the colon of a record's key; default `misp-<type>`."""


SOFTWARE = (
    "tool", "ransomware", "rat", "banker", "backdoor", "botnet", "stealer", "android", "exploit-kit"
)  # fmt: skip
"""Types of clusters that are software."""

TYPES = {
    "threat-actor": Type("group", "misp"),
    "microsoft-activity-group": Type("group"),
    "mitre-intrusion-set": Type("group"),
    **dict.fromkeys(SOFTWARE, Type("software")),
    "producer": Type("organization"),
    "intelligence-agency": Type("agency"),
    "sector": Type("sector"),
    "country": Type("state"),
    "region": Type("region"),
}
"""Cluster types by their `type`; other clusters are reported."""

REGIONS = {
    "east asia": "eastern asia",
    "south asia": "southern asia",
    "southeast asia": "south-eastern asia",
    "north america": "northern america",
    "global": "world",
}
"""What victims' regions are also called → UN M49's name."""

UNNUMBERED = {"middle east": "Middle East"}
"""Regions that M49 does not know and everybody speaks of."""

OPERATIONS = ("operation", "campaign")

RELATIONS = {
    "similar": "MAY_BE_SAME",
    "uses": "USED",
    "used-by": "USED",
    "part-of": "SUBGROUP_OF",
    "revoked-by": "SAME_AS",
    "linked-to": "LINKED_TO",
    "overlaps": "LINKED_TO",
    "associated-with": "LINKED_TO",
    "related-to": "LINKED_TO",
    "targets": "TARGETED",
    "deploys": "USED",
}
"""Relations that have an edge here. `similar` is a likeness, not a statement of identity."""

CONFIDENCE = "attribution-confidence"

SUBSET = re.compile(
    r"[^.]*\bsub-?(?:group|set)s? of (?:the )?(?:[A-Z][a-z]+ actor )?(?P<whole>[^.,;]+)"
)
"""A sentence that calls something a sub-group, up to the name of the whole and what follows it."""

HEDGES = re.compile(
    r"assessed with \w+ confidence|assessed|considered|believed|suspected|appears|likely"
)

SYNONYMS = ("synonyms", "synomyms")
"""Fields of `meta` with other names; the second is spelt so in one cluster."""

UNSET = "50"
"""Attribution confidence that a maintenance script writes where there is none."""

FIELDS = {
    "value": TEXT, "uuid": TEXT, "description": TEXT, "revoked": FLAG,
    "related": OBJECTS._replace(inside={"type": TEXT, "dest-uuid": TEXT, "tags": TEXTS}),
    "meta": OBJECT,
}  # fmt: skip
"""Fields of a cluster that are read, or left out as a catalogue's own prose and bookkeeping."""

FILE = {"name": TEXT, "version": KEY}

UNUSED = frozenset(
    (
        "external_id", "company-type", "product-type", "products", "Continent", "CurrencyCode",
        "CurrencyName", "ISO", "ISO3", "Languages", "Population", "budapest-convention", "tld",
        "country_name", "NACE_CODE", "possible_issues", "type", "capabilities",
        "mode-of-operation", "victimology", "threat-actor-classification", "since", "GRU",
        "spoken-language", "uuid", "date", "payment-method", "price", "encryption", "extensions",
        "links", "ransomnotes", "ransomnotes-filenames", "ransomnotes-refs", "colour",
    )
)  # fmt: skip
"""Fields of `meta` that were looked at and left out, or are read where they are needed."""


@dataclass
class Cluster:
    """One value of a galaxy, with its place and what it became."""

    data: Mapping[str, Any]
    type: str
    place: str
    document: str
    id: str = ""

    @property
    def value(self) -> str:
        """Its name, which is its key in the galaxy."""
        value: str = self.data["value"]
        return value.strip()

    @property
    def codes(self) -> list[str]:
        """Its UUID, where it has one."""
        uuid = self.data.get("uuid")
        return [f"misp-galaxy:{uuid}"] if uuid else []

    @property
    def meta(self) -> Mapping[str, Any]:
        """What is said of it beside name and description."""
        found: Mapping[str, Any] = self.data.get("meta", {})
        return found

    def texts(self, name: str) -> list[str]:
        """The texts that a meta field holds, each by itself and once: `KP; RU` is two."""
        each = PARTED.get(READERS.get(name, ("",))[0])
        given = self.meta.get(name, ())
        parts = given if each is None else [part for text in given for part in each(text)]
        texts = (text.strip() for text in parts)
        return list(dict.fromkeys(text for text in texts if text))


@dataclass
class Galaxy:
    """All clusters that are loaded together."""

    clusters: dict[str, Cluster] = field(default_factory=dict)
    """By UUID; until 2018 not every cluster had one: then by its value."""
    given: dict[str, Mapping[str, Any]] = field(default_factory=dict)
    """The same as they are written."""
    taken: set[str] = field(default_factory=set)


def load(paths: Sequence[Path], emit: Emitter) -> None:
    """Read all clusters as one source."""
    audit, galaxy = Audit(), Galaxy()
    reader = _Reader(emit, audit, galaxy, date_of(paths))
    for path in gather(paths, [".json"]):
        reader.collect(path)
    for cluster in galaxy.clusters.values():
        reader.entity(cluster)
    for cluster in galaxy.clusters.values():
        reader.claims(cluster)
    audit.report(emit)
    if not any(cluster.id for cluster in galaxy.clusters.values()):
        where, types = ", ".join(map(str, paths)), ", ".join(sorted(reader.foreign))
        why = f", as those of type {types} are not read; {', '.join(TYPES)} are" if types else ""
        emit.error(where, "values", "", f"nothing in these clusters can be loaded{why}")
    for what, count in sorted((+reader.unused).items()):
        emit.note(f"not used: {what}", count)


class _Reader:
    def __init__(self, emit: Emitter, audit: Audit, galaxy: Galaxy, date: str | None) -> None:
        self.emit, self.audit, self.galaxy, self.date = emit, audit, galaxy, date
        self.declare = named_once(emit)
        self.unused: Counter[str] = Counter()
        self.regions: dict[str, str] = {}
        self.foreign: set[str] = set()
        """Types of clusters that are not read."""

    def collect(self, path: Path) -> None:
        """The clusters of one file."""
        content = read_json(path)
        values = content.get("values") if isinstance(content, dict) else None
        if not isinstance(values, list) or not isinstance(content.get("type"), str):
            raise InputError(Problem("is no MISP galaxy cluster: `type` and `values` are wanted",
                                     f"{path}:1"))  # fmt: skip
        type_ = content["type"]
        if type_ not in TYPES:
            self.foreign.add(type_)
            self.audit.miss(
                f"{path}:1", "type", type_, f"cluster is not read: {len(values)} values"
            )
            return
        document = self._document(typed(content, FILE, self.audit.teller(f"{path}:1")))
        records = Records(path, self.audit)
        for number, data in enumerate(values):
            place = f"{path}#values[{number}]"
            keys = [data.get("value"), data.get("uuid", " ")] if isinstance(data, dict) else []
            if not keys or not all(isinstance(k, str) for k in keys) or not keys[0].strip():
                records.lost(Problem("is no cluster with a `value`", place))
                continue
            records.kept()
            self._add(Cluster(data, type_, place, document))
        records.close()

    def _add(self, cluster: Cluster) -> None:
        """Keep a cluster with what of it is of its type; a second of one UUID that says something
        else is told."""
        uuid = key_of(cluster.data)
        known = self.galaxy.clusters.get(uuid)
        if known is None:
            tell = self.audit.teller(cluster.place)
            types = {**FIELDS, "meta": OBJECT._replace(inside=META)}
            checked = replace(cluster, data=typed(cluster.data, types, tell))
            self.galaxy.clusters[uuid], self.galaxy.given[uuid] = checked, cluster.data
        elif (known.type, self.galaxy.given[uuid]) != (cluster.type, cluster.data):
            why = f"two clusters with one UUID, of which that at {known.place} counts"
            self.audit.miss(cluster.place, "uuid", uuid, why)

    def _document(self, content: Mapping[str, Any]) -> str:
        publisher = self.declare(MISP, "MISP Project")
        version = f", version {content['version']}" if content.get("version") else ""
        return self.declare(
            f"document:misp-galaxy-{slug(content['type'])}",
            f"MISP galaxy: {content.get('name', content['type'])}{version}",
            url=HOME, published_by=publisher, date=self.date,
            date_basis="metadata" if self.date else None,
        )  # fmt: skip

    # Entities

    def entity(self, cluster: Cluster) -> None:
        """Declare what the cluster stands for."""
        prefix, record = TYPES[cluster.type].prefix, TYPES[cluster.type].record
        record = record or f"misp-{cluster.type}"
        name = cluster.value
        if cluster.type == "mitre-intrusion-set":
            name = name.removesuffix(f" - {cluster.meta.get('external_id')}")
        if prefix == "state":
            cluster.id = self._state(cluster.meta.get("ISO3", ""), cluster.place) or ""
            return
        if set(cluster.texts("threat-actor-classification")) & set(OPERATIONS):
            prefix = "campaign"
        if prefix == "region":
            cluster.id = self._region(cluster)
            return
        shared = prefix in ("organization", "sector")  # vendors and sectors go by plain ids
        key = slug(cluster.value) if shared else f"{record}-{slug(cluster.value)}"
        cluster.id, called = self._free(f"{prefix}:{key}", cluster), name
        if prefix == "organization":
            cluster.id, called = _publisher(name)
        home = cluster.texts("country")[:1] if prefix == "agency" else []
        part_of = [state for text in home if (state := self._state(text, cluster.place, "country"))]
        self.declare(
            cluster.id, called, place=cluster.place, record=f"{record}:{cluster.value}",
            codes=cluster.codes or None, part_of=part_of or None,
            # A cluster is somebody, whatever it is called; a sector that is unknown is none.
            unnamed=(prefix != "sector" and is_filler(name)) or None,
        )  # fmt: skip
        if self.emit.called(cluster.id) != name:
            self._say(cluster, "alias", name, "value")

    def _free(self, id: str, cluster: Cluster) -> str:
        """An id of its own: values that differ in punctuation alone would share one."""
        if id in self.galaxy.taken and not id.startswith(("organization:", "sector:")):
            id = f"{id}-{key_of(cluster.data)[:8]}"
        self.galaxy.taken.add(id)
        return id

    def _region(self, cluster: Cluster) -> str:
        """`145 - Western Asia`, its number in UN M49 before its name."""
        number, name = _numbered(cluster.value)
        codes = [f"m49:{number}", *cluster.codes]
        id = self.declare(f"region:{slug(name)}", name, place=cluster.place, codes=codes)
        self.regions[name.casefold()] = id
        return id

    def _lies_in(self, region: Cluster) -> None:
        """The regions and countries that a region consists of. M49 counts some territories that
        are no country of ISO 3166."""
        for text in region.texts("subregions"):
            name = _numbered(text)[1]
            inner = self.regions.get(name.casefold())
            inner = inner or self._state(name, region.place, "meta.subregions")
            if inner:
                self.emit.declare(inner, "LOCATED_IN", region.id, place=region.place)

    def _state(self, text: str, place: str, field: str = "ISO3") -> str | None:
        code = self.audit.country(place, field, text)
        return self.declare(f"state:{code}", countries.names()[code], place=place) if code else None

    # Claims

    def claims(self, cluster: Cluster) -> None:
        """Everything that a cluster says."""
        if cluster.type == "region":
            self._lies_in(cluster)
        if not cluster.id or cluster.id.startswith(("state:", "region:")):
            return
        self._strange(cluster)
        self._names(cluster)
        for name, (method, asserter) in READERS.items():
            if not method:
                continue
            texts = cluster.texts(name)
            if method in PARTED and len(texts) > len(cluster.meta.get(name, ())):
                self._miss(cluster, f"meta.{name}", cluster.meta[name], ONE_BY_ONE)
            for text in texts if method != "name" else ():
                getattr(self, f"_{method}")(cluster, name, text, asserter)
        if cluster.data.get("revoked"):
            self._revoked(cluster)
        self._related(cluster)
        self._subset(cluster)

    def _revoked(self, cluster: Cluster) -> None:
        """What its compilers took back says so, where its kind can have a status."""
        kind = self.emit.kind(cluster.id) or ""
        if self.emit.ontology.property(kind, "status"):
            self._say(cluster, "status", "revoked", "revoked")
        else:
            self.unused[f"revoked, of a {kind}"] += 1

    def _strange(self, cluster: Cluster) -> None:
        """Report the fields that nobody knows."""
        for name in sorted(cluster.data.keys() - FIELDS.keys()):
            self._miss(cluster, name, cluster.data[name], "is not understood")
        for name in sorted(cluster.meta.keys() - READERS.keys() - UNUSED):
            if not name.startswith("origin:"):
                self._miss(cluster, f"meta.{name}", cluster.meta[name], "is not understood")

    def _miss(self, cluster: Cluster, field: str, value: object, why: str) -> None:
        self.audit.miss(cluster.place, field, str(value)[:60], why)

    def _sure(self, cluster: Cluster) -> str:
        """How confident MISP is, 0 to 100; empty where nothing that can be such stands there."""
        given = cluster.meta.get(CONFIDENCE, [])
        if not given or str(given[0]) == UNSET:
            return ""
        text = str(given[0]).strip()
        if len(given) == 1 and text.isascii() and text.isdecimal() and int(text) <= 100:
            return text
        self._miss(cluster, f"meta.{CONFIDENCE}", cluster.meta[CONFIDENCE],
                   "is no confidence between 0 and 100, and was left out")  # fmt: skip
        return ""

    def _say(
        self, cluster: Cluster, predicate: str, target: str, locator: str, asserter: str = MISP,
        **columns: Any,
    ) -> str:  # fmt: skip
        """One claim of MISP, or of whoever MISP names."""
        if asserter == CFR:
            self.declare(CFR, "Council on Foreign Relations")
        return self.emit.claim(
            cluster.id, predicate, target, asserter=asserter, document=cluster.document,
            place=cluster.place, locator=f"{cluster.value}, {locator}", **columns,
        )  # fmt: skip

    def _names(self, cluster: Cluster) -> None:
        coined = self._coined(cluster)
        written = [name for key in SYNONYMS for name in cluster.texts(key)]
        # `Win32/StrongPity2` is how scanners call one thing.
        for name in filter(may_be_joined, () if cluster.id.startswith("software:") else written):
            self._miss(cluster, "meta.synonyms", name, KEPT_AS_ONE)
        if cluster.meta.get("external_id"):
            written.append(cluster.meta["external_id"])
        for name in dict.fromkeys([cluster.value, *written]):
            who, field = coined.get(name.casefold(), (None, "synonyms"))
            predicate = self._predicate(cluster, name)
            value = name if predicate == "alias" else names.value(name)
            if name != cluster.value or who:
                self._say(cluster, predicate, value, f"meta.{field}", cites=who)

    def _predicate(self, cluster: Cluster, name: str) -> str:
        return names.predicate(name) if cluster.id.startswith("group:") else "alias"

    def _coined(self, cluster: Cluster) -> dict[str, tuple[str, str]]:
        """Whose which name of the cluster is, and the field that says so (names case-folded)."""
        found: dict[str, tuple[str, str]] = {}
        for field_name, value in cluster.meta.items():
            if not field_name.startswith("origin:"):
                continue
            if isinstance(value, str) and value.strip():
                name = field_name.partition(":")[2]
                found[name.casefold()] = _publisher(value)[1], field_name
            else:
                self._miss(cluster, f"meta.{field_name}", value, "names no organization")
        for text in cluster.texts("name-attribution"):
            name, _, uuid = text.rpartition(":")
            producer = self.galaxy.clusters.get(uuid)
            if producer is None:
                self.audit.miss(cluster.place, "meta.name-attribution", text,
                                "leads to no producer in these files")  # fmt: skip
            else:
                found[name.casefold()] = _publisher(producer.value)[1], "name-attribution"
        return found

    def _country(self, cluster: Cluster, name: str, text: str, asserter: str) -> None:
        """The state that MISP attributes an actor to; for others, where they are at home."""
        if cluster.id.startswith("organization:"):
            if self.audit.country(cluster.place, f"meta.{name}", text) is not None:
                self._say(cluster, "country", text, f"meta.{name}")
        elif cluster.id.startswith("agency:") or not self._may(cluster, name, "group", "campaign"):
            return
        elif state := self._state(text, cluster.place, f"meta.{name}"):
            sure = self._sure(cluster)
            self._say(cluster, "ATTRIBUTED_TO", state,
                      f"meta.{name}" + (f", {CONFIDENCE} {sure}" if sure else ""),
                      confidence=_confidence(int(sure)) if sure else None)  # fmt: skip

    def _may(self, cluster: Cluster, name: str, *kinds: str) -> bool:
        """Whether this can be said of the cluster, else it is counted. Nothing is declared of which
        nothing is said: whose record would it be?"""
        kind = cluster.id.partition(":")[0]
        self.unused[f"{name}, of a {self.emit.kind(cluster.id)}"] += kind not in kinds
        return kind in kinds

    def _sponsor(self, cluster: Cluster, name: str, text: str, asserter: str) -> None:
        # That nobody is suspected is no claim about a state.
        if text == "Unknown" or not self._may(cluster, name, "group"):
            return
        if state := self._state(text, cluster.place, f"meta.{name}"):
            self._say(cluster, "CONTROLLED_BY", state, f"meta.{name}", asserter, hedge="suspected")

    def _victim(self, cluster: Cluster, name: str, text: str, asserter: str) -> None:
        """States and regions: what else is named may be a people or a company."""
        if not self._may(cluster, name, "group", "campaign"):
            return
        if place := self._named_region(text) or self._state(text, cluster.place, f"meta.{name}"):
            self._say(cluster, "TARGETED", place, f"meta.{name}", asserter, hedge="suspected")

    def _named_region(self, text: str) -> str | None:
        word = text.casefold().removeprefix("the ")
        if word in UNNUMBERED:
            return self.declare(f"region:{slug(word)}", UNNUMBERED[word])
        return self.regions.get(REGIONS.get(word, word))

    def _sector(self, cluster: Cluster, name: str, text: str, asserter: str) -> None:
        sector = self.declare(f"sector:{slug(text)}", text)
        self._say(cluster, "TARGETS_SECTOR", sector, f"meta.{name}", asserter)

    def _motive(self, cluster: Cluster, name: str, text: str, asserter: str) -> None:
        if cluster.id.startswith("group:"):
            self._say(cluster, "motive", text, f"meta.{name}", asserter)

    def _url(self, cluster: Cluster, name: str, text: str, asserter: str) -> None:
        self._say(cluster, "url", text, f"meta.{name}")

    def _origin(self, cluster: Cluster, name: str, text: str, asserter: str) -> None:
        """Microsoft's own `Origin/Threat`, as MISP copies it."""
        for predicate, target in origins(text, cluster.value, self.audit, cluster.place):
            if predicate == "ATTRIBUTED_TO":
                self.declare(target, countries.names()[target.partition(":")[2]])
            if predicate != "ATTRIBUTED_TO" or not cluster.meta.get("country"):
                self._say(cluster, predicate, target, f"meta.{name}")

    # Relations

    def _related(self, cluster: Cluster) -> None:
        for relation in cluster.data.get("related", ()):
            type_ = relation.get("type", "").strip()
            other = self.galaxy.clusters.get(relation.get("dest-uuid", ""))
            edge = RELATIONS.get(type_)
            if other is None or not other.id:
                self.unused[f"relation {type_} to a cluster that is not loaded"] += 1
            elif edge is None or other is cluster:
                self.unused[f"relation {type_}"] += 1
            else:
                self._relation(cluster, edge, other, type_, relation.get("tags", ()))

    def _subset(self, cluster: Cluster) -> None:
        """What its description calls it a sub-group of, where that names one other cluster."""
        for sentence in _subsets(cluster.data):
            before = sentence[0].strip()
            whole = self._called(sentence["whole"], cluster)
            itself = cluster.value in before or before.startswith(("The group ", "It "))
            if whole and itself and cluster.id.startswith("group:"):
                hedge = found[0] if (found := HEDGES.search(before)) else None
                self._say(cluster, "SUBGROUP_OF", whole, "description", hedge=hedge)

    def _called(self, text: str, cluster: Cluster) -> str | None:
        """The one other cluster of this type with the longest name that the text begins with."""
        words = text.split()
        for length in range(len(words), 0, -1):
            key = names.key(" ".join(words[:length]))
            for index in (self.headed, self.bearers):
                found = index.get((cluster.type, key), set()) - {cluster.id}
                if found:
                    return min(found) if len(found) == 1 else None
        return None

    @cached_property
    def headed(self) -> Mapping[tuple[str, str], set[str]]:
        """(cluster type, key of a name) → ids of the clusters that it heads."""
        found: defaultdict[tuple[str, str], set[str]] = defaultdict(set)
        for cluster in self.galaxy.clusters.values():
            found[cluster.type, names.key(cluster.value)].add(cluster.id)
        return found

    @cached_property
    def bearers(self) -> Mapping[tuple[str, str], set[str]]:
        """(cluster type, key of a name) → ids of the clusters that bear it."""
        found: defaultdict[tuple[str, str], set[str]] = defaultdict(set)
        for cluster in self.galaxy.clusters.values():
            for name in (cluster.value, *cluster.texts("synonyms")):
                found[cluster.type, names.key(name)].add(cluster.id)
        return found

    def _relation(
        self, cluster: Cluster, edge: str, other: Cluster, type_: str, tags: Sequence[str]
    ) -> None:
        start, end = (other, cluster) if type_ == "used-by" else (cluster, other)
        likelihood = _likelihood(tags)
        self.unused["tags of relations"] += len(tags) - (likelihood is not None)
        kinds = [self.emit.kind(c.id) or "" for c in (start, end)]
        if edge == "TARGETED" and kinds[1] == "Sector":
            edge = "TARGETS_SECTOR"
        if not self.emit.ontology.edges[edge].allows(kinds[0], kinds[1]):
            self.unused[f"relation {kinds[0]} {type_} {kinds[1]}"] += 1
            return
        extra: dict[str, Any] = {"link": type_} if edge == "LINKED_TO" else {}
        self.emit.claim(
            start.id, edge, end.id, asserter=MISP, document=cluster.document, place=cluster.place,
            locator=f"{cluster.value}, related {type_}", likelihood=likelihood, **extra,
        )  # fmt: skip


READERS: Mapping[str, tuple[str, str]] = {
    **dict.fromkeys(SYNONYMS, ("name", MISP)),
    "name-attribution": ("", MISP),
    CONFIDENCE: ("", MISP),
    "country": ("country", MISP),
    "cfr-suspected-state-sponsor": ("sponsor", CFR),
    "cfr-suspected-victims": ("victim", CFR),
    "suspected-victims": ("victim", MISP),
    "cfr-target-category": ("sector", CFR),
    "targeted-sector": ("sector", MISP),
    "sector": ("sector", MISP),
    "cfr-type-of-incident": ("motive", CFR),
    "motive": ("motive", MISP),
    "microsoft-origin-threat": ("origin", MISP),
    "refs": ("url", MISP),
    "official-refs": ("url", MISP),
    "references": ("url", MISP),
    "sources": ("url", MISP),
}
"""Field of `meta` → how it is read (empty: elsewhere), and whose word it is."""

PARTED: Mapping[str, Callable[[str], list[str]]] = {
    **dict.fromkeys(("country", "sponsor", "victim"), places),
    **dict.fromkeys(("name", "sector", "motive"), listed),
}
"""How a field is read → the parts of one of its texts."""

META = {
    **dict.fromkeys((*READERS, "threat-actor-classification", "subregions"), TEXTS),
    **dict.fromkeys(("external_id", "ISO3"), TEXT),
    CONFIDENCE: KEYS,
}
"""What the fields of `meta` hold that are read."""


def key_of(cluster: Mapping[str, Any]) -> str:
    """What a cluster as it is written goes by: its UUID, else its value."""
    return str(cluster.get("uuid") or cluster.get("value"))


def _stub(cluster: Mapping[str, Any]) -> dict[str, Any]:
    meta = cluster.get("meta")
    told = ("threat-actor-classification", "external_id", *SYNONYMS)
    kept = {key: meta[key] for key in told if meta.get(key)} if isinstance(meta, dict) else {}
    own: dict[str, Any] = {key: cluster[key] for key in ("value", "uuid") if key in cluster}
    return own | ({"meta": kept} if kept else {})


def _subsets(cluster: Mapping[str, Any]) -> Iterator[re.Match[str]]:
    """The sentences of its description that call something a sub-group."""
    prose = str(cluster.get("description", ""))
    return SUBSET.finditer(prose if "sub" in prose else "")  # most say nothing of the kind


def _asks(cluster: Mapping[str, Any]) -> Iterator[str]:
    """Keys of whatever its description may call the whole of which it is a sub-group."""
    for sentence in _subsets(cluster):
        words = sentence["whole"].split()
        yield from (names.key(" ".join(words[:length])) for length in range(1, len(words) + 1))


def _bears(cluster: Mapping[str, Any]) -> Iterator[str]:
    """Keys of its names."""
    meta = cluster.get("meta")
    given = [meta.get(name) for name in SYNONYMS] if isinstance(meta, dict) else []
    listed = [one for some in given for one in (some if isinstance(some, list) else [some])]
    return (
        names.key(one.strip()) for one in (cluster.get("value"), *listed) if isinstance(one, str)
    )


def _mentions(cluster: Mapping[str, Any]) -> list[str]:
    """UUIDs of the clusters that one speaks of."""
    related = cluster.get("related", ())
    found = [r.get("dest-uuid", "") for r in related if isinstance(r, dict)]
    meta = cluster.get("meta")
    named = meta.get("name-attribution", ()) if isinstance(meta, dict) else ()
    return [*found, *(text.rpartition(":")[2] for text in named if isinstance(text, str))]


PARTS = JsonParts("values", key_of, _stub, _mentions, lambda c: slug(str(c.get("value"))),
                  _asks, _bears)  # fmt: skip
"""How one version of a list is compared with the next (`kg load --history`)."""


def _publisher(name: str) -> tuple[str, str]:
    """Id and name of an organization: of the publisher that it is another spelling of, if any."""
    known = publishers.of_name(name)
    return (known.id, known.name) if known else (f"organization:{slug(name)}", name.strip())


def _numbered(text: str) -> tuple[str, str]:
    """Number and name of a region or country, from `145 - Western Asia`."""
    number, _, name = text.partition(" - ")
    return number.strip(), name.strip()


def _likelihood(tags: Sequence[str]) -> str | None:
    """The term of an `estimative-language` tag."""
    for tag in tags:
        found = re.fullmatch(r'estimative-language:likelihood-probability="([^"]+)"', tag)
        if found:
            return found[1]
    return None


def _confidence(percent: int) -> str | None:
    """STIX 2.1's scale (1–29 low, 30–69 medium, 70–100 high) for MISP's 0 to 100."""
    if percent == 0:
        return None
    return "low" if percent < 30 else "moderate" if percent < 70 else "high"
