"""The ledger under everything that may happen to it, step by random step: ``make ledger``."""

import json
import sys
import time
from collections import Counter
from contextlib import suppress
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import Any
from uuid import uuid4

from sqlalchemy import func, select, text
from sqlalchemy.exc import DBAPIError

from portal import database as storage
from portal.database import Database, reading, session, writing
from portal.errors import PortalError
from portal.people.models import Person
from portal.rewards import queries, services
from portal.rewards.models import Posting, Redemption, RewardItem
from portal.rewards.proof import check_ledger
from portal.rewards.rules import Rule
from tests.factories.people import actor_of, make_person
from tests.factories.rewards import make_fulfiller, make_item
from tests.support import databases

STEPS = 10_000
CHECK_EVERY = 50


class World:
    """A few people, a few rewards, and a plain model of what each person must have."""

    def __init__(self, database: Database, seed: int) -> None:
        self.database, self.random = database, Random(seed)
        self.done: Counter[str] = Counter()
        self.points: Counter[int] = Counter()
        self.used: list[tuple[str, int]] = []
        self.nonces: list[tuple[str, int, int]] = []
        with writing():
            self.people = [make_person(f"Person {number}") for number in range(4)]
            self.desk = [make_fulfiller(f"Desk {number}") for number in range(2)]
            self.items = [make_item(price=price, stock=6) for price in (10, 35, 80)]

    def step(self) -> None:
        """One random act, honest or not; an act that is refused must change nothing."""
        act = self.random.choice(
            [self.award] * 4 + [self.award_again] + [self.order] * 4 + [self.order_again]
            + [self.move] * 4 + [self.restock, self.attack, self.break_off]
        )  # fmt: skip
        before = self.snapshot() if act in {self.attack, self.break_off} else None
        try:
            outcome = act()
        except PortalError as error:
            outcome = f"refused {type(error).__name__}"
        self.done[f"{act.__name__} {outcome}".strip()] += 1
        if before is not None:
            assert self.snapshot() == before, act.__name__

    def award(self) -> str:
        """Points for somebody."""
        person, amount, key = self.random.choice(self.people), self.random.randint(1, 60), uuid4()
        self._award(person, amount, str(key))
        self.used.append((str(key), person.id))
        self.points[person.id] += amount
        return ""

    def award_again(self) -> str:
        """The same event with another amount gives nothing."""
        if not self.used:
            return "nothing yet"
        key, person_id = self.random.choice(self.used)
        person = next(one for one in self.people if one.id == person_id)
        assert not self._award(person, 999, key)
        return ""

    def _award(self, person: Person, amount: int, key: str) -> bool:
        with writing():
            return services.award(
                person.id, rule=Rule.OUTCOME, amount=amount, subject_kind="test", subject_id=1,
                event_key=key, memo="I-1042",
            )  # fmt: skip

    def order(self) -> str:
        """Somebody orders; exactly if they can pay and a piece is left."""
        person, item = self.random.choice(self.people), self.random.choice(self.items)
        nonce, stock = str(uuid4()), self._stock(item)
        can = self.points[person.id] >= item.price_points and stock > 0
        try:
            with writing():
                services.redeem(actor_of(person), item, nonce=nonce)
        except PortalError:
            assert not can
            raise
        assert can
        self.points[person.id] -= item.price_points
        self.nonces.append((nonce, person.id, item.id))
        return ""

    def _stock(self, item: RewardItem) -> int:
        with reading():
            return queries.get_item_row(item.key).stock or 0

    def order_again(self) -> str:
        """The same form again orders nothing more."""
        if not self.nonces:
            return "nothing yet"
        nonce, person_id, item_id = self.random.choice(self.nonces)
        person = next(one for one in self.people if one.id == person_id)
        item = next(one for one in self.items if one.id == item_id)
        with reading():
            count = session().scalar(select(func.count()).select_from(Redemption))
        with writing():
            services.redeem(actor_of(person), item, nonce=nonce)
        with reading():
            assert session().scalar(select(func.count()).select_from(Redemption)) == count
        return ""

    def move(self) -> str:
        """Somebody moves an order on, or gives it back."""
        verb = self.random.choice(["approve", "fulfil", "receive", "refund"])
        actor = actor_of(self.random.choice([*self.people, *self.desk]))
        with writing():
            numbers = session().scalars(select(Redemption.number)).all()
            if not numbers:
                return "nothing yet"
            number = self.random.choice(numbers)
            order = queries.get_visible_redemption(actor, number, for_update=True)
            getattr(services, verb)(actor, order)
            owner, price = order.person_id, order.price_points
        if verb == "refund":
            self.points[owner] += price
        return verb

    def restock(self) -> str:
        """A few pieces more."""
        with writing():
            desk, item = actor_of(self.desk[0]), self.random.choice(self.items)
            services.restock(desk, item, self.random.randint(1, 3))
        return ""

    def attack(self) -> str:
        """Raw SQL against what was posted, or against a balance; the database itself refuses."""
        verbs = [
            "UPDATE postings SET amount = amount + 1",
            "UPDATE postings SET memo = 'x' WHERE id = (SELECT min(id) FROM postings)",
            "DELETE FROM postings",
            "UPDATE accounts SET balance = -1 WHERE is_limited",
        ]
        if not self.database.is_sqlite:
            verbs.append("TRUNCATE postings CASCADE")
        if not self.used:
            return "nothing yet"
        with suppress(DBAPIError):
            with writing() as unit:
                unit.execute(text(self.random.choice(verbs)))
            raise AssertionError("the database let it pass")
        return ""

    def break_off(self) -> str:
        """A unit that fails half-way keeps nothing."""
        person = self.random.choice(self.people)
        with suppress(ZeroDivisionError), writing():
            services.award(
                person.id, rule=Rule.OUTCOME, amount=5, subject_kind="test", subject_id=1,
                event_key=str(uuid4()), memo="I-1042",
            )  # fmt: skip
            raise ZeroDivisionError
        return ""

    def snapshot(self) -> list[tuple[Any, ...]]:
        """Every posting as it stands."""
        with reading():
            columns = (Posting.id, Posting.amount, Posting.key, Posting.memo)
            return [tuple(row) for row in session().execute(select(*columns).order_by(Posting.id))]

    def check(self) -> None:
        """The ledger proves itself, and every person has what the model says."""
        with reading():
            assert check_ledger() == []
            for person in self.people:
                assert queries.get_balance(person.id) == self.points[person.id]


