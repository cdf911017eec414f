"""One source of a `sources.yaml`, and what was fetched of it."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from kg.base.errors import InputError, Problem

State = Mapping[str, Any]
"""What a kind of source wants to know again the next time; plain JSON."""


@dataclass(frozen=True)
class Feed:
    """A source: what it is called, how it is read, and where it is (`place`, given as `key`)."""

    name: str
    format: str
    key: str
    place: str
    at: str = ""
    """FILE:LINE where it stands."""
    home: Path = Path()
    """The folder of that file: what paths in it start from."""
    path: str = ""
    """git: what to read in the repository."""
    branch: str = ""
    allow_private: bool = False
    timeout: float = 30.0
    max_mb: float = 256.0
    secrets: Mapping[str, str] = field(default_factory=dict)
    """`user`, `password`, `token` → the variable of the environment that holds it."""

    def secret(self, what: str) -> str | None:
        """A secret, from the environment; None where the source names none."""
        variable = self.secrets.get(what)
        if variable is None:
            return None
        found = os.environ.get(variable)
        if not found:
            raise self.failed(f"the variable {variable} of the environment is not set", what)
        return found

    def failed(self, message: str, field: str = "", value: str = "") -> InputError:
        """What to raise where it cannot be fetched."""
        return InputError(Problem(message, self.at, field or self.key, value))

    @property
    def most(self) -> int:
        """How many bytes are read at most."""
        return int(self.max_mb * 1_000_000)


@dataclass(frozen=True)
class Fetched:
    """Files to load, and the state to give the next time."""

    paths: tuple[Path, ...]
    state: State
