"""Forgetting a person: what is about them goes, what they did stays with a former colleague.

Ideas, answers, points and the audit log stay, and name a tombstone.  The account's name, address
and secrets, sessions, links, notices, letters, drafts and what stands beside the log go; where a
text that others wrote holds the whole name, the tombstone takes its place.  Sentences that were
said with a step of an idea are append-only and stay as they were said.
"""

import os
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from html import escape
from json import dumps
from pathlib import Path
from typing import Any

from sqlalchemy import JSON, Column, String, Table, Text, cast, delete, func, or_, select, update

from portal.actor import PROGRAM, Actor
from portal.admin.personal import HELD, Fate
from portal.admin.policies import can_erase
from portal.attachments.models import Attachment
from portal.attachments.models import State as FileState
from portal.attachments.services import redact_file
from portal.audit.services import erase_asides, record
from portal.database import Base, active, reading, session, writing
from portal.delivery.models import Commitment
from portal.errors import Conflict, RuleBroken
from portal.i18n import gettext as _
from portal.ideas.lifecycle import ENDS, State
from portal.ideas.models import Idea
from portal.ideas.services import SUBJECT as IDEA
from portal.people.models import Department, FailedSignIn, Person, SignInBrake
from portal.people.services import deactivate_person
from portal.people.sign_in import account_key
from portal.people.throttle import code_key
from portal.text import compare_key, one_line

TOMBSTONE = "A former colleague"
"""What an erased person is called on every page, as stored."""
NOWHERE = "erased.invalid"
"""The domain of their address (RFC 2606)."""
MAX_REASON = 240
_NOT_SEARCHED = frozenset(
    {
        *("persons", "audit_rows", "audit_asides", "audit_head"),
        *("postings", "baselines", "idea_moves", "idea_marks"),
    }
)
"""Tables without words of people, and those that the database keeps as they are."""
_PROMISED = (State.COMMITTED, State.IN_PROGRESS)


@dataclass(frozen=True, slots=True)
class Mention:
    """A cell that holds the person's name or address, and what it becomes."""

    column: Column[Any]
    key: tuple[Any, ...]
    value: Any


@dataclass(frozen=True, slots=True)
class Preview:
    """What an erasure would touch: rows by table, drafts, mentions; and what forbids it."""

    goes: dict[str, int]
    stays: dict[str, int]
    drafts: int
    mentions: int
    faults: tuple[str, ...]


def is_erased(person: Person) -> bool:
    """Whether this is a tombstone."""
    return person.email.endswith(f"@{NOWHERE}")


def preview(person: Person) -> Preview:
    """What an erasure would touch; changes nothing."""
    counts = {
        held: session().scalar(select(func.count()).where(held.column == person.id)) or 0
        for held in HELD
    }
    drafts = select(func.count()).where(Idea.submitter_id == person.id, Idea.submitted_at.is_(None))

    def summed(fates: Iterable[Fate]) -> dict[str, int]:
        found: dict[str, int] = {}
        for held, count in counts.items():
            if count and held.fate in fates:
                found[held.table.name] = found.get(held.table.name, 0) + count
        return found

    return Preview(
        goes=summed({Fate.GOES, Fate.EMPTIED}),
        stays=summed({Fate.STAYS}),
        drafts=session().scalar(drafts) or 0,
        mentions=len(find_mentions(person)),
        faults=tuple(_faults(person)),
    )


def _faults(person: Person) -> Iterator[str]:
    if is_erased(person):
        yield _("This person was erased already.")
    chairs = select(Department.name).where(
        or_(Department.head_id == person.id, Department.deputy_id == person.id)
    )
    for name in session().scalars(chairs.order_by(Department.id)):
        yield _("They head or stand in for %(name)s. Appoint somebody else first.", name=name)
    waiting = select(Idea.number).where(Idea.handler_id == person.id, Idea.state.not_in(ENDS))
    promised = (
        select(Idea.number)
        .join(Commitment, Commitment.idea_id == Idea.id)
        .where(Commitment.person_id == person.id, Idea.state.in_(_PROMISED))
    )
    numbers = {*session().scalars(waiting), *session().scalars(promised)}
    for number in sorted(numbers)[:10]:
        yield _("I-%(number)s waits on them. Give it to somebody else first.", number=number)


class _Words:
    """The ways in which a person's name and address stand in texts, and their replacement."""

    def __init__(self, person: Person) -> None:
        names = {person.name, escape(person.name), escape(person.name).replace("&#x27;", "&#39;")}
        self.name = re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, sorted(names)))})(?!\w)")
        self.email = re.compile(rf"(?<![\w.+-]){re.escape(person.email)}(?![\w-])", re.IGNORECASE)
        self.is_whole_name = " " in person.name
        spelled = {*names, person.email.lower(), person.email}
        self.needles = sorted({form for one in spelled for form in (one, dumps(one)[1:-1])})

    def clean(self, value: Any, *, is_said: bool) -> Any:
        """The value without them; a name of one word is only replaced where the program said it."""
        if isinstance(value, str):
            cleaned = self.email.sub(f"…@{NOWHERE}", value)
            may_replace = self.is_whole_name or is_said
            return self.name.sub(TOMBSTONE, cleaned) if may_replace else cleaned
        if isinstance(value, dict):
            return {name: self.clean(one, is_said=is_said) for name, one in value.items()}
        if isinstance(value, list):
            return [self.clean(one, is_said=is_said) for one in value]
        return value


