"""What a list said through its versions, and from which day until which day each of it stood.

A row that no version before had is said on the version's day; one that the version no longer has is
withdrawn on that day, by the list; where one row takes the place of one other, it supersedes it.
Nothing is deleted.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import polars as pl

from kg.claims.columns import DETAILS, IDENTIFYING, LINKS, SAID, claim_id
from kg.claims.emitter import PLACED, Emitter
from kg.claims.source import Source
from kg.identity import names
from kg.ontology import Ontology

WHOLE = ""
"""The one record of a list that is read as a whole, and of rows that stand in no record."""

TELLS = (*DETAILS, "status")
"""What makes a row another one than the last version's; the days are ours to give."""

Row = dict[str, Any]


@dataclass
class _Open:
    """A row that the list says at present."""

    index: int
    tells: int
    records: int


@dataclass
class Book:
    """Every row that some version had, with the days from and until which it stood."""

    source: Source
    ontology: Ontology
    rows: list[Row] = field(default_factory=list)
    _open: dict[str, _Open] = field(default_factory=dict)
    """Id as the loader gives it → the row."""
    _seen: set[str] = field(default_factory=set)
    _documents: defaultdict[str, list[Row]] = field(default_factory=lambda: defaultdict(list))
    """Document → what is declared of it."""
    _of: dict[str, frozenset[str]] = field(default_factory=dict)
    """Record → ids of its rows."""
    _entities: Entities = field(default_factory=lambda: Entities())
    _own: dict[str, str] = field(default_factory=dict)
    """What a version calls the document that the list itself is → its first name."""

    def kept(self) -> tuple[pl.DataFrame, dict[str, Any]]:
        """What it takes to write on: all rows as they were entered, and the rest as JSON has it."""
        rest = {
            "open": {id: known.index for id, known in self._open.items()},
            "of": {key: sorted(ids) for key, ids in self._of.items()},
            "entities": self._entities.kept(),
            "own": self._own,
        }
        return pl.DataFrame(self.rows, schema=PLACED), rest

    def resume(self, rows: pl.DataFrame, rest: Mapping[str, Any]) -> None:
        """Write on from what was kept."""
        self.rows = [
            {k: v for k, v in row.items() if v is not None} for row in rows.iter_rows(named=True)
        ]
        self._of = {key: frozenset(ids) for key, ids in rest["of"].items()}
        self._own, self._entities = dict(rest["own"]), Entities.of(rest["entities"])
        records = Counter(id for ids in self._of.values() for id in ids)
        tells = _tells(rows)
        self._open = {
            id: _Open(index, tells[index], records[id]) for id, index in rest["open"].items()
        }
        self._seen = {row["id"] for row in self.rows}
        for row in self.rows:
            if row["declared"] and row["subject"].startswith("document:"):
                self._seen.add(row["subject"])
                self._documents[row["subject"]].append(row)

    def enter(
        self, day: date, said: Mapping[str, pl.DataFrame], gone: Iterable[str], at: str = ""
    ) -> None:
        """One version: the rows of each record that is new or changed, and the records gone. What
        is wrong with a row is told of the place where the version is (`at`)."""
        gone = list(gone)
        ids_here = self._entities.follow(said, gone) | self._own_document(said)
        new = {key: reidentified(frame, ids_here) for key, frame in said.items()}
        ids = {key: frozenset(frame["id"].to_list()) for key, frame in new.items()}
        ids |= {key: frozenset() for key in gone}
        counts = Counter(id for found in ids.values() for id in found)
        counts.subtract(id for key in ids for id in self._of.get(key, ()))
        for key, found in ids.items():
            self._of[key] = found
        closing = []
        for id, more in counts.items():
            known = self._open.get(id)
            if known is not None:
                known.records += more
                if known.records <= 0:
                    closing.append(id)
        for key in gone:
            self._of.pop(key, None)
        closed = {id: self._open.pop(id) for id in closing}
        opened = self._opened(day, new.values(), counts)
        for known in opened.values():
            self.rows[known.index]["place"] = at
        self._close(day, closed, opened)

    def _own_document(self, said: Mapping[str, pl.DataFrame]) -> dict[str, str]:
        """Names of the list's own document, in which most of its claims stand, that are others than
        the first: an edition may be called after its number. A document is the list's where it says
        half of what that did, and the list is not there under its old name."""
        claims = pl.concat(said.values()).filter(~pl.col("declared")) if said else None
        named = [] if claims is None else claims["document"].drop_nulls().mode().sort().to_list()
        if claims is None or not named or named[0] in self._own:
            return {id: one for id, one in self._own.items() if id != one}
        own, first = named[0], next(iter(self._own.values()), named[0])
        standing = (self.rows[known.index] for known in self._open.values())
        before = {_said(row) for row in standing if row.get("document") == first}
        now = set(map(_said, claims.filter(document=own).iter_rows(named=True)))
        another = {row["subject"] for row in self.rows} if own != first else ()
        if 2 * len(before & now) >= len(before) and own not in another:
            self._own[own] = first
        return self._own_document({})

    def _opened(
        self, day: date, frames: Iterable[pl.DataFrame], counts: Mapping[str, int]
    ) -> dict[str, _Open]:
        """Enter the rows that are new, and those that tell something else than before."""
        opened: dict[str, _Open] = {}
        for frame in frames:
            for place, (id, now) in enumerate(zip(frame["id"], _tells(frame), strict=True)):
                known = self._open.get(id)
                if known is not None and (known.tells == now or id in opened):
                    continue
                row = {k: v for k, v in frame.row(place, named=True).items() if v is not None}
                entered = _Open(self._enter(day, id, row), now, counts.get(id, 1))
                if known is not None:
                    entered.records = known.records
                    self._supersede(day, known, entered)
                opened[id] = self._open[id] = entered
        return opened

    def _enter(self, day: date, id: str, row: Row) -> int:
        """A row, said on this day. A row that stood before, was withdrawn and stands again, and one
        that now tells something else, is another claim: it stands in the list of that day."""
        if id in self._seen:
            row["document"] = self._edition(day, row.get("document"))
            row["id"] = _id_of(row)
            if row.get("statement") == id:
                row["statement"] = row["id"]
        self._seen.add(id)
        if row["declared"] and row["subject"].startswith("document:"):
            self._documents[row["subject"]].append(row)
        for link in LINKS:
            if link in row:
                row[link] = [self._stands(other) for other in row[link]]
        row |= {"asserted": day.isoformat(), "asserted_from": day, "asserted_to": day}
        row.setdefault("asserted_basis", "metadata")
        self.rows.append(row)
        return len(self.rows) - 1

    def _stands(self, id: str) -> str:
        """The id of the row that stands for what the loader calls so."""
        known = self._open.get(id)
        return str(self.rows[known.index]["id"]) if known is not None else id

    def _supersede(self, day: date, old: _Open, new: _Open) -> None:
        before, after = self.rows[old.index], self.rows[new.index]
        if before["declared"]:
            self._withdraw(day, before)
        else:
            # It stays superseded where what came after it is withdrawn in its turn.
            self._withdraw(day, before, "superseded")
            after["supersedes"] = [*after.get("supersedes", ()), before["id"]]

    def _withdraw(self, day: date, row: Row, status: str = "retracted") -> None:
        row |= {"status": status, "withdrawn": day.isoformat()}
        row |= {"withdrawn_from": day, "withdrawn_to": day}

    def _close(self, day: date, closed: Mapping[str, _Open], opened: Mapping[str, _Open]) -> None:
        """End what is no longer said. The same in another document, or a name spelt otherwise,
        supersedes it, and one relation, or value of a property that has one, in place of one
        other."""
        came: defaultdict[tuple[str, ...], list[_Open]] = defaultdict(list)
        for new in opened.values():
            came[self._topic(new)].append(new)
        same = {_said(self.rows[new.index]): new for new in opened.values()}
        spelt = {self._spelt(new): new for new in opened.values()}
        went = Counter(self._topic(old) for old in closed.values())
        for old in closed.values():
            topic = self._topic(old)
            row = self.rows[old.index]
            one_for_one = went[topic] == 1 and len(came[topic]) == 1 and self._is_one(row)
            instead = same.get(_said(row)) or spelt.get(self._spelt(old))
            instead = came[topic][0] if instead is None and one_for_one else instead
            if instead is not None and not row["declared"]:
                self._supersede(day, old, instead)
            else:
                self._withdraw(day, row)

    def _is_one(self, row: Row) -> bool:
        """Whether another end or value takes the place of this one, not one beside it."""
        if "object" in row:
            return True
        kind = self.ontology.kind_of(row["subject"])
        known = self.ontology.property(kind, row["predicate"]) if kind else None
        return known is not None and not known.many

    def _spelt(self, entry: _Open) -> tuple[str, ...]:
        """What is the same where a name of something is spelt otherwise; of another row what
        nothing else has."""
        row = self.rows[entry.index]
        if row["declared"] or row["predicate"] not in self.ontology.naming:
            return (row["id"],)
        return *self._topic(entry), names.key(row["value"])

    def _topic(self, entry: _Open) -> tuple[str, ...]:
        row = self.rows[entry.index]
        return row["subject"], row["predicate"], row.get("asserter", ""), str(row["declared"])

    def _edition(self, day: date, document: str | None) -> str:
        """The document for what the list says again, or otherwise, on a day."""
        own = document or f"document:{self.source.name}"
        id = f"{own}-{day.isoformat()}"
        if id not in self._seen:
            self._seen.add(id)
            self._declare_edition(id, own, day)
        return id

    def _declare_edition(self, id: str, own: str, day: date) -> None:
        said = self._documents[own]
        publishers = {r["object"] for r in said if r["predicate"] == "PUBLISHED_BY"}
        called = next((r["value"] for r in said if r["predicate"] == "name"), self.source.name)
        emit = Emitter(self.source, self.ontology)
        for publisher in publishers:
            emit.entity(publisher, publisher)
        emit.entity(id, f"{called}, as of {day}", date=day.isoformat(), date_basis="metadata",
                    published_by=sorted(publishers) or None)  # fmt: skip
        frame = emit.finish().filter(pl.col("subject") == id)
        self.rows += [
            {k: v for k, v in r.items() if v is not None} for r in frame.iter_rows(named=True)
        ]

    def current(self) -> dict[str, str]:
        """Id as the loader made it last → the id by which the entity goes here."""
        return self._entities.current()

    def latest(self) -> dict[str, str]:
        """Id by which an entity goes here → its latest, where that is another."""
        return self._entities.latest()

    @property
    def renamed(self) -> int:
        """How often a record got another id."""
        return self._entities.renamed

    def frame(self) -> pl.DataFrame:
        """All rows, by the latest id of each entity."""
        frame = pl.DataFrame(self.rows, schema=PLACED)
        return reidentified(frame, self._entities.latest())


