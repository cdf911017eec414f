"""Spans written by hand: found by their words, and held to what their claim speaks of."""

from __future__ import annotations

from hashlib import sha256
from pathlib import Path

import pytest

from kg.base.errors import InputError
from kg.claims.held import tells
from kg.ontology import load as ontology
from kg.pipeline.read import claim_file

TEXT = """\
The Bulletin

Night Group hit “Harbour  Clinic” in May, Northwind said. The group then left.

The group came back.
"""
FILE = """\
document: {id: document:paper, name: Paper, date: 2019, text: paper.txt}
entities: {incident:clinic: The break-in, group:night: Night Group, organization:n: Northwind}
claims:
- asserter: organization:n
  WHERE
  says: [incident:clinic, ATTRIBUTED_TO, group:night]
"""


def checked(folder: Path, where: str) -> tuple[tuple[int, ...], list[str]]:
    """Span and paragraph of the claim, and what is warned of."""
    (folder / "paper.txt").write_text(TEXT, encoding="utf-8")
    path = folder / "claims.yaml"
    path.write_text(FILE.replace("WHERE", where), encoding="utf-8")
    batch = claim_file(path, ontology())
    frame = batch.frame.filter(~batch.frame["declared"])
    return frame.select("start", "end", "paragraph").row(0), list(map(str, batch.warnings))


def test_words_of_the_document_are_a_span_whatever_their_quotes_and_spaces(tmp_path: Path) -> None:
    place, warned = checked(tmp_path, "span: 'Night Group hit \"Harbour Clinic\"'")
    assert TEXT[place[0] : place[1]] == "Night Group hit “Harbour  Clinic”"
    assert (place[2], warned) == (2, [])


@pytest.mark.parametrize("where", ["paragraph: 2", "summary: Northwind blames Night Group."])
def test_a_claim_that_does_not_say_where_it_stands_is_told(tmp_path: Path, where: str) -> None:
    (warned,) = checked(tmp_path, where)[1]
    assert "claims.yaml:6: span: the document's text is at hand, and where this stands" in warned
    assert checked(tmp_path, "locator: the second column")[1] == []


@pytest.mark.parametrize("end", ["", " It left again.\n"])
def test_a_text_that_changed_since_it_was_drafted_is_told(tmp_path: Path, end: str) -> None:
    """Also where the draft's own sum of each span was left out by who wrote it anew."""
    (tmp_path / "paper.txt").write_text(TEXT + end, encoding="utf-8")
    said = FILE.replace("WHERE", "span: 'Night Group hit “Harbour  Clinic”'")
    draft = f"draft: {{reviewed: true, text_sha256: {sha256(TEXT.encode()).hexdigest()}}}\n"
    (tmp_path / "claims.yaml").write_text(said + draft, encoding="utf-8")
    warned = claim_file(tmp_path / "claims.yaml", ontology()).warnings
    assert ["the text has changed" in str(one) for one in warned] == [True] * bool(end)


@pytest.mark.parametrize(
    ("where", "told"),
    [
        ("span: Night Group struck Harbour Clinic", "in paragraph 2: 'Night Group hit “Harbour"),
        ("span: The group", "stands there 2 times, at [72, 81], [94, 103]: give more of its words"),
        ("paragraph: 3; span: Northwind said", "do not stand in paragraph 3"),
        ("span: nothing like that whatever", "do not stand in the document's text"),
        ("span: The group came back; meant: {group:night: the gang}", "meant: these words do not"),
        ("span: one, two", "do not stand"),
    ],
)  # fmt: skip
def test_words_that_are_not_there_are_an_error_with_the_nearest(
    tmp_path: Path, where: str, told: str
) -> None:
    with pytest.raises(InputError) as error:
        checked(tmp_path, where.replace("; ", "\n  "))
    assert told in str(error.value)
    assert f"{tmp_path / 'claims.yaml'}:" in str(error.value)


def test_who_is_not_named_at_the_span_is_told_unless_its_words_are_shown(tmp_path: Path) -> None:
    _, warned = checked(tmp_path, "span: The group came back")
    assert "span: the span does not name it (the document names it in paragraph 2)" in warned[0]
    _, warned = checked(tmp_path, "span: The group came back\n  meant: {group:night: The group}")
    assert warned == []


@pytest.mark.parametrize(("words", "told"), [("the band !!! and others", True), ("nobody", False)])
def test_a_name_without_a_word_tells_by_standing_there(words: str, told: bool) -> None:
    assert tells(words, "!!!") is told
