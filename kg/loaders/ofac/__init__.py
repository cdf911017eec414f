"""OFAC's two lists: sdn.csv, alt.csv, add.csv, sdn_comments.csv are that of Specially Designated
Nationals; cons_prim.csv, cons_alt.csv, cons_add.csv, cons_comments.csv the consolidated list of all
others. Either or both may be loaded, also as XML (Advanced, Enhanced, and what changed), in which
the dates of listing stand.

Each listing is a Sanction that designates one Person, Organization, Group, Agency, Vessel or
Aircraft, says OFAC, a part of the US Treasury. The files have no header line, write `-0-` for null,
glue programmes together (`DPRK] [DPRK2`), continue long remarks in a file of their own, and give no
date of listing: none is invented. When something came on a list is `listed`; when that went into
force, no file says.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kg.base.errors import InputError, Problem, nearest
from kg.base.fillers import is_filler
from kg.base.yamlfile import read
from kg.claims.checks import Checks
from kg.loaders.kit.days import printed
from kg.loaders.kit.reading import (
    Audit,
    Once,
    Records,
    Row,
    csv_rows,
    gather,
    named_once,
    open_bytes,
    slug,
    stem,
    suffix,
)
from kg.loaders.kit.sources import date_of
from kg.loaders.ofac.remarks import Said, segments
from kg.loaders.ofac.xml import Entry, by_list, is_delta, is_sdn
from kg.loaders.ofac.xml import entries as xml_entries
from kg.ontology import countries

if TYPE_CHECKING:
    from kg.claims.emitter import Emitter

FORMAT = "ofac"
DOC = "OFAC's lists: SDN (sdn.csv, alt.csv, add.csv …), the other (cons_*.csv), or either as XML"
HOME = "https://sanctionslist.ofac.treas.gov/Home/static/sdn.html"
LICENCE = "US Government work, public domain"
CHECKS = Checks(
    minimum={"Sanction": 1},
    filled={("Sanction", "DESIGNATES"): 1.0, ("Sanction", "IMPOSED_BY"): 1.0,
            ("Sanction", "programme"): 0.99},
)  # fmt: skip

NULL = "-0-"
WIDTH = 1000
"""Characters of remarks that a row holds; the rest goes on in a file of its own."""

COLUMNS = {
    "list": ("ent_num", "name", "type", "programme", "title", "call_sign", "vessel_type", "tonnage",
             "gross_tonnage", "flag", "owner", "remarks"),
    "alt": ("ent_num", "alt_num", "alt_type", "alt_name", "alt_remarks"),
    "add": ("ent_num", "add_num", "address", "city", "country", "add_remarks"),
    "comments": ("ent_num", "remarks"),
}  # fmt: skip
"""What the files hold, and the columns that OFAC's documentation gives them."""


@dataclass(frozen=True)
class Publication:
    """One of the lists: what its files are called and what it is."""

    title: str
    document: str
    sanction: str
    """What the ids of its sanctions begin with."""
    listing: str
    files: Mapping[str, str]


SDN = Publication(
    "Specially Designated Nationals and Blocked Persons List", "document:ofac-sdn",
    "sanction:ofac-", "OFAC listing",
    {"sdn": "list", "alt": "alt", "add": "add", "sdn_comments": "comments"},
)  # fmt: skip
OTHERS = Publication(
    "Consolidated Sanctions List (non-SDN)", "document:ofac-consolidated",
    "sanction:ofac-consolidated-", "OFAC non-SDN listing",
    {"cons_prim": "list", "cons_alt": "alt", "cons_add": "add", "cons_comments": "comments"},
)  # fmt: skip
FILES = {name: (of, what) for of in (SDN, OTHERS) for name, what in of.files.items()}


@dataclass
class Tables:
    """What the files of one list hold: rows by what they are, and the entries of XML by number."""

    rows: dict[str, list[Row]] = field(default_factory=lambda: defaultdict(list))
    entries: dict[str, Entry] = field(default_factory=dict)


OFAC, TREASURY = "agency:ofac", "agency:us-treasury"
KINDS = {"": "Organization", "individual": "Person", "vessel": "Vessel", "aircraft": "Aircraft"}
JUDGED = Path(__file__).with_name("ofac_kinds.yaml")

