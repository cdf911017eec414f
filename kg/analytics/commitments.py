"""What was promised, how firmly, on whose word, and what has been said of it since?"""

from __future__ import annotations

from kg.analytics.kit.measure import measure
from kg.analytics.kit.reading import (
    ORIGINS,
    Graph,
    claims,
    documents,
    into,
    live,
    name,
    nodes,
    origins,
    out,
)
from kg.analytics.kit.result import Result, Row, share


def last_word(graph: Graph, commitment: str) -> list[str]:
    """Claims about the commitment itself (its status, a breach, a delivery), oldest first."""
    found = [
        claim
        for claim, _ in into(graph, commitment, "SUBJECT")
        if live(graph, claim) and graph.nodes[claim].get("polarity") != "negative"
    ]
    return sorted(found, key=lambda claim: (str(graph.nodes[claim].get("asserted_to")), claim))


@measure(
    question="What did each side commit to, how firmly, who says so, and what became of it?",
    reference="Agreement provisions as coded by ATOP (Leeds et al. 2002, "
    "doi:10.1080/03050620213653) and PA-X (Bell and Badanjak 2019, doi:10.1177/0022343318819123)",
    complexity="O(commitments × claims about each)",
    reads=("HAS_COMMITMENT", "ABOUT", "OBLIGES", "SUBJECT", "REPORTED_IN", *ORIGINS),
)
def commitment_tracking(graph: Graph) -> Result:
    """One row a promise. A promise without a status is open as far as the corpus knows.

    `origins` are independent asserters of the promise itself; a promise that one side's press
    reports and the signed text lacks shows up as disputed, with one origin.
    """
    rows = [
        _row(graph, agreement, commitment)
        for commitment in nodes(graph, "Commitment")
        for agreement, _ in [*into(graph, commitment, "HAS_COMMITMENT")] or [("", {})]
    ]
    rows.sort(key=lambda row: (row["agreement"] or "", row["commitment"]))
    followed = sum(row["status"] is not None for row in rows)
    headline = {
        "commitments": len(rows),
        "with_a_status": followed,
        "disputed": sum(row["disputed"] for row in rows),
        "on_one_origin": sum(row["origins"] <= 1 for row in rows),
        "written_and_firm": sum(
            row["modality"] == "firm" and row["form"] == "written" for row in rows
        ),
    }
    caveats = ("No status in the corpus is not the same as not kept.",)
    coverage = share(followed, len(rows))
    return Result(rows, len(rows), "commitments", coverage, headline, None, caveats)


def _row(graph: Graph, agreement: str, commitment: str) -> Row:
    data = graph.nodes[commitment]
    promise = [
        edge for start, edge in into(graph, commitment, "HAS_COMMITMENT") if start == agreement
    ]
    behind = [claim for edge in promise for claim in claims(graph, edge)]
    since = last_word(graph, commitment)
    statements = [start for start, _ in into(graph, commitment, "ABOUT")]
    return {
        "id": commitment,
        "agreement": name(graph, agreement) if agreement else None,
        "commitment": name(graph, commitment),
        "obliged": sorted(name(graph, who) for who, _ in out(graph, commitment, "OBLIGES")),
        "modality": data.get("modality"),
        "form": data.get("form"),
        "origins": len(origins(graph, behind).voices),
        "documents": len(documents(graph, behind)),
        "disputed": any(edge.get("disputed") for edge in promise),
        "status": data.get("status"),
        "statements_about_it": sorted(name(graph, node) for node in statements),
        "last_word": graph.nodes[since[-1]].get("asserted_to") if since else None,
    }
