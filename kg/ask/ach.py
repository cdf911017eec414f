"""Analysis of competing hypotheses: rival answers to who did it, against what is said.

After R. J. Heuer, Psychology of Intelligence Analysis (1999), chapter 8: what tells the rivals
apart counts, not what fits each of them; the best is the one with the least against it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import polars as pl

from kg.ask.ranked import Said, ranked
from kg.ask.rivals import BEHIND, Line, lines, ways
from kg.ask.told import Row, Told
from kg.base.errors import UsageError, offering
from kg.graph.corpus import Corpus

VERDICTS = ("consistent", "inconsistent", "silent")
WEIGHING = "weighing"
"""The property that keeps a person's judgement: `HYPOTHESIS EVIDENCE VERDICT`."""
MEANS = "USED"
MOST = 60
"""Lines of evidence that are read: an incident of which more is said is no matter for a matrix."""


@dataclass(frozen=True)
class Cell:
    """What one line of evidence says of one hypothesis."""

    verdict: str
    claims: tuple[str, ...]
    """The claims that say so; none where it is silent."""
    why: str
    """`says so`, `denies it`, `says it of a rival`, `means`, `denied by the accused`, `judged`."""

    @property
    def counts(self) -> bool:
        """Whether it is for or against: who is accused would deny it either way."""
        return self.verdict != "silent" and self.why != "denied by the accused"


SILENT = Cell("silent", (), "")


@dataclass(frozen=True)
class Hypothesis:
    """One answer: those who are named together, and what there is for it and against it."""

    name: str
    members: tuple[str, ...]
    """Ids of all that this answer names."""
    against: int = 0
    """Independent voices against it."""
    fitting: int = 0
    """Independent voices for it."""
    unnamed: int = 0
    """Lines of evidence by asserters who are not named: counted apart, neither nobody nor one."""


@dataclass(frozen=True)
class Evidence:
    """What one asserter says of the matter in one document."""

    name: str
    document: str | None
    voices: tuple[str, ...]
    claims: tuple[str, ...]
    cells: tuple[Cell, ...]
    """By hypothesis, in their order."""

    @property
    def diagnosticity(self) -> str:
        """How much it tells the hypotheses apart: `high` where it fits some and not others, `low`
        where it speaks of some alone, `none` where it says the same of all."""
        verdicts = {cell.verdict for cell in self.cells if cell.counts}
        if len(verdicts) == 2:
            return "high"
        same = all(cell.counts for cell in self.cells) or not verdicts
        return "none" if same else "low"


@dataclass(frozen=True)
class Matrix:
    """Hypotheses, the best first, against evidence, the most telling first."""

    incident: str
    name: str
    hypotheses: tuple[Hypothesis, ...]
    evidence: tuple[Evidence, ...]
    turning: Mapping[str, tuple[str, ...]]
    """Documents without which the order of the hypotheses is another: that order, in which equals
    stand together."""
    names: Mapping[str, str]
    claims: Mapping[str, Row]
    """Every claim that a cell names."""
    lost: tuple[str, ...] = ()
    """Judgements of evidence that is not here."""

    @property
    def tied(self) -> bool:
        """Whether nothing here puts the first before the second."""
        scores = [(one.against, one.fitting) for one in self.hypotheses[:2]]
        return len(scores) == 2 and scores[0] == scores[1]

    def as_dict(self) -> dict[str, Any]:
        """What `kg ach --format json` prints."""
        return {
            "incident": self.incident,
            "name": self.name,
            "tied": self.tied,
            "hypotheses": [vars(one) | {"members": list(one.members)} for one in self.hypotheses],
            "evidence": [
                {
                    "evidence": one.name,
                    "document": one.document,
                    "voices": list(one.voices),
                    "claims": list(one.claims),
                    "diagnosticity": one.diagnosticity,
                    "cells": [
                        {"hypothesis": h.name, **vars(cell), "claims": list(cell.claims)}
                        for h, cell in zip(self.hypotheses, one.cells, strict=True)
                    ],
                }
                for one in self.evidence
            ],
            "turning_documents": {id: list(order) for id, order in self.turning.items()},
            "judgements_of_what_is_not_here": list(self.lost),
            "claims": {id: dict(row) for id, row in self.claims.items()},
        }


def matrix(corpus: Corpus, incident: str) -> Matrix:
    """The matrix of an incident or campaign. Raises `UsageError` where nobody is named for it."""
    id = _incident(corpus, incident)
    made = _Made(corpus, id)
    if not made.lines:
        raise UsageError(f"nobody is said to be behind {corpus.names[id]} {corpus.where}")
    rows = [one for one in made.evidence() if any(cell.claims for cell in one.cells)]
    ranks = _ranks(len(made.lines), rows)
    order = [place for rank in ranks for place in rank]
    level = {"high": 0, "low": 1, "none": 2}
    rows.sort(key=lambda one: (level[one.diagnosticity], one.name))
    turned = {
        document: tuple(" = ".join(map(made.called, rank)) for rank in other)
        for document in sorted({one.document for one in rows if one.document})
        if (other := _ranks(len(made.lines), [r for r in rows if r.document != document])) != ranks
    }
    return Matrix(
        id,
        corpus.names[id],
        tuple(made.hypothesis(place, rows) for place in order),
        tuple(replace(one, cells=tuple(one.cells[place] for place in order)) for one in rows),
        turned,
        {document: corpus.names.get(document, document) for document in turned},
        made.rows,
        tuple(made.lost),
    )


