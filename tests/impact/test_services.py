"""Claims, signatures, and who gets what of a benefit."""

import pytest
from flask import Flask
from sqlalchemy import select

from portal.actor import Role
from portal.clocks.models import ClockKind
from portal.clocks.queries import find_governing
from portal.database import reading, session, writing
from portal.delivery.models import CreditShare
from portal.errors import Conflict, NotAllowed, RuleBroken
from portal.events import reacts_to
from portal.ideas.lifecycle import State
from portal.ideas.models import Idea
from portal.impact.events import (
    AnalysisReady,
    IdeaFoundHarmful,
    IdeaFoundNotProven,
    IdeaValidated,
    ValidationReturned,
)
from portal.impact.models import BenefitKind, BenefitLine, ImpactCredit, Outcome, Validation
from portal.impact.queries import get_result
from portal.impact.services import ask_for_analysis, claim_benefit, validate_idea
from portal.jobs.services import run_ready_tasks
from portal.now import at
from portal.people.models import Person
from tests.factories.impact import (
    JUDGED,
    Measured,
    latest,
    make_judged,
    make_measured,
    record_after,
)
from tests.factories.people import actor_of, make_person

SENTENCE = "The partner's invoice fell by what the calls say."
EVIDENCE = "Overflow partner, invoice line 4."

_seen: list[object] = []
for _kind in (
    AnalysisReady,
    IdeaValidated,
    IdeaFoundNotProven,
    IdeaFoundHarmful,
    ValidationReturned,
):
    reacts_to(_kind)(_seen.append)


@pytest.fixture(autouse=True)
def _forget() -> None:
    _seen.clear()


def _sign(
    measured: Measured,
    outcome: Outcome = Outcome.APPROVED,
    *,
    by: Person | None = None,
    **changes: object,
) -> Validation:
    values = {"sentence": SENTENCE, "analysis_id": latest(measured).id, "evidence": EVIDENCE}
    with at(JUDGED), writing():
        return validate_idea(
            actor_of(by or measured.validator),
            session().get_one(Idea, measured.idea.id),
            outcome=outcome,
            **{**values, **changes},
        )


def _claim(
    measured: Measured, kind: BenefitKind = BenefitKind.HARD, **changes: object
) -> BenefitLine:
    values = {"label": "Overflow partner", "evidence": EVIDENCE}
    with at(JUDGED), writing():
        return claim_benefit(
            actor_of(measured.accepted.deputy),
            session().get_one(Idea, measured.idea.id),
            kind=kind,
            **{**values, **changes},
        )


def _idea(measured: Measured) -> Idea:
    with reading() as reader:
        return reader.get_one(Idea, measured.idea.id)


def _credits(measured: Measured) -> list[ImpactCredit]:
    with reading() as reader:
        statement = select(ImpactCredit).where(ImpactCredit.idea_id == measured.idea.id)
        return list(reader.scalars(statement))


def test_a_claim_is_priced_from_the_interval_the_frozen_exposure_and_cost(app: Flask) -> None:
    measured = make_judged()
    line, effect = _claim(measured), latest(measured).result["effect"]
    assert line.yearly_exposure == pytest.approx(100_000 * 52 / 1000)
    assert line.low_minor == round(-effect["ci_high"] * line.yearly_exposure * 450)
    assert line.mid_minor == round(-effect["estimate"] * line.yearly_exposure * 450)
    assert line.high_minor == round(-effect["ci_low"] * line.yearly_exposure * 450)
    assert line.claimed_by_id == measured.accepted.deputy.id


def test_a_claim_that_comes_twice_is_one(app: Flask) -> None:
    measured = make_judged()
    assert _claim(measured).id == _claim(measured).id


def test_nothing_can_be_claimed_twice(app: Flask) -> None:
    measured = make_judged()
    _claim(measured, share_percent=60)
    with pytest.raises(RuleBroken, match="40 in 100") as refused:
        _claim(measured, BenefitKind.SOFT, label="Own agents", share_percent=41)
    assert refused.value.field == "share_percent"
    _claim(measured, BenefitKind.SOFT, label="Own agents", share_percent=40)


