"""What an operation runs on and an analyst can observe: a domain, address, page, account or wallet
is what its value is, whoever lists it and under which id."""

from __future__ import annotations

import re
from contextlib import suppress
from hashlib import sha256
from ipaddress import ip_network
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
    if sort in ("domain", "address") and (address := _address(value)):
        sort, value = "address", address
    return Seen(f"infrastructure:{_key(value)}", value, sort)


def _key(value: str) -> str:
    """A value as the key of an id: a page's address may be longer than a database's index takes."""
    key = quote(value, safe="")
    if len(key) <= LONGEST:
        return key
    return f"{key[:LONGEST]}-{sha256(value.encode()).hexdigest()[:16]}"


def _address(value: str) -> str | None:
    """An address, or a range of them, as it is written shortest: `2001:db8:0:0::1` and
    `2001:DB8::1/128` are one. None for anything else."""
    with suppress(ValueError):
        found = ip_network(value, strict=False)
        return str(found if found.num_addresses > 1 else found.network_address)
    return None
