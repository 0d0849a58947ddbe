"""Who hears of a private note: only whom it names, and without what it says."""

from portal.database import session
from portal.events import tells_of
from portal.ideas.models import Idea
from portal.notifications.services import notify
from portal.people.models import Person
from portal.triage.events import NoteWritten


@tells_of(NoteWritten)
def tell_who_is_named(event: NoteWritten) -> None:
    """A note may be taken back and a letter may not, so the words stay on its page."""
    idea = session().get_one(Idea, event.idea_id)
    writer = session().get_one(Person, event.writer_id)
    notify(
        event.named_ids,
        "note.named",
        values={"title": idea.title, "name": writer.name},
        subject_kind="note",
        subject_number=idea.number,
        key=f"note:{event.note_id}",
    )
