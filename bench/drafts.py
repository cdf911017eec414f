"""What a drafter is worth: its proposals beside what a careful reader wrote down.

    python -m bench.drafts [--shared FOLDER] [--drafter rules] [--wrong]

Three corpora. The article that this project began with, whose answer is the seed of it (the text is
`article.txt` in FOLDER, which is not ours to ship; left out where it is absent); its own claims are
no names that the drafter knows. The short reports in `tests/drafts/data`, each with a
claim file as its answer (begun as a draft and mended by hand, so that what a draft misses may be
missed there too). The sentences of PLOVER's gold records (FOLDER's `data/plover`), where only who
did something to whom is known.

A proposal is right if its triple is the reader's. Things with a name are compared by it
(an embassy is one wherever it stands); what has none (an incident, an unnamed set) is paired with
the reader's so that most triples fit. Of right triples: how many have the right asserter, the
right hedge, and a span that overlaps by half.
Times are CPU seconds.
"""

from __future__ import annotations

import argparse
import json
import re
import tempfile
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from itertools import groupby
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import polars as pl
from scipy.optimize import linear_sum_assignment

from kg import ontology
from kg.base.errors import UsageError
from kg.drafts import Document, Draft, Proposal, draft, gazetteer, worth
from kg.drafts.claimfile import written
from kg.drafts.desk import Told, described
from kg.drafts.document import read
from kg.drafts.drafters import drafter
from kg.drafts.gazetteer import Gazetteer
from kg.drafts.naming import of_that_state
from kg.identity.names import key
from kg.ontology import countries
from kg.pipeline.read import claim_file

ROOT = Path(__file__).parents[1]
REPORTS = ROOT / "tests" / "drafts" / "data"
SETS = {
    "reports": REPORTS,
    "fresh": ROOT / "bench" / "reports" / "fresh",
    "held back": ROOT / "bench" / "reports" / "held",
    "wire": ROOT / "bench" / "reports" / "wire",
    "manners": ROOT / "bench" / "reports" / "manners",
    "first read": ROOT / "bench" / "reports" / "first",
}
ARTICLE = ROOT / "seed" / "sputnik-2019-09.yaml"
ANSWERS = ROOT / "bench" / "reports" / "answers"
"""What a large language model answered that was given the request alone, by report."""
RECORDED = "model"
"""The drafter that asks an address, and is judged here by what was recorded alone."""
UNNAMED = ("incident", "sanction", "legalaction", "meeting", "agreement", "commitment", "statement",
           "process", "campaign")  # fmt: skip


Text = tuple[Path, Path]
"""A reader's answer, and the text that it is of."""
Options = Mapping[str, str]


class Row(NamedTuple):
    """One claim, as it is scored."""

    subject: str
    predicate: str
    target: str
    negative: bool
    asserter: str
    hedge: str
    start: int
    end: int
    written: tuple[str, str, str] = ("", "", "")
    """Its triple as the file has it, by ids."""
    voice: str = ""
    """What its asserter is called in the file."""

    def hears(self, other: Row) -> bool:
        """Whether both have the same asserter. "The Federal Office" of a text may be the "German
        Federal Office" of the answer: a drafter that is not asked whose organ it is has it right.
        """
        short, long = sorted((self.voice, other.voice), key=len)
        whose = len(short.split()) > 2 and f" {long}".endswith(f" {short}")
        return self.asserter == other.asserter or whose


@dataclass(frozen=True)
class Claims:
    """The claims of a file, its things named by what they are called."""

    rows: tuple[Row, ...]
    free: frozenset[str]
    """Things that have no name of their own."""


@dataclass(frozen=True)
class Score:
    """How proposals compare with an answer."""

    proposed: int
    expected: int
    right: int
    asserter: int
    hedge: int
    span: int
    seconds: float
    wrong: tuple[Row, ...] = ()
    missed: tuple[Row, ...] = ()
    misheard: tuple[tuple[Row, Row], ...] = ()
    """What is right but for who says so: as proposed, and as the reader has it."""

    @property
    def precision(self) -> float:
        """Of what is proposed, how much is right."""
        return self.right / self.proposed if self.proposed else 1.0

    @property
    def recall(self) -> float:
        """Of what a reader wrote down, how much is proposed."""
        return self.right / self.expected if self.expected else 1.0

    @property
    def f1(self) -> float:
        """The harmonic mean of both."""
        both = self.precision + self.recall
        return 2 * self.precision * self.recall / both if both else 0.0

    def of_right(self, count: int) -> float:
        """A share of the right triples."""
        return count / self.right if self.right else 1.0


