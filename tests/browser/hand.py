"""What a reader does with a picture, in the words of the tests."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from playwright.sync_api import Locator, Page

CLOCK = """
const now = Date.now;
window.testClock = { ahead: 0, stands: null };
Date.now = () => window.testClock.stands ?? now() + window.testClock.ahead;
"""
"""A page's clock that tests set: two clicks are a double click by what a test says, however long a
busy machine takes over the first. Given to a page before it loads."""


class Hand:
    """Clicks and keys on an open picture; ids are those of the graph."""

    def __init__(self, page: Page) -> None:
        self.page = page

    # Looking

    @property
    def nodes(self) -> set[str]:
        """Ids of the nodes that are shown."""
        return set(self.js("[...picture.shown.nodes].map((n) => picture.model.nodes[n].id)"))

    @property
    def links(self) -> set[tuple[str, str, str]]:
        """Keys of the relations that are shown."""
        rows = self.js(
            "[...picture.shown.links].map((n) => picture.model.links[n])"
            ".map((l) => [picture.model.nodes[l.from].id, l.kind, picture.model.nodes[l.to].id])"
        )
        return {(source, kind, target) for source, kind, target in rows}

    @property
    def numbers(self) -> set[int]:
        """Numbers of the relations that are shown."""
        return set(self.js("[...picture.shown.links]"))

    @property
    def copied(self) -> str:
        """What the page put into the clipboard since `watch_clipboard`."""
        return str(self.js("window.copied"))

    @property
    def selected(self) -> str | tuple[str, str, str] | None:
        """Id of the chosen node, or key of the chosen relation."""
        found = self.js(
            "(({node, link} = {}) => node !== undefined ? picture.model.nodes[node].id"
            " : link !== undefined ? ((l) => [picture.model.nodes[l.from].id, l.kind,"
            " picture.model.nodes[l.to].id])(picture.model.links[link]) : null)"
            "(picture.state.selected ?? {})"
        )
        return tuple(found) if isinstance(found, list) else found

    @property
    def panel(self) -> Locator:
        """The evidence panel."""
        return self.page.locator("#panel")

    @property
    def said(self) -> str:
        """What was last announced."""
        return self.page.locator("#live").inner_text()

    @property
    def address(self) -> str:
        """What stands behind the # of the address."""
        return self.page.url.partition("#")[2]

    def js(self, expression: str) -> Any:
        """The value of an expression in the page."""
        return self.page.evaluate(expression)

    def can_ask(self, asserter: str | None) -> bool:
        """Whether the page offers to look through this asserter's eyes (None: everybody's)."""
        number = "(id) => String(picture.model.number.get(id) ?? '')"
        value = self.page.evaluate(number, asserter) if asserter else ""
        options = self.js("[...document.querySelectorAll('#by option')].map((one) => one.value)")
        return value in options if asserter is None or value else False

    # Doing

    def place(self, node: str) -> dict[str, float]:
        """Where a node is on the page."""
        found: dict[str, float] = self.page.evaluate(
            "(id) => picture.placeOf({node: picture.model.number.get(id)})", node
        )
        return found

    def click(self, node: str) -> None:
        """Click a node of the picture, which chooses it."""
        self.touch(node)
        self.page.wait_for_function(
            "(id) => location.hash.includes(encodeURIComponent(id))", arg=node
        )

    def touch(self, node: str) -> None:
        """Click a node of the picture, whatever that does."""
        # A second click within half a second would be a double click.
        self.js("testClock.ahead += 600")
        at = self.place(node)
        self.page.mouse.click(at["x"], at["y"])

    def double_click(self, node: str) -> None:
        """Click a node of the picture twice."""
        at = self.place(node)
        self.js("testClock.stands = Date.now() + 600")
        self.page.mouse.dblclick(at["x"], at["y"])
        self.js("testClock.ahead += 600, testClock.stands = null")

    def place_of_link(self, source: str, kind: str, target: str) -> dict[str, float]:
        """Where the middle of a line is on the page."""
        found: dict[str, float] = self.page.evaluate(
            "([from, kind, to]) => picture.placeOf({link: picture.model.linkNumber.get("
            "`${picture.model.number.get(from)} ${kind} ${picture.model.number.get(to)}`)})",
            [source, kind, target],
        )
        return found

    def click_link(self, source: str, kind: str, target: str) -> None:
        """Click the middle of a line."""
        at = self.place_of_link(source, kind, target)
        self.page.mouse.click(at["x"], at["y"])
        self.page.wait_for_function("() => location.hash.includes('edge=')")

    def hover_link(self, source: str, kind: str, target: str) -> None:
        """Point at the middle of a line until its tooltip is there."""
        at = self.place_of_link(source, kind, target)
        self.page.mouse.move(at["x"], at["y"])
        self.page.wait_for_selector("#tip:not([hidden])")

    def watch_timers(self) -> None:
        """Keep, as `ticking`, which intervals run of those that begin from here on."""
        self.js(
            "(([begin, end]) => { window.ticking = new Set();"
            " window.setInterval = (...given) => {"
            " const one = begin(...given); ticking.add(one); return one; };"
            " window.clearInterval = (one) => { ticking.delete(one); end(one); };"
            " })([window.setInterval.bind(window), window.clearInterval.bind(window)])"
        )

    def watch_clipboard(self) -> None:
        """Keep what the page copies, for a headless browser may not have a clipboard."""
        self.js(
            "navigator.clipboard.writeText = (text) => {"
            " window.copied = text; return Promise.resolve(); }"
        )

    def press(self, *keys: str) -> None:
        """Keys on the picture, one after the other."""
        self.page.focus("#canvas")
        for key in keys:
            self.page.keyboard.press(key)

    def tool(self, name: str) -> None:
        """A button of the toolbar."""
        self.page.click(f"#tool-{name}")

    def set(self, control: str, value: str | int) -> None:
        """Give a slider or a select its value as a reader would leave it."""
        self.page.eval_on_selector(
            f"#{control}",
            "(one, value) => { one.value = value; one.dispatchEvent(new Event('input'));"
            " one.dispatchEvent(new Event('change')); }",
            str(value),
        )

    def download(self, button: str) -> bytes:
        """What an export button gives."""
        self.tool("export")
        with self.page.expect_download() as waiting:
            self.page.click(f"#export-{button}")
        self.page.keyboard.press("Escape")
        return Path(waiting.value.path()).read_bytes()
