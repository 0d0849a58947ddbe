"""Joining ideas that say the same, and taking them apart again as if nothing had been.

A merge is a link.  The joined idea stands still: its page, comments and timeline stay, its clocks
are kept as they stood.  The other one goes on for both: all authors are its originators, each
idea counts the same in their shares, and every supporter counts once.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import delete, insert

from portal.actor import PROGRAM, Actor
from portal.audit.services import record
from portal.clocks.freezing import freeze_clocks, thaw_clocks
from portal.clocks.queries import list_open
from portal.clocks.services import stop_clocks
from portal.columns import JsonObject
from portal.database import session
from portal.errors import Conflict, RuleBroken
from portal.events import publish
from portal.frozen import freeze, thaw
from portal.i18n import gettext as _
from portal.ideas.lifecycle import Move, State
from portal.ideas.models import Idea, IdeaAuthor, Support
from portal.ideas.services import SUBJECT, move_idea
from portal.ideas.shares import combine_shares
from portal.now import now
from portal.people.models import Person
from portal.people.queries import get_department
from portal.routing.models import Transfer
from portal.routing.queries import find_open_transfer, get_handler, list_author_ids
from portal.routing.words import signed_words
from portal.triage.events import IdeaJoined, IdeaParted
from portal.triage.merges import (
    find_merge,
    list_copies_of,
    list_merges_into,
    list_shares,
    list_supports_of,
)
from portal.triage.models import Decision, DecisionKind, Merge
from portal.triage.policies import can_join, can_part
from portal.triage.signing import begin, conclude, department_of, find_same, sign

TARGETS = frozenset(
    {
        *(State.SUBMITTED, State.ROUTED, State.TRIAGE, State.NEEDS_INFO, State.TESTING),
        *(State.DEFERRED, State.COST_ACCEPTED, State.APPEALED, State.ACCEPTED),
    }
)
"""Where an idea can take another in: it lives on, and its credit is not agreed yet."""

KEPT = ("handler_id", "waits_since", "due_at", "is_paused")


def merge_ideas(
    actor: Actor, idea: Idea, into: Idea, *, sentence: str, version: int | None = None
) -> Decision:
    """Join an idea to another one; both rows are locked, in the order of their ids.

    Sent a second time, the same decision is returned and nothing happens.

    Raises
    ------
    NotAllowed
        Unless the actor answers for the idea's department and had no part in either.
    Conflict
        If the idea is not in triage, or not in that version, any more.
    RuleBroken
        On ``sentence``; on ``into`` where the other one cannot take it in.
    """
    words = signed_words(sentence, field="sentence")
    if same := find_same(actor, idea, DecisionKind.MERGE, words, version):
        return same
    begin(actor, idea, version)
    can_join.require(actor, list_author_ids(into.id))
    require_target(idea, into)
    together = combine_shares([*_parts(into.id), *_parts(idea.id)])
    before = _keep(idea)
    own_shares = _own_shares(into.id)
    details = {"number": into.number, "exists": into.title}
    decision = sign(actor, idea, DecisionKind.MERGE, words, details=details)
    merge = Merge(
        idea_id=idea.id,
        into_id=into.id,
        decision_id=decision.id,
        before=before,
        own_shares=[list(row) for row in own_shares],
        merged_by_id=decision.signed_by_id,
        merged_at=now(),
    )
    session().add(merge)
    stop_clocks(SUBJECT, idea.id)
    conclude(actor, idea, decision, Move.MERGE, handler_id=None, due_at=None)
    _set_authors(into.id, together)
    _bring_supports(into)
    record(actor, "idea.joined", SUBJECT, into.id, joined_id=idea.id, merge_id=merge.id)
    publish(IdeaJoined(merge.id))
    return decision


def require_target(idea: Idea, into: Idea) -> None:
    """Raise RuleBroken (field ``into``) with a sentence where ``into`` cannot take ``idea`` in."""
    if said := _why_not(idea, into):
        raise RuleBroken(said, field="into")


def _why_not(idea: Idea, into: Idea) -> str | None:
    ref = f"I-{into.number}"
    if into.id == idea.id:
        return _("This is the idea itself.")
    if into.submitted_at is None:
        return _("There is no idea with this number.")
    if into.state is State.MERGED:
        merge = find_merge(into.id)
        other = session().get(Idea, merge.into_id) if merge else None
        if other is not None and other.id == idea.id:
            return _("%(ref)s is joined to this one already.", ref=ref)
        where = f"I-{other.number}" if other else "–"
        return _(
            "%(ref)s was joined to %(where)s. Join this one to %(where)s.", ref=ref, where=where
        )
    if into.state not in TARGETS:
        return _(
            "%(ref)s is past the point where its authors can become more. "
            "Say that it exists already: that leads the author there.",
            ref=ref,
        )
    deciders = {clock.accountable_id for clock in list_open(SUBJECT, into.id)} | {into.handler_id}
    if (deciders & list_author_ids(idea.id)) - list_author_ids(into.id):
        return _(
            "%(ref)s waits on an author of this idea, who would decide on their own. "
            "Let somebody else take it first.",
            ref=ref,
        )
    return None


@dataclass(frozen=True, slots=True)
class Foreseen:
    """What a merge would make of the other idea, or in ``refusal`` why it cannot be."""

    refusal: str | None
    shares: Sequence[tuple[int, int]] = ()
    support_count: int = 0


def foresee(actor: Actor, idea: Idea, into: Idea) -> Foreseen:
    """The authors and supporters that a merge would leave; nothing is changed."""
    if not can_join(actor, list_author_ids(into.id)):
        return Foreseen(_("You had a part in the other idea. Somebody else joins them."))
    try:
        require_target(idea, into)
        shares = combine_shares([*_parts(into.id), *_parts(idea.id)])
    except RuleBroken as error:
        return Foreseen(error.message)
    here = {one.person_id for one in list_supports_of([into.id])}
    there = {one.person_id for one in list_supports_of([idea.id])}
    new = there - here - {person_id for person_id, _share in shares}
    return Foreseen(None, shares, len(here | new))


def unmerge_ideas(actor: Actor, idea: Idea, *, sentence: str | None = None) -> None:
    """Take a joined idea out again: it stands as it stood, and so does the other one.

    What people said for the other one since then stays there; points that were paid stay paid.

    Raises
    ------
    NotAllowed
        Unless the actor answers for one of the two departments and had no part in the idea.
    Conflict
        If it is not joined to another (any more).
    """
    merge = find_merge(idea.id)
    if merge is None or idea.state is not State.MERGED:
        raise Conflict(_("This idea stands on its own already."))
    into = session().get_one(Idea, merge.into_id)
    departments = (idea.owner_department_id, into.owner_department_id)
    can_part.require(actor, departments, list_author_ids(idea.id))
    words = signed_words(sentence, field="sentence") if sentence else None
    _take_out(actor, idea, merge, into, words)


def part_because_withdrawn(into: Idea) -> None:
    """Let what was joined to an idea stand on its own again: nobody takes back for others."""
    for merge in list_merges_into(into.id):
        idea = session().get_one(Idea, merge.idea_id)
        words = _("I-%(number)s was taken back by its author.", number=into.number)
        _take_out(PROGRAM, idea, merge, into, words)


def _take_out(actor: Actor, idea: Idea, merge: Merge, into: Idea, words: str | None) -> None:
    kept = Idea()
    thaw(kept, {name: merge.before["idea"][name] for name in KEPT})
    handler_id = _still_decides(idea, kept.handler_id)
    move_idea(
        actor,
        idea,
        Move.UNMERGE,
        sentence=words,
        handler_id=handler_id,
        due_at=kept.due_at,
        is_paused=kept.is_paused,
        details={"number": into.number},
    )
    idea.waits_since = kept.waits_since
    _put_back(merge.before, handler_id)
    _end(actor, merge, into)


def part_for_appeal(actor: Actor, idea: Idea) -> None:
    """Take a joined idea out because its author appealed: it goes its own way, upwards."""
    merge = find_merge(idea.id)
    if merge is not None:
        _end(actor, merge, session().get_one(Idea, merge.into_id))


def _end(actor: Actor, merge: Merge, into: Idea) -> None:
    merge.unmerged_by_id, merge.unmerged_at = actor.id, now()
    session().flush()
    _settle(into, merge.own_shares)
    record(actor, "idea.parted", SUBJECT, into.id, joined_id=merge.idea_id, merge_id=merge.id)
    publish(IdeaParted(merge.id))


def _settle(into: Idea, own_shares: Sequence[Sequence[int]]) -> None:
    """Authors and supporters of what is left together, and of all that it is joined to itself."""
    own = [(person_id, share) for person_id, share in own_shares]
    joined = list_merges_into(into.id)
    parts = [own, *(part for merge in joined for part in _parts(merge.idea_id))]
    _set_authors(into.id, combine_shares(parts) if joined else own)
    _bring_supports(into)
    outer = find_merge(into.id)
    if outer is not None:
        _settle(session().get_one(Idea, outer.into_id), outer.own_shares)


def _keep(idea: Idea) -> JsonObject:
    """The idea as it stands, to be put back."""
    transfer = find_open_transfer(idea.id)
    return {
        "idea": freeze(idea, KEPT),
        "clocks": freeze_clocks(SUBJECT, idea.id),
        "transfer": freeze(transfer) if transfer else None,
    }


def _put_back(before: JsonObject, handler_id: int) -> None:
    held_by = before["idea"]["handler_id"]
    clocks = [
        {**one, "accountable_id": handler_id} if one["accountable_id"] == held_by else one
        for one in before["clocks"]
    ]
    thaw_clocks(clocks)
    if kept := before["transfer"]:
        thaw(session().get_one(Transfer, kept["id"]), kept)
    session().flush()


def _still_decides(idea: Idea, handler_id: int | None) -> int:
    """Who had it, unless they have left meanwhile."""
    person = session().get(Person, handler_id) if handler_id else None
    if person is not None and person.is_active:
        return person.id
    return get_handler(get_department(department_of(idea)), list_author_ids(idea.id))


def _own_shares(idea_id: int) -> list[tuple[int, int]]:
    """What an idea's authors have, or had before anything was joined to it."""
    joined = list_merges_into(idea_id)
    if joined:
        return [(person_id, share) for person_id, share in joined[0].own_shares]
    return list_shares(idea_id)


