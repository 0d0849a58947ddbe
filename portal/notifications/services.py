"""Telling people, once each."""

from sqlalchemy import update

from portal.actor import Actor
from portal.audit.services import record
from portal.authors.queries import list_own_ids
from portal.database import insert_once, session
from portal.notifications.models import Notice, NoticeClass
from portal.now import now


def notify(
    person_id: int,
    *,
    notice_class: NoticeClass,
    kind: str,
    title: str,
    body: str | None = None,
    subject_kind: str,
    subject_number: int,
    key: str,
) -> None:
    """Put a message into a person's list; a ``key`` that was used before does nothing."""
    insert_once(
        Notice,
        {
            "person_id": person_id,
            "notice_class": notice_class,
            "kind": kind,
            "title": title[:240],
            "body": body,
            "subject_kind": subject_kind,
            "subject_number": subject_number,
            "key": key,
            "created_at": now(),
        },
    )


def read_all(actor: Actor) -> None:
    """Mark every message of the actor as read."""
    record(actor, "notices.read", "person", actor.id)
    session().execute(
        update(Notice)
        .where(Notice.person_id.in_(list_own_ids(actor)), Notice.read_at.is_(None))
        .values(read_at=now())
    )


def read_about(actor: Actor, subject_kind: str, subject_number: int) -> None:
    """Mark the actor's messages about one thing as read."""
    session().execute(
        update(Notice)
        .where(
            Notice.person_id.in_(list_own_ids(actor)),
            Notice.subject_kind == subject_kind,
            Notice.subject_number == subject_number,
            Notice.read_at.is_(None),
        )
        .values(read_at=now())
    )
