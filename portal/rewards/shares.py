"""What awards are worked out from: who has credit, what was validated, what was given before."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, bindparam, case, func, or_, select

from portal.database import session
from portal.delivery.models import CreditShare
from portal.errors import NotFound
from portal.i18n import gettext as _
from portal.ideas.models import IdeaAuthor
from portal.impact.models import AnalysisRun, ImpactCredit, Validation
from portal.rewards.models import Account, AccountKind, Posting
from portal.rewards.rules import Rule
from portal.triage.models import Merge

_AUTHORS = select(IdeaAuthor.person_id, IdeaAuthor.share_percent).where(
    IdeaAuthor.idea_id == bindparam("idea_id")
)
_CREDIT = (
    select(CreditShare.person_id, func.sum(CreditShare.percent))
    .where(CreditShare.idea_id == bindparam("idea_id"))
    .group_by(CreditShare.person_id)
)


_LINKS = select(Merge).where(
    or_(
        Merge.idea_id == bindparam("idea_id"),
        and_(Merge.into_id == bindparam("idea_id"), Merge.unmerged_at.is_(None)),
    )
)
_PAID = (
    select(Account.person_id, Posting.subject_id, Posting.posted_at)
    .join(Posting, Posting.credit_account_id == Account.id)
    .where(
        Account.person_id.in_(bindparam("person_ids", expanding=True)),
        Posting.subject_kind == "idea",
        Posting.subject_id.in_(bindparam("idea_ids", expanding=True)),
        Posting.rule == bindparam("rule"),
    )
)


def list_paid_elsewhere(idea_id: int, rule: Rule, person_ids: Iterable[int]) -> set[int]:
    """Who of these was paid by a rule for an idea that is joined to this one, or for the one that
    this was joined to while it was: joining ideas pays nobody twice."""
    links = session().scalars(_LINKS, {"idea_id": idea_id}).all()
    if not links:
        return set()
    others = {one.into_id if one.idea_id == idea_id else one.idea_id: one for one in links}
    values = {"person_ids": list(person_ids), "idea_ids": list(others), "rule": rule.value}
    return {
        row.person_id
        for row in session().execute(_PAID, values)
        if _was_together(others[row.subject_id], idea_id, row.posted_at)
    }


def _was_together(link: Merge, idea_id: int, paid_at: datetime) -> bool:
    """Whether what was paid for the other idea was paid for this one as well."""
    if link.idea_id != idea_id:
        return True
    return link.merged_at <= paid_at and (link.unmerged_at is None or paid_at <= link.unmerged_at)


def list_author_shares(idea_id: int) -> dict[int, int]:
    """The originators of an idea with their percent."""
    rows = session().execute(_AUTHORS, {"idea_id": idea_id})
    return {row.person_id: row.share_percent for row in rows}


def list_credit_shares(idea_id: int) -> dict[int, int]:
    """Everybody with credit for an idea, with their percent; the originators' before that."""
    rows = session().execute(_CREDIT, {"idea_id": idea_id})
    return {person: int(percent) for person, percent in rows} or list_author_shares(idea_id)


_PROVEN = (
    select(ImpactCredit.person_id, ImpactCredit.percent, ImpactCredit.low_minor)
    .where(ImpactCredit.validation_id == bindparam("validation_id"))
    .order_by(ImpactCredit.person_id)
)


@dataclass(frozen=True, slots=True)
class Proven:
    """What a validation signed as hard: the lower bound of a year's net benefit, and whose it is.

    ``shares`` maps persons to whole percent; both are empty where nothing hard was signed.
    """

    lower_bound_minor: int
    shares: dict[int, int]


def get_proven(validation_id: int) -> Proven:
    """The hard benefit that a validation gave credit for."""
    rows = session().execute(_PROVEN, {"validation_id": validation_id}).all()
    return Proven(sum(row.low_minor for row in rows), {row.person_id: row.percent for row in rows})


_LATEST_VERDICT = (
    select(AnalysisRun.verdict)
    .where(
        AnalysisRun.idea_id == bindparam("idea_id"),
        AnalysisRun.is_latest,
        AnalysisRun.is_guardrail.is_(False),
    )
    .order_by(AnalysisRun.id.desc())
    .limit(1)
)


def find_latest_verdict(idea_id: int) -> str | None:
    """What the newest analysis of an idea's primary metric says."""
    return session().scalar(_LATEST_VERDICT, {"idea_id": idea_id})


def get_validation(validation_id: int) -> Validation:
    """A validation by id; raises NotFound."""
    validation = session().get(Validation, validation_id)
    if validation is None:
        raise NotFound(_("There is no such validation."))
    return validation


_PROVISIONAL = (
    select(
        Account.person_id,
        func.sum(
            case((Posting.credit_account_id == Account.id, Posting.amount), else_=-Posting.amount)
        ).label("amount"),
    )
    .join(
        Posting,
        or_(Posting.credit_account_id == Account.id, Posting.debit_account_id == Account.id),
    )
    .where(
        Account.kind == AccountKind.PROVISIONAL,
        Posting.subject_kind == "idea",
        Posting.subject_id == bindparam("idea_id"),
    )
    .group_by(Account.person_id)
    .order_by(Account.person_id)
)


def list_provisional(idea_id: int) -> list[tuple[int, int]]:
    """Who has how many provisional points for an idea, by person."""
    rows = session().execute(_PROVISIONAL, {"idea_id": idea_id})
    return [(person, int(amount)) for person, amount in rows if amount]


_SINCE = (
    select(func.coalesce(func.sum(Posting.amount), 0))
    .join(Account, Account.id == Posting.credit_account_id)
    .where(
        Account.key == bindparam("account_key"),
        Posting.rule == bindparam("rule"),
        Posting.posted_at >= bindparam("since", type_=Posting.posted_at.type),
    )
)


def sum_awarded(person_id: int, rule: Rule, since: datetime) -> int:
    """The points a rule has given a person since a moment."""
    values = {
        "account_key": f"{AccountKind.PERSON}:{person_id}",
        "rule": rule.value,
        "since": since,
    }
    return int(session().scalar(_SINCE, values) or 0)
