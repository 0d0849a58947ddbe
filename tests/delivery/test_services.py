"""From a yes to a change that is live, and every refusal on the way."""

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import func, select

import portal.now
from portal.actor import PROGRAM, Role
from portal.clocks.models import ClockKind
from portal.clocks.queries import get_calendar, list_open
from portal.database import Database, session, writing
from portal.delivery import queries, services
from portal.delivery.events import (
    ChangeConfirmed,
    CommitmentMade,
    DateChanged,
    IdeaImplemented,
    ProgressAdded,
)
from portal.delivery.models import Commitment, CreditRole, DateChange, Implementation, Track
from portal.errors import Conflict, NotAllowed, NotFound, PortalError, RuleBroken
from portal.events import reacts_to
from portal.ideas.lifecycle import State
from portal.metrics.models import Baseline
from portal.metrics.queries import get_baseline
from portal.now import now, today
from tests.factories.delivery import (
    Accepted,
    commit,
    make_accepted,
    make_implemented,
    make_measures,
)
from tests.factories.metrics import make_metric
from tests.factories.people import actor_of, make_department, make_person

pytestmark = pytest.mark.usefixtures("database")

REASON = "The gateway contract was signed a week late."
heard: list[object] = []
for kind in (CommitmentMade, DateChanged, IdeaImplemented, ProgressAdded, ChangeConfirmed):
    reacts_to(kind)(heard.append)


@pytest.fixture
def accepted(database: Database) -> Accepted:
    """An accepted idea."""
    heard.clear()
    with writing():
        return make_accepted()


def running(accepted: Accepted) -> dict[ClockKind, tuple[int, bool]]:
    clocks = list_open("idea", accepted.idea.id)
    return {clock.kind: (clock.accountable_id, clock.is_governing) for clock in clocks}


def test_a_quick_promise_names_person_day_and_credit(accepted: Accepted):
    with writing():
        commitment = commit(accepted)
    person = accepted.deputy.id
    assert queries.get_commitment(accepted.idea.id).id == commitment.id
    assert commitment.metric_id is commitment.baseline_id is commitment.forecast_percent is None
    assert accepted.idea.state is State.COMMITTED
    assert accepted.idea.handler_id == person
    assert [
        (row.person.id, row.role, row.percent) for row in queries.list_credit(accepted.idea.id)
    ] == [
        (accepted.author.id, CreditRole.ORIGINATOR, 60),
        (person, CreditRole.DEVELOPER, 20),
        (person, CreditRole.IMPLEMENTER, 20),
    ]
    assert heard == [CommitmentMade(accepted.idea.id, commitment.id)]


def test_the_promised_day_governs_and_a_report_is_due_under_it(accepted: Accepted):
    with writing():
        commitment = commit(accepted)
    assert running(accepted) == {
        ClockKind.DELIVER: (accepted.deputy.id, True),
        ClockKind.REPORT: (accepted.deputy.id, False),
    }
    assert accepted.idea.due_at is not None
    calendar = get_calendar(accepted.department.id)
    assert accepted.idea.due_at == calendar.close_of_business(commitment.due_on)


def test_a_measured_promise_locks_every_baseline_at_once(accepted: Accepted):
    with writing():
        measures = make_measures(accepted.department)
        commitment = commit(accepted, measures=measures)
    guardrails = queries.list_guardrails(commitment.id)
    baselines = session().scalars(select(Baseline)).all()
    assert {row.metric_id for row in baselines} == set(_ids(measures))
    assert {row.baseline_id for row in guardrails} | {commitment.baseline_id} == {
        row.id for row in baselines
    }
    assert commitment.forecast_percent == -20


def _ids(measures: object) -> tuple[int, ...]:
    return tuple(metric.id for metric in (measures.primary, measures.customer, measures.employee))


def test_the_same_promise_sent_twice_is_one(accepted: Accepted):
    with writing():
        first = commit(accepted)
    with writing():
        assert commit(accepted).id == first.id
    assert session().scalar(select(func.count()).select_from(Commitment)) == 1


