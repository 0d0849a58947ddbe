"""What stands on the bench: the item, what can be done with it, and the letter it becomes."""

from dataclasses import replace
from typing import Any

from portal.actor import Actor
from portal.clocks.chips import make_chip
from portal.contributions.panels import parts_panel
from portal.i18n import gettext as _
from portal.ideas.labels import channel_label
from portal.ideas.lifecycle import State
from portal.ideas.models import Idea
from portal.ideas.queries import list_authors, list_supports, nothing_here
from portal.ideas.similar import list_similar
from portal.masking import mask
from portal.now import now, today
from portal.routing.matching import explain
from portal.text import normalise
from portal.triage import prizes, queries
from portal.triage.held import find_undoable
from portal.triage.letters import Answer, compose
from portal.triage.limits import APPEAL_WITHIN
from portal.triage.models import DecisionKind
from portal.triage.panels import desk_panel, notes_panel, review_panel
from portal.triage.policies import can_triage
from portal.triage.steps import STEPS, Step
from portal.triage.trying import can_still_veto

QUOTES = 3


def get_bench_item(actor: Actor, number: int) -> dict[str, Any]:
    """Everything about the item on the bench; raises NotFound for whom it is not."""
    found = queries.get_item(number)
    idea = found.idea
    authors = list_authors(idea.id)
    if not can_triage(actor, idea, [author.face.id for author in authors]):
        raise nothing_here()
    author_ids = {author.face.id for author in authors}
    panels = {
        **review_panel(actor, idea),
        **notes_panel(actor, idea),
        **desk_panel(actor, idea),
        **parts_panel(actor, idea, author_ids),
    }
    if panels["review"].hides_author:
        found, authors = _without_authors(found, author_ids), []
    return {
        **panels,
        "item": found,
        "chip": make_chip(idea.due_at, found.started_at, is_paused=idea.is_paused, moment=now()),
        "because": explain(idea.routed_because),
        "authors": authors,
        "supports": list_supports(idea.id, QUOTES),
        "prize": prizes.find_prize(idea.reason_id, today()),
        "similar": list_similar(idea.title, idea.problem, idea.proposal, but=idea.id),
        "channel_label": channel_label,
        "steps": list_steps(idea),
        "appeal": queries.find_appeal(idea.id) if idea.state is State.APPEALED else None,
        "waits_on_me": idea.handler_id == actor.id,
        "undoable": find_undoable(actor, idea.id),
    }


def _without_authors(item: queries.Item, author_ids: set[int]) -> queries.Item:
    """The item as at a blind first look: whom it waits on is not named where that is an author."""
    waits_on_author = item.idea.handler_id in author_ids
    return replace(item, handler=_("its author")) if waits_on_author else item


def list_steps(idea: Idea) -> list[str]:
    """The steps that can be taken now, in the order of the bar."""
    offered = [name for name, step in STEPS.items() if idea.state in step.states]
    if "veto" in offered and not can_still_veto(idea):
        offered.remove("veto")
    return offered


def write_letter(context: dict[str, Any], step: Step, form: Any, signer: str) -> list[str] | None:
    """The letter as its author would read it, from what is typed, masked as it would be kept."""
    if step.kind is None:
        return None
    item = context["item"]
    typed = {
        field.short_name: mask(normalise(field.data)).text
        for field in form
        if field.type in {"TextAreaField", "StringField"} and field.data
    }
    price = None
    if step.kind is DecisionKind.ACCEPT_COST:
        price = prizes.find_failure_price(item.idea.reason_id, today())
    was_appealed = queries.find_appeal(item.idea.id) is not None
    is_last = step.kind in {DecisionKind.ACCEPT, DecisionKind.ASK, DecisionKind.TEST}
    return compose(
        Answer(
            kind=step.kind,
            title=item.idea.title,
            authors=[author.face.name for author in context["authors"]],
            signer=signer,
            department=item.department,
            sentence=typed.get("sentence") or typed.get("question", ""),
            reason_code=form.reason_code.data if step.kind is DecisionKind.DECLINE else None,
            would_change=typed.get("would_change"),
            review_on=form.review_on.data if "review_on" in form else None,
            yearly_minor=price.total_minor if price else None,
            alternative=typed.get("alternative"),
            exists=typed.get("place") or typed.get("idea"),
            scope=typed.get("scope"),
            stop_rule=typed.get("stop_rule"),
            appeal_until=None if is_last or was_appealed else today() + APPEAL_WITHIN,
        )
    )