@cache
def _known() -> Gazetteer:
    """The names of the ontology: one thing may be called otherwise by a drafter and a reader."""
    return gazetteer.of()


def plain(name: str) -> str:
    """A name without its article."""
    return re.sub(r"^(the|an?) ", "", name, flags=re.IGNORECASE)


def claims_of(path: Path) -> Claims:
    """The claims of a claim file."""
    frame = claim_file(path, ontology.load()).frame
    declared = frame.filter(pl.col("declared"))
    names = dict(
        declared.filter(pl.col("predicate") == "name").select("subject", "value").iter_rows()
    )
    states = dict(
        declared.filter(pl.col("predicate") == "PART_OF").select("subject", "object").iter_rows()
    )
    unnamed = set(declared.filter(pl.col("predicate") == "unnamed")["subject"])

    def called(id: str | None) -> str:
        kind = (id or "").partition(":")[0]
        if not id or kind in ("state", *UNNAMED) or id in unnamed:
            return id or ""
        name = plain(names.get(id, id))
        name = re.sub(r"((?:embassy|consulate|mission)) (?:in|to) .*", r"\1", name, flags=re.I)
        known = _known().called(name)
        owned = f"{countries.names().get((states.get(id) or '')[6:], '')}'s {name}"
        for told in (name, owned) if kind == "agency" and known is None else ():
            if thing := of_that_state(_known(), told):
                return thing.id
        return known.thing.id if known else f"{kind}:{key(name)}"

    rows = []
    for row in frame.filter(~pl.col("declared")).iter_rows(named=True):
        value = row["value"] if row["object"] is None else called(row["object"])
        if row["bound"] in ("lower", "upper"):
            value = f"{row['bound']} {value}"
        said = value.casefold() if row["object"] is None else value
        told = (bool(row["negative"]), called(row["asserter"]), (row["hedge"] or "").casefold())
        place = (row["start"] or 0, row["end"] or 0)
        written_ = (row["subject"], row["predicate"], row["object"] or row["value"] or "")
        ends = (called(row["subject"]), row["predicate"], said)
        voice = plain(names.get(row["asserter"] or "", "")).casefold()
        rows.append(Row(*ends, *told, *place, written_, voice))
    free = {id for id in names if id.partition(":")[0] in UNNAMED or id in unnamed}
    return Claims(tuple(rows), frozenset(free))


def paired(drafted: Claims, gold: Claims) -> Mapping[str, str]:
    """Which of the drafted things without a name is which of the gold's: the pairs by which most
    triples fit, in three rounds, since some of these speak of one another."""
    pairs: dict[str, str] = {}
    for _ in range(3):
        pairs = _pairs(drafted, gold, pairs)
    return pairs


def _pairs(drafted: Claims, gold: Claims, known: Mapping[str, str]) -> dict[str, str]:
    found: dict[str, str] = {}
    kinds = {id.partition(":")[0] for id in drafted.free}
    for kind in kinds:
        ours = sorted(id for id in drafted.free if id.startswith(f"{kind}:"))
        theirs = sorted(id for id in gold.free if id.startswith(f"{kind}:"))
        if not ours or not theirs:
            continue
        weight = np.array([[_alike(a, b, drafted, gold, known) for b in theirs] for a in ours])
        for i, j in zip(*linear_sum_assignment(-weight), strict=True):
            if weight[i, j] > 0:
                found[ours[i]] = theirs[j]
    return found


def _alike(a: str, b: str, drafted: Claims, gold: Claims, known: Mapping[str, str]) -> float:
    """How many triples of the two fit; where they stand tells equals apart."""
    total = 0.0
    ours = [r for r in drafted.rows if a in (r.subject, r.target)]
    theirs = [r for r in gold.rows if b in (r.subject, r.target)]
    for one in ours:
        for other in theirs:
            ends = (known.get(one.subject, one.subject), known.get(one.target, one.target))
            fits = one.predicate == other.predicate and (
                (one.subject == a and other.subject == b and ends[1] == other.target)
                or (one.target == a and other.target == b and ends[0] == other.subject)
            )
            total += fits
            total += 0.1 * overlap(one, other) * (one.predicate == other.predicate)
    return total


def overlap(one: Row, other: Row) -> float:
    """How much of two spans is common, of what both cover."""
    common = min(one.end, other.end) - max(one.start, other.start)
    return max(0, common) / max(1, max(one.end, other.end) - min(one.start, other.start))


