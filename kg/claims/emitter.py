"""What a loader calls: entities and claims go in, one checked frame of statements comes out.

Everything is validated here against the ontology, whatever the format it came from, and every
problem keeps its place. A loader neither parses a value nor invents one.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

import polars as pl

from kg.base.errors import InputError, Problem, an, nearest
from kg.base.fillers import without_fillers
from kg.base.shown import HIDDEN, visible
from kg.claims.columns import DATES, LINKS, STATEMENTS, claim_id
from kg.claims.nothing import NOBODY, STATUS, Nothing
from kg.ontology import BadValue, EdgeKind, Ontology, Property, Value, edtf

PLACED = {**STATEMENTS, "place": pl.String()}
"""The schema of a frame that has not reached the ledger: `place` is for messages only."""

BATCH = 20_000
"""Rows kept as Python objects before they become a frame."""

LONGEST_COUNT = 18
"""Digits, which fit into 64 bits."""

FREE_TEXT = frozenset({"ref", "statement", "locator", "summary", "quote", "hedge"})
COUNTED = frozenset({"paragraph", "start", "end"})
MEASURED = frozenset({"unit", "bound"})
"""Of a quantity; settled together with its value."""

JUDGED = frozenset(
    {
        *("valid_basis", "asserted_basis", "reliability", "credibility", "likelihood"),
        *("confidence", "attribution_type", "attribution_basis", "marking", "status"),
    }
)
"""Terms of vocabularies, which the ontology lists under the kind `Claim`."""


TELLING = ("qualifiers", "collective", "asserted", "summary", "quote", "hedge", *sorted(JUDGED))
"""What may differ between two rows of one claim, and tells more than where it stands."""


@dataclass(frozen=True)
class Source:
    """Where a batch of statements came from; stands in the manifest beside its file."""

    name: str
    format: str = "claims"
    licence: str = ""
    url: str = ""
    notice: str = ""


@dataclass(frozen=True)
class Checks:
    """What must hold of a whole load before anything is written.

    `minimum` and `maximum` count entities by kind and claims by predicate; `filled` gives the least
    share (0–1) of a kind's entities that carry a predicate.
    """

    minimum: Mapping[str, int] = field(default_factory=dict)
    maximum: Mapping[str, int] = field(default_factory=dict)
    filled: Mapping[tuple[str, str], float] = field(default_factory=dict)

    @property
    def names(self) -> list[str]:
        """What `kg load --allow` calls them: what is counted, or `KIND.PREDICATE`."""
        return sorted({*self.minimum, *self.maximum, *map(".".join, self.filled)})


class Emitter:
    """Collects what one source declares and claims."""

    def __init__(
        self,
        source: Source,
        ontology: Ontology,
        progress: Callable[[int], None] | None = None,
    ) -> None:
        self.source = source
        self.ontology = ontology
        # A person can mend the file they wrote. Published data is as it is: a value in it that
        # does not parse stays visible as text, with a warning.
        self.strict = source.format == "claims"
        self.problems: list[Problem] = []
        self.allowed: list[str] = []
        """What failed a check and was let pass."""
        self.progress = progress
        self.notes: Counter[str] = Counter()
        self._nothing = Nothing()
        self._rows: list[dict[str, Any]] = []
        self._frames: list[pl.DataFrame] = []
        self._names: dict[str, str] = {}
        self._ids: dict[str, tuple[str, int]] = {}
        """Claim id → place, and a hash of what the row tells beyond its id."""
        self._again: dict[str, tuple[int, str, str]] = {}
        """Predicate → how many rows say a claim again with other details; places of the first."""
        self._statements: dict[str, str] = {}
        # Names and values repeat: each is checked and parsed once.
        self._kinds: dict[str, str] = {}
        self._parsed: dict[tuple[int, str, str | None, str | None], Value] = {}
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
        self._source_ends(row, place)
        qualifiers = self._columns(row, columns, predicate, place)
        self._asserted(row)
        if kind is None or not self._target(row, kind, target, qualifiers, place):
            return ""
        return self._keep(row)

    def declare(self, subject: str, predicate: str, target: str, *, place: str = "") -> None:
        """Declare one structural edge of an entity that is declared elsewhere."""
        kind = self.kind(subject, place)
        if kind is not None:
            self._declared_edge(subject, kind, predicate, {"to": target}, place)

    def warn(self, place: str, field: str, value: object, message: str) -> None:
        """Something that does not stop a load, and stays visible in its summary."""
        self._tell(message, place, field, value, warning=True)

    def error(
        self, place: str, field: str, value: object, message: str, near: Sequence[str] = ()
    ) -> None:
        """Something that stops a load once everything has been read."""
        self._tell(message, place, field, value, near)

    def note(self, what: str, count: int = 1) -> None:
        """Count something for the summary (`fields not used: x_mitre_version`)."""
        self.notes[what] += count

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
        for check, sentence in failed_checks(frame, checks or Checks(), self.ontology):
            if check in allow:
                self.allowed.append(sentence)
            else:
                how = f"{sentence}; --allow {check} (of kg load) lets that pass"
                self.problems.append(Problem(how, self.source.name))
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

    # Lookups that report

    def kind(self, id: str, place: str = "", field: str = "id") -> str | None:
        """The kind that an id's prefix names; an error and None where there is none."""
        kind = self._kinds.get(id)
        if kind is None:
            try:
                kind = self._kinds[id] = self.ontology.check_id(id)
            except BadValue as why:
                self.error(place, field, id, str(why), why.near)
        return kind

    def property(self, kind: str, predicate: str, place: str = "") -> Property | None:
        """The property's specification; an error and None where the kind has none of that name."""
        spec = self.ontology.property(kind, predicate)
        if spec is None:
            known = [*self.ontology.edges, *self.ontology.nodes[kind].properties]
            message = f"no such predicate for {an(kind)}"
            self.error(place, "predicate", predicate, message, nearest(predicate, known))
        return spec

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
        self._columns(row, {name: extra.pop(name) for name in dates}, predicate, place)
        self._edge(row, kind, predicate, target, extra, place)
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
        if self._set_value(row, spec, value, place):
            self._keep(row)

    def _target(
        self, row: dict[str, Any], kind: str, target: Any, qualifiers: dict[str, Any], place: str
    ) -> bool:
        """What is claimed of the subject: the other end of an edge, or a value. Whether that says
        anything."""
        predicate = row["predicate"]
        if self.ontology.is_edge(predicate):
            self._edge(row, kind, predicate, str(target), qualifiers, place)
            return True
        for name in qualifiers:
            self.unknown(name, predicate, place)
        spec = self.property(kind, predicate, place)
        return spec is None or self._set_value(row, spec, target, place)

    def _set_value(self, row: dict[str, Any], spec: Property, value: Any, place: str) -> bool:
        """Set a row's value. Whether it has one: a filler is none."""
        meant = self._meant(spec, value, place)
        if meant is None:
            return False
        parsed = self._parse(spec, meant, place, row.get("bound"), row.get("unit"))
        if parsed is None:
            return True
        row["value"], row["number"] = parsed.text, parsed.number
        row["unit"], row["bound"] = parsed.unit, parsed.bound
        if spec.type == "edtf" and row.get("valid") is None:
            _set_date(row, "valid", parsed)
        return True

    def _meant(self, spec: Property, value: Any, place: str) -> Any:
        """A value without what is a filler in it, None where nothing is left. In a file that a
        person wrote, what they wrote stands."""
        return value if self.strict else self._nothing.meant(spec, _text(value), place)

    def _edge(
        self,
        row: dict[str, Any],
        kind: str,
        predicate: str,
        target: str,
        qualifiers: dict[str, Any],
        place: str,
    ) -> None:
        edge = self.ontology.edges[predicate]
        if not edge.claimable:
            self.error(place, "predicate", predicate, "is made from claims, and never claimed")
            return
        for name in MEASURED & row.keys():
            self.error(place, name, row[name], "only a quantity has a bound or a unit")
        row["object"] = target
        other = self.kind(target, place, "object")
        if kind not in edge.sources:
            self._wrong_end(edge, "starts at", edge.sources, kind, row["subject"], place)
        if other is not None and other not in edge.targets:
            self._wrong_end(edge, "ends at", edge.targets, other, target, place)
        elif other is not None and edge.same_kind and other != kind:
            self.error(place, predicate, target, f"joins two of one kind, not {kind} and {other}")
        kept = {}
        for name, value in qualifiers.items():
            if name not in edge.qualifiers:
                self.unknown(name, predicate, place)
                continue
            spec = edge.qualifiers[name]
            meant = None if value is None else self._meant(spec, value, place)
            parsed = None if meant is None else self._parse(spec, meant, place)
            if parsed is not None:
                kept[name] = parsed.text
        if kept:
            row["qualifiers"] = json.dumps(kept, sort_keys=True, ensure_ascii=False)

    def _wrong_end(
        self, edge: EdgeKind, verb: str, allowed: Iterable[str], kind: str, id: str, place: str
    ) -> None:
        ends = ", ".join(allowed)
        self.error(place, edge.edge, id, f"this edge {verb} {ends}, not at {an(kind)}")

    def unknown(self, name: str, predicate: str, place: str) -> None:
        """A field that no claim of this predicate has."""
        known = [*FREE_TEXT, *COUNTED, *MEASURED, *JUDGED, *LINKS, *DATES, "collective"]
        known += ["asserter", "document"]
        if self.ontology.is_edge(predicate):
            known += self.ontology.edges[predicate].qualifiers
        self.error(place, name, "", f"is no field of {predicate} claims", nearest(name, known))

    def _columns(
        self, row: dict[str, Any], columns: Mapping[str, Any], predicate: str, place: str
    ) -> dict[str, Any]:
        """Check and set the claim's own columns; what is left over must be qualifiers."""
        left = {}
        for name, value in columns.items():
            if value is None:
                continue
            if name in ("valid", "asserted"):
                self._date(row, name, value, place)
            elif name in LINKS:
                row[name] = [value] if isinstance(value, str) else [str(item) for item in value]
            elif name in COUNTED:
                self._count(row, name, value, place)
            elif name == "collective":
                row[name] = self._flag(name, value, place)
            elif name in FREE_TEXT | MEASURED:
                row[name] = str(value)
                self._hidden(place, name, row[name])
            elif name in JUDGED:
                parsed = self._parse(self.ontology.nodes["Claim"].properties[name], value, place)
                row[name] = parsed.text if parsed else None
            else:
                left[name] = value
        return left

    def _source_ends(self, row: dict[str, Any], place: str) -> None:
        """Who says so, and where it is printed, must be of kinds that can."""
        for end, predicate in (("asserter", "ASSERTED_BY"), ("document", "REPORTED_IN")):
            kind = None if row[end] is None else self.kind(row[end], place, end)
            allowed = self.ontology.edges[predicate].targets
            if kind is not None and kind not in allowed:
                self.error(place, end, row[end], f"must be {' or '.join(allowed)}, not {kind}")

    def _date(self, row: dict[str, Any], name: str, value: Any, place: str) -> None:
        if not self.strict:
            value = self._nothing.date(name, str(value), place)
            if value is None:
                return
        try:
            _set_date(row, name, edtf.parse(str(value)))
        except ValueError as why:
            self._unparsed(place, name, value, why)
            row[name] = str(value)

    def _count(self, row: dict[str, Any], name: str, value: Any, place: str) -> None:
        text = str(value)
        if text.isascii() and text.isdecimal() and len(text) <= LONGEST_COUNT:
            row[name] = int(text)
        else:
            self.error(place, name, value, "is not a whole number, or too large a one")

    def _flag(self, name: str, value: Any, place: str) -> bool:
        if isinstance(value, bool):
            return value
        if str(value).casefold() not in ("true", "false"):
            self.error(place, name, value, "is neither true nor false")
        return str(value).casefold() == "true"

    def _asserted(self, row: dict[str, Any]) -> None:
        """A claim was made when its document appeared, unless it says otherwise."""
        if row.get("asserted") is not None or row.get("document") is None:
            return
        date, basis = self._documents.get(row["document"], (None, None))
        if date is not None:
            _set_date(row, "asserted", date)
            row.setdefault("asserted_basis", basis)

    def _parse(
        self,
        spec: Property,
        value: Any,
        place: str,
        bound: str | None = None,
        unit: str | None = None,
    ) -> Value | None:
        text = _text(value)
        key = (id(spec), text, bound, unit)
        if key in self._parsed:
            return self._parsed[key]
        try:
            parsed = self._parsed[key] = spec.parse(text, bound=bound, unit=unit)
            self._hidden(place, spec.name, text)
            return parsed
        except ValueError as why:
            self._unparsed(place, spec.name, value, why)
            return None if self.strict else Value(text=text, bound=bound, unit=unit)

    def _hidden(self, place: str, field: str, text: str) -> None:
        """A text with marks that no reader sees is kept as it is, and told."""
        if HIDDEN.search(text):
            found = ", ".join(map(visible, dict.fromkeys(HIDDEN.findall(text))))
            self.warn(
                place, field, text, f"holds characters that are not seen, and is kept: {found}"
            )

    def _unparsed(self, place: str, field: str, value: object, why: ValueError) -> None:
        near = getattr(why, "near", ())
        self._tell(str(why), place, field, value, near, warning=not self.strict)

    def _tell(
        self, message: str, place: str, field: str, value: object, near: Sequence[str] = (),
        warning: bool = False,
    ) -> None:  # fmt: skip
        """What has no place of its own stands in the source."""
        at = place or self.source.name
        self.problems.append(Problem(message, at, field, _short(value), tuple(near), warning))

    def _keep(self, row: dict[str, Any]) -> str:
        row["source"], row["format"] = self.source.name, self.source.format
        row["id"] = claim_id(
            (
                row["subject"],
                row["predicate"],
                row.get("object"),
                row.get("value"),
                row.get("unit"),
                row.get("bound"),
                row.get("asserter"),
                row.get("document"),
                row.get("valid"),
            ),
            row["negative"],
            row["declared"],
        )
        row.setdefault("locator", _locator(row))
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


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)