def test_two_changes_measured_by_one_metric_share_what_was_measured(app: Flask) -> None:
    first = make_measured()
    second = make_measured(primary=first.measures.primary)
    record_after(first, primary=700)
    _claim(first, share_percent=80)
    with pytest.raises(RuleBroken, match="20 in 100"):
        _claim(second)
    _claim(second, share_percent=20)


def test_hard_money_needs_the_line_that_moved(app: Flask) -> None:
    measured = make_judged()
    with pytest.raises(RuleBroken) as refused:
        _claim(measured, evidence="   ")
    assert refused.value.field == "evidence"
    assert _claim(measured, BenefitKind.SOFT, evidence="").evidence is None


def test_a_change_without_a_measured_improvement_is_worth_nothing(app: Flask) -> None:
    measured = make_judged(primary=950)
    with pytest.raises(RuleBroken):
        _claim(measured)


def test_only_the_department_claims(app: Flask) -> None:
    measured = make_judged()
    with pytest.raises(NotAllowed), writing():
        claim_benefit(
            actor_of(measured.validator),
            session().get_one(Idea, measured.idea.id),
            kind=BenefitKind.SOFT,
            label="Mine",
        )


def test_a_signed_improvement_divides_the_hard_benefit_exactly(app: Flask) -> None:
    measured = make_judged(authors=(34, 33, 33))
    _claim(measured, share_percent=70)
    _claim(measured, BenefitKind.SOFT, label="Own agents", evidence="", share_percent=30)
    validation = _sign(measured)
    with reading() as reader:
        lines = {row.kind: row for row in reader.scalars(select(BenefitLine))}
        frozen = reader.scalars(select(CreditShare.frozen_at)).all()
    hard = lines[BenefitKind.HARD]
    assert lines[BenefitKind.SOFT].is_validated
    assert hard.is_validated
    assert all(moment == JUDGED for moment in frozen)
    found = _credits(measured)
    assert sum(credit.percent for credit in found) == 100
    assert sum(credit.low_minor for credit in found) == hard.low_minor > 0
    assert sum(credit.mid_minor for credit in found) == hard.mid_minor
    assert sum(credit.high_minor for credit in found) == hard.high_minor
    assert {credit.grade for credit in found} == {"B"}
    by_person = {credit.person_id: credit for credit in found}
    deputy = by_person[measured.accepted.deputy.id]
    assert (deputy.percent, deputy.department_id) == (40, measured.accepted.department.id)
    idea = _idea(measured)
    assert (idea.state, idea.handler_id) == (State.VALIDATED, None)
    assert validation.department_id == measured.accepted.department.id
    assert _seen[-1] == IdeaValidated(idea.id, validation.id)


def test_a_signature_in_part_cuts_every_line_to_its_share(app: Flask) -> None:
    measured = make_judged()
    claimed = _claim(measured)
    _sign(measured, Outcome.IN_PART, share_percent=33)
    with reading() as reader:
        line = reader.get_one(BenefitLine, claimed.id)
    assert line.low_minor == claimed.low_minor * 33 // 100
    assert sum(credit.low_minor for credit in _credits(measured)) == line.low_minor


@pytest.mark.parametrize("share", [None, 0, 100])
def test_a_signature_in_part_says_which_part(app: Flask, share: int | None) -> None:
    measured = make_judged()
    with pytest.raises(RuleBroken) as refused:
        _sign(measured, Outcome.IN_PART, share_percent=share)
    assert refused.value.field == "share_percent"


def test_hard_money_is_not_signed_without_the_line_the_validator_saw(app: Flask) -> None:
    measured = make_judged()
    _claim(measured)
    with pytest.raises(RuleBroken) as refused:
        _sign(measured, evidence="")
    assert refused.value.field == "evidence"


def test_a_signature_needs_a_sentence(app: Flask) -> None:
    measured = make_judged()
    with pytest.raises(RuleBroken) as refused:
        _sign(measured, sentence="Fine.")
    assert refused.value.field == "sentence"


def test_an_improvement_without_money_is_signed_and_gives_no_credit_in_money(app: Flask) -> None:
    measured = make_judged()
    _sign(measured, evidence="")
    assert _idea(measured).state is State.VALIDATED
    assert _credits(measured) == []


