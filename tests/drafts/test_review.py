"""The page for a review: it shows what stands in the document, decides, and saves a claim file."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from shutil import copy

import pytest
from playwright.sync_api import Page

import kg
from kg.base.errors import InputError
from kg.drafts.desk import Drafted
from kg.pipeline.read import claim_file
from tests.servers.chromium import PageLog

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


def test_by_keys_one_accepts_rejects_edits_and_saves_a_file_that_loads(
    tmp_path: Path, opened: Callable[[Path], Page]
) -> None:
    drafted = made(tmp_path)
    assert drafted.review
    page = opened(drafted.review)
    count = len(drafted.draft.proposals)
    assert page.locator(".card").count() == count
    assert f"{count} open" in page.inner_text("#progress")
    page.keyboard.press("r")
    page.keyboard.press("e")
    page.keyboard.type("In our words.")
    page.keyboard.press("Escape")
    for _ in range(count - 1):
        page.keyboard.press("a")
    assert f"{count - 1} accepted, 1 rejected, 0 open" in page.inner_text("#progress")
    with kg.open(tmp_path / "kg.kgl") as graph:
        batch = claim_file(saved(page, tmp_path), graph.ontology)
    assert {one.field for one in batch.warnings} == {"summary"}  # which nobody wrote
    claims = batch.frame.filter(~batch.frame["declared"])
    assert claims.height == count - 1
    assert "In our words." in set(claims["summary"])


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
        assert "15 accepted" in page.inner_text("#progress")
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
