"""The end of docs/one-claim.md: what the picture says of the claim, in tooltip and card."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import kg
from kg import views
from kg.base.settings import shipped
from tests.browser.hand import Hand

PAGE = Path(__file__).parents[2] / "docs" / "one-claim.md"
EDGE = ("incident:wannacry", "ATTRIBUTED_TO", "group:lazarus-group")
FILES = (shipped("seed") / "sputnik-2019-09.yaml", shipped("seed") / "other-documents")


def printed(name: str) -> str:
    (text,) = re.findall(rf"```text {name}\n(.*?)```", PAGE.read_text("utf-8"), re.DOTALL)
    return str(text).strip()


def test_the_page_quotes_the_picture(opened: Callable[..., Hand], tmp_path: Path) -> None:
    with kg.open(tmp_path / "one.kgl") as graph:
        graph.build(FILES)
        hand = opened(views.render(graph.corpus(), "attribution", tmp_path / "one.html"))
    hand.hover_link(*EDGE)
    tip = hand.page.locator("#tip > *")
    assert "\n".join(tip.all_inner_texts()) == printed("tooltip")
    hand.click_link(*EDGE)
    (claim,) = re.findall(r"^id: (claim:\w+)$", PAGE.read_text("utf-8"), re.MULTILINE)
    card = hand.panel.locator(f"[data-claim='{claim}']").first
    words = re.sub(r"\s+", " ", card.inner_text()).replace("says“", "says “")  # a chip has a margin
    assert words == " ".join(printed("card").split())
