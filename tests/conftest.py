"""One migrated database per worker and kind; every test that uses one starts from empty."""

import os
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, tzinfo
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from flask import Flask

from portal import database as storage
from portal import now as clock
from portal import written
from portal.app import create_app
from portal.authors.sealing import use_key_file
from portal.config import Config, read_config
from portal.database import Database
from portal.masking import DEFAULT_POLICY, settled
from tests.support import databases
from tests.support.client import Client

pytest_plugins = ("tests.support.browser",)
written.must_be_masked_before = True
clock.live_in("Europe/Berlin")


def pytest_addoption(parser: pytest.Parser) -> None:
    """``--as-if 2026-12-31T23:20``: the moment (in UTC) at which the tests shall begin."""
    parser.addoption("--as-if", type=datetime.fromisoformat, metavar="MOMENT")


def pytest_configure(config: pytest.Config) -> None:
    """Let the portal's only clock run ahead or behind, so that no test leans on the hour."""
    if moment := config.getoption("--as-if"):
        ahead = moment.replace(tzinfo=UTC) - datetime.now(UTC)

        class Shifted(datetime):
            @classmethod
            def now(cls, tz: tzinfo | None = None) -> datetime:
                return datetime.now(tz) + ahead

        clock.datetime = Shifted


def _worker() -> str:
    return os.environ.get("PYTEST_XDIST_WORKER", "main")


@pytest.fixture(scope="session")
def postgresql() -> Iterator[str | None]:
    """A PostgreSQL server's address, or None where there is none."""
    with databases.postgresql_server() as server:
        yield server


@pytest.fixture(scope="session")
def sqlite_cleaner() -> Iterator[databases.Cleaner]:
    """The worker's SQLite database."""
    with TemporaryDirectory(prefix="portal-test-", dir=databases.quick_folder()) as folder:
        made = databases.make_database(f"sqlite:///{folder}/portal.sqlite3")
        yield databases.Cleaner(made)
        made.close()


@pytest.fixture(scope="session")
def postgresql_cleaner(postgresql: str | None) -> Iterator[databases.Cleaner | None]:
    """The worker's PostgreSQL database."""
    if postgresql is None:
        yield None
        return
    name = f"portal_test_{os.getpid()}_{_worker()}"
    made = databases.make_database(databases.create_postgresql(postgresql, name))
    yield databases.Cleaner(made)
    made.close()
    databases.drop_postgresql(postgresql, name)


@pytest.fixture(scope="session")
def sealing_key(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The one key file of this worker's portals."""
    return tmp_path_factory.mktemp("keys") / "sealing_key"


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest, sealing_key: Path) -> Iterator[Database]:
    """An empty database in use; every test that needs one runs on both kinds."""
    cleaner: databases.Cleaner | None = request.getfixturevalue(f"{request.param}_cleaner")
    if cleaner is None:
        if os.environ.get("CI"):
            pytest.fail("no PostgreSQL server answers and none can be started")
        pytest.skip("no PostgreSQL server answers and none can be started")
    cleaner.clean()
    storage.use(cleaner.database)
    use_key_file(sealing_key)
    yield cleaner.database
    storage.release()


@pytest.fixture(autouse=True)
def default_policy(request: pytest.FixtureRequest) -> Iterator[None]:
    """What a test without a database masks by: not by that of the portal that was made before it.

    A world of a module's own says nothing of what is masked either.
    """
    if "database" in request.fixturenames:
        yield
        return
    with settled(DEFAULT_POLICY):
        yield


@pytest.fixture
def config(tmp_path: Path, database: Database, sealing_key: Path) -> Config:
    """Settings for a portal on the test's database."""
    return read_config(
        {
            "PORTAL_INSTANCE": str(tmp_path),
            "PORTAL_DATABASE_URL": database.url.render_as_string(hide_password=False),
            "PORTAL_SEALING_KEY": str(sealing_key),
            "PORTAL_SECRET_KEY": "a secret that only the tests have, long enough",
        }
    )


@pytest.fixture
def app(config: Config, database: Database) -> Flask:
    """The whole portal on the test's database; made once for each, as it keeps nothing itself."""
    url = config.database_url
    if url not in _apps:
        _apps[url] = create_app(config, database)
    return _apps[url]


_apps: dict[str, Flask] = {}


@pytest.fixture
def client(app: Flask) -> Client:
    """A browser without JavaScript."""
    return Client(app)


@pytest.fixture
def new_client(app: Flask) -> Callable[[], Client]:
    """Makes further browsers."""
    return lambda: Client(app)


@pytest.fixture
def test_data() -> Path:
    """The folder with real data, which the repository does not carry."""
    folder = os.environ.get("PORTAL_TEST_DATA")
    if not folder or not Path(folder).is_dir():
        pytest.skip("PORTAL_TEST_DATA does not name the folder with the real data")
    return Path(folder).resolve()
