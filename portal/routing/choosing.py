"""Where an item goes, step by step: its reason's owner, the rules, the router, nobody's problem."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from sqlalchemy import bindparam, select

from portal.columns import JsonObject
from portal.database import session
from portal.demand.models import ContactReason
from portal.demand.owners import Desk, by_rule, by_words
from portal.demand.queries import find_desk
from portal.ideas.models import Idea
from portal.insights.models import Insight
from portal.people.models import Department, Person
from portal.people.queries import list_departments
from portal.routing.models import RoutingRule
from portal.routing.router import Suggestion, find_acting, suggest_with
from portal.routing.rules import Facts, Kind, Rule, first_hit, prepare, read_conditions, trim

_RULES = (
    select(RoutingRule.id, RoutingRule.name, RoutingRule.department_id, RoutingRule.conditions)
    .where(RoutingRule.is_active)
    .order_by(RoutingRule.position, RoutingRule.id)
)
_RETIRED = select(ContactReason.id).where(ContactReason.is_active.is_(False))
_REASON_PATH = select(ContactReason.path).where(ContactReason.id == bindparam("reason_id"))
_AUTHOR_PATH = (
    select(Department.path)
    .join(Person, Person.home_department_id == Department.id)
    .where(Person.id == bindparam("person_id"))
)


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What rules may name: today's departments by id, and the reasons that are retired."""

    departments: dict[int, str]
    retired_ids: frozenset[int]


def get_surroundings() -> Surroundings:
    """As they are today."""
    names = {row.id: row.name for row in list_departments(teams=True)}
    return Surroundings(names, frozenset(session().scalars(_RETIRED)))


def make_rule(
    rule_id: int, name: str, department_id: int, stored: JsonObject, around: Surroundings
) -> Rule | None:
    """A rule ready to be asked; None where its department or all that it names is gone."""
    department = around.departments.get(department_id)
    asked = trim(
        read_conditions(stored), open_ids=around.departments, retired_ids=around.retired_ids
    )
    if department is None or asked is None:
        return None
    return prepare(Rule(rule_id, name, department_id, department, asked))


def list_usable_rules() -> list[Rule]:
    """The rules that are switched on and can be asked, in their order."""
    rows = session().execute(_RULES).all()
    if not rows:
        return []
    around = get_surroundings()
    made = (make_rule(row.id, row.name, row.department_id, row.conditions, around) for row in rows)
    return [rule for rule in made if rule is not None]


def choose_desk(reason_id: int | None, facts: Callable[[], Facts]) -> Desk:
    """Whose an item is, and why; the named executive's desk where nothing says more.

    ``facts`` are asked for only where the reason has no owner.

    Raises
    ------
    NotFound
        If there is no such reason, or no department takes what nobody owns.
    """
    desk = find_desk(reason_id)
    if desk.is_orphaned:
        return choose_without_owner(facts(), list_usable_rules()) or desk
    return desk


def choose_without_owner(facts: Facts, rules: Sequence[Rule]) -> Desk | None:
    """What the rules say, else the router where it is sure enough; None where neither does."""
    hit = first_hit(rules, facts)
    if hit is not None:
        rule = hit.rule
        return Desk(rule.department_id, by_rule(rule.name, rule.department, hit.words))
    found = _ask_router(facts.text)
    if found is None:
        return None
    return Desk(found.department_id, by_words(found.department, found.percent, found.words))


def _ask_router(text: str) -> Suggestion | None:
    """The router's first choice, where it may act alone and is sure enough."""
    acting = find_acting()
    if acting is None:
        return None
    first = next(iter(suggest_with(acting.arrays, text, most=1)), None)
    return first if first and first.confidence * 100 >= acting.confidence_percent else None


def facts_of_idea(idea: Idea) -> Facts:
    """An idea as rules see it; an author who is hidden has no department."""
    return Facts(
        kind=Kind.IDEA,
        text=f"{idea.title}\n{idea.problem}\n{idea.proposal}",
        reason_path=_reason_path(idea.reason_id),
        author_path=_author_path(idea.submitter_id),
        lens=idea.lens,
        control=idea.control,
    )


def facts_of_insight(insight: Insight) -> Facts:
    """An insight as rules see it."""
    return Facts(
        kind=Kind.INSIGHT,
        text=f"{insight.text}\n{insight.expected or ''}",
        reason_path=_reason_path(insight.reason_id),
        author_path=_author_path(insight.author_id),
        channel=insight.channel,
        demand_type=insight.demand_type,
        severity=insight.severity,
        segment=insight.segment,
        moment=insight.moment,
        friction=tuple(insight.friction),
    )


def _reason_path(reason_id: int | None) -> str:
    if reason_id is None:
        return ""
    return session().scalar(_REASON_PATH, {"reason_id": reason_id}) or ""


def _author_path(person_id: int | None) -> str:
    if person_id is None:
        return ""
    return session().scalar(_AUTHOR_PATH, {"person_id": person_id}) or ""