def play(database: Database, seed: int, steps: int) -> dict[str, Any]:
    """So many steps, the proof after every fifty; figures."""
    world = World(database, seed)
    started, checks, first = time.process_time(), 0, world.snapshot()
    for number in range(1, steps + 1):
        world.step()
        if number % CHECK_EVERY == 0 or number == steps:
            world.check()
            now = world.snapshot()
            assert now[: len(first)] == first
            first, checks = now, checks + 1
    storage.release()
    return {
        "steps": steps,
        "postings": len(first),
        "proofs": checks,
        "faults": 0,
        "acts": dict(sorted(world.done.items())),
        "cpu_seconds": round(time.process_time() - started, 1),
    }


def main() -> int:
    """Play on both databases; one line of figures."""
    seed = int(sys.argv[1]) if len(sys.argv) > 1 else 51
    steps = int(sys.argv[2]) if len(sys.argv) > 2 else STEPS
    figures: dict[str, Any] = {"seed": seed}
    with TemporaryDirectory(dir=databases.quick_folder()) as folder:
        made = databases.make_database(f"sqlite:///{Path(folder) / 'portal.sqlite3'}")
        storage.use(made)
        figures["sqlite"] = play(made, seed, steps)
        made.close()
    with databases.postgresql_server() as server:
        if server is not None:
            name = "portal_long_ledger"
            made = databases.make_database(databases.create_postgresql(server, name))
            storage.use(made)
            figures["postgresql"] = play(made, seed, steps)
            made.close()
            databases.drop_postgresql(server, name)
    print(json.dumps(figures))
    return 0


if __name__ == "__main__":
    sys.exit(main())
