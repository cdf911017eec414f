"""The mapping of a table: words of `source.yaml` that turn a row into entities and claims.

It is checked once, with the line of each mistake, before the first row is read; see
`docs/loaders.md` for the words.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kg.base.errors import InputError, Problem, an, nearest
from kg.base.fillers import is_filler, without_fillers
from kg.base.yamlfile import Map, Seq
from kg.claims.fields import GIVEN
from kg.loaders.kit.actors import Actor, actors, is_alone, joint_states, parted
from kg.loaders.kit.days import days_of
from kg.loaders.kit.mapping_shapes import COLUMN, TABLE, misshapen
from kg.loaders.kit.parts import index_of
from kg.loaders.kit.pattern import Pattern
from kg.loaders.kit.reading import Audit, Row, slug
from kg.loaders.kit.tables import ITEM_END
from kg.ontology import countries
from kg.ontology.kinds import CELLS

if TYPE_CHECKING:
    from kg.ontology import Ontology

CLAIM_WORDS = ("says", "denies", "when")
CLAIM_FIELDS = ("asserter", "document", *sorted(GIVEN))
"""What any claim may have; an edge has its qualifiers too."""


class Item(str):
    """One value of a cell, with what its column's reading found out about it."""

    hedge: str | None = None
    """What was said before an actor's name, of how sure that is."""
    state: str | None = None
    """The code of the state that an actor is, or is the government of."""
    slug: str | None = None
    """What its slug is, where that of its text is taken."""
    among: int = 1
    """How many values its cell holds."""
    either: bool = False
    """Whether it was this one or another."""
    whole: str | None = None
    """Of several that one cell of no list names: all of it, as it is printed."""


Cells = dict[str, list[str]]
"""What the cells of one row hold once read: a list by column, empty for null."""


EVENTS = frozenset({"Incident", "Campaign", "Meeting", "Travel", "Sanction", "LegalAction",
                    "Statement", "Agreement", "Commitment"})  # fmt: skip
"""Kinds of which two may well be called alike."""

_HOLE = re.compile(r"\{([^{}|]+)(?:\|([^{}]*))?\}")
AS_PRINTED = "text"
"""The filter that gives a whole cell as it is printed."""
OF_EVENT = "event"
"""Stands after a column whose slug is another one in the ids of events."""

_FILTERS = ("slug", "lower", "upper", "country", "hedge", "several", "text", "or …")


@dataclass(frozen=True)
class Column:
    """How the cells of one column are read, in this order."""

    null: frozenset[str] = frozenset()
    match: Pattern | None = None
    split: tuple[str, ...] = ()
    map: Mapping[str, str | None] = field(default_factory=dict)
    keep: frozenset[str] = frozenset()
    """Words that mean something, though they are fillers elsewhere."""
    date: tuple[str, ...] = ()
    """`strptime` forms, or `excel` for the days that Excel counts; the value becomes EDTF, as exact
    as the form tells."""
    country: bool = False
    """The value is a country's name and becomes its ISO 3166 alpha-3 code."""
    actor: bool = False
    """It says who did it, or was hit: `Iran & Syria` is both."""

    def read(self, name: str, raw: str, place: str, audit: Audit) -> list[str]:
        """The values in a cell, each once. What does not parse is reported, never guessed."""
        split = () if ITEM_END in raw else self.split
        items = raw.split(ITEM_END)
        found = (value for item in items for value in self._parts(name, item, split, place, audit))
        return list(dict.fromkeys(found))

    def _parts(
        self, name: str, raw: str, split: Sequence[str], place: str, audit: Audit
    ) -> Iterator[str]:
        text = raw.strip()
        if not text or text in self.null:
            return
        if self.match is not None:
            found = self.match.find(text)
            if found is None:
                audit.miss(place, name, text, f"does not match {self.match.text!r}")
                return
            text = found
        for part in self._split(text, split):
            yield from self._values(name, part.strip(), place, audit)

    def _split(self, text: str, split: Sequence[str]) -> list[str]:
        """The parts of a cell; `Korea, Republic of` is one country, whatever parts others."""
        if not split or (self.country and countries.code(text)):
            return [text]
        return re.split("|".join(map(re.escape, split)), text)

    def _values(self, name: str, text: str, place: str, audit: Audit) -> list[str]:
        value = self.map.get(text, text)
        if not value or value in self.null:
            return []
        if text not in self.map and text not in self.keep and is_filler(text):
            audit.miss(place, name, text, FILLER)
            return []
        if self.country:
            return self._states(name, value, place, audit)
        read = self._day(name, value, place, audit) if self.date else value
        return [read] if read else []

    def _states(self, name: str, text: str, place: str, audit: Audit) -> list[str]:
        """The code of a country; of those who did it, of several, each with its hedge."""
        found = actors(text) if self.actor and not countries.code(text) else []
        codes = [_item(one.state, one) for one in found if one.state]
        if codes and len(codes) == len(found):
            return [*codes]
        code = audit.country(place, name, text)
        return [code] if code else []

    def _day(self, name: str, text: str, place: str, audit: Audit) -> str | None:
        read = days_of(text, self.date)
        if read.why:
            audit.miss(place, name, text, read.why)
        if not read.by:
            forms = " or ".join(self.date)
            audit.miss(place, name, text, f"is no date of the form {forms}; kept as text")
        if len(set(read.by.values())) > 1:
            why = f"is one date by {' and another by '.join(read.by)}; the first of these counts"
            audit.miss(place, name, text, why)
        day = next(iter(read.by.values()), text)
        if not without_fillers(day):
            audit.miss(place, name, text, FILLER)
            return None
        return day


