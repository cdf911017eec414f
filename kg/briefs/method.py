"""How a brief was made: from which corpus, through which lens, and how far it reaches."""

from __future__ import annotations

from kg.ask.told import Row
from kg.briefs import wording
from kg.briefs.brief import Facts
from kg.briefs.matter import Matter


def method(matter: Matter, *, short: bool = False) -> Facts:
    """The facts of it, by what they are."""
    corpus = matter.corpus
    rows = [row for one in matter.said for row in one.all]
    day = corpus.date
    latest = wording.day(day.isoformat()) if day else "no day"
    told = {
        "Corpus": f"{corpus.claims.height:,} claims of {len(corpus.sources)} sources, "
        f"the latest of {latest}; ledger {corpus.manifest[:12]}",
        "Lens": corpus.where if corpus.lens else "none: everything that is loaded",
    }
    if not short:
        told |= {
            "Coverage": _coverage(rows),
            "Order": "by independent support: different voices after taking together what repeats "
            "what, and bodies that are one (an agency and its state, a company and its owner)",
            "Left out": f"{matter.references:,} claims that only give addresses and keys",
            "Ids": f"{matter.id}, which is {', '.join(_ids(matter))}",
        }
    return Facts(tuple(told.items()))


def _coverage(rows: list[Row]) -> str:
    total = len(rows)
    dated = sum(1 for row in rows if row.get("asserted"))
    named = sum(1 for row in rows if row["asserter"])
    worded = sum(1 for row in rows if row.get("quote") or row.get("summary"))
    return (
        f"{total:,} claims about it; {dated:,} dated, {named:,} by a named asserter, "
        f"{worded:,} with a quotation or a paraphrase, the rest entries of lists"
    )


def _ids(matter: Matter) -> list[str]:
    frame = matter.corpus.graph.nodes.get(matter.kind)
    if frame is None:
        return [matter.id]
    found = frame.filter(frame["id"] == matter.id)["ids"].explode().drop_nulls()
    return sorted(found) or [matter.id]
