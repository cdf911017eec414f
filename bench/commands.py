"""What each command costs on a graph that stands: CPU seconds of the whole command.

    python -m bench.commands [--claims 100000] [--server] [--runs 2]

A corpus of `bench.synthetic` is built, then nothing is done, a claim is loaded and changed, a
judgement made and withdrawn, a question asked, an edge explained, a lens asked and asked again.
Each command is a process of its own, start of Python included; the best of `--runs` counts where
doing it again is the same. The peer in the same run is the engine alone: it opens the graph, writes
one value, and closes. With `--server` the graph is in the tests' own Neo4j, whose own CPU seconds
stand beside (the command waits for it); the engine alone is then the driver.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

from bench.peers import children_cpu, serving

ENGINE = """
import sys, kglite
graph = kglite.open(sys.argv[1])
graph.cypher("MATCH (n:KnowledgeGraph) SET n.looked = 1")
graph.close()
"""
DRIVER = """
import os, neo4j
names = "NEO4J_URI", "NEO4J_USERNAME", "NEO4J_PASSWORD"
uri, *auth = (os.environ[name] for name in names)
with neo4j.GraphDatabase.driver(uri, auth=tuple(auth)) as driver:
    driver.execute_query("MATCH (n:KnowledgeGraph) SET n.looked = 1")
"""

SHIM = """
import resource, subprocess, sys
out, err, used, *command = sys.argv[1:]
with open(out, "wb") as out, open(err, "wb") as err:
    code = subprocess.call(command, stdout=out, stderr=err)
found = resource.getrusage(resource.RUSAGE_CHILDREN)
with open(used, "w") as file:
    print(found.ru_utime + found.ru_stime, found.ru_maxrss / 1024, file=file)
sys.exit(code)
"""
"""A small process between: Linux counts what a parent holds into its child's peak."""

PAPER = """
document: {{id: document:one, name: One paper, date: 2020-03-01, published_by: organization:syn-7}}
claims:
- {{asserter: organization:syn-7, hedge: {}, says: [group:syn-0, ATTRIBUTED_TO, state:AFG]}}
"""

EDGE = """
MATCH (a:Incident)-[r:ATTRIBUTED_TO]->(b:Group)
RETURN a.id AS a, b.id AS b, r.support AS support ORDER BY support DESC, a, b LIMIT 1
"""


class Took(NamedTuple):
    """CPU seconds of a command and its children, its peak of memory in MB, the server's CPU."""

    cpu: float
    peak: float
    server: float


@dataclass
class Bench:
    """The graph that is measured, and how often."""

    folder: Path
    db: Sequence[str]
    environment: dict[str, str]
    runs: int

    def run(self, *command: str) -> Took:
        """One command; RuntimeError with its last words where it fails."""
        before = children_cpu() if self.environment else 0.0
        out, err, used = (self.folder / name for name in ("out", "err", "used"))
        child = [sys.executable, "-S", "-c", SHIM, str(out), str(err), str(used)]
        kept = {"KG_CACHE": str(self.folder / "kept")}
        environment = {**os.environ, **self.environment, **kept}
        done = subprocess.run([*child, sys.executable, *command], env=environment, check=False)
        if done.returncode:
            raise RuntimeError(err.read_text()[-500:])
        server = children_cpu() - before if self.environment else 0.0
        cpu, peak = map(float, used.read_text().split())
        return Took(cpu, peak, server)

    def row(self, name: str, *command: str, again: bool = True) -> None:
        """Measure and print a command; with `again` the best of several runs."""
        took = min(self.run(*command) for _ in range(self.runs if again else 1))
        server = f" {took.server:.1f} |" if self.environment else ""
        print(f"| {name} | {took.cpu:.2f} | {took.peak:,.0f} |{server}", flush=True)

    def kg(self, name: str, *command: str, again: bool = True) -> None:
        """The same for a command of kg on this graph."""
        self.row(name, "-m", "kg", *command, *self.db, again=again)

    def edge(self) -> list[str]:
        """The two ends of an edge that many claims support."""
        self.run("-m", "kg", "query", EDGE, "--format", "json", *self.db)
        found: Any = json.loads((self.folder / "out").read_text())[0]
        return [found["a"], "ATTRIBUTED_TO", found["b"]]


def commands(bench: Bench) -> None:
    """All of them, in the order of the table in `docs/benchmarks.md`."""
    bench.kg("first build", "sync", again=False)
    engine = ["-c", DRIVER] if bench.environment else ["-c", ENGINE, bench.db[1]]
    bench.row("the engine alone", *engine)
    bench.kg("nothing to do", "sync")
    paper = bench.folder / "one.yaml"
    for name, hedge in (("new file, one claim", "likely"), ("its hedge changed", "possibly")):
        paper.write_text(PAPER.format(hedge))
        bench.kg(name, "load", "claims", str(paper), again=False)
    judged = "group:syn-3", "group:syn-7"
    bench.kg("a judgement", "identity", "judge", *judged, "same", "--because", "so", again=False)
    bench.kg("taken back", "identity", "withdraw", *judged, again=False)
    bench.kg("an edge explained", "explain", *bench.edge())
    bench.kg("a saved question", "query", "victims")
    lens = "query", "victims", "--as-of", "2018-12-31"
    bench.kg("through a lens, first", *lens, again=False)
    bench.kg("the same again", *lens)


@contextmanager
def graph(claims: int, on_server: bool, runs: int) -> Iterator[Bench]:
    """A ledger of that many claims in a folder of its own, and where its graph will be."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        db = ["--db", str(folder / "g.kgl"), "--ledger", str(folder / "g.ledger")]
        with serving(folder, True) if on_server else nullcontext() as server:
            environment = {} if server is None else server.environment
            if server is not None:
                db[1] = server.uri.replace("bolt://", "neo4j://")
            yield Bench(folder, db, environment, runs)


def main() -> None:
    """Run and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--claims", type=int, default=100_000)
    parser.add_argument("--server", action="store_true")
    parser.add_argument("--runs", type=int, default=2)
    given = parser.parse_args()
    with graph(given.claims, given.server, given.runs) as bench:
        make = "-m", "bench.synthetic", bench.db[3], "--claims", str(given.claims)
        bench.run(*make)
        print(f"| {given.claims:,} claims | CPU s | peak MB |{' server |' * given.server}")
        print(f"|{'---|' * (3 + given.server)}", flush=True)
        commands(bench)


if __name__ == "__main__":
    main()
