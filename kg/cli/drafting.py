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
    help="Draft nothing: open a claim file already made beside its document, to go on with it or "
    "to check a reading.",
)
@click.option(
    "--interactive",
    is_flag=True,
    help="Decide here, proposal by proposal; with --review, what is open of a draft.",
)
@click.option("--model-url", metavar="ADDRESS", help="For --drafter model: where yours answers.")
@click.option("--model", metavar="NAME", help="For --drafter model: which one there.")
@click.option(
    "--answers",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="For --drafter model: what one answered before.",
)
@click.option(
    "--request",
    "asked",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="For --drafter model: write what it would be asked, and ask nobody.",
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
    interactive: bool,
    model_url: str | None,
    model: str | None,
    answers: Path | None,
    asked: Path | None,
    format_: str,
) -> None:
    """Propose claims from a text, Markdown, HTML or PDF file, each word proven to stand in it.

    What is proposed is for a person to decide: FILE.review.html shows text and proposals side by
    side. The names of the ledger are known names; nothing is written into it.

    \b
    kg draft article.txt --date 2019-09-13 --publisher "Sputnik International"
    kg draft report.pdf --out report.yaml
    kg draft --review seed/sputnik-2019-09.yaml article.txt
    kg draft --review report.yaml report.pdf --interactive
    """
    if claims and interactive:
        from kg.cli.deciding import decided

        terminal().drafted(decided(graph.reopen(claims, document), graph), format_)
        return
    if claims:
        terminal().reviewing(graph.review(claims, document), format_)
        return
    given = {"url": model_url, "model": model, "answers": str(answers) if answers else None}
    options = {name: word for name, word in given.items() if word}
    told = {"date": date, "publisher": publisher, "url": url}
    if asked:
        wrote = graph.draft_request(document, asked, **told, model=model or "default")
        terminal().requested(wrote, format_)
        return
    made = graph.draft(document, out, **told, by=by, options=options)
    if interactive:
        from kg.cli.deciding import decided

        made = decided(made, graph)
    terminal().drafted(made, format_)


COMMANDS = (draft,)
