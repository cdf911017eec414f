"""Random reads of small random graphs: the embedded engine against a brute-force search.

The search knows nothing but what a match is: every way to lay a pattern on the graph that walks no
edge twice. The reads keep to the portable subset, and the linter is asked whether they do.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field
from typing import Any

import pytest

from kg.stores.kglite import KgliteStore
from tests.parity.shapes import bag
from tests.portable import lint

LABELS, TYPES, VALUES = ("Alpha", "Beta"), ("KNOWS", "LIKES"), (None, 1, 2, 3)
Bound = tuple[str, ...]
"""The nodes that a pattern lies on, in its order."""


@dataclass(frozen=True)
class Hop:
    """From one node of a pattern to the next: any of `types`, `least` to `most` edges long."""

    arrow: str
    types: tuple[str, ...]
    least: int
    most: int
    label: str | None

    def text(self, name: str) -> str:
        length = "" if self.least == self.most == 1 else f"*{self.least}..{self.most}"
        edge = f"[:{'|'.join(self.types)}{length}]"
        left, right = ("<-", "-") if self.arrow == "in" else ("-", "->")
        label = f":{self.label}" if self.label else ""
        return f"{left}{edge}{right if self.arrow != 'any' else '-'}({name}{label})"


@dataclass(frozen=True)
class Pattern:
    label: str | None
    hops: tuple[Hop, ...]

    def text(self, names: list[str]) -> str:
        """With the first node's label left out where it is bound already."""
        label = f":{self.label}" if self.label else ""
        steps = zip(self.hops, names[1:], strict=True)
        return f"({names[0]}{label})" + "".join(hop.text(name) for hop, name in steps)


@dataclass(frozen=True)
class World:
    """A graph as two dictionaries."""

    nodes: dict[str, dict[str, Any]] = field(default_factory=dict)
    edges: dict[int, tuple[str, str, str]] = field(default_factory=dict)

    def matches(self, pattern: Pattern, start: str | None = None) -> Iterator[Bound]:
        for id in [start] if start else self.nodes:
            if self._is(id, pattern.label):
                yield from self._walk((id,), frozenset(), pattern.hops)

    def _is(self, id: str, label: str | None) -> bool:
        return label is None or self.nodes[id]["label"] == label

    def _walk(self, bound: Bound, used: frozenset[int], hops: tuple[Hop, ...]) -> Iterator[Bound]:
        if not hops:
            yield bound
            return
        for end, walked in self._steps(bound[-1], used, hops[0], 0):
            if self._is(end, hops[0].label):
                yield from self._walk((*bound, end), walked, hops[1:])

    def _steps(
        self, here: str, used: frozenset[int], hop: Hop, length: int
    ) -> Iterator[tuple[str, frozenset[int]]]:
        if length >= hop.least:
            yield here, used
        if length == hop.most:
            return
        for number, (start, type_, end) in self.edges.items():
            if number in used or type_ not in hop.types:
                continue
            if hop.arrow in ("out", "any") and start == here:
                yield from self._steps(end, used | {number}, hop, length + 1)
            if (
                hop.arrow in ("in", "any")
                and end == here
                and not (start == end and hop.arrow == "any")
            ):
                yield from self._steps(start, used | {number}, hop, length + 1)


class Chance:
    """Everything that is left to chance."""

    def __init__(self, seed: int) -> None:
        self.of = random.Random(seed)

    def world(self) -> World:
        nodes = {
            f"n{n}": {"label": self.of.choice(LABELS), "x": self.of.choice(VALUES)}
            for n in range(self.of.randint(1, 7))
        }
        ends = list(nodes)
        edges = {
            n: (self.of.choice(ends), self.of.choice(TYPES), self.of.choice(ends))
            for n in range(self.of.randint(0, 10))
        }
        # One edge of a type between two nodes, as in our graphs.
        return World(nodes, {n: edge for n, edge in edges.items() if edge not in
                             [edges[m] for m in range(n)]})  # fmt: skip

    def pattern(self, hops: int, *, long: bool = True) -> Pattern:
        return Pattern(self._label(), tuple(self._hop(long) for _ in range(hops)))

    def _label(self) -> str | None:
        return self.of.choice((None, *LABELS))

    def _hop(self, long: bool) -> Hop:
        least, most = self.of.choice(
            ((1, 1), (1, 1), (1, 2), (2, 3), (1, 3)) if long else ((1, 1),)
        )
        types = self.of.choice((TYPES[:1], TYPES[1:], TYPES))
        return Hop(self.of.choice(("out", "in", "any", "any")), types, least, most, self._label())


def condition(world: World, chance: Chance, last: int) -> tuple[str, Any]:
    """A condition on the first and last node of a pattern: its text, and what it comes to."""
    first, end, number = "a0", f"a{last}", chance.of.choice((1, 2, 3))
    one, two = chance.pattern(1, long=False), chance.pattern(2)

    def x(id: str) -> Any:
        return world.nodes[id]["x"]

    def less(a: Any, b: Any) -> bool:
        return a is not None and b is not None and a < b

    return chance.of.choice((
        ("", lambda _b: True),
        (f"{first}.x = {number}", lambda b: x(b[0]) == number),
        (f"{first}.x <> {number}", lambda b: x(b[0]) is not None and x(b[0]) != number),
        (f"NOT {first}.x = {number}", lambda b: x(b[0]) is not None and x(b[0]) != number),
        (f"{first}.x < {end}.x", lambda b: less(x(b[0]), x(b[-1]))),
        (f"{end}.x IS NULL OR {first}.x IN [{number}, 3]",
         lambda b: x(b[-1]) is None or x(b[0]) in (number, 3)),
        (f"coalesce({end}.x, 0) < {number} AND {end}:Alpha",
         lambda b: (x(b[-1]) or 0) < number and world.nodes[b[-1]]["label"] == "Alpha"),
        (f"{first}.id <> {end}.id", lambda b: b[0] != b[-1]),
        (f"EXISTS {{ {one.text([first, 'e'])} }}", lambda b: any(world.matches(one, b[0]))),
        (f"NOT EXISTS {{ {one.text([first, 'e'])} }}", lambda b: not any(world.matches(one, b[0]))),
        (f"COUNT {{ MATCH {two.text([end, 'e', 'f'])} }} > {number}",
         lambda b: len(list(world.matches(two, b[-1]))) > number),
        (f"COUNT {{ MATCH {two.text([end, 'e', 'f'])} }} = 0",
         lambda b: not any(world.matches(two, b[-1]))),
    ))  # fmt: skip


