"""Commands that write what is said for a reader who has no `kg`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from kg.cli.options import graph_options, lens_options, terminal

if TYPE_CHECKING:
    from kg.api import KnowledgeGraph
    from kg.graph.lens import Lens


@click.command()
@click.argument("subject", metavar="NODE|SUBJECT")
@click.argument("predicate", required=False)
@click.argument("object_", metavar="[OBJECT]", required=False)
@click.option(
    "--out",
    type=click.Path(path_type=Path),
    help="File to write: .md, .html, .docx or .pdf (default: Markdown, printed).",
)
@click.option("--short", is_flag=True, help="On one page.")
@lens_options
@click.option("--format", "format_", type=click.Choice(("markdown", "json")), default="markdown")
@graph_options
def brief(
    graph: KnowledgeGraph,
    subject: str,
    predicate: str | None,
    object_: str | None,
    out: Path | None,
    short: bool,
    lens: Lens,
    format_: str,
) -> None:
    """Write a brief: what is said of a node or an edge, by whom, and what is not known.

    \b
    kg brief group:lazarus-group
    kg brief "Lazarus Group" --short --out lazarus.pdf
    kg brief incident:wannacry ATTRIBUTED_TO group:lazarus-group --out wannacry.docx
    kg brief state:PRK --as-of 2018-12-31 --out north-korea.html
    """
    made = graph.brief(subject, predicate, object_, short=short, out=out, lens=lens)
    shown = terminal()
    if format_ == "json":
        shown.json(made.as_dict())
    elif out is None:
        from kg.briefs.formats.markdown import text

        shown.page(text(made))
    if out is not None:
        shown.say(str(out))


COMMANDS = (brief,)
