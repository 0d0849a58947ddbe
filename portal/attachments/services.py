"""What can be done with files: attaching, judging, taking back, redacting."""

from collections.abc import Iterable
from datetime import timedelta

from sqlalchemy import select

from portal.actor import PROGRAM, Actor
from portal.attachments import kinds, policies, queries, storage
from portal.attachments.intake import Received
from portal.attachments.models import Attachment, State
from portal.audit.services import record
from portal.database import after_commit, lock_row, session
from portal.errors import Conflict, NotAllowed, RuleBroken
from portal.i18n import gettext as _
from portal.jobs.services import enqueue
from portal.masking import mask
from portal.now import now
from portal.people.models import Person
from portal.text import one_line

CHECK = "attachments.check"
SUBJECT = "attachment"
MAX_REASON = 300
_DAY = timedelta(days=1)


def attach(
    actor: Actor, subject_kind: str, subject_id: int, files: Iterable[Received]
) -> list[Attachment]:
    """Attach files to a thing that the actor may attach to; nobody else sees them until checked.

    The same bytes sent twice are one file.  The caller holds the thing's row, so that of two
    who attach at once none gets past the limits.

    Raises
    ------
    RuleBroken
        On ``files``, beyond five files or 100 MB a day.
    """
    if actor.id is None:
        raise NotAllowed(_("Only somebody who works here can do this."))
    live = queries.list_live(subject_kind, subject_id)
    known = {file.received_sha256 for file in live}
    fresh = {file.written.sha256: file for file in files if file.written.sha256 not in known}
    if not fresh:
        return []
    _require_room(actor.id, len(live), list(fresh.values()))
    made = [_new(actor.id, subject_kind, subject_id, file) for file in fresh.values()]
    session().add_all(made)
    session().flush()
    for file in made:
        record(
            actor, "file.attached", SUBJECT, file.id, to=f"{subject_kind} {subject_id}",
            kind=file.kind.value, size=file.size,
        )  # fmt: skip
        enqueue(CHECK, {"file_id": file.id})
    return made


def _require_room(person_id: int, there: int, fresh: list[Received]) -> None:
    if there + len(fresh) > kinds.MAX_FILES:
        raise RuleBroken(_("%(n)s files are the most.", n=kinds.MAX_FILES), field="files")
    session().execute(lock_row(select(Person.id).where(Person.id == person_id)))
    sent = queries.count_bytes_since(person_id, now() - _DAY)
    if sent + sum(file.written.size for file in fresh) > kinds.MAX_BYTES_A_DAY:
        raise RuleBroken(
            _("You have attached 100 MB since yesterday. Go on tomorrow."), field="files"
        )


def _new(person_id: int, subject_kind: str, subject_id: int, file: Received) -> Attachment:
    file.is_used = True
    moment = now()
    return Attachment(
        subject_kind=subject_kind,
        subject_id=subject_id,
        person_id=person_id,
        name=file.name,
        kind=file.kind,
        state=State.CHECKING,
        size=file.written.size,
        key=file.written.key,
        received_sha256=file.written.sha256,
        created_at=moment,
        changed_at=moment,
    )


def pass_file(
    file: Attachment,
    *,
    key: str,
    thumbnail_key: str | None,
    sha256: str,
    size: int,
    pixels: tuple[int | None, int | None],
) -> None:
    """Show a file that was found clean, from its bytes made anew under ``key``."""
    _drop_bytes(file)
    file.key, file.thumbnail_key, file.sha256, file.size = key, thumbnail_key, sha256, size
    file.width, file.height = pixels
    _settle(file, State.CLEAN)
    record(PROGRAM, "file.passed", SUBJECT, file.id)


def refuse_file(file: Attachment, *, reason: str) -> None:
    """Keep a file out; its sender reads why, and its bytes go."""
    _drop_bytes(file)
    file.reason = reason
    _settle(file, State.REFUSED)
    record(PROGRAM, "file.refused", SUBJECT, file.id)


def remove_file(actor: Actor, file: Attachment, *, is_open: bool) -> None:
    """Take back a file that one attached, as long as nobody has begun to decide.

    ``is_open`` says whether that is still so of the thing it belongs to.
    """
    policies.is_sender.require(actor, file)
    if not is_open and file.state is not State.REFUSED:
        raise Conflict(_("It is part of what is decided now, so it stays. Ask an administrator."))
    _drop_bytes(file)
    _settle(file, State.REMOVED)
    record(actor, "file.removed", SUBJECT, file.id)


def redact_file(actor: Actor, file: Attachment, *, reason: str) -> None:
    """Take away a file that should never have been here; its bytes go for good."""
    policies.can_redact.require(actor)
    said = mask(one_line(reason)).text
    if not 3 <= len(said) <= MAX_REASON:
        raise RuleBroken(_("Say why, in one sentence."), field="reason")
    _drop_bytes(file)
    file.name = f"{_('file')}.{file.kind.value}"
    file.reason = said
    _settle(file, State.REDACTED)
    record(actor, "file.redacted", SUBJECT, file.id, reason=said)


def _drop_bytes(file: Attachment) -> None:
    """Forget where the bytes are, and remove them once this unit is committed."""
    keys = [file.key, file.thumbnail_key]
    file.key = file.thumbnail_key = None
    kept = storage.active()
    after_commit(lambda: kept.remove(keys))


def _settle(file: Attachment, state: State) -> None:
    file.state, file.changed_at = state, now()
