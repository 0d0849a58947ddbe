"""What scripts add to the pages: keys, fragments, kept words; and what stays without them."""

import pytest
from playwright.sync_api import Browser, Page, expect

from portal.now import at
from portal.people.models import Person
from tests.journeys.story import PROBLEM, PROPOSAL, Story
from tests.support.browser import PHONE, tab
from tests.support.client import Client

pytestmark = [pytest.mark.browser, pytest.mark.slow]


def _sign_in(story: Story, person: Person) -> tuple[Client, str]:
    with at(story.clock.moment):
        client = Client(story.app).sign_in(person)
    cookie = client.http.get_cookie("sid", domain="127.0.0.1")
    assert cookie is not None
    return client, cookie.value


def _write_idea(page: Page) -> None:
    page.get_by_label("What happens today?").fill(PROBLEM)
    page.get_by_label("What would be better?").fill(PROPOSAL)


def test_an_idea_can_be_sent_from_a_phone_without_javascript(
    chromium: Browser, story: Story, address: str
) -> None:
    _, cookie = _sign_in(story, story.cast.agent)
    with tab(chromium, address, cookie=cookie, size=PHONE, java_script_enabled=False) as opened:
        opened.open("/ideas/new")
        _write_idea(opened.page)
        opened.page.get_by_role("button", name="Send").click()
        opened.page.wait_for_url("**/ideas/I-*")
        expect(opened.page.locator("#toasts")).to_be_visible()
        assert not opened.take_faults()


def test_pressing_send_twice_sends_once(chromium: Browser, story: Story, address: str) -> None:
    client, cookie = _sign_in(story, story.cast.colleague)
    with tab(chromium, address, cookie=cookie) as opened:
        opened.open("/ideas/new")
        _write_idea(opened.page)
        opened.page.get_by_role("button", name="Send").dblclick()
        opened.page.wait_for_url("**/ideas/I-*")
        ref = opened.page.url.rpartition("/")[2]
    with at(story.clock.moment):
        mine = client.get("/ideas?mine=y").text
    assert mine.count('class="ref"') == 1, mine
    assert ref in mine


def test_keys_are_listed_and_a_dialog_closes_with_escape(
    chromium: Browser, story: Story, address: str
) -> None:
    _, cookie = _sign_in(story, story.cast.agent)
    with tab(chromium, address, cookie=cookie) as opened:
        opened.open("/")
        opened.page.keyboard.press("?")
        expect(opened.page.locator("dialog#keys")).to_contain_text("Say something")
        opened.page.keyboard.press("Escape")
        expect(opened.page.locator("dialog#keys")).not_to_be_visible()
        assert not opened.take_faults()


@pytest.mark.threat(31)
def test_an_expired_session_asks_beside_the_page_and_keeps_what_was_typed(
    chromium: Browser, story: Story, address: str
) -> None:
    client, cookie = _sign_in(story, story.cast.colleague)
    with tab(chromium, address, cookie=cookie) as opened:
        page = opened.page
        opened.open("/ideas/I-1001")
        with at(story.clock.moment):
            assert client.post("/sign-out").status_code == 303
        with page.expect_response("**/masked"):
            page.locator("#comments textarea").press_sequentially("I counted nine calls about it.")
        expect(page.locator("dialog#signed-out")).not_to_be_visible()
        page.locator("#comments").get_by_role("button", name="Send").click()
        expect(page.locator("dialog#signed-out")).to_be_visible()
        expect(page.locator("#comments textarea")).to_have_value("I counted nine calls about it.")
        assert page.url.endswith("/ideas/I-1001")


@pytest.mark.threat(16)
def test_after_signing_out_back_shows_nothing(
    chromium: Browser, story: Story, address: str
) -> None:
    _, cookie = _sign_in(story, story.cast.agent)
    with tab(chromium, address, cookie=cookie) as opened:
        page = opened.page
        opened.open("/rewards")
        page.evaluate("() => localStorage.setItem('draft', 'words')")
        page.locator(".side summary").click()
        page.locator(".side").get_by_role("button", name="Sign out").click()
        page.wait_for_url("**/sign-in*")
        assert page.evaluate("() => Object.keys(localStorage)") == []
        kept = page.evaluate("() => Object.values(sessionStorage)")
        assert all(one.startswith("/sign-in") for one in kept), kept
        page.go_back()
        expect(page.get_by_role("button", name="Sign in")).to_be_visible()
        expect(page.locator("body")).not_to_contain_text("Points to spend")


@pytest.mark.threat(62)
@pytest.mark.parametrize("where", ["/ideas/new", "/insights/new", "/ideas/I-1001"])
def test_the_writer_sees_what_will_be_masked_before_anything_is_sent(
    where: str, chromium: Browser, story: Story, address: str
) -> None:
    _, cookie = _sign_in(story, story.cast.agent)
    with tab(chromium, address, cookie=cookie) as opened:
        opened.open(where)
        form = opened.page.locator("form", has=opened.page.locator("#masked"))
        form.locator("textarea").first.fill("Her card is 4111 1111 1111 1111.")
        expect(form.locator("#masked")).to_contain_text("We will mask a card number.")
        form.get_by_role("button", name="Send").first.click()
        expect(opened.page.locator("main")).to_contain_text("[card ••1111]")
        assert not opened.take_faults()


@pytest.mark.threat(62)
@pytest.mark.parametrize("kind", ["ideas", "insights"])
def test_whoever_writes_without_a_name_sees_it_too(
    kind: str, chromium: Browser, story: Story, address: str
) -> None:
    _, cookie = _sign_in(story, story.cast.agent)
    with tab(chromium, address, cookie=cookie) as opened:
        page = opened.page
        opened.open(f"/{kind}/new")
        page.get_by_role("button", name="Go on without a name").click()
        page.locator("main textarea").first.fill("Her card is 4111 1111 1111 1111.")
        expect(page.locator("#masked")).to_contain_text("We will mask a card number.")
        if kind == "ideas":
            page.get_by_label("What would be better?").fill(PROPOSAL)
        page.get_by_label("A phrase to come back with").fill("purple lanterns under nine bridges")
        page.get_by_role("button", name="Send without a name").click()
        expect(page.locator("main")).to_contain_text("Nothing is sent yet.")
        expect(page.locator("main textarea").first).to_have_value("Her card is [card ••1111].")
        assert not opened.take_faults()