SEVERAL = "may name several, or one by several names: kept as one name; `split` would part them"
FILLER = "stands where nothing is known; it is no value, and was left out"


@dataclass(frozen=True)
class Template:
    """A text with `{Column}` in it, or `{Column|slug}`, `|lower`, `|upper`, `|country`, `|or …`."""

    text: str

    @property
    def columns(self) -> list[str]:
        """The columns that it names."""
        return [name.strip() for name, _ in _HOLE.findall(self.text)]

    def fill(self, cells: Cells) -> str | None:
        """The text for one row; None if a column in it is empty. Several values are joined."""
        missing = False

        def value(hole: re.Match[str]) -> str:
            nonlocal missing
            name, how = hole.group(1).strip(), (hole.group(2) or "").strip()
            filled = _filtered(cells.get(f"{name}|{how}" if how == AS_PRINTED else name, []), how)
            missing = missing or filled is None
            return filled or ""

        filled = _HOLE.sub(value, self.text)
        return None if missing else filled


def _slug(value: str) -> str:
    return getattr(value, "slug", None) or slug(value)


def _filtered(values: Sequence[str], how: str) -> str | None:
    if how.strip() in ("hedge", "several"):
        hedge, among = (getattr(values[0], n, None) if values else None for n in ("hedge", "among"))
        return hedge if how.strip() == "hedge" else "true" if (among or 1) > 1 else None
    if how.startswith("or "):
        return _joined(values) or how.removeprefix("or ").strip()
    if not values:
        return None
    text = _joined(values)
    match how.strip():
        case "slug":
            return _slug(values[0]) if len(values) == 1 else slug(text)
        case "lower":
            return text.lower()
        case "upper":
            return text.upper()
        case "country":
            return countries.names().get(text, text)
    return text


def _joined(values: Sequence[str]) -> str:
    """Several values as one text: as they are printed, where that is known."""
    whole = getattr(values[0], "whole", None) if len(values) > 1 else None
    return whole or "; ".join(values)


def _filled(given: Any, cells: Cells) -> Any:
    """Templates in text, lists and mappings filled; what an empty column leaves void is None."""
    match given:
        case Mapping():
            filled = {key: _filled(value, cells) for key, value in given.items()}
            return None if "to" in filled and filled["to"] is None else _without_null(filled)
        case list():
            return [value for item in given if (value := _filled(item, cells)) is not None]
        case str():
            return Template(given).fill(cells)
    return given


def _without_null(given: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in given.items() if value is not None}


def _texts(given: str | list[str] | None) -> tuple[str, ...]:
    """One text or a list of them, as a tuple."""
    return (given,) if isinstance(given, str) else tuple(given or ())


