"""The head clears the inbox by keyboard alone, in a real Chromium."""

from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import select

from portal.database import reading, writing
from portal.demand.models import ContactReason
from portal.ideas.lifecycle import State
from portal.ideas.models import Idea
from portal.now import at
from portal.people.models import Person
from tests.factories.triage import submit
from tests.journeys import story as steps
from tests.journeys.cast import START, gather
from tests.journeys.story import Story
from tests.support.browser import tab
from tests.support.server import serving

pytestmark = [pytest.mark.browser, pytest.mark.slow]

WORDS = "A whole sentence that one would say to their face."


@pytest.fixture
def story(app: Flask) -> Story:
    """Ten ideas on the desk of the head of billing."""
    told = Story.begin(app, gather())
    with at(START), writing() as unit:
        reason = unit.scalars(select(ContactReason)).one()
        for number in range(10):
            submit(told.cast.agent, reason, title=f"Idea {number}")
    return told


@pytest.fixture
def page(story: Story, chromium: Browser) -> Iterator[Page]:
    """The head's browser; nothing may go wrong on any page."""
    with serving(story.app, story.clock) as address:
        link = steps.run_command(story, "people", "sign-in-link", story.cast.head.email)
        with tab(chromium, address) as opened:
            opened.open(urlsplit(link.strip()).path)
            opened.page.keyboard.press("Tab")
            opened.page.locator("main form button[type=submit]").press("Enter")
            opened.page.wait_for_url(f"{address}/")
            yield opened.page
            assert not opened.take_faults()


def _focused(page: Page) -> str:
    """The name of the field that has the focus, or the key of what has it."""
    found: str = page.evaluate(
        "() => document.activeElement.name || document.activeElement.dataset.key || ''"
    )
    return found


def _go_to(page: Page, name: str) -> None:
    for _ in range(8):
        if _focused(page) == name:
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"the focus never came to {name}")


def _unfold(page: Page, key: str, first: str) -> None:
    """Press the key of a step; its first field has the focus and the letter is not typed."""
    page.keyboard.press(key)
    page.wait_for_selector("form#step")
    page.wait_for_function("name => document.activeElement.name === name", arg=first)


def _write(page: Page, *names: str) -> None:
    for name in names:
        _go_to(page, name)
        page.keyboard.type(WORDS)


def _sign(page: Page, said: str) -> None:
    page.keyboard.press("Control+Enter")
    expect(page.locator("#toasts")).to_contain_text(said)


def test_a_head_clears_ten_items_by_keyboard_alone(page: Page) -> None:
    page.keyboard.press("g")
    page.keyboard.press("t")
    page.wait_for_url("**/triage")
    for _ in range(3):
        _unfold(page, "a", "sentence")
        _write(page, "sentence")
        _sign(page, "is accepted")
    _unfold(page, "t", "sentence")
    _write(page, "sentence", "scope", "stop_rule")
    _sign(page, "is being tried")
    for _ in range(2):
        _unfold(page, "q", "question")
        _write(page, "question")
        _sign(page, "waits on its author")
    for _ in range(2):
        _unfold(page, "d", "reason_code")
        page.keyboard.press("ArrowDown")
        _write(page, "sentence", "would_change")
        _sign(page, "Its author reads why")
    _unfold(page, "z", "review_on")
    page.keyboard.type("05042026")
    _write(page, "sentence")
    _sign(page, "is put off")
    _unfold(page, "x", "to")
    page.keyboard.press("ArrowDown")
    _write(page, "reason")
    _sign(page, "is handed on")
    expect(page.locator("main")).to_contain_text("Nothing waits on you")
    with reading() as unit:
        assert sorted(unit.scalars(select(Idea.state))) == sorted(
            [State.ACCEPTED] * 3
            + [State.TESTING]
            + [State.NEEDS_INFO] * 2
            + [State.DECLINED] * 2
            + [State.DEFERRED, State.TRIAGE]
        )


