"""A disk without room: writing answers 503, reading goes on, and nothing is torn."""

from pathlib import Path
from uuid import uuid4

import pytest
from sqlalchemy import func, select, text
from werkzeug.test import TestResponse

from portal.app import create_app
from portal.audit.services import verify_chain
from portal.config import read_config
from portal.database import Database, reading, session, use, writing
from portal.insights.models import Insight
from portal.rewards.proof import check_ledger
from tests.factories.people import make_headed_department, make_person
from tests.support import databases
from tests.support.client import Client
from tests.support.server import environment

SENTENCE = "A plain sentence that says enough to be taken, and fills a page of the file. " * 12
MOST = 200


def _pragma(database: Database, said: str) -> int:
    """Ask the one connection that writes while a test sends one request after another."""
    with database.writer.connect() as connection:
        return int(connection.exec_driver_sql(f"PRAGMA {said}").scalar_one())


def _tell(client: Client, key: str) -> TestResponse:
    return client.post("/insights/new", {"text": SENTENCE, "nonce": key})


@pytest.mark.threat(79)
def test_a_full_disk_refuses_in_words_goes_on_reading_and_recovers_alone(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/portal.sqlite3"
    database = use(databases.make_database(url))
    app = create_app(read_config(environment(url, tmp_path)), database)
    with writing():
        home = make_headed_department("Office", takes_orphans=True)[0]
        people = [make_person(home=home) for _each in range(MOST // 50)]
    clients = [Client(app).sign_in(person) for person in people]
    full = _pragma(database, "page_count") + 8
    assert _pragma(database, f"max_page_count={full}") == full  # as a full disk does
    told: list[str] = []
    for number in range(MOST):
        refused, client = str(uuid4()), clients[number % len(clients)]
        answer = _tell(client, refused)
        if answer.status_code == 503:
            break
        assert answer.status_code == 303, answer.text
        told.append(refused)
    else:
        raise AssertionError("the disk was never full")
    assert "Nothing was lost" in answer.text
    assert answer.text.count("fills a page of the file") >= 12, "what was typed is still there"
    for path in ("/", "/ideas", "/insights", "/people", "/rewards"):
        assert client.get(path).status_code == 200, path
    assert _tell(client, str(uuid4())).status_code == 503, "and again"
    with reading():
        assert session().scalar(select(func.count()).select_from(Insight)) == len(told)
        assert session().scalar(text("PRAGMA integrity_check")) == "ok"
        assert check_ledger() == []
        assert verify_chain() is None
    _pragma(database, f"max_page_count={full + 500}")
    assert _tell(client, refused).status_code == 303
    with reading():
        assert session().scalar(select(func.count()).select_from(Insight)) == len(told) + 1
    database.close()
