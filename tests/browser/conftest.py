"""Pictures rendered from the real seed, and a hand on them in a real browser."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page

from kg import views
from kg.api import KnowledgeGraph
from kg.graph.corpus import Corpus
from tests.browser.hand import CLOCK, Hand
from tests.servers.chromium import PageLog

WHOLE = "Everything"


@pytest.fixture(scope="session")
def graph(seed_graph: KnowledgeGraph) -> KnowledgeGraph:
    """The seed that ships."""
    return seed_graph


@pytest.fixture(scope="session")
def corpus(graph: KnowledgeGraph) -> Corpus:
    """All its claims."""
    return graph.corpus()


@pytest.fixture(scope="session")
def pictures(corpus: Corpus, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with one page per view, and one with all entities."""
    folder = tmp_path_factory.mktemp("pictures")
    views.render(corpus, "attribution", folder / "attribution.html")
    views.render(corpus, "diplomacy", folder / "diplomacy.html")
    around: dict[str, Any] = {"node": "group:lazarus-group", "hops": 1}
    views.render(corpus, "neighbourhood", folder / "neighbourhood.html", **around)
    ends: dict[str, Any] = {"from": "incident:wannacry", "to": "agency:us-treasury"}
    views.render(corpus, "path", folder / "path.html", **ends)
    (folder / "whole.html").write_text(whole(corpus), encoding="utf-8")
    views.index(folder)
    return folder


def whole(corpus: Corpus) -> str:
    """A page with every entity of a corpus."""
    nodes = [
        id for kind, frame in corpus.graph.nodes.items() if kind != "Claim" for id in frame["id"]
    ]
    return views.html(views.selected(corpus, nodes, [], WHOLE), corpus)


@pytest.fixture(scope="session")
def clock(window: Page) -> None:
    """Every page that is opened from now on has the clock that tests set."""
    window.add_init_script(CLOCK)


@pytest.fixture
def opened(page: Page, page_log: PageLog, clock: None) -> Iterator[Callable[..., Hand]]:
    """Open a page file; afterwards nothing may have gone out and nothing may have failed."""

    def open_(path: Path, address: str = "") -> Hand:
        page.goto(path.as_uri() + (f"#{address}" if address else ""))
        page.wait_for_selector("body[data-drawn]")
        return Hand(page)

    yield open_
    assert page_log.outside == []
    assert page_log.errors == []


@pytest.fixture
def attribution(opened: Callable[..., Hand], pictures: Path) -> Hand:
    """The attribution picture, open."""
    return opened(pictures / "attribution.html")
