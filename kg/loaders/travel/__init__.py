"""Travels of US presidents and secretaries of state, and visits of foreign leaders to the US.

Both lists are kept by the Office of the Historian of the US Department of State. A row is one stay
in one country: a Meeting with those whom the remarks plainly name together, one for each time that
they do, else a Travel. Either has the days of the stay, the state in which it was (as `host`) and
the traveller (as `guest`); who met one traveller on one stay need not have met each other.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kg.base.errors import InputError, Problem
from kg.claims.checks import Checks
from kg.loaders.kit.reading import Audit, Once, Row, csv_rows, gather, need, slug
from kg.loaders.kit.sources import source_at
from kg.loaders.travel.names import Named, Presidents, Visitors, met, visitors
from kg.ontology import countries

if TYPE_CHECKING:
    from kg.claims.emitter import Emitter

FORMAT = "travel"
DOC = "Travels of US presidents and secretaries of state, visits of foreign leaders to the US"
HOME = "https://history.state.gov/departmenthistory/travels"
LICENCE = "CC0 1.0"
CHECKS = Checks(
    minimum={"PARTICIPATED_IN": 1},
    filled={("Meeting", "occurred"): 1.0, ("Travel", "occurred"): 1.0},
)

HISTORIAN = "agency:office-of-the-historian"
ABROAD = "document:state-department-travels"
VISITS = "document:state-department-visits"

TRAVEL_COLUMNS = ("role", "who", "id", "name", "start_date", "end_date", "country", "country_id",
                  "locale", "remarks")  # fmt: skip
VISIT_COLUMNS = ("id", "visitor", "from_country", "start_date", "end_date", "description")

OFFICES = {"president": "President", "secretary": "Secretary of State"}

SPELLED = {
    "Byelorussia": "BLR", "Ceylon": "LKA", "Ceylon (Sri Lanka)": "LKA", "Dahomey (Benin)": "BEN",
    "Bosnian Federation": "BIH", "Khmer Republic (Cambodia)": "KHM", "Kirghizia": "KGZ",
    "Malaya": "MYS", "Muscat & Oman": "OMN", "Serbia-Montenegro (Kosovo)": "SCG",
    "Siam (Thailand)": "THA", "Somali Republic": "SOM", "Somoa": "WSM",
    "Southern Rhodesia (Zimbabwe)": "ZWE", "Tanganyika": "TZA", "Union of South Africa": "ZAF",
    "Upper Volta": "BFA", "Upper Volta (Burkina Faso)": "BFA", "Zimbabwe Rhodesia": "ZWE",
    # The list of visits has no other entry for the Republic of Korea before 2001.
    "Korea": "KOR",
}  # fmt: skip
"""Names of former times, as the lists print them, and the state of today or the code of then."""


def load(paths: Sequence[Path], emit: Emitter) -> None:
    """Read both lists; which one a file is, its columns tell.

    The travels come first, whatever the order of the paths: they say which president a visitor
    met, whom the list of visits names by family name alone.
    """
    files = [file for path in paths for file in gather([path], (".csv",))]
    audit = Audit()
    rows = {file: list(csv_rows(file, audit=audit)) for file in files}
    kinds = {file: _kind(file, found) for file, found in rows.items()}
    dates = {info.date for path in paths if (info := source_at(path)) is not None}
    reading = _Travel(emit, audit, max(dates, default="") or None)
    travels = [row for file in files if kinds[file] == "travels" for row in rows[file]]
    visits = [row for file in files if kinds[file] == "visits" for row in rows[file]]
    reading.travels(travels)
    reading.visits(visits)
    reading.audit.report(emit)


def _kind(file: Path, rows: Sequence[Row]) -> str:
    if not rows:
        raise InputError(Problem("holds no row", str(file)))
    columns = rows[0]
    kind = "travels" if "who" in columns else "visits"
    need(columns, TRAVEL_COLUMNS if kind == "travels" else VISIT_COLUMNS, f"{file}:1")
    return kind


class _Travel:
    """Both lists on their way into the emitter."""

    def __init__(self, emit: Emitter, audit: Audit, day: str | None) -> None:
        self.emit = emit
        self.audit = audit
        self.presidents = Presidents()
        self.stays = {document: Once(self.audit) for document in (ABROAD, VISITS)}
        self.names: dict[str, str] = {}
        self.document = ""
        """The list that is being read."""
        self.date = day

    def publish(self, document: str, title: str) -> None:
        """Declare the list that is read next, and who keeps it."""
        self.document = document
        self.emit.entity("state:USA", countries.names()["USA"])
        department = "agency:us-state-department"
        self.emit.entity(department, "US Department of State", part_of="state:USA")
        self.emit.entity(HISTORIAN, "Office of the Historian", part_of=department)
        self.emit.entity(document, title, published_by=HISTORIAN, url=HOME, date=self.date,
                         date_basis="metadata" if self.date else None)  # fmt: skip

    # ------------------------------------------------------------------ travels abroad

    def travels(self, rows: Sequence[Row]) -> None:
        if rows:
            title = "Travels abroad of the President and the Secretary of State"
            self.publish(ABROAD, title)
        for row in rows:
            if self.usable(row, "name"):
                self.travel(row)

    def travel(self, row: Row) -> None:
        key, who, name = row.take("id"), row.take("who"), row.take("name")
        role, remarks = row.take("role"), row.take("remarks")
        start, end = row.take("start_date"), row.take("end_date")
        country, locale = row.take("country"), row.take("locale")
        row.take("country_id")
        self.audit.rest(row)
        if role not in OFFICES:
            self.audit.miss(row.place, "role", role, "neither president nor secretary")
        traveller = self.person(f"person:travel-{who}", name, row.place, record=f"travel:{who}")
        self.presidents.note(role, traveller, name, start, end)
        state = self.state(country, row.place, "country")
        where = countries.names()[state] if state else country
        claim = _Claims(self.emit, self.document, row.place, key, remarks, start, end)
        claim.represents(traveller, "USA", OFFICES.get(role, role))
        lists = (self.known(named, state, claim) for named in met(remarks))
        together = [people for people in lists if people]
        for stay, people in self.stays_of("travel", key, f"{name} in {where}", together, claim):
            claim.say(stay, "place", locale or country)
            claim.say(traveller, "PARTICIPATED_IN", stay, role="guest")
            if state:
                claim.say(f"state:{state}", "PARTICIPATED_IN", stay, role="host")
            for person in people:
                claim.met(person, stay)

    def known(self, together: Sequence[Named], host: str | None, claim: _Claims) -> list[str]:
        """Those of one list who are named by a title and more than one name."""
        found = []
        for named in together:
            state = named.state or host
            if not (named.whole and state and state != "USA"):
                self.emit.note("people met who are named by family name or title alone, not loaded")
                continue
            id = f"person:travel-{slug(named.name)}-{state.lower()}"
            found.append(self.person(id, named.name, claim.place))
            if named.state:
                self.state(named.state, claim.place, "remarks")
                claim.represents(id, named.state, named.title)
        return found

    def stays_of(
        self, list_: str, key: str, name: str, together: Sequence[Sequence[str]], claim: _Claims
    ) -> Iterator[tuple[str, Sequence[str]]]:
        """The meetings of a stay with those who were met at each; else the travel, with nobody."""
        entry = f"{list_}-{key}"
        if not together:
            yield self.stay(f"travel:{entry}", f"{name}, {claim.start}", claim), ()
        for number, met_there in enumerate(together, 1):
            id = f"meeting:{entry}" if number == 1 else f"meeting:{entry}-{number}"
            whom = " and ".join(self.names[person] for person in met_there)
            yield self.stay(id, f"{name}, {claim.start}: {whom}", claim), met_there

    # ------------------------------------------------------------------ visits to the US

    def visits(self, rows: Sequence[Row]) -> None:
        if rows:
            self.publish(VISITS, "Visits by foreign leaders")
        rows = [row for row in rows if self.usable(row, "visitor")]
        known = Visitors((row["visitor"], row["from_country"], row["start_date"]) for row in rows)
        for row in rows:
            self.visit(row, known)

    def visit(self, row: Row, known: Visitors) -> None:
        key, printed, country = row.take("id"), row.take("visitor"), row.take("from_country")
        start, end, remarks = row.take("start_date"), row.take("end_date"), row.take("description")
        self.audit.rest(row)
        state = self.state(country, row.place, "from_country")
        claim = _Claims(self.emit, self.document, row.place, key, remarks, start, end)
        guests = []
        for visitor in visitors(printed):
            id = "person:travel-" + known.key(visitor, country, state or slug(country), start)
            guests.append(self.person(id, visitor.name, row.place))
            if state:
                claim.represents(id, state, visitor.title)
        hosts = [[president] for president in dict.fromkeys(self.presidents.met_in(remarks, start))]
        name = f"Visit of {printed} to the United States"
        for stay, people in self.stays_of("visit", key, name, hosts, claim):
            claim.say("state:USA", "PARTICIPATED_IN", stay, role="host")
            for guest in guests:
                claim.say(guest, "PARTICIPATED_IN", stay, role="guest")
            for president in people:
                claim.met(president, stay)

    # ------------------------------------------------------------------ shared

    def usable(self, row: Row, who: str) -> bool:
        """Whether a row is new and says who came and on which days; what it lacks is told, and
        the row left out."""
        if not self.stays[self.document].is_new(row, "id", row["id"].strip()):
            return False
        lacks = {} if row[who].strip() else {who: "there is no name"}
        for field in ("start_date", "end_date"):
            if not _is_day(row[field].strip()):
                lacks[field] = "is no day such as 2001-02-03"
        for field, why in lacks.items():
            self.audit.miss(row.place, field, row[field], f"{why}; the row was left out")
        return not lacks

    def stay(self, id: str, name: str, claim: _Claims) -> str:
        self.emit.entity(id, name, place=claim.place, record=f"travel:{id.partition(':')[2]}")
        claim.say(id, "occurred", claim.days, valid_basis="stated")
        return id

    def person(self, id: str, name: str, place: str, record: str | None = None) -> str:
        """Declare a person under the first spelling met; the others are claimed as names."""
        first = self.names.setdefault(id, name)
        self.emit.entity(id, first, place=place, record=record)
        if first != name:
            self.emit.claim(
                id, "alias", name, asserter=HISTORIAN, document=self.document, place=place
            )
        return id

    def state(self, printed: str, place: str, field: str) -> str | None:
        """The alpha-3 code of a state as the lists spell it, declared; None with a warning."""
        # What none of its spellings has is asked for once more as it stands, and counted.
        code = state_code(printed) or self.audit.country(place, field, printed)
        if code is None:
            return None
        self.emit.entity(f"state:{code}", countries.names()[code])
        return code


def state_code(printed: str) -> str | None:
    """`Denmark (Greenland)` → `DNK`: what stands before the parentheses is the state."""
    plain = printed.strip().replace("’", "'")
    for text in (plain, plain.partition(" (")[0]):
        if found := SPELLED.get(text) or countries.code(text):
            return found
    return None


class _Claims:
    """Claims of one row: one printed statement of the Office of the Historian."""

    def __init__(
        self, emit: Emitter, document: str, place: str, key: str, remarks: str, start: str, end: str
    ) -> None:
        self.emit = emit
        self.place, self.start = place, start
        self.days = _days(start, end)
        self.remarks = remarks
        self.shared: dict[str, Any] = {
            "asserter": HISTORIAN, "document": document, "place": place,
            "locator": f"entry {key}", "statement": f"{document}#{key}",
        }  # fmt: skip

    def say(self, subject: str, predicate: str, target: str, **columns: Any) -> None:
        self.emit.claim(subject, predicate, target, **self.shared, **columns)

    def met(self, person: str, meeting: str) -> None:
        """The remarks name the person as somebody who was met."""
        self.say(person, "PARTICIPATED_IN", meeting, role="participant", quote=self.remarks)

    def represents(self, person: str, state: str, office: str) -> None:
        """The person held the office on these days; before and after, the list does not say."""
        self.say(person, "REPRESENTS", f"state:{state}", office=office or None, valid=self.days,
                 valid_basis="derived")  # fmt: skip


def _is_day(text: str) -> bool:
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


def _days(start: str, end: str) -> str:
    return start if start == end else f"{start}/{end}"
