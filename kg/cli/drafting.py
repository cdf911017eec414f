"""From a document to a claim file that a person reviews."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from kg.base.shown import one_line
from kg.cli.options import graph_options, json_option, terminal

if TYPE_CHECKING:
    from kg.api import KnowledgeGraph
    from kg.drafts.desk import Drafted
    from kg.drafts.proposals import Proposal


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
@click.option("--interactive", is_flag=True, help="Decide here, proposal by proposal.")
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
    """
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
        _decide(made, graph)
    terminal().drafted(made, format_)


def _decide(made: Drafted, graph: KnowledgeGraph) -> None:
    """Ask of each proposal whether it stands, and write down what was decided; what was not stays
    in the file, which says so."""
    from kg.drafts.claimfile import place_of
    from kg.drafts.desk import decide

    proposals, answers = made.draft.proposals, list[tuple[str, str]]()
    while len(answers) < len(proposals):
        answer, summary = _asked(made, len(answers))
        if answer == "q":
            break
        if answer == "u":
            del answers[-1:]
        else:
            answers.append((answer, summary))
    decided = list(zip(proposals, answers, strict=False))
    kept = [one for one, (answer, _) in decided if answer != "r"]
    summaries = {place_of(one): summary for one, (_, summary) in decided if summary}
    left = proposals[len(answers) :]
    if not answers and left:
        click.echo(f"left: nothing was decided, and {made.file} is the whole draft", err=True)
        return
    decide(made, kept, summaries, graph.ontology, left)
    if left:
        click.echo(
            f"left: {len(answers)} decided, {len(left)} not, which stay in {made.file} and say so; "
            f"`kg draft --review {made.file} {made.text}` makes a page to go on with",
            err=True,
        )


def _asked(made: Drafted, number: int) -> tuple[str, str]:
    """What somebody answers about a proposal, and what summary they write, if any."""
    one = made.draft.proposals[number]
    words = one_line(made.document.text[one.span.start : one.span.end])
    heard = one.asserter.thing.name if one.asserter else None
    says = heard or ("the document" if one.own else "nobody named")
    verb = "denies" if one.negative else "says"
    click.echo(f"\n{number + 1}/{len(made.draft.proposals)}  {words}", err=True)
    click.echo(f"   {one_line(says)} {verb}: {one_line(_named(one))}  ({one.score})", err=True)
    answer = click.prompt(
        "   [a]ccept, [r]eject, [e]dit the summary, [u]ndo the last, [q]uit and keep",
        type=click.Choice(["a", "r", "e", "u", "q"], case_sensitive=False),
        show_choices=False,
        default="a",
        err=True,
    ).lower()
    return answer, click.prompt("   summary", err=True) if answer == "e" else ""


def _named(one: Proposal) -> str:
    """A proposal by the names of its things."""
    target = one.object.thing.name if one.object else one.target
    hedge = " (hedged)" if one.hedge else ""
    return f"{one.subject.thing.name} {one.predicate} {target}{hedge}"


COMMANDS = (draft,)
