"""Who hears of the tasks of other departments: whom they wait on, and who waits for them."""

from portal.clocks.ladder import Rung
from portal.contributions.events import PartAsked, PartLate, PartSettled
from portal.contributions.models import Contribution, Outcome
from portal.database import session
from portal.events import tells_of
from portal.ideas.models import Idea
from portal.notifications.recipients import list_concerned
from portal.notifications.services import News, notify_all
from portal.now import now
from portal.people.models import Department
from portal.people.queries import get_department


def _news(
    contribution: Contribution, kind: str, people: frozenset[int], key: str, body: str | None
) -> News:
    idea = session().get_one(Idea, contribution.idea_id)
    owner = session().get(Department, idea.owner_department_id or 0)
    values = {
        "title": idea.title,
        "department": get_department(contribution.department_id).name,
        "owner": owner.name if owner else "",
    }
    return News(people, kind, values, "idea", idea.number, f"part:{contribution.id}:{key}", body)


def _only(person_id: int | None) -> frozenset[int]:
    return frozenset({person_id} if person_id is not None else ())


def _askers(contribution: Contribution) -> frozenset[int]:
    """Who asked, and whom the idea waits on now, unless that is an author."""
    concerned = list_concerned(session().get_one(Idea, contribution.idea_id))
    return (concerned.handler | {contribution.asked_by_id}) - concerned.authors


@tells_of(PartAsked)
def tell_whom_it_waits_on(event: PartAsked) -> None:
    """Whoever owes it is always told; whom it no longer waits on hears that too."""
    one = session().get_one(Contribution, event.contribution_id)
    key = f"held:{now():%Y%m%d%H%M%S}"
    kind = "part.asked" if event.from_id is None else "part.passed"
    news = [_news(one, kind, _only(event.holder_id), key, one.task)]
    if event.from_id is not None:
        news.append(_news(one, "part.moved_on", _only(event.from_id), key, None))
    notify_all(news)


@tells_of(PartSettled)
def tell_who_waits_for_it(event: PartSettled) -> None:
    """Whoever asked reads what was signed; where it is withdrawn, whom it waited on hears so."""
    one = session().get_one(Contribution, event.contribution_id)
    withdrawn = one.outcome is Outcome.WITHDRAWN
    people = _only(event.holder_id) if withdrawn else _askers(one)
    people -= _only(one.settled_by_id)
    notify_all([_news(one, f"part.{one.outcome}", people, f"{one.outcome}", one.words)])


@tells_of(PartLate)
def tell_that_it_is_late(event: PartLate) -> None:
    """The holder is nudged; the head, who asked, and the superior hear when it is late."""
    one = session().get_one(Contribution, event.contribution_id)
    holder, askers = _only(event.holder_id), _askers(one)
    above = _only(event.told_id) - holder
    told = {
        Rung.NUDGED: {"part.nudge": holder},
        Rung.HEAD: {
            "part.over": holder,
            "part.over_asker": askers - holder,
            "part.over_above": above - askers,
        },
        Rung.SUPERIOR: {"part.twice": above},
    }
    key = f"clock:{event.clock_id}:{event.rung.value}"
    notify_all([_news(one, kind, people, key, None) for kind, people in told[event.rung].items()])
