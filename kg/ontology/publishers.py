"""Whose word is printed at which address: publishers by their domains and spellings.

`publishers.yaml` lists them; a folder of one's own on `$KG_PATH` may have an
`ontology/publishers.yaml` that adds to it. Which part of a host is the registered domain says the
public-suffix list, of which
a copy comes with a package: nothing is fetched.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlsplit

from publicsuffixlist import PublicSuffixList

from kg.base.settings import own
from kg.ontology.block import Block

HOME = Path(__file__).parent
FILE = "publishers.yaml"

GROUPS = ("governments", "vendors", "press", "research", "others")

_ARCHIVE = re.compile(r"^https?://web\.archive\.org/web/[^/]+/(?:https?:/+)?")


@dataclass(frozen=True)
class Publisher:
    """A body that prints what it says in its own name."""

    id: str
    name: str
    domains: tuple[str, ...] = ()
    also: tuple[str, ...] = ()
    """Other spellings under which sources name it."""
    part_of: str | None = None
    owned_by: str | None = None


def of_address(url: str) -> Publisher | None:
    """The publisher of what stands at an address (an archive's copy counts as the original); None
    where the host is nobody's that is known, or belongs to a site where anybody writes."""
    host = host_of(url)
    if host is None:
        return None
    known = _known(_folders()).hosts
    labels = host.split(".")
    least = len(registered(host).split("."))
    hosts = (".".join(labels[start:]) for start in range(len(labels) - least + 1))
    return next((known[one] for one in hosts if one in known), None)


def of_name(name: str) -> Publisher | None:
    """The publisher that a source names so, whatever the case and the punctuation."""
    return _known(_folders()).names.get(_key(name))


def host_of(url: str) -> str | None:
    """The host of an address, in lower case; None where it has none."""
    try:
        host = urlsplit(original(url)).hostname
    except ValueError:
        return None
    return host.rstrip(".") if host and "." in host.strip(".") else None


def original(url: str) -> str:
    """The address of which an archive's address is a copy; any other as it is."""
    return _ARCHIVE.sub("https://", url.strip())


@lru_cache(maxsize=20_000)
def registered(host: str) -> str:
    """What somebody registered: `ncsc.gov.uk` of `www.ncsc.gov.uk`, `me.github.io` of itself."""
    return _suffixes().privatesuffix(host) or host


def known() -> tuple[Publisher, ...]:
    """All publishers, in the order in which they are listed."""
    return _known(_folders()).publishers


@cache
def _suffixes() -> PublicSuffixList:
    return PublicSuffixList()


class _Known(NamedTuple):
    """By host, by folded name, and all of them."""

    hosts: Mapping[str, Publisher]
    names: Mapping[str, Publisher]
    publishers: tuple[Publisher, ...]


def _folders() -> tuple[Path, ...]:
    return (HOME, *own("ontology"))


@cache
def _known(folders: tuple[Path, ...]) -> _Known:
    """Raises `InputError` where a host or a spelling has two owners."""
    hosts: dict[str, Publisher] = {}
    names: dict[str, Publisher] = {}
    every = []
    for block, publisher in _read(folders):
        every.append(publisher)
        for domain in publisher.domains:
            if domain != domain.lower() or "." not in domain or "/" in domain:
                block.fail("must be a host in lower case", "domains", domain)
            _one(block, hosts, "domains", domain, domain, publisher)
        for name in (publisher.name, *publisher.also):
            _one(block, names, "also", _key(name), name, publisher)
    return _Known(hosts, names, tuple(every))


def _one(
    block: Block, of: dict[str, Publisher], field: str, key: str, shown: str, one: Publisher
) -> None:
    other = of.setdefault(key, one)
    if other.id != one.id:
        block.fail(f"is already {other.id}'s", field, shown)


def _read(folders: Iterable[Path]) -> Iterator[tuple[Block, Publisher]]:
    for folder in folders:
        path = folder / FILE
        if not path.is_file():
            continue
        top = Block.of_file(path)
        for group in GROUPS:
            for block in top.blocks(group):
                yield block, _publisher(block)
        top.done()


def _publisher(block: Block) -> Publisher:
    made = Publisher(
        block.take("id", str),
        block.take("name", str),
        block.texts("domains"),
        block.texts("also"),
        block.optional("part_of"),
        block.optional("owned_by"),
    )
    block.done()
    return made


def _key(name: str) -> str:
    folded = unicodedata.normalize("NFKC", name).casefold()
    return re.sub(r"[\W_]+", " ", folded.removeprefix("the ")).strip() or folded
