"""Reading one's messages, what became of their letters, and what a letter is made of."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Row, bindparam, func, select

from portal.actor import Actor, Role
from portal.authors.queries import OWN_IDS, list_own_ids
from portal.database import in_unit, lock_row, session
from portal.errors import NotFound
from portal.i18n import gettext as _
from portal.ideas.models import Idea
from portal.notifications.models import Delivery, DeliveryState, Notice, TellingChoice
from portal.paging import Keyset, Page
from portal.people.models import Person, RoleAssignment

SHOWN = 50
"""How many letters that did not arrive a page shows."""
MOST_WAITING = 10
NOBODY_HIDDEN = 0
"""A hidden author's hue is below it; they are told in the portal alone, for a letter says who."""

_UNREAD = (
    select(func.count())
    .select_from(Notice)
    .where(Notice.person_id.in_(OWN_IDS), Notice.read_at.is_(None))
)
_NOTICES = Keyset(
    select(
        Notice.id,
        Notice.notice_class,
        Notice.kind,
        Notice.title,
        Notice.body,
        Notice.subject_kind,
        Notice.subject_number,
        Notice.created_at,
        Notice.read_at,
        Delivery.id.label("delivery_id"),
        Delivery.state,
        Delivery.is_digest,
        Delivery.due_at,
        Delivery.settled_at,
        Delivery.reason,
    )
    .outerjoin(Delivery, Delivery.notice_id == Notice.id)
    .where(Notice.person_id.in_(OWN_IDS)),
    [Notice.id.desc()],
)
_ADMINISTRATORS = select(RoleAssignment.person_id).where(
    RoleAssignment.role == Role.ADMINISTRATOR,
    RoleAssignment.department_id.is_(None),
    RoleAssignment.ended_at.is_(None),
)
_CHOICE = select(TellingChoice).where(TellingChoice.person_id == bindparam("person_id"))
_TO_TELL = (
    select(
        Notice.id,
        Notice.person_id,
        Notice.notice_class,
        Notice.read_at,
        Person.email,
        Person.time_zone,
        Person.home_department_id,
        TellingChoice.rhythm,
        TellingChoice.quiet_from,
        TellingChoice.quiet_until,
        TellingChoice.refused_address,
        Delivery.state,
    )
    .join(Person, Person.id == Notice.person_id)
    .outerjoin(TellingChoice, TellingChoice.person_id == Notice.person_id)
    .outerjoin(Delivery, Delivery.notice_id == Notice.id)
    .where(
        Notice.id.in_(bindparam("ids", expanding=True)),
        Person.is_active,
        Person.hue >= NOBODY_HIDDEN,
    )
    .order_by(Notice.id)
)
_LETTER = (
    select(
        Delivery.id,
        Delivery.copy,
        Delivery.state,
        Delivery.is_digest,
        Delivery.due_at,
        Delivery.settled_at,
        Notice.id.label("notice_id"),
        Notice.notice_class,
        Notice.kind,
        Notice.title,
        Notice.body,
        Notice.subject_kind,
        Notice.subject_number,
        Notice.created_at,
        Notice.read_at,
        Person.id.label("person_id"),
        Person.name,
        Person.email,
        Person.locale,
        Person.time_zone,
        Person.is_active,
        TellingChoice.refused_address,
        Idea.title.label("item_title"),
    )
    .join(Notice, Notice.id == Delivery.notice_id)
    .join(Person, Person.id == Delivery.person_id)
    .outerjoin(TellingChoice, TellingChoice.person_id == Delivery.person_id)
    .outerjoin(
        Idea,
        (Idea.number == Notice.subject_number) & Notice.subject_kind.in_(("idea", "impact")),
    )
)
_ONE_LETTER = _LETTER.where(Delivery.id == bindparam("id"))
_DIGEST = _LETTER.where(
    Delivery.person_id == bindparam("person_id"),
    Delivery.state == DeliveryState.WAITING,
    Delivery.due_at <= bindparam("until", type_=Delivery.due_at.type),
).order_by(Notice.id.desc())
_SENT = _LETTER.where(Delivery.state == DeliveryState.SENT).order_by(Person.id, Notice.id)
_WAITS_ON = (
    select(Idea.number, Idea.title, Idea.due_at, Idea.is_paused)
    .where(Idea.handler_id == bindparam("person_id"), Idea.due_at.is_not(None))
    .order_by(Idea.due_at, Idea.id)
    .limit(MOST_WAITING)
)
_LOST = (
    select(
        Delivery.id,
        Delivery.state,
        Delivery.address,
        Delivery.reason,
        Delivery.settled_at,
        Notice.title,
        Person.id.label("person_id"),
        Person.name,
    )
    .join(Notice, Notice.id == Delivery.notice_id)
    .join(Person, Person.id == Delivery.person_id)
    .where(Delivery.state.in_((DeliveryState.FAILED, DeliveryState.BOUNCED)))
    .order_by(Delivery.settled_at.desc())
    .limit(SHOWN)
)
_LOST_COUNT = (
    select(func.count())
    .select_from(Delivery)
    .where(Delivery.state.in_((DeliveryState.FAILED, DeliveryState.BOUNCED)))
)
_REFUSED = (
    select(
        Person.id,
        Person.name,
        TellingChoice.refused_address,
        TellingChoice.refused_because,
        TellingChoice.refused_at,
    )
    .join(Person, Person.id == TellingChoice.person_id)
    .where(TellingChoice.refused_address == Person.email)
    .order_by(TellingChoice.refused_at.desc())
    .limit(SHOWN)
)
_DELIVERY = select(Delivery).where(Delivery.id == bindparam("id"))