def _is_triple(given: Any) -> bool:
    """Whether it is [subject, predicate, object or value], and perhaps a mapping after them."""
    if not isinstance(given, list) or not 3 <= len(given) <= 4:
        return False
    return all(isinstance(part, str) for part in given[:3]) and isinstance(
        given[-1], _ENDS[len(given)]
    )


_ENDS = {3: str, 4: Map}
"""What a triple of so many parts ends in."""


def _lined(given: Any, line: int) -> Iterator[tuple[str, int]]:
    """Each column in the templates of a mapping, with its line there."""
    match given:
        case Map():
            for key, value in given.items():
                yield from _lined(key, given.lines[key])
                yield from _lined(value, given.lines[key])
        case Seq():
            for item, at in zip(given, given.lines, strict=True):
                yield from _lined(item, at)
        case str():
            yield from ((name, line) for name in Template(given).columns)


def _columns_in(given: Any) -> list[str]:
    match given:
        case Mapping():
            return [name for item in given.items() for part in item for name in _columns_in(part)]
        case list():
            return [name for item in given for name in _columns_in(item)]
        case str():
            return Template(given).columns
    return []


class TableMapping:
    """One checked mapping. Raises `InputError` with every mistake in it, each with its line."""

    def __init__(self, path: Path, given: Any, ontology: Ontology) -> None:
        self.path = path
        self.ontology = ontology
        self.problems: list[Problem] = []
        if not isinstance(given, Map) or not (given.get("entities") or given.get("claims")):
            line = given.line if isinstance(given, Map) else 1
            raise InputError(Problem("needs `entities` or `claims`", f"{path}:{line}", "table"))
        if wrong := list(misshapen(given, path)):
            raise InputError(wrong)
        self._known(given, TABLE)
        encodings = given.get("encoding") or "utf-8"
        self.encodings: list[str] = [encodings] if isinstance(encodings, str) else encodings
        self.delimiter: str | None = given.get("delimiter")
        self.sheet: str | None = given.get("sheet")
        self.ignore: list[str] = given.get("ignore") or []
        self.defaults = {key: given[key] for key in ("document", "asserter") if given.get(key)}
        self.columns = self._read_columns(given)
        self.null = frozenset(given.get("null") or ())
        self._entities: Map = given.get("entities") or Map(given.line)
        self._claims: list[_Statement] = self._read_claims(given)
        self._check_templates(given)
        if self.problems:
            raise InputError(self.problems)
        self.used = self._lines_of_columns(given)
        """Columns that the mapping needs, each with its first line in it."""
        self.actors = self._columns_of("actors")
        """Columns that say who did it."""
        self.victims = self._columns_of("victims") - self.actors
        self.parted = self._columns_of(*CELLS, states=True)
        """Columns of whom a cell may name together, without a word in the mapping."""
        self.columns |= {
            name: replace(self.columns[name], actor=True) for name in self.parted & {*self.columns}
        }
        self.alone: dict[str, set[str]] = {name: set() for name in self.actors | self.victims}
        """Column of actors or victims → the names that stand by themselves in it."""
        self.events = self._templates_of_events()
        """Ids of events that are made of a column's words."""

    def need(self, columns: Iterable[str], file: Path) -> None:
        """Raise `InputError` for columns that the file has not, with the mapping's lines."""
        have = list(columns)
        missing = {name: line for name, line in self.used.items() if name not in have}
        if missing:
            why = f"there is no such column in {file.name}"
            raise InputError(
                Problem(why, f"{self.path}:{line}", name, near=nearest(name, have))
                for name, line in sorted(missing.items(), key=lambda item: item[1])
            )

    def is_list(self, column: str) -> bool:
        """Whether the column holds several values."""
        spec = self.columns.get(column)
        return spec is not None and bool(spec.split)

    def entities(self, cells: Cells) -> Iterator[dict[str, Any]]:
        """What `Emitter.entity` takes, for one row."""
        for id, given in self._entities.items():
            declared = given if isinstance(given, Map) else {"name": given}
            of = _as_event(cells) if self.ontology.kind_of(id) in EVENTS else cells
            for bound in self._bindings([id, declared], of):
                if self.ontology.kind_of(id) not in EVENTS and self._is_state(id, bound):
                    continue
                filled_id = Template(id).fill(bound)
                filled = _filled(declared, bound)
                if filled_id is not None and filled and filled.get("name"):
                    yield {"id": filled_id, **filled}

    def _is_state(self, id: str, cells: Cells) -> bool:
        """Whether the actor or victim of this name is a state, so that it is declared as that."""
        names = (self.actors | self.victims).intersection(Template(id).columns)
        items = [item for name in names for item in cells.get(name, [])]
        return bool(items) and all(getattr(item, "state", None) for item in items)

    def statements(self, cells: Cells) -> Iterator[list[dict[str, Any]]]:
        """What `Emitter.claim` takes, for one row; those of one printed statement together."""
        for statement in self._claims:
            claims = [
                {**shared, **claim}
                for triple in statement.triples
                for bound in self._bindings([triple.parts, triple.fields, statement.shared], cells)
                if statement.applies(bound)
                and (claim := triple.fill(bound, self._each(triple, bound, cells))) is not None
                and (shared := _filled({**self.defaults, **statement.shared}, bound)) is not None
            ]
            if claims:
                yield claims

    def learn(self, rows: Sequence[Row]) -> None:
        """Match what the expressions of columns are asked about in these rows, all at once, and see
        which names stand by themselves."""
        for name, known in self.alone.items():
            known.update(text for row in rows if is_alone(text := row.get(name, "").strip()))
        for name, column in self.columns.items():
            if column.match is not None:
                column.match.learn(
                    item.strip() for row in rows for item in row.get(name, "").split(ITEM_END)
                )

    def cells(self, row: Row, audit: Audit) -> Cells:
        """The row's values by column; what does not parse goes to the audit."""
        plain = Column(null=self.null)
        cells = {
            name: self.columns.get(name, plain).read(name, row.get(name, ""), row.place, audit)
            for name in self.used
        }
        printed = {f"{name}|{AS_PRINTED}": [row.get(name, "").strip() or "none"] for name in cells}
        for name in self.alone.keys() & cells.keys():
            cells[name] = self._parts(name, cells[name], row.place, audit)
        for name in self.actors & cells.keys():
            cells[name] = _actors(name, cells[name], row.place, audit)
        for name in self.victims & cells.keys():
            each = (part for value in cells[name] for part in joint_states(value) or [value])
            cells[name] = [_of_state(value) for value in each]
        for name, values in cells.items():
            whole = None if self.is_list(name) else row.get(name, "").strip()
            values[:] = _among(values, whole)
        return {**cells, **printed, "#": [_number(row.place)]}

    def _parts(self, name: str, values: Sequence[str], place: str, audit: Audit) -> list[str]:
        """The names in a cell of actors or victims; one that may be several is told."""
        found: list[str] = []
        for value in values:
            if isinstance(value, Item) or countries.code(value) or joint_states(value):
                found.append(value)
                continue
            names, several = parted(value, self.alone[name])
            found += names
            if several and not (name in self.actors and len(actors(value)) > 1):
                audit.miss(place, name, value, SEVERAL)
        return list(dict.fromkeys(found))

    def _bindings(self, given: Any, cells: Cells) -> Iterator[Cells]:
        """The row once for each item of the list column that is used, if one is."""
        lists = self._lists(given) or self._together(given, cells)
        if not lists:
            yield cells
            return
        for item in cells[lists[0]]:
            yield {**cells, lists[0]: [item]}

    def _together(self, given: Any, cells: Cells) -> list[str]:
        """The column of actors that one cell of no list names together, if it is one. An event is
        one however many are in its id."""
        if isinstance(given[0], str) and self.ontology.kind_of(given[0]) in EVENTS:
            return []
        ends = given[0][2] if isinstance(given[0], list) else given
        if isinstance(ends, str) and self.ontology.kind_of(ends) is None:
            return []  # a value, which says all that the cell does
        used = {name for name, how in _holes_in(given) if how.strip() != AS_PRINTED}
        found = [name for name in used & self.parted if len(cells[name]) > 1]
        return found if len(found) == 1 else []

    def _each(self, triple: _Triple, bound: Cells, cells: Cells) -> list[Cells]:
        """The cells that each part is made of: an event's id of its whole row, unless a list makes
        several events of it."""
        return [
            _as_event(bound if self._lists(part) else cells)
            if self.ontology.kind_of(part) in EVENTS
            else bound
            for part in triple.parts
        ]

    def _lists(self, given: Any) -> list[str]:
        used = dict.fromkeys(name for name, how in _holes_in(given) if how.strip() != AS_PRINTED)
        return [name for name in used if self.is_list(name)]

    def apart(self, cells: Cells, template: str, suffix: str) -> None:
        """Give a row's value another slug in the ids of events, for the template whose id is
        another row's already."""
        column = next(name for name, how in reversed(_HOLE.findall(template)) if how == "slug")
        value = Item(_joined(cells[column]))
        value.slug = f"{slug(value)}-{suffix}"
        cells[f"{column}|{OF_EVENT}"] = [value]

    # ------------------------------------------------------------------ reading the mapping

    def _columns_of(self, *cells: str, states: bool = False) -> frozenset[str]:
        """The columns of what stands at the end of claims whose edge has such cells there; without
        `states` as far as that is no state."""
        found = (
            Template(triple.parts[2]).columns
            for claim in self._claims
            for triple in claim.triples
            if triple.cell in cells and (states or not triple.parts[2].startswith("state:"))
        )
        return frozenset(name for names in found for name in names) - {"#"}

    def _templates_of_events(self) -> list[str]:
        """Ids with `|slug` of no list: two rows that have one are two events all the same."""
        kinds = {id: self.ontology.kind_of(id) for id in self._entities}
        return [
            id for id, kind in kinds.items()
            if kind in EVENTS and "slug" in dict(_HOLE.findall(id)).values() and not self._lists(id)
        ]  # fmt: skip

    def _problem(
        self, line: int, field: str, value: str, why: str, near: tuple[str, ...] = ()
    ) -> None:
        self.problems.append(Problem(why, f"{self.path}:{line}", field, value, near))

    def _lines_of_columns(self, given: Map) -> dict[str, int]:
        templated = (
            found
            for word in ("document", "asserter", "entities", "claims")
            for found in _lined(given.get(word), given.lines.get(word, given.line))
        )
        whens = ((name, claim.when_line) for claim in self._claims for name in claim.when)
        found = [*templated, *whens, *(given.get("columns") or Map(0)).lines.items()]
        # The first line of each; `{#}` is the row's line, and no column.
        return {name: line for name, line in reversed(found) if name != "#"}

    def _known(self, given: Map, words: Iterable[str]) -> None:
        for key in given:
            if key not in words:
                why = "is no word of a table mapping"
                self._problem(given.lines[key], key, "", why, nearest(key, words))

    def _read_columns(self, given: Map) -> dict[str, Column]:
        null = frozenset(given.get("null") or ())
        columns: Map = given.get("columns") or Map(given.line)
        read = {}
        for name, spec in columns.items():
            self._known(spec, COLUMN)
            try:
                read[name] = Column(
                    null=(null | frozenset(spec.get("null") or ()))
                    - frozenset(spec.get("keep") or ()),
                    keep=frozenset(spec.get("keep") or ()),
                    match=Pattern(spec["match"]) if spec.get("match") else None,
                    split=_texts(spec.get("split")),
                    map=dict(spec.get("map") or {}),
                    date=_texts(spec.get("date")),
                    country=spec.get("country") == "true",
                )
            except ValueError as why:
                line = spec.lines["match"]
                self._problem(line, name, spec["match"], f"is no regular expression: {why}")
        return read

    def _read_claims(self, given: Map) -> list[_Statement]:
        claims = given.get("claims") or Seq([], given.line, [])
        read = []
        for item, line in zip(claims, claims.lines, strict=True):
            whole = item if isinstance(item, Map) else {"says": item}
            triples = [
                triple
                for verb in ("says", "denies")
                for triple in self._triples(whole.get(verb), verb == "denies", line)
            ]
            if not triples:
                why = "must be [subject, predicate, object or value] or have it under `says`"
                self._problem(line, "claims", str(item)[:80], why)
            shared = {key: value for key, value in whole.items() if key not in CLAIM_WORDS}
            for triple in triples:
                self._check_fields(shared, triple.parts[1], getattr(whole, "lines", {}))
            read.append(_Statement(triples, shared, _conditions(whole.get("when")), item, line))
        return read

    def _triples(self, given: Any, negative: bool, line: int) -> Iterator[_Triple]:
        if not isinstance(given, list) or not given:
            return
        for triple in given if isinstance(given[0], list) else [given]:
            if not _is_triple(triple):
                why = "must be [subject, predicate, object or value] and, if need be, a mapping"
                self._problem(line, "claims", str(triple)[:80], why)
                continue
            fields = triple[3] if len(triple) == 4 else Map(line)
            self._check_predicate(triple[0], triple[1], line)
            self._check_fields(fields, triple[1], fields.lines)
            edge = self.ontology.edges.get(triple[1])
            yield _Triple(list(triple[:3]), fields, negative, edge.cell if edge else None)

    def _check_fields(
        self, fields: Mapping[str, Any], predicate: str, lines: Mapping[str, int]
    ) -> None:
        """A predicate that stands in a column may be any edge."""
        edges = self.ontology.edges
        possible = edges if "{" in predicate else [name for name in edges if name == predicate]
        known = [*CLAIM_FIELDS, *(word for name in possible for word in edges[name].qualifiers)]
        for name in fields:
            # `place` is where a row stands in its file, for messages.
            if name not in known or name == "place":
                why = f"is no field of {predicate} claims"
                self._problem(lines[name], name, "", why, nearest(name, known))

    def _check_predicate(self, subject: str, predicate: str, line: int) -> None:
        kind = self._check_id(subject, line)
        if kind is None or "{" in predicate or self.ontology.is_edge(predicate):
            return
        if self.ontology.property(kind, predicate) is None:
            known = [*self.ontology.edges, *self.ontology.nodes[kind].properties]
            why = f"no such predicate for {an(kind)}"
            self._problem(line, "predicate", predicate, why, nearest(predicate, known))

    def _check_id(self, id: str, line: int) -> str | None:
        kind = self.ontology.kind_of(id)
        if kind is None and not id.startswith("{"):
            prefixes = [f"{node.prefix}:" for node in self.ontology.nodes.values()]
            near = nearest(id.partition(":")[0] + ":", prefixes)
            why = "is not an entity id: a kind in lower case, a colon, and a template"
            self._problem(line, "id", id, why, near)
        return kind

    def _check_templates(self, given: Map) -> None:
        for id, declared in self._entities.items():
            kind = self._check_id(id, self._entities.lines[id])
            if isinstance(declared, Map):
                self._check_declared(kind, declared)
            self._check_part([id, declared], self._entities.lines[id])
        for claim in self._claims:
            for triple in claim.triples:
                self._check_part([triple.parts, triple.fields, claim.shared], claim.line)

    def _check_declared(self, kind: str | None, declared: Map) -> None:
        """Words that no entity of the kind has (those it has to claim, the emitter tells apart),
        and a name that is none."""
        kinds = [kind] if kind else list(self.ontology.nodes)
        properties = (name for node in kinds for name in self.ontology.nodes[node].properties)
        known = [*self.ontology.declared_keys, *properties]
        for name in declared:
            if name not in known:
                why = f"this property of {an(kind or 'entity')} is unknown here"
                self._problem(declared.lines[name], name, "", why, nearest(name, known))
        if not isinstance(name := declared.get("name", ""), str):
            self._problem(declared.lines["name"], "name", str(name), "must be one text")

    def _check_part(self, given: Any, line: int) -> None:
        lists = self._lists(given)
        if len(lists) > 1:
            why = "two lists in one: this would pair each with each, which nobody said"
            self._problem(line, " × ".join(lists), "", why)
        for hole in _holes_in(given):
            how = (hole[1] or "").strip()
            if how and how not in _FILTERS and not how.startswith("or "):
                why = f"no such filter: {', '.join(_FILTERS)}"
                self._problem(line, hole[0], how, why, nearest(how, _FILTERS))


