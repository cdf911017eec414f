"""The review of a draft in the terminal: each proposal is decided, mended or added to, and what was
decided is written down."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, NamedTuple

import click

from kg.base.errors import UsageError
from kg.base.shown import one_line, plural
from kg.drafts.claimfile import Place, place_of
from kg.drafts.desk import Drafted, decide
from kg.drafts.mending import Mending
from kg.drafts.proposals import Proposal
from kg.drafts.summary import summary

if TYPE_CHECKING:
    from kg.api import KnowledgeGraph


class Decided(NamedTuple):
    """What somebody decided of one claim."""

    claim: Proposal
    how: str
    """`accepted`, `mended`, `added`, `rejected`, or `kept`: decided in an earlier review."""
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


def decided(made: Drafted, graph: KnowledgeGraph) -> Drafted:
    """Ask of each proposal whether it stands, and write down what was decided; what was not stays
    in the file, which says so. Returns what the file holds then."""
    proposals = made.draft.proposals
    sitting = Sitting(Mending(made.document, made.known, graph.ontology, proposals), proposals)
    if made.again:
        sitting.before = dict(made.again.summaries)
        sitting.answers = [Decided(one, "kept") for one in proposals[: made.again.decided]]
        told = f"{made.again.decided} of {plural(len(proposals), 'claim')}"
        click.echo(f"{told} are decided already: u takes back the last of them", err=True)
    begun = list(sitting.answers)
    with suppress(click.Abort):  # who is cut off keeps what was decided, as with `q`
        sitting.until_left()
    if sitting.answers == begun and sitting.open:
        click.echo(f"left: nothing was decided, and {made.file} is as it was", err=True)
        return made
    file = made.file
    made = decide(made, sitting.kept, sitting.summaries, graph.ontology, sitting.open)
    if made.file != file:
        click.echo(f"{file} was changed meanwhile: what you decided is in {made.file}", err=True)
    _left(made, Counter(one.how for one in sitting.answers), len(sitting.open))
    return made


def _left(made: Drafted, counts: Mapping[str, int], left: int) -> None:
    """Say how the review ended, and what is still to be done."""
    hows = (*(("kept",) if counts.get("kept") else ()), "accepted", "mended", "added", "rejected")
    told = ", ".join(f"{how} {counts.get(how, 0)}" for how in hows)
    click.echo(f"decided  {told}, still open {left}", err=True)
    if left:
        click.echo(
            f"left: {plural(left, 'claim')} not decided: {made.file} says `reviewed: partly`; "
            f"`kg draft --review {made.file} {made.text}` makes a page to go on with, with "
            "`--interactive` it goes on here",
            err=True,
        )


@dataclass
class Sitting:
    """Somebody's answers to the proposals of a draft, in their order."""

    mending: Mending
    proposals: Sequence[Proposal]
    answers: list[Decided] = field(default_factory=list)
    before: Mapping[Place, str] = field(default_factory=dict)
    """The summaries that stood in the file."""

    @property
    def open(self) -> Sequence[Proposal]:
        """What is not decided."""
        return self.proposals[sum(one.proposed for one in self.answers) :]

    @property
    def kept(self) -> list[Proposal]:
        """What stays of what was decided."""
        return [one.claim for one in self.answers if one.kept]

    @property
    def summaries(self) -> dict[Place, str]:
        """What somebody wrote, then or now."""
        now = {place_of(one.claim): one.summary for one in self.answers if one.kept and one.summary}
        return {**self.before, **now}

    def until_left(self) -> None:
        """Take answers until somebody leaves; behind the last proposal there may be more to add."""
        while True:
            if self.open:
                self._show()
            keys, default = ("".join(CHOICES), "a") if self.open else ("nuq", "q")
            answer = _choice(keys, default)
            if answer == "q":
                return
            if answer == "u":
                self._take_back()
            else:
                self.answers.append(self._answered(answer))

    def _take_back(self) -> None:
        if not self.answers:
            click.echo("   nothing was decided that could be taken back", err=True)
            return
        last = self.answers.pop()
        summary = f", summary {one_line(last.summary)!r}" if last.summary else ""
        click.echo(f"   taken back: {last.how}: {_told(last.claim)}{summary}", err=True)

    def _show(self) -> None:
        """A proposal with its words, and the summary that it gets if nobody writes another."""
        one, number = self.open[0], len(self.proposals) - len(self.open) + 1
        words = one_line(self.mending.document.text[one.span.start : one.span.end])
        click.echo(f"\n{number}/{len(self.proposals)}  {words}", err=True)
        click.echo(f"   {_told(one)}  ({one.score})", err=True)
        written, proposed = self._summaries(one, self.open[1:])
        told = f"summary: {written}" if written else f"proposed summary: {proposed}"
        click.echo(f"   {one_line(told)}", err=True)

    def _answered(self, answer: str) -> Decided:
        """What an answer decides of the first claim that is open, or of a new one."""
        left = self.open
        if left and answer in "ar":
            return Decided(left[0], "accepted" if answer == "a" else "rejected")
        if left and answer in "se":
            fields = list(self.mending.labels)
            claim = left[0] if answer == "s" else _fields(left[0], self.mending, fields)
            how = "accepted" if claim == left[0] else "mended"
            return Decided(claim, how, self._summary(claim, left[1:]))
        click.echo("   a new claim; each field is held to what the document and kg know", err=True)
        begun = partial(self.mending.begun, decided=self.kept)
        claim = _prompt(self.mending.labels["words"], "", begun)
        claim = _fields(claim, self.mending, list(self.mending.labels)[1:])
        return Decided(claim, "added", self._summary(claim, left))

    def _summaries(self, claim: Proposal, left: Sequence[Proposal]) -> tuple[str, str]:
        """What is written as the summary of the statement that a claim is of, one for all that a
        voice says at a span; and what is proposed of them together."""
        place = place_of(claim)
        mates = [[one for one in group if place_of(one) == place] for group in (self.kept, left)]
        claims = [*mates[0], claim, *mates[1]]
        proposed = summary(claims, self.mending.document, self.mending.ontology)
        return self.summaries.get(place, ""), proposed

    def _summary(self, claim: Proposal, left: Sequence[Proposal]) -> str:
        """What somebody writes as a summary; Enter leaves what is written, else what is proposed:
        empty, for it is made anew when all of the statement is decided."""
        written, proposed = (one_line(one) for one in self._summaries(claim, left))
        said: str = click.prompt("   summary", default=written or proposed, err=True)
        if written and said != written:
            click.echo(f"   in place of: {written}", err=True)
        return said if written or said != proposed else ""


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


def _fields(one: Proposal, mending: Mending, fields: Sequence[str]) -> Proposal:
    """A claim with somebody's answers; Enter leaves a field as it is."""
    for name in fields:
        label, shown = mending.label(one, name), mending.shown(one, name)
        one = _prompt(label, shown, partial(mending.put, one, name))
    click.echo(f"   {_told(one)}", err=True)
    return one


def _prompt(label: str, default: str, read: Callable[[str], Proposal]) -> Proposal:
    """What an answer makes; one that cannot be read is told, and asked for again."""

    def read_or_tell(answer: str) -> Proposal:
        try:
            return read(answer)
        except UsageError as why:
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