def read(world: World, chance: Chance) -> tuple[str, list[list[Any]]]:
    """A read, and the rows that it must give."""
    hops = chance.of.randint(0, 3)
    pattern = chance.pattern(hops, long=hops < 3)
    where, holds = condition(world, chance, hops)
    if chance.of.random() < 0.4:  # what an optimiser rewrites is often what has no condition
        where, holds = "", lambda _bound: True
    found = [bound for bound in world.matches(pattern) if holds(bound)]
    statement = f"MATCH {pattern.text([f'a{n}' for n in range(hops + 1)])}"
    if where:
        statement += f" WHERE {where}"
    ending, rows = returned(world, chance, found, f"a{hops}")
    return f"{statement} {ending}", rows


def returned(
    world: World, chance: Chance, found: list[Bound], end: str
) -> tuple[str, list[list[Any]]]:
    """How a read goes on and ends, and the rows."""
    further = chance.pattern(1, long=False)
    value = {id: data["x"] for id, data in world.nodes.items()}
    nothing: Any = (None, None)
    optional = [(b, o) for b in found for o in [*world.matches(further, b[-1])] or [nothing]]
    way = chance.of.randrange(7)
    if way == 0:
        return "RETURN count(*) AS n", [[len(found)]]
    if way == 1:
        return f"RETURN a0.id AS one, {end}.id AS two", [[b[0], b[-1]] for b in found]
    if way == 2:
        distinct = {(value[b[0]], value[b[-1]]) for b in found}
        return f"RETURN DISTINCT a0.x AS one, {end}.x AS two", [list(row) for row in distinct]
    if way == 3:
        statement = f"OPTIONAL MATCH {further.text([end, 'o'])} RETURN {end}.id AS one, o.id AS two"
        return statement, [[b[-1], o[1]] for b, o in optional]
    groups = {b[0]: [value[c[-1]] for c in found if c[0] == b[0]] for b in found}
    known = {id: [x for x in xs if x is not None] for id, xs in groups.items()}
    if way == 6:
        statement = f"RETURN a0.id AS one, count({end}) AS n"
        return statement, [[id, len(xs)] for id, xs in groups.items()]
    if way == 4:
        statement = (f"RETURN a0.id AS one, count({end}.x) AS n, sum({end}.x) AS total, "
                     f"min({end}.x) AS least, count(DISTINCT {end}.x) AS different")  # fmt: skip
        return statement, [[id, len(xs), sum(xs), min(xs, default=None), len(set(xs))]
                           for id, xs in known.items()]  # fmt: skip
    statement = (f"WITH a0, count({end}) AS n WHERE n > 1 "
                 "RETURN a0.id AS one, n ORDER BY n DESC, one LIMIT 2")  # fmt: skip
    counted = sorted((-len(xs), id) for id, xs in groups.items() if len(xs) > 1)
    return statement, [[id, -n] for n, id in counted[:2]]


def store_of(world: World) -> KgliteStore:
    store = KgliteStore(None)
    for id, data in world.nodes.items():
        store.query(f"CREATE (n:{data['label']} {{id: $id, name: $id}}) SET n.x = $x",
                    {"id": id, "x": data["x"]}, write=True)  # fmt: skip
    for start, type_, end in world.edges.values():
        labels = world.nodes[start]["label"], world.nodes[end]["label"]
        store.query(
            f"MATCH (a:{labels[0]} {{id: $a}}) MATCH (b:{labels[1]} {{id: $b}}) "
            f"MERGE (a)-[:{type_}]->(b)",
            {"a": start, "b": end}, write=True,
        )  # fmt: skip
    return store


def judge(seed: int, reads: int) -> None:
    """Ask one random graph so many random reads."""
    chance = Chance(seed)
    world = chance.world()
    with closing(store_of(world)) as store:
        for _ in range(reads):
            statement, rows = read(world, chance)
            assert lint(statement) == [], statement
            assert bag(store.query(statement).rows) == bag(rows), (statement, world)


def test_the_known_wrong_count_is_right() -> None:
    """kglite's optimiser makes 0 of this, unless told not to."""
    ring = World(
        {f"n{n}": {"label": "Alpha", "x": n} for n in range(4)},
        {n: (f"n{n}", "KNOWS", f"n{(n + 1) % 4}") for n in range(4)},
    )
    hop = Hop("any", ("KNOWS",), 1, 1, None)
    two = Pattern(None, (hop, hop))
    with closing(store_of(ring)) as store:
        found = store.query(f"MATCH {two.text(['a', 'b', 'c'])} RETURN count(*) AS n")
    assert found.rows == [[len(list(ring.matches(two)))]] == [[8]]


@pytest.mark.parametrize("seed", range(40))
def test_random_reads(seed: int) -> None:
    judge(seed, 15)


@pytest.mark.soak
@pytest.mark.parametrize("seed", range(1_000, 1_500))
def test_many_random_reads(seed: int) -> None:
    judge(seed, 40)
