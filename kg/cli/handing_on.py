"""Commands that compute, and hand on to other tools."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from kg.base.errors import UsageError
from kg.base.settings import OUT
from kg.cli.options import (
    format_option,
    graph_options,
    lens_options,
    params_option,
    terminal,
)

if TYPE_CHECKING:
    from kg.api import KnowledgeGraph
    from kg.graph.lens import Lens


@click.command()
@click.argument("measure", required=False, metavar="[NAME]")
@params_option()
@click.option("--write-back", is_flag=True, help="Put the figures on the nodes, as properties m_….")
@click.option("--clear", is_flag=True, help="Take figures off the nodes (of NAME, or all).")
@click.option("--plot", type=click.Path(path_type=Path), help="Draw it to a PNG or SVG file.")
@lens_options
@format_option
@graph_options
def analyze(
    graph: KnowledgeGraph,
    measure: str | None,
    params: dict[str, Any],
    write_back: bool,
    clear: bool,
    plot: Path | None,
    lens: Lens,
    format_: str,
) -> None:
    """Compute a measure on the whole graph. Alone: list the measures and what they answer.

    \b
    kg analyze
    kg analyze independent_support
    kg analyze structural_balance -p runs=1000 --format json
    kg analyze independent_support --write-back
    """
    shown = terminal()
    if clear:
        count = graph.remove_figures(measure or "")
        shown.say(f"figures taken off {count:,} nodes")
    elif measure is None:
        shown.measures(format_)
    else:
        if write_back and lens:
            raise UsageError("a lens never changes a stored graph: --write-back goes without one")
        result = graph.analyze(measure, lens=lens, **params)
        shown.result(result, format_)
        if plot is not None:
            from kg.analytics.kit.plots import plot as draw

            shown.say(str(draw(result, plot)))
        if write_back:
            shown.say(f"{graph.write_back(result):,} nodes hold the figures as m_… properties")


@click.command()
@click.argument("format_", metavar="[FORMAT]", required=False)
@click.option("--out", type=click.Path(path_type=Path), help="File (or folder) to write.")
@click.option("--node", help="Only what is around this node (id or name).")
@click.option("--hops", type=click.IntRange(1, 6), default=1, show_default=True)
@click.option("--query", "question", metavar="NAME|CYPHER", help="Only what a question returns.")
@params_option("A parameter of the question.")
@click.option("--no-claims", is_flag=True, help="Without claims: what they amount to, and no more.")
@lens_options
@click.option("--format", "print_as", type=click.Choice(("table", "json")), default="table")
@graph_options
def export(
    graph: KnowledgeGraph,
    format_: str | None,
    out: Path | None,
    node: str | None,
    hops: int,
    question: str | None,
    params: dict[str, Any],
    no_claims: bool,
    lens: Lens,
    print_as: str,
) -> None:
    """Write the graph for another tool, and say what its format cannot hold. Alone: list formats.

    \b
    kg export
    kg export graphml --out graph.graphml
    kg export gexf --out lazarus.gexf --node group:lazarus-group --hops 2 --no-claims
    kg export stix --out claims.json --according-to "US Treasury Department"
    """
    shown = terminal()
    if format_ is None:
        shown.exports(print_as)
        return
    if out is None:
        raise UsageError("--out FILE says where to write")
    if node is not None and question is not None:
        raise UsageError("--node and --query both say which part to write: give one")
    nodes = graph.around(node, hops, lens=lens) if node is not None else None
    if question is not None:
        nodes = graph.answered(question, lens=lens, **params)
    report = graph.export(format_, out, nodes=nodes, claims=not no_claims, lens=lens)
    shown.exported(report, print_as)


@click.command()
@click.option(
    "--out",
    type=click.Path(path_type=Path),
    default=OUT / "browser",
    show_default=True,
    help="Folder to write.",
)
@click.option("--serve", is_flag=True, help="Hand the guide to Browser until Ctrl+C (loopback).")
@click.option("--port", type=int, default=8001, show_default=True, help="Where --serve listens.")
@click.option(
    "--origin",
    "origins",
    multiple=True,
    metavar="ADDRESS",
    help="Where Browser is opened, if not on port 7474 of this machine; only it gets the guide.",
)
def browser(out: Path, serve: bool, port: int, origins: tuple[str, ...]) -> None:
    """Write favourites, a style sheet and a guide for Neo4j Browser (docs/neo4j.md).

    \b
    kg browser
    kg browser --out out/browser
    """
    from kg.neo4j_browser import ORIGINS, GuideServer, write_browser_kit

    shown = terminal()
    files = write_browser_kit(out)
    for path in files:
        shown.say(str(path))
    if serve:
        serving = GuideServer(files, port, origins or ORIGINS)
        with serving as server, suppress(KeyboardInterrupt):
            shown.say(f"in Browser: :guide {server.address}   (Ctrl+C ends)")
            server.serve_forever()


@click.command()
@lens_options
@graph_options
def mcp(graph: KnowledgeGraph, lens: Lens) -> None:
    """The graph for an assistant: a read-only MCP server on standard input and output. A lens given
    here holds for every question.

    Not to be confused with kglite-mcp-server, which comes with the embedded engine: it knows no
    claims, and counts wrongly (docs/assistants.md).

    \b
    kg mcp --db kg.kgl
    kg mcp --db neo4j://localhost:7687 --as-of 2019-12-31
    """
    from kg.mcp.server import serve

    serve(graph, lens)


COMMANDS = (analyze, export, browser, mcp)
