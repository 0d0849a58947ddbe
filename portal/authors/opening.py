"""Opening a seal: an administrator asks, a person of trust agrees, the author is told.

The name is never stored: it is read from the seal while the opening lasts, for these two alone.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import bindparam, select

from portal.actor import Actor, Role
from portal.audit.services import record
from portal.authors.events import OpeningAnswered, OpeningAsked
from portal.authors.models import Opening, Seal
from portal.authors.policies import can_answer, can_ask, can_see_openings
from portal.authors.queries import find_seal
from portal.authors.sealing import unseal
from portal.database import lock_row, session
from portal.errors import Conflict, NotFound, RuleBroken
from portal.events import publish
from portal.i18n import gettext as _
from portal.masking import mask
from portal.now import now
from portal.people.models import Person, RoleAssignment
from portal.text import normalise

OPEN_FOR = timedelta(minutes=60)
LEAST_REASON = 20
MOST_REASON = 1000

_OPENINGS = select(Opening, Seal).join(Seal, Seal.id == Opening.seal_id).order_by(Opening.id.desc())
_ONE = _OPENINGS.where(Opening.id == bindparam("opening_id"))
_UNANSWERED = select(Opening.id).where(
    Opening.seal_id == bindparam("seal_id"), Opening.answered_at.is_(None)
)
_GUARDS = select(RoleAssignment.person_id).where(
    RoleAssignment.role == Role.PERSON_OF_TRUST, RoleAssignment.ended_at.is_(None)
)


@dataclass(frozen=True, slots=True)
class OpeningRow:
    """A request with what it is about."""

    opening: Opening
    seal: Seal

    @property
    def is_open(self) -> bool:
        """Whether the name can be read now."""
        return self.opening.open_until is not None and self.opening.open_until > now()


def ask_to_open(actor: Actor, subject_kind: str, subject_id: int, *, reason: str) -> Opening:
    """Ask for a seal to be opened; one request at a time.

    Raises
    ------
    NotAllowed, NotFound, Conflict, RuleBroken
        For who may not; without such a seal; while another request waits; on ``reason``.
    """
    can_ask.require(actor)
    words = _reason(reason)
    seal = find_seal(subject_kind, subject_id)
    if seal is None:
        raise NotFound(_("There is nothing sealed here."))
    if session().scalar(_UNANSWERED, {"seal_id": seal.id}) is not None:
        raise Conflict(_("Somebody has asked for this already. A person of trust has to answer."))
    opening = Opening(seal_id=seal.id, asked_by_id=actor.id, asked_because=words, asked_at=now())
    session().add(opening)
    session().flush()
    record(actor, "seal.asked", subject_kind, subject_id, opening=opening.id)
    publish(OpeningAsked(opening.id))
    return opening


def answer_request(actor: Actor, opening_id: int, *, agrees: bool, reason: str) -> Opening:
    """Agree or refuse, for the staff, with a reason.

    Raises
    ------
    NotAllowed, NotFound, Conflict, RuleBroken
        For who may not; for no such request; for one answered already; on ``reason``.
    """
    row = get_opening(actor, opening_id, for_update=True)
    words = _reason(reason)
    opening = row.opening
    if opening.answered_at is not None:
        raise Conflict(_("This was answered already."))
    can_answer.require(actor, opening)
    opening.answered_by_id, opening.answered_because = actor.id, words
    opening.answered_at = now()
    opening.open_until = now() + OPEN_FOR if agrees else None
    tag = "seal.opened" if agrees else "seal.kept"
    record(actor, tag, row.seal.subject_kind, row.seal.subject_id, opening=opening.id)
    publish(OpeningAnswered(opening.id, agrees))
    return opening


def _reason(typed: str) -> str:
    words = mask(normalise(typed).strip()).text
    if not LEAST_REASON <= len(words) <= MOST_REASON:
        raise RuleBroken(
            _("Give a reason of %(n)s characters at least.", n=LEAST_REASON), field="reason"
        )
    return words


def list_openings(actor: Actor) -> Sequence[OpeningRow]:
    """Every request, the latest first, for those who ask and those who answer."""
    if not can_see_openings(actor):
        return ()
    return [OpeningRow(*row) for row in session().execute(_OPENINGS.limit(100))]


def get_opening(actor: Actor, opening_id: int, *, for_update: bool = False) -> OpeningRow:
    """One request; raises NotFound where there is none for this reader."""
    statement = lock_row(_ONE) if for_update else _ONE
    row = session().execute(statement, {"opening_id": opening_id}).one_or_none()
    if row is None or not can_see_openings(actor):
        raise NotFound(_("There is nothing here that you can see."))
    return OpeningRow(*row)


def find_name(actor: Actor, row: OpeningRow) -> str | None:
    """The author's name, while the opening lasts and for the two who opened it; else None."""
    opening, sealed = row.opening, row.seal
    if not row.is_open or actor.id not in {opening.asked_by_id, opening.answered_by_id}:
        return None
    person = session().get(Person, find_person_id(sealed))
    return person.name if person else None


def find_person_id(seal: Seal) -> int:
    """Who stands behind a seal: for the program, which has to tell them, and for nobody else."""
    return unseal(seal.sealed, f"{seal.subject_kind}:{seal.subject_id}")


def list_guards() -> list[int]:
    """The keys of all persons of trust."""
    return sorted(set(session().scalars(_GUARDS)))
