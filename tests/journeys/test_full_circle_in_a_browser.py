"""The same circle by hand and mouse: keys, dialogs and htmx in a real Chromium."""

import re
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.journeys import story as steps
from tests.journeys.cast import GO_LIVE, START
from tests.journeys.floor import Floor
from tests.journeys.story import DONE, PROBLEM, PROPOSAL, TITLE, YES

pytestmark = [pytest.mark.browser, pytest.mark.slow]


def test_an_idea_goes_all_the_way_with_javascript(floor: Floor, tmp_path: Path) -> None:
    story = floor.story
    ref = _agent_submits(floor)
    _colleague_supports(floor, ref)
    story.wait(hours=3)
    _head_accepts(floor, ref)
    story.wait_until(START + timedelta(days=2))
    _head_promises(floor, ref)
    story.wait_until(GO_LIVE)
    _deputy_goes_live(floor, ref)
    steps.measure(story, tmp_path)
    steps.analyse(story)
    _head_claims(floor, ref)
    _validator_signs(floor, ref)
    _agent_stands_on_the_leaderboard(floor, ref)


def _agent_submits(floor: Floor) -> str:
    with floor.seated(floor.story.cast.agent) as page:
        page.keyboard.press("c")
        page.wait_for_url("**/ideas/new")
        page.get_by_label("What happens today?").fill(PROBLEM)
        page.get_by_label("What would be better?").fill(PROPOSAL)
        page.get_by_label("What do customers call about?").select_option(
            label="Estimated reading (Billing)"
        )
        page.get_by_text("Add more").click()
        page.get_by_label("Title").fill(TITLE)
        page.keyboard.press("Control+Enter")
        page.wait_for_url("**/ideas/I-*")
        expect(page.get_by_role("heading", level=1)).to_have_text(TITLE)
        expect(page.locator("main")).to_contain_text("Lena Brandt")
        return page.url.rpartition("/")[2]


def _colleague_supports(floor: Floor, ref: str) -> None:
    with floor.seated(floor.story.cast.colleague) as page:
        page.goto(f"{floor.address}/ideas/{ref}")
        page.evaluate("() => { window.isSamePage = true; }")
        support = page.locator("#support").get_by_role("button", name="Me too").first
        support.click()
        expect(page.locator("#support button[aria-pressed=true]")).to_contain_text("1")
        assert page.evaluate("() => window.isSamePage")


def _head_accepts(floor: Floor, ref: str) -> None:
    with floor.seated(floor.story.cast.head) as page:
        page.keyboard.press("g")
        page.keyboard.press("t")
        page.wait_for_url("**/triage")
        page.get_by_role("link", name=TITLE).first.click()
        page.wait_for_url(f"**/triage/{ref}*")
        page.keyboard.press("a")
        page.get_by_label("Your sentence to the author").fill(YES)
        page.get_by_role("button", name="Sign the yes").click()
        expect(page.locator("#toasts")).to_contain_text(f"{ref} is accepted")


def _head_promises(floor: Floor, ref: str) -> None:
    cast = floor.story.cast
    with floor.seated(cast.head) as page:
        page.goto(f"{floor.address}/ideas/{ref}")
        page.locator(f"main a[href='/ideas/{ref}/commit']").first.click()
        page.get_by_label("Who does it").first.select_option(label=_option(page, "Marcus Adeyemi"))
        page.get_by_label("Until when").fill(GO_LIVE.date().isoformat())
        page.get_by_label("Done means").fill(DONE)
        page.locator("input[name=track][value=measured]").check()
        page.locator("select[name=metric_id]").select_option(str(cast.primary.id))
        for guardrail in (cast.customer, cast.employee):
            page.locator(f"input[name=guardrail_ids][value='{guardrail.id}']").check()
        page.get_by_label("Forecast, in percent").fill("-20")
        page.get_by_role("button", name="Sign the promise").click()
        page.wait_for_url(f"**/ideas/{ref}")
        expect(page.locator("#commitment")).to_contain_text("26 weeks")


def _option(page: Page, name: str) -> str:
    """The full words of the first choice that begins with a name."""
    choice = page.locator("select[name=person_id] option", has_text=name).first
    return (choice.text_content() or "").strip()


def _deputy_goes_live(floor: Floor, ref: str) -> None:
    with floor.seated(floor.story.cast.deputy) as page:
        page.goto(f"{floor.address}/ideas/{ref}")
        page.get_by_role("button", name="Begin").click()
        page.get_by_role("link", name="It is live").click()
        page.get_by_label("Live since").fill(GO_LIVE.date().isoformat())
        page.get_by_label("What changes for you on a contact").fill(
            "The letter names the day; you no longer look it up."
        )
        page.get_by_label("What proves it").fill("The template of the letter, version 14.")
        page.get_by_role("button", name="It is live").click()
        page.wait_for_url(f"**/ideas/{ref}")
        expect(page.locator("#implementation")).to_contain_text("live since")


def _head_claims(floor: Floor, ref: str) -> None:
    with floor.seated(floor.story.cast.head) as page:
        page.goto(f"{floor.address}/impact/{ref}")
        expect(page.locator("main")).to_contain_text("It worked.")
        expect(page.locator("canvas").first).to_be_visible()
        page.locator("input[name=claim-kind][value=hard]").check()
        page.get_by_label("What it is", exact=True).fill("Overflow partner")
        page.locator("input[name=claim-evidence]").fill("Invoice of the overflow partner, line 7")
        page.get_by_role("button", name="Claim it").click()
        expect(page.locator("#toasts")).to_contain_text("Claimed.")


def _validator_signs(floor: Floor, ref: str) -> None:
    with floor.seated(floor.story.cast.validator) as page:
        page.goto(f"{floor.address}/impact")
        page.get_by_role("link", name=TITLE).click()
        page.locator("input[name=outcome][value=approved]").check()
        page.locator("#sign input[name=evidence]").fill("Invoice of the overflow partner, line 7")
        page.get_by_label("Your sentence").fill(
            "The calls fell after go-live and the invoice fell with them."
        )
        page.get_by_role("button", name="Sign", exact=True).click()
        expect(page.locator("#toasts")).to_contain_text("Signed.")


def _agent_stands_on_the_leaderboard(floor: Floor, ref: str) -> None:
    with floor.seated(floor.story.cast.agent) as page:
        page.goto(f"{floor.address}/rewards")
        expect(page.locator("main")).to_contain_text("Your share of a proven benefit")
        page.goto(f"{floor.address}/me")
        page.get_by_label("Show my name on the boards").check()
        page.get_by_role("button", name="Keep").click()
        expect(page.locator("#toasts")).to_contain_text("Kept.")
        page.goto(f"{floor.address}/boards/impact?level=people")
        row = page.get_by_role("row", name="Amina Yusuf")
        expect(
            row.get_by_role("img", name=re.compile(r"Amina Yusuf: low €.+high €"))
        ).to_be_visible()
        row.get_by_role("link").first.click()
        expect(page.locator("main")).to_contain_text(ref)
