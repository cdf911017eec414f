"""How long pictures take: ours, and pyvis as it comes, in one run on one machine.

    python -m bench.pictures [--sizes 300,1000,3000,10000] [--pyvis 300] [--runs 3]

Prints one row per size: seconds for the layout and for the whole file in Python, the file's size,
milliseconds until the first draw and until everything is shown, and redraws per second with all of
it, in headless Chromium without a GPU. Of several runs the best counts: other work on the machine
only ever adds. pyvis gets the same nodes and edges by its own `from_nx`, with its stock physics,
served from its own inlined mode; its first draw is when its physics has settled.
"""

from __future__ import annotations

import argparse
import contextlib
import io
import os
import shutil
import tempfile
import time
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, sync_playwright
from playwright.sync_api import Error as BrowserError
from pyvis.network import Network

from kg.graph.corpus import Corpus
from kg.views.kit.page import Page as PicturePage
from kg.views.kit.payload import payload
from kg.views.kit.selection import selection
from tests.browser.synthetic import corpus as synthetic

PATIENCE = 600_000
"""Milliseconds after which we stop waiting for stock physics."""

FRAMES = """() => new Promise((done) => {
  const canvas = document.querySelector('#canvas canvas');
  let count = 0;
  const start = performance.now();
  const step = () => {
    canvas.dispatchEvent(new WheelEvent('wheel', { deltaY: count % 2 ? 1 : -1, bubbles: true }));
    count += 1;
    const past = performance.now() - start;
    past > 2000 ? done(count / past * 1000) : requestAnimationFrame(step);
  };
  requestAnimationFrame(step);
})"""


def main() -> None:
    """Run and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--sizes", default="300,1000,3000,10000")
    parser.add_argument("--pyvis", default="300", help="sizes that pyvis as it comes gets, too")
    parser.add_argument("--runs", type=int, default=3)
    given = parser.parse_args()
    print("| who | nodes / edges | layout s | file s | MB | first draw ms | all ms | redraws/s |")
    print("|---|---|---|---|---|---|---|---|")
    with sync_playwright() as playwright, tempfile.TemporaryDirectory() as folder:
        path = os.environ.get("CHROMIUM") or shutil.which("chromium")
        browser = playwright.chromium.launch(
            executable_path=path, args=["--no-sandbox", "--disable-gpu"]
        )
        for size in map(int, given.sizes.split(",")):
            corpus = synthetic(size, 2 * size)
            ours(browser, corpus, size, Path(folder), given.runs)
        for size in map(int, filter(None, given.pyvis.split(","))):
            stock(browser, synthetic(size, 2 * size), size, Path(folder))
        browser.close()


def ours(browser: Browser, corpus: Corpus, size: int, folder: Path, runs: int) -> None:
    """One row for this project."""
    nodes = [i for kind, f in corpus.graph.nodes.items() if kind != "Claim" for i in f["id"]]
    started = time.perf_counter()
    picture = selection(corpus, nodes, [], "Bench")
    laid_out = time.perf_counter() - started
    path = folder / f"{size}.html"
    path.write_text(PicturePage(payload(picture, corpus)).render(), encoding="utf-8")
    whole = time.perf_counter() - started
    seen = [watched(browser, path) for _ in range(runs)]
    first, everything = (min(row[column] for row in seen) for column in (0, 1))
    frames = max(row[2] for row in seen)
    row(f"kg | {size:,} / {2 * size:,}", laid_out, whole, path, first, everything, frames)


def watched(browser: Browser, path: Path) -> tuple[float, float, float]:
    """Milliseconds to the first draw and to everything drawn; redraws a second after that."""
    page = browser.new_page(viewport={"width": 1440, "height": 900})
    page.goto(path.as_uri())
    page.wait_for_selector("body[data-drawn]", timeout=PATIENCE)
    first = float(page.evaluate("document.body.dataset.drawn"))
    everything = first
    if page.locator("#show-all").count():
        took = page.evaluate(
            "() => new Promise((done) => { const start = performance.now();"
            " document.querySelector('#show-all').click();"
            " requestAnimationFrame(() => requestAnimationFrame(() =>"
            " done(performance.now() - start))); })"
        )
        everything = first + float(took)
    frames = float(page.evaluate(FRAMES))
    page.close()
    return first, everything, frames


def stock(browser: Browser, corpus: Corpus, size: int, folder: Path) -> None:
    """One row for pyvis as it comes; what its page asks of a network fails, and it goes on."""
    graph = corpus.graph.networkx()
    graph.remove_nodes_from([n for n, kind in graph.nodes(data="kind") if kind == "Claim"])
    plain: Any = type(graph)()
    plain.add_nodes_from((node, {"label": data["name"]}) for node, data in graph.nodes(data=True))
    plain.add_edges_from((a, b) for a, b, _ in graph.edges(keys=True))
    started = time.perf_counter()
    net = Network(directed=True, cdn_resources="in_line")
    net.from_nx(plain)
    with contextlib.redirect_stdout(io.StringIO()):
        html = net.generate_html()
    path = folder / f"pyvis-{size}.html"
    path.write_text(html, encoding="utf-8")
    whole = time.perf_counter() - started
    row(f"pyvis as it comes | {size:,} / {2 * size:,}", 0, whole, path, settled(browser, path))


def settled(browser: Browser, path: Path) -> float:
    """Milliseconds until pyvis' physics has come to rest; infinite if ten minutes are too short."""
    context = browser.new_context(viewport={"width": 1440, "height": 900}, offline=True)
    page = context.new_page()
    page.add_init_script(
        "addEventListener('DOMContentLoaded', () => { const wait = setInterval(() => {"
        " if (typeof network !== 'undefined' && network) { clearInterval(wait);"
        " network.once('stabilizationIterationsDone', () => requestAnimationFrame(() => {"
        " document.body.dataset.drawn = performance.now(); })); } }, 5); });"
    )
    try:
        page.goto(path.as_uri(), timeout=PATIENCE, wait_until="commit")
        page.wait_for_selector("body[data-drawn]", timeout=PATIENCE)
        return float(page.evaluate("document.body.dataset.drawn"))
    except BrowserError:
        return float("inf")
    finally:
        context.close()


def row(
    what: str, laid_out: float, whole: float, path: Path, first: float,
    everything: float | None = None, frames: float | None = None,
) -> None:  # fmt: skip
    """Print one row of the table."""
    size = path.stat().st_size / 1e6
    rest = f"{everything:,.0f} | {frames:.0f}" if everything and frames else "– | –"
    print(
        f"| {what} | {laid_out:.1f} | {whole:.1f} | {size:.1f} | {first:,.0f} | {rest} |",
        flush=True,
    )


if __name__ == "__main__":
    main()