VALUES = {
    "Person": {"birth_date": "born", "birth_place": "birthplace", "nationality": "nationality",
               "gender": "gender"},
    "Vessel": {name: name for name in ("imo", "mmsi", "call_sign", "former_flag", "vessel_type",
                                       "flag")},
    "Aircraft": {"model": "model", "operator": "operator", "manufactured": "manufactured",
                 "serial_number": "serial_number", "construction_number": "serial_number",
                 "tail_number": "registration", "transponder_code": "transponder_code",
                 "flag": "flag"},
}  # fmt: skip
"""What the remarks of a kind say → the property that holds it."""

COUNTRIES = frozenset(("nationality", "flag", "former_flag"))
DATES = frozenset(("born", "manufactured"))
NAMES = frozenset(("weak_alias", "former_name", "current_name"))


def load(paths: Sequence[Path], emit: Emitter) -> None:
    """Read the lists; their files may be given one by one or as a folder, in any order."""
    audit = Audit()
    entity = named_once(emit, {"asserter": OFAC}, audit)  # what both lists have is one entity
    files = [file for given in paths for file in gather([given], (".csv", ".xml"))]
    found: dict[str, Tables] = {}
    files.sort(key=lambda file: (suffix(file) == ".xml", is_delta(file)))
    if files and is_delta(files[0]):
        emit.only_changes(files[0])
    for path in files:
        if suffix(path) == ".xml":
            _read_xml(path, found, audit)
        else:
            of, what = _file(path)
            found.setdefault(of.document, Tables()).rows[what] += _rows(path, what, audit)
    for of in (of for of in (SDN, OTHERS) if of.document in found):
        if not found[of.document].rows["list"]:
            name = next(name for name, what in of.files.items() if what == "list")
            raise InputError(Problem(f"the list itself ({name}.csv) is not there", str(paths[0])))
        _List(emit, found[of.document], of, audit, entity).read(date_of(paths))
    audit.report(emit)


def called(paths: Sequence[Path]) -> str | None:
    """The consolidated list is a source of its own, wherever its files lie."""
    try:
        files = gather(paths, (".csv",))
    except InputError:
        return None
    others = files and all(FILES.get(stem(file), (SDN, ""))[0] is OTHERS for file in files)
    return "ofac-consolidated" if others else None


PUBLISHED = re.compile(
    rb"<(?:Publish_Date>(?P<us>\d\d/\d\d/\d{4})|(?:dataAsOf|datePublished)>(?P<iso>\d{4}-\d\d-\d\d)"
    rb"|DateOfIssue[^>]*>\s*<Year>(?P<y>\d{4})</Year>\s*<Month>(?P<m>\d+)</Month>"
    rb"\s*<Day>(?P<d>\d+)</Day>)"
)
"""Where the head of an XML file says when the list came out."""


HEAD = 100_000
"""Bytes of a file in which that stands."""


def _days_in(head: bytes) -> Iterator[date]:
    if found := PUBLISHED.search(head):
        if found["us"]:
            month, day, year = map(int, found["us"].split(b"/"))
            yield date(year, month, day)
        elif found["iso"]:
            yield date.fromisoformat(found["iso"].decode())
        else:
            yield date(*(int(found[part]) for part in "ymd"))


def published(paths: Sequence[Path]) -> date | None:
    """The day that the files themselves name, the latest of several; CSV names none."""
    days: list[date] = []
    for path in (file for one in paths for file in ([one] if one.is_file() else one.rglob("*"))):
        if path.is_file() and suffix(path) == ".xml":
            # A day that the calendar lacks, or a file that is told when it is read.
            with suppress(ValueError, OSError, EOFError), open_bytes(path) as file:
                days += _days_in(file.read(HEAD))
    return max(days, default=None)


def _read_xml(path: Path, found: dict[str, Tables], audit: Audit) -> None:
    """Take each entry as the rows of the CSV files; where these are there, its dates only."""

    def tell(place: str, field: str, value: str, why: str) -> None:
        audit.miss(place, field, value, why)

    for of_sdn, entries in by_list(xml_entries(path, tell), tell).items():
        of = SDN if of_sdn else OTHERS
        tables = found.setdefault(of.document, Tables())
        only_dates = {row["ent_num"].strip() for row in tables.rows["list"]}
        for entry in entries:
            if only_dates and entry.number not in only_dates:
                tell(entry.place, "id", entry.number, "is not on the list beside it; left out")
            tables.entries.setdefault(entry.number, entry)
            for what, row in () if only_dates else entry.rows(COLUMNS):
                tables.rows[what].append(row)


