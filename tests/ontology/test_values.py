"""Reading values: dates, quantities, countries, terms, addresses; and refusing what is none."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.ontology import BadValue, Ontology, Property, edtf, load
from kg.ontology import countries as countries_of_the_world
from kg.ontology.value_type import plain_text

ONTOLOGY: Ontology = load()


def prop(kind: str, name: str) -> Property:
    found = ONTOLOGY.property(kind, name)
    assert found is not None
    return found


# ------------------------------------------------------------------ dates


@pytest.mark.parametrize(
    ("written", "start", "end", "precision"),
    [
        ("2018", "2018-01-01", "2018-12-31", "year"),
        ("2018-02", "2018-02-01", "2018-02-28", "month"),
        ("2020-02", "2020-02-01", "2020-02-29", "month"),
        ("2018-06-12", "2018-06-12", "2018-06-12", "day"),
        ("2018~", "2018-01-01", "2018-12-31", "year"),
        ("2018-06?", "2018-06-01", "2018-06-30", "month"),
        ("2018-06-12%", "2018-06-12", "2018-06-12", "day"),
        ("2018-23", "2018-09-01", "2018-11-30", "season"),
        ("201X", "2010-01-01", "2019-12-31", "decade"),
        ("20XX", "2000-01-01", "2099-12-31", "century"),
        ("2018-XX", "2018-01-01", "2018-12-31", "year"),
        ("2018-06-XX", "2018-06-01", "2018-06-30", "month"),
        ("{2017,2018}", "2017-01-01", "2018-12-31", "set"),
        ("2017-01/2018-09", "2017-01-01", "2018-09-30", "interval"),
        ("2018-06/2018", "2018-06-01", "2018-12-31", "interval"),
        ("2018~/2019-06", "2018-01-01", "2019-06-30", "interval"),
        ("../2018", None, "2018-12-31", "interval"),
        ("2018/..", "2018-01-01", None, "interval"),
        ("2018/", "2018-01-01", None, "interval"),
        ("2018-06-12T01:00:00+08:00", "2018-06-11", "2018-06-11", "instant"),
        ("2018-06-12T09:30Z", "2018-06-12", "2018-06-12", "instant"),
    ],
)
def test_dates_have_an_earliest_and_a_latest_day(
    written: str, start: str | None, end: str | None, precision: str
) -> None:
    value = edtf.parse(written)
    assert (value.start, value.end) == (_day(start), _day(end))
    assert value.precision == precision
    assert precision in edtf.PRECISIONS


def _day(iso: str | None) -> date | None:
    return date.fromisoformat(iso) if iso else None


@pytest.mark.parametrize(
    "written",
    [
        *("2019-02-30", "2018-13", "2018-00", "2018-06-00", "0000", "2018-06-31", "2019-02-29"),
        *("2018/2017", "2018-06/2018-05", "2018-06-12/2018-06-11", "2019-02-30/..", "../2018-13"),
        *("/", "../..", "..", "2018/2019/2020", "", " ", "spam", "12 June 2018", "June 2018"),
        *("2018-06-12T25:00:00Z", "2018-06-12T09:00:00", "2018-06-12 09:00", "2018-6-1"),
        *("0001-01-01T00:00:00+14:00", "9999-12-31T23:00:00-14:00", "XXXX", "Y17000", "-0044"),
        *("2018-W01-1", "２０１８", "2019-02-3X", "9" * 200, "2018-06-12\n2019"),
    ],
)
def test_what_is_no_date_is_refused(written: str) -> None:
    with pytest.raises(BadValue):
        edtf.parse(written)


@pytest.mark.parametrize(
    ("written", "near"),
    [("2018-6-2", "2018-06-02"), ("20180612", "2018-06-12"), ("2018.06.12", "2018-06-12")],
)
def test_a_slip_gets_the_right_spelling(written: str, near: str) -> None:
    with pytest.raises(BadValue) as caught:
        edtf.parse(written)
    assert caught.value.near == (near,)


def test_words_are_not_tried_as_a_date(monkeypatch: pytest.MonkeyPatch) -> None:
    """The grammar takes 6 ms for each: of a list of sanctions more than for all the rest."""
    tried: list[str] = []
    monkeypatch.setattr("edtf.parse_edtf", tried.append)
    for written in ("10 Dec 1948", "circa 1961", "Jan 1950~", "XXX7-12"):
        with pytest.raises(BadValue):
            edtf.parse(written)
    assert tried == ["XXX7-12"]


def test_instants_are_compared_in_utc() -> None:
    pyongyang = edtf.parse("2019-09-10T06:53:00+09:00")
    assert pyongyang == edtf.parse("2019-09-09T21:53:00Z")
    assert pyongyang.text == "2019-09-09T21:53:00Z"


@given(st.datetimes(datetime(2, 1, 1), datetime(9998, 1, 1)), st.integers(-14, 14))
def test_any_instant_is_its_day_in_utc(when: datetime, hours: int) -> None:
    zoned = when.replace(tzinfo=timezone(timedelta(hours=hours)))
    value = edtf.parse(zoned.isoformat())
    assert value.start == value.end == zoned.astimezone(UTC).date()
    assert edtf.parse(value.text) == value


@given(st.dates())
def test_a_day_lies_in_its_month_and_year(day: date) -> None:
    iso = day.isoformat()
    whole, month, year = edtf.parse(iso), edtf.parse(iso[:7]), edtf.parse(iso[:4])
    assert whole.start == whole.end == day
    for wider in (month, year):
        assert wider.start is not None
        assert wider.end is not None
        assert wider.start <= day <= wider.end


@given(st.dates(), st.dates())
def test_an_interval_runs_forwards_or_is_refused(one: date, other: date) -> None:
    written = f"{one.isoformat()}/{other.isoformat()}"
    if other < one:
        with pytest.raises(BadValue, match="ends before"):
            edtf.parse(written)
    else:
        value = edtf.parse(written)
        assert (value.start, value.end) == (one, other)


@given(st.one_of(st.text(max_size=30), st.text("0123456789-/.XxTZ~?%[]{}, :+", max_size=20)))
def test_any_text_is_a_date_or_refused(written: str) -> None:
    try:
        value = edtf.parse(written)
    except BadValue:
        return
    assert edtf.parse(value.text) == value
    assert value.start is None or value.end is None or value.start <= value.end


# ------------------------------------------------------------------ quantities


@pytest.mark.parametrize(
    ("written", "amount", "bound", "unit"),
    [
        ("80000000", 80e6, "point", "USD"),
        ("80 million", 80e6, "point", "USD"),
        ("$1.1 billion", 1.1e9, "point", "USD"),
        ("1.1e9 USD", 1.1e9, "point", "USD"),
        ("US$571m", 571e6, "point", "USD"),
        ("over $1.1 billion", 1.1e9, "lower", "USD"),
        ("at least 5 million EUR", 5e6, "lower", "EUR"),
        (">= 2", 2, "lower", "USD"),
        ("up to £3k", 3e3, "upper", "GBP"),
        ("no more than 1,000,000 dollars", 1e6, "upper", "USD"),
        ("120 BTC", 120, "point", "BTC"),
        ("80\u00a0million", 80e6, "point", "USD"),
        (80_000_000, 80e6, "point", "USD"),
        (1.1e9, 1.1e9, "point", "USD"),
    ],
)
def test_money(written: object, amount: float, bound: str, unit: str) -> None:
    value = prop("Incident", "amount_stolen").parse(written)
    assert (value.number, value.bound, value.unit) == (amount, bound, unit)
    assert float(value.text) == amount
    assert "e" not in value.text


@pytest.mark.parametrize(
    "written",
    [
        *("lots", "-5", "1,5", "80 million in 2014", "5 million XQZ", "1e999", "1 2 3", "", "NaN"),
        *("inf", "about 5", "5 million million", "1.2.3", "0x10", "USD"),
    ],
)
def test_what_is_no_money_is_refused(written: str) -> None:
    with pytest.raises(BadValue):
        prop("Incident", "amount_stolen").parse(written)


def test_what_is_given_apart_wins() -> None:
    stolen = prop("Incident", "amount_stolen")
    assert stolen.parse("over 5", bound="point").bound == "point"
    assert stolen.parse("5", unit="KRW").unit == "KRW"
    with pytest.raises(BadValue, match="USD"):
        stolen.parse("$5", unit="EUR")
    with pytest.raises(BadValue) as caught:
        stolen.parse("5", bound="lowr")
    assert caught.value.near == ("lower",)


def test_only_quantities_have_bounds() -> None:
    with pytest.raises(BadValue, match="quantity"):
        prop("Sanction", "programme").parse("DPRK2", bound="lower")


@given(st.integers(0, 10**15))
def test_whole_numbers_read_with_and_without_commas(number: int) -> None:
    computers = prop("Incident", "computers_affected")
    plain, grouped = computers.parse(str(number)), computers.parse(f"{number:,}")
    assert plain == grouped
    assert plain.text == str(number)


@pytest.mark.parametrize("written", ["1.5", "-3", "300 computers", "$300", "1e30"])
def test_a_count_is_whole_and_bare(written: str) -> None:
    with pytest.raises(BadValue):
        prop("Incident", "computers_affected").parse(written)


def test_a_score_may_have_a_point() -> None:
    value = prop("Incident", "intensity").parse("4.50")
    assert (value.text, value.number) == ("4.5", 4.5)


# ------------------------------------------------------------------ countries


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("KP", "PRK"),
        ("prk", "PRK"),
        ("DPRK", "PRK"),
        ("Korea (Democratic People's Republic of)", "PRK"),
        ("Democratic People’s Republic of Korea", "PRK"),
        ("Korea, Republic of", "KOR"),
        ("Republic of Korea", "KOR"),
        ("Iran (Islamic Republic of)", "IRN"),
        ("Kingdom of Norway", "NOR"),
        ("Côte d’Ivoire", "CIV"),
        ("Türkiye", "TUR"),
        ("Kosovo", "XKX"),
        ("Taiwan", "TWN"),
        ("Palestine", "PSE"),
        ("People's Republic of China", "CHN"),
        ("Republic of China", "TWN"),
        ("Republic of the Congo", "COG"),
        ("Congo, Democratic Republic of the", "COD"),
        ("Niger", "NER"),
        ("Soviet Union", "SUN"),
    ],
)
def test_countries_by_code_and_name(written: str, code: str) -> None:
    assert prop("Person", "nationality").parse(written).text == code


@pytest.mark.parametrize(
    "written", ["Korea", "Islamic State of Iraq", "EU (region)", "XX", "", "the"]
)
def test_what_is_no_country_is_refused(written: str) -> None:
    with pytest.raises(BadValue):
        countries_of_the_world.find(written)


def test_an_ambiguous_country_names_both() -> None:
    with pytest.raises(BadValue) as caught:
        countries_of_the_world.find("Korea")
    assert set(caught.value.near) == {"North Korea", "South Korea"}


def test_no_two_countries_share_a_name() -> None:
    holders: dict[frozenset[str], set[str]] = {}
    for row in countries_of_the_world.rows():
        for name in (row["name"], *filter(None, row["names"].split("|"))):
            holders.setdefault(countries_of_the_world._words(name), set()).add(row["alpha3"])
    assert {words: codes for words, codes in holders.items() if len(codes) > 1} == {}


@given(st.sampled_from(countries_of_the_world.rows()))
def test_every_name_in_the_table_is_found(row: dict[str, str]) -> None:
    names = [row["alpha3"], row["name"], *filter(None, row["names"].split("|"))]
    names += [] if row["former"] else [row["alpha2"], row["name"].upper()]
    assert {countries_of_the_world.find(name) for name in names} == {row["alpha3"]}


# ------------------------------------------------------------------ the other types


@pytest.mark.parametrize(
    ("column", "written", "term"),
    [
        ("reliability", "a", "A"),
        ("credibility", 2, "2"),
        ("likelihood", "Almost certain", "almost-certain"),
        ("likelihood", "probably", "likely"),
        ("confidence", "medium", "moderate"),
        ("marking", "tlp:white", "TLP:CLEAR"),
        ("attribution_type", "Technical report (e.g., by IT-companies, EFF)", "Technical report"),
        ("status", "RETRACTED", "retracted"),
    ],
)
def test_terms_of_the_field(column: str, written: object, term: str) -> None:
    assert prop("Claim", column).parse(written).text == term


def test_a_wrong_term_names_the_nearest_or_all() -> None:
    with pytest.raises(BadValue) as caught:
        prop("Commitment", "modality").parse("efort")
    assert caught.value.near == ("effort",)
    with pytest.raises(BadValue, match="firm, effort, potential"):
        prop("Commitment", "modality").parse("vague")


def test_every_term_reads_as_itself() -> None:
    for vocabulary in ONTOLOGY.vocabulary.values():
        assert [vocabulary.find(term) for term in vocabulary.terms] == list(vocabulary.terms)
        assert all(vocabulary.find(w) == term for w, term in vocabulary.also.items())


@pytest.mark.parametrize(
    "written",
    [
        *(
            "javascript:alert(1)",
            "file:///etc/passwd",
            "ftp://example.org/x",
            "example.org",
            "https://",
        ),
        *("https://exa mple.org", 'https://example.org/"><script>', "http://[::1", "//example.org"),
        *("https://example.org/a\nb", " ", "data:text/html,x"),
    ],
)
def test_only_web_addresses_are_addresses(written: str) -> None:
    with pytest.raises(BadValue):
        prop("Document", "archived_url").parse(written)


def test_an_address_stays_as_written() -> None:
    written = "https://example.org/a?b=c&d=%20#e"
    assert prop("Document", "url").parse(f" {written} ").text == written


def test_truth_values() -> None:
    unnamed = prop("Organization", "unnamed")
    assert [unnamed.parse(word).text for word in (True, "yes", "FALSE", "0")] == [
        *("true", "true", "false", "false")
    ]
    with pytest.raises(BadValue):
        unnamed.parse("maybe")


def test_text_is_composed_and_not_empty() -> None:
    assert plain_text(" Se\u0301ance \u00a0").text == "S\u00e9ance"
    assert plain_text("a\0b \u202e").text == "a\0b \u202e"
    for bad in ("", " \u00a0 ", "a\ud800"):
        with pytest.raises(BadValue):
            plain_text(bad)


@given(st.sampled_from(sorted(ONTOLOGY.types)), st.text(max_size=40))
def test_any_text_is_a_value_or_refused(name: str, written: str) -> None:
    try:
        value = ONTOLOGY.types[name].parse(written)
    except BadValue:
        return
    assert ONTOLOGY.types[name].parse(value.text).text == value.text
