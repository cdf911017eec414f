"""What was observed (domains, addresses, pages, wallets), in objects of its own or in patterns of
indicators. Each is what its value is, in whichever bundle and with whichever id.

Lists of thousands are common, and say nothing: only what a relationship tells something of is read.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

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

_TEXT = r"'(?:[^'\\]|\\.)*'"
_COMPARED = re.compile(
    rf"(?<![a-z0-9-])(?P<type>[a-z0-9-]{{1,80}}):(?P<path>(?:'[^']{{0,80}}'|[^\s=!<>']){{1,200}})\s*"
    rf"(?:=\s*(?P<one>{_TEXT})|\bIN\s*\((?P<many>\s*{_TEXT}(?:\s*,\s*{_TEXT})*\s*)\))"
)


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
    are two, `[a AND b]` none."""
    text = str(pattern or "")
    if set(re.sub(r"[\[\]()]", " ", _COMPARED.sub(" ", text)).split()) - {"OR"}:
        return
    for found in _COMPARED.finditer(text):
        if found["type"] in SORTS and found["path"] == "value":
            for value in re.findall(_TEXT, found["one"] or found["many"]):
                yield SORTS[found["type"]], re.sub(r"\\(.)", r"\1", value[1:-1])
