"""What people have judged: a small YAML file beside the ledger, one entry a pair.

judgements:
- a: attack:G0094
  b: microsoft:Opal Sleet
  verdict: distinct
  because: Microsoft keeps Emerald Sleet and Opal Sleet apart
  by: analyst
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path

import yaml

from kg.base.errors import InputError, Problem, UsageError, nearest, offering
from kg.base.writing import write_text
from kg.base.yamlfile import Map, Seq, read

READ_OUT = {"same": "is", "part-of": "is part of", "distinct": "is not"}
VERDICTS = tuple(READ_OUT)
SHIPPED = Path(__file__).with_name("shipped.yaml")
FIELDS = ("a", "b", "verdict", "because", "by")


@dataclass(frozen=True, order=True)
class Judgement:
    """`a` and `b` (record keys or entity ids) are the same, are distinct, or `a` is part of `b`."""

    a: str
    b: str
    verdict: str
    because: str
    by: str = ""

    @property
    def pair(self) -> frozenset[str]:
        """What it is about, whichever way round."""
        return frozenset((self.a, self.b))

    def __str__(self) -> str:
        return f"{self.a} {READ_OUT[self.verdict]} {self.b}: {self.because}"


def standing_judgements(path: Path | None) -> list[Judgement]:
    """The shipped judgements and those of the file, which win where both are about one pair."""
    own = read_judgements(path) if path is not None else []
    judged = {judgement.pair for judgement in own}
    return sorted([*own, *(j for j in read_judgements(SHIPPED) if j.pair not in judged)])


def read_judgements(path: Path) -> list[Judgement]:
    """The judgements in a file, sorted; none where there is no file. Raises `InputError`."""
    if not path.is_file():
        return []
    top = read(path)
    entries = top.get("judgements") if isinstance(top, Map) else None
    if not isinstance(top, Map) or not isinstance(entries, Seq) or set(top) != {"judgements"}:
        raise InputError(Problem("must hold `judgements:`, a list, and nothing else", f"{path}:1"))
    return sorted(_entry(path, item, entries) for item in entries)


def judge(path: Path, a: str, b: str, verdict: str, because: str, by: str = "") -> Judgement:
    """Keep a judgement; one about the same pair is replaced. Raises `UsageError` for a bad one."""
    if verdict not in VERDICTS:
        raise UsageError(offering(f"no such verdict: {verdict!r}", verdict, VERDICTS))
    if a == b:
        raise UsageError(f"{a} cannot be judged against itself")
    if not because.strip():
        raise UsageError("a judgement needs its reason (`--because`)")
    new = Judgement(a, b, verdict, because.strip(), by.strip())
    _write(path, [*(old for old in read_judgements(path) if old.pair != new.pair), new])
    return new


def withdraw(path: Path, a: str, b: str) -> Judgement:
    """Take a judgement back. Raises `UsageError` where there is none about the pair."""
    known = read_judgements(path)
    found = [old for old in known if old.pair == {a, b}]
    if not found:
        raise UsageError(f"nobody has judged {a} and {b}")
    _write(path, [old for old in known if old.pair != {a, b}])
    return found[0]


def _write(path: Path, judgements: Iterable[Judgement]) -> None:
    """Sorted, one field a line, so that two versions differ where the judgements do."""
    entries = [{k: v for k, v in asdict(j).items() if v} for j in sorted(judgements)]
    text = yaml.safe_dump({"judgements": entries}, sort_keys=False, allow_unicode=True, width=1000)
    write_text(path, text)


def _entry(path: Path, item: object, entries: Seq) -> Judgement:
    line = getattr(item, "line", getattr(entries, "line", 1))
    place = f"{path}:{line}"
    if not isinstance(item, Map):
        raise InputError(Problem("must be a mapping", place))
    for field in item:
        if field not in FIELDS:
            raise InputError(Problem("unknown field", place, field, near=nearest(field, FIELDS)))
    for field in FIELDS[:-1]:
        if not item.get(field):
            raise InputError(Problem("is missing", place, field))
    if item["verdict"] not in VERDICTS:
        near = nearest(item["verdict"], VERDICTS)
        raise InputError(Problem("no such verdict", place, "verdict", item["verdict"], near))
    return Judgement(*(str(item.get(field) or "") for field in FIELDS))
