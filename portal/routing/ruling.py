"""Writing the ordered rules: every change is a version that can be restored."""

from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import bindparam, select

from portal.actor import Actor
from portal.audit.services import record
from portal.database import lock_row, session
from portal.errors import Conflict, NotFound, RuleBroken
from portal.i18n import gettext as _
from portal.ideas.writing import mask_fields
from portal.masking import mask
from portal.now import now
from portal.people.queries import list_departments
from portal.routing.models import RoutingRule, RoutingRuleVersion, RuleChange
from portal.routing.policies import can_set_rules
from portal.routing.rules import Conditions, read_conditions
from portal.routing.trial import MOST_ITEMS, count_unowned
from portal.routing.wording import words_of
from portal.text import one_line

MAX_NAME = 80
MAX_RULES = 200
MAX_WORDS = 100
MAX_WORD = 80

_TYPED = ("words", "segments", "moments")
"""The conditions that an administrator writes."""

_ALL = select(RoutingRule).order_by(RoutingRule.position, RoutingRule.id)
_VERSION = select(RoutingRuleVersion).where(
    RoutingRuleVersion.rule_id == bindparam("rule_id"),
    RoutingRuleVersion.version == bindparam("version"),
)


@dataclass(frozen=True, slots=True)
class Draft:
    """A rule as it was typed.  ``is_confirmed``: it may take everything, though others follow."""

    name: str
    department_id: int
    conditions: Conditions
    is_confirmed: bool = False


def get_rule(rule_id: int) -> RoutingRule:
    """A rule by id; raises NotFound."""
    rule = session().get(RoutingRule, rule_id)
    if rule is None:
        raise NotFound(_("There is no such rule."))
    return rule


def add_rule(actor: Actor, draft: Draft) -> RoutingRule:
    """Add a rule below the others.

    Raises
    ------
    NotAllowed
        Unless the actor is an administrator.
    RuleBroken
        On the field at fault.
    """
    can_set_rules.require(actor)
    rules = _lock_rules()
    if len(rules) >= MAX_RULES:
        raise RuleBroken(_("%(n)s rules are the most.", n=MAX_RULES))
    values = check_draft(draft)
    position = max((rule.position for rule in rules), default=0) + 1
    rule = RoutingRule(position=position, is_active=True, version=0, **values)
    session().add(rule)
    session().flush()
    _keep_version(actor, rule, RuleChange.ADDED)
    return rule


def update_rule(actor: Actor, rule: RoutingRule, draft: Draft, *, version: int) -> None:
    """Change what a rule asks and where it sends; ``version`` is the one that was read.

    Raises
    ------
    NotAllowed
        Unless the actor is an administrator.
    Conflict
        If somebody changed it meanwhile.
    RuleBroken
        On the field at fault.
    """
    can_set_rules.require(actor)
    rules = _lock_rules()
    if version != rule.version:
        raise Conflict(_("Somebody changed this rule meanwhile. What you typed is kept below."))
    values = check_draft(draft)
    if rule.is_active:
        _require_confirmed(rules, rule, draft)
    if all(getattr(rule, name) == value for name, value in values.items()):
        return
    for name, value in values.items():
        setattr(rule, name, value)
    _keep_version(actor, rule, RuleChange.CHANGED)


def _lock_rules() -> list[RoutingRule]:
    """All rules in their order, held until the unit ends: two administrators take turns."""
    return list(session().scalars(lock_row(_ALL)).unique())


def check_draft(draft: Draft) -> dict[str, object]:
    """What would be stored of a draft; raises RuleBroken on the field at fault."""
    name = one_line(draft.name)
    if not 0 < len(name) <= MAX_NAME:
        raise RuleBroken(_("A name has 1 to %(n)s characters.", n=MAX_NAME), field="name")
    if draft.department_id not in {row.id for row in list_departments(teams=True)}:
        raise RuleBroken(_("Choose a department that is open today."), field="department")
    for field in _TYPED:
        _check_words(getattr(draft.conditions, field), field)
    return {
        "name": mask_fields(title=name).text["title"],
        "department_id": draft.department_id,
        "conditions": _masked(draft.conditions).as_dict(),
    }


