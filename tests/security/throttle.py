"""Figures about guessing, as one line of JSON: ``make throttle``.

Real sign-in pages on a fresh SQLite database in process, with real hashing; the clock of the
brake is moved by hand, so that nothing waits and no probe brakes the next one.  Of every probe
the work it took (the process's CPU time) and the time it took are measured; the work is what is
judged, because the time is also that of whatever else the machine does meanwhile.
"""

import json
import random
import statistics
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from tempfile import TemporaryDirectory
from typing import Any

from flask import Flask

from portal.actor import PROGRAM
from portal.app import create_app
from portal.config import read_config
from portal.database import Database, reading, use, writing
from portal.migrations import runner
from portal.now import at
from portal.people import links, passwords, throttle, tokens
from portal.people.models import Person
from tests.factories.people import make_person
from tests.support.client import ORIGIN, Client, plain_text

SEED = 20_261_124
START = datetime(2026, 11, 24, 6, 0, tzinfo=UTC)
PASSWORD = "the meter hums at night"
CLASSES = ("unknown", "known", "disabled", "no_password")
SECRET = "a secret that only the tests have, long enough"


@dataclass(frozen=True)
class Answer:
    """What a stranger can see of an answer, without what they sent and the tokens in it."""

    status: int
    headers: tuple[tuple[str, str], ...]
    body: str


class Prober:
    """Sends the sign-in form again and again from one browser, with one token."""

    def __init__(self, app: Flask) -> None:
        self.client = Client(app)
        self.token = self.client.token()

    def sign_in(self, email: str, password: str, address: str = "192.0.2.1") -> Any:
        """Send the form once, from an address."""
        return self.client.http.post(
            "/sign-in",
            data={"csrf_token": self.token, "email": email, "password": password},
            headers={"Origin": ORIGIN, "Sec-Fetch-Site": "same-origin"},
            base_url=ORIGIN,
            environ_overrides={"REMOTE_ADDR": address},
        )


@contextmanager
def portal() -> Iterator[Flask]:
    """A portal of its own on a fresh database."""
    with TemporaryDirectory(prefix="portal-throttle-") as folder:
        url = f"sqlite:///{folder}/portal.sqlite3"
        database = use(Database(url))
        runner.upgrade(database)
        settings = {
            "PORTAL_INSTANCE": folder,
            "PORTAL_DATABASE_URL": url,
            "PORTAL_SECRET_KEY": SECRET,
        }
        try:
            yield create_app(read_config(settings), database)
        finally:
            database.close()


def add_people(names: int, password_hash: str | None) -> list[Person]:
    """Colleagues who share a password, or have none."""
    with writing():
        people = [make_person(f"Agent {number}") for number in range(names)]
        for person in people:
            person.password_hash = password_hash
    return people


@contextmanager
def counted_hashes() -> Iterator[list[str]]:
    """Count the passwords that reach the hasher while the block runs."""
    seen: list[str] = []
    real = passwords.is_right

    def count(password: str, stored: str | None) -> bool:
        seen.append(password)
        return real(password, stored)

    passwords.is_right = count
    try:
        yield seen
    finally:
        passwords.is_right = real


