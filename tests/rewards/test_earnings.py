"""What ideas earn, and for whom."""

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select, update

from portal.actor import PROGRAM
from portal.database import reading, session, writing
from portal.delivery.models import CreditRole, CreditShare
from portal.errors import Conflict, NotAllowed, RuleBroken
from portal.ideas.lifecycle import Move, State
from portal.ideas.models import Idea
from portal.ideas.services import move_idea
from portal.impact.models import AnalysisRun, BenefitKind, ImpactCredit, Outcome
from portal.impact.services import claim_benefit, validate_idea
from portal.impact.verdicts import Verdict
from portal.jobs.services import run_ready_tasks
from portal.now import at, now
from portal.people import services as people
from portal.people.models import Person
from portal.rewards import earnings, queries
from portal.rewards.models import Posting
from portal.rewards.proof import check_ledger
from portal.rewards.rules import outcome_halves, split
from tests.factories.delivery import Accepted, make_accepted
from tests.factories.impact import JUDGED, Measured, latest, make_judged
from tests.factories.people import actor_of, make_person
from tests.factories.rewards import give_points, make_fulfiller, make_item, make_redemption


def wallet(person_id: int) -> tuple[int, int]:
    """Points to spend, and provisional ones."""
    with reading():
        found = queries.get_wallet(person_id)
        assert check_ledger() == []
    return found.points, found.provisional


def move(idea: Idea, *moves: Move) -> None:
    """Take steps; inside a writing unit."""
    for one in moves:
        move_idea(PROGRAM, idea, one, handler_id=idea.handler_id, due_at=None)


def author_ids(accepted: Accepted) -> list[int]:
    """The originators, in the order of their shares."""
    first = accepted.author.id
    return [first, first + 1, first + 2]


def share(idea: Idea, parts: dict[Person, int]) -> None:
    """Agree on credit; inside a writing unit."""
    session().add_all(
        CreditShare(
            idea_id=idea.id,
            person_id=person.id,
            role=CreditRole.IMPLEMENTER,
            percent=percent,
            proposed_at=now(),
        )
        for person, percent in parts.items()
    )
    session().flush()


def test_an_accepted_idea_thanks_its_author_and_promises_the_rest(app: Flask) -> None:
    with writing():
        found = make_accepted(state=State.TRIAGE)
        move(found.idea, Move.ACCEPT)
    assert wallet(found.author.id) == (10, 50)


def test_a_question_thanks_the_author_once(app: Flask) -> None:
    with writing():
        found = make_accepted(state=State.TRIAGE)
        move(found.idea, Move.ASK, Move.ANSWER)
    assert wallet(found.author.id) == (10, 0)
    with writing():
        move(found.idea, Move.ACCEPT)
    assert wallet(found.author.id) == (10, 50)


def test_a_declined_idea_earns_nothing(app: Flask) -> None:
    with writing():
        found = make_accepted(state=State.TRIAGE)
        move(found.idea, Move.DECLINE)
    assert wallet(found.author.id) == (0, 0)


def test_going_live_makes_the_promise_good_and_pays_by_credit(app: Flask) -> None:
    with writing():
        found = make_accepted(state=State.TRIAGE)
        developer, other = make_person(), make_person()
        share(found.idea, {found.author: 60, developer: 21, other: 19})
        move(found.idea, Move.ACCEPT, Move.COMMIT, Move.START, Move.IMPLEMENT)
    assert wallet(found.author.id) == (10 + 50 + 60, 0)
    assert wallet(developer.id) == (21, 0)
    assert wallet(other.id) == (19, 0)


@pytest.mark.parametrize("end", [Move.STOP, Move.WITHDRAW])
def test_a_promise_lapses_where_the_idea_ends(app: Flask, end: Move) -> None:
    with writing():
        found = make_accepted(state=State.TRIAGE)
        move(found.idea, Move.ACCEPT, end)
    assert wallet(found.author.id) == (10, 0)


def test_authors_share_what_is_shared_and_are_thanked_each(app: Flask) -> None:
    with writing():
        found = make_accepted(authors=(34, 33, 33), state=State.TRIAGE)
        move(found.idea, Move.ACCEPT)
    assert [wallet(one) for one in author_ids(found)] == [(10, 17), (10, 17), (10, 16)]


@pytest.mark.threat(53)
@pytest.mark.parametrize("role", ["head", "deputy", "boss"])
def test_whoever_decides_earns_nothing_in_their_own_remit(app: Flask, role: str) -> None:
    with writing():
        found = make_accepted(state=State.TRIAGE)
        author = found.author
        head = author if role == "head" else found.head
        deputy = author if role == "deputy" else found.deputy
        if role == "boss":
            above = people.add_department(PROGRAM, "above", name="Above")
            people.appoint(PROGRAM, above, head=author, deputy=None)
            found.department.path = f"{above.path}{found.department.id}/"
        people.appoint(PROGRAM, found.department, head=head, deputy=deputy)
        move(found.idea, Move.ACCEPT)
    assert wallet(author.id) == (0, 0)