@dataclass
class Entities:
    """Follows the records of a list through ids that change, as a loader makes them of names.

    A record is the same where its key in the list is; and where a new key comes with the id of a
    record that is gone (a key rewritten). Two records that stood in one version stay two, unless
    the loader makes one id of both.
    """

    renamed: int = 0
    _by_key: dict[str, str] = field(default_factory=dict)
    _by_id: dict[str, str] = field(default_factory=dict)
    """Id as the loader made it last → the entity, by its first id."""
    _id_of: dict[str, str] = field(default_factory=dict)
    """Key → the id of its record, as the loader made it last."""
    _keys: dict[str, list[str]] = field(default_factory=dict)
    """Entity → the keys that have it."""
    _last: dict[str, str] = field(default_factory=dict)
    _alive: set[str] = field(default_factory=set)
    """Keys of the records of this version."""

    def kept(self) -> dict[str, Any]:
        """All of it, as JSON has it."""
        return vars(self) | {"_alive": sorted(self._alive)}

    @classmethod
    def of(cls, kept: Mapping[str, Any]) -> Entities:
        """What was kept."""
        return cls(**{**kept, "_alive": set(kept["_alive"])})

    def follow(self, said: Mapping[str, pl.DataFrame], gone: Iterable[str]) -> dict[str, str]:
        """Take in a version; id as the loader makes it → id by which the entity goes here."""
        self._alive.difference_update(gone)
        self._alive.update(said)
        ids = {key: id for key, frame in said.items() if key and (id := _own(frame)) is not None}
        self._id_of |= ids
        for key in sorted(ids, key=lambda key: key not in self._by_key):  # known ones first
            self._place(key, ids[key])
        if said.keys() == {WHOLE}:
            self._follow_keys(said[WHOLE])
        return {id: one for id, one in self._by_id.items() if id != one}

    def _follow_keys(self, frame: pl.DataFrame) -> None:
        """In a list that is read as a whole: who has a key (or a code) of one that is not there any
        more is that one, with another id."""
        keyed = frame.filter(pl.col("declared") & pl.col("predicate").is_in(("record", "codes")))
        keys = dict(keyed.group_by("subject", maintain_order=True).agg("value").iter_rows())
        for id, its in keys.items():
            before = self._last.get(self._by_id.get(id, ""))
            if before is None or (before != id and before in keys):
                known = {self._by_key[key] for key in its if key in self._by_key}
                gone = {
                    one for one in known if self._last[one] not in keys and _kind(one) == _kind(id)
                }
                self._by_id[id] = gone.pop() if len(gone) == 1 else self._new(id)
                self.renamed += self._by_id[id] in known
            self._last[self._by_id[id]] = id
            self._by_key |= dict.fromkeys(its, self._by_id[id])

    def _place(self, key: str, id: str) -> None:
        """A record is what has its id already in this version, else what had its key, else what
        had its id; and none of which another record has made something else."""
        own, there = self._by_key.get(key), self._by_id.get(id)
        shared = there is not None and id in self._held(there)
        found = (one for one in ((there, own) if shared else (own, there)) if one is not None)
        free = (o for o in found if _kind(o) == _kind(id) and self._held(o) <= {id})
        one = next(free, None) or self._new(id)
        self.renamed += one == own and self._last[one] != id
        self._by_key[key] = self._by_id[id] = one
        self._keys.setdefault(one, []).append(key)
        self._keys[one], self._last[one] = self._bearers(one), id

    def _held(self, one: str) -> set[str]:
        """The ids of the records that are this entity, as the version has them."""
        return {self._id_of[key] for key in self._bearers(one)}

    def _bearers(self, one: str) -> list[str]:
        """The keys of the records, that are there, which are an entity."""
        keys = dict.fromkeys(self._keys.get(one, ()))
        return [key for key in keys if key in self._alive and self._by_key[key] == one]

    def _new(self, id: str) -> str:
        """An id that no entity goes by here."""
        number, free = 2, id
        while free in self._last:
            free, number = f"{id}-{number}", number + 1
        return free

    def current(self) -> dict[str, str]:
        """Id as the loader made it last → the entity."""
        return dict(self._by_id)

    def latest(self) -> dict[str, str]:
        """Id by which an entity goes here → its latest; of several that had the same one, the last
        has it, and the others keep their own."""
        holds = {one: id for one, id in self._last.items() if self._by_id.get(id) == one}
        taken = set(holds.values())
        found = {}
        for one, id in self._last.items():
            final, number = holds.get(one, id), 2
            while one not in holds and final in taken:
                final, number = f"{id}-{number}", number + 1
            taken.add(final)
            if final != one:
                found[one] = final
        return found


