"""Awards and their cap, the catalogue, and orders from request to receipt."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest

from portal import now
from portal.actor import PROGRAM, Actor
from portal.database import Database, reading, writing
from portal.errors import Conflict, NotAllowed, NotFound, RuleBroken
from portal.people import services as people
from portal.people.models import Person
from portal.rewards import queries, services
from portal.rewards.models import Redemption, RedemptionState
from portal.rewards.proof import check_ledger
from portal.rewards.rules import Rule
from tests.factories.people import actor_of, make_department, make_person
from tests.factories.rewards import (
    make_fulfiller,
    make_item,
    make_redemption,
    make_rich_person,
)

MONDAY = datetime(2026, 11, 16, 9, tzinfo=UTC)


def thank(person: Person, idea_id: int) -> bool:
    return services.award(
        person.id,
        rule=Rule.THANK_YOU,
        amount=10,
        subject_kind="idea",
        subject_id=idea_id,
        event_key="once",
        memo=f"I-{idea_id}",
    )


def stock_of(key: str) -> int | None:
    with reading():
        return queries.get_item_row(key).stock


def test_an_award_counts_once_per_rule_subject_person_and_event(database: Database) -> None:
    with writing():
        amina, ben = make_person(), make_person("Ben Otto")
        assert [thank(amina, 1), thank(amina, 1), thank(ben, 1)] == [True, False, True]
    with writing():
        assert not thank(amina, 1)
    with reading():
        assert queries.get_balance(amina.id) == 10


@pytest.mark.threat(52)
def test_thank_yous_end_at_thirty_a_week_and_begin_again_on_monday(database: Database) -> None:
    with writing():
        person = make_person()
    with now.at(MONDAY), writing():
        assert [thank(person, n) for n in range(1, 6)] == [True, True, True, False, False]
    with now.at(MONDAY + timedelta(days=6, hours=13, minutes=59)), writing():
        assert not thank(person, 6)
    with now.at(MONDAY + timedelta(days=6, hours=14)), writing():
        assert thank(person, 6)
    with reading():
        assert queries.get_balance(person.id) == 40


@pytest.mark.threat(49)
def test_an_order_holds_its_price_and_a_piece(database: Database) -> None:
    with writing():
        person, item = make_rich_person(200), make_item(price=180, stock=3)
        order = make_redemption(person, item)
    assert (order.number, order.state) == (1, RedemptionState.REQUESTED)
    assert stock_of(item.key) == 2
    with reading():
        assert queries.get_wallet(person.id) == queries.Wallet(20, 0, 180)
        assert check_ledger() == []


@pytest.mark.threat(50)
def test_the_same_form_orders_once(database: Database) -> None:
    nonce = str(uuid4())
    with writing():
        person, item = make_rich_person(), make_item()
        first = services.redeem(actor_of(person), item, nonce=nonce)
    with writing():
        assert services.redeem(actor_of(person), item, nonce=nonce).id == first.id
    with reading():
        assert queries.get_balance(person.id) == 1240 - 180


@pytest.mark.threat(50)
def test_a_form_of_somebody_else_orders_nothing(database: Database) -> None:
    nonce = str(uuid4())
    with writing():
        person, other, item = make_rich_person(), make_rich_person(), make_item()
        services.redeem(actor_of(person), item, nonce=nonce)
    with pytest.raises(Conflict), writing():
        services.redeem(actor_of(other), item, nonce=nonce)


def test_too_few_points_say_how_many_are_missing(database: Database) -> None:
    with writing():
        person, item = make_rich_person(1240), make_item(price=1600)
    with pytest.raises(RuleBroken, match=r"^360 points to go\.$"), writing():
        make_redemption(person, item)


@pytest.mark.threat(52)
def test_the_last_piece_goes_once(database: Database) -> None:
    with writing():
        people = [make_rich_person(), make_rich_person()]
        item = make_item(stock=1)
        make_redemption(people[0], item)
    with pytest.raises(Conflict, match="has just gone"), writing():
        make_redemption(people[1], item)
    with reading():
        assert queries.get_balance(people[1].id) == 1240
        assert check_ledger() == []


def test_of_what_is_always_there_there_is_always_one_more(database: Database) -> None:
    with writing():
        person, item = make_rich_person(1000), make_item(price=100, stock=None)
        for _ in range(10):
            make_redemption(person, item)
    assert stock_of(item.key) is None
    with reading():
        assert check_ledger() == []


def test_an_order_goes_from_request_to_receipt(database: Database) -> None:
    with writing():
        person, item, desk = make_rich_person(), make_item(), actor_of(make_fulfiller())
        order = make_redemption(person, item)
        services.approve(desk, order)
    with writing():
        order = queries.get_visible_redemption(desk, order.number, for_update=True)
        services.fulfil(desk, order)
        services.receive(actor_of(person), order)
    assert order.state is RedemptionState.RECEIVED
    with reading():
        assert queries.get_wallet(person.id) == queries.Wallet(1060, 0, 0)
        assert check_ledger() == []


@pytest.mark.parametrize("is_approved", [False, True])
def test_a_refund_gives_points_and_piece_back(database: Database, is_approved: bool) -> None:
    with writing():
        person, item, desk = make_rich_person(), make_item(stock=1), actor_of(make_fulfiller())
        order = make_redemption(person, item)
        if is_approved:
            services.approve(desk, order)
        services.refund(desk, order)
    assert stock_of(item.key) == 1
    with reading():
        assert queries.get_wallet(person.id) == queries.Wallet(1240, 0, 0)
        assert check_ledger() == []
    with pytest.raises(Conflict), writing():
        services.refund(desk, order)


def test_whoever_ordered_takes_it_back_until_it_is_approved(database: Database) -> None:
    with writing():
        person, item, desk = make_rich_person(), make_item(), actor_of(make_fulfiller())
        services.refund(actor_of(person), make_redemption(person, item))
        approved = make_redemption(person, item)
        services.approve(desk, approved)
    with pytest.raises(NotAllowed), writing():
        services.refund(actor_of(person), approved)


Step = Callable[[Actor, Redemption], None]


@pytest.mark.parametrize("step", [services.fulfil, services.receive])
def test_a_step_too_early_is_a_conflict(database: Database, step: Step) -> None:
    with writing():
        person, desk = make_rich_person(), actor_of(make_fulfiller())
        order = make_redemption(person, make_item())
    actor = desk if step is services.fulfil else actor_of(person)
    with pytest.raises(Conflict), writing():
        step(actor, order)


@pytest.mark.threat(53)
@pytest.mark.parametrize("step", [services.approve, services.fulfil, services.refund])
def test_without_the_right_or_a_name_nobody_decides_on_an_order(
    database: Database, step: Step
) -> None:
    with writing():
        order = make_redemption(make_rich_person(), make_item())
        strangers = [actor_of(make_person()), PROGRAM]
    for actor in strangers:
        with pytest.raises(NotAllowed), writing():
            step(actor, order)


@pytest.mark.threat(53)
def test_nobody_approves_or_hands_over_their_own_order(database: Database) -> None:
    with writing():
        desk, other = make_fulfiller(), actor_of(make_fulfiller())
        services.award(
            desk.id,
            rule=Rule.OUTCOME,
            amount=500,
            subject_kind="idea",
            subject_id=1,
            event_key="once",
            memo="I-1001",
        )
        order = make_redemption(desk, make_item())
    with pytest.raises(NotAllowed), writing():
        services.approve(actor_of(desk), order)
    with writing():
        services.approve(other, order)
    with pytest.raises(NotAllowed), writing():
        services.fulfil(actor_of(desk), order)


@pytest.mark.threat(53)
def test_nobody_approves_for_somebody_above_them(database: Database) -> None:
    with writing():
        above = make_department("Service")
        below = make_department("Rewards desk", parent=above)
        boss, desk = make_rich_person(name="Helen Ward"), make_fulfiller()
        desk.home_department_id = below.id
        people.appoint(PROGRAM, above, head=boss, deputy=None)
        order = make_redemption(boss, make_item())
    with pytest.raises(NotAllowed), writing():
        services.approve(actor_of(desk), order)


@pytest.mark.threat(53)
@pytest.mark.parametrize(("price", "is_enough"), [(4_999, True), (5_000, False)])
def test_from_five_thousand_points_two_people_decide(
    database: Database, price: int, is_enough: bool
) -> None:
    with writing():
        desk, second = actor_of(make_fulfiller()), actor_of(make_fulfiller())
        order = make_redemption(make_rich_person(10_000), make_item(price=price))
        services.approve(desk, order)
    if not is_enough:
        with pytest.raises(NotAllowed), writing():
            services.fulfil(desk, order)
    with writing():
        order = queries.get_visible_redemption(desk, order.number, for_update=True)
        services.fulfil(desk if is_enough else second, order)
    assert order.state is RedemptionState.FULFILLED


def test_an_order_is_visible_to_its_person_and_the_desk_alone(database: Database) -> None:
    with writing():
        person, desk, other = make_rich_person(), make_fulfiller(), make_person()
        order = make_redemption(person, make_item())
    with reading():
        for seer in (person, desk):
            assert queries.get_visible_redemption(actor_of(seer), order.number).id == order.id
        with pytest.raises(NotFound):
            queries.get_visible_redemption(actor_of(other), order.number)


def test_the_catalogue_refuses_what_makes_no_sense(database: Database) -> None:
    with writing():
        agent = actor_of(make_person())
        item = make_item()
    with pytest.raises(NotAllowed), writing():
        services.restock(agent, item, 5)
    for pieces in (0, -1, 2**40):
        with pytest.raises(RuleBroken), writing():
            services.restock(PROGRAM, item, pieces)
    for price in (0, -1, 2**40):
        with pytest.raises(RuleBroken), writing():
            make_item(price=price)
    with pytest.raises(NotFound), reading():
        queries.get_item("nothing")
