"""From a document to a claim file that a person reviews."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import click

from kg.base.errors import UsageError as KgUsageError
from kg.base.shown import one_line
from kg.cli.options import graph_options, json_option, terminal

if TYPE_CHECKING:
    from kg.api import KnowledgeGraph
    from kg.drafts.desk import Drafted
    from kg.drafts.mending import Mending
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


class Decided(NamedTuple):
    """What somebody decided of one claim."""

    claim: Proposal
    kept: bool = True
    summary: str = ""
    proposed: bool = True
    """False for one that nobody had proposed."""


CHOICES = {
    "a": "accept",
    "r": "reject",
    "s": "summarise and accept",
    "e": "edit field by field",
    "n": "new claim",
    "u": "undo the last",
    "q": "quit and keep",
}


def _decide(made: Drafted, graph: KnowledgeGraph) -> None:
    """Ask of each proposal whether it stands, and write down what was decided; what was not stays
    in the file, which says so."""
    from kg.drafts.claimfile import place_of
    from kg.drafts.desk import decide
    from kg.drafts.mending import Mending

    proposals, decided = made.draft.proposals, list[Decided]()
    mending = Mending(made.document, made.known, graph.ontology, proposals)
    with suppress(click.Abort):  # who is cut off keeps what was decided, as with `q`
        _until_left(decided, made, mending)
    number = sum(one.proposed for one in decided)
    kept = [one.claim for one in decided if one.kept]
    summaries = {place_of(one.claim): one.summary for one in decided if one.summary}
    left = proposals[number:]
    if not decided and left:
        click.echo(f"left: nothing was decided, and {made.file} is the whole draft", err=True)
        return
    decide(made, kept, summaries, graph.ontology, left)
    if left:
        click.echo(
            f"left: {number} decided, {len(left)} not, which stay in {made.file} and say so; "
            f"`kg draft --review {made.file} {made.text}` makes a page to go on with",
            err=True,
        )


def _until_left(decided: list[Decided], made: Drafted, mending: Mending) -> None:
    """Take answers until somebody leaves; behind the last proposal there may be more to add."""
    proposals = made.draft.proposals
    while True:
        number = sum(one.proposed for one in decided)
        more = number < len(proposals)
        answer = _asked(made, number) if more else _choice("nuq", default="q")
        if answer == "q":
            return
        if answer == "u":
            del decided[-1:]
        else:
            decided.append(_answered(answer, proposals[number] if more else None, mending))


def _asked(made: Drafted, number: int) -> str:
    """What is to be done with a proposal."""
    one = made.draft.proposals[number]
    words = one_line(made.document.text[one.span.start : one.span.end])
    click.echo(f"\n{number + 1}/{len(made.draft.proposals)}  {words}", err=True)
    click.echo(f"   {_told(one)}  ({one.score})", err=True)
    return _choice("".join(CHOICES), default="a")


def _choice(keys: str, default: str) -> str:
    said = ", ".join(CHOICES[key].replace(key, f"[{key}]", 1) for key in keys)
    answer: str = click.prompt(
        f"   {said}",
        type=click.Choice(list(keys), case_sensitive=False),
        show_choices=False,
        default=default,
        err=True,
    )
    return answer.lower()


def _answered(answer: str, one: Proposal | None, mending: Mending) -> Decided:
    """What an answer decides; `one` is the claim that it is of, None for a new one."""
    if one and answer in "ar":
        return Decided(one, kept=answer == "a")
    if one and answer == "s":
        return Decided(one, summary=click.prompt("   summary", err=True))
    if one is None or answer == "n":
        click.echo("   a new claim; each field is held to what the document and kg know", err=True)
        claim = _prompt(mending.labels["words"], "", mending.begun)
        claim = _fields(claim, mending, list(mending.labels)[1:])
    else:
        claim = _fields(one, mending, list(mending.labels))
    summary = click.prompt("   summary", default="", show_default=False, err=True)
    return Decided(claim, summary=summary, proposed=answer != "n")


def _fields(one: Proposal, mending: Mending, fields: Sequence[str]) -> Proposal:
    """A claim with somebody's answers; Enter leaves a field as it is."""
    for field in fields:
        one = _prompt(
            mending.labels[field], mending.shown(one, field), partial(mending.put, one, field)
        )
    click.echo(f"   {_told(one)}", err=True)
    return one


def _prompt(label: str, default: str, read: Callable[[str], Proposal]) -> Proposal:
    """What an answer makes; one that cannot be read is told, and asked for again."""

    def read_or_tell(answer: str) -> Proposal:
        try:
            return read(answer)
        except KgUsageError as why:
            raise click.UsageError(str(why)) from None

    made: Proposal = click.prompt(
        f"   {label}", default=default or None, value_proc=read_or_tell, err=True
    )
    return made


def _told(one: Proposal) -> str:
    """A proposal in a line: who says what."""
    heard = one.asserter.thing.name if one.asserter else None
    says = heard or ("the document" if one.own else "nobody named")
    return f"{one_line(says)} {'denies' if one.negative else 'says'}: {one_line(_named(one))}"


def _named(one: Proposal) -> str:
    """A proposal by the names of its things."""
    target = one.object.thing.name if one.object else one.target
    hedge = " (hedged)" if one.hedge else ""
    return f"{one.subject.thing.name} {one.predicate} {target}{hedge}"


COMMANDS = (draft,)