def test_a_second_promise_is_a_conflict(accepted: Accepted):
    with writing():
        commit(accepted)
    with pytest.raises(Conflict), writing():
        commit(accepted, person_id=accepted.head.id)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"due_on": date(2020, 1, 1)}, "due_on"),
        ({"due_on": date(9999, 12, 31)}, "due_on"),
        ({"definition_of_done": "Done is done."}, "definition_of_done"),
        ({"definition_of_done": " " * 30}, "definition_of_done"),
        ({"definition_of_done": "x" * 4001}, "definition_of_done"),
        ({"person_id": 999_999}, "person_id"),
        ({"investment_minor": -1}, "investment"),
        ({"running_minor": 10**13}, "running"),
        ({"credit": [(999_999, CreditRole.ORIGINATOR, 100)]}, "credit"),
        ({"credit": []}, "credit"),
        ({"track": Track.MEASURED}, "metric_id"),
        ({"track": Track.MEASURED, "metric_id": 999_999}, "metric_id"),
    ],
)
def test_a_promise_that_breaks_a_rule_names_the_field(
    accepted: Accepted, changes: dict[str, object], field: str
):
    with pytest.raises(RuleBroken) as refusal, writing():
        commit(accepted, **changes)
    assert refusal.value.field == field
    assert queries.find_commitment(accepted.idea.id) is None
    assert queries.list_credit(accepted.idea.id) == []


def test_a_promise_for_today_is_none(accepted: Accepted):
    with pytest.raises(RuleBroken, match="ahead"), writing():
        commit(accepted, due_on=today())


def test_somebody_who_left_cannot_be_named(accepted: Accepted):
    with writing():
        leaver = make_person()
        leaver.is_active = False
    with pytest.raises(RuleBroken) as refusal, writing():
        commit(accepted, person_id=leaver.id)
    assert refusal.value.field == "person_id"


@pytest.mark.parametrize("missing", ["customer", "employee"])
def test_the_measured_track_needs_a_customer_and_an_employee_guardrail(
    accepted: Accepted, missing: str
):
    with writing():
        measures = make_measures(accepted.department)
    kept = measures.employee if missing == "customer" else measures.customer
    with pytest.raises(RuleBroken, match=missing) as refusal, writing():
        commit(accepted, measures=measures, guardrail_ids=(kept.id,))
    assert refusal.value.field == "guardrail_ids"


def test_a_metric_that_shall_move_speaks_for_its_own_side_alone(accepted: Accepted):
    with writing():
        measures = make_measures(accepted.department)
    customer = measures.customer.id
    with pytest.raises(RuleBroken, match="employees"), writing():
        commit(accepted, measures=measures, metric_id=customer, guardrail_ids=(customer,))
    with writing():
        commitment = commit(accepted, measures=measures, metric_id=customer)
    assert [row.metric_id for row in queries.list_guardrails(commitment.id)] == [
        measures.employee.id
    ]


def test_an_unknown_guardrail_is_refused(accepted: Accepted):
    with writing():
        measures = make_measures(accepted.department)
    with pytest.raises(RuleBroken) as refusal, writing():
        commit(accepted, measures=measures, guardrail_ids=(*measures.guardrail_ids, 999_999))
    assert refusal.value.field == "guardrail_ids"


def test_without_enough_weeks_nothing_is_promised(accepted: Accepted):
    with writing():
        measures = make_measures(accepted.department, weeks=5)
    with pytest.raises(RuleBroken, match="5 complete weeks"), writing():
        commit(accepted, measures=measures)
    assert queries.find_commitment(accepted.idea.id) is None
    assert session().scalar(select(func.count()).select_from(Baseline)) == 0


@pytest.mark.parametrize("forecast", [20.0, 0.0, -1001.0, float("nan"), float("-inf")])
def test_a_forecast_points_to_where_better_is(accepted: Accepted, forecast: float):
    with writing():
        measures = make_measures(accepted.department)
    with pytest.raises(RuleBroken) as refusal, writing():
        commit(accepted, measures=measures, forecast_percent=forecast)
    assert refusal.value.field == "forecast_percent"


def test_the_quick_track_leaves_metric_and_forecast_out(accepted: Accepted):
    with writing():
        metric = make_metric(accepted.department)
        commitment = commit(accepted, metric_id=metric.id, forecast_percent=-5.0)
    assert (commitment.metric_id, commitment.forecast_percent) == (None, None)


def test_only_the_department_promises(accepted: Accepted):
    with writing():
        other = make_department("Metering")
        stranger = make_person("Head of Metering", role=Role.HEAD, scope=other)
    for person in (accepted.author, stranger):
        with pytest.raises(NotAllowed), writing():
            services.commit_to_idea(
                actor_of(person),
                accepted.idea,
                person_id=person.id,
                due_on=today() + timedelta(days=9),
                definition_of_done=REASON,
                track=Track.QUICK,
            )


