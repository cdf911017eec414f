"""Track records and changes of mind, against values worked out by hand."""

from __future__ import annotations

from datetime import date

import pytest

from kg.analytics.minds import changes_of_mind
from kg.analytics.record import source_track_record, wilson
from kg.graph.corpus import Listing
from tests.analytics.graphs import Small


def said(small: Small, by: str, day: str, state: str = "state:PRK", **claim: object) -> str:
    return small.claim("group:g", "ATTRIBUTED_TO", state, by=by, said=day, **claim)  # type: ignore[arg-type]


def withdrawn(small: Small, claim: str, day: str, by: str = "") -> None:
    """A claim is taken back on a day, by a claim that takes its place or by none."""
    status = {
        "status": "superseded" if by else "retracted",
        "withdrawn_from": date.fromisoformat(day),
    }
    small.graph.nodes[claim].update(status)
    if by:
        small.graph.add_edge(by, claim, key="SUPERSEDES", kind="SUPERSEDES")


def test_a_state_changed_and_changed_back() -> None:
    small = Small()
    first = said(small, "agency:a", "2017-01-01")
    other = said(small, "agency:a", "2018-01-01", "state:KOR")
    again = said(small, "agency:a", "2019-01-01")
    withdrawn(small, first, "2018-01-01", other)
    withdrawn(small, other, "2019-01-01", again)
    result = changes_of_mind(small.graph)
    [row] = result.rows
    assert (row["change"], row["on"], row["back"]) == ("changed", date(2019, 1, 1), ["PRK"])
    assert row["history"][0] == "2017-01-01 to 2018-01-01: PRK"
    assert result.headline == {"back and forth": 1, "state changed": 1, "state set later": 0}
    assert result.coverage == 1


def test_a_state_set_later_and_one_withdrawn() -> None:
    small = Small()
    small.claim("group:g", "SUBGROUP_OF", "group:h", by="agency:a", said="2016-01-01")
    said(small, "agency:a", "2017-01-01")
    gone = small.claim("group:h", "ATTRIBUTED_TO", "state:PRK", by="agency:a", said="2016-01-01")
    withdrawn(small, gone, "2018-01-01")
    rows = {row["id"]: row for row in changes_of_mind(small.graph).rows}
    assert rows["group:g"]["change"] == "set later"
    assert (rows["group:h"]["change"], rows["group:h"]["back"]) == ("withdrawn", [])


def test_the_same_said_anew_is_no_change_of_mind() -> None:
    small = Small()
    first = said(small, "agency:a", "2017-01-01")
    withdrawn(small, first, "2018-01-01", said(small, "agency:a", "2018-01-01"))
    result = changes_of_mind(small.graph)
    assert (result.rows, result.headline["back and forth"]) == ([], 0)


def test_what_a_list_had_is_known_from_the_list() -> None:
    """An entry that stood without a country, and one that went with all it said."""
    small = Small()
    said(small, "agency:a", "2017-01-01")
    gone = small.claim("group:h", "ATTRIBUTED_TO", "state:PRK", by="agency:a", said="2016-01-01")
    withdrawn(small, gone, "2018-01-01")
    left = frozenset({date(2018, 1, 1)})
    begun = date(2016, 1, 1)
    listed = {
        "group:g": [Listing("agency:a", begun, frozenset())],
        "group:h": [Listing("agency:a", begun, left)],
    }
    result = changes_of_mind(small.graph, listed=listed)
    rows = {row["id"]: (row["change"], row["since"]) for row in result.rows}
    assert rows == {"group:g": ("set later", begun), "group:h": ("dropped", begun)}
    assert result.headline["state set later"] == 1
    others = {"group:g": [Listing("agency:b", begun, frozenset())]}
    assert "group:g" not in {row["id"] for row in changes_of_mind(small.graph, listed=others).rows}


def test_without_days_it_says_that_it_says_nothing() -> None:
    small = Small()
    small.claim("group:g", "ATTRIBUTED_TO", "state:PRK")
    result = changes_of_mind(small.graph)
    assert (list(result.rows), result.coverage) == ([], 0)
    assert "says nothing of anybody" in result.caveats[-1]


def records(small: Small, least: int = 1) -> dict[str, dict[str, object]]:
    return {str(row["id"]): row for row in source_track_record(small.graph, least=least).rows}


def test_first_copying_confirmed_denied_and_withdrawn() -> None:
    small = Small()
    first = said(small, "agency:a", "2017-01-01")
    said(small, "agency:b", "2017-01-31")
    said(small, "agency:c", "2017-02-10", repeats=first)
    denial = said(small, "agency:d", "2018-01-01")
    small.graph.nodes[denial]["polarity"] = "negative"
    withdrawn(small, first, "2019-01-01")
    rows = records(small)
    assert rows.keys() == {"agency:a", "agency:b", "agency:c"}, "who only denies has no statement"
    a, b, c = (rows[f"agency:{who}"] for who in "abc")
    assert (a["first"], a["shared"], a["days_to_confirm"], a["retracted"]) == (1, 1, 30, 1)
    assert (b["first"], b["shared"], b["confirmed"]) == (0, 1, 0)
    assert (a["contradicted"], b["contradicted"]) == (1, 1)
    assert (c["copying"], a["copying"]) == (1, 0)
    assert a["expected_first"] == pytest.approx(0.5), "a copy is no rival for being first"


def test_too_little_to_tell_says_so() -> None:
    small = Small()
    said(small, "agency:a", "2017-01-01")
    said(small, "agency:b", "2017-01-31")
    result = source_track_record(small.graph, least=10)
    assert "no voice made 10 statements" in result.too_small
    assert all(row["means_nothing"] and row["first_share"] is None for row in result.rows)
    assert all(row["copying_interval"] is None for row in result.rows)


def test_a_day_that_is_not_known_is_no_order() -> None:
    small = Small()
    said(small, "agency:a", "2017-01-01")
    small.claim("group:g", "ATTRIBUTED_TO", "state:PRK", by="agency:b")
    assert records(small)["agency:a"]["shared"] == 0


def test_the_interval_is_wilsons() -> None:
    assert wilson(0, 0) is None
    assert wilson(5, 10) == [0.2366, 0.7634]


def test_what_is_concluded_here_is_no_source_s_record() -> None:
    small = Small()
    said(small, "agency:a", "2017-01-01")
    concluded = said(small, "agency:rules", "2017-01-31")
    small.graph.nodes[concluded]["source"] = "identity"
    assert records(small).keys() == {"agency:a"}
