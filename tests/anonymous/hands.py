"""Doing what an anonymous author does, in a browser without JavaScript."""

from datetime import timedelta

from sqlalchemy import select
from werkzeug.test import TestResponse

from portal.anonymous.services import publish_due
from portal.authors.models import StagedWord
from portal.database import session, writing
from tests.support.client import Client

PHRASE = "purple lanterns under nineteen bridges"
PROBLEM = "Customers call because the reminder arrives after the payment."
PROPOSAL = "Hold the reminder back for three days. Then most have paid."


def open_form(client: Client, **typed: str) -> dict[str, str]:
    """The fields of the anonymous form, reached from the page where one says something."""
    start = client.fields(client.get("/ideas/new"), "/ideas/new")
    answer = client.post("/anonymous/idea", {**start, "action": "open", **typed})
    assert answer.status_code == 200, answer.text
    return client.fields(answer, "/anonymous/idea")


def hand_in(client: Client, phrase: str = PHRASE, **typed: str) -> TestResponse:
    """Send an idea without a name."""
    given = {"problem": PROBLEM, "proposal": PROPOSAL, "phrase": phrase, **typed}
    return client.post("/anonymous/idea", {**open_form(client), **given, "action": "send"})


def publish_all() -> None:
    """Let what waits go out as if it had been said the day before."""
    with writing():
        for word in session().scalars(select(StagedWord)):
            word.on_day -= timedelta(days=1)
    publish_due()
