"""Countries: ISO 3166 alpha-3 codes, the codes and English names that stand for them, currencies.

`countries.csv` is derived from the country table of GeoNames (geonames.org, CC BY 4.0). Further
English names and the codes that ISO has withdrawn (`former`) were added by this project.
"""

from __future__ import annotations

import csv
import re
import unicodedata
from functools import cache
from pathlib import Path

from kg.base.errors import nearest
from kg.ontology.values import BadValue

_TABLE = Path(__file__).with_name("countries.csv")


@cache
def rows() -> tuple[dict[str, str], ...]:
    """The table: `alpha3`, `alpha2`, `name`, `names` (split by `|`), `currency`, `former`."""
    with _TABLE.open(encoding="utf-8", newline="") as file:
        return tuple(csv.DictReader(file))


@cache
def names() -> dict[str, str]:
    """Alpha-3 code → the usual English name."""
    return {row["alpha3"]: row["name"] for row in rows()}


@cache
def alpha2() -> dict[str, str]:
    """Alpha-3 code → alpha-2 code, of the countries that have one."""
    return {row["alpha3"]: row["alpha2"] for row in rows() if row["alpha2"]}


@cache
def currencies() -> frozenset[str]:
    """ISO 4217 codes in use somewhere."""
    return frozenset(row["currency"] for row in rows() if row["currency"])


def find(text: str) -> str:
    """The alpha-3 code of a country given by code or by an English name.

    Raises BadValue with the nearest names; `Korea` alone is refused, since it could be either.
    """
    text = text.strip()
    upper = text.upper()
    if upper in names():
        return upper
    if found := _by_alpha2().get(upper) if len(upper) == 2 else None:
        return found
    words = _words(text)
    known = _by_words()
    if found := known.get(words) or known.get(words - _STYLE):
        return found
    near = nearest(text, names() if len(text) <= 3 else names().values())
    raise BadValue("not a country (ISO 3166 alpha-3 code, alpha-2 code or English name)", near)


def code(text: str) -> str | None:
    """The same, or None where it is no country."""
    try:
        return find(text)
    except BadValue:
        return None


_STYLE = {
    *("republic", "kingdom", "state", "federal", "federation", "commonwealth", "principality"),
    *("sultanate", "plurinational", "bolivarian", "hashemite", "independent"),
}
"""Words of a full style that may go when no name has them (`Kingdom of Norway`)."""

_SMALL = frozenset(("the", "of", "and"))


def _words(name: str) -> frozenset[str]:
    """Words of a name without order: `Iran (Islamic Republic of)` = `Islamic Republic of Iran`."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().casefold()
    plain = re.sub(r"['`.]", "", plain)
    words = (re.sub(r"^st$", "saint", word) for word in re.findall(r"[a-z0-9]+", plain))
    return frozenset(words) - _SMALL


@cache
def _by_alpha2() -> dict[str, str]:
    return {row["alpha2"]: row["alpha3"] for row in rows() if not row["former"]}


@cache
def _by_words() -> dict[frozenset[str], str]:
    found: dict[frozenset[str], str] = {}
    for row in rows():
        for name in (row["name"], *filter(None, row["names"].split("|"))):
            found[_words(name)] = row["alpha3"]
    found.pop(frozenset(), None)
    return found
