"""Reading one's messages."""

from typing import Any

from sqlalchemy import Row, bindparam, func, select

from portal.actor import Actor
from portal.database import session
from portal.notifications.models import Notice
from portal.paging import Keyset, Page

_UNREAD = (
    select(func.count())
    .select_from(Notice)
    .where(Notice.person_id == bindparam("person_id"), Notice.read_at.is_(None))
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
    ).where(Notice.person_id == bindparam("person_id")),
    [Notice.id.desc()],
)


def count_unread(person_id: int) -> int:
    """How many messages a person has not read."""
    return session().scalar(_UNREAD, {"person_id": person_id}) or 0


def list_notices(actor: Actor, cursor: str | None = None) -> Page[Row[*tuple[Any, ...]]]:
    """The actor's messages, newest first."""
    return _NOTICES.page(session(), {"person_id": actor.id}, cursor, limit=40)
