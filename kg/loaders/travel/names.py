"""Names as the Office of the Historian prints them: `President Kim Dae-jung`, and who met whom."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from kg.loaders.kit.reading import slug

_BEFORE = (
    "Acting|Interim|Provisional|Former|Vice|Deputy|Crown|Grand|First|Federal|Junta|Chief|Head"
    "|General|Brigadier|Lieutenant|Major"
)
_OFFICE = (
    "President|Prime Minister|Prime Minster|Prime Ministere|King|Queen|Premier|Chancellor|Amir|Emir"
    "|Chairman|Sultan|Governor|Prince|Princess|Emperor|Pope|Taoiseach|Duke|Duchess|Regent|Shah"
    "|Sheikh|Secretary|Foreign Minister|Foreign Secretary|Defense Minister|Minister|General|Member"
    "|leader|Leader|of State|of the Presidency|of the Council"
)
"""As the lists print them, slips of the pen included."""

_TITLE = (
    rf"(?:(?:{_BEFORE}) )*(?:{_OFFICE})(?:- ?(?:[Ee]lect|designate)|-)?"
    r"(?: of (?:the Presidency|the Council(?: of Ministers)?|State))?"
)
_LED_BY_TITLE = re.compile(rf"(?P<title>{_TITLE}(?:(?:[- ]| and | & ){_TITLE})*)[ ](?P<name>\S.*)")
_NEXT_VISITOR = re.compile(rf"(?:,| and) (?={_TITLE} )")

_STYLES = frozenset(("Prince", "Princess", "Sheikh", "Cardinal", "King", "Lord", "Dr.", "General"))
"""What may stand before a family name without making it a whole name."""

GAP = 10
"""Years without a visit after which a family name alone stands for somebody else."""


@dataclass(frozen=True)
class Named:
    """A person as printed: name without the title, title, and the state that an adjective names."""

    name: str
    title: str = ""
    state: str | None = None

    @property
    def whole(self) -> bool:
        """Whether more than a family name (or a monarch's one name) is given."""
        words = [word for word in self.name.split() if word.lower() != word and word not in _STYLES]
        return len(words) > 1


def visitors(printed: str) -> list[Named]:
    """`President A B and Prime Minister C D` → two; the title is taken off each."""
    parts = _NEXT_VISITOR.split(printed.strip())
    if any(re.fullmatch(_TITLE, part) for part in parts):  # one person with two titles
        parts = [printed]
    return [_visitor(part) for part in parts]


def _visitor(printed: str) -> Named:
    found = _LED_BY_TITLE.fullmatch(printed.strip())
    return Named(found["name"], found["title"]) if found else Named(printed.strip())


class Visitors:
    """Keys for visitors, within this one list: a name and a state, and for one word more.

    A single word (`King Hussein`, `President Garcia`) with its title and state names one person
    as long as no `GAP` of years lies between two visits; the key then ends in the first year.
    """

    def __init__(self, rows: Iterable[tuple[str, str, str]]) -> None:
        years: dict[tuple[str, str, str], set[int]] = defaultdict(set)
        for printed, country, start in rows:
            for visitor in visitors(printed):
                years[_single(visitor, country.strip())].add(int(start.strip()[:4]))
        self._first = {key: _runs(sorted(found)) for key, found in years.items()}

    def key(self, visitor: Named, country: str, state: str, start: str) -> str:
        """`kim-dae-jung-kor`, `hussein-jor-1959`."""
        plain = f"{slug(visitor.name)}-{state.lower()}"
        if visitor.whole:
            return plain
        return f"{plain}-{self._first[_single(visitor, country)][int(start[:4])]}"


def _single(visitor: Named, country: str) -> tuple[str, str, str]:
    return visitor.title, visitor.name, country


def _runs(years: Sequence[int]) -> dict[int, int]:
    """Each year and the first year of its run without a gap."""
    first: dict[int, int] = {}
    for before, year in zip((None, *years), years, strict=False):
        joined = before is not None and year - before <= GAP
        first[year] = first[before] if joined and before is not None else year
    return first


# ------------------------------------------------------------------ who met whom

_WORD = (
    r"(?:al-[A-Z][\w’'-]+|(?:bin|ibn|de|da|del|der|la|van|von|al|el)\b|[IVX]+\b|[A-Z]\."
    r"|[A-Z][\w’'-]*[a-zà-ÿ])"
)
_MENTION = re.compile(
    rf"(?P<before>(?:[A-Z][\w-]+ )*?)(?<![\w-])(?P<title>{_TITLE}) (?P<name>{_WORD}(?: {_WORD})*)"
)
_MEETING = re.compile(r"\b(?:[Mm]et|[Mm]eetings?|[Ss]ummit|[Tt]alks|[Cc]onferred)\b.*?\bwith\b")
_APART = re.compile(r"\b(?:separate(?:ly)?|individual(?:ly)?|each|respectively)\b")
_MEETINGS = re.compile(r"\b(?:meetings|bilaterals?|summits)\b")
"""What makes several meetings of those who are named in one list."""
_LIST_WORDS = frozenset(("and", "with", "the", "former", "then", "also", "both", "separately",
    "individually", "bilateral", "events", "meetings", "as", "well", "visiting", "new", "newly",
    "elected", "leader", "leaders"))  # fmt: skip
"""Small words that may stand between two people in a list; any other word ends the list."""
_SENTENCE = re.compile(r"(?<=[a-zé0-9)])\.\s+(?=[A-Z])")

_DEMONYMS = {
    "Afghan": "AFG", "Australian": "AUS", "Austrian": "AUT", "Bahraini": "BHR", "Belgian": "BEL",
    "British": "GBR", "Canadian": "CAN", "Chadian": "TCD", "Chinese": "CHN", "Colombian": "COL",
    "Danish": "DNK", "Egyptian": "EGY", "Ethiopian": "ETH", "Finnish": "FIN", "French": "FRA",
    "German": "DEU", "Guatemalan": "GTM", "Indian": "IND", "Indonesian": "IDN", "Iranian": "IRN",
    "Iraqi": "IRQ", "Irish": "IRL", "Israeli": "ISR", "Italian": "ITA", "Japanese": "JPN",
    "Jordanian": "JOR", "Kenyan": "KEN", "Lebanese": "LBN", "Libyan": "LBY", "Lithuanian": "LTU",
    "Maltese": "MLT", "Mexican": "MEX", "Montenegrin": "MNE", "Moroccan": "MAR",
    "Nigerian": "NGA", "North Korean": "PRK", "Norwegian": "NOR", "Pakistani": "PAK",
    "Portuguese": "PRT", "Qatari": "QAT", "Russian": "RUS", "Saudi": "SAU",
    "Saudi Arabian": "SAU", "Singaporean": "SGP", "South African": "ZAF", "South Korean": "KOR",
    "Spanish": "ESP", "Swedish": "SWE", "Syrian": "SYR", "Tanzanian": "TZA", "Tunisian": "TUN",
    "Turkish": "TUR", "Ukrainian": "UKR", "Vietnamese": "VNM", "Yemeni": "YEM",
}  # fmt: skip


def met(remarks: str) -> Iterator[list[Named]]:
    """Those whom a sentence about a meeting, summit or talks names after `with`, by title and name:
    one list for each time that they are named together.

    Others who are mentioned (an anniversary, a funeral, somebody accompanied) did not take part.
    """
    for sentence in _SENTENCE.split(remarks):
        together: list[Named] = []
        for named, again in _mentions(sentence):
            if together and again:
                yield together
                together = []
            together.append(named)
        if together:
            yield together


def _mentions(sentence: str) -> Iterator[tuple[Named, bool]]:
    """Whom one sentence names, and whether it is a meeting of its own, apart from the last."""
    found = _MEETING.search(sentence)
    last = found.end() if found else len(sentence)
    apart = bool(found and (_APART.search(sentence) or _MEETINGS.search(found[0])))
    for mention in _MENTION.finditer(sentence, last):
        between = re.findall(r"\b[a-z]\w*", sentence[last : mention.start()])
        if not _LIST_WORDS.issuperset(between):
            break
        last = mention.end()
        before = mention["before"].strip()
        apart = apart or "bilateral" in between or "meetings" in between
        # `Palestinian Authority President X` leads neither the host nor a state we know of.
        if not before or before in _DEMONYMS:
            name = mention["name"].rstrip(".’'")
            yield Named(name, mention["title"], _DEMONYMS.get(before)), apart or "with" in between


class Presidents:
    """US presidents by family name and the years in which they travelled."""

    def __init__(self) -> None:
        self._years: dict[str, list[int]] = defaultdict(list)
        self._family: dict[str, set[str]] = defaultdict(set)

    def note(self, role: str, id: str, name: str, start: str, end: str) -> None:
        """Remember one travel abroad."""
        if role == "president":
            self._years[id] += [int(start[:4]), int(end[:4])]
            self._family[name.split()[-1]].add(id)

    def met_in(self, remarks: str, start: str) -> Iterator[str]:
        """The one president of that family name who was travelling around that time, if just one.

        A president's travels end up to a year before the term does and may begin a year into it.
        """
        year = date.fromisoformat(start).year
        for named in (named for together in met(remarks) for named in together):
            if named.title != "President" or named.state not in (None, "USA"):
                continue
            family = self._family.get(named.name.split()[-1], set())
            found = [id for id in family
                     if min(self._years[id]) - 1 <= year <= max(self._years[id]) + 1]  # fmt: skip
            if len(found) == 1:
                yield found[0]
