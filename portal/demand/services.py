"""Contact reasons: adding them, giving them to a department, pricing a contact."""

from datetime import date

from sqlalchemy import select

from portal.actor import Actor
from portal.audit.services import record
from portal.database import session
from portal.demand.models import ContactReason, ReasonCost
from portal.demand.policies import can_set_reasons
from portal.errors import RuleBroken
from portal.i18n import gettext as _
from portal.masking import mask
from portal.now import today
from portal.people.models import Department
from portal.text import compare_key, one_line

MAX_KEY = 64
MAX_NAME = 120
MAX_PATH = 255
MAX_COST_MINOR = 100_000_000


def add_reason(
    actor: Actor,
    key: str,
    *,
    name: str,
    owner: Department,
    parent: ContactReason | None = None,
    avoidable_minor: int = 0,
    full_minor: int = 0,
    valid_from: date | None = None,
) -> ContactReason:
    """Add a reason below ``parent``; its key is its name in imports and capture links.

    Keys are kept as compare keys: ``Late-Bill`` and ``late-bill`` are one.
    """
    can_set_reasons.require(actor)
    reason = ContactReason(
        key=_checked_key(key),
        parent_id=parent.id if parent else None,
        path="",
        owner_department_id=owner.id,
        is_active=True,
        **_named(name),
    )
    session().add(reason)
    session().flush()
    reason.path = f"{parent.path if parent else '/'}{reason.id}/"
    if len(reason.path) > MAX_PATH:
        raise RuleBroken(_("The tree of reasons is too deep here."), field="parent")
    record(actor, "reason.added", "reason", reason.id, key=reason.key, owner_id=owner.id)
    if avoidable_minor or full_minor:
        set_cost(
            actor,
            reason,
            valid_from=valid_from or today(),
            avoidable_minor=avoidable_minor,
            full_minor=full_minor,
        )
    return reason


def _checked_key(key: str) -> str:
    key = compare_key(mask(one_line(key)).text)
    if not key or len(key) > MAX_KEY:
        raise RuleBroken(_("A key has 1 to %(n)s characters.", n=MAX_KEY), field="key")
    if session().scalar(select(ContactReason.id).where(ContactReason.key == key)) is not None:
        raise RuleBroken(_("The key %(key)s is taken.", key=key), field="key")
    return key


def _named(name: str) -> dict[str, str]:
    name = mask(one_line(name)).text
    if not name or max(len(name), len(compare_key(name))) > MAX_NAME:
        raise RuleBroken(_("A name has 1 to %(n)s characters.", n=MAX_NAME), field="name")
    return {"name": name, "name_key": compare_key(name)}


def update_reason(
    actor: Actor, reason: ContactReason, *, name: str, owner: Department, is_active: bool
) -> None:
    """Rename a reason, give it to another department, or retire it.

    What was handed in about it before stays with the department that owned it then.
    """
    can_set_reasons.require(actor)
    for field, value in _named(name).items():
        setattr(reason, field, value)
    reason.owner_department_id = owner.id
    reason.is_active = is_active
    record(actor, "reason.updated", "reason", reason.id, owner_id=owner.id, is_active=is_active)


def set_cost(
    actor: Actor,
    reason: ContactReason,
    *,
    valid_from: date,
    avoidable_minor: int,
    full_minor: int,
) -> None:
    """Set what one contact costs from a day on, in minor units; the same day again corrects it.

    Without a full cost (0) the avoidable one is taken for it.
    """
    can_set_reasons.require(actor)
    full_minor = full_minor or avoidable_minor
    if not 0 <= avoidable_minor <= MAX_COST_MINOR:
        raise RuleBroken(_("This cost is out of range."), field="avoidable_cost")
    if not avoidable_minor <= full_minor <= MAX_COST_MINOR:
        raise RuleBroken(
            _("The full cost holds the avoidable one, so it cannot be less."), field="full_cost"
        )
    _keep_cost(reason, valid_from, avoidable_minor, full_minor)
    record(
        actor,
        "reason.priced",
        "reason",
        reason.id,
        valid_from=valid_from.isoformat(),
        avoidable_minor=avoidable_minor,
        full_minor=full_minor,
    )


def _keep_cost(reason: ContactReason, valid_from: date, avoidable: int, full: int) -> None:
    cost = session().scalar(
        select(ReasonCost).where(
            ReasonCost.reason_id == reason.id, ReasonCost.valid_from == valid_from
        )
    )
    if cost is None:
        cost = ReasonCost(reason_id=reason.id, valid_from=valid_from)
        session().add(cost)
    cost.avoidable_minor = avoidable
    cost.full_minor = full
    session().flush()
