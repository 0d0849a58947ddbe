"""Who hears of what stands open for too long: the rungs of a clock, and an author's escalation."""

from collections.abc import Iterator, Mapping

from sqlalchemy import bindparam, select

from portal.clocks.ladder import Rung
from portal.database import session
from portal.events import tells_of
from portal.i18n import format_number
from portal.ideas.models import Idea, IdeaMark
from portal.notifications.services import News, notify, notify_all
from portal.people.models import Department
from portal.triage.events import Climbed, ClocksClimbed, IdeaRaised, OverdueCounted

_IDEAS = select(Idea.id, Idea.number, Idea.title).where(
    Idea.id.in_(bindparam("ids", expanding=True))
)
_DEPARTMENTS = select(Department.id, Department.name).where(
    Department.id.in_(bindparam("ids", expanding=True))
)


def _names(department_ids: set[int]) -> dict[int, str]:
    rows = session().execute(_DEPARTMENTS, {"ids": sorted(department_ids)})
    return {row.id: row.name for row in rows}


@tells_of(ClocksClimbed)
def tell_of_lateness(event: ClocksClimbed) -> None:
    """The holder is nudged; the head, the authors and the superior hear when it is late."""
    ids = sorted({step.idea_id for step in event.steps})
    ideas = {row.id: row for row in session().execute(_IDEAS, {"ids": ids})}
    names = _names({step.department_id for step in event.steps})
    news = []
    for step in event.steps:
        idea = ideas[step.idea_id]
        values = {"title": idea.title, "department": names.get(step.department_id, "")}
        for kind, people in _list_told(step):
            news.append(News(people, kind, values, "idea", idea.number, _key(step)))
    notify_all(news)


def _key(step: Climbed) -> str:
    return f"clock:{step.clock_id}:{step.rung.value}"


def _list_told(step: Climbed) -> Iterator[tuple[str, frozenset[int]]]:
    holder = frozenset({step.holder_id})
    above = frozenset({step.told_id or step.holder_id}) - holder
    if step.rung is Rung.NUDGED:
        yield "clock.nudge", holder
    elif step.rung is Rung.HEAD:
        yield "clock.over", holder
        yield "clock.over_above", above
        yield "clock.over_author", step.author_ids - holder
    else:
        yield "clock.twice", above


@tells_of(IdeaRaised)
def tell_of_an_escalation(event: IdeaRaised) -> None:
    """Whoever stands above hears the author's words, and whom it waits on knows of it."""
    idea = session().get_one(Idea, event.idea_id)
    mark = session().get_one(IdeaMark, event.mark_id)
    for people, kind in (
        ({event.told_id}, "clock.raised"),
        ({event.holder_id} - {event.told_id}, "clock.raised_holder"),
    ):
        notify(
            people,
            kind,
            values={"title": idea.title},
            body=mark.sentence,
            subject_kind="idea",
            subject_number=idea.number,
            key=mark.key or "",
        )


@tells_of(OverdueCounted)
def tell_of_the_week(event: OverdueCounted) -> None:
    """The named executive hears how much is over its time, and in which departments."""
    counts: Mapping[int, int] = dict(event.counts)
    names = _names(set(counts))
    notify(
        {event.told_id},
        "clock.week",
        values={
            "count": format_number(sum(counts.values())),
            "twice": format_number(event.twice),
        },
        body=" · ".join(f"{names.get(key, '')}: {format_number(n)}" for key, n in event.counts),
        subject_kind="ageing",
        subject_number=0,
        key=f"overdue:{event.week}",
    )
