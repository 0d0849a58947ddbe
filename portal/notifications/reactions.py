"""Who hears of what: the originators of an idea, and the person it waits on now."""

from sqlalchemy import select

from portal.database import session
from portal.events import reacts_to
from portal.i18n import gettext as _
from portal.ideas.events import IdeaMoved
from portal.ideas.models import Idea, IdeaAuthor
from portal.notifications.sentences import Words, to_author, to_handler
from portal.notifications.services import notify
from portal.people.models import Department


@reacts_to(IdeaMoved)
def tell_of_a_move(event: IdeaMoved) -> None:
    """Every move reaches the originators, except the one who made it, and the next handler."""
    idea = session().get_one(Idea, event.idea_id)
    department = session().get(Department, idea.owner_department_id or 0)
    name = department.name if department else _("Nobody yet")
    words = to_author(event.move, title=idea.title, department=name)
    if words is not None:
        _tell(idea, words, event, _list_authors(idea.id) - {event.actor_id})
    handler = to_handler(event.move, title=idea.title)
    if handler is not None and idea.handler_id not in {None, event.actor_id}:
        _tell(idea, handler, event, {idea.handler_id})


def _list_authors(idea_id: int) -> set[int | None]:
    return set(session().scalars(select(IdeaAuthor.person_id).where(IdeaAuthor.idea_id == idea_id)))


def _tell(idea: Idea, words: Words, event: IdeaMoved, people: set[int | None]) -> None:
    for person_id in sorted(person_id for person_id in people if person_id is not None):
        notify(
            person_id,
            notice_class=words.notice_class,
            kind=f"idea.{event.move}",
            title=words.title,
            subject_kind="idea",
            subject_number=idea.number,
            key=f"idea:{idea.id}:{idea.version}:{event.move}:{person_id}",
        )
