"""What an operation runs on and an analyst can observe: a domain, address, page, account or wallet
is what its value is, whoever lists it and under which id."""

from __future__ import annotations

import re
from hashlib import sha256
from ipaddress import ip_address
from typing import NamedTuple
from urllib.parse import quote

LONGEST = 500
"""Letters of a key; what is longer ends in a hash."""

WALLET = "wallet"
"""The sort that is a kind of its own; all others are sorts of infrastructure."""

_FANGS = ((re.compile(r"[\[({]\.[\])}]|\[dot\]", re.I), "."), (re.compile(r"^hxxp", re.I), "http"),
          (re.compile(r"\[(:|@|://)\]"), r"\1"))  # fmt: skip
"""How a value is spoilt so that nobody follows it, and what it stands for."""


class Seen(NamedTuple):
    """Something that was observed: our id, its value, and what is declared of it."""

    id: str
    name: str
    sort: str | None

    @property
    def declared(self) -> dict[str, str]:
        """As `Emitter.entity` takes it."""
        return {"sort": self.sort} if self.sort else {}


def observed(sort: str, value: str) -> Seen:
    """What a value of that sort is; a domain that is an address is one."""
    value = value.strip()
    for fang, plain in _FANGS:
        value = fang.sub(plain, value)
    if sort == WALLET:
        return Seen(f"wallet:{_key(value)}", value, None)
    if sort != "url":
        value = value.rstrip(".").casefold()
    if sort == "domain" and _is_address(value):
        sort = "address"
    return Seen(f"infrastructure:{_key(value)}", value, sort)


def _key(value: str) -> str:
    """A value as the key of an id: a page's address may be longer than a database's index takes."""
    key = quote(value, safe="")
    if len(key) <= LONGEST:
        return key
    return f"{key[:LONGEST]}-{sha256(value.encode()).hexdigest()[:16]}"


def _is_address(value: str) -> bool:
    try:
        return bool(ip_address(value))
    except ValueError:
        return False
