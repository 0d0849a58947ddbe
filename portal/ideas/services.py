"""What can be done to an idea: writing it, sending it, moving it, taking it back.

Decisions, promises and verdicts belong to higher slices; all of them move the idea through
:func:`move_idea`, the only writer of its state.
"""

from collections.abc import Mapping, Sequence
from datetime import date, datetime

from sqlalchemy import delete, update
from sqlalchemy.orm.attributes import set_committed_value

from portal.actor import Actor
from portal.audit.services import record
from portal.clocks.services import stop_clocks
from portal.database import session
from portal.errors import Conflict, RuleBroken
from portal.events import publish
from portal.i18n import current_zone
from portal.i18n import gettext as _
from portal.ideas import policies
from portal.ideas.drafting import Facts, put, require_texts, write
from portal.ideas.events import (
    CommentAdded,
    IdeaMoved,
    IdeaMoving,
    IdeaSubmitted,
    IdeaSupported,
)
from portal.ideas.indexing import index_idea
from portal.ideas.lifecycle import ENDS, Move, State, next_state
from portal.ideas.models import Comment, Control, Idea, IdeaMove, Lens, Support
from portal.ideas.queries import (
    find_by_nonce,
    find_comment_by_nonce,
    find_support,
    list_copied,
    lock_idea,
)
from portal.ideas.writing import mask_fields, require_room
from portal.insights.models import Channel
from portal.now import now, today
from portal.numbers import next_number

SUBJECT = "idea"
"""What clocks, audit and awards call an idea."""

MAX_COMMENT = 4000
MAX_EXAMPLE = 1000
MAX_MINUTES = 480


def save_draft(
    actor: Actor,
    *,
    title: str = "",
    problem: str = "",
    proposal: str = "",
    lens: Lens | None = None,
    control: Control | None = None,
    reason_id: int | None = None,
    authors: Sequence[tuple[int, int]] = (),
    nonce: str | None = None,
    draft: Idea | None = None,
) -> Idea:
    """Keep what has been written so far, for its writer's eyes only.

    Any of the three texts may be missing, but not all.  Without ``authors`` the writer is the
    only one.  The same nonce again changes the same draft; what was sent is left as it is.

    Raises
    ------
    RuleBroken
        On the field at fault.
    """
    policies.can_write.require(actor)
    known = draft or _find_sent(actor, nonce)
    if known is not None and known.submitted_at is not None and policies.is_own(actor, known):
        return known
    written = write(title, problem, proposal)
    if not any(written.text.values()):
        raise RuleBroken(_("There is nothing to keep yet."), field="problem")
    idea = put(actor, known, written, Facts(lens, control, reason_id, authors), nonce)
    record(actor, "idea.drafted", SUBJECT, idea.id)
    return idea


def submit_idea(
    actor: Actor,
    *,
    title: str = "",
    problem: str,
    proposal: str,
    lens: Lens | None = None,
    control: Control | None = None,
    reason_id: int | None = None,
    authors: Sequence[tuple[int, int]] = (),
    nonce: str | None = None,
    draft: Idea | None = None,
) -> Idea:
    """Hand in an idea, written at once or kept as a draft before.

    Without a title, the first sentence of the proposal is one.  ``authors`` are pairs of
    person and whole percent that sum to 100, the actor among them.  A nonce that was used
    before returns what it made; so does a draft that has been sent already.

    Raises
    ------
    RuleBroken
        On the field at fault.
    """
    policies.can_write.require(actor)
    known = draft or _find_sent(actor, nonce)
    if known is not None and known.submitted_at is not None and policies.is_own(actor, known):
        return known
    written = write(title, problem, proposal)
    require_texts(written)
    idea = put(actor, known, written, Facts(lens, control, reason_id, authors), nonce)
    idea.submitted_at = now()
    move_idea(actor, idea, Move.SUBMIT, handler_id=None, due_at=None)
    index_idea(idea)
    publish(IdeaSubmitted(idea.id))
    return idea


def _find_sent(actor: Actor, nonce: str | None) -> Idea | None:
    """What the same form made before; of two that arrive at once, the second waits here."""
    if not nonce:
        return None
    next_number("I", 0)  # takes none, but locks the counter until this unit ends
    known = find_by_nonce(nonce)
    if known is not None and not policies.is_own(actor, known):
        raise RuleBroken(_("This form belongs to somebody else. Open it again."))
    return known


def move_idea(
    actor: Actor,
    idea: Idea,
    move: Move,
    *,
    sentence: str | None = None,
    handler_id: int | None,
    due_at: datetime | None,
    is_paused: bool = False,
    details: Mapping[str, object] | None = None,
) -> None:
    """Take one step of the table: the only writer of an idea's state.

    ``handler_id`` is whom it waits on from now, ``due_at`` until when; in an end nobody owes
    anything, so both are cleared.  ``sentence`` is what a person said with it, stored masked;
    ``details`` are plain JSON values for the timeline.

    Raises
    ------
    Conflict
        If the table has no such step, or somebody moved the idea since it was read.
    """
    before, moment = idea.state, now()
    after = next_state(before, move)
    publish(IdeaMoving(idea.id))
    owes = after not in ENDS
    _advance(
        idea,
        state=after,
        handler_id=handler_id if owes else None,
        waits_since=moment if owes and handler_id is not None else None,
        due_at=due_at if owes else None,
        is_paused=is_paused and owes,
        moved_at=moment,
    )
    step = IdeaMove(
        idea_id=idea.id,
        at=moment,
        actor_id=actor.id,
        verb=move.value,
        from_state=before,
        to_state=after,
        sentence=mask_fields(sentence=sentence).text["sentence"] or None,
        details=dict(details or {}),
    )
    session().add(step)
    session().flush()
    record(actor, f"idea.{move.value}", SUBJECT, idea.id, to=after.value)
    publish(IdeaMoved(idea.id, step.id, move, before, after, actor.id))


