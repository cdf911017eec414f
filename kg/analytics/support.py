"""How many independent voices are behind a statement, once repetition is taken out?"""

from __future__ import annotations

from typing import Any

from kg.analytics.kit.measure import measure
from kg.analytics.kit.reading import (
    ORIGINS,
    Graph,
    ends,
    live,
    name,
    nodes,
    origins,
)
from kg.analytics.kit.result import Result, Row, share

Said = tuple[str, str, str]
"""Subject, predicate, and the object's id or the value with its unit and bound."""


Ends = dict[str, dict[str, list[str]]]
"""What leads from a claim: kind of edge → claim → ends."""


def statements(graph: Graph, lead: Ends) -> dict[Said, list[str]]:
    """What is said → the live positive claims that say it."""
    found: dict[Said, list[str]] = {}
    for claim in nodes(graph, "Claim"):
        data = graph.nodes[claim]
        subject, *_ = lead["SUBJECT"].get(claim) or [""]
        if not subject or data.get("polarity") == "negative" or not live(graph, claim):
            continue
        target, *_ = lead["OBJECT"].get(claim) or [_value(data)]
        found.setdefault((subject, str(data.get("predicate")), target), []).append(claim)
    return found


def _value(data: dict[str, Any]) -> str:
    bound = {"lower": "at least", "upper": "at most"}.get(str(data.get("bound")), "")
    parts = (bound, data.get("value"), data.get("unit"))
    return " ".join(str(part) for part in parts if part)


@measure(
    question="Which statements look corroborated but go back to one origin?",
    reference="Roots of the provenance graph: W3C PROV-O, prov:wasDerivedFrom and "
    "prov:hadPrimarySource",
    complexity="O(claims × depth of DERIVED_FROM)",
    reads=("SUBJECT", "OBJECT", "REPORTED_IN", *ORIGINS),
)
def independent_support(graph: Graph, least: int = 1) -> Result:
    """Sources that print a statement against independent origins. Rows: the widest gap first.

    `least` leaves out statements with fewer printed claims. Origins are known asserters of root
    claims; a root whose asserter is unknown is support and never an origin.
    """
    lead = ends(graph, "SUBJECT", "OBJECT", "REPORTED_IN", "ASSERTED_BY")
    said = statements(graph, lead)
    rows = [_row(graph, lead, key, ids) for key, ids in said.items() if len(ids) >= least]
    rows.sort(key=lambda row: (row["origins"] - row["sources"], row["id"], row["predicate"]))
    several = [row for row in rows if row["sources"] > 1]
    apparent = [row for row in several if row["origins"] <= 1]
    headline = {
        "statements": len(rows),
        "printed_by_several": len(several),
        "of_these_with_one_origin": len(apparent),
        "on_one_origin_in_all": sum(row["origins"] <= 1 for row in rows),
    }
    known = sum(row["unknown"] == 0 for row in rows)
    caveats = (
        "Two sources without a DERIVED_FROM link count as independent; nobody checked more.",
    )
    return Result(rows, len(rows), "statements", share(known, len(rows)), headline, None, caveats)


def _row(graph: Graph, lead: Ends, said: Said, claim_ids: list[str]) -> Row:
    subject, predicate, target = said
    asserted = {claim: who[0] for claim in claim_ids if (who := lead["ASSERTED_BY"].get(claim))}
    first = origins(graph, claim_ids, asserted.get)
    sources = {asserted.get(claim, claim) for claim in claim_ids}
    printed = {doc for claim in claim_ids for doc in lead["REPORTED_IN"].get(claim, ())}
    return {
        "id": subject,
        "subject": name(graph, subject),
        "predicate": predicate,
        "object": name(graph, target) if target in graph else target,
        "claims": len(claim_ids),
        "documents": len(printed),
        "sources": len(sources),
        "origins": len(first.voices),
        "unknown": len(first.unknown),
        "origin": sorted(name(graph, who) for who in first.voices),
    }
