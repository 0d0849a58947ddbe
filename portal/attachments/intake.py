"""Taking files in before any unit begins: streamed to the storage, named, told by their bytes."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import IO, Protocol

from portal.attachments import kinds, storage
from portal.attachments.kinds import Kind
from portal.attachments.names import clean_name
from portal.attachments.storage import TooLarge, Written
from portal.database import refuse_in_unit
from portal.errors import RuleBroken
from portal.i18n import gettext as _


class Sent(Protocol):
    """A file as the browser sent it."""

    filename: str | None
    stream: IO[bytes]


@dataclass(slots=True)
class Received:
    """A file in the storage that belongs to nothing yet; ``is_used`` once something took it."""

    name: str
    kind: Kind
    written: Written
    is_used: bool = field(default=False)


@contextmanager
def receiving(sent: Iterable[Sent]) -> Iterator[list[Received]]:
    """Take files in for the block, which begins the unit that uses them.

    Whatever the block leaves unused, or all when it raises, is removed again.  Raises
    RuleBroken on the field ``files``, naming the file at fault.
    """
    refuse_in_unit("taking in a file")
    taken: list[Received] = []
    is_done = False
    try:
        for file in sent:
            if file.filename:
                taken.append(_receive(file, file.filename))
                _require_few(taken)
        yield taken
        is_done = True
    finally:
        storage.active().remove(one.written.key for one in taken if not (is_done and one.is_used))


def _require_few(taken: list[Received]) -> None:
    if len(taken) > kinds.MAX_FILES:
        raise RuleBroken(_("%(n)s files are the most.", n=kinds.MAX_FILES), field="files")


def _receive(sent: Sent, filename: str) -> Received:
    name = clean_name(filename)
    kind = kinds.find_kind(name)
    if kind is None:
        raise _refused(
            _("%(name)s is of a kind that is not taken. Taken are %(kinds)s.", name=name,
              kinds=", ".join(Kind))
        )  # fmt: skip
    if storage.active().is_nearly_full():
        raise _refused(_("The portal has no room for files now. Send it without them."))
    try:
        written = storage.active().write(sent.stream, limit=kinds.MAX_BYTES, head=kinds.HEAD_BYTES)
    except TooLarge:
        raise _refused(_("%(name)s is larger than 10 MB. Send a smaller one.", name=name)) from None
    if fault := _fault(name, kind, written):
        storage.active().remove([written.key])
        raise _refused(fault)
    return Received(name, kind, written)


def _fault(name: str, kind: Kind, written: Written) -> str:
    if not written.size:
        return _("%(name)s is empty.", name=name)
    if not kinds.is_content_of(kind, written.head):
        return _(
            "%(name)s does not hold what its name says: it is no %(kind)s file.",
            name=name,
            kind=kind.value,
        )
    return ""


def _refused(sentence: str) -> RuleBroken:
    return RuleBroken(sentence, field="files")
