"""What the tests of triage start from."""

import pytest
from flask import Flask

from portal.database import writing
from tests.factories.triage import House, make_house


@pytest.fixture
def house(app: Flask) -> House:
    """A board, billing, metering, and two agents; ideas are routed as they are sent."""
    with writing():
        return make_house()
