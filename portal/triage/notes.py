"""Private notes on the bench: said among those who decide, and to whom they name.

Who decides on the idea reads all of them.  Whoever is named in one reads that one and their own,
not what was said before.  Authors read none, whatever they decide elsewhere.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Boolean, bindparam, or_, select
from sqlalchemy.orm import aliased

from portal.actor import ROLE_CAPABILITIES, Actor, Capability
from portal.audit.services import record
from portal.columns import JsonObject
from portal.database import session
from portal.errors import RuleBroken
from portal.events import publish
from portal.i18n import gettext as _
from portal.ideas.models import Idea, IdeaAuthor, Support
from portal.ideas.queries import get_visible_idea, lock_idea, nothing_here
from portal.ideas.services import SUBJECT
from portal.ideas.writing import mask_fields, require_room
from portal.now import now
from portal.people.models import Department, Person, RoleAssignment
from portal.people.queries import Face
from portal.routing.queries import list_author_ids
from portal.triage import queries
from portal.triage.events import NoteWritten
from portal.triage.models import Note, NoteMention
from portal.triage.naming import find_named
from portal.triage.policies import can_note, can_triage, can_withdraw_note

MAX_NOTE = 4000
MOST_NAMED = 20
MOST_SHOWN = 200


@dataclass(frozen=True, slots=True)
class NoteRow:
    """A note as its readers see it; one that was taken back has no text any more."""

    id: int
    face: Face
    body: str
    written_at: datetime
    is_withdrawn: bool
    html: JsonObject
    html_version: int
    named: list[str]


_Named = aliased(Person, name="named")
_Mine = aliased(NoteMention, name="mine")
_NOTES = (
    select(
        Note.id.label("note_id"),
        Note.body,
        Note.written_at,
        Note.withdrawn_at,
        Note.html,
        Note.html_version,
        Person.id,
        Person.name,
        Person.hue,
        _Named.name.label("named"),
    )
    .join(Person, Person.id == Note.person_id)
    .outerjoin(NoteMention, NoteMention.note_id == Note.id)
    .outerjoin(_Named, _Named.id == NoteMention.person_id)
    .where(
        Note.idea_id == bindparam("idea_id"),
        or_(
            bindparam("reads_all", type_=Boolean()),
            Note.person_id == bindparam("reader_id"),
            select(_Mine.note_id)
            .where(_Mine.note_id == Note.id, _Mine.person_id == bindparam("reader_id"))
            .exists(),
        ),
    )
    .order_by(Note.id.desc(), _Named.name, _Named.id)
    .limit(MOST_SHOWN * MOST_NAMED)
)


def list_notes(actor: Actor, idea: Idea, *, reads_all: bool) -> list[NoteRow]:
    """The notes on an idea that the actor may read, in the order they were written.

    ``reads_all`` for whoever decides on it, which the caller has asked.
    """
    values = {"idea_id": idea.id, "reader_id": actor.id, "reads_all": reads_all}
    found: dict[int, NoteRow] = {}
    for row in session().execute(_NOTES, values):
        if row.note_id not in found:
            is_gone = row.withdrawn_at is not None
            found[row.note_id] = NoteRow(
                row.note_id,
                Face(row.id, row.name, row.hue),
                "" if is_gone else row.body,
                row.written_at,
                is_gone,
                {} if is_gone else row.html,
                row.html_version,
                [],
            )
        if row.named is not None:
            found[row.note_id].named.append(row.named)
    return list(found.values())[:MOST_SHOWN][::-1]


_REVIEWING = [role for role, can in ROLE_CAPABILITIES.items() if Capability.TRIAGE in can]
_REVIEWERS = (
    select(Person.id, Person.name, Department.name.label("home"))
    .outerjoin(Department, Department.id == Person.home_department_id)
    .where(
        Person.is_active,
        Person.id != bindparam("reader_id"),
        select(RoleAssignment.id)
        .where(
            RoleAssignment.person_id == Person.id,
            RoleAssignment.role.in_(_REVIEWING),
            RoleAssignment.ended_at.is_(None),
        )
        .exists(),
        ~select(IdeaAuthor.person_id)
        .where(IdeaAuthor.idea_id == bindparam("idea_id"), IdeaAuthor.person_id == Person.id)
        .exists(),
        ~select(Support.person_id)
        .where(Support.idea_id == bindparam("idea_id"), Support.person_id == Person.id)
        .exists(),
    )
    .order_by(Person.name, Person.id)
)


@dataclass(frozen=True, slots=True)
class Reviewer:
    """Somebody who can be named in a note, with the department they sit in."""

    id: int
    name: str
    home: str | None


def list_reviewers(actor: Actor, idea: Idea) -> list[Reviewer]:
    """Whom the actor can name: who decides somewhere, and had and has no part in the idea."""
    rows = session().execute(_REVIEWERS, {"reader_id": actor.id, "idea_id": idea.id})
    return [Reviewer(row.id, row.name, row.home) for row in rows]


_MENTIONED = (
    select(NoteMention.person_id)
    .join(Note, Note.id == NoteMention.note_id)
    .where(Note.idea_id == bindparam("idea_id"))
)
_BY_NONCE = select(Note).where(Note.nonce == bindparam("nonce"))


def _may_note(actor: Actor, idea: Idea, author_ids: Collection[int]) -> bool:
    """Asked in two statements fewer where the actor decides on it anyway."""
    if can_triage(actor, idea, author_ids):
        return True
    mentioned = frozenset(session().scalars(_MENTIONED, {"idea_id": idea.id}))
    supporters = queries.list_supporter_ids(idea.id)
    return can_note(actor, idea, author_ids, supporters, mentioned)


def get_noted_idea(actor: Actor, number: int, *, for_update: bool = False) -> tuple[Idea, bool]:
    """The idea with this number, and whether the actor reads all notes on it.

    Raises NotFound for whoever reads none.
    """
    idea = get_visible_idea(actor, number, for_update=for_update)
    author_ids = list_author_ids(idea.id)
    if not _may_note(actor, idea, author_ids):
        raise nothing_here()
    return idea, can_triage(actor, idea, author_ids)


def get_note(actor: Actor, idea: Idea, note_id: int) -> Note:
    """The actor's own note on an idea; raises NotFound."""
    found = session().get(Note, note_id)
    if found is None or found.idea_id != idea.id or not can_withdraw_note(actor, found):
        raise nothing_here()
    return found


