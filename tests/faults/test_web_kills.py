"""What was acknowledged stays, whatever dies while others write."""

from pathlib import Path
from uuid import uuid4

import pytest
from sqlalchemy import text

from portal.app import create_app
from portal.config import read_config
from portal.database import Database, release, session, use, writing
from tests.factories.people import make_headed_department, make_person
from tests.faults import web_kills
from tests.support import databases
from tests.support.client import Client
from tests.support.server import environment


@pytest.mark.slow
@pytest.mark.threat(77)
def test_what_was_answered_is_there_once_after_the_web_was_killed_again_and_again(
    database: Database, tmp_path: Path
) -> None:
    figures = web_kills.campaign(
        database, tmp_path, faults=3, seed=3, break_it=web_kills.kill_a_web_process
    )
    assert figures.is_sound, figures
    assert figures.acknowledged > 10, figures
    assert not set(figures.statuses) - {303, 409, 503}, figures


@pytest.mark.slow
@pytest.mark.threat(82)
@pytest.mark.skipif(not databases.BINARIES, reason="no PostgreSQL server can be started here")
def test_a_postgresql_that_crashes_and_comes_back_costs_nobody_a_word(tmp_path: Path) -> None:
    with databases.own_postgresql() as own:
        database = databases.make_database(databases.create_postgresql(own.address, "portal"))
        try:
            figures = web_kills.campaign(
                database,
                tmp_path,
                faults=1,
                seed=4,
                break_it=web_kills.restarting(own),
                pause=(1.0, 2.0),
            )
        finally:
            database.close()
    assert figures.is_sound, figures
    assert figures.acknowledged > 10, figures
    assert not set(figures.statuses) - {303, 409, 503}, figures


@pytest.mark.slow
@pytest.mark.threat(82)
@pytest.mark.skipif(not databases.BINARIES, reason="no PostgreSQL server can be started here")
def test_while_the_database_is_away_every_page_says_so_and_shows_what_was_typed(
    tmp_path: Path,
) -> None:
    with databases.own_postgresql() as own:
        database = use(databases.make_database(databases.create_postgresql(own.address, "portal")))
        web_kills.keep_promises(database)
        try:
            _ask_while_it_is_away(own, database, tmp_path)
        finally:
            database.close()


def _ask_while_it_is_away(own: databases.OwnServer, database: Database, folder: Path) -> None:
    typed = "The letter names no day, card 4539 1488 0343 6467."
    address = database.url.render_as_string(hide_password=False)
    app = create_app(read_config(environment(address, folder)), database)
    with writing():
        person = make_person(home=make_headed_department("Office", takes_orphans=True)[0])
    known, stranger = Client(app).sign_in(person), Client(app)
    assert known.get("/ideas").status_code == 200
    form = {"problem": typed, "proposal": typed, "action": "submit", "nonce": str(uuid4())}
    known.token()
    assert session().scalar(text("SELECT 1")) == 1, "and somebody is reading"
    own.stop()
    release()
    try:
        answers = [
            known.get("/ideas"),
            known.get("/ideas", HX_Request="true"),
            known.post("/ideas/new", form),
            known.get("/nothing/here"),
            stranger.get("/sign-in"),
            stranger.get("/readyz"),
        ]
    finally:
        own.start()
    for answer in answers:
        assert answer.status_code in {200, 404, 503}, answer.text
        assert "Traceback" not in answer.text
    assert [answer.status_code for answer in answers[:3]] == [503] * 3
    assert answers[0].headers["Retry-After"] == "5"
    assert "Nothing was lost" in answers[1].text
    assert "<html" not in answers[1].text, "a fragment for a fragment"
    assert "The letter names no day" in answers[2].text
    assert "4539 1488 0343 6467" not in answers[2].text
    assert answers[5].status_code == 503
    plain = "The letter names no day, so people call and ask."
    again = known.post("/ideas/new", {**form, "problem": plain, "proposal": plain})
    assert again.status_code == 303
