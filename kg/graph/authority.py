"""Who may take a claim back or replace it: whoever made it, and nobody before it was made."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import polars as pl

from kg.base.errors import Problem
from kg.graph.bodies import Bodies, bodies, body_edges
from kg.graph.link import DATING, dated, dates_of, refs_of
from kg.ontology import Ontology

TAKING_BACK = {"retracts": "take back", "supersedes": "replace"}
"""Links by which a claim withdraws another, and what that is called."""

MADE = ("id", "asserter", "document", "asserted", "asserted_from")
"""What is asked of a claim that is withdrawn."""

SAME, PUBLISHED = "SAME_AS", "PUBLISHED_BY"


def overreaching(statements: pl.DataFrame, ontology: Ontology) -> list[Problem]:
    """A problem for each claim that withdraws another without having the right: only its asserter,
    a body that this is part of, or the publisher of its document has it; none before it was made.
    """
    takes = pl.any_horizontal(pl.col(how).is_not_null() for how in TAKING_BACK)
    taking = statements.filter(takes)
    if taking.is_empty():
        return []
    told = _Told(statements, ontology)
    return [problem for how in TAKING_BACK for problem in told.problems(taking, how)]


class _Told:
    """What the statements tell of who speaks for whom."""

    def __init__(self, statements: pl.DataFrame, ontology: Ontology) -> None:
        self.statements = statements
        self.refs = refs_of(statements)
        telling = [PUBLISHED, SAME, *DATING, *body_edges(ontology)]
        told = statements.filter(pl.col("predicate").is_in(telling))
        self.dates = dates_of(told)
        self.bodies: Bodies = bodies(told, ontology)
        self.publishers = _pairs(told, PUBLISHED, "subject", "object")
        self.same = _pairs(told, SAME, "subject", "object")
        for one, others in _pairs(told, SAME, "object", "subject").items():
            self.same.setdefault(one, set()).update(others)

    def problems(self, taking: pl.DataFrame, how: str) -> Iterator[Problem]:
        """What is wrong with the links of one kind."""
        links = taking.filter(pl.col(how).is_not_null()).explode(how)
        named = links.join(self.refs, left_on=how, right_on="key", how="left")
        pairs = dated(named, self.dates).with_columns(
            target=pl.coalesce("ids", pl.concat_list(how))
        )
        pairs = pairs.explode("target")
        targets = self.statements.filter(pl.col("id").is_in(pairs["target"].implode()))
        said = dated(targets, self.dates).select(MADE)
        made = {row["id"]: row for row in said.iter_rows(named=True)}
        for row in pairs.iter_rows(named=True):
            target = made.get(row["target"])
            if target is None or target["id"] == row["id"]:
                continue
            ref = row[how].removeprefix(f"{row['source']}#")  # as its file wrote it
            if why := self._wrong(row, target, TAKING_BACK[how], ref):
                yield Problem(why, row.get("place") or row["source"], how, ref)

    def _wrong(self, row: Mapping[str, Any], target: Mapping[str, Any], verb: str, ref: str) -> str:
        who, said = row["asserter"], target["asserter"]
        allowed = self._allowed(said, target["document"])
        if not self._as_one(who) & allowed:
            speaker = who or "a claim without an asserter"
            return (
                f"{speaker} cannot {verb} what {said or 'somebody unknown'} said: "
                f"{_who_could(said, allowed, target['document'])}. "
                f"To speak against it, put the triple under `denies`, or say `disputes: {ref}`"
            )
        ended, began = row["asserted_to"], target["asserted_from"]
        if ended is not None and began is not None and ended < began:
            return f"cannot {verb} on {row['asserted']} what was first said on {target['asserted']}"
        return ""

    def _allowed(self, asserter: str | None, document: str | None) -> set[str]:
        found = set(self.publishers.get(document or "", ()))
        for one in self._as_one(asserter):
            found |= {one} | self.bodies.above(one)
        return found

    def _as_one(self, asserter: str | None) -> set[str]:
        return {asserter, *self.same.get(asserter, ())} if asserter else set()


def _pairs(statements: pl.DataFrame, predicate: str, start: str, end: str) -> dict[str, set[str]]:
    said = (pl.col("predicate") == predicate) & ~pl.col("negative").fill_null(False)
    found: dict[str, set[str]] = {}
    for one, other in statements.filter(said).select(start, end).unique().iter_rows():
        found.setdefault(one, set()).add(other)
    return found


def _who_could(said: str | None, allowed: set[str], document: str | None) -> str:
    could = ", ".join(sorted(allowed)) or "nobody who is known"
    asserter = "its asserter, a body that this is part of, or " if said else ""
    printed = f"the publisher of {document}" if document else "the publisher of its document"
    return f"only {asserter}{printed} can ({could})"
