"""The given cases, where they lie beside the checkout: what each must come to, in a sentence."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

from tests.loaders.loading import Loaded, run


@pytest.fixture
def case(shared: Path) -> Path:
    folder = shared / "cases"
    if not folder.is_dir():
        pytest.skip("no ../shared/cases beside the checkout")
    return folder


def test_10_placeholder_dates_are_no_dates(case: Path) -> None:
    loaded = run("stix", case / "10-placeholder-dates" / "a.json")
    assert loaded.claims(predicate="ATTRIBUTED_TO")["valid"].to_list() == [None]
    assert loaded.frame.filter(pl.col("predicate").is_in(["first_seen", "last_seen"])).is_empty()
    told = {problem.field.rpartition(".")[2] for problem in loaded.warnings}
    assert {"first_seen", "last_seen", "start_time", "stop_time"} <= told


def test_40_what_may_come_from_two_datasets_has_no_document(case: Path) -> None:
    loaded = run("ftm", case / "40-ftm-several-datasets" / "a.jsonl")
    claims = loaded.claims()
    assert set(claims["document"]) == {None}
    assert all("aa_treasury, zz_monaco" in text for text in claims["locator"])


def test_41_both_authorities_impose_it(case: Path) -> None:
    loaded = run("ftm", case / "41-ftm-two-authorities" / "a.jsonl")
    assert loaded.values("sanction:ftm-s-1", "IMPOSED_BY") == [
        "agency:ftm-ministry-of-finance", "agency:ftm-ministry-of-justice",
    ]  # fmt: skip


def test_44_a_reason_is_no_law(case: Path) -> None:
    loaded = run("ftm", case / "44-ftm-reason-is-no-law" / "a.jsonl")
    assert loaded.values("sanction:ftm-s-1", "legal_basis") == []
    assert loaded.values("sanction:ftm-s-1", "description") == [
        "The firm sells boats to smugglers."
    ]


def test_45_what_is_nested_is_loaded(case: Path) -> None:
    loaded = run("ftm", case / "45-ftm-nested-targets" / "a.jsonl")
    assert loaded.values("sanction:ftm-s-1", "DESIGNATES") == ["person:ftm-p-1"]
    assert loaded.values("organization:ftm-c-1", "OWNED_BY") == ["person:ftm-p-1"]
    assert loaded.values("organization:ftm-c-1", "name") == ["Test Boats"]


def aliases(loaded: Loaded) -> list[str]:
    return sorted(loaded.claims(predicate="alias")["value"])


def test_60_quotes_inside_of_quotes_are_read(case: Path) -> None:
    loaded = run("ofac", case / "60-ofac-inner-quotes")
    assert aliases(loaded) == ["HW", "copperheron", "tin gull"]
    assert loaded.warnings[0].place.endswith("sdn_comments.csv:1")


def test_63_namesakes_are_three_listings(case: Path) -> None:
    assert run("ofac", case / "63-ofac-name-twice").count("sanction") == 3


def test_64_the_other_list_is_not_the_first(case: Path) -> None:
    loaded = run("ofac", case / "64-ofac-consolidated-list")
    assert set(loaded.claims()["document"]) == {"document:ofac-consolidated"}
    assert loaded.count("sanction") == 3


def test_72_each_row_may_have_its_form_of_date(case: Path, tmp_path: Path) -> None:
    for file in (case / "72-two-date-forms").glob("[rs]*"):
        text = file.read_text(encoding="utf-8")
        (tmp_path / file.name).write_text(text.replace('"%d.%m.%Y"', '["%d.%m.%Y", "%d.%m.%y"]'))
    for folder in (case / "72-two-date-forms", tmp_path):
        occurred = run("table", folder).claims(predicate="occurred")["value"].to_list()
        assert occurred == ["2019-12-02", "2020-07-13"]


def test_74_the_text_of_excel_is_read(case: Path) -> None:
    loaded = run("table", case / "74-utf16-table")
    assert loaded.count("incident") == 2
    assert loaded.values("incident:raid-1", "ATTRIBUTED_TO") == ["group:raid-grune-mowe"]
