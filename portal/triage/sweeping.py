"""The worker's sweep: who has to hear that something stands open for too long.

Every clock knows when its next rung is reached, so a sweep reads those alone whose moment has
come, whatever stands open beside them.  A rung is told in the unit that notes it: whenever the
worker dies, and however often it sweeps, each is told once.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence

from sqlalchemy import bindparam, func, select

from portal.actor import PROGRAM
from portal.audit.services import record
from portal.clocks.ladder import Rung, climb
from portal.clocks.models import Clock
from portal.clocks.queries import get_calendar
from portal.columns import UtcDateTime
from portal.database import insert_ignoring, lock_row, reading, session, writing
from portal.events import publish
from portal.ideas.models import Idea, IdeaAuthor, IdeaMark, MarkKind
from portal.ideas.services import SUBJECT
from portal.now import now
from portal.people.absences import map_away
from portal.routing.chairs import Chairs, load_chairs
from portal.triage.events import Climbed, ClocksClimbed, OverdueCounted

AT_ONCE = 1000
"""Clocks that are looked at in one unit."""

_MOMENT = bindparam("moment", type_=UtcDateTime())
_IS_DUE = (Clock.subject_kind == SUBJECT, Clock.next_at <= _MOMENT)
_ANY_DUE = select(Clock.id).where(*_IS_DUE).limit(1)
_DUE = (
    select(Clock)
    .join(Idea, Idea.id == Clock.subject_id)
    .where(*_IS_DUE)
    .order_by(Clock.next_at, Clock.id)
    .limit(AT_ONCE)
)
_AUTHORS = select(IdeaAuthor.idea_id, IdeaAuthor.person_id).where(
    IdeaAuthor.idea_id.in_(bindparam("ids", expanding=True))
)
_MARKS = {Rung.HEAD: MarkKind.OVER, Rung.SUPERIOR: MarkKind.TWICE}


def sweep() -> int:
    """Tell everybody who has to hear of a clock by now; how many clocks climbed.

    Where nothing is due, nothing is written.
    """
    climbed = 0
    while True:
        with reading() as reader:
            if reader.scalar(_ANY_DUE, {"moment": now()}) is None:
                return climbed
        with writing():
            clocks = _list_due()
            climbed += len(clocks)
            if clocks:
                _climb(clocks)
        if not clocks:  # all of them are being worked on just now
            return climbed


def _list_due() -> Sequence[Clock]:
    due = lock_row(_DUE, skip_locked=True)
    found: Sequence[Clock] = session().scalars(due, {"moment": now()}).all()
    return found


def _climb(clocks: Sequence[Clock]) -> None:
    authors = _map_authors(clock.subject_id for clock in clocks)
    chairs, away = load_chairs(), frozenset(map_away())
    steps = [
        step for clock in clocks for step in _take(clock, chairs, authors[clock.subject_id], away)
    ]
    session().flush()
    _mark(steps)
    publish(ClocksClimbed(tuple(steps)))


def _map_authors(idea_ids: Iterable[int]) -> dict[int, frozenset[int]]:
    found: dict[int, set[int]] = defaultdict(set)
    for idea_id, person_id in session().execute(_AUTHORS, {"ids": sorted(set(idea_ids))}):
        found[idea_id].add(person_id)
    return defaultdict(frozenset, {idea_id: frozenset(ids) for idea_id, ids in found.items()})


def _take(
    clock: Clock, chairs: Chairs, author_ids: frozenset[int], away: frozenset[int]
) -> list[Climbed]:
    """Climb as far as the hour says."""
    return [
        Climbed(
            idea_id=clock.subject_id,
            clock_id=clock.id,
            rung=rung,
            department_id=clock.department_id,
            holder_id=clock.accountable_id,
            told_id=_find_told(rung, clock, chairs, author_ids, away),
            author_ids=author_ids,
        )
        for rung in climb(clock, get_calendar(clock.department_id), now())
    ]


def _find_told(
    rung: Rung,
    clock: Clock,
    chairs: Chairs,
    author_ids: frozenset[int],
    away: frozenset[int],
) -> int | None:
    if rung is Rung.HEAD:
        head_id = chairs.find_present(clock.department_id, author_ids, away)
        return head_id or chairs.find_executive(author_ids)
    if rung is Rung.SUPERIOR:
        return chairs.find_superior(clock.department_id, author_ids)
    return None


def _mark(steps: Iterable[Climbed]) -> None:
    """Write on the ideas who was told, and in the audit log."""
    told = [step for step in steps if step.rung in _MARKS and step.told_id is not None]
    if told:
        session().execute(
            insert_ignoring(IdeaMark.__table__, ["key"]), [_as_mark(step) for step in told]
        )
    for step in told:
        kind = _MARKS[step.rung].value
        record(PROGRAM, "idea.escalated", SUBJECT, step.idea_id, told_id=step.told_id, kind=kind)


def _as_mark(step: Climbed) -> dict[str, object]:
    return {
        "idea_id": step.idea_id,
        "at": now(),
        "kind": _MARKS[step.rung],
        "person_id": step.told_id,
        "details": {"clock_id": step.clock_id},
        "key": f"clock:{step.clock_id}:{step.rung.name.lower()}",
    }


_OVERDUE = (
    select(Clock.department_id, Clock.rung, func.count())
    .where(
        Clock.subject_kind == SUBJECT,
        Clock.is_governing,
        Clock.stopped_at.is_(None),
        Clock.paused_at.is_(None),
        Clock.rung >= Rung.HEAD.value,
    )
    .group_by(Clock.department_id, Clock.rung)
)


def count_overdue() -> None:
    """Tell the named executive how much is over its time, and where; nothing where nothing is."""
    with writing():
        counts: Counter[int] = Counter()
        twice = 0
        for department_id, rung, count in session().execute(_OVERDUE):
            counts[department_id] += count
            twice += count if rung == Rung.SUPERIOR.value else 0
        told_id = load_chairs().find_executive()
        if not counts or told_id is None:
            return
        year, week, _day = now().isocalendar()
        by_department = tuple(counts.most_common())
        publish(OverdueCounted(told_id, f"{year}-W{week:02}", by_department, twice))