def measure_shift(app: Flask, seed: int, count: int) -> dict[str, object]:
    """A shift from one address within a minute; every twentieth types it wrong first."""
    people = add_people(count, passwords.hash_password(PASSWORD))
    dice = random.Random(seed)
    typos = set(dice.sample(range(count), count // 20))
    blocked, started = 0, time.monotonic()
    for number, person in enumerate(people):
        with at(START + timedelta(minutes=1) * number / count):
            prober = Prober(app)
            if number in typos:
                blocked += prober.sign_in(person.email, f"{PASSWORD}!").status_code == 429
            blocked += prober.sign_in(person.email, PASSWORD).status_code != 303
    seconds = round(time.monotonic() - started, 1)
    return {"sign_ins": count, "typos": len(typos), "blocked": blocked, "seconds": seconds}


def measure_guessing(app: Flask, count: int) -> dict[str, object]:
    """Wrong passwords on one account, each from an address of its own."""
    (person,) = add_people(1, passwords.hash_password(PASSWORD))
    prober = Prober(app)
    with at(START + timedelta(days=1)), counted_hashes() as hashed:
        for number in range(count):
            prober.sign_in(person.email, "wrong", f"198.51.{number // 250}.{number % 250}")
    return {"wrong_passwords": count, "hashed": len(hashed)}


def measure_links(seed: int, count: int) -> dict[str, object]:
    """Made-up tokens against a database that holds a live link."""
    (person,) = add_people(1, None)
    with writing():
        links.make_link(PROGRAM, person)
    dice, opened = random.Random(seed), 0
    with reading():
        for _each in range(count):
            guess = f"{dice.getrandbits(256):064x}"
            opened += links.find_link(tokens.digest(guess)) is not None
    return {"guessed_links": count, "opened": opened}


def measure_enumeration(app: Flask, seed: int, probes: int) -> dict[str, object]:
    """Interleaved probes of four kinds of account: what they see, and how long it takes."""
    addresses = add_kinds(passwords.hash_password(PASSWORD), each=1 + probes // 50)
    prober, dice = Prober(app), random.Random(seed)
    works: dict[str, list[float]] = {name: [] for name in CLASSES}
    times: dict[str, list[float]] = {name: [] for name in CLASSES}
    seen: dict[str, set[Answer]] = {name: set() for name in CLASSES}
    for _each in range(20):
        prober.sign_in("warm-up@test.example", "wrong")
    order = [name for name in CLASSES for _each in range(probes)]
    dice.shuffle(order)
    for number, name in enumerate(order):
        email = dice.choice(addresses[name])
        with at(START + timedelta(days=2, minutes=6 * number)):
            worked, began = time.process_time(), time.perf_counter()
            answer = prober.sign_in(email, "wrong")
            times[name].append((time.perf_counter() - began) * 1000)
            works[name].append((time.process_time() - worked) * 1000)
        seen[name].add(_visible(answer, email))
    return {
        "probes": len(order),
        "kinds_of_answers": len(set().union(*seen.values())),
        "work_ms": round(statistics.median(works["unknown"]), 3),
        "work_gaps_ms": _gaps(works, seed),
        "time_gaps_ms": _gaps(times, seed),
    }


def add_kinds(password_hash: str, *, each: int) -> dict[str, list[str]]:
    """Addresses of every kind of account: so many that none gets a hundred wrong in a row."""
    known, disabled = add_people(each, password_hash), add_people(each, password_hash)
    without = add_people(each, None)
    with writing() as unit:
        for person in disabled:
            unit.get_one(Person, person.id).is_active = False
    return {
        "unknown": [f"nobody{number}@test.example" for number in range(each)],
        "known": [person.email for person in known],
        "disabled": [person.email for person in disabled],
        "no_password": [person.email for person in without],
    }


def _visible(answer: Any, email: str) -> Answer:
    headers = tuple((name, value) for name, value in answer.headers if name != "Content-Length")
    kept = tuple(one for one in headers if one[0] not in {"Set-Cookie", "Date"})
    return Answer(answer.status_code, kept, plain_text(answer).replace(email, ""))


def _gaps(measured: dict[str, list[float]], seed: int) -> dict[str, dict[str, float]]:
    """How every kind of account differs from one that does not exist."""
    return {name: interval(measured["unknown"], measured[name], seed) for name in CLASSES[1:]}


def interval(one: list[float], other: list[float], seed: int) -> dict[str, float]:
    """The difference of two medians with its 95 % interval by bootstrap (2,000 resamples)."""
    dice = random.Random(seed)
    gaps = sorted(
        statistics.median(dice.choices(other, k=len(other)))
        - statistics.median(dice.choices(one, k=len(one)))
        for _each in range(2000)
    )
    gap = statistics.median(other) - statistics.median(one)
    return {"gap": round(gap, 3), "low": round(gaps[50], 3), "high": round(gaps[1949], 3)}


def is_passed(figures: dict[str, Any]) -> bool:
    """Whether the figures are what docs/security.md promises."""
    gaps = figures["work_gaps_ms"].values()
    return (
        figures["blocked"] == 0
        and figures["hashed"] <= throttle.PER_ACCOUNT
        and figures["opened"] == 0
        and figures["kinds_of_answers"] == 1
        and all(gap["low"] > -1 and gap["high"] < 1 for gap in gaps)
    )


def main() -> int:
    """Measure everything and print one line of JSON."""
    figures: dict[str, Any] = {"seed": SEED}
    steps: tuple[Callable[[Flask], dict[str, object]], ...] = (
        lambda app: measure_shift(app, SEED, 500),
        lambda app: measure_guessing(app, 1000),
        lambda app: measure_links(SEED, 10_000),
        lambda app: measure_enumeration(app, SEED, 1000),
    )
    for measure in steps:
        with portal() as app:
            figures |= measure(app)
    passed = is_passed(figures)
    print(json.dumps({**figures, "passed": passed}))
    return 0 if passed else 1


if __name__ == "__main__":
    sys.exit(main())
