"""What is decided of a draft stays decided, from the page to the terminal and back: one notion of
reviewed, one way to write it down."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from shutil import copy
from typing import Any

import pytest
from click.testing import CliRunner
from playwright.sync_api import Browser, Dialog, Page

import kg
from kg.base.errors import InputError, UsageError
from kg.base.yamlfile import read
from kg.claims.text import mark, marked_at
from kg.cli.commands import cli
from kg.drafts.claimfile import place_of
from kg.drafts.desk import Drafted, Told, decide, described
from kg.drafts.document import read as read_document
from kg.drafts.reopened import abouts, reopened
from kg.drafts.summary import summary
from kg.ontology import load
from kg.pipeline.read import claim_file
from tests.drafts.test_review import reload_until, saved
from tests.servers.chromium import PageLog

DATA = Path(__file__).parent / "data"
OPEN = "body[data-drawn]"


class Desk:
    """A folder with a report, its draft, a terminal and a browser."""

    def __init__(self, folder: Path, page: Page) -> None:
        self.folder = folder
        self.page = page
        self.text = folder / "harbour.txt"
        self.file = folder / "harbour.yaml"
        copy(DATA / "harbour.txt", self.text)
        with kg.open(folder / "kg.kgl") as graph:
            self.made: Drafted = graph.draft(self.text, self.file)

    def browse(self) -> Page:
        """The page of the file as it lies there now."""
        with kg.open(self.folder / "kg.kgl") as graph:
            path = graph.review(self.file, self.text)
        self.page.goto(path.as_uri())
        self.page.wait_for_selector(OPEN)
        return self.page

    def save(self) -> None:
        """Download, and move over the file."""
        self.file.write_bytes(saved(self.page, self.folder).read_bytes())

    def type(self, answers: str) -> str:
        """Answers in the terminal, of the file as it lies there now."""
        command = ["draft", "--review", str(self.file), str(self.text), "--interactive"]
        done = CliRunner().invoke(
            cli, [*command, "--db", str(self.folder / "kg.kgl")], input=answers
        )
        assert done.exit_code == 0, done.output
        return done.output

    def said(self) -> str:
        return str(read(self.file)["draft"]["reviewed"])

    def claims(self) -> dict[str, dict[str, Any]]:
        with kg.open(self.folder / "kg.kgl") as graph:
            frame = claim_file(self.file, graph.ontology).frame
        return {row["id"]: row for row in frame.filter(~frame["declared"]).to_dicts()}


@pytest.fixture
def desk(tmp_path: Path, page: Page, page_log: PageLog) -> Iterator[Desk]:
    yield Desk(tmp_path, page)
    assert page_log.errors == []


def test_from_the_page_to_its_file_and_back_what_is_decided_stays(desk: Desk) -> None:
    page = desk.browse()
    count = len(desk.made.draft.proposals)
    for key in "ara":
        page.keyboard.press(key)
    desk.save()
    assert desk.said() == "partly"
    page = desk.browse()
    assert f"{count - 1} claims: 2 accepted, 0 rejected, {count - 3} open" in page.inner_text(
        "#progress"
    )
    assert "is here again" not in page.inner_text("#notice"), "the file is the work that was saved"
    before = desk.claims()
    desk.save()  # nothing was done
    assert desk.claims() == before
    assert desk.said() == "partly"
    for _ in range(count):
        page.keyboard.press("a")
    desk.save()
    assert desk.said() == "true"
    assert before.keys() == desk.claims().keys()
    assert "(to be written)" not in desk.file.read_text("utf-8")
    assert "0 open" in desk.browse().inner_text("#progress")


def test_from_the_terminal_to_the_page(desk: Desk) -> None:
    count = len(desk.made.draft.proposals)
    desk.type("a\nr\ns\nIn our words.\nq\n")
    assert desk.said() == "partly"
    page = desk.browse()
    assert f"2 accepted, 0 rejected, {count - 3} open" in page.inner_text("#progress")
    assert page.locator(".card.accepted", has_text="In our words.").count() == 1
    for _ in range(count):
        page.keyboard.press("a")
    desk.save()
    assert desk.said() == "true"
    assert "In our words." in {one["summary"] for one in desk.claims().values()}


def test_from_the_page_to_the_terminal(desk: Desk) -> None:
    page = desk.browse()
    count = len(desk.made.draft.proposals)
    page.keyboard.press("a")
    page.keyboard.press("e")
    page.fill("#form .summary input", "Mended here.")
    page.keyboard.press("Enter")
    page.click("#text p:last-child [data-start]", position={"x": 3, "y": 5})
    page.keyboard.press("n")
    page.get_by_label("Subject", exact=True).fill("Liisa Tamm")
    page.keyboard.press("Enter")
    page.get_by_label("Says what of it", exact=True).fill("represents")
    page.keyboard.press("Enter")
    page.keyboard.type("Estonia")
    page.keyboard.press("Enter")
    page.fill("#form .summary input", "Added here.")
    page.click("#form button.strong")
    desk.save()
    before = desk.claims()
    told = desk.type("q\n")
    assert f"3 of {count + 1} claims are decided already" in told
    assert desk.claims() == before
    told = desk.type("u\na\nr\nq\n")
    assert "taken back: kept: " in told
    assert f"kept 2, accepted 1, mended 0, added 0, rejected 1, still open {count - 3}" in told
    gone = before.keys() - desk.claims().keys()
    assert len(gone) == 1
    after = desk.claims()
    assert {"Mended here.", "Added here."} <= {one["summary"] for one in after.values()}
    kept = {id: one for id, one in before.items() if id not in gone}
    assert [_told(one) for one in after.values()] == [_told(kept[id]) for id in after]
    desk.type("a\n" * count)
    assert desk.said() == "true"


def _told(row: dict[str, Any]) -> dict[str, Any]:
    """A claim but for its summary, which is made anew when its statement is decided, and where it
    stands in the file."""
    return {key: one for key, one in row.items() if key not in ("summary", "place", "statement")}


def test_enter_leaves_a_claim_as_its_file_has_it(desk: Desk) -> None:
    again = reopened(
        read(desk.file), described(read_document(desk.text), Told()), desk.made.known, load()
    )
    given = {(*p.triple, p.span, p.negative): p for p in desk.made.draft.proposals}
    assert len(again.draft.proposals) == len(desk.made.draft.proposals)
    for one in again.draft.proposals:
        was = given[*one.triple, one.span, one.negative]
        for part in ("predicate", "hedge", "value", "fields", "told", "reasons", "score", "like"):
            assert getattr(one, part) == getattr(was, part) or part == "value", part
        assert one.subject.chain == was.subject.chain
        assert (one.asserter and one.asserter.thing.id) == (was.asserter and was.asserter.thing.id)
        assert one.own == was.own


def test_page_and_terminal_propose_the_same_summaries(desk: Desk) -> None:
    page = desk.browse()
    claims, document = desk.made.draft.proposals, desk.made.document
    places = dict.fromkeys(map(place_of, claims))
    told = {
        place: summary([one for one in claims if place_of(one) == place], document, load())
        for place in places
    }
    shown = set()
    for _ in claims:
        shown.add(page.inner_text(".card.current .proposed").removeprefix("Proposed summary: "))
        page.keyboard.press("j")
    assert shown == set(told.values())
    assert all(words not in document.text for words in shown)


def test_a_denial_shows_its_own_reasons_and_not_those_of_the_accusation(desk: Desk) -> None:
    """Both have one triple."""
    rows = {
        (verb, *triple[:3]): about
        for _, verb, triple, about in abouts(read(desk.file))
        if about is not None
    }
    assert len(rows) == len(desk.made.draft.proposals)
    denied = [key for key in rows if key[0] == "denies"]
    assert denied
    for key in denied:
        assert rows[key]["denies"] == "true"
        assert "denied" in rows[key]["because"]


def test_all_of_one_voice_and_the_same_words_is_accepted_at_once(desk: Desk) -> None:
    page = desk.browse()
    claims = desk.made.draft.proposals
    several = next(
        n for n, one in enumerate(claims) if [*map(place_of, claims)].count(place_of(one)) > 1
    )
    for _ in range(several):
        page.keyboard.press("j")
    page.keyboard.press("A")
    mates = [*map(place_of, claims)].count(place_of(claims[several]))
    assert f"{mates} accepted" in page.inner_text("#progress")


def test_a_saved_page_that_is_opened_again_shows_what_was_saved(desk: Desk) -> None:
    page = desk.browse()
    page.keyboard.press("a")
    saved(page, desk.folder)
    page.keyboard.press("Escape")
    page.reload()
    page.wait_for_selector(OPEN)
    reload_until(page, "#progress", "1 accepted")
    told = page.inner_text("#notice")
    saved(page, desk.folder)
    assert "ls -t ~/Downloads/harbour*.yaml" in page.inner_text("#notice"), "it has a number now"
    assert "it is what you saved" in told
    assert "1 accepted" in page.inner_text("#progress")


def test_a_document_that_changed_moves_spans_along_and_says_which_are_gone(desk: Desk) -> None:
    page = desk.browse()
    for _ in desk.made.draft.proposals:
        page.keyboard.press("a")
    desk.save()
    before = desk.claims()
    text = desk.text.read_text("utf-8")
    changed = text.replace("Published:", "Updated and published:").replace(
        "denied hacking", "called"
    )
    desk.text.write_text(changed, encoding="utf-8")
    with kg.open(desk.folder / "kg.kgl") as graph:
        with pytest.raises(InputError, match="no longer stand here"):
            claim_file(desk.file, graph.ontology)
        with pytest.raises(UsageError, match="is not what"):
            graph.reopen(desk.file, desk.text)
    page = desk.browse()
    gone = [
        one for one in desk.made.draft.proposals if "hacking the clinics" in _words(desk, one.span)
    ]
    assert gone
    assert f"{len(gone)} open" in page.inner_text("#progress")
    assert "no longer stand" in page.inner_text("#notice")
    page.locator(".card.open").first.click()
    page.keyboard.press("a")
    assert f"{len(gone)} open" in page.inner_text("#progress"), "nothing stands without its words"
    for _ in gone:
        page.keyboard.press("r")
    desk.save()
    after = desk.claims()
    assert len(after) == len(before) - len(gone)
    old = {one["id"]: text[one["start"] : one["end"]] for one in before.values()}
    new = {one["id"]: changed[one["start"] : one["end"]] for one in after.values()}
    assert new == {id: words for id, words in old.items() if id in new}


def _words(desk: Desk, span: tuple[int, int]) -> str:
    return desk.made.document.text[span[0] : span[1]]


def test_words_are_found_again_by_their_sum() -> None:
    text = "Ünïcode 𝕊 told, and told again. Told once."
    for words in ("𝕊 told", "told", "Told once.", text):
        assert [text[at : at + len(words)] for at in marked_at(text, len(words), mark(words))] == (
            [words] * text.count(words)
        )
    assert marked_at(text, 4, mark("tale")) == []


def test_a_file_that_changed_while_somebody_decided_is_not_lost_nor_is_what_they_decided(
    desk: Desk,
) -> None:
    desk.file.write_text("# mine\n", encoding="utf-8")
    made = decide(desk.made, desk.made.draft.proposals, {}, load())
    assert desk.file.read_text("utf-8") == "# mine\n"
    assert made.file.name == "harbour.2.yaml"
    assert read(made.file)["draft"]["reviewed"] == "true"


def test_a_hand_made_file_keeps_its_comment_and_what_was_left_open(
    tmp_path: Path, page: Page, page_log: PageLog
) -> None:
    for name in ("denial.txt", "denial.yaml"):
        copy(DATA / name, tmp_path)
    file, text = tmp_path / "denial.yaml", tmp_path / "denial.txt"
    first = file.read_text("utf-8").splitlines()[0]
    commented = file.read_text("utf-8").replace(
        "\nclaims:\n", "\n# What follows is hard.\nclaims:\n"
    )
    file.write_text(commented, encoding="utf-8")

    def browse() -> None:
        with kg.open(tmp_path / "kg.kgl") as graph:
            page.goto(graph.review(file, text).as_uri())
        page.wait_for_selector(OPEN)

    browse()
    page.keyboard.press("u")
    file.write_bytes(saved(page, tmp_path).read_bytes())
    assert "Comments between its lines (1) are not in it" in page.inner_text("#notice")
    assert file.read_text("utf-8").splitlines()[0] == first
    browse()
    assert "23 accepted, 0 rejected, 1 open" in page.inner_text("#progress")
    with kg.open(tmp_path / "kg.kgl") as graph, pytest.raises(UsageError, match="its page reviews"):
        graph.reopen(file, text)
    page.keyboard.press("a")
    file.write_bytes(saved(page, tmp_path).read_bytes())
    with kg.open(tmp_path / "kg.kgl") as graph:
        assert "reviewed" not in {one.field for one in claim_file(file, graph.ontology).warnings}
    assert page_log.errors == []


def test_a_key_leaves_the_other_claims_alone(desk: Desk) -> None:
    """A page may have hundreds: to make all of them anew took seconds a key."""
    page = desk.browse()
    page.evaluate(
        "document.querySelectorAll('.card, #text p, .thing').forEach((one) => one.seen = 1)"
    )
    page.keyboard.press("a")
    fresh = page.evaluate(
        "[...document.querySelectorAll('.card, #text p')].filter((one) => !one.seen).length"
    )
    assert 0 < fresh <= 6
    assert (
        page.evaluate("[...document.querySelectorAll('.thing')].filter((o) => !o.seen).length") <= 1
    )
    page.keyboard.press("z")
    assert "0 accepted" in page.inner_text("#progress")
    assert page.locator(".card.accepted").count() == 0


HOSTILE = (
    'O\'Neil "Q": {x}, [y] # z',
    "أعلنت وزارة الخارجية في ريغا أن المجموعة مسؤولة عن الهجوم.",
    "- yes: &no *all !x %y",
)
"""Words that YAML, or the reading direction, may take for something else."""


@pytest.mark.parametrize("name", HOSTILE)
def test_names_and_texts_of_any_sort_are_what_they_were_in_the_file(
    tmp_path: Path, page: Page, page_log: PageLog, name: str
) -> None:
    text = tmp_path / "any.txt"
    text.write_text(f"A heading\n\n{name}\n", encoding="utf-8")
    with kg.open(tmp_path / "kg.kgl") as graph:
        made = graph.draft(text, tmp_path / "any.yaml")
    assert made.review
    page.goto(made.review.as_uri())
    page.wait_for_selector(OPEN)
    page.click("#text p:last-child [data-start]")
    page.keyboard.press("n")
    page.get_by_label("Subject", exact=True).fill(name)
    page.locator('[role="option"]', has_text="new Group").click()
    page.get_by_label("Says what of it", exact=True).fill("alias")
    page.keyboard.press("Enter")
    page.keyboard.type(name)
    page.click("#form button.strong")
    file = tmp_path / "any.yaml"
    file.write_bytes(saved(page, tmp_path).read_bytes())
    command = ["draft", "--review", str(file), str(text), "--interactive"]
    done = CliRunner().invoke(cli, [*command, "--db", str(tmp_path / "kg.kgl")], input="u\na\nq\n")
    assert done.exit_code == 0, done.output
    with kg.open(tmp_path / "kg.kgl") as graph:
        rows = claim_file(file, graph.ontology).frame.to_dicts()
    (row,) = [one for one in rows if one["predicate"] == "alias"]
    whole = text.read_text("utf-8")
    assert (row["subject_name"] or name, row["value"]) == (name, name)
    assert row["summary"].endswith(f"{name} as the alias of {name}.")
    assert whole[row["start"] : row["end"]] in name
    assert page_log.errors == []


def test_what_is_said_most_likely_comes_first_and_what_is_called_nothing_is_told(
    desk: Desk,
) -> None:
    """Enter takes what is marked: with a word that names no relation, that is nothing."""
    page = desk.browse()
    page.locator("#text p", has_text="Paper Crane was behind").locator("[data-start]").first.click()
    page.keyboard.press("n")
    first = page.locator('[role="listbox"]:not([hidden]) [role="option"]').first
    claims = desk.made.draft.proposals
    events = {one.subject.thing.name for one in claims if one.predicate == "ATTRIBUTED_TO"}
    assert first.inner_text().split("\n")[0] in events
    page.keyboard.press("Enter")
    page.keyboard.type("attacked")  # a verb by which a text says it
    assert "ATTRIBUTED_TO" in page.inner_text('[role="listbox"]:not([hidden])')
    page.get_by_label("Says what of it", exact=True).fill("zebra")
    assert "nothing is called so" in page.inner_text('[role="listbox"]:not([hidden])')
    page.keyboard.press("Enter")
    page.click("#form h3")
    assert page.input_value("label:text-is('Says what of it') + input") == ""


def test_a_claim_that_is_being_written_is_neither_saved_nor_left_in_silence(
    tmp_path: Path, browser: Browser
) -> None:
    copy(DATA / "harbour.txt", tmp_path)
    with kg.open(tmp_path / "kg.kgl") as graph:
        review = graph.draft(tmp_path / "harbour.txt", tmp_path / "harbour.yaml").review
    assert review
    page, asked = browser.new_page(), list[str]()

    def leave(dialog: Dialog) -> None:
        asked.append(dialog.type)
        dialog.accept()

    page.on("dialog", leave)
    page.goto(review.as_uri())
    page.wait_for_selector(OPEN)
    page.keyboard.press("n")
    with page.expect_download():
        page.click("#save")
    assert "The claim that is being written is not in it" in page.inner_text("#notice")
    page.locator(".card").last.click()
    assert "first" in page.inner_text("#notice")
    assert page.locator("#form").count() == 1
    page.reload()
    assert asked == ["beforeunload"]
    page.close()
