"""Every page as each kind of reader sees it: whole, quiet, readable, and no wider than a phone."""

from collections.abc import Iterable, Iterator

import pytest
from playwright.sync_api import Browser

from portal.now import at
from portal.people.models import Person
from tests.browser.places import find_places
from tests.journeys.story import Story
from tests.support.browser import PHONE, Tab, serious_findings, sideways_pixels, tab
from tests.support.client import Client

pytestmark = [pytest.mark.browser, pytest.mark.slow]

READERS = ("agent", "head", "validator", "leader", "admin")
OF_EACH = 2
MAY_BE_STORED = {"theme", "keys", "sent", "htmx-current-path-for-history"}


def _cookie(story: Story, person: Person) -> tuple[Client, str]:
    with at(story.clock.moment):
        client = Client(story.app).sign_in(person)
    cookie = client.http.get_cookie("sid", domain="127.0.0.1")
    assert cookie is not None
    return client, cookie.value


def _desk_faults(opened: Tab, *, in_depth: bool) -> Iterator[str]:
    """What is wrong with the page that is open on a desk; in depth, also by axe."""
    if (count := opened.page.locator("h1").count()) != 1:
        yield f"{count} headings of the first rank"
    if in_depth:
        yield from serious_findings(opened.page)
        opened.page.emulate_media(color_scheme="dark")
        yield from (f"dark: {one}" for one in serious_findings(opened.page, "color-contrast"))
        opened.page.emulate_media(color_scheme="light")
    yield from opened.take_faults()


def _phone_faults(opened: Tab) -> Iterator[str]:
    if wider := sideways_pixels(opened.page):
        yield f"{wider} px wider than a phone"
    yield from opened.take_faults()


def _examine(desk: Tab, phone: Tab, path: str, *, in_depth: bool = True) -> list[str]:
    """Everything that is wrong with a page, light and dark, on a desk and on a phone."""
    statuses = {opened.open(path) for opened in (desk, phone)}
    if statuses != {200}:
        desk.take_faults(), phone.take_faults()
        return [f"it answers {statuses}"]
    return [*_desk_faults(desk, in_depth=in_depth), *_phone_faults(phone)]


def _stored_keys(opened: Tab) -> set[str]:
    """What the browser keeps of us, drafts left out: they are what somebody typed here."""
    keys = "() => [...Object.keys(localStorage), ...Object.keys(sessionStorage)]"
    return {key for key in opened.page.evaluate(keys) if not key.startswith("draft:")}


def _seen_by(story: Story, names: Iterable[str]) -> set[str]:
    """The addresses that somebody among these readers can open."""
    seen: set[str] = set()
    for name in names:
        client, _ = _cookie(story, getattr(story.cast, name))
        with at(story.clock.moment):
            seen |= {place.path for place in find_places(client, of_each=OF_EACH)}
    return seen


@pytest.mark.threat(28, 30)
@pytest.mark.parametrize("reader", READERS)
def test_every_page_is_whole_quiet_readable_and_fits_a_phone(
    chromium: Browser, story: Story, address: str, reader: str
) -> None:
    """Axe looks at a page once, as the first reader who can open it."""
    known = _seen_by(story, READERS[: READERS.index(reader)])
    _, cookie = _cookie(story, getattr(story.cast, reader))
    found = {}
    with (
        tab(chromium, address, cookie=cookie) as desk,
        tab(chromium, address, cookie=cookie, size=PHONE, has_touch=True) as phone,
    ):
        for path in sorted(_seen_by(story, [reader])):
            if faults := _examine(desk, phone, path, in_depth=path not in known):
                found[path] = faults
        stored = _stored_keys(desk)
    assert not found
    assert stored <= MAY_BE_STORED


def test_the_sign_in_page_is_whole_quiet_readable_and_fits_a_phone(
    chromium: Browser, address: str
) -> None:
    with tab(chromium, address) as desk, tab(chromium, address, size=PHONE) as phone:
        assert not _examine(desk, phone, "/sign-in")
