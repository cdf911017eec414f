"""What stands in a cell of EuRepoC: packed names, lists in two notations, dates in disguise."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from kg.base.fillers import is_filler
from kg.loaders.kit import actors as kit
from kg.loaders.kit.days import between, printed
from kg.loaders.kit.reading import Row

CONTESTED = "Contested attribution"
PLACEHOLDER = "2000-01-01"
"""What stands for an end date that nobody knows."""


def plain(text: str) -> str:
    """The text, or nothing where it says that nothing is known; without trailing examples."""
    text = re.sub(r"\s*\((?:e\.g\.|corporate targets only)[^)]*\)\s*$", "", text.strip())
    return "" if is_filler(text) else text


def listed(cell: str) -> list[str]:
    """The items of `['A', ['B']]` or `A; B`, flattened, known ones only, each once."""
    items = _items(cell) or cell.split("; ")
    return list(dict.fromkeys(item.strip() for item in items if plain(item)))


def names(cell: str) -> list[str]:
    """The same of names, with what stands in their brackets: `A (B; C); D` is two."""
    found = (plain(" ".join(item.split())) for item in _items(cell) or kit.listed(cell))
    return list(dict.fromkeys(filter(None, found)))


def _items(cell: str) -> list[str]:
    """What a list in Python's notation holds; nothing where it is none."""
    try:
        return list(_flat(ast.literal_eval(cell.strip()))) if cell.strip()[:1] == "[" else []
    except (ValueError, SyntaxError, MemoryError, RecursionError):
        return []


def _flat(value: object) -> Iterator[str]:
    if isinstance(value, list | tuple):
        for item in value:
            yield from _flat(item)
    else:
        yield str(value)


def key(number: str) -> str:
    """`5110.0` → `5110`."""
    return number.strip().removesuffix(".0")


def day(cell: str) -> str:
    """A date as EDTF, without its time of day; empty where none is known, and text that is no date
    as it is. The first of January is how EuRepoC writes a year, so it is read as one."""
    text = printed(re.sub(r"(?<=\d{4}-\d\d-\d\d)[ T].*", "", plain(cell)))
    return text[:4] if re.fullmatch(r"\d{4}-01-01", text) else text


def days(start: str, end: str) -> tuple[str, str]:
    """When an incident was, as EDTF, and what is wrong with its end (empty if nothing is).

    An end that cannot be is not an end: the interval stays open.
    """
    first, last = day(start), day(end)
    if not last or last == first:
        return first, ""
    if end.strip().startswith(PLACEHOLDER):
        return f"{first}/", "the end is the placeholder 2000-01-01; taken as unknown"
    if last < first[: len(last)] or (len(last) == len(first) and last < first):
        return f"{first}/", "ends before it starts; the end is taken as unknown"
    return between(first, last), ""


# ------------------------------------------------------------------ receivers


@dataclass(frozen=True)
class Receiver:
    """One row of the Receiver file: who was hit, where, and of what kind."""

    name: str
    country: str
    category: str
    sector: str
    place: str

    @classmethod
    def of(cls, row: Row) -> list[Receiver]:
        """What a row says, taken out of it: of each that it names."""
        for left_out in ("receiver_ID", "receiver_region"):
            row.take(left_out)
        named = names(row.take("receiver_name"))
        columns = ("country", "category", "category_subcode")
        country, category, sector = (plain(row.take(f"receiver_{c}")) for c in columns)
        return [cls(name, country, category, sector, row.place) for name in named or [""]]

    @property
    def of_state(self) -> bool:
        """Whether it is an organ of its state."""
        return self.category.startswith("State institutions")


def grouped(rows: Iterable[Receiver], by: str) -> dict[str, list[Receiver]]:
    """Rows by what they say of one thing, in their order."""
    found: dict[str, list[Receiver]] = {}
    for row in rows:
        found.setdefault(getattr(row, by), []).append(row)
    return found


def is_product(rows: Sequence[Receiver]) -> bool:
    """Whether the rows are every country with every kind: which goes with which, nobody said."""
    places = {row.country for row in rows}
    kinds = {(row.category, row.sector) for row in rows}
    pairs = {(row.country, row.category, row.sector) for row in rows}
    return len(places) > 1 and len(kinds) > 1 and len(pairs) == len(places) * len(kinds)


