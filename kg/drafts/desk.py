"""From a file to a draft on disk: the claim file, the text that its spans count in, the review."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import count, islice
from pathlib import Path
from typing import Any, NamedTuple

from kg.base.errors import UsageError
from kg.base.written import adopt, own, refuse_foreign
from kg.base.yamlfile import Map
from kg.base.yamlfile import read as read_yaml
from kg.claims.text import alike
from kg.drafts import draft as drafted
from kg.drafts.claimfile import Place, place_of, scored, written
from kg.drafts.dates import printed_day
from kg.drafts.document import READERS, TELLING, Document, in_its_year, publisher_of, read
from kg.drafts.drafters import Given, model
from kg.drafts.gazetteer import Gazetteer
from kg.drafts.proposals import Draft, Proposal
from kg.drafts.reopened import moved, reopened
from kg.drafts.review import name_of, page_of, placed
from kg.drafts.summary import summary
from kg.ontology import Ontology, edtf, publishers
from kg.ontology.values import BadValue

HEAD = 5
"""Among so many first lines of a document a body alone on one is who publishes it."""
BODIES = ("agency", "organization")
"""What may be meant so: a state, a person or a group alone on a line is a title or who wrote it."""


@dataclass(frozen=True)
class Told:
    """What whoever drafts knows of a document beyond what it prints."""

    date: str | None = None
    publisher: str | None = None
    url: str | None = None


class Again(NamedTuple):
    """A file that was opened again: what it holds, and how many of its claims, the first of its
    draft's, are decided."""

    top: Map
    decided: int
    summaries: Mapping[Place, str]


@dataclass(frozen=True)
class Drafted:
    """What was made of a document, and where it lies."""

    document: Document
    draft: Draft
    known: Gazetteer
    file: Path
    text: Path
    review: Path | None = None
    decided: bool = False
    """Whether somebody decided what it holds, and not the drafter alone."""
    again: Again | None = None
    """What somebody had decided before, where the file was opened again."""

    @property
    def silent(self) -> list[int]:
        """The paragraphs that tell something, by their length, and of which nothing is proposed."""
        heard = {self.document.paragraph(one.span.start) for one in self.draft.proposals}
        told = enumerate(self.document.paragraphs, 1)
        return [
            number
            for number, (start, end) in told
            if number not in heard and len(self.document.text[start:end].split()) >= TELLING
        ]

    def as_dict(self) -> dict[str, Any]:
        """For programs."""
        return {
            "silent": self.silent,
            "file": str(self.file),
            "text": str(self.text),
            "review": str(self.review) if self.review else None,
            "drafter": self.draft.drafter,
            "claims": [scored(one, self.document) for one in self.draft.proposals],
            "refused": [
                {
                    "triple": list(one.triple),
                    "span": list(one.span) if one.span else None,
                    "why": one.why,
                }
                for one in self.draft.refused
            ],
        }


def described(document: Document, told: Told) -> Document:
    """A document with what was told of it. Raises `UsageError` for a day that is none."""
    if told.date:
        try:
            day = edtf.parse(told.date).text
        except BadValue as why:
            if not (day := printed_day(told.date) or ""):
                raise UsageError(f"--date {told.date}: {why}") from None
        document = in_its_year(replace(document, date=day, date_basis="metadata"))
    if told.url:
        at = re.search(r"/((?:19|20)\d\d)/(\d\d)/(\d\d)(?:/|$)", told.url)
        if at and not document.date:
            document = _on(document, "-".join(at.groups()))
        found = publishers.of_address(told.url)
        by = (found.id, found.name) if found else document.publisher
        document = replace(document, url=told.url, publisher=by)
    if told.publisher:
        document = replace(document, publisher=publisher_of(told.publisher))
    return document


def credited(document: Document, known: Gazetteer) -> Document:
    """With its publisher as kg knows that body, whatever the document calls it; where it names
    none, the body whose name is one of the first lines, as a release has it above its title."""
    by = document.publisher
    if by and publishers.of_name(by[1]):
        return document
    lines = (line.strip() for line in document.text.split("\n") if line.strip())
    for name in [by[1]] if by else islice(lines, HEAD):
        entry = known.called(alike(name))
        if entry and entry.thing.kind in BODIES:
            return replace(document, publisher=(entry.thing.id, entry.thing.known or name))
    return document


def _on(document: Document, day: str) -> Document:
    """With the day in its address, where that is one."""
    try:
        return replace(document, date=edtf.parse(day).text, date_basis="metadata")
    except BadValue:
        return document


def make(
    path: Path,
    out: Path | None,
    told: Told,
    known: Gazetteer,
    ontology: Ontology,
    by: str,
    options: Mapping[str, str],
) -> Drafted:
    """Read, draft, prove and write. A file that somebody changed since kg wrote it is refused."""
    document = credited(described(read(path), told), known)
    file = out or Path(path.stem + ".yaml")
    text = _place_of_text(path, file)
    if text != path:
        refuse_foreign(text)
    refuse_foreign(file)
    _refuse_reviewed(file, path)
    refuse_foreign(file.with_suffix(".review.html"))
    draft = drafted(document, known, ontology, by, options)
    if text != path:
        _write(text, document.text)
    _write(file, written(draft, document, known, ontology, text.name))
    review = _reviewed(file, document, known, ontology)
    return Drafted(document, draft, known, file, text, review)


