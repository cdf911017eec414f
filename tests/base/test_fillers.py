"""What stands where nothing is known, in words and in days."""

from __future__ import annotations

import pytest

from kg.base.fillers import is_filler, without_fillers


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "-",
        "—",
        "N/A",
        "n.a.",
        "Unknown",
        "NOT  available",
        "None",
        "#N/A",
        "TBD",
        "Unknown threat actor",
        "unidentified hackers",
        "Unknown actor(s)",
        "00.00.0000",
    ],
)
def test_words_that_say_nothing(text: str) -> None:
    assert is_filler(text)


@pytest.mark.parametrize(
    "text",
    ["NA", "No", "0", "Nobody", "Unknown Worm", "Anonymous", "N", "Unknown Cyber Army", "Unit 180"],
)
def test_words_that_say_something(text: str) -> None:
    assert not is_filler(text)


@pytest.mark.parametrize(
    ("date", "kept"),
    [
        ("2019-05-06", "2019-05-06"),
        ("1970", "1970"),
        ("1970-01-02", "1970-01-02"),
        ("1970-01-01T12:30:00Z", "1970-01-01T12:30:00Z"),
        ("1970-01-01", ""),
        ("1970-01-01T00:00:00.000Z", ""),
        ("1970-01-01T01:00:00+01:00", ""),
        ("5138-11-16T09:46:40.000Z", ""),
        ("9999-12-31", ""),
        ("9999", ""),
        ("0001-01-01", ""),
        ("1900-01-01", ""),
        ("unknown", ""),
        ("n/a", ""),
        ("2019-01-01/9999-12-31", "2019-01-01/"),
        ("0001-01-01/2020", "/2020"),
        ("1970-01-01T00:00:00Z/5138-11-16T09:46:40Z", ""),
        ("2019/", "2019/"),
        ("../9999", ""),
        ("2019/2020", "2019/2020"),
        ("10000-01-01", ""),
        ("1984~", "1984~"),
        ("soon", "soon"),
    ],
)
def test_days_that_say_nothing(date: str, kept: str) -> None:
    assert without_fillers(date) == kept


def test_somebody_was_born_on_the_first_day_of_clocks() -> None:
    assert without_fillers("1970-01-01", days=False) == "1970-01-01"
    assert without_fillers("9999-12-31", days=False) == ""
