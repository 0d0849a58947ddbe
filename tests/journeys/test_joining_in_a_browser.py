"""Two ideas that say the same, joined and taken apart by keys and mouse in a real Chromium."""

import os
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.test_full_circle_in_a_browser import Floor, floor

__all__ = ["floor"]

pytestmark = [pytest.mark.browser, pytest.mark.slow]

FIRST = "Say on the bill that the reading was estimated"
SECOND = "Mark estimated readings on the bill"
WHY = "Both ask for the same line on the bill, so one of them goes on for both."


def _hand_in(page: Page, floor: Floor, title: str) -> str:
    page.goto(f"{floor.address}/ideas/new")
    page.get_by_label("What happens today?").fill("The bill does not say that it is estimated.")
    page.get_by_label("What would be better?").fill(f"{title}, below the reading itself.")
    page.get_by_label("What do customers call about?").select_option(
        label="Estimated reading (Billing)"
    )
    page.get_by_text("Add more").click()
    page.get_by_label("Title").fill(title)
    if title == SECOND:
        expect(page.locator("#alike")).to_contain_text(FIRST)
        _keep(page, "while-writing")
    page.keyboard.press("Control+Enter")
    page.wait_for_url("**/ideas/I-*")
    return page.url.rpartition("/")[2]


def _keep(page: Page, name: str) -> None:
    """A picture, where somebody wants to look at it."""
    folder = os.environ.get("PORTAL_TEST_PICTURES")
    if folder:
        page.screenshot(path=Path(folder) / f"joining-{name}.png", full_page=True)


def test_a_head_joins_two_their_author_sees_it_and_it_is_undone(floor: Floor) -> None:
    cast = floor.story.cast
    with floor.seated(cast.agent) as page:
        first = _hand_in(page, floor, FIRST)
    with floor.seated(cast.colleague) as page:
        second = _hand_in(page, floor, SECOND)
    floor.story.wait(hours=2)
    with floor.seated(cast.head) as page:
        page.goto(f"{floor.address}/triage/{second}")
        expect(page.locator("#similar")).to_contain_text(FIRST)
        _keep(page, "bench")
        page.keyboard.press("m")
        page.wait_for_url(f"**/triage/{second}/merge*")
        _keep(page, "choosing")
        page.locator(".vs a", has_text=FIRST).click()
        expect(page.get_by_role("heading", name=f"Afterwards, on {first}")).to_be_visible()
        page.get_by_label("Your sentence to the authors of both").fill(WHY)
        page.get_by_role("button", name="Read the letter first").click()
        expect(page.locator(".letter")).to_contain_text("You stay an author")
        _keep(page, "letter")
        page.get_by_role("button", name="Join them").click()
        expect(page.locator("#toasts")).to_contain_text(f"{second} goes on as {first}")
    with floor.seated(cast.colleague) as page:
        page.goto(f"{floor.address}/ideas/{second}")
        main = page.locator("main")
        expect(main).to_contain_text(f"It goes on as {first}")
        expect(main).to_contain_text(WHY)
        _keep(page, "joined")
        page.goto(f"{floor.address}/ideas/{first}")
        expect(page.locator("main header").first).to_contain_text(cast.colleague.name)
        page.locator("#joined summary").click()
        _keep(page, "goes-on")
        page.goto(f"{floor.address}/notifications")
        expect(page.locator("main")).to_contain_text("was joined to another idea")
    with floor.seated(cast.head) as page:
        page.goto(f"{floor.address}/ideas/{second}")
        page.get_by_text("Take it out again").click()
        page.get_by_label("Why? Its authors read it.").fill("They are about two different bills.")
        page.get_by_role("button", name="Take it out").click()
        expect(page.locator("#toasts")).to_contain_text("stands on its own again")
        expect(page.locator("main")).to_contain_text("Being looked at")
