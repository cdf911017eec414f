"""The page for a review: it shows what stands in the document, decides, and saves a claim file."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from shutil import copy

import pytest
from playwright.sync_api import Browser, Dialog, Page

import kg
from kg.base.errors import InputError
from kg.claims.held import tells
from kg.claims.text import Text
from kg.drafts.calling import LONGEST, short
from kg.drafts.desk import Drafted
from kg.drafts.document import slug
from kg.drafts.review import PAGE
from kg.pipeline.read import claim_file
from kg.views.kit.script import joined
from tests.servers.chromium import PageLog, watch

DATA = Path(__file__).parent / "data"
HOSTILE = (
    "</script><script>window.harmed=1</script><img src=x onerror=window.harmed=2> {{7*7}} \u202egnp"
)


def made(folder: Path, name: str = "harbour.txt", text: str | None = None) -> Drafted:
    target = folder / name
    copy(DATA / "harbour.txt", target)
    if text is not None:
        target.write_text(text, encoding="utf-8")
    with kg.open(folder / "kg.kgl") as graph:
        return graph.draft(target, folder / "draft.yaml")


@pytest.fixture
def opened(page: Page, page_log: PageLog) -> Iterator[Callable[[Path], Page]]:
    def open_(path: Path) -> Page:
        page.goto(path.as_uri())
        page.wait_for_selector("body[data-drawn]")
        return page

    yield open_
    assert page_log.outside == []
    assert page_log.errors == []


def saved(page: Page, folder: Path) -> Path:
    with page.expect_download() as download:
        page.keyboard.press("s")
    target = folder / "saved.yaml"
    download.value.save_as(target)
    return target


def reload_until(page: Page, place: str, told: str) -> None:
    """Open the page again: another process of the browser keeps its work, and may be slower."""
    for _ in range(20):
        if told in page.inner_text(place):
            return
        page.reload()
        page.wait_for_selector("body[data-drawn]")
    raise AssertionError(f"{told!r} never stood in {place}")


def test_by_keys_one_accepts_rejects_edits_and_saves_a_file_that_loads(
    tmp_path: Path, opened: Callable[[Path], Page]
) -> None:
    drafted = made(tmp_path)
    assert drafted.review
    page = opened(drafted.review)
    count = len(drafted.draft.proposals)
    assert page.locator(".card:not(.gone)").count() == count
    assert f"{count} open" in page.inner_text("#progress")
    page.keyboard.press("r")
    page.keyboard.press("e")
    page.keyboard.type("In our words.")
    page.keyboard.press("Enter")
    for _ in range(count - 2):
        page.keyboard.press("a")
    assert f"{count - 1} accepted, 1 rejected, 0 open" in page.inner_text("#progress")
    with kg.open(tmp_path / "kg.kgl") as graph:
        batch = claim_file(saved(page, tmp_path), graph.ontology)
    assert not batch.warnings  # who accepts a claim takes the summary that is proposed with it
    claims = batch.frame.filter(~batch.frame["declared"])
    assert claims.height == count - 1
    assert "In our words." in set(claims["summary"])
    assert "reviewed: true" in page.inner_text("#notice")
    assert f"kg load claims {tmp_path / 'draft.yaml'}" in page.inner_text("#notice")
    page.keyboard.press("z")
    page.keyboard.press("z")
    with kg.open(tmp_path / "kg.kgl") as graph:
        batch = claim_file(saved(page, tmp_path), graph.ontology)
    assert {one.field for one in batch.warnings} == {"reviewed"}  # two are open again
    assert "2 still open: it says reviewed: partly" in page.inner_text("#notice")


def test_a_claim_that_was_missed_is_added_from_its_words_and_holds(
    tmp_path: Path, opened: Callable[[Path], Page]
) -> None:
    told = "Grey Heron, we hear, hit the Mole Museum in May 2021. It was probably the group Owl."
    drafted = made(tmp_path, text=f"Northwind Bulletin\n\n4 March 2022\n\n{told}\n")
    assert drafted.review
    page = opened(drafted.review)
    before = page.locator(".card:not(.gone)").count()
    page.focus("#text")
    for _ in range(9):  # past the last sentence
        page.keyboard.press("ArrowDown")
    page.keyboard.press("n")
    _fill(page, "breach of the museum", "attributed", "Owl", hedge="probably")
    page.click("#text p:last-child [data-start]", position={"x": 3, "y": 5})
    page.keyboard.press("n")
    _fill(page, "breach of the museum", "targeted", "Mole Museum")
    page.keyboard.press("n")
    _fill(page, "breach of the museum", "occurred", "May 2021")
    assert page.locator(".card:not(.gone)").count() == before + 3
    assert page.locator("#form").count() == 0
    page.keyboard.press("z")
    assert page.locator(".card:not(.gone)").count() == before + 2
    page.keyboard.press("Control+Shift+z")
    page.reload()
    page.wait_for_selector("body[data-drawn]")
    reload_until(page, "#notice", "is here again")  # what is not saved is kept
    with kg.open(tmp_path / "kg.kgl") as graph:
        batch = claim_file(saved(page, tmp_path), graph.ontology)
    assert {one.field for one in batch.warnings} <= {"reviewed"}
    rows = {
        row["predicate"]: row
        for row in batch.frame.filter(~batch.frame["declared"]).to_dicts()
        if row["subject"] == "incident:breach-of-the-museum"
    }
    assert rows["ATTRIBUTED_TO"]["hedge"] == "probably"
    assert rows["TARGETED"]["object"] == "organization:mole-museum"
    assert rows["occurred"]["value"] == "2021-05"
    text = drafted.document.text
    assert text[rows["occurred"]["start"] : rows["occurred"]["end"]] == told.split(" It")[0]


def _fill(page: Page, subject: str, says: str, target: str, hedge: str | None = None) -> None:
    """A claim by typing, as one would with no mouse at hand."""
    if not page.input_value("label:text-is('Subject') + input"):
        page.get_by_label("Subject", exact=True).fill(subject)
        page.keyboard.press("Enter")
    page.get_by_label("Says what of it", exact=True).fill(says)
    page.keyboard.press("Enter")
    page.keyboard.type(target)
    page.keyboard.press("Enter")
    assert hedge is None or page.input_value("label:text-is('Hedge') + input") == hedge
    if page.locator("#form").count():
        page.click("#form button.strong")


@pytest.mark.parametrize("storage", ["there", "closed", "full"])
def test_nobody_leaves_unsaved_work_without_a_word(
    tmp_path: Path, browser: Browser, storage: str
) -> None:
    drafted = made(tmp_path)
    assert drafted.review
    context = browser.new_context()
    context.add_init_script(STORAGE[storage])
    page, asked = context.new_page(), list[str]()
    log = watch(page)

    def leave(dialog: Dialog) -> None:
        asked.append(dialog.type)
        dialog.accept()

    page.on("dialog", leave)
    page.goto(drafted.review.as_uri())
    page.wait_for_selector("body[data-drawn]")
    assert page.is_hidden("#notice")
    page.keyboard.press("a")
    told = "This browser keeps nothing"
    assert (told in page.inner_text("#notice")) == (storage != "there")
    page.keyboard.press("Escape")
    page.keyboard.press("a")
    assert page.is_hidden("#notice"), "it is told once"
    page.reload()
    page.wait_for_selector("body[data-drawn]")
    assert asked == ["beforeunload"]
    reload_until(page, "#progress", f"{2 if storage == 'there' else 0} accepted")
    page.keyboard.press("a")
    assert saved(page, tmp_path).read_text("utf-8").count("- [") == len(drafted.draft.proposals)
    page.reload()
    assert asked == ["beforeunload"], "what is saved is left without a question"
    assert log.errors == []
    context.close()


STORAGE = {
    "there": "",
    "closed": "Object.defineProperty(window, 'localStorage', "
    "{get() { throw new DOMException('no', 'SecurityError'); }});",
    "full": "Storage.prototype.setItem = "
    "() => { throw new DOMException('', 'QuotaExceededError'); };",
}
"""What a browser keeps for a page."""


def test_what_was_refused_and_what_is_silent_is_shown_and_mended(
    tmp_path: Path, opened: Callable[[Path], Page]
) -> None:
    drafted = made(tmp_path)
    text = drafted.file.read_text("utf-8")
    (last,) = [p for p in drafted.draft.proposals if p.predicate == "TARGETED"][:1]
    row = {"triple": list(last.triple), "why": "its quote is no quote", "span": list(last.span)}
    drafted.file.write_text(
        text.replace("refused: []", f"refused:\n  - {json.dumps(row)}"), encoding="utf-8"
    )
    with kg.open(tmp_path / "kg.kgl") as graph:
        page = opened(graph.review(drafted.file, tmp_path / "harbour.txt"))
    assert "1 refused by the proof" in page.inner_text("#progress")
    assert "its quote is no quote" in page.inner_text("#claims")
    page.get_by_role("button", name="Mend and take").click()
    page.click("#form button.strong")
    assert "refused" not in page.inner_text("#progress")
    page.locator(".card.accepted").first.click()
    page.keyboard.press("r")
    assert page.locator("#text .quiet").count() == 0
    for _ in range(len(drafted.draft.proposals) + 2):
        page.keyboard.press("r")
    page.get_by_role("button", name="paragraph").first.click()
    assert page.evaluate("document.activeElement.id") == "text"
    assert page.locator("#text .quiet .here").count() > 0


def test_the_page_goes_by_the_same_rules_as_python(page: Page) -> None:
    names = ["Night Group", "The U.S. Navy's 7th Fleet", "Straße 5", "  ", "x" * 70, "Ünïcode – X",
             "China's Ministry of State Security and Intelligence", "a-b_c", "Ж и Я"]  # fmt: skip
    spans = ["the group left", "Night fell", "the PLA and the NSA", "Norwegians", "Straße 50"]
    ends = [
        "Night Group",
        "People's Liberation Army",
        "National Security Agency",
        "Norway",
        "Straße",
    ]
    text = "One “two”  three.\n\nFour-five six's one.\n"
    script = joined(PAGE, entry="text.js")
    page.set_content('<script type="application/json" id="data"></script>')
    sought = ['"two" three', "one", "six’s"]
    told = page.evaluate(
        """([data, script, names, spans, ends, sought]) => {
          document.getElementById("data").textContent = JSON.stringify(data);
          return new Function("args", `${script}; const [names, spans, ends, sought] = args;
            return [names.map(slug), names.map((one) => short(one)), sought.map(find),
              spans.map((one) => ends.map((name) => tells(one, name))), paragraphs];
          `)([names, spans, ends, sought]);
        }""",
        [{"text": text, "longest": LONGEST}, script, names, spans, ends, sought],
    )  # fmt: skip
    assert told[0] == [slug(one) for one in names]
    assert told[1] == [short(one) for one in names]
    assert told[3] == [[tells(one, name) for name in ends] for one in spans]
    assert told[2] == [[[4, 16]], [[35, 38]], [[29, 34]]]
    assert [tuple(one) for one in told[4]] == list(Text.of(text).paragraphs)


def test_the_words_of_a_claim_are_marked_in_the_document(
    tmp_path: Path, opened: Callable[[Path], Page]
) -> None:
    drafted = made(tmp_path, text="𝕊 prologue\n\n" + (DATA / "harbour.txt").read_text("utf-8"))
    assert drafted.review
    page = opened(drafted.review)
    first = drafted.draft.proposals[0]
    marked = "".join(page.locator("#text .here").all_inner_texts())
    assert marked == drafted.document.text[first.span.start : first.span.end]
    assert page.locator("#text .word").count() > 0
    assert "known" in page.inner_text("#things")
    assert "new" in page.inner_text("#things")


def test_hostile_text_stays_text(tmp_path: Path, opened: Callable[[Path], Page]) -> None:
    told = f"Paper Crane, the hacking group known as {HOSTILE}, hacked Harbour Bank in 2021."
    text = f"{HOSTILE}\n\n{told}\n"
    drafted = made(tmp_path, text=text)
    assert drafted.review
    page = opened(drafted.review)
    assert page.evaluate("window.harmed") is None
    assert HOSTILE[:20] in page.inner_text("#text")


def test_a_claim_file_written_by_hand_opens_beside_its_document(
    tmp_path: Path, opened: Callable[[Path], Page]
) -> None:
    for name in ("denial.txt", "denial.yaml"):
        copy(DATA / name, tmp_path)
    with kg.open(tmp_path / "kg.kgl") as graph:
        page = opened(graph.review(tmp_path / "denial.yaml", tmp_path / "denial.txt"))
        assert "24 accepted" in page.inner_text("#progress")
        again = claim_file(saved(page, tmp_path), graph.ontology)
        first = claim_file(tmp_path / "denial.yaml", graph.ontology)
    assert set(again.frame["id"]) == set(first.frame["id"])


def test_a_claim_file_of_another_document_is_refused(tmp_path: Path) -> None:
    copy(DATA / "denial.yaml", tmp_path)
    copy(DATA / "denial.txt", tmp_path)
    short = tmp_path / "short.txt"
    short.write_text("Only this.\n", encoding="utf-8")
    with (
        kg.open(tmp_path / "kg.kgl") as graph,
        pytest.raises(InputError, match="is this the document"),
    ):
        graph.review(tmp_path / "denial.yaml", short)