def _parts(idea_id: int) -> list[list[tuple[int, int]]]:
    """The shares of every idea that an idea is made of, its own first."""
    parts = [_own_shares(idea_id)]
    for merge in list_merges_into(idea_id):
        parts += _parts(merge.idea_id)
    return parts


def _set_authors(idea_id: int, shares: Sequence[tuple[int, int]]) -> None:
    session().execute(delete(IdeaAuthor).where(IdeaAuthor.idea_id == idea_id))
    session().execute(
        insert(IdeaAuthor),
        [
            {"idea_id": idea_id, "person_id": person_id, "share_percent": share}
            for person_id, share in shares
        ],
    )


def _bring_supports(into: Idea) -> None:
    """Let every supporter of what is joined to an idea count there, once; others go again."""
    kept = {one.person_id: one for one in list_supports_of([into.id])}
    own = {person_id for person_id, one in kept.items() if one.copied_from_id is None}
    out = own | list_author_ids(into.id)
    wanted: dict[int, Support] = {}
    for one in list_supports_of([merge.idea_id for merge in list_merges_into(into.id)]):
        if one.person_id not in out:
            wanted.setdefault(one.person_id, one)
    stale = [
        one
        for person_id, one in kept.items()
        if person_id not in own
        and (person_id not in wanted or wanted[person_id].id != one.copied_from_id)
    ]
    _drop(stale)
    new = [one for person_id, one in wanted.items() if kept.get(person_id) in [None, *stale]]
    session().add_all(_copy(one, into.id) for one in new)
    _count(into.id, len(new))


def _drop(copies: Sequence[Support]) -> None:
    """Take copies away again, those that were made of them first."""
    if not copies:
        return
    _drop(list_copies_of([one.id for one in copies]))
    for one in copies:
        session().delete(one)
        _count(one.idea_id, -1)


def _count(idea_id: int, step: int) -> None:
    idea = session().get_one(Idea, idea_id)
    idea.support_count = Idea.support_count + step  # in the database, where two at once add up
    session().flush()
    session().refresh(idea, ["support_count"])


def _copy(support: Support, into_id: int) -> Support:
    return Support(
        idea_id=into_id,
        person_id=support.person_id,
        occurred_on=support.occurred_on,
        channel=support.channel,
        example=support.example,
        minutes=support.minutes,
        created_at=support.created_at,
        copied_from_id=support.id,
    )
