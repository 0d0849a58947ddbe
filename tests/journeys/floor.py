"""The portal of a story, served, and the browser that people open it with."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from urllib.parse import urlsplit

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page

from portal.jobs.services import run_ready_tasks
from portal.now import at
from portal.people.models import Person
from tests.journeys import story as steps
from tests.journeys.cast import gather
from tests.journeys.story import Story
from tests.support.browser import tab
from tests.support.server import serving

_REFUSED = "the server responded with a status of 422"


@dataclass
class Floor:
    """A story in front of a browser."""

    story: Story
    browser: Browser
    address: str

    @contextmanager
    def seated(self, person: Person, *, errs: bool = False) -> Iterator[Page]:
        """Somebody signs in by a one-time link; nothing may go wrong on any page they see.

        Who ``errs`` types something wrong, which the browser notes as an answer of 4xx.
        """
        link = steps.run_command(self.story, "people", "sign-in-link", person.email)
        with tab(self.browser, self.address) as opened:
            opened.open(urlsplit(link.strip()).path)
            opened.page.locator("main form button[type=submit]").click()
            opened.page.wait_for_url(f"{self.address}/")
            yield opened.page
            found = opened.take_faults()
            faults = [one for one in found if not (errs and _REFUSED in one)]
            assert not faults, faults

    def work(self) -> None:
        """The worker does what is due by now."""
        with at(self.story.clock.moment):
            run_ready_tasks(limit=100_000)


@pytest.fixture
def floor(app: Flask, chromium: Browser) -> Iterator[Floor]:
    """The cast before the story, in front of a browser."""
    story = Story.begin(app, gather())
    with serving(app, story.clock) as address:
        yield Floor(story, chromium, address)
