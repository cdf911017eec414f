"""How each value type reads a text: one function a type; `TYPES` is the list of them."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from urllib.parse import urlsplit

from kg.base.errors import nearest
from kg.ontology import countries, edtf
from kg.ontology.values import BadValue, Value

BOUNDS = ("point", "lower", "upper")


def as_text(value: object) -> str:
    """What YAML or a data frame hands over (a text, number, date, truth value) as text."""
    if isinstance(value, datetime | date):
        return value.isoformat()
    return str(value)


def text(given: str) -> Value:
    """Any words: Unicode NFC, trimmed; not empty, no broken surrogates. Zero bytes are kept."""
    clean = unicodedata.normalize("NFC", given).strip()
    if not clean:
        raise BadValue("empty")
    if any("\ud800" <= c <= "\udfff" for c in clean):
        raise BadValue("holds characters that no file may hold")
    return Value(clean)


def url(given: str) -> Value:
    """An address on the web; other schemes (`javascript:`, `file:`) are refused."""
    clean = text(given).text
    try:
        parts = urlsplit(clean)
        fit = parts.scheme.casefold() in ("http", "https") and bool(parts.hostname)
    except ValueError:
        fit = False
    if not fit or re.search(r"[\s<>\"\\]", clean):
        raise BadValue("not a web address; write it whole, with http:// or https://")
    return Value(clean)


def boolean(given: str) -> Value:
    """`true` or `false`; `yes`, `no`, `1` and `0` are taken for them."""
    word = given.strip().casefold()
    if word in ("true", "yes", "1"):
        return Value("true")
    if word in ("false", "no", "0"):
        return Value("false")
    raise BadValue("neither true nor false")


def country(given: str) -> Value:
    """A country as ISO 3166 alpha-3; alpha-2 and English names are understood."""
    return Value(countries.find(given))


def number(given: str) -> Value:
    """A number: `300,000`, `1.5 million`, `over 40`, `-0.5`."""
    amount, bound, words = _quantity(given)
    if words:
        raise BadValue(f"a number without a unit is wanted, not {' '.join(words)!r}")
    return Value(_digits(amount), number=float(amount), bound=bound)


def integer(given: str) -> Value:
    """A whole number, not negative."""
    value = number(given)
    if not value.text.isdecimal():
        raise BadValue("a whole number, not negative, is wanted")
    return value


def money(given: str) -> Value:
    """An amount, not negative: `80000000`, `80 million`, `over $1.1 billion`, `5 million EUR`."""
    amount, bound, words = _quantity(given)
    if amount < 0:
        raise BadValue("an amount of money cannot be negative")
    if len(words) > 1:
        raise BadValue(f"an amount and its currency are wanted, not {' '.join(words)!r}")
    unit = _currency(words[0]) if words else None
    return Value(_digits(amount), number=float(amount), unit=unit, bound=bound)


TYPES: dict[str, Callable[[str], Value]] = {
    "text": text,
    "edtf": edtf.parse,
    "country": country,
    "money": money,
    "number": number,
    "integer": integer,
    "bool": boolean,
    "url": url,
}
"""Every type but `enum`, which is its vocabulary's `find`."""


def measured(value: Value, *, bound: str | None, unit: str | None, default: str | None) -> Value:
    """A quantity with its bound and unit settled: what is given apart wins over what the text says.

    Raises BadValue for an unknown bound or unit, and for two different units.
    """
    given = _currency(unit) if unit else None
    if given and value.unit and given != value.unit:
        raise BadValue(f"the amount is in {value.unit}, its unit says {given}")
    if bound is not None and bound not in BOUNDS:
        raise BadValue(f"not a bound ({', '.join(BOUNDS)}): {bound!r}", nearest(bound, BOUNDS))
    return replace(
        value,
        bound=bound or value.bound or "point",
        unit=given or value.unit or default,
    )


_LOWER = re.compile(
    r"(?:at least|over|more than|no (?:fewer|less) than|upwards? of|>=|≥|>)\s*", re.IGNORECASE
)
_UPPER = re.compile(
    r"(?:at most|up to|under|below|(?:no more|fewer|less) than|<=|≤|<)\s*", re.IGNORECASE
)
_NUMBER = re.compile(
    r"[-+]?(?:[0-9]{1,3}(?:[, ][0-9]{3})+(?![0-9])|[0-9]+)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]{1,3})?"
)
_LARGEST = 18
"""Decimal places before the point: what fits the 64-bit whole numbers of the engines."""
_SCALES = {
    word: Decimal(10) ** power
    for power, words in {
        3: "k thousand thousands",
        6: "m mn mln million millions",
        9: "b bn bln billion billions",
        12: "t tn trillion trillions",
    }.items()
    for word in words.split()
}
_CURRENCIES = {
    "$": "USD",
    "us$": "USD",
    "€": "EUR",
    "£": "GBP",
    "₿": "BTC",
    "dollar": "USD",
    "dollars": "USD",
    "euro": "EUR",
    "euros": "EUR",
}
_COINS = frozenset(("BTC", "ETH", "LTC", "USDC", "USDT", "XMR", "XRP"))


def _quantity(given: str) -> tuple[Decimal, str | None, list[str]]:
    """The amount, the bound that its first words state, and the words that are left over."""
    clean = unicodedata.normalize("NFKC", given).replace("\u2212", "-").strip()
    bound = None
    for name, pattern in (("lower", _LOWER), ("upper", _UPPER)):
        if found := pattern.match(clean):
            bound, clean = name, clean[found.end() :]
            break
    found = _NUMBER.search(clean)
    if not found:
        raise BadValue("not a number; write 80000000, 80,000,000 or 80 million")
    amount = Decimal(re.sub("[, ]", "", found[0]))
    words = [*clean[: found.start()].split(), *clean[found.end() :].split()]
    scales = [word for word in words if word.casefold() in _SCALES]
    if len(scales) == 1:
        words.remove(scales[0])
        amount *= _SCALES[scales[0].casefold()]
    if amount and not -_LARGEST < amount.adjusted() < _LARGEST:
        raise BadValue("too large or too small a number to keep")
    return amount, bound, words


def _digits(amount: Decimal) -> str:
    """Canonical: no exponent, no zeros behind the point that say nothing."""
    plain = f"{amount.normalize():f}"
    return "0" if plain == "-0" else plain


def _currency(word: str) -> str:
    code = _CURRENCIES.get(word.casefold(), word.upper())
    if code not in _COINS and code not in countries.currencies():
        raise BadValue(f"not a currency: {word!r}; write its ISO 4217 code, such as USD")
    return code
