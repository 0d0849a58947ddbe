"""Is it one of these: ideas that say the same, while one writes and beside one that is there."""

from flask import request
from flask.typing import ResponseReturnValue

from portal.actor import Capability
from portal.ideas import queries
from portal.ideas.blueprint import ideas
from portal.ideas.drafting import MAX_TEXT
from portal.ideas.similar import list_similar
from portal.web.access import NOTHING, actor, requires
from portal.web.answers import fragment, page, wants_fragment
from portal.web.rates import Rate

ASKED_BY = ("title", "problem", "proposal")


@ideas.post("/ideas/similar")
@requires(Capability.SUBMIT, audit=NOTHING, rate=Rate.PREVIEW)
def similar() -> ResponseReturnValue:
    """What says the same as what is being written, which is read and forgotten."""
    typed = [request.form.get(name, "")[:MAX_TEXT] for name in ASKED_BY]
    found = list_similar(*typed)
    if wants_fragment():
        return fragment("ideas/_alike.html", similar=found, has_asked=any(typed))
    return page("ideas/alike.html", idea=None, similar=found, has_asked=any(typed))


@ideas.get('/ideas/<ref("I"):number>/similar')
@requires(Capability.READ)
def similar_to(number: int) -> ResponseReturnValue:
    """What says the same as an idea."""
    idea = queries.get_visible_idea(actor(), number)
    found = list_similar(idea.title, idea.problem, idea.proposal, but=idea.id)
    if wants_fragment():
        return fragment("ideas/_beside.html", idea=idea, similar=found)
    return page("ideas/alike.html", idea=idea, similar=found, has_asked=True)