def _tells(frame: pl.DataFrame) -> list[int]:
    """Of each row, what is another number where it tells something else."""
    return frame.select(pl.struct(TELLS).hash().alias("tells"))["tells"].to_list()


def _own(frame: pl.DataFrame) -> str | None:
    """The entity that a record is."""
    own = frame.filter(pl.col("declared") & (pl.col("predicate") == "record"))["subject"]
    return str(own[0]) if len(own) else None


def _kind(id: str) -> str:
    return id.partition(":")[0]


def reidentified(frame: pl.DataFrame, ids: Mapping[str, str]) -> pl.DataFrame:
    """Rows with other ids of entities, and their own ids and links made anew."""
    ends = ("subject", "object", "asserter", "document")
    if not ids:
        return frame
    changed = pl.any_horizontal(pl.col(end).is_in(list(ids)).fill_null(False) for end in ends)
    touched = frame.filter(changed)
    if touched.is_empty():
        return frame
    new = touched.with_columns(pl.col(end).replace(ids) for end in ends)
    fresh = {
        old: _id_of(row) for old, row in zip(touched["id"], new.iter_rows(named=True), strict=True)
    }
    every = frame.with_columns(pl.col(end).replace(ids) for end in ends).with_columns(
        pl.col("id").replace(fresh), pl.col("statement").replace(fresh)
    )
    renewed = pl.element().replace(fresh)
    linked = [
        pl.col(link).list.eval(renewed) for link in LINKS if frame[link].null_count() < frame.height
    ]
    return every.with_columns(linked).unique("id", keep="first", maintain_order=True)


def _said(row: Mapping[str, Any]) -> tuple[Any, ...]:
    """What a row says, and who, in whichever document it stands."""
    return tuple(row.get(name) for name in SAID)


def _id_of(row: Mapping[str, Any]) -> str:
    return claim_id((row.get(part) for part in IDENTIFYING), row["negative"], row["declared"])
