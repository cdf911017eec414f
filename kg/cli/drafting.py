"""From a document to a claim file that a person reviews."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from kg.cli.options import graph_options, json_option, terminal

if TYPE_CHECKING:
    from kg.api import KnowledgeGraph


@click.command()
@click.argument("document", type=click.Path(path_type=Path), metavar="DOCUMENT")
@click.option(
    "--out",
    type=click.Path(path_type=Path),
    metavar="FILE.yaml",
    help="Where the claim file goes (default: DOCUMENT.yaml in the current folder); the page to "
    "review it, FILE.review.html, and the text that its spans count in go beside it.",
)
@click.option(
    "--date", metavar="DAY", help="When the document was published, where it does not print that."
)
@click.option("--publisher", metavar="NAME", help="Who published it: a name or an address.")
@click.option("--url", metavar="ADDRESS", help="Where it stands; its publisher follows from it.")
@click.option(
    "--drafter",
    "by",
    default="rules",
    show_default=True,
    metavar="NAME",
    help="Who drafts: `rules`, or `model`.",
)
@click.option(
    "--review",
    "claims",
    type=click.Path(path_type=Path),
    metavar="CLAIMFILE",
    help="Draft nothing: open a claim file already made beside its document, to check a reading.",
)
@graph_options
@json_option
def draft(
    graph: KnowledgeGraph,
    document: Path,
    out: Path | None,
    date: str | None,
    publisher: str | None,
    url: str | None,
    by: str,
    claims: Path | None,
    format_: str,
) -> None:
    """Propose claims from a text, Markdown, HTML or PDF file, each word proven to stand in it.

    What is proposed is for a person to decide: FILE.review.html shows text and proposals side by
    side. The names of the ledger are known names; nothing is written into it.

    \b
    kg draft article.txt --date 2019-09-13 --publisher "Sputnik International"
    kg draft report.pdf --out report.yaml
    kg draft --review seed/sputnik-2019-09.yaml article.txt
    """
    if claims:
        terminal().reviewing(graph.review(claims, document), format_)
        return
    made = graph.draft(document, out, date=date, publisher=publisher, url=url, by=by)
    terminal().drafted(made, format_)


COMMANDS = (draft,)