def _file(path: Path) -> tuple[Publication, str]:
    """Of which list a file is, and what it holds."""
    name = stem(path)
    if name not in FILES:
        message = f"is none of OFAC's files: {', '.join(f'{known}.csv' for known in FILES)}"
        raise InputError(Problem(message, str(path), near=nearest(name, FILES)))
    return FILES[name]


def _rows(path: Path, what: str, audit: Audit) -> Iterator[Row]:
    """The rows that have a number, as a header line has none; `-0-` stands for nothing."""
    records = Records(path, audit)
    for row in csv_rows(path, COLUMNS[what], audit=audit):
        number = row["ent_num"].strip()
        if number.isascii() and number.isdecimal():
            records.kept()
            for name, value in row.items():
                row[name] = "" if value.strip() == NULL else value
            yield row
        else:
            header = row.place.endswith(":1") and re.fullmatch(r"[A-Za-z_ ]+", number)
            more = "; a header line, which OFAC's own files have not" if header else ""
            records.lost(Problem(f"is no number{more}", row.place, "ent_num", number))
    records.close()


@dataclass(frozen=True)
class Listed:
    """One listing: the row, the entity that it is about, and what the other files add."""

    row: Row
    number: str
    entity: str
    kind: str
    name: str
    remarks: list[Said]