def _locator(row: Mapping[str, Any]) -> str | None:
    """Where a claim stands, as one short text, from its paragraph and span."""
    paragraph, start = row.get("paragraph"), row.get("start")
    parts = [f"paragraph {paragraph}"] if paragraph is not None else []
    parts += [f"characters {start}–{row.get('end') or ''}"] if start is not None else []
    return ", ".join(parts) or None


def _short(value: object) -> str:
    text = "" if value is None else str(value)
    return text if len(text) <= 80 else text[:77] + "…"


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


def _set_date(row: dict[str, Any], name: str, value: Value) -> None:
    row[name] = value.text
    row[f"{name}_from"], row[f"{name}_to"] = value.start, value.end
    if name == "valid":
        row["valid_precision"] = value.precision


def failed_checks(frame: pl.DataFrame, checks: Checks, ontology: Ontology) -> list[tuple[str, str]]:
    """For each check that a whole load does not pass what it is called (what is counted, or
    `KIND.PREDICATE` of what is not filled), and a sentence."""
    named = frame.filter(pl.col("declared") & (pl.col("predicate") == "name"))
    kinds = Counter(ontology.kind_of(id) or "?" for id in named["subject"].to_list())
    claims = frame.filter(~pl.col("declared"))
    counts = {**dict(claims["predicate"].value_counts().iter_rows()), **kinds}
    failed = [
        (what, f"{what}: {counts.get(what, 0)} found, at least {least} expected")
        for what, least in checks.minimum.items()
        if counts.get(what, 0) < least
    ]
    failed += [
        (what, f"{what}: {counts.get(what, 0)} found, at most {most} expected")
        for what, most in checks.maximum.items()
        if counts.get(what, 0) > most
    ]
    for (kind, predicate), share in checks.filled.items():
        holders = frame.filter(pl.col("predicate") == predicate)["subject"].unique().to_list()
        filled = sum(1 for id in holders if ontology.kind_of(id) == kind)
        if filled < share * kinds[kind]:
            sentence = (
                f"{predicate} is filled for {filled} of {kinds[kind]} {kind} entities, "
                f"at least {share:.0%} expected"
            )
            failed.append((f"{kind}.{predicate}", sentence))
    return failed
