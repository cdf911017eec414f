"""The command that draws."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from kg.base.settings import OUT
from kg.cli.options import (
    graph_options,
    json_option,
    lens_options,
    params_option,
    terminal,
)

if TYPE_CHECKING:
    from kg.api import KnowledgeGraph
    from kg.graph.lens import Lens


@click.command()
@click.argument("view", required=False)
@click.option(
    "--out",
    type=click.Path(path_type=Path),
    help="File to write (default out/VIEW.html); .svg, .png and .pdf are sheets of a size.",
)
@click.option(
    "--size",
    help="Of a sheet: WIDTHxHEIGHT in pixels, 16:9 (the usual), A4, A4-portrait, figure.",
)
@click.option("--node", help="neighbourhood: the node in the middle (id or name).")
@click.option("--hops", type=click.IntRange(1, 6), help="neighbourhood: how far.")
@click.option("--from", "from_", help="path: where it starts.")
@click.option("--to", help="path: where it ends.")
@click.option("--query", "question", metavar="NAME|CYPHER", help="Draw what a question returns.")
@params_option("A parameter of the question or of the picture (path: structural=true).")
@lens_options
@json_option
@graph_options
def render(
    graph: KnowledgeGraph,
    view: str | None,
    out: Path | None,
    size: str | None,
    node: str | None,
    hops: int | None,
    from_: str | None,
    to: str | None,
    question: str | None,
    params: dict[str, Any],
    lens: Lens,
    format_: str,
) -> None:
    """Draw a picture as one offline HTML file, or on paper. Alone: list the pictures.

    \b
    kg render attribution
    kg render neighbourhood --node group:lazarus-group --hops 2
    kg render path --from incident:wannacry --to state:PRK
    kg render --query who_attributes
    kg render attribution --out who.svg --size A4
    """
    shown = terminal()
    if question is not None:
        name = question if question.isidentifier() else "query"
        path = graph.render_query(
            question, out or OUT / f"{name}.html", size=size, lens=lens, **params
        )
    elif view is None:
        shown.views(format_)
        return
    else:
        given = {"node": node, "hops": hops, "from_": from_, "to": to, "size": size}
        options: dict[str, Any] = {k: value for k, value in given.items() if value is not None}
        options |= params
        path = graph.render(view, out or OUT / f"{view}.html", lens=lens, **options)
    # A list of pictures tells of others than what may be passed on.
    if not lens.sharing and (out is None or (path.parent / "index.html").exists()):
        graph.index(path.parent)
    shown.json({"picture": str(path)}) if format_ == "json" else shown.say(str(path))


COMMANDS = (render,)