def write_note(
    actor: Actor,
    idea: Idea,
    *,
    body: str,
    chosen: Collection[int] = (),
    nonce: str | None = None,
) -> Note:
    """Write a note, in markdown, stored masked; whoever is named in it or ``chosen`` is told.

    A used nonce writes nothing new.

    Raises
    ------
    NotFound
        For whoever may read none of them.
    RuleBroken
        On ``body`` or ``chosen``.
    """
    if not _may_note(actor, idea, list_author_ids(idea.id)):
        raise nothing_here()
    lock_idea(idea.id)
    known = session().scalar(_BY_NONCE, {"nonce": nonce}) if nonce else None
    if known is not None:
        return known
    text = mask_fields(body=body).text["body"]
    if not text:
        raise RuleBroken(_("There is nothing to keep yet."), field="body")
    require_room(text, MAX_NOTE, field="body")
    people = {one.id: one.name for one in list_reviewers(actor, idea)}
    if not people.keys() >= set(chosen):
        raise RuleBroken(_("Choose from the list."), field="chosen")
    named = find_named(text, people, chosen) | set(chosen)
    if len(named) > MOST_NAMED:
        raise RuleBroken(_("%(most)s people are the most.", most=MOST_NAMED), field="chosen")
    note = Note(
        idea_id=idea.id, person_id=actor.id, body=text, written_at=now(), nonce=nonce or None
    )
    session().add(note)
    session().flush()
    session().add_all(NoteMention(note_id=note.id, person_id=one) for one in sorted(named))
    session().flush()
    record(actor, "note.written", SUBJECT, idea.id, note_id=note.id, named=len(named))
    publish(NoteWritten(idea.id, note.id, note.person_id, frozenset(named)))
    return note


def withdraw_note(actor: Actor, note: Note) -> None:
    """Take one's note back: that there was one stays, what it said is shown to nobody.

    Raises NotAllowed for anybody but its writer.  Taken back twice, it is taken back.
    """
    can_withdraw_note.require(actor, note)
    if note.withdrawn_at is not None:
        return
    note.withdrawn_at = now()
    session().flush()
    record(actor, "note.withdrawn", SUBJECT, note.idea_id, note_id=note.id)
