"""What a loader calls: entities and claims go in, one checked frame of statements comes out.

Everything is validated against the ontology (`kg.claims.fields`), whatever the format it came from.
A loader neither parses a value nor invents one.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from pathlib import Path
from types import MappingProxyType
from typing import Any

import polars as pl

from kg.base.errors import InputError, Problem, an, nearest
from kg.base.fillers import without_fillers
from kg.claims.checks import Checks, refused
from kg.claims.columns import IDENTIFYING, STATEMENTS, TELLING, claim_id
from kg.claims.fields import Fields, set_date
from kg.claims.nothing import NOBODY, STATUS
from kg.claims.source import Source
from kg.ontology import Ontology, Value, edtf

PLACED = {**STATEMENTS, "place": pl.String()}
"""The schema of a frame that has not reached the ledger: `place` is for messages only."""

BATCH = 20_000
"""Rows kept as Python objects before they become a frame."""


class Emitter(Fields):
    """Collects what one source declares and claims."""

    def __init__(
        self,
        source: Source,
        ontology: Ontology,
        progress: Callable[[int], None] | None = None,
    ) -> None:
        super().__init__(source, ontology)
        self.allowed: list[str] = []
        """What failed a check and was let pass."""
        self.changes: Path | None = None
        """A file that tells only what has changed in a list."""
        self.progress = progress
        self.notes: Counter[str] = Counter()
        self._rows: list[dict[str, Any]] = []
        self._frames: list[pl.DataFrame] = []
        self._names: dict[str, str] = {}
        self._ids: dict[str, tuple[str, int]] = {}
        """Claim id → place, and a hash of what the row tells beyond its id."""
        self._again: dict[str, tuple[int, str, str]] = {}
        """Predicate → how many rows say a claim again with other details; places of the first."""
        self._statements: dict[str, str] = {}
        self._documents: dict[str, tuple[Value | None, str | None]] = {}

    # What a loader says

    def entity(
        self,
        id: str,
        name: str,
        /,
        *,
        place: str = "",
        places: Mapping[str, str] = MappingProxyType({}),
        **declared: Any,
    ) -> str:
        """Declare an entity: its id (`group:lazarus-group`), display name, codes, and structure.

        Keywords are declared properties of the kind, or the keys under which edge kinds are
        declared (`part_of="state:USA"`, also a list, or a mapping with `to` and `valid`). `places`
        gives the place of each keyword, where that is known.
        Saying the same again is harmless; another name for the same id is an error.
        """
        kind = self.kind(id, place)
        if kind is None:
            return id
        if kind == "Claim":
            self.error(place, "id", id, "claims stand under `claims`; they are no entities")
            return id
        stands = self.strict or declared.get("unnamed")
        if not stands and self._nothing.is_nobody(id, kind, name, place):
            return id
        known = self._names.setdefault(id, name)
        if known != name:
            self.error(place, "name", name, f"{id} is already called {known!r} in this source")
            return id
        self._value(id, kind, "name", name, place, declared=True)
        if kind == "Document":
            self._documents[id] = _appeared(declared)
        for key, value in declared.items():
            if value is not None:
                self._declare(id, kind, key, value, places.get(key, place))
        return id

    def awaits(self, id: str, record: str, /, *, place: str = "") -> str:
        """An entity that is for another source to declare: the key of its record is all that is
        known here. Claims that name it stay in the ledger, and count once it is there."""
        self._kinds[id] = kind = self.ontology.kind_of(id) or ""
        self._value(id, kind, "record", record, place, declared=True)
        return id

    def claim(
        self,
        subject: str,
        predicate: str,
        target: Any,
        /,
        *,
        asserter: str | None = None,
        document: str | None = None,
        place: str = "",
        negative: bool = False,
        **columns: Any,
    ) -> str:
        """One claim: somebody (`asserter`) says, in `document`, that `subject predicate target`.

        `target` is an entity's id where the predicate is an edge kind, else a value as its source
        prints it. `columns` are columns of the statement schema (dates as EDTF text), qualifiers
        of the edge kind, `unit` or `bound`. Returns the claim's id; a problem is kept, not raised.
        """
        kind = self.kind(subject, place)
        row: dict[str, Any] = {
            "subject": subject,
            "predicate": predicate,
            "asserter": asserter,
            "document": document,
            "negative": negative,
            "declared": False,
            "place": place,
        }
        self.source_ends(row, place)
        qualifiers = self.columns(row, columns, predicate, place)
        self._asserted(row)
        self.in_order(row, place)
        if kind is None or not self._target(row, kind, target, qualifiers, place):
            return ""
        return self._keep(row)

    def declare(self, subject: str, predicate: str, target: str, *, place: str = "") -> None:
        """Declare one structural edge of an entity that is declared elsewhere."""
        kind = self.kind(subject, place)
        if kind is not None:
            self._declared_edge(subject, kind, predicate, {"to": target}, place)

    def note(self, what: str, count: int = 1) -> None:
        """Count something for the summary (`fields not used: x_mitre_version`)."""
        self.notes[what] += count

    def only_changes(self, file: Path) -> None:
        """What is read tells what has changed in a list, not the list: it is no version of it."""
        self.changes = self.changes or file

    def join(self, ids: Sequence[str], key: str | None = None) -> None:
        """These claims were printed as one statement, called `key`, else the least of their ids."""
        known = [id for id in ids if id]
        for id in known:
            self._statements[id] = key or min(known)

    # What the pipeline takes

    def finish(self, checks: Checks | None = None, allow: Collection[str] = ()) -> pl.DataFrame:
        """The frame (schema `PLACED`), rows unique by id. What the checks that `allow` names find
        wrong is let pass, and stands in `allowed`.

        Raises `InputError` with every problem that is not a warning, each with its place.
        """
        self._flush()
        for predicate, (count, place, first) in self._again.items():
            times = f" ({count:,} times)" if count > 1 else ""
            why = f"the same claim stands at {first} with other details; that one counts{times}"
            self.warn(place, predicate, "", why)
        frame = self._whole()
        joined = pl.col("id").replace_strict(
            self._statements, default=pl.col("statement"), return_dtype=pl.String()
        )
        frame = frame.with_columns(statement=joined) if self._statements else frame
        frame = frame.with_columns(self._own_name("subject"), self._own_name("object"))
        failed = refused(frame, checks or Checks(), self.ontology, self.source.name, allow)
        self.problems += failed[0]
        self.allowed += failed[1]
        errors = [problem for problem in self.problems if not problem.warning]
        if errors:
            raise InputError(errors)
        return frame

    def _whole(self) -> pl.DataFrame:
        """All rows as one frame; of those about nobody what they say of somebody."""
        schema = pl.DataFrame(schema=PLACED)
        frame, lost = self._nothing.split(pl.concat([schema, *self._frames]))
        self._frames = [frame]
        for row in self._nothing.unattributed(lost, self.ontology):
            subject = row.pop("subject")
            self.claim(subject, STATUS, NOBODY, **row)
        self._flush()
        for place, name, value, why, count in self._nothing.told():
            self.warn(place, name, value, why)
            self.note("fillers left out", count)
        return pl.concat(self._frames)

    def _own_name(self, end: str) -> pl.Expr:
        """What this source calls one end of each claim: as the claim itself has it, else as it
        declares the entity; null where it knows it by an id alone."""
        names = {id: name for id, name in self._names.items() if isinstance(name, str)}
        called = pl.col(end).replace_strict(names, default=None, return_dtype=pl.String())
        return (
            pl.when(~pl.col("declared"))
            .then(pl.coalesce(f"{end}_name", called))
            .alias(f"{end}_name")
        )

    @property
    def warnings(self) -> list[Problem]:
        """The problems that did not stop the load."""
        return [problem for problem in self.problems if problem.warning]

    def has(self, id: str) -> bool:
        """Whether this source has declared the entity."""
        return id in self._names

    def called(self, id: str) -> str | None:
        """The name under which this source has declared the entity."""
        return self._names.get(id)

    # How rows come to be

    def _declare(self, id: str, kind: str, key: str, value: Any, place: str) -> None:
        edge = self.ontology.declared_keys.get(key)
        for item in value if isinstance(value, list | tuple) else [value]:
            if isinstance(item, list) or (isinstance(item, Mapping) and edge is None):
                self.error(place, key, item, "must be one value, or a list of values")
            elif edge is not None:
                extra = dict(item) if isinstance(item, Mapping) else {"to": item}
                self._declared_edge(id, kind, edge, extra, place)
            else:
                self._value(id, kind, key, item, place, declared=True)

    def _declared_edge(
        self, id: str, kind: str, predicate: str, extra: dict[str, Any], place: str
    ) -> None:
        target = extra.pop("to", None)
        if not isinstance(target, str):
            self.error(place, predicate, target, "needs `to`: the id of the entity it leads to")
            return
        row: dict[str, Any] = {
            "subject": id,
            "predicate": predicate,
            "declared": True,
            "negative": False,
            "place": place,
        }
        dates = {name for name in extra if name in ("valid", "valid_basis")}
        self.columns(row, {name: extra.pop(name) for name in dates}, predicate, place)
        self.set_edge(row, kind, predicate, target, extra, place)
        self._keep(row)

    def _value(
        self, id: str, kind: str, predicate: str, value: Any, place: str, *, declared: bool
    ) -> None:
        spec = self.ontology.property(kind, predicate)
        if spec is None or (declared and not spec.declared):
            known = [
                *self.ontology.declared_keys,
                *(n for n, p in self.ontology.nodes[kind].properties.items() if p.declared),
            ]
            why = "is claimed, not declared: put it under `claims`" if spec else "is unknown here"
            self.error(
                place,
                predicate,
                value,
                f"this property of {an(kind)} {why}",
                () if spec else nearest(predicate, known),
            )
            return
        row: dict[str, Any] = {
            "subject": id,
            "predicate": predicate,
            "declared": declared,
            "negative": False,
            "place": place,
        }
        if self.set_value(row, spec, value, place):
            self._keep(row)

    def _target(
        self, row: dict[str, Any], kind: str, target: Any, qualifiers: dict[str, Any], place: str
    ) -> bool:
        """What is claimed of the subject: the other end of an edge, or a value. Whether that says
        anything."""
        predicate = row["predicate"]
        if self.ontology.is_edge(predicate):
            self.set_edge(row, kind, predicate, str(target), qualifiers, place)
            return True
        for name in qualifiers:
            self.unknown(name, predicate, place)
        spec = self.property(kind, predicate, place)
        return spec is None or self.set_value(row, spec, target, place)

    def _asserted(self, row: dict[str, Any]) -> None:
        """A claim was made when its document appeared, unless it says otherwise."""
        if row.get("asserted") is not None or row.get("document") is None:
            return
        date, basis = self._documents.get(row["document"], (None, None))
        if date is not None:
            set_date(row, "asserted", date)
            row.setdefault("asserted_basis", basis)

    def _keep(self, row: dict[str, Any]) -> str:
        row["source"], row["format"] = self.source.name, self.source.format
        row["id"] = claim_id(map(row.get, IDENTIFYING), row["negative"], row["declared"])
        row.setdefault("locator", _locator(row))
        if row.get("derived_from"):
            row.setdefault("derivation", "stated")
        if not row["declared"] and row.get("statement") is None:
            row["statement"] = row["id"]
        id: str = row["id"]
        telling = hash(tuple(map(row.get, TELLING)))
        if id not in self._ids:
            self._ids[id] = row["place"], telling
            self._rows.append(row)
            if len(self._rows) >= BATCH:
                self._flush()
        elif not row["declared"]:
            self._said_again(row, *self._ids[id], telling)
        return id

    def _said_again(self, row: Mapping[str, Any], first: str, before: int, now: int) -> None:
        """One claim twice: an error where a person wrote it; else the first row of it counts, and
        another that says more or less of it is told, once a predicate."""
        place, predicate = row["place"], row["predicate"]
        if self.strict:
            self.error(place, "claim", predicate, f"duplicate: the same claim stands at {first}")
        elif before != now:
            count, *places = self._again.get(predicate, (0, place, first))
            self._again[predicate] = count + 1, *places

    def _flush(self) -> None:
        if self._rows:
            self._frames.append(pl.DataFrame(self._rows, schema=PLACED))
            self._rows = []
        if self.progress is not None:
            self.progress(len(self._ids))


def _locator(row: Mapping[str, Any]) -> str | None:
    """Where a claim stands, as one short text, from its paragraph and span."""
    paragraph, start = row.get("paragraph"), row.get("start")
    parts = [f"paragraph {paragraph}"] if paragraph is not None else []
    parts += [f"characters {start}–{row.get('end') or ''}"] if start is not None else []
    return ", ".join(parts) or None


def _appeared(document: Mapping[str, Any]) -> tuple[Value | None, str | None]:
    """When a document appeared, and on which basis. A date that does not parse stays text here, for
    it is told once, where it is declared, and not again with each claim of the document."""
    date, basis = document.get("date"), document.get("date_basis")
    if date is None or not without_fillers(str(date)):
        return None, basis
    try:
        return edtf.parse(str(date)), basis or "stated"
    except ValueError:
        return Value(str(date)), basis or "stated"
