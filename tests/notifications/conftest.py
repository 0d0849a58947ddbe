"""A house whose letters go to a real SMTP server."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from flask import Flask

from portal.database import writing
from portal.notifications import post
from tests.factories.triage import House, make_house
from tests.notifications.servers import Box, Mailbox


@pytest.fixture
def mailbox(app: Flask) -> Iterator[Mailbox]:
    """A mail server that is away until it is opened."""
    before, made = post.office(), Mailbox()
    post.use(replace(before, carrier=post.open_carrier(made.url), sender="ideas@portal.example"))
    yield made
    post.use(before)


@pytest.fixture
def box(mailbox: Mailbox) -> Iterator[Box]:
    """The same server, open."""
    with mailbox.open() as opened:
        yield opened


@pytest.fixture
def house(app: Flask) -> House:
    """Departments, their heads, and two agents."""
    with writing():
        return make_house()
