"""Writing rules, trying them on the past, and what they do to what comes in."""

from typing import Any

import pytest

from portal.actor import Actor, Role
from portal.database import Database, release, session, writing
from portal.demand.queries import get_reason
from portal.errors import Conflict, NotAllowed, NotFound, RuleBroken
from portal.insights.capture import NewInsight, make_ready
from portal.insights.models import Insight
from portal.insights.services import add_insight, add_insights
from portal.jobs.services import run_ready_tasks
from portal.now import today
from portal.routing.choosing import list_usable_rules
from portal.routing.matching import explain
from portal.routing.models import RoutingRule, RoutingRuleVersion, RuleChange
from portal.routing.rules import Conditions
from portal.routing.ruling import (
    Draft,
    add_rule,
    move_rule,
    restore_rule,
    switch_rule,
    update_rule,
)
from portal.routing.trial import try_rule
from tests.factories.people import actor_of, make_person
from tests.factories.triage import House, submit
from tests.support.statements import counting

REFUND = {"words": ("refund", "credit note")}
ABOUT_REFUNDS = {"problem": "The refund takes weeks.", "proposal": "Send a credit note at once."}


@pytest.fixture
def administrator(house: House) -> Actor:
    """Somebody who sets the rules."""
    with writing():
        person = make_person("Ada", role=Role.ADMINISTRATOR)
    return actor_of(person)


def draft(house: House, name: str = "Refund words", to: Any = None, **asked: Any) -> Draft:
    """A rule to billing, unless another desk is named."""
    return Draft(name, (to or house.billing).department.id, Conditions(**asked))


def make_rule(actor: Actor, given: Draft) -> RoutingRule:
    """A rule that is kept."""
    with writing():
        return add_rule(actor, given)


def ids_in_order() -> list[int]:
    """The usable rules as they are asked."""
    return [rule.id for rule in list_usable_rules()]


def test_a_rule_brings_what_no_reason_owns_to_its_department(
    house: House, administrator: Actor
) -> None:
    make_rule(administrator, draft(house, **REFUND))
    with writing():
        idea = submit(house.agent, **ABOUT_REFUNDS)
    assert idea.owner_department_id == house.billing.department.id
    assert idea.handler_id == house.billing.head.id
    assert explain(idea.routed_because) == (
        "To Billing: the rule “Refund words” says so, because of “refund”, “credit note”."
    )


def test_the_owner_of_a_reason_comes_before_every_rule(house: House, administrator: Actor) -> None:
    make_rule(administrator, draft(house, **REFUND))
    with writing():
        idea = submit(house.agent, house.metering.reason, **ABOUT_REFUNDS)
    assert idea.owner_department_id == house.metering.department.id


def test_a_reason_whose_department_is_closed_leaves_it_to_the_rules(
    house: House, administrator: Actor
) -> None:
    make_rule(administrator, draft(house, reason_ids=(house.metering.reason.id,)))
    with writing():
        house.metering.department.valid_until = today()
        session().merge(house.metering.department)
    with writing():
        idea = submit(house.agent, house.metering.reason)
    assert idea.owner_department_id == house.billing.department.id


def test_a_rule_about_the_authors_department_never_meets_a_hidden_author(
    house: House, administrator: Actor
) -> None:
    make_rule(administrator, draft(house, department_ids=(house.metering.department.id,)))
    with writing():
        known = submit(house.metering.deputy)
        hidden = submit(make_person("A persona without a home"))
    assert known.owner_department_id == house.billing.department.id
    assert hidden.owner_department_id == house.board.department.id


def test_one_insight_is_routed_at_once_and_an_import_by_the_worker(
    house: House, administrator: Actor
) -> None:
    make_rule(administrator, draft(house, channels=("chat",), severity=3))
    agent = actor_of(house.agent)
    with writing():
        at_once = add_insight(agent, text="It took too long", channel="chat", severity=4)
        milder = add_insight(agent, text="It took too long", channel="chat", severity=2)
    assert at_once.department_id == house.billing.department.id
    assert explain(at_once.routed_because) == "To Billing: the rule “Refund words” says so."
    assert milder.department_id == house.board.department.id
    rows = [make_ready(NewInsight(text=f"No {n}", channel="chat", severity=n)) for n in (1, 3, 4)]
    with writing():
        add_insights(agent, rows)
    run_ready_tasks()
    session().expire_all()
    imported = session().query(Insight).order_by(Insight.number).all()[-3:]
    board, billing = house.board.department.id, house.billing.department.id
    assert [one.department_id for one in imported] == [board, billing, billing]