def _as_event(cells: Cells) -> Cells:
    """The cells as the ids of events are made of them."""
    end = f"|{OF_EVENT}"
    other = {name.removesuffix(end): cells[name] for name in cells if name.endswith(end)}
    return {**cells, **other} if other else cells


def _among(values: Sequence[str], whole: str | None) -> list[str]:
    """Values that know how many they are, where they are several, and what their cell is."""
    if len(values) < 2:
        return list(values)
    items = [value if isinstance(value, Item) else Item(value) for value in values]
    for item in items:
        item.among = 1 if item.either else len(items)
        item.whole = whole
    return [*items]


def _of_state(value: str) -> Item:
    """A name that knows whether it is that of a country."""
    item = Item(value)
    item.state = countries.code(value)
    return item


def _item(value: str, read: Actor) -> Item:
    item = Item(value)
    item.hedge, item.either = read.hedge, read.either
    return item


def _number(place: str) -> str:
    """The line of a row; of one in a list of JSON, whose places count from 0, its number from 1."""
    index = index_of(place)
    return place.rpartition(":")[2] if index is None else str(index + 1)


def _actors(name: str, values: Sequence[str], place: str, audit: Audit) -> list[str]:
    """Names of actors, each with its hedge; where a sentence begins, names have ended."""
    found: list[str] = []
    hedge: str | None = None
    for value in values:
        several = actors(value)
        if not several:
            why = "is no name of an actor but says something of one; left out"
            audit.miss(place, name, value, why)
            break
        for read in several:
            item = _item(read.name, read)
            item.hedge = read.hedge or hedge
            item.state = read.state
            found.append(item)
        hedge = several[0].hedge if several[0].leads else hedge
    return found


