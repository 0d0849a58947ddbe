"""Rules in words: what they ask, what is gone of what they name, and who changed them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, select

from portal.database import session
from portal.demand.queries import ReasonRow, list_reasons
from portal.i18n import gettext as _
from portal.i18n import ngettext
from portal.ideas.labels import control_label, lens_label
from portal.ideas.models import Control, Lens
from portal.insights.models import Channel, DemandType, Friction
from portal.insights.words import channel_word, demand_word, friction_word, severity_word
from portal.people.models import Department, Person
from portal.people.queries import list_departments
from portal.routing.models import RoutingRule, RoutingRuleVersion, RuleChange
from portal.routing.rules import Conditions, Kind, WordsMode, read_conditions

_RULES = (
    select(
        RoutingRule.id,
        RoutingRule.name,
        RoutingRule.department_id,
        RoutingRule.conditions,
        RoutingRule.is_active,
        Department.name.label("department"),
    )
    .join(Department, Department.id == RoutingRule.department_id)
    .order_by(RoutingRule.position, RoutingRule.id)
)
_HISTORY = (
    select(
        RoutingRuleVersion.version,
        RoutingRuleVersion.change,
        RoutingRuleVersion.name,
        RoutingRuleVersion.conditions,
        RoutingRuleVersion.changed_at,
        Person.name.label("changed_by"),
        Department.name.label("department"),
    )
    .join(Department, Department.id == RoutingRuleVersion.department_id)
    .outerjoin(Person, Person.id == RoutingRuleVersion.changed_by_id)
    .where(RoutingRuleVersion.rule_id == bindparam("rule_id"))
    .order_by(RoutingRuleVersion.version.desc())
    .limit(50)
)


@dataclass(frozen=True, slots=True)
class RuleLine:
    """A rule as the list shows it; ``faults`` say what it names that is gone."""

    id: int
    name: str
    department: str
    is_active: bool
    asks: list[str]
    faults: list[str]


@dataclass(frozen=True, slots=True)
class Change:
    """A version of a rule: what was done, by whom, and what it asked from then on."""

    version: int
    done: str
    name: str
    department: str
    asks: list[str]
    changed_by: str
    changed_at: datetime


class Names:
    """Names of departments and reasons by id; what is not there is gone."""

    def __init__(self) -> None:
        self.departments: Mapping[int, str] = {
            row.id: row.name for row in list_departments(teams=True)
        }
        self.reasons: Mapping[int, ReasonRow] = {row.id: row for row in list_reasons(retired=True)}


def list_rule_lines() -> list[RuleLine]:
    """Every rule in its order, with what it asks in words."""
    names = Names()
    return [
        RuleLine(
            id=row.id,
            name=row.name,
            department=row.department,
            is_active=row.is_active,
            asks=describe(read_conditions(row.conditions), names),
            faults=find_faults(row.department_id, read_conditions(row.conditions), names),
        )
        for row in session().execute(_RULES)
    ]


def list_changes(rule_id: int) -> list[Change]:
    """The versions of a rule, the newest first."""
    names = Names()
    return [
        Change(
            version=row.version,
            done=_done(row.change),
            name=row.name,
            department=row.department,
            asks=describe(read_conditions(row.conditions), names),
            changed_by=row.changed_by or _("The program"),
            changed_at=row.changed_at,
        )
        for row in session().execute(_HISTORY, {"rule_id": rule_id})
    ]


def _done(change: RuleChange) -> str:
    return {
        RuleChange.ADDED: _("Added"),
        RuleChange.CHANGED: _("Changed"),
        RuleChange.MOVED: _("Moved"),
        RuleChange.SWITCHED_ON: _("Switched on"),
        RuleChange.SWITCHED_OFF: _("Switched off"),
        RuleChange.RESTORED: _("Restored"),
    }[change]


def describe(asked: Conditions, names: Names) -> list[str]:
    """What a rule asks, a phrase for each condition; one phrase for a rule that asks nothing."""
    phrases = [*_say_words(asked), *_say_choices(asked), *_say_places(asked, names)]
    return phrases or [_("Everything")]


def _say_words(asked: Conditions) -> list[str]:
    said = []
    if asked.words:
        quoted = ", ".join(f"“{word}”" for word in asked.words)
        is_all = asked.words_mode == WordsMode.ALL and len(asked.words) > 1
        said.append(_("all of %(words)s", words=quoted) if is_all else quoted)
    if asked.segments:
        said.append(_("customer: %(names)s", names=", ".join(asked.segments)))
    if asked.moments:
        said.append(_("moment: %(names)s", names=", ".join(asked.moments)))
    return said


def _say_choices(asked: Conditions) -> list[str]:
    kinds = {Kind.IDEA.value: _("an idea"), Kind.INSIGHT.value: _("an insight")}
    said = [kinds[asked.kind]] if asked.kind in kinds else []
    choices: list[Sequence[str]] = [
        [channel_word(Channel(one)) for one in asked.channels],
        [lens_label(Lens(one)) for one in asked.lenses],
        [control_label(Control(one)) for one in asked.controls],
        [demand_word(DemandType(one)) for one in asked.demand_types],
        [friction_word(Friction(one)) for one in asked.friction],
    ]
    said += [_(" or ").join(words) for words in choices if words]
    if asked.severity:
        said.append(_("at least: %(word)s", word=severity_word(asked.severity)))
    return said


def _say_places(asked: Conditions, names: Names) -> list[str]:
    said = []
    if asked.reason_ids:
        reasons = [names.reasons[one].label for one in asked.reason_ids if one in names.reasons]
        said.append(_("about %(names)s", names=_(" or ").join(reasons)))
    if asked.department_ids:
        homes = [
            names.departments.get(one, _("a closed department")) for one in asked.department_ids
        ]
        said.append(_("from %(names)s", names=_(" or ").join(homes)))
    return said


def find_faults(department_id: int, asked: Conditions, names: Names) -> list[str]:
    """What a rule names that is gone, and what follows, in sentences."""
    faults = []
    if department_id not in names.departments:
        faults.append(_("Its department is closed, so it is passed over."))
    retired = [
        names.reasons[one].label
        for one in asked.reason_ids
        if one in names.reasons and not names.reasons[one].is_active
    ]
    if retired:
        faults.append(_gone(", ".join(retired), len(retired) == len(asked.reason_ids)))
    closed = [one for one in asked.department_ids if one not in names.departments]
    if closed:
        what = ngettext("A department", "%(n)s departments", len(closed))
        faults.append(_gone(what, len(closed) == len(asked.department_ids)))
    return faults


def _gone(what: str, is_all: bool) -> str:
    if is_all:
        return _("%(what)s: no longer in use. The rule is passed over.", what=what)
    return _("%(what)s: no longer in use. The rest of the rule is asked.", what=what)
