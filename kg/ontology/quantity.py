"""Numbers as people print them: an amount, a bound in words, a scale, a currency."""

from __future__ import annotations

import re
import unicodedata
from decimal import Decimal

from kg.ontology import countries
from kg.ontology.values import BadValue

BOUNDS = ("point", "lower", "upper")


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


def quantity(given: str) -> tuple[Decimal, str | None, list[str]]:
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


def digits(amount: Decimal) -> str:
    """Canonical: no exponent, no zeros behind the point that say nothing."""
    plain = f"{amount.normalize():f}"
    return "0" if plain == "-0" else plain


def currency(word: str) -> str:
    """The code of a currency. Raises BadValue where it is none."""
    code = _CURRENCIES.get(word.casefold(), word.upper())
    if code not in _COINS and code not in countries.currencies():
        raise BadValue(f"not a currency: {word!r}; write its ISO 4217 code, such as USD")
    return code
