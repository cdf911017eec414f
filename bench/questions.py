"""How long each saved question takes on a graph, and on further graphs of the same ledger.

    python -m bench.questions DB [DB…] [--ledger DIR] [--runs 3]

DB is what `kg --db` takes: load it beforehand, best with all the data there is. Prints a row per
question with its parameters as they stand: rows, milliseconds on each graph (the best of the runs),
and how the others compare with the first. What does not answer within a minute says so.
"""

from __future__ import annotations

import argparse
import time

from kg import KnowledgeGraph
from kg.ask import questions
from kg.base.errors import DatabaseError

LONGEST = 60.0


def main() -> None:
    """Run and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("db", nargs="*")
    parser.add_argument("--ledger")
    parser.add_argument("--runs", type=int, default=3)
    given = parser.parse_args()
    if not given.db:
        print("skipped: name a graph that holds something, for instance kg.kgl")
        return
    graphs = [KnowledgeGraph(db, given.ledger) for db in given.db]
    engines = [graph.store.name for graph in graphs]
    compared = [f"{name} × {engines[0]}" for name in engines[1:]]
    print(f"| question | rows | {' | '.join([f'{name} ms' for name in engines] + compared)} |")
    print(f"|{'---|' * (2 + len(engines) + len(compared))}")
    for name in questions.discover():
        found = [best(graph, name, given.runs) for graph in graphs]
        times = [f"{ms:,.0f}" for _, ms in found]
        ratios = [f"{ms / found[0][1]:.1f}" for _, ms in found[1:]]
        rows = "/".join(dict.fromkeys(f"{count:,}" for count, _ in found))
        print(f"| {name} | {rows} | {' | '.join(times + ratios)} |", flush=True)
    for graph in graphs:
        graph.close()


def best(graph: KnowledgeGraph, name: str, runs: int) -> tuple[int, float]:
    """Rows, and the fewest milliseconds of the runs; NaN where it was stopped."""
    fewest, rows = float("inf"), 0
    for _ in range(runs):
        started = time.perf_counter()
        try:
            rows = len(graph.query(name, timeout=LONGEST))
        except DatabaseError:
            return 0, float("nan")
        fewest = min(fewest, (time.perf_counter() - started) * 1000)
    return rows, fewest


if __name__ == "__main__":
    main()
