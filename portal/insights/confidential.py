"""Handing in an insight under seal."""

from dataclasses import replace

from portal.actor import Actor
from portal.authors.models import AuthorMode
from portal.authors.queries import find_seal, is_sealed_for
from portal.authors.services import require_offered, seal_author, shared_persona
from portal.insights.capture import ReadyInsight
from portal.insights.models import Insight
from portal.insights.services import add_ready_insight

SUBJECT = "insight"


def add_confidentially(actor: Actor, ready: ReadyInsight, *, nonce: str | None = None) -> Insight:
    """As :func:`add_ready_insight`, by an author whom no role sees.

    Raises
    ------
    RuleBroken
        Also on ``mode``, where this is not offered.
    """
    require_offered(AuthorMode.CONFIDENTIAL)
    persona = shared_persona(AuthorMode.CONFIDENTIAL)
    hidden = replace(ready, new=replace(ready.new, author_id=persona.id))
    insight = add_ready_insight(persona, hidden, nonce=nonce)
    if find_seal(SUBJECT, insight.id) is None:
        seal_author(actor, SUBJECT, insight.id, persona, is_listed=False)
    return insight


def is_own(actor: Actor, insight: Insight, *, is_sealed: bool) -> bool:
    """Whether the actor handed the insight in; one statement for a sealed one, else none."""
    if is_sealed:
        return is_sealed_for(actor, find_seal(SUBJECT, insight.id))
    return insight.author_id is not None and insight.author_id == actor.id
