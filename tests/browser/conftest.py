"""A furnished portal for the tests of a module, served at the end of its story."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from portal.app import create_app
from portal.config import read_config
from portal.database import use
from tests.journeys.cast import gather
from tests.journeys.story import Story, furnish
from tests.support.databases import make_database
from tests.support.server import environment, serving


@pytest.fixture(scope="module")
def story(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Story]:
    """A portal in which something of everything has happened."""
    folder: Path = tmp_path_factory.mktemp("pages")
    address = f"sqlite:///{folder / 'portal.sqlite3'}"
    database = use(make_database(address))
    app = create_app(read_config(environment(address, folder)), database)
    told = Story.begin(app, gather())
    furnish(told, folder)
    yield told
    database.close()


@pytest.fixture(scope="module")
def address(story: Story) -> Iterator[str]:
    """Where that portal answers."""
    with serving(story.app, story.clock) as served:
        yield served
