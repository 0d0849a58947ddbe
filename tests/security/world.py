"""The portal that the role matrix walks through: everybody around one department."""

from dataclasses import dataclass, field
from datetime import timedelta
from hashlib import sha256
from typing import Any
from zoneinfo import ZoneInfo

from flask import Flask
from sqlalchemy import func, select, update

from portal.actor import PROGRAM, Role
from portal.attachments.intake import receiving
from portal.attachments.services import attach
from portal.audit.models import AuditRow
from portal.contributions.services import ask_for_part
from portal.database import reading, session, writing
from portal.delivery import services as delivery
from portal.delivery.models import Track
from portal.ideas import services as ideas
from portal.ideas.lifecycle import State
from portal.ideas.models import Idea
from portal.impact.queries import list_latest
from portal.jobs.services import run_ready_tasks
from portal.now import at, now, today
from portal.people.absences import note_absence
from portal.people.links import make_link
from portal.people.models import Department, Person, RoleAssignment, SignInSession
from portal.people.passwords import hash_password
from portal.people.tokens import digest
from portal.rewards import services as rewards
from portal.routing.services import transfer_idea
from portal.triage import merging
from portal.triage import services as triage
from portal.triage.lists import View
from portal.triage.models import Decision, DecisionKind, Sitting
from portal.triage.notes import write_note
from portal.triage.saving import save_view
from tests.factories.clocks import make_calendar
from tests.factories.files import attach_to, picture, sent
from tests.factories.ideas import make_idea
from tests.factories.impact import Measured, make_judged
from tests.factories.insights import make_insight
from tests.factories.people import actor_of, make_person
from tests.factories.rewards import give_points, make_item, make_redemption
from tests.factories.triage import Desk, make_desk, submit
from tests.support.client import Client

SUBJECTS = (
    "anonymous",
    "author",
    "colleague",
    "agent",
    "head",
    "deputy",
    "other_head",
    "inside_validator",
    "validator",
    "leader",
    "administrator",
    "disabled",
    "expired",
)
"""Whose cells the matrix has, in the order of its columns."""
PASSWORD = "seventeen wet umbrellas"
CANARY = "Zanzibar"
"""Stands in every text that only its writer may read."""
PRIVATE = "Ouagadougou before May"
"""What the head's note says: to the head, the deputy, and the head whom it names."""
READS_NOTES = frozenset({"head", "deputy", "other_head"})


@dataclass
class World:
    """Everybody by what they are, and the words that addresses and forms of the matrix use."""

    people: dict[str, Person]
    words: dict[str, Any]
    department: Department
    measured: Measured
    cookies: dict[str, dict[str, str]] = field(default_factory=dict)
    tokens: dict[str, str] = field(default_factory=dict)
    audit_seq: int = 0


def make_world(app: Flask) -> World:
    """The whole world, in units of its own; everybody has a session."""
    measured = make_judged()
    password_hash = hash_password(PASSWORD)
    with writing():
        board, metering = make_desk("Board", takes_orphans=True), make_desk("Metering")
        people = _settle(measured, metering)
        session().merge(people["leader"]).password_hash = password_hash
    words = _live(measured, metering, people)
    with writing():
        words |= _furnish(measured, people)
    for life, name in (("triage", "letter.png"), ("draft", f"{CANARY}.png")):
        file = attach_to(people["author"], words.pop(f"_{life}"), name, picture())
        words[f"{life}_file"] = file.id
    words["insight_file"] = _attach_to_insight(people["author"], words.pop("_insight"))
    raw = attach_to(people["author"], words.pop("_accepted"), "raw.png", picture(), checked=False)
    words["raw_file"] = raw.id
    words |= _number(measured, board, metering, people)
    world = World(people, words, measured.accepted.department, measured)
    _sign_in(app, world)
    with reading() as reader:
        world.audit_seq = reader.scalar(select(func.max(AuditRow.seq))) or 0
    return world


def _settle(measured: Measured, metering: Desk) -> dict[str, Person]:
    home, around = measured.accepted.department, measured.accepted
    around.author.home_department_id = home.id
    return {
        "author": around.author,
        "colleague": make_person("Colleague", home=home),
        "agent": make_person("Agent of another", home=metering.department),
        "head": around.head,
        "deputy": around.deputy,
        "other_head": metering.head,
        "inside_validator": make_person("Validator inside", home=home, role=Role.VALIDATOR),
        "validator": measured.validator,
        "leader": make_person("Leader", role=Role.LEADER),
        "administrator": make_person("Administrator", role=Role.ADMINISTRATOR),
        "disabled": make_person("Disabled", home=home, role=Role.ADMINISTRATOR),
        "expired": make_person("Expired", home=home, role=Role.ADMINISTRATOR),
    }


