"""Whoever has the phrase can do as much as any author, and still without a name."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select

from portal.audit.models import AuditRow
from portal.authors.models import StagedWord
from portal.database import Database, release, session, writing
from portal.delivery import services as delivery
from portal.delivery.models import Track
from portal.ideas.lifecycle import State
from portal.ideas.models import Idea
from portal.jobs.services import run_ready_tasks
from portal.now import day_of, midnight, today
from portal.rewards.models import Account, AccountKind, Posting, Voucher
from portal.rewards.proof import check_ledger
from portal.rewards.queries import get_balance
from portal.triage import services as triage
from portal.triage.models import AnswerRating, Appeal
from tests.anonymous.hands import PHRASE, hand_in, publish_all
from tests.factories.people import actor_of
from tests.factories.triage import House, make_house
from tests.support.client import Client

REASON = "Nobody counted the second letters, and those are the ones that bring the calls."


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
def stranger(agent: Client, house: House, new_client: Callable[[], Client]) -> Client:
    """A browser that nobody is signed in with, once an idea without a name is on a desk."""
    hand_in(agent, reason_id=str(house.billing.reason.id))
    publish_all()
    return new_client()


def idea() -> Idea:
    """The one idea."""
    release()
    found: Idea = session().scalars(select(Idea)).one()
    return found


def decline(house: House) -> None:
    """The head says no."""
    with writing():
        triage.decline_idea(
            actor_of(house.billing.head),
            session().get_one(Idea, idea_id()),
            reason_code="not_now",
            sentence="Not before the print system is replaced in spring.",
            would_change="A new print system.",
        )


def idea_id() -> int:
    """The key of the one idea."""
    return session().scalars(select(Idea.id)).one()


def come_back(stranger: Client, kind: str, **typed: str) -> str:
    """Type the phrase, do one thing with it; what the page says then."""
    shown = stranger.post("/follow-up", {"phrase": PHRASE})
    fields = stranger.fields(shown, f"/follow-up/{kind}")
    return stranger.post(f"/follow-up/{kind}", {**fields, **typed}).text


def go_live(house: House) -> None:
    """A yes, a promise, a change: the author earns 10, then 50, then their part of 100."""
    head = actor_of(house.billing.head)
    with writing():
        triage.accept_idea(head, session().get_one(Idea, idea_id()), sentence="We do it in May.")
    with writing():
        delivery.commit_to_idea(
            head, session().get_one(Idea, idea_id()), person_id=house.billing.head.id,
            due_on=today() + timedelta(days=30), definition_of_done="Reminders wait three days.",
            track=Track.QUICK,
        )  # fmt: skip
    with writing():
        delivery.start_work(head, session().get_one(Idea, idea_id()))
    with writing():
        delivery.implement_idea(
            head, session().get_one(Idea, idea_id()), go_live_on=today(),
            what_changes="The reminder waits three days.", evidence="Release 14, reminders.",
        )  # fmt: skip
    while run_ready_tasks():
        pass


@pytest.mark.threat(57)
def test_an_answer_is_read_rated_and_appealed_with_the_phrase(
    stranger: Client, house: House
) -> None:
    decline(house)
    shown = stranger.post("/follow-up", {"phrase": PHRASE}).text
    assert "Not before the print system is replaced" in shown
    come_back(stranger, "rate", useful="no")
    assert session().scalar(select(func.count()).select_from(AnswerRating)) == 0
    publish_all()
    release()
    rating = session().scalars(select(AnswerRating)).one()
    assert (rating.person_id, rating.is_useful) == (idea().submitter_id, False)
    assert "sentence" in come_back(stranger, "appeal", said="No.")
    assert "It comes out" in come_back(stranger, "appeal", said=REASON)
    assert idea().state is State.DECLINED
    publish_all()
    assert idea().state is State.APPEALED
    release()
    appeal = session().scalars(select(Appeal)).one()
    assert (appeal.made_by_id, appeal.reason) == (idea().submitter_id, REASON)
    assert idea().handler_id == house.board.head.id
    assert "Appeal to somebody above" not in stranger.post("/follow-up", {"phrase": PHRASE}).text


def test_what_is_masked_in_an_answer_is_shown_first(stranger: Client, house: House) -> None:
    with writing():
        question = "Which letter do you mean?"
        triage.ask_author(actor_of(house.billing.head), idea(), question=question)
    shown = come_back(stranger, "answer", said="Ask ann@example.com about it.")
    assert "Nothing is sent yet." in shown
    assert "Ask [mail] about it." in shown
    assert session().scalar(select(func.count()).select_from(StagedWord)) == 0


@pytest.mark.threat(59)
def test_points_leave_as_a_voucher_that_names_no_idea(
    stranger: Client, agent: Client, house: House, database: Database
) -> None:
    go_live(house)
    persona_id, before = idea().submitter_id or 0, get_balance(idea().submitter_id or 0)
    assert before >= 100
    shown = come_back(stranger, "voucher", points="100")
    code = re.search(r"(?:[a-z2-7]{5}-){5}[a-z2-7]", shown)
    assert code
    page = agent.get("/rewards/vouchers").text
    told, field = page.index("Before you type a code"), page.index('name="code"')
    assert told < field
    early = agent.post("/rewards/vouchers", {"code": code[0]})
    assert (early.status_code, "next batch" in early.text) == (422, True)
    publish_all()
    release()
    assert get_balance(persona_id) == before - 100
    assert session().scalars(select(Voucher.points)).all() == [100]
    assert check_ledger() == []
    typed = code[0].upper().replace("-", " ")
    assert agent.post("/rewards/vouchers", {"code": typed}).status_code == 303
    release()
    assert get_balance(house.agent.id) == 100
    assert session().scalars(select(Voucher.points)).all() == []
    assert check_ledger() == []
    assert agent.post("/rewards/vouchers", {"code": code[0]}).status_code == 422
    assert "A voucher taken over" in agent.get("/rewards").text
    rows = session().scalars(select(Posting).where(Posting.subject_kind == "voucher")).all()
    assert {(row.subject_id, row.memo, row.amount) for row in rows} == {(0, "voucher", 100)}
    assert len({row.key for row in rows}) == 2
    pool = session().scalars(select(Account.id).where(Account.kind == AccountKind.VOUCHERS)).one()
    assert {row.debit_account_id for row in rows} & {row.credit_account_id for row in rows} == {
        pool
    }
    made = session().scalars(select(AuditRow).where(AuditRow.action == "voucher.made")).one()
    assert (made.actor_id, made.object_id) == (None, None)
    assert made.at == midnight(day_of(made.at))


@pytest.mark.threat(59)
@pytest.mark.parametrize("points", ["37", "5000", "0", "-10", "x"])
def test_other_sizes_and_more_than_there_is_are_refused(
    points: str, stranger: Client, house: House
) -> None:
    go_live(house)
    shown = come_back(stranger, "voucher", points=points)
    assert "fewer points" in shown or "one of the sizes" in shown or "Choose one" in shown
    assert session().scalar(select(func.count()).select_from(StagedWord)) == 0


@pytest.mark.threat(49, 59)
def test_vouchers_asked_for_twice_take_no_more_than_there_is(
    stranger: Client, house: House
) -> None:
    go_live(house)
    persona_id = idea().submitter_id or 0
    before = get_balance(persona_id)
    shown = stranger.post("/follow-up", {"phrase": PHRASE})
    fields = stranger.fields(shown, "/follow-up/voucher")
    same = [
        stranger.post("/follow-up/voucher", {**fields, "points": "50"}).text for _time in range(2)
    ]
    codes = [re.findall(r"(?:[a-z2-7]{5}-){5}[a-z2-7]", text) for text in same]
    assert codes[0] == codes[1] != []
    for _time in range(before // 50):
        come_back(stranger, "voucher", points="50")
    publish_all()
    release()
    assert get_balance(persona_id) == before % 50
    assert check_ledger() == []
    assert "fewer points" in stranger.post("/follow-up", {"phrase": PHRASE}).text


@pytest.mark.threat(59)
def test_points_under_seal_are_taken_out_by_their_author_alone(
    agent: Client, house: House, new_client: Callable[[], Client]
) -> None:
    fields = agent.fields(agent.get("/ideas/new"), "/ideas/new")
    words = {"problem": "The reminder comes late.", "proposal": "Hold it back three days."}
    words |= {"mode": "confidential", "reason_id": str(house.billing.reason.id)}
    assert agent.post("/ideas/new", {**fields, **words, "action": "submit"}).status_code == 303
    go_live(house)
    persona_id = idea().submitter_id
    page = agent.get("/rewards/vouchers")
    address = f"/rewards/vouchers/{persona_id}"
    typed = {**agent.fields(page, address), "points": "50"}
    other = new_client().sign_in(house.colleague)
    assert "Under seal" not in other.get("/rewards/vouchers").text
    assert other.post(address, {"points": "50"}).status_code == 404
    assert agent.post(address, {**typed, "points": "5000"}).status_code == 422
    shown = agent.post(address, typed).text
    code = re.search(r"(?:[a-z2-7]{5}-){5}[a-z2-7]", shown)
    assert code
    assert agent.post(address, typed).text.count(code[0]) == 1
    assert agent.post("/rewards/vouchers", {"code": code[0]}).status_code == 303
    release()
    assert get_balance(house.agent.id) == 50
    assert check_ledger() == []
    made = session().scalars(select(AuditRow).where(AuditRow.action == "voucher.made")).one()
    assert made.actor_id is None
