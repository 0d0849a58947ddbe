"""Double entry under everything that may happen to it."""

from contextlib import suppress
from dataclasses import dataclass, field
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError

from portal.actor import Actor
from portal.database import Database, reading, writing
from portal.errors import PortalError
from portal.rewards import earnings, ledger, queries, services
from portal.rewards.ledger import ISSUED, Place, Transfer
from portal.rewards.models import AccountKind, Posting, Redemption, RewardItem
from portal.rewards.proof import check_ledger
from portal.rewards.rules import Rule
from tests.factories.people import actor_of, make_person
from tests.factories.rewards import give_points, make_fulfiller, make_item, make_redemption


def transfer(place: Place, amount: int, key: str = "", source: Place = ISSUED) -> Transfer:
    return Transfer(key or str(uuid4()), source, place, amount, Rule.OUTCOME, "test", 1, "a test")


def faults() -> list[str]:
    with reading():
        return check_ledger()


@pytest.mark.threat(51)
def test_a_posting_moves_an_amount_and_the_sum_stays_zero(database: Database) -> None:
    with writing():
        person = make_person()
        place = Place(AccountKind.PERSON, person.id)
        ledger.post([transfer(place, 30)])
    with reading():
        assert queries.get_balance(person.id) == 30
    assert faults() == []


def test_a_key_posts_once(database: Database) -> None:
    with writing():
        person = make_person()
        place = Place(AccountKind.PERSON, person.id)
        assert ledger.post([transfer(place, 30, "one")]).keys() == {"one"}
        assert ledger.post([transfer(place, 30, "one")]) == {}
    with writing():
        assert ledger.post([transfer(place, 99, "one")]) == {}
    with reading():
        assert queries.get_balance(person.id) == 30


def test_an_account_that_does_not_hold_enough_keeps_everything_as_it_was(
    database: Database,
) -> None:
    with writing():
        person = make_person()
        give_points(person, 10)
    place = Place(AccountKind.PERSON, person.id)
    with pytest.raises(ledger.Overdrawn) as caught, writing():
        ledger.move([transfer(Place(AccountKind.HELD), 11, source=place)])
    assert caught.value.place == place
    with reading():
        assert queries.get_balance(person.id) == 10
    assert faults() == []


def test_a_posting_never_crosses_units(database: Database) -> None:
    with writing():
        item = make_item()
    with pytest.raises(ValueError, match="units"), writing():
        ledger.post([transfer(Place(AccountKind.STOCK, item_id=item.id), 1)])


def test_what_was_collected_counts_when_a_balance_is_asked_for_in_the_same_unit(
    database: Database,
) -> None:
    with writing():
        person = make_person()
        give_points(person, 25)
        assert ledger.lock_balance(Place(AccountKind.PERSON, person.id)) == 25
        give_points(person, 5)
    with reading():
        assert queries.get_balance(person.id) == 30
    assert faults() == []


@pytest.mark.threat(51)
@pytest.mark.parametrize(
    "change",
    ["UPDATE postings SET amount = amount + 1", "DELETE FROM postings"],
)
def test_the_database_refuses_to_change_a_posting(database: Database, change: str) -> None:
    with writing():
        give_points(make_person(), 10)
    with pytest.raises(DBAPIError, match="append-only"), writing() as unit:
        unit.execute(text(change))
    assert faults() == []


@pytest.mark.threat(51)
def test_the_database_refuses_an_overdrawn_account(database: Database) -> None:
    with writing():
        give_points(make_person(), 10)
    with pytest.raises(DBAPIError), writing() as unit:
        unit.execute(text("UPDATE accounts SET balance = -1 WHERE kind = 'person'"))


@pytest.mark.threat(51)
@pytest.mark.parametrize(
    ("tampering", "fault"),
    [
        ("UPDATE accounts SET balance = balance + 1 WHERE kind = 'person'", "add up to"),
        ("UPDATE accounts SET balance = balance - 1 WHERE kind = 'person'", "its postings"),
        ("UPDATE redemptions SET state = 'refunded'", "Order R-1 is refunded"),
        ("UPDATE redemptions SET price_points = 1", "Order R-1"),
    ],
)
def test_the_proof_names_what_was_tampered_with(
    database: Database, tampering: str, fault: str
) -> None:
    with writing():
        person = make_person()
        give_points(person, 500)
        make_redemption(person, make_item())
    assert faults() == []
    with writing() as unit:
        unit.execute(text(tampering))
    assert any(fault in line for line in faults())


@dataclass
class World:
    """People, items and orders of one example."""

    people: list[Actor]
    items: list[RewardItem]
    fulfillers: list[Actor]
    orders: list[int] = field(default_factory=list)
    given: int = 0

    def award(self, who: int, amount: int) -> None:
        self.given += 1
        services.award(
            self.people[who].id or 0,
            rule=Rule.OUTCOME,
            amount=amount,
            subject_kind="test",
            subject_id=1,
            event_key=str(uuid4()),
            memo="an outcome",
        )

    def redeem(self, who: int, what: int) -> None:
        order = services.redeem(
            self.people[who], self.items[what % len(self.items)], nonce=str(uuid4())
        )
        self.orders.append(order.number)

    def step(self, who: int, what: int) -> None:
        """The next thing that may happen to some order, by some fulfiller."""
        if not self.orders:
            return
        actor = self.fulfillers[who % 2]
        number = self.orders[what % len(self.orders)]
        order = queries.get_visible_redemption(actor, number, for_update=True)
        (services.approve, services.fulfil, services.refund)[what % 3](actor, order)

    def reverse(self, who: int, what: int) -> None:
        postings = select(Posting).where(Posting.rule == Rule.OUTCOME).order_by(Posting.id.desc())
        found = ledger.session().scalars(postings.limit(20)).all()
        if found:
            earnings.reverse_award(
                self.fulfillers[0], found[what % len(found)], reason="counted twice"
            )


STEPS = st.lists(
    st.tuples(
        st.sampled_from(["award", "award", "redeem", "redeem", "step", "step", "reverse"]),
        st.integers(0, 2),
        st.integers(1, 200),
    ),
    max_size=25,
)


@pytest.mark.threat(51)
@settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(steps=STEPS)
def test_whatever_happens_the_ledger_holds(
    database: Database, steps: list[tuple[str, int, int]]
) -> None:
    with writing():
        world = World(
            people=[actor_of(make_person()) for _ in range(3)],
            items=[make_item(price=price, stock=2) for price in (20, 90)],
            fulfillers=[actor_of(make_fulfiller()) for _ in range(2)],
        )
    for name, who, what in steps:
        with suppress(PortalError), writing():
            getattr(world, name)(who, what)
    assert faults() == []
    with reading() as session:
        orders = session.scalars(select(Redemption)).all()
        assert {order.number for order in orders} >= set(world.orders)
