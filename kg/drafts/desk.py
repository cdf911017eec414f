"""From a file to a draft on disk: the claim file, the text that its spans count in, the review."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from kg.base.errors import UsageError
from kg.base.written import own, refuse_foreign
from kg.drafts import draft as drafted
from kg.drafts.claimfile import Place, place_of, scored, written
from kg.drafts.document import READERS, TELLING, Document, publisher_of, read
from kg.drafts.drafters import Given, model
from kg.drafts.gazetteer import Gazetteer
from kg.drafts.proposals import Draft, Proposal
from kg.drafts.review import page_of
from kg.ontology import Ontology, edtf, publishers
from kg.ontology.values import BadValue


@dataclass(frozen=True)
class Told:
    """What whoever drafts knows of a document beyond what it prints."""

    date: str | None = None
    publisher: str | None = None
    url: str | None = None


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
            "claims": [
                scored(one, self.document) | {"span": list(one.span)}
                for one in self.draft.proposals
            ],
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
            raise UsageError(f"--date {told.date}: {why}") from None
        document = replace(document, date=day, date_basis="metadata")
    if told.url:
        found = publishers.of_address(told.url)
        by = (found.id, found.name) if found else document.publisher
        document = replace(document, url=told.url, publisher=by)
    if told.publisher:
        document = replace(document, publisher=publisher_of(told.publisher))
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
    document = described(read(path), told)
    file = out or Path(path.stem + ".yaml")
    text = _place_of_text(path, file)
    if text != path:
        refuse_foreign(text)
    refuse_foreign(file)
    _refuse_reviewed(file)
    refuse_foreign(file.with_suffix(".review.html"))
    draft = drafted(document, known, ontology, by, options)
    if text != path:
        _write(text, document.text)
    _write(file, written(draft, document, known, ontology, text.name))
    review = _reviewed(file, document, known, ontology)
    return Drafted(document, draft, known, file, text, review)


_REVIEWED = re.compile(r"^  reviewed: (true|partly)$", re.MULTILINE)


def _refuse_reviewed(file: Path) -> None:
    """What somebody decided is not lost to a draft made again. Raises `UsageError`."""
    if file.is_file() and _REVIEWED.search(file.read_text(encoding="utf-8")):
        why = "has been reviewed: --out names another place, or move the file away"
        raise UsageError(f"{file} {why}")


def request(
    path: Path, out: Path, told: Told, known: Gazetteer, ontology: Ontology,
    options: Mapping[str, str],
) -> Path:  # fmt: skip
    """Write what a model would be asked about a document, as JSON, and ask nobody."""
    refuse_foreign(out)
    given = Given(described(read(path), told), known, ontology, options)
    _write(out, json.dumps(model.request(given), ensure_ascii=False, indent=1) + "\n")
    return out


def decide(
    made: Drafted, kept: Sequence[Proposal], summaries: Mapping[Place, str], ontology: Ontology,
    left: Sequence[Proposal] = (),
) -> tuple[Drafted, int]:  # fmt: skip
    """Write a draft again as somebody decided who read its proposals; `left`: those of which
    nothing was decided, which stay. Returns it, and how many of the statements that were kept have
    no summary yet; the file is reviewed once there is neither."""
    draft = replace(made.draft, proposals=(*kept, *left))
    unwritten = {place_of(one) for one in kept} - {place for place in summaries if summaries[place]}
    reviewed = "partly" if left or unwritten else "true"
    text = written(draft, made.document, made.known, ontology, made.text.name, summaries, reviewed)
    _write(made.file, text)
    _reviewed(made.file, made.document, made.known, ontology)
    return replace(made, draft=draft, decided=True), len(unwritten)


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
