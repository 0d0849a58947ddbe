"""Going live: the report with its evidence, and colleagues who say whether they see it."""

from datetime import date
from urllib.parse import urlsplit

from portal.actor import Actor
from portal.audit.services import record
from portal.clocks.models import ClockKind
from portal.clocks.queries import get_calendar
from portal.clocks.services import start_clock, stop_clocks
from portal.database import session
from portal.delivery import policies
from portal.delivery.events import ChangeConfirmed, IdeaImplemented
from portal.delivery.models import Commitment, Confirmation, Implementation, Track
from portal.delivery.queries import (
    find_implementation,
    get_commitment,
    list_credit,
    list_guardrails,
)
from portal.delivery.steps import require_reporter, take_step
from portal.delivery.terms import checked_sentence
from portal.errors import Conflict, RuleBroken
from portal.events import publish
from portal.i18n import format_day
from portal.i18n import gettext as _
from portal.ideas.lifecycle import Move, next_state
from portal.ideas.models import Idea
from portal.ideas.queries import lock_idea
from portal.ideas.services import SUBJECT, move_idea
from portal.masking import mask
from portal.metrics.models import Baseline
from portal.metrics.queries import get_baseline
from portal.now import day_of, now, today
from portal.people.queries import get_accountable, get_department

MAX_URL = 500


def implement_idea(
    actor: Actor,
    idea: Idea,
    *,
    go_live_on: date,
    what_changes: str,
    evidence: str,
    evidence_url: str | None = None,
) -> Implementation:
    """Say that the change is live, since when, what proves it and what is different now.

    A measured change begins to be measured at once; a quick one waits for the department's
    head to close it.  The same report sent twice is one.

    Raises
    ------
    NotAllowed
        For anybody but the person named and the department.
    Conflict
        If the work has not begun or the change is live already.
    RuleBroken
        For a day in the future, a baseline that was not locked before go-live, or missing words.
    """
    commitment = get_commitment(idea.id)
    require_reporter(actor, idea, commitment)
    known = find_implementation(idea.id)
    if known is not None and (known.recorded_by_id, known.go_live_on) == (actor.id, go_live_on):
        return known
    next_state(idea.state, Move.IMPLEMENT)
    _check_go_live(idea, commitment, go_live_on)
    implementation = Implementation(
        idea_id=idea.id,
        commitment_id=commitment.id,
        go_live_on=go_live_on,
        what_changes=checked_sentence(what_changes, "what_changes"),
        evidence=checked_sentence(evidence, "evidence"),
        evidence_url=_checked_url(evidence_url),
        recorded_by_id=actor.id,
        recorded_at=now(),
    )
    session().add(implementation)
    session().flush()
    stop_clocks(SUBJECT, idea.id)
    if commitment.track is Track.MEASURED:
        _begin_measuring(actor, idea, commitment)
    else:
        _wait_for_close(actor, idea, commitment)
    record(actor, "idea.live", SUBJECT, idea.id, go_live_on=go_live_on.isoformat())
    publish(IdeaImplemented(idea.id, implementation.id))
    return implementation


def _check_go_live(idea: Idea, commitment: Commitment, go_live_on: date) -> None:
    zone = get_calendar(idea.owner_department_id).zone
    if go_live_on > today(zone):
        raise RuleBroken(_("This day has not come yet."), field="go_live_on")
    if idea.submitted_at is not None and go_live_on < day_of(idea.submitted_at, zone):
        raise RuleBroken(_("The idea was handed in after this day."), field="go_live_on")
    if commitment.track is Track.MEASURED:
        for baseline in _baselines(commitment):
            _check_locked_before(baseline, commitment, go_live_on)


def _baselines(commitment: Commitment) -> list[Baseline]:
    ids = [commitment.baseline_id]
    ids += [guardrail.baseline_id for guardrail in list_guardrails(commitment.id)]
    known = [get_baseline(baseline_id) for baseline_id in ids if baseline_id is not None]
    if len(known) < len(ids):
        raise RuleBroken(_("There is no locked baseline, so nothing can be measured."))
    return known


def _check_locked_before(baseline: Baseline, commitment: Commitment, go_live_on: date) -> None:
    zone = get_calendar(commitment.department_id).zone
    locked_on = day_of(baseline.locked_at, zone)
    if go_live_on < locked_on or go_live_on <= baseline.window_until:
        raise RuleBroken(
            _(
                "A baseline has to be locked before go-live; this one was locked on %(day)s.",
                day=format_day(locked_on, year=True),
            ),
            field="go_live_on",
        )


def _checked_url(url: str | None) -> str | None:
    url = (url or "").strip()
    if not url:
        return None
    if len(url) > MAX_URL or any(ord(sign) <= 32 for sign in url) or not _is_web(url):
        raise RuleBroken(
            _("A link begins with http:// or https:// and has at most %(n)s signs.", n=MAX_URL),
            field="evidence_url",
        )
    if mask(url).found:
        raise RuleBroken(
            _("This link holds a number or an address of somebody. Leave that part out."),
            field="evidence_url",
        )
    return url


def _is_web(url: str) -> bool:
    try:
        parts = urlsplit(url)
        return parts.scheme in {"http", "https"} and bool(parts.hostname)
    except ValueError:
        return False


def _begin_measuring(actor: Actor, idea: Idea, commitment: Commitment) -> None:
    due_at = start_clock(
        ClockKind.MEASURE,
        SUBJECT,
        idea.id,
        department_id=commitment.department_id,
        accountable_id=commitment.person_id,
        is_governing=True,
    )
    take_step(actor, idea, Move.IMPLEMENT, commitment, due_at)
    take_step(actor, idea, Move.MEASURE, commitment, due_at)


def _wait_for_close(actor: Actor, idea: Idea, commitment: Commitment) -> None:
    head_id = get_accountable(get_department(commitment.department_id))
    due_at = start_clock(
        ClockKind.REVIEW,
        SUBJECT,
        idea.id,
        department_id=commitment.department_id,
        accountable_id=head_id,
        is_governing=True,
    )
    move_idea(actor, idea, Move.IMPLEMENT, handler_id=head_id, due_at=due_at)


def confirm_change(actor: Actor, implementation: Implementation, sees_it: bool) -> Confirmation:
    """Say whether one sees the change on a contact; once, by colleagues without credit for it.

    Raises NotAllowed for somebody with a share of the credit, Conflict for a second, different
    answer.
    """
    credited = {row.person.id for row in list_credit(implementation.idea_id)}
    policies.can_confirm.require(actor, credited)
    lock_idea(implementation.idea_id)
    known = session().get(Confirmation, (implementation.id, actor.id))
    if known is not None:
        if known.sees_it is sees_it:
            return known
        raise Conflict(_("You have answered this already."))
    confirmation = Confirmation(
        implementation_id=implementation.id, person_id=actor.id, sees_it=sees_it, said_at=now()
    )
    session().add(confirmation)
    record(actor, "change.confirmed", "implementation", implementation.id, sees_it=sees_it)
    publish(ChangeConfirmed(implementation.idea_id, implementation.id, actor.id or 0))
    return confirmation
