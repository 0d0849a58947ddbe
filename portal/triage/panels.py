"""What stands beside the item on the bench: how it is reviewed, and what is said in private."""

from typing import Any
from uuid import uuid4

from portal.actor import Actor
from portal.ideas.models import Idea
from portal.people.queries import get_department
from portal.routing.queries import find_handler, list_author_ids
from portal.triage import notes, reviewing
from portal.triage.forms import NoteForm, ScoreForm
from portal.triage.labels import confidence_label, effort_label
from portal.triage.signing import department_of
from portal.triage.spread import BANDS, Spread
from portal.triage.taking_back import find_full_desk


def review_panel(actor: Actor, idea: Idea, form: ScoreForm | None = None) -> dict[str, Any]:
    """For ``_review.html``: what was said of it, and room to say it; two statements."""
    review = reviewing.get_review(actor, idea)
    if form is None:
        own = review.own
        kept = {"effort": own.effort.value, "confidence": own.confidence.value} if own else {}
        form = ScoreForm(None, data=kept)
    return {
        "idea": idea,
        "review": review,
        "score_form": form,
        "spread": Spread.of([one.effort for one in review.all]) if review.others else None,
        "bands": [effort_label(band) for band in BANDS],
        "effort_label": effort_label,
        "confidence_label": confidence_label,
    }


def notes_panel(
    actor: Actor, idea: Idea, form: NoteForm | None = None, *, reads_all: bool = True
) -> dict[str, Any]:
    """For ``_notes.html``: the notes that the actor may read, and room for one; two statements."""
    if form is None:
        form = NoteForm(None)
        form.nonce.data = str(uuid4())
    form.chosen.choices = [
        (one.id, f"{one.name} · {one.home}" if one.home else one.name)
        for one in notes.list_reviewers(actor, idea)
    ]
    return {
        "idea": idea,
        "notes": notes.list_notes(actor, idea, reads_all=reads_all),
        "note_form": form,
        "reader_id": actor.id,
    }


def desk_panel(actor: Actor, idea: Idea) -> dict[str, Any]:
    """Whose desk was full when it came here, and whether the actor can take it back."""
    full = find_full_desk(idea)
    if full is None or idea.handler_id == actor.id:
        return {"full_desk": full, "may_take_back": False}
    turn_id = find_handler(get_department(department_of(idea)), list_author_ids(idea.id))
    return {"full_desk": full, "may_take_back": actor.id == turn_id}
