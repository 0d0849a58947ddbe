"""The page written by hand that the idea list is measured against."""

import pytest
from flask import Flask
from sqlalchemy import update

from portal.database import Database, session, writing
from portal.ideas.lifecycle import State
from portal.ideas.models import Idea
from portal.now import at, now
from tests.bench.bare_list import bare_list, without_tokens
from tests.bench.measure import call, environ
from tests.factories.ideas import make_idea, make_many_ideas
from tests.factories.people import make_headed_department, make_person
from tests.support.client import Client


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_the_list_by_hand_answers_from_the_rows_what_the_portal_answers(
    app: Flask, database: Database, client: Client
) -> None:
    with writing():
        author = make_person("Zoë d'Arc & Sons")
        desk = make_headed_department("Billing <north>")[0]
        desk.takes_orphans = True
        make_many_ideas(20, author, [desk])
        for state in (State.TRIAGE, State.DECLINED, State.NEEDS_INFO, State.VALIDATED):
            make_idea(author, title=f'It is "{state.value}"', state=state)
    cookie = client.sign_in(author).http.get_cookie("sid", domain="127.0.0.1")
    assert cookie is not None
    request = environ("GET", "/ideas", f"sid={cookie.value}")
    with at(now()):
        by_hand = bare_list(app.wsgi_app, database, dict(request))
        with writing():
            session().execute(update(Idea).values(title="<b>Another</b>", support_count=9))
        body = call(by_hand, dict(request), "200")
        assert body.count(b"&lt;b&gt;Another&lt;/b&gt;") == 24
        theirs = call(app.wsgi_app, dict(request), "200")
        assert without_tokens(body) == without_tokens(theirs)