def test_the_program_signs_nothing(accepted: Accepted):
    with pytest.raises(NotAllowed), writing():
        services.commit_to_idea(
            PROGRAM,
            accepted.idea,
            person_id=accepted.head.id,
            due_on=today() + timedelta(days=9),
            definition_of_done=REASON,
            track=Track.QUICK,
        )


def test_what_is_personal_is_masked_in_a_promise(accepted: Accepted):
    with writing():
        commitment = commit(
            accepted, definition_of_done="Ring back 4111 1111 1111 1111 within the day, always."
        )
    assert "4111" not in commitment.definition_of_done


def test_starting_twice_is_once(accepted: Accepted):
    with writing():
        commit(accepted)
        services.start_work(actor_of(accepted.deputy), accepted.idea)
        services.start_work(actor_of(accepted.deputy), accepted.idea)
    assert accepted.idea.state is State.IN_PROGRESS


def test_a_moved_day_keeps_every_earlier_one(accepted: Accepted):
    with writing():
        commitment = commit(accepted)
    first = commitment.due_on
    days = [first + timedelta(days=7), first + timedelta(days=3)]
    for day in days:
        with writing():
            services.change_date(
                actor_of(accepted.deputy), accepted.idea, due_on=day, reason=REASON
            )
    delivery = queries.get_delivery(accepted.idea.id)
    assert delivery is not None
    assert [(row.from_on, row.to_on) for row in delivery.moves] == [
        (first, days[0]),
        (days[0], days[1]),
    ]
    assert delivery.promise.due_on == days[1]
    assert accepted.idea.due_at is not None
    calendar = get_calendar(accepted.department.id)
    assert accepted.idea.due_at == calendar.close_of_business(days[1])
    assert running(accepted)[ClockKind.DELIVER] == (accepted.deputy.id, True)


def test_moving_to_the_same_day_is_refused_but_a_double_click_is_not(accepted: Accepted):
    with writing():
        commitment = commit(accepted)
    actor, later = actor_of(accepted.deputy), commitment.due_on + timedelta(days=7)
    with pytest.raises(RuleBroken, match="promised already"), writing():
        services.change_date(actor, accepted.idea, due_on=commitment.due_on, reason=REASON)
    with writing():
        services.change_date(actor, accepted.idea, due_on=later, reason=REASON)
    with writing():
        services.change_date(actor, accepted.idea, due_on=later, reason=REASON)
    assert session().scalar(select(func.count()).select_from(DateChange)) == 1


@pytest.mark.parametrize(
    ("due_on", "reason", "field"),
    [
        (date(2020, 1, 1), REASON, "due_on"),
        (date(2099, 1, 1), REASON, "due_on"),
        (None, "late", "reason"),
    ],
)
def test_a_day_moves_ahead_and_with_a_reason(
    accepted: Accepted, due_on: date | None, reason: str, field: str
):
    with writing():
        commitment = commit(accepted)
    with pytest.raises(RuleBroken) as refusal, writing():
        services.change_date(
            actor_of(accepted.deputy),
            accepted.idea,
            due_on=due_on or commitment.due_on + timedelta(days=1),
            reason=reason,
        )
    assert refusal.value.field == field


def test_progress_restarts_the_report_clock(accepted: Accepted):
    monday = datetime(2026, 3, 2, 10, tzinfo=UTC)
    with portal.now.at(monday), writing():
        again = make_accepted()
        commit(again)
    first = next(c for c in list_open("idea", again.idea.id) if c.kind is ClockKind.REPORT).due_at
    with portal.now.at(monday + timedelta(days=7)), writing():
        services.add_progress(actor_of(again.deputy), again.idea, sentence="North vans send it.")
    second = next(c for c in list_open("idea", again.idea.id) if c.kind is ClockKind.REPORT).due_at
    assert second > first


def test_the_same_note_twice_in_a_row_is_one(accepted: Accepted):
    with writing():
        commit(accepted)
    for _ in range(2):
        with writing():
            services.add_progress(
                actor_of(accepted.deputy), accepted.idea, sentence="North vans send it."
            )
    assert [row.sentence for row in queries.list_history(accepted.idea.id)] == [
        "North vans send it."
    ]
    assert sum(isinstance(event, ProgressAdded) for event in heard) == 1


