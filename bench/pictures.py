"""What pictures cost: ours, sigma and vis-network with the same places, and pyvis as it comes.

    python -m bench.pictures [--sizes 1000,10000] [--pyvis 300] [--runs 3]

Prints one row a size and way, all of one run: CPU seconds in Python for the layout and the file,
the file's size, milliseconds by the clock until the first draw, CPU seconds of the whole browser
until everything is read and drawn, CPU milliseconds of a redraw with all of it, and how many there
were in a second by the clock; for ours also a search, one with a misspelt name, and a click until
the frame with its evidence is there, each by the clock and in CPU milliseconds of all processes.

The first draw is what a reader sees first of the whole picture: it stands there and can be dragged
and zoomed, in a page that a browser that has just started opens from the disk. Of a large picture
of ours that is its density; of the others and of smaller ones all that is drawn. A browser here has
no GPU: sigma, which needs WebGL, draws in software (SwiftShader). Of several runs the best counts:
other work on the machine only ever adds. pyvis (`--pyvis 0`: not at all) gets the same nodes and
edges by its own `from_nx`, with its stock physics; its first draw is when that has settled. sigma
and vis-network come from npm (`tools/peers`); without it they are left out, which is said.
"""

from __future__ import annotations

import argparse
import contextlib
import io
import json
import os
import resource
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page, Playwright, sync_playwright
from playwright.sync_api import Error as BrowserError
from pyvis.network import Network

from kg.graph.corpus import Corpus
from kg.views.kit.page import Page as PicturePage
from kg.views.kit.payload import payload
from kg.views.kit.selection import selection
from tests.browser.synthetic import corpus as synthetic

PATIENCE = 240_000
"""Milliseconds after which nothing is waited for any more."""
PEERS = Path(__file__).parents[1] / "tools" / "peers"
FLAGS = {
    "canvas": ["--no-sandbox", "--disable-gpu"],
    "webgl": ["--no-sandbox", "--use-angle=swiftshader", "--enable-unsafe-swiftshader"],
}
COLUMNS = (
    *("who", "nodes / edges", "layout CPU s", "file CPU s", "MB", "first draw ms"),
    *("all drawn CPU s", "a redraw CPU ms", "redraws/s", "search, misspelt, evidence ms (CPU ms)"),
)

TURN = """() => { const canvas = document.querySelector('#canvas canvas');
  window.turn = (odd) => canvas.dispatchEvent(
    new WheelEvent('wheel',
      { deltaY: odd ? 1 : -1, bubbles: true, clientX: 700, clientY: 450 })); }"""

REDRAWS = """() => new Promise((done) => {
  let count = 0;
  const start = performance.now();
  const step = () => {
    const past = performance.now() - start;
    if (count && (past > 2000 || count === 60)) return done([count, past]);
    turn((count += 1) % 2);
    requestAnimationFrame(step);
  };
  requestAnimationFrame(step);
})"""

SEARCH = """(text) => { const field = document.querySelector('#search'); field.value = text;
  window.act = () => field.dispatchEvent(new Event('input'));
  window.came = () => document.querySelector('#found').innerText !== ''; }"""

CLICK = """(number) => { const { nodes } = picture.model;
  const by = nodes.map(({ index }) => index);
  by.sort((one, another) => nodes[another].weight - nodes[one].weight);
  const at = picture.placeOf({ node: by[number] });
  const canvas = document.querySelector('#canvas canvas');
  window.act = () => { for (const type of ['pointermove', 'pointerdown', 'pointerup'])
    canvas.dispatchEvent(new PointerEvent(type,
      { bubbles: true, clientX: at.x, clientY: at.y, button: 0, pointerId: 1, isPrimary: true }));
  };
  window.came = () => picture.state.selected?.node === by[number]; }"""

FIRST = "Number(document.body.dataset.sketched ?? document.body.dataset.drawn)"

ACT = """() => new Promise((done) => { const start = performance.now(); act();
  requestAnimationFrame(() => setTimeout(() => done(performance.now() - start))); })"""
"""Milliseconds until the frame after it is drawn."""


@dataclass
class Seen:
    """What one run of one page took."""

    first: float = float("inf")
    whole: float = float("inf")
    redraw: float = float("inf")
    redraws: float = 0.0
    reading: list[tuple[float, float]] = field(default_factory=list)
    """Of each: milliseconds by the clock, and of CPU."""

    def best(self, other: Seen) -> Seen:
        """The better of two runs, by each of them."""
        pairs = zip(self.reading, other.reading, strict=True)
        return Seen(
            min(self.first, other.first), min(self.whole, other.whole),
            min(self.redraw, other.redraw), max(self.redraws, other.redraws),
            [(min(one[0], two[0]), min(one[1], two[1])) for one, two in pairs],
        )  # fmt: skip


