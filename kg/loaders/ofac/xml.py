"""OFAC's lists as XML, in which the dates of listing stand: the Advanced and the Enhanced form.

Each entry becomes the rows that the CSV files would have of it, so that one reading makes claims of
all. What changed (a delta file) comes in the Enhanced form, with an `action` on each entity that is
new or gone, and on each part of one that is changed.
"""

from __future__ import annotations

import xml.etree.ElementTree as ET
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from kg.base.errors import InputError, Problem
from kg.loaders.kit.reading import Row, open_bytes, suffix

Tell = Callable[[str, str, str, str], None]
"""Called with place, field, value and what is wrong, for what is left out."""

TYPES = {"individual": "individual", "vessel": "vessel", "aircraft": "aircraft"}
"""What a party is → the word of the CSV files; anything else is an entity."""

FEATURES = {
    "Birthdate": "DOB {}", "Place of Birth": "POB {}", "Nationality Country": "nationality {}",
    "Citizenship Country": "citizen {}", "Gender": "Gender {}", "Website": "Website {}",
    "Organization Established Date": "Organization Established Date {}",
    "Vessel IMO": "Vessel Registration Identification IMO {}", "MMSI": "MMSI {}",
    "Target Type": "Target Type {}",
}  # fmt: skip
"""Type of a feature → the segment of remarks that says the same."""

MONTHS = ("", "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


@dataclass
class Entry:
    """One party on a list."""

    number: str
    place: str
    name: str = ""
    type: str = ""
    aliases: list[tuple[str, bool]] = field(default_factory=list)
    """Other names, and whether they are weak."""
    countries: list[str] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)
    lists: list[tuple[str, str]] = field(default_factory=list)
    """The lists' names, each with the day on which the entry came on it, empty if none is given."""
    programmes: list[str] = field(default_factory=list)
    laws: list[str] = field(default_factory=list)

    def rows(self, columns: dict[str, tuple[str, ...]]) -> Iterator[tuple[str, Row]]:
        """The rows of the list, of its names and of its addresses, as the CSV files have them."""
        said = {"ent_num": self.number, "name": self.name, "type": self.type}
        said |= {"programme": "; ".join(self.programmes), "remarks": "; ".join(self.remarks)}
        yield "list", self._row(columns["list"], said)
        for number, (name, weak) in enumerate(self.aliases, 1):
            how = "weak aka" if weak else "aka"
            alias = {"ent_num": self.number, "alt_num": str(number), "alt_type": how,
                     "alt_name": name}  # fmt: skip
            yield "alt", self._row(columns["alt"], alias)
        for country in dict.fromkeys(self.countries):
            yield "add", self._row(columns["add"], {"ent_num": self.number, "country": country})

    def _row(self, columns: Iterable[str], said: dict[str, str]) -> Row:
        return Row({name: said.get(name, "") for name in columns}, self.place)


def entries(path: Path, tell: Tell) -> Iterator[Entry]:
    """The entries of a list in either form. Raises `InputError` for what is neither."""
    with open_bytes(path) as stream:
        try:
            events = ET.iterparse(stream, events=("start", "end"))
            root = next(element for _, element in events)
            reader = _READERS.get(_local(root))
            if reader is None:
                message = "is no list of OFAC's: `Sanctions` or `sanctionsData` is wanted"
                raise InputError(Problem(message, f"{path}:1", "", _local(root)[:60]))
            yield from reader(path, tell).read(events, root)
        except (ET.ParseError, OSError, EOFError, StopIteration) as why:
            raise InputError(Problem(f"cannot be read as XML: {why}", f"{path}:1")) from None


def is_delta(path: Path) -> bool:
    """Whether a file tells only what has changed in a list."""
    if suffix(path) != ".xml":
        return False
    with suppress(ET.ParseError, OSError, EOFError), open_bytes(path) as stream:
        for _, element in ET.iterparse(stream, events=("start",)):
            if "DeltaFile" in str(element.tag):
                return True
            if _local(element) in ("Sanctions", "entity"):
                return element.get("action") is not None
    return False


GONE = ("delete", "remove")
"""The `action` on what was taken out."""


def _action(element: Any) -> str:
    return str(element.get("action") or "").casefold()


def _local(element: Any) -> str:
    return str(element.tag).rpartition("}")[2]


def _all(element: Any, name: str) -> list[Any]:
    """Everything below an element that is called so."""
    return [found for found in element.iter() if _local(found) == name]


def _text(element: Any, name: str) -> str:
    """The text of the first element of a name below another, without surrounding blanks."""
    return next((("".join(found.itertext())).strip() for found in _all(element, name)), "")


def _is_true(element: Any, name: str) -> bool:
    return bool(str(element.get(name) or _text(element, name)).strip().casefold() == "true")


