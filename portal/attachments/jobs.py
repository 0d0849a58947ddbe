"""The worker's part: judging what was attached, and removing bytes that nothing stands for."""

from datetime import timedelta

from sqlalchemy import select

from portal.attachments import queries, storage
from portal.attachments.inspecting import Inspected, inspect
from portal.attachments.kinds import PICTURES
from portal.attachments.models import Attachment, State
from portal.attachments.refusals import Refused
from portal.attachments.services import CHECK, pass_file, refuse_file
from portal.columns import JsonObject
from portal.database import lock_row, reading, session, writing
from portal.jobs.services import every, handles

_UNUSED_SECONDS = 24 * 3600.0


@handles(CHECK)
def check_file(payload: JsonObject) -> None:
    """Have a file read and made anew outside any unit, then show it or say why not.

    Safe to repeat: what was judged, or taken back meanwhile, is left alone.
    """
    with reading() as reader:
        file = reader.get(Attachment, int(payload["file_id"]))
    if file is None or file.state is not State.CHECKING or file.key is None:
        return
    kept = storage.active()
    key, thumbnail_key = kept.reserve(), kept.reserve()
    try:
        found = inspect(file.kind, kept.path(file.key), kept.path(key), kept.path(thumbnail_key))
    except Refused as error:
        kept.remove([key, thumbnail_key])
        with writing():
            if waiting := _find_waiting(file.id):
                refuse_file(waiting, reason=error.sentence)
    else:
        _show(file.id, key, thumbnail_key if file.kind in PICTURES else None, found)


def _find_waiting(file_id: int) -> Attachment | None:
    """The file if it still waits to be judged, held until this unit ends."""
    file = session().scalar(lock_row(select(Attachment).where(Attachment.id == file_id)))
    return file if file is not None and file.state is State.CHECKING else None


def _show(file_id: int, key: str, thumbnail_key: str | None, found: Inspected) -> None:
    path = storage.active().path(key)
    digest = storage.sha256_of(path)
    with writing():
        waiting = _find_waiting(file_id)
        if waiting is not None:
            pass_file(
                waiting,
                key=key,
                thumbnail_key=thumbnail_key,
                sha256=digest,
                size=path.stat().st_size,
                pixels=(found.width, found.height),
            )
    if waiting is None:
        storage.active().remove([key, thumbnail_key])


@every(timedelta(hours=6), "attachments.sweep")
def sweep() -> None:
    """Remove bytes that are a day old and that no file stands for, as a crash may leave them."""
    kept = storage.active()
    old = set(kept.list_older_than(_UNUSED_SECONDS))
    with reading():
        used = queries.list_keys()
    kept.remove(old - used)
