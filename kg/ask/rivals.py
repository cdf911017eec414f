"""Rival answers to who did it: those that nobody says go together."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from kg.ask.ranked import Said
from kg.graph.corpus import Corpus
from kg.graph.states import leading

Line = tuple[Said, ...]
"""Answers that go together: the group, the bureau that runs it, the state that the bureau is of."""

BEHIND = "ATTRIBUTED_TO"
"""Who did it."""


def lines(corpus: Corpus, said: Sequence[Said]) -> tuple[Line, ...]:
    """The attributions of one incident as rival lines, in the order given.

    Two answers go together where a chain of live claims or declarations leads from one to the
    other, or to one body or state that both belong to, or where one voice gives both. All others
    are rivals, as far as anybody here says.
    """
    import networkx as nx  # whoever does not ask for it does not pay for it

    together = nx.Graph()
    for one in said:
        together.add_node(one.object)
    ahead = ways(corpus, [str(one.object) for one in said])
    voices = [{voice for row in one.claims for voice in row["voices"]} for one in said]
    for place, one in enumerate(said):
        for further, other in enumerate(said[:place]):
            ends = str(one.object), str(other.object)
            if ahead[ends[0]] & ahead[ends[1]] or voices[place] & voices[further]:
                together.add_edge(*ends)
    parts = list(nx.connected_components(together))
    found = [tuple(one for one in said if one.object in part) for part in parts]
    return tuple(sorted(found, key=lambda line: said.index(line[0])))


def ways(corpus: Corpus, ids: list[str]) -> dict[str, set[str]]:
    """Each id → itself and all that it leads to on the way to a state."""
    kinds = [*leading(corpus.ontology), "PART_OF", "OWNED_BY", "REPRESENTS"]
    rows = corpus.statements.filter(
        pl.col("predicate").is_in(kinds) & pl.col("live") & ~pl.col("negative")
    )
    import networkx as nx

    ahead: nx.DiGraph = nx.DiGraph()
    ahead.add_nodes_from(ids)
    ahead.add_edges_from(rows.select("subject", "object").drop_nulls().iter_rows())
    return {id: {id, *nx.descendants(ahead, id)} for id in ids}
