"""A form that arrives twice (double click, Back and again) does once what it says."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select

from portal.database import Base, Database, reading
from portal.now import today
from tests.factories.town import Town, make_town
from tests.support.client import Client
from tests.support.forms import PageForm, read_page

SENTENCE = "A plain sentence that says enough to be taken."


@pytest.fixture
def town(app: Flask) -> Town:
    """One of everything."""
    return make_town()


def _count_rows() -> dict[str, int]:
    with reading() as session:
        return {
            table.name: session.scalar(select(func.count()).select_from(table)) or 0
            for table in Base.metadata.sorted_tables
        }


def _form(client: Client, page: str, action: str) -> PageForm:
    answer = client.get(page)
    forms = read_page(answer.text, page)[0]
    return next(form for form in forms if form.action.partition("?")[0] == action)


FORMS: dict[str, tuple[str, str, str, Callable[[], dict[str, str]]]] = {
    "idea": (
        "agent",
        "/ideas/new",
        "/ideas/new",
        lambda: {"title": "A line", "problem": SENTENCE, "proposal": SENTENCE, "action": "submit"},
    ),
    "draft": (
        "agent",
        "/ideas/new",
        "/ideas/new",
        lambda: {"title": "A line", "problem": SENTENCE, "proposal": SENTENCE, "action": "draft"},
    ),
    "insight": ("agent", "/insights/new", "/insights/new", lambda: {"text": SENTENCE}),
    "comment": ("agent", "{measured}", "{measured}/comments", lambda: {"body": SENTENCE}),
    "support": (
        "agent",
        "{measured}",
        "{measured}/support",
        lambda: {"occurred_on": str(today()), "example": SENTENCE},
    ),
    "answer": ("agent", "{asked}/answer", "{asked}/answer", lambda: {"answer": SENTENCE}),
    "withdrawal": ("agent", "{triage}", "{triage}/withdraw", dict),
    "accept": ("head", "{desk}/accept", "{desk}/accept", lambda: {"sentence": SENTENCE}),
    "ask": ("head", "{desk}/ask", "{desk}/ask", lambda: {"question": SENTENCE}),
    "note": ("head", "{desk}", "{desk}/notes", lambda: {"body": SENTENCE}),
    "score": (
        "head",
        "{desk}",
        "{desk}/score",
        lambda: {"effort": "days", "confidence": "sure"},
    ),
    "commit": (
        "head",
        "{accepted}/commit",
        "{accepted}/commit",
        lambda: {
            "due_on": str(today() + timedelta(days=40)),
            "definition_of_done": SENTENCE,
            "track": "quick",
            "metric_id": "0",
            "credit-1-percent": "40",
            "credit-2-percent": "",
        },
    ),
    "start": ("head", "{committed}", "{committed}/start", dict),
    "go-live": (
        "head",
        "{begun}/implement",
        "{begun}/implement",
        lambda: {"go_live_on": str(today()), "what_changes": SENTENCE, "evidence": SENTENCE},
    ),
    "claim": (
        "head",
        "{change}",
        "{change}/claim",
        lambda: {"claim-label": SENTENCE, "claim-evidence": SENTENCE},
    ),
    "signature": (
        "validator",
        "{change}",
        "{change}/validate",
        lambda: {"sentence": SENTENCE, "evidence": SENTENCE},
    ),
    "order": ("agent", "{item}/redeem", "{item}/redeem", dict),
    "approval": (
        "administrator",
        "/rewards/redemptions/R-1",
        "/rewards/redemptions/R-1/approve",
        dict,
    ),
}


@pytest.mark.parametrize("name", FORMS)
def test_a_form_sent_twice_counts_once(
    app: Flask, town: Town, client: Client, database: Database, name: str
) -> None:
    who, page, action, fill = FORMS[name]
    places = {life: f"/ideas/I-{number}" for life, number in town.ideas.items()}
    places["desk"] = f"/triage/I-{town.ideas['triage']}"
    places["change"] = f"/impact/I-{town.ideas['measured']}"
    places["item"] = f"/rewards/catalogue/{town.item_key}"
    client.sign_in(town.people[who])
    form = _form(client, page.format(**places), action.format(**places))
    typed = {
        key: value for key, value in form.values.items() if key not in {"csrf_token", "preview"}
    } | fill()
    first = client.post(form.action, typed)
    assert first.status_code == 303, first.text
    before = _count_rows()
    second = client.post(form.action, typed)
    assert second.status_code in {303, 403, 404, 409, 422}, second.text
    grown = {table for table, rows in _count_rows().items() if rows != before[table]}
    audited = {"audit_rows", "audit_asides"} if name == "draft" else set()
    assert grown == audited, "keeping a draft is audited"
    if second.status_code == 303:
        assert second.location == first.location
    elif SENTENCE in typed.values():
        assert SENTENCE in second.text, "what was typed is lost"
