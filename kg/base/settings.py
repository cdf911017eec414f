"""Where things are: the questions and seeds that come with the project, and a user's own graph."""

from __future__ import annotations

import os
import re
import shlex
import sys
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from pathlib import Path
from urllib.parse import unquote

from kg.base.errors import UsageError

HERE = Path(__file__).parents[1]
OUT = Path("out")
"""Where a run's pictures go."""


def shipped(name: str) -> Path:
    """A folder that ships with the project (`cypher`, `seed`): in the wheel inside the package, in
    a checkout beside it."""
    inside = HERE / "_data" / name
    return inside if inside.is_dir() else HERE.parent / name


def to_install(extra: str) -> str:
    """The command that adds one of our extras to where kg runs from: a checkout, or a package."""
    checkout = HERE.parent
    if (checkout / "pyproject.toml").is_file():
        return f"pip install -e {shlex.quote(f'{checkout}[{extra}]')}"
    return f"pip install 'kg-who-says-so[{extra}]'"


@cache
def code_state(*rooms: str) -> str:
    """What tells one state of the code and the data of some rooms of ours from another."""
    told = sha256()
    for path in (path for room in rooms for path in sorted((HERE / room).rglob("*"))):
        if path.suffix in (".py", ".yaml", ".csv"):
            told.update(path.read_bytes())
    return told.hexdigest()[:16]


def cache_folder() -> Path | None:
    """The user's folder for what can be made again: `$KG_CACHE`, else where such things are kept
    (`$XDG_CACHE_HOME/kg`, `~/.cache/kg`). None where `$KG_CACHE` is set to nothing, or nobody is at
    home."""
    if "KG_CACHE" in os.environ:
        return Path(os.environ["KG_CACHE"]) if os.environ["KG_CACHE"] else None
    try:
        return Path(os.environ.get("XDG_CACHE_HOME") or "~/.cache").expanduser() / "kg"
    except RuntimeError:
        return None


def own(part: str) -> list[Path]:
    """The user's folders for a part (`cypher`, `loaders`…): in each folder of `$KG_PATH`, which
    is written like `PATH`. They are searched like the project's own.

    Raises `UsageError` where one of them is no folder.
    """
    folders = [Path(name) for name in os.environ.get("KG_PATH", "").split(os.pathsep) if name]
    for folder in folders:
        if not folder.is_dir():
            raise UsageError(f"KG_PATH names {folder}, which is no folder")
    return [folder / part for folder in folders]


MISWRITTEN = re.compile(r"(?:py2neo\+)?(?:neo4j|bolt)(?:\+s(?:sc)?)?:(?!//)", re.IGNORECASE)
"""The start of an address that would pass for a file's name, password and all."""


def is_address(db: str) -> bool:
    """Whether a graph's name is an address (`SCHEME://…`); else it is a path."""
    return "://" in db


def default_db() -> str:
    """The graph to use where none is named: `$KG_DB`, else a file in the current folder."""
    return os.environ.get("KG_DB") or "kg.kgl"


def named_db(name: str) -> str:
    """A graph's path or address; the word `neo4j` stands for the server that `$NEO4J_URI` names."""
    address = os.environ.get("NEO4J_URI", "") if name == "neo4j" else name
    if not address:
        raise UsageError("--db neo4j means the server that NEO4J_URI names, and it is not set")
    if MISWRITTEN.match(address):
        raise UsageError("an address is written neo4j://HOST:PORT, with two slashes")
    return address


