"""The keyed projection: what a change touches, and that nothing else had to be looked at.

Every case is projected twice: whole, and as the graph before with the touched keys put in anew.
Each way in which a changed row reaches the key of another has a case that comes out wrong without
it.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property

import polars as pl
import pytest

from kg.claims.columns import STATEMENTS, empty
from kg.graph import touched as rules
from kg.graph.corpus import Corpus
from kg.graph.graph import Graph
from kg.graph.index import SLIM, Index
from kg.ledger.delta import CONTENT, differing
from kg.ontology import load as ontology
from kg.stores.base import Stored, difference, fingerprinted
from tests.claimed import CAST, frame

TRIPLE = "[incident:theft, ATTRIBUTED_TO, group:night]"
Flat = dict[tuple[str, ...], str]


@dataclass
class Body:
    """The rows of a ledger, and who is who among them."""

    rows: pl.DataFrame
    identity: Mapping[str, str] = field(default_factory=dict)

    @cached_property
    def index(self) -> Index:
        return Index(self.rows.select(SLIM), self.identity, ontology())

    @cached_property
    def whole(self) -> Graph:
        return Corpus.of(self.rows, ontology(), identity=self.identity).graph

    def read(self, ids: pl.Series) -> pl.DataFrame:
        return self.rows.filter(pl.col("id").is_in(ids.implode()))


def flat(graph: Graph) -> Flat:
    """Every key of a graph with its fingerprint."""
    nodes = [((k,), ["id"], f) for k, f in graph.nodes.items()]
    edges = [(k, ["from", "to"], f) for k, f in graph.edges.items()]
    return {
        (*kind, *row[:-1]): row[-1]
        for kind, key, rows in (*nodes, *edges)
        for row in _printed(rows).select(*key, "fingerprint").iter_rows()
    }


def _printed(rows: pl.DataFrame) -> pl.DataFrame:
    return rows if "fingerprint" in rows.columns else fingerprinted(rows)


def stored(graph: Graph) -> Stored:
    keys = ("id",), ("from", "to")
    return Stored(
        {k: fingerprinted(f).select(*keys[0], "fingerprint") for k, f in graph.nodes.items()},
        {k: fingerprinted(f).select(*keys[1], "fingerprint") for k, f in graph.edges.items()},
    )


def changed(old: Body, new: Body) -> pl.DataFrame:
    parts = [empty()]
    for source in {*old.rows["source"], *new.rows["source"]}:
        one, other = (body.rows.filter(pl.col("source") == source) for body in (old, new))
        ids = differing(one.select(CONTENT), other.select(CONTENT), "id").implode()
        parts += [rows.filter(pl.col("id").is_in(ids)) for rows in (one, other)]
    return pl.concat(parts)


def in_steps(old: Body, new: Body, before: Flat | None = None) -> Flat:
    """The old graph with what the change touches put in anew."""
    keys = rules.touched(old.index, new.index, changed(old, new))
    was, is_ = (body.index.part(keys, body.read) for body in (old, new))
    delta = difference(is_, stored(was))
    graph = dict(flat(old.whole) if before is None else before)
    graph |= flat(Graph(delta.put_nodes, delta.put_edges))
    for kind, ids in delta.drop_nodes.items():
        for id in ids:
            del graph[kind, id]
    for key, rows in delta.drop_edges.items():
        for ends in rows.select("from", "to").iter_rows():
            del graph[(*key, *ends)]
    return graph


def case(name: str) -> tuple[Body, Body]:
    """A ledger before and after a change."""
    blame = f"- {{ref: a, asserter: organization:vendor, document: document:paper, says: {TRIPLE}}}"
    before = Body(frame(blame))
    if name in ("nothing", "hedge"):
        hedge = "hedge: perhaps, " if name == "hedge" else ""
        return before, Body(frame(blame.replace("says:", f"{hedge}says:")))
    if name == "a denial":
        denial = f"- {{asserter: agency:treasury, document: document:later, denies: {TRIPLE}}}"
        return before, Body(frame(blame, denial))
    if name == "a retraction":
        text = """
        - {asserter: organization:vendor, document: document:later, retracts: f1#a,
           says: [incident:theft, ATTRIBUTED_TO, group:day]}
        """
        return before, Body(frame(blame, text))
    if name in ("derived_from", "supersedes"):  # and then the claim that it points at goes
        text = f"""
        - {{ref: b, asserter: organization:vendor, document: document:later, {name}: f1#a,
           says: {TRIPLE}}}
        """
        both = frame(blame, text)
        return Body(both), Body(both.filter(~((pl.col("source") == "f1") & ~pl.col("declared"))))
    if name == "who is who":
        return before, Body(before.rows, {"group:night": "group:day"})
    if name == "the day of a document":
        cast = CAST.replace("date: 2018-03-01", "date: 2018-03-05")
        undated = before.rows.with_columns(
            pl.lit(None, STATEMENTS[name]).alias(name)
            for name in ("asserted", "asserted_from", "asserted_to", "asserted_basis")
        )
        after = frame(blame, cast=cast).with_columns(
            pl.lit(None, STATEMENTS[name]).alias(name)
            for name in ("asserted", "asserted_from", "asserted_to", "asserted_basis")
        )
        return Body(undated), Body(after)
    if name == "whose voice it is":
        two = blame.replace("vendor", "treasury").replace("organization", "agency")
        two += f"\n- {{asserter: state:USA, document: document:paper, says: {TRIPLE}}}"
        apart = CAST.replace(", part_of: state:USA", "")
        return Body(frame(two)), Body(frame(two, cast=apart))
    if name == "another name":
        return before, Body(
            frame(blame, cast=CAST.replace("group:night: Night", "group:night: Nox"))
        )
    if name == "an entity that was not declared":
        gone = pl.col("declared") & (pl.col("subject") == "group:night")
        return Body(before.rows.filter(~gone)), before
    raise KeyError(name)


CASES = (
    *("nothing", "hedge", "a denial", "a retraction", "derived_from", "supersedes"),
    *("who is who", "the day of a document", "another name", "an entity that was not declared"),
    "whose voice it is",
)
NEEDED = {
    "_judged_anew": "a denial",
    "_merged_anew": "who is who",
    "_dated_anew": "the day of a document",
    "_showing": "another name",
    "_declared_anew": "an entity that was not declared",
    "_voiced_anew": "whose voice it is",
    "_pointing": "supersedes",
}


@pytest.mark.parametrize("name", CASES)
def test_what_a_change_touches_is_all_that_it_changes(name: str) -> None:
    one, other = case(name)
    for old, new in ((one, other), (other, one)):
        assert in_steps(old, new) == flat(new.whole)


@pytest.mark.parametrize("rule", NEEDED)
def test_each_rule_is_needed(rule: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rules, rule, lambda *_: pl.Series("id", [], dtype=pl.String)
                        if rule == "_judged_anew" else ())  # fmt: skip
    one, other = case(NEEDED[rule])
    ways = ((one, other), (other, one))
    assert any(in_steps(old, new) != flat(new.whole) for old, new in ways)


def test_a_change_of_one_claim_touches_little() -> None:
    old, new = case("hedge")
    keys = rules.touched(old.index, new.index, changed(old, new))
    assert (keys.edges.height, len(keys.claims)) == (1, 1)


# Any sequence of edits


Edit = Callable[[pl.DataFrame, random.Random], pl.DataFrame]


def _at(rows: pl.DataFrame, chance: random.Random, where: pl.Expr) -> pl.Expr:
    """One row of those where an expression holds."""
    places = rows.select(pl.arg_where(where)).to_series().to_list()
    return pl.int_range(pl.len()) == (chance.choice(places) if places else -1)


def _hedge(rows: pl.DataFrame, chance: random.Random) -> pl.DataFrame:
    at = _at(rows, chance, ~pl.col("declared"))
    return rows.with_columns(hedge=pl.when(at).then(pl.lit("perhaps")).otherwise("hedge"))


def _deny(rows: pl.DataFrame, chance: random.Random) -> pl.DataFrame:
    at = _at(rows, chance, ~pl.col("declared"))
    return rows.with_columns(negative=pl.when(at).then(~pl.col("negative")).otherwise("negative"))


def _drop(rows: pl.DataFrame, chance: random.Random) -> pl.DataFrame:
    return rows.filter(~_at(rows, chance, pl.col("predicate") != "name"))


def _unload(rows: pl.DataFrame, chance: random.Random) -> pl.DataFrame:
    return rows.filter(pl.col("source") != chance.choice(sorted(set(rows["source"]))))


def _copy(rows: pl.DataFrame, chance: random.Random) -> pl.DataFrame:
    one = rows.filter(_at(rows, chance, pl.lit(True)))
    again = one.with_columns(source=pl.lit("another"), hedge=pl.lit("so they say"))
    there = rows.filter((pl.col("source") == "another") & pl.col("id").is_in(one["id"].implode()))
    return pl.concat([rows, again]) if there.is_empty() else rows


def _link(rows: pl.DataFrame, chance: random.Random) -> pl.DataFrame:
    claims = rows.filter(~pl.col("declared"))["id"].to_list()
    link = chance.choice(["retracts", "disputes", "supersedes", "derived_from"])
    at, target = _at(rows, chance, ~pl.col("declared")), [chance.choice(claims)] if claims else None
    return rows.with_columns(pl.when(at).then(pl.lit(target)).otherwise(link).alias(link))


def _rename(rows: pl.DataFrame, chance: random.Random) -> pl.DataFrame:
    at = _at(rows, chance, pl.col("declared") & (pl.col("predicate") == "name"))
    return rows.with_columns(value=pl.when(at).then(pl.lit("Other")).otherwise("value"))


def _redate(rows: pl.DataFrame, chance: random.Random) -> pl.DataFrame:
    at, said = _at(rows, chance, ~pl.col("declared")), date(2018, chance.randint(1, 12), 1)
    day = pl.lit(said)
    told = {"asserted": pl.lit(said.isoformat()), "asserted_from": day, "asserted_to": day}
    return rows.with_columns(
        pl.when(at).then(value).otherwise(name).alias(name) for name, value in told.items()
    )


EDITS: tuple[Edit, ...] = (_hedge, _deny, _drop, _unload, _copy, _link, _rename, _redate)


def _merge(body: Body, chance: random.Random) -> Mapping[str, str]:
    """Who is who, with one entity more that is another, or one less."""
    groups = sorted({id for id in body.rows["subject"] if id.startswith(("group:", "incident:"))})
    identity = dict(body.identity)
    if identity and chance.random() < 0.5:
        identity.pop(chance.choice(sorted(identity)))
    elif len(groups) > 1:
        one, other = chance.sample(groups, 2)
        if (
            one.split(":")[0] == other.split(":")[0]
            and other not in identity
            and (one not in identity.values())
        ):
            identity[one] = other
    return identity


def _walk(seed: Body, number: int, steps: int, look: int = 1) -> None:
    """Edits one after another; each `look`-th graph, and the last, is compared with a full one."""
    chance = random.Random(number)
    body, graph = seed, flat(seed.whole)
    for step in range(1, steps + 1):
        edit = chance.choice(EDITS)
        after = Body(edit(body.rows, chance), _merge(body, chance))
        graph = in_steps(body, after, graph)
        if step % look == 0 or step == steps:
            assert graph == flat(after.whole), (number, step, edit.__name__)
        body = after if after.rows.height else seed
        graph = graph if after.rows.height else flat(seed.whole)


VENDOR = "asserter: organization:vendor, document: document:later"
TREASURY = "asserter: agency:treasury, document: document:later"
QUARREL = (
    f"""
    - {{ref: a, asserter: organization:vendor, document: document:paper, says: {TRIPLE}}}
    - {{ref: b, {TREASURY}, says: {TRIPLE}}}
    - {{{VENDOR}, says: [incident:leak, ATTRIBUTED_TO, group:day]}}
    - {{asserter: state:USA, document: document:some-day, says: {TRIPLE}}}
    - {{asserter: organization:victim, document: document:paper, says: {TRIPLE}}}
    """,
    f"""
    - asserter: organization:press
      document: document:later
      derived_from: f1#a
      says: {TRIPLE}
    - {{asserter: organization:victim, document: document:some-day, denies: {TRIPLE}}}
    - {{{VENDOR}, says: [group:night, alias, Nightfall]}}
    - {{{VENDOR}, says: [incident:theft, amount_stolen, 80 million]}}
    - {{{TREASURY}, says: [incident:theft, amount_stolen, 70 million]}}
    """,
)


def test_any_sequence_of_edits_ends_in_the_graph_of_a_full_projection() -> None:
    """`make soak` walks a thousand."""
    _walk(Body(frame(*QUARREL)), 0, steps=8)


@pytest.mark.soak
@pytest.mark.parametrize("number", range(1_000))
def test_a_thousand_sequences_of_edits(number: int) -> None:
    _walk(Body(frame(*QUARREL)), 1_000 + number, steps=3 + number % 7, look=4)
