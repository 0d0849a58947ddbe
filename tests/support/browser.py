"""A real Chromium that notes every fault a page has: console, policy, network, accessibility."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import axe_core_python
import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, sync_playwright

NAMES = ("chromium", "chromium-browser", "google-chrome")
ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
DESKTOP = (1440, 900)
PHONE = (390, 844)
SERIOUS = frozenset({"serious", "critical"})


def find_chromium() -> str | None:
    """The path of the browser on this machine, if there is one."""
    return next((path for name in NAMES if (path := shutil.which(name))), None)


@contextmanager
def launched() -> Iterator[Browser]:
    """A headless browser, closed at the end of the block."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=find_chromium(), args=list(ARGUMENTS), headless=True
        )
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """One browser per test process; each test opens its own contexts in it."""
    if find_chromium() is None:
        reason = f"no browser is installed: {', '.join(NAMES)}"
        if os.environ.get("CI"):
            pytest.fail(reason)
        pytest.skip(reason)
    with launched() as browser:
        yield browser


@dataclass
class Tab:
    """A page and what went wrong on it: errors of the console, which include the policy's."""

    page: Page
    address: str
    faults: list[str] = field(default_factory=list)

    def open(self, path: str) -> int:
        """Go to a path of the portal; its status."""
        answer = self.page.goto(self.address + path, wait_until="load")
        assert answer is not None
        return answer.status

    def take_faults(self) -> list[str]:
        """What went wrong since one last asked."""
        taken, self.faults[:] = list(self.faults), []
        return taken


@contextmanager
def tab(
    browser: Browser, address: str, *, cookie: str | None = None, **options: Any
) -> Iterator[Tab]:
    """A fresh browser profile with one page; ``options`` are Playwright's for a context."""
    width, height = options.pop("size", DESKTOP)
    context = browser.new_context(viewport={"width": width, "height": height}, **options)
    context.set_default_timeout(10_000)
    if cookie is not None:
        context.add_cookies([{"name": "sid", "value": cookie, "url": address}])
    try:
        yield _watched(context, address)
    finally:
        context.close()


def _watched(context: BrowserContext, address: str) -> Tab:
    made = Tab(context.new_page(), address)

    def note(message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"}:
            made.faults.append(f"{made.page.url}: {message.text}")

    made.page.on("console", note)
    made.page.on("pageerror", lambda error: made.faults.append(f"{made.page.url}: {error}"))
    return made


@cache
def _axe() -> str:
    return (Path(axe_core_python.__file__).parent / "axe.min.js").read_text()


def serious_findings(page: Page, *rules: str) -> list[str]:
    """What axe-core calls serious or critical on the page as it is, each with its elements.

    The engine comes in through the debugger, so that the page's own policy stays as it is.
    """
    settle(page)
    page.evaluate(_axe())
    options: dict[str, Any] = {"resultTypes": ["violations"]}
    if rules:
        options["runOnly"] = list(rules)
    found = page.evaluate("options => axe.run(document, options)", options)
    return [
        f"{entry['id']}: {entry['help']} at {_where(entry)}"
        for entry in found["violations"]
        if entry["impact"] in SERIOUS
    ]


def _where(entry: dict[str, Any]) -> str:
    return "; ".join(" ".join(map(str, node["target"])) for node in entry["nodes"][:4])


def settle(page: Page) -> None:
    """Wait until nothing on the page moves or fades any more."""
    page.evaluate("() => Promise.allSettled(document.getAnimations().map(one => one.finished))")


def sideways_pixels(page: Page) -> int:
    """How many pixels the page is wider than the window; 0 where nothing scrolls sideways."""
    wider: int = page.evaluate(
        "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"
    )
    return max(0, wider)
