"""Many at once: exactly as many orders as points and pieces allow, over HTTP and four processes.

A check before the write lets all two hundred through on either database, and so does reading in
one statement and writing in the next; see the module :mod:`portal.rewards.ledger`.
"""

import http.client
import os
import re
import socket
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from random import Random
from threading import Barrier
from urllib.parse import urlencode
from uuid import uuid4

import pytest
from sqlalchemy import func, select

from portal.config import ROOT
from portal.database import Database, reading, release, session, writing
from portal.errors import PortalError
from portal.people.models import Person
from portal.people.sign_in import Browser, open_session
from portal.rewards import queries, services
from portal.rewards.models import Redemption, RedemptionState, RewardItem
from portal.rewards.proof import check_ledger
from portal.rewards.rules import Rule
from tests.factories.people import actor_of, make_person
from tests.factories.rewards import (
    give_points,
    make_fulfiller,
    make_item,
    make_redemption,
    make_rich_person,
)

AT_ONCE = 200
PRICE = 10
PATIENCE_SECONDS = 60


@dataclass(frozen=True)
class Shopper:
    """A signed-in browser, with the token that its forms hold."""

    port: int
    session_token: str
    csrf_token: str = ""

    def send(self, method: str, path: str, fields: dict[str, str] | None = None) -> tuple[int, str]:
        """Status and address (or, for a page, its text)."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE_SECONDS)
        headers = {
            "Cookie": f"sid=s.{self.session_token}",
            "Sec-Fetch-Site": "same-origin",
            "Content-Type": "application/x-www-form-urlencoded",
        }
        try:
            connection.request(method, path, urlencode(fields or {}), headers)
            answer = connection.getresponse()
            text = answer.read().decode()
            return answer.status, answer.headers["Location"] or text
        finally:
            connection.close()

    def order(self, item: RewardItem, nonce: str) -> tuple[int, str]:
        """Press the one button of the order page."""
        fields = {"csrf_token": self.csrf_token, "nonce": nonce}
        return self.send("POST", f"/rewards/catalogue/{item.key}/redeem", fields)


def environment(database: Database, folder: Path, port: int) -> dict[str, str]:
    """The settings of a portal on the test's database."""
    return {
        "PATH": os.environ["PATH"],
        "PORTAL_INSTANCE": str(folder),
        "PORTAL_DATABASE_URL": database.url.render_as_string(hide_password=False),
        "PORTAL_SECRET_KEY": "a secret that only the tests have, long enough",
        "PORTAL_PUBLIC_URL": f"http://127.0.0.1:{port}",
    }


@contextmanager
def serving(database: Database, folder: Path) -> Iterator[int]:
    """Four processes with four threads each; the port they answer on."""
    with socket.create_server(("127.0.0.1", 0), backlog=2 * AT_ONCE) as listener:
        port, descriptor = listener.getsockname()[1], listener.fileno()
        command = [
            sys.executable, "-m", "gunicorn", "wsgi:app", "--bind", f"fd://{descriptor}",
            "--worker-class", "gthread", "--workers", "4", "--threads", "4",
            "--log-level", "warning",
        ]  # fmt: skip
        with (folder / "server.log").open("w") as log:
            server = subprocess.Popen(
                command,
                cwd=ROOT,
                env=environment(database, folder, port),
                pass_fds=[descriptor],
                stderr=log,
                stdout=log,
            )
            try:
                wait_until_ready(port)
                yield port
            finally:
                server.terminate()
                server.wait(30)


def wait_until_ready(port: int) -> None:
    """Wait for the first worker that answers."""
    until = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < until:
        with suppress(OSError):
            if Shopper(port, "").send("GET", "/readyz")[0] == 200:
                return
        time.sleep(0.2)
    raise AssertionError("the server does not answer")


def sign_in(port: int, person: Person) -> Shopper:
    """Sign somebody in past the password page, and read the token of their forms once."""
    with writing():
        token = open_session(person, method="test", browser=Browser("127.0.0.1", "tests"))
    _status, page = Shopper(port, token).send("GET", "/rewards")
    found = re.search(r'name="csrf-token" content="([^"]+)"', page)
    assert found, page[:500]
    return Shopper(port, token, found[1])


def all_at_once(how_many: int, act: Callable[[int], tuple[int, str]]) -> Counter[int]:
    """Act in as many threads, all released together; how often each status came back."""
    gate = Barrier(how_many)

    def wait_and_act(number: int) -> int:
        gate.wait(PATIENCE_SECONDS)
        return act(number)[0]

    with ThreadPoolExecutor(how_many) as pool:
        return Counter(pool.map(wait_and_act, range(how_many)))


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
        the_same_form_fifty_times(port)
    assert_the_ledger_holds(database, tmp_path)
    assert "Traceback" not in (tmp_path / "server.log").read_text()


def limited_by_points(port: int, affordable: int) -> None:
    """One person, two hundred different forms, points for so many and a bit."""
    with writing():
        person = make_rich_person(affordable * PRICE + PRICE - 1)
        item = make_item(price=PRICE, stock=AT_ONCE)
    shopper = sign_in(port, person)
    answers = all_at_once(AT_ONCE, lambda _: shopper.order(item, str(uuid4())))
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
    answers = all_at_once(AT_ONCE, lambda number: shoppers[number % 8].order(item, str(uuid4())))
    assert answers == +Counter({303: pieces, 409: AT_ONCE - pieces})
    assert orders_of(item) == pieces
    with reading():
        assert queries.get_item_row(item.key).stock == 0


def the_same_form_fifty_times(port: int) -> None:
    """One form, sent fifty times at once: one order, and everybody is led to it."""
    with writing():
        person, item = make_rich_person(50 * PRICE), make_item(price=PRICE, stock=50)
    shopper, nonce, places = sign_in(port, person), str(uuid4()), set()

    def order(_number: int) -> tuple[int, str]:
        status, place = shopper.order(item, nonce)
        places.add(place)
        return status, place

    assert all_at_once(50, order) == {303: 50}
    assert len(places) == orders_of(item) == 1


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
