"""What a proposal is worth: how many like it were right in texts that a reader had read before.

The counts stand in `measured.csv`, which `python -m bench.drafts --measure` makes. Proposals are
alike if they have the same predicate, or where that was proposed too seldom the same sort of
predicate, and if both ends are named where they stand, or one is only meant there (`the group`).
"""

from __future__ import annotations

import csv
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import replace
from functools import cache
from importlib.resources import files
from typing import NamedTuple

from kg.drafts.proposals import Proposal
from kg.ontology import Ontology

SURE = 0.95
"""Of proposals of a sort so many were right that they may be accepted together."""

LEAST = 15
"""Fewer proposals than this make no sort of their own."""

ANY = "any"


class Like(NamedTuple):
    """How many proposals of a sort were right, of how many."""

    right: int
    of: int

    @property
    def share(self) -> float:
        """Of one, the share that was right."""
        return self.right / self.of


Sort = tuple[str, str]
"""A predicate, a sort of predicates or `any`; and `named`, `meant` or `any`."""


def weighed(proposals: Iterable[Proposal], drafter: str, ontology: Ontology) -> list[Proposal]:
    """The proposals with the measured share as their score, and it among their reasons. What a
    drafter that was never measured says of itself stays."""
    table = _measured().get(drafter)
    return [_weighed(one, table, ontology) if table else one for one in proposals]


def _weighed(one: Proposal, table: dict[Sort, Like], ontology: Ontology) -> Proposal:
    sort = next((sort for sort in sorts(one, ontology) if sort in table), None)
    if sort is None:
        return one
    like = table[sort]
    called = {"named": ", both ends named", "meant": ", an end meant by other words"}
    what = sort[0] if sort[0] != ANY else "every"
    why = f"of {like.of} such proposals in our texts {like.right} were right ({what}"
    reasons = (*one.reasons[:-1], f"{why}{called.get(sort[1], '')})", *one.reasons[-1:])
    return replace(one, score=round(like.share, 2), like=like, reasons=reasons)


def sorts(one: Proposal, ontology: Ontology) -> Iterator[Sort]:
    """The sorts to which a proposal belongs, the narrowest first."""
    meant = any(ref.chain for ref in (one.subject, one.object) if ref)
    for what in (one.predicate, _group(one, ontology), ANY):
        yield what, "meant" if meant else "named"
        yield what, ANY


def _group(one: Proposal, ontology: Ontology) -> str:
    """Relations by their group in the ontology, values by their type."""
    if edge := ontology.edges.get(one.predicate):
        return f"other {edge.group} relations"
    kind = ontology.kind_of(one.subject.thing.id) or ""
    spec = ontology.property(kind, one.predicate) if kind else None
    counted = spec is not None and spec.type in ("money", "integer", "number")
    return "quantities" if counted else "other dates" if spec and spec.of.dated else "other words"


def measured(judged: Iterable[tuple[Proposal, bool]], ontology: Ontology) -> dict[Sort, Like]:
    """The table of proposals of which it is known whether they are right. A sort that is too rare
    is left to the wider one, and words that only mean an end never count for more than names."""
    known = list(judged)
    often = Counter(one.predicate for one, _ in known)
    counts: dict[Sort, list[int]] = defaultdict(lambda: [0, 0])
    for one, right in known:
        own = often[one.predicate] >= LEAST
        for sort in set(sorts(one, ontology)):
            if sort[0] == _group(one, ontology) and own:
                continue  # the wider sort is for those that have none of their own
            counts[sort][0] += right
            counts[sort][1] += 1
    table = {sort: Like(*count) for sort, count in counts.items() if count[1] >= LEAST}
    for what in {what for what, _ in table}:
        named, meant = table.get((what, "named")), table.get((what, "meant"))
        if not (named and meant and named.share > meant.share):
            table.pop((what, "named"), None)
            table.pop((what, "meant"), None)
    return table


@cache
def _measured() -> dict[str, dict[Sort, Like]]:
    found: dict[str, dict[Sort, Like]] = defaultdict(dict)
    text = files(__package__).joinpath("measured.csv").read_text(encoding="utf-8")
    rows = csv.DictReader(line for line in text.splitlines() if not line.startswith("#"))
    for row in rows:
        like = Like(int(row["right"]), int(row["of"]))
        found[row["drafter"]][row["what"], row["how"]] = like
    return dict(found)