def scored(drafted: Claims, gold: Claims, seconds: float = 0.0) -> Score:
    """Proposals beside an answer."""
    pairs = paired(drafted, gold)
    left: dict[tuple[Any, ...], list[Row]] = defaultdict(list)
    for row in gold.rows:
        left[(row.subject, row.predicate, row.target, row.negative)].append(row)
    counts = {"right": 0, "asserter": 0, "hedge": 0, "span": 0}
    wrong, misheard = [], []
    for row in drafted.rows:
        ends = [pairs.get(end, end) for end in (row.subject, row.target)]
        fits = left.get((ends[0], row.predicate, ends[1], row.negative))
        if not fits:
            wrong.append(row)
            continue
        best = max(fits, key=lambda other: (overlap(row, other), row.hears(other)))
        fits.remove(best)
        counts["right"] += 1
        counts["asserter"] += row.hears(best)
        misheard += [] if row.hears(best) else [(row, best)]
        counts["hedge"] += row.hedge == best.hedge
        counts["span"] += overlap(row, best) >= 0.5
    missed = tuple(row for rows in left.values() for row in rows)
    right, asserter, hedge, span = counts.values()
    return Score(
        len(drafted.rows), len(gold.rows), right, asserter, hedge, span, seconds,
        tuple(wrong), missed, tuple(misheard),
    )  # fmt: skip


def drafted_claims(
    document: Document, by: str, options: Options | None = None
) -> tuple[Claims, Draft]:
    """What a drafter makes of a document, by way of the claim file that it would write."""
    known, kinds = gazetteer.of(), ontology.load()
    made = draft(document, known, kinds, by, options)
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "text.txt").write_bytes(document.text.encode())
        path = Path(folder) / "draft.yaml"
        path.write_text(written(made, document, known, kinds, "text.txt"), encoding="utf-8")
        return claims_of(path), made


def of_report(gold: Path, text: Path, by: str, options: Options | None = None) -> Score:
    """A drafter's score on one text, whose date and publisher are as the answer has them."""
    return judged(gold, text, by, options)[0]


def judged(gold: Path, text: Path, by: str, options: Options | None = None) -> tuple[Score, Draft]:
    """The same with the draft that is scored."""
    head = gold.read_text(encoding="utf-8")
    date, by_whom = (
        re.search(rf"^  {word}: (.+)$", head, re.M) for word in ("date", "published_by")
    )
    document = described(read(text), Told(date=date[1] if date else None))
    if by_whom:
        name = re.search(rf"^  {re.escape(by_whom[1])}: (?:\{{name: )?([^,}}\n]+)", head, re.M)
        document = replace(document, publisher=(by_whom[1], name[1] if name else by_whom[1]))
    claims, made = drafted_claims(document, by, options)
    return scored(claims, claims_of(gold), made.seconds), made


def reports(folder: Path = REPORTS) -> list[Text]:
    """The reports of a folder with their answers."""
    return [(path, path.with_suffix(".txt")) for path in sorted(folder.glob("*.yaml"))]


def texts(by: str, sets: Mapping[str, Sequence[Text]]) -> Iterator[tuple[str, Text, Options]]:
    """Every text of these sets that a drafter can be judged by: its set, itself, and what the
    drafter is told. Nobody is asked here: the model has the texts whose answers are recorded."""
    for name, pairs in sets.items():
        for gold, text in pairs:
            answers = ANSWERS / f"{gold.stem}.json"
            if by != RECORDED:
                yield name, (gold, text), {}
            elif answers.is_file():
                yield name, (gold, text), {"answers": str(answers)}


def shipped() -> dict[str, Sequence[Text]]:
    """The reports that stand in this repository, by their set."""
    return {name: reports(folder) for name, folder in SETS.items()}


# PLOVER

CODES = {"AGREE": "agreement", "CONSULT": "meeting", "SANCTION": "sanction", "ASSAULT": "incident",
         "COERCE": "sanction"}  # fmt: skip


def of_plover(folder: Path, by: str) -> dict[str, int]:
    """Of PLOVER's gold sentences: how many name an actor of ours, and of how many the drafter says
    something of the actors that the coder named, or of others."""
    records = json.loads((folder / "PLOVER_GSR_CAMEO.json").read_text(encoding="utf-8"))
    counts = {"sentences": 0, "drafted": 0, "claims": 0, "of coded actors": 0}
    known, kinds = gazetteer.of(), ontology.load()
    for record in records:
        if not (text := record.get("text")):
            continue
        made = draft(Document(text, date=record.get("date")), known, kinds, by)
        actors = [actor for side in ("source", "target") for actor in record.get(side) or ()]
        named = [str(actor.get("actorText", "")) for actor in actors if isinstance(actor, dict)]
        coded = {word for name in named for word in name.split()}
        counts["sentences"] += 1
        counts["drafted"] += bool(made.proposals)
        for one in made.proposals:
            counts["claims"] += 1
            ends = [ref for ref in (one.subject, one.object) if ref]
            counts["of coded actors"] += any(
                set(text[r.span.start : r.span.end].split()) & coded for r in ends
            )
    return counts


