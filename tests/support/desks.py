"""Fixtures of a house with its desks: what tests of triage and of tasks start from."""

from collections.abc import Callable

import pytest
from flask import Flask

from portal.database import writing
from portal.ideas.models import Idea
from tests.factories.triage import House, make_house, submit
from tests.support.client import Client


@pytest.fixture
def house(app: Flask) -> House:
    """A board, billing, metering, and two agents; ideas are routed as they are sent."""
    with writing():
        return make_house()


@pytest.fixture
def idea(house: House) -> Idea:
    """An idea that waits on the head of billing."""
    with writing():
        return submit(house.agent, house.billing.reason)


@pytest.fixture
def head(house: House, client: Client) -> Client:
    """The browser of the head of billing."""
    return client.sign_in(house.billing.head)


@pytest.fixture
def deputy(house: House, new_client: Callable[[], Client]) -> Client:
    """The browser of the deputy of billing."""
    return new_client().sign_in(house.billing.deputy)
