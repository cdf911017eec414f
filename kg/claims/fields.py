"""The fields of a row: read and checked against the ontology, and what is wrong with them told.

Every problem keeps its place, whatever the format it came from.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from kg.base.errors import Problem, an, nearest
from kg.base.shown import HIDDEN, visible
from kg.claims.columns import COLUMNS, those
from kg.claims.nothing import Nothing
from kg.claims.source import Source
from kg.ontology import BadValue, Column, EdgeKind, Ontology, Property, Value, edtf

LONGEST_COUNT = 18
"""Digits, which fit into 64 bits."""

GIVEN = frozenset(those(lambda column: column.given or column.measures))
"""What may be given with any claim, beside who says so and where."""

MEASURED = frozenset(those(lambda column: column.measures))
"""Of a quantity; settled together with its value."""


class Fields:
    """Sets the fields of rows, and collects what is wrong with them."""

    def __init__(self, source: Source, ontology: Ontology) -> None:
        self.source = source
        self.ontology = ontology
        # A person can mend the file they wrote. Published data is as it is: a value in it that
        # does not parse stays visible as text, with a warning.
        self.strict = source.format == "claims"
        self.problems: list[Problem] = []
        self._nothing = Nothing()
        self._terms = {c.name: _term(c, ontology) for c in COLUMNS.values() if c.vocabulary}
        # Names and values repeat: each is checked and parsed once.
        self._kinds: dict[str, str] = {}
        self._parsed: dict[tuple[int, str, str | None, str | None], Value] = {}

    def warn(self, place: str, field: str, value: object, message: str) -> None:
        """Something that does not stop a load, and stays visible in its summary."""
        self._tell(message, place, field, value, warning=True)

    def error(
        self, place: str, field: str, value: object, message: str, near: Sequence[str] = ()
    ) -> None:
        """Something that stops a load once everything has been read."""
        self._tell(message, place, field, value, near)

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

    def unknown(self, name: str, predicate: str, place: str) -> None:
        """A field that no claim of this predicate has."""
        known = [*GIVEN, "asserter", "document"]
        if self.ontology.is_edge(predicate):
            known += self.ontology.edges[predicate].qualifiers
        self.error(place, name, "", f"is no field of {predicate} claims", nearest(name, known))

    def set_value(self, row: dict[str, Any], spec: Property, value: Any, place: str) -> bool:
        """The value of a property, with its bound and unit, and its days where it is a date.
        Whether it has one: a filler is none."""
        meant = self._meant(spec, value, place)
        if meant is None:
            return False
        parsed = self._parse(spec, meant, place, row.get("bound"), row.get("unit"))
        if parsed is None:
            return True
        row["value"], row["number"] = parsed.text, parsed.number
        row["unit"], row["bound"] = parsed.unit, parsed.bound
        if spec.of.dated and row.get("valid") is None:
            set_date(row, "valid", parsed)
        return True

    def _meant(self, spec: Property, value: Any, place: str) -> Any:
        """A value without what is a filler in it, None where nothing is left. In a file that a
        person wrote, what they wrote stands."""
        return value if self.strict else self._nothing.meant(spec, _text(value), place)

    def set_edge(
        self,
        row: dict[str, Any],
        kind: str,
        predicate: str,
        target: str,
        qualifiers: dict[str, Any],
        place: str,
    ) -> None:
        """The other end of an edge and its qualifiers."""
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

    def columns(
        self, row: dict[str, Any], columns: Mapping[str, Any], predicate: str, place: str
    ) -> dict[str, Any]:
        """Check and set the claim's own columns; what is left over must be qualifiers."""
        left = {}
        for name, value in columns.items():
            if value is None:
                continue
            if name in GIVEN:
                self._column(row, COLUMNS[name], value, place)
            else:
                left[name] = value
        return left

    def _column(self, row: dict[str, Any], column: Column, value: Any, place: str) -> None:
        """Check and set one column, as its type has it. A quantity's are parsed with its value."""
        name = column.name
        if column.type == "edtf":
            self._date(row, name, value, place)
        elif column.type == "ids":
            row[name] = [value] if isinstance(value, str) else [str(item) for item in value]
        elif column.type == "integer":
            self._count(row, name, value, place)
        elif column.type == "bool":
            row[name] = self._flag(name, value, place)
        elif column.vocabulary and not column.measures:
            parsed = self._parse(self._terms[name], value, place)
            row[name] = parsed.text if parsed else None
        else:
            row[name] = str(value)
            self._hidden(place, name, row[name])

    def source_ends(self, row: dict[str, Any], place: str) -> None:
        """Who says so, and where it is printed, must be of kinds that can."""
        for end, predicate in (("asserter", "ASSERTED_BY"), ("document", "REPORTED_IN")):
            kind = None if row[end] is None else self.kind(row[end], place, end)
            allowed = self.ontology.edges[predicate].targets
            if kind is not None and kind not in allowed:
                self.error(place, end, row[end], f"must be {' or '.join(allowed)}, not {kind}")

    def in_order(self, row: Mapping[str, Any], place: str) -> None:
        """Nobody takes back what nobody has said yet."""
        said, gone = row.get("asserted_from"), row.get("withdrawn_to")
        if said and gone and gone < said:
            day = f"{row['asserted']}, when it was said"
            if row.get("asserted_basis"):
                day += " as far as its document tells (`asserted` gives another day)"
            message = f"is before {day}"
            self._tell(message, place, "withdrawn", row["withdrawn"], warning=not self.strict)

    def _date(self, row: dict[str, Any], name: str, value: Any, place: str) -> None:
        if not self.strict:
            value = self._nothing.date(name, str(value), place)
            if value is None:
                return
        try:
            set_date(row, name, edtf.parse(str(value)))
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


def _term(column: Column, ontology: Ontology) -> Property:
    """How a column is read that takes its value from a vocabulary."""
    terms = ontology.vocabulary[column.vocabulary or ""]
    return Property(column.name, "enum", column.doc, vocabulary=terms)


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)


def _short(value: object) -> str:
    text = "" if value is None else str(value)
    return text if len(text) <= 80 else text[:77] + "…"


def set_date(row: dict[str, Any], name: str, value: Value) -> None:
    """A date with its first and last day."""
    row[name] = value.text
    row[f"{name}_from"], row[f"{name}_to"] = value.start, value.end
    if name == "valid":
        row["valid_precision"] = value.precision
