"""What is measured: as whom, which addresses, what is sent."""

from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urlencode
from uuid import uuid4

from flask import Flask
from sqlalchemy import func, select

from portal.database import reading, session
from portal.ideas.lifecycle import State
from portal.ideas.models import Idea, IdeaAuthor, IdeaMove, Support
from portal.people.models import Person
from portal.people.queries import find_person_by_email
from tests.bench.measure import REQUESTS, WARM_UP, Environ, again, environ
from tests.support.client import Client

AGENT = "agent@demo.example"
HEAD = "head@demo.example"
NEEDED = WARM_UP + REQUESTS + 1


@dataclass(frozen=True, slots=True)
class Reader:
    """Somebody signed in with a session of their own: their cookie and their token."""

    person: Person
    cookie: str
    token: str


@dataclass(frozen=True, slots=True)
class Measured:
    """One row of the table: the requests of a page, and how it answers."""

    name: str
    requests: Iterator[Environ]
    status: str = "200"


def sign_in(app: Flask, email: str) -> Reader:
    """Open a real session, as the sign-in page would."""
    with reading():
        person = find_person_by_email(email)
    assert person is not None, email
    client = Client(app).sign_in(person)
    cookie = client.http.get_cookie("sid", domain="127.0.0.1")
    assert cookie is not None
    return Reader(person, f"sid={cookie.value}", client.token())


def read_pages(agent: Reader, head: Reader) -> dict[str, Environ]:
    """The pages that are read, by name."""
    return {
        "home": environ("GET", "/", agent.cookie),
        "idea list": environ("GET", "/ideas", agent.cookie),
        "idea page": environ("GET", f"/ideas/I-{_busiest_idea()}", agent.cookie),
        "inbox": environ("GET", "/triage", head.cookie),
        "leaderboard": environ("GET", "/boards/impact", agent.cookie),
    }


def all_pages(agent: Reader, head: Reader) -> list[Measured]:
    """Every row of the table, reading first."""
    reads = [Measured(name, again(one)) for name, one in read_pages(agent, head).items()]
    return [
        *reads,
        Measured("submit", _submissions(agent), "303"),
        Measured("support", _supports(agent), "303"),
    ]


def _busiest_idea() -> int:
    """The number of the idea with the longest timeline among those that were validated."""
    found = (
        select(Idea.number)
        .join(IdeaMove, IdeaMove.idea_id == Idea.id)
        .where(Idea.state == State.VALIDATED)
        .group_by(Idea.id, Idea.number)
        .order_by(func.count().desc(), Idea.number)
        .limit(1)
    )
    with reading():
        return session().scalars(found).one()


def _supportable(person: Person) -> list[int]:
    """Numbers of ideas that the person neither wrote nor supports, newest first."""
    mine = select(IdeaAuthor.idea_id).where(IdeaAuthor.person_id == person.id)
    known = select(Support.idea_id).where(Support.person_id == person.id)
    found = (
        select(Idea.number)
        .where(
            Idea.state.in_([State.DECLINED, State.ACCEPTED, State.CLOSED, State.TRIAGE]),
            Idea.id.not_in(mine),
            Idea.id.not_in(known),
        )
        .order_by(Idea.id.desc())
        .limit(NEEDED)
    )
    with reading():
        return list(session().scalars(found))


def _form(reader: Reader, path: str, **fields: str) -> Environ:
    body = urlencode({"csrf_token": reader.token, **fields}).encode()
    return environ("POST", path, reader.cookie, body)


def _submissions(agent: Reader) -> Iterator[Environ]:
    """Ideas, each with a nonce of its own, as many as wanted."""
    return (
        _form(
            agent,
            "/ideas/new",
            nonce=str(uuid4()),
            title=f"Say on the bill which period it covers ({number})",
            problem="Customers call because they cannot tell which months a bill is for. " * 3,
            proposal="Print both dates at the top of page one. " * 3,
            lens="customer",
            action="submit",
        )
        for number in range(1_000_000)
    )


def _supports(agent: Reader) -> Iterator[Environ]:
    """One "me too" for each of as many ideas as there are."""
    return (
        _form(agent, f"/ideas/I-{number}/support", occurred_on="2026-11-02")
        for number in _supportable(agent.person)
    )
