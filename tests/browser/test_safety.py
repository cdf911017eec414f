"""Whatever stands in the data, it stays data; and the page asks nobody for anything."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Callable
from html import unescape
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from kg import ontology, views
from kg.claims.columns import STATEMENTS, claim_id
from kg.graph.corpus import Corpus
from tests.browser.conftest import whole
from tests.browser.hand import Hand
from tests.portion import one_in

HOSTILE = [
    "<img src=x onerror=window.harmed=1>",
    "</script><script>window.harmed=2</script>",
    "<!--<script>",
    "<!-- --><svg/onload=window.harmed=3>",
    '" onmouseover="window.harmed=4',
    "{{7*7}}{% raw %}",
    "javascript:window.harmed=5",
    "href=\"javascript:window.harmed=6\" href='x'",
    "</title></style><style>*{display:none}</style>",
    "line\u2028separator\u2029and\x0bcontrol\x01",
    "\u202eright to left",
    "=HYPERLINK(\"http://example.org\")",
    "name' OR 1=1 //",
    "back\\slash 'quote'",
    "__proto__",
    "𝕌𝕟𝕚𝕔𝕠𝕕𝕖 ☠ 名前 имя שם",
    "x" * 5000,
]  # fmt: skip
ADDRESSES = [
    "javascript:window.harmed=7",
    "data:text/html,<script>window.harmed=8</script>",
    "vbscript:harm",
    "  javascript:window.harmed=9",
    "JaVaScRiPt:window.harmed=10",
    "file:///etc/passwd",
    "http://[",
]


@pytest.fixture(scope="module")
def full(hostile: Corpus, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A page full of them."""
    path = tmp_path_factory.mktemp("hostile") / "all.html"
    path.write_text(whole(hostile), encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def hostile() -> Corpus:
    """Every hostile text as a name, alias, summary, quote, hedge and locator; bad addresses too."""
    rows: list[dict[str, Any]] = []
    document = "document:d"
    rows += _named(document, HOSTILE[0])
    for number, text in enumerate(HOSTILE):
        incident, group = f"incident:i{number}", f"group:g{number}"
        rows += _named(incident, text) + _named(group, text[::-1])
        words = {"summary": text, "quote": text, "hedge": text, "locator": text}
        said = {"asserter": group, "document": document, "statement": text}
        ends = {"subject": incident, "predicate": "ATTRIBUTED_TO", "object": group}
        rows.append(_row(f"claim {number}", **ends, **words, **said))
        rows.append(_row(f"alias {number}", subject=group, predicate="alias", value=text))
    for number, address in enumerate(ADDRESSES):
        # Loaders refuse such addresses; a ledger made elsewhere may hold them.
        rows += _named(f"document:a{number}", "bad address")
        place = {"subject": f"document:a{number}", "predicate": "url", "value": address}
        rows.append(_row(f"url {number}", declared=True, **place))
        ends = {"subject": "incident:i0", "predicate": "ATTRIBUTED_TO", "object": "group:g1"}
        rows.append(_row(f"with {number}", document=f"document:a{number}", **ends))
    frame = pl.DataFrame(rows, schema=STATEMENTS, orient="row")
    return Corpus.of(frame, ontology.load(), sources=[HOSTILE[1]], manifest=HOSTILE[0])


def _named(key: str, name: str) -> list[dict[str, Any]]:
    return [_row(f"name {key}", declared=True, subject=key, predicate="name", value=name)]


def _row(key: str, **columns: Any) -> dict[str, Any]:
    blank: dict[str, Any] = dict.fromkeys(STATEMENTS)
    made = {"id": claim_id([key], False, False), "source": "hostile", "collective": False}
    return blank | made | {"declared": False, "negative": False} | columns


def unharmed(hand: Hand) -> bool:
    """No hostile text ran, made an element or changed a prototype."""
    return bool(
        hand.js(
            "window.harmed === undefined && !document.querySelector('img, iframe, object, embed,"
            " [onerror], [onload], [onmouseover]') && ({}).polluted === undefined"
        )
    )


@pytest.mark.parametrize("number", one_in(4, range(len(HOSTILE))))
def test_hostile_texts_are_inert(
    number: int, hostile: Corpus, opened: Callable[..., Hand], tmp_path: Path
) -> None:
    path = views.render(hostile, "neighbourhood", tmp_path / "h.html", node=f"incident:i{number}")
    hand = opened(path)
    at = hand.place(f"incident:i{number}")
    hand.page.mouse.move(at["x"], at["y"])
    hand.page.wait_for_selector("#tip:not([hidden])")
    hand.press("t", "Escape", "l", "?", "Escape")
    hand.page.fill("#search", HOSTILE[number][:40])
    assert unharmed(hand)
    assert HOSTILE[number][:60].split("\u2028")[0].strip() in hand.panel.inner_text()
    assert hand.js("document.querySelectorAll('script').length") <= 3


def test_a_page_full_of_them(full: Path, opened: Callable[..., Hand]) -> None:
    hand = opened(full)
    for button in ("svg", "json", "csv", "png"):
        assert hand.download(button)
    rows = hand.download("csv").decode().splitlines()
    assert not [cell for row in rows for cell in re.findall(r'(?:^|,)"([=+@-])', row)]
    assert unharmed(hand)


def test_no_copied_cell_is_a_formula(full: Path, opened: Callable[..., Hand]) -> None:
    hand = opened(full)
    hand.watch_clipboard()
    hand.press("t")
    hand.page.click("#copy-table")
    cells = [cell for row in hand.copied.split("\n") for cell in row.split("\t")]
    assert any(cell.startswith("'=HYPERLINK") for cell in cells)
    assert not [cell for cell in cells if cell.strip()[:1] in ("=", "+", "-", "@") and cell.strip()]


def test_a_name_does_not_turn_the_words_beside_it(full: Path, opened: Callable[..., Hand]) -> None:
    hand = opened(full)
    hand.page.evaluate("location.hash = 'node=' + encodeURIComponent('incident:i10')")
    hand.press("n")
    bdi = hand.page.locator("#notice bdi")
    assert bdi.first.inner_text() == "right to left"
    option = "[...document.querySelectorAll('option')].map((one) => one.textContent).join()"
    assert "\u202e" not in hand.js(option)
    assert "\u202e" not in hand.page.inner_text("#notice")


def test_addresses_that_are_no_web_addresses_are_no_links(
    hostile: Corpus, opened: Callable[..., Hand], tmp_path: Path
) -> None:
    hand = opened(views.render(hostile, "attribution", tmp_path / "a.html"))
    hand.js("location.hash = 'edge=' + encodeURIComponent(JSON.stringify("
            "['incident:i0', 'ATTRIBUTED_TO', 'group:g1']))")  # fmt: skip
    hand.panel.get_by_text("bad address").first.wait_for()
    addresses = hand.js("[...document.querySelectorAll('a[href]')].map((a) => a.protocol)")
    assert set(addresses) <= {"http:", "https:"}
    assert hand.panel.locator("cite a").count() == 0


def test_nothing_is_asked_for(
    page: Any, page_log: Any, pictures: Path, opened: Callable[..., Hand]
) -> None:
    for name in ("neighbourhood", "path"):  # of the others each test that opens them looks too
        opened(pictures / f"{name}.html")
    for address in page_log.requests:
        assert address.startswith("file:") or address == "data:,", address


@pytest.mark.parametrize("name", ["attribution", "diplomacy", "whole"])
def test_the_policy_allows_these_scripts_and_no_others(name: str, pictures: Path) -> None:
    text = (pictures / f"{name}.html").read_text(encoding="utf-8")
    policy = re.search(r'Content-Security-Policy" content="([^"]*)"', text)
    assert policy
    allowed = unescape(policy[1])
    assert "default-src 'none'" in allowed
    assert "unsafe" not in allowed
    scripts = re.findall(r"<script>(.*?)</script>", text, re.DOTALL)
    assert len(scripts) == 1
    assert policy[1].count("sha256-") == 2  # this one and the style
    digest = base64.b64encode(hashlib.sha256(scripts[0].encode()).digest()).decode()
    assert f"sha256-{digest}" in allowed


def test_no_address_to_load_from(pictures: Path) -> None:
    text = (pictures / "attribution.html").read_text(encoding="utf-8")
    head = text.partition('<script type="application/json"')[0]
    assert not re.search(r"(?:src|href)=\"(?!data:)", head)
    assert "sourceMappingURL" not in text
