"""Claim files as other systems and hurried people write them."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

from kg.base.errors import InputError
from kg.claims.text import Text
from kg.ontology import load as ontology
from kg.pipeline.read import claim_file, seeds

SMALL = """\
document: {id: document:paper, name: Paper, date: 2019, text: paper.txt}
entities: {incident:theft: The theft, group:night: Night, agency:treasury: Treasury}
claims:
- {paragraph: 2, span: [START, END], quote: naïve, says: [incident:theft, count, 3]}
"""


def claims_of(path: Path) -> pl.DataFrame:
    return claim_file(path, ontology()).frame.filter(~pl.col("declared"))


@pytest.mark.parametrize("mark", ["", "\ufeff"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_spans_refer_to_the_text_as_it_is(tmp_path: Path, mark: str, end: str) -> None:
    text = f"{mark}First.{end}{end}\U0001f600 naïve \u05d0{end}"
    (tmp_path / "paper.txt").write_bytes(text.encode())
    start = text.index("naïve")
    small = SMALL.replace("START", str(start)).replace("END", str(start + 5))
    path = tmp_path / "small.yaml"
    path.write_bytes((mark + small.replace("\n", end)).encode())
    (row,) = claims_of(path).to_dicts()
    assert text[row["start"] : row["end"]] == row["quote"] == "naïve"
    path.write_bytes(path.read_bytes().replace(b"paragraph: 2", b"paragraph: 1"))
    with pytest.raises(InputError, match=rf"{path}:4: span"):
        claims_of(path)
    assert Text.of(text).paragraphs[0][0] == 0


def test_a_text_that_is_not_there_is_told(tmp_path: Path) -> None:
    path = tmp_path / "small.yaml"
    path.write_text(SMALL.replace("START", "0").replace("END", "5"), encoding="utf-8")
    (warning,) = claim_file(path, ontology()).warnings
    assert "paper.txt" in str(warning)
    assert "not checked" in str(warning)


WRONG = {
    "a span of superscripts": ("paragraph: 2, span: [START, END]", "span: [²,³]", "span"),
    "a start without end": ("span: [START, END], quote: naïve", "start: x", "start"),
    "a field of the emitter": ("paragraph: 2", "place: here", "place"),
    "another": ("paragraph: 2", "negative: true", "negative"),
    "a column of the ledger": ("paragraph: 2", "declared: true", "declared"),
    "two asserters": ("paragraph: 2", "asserter: [a, b]", "asserter"),
    "an asserter that cannot speak": ("paragraph: 2", "asserter: incident:theft", "asserter"),
    "a document that is none": ("paragraph: 2", "document: group:night", "document"),
    "an edge of claims": ("count, 3", "SUBJECT, group:night", "never claimed"),
    "a claim for an entity": ("group:night: Night", "claim:x: Night", "no entities"),
    "two kinds": ("incident:theft, count, 3", "group:night, SAME_AS, agency:treasury", "kind"),
    "two units": ("count, 3", "amount_stolen, 3 EUR, {unit: USD}", "EUR"),
    "a bound of a word": ("count, 3", "status, over, {bound: lower}", "bound"),
    "a unit of an edge": ("count, 3", "ATTRIBUTED_TO, group:night, {unit: USD}", "unit"),
    "a document by its id alone": (
        "document: {id: document:paper, name: Paper, date: 2019, text: paper.txt}",
        "document: document:paper",
        "mapping",
    ),
}  # fmt: skip


@pytest.mark.parametrize("what", WRONG)
def test_what_cannot_be_meant_is_refused(tmp_path: Path, what: str) -> None:
    old, new, word = WRONG[what]
    assert old in SMALL
    path = tmp_path / "small.yaml"
    path.write_text(SMALL.replace(old, new), encoding="utf-8")
    with pytest.raises(InputError, match=word) as caught:
        claims_of(path)
    assert all(problem.place.startswith(f"{path}:") for problem in caught.value.problems)


@pytest.mark.parametrize(
    ("said", "gone", "refused"),
    [
        ("2020-03-02", "2020-03-01", True),
        ("2020-03", "2020-02", True),
        ("2020-03", "2020-03-01", False),
        ("2020-03-02", "2020-03-02", False),
    ],
)
def test_nobody_takes_back_what_was_not_said_yet(
    tmp_path: Path, said: str, gone: str, refused: bool
) -> None:
    path, dates = tmp_path / "small.yaml", f"asserted: {said}, status: retracted, withdrawn: {gone}"
    written = SMALL.replace(", text: paper.txt", "").replace(
        "span: [START, END], quote: naïve", dates
    )
    path.write_text(written, encoding="utf-8")
    if refused:
        with pytest.raises(InputError, match=rf"{path}:4: withdrawn: is before {said}"):
            claims_of(path)
    else:
        assert claims_of(path)["withdrawn"].to_list() == [gone]


def test_the_name_of_the_conclusions_is_kept(tmp_path: Path) -> None:
    path = tmp_path / "identity.yaml"
    path.write_text("entities: {group:night: Night}\n", encoding="utf-8")
    with pytest.raises(InputError, match="rename the file"):
        seeds([path], ontology())


def test_ten_thousand_claims_in_one_file(tmp_path: Path) -> None:
    many = "\n".join(
        f"- {{summary: Number {n}, says: [incident:theft, count, {n}]}}" for n in range(10_000)
    )
    path = tmp_path / "many.yaml"
    path.write_text(f"entities: {{incident:theft: The theft}}\nclaims:\n{many}\n", encoding="utf-8")
    found = claims_of(path)
    assert found.height == 10_000
    assert found["number"].sum() == sum(range(10_000))


def test_odd_and_long_names_stay_as_they_are(tmp_path: Path) -> None:
    names = ["\u200bzero\u200d", "\u202eright to left", "\u05dc\u05d9\u05dc\u05d4", "x" * 20_000]
    lines = [f'  group:g{n}: "{name}"' for n, name in enumerate(names)]
    path = tmp_path / "odd.yaml"
    path.write_text("entities:\n" + "\n".join(lines), encoding="utf-8")
    frame = claim_file(path, ontology()).frame
    assert frame.sort("subject")["value"].to_list() == names
