"""Handing in without a name, from the page to the idea and back with the phrase."""

import re
from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import func, select

from portal.anonymous import staging
from portal.audit.models import AuditRow
from portal.authors.models import DayUse, FollowUp, StagedWord
from portal.database import session, writing
from portal.ideas.lifecycle import State
from portal.ideas.models import Idea
from portal.insights.models import Insight
from portal.now import day_of, midnight
from portal.people.models import Person, SignInSession
from portal.triage.services import ask_author
from tests.anonymous.hands import PHRASE, PROBLEM, hand_in, open_form, publish_all
from tests.factories.people import actor_of
from tests.factories.triage import House, make_house
from tests.support.client import Client


@pytest.fixture
def house(app: Flask) -> House:
    """Departments with heads, and agents."""
    with writing():
        return make_house()


@pytest.fixture
def agent(house: House, client: Client) -> Client:
    """The author's browser, signed in."""
    return client.sign_in(house.agent)


@pytest.fixture
def stranger(new_client: Callable[[], Client]) -> Client:
    """A browser that nobody is signed in with."""
    return new_client()


def idea() -> Idea:
    """The one idea."""
    session().expire_all()
    found: Idea = session().scalars(select(Idea)).one()
    return found


@pytest.mark.threat(56, 58)
def test_an_anonymous_idea_waits_on_a_stage_that_knows_no_hour(agent: Client) -> None:
    seen = session().scalar(select(SignInSession.last_seen_at))
    answer = hand_in(agent)
    assert answer.status_code == 200
    assert "Remember your phrase" in answer.text
    assert "Amina" not in answer.text
    staged = session().scalars(select(StagedWord)).one()
    assert staged.payload["problem"] == PROBLEM
    assert set(StagedWord.__table__.columns.keys()) == {
        *("key", "kind", "payload", "phrase_tag", "on_day")
    }
    assert session().scalar(select(func.count()).select_from(Idea)) == 0
    assert session().scalar(select(SignInSession.last_seen_at)) == seen
    tags = set(session().scalars(select(AuditRow.action)))
    assert not {tag for tag in tags if tag.startswith("idea")}


@pytest.mark.threat(56, 57)
def test_it_is_published_with_a_clock_and_answered_with_the_phrase(
    agent: Client, house: House, stranger: Client
) -> None:
    hand_in(agent, reason_id=str(house.billing.reason.id))
    publish_all()
    assert idea().state is State.TRIAGE
    assert idea().due_at is not None
    rows = session().scalars(select(AuditRow).where(AuditRow.object_kind == "idea")).all()
    assert all(row.actor_id is None for row in rows)
    sent = next(row for row in rows if row.action == "idea.submit")
    assert sent.at == midnight(day_of(sent.at))
    page = agent.get(f"/ideas/I-{idea().number}")
    assert "Anonymous" in page.text
    assert house.agent.name not in page.text.partition("<main")[2]
    assert "Take it back" not in page.text
    assert f'action="/ideas/I-{idea().number}/support"' in page.text  # as for any colleague
    with writing():
        ask_author(actor_of(house.billing.head), idea(), question="Which letter do you mean?")
    shown = stranger.post("/follow-up", {"phrase": f"  {PHRASE.upper()} "})
    assert shown.status_code == 200
    assert "Which letter do you mean?" in shown.text
    fields = stranger.fields(shown, "/follow-up/answer")
    sent_answer = stranger.post("/follow-up/answer", {**fields, "said": "The second reminder."})
    assert "It comes out with the next batch" in sent_answer.text
    assert idea().state is State.NEEDS_INFO
    publish_all()
    assert idea().state is State.TRIAGE
    shown = stranger.post("/follow-up", {"phrase": PHRASE})
    fields = stranger.fields(shown, "/follow-up/withdraw")
    stranger.post("/follow-up/withdraw", {**fields, "said": "I found another way."})
    publish_all()
    assert idea().state is State.WITHDRAWN


def test_what_came_too_late_is_said_where_the_author_comes_back(
    agent: Client, stranger: Client
) -> None:
    hand_in(agent)
    publish_all()
    fields = stranger.fields(stranger.post("/follow-up", {"phrase": PHRASE}), "/follow-up/withdraw")
    for nonce in ("0" * 36, "1" * 36):
        stranger.post("/follow-up/withdraw", {**fields, "nonce": nonce, "said": "Back."})
    publish_all()
    assert idea().state is State.WITHDRAWN
    assert "came too late" in stranger.post("/follow-up", {"phrase": PHRASE}).text


def test_a_form_sent_twice_is_one_idea(agent: Client) -> None:
    fields = open_form(agent, problem=PROBLEM)
    typed = {**fields, "problem": PROBLEM, "proposal": "Wait.", "phrase": PHRASE, "action": "send"}
    for _sending in range(2):
        assert agent.post("/anonymous/idea", typed).status_code == 200
    publish_all()
    assert agent.post("/anonymous/idea", typed).status_code == 200
    publish_all()
    assert idea().problem == PROBLEM


def test_what_was_typed_before_goes_along_and_is_stored_nowhere(agent: Client) -> None:
    start = agent.fields(agent.get("/ideas/new"), "/ideas/new")
    page = agent.post(
        "/anonymous/idea", {**start, "problem": PROBLEM, "proposal": "Wait.", "action": "open"}
    )
    assert PROBLEM in page.text
    assert session().scalar(select(func.count()).select_from(StagedWord)) == 0


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"phrase": ""}, "Choose a phrase"),
        ({"phrase": "short"}, "Too easy to guess"),
        ({"phrase": "aaaa aaaa aaaa aaaa aaaa aaaa"}, "Too easy to guess"),
        ({"phrase": "correct horse battery staple forever"}, "Take another"),
        ({"phrase": PROBLEM[:50]}, "stands in your text"),
        ({"problem": ""}, "Say what happens today"),
        ({"proposal": "x" * 9000}, "Too long"),
        ({"title": "x" * 200}, "Too long"),
    ],
)
def test_what_is_wrong_stands_at_its_field(
    typed: dict[str, str], sentence: str, agent: Client
) -> None:
    answer = hand_in(agent, **typed)
    assert answer.status_code == 422
    assert sentence in answer.text
    assert session().scalar(select(func.count()).select_from(StagedWord)) == 0