def hypothesis_and_evidence(
    corpus: Corpus, incident: str, hypothesis: str, evidence: str
) -> tuple[str, str, str]:
    """The ids of what somebody judges. Raises `UsageError` where it is none of this matrix."""
    made = _Made(corpus, _incident(corpus, incident))
    answers = [str(one.object) for line in made.lines for one in line]
    named = corpus.find(hypothesis)
    if named not in answers:
        message = f"{hypothesis!r} is no answer to who is behind {incident}"
        raise UsageError(offering(message, named, answers))
    if evidence not in corpus.claims["id"]:
        evidence = corpus.find(evidence, "Document")
    return made.id, named, evidence


def _incident(corpus: Corpus, word: str) -> str:
    """What happened that goes by a word. Raises `UsageError`."""
    for kind in corpus.ontology.blamed:
        with suppress(UsageError):
            return corpus.find(word, kind)
    return corpus.find(word)


class _Made:
    """A matrix in the making."""

    def __init__(self, corpus: Corpus, id: str) -> None:
        self.corpus, self.id = corpus, id
        self.lost: list[str] = []
        self.rows: dict[str, Row] = {}

    @cached_property
    def said(self) -> tuple[Said, ...]:
        """Who is said to be behind it."""
        mine = (pl.col("subject") == self.id) & (pl.col("predicate") == BEHIND)
        return ranked(self.corpus, self.corpus.claims.filter(mine))

    @cached_property
    def lines(self) -> tuple[Line, ...]:
        """The rival answers; what everybody only denies, or no longer says, is none."""
        found = lines(self.corpus, self.said)
        return tuple(line for line in found if any(one.claims for one in line))

    @cached_property
    def members(self) -> list[set[str]]:
        return [{str(one.object) for one in line} for line in self.lines]

    @cached_property
    def accused(self) -> list[set[str]]:
        """All that each answer leads to, and what is heard as that: who would deny it anyway."""
        ahead = ways(self.corpus, [id for each in self.members for id in each])
        return [
            {body for id in each for end in ahead[id] for body in self.corpus.bodies.speakers(end)}
            for each in self.members
        ]

    def called(self, place: int) -> str:
        """What an answer is called: by the member that most of the others lead to; of equals, by
        the one with the most support."""
        held = [str(one.object) for one in self.lines[place] if one.claims]
        ahead = ways(self.corpus, held)
        best = max(held, key=lambda id: (sum(id in ahead[one] for one in held), -held.index(id)))
        return self.corpus.names.get(best, best)

    def hypothesis(self, place: int, rows: Sequence[Evidence]) -> Hypothesis:
        """An answer with what there is for it and against it."""
        members = tuple(str(one.object) for one in self.lines[place])
        unnamed = sum(1 for one in rows if not one.voices and one.cells[place].counts)
        return Hypothesis(self.called(place), members, *_score(place, rows), unnamed)

    def evidence(self) -> list[Evidence]:
        """What bears on the answers, one asserter in one document at a time, then what people
        judged."""
        groups: dict[tuple[Any, ...], list[Row]] = {}
        for one in self.said:
            for row in (*one.claims, *one.denials):
                groups.setdefault((row["asserter"], row["document"]), []).append(row)
        found = [self._of(rows) for _, rows in sorted(groups.items(), key=lambda g: str(g[0]))]
        found += self._means()
        return self._judged(found[:MOST])

    def _of(self, rows: list[Row]) -> Evidence:
        cells = [self._cell(place, rows) for place in range(len(self.lines))]
        return self._made(rows, cells)

    def _cell(self, place: int, rows: list[Row]) -> Cell:
        own = [row for row in rows if row["object"] in self.members[place]]
        said = [row["id"] for row in own if row["polarity"] == "positive"]
        denied = [row for row in own if row["polarity"] == "negative"]
        if denied and not said:
            by_accused = all(self._asserter(row) in self.accused[place] for row in denied)
            why = "denied by the accused" if by_accused else "denies it"
            return Cell("inconsistent", tuple(row["id"] for row in denied), why)
        if said:
            return Cell("consistent", tuple(said), "says so")
        rival = [row["id"] for row in rows if row["polarity"] == "positive"]
        return Cell("inconsistent", tuple(rival), "says it of a rival") if rival else SILENT

    def _asserter(self, row: Row) -> str | None:
        return self._asserters.get(row["id"])

    @cached_property
    def _asserters(self) -> dict[str, str | None]:
        return dict(self.corpus.claims.select("id", "asserter").iter_rows())

    @cached_property
    def _documents(self) -> dict[str, str | None]:
        return dict(self.corpus.claims.select("id", "document").iter_rows())

    def _made(self, rows: Sequence[Row], cells: Sequence[Cell], name: str = "") -> Evidence:
        self.rows |= {row["id"]: row for row in rows}
        first = rows[0]
        by = first["asserter"] or "somebody not named"
        where = f" in {first['document']}" if first["document"] else ""
        voices = dict.fromkeys(v for row in rows for v in row["voices"])
        return Evidence(
            name or f"{by}{where}",
            self._documents.get(first["id"]),
            tuple(voices),
            tuple(row["id"] for row in rows),
            tuple(cells),
        )

    def _means(self) -> Iterator[Evidence]:
        """Tools that were used in it, and that somebody named in an answer is said to use."""
        used = self.corpus.claims.filter(
            (pl.col("predicate") == MEANS) & pl.col("live") & ~pl.col("negative")
        )
        mine = used.filter(pl.col("subject") == self.id)
        for tool in mine["object"].unique().sort():
            users = used.filter(pl.col("object") == tool)
            told = Told.of(self.corpus, users).rows(users)
            base = [row for row in told if row["subject"] == self.id]
            cells = []
            for members in self.members:
                own = [row["id"] for row in told if row["subject"] in members]
                ids = (*(row["id"] for row in base), *own)
                cells.append(Cell("consistent", ids, "means") if own else SILENT)
            named = {id for cell in cells for id in cell.claims}
            if named:
                rows = [row for row in told if row["id"] in named]
                yield self._made(rows, cells, f"use of {self.corpus.names.get(tool, tool)}")

    # What people judged

    def _judged(self, found: list[Evidence]) -> list[Evidence]:
        mine = (pl.col("subject") == self.id) & (pl.col("predicate") == WEIGHING)
        claims = self.corpus.claims.filter(mine & pl.col("live") & ~pl.col("negative"))
        marks: dict[tuple[int, int], list[tuple[str, Row]]] = {}
        for row in Told.of(self.corpus, claims).rows(claims):
            hypothesis, evidence, verdict = str(row["value"]).split(" ")
            column = self._column(hypothesis)
            places = self._places(found, evidence) if column is not None else []
            if not places:
                self.lost.append(f"{row['id']}: {row['value']}")
            for place in places:
                marks.setdefault((place, column or 0), []).append((verdict, row))
        for (place, column), given in marks.items():
            found[place] = self._marked(found[place], column, given)
        return found

    def _column(self, hypothesis: str) -> int | None:
        id = self.corpus.find(hypothesis) if self.corpus.ontology.kind_of(hypothesis) else ""
        return next((n for n, each in enumerate(self.members) if id in each), None)

    def _places(self, found: list[Evidence], evidence: str) -> list[int]:
        """The lines of evidence that are meant: those of a document, or the one with a claim, which
        is added where it is none yet."""
        if not evidence.startswith("claim:"):
            return [n for n, one in enumerate(found) if one.document == evidence]
        known = [n for n, one in enumerate(found) if evidence in one.claims]
        claims = self.corpus.claims.filter(pl.col("id") == evidence)
        if known or claims.is_empty():
            return known
        rows = Told.of(self.corpus, claims).rows(claims)
        found.append(self._made(rows, [SILENT] * len(self.lines)))
        return [len(found) - 1]

    def _marked(self, one: Evidence, column: int, given: list[tuple[str, Row]]) -> Evidence:
        """A person's word goes before what follows from the claims; where people differ, the cell
        is silent, and names them all."""
        self.rows |= {row["id"]: row for _, row in given}
        verdicts = {verdict for verdict, _ in given}
        ids = tuple(row["id"] for _, row in given)
        cells = list(one.cells)
        verdict = verdicts.pop() if len(verdicts) == 1 else "silent"
        cells[column] = Cell(verdict, (*ids, *cells[column].claims), "judged")
        return replace(one, cells=tuple(cells))


def _score(place: int, rows: Iterable[Evidence]) -> tuple[int, int]:
    """Independent voices against a hypothesis, and for it."""
    heard: dict[str, set[str]] = {"inconsistent": set(), "consistent": set()}
    for one in rows:
        if one.cells[place].counts:
            heard[one.cells[place].verdict].update(one.voices)
    return len(heard["inconsistent"]), len(heard["consistent"])


def _ranks(count: int, rows: Sequence[Evidence]) -> list[list[int]]:
    """The hypotheses by rank: the one with the least against it first; of these, the one with more
    for it; those that stand equal together."""
    ranks: dict[tuple[int, int], list[int]] = {}
    for place in range(count):
        against, fitting = _score(place, rows)
        ranks.setdefault((against, -fitting), []).append(place)
    return [ranks[score] for score in sorted(ranks)]
