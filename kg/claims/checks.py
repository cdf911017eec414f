"""What must hold of a whole load before anything is written."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

import polars as pl

from kg.base.errors import Problem
from kg.ontology import Ontology


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


def refused(
    frame: pl.DataFrame, checks: Checks, ontology: Ontology, source: str, allow: Collection[str]
) -> tuple[list[Problem], list[str]]:
    """A problem for each check that a whole load does not pass; and as sentences those that it is
    let fail, by name."""
    problems, allowed = [], []
    for check, sentence in failed_checks(frame, checks, ontology):
        if check in allow:
            allowed.append(sentence)
        else:
            how = f"{sentence}; --allow {check} (of kg load) lets that pass"
            problems.append(Problem(how, source))
    return problems, allowed


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