class _Advanced:
    """`Sanctions`: what numbers mean stands first, then places, parties, and their entries."""

    def __init__(self, path: Path, tell: Tell) -> None:
        self.path, self.tell = path, tell
        self.values: dict[tuple[str, str], Any] = {}
        """(element, ID) → its text, of the reference values."""
        self.of_type: dict[str, str] = {}
        """Kind of a party → the number of what it is one of."""
        self.places: dict[str, str] = {}
        self.parties: dict[str, Entry] = {}

    def read(self, events: Any, root: Any) -> Iterator[Entry]:
        reading = {
            "Location": self.location, "DistinctParty": self.party, "SanctionsEntry": self.entry,
        }  # fmt: skip
        in_values = False
        for event, element in events:
            name = _local(element)
            if name == "ReferenceValueSets":
                in_values = event == "start"
            elif event == "end" and in_values and element.get("ID"):
                self.value(name, element)
            elif event == "end" and name in reading:
                reading[name](element)
                element.clear()
        yield from (entry for entry in self.parties.values() if entry.lists)

    def value(self, name: str, element: Any) -> None:
        text = (element.text or "").strip()
        self.values[(name, element.get("ID"))] = text or element.get("LegalBasisShortRef") or ""
        if name == "PartySubType":
            self.of_type[element.get("ID")] = element.get("PartyTypeID") or ""

    def named(self, element: str, id: str | None) -> str:
        """What a number means."""
        return str(self.values.get((element, id or ""), ""))

    def location(self, element: Any) -> None:
        for found in _all(element, "LocationCountry"):
            self.places[element.get("ID") or ""] = self.named("Country", found.get("CountryID"))

    def party(self, element: Any) -> None:
        for profile in _all(element, "Profile"):
            number = profile.get("ID") or element.get("FixedRef") or ""
            entry = Entry(number, f"{self.path}#DistinctParty {number}")
            entry.type = self.type_of(profile.get("PartySubTypeID") or "")
            for alias in _all(profile, "Alias"):
                self.name(entry, alias, profile)
            for feature in _all(element, "Feature"):
                self.feature(entry, feature)
            self.parties[number] = entry

    def type_of(self, sort: str) -> str:
        what = self.named("PartySubType", sort).casefold()
        broader = self.named("PartyType", self.of_type.get(sort)).casefold()
        return TYPES.get(what) or TYPES.get(broader, "")

    def name(self, entry: Entry, alias: Any, profile: Any) -> None:
        parts = {group.get("ID"): self.named("NamePartType", group.get("NamePartTypeID"))
                 for group in _all(profile, "NamePartGroup")}  # fmt: skip
        for documented in _all(alias, "DocumentedName"):
            values = [(parts.get(value.get("NamePartGroupID"), ""), (value.text or "").strip())
                      for value in _all(documented, "NamePartValue")]  # fmt: skip
            last = [text for what, text in values if what == "Last Name"]
            rest = " ".join(text for what, text in values if what != "Last Name" and text)
            whole = ", ".join(text for text in (" ".join(last), rest) if text)
            if _is_true(alias, "Primary") and not entry.name:
                entry.name = whole
            elif whole:
                entry.aliases.append((whole, _is_true(alias, "LowQuality")))

    def feature(self, entry: Entry, feature: Any) -> None:
        what = self.named("FeatureType", feature.get("FeatureTypeID"))
        for found in _all(feature, "VersionLocation"):
            if (country := self.places.get(found.get("LocationID") or "")) and what == "Location":
                entry.countries.append(country)
        for found in _all(feature, "VersionDetail"):
            text = (found.text or "").strip()
            text = text or self.named("DetailReference", found.get("DetailReferenceID"))
            self.remark(entry, what, text)
        for period in _all(feature, "DatePeriod"):
            self.remark(entry, what, _period(period))

    def remark(self, entry: Entry, what: str, text: str) -> None:
        if text and what in FEATURES:
            entry.remarks.append(FEATURES[what].format(text))
        elif text:
            why = "feature is not loaded"
            self.tell(entry.place, what or "Feature", text, why)

    def entry(self, element: Any) -> None:
        number = element.get("ProfileID") or ""
        party = self.parties.get(number)
        if party is None:
            why = "no party has this number; the entry was left out"
            self.tell(f"{self.path}#SanctionsEntry {element.get('ID')}", "ProfileID", number, why)
            return
        day = ""
        for event in _all(element, "EntryEvent"):
            what = self.named("EntryEventType", event.get("EntryEventTypeID"))
            if what in ("", "Created"):
                day = day or next((_day(found) for found in _all(event, "Date")), "")
            if law := self.named("LegalBasis", event.get("LegalBasisID")):
                party.laws.append(law)
        for measure in _all(element, "SanctionsMeasure"):
            what = self.named("SanctionsType", measure.get("SanctionsTypeID"))
            if (code := _text(measure, "Comment")) and what in ("", "Program"):
                party.programmes.append(code)
        party.lists.append((self.named("List", element.get("ListID")), day))