def test_a_quick_change_waits_for_the_head_and_is_closed(accepted: Accepted):
    with writing():
        make_implemented(accepted)
    assert accepted.idea.state is State.IMPLEMENTED
    assert running(accepted) == {ClockKind.REVIEW: (accepted.head.id, True)}
    with pytest.raises(NotAllowed), writing():
        services.close_idea(actor_of(accepted.author), accepted.idea)
    with writing():
        services.close_idea(actor_of(accepted.head), accepted.idea)
    assert accepted.idea.state is State.CLOSED
    assert running(accepted) == {}


def test_a_measured_change_is_measured_at_once_and_cannot_just_be_closed(accepted: Accepted):
    with writing():
        implementation = make_implemented(accepted, measures=make_measures(accepted.department))
    assert accepted.idea.state is State.MEASURING
    assert accepted.idea.handler_id == accepted.deputy.id
    assert running(accepted) == {ClockKind.MEASURE: (accepted.deputy.id, True)}
    assert heard[-1] == IdeaImplemented(accepted.idea.id, implementation.id)
    with pytest.raises(Conflict), writing():
        services.close_idea(actor_of(accepted.head), accepted.idea)


def test_a_baseline_locked_after_go_live_proves_nothing():
    commit_at = datetime(2026, 11, 4, 12, tzinfo=UTC)
    with portal.now.at(commit_at - timedelta(days=10)), writing():
        early = make_accepted()
    with portal.now.at(commit_at), writing():
        commit(early, measures=make_measures(early.department))
        services.start_work(actor_of(early.deputy), early.idea)
    for day in (date(2026, 11, 3), date(2026, 10, 30)):
        with pytest.raises(RuleBroken, match="locked before go-live") as refusal, writing():
            implement(early, go_live_on=day)
        assert refusal.value.field == "go_live_on"
    with writing():
        implement(early, go_live_on=date(2026, 11, 4))
    assert early.idea.state is State.MEASURING


def implement(accepted: Accepted, **changes: object) -> Implementation:
    report: dict[str, object] = {
        "go_live_on": today(),
        "what_changes": "The letter names the day; you no longer look it up.",
        "evidence": "The letter template of today, version 14.",
    }
    return services.implement_idea(actor_of(accepted.deputy), accepted.idea, **(report | changes))


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"go_live_on": date(2099, 1, 1)}, "go_live_on"),
        ({"go_live_on": date(2020, 1, 1)}, "go_live_on"),
        ({"what_changes": "Less."}, "what_changes"),
        ({"evidence": ""}, "evidence"),
        ({"evidence_url": "javascript:alert(1)"}, "evidence_url"),
        ({"evidence_url": "ftp://files.example/log"}, "evidence_url"),
        ({"evidence_url": "https://"}, "evidence_url"),
        ({"evidence_url": "https://[oops"}, "evidence_url"),
        ({"evidence_url": "https://a b.example"}, "evidence_url"),
        ({"evidence_url": "https://logs.example/" + "x" * 500}, "evidence_url"),
    ],
)
def test_a_report_that_breaks_a_rule_names_the_field(
    accepted: Accepted, changes: dict[str, object], field: str
):
    with writing():
        commit(accepted)
        services.start_work(actor_of(accepted.deputy), accepted.idea)
    with pytest.raises(RuleBroken) as refusal, writing():
        implement(accepted, **changes)
    assert refusal.value.field == field
    assert queries.find_implementation(accepted.idea.id) is None


def test_a_link_to_the_evidence_is_kept(accepted: Accepted):
    with writing():
        commit(accepted)
        services.start_work(actor_of(accepted.deputy), accepted.idea)
        change = implement(accepted, evidence_url=" https://logs.example/send ")
    assert change.evidence_url == "https://logs.example/send"


def test_the_same_report_sent_twice_is_one(accepted: Accepted):
    with writing():
        first = make_implemented(accepted)
    with writing():
        assert implement(accepted).id == first.id


def test_what_nobody_promised_cannot_go_on(accepted: Accepted):
    actor = actor_of(accepted.head)
    steps = (
        lambda: services.start_work(actor, accepted.idea),
        lambda: services.add_progress(actor, accepted.idea, sentence=REASON),
        lambda: services.change_date(actor, accepted.idea, due_on=today(), reason=REASON),
        lambda: implement(accepted),
    )
    for step in steps:
        with pytest.raises(NotFound), writing():
            step()


