"""What was observed (domains, addresses, pages, wallets), in objects of its own or in patterns of
indicators. Each is what its value is, in whichever bundle and with whichever id.

Lists of thousands are common, and say nothing: only what a relationship tells something of is read.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import accumulate

from kg.loaders.kit.observed import WALLET, Seen, observed
from kg.loaders.stix.bundle import Object, is_text

WALLETS = ("cryptocurrency-wallet", "x-opencti-cryptocurrency-wallet")
SORTS = {
    "domain-name": "domain", "hostname": "domain", "x-opencti-hostname": "domain",
    "ipv4-addr": "address", "ipv6-addr": "address", "url": "url", "email-addr": "account",
    **dict.fromkeys(WALLETS, WALLET),
}  # fmt: skip
"""Types of what is observed, and which sort each is."""
INDICATOR = "indicator"
DEEPEST = 50
"""How many brackets stand in one another at most."""

_TEXT = r"'(?:[^'\\]|\\.)*'"
_TOKEN = re.compile(
    rf"(?<![a-z0-9-])(?P<type>[a-z0-9-]{{1,80}}):(?P<path>(?:'[^']{{0,80}}'|[^\s=!<>']){{1,200}})\s*"
    rf"(?:==?\s*(?P<one>{_TEXT})|\bIN\s*\((?P<many>\s*{_TEXT}(?:\s*,\s*{_TEXT})*\s*)\))"
    r"|[\[\]()]|[^\s\[\]()]+"
)
"""A comparison, a bracket, or a word."""


def seen(object: Object) -> list[Seen]:
    """What an object observes: one thing; or each of those of which an indicator's pattern takes
    any one. Empty for other types, and for patterns that need several at once."""
    values: Iterable[tuple[str, str]] = ()
    if sort := SORTS.get(object["type"]):
        values = [(sort, object["value"])] if is_text(object.get("value")) else ()
    elif object["type"] == INDICATOR and not object.get("revoked"):
        values = _alternatives(object.get("pattern"))
    found = dict.fromkeys(observed(sort, value) for sort, value in values)
    return [one for one in found if one.name]


def _alternatives(pattern: object) -> Iterator[tuple[str, str]]:
    """(sort, value) of each thing that fits a pattern by itself: `[a:value = 'x' OR b:value = 'y']`
    are two, `[a AND b]` none, `[a] OR [b AND c]` is the first."""
    tokens = list(_TOKEN.finditer(str(pattern or "")))
    if max(accumulate(map(_opens, tokens)), default=0) > DEEPEST:
        return
    for found in _alone(tokens):
        if found["type"] in SORTS and found["path"].strip("'") == "value":
            for value in re.findall(_TEXT, found["one"] or found["many"]):
                yield SORTS[found["type"]], re.sub(r"\\(.)", r"\1", value[1:-1])


def _opens(token: re.Match[str]) -> int:
    return (token[0] in "([") - (token[0] in ")]")


def _alone(tokens: list[re.Match[str]]) -> Iterator[re.Match[str]]:
    """The comparisons of which any one is enough."""
    terms = _terms(tokens)
    if len(terms) > 1:
        for term in terms:
            yield from _alone(term)
    elif not terms:
        return
    elif len(tokens) == 1 and tokens[0]["type"]:
        yield tokens[0]
    elif tokens[0][0] in "([" and tokens[-1][0] in ")]" and _closes(tokens) == len(tokens) - 1:
        yield from _alone(tokens[1:-1])


def _terms(tokens: list[re.Match[str]]) -> list[list[re.Match[str]]]:
    """What stands between `OR` outside of brackets; none of what follows something else, for which
    all that stands before counts as well."""
    terms: list[list[re.Match[str]]] = [[]]
    depth = 0
    for token in tokens:
        depth += _opens(token)
        if not depth and token[0] == "FOLLOWEDBY":
            return []
        if not depth and token[0] == "OR":
            terms.append([])
        else:
            terms[-1].append(token)
    return terms if all(terms) else []


def _closes(tokens: list[re.Match[str]]) -> int:
    """Where the bracket closes that stands first."""
    depths = accumulate(map(_opens, tokens))
    return next((at for at, depth in enumerate(depths) if not depth), -1)
