"""How long published data takes from its files into a graph, and how much memory.

    python -m bench.loads --data FOLDER [--db neo4j://USER:PASSWORD@HOST:PORT] [--twice]

FOLDER holds `attack`, `misp-galaxy`, `microsoft` and `ofac`, as their publishers give them
(`kg sources` says where). Each is loaded by a process of its own, one after the other, as `kg load`
does, into the embedded engine, and into an empty server too where `--db` names one. Prints per load
the seconds that each step takes, seconds of CPU, and the process' peak of memory; and as the peer,
in the same run, the bare rows of the finished graph, made beforehand, sent to the same engine with
nothing else done to them. With `--twice` all is loaded again, in the opposite order, into another
graph, and the two are compared row by row.
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from hashlib import sha256
from pathlib import Path
from typing import Any

from kg import KnowledgeGraph
from kg.pipeline.report import Quiet
from kg.stores import Store, open_store
from kg.stores.base import everything

LOADS = (
    ("stix", "attack"),
    ("misp-galaxy", "misp-galaxy"),
    ("microsoft", "microsoft"),
    ("ofac", "ofac"),
)
"""Format, and the folder that holds files of it."""

STEPS = ("start", "read", "identity", "project", "plan", "apply")


class Clock(Quiet):
    """Takes the time at which each step ends."""

    def __init__(self, started: float) -> None:
        self.last = started
        self.took: dict[str, float] = {}

    def step(self, name: str, detail: str = "") -> None:
        """Add what has passed since the step before."""
        name = name.partition(" ")[0]
        now = time.time()
        self.took[name] = self.took.get(name, 0) + now - self.last
        self.last = now


def main() -> None:
    """Run and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--data", type=Path, help="where the published files are")
    parser.add_argument("--db", help="an empty server to load into as well")
    parser.add_argument("--twice", action="store_true")
    parser.add_argument("--one", nargs=3, metavar=("FORMAT", "DB", "LEDGER"), help="(for itself)")
    given = parser.parse_args()
    if given.one:
        format_, db, ledger = given.one
        one(format_, db, ledger, given.data)
    elif given.data is None:
        print("skipped: --data FOLDER names the published files; they do not ship with kg")
    else:
        with tempfile.TemporaryDirectory() as folder:
            compare(given.data, Path(folder), given.db, given.twice)


def compare(data: Path, folder: Path, server: str | None, twice: bool) -> None:
    """All loads into each engine, and what they came to."""
    graphs = {"kglite": str(folder / "a.kgl"), **({"neo4j": server} if server else {})}
    digests = {}
    for engine, db in graphs.items():
        took = all_loads(engine, db, folder / f"{engine}.ledger", data, LOADS)
        digests[engine] = digest(db, folder / f"{engine}.ledger")
        if engine == "kglite":
            bare = peer(db, folder / f"{engine}.ledger")
            print(f"\nits rows alone, into the same engine: {bare:.1f} s; the loads take ", end="")
            print(f"{took / bare:.1f} times as long\n")
    if twice:
        all_loads("again", str(folder / "b.kgl"), folder / "b.ledger", data, LOADS[::-1])
        digests["again"] = digest(str(folder / "b.kgl"), folder / "b.ledger")
    for name, found in digests.items():
        print(f"graph {name}: {found}")


def all_loads(
    engine: str, db: str, ledger: Path, data: Path, loads: Sequence[tuple[str, str]]
) -> float:
    """Load after load, a row each; returns the seconds of them all."""
    print(f"| {engine} | wall s | CPU s | peak MB | {' | '.join(STEPS)} | nodes and edges |")
    print(f"|{'---|' * (len(STEPS) + 5)}")
    total = cpu = peak = 0.0
    for format_, name in loads:
        given = ["--one", format_, db, str(ledger), "--data", str(data / name)]
        started = time.perf_counter()
        child = [sys.executable, "-m", "bench.loads", *given]
        found = json.loads(subprocess.run(child, check=True, stdout=subprocess.PIPE).stdout)
        wall = time.perf_counter() - started
        total, cpu, peak = total + wall, cpu + found["cpu"], max(peak, found["peak"])
        steps = " | ".join(f"{found['took'].get(step, 0):.1f}" for step in STEPS)
        print(f"| {format_} | {wall:.1f} | {found['cpu']:.1f} | {found['peak']:,.0f} | ", end="")
        print(f"{steps} | {found['rows']:,} |", flush=True)
    print(f"| all | {total:.1f} | {cpu:.1f} | {peak:,.0f} |{' |' * (len(STEPS) + 1)}")
    return total


def one(format_: str, db: str, ledger: str, path: Path) -> None:
    """One load, in a process of its own; prints what it took as JSON."""
    clock = Clock(started_at())
    clock.step("start")
    graph = KnowledgeGraph(db, Path(ledger))
    outcome = graph.load(format_, [path], reporter=clock)
    made: dict[str, Any] = {"took": clock.took, "rows": sum(outcome.counts.values())}
    made |= {"cpu": time.process_time(), "peak": peak_memory()}
    print(json.dumps(made))


def peak_memory() -> float:
    """The most memory that this process has held, in MB; not what its parent held, which Linux
    counts in where `getrusage` is asked."""
    status = Path("/proc/self/status")
    if status.exists():
        found = next(line for line in status.read_text().splitlines() if "VmHWM" in line)
        return int(found.split()[1]) * 1024 / 1e6
    unit = 1 if sys.platform == "darwin" else 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit / 1e6


def started_at() -> float:
    """When this process began, but for what it waited: imports only compute."""
    return time.time() - time.clock_gettime(time.CLOCK_PROCESS_CPUTIME_ID)


def peer(db: str, ledger: Path) -> float:
    """Seconds in which an empty graph of the engine takes the finished graph's rows."""
    with KnowledgeGraph(db, ledger) as graph:
        rows = everything(graph.corpus().graph)
        ontology = graph.ontology
    store = open_store(None)
    store.prepare(ontology)
    started = time.perf_counter()
    store.apply(rows, ontology)
    took = time.perf_counter() - started
    store.close()
    return took


def digest(db: str, ledger: Path) -> str:
    """A hash over every node's and edge's key and fingerprint, and how many they are."""
    with KnowledgeGraph(db, ledger) as graph:
        store: Store = graph.store
        stored = store.stored(graph.ontology)
    lines = [
        "\t".join(map(str, (key, *row)))
        for part in (stored.nodes, stored.edges)
        for key, frame in part.items()
        for row in frame.select(sorted(frame.columns)).iter_rows()
    ]
    text = "\n".join(sorted(lines))
    return f"{sha256(text.encode()).hexdigest()[:16]} of {len(lines):,} rows"


if __name__ == "__main__":
    main()