def test_what_is_live_is_neither_moved_nor_stopped(accepted: Accepted):
    with writing():
        make_implemented(accepted)
    actor = actor_of(accepted.head)
    steps = (
        lambda: services.start_work(actor, accepted.idea),
        lambda: services.add_progress(actor, accepted.idea, sentence=REASON),
        lambda: services.change_date(actor, accepted.idea, due_on=today(), reason=REASON),
        lambda: services.stop_idea(actor, accepted.idea, sentence=REASON),
        lambda: services.roll_back(actor, accepted.idea, sentence=REASON),
    )
    for step in steps:
        with pytest.raises(Conflict), writing():
            step()


@pytest.mark.parametrize("promised", [False, True])
def test_a_change_is_stopped_with_a_reason_before_it_is_live(accepted: Accepted, promised: bool):
    with writing():
        if promised:
            commit(accepted)
    with pytest.raises(RuleBroken), writing():
        services.stop_idea(actor_of(accepted.head), accepted.idea, sentence="No.")
    with writing():
        services.stop_idea(actor_of(accepted.head), accepted.idea, sentence=REASON)
    assert accepted.idea.state is State.STOPPED
    assert running(accepted) == {}
    assert accepted.idea.handler_id is None


def test_a_change_that_did_harm_is_rolled_back():
    with writing():
        harmful = make_accepted(state=State.HARMFUL)
        services.roll_back(actor_of(harmful.head), harmful.idea, sentence=REASON)
    assert harmful.idea.state is State.ROLLED_BACK


def test_strangers_take_no_step_of_a_promise(accepted: Accepted):
    with writing():
        commit(accepted)
        stranger = make_person()
    actor = actor_of(stranger)
    steps = (
        lambda: services.start_work(actor, accepted.idea),
        lambda: services.add_progress(actor, accepted.idea, sentence=REASON),
        lambda: services.change_date(actor, accepted.idea, due_on=today(), reason=REASON),
        lambda: services.stop_idea(actor, accepted.idea, sentence=REASON),
        lambda: services.close_idea(actor, accepted.idea),
        lambda: services.roll_back(actor, accepted.idea, sentence=REASON),
    )
    for step in steps:
        with pytest.raises(NotAllowed), writing():
            step()


def test_a_colleague_confirms_once_and_the_same_answer_again_is_nothing_new(accepted: Accepted):
    with writing():
        change = make_implemented(accepted)
        colleague = make_person()
    for _ in range(2):
        with writing():
            services.confirm_change(actor_of(colleague), change, True)
    with pytest.raises(Conflict), writing():
        services.confirm_change(actor_of(colleague), change, False)
    delivery = queries.get_delivery(accepted.idea.id, colleague.id)
    assert delivery is not None
    assert delivery.change is not None
    assert (delivery.change.seen, delivery.change.unseen, delivery.change.mine) == (1, 0, True)
    assert heard[-1] == ChangeConfirmed(accepted.idea.id, change.id, colleague.id)


def test_those_who_take_credit_confirm_nothing(accepted: Accepted):
    with writing():
        change = make_implemented(accepted)
    for person in (accepted.author, accepted.deputy):
        with pytest.raises(NotAllowed), writing():
            services.confirm_change(actor_of(person), change, True)


def test_a_head_may_be_credited_where_the_split_says_so(accepted: Accepted):
    shares = [
        (accepted.author.id, CreditRole.ORIGINATOR, 70),
        (accepted.head.id, CreditRole.DEVELOPER, 30),
    ]
    with writing():
        commit(accepted, credit=shares)
    assert [row.percent for row in queries.list_credit(accepted.idea.id)] == [70, 30]


def test_the_baseline_of_a_promise_was_locked_when_it_was_signed(accepted: Accepted):
    with writing():
        commitment = commit(accepted, measures=make_measures(accepted.department))
    assert commitment.baseline_id is not None
    baseline = get_baseline(commitment.baseline_id)
    assert baseline.locked_at <= now()
    assert baseline.locked_by_id == accepted.head.id


def test_a_lost_idea_is_a_refusal_and_no_fault():
    with pytest.raises(PortalError):
        queries.get_implementation(999_999)