def test_who_did_not_come_from_a_page_for_people_who_work_here_is_refused(
    stranger: Client, house: House
) -> None:
    for shown in ("", "x" * 32, "é"):
        answer = stranger.post("/anonymous/idea", {"pass": shown, "action": "open"})
        assert answer.status_code == 403


def test_about_a_person_leads_elsewhere_and_saves_nothing(agent: Client) -> None:
    answer = hand_in(agent, about_person="y")
    assert answer.status_code == 303
    assert answer.location == "/about-a-person"
    assert "saved here" in agent.get("/about-a-person").text
    assert session().scalar(select(func.count()).select_from(StagedWord)) == 0


@pytest.mark.threat(55)
def test_a_browser_hands_in_so_much_a_day_and_is_known_by_a_random_token(
    agent: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("portal.anonymous.staging.MOST_A_DAY", 2)
    for _time in range(2):
        assert hand_in(agent).status_code == 200
    assert hand_in(agent).status_code == 409
    assert [row.count for row in session().scalars(select(DayUse))] == [2]


@pytest.mark.threat(6)
def test_wrong_phrases_are_heard_so_often_and_right_ones_leave_no_mark(
    agent: Client, stranger: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("portal.anonymous.staging.MOST_PHRASES", 2)
    hand_in(agent)
    publish_all()
    for _time in range(4):
        assert stranger.post("/follow-up", {"phrase": PHRASE}).status_code == 200
    statuses = [
        stranger.post("/follow-up", {"phrase": f"no such phrase {n}"}).status_code for n in range(3)
    ]
    assert statuses == [422, 422, 429]


def test_the_forms_below_a_phrase_need_it_again_after_a_while(stranger: Client) -> None:
    for token in ("", "forged", "é"):
        answer = stranger.post("/follow-up/answer", {"token": token, "said": "Hello"})
        assert answer.status_code == 403


def test_an_insight_is_told_without_a_name_or_an_hour(
    agent: Client, house: House, stranger: Client
) -> None:
    start = agent.fields(agent.get("/insights/new"), "/insights/new")
    form = agent.post(
        "/anonymous/insight", {**start, "text": "Call +49 30 1234567", "action": "open"}
    )
    fields = agent.fields(form, "/anonymous/insight")
    said = "The letter says 030 1234567, which nobody answers, DE89370400440532013000."
    typed = {**fields, "text": said, "phrase": PHRASE, "demand_type": "failure", "action": "send"}
    shown = agent.post("/anonymous/insight", typed)
    assert "Nothing is sent yet." in shown.text
    assert session().scalar(select(func.count()).select_from(StagedWord)) == 0
    masked = re.search(r"<textarea[^>]* name=.text.[^>]*>\s*([^<]*)</textarea>", shown.text)
    assert masked
    sent = agent.post("/anonymous/insight", {**typed, "text": masked[1]})
    assert "Remember your phrase" in sent.text
    publish_all()
    session().expire_all()
    found = session().scalars(select(Insight)).one()
    assert "DE8937" not in found.text
    assert found.occurred_at == midnight(day_of(found.occurred_at))
    author = session().get_one(Person, found.author_id)
    assert (author.name, author.is_active) == ("Anonymous", False)
    assert "nobody answers" in stranger.post("/follow-up", {"phrase": PHRASE}).text
    assert session().scalar(select(func.count()).select_from(FollowUp)) == 1


@pytest.mark.threat(56)
@pytest.mark.parametrize("kind", ["idea", "insight"])
def test_no_browser_is_asked_to_keep_the_words_or_the_phrase(agent: Client, kind: str) -> None:
    start = agent.fields(agent.get(f"/{kind}s/new"), f"/{kind}s/new")
    page = agent.post(f"/anonymous/{kind}", {**start, "action": "open"})
    assert 'name="phrase"' in page.text
    assert 'data-draft="' not in page.text


@pytest.mark.threat(62)
def test_what_will_be_masked_is_foretold_to_whoever_writes_without_a_name(
    agent: Client, stranger: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("portal.anonymous.staging.MOST_PREVIEWS", 2)
    typed = {**open_form(agent), "problem": "Mail her at ann@example.com.", "phrase": "unsent"}
    seen = session().scalar(select(SignInSession.last_seen_at))
    told = agent.post("/anonymous/masked", typed, HX_Request="true")
    assert "We will mask a mail address." in told.text
    assert "ann@" not in told.text
    assert 'hx-post="/anonymous/masked"' in told.text
    assert session().scalar(select(SignInSession.last_seen_at)) == seen
    assert agent.post("/anonymous/masked", typed).status_code == 200
    assert agent.post("/anonymous/masked", typed).status_code == 409
    assert stranger.post("/anonymous/masked", {"problem": "x"}).status_code == 403


@pytest.mark.threat(61)
def test_what_waits_without_a_name_passes_the_gate_once_more(app: Flask) -> None:
    with pytest.raises(Exception, match="still holds a card"), writing():
        staging.stage("idea", {"problem": "4111111111111111"}, bytes(32), "k" * 36)
