"""Who stands between others, and does it hang on one document?"""

from __future__ import annotations

from collections import Counter
from itertools import combinations

import networkx as nx

from kg.analytics.kit.backends import betweenness
from kg.analytics.kit.matrices import sole_links
from kg.analytics.kit.measure import measure
from kg.analytics.kit.reading import Graph, claims, documents, into, name, nodes
from kg.analytics.kit.result import Result, Row, share

LEAST_PEOPLE = 5


def encounters(graph: Graph) -> list[tuple[str, str, list[frozenset[str]]]]:
    """Pairs who took part in one meeting, with the documents behind each one's presence."""
    found = []
    for meeting in nodes(graph, "Meeting"):
        there = {
            person: documents(graph, claims(graph, data))
            for person, data in into(graph, meeting, "PARTICIPATED_IN")
            if graph.nodes[person].get("kind") == "Person"
        }
        found += [(a, b, [there[a], there[b]]) for a, b in combinations(sorted(there), 2)]
    return found


def network(met: list[tuple[str, str, list[frozenset[str]]]], without: str = "") -> nx.Graph:
    """Who met whom; with `without`, only what other documents tell too."""
    alone = frozenset({without})
    return nx.Graph((a, b) for a, b, sides in met if alone not in sides)


@measure(
    question="Who links people that did not meet, and would still do so without any one document?",
    reference="Freeman (1977), doi:10.2307/3033543; Gould and Fernandez (1989), "
    "doi:10.2307/270949; leave-one-out as a jackknife over documents",
    complexity="O(people × encounters) a document, for the `most` documents that tell most",
    reads=("PARTICIPATED_IN", "REPORTED_IN"),
)
def brokerage(graph: Graph, most: int = 20) -> Result:
    """Betweenness and sole links in the network of meetings, and the least of each when one
    document is left out. A broker whose figure falls to 0 without one document is that
    document's broker. `most` caps how many documents are left out, the fullest first.
    """
    met = encounters(graph)
    whole = network(met)
    told = Counter(doc for *_, sides in met for doc in sides[0] | sides[1])
    left_out = [doc for doc, _ in told.most_common(most)]
    links = sole_links(whole)
    enough = len(whole) >= LEAST_PEOPLE
    rank = betweenness(whole) if enough else {}
    without = {doc: network(met, doc) for doc in left_out}
    fewest = {doc: sole_links(other) for doc, other in without.items()}
    lowest = {doc: betweenness(other) for doc, other in without.items()} if enough else {}
    rows = []
    for person in whole:
        row: Row = {"id": person, "person": name(graph, person), "met": whole.degree(person)}
        row["only_link_between"] = links[person]
        row["fewest_without_a_document"] = min((f[person] for f in fewest.values()), default=None)
        if enough:
            row["betweenness"] = rank[person]
            left = [(scores.get(person, 0.0), doc) for doc, scores in lowest.items()]
            least = min(left, default=(None, None))
            row["least_betweenness"] = least[0]
            row["most_decisive_document"] = name(graph, least[1]) if least[1] else None
        rows.append(row)
    rows.sort(key=lambda row: (-row["only_link_between"], -row.get("betweenness", 0.0), row["id"]))
    headline = {"people": len(whole), "pairs_who_met": whole.number_of_edges()}
    headline |= {"documents": len(told), "documents_left_out": len(left_out)}
    caveats = (
        "Not having met in this corpus is not the same as not having met.",
        "A corpus about one leader makes that leader the broker.",
    )
    coverage = share(len(whole), len(nodes(graph, "Person")))
    why = (
        "" if enough else f"{len(whole)} people met; betweenness below {LEAST_PEOPLE} says nothing"
    )
    return Result(rows, len(whole), "people", coverage, headline, None, caveats, why)