_SAID_BY_PROGRAM = frozenset({"notices", "outbox_tasks"})


def find_mentions(person: Person) -> list[Mention]:
    """Where texts hold the person's whole name or address; reads every text once."""
    words = _Words(person)
    return [
        mention
        for table in Base.metadata.sorted_tables
        if table.name not in _NOT_SEARCHED
        for column in table.columns
        if isinstance(column.type, String | Text | JSON) or _is_text(column)
        for mention in _mentions_in(table, column, words)
    ]


def _is_text(column: Column[Any]) -> bool:
    impl = getattr(column.type, "impl_instance", None)
    return isinstance(impl, String | Text | JSON)


def _mentions_in(table: Table, column: Column[Any], words: _Words) -> Iterator[Mention]:
    keys = table.primary_key.columns.values()
    place: Callable[..., Any] = func.instr if active().is_sqlite else func.strpos
    text = cast(column, Text)
    found = session().execute(
        select(column, *keys).where(or_(*(place(text, needle) > 0 for needle in words.needles)))
    )
    for value, *key in found:
        cleaned = words.clean(value, is_said=table.name in _SAID_BY_PROGRAM)
        if cleaned != value:
            yield Mention(column, tuple(key), cleaned)


def erase_person(
    actor: Actor,
    person: Person,
    *,
    reason: str,
    mentions: Iterable[Mention] = (),
    is_again: bool = False,
) -> None:
    """Forget a person; ``mentions`` were found before the unit, for that takes a while.

    With ``is_again``, whatever waits on them: they were forgotten before, and a backup that was
    taken earlier brought them back.

    Raises
    ------
    NotAllowed
        For oneself, and unless one is an administrator.
    Conflict
        If they were erased already.
    RuleBroken
        Without a reason; while something waits on them.
    """
    can_erase.require(actor, person)
    if is_erased(person):
        raise Conflict(_("This person was erased already."))
    for fault in () if is_again else _faults(person):
        raise RuleBroken(fault)
    said = _Words(person).clean(one_line(reason), is_said=True)
    if not 3 <= len(said) <= MAX_REASON:
        raise RuleBroken(_("Say why, in one sentence."), field="reason")
    if person.is_active and not is_again:
        deactivate_person(actor, person)
    for mention in mentions:
        _replace(mention)
    _remove_rows(person)
    _empty_drafts(actor, person)
    _bury(person)
    record(actor, "person.erased", "person", person.id, reason=said)
    erase_asides(actor, person.id)


def _remove_rows(person: Person) -> None:
    for held in HELD:
        if held.fate is Fate.GOES:
            session().execute(delete(held.table).where(held.column == person.id))
    keys = [account_key(person.email), code_key(person.id)]
    for table in (FailedSignIn, SignInBrake):
        session().execute(delete(table).where(table.account_key.in_(keys)))


def _empty_drafts(actor: Actor, person: Person) -> None:
    """Nobody but the writer ever saw them."""
    drafts = select(Idea).where(Idea.submitter_id == person.id, Idea.submitted_at.is_(None))
    for draft in session().scalars(drafts):
        draft.title = draft.problem = draft.proposal = "–"
        draft.masked = {}
        files = select(Attachment).where(
            Attachment.subject_kind == IDEA,
            Attachment.subject_id == draft.id,
            Attachment.state != FileState.REDACTED,
        )
        for file in session().scalars(files):
            redact_file(actor, file, reason=_("Its sender was erased."))


def _replace(mention: Mention) -> None:
    table = mention.column.table
    same = (column == value for column, value in zip(table.primary_key, mention.key, strict=True))
    session().execute(update(table).where(*same).values({mention.column: mention.value}))


def _bury(person: Person) -> None:
    person.name, person.hue = TOMBSTONE, 0
    person.email = f"{person.id}@{NOWHERE}"
    person.email_key = compare_key(person.email)
    person.password_hash = person.locale = person.time_zone = None
    person.is_active = person.named_on_boards = False


LIST = "erased.txt"
"""Beside the database and in no backup of it: who was erased, one on a line."""


def _line_of(person: Person) -> str:
    """A person's key with the moment their account was made: that of no other database."""
    return f"{person.id} {person.created_at:%Y%m%dT%H%M%S.%f}"


def remember(folder: Path, person: Person) -> None:
    """Note that somebody was erased, so that no backup brings them back."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    descriptor = os.open(folder / LIST, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    with os.fdopen(descriptor, "a") as file:
        file.write(f"{_line_of(person)}\n")


def list_returned(folder: Path) -> list[Person]:
    """Who is on the list and in the database all the same."""
    file = folder / LIST
    lines = set(file.read_text().splitlines()) if file.exists() else set()
    ids = sorted({int(line.split()[0]) for line in lines if line})
    people = (session().get(Person, person_id) for person_id in ids)
    return [one for one in people if one and _line_of(one) in lines and not is_erased(one)]


def erase_again(folder: Path) -> int:
    """Forget once more whom a restored backup brought back; how many."""
    with reading():
        found = [(person.id, find_mentions(person)) for person in list_returned(folder)]
    for person_id, mentions in found:
        with writing() as unit:
            person = unit.get_one(Person, person_id)
            reason = "A backup from before brought them back."
            erase_person(PROGRAM, person, reason=reason, mentions=mentions, is_again=True)
    return len(found)
