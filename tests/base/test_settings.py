"""What is printed of an address never holds a password."""

from __future__ import annotations

import pytest

from kg import KnowledgeGraph
from kg.base.errors import UsageError
from kg.base.settings import Address, without_password, without_secrets


@pytest.mark.parametrize(
    ("given", "printed"),
    [
        ("neo4j://me:secret@host:7687", "neo4j://me@host:7687"),
        ("neo4j+s://me:se@cr:et@host/x", "neo4j+s://me@host/x"),
        ("bolt://host:7687", "bolt://host:7687"),
        ("bolt://me@host:7687", "bolt://me@host:7687"),
        ("folder/a:b@c.kgl", "folder/a:b@c.kgl"),
        ("neo4j://me:se/c#r?et@host:7687", "neo4j://me@host:7687"),
        ("neo4j://me:secret", "neo4j://me"),
        ("neo4j://me:sec/ret", "neo4j://me"),
        ("bolt://[::1]:7687", "bolt://[::1]:7687"),
    ],
)
def test_a_password_is_not_printed(given: str, printed: str) -> None:
    assert without_password(given) == printed
    assert KnowledgeGraph(given).name == printed


def test_an_address_is_taken_apart_whatever_sign_the_password_holds() -> None:
    for password in ("a/b#c?d", "a@b:c", "%2Fx", "p[q", "1:2@3/4"):
        found = Address.of(f"neo4j+s://me:{password}@host:7687")
        assert (str(found), found.user) == ("neo4j+s://host:7687", "me")
        assert found.password == password.replace("%2F", "/")
    assert str(Address.of("bolt://[::1]:7687")) == "bolt://[::1]:7687"
    assert str(Address.of("BOLT://Host")) == "bolt://Host"
    assert str(Address.of("neo4j://host?policy=eu")) == "neo4j://host"


@pytest.mark.parametrize(
    "broken",
    ["h:99999", "h:0", "[::1", "", ":7687", "me:secretword", "me:secretword@", "a b", "h\x1b:1",
     "me:secretword@h:port", "me:secretword@[::1", "h:12345678901"],
)  # fmt: skip
def test_a_broken_address_is_one_sentence_without_any_part_of_it(broken: str) -> None:
    with pytest.raises(UsageError, match="names no server behind bolt://") as told:
        Address.of(f"bolt://{broken}")
    assert "secret" not in str(told.value)
    assert "\x1b" not in str(told.value)


def test_an_address_with_a_slash_too_few_is_no_file(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("neo4j:/me:secret@h", "bolt:h", "py2neo+bolt+ssc:me:secret@h", "NEO4J:h"):
        with pytest.raises(UsageError, match="two slashes") as told:
            KnowledgeGraph(name)
        assert "secret" not in str(told.value)


def test_a_message_with_a_piece_of_a_password_is_held_back(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.argv", ["kg", "query", "--db=bolt://me:begin/mid%23dle@h"])
    monkeypatch.setenv("NEO4J_PASSWORD", "other")
    for message in ("port 'begin'", "mid#dle", "mid%23dle", "an other word"):
        assert "not shown" in without_secrets(message)
    assert without_secrets("some words") == "some words"
