"""Many at once: exactly as many orders as points and pieces allow, over HTTP and four processes.

A check before the write lets all two hundred through on either database, and so does reading in
one statement and writing in the next; see the module :mod:`portal.rewards.ledger`.
"""

import subprocess
import sys
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from random import Random
from uuid import uuid4

import pytest
from sqlalchemy import func, select

from portal.config import ROOT
from portal.database import Database, reading, release, session, writing
from portal.errors import PortalError
from portal.rewards import queries, services
from portal.rewards.models import Redemption, RedemptionState, RewardItem
from portal.rewards.proof import check_ledger
from portal.rewards.rules import Rule
from portal.web.rates import Rate
from tests.factories.limits import leave_out_of_the_count
from tests.factories.people import actor_of, make_person
from tests.factories.rewards import (
    give_points,
    make_fulfiller,
    make_item,
    make_redemption,
    make_rich_person,
)
from tests.faults.crowd import AT_ONCE, Visitor, all_at_once, environment, serving, sign_in

PRICE = 10


def order(shopper: Visitor, item: RewardItem, nonce: str) -> tuple[int, str]:
    """Press the one button of the order page."""
    return shopper.post(f"/rewards/catalogue/{item.key}/redeem", {"nonce": nonce})


def orders_of(item: RewardItem) -> int:
    """How many orders of an item there are."""
    with reading() as unit:
        counted = select(func.count()).where(Redemption.item_id == item.id)
        return unit.scalar(counted) or 0


def assert_the_ledger_holds(database: Database, folder: Path) -> None:
    """As an operator would find out."""
    command = [sys.executable, "-m", "flask", "--app", "wsgi", "rewards", "check"]
    settings = environment(database, folder, 8000)
    done = subprocess.run(
        command, cwd=ROOT, env=settings, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr


@pytest.mark.slow
@pytest.mark.threat(49)
@pytest.mark.threat(52)
def test_of_two_hundred_orders_at_once_exactly_those_succeed_that_can(
    database: Database, tmp_path: Path
) -> None:
    with serving(database, tmp_path) as port:
        for affordable in (0, 1, 30, 199):
            limited_by_points(port, affordable)
        for pieces in (1, 30):
            limited_by_stock(port, pieces)
    assert_the_ledger_holds(database, tmp_path)
    assert "Traceback" not in (tmp_path / "server.log").read_text()


def limited_by_points(port: int, affordable: int) -> None:
    """One person, two hundred different forms, points for so many and a bit."""
    with writing():
        person = make_rich_person(affordable * PRICE + PRICE - 1)
        leave_out_of_the_count(person, Rate.ORDER, times=AT_ONCE)
        item = make_item(price=PRICE, stock=AT_ONCE)
    shopper = sign_in(port, person)
    answers = all_at_once(AT_ONCE, lambda _: order(shopper, item, str(uuid4())))
    assert answers == +Counter({303: affordable, 422: AT_ONCE - affordable})
    assert orders_of(item) == affordable
    with reading():
        assert queries.get_wallet(person.id) == queries.Wallet(PRICE - 1, 0, affordable * PRICE)


def limited_by_stock(port: int, pieces: int) -> None:
    """Eight people who can afford everything, and fewer pieces than orders."""
    with writing():
        people = [make_rich_person(AT_ONCE * PRICE) for _ in range(8)]
        item = make_item(price=PRICE, stock=pieces)
    shoppers = [sign_in(port, person) for person in people]
    answers = all_at_once(AT_ONCE, lambda number: order(shoppers[number % 8], item, str(uuid4())))
    assert answers == +Counter({303: pieces, 409: AT_ONCE - pieces})
    assert orders_of(item) == pieces
    with reading():
        assert queries.get_item_row(item.key).stock == 0


@pytest.mark.threat(52)
def test_thank_yous_at_once_end_at_the_weekly_cap(database: Database) -> None:
    with writing():
        person = make_person()

    def thank(idea_id: int) -> bool:
        with writing():
            return services.award(
                person.id,
                rule=Rule.THANK_YOU,
                amount=10,
                subject_kind="idea",
                subject_id=idea_id,
                event_key="once",
                memo=f"I-{idea_id}",
            )

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(thank, range(1, 41))) == 3
    with reading():
        assert queries.get_balance(person.id) == 30
        assert check_ledger() == []


@pytest.mark.threat(51)
def test_awards_orders_and_refunds_never_wait_in_a_circle(database: Database) -> None:
    with writing():
        people = [make_rich_person(500) for _ in range(2)]
        items = [make_item(price=price, stock=50) for price in (30, 70)]
        desk = actor_of(make_fulfiller())
        make_redemption(people[0], items[0])

    def award_both(_random: Random) -> None:
        for person in people:
            give_points(person, 10)

    def order(random: Random) -> None:
        buyer = actor_of(random.choice(people))
        services.redeem(buyer, random.choice(items), nonce=str(uuid4()))

    def refund(_random: Random) -> None:
        waiting = select(Redemption.number).where(Redemption.state == RedemptionState.REQUESTED)
        number = session().scalar(waiting.order_by(func.random()).limit(1)) or 0
        services.refund(desk, queries.get_visible_redemption(desk, number, for_update=True))

    def live(seed: int) -> None:
        random = Random(seed)
        for _ in range(30):
            with suppress(PortalError), writing():
                random.choice([award_both, order, refund])(random)
        release()

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(live, range(8)))
    with reading():
        assert check_ledger() == []