def test_only_administrators_set_rules(house: House, administrator: Actor) -> None:
    rule = make_rule(administrator, draft(house, **REFUND))
    head = actor_of(house.billing.head)
    for forbidden in (
        lambda: add_rule(head, draft(house, **REFUND)),
        lambda: update_rule(head, rule, draft(house, **REFUND), version=1),
        lambda: move_rule(head, rule, up=True),
        lambda: switch_rule(head, rule, on=False),
        lambda: restore_rule(head, rule, version=1),
    ):
        with pytest.raises(NotAllowed), writing():
            forbidden()


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"name": " "}, "name"),
        ({"name": "x" * 81}, "name"),
        ({"words": ("...",)}, "words"),
        ({"words": ("x" * 81,)}, "words"),
        ({"words": tuple(f"word{n}" for n in range(101))}, "words"),
    ],
)
def test_a_rule_that_cannot_be_kept_is_refused_at_its_field(
    house: House, administrator: Actor, changes: dict[str, Any], field: str
) -> None:
    with pytest.raises(RuleBroken) as refused:
        make_rule(administrator, draft(house, **{**REFUND, **changes}))
    assert refused.value.field == field


def test_a_closed_department_gets_no_new_rule(house: House, administrator: Actor) -> None:
    with writing():
        session().merge(house.billing.department).valid_until = today()
    with pytest.raises(RuleBroken) as refused:
        make_rule(administrator, draft(house, **REFUND))
    assert refused.value.field == "department"


def test_a_rule_of_a_closed_department_is_skipped_and_kept(
    house: House, administrator: Actor
) -> None:
    rule = make_rule(administrator, draft(house, **REFUND))
    with writing():
        session().merge(house.billing.department).valid_until = today()
        idea = submit(house.agent, **ABOUT_REFUNDS)
    assert idea.owner_department_id == house.board.department.id
    assert ids_in_order() == []
    assert session().get_one(RoutingRule, rule.id).is_active


def test_a_retired_reason_is_passed_over(house: House, administrator: Actor) -> None:
    reasons = (house.billing.reason.id, house.metering.reason.id)
    make_rule(administrator, draft(house, reason_ids=reasons))
    with writing():
        get_reason(reasons[0]).is_active = False
    (left,) = list_usable_rules()
    assert left.conditions.reason_ids == reasons[1:]
    with writing():
        get_reason(reasons[1]).is_active = False
    assert list_usable_rules() == []


def test_what_takes_everything_stands_last_or_is_meant(house: House, administrator: Actor) -> None:
    first = make_rule(administrator, draft(house, **REFUND))
    with writing():
        submit(house.agent)
    last = make_rule(administrator, draft(house, "All the rest"))
    with pytest.raises(RuleBroken, match="all 1 of the last 5000 items") as refused, writing():
        rule = session().get_one(RoutingRule, first.id)
        update_rule(administrator, rule, draft(house), version=1)
    assert refused.value.field == "is_confirmed"
    with pytest.raises(RuleBroken, match="would never be asked"), writing():
        move_rule(administrator, session().get_one(RoutingRule, last.id), up=True)
    with writing():
        meant = Draft("Everything", house.billing.department.id, Conditions(), is_confirmed=True)
        update_rule(administrator, session().get_one(RoutingRule, first.id), meant, version=1)
    assert list_usable_rules()[0].conditions.is_open


