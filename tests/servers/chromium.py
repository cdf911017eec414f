"""A real Chromium for the tests, driven by Playwright; no browser is downloaded by Playwright.

`page` is the one window of a run, as good as new for each test, and `page_log` what went on in it.
A test that wants a different one (a phone's, with a script before all others) opens it with
`browser.new_context(…)` and calls `watch`.
`page.evaluate` knows no time limit: wait with `page.wait_for_function` for what may never come.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any, cast

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, ViewportSize, sync_playwright

from tests.machine import apt_install, can_apt_install, locked, on_all_cores, say, unavailable

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
VIEWPORT: ViewportSize = {"width": 1280, "height": 800}
INSIDE = ("file:", "data:", "blob:", "about:")
"""Schemes of requests that do not leave the machine's files."""

Ears = dict[str, Callable[[Any], None]]


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
    _listen(page, _ears(log))
    return log


def _listen(page: Page, ears: Ears) -> None:
    for event, hear in ears.items():
        cast(Any, page).on(event, hear)  # its types know each event apart


def _ears(log: PageLog) -> Ears:
    """What listens to a page for a log, by event."""

    def on_console(message: ConsoleMessage) -> None:
        if message.type == "error":
            log.errors.append(message.text)

    return {
        "console": on_console,
        "pageerror": lambda error: log.errors.append(str(error)),
        "request": lambda request: log.requests.append(request.url),
        "websocket": lambda socket: log.requests.append(socket.url),
    }


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
    with on_all_cores():
        playwright = sync_playwright().start()
        browser = playwright.chromium.launch(executable_path=chromium_path, args=list(FLAGS))
    say(pytestconfig, f"started Chromium {browser.version}")
    yield browser
    browser.close()
    playwright.stop()


@pytest.fixture(scope="session")
def window(browser: Browser) -> Iterator[Page]:
    """The window that tests use one after the other: to open one costs more than most of them."""
    context = browser.new_context(viewport=VIEWPORT)
    context.set_default_timeout(PATIENCE)
    yield context.new_page()
    context.close()


@pytest.fixture
def page(window: Page) -> Iterator[Page]:
    """An empty page, 1280 by 800, watched by `page_log`: nothing in it tells of the test before."""
    window.set_viewport_size(VIEWPORT)
    window.emulate_media(media="null", color_scheme="null", reduced_motion="null")
    yield window
    window.evaluate("() => { try { localStorage.clear(); } catch { /* a page without */ } }")
    window.goto("about:blank")


@pytest.fixture
def page_log(page: Page) -> Iterator[PageLog]:
    """What went on in `page`; ask for it beside `page`."""
    log = PageLog()
    ears = _ears(log)
    _listen(page, ears)
    yield log
    for event, hear in ears.items():
        cast(Any, page).remove_listener(event, hear)
