"""Numbers and money as a text prints them, with their bound and the words that qualify them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import cache

from kg.drafts.proposals import Span
from kg.drafts.words import either, given, words
from kg.ontology.quantity import digits, quantity
from kg.ontology.values import BadValue


@dataclass(frozen=True)
class Figure:
    """One number in a text."""

    value: str
    """Canonical digits; of a vague one (`dozens`) empty."""
    span: Span
    """With its qualifying words, its currency and its scale."""
    unit: str | None = None
    bound: str | None = None
    hedge: Span | None = None
    vague: str = ""

    @property
    def number(self) -> Span:
        """Alias of the span: the words from which the value is read."""
        return self.span


_SCALE = r"(?:thousand|million|billion|trillion|bn|mn|mln|m|k)\b"
_DIGITS = r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?"
_COIN = r"(?:BTC|ETH|XMR|USDT|USDC|bitcoins?|ether)\b"
_CURRENCY = {
    "dollar": "USD", "euro": "EUR", "pound": "GBP", "yen": "JPY", "yuan": "CNY", "won": "KRW",
    "bitcoin": "BTC", "ether": "ETH", "rouble": "RUB", "ruble": "RUB", "rupee": "INR",
    "franc": "CHF",
}  # fmt: skip
_SIGN = {"$": "USD", "us$": "USD", "€": "EUR", "£": "GBP", "¥": "JPY", "₩": "KRW", "₿": "BTC",
         "a$": "AUD", "c$": "CAD"}  # fmt: skip


@cache
def _pattern() -> re.Pattern[str]:
    before = "|".join(f"(?P<{name}>{either(words(name))})" for name in ("lower", "upper", "about"))
    spelt = either(given()["numbers"])
    return re.compile(
        rf"(?:\b(?:{before})\s+)?(?:(?P<also>{either(words('about'))})\s+)?"
        rf"(?:(?P<sign>(?i:us\$|a\$|c\$|[$€£¥₩₿]))\s?)?"
        rf"(?:(?P<vague>\b{either(words('vague'))}\b)|"
        rf"(?<![\w.,-])(?P<number>{_DIGITS}|\b{spelt}\b)(?![\w]*[a-z]*-\w)(?:[\s-]?(?P<scale>{_SCALE}))?)"
        rf"(?:\s?(?P<unit>(?:(?:US|U\.S\.|American)\s)?(?:dollar|euro|pound|yen|yuan|won|rouble|ruble|rupee|franc)s?\b|"
        rf"{_COIN}|USD\b|EUR\b|GBP\b))?",
        re.IGNORECASE,
    )


def figures(text: str, start: int = 0, end: int | None = None) -> Iterator[Figure]:
    """The numbers between two places of a text (`Document.plain`), in order."""
    for found in _pattern().finditer(text, start, len(text) if end is None else end):
        if figure := _figure(found):
            yield figure


def _figure(found: re.Match[str]) -> Figure | None:
    hedge = next((_bare(found, n) for n in ("also", "about") if found[n]), None)
    bound = "lower" if found["lower"] else "upper" if found["upper"] else None
    unit = _unit(found["sign"], found["unit"])
    if found["vague"]:
        return Figure("", Span(*found.span()), unit, bound, hedge, found["vague"].lower())
    spelt = given()["numbers"].get(found["number"].lower())
    if spelt is not None and found["number"].lower() in ("a", "an") and not found["scale"]:
        return None
    try:
        text = f"{spelt if spelt is not None else found['number']} {found['scale'] or ''}"
        amount = quantity(text)[0]
    except BadValue:
        return None
    return Figure(digits(Decimal(amount)), Span(*found.span()), unit, bound, hedge)


def _bare(found: re.Match[str], name: str) -> Span:
    """The words that qualify a number, without an article."""
    start, end = found.span(name)
    return Span(start + 3 if found[name].lower().startswith("an ") else start, end)


def _unit(sign: str | None, word: str | None) -> str | None:
    if sign:
        return _SIGN.get(sign.lower())
    if word:
        bare = re.sub(r"^(?:us|u\.s\.|american)\s", "", word.lower()).removesuffix("s")
        return _CURRENCY.get(bare, word.upper() if len(word) <= 4 else None)
    return None


def reread(text: str, span: Span) -> Figure | None:
    """The number that stands at a span, read afresh; None where there is no single one."""
    found = list(figures(text, span.start, span.end))
    return found[0] if len(found) == 1 else None
