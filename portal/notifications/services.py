"""Telling people, once each: in the portal at once, by mail as each of them wants it."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import datetime, time
from typing import Any

from sqlalchemy import bindparam, insert, or_, select, update

from portal.actor import PROGRAM, Actor
from portal.audit.services import record
from portal.authors.queries import list_own_ids
from portal.database import insert_ignoring, session
from portal.errors import Conflict, RuleBroken
from portal.i18n import gettext as _
from portal.i18n import speaking
from portal.ideas.writing import mask_fields
from portal.jobs.services import enqueue
from portal.notifications.models import (
    Channel,
    Delivery,
    DeliveryState,
    Notice,
    NoticeClass,
    Rhythm,
    TellingChoice,
)
from portal.notifications.policies import can_choose, can_resend, can_trust_address
from portal.notifications.queries import NOBODY_HIDDEN, list_administrators
from portal.notifications.sentences import KINDS
from portal.now import now
from portal.people.models import Person
from portal.people.queries import get_actor, get_person

TELL = "notices.tell"
LETTER = "mail.letter"
MAX_TITLE = 240
MAX_KEY = 160

_RECIPIENTS = (
    select(Person.id, Person.locale)
    .where(
        Person.id.in_(bindparam("ids", expanding=True)),
        or_(Person.is_active, Person.hue < NOBODY_HIDDEN),
    )
    .order_by(Person.id)
)
_is_history: ContextVar[bool] = ContextVar("notices_are_history", default=False)


@contextmanager
def as_history() -> Iterator[None]:
    """Tell of what happened long ago: the record says that it was sent, and nothing is sent."""
    token = _is_history.set(True)
    try:
        yield
    finally:
        _is_history.reset(token)


@dataclass(frozen=True, slots=True)
class News:
    """One piece of news for some people; see :func:`notify`."""

    people: Collection[int]
    kind: str
    values: Mapping[str, str]
    subject_kind: str
    subject_number: int
    key: str
    body: str | None = None


def notify(
    people: Iterable[int],
    kind: str,
    *,
    values: Mapping[str, str],
    body: str | None = None,
    subject_kind: str,
    subject_number: int,
    key: str,
) -> None:
    """Tell each of these people the same news in their language, once.

    ``key`` names the event: for a person and kind who had it already, nothing happens.  ``body``
    is what somebody wrote with it, masked already.
    """
    notify_all([News(frozenset(people), kind, values, subject_kind, subject_number, key, body)])


def notify_all(news: Sequence[News]) -> None:
    """Tell a lot of news at once, in as many statements whether it is one piece or hundreds."""
    ids = sorted({person_id for one in news for person_id in one.people})
    found = session().execute(_RECIPIENTS, {"ids": ids}).all() if ids else []
    locales = {person.id: person.locale or "en" for person in found}
    rows = [row for one in news for row in _write(one, locales)]
    if rows:
        _tell(session().execute(_make(), rows).all())


def _make() -> Any:
    """One statement for any number of rows; through the model, each row would cost its compiling.

    The table's own types mask and check as the model's do.
    """
    table = Notice.__table__
    made = table.c.id, table.c.person_id, table.c.notice_class
    return insert_ignoring(table, ["key"]).returning(*made)


def _write(news: News, locales: Mapping[int, str]) -> Iterator[dict[str, object]]:
    """The notices that a piece of news makes, in the order of people."""
    said = KINDS[news.kind]
    titles: dict[str, str] = {}
    for person_id in sorted(set(news.people) & locales.keys()):
        locale = locales[person_id]
        if locale not in titles:
            with speaking(locale):
                titles[locale] = said.say(news.values)[:MAX_TITLE]
        yield {
            "person_id": person_id,
            "notice_class": said.notice_class,
            "kind": news.kind,
            "title": titles[locale],
            "body": news.body,
            "subject_kind": news.subject_kind,
            "subject_number": news.subject_number,
            "key": f"{news.key}:{news.kind}:{person_id}"[-MAX_KEY:],
            "created_at": now(),
        }


def _tell(made: Sequence[Any]) -> None:
    if made and _is_history.get():
        _remember(made)
    elif made:
        enqueue(TELL, {"notices": [notice.id for notice in made]})


_HIDDEN = select(Person.id).where(
    Person.id.in_(bindparam("ids", expanding=True)), Person.hue < NOBODY_HIDDEN
)


def _remember(notices: Iterable[Any]) -> None:
    """As if each had been sent at once; to the page of a hidden author, nothing ever is."""
    told = list(notices)
    ids = {"ids": sorted({notice.person_id for notice in told})}
    hidden = set(session().scalars(_HIDDEN, ids))
    moment = now()
    rows = [
        {
            "notice_id": notice.id,
            "person_id": notice.person_id,
            "channel": Channel.MAIL,
            "state": DeliveryState.SENT,
            "is_digest": notice.notice_class is NoticeClass.INFORMATION,
            "due_at": moment,
            "settled_at": moment,
        }
        for notice in told
        if notice.person_id not in hidden
    ]
    if rows:
        session().execute(insert(Delivery), rows)


def read_all(actor: Actor) -> None:
    """Mark every message of the actor as read."""
    record(actor, "notices.read", "person", actor.id)
    session().execute(
        update(Notice)
        .where(Notice.person_id.in_(list_own_ids(actor)), Notice.read_at.is_(None))
        .values(read_at=now())
    )


def get_choice(person_id: int) -> TellingChoice:
    """How a person wants to be told, for changing it; made on first use."""
    found = session().get(TellingChoice, person_id)
    if found is None:
        found = TellingChoice(person_id=person_id, rhythm=Rhythm.DAILY)
        session().add(found)
    return found


def choose(
    actor: Actor, *, rhythm: Rhythm, quiet_from: time | None, quiet_until: time | None
) -> None:
    """Choose how to be told; what waits for a digest is planned anew.

    Raises
    ------
    RuleBroken
        When only one end of the quiet hours is given, or both are the same.
    """
    can_choose.require(actor)
    if (quiet_from is None) != (quiet_until is None):
        field = "quiet_from" if quiet_from is None else "quiet_until"
        raise RuleBroken(_("Quiet hours need a beginning and an end."), field=field)
    if quiet_from is not None and quiet_from == quiet_until:
        raise RuleBroken(_("They begin and end at the same time."), field="quiet_until")
    person_id = get_person(actor.id or 0).id
    choice = get_choice(person_id)
    choice.rhythm, choice.quiet_from, choice.quiet_until = rhythm, quiet_from, quiet_until
    _plan_again(person_id)
    record(actor, "person.telling", "person", actor.id, rhythm=rhythm.value)


def change_digest(person_id: int, rhythm: Rhythm) -> None:
    """Change only the digest, for whoever holds the link of one; the rest stays."""
    choice = get_choice(person_id)
    if choice.rhythm is rhythm:
        return
    choice.rhythm = rhythm
    _plan_again(person_id)
    record(get_actor(person_id), "person.telling", "person", person_id, rhythm=rhythm.value)


def _plan_again(person_id: int) -> None:
    """Hand what waits for a digest back to the worker, which plans it by the new choice."""
    waiting = session().scalars(
        select(Delivery.notice_id).where(
            Delivery.person_id == person_id, Delivery.state == DeliveryState.WAITING
        )
    )
    if notice_ids := list(waiting):
        enqueue(TELL, {"notices": notice_ids})


def resend(actor: Actor, delivery: Delivery) -> None:
    """Send a letter again, by its person or an administrator."""
    can_resend.require(actor, delivery)
    if delivery.state in {DeliveryState.QUEUED, DeliveryState.WAITING}:
        raise Conflict(_("It is on its way already."))
    delivery.copy += 1
    delivery.state, delivery.is_digest, delivery.due_at = DeliveryState.QUEUED, False, now()
    delivery.settled_at = delivery.reason = None
    enqueue(LETTER, {"delivery": delivery.id, "copy": delivery.copy})
    record(actor, "delivery.resent", "delivery", delivery.id)


def trust_address(actor: Actor, person_id: int) -> None:
    """Try an address again that was refused: by its person, or an administrator."""
    choice = get_choice(person_id)
    can_trust_address.require(actor, choice)
    choice.refused_address = choice.refused_because = choice.refused_at = None
    record(actor, "person.address_trusted", "person", person_id)


def settle(
    delivery_ids: Iterable[int],
    state: DeliveryState,
    *,
    at: datetime,
    address: str | None = None,
    reason: str | None = None,
) -> None:
    """Note what became of deliveries."""
    session().execute(
        update(Delivery)
        .where(Delivery.id.in_(list(delivery_ids)))
        .values(state=state, settled_at=at, address=address, reason=reason and reason[:240])
        .execution_options(synchronize_session=False)
    )


def refuse_address(person_id: int, address: str, reason: str) -> None:
    """Remember that an address takes no mail, and tell its person and the administrators."""
    choice = get_choice(person_id)
    if choice.refused_address == address:
        return
    choice.refused_address, choice.refused_because = address, reason[:240]
    choice.refused_at = moment = now()
    record(PROGRAM, "person.address_refused", "person", person_id)
    person = session().get_one(Person, person_id)
    said = mask_fields(reason=reason).text["reason"]
    key = f"refused:{person_id}:{moment:%Y%m%dT%H%M%S}"
    notify(
        {person_id},
        "mail.refused",
        values={},
        body=said,
        subject_kind="telling",
        subject_number=person_id,
        key=key,
    )
    notify(
        list_administrators() - {person_id},
        "mail.refused_other",
        values={"name": person.name},
        body=said,
        subject_kind="letters",
        subject_number=person_id,
        key=key,
    )
