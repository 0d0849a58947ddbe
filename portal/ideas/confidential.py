"""Handing in an idea under seal, and acting on one's own afterwards."""

from portal.actor import Actor
from portal.authors.models import AuthorMode
from portal.authors.queries import find_seal, is_sealed_for, stand_in
from portal.authors.services import make_persona, require_offered, seal_author
from portal.errors import RuleBroken
from portal.i18n import gettext as _
from portal.ideas.models import Control, Idea, Lens
from portal.ideas.queries import find_by_nonce
from portal.ideas.services import SUBJECT, submit_idea
from portal.numbers import next_number


def submit_confidentially(
    actor: Actor,
    *,
    title: str = "",
    problem: str,
    proposal: str,
    lens: Lens | None = None,
    control: Control | None = None,
    reason_id: int | None = None,
    nonce: str | None = None,
) -> Idea:
    """Hand in an idea whose author no role sees; the same form again gives the same idea.

    There is one author, the persona that stands in for the actor: fellow authors would be named.

    Raises
    ------
    RuleBroken
        On the field at fault; on ``mode`` where this is not offered.
    """
    require_offered(AuthorMode.CONFIDENTIAL)
    next_number("I", 0)  # takes none, but holds back the same person's next one until this is done
    known = find_by_nonce(nonce) if nonce else None
    if known is not None:
        if is_sealed_for(actor, find_seal(SUBJECT, known.id)):
            return known
        raise RuleBroken(_("This form belongs to somebody else. Open it again."))
    persona = make_persona(AuthorMode.CONFIDENTIAL)
    idea = submit_idea(
        persona,
        title=title,
        problem=problem,
        proposal=proposal,
        lens=lens,
        control=control,
        reason_id=reason_id,
        nonce=nonce,
    )
    seal_author(actor, SUBJECT, idea.id, persona, is_listed=True)
    return idea


def refuse_traces(is_draft: bool, was_kept: bool, coauthors: str) -> None:
    """Begin nothing that would keep the author's name beside a confidential idea.

    Raises RuleBroken for a draft to be kept here (``is_draft``), for one that was (``was_kept``),
    and for the addresses of fellow authors.
    """
    if is_draft:
        raise RuleBroken(
            _("Under seal nothing is kept here before you send it. This computer keeps a draft."),
            field="mode",
        )
    if was_kept:
        raise RuleBroken(
            _("This draft carries your name already. Copy it into a new idea to seal that."),
            field="mode",
        )
    if coauthors.strip():
        raise RuleBroken(
            _("Under seal there is one author. The others would be named."), field="authors"
        )


def as_author(actor: Actor, idea: Idea) -> Actor:
    """As whom the actor acts on an idea: their persona where it is theirs under seal."""
    return stand_in(actor, idea.submitter_id)