def _day(element: Any) -> str:
    """A day, month or year as EDTF."""
    parts = [_text(element, name) for name in ("Year", "Month", "Day")]
    known = parts[: next((n for n, part in enumerate(parts) if not part.isdecimal()), 3)]
    return "-".join(part.zfill(4 if n == 0 else 2) for n, part in enumerate(known))


def _period(period: Any) -> str:
    """A period as the remarks of the CSV files print it: a day, a year, or `1966 to 1968`."""
    starts = [_day(found) for found in _all(period, "From")]
    ends = [_day(found) for found in _all(period, "To")]
    first, last = next(iter(starts), ""), next(reversed(ends), "")
    if first[4:] == "-01-01" and last[:4] == first[:4] and last[4:] == "-12-31":
        first = last = first[:4]
    return _printed(first) if last in ("", first) else f"{_printed(first)} to {_printed(last)}"


def _printed(day: str) -> str:
    """`1948-12-10` → `10 Dec 1948`."""
    year, month, date = [*day.split("-"), "", ""][:3]
    if month.isdecimal() and not 1 <= int(month) <= 12:
        return day
    return " ".join(part for part in (date, MONTHS[int(month)] if month else "", year) if part)


class _Enhanced:
    """`sanctionsData`: one `entity` holds all that is said of it."""

    def __init__(self, path: Path, tell: Tell) -> None:
        self.path, self.tell = path, tell
        self.date = ""

    def read(self, events: Any, root: Any) -> Iterator[Entry]:
        for event, element in events:
            if event == "end" and _local(element) == "entity":
                if (found := self.entity(element)) is not None:
                    yield found
                element.clear()

    def entity(self, element: Any) -> Entry | None:
        number = element.get("id") or ""
        place = f"{self.path}#entity {number}"
        if _action(element) in GONE:
            why = "was taken off the list, which a load cannot take back: load the whole list again"
            self.tell(place, "action", _action(element), why)
            return None
        changed = any(map(_action, element.iter()))
        if changed and not (_all(element, "sanctionsList") and _all(element, "name")):
            why = "only what has changed of it is told, not the whole: load the whole list again"
            self.tell(place, "id", number, why)
            return None
        for part in list(element.iter()):
            for child in [each for each in part if _action(each) in GONE]:
                part.remove(child)
        entry = Entry(number, place, type=TYPES.get(_text(element, "entityType").casefold(), ""))
        for name in _all(element, "name"):
            self.name(entry, name)
        entry.lists = [((found.text or "").strip(), (found.get("datePublished") or "")[:10])
                       for found in _all(element, "sanctionsList")]  # fmt: skip
        entry.programmes = _texts(element, "sanctionsProgram")
        entry.laws = _texts(element, "legalAuthority")
        entry.countries = [_text(found, "country") for found in _all(element, "address")]
        for feature in _all(element, "feature"):
            what, text = _text(feature, "type"), _text(feature, "value")
            if text and what in FEATURES:
                entry.remarks.append(FEATURES[what].format(text))
            elif text:
                self.tell(place, what, text, "feature is not loaded")
        return entry

    def name(self, entry: Entry, name: Any) -> None:
        primary, weak = _text(name, "isPrimary"), _text(name, "isLowQuality")
        for text in _texts(name, "formattedFullName"):
            if primary.casefold() == "true" and not entry.name:
                entry.name = text
            else:
                entry.aliases.append((text, weak.casefold() == "true"))


def _texts(element: Any, name: str) -> list[str]:
    found = (("".join(each.itertext())).strip() for each in _all(element, name))
    return list(dict.fromkeys(text for text in found if text))


def by_list(found: Iterable[Entry], tell: Tell) -> dict[bool, list[Entry]]:
    """Entries of the SDN list (True) and of the other list (False)."""
    lists: dict[bool, list[Entry]] = defaultdict(list)
    for entry in found:
        names = [name for name, _ in entry.lists]
        if not entry.number.isdecimal() or not names:
            tell(entry.place, "id", entry.number, "has no number or is on no list; left out")
            continue
        for of_sdn in {is_sdn(name) for name in names}:
            lists[of_sdn].append(entry)
    return lists


def is_sdn(list_name: str) -> bool:
    """Whether a list is that of Specially Designated Nationals, and not the non-SDN one."""
    return "sdn" in list_name.casefold() and "non-sdn" not in list_name.casefold()


_READERS: dict[str, type[_Advanced] | type[_Enhanced]] = {
    "Sanctions": _Advanced,
    "sanctionsData": _Enhanced,
}
"""Root of a file → what reads it."""
