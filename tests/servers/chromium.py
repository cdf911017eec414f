"""A real Chromium for the tests, driven by Playwright; no browser is downloaded by Playwright.

`page` is a page in a window of its own and `page_log` what went on in it. A test that wants a
different window (dark, narrow, printing) opens it with `browser.new_context(…)` and calls `watch`.
`page.evaluate` knows no time limit: wait with `page.wait_for_function` for what may never come.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, sync_playwright

from tests.machine import apt_install, can_apt_install, locked, say, unavailable

NAMES = ("chromium", "chromium-browser", "google-chrome")
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
PATIENCE = 300_000
"""Milliseconds after which a test fails that waits for what a page should do; no claim of speed."""
INSIDE = ("file:", "data:", "blob:", "about:")
"""Schemes of requests that do not leave the machine's files."""


@dataclass
class PageLog:
    """What a page did since `watch` was called on it."""

    errors: list[str] = field(default_factory=list)
    """Console errors and uncaught exceptions, a blocked request or script among them."""
    requests: list[str] = field(default_factory=list)
    """The address of every request, the page's own among them."""

    @property
    def outside(self) -> list[str]:
        """The requests that went to a network, were it only this machine's."""
        return [address for address in self.requests if not address.startswith(INSIDE)]


def watch(page: Page) -> PageLog:
    """Begin to record errors and requests of a page; call before it goes anywhere."""
    log = PageLog()

    def on_console(message: ConsoleMessage) -> None:
        if message.type == "error":
            log.errors.append(message.text)

    page.on("console", on_console)
    page.on("pageerror", lambda error: log.errors.append(str(error)))
    page.on("request", lambda request: log.requests.append(request.url))
    page.on("websocket", lambda socket: log.requests.append(socket.url))
    return log


@pytest.fixture(scope="session")
def chromium_path(pytestconfig: pytest.Config) -> str:
    """Chromium's executable: named by `CHROMIUM`, else on the path, else installed if we may."""
    named = os.environ.get("CHROMIUM")
    if named:
        found = shutil.which(named)
        return found or unavailable(f"CHROMIUM names {named!r}, which cannot be executed")
    with locked("chromium"):  # half an installation of another worker would be found
        found = _on_path()
        if found is None and can_apt_install():
            apt_install(pytestconfig, "chromium", "fonts-dejavu-core")
            found = _on_path()
    return found or unavailable(f"no browser: none named by CHROMIUM, none of {', '.join(NAMES)}")


def _on_path() -> str | None:
    return next(filter(None, map(shutil.which, NAMES)), None)


@pytest.fixture(scope="session")
def browser(chromium_path: str, pytestconfig: pytest.Config) -> Iterator[Browser]:
    """A headless Chromium for the whole run."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium_path, args=list(FLAGS))
        say(pytestconfig, f"started Chromium {browser.version}")
        yield browser
        browser.close()


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """An empty page in a window of its own, 1280 by 800, watched by `page_log`."""
    context = browser.new_context(viewport={"width": 1280, "height": 800})
    context.set_default_timeout(PATIENCE)
    yield context.new_page()
    context.close()


@pytest.fixture
def page_log(page: Page) -> PageLog:
    """What went on in `page`; ask for it beside `page`."""
    return watch(page)
