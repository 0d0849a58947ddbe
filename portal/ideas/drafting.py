"""Putting together an idea before it is handed in: texts, facts, authors."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import delete, insert

from portal.actor import Actor
from portal.database import session
from portal.demand.models import ContactReason
from portal.errors import Conflict, RuleBroken
from portal.i18n import gettext as _
from portal.ideas import policies
from portal.ideas.lifecycle import State
from portal.ideas.models import Control, Idea, IdeaAuthor, Lens
from portal.ideas.shares import check_shares
from portal.ideas.titles import MAX_TITLE, title_from
from portal.ideas.writing import Written, mask_fields, require_room
from portal.now import now
from portal.numbers import next_number
from portal.people.queries import list_faces

MAX_TEXT = 8000
_LIMITS = {"title": MAX_TITLE, "problem": MAX_TEXT, "proposal": MAX_TEXT}


@dataclass(frozen=True, slots=True)
class Facts:
    """What is said about an idea beside its texts."""

    lens: Lens | None
    control: Control | None
    reason_id: int | None
    authors: Sequence[tuple[int, int]]


def write(title: str, problem: str, proposal: str) -> Written:
    """The texts as they may be stored, in bounds, with a title if there is anything to say."""
    written = mask_fields(title=title, problem=problem, proposal=proposal)
    texts = written.text
    for name, limit in _LIMITS.items():
        require_room(texts[name], limit, field=name)
    texts["title"] = texts["title"] or title_from(texts["proposal"] or texts["problem"])
    return written


def require_texts(written: Written) -> None:
    """Raise RuleBroken where a text is missing without which nobody can decide."""
    if not written.text["problem"]:
        raise RuleBroken(_("Say what happens today, in a sentence or two."), field="problem")
    if not written.text["proposal"]:
        raise RuleBroken(_("Say what would be better, in a sentence or two."), field="proposal")


def put(
    actor: Actor, draft: Idea | None, written: Written, facts: Facts, nonce: str | None
) -> Idea:
    """The draft with what was written, or a new one; flushed, so that it has its id."""
    _require_reason(facts.reason_id)
    if draft is None:
        draft = _new(actor, nonce)
    elif not policies.can_edit(actor, draft):
        raise Conflict(_("This was sent already, so it cannot be rewritten."))
    draft.title = written.text["title"]
    draft.problem = written.text["problem"]
    draft.proposal = written.text["proposal"]
    draft.masked = dict(written.found) or draft.masked
    draft.lens, draft.control, draft.reason_id = facts.lens, facts.control, facts.reason_id
    session().add(draft)
    session().flush()
    _set_authors(actor, draft, facts.authors)
    return draft


def _new(actor: Actor, nonce: str | None) -> Idea:
    moment = now()
    return Idea(
        number=next_number("I"),
        state=State.DRAFT,
        submitter_id=actor.id,
        routed_because={},
        masked={},
        version=1,
        support_count=0,
        comment_count=0,
        is_paused=False,
        created_at=moment,
        moved_at=moment,
        nonce=nonce or None,
    )


def _require_reason(reason_id: int | None) -> None:
    if reason_id is not None and session().get(ContactReason, reason_id) is None:
        raise RuleBroken(_("There is no such contact reason."), field="reason_id")


def _set_authors(actor: Actor, idea: Idea, authors: Sequence[tuple[int, int]]) -> None:
    shares = list(authors) or [(actor.id or 0, 100)]
    check_shares(shares)
    ids = [person_id for person_id, _share in shares]
    if actor.id not in ids:
        raise RuleBroken(_("You are an author of what you hand in."), field="authors")
    if len(list_faces(ids)) != len(ids):
        raise RuleBroken(_("One of the authors has no account here."), field="authors")
    session().execute(delete(IdeaAuthor).where(IdeaAuthor.idea_id == idea.id))
    session().execute(
        insert(IdeaAuthor),
        [
            {"idea_id": idea.id, "person_id": person_id, "share_percent": share}
            for person_id, share in shares
        ],
    )
