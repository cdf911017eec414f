"""Dates as people print them: a range of the right precision, or text; never a false day."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kg.loaders.kit.days import SHORT, VAGUE, WINTER, between, days_of, printed
from kg.ontology import edtf

FORM = "%d.%m.%Y"


def read(text: str, *forms: str) -> str | None:
    """What all forms that read a text agree on; None where none does."""
    found = set(days_of(text, forms or (FORM,)).by.values())
    assert len(found) <= 1
    return found.pop() if found else None


@pytest.mark.parametrize(
    ("text", "when"),
    [
        # days and months from and to
        ("3–5 May 2019", "2019-05-03/2019-05-05"), ("3 to 5 May 2019", "2019-05-03/2019-05-05"),
        ("12/13 March 2020", "2020-03-12/2020-03-13"), ("3./4.5.2019", "2019-05-03/2019-05-04"),
        ("May 3-5, 2019", "2019-05-03/2019-05-05"), ("April–May 2019", "2019-04/2019-05"),
        ("28 Dec 2018 – 3 Jan 2019", "2018-12-28/2019-01-03"),
        ("28 April - 3 May 2019", "2019-04-28/2019-05-03"),
        ("03.05.2019 - 05.05.2019", "2019-05-03/2019-05-05"),
        ("03.05.2019-05.05.2019", "2019-05-03/2019-05-05"),
        ("2019-05-03/05", "2019-05-03/2019-05-05"), ("2018–2020", "2018/2020"),
        ("between May and June 2019", "2019-05/2019-06"), ("2018/19", "2018/2019"),
        ("2021-22", "2021/2022"),  # two years, and no summer
        ("3 and 5 May 2019", "{2019-05-03,2019-05-05}"),
        ("3 or 5 May 2019", "[2019-05-03,2019-05-05]"),
        ("on the night of 3 to 4 May 2019", "2019-05-03/2019-05-04"),
        # weeks, quarters, halves, seasons, decades
        ("2019-W05", "2019-01-28/2019-02-03"), ("2019-W05-3", "2019-01-30"),
        ("KW 5/2019", "2019-01-28/2019-02-03"), ("third quarter of 2017", "2017-35"),
        ("Q1–Q2 2019", "2019-33/2019-34"), ("3Q 2017", "2017-35"), ("H1 2019", "2019-40"),
        ("spring 2019", "2019-21"), ("winter 2018/19", "2018-12/2019-02"), ("1990s", "199X"),
        # about, perhaps, since
        ("c. 2019", "2019~"), ("ca. May 2019", "2019-05~"), ("May 2019 (?)", "2019-05?"),
        ("c. 3–5 May 2019", "2019-05-03~/2019-05-05~"), ("since 2018", "2018/.."),
        ("until May 2019", "../2019-05"), ("2018–present", "2018/.."),
        ("May 2019 – ?", "2019-05/.."), ("c. 1979-1982", "1979~/1982~"),
        ("c. 2018 – ca. 2019", "2018~/2019~"),
        ("Friday, the 3rd of May, 2019", "2019-05-03"),
        # less than is printed
        ("early 2018", "2018"), ("mid-June 2019", "2019-06"), ("late May 2019", "2019-05"),
        ("late 2018 – early 2019", "2018/2019"), ("winter 2019", "2018-12/2020-02"),
    ],
)  # fmt: skip
def test_what_words_make_a_date(text: str, when: str) -> None:
    assert read(text) == when


@pytest.mark.parametrize(
    "text",
    ["week 5 of 2019", "mid-June", "3–5 May", "May-19", "3-5-2019", "3/5/2019", "13/1/2018",
     "31 April 2019", "29–31 Feb 2019", "5–3 May 2019", "2019-W54", "2019-02-30", "2011/12",
     "1999-2000-2001", "43801", "20190503", "FY2019", "soon", "mid 3 May 2019", "winter 2018/25"],
)  # fmt: skip
def test_what_may_be_read_in_two_ways_or_not_at_all_stays_text(text: str) -> None:
    assert read(text) is None
    assert printed(text) == text


def test_numbers_alone_are_no_range_by_a_shorter_form() -> None:
    assert read("3-5-2019", "%m-%Y") is None
    assert read("03–05/2019", "%m/%Y") == "2019-03/2019-05"


@pytest.mark.parametrize(
    ("text", "why"),
    [("early 2018", VAGUE), ("winter 2019", WINTER), ("3.5.19 – 5.5.19", SHORT), ("May 2019", "")],
)
def test_what_is_kept_less_exactly_is_told(text: str, why: str) -> None:
    assert days_of(text, (FORM,)).why == why
    assert printed(text) == ("2019-05" if not why else text)


def test_from_one_to_another() -> None:
    assert between("2018/2019", "2020~/2021") == "2018/2021"
    assert [between("2018/2019", ""), between("", "2020"), between("2018", "2018")] == [
        "2018/2019", "/2020", "2018"]  # fmt: skip


DAYS = st.dates(date(1950, 1, 1), date(2049, 12, 1))
ENDS = ("{a:%-d} {a:%B} {a:%Y}{dash}{b:%-d} {b:%B} {b:%Y}",
        "{a:%-d} {a:%b}{dash}{b:%-d} {b:%b} {b:%Y}",
        "{a:%b} {a:%-d}{dash}{b:%b} {b:%-d}, {b:%Y}", "{a:%d.%m.%Y}{dash}{b:%d.%m.%Y}",
        "{a:%Y-%m-%d}{dash}{b:%Y-%m-%d}")  # fmt: skip


@given(DAYS, st.integers(1, 27), st.sampled_from(ENDS),
       st.sampled_from([" – ", "–", " - ", " to ", " until "]))  # fmt: skip
@settings(max_examples=60, deadline=None)
def test_any_two_days_are_read_back(first: date, more: int, how: str, dash: str) -> None:
    last = first + timedelta(more)
    text = how.format(a=first, b=last, dash=dash)
    year_is_told_once = "{a:%Y}" not in how and "{a:%d" not in how and "{a:%Y-" not in how
    if year_is_told_once and first.year != last.year:
        return
    assert read(text) == f"{first}/{last}"


WORDS = (
    "3|12|31|May|Jan.|2019|1987|19|W05|Q3|spring|winter|early|mid|c.|since|until|to|and|or|of|the"
)
PIECES = [*WORDS.split("|"), *"-–/.,?~() ", "week", "half", "first", "present", "s"]


@given(
    st.lists(st.sampled_from(PIECES), min_size=1, max_size=7),
    st.sampled_from([" ", ""]),
    st.sampled_from([FORM, "%m/%Y", "%m-%d-%Y", "excel"]),
)
@settings(max_examples=150, deadline=None)
def test_no_day_is_made_of_what_tells_none(pieces: list[str], blank: str, form: str) -> None:
    """Whatever is read is EDTF; each year and each day in it stands in the text."""
    text = blank.join(pieces)
    for day in days_of(text, (form,)).by.values():
        value = edtf.parse(day)
        if value.precision == "day" and value.start is not None and "W" not in text:
            assert str(value.start.year % 100) in text
            assert str(value.start.day) in text