def test_what_is_not_proven_cannot_be_approved_but_signed_as_not_proven(app: Flask) -> None:
    measured = make_judged(primary=950)
    for outcome in (Outcome.APPROVED, Outcome.IN_PART, Outcome.HARMFUL):
        with pytest.raises(RuleBroken) as refused:
            _sign(measured, outcome, share_percent=50)
        assert refused.value.field == "outcome"
    validation = _sign(measured, Outcome.NOT_PROVEN)
    assert _idea(measured).state is State.NOT_PROVEN
    assert _seen[-1] == IdeaFoundNotProven(measured.idea.id, validation.id)


def test_an_improvement_with_harm_beside_it_cannot_be_approved(app: Flask) -> None:
    measured = make_judged(guardrails=1300)
    with pytest.raises(RuleBroken, match="must not get worse"):
        _sign(measured)


def test_harm_is_signed_and_whoever_promised_the_change_takes_it_back(app: Flask) -> None:
    measured = make_judged(primary=1300)
    validation = _sign(measured, Outcome.HARMFUL)
    idea = _idea(measured)
    assert (idea.state, idea.handler_id) == (State.HARMFUL, measured.accepted.deputy.id)
    with reading():
        clock = find_governing("idea", idea.id)
    assert clock is not None
    assert clock.due_at == idea.due_at
    assert _seen[-1] == IdeaFoundHarmful(idea.id, validation.id)


def test_a_returned_case_waits_on_the_department_until_it_claims_again(app: Flask) -> None:
    measured = make_judged()
    validation = _sign(measured, Outcome.RETURNED)
    idea = _idea(measured)
    assert (idea.state, idea.handler_id) == (State.MEASURING, measured.accepted.deputy.id)
    assert _seen[-1] == ValidationReturned(idea.id, validation.id)
    _claim(measured)
    assert _idea(measured).handler_id == measured.validator.id
    assert isinstance(_seen[-1], AnalysisReady)
    with reading():
        clock = find_governing("idea", idea.id)
    assert clock is not None
    assert clock.kind is ClockKind.VALIDATE


def test_a_validator_of_the_department_itself_is_refused_and_not_asked(app: Flask) -> None:
    measured = make_judged()
    with writing():
        team = make_person("Own", home=measured.accepted.department, role=Role.VALIDATOR)
    with pytest.raises(NotAllowed, match="You belong to the department"):
        _sign(measured, by=team)
    with pytest.raises(NotAllowed, match="Only those who validate"):
        _sign(measured, by=measured.accepted.head)


def test_the_validator_with_the_fewest_open_cases_is_asked(app: Flask) -> None:
    first = make_judged()
    with writing():
        second_validator = make_person("Omar Haddad", home=first.finance, role=Role.VALIDATOR)
    second = make_judged()
    asked = {_idea(first).handler_id, _idea(second).handler_id}
    assert asked == {first.validator.id, second_validator.id}


def test_of_two_signatures_the_second_is_told(app: Flask) -> None:
    measured = make_judged()
    _sign(measured)
    with pytest.raises(Conflict):
        _sign(measured, Outcome.NOT_PROVEN)


def test_nobody_signs_a_verdict_that_newer_points_replaced(app: Flask) -> None:
    measured = make_judged()
    with pytest.raises(Conflict, match="Newer points"):
        _sign(measured, analysis_id=latest(measured).id - 1)


def test_a_fresh_analysis_is_asked_for_once(app: Flask) -> None:
    measured = make_judged()
    with at(JUDGED):
        for _ in range(2):
            with writing():
                ask_for_analysis(actor_of(measured.validator), measured.idea)
        assert run_ready_tasks() == 1
    with writing():
        stranger = make_person("Stranger")
    with pytest.raises(NotAllowed), writing():
        ask_for_analysis(actor_of(stranger), measured.idea)


def test_the_result_for_the_idea_page_tells_verdict_and_signature(app: Flask) -> None:
    measured = make_judged()
    with reading():
        result = get_result(measured.idea.id)
    assert result is not None
    assert (result.verdict, result.outcome) == ("improved", None)
    _sign(measured)
    with reading():
        signed = get_result(measured.idea.id)
    assert signed is not None
    assert (signed.outcome, signed.signer) == ("approved", "Priya Nair")
