"""Reading one's messages."""

from typing import Any

from sqlalchemy import Row, func, select

from portal.actor import Actor
from portal.authors.queries import OWN_IDS, list_own_ids
from portal.database import session
from portal.notifications.models import Notice
from portal.paging import Keyset, Page

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
    ).where(Notice.person_id.in_(OWN_IDS)),
    [Notice.id.desc()],
)


def count_unread(actor: Actor) -> int:
    """How many messages a person has not read, those to them under seal among them."""
    return session().scalar(_UNREAD, {"own_ids": list_own_ids(actor)}) or 0


def list_notices(actor: Actor, cursor: str | None = None) -> Page[Row[*tuple[Any, ...]]]:
    """The actor's messages, newest first."""
    return _NOTICES.page(session(), {"own_ids": list_own_ids(actor)}, cursor, limit=40)
