"""How well identity is resolved, against a gold set of pairs, beside splink and the alias union.

    python -m bench.identity --data FOLDER [--wrong]

FOLDER holds `attack`, `misp-galaxy` and `microsoft`, as their publishers give them (`kg sources`
says where). `bench/identity_gold.yaml` has the pairs: each is decided by what one of the three
sources says in its own words, and by no rule of ours. It is split in halves by a hash of the pair:
the rules were worked out on one (`develop`), the figures to quote are those of the other
(`report`). Prints, per half and method, how many pairs were called the same, how many of them are,
precision and recall; for kg also how many pairs of each relation came out right. The alias union
and splink can only say *same*: two records are where a chain of them joins both. Splink (`pip
install splink`) is trained here, without labels, on the records that kg sees; its threshold is the
one that does best on `develop`.
"""

from __future__ import annotations

import argparse
import logging
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from hashlib import sha256
from importlib import import_module
from importlib.util import find_spec
from itertools import pairwise
from pathlib import Path
from typing import Any, NamedTuple

import polars as pl

from kg import loaders, ontology
from kg.base.yamlfile import read
from kg.claims.emitter import Emitter
from kg.claims.source import Source
from kg.identity import Identity, resolve
from kg.identity.records import Record

GOLD = Path(__file__).with_name("identity_gold.yaml")
FOLDERS = {"stix": "attack", "misp-galaxy": "misp-galaxy", "microsoft": "microsoft"}
RELATIONS = ("same", "part_of", "distinct", "contested")
ANSWERS = {"unsure": "contested"}
"""What kg calls a relation → what the gold set does."""
THRESHOLDS = (0.5, 0.8, 0.9, 0.95, 0.99, 0.999, 0.9999)

Same = Callable[["Pair"], bool]


class Pair(NamedTuple):
    """Two records, how they relate, and the words of a source that decide it."""

    a: str
    b: str
    relation: str
    source: str
    where: str
    because: str

    @property
    def half(self) -> str:
        """`develop` or `report`."""
        digest = sha256("|".join(sorted((self.a, self.b))).encode()).digest()
        return ("develop", "report")[digest[0] % 2]


class Score(NamedTuple):
    """Of pairs that were called the same: how many, how many rightly, of how many that are."""

    called: int
    right: int
    are: int

    @property
    def precision(self) -> float:
        """Of those called the same, the share that is."""
        return self.right / self.called if self.called else 1.0

    @property
    def recall(self) -> float:
        """Of those that are the same, the share that was called so."""
        return self.right / self.are if self.are else 1.0

    @property
    def f1(self) -> float:
        """The harmonic mean of the two."""
        both = self.precision + self.recall
        return 2 * self.precision * self.recall / both if both else 0.0


def main() -> None:
    """Run and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--data", type=Path, help="where the published files are")
    parser.add_argument("--wrong", action="store_true", help="print what kg gets wrong")
    given = parser.parse_args()
    if given.data is None:
        print("skipped: --data FOLDER names the published files; they do not ship with kg")
        return
    identity = resolve(statements(given.data), ontology.load())
    pairs = gold()
    methods: dict[str, Same] = {
        "kg": lambda pair: answer(identity, pair) == "same",
        "alias union": union(identity),
    }
    print(f"{len(pairs)} pairs: {counted(pair.relation for pair in pairs)}\n")
    print("| half | method | called same | rightly | precision | recall | F1 |")
    print(f"|{'---|' * 7}")
    if find_spec("splink"):
        methods["splink"] = splink(identity, [pair for pair in pairs if pair.half == "develop"])
    else:
        print("| | splink | not installed | | | | |")
    for half in ("develop", "report"):
        for name, same in methods.items():
            found = score(same, [pair for pair in pairs if pair.half == half])
            print(f"| {half} | {name} | {found.called} | {found.right} | {found.precision:.3f} | "
                  f"{found.recall:.3f} | {found.f1:.3f} |")  # fmt: skip
    relations(identity, pairs)
    if given.wrong:
        wrong(identity, pairs)


def statements(data: Path) -> pl.DataFrame:
    """The lists as statements."""
    frames = []
    for format_, folder in FOLDERS.items():
        emit = Emitter(Source(format_, format_), ontology.load())
        frames.append(loaders.load(format_, [data / folder], emit))
    return pl.concat(frames).drop("place")


def gold() -> list[Pair]:
    """The pairs of the gold set."""
    top: Any = read(GOLD)
    return [Pair(**entry) for entry in top["pairs"]]


def answer(identity: Identity, pair: Pair) -> str:
    """What kg says of a pair, in the gold set's word."""
    relation = str(identity.relation(pair.a, pair.b)["relation"])
    return ANSWERS.get(relation, relation)