def test_rules_change_places_and_are_switched_off_and_on(
    house: House, administrator: Actor
) -> None:
    one, two = (make_rule(administrator, draft(house, name, **REFUND)).id for name in "ab")
    assert ids_in_order() == [one, two]
    with writing():
        move_rule(administrator, session().get_one(RoutingRule, two), up=True)
        move_rule(administrator, session().get_one(RoutingRule, two), up=True)
    assert ids_in_order() == [two, one]
    with writing():
        switch_rule(administrator, session().get_one(RoutingRule, two), on=False)
    assert ids_in_order() == [one]
    with writing():
        switch_rule(administrator, session().get_one(RoutingRule, two), on=True)
    assert ids_in_order() == [two, one]


def test_every_change_is_a_version_and_an_old_one_comes_back(
    house: House, administrator: Actor
) -> None:
    rule_id = make_rule(administrator, draft(house, **REFUND)).id
    with writing():
        rule = session().get_one(RoutingRule, rule_id)
        changed = draft(house, "Meters", house.metering, words=("meter",))
        update_rule(administrator, rule, changed, version=1)
        update_rule(administrator, rule, changed, version=2)
    with writing():
        rule = session().get_one(RoutingRule, rule_id)
        restore_rule(administrator, rule, version=1)
    assert (rule.name, rule.department_id) == ("Refund words", house.billing.department.id)
    history = session().query(RoutingRuleVersion).order_by(RoutingRuleVersion.version).all()
    assert [(one.version, one.change) for one in history] == [
        (1, RuleChange.ADDED),
        (2, RuleChange.CHANGED),
        (3, RuleChange.RESTORED),
    ]
    assert {one.changed_by_id for one in history} == {administrator.id}
    with pytest.raises(NotFound), writing():
        restore_rule(administrator, session().get_one(RoutingRule, rule_id), version=9)


def test_of_two_who_change_a_rule_the_second_is_told(house: House, administrator: Actor) -> None:
    rule_id = make_rule(administrator, draft(house, **REFUND)).id
    with writing():
        rule = session().get_one(RoutingRule, rule_id)
        update_rule(administrator, rule, draft(house, "New name", **REFUND), version=1)
    with pytest.raises(Conflict), writing():
        rule = session().get_one(RoutingRule, rule_id)
        update_rule(administrator, rule, draft(house, "Other name", **REFUND), version=1)


def test_a_trial_says_what_would_move_and_changes_nothing(
    house: House, administrator: Actor
) -> None:
    agent = actor_of(house.agent)
    with writing():
        submit(house.agent, **ABOUT_REFUNDS)
        submit(house.agent)
        submit(house.agent, house.metering.reason, **ABOUT_REFUNDS)
        add_insight(agent, text="Where is my refund?")
    trial = try_rule("Refunds", house.billing.department.id, Conditions(**REFUND))
    assert (trial.tried, trial.taken, trial.moving) == (3, 2, 2)
    assert trial.pairs == [("Board", "Billing", 2)]
    assert [one.ref[0] for one in trial.shown] == ["I", "N"]
    assert session().query(RoutingRule).count() == 0


def test_a_trial_of_a_change_shows_what_the_rule_would_no_longer_take(
    house: House, administrator: Actor
) -> None:
    rule = make_rule(administrator, draft(house, **REFUND))
    with writing():
        submit(house.agent, **ABOUT_REFUNDS)
    trial = try_rule("x", rule.department_id, Conditions(words=("meter",)), rule_id=rule.id)
    assert (trial.taken, trial.pairs) == (0, [("Billing", None, 1)])
    same = try_rule("x", rule.department_id, Conditions(**REFUND), rule_id=rule.id)
    assert (same.taken, same.moving) == (1, 0)


def test_a_trial_of_thousands_asks_a_fixed_number_of_statements(
    house: House, administrator: Actor, database: Database
) -> None:
    make_rule(administrator, draft(house, **REFUND))
    agent = actor_of(house.agent)

    def ask() -> int:
        release()
        with counting(database) as statements:
            try_rule("x", house.billing.department.id, Conditions(words=("meter",)))
        return len(statements)

    few = ask()
    rows = [make_ready(NewInsight(text=f"The meter {n}")) for n in range(50)]
    with writing():
        add_insights(agent, rows)
    assert ask() == few
