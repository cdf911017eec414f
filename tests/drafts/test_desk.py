"""`kg draft` makes a claim file that loads, and proves every word of it."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from shutil import copy

import polars as pl
import pytest
from click.testing import CliRunner

import kg
from kg.base.errors import UsageError
from kg.cli.commands import cli
from kg.drafts import Document, gazetteer
from kg.drafts.claimfile import place_of, written
from kg.drafts.desk import Drafted
from kg.drafts.mending import LABELS, Mending
from kg.ontology import load
from kg.pipeline.read import claim_file

DATA = Path(__file__).parent / "data"


@pytest.fixture
def made(tmp_path: Path) -> Drafted:
    """The draft of a short report, in a folder with the report."""
    copy(DATA / "harbour.txt", tmp_path)
    with kg.open(tmp_path / "kg.kgl") as graph:
        return graph.draft(tmp_path / "harbour.txt", tmp_path / "harbour.yaml")


def test_the_file_loads_and_its_spans_are_checked_against_the_text(made: Drafted) -> None:
    with kg.open(made.file.parent / "kg.kgl") as graph:
        batch = claim_file(made.file, graph.ontology)
    claims = batch.frame.filter(~pl.col("declared"))
    assert claims.height == len(made.draft.proposals) > 8
    assert claims["start"].null_count() == 0
    assert set(claims["summary"]) == {"(to be written)"}
    assert [warning.field for warning in batch.warnings] == ["reviewed"]


def test_what_somebody_else_is_heard_with_is_not_the_papers_word(made: Drafted) -> None:
    by = {p.triple: p for p in made.draft.proposals}
    attack = next(p for p in by.values() if p.predicate == "TARGETED")
    assert attack.asserter is not None
    assert attack.asserter.thing.name == "Estonia's Foreign Ministry"
    met = [p for p in by.values() if p.predicate == "PARTICIPATED_IN"]
    assert {p.subject.thing.name for p in met} == {"Liisa Tamm", "Janis Kalns"}
    assert all(p.own for p in met)


def test_a_file_that_somebody_changed_is_not_written_over(made: Drafted) -> None:
    made.file.write_text(made.file.read_text("utf-8") + "# mine\n", encoding="utf-8")
    with (
        kg.open(made.file.parent / "kg.kgl") as graph,
        pytest.raises(UsageError, match="not as kg wrote it"),
    ):
        graph.draft(made.file.parent / "harbour.txt", made.file)


def test_the_command_drafts_asks_and_writes_what_was_decided(tmp_path: Path) -> None:
    copy(DATA / "harbour.txt", tmp_path)
    document, out = str(tmp_path / "harbour.txt"), tmp_path / "out.yaml"
    place = ["--db", str(tmp_path / "kg.kgl")]
    answers = "x\nreject\nR\ns\nIn our words.\n" + "a\n" * 15  # the first two are no answers
    command = ["draft", document, "--out", str(out), "--interactive", *place]
    done = CliRunner().invoke(cli, command, input=answers)
    assert done.exit_code == 0, done.output
    with kg.open(tmp_path / "kg.kgl") as graph:
        batch = claim_file(out, graph.ontology)
    assert done.output.count("is not one of 'a', 'r', 's', 'e', 'n', 'u', 'q'") == 2
    assert not batch.warnings  # who accepts a claim takes the summary that is shown with it
    assert "rejected 1, still open 0" in done.output
    assert "proposed summary: Estonia's Foreign Ministry says that " in done.output
    assert "Nobody has read it" not in out.read_text("utf-8")
    assert "In our words." in set(batch.frame["summary"])
    assert (tmp_path / "out.review.html").is_file()
    again = CliRunner().invoke(cli, command, input=answers)
    assert "has been reviewed" in str(again.exception) + again.output
    assert "In our words." in out.read_text("utf-8")


def test_who_leaves_half_way_keeps_what_was_decided(tmp_path: Path) -> None:
    copy(DATA / "harbour.txt", tmp_path)
    out = tmp_path / "out.yaml"
    command = ["draft", str(tmp_path / "harbour.txt"), "--out", str(out),
               "--db", str(tmp_path / "kg.kgl")]  # fmt: skip
    asked = [*command, "--interactive"]
    assert "nothing was decided" in CliRunner().invoke(cli, asked, input="q\n").output
    whole = out.read_text("utf-8")
    done = CliRunner().invoke(cli, asked, input="a\nr\nu\ns\nIn our words.\nr\nq\n")
    assert done.exit_code == 0, done.output
    assert "accepted 2, mended 0, added 0, rejected 1, still open 14" in done.output
    assert "\n16 claims in " in done.output  # what the file holds now
    assert "taken back: rejected: Estonia's Foreign Ministry says: " in done.output
    text = out.read_text("utf-8")
    assert "In our words." in text
    assert text.count("triple") == whole.count("triple") - 1, "what was rejected is gone"
    with kg.open(tmp_path / "kg.kgl") as graph:
        told = {one.field: one.message for one in claim_file(out, graph.ontology).warnings}
    head = text.partition("\n\n")[0]
    assert all(line.startswith("# ") for line in head.splitlines()), head
    assert told["reviewed"].startswith("a part of this draft is not reviewed")  # not in silence
    assert "has been reviewed" in str(CliRunner().invoke(cli, command).exception)
    assert out.read_text("utf-8") == text


def test_a_claim_is_mended_field_by_field_and_another_added(tmp_path: Path) -> None:
    copy(DATA / "harbour.txt", tmp_path)
    out = tmp_path / "out.yaml"
    command = ["draft", str(tmp_path / "harbour.txt"), "--out", str(out), "--interactive",
               "--db", str(tmp_path / "kg.kgl")]  # fmt: skip
    mended = [
        "e", "imposed peace", "imposed sanctions on the hacking group known as Paper Crane", "",
        "IMPOSED_ON", "DESIGNATES", "nobody", "Harbour Clinic (bank)", "2022", "meeting: Riga",
        "state: Norland", "group: Grey Crane", "document:harbour", "Harbour Clinic", "perhaps",
        "-", "maybe", "yes",
        "31 February 2022", "2 March 2022", "Our words.",
    ]  # fmt: skip
    added = [
        "n", "hacking the moon", "Baltic Freight Bank in May 2021",
        "incident:baltic-freight-bank-2021", "amount_attempted", "much", "up to 6 million EUR", "-",
        "Freight", "", "May 2021", "",
    ]  # fmt: skip
    done = CliRunner().invoke(cli, command, input="\n".join([*mended, *added, "q", ""]))
    assert done.exit_code == 0, done.output
    for told in (
        "these words do not stand in the document",
        "Sanction has no relation or property 'IMPOSED_ON'; did you mean 'IMPOSED_BY'",
        "nothing is called 'nobody' here",
        "Riga is a Meeting; here stands one of",
        "'perhaps' does not stand in the words of the claim",
        "'maybe' is neither yes nor no",
        "'31 February 2022': ",
        "'much': not a number",
        "accepted 0, mended 1, added 1, rejected 0, still open 16",
        "object (a name; `group: NAME` is something new)",
        "'Norland': not a country",
        "one that has no code is no state here",
    ):
        assert told in done.output, done.output
    text = out.read_text("utf-8")
    assert "[sanction:paper-crane, DESIGNATES, group:grey-crane, {valid: 2022-03-02, " in text
    assert "amount_attempted, 6000000, {hedge: Freight, valid: 2021-05, valid_basis: stated, " in (
        text
    )
    with kg.open(tmp_path / "kg.kgl") as graph:
        claims = claim_file(out, graph.ontology).frame.filter(~pl.col("declared"))
    mine = claims.filter(pl.col("summary") == "Our words.").row(0, named=True)
    assert (mine["object"], mine["asserter"]) == ("group:grey-crane", "organization:harbour-clinic")
    assert mine["negative"]
    assert (mine["start"], mine["end"]) == (122, 181)
    new = claims.filter(pl.col("number") == 6e6).row(0, named=True)
    assert (new["bound"], new["unit"], new["asserter"]) == ("upper", "EUR", None)


def test_one_statement_has_one_summary_and_what_stands_is_shown(tmp_path: Path) -> None:
    """All that a voice says at a span is one statement: a second summary of it replaces none in
    silence."""
    copy(DATA / "harbour.txt", tmp_path)
    out = tmp_path / "out.yaml"
    command = ["draft", str(tmp_path / "harbour.txt"), "--out", str(out), "--interactive",
               "--db", str(tmp_path / "kg.kgl")]  # fmt: skip
    done = CliRunner().invoke(cli, command, input="s\nThe first.\ns\n\nq\n")
    assert "   summary: The first." in done.output
    assert "summary [The first.]" in done.output
    assert out.read_text("utf-8").count("summary: The first.") == 1
    out.unlink()
    done = CliRunner().invoke(cli, command, input="s\nThe first.\ns\nThe second.\nq\n")
    assert "in place of: The first." in done.output


def test_who_is_heard_in_its_sentence_says_what_is_added() -> None:
    """Also where nothing is proposed of the sentence, and the page offers the same."""
    text = (
        "In a statement, the Norland Foreign Ministry said the port was closed for two days.\n"
        "Redwood Labs, a company, saw no proof, its analysts said last year.\n"
        "It later called Redwood Labs and denied it. The port stayed closed.\n"
    )
    mending = Mending(Document(text), gazetteer.of(), load(), ())
    for words, who in (
        ("the port was closed", "Norland Foreign Ministry"),
        ("saw no proof", "Redwood Labs"),
        ("and denied it", None),
        ("stayed closed", None),
    ):
        heard = mending.begun(words).asserter
        assert (heard.thing.name if heard else None) == who


def test_enter_leaves_a_claim_as_it_was_proven(made: Drafted) -> None:
    mending = Mending(made.document, made.known, load(), made.draft.proposals)
    for one in made.draft.proposals:
        for field in LABELS:
            assert mending.put(one, field, mending.shown(one, field)) == one, field


def test_a_part_of_a_word_does_not_stand_in_the_document(made: Drafted) -> None:
    """`may` hedges nothing in `mayor`."""
    mending = Mending(made.document, made.known, load(), made.draft.proposals)
    one = next(p for p in made.draft.proposals if "sanctions" in mending.shown(p, "words"))
    assert mending.put(one, "hedge", "sanctions").hedge
    for part in ("sanction", "anctions"):
        with pytest.raises(UsageError, match="does not stand in the words"):
            mending.put(one, "hedge", part)


def test_two_voices_in_one_sentence_have_a_summary_each(made: Drafted) -> None:
    one = next(one for one in made.draft.proposals if one.asserter)
    other = replace(one, asserter=None, own=True)
    draft = replace(made.draft, proposals=(one, other))
    told = {place_of(one): "The ministry says so.", place_of(other): "The paper says so."}
    text = written(draft, made.document, made.known, load(), made.text.name, told)
    assert "The ministry says so." in text
    assert "The paper says so." in text


def test_paragraphs_of_which_nothing_is_proposed_are_told(made: Drafted) -> None:
    assert made.silent == []
    told = replace(made, draft=replace(made.draft, proposals=made.draft.proposals[:1]))
    only = made.document.paragraph(made.draft.proposals[0].span.start)
    assert told.silent
    assert only not in told.silent


def test_json_gives_every_claim_with_its_words_and_every_refusal(tmp_path: Path) -> None:
    copy(DATA / "harbour.txt", tmp_path)
    command = ["draft", str(tmp_path / "harbour.txt"), "--out", str(tmp_path / "o.yaml")]
    done = CliRunner().invoke(cli, [*command, "--db", str(tmp_path / "g.kgl"), "--format", "json"])
    told = json.loads(done.stdout)
    assert set(told) == {"file", "text", "review", "drafter", "claims", "refused", "silent"}
    assert all(
        {"triple", "score", "because", "words", "span"} <= set(one) for one in told["claims"]
    )


def test_what_the_ledger_knows_keeps_its_id_and_says_by_which_name(tmp_path: Path) -> None:
    known = tmp_path / "known.yaml"
    known.write_text(
        "document: {id: document:k, name: K}\n"
        "entities:\n"
        "  agency:eesti: Government of Estonia\n"
        "  group:crane: {name: Paper Crane}\n"
        "claims:\n"
        "- says: [group:crane, alias, Origami]\n",
        encoding="utf-8",
    )
    text = tmp_path / "news.txt"
    text.write_text(
        "Estonia's government has imposed sanctions on Origami, the ministry said.\n",
        encoding="utf-8",
    )
    with kg.open(tmp_path / "kg.kgl") as graph:
        graph.load("claims", known)
        made = graph.draft(text, tmp_path / "news.yaml")
    ends = {one.predicate: one.object.thing for one in made.draft.proposals if one.object}
    assert ends["IMPOSED_BY"].id == "agency:eesti"
    assert ends["DESIGNATES"].id == "group:crane"
    assert ends["DESIGNATES"].known == "Origami"


def test_a_claim_of_which_nothing_was_changed_is_accepted(tmp_path: Path) -> None:
    copy(DATA / "harbour.txt", tmp_path)
    command = ["draft", str(tmp_path / "harbour.txt"), "--out", str(tmp_path / "out.yaml"),
               "--interactive", "--db", str(tmp_path / "kg.kgl")]  # fmt: skip
    done = CliRunner().invoke(cli, command, input="e" + "\n" * 20 + "q\n")
    assert "mended 0, added 0" in done.output, done.output
    assert "accepted 0" not in done.output


RELEASE = """\
{head}
Two charged over a theft

March 3, 2021

A court charged two hackers with stealing $2 million from Acme Bank in 2020.
"""


@pytest.mark.parametrize(
    ("head", "publisher", "by"),
    [
        ("U.S. Department of the Treasury", None, "agency:us-treasury"),
        (
            "Office of Public Affairs\nU.S. Department of Justice",
            None,
            "agency:us-justice-department",
        ),
        ("A notice", "U.S. Department of the Treasury", "agency:us-treasury"),
        ("A notice", "FBI", "agency:fbi"),
        ("Lazarus Group", None, None),  # publishes nothing
        ("U.S. Department of the Treasury said so", None, None),  # no line of its own
        ("Harbour Clinic", "Harbour Clinic", "organization:harbour-clinic"),  # unknown: a new one
    ],
)
def test_a_release_is_the_word_of_the_body_at_its_head(
    tmp_path: Path, head: str, publisher: str | None, by: str | None
) -> None:
    (tmp_path / "release.txt").write_text(RELEASE.format(head=head), encoding="utf-8")
    with kg.open(tmp_path / "kg.kgl") as graph:
        made = graph.draft(tmp_path / "release.txt", tmp_path / "r.yaml", publisher=publisher)
    found = made.document.publisher
    assert (found and found[0]) == by
