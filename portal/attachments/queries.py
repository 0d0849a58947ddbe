"""Reading what is attached to a thing.  Whoever asks has loaded the thing, and may see it."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import bindparam, func, select

from portal.actor import Actor
from portal.attachments.models import Attachment, State
from portal.attachments.policies import can_read
from portal.database import lock_row, session
from portal.errors import NotFound
from portal.i18n import gettext as _

LIVE = (State.CHECKING, State.CLEAN)

_OF_SUBJECT = (
    select(Attachment)
    .where(
        Attachment.subject_kind == bindparam("subject_kind"),
        Attachment.subject_id == bindparam("subject_id"),
        Attachment.state != State.REMOVED,
    )
    .order_by(Attachment.id)
)
_ONE = _OF_SUBJECT.where(Attachment.id == bindparam("file_id"))
_SENT_SINCE = select(func.coalesce(func.sum(Attachment.size), 0)).where(
    Attachment.person_id == bindparam("person_id"), Attachment.created_at > bindparam("since")
)
_KEYS = select(Attachment.key, Attachment.thumbnail_key).where(Attachment.key.is_not(None))


def list_files(actor: Actor, subject_kind: str, subject_id: int) -> list[Attachment]:
    """The files of a thing that the actor may know of, in the order they came."""
    values = {"subject_kind": subject_kind, "subject_id": subject_id}
    return [file for file in session().scalars(_OF_SUBJECT, values) if can_read(actor, file)]


def get_file(
    actor: Actor, subject_kind: str, subject_id: int, file_id: int, *, for_update: bool = False
) -> Attachment:
    """One file of a thing; raises NotFound where the actor may not know of it."""
    values = {"subject_kind": subject_kind, "subject_id": subject_id, "file_id": file_id}
    file: Attachment | None = session().scalar(lock_row(_ONE) if for_update else _ONE, values)
    if file is None or not can_read(actor, file):
        raise NotFound(_("There is nothing here that you can see."))
    return file


def list_live(subject_kind: str, subject_id: int) -> Sequence[Attachment]:
    """The files of a thing that count: clean, or still being checked."""
    values = {"subject_kind": subject_kind, "subject_id": subject_id}
    return [file for file in session().scalars(_OF_SUBJECT, values) if file.state in LIVE]


def count_bytes_since(person_id: int, since: datetime) -> int:
    """How many bytes somebody has sent since a moment, whatever became of them."""
    return session().scalar(_SENT_SINCE, {"person_id": person_id, "since": since}) or 0


def list_keys() -> set[str]:
    """The keys of all bytes that a file still stands for."""
    return {key for row in session().execute(_KEYS) for key in row if key}
