"""What a promise must hold before anybody signs it."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from portal.clocks.queries import get_calendar
from portal.database import session
from portal.delivery.credit import Share, check_split, default_split
from portal.delivery.models import Track
from portal.errors import RuleBroken
from portal.i18n import gettext as _
from portal.ideas.models import Idea
from portal.ideas.queries import list_authors
from portal.ideas.writing import mask_fields
from portal.metrics.models import Direction, Metric, Perspective
from portal.metrics.queries import get_metrics
from portal.now import today
from portal.people.models import Person
from portal.people.queries import list_faces

LEAST_WORDS = 20
MAX_TEXT = 4000
LONGEST_PROMISE = timedelta(days=730)
MAX_MONEY_MINOR = 10**12
MOST_PERCENT = 1000.0


@dataclass(frozen=True, slots=True)
class Measures:
    """The metric that shall move, and those that must not get worse."""

    primary: Metric
    guardrails: tuple[Metric, ...]

    def all(self) -> tuple[Metric, ...]:
        """Every metric whose baseline is locked."""
        return (self.primary, *self.guardrails)


def local_today(department_id: int | None) -> date:
    """The present day where a department works."""
    return today(get_calendar(department_id).zone)


def checked_sentence(text: str, field: str, *, least: int = LEAST_WORDS) -> str:
    """What a person wrote, normalised and masked; raises RuleBroken when it says too little."""
    written = mask_fields(text=text).text["text"]
    if len(written) < least:
        raise RuleBroken(
            _("Say it in a sentence of at least %(n)s characters.", n=least), field=field
        )
    if len(written) > MAX_TEXT:
        raise RuleBroken(
            _("%(n)s characters too many. Cut it.", n=len(written) - MAX_TEXT), field=field
        )
    return written


def check_due(idea: Idea, due_on: date) -> None:
    """A promised day lies ahead, within two years (field ``due_on``)."""
    present = local_today(idea.owner_department_id)
    if due_on <= present:
        raise RuleBroken(_("The promised day has to lie ahead."), field="due_on")
    if due_on > present + LONGEST_PROMISE:
        raise RuleBroken(
            _("A promise for more than two years ahead is none. Cut the change smaller."),
            field="due_on",
        )


def check_money(investment_minor: int, running_minor: int) -> None:
    """What a change costs, once and a year, in minor units."""
    for amount, field in ((investment_minor, "investment"), (running_minor, "running")):
        if not 0 <= amount <= MAX_MONEY_MINOR:
            raise RuleBroken(_("This amount is out of range."), field=field)


def checked_credit(idea: Idea, person_id: int, credit: Sequence[Share] | None) -> list[Share]:
    """The split that was agreed, or the default one; everybody in it has an account."""
    originators = [row.face.id for row in list_authors(idea.id)]
    shares = list(credit) if credit is not None else default_split(originators, person_id)
    check_split(shares)
    ids = {share_person for share_person, _role, _percent in shares}
    if len(list_faces(ids)) < len(ids):
        raise RuleBroken(_("Somebody in the split of credit has no account here."), field="credit")
    return shares


def check_person(person_id: int) -> None:
    """The person who promises works here (field ``person_id``)."""
    person = session().get(Person, person_id)
    if person is None or not person.is_active:
        raise RuleBroken(_("Name somebody with an active account."), field="person_id")


def checked_measures(
    track: Track, metric_id: int | None, guardrail_ids: Sequence[int]
) -> Measures | None:
    """The metrics of a measured promise; None on the quick track, which asks for none.

    Raises RuleBroken without a primary metric, or where nothing speaks for customers or for
    employees; a primary metric speaks for its own side, and guards nothing else.
    """
    if track is Track.QUICK:
        return None
    if metric_id is None:
        raise RuleBroken(_("Choose the metric that shall move."), field="metric_id")
    ids = [guard for guard in dict.fromkeys(guardrail_ids) if guard != metric_id]
    known = get_metrics([metric_id, *ids])
    if metric_id not in known:
        raise RuleBroken(_("There is no such metric."), field="metric_id")
    if len(known) <= len(ids):
        raise RuleBroken(_("There is no such metric."), field="guardrail_ids")
    guardrails = tuple(known[guard] for guard in ids)
    _check_perspectives((known[metric_id], *guardrails))
    return Measures(known[metric_id], guardrails)


def _check_perspectives(metrics: Sequence[Metric]) -> None:
    """A primary metric speaks for its own side, so that side needs no second one."""
    spoken_for = {metric.perspective for metric in metrics}
    missing = {
        Perspective.CUSTOMER: _("Choose at least one guardrail that speaks for customers."),
        Perspective.EMPLOYEE: _("Choose at least one guardrail that speaks for employees."),
    }
    for perspective, sentence in missing.items():
        if perspective not in spoken_for:
            raise RuleBroken(sentence, field="guardrail_ids")


def checked_forecast(measures: Measures | None, forecast_percent: float | None) -> float | None:
    """The promised relative change of the primary metric; it points to where better is."""
    if measures is None or forecast_percent is None:
        return None
    if not math.isfinite(forecast_percent) or not 0 < abs(forecast_percent) <= MOST_PERCENT:
        raise RuleBroken(_("This forecast is out of range."), field="forecast_percent")
    is_lower = measures.primary.direction is Direction.LOWER
    if (forecast_percent < 0) is not is_lower:
        raise RuleBroken(
            _("Less is better for this metric: write the forecast as −20.")
            if is_lower
            else _("More is better for this metric: write the forecast as 20."),
            field="forecast_percent",
        )
    return forecast_percent
