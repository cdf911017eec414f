"""From a document to a claim file that a person reviews."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import click

from kg.base.errors import UsageError as KgUsageError
from kg.base.shown import one_line, plural
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
        made = _decide(made, graph)
    terminal().drafted(made, format_)


class Decided(NamedTuple):
    """What somebody decided of one claim."""

    claim: Proposal
    how: str
    """`accepted`, `mended`, `added` or `rejected`."""
    summary: str = ""

    @property
    def kept(self) -> bool:
        """Whether it stays in the file."""
        return self.how != "rejected"

    @property
    def proposed(self) -> bool:
        """False for one that nobody had proposed."""
        return self.how != "added"


CHOICES = {
    "a": "accept",
    "r": "reject",
    "s": "summarise and accept",
    "e": "edit field by field",
    "n": "new claim",
    "u": "undo the last",
    "q": "quit and keep",
}


def _decide(made: Drafted, graph: KnowledgeGraph) -> Drafted:
    """Ask of each proposal whether it stands, and write down what was decided; what was not stays
    in the file, which says so. Returns what the file holds then."""
    from kg.drafts.claimfile import place_of
    from kg.drafts.desk import decide
    from kg.drafts.mending import Mending

    proposals, decided = made.draft.proposals, list[Decided]()
    mending = Mending(made.document, made.known, graph.ontology, proposals)
    with suppress(click.Abort):  # who is cut off keeps what was decided, as with `q`
        _until_left(decided, made, mending)
    left = proposals[sum(one.proposed for one in decided) :]
    if not decided and left:
        click.echo(f"left: nothing was decided, and {made.file} is the whole draft", err=True)
        return made
    kept = [one.claim for one in decided if one.kept]
    summaries = {place_of(one.claim): one.summary for one in decided if one.kept and one.summary}
    made, unwritten = decide(made, kept, summaries, graph.ontology, left)
    _left(made, Counter(one.how for one in decided), len(left), unwritten)
    return made


def _left(made: Drafted, counts: Mapping[str, int], left: int, unwritten: int) -> None:
    """Say how the review ended, and what is still to be done."""
    told = [f"{how} {counts.get(how, 0)}" for how in ("accepted", "mended", "added", "rejected")]
    click.echo(f"decided  {', '.join(told)}, still open {left}", err=True)
    more = []
    if left:
        more.append(f"{plural(left, 'claim')} not decided")
    if unwritten:
        more.append(f"{plural(unwritten, 'statement')} without a summary")
    if more:
        click.echo(
            f"left: {' and '.join(more)}: {made.file} says `reviewed: partly`; "
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
            _taken_back(decided)
        else:
            decided.append(_answered(answer, proposals[number:], mending, decided))


def _taken_back(decided: list[Decided]) -> None:
    if not decided:
        click.echo("   nothing was decided that could be taken back", err=True)
        return
    last = decided.pop()
    summary = f", summary {one_line(last.summary)!r}" if last.summary else ""
    click.echo(f"   taken back: {last.how}: {_told(last.claim)}{summary}", err=True)


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


def _answered(
    answer: str, open_: Sequence[Proposal], mending: Mending, decided: Sequence[Decided]
) -> Decided:
    """What an answer decides of the first claim that is open, or of a new one."""
    if open_ and answer in "ar":
        return Decided(open_[0], "accepted" if answer == "a" else "rejected")
    if open_ and answer in "se":
        claim = open_[0] if answer == "s" else _fields(open_[0], mending, list(mending.labels))
        how = "accepted" if answer == "s" else "mended"
        return Decided(claim, how, _summary(claim, open_[1:], decided, required=answer == "s"))
    click.echo("   a new claim; each field is held to what the document and kg know", err=True)
    known = [one.claim for one in decided if one.kept]
    claim = _prompt(mending.labels["words"], "", partial(mending.begun, decided=known))
    claim = _fields(claim, mending, list(mending.labels)[1:])
    return Decided(claim, "added", _summary(claim, open_, decided))


def _summary(
    claim: Proposal, open_: Sequence[Proposal], decided: Sequence[Decided], required: bool = False
) -> str:
    """The summary of the statement that a claim is of: one for all that a voice says at a span.
    What was written of it before is shown, and stays with Enter."""
    from kg.drafts.claimfile import place_of

    same = [one for one in decided if one.kept and place_of(one.claim) == place_of(claim)]
    mates = [one.claim for one in same]
    mates += [one for one in open_ if place_of(one) == place_of(claim)]
    stands = next((one.summary for one in reversed(same) if one.summary), "")
    if mates and not stands:
        click.echo(f"   one summary for {len(mates) + 1} claims of these words:", err=True)
        for one in (claim, *mates):
            click.echo(f"     {one_line(_named(one))}", err=True)
    default = stands or (None if required else "")
    said: str = click.prompt("   summary", default=default, show_default=bool(stands), err=True)
    if stands and said != stands:
        click.echo(f"   in place of: {one_line(stands)}", err=True)
    return said


def _fields(one: Proposal, mending: Mending, fields: Sequence[str]) -> Proposal:
    """A claim with somebody's answers; Enter leaves a field as it is."""
    for field in fields:
        label, shown = mending.label(one, field), mending.shown(one, field)
        one = _prompt(label, shown, partial(mending.put, one, field))
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
