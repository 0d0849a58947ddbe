"""What a rule would change, tried on items of the past before it is kept."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row, bindparam, func, or_, select
from sqlalchemy.orm import aliased

from portal.database import session
from portal.demand.models import ContactReason
from portal.ideas.models import Idea
from portal.insights.models import Insight
from portal.now import today
from portal.people.models import Department, Person
from portal.routing.choosing import get_surroundings, list_usable_rules, make_rule
from portal.routing.rules import Conditions, Facts, Kind, Rule, first_hit

MOST_ITEMS = 5_000
"""How many of the newest items of each kind a rule is tried on."""
MOST_SHOWN = 50

_Owner = aliased(Department, name="owner")
_Home = aliased(Department, name="home")
_NEWEST_IDEAS = (
    select(Idea.id)
    .where(Idea.submitted_at.is_not(None))
    .order_by(Idea.id.desc())
    .limit(MOST_ITEMS)
    .scalar_subquery()
)
_NEWEST_INSIGHTS = (
    select(Insight.id).order_by(Insight.id.desc()).limit(MOST_ITEMS).scalar_subquery()
)
_NOT_OWNED = or_(ContactReason.id.is_(None), _Owner.valid_until <= bindparam("today"))
"""What rules are asked about: no reason was named, or the department that owns it is closed."""

_IDEAS = (
    select(
        Idea.number,
        Idea.title,
        Idea.problem,
        Idea.proposal,
        Idea.lens,
        Idea.control,
        Idea.owner_department_id.label("department_id"),
        ContactReason.path.label("reason_path"),
        _Home.path.label("author_path"),
    )
    .outerjoin(ContactReason, ContactReason.id == Idea.reason_id)
    .outerjoin(_Owner, _Owner.id == ContactReason.owner_department_id)
    .outerjoin(Person, Person.id == Idea.submitter_id)
    .outerjoin(_Home, _Home.id == Person.home_department_id)
    .where(Idea.id.in_(_NEWEST_IDEAS), _NOT_OWNED)
    .order_by(Idea.id.desc())
)
_INSIGHTS = (
    select(
        Insight.number,
        Insight.text,
        Insight.expected,
        Insight.channel,
        Insight.demand_type,
        Insight.severity,
        Insight.segment,
        Insight.moment,
        Insight.friction,
        Insight.department_id,
        ContactReason.path.label("reason_path"),
        _Home.path.label("author_path"),
    )
    .outerjoin(ContactReason, ContactReason.id == Insight.reason_id)
    .outerjoin(_Owner, _Owner.id == ContactReason.owner_department_id)
    .outerjoin(Person, Person.id == Insight.author_id)
    .outerjoin(_Home, _Home.id == Person.home_department_id)
    .where(Insight.id.in_(_NEWEST_INSIGHTS), _NOT_OWNED)
    .order_by(Insight.id.desc())
)
_COUNTS = tuple(
    select(func.count()).select_from(statement.order_by(None).subquery())
    for statement in (_IDEAS, _INSIGHTS)
)


@dataclass(frozen=True, slots=True)
class PastItem:
    """An item that no reason gave to anybody, and whose it is now."""

    number: int
    words: str
    department_id: int | None
    facts: Facts


@dataclass(frozen=True, slots=True)
class Moving:
    """An item that would be elsewhere; departments by name, None for nobody's problem."""

    ref: str
    kind: Kind
    number: int
    words: str
    from_department: str | None
    to_department: str | None


@dataclass(frozen=True, slots=True)
class Trial:
    """What would become of past items.

    ``taken`` counts those that the tried rule would decide on, ``moving`` those that would
    be elsewhere than now, by pair of departments; ``shown`` are the newest of them.
    """

    tried: int
    taken: int
    moving: int
    pairs: list[tuple[str | None, str | None, int]]
    shown: list[Moving]


def count_unowned() -> int:
    """How many of the newest items have no owner by their reason."""
    return sum(session().scalar(count, {"today": today()}) or 0 for count in _COUNTS)


def try_rule(
    name: str, department_id: int, conditions: Conditions, *, rule_id: int | None = None
) -> Trial:
    """Try a rule that is not kept yet: in the place of ``rule_id``, else below all others.

    An item moves where the rules would now say something else about it than before.
    """
    now_asked = list_usable_rules()
    made = make_rule(rule_id or 0, name, department_id, conditions.as_dict(), get_surroundings())
    draft = [made] if made else []
    then_asked = _put(now_asked, draft, rule_id)
    items = list(list_past_items())
    names = get_surroundings().departments
    taken, moving = 0, []
    for item in items:
        before, after = first_hit(now_asked, item.facts), first_hit(then_asked, item.facts)
        taken += after is not None and after.rule in draft
        goes_to = after.rule.department_id if after else None
        if goes_to != (before.rule.department_id if before else None) and (
            goes_to != item.department_id
        ):
            moving.append(_moving(item, names, goes_to))
    pairs = Counter((one.from_department, one.to_department) for one in moving)
    return Trial(
        tried=len(items),
        taken=taken,
        moving=len(moving),
        pairs=[(*pair, count) for pair, count in pairs.most_common()],
        shown=moving[:MOST_SHOWN],
    )


def _put(rules: Sequence[Rule], draft: list[Rule], rule_id: int | None) -> list[Rule]:
    """The rules with the draft in its place."""
    place = next((at for at, rule in enumerate(rules) if rule.id == rule_id), len(rules))
    others = [rule for rule in rules if rule.id != rule_id]
    return [*others[:place], *draft, *others[place:]]


def _moving(item: PastItem, names: dict[int, str], goes_to: int | None) -> Moving:
    letter = "I" if item.facts.kind is Kind.IDEA else "N"
    return Moving(
        ref=f"{letter}-{item.number}",
        kind=item.facts.kind,
        number=item.number,
        words=item.words,
        from_department=names.get(item.department_id or 0),
        to_department=names.get(goes_to or 0),
    )


def list_past_items() -> Iterator[PastItem]:
    """The newest ideas and insights without a reason, each kind from the newest on."""
    for row in session().execute(_IDEAS, {"today": today()}):
        yield PastItem(row.number, row.title, row.department_id, _idea_facts(row))
    for said in session().execute(_INSIGHTS, {"today": today()}):
        yield PastItem(said.number, said.text[:140], said.department_id, _insight_facts(said))


def _idea_facts(row: Row[*tuple[Any, ...]]) -> Facts:
    return Facts(
        kind=Kind.IDEA,
        text=f"{row.title}\n{row.problem}\n{row.proposal}",
        reason_path=row.reason_path or "",
        author_path=row.author_path or "",
        lens=row.lens,
        control=row.control,
    )


def _insight_facts(row: Row[*tuple[Any, ...]]) -> Facts:
    return Facts(
        kind=Kind.INSIGHT,
        text=f"{row.text}\n{row.expected or ''}",
        reason_path=row.reason_path or "",
        author_path=row.author_path or "",
        channel=row.channel,
        demand_type=row.demand_type,
        severity=row.severity,
        segment=row.segment,
        moment=row.moment,
        friction=tuple(row.friction),
    )