def _advance(idea: Idea, **values: object) -> None:
    """Change the idea only if its version is still the one that was read."""
    session().flush()
    changed = session().scalar(
        update(Idea)
        .where(Idea.id == idea.id, Idea.version == idea.version)
        .values(version=Idea.version + 1, **values)
        .returning(Idea.id)
        .execution_options(synchronize_session=False)
    )
    if changed is None:
        raise Conflict(_("Somebody was faster. What you wrote is kept below."))
    for name, value in {**values, "version": idea.version + 1}.items():
        set_committed_value(idea, name, value)


def withdraw_idea(actor: Actor, idea: Idea, *, sentence: str | None = None) -> None:
    """Take an idea, or a draft, back before anybody has committed to it.

    Raises
    ------
    NotAllowed
        If somebody else handed it in.
    Conflict
        If it was decided against or committed to meanwhile.
    """
    policies.can_withdraw.require(actor, idea)
    move_idea(actor, idea, Move.WITHDRAW, sentence=sentence, handler_id=None, due_at=None)
    stop_clocks(SUBJECT, idea.id)


def support_idea(
    actor: Actor,
    idea: Idea,
    *,
    occurred_on: date,
    channel: Channel | None = None,
    example: str | None = None,
    minutes: int | None = None,
) -> Support:
    """Say "me too": on this day I met the same.  Saying it again corrects what was said.

    ``minutes`` is the time it took, up to eight hours; ``example`` is stored masked.

    Raises
    ------
    NotAllowed
        For one's own idea.
    Conflict
        If the idea is a draft or was taken back.
    RuleBroken
        On ``occurred_on``, ``example`` or ``minutes``.
    """
    policies.can_support.require(actor, idea)
    _require_open(idea)
    if occurred_on > today(current_zone()):
        raise RuleBroken(_("This day is still to come."), field="occurred_on")
    if minutes is not None and not 0 <= minutes <= MAX_MINUTES:
        raise RuleBroken(_("Minutes go from 0 to %(n)s.", n=MAX_MINUTES), field="minutes")
    text = mask_fields(example=example).text["example"]
    require_room(text, MAX_EXAMPLE, field="example")
    lock_idea(idea.id)
    support = find_support(idea.id, actor.id or 0)
    is_new = support is None
    if support is None:
        support = Support(idea_id=idea.id, person_id=actor.id, created_at=now())
        session().add(support)
    support.occurred_on, support.channel = occurred_on, channel
    support.example, support.minutes = text or None, minutes
    support.copied_from_id = None
    session().flush()
    if is_new:
        _count(idea, "support_count", 1)
        record(actor, "idea.supported", SUBJECT, idea.id)
        publish(IdeaSupported(idea.id, support.id, support.person_id))
    return support


def unsupport(actor: Actor, idea: Idea) -> None:
    """Take "me too" back; where there is none, nothing happens.

    What came along with an idea that was joined to this one is taken back there as well.

    Raises
    ------
    Conflict
        If the idea was joined to another: there it is taken back.
    """
    if idea.state is State.MERGED:
        raise Conflict(_("It was joined to another idea. Take it back there."))
    lock_idea(idea.id)
    support = find_support(idea.id, actor.id or 0)
    if support is None:
        return
    for one in list_copied(support):
        session().execute(delete(Support).where(Support.id == one.id))
        _count(session().get_one(Idea, one.idea_id), "support_count", -1)
    record(actor, "idea.unsupported", SUBJECT, idea.id)


def add_comment(actor: Actor, idea: Idea, *, body: str, nonce: str | None = None) -> Comment:
    """Say something about an idea, in markdown, stored masked; a used nonce says nothing new.

    Raises
    ------
    Conflict
        If the idea is a draft or was taken back.
    RuleBroken
        On ``body``.
    """
    policies.can_comment.require(actor)
    _require_open(idea)
    lock_idea(idea.id)
    known = find_comment_by_nonce(nonce) if nonce else None
    if known is not None:
        return known
    text = mask_fields(body=body).text["body"]
    if not text:
        raise RuleBroken(_("There is nothing to send yet."), field="body")
    require_room(text, MAX_COMMENT, field="body")
    comment = Comment(
        idea_id=idea.id, person_id=actor.id, body=text, created_at=now(), nonce=nonce or None
    )
    session().add(comment)
    session().flush()
    _count(idea, "comment_count", 1)
    record(actor, "idea.commented", SUBJECT, idea.id, comment_id=comment.id)
    publish(CommentAdded(idea.id, comment.id, comment.person_id))
    return comment


def _require_open(idea: Idea) -> None:
    if not policies.is_open_to_all(idea):
        raise Conflict(
            _("It was joined to another idea. Say it there.")
            if idea.state is State.MERGED
            else _("This idea is not open for this: it was taken back or never sent.")
        )


def _count(idea: Idea, column: str, step: int) -> None:
    """Count in the database, where two at once add up."""
    setattr(idea, column, getattr(Idea, column) + step)
    session().flush()
    session().refresh(idea, [column])