def _line(name: str, score: Score) -> str:
    shares: tuple[float, ...] = (score.precision, score.recall, score.f1)
    shares += tuple(map(score.of_right, (score.asserter, score.hedge, score.span)))
    told = " ".join(f"{share:>8.2f}" for share in shares)
    return f"{name:<14} {score.proposed:>5} {score.expected:>5} {told} {score.seconds:>6.2f}"


def total(scores: Iterable[Score]) -> Score:
    """Several texts as one."""
    rows = list(scores)
    names = ("proposed", "expected", "right", "asserter", "hedge", "span", "seconds")
    return Score(*(sum(getattr(row, name) for row in rows) for name in names))


MEASURED = ROOT / "kg" / "drafts" / "measured.csv"


def measure() -> None:
    """Write what share of proposals of each sort is right, for both drafters."""
    lines = [
        "# How many proposals of each sort were right in bench/reports and tests/drafts/data.",
        "# Made by `python -m bench.drafts --measure`.",
        "drafter,what,how,right,of",
    ]
    for by in (RECORDED, "rules"):
        table = worth.measured(_by(by), ontology.load())
        lines += [f"{by},{a},{b},{n.right},{n.of}" for (a, b), n in sorted(table.items())]
    MEASURED.write_text("\n".join(lines) + "\n", encoding="utf-8")


def _by(by: str) -> Iterator[tuple[Proposal, bool]]:
    for _, pair, options in texts(by, shipped()):
        yield from _whether(*judged(*pair, by, options))


def _whether(score: Score, made: Draft) -> Iterator[tuple[Proposal, bool]]:
    """Each proposal, and whether a reader has it."""
    wrong = Counter(row.written for row in score.wrong)
    for one in made.proposals:
        is_wrong = wrong[one.triple] > 0
        wrong[one.triple] -= is_wrong
        yield one, not is_wrong


def main(words: Sequence[str] | None = None) -> None:
    """Print a table. What a drafter lacks is told in a sentence, with exit code 2."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--shared", type=Path, default=ROOT.parent / "shared")
    parser.add_argument("--drafter", default="rules")
    parser.add_argument(
        "--wrong", action="store_true", help="also list what is wrong and what is missed"
    )
    parser.add_argument("--measure", action="store_true", help="write kg/drafts/measured.csv")
    given = parser.parse_args(words)
    try:
        if given.measure:
            measure()
        else:
            _table(given.drafter, given.shared, given.wrong)
    except UsageError as why:
        parser.error(str(why))


def _table(by: str, shared: Path, wrong: bool) -> None:
    """What a drafter is worth: a line a text, and one a set."""
    drafter(by)
    heads = ("precis.", "recall", "F1", "asserter", "hedge", "span")
    print(f"{'text':<14} {'made':>5} {'gold':>5} " + " ".join(f"{h:>8}" for h in heads) + "  CPU s")
    article = [pair for pair in [(ARTICLE, shared / "article.txt")] if pair[1].is_file()]
    judged_by = list(texts(by, {"article": article, **shipped()}))
    for name, rows in groupby(judged_by, key=lambda one: one[0]):
        scores = []
        for _, pair, options in rows:
            scores.append(of_report(*pair, by, options))
            print(_line(pair[0].stem if name != "article" else name, scores[-1]))
            if wrong:
                _differences(scores[-1])
        if name != "article":
            print(_line(f"all {name}", total(scores)))
    plover = shared / "data" / "plover"
    if by == RECORDED:
        print(f"judged by recorded answers alone ({len(judged_by)} texts; nobody was asked)")
    elif plover.is_dir():
        print("plover  " + ", ".join(f"{n} {name}" for name, n in of_plover(plover, by).items()))


def _differences(score: Score) -> None:
    for sort, found in (("wrong", score.wrong), ("missed", score.missed)):
        for row in found:
            print(f"    {sort}: {'not ' * row.negative}{' '.join(row[:3])}")
    for row, best in score.misheard:
        print(f"    heard: {' '.join(row[:3])}: {row.asserter or '?'}, not {best.asserter or '?'}")


if __name__ == "__main__":
    main()