def count_unread(actor: Actor) -> int:
    """How many messages a person has not read, those to them under seal among them."""
    return session().scalar(_UNREAD, {"own_ids": list_own_ids(actor)}) or 0


def list_notices(actor: Actor, cursor: str | None = None) -> Page[Row[*tuple[Any, ...]]]:
    """The actor's messages with what became of their letters, newest first."""
    return _NOTICES.page(session(), {"own_ids": list_own_ids(actor)}, cursor, limit=40)


def list_administrators() -> frozenset[int]:
    """Who looks after the whole portal."""
    return frozenset(session().scalars(_ADMINISTRATORS))


def find_choice(person_id: int) -> TellingChoice | None:
    """How a person wants to be told, if they ever chose."""
    return session().scalar(_CHOICE, {"person_id": person_id})


def list_to_tell(notice_ids: Sequence[int]) -> Sequence[Row[*tuple[Any, ...]]]:
    """Notices with all that decides how their letters go."""
    return session().execute(_TO_TELL, {"ids": list(notice_ids)}).all()


def find_letter(delivery_id: int) -> Row[*tuple[Any, ...]] | None:
    """Everything a letter is made of."""
    return session().execute(_ONE_LETTER, {"id": delivery_id}).one_or_none()


def list_digest(person_id: int, until: Any) -> Sequence[Row[*tuple[Any, ...]]]:
    """What waits for a person's digest of a moment, newest first."""
    return session().execute(_DIGEST, {"person_id": person_id, "until": until}).all()


def list_sent() -> Sequence[Row[*tuple[Any, ...]]]:
    """Every letter that was ever sent, person by person, oldest first."""
    return session().execute(_SENT).all()


def list_waiting_on(person_id: int) -> Sequence[Row[*tuple[Any, ...]]]:
    """Ideas that wait on a person, the most urgent first."""
    return session().execute(_WAITS_ON, {"person_id": person_id}).all()


def list_lost() -> Sequence[Row[*tuple[Any, ...]]]:
    """Letters that did not arrive, newest first."""
    return session().execute(_LOST).all()


def count_lost() -> int:
    """How many letters did not arrive."""
    return session().scalar(_LOST_COUNT) or 0


def list_refused() -> Sequence[Row[*tuple[Any, ...]]]:
    """People whose address takes no mail."""
    return session().execute(_REFUSED).all()


def get_delivery(actor: Actor, delivery_id: int, *, of_anybody: bool = False) -> Delivery:
    """A delivery of the actor's, or of anybody for an administrator; locked in a unit."""
    statement = lock_row(_DELIVERY) if in_unit() else _DELIVERY
    found = session().scalar(statement, {"id": delivery_id})
    if found is None or not (of_anybody or found.person_id == actor.id):
        raise NotFound(_("There is nothing here that you can see."))
    return found