class _List:
    """The whole list on its way into the emitter."""

    def __init__(
        self, emit: Emitter, given: Tables, of: Publication, audit: Audit,
        entity: Callable[..., str],
    ) -> None:  # fmt: skip
        self.emit = emit
        self.entity = entity
        self.of = of
        self.entries = given.entries
        tables = given.rows
        self.audit = audit
        self.judged: Mapping[str, Mapping[str, str]] = read(JUDGED)
        self.more: dict[str, str] = defaultdict(str)
        for row in tables["comments"]:
            number = row["ent_num"].strip()
            self.more[number] = _joined(self.more[number], row["remarks"])
        self.listed = self.listings(tables["list"])
        self.by_name: dict[str, list[str]] = defaultdict(list)
        for listed in self.listed.values():
            self.by_name[_bare(listed.name)].append(listed.entity)
        self.alt = self.beside(tables["alt"])
        self.add = self.beside(tables["add"])
        self.beside(tables["comments"])

    def listings(self, rows: Sequence[Row]) -> dict[str, Listed]:
        found: dict[str, Listed] = {}
        once = Once(self.audit)
        for row in rows:
            if once.is_new(row, "ent_num", row["ent_num"].strip()):
                number = row.take("ent_num")
                found[number] = self.listing(row, number)
        return found

    def listing(self, row: Row, number: str) -> Listed:
        printed, name = row.take("type").casefold(), row.take("name")
        name = f"Unnamed listing {number}" if is_filler(name) else name
        if printed not in KINDS:
            self.audit.miss(row.place, "type", printed, "type is not known; taken for an entity")
        # Not stripped: a full row may have been cut at a blank.
        remarks = segments(_joined(row.pop("remarks", ""), self.more.get(number, "")))
        kind = KINDS.get(printed, "Organization")
        if kind == "Organization":
            government = any(s.what == "target_type" and "Government" in s.value for s in remarks)
            kind = "Agency" if government else self.judged.get(number, {}).get("kind", kind)
        prefix = self.emit.ontology.nodes[kind].prefix
        return Listed(row, number, f"{prefix}:ofac-{number}", kind, name, remarks)

    def beside(self, rows: Sequence[Row]) -> dict[str, list[Row]]:
        """The rows of another file by listing; one that belongs to none is told."""
        found = defaultdict(list)
        for row in rows:
            number = row.take("ent_num")
            if number in self.listed:
                found[number].append(row)
            else:
                why = "no listing has this number; left out"
                self.audit.miss(row.place, "ent_num", number, why)
        return found

    def read(self, date: str | None) -> None:
        emit = self.emit
        emit.entity("state:USA", countries.names()["USA"])
        emit.entity(TREASURY, "US Treasury Department", part_of="state:USA")
        emit.entity(OFAC, "Office of Foreign Assets Control", part_of=TREASURY)
        emit.entity(self.of.document, self.of.title, published_by=OFAC, url=HOME,
                    date=date, date_basis="metadata" if date else None)  # fmt: skip
        for listed in self.listed.values():
            self.one(listed)

    # ------------------------------------------------------------------ one listing

    def one(self, listed: Listed) -> None:
        place = listed.row.place
        self.entity(
            listed.entity,
            listed.name,
            place=place,
            record=f"ofac:{listed.number}",
            part_of=self.organ_of(listed),
            located_in=self.located(listed),
        )
        sanction = f"{self.of.sanction}{listed.number}"
        self.emit.entity(sanction, f"{self.of.listing} of {listed.name}", place=place)
        self.say(listed, sanction, "DESIGNATES", listed.entity)
        self.say(listed, sanction, "IMPOSED_BY", OFAC)
        self.programmes(listed, sanction)
        self.dated(listed, sanction)
        self.aliases(listed)
        self.columns(listed)
        self.remarks(listed, sanction)
        self.audit.rest(listed.row)

    def say(self, listed: Listed, subject: str, predicate: str, target: str, **more: Any) -> None:
        shared = {
            "locator": f"listing {listed.number}",
            "statement": f"{self.of.document}#{listed.number}",
        }
        self.emit.claim(subject, predicate, target, asserter=OFAC, document=self.of.document,
                        place=listed.row.place, **{**shared, **more})  # fmt: skip

    def organ_of(self, listed: Listed) -> str | None:
        code = self.judged.get(listed.number, {}).get("part_of")
        return self.state(code, listed.row.place, "part_of") if code else None

    def located(self, listed: Listed) -> list[str] | None:
        """The states of the addresses; ships and aircraft have none."""
        found: dict[str, None] = {}
        for row in self.add.get(listed.number, []):
            country = row.take("country")
            for left_out in ("add_num", "address", "city", "add_remarks"):
                row.take(left_out)
            state = self.state(country, row.place, "country") if country else None
            if state:
                found[state] = None
            self.audit.rest(row)
        return list(found) if listed.kind not in ("Vessel", "Aircraft") else None

    def programmes(self, listed: Listed, sanction: str) -> None:
        for code in split_programmes(listed.row.take("programme")):
            self.say(listed, sanction, "programme", code)
            for order in re.findall(r"EO(\d{5})\b", code):
                self.say(listed, sanction, "legal_basis", f"E.O. {order}")

    def dated(self, listed: Listed, sanction: str) -> None:
        """When it came on this list and on which order it rests, where a file in XML says that."""
        entry = self.entries.get(listed.number)
        for name, day in entry.lists if entry else ():
            if day and is_sdn(name) == (self.of is SDN):
                self.say(listed, sanction, "listed", day, valid_basis="stated")
        for law in entry.laws if entry else ():
            orders = re.findall(r"(?:Executive Order|E\.?O\.?)\s*(\d{5})\b", law)
            for basis in [f"E.O. {order}" for order in orders] or [law]:
                self.say(listed, sanction, "legal_basis", basis)

    def aliases(self, listed: Listed) -> None:
        for row in self.alt.get(listed.number, []):
            number, how, name = row.take("alt_num"), row.take("alt_type"), row.take("alt_name")
            if name:
                self.say(listed, listed.entity, "alias", name, locator=f"{how} {number}")
            else:
                self.audit.miss(row.place, "alt_name", number, "alias without a name, left out")
            self.audit.rest(row)

    def columns(self, listed: Listed) -> None:
        """Title and the columns that only ships fill (aircraft are listed by their tail number)."""
        title, row = listed.row.take("title"), listed.row
        if title:
            wanted = "position" if listed.kind == "Person" else "description"
            self.say(listed, listed.entity, wanted, title)
        if listed.kind == "Aircraft":
            self.say(listed, listed.entity, "registration", listed.name)
        if listed.kind != "Vessel":
            return
        for measure in ("call_sign", "vessel_type", "tonnage", "gross_tonnage"):
            if value := row.take(measure):
                self.say(listed, listed.entity, measure, value)
        flag, owner = row.take("flag"), row.take("owner")
        if not is_filler(flag):
            self.country(listed, "flag", flag)
        if not is_filler(owner):
            self.say(listed, listed.entity, "OWNED_BY", self.owner(owner, row.place))

    def owner(self, name: str, place: str) -> str:
        """The listed entity of that name, else an organisation of which only the name is known."""
        known = self.by_name.get(_bare(name), [])
        if len(known) == 1:
            return known[0]
        return self.emit.entity(f"organization:ofac-owner-{slug(name)}", name, place=place)

    def remarks(self, listed: Listed, sanction: str) -> None:
        """What rules read becomes claims; the rest is one description."""
        texts = (self.remark(listed, sanction, said) for said in listed.remarks)
        unread = list(dict.fromkeys(text for text in texts if text))
        if unread:
            self.emit.note("remarks kept as text", len(unread))
            self.say(listed, listed.entity, "description", "; ".join(unread))

    def remark(self, listed: Listed, sanction: str, said: Said) -> str:
        """Claim what one segment says; what no rule reads comes back as text."""
        if said.left_out:
            self.emit.note(f"remarks not loaded: {said.left_out}")
        elif said.what in NAMES:
            how = "weak alias in the remarks" if said.what == "weak_alias" else said.what
            if said.value:
                self.say(listed, listed.entity, "alias", said.value, locator=how)
        elif said.what == "legal_basis":
            self.say(listed, sanction, "legal_basis", said.value)
        elif said.what == "linked_to":
            self.link(listed, said.value)
        elif said.what == "website":
            self.website(listed, said.value)
        elif not is_filler(said.value):
            return self.value(listed, said)
        return ""

    def value(self, listed: Listed, said: Said) -> str:
        field = VALUES.get(listed.kind, {}).get(said.what)
        if field is None:
            return f"{said.what.replace('_', ' ')} {said.value}".strip()
        if field in COUNTRIES:
            self.country(listed, field, said.value)
        else:
            value = printed(said.value) if field in DATES else said.value
            self.say(listed, listed.entity, field, value)
        return ""

    def website(self, listed: Listed, printed: str) -> None:
        address = printed if printed.casefold().startswith("http") else f"http://{printed}"
        self.say(listed, listed.entity, "url", address)

    def link(self, listed: Listed, printed: str) -> None:
        """`Linked To:` names another listing by its name, and no number."""
        known = [id for id in self.by_name.get(_bare(printed), []) if id != listed.entity]
        if len(known) == 1:
            self.say(listed, listed.entity, "LINKED_TO", known[0])
        else:
            whose = "several listings have" if known else "no other listing has"
            self.audit.miss(listed.row.place, "Linked To", printed, f"{whose} the name linked to")

    def country(self, listed: Listed, predicate: str, printed: str) -> None:
        """A country's code; what is no country stays visible as text."""
        code = self.audit.country(listed.row.place, predicate, printed, "kept as text")
        if code is None:
            self.say(listed, listed.entity, "description", f"{predicate}: {printed}")
        else:
            self.say(listed, listed.entity, predicate, code)

    def state(self, printed: str, place: str, field: str) -> str | None:
        code = self.audit.country(place, field, printed)
        return self.emit.entity(f"state:{code}", countries.names()[code]) if code else None


def split_programmes(printed: str) -> list[str]:
    """`DPRK] [DPRK2` → DPRK, DPRK2: the outer brackets are lost in this file."""
    parts = re.split(r"\]\s*\[|;", printed.strip().strip("[]"))
    return [part.strip() for part in parts if part.strip()]


def _joined(before: str, more: str) -> str:
    """Remarks in two rows: a full row was cut and goes on in the next, another has ended."""
    if not before or not more or len(before) % WIDTH == 0:
        return before + more
    return f"{before.rstrip(' .;')}; {more}"


def _bare(name: str) -> str:
    """A name to compare by: a full stop at its end may have been taken for the sentence's."""
    return " ".join(name.casefold().split()).rstrip(". ")
