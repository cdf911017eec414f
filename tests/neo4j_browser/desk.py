"""Neo4j Browser as a person uses it: log in, paste into the editor, drop files, look at frames.

It asks for fonts and statistics elsewhere; those requests are cut off, and it works without.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, Locator, Page, Route, expect

from tests.servers.chromium import PATIENCE
from tests.servers.neo4j import Neo4jServer

HERE = re.compile(r"(https?|ws)://(127\.0\.0\.1|localhost)[:/]|(data|blob):")
STREAMED = re.compile(r"[Ss]tarted streaming (\d+) records?")
NOTHING = "no records"
ERROR = re.compile(r"Neo\.\w+\.\w+\.\w+|ERROR")

UNFINISHED = (
    "[data-testid=stopRunFrameButton], [data-testid=spinner], .fa-spinner, "
    "[title='Status: pending'], [title='Status: waiting']"
)
SHOWN = (
    "[data-testid=frameStatusbar], [data-testid=cypherFrameErrorMessage], "
    "[data-testid=frame-loaded-contents], [data-testid=multi-statement-list-icon]"
)
FINISHED = f"[data-testid=frame]:not(:has({UNFINISHED})):has({SHOWN})"
"""A frame with a result or an error. One selector, for a frame changes between two looks at it:
a statement that still runs has a status bar too."""


class Desk:
    """One window of Neo4j Browser, logged in."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def paste(self, text: str) -> None:
        """Put a text in the editor in place of what is there."""
        self.page.evaluate("text => navigator.clipboard.writeText(text)", text)
        self.page.click("[data-testid=activeEditor] .monaco-editor")
        self.page.keyboard.press("Control+A")
        self.page.keyboard.press("Control+V")

    def run(self, text: str = "") -> Locator:
        """Run a text (none given: what stands in the editor) among no other frames; the frame."""
        self.clear()
        if text:
            self.paste(text)
        self.page.get_by_test_id("editor-Run").click()
        return self.frame()

    def frame(self) -> Locator:
        """The only frame, once it shows what came of all its statements."""
        frame = self.page.get_by_test_id("frame")
        expect(frame).to_have_count(1)
        expect(self.page.locator(FINISHED)).to_have_count(1)
        return frame

    def clear(self) -> None:
        """Close all frames but keep the editor as it is."""
        frames = self.page.get_by_test_id("frame")
        while left := frames.count():
            frames.first.get_by_title("Close").click()
            expect(frames).to_have_count(left - 1)

    def drop(self, path: Path) -> None:
        """Drop a file onto the page."""
        files = self.page.evaluate_handle(
            """([name, data]) => {
                const bytes = Uint8Array.from(atob(data), c => c.charCodeAt(0));
                const held = new DataTransfer();
                held.items.add(new File([bytes], name));
                return held;
            }""",
            [path.name, base64.b64encode(path.read_bytes()).decode()],
        )
        self.page.dispatch_event("[data-testid=main]", "drop", {"dataTransfer": files})


def errors(frame: Locator) -> str:
    """What a frame says went wrong; empty where nothing did."""
    wrong = frame.locator("[data-testid=cypherFrameErrorMessage], [title='Status: error']")
    if not wrong.count():
        return ""
    expect(frame).to_contain_text(ERROR)
    return frame.inner_text()


def streamed(frame: Locator) -> int:
    """How many rows a frame of one statement says that it got."""
    expect(frame).to_contain_text(re.compile(f"{STREAMED.pattern}|{NOTHING}"))
    found = STREAMED.search(frame.inner_text())
    return int(found[1]) if found else 0


@contextmanager
def opened(browser: Browser, server: Neo4jServer) -> Iterator[Desk]:
    """A window, logged in, for as long as the block lasts."""
    context = browser.new_context(
        viewport={"width": 1400, "height": 900},
        permissions=["clipboard-read", "clipboard-write"],
    )
    context.set_default_timeout(PATIENCE)
    expect.set_options(timeout=PATIENCE)
    context.route(lambda address: not HERE.match(address), _cut_off)
    page = context.new_page()
    page.goto(server.browser)
    page.get_by_test_id("password").fill(server.password)
    page.keyboard.press("Enter")
    expect(page.get_by_text("You are connected as user").first).to_be_visible()
    yield Desk(page)
    context.close()


def _cut_off(route: Route) -> None:
    route.abort()
