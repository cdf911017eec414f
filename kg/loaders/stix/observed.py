"""What was observed (domains, addresses, pages, wallets), in objects of its own or in patterns of
indicators. Each is what its value is, in whichever bundle and with whichever id.

Lists of thousands are common, and say nothing: only what a relationship tells something of is read.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple
from urllib.parse import quote

from kg.loaders.stix.bundle import Object, is_text

SORTS = {
    "domain-name": "domain", "hostname": "domain", "x-opencti-hostname": "domain",
    "ipv4-addr": "address", "ipv6-addr": "address", "url": "url", "email-addr": "account",
}  # fmt: skip
"""Types of what an operation runs on, and which sort each is."""
WALLETS = ("cryptocurrency-wallet", "x-opencti-cryptocurrency-wallet")
OBSERVED = frozenset((*SORTS, *WALLETS))
INDICATOR = "indicator"

_TEXT = r"'(?:[^'\\]|\\.)*'"
_COMPARED = re.compile(
    rf"(?<![a-z0-9-])(?P<type>[a-z0-9-]{{1,80}}):(?P<path>(?:'[^']{{0,80}}'|[^\s=!<>']){{1,200}})\s*"
    rf"(?:=\s*(?P<one>{_TEXT})|\bIN\s*\((?P<many>\s*{_TEXT}(?:\s*,\s*{_TEXT})*\s*)\))"
)
_FANGS = ((re.compile(r"[\[({]\.[\])}]|\[dot\]", re.I), "."), (re.compile(r"^hxxp", re.I), "http"),
          (re.compile(r"\[(:|@|://)\]"), r"\1"))  # fmt: skip
"""How a value is spoilt so that nobody follows it, and what it stands for."""


class Seen(NamedTuple):
    """Something that was observed: our id, its value, and which sort of infrastructure it is."""

    id: str
    name: str
    sort: str | None


def seen(object: Object) -> list[Seen]:
    """What an object observes: one thing; or each of those of which an indicator's pattern takes
    any one. Empty for other types, and for patterns that need several at once."""
    if object["type"] in OBSERVED:
        return [_seen(object["type"], object["value"])] if is_text(object.get("value")) else []
    if object["type"] != INDICATOR or object.get("revoked"):
        return []
    found = (_seen(type_, value) for type_, value in _alternatives(object.get("pattern")))
    return list(dict.fromkeys(found))


def _seen(type_: str, value: str) -> Seen:
    value = value.strip()
    for fang, plain in _FANGS:
        value = fang.sub(plain, value)
    if type_ in WALLETS:
        return Seen(f"wallet:{quote(value, safe='')}", value, None)
    if SORTS[type_] != "url":
        value = value.rstrip(".").casefold()
    return Seen(f"infrastructure:{quote(value, safe='')}", value, SORTS[type_])


def _alternatives(pattern: object) -> Iterator[tuple[str, str]]:
    """(type, value) of each thing that fits a pattern by itself: `[a:value = 'x' OR b:value = 'y']`
    are two, `[a AND b]` none."""
    text = str(pattern or "")
    if set(re.sub(r"[\[\]()]", " ", _COMPARED.sub(" ", text)).split()) - {"OR"}:
        return
    for found in _COMPARED.finditer(text):
        if found["type"] in OBSERVED and found["path"] == "value":
            for value in re.findall(_TEXT, found["one"] or found["many"]):
                yield found["type"], re.sub(r"\\(.)", r"\1", value[1:-1])