def score(same: Same, pairs: Sequence[Pair]) -> Score:
    """Precision and recall of *same*."""
    called = [pair for pair in pairs if same(pair)]
    right = sum(pair.relation == "same" for pair in called)
    return Score(len(called), right, sum(pair.relation == "same" for pair in pairs))


def counted(words: Iterable[str]) -> str:
    """`3 same, 1 distinct`."""
    found = Counter(words)
    return ", ".join(f"{found[word]} {word}" for word in sorted(found, key=lambda w: -found[w]))


def relations(identity: Identity, pairs: Sequence[Pair]) -> None:
    """What kg says of the pairs of each relation."""
    print("\n| half | relation | pairs | kg says so | it says else |")
    print(f"|{'---|' * 5}")
    for half in ("develop", "report"):
        for relation in RELATIONS:
            asked = [p for p in pairs if p.half == half and p.relation == relation]
            said = [answer(identity, pair) for pair in asked]
            other = counted(word for word in said if word != relation)
            print(f"| {half} | {relation} | {len(asked)} | {said.count(relation)} | {other} |")


def wrong(identity: Identity, pairs: Sequence[Pair]) -> None:
    """Each pair of `develop` that comes out otherwise, with why. Those of `report` are not looked
    at, or it would be no report."""
    for pair in pairs:
        said = answer(identity, pair)
        if said != pair.relation and pair.half == "develop":
            print(f"\n{pair.a} · {pair.b}: {pair.relation}, kg says {said}\n  {pair.because}")
            print(*(f"  - {why}" for why in identity.explain(pair.a, pair.b)), sep="\n")


# The peers


def groups(identity: Identity) -> Iterator[Record]:
    """The records of groups."""
    yield from (r for r in identity.records.by_id.values() if r.kind == "Group")


def chained(joins: Iterable[Sequence[str]], identity: Identity) -> Same:
    """Two records are the same where a chain of joins leads from one to the other."""
    of = {record.id: record.id for record in groups(identity)}

    def root(id: str) -> str:
        while of[id] != id:
            id = of[id]
        return id

    for ids in joins:
        for a, b in pairwise(ids):
            of[root(a)] = root(b)
    return lambda pair: root(identity.find(pair.a).id) == root(identity.find(pair.b).id)


def union(identity: Identity) -> Same:
    """What shares any name, or another's key, is one."""
    bearers: defaultdict[str, list[str]] = defaultdict(list)
    for record in groups(identity):
        for key in names_of(record):
            bearers[key].append(record.id)
    return chained(bearers.values(), identity)


def names_of(record: Record) -> list[str]:
    """Every name of a record, and the keys of other lists that it carries, with its own."""
    return sorted({*record.names, *record.other, *record.foreign_ids, record.own_key})


def splink(identity: Identity, develop: Sequence[Pair]) -> Same:
    """Splink's Fellegi-Sunter model, trained by expectation maximisation."""
    tool: Any = import_module("splink")
    compare: Any = import_module("splink.comparison_library")
    frame = pl.DataFrame([
        {"unique_id": r.id, "title": r.heading, "names": names_of(r),
         "state": min(r.states, default=None)}
        for r in groups(identity)
    ])  # fmt: skip
    settings = tool.SettingsCreator(
        link_type="dedupe_only",
        comparisons=[
            compare.ArrayIntersectAtSizes("names", [4, 3, 2, 1]),
            compare.ExactMatch("title").configure(term_frequency_adjustments=True),
            compare.ExactMatch("state"),
        ],
        blocking_rules_to_generate_predictions=[
            tool.block_on("names", arrays_to_explode=["names"])
        ],
    )
    linker = tool.Linker(tool.DuckDBAPI().register(frame), settings, log_level=None)
    logging.disable(logging.WARNING)  # levels that no pair of a block has are as expected
    train = linker.training
    train.estimate_probability_two_random_records_match([tool.block_on("title")], recall=0.6)
    train.estimate_u_using_random_sampling(max_pairs=1e6, seed=7)
    train.estimate_parameters_using_expectation_maximisation(tool.block_on("title"))
    train.estimate_parameters_using_expectation_maximisation(tool.block_on("state"))
    found = linker.inference.predict(threshold_match_probability=THRESHOLDS[0]).as_record_list()
    best: tuple[float, Same] | None = None
    for threshold in THRESHOLDS:
        joins = [
            (row["unique_id_l"], row["unique_id_r"])
            for row in found if row["match_probability"] >= threshold
        ]  # fmt: skip
        same = chained(joins, identity)
        f1 = score(same, develop).f1
        if best is None or f1 > best[0]:
            best = f1, same
    assert best is not None
    return best[1]


if __name__ == "__main__":
    main()
