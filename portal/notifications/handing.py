"""Who hears that ideas changed hands: once for all of them, not once for each."""

from itertools import groupby

from portal.database import session
from portal.events import tells_of
from portal.i18n import format_day, format_number
from portal.ideas.models import Idea, MarkKind
from portal.notifications.services import News, notify, notify_all
from portal.people.absences import map_away
from portal.people.models import Person
from portal.routing.events import IdeaCalledBack, IdeaOffered
from portal.triage.events import Handed, HandsChanged

KINDS_OF: dict[MarkKind, tuple[str | None, str | None]] = {
    MarkKind.STOOD_IN: ("stand.began", None),
    MarkKind.CAME_BACK: ("stand.back", "stand.ended"),
    MarkKind.PASSED: ("chair.received", "chair.given"),
    MarkKind.TAKEN_BACK: (None, "desk.taken_back"),
}
"""What the one hears whom ideas wait on now, and the one on whom they did before."""


def _between(one: Handed) -> tuple[str, int, int]:
    return one.kind.value, one.from_id, one.to_id


@tells_of(HandsChanged)
def tell_of_hands(event: HandsChanged) -> None:
    """Both hear it: who has them now, and who had them."""
    away, news = map_away(), []
    for (_kind, from_id, to_id), found in groupby(sorted(event.handed, key=_between), _between):
        handed = list(found)
        until = away.get(from_id)
        values = {
            "count": format_number(len(handed)),
            "day": format_day(until, year=True) if until else "",
        }
        key = f"hands:{handed[0].mark_id}"
        told, told_before = KINDS_OF[handed[0].kind]
        for kind, person_id, other_id in ((told, to_id, from_id), (told_before, from_id, to_id)):
            if kind is None:
                continue
            other = session().get_one(Person, other_id)
            said = {**values, "name": other.name}
            news.append(News({person_id}, kind, said, "inbox", 0, key))
    notify_all(news)


@tells_of(IdeaCalledBack)
def tell_who_had_it(event: IdeaCalledBack) -> None:
    """On whose desk it lay hears that it is gone."""
    idea = session().get_one(Idea, event.idea_id)
    notify(
        {event.holder_id},
        "transfer.called_back",
        values={"title": idea.title},
        subject_kind="idea",
        subject_number=idea.number,
        key=f"called-back:{event.transfer_id}",
    )


@tells_of(IdeaOffered)
def tell_of_a_full_desk(event: IdeaOffered) -> None:
    """Whose desk was full hears where it went; who has it now hears of it as of any other."""
    idea = session().get_one(Idea, event.idea_id)
    name = session().get_one(Person, event.to_id).name
    notify(
        event.passed_over,
        "desk.full",
        values={"title": idea.title, "name": name},
        subject_kind="idea",
        subject_number=idea.number,
        key=f"desk:{event.mark_id}",
    )