def _masked(asked: Conditions) -> Conditions:
    """The conditions with everything that was typed masked."""
    typed: dict[str, Any] = {
        field: tuple(mask(word).text for word in getattr(asked, field)) for field in _TYPED
    }
    return replace(asked, **typed)


def _check_words(words: tuple[str, ...], field: str) -> None:
    if len(words) > MAX_WORDS:
        raise RuleBroken(_("%(n)s lines are the most.", n=MAX_WORDS), field=field)
    for word in words:
        if not words_of(word) or len(word) > MAX_WORD:
            raise RuleBroken(
                _("“%(word)s” is no word or phrase to look for.", word=word[:40]), field=field
            )


def _require_confirmed(rules: list[RoutingRule], rule: RoutingRule, draft: Draft) -> None:
    """A rule that takes everything stands last, or somebody has said that they mean it."""
    below = [one for one in rules if one.position > rule.position and one.is_active]
    if draft.conditions.is_open and below and not draft.is_confirmed:
        raise RuleBroken(_sentence_of_open(len(below)), field="is_confirmed")


def _sentence_of_open(below: int) -> str:
    return _(
        "It asks for nothing, so it would take all %(count)s of the last %(most)s items that "
        "have no owner by their reason, and the %(below)s below it would never be asked. "
        "Move it to the end, or say that you mean it.",
        count=count_unowned(),
        most=MOST_ITEMS,
        below=below,
    )


def move_rule(actor: Actor, rule: RoutingRule, *, up: bool) -> None:
    """Change places with the rule above or below; at the end of the list nothing happens.

    Raises
    ------
    RuleBroken
        If a rule that takes everything would come to stand before others.
    """
    can_set_rules.require(actor)
    rules = _lock_rules()
    place = rules.index(rule)
    other_place = place - 1 if up else place + 1
    if not 0 <= other_place < len(rules):
        return
    rules[place], rules[other_place] = rules[other_place], rules[place]
    _require_last(rules)
    for position, one in enumerate(rules, start=1):
        one.position = position
    _keep_version(actor, rule, RuleChange.MOVED)


def _require_last(rules: list[RoutingRule]) -> None:
    active = [one for one in rules if one.is_active]
    for one, below in zip(active, range(len(active) - 1, 0, -1), strict=False):
        if read_conditions(one.conditions).is_open:
            raise RuleBroken(_sentence_of_open(below))


def switch_rule(actor: Actor, rule: RoutingRule, *, on: bool) -> None:
    """Let a rule be asked, or not; what it took stays where it is.

    Raises
    ------
    RuleBroken
        If it takes everything and others follow.
    """
    can_set_rules.require(actor)
    rules = _lock_rules()
    if rule.is_active == on:
        return
    rule.is_active = on
    if on:
        _require_last(rules)
    _keep_version(actor, rule, RuleChange.SWITCHED_ON if on else RuleChange.SWITCHED_OFF)


def restore_rule(actor: Actor, rule: RoutingRule, *, version: int) -> None:
    """Make a rule what it was; its place and whether it is asked stay as they are.

    Raises
    ------
    NotFound
        If it has no such version.
    RuleBroken
        If that version takes everything and others follow, or its department is closed.
    """
    can_set_rules.require(actor)
    rules = _lock_rules()
    old = session().scalar(_VERSION, {"rule_id": rule.id, "version": version})
    if old is None:
        raise NotFound(_("This rule has no such version."))
    draft = Draft(old.name, old.department_id, read_conditions(old.conditions))
    values = check_draft(draft)
    if rule.is_active:
        _require_confirmed(rules, rule, draft)
    for name, value in values.items():
        setattr(rule, name, value)
    _keep_version(actor, rule, RuleChange.RESTORED)


def _keep_version(actor: Actor, rule: RoutingRule, change: RuleChange) -> None:
    rule.version += 1
    session().add(
        RoutingRuleVersion(
            rule_id=rule.id,
            version=rule.version,
            change=change,
            position=rule.position,
            name=rule.name,
            department_id=rule.department_id,
            conditions=rule.conditions,
            is_active=rule.is_active,
            changed_by_id=actor.id,
            changed_at=now(),
        )
    )
    session().flush()
    record(actor, f"rule.{change.value}", "routing_rule", rule.id, version=rule.version)