@dataclass(frozen=True)
class Address:
    """A server's address, taken apart."""

    scheme: str
    host: str
    """Brackets and all where it is a number of IPv6."""
    port: int | None
    user: str | None
    password: str | None

    def __str__(self) -> str:
        """The address without user and password, as a driver takes it."""
        return f"{self.scheme}://{self.host}" + (f":{self.port}" if self.port else "")

    @classmethod
    def of(cls, db: str) -> Address:
        """Take `SCHEME://[USER[:PASSWORD]@]HOST[:PORT]` apart; a password may hold any sign,
        written as `%2F` or as it is.

        Raises `UsageError` where it is no address. No word of it is repeated in the message: where
        an address is broken, any part of it may be one of a password.
        """
        scheme, login, place = _parts(db)
        found = PLACE.fullmatch(place)
        port = int(found["port"]) if found and found["port"] else None
        if found is None or (port is not None and not 0 < port < 65536):
            what = "the port is not between 1 and 65535" if found else "no host and port"
            raise UsageError(
                f"--db (or KG_DB, NEO4J_URI) names no server behind {scheme}:// ({what}); write "
                f"{scheme}://HOST:PORT, and user and password as NEO4J_USERNAME, NEO4J_PASSWORD"
            )
        user, _, password = login.partition(":")
        return cls(scheme, found["host"], port, unquote(user) or None, unquote(password) or None)


PLACE = re.compile(
    r"(?P<host>\[[0-9A-Fa-f:.]+(?:%\w+)?\]|[\w.~-]+)(?::(?P<port>[0-9]{1,9}))?(?:[/?#].*)?"
)
"""What an address names behind the user."""


def _parts(db: str) -> tuple[str, str, str]:
    """Scheme, user and password, host and port: the last `@` ends the password."""
    scheme, _, rest = db.partition("://")
    login, _, place = rest.rpartition("@")
    return scheme.lower(), login, place


NO_PORT = re.compile(r"^([^:/?#\[]*):(?![0-9]+(?:[/?#]|$)).*", re.DOTALL)
"""A host, and behind a colon what is no port: a password whose host was forgotten."""


def without_password(db: str) -> str:
    """A graph's path or address as it may be printed: `neo4j://me:secret@host` → `neo4j://me@host`."""
    if not is_address(db):
        return db
    scheme, login, place = _parts(db)
    user = login.partition(":")[0]
    shown = NO_PORT.sub(r"\1", place)
    return f"{scheme}://{user}@{shown}" if user else f"{scheme}://{shown}"


def _password(db: str) -> str:
    """The password in an address, or what may be one; empty where there is none."""
    if not is_address(db):
        return ""
    _, login, place = _parts(db)
    forgotten = place.partition(":")[2] if NO_PORT.match(place) else ""
    return login.partition(":")[2] or forgotten


def without_addresses(text: str) -> str:
    """A message without the passwords of addresses that stand among the command's words: one that
    was given as a file's name is told as such."""
    for word in sys.argv[1:]:
        if is_address(word):
            shown = without_password(word)
            text = text.replace(word, shown).replace(str(Path(word)), shown)
    return text


def without_secrets(text: str) -> str:
    """A message of somebody else's, unless it holds a piece of a password that we were given."""
    given = [*sys.argv[1:], os.environ.get("KG_DB", ""), os.environ.get("NEO4J_URI", "")]
    found = {_password(db.removeprefix("--db=")) for db in given}
    found |= {os.environ.get("NEO4J_PASSWORD", "")}
    whole = {form for one in found for form in (one, unquote(one)) if form}
    pieces = {piece for one in whole for piece in re.split(r"[/?#@:]", one) if len(piece) >= PIECE}
    if any(secret in text for secret in whole | pieces):
        return "(what it says is not shown, since it holds a piece of a password)"
    return text


PIECE = 3
"""Letters of a password that say something about it."""


def default_ledger(file: Path | None) -> Path:
    """The ledger that belongs to a graph: beside the file of an embedded one, else (None) in the
    current folder."""
    if file is None:
        return Path("kg.ledger")
    if file.is_dir():
        raise UsageError(f"{file} is a folder; --db names a file in it, such as {file / 'kg.kgl'}")
    return file.with_name(file.name.removesuffix(".kgl") + ".ledger")