LIVES = (
    *("draft", "gone_draft", "triage", "asked", "declined", "accepted", "committed", "begun"),
    *("live", "harmful", "handed", "withdrawn", "heads_own", "late", "merged"),
    "shared",
)


def _live(measured: Measured, metering: Desk, people: dict[str, Person]) -> dict[str, Any]:
    """Ideas of the author, each on its way to another place; some of them whole."""
    words: dict[str, Any] = {"measured": f"I-{measured.idea.number}"}
    for life in LIVES:
        with writing():
            idea = _live_one(measured, metering, people, life)
        words[life] = f"I-{idea.number}"
        if life == "shared":
            words["part_id"] = _ask_for_part(people["head"], idea, metering)
        if life == "merged":
            _merge(people["head"], idea, words["_accepted"])
        if life in {"triage", "draft", "accepted"}:
            words[f"_{life}"] = idea
    return words


def _ask_for_part(head: Person, idea: Idea, asked: Desk) -> int:
    with writing() as unit:
        found = unit.get_one(Idea, idea.id)
        task = "Say how many letters it is about."
        part = ask_for_part(actor_of(head), found, department_id=asked.department.id, task=task)
    return part.id


def _merge(head: Person, idea: Idea, into: Idea) -> None:
    with writing() as unit:
        one, other = (unit.get_one(Idea, each.id) for each in (idea, into))
        words = "Both ask for the same line."
        merging.merge_ideas(actor_of(head), one, other, sentence=words)


def _live_one(measured: Measured, metering: Desk, people: dict[str, Person], life: str) -> Idea:
    author, head = actor_of(people["author"]), actor_of(people["head"])
    if life in {"draft", "gone_draft"}:
        texts = {"title": CANARY, "problem": f"{CANARY} of a draft", "proposal": CANARY}
        draft = ideas.save_draft(author, **texts)
        if life == "gone_draft":
            ideas.withdraw_idea(author, draft)
        return draft
    if life == "harmful":
        home = measured.accepted.department
        return make_idea(people["author"], state=State.HARMFUL, department=home)
    reason = measured.measures.primary.reason_id
    if life == "heads_own":
        return submit(people["head"], None, title="The head's own", reason_id=reason)
    if life == "handed":
        idea = submit(people["author"], metering.reason, title="Theirs")
        giver = actor_of(metering.head)
        transfer_idea(giver, idea, to=measured.accepted.department, reason="It is about bills.")
        return idea
    if life == "late":
        with at(now() - timedelta(days=40)):
            return submit(people["author"], None, title="Late", reason_id=reason)
    idea = submit(people["author"], None, title=f"An idea that is {life}", reason_id=reason)
    if life == "asked":
        triage.ask_author(head, idea, question="Which letter do you mean?")
        ideas.support_idea(actor_of(people["colleague"]), idea, occurred_on=today())
    elif life == "declined":
        change = "A second printer would change it."
        said = {"sentence": "Nobody is free this year.", "would_change": change}
        triage.decline_idea(head, idea, reason_code="cost", **said)
    elif life == "withdrawn":
        ideas.withdraw_idea(author, idea)
    elif life not in {"triage", "merged", "shared"}:
        triage.accept_idea(head, idea, sentence="We do it.")
        _deliver(people, idea, life)
    return idea


def _deliver(people: dict[str, Person], idea: Idea, life: str) -> None:
    if life == "accepted":
        return
    head, named = actor_of(people["head"]), people["colleague"]
    delivery.commit_to_idea(
        head,
        idea,
        person_id=named.id,
        due_on=today() + timedelta(days=30),
        definition_of_done="Every letter names a date.",
        track=Track.QUICK,
    )
    if life == "committed":
        return
    delivery.start_work(actor_of(named), idea)
    if life == "live":
        delivery.implement_idea(
            actor_of(named),
            idea,
            go_live_on=today(),
            what_changes="The letter names the day.",
            evidence="Version 14 of the letter.",
        )


