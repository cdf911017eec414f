"""English for what claims say: names with their articles, dates in words, lists, and what stands in
brackets after whoever says something."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import date

from kg.ask.told import Row
from kg.ontology import edtf
from kg.ontology.values import BadValue

WITH_ARTICLE = re.compile(
    r"\b(Agency|Army|Association|Authority|Bank|Board|Bureau|Cent(er|re)|Commission|Committee|"
    r"Conference|Corps|Council|Court|Department|Directorate|Embassy|Federation|Force|Forces|"
    r"Foundation|Government|Group|House|Institute|Kingdom|Ministry|Nations|Netherlands|Office|"
    r"Organi[sz]ation|Panel|Philippines|Police|Presidency|Project|Republic|Secretariat|Service|"
    r"States|Times|Union|University)(?![\w-])"
)
"""Words in proper names that take an article: the Council, but not Kaspersky."""

BARE = ("Person", "Software", "Technique", "Sector")
"""Kinds whose names take none."""

COMMON = re.compile(r"\b[a-z]{3,}\b")
"""A word of the language in a name makes a description of it: the Sony Pictures attack."""

SMALL = frozenset((
    *("a", "against", "among", "and", "at", "by", "for", "from", "in", "into", "of", "on", "over"),
    *("the", "to", "towards", "upon", "with"),
))  # fmt: skip
DEMONYM = re.compile(r"[A-Z]\w*(an|ese|ish|ic)$")
NUMBERS = ("", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
MONTHS = (
    *("", "January", "February", "March", "April", "May", "June", "July", "August"),
    *("September", "October", "November", "December"),
)


def the(name: str, kind: str | None, *, unnamed: bool = False) -> str:
    """A name as it stands inside a sentence: `the Lazarus Group`, `WannaCry 2.0`, `the call for
    flexibility`."""
    if kind in BARE or name[:4].casefold() == "the ":
        return name if name[:4] != "The " else "the " + name[4:]
    words = name.split()
    described = bool(set(COMMON.findall(name)) - SMALL) or (len(words) > 1 and words[1] in SMALL)
    if described and kind not in ("Organization", "Group", "Agency", "State"):
        return f"the {_lowered(words, unnamed)}"
    if unnamed:
        return _lowered(words, unnamed)
    return f"the {name}" if WITH_ARTICLE.search(name) else name


def _lowered(words: Sequence[str], small: bool) -> str:
    """Without the capital of a first word that has it only because it is the first: surely in what
    has no name of its own (`small`)."""
    first, rest = words[0], words[1:]
    plain = re.fullmatch(r"[A-Z][a-z]+", first) and not DEMONYM.match(first)
    if plain and (small or (rest and rest[0] in SMALL) or first.casefold() in NUMBERS):
        first = first[0].lower() + first[1:]
    return " ".join([first, *rest])


def plural(name: str) -> bool:
    """Whether a described thing is several: the exchange thefts."""
    head = re.split(rf"\s(?:{'|'.join(sorted(SMALL))})\s", name)[0].split()[-1]
    return bool(re.search(r"[a-z]s$|^people$|[A-Z]s$", head)) and not head.endswith(("ss", "us"))


def agreeing(phrase: str, several: bool) -> str:
    """The phrase for one or for several: `is the work of`, `are the work of`."""
    first, _, rest = phrase.partition(" ")
    verb = {"is": "are", "was": "were", "has": "have"}.get(first, first) if several else first
    return f"{verb} {rest}".rstrip()


def count(number: int) -> str:
    """A number in a sentence: in letters up to ten."""
    return NUMBERS[number] if 0 < number < len(NUMBERS) else f"{number:,}"


def listed(items: Iterable[str], last: str = "and") -> str:
    """`a, b and c`."""
    words = list(items)
    if len(words) < 2:
        return "".join(words)
    return f"{', '.join(words[:-1])} {last} {words[-1]}"


def joint(place: int, total: int) -> str:
    """What stands before the item of that place in a list of so many."""
    if place == 0:
        return ""
    return " and " if place == total - 1 else ", "


def capital(text: str) -> str:
    """The text with its first letter as a sentence starts."""
    return text[:1].upper() + text[1:]


def day(text: str) -> str:
    """EDTF in words: `13 September 2019`, `May 2017`, `January 2017 to September 2018`."""
    if "/" in text:
        first, last = text.split("/")
        if first in ("", ".."):
            return f"up to {day(last)}"
        return f"{day(first)} on" if last in ("", "..") else f"{day(first)} to {day(last)}"
    found = re.fullmatch(r"(\d{4})(?:-(\d\d))?(?:-(\d\d))?(?:T(\d\d:\d\d).*)?", text)
    if not found or (found[2] and not 1 <= int(found[2]) <= 12):
        return text
    year, month, of_month, clock = found.groups()
    words = [str(int(of_month))] if of_month else []
    words += [MONTHS[int(month)]] if month else []
    return " ".join([*words, str(int(year))]) + (f", {clock} UTC" if clock else "")


def when(text: str) -> str:
    """The same with its preposition: `on 13 September 2019`, `in May 2017`."""
    said = day(text)
    if said == text and not re.fullmatch(r"\d{4}", text):
        return f"at {text}"
    if "/" in text:
        return said if said.startswith("up to") else f"from {said}"
    return f"on {said}" if re.fullmatch(r"\d{4}-\d\d-\d\d.*", text) else f"in {said}"


def span(text: str | None) -> tuple[date | None, date | None]:
    """First and last day of EDTF; None where it has none."""
    try:
        value = edtf.parse(text or "")
    except BadValue:
        return None, None
    return value.start, value.end


def aside(rows: Sequence[Row]) -> str:
    """What stands in brackets after whoever says it: hedge, how sure, whether blamed together, and
    when it was said; of words that were the same on several days, the days together."""
    days: dict[str, list[str]] = {}
    for row in sorted(rows, key=lambda row: not row["earlier"]):
        days.setdefault(", ".join(_qualified(row)), []).append(row.get("asserted") or "")
    known = {on for each in days.values() for on in each}
    if len(known) == 1 and len(days) > 1:
        words = ", and ".join(filter(None, days)) + (", and also without" if "" in days else "")
        return "; ".join(filter(None, (words, _days(known))))
    return "; ".join(
        ", ".join(filter(None, (text, _days(set(each))))) for text, each in days.items()
    )


def _qualified(row: Row) -> list[str]:
    words = [f"“{row['hedge']}”"] if row.get("hedge") else []
    sure = [name for name in ("likelihood", "confidence") if row.get(name)]
    words += [f"{name}: {row[name]}" for name in sure if row[name] != row.get("hedge")]
    return [*words, "jointly with others"] if row.get("collective") else words


def _days(known: set[str]) -> str:
    """The days on which something was said, in few words."""
    days = sorted(known - {""})
    if len(days) > 2:
        return f"between {day(days[0])} and {day(days[-1])}"
    return listed(map(day, days))


HAPPENED = {
    "Agreement": "was reached",
    "LegalAction": "was made public",
    "Sanction": "was imposed",
    "Statement": "was made",
}
"""What `occurred` means, of kinds that do not simply take place."""

LABELS = {
    "occurred": "date",
    "alias": "other name",
    "count": "number",
    "computers_affected": "number of computers affected",
    "countries_affected": "number of countries affected",
}


def label(predicate: str) -> str:
    """What a property is called in a sentence."""
    return LABELS.get(predicate, predicate.replace("_", " "))
