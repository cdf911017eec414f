"""Weighing: what people judge of evidence against hypotheses is a claim file beside the ledger, and
a source of it; file and ledger change together, or neither does."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from kg.ask.ach import VERDICTS, WEIGHING
from kg.base.errors import InputError, Problem, UsageError, offering
from kg.base.writing import write_bytes, write_text
from kg.base.yamlfile import Map, read
from kg.ledger.ledger import Ledger


@dataclass(frozen=True)
class Weighing:
    """One judgement: evidence fits an answer to who is behind an incident, or does not."""

    incident: str
    hypothesis: str
    evidence: str
    verdict: str
    because: str
    by: str
    day: str

    def __post_init__(self) -> None:
        if self.verdict not in VERDICTS:
            message = f"no such verdict: {self.verdict!r}"
            raise UsageError(offering(message, self.verdict, VERDICTS))
        if not self.because.strip():
            raise UsageError("a judgement needs its reason (`--because`)")
        if not self.by.strip():
            raise UsageError("a judgement is somebody's (`--by NAME`)")

    @property
    def person(self) -> str:
        """The id of who judges."""
        return "person:" + "-".join(self.by.casefold().split())

    @property
    def says(self) -> list[str]:
        """The claim, without who makes it."""
        return [self.incident, WEIGHING, f"{self.hypothesis} {self.evidence} {self.verdict}"]

    def same(self, claim: Map) -> bool:
        """Whether a claim of the file is the same person's about the same cell."""
        subject, _, value = (str(one) for one in claim["says"])
        about = (claim["asserter"], subject, *value.split(" ")[:2])
        return about == (self.person, self.incident, self.hypothesis, self.evidence)


def weighings_path(ledger: Ledger) -> Path:
    """The file beside the ledger that keeps them: `kg.weighings.yaml`."""
    folder = ledger.folder
    return folder.parent / (folder.name.removesuffix(".ledger") + ".weighings.yaml")


@contextmanager
def weighing(ledger: Ledger) -> Iterator[Path]:
    """That file, nobody else's as long as this lasts; as it was, if anything fails."""
    path = weighings_path(ledger)
    with ledger.writing():
        before = path.read_bytes() if path.exists() else None
        try:
            yield path
        except BaseException:
            if before is None:
                path.unlink(missing_ok=True)
            else:
                write_bytes(path, before)
            raise


def keep(path: Path, new: Weighing, name: str) -> None:
    """Keep a judgement of an incident of this name; the same person's about the same cell goes."""
    entities, claims = _file(path)
    entities |= {new.person: new.by.strip(), new.incident: name}
    claims = [claim for claim in claims if not new.same(claim)]
    claims.append(
        {
            "asserter": new.person,
            "asserted": new.day,
            "asserted_basis": "stated",
            "summary": new.because.strip(),
            "says": new.says,
        }
    )
    _write(path, entities, claims)


def take_back(path: Path, old: Weighing) -> bool:
    """Take one back; whether any is left. Raises `UsageError` where there is none like it."""
    entities, claims = _file(path)
    rest = [claim for claim in claims if not old.same(claim)]
    if len(rest) == len(claims):
        raise UsageError(f"{old.by} has not judged {old.evidence} against {old.hypothesis}")
    named = {str(one) for claim in rest for one in (claim["asserter"], claim["says"][0])}
    _write(path, {id: name for id, name in entities.items() if id in named}, rest)
    return bool(rest)


def _file(path: Path) -> tuple[dict[str, str], list[Any]]:
    if not path.is_file():
        return {}, []
    top = read(path)
    if not isinstance(top, Map) or "claims" not in top:
        raise InputError(Problem("must be a claim file, as `kg ach` writes it", f"{path}:1"))
    return dict(top.get("entities") or {}), list(top["claims"])


def _write(path: Path, entities: dict[str, str], claims: list[Any]) -> None:
    plain = [dict(claim) | {"says": [str(one) for one in claim["says"]]} for claim in claims]
    plain.sort(key=lambda claim: (claim["says"], claim["asserter"]))
    text = yaml.safe_dump(
        {"entities": dict(sorted(entities.items())), "claims": [dict(one) for one in plain]},
        sort_keys=False, allow_unicode=True, width=1000,
    )  # fmt: skip
    write_text(path, text)
