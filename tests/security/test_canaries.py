"""What only some may read, marked and looked for on every page that anybody can open.

Every hidden field of the world holds a word of its own.  A crawl as each subject, over every
address of the matrix, every link on the way and two hundred questions to the lists, finds each
word with those who may read it and with nobody else.
"""

from collections import defaultdict
from collections.abc import Iterator
from random import Random
from urllib.parse import urlencode, urlsplit

import pytest
from flask import Flask
from sqlalchemy import update

from portal.authors.opening import ask_to_open
from portal.database import session, writing
from portal.ideas.confidential import submit_confidentially
from portal.jobs.models import OutboxTask
from portal.notifications.models import Notice, NoticeClass, Rhythm, TellingChoice
from portal.now import now
from portal.people.models import Person, SignInSession
from tests.factories.people import actor_of
from tests.security.table import read_table
from tests.security.walk import Walker
from tests.security.world import CANARY, SUBJECTS, make_world
from tests.support.forms import read_page

SEED = 21
ALIVE = SUBJECTS[1:-2]
MOST_PAGES = 220
QUESTIONS = 200
REASON = "Sealed-Reason of a request that two people may read."
ERROR = "Task-Error with the address of a receiver"
Words = dict[str, frozenset[str]]


@pytest.fixture
def walker(app: Flask) -> Walker:
    """The whole world, and somebody who knocks at its doors."""
    return Walker(app, make_world(app))


def _plant(walker: Walker) -> Words:
    """Put a word into every hidden field; who may read which."""
    people, words = walker.world.people, {CANARY: frozenset({"author"})}
    with writing():
        sealed = submit_confidentially(
            actor_of(people["colleague"]), problem="He was told twice.", proposal="Tell him once."
        )
        administrator = actor_of(people["administrator"])
        ask_to_open(administrator, "idea", sealed.id, reason=REASON)
    words |= {REASON: frozenset({"administrator"}), ERROR: frozenset({"administrator"})}
    with writing() as unit:
        unit.add(_failed_task())
        for who in ALIVE:
            words |= _plant_about(who, people[who])
    return words


def _failed_task() -> OutboxTask:
    moment = now()
    return OutboxTask(
        kind="test.letter",
        payload={},
        delivery_id="d-1",
        created_at=moment,
        run_at=moment,
        attempts=8,
        finished_at=moment,
        has_failed=True,
        last_error=ERROR,
    )


def _plant_about(who: str, person: Person) -> Words:
    """What is about somebody: for them, and some of it for administrators."""
    unit, mark = session(), f"{who}-Canary"
    mail, place, browser = f"mail-of-{mark}@mail.example", f"net-of-{mark}", f"Browser-of-{mark}"
    told, refused, secret = f"Notice-of-{mark}", f"Refused-{mark}", f"Hash-of-{mark}"
    values = {"email": mail, "email_key": mail.lower()}
    if who != "leader":
        values["password_hash"] = secret
    unit.execute(update(Person).where(Person.id == person.id).values(values))
    at = SignInSession.person_id == person.id
    unit.execute(update(SignInSession).where(at).values(network=place, browser=browser))
    unit.add(
        Notice(
            person_id=person.id,
            notice_class=NoticeClass.INFORMATION,
            kind="idea.commented",
            title=told,
            subject_kind="idea",
            subject_number=1,
            key=told,
            created_at=now(),
        )
    )
    unit.merge(
        TellingChoice(
            person_id=person.id,
            rhythm=Rhythm.DAILY,
            refused_address=mail,
            refused_because=refused,
            refused_at=now(),
        )
    )
    own = frozenset({who})
    seen = own | {"administrator"}
    return {mail: seen, place: seen, browser: seen, refused: seen, told: own, secret: frozenset()}


@pytest.mark.slow
@pytest.mark.threat(20)
@pytest.mark.threat(21)
@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_a_hidden_word_is_found_by_those_who_may_read_it_and_by_nobody_else(
    walker: Walker,
) -> None:
    words, found, opened = _plant(walker), defaultdict(set), 0
    with walker.undoing():
        for who in ALIVE:
            for address, body in _crawl(walker, who):
                opened += 1
                for word in words:
                    if word in body:
                        assert who in words[word], f"{who} reads {word} at {address}"
                        found[word].add(who)
        for who, address in _questions(walker):
            body = walker.get(who, address).text
            assert not [one for one in words if one in body and who not in words[one]], address
    assert opened > 11 * 150
    unseen = {word for word, readers in words.items() if readers and not found[word]}
    assert unseen == set(), "a word that nobody ever sees proves nothing"


def _crawl(walker: Walker, who: str) -> Iterator[tuple[str, str]]:
    """Every page that somebody can open, from the matrix and by links; nothing is ever sent."""
    rows = [row.asked for row in read_table() if row.method == "GET"]
    waiting = [asked.format(**walker.world.words) for asked in rows]
    known = set(waiting)
    for number, address in enumerate(waiting):
        if number > MOST_PAGES:
            return
        answer = walker.get(who, address)
        body = answer.data.decode(errors="replace")
        yield address, body
        if answer.status_code != 200 or not (answer.mimetype or "").startswith("text/html"):
            continue
        for link in read_page(body, address)[1]:
            parts = urlsplit(link)
            target = f"{parts.path}?{parts.query}".rstrip("?")
            if not parts.netloc and target.startswith("/") and target not in known:
                known.add(target)
                waiting.append(target)


LISTS = {
    "/ideas": ("state", "department", "reason", "sort", "mine", "q"),
    "/insights": ("department", "reason", "demand_type", "channel", "q"),
    "/triage": ("show", "filter", "q"),
    "/boards/impact": ("level", "period", "from", "to"),
    "/boards/funnel": ("department", "period", "from"),
    "/done": ("cursor", "q"),
    "/delivery": ("department", "q"),
    "/people": ("q", "department"),
    "/notifications": ("cursor", "q"),
    "/admin/audit": ("who", "action", "thing"),
}
"""The lists, and what one may ask of them, known to them or not."""


def _questions(walker: Walker) -> Iterator[tuple[str, str]]:
    """Two hundred questions to the lists, each by three people."""
    random, ids = Random(SEED), [str(walker.world.department.id), "1", "2"]
    values = [
        *(CANARY, "draft", "drafts", "all", "open", "decided", "newest", "support", "y", "of"),
        *("Canary", "a", "%", "people", "failure", "phone", "2026-01-01", *ids),
    ]
    for _number in range(QUESTIONS):
        path, names = random.choice(sorted(LISTS.items()))
        asked = random.sample(names, random.randint(1, min(3, len(names))))
        query = urlencode({name: random.choice(values) for name in asked})
        for who in random.sample(ALIVE, 3):
            yield who, f"{path}?{query}"