@dataclass(frozen=True)
class _Triple:
    parts: list[str]
    fields: Mapping[str, Any]
    negative: bool
    cell: str | None
    """What stands at its end (`kg.ontology.kinds.CELLS`)."""

    def fill(self, cells: Cells, each: Sequence[Cells]) -> dict[str, Any] | None:
        """None where a part is empty in this row: then there is nothing to claim. `each`: the cells
        that each part is made of."""
        parts = [Template(part).fill(of) for part, of in zip(self.parts, each, strict=True)]
        if None in parts:
            return None
        fields = _filled(self.fields, cells) or {}
        names = ("subject", "predicate", "target")
        claim = {**dict(zip(names, parts, strict=True)), "negative": self.negative}
        return {**claim, **self._of_actor(cells), **fields}

    def _of_actor(self, cells: Cells) -> dict[str, Any]:
        """What the cell of who did it, or was hit, says: how sure, and which state if it is one."""
        if self.cell is None:
            return {}
        items = [item for name in Template(self.parts[2]).columns for item in cells.get(name, [])]
        hedges = [hedge for item in items if (hedge := getattr(item, "hedge", None))]
        states = [state for item in items if (state := getattr(item, "state", None))]
        found: dict[str, Any] = {"hedge": "; ".join(dict.fromkeys(hedges))} if hedges else {}
        if self.cell == "actors" and any(getattr(i, "among", 1) > 1 for i in items):
            found["collective"] = True
        return {**found, "target": f"state:{states[0]}"} if len(states) == 1 else found


@dataclass(frozen=True)
class _Statement:
    triples: list[_Triple]
    shared: Mapping[str, Any]
    when: Mapping[str, list[str]]
    given: Any
    line: int

    @property
    def when_line(self) -> int:
        """Where the condition stands."""
        return self.given.lines.get("when", self.line) if isinstance(self.given, Map) else self.line

    def applies(self, cells: Cells) -> bool:
        """Whether each column under `when` holds one of its values (or any, if none is named)."""
        return all(
            any(not wanted or value in wanted for value in cells.get(name, []))
            for name, wanted in self.when.items()
        )


def _conditions(given: Any) -> dict[str, list[str]]:
    match given:
        case None:
            return {}
        case str():
            return {given: []}
        case Mapping():
            return {k: v if isinstance(v, list) else [v] for k, v in given.items()}
    return {name: [] for name in given}


def _holes_in(given: Any) -> list[tuple[str, str]]:
    match given:
        case Mapping():
            return [hole for item in given.items() for part in item for hole in _holes_in(part)]
        case list():
            return [hole for item in given for hole in _holes_in(item)]
        case str():
            return [(name.strip(), how) for name, how in _HOLE.findall(given)]
    return []