def _furnish(measured: Measured, people: dict[str, Person]) -> dict[str, Any]:
    """An insight, a comment, and orders in every state; the numbers of all of them."""
    author, administrator = people["author"], actor_of(people["administrator"])
    insight = make_insight(actor=actor_of(author))
    ideas.add_comment(actor_of(people["colleague"]), measured.idea, body="Here too.")
    for person in people.values():
        give_points(person, 20_000)
    orders = {
        name: make_redemption(people[who], make_item(name, price=price))
        for name, who, price in (
            ("requested", "author", 180),
            ("approved", "author", 180),
            ("fulfilled", "author", 180),
            ("dear", "author", 6000),
            ("own", "administrator", 180),
        )
    }
    for name in ("approved", "fulfilled", "dear"):
        rewards.approve(administrator, orders[name])
    rewards.fulfil(administrator, orders["fulfilled"])
    view = save_view(actor_of(people["head"]), name="Mine", views=[View.MINE])
    sitting = Sitting(
        person_id=people["head"].id, look="decide", started_at=now(), ended_at=now(), left_count=0
    )
    session().add(sitting)
    session().flush()
    asked = session().scalars(select(Idea).where(Idea.state == State.NEEDS_INFO)).one()
    note = write_note(
        actor_of(people["head"]), asked, body=PRIVATE, chosen={people["other_head"].id}
    )
    words: dict[str, Any] = {name: f"R-{order.number}" for name, order in orders.items()}
    words |= {"insight": f"N-{insight.number}", "_insight": insight.id, "note_id": note.id}
    words |= {"heads_view": view.id, "heads_sitting": sitting.id}
    return {**words, "item": make_item("Umbrella").key, "link": make_link(PROGRAM, author)}


def _attach_to_insight(person: Person, insight_id: int) -> int:
    with receiving([sent("bill.png", picture())]) as files, writing():
        file = attach(actor_of(person), "insight", insight_id, files)[0]
    run_ready_tasks()
    return file.id


def _number(
    measured: Measured, board: Desk, metering: Desk, people: dict[str, Person]
) -> dict[str, Any]:
    return {
        "metric": f"M-{measured.measures.primary.number}",
        "reason_id": measured.measures.primary.reason_id,
        "department_id": measured.accepted.department.id,
        "other_department_id": metering.department.id,
        "board_id": board.department.id,
        "author_id": people["author"].id,
        "colleague_id": people["colleague"].id,
        "head_id": people["head"].id,
        "other_head_id": people["other_head"].id,
        "leader_id": people["leader"].id,
        "administrator_id": people["administrator"].id,
        "calendar_id": _make_calendar_of(metering.department),
        "absence_id": _absence_of(people["colleague"]),
        "assignment_id": _assignment_of(people["colleague"]),
        "decision_id": _decision_of(measured.accepted.department),
        "analysis_id": list_latest(measured.idea.id)[0].id,
        "leader_email": people["leader"].email,
        "password": PASSWORD,
    }


def _decision_of(department: Department) -> int:
    """The no that the author may rate."""
    with reading() as reader:
        no = select(Decision.id).where(Decision.kind == DecisionKind.DECLINE)
        return reader.scalars(no.where(Decision.department_id == department.id)).one()


def _make_calendar_of(department: Department) -> int:
    with writing():
        return make_calendar(department, key="metering").id


def _absence_of(person: Person) -> int:
    """Days in a year on which somebody is away."""
    day = today() + timedelta(days=365)
    with writing() as unit:
        stored = unit.get_one(Person, person.id)
        zone = ZoneInfo("Europe/Berlin")
        return note_absence(actor_of(stored), stored, from_on=day, until_on=day, zone=zone).id


def _assignment_of(person: Person) -> int:
    with reading() as reader:
        held = select(RoleAssignment.id).where(RoleAssignment.person_id == person.id)
        return reader.scalars(held).one()


def _sign_in(app: Flask, world: World) -> None:
    """Give everybody a browser; close one account, and let one session run out."""
    stranger = Client(app)
    world.tokens["anonymous"] = stranger.token()
    kept = stranger.http.get_cookie("sid", domain="127.0.0.1")
    world.cookies["anonymous"] = {"sid": kept.value} if kept else {}
    for who, person in world.people.items():
        client = Client(app).sign_in(person)
        world.tokens[who] = client.token()
        signed_in = client.http.get_cookie("sid", domain="127.0.0.1")
        assert signed_in is not None
        world.cookies[who] = {"sid": signed_in.value}
        elsewhere = Client(app).sign_in(person).http.get_cookie("sid", domain="127.0.0.1")
        assert elsewhere is not None
        if who == "author":
            other = digest(elsewhere.value.removeprefix("s."))
            world.words["session_key"] = sha256(other).hexdigest()[:16]
    expired = digest(world.cookies["expired"]["sid"].removeprefix("s."))
    over = {"expires_at": now() - timedelta(minutes=1)}
    with writing() as unit:
        of_expired = SignInSession.id_hash == expired
        unit.execute(update(SignInSession).where(of_expired).values(over))
        closed = Person.id == world.people["disabled"].id
        unit.execute(update(Person).where(closed).values(is_active=False))
