"""Who may decide, and who may answer."""

from collections.abc import Collection

from portal.actor import Actor, Capability
from portal.i18n import gettext as _
from portal.ideas.models import Idea
from portal.policy import policy
from portal.routing.policies import can_transfer
from portal.triage.models import (
    Appeal,
    Decision,
    HeldDecision,
    Merge,
    Note,
    ReviewHours,
    ReviewRule,
    SavedView,
    Sitting,
)


@policy(Idea, "decide", otherwise=_("This idea is for somebody else to decide."))
def can_triage(actor: Actor, idea: Idea, author_ids: Collection[int]) -> bool:
    """Whether the actor answers for the idea's department and had no part in the idea."""
    return can_transfer(actor, idea, author_ids)


@policy(Idea, "take_back", otherwise=_("Only whose turn it was takes it back."))
def can_take_back(actor: Actor, turn_id: int | None) -> bool:
    """Whose turn an idea was before their desk was full."""
    return actor.id is not None and actor.id == turn_id


@policy(Idea, "answer", otherwise=_("An author, or somebody who meets the same, can answer."))
def can_answer(actor: Actor, author_ids: Collection[int], supporter_ids: Collection[int]) -> bool:
    """An author may answer a question, and so may anybody who meets the same."""
    return actor.id is not None and (actor.id in author_ids or actor.id in supporter_ids)


@policy(HeldDecision, "undo", otherwise=_("Whoever signed it can take it back, nobody else."))
def can_undo(actor: Actor, held: HeldDecision) -> bool:
    """Nobody takes back what another has signed."""
    return actor.id is not None and actor.id == held.signed_by_id


@policy(Appeal, "hear", otherwise=_("Your answer was appealed, so somebody above you decides."))
def can_hear(actor: Actor, appeal: Appeal) -> bool:
    """Nobody hears an appeal against what they signed themselves."""
    return actor.id is not None and actor.id != appeal.against_id


@policy(Idea, "appeal", otherwise=_("Only an author can appeal."))
def can_appeal(actor: Actor, author_ids: Collection[int]) -> bool:
    """An author may take an answer to the head's head."""
    return actor.id is not None and actor.id in author_ids


@policy(Decision, "rate", otherwise=_("Only an author can say whether the answer was useful."))
def can_rate(actor: Actor, author_ids: Collection[int]) -> bool:
    """An author may say of an answer whether it was useful."""
    return actor.id is not None and actor.id in author_ids


@policy(Idea, "try_out", otherwise=_("Only an author can try it out."))
def can_try_out(actor: Actor, author_ids: Collection[int]) -> bool:
    """An author may begin a small reversible try."""
    return actor.id is not None and actor.id in author_ids


@policy(Idea, "sign_for_all", otherwise=_("An executive has to sign this."))
def can_sign_for_all(actor: Actor, top_department_id: int) -> bool:
    """Whether the actor decides for the whole tree that a department belongs to."""
    return actor.can(Capability.TRIAGE, top_department_id)


@policy(Idea, "escalate", otherwise=_("Only an author can escalate it."))
def can_escalate(actor: Actor, author_ids: Collection[int]) -> bool:
    """An author may ask whoever stands above to step in, once the time is over."""
    return actor.id is not None and actor.id in author_ids


@policy(Merge, "join", otherwise=_("You had a part in the other idea. Somebody else joins them."))
def can_join(actor: Actor, into_author_ids: Collection[int]) -> bool:
    """Nobody makes their own idea bigger; who may decide on the joined one is asked apart."""
    return actor.id is not None and actor.id not in into_author_ids


@policy(Merge, "part", otherwise=_("Only who decides in one of the two departments can do this."))
def can_part(
    actor: Actor, department_ids: Collection[int | None], author_ids: Collection[int]
) -> bool:
    """Whoever answers for either idea's department, and had no part in the joined one."""
    return actor.id not in author_ids and any(
        actor.can(Capability.TRIAGE, department_id)
        for department_id in department_ids
        if department_id is not None
    )


@policy(Sitting, "sit", otherwise=_("A sitting belongs to whoever began it."))
def can_sit(actor: Actor, sitting: Sitting) -> bool:
    """Everybody goes through the inbox for themselves, and reads what came of it alone."""
    return actor.id is not None and actor.id == sitting.person_id


@policy(SavedView, "keep", otherwise=_("A view belongs to whoever named it."))
def can_keep_view(actor: Actor, saved: SavedView) -> bool:
    """Everybody names, renames and deletes their own views."""
    return actor.id is not None and actor.id == saved.person_id


@policy(ReviewHours, "set", otherwise=_("Only who decides has hours for it."))
def can_set_hours(actor: Actor) -> bool:
    """Whoever decides somewhere says how many hours a week they have for it."""
    return actor.id is not None and actor.can(Capability.TRIAGE)


@policy(ReviewRule, "set", otherwise=_("Only who decides in a department says how it reviews."))
def can_set_review(actor: Actor, rule: ReviewRule) -> bool:
    """Whoever decides in the department."""
    return actor.id is not None and actor.can(Capability.TRIAGE, rule.department_id)


@policy(Idea, "note", otherwise=_("Private notes are for those who decide, and whom they ask."))
def can_note(
    actor: Actor,
    idea: Idea,
    author_ids: Collection[int],
    supporter_ids: Collection[int],
    mentioned_ids: Collection[int],
) -> bool:
    """Whoever decides on the idea, and a reviewer elsewhere who was named in a note on it.

    Never an author; a supporter only where they decide on it themselves.
    """
    if can_triage(actor, idea, author_ids):
        return True
    is_asked = actor.id in mentioned_ids and actor.can(Capability.TRIAGE)
    return is_asked and actor.id not in author_ids and actor.id not in supporter_ids


@policy(Note, "withdraw", otherwise=_("A note is taken back by whoever wrote it."))
def can_withdraw_note(actor: Actor, note: Note) -> bool:
    """Its writer."""
    return actor.id is not None and actor.id == note.person_id