def main() -> None:
    """Run and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--sizes", default="1000,10000")
    parser.add_argument("--pyvis", default="300", help="sizes that pyvis as it comes gets, too")
    parser.add_argument("--runs", type=int, default=3)
    given = parser.parse_args()
    os.environ["KG_CACHE"] = ""  # no layout of an earlier run
    scripts = bundled()
    print(f"| {' | '.join(COLUMNS)} |\n|{'---|' * len(COLUMNS)}")
    with sync_playwright() as playwright, tempfile.TemporaryDirectory() as folder:
        for size in map(int, given.sizes.split(",")):
            corpus = synthetic(size, 2 * size)
            for who, how, path, took in pages(corpus, size, Path(folder), scripts):
                often = size <= 10_000 or who == "kg"
                seen = watched(playwright, how, path, given.runs if often else 1)
                row(who, size, took, path, seen)
        for size in filter(None, map(int, given.pyvis.split(","))):
            path, took = stock(synthetic(size, 2 * size), size, Path(folder))
            with browser(playwright, "canvas") as opened:
                row("pyvis as it comes", size, took, path, settled(opened, path))


# --- what is drawn -------------------------------------------------------------------------------


def bundled() -> dict[str, str]:
    """Peer → its script, from npm; none where there is no npm, or it gets nothing."""
    npm = shutil.which("npm")
    if npm is None:
        print("npm is not here: sigma and vis-network are left out")
        return {}
    install = [npm, "install", "--no-package-lock", "--no-audit", "--no-fund", "--loglevel=error"]
    ran = subprocess.run(install, cwd=PEERS, capture_output=True, text=True, check=False)
    if ran.returncode:
        print(f"npm gets neither sigma nor vis-network, which are left out: {ran.stderr.strip()}")
        return {}
    return {name: _bundle(name) for name in ("sigma", "vis")}


def _bundle(name: str) -> str:
    """The script of a peer with all that it imports, made small as a site would serve it."""
    esbuild = PEERS / "node_modules" / ".bin" / "esbuild"
    options = ["--bundle", "--minify", "--format=iife", "--log-level=error"]
    words = [str(esbuild), f"{name}.js", *options]
    return subprocess.run(words, cwd=PEERS, capture_output=True, text=True, check=True).stdout


def pages(
    corpus: Corpus, size: int, folder: Path, scripts: dict[str, str]
) -> Iterator[tuple[str, str, Path, tuple[float, float]]]:
    """Who, in which browser, the page, CPU seconds of layout and file: ours, and that of each peer
    with the places that we gave."""
    nodes = [i for kind, f in corpus.graph.nodes.items() if kind != "Claim" for i in f["id"]]
    started = _own()
    picture = selection(corpus, nodes, [], "Bench")
    laid_out = _own() - started
    path = folder / f"{size}.html"
    data = payload(picture, corpus)
    path.write_text(PicturePage(data).render(), encoding="utf-8")
    yield "kg", "canvas", path, (laid_out, _own() - started - laid_out)
    for name, script in scripts.items():
        path = folder / f"{name}-{size}.html"
        path.write_text(_peer_page(data, script), encoding="utf-8")
        who = {"sigma": "sigma 4", "vis": "vis-network 10"}[name]
        yield who, "webgl" if name == "sigma" else "canvas", path, (0.0, 0.0)


def _peer_page(data: dict[str, Any], script: str) -> str:
    nodes, kinds = data["nodes"], sorted(data["kinds"])
    columns = {
        "x": [node["x"] for node in nodes],
        "y": [node["y"] for node in nodes],
        "names": [node["name"] for node in nodes],
        "kind": [kinds.index(node["kind"]) for node in nodes],
        "colours": [data["kinds"][kind]["colour"] for kind in kinds],
        "ends": [end for link in data["links"] for end in (link["from"], link["to"])],
    }
    inert = script.replace("</script", r"<\/script")
    return (
        '<!DOCTYPE html><meta charset="utf-8"><body style="margin:0">'
        '<div id="picture" style="width:1440px;height:900px"></div>'
        f'<script type="application/json" id="data">{json.dumps(columns)}</script>'
        f"<script>{inert}</script>"
        "<script>requestAnimationFrame(() => requestAnimationFrame(() => {"
        " document.body.dataset.drawn = performance.now(); }));</script>"
    )


def stock(corpus: Corpus, size: int, folder: Path) -> tuple[Path, tuple[float, float]]:
    """The page of pyvis as it comes, and its CPU seconds."""
    graph = corpus.graph.networkx()
    graph.remove_nodes_from([n for n, kind in graph.nodes(data="kind") if kind == "Claim"])
    plain: Any = type(graph)()
    plain.add_nodes_from((node, {"label": data["name"]}) for node, data in graph.nodes(data=True))
    plain.add_edges_from((a, b) for a, b, _ in graph.edges(keys=True))
    started = _own()
    net = Network(directed=True, cdn_resources="in_line")
    net.from_nx(plain)
    with contextlib.redirect_stdout(io.StringIO()):
        html = net.generate_html()
    path = folder / f"pyvis-{size}.html"
    path.write_text(html, encoding="utf-8")
    return path, (0.0, _own() - started)


# --- what it costs -------------------------------------------------------------------------------


@contextmanager
def browser(playwright: Playwright, how: str) -> Iterator[Browser]:
    """A browser of its own for a page: what it costs is nobody else's."""
    path = os.environ.get("CHROMIUM") or shutil.which("chromium")
    opened = playwright.chromium.launch(executable_path=path, args=FLAGS[how])
    try:
        yield opened
    finally:
        opened.close()