def test_a_head_earns_elsewhere(app: Flask) -> None:
    with writing():
        found, other = make_accepted(state=State.TRIAGE), make_accepted(state=State.TRIAGE)
        people.appoint(PROGRAM, other.department, head=found.author, deputy=None)
        move(found.idea, Move.ACCEPT)
    assert wallet(found.author.id) == (10, 50)


def test_a_head_s_part_lapses_and_does_not_go_to_the_others(app: Flask) -> None:
    with writing():
        found = make_accepted(state=State.TRIAGE)
        share(found.idea, {found.author: 60, found.head: 40})
        move(found.idea, Move.ACCEPT, Move.COMMIT, Move.START, Move.IMPLEMENT)
    assert wallet(found.author.id) == (10 + 50 + 60, 0)
    assert wallet(found.head.id) == (0, 0)


def validated(measured: Measured, outcome: Outcome) -> int:
    """Claim what it is worth and sign it; the id of the validation."""
    evidence = "Overflow partner, invoice line 4."
    with at(JUDGED), writing():
        idea = measured.idea
        if outcome is Outcome.APPROVED:
            claim_benefit(
                actor_of(measured.accepted.head),
                idea,
                kind=BenefitKind.HARD,
                label="Overflow partner",
                evidence=evidence,
            )
        found = validate_idea(
            actor_of(measured.validator),
            idea,
            outcome=outcome,
            sentence="The partner's invoice fell by what the calls say.",
            analysis_id=latest(measured).id,
            evidence=evidence,
        )
    return found.id


def test_an_award_is_corrected_by_its_opposite(app: Flask) -> None:
    with writing():
        person, desk = make_person(), actor_of(make_fulfiller())
        give_points(person, 100)
        posting = session().scalars(select(Posting)).one()
        earnings.reverse_award(desk, posting, reason="Counted twice")
    assert wallet(person.id) == (0, 0)
    with pytest.raises(Conflict, match="corrected before"), writing():
        earnings.reverse_award(desk, posting, reason="Counted twice")


@pytest.mark.threat(54)
def test_points_that_are_spent_are_not_taken_back(app: Flask) -> None:
    with writing():
        person, desk = make_person(), actor_of(make_fulfiller())
        give_points(person, 100)
        posting = session().scalars(select(Posting)).one()
        make_redemption(person, make_item(price=60))
    with pytest.raises(Conflict, match="spent"), writing():
        earnings.reverse_award(desk, posting, reason="Counted twice")
    assert wallet(person.id) == (40, 0)


def test_a_correction_needs_somebody_else_a_reason_and_an_award(app: Flask) -> None:
    with writing():
        person, desk = make_fulfiller(), actor_of(make_fulfiller())
        give_points(person, 100)
        award = session().scalars(select(Posting)).one()
        make_redemption(person, make_item(price=60))
        latest = select(Posting).order_by(Posting.id.desc()).limit(1)
        order = session().scalars(latest).one()
    with pytest.raises(NotAllowed), writing():
        earnings.reverse_award(actor_of(person), award, reason="For me")
    with pytest.raises(RuleBroken, match="Say why"), writing():
        earnings.reverse_award(desk, award, reason=" ")
    with pytest.raises(RuleBroken, match="Only an award"), writing():
        earnings.reverse_award(desk, order, reason="Counted twice")


def outcome_points(validation_id: int) -> tuple[dict[int, int], dict[int, int]]:
    """Both halves of the award by person, from the credit that was given."""
    with reading() as unit:
        rows = unit.scalars(
            select(ImpactCredit).where(ImpactCredit.validation_id == validation_id)
        ).all()
    first, second = outcome_halves(sum(row.low_minor for row in rows))
    percents = {row.person_id: row.percent for row in rows}
    return split(first, percents), split(second, percents)


def earned(rule: str) -> dict[int, int]:
    """What a rule has paid, by person."""
    with reading() as unit:
        keys = unit.execute(select(Posting.key, Posting.amount).where(Posting.rule == rule)).all()
        assert check_ledger() == []
    return {int(key.split(":")[3]): amount for key, amount in keys}


@pytest.mark.parametrize("verdict", [Verdict.IMPROVED, Verdict.NOT_PROVEN, Verdict.HARMED])
def test_an_outcome_is_paid_in_halves_the_second_if_it_held(app: Flask, verdict: Verdict) -> None:
    measured = make_judged()
    first, second = outcome_points(validated(measured, Outcome.APPROVED))
    deputy = measured.accepted.deputy.id
    first.pop(deputy)
    second.pop(deputy)
    assert sum(first.values()) > 0
    assert earned("outcome") == first
    with at(JUDGED + timedelta(days=89)):
        with writing() as unit:
            unit.execute(update(AnalysisRun).values(verdict=verdict))
        run_ready_tasks()
    assert earned("sustained") == {}
    with at(JUDGED + timedelta(days=91)):
        run_ready_tasks()
    assert earned("sustained") == (second if verdict is Verdict.IMPROVED else {})


def test_an_honest_null_is_paid_where_somebody_signed_it(app: Flask) -> None:
    measured = make_judged(primary=950)
    validated(measured, Outcome.NOT_PROVEN)
    assert measured.accepted.author.id in earned("honest_null")
    assert earned("outcome") == {}
