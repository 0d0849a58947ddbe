"""A reader's own views of the inbox."""

from collections.abc import Iterable, Sequence

from sqlalchemy import bindparam, select

from portal.actor import Actor
from portal.audit.services import record
from portal.database import session
from portal.errors import RuleBroken
from portal.i18n import gettext as _
from portal.ideas.queries import nothing_here
from portal.ideas.writing import require_room
from portal.masking import mask
from portal.now import now
from portal.text import one_line
from portal.triage.lists import Look, View
from portal.triage.models import LONGEST_VIEW_NAME, SavedView
from portal.triage.policies import can_keep_view

MOST_VIEWS = 12
"""How many views of their own a reader may have: as many as fit a row of filters."""

_OWN = (
    select(SavedView)
    .where(SavedView.person_id == bindparam("person_id"))
    .order_by(SavedView.name, SavedView.id)
    .limit(MOST_VIEWS)
)


def list_saved(actor: Actor) -> Sequence[SavedView]:
    """The actor's own views, by name."""
    return session().scalars(_OWN, {"person_id": actor.id}).all()


def get_saved(actor: Actor, view_id: int) -> SavedView:
    """One of the actor's own views; raises NotFound."""
    found = session().get(SavedView, view_id)
    if found is None or not can_keep_view(actor, found):
        raise nothing_here()
    return found


def save_view(actor: Actor, *, name: str, views: Iterable[View]) -> SavedView:
    """Name a combination of views; it stands in the actor's row of filters from now on.

    Raises
    ------
    RuleBroken
        Without a name or a view, under a name that the actor has given already, or when there
        are as many as fit.
    """
    look = Look(frozenset(views))
    saved = SavedView(person_id=actor.id, look=str(look), created_at=now())
    can_keep_view.require(actor, saved)
    known = list_saved(actor)
    if not look.views:
        raise RuleBroken(_("Choose at least one."), field="views")
    if len(known) >= MOST_VIEWS:
        raise RuleBroken(_("There is no room for another. Delete one first."))
    saved.name = _free_name(name, known)
    session().add(saved)
    session().flush()
    record(actor, "view.saved", "view", saved.id, look=saved.look)
    return saved


def rename_view(actor: Actor, saved: SavedView, *, name: str) -> None:
    """Call a view by another name; raises as :func:`save_view`."""
    can_keep_view.require(actor, saved)
    saved.name = _free_name(name, [one for one in list_saved(actor) if one.id != saved.id])
    record(actor, "view.renamed", "view", saved.id)


def delete_view(actor: Actor, saved: SavedView) -> None:
    """Forget a view."""
    can_keep_view.require(actor, saved)
    record(actor, "view.deleted", "view", saved.id)
    session().delete(saved)


def _free_name(typed: str, known: Iterable[SavedView]) -> str:
    name = mask(one_line(typed)).text
    if not name:
        raise RuleBroken(_("Give it a name."), field="name")
    require_room(name, LONGEST_VIEW_NAME, field="name")
    if name.casefold() in {one.name.casefold() for one in known}:
        raise RuleBroken(_("You have a view with this name."), field="name")
    return name
