"""What the fragments of an idea's page show; one function per fragment, a fixed set of reads.

The page that puts them together passes these mappings on to ``templates/ideas/_*.html``.
"""

from typing import Any
from uuid import uuid4

from portal.actor import Actor
from portal.authors.queries import is_confidential
from portal.i18n import current_zone
from portal.ideas import policies, queries
from portal.ideas.confidential import as_author
from portal.ideas.forms import CommentForm, SupportForm, WithdrawForm
from portal.ideas.lifecycle import Move, can_move
from portal.ideas.models import Idea
from portal.ideas.writing import describe_counts
from portal.now import today

SHOWN_EXAMPLES = 6


def story_panel(actor: Actor, idea: Idea) -> dict[str, Any]:
    """For ``_story.html``: problem and proposal, and to their writer what was masked."""
    is_own = policies.is_own(actor, idea)
    return {"idea": idea, "masked": describe_counts(idea.masked) if is_own else ""}


def support_panel(actor: Actor, idea: Idea, form: SupportForm | None = None) -> dict[str, Any]:
    """For ``_support.html``: "me too" and the latest examples; two statements."""
    own = queries.find_support(idea.id, actor.id or 0)
    if form is None:
        form = SupportForm(formdata=None, obj=own)
        form.occurred_on.data = own.occurred_on if own else today(current_zone())
    return {
        "idea": idea,
        "support_form": form,
        "is_supported": own is not None,
        "can_support": policies.is_open_to_all(idea) and policies.can_support(actor, idea),
        "supports": queries.list_supports(idea.id, SHOWN_EXAMPLES),
    }


def comments_panel(actor: Actor, idea: Idea, form: CommentForm | None = None) -> dict[str, Any]:
    """For ``_comments.html``: what was said, and room to say more; one statement."""
    if form is None:
        form = CommentForm(formdata=None)
        form.nonce.data = str(uuid4())
    return {
        "idea": idea,
        "comment_form": form,
        "can_comment": policies.is_open_to_all(idea) and policies.can_comment(actor),
        "comments": queries.list_comments(idea.id),
    }


def timeline_panel(idea: Idea) -> dict[str, Any]:
    """For ``_timeline.html``: every step, the latest first; one statement."""
    return {"timeline": queries.get_timeline(idea.id)}


def withdraw_panel(actor: Actor, idea: Idea, form: WithdrawForm | None = None) -> dict[str, Any]:
    """For ``_withdraw.html``: the way to take it back, for whoever may."""
    return {
        "idea": idea,
        "can_withdraw": policies.can_withdraw(actor, idea) and can_move(idea.state, Move.WITHDRAW),
        "withdraw_form": form or WithdrawForm(formdata=None),
    }


def idea_panels(actor: Actor, idea: Idea) -> dict[str, Any]:
    """What all fragments need, in five statements (the idea itself and its authors included).

    One more for a confidential idea: whether it is the reader's own, who then acts as its
    ``author``, but says "me too" and comments like any colleague.
    """
    authors = queries.list_authors(idea.id)
    is_sealed = any(is_confidential(row.face) for row in authors)
    author = as_author(actor, idea) if is_sealed else actor
    return {
        **story_panel(author, idea),
        **support_panel(actor, idea),
        **comments_panel(actor, idea),
        **timeline_panel(idea),
        **withdraw_panel(author, idea),
        "authors": authors,
        "author": author,
        "is_sealed": is_sealed,
        "is_own_seal": any(
            is_confidential(row.face) and row.face.id == idea.submitter_id for row in authors
        ),
    }
