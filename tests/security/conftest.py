"""One world for all tests that leave it as it was, on a database of its own."""

from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from portal import database as storage
from portal.app import create_app
from portal.attachments import storage as uploads
from portal.config import read_config
from portal.now import at, now
from tests.security.walk import Walker
from tests.security.world import make_world
from tests.support import databases


@pytest.fixture(scope="session")
def still_walker() -> Iterator[Walker]:
    """Somebody who knocks at the doors of a world on SQLite in which nothing ever happens."""
    with TemporaryDirectory(prefix="portal-world-", dir=databases.quick_folder()) as folder:
        url = f"sqlite:///{Path(folder) / 'portal.sqlite3'}"
        database = storage.use(databases.make_database(url))
        settings = {"PORTAL_INSTANCE": folder, "PORTAL_DATABASE_URL": url}
        settings["PORTAL_SECRET_KEY"] = "a secret that only the tests have, long enough"
        app = create_app(read_config(settings), database)
        app.extensions["world"] = database, uploads.active(), now()
        yield Walker(app, make_world(app))
        database.close()


@pytest.fixture
def still(still_walker: Walker) -> Iterator[Walker]:
    """The same, with its database and its files in use, and no time passed since it was made."""
    database, kept, moment = still_walker.app.extensions["world"]
    before = uploads.active()
    storage.release()
    storage.use(database)
    uploads.use(kept)
    with at(moment):
        yield still_walker
    storage.release()
    uploads.use(before)