def watched(playwright: Playwright, how: str, path: Path, runs: int) -> Seen:
    """The best of several runs; infinite where nothing was drawn in time."""
    best: Seen | None = None
    for _ in range(runs):
        with browser(playwright, how) as opened:
            try:
                seen = _watched(opened.new_page(viewport={"width": 1440, "height": 900}), path)
            except BrowserError as why:
                print(f"{path.name}: {str(why).splitlines()[0]}")
                return best or Seen()
        best = best.best(seen) if best else seen
    return best or Seen()


def _watched(page: Page, path: Path) -> Seen:
    page.set_default_timeout(PATIENCE)

    def draw() -> None:
        page.goto(path.as_uri(), wait_until="commit")
        page.wait_for_selector("body[data-drawn]", state="attached")

    whole, _ = _cpu(draw)
    first = page.evaluate(FIRST)
    ours = page.locator("#search").count() > 0
    if ours:
        if page.locator("#show-all").count():
            whole += _cpu(lambda: page.click("#show-all"))[0]
        page.evaluate(TURN)
    page.wait_for_timeout(1500)  # what is got ready while nobody waits
    cost, (count, past) = _cpu(lambda: page.evaluate(REDRAWS))
    reading = (
        [_reading(page, SEARCH, text) for text in ("incident 7", "insident 77")] if ours else []
    )
    if ours:
        page.evaluate(f"() => {{ ({SEARCH})(''); act(); }}")
        reading.append(_reading(page, CLICK, 20))
    return Seen(first, whole, 1000 * cost / count, 1000 * count / past, reading)


def _reading(page: Page, script: str, given: Any) -> tuple[float, float]:
    page.evaluate(script, given)
    page.wait_for_timeout(500)  # what getting it ready left to do is not its own
    cost, past = _cpu(lambda: page.evaluate(ACT))
    if not page.evaluate("came()"):
        raise BrowserError(f"nothing came of {given!r}")
    return past, 1000 * cost


def _cpu(act: Callable[[], Any]) -> tuple[float, Any]:
    """CPU seconds that all processes of the browser spend on something, and what came of it."""
    before = _spent()
    found = act()
    after = _spent()
    return sum(spent - before.get(pid, 0.0) for pid, spent in after.items()), found


def _spent() -> dict[int, float]:
    """CPU seconds of each process that this one, or one of its own, has started."""
    parents, spent = {}, {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):
            fields = stat.read_text().rpartition(")")[2].split()
            pid = int(stat.parent.name)
            parents[pid] = int(fields[1])
            spent[pid] = (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def ours(pid: int) -> bool:
        return pid == os.getpid() or (pid in parents and ours(parents[pid]))

    return {pid: seconds for pid, seconds in spent.items() if pid != os.getpid() and ours(pid)}


def _own() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_utime


def settled(opened: Browser, path: Path) -> Seen:
    """What it took until pyvis' physics came to rest; infinite if our patience is too short."""
    page = opened.new_context(viewport={"width": 1440, "height": 900}, offline=True).new_page()
    page.add_init_script(
        "addEventListener('DOMContentLoaded', () => { const wait = setInterval(() => {"
        " if (typeof network !== 'undefined' && network) { clearInterval(wait);"
        " network.once('stabilizationIterationsDone', () => requestAnimationFrame(() => {"
        " document.body.dataset.drawn = performance.now(); })); } }, 5); });"
    )

    def draw() -> None:
        page.goto(path.as_uri(), timeout=PATIENCE, wait_until="commit")
        page.wait_for_selector("body[data-drawn]", timeout=PATIENCE)

    try:
        whole, _ = _cpu(draw)
        return Seen(page.evaluate(FIRST), whole)
    except BrowserError:
        return Seen()


def row(who: str, size: int, took: tuple[float, float], path: Path, seen: Seen) -> None:
    """Print one row of the table."""
    laid_out, file = (f"{one:.1f}" if one else "–" for one in took)
    late = seen.whole == float("inf")
    drawn = "not in time | –" if late else f"{seen.first:,.0f} | {seen.whole:.1f}"
    redraw = f"{seen.redraw:,.0f} | {seen.redraws:.0f}" if seen.redraws else "– | –"
    reading = ", ".join(f"{past:.0f} ({cost:.0f})" for past, cost in seen.reading) or "–"
    megabytes = path.stat().st_size / 1e6
    cells = (who, f"{size:,} / {2 * size:,}", laid_out, file, f"{megabytes:.1f}", drawn)
    print(f"| {' | '.join(cells)} | {redraw} | {reading} |", flush=True)


if __name__ == "__main__":
    main()