def test_keys_go_through_the_list_and_leave_a_step_with_nothing_lost(page: Page) -> None:
    page.keyboard.press("g")
    page.keyboard.press("t")
    page.wait_for_url("**/triage")
    page.keyboard.press("j")
    page.wait_for_url("**/triage/I-1002*")
    row = page.locator(".inbox-row[aria-current]")
    expect(row).to_be_focused()
    assert row.evaluate("row => row.matches(':focus-visible')")
    page.keyboard.press("j")
    page.wait_for_url("**/triage/I-1003*")
    page.keyboard.press("k")
    page.wait_for_url("**/triage/I-1002*")
    page.keyboard.press("?")
    keys = page.locator("dialog#keys")
    for label in ("Next item", "Item before", "Accept", "Test", "Ask author", "Decline", "Later"):
        expect(keys).to_contain_text(label)
    page.keyboard.press("d")
    expect(page.locator("form#step")).to_have_count(0)
    page.keyboard.press("Escape")
    _unfold(page, "a", "sentence")
    page.keyboard.type("jkatqdmxzeu?")
    assert page.locator("form#step textarea").input_value() == "jkatqdmxzeu?"
    page.keyboard.press("Escape")
    expect(page.locator("#step [data-key=a]")).to_be_focused()
    page.keyboard.press("a")
    expect(page.locator("form#step textarea")).to_have_value("jkatqdmxzeu?")


def test_who_turned_single_keys_off_is_left_alone(story: Story, page: Page) -> None:
    with at(START), writing() as unit:
        unit.get_one(Person, story.cast.head.id).single_keys = False
    page.reload()
    page.keyboard.press("c")
    page.keyboard.press("?")
    expect(page.locator("dialog#keys")).not_to_be_visible()
    assert page.url.endswith("/")


def test_what_was_signed_is_taken_back_by_one_key(page: Page) -> None:
    page.keyboard.press("g")
    page.keyboard.press("t")
    page.wait_for_url("**/triage")
    _unfold(page, "a", "sentence")
    _write(page, "sentence")
    _sign(page, "is accepted")
    page.keyboard.press("u")
    expect(page.locator("#toasts")).to_contain_text("is as it was before. Nobody was told.")
    page.wait_for_url("**/triage/I-1001*")
    expect(page.locator("#step [data-key=a]")).to_be_visible()
    with reading() as unit:
        assert set(unit.scalars(select(Idea.state))) == {State.TRIAGE}


def test_several_are_ticked_and_answered_on_one_page(page: Page) -> None:
    page.goto(page.url.rstrip("/") + "/triage")
    button = page.get_by_role("button", name="Decide together")
    expect(button).to_be_hidden()
    for number in (1001, 1003):
        page.get_by_label(f"Choose I-{number}").press("Space")
    page.get_by_label("What to decide").select_option("ask")
    button.press("Enter")
    page.wait_for_url("**/triage/together*")
    page.locator("[name=all-question]").fill("How often in a week?")
    page.get_by_role("button", name="Put it where nothing stands yet").press("Enter")
    own = page.locator("[name=i1003-question]")
    expect(own).to_have_value("How often in a week?")
    own.fill("Which letter was it?")
    own.press("Control+Enter")
    page.wait_for_url("**/triage/signed")
    for words in ("2 ideas are decided.", "How often in a week?", "Which letter was it?"):
        expect(page.locator("body")).to_contain_text(words)
    page.get_by_role("button", name="Undo I-1003").press("Enter")
    page.wait_for_url("**/triage/I-1003*")
    with reading() as unit:
        assert list(unit.scalars(select(Idea.state))).count(State.NEEDS_INFO) == 1


def test_the_inbox_is_walked_through_one_after_another(story: Story, page: Page) -> None:
    page.goto(page.url.rstrip("/") + "/triage/sitting")
    page.get_by_role("button", name="Begin").press("Enter")
    page.wait_for_url("**/triage/I-1001*")
    timer = page.locator("[data-timer]")
    expect(timer).to_have_text("5 min left for this one")
    expect(page.locator(".inbox-row")).to_have_count(0)
    page.keyboard.press("j")
    page.wait_for_url("**/triage/I-1002*")
    story.wait(minutes=6)
    page.reload()
    expect(timer).to_have_text("Five minutes are over. Take the time it needs.")
    _unfold(page, "a", "sentence")
    _write(page, "sentence")
    _sign(page, "is accepted")
    page.wait_for_url("**/triage/I-1003*")
    page.get_by_role("button", name="Stop here").press("Enter")
    page.wait_for_url("**/triage/sitting/*")
    expect(page.locator("main")).to_contain_text("That is it for now")
