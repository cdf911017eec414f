"""The kit in the real Neo4j Browser: imported, looked at, clicked."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from threading import Thread
from typing import Any

import neo4j
import pytest
from playwright.sync_api import expect

from kg.ask.questions import Question, find
from kg.neo4j_browser import GuideServer
from kg.neo4j_browser.scripts import favourite, folders
from kg.ontology import load
from tests.neo4j_browser.desk import Desk, errors, streamed
from tests.servers.neo4j import Neo4jServer

PICTURES = {script.name: script for script in folders()["kg search and pictures"]}


@pytest.fixture(scope="module")
def styled(desk: Desk, kit: Path) -> Desk:
    """The window once the style sheet was dropped on it."""
    desk.clear()
    desk.drop(kit / "style.grass")
    expect(desk.frame()).to_contain_text("node.Group {")
    return desk


def test_favourites_are_imported_and_run_with_a_click(
    desk: Desk, kit: Path, seeded: Neo4jServer
) -> None:
    desk.drop(kit / "favourites.zip")
    desk.page.get_by_test_id("navigationFavorites").click()
    for folder, scripts in folders().items():
        desk.page.get_by_text(folder, exact=True).click()
        last = desk.page.get_by_text(scripts[-1].title, exact=True)
        expect(last.first).to_be_attached()
        shown = desk.page.locator("body").inner_text().splitlines()
        assert {one.title for one in scripts} <= set(shown)

    desk.page.get_by_text("Who attributes", exact=True).click()
    frame = desk.run()

    question = find("who_attributes")
    assert errors(frame) == ""
    assert streamed(frame) == len(seeded.run(question.cypher, **question.arguments({})))
    desk.page.get_by_test_id("navigationFavorites").click()


@pytest.mark.parametrize("script", PICTURES.values(), ids=PICTURES.keys())
def test_what_is_for_browser_alone_gives_a_graph(seeded: Neo4jServer, script: Question) -> None:
    with seeded.driver() as driver:
        graph = driver.execute_query(
            favourite(script), database_=seeded.database, result_transformer_=neo4j.Result.graph
        )
    assert len(graph.nodes) > 1


def cases() -> Iterator[Any]:
    """The one with most parameters in the normal run; `make soak` has them all drawn."""
    most = max(PICTURES.values(), key=lambda one: len(one.parameters))
    for name, script in PICTURES.items():
        yield pytest.param(script, id=name, marks=[] if script is most else [pytest.mark.soak])


@pytest.mark.parametrize("script", list(cases()))
def test_what_is_for_browser_alone_is_drawn(styled: Desk, script: Question) -> None:
    frame = styled.run(favourite(script))
    assert errors(frame) == ""
    expect(frame.get_by_test_id("cypherFrameSidebarVisualization")).to_be_visible()
    expect(frame.locator("svg g.node").nth(1)).to_be_attached()


def test_nodes_and_edges_look_as_the_ontology_says(styled: Desk) -> None:
    ontology = load()
    group, incident = ontology.node("Group").look, ontology.node("Incident").look
    width = ontology.edge("ATTRIBUTED_TO").look.width

    frame = styled.run(
        "MATCH p = (:Incident {id: 'incident:wannacry'})-[:ATTRIBUTED_TO]->"
        "(:Group {id: 'group:lazarus-group'}) RETURN p"
    )

    expect(frame.locator("svg g.node")).to_have_count(2)
    for colour in (group.colour, incident.colour):
        circle = frame.locator(f"svg g.node circle.b-outline[fill='{colour}']")
        expect(circle).to_have_count(1)
    names = frame.locator("svg g.node text").filter(has_text="Lazarus")
    expect(names.first).to_be_attached()
    label = frame.get_by_test_id("property-details-overview-relationship-type-ATTRIBUTED_TO")
    expect(label).to_be_visible()
    styled.run(":style")
    expect(styled.frame()).to_contain_text(f"shaft-width: {width}px")


def test_captions_tell_the_hedge_the_dispute_and_who_makes_a_claim(
    styled: Desk, tmp_path: Path
) -> None:
    frame = styled.run(
        "MATCH p = (i:Incident {id: 'incident:wannacry'})-[:ATTRIBUTED_TO]->(x) RETURN p"
    )
    captions = frame.locator("svg g.relationship text")  # each cut to the length of its edge
    expect(captions.filter(has_text=re.compile("^(highly|consp)")).first).to_be_attached()
    expect(captions.filter(has_text="(disp").first).to_be_attached()
    styled.page.screenshot(path=str(tmp_path / "edges.png"))

    frame = styled.run(favourite(PICTURES["dispute_network"]))
    assert errors(frame) == ""
    red = frame.locator("svg g.relationship path[fill='#b3123a']")
    expect(red.first).to_be_attached()
    for word in ("negative", "organization:n"):
        told = frame.locator("svg g.node text").filter(has_text=word)
        expect(told.first).to_be_attached()
    styled.page.screenshot(path=str(tmp_path / "disputes.png"))


@pytest.fixture
def guide(kit: Path, seeded: Neo4jServer) -> Iterator[str]:
    """The guide's address, while its server runs."""
    with GuideServer([kit / "guide.html"], port=0, origins=[seeded.browser]) as server:
        serving = Thread(target=server.serve_forever, args=(0.01,))
        serving.start()
        yield server.address
        server.shutdown()
        serving.join()


def test_the_guide_opens_and_its_scripts_run(desk: Desk, guide: str) -> None:
    desk.paste(f":guide {guide}")
    desk.page.keyboard.press("Control+Enter")
    expect(desk.page.get_by_text("computed from claims")).to_be_visible()
    desk.page.get_by_text("Next", exact=True).last.click()

    script = PICTURES["attribution_network"]
    block = desk.page.locator("pre.runnable", has_text=script.title)
    block.click(position={"x": 120, "y": 40})
    frame = desk.run()

    assert errors(frame) == ""
    expect(frame.get_by_test_id("cypherFrameSidebarVisualization")).to_be_visible()
    desk.page.get_by_test_id("navigationGuides").click()