# ------------------------------------------------------------------ attributions

OF_A_STATE = frozenset(("State", "Non-state actor, state-affiliation suggested"))
"""Categories of initiators that hold a state responsible."""


@dataclass
class Attribution:
    """One `attribution_ID`: sets, because its rows are every combination of its values."""

    id: str
    incident: str
    place: str
    date: set[str] = field(default_factory=set)
    type: set[str] = field(default_factory=set)
    basis: set[str] = field(default_factory=set)
    attributing_actor: set[str] = field(default_factory=set)
    attribution_it_company: set[str] = field(default_factory=set)
    attributing_country: set[str] = field(default_factory=set)
    initiators: set[str] = field(default_factory=set)
    countries: set[str] = field(default_factory=set)
    categories: set[str] = field(default_factory=set)

    COLUMNS = ("attribution_date", "attribution_type", "attribution_basis", "attributing_actor",
               "attribution_it_company", "attributing_country", "attributed_initiator",
               "attributed_initiator_country", "attributed_initiator_category")  # fmt: skip

    def add(self, row: Row) -> None:
        """Take this row's values out of it and into the sets."""
        held = (self.date, self.type, self.basis, self.attributing_actor,
                self.attribution_it_company, self.attributing_country, self.initiators,
                self.countries, self.categories)  # fmt: skip
        for column, values in zip(self.COLUMNS, held, strict=True):
            values.update(names(row.take(column)))

    @property
    def category(self) -> str | None:
        """The one kind of actor that is named."""
        return next(iter(self.categories)) if len(self.categories) == 1 else None

    @property
    def of_states(self) -> bool:
        """Whether a state is held responsible."""
        return bool(self.categories) and self.categories <= OF_A_STATE

    def in_words(self) -> str:
        """One line: everybody named, without saying which belongs to which."""
        parts = {
            "initiators": self.initiators, "their countries": self.countries,
            "categories": self.categories,
            "attributing countries": self.attributing_country,
        }  # fmt: skip
        said = [f"{what}: {', '.join(sorted(v))}" for what, v in parts.items() if v]
        return "; ".join(said) or "no initiator named"


@dataclass(frozen=True)
class Initiator:
    """One actor out of a packed string `A/B/G0032 (Parent organisation, Unit) < C`."""

    name: str
    aliases: tuple[str, ...] = ()
    keys: tuple[str, ...] = ()
    """Of ATT&CK: they stand among the names, and may be those of a part."""
    within: tuple[str, ...] = ()
    """What the parentheses hold: bodies that it is named with."""
    parent: Initiator | None = None
    """What stands after `<`."""


_CODE = re.compile(r"(?:Group )?(G\d{4})")
DEEPEST = 10
"""Parts of parts."""
_ABOVE = re.compile(r"\s*(?:<|-+>)\s+")
"""Between what is a part and what it is a part of: `A < B`, `A --> B`."""
_BESIDE = re.compile(r"/|,?\s+(?:aka|a\.k\.a\.)\s+|,\s+(?=Group G\d)", re.IGNORECASE)
"""Between the names of one."""
_COMMA = re.compile(r",\s*")
_BRACKETS = re.compile(r"\(((?:[^()]|\([^()]*\))*)\)")


def initiators(packed: str) -> Initiator | None:
    """Read one packed string; None where it names nobody."""
    found: Initiator | None = None
    for part in reversed(_ABOVE.split(" ".join(packed.split()), maxsplit=DEEPEST)):
        found = _initiator(part, found) or found
    return found


def _initiator(text: str, parent: Initiator | None) -> Initiator | None:
    within = tuple(part.strip() for inside in _BRACKETS.findall(text)
                   for part in kit.outside(_COMMA, inside))  # fmt: skip
    names = [name.strip() for name in _BESIDE.split(_BRACKETS.sub("", text)) if name.strip()]
    keys = tuple(f"attack:{code[1]}" for name in names if (code := _CODE.fullmatch(name)))
    names = list(dict.fromkeys(name for name in names if not _CODE.fullmatch(name)))
    return Initiator(names[0], tuple(names[1:]), keys, within, parent) if names else None