_REVIEWED = re.compile(r"^  reviewed: (true|partly)$", re.MULTILINE)


def _refuse_reviewed(file: Path, path: Path) -> None:
    """What somebody decided is not lost to a draft made again. Raises `UsageError`."""
    if file.is_file() and _REVIEWED.search(file.read_text(encoding="utf-8")):
        raise UsageError(
            f"{file} has been reviewed: `kg draft --review {file} {path}` opens it again; for a "
            "new draft, --out names another place, or move the file away"
        )


def request(
    path: Path, out: Path, told: Told, known: Gazetteer, ontology: Ontology,
    options: Mapping[str, str],
) -> Path:  # fmt: skip
    """Write what a model would be asked about a document, as JSON, and ask nobody."""
    refuse_foreign(out)
    given = Given(credited(described(read(path), told), known), known, ontology, options)
    _write(out, json.dumps(model.request(given), ensure_ascii=False, indent=1) + "\n")
    return out


def decide(
    made: Drafted, kept: Sequence[Proposal], summaries: Mapping[Place, str], ontology: Ontology,
    left: Sequence[Proposal] = (),
) -> Drafted:  # fmt: skip
    """Write a draft again as somebody decided who read its proposals; `left`: those of which
    nothing was decided, which stay. It is reviewed once there are none. A statement whose claims
    are all decided and whose summary nobody wrote has the one that was proposed with them."""
    by_place = sorted((*kept, *left), key=lambda one: one.span)
    draft = replace(made.draft, proposals=tuple(by_place))
    undecided = {place_of(one) for one in left}
    groups = {place_of(one): [p for p in kept if place_of(p) == place_of(one)] for one in kept}
    proposed = {
        place: summary(group, made.document, ontology)
        for place, group in groups.items()
        if place not in undecided
    }
    told = {place: text for place, text in summaries.items() if text}
    text = written(
        draft, made.document, made.known, ontology, made.text.name, proposed | told,
        "partly" if left else "true", left, made.again.top if made.again else None,
    )  # fmt: skip
    file = _still(made.file)
    _write(file, text)
    _reviewed(file, made.document, made.known, ontology)
    return replace(made, draft=draft, decided=True, file=file)


def _still(file: Path) -> Path:
    """The file, where nobody changed it meanwhile; else a name beside it that is free: what was
    decided is never lost."""
    try:
        refuse_foreign(file)
    except UsageError:
        names = (file.with_stem(f"{file.stem}.{number}") for number in count(2))
        return next(name for name in names if not name.exists())
    return file


def reopen(file: Path, path: Path, known: Gazetteer, ontology: Ontology) -> Drafted:
    """A claim file that was drafted before, as a draft of which a part is decided. Raises
    `UsageError` where only its page can show it, or its words no longer stand in the document."""
    top = read_yaml(file)
    given = top.get("document") or {}
    by = given.get("published_by")
    document = replace(
        read(path), id=str(given.get("id")), name=given.get("name") or "", url=given.get("url"),
        date=given.get("date"), date_basis=given.get("date_basis"),
        publisher=(by, name_of(top, by, known)) if by else None,
    )  # fmt: skip
    held, lost = moved(top, document.text)
    if held or lost:
        where = ", ".join(str(top["claims"].lines[number]) for number in sorted((*held, *lost)))
        raise UsageError(
            f"{path} is not what {file} was made of: the words of the claims in line {where} do "
            "not stand where they stood; the page (leave `--interactive` away) shows and mends them"
        )
    placed(file, top, document)
    was = reopened(top, document, known, ontology)
    again = Again(top, was.decided, was.summaries)
    adopt(file)
    return Drafted(document, was.draft, known, file, path, decided=True, again=again)


def review(file: Path, path: Path, known: Gazetteer, ontology: Ontology) -> Path:
    """Write the page that reviews a claim file already made, beside its document."""
    return _reviewed(file, read(path), known, ontology)


def _reviewed(file: Path, document: Document, known: Gazetteer, ontology: Ontology) -> Path:
    page = file.with_suffix(".review.html")
    _write(page, page_of(file, document, known, ontology))
    return page


def _place_of_text(path: Path, file: Path) -> Path:
    """The document itself, where it is the text and lies beside the claim file; else a copy."""
    if path.suffix.lower() not in READERS and path.resolve().parent == file.resolve().parent:
        return path
    beside = file.with_suffix(".txt")
    return beside if beside.resolve() != path.resolve() else file.with_suffix(".text.txt")


def _write(path: Path, text: str) -> None:
    with own(path, binary=True) as file:
        file.write(text.encode())
